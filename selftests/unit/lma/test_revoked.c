// SPDX-License-Identifier: GPL-2.0
/* Gateways revoke bindings at the anchor (RFC 5846 §8.2, §13). */
#include "revoke_bed.h"

static struct revocation_authority authority[2];

static int setup_bulk(void **state)
{
	struct bed *b;

	setup(state);
	b = *state;
	authority[0].mag = fake_prefix("2001:db8:0:2::1/128");
	authority[0].identity = fake_nai("mag1@example.org");
	authority[1].mag = fake_prefix("2001:db8:0:2::3/128");
	authority[1].identity = fake_nai("mag1@example.org");
	b->conf.n_bulk = 2;
	b->conf.bulk = authority;
	return 0;
}

/* RFC 5846 §8.2 item 1: only the MN-ID: "revoke all bindings for this mobile node"; and
 * §13: those "currently registered with" the gateway
 */
static void all_of_a_node(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF1);
	struct mh_msg m;

	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF2);
	m = bed_pbu(b, "shared", HI_NEW_INTERFACE);
	bed_llid(&m, "02:00:00:00:00:03");
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
	m = bri(b, BRI_NETWORK, "shared");
	fake_reset(&b->f);
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	assert_int_equal(bed_path(b, &p, 0), 2);
	assert_true(fake_index(&b->f, FAKE_BINDING_SET, -1) < fake_index_mh(&b->f, MH_BRA, 0));
	assert_int_equal(counters(b)->revoked, 2);
	/* gone after the wait, in which the node may turn up elsewhere */
	assert_int_equal(bed_count(b), 3);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(bed_count(b), 1);
}

/* Ours, after RFC 5213 §5.3.5: a node that turns up elsewhere keeps its prefix */
static void node_turns_up_elsewhere(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	struct mh_msg m = bri(b, BRI_NETWORK, "single");

	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
	assert_int_equal(bed_path(b, &p, 0), 2);
	assert_int_equal(bed_count(b), 1);
}

/* RFC 5846 §8.2 items 2 and 3: with prefixes, the bindings that have them */
static void by_prefix(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	struct prefix q = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF2);
	const struct mh_msg *a;
	struct mh_msg m;

	m = bri(b, BRI_NETWORK, "single");
	m.opts.present |= MH_HAS_HNP;
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = q;
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	assert_int_equal(bed_path(b, &p, 0), 1);
	assert_int_equal(bed_path(b, &q, 0), 0);
	/* "already been released": partial success; what is nobody's is named */
	m = bri(b, BRI_NETWORK, "single");
	m.opts.present |= MH_HAS_HNP;
	m.opts.n_hnp = 3;
	m.opts.hnp[0].prefix = q;
	m.opts.hnp[1].prefix = fake_prefix("2001:db8:f:9::/64");
	m.opts.hnp[2].prefix = p;
	a = bri_from(b, 1, &m);
	assert_int_equal(a->status, BRA_PARTIAL);
	assert_int_equal(a->opts.n_hnp, 1);
	assert_true(prefix_equal(&a->opts.hnp[0].prefix, &m.opts.hnp[1].prefix));
	assert_int_equal(bed_path(b, &p, 0), 0);
}

/* RFC 5846 §5.1: "one binding of a multiple care-of address bindings", by its BID */
static void by_bid(void **state)
{
	struct bed *b = *state;
	const struct mh_msg *a;
	struct mh_msg m;

	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF1);
	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF2);
	m = bri(b, BRI_NETWORK, "shared");
	m.opts.present |= MH_HAS_BID;
	m.opts.n_bid = 2;
	m.opts.bid[0].bid = 2;
	m.opts.bid[1].bid = 77;
	a = bri_from(b, 1, &m);
	assert_int_equal(a->status, BRA_PARTIAL);
	assert_int_equal(a->opts.n_bid, 1);
	assert_int_equal(a->opts.bid[0].bid, 77);
	assert_int_equal(counters(b)->revoked, 1);
	m = bri(b, BRI_NETWORK, "shared");
	bed_llid(&m, IF1);
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	assert_int_equal(counters(b)->revoked, 2);
}

/* RFC 5846 §6.2.1: no such binding of that gateway: 128 */
static void nothing_of_that(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = bri(b, BRI_NETWORK, "single");

	assert_int_equal(bri_from(b, 1, &m)->status, BRA_NO_BINDING);
	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	m = bri(b, BRI_NETWORK, "single");
	assert_int_equal(bri_from(b, 2, &m)->status, BRA_NO_BINDING);
	/* another gateway's, named as such */
	m = bri(b, BRI_NETWORK, "single");
	m.opts.present |= MH_HAS_ALT_COA;
	m.opts.alt_coa = bed_mag(1);
	assert_int_equal(bri_from(b, 2, &m)->status, BRA_NO_BINDING);
	m = bri(b, BRI_NETWORK, "single");
	m.opts.present |= MH_HAS_HNP;
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = fake_prefix("2001:db8:f:9::/64");
	assert_int_equal(bri_from(b, 1, &m)->opts.n_hnp, 1);
	assert_string_equal(state_of(b), "active");
}

