// SPDX-License-Identifier: GPL-2.0
/* PBUs and PBAs (RFC 5213 §6.9.1). */
#include "mag/session.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* TimestampValidityWindow, RFC 5213 §9.1, of anchors that say nothing else */
#define CLOCKS_AGREE_MS		300

/* RFC 5213 §6.9.4: retransmissions carry the latest timestamp; two of one
 * node never carry the same.
 */
static uint64_t next_timestamp(struct node *n)
{
	struct env *env = n->mag->env;
	uint64_t ts = mh_timestamp(env->ops->wall(env->ctx));

	if (ts <= n->timestamp)
		ts = n->timestamp + 1;
	n->timestamp = ts;
	return ts;
}

static bool lladdr_known(const struct llid *l)
{
	unsigned int i;

	for (i = 0; i < l->len; i++)
		if (l->id[i])
			return true;
	return false;
}

static void put_prefixes(const struct session *s, struct mh_opts *o)
{
	unsigned int i;

	if (s->ask_any || !s->n_hnp) {
		o->n_hnp = 1;	/* §6.9.1.1-3: one, ALL_ZERO */
		return;
	}
	o->n_hnp = s->n_hnp;
	for (i = 0; i < s->n_hnp; i++)
		o->hnp[i].prefix = s->hnp[i];
}

static bool deregisters(const struct session *s)
{
	return s->state == SESSION_DEREGISTERING || s->state == SESSION_BLOCKED;
}

static uint16_t request_lifetime(const struct session *s)
{
	const struct profile *pr;
	uint32_t units;

	if (deregisters(s))
		return 0;
	pr = policy_by_mn_id(s->mag->policy, &s->node->id);
	units = pr && pr->lifetime ? pr->lifetime : s->mag->conf->lifetime;
	units /= MH_LIFETIME_UNIT;
	if (!units)
		return 1;
	return units < MH_LIFETIME_MAX ? units : MH_LIFETIME_MAX;
}

/* The answer is awaited no longer than the binding that it is about lasts. */
static void await(struct session *s)
{
	struct env *env = s->mag->env;

	mag_timer(s->mag, &s->timer, s->backoff_ms);
	if (!deregisters(s) && s->expires && s->timer.deadline > s->expires)
		timerq_set(env->timers, &s->timer, s->expires);
}

/* §6.9.1.5 */
static void send_pbu(struct session *s)
{
	const struct in6_addr *lma = &anchor_asked(s)->remote;
	struct mag *m = s->mag;
	struct mh_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.kind = MH_PBU;
	msg.flags = PBU_F_A | PBU_F_P;
	msg.lifetime = request_lifetime(s);
	s->seq = m->conf->timestamps ? ++m->seq : s->seq + 1;
	msg.seq = s->seq;
	msg.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT;
	msg.opts.mn_id = s->node->id;
	put_prefixes(s, &msg.opts);
	msg.opts.hi = s->hi;
	takeover_technology(s);
	msg.opts.att = s->att;
	if (lladdr_known(&s->key.lladdr)) {
		msg.opts.present |= MH_HAS_LLID;
		msg.opts.llid = s->key.lladdr;
	}
	if (m->conf->timestamps) {
		msg.opts.present |= MH_HAS_TIMESTAMP;
		msg.opts.timestamp = next_timestamp(s->node);
	}
	redirect_offer(m, &msg.opts);
	if (!deregisters(s))
		wishes_put(s, &msg.opts);
	/* RFC 7161 §4.2.1: S says that the gateway speaks of multicast at all */
	s->tells = !deregisters(s) && subscription_request(s, &msg.opts);
	if (s->tells || inquiry_flag(s, &msg.opts))
		msg.flags |= PBU_F_S;
	m->counters.pbu_tx++;
	if (s->tries++)
		m->counters.pbu_retransmitted++;
	await(s);
	record_session(s);
	m->env->ops->send_mh(m->env->ctx, &m->conf->address, lma, &msg);
	mag_notify(m, msg.lifetime ? "pbu-sent" : "pbu-dereg-sent",
		   &s->node->id, lma, NULL);
}

