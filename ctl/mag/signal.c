// SPDX-License-Identifier: GPL-2.0
/*
 * How well nodes are heard, as whoever measures it says: the indication that a handover is
 * imminent (RFC 5949 §4.1 (b), which leaves open how it is made).
 */
#include "mag/session.h"

#include "core/log.h"

#include <errno.h>
#include <stdio.h>

static uint64_t now(const struct mag *m)
{
	return m->env->ops->now(m->env->ctx);
}

/* The interface that is meant; -ENOENT, or -EBUSY if that leaves open which */
static int find(struct mag *m, const struct mag_signal *v, struct session **found)
{
	const struct node *n = v->id ? mag_node_find(m, v->id) : NULL;
	struct session *s;

	*found = v->lladdr ? session_find(m, v->ifindex, v->lladdr) : NULL;
	if (*found && v->id && (*found)->node != n)
		return -ENOENT;
	if (!v->lladdr && n) {
		DL_FOREACH(n->sessions, s) {
			if (s->key.ifindex != v->ifindex)
				continue;
			if (*found)
				return -EBUSY;
			*found = s;
		}
	}
	return *found && session_attached(*found) ? 0 : -ENOENT;
}

/* RFC 5949 §4.1 (c): the next gateway follows from the access point; a rule may be for any */
static const struct mag_signal_rule *rule_for(const struct mag *m, const struct mag_signal *v)
{
	const struct mag_signal_conf *c = &m->conf->signal;
	const struct mag_link_conf *link = mag_link(m, v->ifindex);
	const struct mag_signal_rule *any = NULL;

	for (unsigned int i = 0; i < c->n_rules; i++) {
		const struct mag_signal_rule *r = &c->rule[i];

		if (link != &m->conf->link[r->link])
			continue;
		if (v->ap && llid_equal(v->ap, &r->ap))
			return r;
		if (!r->ap.len)
			any = r;
	}
	return any;
}

/* RFC 5568 §5.6 calls it ping-pong: who moves, or is announced, has a time to settle. */
static void rest(struct session *s)
{
	s->signal.again = now(s->mag) + s->mag->conf->signal.interval_ms * NSEC_PER_MSEC;
}

static void tell(const struct session *s, const char *event, const struct in6_addr *to)
{
	char text[24];

	snprintf(text, sizeof(text), "dbm=%d", s->signal.dbm);
	mag_notify(s->mag, event, &s->node->id, to, text);
}

static void announce(struct session *s, const struct mag_signal_rule *r)
{
	struct node *n = s->node;
	int err;

	if (now(s->mag) < s->signal.again)
		return;
	if (handover_guessed(n) && IN6_ARE_ADDR_EQUAL(&n->leaving->peer->remote, &r->to))
		return;
	err = mag_handover_start(s->mag, &n->id, &r->to, false);
	if (err) {
		if (err == -ENOMEM)
			log_ratelimited(LOG_ERR, "no memory to say that a node is about to leave");
		return;
	}
	n->leaving->guessed = true;
	rest(s);
	s->mag->counters.signal_announced++;
	tell(s, "signal-low", &r->to);
}

/* The other gateway is told by an HI of code 2, as of a node that is back */
static void withdraw(struct session *s)
{
	s->mag->counters.signal_withdrawn++;
	tell(s, "signal-good", &s->node->leaving->peer->remote);
	handover_returns(s->node);
}

/**
 * mag_signal_set() - how well a node is heard by an access link
 * @m: the gateway
 * @v: who, where, and the signal's strength in dBm
 *
 * Below a rule's threshold the node is announced to the rule's gateway, which holds what
 * comes for it; its packets go there once it has left.  What has been announced for this
 * alone is withdrawn when the signal is the rule's hysteresis above the threshold; between
 * the two it stays as it is, and without another measurement it runs out as any does.  A node
 * is not announced again for interval_ms, however the other gateway has answered, nor when
 * it has only just come by a handover.  One with several interfaces here, or of which
 * somebody has said where it goes, is not announced.
 *
 * Return: 0; -ENOENT if it is not there, -EBUSY if it is by several interfaces and none
 * is named.
 */
int mag_signal_set(struct mag *m, const struct mag_signal *v)
{
	const struct mag_signal_rule *r = rule_for(m, v);
	struct session *s;
	int err = find(m, v, &s);

	if (err)
		return err;
	m->counters.signals++;
	s->signal.heard = true;
	s->signal.dbm = v->dbm;
	s->signal.at = now(m);
	if (r && v->dbm < r->below_dbm)
		announce(s, r);
	else if (r && v->dbm >= r->below_dbm + r->hysteresis_db && handover_guessed(s->node))
		withdraw(s);
	return 0;
}

/**
 * signal_arrived() - a node has come by a handover
 * @s: its session: however weak its signal still is, it is not sent on at once
 */
void signal_arrived(struct session *s)
{
	rest(s);
}

/**
 * signal_moved() - a node is by another link of this gateway
 * @s: its session: what its signal was by the link that it has left says nothing any more
 */
void signal_moved(struct session *s)
{
	if (handover_guessed(s->node))
		withdraw(s);
	signal_forget(s);
}

/**
 * signal_forget() - what was measured does not hold any more
 * @s: a session that has left its link
 */
void signal_forget(struct session *s)
{
	s->signal.heard = false;
}
