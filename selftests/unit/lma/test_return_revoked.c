// SPDX-License-Identifier: GPL-2.0
/* Packets that a gateway sends back whose binding is being revoked. */
#include "revoke_bed.h"

static int with_return(void **state)
{
	struct bed *b;

	setup(state);
	b = *state;
	bed_keep_order(b);
	return 0;
}

static uint32_t tunnel_to(struct bed *b, unsigned int mag)
{
	struct in6_addr lma = bed_lma(), remote = bed_mag(mag);
	struct peer *p = peer_find(&b->peers, &lma, &remote);

	return p && p->users ? p->tunnel : 0;
}

static struct dp_return newest(struct bed *b)
{
	const struct fake_action *a = fake_find(&b->f, FAKE_RETURN_SET, -1);

	assert_non_null(a);
	return a->ret.allowed;
}

static struct prefix two(struct bed *b)
{
	struct prefix p = bed_register(b, 1, "shared", HI_SHARED_PREFIXES, IF1);

	bed_register(b, 2, "shared", HI_SHARED_PREFIXES, IF2);
	assert_int_equal(bed_path(b, &p, 0), 1);
	fake_reset(&b->f);
	return p;
}

static int revoke_at(struct bed *b, unsigned int mag, uint8_t trigger)
{
	struct mn_id id = fake_nai("shared");
	struct in6_addr coa = bed_mag(mag);
	struct lma_revocation v = { .mn_id = &id, .proxy_coa = &coa, .trigger = trigger };

	return lma_revoke(b->lma, &v);
}

/*
 * Draft: fault tolerant multihoming §3.2 (6), (7), RFC 5846 §8.1: what that gateway holds
 * when the BRI comes to it may come back, and goes to the other one: that is so before
 * the BRI leaves, and newer packets wait for the mark of the end.
 */
static void by_the_anchor(void **state)
{
	struct bed *b = *state;
	struct prefix p = two(b);
	uint32_t tunnel = tunnel_to(b, 1);

	assert_int_equal(revoke_at(b, 1, BRI_ADMINISTRATIVE), 1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_int_equal(newest(b).tunnel, tunnel);
	/* it comes with the last repetition of the BRI at the latest, and so does the mark */
	assert_int_equal(newest(b).wait_ms, 3000 + 700);
	assert_int_equal(newest(b).time_ms, 3000 + 5000);
	assert_true(fake_index(&b->f, FAKE_RETURN_SET, 0) <
		    fake_index(&b->f, FAKE_BINDING_SET, 0));
	assert_true(fake_index(&b->f, FAKE_BINDING_SET, -1) <
		    fake_index_mh(&b->f, MH_BRI, 0));
	/* what the node sends by that gateway is taken till the end */
	assert_int_equal(bed_path(b, &p, 0), 2);
	assert_int_equal(bed_path(b, &p, 1), 1);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_binding(b, &p)->n_paths, 1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	fake_advance_ms(&b->f, 7999);
	assert_int_equal(tunnel_to(b, 1), tunnel);
	fake_advance_ms(&b->f, 2);
	assert_int_equal(tunnel_to(b, 1), 0);
}

/* RFC 5846 §5.2: 132: the node is there after all, and nothing comes back */
static void attached_after_all(void **state)
{
	struct bed *b = *state;
	struct prefix p = two(b);

	assert_int_equal(revoke_at(b, 1, BRI_HANDOVER_UNKNOWN_ATT), 1);
	assert_int_equal(bed_path(b, &p, 0), 2);
	answer(b, -1, BRA_ATTACHED);
	assert_int_equal(newest(b).time_ms, 0);
	assert_int_equal(bed_path(b, &p, 0), 1);
	assert_int_equal(bed_path(b, &p, 1), 2);
}

/* RFC 5846 §8.1: the deregistration comes first: its answer is what the gateway waits for */
static void deregistered_meanwhile(void **state)
{
	struct bed *b = *state;
	struct prefix p = two(b);
	struct mh_msg m;

	assert_int_equal(revoke_at(b, 1, BRI_ADMINISTRATIVE), 1);
	m = bed_pbu(b, "shared", HI_UNKNOWN);
	bed_llid(&m, IF1);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 2);
	assert_int_equal(newest(b).time_ms, 5000);
	assert_int_equal(bed_binding(b, &p)->n_paths, 1);
}

