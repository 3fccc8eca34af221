// SPDX-License-Identifier: GPL-2.0
/* The life of a binding cache entry: timers, handoffs, order of actions. */
#include "lma_bed.h"

static const struct mh_msg *deregister(struct bed *b, unsigned int mag,
				       const char *nai, const char *llid)
{
	struct mh_msg m = bed_pbu(b, nai, HI_UNKNOWN);

	bed_llid(&m, llid);
	m.lifetime = 0;
	return bed_send(b, mag, &m);
}

/* RFC 5213 §5.3.2 rules 5 to 7: tunnel, then route, then acknowledgement */
static void initial(void **state)
{
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_true(fake_index(&b.f, FAKE_TUNNEL_SET, 0) <
		    fake_index(&b.f, FAKE_BINDING_SET, 0));
	assert_true(fake_index(&b.f, FAKE_BINDING_SET, 0) <
		    fake_index_mh(&b.f, MH_PBA, 0));
	assert_int_equal(bed_path(&b, &p, 0), 1);
	assert_int_equal(bed_binding(&b, &p)->uplink, 0);
	assert_int_equal(fake_find_mh(&b.f, MH_PBA, 0)->msg.lifetime, 100);
	bed_close(&b);
}

/* RFC 5213 §5.3.2 rule 1: "MUST allocate one or more home network prefixes" */
static void several_prefixes(void **state)
{
	const struct mh_msg *pba;
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	m.opts.n_hnp = 3;
	pba = bed_send(&b, 1, &m);
	assert_int_equal(pba->opts.n_hnp, 3);
	assert_false(prefix_equal(&pba->opts.hnp[0].prefix,
				  &pba->opts.hnp[1].prefix));
	assert_int_equal(fake_count(&b.f, FAKE_BINDING_SET), 3);
	m = bed_pbu(&b, "fixed2", HI_NEW_INTERFACE);
	pba = bed_send(&b, 1, &m);
	assert_int_equal(pba->opts.n_hnp, 2);
	assert_true(prefix_equal(&pba->opts.hnp[1].prefix,
				 &b.profile[3].hnp[1]));
	bed_close(&b);
}

/* RFC 6275 §10.3.1: the lifetime granted may be less than the one asked for */
static void lifetime_is_capped(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	m.lifetime = 65535;
	assert_int_equal(bed_send(&b, 1, &m)->lifetime, 900);
	bed_close(&b);
}

/* RFC 5213 §5.3.3: an extension moves the end of the lifetime */
static void extension(void **state)
{
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_advance_ms(&b.f, 399 * 1000);
	bed_register(&b, 1, "single", HI_REREGISTRATION, IF1);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_SET), 1);
	fake_advance_ms(&b.f, 399 * 1000);
	assert_int_equal(bed_path(&b, &p, 0), 1);
	fake_advance_ms(&b.f, 1000);
	assert_int_equal(bed_count(&b), 0);
	assert_null(bed_binding(&b, &p));
	assert_true(fake_index(&b.f, FAKE_BINDING_DEL, 0) <
		    fake_index(&b.f, FAKE_TUNNEL_DEL, 0));
	bed_close(&b);
}

/* RFC 5213 §5.3.4 rules 2 to 5: new route, old tunnel deleted, acknowledgement */
static void handoff(void **state)
{
	struct prefix p, q;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	q = bed_register(&b, 2, "single", HI_BETWEEN_MAGS, IF1);
	assert_true(prefix_equal(&p, &q));
	assert_int_equal(bed_path(&b, &p, 0), 2);
	assert_int_equal(bed_binding(&b, &p)->n_paths, 1);
	assert_true(fake_index(&b.f, FAKE_TUNNEL_SET, 1) <
		    fake_index(&b.f, FAKE_BINDING_SET, 1));
	assert_true(fake_index(&b.f, FAKE_BINDING_SET, 1) <
		    fake_index(&b.f, FAKE_TUNNEL_DEL, 0));
	assert_true(fake_index(&b.f, FAKE_BINDING_SET, 1) <
		    fake_index_mh(&b.f, MH_PBA, 1));
	bed_close(&b);
}

