// SPDX-License-Identifier: GPL-2.0
/*
 * What a flow has left its gateway keeps for a while.  Draft: flow mobility §3.2.2 has the
 * anchor remove the state of a flow that was moved back, and not when: the node hears
 * nothing of the move, and sends by the old way until it has seen packets by the new one.
 */
#include "lma/flows.h"

#include "core/log.h"

#include <utlist.h>

/* An attachment by a gateway that is to go on having the node; NULL: none */
static const struct bce *staying(const struct node *n, const struct in6_addr *mag)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->gw && IN6_ARE_ADDR_EQUAL(&b->proxy_coa, mag) && !revoke_takes(b))
			return b;
	return NULL;
}

/* A prefix whose packets have a way of their own, so that they do not take the old one */
static bool at_home(const struct node *n, const struct prefix *p)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->gw && part_find(b, p) && !revoke_concerns(b, p))
			return true;
	return false;
}

/**
 * lingers() - whether a gateway is to keep a flow that is to go there no more
 * @g: what it keeps of the node
 * @t: the flow; its time begins with the first call
 * @p: the prefixes that the gateway is to route on for it
 * @n: how many
 *
 * Return: false once its time is over, or if there is nobody to wait for: the gateway
 * does not have it, or not the node any more, or the prefixes are not to be had.
 */
bool lingers(const struct lma_grant *g, struct told *t, struct prefix p[HNP_MAX],
	     unsigned int *n)
{
	const struct node *node = g->nf->node;
	const struct lma *l = g->nf->lma;
	const struct bce *b = staying(node, &g->mag);
	const uint64_t now = l->env->ops->now(l->env->ctx);
	unsigned int i, all;

	*n = 0;
	if (!b || t->lost || !t->known)
		return false;
	flow_told(b, &t->spec, p, &all);
	for (i = 0; i < all; i++)
		if (at_home(node, &p[i]))
			p[(*n)++] = p[i];
	if (!t->until)
		t->until = now + l->conf->flow_linger_ms * NSEC_PER_MSEC;
	return *n && now < t->until;
}

/**
 * linger_only() - whether a gateway routes a prefix just for flows that have left it
 * @g: what it keeps of the node
 * @p: the prefix
 *
 * Return: true if so: of all ways to the prefix it is the last.
 */
bool linger_only(const struct lma_grant *g, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; i < g->n_told; i++)
		if (!g->told[i].until && selector_reaches(&g->told[i].spec.selector, p))
			return false;
	return true;
}

/**
 * linger_at() - which gateways a flow has left that keep it yet
 * @nf: the node's flows
 * @fid: the flow
 * @at: their addresses
 *
 * Return: how many, as many as a prefix has paths at most.
 */
unsigned int linger_at(const struct node_flows *nf, uint16_t fid,
		       struct in6_addr at[PMIP_BINDING_PATHS])
{
	const struct lma_grant *g;
	unsigned int i, n = 0;

	DL_FOREACH(nf->grants, g)
		for (i = 0; i < g->n_told && n < PMIP_BINDING_PATHS; i++)
			if (g->told[i].until && g->told[i].spec.fid == fid)
				at[n++] = g->mag;
	return n;
}

static uint64_t earliest(const struct node_flows *nf)
{
	const struct lma_grant *g;
	uint64_t at = 0;
	unsigned int i;

	DL_FOREACH(nf->grants, g)
		for (i = 0; i < g->n_told; i++)
			if (g->told[i].until && (!at || g->told[i].until < at))
				at = g->told[i].until;
	return at;
}

/**
 * linger_wait() - settle the flows again when the first has lingered for its time
 * @nf: the flows, which are being settled: their timer has nothing else to say
 *
 * Without memory for a timer nothing lingers.
 */
void linger_wait(struct node_flows *nf)
{
	struct timerq *timers = nf->lma->env->timers;
	const uint64_t at = earliest(nf);
	struct lma_grant *g;
	unsigned int i;

	if (!at) {
		timerq_cancel(timers, &nf->timer);
		return;
	}
	if (!timerq_set(timers, &nf->timer, at))
		return;
	log_ratelimited(LOG_ERR, "no memory for the timer of a node's flows");
	DL_FOREACH(nf->grants, g)
		for (i = 0; i < g->n_told; i++)
			if (g->told[i].until)
				g->told[i].until = 1;
	nf->again = true;
}
