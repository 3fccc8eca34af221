/* SPDX-License-Identifier: GPL-2.0 */
/* Groups, sources, and what listeners and anchors say of them */
#ifndef SELFTESTS_UNIT_MULTICAST_BED_H
#define SELFTESTS_UNIT_MULTICAST_BED_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "fake_env.h"
#include "multicast/filter.h"

#define SOURCES_MAX	32	/* a set of them fits into a mask */

static inline struct in6_addr group_addr(unsigned int i)
{
	struct in6_addr a = fake_addr("ff1e::");

	a.s6_addr[14] = (uint8_t)(i >> 8);
	a.s6_addr[15] = (uint8_t)i;
	return a;
}

static inline struct in6_addr source_addr(unsigned int i)
{
	struct in6_addr a = fake_addr("2001:db8::1:0");

	a.s6_addr[14] = (uint8_t)(i >> 8);
	a.s6_addr[15] = (uint8_t)i;
	return a;
}

/* Bit i is source i, 0 to 31 */
static inline struct mld_sources sources_of(uint32_t mask, struct in6_addr *array)
{
	struct mld_sources s = { (const uint8_t *)array, 0 };

	for (unsigned int i = 0; i < SOURCES_MAX; i++)
		if (mask & 1U << i)
			array[s.n++] = source_addr(i);
	return s;
}

static inline uint32_t bit_of(const struct in6_addr *a)
{
	for (unsigned int i = 0; i < SOURCES_MAX; i++) {
		struct in6_addr s = source_addr(i);

		if (IN6_ARE_ADDR_EQUAL(a, &s))
			return 1U << i;
	}
	fail_msg("an address that nobody has mentioned");
	return 0;
}

static inline uint32_t mask_of(const struct mld_sources *s)
{
	uint32_t mask = 0;

	for (unsigned int i = 0; i < s->n; i++) {
		struct in6_addr a = mld_source(s, i);

		assert_false(mask & bit_of(&a));
		mask |= bit_of(&a);
	}
	return mask;
}

static inline uint32_t filter_mask(const struct mcast_filter *f)
{
	struct mld_sources s = { (const uint8_t *)f->sources, f->n };

	for (unsigned int i = 1; i < f->n; i++)
		assert_true(mcast_addr_cmp(&f->sources[i - 1], &f->sources[i]) < 0);
	return mask_of(&s);
}

/* To be cleared with mcast_filter_clear() */
static inline struct mcast_filter filter_of(enum mcast_mode mode, uint32_t mask)
{
	struct mcast_filter f = { .mode = (uint8_t)mode };
	struct in6_addr array[SOURCES_MAX];
	struct mld_sources s = sources_of(mask, array);
	int n = mcast_sources_read(&f.sources, &s);

	assert_true(n >= 0);
	f.n = (unsigned int)n;
	return f;
}

/* RFC 3810 §3 */
static inline bool wants(enum mcast_mode mode, uint32_t mask, unsigned int source)
{
	bool in = mask & 1U << source;

	return mode == MCAST_EX ? !in : in;
}

#endif
