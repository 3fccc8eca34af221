// SPDX-License-Identifier: GPL-2.0
/*
 * xfer - one TCP transfer from one network namespace into another
 *
 *	xfer NETNS-FROM NETNS-TO ADDRESS PORT MEGABYTES
 *
 * The receiver listens in NETNS-TO; what arrives is compared with what was sent.
 * Prints "bytes=N ms=N mss=N"; exits 1 if the transfer broke off or differs.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include "tool.h"

#define CHUNK	65521	/* a prime: no boundary of a segment repeats */

static uint8_t chunk[CHUNK];

static int receive(int listener, size_t want)
{
	static uint8_t got[CHUNK];
	size_t have = 0;
	ssize_t n;
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		err(1, "accept");
	while ((n = read(fd, got, sizeof(got))) > 0) {
		size_t at = have % CHUNK;
		size_t first = (size_t)n < CHUNK - at ? (size_t)n : CHUNK - at;

		if (memcmp(got, chunk + at, first) || memcmp(got + first, chunk, n - first))
			errx(1, "something differs from byte %zu on", have);
		have += n;
	}
	if (n < 0)
		err(1, "receive");
	return have == want ? 0 : 1;
}

static int listen_at(const struct sockaddr_in6 *addr)
{
	int on = 1, fd = socket(AF_INET6, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)addr, sizeof(*addr)) || listen(fd, 1))
		err(1, "listen");
	return fd;
}

static void transmit(const struct sockaddr_in6 *addr, size_t left, int *mss)
{
	struct timeval limit = { .tv_sec = 30 };
	socklen_t size = sizeof(*mss);
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	ssize_t n;
	size_t at = 0;

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		err(1, "connect");
	while (left) {
		size_t len = CHUNK - at < left ? CHUNK - at : left;

		n = write(fd, chunk + at, len);
		if (n <= 0)
			err(1, "send");
		at = (at + n) % CHUNK;
		left -= n;
	}
	getsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, mss, &size);
	shutdown(fd, SHUT_WR);
	close(fd);
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6 };
	int listener, status, mss = 0;
	uint64_t start;
	size_t bytes, i;
	pid_t pid;

	if (argc != 6 || inet_pton(AF_INET6, argv[3], &addr.sin6_addr) != 1)
		errx(2, "usage: xfer NETNS-FROM NETNS-TO ADDRESS PORT MEGABYTES");
	addr.sin6_port = htons(atoi(argv[4]));
	bytes = strtoul(argv[5], NULL, 0) << 20;
	for (i = 0; i < CHUNK; i++)
		chunk[i] = i * 31 + (i >> 8);
	tool_enter(argv[2]);
	listener = listen_at(&addr);
	start = tool_now_us();
	pid = fork();
	if (!pid)
		return receive(listener, bytes);
	tool_enter(argv[1]);
	transmit(&addr, bytes, &mss);
	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "not all arrived as it was sent");
	printf("bytes=%zu ms=%u mss=%d\n", bytes, (unsigned int)((tool_now_us() - start) / 1000),
	       mss);
	return 0;
}
