// SPDX-License-Identifier: GPL-2.0
/*
 * A node goes to another anchor (draft: LMA handover §4.2, the PLMA's part): from a
 * gateway's request to the last packet that still came the old way.  Until the new anchor
 * says that it serves the node all goes on as before, so that whatever fails costs nothing.
 */
#include "lma/anchoring.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <utlist.h>

#define TELL_TIMES	3	/* to gateways that have not asked, at 0, 1 and 3 s */
#define TELL_MS		1000

static void add_prefixes(const struct bce *b, struct mh_opts *o)
{
	struct prefix p[HNP_MAX];
	unsigned int i, n = bce_prefixes(b, p);

	for (i = 0; i < n; i++)
		mh_add_hnp(o, &p[i]);
}

/* What a gateway is told: of a node, and of the prefixes that it has there */
static void respond(struct lma *l, const struct in6_addr *mag, const struct mn_id *id,
		    const struct anchoring *h, struct mh_msg *m)
{
	const struct node *n = lma_node_find(l, id);
	const struct bce *b;

	m->kind = MH_LMA_HO_RESP;
	m->opts.present = MH_HAS_MN_ID;
	m->opts.mn_id = *id;
	DL_FOREACH(n ? n->bces : NULL, b)
		if (IN6_ARE_ADDR_EQUAL(&b->proxy_coa, mag))
			add_prefixes(b, &m->opts);
	if (m->opts.n_hnp)
		m->opts.present |= MH_HAS_HNP;
	if (h && m->status < LMA_HO_UNSPECIFIED) {
		m->opts.present |= MH_HAS_LMA;
		m->opts.n_lma = 1;
		m->opts.lma[0] = h->to;
	}
	l->counters.handover.resp_tx++;
	l->env->ops->send_mh(l->env->ctx, &l->conf->address, mag, m);
}

static void answer(struct lma *l, const struct in6_addr *mag, const struct mn_id *id,
		   const struct anchoring *h, uint16_t seq, uint8_t status)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.seq = seq;
	m.status = status;
	if (status)
		l->counters.handover.refused++;
	respond(l, mag, id, h, &m);
}

/* Of those by which a gateway serves a node the first */
static bool told_before(const struct bce *b)
{
	const struct bce *o;

	for (o = b->node->bces; o != b; o = o->next)
		if (o->gw == b->gw)
			return true;
	return false;
}

/**
 * leaving_tell() - tell the node's gateways that have not asked where it goes
 * @h: the node
 *
 * Nobody answers that: it is said some times, also to those that have come since.
 */
void leaving_tell(struct anchoring *h)
{
	const struct mn_id id = node_id(h->node);
	struct lma *l = h->lma;
	struct bce *b;

	if ((h->state != HO_ANSWERED && h->state != HO_LEFT) || h->told == TELL_TIMES)
		return;
	DL_FOREACH(h->node->bces, b) {
		struct mh_msg m;

		if (!b->gw || told_before(b) || IN6_ARE_ADDR_EQUAL(&b->proxy_coa, &h->mag))
			continue;
		memset(&m, 0, sizeof(m));
		m.seq = h->tell_seq;
		m.flags = LMA_HO_RESP_F_U;
		respond(l, &b->proxy_coa, &id, h, &m);
	}
	anchoring_arm(h, &h->tell, TELL_MS << h->told++);
}

/* Back to what it was, and to nothing if that was nothing */
static void stay(struct anchoring *h)
{
	h->state = HO_HERE;
	timerq_cancel(h->lma->env->timers, &h->tell);
	anchoring_no_onward(h);
}

static void fail(struct anchoring *h, uint8_t status)
{
	const struct mn_id id = node_id(h->node);
	char detail[64];

	h->lma->counters.handover.failed++;
	snprintf(detail, sizeof(detail), "status=%u", status);
	anchoring_notify(h, "lma-handover-failed", &h->to, detail);
	answer(h->lma, &h->mag, &id, h, h->req_seq, status);
	stay(h);
	if (!anchoring_is_guest(h))
		anchoring_end(h);
}

