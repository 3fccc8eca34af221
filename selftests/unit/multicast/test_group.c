// SPDX-License-Identifier: GPL-2.0
/* The router's state of a group: the tables of RFC 3810 §7, line by line. */
#include "listener_bed.h"

#define MALI	260000		/* ms: 2 * 125 s + 10 s */
#define LLQT	2000

#define A	0x3		/* sources 0 and 1 */
#define B	0x6		/* 1 and 2 */

static uint64_t left_of(struct bed *b, unsigned int source)
{
	struct in6_addr group = group_addr(1), addr = source_addr(source);
	struct mcast_group *g = mcast_listener_find(&b->l, &group);

	assert_non_null(g);
	for (unsigned int i = 0; i < g->n; i++)
		if (IN6_ARE_ADDR_EQUAL(&g->sources[i].addr, &addr))
			return g->sources[i].expires ?
			       (g->sources[i].expires - b->f.now) / NSEC_PER_MSEC : 0;
	fail_msg("no source %u", source);
	return 0;
}

static uint64_t filter_left(struct bed *b)
{
	struct in6_addr group = group_addr(1);

	return (mcast_listener_find(&b->l, &group)->filter_expires - b->f.now) / NSEC_PER_MSEC;
}

/* A router that has been in a state for 10 s, and has asked nothing meanwhile */
static void begin(struct bed *b, enum mcast_mode mode, uint32_t x, uint32_t y)
{
	struct in6_addr group = group_addr(1);
	struct mcast_group *g = mcast_listener_find(&b->l, &group);

	if (g) {
		say(b, MLD_TO_IN, 1, 0);
		fake_advance_ms(&b->f, LLQT);
	}
	assert_int_equal(b->l.n, 0);
	if (mode == MCAST_EX)
		say(b, MLD_IS_EX, 1, y);
	if (x)
		say(b, MLD_IS_IN, 1, x);
	expect_state(b, 1, mode, x, y);
	fake_advance_ms(&b->f, 10000);
	b->asked_n = 0;
	b->changes = 0;
}

/* RFC 3810 §7.4.1: "INCLUDE (A) IS_IN (B): INCLUDE (A+B), (B)=MALI"; §7.4.2: so does ALLOW */
static void include_allow(void **state)
{
	struct bed *b = *state;

	for (unsigned int type = MLD_IS_IN; type <= MLD_ALLOW; type += MLD_ALLOW - MLD_IS_IN) {
		begin(b, MCAST_IN, A, 0);
		assert_int_equal(say(b, type, 1, B), 0);
		expect_state(b, 1, MCAST_IN, A | B, 0);
		assert_int_equal(left_of(b, 0), MALI - 10000);
		assert_int_equal(left_of(b, 1), MALI);
		assert_int_equal(left_of(b, 2), MALI);
		assert_int_equal(b->asked_n, 0);
		assert_int_equal(b->changes, 1);
	}
}

/* "INCLUDE (A) IS_EX (B): EXCLUDE (A*B, B-A), (B-A)=0, Delete (A-B), Filter Timer=MALI" */
static void include_is_ex(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_IN, A, 0);
	assert_int_equal(say(b, MLD_IS_EX, 1, B), 0);
	expect_state(b, 1, MCAST_EX, A & B, B & ~A);
	assert_int_equal(left_of(b, 1), MALI - 10000);
	assert_int_equal(filter_left(b), MALI);
	assert_int_equal(b->asked_n, 0);
}

/* "INCLUDE (A) BLOCK (B): INCLUDE (A), Send Q(MA,A*B)" */
static void include_block(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_IN, A, 0);
	assert_int_equal(say(b, MLD_BLOCK, 1, B), 0);
	expect_state(b, 1, MCAST_IN, A, 0);
	assert_int_equal(left_of(b, 0), MALI - 10000);
	assert_int_equal(left_of(b, 1), LLQT);
	assert_int_equal(b->asked_n, 1);
	expect_query(b, 0, 0, false, A & B);
	/* §7.6.3.2: "[Last Listener Query Count -1] query retransmissions", then it is over */
	fake_advance_ms(&b->f, 1999);
	assert_int_equal(b->asked_n, 2);
	expect_query(b, 1, 999, false, A & B);
	assert_int_equal(b->changes, 0);
	fake_advance_ms(&b->f, 1);
	expect_state(b, 1, MCAST_IN, A & ~B, 0);
	assert_int_equal(b->changes, 1);
	fake_advance_ms(&b->f, 5000);
	assert_int_equal(b->asked_n, 2);
}

