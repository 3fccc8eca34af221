// SPDX-License-Identifier: GPL-2.0
/* Forwarding state out of the binding cache (RFC 5213 §5.6.2). */
#include "lma/flows.h"

#include "core/log.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

static bool has_tunnel(const struct dp_binding *b, uint32_t tunnel)
{
	unsigned int i;

	for (i = 0; i < b->n_paths; i++)
		if (b->path[i].tunnel == tunnel)
			return true;
	return false;
}

/* The best attachment that is not among the paths yet: by priority, then by age */
static const struct bce *next_best(const struct hnp_set *set, const struct dp_binding *d)
{
	const struct bce *b, *best = NULL;

	DL_FOREACH(set->node->bces, b)
		if (bce_has(b, set) && b->gw && !has_tunnel(d, b->tunnel) &&
		    (!best || b->pri < best->pri))
			best = b;
	return best;
}

static void add_path(struct dp_binding *d, const struct bce *b)
{
	if (d->n_paths == PMIP_BINDING_PATHS || has_tunnel(d, b->tunnel))
		return;
	d->path[d->n_paths].bid = b->bid;
	d->path[d->n_paths].kind = PMIP_PATH_TUNNEL;
	d->path[d->n_paths++].tunnel = b->tunnel;
}

static bool routes(const struct lma_grant *g, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; i < g->n_open; i++)
		if (prefix_equal(&g->open[i], p))
			return true;
	return false;
}

/*
 * Gateways that route the prefix for flows that were moved to them.  They come last,
 * so that they get nothing else while the prefix has a path of its own.
 */
static void add_granted(const struct node *n, struct dp_binding *d)
{
	const struct lma_grant *g;
	const struct bce *b;

	DL_FOREACH(n->flows->grants, g)
		DL_FOREACH(n->bces, b)
			if (b->gw && IN6_ARE_ADDR_EQUAL(&b->proxy_coa, &g->mag) &&
			    routes(g, &d->prefix))
				add_path(d, b);
}

static void set_paths(struct lma *l, const struct hnp_set *set)
{
	struct dp_binding own, d;
	const struct bce *b;
	unsigned int i;

	memset(&own, 0, sizeof(own));
	own.node = set->node->number;
	while (own.n_paths < PMIP_BINDING_PATHS && (b = next_best(set, &own)))
		add_path(&own, b);
	for (i = 0; i < set->n; i++) {
		d = own;
		d.prefix = set->hnp[i].prefix;
		if (set->node->flows)
			add_granted(set->node, &d);
		if (!d.n_paths)
			d.path[d.n_paths++].kind = PMIP_PATH_DROP;
		l->env->ops->dp_binding_set(l->env->ctx, &d);
	}
}

/* Sets that an entry shares with an older one have been seen to. */
static bool seen(const struct bce *b, const struct hnp_set *set, const struct bce *except)
{
	const struct bce *o;

	DL_FOREACH(b->node->bces, o) {
		if (o == b)
			return false;
		if (o != except && bce_has(o, set))
			return true;
	}
	return false;
}

/* Where flows have been moved, each prefix may have a path by any gateway. */
static void set_others(struct lma *l, const struct bce *b)
{
	const struct bce *o;

	if (!b->node->flows || !b->node->flows->grants)
		return;
	DL_FOREACH(b->node->bces, o) {
		if (o == b)
			continue;
		if (!bce_has(b, o->set) && !seen(o, o->set, b))
			set_paths(l, o->set);
		if (o->common && !bce_has(b, o->common) && !seen(o, o->common, b))
			set_paths(l, o->common);
	}
}

/**
 * forward_set() - let packets go where the binding cache says
 * @l: the anchor
 * @b: the entry whose prefixes are concerned
 *
 * The attachment with the best priority comes first, of several the oldest.
 * Entries beyond PMIP_BINDING_PATHS wait until another has gone.  Without any
 * active entry packets are dropped: "during this wait period, the local mobility
 * anchor SHOULD drop the mobile node's data traffic" (RFC 5213 §5.3.5).
 */
