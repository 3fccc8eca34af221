// SPDX-License-Identifier: GPL-2.0
/* The network's trigger: what is measured of links moves the policy's flows. */
#include "flow_bed.h"

/* A node whose policy prefers 802.3, which it has by MAG 2; both gateways know the flow */
static void ready(struct pair *p)
{
	pair_open(p, "ruled");
	pair_answer(p, MH_FMI, 2, FMA_OK);
	pair_answer(p, MH_FMI, 1, FMA_OK);
	assert_int_equal(pair_kernel(p, LMA_FLOW_RULES)->bid[0], 2);
}

struct counted {
	struct pair *p;
	uint64_t tx, rx;
};

/* So many seconds go by, with so many bytes in each */
static void seconds(struct counted *c, unsigned int n, uint64_t tx, uint64_t rx)
{
	while (n--) {
		fake_advance_ms(&c->p->b.f, 1000);
		c->tx += tx;
		c->rx += rx;
		lma_meter_read(c->p->b.lma, 0, c->tx, c->rx);
	}
}

static uint16_t by(struct pair *p)
{
	return pair_kernel(p, LMA_FLOW_RULES) ? pair_kernel(p, LMA_FLOW_RULES)->bid[0] : 0;
}

static bool keep(void *arg, const struct lma_load_view *v)
{
	*(struct lma_load_view *)arg = *v;
	return false;
}

static struct lma_load_view shown(struct pair *p)
{
	struct lma_load_view v = { 0 };

	lma_each_load(p->b.lma, keep, &v);
	return v;
}

/* Draft: flow mobility §3.2.2: the trigger can be "on the network (e.g., based on congestion */
/* and measurements performed at the network)" */
static void measured_load_moves_flows(void **state)
{
	struct pair p;
	struct counted c = { .p = &p, .tx = 5000000, .rx = 77 };

	(void)state;
	ready(&p);
	fake_reset(&p.b.f);
	/* the first reading only begins */
	lma_meter_read(p.b.lma, 0, c.tx, c.rx);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 0);
	seconds(&c, 3, 799, 10);
	assert_int_equal(shown(&p).level, 79);
	assert_true(shown(&p).metered && !shown(&p).high);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 0);
	seconds(&c, 1, 800, 10);
	assert_true(shown(&p).high);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 1);
	assert_int_equal(by(&p), 1);
	assert_non_null(fake_find_notice(&p.b.f, "load-high", 0));
	/* what it has to do went along with the flows: not to and fro */
	seconds(&c, 9, 0, 0);
	assert_int_equal(shown(&p).level, 0);
	assert_int_equal(by(&p), 1);
	seconds(&c, 1, 0, 0);
	assert_int_equal(by(&p), 2);
	assert_non_null(fake_find_notice(&p.b.f, "load-low", 0));
	/* the other direction counts as much */
	seconds(&c, 1, 0, 99999);
	assert_int_equal(shown(&p).level, 100);
	assert_int_equal(by(&p), 1);
	/* so soon again: for twice as long */
	seconds(&c, 19, 0, 0);
	assert_int_equal(by(&p), 1);
	seconds(&c, 1, 0, 0);
	assert_int_equal(by(&p), 2);
	/* after a calm time it is as at first */
	seconds(&c, 60, 0, 0);
	seconds(&c, 1, 1000, 0);
	seconds(&c, 10, 0, 0);
	assert_int_equal(by(&p), 2);
	pair_close(&p);
}

/* Between the two thresholds it is as it was, also after the time for which it is held */
static void thresholds_differ(void **state)
{
	struct pair p;
	struct counted c = { .p = &p };

	(void)state;
	ready(&p);
	lma_meter_read(p.b.lma, 0, 0, 0);
	seconds(&c, 5, 610, 0);
	assert_int_equal(by(&p), 2);
	seconds(&c, 1, 900, 0);
	seconds(&c, 20, 610, 0);
	assert_int_equal(by(&p), 1);
	seconds(&c, 1, 600, 0);
	assert_int_equal(by(&p), 2);
	pair_close(&p);
}

