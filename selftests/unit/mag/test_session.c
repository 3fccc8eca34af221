// SPDX-License-Identifier: GPL-2.0
/* Sessions, registrations and associations of the access gateway. */
#include "fake_env.h"

#include "mag/mag.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define IF1	3
#define IF2	4

struct fixture {
	struct fake_env f;
	struct mag_conf conf;
	struct peers peers;
	struct policy policy;
	struct prefix allowed;
	struct mag *m;
	struct in6_addr self, lma, other;
	struct llid l1, l2;
	struct mn_id id;
};

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));
	struct peer_conf pc = { 0 };
	struct profile pr;

	fake_init(&x->f);
	x->self = fake_addr("2001:db8:0:2::1");
	x->lma = fake_addr("2001:db8:0:1::1");
	x->other = fake_addr("2001:db8:0:2::2");
	x->l1 = fake_llid("02:00:00:00:01:01");
	x->l2 = fake_llid("02:00:00:00:01:02");
	x->id = fake_nai("mn1@example.org");
	x->allowed = fake_prefix("2001:db8:0:2::/64");
	x->conf = (struct mag_conf) {
		.enabled = true, .address = x->self, .lma = x->lma,
		.seamless = true, .lifetime = 3600, .shi_lifetime = 3600,
		.timestamps = true, .bindack_ms = 1000, .shi_ms = 500,
		.linger_ms = 3000, .router_lifetime = 1800, .rs_per_second = 3,
		.n_links = 2, .n_peers = 1, .peer = &x->allowed,
		.link = { { .att = 4, .ifindex = IF1 }, { .att = 3, .ifindex = IF2 } },
	};
	memset(&pr, 0, sizeof(pr));
	pr.mn_id = x->id;
	pr.allowed = true;
	pr.multihoming = MULTIHOMING_SHARED;
	pr.n_lladdrs = 2;
	pr.lladdr[0] = x->l1;
	pr.lladdr[1] = x->l2;
	assert_int_equal(policy_table_open(&x->policy, &pr, 1), 0);
	peers_init(&x->peers, &x->f.env, &pc);
	x->m = mag_new(&x->f.env, &x->conf, &x->peers, &x->policy);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	mag_free(x->m);
	peers_free(&x->peers);
	policy_free(&x->policy);
	fake_free(&x->f);
	free(x);
	return 0;
}

static struct mh_msg pba_for(struct fixture *x, uint8_t status)
{
	const struct fake_mh *pbu = fake_find_mh(&x->f, MH_PBU, -1);
	struct mh_msg m;

	assert_non_null(pbu);
	m = pbu->msg;
	m.kind = MH_PBA;
	m.flags = PBA_F_P;
	m.status = status;
	m.opts.hnp[0].prefix = fake_prefix("2001:db8:100:1::/64");
	return m;
}

static void answer(struct fixture *x, uint8_t status, const char *mag)
{
	struct mh_msg m = pba_for(x, status);

	if (mag) {
		m.opts.present |= MH_HAS_MAG_ADDR;
		m.opts.n_mag = 1;
		m.opts.mag[0] = fake_addr(mag);
	}
	mag_on_pba(x->m, &x->lma, &x->self, &m);
}

static void attach(struct fixture *x)
{
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, NULL, NULL,
				       ATTACH_CARRIER), 0);
}

static bool keep_state(void *arg, const struct mag_session_view *v)
{
	*(const char **)arg = v->state;
	return true;
}

static const char *state_of(struct fixture *x)
{
	const char *s = "none";

	mag_each(x->m, keep_state, &s);
	return s;
}

static void shi(struct fixture *x, uint16_t seq, uint16_t lifetime,
		const char *from)
{
	struct in6_addr src = fake_addr(from);
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_SHI;
	m.seq = seq;
	m.flags = SHI_F_A;
	m.lifetime = lifetime;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = x->id;
	mag_on_shi(x->m, &src, &x->self, &m);
}