/* "INCLUDE (A) TO_EX (B): EXCLUDE (A*B,B-A), (B-A)=0, Delete (A-B), Send Q(MA,A*B), Filter
 * Timer=MALI"
 */
static void include_to_ex(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_IN, A, 0);
	assert_int_equal(say(b, MLD_TO_EX, 1, B), 0);
	expect_state(b, 1, MCAST_EX, A & B, B & ~A);
	assert_int_equal(left_of(b, 1), LLQT);
	assert_int_equal(filter_left(b), MALI);
	expect_query(b, 0, 0, false, A & B);
	/* §7.2.3: "the source is moved to the Exclude List" */
	fake_advance_ms(&b->f, LLQT);
	expect_state(b, 1, MCAST_EX, 0, B);
}

/* "INCLUDE (A) TO_IN (B): INCLUDE (A+B), (B)=MALI, Send Q(MA,A-B)" */
static void include_to_in(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_IN, A, 0);
	assert_int_equal(say(b, MLD_TO_IN, 1, B), 0);
	expect_state(b, 1, MCAST_IN, A | B, 0);
	assert_int_equal(left_of(b, 0), LLQT);
	assert_int_equal(left_of(b, 1), MALI);
	expect_query(b, 0, 0, false, A & ~B);
	fake_advance_ms(&b->f, LLQT);
	expect_state(b, 1, MCAST_IN, B, 0);
}

#define X	0x3		/* 0 and 1 */
#define Y	0xc		/* 2 and 3 */
#define R	0x36		/* 1, 2, 4 and 5: of X, of Y, of neither */

/* "EXCLUDE (X,Y) IS_IN (A): EXCLUDE (X+A, Y-A), (A)=MALI"; so does ALLOW */
static void exclude_allow(void **state)
{
	struct bed *b = *state;

	for (unsigned int type = MLD_IS_IN; type <= MLD_ALLOW; type += MLD_ALLOW - MLD_IS_IN) {
		begin(b, MCAST_EX, X, Y);
		assert_int_equal(say(b, type, 1, R), 0);
		expect_state(b, 1, MCAST_EX, X | R, Y & ~R);
		assert_int_equal(left_of(b, 0), MALI - 10000);
		assert_int_equal(left_of(b, 1), MALI);
		assert_int_equal(left_of(b, 2), MALI);
		assert_int_equal(left_of(b, 4), MALI);
		assert_int_equal(filter_left(b), MALI - 10000);
		assert_int_equal(b->asked_n, 0);
	}
}

/* "EXCLUDE (X,Y) IS_EX (A): EXCLUDE (A-Y, Y*A), (A-X-Y)=MALI, Delete (X-A), Delete (Y-A),
 * Filter Timer=MALI"
 */
static void exclude_is_ex(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_EX, X, Y);
	assert_int_equal(say(b, MLD_IS_EX, 1, R), 0);
	expect_state(b, 1, MCAST_EX, R & ~Y, Y & R);
	assert_int_equal(left_of(b, 1), MALI - 10000);
	assert_int_equal(left_of(b, 4), MALI);
	assert_int_equal(filter_left(b), MALI);
	assert_int_equal(b->asked_n, 0);
}

/* "EXCLUDE (X,Y) BLOCK (A): EXCLUDE (X+(A-Y),Y), (A-X-Y) = Filter Timer, Send Q(MA,A-Y)" */
static void exclude_block(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_EX, X, Y);
	assert_int_equal(say(b, MLD_BLOCK, 1, R), 0);
	expect_state(b, 1, MCAST_EX, X | (R & ~Y), Y);
	assert_int_equal(left_of(b, 4), LLQT);
	assert_int_equal(left_of(b, 1), LLQT);
	assert_int_equal(left_of(b, 0), MALI - 10000);
	assert_int_equal(filter_left(b), MALI - 10000);
	expect_query(b, 0, 0, false, R & ~Y);
	fake_advance_ms(&b->f, LLQT);
	expect_state(b, 1, MCAST_EX, X & ~R, Y | R);
	/* a Filter Timer that is shorter than LLQT is what they get */
	begin(b, MCAST_EX, 0, 0);
	fake_advance_ms(&b->f, MALI - 10000 - 700);
	assert_int_equal(say(b, MLD_BLOCK, 1, 0x10), 0);
	assert_int_equal(left_of(b, 4), 700);
	assert_int_equal(b->asked_n, 0);
}

/* "EXCLUDE (X,Y) TO_EX (A): EXCLUDE (A-Y,Y*A), (A-X-Y) = Filter Timer, Delete (X-A), Delete
 * (Y-A), Send Q(MA,A-Y), Filter Timer=MALI"
 */