/* A counter that begins anew, as a tunnel's that was removed, is no load of its own */
static void counter_begins_anew(void **state)
{
	struct pair p;
	struct counted c = { .p = &p, .tx = 1ULL << 40 };

	(void)state;
	ready(&p);
	lma_meter_read(p.b.lma, 0, c.tx, 0);
	c.tx = 0;
	seconds(&c, 1, 100, 0);
	assert_int_equal(shown(&p).level, 10);
	/* two readings at once say nothing */
	lma_meter_read(p.b.lma, 0, c.tx + 5000, 0);
	assert_int_equal(shown(&p).level, 10);
	pair_close(&p);
}

/* What is said and what is found: the more of them; and what is said ends at once */
static void operator_and_meter(void **state)
{
	struct in6_addr mag = bed_mag(2);
	struct pair p;
	struct counted c = { .p = &p };

	(void)state;
	ready(&p);
	lma_meter_read(p.b.lma, 0, 0, 0);
	seconds(&c, 1, 100, 0);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 90), 0);
	assert_int_equal(by(&p), 1);
	seconds(&c, 1, 100, 0);
	assert_int_equal(shown(&p).level, 90);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 0), 0);
	assert_int_equal(by(&p), 2);
	assert_int_equal(shown(&p).level, 10);
	pair_close(&p);
}

/* The same by what the link layer says of its quality */
static void quality_moves_flows(void **state)
{
	struct in6_addr mag = bed_mag(2);
	struct pair p;

	(void)state;
	ready(&p);
	assert_int_equal(lma_quality_set(p.b.lma, &mag, 3, 31), 0);
	assert_int_equal(by(&p), 2);
	assert_int_equal(lma_quality_set(p.b.lma, &mag, 3, 30), 0);
	assert_int_equal(by(&p), 1);
	assert_true(shown(&p).poor && !shown(&p).high);
	assert_non_null(fake_find_notice(&p.b.f, "quality-low", 0));
	assert_int_equal(lma_quality_set(p.b.lma, &mag, 3, 49), 0);
	assert_int_equal(by(&p), 1);
	assert_int_equal(lma_quality_set(p.b.lma, &mag, 3, 50), 0);
	assert_int_equal(by(&p), 2);
	assert_non_null(fake_find_notice(&p.b.f, "quality-good", 0));
	/* bad by one reason is bad, whatever is said of the other */
	assert_int_equal(lma_quality_set(p.b.lma, &mag, 3, 0), 0);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 90), 0);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 0), 0);
	assert_int_equal(by(&p), 1);
	assert_int_equal(lma_quality_set(p.b.lma, &mag, 3, QUALITY_MAX), 0);
	assert_int_equal(by(&p), 2);
	assert_false(shown(&p).quality);	/* nothing is left of it */
	assert_int_equal(lma_quality_set(p.b.lma, &mag, 3, 101), -EINVAL);
	assert_int_equal(lma_quality_set(p.b.lma, &mag, 5, QUALITY_MAX), 0);
	pair_close(&p);
}

/*
 * The same: a link that is said to be high, and then is found so, is not left to flap when
 * nobody says it any more: the flows take their load along then, too
 */
static void meter_takes_over(void **state)
{
	struct in6_addr mag = bed_mag(2);
	struct pair p;
	struct counted c = { .p = &p };

	(void)state;
	ready(&p);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 90), 0);
	assert_int_equal(by(&p), 1);
	seconds(&c, 3, 950, 0);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 0), 0);
	seconds(&c, 5, 0, 0);
	assert_int_equal(shown(&p).level, 0);
	assert_true(shown(&p).high);
	assert_null(fake_find_notice(&p.b.f, "load-low", 0));
	/* it is over with the time that began when the meter found it so */
	seconds(&c, 6, 0, 0);
	assert_false(shown(&p).high);
	assert_int_equal(by(&p), 2);
	pair_close(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(measured_load_moves_flows),
		cmocka_unit_test(thresholds_differ),
		cmocka_unit_test(counter_begins_anew),
		cmocka_unit_test(operator_and_meter),
		cmocka_unit_test(meter_takes_over),
		cmocka_unit_test(quality_moves_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
