// SPDX-License-Identifier: GPL-2.0
/*
 * Tunnels outlive the daemon.  There is one per pair of addresses, so that
 * one which the kernel kept keeps its number there, whatever number the new
 * daemon's machines give to the pair.
 */
#include "core/log.h"
#include "io/io.h"
#include "io/pmip_msg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct pair {
	struct in6_addr local, remote;
};

struct tunnel_map {
	struct pair pair;
	uint32_t kernel_id, id;		/* id 0: nobody has asked for the pair yet */
	UT_hash_handle hh_pair, hh_id;
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
 * tunnel_map_forget() - a tunnel is gone from the kernel
 * @io: the daemon
 * @id: the machines' number; 0: all that nobody asked for, purged by now
 */
void tunnel_map_forget(struct io *io, uint32_t id)
{
	struct tunnel_map *e, *tmp;

	if (id) {
		HASH_FIND(hh_id, io->tunnels_by_id, &id, sizeof(id), e);
		if (!e)
			return;
		HASH_DELETE(hh_id, io->tunnels_by_id, e);
		HASH_DELETE(hh_pair, io->tunnels, e);
		free(e);
		return;
	}
	HASH_ITER(hh_pair, io->tunnels, e, tmp) {
		if (e->id)
			continue;
		HASH_DELETE(hh_pair, io->tunnels, e);
		free(e);
	}
}
