// SPDX-License-Identifier: GPL-2.0
/* rtnetlink: one request and its answer at a time, and the links' news. */
#include "core/log.h"
#include "io/announce.h"
#include "io/io.h"
#include "io/pair.h"
#include "io/route.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/**
 * rtnl_request() - begin a message that is answered
 * @io: the daemon
 * @buf: of MNL_SOCKET_BUFFER_SIZE bytes
 * @type: RTM_
 * @flags: NLM_F_, beside those of any request
 *
 * Return: the message, in @buf.
 */
struct nlmsghdr *rtnl_request(struct io *io, void *buf, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh;

	/* What pads an attribute is sent as it is */
	memset(buf, 0, MNL_SOCKET_BUFFER_SIZE);
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = ++io->rtnl_seq;
	return nlh;
}

/**
 * rtnl_talk() - send a request, and have all of the answer
 * @io: the daemon
 * @nlh: the request
 * @cb: called with each message of the answer; NULL: there is none but the acknowledgement
 * @arg: passed on
 *
 * rtnetlink answers during sendmsg(): this does not wait for anybody.
 *
 * Return: 0 or -errno.
 */
int rtnl_talk(struct io *io, const struct nlmsghdr *nlh, mnl_cb_t cb, void *arg)
{
	static char buf[65536];
	ssize_t n;
	int ret;

	if (send(io->rtnl_fd, nlh, nlh->nlmsg_len, 0) < 0)
		return -errno;
	do {
		n = recv(io->rtnl_fd, buf, sizeof(buf), 0);
		if (n < 0 && errno == EINTR) {
			ret = 1;
			continue;
		}
		if (n < 0)
			return -errno;
		ret = mnl_cb_run(buf, (size_t)n, nlh->nlmsg_seq, 0, cb, arg);
		/* what is left of an earlier answer */
		if (ret < 0 && errno == EPROTO)
			ret = 1;
		/* there may be many neighbours, say */
		if (ret > 0)
			io_serve(io);
	} while (ret > 0);
	return ret < 0 ? -errno : 0;
}

/**
 * rtnl_device_create() - create the module's device in this namespace
 * @io: the daemon
 * @name: its name
 *
 * Return: 0, also where it exists; or -errno (-EOPNOTSUPP: no such kind).
 */
int rtnl_device_create(struct io *io, const char *name)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlattr *info;
	struct nlmsghdr *nlh;
	int ret;

	nlh = rtnl_request(io, buf, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, PMIP_FAMILY_NAME);
	mnl_attr_nest_end(nlh, info);
	ret = rtnl_talk(io, nlh, NULL, NULL);
	return ret == -EEXIST ? 0 : ret;
}

static int set_link(struct io *io, uint32_t ifindex, unsigned int flags, unsigned int change,
		    const struct llid *lladdr, bool no_addrgen)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlattr *spec, *af;
	struct ifinfomsg *ifi;
	struct nlmsghdr *nlh;

	nlh = rtnl_request(io, buf, RTM_NEWLINK, 0);
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = (int)ifindex;
	ifi->ifi_flags = flags;
	ifi->ifi_change = change;
	if (lladdr)
		mnl_attr_put(nlh, IFLA_ADDRESS, lladdr->len, lladdr->id);
	if (no_addrgen) {
		spec = mnl_attr_nest_start(nlh, IFLA_AF_SPEC);
		af = mnl_attr_nest_start(nlh, AF_INET6);
		mnl_attr_put_u8(nlh, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
		mnl_attr_nest_end(nlh, af);
		mnl_attr_nest_end(nlh, spec);
	}
	return rtnl_talk(io, nlh, NULL, NULL);
}

/**
 * rtnl_device_up() - set the module's device up, without addresses of its own
 * @io: the daemon
 * @ifindex: the device
 *
 * Return: 0 or -errno.
 */
