// SPDX-License-Identifier: GPL-2.0
/* Attachment, advertisement and departure (RFC 5213 §6.9.1.1, §6.9.2, §6.13). */
#include "mag_bed.h"

#include "core/log.h"

#include <malloc.h>

/* RFC 5213 §6.9.1.4: lifetime 0, HI 4, every prefix; then nothing is left */
static void detach_deregisters(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, 0)->ra.router_lifetime, 0);
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, 0)->ra.valid, 0);
	fake_advance_ms(&x->f, 1);
	m = &fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m->lifetime, 0);
	assert_int_equal(m->opts.hi, HI_UNKNOWN);
	assert_int_equal(m->opts.hnp[0].prefix.len, 64);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), -ENOENT);
}

/* Ours: the path that an earlier daemon saw fail is up for who attaches now */
static void attachment_wakes_the_path(void **state)
{
	struct fixture *x = *state;
	const struct fake_action *a;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_PATH_STATE), 1);
	a = fake_find(&x->f, FAKE_PATH_STATE, 0);
	assert_int_equal(a->path.state, PMIP_STATE_UP);
	assert_int_equal(a->path.ifindex, IF1);
	assert_true(llid_equal(&a->path.lladdr, &x->l1));
	/* after the binding, without which there is no path */
	assert_true(a > fake_find(&x->f, FAKE_BINDING_SET, 0));
}

/* RFC 5213 §6.9.1.4: a deregistration that nobody answers is repeated, then given up */
static void lost_deregistration_ends(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	mag_on_link(x->m, IF1, false);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	fake_advance_ms(&x->f, 20000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 4);
	assert_string_equal(state_of(x), "none");
}

/* RFC 5213 §6.9.1.1: a node that is back before, during or after deregistration is served */
static void return_is_welcome(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shack(x, SHACK_OK);
	mag_on_link(x->m, IF1, false);
	attach(x);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.opts.hi,
			 HI_REREGISTRATION);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	assert_string_equal(state_of(x), "active");
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 1);
	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	assert_string_equal(state_of(x), "active");
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 1);
	answer(x, PBA_ACCEPTED, NULL);
	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
}

/* RFC 7864 §3: two interfaces at one gateway: one binding, both links */
static void two_links_share_a_binding(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_SET), 1);
}

/* RFC 5213 §6.14: who is not ours, or one too many, gets nothing */
static void attachment_is_refused(void **state)
{
	struct fixture *x = *state;
	struct llid l = fake_llid("02:00:00:00:09:09");

	assert_int_equal(mag_on_attach(x->m, IF1, &l, NULL, NULL,
				       ATTACH_CARRIER), -EPERM);
	assert_int_equal(mag_on_attach(x->m, 99, &x->l1, NULL, NULL,
				       ATTACH_CARRIER), -ENODEV);
	x->conf.max_sessions = 1;
	attach(x);
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l2, NULL, NULL,
				       ATTACH_CARRIER), -ENOSPC);
}

/* What the process holds: by its sanitizer's word where it has one */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t memory_held(void)
{
	return __sanitizer_get_current_allocated_bytes ?
	       __sanitizer_get_current_allocated_bytes() : mallinfo2().uordblks;
}

/* RFC 4861 §6.2.6: a flood of made-up addresses takes no memory, causes no action */
static void solicitation_flood_is_harmless(void **state)
{
	struct fixture *x = *state;
	struct llid l = { .len = 6 };
	size_t held;
	int i;

	log_set_level(LOG_EMERG);
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	held = memory_held();
	for (i = 0; i < 100000; i++) {
		uint32_t r = fake_random(&x->f);

		memcpy(l.id + 2, &r, sizeof(r));
		mag_on_rs(x->m, IF1, &l, &in6addr_any);
	}
	assert_int_equal(memory_held(), held);
	assert_int_equal(x->f.len, 0);
	assert_int_equal(mag_counters(x->m)->rs_rx, 100000);
	assert_true(mag_counters(x->m)->rs_limited > 80000);
	for (i = 0; i < 100; i++)
		mag_on_rs(x->m, IF1, &x->l1, &in6addr_any);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 3);
}

