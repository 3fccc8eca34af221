// SPDX-License-Identifier: GPL-2.0
/*
 * The boundary gateway of the LMA handover draft: "The bMAG decides when it triggers the LMA
 * handover and requests a previous LMA to initiate the LMA handover" (§3).  One exchange per
 * node, for all of its sessions here; what comes of it is each session's (anchor.c).
 */
#include "mag/session.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum boundary_event {
	EVENT_ASK,
	EVENT_AGREED,		/* an LMA_HO_Resp of status 0, asked for or not */
	EVENT_REFUSED,
	EVENT_SILENT,
	EVENT_SETTLED,		/* no session of it is on its way any more */
	EVENT_GONE,		/* the node is at that anchor no more, or not here */
	BOUNDARY_EVENTS,
};

static struct mag_anchor_counters *counters(const struct node *n)
{
	return &n->mag->counters.lma_handover;
}

static uint64_t now(const struct mag *m)
{
	return m->env->ops->now(m->env->ctx);
}

/**
 * boundary_may() - whether nodes may be at an anchor
 * @m: the gateway
 * @anchor: its address
 *
 * Return: true for the gateway's own, and for those that the configuration lists; false for
 * all where LMA handovers are not configured.
 */
bool boundary_may(const struct mag *m, const struct in6_addr *anchor)
{
	const struct mag_anchor_conf *c = &m->conf->anchors;

	if (!c->enabled || IN6_ARE_ADDR_EQUAL(anchor, &m->conf->address))
		return false;
	return IN6_ARE_ADDR_EQUAL(anchor, &m->conf->lma) ||
	       prefix_any_has(c->anchor, c->n_anchors, anchor);
}

/**
 * boundary_anchor() - where an interface that comes is to be registered
 * @m: the gateway
 * @n: the node, may be NULL
 * @pr: its profile
 *
 * RFC 6463 §6: "Once the MN has established one mobility session with one LMA, the subsequent
 * mobility sessions of the same MN would be anchored to the LMA that was initially assigned."
 *
 * Return: the anchor of the node's other interfaces here, or the one that the gateway has
 * named where the node was, or else the profile's; unspecified: there is none.
 */
const struct in6_addr *boundary_anchor(struct mag *m, const struct node *n,
				       const struct profile *pr)
{
	const struct session *s;

	if (n && n->arriving && !IN6_IS_ADDR_UNSPECIFIED(&n->arriving->told_lma))
		return &n->arriving->told_lma;
	if (n)
		DL_FOREACH(n->sessions, s)
			if (s->tunnel && session_attached(s))
				return &s->lma;
	return mag_anchor(m, pr);
}

/* ---- the exchange ---- */

/* The oldest session that the asked anchor serves: it says by which link the node is here */
static const struct session *served(const struct node *n, const struct peer *anchor)
{
	const struct session *s;

	DL_FOREACH(n->sessions, s)
		if (s->tunnel && session_attached(s) && s->peer == anchor)
			return s;
	return NULL;
}

static void put_prefixes(const struct node *n, const struct peer *anchor, struct mh_opts *o)
{
	const struct session *s;

	DL_FOREACH(n->sessions, s)
		for (unsigned int i = 0; s->peer == anchor && s->tunnel && i < s->n_hnp; i++)
			mh_add_hnp(o, &s->hnp[i]);
	if (o->n_hnp)
		o->present |= MH_HAS_HNP;
}

static void send_request(struct boundary *b)
{
	struct node *n = b->node;
	struct mag *m = n->mag;
	const struct session *s = served(n, b->anchor);
	struct mh_msg msg;
	char detail[32];

	memset(&msg, 0, sizeof(msg));
	msg.kind = MH_LMA_HO_REQ;
	msg.seq = b->seq;
	msg.reason = b->reason;
	context_name(s, &msg.opts);
	msg.opts.present |= MH_HAS_ATT;
	msg.opts.att = s->att;
	put_prefixes(n, b->anchor, &msg.opts);
	if (!IN6_IS_ADDR_UNSPECIFIED(&b->wish)) {
		msg.opts.present |= MH_HAS_LMA;
		msg.opts.n_lma = 1;
		msg.opts.lma[0] = b->wish;
	}
	counters(n)->req_tx++;
	if (b->tries++)
		counters(n)->req_retransmitted++;
	mag_timer(m, &b->timer, b->backoff_ms);
	b->backoff_ms *= 2;
	m->env->ops->send_mh(m->env->ctx, &m->conf->address, &b->anchor->remote, &msg);
	snprintf(detail, sizeof(detail), "reason=%s", lma_ho_reason_str(b->reason));
	mag_notify(m, "lma-handover-asked", &n->id, &b->anchor->remote, detail);
}

