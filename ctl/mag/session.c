// SPDX-License-Identifier: GPL-2.0
/* Sessions, one per interface of a mobile node, and what moves them on. */
#include "mag/session.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

/**
 * mag_node_find() - look a mobile node up
 * @m: the gateway
 * @id: its identifier
 *
 * Return: the node, NULL if it has no session here.
 */
struct node *mag_node_find(struct mag *m, const struct mn_id *id)
{
	const struct mn_id key = mn_id_key(id);
	struct node *n;

	HASH_FIND(hh, m->nodes, &key, sizeof(key), n);
	return n;
}

/**
 * mag_node_get() - a mobile node, known from now on
 * @m: the gateway
 * @id: its identifier
 *
 * Return: the node, which mag_node_put() forgets again; NULL if there is no memory.
 */
struct node *mag_node_get(struct mag *m, const struct mn_id *id)
{
	struct node *n = mag_node_find(m, id);

	if (n)
		return n;
	n = calloc(1, sizeof(*n));
	if (!n)
		return NULL;
	n->mag = m;
	n->number = mn_id_number(id);
	n->id.subtype = id->subtype;
	n->id.len = id->len;
	memcpy(n->id.id, id->id, id->len);
	HASH_ADD(hh, m->nodes, id, sizeof(n->id), n);
	return n;
}

/**
 * mag_node_put() - forget a node that has no session and is not about to come
 * @n: the node, gone afterwards if so
 */
void mag_node_put(struct node *n)
{
	if (n->sessions || n->arriving)
		return;
	/* it goes back to where it was, if anywhere: here is nothing left of it */
	handover_returns(n);
	assoc_end_all(n);
	node_flows_end(n);
	boundary_free(n);
	free(n->vendor);
	HASH_DEL(n->mag->nodes, n);
	free(n->listens);
	free(n);
}

/**
 * session_key() - what a session is found by
 * @ifindex: access link
 * @lladdr: of the mobile node on it
 *
 * Return: the key, for HASH_FIND() and HASH_ADD().
 */
struct session_key session_key(uint32_t ifindex, const struct llid *lladdr)
{
	struct session_key key;

	/* with what is between its members */
	memset(&key, 0, sizeof(key));
	key.ifindex = ifindex;
	key.lladdr.len = lladdr->len <= LLID_MAX ? lladdr->len : LLID_MAX;
	memcpy(key.lladdr.id, lladdr->id, key.lladdr.len);
	return key;
}

/**
 * session_find() - look a session up
 * @m: the gateway
 * @ifindex: access link
 * @lladdr: of the mobile node on it
 *
 * Return: the session, NULL if there is none.
 */
struct session *session_find(struct mag *m, uint32_t ifindex,
			     const struct llid *lladdr)
{
	const struct session_key key = session_key(ifindex, lladdr);
	struct session *s;

	HASH_FIND(hh, m->sessions, &key, sizeof(key), s);
	return s;
}

/*
 * The place of its address in the profile, by which a later daemon knows it again; of
 * others the lowest behind those that none of the node's has.
 */
static uint8_t number_of(const struct node *n, const struct profile *pr,
			 const struct llid *lladdr)
{
	const struct session *s;
	uint32_t used = 0;
	unsigned int i;

	for (i = 0; i < pr->n_lladdrs && i < MAG_BID_INTERFACES; i++)
		if (llid_equal(&pr->lladdr[i], lladdr))
			return (uint8_t)(i + 1);
	DL_FOREACH(n->sessions, s)
		used |= 1U << s->number;
	for (i = pr->n_lladdrs + 1; i <= MAG_BID_INTERFACES; i++)
		if (!(used & 1U << i))
			return (uint8_t)i;
	return 0;
}

static void fire(void *arg)
{
	session_event(arg, EVENT_TIMER);
}

/**
 * session_new() - a session for an interface that has just been seen
 * @m: the gateway
 * @key: link and link-layer address, unused bytes zero
 * @pr: whose
 * @att: access technology type of the link
 *
 * Return: the session, in no exchange yet; NULL if there is no memory.
 */
struct session *session_new(struct mag *m, const struct session_key *key,
			    const struct profile *pr, uint8_t att)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->mag = m;
	s->key = *key;
	s->att = att;
	s->lma = *boundary_anchor(m, mag_node_find(m, &pr->mn_id), pr);
	s->peer = peer_get(m->peers, &m->conf->address, &s->lma);
	s->node = mag_node_get(m, &pr->mn_id);
	if (!s->peer || !s->node) {
		if (s->node)
			mag_node_put(s->node);
		free(s);
		return NULL;
	}
	timer_init(&s->timer, fire, s);
	s->n_hnp = pr->n_hnp;
	memcpy(s->hnp, pr->hnp, pr->n_hnp * sizeof(*s->hnp));
	s->seq = m->env->ops->random(m->env->ctx);
	s->number = number_of(s->node, pr, &key->lladdr);
	HASH_ADD(hh, m->sessions, key, sizeof(s->key), s);
	DL_APPEND(s->node->sessions, s);
	m->n_sessions++;
	return s;
}

