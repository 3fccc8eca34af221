// SPDX-License-Identifier: GPL-2.0
/*
 * For whom newer packets wait: with keep-order, for what comes back from a gateway that
 * carried some of them, and that sends a mark.  Draft: fault tolerant multihoming §3.2 (8)
 * has the cached data sent by the other interface; the order is ours.
 */
#include "flow_bed.h"

#define IF3 "02:00:00:00:00:03"

static int setup(void **state)
{
	struct pair *p = malloc(sizeof(*p));

	assert_non_null(p);
	bed_open(&p->b);
	p->b.conf.revocation = (struct revocation_conf){
		.delay_ms = 1000, .max_delay_ms = 2000, .retries = 1,
	};
	bed_keep_order(&p->b);
	p->id = fake_nai("shared");
	p->p1 = bed_register(&p->b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	p->p2 = bed_register(&p->b, 2, "shared", HI_SHARED_PREFIXES, IF2);
	assert_true(prefix_equal(&p->p1, &p->p2));
	assert_int_equal(bed_path(&p->b, &p->p1, 0), 1);
	fake_reset(&p->b.f);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct pair *p = *state;

	pair_close(p);
	free(p);
	return 0;
}

static void leave(struct pair *p, unsigned int mag, const char *llid)
{
	struct mh_msg m = pair_leave_msg(p, llid, 4);

	assert_int_equal(bed_status(&p->b, mag, &m), PBA_ACCEPTED);
}

static int revoke_at(struct pair *p, unsigned int mag)
{
	struct in6_addr coa = bed_mag(mag);
	struct lma_revocation v = {
		.mn_id = &p->id, .proxy_coa = &coa, .trigger = BRI_ADMINISTRATIVE,
	};

	return lma_revoke(p->b.lma, &v);
}

static struct peer *peer_at(struct pair *p, unsigned int mag)
{
	struct in6_addr lma = bed_lma(), remote = bed_mag(mag);
	struct peer *peer = peer_find(&p->b.peers, &lma, &remote);

	assert_non_null(peer);
	return peer;
}

/* A flow of the kernel's, by one attachment or the other, in this order */
static void add_flow(struct pair *p, uint16_t fid, uint16_t bid, uint16_t other)
{
	struct flow_spec s = udp_flow(fid, (uint16_t)(5000 + fid), bid);

	if (other)
		s.bid[s.n_bid++] = other;
	assert_int_equal(lma_flow_add(p->b.lma, &p->id, &s, FLOW_FOREVER), 0);
	assert_int_equal(pair_kernel(p, fid)->bid[0], bid);
	fake_reset(&p->b.f);
}

/* What a gateway's departure was: packets may come back, and newer ones wait so long */
static uint32_t waits(struct pair *p, unsigned int mag)
{
	const struct fake_action *a = fake_find(&p->b.f, FAKE_RETURN_SET, -1);

	assert_non_null(a);
	assert_true(prefix_equal(&a->ret.prefix, &p->p1));
	assert_int_equal(a->ret.allowed.tunnel, peer_at(p, mag)->tunnel);
	assert_true(a->ret.allowed.time_ms >= 5000);
	return a->ret.allowed.wait_ms;
}

/* Ours: the gateway that all went by */
static void first_choice(void **state)
{
	leave(*state, 1, IF1);
	assert_int_equal(waits(*state, 1), 700);
}

/* Ours: none went by it: their path is up, and was theirs before */
static void second_choice(void **state)
{
	leave(*state, 2, IF2);
	assert_int_equal(waits(*state, 2), 0);
}

/* RFC 5846 §8.1, §8.2: the same of bindings that are revoked, by whomever */
static void second_choice_revoked(void **state)
{
	struct in6_addr mag = bed_mag(2), lma = bed_lma();
	struct mh_msg m = { .kind = MH_BRI, .seq = 7, .flags = BR_F_P };
	struct pair *p = *state;

	assert_int_equal(revoke_at(p, 2), 1);
	assert_int_equal(waits(p, 2), 0);
	pair_close(p);
	free(p);
	setup(state);
	p = *state;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = p->id;
	lma_on_bri(p->b.lma, &mag, &lma, &m);
	assert_int_equal(waits(p, 2), 0);
}

/* Draft: flow mobility §5.2: the paths of flows: some went there, and so wait */
static void second_choice_of_all_but_a_flow(void **state)
{
	add_flow(*state, 1, 2, 0);
	leave(*state, 2, IF2);
	assert_int_equal(waits(*state, 2), 700);
}

/* The first of its attachments that is there is a flow's, and none of one that is dropped */
static void second_choice_of_flows(void **state)
{
	struct flow_spec drop = udp_flow(2, 6000, 2);
	struct pair *p = *state;

	add_flow(p, 1, 1, 2);
	drop.n_bid = 0;
	drop.verdict = FLOW_DROP;
	assert_int_equal(lma_flow_add(p->b.lma, &p->id, &drop, FLOW_FOREVER), 0);
	assert_int_equal(pair_kernel(p, 2)->action, PMIP_FLOW_DROP);
	leave(p, 2, IF2);
	assert_int_equal(waits(p, 2), 0);
}

/* RFC 5847 §3: a gateway that is dead carries nothing, and the next all */
static void first_choice_is_dead(void **state)
{
	struct pair *p = *state;

	peer_at(p, 1)->alive = false;
	leave(p, 2, IF2);
	assert_int_equal(waits(p, 2), 700);
}

static void first_choice_of_a_flow_is_dead(void **state)
{
	struct pair *p = *state;

	bed_register(&p->b, 3, "shared", HI_SHARED_PREFIXES, IF3);
	add_flow(p, 1, 3, 2);
	peer_at(p, 3)->alive = false;
	leave(p, 2, IF2);
	assert_int_equal(waits(p, 2), 700);
}

/*
 * Ours: another interface of the node at the same gateway has the prefix: what waited
 * there leaves by its link, and no mark comes; with the last of them one does
 */
static void one_of_two_at_a_gateway(void **state)
{
	struct pair *p = *state;

	bed_register(&p->b, 1, "shared", HI_SHARED_PREFIXES, IF3);
	fake_reset(&p->b.f);
	leave(p, 1, IF1);
	assert_int_equal(waits(p, 1), 0);
	/* all go there again */
	peer_at(p, 2)->alive = false;
	leave(p, 1, IF3);
	assert_int_equal(waits(p, 1), 700);
}

/* RFC 5846 §8.1: one BRI about both of them: none is left there */
static void both_at_a_gateway_are_revoked(void **state)
{
	struct pair *p = *state;

	bed_register(&p->b, 1, "shared", HI_SHARED_PREFIXES, IF3);
	fake_reset(&p->b.f);
	assert_int_equal(revoke_at(p, 1), 2);
	assert_int_equal(waits(p, 1), 3000 + 700);
}

/* RFC 5846 §8.1: while it is being revoked none go there, but the mark is still to come */
static void deregistered_while_revoked(void **state)
{
	struct pair *p = *state;

	assert_int_equal(revoke_at(p, 1), 1);
	assert_int_equal(waits(p, 1), 3000 + 700);
	assert_int_equal(bed_path(&p->b, &p->p1, 0), 2);
	leave(p, 1, IF1);
	assert_int_equal(waits(p, 1), 700);
}

/* What went there meanwhile is as good as what the first had */
static void one_revoked_after_the_other(void **state)
{
	struct pair *p = *state;

	bed_register(&p->b, 3, "shared", HI_SHARED_PREFIXES, IF3);
	assert_int_equal(revoke_at(p, 1), 1);
	assert_int_equal(bed_path(&p->b, &p->p1, 0), 2);
	assert_int_equal(revoke_at(p, 2), 1);
	assert_int_equal(waits(p, 2), 3000 + 700);
}

/* Ours: a gateway for which none wait ends no wait for another, whose mark is to come */
static void others_wait_on(void **state)
{
	struct pair *p = *state;

	bed_register(&p->b, 3, "shared", HI_SHARED_PREFIXES, IF3);
	leave(p, 1, IF1);
	assert_int_equal(waits(p, 1), 700);
	leave(p, 3, IF3);
	assert_int_equal(waits(p, 3), 0);
	leave(p, 1, IF1);
	assert_int_equal(waits(p, 1), 700);
	leave(p, 3, IF3);
	assert_int_equal(waits(p, 3), 0);
}

/* RFC 5846 §3.4.1: a handover, after which the gateway before hears a BRI */
static void hand_over(struct pair *p, const char *llid)
{
	struct mh_msg m = bed_pbu(&p->b, "shared", HI_BETWEEN_MAGS);

	p->b.conf.revoke_handover = true;
	bed_llid(&m, llid);
	assert_int_equal(bed_status(&p->b, 3, &m), PBA_ACCEPTED);
}

static void handed_over(void **state)
{
	hand_over(*state, IF1);
	assert_int_equal(waits(*state, 1), 3000 + 700);
}

static void second_choice_handed_over(void **state)
{
	hand_over(*state, IF2);
	assert_int_equal(waits(*state, 2), 0);
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(first_choice), T(second_choice), T(second_choice_revoked),
		T(second_choice_of_all_but_a_flow), T(second_choice_of_flows),
		T(first_choice_is_dead), T(first_choice_of_a_flow_is_dead),
		T(one_of_two_at_a_gateway), T(both_at_a_gateway_are_revoked),
		T(deregistered_while_revoked), T(one_revoked_after_the_other),
		T(others_wait_on), T(handed_over), T(second_choice_handed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
