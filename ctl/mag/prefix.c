// SPDX-License-Identifier: GPL-2.0
/*
 * A session's prefixes: its own, which are advertised, and those that are only
 * routed to it (RFC 7864 §3.2.2: "the MAG MUST NOT advertise them").
 */
#include "mag/session.h"

#include <string.h>

static bool among(const struct prefix *v, unsigned int n, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (prefix_equal(&v[i], p))
			return true;
	return false;
}

/**
 * prefix_own() - whether a prefix is one that the session advertises
 * @s: the session
 * @p: the prefix
 *
 * Return: true if so.
 */
bool prefix_own(const struct session *s, const struct prefix *p)
{
	return among(s->hnp, s->n_hnp, p);
}

/**
 * prefix_routed() - whether a prefix is only routed to the session
 * @s: the session
 * @p: the prefix
 *
 * Those that an FMI or an UPN has brought are the node's: by whichever of its
 * links here it is reached.
 *
 * Return: true if so.
 */
bool prefix_routed(const struct session *s, const struct prefix *p)
{
	const struct flow_guest *g = s->node->guest;

	return !prefix_own(s, p) && (among(s->hnp + s->n_hnp, s->n_off, p) ||
				     (g && among(g->prefix, g->n_prefix, p)));
}

static unsigned int pick(const struct mh_opts *o, bool off_link, struct prefix *p)
{
	unsigned int i, n = 0;

	for (i = 0; i < o->n_hnp && i < HNP_MAX; i++)
		if (o->hnp[i].off_link == off_link)
			p[n++] = o->hnp[i].prefix;
	return n;
}

/**
 * prefix_off_drop() - an acknowledgement's prefix is not to be routed any more
 * @s: the session
 * @i: which of its prefixes, one that is only routed
 */
void prefix_off_drop(struct session *s, unsigned int i)
{
	s->n_off--;
	memmove(&s->hnp[i], &s->hnp[i + 1], (s->n_hnp + s->n_off - i) * sizeof(*s->hnp));
}

/*
 * What messages about flows have brought is theirs to take back: it is not to stay
 * because an acknowledgement, meanwhile, has repeated it.
 */
static unsigned int without_guests(const struct node *n, struct prefix *p, unsigned int count)
{
	unsigned int i, rest = 0;

	for (i = 0; i < count; i++)
		if (!n->guest || !among(n->guest->prefix, n->guest->n_prefix, &p[i]))
			p[rest++] = p[i];
	return rest;
}

/**
 * prefix_take() - a session has the prefixes that the anchor has said
 * @s: the session
 * @o: options of the PBA
 *
 * RFC 5213 §6.12: what was advertised and is other now is withdrawn.
 *
 * Return: whether the session's own prefixes are others than before.
 */
bool prefix_take(struct session *s, const struct mh_opts *o)
{
	struct prefix p[HNP_MAX];
	unsigned int i, n = pick(o, false, p);
	bool same = s->n_hnp == n;

	for (i = 0; same && i < n; i++)
		same = prefix_equal(&s->hnp[i], &p[i]);
	if (!same)
		advert_withdraw(s);
	s->n_hnp = n;
	s->n_off = without_guests(s->node, p + n, pick(o, true, p + n));
	memcpy(s->hnp, p, (n + s->n_off) * sizeof(*p));
	return !same;
}

/**
 * prefix_claim() - a session's prefixes are no other node's any more
 * @s: a session that the anchor has just given its prefixes
 *
 * What is only to be routed here, and is what another node that is attached
 * has been given to advertise, is left to that.
 */
void prefix_claim(struct session *s)
{
	struct flow_guest *g = s->node->guest;
	unsigned int i;

	for (i = 0; i < s->n_hnp; i++)
		forward_claim(s->node, &s->hnp[i], true);
	for (i = s->n_hnp + s->n_off; i-- > s->n_hnp;)
		if (!forward_claim(s->node, &s->hnp[i], false))
			prefix_lose(s, &s->hnp[i]);
	for (i = g ? g->n_prefix : 0; i--;)
		if (!forward_claim(s->node, &g->prefix[i], false))
			flow_guest_lose(g, &g->prefix[i]);
}

/**
 * prefix_lose() - a prefix is another node's now
 * @s: a session that may have it
 * @p: the prefix
 *
 * §6.12: who is still there hears that the prefix is its own no more.
 */
void prefix_lose(struct session *s, const struct prefix *p)
{
	const struct prefix lost = *p;
	bool heard = prefix_own(s, p) &&
		     (s->state == SESSION_ACTIVE || s->state == SESSION_REFRESHING);
	unsigned int i, n = 0, own = 0;

	if (heard)
		advert_withdraw(s);
	for (i = 0; i < s->n_hnp + s->n_off; i++) {
		if (prefix_equal(&s->hnp[i], &lost))
			continue;
		own += i < s->n_hnp;
		s->hnp[n++] = s->hnp[i];
	}
	s->n_hnp = own;
	s->n_off = n - own;
	if (heard && own)
		advert_start(s);
}
