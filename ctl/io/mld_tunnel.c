// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* struct in6_pktinfo */
/*
 * MLD between gateways (RFC 6224 §4.2): whole packets of link-local scope in the tunnels
 * that carry the nodes' traffic.  The kernel module leaves them to the stack, outer header
 * and all, and this socket is who gets them there.
 */
#include "core/log.h"
#include "io/io.h"
#include "multicast/packet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* From the inner header on: hop limit 1, and a Hop-by-Hop header before ICMPv6 */
static struct sock_filter program[] = {
	/* 0 */ BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
	/* 1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_HOPOPTS << 8 | 1, 0, 3),
	/* 2 */ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 40),
	/* 3 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, 0, 1),
	/* 4 */ BPF_STMT(BPF_RET | BPF_K, MCAST_PACKET_MAX),
	/* 5 */ BPF_STMT(BPF_RET | BPF_K, 0),
};

/* Room for the address that a packet was sent to, or is sent from */
union pktinfo {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static bool sent_to(struct msghdr *m, struct in6_addr *dst)
{
	struct in6_pktinfo info;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_PKTINFO)
			continue;
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		*dst = info.ipi6_addr;
		return true;
	}
	return false;
}

static void dispatch(struct io *io, const struct in6_addr *local, const struct in6_addr *remote,
		     const uint8_t *packet, size_t len)
{
	const struct conf *c = io->conf;

	io->counters.mld_rx++;
	if (io->lma && IN6_ARE_ADDR_EQUAL(local, &c->lma.address))
		lma_on_mld(io->lma, remote, packet, len);
	if (io->mag && IN6_ARE_ADDR_EQUAL(local, &c->mag.address))
		mag_on_mld_upstream(io->mag, remote, packet, len);
}

static void readable(struct ev_loop *loop, struct ev_io *w, int revents)
{
	static uint8_t buf[MCAST_PACKET_MAX];
	struct io *io = w->data;
	struct in6_addr local;
	unsigned int burst;

	(void)loop;
	(void)revents;
	for (burst = 0; burst < IO_BURST; burst++) {
		struct sockaddr_in6 from;
		struct iovec iov = { buf, sizeof(buf) };
		union pktinfo control;
		struct msghdr m = {
			.msg_name = &from, .msg_namelen = sizeof(from),
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = &control, .msg_controllen = sizeof(control),
		};
		ssize_t n = recvmsg(io->mld_fd, &m, MSG_DONTWAIT);

		if (n < 0)
			return;
		if (sent_to(&m, &local))
			dispatch(io, &local, &from.sin6_addr, buf, (size_t)n);
	}
}

/**
 * mld_tunnel_open() - begin to hear MLD out of tunnels
 * @io: the daemon; nothing happens where no role has multicast
 *
 * Return: 0, or -1 after saying why not.
 */
int mld_tunnel_open(struct io *io)
{
	struct sock_fprog filter = { sizeof(program) / sizeof(*program), program };
	int on = 1;

	if (!io->conf->lma.mcast.enabled && !io->conf->mag.mcast.enabled)
		return 0;
	io->mld_fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_IPV6);
	if (io->mld_fd < 0 ||
	    setsockopt(io->mld_fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) ||
	    setsockopt(io->mld_fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on))) {
		log_err("socket for MLD in tunnels: %s", strerror(errno));
		return -1;
	}
	ev_io_init(&io->mld_watch, readable, io->mld_fd, EV_READ);
	io->mld_watch.data = io;
	ev_io_start(io->loop, &io->mld_watch);
	return 0;
}

/**
 * mld_tunnel_close() - stop hearing
 * @io: the daemon
 */
void mld_tunnel_close(struct io *io)
{
	if (io->mld_fd < 0)
		return;
	ev_io_stop(io->loop, &io->mld_watch);
	close(io->mld_fd);
	io->mld_fd = -1;
}

/**
 * mld_tunnel_send() - send a packet with an MLD message into a tunnel
 * @io: the daemon
 * @m: the packet, and the tunnel's ends
 *
 * Return: 0 or -errno.
 */
int mld_tunnel_send(struct io *io, const struct mld_out *m)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = m->remote };
	struct in6_pktinfo info = { .ipi6_addr = m->local };
	struct iovec iov = { .iov_base = (void *)(uintptr_t)m->packet, .iov_len = m->len };
	union pktinfo control = { 0 };
	struct msghdr msg = {
		.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = IPPROTO_IPV6;
	c->cmsg_type = IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	return sendmsg(io->mld_fd, &msg, 0) < 0 ? -errno : 0;
}