int rtnl_device_up(struct io *io, uint32_t ifindex)
{
	int ret = set_link(io, ifindex, 0, 0, NULL, true);

	return ret ? ret : set_link(io, ifindex, IFF_UP, IFF_UP, NULL, false);
}

/**
 * rtnl_set_lladdr() - give a device another link-layer address
 * @io: the daemon
 * @l: the device
 * @lladdr: the address
 *
 * Some drivers refuse while the device is up: those go down and up again.
 *
 * Return: 0 or -errno.
 */
int rtnl_set_lladdr(struct io *io, const struct io_link *l, const struct llid *lladdr)
{
	int ret = set_link(io, l->ifindex, 0, 0, lladdr, false);

	if (ret != -EBUSY)
		return ret;
	ret = set_link(io, l->ifindex, 0, IFF_UP, NULL, false);
	if (!ret)
		ret = set_link(io, l->ifindex, 0, 0, lladdr, false);
	/* Whatever became of the address, the device was up. */
	set_link(io, l->ifindex, IFF_UP, IFF_UP, NULL, false);
	return ret;
}

static struct nlmsghdr *put_address(struct io *io, void *buf, uint16_t type, uint16_t flags,
				    uint32_t ifindex, const struct in6_addr *a, uint8_t len)
{
	struct nlmsghdr *nlh = rtnl_request(io, buf, type, flags);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));

	ifa->ifa_family = AF_INET6;
	ifa->ifa_prefixlen = len;
	ifa->ifa_flags = IFA_F_NODAD;
	/* IPv6 takes it from the address */
	ifa->ifa_scope = RT_SCOPE_LINK;
	ifa->ifa_index = ifindex;
	mnl_attr_put(nlh, IFA_LOCAL, sizeof(*a), a);
	mnl_attr_put(nlh, IFA_ADDRESS, sizeof(*a), a);
	return nlh;
}

/**
 * rtnl_add_address() - give a device an address, without asking who else has it
 * @io: the daemon
 * @ifindex: the device
 * @a: the address
 * @len: length of its prefix
 *
 * Return: 0 or -errno.
 */
int rtnl_add_address(struct io *io, uint32_t ifindex, const struct in6_addr *a, uint8_t len)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];

	return rtnl_talk(io, put_address(io, buf, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE,
					 ifindex, a, len), NULL, NULL);
}

/**
 * rtnl_lend_address() - give a device an address that it may lose again
 * @io: the daemon
 * @ifindex: the device
 * @a: the address, of length 128
 *
 * Nobody here uses it who does not ask for it: what a connection of the host's own begins with
 * has to stay (RFC 6724 section 5, rule 3).
 *
 * Return: 0 or -errno.
 */
int rtnl_lend_address(struct io *io, uint32_t ifindex, const struct in6_addr *a)
{
	const struct ifa_cacheinfo deprecated = { .ifa_prefered = 0, .ifa_valid = UINT32_MAX };
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh;

	nlh = put_address(io, buf, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, ifindex, a, 128);
	mnl_attr_put(nlh, IFA_CACHEINFO, sizeof(deprecated), &deprecated);
	return rtnl_talk(io, nlh, NULL, NULL);
}

/**
 * rtnl_del_address() - take an address from a device
 * @io: the daemon
 * @ifindex: the device
 * @a: the address
 * @len: length of its prefix
 *
 * Return: 0, also where the device has no such address; or -errno.
 */
int rtnl_del_address(struct io *io, uint32_t ifindex, const struct in6_addr *a, uint8_t len)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	int ret;

	ret = rtnl_talk(io, put_address(io, buf, RTM_DELADDR, 0, ifindex, a, len), NULL, NULL);
	return ret == -EADDRNOTAVAIL ? 0 : ret;
}

/**
 * rtnl_add_rule() - have a device's packets routed by a table of their own
 * @io: the daemon
 * @iif: the device's name; it need not exist yet
 * @table: the routing table, and the rule's priority
 *
 * Return: 0, also where the rule exists; or -errno.
 */
