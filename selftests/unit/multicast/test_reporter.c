// SPDX-License-Identifier: GPL-2.0
/* The host side towards an anchor: RFC 3810 §6, §8.2.1. */
#include "multicast_bed.h"

#include "multicast/reporter.h"

#define SAID_MAX	256

struct said {
	uint64_t at;			/* ns */
	uint8_t type;			/* enum mld_record_type, or 131 or 132 */
	struct in6_addr group;
	uint32_t mask;
	unsigned int n;
	unsigned int packet;
};

struct bed {
	struct fake_env f;
	struct mcast_conf conf;
	struct mcast_reporter r;
	bool masks;
	unsigned int packets, n;
	struct said said[SAID_MAX];
};

static void on_report(void *arg, const struct mld_record *recs, unsigned int n)
{
	struct bed *b = arg;
	uint8_t buf[1280];

	/* §5.2.15: it fits */
	assert_true(mld_report_write(recs, n, buf, b->conf.mtu - MLD_HEADERS) > 0);
	b->packets++;
	for (unsigned int i = 0; i < n; i++) {
		assert_true(b->n < SAID_MAX);
		b->said[b->n++] = (struct said){
			b->f.now, recs[i].type, recs[i].group,
			b->masks ? mask_of(&recs[i].sources) : 0, recs[i].sources.n, b->packets,
		};
	}
}

static void on_v1(void *arg, enum mld_kind type, const struct in6_addr *group)
{
	struct bed *b = arg;

	assert_true(b->n < SAID_MAX);
	b->said[b->n++] = (struct said){ .at = b->f.now, .type = (uint8_t)type, .group = *group };
}

static const struct mcast_reporter_ops ops = { on_report, on_v1 };

static int setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	mcast_conf_default(&b->conf);
	b->masks = true;
	assert_int_equal(mcast_reporter_init(&b->r, &b->f.env, &b->conf, &ops, b), 0);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bed *b = *state;

	mcast_reporter_free(&b->r);
	assert_int_equal(b->f.timers.len, 0);
	fake_free(&b->f);
	free(b);
	return 0;
}

static void want(struct bed *b, unsigned int group, enum mcast_mode mode, uint32_t mask)
{
	struct mcast_filter f = filter_of(mode, mask);
	struct in6_addr addr = group_addr(group);

	assert_int_equal(mcast_reporter_set(&b->r, &addr, &f), 0);
	mcast_filter_clear(&f);
}

/* The oldest that has not been expected yet */
static void expect(struct bed *b, uint8_t type, unsigned int group, uint32_t mask)
{
	struct in6_addr addr = group_addr(group);

	assert_true(b->n > 0);
	assert_int_equal(b->said[0].type, type);
	assert_memory_equal(&b->said[0].group, &addr, sizeof(addr));
	assert_int_equal(b->said[0].mask, mask);
	memmove(b->said, b->said + 1, --b->n * sizeof(*b->said));
}

static void quiet(struct bed *b)
{
	fake_advance_ms(&b->f, 60000);
	b->n = 0;
	b->packets = 0;
}

/* RFC 3810 §6.1: "Old State, New State, State Change Record Sent"; at once, and once more */
static void the_table(void **state)
{
	struct bed *b = *state;

	/* "the 'non-existent' state is considered to have an INCLUDE filter mode" */
	want(b, 1, MCAST_IN, 0x3);
	assert_int_equal(b->n, 0);
	fake_advance(&b->f, 1);
	expect(b, MLD_ALLOW, 1, 0x3);
	assert_int_equal(b->n, 0);
	fake_advance_ms(&b->f, 1000);
	expect(b, MLD_ALLOW, 1, 0x3);
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(b->n, 0);
	/* "INCLUDE (A) INCLUDE (B): ALLOW (B-A), BLOCK (A-B)", in one report */
	want(b, 1, MCAST_IN, 0x6);
	b->packets = 0;
	fake_advance(&b->f, 1);
	assert_int_equal(b->packets, 1);
	expect(b, MLD_ALLOW, 1, 0x4);
	expect(b, MLD_BLOCK, 1, 0x1);
	quiet(b);
	/* "INCLUDE (A) EXCLUDE (B): TO_EX (B)" */
	want(b, 1, MCAST_EX, 0xc);
	fake_advance_ms(&b->f, 60000);
	expect(b, MLD_TO_EX, 1, 0xc);
	expect(b, MLD_TO_EX, 1, 0xc);
	assert_int_equal(b->n, 0);
	/* "EXCLUDE (A) EXCLUDE (B): ALLOW (A-B), BLOCK (B-A)" */
	want(b, 1, MCAST_EX, 0x18);
	fake_advance(&b->f, 1);
	expect(b, MLD_ALLOW, 1, 0x4);
	expect(b, MLD_BLOCK, 1, 0x10);
	quiet(b);
	/* "EXCLUDE (A) INCLUDE (B): TO_IN (B)" */
	want(b, 1, MCAST_IN, 0x3);
	fake_advance_ms(&b->f, 60000);
	expect(b, MLD_TO_IN, 1, 0x3);
	expect(b, MLD_TO_IN, 1, 0x3);
	/* "If the computed source list [...] is empty, that record is omitted" */
	want(b, 1, MCAST_IN, 0);
	fake_advance_ms(&b->f, 60000);
	expect(b, MLD_BLOCK, 1, 0x3);
	expect(b, MLD_BLOCK, 1, 0x3);
	assert_int_equal(b->n, 0);
	assert_null(b->r.groups);
	/* what stays as it was is not reported */
	want(b, 1, MCAST_IN, 0);
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(b->n, 0);
}

