/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every test tool needs: to give up with a reason, to enter a network
 * namespace by its name, to read the clock and to read a link-layer address; and
 * how patient to be.
 */
#ifndef _TOOL_H
#define _TOOL_H

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Enter the namespace that ip-netns(8) calls @name; "." is the one we are in. */
static inline void tool_enter(const char *name)
{
	char file[128];
	int fd;

	if (!strcmp(name, "."))
		return;
	snprintf(file, sizeof(file), "/run/netns/%s", name);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", file);
	if (setns(fd, CLONE_NEWNET))
		err(2, "setns %s", name);
	close(fd);
}

static inline uint64_t tool_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* How much longer all may take than on one of Debian's kernels */
static inline unsigned int tool_slow(void)
{
	const char *slow = getenv("PMIP_SLOW");

	return slow && atoi(slow) > 0 ? (unsigned int)atoi(slow) : 1;
}

/* The address written as "02:00:…" into @lladdr; false if it is not one. */
static inline int tool_lladdr(const char *text, uint8_t lladdr[6])
{
	return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", lladdr, lladdr + 1,
		      lladdr + 2, lladdr + 3, lladdr + 4, lladdr + 5) == 6;
}

#endif /* _TOOL_H */
