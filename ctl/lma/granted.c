// SPDX-License-Identifier: GPL-2.0
/*
 * Prefixes that gateways only route, for flows that were moved to them, are revoked (RFC
 * 5846 §8; draft: flow mobility §3.2.2).  The flows leave those gateways, and so go where
 * they went before, or are no more.
 */
#include "lma/flows.h"

#include <errno.h>
#include <utlist.h>

/**
 * grant_at() - what a gateway keeps of a node, if that is with a prefix to be routed
 * @n: the node
 * @mag: the gateway
 * @p: the prefix
 *
 * Return: the grant, NULL if the gateway has not been asked to route that.
 */
struct lma_grant *grant_at(const struct node *n, const struct in6_addr *mag,
			   const struct prefix *p)
{
	struct lma_grant *g = n->flows ? grant_of(n->flows, mag) : NULL;

	for (unsigned int i = 0; g && i < g->n_prefix; i++)
		if (prefix_equal(&g->prefix[i], p))
			return g;
	return NULL;
}

/**
 * grant_open_at() - whether a gateway is known to route a prefix that is not its own
 * @n: the node
 * @mag: the gateway
 * @p: the prefix
 *
 * Return: true if it is, and so has had, and may hold, packets to it.
 */
bool grant_open_at(const struct node *n, const struct in6_addr *mag, const struct prefix *p)
{
	const struct lma_grant *g = n->flows ? grant_of(n->flows, mag) : NULL;

	for (unsigned int i = 0; g && i < g->n_open; i++)
		if (prefix_equal(&g->open[i], p))
			return true;
	return false;
}

/* RFC 5846 §8.1: what the gateway holds of it may come back, as with its own prefixes. */
static void expect_back(const struct lma_grant *g, const struct prefix *p)
{
	struct lma *l = g->nf->lma;
	const struct bce *b;

	DL_FOREACH(g->nf->node->bces, b) {
		if (!b->gw || !IN6_ARE_ADDR_EQUAL(&b->proxy_coa, &g->mag))
			continue;
		return_open(l, b, p, revocation_patience_ms(&l->conf->revocation));
		return;
	}
}

/**
 * grant_revoked() - a gateway is to route a prefix no more
 * @g: its grant, which may be gone afterwards; NULL: nothing happens
 * @p: the prefix
 *
 * The flows whose packets can be for it are lost there.
 */
void grant_revoked(struct lma_grant *g, const struct prefix *p)
{
	if (!g)
		return;
	expect_back(g, p);
	for (unsigned int i = 0; i < g->n_told; i++) {
		struct told *t = &g->told[i];

		if (t->lost || !selector_reaches(&t->spec.selector, p))
			continue;
		flow_grant_del(g->grant, t->spec.fid);
		t->asked = false;
		t->known = false;
		t->lost = true;
		t->why = FLOW_LOSS_REVOKED;
	}
	flows_settle(g->nf);
}

static int revoke_one(struct lma *l, struct lma_grant *g, const struct lma_revocation *v)
{
	const struct prefix p = *v->hnp;
	struct revocation_order o = {
		.peer = g->mag, .trigger = v->trigger, .mn_id = v->mn_id,
		.n_hnp = 1, .hnp = { p },
	};
	struct revocation *r = revocation_prepare(&l->revocations, &o, NULL, NULL);

	if (!r)
		return -ENOBUFS;
	grant_revoked(g, &p);
	l->env->ops->dp_commit(l->env->ctx);
	revocation_send(r);
	return 0;
}

/**
 * revoke_granted() - revoke a prefix where it is only routed
 * @l: the anchor
 * @n: the node
 * @v: the prefix, why, and at which gateway, if at one only
 *
 * Return: at how many gateways, or -ENOBUFS.
 */
int revoke_granted(struct lma *l, struct node *n, const struct lma_revocation *v)
{
	const struct bce *b;
	int count = 0, err;

	DL_FOREACH(n->bces, b) {
		struct lma_grant *g = b->gw ? grant_at(n, &b->proxy_coa, v->hnp) : NULL;

		if (!g || (v->proxy_coa && !IN6_ARE_ADDR_EQUAL(v->proxy_coa, &b->proxy_coa)))
			continue;
		err = revoke_one(l, g, v);
		if (err)
			return count ? count : err;
		count++;
	}
	return count;
}