/* RFC 3810 §6.1: "transmitted at least [Robustness Variable] times", "at intervals chosen at
 * random from the range (0, [Unsolicited Report Interval])"
 */
static void repetition(void **state)
{
	struct bed *b = *state;

	b->conf.robustness = 4;
	b->r.robustness = 4;
	want(b, 1, MCAST_EX, 0);
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(b->n, 4);
	for (unsigned int i = 1; i < 4; i++)
		assert_in_range(b->said[i].at - b->said[i - 1].at, 1, NSEC_PER_SEC);
	assert_true(b->said[1].at - b->said[0].at != b->said[2].at - b->said[1].at);
}

/* RFC 3810 §6.1: "they are instead merged with the contents of the pending report" */
static void changes_are_merged(void **state)
{
	struct bed *b = *state;

	b->r.robustness = 3;
	want(b, 1, MCAST_IN, 0x1);
	fake_advance(&b->f, 1);
	expect(b, MLD_ALLOW, 1, 0x1);
	want(b, 1, MCAST_IN, 0x3);
	fake_advance(&b->f, 1);
	expect(b, MLD_ALLOW, 1, 0x3);
	/* a source that changes its mind begins anew, the other one does not */
	want(b, 1, MCAST_IN, 0x2);
	fake_advance_ms(&b->f, 60000);
	expect(b, MLD_ALLOW, 1, 0x2);
	expect(b, MLD_BLOCK, 1, 0x1);
	expect(b, MLD_ALLOW, 1, 0x2);
	expect(b, MLD_BLOCK, 1, 0x1);
	expect(b, MLD_BLOCK, 1, 0x1);
	assert_int_equal(b->n, 0);
	/* "the next [Robustness Variable] [...] Reports will include a Filter Mode Change Record
	 * [...] even if any number of source list changes occur", and then Source List Changes
	 */
	want(b, 1, MCAST_EX, 0x4);
	fake_advance(&b->f, 1);
	expect(b, MLD_TO_EX, 1, 0x4);
	want(b, 1, MCAST_EX, 0xc);
	fake_advance_ms(&b->f, 60000);
	expect(b, MLD_TO_EX, 1, 0xc);
	expect(b, MLD_TO_EX, 1, 0xc);
	expect(b, MLD_BLOCK, 1, 0x8);
	assert_int_equal(b->n, 0);
	/* what is over before anybody has been told is not told */
	want(b, 2, MCAST_IN, 0x1);
	want(b, 2, MCAST_IN, 0);
	fake_advance_ms(&b->f, 60000);
	expect(b, MLD_BLOCK, 2, 0x1);
	b->n = 0;
	assert_int_equal(b->f.timers.len, 0);
}

/* RFC 3810 §6.3: "packed into individual Report messages, to the extent possible" */
static void packed(void **state)
{
	struct bed *b = *state;

	for (unsigned int i = 0; i < 100; i++)
		want(b, i, MCAST_EX, 0);
	fake_advance(&b->f, 1);
	/* 1280 - 48 - 8 bytes are 61 records */
	assert_int_equal(b->n, 100);
	assert_int_equal(b->packets, 2);
	assert_int_equal(b->said[60].packet, 1);
	assert_int_equal(b->said[61].packet, 2);
	/* and so are the repetitions */
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(b->n, 200);
	assert_int_equal(b->packets, 4);
}

