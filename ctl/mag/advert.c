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

/* RFC 4861 §6.2.4: never in step with the neighbours */
static void ra_again(struct session *s)
{
	struct mag *m = s->mag;
	uint32_t quarter = m->conf->ra_ms / 4;

	if (!m->conf->ra_ms)
		return;
	mag_timer(m, &s->ra_timer, m->conf->ra_ms -
		  (quarter ? m->env->ops->random(m->env->ctx) % quarter : 0));
}

static void ra_fire(void *arg)
{
	advertise(arg, true);
	ra_again(arg);
}

/* RFC 4291 appendix A: what a node has that chooses no other identifier */
static bool guess_lla(struct in6_addr *a, const struct llid *l)
{
	static const uint8_t middle[] = { 0xff, 0xfe };

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
	return true;
}

static void probe_fire(void *arg)
{
	struct session *s = arg;
	struct mag *m = s->mag;
	struct in6_addr guess;

	if (!IN6_IS_ADDR_UNSPECIFIED(&s->lla))
		m->env->ops->probe(m->env->ctx, s->key.ifindex, &s->lla,
				   &s->key.lladdr);
	else if (guess_lla(&guess, &s->key.lladdr))
		m->env->ops->probe(m->env->ctx, s->key.ifindex, &guess, NULL);
	mag_timer(m, &s->probe_timer, m->conf->probe_ms);
}

/**
 * advert_start() - the node is to hear of its prefixes, and is to be probed
 * @s: a session whose binding the anchor has accepted
 */
void advert_start(struct session *s)
{
	if (!s->ra_timer.fire)
		timer_init(&s->ra_timer, ra_fire, s);
	if (!s->probe_timer.fire)
		timer_init(&s->probe_timer, probe_fire, s);
	advertise(s, true);
	ra_again(s);
	if (s->mag->conf->probe_ms)
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
