// SPDX-License-Identifier: GPL-2.0
/* BRIs under way: number, contents, repetition, outcome (RFC 5846 §5.1, §6). */
#include "revocation_bed.h"

#include "revocation/initiator.h"

#define NUMBERS	65536		/* that a sequence number can have */

struct bed {
	struct fake_env f;
	struct revocation_initiator ri;
	struct revocation_conf conf;
	struct revocation_counters counters;
	struct in6_addr self, mag, other;
	struct mn_id id;
	unsigned int ended;
	struct revocation_result last;
};

static void ended(void *arg, const struct revocation_result *r)
{
	struct bed *b = arg;

	b->ended++;
	b->last = *r;
}

static int setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	b->self = fake_addr("2001:db8:0:1::1");
	b->mag = fake_addr("2001:db8:0:2::1");
	b->other = fake_addr("2001:db8:0:2::2");
	b->id = fake_nai("mn1@example.org");
	b->conf = (struct revocation_conf){ .delay_ms = 1000, .max_delay_ms = 2000, .retries = 1 };
	revocation_initiator_init(&b->ri, &b->f.env, &b->conf, &b->counters, &b->self);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bed *b = *state;

	revocation_initiator_free(&b->ri);
	assert_int_equal(b->f.timers.len, 0);
	fake_free(&b->f);
	free(b);
	return 0;
}

static struct revocation_order order(struct bed *b, uint8_t trigger)
{
	return (struct revocation_order){
		.peer = b->mag, .trigger = trigger, .mn_id = &b->id,
	};
}

static struct revocation *start(struct bed *b, uint8_t trigger)
{
	struct revocation_order o = order(b, trigger);

	return revocation_start(&b->ri, &o, ended, b);
}

static void give(struct bed *b, const struct in6_addr *src, uint16_t seq, uint8_t status)
{
	struct mh_msg m = bra(seq, status);

	revocation_on_bra(&b->ri, src, &b->self, &m);
}

static const struct fake_mh *newest(struct bed *b)
{
	return fake_find_mh(&b->f, MH_BRI, -1);
}

/* RFC 5846 §8.1: P "MUST be set", the MN-ID is there, an HNP option for each prefix */
static void one_binding(void **state)
{
	struct bed *b = *state;
	struct revocation_order o = order(b, BRI_ADMINISTRATIVE);
	const struct mh_msg *m;

	o.n_hnp = 2;
	o.hnp[0] = fake_prefix("2001:db8:100:1::/64");
	o.hnp[1] = fake_prefix("2001:db8:100:2::/64");
	o.n_bid = 1;
	o.bid[0] = 7;
	o.llid = fake_llid("02:00:00:00:00:01");
	assert_non_null(revocation_start(&b->ri, &o, ended, b));
	m = &newest(b)->msg;
	assert_memory_equal(&newest(b)->src, &b->self, sizeof(b->self));
	assert_memory_equal(&newest(b)->dst, &b->mag, sizeof(b->mag));
	assert_int_equal(m->flags, BR_F_P);
	assert_int_equal(m->trigger, BRI_ADMINISTRATIVE);
	assert_int_equal(m->opts.present, MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_BID | MH_HAS_LLID);
	assert_true(mn_id_equal(&m->opts.mn_id, &b->id));
	assert_int_equal(m->opts.n_hnp, 2);
	assert_true(prefix_equal(&m->opts.hnp[1].prefix, &o.hnp[1]));
	assert_int_equal(m->opts.n_bid, 1);
	assert_int_equal(m->opts.bid[0].bid, 7);
	assert_true(llid_equal(&m->opts.llid, &o.llid));
	give(b, &b->mag, m->seq, BRA_OK);
	assert_int_equal(b->ended, 1);
	assert_int_equal(b->last.outcome, REVOCATION_ANSWERED);
	assert_int_equal(b->last.status, BRA_OK);
	assert_int_equal(b->f.timers.len, 0);
}

/* RFC 5846 §6.1.1: a global trigger comes with G; §8.1: and per-peer with no option */
static void all_of_a_gateway(void **state)
{
	struct bed *b = *state;
	struct revocation_order o = order(b, BRI_PEER_POLICY);

	o.mn_id = NULL;
	revocation_start(&b->ri, &o, NULL, NULL);
	assert_int_equal(newest(b)->msg.flags, BR_F_P | BR_F_G);
	assert_int_equal(newest(b)->msg.opts.present, 0);
	give(b, &b->mag, newest(b)->msg.seq, BRA_OK);
	assert_null(b->ri.outstanding);
}

/* RFC 5846 §6.3: "retransmit the same BRI message up to the BRIMaxRetriesNumber" */
static void repeated_and_given_up(void **state)
{
	struct bed *b = *state;
	struct mh_msg first;

	start(b, BRI_USER);
	first = newest(b)->msg;
	fake_advance_ms(&b->f, 999);
	assert_int_equal(fake_count_mh(&b->f, MH_BRI), 1);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(fake_count_mh(&b->f, MH_BRI), 2);
	assert_memory_equal(&newest(b)->msg, &first, sizeof(first));
	fake_advance_ms(&b->f, 1999);
	assert_int_equal(b->ended, 0);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(b->ended, 1);
	assert_int_equal(b->last.outcome, REVOCATION_SILENCE);
	assert_int_equal(fake_count_mh(&b->f, MH_BRI), 2);
	assert_int_equal(b->counters.silence, 1);
	assert_int_equal(b->counters.bri_retransmitted, 1);
	/* too late */
	give(b, &b->mag, first.seq, BRA_OK);
	assert_int_equal(b->ended, 1);
	assert_int_equal(b->counters.bra_stray, 1);
}