int rtnl_add_rule(struct io *io, const char *iif, uint32_t table)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct fib_rule_hdr *rule;
	struct nlmsghdr *nlh;
	int ret;

	nlh = rtnl_request(io, buf, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL);
	rule = mnl_nlmsg_put_extra_header(nlh, sizeof(*rule));
	rule->family = AF_INET6;
	rule->action = FR_ACT_TO_TBL;
	mnl_attr_put_strz(nlh, FRA_IIFNAME, iif);
	mnl_attr_put_u32(nlh, FRA_TABLE, table);
	mnl_attr_put_u32(nlh, FRA_PRIORITY, table);
	mnl_attr_put_u8(nlh, FRA_PROTOCOL, RTPROT_PMIP);
	ret = rtnl_talk(io, nlh, NULL, NULL);
	return ret == -EEXIST ? 0 : ret;
}

static int set_neighbour(struct io *io, uint32_t ifindex, const struct in6_addr *addr,
			 const struct llid *lladdr, uint16_t state, uint8_t how, uint16_t flags)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = rtnl_request(io, buf, RTM_NEWNEIGH, flags);
	ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	ndm->ndm_family = AF_INET6;
	ndm->ndm_ifindex = (int)ifindex;
	ndm->ndm_state = state;
	ndm->ndm_flags = how;
	mnl_attr_put(nlh, NDA_DST, sizeof(*addr), addr);
	if (lladdr && lladdr->len)
		mnl_attr_put(nlh, NDA_LLADDR, lladdr->len, lladdr->id);
	return rtnl_talk(io, nlh, NULL, NULL);
}

/**
 * rtnl_probe() - neighbour unreachability detection now, RFC 4861 §7.3.3
 * @io: the daemon
 * @ifindex: the access link
 * @addr: the node's link-local address
 * @lladdr: its link-layer address; NULL: @addr is a guess
 *
 * The entry enters state PROBE: REACHABLE after an answer, FAILED after none.
 * A guess is resolved first: until somebody has answered, the entry that fails
 * has no link-layer address, and is nobody's.
 *
 * Return: 0 or -errno.
 */
int rtnl_probe(struct io *io, uint32_t ifindex, const struct in6_addr *addr,
	       const struct llid *lladdr)
{
	int ret;

	if (lladdr)
		return set_neighbour(io, ifindex, addr, lladdr, NUD_PROBE, 0,
				     NLM_F_CREATE | NLM_F_REPLACE);
	ret = set_neighbour(io, ifindex, addr, NULL, NUD_PROBE, 0, NLM_F_REPLACE);
	/* no such entry, or one that is not resolved */
	if (ret == -ENOENT || ret == -EINVAL)
		ret = set_neighbour(io, ifindex, addr, NULL, NUD_NONE, NTF_USE, NLM_F_CREATE);
	return ret;
}

static int link_attr_cb(const struct nlattr *a, void *arg)
{
	const struct nlattr **t = arg;

	if (mnl_attr_get_type(a) == IFLA_IFNAME || mnl_attr_get_type(a) == IFLA_ADDRESS)
		t[mnl_attr_get_type(a)] = a;
	return MNL_CB_OK;
}

static int addr_attr_cb(const struct nlattr *a, void *arg)
{
	if (mnl_attr_get_type(a) == IFA_ADDRESS &&
	    mnl_attr_get_payload_len(a) == sizeof(struct in6_addr))
		pair_address_gone(arg, mnl_attr_get_payload(a));
	return MNL_CB_OK;
}

