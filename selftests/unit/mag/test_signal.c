// SPDX-License-Identifier: GPL-2.0
/*
 * How well a node is heard, as the indication that it is about to leave: when it is
 * announced, to whom, and when that is withdrawn.
 */
#include "handover_bed.h"

#define LOW	-75		/* dBm, of the rules below */
#define GOOD	-70
#define INTERVAL_MS	10000

static struct mag_signal_rule rules[4];

/* The gateway's rules begin with one for its first link, and any access point */
static void rule(struct domain *d, unsigned int gw, unsigned int i, unsigned int link,
		 unsigned int to, const char *ap)
{
	struct mag_signal_conf *c = &d->gw[gw].conf.signal;

	rules[i] = (struct mag_signal_rule){ .link = link, .below_dbm = LOW,
					     .hysteresis_db = GOOD - LOW, .to = d->gw[to].addr };
	if (ap)
		rules[i].ap = fake_llid(ap);
	c->rule = rules;
	c->n_rules = i + 1;
	c->interval_ms = INTERVAL_MS;
}

static struct domain *open_rule(void **state)
{
	struct domain *d = open_domain(state);

	rule(d, OLD, 0, 0, NEW, NULL);
	return d;
}

/* What is measured of the node at a gateway's first link, and what follows */
static int hear_ap(struct domain *d, unsigned int gw, int8_t dbm, const char *ap)
{
	struct mag_signal v = { .ifindex = 1, .id = &d->pr[NODE].mn_id, .dbm = dbm };
	struct llid l;
	int err;

	if (ap) {
		l = fake_llid(ap);
		v.ap = &l;
	}
	err = mag_signal_set(d->gw[gw].mag, &v);
	pass_ms(d, 200);
	return err;
}

static void hear(struct domain *d, int8_t dbm)
{
	assert_int_equal(hear_ap(d, OLD, dbm, NULL), 0);
}

static const struct mag_counters *counters(struct domain *d, unsigned int gw)
{
	return mag_counters(d->gw[gw].mag);
}

static void so_often(struct domain *d, unsigned int announced, unsigned int withdrawn)
{
	assert_int_equal(counters(d, OLD)->signal_announced, announced);
	assert_int_equal(counters(d, OLD)->signal_withdrawn, withdrawn);
}

/* RFC 5949 §4.1 (b), (c): by the threshold alone; packets go as ever until it has left */
static void below_the_threshold(void **state)
{
	struct domain *d = open_rule(state);

	hear(d, GOOD);
	hear(d, LOW);
	assert_int_equal(mag_handover_counters(d->gw[OLD].mag)->hi_tx, 0);
	hear(d, LOW - 1);
	so_often(d, 1, 0);
	assert_string_equal(way(d, OLD), "by anchor: link hold");
	assert_string_equal(way(d, NEW), "by old: hold");
	leave(d, OLD);
	assert_string_equal(way(d, OLD), "by anchor: new hold");
	assert_int_equal(arrive(d, NEW), 0);
	pass_ms(d, 20000);
	assert_string_equal(way(d, ANCHOR), "by none: new");
	assert_string_equal(way(d, OLD), "nothing");
}

/* RFC 5949 §4.1: HI with code 2: nothing waits at the next gateway any more */
static void recovers(void **state)
{
	struct domain *d = open_rule(state);

	hear(d, LOW - 1);
	hear(d, LOW);
	hear(d, GOOD - 1);
	so_often(d, 1, 0);
	assert_string_equal(way(d, NEW), "by old: hold");
	hear(d, GOOD);
	pass_ms(d, 400);
	so_often(d, 1, 1);
	assert_string_equal(way(d, NEW), "nothing");
	assert_string_equal(way(d, OLD), "by anchor: link");
	assert_string_equal(way(d, ANCHOR), "by none: old");
	hear(d, GOOD);
	so_often(d, 1, 1);
}