/* RFC 5846 §6.3: doubled until MAX_BRACK_TIMEOUT, then "at this slower rate" */
static void backs_off(void **state)
{
	static const unsigned int at_ms[] = { 500, 1500, 3500, 6500, 9500 };
	struct bed *b = *state;
	unsigned int t = 0;

	b->conf = (struct revocation_conf){ .delay_ms = 500, .max_delay_ms = 3000, .retries = 5 };
	assert_int_equal(revocation_patience_ms(&b->conf), 12500);
	start(b, BRI_USER);
	for (size_t i = 0; i < sizeof(at_ms) / sizeof(*at_ms); i++) {
		fake_advance_ms(&b->f, at_ms[i] - t - 1);
		assert_int_equal(fake_count_mh(&b->f, MH_BRI), 1 + i);
		fake_advance_ms(&b->f, 1);
		assert_int_equal(fake_count_mh(&b->f, MH_BRI), 2 + i);
		t = at_ms[i];
	}
	fake_advance_ms(&b->f, 3000);
	assert_int_equal(b->ended, 1);
}

/* RFC 5846 §11: BRIMaxRetriesNumber can be none */
static void never_repeated(void **state)
{
	struct bed *b = *state;

	b->conf.retries = 0;
	start(b, BRI_USER);
	fake_advance_ms(&b->f, 1000);
	assert_int_equal(b->last.outcome, REVOCATION_SILENCE);
	assert_int_equal(fake_count_mh(&b->f, MH_BRI), 1);
}

/* RFC 5846 §6.2.2: a number of nothing outstanding: "silently discard"; so of another's */
static void strays(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;
	uint16_t seq;

	start(b, BRI_USER);
	seq = newest(b)->msg.seq;
	give(b, &b->mag, seq + 1, BRA_OK);
	give(b, &b->other, seq, BRA_OK);
	m = bra(seq, BRA_OK);
	revocation_on_bra(&b->ri, &b->mag, &b->other, &m);
	assert_int_equal(b->ended, 0);
	assert_int_equal(b->counters.bra_stray, 3);
	assert_int_equal(b->counters.bra_rx, 3);
}

/* RFC 5846 §6.2.2: any other status: what follows is the owner's policy; it is told */
static void answered_no(void **state)
{
	struct bed *b = *state;

	start(b, BRI_HANDOVER_SAME_ATT);
	give(b, &b->mag, newest(b)->msg.seq, BRA_ATTACHED);
	assert_int_equal(b->last.outcome, REVOCATION_ANSWERED);
	assert_int_equal(b->last.status, BRA_ATTACHED);
	assert_int_equal(b->counters.bra_refused, 1);
	assert_non_null(fake_find_notice(&b->f, "revocation-refused", 0));
}

/* RFC 5846 §6.2: a responder that does not know the type sends a Binding Error */
static void unknown_there(void **state)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_NO_BINDING };
	struct revocation_order o;
	struct bed *b = *state;

	start(b, BRI_USER);
	start(b, BRI_USER);
	o = order(b, BRI_USER);
	o.peer = b->other;
	revocation_start(&b->ri, &o, ended, b);
	revocation_on_binding_error(&b->ri, &b->mag, &be);
	assert_int_equal(b->ended, 0);
	be.status = BE_UNKNOWN_TYPE;
	be.home = b->other;
	revocation_on_binding_error(&b->ri, &b->mag, &be);
	assert_int_equal(b->ended, 0);
	be.home = in6addr_any;
	revocation_on_binding_error(&b->ri, &b->mag, &be);
	assert_int_equal(b->ended, 2);
	assert_int_equal(b->last.outcome, REVOCATION_UNSUPPORTED);
	assert_int_equal(b->counters.unsupported, 2);
	/* the other gateway's goes on */
	fake_advance_ms(&b->f, 1000);
	assert_memory_equal(&newest(b)->dst, &b->other, sizeof(b->other));
}

/* Ours: of what is cancelled nothing more is sent or heard */
static void cancelled(void **state)
{
	struct bed *b = *state;
	struct revocation *r = start(b, BRI_USER);
	uint16_t seq = newest(b)->msg.seq;

	revocation_cancel(r);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(fake_count_mh(&b->f, MH_BRI), 1);
	give(b, &b->mag, seq, BRA_OK);
	assert_int_equal(b->ended, 0);
}

/* RFC 5846 §5.1: "no collision between the sequence numbers of all outstanding" */
static void every_number_once(void **state)
{
	struct bed *b = *state;
	static bool used[NUMBERS];

	memset(used, 0, sizeof(used));
	for (unsigned int i = 0; i < NUMBERS; i++) {
		assert_non_null(start(b, BRI_USER));
		assert_false(used[newest(b)->msg.seq]);
		used[newest(b)->msg.seq] = true;
		fake_reset(&b->f);
	}
	assert_null(start(b, BRI_USER));
	give(b, &b->mag, 4711, BRA_OK);
	assert_non_null(start(b, BRI_USER));
	assert_int_equal(newest(b)->msg.seq, 4711);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_binding), T(all_of_a_gateway), T(repeated_and_given_up), T(backs_off),
		T(never_repeated), T(strays), T(answered_no), T(unknown_there), T(cancelled),
		T(every_number_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
