// SPDX-License-Identifier: GPL-2.0
/* Flows that the operator adds, moves and removes. */
#include "flow_bed.h"
#include "lma/bce.h"

static int add(struct pair *p, const struct flow_spec *s)
{
	return lma_flow_add(p->b.lma, &p->id, s, FLOW_FOREVER);
}

static int move(struct pair *p, uint16_t fid, uint16_t bid)
{
	return lma_flow_move(p->b.lma, &p->id, fid, &bid, 1);
}

/* Draft: flow mobility §3.2.1: "does not need to perform any kind of signaling" */
static void shared_moves_at_once(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct pair p;

	(void)state;
	pair_open(&p, "shared");
	assert_int_equal(add(&p, &s), 0);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	fake_reset(&p.b.f);
	assert_int_equal(move(&p, 1, 2), 0);
	/* one update, and nothing else of this node is touched */
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 1);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_DEL), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_BINDING_SET), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_SEND_MH), 0);
	assert_int_equal(pair_kernel(&p, 1)->n_bid, 1);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 2);
	assert_non_null(fake_find_notice(&p.b.f, "flow-set", 0));
	pair_close(&p);
}

/* Draft: flow mobility §3.2.2: "MUST be sent to the new target mobile access gateway" */
static void different_tells_gateway_first(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	const struct mh_msg *fmi;
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	flow_to(&s, &p.p2);
	fake_reset(&p.b.f);
	assert_int_equal(add(&p, &s), 0);
	fmi = &fake_find_mh(&p.b.f, MH_FMI, 0)->msg;
	assert_int_equal(fmi->opts.n_flow, 1);
	assert_int_equal(fmi->opts.flow[0].fid, 1);
	assert_int_equal(fmi->opts.n_hnp, 1);
	assert_true(fmi->opts.hnp[0].off_link);
	assert_true(prefix_equal(&fmi->opts.hnp[0].prefix, &p.p2));
	assert_null(pair_kernel(&p, 1));
	assert_int_equal(fake_count(&p.b.f, FAKE_BINDING_SET), 0);
	assert_true(pair_view(&p, &v) && v.waiting && !v.n_bid);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	/* its prefix has a path by that gateway, behind its own, and first of all */
	assert_int_equal(bed_path(&p.b, &p.p2, 0), 2);
	assert_int_equal(bed_path(&p.b, &p.p2, 1), 1);
	assert_int_equal(bed_binding(&p.b, &p.p2)->path[1].bid, 1);
	assert_true(fake_index(&p.b.f, FAKE_BINDING_SET, -1) <
		    fake_index(&p.b.f, FAKE_FLOW_SET, 0));
	assert_true(pair_view(&p, &v) && !v.waiting && v.n_bid == 1);
	pair_close(&p);
}

/* Draft §3.2.2: "default path (which is determined by the destination prefix)" */
static void different_needs_nothing_at_home(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 2);
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	flow_to(&s, &p.p2);
	assert_int_equal(add(&p, &s), 0);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 2);
	pair_close(&p);
}

/* Draft §3.2.2: "may send another FMI message, this time to remove the flow" */
static void state_is_removed_last(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	const struct mh_msg *fmi;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	flow_to(&s, &p.p2);
	assert_int_equal(add(&p, &s), 0);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	fake_reset(&p.b.f);
	assert_int_equal(move(&p, 1, 2), 0);
	fmi = &fake_find_mh(&p.b.f, MH_FMI, 0)->msg;
	assert_int_equal(fmi->lifetime, 0);
	assert_true(fake_index(&p.b.f, FAKE_FLOW_SET, 0) <
		    fake_index_mh(&p.b.f, MH_FMI, 0));
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 2);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	pair_close(&p);
}