/* RFC 5847 §3.4: after the anchor's restart every session is registered anew */
static void anchor_restart_registers_again(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	mag_on_peer_restart(x->m, peer_find(&x->peers, &x->self, &x->lma));
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

/* RFC 5213 §6.9.1.1: who may not by this technology, has no anchor, or is taken */
static void attachment_errors_are_told_apart(void **state)
{
	struct mn_id other = fake_nai("mn2@example.org");
	struct fixture *x = *state;

	assert_int_equal(mag_on_attach(x->m, IF2, &x->l5, NULL, NULL,
				       ATTACH_CARRIER), -EACCES);
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l5, NULL, NULL,
				       ATTACH_CARRIER), 0);
	attach(x);
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, &other, NULL,
				       ATTACH_OPERATOR), -EBUSY);
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, &x->id, NULL,
				       ATTACH_OPERATOR), 0);
	x->conf.lma = in6addr_any;
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l3, NULL, NULL,
				       ATTACH_CARRIER), -EDESTADDRREQ);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
}

/* RFC 4861 §6.2.6: a newcomer that solicits too often is not listened to for a while */
static void eager_newcomer_is_limited(void **state)
{
	struct llid l = fake_llid("02:00:00:00:09:09");
	struct fixture *x = *state;
	unsigned int i;

	for (i = 0; i < 3; i++)
		assert_int_equal(mag_on_attach(x->m, IF1, &l, NULL, NULL,
					       ATTACH_RS), -EPERM);
	assert_int_equal(mag_on_attach(x->m, IF1, &l, NULL, NULL, ATTACH_RS),
			 -EBUSY);
	fake_advance_ms(&x->f, 1001);
	assert_int_equal(mag_on_attach(x->m, IF1, &l, NULL, NULL, ATTACH_RS),
			 -EPERM);
}

/* RFC 5213 §6.9.2: the solicited node hears of its prefixes, by unicast */
static void solicitation_is_answered(void **state)
{
	struct in6_addr lla = fake_addr("fe80::1:1");
	struct fixture *x = *state;
	const struct ra_out *ra;

	mag_on_rs(x->m, IF1, &x->l1, &lla);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	mag_on_rs(x->m, IF1, &x->l1, &lla);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_rs(x->m, IF1, &x->l1, &lla);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 2);
	ra = &fake_find(&x->f, FAKE_SEND_RA, 1)->ra;
	assert_memory_equal(&ra->dst, &lla, sizeof(lla));
	assert_true(llid_equal(&ra->lladdr, &x->l1));
	assert_int_equal(ra->router_lifetime, 1800);
	assert_int_equal(ra->valid, 3600);
	assert_int_equal(ra->mtu, 1460);
	assert_int_equal(ra->n_prefixes, 1);
}

/* RFC 4861 §6.2.4: unsolicited ones at uniformly distributed times */
static void advertisements_are_periodic(void **state)
{
	struct fixture *x = *state;
	uint64_t at = 0, gap, least = ~0ULL, most = 0;
	size_t i, n;

	x->conf.ra_ms = 60000;
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 2000000);
	n = fake_count(&x->f, FAKE_SEND_RA);
	for (i = 0; i < n; i++) {
		const struct fake_action *a = fake_find(&x->f, FAKE_SEND_RA, i);

		gap = (a->at - at) / NSEC_PER_MSEC;
		at = a->at;
		least = i && gap < least ? gap : least;
		most = i && gap > most ? gap : most;
	}
	assert_true(least > 45000 && most <= 60000 && most - least > 1000);
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 100000);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), n);
}

