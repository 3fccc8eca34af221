// SPDX-License-Identifier: GPL-2.0
/* Durations counted in slots that widen with them. */
#include "load.h"

static unsigned int slot_of(uint64_t ns)
{
	unsigned int high;

	if (ns < 1U << HISTOGRAM_STEP_BITS)
		return (unsigned int)ns;
	high = 63 - (unsigned int)__builtin_clzll(ns) - HISTOGRAM_STEP_BITS;
	return ((high + 1) << HISTOGRAM_STEP_BITS) +
	       (unsigned int)(ns >> high) - (1U << HISTOGRAM_STEP_BITS);
}

/* The longest duration that a slot holds */
static uint64_t end_of(unsigned int slot)
{
	unsigned int high = slot >> HISTOGRAM_STEP_BITS;
	uint64_t step = slot & ((1U << HISTOGRAM_STEP_BITS) - 1);

	if (!high)
		return step;
	return ((step + 1 + (1U << HISTOGRAM_STEP_BITS)) << (high - 1)) - 1;
}

/**
 * histogram_add() - count one duration
 * @h: the histogram
 * @ns: the duration
 */
void histogram_add(struct histogram *h, uint64_t ns)
{
	unsigned int slot = slot_of(ns);

	h->slot[slot < HISTOGRAM_SLOTS ? slot : HISTOGRAM_SLOTS - 1]++;
	h->n++;
	if (ns > h->max)
		h->max = ns;
}

/**
 * histogram_quantile() - the duration that a share of all do not exceed
 * @h: the histogram
 * @q: the share, 0 to 1
 *
 * Return: ns, up to 1.6 % too long; 0 where nothing was counted.
 */
uint64_t histogram_quantile(const struct histogram *h, double q)
{
	uint64_t wanted = (uint64_t)(q * (double)h->n), seen = 0;
	unsigned int i;

	if (wanted < h->n)
		wanted++;
	for (i = 0; h->n && i < HISTOGRAM_SLOTS; i++) {
		seen += h->slot[i];
		if (seen >= wanted)
			return end_of(i) < h->max ? end_of(i) : h->max;
	}
	return h->max;
}
