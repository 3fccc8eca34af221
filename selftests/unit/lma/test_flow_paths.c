// SPDX-License-Identifier: GPL-2.0
/* Flows of a node that has more gateways than a binding has paths. */
#include "flow_bed.h"

/* By six gateways, each BID the number of its gateway; all have the prefix */
static void six(struct pair *p)
{
	char llid[] = "02:00:00:00:00:01";
	unsigned int i;

	bed_open(&p->b);
	p->b.conf.flow_linger_ms = 5000;
	p->id = fake_nai("shared");
	for (i = 1; i <= 6; i++) {
		llid[16] = (char)('0' + i);
		p->p1 = pair_attach(p, "shared", i, llid, 4);
	}
	assert_int_equal(bed_binding(&p->b, &p->p1)->n_paths, PMIP_BINDING_PATHS);
	fake_reset(&p->b.f);
}

static int flow_by(struct pair *p, uint16_t fid, uint16_t bid)
{
	struct flow_spec s = udp_flow(fid, 5000 + fid, bid);

	return lma_flow_add(p->b.lma, &p->id, &s, FLOW_FOREVER);
}

static void paths_are(struct pair *p, unsigned int a, unsigned int b, unsigned int c,
		      unsigned int d)
{
	assert_int_equal(bed_path(&p->b, &p->p1, 0), a);
	assert_int_equal(bed_path(&p->b, &p->p1, 1), b);
	assert_int_equal(bed_path(&p->b, &p->p1, 2), c);
	assert_int_equal(bed_path(&p->b, &p->p1, 3), d);
}

/* Draft: flow mobility §5.2: a flow's BIDs are where it goes: that gateway has a path then, */
/* before the flow is there, and what is in no flow goes where it went */
static void named_gateways_have_paths(void **state)
{
	struct pair p;

	(void)state;
	six(&p);
	assert_int_equal(flow_by(&p, 1, 6), 0);
	paths_are(&p, 1, 2, 3, 6);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 6);
	assert_true(fake_index(&p.b.f, FAKE_BINDING_SET, 0) <
		    fake_index(&p.b.f, FAKE_FLOW_SET, 0));
	assert_int_equal(flow_by(&p, 2, 5), 0);
	paths_are(&p, 1, 2, 5, 6);
	/* and not for longer, so that another which has the prefix has a path again */
	assert_int_equal(lma_flow_del(p.b.lma, &p.id, 1), 0);
	paths_are(&p, 1, 2, 3, 5);
	pair_close(&p);
}

/* Ours: a flow that has no path is not in force, is not said to be, and takes none away */
static void no_path_is_left(void **state)
{
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	six(&p);
	for (uint16_t i = 1; i <= 3; i++)
		assert_int_equal(flow_by(&p, i, 3 + i), 0);
	paths_are(&p, 1, 4, 5, 6);
	fake_reset(&p.b.f);
	assert_int_equal(flow_by(&p, 4, 2), 0);
	assert_non_null(fake_find_notice(&p.b.f, "flow-refused", 0));
	assert_null(fake_find_notice(&p.b.f, "flow-set", 0));
	assert_null(pair_kernel(&p, 4));
	paths_are(&p, 1, 4, 5, 6);
	/* one that moves there gives up its own, so that there is room */
	assert_int_equal(lma_flow_move(p.b.lma, &p.id, 1, (uint16_t[]){ 2 }, 1), 0);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 2);
	paths_are(&p, 1, 2, 5, 6);
	assert_true(pair_view(&p, &v) && v.n_bid == 1 && v.bid[0] == 2);
	pair_close(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_gateways_have_paths),
		cmocka_unit_test(no_path_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
