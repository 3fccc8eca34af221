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

/* A registration by MAG 1 or 2 with one flow: what is answered about it */
static struct mh_flow ask_by(struct pair *p, unsigned int mag, const char *nai,
			     const struct mh_flow *f)
{
	struct mh_msg m = bed_pbu(&p->b, nai, HI_REREGISTRATION);
	const struct mh_msg *pba;

	bed_llid(&m, mag == 1 ? IF1 : IF2);
	m.opts.att = mag == 1 ? 4 : 3;
	m.opts.present |= MH_HAS_FLOW;
	m.opts.n_flow = 1;
	m.opts.flow[0] = *f;
	pba = bed_send(&p->b, mag, &m);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_true(pba->opts.n_flow && pba->opts.flow[0].fid == f->fid);
	return pba->opts.flow[0];
}

/* The same by MAG 1: its status */
static int ask_for(struct pair *p, const char *nai, const struct mh_flow *f)
{
	return ask_by(p, 1, nai, f).status;
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
	/* §5.3.2.1: and a new one must have it, or is malformed */
	f.fid = 10;
	f.bid[0] = 1;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_MALFORMED);
	f.present |= MH_FLOW_HAS_SELECTOR;
	f.selector.format = 7;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_TS_UNSUPPORTED);
	f.fid = 9;
	f.present = MH_FLOW_HAS_ACTION;
	f.action = FLOW_DELETE;
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_OK);
	assert_null(pair_kernel(&p, 9));
	assert_int_equal(ask_for(&p, "decider", &f), FLOW_NO_FID);
	pair_close(&p);
}

/* A registration by MAG 1 with two flows: what is answered about them */
static const struct mh_opts *ask_for_both(struct pair *p, const struct mh_flow f[2])
{
	struct mh_msg m = bed_pbu(&p->b, "decider", HI_REREGISTRATION);
	const struct mh_msg *pba;

	bed_llid(&m, IF1);
	m.opts.present |= MH_HAS_FLOW;
	m.opts.n_flow = 2;
	memcpy(m.opts.flow, f, 2 * sizeof(*f));
	pba = bed_send(&p->b, 1, &m);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_int_equal(pba->opts.n_flow, 2);
	return &pba->opts;
}

/*
 * RFC 6089 §4.2: a flow's status is that of "the particular flow in the option" alone: one
 * that cannot be read is 130, and the registration and the other flow are accepted.
 * §5.3.2: of two of one FID, "all [...] MUST be rejected"
 */
static void each_by_itself(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_flow f[2] = {
		{ .fid = 8, .pri = 2, .status = FLOW_MALFORMED, .malformed = true },
		{ .fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR, .selector = s.selector },
	};
	const struct mh_opts *o;
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "decider");
	o = ask_for_both(&p, f);
	assert_int_equal(o->flow[0].fid, 8);
	assert_int_equal(o->flow[0].status, FLOW_MALFORMED);
	assert_int_equal(o->flow[1].fid, 9);
	assert_int_equal(o->flow[1].status, FLOW_OK);
	/* what is known is neither changed nor lost by what cannot be read */
	f[0].fid = 9;
	f[1].fid = 10;
	f[1].pri = 4;
	o = ask_for_both(&p, f);
	assert_int_equal(o->flow[0].status, FLOW_MALFORMED);
	assert_int_equal(o->flow[1].status, FLOW_OK);
	assert_true(pair_view(&p, &v));
	assert_int_equal(v.spec->fid, 9);
	assert_int_equal(v.spec->pri, 3);
	f[0] = f[1];
	f[0].fid = 11;
	f[1].fid = 11;
	o = ask_for_both(&p, f);
	assert_int_equal(o->flow[0].status, FLOW_UNSPECIFIED);
	assert_int_equal(o->flow[1].status, FLOW_UNSPECIFIED);
	pair_close(&p);
}

/*
 * RFC 6089 §5.3.5: "the home agent SHOULD copy each flow identification mobility option
 * received in the binding update and set its status code": also of more than there can be,
 * which are rejected by themselves; §5.3.2: one of them twice is a reason to reject all
 */