/* Actions of the table below; the next state is in force when they run. */

static void act_ask(struct boundary *b)
{
	b->seq = ++b->node->mag->lma_ho_seq;
	b->tries = 0;
	b->backoff_ms = b->node->mag->conf->anchors.request_ms;
	b->again = now(b->node->mag) +
		   b->node->mag->conf->anchors.interval_ms * NSEC_PER_MSEC;
}

/* What the sessions do is told by the caller, who has the answer. */
static void act_move(struct boundary *b)
{
	timerq_cancel(b->node->mag->env->timers, &b->timer);
}

/* What a rule wants is wanted later as well. */
static void rest(struct boundary *b)
{
	timerq_cancel(b->node->mag->env->timers, &b->timer);
	if (b->reason != LMA_HO_OPERATOR)
		mag_timer(b->node->mag, &b->timer, b->node->mag->conf->anchors.interval_ms);
}

static void act_refused(struct boundary *b)
{
	counters(b->node)->refused++;
	rest(b);
}

static void act_silent(struct boundary *b)
{
	counters(b->node)->silence++;
	mag_notify(b->node->mag, "lma-handover-silent", &b->node->id, &b->anchor->remote, NULL);
	rest(b);
}

static void act_settle(struct boundary *b)
{
	rest(b);
}

static void act_forget(struct boundary *b)
{
	timerq_cancel(b->node->mag->env->timers, &b->timer);
}

struct step {
	void (*act)(struct boundary *b);
	enum boundary_state next;
};

#define DO(a, x)	{ act_##a, BOUNDARY_##x }

/* An empty place: the event means nothing in that state. */
static const struct step table[BOUNDARY_STATES][BOUNDARY_EVENTS] = {
	[BOUNDARY_REST] = {
		[EVENT_ASK]	= DO(ask, ASKED),
		[EVENT_AGREED]	= DO(move, MOVING),
	},
	[BOUNDARY_ASKED] = {
		[EVENT_AGREED]	= DO(move, MOVING),
		[EVENT_REFUSED]	= DO(refused, REST),
		[EVENT_SILENT]	= DO(silent, REST),
		[EVENT_GONE]	= DO(forget, REST),
	},
	[BOUNDARY_MOVING] = {
		[EVENT_AGREED]	= DO(move, MOVING),
		[EVENT_SETTLED]	= DO(settle, REST),
		[EVENT_GONE]	= DO(forget, REST),
	},
};

static void enter(struct boundary *b, enum boundary_state next)
{
	struct mag *m = b->node->mag;

	if (b->state == BOUNDARY_ASKED)
		DL_DELETE(m->asked, b);
	b->state = next;
	if (b->state == BOUNDARY_ASKED)
		DL_APPEND(m->asked, b);
}

static bool event(struct boundary *b, enum boundary_event e)
{
	const struct step *t = b ? &table[b->state][e] : NULL;

	if (!t || !t->act)
		return false;
	enter(b, t->next);
	record_node(b->node);
	t->act(b);
	return true;
}

/* A node's first session that may be handed over */
static struct session *movable(struct node *n)
{
	struct session *s;

	DL_FOREACH(n->sessions, s)
		if (s->tunnel && session_attached(s))
			return s;
	return NULL;
}

/* It may have been its turn only, or the answer is missing. */
static void fire(void *arg)
{
	struct boundary *b = arg;
	struct session *s = movable(b->node);

	if (b->state == BOUNDARY_REST) {
		if (s)
			anchor_judge(s);
		return;
	}
	if (b->state != BOUNDARY_ASKED)
		return;
	if (!served(b->node, b->anchor))
		event(b, EVENT_GONE);
	else if (b->tries < REQUEST_TRIES)
		send_request(b);
	else
		event(b, EVENT_SILENT);
}

/**
 * boundary_get() - what is between a node's anchors
 * @n: the node
 *
 * Return: that, made if there was nothing; NULL: no memory.
 */
struct boundary *boundary_get(struct node *n)
{
	if (n->boundary)
		return n->boundary;
	n->boundary = calloc(1, sizeof(*n->boundary));
	if (!n->boundary)
		return NULL;
	n->boundary->node = n;
	timer_init(&n->boundary->timer, fire, n->boundary);
	return n->boundary;
}

