// SPDX-License-Identifier: GPL-2.0
/* What a flow has left its gateway keeps, as long as a node may still send that way. */
#include "flow_bed.h"

#define LINGER	5000

/* A flow to the prefix of MAG 2's that has been moved to MAG 1 */
static void moved(struct pair *p)
{
	struct flow_spec s = udp_flow(1, 5000, 1);

	pair_open(p, "different");
	p->b.conf.flow_linger_ms = LINGER;
	flow_to(&s, &p->p2);
	assert_int_equal(lma_flow_add(p->b.lma, &p->id, &s, FLOW_FOREVER), 0);
	pair_answer(p, MH_FMI, 1, FMA_OK);
	assert_int_equal(bed_path(&p->b, &p->p2, 1), 1);
	fake_reset(&p->b.f);
}

static void move(struct pair *p, uint16_t bid)
{
	assert_int_equal(lma_flow_move(p->b.lma, &p->id, 1, &bid, 1), 0);
}

/* Moved, and back: MAG 1 keeps it for now, and its path with it, behind the prefix's own */
static void moved_back(struct pair *p)
{
	moved(p);
	move(p, 2);
	assert_int_equal(pair_kernel(p, 1)->n_bid, 1);
	assert_int_equal(pair_kernel(p, 1)->bid[0], 2);
	assert_int_equal(fake_count_mh(&p->b.f, MH_FMI), 0);
	assert_int_equal(fake_count(&p->b.f, FAKE_BINDING_SET), 0);
}

/* moved() has seen both; what has been told since does not take the second away. */
static bool two_paths(struct pair *p)
{
	return !bed_binding(&p->b, &p->p2) || bed_path(&p->b, &p->p2, 1) == 1;
}

/* Nobody is left who might do anything about it later. */
static void nothing_follows(struct pair *p)
{
	const size_t n = fake_count_mh(&p->b.f, MH_FMI);

	fake_advance_ms(&p->b.f, 2 * LINGER);
	assert_int_equal(fake_count_mh(&p->b.f, MH_FMI), n);
}

/*
 * RFC 5213 §5.6.2: what a node sends is accepted by either gateway; draft: flow mobility
 * §3.2.2: the "FMI message [...] to remove the flow", which says no time for it
 */
static void removal_waits(void **state)
{
	const struct in6_addr mag = bed_mag(1);
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	moved(&p);
	assert_true(pair_view(&p, &v) && !v.n_lingers);
	pair_close(&p);
	moved_back(&p);
	fake_advance_ms(&p.b.f, LINGER - 1);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_BINDING_SET), 0);
	assert_true(pair_view(&p, &v) && v.n_lingers == 1);
	assert_true(IN6_ARE_ADDR_EQUAL(&v.lingers_at[0], &mag));
	fake_advance_ms(&p.b.f, 1);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 1);
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.lifetime, 0);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_int_equal(bed_path(&p.b, &p.p2, 0), 2);
	assert_true(pair_view(&p, &v) && !v.n_lingers);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	nothing_follows(&p);
	pair_close(&p);
}

/* RFC 7864 §3.2.2, §4.2: the same of what an UPN removes by leaving it out */
static void removal_by_upn_waits(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	p.b.conf.flow.dialect = FLOW_DIALECT_RFC7864;
	p.b.conf.flow_linger_ms = LINGER;
	flow_to(&s, &p.p2);
	assert_int_equal(lma_flow_add(p.b.lma, &p.id, &s, FLOW_FOREVER), 0);
	pair_answer(&p, MH_UPN, 1, UPA_OK);
	fake_reset(&p.b.f);
	move(&p, 2);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 2);
	fake_advance_ms(&p.b.f, LINGER - 1);
	assert_int_equal(fake_count_mh(&p.b.f, MH_UPN), 0);
	fake_advance_ms(&p.b.f, 1);
	assert_int_equal(pair_last(&p, MH_UPN, 1)->msg.opts.n_flow, 0);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	pair_answer(&p, MH_UPN, 1, UPA_OK);
	pair_close(&p);
}

/* Draft §3.2.1: where the gateway has all that it needs "no signaling" is needed */
static void comes_back_in_time(void **state)
{
	struct pair p;

	(void)state;
	moved_back(&p);
	fake_advance_ms(&p.b.f, LINGER / 2);
	move(&p, 1);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	nothing_follows(&p);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_BINDING_SET), 0);
	/* and its time begins anew */
	move(&p, 2);
	fake_advance_ms(&p.b.f, LINGER - 1);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	fake_advance_ms(&p.b.f, 1);
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.lifetime, 0);
	pair_close(&p);
}

