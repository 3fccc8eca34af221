// SPDX-License-Identifier: GPL-2.0
/*
 * What the gateways of a node are to keep of its flows (draft: flow mobility
 * §3.2.2): one grant for each gateway to which a flow goes whose packets are for
 * prefixes that the node has by another one.
 */
#include "lma/flows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static bool among(const struct prefix *list, unsigned int n, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (prefix_equal(&list[i], p))
			return true;
	return false;
}

static unsigned int add_prefix(struct prefix *list, unsigned int n, const struct prefix *p)
{
	if (n < HNP_MAX && !among(list, n, p))
		list[n++] = *p;
	return n;
}

/* Whether a gateway has a prefix as the node's own anyway */
static bool at_home(const struct bce *b, const struct hnp *h)
{
	const struct bce *o;

	DL_FOREACH(b->node->bces, o)
		if (o->gw == b->gw && part_has(o, h))
			return true;
	return false;
}

/* Whether the gateway of one attachment lacks a prefix of another's that a flow is to */
static bool lacks(const struct bce *b, const struct bce *o, const struct flow_spec *s,
		  const struct hnp *h)
{
	return selector_reaches(&s->selector, &h->prefix) && part_has(o, h) && !at_home(b, h);
}

/*
 * flow_needs() - which prefixes a gateway lacks to deliver a flow
 * @b: the attachment that the flow is to go to, which a gateway serves
 * @s: the flow
 * @p: the prefixes, HNP_MAX at most
 *
 * Return: how many; 0 where all of the flow's packets are for prefixes that the
 * gateway has for the node anyway: "no signaling" is needed then (draft §3.2.1).
 */
static unsigned int flow_needs(const struct bce *b, const struct flow_spec *s,
			       struct prefix p[HNP_MAX])
{
	const struct bce *o;
	unsigned int i, j, n = 0;

	DL_FOREACH(b->node->bces, o) {
		const struct hnp_set *sets[] = { o->set, o->common };

		for (i = 0; i < 2 && sets[i]; i++)
			for (j = 0; j < sets[i]->n; j++)
				if (lacks(b, o, s, &sets[i]->hnp[j]))
					n = add_prefix(p, n, &sets[i]->hnp[j].prefix);
	}
	return n;
}

/**
 * flow_told() - whether a gateway must be told of a flow that is to go there
 * @b: the attachment, which a gateway serves
 * @s: the flow
 * @p: the prefixes that it lacks
 * @n: how many
 *
 * Of one of IPv4 packets it has no other sign: no prefix here is of them (draft §3.2.1:
 * where gateways "need to be configured", "the LMA MUST re-use the signaling").
 *
 * Return: true if it must.
 */
bool flow_told(const struct bce *b, const struct flow_spec *s, struct prefix p[HNP_MAX],
	       unsigned int *n)
{
	*n = flow_needs(b, s, p);
	return *n || s->selector.format == SELECTOR_IPV4;
}

/**
 * grant_of() - what a gateway is to keep of a node
 * @nf: the node's flows
 * @mag: the gateway
 *
 * Return: the grant, NULL if there is none.
 */
struct lma_grant *grant_of(const struct node_flows *nf, const struct in6_addr *mag)
{
	struct lma_grant *g;

	DL_FOREACH(nf->grants, g)
		if (IN6_ARE_ADDR_EQUAL(&g->mag, mag))
			return g;
	return NULL;
}

static struct told *find_told(struct lma_grant *g, uint16_t fid)
{
	unsigned int i;

	for (i = 0; i < g->n_told; i++)
		if (g->told[i].spec.fid == fid)
			return &g->told[i];
	return NULL;
}

/**
 * grant_told() - what an attachment's gateway has been told of a flow
 * @nf: the node's flows
 * @b: the attachment
 * @fid: the flow
 *
 * Return: that, or NULL.
 */
const struct told *grant_told(const struct node_flows *nf, const struct bce *b,
			      uint16_t fid)
{
	struct lma_grant *g = grant_of(nf, &b->proxy_coa);

	return g ? find_told(g, fid) : NULL;
}

