/* SPDX-License-Identifier: GPL-2.0 */
/* Options that are refused: each with the reason, and the byte that is to blame. */
#ifndef SELFTESTS_UNIT_MH_BAD_H
#define SELFTESTS_UNIT_MH_BAD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "gen.h"

struct bad {
	const char *what;
	uint8_t opt[80];
	size_t n;		/* bytes of opt; the lengths in it may say otherwise */
	enum mh_error error;
	size_t offset;		/* from the option's type byte on */
};

/* A message of so many bytes whose option begins there */
static inline void bad_is_refused(const struct bad *b, const uint8_t *buf, size_t len, size_t at)
{
	struct mh_msg m;
	struct mh_result r = gen_decode(&m, buf, len, 0);

	if (r.error != b->error || r.offset != at + b->offset)
		print_error("%s: error %d at %zu\n", b->what, (int)r.error, r.offset - at);
	assert_int_equal(r.error, b->error);
	assert_int_equal(r.offset, at + b->offset);
}

/* Nor is it sent */
static inline void bad_never_leaves(const struct mh_msg *m, enum mh_error error)
{
	uint8_t buf[MH_MAX];
	struct mh_result r;

	assert_int_equal(mh_encode(m, buf, sizeof(buf), &gen_src, &gen_dst, &r), -1);
	assert_int_equal(r.error, error);
}

#endif
