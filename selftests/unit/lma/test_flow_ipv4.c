// SPDX-License-Identifier: GPL-2.0
/* Flows of IPv4 packets: signalled, and no more. */
#include "flow_bed.h"
#include "flow/option.h"

/* RFC 6088 §3.1: IPv4 packets: the gateway hears of them with all fields, and the kernel, which */
/* has none, does not */
static void flow_of_ipv4(void **state)
{
	struct flow_spec s = { .fid = 1, .pri = 1, .n_bid = 1, .bid = { 1 } };
	const struct mh_msg *fmi;
	struct lma_flow_view v;
	struct pair p;

	(void)state;
	pair_open(&p, "different");
	p.b.conf.flow_linger_ms = 5000;
	s.selector.format = SELECTOR_IPV4;
	assert_true(selector_field_set(&s.selector, SELECTOR_SRC, "192.0.2.0/24"));
	assert_true(selector_field_set(&s.selector, SELECTOR_DPORT, "5000-5100"));
	fake_reset(&p.b.f);
	assert_int_equal(lma_flow_add(p.b.lma, &p.id, &s, FLOW_FOREVER), 0);
	assert_true(pair_view(&p, &v) && v.waiting);
	fmi = &pair_last(&p, MH_FMI, 1)->msg;
	assert_int_equal(fmi->opts.n_hnp, 0);
	assert_int_equal(fmi->opts.flow[0].selector.format, SELECTOR_IPV4);
	assert_true(selector_equal(&fmi->opts.flow[0].selector, &v.spec->selector));
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_true(pair_view(&p, &v) && !v.waiting && v.active);
	assert_int_equal(v.n_bid, 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_FLOW_SET), 0);
	assert_int_equal(fake_count(&p.b.f, FAKE_BINDING_SET), 0);
	/*
	 * to the other gateway, and the first is told to forget it, at once: it routes no
	 * prefix for it, by which the node could still send
	 */
	assert_int_equal(lma_flow_move(p.b.lma, &p.id, 1, (uint16_t []){ 2 }, 1), 0);
	pair_answer(&p, MH_FMI, 2, FMA_OK);
	assert_int_equal(pair_last(&p, MH_FMI, 1)->msg.lifetime, 0);
	/* a flow that is of IPv6 now is the kernel's, and the other way round */
	s = udp_flow(1, 5000, 2);
	assert_int_equal(lma_flow_del(p.b.lma, &p.id, 1), 0);
	flow_to(&s, &p.p2);
	assert_int_equal(lma_flow_add(p.b.lma, &p.id, &s, FLOW_FOREVER), 0);
	assert_non_null(pair_kernel(&p, 1));
	pair_close(&p);
}

/*
 * The same as a node's wish: RFC 6088 §3.1 has it, so it is no selector "not supported"; it
 * is answered with all that it has, and neither the kernel nor other flows are concerned
 */
static void wish_of_ipv4(void **state)
{
	struct mh_flow f = { .fid = 9, .pri = 3, .present = MH_FLOW_HAS_SELECTOR };
	const struct mh_msg *pba;
	struct flow_spec s;
	struct mh_msg m;
	struct pair p;

	(void)state;
	f.selector.format = SELECTOR_IPV4;
	assert_true(selector_field_set(&f.selector, SELECTOR_DST, "192.0.2.1"));
	assert_true(selector_field_set(&f.selector, SELECTOR_PROTO, "17"));
	pair_open(&p, "decider");
	fake_reset(&p.b.f);
	m = bed_pbu(&p.b, "decider", HI_REREGISTRATION);
	bed_llid(&m, IF1);
	m.opts.present |= MH_HAS_FLOW;
	m.opts.n_flow = 2;
	m.opts.flow[0] = f;
	s = udp_flow(10, 5000, 1);
	m.opts.flow[1] = flow_option_of(&s, FLOW_ADD);
	pba = bed_send(&p.b, 1, &m);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_int_equal(pba->opts.flow[0].status, FLOW_OK);
	assert_int_equal(pba->opts.flow[0].selector.format, SELECTOR_IPV4);
	assert_true(selector_equal(&pba->opts.flow[0].selector, &f.selector));
	assert_int_equal(pba->opts.flow[1].status, FLOW_OK);
	/* the gateway routes the other's prefix for the flow of IPv6 packets, and for no other */
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_null(pair_kernel(&p, 9));
	assert_int_equal(pair_kernel(&p, 10)->bid[0], 1);
	pair_close(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(flow_of_ipv4),
		cmocka_unit_test(wish_of_ipv4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
