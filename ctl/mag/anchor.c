// SPDX-License-Identifier: GPL-2.0
/*
 * A session goes from one anchor to another (LMA handover draft §4.2 (f) to (k)): the PBU
 * goes to the next one while the previous one serves, and packets are taken from both, so
 * that none is lost whichever of the two sends them first.
 */
#include "mag/session.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum change_event {
	CHANGE_ACCEPTED,	/* by the next anchor, and the kernel has taken it */
	CHANGE_REFUSED,		/* by it */
	CHANGE_SILENT,		/* it is */
	CHANGE_STAYED,		/* the anchor that the session has serves it still */
	CHANGE_LEFT,		/* the interface is not there any more, or has no binding */
	CHANGE_AGAIN,		/* to the same one */
	CHANGE_OTHER,		/* to yet another anchor */
	CHANGE_TIMER,
	CHANGE_EVENTS,
};

static void let_go(struct change *c)
{
	struct session *s = c->session;

	timerq_cancel(s->mag->env->timers, &c->timer);
	if (s->change == c)
		s->change = NULL;
	else
		s->earlier = NULL;
	forward_let_go(s->node, c->peer);
	free(c);
}

static void say(const struct session *s, const char *event, const struct in6_addr *to,
		const char *what, const struct in6_addr *other)
{
	char a[INET6_ADDRSTRLEN], detail[INET6_ADDRSTRLEN + 16];

	snprintf(detail, sizeof(detail), "%s=%s", what, inet_ntop(AF_INET6, other, a, sizeof(a)));
	mag_notify(s->mag, event, &s->node->id, to, detail);
}

/* Actions of the table below; the next state is in force when they run. */

static void act_turned(struct change *c)
{
	struct session *s = c->session;

	s->mag->counters.lma_handover.changed++;
	say(s, "anchor-changed", &s->lma, "from", &c->peer->remote);
	mag_timer(s->mag, &c->timer, s->mag->conf->anchors.linger_ms);
	home_left(s, &c->peer->remote);
}

static void act_stayed(struct change *c)
{
	struct session *s = c->session;

	s->mag->counters.lma_handover.kept++;
	say(s, "anchor-kept", &s->lma, "not", &c->peer->remote);
	let_go(c);
	boundary_settled(s->node);
}

/* The previous anchor, which has not heard of it since, is asked how things stand. */
static void act_stay(struct change *c)
{
	struct session *s = c->session;

	act_stayed(c);
	registration_start(s, s->hi);
}

/* All its answers may have been lost: what it sends is taken until the other one has spoken. */
static void act_doubt(struct change *c)
{
	struct session *s = c->session;

	s->redirected = 0;
	registration_start(s, s->hi);
}

static void act_again(struct change *c)
{
	registration_start(c->session, HI_REREGISTRATION);
}

static void act_give_up(struct change *c)
{
	struct node *n = c->session->node;

	let_go(c);
	boundary_settled(n);
}

static void act_over(struct change *c)
{
	let_go(c);
}

struct step {
	void (*act)(struct change *c);
	enum change_state next;
};

#define DO(a, x)	{ act_##a, CHANGE_##x }

/* An empty place: the event means nothing in that state. */
static const struct step table[CHANGE_STATES][CHANGE_EVENTS] = {
	[CHANGE_TRIED] = {
		[CHANGE_ACCEPTED]	= DO(turned, LINGERING),
		[CHANGE_REFUSED]	= DO(stay, OVER),
		[CHANGE_SILENT]		= DO(doubt, DOUBTED),
		[CHANGE_LEFT]		= DO(give_up, OVER),
		[CHANGE_OTHER]		= DO(give_up, OVER),
	},
	[CHANGE_DOUBTED] = {
		[CHANGE_STAYED]		= DO(stayed, OVER),
		[CHANGE_LEFT]		= DO(give_up, OVER),
		[CHANGE_AGAIN]		= DO(again, TRIED),
		[CHANGE_OTHER]		= DO(give_up, OVER),
	},
	[CHANGE_LINGERING] = {
		[CHANGE_TIMER]		= DO(over, OVER),
	},
};

static void event(struct session *s, enum change_event e)
{
	struct change *c = s->change;
	const struct step *t;

	if (!c)
		return;
	t = &table[c->state][e];
	if (!t->act)
		return;
	c->state = t->next;
	t->act(c);
}

static void fire(void *arg)
{
	struct change *c = arg;

	if (c == c->session->change)
		event(c->session, CHANGE_TIMER);
	else
		let_go(c);
}

/* It goes on, and an anchor of before may send here yet: the last that does. */
static void put_aside(struct session *s)
{
	if (!s->change || s->change->state != CHANGE_LINGERING)
		return;
	if (s->earlier)
		let_go(s->earlier);
	s->earlier = s->change;
	s->change = NULL;
}

static struct change *change_new(struct session *s, struct peer *next)
{
	struct change *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->session = s;
	c->state = CHANGE_TRIED;
	c->peer = next;
	c->tunnel = peer_tunnel_get(next, PMIP_TUNNEL_MAG_TO_LMA);
	if (!c->tunnel) {
		free(c);
		return NULL;
	}
	timer_init(&c->timer, fire, c);
	return c;
}