/* §6.9.1.1-4,5 and RFC 7864 §7; see Documentation/mag.rst. */
static uint8_t first_indicator(const struct session *s)
{
	const struct profile *pr;
	const struct session *other;

	pr = policy_by_mn_id(s->mag->policy, &s->node->id);
	if (pr && pr->multihoming == MULTIHOMING_SHARED &&
	    (s->mag->conf->seamless || s->mag->conf->hold))
		return HI_SHARED_PREFIXES;
	if (s->node->arriving)
		return HI_BETWEEN_MAGS;
	DL_FOREACH(s->node->sessions, other)
		if (other != s && session_attached(other))
			return HI_NEW_INTERFACE;
	return HI_UNKNOWN;
}

/* What the profile names is the other interface's, and by §5.4.1.1 rule 5 the
 * anchor would take the new one for that.
 */
static void choose_indicator(struct session *s)
{
	s->hi = first_indicator(s);
	if (s->hi == HI_NEW_INTERFACE)
		s->ask_any = true;
}

/**
 * registration_start() - begin an exchange with the anchor
 * @s: the session, in the state that says which exchange
 * @hi: Handoff Indicator; HI_UNKNOWN in state registering: to be found out
 */
void registration_start(struct session *s, uint8_t hi)
{
	s->hi = hi;
	if (s->state != SESSION_REFRESHING)
		anchor_left(s);
	if (s->state == SESSION_REGISTERING && hi == HI_UNKNOWN)
		choose_indicator(s);
	s->halted = false;
	s->tries = 0;
	/* not the first that the node sends, and the anchor before forwards for a while only */
	s->backoff_ms = s->change && s->state == SESSION_REFRESHING ?
			s->mag->conf->anchors.request_ms : s->mag->conf->bindack_ms;
	if (s->state != SESSION_REGISTERING || !handover_asks(s->node)) {
		send_pbu(s);
		return;
	}
	/* whoever is asked is not waited for longer than until it is asked again */
	s->backoff_ms /= 2;
	mag_timer(s->mag, &s->timer, s->mag->conf->handover.hi_ms);
}

/**
 * registration_again() - retransmit with a doubled time-out
 * @s: the session
 *
 * RFC 6275 §11.8: up to MAX_BINDACK_TIMEOUT, then at that rate.  A binding
 * that has run out meanwhile is registered anew.  An anchor that a session is to go to, or has
 * gone to, is not asked for ever: the previous one has its prefixes.
 */
void registration_again(struct session *s)
{
	struct env *env = s->mag->env;

	if (s->state == SESSION_REFRESHING && anchor_tried(s)) {
		if (s->tries >= CHANGE_TRIES) {
			anchor_silent(s);
			return;
		}
	} else if (s->state == SESSION_REFRESHING && s->tries >= HOME_TRIES && home_ask(s)) {
		return;
	}
	if (!deregisters(s) && s->expires &&
	    env->ops->now(env->ctx) >= s->expires) {
		if (s->halted) {
			session_event(s, EVENT_DENIED);
			return;
		}
		registration_drop(s);
		s->state = SESSION_REGISTERING;
		choose_indicator(s);
	}
	if (s->halted)
		return;
	s->backoff_ms *= 2;
	if (s->backoff_ms > BINDACK_MAX_MS)
		s->backoff_ms = BINDACK_MAX_MS;
	send_pbu(s);
}

static void let_go(struct session *s)
{
	timerq_cancel(s->mag->env->timers, &s->timer);
	anchor_left(s);
	s->expires = 0;
	if (!s->tunnel)
		return;
	s->tunnel = 0;
	node_flows_doubt(s);
	forward_let_go(s->node, s->peer);
}

/**
 * registration_drop() - service to a node ends (§6.9.1.2-11)
 * @s: the session: its prefixes are neither advertised nor forwarded
 */
void registration_drop(struct session *s)
{
	advert_withdraw(s);
	let_go(s);
}

/**
 * registration_block() - the anchor has accepted what cannot be forwarded
 * @s: the session, in state blocked
 *
 * RFC 5213 §6.9.1.2-12 wants tunnel and route for what it has the gateway
 * advertise: without them the prefix is not advertised, and the anchor hears
 * that it must not send packets here.  The next try is RFC 6275 §11.8's way:
 * with a time-out that doubles up to MAX_BINDACK_TIMEOUT.
 */
