// SPDX-License-Identifier: GPL-2.0
/* From sessions and associations to the kernel's bindings. */
#include "mag/session.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

static struct route *route_find(struct mag *m, const struct prefix *p)
{
	struct prefix key;
	struct route *r;

	memset(&key, 0, sizeof(key));
	key.addr = p->addr;
	key.len = p->len;
	HASH_FIND(hh, m->routes, &key, sizeof(key), r);
	return r;
}

static struct route *route_get(struct node *n, const struct prefix *p)
{
	struct route *r = route_find(n->mag, p);

	if (r)
		return r->node == n ? r : NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->node = n;
	r->binding.prefix.addr = p->addr;
	r->binding.prefix.len = p->len;
	HASH_ADD(hh, n->mag->routes, binding.prefix, sizeof(struct prefix), r);
	DL_APPEND(n->routes, r);
	return r;
}

static void route_del(struct route *r)
{
	struct mag *m = r->node->mag;

	if (r->binding.n_paths)
		m->env->ops->dp_binding_del(m->env->ctx, &r->binding.prefix);
	HASH_DEL(m->routes, r);
	DL_DELETE(r->node->routes, r);
	free(r);
}

static bool has_prefix(const struct session *s, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; i < s->n_hnp; i++)
		if (prefix_equal(&s->hnp[i], p))
			return true;
	return false;
}

static struct dp_path *add_path(struct dp_binding *b, uint8_t kind)
{
	struct dp_path *path;

	if (b->n_paths == PMIP_BINDING_PATHS)
		return NULL;
	path = &b->path[b->n_paths++];
	path->bid = b->n_paths;
	path->kind = kind;
	return path;
}

/* Own links first, then the tunnels to the node's other gateways. */
static void build(struct node *n, const struct prefix *p, struct dp_binding *b)
{
	struct dp_path *path;
	struct session *s;
	struct assoc *a;

	memset(b, 0, sizeof(*b));
	b->prefix.addr = p->addr;
	b->prefix.len = p->len;
	b->node = n->number;
	DL_FOREACH(n->sessions, s) {
		if (!s->tunnel || !has_prefix(s, p))
			continue;
		if (!b->uplink)
			b->uplink = s->tunnel;
		if (!session_attached(s))
			continue;
		path = add_path(b, PMIP_PATH_LINK);
		if (path) {
			path->ifindex = s->key.ifindex;
			path->lladdr = s->key.lladdr;
		}
	}
	if (!b->uplink)
		return;
	DL_FOREACH(n->assocs, a) {
		path = a->tunnel ? add_path(b, PMIP_PATH_TUNNEL) : NULL;
		if (path)
			path->tunnel = a->tunnel;
	}
}

static bool same_path(const struct dp_path *a, const struct dp_path *b)
{
	return a->bid == b->bid && a->kind == b->kind && a->tunnel == b->tunnel &&
	       a->ifindex == b->ifindex && llid_equal(&a->lladdr, &b->lladdr);
}

static bool same_binding(const struct dp_binding *a, const struct dp_binding *b)
{
	unsigned int i;

	if (a->uplink != b->uplink || a->node != b->node || a->n_paths != b->n_paths)
		return false;
	for (i = 0; i < a->n_paths; i++)
		if (!same_path(&a->path[i], &b->path[i]))
			return false;
	return true;
}

/*
 * The kernel outlives the daemon: a path that it took down for an earlier one
 * is there still, and the node whose attachment has just been heard of is not.
 */
static void wake_links(struct env *env, const struct dp_binding *old,
		       const struct dp_binding *b)
{
	unsigned int i, j;

	for (i = 0; i < b->n_paths; i++) {
		const struct dp_path *p = &b->path[i];

		for (j = 0; j < old->n_paths; j++)
			if (old->path[j].kind == p->kind && old->path[j].ifindex == p->ifindex &&
			    llid_equal(&old->path[j].lladdr, &p->lladdr))
				break;
		if (p->kind == PMIP_PATH_LINK && j == old->n_paths)
			env->ops->dp_path_state(env->ctx, p->ifindex, &p->lladdr,
						PMIP_STATE_UP);
	}
}

/* Without a path there is no binding, but the prefix is still the node's. */
static void want(struct node *n, const struct prefix *p)
{
	struct env *env = n->mag->env;
	struct dp_binding b;
	struct route *r;

	build(n, p, &b);
	r = route_get(n, p);
	if (!r) {
		log_ratelimited(LOG_ERR, "a binding could not be kept");
		return;
	}
	r->wanted = true;
	if (same_binding(&r->binding, &b))
		return;
	if (b.n_paths)
		env->ops->dp_binding_set(env->ctx, &b);
	else if (r->binding.n_paths)
		env->ops->dp_binding_del(env->ctx, &b.prefix);
	wake_links(env, &r->binding, &b);
	r->binding = b;
}

/**
 * forward_update() - bring the kernel's bindings in line with a node's state
 * @n: the node
 *
 * Only differences are told.  RFC 5213 §6.10.5: what has no accepted binding
 * is not forwarded; draft §4.3: what the link cannot take goes through the
 * tunnels to the node's other gateways.
 */
void forward_update(struct node *n)
{
	struct route *r, *tmp;
	struct session *s;
	unsigned int i;

	DL_FOREACH(n->routes, r)
		r->wanted = false;
	DL_FOREACH(n->sessions, s)
		for (i = 0; s->tunnel && i < s->n_hnp; i++)
			want(n, &s->hnp[i]);
	DL_FOREACH_SAFE(n->routes, r, tmp)
		if (!r->wanted)
			route_del(r);
}

/* §6.12: who is still there hears that the prefix is its own no more. */
static void lose_prefix(struct session *s, const struct prefix *p)
{
	bool heard = s->state == SESSION_ACTIVE || s->state == SESSION_REFRESHING;
	unsigned int i, n = 0;

	if (heard)
		advert_withdraw(s);
	for (i = 0; i < s->n_hnp; i++)
		if (!prefix_equal(&s->hnp[i], p))
			s->hnp[n++] = s->hnp[i];
	s->n_hnp = n;
	if (heard && n)
		advert_start(s);
}

/**
 * forward_claim() - a session's prefixes are no other node's any more
 * @s: a session that the anchor has just given its prefixes
 *
 * The anchor's latest word counts: a node that has left and still lingers
 * here loses a prefix that somebody else has been given.
 */
void forward_claim(struct session *s)
{
	struct session *old;
	struct route *r;
	struct node *n;
	unsigned int i;

	for (i = 0; i < s->n_hnp; i++) {
		r = route_find(s->mag, &s->hnp[i]);
		if (!r || r->node == s->node)
			continue;
		n = r->node;
		DL_FOREACH(n->sessions, old)
			if (has_prefix(old, &s->hnp[i]))
				lose_prefix(old, &s->hnp[i]);
		forward_update(n);
	}
}
