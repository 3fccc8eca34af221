// SPDX-License-Identifier: GPL-2.0
/* The state machines' forwarding state, pushed into the kernel module. */
#include "core/log.h"
#include "io/io.h"
#include "io/pmip_msg.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SET	(NLM_F_CREATE | NLM_F_REPLACE)

/* The kernel lets nobody change the addresses of a tunnel: the number is taken. */
static void on_tunnel_refused(void *arg, uint32_t id, int error)
{
	if (error == -EINVAL)
		tunnel_map_take(arg, id);
}

struct latest {
	bool said;
	uint32_t generation;
};

static int latest_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct latest *l = arg;

	l->said = !pmip_msg_parse_stats(nlh, &l->generation);
	return MNL_CB_OK;
}

/* The state directory may be lost, or an old one: the kernel knows better. */
static int catch_up(struct io *io)
{
	struct latest l = { .said = false };
	int ret = genl_get(&io->genl, PMIP_CMD_STATS_GET, latest_cb, &l);

	if (ret)
		return ret;
	if (!l.said) {
		log_err("the kernel's module is older than this pmipd, and does not say which generation it holds: load the one that belongs to it");
		return -EPROTONOSUPPORT;
	}
	return l.generation ? restart_counter_pass(io->conf->state_dir, &io->generation,
						   l.generation) : 0;
}

static int say(int ret)
{
	if (!ret)
		return 0;
	log_err("generic netlink family \"%s\": %s", PMIP_FAMILY_NAME, strerror(-ret));
	return -1;
}

/**
 * forwarding_open() - find the module, and the generation to use with it
 * @io: the daemon
 *
 * Return: 0, or -1 after saying why not.
 */
int forwarding_open(struct io *io)
{
	int ret = genl_start(&io->genl, PMIP_FAMILY_NAME, PMIP_MCGRP_EVENTS);

	io->genl.on_tunnel_refused = on_tunnel_refused;
	io->genl.arg = io;
	if (ret == -ENOENT) {
		log_err("the kernel has no generic netlink family \"%s\": modprobe pmip, or set kernel = false for a dry run",
			PMIP_FAMILY_NAME);
		return -1;
	}
	if (!ret)
		ret = catch_up(io);
	if (!ret) {
		forwarding_hold_limits(io);
		ret = forwarding_commit(io);
	}
	return say(ret);
}

/* There may be a million of them: they are read once, for all who want to know. */
static int binding_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct io *io = arg;
	struct dp_binding b;
	int ret;

	if (pmip_msg_parse_binding(nlh, &b))
		return MNL_CB_OK;
	ret = inherit_add(io, &b);
	if (!ret && io->conf->mag.enabled)
		ret = kept_add(&io->kept, &b);
	if (!ret)
		return MNL_CB_OK;
	errno = -ret;
	return MNL_CB_ERROR;
}

/**
 * forwarding_load() - learn what the module holds from before
 * @io: the daemon, with the table of peers and the socket; no machine yet
 *
 * Messages are taken meanwhile.
 *
 * Return: 0, or -1 after saying why not.
 */
int forwarding_load(struct io *io)
{
	int ret;

	io->genl.between = io_serve;
	ret = tunnel_map_load(io);
	if (!ret)
		ret = genl_dump(&io->genl, PMIP_CMD_BINDING_GET, binding_cb, io);
	if (!ret)
		ret = flow_load(io);
	io->genl.between = NULL;
	return say(ret);
}

/**
 * forwarding_close() - push what waits, leave it in the kernel, and forget it
 * @io: the daemon
 */
void forwarding_close(struct io *io)
{
	genl_stop(&io->genl);
	inherit_free(io);
	kept_free(&io->kept);
	flow_forget(io);
	tunnel_map_free(io);
}

static void push_all(struct io *io)
{
	struct peer *p, *tmp;
	unsigned int i;

	for (i = 0; i < io->n_links; i++)
		if (io->link[i].ifindex)
			forwarding_link_set(io, &io->link[i]);
	HASH_ITER(hh, io->peers.table, p, tmp)
		peer_tunnel_renew(p);
	if (io->lma)
		lma_renew(io->lma);
	if (io->mag)
		mag_renew(io->mag);
	/* who is refused now hears of it when it is refreshed */
	if (forwarding_commit(io))
		log_err("kernel: not all forwarding state could be restored");
}

/**
 * forwarding_reload() - the module has been loaded again, and knows nothing
 * @io: the daemon
 *
 * Return: 0 once everything has been told again, else -errno.
 */
int forwarding_reload(struct io *io)
{
	int ret;

	/* addressed to a family that is no more */
	forwarding_commit(io);
	ret = genl_resolve(&io->genl, PMIP_FAMILY_NAME, PMIP_MCGRP_EVENTS);
	if (ret) {
		log_err("generic netlink family \"%s\": %s", PMIP_FAMILY_NAME, strerror(-ret));
		return ret;
	}
	log_warn("kernel: the module is back; telling it everything");
	inherit_free(io);
	kept_free(&io->kept);
	flow_forget(io);
	tunnel_map_free(io);
	forwarding_hold_limits(io);
	if (!device_setup(io))
		push_all(io);
	return 0;
}

/**
 * forwarding_flush() - all that was asked for is in force on return
 * @io: the daemon
 */
void forwarding_flush(struct io *io)
{
	if (!io->genl.nl)
		return;
	genl_flush(&io->genl);
	io->counters.netlink_errors = io->genl.errors;
}

/**
 * forwarding_commit() - the same, and whether the kernel has taken it all
 * @io: the daemon
 *
 * Return: 0, also in a dry run; -errno of the first refusal since the last call.
 */