/**
 * session_free() - forget a session, and its node with the last one
 * @s: the session
 */
void session_free(struct session *s)
{
	struct mag *m = s->mag;
	struct node *n = s->node;

	timerq_cancel(m->env->timers, &s->timer);
	advert_stop(s);
	wishes_end(s);
	mag_multicast_end(s);
	inquiry_free(s);
	if (s->queued)
		DL_DELETE2(m->queue, s, q_prev, q_next);
	record_end(m, &s->key);
	HASH_DEL(m->sessions, s);
	DL_DELETE(n->sessions, s);
	m->n_sessions--;
	anchor_forget(s);
	boundary_left(n);
	if (s->tunnel)
		forward_let_go(n, s->peer);
	else
		forward_update(n);
	mag_notify(m, "session-end", &n->id, NULL, NULL);
	mag_node_put(n);
	free(s);
}

/**
 * session_move() - the same interface has come up on another access link
 * @s: the session
 * @ifindex: the new link, without a session of that address
 *
 * One binding at the anchor stays one: a second session would deregister it.
 */
void session_move(struct session *s, uint32_t ifindex)
{
	record_end(s->mag, &s->key);
	HASH_DEL(s->mag->sessions, s);
	s->key.ifindex = ifindex;
	signal_moved(s);
	HASH_ADD(hh, s->mag->sessions, key, sizeof(s->key), s);
	record_session(s);
	forward_update(s->node);
	advert_send(s);
	if (s->state == SESSION_ACTIVE)
		anchor_judge(s);
}

/**
 * session_attached() - whether the interface is believed to be there
 * @s: the session
 *
 * Return: true from attachment to detachment, unless service is denied.
 */
bool session_attached(const struct session *s)
{
	return s->state <= SESSION_REFRESHING;
}

/**
 * node_attached() - whether any interface of a node is here
 * @n: the node, may be NULL
 *
 * Return: true if so; a node that only lingers is not attached.
 */
bool node_attached(const struct node *n)
{
	const struct session *s;

	if (!n)
		return false;
	DL_FOREACH(n->sessions, s)
		if (session_attached(s))
			return true;
	return false;
}

/* Actions of the table below; the next state is in force when they run. */

static void act_none(struct session *s)
{
	(void)s;
}

static void act_again(struct session *s)
{
	registration_again(s);
}

static void act_refresh(struct session *s)
{
	registration_start(s, HI_REREGISTRATION);
}

static void act_register(struct session *s)
{
	s->silent = false;
	s->expelled = false;
	/* where it was sent before, to be deregistered perhaps, is of before */
	s->redirected = 0;
	/* back after its deregistration has been sent: the anchor has dropped its flows */
	if (s->tunnel)
		node_flows_doubt(s);
	handover_attached(s);
	registration_start(s, HI_UNKNOWN);
	forward_update(s->node);
	hold_release(s, PMIP_HOLD_TO_FORWARD);
}

static void act_return(struct session *s)
{
	struct mag *m = s->mag;

	handover_returns(s->node);
	if (s->queued) {
		DL_DELETE2(m->queue, s, q_prev, q_next);
		s->queued = false;
	}
	/* what has been revoked may have its tunnel still */
	if (!s->tunnel || !s->expires) {
		s->state = SESSION_REGISTERING;
		act_register(s);
		return;
	}
	s->silent = false;
	forward_update(s->node);
	m->env->ops->dp_path_state(m->env->ctx, s->key.ifindex,
				   &s->key.lladdr, PMIP_STATE_UP);
	registration_start(s, HI_REREGISTRATION);
	advert_start(s);
}

static void act_deny(struct session *s)
{
	registration_drop(s);
	handover_gone(s->node);
	if (!node_attached(s->node))
		assoc_end_all(s->node);
	record_end(s->mag, &s->key);
	mag_notify(s->mag, "denied", &s->node->id, &s->lma, NULL);
}

static void act_block(struct session *s)
{
	mag_notify(s->mag, "blocked", &s->node->id, &s->lma, NULL);
	registration_block(s);
	handover_gone(s->node);
	if (!node_attached(s->node))
		assoc_end_all(s->node);
}

/* Deregistered as well as may be: now wait, then try again. */
static void act_blocked_wait(struct session *s)
{
	s->tries = 0;
	mag_timer(s->mag, &s->timer, s->blocked_ms);
}