static void shack(struct fixture *x, uint8_t status)
{
	const struct fake_mh *s = fake_find_mh(&x->f, MH_SHI, -1);
	struct mh_msg m = s->msg;
	struct in6_addr src = s->dst;

	m.kind = MH_SHACK;
	m.status = status;
	mag_on_shack(x->m, &src, &x->self, &m);
}

/* RFC 5213 §6.9.1.5: P and A flags, MN-ID, HNP, HI and ATT are mandatory */
static void pbu_carries_what_is_mandatory(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	attach(x);
	m = &fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m->flags, PBU_F_A | PBU_F_P);
	assert_int_equal(m->opts.present, MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI |
			 MH_HAS_ATT | MH_HAS_LLID | MH_HAS_TIMESTAMP);
	assert_int_equal(m->opts.n_hnp, 1);
	assert_int_equal(m->opts.hnp[0].prefix.len, 0);
	assert_int_equal(m->opts.att, 4);
	assert_int_equal(m->opts.hi, HI_SHARED_PREFIXES);
	assert_int_equal(m->lifetime, 900);
}

/* RFC 6275 §11.8: "the timeout period is doubled upon each retransmission" */
static void lost_pbu_is_sent_again(void **state)
{
	struct fixture *x = *state;
	uint64_t at = 0, gap = 1;
	size_t i, n;

	attach(x);
	fake_advance_ms(&x->f, 127500);
	n = fake_count_mh(&x->f, MH_PBU);
	assert_int_equal(n, 9);	/* at 0 1 3 7 15 31 63 95 127 s */
	for (i = 0; i < n; i++) {
		int k = fake_index_mh(&x->f, MH_PBU, i);

		if (i) {
			assert_int_equal(x->f.v[k].at - at, gap * NSEC_PER_SEC);
			gap = gap < 32 ? gap * 2 : 32;
		}
		at = x->f.v[k].at;
	}
}

/* RFC 5213 §6.9.1.2-12 to -14: tunnel, then binding, then advertisement */
static void acceptance_sets_up_forwarding(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;

	attach(x);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	answer(x, PBA_ACCEPTED, NULL);
	assert_true(fake_index(&x->f, FAKE_TUNNEL_SET, 0) <
		    fake_index(&x->f, FAKE_BINDING_SET, 0));
	assert_true(fake_index(&x->f, FAKE_BINDING_SET, 0) <
		    fake_index(&x->f, FAKE_SEND_RA, 0));
	b = &fake_find(&x->f, FAKE_BINDING_SET, 0)->binding;
	assert_int_equal(b->n_paths, 1);
	assert_int_equal(b->path[0].kind, PMIP_PATH_LINK);
	assert_int_equal(b->path[0].ifindex, IF1);
	assert_int_equal(b->uplink, 1);
	assert_string_equal(state_of(x), "active");
}

/* RFC 5213 §6.9.1.3: HI 5 and the assigned prefixes, before the end */
static void refresh_comes_before_expiry(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 2300000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	fake_advance_ms(&x->f, 400001);
	m = &fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m->opts.hi, HI_REREGISTRATION);
	assert_int_equal(m->opts.hnp[0].prefix.len, 64);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
}

/* A binding that is not refreshed in time is neither forwarded nor advertised */
static void unanswered_refresh_ends_service(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 3700000);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_string_equal(state_of(x), "registering");
}

/* RFC 5213 §6.9.1.2-5: what matches no request MUST be ignored */
static void stray_pba_changes_nothing(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	m = pba_for(x, PBA_ACCEPTED);
	m.seq++;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	m.seq--;
	mag_on_pba(x->m, &x->other, &x->self, &m);
	m.opts.mn_id = fake_nai("nobody@example.org");
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(mag_counters(x->m)->stray, 3);
	assert_string_equal(state_of(x), "registering");
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	m = (struct mh_msg) { 0 };
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(x->f.len, 0);
}