/**
 * leaving_result() - the new anchor has answered, or has not
 * @h: the node, whose context it was sent
 * @status: enum lma_hack_status; 255: silence
 *
 * Draft: LMA handover §4.2 (e): "The PLMA notifies bMAG of the completion of the context
 * transfer".
 */
void leaving_result(struct anchoring *h, uint8_t status)
{
	const struct mn_id id = node_id(h->node);

	if (status) {
		fail(h, LMA_HO_REFUSED);
		return;
	}
	if (anchoring_onward(h, &h->to)) {
		fail(h, LMA_HO_NO_RESOURCES);
		return;
	}
	h->state = HO_ANSWERED;
	anchoring_arm(h, &h->timer, h->lma->conf->handover_ms);
	anchoring_notify(h, "lma-handover-prepared", &h->to, NULL);
	answer(h->lma, &h->mag, &id, h, h->req_seq, LMA_HO_OK);
	h->told = 0;
	h->tell_seq++;
	leaving_tell(h);
}

/**
 * leaving_void() - no gateway has registered at the new anchor in time
 * @h: the node, which stays
 *
 * Should that anchor say yet that it serves the node, it does; whose the prefixes are may have
 * heard that, and we not.
 */
void leaving_void(struct anchoring *h)
{
	h->lma->counters.handover.voided++;
	anchoring_notify(h, "lma-handover-void", &h->to, NULL);
	stay(h);
	arriving_refresh(h);
}

/**
 * leaving_left() - the new anchor serves a node
 * @h: the node
 * @serve: what that has said
 *
 * Draft: LMA handover §4.2 (j): "the PLMA forwards the downloaded data to the NLMA through
 * the tunnel between them".  Gateways may send by the old way for
 * MinDelayBeforeBCEDelete yet.
 */
void leaving_left(struct anchoring *h, const struct mh_msg *serve)
{
	struct lma *l = h->lma;
	struct node *n = h->node;
	const struct mn_id id = node_id(n);

	/* nobody is to get it from us any more, or to hear that it is here */
	for (unsigned int i = 0; i < l->conf->n_neighbours; i++) {
		init_cancel(l, &l->conf->neighbour[i], &id, LMA_INIT_CONTEXT);
		init_cancel(l, &l->conf->neighbour[i], &id, LMA_INIT_SERVE);
	}
	timerq_cancel(l->env->timers, &h->refresh);
	h->heard = l->env->ops->now(l->env->ctx);
	h->until = h->heard + (uint64_t)serve->lifetime * MH_LIFETIME_UNIT * NSEC_PER_SEC;
	h->since = serve->opts.timestamp;
	pending_drop(l, n);
	flows_free(n);
	n->claimed = false;
	anchoring_hold(h);
	h->state = HO_LEFT;
	forward_onward(l, n);
	l->counters.handover.left++;
	anchoring_arm(h, &h->timer, l->conf->min_delay_before_bce_delete_ms);
	anchoring_notify(h, "lma-handover-left", &h->to, NULL);
}

static uint64_t left_ms(const struct anchoring *h)
{
	const uint64_t now = h->lma->env->ops->now(h->lma->env->ctx);

	return h->until > now ? (h->until - now) / NSEC_PER_MSEC : 0;
}

/**
 * leaving_empty() - of a node here nothing is left but its prefixes, whose packets go on
 * @h: the node, served by another anchor
 */
void leaving_empty(struct anchoring *h)
{
	struct node *n = h->node;
	struct lma *l = h->lma;

	n->holds++;
	while (n->bces)
		bce_happen(l, NULL, n->bces, EV_MOVED);
	n->holds--;
	timerq_cancel(l->env->timers, &h->tell);
	h->state = HO_AWAY;
	forward_onward(l, n);
}

/**
 * leaving_over() - what was left of a node here goes
 * @h: the node, served by another anchor; if it was a guest all goes
 */
