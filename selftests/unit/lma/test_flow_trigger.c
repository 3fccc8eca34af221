// SPDX-License-Identifier: GPL-2.0
/* Flows that the policy, the network or the node itself has moved. */
#include "flow_bed.h"

/* The policy's: UDP prefers 802.3, and without it 802.11; TCP is dropped */
static void policy_prefers_a_technology(void **state)
{
	struct mh_msg m;
	struct pair p;

	(void)state;
	pair_open(&p, "ruled");
	/* MAG 2 is the one by 802.3; each lacks the other's prefix */
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 1);
	pair_answer(&p, MH_FMI, 2, FMA_OK);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 1);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 2);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->pri, 100);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES + 1)->action, PMIP_FLOW_DROP);
	assert_int_equal(bed_path(&p.b, &p.p1, 1), 2);
	m = pair_leave_msg(&p, IF2, 3);
	assert_int_equal(bed_status(&p.b, 2, &m), PBA_ACCEPTED);
	assert_int_equal(bed_binding(&p.b, &p.p1)->n_paths, 1);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->n_bid, 1);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 1);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	assert_null(pair_kernel(&p, LMA_FLOW_RULES));
	pair_close(&p);
}

/* A gateway that does not take a flow is left out; the others are not made to wait */
static void policy_goes_on_without(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, "ruled");
	pair_answer(&p, MH_FMI, 2, FMA_OK);
	pair_answer(&p, MH_FMI, 1, FMA_UNSPECIFIED);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->n_bid, 1);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 2);
	pair_close(&p);
}

/* Draft: flow mobility §3.2.2: "on the network (e.g., based on congestion [...])" */
static void policy_avoids_load(void **state)
{
	struct in6_addr mag = bed_mag(2);
	struct pair p;

	(void)state;
	pair_open(&p, "ruled");
	pair_answer(&p, MH_FMI, 2, FMA_OK);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 2);
	fake_reset(&p.b.f);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 79), 0);
	assert_int_equal(p.b.f.len, 0);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 4, 90), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 0);
	/* both gateways know the flow: one update */
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 80), 0);
	assert_non_null(fake_find_notice(&p.b.f, "load-high", 1));
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 1);
	assert_int_equal(fake_count(&p.b.f, FAKE_SEND_MH), 0);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 1);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[1], 2);
	/* not to and fro */
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 61), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 1);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 3, 60), 0);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 2);
	/* the whole gateway, and then nothing more is said of it */
	assert_int_equal(lma_load_set(p.b.lma, &mag, 0, 100), 0);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 1);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 0, 0), 0);
	assert_int_equal(pair_kernel(&p, LMA_FLOW_RULES)->bid[0], 2);
	assert_int_equal(lma_load_set(p.b.lma, &mag, 0, 101), -EINVAL);
	pair_close(&p);
}

/* A registration by a gateway with one flow: its status in the answer, or -1 */
static int ask_for(struct pair *p, const char *nai, const struct mh_flow *f)
{
	struct mh_msg m = bed_pbu(&p->b, nai, HI_REREGISTRATION);
	const struct mh_msg *pba;

	bed_llid(&m, IF1);
	m.opts.present |= MH_HAS_FLOW;
	m.opts.n_flow = 1;
	m.opts.flow[0] = *f;
	pba = bed_send(&p->b, 1, &m);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	return pba->opts.n_flow ? pba->opts.flow[0].status : -1;
}

/* RFC 7864 §3.2: "If the MN makes the flow mobility decision, then the LMA follows" */
static void node_decides(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_flow f = {
		.fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR, .selector = s.selector,
	};
	struct pair p;

	(void)state;
	pair_open(&p, "decider");
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_OK);
	/* through the attachment that asks, whose gateway lacks the other prefix */
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(pair_kernel(&p, 9)->bid[0], 1);
	/* RFC 6089 §5.3.2.2: what is not said stays */
	f.present = MH_FLOW_HAS_BIDS;
	f.n_bid = 1;
	f.bid[0] = 2;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_OK);
	pair_answer(&p, MH_FMI, 2, FMA_OK);
	assert_int_equal(pair_kernel(&p, 9)->bid[0], 2);
	assert_int_equal(pair_kernel(&p, 9)->selector.dport[0], 5000);
	f.bid[0] = 7;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_NO_BID);
	f.fid = 10;
	f.bid[0] = 1;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_NO_FID);
	f.present |= MH_FLOW_HAS_SELECTOR;
	f.selector.format = SELECTOR_IPV4;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_TS_UNSUPPORTED);
	f.fid = 9;
	f.present = MH_FLOW_HAS_ACTION;
	f.action = FLOW_DELETE;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_OK);
	assert_null(pair_kernel(&p, 9));
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_NO_FID);
	pair_close(&p);
}

/* RFC 6089 §4.2: a priority is one flow's: in the kernel it is free before it is another's */
static void priority_goes_on(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_flow f = {
		.fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR, .selector = s.selector,
	};
	struct pair p;

	(void)state;
	pair_open(&p, "decider");
	flow_to(&s, &p.p1);
	f.selector = s.selector;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_OK);
	fake_reset(&p.b.f);
	f.pri = 5;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_OK);
	assert_int_equal(pair_kernel(&p, 9)->pri, 5);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_DEL), 1);
	assert_true(fake_index(&p.b.f, FAKE_FLOW_DEL, 0) <
		    fake_index(&p.b.f, FAKE_FLOW_SET, 0));
	f.fid = 10;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_MALFORMED);
	f.pri = 3;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_OK);
	assert_int_equal(pair_kernel(&p, 10)->pri, 3);
	pair_close(&p);
}

/* RFC 7864 §3.2: "MUST NOT be taken by both": 128, administratively prohibited */
static void anchor_decides(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_flow f = {
		.fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR, .selector = s.selector,
	};
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	assert_int_equal(ask_for(&p, "different", &f), FLOW_PROHIBITED);
	assert_null(pair_kernel(&p, 9));
	pair_close(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_prefers_a_technology),
		cmocka_unit_test(policy_goes_on_without),
		cmocka_unit_test(policy_avoids_load),
		cmocka_unit_test(node_decides),
		cmocka_unit_test(priority_goes_on),
		cmocka_unit_test(anchor_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
