// SPDX-License-Identifier: GPL-2.0
/* Heartbeats, restart counters, and the tunnel that a pair shares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_env.h"
#include "peer/peer.h"

struct bed {
	struct fake_env f;
	struct peers ps;
	struct peer *p;
	struct in6_addr local, remote;
	unsigned int dead, restarted, alive;
};

static void on_dead(void *arg, struct peer *p)
{
	(void)p;
	((struct bed *)arg)->dead++;
}

static void on_restart(void *arg, struct peer *p)
{
	(void)p;
	((struct bed *)arg)->restarted++;
}

static void on_alive(void *arg, struct peer *p)
{
	(void)p;
	((struct bed *)arg)->alive++;
}

static void open_bed(struct bed *b, uint32_t heartbeat_ms)
{
	struct peer_conf pc = {
		.heartbeat_ms = heartbeat_ms, .missing_allowed = 3,
		.restart_counter = 42,
	};

	memset(b, 0, sizeof(*b));
	fake_init(&b->f);
	peers_init(&b->ps, &b->f.env, &pc);
	b->ps.on_dead = on_dead;
	b->ps.on_restart = on_restart;
	b->ps.on_alive = on_alive;
	b->ps.arg = b;
	b->local = fake_addr("2001:db8::1");
	b->remote = fake_addr("2001:db8::2");
	b->p = peer_get(&b->ps, &b->local, &b->remote);
	assert_non_null(b->p);
}

static void close_bed(struct bed *b)
{
	peers_free(&b->ps);
	fake_free(&b->f);
}

static void heartbeat(struct bed *b, uint16_t flags, uint32_t seq, int counter)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_HEARTBEAT;
	m.flags = flags;
	m.hb_seq = seq;
	if (counter >= 0) {
		m.opts.present = MH_HAS_RESTART;
		m.opts.restart = counter;
	}
	peer_on_heartbeat(&b->ps, &b->local, &b->remote, &m);
}

/* Answer the newest request */
static void respond(struct bed *b, int counter)
{
	const struct fake_mh *hb = fake_find_mh(&b->f, MH_HEARTBEAT, -1);

	assert_non_null(hb);
	heartbeat(b, HB_F_R, hb->msg.hb_seq, counter);
}

static size_t sent(struct bed *b)
{
	return fake_count_mh(&b->f, MH_HEARTBEAT);
}

/* RFC 5847 §3: "MUST respond to a Heartbeat Request … irrespective of" a binding */
static void request_is_answered(void **state)
{
	const struct fake_mh *hb;
	struct bed b;

	(void)state;
	open_bed(&b, 0);
	b.remote = fake_addr("2001:db8::3");
	heartbeat(&b, 0, 99, -1);
	assert_int_equal(sent(&b), 1);
	hb = fake_find_mh(&b.f, MH_HEARTBEAT, 0);
	assert_int_equal(hb->msg.flags, HB_F_R);
	assert_int_equal(hb->msg.hb_seq, 99);
	assert_int_equal(hb->msg.opts.restart, 42);
	assert_true(hb->msg.opts.present & MH_HAS_RESTART);
	assert_memory_equal(&hb->dst, &b.remote, 16);
	assert_null(peer_find(&b.ps, &b.local, &b.remote));
	b.remote = fake_addr("ff02::1");
	heartbeat(&b, 0, 99, -1);
	b.remote = fake_addr("::");
	heartbeat(&b, 0, 99, -1);
	assert_int_equal(sent(&b), 1);
	close_bed(&b);
}

/* RFC 5847 §3: "can be sent only if the MAG has at least one … Entry" */
static void only_with_a_binding(void **state)
{
	struct bed b;

	(void)state;
	open_bed(&b, 1000);
	fake_advance_ms(&b.f, 10000);
	assert_int_equal(sent(&b), 0);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	assert_int_equal(sent(&b), 1);
	assert_int_equal(fake_find_mh(&b.f, MH_HEARTBEAT, 0)->msg.flags, 0);
	assert_int_equal(fake_find_mh(&b.f, MH_HEARTBEAT, 0)->msg.opts.present,
			 0);
	respond(&b, 1);
	peer_tunnel_put(b.p);
	fake_advance_ms(&b.f, 10000);
	assert_int_equal(sent(&b), 1);
	close_bed(&b);
}