/* RFC 5568 §5.6: "IP-layer handovers should occur at a rate suitable for the MN" */
static void swings(void **state)
{
	struct domain *d = open_rule(state);
	uint64_t tx;

	hear(d, LOW - 1);
	hear(d, GOOD);
	tx = mag_handover_counters(d->gw[OLD].mag)->hi_tx;
	for (unsigned int i = 0; i < 24; i++)
		hear(d, i % 2 ? GOOD : LOW - 10);
	so_often(d, 1, 1);
	assert_int_equal(mag_handover_counters(d->gw[OLD].mag)->hi_tx, tx);
	pass_ms(d, INTERVAL_MS / 2);
	so_often(d, 1, 1);
	hear(d, LOW - 10);
	so_often(d, 2, 1);
	assert_string_equal(way(d, NEW), "by old: hold");
}

/* Nobody measures any more: what was announced runs out; who does again is heard */
static void measured_anew(void **state)
{
	struct domain *d = open_rule(state);

	hear(d, LOW - 1);
	pass_ms(d, 4000);
	so_often(d, 1, 0);
	assert_string_equal(way(d, OLD), "by anchor: link");
	assert_string_equal(way(d, NEW), "nothing");
	hear(d, LOW - 1);
	so_often(d, 1, 0);
	pass_ms(d, INTERVAL_MS);
	hear(d, LOW - 1);
	so_often(d, 2, 0);
}

/* Who refuses, or is silent, is not asked again before the interval has passed */
static void refused(void **state)
{
	struct domain *d = open_rule(state);
	const struct handover_counters *c = mag_handover_counters(d->gw[OLD].mag);

	d->gw[NEW].conf.max_sessions = 1;
	assert_int_equal(mag_on_attach(d->gw[NEW].mag, 1, &d->pr[2].lladdr[0], NULL, NULL,
				       ATTACH_CARRIER), 0);
	pass_ms(d, 1000);
	for (unsigned int i = 0; i < 20; i++)
		hear(d, LOW - 20);
	assert_int_equal(c->hack_refused, 1);
	assert_int_equal(c->hi_tx, 1);
	assert_string_equal(way(d, OLD), "by anchor: link");
	pass_ms(d, INTERVAL_MS);
	hear(d, LOW - 20);
	assert_int_equal(c->hack_refused, 2);
	pass_ms(d, INTERVAL_MS);
	d->gw[OLD].conf.handover.forward_ms = 10000;
	d->loss = 100;
	for (unsigned int i = 0; i < 24; i++)
		hear(d, LOW - 20);
	d->loss = 0;
	assert_int_equal(c->silence, 1);
	so_often(d, 3, 0);
}

static void nobody(void **state)
{
	struct domain *d = open_rule(state);
	struct mag *m = d->gw[OLD].mag;
	struct mag_signal v = { .ifindex = 1, .id = &d->pr[4].mn_id, .dbm = LOW - 1 };

	assert_int_equal(mag_signal_set(m, &v), -ENOENT);
	v.id = &d->pr[NODE].mn_id;
	v.ifindex = 2;
	assert_int_equal(mag_signal_set(m, &v), -ENOENT);
	v.ifindex = 1;
	v.lladdr = &d->pr[4].lladdr[0];
	assert_int_equal(mag_signal_set(m, &v), -ENOENT);
	/* another node's interface */
	assert_int_equal(mag_on_attach(m, 1, v.lladdr, NULL, NULL, ATTACH_CARRIER), 0);
	assert_int_equal(mag_signal_set(m, &v), -ENOENT);
	v.id = NULL;
	assert_int_equal(mag_signal_set(m, &v), 0);
	/* and one that has left */
	leave(d, OLD);
	assert_int_equal(hear_ap(d, OLD, LOW - 1, NULL), -ENOENT);
	assert_int_equal(counters(d, OLD)->signals, 1);
	assert_int_equal(mag_handover_counters(m)->hi_tx, 0);
}