/* For two hours of refreshes: the longest time between two advertisements */
static uint64_t longest_gap_ms(struct fixture *x, uint32_t lifetime)
{
	size_t i, n, pbus = 0;
	uint64_t longest = 0;

	x->conf.lifetime = lifetime;
	attach(x);
	for (i = 0; i < 7200; i++) {
		n = fake_count_mh(&x->f, MH_PBU);
		if (n != pbus)
			answer(x, PBA_ACCEPTED, NULL);
		pbus = n;
		fake_advance_ms(&x->f, 1000);
	}
	n = fake_count(&x->f, FAKE_SEND_RA);
	assert_true(n > 7200 / lifetime);
	for (i = 1; i < n; i++) {
		uint64_t gap = fake_find(&x->f, FAKE_SEND_RA, i)->at -
			       fake_find(&x->f, FAKE_SEND_RA, i - 1)->at;

		assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, i)->ra.valid, lifetime);
		longest = gap > longest ? gap : longest;
	}
	return longest / NSEC_PER_MSEC;
}

/* RFC 4862 §5.5.4: "A deprecated address [...] becomes invalid when its valid
 * lifetime expires": before it does, three advertisements have renewed it
 */
static void prefix_never_expires(void **state)
{
	struct fixture *x = *state;

	x->conf.ra_ms = 60000;
	assert_in_range(longest_gap_ms(x, 40), 5000, 13400);
}

/* pmipd.conf(5): ra-ms 0: not periodic; each refresh advertises what it has renewed */
static void refresh_advertises(void **state)
{
	struct fixture *x = *state;

	x->conf.ra_ms = 0;
	assert_in_range(longest_gap_ms(x, 400), 260000, 301000);
}

/* RFC 5213 §6.13: "by using some reliable method": probed while it is served */
static void neighbour_is_probed(void **state)
{
	struct in6_addr lla = fake_addr("fe80::1:1");
	struct fixture *x = *state;

	x->conf.probe_ms = 10000;
	mag_on_rs(x->m, IF1, &x->l1, &lla);
	fake_advance_ms(&x->f, 500);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 30001);
	assert_int_equal(fake_count(&x->f, FAKE_PROBE), 3);
	assert_memory_equal(&fake_find(&x->f, FAKE_PROBE, 0)->probe.addr, &lla,
			    sizeof(lla));
	assert_int_equal(fake_find(&x->f, FAKE_PROBE, 0)->probe.ifindex, IF1);
	mag_on_neighbour(x->m, IF1, &x->l1, false);
	fake_advance_ms(&x->f, 30001);
	assert_int_equal(fake_count(&x->f, FAKE_PROBE), 3);
}

/* RFC 4291 appendix A: one that was never heard, at the address it is likely to have */
static void silent_neighbour_is_probed(void **state)
{
	struct in6_addr guess = fake_addr("fe80::ff:fe00:101");
	struct in6_addr lla = fake_addr("fe80::1:1");
	struct fixture *x = *state;
	const struct fake_probe *p;

	x->conf.probe_ms = 10000;
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 10001);
	assert_int_equal(fake_count(&x->f, FAKE_PROBE), 1);
	p = &fake_find(&x->f, FAKE_PROBE, 0)->probe;
	assert_memory_equal(&p->addr, &guess, sizeof(guess));
	/* a guess: its silence is nobody's departure */
	assert_int_equal(p->lladdr.len, 0);
	mag_on_rs(x->m, IF1, &x->l1, &lla);
	fake_advance_ms(&x->f, 10001);
	p = &fake_find(&x->f, FAKE_PROBE, 1)->probe;
	assert_memory_equal(&p->addr, &lla, sizeof(lla));
	assert_true(llid_equal(&p->lladdr, &x->l1));
}