static void exclude_to_ex(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_EX, X, Y);
	assert_int_equal(say(b, MLD_TO_EX, 1, R), 0);
	expect_state(b, 1, MCAST_EX, R & ~Y, Y & R);
	assert_int_equal(left_of(b, 4), LLQT);
	assert_int_equal(left_of(b, 1), LLQT);
	assert_int_equal(filter_left(b), MALI);
	expect_query(b, 0, 0, false, R & ~Y);
}

/* "EXCLUDE (X,Y) TO_IN (A): EXCLUDE (X+A,Y-A), (A)=MALI, Send Q(MA,X-A), Send Q(MA)" */
static void exclude_to_in(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_EX, X, Y);
	assert_int_equal(say(b, MLD_TO_IN, 1, R), 0);
	expect_state(b, 1, MCAST_EX, X | R, Y & ~R);
	assert_int_equal(left_of(b, 0), LLQT);
	assert_int_equal(left_of(b, 1), MALI);
	assert_int_equal(left_of(b, 2), MALI);
	assert_int_equal(filter_left(b), LLQT);
	assert_int_equal(b->asked_n, 2);
	expect_query(b, 0, 0, false, 0);
	expect_query(b, 1, 0, false, X & ~R);
	fake_advance_ms(&b->f, 1000);
	assert_int_equal(b->asked_n, 4);
	/* §7.5: "sources from the Exclude List are deleted" */
	fake_advance_ms(&b->f, 1000);
	expect_state(b, 1, MCAST_IN, R, 0);
	assert_int_equal(b->asked_n, 4);
}

/* RFC 3810 §7.2.2: "If the Requested List is empty, delete Multicast Address Record" */
static void filter_timer(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_EX, 0, Y);
	fake_advance_ms(&b->f, MALI - 10001);
	expect_state(b, 1, MCAST_EX, 0, Y);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(b->l.n, 0);
	assert_int_equal(b->changes, 1);
	assert_true(mcast_filter_nobody(&b->now));
}

/* RFC 3810 §7.6.3.1: "if the Filter Timer is larger than LLQT, the [S] bit is set" */
static void group_is_still_wanted(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_EX, 0, 0);
	say(b, MLD_TO_IN, 1, 0);
	expect_query(b, 0, 0, false, 0);
	fake_advance_ms(&b->f, 400);
	say(b, MLD_IS_EX, 1, 0);
	fake_advance_ms(&b->f, 600);
	assert_int_equal(b->asked_n, 2);
	expect_query(b, 1, 0, true, 0);
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(b->asked_n, 2);
	expect_state(b, 1, MCAST_EX, 0, 0);
	assert_int_equal(b->changes, 0);
}

/* RFC 3810 §7.6.3.2: "two separate query messages are sent" */
static void sources_are_still_wanted(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_IN, A, 0);
	say(b, MLD_BLOCK, 1, A);
	fake_advance_ms(&b->f, 400);
	say(b, MLD_IS_IN, 1, 1);
	fake_advance_ms(&b->f, 600);
	assert_int_equal(b->asked_n, 3);
	expect_query(b, 1, 0, true, 1);
	expect_query(b, 2, 0, false, 2);
	fake_advance_ms(&b->f, 1000);
	expect_state(b, 1, MCAST_IN, 1, 0);
}

/* RFC 3810 §7.4.2: "the new and pending queries have to be merged" */
static void queries_are_merged(void **state)
{
	struct bed *b = *state;

	begin(b, MCAST_IN, A | B, 0);
	say(b, MLD_BLOCK, 1, 1);
	fake_advance_ms(&b->f, 300);
	say(b, MLD_BLOCK, 1, 2);
	assert_int_equal(b->asked_n, 2);
	expect_query(b, 1, 0, false, 3);
	/* what a node repeats is not asked again */
	say(b, MLD_BLOCK, 1, 3);
	assert_int_equal(b->asked_n, 2);
	fake_advance_ms(&b->f, 1000);
	assert_int_equal(b->asked_n, 3);
	expect_query(b, 2, 0, false, 2);
	fake_advance_ms(&b->f, 5000);
	assert_int_equal(b->asked_n, 3);
	expect_state(b, 1, MCAST_IN, 4, 0);
}

