// SPDX-License-Identifier: GPL-2.0
/* Exchanges with the anchor that go well (RFC 5213 §6.9.1). */
#include "mag_bed.h"

/* RFC 5213 §6.9.1.5: P and A flags, MN-ID, HNP, HI and ATT are mandatory */
static void pbu_carries_what_is_mandatory(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	attach(x);
	m = &fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m->flags, PBU_F_A | PBU_F_P);
	assert_int_equal(m->opts.present, MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI |
			 MH_HAS_ATT | MH_HAS_LLID | MH_HAS_TIMESTAMP);
	assert_int_equal(m->opts.n_hnp, 1);
	assert_int_equal(m->opts.hnp[0].prefix.len, 0);
	assert_int_equal(m->opts.att, 4);
	assert_int_equal(m->opts.hi, HI_SHARED_PREFIXES);
	assert_int_equal(m->lifetime, 900);
}

/* RFC 6275 §11.8: "the timeout period is doubled upon each retransmission" */
static void lost_pbu_is_sent_again(void **state)
{
	struct fixture *x = *state;
	uint64_t at = 0, gap = 1;
	size_t i, n;

	attach(x);
	fake_advance_ms(&x->f, 127500);
	n = fake_count_mh(&x->f, MH_PBU);
	assert_int_equal(n, 9);	/* at 0 1 3 7 15 31 63 95 127 s */
	for (i = 0; i < n; i++) {
		int k = fake_index_mh(&x->f, MH_PBU, i);

		if (i) {
			assert_int_equal(x->f.v[k].at - at, gap * NSEC_PER_SEC);
			gap = gap < 32 ? gap * 2 : 32;
		}
		at = x->f.v[k].at;
	}
}

/* RFC 5213 §6.9.1.2-12 to -14: tunnel, then binding, then advertisement */
static void acceptance_sets_up_forwarding(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;

	attach(x);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	answer(x, PBA_ACCEPTED, NULL);
	assert_true(fake_index(&x->f, FAKE_TUNNEL_SET, 0) <
		    fake_index(&x->f, FAKE_BINDING_SET, 0));
	assert_true(fake_index(&x->f, FAKE_BINDING_SET, 0) <
		    fake_index(&x->f, FAKE_SEND_RA, 0));
	b = &fake_find(&x->f, FAKE_BINDING_SET, 0)->binding;
	assert_int_equal(b->n_paths, 1);
	assert_int_equal(b->path[0].kind, PMIP_PATH_LINK);
	assert_int_equal(b->path[0].ifindex, IF1);
	assert_int_equal(b->uplink, 1);
	assert_string_equal(state_of(x), "active");
}

/* RFC 5213 §6.9.1.3: HI 5 and the assigned prefixes, before the end */
static void refresh_comes_before_expiry(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 2300000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	fake_advance_ms(&x->f, 400001);
	m = &fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m->opts.hi, HI_REREGISTRATION);
	assert_int_equal(m->opts.hnp[0].prefix.len, 64);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_SET), 0);
}

/* RFC 5213 §6.9.1.2-11, §6.10.5: not refreshed: neither forwarded nor advertised */
static void unanswered_refresh_ends_service(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 3700000);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_string_equal(state_of(x), "registering");
}

/* RFC 5213 §6.9.1.2-5: what matches no request MUST be ignored */
static void stray_pba_changes_nothing(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	m = pba_for(x, PBA_ACCEPTED);
	m.seq++;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	m.seq--;
	mag_on_pba(x->m, &x->other, &x->self, &m);
	m.opts.mn_id = fake_nai("nobody@example.org");
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(mag_counters(x->m)->stray, 3);
	assert_string_equal(state_of(x), "registering");
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	m = (struct mh_msg) { 0 };
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(x->f.len, 0);
}

/* RFC 5213 §6.10.5: no forwarding without a binding, not a second longer */
static void service_ends_with_the_lifetime(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 3599999);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
}

/* RFC 5213 §6.10.5: nor longer for one that came back while it was deregistered */
static void return_does_not_prolong_a_binding(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 1);
	attach(x);
	assert_string_equal(state_of(x), "registering");
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 3599998);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
}