/* A flow that ends leaves no other way than one that goes elsewhere, whatever ends it. */
static void flow_ends(void **state)
{
	struct flow_spec s = udp_flow(2, 5002, 1);
	struct pair p;

	(void)state;
	moved(&p);
	assert_int_equal(lma_flow_del(p.b.lma, &p.id, 1), 0);
	assert_null(pair_kernel(&p, 1));
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	assert_true(two_paths(&p));
	flow_to(&s, &p.p2);
	assert_int_equal(lma_flow_add(p.b.lma, &p.id, &s, 3), 0);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	fake_advance_ms(&p.b.f, 3000);
	assert_null(pair_kernel(&p, 2));
	assert_true(two_paths(&p));
	/* the first one's time is over first; the prefix is routed for the other */
	fake_advance_ms(&p.b.f, LINGER - 3000);
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.lifetime, 0);
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.opts.flow[0].fid, 1);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_true(two_paths(&p));
	fake_advance_ms(&p.b.f, 3000);
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.opts.flow[0].fid, 2);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	pair_close(&p);
}

/* RFC 5213 §5.3.5: the gateway forgets a node that leaves it, and so does the anchor. */
static void node_leaves(void **state)
{
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved_back(&p);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	m = pair_leave_msg(&p, IF2, 3);
	assert_int_equal(bed_status(&p.b, 2, &m), PBA_ACCEPTED);
	fake_advance_ms(&p.b.f, p.b.conf.min_delay_before_bce_delete_ms);
	assert_int_equal(bed_count(&p.b), 0);
	assert_int_equal(p.b.f.timers.len, 0);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	pair_close(&p);
}

/*
 * RFC 5213 §5.3.5: "the local mobility anchor SHOULD drop the mobile node's data traffic":
 * what goes nowhere else does not take a way that no flow takes any more
 */
static void home_attachment_ends(void **state)
{
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved_back(&p);
	m = pair_leave_msg(&p, IF2, 3);
	assert_int_equal(bed_status(&p.b, 2, &m), PBA_ACCEPTED);
	for (size_t i = 0; i < p.b.f.len; i++) {
		const struct fake_action *a = &p.b.f.v[i];

		if (a->kind == FAKE_BINDING_SET && prefix_equal(&a->binding.prefix, &p.p2))
			assert_int_equal(a->binding.path[0].kind, PMIP_PATH_DROP);
	}
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.lifetime, 0);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	nothing_follows(&p);
	pair_close(&p);
}

/* RFC 5846 §8: what is revoked at the gateway is not routed there any more, at once. */
static void prefix_is_revoked(void **state)
{
	struct in6_addr coa = bed_mag(1);
	struct lma_revocation v;
	struct pair p;

	(void)state;
	moved_back(&p);
	v = (struct lma_revocation){
		.mn_id = &p.id, .proxy_coa = &coa, .hnp = &p.p2, .trigger = 1,
	};
	assert_int_equal(lma_revoke(p.b.lma, &v), 1);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 2);
	/* no flow has lost anything by it */
	assert_null(fake_find_notice(&p.b.f, "flow-lost", 0));
	assert_int_equal(lma_counters(p.b.lma)->flows_lost, 0);
	pair_close(&p);
}

/* RFC 5846 §8: nor is anything where all of the attachment is */
static void attachment_is_revoked(void **state)
{
	struct in6_addr coa = bed_mag(1);
	struct lma_revocation v;
	struct pair p;

	(void)state;
	moved_back(&p);
	v = (struct lma_revocation){ .mn_id = &p.id, .proxy_coa = &coa, .trigger = 1 };
	assert_int_equal(lma_revoke(p.b.lma, &v), 1);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_int_equal(bed_path(&p.b, &p.p2, 0), 2);
	pair_close(&p);
}

/* RFC 5847 §3: a gateway that has begun anew has forgotten it. */
static void gateway_restarts(void **state)
{
	const struct in6_addr mag = bed_mag(1), lma = bed_lma();
	struct pair p;

	(void)state;
	moved_back(&p);
	peer_find(&p.b.peers, &lma, &mag)->counter_seen = p.b.f.now + 1;
	lma_on_peer_restart(p.b.lma, peer_find(&p.b.peers, &lma, &mag));
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	nothing_follows(&p);
	pair_close(&p);
}

