// SPDX-License-Identifier: GPL-2.0
/* Forwarding state out of the binding cache (RFC 5213 §5.6.2). */
#include "lma/anchoring.h"

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

/*
 * RFC 5846 §8.1: while a binding is being revoked its tunnel is the last choice: what
 * its gateway sends by it is taken, and what it still gets comes back.
 */
static unsigned int rank(const struct bce *b, const struct hnp *h)
{
	return b->pri + (revoke_concerns(b, &h->prefix) ? UINT8_MAX : 0);
}

/**
 * forward_bid() - what flows call a gateway's path for a prefix
 * @b: an attachment by that gateway
 * @h: the prefix
 *
 * Attachments by one gateway have one path.  It is named after the best that has the
 * prefix, or where flows alone go that way after the first.  One that is being revoked
 * does not count: flows that name it take another path from the moment that the rest does.
 *
 * Return: a BID; 0: no flow may go that way.
 */
uint16_t forward_bid(const struct bce *b, const struct hnp *h)
{
	const struct bce *o, *best = NULL, *first = NULL;
	bool own = false;

	DL_FOREACH(b->node->bces, o) {
		if (o->gw != b->gw)
			continue;
		own |= part_has(o, h);
		if (revoke_concerns(o, &h->prefix))
			continue;
		if (!first)
			first = o;
		if (part_has(o, h) && (!best || rank(o, h) < rank(best, h)))
			best = o;
	}
	if (!own)
		best = first;
	return best ? best->bid : 0;
}

/*
 * The best attachment that is not among the paths yet: by priority, then by age; NULL:
 * none.  @among: by the tunnels of these alone, unless NULL; @named: flows name it so
 */
static const struct bce *next_best(const struct hnp *h, const struct dp_binding *d,
				   const struct dp_binding *among, enum flows_named named)
{
	const struct bce *b, *best = NULL;

	DL_FOREACH(h->set->node->bces, b) {
		if (!b->gw || !part_has(b, h) || has_tunnel(d, b->tunnel) ||
		    (among && !has_tunnel(among, b->tunnel)) || flows_name(b) < named)
			continue;
		if (!best || rank(b, h) < rank(best, h))
			best = b;
	}
	return best;
}

static void add_path(struct dp_binding *d, const struct hnp *h, const struct bce *b)
{
	if (d->n_paths == PMIP_BINDING_PATHS || has_tunnel(d, b->tunnel))
		return;
	d->path[d->n_paths].bid = forward_bid(b, h);
	d->path[d->n_paths].kind = PMIP_PATH_TUNNEL;
	d->path[d->n_paths++].tunnel = b->tunnel;
}

/*
 * Where more gateways have a prefix than a binding has paths: the best of them, then those
 * that flows name, first the flows in force, and then the others, each by priority and by
 * age.  So no flow takes a path from another.
 */
static void choose(const struct hnp *h, struct dp_binding *chosen)
{
	const struct bce *b = next_best(h, chosen, NULL, FLOWS_NONE);

	while (b && chosen->n_paths < PMIP_BINDING_PATHS) {
		add_path(chosen, h, b);
		b = next_best(h, chosen, NULL, FLOWS_IN_FORCE);
		if (!b)
			b = next_best(h, chosen, NULL, FLOWS_WANTED);
		if (!b)
			b = next_best(h, chosen, NULL, FLOWS_NONE);
	}
}

/**
 * forward_leads() - whether a gateway has one of a prefix's paths
 * @b: an attachment by that gateway
 * @h: the prefix, which the gateway has as the node's own, or is to route
 *
 * Return: false where others have them all.
 */