/**
 * anchor_change() - a session is to go to another anchor
 * @s: the session, active or refreshing
 * @next: that anchor
 *
 * The kernel takes packets from both before the PBU leaves, which has the prefixes of the
 * session.  The answer, or CHANGE_TRIES without one, decides.
 *
 * Return: 0, also if that is under way already; -ENOENT if the session has no binding, -EEXIST
 * if it is that anchor's, -ENOMEM.
 */
int anchor_change(struct session *s, struct peer *next)
{
	if (!s->tunnel || (s->state != SESSION_ACTIVE && s->state != SESSION_REFRESHING))
		return -ENOENT;
	if (s->peer == next)
		return -EEXIST;
	if (s->change && s->change->state != CHANGE_LINGERING && s->change->peer == next) {
		s->state = SESSION_REFRESHING;
		event(s, CHANGE_AGAIN);
		return 0;
	}
	event(s, CHANGE_OTHER);
	put_aside(s);
	s->change = change_new(s, next);
	if (!s->change)
		return -ENOMEM;
	s->state = SESSION_REFRESHING;
	forward_update(s->node);
	registration_start(s, HI_REREGISTRATION);
	return 0;
}

/**
 * anchor_follow() - a session's deregistration is another anchor's to hear
 * @s: the session, which deregisters
 * @next: that anchor
 */
void anchor_follow(struct session *s, struct peer *next)
{
	event(s, CHANGE_OTHER);
	put_aside(s);
	s->change = change_new(s, next);
	if (!s->change)
		return;
	s->tries = 0;
	registration_again(s);
}

/**
 * anchor_tried() - whether a session's request is for another anchor than serves it
 * @s: the session
 *
 * Return: true from anchor_change() to the answer.
 */
bool anchor_tried(const struct session *s)
{
	return s->change && s->change->state == CHANGE_TRIED;
}

/**
 * anchor_asked() - the anchor that a session's requests go to
 * @s: the session
 *
 * Return: the one that serves it, or the one that is to.
 */
struct peer *anchor_asked(const struct session *s)
{
	return anchor_tried(s) ? s->change->peer : s->peer;
}

static void swap(struct session *s)
{
	struct change *c = s->change;
	struct peer *peer = s->peer;
	uint32_t tunnel = s->tunnel;

	/* what it listens to it does by its anchor: it goes along */
	mag_multicast_end(s);
	s->peer = c->peer;
	s->lma = c->peer->remote;
	s->tunnel = c->tunnel;
	c->peer = peer;
	c->tunnel = tunnel;
}

/**
 * anchor_turn() - what a node sends goes to the next anchor, which has accepted it
 * @s: the session
 *
 * Appendix A of the draft.  The module changes a binding's uplink before its paths: while it
 * does, both tunnels are among these.
 *
 * Return: false if there is none to turn to; else anchor_turned() is due when the kernel has
 * been told.
 */
bool anchor_turn(struct session *s)
{
	if (!anchor_tried(s))
		return false;
	s->change->turning = true;
	forward_update(s->node);
	swap(s);
	/* of both it is the previous one's that is the other now */
	s->change->state = CHANGE_LINGERING;
	return true;
}

/**
 * anchor_turned() - the kernel has been told, and has said something
 * @s: the session, after anchor_turn()
 * @err: 0, or what it has refused: then the previous anchor serves as before
 */
void anchor_turned(struct session *s, int err)
{
	if (!s->change)
		return;
	s->change->turning = false;
	s->change->state = CHANGE_TRIED;
	if (!err) {
		event(s, CHANGE_ACCEPTED);
	} else if (s->state == SESSION_REFRESHING) {
		swap(s);
	} else {
		/* the next anchor has heard that it has no binding; the previous one is let go */
		s->change->state = CHANGE_LINGERING;
		event(s, CHANGE_TIMER);
		return;
	}
	forward_update(s->node);
}

/**
 * anchor_refused() - the next anchor does not take a session
 * @s: the session, which stays with the one that it has
 */
void anchor_refused(struct session *s)
{
	event(s, CHANGE_REFUSED);
}

/**
 * anchor_silent() - the next anchor does not answer
 * @s: the session, whose own anchor is asked then
 */
void anchor_silent(struct session *s)
{
	event(s, CHANGE_SILENT);
}

/**
 * anchor_stayed() - a session's own anchor has accepted it
 * @s: the session
 */
void anchor_stayed(struct session *s)
{
	event(s, CHANGE_STAYED);
}

/**
 * anchor_left() - a session's interface has gone, or its binding
 * @s: the session: it goes to no other anchor
 */
void anchor_left(struct session *s)
{
	event(s, CHANGE_LEFT);
}

/**
 * anchor_forget() - a session ends
 * @s: the session: packets of a previous anchor are not for it any more
 */
void anchor_forget(struct session *s)
{
	if (s->change)
		let_go(s->change);
	if (s->earlier)
		let_go(s->earlier);
}
