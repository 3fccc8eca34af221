// SPDX-License-Identifier: GPL-2.0
/*
 * A node comes from another anchor (draft: LMA handover §4.2, the NLMA's part): its entries
 * are made of what that says, its gateways register them, and whose prefixes they are is
 * told to forward to us for as long as the node is here.
 */
#include "lma/anchoring.h"

#include <stdlib.h>
#include <utlist.h>

#define RETRY_MS	5000	/* the anchor has not answered */
#define RETURN_MS	10000	/* the kernel forgets by itself after PMIP_HOLD_TIME_MAX */
#define LATE_MS		5000	/* beyond the time for which the anchor before forwards */

/* Those that no gateway has registered */
static void end_handed(struct node *n)
{
	struct bce *b, *tmp;

	DL_FOREACH_SAFE(n->bces, b, tmp)
		if (b->state == BCE_HANDED)
			bce_happen(b->lma, NULL, b, EV_TIMER);
}

/**
 * arriving_void() - no gateway has registered here in time
 * @h: the node: as if its context had never come
 */
void arriving_void(struct anchoring *h)
{
	struct node *n = h->node;
	struct lma *l = h->lma;

	l->counters.handover.voided++;
	anchoring_notify(h, "lma-handover-void", &h->before, NULL);
	/* what ends now ends by this, and by nothing else */
	h->state = anchoring_is_guest(h) ? HO_LEFT : HO_AWAY;
	if (anchoring_is_guest(h))
		anchoring_unhold(h);
	n->holds++;
	end_handed(n);
	n->holds--;
	if (anchoring_is_guest(h)) {
		anchoring_end(h);
		return;
	}
	forward_onward(l, n);
	if (timerq_set(l->env->timers, &h->timer, h->until))
		away_forget(h);
}

static int from_one(struct anchoring *h, unsigned int i, const struct in6_addr *a)
{
	struct lma *l = h->lma;
	struct peer *p = peer_get(l->peers, &l->conf->address, a);

	if (!p || !peer_tunnel_get(p, PMIP_TUNNEL_LMA_TO_MAG))
		return -1;
	h->from[i] = p;
	return 0;
}

/*
 * Draft: LMA handover §4.2 (d): "a bi-directional tunnel is set up".  A guest that was here
 * before may have some of them.
 */
static int from_all(struct anchoring *h)
{
	struct peer *had[2] = { h->from[0], h->from[1] };
	int err = 0;

	h->from[0] = NULL;
	h->from[1] = NULL;
	timerq_cancel(h->lma->env->timers, &h->late);
	if (anchoring_is_guest(h)) {
		err = from_one(h, 0, &h->anchor);
		if (!err && !IN6_ARE_ADDR_EQUAL(&h->anchor, &h->before))
			err = from_one(h, 1, &h->before);
	}
	for (unsigned int i = 0; i < 2; i++)
		if (had[i])
			peer_tunnel_put(had[i]);
	return err;
}

/* The prefixes are the node's from now on, and lead nowhere. */
static int reserve(struct anchoring *h)
{
	struct lma *l = h->lma;
	struct bce *b;

	if (from_all(h))
		return -1;
	DL_FOREACH(h->node->bces, b)
		forward_set(l, b);
	return h->node->bces ? forward_settle(l, h->node->bces) : -1;
}

static uint8_t take(struct lma *l, struct node *n, const struct in6_addr *src,
		    const struct in6_addr *anchor, const struct mh_msg *m)
{
	struct anchoring *h = anchoring_get(l, n);
	uint8_t status;

	if (!h)
		return LMA_HACK_NO_RESOURCES;
	h->anchor = *anchor;
	h->before = *src;
	h->init_seq = m->seq;
	status = transfer_read(h, &m->opts, l->conf->handover_ms);
	if (status) {
		if (h->state != HO_AWAY)
			anchoring_end(h);
		return status;
	}
	if (m->opts.present & MH_HAS_TIMESTAMP)
		n->timestamp = m->opts.timestamp;
	timerq_cancel(l->env->timers, &h->timer);
	h->state = HO_HANDED;
	if (reserve(h)) {
		arriving_void(h);
		return LMA_HACK_NO_RESOURCES;
	}
	l->counters.handover.handed++;
	anchoring_notify(h, "lma-handover-handed", src, NULL);
	return LMA_HACK_OK;
}