/* Draft §4.2: a gateway that does not know it any more: nobody misses it */
static void gateway_loses_it(void **state)
{
	struct pair p;

	(void)state;
	moved(&p);
	p.b.conf.flow_linger_ms = 600000;
	move(&p, 2);
	/* until it is refreshed */
	while (!fake_count_mh(&p.b.f, MH_FMI))
		fake_advance_ms(&p.b.f, 1000);
	assert_true(pair_last(&p, MH_FMI, 1)->msg.lifetime > 0);
	pair_answer(&p, MH_FMI, 1, FMA_NOT_ATTACHED);
	assert_null(fake_find_notice(&p.b.f, "flow-lost", 0));
	assert_int_equal(lma_counters(p.b.lma)->flows_lost, 0);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 2);
	pair_close(&p);
}

/* Ours: FLOWS_MAX is for a node's flows: those that linger give way. */
static void room_for_others(void **state)
{
	struct flow_spec s;
	struct pair p;
	uint16_t fid;

	(void)state;
	moved(&p);
	for (fid = 2; fid < 5 * FLOWS_MAX; fid++) {
		assert_int_equal(lma_flow_del(p.b.lma, &p.id, (uint16_t)(fid - 1)), 0);
		s = udp_flow(fid, 5000 + fid, 1);
		flow_to(&s, &p.p2);
		assert_int_equal(lma_flow_add(p.b.lma, &p.id, &s, FLOW_FOREVER), 0);
		while (!pair_kernel(&p, fid))
			pair_answer(&p, MH_FMI, 1, FMA_OK);
	}
	pair_close(&p);
}

/*
 * RFC 6089 §4.2: "two FIDs MUST NOT be associated with the same FID-PRI value": one that
 * lingers leaves its priority to the next, so that the gateway takes that
 */
static void priority_for_others(void **state)
{
	struct flow_spec s = udp_flow(2, 5002, 1);
	struct pair p;

	(void)state;
	moved(&p);
	s.pri = udp_flow(1, 5000, 1).pri;
	assert_int_equal(lma_flow_del(p.b.lma, &p.id, 1), 0);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	flow_to(&s, &p.p2);
	assert_int_equal(lma_flow_add(p.b.lma, &p.id, &s, FLOW_FOREVER), 0);
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.lifetime, 0);
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.opts.flow[0].fid, 1);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_true(pair_last(&p, MH_FMI, 1)->msg.lifetime > 0);
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.opts.flow[0].fid, 2);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(pair_kernel(&p, 2)->bid[0], 1);
	assert_true(two_paths(&p));
	pair_close(&p);
}

/* Ours: nor do they take a path from a flow that needs it. */
static void paths_for_others(void **state)
{
	char llid[] = "02:00:00:00:00:03";
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct pair p;
	uint16_t bid;

	(void)state;
	pair_open(&p, "different");
	p.b.conf.flow_linger_ms = LINGER;
	for (bid = 3; bid <= 5; bid++) {
		llid[16] = (char)('0' + bid);
		pair_attach(&p, "different", bid, llid, 4);
	}
	flow_to(&s, &p.p2);
	assert_int_equal(lma_flow_add(p.b.lma, &p.id, &s, FLOW_FOREVER), 0);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	for (bid = 3; bid <= 5; bid++) {
		move(&p, bid);
		pair_answer(&p, MH_FMI, bid, FMA_OK);
		assert_int_equal(bed_path(&p.b, &p.p2, 0), 2);
		assert_int_equal(bed_path(&p.b, &p.p2, 1), bid);
		assert_int_equal(pair_kernel(&p, 1)->bid[0], bid);
	}
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, PMIP_BINDING_PATHS);
	pair_close(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(removal_waits),
		cmocka_unit_test(removal_by_upn_waits),
		cmocka_unit_test(comes_back_in_time),
		cmocka_unit_test(flow_ends),
		cmocka_unit_test(node_leaves),
		cmocka_unit_test(home_attachment_ends),
		cmocka_unit_test(prefix_is_revoked),
		cmocka_unit_test(attachment_is_revoked),
		cmocka_unit_test(gateway_restarts),
		cmocka_unit_test(gateway_loses_it),
		cmocka_unit_test(room_for_others),
		cmocka_unit_test(priority_for_others),
		cmocka_unit_test(paths_for_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