/**
 * boundary_ask() - a node's anchor is asked to hand it over
 * @s: one of its sessions, with a binding
 * @reason: why
 * @to: where to; ::, if the anchor is to choose
 * @wait_ms: not before this
 *
 * Return: 0; -EALREADY if it is on its way; -ENOMEM.
 */
int boundary_ask(struct session *s, enum lma_ho_reason reason, const struct in6_addr *to,
		 uint64_t wait_ms)
{
	struct boundary *b = boundary_get(s->node);

	if (!b)
		return -ENOMEM;
	if (b->state != BOUNDARY_REST)
		return -EALREADY;
	b->anchor = s->peer;
	b->reason = reason;
	b->wish = *to;
	event(b, EVENT_ASK);
	if (wait_ms)
		mag_timer(s->mag, &b->timer, wait_ms);
	else
		send_request(b);
	return 0;
}

static int may(const struct mag *m, const struct in6_addr *to)
{
	if (!m->conf->anchors.enabled)
		return -EOPNOTSUPP;
	return IN6_IS_ADDR_UNSPECIFIED(to) || boundary_may(m, to) ? 0 : -EACCES;
}

/**
 * mag_lma_handover() - the operator has a node go to another anchor
 * @m: the gateway
 * @id: the node
 * @to: that anchor; ::, if the one that the node has is to choose
 *
 * Return: 0 once it has been asked for; -EOPNOTSUPP if LMA handovers are not configured,
 * -EACCES if nodes may not be at @to, -ENOENT if the node is not registered here, -EEXIST if
 * it is there already, -EALREADY if it is on its way, -ENOMEM.
 */
int mag_lma_handover(struct mag *m, const struct mn_id *id, const struct in6_addr *to)
{
	struct node *n = mag_node_find(m, id);
	struct session *s = n ? movable(n) : NULL;
	int err = may(m, to);

	if (err)
		return err;
	if (!s)
		return -ENOENT;
	if (IN6_ARE_ADDR_EQUAL(&s->lma, to))
		return -EEXIST;
	return boundary_ask(s, LMA_HO_OPERATOR, to, 0);
}

/**
 * mag_lma_handover_all() - the operator has all nodes go to another anchor
 * @m: the gateway
 * @to: that anchor; ::, if those that nodes have are to choose
 *
 * PACE_BATCH nodes every PACE_MS; one that is there already, or on its way, is left alone.
 *
 * Return: how many; -EOPNOTSUPP, -EACCES and -ENOMEM as mag_lma_handover().
 */
int mag_lma_handover_all(struct mag *m, const struct in6_addr *to)
{
	int err = may(m, to), count = 0;
	struct node *n, *tmp;

	if (err)
		return err;
	HASH_ITER(hh, m->nodes, n, tmp) {
		struct session *s = movable(n);

		if (!s || IN6_ARE_ADDR_EQUAL(&s->lma, to))
			continue;
		err = boundary_ask(s, LMA_HO_OPERATOR, to,
				   1 + (uint64_t)count / PACE_BATCH * PACE_MS);
		if (err == -ENOMEM)
			return err;
		count += !err;
	}
	return count;
}

/* ---- what the anchor says ---- */

static void discard(struct mag *m, const struct in6_addr *src, const char *why)
{
	char a[INET6_ADDRSTRLEN];

	m->counters.lma_handover.discarded++;
	log_ratelimited(LOG_WARNING, "LMA_HO_Resp of %s: %s",
			inet_ntop(AF_INET6, src, a, sizeof(a)), why);
}

/* All that this anchor serves; whether any */
static bool move_sessions(struct node *n, const struct peer *from, struct peer *to)
{
	struct session *s, *tmp;
	bool any = false;

	DL_FOREACH_SAFE(n->sessions, s, tmp)
		if (s->peer == from && !anchor_change(s, to))
			any = true;
	return any;
}

/* The next anchor, if nodes may be there */
static struct peer *next_of(struct mag *m, const struct mh_opts *o)
{
	if (!(o->present & MH_HAS_LMA) || o->n_lma != 1 || !boundary_may(m, &o->lma[0]))
		return NULL;
	return peer_get(m->peers, &m->conf->address, &o->lma[0]);
}

