// SPDX-License-Identifier: GPL-2.0
/*
 * Tunnels outlive the daemon.  There is one per pair of addresses, so that
 * one which the kernel kept keeps its number there, whatever number the new
 * daemon's machines give to the pair.
 */
#include "core/hash.h"
#include "core/log.h"
#include "io/io.h"
#include "io/pmip_msg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct pair {
	struct in6_addr local, remote;
};

struct tunnel_map {
	struct pair pair;
	uint32_t kernel_id, id;		/* id 0: nobody has asked for the pair yet */
	UT_hash_handle hh_pair, hh_id;
};

struct taken_id {
	uint32_t id;
	UT_hash_handle hh;
};

struct maps {
	struct io *io;
	uint32_t highest;
};

static int load_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct maps *m = arg;
	struct dp_tunnel t;
	struct tunnel_map *e;

	if (pmip_msg_parse_tunnel(nlh, &t))
		return MNL_CB_OK;
	if (t.id > m->highest)
		m->highest = t.id;
	e = calloc(1, sizeof(*e));
	if (!e) {
		errno = ENOMEM;
		return MNL_CB_ERROR;
	}
	e->pair.local = t.local;
	e->pair.remote = t.remote;
	e->kernel_id = t.id;
	HASH_ADD(hh_pair, m->io->tunnels, pair, sizeof(e->pair), e);
	return MNL_CB_OK;
}

/**
 * tunnel_map_load() - learn which tunnels the kernel has kept
 * @io: the daemon; its machines' numbers begin after the highest in use
 *
 * Return: 0 or -errno.
 */
int tunnel_map_load(struct io *io)
{
	struct maps m = { .io = io };
	int ret = genl_dump(&io->genl, PMIP_CMD_TUNNEL_GET, load_cb, &m);

	if (!ret && m.highest >= io->peers.next_tunnel)
		io->peers.next_tunnel = m.highest + 1;
	return ret;
}

/**
 * tunnel_map_free() - forget all of it
 * @io: the daemon
 */
void tunnel_map_free(struct io *io)
{
	struct tunnel_map *e, *tmp;
	struct taken_id *t, *ttmp;

	HASH_ITER(hh, io->taken, t, ttmp) {
		HASH_DEL(io->taken, t);
		free(t);
	}
	HASH_CLEAR(hh_id, io->tunnels_by_id);
	HASH_ITER(hh_pair, io->tunnels, e, tmp) {
		HASH_DELETE(hh_pair, io->tunnels, e);
		free(e);
	}
}

/**
 * tunnel_map_adopt() - the kernel's number for a tunnel that is being set
 * @io: the daemon
 * @t: the tunnel
 *
 * Return: the number of the kept tunnel of the same pair, or @t's own.
 */
uint32_t tunnel_map_adopt(struct io *io, const struct dp_tunnel *t)
{
	struct pair pair = { t->local, t->remote };
	struct tunnel_map *e;

	HASH_FIND(hh_pair, io->tunnels, &pair, sizeof(pair), e);
	if (!e)
		return t->id;
	if (e->id != t->id) {
		if (e->id)
			HASH_DELETE(hh_id, io->tunnels_by_id, e);
		e->id = t->id;
		HASH_ADD(hh_id, io->tunnels_by_id, id, sizeof(e->id), e);
		log_debug("tunnel %u is the kernel's %u", t->id, e->kernel_id);
	}
	return e->kernel_id;
}

/**
 * tunnel_map_id() - the kernel's number for a tunnel
 * @io: the daemon
 * @id: the machines' number
 *
 * Return: the kernel's, mostly the same.
 */
uint32_t tunnel_map_id(const struct io *io, uint32_t id)
{
	struct tunnel_map *e;

	HASH_FIND(hh_id, io->tunnels_by_id, &id, sizeof(id), e);
	return e ? e->kernel_id : id;
}

/**
 * tunnel_map_release() - nobody here uses a tunnel any more, so far
 * @io: the daemon
 * @id: the machines' number
 *
 * Return: false if the kernel did not keep it from before.
 */
bool tunnel_map_release(struct io *io, uint32_t id)
{
	struct tunnel_map *e;

	HASH_FIND(hh_id, io->tunnels_by_id, &id, sizeof(id), e);
	if (!e)
		return false;
	HASH_DELETE(hh_id, io->tunnels_by_id, e);
	e->id = 0;
	return true;
}

/**
 * tunnel_map_forget() - a tunnel is gone from the kernel
 * @io: the daemon
 * @id: the machines' number
 */
void tunnel_map_forget(struct io *io, uint32_t id)
{
	struct tunnel_map *e;

	HASH_FIND(hh_id, io->tunnels_by_id, &id, sizeof(id), e);
	if (!e)
		return;
	HASH_DELETE(hh_id, io->tunnels_by_id, e);
	HASH_DELETE(hh_pair, io->tunnels, e);
	free(e);
}

/**
 * tunnel_map_purge() - remove the kept tunnels that nobody uses
 * @io: the daemon; bindings of earlier ones are gone
 */
void tunnel_map_purge(struct io *io)
{
	struct tunnel_map *e, *tmp;

	HASH_ITER(hh_pair, io->tunnels, e, tmp) {
		if (e->id)
			continue;
		forwarding_tunnel_remove(io, e->kernel_id);
		HASH_DELETE(hh_pair, io->tunnels, e);
		free(e);
	}
}

/**
 * tunnel_map_unheard() - whether some gateway cannot have registered again yet
 * @io: the daemon, an anchor
 *
 * By heartbeats a gateway hears of our restart within an interval; one that
 * has none registers again when its sessions are due.
 *
 * Return: true if a kept tunnel leads to such a one: not all of its sessions may be
 * back.
 */
bool tunnel_map_unheard(struct io *io)
{
	const struct in6_addr *local = &io->conf->lma.address;
	struct tunnel_map *e, *tmp;
	struct peer *p;

	HASH_ITER(hh_pair, io->tunnels, e, tmp) {
		if (!IN6_ARE_ADDR_EQUAL(&e->pair.local, local))
			continue;
		p = peer_find(&io->peers, local, &e->pair.remote);
		if (!io->conf->peer.heartbeat_ms || !p || !p->hears_heartbeats)
			return true;
	}
	return false;
}

/**
 * tunnel_map_take() - a tunnel's number is somebody else's in the kernel
 * @io: the daemon
 * @id: the machines' number of a tunnel that was refused
 *
 * When the machines let go of it, the other's must stay.
 */
void tunnel_map_take(struct io *io, uint32_t id)
{
	struct taken_id *t;

	HASH_FIND(hh, io->taken, &id, sizeof(id), t);
	if (t)
		return;
	t = calloc(1, sizeof(*t));
	if (!t) {
		log_ratelimited(LOG_ERR, "no memory to note a refused tunnel");
		return;
	}
	t->id = id;
	HASH_ADD(hh, io->taken, id, sizeof(t->id), t);
}

/**
 * tunnel_map_give_back() - a tunnel is asked for again, or given up
 * @io: the daemon
 * @id: the machines' number of it
 *
 * Return: true if the kernel's tunnel of that number was somebody else's.
 */
bool tunnel_map_give_back(struct io *io, uint32_t id)
{
	struct taken_id *t;

	HASH_FIND(hh, io->taken, &id, sizeof(id), t);
	if (!t)
		return false;
	HASH_DEL(io->taken, t);
	free(t);
	return true;
}
