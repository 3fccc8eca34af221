// SPDX-License-Identifier: GPL-2.0
/* Anchor and gateways that begin anew: what was said before is not so any more. */
#include "lma_bed.h"

static void open_with_two_sessions(struct bed *b, const char *second, unsigned int mag)
{
	struct mh_msg m;

	bed_open(b);
	/* registered with an anchor that began anew */
	m = bed_pbu(b, "fixed", HI_REREGISTRATION);
	bed_llid(&m, IF1);
	bed_hnp(&m, "2001:db8:100::/64");
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	/* and by a gateway that did so later, and goes by the profile */
	m = bed_pbu(b, "fixed", HI_UNKNOWN);
	bed_llid(&m, second);
	bed_hnp(&m, "2001:db8:f:1::/64");
	assert_int_equal(bed_status(b, mag, &m), PBA_ACCEPTED);
}

/* RFC 5213 §5.4: an interface has one session: the same gateway's newer word counts */
static void newer_session_supersedes(void **state)
{
	struct prefix old = fake_prefix("2001:db8:100::/64");
	struct prefix now = fake_prefix("2001:db8:f:1::/64");
	struct bed b;

	(void)state;
	open_with_two_sessions(&b, IF1, 1);
	assert_int_equal(bed_binding(&b, &old)->path[0].kind, PMIP_PATH_DROP);
	assert_int_equal(bed_binding(&b, &now)->path[0].kind, PMIP_PATH_TUNNEL);
	fake_advance_ms(&b.f, 10001);
	assert_null(bed_binding(&b, &old));
	assert_int_equal(bed_count(&b), 1);
	bed_close(&b);
}

/* RFC 5213 §5.4: another interface's session is another session */
static void other_interface_is_left_alone(void **state)
{
	struct prefix old = fake_prefix("2001:db8:100::/64");
	struct bed b;

	(void)state;
	open_with_two_sessions(&b, IF2, 1);
	assert_int_equal(bed_binding(&b, &old)->path[0].kind, PMIP_PATH_TUNNEL);
	fake_advance_ms(&b.f, 10001);
	assert_int_equal(bed_count(&b), 2);
	bed_close(&b);
}

/* The newest request to any gateway is answered. */
static void answer(struct bed *b, unsigned int mag, uint32_t counter)
{
	struct mh_msg m = { .kind = MH_HEARTBEAT, .flags = HB_F_R };
	struct in6_addr src = bed_mag(mag), dst = bed_lma();

	m.hb_seq = fake_find_mh(&b->f, MH_HEARTBEAT, -1)->msg.hb_seq;
	m.opts.present = MH_HAS_RESTART;
	m.opts.restart = counter;
	peer_on_heartbeat(&b->peers, &dst, &src, &m);
}

static void announce(struct bed *b, unsigned int mag, uint32_t counter)
{
	struct mh_msg m = { .kind = MH_HEARTBEAT, .flags = HB_F_R | HB_F_U };
	struct in6_addr src = bed_mag(mag), dst = bed_lma();

	m.opts.present = MH_HAS_RESTART;
	m.opts.restart = counter;
	peer_on_heartbeat(&b->peers, &dst, &src, &m);
}

/*
 * RFC 5847 §3.2: the first counter that is heard proves no restart: what the
 * gateway has registered is not taken from it
 */
static void first_counter_invalidates_nothing(void **state)
{
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_advance_ms(&b.f, 500);
	announce(&b, 1, 7);
	fake_advance_ms(&b.f, 1);
	answer(&b, 1, 7);
	assert_int_equal(bed_binding(&b, &p)->path[0].kind, PMIP_PATH_TUNNEL);
	bed_close(&b);
}

/*
 * RFC 5847 §3.2: the anchor knows the counter from before its own restart; what
 * is registered since may be of either life of the gateway, and stays
 */
static void counter_of_an_earlier_life(void **state)
{
	struct peer_memory old = {
		.local = bed_lma(), .remote = bed_mag(1), .counted = true, .counter = 7,
	};
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	assert_non_null(peer_recall(&b.peers, &old));
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_advance_ms(&b.f, 1000);
	answer(&b, 1, 8);
	assert_int_equal(bed_binding(&b, &p)->path[0].kind, PMIP_PATH_TUNNEL);
	assert_non_null(fake_find_notice(&b.f, "peer-restarted", 0));
	bed_close(&b);
}

/*
 * RFC 5847 §3.2: what was updated before the announcement was so by the earlier
 * life, though after its counter was last asked for; what follows is the new one's
 */
static void announcement_parts_the_lives(void **state)
{
	struct prefix old, now;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "other", HI_NEW_INTERFACE, IF1);
	fake_advance_ms(&b.f, 0);
	answer(&b, 1, 7);
	fake_advance_ms(&b.f, 100);
	old = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_advance_ms(&b.f, 600);
	announce(&b, 1, 8);
	now = bed_register(&b, 1, "wifi", HI_NEW_INTERFACE, IF1);
	/* not believed yet: it may be anybody's */
	assert_int_equal(bed_binding(&b, &old)->path[0].kind, PMIP_PATH_TUNNEL);
	fake_advance_ms(&b.f, 50);
	answer(&b, 1, 8);
	assert_int_equal(bed_binding(&b, &old)->path[0].kind, PMIP_PATH_DROP);
	assert_int_equal(bed_binding(&b, &now)->path[0].kind, PMIP_PATH_TUNNEL);
	bed_close(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(newer_session_supersedes),
		cmocka_unit_test(other_interface_is_left_alone),
		cmocka_unit_test(first_counter_invalidates_nothing),
		cmocka_unit_test(counter_of_an_earlier_life),
		cmocka_unit_test(announcement_parts_the_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
