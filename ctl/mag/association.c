// SPDX-License-Identifier: GPL-2.0
/* Associations with a node's other gateways (draft: seamless handover §4.3). */
#include "mag/session.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/**
 * mag_is_peer() - whether an address is a gateway's of the domain
 * @m: the gateway
 * @a: the address
 *
 * Return: true if it is in one of conf.peer.
 */
bool mag_is_peer(const struct mag *m, const struct in6_addr *a)
{
	return prefix_any_has(m->conf->peer, m->conf->n_peers, a);
}

/**
 * assoc_find() - a node's association with another gateway
 * @n: the node
 * @mag: the other
 *
 * Return: the association, NULL if there is none.
 */
struct assoc *assoc_find(struct node *n, const struct in6_addr *mag)
{
	struct assoc *a;

	DL_FOREACH(n->assocs, a)
		if (IN6_ARE_ADDR_EQUAL(&a->peer->remote, mag))
			return a;
	return NULL;
}

static uint16_t shi_lifetime(const struct mag *m)
{
	uint32_t units = m->conf->shi_lifetime / MH_LIFETIME_UNIT;

	if (!units)
		return 1;
	return units < MH_LIFETIME_MAX ? units : MH_LIFETIME_MAX;
}

static void send_shi(struct assoc *a, uint16_t flags, uint16_t lifetime)
{
	struct mag *m = a->node->mag;
	struct mh_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.kind = MH_SHI;
	a->seq = ++m->shi_seq;
	msg.seq = a->seq;
	msg.flags = flags;
	msg.lifetime = lifetime;
	msg.opts.present = MH_HAS_MN_ID;
	msg.opts.mn_id = a->node->id;
	m->counters.shi_tx++;
	m->env->ops->send_mh(m->env->ctx, &m->conf->address, &a->peer->remote,
			     &msg);
	mag_notify(m, lifetime ? "shi-sent" : "shi-release-sent", &a->node->id,
		   &a->peer->remote, NULL);
}

static void solicit(struct assoc *a)
{
	struct mag *m = a->node->mag;

	a->tries++;
	mag_timer(m, &a->timer, a->backoff_ms);
	send_shi(a, SHI_F_A, shi_lifetime(m));
}

/**
 * assoc_solicit() - begin an exchange with the other gateway
 * @a: the association
 * @state: ASSOC_REFRESHING with a tunnel, ASSOC_SOLICITING without
 */
void assoc_solicit(struct assoc *a, enum assoc_state state)
{
	a->state = state;
	a->tries = 0;
	a->backoff_ms = a->node->mag->conf->shi_ms;
	solicit(a);
}

/**
 * assoc_drop_tunnel() - nothing goes to the other gateway any more
 * @a: the association
 */
void assoc_drop_tunnel(struct assoc *a)
{
	if (!a->tunnel)
		return;
	a->tunnel = 0;
	forward_let_go(a->node, a->peer);
}

static void refuse(struct assoc *a)
{
	struct mag *m = a->node->mag;

	timerq_cancel(m->env->timers, &a->timer);
	a->tries = 0;
	a->state = ASSOC_REFUSED;
	assoc_drop_tunnel(a);
	mag_notify(m, "shi-refused", &a->node->id, &a->peer->remote, NULL);
	if (!a->ours)
		assoc_free(a, false);
}

static void fire(void *arg)
{
	struct assoc *a = arg;
	struct env *env = a->node->mag->env;
	bool lasts = a->tunnel && env->ops->now(env->ctx) < a->expires;

	if (a->tries && a->tries < SHI_TRIES) {
		a->backoff_ms *= 2;
		solicit(a);
	} else if (a->tries && lasts && !a->fading) {
		/* It ends when it ends, unless the other is heard again. */
		a->tries = 0;
		a->state = ASSOC_ASSOCIATED;
		timerq_set(env->timers, &a->timer, a->expires);
	} else if (!a->tries && a->ours && a->state == ASSOC_REFUSED) {
		assoc_solicit(a, ASSOC_SOLICITING);
	} else if (!a->tries && (a->ours || a->fading) && lasts) {
		assoc_solicit(a, ASSOC_REFRESHING);
	} else if (a->tries || a->ours) {
		refuse(a);
	} else {
		assoc_free(a, true);
	}
}

