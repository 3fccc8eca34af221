/* SPDX-License-Identifier: GPL-2.0 */
/* What the measured flows of the demo, and those who read about them, have in common. */
#ifndef _FLOW_H
#define _FLOW_H

#include <arpa/inet.h>
#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define NSEC	1000000000LL
#define FLOW_MAGIC	0x666c6f77	/* "flow": nothing else is counted */

/* What a UDP packet of a measured flow begins with, in network byte order */
struct flow_packet {
	uint32_t magic;
	uint32_t reserved;
	uint64_t seq;
	uint64_t sent;		/* CLOCK_MONOTONIC, ns */
};

static inline int64_t now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC + ts.tv_nsec;
}

/* @ns is of CLOCK_MONOTONIC */
static inline void sleep_until(int64_t ns)
{
	struct timespec ts = { .tv_sec = ns / NSEC, .tv_nsec = ns % NSEC };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

/* From now on signals wait until they are asked for. */
static inline void signals_hold(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static inline bool stop_asked(void)
{
	sigset_t set;

	sigpending(&set);
	return sigismember(&set, SIGTERM) || sigismember(&set, SIGINT);
}

static inline struct sockaddr_in6 socket_address(const char *text, const char *port)
{
	struct sockaddr_in6 a = {
		.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)atoi(port)),
	};

	if (inet_pton(AF_INET6, text, &a.sin6_addr) != 1)
		errx(2, "%s is not an IPv6 address", text);
	return a;
}

#endif /* _FLOW_H */
