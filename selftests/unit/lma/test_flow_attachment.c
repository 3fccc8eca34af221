// SPDX-License-Identifier: GPL-2.0
/* Flows of a node whose attachments come, go and move. */
#include "flow_bed.h"

static void add(struct pair *p, const struct flow_spec *s)
{
	assert_int_equal(lma_flow_add(p->b.lma, &p->id, s, FLOW_FOREVER), 0);
}

/* A flow to the second prefix that has been moved to the first gateway */
static void moved(struct pair *p, struct flow_spec *s)
{
	pair_open(p, "different");
	*s = udp_flow(1, 5000, 1);
	flow_to(s, &p->p2);
	add(p, s);
	pair_answer(p, MH_FMI, 1, FMA_OK);
	assert_int_equal(bed_path(&p->b, &p->p2, 1), 1);
	fake_reset(&p->b.f);
}

/* Draft: flow mobility §5.2: "becomes 'Inactive' only if all of the BIDs are deregistered" */
static void inactive_without_attachment(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct lma_flow_view v;
	struct mh_msg m;
	struct pair p;

	(void)state;
	pair_open(&p, "shared");
	s.bid[1] = 2;
	s.n_bid = 2;
	add(&p, &s);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	assert_true(pair_view(&p, &v) && v.active);
	assert_int_equal(pair_kernel(&p, 1)->n_bid, 1);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 2);
	m = pair_leave_msg(&p, IF2, 3);
	assert_int_equal(bed_status(&p.b, 2, &m), PBA_ACCEPTED);
	assert_true(pair_view(&p, &v) && !v.active);
	assert_null(pair_kernel(&p, 1));
	pair_close(&p);
}

/* RFC 5213 §5.3.5: no path leads to a gateway that the node has left, and the tunnel can go */
static void gateway_is_left(void **state)
{
	struct flow_spec s;
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p, &s);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_int_equal(bed_path(&p.b, &p.p2, 0), 2);
	assert_null(pair_kernel(&p, 1));
	/* the path, then the tunnel, then the answer; the gateway forgets by itself */
	assert_true(fake_index(&p.b.f, FAKE_BINDING_SET, -1) <
		    fake_index(&p.b.f, FAKE_TUNNEL_DEL, 0));
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	pair_close(&p);
}

/*
 * Ours, draft: fault tolerance §3.2: redirecting wins over RFC 5213 §5.3.5's "SHOULD
 * drop" where another gateway routes the prefix
 */
static void flow_outlives_its_prefix(void **state)
{
	struct flow_spec s;
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p, &s);
	m = pair_leave_msg(&p, IF2, 3);
	assert_int_equal(bed_status(&p.b, 2, &m), PBA_ACCEPTED);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_int_equal(bed_path(&p.b, &p.p2, 0), 1);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_DEL), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 0);
	/* MinDelayBeforeBCEDelete: the prefix is nobody's, and the gateway is told */
	fake_advance_ms(&p.b.f, 10000);
	assert_null(bed_binding(&p.b, &p.p2));
	assert_int_equal(fake_find_mh(&p.b.f, MH_FMI, -1)->msg.lifetime, 0);
	pair_close(&p);
}

/* RFC 5213 §5.3.4: the new gateway is asked; its path is there when it has answered */
static void attachment_moves(void **state)
{
	const struct fake_mh *fmi;
	struct flow_spec s;
	struct in6_addr mag = bed_mag(3);
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p, &s);
	m = bed_pbu(&p.b, "different", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(&p.b, 3, &m), PBA_ACCEPTED);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	fmi = fake_find_mh(&p.b.f, MH_FMI, 0);
	assert_true(IN6_ARE_ADDR_EQUAL(&fmi->dst, &mag));
	/* it knows the node by then */
	assert_true(fake_index_mh(&p.b.f, MH_PBA, 0) < fake_index_mh(&p.b.f, MH_FMI, 0));
	pair_answer(&p, MH_FMI, 3, FMA_OK);
	assert_int_equal(bed_path(&p.b, &p.p2, 1), 3);
	assert_int_equal(bed_binding(&p.b, &p.p2)->path[1].bid, 1);
	/* of the flow itself nothing has changed */
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_DEL), 0);
	pair_close(&p);
}