/* RFC 3810 §5.2.15: "split into multiple", or "as many source addresses as can fit" */
static void too_long_for_a_report(void **state)
{
	struct mcast_filter f = { .mode = MCAST_IN, .n = 200 };
	struct in6_addr array[200], addr = group_addr(1);
	struct bed *b = *state;

	b->masks = false;
	for (unsigned int i = 0; i < 200; i++)
		array[i] = source_addr(i);
	f.sources = array;
	assert_int_equal(mcast_reporter_set(&b->r, &addr, &f), 0);
	fake_advance(&b->f, 1);
	assert_int_equal(b->n, 3);
	assert_int_equal(b->packets, 3);
	/* 1280 - 48 - 8 - 20 bytes are 75 sources */
	assert_int_equal(b->said[0].n, 75);
	assert_int_equal(b->said[1].n, 75);
	assert_int_equal(b->said[2].n, 50);
	quiet(b);
	f.mode = MCAST_EX;
	assert_int_equal(mcast_reporter_set(&b->r, &addr, &f), 0);
	fake_advance(&b->f, 1);
	assert_int_equal(b->n, 1);
	assert_int_equal(b->said[0].n, 75);
}

static struct mld_query general(uint32_t delay_ms)
{
	return (struct mld_query){ .version = 2, .max_delay_ms = delay_ms, .robustness = 2,
				   .interval_s = 125 };
}

/* The array must outlive the query */
static struct mld_query specific(unsigned int group, uint32_t mask, struct in6_addr *array)
{
	struct mld_query q = general(1000);

	q.group = group_addr(group);
	q.sources = sources_of(mask, array);
	return q;
}

/* RFC 3810 §6.2, §6.3 item 1: "one Current State Record is sent for each multicast address",
 * after "a random amount of time, bounded by the Maximum Response Delay"
 */
static void general_query(void **state)
{
	struct mld_query q = general(10000);
	struct bed *b = *state;
	uint64_t begin;

	mcast_reporter_on_query(&b->r, &q);
	assert_int_equal(b->f.timers.len, 0);
	want(b, 1, MCAST_EX, 0x1);
	want(b, 2, MCAST_IN, 0x6);
	quiet(b);
	begin = b->f.now;
	mcast_reporter_on_query(&b->r, &q);
	fake_advance(&b->f, 1);
	assert_int_equal(b->n, 0);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(b->n, 2);
	assert_int_equal(b->packets, 1);
	assert_in_range(b->said[0].at - begin, 1, 10 * NSEC_PER_SEC);
	expect(b, MLD_IS_EX, 1, 0x1);
	expect(b, MLD_IS_IN, 2, 0x6);
	/* rule 1: two queries, one answer */
	mcast_reporter_on_query(&b->r, &q);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(b->n, 2);
	b->n = 0;
	/* also one about a group, if the answer to all comes sooner */
	q = general(1);
	mcast_reporter_on_query(&b->r, &q);
	q = specific(1, 0, NULL);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 60000);
	expect(b, MLD_IS_EX, 1, 0x1);
	expect(b, MLD_IS_IN, 2, 0x6);
	assert_int_equal(b->n, 0);
	/* what has ended is not reported */
	want(b, 2, MCAST_IN, 0);
	fake_advance(&b->f, 1);
	b->n = 0;
	q = general(1);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 1);
	expect(b, MLD_IS_EX, 1, 0x1);
	assert_int_equal(b->n, 0);
}

/* RFC 3810 §6.3 items 2 and 3 */
static void specific_queries(void **state)
{
	struct in6_addr array[SOURCES_MAX];
	struct bed *b = *state;
	struct mld_query q;

	want(b, 1, MCAST_EX, 0x3);
	want(b, 2, MCAST_IN, 0x6);
	quiet(b);
	q = specific(1, 0, array);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 1000);
	expect(b, MLD_IS_EX, 1, 0x3);
	/* "INCLUDE (A), B: IS_IN (A*B)" */
	q = specific(2, 0xc, array);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 1000);
	expect(b, MLD_IS_IN, 2, 0x4);
	/* "EXCLUDE (A), B: IS_IN (B-A)" */
	q = specific(1, 0x6, array);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 1000);
	expect(b, MLD_IS_IN, 1, 0x4);
	/* "an empty set of source addresses, then no response is sent" */
	q = specific(2, 0x8, array);
	mcast_reporter_on_query(&b->r, &q);
	q = specific(3, 0, array);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 1000);
	assert_int_equal(b->n, 0);
	/* rule 5: "augmented to contain the list of sources in the new Query" */
	q = specific(2, 0x2, array);
	mcast_reporter_on_query(&b->r, &q);
	q = specific(2, 0x4, array);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 1000);
	expect(b, MLD_IS_IN, 2, 0x6);
	assert_int_equal(b->n, 0);
	/* rule 4: one about the group is about all sources, before and after */
	for (unsigned int i = 0; i < 2; i++) {
		q = specific(2, i ? 0 : 0x2, array);
		mcast_reporter_on_query(&b->r, &q);
		q = specific(2, i ? 0x2 : 0, array);
		mcast_reporter_on_query(&b->r, &q);
		fake_advance_ms(&b->f, 1000);
		expect(b, MLD_IS_IN, 2, 0x6);
		assert_int_equal(b->n, 0);
	}
}

