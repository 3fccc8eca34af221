// SPDX-License-Identifier: GPL-2.0
/* An anchor revokes bindings at the gateway (RFC 5846 §9.1). */
#include "revoke_bed.h"

#define MN1	"mn1@example.org"
#define MN2	"mn2@example.org"

/* RFC 5846 §9.1, RFC 5213 §6.12: the node hears it, the kernel forgets it, then the answer;
 * the anchor needs no deregistration
 */
static void attached_node(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = bri(x, BRI_ADMINISTRATIVE, MN1);
	const struct fake_action *ra;

	serve(x);
	with_prefix(&m, HNP1);
	assert_int_equal(status_of(x, m), BRA_OK);
	assert_string_equal(state_of(x), "none");
	ra = fake_find(&x->f, FAKE_SEND_RA, 0);
	assert_int_equal(ra->ra.router_lifetime, 0);
	assert_int_equal(ra->ra.valid, 0);
	assert_int_equal(ra->ra.n_prefixes, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_true(fake_index(&x->f, FAKE_BINDING_DEL, 0) < fake_index_mh(&x->f, MH_BRA, 0));
	assert_int_equal(fake_find_mh(&x->f, MH_BRA, 0)->msg.flags, BR_F_P);
	fake_advance_ms(&x->f, 60000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 1);
	assert_int_equal(mag_counters(x->m)->revoked, 1);
	assert_non_null(fake_find_notice(&x->f, "revoked", 0));
}

/* Ours: it may attach again, and a late repetition of the BRI means the earlier binding */
static void attaches_again(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = bri(x, BRI_USER, MN1);

	serve(x);
	assert_int_equal(status_of(x, m), BRA_OK);
	mag_on_rs(x->m, IF1, &x->l1, &in6addr_any);
	assert_string_equal(state_of(x), "registering");
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(status_of(x, m), BRA_OK);
	assert_string_equal(state_of(x), "active");
}

/* RFC 5846 §9.1: a handover trigger while "still directly attached": 132, and it is asked */
static void handover_but_attached(void **state)
{
	struct fixture *x = *state;

	x->conf.probe_ms = 10000;
	serve(x);
	for (uint8_t t = BRI_HANDOVER_SAME_ATT; t <= BRI_HANDOVER_UNKNOWN_ATT; t++)
		assert_int_equal(status_of(x, bri(x, t, MN1)), BRA_ATTACHED);
	assert_string_equal(state_of(x), "active");
	fake_advance_ms(&x->f, 1);
	assert_true(fake_count(&x->f, FAKE_PROBE) > 0);
	/* who registers is attached, too */
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 1);
	attach(x);
	assert_string_equal(state_of(x), "registering");
	assert_int_equal(status_of(x, bri(x, BRI_HANDOVER_SAME_ATT, MN1)), BRA_ATTACHED);
}

/* RFC 5846 §9.1: "no longer attached": success, and no deregistration any more */
static void handover_after_departure(void **state)
{
	struct fixture *x = *state;

	serve(x);
	mag_on_link(x->m, IF1, false);
	assert_string_equal(state_of(x), "leaving");
	assert_int_equal(status_of(x, bri(x, BRI_HANDOVER_OTHER_ATT, MN1)), BRA_OK);
	fake_advance_ms(&x->f, 100);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
}

/* Draft §4.3: what is on its way to who has left goes on being redirected for a while */
static void departure_lingers(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shack(x, SHACK_OK);
	mag_on_link(x->m, IF1, false);
	assert_int_equal(status_of(x, bri(x, BRI_HANDOVER_SAME_ATT, MN1)), BRA_OK);
	assert_string_equal(state_of(x), "lingering");
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	/* RFC 5846 §9.1: what "has already been released" is a partial success */
	assert_int_equal(status_of(x, bri(x, BRI_HANDOVER_SAME_ATT, MN1)), BRA_PARTIAL);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 3000);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
}