/* RFC 5213 §6.9.1.2-5: sequence numbers may coincide; interfaces do not */
static void equal_sequence_numbers_are_told_apart(void **state)
{
	struct fixture *x = *state;
	struct mh_msg one, two;

	x->conf.timestamps = false;
	attach(x);
	one = pba_for(x, PBA_ACCEPTED);
	mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER);
	/* let the anchor lead the second to the number of the first */
	two = pba_for(x, PBA_SEQ_OUT_OF_WINDOW);
	two.seq = one.seq - 1;
	if ((int16_t)(two.seq - fake_find_mh(&x->f, MH_PBU, -1)->msg.seq) <= 0) {
		mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_CARRIER);
		two = one;
		two.status = PBA_SEQ_OUT_OF_WINDOW;
		two.seq = fake_find_mh(&x->f, MH_PBU, -1)->msg.seq - 1;
	}
	mag_on_pba(x->m, &x->lma, &x->self, &two);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 2)->msg.seq, two.seq + 1);
	two = pba_for(x, PBA_ACCEPTED);
	one = two;
	one.opts.llid = llid_equal(&two.opts.llid, &x->l1) ? x->l2 : x->l1;
	one.opts.att = llid_equal(&two.opts.llid, &x->l1) ? 3 : 4;
	mag_on_pba(x->m, &x->lma, &x->self, &one);
	mag_on_pba(x->m, &x->lma, &x->self, &two);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
}

/* RFC 5213 §6.12: "MUST withdraw the prefix(es) ... with zero prefix lifetime" */
static void changed_prefixes_are_withdrawn(void **state)
{
	struct fixture *x = *state;
	const struct ra_out *ra;

	attach(x);
	grant(x, 0, "2001:db8:100:1::/64");
	fake_advance_ms(&x->f, 2700001);
	fake_reset(&x->f);
	mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_OPERATOR);
	grant(x, -1, "2001:db8:100:7::/64");
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 2);
	ra = &fake_find(&x->f, FAKE_SEND_RA, 0)->ra;
	assert_int_equal(ra->valid, 0);
	assert_int_equal(ra->prefix[0].addr.s6_addr[7], 1);
	ra = &fake_find(&x->f, FAKE_SEND_RA, 1)->ra;
	assert_int_equal(ra->valid, 3600);
	assert_int_equal(ra->prefix[0].addr.s6_addr[7], 7);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
}

/* RFC 5213 §6.9.1.1-4: HI 1 "to create a new mobility session and not update" */
static void second_interface_asks_for_its_own(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	mag_on_attach(x->m, IF1, &x->l3, NULL, NULL, ATTACH_CARRIER);
	grant(x, 0, "2001:db8:100:2::/64");
	mag_on_attach(x->m, IF1, &x->l4, NULL, NULL, ATTACH_CARRIER);
	m = &fake_find_mh(&x->f, MH_PBU, 1)->msg;
	assert_int_equal(m->opts.hi, HI_NEW_INTERFACE);
	assert_int_equal(m->opts.n_hnp, 1);
	assert_int_equal(m->opts.hnp[0].prefix.len, 0);
}

/* RFC 6275 §6.1.7: all ones would mean infinity, which nobody asked for */
static void longest_lifetime_is_finite(void **state)
{
	struct fixture *x = *state;

	x->conf.lifetime = 1000000;
	attach(x);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.lifetime, 0xfffe);
}

/* RFC 5213 §6.9.1.2-12, -14: an acceptance without lifetime or prefix is none */
static void empty_acceptance_is_ignored(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	m = pba_for(x, PBA_ACCEPTED);
	m.lifetime = 0;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	m = pba_for(x, PBA_ACCEPTED);
	m.opts.hnp[0].prefix = (struct prefix) { .len = 0 };
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	m.opts.n_hnp = 0;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_string_equal(state_of(x), "registering");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_SET), 0);
	fake_advance_ms(&x->f, 1000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(pbu_carries_what_is_mandatory),
		T(lost_pbu_is_sent_again),
		T(acceptance_sets_up_forwarding),
		T(refresh_comes_before_expiry),
		T(unanswered_refresh_ends_service),
		T(stray_pba_changes_nothing),
		T(service_ends_with_the_lifetime),
		T(return_does_not_prolong_a_binding),
		T(equal_sequence_numbers_are_told_apart),
		T(changed_prefixes_are_withdrawn),
		T(second_interface_asks_for_its_own),
		T(longest_lifetime_is_finite),
		T(empty_acceptance_is_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