static void agreed(struct node *n, struct peer *from, const struct mh_msg *resp)
{
	struct peer *next = next_of(n->mag, &resp->opts);
	struct boundary *b = boundary_get(n);

	if (!b || !next || next == from) {
		discard(n->mag, &from->remote, b ? "nodes may not be at the anchor that it names" :
						   "no memory");
		event(b, EVENT_REFUSED);
		return;
	}
	event(b, EVENT_AGREED);
	if (!move_sessions(n, from, next))
		event(b, EVENT_SETTLED);
}

static void turn_down(struct node *n, const struct in6_addr *from, uint8_t status)
{
	char id[MN_ID_STRLEN], detail[64];

	if (!event(n->boundary, EVENT_REFUSED))
		return;
	log_ratelimited(LOG_WARNING, "%s: LMA handover refused: %s",
			mn_id_str(&n->id, id, sizeof(id)), lma_ho_status_str(status));
	snprintf(detail, sizeof(detail), "why=%s", lma_ho_status_str(status));
	mag_notify(n->mag, "lma-handover-refused", &n->id, from, detail);
}

/* One to our request, or one that needs none */
static bool expected(const struct node *n, const struct peer *from, const struct mh_msg *resp)
{
	const struct boundary *b = n->boundary;

	if (resp->flags & LMA_HO_RESP_F_U)
		return resp->status < 128;
	return b && b->state == BOUNDARY_ASKED && b->tries && b->anchor == from &&
	       b->seq == resp->seq;
}

/**
 * mag_on_lma_ho_resp() - an anchor has found another one for a node, or has not
 * @m: the gateway
 * @src: the anchor
 * @dst: our address
 * @resp: LMA_HO_Resp (LMA handover draft §4.2 (e))
 *
 * With flag U nobody has asked here: another of the node's gateways has.  What is not of the
 * anchor that serves the node, or answers no request, is counted and otherwise ignored.
 */
void mag_on_lma_ho_resp(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
			const struct mh_msg *resp)
{
	struct peer *from = peer_find(m->peers, dst, src);
	struct node *n = NULL;

	m->counters.lma_handover.resp_rx++;
	if (resp->flags & LMA_HO_RESP_F_U)
		m->counters.lma_handover.unsolicited++;
	if (resp->opts.present & MH_HAS_MN_ID)
		n = mag_node_find(m, &resp->opts.mn_id);
	if (!n || !from || !served(n, from)) {
		discard(m, src, "the node is not served by it");
		return;
	}
	if (!m->conf->anchors.enabled || !expected(n, from, resp)) {
		discard(m, src, "it answers no request");
		return;
	}
	peer_heard(from);
	if (resp->status < 128)
		agreed(n, from, resp);
	else
		turn_down(n, src, resp->status);
}

/**
 * mag_on_lma_ho_unknown() - Binding Error 2, which may be about LMA_HO_Req
 * @m: the gateway
 * @src: who does not know the message
 * @be: the Binding Error
 */
void mag_on_lma_ho_unknown(struct mag *m, const struct in6_addr *src, const struct mh_msg *be)
{
	struct boundary *b, *tmp;

	if (be->status != BE_UNKNOWN_TYPE)
		return;
	DL_FOREACH_SAFE(m->asked, b, tmp) {
		if (!b->tries || !IN6_ARE_ADDR_EQUAL(&b->anchor->remote, src))
			continue;
		m->counters.lma_handover.unsupported++;
		turn_down(b->node, src, LMA_HO_UNSPECIFIED);
	}
}

/* ---- what becomes of it ---- */

/**
 * boundary_settled() - a session is not on its way to another anchor any more
 * @n: its node
 */
void boundary_settled(struct node *n)
{
	const struct session *s;

	DL_FOREACH(n->sessions, s)
		if (anchor_tried(s))
			return;
	event(n->boundary, EVENT_SETTLED);
}

/**
 * boundary_left() - an interface of a node has left, or its anchor has
 * @n: the node: nobody is asked for it if it was the last
 */
void boundary_left(struct node *n)
{
	struct boundary *b = n->boundary;

	if (b && b->anchor && !served(n, b->anchor))
		event(b, EVENT_GONE);
}

/**
 * boundary_free() - forget what was between a node's anchors
 * @n: the node, which goes
 */
void boundary_free(struct node *n)
{
	if (!n->boundary)
		return;
	timerq_cancel(n->mag->env->timers, &n->boundary->timer);
	enter(n->boundary, BOUNDARY_REST);
	free(n->boundary);
	n->boundary = NULL;
}