/* The same, and it refuses: the flow is over, and that is said */
static void attachment_moves_in_vain(void **state)
{
	struct lma_flow_view v;
	struct flow_spec s;
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p, &s);
	m = bed_pbu(&p.b, "different", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(&p.b, 3, &m), PBA_ACCEPTED);
	pair_answer(&p, MH_FMI, 3, FMA_UNSPECIFIED);
	assert_false(pair_view(&p, &v));
	assert_non_null(fake_find_notice(&p.b.f, "flow-lost", 0));
	pair_close(&p);
}

/* A further attachment's prefixes are a flow's too, unless it names others */
static void attachment_is_added(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	const struct mh_msg *fmi;
	struct prefix p3;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	add(&p, &s);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	p3 = pair_attach(&p, "different", 3, "02:00:00:00:00:03", 5);
	fmi = &fake_find_mh(&p.b.f, MH_FMI, -1)->msg;
	assert_int_equal(fmi->opts.n_hnp, 2);
	assert_int_equal(bed_binding(&p.b, &p3)->n_paths, 1);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(bed_path(&p.b, &p3, 1), 1);
	assert_int_equal(bed_path(&p.b, &p.p2, 1), 1);
	pair_close(&p);
}

/* RFC 7864 §3.3: "the PBA [...] can convey the same signaling", with L and the flows */
static void acknowledgement_repeats_it(void **state)
{
	const struct mh_msg *pba;
	struct flow_spec s;
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p, &s);
	m = bed_pbu(&p.b, "different", HI_REREGISTRATION);
	bed_llid(&m, IF1);
	m.opts.hnp[0].prefix = p.p1;
	pba = bed_send(&p.b, 1, &m);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_int_equal(pba->opts.n_hnp, 2);
	assert_false(pba->opts.hnp[0].off_link);
	assert_true(pba->opts.hnp[1].off_link);
	assert_true(prefix_equal(&pba->opts.hnp[1].prefix, &p.p2));
	assert_int_equal(pba->opts.n_flow, 1);
	assert_int_equal(pba->opts.flow[0].fid, 1);
	assert_int_equal(pba->opts.flow[0].present, MH_FLOW_HAS_SELECTOR |
			 MH_FLOW_HAS_BIDS | MH_FLOW_HAS_ACTION);
	assert_int_equal(pba->opts.flow[0].action, FLOW_REFRESH);
	/* the other gateway keeps nothing */
	m = bed_pbu(&p.b, "different", HI_REREGISTRATION);
	bed_llid(&m, IF2);
	m.opts.att = 3;
	m.opts.hnp[0].prefix = p.p2;
	pba = bed_send(&p.b, 2, &m);
	assert_int_equal(pba->opts.n_hnp, 1);
	assert_int_equal(pba->opts.n_flow, 0);
	pair_close(&p);
}

/* Of an acknowledgement: its own prefix, and beside it only one that is off-link, with a flow */
static void assert_brings(const struct mh_msg *pba, const struct prefix *own,
			  const struct prefix *off, uint16_t fid, uint16_t bid)
{
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_int_equal(pba->opts.n_hnp, 2);
	assert_false(pba->opts.hnp[0].off_link);
	assert_true(prefix_equal(&pba->opts.hnp[0].prefix, own));
	assert_true(pba->opts.hnp[1].off_link);
	assert_true(prefix_equal(&pba->opts.hnp[1].prefix, off));
	assert_int_equal(pba->opts.n_flow, 1);
	assert_int_equal(pba->opts.flow[0].fid, fid);
	assert_int_equal(pba->opts.flow[0].action, FLOW_ADD);
	assert_int_equal(pba->opts.flow[0].n_bid, 1);
	assert_int_equal(pba->opts.flow[0].bid[0], bid);
	assert_int_equal(pba->opts.flow[0].present, MH_FLOW_HAS_SELECTOR |
			 MH_FLOW_HAS_BIDS | MH_FLOW_HAS_ACTION);
}

