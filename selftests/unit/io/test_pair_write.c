// SPDX-License-Identifier: GPL-2.0
/*
 * What the active one of a pair writes, and what it does if that is refused.
 *
 * Shows: RFC 5847 §3.2: the counter "MUST NOT be incremented if the recovery happens
 * without losing state": so that what is lost has to be known
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pair_bed.h"

/* A store that was wiped has the same epochs again: its copies are not called the same. */
static void no_name_comes_twice(void **state)
{
	char first[PAIR_BASE_LEN];

	(void)state;
	bed_active();
	bed_renew();
	assert_true(bed.px->write.walking);
	memcpy(first, bed.px->write.base, sizeof(first));
	assert_memory_equal(first, "1.", 2);
	bed.px->write.stale = true;
	bed_later(BED_INTERVAL_MS);
	bed_said();
	/* what began is taken, then the lease is renewed */
	bed_answer(":1\r\n");
	bed_lease(true, 1, 3);
	assert_string_not_equal(first, bed.px->write.base);
	bed_close();
}

/* Who takes over in between hears that not all is there, and is told once. */
static void what_is_missing_is_said_at_once(void **state)
{
	const char *said;

	(void)state;
	bed_active();
	bed_renew();
	bed_answer("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
	assert_true(bed.px->write.stale);
	said = bed_said();
	assert_non_null(strstr(said, "'HDEL', KEYS[1], 'whole'"));
	/* what is refused once more is no news */
	bed_answer("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
	assert_string_equal(bed_said(), "");
	bed_close();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_name_comes_twice),
		cmocka_unit_test(what_is_missing_is_said_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