/* RFC 5213 §6.9.1.2-6: not echoed: "MUST NOT retransmit" */
static void mismatched_echo_stops_retransmission(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	m = pba_for(x, PBA_ACCEPTED);
	m.opts.att = 9;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 100000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
}

/* RFC 5213 §6.9.1.2-7: no PBU "until an administrative action is taken" */
static void final_refusals_deny_service(void **state)
{
	static const uint8_t status[] = { 129, 152, 153, 154, 158, 160, 161, 162 };
	struct fixture *x = *state;
	size_t i;

	for (i = 0; i < sizeof(status); i++) {
		fake_reset(&x->f);
		assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, NULL, NULL,
					       ATTACH_OPERATOR), 0);
		answer(x, status[i], NULL);
		assert_string_equal(state_of(x), "denied");
		fake_reset(&x->f);
		mag_on_rs(x->m, IF1, &x->l1, &in6addr_any);
		fake_advance_ms(&x->f, 100000);
		assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
		assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	}
}

/* RFC 5213 §6.9.1.2-8: 157: "try to register again", with a later timestamp */
static void lower_timestamp_is_reasserted(void **state)
{
	struct fixture *x = *state;
	uint64_t first;

	attach(x);
	first = fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.timestamp;
	answer(x, PBA_TIMESTAMP_LOWER_THAN_PREV, NULL);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	assert_true(fake_find_mh(&x->f, MH_PBU, 1)->msg.opts.timestamp > first);
}

/* RFC 5213 §6.9.1.2-9: 156: not at once, and not by the anchor's clock */
static void timestamp_mismatch_waits(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_TIMESTAMP_MISMATCH, NULL);
	fake_advance_ms(&x->f, 31999);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
}

/* RFC 5213 §6.9.1.2-10: 155: not the same prefixes again, but ALL_ZERO */
static void foreign_prefix_is_not_asked_again(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_NOT_AUTHORIZED_FOR_HNP, NULL);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	answer(x, PBA_NOT_AUTHORIZED_FOR_HNP, NULL);
	assert_string_equal(state_of(x), "denied");
}

/* RFC 5213 §5.5: 135 brings the anchor's sequence number: go on from there */
static void sequence_is_taken_up(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	x->conf.timestamps = false;
	attach(x);
	m = pba_for(x, PBA_SEQ_OUT_OF_WINDOW);
	assert_false(m.opts.present & MH_HAS_TIMESTAMP);
	m.seq = 4711;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.seq, 4712);
}

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

/* A deregistration that nobody answers is repeated, then given up */
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

/* Draft §4.3: "it need to send SHI message to some other MAGs", with MN-ID */
static void named_gateway_is_solicited(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	assert_true(fake_find_mh(&x->f, MH_SHI, 0)->msg.flags & SHI_F_A);
	assert_true(mn_id_equal(&fake_find_mh(&x->f, MH_SHI, 0)->msg.opts.mn_id,
				&x->id));
	shack(x, SHACK_OK);
	b = &fake_find(&x->f, FAKE_BINDING_SET, -1)->binding;
	assert_int_equal(b->n_paths, 2);
	assert_int_equal(b->path[0].kind, PMIP_PATH_LINK);
	assert_int_equal(b->path[1].kind, PMIP_PATH_TUNNEL);
	fake_reset(&x->f);
}

/* Draft §5.1: lost SHI and SHAck: four tries, doubling, then no more */
static void lost_shi_is_sent_again(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	fake_advance_ms(&x->f, 60000);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 4);
	assert_non_null(fake_find_notice(&x->f, "shi-refused", 0));
}

/* Draft §5.2: status 128 and 129: no tunnel; a second answer is a stray */
static void refused_shi_makes_no_tunnel(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shack(x, SHACK_NOT_ATTACHED);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_SET), 1);
	shack(x, SHACK_OK);
	assert_int_equal(mag_counters(x->m)->stray, 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_SET), 1);
}

