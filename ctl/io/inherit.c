// SPDX-License-Identifier: GPL-2.0
/*
 * What an earlier daemon's bindings led to, until the purge.  The gateways of
 * a node register again one after the other; what the first of them says must
 * not cut off those that have not had their turn.  So until then a binding
 * that is set anew keeps its old paths into tunnels behind the new ones, if it
 * has a path in common with the old one: a prefix that has become another
 * node's elsewhere keeps nothing.
 */
#include "core/hash.h"
#include "io/io.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct inherited {
	struct prefix prefix;
	bool claimed;			/* set anew, and the same node's */
	unsigned int n_old;		/* paths that nobody has renewed, by kernel ids */
	struct dp_path old[PMIP_BINDING_PATHS];
	struct dp_binding asked;	/* what the machine wants instead */
	UT_hash_handle hh;
};

static struct inherited *find(struct io *io, const struct prefix *p)
{
	struct prefix key;
	struct inherited *e;

	memset(&key, 0, sizeof(key));
	key.addr = p->addr;
	key.len = p->len;
	HASH_FIND(hh, io->inherited, &key, sizeof(key), e);
	return e;
}

static void drop(struct io *io, struct inherited *e)
{
	HASH_DEL(io->inherited, e);
	free(e);
}

/**
 * inherit_add() - note a binding of an earlier daemon
 * @io: the daemon
 * @b: the binding as the kernel has it
 *
 * Return: 0 or -ENOMEM.
 */
int inherit_add(struct io *io, const struct dp_binding *b)
{
	struct inherited *e;

	/* A lone path is renewed, or it is not. */
	if (b->n_paths < 2)
		return 0;
	e = calloc(1, sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->prefix.addr = b->prefix.addr;
	e->prefix.len = b->prefix.len;
	e->n_old = b->n_paths;
	memcpy(e->old, b->path, sizeof(e->old));
	HASH_ADD(hh, io->inherited, prefix, sizeof(e->prefix), e);
	return 0;
}

static bool same_path(const struct dp_path *a, const struct dp_path *b)
{
	return a->kind == b->kind && a->tunnel == b->tunnel && a->ifindex == b->ifindex &&
	       llid_equal(&a->lladdr, &b->lladdr);
}

static bool has_path(const struct dp_binding *b, const struct dp_path *p)
{
	unsigned int i;

	for (i = 0; i < b->n_paths; i++)
		if (same_path(&b->path[i], p))
			return true;
	return false;
}

static bool leads_somewhere(const struct dp_path *p)
{
	return p->kind == PMIP_PATH_TUNNEL || p->kind == PMIP_PATH_LINK;
}

/* What has been renewed is the machine's from now on; the rest, if a tunnel, stays. */
static bool claim(struct inherited *e, const struct dp_binding *k)
{
	unsigned int i, n = 0, common = 0;

	for (i = 0; i < e->n_old; i++) {
		if (has_path(k, &e->old[i]))
			common += leads_somewhere(&e->old[i]);
		else if (e->old[i].kind == PMIP_PATH_TUNNEL)
			e->old[n++] = e->old[i];
	}
	if (!e->claimed && !common)
		return false;
	e->claimed = true;
	e->n_old = n;
	return n;
}

/**
 * inherit_merge() - let a binding keep what is not renewed yet
 * @io: the daemon
 * @asked: the binding as the machine wants it
 * @k: the same with the kernel's tunnel numbers; paths are added to it
 */
void inherit_merge(struct io *io, const struct dp_binding *asked, struct dp_binding *k)
{
	struct inherited *e = find(io, &k->prefix);
	struct dp_path last;
	unsigned int i;

	if (!e)
		return;
	if (!claim(e, k)) {
		drop(io, e);
		return;
	}
	e->asked = *asked;
	/* Nobody serves the node any more, as far as is known yet. */
	if (k->n_paths == 1 && k->path[0].kind == PMIP_PATH_DROP)
		k->n_paths = 0;
	/* What holds packets does so behind all others. */
	last = k->n_paths ? k->path[k->n_paths - 1] : (struct dp_path){ 0 };
	if (last.kind == PMIP_PATH_HOLD)
		k->n_paths--;
	for (i = 0; i < e->n_old && k->n_paths < PMIP_BINDING_PATHS; i++)
		k->path[k->n_paths++] = e->old[i];
	if (last.kind == PMIP_PATH_HOLD && k->n_paths < PMIP_BINDING_PATHS)
		k->path[k->n_paths++] = last;
}

/**
 * inherit_forget() - a binding is removed: nothing of it is to stay
 * @io: the daemon
 * @p: its prefix
 */
void inherit_forget(struct io *io, const struct prefix *p)
{
	struct inherited *e = find(io, p);

	if (e)
		drop(io, e);
}

/**
 * inherit_end() - the time is over: the bindings are as the machines want them
 * @io: the daemon
 * @limit: of how many
 *
 * Return: whether there are more.
 */
bool inherit_end(struct io *io, unsigned int limit)
{
	struct dp_binding asked;
	struct inherited *e;
	bool claimed;

	for (e = io->inherited; e && limit--; e = io->inherited) {
		asked = e->asked;
		claimed = e->claimed;
		drop(io, e);
		if (claimed)
			forwarding_binding_set(io, &asked);
	}
	return io->inherited;
}

/**
 * inherit_free() - forget all of it
 * @io: the daemon
 */
void inherit_free(struct io *io)
{
	struct inherited *e, *tmp;

	HASH_ITER(hh, io->inherited, e, tmp)
		drop(io, e);
}