/*
 * RFC 7864 §3.3: "the LMA MUST include a Home Network Prefix Option in the PBA for each of
 * the prefixes that are requested to be provided with flow mobility support on the new MAG
 * with the off-link bit (L) set to one": an attachment that goes to another gateway
 */
static void acknowledgement_of_a_handoff(void **state)
{
	const struct mh_msg *pba;
	struct flow_spec s;
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p, &s);
	m = bed_pbu(&p.b, "different", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	pba = bed_send(&p.b, 3, &m);
	assert_brings(pba, &p.p1, &p.p2, 1, 1);
	/* nothing goes there before it has answered */
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_int_equal(pair_last(&p, MH_FMI, 3)->msg.opts.n_hnp, 1);
	pair_answer(&p, MH_FMI, 3, FMA_OK);
	assert_int_equal(bed_path(&p.b, &p.p2, 1), 3);
	pair_close(&p);
}

/* §3.3: "the trigger for flow mobility might be related to a new MN's interface attachment" */
static void acknowledgement_of_a_new_attachment(void **state)
{
	const struct mh_msg *pba;
	struct mh_msg m;
	struct pair p;

	(void)state;
	bed_open(&p.b);
	p.id = fake_nai("ruled");
	p.p1 = pair_attach(&p, "ruled", 1, IF1, 4);
	/* the policy's UDP prefers 802.3, which begins here */
	m = bed_pbu(&p.b, "ruled", HI_NEW_INTERFACE);
	bed_llid(&m, IF2);
	m.opts.att = 3;
	pba = bed_send(&p.b, 2, &m);
	p.p2 = pba->opts.hnp[0].prefix;
	assert_brings(pba, &p.p2, &p.p1, LMA_FLOW_RULES, 2);
	assert_true(fake_index_mh(&p.b.f, MH_PBA, -1) < fake_index_mh(&p.b.f, MH_FMI, 0));
	/* a repetition while the gateway has not answered about it: that is asked there */
	m = bed_pbu(&p.b, "ruled", HI_REREGISTRATION);
	bed_llid(&m, IF2);
	m.opts.att = 3;
	m.opts.hnp[0].prefix = p.p2;
	assert_int_equal(bed_send(&p.b, 2, &m)->opts.n_hnp, 1);
	pair_close(&p);
}

/* A revived attachment's flows that name its BID come back with it */
static void acknowledgement_of_a_revival(void **state)
{
	struct flow_spec s;
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p, &s);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	m = bed_pbu(&p.b, "different", HI_UNKNOWN);
	bed_llid(&m, IF1);
	assert_brings(bed_send(&p.b, 3, &m), &p.p1, &p.p2, 1, 1);
	pair_close(&p);
}

/*
 * RFC 5213 §8.3 has no L: "This 8-bit field is unused for now", so that one without it
 * advertises each prefix: until it has answered about flows nobody knows whether it has it
 */