/* Ours: a peer that never showed heartbeats gets one, and is not declared dead */
static void silent_peer_is_probed_once(void **state)
{
	struct bed b;

	(void)state;
	open_bed(&b, 1000);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	assert_int_equal(sent(&b), 1);
	fake_advance_ms(&b.f, 100000);
	/* nor once more for the next first binding */
	peer_tunnel_put(b.p);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 100000);
	assert_int_equal(sent(&b), 1);
	assert_int_equal(b.dead, 0);
	assert_false(b.ps.changed);
	/* it asks itself, so it knows them: ours begin again */
	heartbeat(&b, 0, 5, -1);
	assert_true(b.ps.changed);
	fake_advance_ms(&b.f, 1);
	assert_int_equal(sent(&b), 3);
	fake_advance_ms(&b.f, 1000);
	assert_int_equal(sent(&b), 4);
	close_bed(&b);
}

/* RFC 5847 §3.1: "exceeds … MISSING_HEARTBEATS_ALLOWED … is not reachable" */
static void death_and_return(void **state)
{
	struct bed b;

	(void)state;
	open_bed(&b, 1000);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	respond(&b, 1);
	fake_advance_ms(&b.f, 1000);		/* request unanswered from here */
	fake_advance_ms(&b.f, 3000);		/* three are missing */
	assert_int_equal(b.p->missed, 3);
	assert_int_equal(b.dead, 0);
	fake_advance_ms(&b.f, 1000);
	assert_int_equal(b.dead, 1);
	assert_false(b.p->alive);
	assert_int_equal(fake_find(&b.f, FAKE_TUNNEL_SET, -1)->tunnel.state,
			 PMIP_STATE_DOWN);
	fake_advance_ms(&b.f, 5000);
	assert_int_equal(b.dead, 1);
	respond(&b, 1);
	assert_int_equal(b.alive, 1);
	assert_int_equal(b.restarted, 1);
	assert_int_equal(b.p->missed, 0);
	assert_int_equal(fake_find(&b.f, FAKE_TUNNEL_SET, -1)->tunnel.state,
			 PMIP_STATE_UP);
	close_bed(&b);
}

/* RFC 5847 §3.1: "If a Heartbeat Response message is received, … is reset" */
static void one_answer_resets(void **state)
{
	struct bed b;
	int i;

	(void)state;
	open_bed(&b, 1000);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	for (i = 0; i < 10; i++) {
		fake_advance_ms(&b.f, i ? 3000 : 0);
		respond(&b, 1);
	}
	assert_int_equal(b.dead, 0);
	close_bed(&b);
}

/* RFC 5847 §3.1: "matches every received Heartbeat Response to the … Request" */
static void stale_response(void **state)
{
	struct bed b;

	(void)state;
	open_bed(&b, 1000);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	respond(&b, 1);
	fake_advance_ms(&b.f, 2000);
	heartbeat(&b, HB_F_R, b.p->hb_seq - 1, 2);
	assert_int_equal(b.p->missed, 1);
	assert_int_equal(b.restarted, 1);
	close_bed(&b);
}

/*
 * RFC 5847 §3.2: "If the value is different, … had crashed and recovered"; ours:
 * "no previously stored value" says nothing of what was agreed on before
 */
static void restart(void **state)
{
	struct bed b;
	size_t n;

	(void)state;
	open_bed(&b, 1000);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	respond(&b, 5);
	assert_int_equal(b.restarted, 1);
	assert_null(fake_find_notice(&b.f, "peer-restarted", 0));
	fake_advance_ms(&b.f, 1000);
	respond(&b, 5);
	assert_int_equal(b.restarted, 1);
	/* unsolicited: "The sequence number field … is ignored" */
	heartbeat(&b, HB_F_R | HB_F_U, 0, 6);
	/* ours: asked about at once, and believed with the answer */
	assert_int_equal(b.restarted, 1);
	n = sent(&b);
	fake_advance_ms(&b.f, 0);
	assert_int_equal(sent(&b), n + 1);
	respond(&b, 6);
	assert_int_equal(b.restarted, 2);
	assert_non_null(fake_find_notice(&b.f, "peer-restarted", 0));
	fake_advance_ms(&b.f, 1000);
	respond(&b, 6);
	assert_int_equal(b.restarted, 2);
	close_bed(&b);
}