void registration_block(struct session *s)
{
	uint32_t first = s->mag->conf->bindack_ms;

	s->blocked_ms = s->blocked_ms ? s->blocked_ms * 2 : first;
	if (s->blocked_ms > BINDACK_MAX_MS)
		s->blocked_ms = BINDACK_MAX_MS;
	/* what was advertised before has been withdrawn by now */
	advert_stop(s);
	let_go(s);
	registration_start(s, HI_UNKNOWN);
}

/* Three quarters of the lifetime, less up to a tenth of it */
static void plan_refresh(struct session *s)
{
	struct mag *m = s->mag;
	uint64_t ms = s->lifetime * 1000ULL;
	uint64_t jitter = m->env->ops->random(m->env->ctx) % (ms / 10);

	s->expires = m->env->ops->now(m->env->ctx) + ms * NSEC_PER_MSEC;
	mag_timer(m, &s->timer, ms * 3 / 4 - jitter);
}

/* One to advertise at least, and none that says nothing */
static bool has_prefixes(const struct mh_opts *o)
{
	unsigned int i, own = 0;

	for (i = 0; i < o->n_hnp && i < HNP_MAX; i++) {
		if (!o->hnp[i].prefix.len ||
		    IN6_IS_ADDR_UNSPECIFIED(&o->hnp[i].prefix.addr))
			return false;
		own += !o->hnp[i].off_link;
	}
	return (o->present & MH_HAS_HNP) && own;
}

/*
 * Tell the kernel; where it has been told before it is told again.  What a
 * refresh brings no change to goes on if that is refused: the request counts
 * as not answered, and is repeated until the kernel takes it or the lifetime
 * is over.
 */
static int forward(struct session *s, bool first, bool changed)
{
	bool refresh = s->state == SESSION_REFRESHING && !changed;
	int err;

	prefix_claim(s);
	if (first)
		forward_update(s->node);
	else
		forward_renew(s->node);
	err = forward_confirm(s->node);
	if (err && !refresh)
		session_event(s, EVENT_BLOCKED);
	return err;
}

/**
 * registration_accept() - the anchor has accepted (§6.9.1.2-12 to -14)
 * @s: a session that registers or refreshes
 * @pba: what the anchor said
 *
 * The tunnel and the binding are asked for before the advertisement leaves.
 */
void registration_accept(struct session *s, const struct mh_msg *pba)
{
	struct mag *m = s->mag;
	bool first = !s->tunnel, anew = s->state == SESSION_REGISTERING, changed, turned;
	int err;

	if (!pba->lifetime || !has_prefixes(&pba->opts)) {
		log_ratelimited(LOG_WARNING, "accepted, but without %s",
				pba->lifetime ? "a prefix" : "a lifetime");
		return;
	}
	changed = prefix_take(s, &pba->opts);
	if (first)
		s->tunnel = peer_tunnel_get(s->peer, PMIP_TUNNEL_MAG_TO_LMA);
	if (!s->tunnel) {
		log_ratelimited(LOG_ERR, "no memory for a tunnel");
		return;
	}
	turned = anchor_turn(s);
	err = forward(s, first, changed);
	if (turned)
		anchor_turned(s, err);
	if (err)
		return;
	anchor_stayed(s);
	s->ask_any = false;
	s->blocked_ms = 0;
	s->lifetime = pba->lifetime * MH_LIFETIME_UNIT;
	session_event(s, EVENT_ACCEPTED);
	plan_refresh(s);
	advert_start(s);
	handover_registered(s->node);
	mag_notify(m, first ? "registered" : "refreshed", &s->node->id,
		   &s->lma, NULL);
	wishes_answered(s, &pba->opts);
	node_flows_told(s->node, pba);
	if (anew)
		inquiry_registered(s, pba);
	if (m->conf->seamless)
		assoc_named(s->node, &pba->opts);
	home_settled(s->node);
	anchor_judge(s);
	record_session(s);
}