/* RFC 6224 §4.7: explicit tracking "supports faster leave latencies and reduced signaling" */
static void leaves_at_once(void **state)
{
	struct bed *b = *state;

	b->conf.last_listener_count = 0;
	begin(b, MCAST_EX, X, Y);
	say(b, MLD_TO_IN, 1, R);
	expect_state(b, 1, MCAST_IN, R, 0);
	say(b, MLD_BLOCK, 1, 2);
	expect_state(b, 1, MCAST_IN, R & ~2, 0);
	say(b, MLD_TO_EX, 1, 6);
	expect_state(b, 1, MCAST_EX, 0, 6);
	say(b, MLD_TO_IN, 1, 0);
	assert_int_equal(b->l.n, 0);
	assert_int_equal(b->asked_n, 0);
}

/* RFC 3810 §8.3.2: Report is IS_EX({}), Done TO_IN({}); "BLOCK messages are ignored, as are
 * source-lists in TO_EX"
 */
static void older_host(void **state)
{
	struct in6_addr group = group_addr(1);
	struct bed *b = *state;

	begin(b, MCAST_IN, 0, 0);
	/* without a report of version 1 there is nothing that Done could end */
	say_v1(b, MLD_TYPE_V1_DONE, &group);
	say(b, MLD_IS_EX, 1, 0);
	say_v1(b, MLD_TYPE_V1_DONE, &group);
	assert_int_equal(b->asked_n, 0);
	assert_int_equal(b->heard.ignored, 2);
	say_v1(b, MLD_TYPE_V1_REPORT, &group);
	expect_state(b, 1, MCAST_EX, 0, 0);
	say(b, MLD_BLOCK, 1, A);
	expect_state(b, 1, MCAST_EX, 0, 0);
	say(b, MLD_TO_EX, 1, A);
	expect_state(b, 1, MCAST_EX, 0, 0);
	/* "the Querier continues to send MLDv2 queries" */
	say_v1(b, MLD_TYPE_V1_DONE, &group);
	expect_query(b, 0, 0, false, 0);
	fake_advance_ms(&b->f, LLQT);
	assert_int_equal(b->l.n, 0);
	/* §9.13: the timeout is that of the membership, each report begins it anew */
	say_v1(b, MLD_TYPE_V1_REPORT, &group);
	fake_advance_ms(&b->f, MALI - 1);
	say(b, MLD_IS_EX, 1, 0);
	assert_true(mcast_group_is_v1(b->l.groups));
	fake_advance_ms(&b->f, 1);
	assert_false(mcast_group_is_v1(b->l.groups));
	say(b, MLD_TO_EX, 1, A);
	fake_advance_ms(&b->f, LLQT);
	expect_state(b, 1, MCAST_EX, 0, A);
}

/* RFC 3810 §5.1.10: as many sources as the MTU allows, and the rest in another message */
static void queries_fit(void **state)
{
	struct mld_record rec = { MLD_IS_IN, group_addr(1), { NULL, 200 } };
	struct in6_addr array[200];
	struct bed *b = *state;

	b->masks = false;
	b->conf.max_sources = 200;
	for (unsigned int i = 0; i < 200; i++)
		array[i] = source_addr(i);
	rec.sources.bytes = (const uint8_t *)array;
	assert_int_equal(mcast_listener_record(&b->l, &rec), 0);
	rec.type = MLD_BLOCK;
	assert_int_equal(mcast_listener_record(&b->l, &rec), 0);
	/* 1280 - 48 - 28 bytes are 75 sources */
	assert_int_equal(b->asked_n, 3);
	assert_int_equal(b->asked[0].n, 75);
	assert_int_equal(b->asked[1].n, 75);
	assert_int_equal(b->asked[2].n, 50);
}

/* What the owner cannot take it is told again */
static void told_again(void **state)
{
	struct bed *b = *state;

	b->refuse = -ENOMEM;
	say(b, MLD_IS_EX, 1, A);
	assert_int_equal(b->changes, 0);
	fake_advance_ms(&b->f, 999);
	b->refuse = 0;
	assert_int_equal(b->changes, 0);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(b->changes, 1);
	expect_state(b, 1, MCAST_EX, 0, A);
	/* also that it has ended */
	b->refuse = -ENOMEM;
	say(b, MLD_TO_IN, 1, 0);
	fake_advance_ms(&b->f, LLQT + 1000);
	assert_int_equal(b->l.n, 1);
	b->refuse = 0;
	fake_advance_ms(&b->f, 1000);
	assert_int_equal(b->l.n, 0);
	assert_int_equal(b->changes, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(include_allow, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(include_is_ex, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(include_block, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(include_to_ex, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(include_to_in, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(exclude_allow, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(exclude_is_ex, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(exclude_block, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(exclude_to_ex, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(exclude_to_in, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(filter_timer, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(group_is_still_wanted, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(sources_are_still_wanted, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(queries_are_merged, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(leaves_at_once, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(older_host, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(queries_fit, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(told_again, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
