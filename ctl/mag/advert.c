// SPDX-License-Identifier: GPL-2.0
/* Router advertisements to a session's mobile node (RFC 5213 §6.9.2, §6.12). */
#include "mag/session.h"

#include <arpa/inet.h>
#include <string.h>

/* RFC 2473 §6.7: a path of 1500 bytes, less the outer header; a constant, see
 * Documentation/mag.rst
 */
#define TUNNEL_MTU	1460

static void advertise(struct session *s, bool alive)
{
	struct mag *m = s->mag;
	struct ra_out ra;

	memset(&ra, 0, sizeof(ra));
	ra.ifindex = s->key.ifindex;
	ra.lladdr = s->key.lladdr;
	ra.dst = s->lla;
	if (IN6_IS_ADDR_UNSPECIFIED(&ra.dst))
		inet_pton(AF_INET6, "ff02::1", &ra.dst);
	if (alive) {
		ra.router_lifetime = m->conf->router_lifetime;
		ra.valid = s->lifetime;
		ra.preferred = s->lifetime;
	}
	ra.mtu = TUNNEL_MTU;
	ra.n_prefixes = s->n_hnp;
	memcpy(ra.prefix, s->hnp, s->n_hnp * sizeof(*s->hnp));
	m->counters.ra_tx++;
	m->env->ops->send_ra(m->env->ctx, &ra);
}

/*
 * RFC 4861 §6.2.4: never in step with the neighbours.  Two may be lost before the
 * node gives up a prefix that is advertised for so long.
 */
static void ra_again(struct session *s)
{
	struct mag *m = s->mag;
	uint64_t ms = s->lifetime * 1000ULL / 3;

	if (!m->conf->ra_ms)
		return;
	if (ms > m->conf->ra_ms)
		ms = m->conf->ra_ms;
	if (ms >= 4)
		ms -= m->env->ops->random(m->env->ctx) % (ms / 4);
	mag_timer(m, &s->ra_timer, ms);
}

static void ra_fire(void *arg)
{
	advertise(arg, true);
	ra_again(arg);
}

/*
 * What the interface had at another gateway; or RFC 4291 appendix A: what a node has that
 * chooses no other identifier
 */
static bool guess_lla(struct in6_addr *a, const struct session *s)
{
	static const uint8_t middle[] = { 0xff, 0xfe };
	const struct llid *l = &s->key.lladdr;

	if (!IN6_IS_ADDR_UNSPECIFIED(&s->told_lla)) {
		*a = s->told_lla;
		return true;
	}
	if (l->len != 6 && l->len != 8)
		return false;
	inet_pton(AF_INET6, "fe80::", a);
	if (l->len == 8) {
		memcpy(&a->s6_addr[8], l->id, 8);
	} else {
		memcpy(&a->s6_addr[8], l->id, 3);
		memcpy(&a->s6_addr[11], middle, sizeof(middle));
		memcpy(&a->s6_addr[13], l->id + 3, 3);
	}
	a->s6_addr[8] ^= 2;
	return addr_is_link_local(a);
}

/**
 * advert_probed() - by which address a node is probed
 * @s: its session
 * @a: filled: the address that it was heard by, else the likely one
 *
 * The kernel takes the silence of this address alone for the node's departure.
 *
 * Return: false if there is none.
 */
bool advert_probed(const struct session *s, struct in6_addr *a)
{
	*a = s->lla;
	return !IN6_IS_ADDR_UNSPECIFIED(a) || guess_lla(a, s);
}

static void probe(const struct session *s)
{
	struct env *env = s->mag->env;
	struct in6_addr guess;

	if (!IN6_IS_ADDR_UNSPECIFIED(&s->lla))
		env->ops->probe(env->ctx, s->key.ifindex, &s->lla, &s->key.lladdr);
	else if (guess_lla(&guess, s))
		env->ops->probe(env->ctx, s->key.ifindex, &guess, NULL);
}

static void probe_fire(void *arg)
{
	struct session *s = arg;

	probe(s);
	mag_timer(s->mag, &s->probe_timer, s->mag->conf->probe_ms);
}

/**
 * advert_probe() - find out whether the node is there
 * @s: the session; one that has been left is probed now, and once
 * @ms: when
 */
void advert_probe(struct session *s, uint64_t ms)
{
	if (!session_attached(s)) {
		probe(s);
		return;
	}
	if (!s->probe_timer.fire)
		timer_init(&s->probe_timer, probe_fire, s);
	mag_timer(s->mag, &s->probe_timer, ms);
}

/**
 * advert_start() - the node is to hear of its prefixes, and is to be probed
 * @s: a session whose binding the anchor has accepted, for the first time or again:
 *	what was advertised lasts as long as that binding
 */
void advert_start(struct session *s)
{
	if (!s->ra_timer.fire)
		timer_init(&s->ra_timer, ra_fire, s);
	if (!s->probe_timer.fire)
		timer_init(&s->probe_timer, probe_fire, s);
	advertise(s, true);
	ra_again(s);
	if (s->mag->conf->probe_ms && !timer_pending(&s->probe_timer))
		mag_timer(s->mag, &s->probe_timer, s->mag->conf->probe_ms);
}

/**
 * advert_stop() - no more advertisements, no more probes
 * @s: the session
 */
void advert_stop(struct session *s)
{
	timerq_cancel(s->mag->env->timers, &s->ra_timer);
	timerq_cancel(s->mag->env->timers, &s->probe_timer);
}

/**
 * advert_send() - answer a solicitation
 * @s: the session; nothing is sent unless it has an accepted binding
 */
void advert_send(struct session *s)
{
	if (s->state == SESSION_ACTIVE || s->state == SESSION_REFRESHING)
		advertise(s, true);
}

/**
 * advert_withdraw() - take router and prefixes back (RFC 5213 §6.12)
 * @s: the session; nothing is sent where nobody can hear it, or where
 *	nothing was advertised
 */
void advert_withdraw(struct session *s)
{
	advert_stop(s);
	if (s->tunnel && s->n_hnp && !s->silent)
		advertise(s, false);
}