int forwarding_commit(struct io *io)
{
	if (!io->genl.nl)
		return 0;
	forwarding_flush(io);
	return genl_commit(&io->genl);
}

/**
 * forwarding_tunnel_set() - create or change a tunnel
 * @io: the daemon
 * @t: the tunnel
 */
void forwarding_tunnel_set(struct io *io, const struct dp_tunnel *t)
{
	char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN];
	struct dp_tunnel k = *t;
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	tunnel_map_give_back(io, t->id);
	k.id = tunnel_map_adopt(io, t);
	nlh = genl_begin(&io->genl, PMIP_CMD_TUNNEL_NEW, SET, "tunnel %u %s-%s", k.id,
			 inet_ntop(AF_INET6, &t->local, a, sizeof(a)),
			 inet_ntop(AF_INET6, &t->remote, b, sizeof(b)));
	genl_names_tunnel(&io->genl, t->id);
	pmip_msg_tunnel(nlh, &k, io->generation);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_tunnel_remove() - remove a tunnel
 * @io: the daemon
 * @kernel_id: the kernel's number of it
 */
void forwarding_tunnel_remove(struct io *io, uint32_t kernel_id)
{
	struct nlmsghdr *nlh;

	nlh = genl_begin(&io->genl, PMIP_CMD_TUNNEL_DEL, 0, "tunnel %u: removal", kernel_id);
	mnl_attr_put_u32(nlh, PMIP_A_TUNNEL_ID, kernel_id);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_tunnel_del() - a tunnel has no user any more
 * @io: the daemon
 * @id: the machines' number of it
 *
 * Before the purge an earlier daemon's bindings may still lead into it.
 */
void forwarding_tunnel_del(struct io *io, uint32_t id)
{
	if (!io->genl.nl)
		return;
	/* whose it is shows only in the answer */
	if (io->genl.n_tunnels)
		forwarding_flush(io);
	if (tunnel_map_give_back(io, id) || (!io->purged && tunnel_map_release(io, id)))
		return;
	forwarding_tunnel_remove(io, tunnel_map_id(io, id));
	tunnel_map_forget(io, id);
}

/**
 * forwarding_binding_set() - create or change a binding
 * @io: the daemon
 * @b: the binding with all its paths
 */
void forwarding_binding_set(struct io *io, const struct dp_binding *b)
{
	struct dp_binding k = *b;
	char p[PREFIX_STRLEN];
	struct nlmsghdr *nlh;
	unsigned int i;

	if (!io->genl.nl)
		return;
	k.uplink = tunnel_map_id(io, b->uplink);
	for (i = 0; i < k.n_paths && i < PMIP_BINDING_PATHS; i++)
		if (k.path[i].kind == PMIP_PATH_TUNNEL)
			k.path[i].tunnel = tunnel_map_id(io, k.path[i].tunnel);
	inherit_merge(io, b, &k);
	nlh = genl_begin(&io->genl, PMIP_CMD_BINDING_NEW, SET, "binding %s",
			 prefix_str(&b->prefix, p, sizeof(p)));
	pmip_msg_binding(nlh, &k, io->generation);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_binding_del() - remove a binding
 * @io: the daemon
 * @p: its prefix
 */
void forwarding_binding_del(struct io *io, const struct prefix *p)
{
	char text[PREFIX_STRLEN];
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	inherit_forget(io, p);
	nlh = genl_begin(&io->genl, PMIP_CMD_BINDING_DEL, 0, "binding %s: removal",
			 prefix_str(p, text, sizeof(text)));
	pmip_msg_prefix(nlh, p);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_path_state() - set a neighbour up or down
 * @io: the daemon
 * @ifindex: the access link
 * @lladdr: the neighbour
 * @state: enum pmip_state
 */
void forwarding_path_state(struct io *io, uint32_t ifindex,
			   const struct llid *lladdr, uint8_t state)
{
	char text[LLID_STRLEN];
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	nlh = genl_begin(&io->genl, PMIP_CMD_PATH_SET, 0, "path %s %s", link_name(io, ifindex),
			 llid_str(lladdr, text, sizeof(text)));
	pmip_msg_path_state(nlh, ifindex, lladdr, state);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_link_set() - give a device to the module
 * @io: the daemon
 * @l: the device, which is present
 */
void forwarding_link_set(struct io *io, const struct io_link *l)
{
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	nlh = genl_begin(&io->genl, PMIP_CMD_LINK_NEW, SET, "link %s", l->name);
	pmip_msg_link(nlh, l->ifindex, l->access ? PMIP_LINK_ACCESS : PMIP_LINK_CORE,
		      l->stack ? PMIP_LINK_F_STACK : 0, io->generation);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_purge() - remove what an earlier daemon left and nobody renewed
 * @io: the daemon
 * @limit: how many flows and bindings are looked at; the next time it goes on behind them
 *
 * Return: whether there are more of them.
 */
bool forwarding_purge(struct io *io, uint32_t limit)
{
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return false;
	io->genl.again = false;
	nlh = genl_begin(&io->genl, PMIP_CMD_PURGE, 0, "purge before generation %u",
			 io->generation);
	mnl_attr_put_u32(nlh, PMIP_A_PURGE_GENERATION, io->generation);
	mnl_attr_put_u32(nlh, PMIP_A_PURGE_LIMIT, limit);
	genl_end(&io->genl, nlh);
	forwarding_flush(io);
	return io->genl.again;
}

/**
 * forwarding_purged() - no binding of an earlier daemon is left
 * @io: the daemon; tunnels that only those used go
 */
void forwarding_purged(struct io *io)
{
	if (!io->genl.nl)
		return;
	io->purged = true;
	flow_forget(io);
	tunnel_map_purge(io);
	forwarding_flush(io);
}