/* Of all that a gateway serves: RFC 5846 §8.1, Per-Peer Policy */
static void all_of_a_gateway(void **state)
{
	struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;
	struct prefix p = two(b);

	assert_int_equal(lma_revoke_gateway(b->lma, &mag, NULL), 1);
	assert_int_equal(newest(b).wait_ms, 3000 + 700);
	assert_true(fake_index(&b->f, FAKE_RETURN_SET, 0) < fake_index_mh(&b->f, MH_BRI, 0));
	assert_int_equal(bed_path(b, &p, 0), 2);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_binding(b, &p)->n_paths, 1);
}

/* RFC 5846 §8.2: revoked by the gateway, it is as if deregistered, and so is the rest */
static void by_the_gateway(void **state)
{
	struct bed *b = *state;
	struct prefix p = two(b);
	struct mh_msg m = bri(b, BRI_NETWORK, "shared");

	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_int_equal(newest(b).time_ms, 5000);
	assert_int_equal(newest(b).wait_ms, 700);
	assert_true(fake_index(&b->f, FAKE_RETURN_SET, 0) <
		    fake_index(&b->f, FAKE_BINDING_SET, 0));
	assert_int_equal(bed_path(b, &p, 0), 2);
}

/* Ours: where nobody else serves the prefix nothing changes until the answer */
static void no_other_way(void **state)
{
	struct bed *b = *state;

	bed_register(b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	fake_reset(&b->f);
	assert_int_equal(revoke_at(b, 1, BRI_ADMINISTRATIVE), 1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 0);
	assert_int_equal(fake_count(&b->f, FAKE_BINDING_SET), 0);
}

/*
 * Draft: fault tolerant multihoming §3.2 (6) for one interface that breaks here and comes up
 * there: the gateway before deregisters in vain (RFC 5213 §5.3.5), but hears a BRI
 */
static void after_a_handover(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	uint32_t tunnel = tunnel_to(b, 1);
	struct mh_msg m;

	b->conf.revoke_handover = true;
	fake_reset(&b->f);
	m = bed_pbu(b, "single", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_int_equal(newest(b).tunnel, tunnel);
	assert_true(fake_index(&b->f, FAKE_RETURN_SET, 0) <
		    fake_index(&b->f, FAKE_BINDING_SET, 0));
	assert_int_equal(bri_to(b), 1);
	assert_int_equal(bed_path(b, &p, 0), 2);
	answer(b, -1, BRA_OK);
	fake_advance_ms(&b->f, 7999);
	assert_int_equal(tunnel_to(b, 1), tunnel);
	fake_advance_ms(&b->f, 2);
	assert_int_equal(tunnel_to(b, 1), 0);
	/* where no BRI follows nobody would be told to send it back */
	b->conf.revoke_handover = false;
	fake_reset(&b->f);
	m = bed_pbu(b, "single", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 3, &m), PBA_ACCEPTED);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 0);
	assert_int_equal(tunnel_to(b, 2), 0);
}

/* RFC 6275 §9.5.1: a handover that the kernel refuses has changed nothing */
static void handover_is_refused(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	struct mh_msg m;

	b->conf.revoke_handover = true;
	fake_refuse(&b->f, FAKE_BINDING_SET, 2, -ENOMEM);
	m = bed_pbu(b, "single", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 2, &m), PBA_NO_RESOURCES);
	assert_int_equal(newest(b).time_ms, 0);
	assert_int_equal(bed_path(b, &p, 0), 1);
}

#define R(f) cmocka_unit_test_setup_teardown(f, with_return, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		R(by_the_anchor), R(attached_after_all), R(deregistered_meanwhile),
		R(all_of_a_gateway), R(by_the_gateway), R(no_other_way),
		R(after_a_handover), R(handover_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