/* Draft §4.2: statuses; what was is what stays */
static void refused_move_goes_back(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 2);
	const struct fake_notice *n;
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	flow_to(&s, &p.p2);
	assert_int_equal(add(&p, &s), 0);
	fake_reset(&p.b.f);
	assert_int_equal(move(&p, 1, 1), 0);
	pair_answer(&p, MH_FMI, 1, FMA_TS_UNSUPPORTED);
	n = fake_find_notice(&p.b.f, "flow-lost", 0);
	assert_non_null(n);
	assert_non_null(strstr(n->detail, "selector"));
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_DEL), 0);
	assert_true(pair_view(&p, &v) && !v.waiting);
	assert_int_equal(v.spec->bid[0], 2);
	assert_int_equal(lma_counters(p.b.lma)->flows_lost, 1);
	/* and it can be tried again */
	assert_int_equal(move(&p, 1, 1), 0);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	pair_close(&p);
}

/* Draft §4.2, 129: a flow that never was is not there */
static void refused_flow_is_not_there(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	assert_int_equal(add(&p, &s), 0);
	pair_answer(&p, MH_FMI, 1, FMA_NOT_ATTACHED);
	assert_false(pair_view(&p, &v));
	assert_null(pair_kernel(&p, 1));
	pair_close(&p);
}

/* A gateway that is silent keeps nothing: four times, and then it is over */
static void silence_is_a_refusal(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	assert_int_equal(add(&p, &s), 0);
	fake_advance_ms(&p.b.f, 500 + 1000 + 2000 + 4000);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 4);
	assert_false(pair_view(&p, &v));
	assert_non_null(strstr(fake_find_notice(&p.b.f, "flow-lost", 0)->detail, "no-answer"));
	pair_close(&p);
}

/* Draft §4.1: where the flow's time is over its packets are not wanted any more */
static void silence_outlasts_lifetime(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	p.b.conf.flow.lifetime = 60;
	flow_to(&s, &p.p2);
	assert_int_equal(add(&p, &s), 0);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	fake_advance_ms(&p.b.f, 59999);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	assert_int_equal(bed_path(&p.b, &p.p2, 1), 1);
	fake_advance_ms(&p.b.f, 1);
	assert_null(pair_kernel(&p, 1));
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_false(pair_view(&p, &v));
	assert_non_null(strstr(fake_find_notice(&p.b.f, "flow-lost", 0)->detail, "no-answer"));
	pair_close(&p);
}

/* RFC 6275 §9.3.1, RFC 7864 §4.2: UPN for a gateway that does not know FMI; or neither */
static void binding_error_falls_back(void **state)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE };
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct in6_addr mag = bed_mag(1);
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	p.b.conf.flow.dialect = FLOW_DIALECT_AUTO;
	assert_int_equal(add(&p, &s), 0);
	lma_on_binding_error(p.b.lma, &mag, &be);
	pair_answer(&p, MH_UPN, 1, UPA_OK);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	pair_close(&p);

	pair_open(&p, "different");
	p.b.conf.flow.dialect = FLOW_DIALECT_RFC7864;
	assert_int_equal(add(&p, &s), 0);
	lma_on_binding_error(p.b.lma, &mag, &be);
	assert_false(pair_view(&p, &v));
	/* known by now: refused while it is added, and said so */
	assert_int_equal(add(&p, &s), 0);
	assert_false(pair_view(&p, &v));
	assert_int_equal(lma_counters(p.b.lma)->flows_lost, 2);
	pair_close(&p);
}

/* How many messages of a kind went to a gateway */
static unsigned int told(struct pair *p, enum mh_kind kind, unsigned int mag)
{
	const struct in6_addr gw = bed_mag(mag);
	const struct fake_mh *q;
	unsigned int n = 0;
	int i;

	for (i = 0; (q = fake_find_mh(&p->b.f, kind, i)); i++)
		n += IN6_ARE_ADDR_EQUAL(&q->dst, &gw);
	return n;
}

/* A flow in force at MAG 1 that is to go to MAG 2, which has not answered */
static void being_moved(struct pair *p)
{
	struct flow_spec s = udp_flow(1, 5000, 1);

	pair_open(p, "different");
	p->b.conf.flow.dialect = FLOW_DIALECT_DRAFT;
	p->b.conf.flow.lifetime = 60;
	assert_int_equal(add(p, &s), 0);
	pair_answer(p, MH_FMI, 1, FMA_OK);
	fake_advance_ms(&p->b.f, 38000);
	assert_int_equal(told(p, MH_FMI, 1), 1);
	assert_int_equal(pair_kernel(p, 1)->bid[0], 1);
	assert_int_equal(move(p, 1, 2), 0);
	assert_int_equal(told(p, MH_FMI, 2), 1);
}

