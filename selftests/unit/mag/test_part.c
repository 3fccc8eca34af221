// SPDX-License-Identifier: GPL-2.0
/* An anchor revokes one prefix of several at the gateway (RFC 5846 §9.1; draft figure 6). */
#include "revoke_bed.h"

#define MN1	"mn1@example.org"
#define HNP2	"2001:db8:100:2::/64"
#define OTHER	"2001:db8:100:9::/64"

static void answer_two(struct fixture *x)
{
	struct mh_msg m = pba_for(x, PBA_ACCEPTED);

	m.opts.n_hnp = 0;
	with_prefix(&m, HNP1);
	with_prefix(&m, HNP2);
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_string_equal(state_of(x), "active");
}

static void serve_two(struct fixture *x)
{
	attach(x);
	answer_two(x);
	fake_reset(&x->f);
}

static uint8_t revoke_hnp(struct fixture *x, uint8_t trigger, const char *prefix)
{
	struct mh_msg m = bri(x, trigger, MN1);

	with_prefix(&m, prefix);
	return revoke(x, &m)->status;
}

/* What the kernel has been told of a prefix since it was last asked */
static size_t told(struct fixture *x, const char *text)
{
	struct prefix p = fake_prefix(text);
	size_t n = 0;

	for (size_t i = 0; i < x->f.len; i++) {
		const struct fake_action *a = &x->f.v[i];

		n += (a->kind == FAKE_BINDING_SET && prefix_equal(&a->binding.prefix, &p)) ||
		     (a->kind == FAKE_BINDING_DEL && prefix_equal(&a->prefix, &p));
	}
	return n;
}

/*
 * Draft: flow mobility §3.2.2: "this is a revocation of PMIP prefix(es)"; RFC 5846 §9.1: the
 * node hears which of them is no more (RFC 5213 §6.12), and its other packets nothing
 */
static void one_of_two(void **state)
{
	struct fixture *x = *state;
	const struct fake_action *ra;

	serve_two(x);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, HNP2), BRA_OK);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(told(x, HNP2), 1);
	assert_int_equal(told(x, HNP1), 0);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	ra = fake_find(&x->f, FAKE_SEND_RA, 0);
	assert_int_equal(ra->ra.valid, 0);
	assert_int_equal(ra->ra.n_prefixes, 2);
	ra = fake_find(&x->f, FAKE_SEND_RA, -1);
	assert_int_equal(ra->ra.n_prefixes, 1);
	assert_true(ra->ra.valid && ra->ra.router_lifetime);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	assert_string_equal(fake_find_notice(&x->f, "prefix-revoked", 0)->detail, HNP2);
	/* it has only the other now */
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, HNP2), BRA_NO_BINDING);
	fake_advance_ms(&x->f, 2700 * 1000);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.opts.n_hnp, 1);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, HNP1), BRA_OK);
	assert_string_equal(state_of(x), "none");
}

/* RFC 5846 §9.1: both, or a node by its name: all of the session */
static void both(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = bri(x, BRI_ADMINISTRATIVE, MN1);

	serve_two(x);
	with_prefix(&m, HNP2);
	with_prefix(&m, HNP1);
	assert_int_equal(status_of(x, m), BRA_OK);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(mag_counters(x->m)->revoked, 1);
}

/* RFC 5846 §9.1: "still directly attached": with what is left, or with what is revoked */
static void still_attached(void **state)
{
	struct fixture *x = *state;

	serve_two(x);
	assert_int_equal(revoke_hnp(x, BRI_HANDOVER_SAME_ATT, HNP2), BRA_ATTACHED);
	assert_int_equal(told(x, HNP2), 0);
}

/* Ours: the answer to a refresh that has crossed the BRI would bring it back */
static void while_refreshing(void **state)
{
	struct fixture *x = *state;
	struct mh_msg late;

	serve_two(x);
	fake_advance_ms(&x->f, 2700 * 1000);
	assert_string_equal(state_of(x), "refreshing");
	late = pba_for(x, PBA_ACCEPTED);
	with_prefix(&late, HNP2);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, HNP2), BRA_OK);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.opts.n_hnp, 1);
	mag_on_pba(x->m, &x->lma, &x->self, &late);
	assert_string_equal(state_of(x), "refreshing");
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(told(x, HNP2), 1);
}

