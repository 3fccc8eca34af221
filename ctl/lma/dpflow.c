// SPDX-License-Identifier: GPL-2.0
/* A node's flows as the kernel has them (linux/pmip.h): what it does not know yet. */
#include "lma/flows.h"

#include <string.h>
#include <utlist.h>

/* Served by a gateway, and not about to be revoked: then packets go elsewhere already */
static const struct bce *by_bid(const struct node *n, uint16_t bid)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->gw && b->bid == bid && !revoke_takes(b))
			return b;
	return NULL;
}

static void add_bid(struct dp_flow *d, uint16_t bid)
{
	unsigned int i;

	for (i = 0; i < d->n_bid; i++)
		if (d->bid[i] == bid)
			return;
	if (bid && d->n_bid < PMIP_FLOW_BIDS)
		d->bid[d->n_bid++] = bid;
}

/* What a gateway's path for a prefix is called, if anything; false: others have all paths */
static bool add_name(struct dp_flow *d, const struct flow_spec *s, const struct bce *b,
		     const struct hnp *h)
{
	if (!selector_reaches(&s->selector, &h->prefix))
		return true;
	if (!forward_leads(b, h))
		return false;
	add_bid(d, forward_bid(b, h));
	return true;
}

/* The names that a gateway's path has for the flow's prefixes, up to so many in all */
static void add_gateway(struct dp_flow *d, const struct flow_spec *s, const struct bce *b,
			unsigned int max)
{
	const unsigned int had = d->n_bid;
	bool crowded = false;
	const struct bce *o;
	unsigned int i, j;

	DL_FOREACH(b->node->bces, o) {
		const struct hnp_set *sets[] = { o->set, o->common };

		for (i = 0; i < 2 && sets[i]; i++)
			for (j = 0; j < sets[i]->n && d->n_bid < max; j++)
				crowded |= !add_name(d, s, b, &sets[i]->hnp[j]);
	}
	if (d->n_bid == had && !crowded)
		add_bid(d, b->bid);
}

/* The gateway that a flow names there, unless it has done so before */
static const struct bce *gateway_at(const struct node *n, const struct flow_spec *s,
				    unsigned int at)
{
	const struct bce *b = by_bid(n, s->bid[at]), *o;
	unsigned int i;

	for (i = 0; b && i < at; i++) {
		o = by_bid(n, s->bid[i]);
		if (o && o->gw == b->gw)
			return NULL;
	}
	return b;
}

/* No gateway takes the last place from one that the flow prefers less. */
static void add_gateways(struct dp_flow *d, const struct flow_spec *s, const struct node *n)
{
	unsigned int max = PMIP_FLOW_BIDS;
	const struct bce *b;
	unsigned int i;

	for (i = 0; i < s->n_bid; i++)
		max -= !!gateway_at(n, s, i);
	for (i = 0; i < s->n_bid; i++) {
		b = gateway_at(n, s, i);
		if (b)
			add_gateway(d, s, b, ++max);
	}
}

/* What the flow is, as long as what it is to be cannot be; NULL: nothing */
static const struct flow_spec *in_force(const struct node_flows *nf, const struct lma_flow *f)
{
	return f->waiting && !f->ready ? f->was : flow_wish(nf, f);
}

static enum flows_named named_by(const struct node_flows *nf, const struct lma_flow *f,
				 uint16_t bid)
{
	const struct flow_spec *wish = flow_wish(nf, f);
	const struct flow_spec *is = in_force(nf, f);

	if (f->in_kernel && is && flow_has_bid(is, bid))
		return FLOWS_IN_FORCE;
	return flow_has_bid(wish, bid) ? FLOWS_WANTED : FLOWS_NONE;
}

/**
 * flows_name() - whether flows of a node go to an attachment's gateway, or are to
 * @b: the attachment, which a gateway serves
 *
 * Return: the more of it that any flow does.
 */
enum flows_named flows_name(const struct bce *b)
{
	const struct node_flows *nf = b->node->flows;
	enum flows_named most = FLOWS_NONE, one;
	const struct lma_flow *f;
	const struct bce *o;

	if (!nf)
		return most;
	DL_FOREACH(b->node->bces, o) {
		if (o->gw != b->gw)
			continue;
		DL_FOREACH(nf->flows, f) {
			one = named_by(nf, f, o->bid);
			if (one > most)
				most = one;
		}
	}
	return most;
}

/* The tunnel of a prefix's path that has a name, 0: none has */
static uint32_t named_tunnel(const struct hnp *h, uint16_t bid)
{
	unsigned int i;

	for (i = 0; i < PMIP_BINDING_PATHS && h->path[i].tunnel; i++)
		if (h->path[i].bid == bid)
			return h->path[i].tunnel;
	return 0;
}

/* The first of a flow's paths that is up, or one that leads there */
static bool goes_by(const struct lma_flow *f, const struct hnp *h, uint32_t tunnel)
{
	unsigned int i;

	for (i = 0; i < f->n_bid; i++) {
		const uint32_t t = named_tunnel(h, f->bid[i]);

		if (t == tunnel)
			return true;
		if (t && forward_tunnel_up(h->set->node, t))
			return false;
	}
	return false;
}

