// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* struct in6_pktinfo, recvmmsg() */
/* The raw socket for Mobility Header messages, RFC 6275 §6.1. */
#include "core/log.h"
#include "io/io.h"
#include "io/ipsec.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define IPPROTO_MOBILITY	135

static void take_ancillary(struct msghdr *m, struct mh_packet *p)
{
	struct in6_pktinfo info;
	struct timespec came;
	struct cmsghdr *c;
	int v;

	for (c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&came, CMSG_DATA(c), sizeof(came));
			p->came = (uint64_t)came.tv_sec * NSEC_PER_SEC + (uint64_t)came.tv_nsec;
		}
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

/* Room for as many messages as one system call brings */
static struct {
	uint8_t buf[IO_BURST][MH_MAX + 8];
	union {
		struct cmsghdr align;
		char room[256];
	} control[IO_BURST];
	struct sockaddr_in6 from[IO_BURST];
	struct iovec iov[IO_BURST];
	struct mmsghdr msg[IO_BURST];
} in;

static int receive(int fd)
{
	unsigned int i;

	for (i = 0; i < IO_BURST; i++) {
		in.iov[i] = (struct iovec){ in.buf[i], sizeof(in.buf[i]) };
		in.msg[i].msg_hdr = (struct msghdr){
			.msg_name = &in.from[i], .msg_namelen = sizeof(in.from[i]),
			.msg_iov = &in.iov[i], .msg_iovlen = 1,
			.msg_control = &in.control[i], .msg_controllen = sizeof(in.control[i]),
		};
	}
	return recvmmsg(fd, in.msg, IO_BURST, MSG_DONTWAIT | MSG_TRUNC, NULL);
}

/**
 * mh_socket_read() - read messages, up to IO_BURST
 * @io: the daemon
 * @fd: the socket
 * @each: is given each of them
 *
 * Return: how many there were.
 */
int mh_socket_read(struct io *io, int fd, void (*each)(struct io *io, const struct mh_packet *p))
{
	int i, n = receive(fd);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		log_ratelimited(LOG_ERR, "Mobility Header socket: %s", strerror(errno));
	for (i = 0; i < n; i++) {
		size_t len = in.msg[i].msg_len;
		struct mh_packet p = {
			.src = in.from[i].sin6_addr, .data = in.buf[i],
			/* No Mobility Header is longer than the buffer: the rest is excess. */
			.len = len < sizeof(in.buf[i]) ? len : sizeof(in.buf[i]),
		};

		take_ancillary(&in.msg[i].msg_hdr, &p);
		each(io, &p);
	}
	return n;
}

/* Those that have to be protected come by another socket, if they are. */
static void take_one(struct io *io, const struct mh_packet *p)
{
	if (io->ipsec && conf_requires_ipsec(io->conf, &p->src))
		return;
	io->counters.mh_rx++;
	dispatch_mh(io, p);
}

static void take(struct io *io)
{
	mh_socket_read(io, io->mh_fd, take_one);
}

static void readable(struct ev_loop *loop, struct ev_io *w, int revents)
{
	(void)loop;
	(void)revents;
	take(w->data);
}

/**
 * mh_socket_serve() - take what has come, where there is no time to return to the loop
 * @io: the daemon; answers leave at once
 */
void mh_socket_serve(struct io *io)
{
	take(io);
	ipsec_serve(io);
	mh_socket_flush(io);
}

static int set_options(int fd)
{
	int on = 1, off = -1, size = 4 << 20;

	/*
	 * The codec has to see wrong checksums in order to count them.  However late a
	 * message is read here, whether it was fresh is asked of when it came.
	 */
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_CHECKSUM, &off, sizeof(off)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof(on)))
		return -1;
	/* Room for a burst of a link's worth of registrations */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return 0;
}

/**
 * mh_socket_raw() - a socket that Mobility Header messages come by
 *
 * Return: the socket, or -1 after saying why not.
 */
int mh_socket_raw(void)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_MOBILITY);

	if (fd >= 0 && !set_options(fd))
		return fd;
	log_err("Mobility Header socket: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static void say_lenient(const struct conf_lenient *l)
{
	char peer[PREFIX_STRLEN];
	unsigned int bit;

	for (bit = 0; mh_lenient_str(bit); bit++)
		if (l->accept & 1U << bit)
			log_info("lenient towards %s: %s", prefix_str(&l->peer, peer, sizeof(peer)),
				 mh_lenient_str(bit));
}

/**
 * mh_socket_open() - begin to receive Mobility Header messages
 * @io: the daemon
 *
 * Return: 0, or -1 after saying why not.
 */
int mh_socket_open(struct io *io)
{
	unsigned int i;

	for (i = 0; i < io->conf->n_lenient; i++)
		say_lenient(&io->conf->lenient[i]);
	io->mh_fd = mh_socket_raw();
	if (io->mh_fd < 0)
		return -1;
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
