// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* struct in6_pktinfo */
/* What the daemon says in ICMPv6: advertisements and Parameter Problems. */
#include "core/log.h"
#include "io/frame.h"
#include "io/io.h"
#include "nd/nd.h"

#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define IPPROTO_MOBILITY	135
#define MIN_MTU			1280
#define CLAIM_LEN		32

/**
 * icmp6_open() - open the raw socket for Parameter Problems
 * @io: the daemon
 *
 * Return: 0, or -1 after saying why not.
 */
int icmp6_open(struct io *io)
{
	struct icmp6_filter none;

	io->icmp_fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMPV6);
	if (io->icmp_fd < 0) {
		log_err("ICMPv6 socket: %s", strerror(errno));
		return -1;
	}
	/* It only sends. */
	ICMP6_FILTER_SETBLOCKALL(&none);
	setsockopt(io->icmp_fd, IPPROTO_ICMPV6, ICMP6_FILTER, &none, sizeof(none));
	return 0;
}

/**
 * icmp6_close() - close the socket
 * @io: the daemon
 */
void icmp6_close(struct io *io)
{
	if (io->icmp_fd >= 0)
		close(io->icmp_fd);
	io->icmp_fd = -1;
}

/* The raw socket took the IPv6 header away; this one says the same. */
static size_t invoking_packet(uint8_t *buf, size_t room, const struct mh_packet *p)
{
	size_t n = p->len < room - FRAME_IP6_LEN ? p->len : room - FRAME_IP6_LEN;

	memset(buf, 0, FRAME_IP6_LEN);
	buf[0] = (uint8_t)(6 << 4 | p->traffic_class >> 4);
	buf[1] = (uint8_t)(p->traffic_class << 4);
	buf[4] = (uint8_t)(p->len >> 8);
	buf[5] = (uint8_t)p->len;
	buf[6] = IPPROTO_MOBILITY;
	buf[7] = p->hop_limit;
	memcpy(buf + 8, &p->src, sizeof(p->src));
	memcpy(buf + 24, &p->dst, sizeof(p->dst));
	memcpy(buf + FRAME_IP6_LEN, p->data, n);
	return FRAME_IP6_LEN + n;
}

/* By one link, unless that is 0; a hop limit of -1 is the kernel's. */
static ssize_t send_from(int fd, const struct in6_addr *from, const struct in6_addr *to,
			 uint32_t ifindex, int hops, uint8_t *msg, size_t len)
{
	struct sockaddr_in6 sa = {
		.sin6_family = AF_INET6, .sin6_addr = *to, .sin6_scope_id = ifindex,
	};
	struct in6_pktinfo info = { .ipi6_addr = *from, .ipi6_ifindex = ifindex };
	struct iovec iov = { .iov_base = msg, .iov_len = len };
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(info)) + CMSG_SPACE(sizeof(hops))];
	} control = { 0 };
	struct msghdr m = {
		.msg_name = &sa, .msg_namelen = sizeof(sa), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = IPPROTO_IPV6;
	c->cmsg_type = IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	c = CMSG_NXTHDR(&m, c);
	c->cmsg_level = IPPROTO_IPV6;
	c->cmsg_type = IPV6_HOPLIMIT;
	c->cmsg_len = CMSG_LEN(sizeof(hops));
	memcpy(CMSG_DATA(c), &hops, sizeof(hops));
	return sendmsg(fd, &m, 0);
}

/* RFC 4861 §4.4: it is a router, and this is newer than what is in any cache. */
static size_t advertisement(uint8_t *buf, const struct in6_addr *addr, const uint8_t *lladdr)
{
	memset(buf, 0, CLAIM_LEN);
	buf[0] = ND_NEIGHBOR_ADVERT;
	buf[4] = 0x80 | 0x20;
	memcpy(buf + 8, addr, sizeof(*addr));
	buf[24] = ND_OPT_TARGET_LINKADDR;
	buf[25] = 1;
	memcpy(buf + 26, lladdr, ETH_ALEN);
	return CLAIM_LEN;
}

/**
 * icmp6_claim() - tell all on a link that an address is here now (RFC 4861 §7.2.6)
 * @io: the daemon
 * @device: which has the address
 * @addr: the address
 *
 * Where there are no link-layer addresses nobody is told.
 *
 * Return: 0 or -errno.
 */
int icmp6_claim(struct io *io, const char *device, const struct in6_addr *addr)
{
	const struct in6_addr all = { { { 0xff, 0x02, [15] = 1 } } };
	struct ifreq ifr = { 0 };
	uint8_t msg[CLAIM_LEN];
	size_t len;

	memcpy(ifr.ifr_name, device, strnlen(device, sizeof(ifr.ifr_name) - 1));
	if (ioctl(io->icmp_fd, SIOCGIFHWADDR, &ifr))
		return -errno;
	if (ifr.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return 0;
	len = advertisement(msg, addr, (const uint8_t *)ifr.ifr_hwaddr.sa_data);
	return send_from(io->icmp_fd, addr, &all, if_nametoindex(device), 255, msg, len) < 0 ?
	       -errno : 0;
}

/**
 * icmp6_parameter_problem() - RFC 6275 §9.2: Parameter Problem, code 0
 * @io: the daemon
 * @p: the message that was wrong
 * @offset: the byte of its Mobility Header that was wrong
 *
 * Who may be answered, and how often, is the caller's to decide.
 */
void icmp6_parameter_problem(struct io *io, const struct mh_packet *p, size_t offset)
{
	uint8_t buf[MIN_MTU - FRAME_IP6_LEN] = { ICMP6_PARAM_PROB, ICMP6_PARAMPROB_HEADER };
	uint32_t pointer = htonl((uint32_t)(FRAME_IP6_LEN + offset));
	size_t len;

	memcpy(buf + 4, &pointer, sizeof(pointer));
	len = 8 + invoking_packet(buf + 8, sizeof(buf) - 8, p);
	/* RFC 4443 §2.2 (a): from the address that the message was sent to */
	if (send_from(io->icmp_fd, &p->dst, &p->src, 0, -1, buf, len) < 0) {
		log_ratelimited(LOG_WARNING, "Parameter Problem: %s", strerror(errno));
		return;
	}
	io->counters.param_problem_tx++;
}

/**
 * icmp6_send_ra() - a router advertisement to one node, RFC 4861 §4.2
 * @io: the daemon
 * @ra: what it says and to whom
 *
 * From the fixed link-local address of RFC 6543 §3, in a frame to the node's
 * own link-layer address whatever the IPv6 destination (RFC 6085 §3): nobody
 * else on the link may hear of its prefixes.
 */
void icmp6_send_ra(struct io *io, const struct ra_out *ra)
{
	const struct io_link *l = link_by_index(io, ra->ifindex);
	uint8_t pkt[FRAME_MAX];
	int len, ret;

	if (!ra->ifindex || !l || !l->access)
		return;
	len = nd_ra_encode(ra, link_lladdr(l), pkt + FRAME_IP6_LEN, sizeof(pkt) - FRAME_IP6_LEN);
	if (len < 0) {
		io->counters.ra_tx_failed++;
		log_ratelimited(LOG_ERR, "%s: router advertisement: %s", l->name, strerror(-len));
		return;
	}
	ret = link_send(l, &ra->lladdr, pkt,
			frame_finish(pkt, (size_t)len, &nd_fixed_lla, &ra->dst));
	if (ret) {
		io->counters.ra_tx_failed++;
		log_ratelimited(LOG_WARNING, "%s: router advertisement: %s", l->name,
				strerror(-ret));
	}
}