static void acknowledgement_for_whom_nobody_knows(void **state)
{
	const struct mh_msg *pba;
	struct flow_spec s;
	struct mh_msg m;
	struct pair p;

	(void)state;
	bed_open(&p.b);
	p.b.conf.flow.dialect = FLOW_DIALECT_AUTO;
	p.id = fake_nai("different");
	p.p1 = pair_attach(&p, "different", 1, IF1, 4);
	p.p2 = pair_attach(&p, "different", 2, IF2, 3);
	s = udp_flow(1, 5000, 1);
	flow_to(&s, &p.p2);
	add(&p, &s);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	m = bed_pbu(&p.b, "different", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	pba = bed_send(&p.b, 3, &m);
	assert_int_equal(pba->opts.n_hnp, 1);
	assert_int_equal(pba->opts.n_flow, 0);
	assert_int_equal(pair_last(&p, MH_FMI, 3)->msg.opts.n_hnp, 1);
	pair_answer(&p, MH_FMI, 3, FMA_OK);
	/* the first one has answered */
	m = bed_pbu(&p.b, "different", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_brings(bed_send(&p.b, 1, &m), &p.p1, &p.p2, 1, 1);
	pair_close(&p);
}

/* A node that is gone has no flows, here or in the kernel */
static void node_leaves(void **state)
{
	struct lma_flow_view v;
	struct flow_spec s;
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p, &s);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	m = pair_leave_msg(&p, IF2, 3);
	assert_int_equal(bed_status(&p.b, 2, &m), PBA_ACCEPTED);
	fake_advance_ms(&p.b.f, 10001);
	assert_false(pair_view(&p, &v));
	assert_null(pair_kernel(&p, 1));
	assert_int_equal(p.b.f.timers.len, 0);
	pair_close(&p);
}

/* The newest heartbeat to the first gateway is answered. */
static void heartbeat(struct pair *p, uint32_t counter, bool unsolicited)
{
	struct in6_addr mag = bed_mag(1), lma = bed_lma();
	struct mh_msg m = {
		.kind = MH_HEARTBEAT, .flags = HB_F_R | (unsolicited ? HB_F_U : 0),
		.opts = { .present = MH_HAS_RESTART, .restart = counter },
	};
	size_t i;

	for (i = 0; i < fake_count_mh(&p->b.f, MH_HEARTBEAT); i++) {
		const struct fake_mh *q = fake_find_mh(&p->b.f, MH_HEARTBEAT, (int)i);

		if (IN6_ARE_ADDR_EQUAL(&q->dst, &mag))
			m.hb_seq = q->msg.hb_seq;
	}
	peer_on_heartbeat(&p->b.peers, &lma, &mag, &m);
}

/* RFC 5847 §3: a gateway that has begun anew knows of no flow */
static void gateway_begins_anew(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	flow_to(&s, &p.p2);
	heartbeat(&p, 7, false);
	add(&p, &s);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	fake_advance_ms(&p.b.f, 600);
	heartbeat(&p, 8, true);
	fake_advance_ms(&p.b.f, 50);
	heartbeat(&p, 8, false);
	assert_non_null(fake_find_notice(&p.b.f, "peer-restarted", 0));
	assert_null(pair_kernel(&p, 1));
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_int_equal(bed_path(&p.b, &p.p2, 0), 2);
	pair_close(&p);
}

/* What the kernel has lost it is told again, paths first */
static void kernel_loses_all(void **state)
{
	struct flow_spec s;
	struct pair p;

	(void)state;
	moved(&p, &s);
	lma_renew(p.b.lma);
	assert_int_equal(bed_path(&p.b, &p.p2, 1), 1);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	assert_true(fake_index(&p.b.f, FAKE_BINDING_SET, -1) <
		    fake_index(&p.b.f, FAKE_FLOW_SET, 0));
	pair_close(&p);
}

/* The forwarding state outlives the process: the kernel hears nothing of its end */
static void process_ends(void **state)
{
	struct flow_spec s;
	struct pair p;

	(void)state;
	moved(&p, &s);
	lma_free(p.b.lma);
	p.b.lma = NULL;
	assert_int_equal(p.b.f.len, 0);
	pair_close(&p);
}

/* Attachments behind one gateway have one path, whichever of them has named it */
static void one_gateway_one_path(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 3);
	const struct dp_flow *d;
	struct prefix p3;
	struct pair p;

	(void)state;
	pair_open(&p, "shared");
	pair_attach(&p, "shared", 1, "02:00:00:00:00:03", 4);
	add(&p, &s);
	d = pair_kernel(&p, 1);
	assert_int_equal(bed_binding(&p.b, &p.p1)->path[0].bid, 1);
	assert_int_equal(d->n_bid, 1);
	assert_int_equal(d->bid[0], 1);
	pair_close(&p);

	/* each prefix has its path by the attachment that it belongs to */
	pair_open(&p, "different");
	p3 = pair_attach(&p, "different", 1, "02:00:00:00:00:03", 5);
	s = udp_flow(1, 5000, 1);
	add(&p, &s);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(bed_binding(&p.b, &p.p2)->path[1].bid, 1);
	assert_int_equal(bed_binding(&p.b, &p3)->path[0].bid, 3);
	d = pair_kernel(&p, 1);
	assert_int_equal(d->n_bid, 2);
	assert_int_equal(d->bid[0], 1);
	assert_int_equal(d->bid[1], 3);
	s = udp_flow(2, 5000, 1);
	flow_to(&s, &p3);
	add(&p, &s);
	d = pair_kernel(&p, 2);
	assert_int_equal(d->n_bid, 1);
	assert_int_equal(d->bid[0], 3);
	pair_close(&p);
}