/* RFC 5846 §13: of whom may not register nodes nothing is taken, nor answered */
static void stranger(void **state)
{
	struct in6_addr src = fake_addr("2001:db8:bad::1"), dst = bed_lma();
	struct bed *b = *state;
	struct mh_msg m = bri(b, BRI_NETWORK, "single");

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	lma_on_bri(b->lma, &src, &dst, &m);
	src = bed_mag(1);
	dst = bed_mag(2);
	lma_on_bri(b->lma, &src, &dst, &m);
	assert_int_equal(fake_count_mh(&b->f, MH_BRA), 0);
	assert_int_equal(counters(b)->revocation.bri_discarded, 2);
	assert_string_equal(state_of(b), "active");
}

/* RFC 5846 §8.2: "all mobile node bindings for which the proxy CoA is the one used as the
 * source"
 */
static void whole_gateway(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	struct prefix q = bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF1);
	struct mh_msg m;

	bed_register(b, 2, "shared", HI_NEW_INTERFACE, IF2);
	m = bri(b, BRI_PEER_POLICY, "mag1@example.org");
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	assert_int_equal(fake_find_mh(&b->f, MH_BRA, -1)->msg.flags, BR_F_P | BR_F_G);
	assert_int_equal(bed_path(b, &p, 0), 0);
	assert_int_equal(bed_path(b, &q, 0), 2);
	/* repeated, it takes nothing from who has come back */
	bed_register(b, 1, "single", HI_UNKNOWN, IF1);
	assert_int_equal(bed_path(b, &p, 0), 1);
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	assert_int_equal(bed_path(b, &p, 0), 1);
	assert_int_equal(counters(b)->revocation.bri_repeated, 1);
}

/* RFC 5846 §8.2: with an Alternate Care-of Address, those whose Proxy-CoA that is */
static void other_care_of_address(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	struct prefix q = bed_register(b, 3, "other", HI_NEW_INTERFACE, IF1);
	struct mh_msg m = bri(b, BRI_PEER_POLICY, "mag1@example.org");

	m.opts.present |= MH_HAS_ALT_COA;
	m.opts.alt_coa = bed_mag(3);
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	assert_int_equal(bed_path(b, &p, 0), 1);
	assert_int_equal(bed_path(b, &q, 0), 0);
	/* §13: but not those of a gateway that is another */
	bed_register(b, 2, "fixed", HI_NEW_INTERFACE, IF1);
	m.seq++;
	m.opts.alt_coa = bed_mag(2);
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_GLOBAL_NOT_AUTHORIZED);
}

/* RFC 5846 §8.2: not authorised by its name, or no name: 130 */
static void not_authorised(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	bed_register(b, 2, "single", HI_NEW_INTERFACE, IF1);
	m = bri(b, BRI_PEER_POLICY, "mag1@example.org");
	assert_int_equal(bri_from(b, 2, &m)->status, BRA_GLOBAL_NOT_AUTHORIZED);
	m = bri(b, BRI_PEER_POLICY, "mag2@example.org");
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_GLOBAL_NOT_AUTHORIZED);
	m = bri(b, BRI_PEER_POLICY, NULL);
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_GLOBAL_NOT_AUTHORIZED);
	assert_string_equal(state_of(b), "active");
	/* §9.2: realms are not a gateway's to revoke */
	m = bri(b, BRI_NODE_POLICY, "@example.org");
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_FUNCTION_UNSUPPORTED);
	/* nothing there */
	m = bri(b, BRI_PEER_POLICY, "mag1@example.org");
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_NO_BINDING);
}

/* Ours: both ends revoke at once: neither waits for the other */
static void crossing(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	revoke(b, "single", BRI_USER);
	m = bri(b, BRI_NETWORK, "single");
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	assert_string_equal(state_of(b), "deregistered");
	answer(b, -1, BRA_NO_BINDING);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(bed_count(b), 0);
	assert_int_equal(bris(b), 1);
}

#define BULK(f) cmocka_unit_test_setup_teardown(f, setup_bulk, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(all_of_a_node), T(node_turns_up_elsewhere), T(by_prefix), T(by_bid),
		T(nothing_of_that), T(stranger), BULK(whole_gateway),
		BULK(other_care_of_address), BULK(not_authorised), T(crossing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
