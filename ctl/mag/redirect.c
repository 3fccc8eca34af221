// SPDX-License-Identifier: GPL-2.0
/* An anchor assigns another one (RFC 6463 §5.2). */
#include "mag/session.h"

#include "core/log.h"

#include <arpa/inet.h>

/**
 * redirect_offer() - a PBU says that another anchor may be assigned (RFC 6463 §4.1)
 * @m: the gateway
 * @o: options of the PBU
 *
 * §5.2 has it in "a PBU that establishes a new mobility session".  Here it is in every one: an
 * anchor that has handed a node over has nothing else to say where it is.
 */
void redirect_offer(const struct mag *m, struct mh_opts *o)
{
	if (m->conf->anchors.enabled && m->conf->anchors.redirect)
		o->present |= MH_HAS_REDIRECTABLE;
}

/* It may name whom it likes, but nodes are not sent to and fro, nor anywhere. */
static struct peer *target(const struct session *s, const struct in6_addr *to)
{
	struct mag *m = s->mag;

	if (s->redirected == REDIRECTS_MAX || IN6_ARE_ADDR_EQUAL(to, &anchor_asked(s)->remote) ||
	    !boundary_may(m, to))
		return NULL;
	return peer_get(m->peers, &m->conf->address, to);
}

/* §5.2: "The MAG updates its BULE to contain the r2LMA address" */
static void assign(struct session *s, struct peer *to, const struct mh_msg *pba)
{
	if (s->tunnel)
		registration_drop(s);
	s->peer = to;
	s->lma = to->remote;
	if (pba->status >= 128) {
		registration_start(s, s->hi);
		return;
	}
	registration_accept(s, pba);
	/* it is not required to send a PBU; one that does hears whether that anchor knows */
	if (s->state == SESSION_ACTIVE)
		session_queue(s);
}

/**
 * redirect_follow() - an acknowledgement names another anchor (RFC 6463 §4.2)
 * @s: the session that it is about
 * @pba: the acknowledgement
 *
 * A session that has no binding yet is that anchor's from now on.  One that has is handed
 * over as any (anchor.c): its binding may be there, but what it sends now goes where it is
 * taken.  One that goes deregisters there.
 *
 * Return: true if nothing is left to do with @pba; false: it is as one without the option,
 * for §5.2 has it ignored where nobody has asked for it, and more than REDIRECTS_MAX in a row
 * lead nowhere.
 */
bool redirect_follow(struct session *s, const struct mh_msg *pba)
{
	struct mag_anchor_counters *c = &s->mag->counters.lma_handover;
	const struct mag_anchor_conf *conf = &s->mag->conf->anchors;
	const struct in6_addr *to = &pba->opts.redirect;
	char a[INET6_ADDRSTRLEN];
	struct peer *p;

	if (!(pba->opts.present & MH_HAS_REDIRECT))
		return false;
	p = conf->enabled && conf->redirect ? target(s, to) : NULL;
	if (!p || s->state == SESSION_BLOCKED) {
		c->redirect_ignored++;
		log_ratelimited(LOG_WARNING, "redirection to %s is ignored",
				inet_ntop(AF_INET6, to, a, sizeof(a)));
		return false;
	}
	c->redirected++;
	s->redirected++;
	mag_notify(s->mag, "redirected", &s->node->id, &p->remote, NULL);
	if (anchor_tried(s)) {
		anchor_refused(s);
		return true;
	}
	if (s->state == SESSION_REFRESHING)
		return !anchor_change(s, p);
	if (s->state == SESSION_DEREGISTERING)
		anchor_follow(s, p);
	else
		assign(s, p, pba);
	return true;
}