/*
 * What is here already: 255 if that is nothing, or has gone by this.  Whoever serves it may
 * hand it back.
 */
static uint8_t resolve(struct lma *l, const struct in6_addr *src,
		       const struct in6_addr *anchor, const struct mh_msg *m)
{
	struct node *n = lma_node_find(l, &m->opts.mn_id);
	struct anchoring *h = n ? n->anchoring : NULL;
	bool same;

	if (!h)
		return n && n->bces ? LMA_HACK_UNDER_WAY : UINT8_MAX;
	same = IN6_ARE_ADDR_EQUAL(&h->before, src) && h->init_seq == m->seq;
	if (h->state == HO_LEFT || h->state == HO_AWAY) {
		/* of a guest that has left there are packets on their way alone: they go on */
		if (!anchoring_is_guest(h) && !IN6_ARE_ADDR_EQUAL(&h->to, src))
			return LMA_HACK_UNDER_WAY;
		if (h->state == HO_LEFT && anchoring_is_guest(h) &&
		    IN6_ARE_ADDR_EQUAL(&h->anchor, anchor))
			leaving_empty(h);
		else if (h->state == HO_LEFT)
			leaving_over(h);
		return UINT8_MAX;
	}
	if (same)
		return LMA_HACK_OK;
	if (h->state != HO_HANDED || !IN6_ARE_ADDR_EQUAL(&h->before, src))
		return LMA_HACK_UNDER_WAY;
	arriving_void(h);
	return UINT8_MAX;
}

/**
 * arriving_context() - an anchor hands a node over (draft: LMA handover §4.2 (c), (d))
 * @l: this anchor
 * @src: the other, a neighbour
 * @m: the message
 *
 * Return: enum lma_hack_status.
 */
uint8_t arriving_context(struct lma *l, const struct in6_addr *src, const struct mh_msg *m)
{
	const struct mh_opts *o = &m->opts;
	struct in6_addr anchor = o->n_lma ? o->lma[0] : *src;
	struct node *n;
	uint8_t status;

	if (IN6_ARE_ADDR_EQUAL(&anchor, &l->conf->address))
		anchor = in6addr_any;
	else if (o->n_lma > 1 || !neighbour_has(l, &anchor))
		return LMA_HACK_PROHIBITED;
	status = resolve(l, src, &anchor, m);
	if (status != UINT8_MAX)
		return status;
	if (l->conf->max_sessions && l->n_bces + o->n_entry > l->conf->max_sessions)
		return LMA_HACK_NO_RESOURCES;
	n = lma_node_find(l, &o->mn_id);
	/* whoever says that they are ours must have got them from us */
	if (IN6_IS_ADDR_UNSPECIFIED(&anchor) && (!n || !n->anchoring))
		return LMA_HACK_UNKNOWN_NODE;
	n = node_get(l, &o->mn_id);
	if (!n)
		return LMA_HACK_NO_RESOURCES;
	n->holds++;
	status = take(l, n, src, &anchor, m);
	n->holds--;
	node_put(l, n);
	return status;
}

static void allow(struct lma *l, const struct hnp_set *set, uint32_t tunnel, uint32_t ms)
{
	const struct dp_return r = { .tunnel = tunnel, .time_ms = ms };

	for (unsigned int i = 0; set && i < set->n; i++)
		if (!part_orphan(&set->hnp[i]))
			l->env->ops->dp_return_set(l->env->ctx, &set->hnp[i].prefix, &r);
}

static void allow_all(const struct anchoring *h, const struct peer *from, uint32_t ms)
{
	const struct bce *b;

	DL_FOREACH(h->node->bces, b) {
		allow(h->lma, b->set, from->tunnel, ms);
		allow(h->lma, b->common, from->tunnel, ms);
	}
}

