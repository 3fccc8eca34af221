/* SPDX-License-Identifier: GPL-2.0 */
/* A message and the bytes that an RFC draws of it: each is made of the other. */
#ifndef SELFTESTS_UNIT_MH_GOLDEN_H
#define SELFTESTS_UNIT_MH_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "gen.h"

/* @golden: but for its checksum */
static void both_ways(const struct mh_msg *m, const uint8_t *golden, size_t size)
{
	uint8_t want[MH_MAX], buf[MH_MAX];
	struct mh_msg back;

	memcpy(want, golden, size);
	gen_fix_checksum(want, size);
	assert_int_equal(mh_encode(m, buf, sizeof(buf), &gen_src, &gen_dst, NULL), size);
	assert_memory_equal(buf, want, size);
	assert_int_equal(gen_decode(&back, want, size, 0).error, MH_OK);
	assert_memory_equal(&back, m, sizeof(back));
}

#endif
