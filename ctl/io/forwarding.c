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

/**
 * forwarding_open() - find the module and what it holds from before
 * @io: the daemon
 *
 * Return: 0, or -1 after saying why not.
 */
int forwarding_open(struct io *io)
{
	int ret = genl_start(&io->genl, PMIP_FAMILY_NAME, PMIP_MCGRP_EVENTS);

	if (ret == -ENOENT) {
		log_err("the kernel has no generic netlink family \"%s\": modprobe pmip, or set kernel = false for a dry run",
			PMIP_FAMILY_NAME);
		return -1;
	}
	if (!ret)
		ret = tunnel_map_load(io);
	if (ret) {
		log_err("generic netlink family \"%s\": %s", PMIP_FAMILY_NAME, strerror(-ret));
		return -1;
	}
	return 0;
}

/**
 * forwarding_close() - push what waits and leave it in the kernel
 * @io: the daemon
 */
void forwarding_close(struct io *io)
{
	genl_stop(&io->genl);
	tunnel_map_free(io);
}

/**
 * forwarding_flush() - all that was asked for is in force on return
 * @io: the daemon
 */
void forwarding_flush(struct io *io)
{
	uint64_t before = io->genl.errors;

	if (!io->genl.nl)
		return;
	genl_flush(&io->genl);
	io->counters.netlink_errors += io->genl.errors - before;
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
	k.id = tunnel_map_adopt(io, t);
	nlh = genl_begin(&io->genl, PMIP_CMD_TUNNEL_NEW, SET, "tunnel %u %s-%s", k.id,
			 inet_ntop(AF_INET6, &t->local, a, sizeof(a)),
			 inet_ntop(AF_INET6, &t->remote, b, sizeof(b)));
	pmip_msg_tunnel(nlh, &k, io->generation);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_tunnel_del() - remove a tunnel
 * @io: the daemon
 * @id: the machines' number of it
 */
void forwarding_tunnel_del(struct io *io, uint32_t id)
{
	uint32_t kernel_id = tunnel_map_id(io, id);
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	nlh = genl_begin(&io->genl, PMIP_CMD_TUNNEL_DEL, 0, "tunnel %u: removal", kernel_id);
	mnl_attr_put_u32(nlh, PMIP_A_TUNNEL_ID, kernel_id);
	genl_end(&io->genl, nlh);
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
 */
void forwarding_purge(struct io *io)
{
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	nlh = genl_begin(&io->genl, PMIP_CMD_PURGE, 0, "purge before generation %u",
			 io->generation);
	mnl_attr_put_u32(nlh, PMIP_A_PURGE_GENERATION, io->generation);
	genl_end(&io->genl, nlh);
	forwarding_flush(io);
	tunnel_map_forget(io, 0);
}