/* RFC 7077 §5.2: "unless an administrative action is taken": a gateway that knew no flows
 * comes back as another version (RFC 5847 §3.2), also when it has no bindings
 */
static void gateway_learns(void **state)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE }, m;
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct in6_addr lma = bed_lma(), mag = bed_mag(1);
	struct pair p;
	size_t sent;

	(void)state;
	pair_open(&p, "different");
	flow_to(&s, &p.p2);
	add(&p, &s);
	lma_on_binding_error(p.b.lma, &mag, &be);
	assert_null(pair_kernel(&p, 1));
	sent = fake_count_mh(&p.b.f, MH_FMI);
	add(&p, &s);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), sent);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	fake_advance_ms(&p.b.f, 10000);
	lma_on_peer_restart(p.b.lma, peer_find(&p.b.peers, &lma, &mag));
	pair_attach(&p, "different", 1, IF1, 4);
	s.bid[0] = 3;
	add(&p, &s);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), sent + 1);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_non_null(pair_kernel(&p, 1));
	pair_close(&p);
}

/* RFC 6089 §4.2: the BIDs behind the first count too, however many one gateway has */
static void fallback_has_its_place(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 3);
	const struct dp_flow *d;
	struct pair p;

	(void)state;
	pair_open(&p, "shared");
	pair_attach(&p, "shared", 1, "02:00:00:00:00:03", 4);
	pair_attach(&p, "shared", 1, "02:00:00:00:00:04", 4);
	pair_attach(&p, "shared", 1, "02:00:00:00:00:05", 4);
	s.bid[1] = 2;
	s.n_bid = 2;
	add(&p, &s);
	d = pair_kernel(&p, 1);
	assert_int_equal(d->n_bid, 2);
	assert_int_equal(d->bid[0], 1);
	assert_int_equal(d->bid[1], 2);
	pair_close(&p);

	/* where each prefix names the path otherwise, too */
	pair_open(&p, "different");
	pair_attach(&p, "different", 1, "02:00:00:00:00:03", 5);
	pair_attach(&p, "different", 1, "02:00:00:00:00:04", 5);
	pair_attach(&p, "different", 1, "02:00:00:00:00:05", 5);
	s.bid[0] = 1;
	add(&p, &s);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	pair_answer(&p, MH_FMI, 2, FMA_OK);
	d = pair_kernel(&p, 1);
	assert_int_equal(d->n_bid, PMIP_FLOW_BIDS);
	assert_int_equal(d->bid[0], 1);
	assert_int_equal(d->bid[PMIP_FLOW_BIDS - 1], 2);
	pair_close(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(inactive_without_attachment),
		cmocka_unit_test(gateway_is_left),
		cmocka_unit_test(flow_outlives_its_prefix),
		cmocka_unit_test(attachment_moves),
		cmocka_unit_test(attachment_moves_in_vain),
		cmocka_unit_test(attachment_is_added),
		cmocka_unit_test(acknowledgement_repeats_it),
		cmocka_unit_test(acknowledgement_of_a_handoff),
		cmocka_unit_test(acknowledgement_of_a_new_attachment),
		cmocka_unit_test(acknowledgement_of_a_revival),
		cmocka_unit_test(acknowledgement_for_whom_nobody_knows),
		cmocka_unit_test(node_leaves),
		cmocka_unit_test(gateway_begins_anew),
		cmocka_unit_test(kernel_loses_all),
		cmocka_unit_test(process_ends),
		cmocka_unit_test(one_gateway_one_path),
		cmocka_unit_test(fallback_has_its_place),
		cmocka_unit_test(gateway_learns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