static bool pending(const struct session *s)
{
	return s->state == SESSION_REGISTERING ||
	       s->state == SESSION_REFRESHING ||
	       s->state == SESSION_DEREGISTERING ||
	       (s->state == SESSION_BLOCKED && s->tries);
}

/* Whether a PBA speaks of this very interface */
static bool same_interface(const struct session *s, const struct mh_opts *o)
{
	if (o->present & MH_HAS_LLID)
		return llid_equal(&o->llid, &s->key.lladdr);
	return !lladdr_known(&s->key.lladdr);
}

static bool behind(const struct session *s, const struct mh_msg *pba)
{
	return pba->status == PBA_SEQ_OUT_OF_WINDOW &&
	       (int16_t)(pba->seq - s->seq) > 0;
}

/* §6.9.1.2-5: by identifier, anchor and sequence number; two interfaces of a
 * node may happen to use the same one.  Only status 135 brings the anchor's
 * number instead of ours (RFC 6275 §9.5.1).
 */
static struct session *match(struct mag *m, const struct in6_addr *src,
			     const struct mh_msg *pba)
{
	struct session *s, *other = NULL;
	struct node *n;
	bool same;

	n = pba->opts.present & MH_HAS_MN_ID ?
		mag_node_find(m, &pba->opts.mn_id) : NULL;
	if (!n)
		return NULL;
	DL_FOREACH(n->sessions, s) {
		if (!pending(s) || !IN6_ARE_ADDR_EQUAL(&anchor_asked(s)->remote, src))
			continue;
		same = same_interface(s, &pba->opts);
		if (same && (s->seq == pba->seq || behind(s, pba)))
			return s;
		if (s->seq == pba->seq)
			other = s;
	}
	return other;
}

/* §6.9.1.2-6 */
static bool echoes(const struct session *s, const struct mh_opts *o)
{
	if ((o->present & MH_HAS_HI) && o->hi != s->hi)
		return false;
	if ((o->present & MH_HAS_ATT) && o->att != s->att)
		return false;
	return !(o->present & MH_HAS_LLID) ||
	       llid_equal(&o->llid, &s->key.lladdr);
}

/* Retry at once, but only once per exchange; then by the back-off. */
static void retry_now(struct session *s)
{
	if (s->tries == 1)
		send_pbu(s);
	session_event(s, EVENT_RETRY);
}

/* §6.9.1.2-9: not before the clocks agree, and not by setting ours to the
 * anchor's.  Where they do agree, the request was too long on its way: ask again
 * with the time that it is now.  Else neither clock's owner is known here: ask
 * again, slowly.  A refused timestamp binds nobody: a clock that is set back is
 * told as it is.
 */
static void on_clock_mismatch(struct session *s, const struct mh_opts *o)
{
	struct env *env = s->mag->env;
	char a[INET6_ADDRSTRLEN], detail[32];
	int64_t ms;

	if (o->present & MH_HAS_TIMESTAMP) {
		ms = (int64_t)(mh_timestamp_ns(o->timestamp) - env->ops->wall(env->ctx)) /
		     (int64_t)NSEC_PER_MSEC;
		if (llabs(ms) <= CLOCKS_AGREE_MS) {
			retry_now(s);
			return;
		}
		log_ratelimited(LOG_WARNING, "clock of %s: %+lld ms from ours: no common source",
				inet_ntop(AF_INET6, &s->lma, a, sizeof(a)), (long long)ms);
		snprintf(detail, sizeof(detail), "ms=%+lld", (long long)ms);
		mag_notify(s->mag, "clock-mismatch", &s->node->id, &s->lma, detail);
	}
	s->node->timestamp = 0;
	s->backoff_ms = BINDACK_MAX_MS;
	mag_timer(s->mag, &s->timer, s->backoff_ms);
	session_event(s, EVENT_RETRY);
}