bool forward_leads(const struct bce *b, const struct hnp *h)
{
	struct dp_binding chosen = { 0 };

	if (b->node->n_bces <= PMIP_BINDING_PATHS)
		return true;
	choose(h, &chosen);
	return has_tunnel(&chosen, b->tunnel) || chosen.n_paths < PMIP_BINDING_PATHS;
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
 * so that they get nothing else while the prefix has a path of its own; after them
 * those that such flows have left, which get nothing.
 */
static void add_granted(const struct node *n, const struct hnp *h, struct dp_binding *d,
			bool left)
{
	const struct lma_grant *g;
	const struct bce *b;

	DL_FOREACH(n->flows->grants, g)
		DL_FOREACH(n->bces, b)
			if (b->gw && IN6_ARE_ADDR_EQUAL(&b->proxy_coa, &g->mag) &&
			    routes(g, &d->prefix) && linger_only(g, &d->prefix) == left)
				add_path(d, h, b);
}

/* Draft: LMA handover §4.2 (j): to the anchor that serves the node now; no flow names it */
static void add_anchor(struct dp_binding *d, uint32_t tunnel)
{
	d->path[d->n_paths].kind = PMIP_PATH_TUNNEL;
	d->path[d->n_paths++].tunnel = tunnel;
}

static void keep_paths(struct hnp *h, const struct dp_binding *d)
{
	unsigned int i;

	memset(h->path, 0, sizeof(h->path));
	for (i = 0; i < d->n_paths; i++) {
		h->path[i].tunnel = d->path[i].tunnel;
		h->path[i].bid = d->path[i].bid;
	}
}

static void set_path(struct lma *l, struct hnp *h)
{
	const struct node *n = h->set->node;
	const bool many = n->n_bces > PMIP_BINDING_PATHS;
	struct dp_binding d, chosen = { 0 };
	const struct bce *b;
	uint32_t tunnel;

	if (part_orphan(h))
		return;
	memset(&d, 0, sizeof(d));
	d.node = n->number;
	d.prefix = h->prefix;
	if (anchoring_leads(n, &tunnel))
		add_anchor(&d, tunnel);
	if (many)
		choose(h, &chosen);
	while (d.n_paths < PMIP_BINDING_PATHS &&
	       (b = next_best(h, &d, many ? &chosen : NULL, FLOWS_NONE)))
		add_path(&d, h, b);
	if (n->flows)
		add_granted(n, h, &d, false);
	if (n->flows && d.n_paths)
		add_granted(n, h, &d, true);
	if (!d.n_paths && anchoring_fills(n, &tunnel))
		add_anchor(&d, tunnel);
	if (!d.n_paths)
		d.path[d.n_paths++].kind = PMIP_PATH_DROP;
	keep_paths(h, &d);
	l->env->ops->dp_binding_set(l->env->ctx, &d);
}

static void set_paths(struct lma *l, struct hnp_set *set)
{
	unsigned int i;

	for (i = 0; i < set->n; i++)
		set_path(l, &set->hnp[i]);
}

/**
 * forward_tunnel_up() - whether the kernel uses a tunnel of a node's
 * @n: the node
 * @tunnel: the tunnel
 *
 * Return: false while its gateway is silent (RFC 5847), or serves no entry of the node.
 */
bool forward_tunnel_up(const struct node *n, uint32_t tunnel)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->gw && b->tunnel == tunnel)
			return b->gw->peer->alive;
	return false;
}

/**
 * forward_carries() - whether packets to a prefix go by a tunnel
 * @h: the prefix
 * @tunnel: the tunnel, whether it is up or not
 *
 * By what the kernel was last told: the binding cache may be ahead of that.
 *
 * Return: true if it is the first of the paths, but for those that are down, or the same
 * of those that a flow in force has.
 */
bool forward_carries(const struct hnp *h, uint32_t tunnel)
{
	unsigned int i;

	for (i = 0; i < PMIP_BINDING_PATHS && h->path[i].tunnel; i++) {
		if (h->path[i].tunnel == tunnel)
			return true;
		if (forward_tunnel_up(h->set->node, h->path[i].tunnel))
			break;
	}
	return dpflow_carries(h, tunnel);
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
	if (b->node->flows)
		dpflow_rename(b->node->flows);
	set_paths(l, b->set);
	if (b->common)
		set_paths(l, b->common);
	set_others(l, b);
}

static void delete(struct lma *l, const struct hnp_set *set)
{
	unsigned int i;

	for (i = 0; i < set->n; i++)
		if (!part_orphan(&set->hnp[i]))
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
	struct hnp_set *sets[] = { b->set, b->common };
	unsigned int i;

	if (b->node->flows)
		dpflow_rename(b->node->flows);
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

static void set_held(struct lma *l, const struct anchoring *h)
{
	for (unsigned int i = 0; h && i < h->n_set; i++)
		set_paths(l, h->set[i]);
}

static void set_node(struct lma *l, const struct node *n)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		forward_set(l, b);
	set_held(l, n->anchoring);
}

/**
 * forward_onward() - let packets to a node go where it is, be that at another anchor
 * @l: the anchor
 * @n: the node
 *
 * What the kernel refuses is asked for once more with all tunnels, as in forward_settle().
 */
void forward_onward(struct lma *l, struct node *n)
{
	const struct anchoring *h = n->anchoring;
	const struct bce *b;
	int err;

	set_node(l, n);
	if (!l->env->ops->dp_commit(l->env->ctx))
		return;
	DL_FOREACH(n->bces, b)
		if (b->gw)
			peer_tunnel_renew(b->gw->peer);
	if (h && h->onward)
		peer_tunnel_renew(h->onward);
	set_node(l, n);
	err = l->env->ops->dp_commit(l->env->ctx);
	if (err)
		forward_refused(l, n, err);
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
	struct anchoring *h;
	struct node *n;

	DL_FOREACH(l->nodes, n)
		set_node(l, n);
	DL_FOREACH(l->nodes, n)
		if (n->flows)
			dpflow_renew(n->flows);
	DL_FOREACH(l->anchorings, h)
		arriving_return(h);
	lma_multicast_renew(l);
}