/* Each link has its own rule; of several interfaces nobody says which of them goes */
static void two_links(void **state)
{
	struct domain *d = open_rule(state);
	struct mag *m = d->gw[OLD].mag;
	struct mag_signal v = { .ifindex = 2, .lladdr = &d->pr[NODE].lladdr[1], .dbm = LOW - 1 };

	rule(d, OLD, 1, 1, THIRD, NULL);
	rules[1].below_dbm = -90;
	assert_int_equal(mag_on_attach(m, 2, v.lladdr, NULL, NULL, ATTACH_CARRIER), 0);
	pass_ms(d, 1000);
	hear(d, LOW - 1);
	assert_int_equal(mag_signal_set(m, &v), 0);
	v.dbm = -91;
	assert_int_equal(mag_signal_set(m, &v), 0);
	so_often(d, 0, 0);
	leave(d, OLD);
	pass_ms(d, 10000);
	v.dbm = -89;
	assert_int_equal(mag_signal_set(m, &v), 0);
	so_often(d, 0, 0);
	v.dbm = -91;
	assert_int_equal(mag_signal_set(m, &v), 0);
	pass_ms(d, 200);
	so_often(d, 1, 0);
	assert_int_equal(mag_handover_counters(d->gw[THIRD].mag)->hi_rx, 1);
	assert_int_equal(mag_handover_counters(d->gw[NEW].mag)->hi_rx, 0);
}

/* Two interfaces by one link: whose signal it is has to be said */
static void which_interface(void **state)
{
	struct domain *d = open_rule(state);
	struct mag_signal v = { .ifindex = 1, .id = &d->pr[NODE].mn_id,
				.lladdr = &d->pr[NODE].lladdr[0], .dbm = LOW };

	assert_int_equal(mag_on_attach(d->gw[OLD].mag, 1, &d->pr[NODE].lladdr[1], NULL, NULL,
				       ATTACH_CARRIER), 0);
	assert_int_equal(hear_ap(d, OLD, LOW, NULL), -EBUSY);
	assert_int_equal(mag_signal_set(d->gw[OLD].mag, &v), 0);
}

/* RFC 5949 §4.1 (c): "derives the new mobile access gateway (NMAG) from the New AP ID" */
static void access_points(void **state)
{
	static const char a[] = "02:aa:00:00:00:01", b[] = "02:aa:00:00:00:02";
	struct domain *d = open_rule(state);

	rule(d, OLD, 1, 0, THIRD, b);
	assert_int_equal(hear_ap(d, OLD, LOW - 1, b), 0);
	so_often(d, 1, 0);
	assert_string_equal(way(d, THIRD), "by old: hold");
	assert_string_equal(way(d, NEW), "nothing");
	/* it goes elsewhere after all; not before it has rested */
	d->gw[OLD].conf.handover.forward_ms = 60000;
	assert_int_equal(hear_ap(d, OLD, LOW - 1, a), 0);
	so_often(d, 1, 0);
	pass_ms(d, INTERVAL_MS);
	assert_int_equal(hear_ap(d, OLD, LOW - 1, b), 0);
	so_often(d, 2, 0);
	pass_ms(d, INTERVAL_MS);
	assert_int_equal(hear_ap(d, OLD, LOW - 1, b), 0);
	so_often(d, 2, 0);
	assert_int_equal(hear_ap(d, OLD, LOW - 1, a), 0);
	pass_ms(d, 300);
	so_often(d, 3, 0);
	assert_string_equal(way(d, NEW), "by old: hold");
	assert_string_equal(way(d, THIRD), "nothing");
	/* without a rule for any, another access point means nothing */
	pass_ms(d, INTERVAL_MS);
	rules[0] = rules[1];
	d->gw[OLD].conf.signal.n_rules = 1;
	assert_int_equal(hear_ap(d, OLD, GOOD, a), 0);
	assert_int_equal(hear_ap(d, OLD, GOOD, NULL), 0);
	so_often(d, 3, 0);
}

