// SPDX-License-Identifier: GPL-2.0
/* A listener as a whole: which messages count, and how much of it is kept. */
#include "listener_bed.h"

static void input(struct bed *b, const struct mld_record *recs, unsigned int n)
{
	uint8_t msg[2048];
	struct mld_packet p = { .type = MLD_TYPE_REPORT, .msg = msg };
	int len = mld_report_write(recs, n, msg, sizeof(msg));

	assert_true(len > 0);
	p.len = (size_t)len;
	mcast_listener_input(&b->l, &p);
}

/* RFC 3810 §5.2.4: each record of a report is about a group of its own */
static void a_report(void **state)
{
	struct in6_addr array[SOURCES_MAX];
	struct mld_record recs[3] = {
		{ MLD_TO_EX, group_addr(1), { NULL, 0 } },
		{ MLD_ALLOW, group_addr(2), sources_of(0x3, array) },
		{ MLD_TO_IN, group_addr(3), { NULL, 0 } },
	};
	struct bed *b = *state;

	input(b, recs, 3);
	expect_state(b, 1, MCAST_EX, 0, 0);
	expect_state(b, 2, MCAST_IN, 0x3, 0);
	assert_int_equal(b->l.n, 2);
	assert_int_equal(b->heard.reports, 1);
	assert_int_equal(b->heard.records, 3);
	assert_int_equal(b->asked_n, 0);
}

/* RFC 3810 §5.2.9: the sources are a set "of n unicast addresses" */
static void sources_are_a_set(void **state)
{
	struct in6_addr array[6] = {
		source_addr(3), source_addr(1), fake_addr("ff02::1"), source_addr(3),
		fake_addr("::"), source_addr(1),
	};
	struct mld_record rec = { MLD_IS_IN, group_addr(1), { (uint8_t *)array, 6 } };
	struct bed *b = *state;

	assert_int_equal(mcast_listener_record(&b->l, &rec), 0);
	expect_state(b, 1, MCAST_IN, 0xa, 0);
	rec.group = group_addr(2);
	rec.sources.bytes = array[2].s6_addr;
	rec.sources.n = 1;
	assert_int_equal(mcast_listener_record(&b->l, &rec), 0);
	assert_int_equal(b->l.n, 1);
}

/* RFC 3810 §6: "No MLD messages are ever sent regarding [...] scope 0 (reserved) or 1"; those
 * of scope 2 are, and do not leave the link
 */
static void link_scope(void **state)
{
	static const char *const local[] = { "ff00::1", "ff01::1", "ff02::1:ff00:1", "ff12::1" };
	struct mld_record rec = { .type = MLD_TO_EX };
	struct bed *b = *state;

	b->conf.max_groups = 1;
	for (unsigned int i = 0; i < 4; i++) {
		rec.group = fake_addr(local[i]);
		assert_int_equal(mcast_listener_record(&b->l, &rec), -EINVAL);
		say_v1(b, MLD_TYPE_V1_REPORT, &rec.group);
	}
	assert_int_equal(b->heard.ignored, 8);
	assert_int_equal(b->l.n, 0);
	rec.group = fake_addr("ff05::1");
	assert_int_equal(mcast_listener_record(&b->l, &rec), 0);
	assert_int_equal(b->l.n, 1);
}

/* RFC 4604 §3.1: MODE_IS_EXCLUDE and CHANGE_TO_EXCLUDE_MODE are ignored; RFC 4605 §4.3:
 * "ignore those IGMPv1 or IGMPv2 subscriptions sent to SSM addresses"
 */
static void source_specific(void **state)
{
	struct in6_addr array[SOURCES_MAX];
	struct mld_record rec = { MLD_IS_EX, fake_addr("ff3e::8000:1"), { NULL, 0 } };
	struct bed *b = *state;

	assert_int_equal(mcast_listener_record(&b->l, &rec), -EINVAL);
	rec.type = MLD_TO_EX;
	assert_int_equal(mcast_listener_record(&b->l, &rec), -EINVAL);
	say_v1(b, MLD_TYPE_V1_REPORT, &rec.group);
	assert_int_equal(b->l.n, 0);
	rec.type = MLD_ALLOW;
	rec.sources = sources_of(1, array);
	assert_int_equal(mcast_listener_record(&b->l, &rec), 0);
	assert_int_equal(b->l.n, 1);
	say_v1(b, MLD_TYPE_V1_DONE, &rec.group);
	assert_int_equal(b->l.n, 1);
	/* RFC 4607 §1: FF3x::/32; what has a prefix in it is of any source */
	rec = (struct mld_record){ MLD_TO_EX, fake_addr("ff3e:40:2001:db8::1"), { NULL, 0 } };
	assert_int_equal(mcast_listener_record(&b->l, &rec), 0);
}

/* RFC 6224 §6: "threats of resource exhaustion" */
static void too_many_groups(void **state)
{
	struct bed *b = *state;

	b->conf.max_groups = 4;
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(say(b, MLD_TO_EX, i, 0), 0);
	assert_int_equal(say(b, MLD_TO_EX, 9, 0), -ENOSPC);
	assert_int_equal(say(b, MLD_IS_IN, 9, 1), -ENOSPC);
	assert_int_equal(b->heard.too_many_groups, 2);
	/* what asks for nothing is no group */
	assert_int_equal(say(b, MLD_BLOCK, 9, 1), 0);
	assert_int_equal(say(b, MLD_TO_IN, 9, 0), 0);
	/* those that are there can change and end, and make room */
	assert_int_equal(say(b, MLD_TO_EX, 3, 1), 0);
	assert_int_equal(say(b, MLD_TO_IN, 2, 0), 0);
	fake_advance_ms(&b->f, 2000);
	assert_int_equal(b->l.n, 3);
	assert_int_equal(say(b, MLD_TO_EX, 9, 0), 0);
	assert_int_equal(b->l.n, 4);
}