/* IEEE 802.15.4 has EUI-64 addresses; where there is none there is no guess */
static void other_lladdrs_are_probed(void **state)
{
	struct llid wide = fake_llid("02:00:00:00:00:00:01:01"), none = { 0 };
	struct in6_addr guess = fake_addr("fe80::101");
	struct fixture *x = *state;

	x->conf.probe_ms = 10000;
	assert_int_equal(mag_on_attach(x->m, IF1, &none, &x->id, NULL, ATTACH_OPERATOR), 0);
	fake_advance_ms(&x->f, 1);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 10001);
	assert_int_equal(fake_count(&x->f, FAKE_PROBE), 0);
	assert_int_equal(mag_on_detach(x->m, IF1, &none), 0);
	fake_advance_ms(&x->f, 1);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 10001);
	assert_int_equal(mag_on_attach(x->m, IF1, &wide, &x->id, NULL, ATTACH_OPERATOR), 0);
	fake_advance_ms(&x->f, 1);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 10001);
	assert_int_equal(fake_count(&x->f, FAKE_PROBE), 1);
	assert_memory_equal(&fake_find(&x->f, FAKE_PROBE, 0)->probe.addr, &guess,
			    sizeof(guess));
}

/* RFC 5213 §6.13: neighbour unreachability: deregistered without a word to it */
static void unreachable_neighbour_leaves(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	mag_on_neighbour(x->m, IF1, &x->l2, false);
	assert_int_equal(x->f.len, 0);
	mag_on_neighbour(x->m, IF1, &x->l1, false);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.lifetime, 0);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(state_of(x), "none");
}

/* RFC 4861 §7.3: heard of again before its turn: path up, binding refreshed */
static void reachable_neighbour_stays(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	mag_on_neighbour(x->m, IF1, &x->l1, false);
	assert_string_equal(state_of(x), "leaving");
	mag_on_neighbour(x->m, IF1, &x->l1, true);
	assert_int_equal(fake_find(&x->f, FAKE_PATH_STATE, 0)->path.state,
			 PMIP_STATE_UP);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.hi,
			 HI_REREGISTRATION);
	fake_advance_ms(&x->f, 500);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
}

/* RFC 5213 §5.4.1.2: one interface on another link here: one binding at the anchor */
static void session_moves_between_links(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	mag_on_rs(x->m, IF2, &x->l1, &in6addr_any);
	b = &fake_find(&x->f, FAKE_BINDING_SET, 0)->binding;
	assert_int_equal(b->n_paths, 1);
	assert_int_equal(b->path[0].ifindex, IF2);
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, 0)->ra.ifindex, IF2);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 100);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), -ENOENT);
	assert_int_equal(mag_on_detach(x->m, IF2, &x->l1), 0);
}

/* RFC 5213 §6.12: the anchor's latest word: a prefix it gives to another is the other's */
static void prefix_is_taken_over(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;

	attach(x);
	grant(x, 0, "2001:db8:100:1::/64");
	fake_reset(&x->f);
	mag_on_attach(x->m, IF2, &x->l3, NULL, NULL, ATTACH_CARRIER);
	grant(x, 0, "2001:db8:100:1::/64");
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, 0)->ra.valid, 0);
	assert_true(llid_equal(&fake_find(&x->f, FAKE_SEND_RA, 0)->ra.lladdr,
			       &x->l1));
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_true(fake_index(&x->f, FAKE_BINDING_DEL, 0) <
		    fake_index(&x->f, FAKE_BINDING_SET, 0));
	b = &fake_find(&x->f, FAKE_BINDING_SET, 0)->binding;
	assert_int_equal(b->path[0].ifindex, IF2);
	fake_reset(&x->f);
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 60000);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(detach_deregisters),
		T(attachment_wakes_the_path),
		T(lost_deregistration_ends),
		T(return_is_welcome),
		T(two_links_share_a_binding),
		T(attachment_is_refused),
		T(solicitation_flood_is_harmless),
		T(anchor_restart_registers_again),
		T(attachment_errors_are_told_apart),
		T(eager_newcomer_is_limited),
		T(solicitation_is_answered),
		T(advertisements_are_periodic),
		T(prefix_never_expires),
		T(refresh_advertises),
		T(neighbour_is_probed),
		T(silent_neighbour_is_probed),
		T(other_lladdrs_are_probed),
		T(unreachable_neighbour_leaves),
		T(reachable_neighbour_stays),
		T(session_moves_between_links),
		T(prefix_is_taken_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
