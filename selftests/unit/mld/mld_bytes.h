/* SPDX-License-Identifier: GPL-2.0 */
/* Messages as bytes, in memory of exactly their size: ASan sees the byte after the last. */
#ifndef SELFTESTS_UNIT_MLD_BYTES_H
#define SELFTESTS_UNIT_MLD_BYTES_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "fake_env.h"
#include "mld/mld.h"

static inline uint8_t *exact(const uint8_t *buf, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, buf, len);
	return copy;
}

/* The nth of an array that mld_sources can point into: 2001:db8::n + 1 */
static inline struct mld_sources some_sources(struct in6_addr *array, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		array[i] = fake_addr("2001:db8::");
		array[i].s6_addr[14] = (uint8_t)((i + 1) >> 8);
		array[i].s6_addr[15] = (uint8_t)(i + 1);
	}
	return (struct mld_sources){ (const uint8_t *)array, n };
}

static inline void assert_addr(const struct in6_addr *a, const char *text)
{
	struct in6_addr b = fake_addr(text);

	assert_memory_equal(a, &b, sizeof(b));
}

#endif