/* MAG 1 is no more asked for the flow, no packet goes there, and MAG 2 still may have it */
static void goes_on_by_2(struct pair *p)
{
	const unsigned int before = told(p, MH_FMI, 1);
	struct lma_flow_view v;

	assert_int_equal(lma_counters(p->b.lma)->flows_lost, 1);
	assert_null(pair_kernel(p, 1));
	assert_int_equal(bed_binding(&p->b, &p->p2)->n_paths, 1);
	assert_true(pair_view(p, &v) && v.waiting);
	pair_answer(p, MH_FMI, 2, FMA_OK);
	assert_int_equal(pair_kernel(p, 1)->n_bid, 1);
	assert_int_equal(pair_kernel(p, 1)->bid[0], 2);
	fake_advance_ms(&p->b.f, 10000);
	assert_int_equal(told(p, MH_FMI, 1), before);
}

/* RFC 6275 §9.3.1: the gateway that is to be left begins anew, and knows no FMI then */
static void unknown_where_it_was(void **state)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE };
	struct in6_addr mag = bed_mag(1);
	struct pair p;

	(void)state;
	being_moved(&p);
	flow_initiator_on_restart(&p.b.lma->flow_initiator, &mag);
	lma_on_binding_error(p.b.lma, &mag, &be);
	goes_on_by_2(&p);
	pair_close(&p);
}

/* Draft §4.2, 129: one that has lost the node is not asked again and again */
static void lost_where_it_was(void **state)
{
	unsigned int ms;
	struct pair p;

	(void)state;
	being_moved(&p);
	for (ms = 0; ms < 7400 && told(&p, MH_FMI, 1) == 1; ms += 10)
		fake_advance_ms(&p.b.f, 10);
	assert_int_equal(told(&p, MH_FMI, 1), 2);
	pair_answer(&p, MH_FMI, 1, FMA_NOT_ATTACHED);
	assert_int_equal(told(&p, MH_FMI, 1), 2);
	goes_on_by_2(&p);
	pair_close(&p);
}

/* The same, and the other gateway does not take it either: it is not there any more */
static void lost_everywhere(void **state)
{
	struct in6_addr mag = bed_mag(1);
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	being_moved(&p);
	flow_initiator_on_restart(&p.b.lma->flow_initiator, &mag);
	pair_answer(&p, MH_FMI, 1, FMA_NOT_ATTACHED);
	pair_answer(&p, MH_FMI, 2, FMA_UNSPECIFIED);
	assert_false(pair_view(&p, &v));
	assert_null(pair_kernel(&p, 1));
	pair_close(&p);
}

/* What the kernel refuses is as it was before */
static void kernel_refuses_flow(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "shared");
	fake_refuse(&p.b.f, FAKE_FLOW_SET, 1, -ENOSPC);
	assert_int_equal(add(&p, &s), 0);
	assert_false(pair_view(&p, &v));
	assert_non_null(fake_find_notice(&p.b.f, "flow-refused", 0));
	assert_int_equal(add(&p, &s), 0);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	fake_refuse(&p.b.f, FAKE_FLOW_SET, 1, -ENOSPC);
	assert_int_equal(move(&p, 1, 2), 0);
	assert_true(pair_view(&p, &v));
	assert_int_equal(v.spec->bid[0], 1);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	pair_close(&p);
}

/* Draft §5.2: "Action may be forward or drop"; the kernel's has all attachments */
static void flow_is_dropped(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 0);
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	s.verdict = FLOW_DROP;
	s.n_bid = 0;
	assert_int_equal(add(&p, &s), 0);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	assert_int_equal(pair_kernel(&p, 1)->action, PMIP_FLOW_DROP);
	assert_int_equal(pair_kernel(&p, 1)->n_bid, 2);
	pair_close(&p);
}