/**
 * arriving_return() - let packets to a node come by the tunnels of other anchors
 * @h: the node
 *
 * To the kernel they are packets that come back: their source is bound to no tunnel
 * (RFC 5213 §5.6.2).  It takes them for a while only, and so is told again.
 */
void arriving_return(struct anchoring *h)
{
	bool any = false;

	for (unsigned int i = 0; i < 2; i++) {
		if (!h->from[i])
			continue;
		allow_all(h, h->from[i], PMIP_HOLD_TIME_MAX);
		any = true;
	}
	if (!any)
		return;
	h->lma->env->ops->dp_commit(h->lma->env->ctx);
	anchoring_arm(h, &h->returns, RETURN_MS);
}

/**
 * arriving_late() - the anchor before forwards nothing any more
 * @h: the node
 */
void arriving_late(struct anchoring *h)
{
	struct peer *p = h->from[1];

	h->from[1] = NULL;
	if (!p)
		return;
	allow_all(h, p, 0);
	peer_tunnel_put(p);
}

/**
 * arriving_claim() - say in the policy store that a node is served here
 * @h: the node
 *
 * Draft: LMA handover §4.2 (g): "The NLMA sends an Update message to the remote policy
 * store".
 */
void arriving_claim(struct anchoring *h)
{
	const struct mn_id id = node_id(h->node);
	struct lma *l = h->lma;

	if (!policy_serve(l->policy, &id, &l->conf->address, &h->before, &h->stored))
		h->node->claimed = true;
}

static int tell(struct anchoring *h, const struct in6_addr *to, uint32_t lifetime)
{
	struct lma *l = h->lma;
	struct mh_msg m;
	struct bce *b;

	memset(&m, 0, sizeof(m));
	m.code = LMA_INIT_SERVE;
	m.lifetime = (uint16_t)lifetime;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_TIMESTAMP;
	m.opts.mn_id = node_id(h->node);
	m.opts.timestamp = h->since;
	DL_FOREACH(h->node->bces, b) {
		struct prefix p[HNP_MAX];
		unsigned int n = bce_prefixes(b, p);

		for (unsigned int i = 0; i < n; i++) {
			const struct hnp *x = hnp_find(l, &p[i]);

			/* what the node has got here is nobody else's affair */
			if (x && x->origin == HNP_HANDED && m.opts.n_hnp < HNP_MAX)
				m.opts.hnp[m.opts.n_hnp++].prefix = p[i];
		}
	}
	if (m.opts.n_hnp)
		m.opts.present |= MH_HAS_HNP;
	return init_send(l, to, &m);
}

static uint32_t lifetime_of(const struct lma *l)
{
	return l->conf->serve_lifetime / MH_LIFETIME_UNIT;
}

/**
 * arriving_refresh() - tell the anchor whose the prefixes are that the node is here
 * @h: the node; nothing happens unless it is a guest that is served here
 *
 * The answer, or that there is none, says when that is due again.
 */
void arriving_refresh(struct anchoring *h)
{
	if (!anchoring_is_guest(h) ||
	    (h->state != HO_HERE && h->state != HO_ASKED && h->state != HO_ANSWERED))
		return;
	anchoring_arm(h, &h->refresh, RETRY_MS);
	if (h->node->timestamp > h->since)
		h->since = h->node->timestamp;
	tell(h, &h->anchor, lifetime_of(h->lma));
}

/**
 * arriving_release() - a node goes, or so does what this anchor has of it
 * @h: the node, which has no entries any more
 */
void arriving_release(struct anchoring *h)
{
	const struct mn_id id = node_id(h->node);

	if (h->state == HO_ASKED || h->state == HO_ANSWERED)
		init_cancel(h->lma, &h->to, &id, LMA_INIT_CONTEXT);
	if (!anchoring_is_guest(h))
		return;
	h->lma->counters.handover.released++;
	anchoring_notify(h, "lma-handover-released", &h->anchor, NULL);
	tell(h, &h->anchor, 0);
}