/* RFC 5213 §5.3.5: wait MinDelayBeforeBCEDelete, drop meanwhile, then delete */
static void deregistration(void **state)
{
	const struct mh_msg *pba;
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	pba = deregister(&b, 1, "single", IF1);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_int_equal(pba->lifetime, 0);
	assert_true(prefix_equal(&pba->opts.hnp[0].prefix, &p));
	assert_int_equal(bed_binding(&b, &p)->path[0].kind, PMIP_PATH_DROP);
	/* the answer was lost: again, and the wait does not begin anew */
	fake_advance_ms(&b.f, 5000);
	assert_non_null(deregister(&b, 1, "single", IF1));
	fake_advance_ms(&b.f, 4990);
	assert_int_equal(bed_count(&b), 1);
	fake_advance_ms(&b.f, 10);
	assert_int_equal(bed_count(&b), 0);
	assert_null(bed_binding(&b, &p));
	bed_close(&b);
}

/* RFC 5213 §5.3.5 rule 1: another source: "MUST ignore the request" */
static void foreign_deregistration(void **state)
{
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_null(deregister(&b, 2, "single", IF1));
	assert_int_equal(bed_path(&b, &p, 0), 1);
	bed_close(&b);
}

/* RFC 5213 §5.3.5: "then the Binding Cache entry MUST NOT be deleted" */
static void revival(void **state)
{
	struct prefix p, q;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	deregister(&b, 1, "single", IF1);
	q = bed_register(&b, 2, "single", HI_BETWEEN_MAGS, IF1);
	assert_true(prefix_equal(&p, &q));
	assert_int_equal(bed_path(&b, &p, 0), 2);
	fake_advance_ms(&b.f, 20000);
	assert_int_equal(bed_count(&b), 1);
	bed_close(&b);
}

/* Draft: seamless handover §4: the flow moves to the stable MAG at once */
static void flow_moves_before_answer(void **state)
{
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "shared", HI_NEW_INTERFACE, IF1);
	bed_register(&b, 2, "shared", HI_NEW_INTERFACE, IF2);
	assert_int_equal(bed_path(&b, &p, 0), 1);
	assert_int_equal(bed_path(&b, &p, 1), 2);
	fake_reset(&b.f);
	assert_non_null(deregister(&b, 1, "shared", IF1));
	assert_int_equal(bed_path(&b, &p, 0), 2);
	assert_int_equal(bed_binding(&b, &p)->n_paths, 1);
	assert_true(fake_index(&b.f, FAKE_BINDING_SET, 0) <
		    fake_index_mh(&b.f, MH_PBA, 0));
	/* back at a new MAG within the wait: it does not take the flow back */
	bed_register(&b, 3, "shared", HI_BETWEEN_MAGS, IF1);
	assert_int_equal(bed_path(&b, &p, 0), 2);
	assert_int_equal(bed_path(&b, &p, 1), 3);
	bed_close(&b);
}

/* Draft: seamless handover §3: the answer names the node's other MAGs */
static void other_mags(void **state)
{
	struct in6_addr mag1 = bed_mag(1);
	const struct mh_opts *o;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "shared", HI_NEW_INTERFACE, IF1);
	o = &fake_find_mh(&b.f, MH_PBA, -1)->msg.opts;
	assert_false(o->present & MH_HAS_MAG_ADDR);
	bed_register(&b, 2, "shared", HI_NEW_INTERFACE, IF2);
	o = &fake_find_mh(&b.f, MH_PBA, -1)->msg.opts;
	assert_true(o->present & MH_HAS_MAG_ADDR);
	assert_int_equal(o->n_mag, 1);
	assert_memory_equal(&o->mag[0], &mag1, 16);
	b.conf.seamless = false;
	bed_register(&b, 2, "shared", HI_REREGISTRATION, IF2);
	o = &fake_find_mh(&b.f, MH_PBA, -1)->msg.opts;
	assert_false(o->present & MH_HAS_MAG_ADDR);
	bed_close(&b);
}

/* RFC 5213 §5.6.1: the tunnel is shared, and goes with the last node */
static void tunnel_is_shared(void **state)
{
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	bed_register(&b, 1, "other", HI_NEW_INTERFACE, IF2);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_SET), 1);
	deregister(&b, 1, "single", IF1);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_DEL), 0);
	deregister(&b, 1, "other", IF2);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_DEL), 1);
	bed_close(&b);
}

static void answer_heartbeat(struct bed *b, uint32_t counter)
{
	const struct fake_mh *hb = fake_find_mh(&b->f, MH_HEARTBEAT, -1);
	struct in6_addr mag = bed_mag(1), lma = bed_lma();
	struct mh_msg m = hb->msg;

	m.flags = HB_F_R;
	m.opts.present = MH_HAS_RESTART;
	m.opts.restart = counter;
	peer_on_heartbeat(&b->peers, &lma, &mag, &m);
}