static void on_refusal(struct session *s, const struct mh_msg *pba)
{
	char id[MN_ID_STRLEN];

	if (s->halted)
		return;
	log_ratelimited(LOG_WARNING, "%s: registration refused: %s",
			mn_id_str(&s->node->id, id, sizeof(id)),
			pba_status_str(pba->status));
	switch (pba->status) {
	case PBA_SEQ_OUT_OF_WINDOW:
		s->seq = pba->seq;
		/* an anchor that does not go by our timestamps */
		if ((int16_t)(pba->seq - s->mag->seq) > 0)
			s->mag->seq = pba->seq;
		retry_now(s);
		break;
	case PBA_TIMESTAMP_LOWER_THAN_PREV:	/* -8: reassert */
		retry_now(s);
		break;
	case PBA_TIMESTAMP_MISMATCH:
		on_clock_mismatch(s, &pba->opts);
		break;
	case PBA_UNSPECIFIED:
	case PBA_NO_RESOURCES:
		session_event(s, EVENT_RETRY);
		break;
	case PBA_NOT_AUTHORIZED_FOR_HNP:	/* -10 */
	case PBA_PREFIX_SET_MISMATCH:
		session_event(s, EVENT_ANEW);
		break;
	default:
		session_event(s, EVENT_DENIED);
	}
}

/*
 * Whom another anchor refuses stays with the one that it has; one that has been handed over
 * and is forgotten there goes back.  Not for the sake of a request that came late.
 */
static bool refused_elsewhere(struct session *s, const struct mh_msg *pba)
{
	if (s->state != SESSION_REFRESHING || s->halted ||
	    pba->status == PBA_SEQ_OUT_OF_WINDOW ||
	    pba->status == PBA_TIMESTAMP_LOWER_THAN_PREV || pba->status == PBA_TIMESTAMP_MISMATCH)
		return false;
	if (anchor_tried(s)) {
		anchor_refused(s);
		return true;
	}
	return pba->status != PBA_UNSPECIFIED && pba->status != PBA_NO_RESOURCES &&
	       home_ask(s);
}

/* RFC 6463 §4.3: the larger share counts, of sessions or of capacity */
static void note_load(struct peer *p, const struct mh_opts *o)
{
	uint64_t sessions, used;

	if (!(o->present & MH_HAS_LOAD))
		return;
	sessions = o->load.max_sessions ?
		   o->load.sessions * 100ULL / o->load.max_sessions : 0;
	used = o->load.max ? o->load.used * 100ULL / o->load.max : 0;
	if (used > sessions)
		sessions = used;
	p->says_load = true;
	p->load = (uint8_t)(sessions < 100 ? sessions : 100);
}

/**
 * mag_on_pba() - a PBA (RFC 5213 §6.9.1.2)
 * @m: the gateway
 * @src: the anchor
 * @dst: our address
 * @pba: the message
 *
 * What matches no request in flight is counted and otherwise ignored.
 */
void mag_on_pba(struct mag *m, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_msg *pba)
{
	char a[INET6_ADDRSTRLEN];
	struct session *s = NULL;

	m->counters.pba_rx++;
	if (IN6_ARE_ADDR_EQUAL(dst, &m->conf->address) && (pba->flags & PBA_F_P))
		s = match(m, src, pba);
	if (!s) {
		m->counters.stray++;
		log_ratelimited(LOG_WARNING, "PBA of %s answers no request",
				inet_ntop(AF_INET6, src, a, sizeof(a)));
		return;
	}
	peer_heard(anchor_asked(s));
	note_load(anchor_asked(s), &pba->opts);
	/* of an earlier request: the number in it is the anchor's, not that of ours */
	if (pba->status == PBA_SEQ_OUT_OF_WINDOW && !echoes(s, &pba->opts))
		return;
	if (!echoes(s, &pba->opts)) {
		log_ratelimited(LOG_WARNING, "PBA of %s does not echo the request",
				inet_ntop(AF_INET6, src, a, sizeof(a)));
		if (anchor_tried(s))
			anchor_refused(s);
		else
			session_event(s, EVENT_MISMATCH);
		return;
	}
	if (redirect_follow(s, pba))
		return;
	if (pba->status < 128)
		s->redirected = 0;
	if (pba->status >= 128 && refused_elsewhere(s, pba))
		return;
	if (pba->status >= 128)
		on_refusal(s, pba);
	else if (deregisters(s))
		session_event(s, EVENT_ACCEPTED);
	else
		registration_accept(s, pba);
}
