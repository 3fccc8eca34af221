// SPDX-License-Identifier: GPL-2.0
/* The anchor revokes bindings of a node or of a gateway (RFC 5846 §6, §8.1). */
#include "revoke_bed.h"

/* RFC 5846 §8.1: "SHOULD maintain the mobile node proxy BCE in this state until" the
 * answer; §6.2.2: then "MUST delete [...] the mobile node(s) binding(s)"
 */
static void answered(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);

	assert_int_equal(revoke(b, "single", BRI_ADMINISTRATIVE), 1);
	assert_int_equal(bri_to(b), 1);
	assert_int_equal(newest_bri(b)->flags, BR_F_P);
	assert_int_equal(newest_bri(b)->trigger, BRI_ADMINISTRATIVE);
	assert_int_equal(newest_bri(b)->opts.present, MH_HAS_MN_ID | MH_HAS_HNP);
	assert_true(prefix_equal(&newest_bri(b)->opts.hnp[0].prefix, &p));
	assert_string_equal(state_of(b), "revoking");
	assert_int_equal(bed_path(b, &p, 0), 1);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 0);
	assert_null(bed_binding(b, &p));
	assert_int_equal(fake_count(&b->f, FAKE_TUNNEL_DEL), 1);
	assert_non_null(fake_find_notice(&b->f, "binding-revoked", 0));
	assert_int_equal(counters(b)->revoked, 1);
	fake_advance_ms(&b->f, 5000);
	assert_int_equal(bris(b), 1);
}

/* RFC 5846 §6.3: without an answer "SHOULD clean up all resources" in the end */
static void silence(void **state)
{
	struct bed *b = *state;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	revoke(b, "single", BRI_USER);
	fake_advance_ms(&b->f, 1000);
	assert_int_equal(bris(b), 2);
	fake_advance_ms(&b->f, 1999);
	assert_int_equal(bed_count(b), 1);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(bed_count(b), 0);
	assert_int_equal(counters(b)->revocation.silence, 1);
}

/* RFC 5846 §6.2.2: other statuses are "local policy": ours is that it ends */
static void refused_and_gone(void **state)
{
	static const uint8_t status[] = {
		BRA_PARTIAL, BRA_NO_BINDING, BRA_ATTACHED, BRA_TRIGGER_UNSUPPORTED,
		BRA_FUNCTION_UNSUPPORTED, BRA_PROXY_UNSUPPORTED,
	};
	struct bed *b = *state;

	for (size_t i = 0; i < sizeof(status); i++) {
		bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
		revoke(b, "single", BRI_NETWORK);
		answer(b, -1, status[i]);
		assert_int_equal(bed_count(b), 0);
	}
}

/* RFC 5846 §5.2: 132 to a handover trigger: the node is there, so it keeps its binding */
static void attached_after_all(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);

	revoke(b, "single", BRI_HANDOVER_UNKNOWN_ATT);
	answer(b, -1, BRA_ATTACHED);
	assert_string_equal(state_of(b), "active");
	assert_int_equal(bed_path(b, &p, 0), 1);
	assert_int_equal(revoke(b, "single", BRI_HANDOVER_UNKNOWN_ATT), 1);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 0);
}

/* RFC 5846 §6.2: a gateway that does not know revocation loses its binding all the same */
static void unknown_there(void **state)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE };
	struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	revoke(b, "single", BRI_USER);
	lma_on_bri_unknown(b->lma, &mag, &be);
	assert_int_equal(bed_count(b), 0);
}

/* RFC 5846 §8.1, race: a refresh that crosses the BRI is not answered; repeated, it is */
static void refresh_waits(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	revoke(b, "single", BRI_ADMINISTRATIVE);
	m = bed_pbu(b, "single", HI_REREGISTRATION);
	bed_llid(&m, IF1);
	assert_null(bed_send(b, 1, &m));
	assert_int_equal(counters(b)->deferred, 1);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 0);
	/* the node was attached anew after the BRI: this is its new session */
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	assert_string_equal(state_of(b), "active");
	/* and the answer's repetition takes nothing from it */
	answer(b, -1, BRA_OK);
	assert_string_equal(state_of(b), "active");
}