static void more_than_there_can_be(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_msg m;
	struct pair p;
	const struct mh_opts *o;

	(void)state;
	pair_open(&p, "decider");
	for (int twice = 0; twice < 2; twice++) {
		m = bed_pbu(&p.b, "decider", HI_REREGISTRATION);
		bed_llid(&m, IF1);
		m.opts.present |= MH_HAS_FLOW;
		m.opts.n_flow = FLOWS_MAX;
		for (uint16_t i = 0; i < FLOWS_MAX; i++)
			m.opts.flow[i] = (struct mh_flow) {
				.fid = 1 + i, .pri = 1 + i, .selector = s.selector,
				.present = MH_FLOW_HAS_SELECTOR,
			};
		m.opts.n_spare = 2;
		m.opts.spare[0] = (struct mh_flow_name) { .fid = 20, .pri = 20 };
		m.opts.spare[1] = (struct mh_flow_name) { .fid = twice ? 1 : 21 };
		o = &bed_send(&p.b, 1, &m)->opts;
		assert_int_equal(o->n_flow, FLOWS_MAX);
		for (unsigned int i = 0; i < FLOWS_MAX; i++)
			assert_int_equal(o->flow[i].status, twice ? FLOW_UNSPECIFIED : FLOW_OK);
		assert_int_equal(o->n_spare, 2);
		assert_int_equal(o->spare[0].fid, 20);
		assert_int_equal(o->spare[0].status, FLOW_UNSPECIFIED);
		assert_int_equal(o->spare[1].fid, twice ? 1 : 21);
		assert_int_equal(o->spare[1].status, twice ? FLOW_UNSPECIFIED : FLOW_MALFORMED);
	}
	/* RFC 6275 §6.1.8: 130, "insufficient resources", for more than can be answered */
	m.seq++;
	m.opts.timestamp++;
	m.opts.more_flow = 1;
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_NO_RESOURCES);
	pair_close(&p);
}

/* Draft: flow mobility §3.2.2: an option "that can convey full flow information MUST be */
/* included in the PBA": selector, BID reference, action; of what is refused the status alone */
static void answer_has_it_all(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_flow a, f = {
		.fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR | MH_FLOW_HAS_ACTION,
		.selector = s.selector, .action = FLOW_ADD,
	};
	struct pair p;

	(void)state;
	pair_open(&p, "decider");
	selector_normalise(&s.selector);
	a = ask_by(&p, 1, "decider", &f);
	assert_int_equal(a.status, FLOW_OK);
	assert_int_equal(a.present, MH_FLOW_HAS_SELECTOR | MH_FLOW_HAS_BIDS |
			 MH_FLOW_HAS_ACTION);
	assert_true(selector_equal(&a.selector, &s.selector));
	assert_true(a.n_bid == 1 && a.bid[0] == 1);
	assert_int_equal(a.action, FLOW_ADD);
	/* a refresh of it without its fields brings them */
	f.action = FLOW_REFRESH;
	f.present = MH_FLOW_HAS_ACTION;
	a = ask_by(&p, 1, "decider", &f);
	assert_true(selector_equal(&a.selector, &s.selector));
	assert_int_equal(a.action, FLOW_REFRESH);
	f.fid = 10;
	f.action = FLOW_ADD;
	a = ask_by(&p, 1, "decider", &f);
	assert_int_equal(a.status, FLOW_MALFORMED);
	assert_int_equal(a.present, MH_FLOW_HAS_ACTION);
	f.fid = 9;
	f.action = FLOW_DELETE;
	a = ask_by(&p, 1, "decider", &f);
	assert_int_equal(a.status, FLOW_OK);
	assert_int_equal(a.present, MH_FLOW_HAS_ACTION);
	assert_int_equal(a.action, FLOW_DELETE);
	pair_close(&p);
}

/* Draft: flow mobility §3.2.2: the node moves a flow "by explicitly start sending flow packets */
/* via a new interface": the gateway there adds it, and the other's refreshes do not undo that */
static void comes_to_who_adds_it(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_flow f = {
		.fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR | MH_FLOW_HAS_ACTION,
		.selector = s.selector, .action = FLOW_ADD,
	};
	struct mh_msg m;
	struct pair p;

	(void)state;
	pair_open(&p, "decider");
	assert_int_equal(ask_by(&p, 1, "decider", &f).bid[0], 1);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(ask_by(&p, 2, "decider", &f).bid[0], 2);
	pair_answer(&p, MH_FMI, 2, FMA_OK);
	assert_int_equal(pair_kernel(&p, 9)->bid[0], 2);
	f.action = FLOW_REFRESH;
	assert_int_equal(ask_by(&p, 1, "decider", &f).bid[0], 2);
	assert_int_equal(pair_kernel(&p, 9)->bid[0], 2);
	/* but where the other attachment has gone they do */
	m = pair_leave_msg(&p, IF2, 3);
	assert_int_equal(bed_status(&p.b, 2, &m), PBA_ACCEPTED);
	assert_int_equal(ask_by(&p, 1, "decider", &f).bid[0], 1);
	pair_close(&p);
}