void forward_set(struct lma *l, const struct bce *b)
{
	set_paths(l, b->set);
	if (b->common)
		set_paths(l, b->common);
	set_others(l, b);
}

static void delete(struct lma *l, const struct hnp_set *set)
{
	unsigned int i;

	for (i = 0; i < set->n; i++)
		l->env->ops->dp_binding_del(l->env->ctx, &set->hnp[i].prefix);
}

/**
 * forward_end() - an entry goes for good
 * @l: the anchor
 * @b: the entry, which nobody serves any more
 *
 * Its prefixes go elsewhere, or are nobody's any more.
 */
void forward_end(struct lma *l, const struct bce *b)
{
	const struct hnp_set *sets[] = { b->set, b->common };
	unsigned int i;

	for (i = 0; i < 2 && sets[i]; i++) {
		if (sets[i]->users == 1)
			delete(l, sets[i]);
		else
			set_paths(l, sets[i]);
	}
	set_others(l, b);
}

/**
 * forward_refused() - say that the kernel does not do what it was asked for
 * @l: the anchor
 * @node: whose forwarding state it is
 * @err: -errno
 */
void forward_refused(struct lma *l, const struct node *node, int err)
{
	char text[MN_ID_STRLEN], detail[96];
	struct mn_id id = node_id(node);
	struct notice n = {
		.event = "forwarding-refused", .mn = &id, .detail = detail,
	};

	l->counters.forwarding_refused++;
	log_ratelimited(LOG_ERR, "%s: the kernel refuses the forwarding state: %s",
			mn_id_str(&id, text, sizeof(text)), strerror(-err));
	snprintf(detail, sizeof(detail), "errno=%d (%s)", -err, strerror(-err));
	l->env->ops->notify(l->env->ctx, &n);
}

/* All tunnels of the node's entries: somebody may have removed one. */
static void renew_tunnels(const struct bce *b)
{
	const struct bce *o;

	DL_FOREACH(b->node->bces, o)
		if (o->gw && (o->set == b->set || (o->common && o->common == b->common)))
			peer_tunnel_renew(o->gw->peer);
}

/**
 * forward_settle() - see whether the kernel has taken it all
 * @l: the anchor
 * @b: the entry that it was about
 *
 * What it refuses is asked for once more along with all that it depends on:
 * somebody may have removed a tunnel behind our back, or the module.  So only
 * the second answer counts; the first may be about what others asked for.
 *
 * Return: 0 once the state is in force, else -errno, counted and told.
 */
int forward_settle(struct lma *l, const struct bce *b)
{
	int err = l->env->ops->dp_commit(l->env->ctx);

	if (!err)
		return 0;
	renew_tunnels(b);
	forward_set(l, b);
	err = l->env->ops->dp_commit(l->env->ctx);
	if (err)
		forward_refused(l, b->node, err);
	return err;
}

/**
 * forward_leave() - prefixes go elsewhere, and a gateway has one entry fewer
 * @l: the anchor
 * @b: the entry, which the gateway does not serve any more
 * @gw: the gateway, which may be gone on return
 * @now: commit; else only where the tunnel goes too, and many are one batch
 *
 * Where the kernel cannot change a binding it can still remove it: better no
 * way at all than one to where the node is not, and the tunnel can go.
 */
void forward_leave(struct lma *l, const struct bce *b, struct gateway *gw,
		   bool now)
{
	forward_set(l, b);
	if ((now || gw->peer->users == 1) && forward_settle(l, b)) {
		delete(l, b->set);
		if (b->common)
			delete(l, b->common);
	}
	bce_put_tunnel(l, gw);
}

/**
 * lma_renew() - the kernel has lost everything: tell it again
 * @l: the anchor; its tunnels have been told already
 */
void lma_renew(struct lma *l)
{
	struct node *n;
	struct bce *b;

	DL_FOREACH(l->nodes, n)
		DL_FOREACH(n->bces, b)
			forward_set(l, b);
	DL_FOREACH(l->nodes, n)
		if (n->flows)
			dpflow_renew(n->flows);
}
