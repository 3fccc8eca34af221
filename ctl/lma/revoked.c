// SPDX-License-Identifier: GPL-2.0
/*
 * A gateway revokes bindings (RFC 5846 §8.2).  It has deregistered them, so to speak:
 * each waits for MinDelayBeforeBCEDelete, in which its node may turn up elsewhere.
 */
#include "lma/revoke.h"

#include "core/log.h"
#include "lma/flows.h"

#include <arpa/inet.h>
#include <string.h>
#include <utlist.h>

/* §8.2, Per-Peer Policy: "all mobile node bindings for which the proxy CoA is the one" */
static uint8_t revoke_all(void *arg, const struct in6_addr *src, const struct mh_msg *bri)
{
	const struct mh_opts *o = &bri->opts;
	const struct in6_addr *mag = o->present & MH_HAS_ALT_COA ? &o->alt_coa : src;
	struct lma *l = arg;
	const struct lma_conf *c = l->conf;
	struct gateway *gw;
	unsigned int n = 0;
	struct bce *b;

	if (!(o->present & MH_HAS_MN_ID) ||
	    !revocation_authorised(c->bulk, c->n_bulk, src, &o->mn_id) ||
	    !revocation_authorised(c->bulk, c->n_bulk, mag, &o->mn_id))
		return BRA_GLOBAL_NOT_AUTHORIZED;
	pending_drop_of(l, mag);
	handed_drop_of(l, mag);
	gw = bce_gateway(l, mag);
	if (!gw)
		return BRA_NO_BINDING;
	for (b = gw->bces; b; b = b->gw_next)
		n++;
	/* what a request that has waited puts at the end of the list is new */
	for (; n && gw && gw->bces; n--) {
		bce_happen(l, NULL, gw->bces, EV_RELEASE);
		gw = bce_gateway(l, mag);
	}
	return BRA_OK;
}

/* Whether one of the options that say which of a node's bindings names this one */
static bool named(const struct bce *b, const struct mh_opts *o)
{
	bool hnp = !o->n_hnp, bid = !o->n_bid;

	for (unsigned int i = 0; i < o->n_hnp; i++)
		hnp |= !!part_find(b, &o->hnp[i].prefix);
	for (unsigned int i = 0; i < o->n_bid; i++)
		bid |= b->bid == o->bid[i].bid;
	if (!(o->present & MH_HAS_LLID) || !o->llid.len)
		return hnp && bid;
	return hnp && bid && llid_equal(&b->llid, &o->llid);
}

static bool meant(const struct bce *b, const struct in6_addr *src, const struct mh_opts *o)
{
	return IN6_ARE_ADDR_EQUAL(&b->proxy_coa, src) && named(b, o);
}

/* Prefixes and BIDs that no binding of that gateway has */
static void list_unknown(const struct node *n, const struct in6_addr *src,
			 const struct mh_opts *o, struct mh_opts *failed)
{
	const struct bce *b;

	for (unsigned int i = 0; i < o->n_hnp; i++) {
		DL_FOREACH(n->bces, b)
			if (IN6_ARE_ADDR_EQUAL(&b->proxy_coa, src) &&
			    part_find(b, &o->hnp[i].prefix))
				break;
		if (!b && !grant_at(n, src, &o->hnp[i].prefix))
			failed->hnp[failed->n_hnp++] = o->hnp[i];
	}
	for (unsigned int i = 0; i < o->n_bid; i++) {
		DL_FOREACH(n->bces, b)
			if (IN6_ARE_ADDR_EQUAL(&b->proxy_coa, src) && b->bid == o->bid[i].bid)
				break;
		if (!b)
			failed->bid[failed->n_bid++] = o->bid[i];
	}
	failed->present = (failed->n_hnp ? MH_HAS_HNP : 0) | (failed->n_bid ? MH_HAS_BID : 0);
}

static struct bce *next(const struct node *n, const struct in6_addr *src,
			const struct mh_opts *o)
{
	struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->gw && meant(b, src, o))
			return b;
	return NULL;
}

