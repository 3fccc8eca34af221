// SPDX-License-Identifier: GPL-2.0
/* The table of gateways, and the tunnel that each pair of them shares. */
#include "peer/peer.h"
#include "peer/heartbeat.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

#define KEY_LEN	(2 * sizeof(struct in6_addr))

/**
 * peers_init() - make an empty table
 * @ps: the table
 * @env: what it may do to the world; must outlive it
 * @conf: copied
 */
void peers_init(struct peers *ps, struct env *env, const struct peer_conf *conf)
{
	memset(ps, 0, sizeof(*ps));
	ps->env = env;
	ps->conf = *conf;
	ps->next_tunnel = 1;
}

/**
 * peers_free() - forget every peer
 * @ps: the table
 *
 * Asks for nothing: the forwarding state outlives the process.
 */
void peers_free(struct peers *ps)
{
	struct peer *p, *tmp;

	HASH_ITER(hh, ps->table, p, tmp) {
		timerq_cancel(ps->env->timers, &p->hb_timer);
		HASH_DEL(ps->table, p);
		free(p);
	}
}

/**
 * peer_find() - look up a pair of gateways
 * @ps: the table
 * @local: this gateway's address
 * @remote: the other's
 *
 * Return: the peer, NULL if there is none.
 */
struct peer *peer_find(struct peers *ps, const struct in6_addr *local,
		       const struct in6_addr *remote)
{
	struct in6_addr key[2] = { *local, *remote };
	struct peer *p;

	HASH_FIND(hh, ps->table, key, KEY_LEN, p);
	return p;
}

/**
 * peer_get() - look up a pair of gateways, or make it known
 * @ps: the table
 * @local: this gateway's address
 * @remote: the other's
 *
 * A new peer counts as alive, and nothing is sent to it yet.
 *
 * Return: the peer, NULL if there is no memory.
 */
struct peer *peer_get(struct peers *ps, const struct in6_addr *local,
		      const struct in6_addr *remote)
{
	struct peer *p = peer_find(ps, local, remote);

	if (p)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->local = *local;
	p->remote = *remote;
	p->alive = true;
	p->owner = ps;
	p->hb_seq = ps->env->ops->random(ps->env->ctx);
	timer_init(&p->hb_timer, heartbeat_timer, p);
	HASH_ADD(hh, ps->table, local, KEY_LEN, p);
	return p;
}

/**
 * peer_recall() - make a peer known that an earlier daemon had heartbeats with
 * @ps: the table
 * @m: what it wrote down
 *
 * Its counter is compared with the next one heard: a restart that fell into
 * the time between the two daemons is noticed as any other.
 *
 * Return: the peer, NULL if there is no memory.
 */
struct peer *peer_recall(struct peers *ps, const struct peer_memory *m)
{
	struct peer *p = peer_get(ps, &m->local, &m->remote);

	if (!p)
		return NULL;
	p->mute = m->mute;
	p->hears_heartbeats = !m->mute;
	p->heard_restart = m->counted;
	p->restart_counter = m->counter;
	return p;
}

/**
 * peer_remember() - what the next daemon ought to know of a peer
 * @p: the peer
 * @m: filled
 *
 * Return: false if it has shown nothing of heartbeats.
 */
bool peer_remember(const struct peer *p, struct peer_memory *m)
{
	*m = (struct peer_memory) {
		.local = p->local, .remote = p->remote, .mute = p->mute,
		.counted = p->heard_restart, .counter = p->restart_counter,
	};
	return p->mute || p->hears_heartbeats;
}

/* Ids of tunnels that still exist are met only after 2^32 new ones. */
static uint32_t new_tunnel_id(struct peers *ps)
{
	uint32_t id = ps->next_tunnel++;

	if (!ps->next_tunnel)
		ps->next_tunnel = 1;
	return id;
}

/* Tell the kernel of the tunnel as it should be now. */
static void push_tunnel(const struct peer *p)
{
	struct env *env = p->owner->env;
	struct dp_tunnel t = {
		.id = p->tunnel,
		.local = p->local,
		.remote = p->remote,
		.role = p->tunnel_role,
		.state = p->alive ? PMIP_STATE_UP : PMIP_STATE_DOWN,
	};

	env->ops->dp_tunnel_set(env->ctx, &t);
}

/**
 * peer_tunnel_get() - one more user of the tunnel to a peer
 * @p: the peer
 * @role: enum pmip_tunnel_role; that of the first user stays
 *
 * The first user makes the tunnel and starts the heartbeats: RFC 5847 §3
 * wants none where there is no binding.
 *
 * Return: the tunnel's id, 0 if there is no memory.
 */
uint32_t peer_tunnel_get(struct peer *p, uint8_t role)
{
	if (p->users) {
		p->users++;
		return p->tunnel;
	}
	if (heartbeat_start(p))
		return 0;
	p->tunnel = new_tunnel_id(p->owner);
	p->tunnel_role = role;
	p->users = 1;
	push_tunnel(p);
	return p->tunnel;
}

/**
 * peer_tunnel_put() - one user fewer; the last one removes the tunnel
 * @p: the peer
 */
void peer_tunnel_put(struct peer *p)
{
	struct env *env = p->owner->env;

	if (!p->users || --p->users)
		return;
	heartbeat_stop(p);
	env->ops->dp_tunnel_del(env->ctx, p->tunnel);
	p->tunnel = 0;
}

/**
 * peer_tunnel_renew() - tell the kernel once more of the tunnel to a peer
 * @p: the peer; nothing is told if nobody uses the tunnel
 *
 * Somebody may have removed it, or the module.
 */
void peer_tunnel_renew(struct peer *p)
{
	if (p->users)
		push_tunnel(p);
}

/**
 * peer_set_alive() - note that a peer has died or come back
 * @p: the peer
 * @alive: which
 *
 * The tunnel's state changes before anybody is told, so that packets are on
 * their way by another path first.
 */
void peer_set_alive(struct peer *p, bool alive)
{
	struct peers *ps = p->owner;
	struct notice n = {
		.event = alive ? "peer-alive" : "peer-dead",
		.peer = &p->remote,
	};

	if (p->alive == alive)
		return;
	p->alive = alive;
	if (p->users)
		push_tunnel(p);
	ps->env->ops->notify(ps->env->ctx, &n);
	if (alive && ps->on_alive)
		ps->on_alive(ps->arg, p);
	if (!alive && ps->on_dead)
		ps->on_dead(ps->arg, p);
}

/**
 * peer_heard() - something valid came from a peer
 * @p: the peer
 *
 * Any message shows that it lives; the count of missing heartbeats restarts.
 */
void peer_heard(struct peer *p)
{
	p->missed = 0;
	peer_set_alive(p, true);
}