static struct assoc *assoc_get(struct node *n, const struct in6_addr *mag)
{
	struct assoc *a = assoc_find(n, mag);
	unsigned int count;

	if (a)
		return a;
	DL_COUNT(n->assocs, a, count);
	if (count >= PEERS_MAX)
		return NULL;
	a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	a->node = n;
	a->peer = peer_get(n->mag->peers, &n->mag->conf->address, mag);
	if (!a->peer) {
		free(a);
		return NULL;
	}
	a->state = ASSOC_REFUSED;
	timer_init(&a->timer, fire, a);
	DL_APPEND(n->assocs, a);
	return a;
}

/**
 * assoc_free() - end an association
 * @a: the association
 * @tell: let the other gateway know, by an SHI of lifetime 0
 */
void assoc_free(struct assoc *a, bool tell)
{
	struct node *n = a->node;

	timerq_cancel(n->mag->env->timers, &a->timer);
	DL_DELETE(n->assocs, a);
	if (tell && a->state != ASSOC_REFUSED)
		send_shi(a, 0, 0);
	assoc_drop_tunnel(a);
	free(a);
}

/**
 * assoc_end_all() - a node is not served here any more
 * @n: the node
 */
void assoc_end_all(struct node *n)
{
	struct assoc *a, *tmp;

	DL_FOREACH_SAFE(n->assocs, a, tmp)
		assoc_free(a, true);
}

/**
 * mag_peers_changed() - other gateways than before may solicit (draft: seamless handover §4.3)
 * @m: the gateway, whose configuration names them
 *
 * What one that may not any more has asked for ends, and it is told; what the anchor has
 * named goes on.
 */
void mag_peers_changed(struct mag *m)
{
	struct assoc *a, *next;
	struct node *n, *tmp;

	HASH_ITER(hh, m->nodes, n, tmp)
		DL_FOREACH_SAFE(n->assocs, a, next)
			if (!a->ours && !mag_is_peer(m, &a->peer->remote))
				assoc_free(a, true);
}

/* In force for so many seconds; who solicits also refreshes.  With the other's
 * word at hand, what is still under way to it or from it is out of date.
 */
static bool associate(struct assoc *a, uint32_t seconds)
{
	struct mag *m = a->node->mag;
	uint64_t ms = seconds * 1000ULL;

	if (!a->tunnel)
		a->tunnel = peer_tunnel_get(a->peer, PMIP_TUNNEL_MAG_TO_MAG);
	if (!a->tunnel)
		return false;
	forward_update(a->node);
	if (forward_confirm(a->node))
		return false;
	a->state = ASSOC_ASSOCIATED;
	a->tries = 0;
	a->fading = false;
	a->since = m->env->ops->now(m->env->ctx);
	a->expires = a->since + ms * NSEC_PER_MSEC;
	if (a->ours)
		ms = ms * 3 / 4 - m->env->ops->random(m->env->ctx) % (ms / 10);
	mag_timer(m, &a->timer, ms);
	mag_notify(m, "associated", &a->node->id, &a->peer->remote, NULL);
	return true;
}

/* The anchor no longer knows it: time for what is in flight, then the end, unless
 * the node is attached there: an anchor that has begun anew knows only who has
 * registered since.
 */
static void unnamed(struct assoc *a)
{
	struct mag *m = a->node->mag;

	a->ours = false;
	if (!a->tunnel) {
		/* what is under way is answered, and decides */
		if (!a->tries)
			assoc_free(a, false);
		return;
	}
	a->state = ASSOC_ASSOCIATED;
	a->tries = 0;
	a->fading = true;
	mag_timer(m, &a->timer, m->conf->linger_ms + 1000);
}