/* RFC 5847 §3: "mark the corresponding … entries as invalid" */
static void restart_of_a_mag(void **state)
{
	struct prefix p, q;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_advance_ms(&b.f, 1000);
	answer_heartbeat(&b, 7);
	fake_advance_ms(&b.f, 500);
	q = bed_register(&b, 1, "other", HI_NEW_INTERFACE, IF2);
	fake_advance_ms(&b.f, 500);
	answer_heartbeat(&b, 8);
	assert_int_equal(bed_binding(&b, &p)->path[0].kind, PMIP_PATH_DROP);
	/* registered since the old counter was heard: perhaps after the restart */
	assert_int_equal(bed_path(&b, &q, 0), 1);
	fake_advance_ms(&b.f, 10000);
	assert_null(bed_binding(&b, &p));
	assert_int_equal(bed_count(&b), 1);
	bed_close(&b);
}

/* RFC 5847 §3.1: a dead MAG's tunnel is down; its entries live their lifetime */
static void death_of_a_mag(void **state)
{
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_advance_ms(&b.f, 1000);
	answer_heartbeat(&b, 7);
	fake_advance_ms(&b.f, 6000);
	assert_int_equal(fake_find(&b.f, FAKE_TUNNEL_SET, -1)->tunnel.state,
			 PMIP_STATE_DOWN);
	assert_int_equal(bed_count(&b), 1);
	/* a registration shows that it lives */
	bed_register(&b, 1, "single", HI_REREGISTRATION, IF1);
	assert_int_equal(fake_find(&b.f, FAKE_TUNNEL_SET, -1)->tunnel.state,
			 PMIP_STATE_UP);
	bed_close(&b);
}

/* Ours: after a restart of the anchor a re-registration keeps its prefix */
static void claim_after_restart(void **state)
{
	struct mh_msg m;
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "single", HI_REREGISTRATION);
	bed_hnp(&m, "2001:db8:100::/64");
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	p = bed_register(&b, 1, "other", HI_NEW_INTERFACE, IF2);
	assert_false(prefix_equal(&p, &m.opts.hnp[0].prefix));
	/* a profile's prefix cannot be claimed, nor one for the first time */
	p = fake_prefix("2001:db8:100:77::/64");
	assert_int_equal(lma_reserve(b.lma, &p), 0);
	m = bed_pbu(&b, "shared", HI_REREGISTRATION);
	bed_hnp(&m, "2001:db8:100:77::/64");
	assert_int_equal(bed_status(&b, 1, &m), PBA_NOT_AUTHORIZED_FOR_HNP);
	m = bed_pbu(&b, "shared", HI_NEW_INTERFACE);
	bed_hnp(&m, "2001:db8:100:78::/64");
	assert_int_equal(bed_status(&b, 1, &m), PBA_NOT_AUTHORIZED_FOR_HNP);
	bed_close(&b);
}

/* RFC 5213 §5.2: the prefix of a profile is its node's, also inside a pool */
static void profile_prefix_in_pool(void **state)
{
	struct prefix own = fake_prefix("2001:db8:100::/64"), p;
	struct bed b;

	(void)state;
	bed_open(&b);
	lma_free(b.lma);
	policy_free(&b.policy);
	b.profile[2].hnp[0] = own;
	assert_int_equal(policy_table_open(&b.policy, b.profile, BED_PROFILES), 0);
	bed_start(&b);
	/* the first of the pool would be this one */
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_false(prefix_equal(&p, &own));
	p = bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, IF2);
	assert_true(prefix_equal(&p, &own));
	bed_close(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(initial),
		cmocka_unit_test(several_prefixes),
		cmocka_unit_test(lifetime_is_capped),
		cmocka_unit_test(extension),
		cmocka_unit_test(handoff),
		cmocka_unit_test(deregistration),
		cmocka_unit_test(foreign_deregistration),
		cmocka_unit_test(revival),
		cmocka_unit_test(flow_moves_before_answer),
		cmocka_unit_test(other_mags),
		cmocka_unit_test(tunnel_is_shared),
		cmocka_unit_test(restart_of_a_mag),
		cmocka_unit_test(death_of_a_mag),
		cmocka_unit_test(claim_after_restart),
		cmocka_unit_test(profile_prefix_in_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