/* The same of sources: what says too much does not count at all */
static void too_many_sources(void **state)
{
	struct in6_addr array[SOURCES_MAX];
	struct mld_record recs[2] = {
		{ MLD_TO_EX, group_addr(1), sources_of(0x1f, array) },
		{ MLD_TO_EX, group_addr(2), { NULL, 0 } },
	};
	struct bed *b = *state;

	b->conf.max_sources = 4;
	assert_int_equal(say(b, MLD_IS_IN, 1, 0x7), 0);
	assert_int_equal(say(b, MLD_ALLOW, 1, 0x18), -ENOSPC);
	expect_state(b, 1, MCAST_IN, 0x7, 0);
	assert_int_equal(say(b, MLD_ALLOW, 1, 0xc), 0);
	expect_state(b, 1, MCAST_IN, 0xf, 0);
	assert_int_equal(b->heard.too_many_sources, 1);
	/* one record of a report, and not the next one */
	input(b, recs, 2);
	expect_state(b, 1, MCAST_IN, 0xf, 0);
	expect_state(b, 2, MCAST_EX, 0, 0);
	assert_int_equal(b->heard.too_many_sources, 2);
	/* the first one of a group leaves nothing of it */
	assert_int_equal(say(b, MLD_IS_IN, 3, 0x1f), -ENOSPC);
	assert_int_equal(b->l.n, 2);
}

/* RFC 6224 §6: "rapid state changes"; what is not heard is as if it had been lost */
static void too_often(void **state)
{
	struct mld_record rec = { MLD_TO_EX, group_addr(1), { NULL, 0 } };
	struct bed *b = *state;

	b->conf.report_rate = 10;
	b->conf.report_burst = 20;
	for (unsigned int i = 0; i < 1000; i++)
		input(b, &rec, 1);
	assert_int_equal(b->heard.reports, 20);
	assert_int_equal(b->heard.too_often, 980);
	for (unsigned int i = 0; i < 1000; i++) {
		fake_advance_ms(&b->f, 10);
		input(b, &rec, 1);
	}
	assert_int_equal(b->heard.reports, 120);
	/* who is silent has the burst again */
	fake_advance_ms(&b->f, 60000);
	for (unsigned int i = 0; i < 1000; i++)
		input(b, &rec, 1);
	assert_int_equal(b->heard.reports, 140);
}

/* RFC 6224 §4.2: the gateway is the querier; a node's query changes nothing */
static void not_for_us(void **state)
{
	static const uint8_t cut[9] = { 143, [7] = 1 };
	struct mld_packet p = { .type = MLD_TYPE_QUERY, .msg = cut, .len = sizeof(cut) };
	struct bed *b = *state;

	mcast_listener_input(&b->l, &p);
	assert_int_equal(b->heard.queries, 1);
	p.type = MLD_TYPE_REPORT;
	mcast_listener_input(&b->l, &p);
	p.type = MLD_TYPE_V1_REPORT;
	mcast_listener_input(&b->l, &p);
	assert_int_equal(b->heard.malformed, 2);
	assert_int_equal(b->l.n, 0);
}

/* RFC 3810 §7.6.2, §9.6, §9.7: "sends several General Queries separated by a small time
 * interval"
 */
static void general_queries(void **state)
{
	static const uint64_t at[] = { 0, 31250, 62500, 187500, 312500 };
	struct bed *b = *state;
	uint64_t begin = b->f.now;

	b->conf.startup_count = 3;
	assert_int_equal(mcast_querier_start(&b->l.querier), 0);
	fake_advance_ms(&b->f, 312500);
	assert_int_equal(b->asked_n, 5);
	for (unsigned int i = 0; i < 5; i++) {
		assert_int_equal((b->asked[i].at - begin) / NSEC_PER_MSEC, at[i]);
		assert_true(IN6_IS_ADDR_UNSPECIFIED(&b->asked[i].group));
		assert_int_equal(b->asked[i].delay_ms, b->conf.response_ms);
		assert_int_equal(b->asked[i].n, 0);
		assert_false(b->asked[i].suppress);
	}
	/* RFC 6224 §4.2: once more when the link has been given to a proxy instance */
	assert_int_equal(mcast_querier_start(&b->l.querier), 0);
	fake_advance_ms(&b->f, 31250);
	assert_int_equal(b->asked_n, 7);
	mcast_querier_stop(&b->l.querier);
	fake_advance_ms(&b->f, 1000000);
	assert_int_equal(b->asked_n, 7);
}

/* RFC 3810 §9.4: who answers stays, who does not is forgotten after the last chance */
static void silence(void **state)
{
	struct bed *b = *state;

	mcast_querier_start(&b->l.querier);
	say(b, MLD_IS_EX, 1, 0);
	say(b, MLD_IS_EX, 2, 0);
	for (unsigned int i = 0; i < 10; i++) {
		fake_advance_ms(&b->f, 125000);
		say(b, MLD_IS_EX, 1, 0);
	}
	assert_int_equal(b->l.n, 1);
	fake_advance_ms(&b->f, 2 * 125000 + 10000 - 1);
	expect_state(b, 1, MCAST_EX, 0, 0);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(b->l.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_report, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(sources_are_a_set, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(link_scope, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(source_specific, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(too_many_groups, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(too_many_sources, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(too_often, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(not_for_us, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(general_queries, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(silence, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