/* Ours: announcements that no answer bears out cost a request a second, no more */
static void false_announcements(void **state)
{
	struct bed b;
	size_t n;
	int i;

	(void)state;
	open_bed(&b, 60000);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	respond(&b, 5);
	b.ps.changed = false;
	n = sent(&b);
	for (i = 0; i < 500; i++) {
		size_t before = sent(&b);

		heartbeat(&b, HB_F_R | HB_F_U, 0, 1000 + i);
		fake_advance_ms(&b.f, 10);
		if (sent(&b) > before)
			respond(&b, 5);
	}
	assert_in_range(sent(&b) - n, 4, 6);
	assert_int_equal(b.restarted, 1);
	assert_false(b.ps.changed);
	/* then the interval again */
	fake_advance_ms(&b.f, 5000);
	respond(&b, 5);
	n = sent(&b);
	fake_advance_ms(&b.f, 50000);
	assert_int_equal(sent(&b), n);
	assert_int_equal(b.dead, 0);
	close_bed(&b);
}

/* Ours: request or answer lost: asked again soon, which is no missing heartbeat */
static void announcement_is_asked_about_again(void **state)
{
	struct bed b;
	size_t n;

	(void)state;
	open_bed(&b, 60000);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	respond(&b, 5);
	n = sent(&b);
	heartbeat(&b, HB_F_R | HB_F_U, 0, 6);
	fake_advance_ms(&b.f, 2500);
	assert_int_equal(sent(&b), n + 3);
	assert_int_equal(b.p->missed, 0);
	respond(&b, 6);
	assert_int_equal(b.restarted, 2);
	/* nobody answers: no more than three */
	n = sent(&b);
	heartbeat(&b, HB_F_R | HB_F_U, 0, 7);
	fake_advance_ms(&b.f, 50000);
	assert_int_equal(sent(&b), n + 3);
	close_bed(&b);
}

/* Ours: what is older than a request was agreed on before what answered it began */
static void counter_is_as_old_as_its_request(void **state)
{
	uint64_t asked;
	struct bed b;

	(void)state;
	open_bed(&b, 1000);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	asked = b.f.now;
	fake_advance_ms(&b.f, 200);
	respond(&b, 5);
	assert_int_equal(b.p->counter_seen, asked);
	fake_advance_ms(&b.f, 200);
	heartbeat(&b, HB_F_R | HB_F_U, 0, 6);
	assert_int_equal(b.p->counter_seen, asked);
	fake_advance_ms(&b.f, 100);
	asked = b.p->hb_sent;
	respond(&b, 6);
	assert_int_equal(b.p->counter_seen, asked);
	close_bed(&b);
}

/* RFC 5847 §3.2: a restart between two daemons of our own is one as well */
static void counter_outlives_the_daemon(void **state)
{
	struct peer_memory m;
	struct bed b, next;

	(void)state;
	open_bed(&b, 1000);
	assert_false(peer_remember(b.p, &m));
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	respond(&b, 5);
	assert_true(b.ps.changed);
	assert_true(peer_remember(b.p, &m));
	close_bed(&b);

	open_bed(&next, 1000);
	assert_ptr_equal(peer_recall(&next.ps, &m), next.p);
	assert_false(next.ps.changed);
	peers_announce_restart(&next.ps);
	assert_int_equal(sent(&next), 1);
	peer_tunnel_get(next.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&next.f, 1000);
	respond(&next, 5);
	assert_int_equal(next.restarted, 0);
	fake_advance_ms(&next.f, 1000);
	respond(&next, 6);
	assert_int_equal(next.restarted, 1);
	close_bed(&next);

	open_bed(&next, 1000);
	peer_recall(&next.ps, &m);
	peer_tunnel_get(next.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&next.f, 1000);
	respond(&next, 7);
	assert_int_equal(next.restarted, 1);
	close_bed(&next);
}

