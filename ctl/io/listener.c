// SPDX-License-Identifier: GPL-2.0
/* Who listens to which group, pushed into the kernel module */
#include "io/io.h"
#include "io/pmip_msg.h"

#include <arpa/inet.h>

static void put_home(struct nlmsghdr *nlh, const struct prefix *p)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, PMIP_A_GROUP_PATH);

	mnl_attr_put_u8(nlh, PMIP_A_PATH_KIND, PMIP_PATH_HOME);
	mnl_attr_put(nlh, PMIP_A_PATH_PREFIX, sizeof(p->addr), &p->addr);
	mnl_attr_put_u8(nlh, PMIP_A_PATH_PREFIX_LEN, p->len);
	mnl_attr_nest_end(nlh, nest);
}

static void put_key(struct nlmsghdr *nlh, const struct dp_listener *l)
{
	if (l->upstream)
		mnl_attr_put_u32(nlh, PMIP_A_GROUP_UPSTREAM, l->upstream);
	mnl_attr_put(nlh, PMIP_A_GROUP_ADDR, sizeof(l->group), &l->group);
	if (!IN6_IS_ADDR_UNSPECIFIED(&l->source))
		mnl_attr_put(nlh, PMIP_A_GROUP_SOURCE, sizeof(l->source), &l->source);
	if (l->path.kind == PMIP_PATH_HOME)
		put_home(nlh, &l->home);
	else
		pmip_msg_path(nlh, PMIP_A_GROUP_PATH, &l->path);
}

/* With the kernel's numbers of tunnels; genl_end() is to follow. */
static struct nlmsghdr *begin(struct io *io, const struct dp_listener *l, uint8_t cmd,
			      uint16_t flags, const char *what)
{
	char group[INET6_ADDRSTRLEN];
	struct dp_listener k = *l;
	struct nlmsghdr *nlh;

	if (l->upstream)
		k.upstream = tunnel_map_id(io, l->upstream);
	if (l->path.kind == PMIP_PATH_TUNNEL)
		k.path.tunnel = tunnel_map_id(io, l->path.tunnel);
	nlh = genl_begin(&io->genl, cmd, flags, "listener of %s%s",
			 inet_ntop(AF_INET6, &l->group, group, sizeof(group)), what);
	put_key(nlh, &k);
	return nlh;
}

/**
 * forwarding_listener_set() - packets of a group go there, too
 * @io: the daemon
 * @l: the listener
 */
void forwarding_listener_set(struct io *io, const struct dp_listener *l)
{
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	nlh = begin(io, l, PMIP_CMD_LISTENER_NEW, NLM_F_CREATE | NLM_F_REPLACE, "");
	mnl_attr_put_u8(nlh, PMIP_A_GROUP_BLOCK, l->block);
	mnl_attr_put_u32(nlh, PMIP_A_GROUP_GENERATION, io->generation);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_listener_del() - packets of a group go there no more
 * @io: the daemon
 * @l: the listener
 */
void forwarding_listener_del(struct io *io, const struct dp_listener *l)
{
	if (io->genl.nl)
		genl_end(&io->genl, begin(io, l, PMIP_CMD_LISTENER_DEL, 0, ": removal"));
}
