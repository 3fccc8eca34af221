// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* sendmmsg() */
/*
 * Mobility Header messages to and from the kernel, many per system call.
 * They leave with a header of our own, so that any gateway can be their
 * source; the namespace treats the gateways' prefix as its own.
 */
#include "load.h"

#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define IPPROTO_MOBILITY	135
#define IP6_LEN			40
#define HOP_LIMIT		64
#define ROOM			(IP6_LEN + 512)

static int out_fd, in_fd;

static struct {
	unsigned int n;
	uint8_t buf[LOAD_BATCH][ROOM];
	struct iovec iov[LOAD_BATCH];
	struct sockaddr_in6 to[LOAD_BATCH];
	struct mmsghdr msg[LOAD_BATCH];
} out;

static struct {
	uint8_t buf[LOAD_BATCH][MH_MAX];
	uint8_t control[LOAD_BATCH][CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct iovec iov[LOAD_BATCH];
	struct sockaddr_in6 from[LOAD_BATCH];
	struct mmsghdr msg[LOAD_BATCH];
} in;

/**
 * load_clock() - the time
 *
 * Return: ns, of the monotonic clock.
 */
uint64_t load_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

/**
 * wire_open() - open the sockets, or end the program
 */
void wire_open(void)
{
	int on = 1, off = -1, size = 64 << 20;

	out_fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	in_fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_MOBILITY);
	if (out_fd < 0 || in_fd < 0)
		err(2, "raw socket");
	if (setsockopt(in_fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) ||
	    setsockopt(in_fd, IPPROTO_IPV6, IPV6_CHECKSUM, &off, sizeof(off)))
		err(2, "raw socket");
	setsockopt(in_fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(out_fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
}

/**
 * wire_wait() - until something can be read
 * @ns: at most so long
 */
void wire_wait(uint64_t ns)
{
	struct timespec ts = {
		.tv_sec = (time_t)(ns / NSEC_PER_SEC), .tv_nsec = (long)(ns % NSEC_PER_SEC),
	};
	struct pollfd p = { .fd = in_fd, .events = POLLIN };

	ppoll(&p, 1, &ts, NULL);
}

/**
 * wire_flush() - what wire_send() was given leaves
 */
void wire_flush(void)
{
	unsigned int done = 0;

	while (done < out.n) {
		int n = sendmmsg(out_fd, out.msg + done, out.n - done, 0);

		if (n < 0)
			err(2, "send");
		done += (unsigned int)n;
	}
	out.n = 0;
}

/**
 * wire_send() - send a message, soon
 * @src: whom it comes from
 * @dst: whom it goes to
 * @m: the message
 */
void wire_send(const struct in6_addr *src, const struct in6_addr *dst, const struct mh_msg *m)
{
	unsigned int i = out.n++;
	uint8_t *b = out.buf[i];
	int n = mh_encode(m, b + IP6_LEN, ROOM - IP6_LEN, src, dst, NULL);
	size_t len = (size_t)n;

	if (n < 0)
		errx(2, "%s cannot be encoded", mh_kind_str(m->kind));
	memset(b, 0, IP6_LEN);
	b[0] = 6 << 4;
	b[4] = (uint8_t)(len >> 8);
	b[5] = (uint8_t)len;
	b[6] = IPPROTO_MOBILITY;
	b[7] = HOP_LIMIT;
	memcpy(b + 8, src, sizeof(*src));
	memcpy(b + 24, dst, sizeof(*dst));
	out.to[i] = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_addr = *dst };
	out.iov[i] = (struct iovec){ b, IP6_LEN + len };
	out.msg[i].msg_hdr = (struct msghdr){
		.msg_name = &out.to[i], .msg_namelen = sizeof(out.to[i]),
		.msg_iov = &out.iov[i], .msg_iovlen = 1,
	};
	if (out.n == LOAD_BATCH)
		wire_flush();
}

static struct in6_addr destination(struct msghdr *m)
{
	struct in6_pktinfo info = { 0 };
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
			memcpy(&info, CMSG_DATA(c), sizeof(info));
	return info.ipi6_addr;
}

/**
 * wire_receive() - what has come
 * @m: LOAD_BATCH messages, valid until the next call
 *
 * Return: how many there are.
 */
unsigned int wire_receive(struct wire_message *m)
{
	unsigned int i;
	int n;

	for (i = 0; i < LOAD_BATCH; i++) {
		in.iov[i] = (struct iovec){ in.buf[i], sizeof(in.buf[i]) };
		in.msg[i].msg_hdr = (struct msghdr){
			.msg_name = &in.from[i], .msg_namelen = sizeof(in.from[i]),
			.msg_iov = &in.iov[i], .msg_iovlen = 1,
			.msg_control = in.control[i], .msg_controllen = sizeof(in.control[i]),
		};
	}
	n = recvmmsg(in_fd, in.msg, LOAD_BATCH, MSG_DONTWAIT, NULL);
	if (n <= 0)
		return 0;
	for (i = 0; i < (unsigned int)n; i++) {
		m[i].src = in.from[i].sin6_addr;
		m[i].dst = destination(&in.msg[i].msg_hdr);
		m[i].data = in.buf[i];
		m[i].len = in.msg[i].msg_len;
	}
	return (unsigned int)n;
}