/* RFC 5847 §3: Binding Error 2: "MUST NOT use Heartbeat messages … again" */
static void binding_error(void **state)
{
	struct peer_memory m;
	struct mh_msg be;
	struct bed b;

	(void)state;
	open_bed(&b, 1000);
	memset(&be, 0, sizeof(be));
	be.kind = MH_BE;
	be.status = BE_UNKNOWN_TYPE;
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 0);
	assert_int_equal(sent(&b), 1);
	peer_on_binding_error(&b.ps, &b.local, &b.remote, &be);
	fake_advance_ms(&b.f, 100000);
	peer_tunnel_put(b.p);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 100000);
	assert_int_equal(sent(&b), 1);
	assert_int_equal(b.dead, 0);
	/* nor by the next daemon, nor does that announce itself */
	assert_true(peer_remember(b.p, &m));
	close_bed(&b);
	open_bed(&b, 1000);
	peer_recall(&b.ps, &m);
	peers_announce_restart(&b.ps);
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	fake_advance_ms(&b.f, 100000);
	assert_int_equal(sent(&b), 0);
	close_bed(&b);
}

/* RFC 5847 §3.2: unsolicited, "to all the PMIPv6 nodes that had previously" … */
static void announcement(void **state)
{
	const struct fake_mh *hb;
	struct in6_addr other;
	struct bed b;

	(void)state;
	open_bed(&b, 1000);
	other = fake_addr("2001:db8::9");
	assert_non_null(peer_get(&b.ps, &b.local, &other));
	b.p->hears_heartbeats = true;
	peers_announce_restart(&b.ps);
	assert_int_equal(sent(&b), 1);
	hb = fake_find_mh(&b.f, MH_HEARTBEAT, 0);
	assert_memory_equal(&hb->dst, &b.remote, 16);
	assert_int_equal(hb->msg.flags, HB_F_R | HB_F_U);
	assert_int_equal(hb->msg.opts.restart, 42);
	close_bed(&b);
}

/* RFC 5213 §5.6.1: one tunnel, deleted with its last user */
static void tunnel_users(void **state)
{
	const struct dp_tunnel *t;
	uint32_t id;
	struct bed b;

	(void)state;
	open_bed(&b, 0);
	id = peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	assert_int_not_equal(id, 0);
	assert_int_equal(peer_tunnel_get(b.p, PMIP_TUNNEL_MAG_TO_MAG), id);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_SET), 1);
	t = &fake_find(&b.f, FAKE_TUNNEL_SET, 0)->tunnel;
	assert_int_equal(t->role, PMIP_TUNNEL_LMA_TO_MAG);
	assert_int_equal(t->state, PMIP_STATE_UP);
	assert_memory_equal(&t->remote, &b.remote, 16);
	peer_tunnel_put(b.p);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_DEL), 0);
	peer_tunnel_put(b.p);
	assert_int_equal(fake_find(&b.f, FAKE_TUNNEL_DEL, 0)->tunnel_id, id);
	peer_tunnel_put(b.p);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_DEL), 1);
	b.ps.next_tunnel = UINT32_MAX;
	peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG);
	peer_tunnel_put(b.p);
	assert_int_not_equal(peer_tunnel_get(b.p, PMIP_TUNNEL_LMA_TO_MAG), 0);
	close_bed(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_is_answered),
		cmocka_unit_test(only_with_a_binding),
		cmocka_unit_test(silent_peer_is_probed_once),
		cmocka_unit_test(death_and_return),
		cmocka_unit_test(one_answer_resets),
		cmocka_unit_test(stale_response),
		cmocka_unit_test(restart),
		cmocka_unit_test(false_announcements),
		cmocka_unit_test(announcement_is_asked_about_again),
		cmocka_unit_test(counter_is_as_old_as_its_request),
		cmocka_unit_test(counter_outlives_the_daemon),
		cmocka_unit_test(binding_error),
		cmocka_unit_test(announcement),
		cmocka_unit_test(tunnel_users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
