// SPDX-License-Identifier: GPL-2.0
/*
 * Prints how many thousand times a second the time stamp counter ticks.  An
 * emulated guest reads the host's, but has to find this out against emulated
 * timers: on a busy host it has been wrong by a factor of six, and all its
 * clocks with it.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

/* Both clocks at one moment: of several readings the one least disturbed */
static void both(uint64_t *ticks, uint64_t *ns)
{
	uint64_t best = UINT64_MAX, before, after;
	struct timespec now;
	int i;

	for (i = 0; i < 100; i++) {
		before = __rdtsc();
		clock_gettime(CLOCK_MONOTONIC_RAW, &now);
		after = __rdtsc();
		if (after - before >= best)
			continue;
		best = after - before;
		*ticks = before + best / 2;
		*ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	}
}

int main(void)
{
	const struct timespec nap = { .tv_nsec = 100000000 };
	uint64_t ticks[2], ns[2];

	both(&ticks[0], &ns[0]);
	nanosleep(&nap, NULL);
	both(&ticks[1], &ns[1]);
	printf("%.0f\n", (double)(ticks[1] - ticks[0]) * 1e6 / (double)(ns[1] - ns[0]));
	return 0;
}
