// SPDX-License-Identifier: GPL-2.0
/* The daemon under load, as the process that it is. */
#include "load.h"

#include <err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

/**
 * anchor_open() - what to watch a process by
 * @pid: the process, 0: none
 *
 * Ends the program if there is no such process.
 *
 * Return: a pidfd, or -1 for none.
 */
int anchor_open(int pid)
{
	int fd = pid ? pidfd_open(pid, 0) : -1;

	if (pid && fd < 0)
		err(2, "process %d", pid);
	return fd;
}

/**
 * anchor_has_ended() - is the process gone?
 * @pidfd: of anchor_open(); -1: nobody knows, so it is not
 *
 * Return: true once it has ended, whether it has been waited for or not.
 */
bool anchor_has_ended(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* Field 22 of proc(5)'s stat; the second may have blanks and brackets in it */
static bool start_ticks(int pid, unsigned long long *ticks)
{
	char line[1024], *p;
	unsigned int field;
	FILE *f;
	bool ok;

	snprintf(line, sizeof(line), "/proc/%d/stat", pid);
	f = fopen(line, "r");
	if (!f)
		return false;
	ok = fgets(line, sizeof(line), f);
	fclose(f);
	p = ok ? strrchr(line, ')') : NULL;
	for (field = 2; p && field < 22; field++)
		p = strchr(p + 1, ' ');
	if (p)
		*ticks = strtoull(p, NULL, 10);
	return p;
}

/**
 * anchor_begin() - when a process began
 * @pid: the process
 *
 * The kernel tells it in ticks of its clock, mostly of 10 ms: this may be so much too early,
 * never too late.
 *
 * Return: ns, as load_clock() counts them; the present where it is not known.
 */
uint64_t anchor_begin(int pid)
{
	uint64_t now = load_clock(), tick = NSEC_PER_SEC / (uint64_t)sysconf(_SC_CLK_TCK);
	unsigned long long ticks;
	struct timespec up;
	uint64_t age;

	if (!start_ticks(pid, &ticks))
		return now;
	clock_gettime(CLOCK_BOOTTIME, &up);
	age = (uint64_t)up.tv_sec * NSEC_PER_SEC + (uint64_t)up.tv_nsec - ticks * tick;
	return now - age;
}