/* Draft §4.3: attached: SHAck 0 after tunnel and path; otherwise 129 */
static void shi_is_answered(void **state)
{
	struct fixture *x = *state;

	shi(x, 7, 900, "2001:db8:0:2::2");
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 0)->msg.status, 129);
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 0)->msg.seq, 7);
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	shi(x, 8, 900, "2001:db8:0:2::2");
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 1)->msg.status, 0);
	assert_true(fake_index(&x->f, FAKE_BINDING_SET, 1) <
		    fake_index_mh(&x->f, MH_SHACK, 1));
	shi(x, 9, 900, "2001:db8:bad::1");
	assert_int_equal(fake_count_mh(&x->f, MH_SHACK), 2);
	shi(x, 10, 0, "2001:db8:0:2::2");
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
}

/* Draft §4.1: after its departure the node is still reached by the tunnel */
static void lingering_redirects_then_releases(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shack(x, SHACK_OK);
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 1);
	b = &fake_find(&x->f, FAKE_BINDING_SET, -1)->binding;
	assert_int_equal(b->n_paths, 1);
	assert_int_equal(b->path[0].kind, PMIP_PATH_TUNNEL);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "lingering");
	shi(x, 3, 900, "2001:db8:0:2::2");
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 0)->msg.status, 129);
	fake_advance_ms(&x->f, 2999);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(fake_find_mh(&x->f, MH_SHI, -1)->msg.lifetime, 0);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 2);
	assert_null(x->f.timers.len ? x : NULL);
}

/* A node that comes back before, during or after deregistration is served */
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

/* Two interfaces at one gateway: one binding, both links */
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

/* Who is not ours, or one too many, gets nothing */
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

/* A flood of made-up addresses takes no memory and causes no action */
static void solicitation_flood_is_harmless(void **state)
{
	struct fixture *x = *state;
	struct llid l = { .len = 6 };
	int i;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	for (i = 0; i < 100000; i++) {
		uint32_t r = fake_random(&x->f);

		memcpy(l.id + 2, &r, sizeof(r));
		mag_on_rs(x->m, IF1, &l, &in6addr_any);
	}
	assert_int_equal(x->f.len, 0);
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

/* A dead gateway is no path */
static void dead_peer_is_dropped(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shack(x, SHACK_OK);
	mag_on_peer_dead(x->m, peer_find(&x->peers, &x->self, &x->other));
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_string_equal(state_of(x), "active");
}

/* RFC 5213 alone: option 51 is not looked at, an SHI is refused */
static void plain_mode_solicits_nobody(void **state)
{
	struct fixture *x = *state;

	x->conf.seamless = false;
	attach(x);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.hi, HI_UNKNOWN);
	answer(x, PBA_ACCEPTED, "2001:db8:0:2::2");
	shi(x, 1, 900, "2001:db8:0:2::2");
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 0);
	assert_int_equal(fake_find_mh(&x->f, MH_SHACK, 0)->msg.status, 128);
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(pbu_carries_what_is_mandatory),
		T(lost_pbu_is_sent_again),
		T(acceptance_sets_up_forwarding),
		T(refresh_comes_before_expiry),
		T(unanswered_refresh_ends_service),
		T(stray_pba_changes_nothing),
		T(mismatched_echo_stops_retransmission),
		T(final_refusals_deny_service),
		T(lower_timestamp_is_reasserted),
		T(timestamp_mismatch_waits),
		T(foreign_prefix_is_not_asked_again),
		T(sequence_is_taken_up),
		T(detach_deregisters),
		T(lost_deregistration_ends),
		T(named_gateway_is_solicited),
		T(lost_shi_is_sent_again),
		T(refused_shi_makes_no_tunnel),
		T(shi_is_answered),
		T(lingering_redirects_then_releases),
		T(return_is_welcome),
		T(two_links_share_a_binding),
		T(attachment_is_refused),
		T(solicitation_flood_is_harmless),
		T(anchor_restart_registers_again),
		T(dead_peer_is_dropped),
		T(plain_mode_solicits_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
