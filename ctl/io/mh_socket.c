// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* struct in6_pktinfo */
/* The raw socket for Mobility Header messages, RFC 6275 §6.1. */
#include "core/log.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define IPPROTO_MOBILITY	135

static void take_ancillary(struct msghdr *m, struct mh_packet *p)
{
	struct in6_pktinfo info;
	struct cmsghdr *c;
	int v;

	for (c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != IPPROTO_IPV6)
			continue;
		if (c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			p->dst = info.ipi6_addr;
			continue;
		}
		memcpy(&v, CMSG_DATA(c), sizeof(v));
		if (c->cmsg_type == IPV6_HOPLIMIT)
			p->hop_limit = (uint8_t)v;
		else if (c->cmsg_type == IPV6_TCLASS)
			p->traffic_class = (uint8_t)v;
	}
}

static ssize_t receive(struct io *io, struct mh_packet *p, void *buf, size_t size)
{
	struct sockaddr_in6 from = { 0 };
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	union {
		struct cmsghdr align;
		char room[256];
	} control;
	struct msghdr m = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n;

	memset(p, 0, sizeof(*p));
	n = recvmsg(io->mh_fd, &m, MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0)
		return n;
	p->src = from.sin6_addr;
	p->data = buf;
	/* No Mobility Header is longer than the buffer: the rest is excess. */
	p->len = (size_t)n < size ? (size_t)n : size;
	take_ancillary(&m, p);
	return n;
}

static void readable(struct ev_loop *loop, struct ev_io *w, int revents)
{
	static uint8_t buf[MH_MAX + 8];
	struct io *io = w->data;
	struct mh_packet p;
	unsigned int burst;

	(void)loop;
	(void)revents;
	for (burst = 0; burst < IO_BURST; burst++) {
		if (receive(io, &p, buf, sizeof(buf)) < 0) {
			if (errno != EAGAIN && errno != EINTR)
				log_ratelimited(LOG_ERR, "Mobility Header socket: %s",
						strerror(errno));
			return;
		}
		io->counters.mh_rx++;
		dispatch_mh(io, &p);
	}
}

static int set_options(int fd)
{
	int on = 1, off = -1, size = 4 << 20;

	/* The codec has to see wrong checksums in order to count them. */
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_CHECKSUM, &off, sizeof(off)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof(on)))
		return -1;
	/* Room for a burst of a link's worth of registrations */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return 0;
}

/**
 * mh_socket_open() - begin to receive Mobility Header messages
 * @io: the daemon
 *
 * Return: 0, or -1 after saying why not.
 */
int mh_socket_open(struct io *io)
{
	io->mh_fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_MOBILITY);
	if (io->mh_fd < 0 || set_options(io->mh_fd)) {
		log_err("Mobility Header socket: %s", strerror(errno));
		return -1;
	}
	ev_io_init(&io->mh_watch, readable, io->mh_fd, EV_READ);
	io->mh_watch.data = io;
	ev_io_start(io->loop, &io->mh_watch);
	return 0;
}

/**
 * mh_socket_close() - stop receiving
 * @io: the daemon
 */
void mh_socket_close(struct io *io)
{
	if (io->mh_fd < 0)
		return;
	ev_io_stop(io->loop, &io->mh_watch);
	close(io->mh_fd);
	io->mh_fd = -1;
}

static int send_bytes(struct io *io, const struct in6_addr *src,
		      const struct in6_addr *dst, void *data, size_t len)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = *dst };
	struct iovec iov = { .iov_base = data, .iov_len = len };
	struct in6_pktinfo info = { .ipi6_addr = *src };
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(info))];
	} control = { .room = { 0 } };
	struct msghdr m = {
		.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = IPPROTO_IPV6;
	c->cmsg_type = IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	return sendmsg(io->mh_fd, &m, 0) < 0 ? -errno : 0;
}

/**
 * mh_socket_send() - encode a message and send it
 * @io: the daemon
 * @src: this gateway's address
 * @dst: to whom
 * @msg: the message
 *
 * Forwarding state that was asked for before is in force when it leaves.  A
 * failure is logged; retransmission is the state machines' own affair.
 */
void mh_socket_send(struct io *io, const struct in6_addr *src,
		    const struct in6_addr *dst, const struct mh_msg *msg)
{
	char a[INET6_ADDRSTRLEN];
	struct mh_result res;
	uint8_t buf[MH_MAX];
	int len, ret;

	forwarding_flush(io);
	len = mh_encode(msg, buf, sizeof(buf), src, dst, &res);
	if (len < 0) {
		io->counters.mh_tx_failed++;
		log_ratelimited(LOG_ERR, "%s to %s cannot be encoded: %s", mh_kind_str(msg->kind),
				inet_ntop(AF_INET6, dst, a, sizeof(a)), mh_strerror(res.error));
		return;
	}
	ret = send_bytes(io, src, dst, buf, (size_t)len);
	if (ret) {
		io->counters.mh_tx_failed++;
		log_ratelimited(LOG_WARNING, "%s to %s: %s", mh_kind_str(msg->kind),
				inet_ntop(AF_INET6, dst, a, sizeof(a)), strerror(-ret));
		return;
	}
	io->counters.mh_tx++;
}