/* The same: nor is the binding handed over meanwhile */
static void handover_waits(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	revoke(b, "single", BRI_ADMINISTRATIVE);
	m = bed_pbu(b, "single", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_null(bed_send(b, 2, &m));
	answer(b, -1, BRA_OK);
	m = bed_pbu(b, "single", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
}

/* RFC 5846 §8.1: a deregistration that comes first is one, and nothing is repeated */
static void deregistration_comes_first(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	revoke(b, "single", BRI_ADMINISTRATIVE);
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, IF1);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	assert_string_equal(state_of(b), "deregistered");
	answer(b, -1, BRA_OK);
	assert_string_equal(state_of(b), "deregistered");
	assert_int_equal(counters(b)->revocation.bra_stray, 1);
	fake_advance_ms(&b->f, 5000);
	assert_int_equal(bris(b), 1);
}

/* RFC 5847 §3: the gateway has lost it by itself; RFC 5213 §5.3: or its time is over */
static void ends_otherwise(void **state)
{
	struct bed *b = *state;
	struct in6_addr mag = bed_mag(1), lma = bed_lma();

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	revoke(b, "single", BRI_ADMINISTRATIVE);
	peer_find(&b->peers, &lma, &mag)->counter_seen = b->f.now + 1;
	lma_on_peer_restart(b->lma, peer_find(&b->peers, &lma, &mag));
	assert_string_equal(state_of(b), "deregistered");
	fake_advance_ms(&b->f, 20000);
	assert_int_equal(bris(b), 1);
	b->conf.max_lifetime = 4;
	b->conf.revocation.retries = 10;
	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	revoke(b, "single", BRI_ADMINISTRATIVE);
	fake_advance_ms(&b->f, 4000);
	assert_int_equal(bed_count(b), 0);
	fake_reset(&b->f);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(bris(b), 0);
}

/* RFC 5846 §8.1: of several bindings "another identifier to uniquely identify" */
static void one_of_several_gateways(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF1);
	struct mn_id id = fake_nai("shared");
	struct in6_addr mag = bed_mag(1);
	struct lma_revocation v = {
		.mn_id = &id, .proxy_coa = &mag, .trigger = BRI_NETWORK,
	};

	bed_register(b, 2, "shared", HI_NEW_INTERFACE, IF2);
	assert_int_equal(lma_revoke(b->lma, &v), 1);
	assert_int_equal(bri_to(b), 1);
	/* that gateway has but one */
	assert_int_equal(newest_bri(b)->opts.present, MH_HAS_MN_ID | MH_HAS_HNP);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 1);
	assert_int_equal(bed_path(b, &p, 0), 2);
}

/* RFC 5846 §3.3: "with the corresponding BID option included"; without: all of them */
static void one_of_one_gateway(void **state)
{
	struct bed *b = *state;
	struct mn_id id = fake_nai("shared");
	struct lma_revocation v = { .mn_id = &id, .bid = 2, .trigger = BRI_USER };
	struct llid l = fake_llid(IF2);

	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF1);
	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF2);
	assert_int_equal(bed_count(b), 2);
	assert_int_equal(lma_revoke(b->lma, &v), 1);
	assert_int_equal(newest_bri(b)->opts.present,
			 MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_BID | MH_HAS_LLID);
	assert_int_equal(newest_bri(b)->opts.n_bid, 1);
	assert_int_equal(newest_bri(b)->opts.bid[0].bid, 2);
	assert_true(llid_equal(&newest_bri(b)->opts.llid, &l));
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 1);
	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF2);
	assert_int_equal(revoke(b, "shared", BRI_USER), 2);
	assert_int_equal(newest_bri(b)->opts.present, MH_HAS_MN_ID | MH_HAS_HNP);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 0);
	assert_int_equal(bris(b), 2);
}

/* RFC 5846 §8.1: "an HNP option for each registered HNP", or for the one that is meant */
static void by_prefix(void **state)
{
	struct bed *b = *state;
	struct mn_id id = fake_nai("fixed2");
	struct prefix p = fake_prefix("2001:db8:f:3::/64");
	struct lma_revocation v = { .mn_id = &id, .hnp = &p, .trigger = BRI_USER };
	struct mh_msg m = bed_pbu(b, "fixed2", HI_NEW_INTERFACE);

	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	p = fake_prefix("2001:db8:f:4::/64");
	assert_int_equal(lma_revoke(b->lma, &v), -ENOENT);
	p = fake_prefix("2001:db8:f:3::/64");
	assert_int_equal(lma_revoke(b->lma, &v), 1);
	assert_int_equal(newest_bri(b)->opts.n_hnp, 1);
	answer(b, -1, BRA_OK);
	/* see test_part.c */
	assert_int_equal(bed_count(b), 1);
	bed_register(b, 2, "single", HI_NEW_INTERFACE, IF1);
	assert_int_equal(revoke(b, "fixed2", BRI_USER), 1);
	assert_int_equal(newest_bri(b)->opts.n_hnp, 1);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 1);
}

/* Ours: what cannot be revoked says why, and nothing is sent */
static void impossible(void **state)
{
	struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;

	assert_int_equal(revoke(b, "single", BRI_USER), -ENOENT);
	assert_int_equal(lma_revoke_gateway(b->lma, &mag, NULL), -ENOENT);
	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_int_equal(revoke(b, "single", BRI_PEER_POLICY), -EINVAL);
	assert_int_equal(revoke(b, "other", BRI_USER), -ENOENT);
	assert_int_equal(bris(b), 0);
	assert_int_equal(revoke(b, "single", BRI_USER), 1);
	assert_int_equal(revoke(b, "single", BRI_USER), -EALREADY);
	assert_int_equal(bris(b), 1);
}

