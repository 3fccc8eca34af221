// SPDX-License-Identifier: GPL-2.0
/*
 * The standby's copy of what the active one writes.
 *
 * Shows: RFC 5847 §3.2: the counter "MUST NOT be incremented if the recovery happens
 * without losing state": what could not be read is lost
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pair_bed.h"

/* It has asked for all there is. */
static void standby(void)
{
	bed_open();
	pair_ready(&bed.io);
	bed_said();
	bed_lease(false, 1, 1);
	assert_int_equal(bed.px->machine.state, PAIR_STANDBY);
	bed_said();
	bed_answer("*5\r\n$3\r\n1.x\r\n$1\r\n7\r\n$0\r\n\r\n:0\r\n:0\r\n");
	assert_non_null(strstr(bed_said(), "HSCAN"));
}

/* The answer to a scan that is over, and to who asks for what has changed since */
static void copied(const char *scanned)
{
	bed_answer(scanned);
	assert_non_null(strstr(bed_said(), "EVAL"));
	bed_answer("*5\r\n$3\r\n1.x\r\n$1\r\n7\r\n$0\r\n\r\n:0\r\n:1\r\n");
}

static void all_is_whole(void **state)
{
	(void)state;
	standby();
	copied("*2\r\n$1\r\n0\r\n*0\r\n");
	assert_true(bed.px->copy.whole);
	assert_true(pair_copy_whole(bed.px));
	bed_close();
}

static void unread_one_is_missing(void **state)
{
	(void)state;
	standby();
	copied("*2\r\n$1\r\n0\r\n*4\r\n$3\r\n\1mn\r\n$5\r\nwhat?\r\n$3\r\n\1no\r\n$1\r\n?\r\n");
	assert_true(bed.px->copy.whole);
	assert_false(pair_copy_whole(bed.px));
	assert_int_equal(bed.px->copy.unread, 2);
	/* all anew: it counts no more */
	bed_later(BED_INTERVAL_MS);
	bed_said();
	bed_lease(false, 1, 2);
	bed_said();
	bed_answer("*5\r\n$3\r\n2.y\r\n$1\r\n7\r\n$0\r\n\r\n:0\r\n:0\r\n");
	assert_non_null(strstr(bed_said(), "HSCAN"));
	assert_int_equal(bed.px->copy.unread, 0);
	bed_close();
}

/* What the last active one has itself is read once, before it begins. */
static void own_records_are_read_once(void **state)
{
	const struct keep_key k = { .kind = KEEP_NODE, .len = 1, .key = { 1 } };
	const struct store *found;
	uint32_t counter;
	struct store *s;
	char text[256];

	(void)state;
	bed_open();
	s = recall_store(&bed.io, &counter);
	store_count(s, 7);
	store_put(s, &k, "x", 2, false);
	store_close(s);
	pair_ready(&bed.io);
	bed_said();
	snprintf(text, sizeof(text),
		 "*10\r\n:1\r\n:1\r\n:5\r\n:1\r\n:1\r\n$1\r\n7\r\n$0\r\n\r\n$16\r\n%s\r\n"
		 ":1000\r\n$0\r\n\r\n",
		 bed.px->id);
	bed_answer(text);
	assert_int_equal(bed.px->machine.state, PAIR_ACTIVE);
	found = bed.io.store;
	assert_non_null(found);
	assert_int_equal(pair_begin(&bed.io), 0);
	recall_open(&bed.io);
	assert_ptr_equal(bed.io.store, found);
	assert_true(bed.io.whole);
	assert_int_equal(bed.conf.peer.restart_counter, 7);
	bed_close();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_whole),
		cmocka_unit_test(unread_one_is_missing),
		cmocka_unit_test(own_records_are_read_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