/* RFC 3810 §10.1: "record only a limited number of sources": beyond it all is told */
static void many_queries(void **state)
{
	struct in6_addr array[SOURCES_MAX];
	struct bed *b = *state;
	struct mld_query q;

	b->conf.max_sources = 4;
	want(b, 1, MCAST_EX, 0x1);
	quiet(b);
	for (uint32_t mask = 1; mask < 0x40; mask <<= 1) {
		q = specific(1, mask, array);
		mcast_reporter_on_query(&b->r, &q);
	}
	fake_advance_ms(&b->f, 1000);
	expect(b, MLD_IS_EX, 1, 0x1);
	assert_int_equal(b->n, 0);
}

/* RFC 3810 §5.1.8: "adopt the QRV value from the most recently received Query" unless "zero" */
static void robustness_of_the_querier(void **state)
{
	struct mld_query q = general(1000);
	struct bed *b = *state;

	q.robustness = 5;
	mcast_reporter_on_query(&b->r, &q);
	want(b, 1, MCAST_EX, 0);
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(b->n, 5);
	q.robustness = 0;
	mcast_reporter_on_query(&b->r, &q);
	quiet(b);
	want(b, 1, MCAST_EX, 1);
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(b->n, 2);
}

/* RFC 3810 §8.2.1, RFC 4605 §4.1: "when the membership records are created or deleted, the
 * changes are reported [...] All other changes are ignored."
 */
static void querier_of_version_1(void **state)
{
	struct mld_query q = { .version = 1, .max_delay_ms = 10000 }, v2;
	struct in6_addr array[SOURCES_MAX];
	struct bed *b = *state;

	want(b, 1, MCAST_IN, 0x3);
	fake_advance(&b->f, 1);
	expect(b, MLD_ALLOW, 1, 0x3);
	/* "it cancels all its pending responses and retransmission timers" */
	v2 = specific(1, 0x1, array);
	mcast_reporter_on_query(&b->r, &v2);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 10000);
	expect(b, MLD_TYPE_V1_REPORT, 1, 0);
	assert_int_equal(b->n, 0);
	want(b, 1, MCAST_EX, 0x3);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(b->n, 0);
	want(b, 2, MCAST_IN, 0x1);
	fake_advance_ms(&b->f, 10000);
	expect(b, MLD_TYPE_V1_REPORT, 2, 0);
	expect(b, MLD_TYPE_V1_REPORT, 2, 0);
	want(b, 2, MCAST_IN, 0);
	fake_advance_ms(&b->f, 10000);
	expect(b, MLD_TYPE_V1_DONE, 2, 0);
	assert_int_equal(b->n, 0);
	q.group = group_addr(1);
	mcast_reporter_on_query(&b->r, &q);
	fake_advance_ms(&b->f, 10000);
	expect(b, MLD_TYPE_V1_REPORT, 1, 0);
	/* §9.12: 2 * 125 s + 10 s after the last one */
	fake_advance_ms(&b->f, 260000 - 10000 - 1);
	assert_true(mcast_reporter_is_v1(&b->r));
	fake_advance_ms(&b->f, 1);
	want(b, 1, MCAST_EX, 0x7);
	fake_advance(&b->f, 1);
	expect(b, MLD_BLOCK, 1, 0x4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_table, setup, teardown),
		cmocka_unit_test_setup_teardown(repetition, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_are_merged, setup, teardown),
		cmocka_unit_test_setup_teardown(packed, setup, teardown),
		cmocka_unit_test_setup_teardown(too_long_for_a_report, setup, teardown),
		cmocka_unit_test_setup_teardown(general_query, setup, teardown),
		cmocka_unit_test_setup_teardown(specific_queries, setup, teardown),
		cmocka_unit_test_setup_teardown(many_queries, setup, teardown),
		cmocka_unit_test_setup_teardown(robustness_of_the_querier, setup, teardown),
		cmocka_unit_test_setup_teardown(querier_of_version_1, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