/**
 * assoc_named() - solicit the gateways that the anchor has named
 * @n: the node
 * @o: options of the PBA (option 51, RFC 6705 §11.2)
 */
void assoc_named(struct node *n, const struct mh_opts *o)
{
	struct assoc *a, *tmp;
	unsigned int i;

	DL_FOREACH(n->assocs, a)
		a->named = false;
	for (i = 0; (o->present & MH_HAS_MAG_ADDR) && i < o->n_mag; i++) {
		if (IN6_ARE_ADDR_EQUAL(&o->mag[i], &n->mag->conf->address))
			continue;
		a = assoc_get(n, &o->mag[i]);
		if (!a)
			continue;
		a->named = true;
		/* The other may have solicited, and not be told of us since. */
		if (a->ours && a->state != ASSOC_REFUSED && !a->fading &&
		    !a->doubted)
			continue;
		a->ours = true;
		assoc_solicit(a, a->tunnel ? ASSOC_REFRESHING :
					     ASSOC_SOLICITING);
		a->fading = false;
		a->doubted = false;
	}
	DL_FOREACH_SAFE(n->assocs, a, tmp)
		if (a->ours && !a->named)
			unnamed(a);
}

static void answer(struct mag *m, const struct in6_addr *to,
		   const struct mh_msg *shi, uint8_t status)
{
	struct mh_msg msg;

	if (!(shi->flags & SHI_F_A))
		return;
	memset(&msg, 0, sizeof(msg));
	msg.kind = MH_SHACK;
	msg.seq = shi->seq;
	msg.status = status;
	msg.lifetime = status == SHACK_OK ? shi->lifetime : 0;
	msg.opts.present = shi->opts.present & MH_HAS_MN_ID;
	msg.opts.mn_id = shi->opts.mn_id;
	m->counters.shack_tx++;
	m->env->ops->send_mh(m->env->ctx, &m->conf->address, to, &msg);
}

/* What it answers to an SHI of ours that is under way is not known yet: it may
 * have sent both in either order.  A new one gets what it thinks now.
 */
static void released(struct assoc *a)
{
	if (!a->tries) {
		assoc_free(a, false);
		return;
	}
	assoc_drop_tunnel(a);
	assoc_solicit(a, ASSOC_SOLICITING);
}

static uint8_t take_shi(struct mag *m, const struct in6_addr *src,
			const struct mh_msg *shi)
{
	struct node *n = mag_node_find(m, &shi->opts.mn_id);
	struct assoc *a;

	if (!m->conf->seamless || !(shi->opts.present & MH_HAS_MN_ID))
		return SHACK_UNSPECIFIED;
	if (!shi->lifetime) {
		a = n ? assoc_find(n, src) : NULL;
		if (a)
			released(a);
		return a ? SHACK_OK : SHACK_NOT_ATTACHED;
	}
	if (!node_attached(n))
		return SHACK_NOT_ATTACHED;
	a = assoc_get(n, src);
	if (!a)
		return SHACK_UNSPECIFIED;
	if (!associate(a, shi->lifetime * MH_LIFETIME_UNIT)) {
		assoc_free(a, false);
		return SHACK_UNSPECIFIED;
	}
	return SHACK_OK;
}

/**
 * mag_on_shi() - a Seamless Handover Initiate (draft §5.1)
 * @m: the gateway
 * @src: the other gateway
 * @dst: our address
 * @shi: the message
 *
 * Tunnel and path are asked for before the answer leaves; there is none
 * unless the A flag wants one, or for a gateway that conf.peer does not have.
 */
