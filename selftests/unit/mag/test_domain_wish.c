// SPDX-License-Identifier: GPL-2.0
/*
 * A flow that a node which decides wants by two gateways (draft: flow mobility §3.2.2), at
 * both ends and the anchor.  All have the node's prefix, so that none is told of it.
 */
#include "domain_bed.h"

#include "core/log.h"

#define DECIDER	0

static int decider_setup(void **state)
{
	struct domain *d;

	log_set_level(LOG_EMERG);
	domain_setup(state);
	d = *state;
	policy_free(&d->policy);
	d->pr[DECIDER].multihoming = MULTIHOMING_SHARED;
	d->pr[DECIDER].decides = FLOW_DECIDES_NODE;
	assert_int_equal(policy_table_open(&d->policy, d->pr, NODES), 0);
	for (int i = 0; i < IFS; i++)
		appear(d, DECIDER, (unsigned int)i, i);
	pass_ms(d, 2000);
	return 0;
}

static const struct mn_id *node(const struct domain *d)
{
	return &d->pr[DECIDER].mn_id;
}

static void want(struct domain *d, unsigned int gw)
{
	struct flow_spec s = {
		.fid = 9, .pri = 3,
		.selector = {
			.format = SELECTOR_IPV6, .fields = SELECTOR_HAS(SELECTOR_PROTO),
			.proto = { 17, 17 },
		},
	};

	assert_int_equal(mag_flow_add(d->gw[gw].mag, node(d), &s), 0);
	pass_ms(d, 1000);
}

static bool count_lma(void *arg, const struct lma_flow_view *v)
{
	(void)v;
	++*(unsigned int *)arg;
	return true;
}

static bool count_mag(void *arg, const struct mag_flow_view *v)
{
	++*(unsigned int *)arg;
	assert_string_equal(v->state, "accepted");
	return true;
}

/* How many flows of the node there are; a gateway shows what it wants, all accepted */
static unsigned int flows(struct domain *d, unsigned int gw)
{
	unsigned int n = 0;

	if (gw == ANCHOR)
		lma_each_flow(d->gw[gw].lma, node(d), count_lma, &n);
	else
		mag_each_flow(d->gw[gw].mag, node(d), count_mag, &n);
	return n;
}

/* RFC 6089 §5.3.3: what one gateway has ended "is not present": others do not bring it back */
static void ended_at_one(void **state)
{
	struct domain *d = *state;

	want(d, 0);
	want(d, 1);
	assert_int_equal(flows(d, ANCHOR), 1);
	assert_int_equal(mag_flow_del(d->gw[1].mag, node(d), 9), 0);
	pass_ms(d, 1000);
	assert_int_equal(flows(d, ANCHOR), 0);
	/* past the next registration of the other */
	pass_ms(d, d->gw[0].conf.lifetime * 1000ULL);
	assert_int_equal(flows(d, ANCHOR), 0);
	assert_int_equal(flows(d, 0), 0);
	assert_int_equal(flows(d, 1), 0);
}

/* RFC 5847 §3.2: an anchor that has begun anew hears of it by the next registration */
static void anchor_begins_anew(void **state)
{
	struct domain *d = *state;

	want(d, 0);
	close_machines(&d->gw[ANCHOR]);
	open_machines(&d->gw[ANCHOR]);
	assert_int_equal(flows(d, ANCHOR), 0);
	pass_ms(d, 2 * d->gw[0].conf.lifetime * 1000ULL);
	assert_int_equal(flows(d, ANCHOR), 1);
	assert_int_equal(flows(d, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ended_at_one, decider_setup,
						domain_teardown),
		cmocka_unit_test_setup_teardown(anchor_begins_anew, decider_setup,
						domain_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
