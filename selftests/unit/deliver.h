/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A message to the machine that it concerns: which of them come there, and with which
 * configuration, is as io/dispatch.c has it.
 */
#ifndef SELFTESTS_UNIT_DELIVER_H
#define SELFTESTS_UNIT_DELIVER_H

#include "lma/lma.h"
#include "mag/mag.h"
#include "peer/peer.h"

static inline void deliver_lma_handover(struct lma *l, const struct lma_conf *c,
					const struct in6_addr *src, const struct in6_addr *dst,
					const struct mh_msg *m)
{
	if (!c->n_neighbours)
		return;
	if (m->kind == MH_LMA_HO_REQ)
		lma_on_lma_ho_req(l, src, dst, m);
	else if (m->kind == MH_LMA_HO_INIT)
		lma_on_lma_ho_init(l, src, dst, m);
	else
		lma_on_lma_hack(l, src, dst, m);
}

static inline void deliver_lma_be(struct lma *l, struct peers *ps, const struct in6_addr *src,
				  const struct in6_addr *dst, const struct mh_msg *m)
{
	peer_on_binding_error(ps, dst, src, m);
	lma_on_binding_error(l, src, m);
	lma_on_bri_unknown(l, src, m);
	lma_on_subscription_unknown(l, src, m);
	lma_on_init_unknown(l, src, m);
}

/* To an anchor; false: it takes no such message */
static inline bool deliver_lma(struct lma *l, const struct lma_conf *c, struct peers *ps,
			       const struct in6_addr *src, const struct in6_addr *dst,
			       const struct mh_msg *m)
{
	const bool asks = c->mcast.subscription.enabled;

	switch (m->kind) {
	case MH_PBU:
		lma_on_pbu(l, src, dst, m);
		return true;
	case MH_PBA:
		if (c->redirect)
			lma_on_pba(l, src, dst, m);
		return c->redirect;
	case MH_FMA:
		lma_on_fma(l, src, dst, m);
		return true;
	case MH_UPA:
		lma_on_upa(l, src, dst, m);
		return true;
	case MH_HEARTBEAT:
		peer_on_heartbeat(ps, dst, src, m);
		return true;
	case MH_BE:
		deliver_lma_be(l, ps, src, dst, m);
		return true;
	case MH_BRI:
		lma_on_bri(l, src, dst, m);
		return true;
	case MH_BRA:
		lma_on_bra(l, src, dst, m);
		return true;
	case MH_SUBSCRIPTION_QUERY:
		if (asks)
			lma_on_subscription_query(l, src, dst, m);
		return asks;
	case MH_SUBSCRIPTION_RESPONSE:
		if (asks)
			lma_on_subscription_response(l, src, dst, m);
		return asks;
	case MH_LMA_HO_REQ:
	case MH_LMA_HO_INIT:
	case MH_LMA_HACK:
		deliver_lma_handover(l, c, src, dst, m);
		return c->n_neighbours;
	default:
		return false;
	}
}

static inline void deliver_mag_be(struct mag *g, struct peers *ps, const struct in6_addr *src,
				  const struct in6_addr *dst, const struct mh_msg *m)
{
	peer_on_binding_error(ps, dst, src, m);
	mag_on_binding_error(g, src, dst, m);
	mag_on_bri_unknown(g, src, m);
	mag_on_hi_unknown(g, src, m);
	mag_on_lma_ho_unknown(g, src, m);
	mag_on_subscription_unknown(g, src, m);
}

/* What only some gateways take */
static inline bool deliver_mag_more(struct mag *g, const struct mag_conf *c,
				    const struct in6_addr *src, const struct in6_addr *dst,
				    const struct mh_msg *m)
{
	if ((m->kind == MH_FMI && c->flow_messages & MAG_FLOW_FMI) ||
	    (m->kind == MH_UPN && c->flow_messages & MAG_FLOW_UPN))
		mag_on_flow(g, src, dst, m);
	else if (m->kind == MH_HI && c->fast)
		mag_on_hi(g, src, dst, m);
	else if (m->kind == MH_HACK && c->fast)
		mag_on_hack(g, src, dst, m);
	else if (m->kind == MH_SUBSCRIPTION_QUERY && c->mcast.subscription.enabled)
		mag_on_subscription_query(g, src, dst, m);
	else if (m->kind == MH_SUBSCRIPTION_RESPONSE && c->mcast.subscription.enabled)
		mag_on_subscription_response(g, src, dst, m);
	else if (m->kind == MH_LMA_HO_RESP && c->anchors.enabled)
		mag_on_lma_ho_resp(g, src, dst, m);
	else
		return false;
	return true;
}

/* To an access gateway; false: it takes no such message */
static inline bool deliver_mag(struct mag *g, const struct mag_conf *c, struct peers *ps,
			       const struct in6_addr *src, const struct in6_addr *dst,
			       const struct mh_msg *m)
{
	switch (m->kind) {
	case MH_PBA:
		mag_on_pba(g, src, dst, m);
		return true;
	case MH_SHI:
		mag_on_shi(g, src, dst, m);
		return true;
	case MH_SHACK:
		mag_on_shack(g, src, dst, m);
		return true;
	case MH_HEARTBEAT:
		peer_on_heartbeat(ps, dst, src, m);
		return true;
	case MH_BE:
		deliver_mag_be(g, ps, src, dst, m);
		return true;
	case MH_BRI:
		mag_on_bri(g, src, dst, m);
		return true;
	case MH_BRA:
		mag_on_bra(g, src, dst, m);
		return true;
	default:
		return deliver_mag_more(g, c, src, dst, m);
	}
}

#endif