static int link_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *t[IFLA_IFNAME + 1] = { NULL };
	unsigned int want = IFF_UP | IFF_LOWER_UP;
	struct llid l = { 0 };
	struct io *io = arg;

	if (nlh->nlmsg_type == RTM_DELADDR)
		return mnl_attr_parse(nlh, sizeof(struct ifaddrmsg), addr_attr_cb, io);
	/* Bridges report their ports in a family of their own. */
	if (ifi->ifi_family != AF_UNSPEC)
		return MNL_CB_OK;
	if (nlh->nlmsg_type == RTM_DELLINK) {
		link_gone(io, (uint32_t)ifi->ifi_index);
		return MNL_CB_OK;
	}
	if (nlh->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	mnl_attr_parse(nlh, sizeof(*ifi), link_attr_cb, t);
	if (!t[IFLA_IFNAME])
		return MNL_CB_OK;
	if (t[IFLA_ADDRESS] && mnl_attr_get_payload_len(t[IFLA_ADDRESS]) <= LLID_MAX) {
		l.len = (uint8_t)mnl_attr_get_payload_len(t[IFLA_ADDRESS]);
		memcpy(l.id, mnl_attr_get_payload(t[IFLA_ADDRESS]), l.len);
	}
	link_seen(io, (uint32_t)ifi->ifi_index, mnl_attr_get_str(t[IFLA_IFNAME]),
		  (ifi->ifi_flags & want) == want, &l);
	announce_link(io, mnl_attr_get_str(t[IFLA_IFNAME]));
	pair_address_link(io, mnl_attr_get_str(t[IFLA_IFNAME]));
	return MNL_CB_OK;
}

/**
 * rtnl_dump_links() - ask for every device that there is now
 * @io: the daemon; link_seen() is called for each by the loop
 *
 * Over the socket of the news, so that both come in order.
 *
 * Return: 0 or -errno.
 */
int rtnl_dump_links(struct io *io)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh;

	nlh = rtnl_request(io, buf, RTM_GETLINK, NLM_F_DUMP);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	return send(io->rtnl_event_fd, nlh, nlh->nlmsg_len, 0) < 0 ? -errno : 0;
}

static int running_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const unsigned int want = IFF_UP | IFF_LOWER_UP;

	if (nlh->nlmsg_type == RTM_NEWLINK)
		*(int *)arg = (ifi->ifi_flags & want) == want ? 0 : -ENETDOWN;
	return MNL_CB_OK;
}

static int ask_link(struct io *io, const char *name, mnl_cb_t cb, void *arg)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh;

	nlh = rtnl_request(io, buf, RTM_GETLINK, 0);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	return rtnl_talk(io, nlh, cb, arg);
}

/**
 * rtnl_link_running() - whether a device is up, and has a carrier
 * @io: the daemon
 * @name: the device's
 *
 * Return: 0: it is; -ENETDOWN: it is not; -ENODEV: there is none; or another -errno.
 */
int rtnl_link_running(struct io *io, const char *name)
{
	int running = -ENODEV;
	int ret = ask_link(io, name, running_cb, &running);

	return ret ? ret : running;
}

struct link_bytes {
	uint64_t tx, rx;
	bool found;
};

static int bytes_attr_cb(const struct nlattr *a, void *arg)
{
	struct link_bytes *b = arg;
	struct rtnl_link_stats64 s;

	if (mnl_attr_get_type(a) != IFLA_STATS64)
		return MNL_CB_OK;
	/* a kernel's may be longer than ours, and is aligned to 4 bytes only */
	memset(&s, 0, sizeof(s));
	memcpy(&s, mnl_attr_get_payload(a), mnl_attr_get_payload_len(a) < sizeof(s) ?
	       mnl_attr_get_payload_len(a) : sizeof(s));
	b->tx = s.tx_bytes;
	b->rx = s.rx_bytes;
	b->found = true;
	return MNL_CB_OK;
}

static int bytes_cb(const struct nlmsghdr *nlh, void *arg)
{
	if (nlh->nlmsg_type == RTM_NEWLINK)
		mnl_attr_parse(nlh, sizeof(struct ifinfomsg), bytes_attr_cb, arg);
	return MNL_CB_OK;
}