/* What both callbacks share: nothing changes before all is settled. */
static struct told *answered(struct lma_grant *g, uint16_t fid)
{
	struct told *t = find_told(g, fid);

	if (t)
		t->asked = false;
	return t;
}

static void kept(void *arg, uint16_t fid)
{
	struct lma_grant *g = arg;
	struct told *t = answered(g, fid);

	if (t)
		t->known = true;
	flows_settle(g->nf);
}

static void lost(void *arg, uint16_t fid, enum flow_loss why)
{
	struct lma_grant *g = arg;
	struct told *t = answered(g, fid);

	if (t) {
		t->known = false;
		t->lost = true;
		t->why = (uint8_t)why;
	}
	flows_settle(g->nf);
}

const struct flow_initiator_ops grant_ops = {
	.kept = kept,
	.lost = lost,
};

static void grant_drop(struct lma_grant *g)
{
	DL_DELETE(g->nf->grants, g);
	flow_grant_free(g->grant);
	free(g);
}

/**
 * grants_free() - forget what all gateways of a node keep
 * @nf: the node's flows
 */
void grants_free(struct node_flows *nf)
{
	while (nf->grants)
		grant_drop(nf->grants);
}

static struct lma_grant *grant_get(struct node_flows *nf, const struct in6_addr *mag)
{
	struct lma_grant *g = grant_of(nf, mag);
	struct mn_id id = node_id(nf->node);

	if (g)
		return g;
	g = calloc(1, sizeof(*g));
	if (!g)
		return NULL;
	g->grant = flow_grant_new(&nf->lma->flow_initiator, mag, &id, g);
	if (!g->grant) {
		free(g);
		return NULL;
	}
	g->nf = nf;
	g->mag = *mag;
	DL_APPEND(nf->grants, g);
	return g;
}

static void retract(struct lma_grant *g, struct told *t)
{
	if (!t->lost)
		flow_grant_del(g->grant, t->spec.fid);
	*t = g->told[--g->n_told];
}

/*
 * Of the flows that are no more the one that has lingered longest; one that has just
 * ended has no time yet.  The node has no more flows than there is room for, so that one
 * that the gateway has not been told of finds room, or one such.
 */
static struct told *told_of_none(struct lma_grant *g)
{
	struct told *t, *best = NULL;

	for (t = g->told; t < &g->told[g->n_told]; t++)
		if (!flows_find(g->nf, t->spec.fid) &&
		    (!best || t->until - 1 < best->until - 1))
			best = t;
	return best;
}

/* What lingers is in nobody's way. */
static struct told *told_new(struct lma_grant *g)
{
	struct told *t = g->n_told == FLOWS_MAX ? told_of_none(g) : NULL;

	if (t)
		retract(g, t);
	if (g->n_told == FLOWS_MAX)
		return NULL;
	t = &g->told[g->n_told++];
	memset(t, 0, sizeof(*t));
	return t;
}

/* What a gateway keeps has its own attachment alone: to it the others mean nothing. */
static void ask(struct lma_grant *g, const struct flow_spec *s, uint16_t bid)
{
	struct told *t = find_told(g, s->fid);
	struct flow_spec copy = *s;
	int err;

	copy.n_bid = 1;
	copy.bid[0] = bid;
	if (!t) {
		t = told_new(g);
		if (!t)
			return;
	} else if (t->wanted || t->lost || flow_spec_equal(&t->spec, &copy)) {
		t->wanted = true;
		t->until = 0;
		return;
	}
	t->wanted = true;
	t->until = 0;
	t->spec = copy;
	err = flow_grant_set(g->grant, &copy);
	t->asked = !err;
	if (!err)
		return;
	t->known = false;
	t->lost = true;
	t->why = err == -EOPNOTSUPP ? FLOW_LOSS_UNSUPPORTED : FLOW_LOSS_REFUSED;
	g->nf->again = true;
}

/* As it is to be, and until all know of that, as it was */
static const struct flow_spec *spec_for(const struct node_flows *nf, const struct lma_flow *f,
					uint16_t bid)
{
	const struct flow_spec *wish = flow_wish(nf, f);

	if (flow_has_bid(wish, bid))
		return wish;
	return f->was && flow_has_bid(f->was, bid) ? f->was : NULL;
}