/* RFC 6089 §4.2: priorities may change hands */
static void priority_changes_hands(void **state)
{
	struct flow_spec a = udp_flow(1, 5000, 1), b = udp_flow(2, 6000, 2);
	struct pair p;

	(void)state;
	pair_open(&p, "shared");
	assert_int_equal(add(&p, &a), 0);
	b.pri = a.pri;
	assert_int_equal(add(&p, &b), -EEXIST);
	assert_int_equal(lma_flow_del(p.b.lma, &p.id, 1), 0);
	assert_null(pair_kernel(&p, 1));
	assert_int_equal(add(&p, &b), 0);
	assert_int_equal(pair_kernel(&p, 2)->pri, 1);
	assert_true(fake_index(&p.b.f, FAKE_FLOW_DEL, 0) <
		    fake_index(&p.b.f, FAKE_FLOW_SET, -1));
	pair_close(&p);
}

/* Draft §4.1: "the LMA asks the MAG keep flow-specific state" for a time */
static void flow_expires(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	assert_int_equal(lma_flow_add(p.b.lma, &p.id, &s, 5), 0);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_true(pair_view(&p, &v) && v.lifetime == 5);
	fake_advance_ms(&p.b.f, 5001);
	assert_false(pair_view(&p, &v));
	assert_null(pair_kernel(&p, 1));
	assert_int_equal(fake_find_mh(&p.b.f, MH_FMI, -1)->msg.lifetime, 0);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	assert_non_null(fake_find_notice(&p.b.f, "flow-expired", 0));
	pair_close(&p);
}

/* RFC 7864 §3.2: who may decide; and what cannot be */
static void what_is_no_flow_of_ours(void **state)
{
	struct flow_spec s = udp_flow(1, 5000, 1);
	struct mn_id other = fake_nai("other");
	struct pair p;

	(void)state;
	pair_open(&p, "shared");
	assert_int_equal(lma_flow_add(p.b.lma, &other, &s, FLOW_FOREVER), -ESRCH);
	assert_int_equal(move(&p, 1, 1), -ENOENT);
	assert_int_equal(lma_flow_del(p.b.lma, &p.id, 1), -ENOENT);
	s.bid[0] = 7;
	assert_int_equal(add(&p, &s), -ENODEV);
	s.bid[0] = 1;
	s.selector.format = 7;
	assert_int_equal(add(&p, &s), -EPROTONOSUPPORT);
	s = udp_flow(1, 5000, 1);
	s.n_bid = PMIP_FLOW_BIDS + 1;
	assert_int_equal(add(&p, &s), -E2BIG);
	s.n_bid = 0;
	assert_int_equal(add(&p, &s), -EINVAL);
	s.n_bid = 1;
	assert_int_equal(add(&p, &s), 0);
	assert_int_equal(add(&p, &s), -EEXIST);
	assert_int_equal(move(&p, 1, 9), -ENODEV);
	pair_close(&p);
	pair_open(&p, "single");
	s = udp_flow(1, 5000, 1);
	assert_int_equal(add(&p, &s), -EOPNOTSUPP);
	pair_close(&p);
	pair_open(&p, "decider");
	assert_int_equal(add(&p, &s), -EPERM);
	pair_close(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_moves_at_once),
		cmocka_unit_test(different_tells_gateway_first),
		cmocka_unit_test(different_needs_nothing_at_home),
		cmocka_unit_test(state_is_removed_last),
		cmocka_unit_test(refused_move_goes_back),
		cmocka_unit_test(refused_flow_is_not_there),
		cmocka_unit_test(silence_is_a_refusal),
		cmocka_unit_test(silence_outlasts_lifetime),
		cmocka_unit_test(binding_error_falls_back),
		cmocka_unit_test(unknown_where_it_was),
		cmocka_unit_test(lost_where_it_was),
		cmocka_unit_test(lost_everywhere),
		cmocka_unit_test(kernel_refuses_flow),
		cmocka_unit_test(flow_is_dropped),
		cmocka_unit_test(priority_changes_hands),
		cmocka_unit_test(flow_expires),
		cmocka_unit_test(what_is_no_flow_of_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
