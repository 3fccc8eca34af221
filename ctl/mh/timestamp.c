// SPDX-License-Identifier: GPL-2.0
/* The Timestamp option's fixed point (RFC 5213 §8.8): 48 bits and 16. */
#include "mh/mh.h"

#define FRACTION_BITS	16

/**
 * mh_timestamp - what the Timestamp option says for a time
 * @wall_ns: ns since 1970
 *
 * Return: seconds and 1/65536 s, rounded down.
 */
uint64_t mh_timestamp(uint64_t wall_ns)
{
	uint64_t s = wall_ns / NSEC_PER_SEC, ns = wall_ns % NSEC_PER_SEC;

	return s << FRACTION_BITS | (ns << FRACTION_BITS) / NSEC_PER_SEC;
}

/**
 * mh_timestamp_ns - the time that a Timestamp option says
 * @timestamp: seconds and 1/65536 s
 *
 * Rounded up, so that mh_timestamp() of the result is @timestamp again.
 *
 * Return: ns since 1970; UINT64_MAX for a time beyond the year 2554, which
 * does not fit and which no sane peer sends.
 */
uint64_t mh_timestamp_ns(uint64_t timestamp)
{
	uint64_t s = timestamp >> FRACTION_BITS;
	uint64_t fraction = timestamp & ((1 << FRACTION_BITS) - 1);
	uint64_t ns;

	ns = (fraction * NSEC_PER_SEC + (1 << FRACTION_BITS) - 1) >> FRACTION_BITS;
	if (s > (UINT64_MAX - ns) / NSEC_PER_SEC)
		return UINT64_MAX;
	return s * NSEC_PER_SEC + ns;
}