/* Who says where it goes is believed more than a signal is */
static void operator_knows(void **state)
{
	struct domain *d = open_rule(state);

	hear(d, LOW - 1);
	assert_string_equal(way(d, NEW), "by old: hold");
	assert_int_equal(mag_handover_start(d->gw[OLD].mag, &d->pr[NODE].mn_id,
					    &d->gw[THIRD].addr, false), 0);
	pass_ms(d, 400);
	assert_string_equal(way(d, THIRD), "by old: hold");
	assert_string_equal(way(d, NEW), "nothing");
	hear(d, 0);
	hear(d, LOW - 1);
	assert_string_equal(way(d, THIRD), "by old: hold");
	so_often(d, 1, 0);
	assert_int_equal(mag_handover_start(d->gw[OLD].mag, &d->pr[NODE].mn_id,
					    &d->gw[NEW].addr, false), -EEXIST);
}

/* It is at the next gateway, and what is still measured here is old */
static void gone_already(void **state)
{
	struct domain *d = open_rule(state);

	hear(d, LOW - 1);
	assert_int_equal(arrive(d, NEW), 0);
	pass_ms(d, 300);
	hear(d, 0);
	so_often(d, 1, 0);
	assert_string_equal(way(d, OLD), "by anchor: new hold");
	leave(d, OLD);
	pass_ms(d, 20000);
	assert_string_equal(way(d, ANCHOR), "by none: new");
}

/* Both gateways hear it badly: it does not go back before the interval has passed */
static void ping_pong(void **state)
{
	struct domain *d = open_rule(state);

	d->gw[NEW].conf.signal.interval_ms = INTERVAL_MS;
	hear(d, LOW - 1);
	leave(d, OLD);
	assert_int_equal(arrive(d, NEW), 0);
	pass_ms(d, 1000);
	rule(d, NEW, 0, 0, OLD, NULL);
	for (unsigned int i = 0; i < 30; i++)
		assert_int_equal(hear_ap(d, NEW, LOW - 10, NULL), 0);
	assert_int_equal(counters(d, NEW)->signal_announced, 0);
	pass_ms(d, INTERVAL_MS);
	assert_int_equal(hear_ap(d, NEW, LOW - 10, NULL), 0);
	assert_int_equal(counters(d, NEW)->signal_announced, 1);
}

/* It has only gone to another link of this gateway */
static void another_link(void **state)
{
	struct domain *d = open_rule(state);

	hear(d, LOW - 1);
	assert_int_equal(mag_on_attach(d->gw[OLD].mag, 2, &d->pr[NODE].lladdr[0], NULL, NULL,
				       ATTACH_CARRIER), 0);
	pass_ms(d, 400);
	so_often(d, 1, 1);
	assert_string_equal(way(d, NEW), "nothing");
	assert_string_equal(way(d, OLD), "by anchor: link");
}

static bool last_view(void *arg, const struct mag_session_view *v)
{
	*(struct mag_session_view *)arg = *v;
	return true;
}

/* What was measured is shown, until the node leaves; rules are not needed for it */
static void shown(void **state)
{
	struct domain *d = open_domain(state);
	struct mag_session_view v;

	mag_each(d->gw[OLD].mag, last_view, &v);
	assert_false(v.heard);
	hear(d, -100);
	mag_each(d->gw[OLD].mag, last_view, &v);
	assert_true(v.heard);
	assert_int_equal(v.dbm, -100);
	assert_int_equal(v.heard_ns, 200 * NSEC_PER_MSEC);
	leave(d, OLD);
	assert_int_equal(arrive(d, OLD), 0);
	mag_each(d->gw[OLD].mag, last_view, &v);
	assert_false(v.heard);
	so_often(d, 0, 0);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, domain_setup, domain_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(below_the_threshold),
		TEST(recovers),
		TEST(swings),
		TEST(measured_anew),
		TEST(refused),
		TEST(nobody),
		TEST(two_links),
		TEST(which_interface),
		TEST(access_points),
		TEST(operator_knows),
		TEST(gone_already),
		TEST(ping_pong),
		TEST(another_link),
		TEST(shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