/**
 * dpflow_carries() - whether packets of flows to a prefix go by a tunnel
 * @h: the prefix
 * @tunnel: the tunnel, whether it is up or not
 *
 * Return: true if those of any flow do that the kernel has.
 */
bool dpflow_carries(const struct hnp *h, uint32_t tunnel)
{
	const struct node_flows *nf = h->set->node->flows;
	const struct flow_spec *s;
	const struct lma_flow *f;

	if (!nf)
		return false;
	DL_FOREACH(nf->flows, f) {
		s = f->in_kernel ? in_force(nf, f) : NULL;
		if (s && s->verdict == FLOW_FORWARD &&
		    selector_reaches(&s->selector, &h->prefix) && goes_by(f, h, tunnel))
			return true;
	}
	return false;
}

/*
 * An attachment whose gateway is not known to route a prefix has no path there: the
 * flow's packets to it take what the prefix prefers.  A flow that is dropped is so
 * wherever it would go; to the kernel one without any identifier is inactive.  It has
 * no IPv4 packets, so nothing is to be told it of a flow of these.
 */
static void fill(const struct node_flows *nf, const struct flow_spec *s, struct dp_flow *d)
{
	const struct bce *b;

	memset(d, 0, sizeof(*d));
	d->node = nf->node->number;
	d->fid = s->fid;
	d->pri = s->pri;
	d->action = s->verdict == FLOW_DROP ? PMIP_FLOW_DROP : PMIP_FLOW_FORWARD;
	d->selector = s->selector;
	if (s->selector.format == SELECTOR_IPV4)
		return;
	if (s->verdict == FLOW_DROP) {
		DL_FOREACH(nf->node->bces, b)
			if (b->gw)
				add_bid(d, b->bid);
		return;
	}
	add_gateways(d, s, nf->node);
}

static bool same(const struct lma_flow *f, const struct dp_flow *d)
{
	return f->in_kernel && !f->stale && f->pri == d->pri && f->n_bid == d->n_bid &&
	       !memcmp(f->bid, d->bid, d->n_bid * sizeof(*d->bid));
}

/**
 * dpflow_del() - the kernel need not know a flow any more
 * @nf: the node's flows
 * @f: the flow
 */
void dpflow_del(struct node_flows *nf, struct lma_flow *f)
{
	struct env *env = nf->lma->env;

	if (!f->in_kernel)
		return;
	env->ops->dp_flow_del(env->ctx, nf->node->number, f->fid);
	f->in_kernel = false;
	nf->asked_kernel = true;
}

static void set(struct node_flows *nf, struct lma_flow *f, const struct dp_flow *d)
{
	struct env *env = nf->lma->env;

	env->ops->dp_flow_set(env->ctx, d);
	nf->asked_kernel = true;
	f->in_kernel = true;
	f->asked = true;
	f->stale = false;
	f->pri = d->pri;
	f->n_bid = (uint8_t)d->n_bid;
	memcpy(f->bid, d->bid, d->n_bid * sizeof(*d->bid));
}

/**
 * dpflow_sync() - tell the kernel what has changed
 * @nf: the node's flows
 *
 * A priority that goes from one flow to another is free in between.
 */
void dpflow_sync(struct node_flows *nf)
{
	const struct flow_spec *s;
	struct lma_flow *f;
	struct dp_flow d;

	DL_FOREACH(nf->flows, f) {
		s = in_force(nf, f);
		if (s)
			fill(nf, s, &d);
		if (!s || !d.n_bid || f->pri != d.pri)
			dpflow_del(nf, f);
	}
	DL_FOREACH(nf->flows, f) {
		s = in_force(nf, f);
		if (!s)
			continue;
		fill(nf, s, &d);
		if (d.n_bid && !same(f, &d))
			set(nf, f, &d);
	}
}

/* What the kernel calls a flow's ways each beside what it is to call it */
static bool name_both(const struct lma_flow *f, struct dp_flow *d)
{
	const struct dp_flow to_be = *d;
	unsigned int i;

	if (f->n_bid != to_be.n_bid || same(f, &to_be))
		return false;
	d->n_bid = 0;
	for (i = 0; i < to_be.n_bid; i++) {
		add_bid(d, to_be.bid[i]);
		add_bid(d, f->bid[i]);
	}
	return d->n_bid > to_be.n_bid;
}

/**
 * dpflow_rename() - paths of a node are about to get other names
 * @nf: the node's flows
 *
 * Whatever a path is called in between, the flows by it find it, so that none of their
 * packets goes another way for a moment.  dpflow_sync() is to follow.
 */
void dpflow_rename(struct node_flows *nf)
{
	struct lma_flow *f;
	struct dp_flow d;

	DL_FOREACH(nf->flows, f) {
		if (!f->in_kernel || f->waiting)
			continue;
		fill(nf, flow_wish(nf, f), &d);
		if (name_both(f, &d))
			set(nf, f, &d);
	}
}

/**
 * dpflow_renew() - the kernel has lost everything: tell it again
 * @nf: the node's flows
 */
void dpflow_renew(struct node_flows *nf)
{
	struct lma_flow *f;

	DL_FOREACH(nf->flows, f)
		f->in_kernel = false;
	dpflow_sync(nf);
}
