// SPDX-License-Identifier: GPL-2.0
/* The gateway revokes all that is registered with an anchor (RFC 5846 §9.2). */
#include "revoke_bed.h"

static int setup_named(void **state)
{
	struct fixture *x;

	setup(state);
	x = *state;
	x->conf.identity = fake_nai("mag1@example.org");
	x->conf.revocation = (struct revocation_conf){
		.delay_ms = 1000, .max_delay_ms = 2000, .retries = 1,
	};
	return 0;
}

/* RFC 5846 §9.2: P and G, "Per-Peer Policy", and "the mobile access gateway identity" */
static void one_message(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	assert_int_equal(mag_revoke_anchor(x->m, &x->lma), 2);
	m = &fake_find_mh(&x->f, MH_BRI, 0)->msg;
	assert_int_equal(m->flags, BR_F_P | BR_F_G);
	assert_int_equal(m->trigger, BRI_PEER_POLICY);
	assert_int_equal(m->opts.present, MH_HAS_MN_ID);
	assert_true(mn_id_equal(&m->opts.mn_id, &x->conf.identity));
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, 0)->ra.router_lifetime, 0);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 2);
	assert_string_equal(state_of(x), "leaving");
	bra(x, -1, BRA_OK);
	fake_advance_ms(&x->f, 20);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	fake_advance_ms(&x->f, 10000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	assert_int_equal(fake_count_mh(&x->f, MH_BRI), 1);
	assert_int_equal(mag_counters(x->m)->revoked, 2);
}

/* RFC 5846 §9.2: an anchor that does not authorise it is not asked again; each session is
 * deregistered by itself then
 */
static void not_authorised(void **state)
{
	struct fixture *x = *state;

	serve(x);
	mag_revoke_anchor(x->m, &x->lma);
	bra(x, -1, BRA_GLOBAL_NOT_AUTHORIZED);
	fake_advance_ms(&x->f, 20);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.lifetime, 0);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 20);
	assert_string_equal(state_of(x), "none");
	serve(x);
	assert_int_equal(mag_revoke_anchor(x->m, &x->lma), 1);
	assert_int_equal(fake_count_mh(&x->f, MH_BRI), 0);
	fake_advance_ms(&x->f, 20);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.lifetime, 0);
}

/* RFC 5846 §6.3, §6.2: silence, or a Binding Error: deregistrations, too */
static void not_understood(void **state)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE };
	struct fixture *x = *state;

	serve(x);
	mag_revoke_anchor(x->m, &x->lma);
	fake_advance_ms(&x->f, 2999);
	assert_int_equal(fake_count_mh(&x->f, MH_BRI), 2);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.lifetime, 0);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 20);
	serve(x);
	mag_revoke_anchor(x->m, &x->lma);
	mag_on_bri_unknown(x->m, &x->lma, &be);
	fake_advance_ms(&x->f, 20);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.lifetime, 0);
}

/* Ours: who comes back meanwhile may have been revoked: it is registered once more */
static void back_before_the_answer(void **state)
{
	struct fixture *x = *state;
	size_t before;

	serve(x);
	mag_revoke_anchor(x->m, &x->lma);
	attach(x);
	assert_string_equal(state_of(x), "refreshing");
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	before = fake_count_mh(&x->f, MH_PBU);
	bra(x, -1, BRA_OK);
	fake_advance_ms(&x->f, 20);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), before + 1);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.opts.hi, HI_REREGISTRATION);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

/* Ours: a request that is not answered yet could overtake the BRI: it is taken back */
static void asked_before(void **state)
{
	struct fixture *x = *state;

	serve(x);
	mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER);
	assert_int_equal(mag_revoke_anchor(x->m, &x->lma), 2);
	fake_advance_ms(&x->f, 20);
	bra(x, -1, BRA_OK);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 1)->msg.lifetime, 0);
	assert_true(llid_equal(&fake_find_mh(&x->f, MH_PBU, 1)->msg.opts.llid, &x->l2));
}

/* Ours: who leaves by itself meanwhile is deregistered as usual */
static void left_before(void **state)
{
	struct fixture *x = *state;

	serve(x);
	mag_on_link(x->m, IF1, false);
	assert_int_equal(mag_revoke_anchor(x->m, &x->lma), -ENOENT);
	fake_advance_ms(&x->f, 20);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
}

/* Ours: what cannot be done says why, and changes nothing */
static void impossible(void **state)
{
	struct fixture *x = *state;
	struct mn_id name = x->conf.identity;

	assert_int_equal(mag_revoke_anchor(x->m, &x->lma), -ENOENT);
	serve(x);
	assert_int_equal(mag_revoke_anchor(x->m, &x->other), -ENOENT);
	x->conf.identity.len = 0;
	assert_int_equal(mag_revoke_anchor(x->m, &x->lma), -ENOKEY);
	x->conf.identity = name;
	assert_string_equal(state_of(x), "active");
	assert_int_equal(mag_revoke_anchor(x->m, &x->lma), 1);
	attach(x);
	assert_int_equal(mag_revoke_anchor(x->m, &x->lma), -EALREADY);
	assert_string_equal(state_of(x), "refreshing");
}

#define NAMED(f) cmocka_unit_test_setup_teardown(f, setup_named, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NAMED(one_message), NAMED(not_authorised), NAMED(not_understood),
		NAMED(back_before_the_answer),
		NAMED(left_before), NAMED(asked_before), NAMED(impossible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