/* While we hand it back to that anchor it has no other answer */
static bool loses(const struct anchoring *h, uint8_t status)
{
	if (h->state == HO_HERE && (status == LMA_HACK_PROHIBITED || status == LMA_HACK_UNDER_WAY))
		return true;
	return status == LMA_HACK_UNKNOWN_NODE;
}

/**
 * arriving_result() - an anchor has heard that a node is served here, or has not
 * @h: the node
 * @from: that anchor
 * @status: enum lma_hack_status; 255: silence
 *
 * If it does not know the node any more, or forwards to another anchor, nothing comes for it
 * from there: gateways that believe it to be here have to begin anew.
 */
void arriving_result(struct anchoring *h, const struct in6_addr *from, uint8_t status)
{
	const struct mn_id id = node_id(h->node);
	const struct lma_revocation v = { .mn_id = &id, .trigger = BRI_OUT_OF_SYNC };

	if (!IN6_ARE_ADDR_EQUAL(from, &h->anchor))
		return;
	if (!status) {
		anchoring_arm(h, &h->refresh, h->lma->conf->serve_lifetime * 1000ULL / 3);
		return;
	}
	anchoring_arm(h, &h->refresh, RETRY_MS);
	if (!loses(h, status))
		return;
	/* a gateway has registered here since that anchor was told */
	if (status != LMA_HACK_UNKNOWN_NODE && h->node->timestamp > h->since) {
		arriving_refresh(h);
		return;
	}
	anchoring_notify(h, "lma-handover-lost", &h->anchor, NULL);
	lma_revoke(h->lma, &v);
}

static void set_flows(struct anchoring *h)
{
	const struct handed_flows *f = h->flows;

	if (!f)
		return;
	for (unsigned int i = 0; i < f->n; i++)
		if (flows_put(h->lma, h->node, &f->spec[i], f->lifetime[i], LMA_FLOW_OPERATOR))
			anchoring_notify(h, "lma-handover-flow-lost", &h->before, NULL);
	if (h->node->flows)
		flows_settle(h->node->flows);
	free(h->flows);
	h->flows = NULL;
}

/* Where it was until now nobody need send anything. */
static void end_onward(struct anchoring *h)
{
	struct peer *onward = h->onward;

	if (!onward)
		return;
	h->onward = NULL;
	forward_onward(h->lma, h->node);
	peer_tunnel_put(onward);
}

/* It is back where its prefixes are: nothing tells it from a node that was never away. */
static void settle_home(struct anchoring *h)
{
	end_onward(h);
	tell(h, &h->before, lifetime_of(h->lma));
	anchoring_end(h);
}

static void settle_guest(struct anchoring *h)
{
	struct lma *l = h->lma;

	end_onward(h);
	/* what anybody has said of an earlier stay there does not count */
	h->to = in6addr_any;
	if (h->from[1]) {
		tell(h, &h->before, lifetime_of(l));
		anchoring_arm(h, &h->late, l->conf->min_delay_before_bce_delete_ms + LATE_MS);
	}
	arriving_return(h);
	arriving_refresh(h);
}

/**
 * arriving_settle() - a node is here: all its gateways have registered, or will not
 * @h: the node
 *
 * Draft: LMA handover §4.2 (j), (k).
 */
void arriving_settle(struct anchoring *h)
{
	struct node *n = h->node;
	struct lma *l = h->lma;

	timerq_cancel(l->env->timers, &h->timer);
	if (h->state == HO_HANDED)
		arriving_claim(h);
	h->state = HO_HERE;
	anchoring_unhold(h);
	n->holds++;
	end_handed(n);
	h = n->anchoring;
	if (h) {
		h->since = anchoring_clock(h);
		l->counters.handover.came++;
		anchoring_notify(h, "lma-handover-came", &h->before, NULL);
		set_flows(h);
		if (anchoring_is_guest(h))
			settle_guest(h);
		else
			settle_home(h);
	}
	n->holds--;
	node_put(l, n);
}
