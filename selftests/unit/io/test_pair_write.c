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
#include "store_break.h"

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

/* The primary says no, and so do others; the profiles of nodes can be asked for all the same. */
static void no_other_server_is_looked_for(void **state)
{
	(void)state;
	bed_active();
	bed_renew();
	bed_answer("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
	assert_true(bed.redis.ready);
	bed_said();
	bed_answer("-OOM the same\r\n");
	bed_later(BED_INTERVAL_MS);
	assert_non_null(strstr(bed_said(), "EVAL"));
	bed_notices = 0;
	bed_answer("-MISCONF Errors writing to the AOF file\r\n");
	assert_true(bed.redis.ready);
	assert_int_equal(bed.px->machine.state, PAIR_ACTIVE);
	assert_int_equal(bed_notices, 1);
	/* it is asked again, and what is the same is said once */
	bed_later(BED_INTERVAL_MS);
	assert_non_null(strstr(bed_said(), "EVAL"));
	bed_answer("-MISCONF Errors writing to the AOF file\r\n");
	assert_int_equal(bed_notices, 1);
	bed_close();
}

/* A replica, or one that has not begun yet: there may be a primary. */
static void another_server_is_looked_for(void **state)
{
	static const char *const says[] = {
		"-READONLY You can't write against a read only replica.\r\n",
		"-LOADING Redis is loading the dataset in memory\r\n",
		"-MASTERDOWN Link with MASTER is down\r\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(says) / sizeof(*says); i++) {
		bed_active();
		bed_renew();
		bed_answer(says[i]);
		assert_false(bed.redis.ready);
		bed_close();

		bed_active();
		bed_later(BED_INTERVAL_MS);
		bed_said();
		bed_answer(says[i]);
		assert_false(bed.redis.ready);
		bed_close();
	}
}

static void keep_one(uint8_t number, const char *data)
{
	const struct keep_key k = { .kind = KEEP_NODE, .len = 1, .key = { number } };

	store_put(bed.io.store, &k, data, strlen(data) + 1, false);
	store_commit(bed.io.store);
}

/* Whether the copy in force is whole is what the last command says. */
static const char *written_anew(void)
{
	const char *said;

	bed_renew();
	bed_answer(":1\r\n");
	said = bed_said();
	assert_non_null(strstr(said, "'base', ARGV[2]"));
	/* the records, and that they are all */
	bed_answer(":1\r\n:1\r\n");
	return strrchr(said, '$');
}

/* Of a record that this host itself cannot read the other one hears nothing. */
static void broken_one_is_counted(void **state)
{
	(void)state;
	bed_active();
	keep_one(1, "first");
	keep_one(2, "second");
	assert_string_equal(written_anew(), "$1\r\n1\r\n");
	assert_true(bed.px->write.whole);
	bed_close();

	bed_active();
	keep_one(1, "first");
	keep_one(2, "second");
	store_break(bed.dir, "first");
	assert_string_equal(written_anew(), "$1\r\n0\r\n");
	assert_false(bed.px->write.whole);
	assert_int_equal(bed.px->write.broken, 1);
	assert_int_equal(bed.px->write.records, 1);
	bed_close();
}

/* What comes while the lease is handed over waits; if it is not, it is answered here. */
static void nothing_is_taken_on_meanwhile(void **state)
{
	(void)state;
	bed_active();
	snprintf(bed.standby, sizeof(bed.standby), "00000000000000ff 1");
	bed_renew();
	bed_answer(":1\r\n:1\r\n");
	json_decref(request_pair_yield(&bed.io, NULL));
	assert_true(bed.io.starting);
	assert_true(pair_waits(&bed.io));
	assert_non_null(strstr(bed_said(), "^(%x+) 1$"));
	bed_answer(":0\r\n");
	assert_false(bed.io.starting);
	assert_false(pair_waits(&bed.io));
	assert_int_equal(bed.px->machine.state, PAIR_ACTIVE);
	bed_close();

	bed_active();
	snprintf(bed.standby, sizeof(bed.standby), "00000000000000ff 1");
	bed_renew();
	bed_answer(":1\r\n:1\r\n");
	json_decref(request_pair_yield(&bed.io, NULL));
	bed_said();
	bed_answer(":1\r\n");
	assert_int_equal(bed.px->machine.state, PAIR_WAITING);
	assert_true(bed.io.again);
	bed_close();
}

/* Who ends leaves the lease to who can go on at once, and else to the next daemon here. */
static void who_ends_hands_over(void **state)
{
	(void)state;
	bed_active();
	assert_false(pair_leave(&bed.io));
	snprintf(bed.standby, sizeof(bed.standby), "00000000000000ff 0");
	bed_renew();
	bed_answer(":1\r\n:1\r\n");
	assert_false(pair_leave(&bed.io));
	snprintf(bed.standby, sizeof(bed.standby), "00000000000000ff 1");
	bed_later(BED_INTERVAL_MS / 2);
	bed_said();
	bed_lease(true, 1, 3);
	assert_true(pair_leave(&bed.io));
	assert_non_null(strstr(bed_said(), "^(%x+) 1$"));
	bed_answer(":1\r\n");
	assert_int_equal(bed.px->machine.state, PAIR_WAITING);
	bed_close();
}

/* A store that has lost all, and was asked for the lease since, is written anew. */
static void what_the_store_has_lost_is_written_anew(void **state)
{
	(void)state;
	bed_active();
	keep_one(1, "first");
	written_anew();
	assert_true(bed.px->write.whole);
	assert_string_equal(bed_renew(), "");
	bed.lost = true;
	assert_non_null(strstr(bed_renew(), "'next', ARGV[2], 'whole', 0"));
	assert_false(bed.px->write.whole);
	bed_close();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_name_comes_twice),
		cmocka_unit_test(what_is_missing_is_said_at_once),
		cmocka_unit_test(no_other_server_is_looked_for),
		cmocka_unit_test(another_server_is_looked_for),
		cmocka_unit_test(broken_one_is_counted),
		cmocka_unit_test(nothing_is_taken_on_meanwhile),
		cmocka_unit_test(who_ends_hands_over),
		cmocka_unit_test(what_the_store_has_lost_is_written_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
