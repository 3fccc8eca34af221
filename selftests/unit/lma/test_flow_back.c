// SPDX-License-Identifier: GPL-2.0
/* Attachments that end and begin again in time: what names them, and their flows. */
#include "flow_bed.h"

/* A flow to the second prefix that has been moved to the first gateway */
static void moved(struct pair *p)
{
	struct flow_spec s = udp_flow(1, 5000, 1);

	pair_open(p, "different");
	flow_to(&s, &p->p2);
	assert_int_equal(lma_flow_add(p->b.lma, &p->id, &s, FLOW_FOREVER), 0);
	pair_answer(p, MH_FMI, 1, FMA_OK);
	assert_int_equal(bed_path(&p->b, &p->p2, 1), 1);
	fake_reset(&p->b.f);
}

static bool keep_bid(void *arg, const struct lma_bce_view *v)
{
	*(uint16_t *)arg = v->bid;
	return true;
}

/* Of the youngest entry */
static uint16_t newest_bid(struct pair *p)
{
	uint16_t bid = 0;

	lma_each(p->b.lma, keep_bid, &bid);
	return bid;
}

/* The same request, later */
static void again(struct pair *p, struct mh_msg *m)
{
	fake_advance_ms(&p->b.f, 1);
	m->seq++;
	m->opts.timestamp = mh_timestamp(p->b.f.wall);
}

/*
 * Draft: flow mobility §5.1, §5.2: a BID names a binding; the flow is active again with
 * it, and the gateway, which has forgotten both (RFC 5213 §5.3.5), is told anew.
 */
static void attachment_blinks(void **state)
{
	struct lma_flow_view v;
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	assert_true(pair_view(&p, &v) && !v.active);
	pair_attach(&p, "different", 1, IF1, 4);
	assert_true(pair_view(&p, &v) && v.active);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 1);
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(bed_path(&p.b, &p.p2, 1), 1);
	assert_int_equal(bed_binding(&p.b, &p.p2)->path[1].bid, 1);
	assert_int_equal(pair_kernel(&p, 1)->n_bid, 1);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	pair_close(&p);
}

/* RFC 5213 §5.4.1: an interface without a name: whether it is the same only its gateway tells */
static void attachment_has_no_name(void **state)
{
	struct prefix own;
	struct mh_msg m;
	struct pair p;

	(void)state;
	for (unsigned int mag = 3; mag < 5; mag++) {
		pair_open(&p, "different");
		m = bed_pbu(&p.b, "different", HI_NEW_INTERFACE);
		m.opts.att = 5;
		own = bed_send(&p.b, 3, &m)->opts.hnp[0].prefix;
		assert_int_equal(newest_bid(&p), 3);
		pair_attach(&p, "different", 5, "02:00:00:00:00:04", 6);
		assert_int_equal(newest_bid(&p), 4);
		m.opts.hnp[0].prefix = own;
		m.opts.hi = HI_BETWEEN_MAGS;
		m.lifetime = 0;
		again(&p, &m);
		assert_int_equal(bed_status(&p.b, 3, &m), PBA_ACCEPTED);
		m.lifetime = 100;
		again(&p, &m);
		assert_int_equal(bed_status(&p.b, mag, &m), PBA_ACCEPTED);
		assert_int_equal(newest_bid(&p), mag == 3 ? 3 : 5);
		pair_close(&p);
	}
}

/*
 * RFC 5213 §5.3.5: the entry of a node that has left "MUST NOT be deleted" if a gateway
 * registers it in time: it is the same one, by another gateway (draft: flow mobility
 * §5.1: "the BID is a local identifier [...] of the binding cache entry"), and so are
 * its flows, of which the new gateway is told
 */
static void attachment_comes_by_another_gateway(void **state)
{
	const struct in6_addr mag = bed_mag(3);
	struct lma_flow_view v;
	struct mh_msg m;
	struct pair p;

	(void)state;
	moved(&p);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	assert_true(pair_view(&p, &v) && !v.active);
	pair_attach(&p, "different", 3, IF1, 4);
	assert_int_equal(newest_bid(&p), 1);
	assert_true(pair_view(&p, &v) && v.active);
	assert_true(IN6_ARE_ADDR_EQUAL(&fake_find_mh(&p.b.f, MH_FMI, -1)->dst, &mag));
	assert_int_equal(bed_binding(&p.b, &p.p2)->n_paths, 1);
	pair_answer(&p, MH_FMI, 3, FMA_OK);
	assert_int_equal(bed_path(&p.b, &p.p2, 1), 3);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	pair_close(&p);

	/* by another technology it is another interface, whatever its name */
	moved(&p);
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	m = bed_pbu(&p.b, "different", HI_BETWEEN_INTERFACES);
	bed_llid(&m, IF1);
	m.opts.att = 6;
	m.opts.hnp[0].prefix = p.p1;
	assert_int_equal(bed_status(&p.b, 3, &m), PBA_ACCEPTED);
	assert_int_equal(newest_bid(&p), 3);
	assert_true(pair_view(&p, &v) && !v.active);
	pair_close(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(attachment_blinks),
		cmocka_unit_test(attachment_has_no_name),
		cmocka_unit_test(attachment_comes_by_another_gateway),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