/* Ours: a deregistration under way goes on: requests of before may be, too */
static void while_deregistering(void **state)
{
	struct fixture *x = *state;

	serve(x);
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(state_of(x), "deregistering");
	assert_int_equal(status_of(x, bri(x, BRI_HANDOVER_SAME_ATT, MN1)), BRA_OK);
	assert_string_equal(state_of(x), "deregistering");
	fake_advance_ms(&x->f, 1000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	fake_advance_ms(&x->f, 20000);
	assert_string_equal(state_of(x), "none");
}

/* Ours: a BRI that overtakes the PBA: the registration begins anew, that PBA is stale */
static void while_registering(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = bri(x, BRI_ADMINISTRATIVE, MN1), old;

	attach(x);
	old = pba_for(x, PBA_ACCEPTED);
	with_prefix(&m, HNP1);
	assert_int_equal(status_of(x, m), BRA_PARTIAL);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	mag_on_pba(x->m, &x->lma, &x->self, &old);
	assert_string_equal(state_of(x), "registering");
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

/* Ours: a refresh on its way may come to be a binding anew: that is deregistered */
static void while_refreshing(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = bri(x, BRI_ADMINISTRATIVE, MN1), late;

	serve(x);
	fake_advance_ms(&x->f, 2700 * 1000);
	assert_string_equal(state_of(x), "refreshing");
	late = pba_for(x, PBA_ACCEPTED);
	assert_int_equal(status_of(x, m), BRA_OK);
	assert_string_equal(state_of(x), "deregistering");
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	mag_on_pba(x->m, &x->lma, &x->self, &late);
	assert_string_equal(state_of(x), "deregistering");
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.lifetime, 0);
	/* an anchor that has no such binding does not answer */
	fake_advance_ms(&x->f, 20000);
	assert_string_equal(state_of(x), "none");
}

/* RFC 5846 §6.2.1: nobody of that name, no such prefix, another's binding: 128 */
static void nothing_of_that(void **state)
{
	struct fixture *x = *state;
	struct in6_addr other = fake_addr("2001:db8:0:1::2");
	struct mh_msg m = bri(x, BRI_ADMINISTRATIVE, MN1);

	assert_int_equal(status_of(x, m), BRA_NO_BINDING);
	serve(x);
	assert_int_equal(status_of(x, bri(x, BRI_ADMINISTRATIVE, "who@example.org")),
			 BRA_NO_BINDING);
	m = bri(x, BRI_ADMINISTRATIVE, MN1);
	with_prefix(&m, "2001:db8:100:9::/64");
	assert_int_equal(revoke(x, &m)->opts.n_hnp, 1);
	m = bri(x, BRI_ADMINISTRATIVE, MN1);
	m.opts.present |= MH_HAS_ALT_COA;
	m.opts.alt_coa = other;
	assert_int_equal(status_of(x, m), BRA_NO_BINDING);
	/* an anchor that we know, but not this node's */
	peer_get(&x->peers, &x->self, &other);
	m = bri(x, BRI_ADMINISTRATIVE, MN1);
	mag_on_bri(x->m, &other, &x->self, &m);
	assert_int_equal(fake_find_mh(&x->f, MH_BRA, -1)->msg.status, BRA_NO_BINDING);
	assert_string_equal(state_of(x), "active");
}

/* RFC 5846 §6.2: without the security of an association nothing is taken, nor answered */
static void stranger(void **state)
{
	struct fixture *x = *state;
	struct in6_addr src = fake_addr("2001:db8:bad::1");
	struct mh_msg m = bri(x, BRI_ADMINISTRATIVE, MN1);

	serve(x);
	mag_on_bri(x->m, &src, &x->self, &m);
	mag_on_bri(x->m, &x->lma, &x->other, &m);
	assert_int_equal(fake_count_mh(&x->f, MH_BRA), 0);
	assert_int_equal(mag_counters(x->m)->revocation.bri_discarded, 2);
	assert_string_equal(state_of(x), "active");
}

static void answer_prefix(struct fixture *x, const char *prefix)
{
	struct mh_msg m = pba_for(x, PBA_ACCEPTED);

	m.opts.hnp[0].prefix = fake_prefix(prefix);
	mag_on_pba(x->m, &x->lma, &x->self, &m);
}

static bool count_one(void *arg, const struct mag_session_view *v)
{
	(void)v;
	++*(unsigned int *)arg;
	return true;
}

static unsigned int sessions(struct fixture *x)
{
	unsigned int n = 0;

	mag_each(x->m, count_one, &n);
	return n;
}

/* RFC 5846 §8.1: a prefix "to uniquely identify the mobile node binding"; else all */
static void one_of_two_prefixes(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = bri(x, BRI_NETWORK, MN2);

	mag_on_attach(x->m, IF1, &x->l3, NULL, NULL, ATTACH_CARRIER);
	answer_prefix(x, "2001:db8:100:2::/64");
	mag_on_attach(x->m, IF2, &x->l4, NULL, NULL, ATTACH_CARRIER);
	answer_prefix(x, "2001:db8:100:3::/64");
	assert_int_equal(sessions(x), 2);
	with_prefix(&m, "2001:db8:100:3::/64");
	assert_int_equal(status_of(x, m), BRA_OK);
	assert_int_equal(sessions(x), 1);
	/* the tunnel has another user */
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	m = bri(x, BRI_NETWORK, MN2);
	with_prefix(&m, "2001:db8:100:3::/64");
	with_prefix(&m, "2001:db8:100:2::/64");
	assert_int_equal(revoke(x, &m)->status, BRA_PARTIAL);
	assert_true(prefix_equal(&fake_find_mh(&x->f, MH_BRA, -1)->msg.opts.hnp[0].prefix,
				 &m.opts.hnp[0].prefix));
	assert_int_equal(sessions(x), 0);
}

/* RFC 5846 §3.3: one of two that share: a BID nobody has told us; the interface is named */
static void one_of_two_interfaces(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER);
	answer(x, PBA_ACCEPTED, NULL);
	m = bri(x, BRI_NETWORK, MN1);
	with_prefix(&m, HNP1);
	m.opts.present |= MH_HAS_BID;
	m.opts.n_bid = 1;
	m.opts.bid[0].bid = 2;
	assert_int_equal(status_of(x, m), BRA_NO_BINDING);
	m = bri(x, BRI_NETWORK, MN1);
	with_prefix(&m, HNP1);
	m.opts.present |= MH_HAS_BID | MH_HAS_LLID;
	m.opts.n_bid = 1;
	m.opts.bid[0].bid = 2;
	m.opts.llid = x->l2;
	assert_int_equal(status_of(x, m), BRA_OK);
	assert_int_equal(sessions(x), 1);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	/* both, named or not */
	mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(status_of(x, bri(x, BRI_NETWORK, MN1)), BRA_OK);
	assert_int_equal(sessions(x), 0);
}