void mag_on_shi(struct mag *m, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_msg *shi)
{
	char a[INET6_ADDRSTRLEN];
	struct peer *p;
	uint8_t status;

	m->counters.shi_rx++;
	if (!IN6_ARE_ADDR_EQUAL(dst, &m->conf->address) || !mag_is_peer(m, src)) {
		m->counters.stray++;
		log_ratelimited(LOG_WARNING, "SHI of %s: not one of our peers",
				inet_ntop(AF_INET6, src, a, sizeof(a)));
		return;
	}
	p = peer_find(m->peers, dst, src);
	if (p)
		peer_heard(p);
	status = take_shi(m, src, shi);
	if (status)
		log_ratelimited(LOG_INFO, "SHI of %s: refused with %u",
				inet_ntop(AF_INET6, src, a, sizeof(a)), status);
	mag_notify(m, "shi-received", &shi->opts.mn_id, src,
		   status ? "refused" : "accepted");
	answer(m, src, shi, status);
}

static bool in_flight(struct node *n, const struct in6_addr *mag,
		      const struct mh_msg *shack, struct assoc **a)
{
	*a = n ? assoc_find(n, mag) : NULL;
	if (*a && (*a)->tries && (*a)->seq == shack->seq)
		return true;
	*a = NULL;
	return false;
}

/* §5.2 wants no option: without one the sequence number must do. */
static struct assoc *solicited(struct mag *m, const struct in6_addr *mag,
			       const struct mh_msg *shack)
{
	struct node *n, *tmp;
	struct assoc *a;

	if (shack->opts.present & MH_HAS_MN_ID) {
		in_flight(mag_node_find(m, &shack->opts.mn_id), mag, shack, &a);
		return a;
	}
	HASH_ITER(hh, m->nodes, n, tmp)
		if (in_flight(n, mag, shack, &a))
			return a;
	return NULL;
}

/* The other counts on a path that is not there: it must not, for now. */
static void retract(struct assoc *a)
{
	struct mag *m = a->node->mag;
	struct timer *again = a->ours ? &a->timer : NULL;

	send_shi(a, 0, 0);
	refuse(a);
	if (again)
		mag_timer(m, again, BINDACK_MAX_MS);
}

/**
 * mag_on_shack() - a Seamless Handover Acknowledge (draft §5.2)
 * @m: the gateway
 * @src: the other gateway
 * @dst: our address
 * @shack: the message; must answer an SHI in flight
 */
void mag_on_shack(struct mag *m, const struct in6_addr *src,
		  const struct in6_addr *dst, const struct mh_msg *shack)
{
	char text[INET6_ADDRSTRLEN];
	struct assoc *a = NULL;

	m->counters.shack_rx++;
	/* Strangers are not worth a search. */
	if (IN6_ARE_ADDR_EQUAL(dst, &m->conf->address) &&
	    peer_find(m->peers, dst, src))
		a = solicited(m, src, shack);
	if (!a) {
		m->counters.stray++;
		log_ratelimited(LOG_WARNING, "SHAck of %s answers no SHI",
				inet_ntop(AF_INET6, src, text, sizeof(text)));
		return;
	}
	peer_heard(a->peer);
	if (shack->status || !shack->lifetime)
		refuse(a);
	else if (!associate(a, shack->lifetime * MH_LIFETIME_UNIT))
		retract(a);
}

/**
 * mag_on_binding_error() - a Binding Error (RFC 6275 §6.1.9)
 * @m: the gateway
 * @src: who sent it
 * @dst: our address
 * @be: the message
 *
 * Status 2 from a gateway that we solicit: it does not know the scheme.
 */
void mag_on_binding_error(struct mag *m, const struct in6_addr *src,
			  const struct in6_addr *dst, const struct mh_msg *be)
{
	struct node *n, *tmp;
	struct assoc *a;

	(void)dst;
	if (be->status != BE_UNKNOWN_TYPE)
		return;
	HASH_ITER(hh, m->nodes, n, tmp) {
		a = assoc_find(n, src);
		if (a && a->tries)
			refuse(a);
	}
}