/* RFC 5846 §8.1, Per-Peer Policy: G, and "MUST NOT include any mobility options" */
static void whole_gateway(void **state)
{
	struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;
	struct mh_msg m;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF1);
	bed_register(b, 2, "shared", HI_NEW_INTERFACE, IF2);
	assert_int_equal(lma_revoke_gateway(b->lma, &mag, NULL), 2);
	assert_int_equal(lma_revoke_gateway(b->lma, &mag, NULL), -EALREADY);
	assert_int_equal(bris(b), 1);
	assert_int_equal(newest_bri(b)->flags, BR_F_P | BR_F_G);
	assert_int_equal(newest_bri(b)->trigger, BRI_PEER_POLICY);
	assert_int_equal(newest_bri(b)->opts.present, 0);
	/* whoever attaches there now might be removed with the rest */
	m = bed_pbu(b, "other", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	assert_null(bed_send(b, 1, &m));
	m = bed_pbu(b, "other", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	assert_non_null(bed_send(b, 2, &m));
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 2);
	m = bed_pbu(b, "single", HI_NEW_INTERFACE);
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
}

/* Ours: what a gateway has lost meanwhile is no matter; its silence ends the rest */
static void whole_gateway_in_part(void **state)
{
	struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;
	struct mh_msg m;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	bed_register(b, 1, "other", HI_NEW_INTERFACE, IF2);
	assert_int_equal(lma_revoke_gateway(b->lma, &mag, NULL), 2);
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, IF1);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	fake_advance_ms(&b->f, 3000);
	assert_int_equal(bed_count(b), 1);
	assert_string_equal(state_of(b), "deregistered");
	/* it can go from both lists at once */
	assert_int_equal(revoke(b, "single", BRI_USER), -ENOENT);
}

/* Ours: what its own BRI would have left to a node goes with all of the gateway's */
static void whole_gateway_and_one(void **state)
{
	struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	revoke(b, "single", BRI_HANDOVER_UNKNOWN_ATT);
	assert_int_equal(lma_revoke_gateway(b->lma, &mag, NULL), 1);
	answer(b, 0, BRA_ATTACHED);
	assert_string_equal(state_of(b), "revoking");
	answer(b, 1, BRA_OK);
	assert_int_equal(bed_count(b), 0);
}

/* RFC 5846 §8.1: Revoking Mobility Node Local Policy: those of one realm */
static void realm_of_a_gateway(void **state)
{
	static const char *const name[] = { "a@one.example", "b@two.example", "c@one.example" };
	struct mn_id realm = fake_nai("@one.example");
	struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;
	struct mh_msg m;

	policy_free(&b->policy);
	for (unsigned int i = 0; i < 3; i++)
		b->profile[i].mn_id = fake_nai(name[i]);
	assert_int_equal(policy_table_open(&b->policy, b->profile, BED_PROFILES), 0);
	bed_register(b, 1, name[0], HI_NEW_INTERFACE, IF1);
	bed_register(b, 1, name[1], HI_NEW_INTERFACE, IF1);
	assert_int_equal(lma_revoke_gateway(b->lma, &mag, &realm), 1);
	assert_int_equal(newest_bri(b)->trigger, BRI_NODE_POLICY);
	assert_int_equal(newest_bri(b)->flags, BR_F_P | BR_F_G);
	assert_int_equal(newest_bri(b)->opts.present, MH_HAS_MN_ID);
	assert_true(mn_id_equal(&newest_bri(b)->opts.mn_id, &realm));
	/* another realm's nodes are not kept waiting */
	m = bed_pbu(b, name[1], HI_REREGISTRATION);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	m = bed_pbu(b, name[2], HI_NEW_INTERFACE);
	assert_null(bed_send(b, 1, &m));
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 1);
}

/* Ours: an anchor that stops has nobody wait for answers */
static void stops_meanwhile(void **state)
{
	struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;

	b->conf.revoke_handover = true;
	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	bed_register(b, 1, "other", HI_NEW_INTERFACE, IF2);
	bed_register(b, 2, "fixed", HI_NEW_INTERFACE, IF2);
	revoke(b, "single", BRI_USER);
	lma_revoke_gateway(b->lma, &mag, NULL);
	assert_int_equal(bris(b), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(answered), T(silence), T(refused_and_gone), T(attached_after_all),
		T(unknown_there), T(refresh_waits), T(handover_waits),
		T(deregistration_comes_first), T(ends_otherwise), T(one_of_several_gateways),
		T(one_of_one_gateway), T(by_prefix), T(impossible), T(whole_gateway),
		T(whole_gateway_in_part), T(whole_gateway_and_one), T(realm_of_a_gateway),
		T(stops_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