/*
 * §8.2 items 2 and 3: with prefixes "only remove the specified mobile node proxy binding";
 * false: these are all that the entry has
 */
static bool lose_some(struct lma *l, struct bce *b, const struct mh_opts *o)
{
	struct prefix p[HNP_MAX];
	unsigned int n = bce_prefixes(b, p), left = 0;

	for (unsigned int i = 0; i < n; i++)
		left += mh_find_hnp(o, &p[i]) < 0;
	if (!o->n_hnp || !left)
		return false;
	for (unsigned int i = 0; i < o->n_hnp; i++) {
		if (!part_find(b, &o->hnp[i].prefix))
			continue;
		return_open(l, b, &o->hnp[i].prefix, 0);
		part_lose(l, b, &o->hnp[i].prefix);
	}
	return true;
}

/*
 * §8.2: the MN-ID alone means all bindings of that node, prefixes those that have them;
 * §13: of this gateway's, that is.  What "has already been released" is no obstacle.
 */
static uint8_t revoke_node(void *arg, const struct in6_addr *src, const struct mh_msg *bri,
			   struct mh_opts *failed)
{
	const struct mh_opts *o = &bri->opts;
	unsigned int found = 0, released = 0;
	struct lma *l = arg;
	struct node *n = lma_node_find(l, &o->mn_id);
	struct bce *b;

	if (!n || ((o->present & MH_HAS_ALT_COA) && !IN6_ARE_ADDR_EQUAL(&o->alt_coa, src)))
		return BRA_NO_BINDING;
	DL_FOREACH(n->bces, b) {
		found += meant(b, src, o);
		released += !b->gw && meant(b, src, o);
	}
	for (unsigned int i = 0; i < o->n_hnp; i++)
		found += !!grant_at(n, src, &o->hnp[i].prefix);
	list_unknown(n, src, o, failed);
	if (!found)
		return BRA_NO_BINDING;
	if (n->pending && IN6_ARE_ADDR_EQUAL(&n->pending->src, src))
		pending_drop(l, n);
	n->holds++;
	for (unsigned int i = 0; i < o->n_hnp; i++)
		grant_revoked(grant_at(n, src, &o->hnp[i].prefix), &o->hnp[i].prefix);
	for (b = next(n, src, o); b; b = next(n, src, o))
		if (!lose_some(l, b, o))
			bce_happen(l, NULL, b, EV_RELEASE);
	n->holds--;
	node_put(l, n);
	return released || failed->present ? BRA_PARTIAL : BRA_OK;
}

/* §9.2 gives a gateway no other global trigger than Per-Peer Policy */
static const struct revocation_ops ops = { .all = revoke_all, .node = revoke_node };

/**
 * revoked_init() - no gateway has revoked anything
 * @l: the anchor
 */
void revoked_init(struct lma *l)
{
	revocation_responder_init(&l->revoked, l->env, &ops, l, &l->counters.revocation,
				  &l->conf->address);
}

/**
 * lma_on_bri() - a Binding Revocation Indication has come (RFC 5846 §8.2)
 * @l: the anchor
 * @src: its source
 * @dst: its destination
 * @bri: the message
 *
 * §13: a gateway that may register nodes may take that back; of others it is
 * discarded.
 */
void lma_on_bri(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *bri)
{
	char text[INET6_ADDRSTRLEN];
	struct peer *p;

	if (!IN6_ARE_ADDR_EQUAL(dst, &l->conf->address) || !validate_mag(l->conf, src)) {
		l->counters.revocation.bri_discarded++;
		log_ratelimited(LOG_WARNING, "BRI of %s: no gateway of ours",
				inet_ntop(AF_INET6, src, text, sizeof(text)));
		return;
	}
	p = peer_find(l->peers, dst, src);
	if (p)
		peer_heard(p);
	revocation_on_bri(&l->revoked, src, bri);
}
