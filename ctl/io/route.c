// SPDX-License-Identifier: GPL-2.0
/* Routes of the kernel's, by rtnetlink: added, taken away, listed and watched. */
#include "io/route.h"

#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct rtmsg *put_route(struct nlmsghdr *nlh, const struct route *r)
{
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	rtm->rtm_family = AF_INET6;
	rtm->rtm_dst_len = r->dst.len;
	rtm->rtm_table = RT_TABLE_UNSPEC;
	rtm->rtm_protocol = r->protocol;
	rtm->rtm_scope = RT_SCOPE_UNIVERSE;
	rtm->rtm_type = r->type;
	if (r->dst.len)
		mnl_attr_put(nlh, RTA_DST, sizeof(r->dst.addr), &r->dst.addr);
	if (r->ifindex && r->type == RTN_UNICAST)
		mnl_attr_put_u32(nlh, RTA_OIF, r->ifindex);
	mnl_attr_put_u32(nlh, RTA_TABLE, r->table);
	if (r->metric)
		mnl_attr_put_u32(nlh, RTA_PRIORITY, r->metric);
	return rtm;
}

/**
 * route_add() - add a route
 * @io: the daemon
 * @r: the route
 * @flags: NLM_F_REPLACE: in the place of any of that metric; NLM_F_EXCL: not if there is one
 *
 * Return: 0 or -errno.
 */
int route_add(struct io *io, const struct route *r, uint16_t flags)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = rtnl_request(io, buf, RTM_NEWROUTE, NLM_F_CREATE | flags);

	put_route(nlh, r);
	return rtnl_talk(io, nlh, NULL, NULL);
}

/**
 * route_del() - take a route away, if it is of that protocol
 * @io: the daemon
 * @r: the route
 *
 * Return: 0, also where there is none; or -errno.
 */
int route_del(struct io *io, const struct route *r)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = rtnl_request(io, buf, RTM_DELROUTE, 0);
	int ret;

	put_route(nlh, r);
	ret = rtnl_talk(io, nlh, NULL, NULL);
	return ret == -ESRCH ? 0 : ret;
}

/**
 * route_dump() - every IPv6 route of a protocol, in whichever table
 * @io: the daemon
 * @protocol: RTPROT_
 * @cb: called with each message, for route_parse(), and maybe with some of other protocols
 * @arg: passed on
 *
 * A router may have the whole Internet's: the kernel leaves out what is not asked for.
 *
 * Return: 0 or -errno.
 */
int route_dump(struct io *io, uint8_t protocol, mnl_cb_t cb, void *arg)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = rtnl_request(io, buf, RTM_GETROUTE, NLM_F_DUMP);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	rtm->rtm_family = AF_INET6;
	rtm->rtm_protocol = protocol;
	return rtnl_talk(io, nlh, cb, arg);
}

static int attr_cb(const struct nlattr *a, void *arg)
{
	const uint16_t len = mnl_attr_get_payload_len(a);
	struct route *r = arg;

	if (mnl_attr_get_type(a) == RTA_DST && len == sizeof(r->dst.addr))
		memcpy(&r->dst.addr, mnl_attr_get_payload(a), len);
	else if (mnl_attr_get_type(a) == RTA_TABLE && len == sizeof(r->table))
		r->table = mnl_attr_get_u32(a);
	else if (mnl_attr_get_type(a) == RTA_PRIORITY && len == sizeof(r->metric))
		r->metric = mnl_attr_get_u32(a);
	else if (mnl_attr_get_type(a) == RTA_OIF && len == sizeof(r->ifindex))
		r->ifindex = mnl_attr_get_u32(a);
	return MNL_CB_OK;
}

/**
 * route_parse() - read a message about a route
 * @nlh: the message
 * @r: filled
 *
 * Return: true; false: it is about something else.
 */
bool route_parse(const struct nlmsghdr *nlh, struct route *r)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	if ((nlh->nlmsg_type != RTM_NEWROUTE && nlh->nlmsg_type != RTM_DELROUTE) ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*rtm) || rtm->rtm_family != AF_INET6)
		return false;
	memset(r, 0, sizeof(*r));
	r->dst.len = rtm->rtm_dst_len;
	r->table = rtm->rtm_table;
	r->protocol = rtm->rtm_protocol;
	r->type = rtm->rtm_type;
	mnl_attr_parse(nlh, sizeof(*rtm), attr_cb, r);
	return true;
}

/* What may be the end of a route of that protocol: it is deleted, or another takes its place */
static int listen_for(int fd, uint8_t protocol)
{
	const uint32_t at_type = offsetof(struct nlmsghdr, nlmsg_type);
	const uint32_t at_flags = offsetof(struct nlmsghdr, nlmsg_flags);
	const uint32_t at_protocol = NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_protocol);
	struct sock_filter code[] = {
		/* a filter reads in network order */
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, at_type),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), 2, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, at_flags),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, htons(NLM_F_REPLACE), 2, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, at_protocol),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, protocol, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog filter = { .len = sizeof(code) / sizeof(*code), .filter = code };
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_IPV6_ROUTE };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return -errno;
	return 0;
}

/**
 * route_listen() - be told when a route of a protocol has gone
 * @protocol: RTPROT_
 *
 * On a router thousands of others may come and go a second: nearly all stay in the kernel.
 *
 * Return: a socket with the kernel's messages, for route_parse(), or -errno.
 */
int route_listen(uint8_t protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE), ret;

	if (fd < 0)
		return -errno;
	ret = listen_for(fd, protocol);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}