/**
 * rtnl_link_bytes() - how much has gone out of a device and come in
 * @io: the daemon
 * @name: the device's
 * @tx: filled
 * @rx: filled
 *
 * Return: 0 or -errno (-ENODEV: there is no such device).
 */
int rtnl_link_bytes(struct io *io, const char *name, uint64_t *tx, uint64_t *rx)
{
	struct link_bytes b = { .found = false };
	int ret = ask_link(io, name, bytes_cb, &b);

	if (!ret && !b.found)
		ret = -ENODEV;
	*tx = b.tx;
	*rx = b.rx;
	return ret;
}

/**
 * rtnl_dump_neighbours() - every neighbour that IPv6 knows now
 * @io: the daemon
 * @cb: called with each message
 * @arg: passed on
 *
 * Return: 0 or -errno.
 */
int rtnl_dump_neighbours(struct io *io, mnl_cb_t cb, void *arg)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = rtnl_request(io, buf, RTM_GETNEIGH, NLM_F_DUMP);
	ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	ndm->ndm_family = AF_INET6;
	return rtnl_talk(io, nlh, cb, arg);
}

static void read_news(struct ev_loop *loop, struct ev_io *w, int revents)
{
	static char buf[65536];
	struct io *io = w->data;
	unsigned int burst;
	ssize_t n;

	(void)loop;
	(void)revents;
	for (burst = 0; burst < IO_BURST; burst++) {
		n = recv(io->rtnl_event_fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0 && errno == ENOBUFS) {
			log_ratelimited(LOG_WARNING, "rtnetlink: news lost, reading all links");
			rtnl_dump_links(io);
			continue;
		}
		if (n <= 0)
			return;
		/* the end of a dump: all links are known */
		if (mnl_cb_run(buf, (size_t)n, 0, 0, link_cb, io) == MNL_CB_STOP)
			kept_take_over(io);
	}
}

/**
 * rtnl_socket() - a socket to rtnetlink
 * @groups: RTMGRP_, of whose news it gets; 0: of none
 *
 * Return: the socket, or -1 with errno set.
 */
int rtnl_socket(unsigned int groups)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd, on = 1;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -1;
	}
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	/* of what is listed, only what is asked for */
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return fd;
}

/**
 * rtnl_open_requests() - open the one of the two that asks
 * @io: the daemon, in another process than before: what it had is not its own
 *
 * Return: 0, or -1 after saying why not.
 */
int rtnl_open_requests(struct io *io)
{
	io->rtnl_fd = rtnl_socket(0);
	if (io->rtnl_fd >= 0)
		return 0;
	log_err("rtnetlink: %s", strerror(errno));
	return -1;
}

/**
 * rtnl_open() - open the two sockets, unless they are open
 * @io: the daemon
 *
 * Return: 0, or -1 after saying why not.
 */
int rtnl_open(struct io *io)
{
	if (io->rtnl_fd >= 0)
		return 0;
	if (rtnl_open_requests(io))
		return -1;
	io->rtnl_event_fd = rtnl_socket(RTMGRP_LINK | (io->pair ? RTMGRP_IPV6_IFADDR : 0));
	if (io->rtnl_event_fd < 0) {
		log_err("rtnetlink: %s", strerror(errno));
		return -1;
	}
	ev_io_init(&io->rtnl_watch, read_news, io->rtnl_event_fd, EV_READ);
	io->rtnl_watch.data = io;
	ev_io_start(io->loop, &io->rtnl_watch);
	return 0;
}

/**
 * rtnl_close() - close both sockets
 * @io: the daemon
 */
void rtnl_close(struct io *io)
{
	if (io->rtnl_event_fd >= 0) {
		ev_io_stop(io->loop, &io->rtnl_watch);
		close(io->rtnl_event_fd);
	}
	if (io->rtnl_fd >= 0)
		close(io->rtnl_fd);
	io->rtnl_fd = -1;
	io->rtnl_event_fd = -1;
}