static void route_other(struct fixture *x)
{
	struct mh_msg m = { .kind = MH_UPN, .reason = UPN_FLOW_MOBILITY, .flags = UPN_F_A };

	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = x->id;
	with_prefix(&m, OTHER);
	m.opts.hnp[0].off_link = true;
	mag_on_flow(x->m, &x->lma, &x->self, &m);
	assert_int_equal(fake_find_mh(&x->f, MH_UPA, -1)->msg.status, UPA_OK);
	assert_int_equal(told(x, OTHER), 1);
	fake_reset(&x->f);
}

/* RFC 7864 §3.2.2: one that is only routed for flows: nothing else ends, and it is success */
static void only_routed(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	serve(x);
	route_other(x);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, OTHER), BRA_OK);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(told(x, HNP1), 0);
	/* never advertised, so not withdrawn either */
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, OTHER), BRA_NO_BINDING);
	/* the same of a PBA's (RFC 7864 §3.3), beside one that nobody has */
	fake_advance_ms(&x->f, 2700 * 1000);
	m = pba_for(x, PBA_ACCEPTED);
	with_prefix(&m, OTHER);
	m.opts.hnp[1].off_link = true;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	fake_reset(&x->f);
	m = bri(x, BRI_ADMINISTRATIVE, MN1);
	with_prefix(&m, OTHER);
	with_prefix(&m, HNP2);
	assert_int_equal(status_of(x, m), BRA_PARTIAL);
	assert_int_equal(fake_find_mh(&x->f, MH_BRA, -1)->msg.opts.n_hnp, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_string_equal(state_of(x), "active");
}

static int with_hold(void **state)
{
	setup(state);
	((struct fixture *)*state)->conf.hold = true;
	return 0;
}

static void goes_back(struct fixture *x, const char *text)
{
	const struct fake_action *a = fake_find(&x->f, FAKE_BINDING_SET, -1);
	struct prefix p = fake_prefix(text);

	assert_int_equal(a->binding.n_paths, 1);
	assert_int_equal(a->binding.path[0].kind, PMIP_PATH_HOLD);
	assert_true(prefix_equal(&a->binding.prefix, &p));
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 1);
	a = fake_find(&x->f, FAKE_HOLD_RELEASE, 0);
	assert_true(prefix_equal(&a->release.prefix, &p));
	assert_int_equal(a->release.to, PMIP_HOLD_TO_RETURN);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 2999);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_true(prefix_equal(&fake_find(&x->f, FAKE_BINDING_DEL, 0)->prefix, &p));
}

/* Draft: fault tolerant multihoming §3.2 (6): what waits for it, and still comes */
static void what_waits_goes_back(void **state)
{
	struct fixture *x = *state;

	serve_two(x);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, HNP2), BRA_OK);
	goes_back(x, HNP2);
	assert_int_equal(told(x, HNP1), 0);
	route_other(x);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, OTHER), BRA_OK);
	goes_back(x, OTHER);
	assert_string_equal(state_of(x), "active");
}

/* Ours: by then the session may have ended, or have it again */
static void before_all_is_back(void **state)
{
	struct fixture *x = *state;

	serve_two(x);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, HNP2), BRA_OK);
	fake_advance_ms(&x->f, 2700 * 1000);
	answer_two(x);
	fake_reset(&x->f);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, HNP2), BRA_OK);
	route_other(x);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, OTHER), BRA_OK);
	fake_reset(&x->f);
	route_other(x);
	fake_advance_ms(&x->f, 3001);
	assert_int_equal(told(x, OTHER), 0);
	assert_int_equal(revoke_hnp(x, BRI_ADMINISTRATIVE, OTHER), BRA_OK);
	assert_int_equal(status_of(x, bri(x, BRI_ADMINISTRATIVE, MN1)), BRA_OK);
	fake_advance_ms(&x->f, 3001);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
}

#define H(name)	cmocka_unit_test_setup_teardown(name, with_hold, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_of_two), T(both), T(still_attached), T(while_refreshing), T(only_routed),
		H(what_waits_goes_back), H(before_all_is_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
