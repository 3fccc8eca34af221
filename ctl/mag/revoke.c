// SPDX-License-Identifier: GPL-2.0
/*
 * This gateway revokes all that is registered with an anchor (RFC 5846 §9.2): one
 * message in place of a deregistration for each session.  Where the anchor does not
 * take it the deregistrations follow.
 */
#include "mag/revoke.h"

#include "core/log.h"
#include "mag/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct bulk {
	struct mag *mag;
	struct in6_addr lma;
	struct revocation *exchange;	/* NULL: none is under way */
	bool denied;			/* never again */
	struct bulk *prev, *next;
};

static struct bulk *bulk_get(struct mag *m, const struct in6_addr *lma)
{
	struct bulk *b;

	DL_FOREACH(m->bulks, b)
		if (IN6_ARE_ADDR_EQUAL(&b->lma, lma))
			return b;
	b = calloc(1, sizeof(*b));
	if (!b)
		return NULL;
	b->mag = m;
	b->lma = *lma;
	DL_APPEND(m->bulks, b);
	return b;
}

/* Withdrawn, but neither deregistered nor in the queue to be */
static bool yielded(const struct session *s)
{
	return s->state == SESSION_LEAVING && !s->queued;
}

/*
 * RFC 5846 §6.3, and §9.2 of a refusal: nothing is left registered either way.  Who has
 * come back meanwhile may have been revoked with the rest, and is registered again.
 */
static void settle(struct bulk *b, bool revoked)
{
	struct mag *m = b->mag;
	struct session *s, *tmp;

	HASH_ITER(hh, m->sessions, s, tmp) {
		if (!IN6_ARE_ADDR_EQUAL(&s->lma, &b->lma))
			continue;
		if (yielded(s) && revoked)
			mag_end_revoked(s);
		else if (yielded(s) || session_attached(s))
			session_queue(s);
	}
}

/* §9.2: "SHOULD NOT retry [...] should raise an alarm or log an event" */
static void ended(void *arg, const struct revocation_result *result)
{
	struct bulk *b = arg;
	bool answered = result->outcome == REVOCATION_ANSWERED;
	char text[INET6_ADDRSTRLEN];

	b->exchange = NULL;
	if (answered && result->status == BRA_GLOBAL_NOT_AUTHORIZED) {
		b->denied = true;
		log_warn("anchor %s does not let us revoke in bulk",
			 inet_ntop(AF_INET6, &b->lma, text, sizeof(text)));
	}
	settle(b, answered && result->status <= BRA_NO_BINDING);
}

static int start(struct bulk *b)
{
	const struct revocation_order o = {
		.peer = b->lma, .trigger = BRI_PEER_POLICY, .mn_id = &b->mag->conf->identity,
	};

	b->exchange = revocation_start(&b->mag->revocations, &o, ended, b);
	return b->exchange ? 0 : -ENOBUFS;
}

static bool attached(const struct session *s, const struct in6_addr *lma)
{
	return session_attached(s) && IN6_ARE_ADDR_EQUAL(&s->lma, lma);
}

static int count(const struct mag *m, const struct in6_addr *lma)
{
	struct session *s, *tmp;
	int n = 0;

	HASH_ITER(hh, m->sessions, s, tmp)
		n += attached(s, lma);
	return n;
}

/*
 * §9.2: nothing of it is advertised any more, before the answer is there.  A request on
 * its way may come to the anchor after the BRI: such sessions leave one by one.
 */
static void yield_all(struct mag *m, const struct in6_addr *lma)
{
	struct session *s, *tmp;

	HASH_ITER(hh, m->sessions, s, tmp) {
		if (!attached(s, lma))
			continue;
		m->counters.revoked++;
		m->counters.detach++;
		s->silent = false;
		session_event(s, EVENT_YIELD);
	}
}

/**
 * mag_revoke_anchor() - end all that is registered with an anchor (RFC 5846 §9.2)
 * @m: the gateway
 * @lma: the anchor
 *
 * Its nodes hear that there is no router any more; they can attach again.  An anchor
 * that has refused this once gets deregistrations, as does one that does not answer.
 *
 * Return: how many sessions; -ENOKEY without conf.identity, -EALREADY if it is under
 * way, -ENOENT if there are none, -ENOMEM.
 */
int mag_revoke_anchor(struct mag *m, const struct in6_addr *lma)
{
	struct bulk *b;
	int n;

	if (!m->conf->identity.len)
		return -ENOKEY;
	n = count(m, lma);
	if (!n)
		return -ENOENT;
	b = bulk_get(m, lma);
	if (!b)
		return -ENOMEM;
	if (b->exchange)
		return -EALREADY;
	yield_all(m, lma);
	if (b->denied || start(b))
		settle(b, false);
	return n;
}

/**
 * mag_on_bra() - a Binding Revocation Acknowledgement (RFC 5846 §6.2.2)
 * @m: the gateway
 * @src: the anchor
 * @dst: our address
 * @bra: the message
 */
void mag_on_bra(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *bra)
{
	struct peer *p = peer_find(m->peers, dst, src);

	if (revocation_on_bra(&m->revocations, src, dst, bra) && p)
		peer_heard(p);
}

/**
 * mag_on_bri_unknown() - a Binding Error has come, perhaps in answer to a BRI
 * @m: the gateway
 * @src: who sent it
 * @be: the message
 */
void mag_on_bri_unknown(struct mag *m, const struct in6_addr *src, const struct mh_msg *be)
{
	revocation_on_binding_error(&m->revocations, src, be);
}

/**
 * mag_revoke_init() - nothing is being revoked
 * @m: the gateway
 */
void mag_revoke_init(struct mag *m)
{
	revocation_initiator_init(&m->revocations, m->env, &m->conf->revocation,
				  &m->counters.revocation, &m->conf->address);
	mag_revoked_init(m);
}

/**
 * mag_revoke_free() - wait for no answer any more
 * @m: the gateway
 */
void mag_revoke_free(struct mag *m)
{
	struct bulk *b, *tmp;

	DL_FOREACH_SAFE(m->bulks, b, tmp)
		free(b);
	revocation_initiator_free(&m->revocations);
}