static void act_blocked_timer(struct session *s)
{
	if (!s->tries) {
		s->state = SESSION_REGISTERING;
		act_register(s);
	} else if (s->tries < DEREG_TRIES) {
		registration_again(s);
	} else {
		act_blocked_wait(s);
	}
}

/* The node is gone; the anchor may not know yet. */
static void act_blocked_leave(struct session *s)
{
	if (!s->tries)
		session_free(s);
}

static void act_anew(struct session *s)
{
	if (s->ask_any) {
		s->state = SESSION_DENIED;
		act_deny(s);
		return;
	}
	registration_drop(s);
	s->ask_any = true;
	registration_start(s, HI_UNKNOWN);
}

/* RFC 5213 §6.9.1.2-6: no retransmission; the binding runs out. */
static void act_halt(struct session *s)
{
	struct env *env = s->mag->env;

	s->halted = true;
	timerq_set(env->timers, &s->timer, s->expires);
}

static void depart(struct session *s)
{
	timerq_cancel(s->mag->env->timers, &s->timer);
	anchor_left(s);
	boundary_left(s->node);
	advert_withdraw(s);
	signal_forget(s);
	handover_gone(s->node);
	mag_notify(s->mag, "detach", &s->node->id, NULL, NULL);
}

/* Its deregistration has nothing to wait for but the end of a handover. */
static void act_leave_now(struct session *s)
{
	depart(s);
	if (!handover_leaves(s))
		session_queue(s);
}

static void act_leave(struct session *s)
{
	if (s->node->leaving || !handover_may_follow(s)) {
		act_leave_now(s);
		return;
	}
	depart(s);
	/* the link may be there still */
	forward_update(s->node);
	mag_timer(s->mag, &s->timer, s->mag->conf->handover.wait_ms);
}

/* Nobody has asked for it, or its handover decides. */
static void act_waited(struct session *s)
{
	if (!s->node->leaving)
		session_queue(s);
}

static void act_deregister(struct session *s)
{
	s->redirected = 0;
	forward_update(s->node);
	/* what is refused is told again at the session's end */
	forward_confirm(s->node);
	registration_start(s, HI_UNKNOWN);
}

static void act_dereg_again(struct session *s)
{
	if (s->tries < DEREG_TRIES) {
		registration_again(s);
		return;
	}
	log_ratelimited(LOG_WARNING, "no answer to a deregistration");
	session_free(s);
}

/**
 * session_linger() - a session without a binding ends a little later
 * @s: the session, in state lingering
 *
 * Nothing to wait for where nothing is redirected or goes back.
 */
void session_linger(struct session *s)
{
	struct assoc *a;
	uint64_t ms = s->mag->conf->hold ? s->mag->conf->linger_ms : 0;

	DL_FOREACH(s->node->assocs, a)
		if (a->tunnel)
			ms = s->mag->conf->linger_ms;
	record_end(s->mag, &s->key);
	mag_timer(s->mag, &s->timer, ms);
}

static void linger(struct session *s)
{
	session_linger(s);
	mag_notify(s->mag, "deregistered", &s->node->id, &s->lma, NULL);
}

/* Draft: fault tolerant multihoming §3.2, (5) and (6) */
static void act_deregistered(struct session *s)
{
	hold_release(s, PMIP_HOLD_TO_RETURN);
	linger(s);
}

/* A deregistration goes on: requests of before may be under way still. */
static void act_send_back(struct session *s)
{
	hold_release(s, PMIP_HOLD_TO_RETURN);
}

/* It needs no deregistration any more; the anchor has opened the way back. */
static void act_revoked_leaving(struct session *s)
{
	forward_update(s->node);
	act_deregistered(s);
}

/* The anchor knows of no binding to send it back for. */
static void act_refused(struct session *s)
{
	hold_release(s, PMIP_HOLD_TO_DROP);
	linger(s);
}

static void act_free(struct session *s)
{
	session_free(s);
}

struct transition {
	void (*act)(struct session *s);
	enum session_state next;
};

#define DO(a, x)	{ act_##a, SESSION_##x }