/*
 * Ours: the wish ends with the session at its gateway, as everything that it asked for, and
 * the operator may not end what the node decides about: nobody else could.  That of a
 * flow which has come elsewhere since is the other one's.
 */
static void ends_with_its_session(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_flow f = {
		.fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR | MH_FLOW_HAS_ACTION,
		.selector = s.selector, .action = FLOW_ADD,
	};
	struct lma_flow_view v;
	struct mh_msg m;
	struct pair p;

	(void)state;
	for (int moved = 0; moved < 2; moved++) {
		pair_open(&p, "decider");
		assert_int_equal(ask_by(&p, 1, "decider", &f).bid[0], 1);
		pair_answer(&p, MH_FMI, 1, FMA_OK);
		if (moved) {
			assert_int_equal(ask_by(&p, 2, "decider", &f).bid[0], 2);
			pair_answer(&p, MH_FMI, 2, FMA_OK);
		}
		m = pair_leave_msg(&p, IF1, 4);
		assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
		/* MinDelayBeforeBCEDelete: the session may be back */
		assert_true(pair_view(&p, &v));
		fake_advance_ms(&p.b.f, 10000);
		assert_int_equal(pair_view(&p, &v), moved);
		pair_close(&p);
	}
}

/* The same of a flow that two gateways have asked for: it ends with the last of them */
static void ends_with_the_last(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_flow f = {
		.fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR | MH_FLOW_HAS_ACTION,
		.selector = s.selector, .action = FLOW_ADD,
	};
	struct lma_flow_view v;
	struct mh_msg m;
	struct pair p;

	(void)state;
	pair_open(&p, "decider");
	assert_int_equal(ask_by(&p, 1, "decider", &f).bid[0], 1);
	assert_int_equal(ask_by(&p, 2, "decider", &f).bid[0], 2);
	m = pair_leave_msg(&p, IF2, 3);
	assert_int_equal(bed_status(&p.b, 2, &m), PBA_ACCEPTED);
	fake_advance_ms(&p.b.f, 10000);
	assert_true(pair_view(&p, &v));
	assert_false(v.active);
	/* the other's next registration has it come there */
	f.action = FLOW_REFRESH;
	assert_int_equal(ask_by(&p, 1, "decider", &f).bid[0], 1);
	assert_true(pair_view(&p, &v) && v.active);
	pair_close(&p);
}

/*
 * RFC 6089 §5.3.3: "If the value of any of the FID fields [...] is not present in the list of
 * flow binding entries for this mobile node, the home agent MUST reject this flow binding
 * refresh [...] "FID not found"": what the node has ended by one gateway does not come back
 * by another, unless that begins, and so may have been forgotten, or adds it
 */
static void ended_by_another(void **state)
{
	struct flow_spec s = udp_flow(0, 5000, 0);
	struct mh_flow f = {
		.fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR | MH_FLOW_HAS_ACTION,
		.selector = s.selector, .action = FLOW_ADD,
	};
	struct lma_flow_view v;
	struct mh_msg m;
	struct pair p;

	(void)state;
	pair_open(&p, "decider");
	assert_int_equal(ask_by(&p, 1, "decider", &f).status, FLOW_OK);
	assert_int_equal(ask_by(&p, 2, "decider", &f).status, FLOW_OK);
	f.action = FLOW_DELETE;
	assert_int_equal(ask_by(&p, 2, "decider", &f).status, FLOW_OK);
	f.action = FLOW_REFRESH;
	assert_int_equal(ask_by(&p, 1, "decider", &f).status, FLOW_NO_FID);
	assert_false(pair_view(&p, &v));
	f.action = FLOW_ADD;
	assert_int_equal(ask_by(&p, 1, "decider", &f).bid[0], 1);
	f.action = FLOW_DELETE;
	assert_int_equal(ask_by(&p, 1, "decider", &f).status, FLOW_OK);
	/* as after a restart of the anchor */
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	fake_advance_ms(&p.b.f, 10000);
	f.action = FLOW_REFRESH;
	assert_int_equal(ask_by(&p, 1, "decider", &f).status, FLOW_OK);
	assert_true(pair_view(&p, &v));
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
		cmocka_unit_test(each_by_itself),
		cmocka_unit_test(more_than_there_can_be),
		cmocka_unit_test(answer_has_it_all),
		cmocka_unit_test(comes_to_who_adds_it),
		cmocka_unit_test(ends_with_its_session),
		cmocka_unit_test(ends_with_the_last),
		cmocka_unit_test(ended_by_another),
		cmocka_unit_test(priority_goes_on),
		cmocka_unit_test(anchor_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