/* RFC 5846 §9.1, Per-Peer Policy: all of that anchor's, and no option may be there */
static void whole_anchor(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_attach(x->m, IF2, &x->l3, NULL, NULL, ATTACH_CARRIER);
	answer_prefix(x, "2001:db8:100:2::/64");
	assert_int_equal(status_of(x, bri(x, BRI_PEER_POLICY, MN1)), BRA_FUNCTION_UNSUPPORTED);
	assert_int_equal(sessions(x), 2);
	assert_int_equal(status_of(x, bri(x, BRI_PEER_POLICY, NULL)), BRA_OK);
	assert_int_equal(sessions(x), 0);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_int_equal(status_of(x, bri(x, BRI_PEER_POLICY, NULL)), BRA_NO_BINDING);
}

/* RFC 5846 §9.1: a realm; one that identifies nobody is refused with 131 */
static void realm(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(status_of(x, bri(x, BRI_NODE_POLICY, "@example.com")),
			 BRA_MISSING_MN_ID);
	assert_int_equal(status_of(x, bri(x, BRI_NODE_POLICY, "example.org")),
			 BRA_MISSING_MN_ID);
	m = bri(x, BRI_NODE_POLICY, "@example.org");
	m.opts.present |= MH_HAS_ALT_COA;
	m.opts.alt_coa = x->other;
	assert_int_equal(status_of(x, m), BRA_MISSING_MN_ID);
	assert_int_equal(sessions(x), 1);
	m = bri(x, BRI_NODE_POLICY, "@example.org");
	m.opts.present |= MH_HAS_ALT_COA;
	m.opts.alt_coa = x->self;
	assert_int_equal(status_of(x, m), BRA_OK);
	assert_int_equal(sessions(x), 0);
}

/* RFC 5846 §9.1: who has been denied has no binding to revoke */
static void denied(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_NOT_LMA_FOR_THIS_MN, NULL);
	assert_string_equal(state_of(x), "denied");
	assert_int_equal(status_of(x, bri(x, BRI_USER, MN1)), BRA_NO_BINDING);
	assert_string_equal(state_of(x), "denied");
}

/* Draft §4.3: with the last attachment the other gateways are released */
static void associations_end(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shack(x, SHACK_OK);
	assert_int_equal(status_of(x, bri(x, BRI_USER, MN1)), BRA_OK);
	assert_int_equal(fake_find_mh(&x->f, MH_SHI, -1)->msg.lifetime, 0);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(attached_node), T(attaches_again), T(handover_but_attached),
		T(handover_after_departure), T(departure_lingers), T(while_deregistering),
		T(while_registering),
		T(while_refreshing), T(nothing_of_that), T(stranger), T(one_of_two_prefixes),
		T(one_of_two_interfaces), T(whole_anchor), T(realm), T(denied),
		T(associations_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
