// SPDX-License-Identifier: GPL-2.0
/*
 * flowtcp - one long TCP transfer, checked to the last byte
 *
 *	flowtcp serve ADDRESS PORT
 *	flowtcp send ADDRESS PORT [BYTES-PER-SECOND]
 *
 * The sender sends a pattern until SIGTERM, closes its half, and compares what
 * the receiver then tells it (bytes, checksum) with its own count.  It prints
 * a JSON object: bytes, completed, longest_stall_ms (at the receiver, between
 * two pieces of data), and succeeds if the transfer completed.
 */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flow.h"

#define TICK		(NSEC / 100)	/* between pieces */
#define PIECE_MAX	65536
#define PATIENCE	20		/* s for the receiver's word */

/* What the receiver got, in network byte order. */
struct verdict {
	uint64_t bytes, checksum, stall;
};

/* FNV-1a */
static uint64_t checksum(uint64_t sum, const uint8_t *p, size_t n)
{
	while (n--)
		sum = (sum ^ *p++) * 0x100000001b3ULL;
	return sum;
}

#define CHECKSUM_START 0xcbf29ce484222325ULL

/* Depends on the place, so that a piece out of place does not go unseen. */
static void fill(uint8_t *p, size_t n, uint64_t offset)
{
	for (; n--; offset++)
		*p++ = (uint8_t)((offset * 0x9e3779b97f4a7c15ULL) >> 56);
}

static int serve(const struct sockaddr_in6 *local)
{
	int on = 1, listener = socket(AF_INET6, SOCK_STREAM, 0), fd;
	uint64_t bytes = 0, sum = CHECKSUM_START;
	static uint8_t buf[PIECE_MAX];
	int64_t last, now, stall = 0;
	struct verdict v;
	ssize_t n;

	if (listener < 0)
		err(2, "socket");
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (const struct sockaddr *)local, sizeof(*local)) ||
	    listen(listener, 1))
		err(2, "listen");
	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		err(2, "accept");

	last = now_ns(CLOCK_MONOTONIC);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		now = now_ns(CLOCK_MONOTONIC);
		if (now - last > stall)
			stall = now - last;
		last = now;
		sum = checksum(sum, buf, (size_t)n);
		bytes += (uint64_t)n;
	}
	if (n < 0)
		err(1, "read");
	v.bytes = htobe64(bytes);
	v.checksum = htobe64(sum);
	v.stall = htobe64((uint64_t)stall);
	if (write(fd, &v, sizeof(v)) != sizeof(v))
		err(1, "write");
	close(fd);
	close(listener);
	return 0;
}

/* Returns the bytes sent before SIGTERM, and their checksum. */
static uint64_t send_pattern(int fd, size_t rate, uint64_t *sum)
{
	size_t piece = rate / (NSEC / TICK);
	static uint8_t buf[PIECE_MAX];
	/* The end is noticed in a stall, too. */
	struct timeval patience = { .tv_usec = 200000 };
	int64_t next = now_ns(CLOCK_MONOTONIC);
	uint64_t bytes = 0;

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (piece > sizeof(buf))
		piece = sizeof(buf);
	while (!stop_asked()) {
		ssize_t n;

		sleep_until(next);
		fill(buf, piece, bytes);
		n = send(fd, buf, piece, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN)
			err(1, "send");
		if (n > 0) {
			*sum = checksum(*sum, buf, (size_t)n);
			bytes += (uint64_t)n;
		}
		next += TICK;
		/* What could not be sent in a stall is not made up for. */
		if (next < now_ns(CLOCK_MONOTONIC))
			next = now_ns(CLOCK_MONOTONIC);
	}
	return bytes;
}

static bool read_verdict(int fd, struct verdict *v)
{
	struct timeval patience = { .tv_sec = PATIENCE };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (recv(fd, v, sizeof(*v), MSG_WAITALL) != sizeof(*v))
		return false;
	v->bytes = be64toh(v->bytes);
	v->checksum = be64toh(v->checksum);
	v->stall = be64toh(v->stall);
	return true;
}

static int send_all(const struct sockaddr_in6 *remote, size_t rate)
{
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	uint64_t bytes, sum = CHECKSUM_START;
	struct verdict v = { 0 };
	bool completed;

	if (fd < 0)
		err(2, "socket");
	if (connect(fd, (const struct sockaddr *)remote, sizeof(*remote)))
		err(1, "connect");
	signals_hold();
	bytes = send_pattern(fd, rate, &sum);
	shutdown(fd, SHUT_WR);
	completed = read_verdict(fd, &v) && bytes > 0 && v.bytes == bytes &&
		    v.checksum == sum;
	close(fd);
	printf("{\"bytes\":%llu,\"completed\":%s,\"longest_stall_ms\":%.1f}\n",
	       (unsigned long long)bytes, completed ? "true" : "false",
	       (double)v.stall / 1e6);
	return completed ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 a;

	if (argc < 4)
		errx(2, "usage: flowtcp serve|send ADDRESS PORT [BYTES-PER-SECOND]");
	a = socket_address(argv[2], argv[3]);
	if (!strcmp(argv[1], "serve"))
		return serve(&a);
	if (!strcmp(argv[1], "send"))
		return send_all(&a, argc > 4 ? (size_t)atol(argv[4]) : 125000);
	errx(2, "neither serve nor send: %s", argv[1]);
}
