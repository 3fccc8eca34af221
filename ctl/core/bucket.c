// SPDX-License-Identifier: GPL-2.0
/*
 * Each token costs the time in which one comes.  So all that is to be kept is since when
 * time has been saved, which is never longer ago than a full bucket takes.
 */
#include "core/bucket.h"

#define NSEC	1000000000ULL

/**
 * bucket_take() - take a token, if there is one
 * @b: the bucket
 * @now: ns of a monotonic clock
 * @rate: tokens that come in a second, up to 10^9; 0: there is always one
 * @burst: of how many at once it is full
 *
 * Return: false if there is none, and nothing is taken.
 */
bool bucket_take(struct bucket *b, uint64_t now, uint32_t rate, uint32_t burst)
{
	uint64_t cost, store;

	if (!rate)
		return true;
	cost = NSEC / rate;
	store = cost * burst;
	if (b->from + store < now)
		b->from = now - store;
	if (b->from + cost > now)
		return false;
	b->from += cost;
	return true;
}
