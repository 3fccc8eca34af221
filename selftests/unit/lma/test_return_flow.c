// SPDX-License-Identifier: GPL-2.0
/* Packets of moved flows that come back from the gateway that has lost their node. */
#include "flow_bed.h"

/* The order is kept; a flow to the second prefix has been moved to the first gateway. */
static void moved(struct pair *p, const char *nai)
{
	struct flow_spec s = udp_flow(1, 5000, 1);

	bed_open(&p->b);
	bed_keep_order(&p->b);
	p->id = fake_nai(nai);
	p->p1 = pair_attach(p, nai, 1, IF1, 4);
	p->p2 = pair_attach(p, nai, 2, IF2, 3);
	flow_to(&s, &p->p2);
	assert_int_equal(lma_flow_add(p->b.lma, &p->id, &s, FLOW_FOREVER), 0);
}

static void leave(struct pair *p, unsigned int mag, const char *llid, uint8_t att)
{
	struct mh_msg m = pair_leave_msg(p, llid, att);

	assert_int_equal(bed_status(&p->b, mag, &m), PBA_ACCEPTED);
}

/* How long newer packets to the second prefix wait for what comes back by its flow */
static uint32_t waits(struct pair *p, int nth)
{
	const struct fake_action *a = fake_find(&p->b.f, FAKE_RETURN_SET, nth);

	assert_non_null(a);
	assert_true(prefix_equal(&a->ret.prefix, &p->p2));
	assert_int_equal(a->ret.allowed.time_ms, 5000);
	return a->ret.allowed.wait_ms;
}

/*
 * Draft: fault tolerant multihoming §3.2 (6) to (8), flow mobility §3.2.2: the gateway that
 * loses its node holds packets of a flow that was moved there, too, and sends a mark after
 * them: that flow's newer packets wait for it, also when the deregistration is repeated,
 * though by then the anchor has forgotten what it had that gateway route.
 */
static void newer_ones_wait(void **state)
{
	struct pair p;

	(void)state;
	moved(&p, "different");
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	fake_reset(&p.b.f);
	leave(&p, 1, IF1, 4);
	assert_int_equal(fake_count(&p.b.f, FAKE_RETURN_SET), 1);
	assert_int_equal(waits(&p, 0), 700);
	fake_advance_ms(&p.b.f, 1000);
	leave(&p, 1, IF1, 4);
	assert_int_equal(fake_count(&p.b.f, FAKE_RETURN_SET), 2);
	assert_int_equal(waits(&p, 1), 700);
	pair_close(&p);
}

/* Ours: a gateway that has not said that it routes the prefix has had no packets to it */
static void not_routed_yet(void **state)
{
	struct pair p;

	(void)state;
	moved(&p, "different");
	fake_reset(&p.b.f);
	leave(&p, 1, IF1, 4);
	assert_int_equal(waits(&p, 0), 0);
	leave(&p, 1, IF1, 4);
	assert_int_equal(waits(&p, 1), 0);
	pair_close(&p);
}

/* Ours: where another interface of the node is left, the gateway delivers: there is no mark */
static void another_interface_is_left(void **state)
{
	struct pair p;

	(void)state;
	moved(&p, "different");
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	pair_attach(&p, "different", 1, "02:00:00:00:00:03", 5);
	fake_reset(&p.b.f);
	leave(&p, 1, IF1, 4);
	assert_int_equal(waits(&p, 0), 0);
	pair_close(&p);
}

static const struct fake_action *returns(struct pair *p, int nth)
{
	const struct fake_action *a = fake_find(&p->b.f, FAKE_RETURN_SET, nth);

	assert_non_null(a);
	assert_true(prefix_equal(&a->ret.prefix, &p->p2));
	return a;
}

static void revoke(struct pair *p, uint8_t trigger)
{
	struct in6_addr coa = bed_mag(1);
	struct lma_revocation v = { .mn_id = &p->id, .proxy_coa = &coa, .trigger = trigger };

	p->b.conf.revocation = (struct revocation_conf){
		.delay_ms = 1000, .max_delay_ms = 2000, .retries = 1,
	};
	assert_int_equal(lma_revoke(p->b.lma, &v), 1);
}

static void revoked(struct pair *p, uint8_t status)
{
	const struct fake_mh *q = fake_find_mh(&p->b.f, MH_BRI, -1);
	struct mh_msg m = {
		.kind = MH_BRA, .seq = q->msg.seq, .status = status, .flags = q->msg.flags,
	};
	struct in6_addr mag = q->dst, lma = q->src;

	lma_on_bra(p->b.lma, &mag, &lma, &m);
}

/*
 * RFC 5846 §8.1, draft: flow mobility §3.2.2, fault tolerant multihoming §3.2 (6) and (7): a
 * gateway whose own prefix nobody else has holds packets to another's, of a flow that was
 * moved there: before the BRI leaves these may come back, and newer ones go by the prefix's
 * own gateway, behind the mark
 */
static void revoked_with_flows_alone(void **state)
{
	struct pair p;

	(void)state;
	moved(&p, "different");
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	fake_reset(&p.b.f);
	revoke(&p, BRI_ADMINISTRATIVE);
	assert_int_equal(fake_count(&p.b.f, FAKE_RETURN_SET), 1);
	assert_int_equal(returns(&p, 0)->ret.allowed.wait_ms, 3000 + 700);
	assert_int_equal(returns(&p, 0)->ret.allowed.time_ms, 3000 + 5000);
	assert_true(fake_index(&p.b.f, FAKE_RETURN_SET, 0) <
		    fake_index(&p.b.f, FAKE_FLOW_DEL, 0));
	assert_true(fake_index(&p.b.f, FAKE_FLOW_DEL, 0) < fake_index_mh(&p.b.f, MH_BRI, 0));
	assert_null(pair_kernel(&p, 1));
	assert_int_equal(bed_path(&p.b, &p.p2, 0), 2);
	revoked(&p, BRA_OK);
	assert_null(pair_kernel(&p, 1));
	assert_int_equal(fake_count(&p.b.f, FAKE_RETURN_SET), 1);
	pair_close(&p);
}

/* RFC 5846 §5.2: 132: the node is there after all, and so are its flows; nobody is told anew */
static void flows_stay_after_all(void **state)
{
	struct pair p;

	(void)state;
	moved(&p, "different");
	pair_answer(&p, MH_FMI, 1, FMA_OK);
	fake_reset(&p.b.f);
	revoke(&p, BRI_HANDOVER_UNKNOWN_ATT);
	assert_null(pair_kernel(&p, 1));
	revoked(&p, BRA_ATTACHED);
	assert_int_equal(returns(&p, -1)->ret.allowed.time_ms, 0);
	assert_non_null(pair_kernel(&p, 1));
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	assert_int_equal(fake_count_mh(&p.b.f, MH_FMI), 0);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newer_ones_wait), cmocka_unit_test(not_routed_yet),
		cmocka_unit_test(another_interface_is_left),
		cmocka_unit_test(revoked_with_flows_alone), cmocka_unit_test(flows_stay_after_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