/* RFC 5213 §6.9.1; an empty place: the event means nothing in that state. */
static const struct transition table[SESSION_STATES][SESSION_EVENTS] = {
	[SESSION_REGISTERING] = {
		[EVENT_OPERATOR]	= DO(none, REGISTERING),
		[EVENT_DETACH]	= DO(leave, LEAVING),
		[EVENT_ACCEPTED]	= DO(none, ACTIVE),
		[EVENT_RETRY]	= DO(none, REGISTERING),
		[EVENT_ANEW]	= DO(anew, REGISTERING),
		[EVENT_DENIED]	= DO(deny, DENIED),
		[EVENT_MISMATCH]	= DO(deny, DENIED),
		[EVENT_BLOCKED]	= DO(block, BLOCKED),
		[EVENT_TIMER]	= DO(again, REGISTERING),
		[EVENT_TURN]	= DO(again, REGISTERING),
		[EVENT_REVOKED]	= DO(revoked_anew, REGISTERING),
		[EVENT_YIELD]	= DO(leave_now, LEAVING),
	},
	[SESSION_ACTIVE] = {
		[EVENT_DETACH]	= DO(leave, LEAVING),
		[EVENT_TIMER]	= DO(refresh, REFRESHING),
		[EVENT_TURN]	= DO(refresh, REFRESHING),
		[EVENT_REVOKED]	= DO(revoked, LINGERING),
		[EVENT_YIELD]	= DO(yield, LEAVING),
	},
	[SESSION_REFRESHING] = {
		[EVENT_OPERATOR]	= DO(refresh, REFRESHING),
		[EVENT_DETACH]	= DO(leave, LEAVING),
		[EVENT_ACCEPTED]	= DO(none, ACTIVE),
		[EVENT_RETRY]	= DO(none, REFRESHING),
		[EVENT_ANEW]	= DO(anew, REGISTERING),
		[EVENT_DENIED]	= DO(deny, DENIED),
		[EVENT_MISMATCH]	= DO(halt, REFRESHING),
		[EVENT_BLOCKED]	= DO(block, BLOCKED),
		[EVENT_TIMER]	= DO(again, REFRESHING),
		[EVENT_TURN]	= DO(again, REFRESHING),
		[EVENT_REVOKED]	= DO(revoked_midway, DEREGISTERING),
		[EVENT_YIELD]	= DO(leave_now, LEAVING),
	},
	[SESSION_DENIED] = {
		[EVENT_OPERATOR]	= DO(register, REGISTERING),
		[EVENT_DETACH]	= DO(free, DENIED),
	},
	[SESSION_BLOCKED] = {
		[EVENT_OPERATOR]	= DO(register, REGISTERING),
		[EVENT_DETACH]	= DO(blocked_leave, DEREGISTERING),
		[EVENT_ACCEPTED]	= DO(blocked_wait, BLOCKED),
		[EVENT_RETRY]	= DO(none, BLOCKED),
		[EVENT_ANEW]	= DO(blocked_wait, BLOCKED),
		[EVENT_DENIED]	= DO(blocked_wait, BLOCKED),
		[EVENT_MISMATCH]	= DO(blocked_wait, BLOCKED),
		[EVENT_TIMER]	= DO(blocked_timer, BLOCKED),
	},
	[SESSION_LEAVING] = {
		[EVENT_ATTACH]	= DO(return, REFRESHING),
		[EVENT_OPERATOR]	= DO(return, REFRESHING),
		[EVENT_TIMER]	= DO(waited, LEAVING),
		[EVENT_TURN]	= DO(deregister, DEREGISTERING),
		[EVENT_REVOKED]	= DO(revoked_leaving, LINGERING),
	},
	[SESSION_DEREGISTERING] = {
		[EVENT_ATTACH]	= DO(register, REGISTERING),
		[EVENT_OPERATOR]	= DO(register, REGISTERING),
		[EVENT_ACCEPTED]	= DO(deregistered, LINGERING),
		[EVENT_RETRY]	= DO(none, DEREGISTERING),
		[EVENT_ANEW]	= DO(refused, LINGERING),
		[EVENT_DENIED]	= DO(refused, LINGERING),
		[EVENT_MISMATCH]	= DO(refused, LINGERING),
		[EVENT_TIMER]	= DO(dereg_again, DEREGISTERING),
		[EVENT_REVOKED]	= DO(send_back, DEREGISTERING),
	},
	[SESSION_LINGERING] = {
		[EVENT_ATTACH]	= DO(register, REGISTERING),
		[EVENT_OPERATOR]	= DO(register, REGISTERING),
		[EVENT_TIMER]	= DO(free, LINGERING),
	},
};

/**
 * session_event() - let something happen to a session
 * @s: the session; may be gone on return
 * @e: what has happened
 */
void session_event(struct session *s, enum session_event e)
{
	const struct transition *t = &table[s->state][e];

	if (!t->act)
		return;
	s->state = t->next;
	t->act(s);
}

/**
 * session_state_str() - a session's state in a word
 * @s: the session
 *
 * Return: static text.
 */
const char *session_state_str(const struct session *s)
{
	static const char *const name[SESSION_STATES] = {
		"registering", "active", "refreshing", "denied", "blocked",
		"leaving", "deregistering", "lingering",
	};

	return name[s->state];
}