void leaving_over(struct anchoring *h)
{
	leaving_empty(h);
	if (anchoring_is_guest(h))
		anchoring_end(h);
	else
		anchoring_arm(h, &h->timer, left_ms(h));
}

/* Draft: LMA handover §4.2 (c): how the PLMA knows others "is out of the scope" */
static bool choose(const struct lma *l, const struct mh_opts *o, struct in6_addr *to)
{
	unsigned int i;

	if (o->present & MH_HAS_LMA) {
		*to = o->lma[0];
		return o->n_lma == 1 && neighbour_has(l, to) && neighbour_alive(l, to);
	}
	for (i = 0; i < l->conf->n_neighbours; i++) {
		*to = l->conf->neighbour[i];
		if (neighbour_alive(l, to))
			return true;
	}
	return false;
}

/* Asks the new anchor; enum lma_ho_status */
static uint8_t begin(struct anchoring *h, const struct in6_addr *mag, const struct mh_msg *req)
{
	struct lma *l = h->lma;
	struct mh_msg m;

	if (!choose(l, &req->opts, &h->to))
		return LMA_HO_NO_ANCHOR;
	if (!h->since)
		h->since = anchoring_clock(h);
	memset(&m, 0, sizeof(m));
	m.kind = MH_LMA_HO_INIT;
	m.code = LMA_INIT_CONTEXT;
	if (transfer_write(l, h->node, &m.opts) || init_send(l, &h->to, &m))
		return LMA_HO_NO_RESOURCES;
	h->state = HO_ASKED;
	h->mag = *mag;
	h->req_seq = req->seq;
	anchoring_notify(h, "lma-handover-begun", &h->to, lma_ho_reason_str((uint8_t)req->reason));
	return LMA_HO_OK;
}

static bool serves(const struct node *n, const struct in6_addr *mag)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->gw && IN6_ARE_ADDR_EQUAL(&b->proxy_coa, mag))
			return true;
	return false;
}

static bool repeated(const struct anchoring *h, const struct in6_addr *mag, uint16_t seq)
{
	return h && h->state != HO_HERE && h->req_seq == seq &&
	       IN6_ARE_ADDR_EQUAL(&h->mag, mag);
}

static void take(struct lma *l, const struct in6_addr *mag, struct node *n,
		 const struct mh_msg *req)
{
	struct anchoring *h = n->anchoring;
	uint8_t status;

	if (h && h->state != HO_HERE) {
		answer(l, mag, &req->opts.mn_id, NULL, req->seq, LMA_HO_UNDER_WAY);
		return;
	}
	h = anchoring_get(l, n);
	status = h ? begin(h, mag, req) : LMA_HO_NO_RESOURCES;
	if (!status)
		return;
	answer(l, mag, &req->opts.mn_id, NULL, req->seq, status);
	if (h && !anchoring_is_guest(h))
		anchoring_end(h);
}

/**
 * lma_on_lma_ho_req() - a gateway wants another anchor to serve a node
 * @l: this anchor
 * @src: its source
 * @dst: its destination
 * @req: the message (draft: LMA handover §4.2 (b))
 *
 * Only a gateway that serves the node may.  A repeated one gets the answer again, if there
 * is one yet.
 */
void lma_on_lma_ho_req(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		       const struct mh_msg *req)
{
	struct peer *p = peer_find(l->peers, dst, src);
	struct node *n;

	if (!(req->opts.present & MH_HAS_MN_ID)) {
		l->counters.handover.stray++;
		return;
	}
	l->counters.handover.req_rx++;
	n = lma_node_find(l, &req->opts.mn_id);
	if (n && repeated(n->anchoring, src, req->seq)) {
		if (n->anchoring->state != HO_ASKED)
			answer(l, src, &req->opts.mn_id, n->anchoring, req->seq, LMA_HO_OK);
		return;
	}
	if (!n || !serves(n, src)) {
		answer(l, src, &req->opts.mn_id, NULL, req->seq, LMA_HO_NOT_ATTACHED);
		return;
	}
	if (p)
		peer_heard(p);
	take(l, src, n, req);
}