static void route(struct lma_grant *g, const struct prefix *p, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		g->n_prefix = add_prefix(g->prefix, g->n_prefix, &p[i]);
}

static void ask_gateway(struct node_flows *nf, const struct bce *b, const struct lma_flow *f)
{
	const struct flow_spec *s = spec_for(nf, f, b->bid);
	struct prefix p[HNP_MAX];
	struct lma_grant *g;
	unsigned int n;

	if (!s || s->verdict != FLOW_FORWARD || !flow_told(b, s, p, &n))
		return;
	g = grant_get(nf, &b->proxy_coa);
	if (!g)
		return;
	ask(g, s, b->bid);
	route(g, p, n);
}

static bool serves(const struct node_flows *nf, const struct in6_addr *mag)
{
	const struct bce *b;

	DL_FOREACH(nf->node->bces, b)
		if (b->gw && IN6_ARE_ADDR_EQUAL(&b->proxy_coa, mag))
			return true;
	return false;
}

/* RFC 6089 §4.2: no two flows have one priority; a gateway refuses the second */
static bool in_the_way(const struct lma_grant *g, const struct told *lingering)
{
	const struct told *t;

	for (t = g->told; t < &g->told[g->n_told]; t++)
		if (t->wanted && t->spec.pri == lingering->spec.pri)
			return true;
	return false;
}

static void see_to_unwanted(struct lma_grant *g)
{
	struct prefix p[HNP_MAX];
	unsigned int i = 0, n;

	while (i < g->n_told) {
		if (g->told[i].wanted) {
			i++;
		} else if (!in_the_way(g, &g->told[i]) && lingers(g, &g->told[i], p, &n)) {
			route(g, p, n);
			i++;
		} else {
			retract(g, &g->told[i]);
		}
	}
}

/**
 * grants_sync() - tell gateways what they are to keep now
 * @nf: the node's flows
 *
 * A gateway that the node has left forgets by itself; one that a flow has left keeps it
 * for flow_linger_ms.
 */
void grants_sync(struct node_flows *nf)
{
	struct lma_grant *g, *tmp;
	const struct lma_flow *f;
	const struct bce *b;
	unsigned int i;

	DL_FOREACH(nf->grants, g) {
		g->n_prefix = 0;
		for (i = 0; i < g->n_told; i++)
			g->told[i].wanted = false;
	}
	DL_FOREACH(nf->node->bces, b)
		DL_FOREACH(nf->flows, f)
			if (b->gw)
				ask_gateway(nf, b, f);
	DL_FOREACH_SAFE(nf->grants, g, tmp) {
		if (!serves(nf, &g->mag)) {
			grant_drop(g);
			continue;
		}
		see_to_unwanted(g);
		flow_grant_prefixes(g->grant, g->prefix, g->n_prefix);
		flow_grant_push(g->grant);
	}
	linger_wait(nf);
}

static bool any_known(const struct lma_grant *g)
{
	unsigned int i;

	for (i = 0; i < g->n_told; i++)
		if (g->told[i].known)
			return true;
	return false;
}

/**
 * grants_open() - which prefixes gateways are known to route to the node
 * @nf: the node's flows
 *
 * Return: whether these are others than before.
 */
bool grants_open(struct node_flows *nf)
{
	struct lma_grant *g;
	bool changed = false;

	DL_FOREACH(nf->grants, g) {
		const bool all = any_known(g) && flow_grant_settled(g->grant);
		struct prefix open[HNP_MAX];
		unsigned int i, n = 0;

		for (i = 0; i < g->n_prefix; i++)
			if (all || (any_known(g) && among(g->open, g->n_open, &g->prefix[i])))
				open[n++] = g->prefix[i];
		changed |= n != g->n_open;
		for (i = 0; i < n && !changed; i++)
			changed = !prefix_equal(&open[i], &g->open[i]);
		for (i = 0; i < n; i++)
			g->open[i] = open[i];
		g->n_open = n;
	}
	return changed;
}
