// SPDX-License-Identifier: GPL-2.0
/* A node's flows as the kernel has them (linux/pmip.h): what it does not know yet. */
#include "lma/flows.h"

#include <string.h>
#include <utlist.h>

static const struct bce *by_bid(const struct node *n, uint16_t bid)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->gw && b->bid == bid)
			return b;
	return NULL;
}

static void add_bid(struct dp_flow *d, uint16_t bid)
{
	unsigned int i;

	for (i = 0; i < d->n_bid; i++)
		if (d->bid[i] == bid)
			return;
	if (d->n_bid < PMIP_FLOW_BIDS)
		d->bid[d->n_bid++] = bid;
}

/*
 * Attachments by one gateway have one path, which forward.c names after the best that
 * has the prefix, or where flows alone go that way after the first.
 */
static uint16_t path_bid(const struct bce *b, const struct hnp_set *set)
{
	const struct bce *o, *best = NULL, *first = NULL;

	DL_FOREACH(b->node->bces, o) {
		if (o->gw != b->gw)
			continue;
		if (!first)
			first = o;
		if (bce_has(o, set) && (!best || o->pri < best->pri))
			best = o;
	}
	if (!best)
		best = first ? first : b;
	return best->bid;
}

/* The names that a gateway's path has for the flow's prefixes, up to so many in all */
static void add_gateway(struct dp_flow *d, const struct flow_spec *s, const struct bce *b,
			unsigned int max)
{
	const unsigned int had = d->n_bid;
	const struct bce *o;
	unsigned int i;

	DL_FOREACH(b->node->bces, o) {
		const struct hnp_set *sets[] = { o->set, o->common };

		for (i = 0; i < 2 && sets[i] && d->n_bid < max; i++)
			if (flow_concerns(s, sets[i]))
				add_bid(d, path_bid(b, sets[i]));
	}
	if (d->n_bid == had)
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

/*
 * An attachment whose gateway is not known to route a prefix has no path there: the
 * flow's packets to it take what the prefix prefers.  A flow that is dropped is so
 * wherever it would go; to the kernel one without any identifier is inactive.
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
