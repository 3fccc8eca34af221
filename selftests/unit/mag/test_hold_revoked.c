// SPDX-License-Identifier: GPL-2.0
/* Packets that wait at a gateway whose anchor, or who itself, revokes the binding. */
#include "revoke_bed.h"

#define MN1	"mn1@example.org"

static int with_hold(void **state)
{
	struct fixture *x;

	setup(state);
	x = *state;
	x->conf.hold = true;
	return 0;
}

/* How many releases there were, all of the node's prefix and back to the anchor */
static size_t returned(struct fixture *x)
{
	struct prefix own = fake_prefix(HNP1);
	size_t n = fake_count(&x->f, FAKE_HOLD_RELEASE);

	for (size_t i = 0; i < n; i++) {
		const struct fake_action *a = fake_find(&x->f, FAKE_HOLD_RELEASE, (int)i);

		assert_true(prefix_equal(&a->release.prefix, &own));
		assert_int_equal(a->release.to, PMIP_HOLD_TO_RETURN);
	}
	return n;
}

/* The newest paths are one at which packets wait, and with them go back */
static void only_waits(struct fixture *x)
{
	const struct fake_action *a = fake_find(&x->f, FAKE_BINDING_SET, -1);

	assert_non_null(a);
	assert_int_equal(a->binding.n_paths, 1);
	assert_int_equal(a->binding.path[0].kind, PMIP_PATH_HOLD);
	assert_int_not_equal(a->binding.uplink, 0);
}

/*
 * Draft: fault tolerant multihoming §3.2 (6): also where a BRI comes instead of the
 * answer to a deregistration, which has not left yet (RFC 5846 §9.1)
 */
static void before_the_deregistration(void **state)
{
	struct fixture *x = *state;

	serve(x);
	mag_on_link(x->m, IF1, false);
	assert_string_equal(state_of(x), "leaving");
	assert_int_equal(status_of(x, bri(x, BRI_ADMINISTRATIVE, MN1)), BRA_OK);
	only_waits(x);
	assert_int_equal(returned(x), 1);
	assert_true(fake_index(&x->f, FAKE_BINDING_SET, -1) <
		    fake_index(&x->f, FAKE_HOLD_RELEASE, 0));
	assert_string_equal(state_of(x), "lingering");
	fake_advance_ms(&x->f, 2999);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 2);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	assert_int_equal(returned(x), 1);
}

/* The same while the deregistration is under way, and perhaps lost */
static void during_the_deregistration(void **state)
{
	struct fixture *x = *state;

	serve(x);
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 10);
	assert_string_equal(state_of(x), "deregistering");
	assert_int_equal(status_of(x, bri(x, BRI_ADMINISTRATIVE, MN1)), BRA_OK);
	assert_int_equal(returned(x), 1);
	assert_string_equal(state_of(x), "deregistering");
	/* answered after all: the anchor may wait for another mark of the end */
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(returned(x), 2);
	assert_string_equal(state_of(x), "lingering");
}

/*
 * The same where the kernel holds and nobody has told the controller yet, and for what
 * is sent here until the anchor has heard the answer
 */
static void before_the_carrier_is_heard_of(void **state)
{
	struct fixture *x = *state;

	serve(x);
	assert_int_equal(status_of(x, bri(x, BRI_ADMINISTRATIVE, MN1)), BRA_OK);
	only_waits(x);
	assert_int_equal(returned(x), 1);
	/* RFC 5213 §6.12: the node hears it all the same */
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, -1)->ra.router_lifetime, 0);
	assert_string_equal(state_of(x), "lingering");
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 3001);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
}

/* RFC 5846 §9.1: a node that is there and answers a probe is revoked still; one that asks
 * for a router comes back
 */
static void a_probe_brings_nobody_back(void **state)
{
	struct fixture *x = *state;

	serve(x);
	assert_int_equal(status_of(x, bri(x, BRI_ADMINISTRATIVE, MN1)), BRA_OK);
	mag_on_neighbour(x->m, IF1, &x->l1, true);
	assert_string_equal(state_of(x), "lingering");
	mag_on_rs(x->m, IF1, &x->l1, &in6addr_any);
	assert_string_equal(state_of(x), "registering");
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_link(x->m, IF1, false);
	mag_on_neighbour(x->m, IF1, &x->l1, true);
	assert_string_equal(state_of(x), "refreshing");
}

/* A refresh under way may come to be a binding: that is deregistered, and nothing lost */
static void during_a_refresh(void **state)
{
	struct fixture *x = *state;

	serve(x);
	fake_advance_ms(&x->f, 2700 * 1000);
	assert_string_equal(state_of(x), "refreshing");
	assert_int_equal(status_of(x, bri(x, BRI_ADMINISTRATIVE, MN1)), BRA_OK);
	only_waits(x);
	assert_int_equal(returned(x), 1);
	assert_string_equal(state_of(x), "deregistering");
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.lifetime, 0);
	fake_advance_ms(&x->f, 20000);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
}

/* RFC 5846 §9.2: this gateway revokes: its BRI is a deregistration, and its answer a PBA */
static void by_this_gateway(void **state)
{
	struct fixture *x = *state;

	x->conf.identity = fake_nai("mag1@example.org");
	x->conf.revocation = (struct revocation_conf){ 1000, 2000, 1 };
	serve(x);
	assert_int_equal(mag_revoke_anchor(x->m, &x->lma), 1);
	assert_int_equal(returned(x), 0);
	bra(x, -1, BRA_OK);
	only_waits(x);
	assert_int_equal(returned(x), 1);
	assert_string_equal(state_of(x), "lingering");
}

/*
 * RFC 5213 §6.9.1.1, §8.4: what is revoked is registered, not refreshed, also if a node has come
 * back to what lingers, gone and is back at once.  Found by fuzz/mag.
 */
static void back_before_its_turn(void **state)
{
	struct fixture *x = *state;

	serve(x);
	assert_int_equal(status_of(x, bri(x, BRI_ADMINISTRATIVE, MN1)), BRA_OK);
	assert_string_equal(state_of(x), "lingering");
	attach(x);
	mag_on_detach(x->m, IF1, &x->l1);
	assert_string_equal(state_of(x), "leaving");
	fake_reset(&x->f);
	attach(x);
	assert_string_equal(state_of(x), "registering");
	assert_int_not_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.opts.hi, HI_REREGISTRATION);
	/* nor is what it has not got advertised */
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
}

#define H(name)	cmocka_unit_test_setup_teardown(name, with_hold, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		H(before_the_deregistration), H(during_the_deregistration),
		H(before_the_carrier_is_heard_of), H(a_probe_brings_nobody_back),
		H(during_a_refresh), H(by_this_gateway), H(back_before_its_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
