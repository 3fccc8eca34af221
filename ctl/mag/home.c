// SPDX-License-Identifier: GPL-2.0
/*
 * The anchor whose the prefixes of a node are that another one serves: it takes the node back
 * when that one is gone.
 */
#include "mag/session.h"

/**
 * home_left() - a session is at another anchor
 * @s: the session
 * @from: where it was
 *
 * That one, or the one before it, has the node's prefixes.
 */
void home_left(struct session *s, const struct in6_addr *from)
{
	struct boundary *b = boundary_get(s->node);
	struct env *env = s->mag->env;

	if (!b)
		return;
	if (IN6_IS_ADDR_UNSPECIFIED(&b->home))
		b->home = *from;
	if (IN6_ARE_ADDR_EQUAL(&b->home, &s->lma))
		b->home = in6addr_any;
	b->again = env->ops->now(env->ctx) + s->mag->conf->anchors.interval_ms * NSEC_PER_MSEC;
	boundary_settled(s->node);
}

/**
 * home_settled() - an anchor has accepted a node's registration
 * @n: the node
 */
void home_settled(struct node *n)
{
	if (n->boundary)
		n->boundary->bounced = false;
}

/**
 * home_ask() - the anchor does not serve a session that is not its own any more
 * @s: the session, whose refresh is refused or not answered
 *
 * The anchor that has its prefixes takes them back when the one that served it is gone, or
 * has forgotten it.  It is asked once: when both refuse, the last one's word counts.
 *
 * Return: true if that anchor is asked now.
 */
bool home_ask(struct session *s)
{
	struct boundary *b = s->node->boundary;
	struct mag *m = s->mag;
	struct peer *p;

	if (!b || b->bounced || anchor_tried(s) || IN6_IS_ADDR_UNSPECIFIED(&b->home))
		return false;
	p = peer_get(m->peers, &m->conf->address, &b->home);
	if (!p || anchor_change(s, p))
		return false;
	b->bounced = true;
	return true;
}

/**
 * mag_on_peer_dead() - a gateway does not answer any more (RFC 5847 §3.1)
 * @m: the gateway
 * @p: the other: if it is an anchor that has taken nodes over, these ask it once more, and
 *	then the one before it
 */
void mag_on_peer_dead(struct mag *m, struct peer *p)
{
	struct session *s, *tmp;

	if (!m->conf->anchors.enabled)
		return;
	HASH_ITER(hh, m->sessions, s, tmp) {
		const struct boundary *b = s->node->boundary;

		if (s->peer == p && b && !IN6_IS_ADDR_UNSPECIFIED(&b->home) && !anchor_tried(s) &&
		    session_attached(s))
			session_queue(s);
	}
}
