// SPDX-License-Identifier: GPL-2.0
/* An anchor that tells a gateway of flows by FMI. */
#include "initiator_bed.h"

/* Draft: flow mobility §4.1: "MUST contain the MN-ID, followed by one or more Flow" options */
static void an_initiate(void **state)
{
	struct bed *b = *state;
	struct prefix p = fake_prefix("2001:db8:100:1::/64");
	const struct fake_mh *m;

	set(b, 1, 10);
	set(b, 2, 20);
	flow_grant_prefixes(b->g, &p, 1);
	assert_int_equal(sent(b), 0);
	assert_false(flow_grant_settled(b->g));
	flow_grant_push(b->g);
	assert_int_equal(fake_count_mh(&b->f, MH_FMI), 1);
	m = fake_find_mh(&b->f, MH_FMI, 0);
	assert_memory_equal(&m->src, &b->self, sizeof(m->src));
	assert_memory_equal(&m->dst, &b->mag, sizeof(m->dst));
	assert_int_equal(m->msg.lifetime, 1000);
	assert_true(mn_id_equal(&m->msg.opts.mn_id, &b->id));
	assert_int_equal(m->msg.opts.present, MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_FLOW);
	assert_int_equal(m->msg.opts.n_flow, 2);
	assert_int_equal(m->msg.opts.flow[1].fid, 2);
	assert_int_equal(m->msg.opts.flow[1].pri, 20);
	assert_int_equal(m->msg.opts.flow[1].bid[0], 2);
	assert_int_equal(m->msg.opts.flow[1].selector.dport[1], 1002);
	/* §3.2.2: "the type of flow mobility operation (add flow)" */
	assert_int_equal(m->msg.opts.flow[0].action, FLOW_ADD);
	assert_true(m->msg.opts.hnp[0].off_link);
	assert_int_equal(b->kept, 0);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 2);
	assert_true(flow_grant_settled(b->g));
	/* what is known is not told again */
	set(b, 1, 10);
	flow_grant_push(b->g);
	assert_int_equal(sent(b), 1);
	assert_int_equal(fake_find_notice(&b->f, "fmi-sent", 0)->has_mn, true);
}

/* Draft: flow mobility §4.1: the sequence number is "used to match a reply"; 0.5, 1, 2, 4 s */
static void retransmission(void **state)
{
	static const uint64_t ms[] = { 500, 1000, 2000 };
	struct bed *b = *state;
	uint16_t seq;

	set(b, 1, 10);
	flow_grant_push(b->g);
	seq = newest(b)->seq;
	for (unsigned int i = 0; i < 3; i++) {
		fake_advance_ms(&b->f, ms[i] - 1);
		assert_int_equal(sent(b), 1 + i);
		fake_advance_ms(&b->f, 1);
		assert_int_equal(sent(b), 2 + i);
		assert_int_equal(newest(b)->seq, seq);
	}
	fake_advance_ms(&b->f, 3999);
	assert_int_equal(b->lost, 0);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(b->lost, 1);
	assert_int_equal(b->why, FLOW_LOSS_SILENCE);
	assert_int_equal(sent(b), 4);
	assert_true(flow_grant_settled(b->g));
	fake_advance_ms(&b->f, 1000000);
	assert_int_equal(sent(b), 4);
	/* it can be tried again, under another number */
	set(b, 1, 10);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->seq, (uint16_t)(seq + 1));
	assert_int_equal(newest(b)->opts.flow[0].action, FLOW_ADD);
	answer(b, FMA_OK);
	/* who waits to hear of a change hears of the silence, too */
	set(b, 1, 11);
	flow_grant_push(b->g);
	fake_advance_ms(&b->f, 7500);
	assert_int_equal(b->lost, 2);
}

/* Draft: flow mobility §4.1: the gateway keeps state for the lifetime: it is refreshed in time */
static void refreshed(void **state)
{
	struct bed *b = *state;

	set(b, 1, 10);
	flow_grant_push(b->g);
	answer(b, FMA_OK);
	fake_advance_ms(&b->f, 500 * 1000);
	set(b, 2, 20);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->opts.n_flow, 1);
	answer(b, FMA_OK);
	/* before three quarters of the first one's 1000 s, not of the second's */
	fake_advance_ms(&b->f, 149 * 1000);
	assert_int_equal(sent(b), 2);
	assert_in_range(until_next(b), 1, 101);
	assert_int_equal(newest(b)->opts.n_flow, 2);
	assert_int_equal(newest(b)->opts.flow[0].action, FLOW_REFRESH);
	assert_int_equal(newest(b)->opts.flow[0].present & MH_FLOW_HAS_SELECTOR,
			 MH_FLOW_HAS_SELECTOR);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 2);
	/* a silent one is asked again until its lifetime is over */
	fake_advance_ms(&b->f, 900 * 1000);
	assert_true(sent(b) >= 3 + 2 * 4);
	assert_int_equal(b->lost, 0);
	fake_advance_ms(&b->f, 150 * 1000);
	assert_int_equal(b->lost, 2);
	assert_int_equal(b->why, FLOW_LOSS_SILENCE);
	fake_reset(&b->f);
	fake_advance_ms(&b->f, 3000 * 1000);
	assert_int_equal(sent(b), 0);
}

/* Draft §4.1: "the LMA asks the MAG keep flow-specific state" so long, and no longer */
static void forgotten_at_its_end(void **state)
{
	struct bed *b = *state;
	struct mh_msg late;
	size_t n;

	b->conf.lifetime = 60;
	set(b, 1, 10);
	flow_grant_push(b->g);
	answer(b, FMA_OK);
	/* a refresh four times, and others before the end: any answer is in time */
	fake_advance_ms(&b->f, 56 * 1000);
	assert_true(sent(b) > 1 + 4);
	answer(b, FMA_OK);
	n = sent(b);
	fake_advance_ms(&b->f, 30 * 1000);
	assert_int_equal(sent(b), n);
	assert_int_equal(b->lost, 0);
	/* the last one left 56 s after the first at most */
	fake_advance_ms(&b->f, 22 * 1000);
	assert_int_equal(b->lost, 0);
	late = *newest(b);
	fake_advance_ms(&b->f, 8 * 1000);
	assert_int_equal(b->lost, 1);
	assert_int_equal(b->why, FLOW_LOSS_SILENCE);
	/* it is told to forget what it may have heard, and an answer is too late */
	fake_advance_ms(&b->f, 4000);
	assert_int_equal(newest(b)->lifetime, 0);
	late = answer_to(&late, FMA_OK);
	give(b, &late);
	answer(b, FMA_NO_ENTRY);
	assert_int_equal(b->kept, 1);
	assert_int_equal(b->lost, 1);
	n = sent(b);
	fake_advance_ms(&b->f, 3000 * 1000);
	assert_int_equal(sent(b), n);
}

/* The same: counted from when the message left, since an answer may have been lost */
static void counted_from_its_sending(void **state)
{
	struct bed *b = *state;

	b->conf.lifetime = 60;
	set(b, 1, 10);
	flow_grant_push(b->g);
	fake_advance_ms(&b->f, 7000);
	answer(b, FMA_OK);
	fake_advance_ms(&b->f, 52900);
	assert_int_equal(b->lost, 0);
	fake_advance_ms(&b->f, 100);
	assert_int_equal(b->lost, 1);
}

/* Draft: flow mobility §4.1: "A value of all one bits (0xffff) represents infinity" */
static void forever(void **state)
{
	struct bed *b = *state;

	b->conf.lifetime = FLOW_FOREVER;
	set(b, 1, 10);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->lifetime, 0xffff);
	answer(b, FMA_OK);
	fake_advance_ms(&b->f, 100000000);
	assert_int_equal(sent(b), 1);
	/* the gateway may grant less */
	set(b, 1, 11);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->opts.flow[0].action, FLOW_MODIFY);
	struct mh_msg a = answer_to(newest(b), FMA_OK);

	a.lifetime = 100;
	give(b, &a);
	assert_in_range(until_next(b), 65, 75);
}

/* Draft: flow mobility §3.2.2: "FMI[MN1-ID,flow_info(Y),lft=0]" */
static void removal(void **state)
{
	struct bed *b = *state;

	set(b, 1, 10);
	set(b, 2, 20);
	flow_grant_push(b->g);
	answer(b, FMA_OK);
	assert_int_equal(flow_grant_del(b->g, 1), 0);
	assert_int_equal(flow_grant_del(b->g, 1), -ENOENT);
	/* the priority is free for another, once it is gone there */
	set(b, 3, 10);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->lifetime, 0);
	assert_int_equal(newest(b)->opts.n_flow, 1);
	assert_int_equal(newest(b)->opts.flow[0].fid, 1);
	assert_int_equal(newest(b)->opts.flow[0].action, FLOW_DELETE);
	/* that it was not there is as good */
	answer(b, FMA_NO_ENTRY);
	assert_int_equal(b->lost, 0);
	assert_int_equal(b->fi.counters.refused, 0);
	assert_int_equal(newest(b)->lifetime, 1000);
	assert_int_equal(newest(b)->opts.flow[0].fid, 3);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 3);
	/* one that never left is just forgotten */
	set(b, 4, 40);
	assert_int_equal(flow_grant_del(b->g, 4), 0);
	flow_grant_push(b->g);
	assert_int_equal(sent(b), 3);
	assert_true(flow_grant_settled(b->g));
}

/* RFC 7077 §5.2: "the Sequence Number value and other message contents MUST be the same" */
static void changes_under_way(void **state)
{
	struct bed *b = *state;
	struct mh_msg first, a;

	set(b, 1, 10);
	set(b, 2, 20);
	flow_grant_push(b->g);
	first = *newest(b);
	set(b, 1, 11);
	flow_grant_del(b->g, 2);
	flow_grant_push(b->g);
	assert_int_equal(sent(b), 1);
	/* instead of the same again: what is right now, under another number */
	fake_advance_ms(&b->f, 500);
	assert_int_equal(newest(b)->seq, (uint16_t)(first.seq + 1));
	assert_int_equal(newest(b)->lifetime, 0);
	/* the answer to the first one is late */
	a = answer_to(&first, FMA_OK);
	give(b, &a);
	assert_int_equal(b->fi.counters.stray, 1);
	assert_int_equal(b->kept, 0);
	answer(b, FMA_OK);
	assert_int_equal(newest(b)->opts.n_flow, 1);
	assert_int_equal(newest(b)->opts.flow[0].pri, 11);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 1);
	assert_int_equal(b->fid, 1);
	/* answered before the retransmission: what it says counts for what it was about */
	set(b, 5, 50);
	flow_grant_push(b->g);
	set(b, 1, 12);
	set(b, 5, 51);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 1);
	assert_int_equal(newest(b)->opts.n_flow, 2);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 3);
	/* and one that returns while it is being removed */
	flow_grant_del(b->g, 5);
	flow_grant_push(b->g);
	set(b, 5, 51);
	answer(b, FMA_OK);
	assert_int_equal(newest(b)->lifetime, 1000);
	assert_int_equal(newest(b)->opts.flow[0].fid, 5);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 4);
	assert_true(flow_grant_settled(b->g));
	/* one that the newest message is not about */
	flow_grant_del(b->g, 1);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->lifetime, 0);
	assert_int_equal(newest(b)->opts.flow[0].fid, 1);
	answer(b, FMA_OK);
	/* one that goes while the gateway is told of it: it has it, and must not keep it */
	set(b, 6, 60);
	flow_grant_push(b->g);
	flow_grant_del(b->g, 6);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 4);
	assert_int_equal(newest(b)->lifetime, 0);
	assert_int_equal(newest(b)->opts.flow[0].fid, 6);
	answer(b, FMA_OK);
	assert_true(flow_grant_settled(b->g));
}

/* RFC 7864 §3.2.2: prefixes "to be provided with flow mobility support": others than before */
static void other_prefixes(void **state)
{
	struct bed *b = *state;
	struct prefix p[2] = { fake_prefix("2001:db8:1::/64"), fake_prefix("2001:db8:2::/64") };

	/* without flows an FMI cannot be */
	flow_grant_prefixes(b->g, p, 1);
	flow_grant_push(b->g);
	assert_int_equal(sent(b), 0);
	assert_true(flow_grant_settled(b->g));
	set(b, 1, 10);
	flow_grant_push(b->g);
	answer(b, FMA_OK);
	flow_grant_prefixes(b->g, p, 1);
	flow_grant_push(b->g);
	assert_int_equal(sent(b), 1);
	flow_grant_prefixes(b->g, p, 2);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->opts.n_hnp, 2);
	assert_int_equal(newest(b)->opts.n_flow, 1);
	/* and others again, before the answer */
	flow_grant_prefixes(b->g, p + 1, 1);
	answer(b, FMA_OK);
	assert_int_equal(newest(b)->opts.n_hnp, 1);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 1);
	assert_true(flow_grant_settled(b->g));
}

/* Draft: flow mobility §4.2: each status, and what the flows that it is about become */
static void refusals(void **state)
{
	static const struct {
		uint8_t status;
		enum flow_loss why;
	} row[] = {
		{ FMA_UNSPECIFIED, FLOW_LOSS_REFUSED },
		{ FMA_NOT_ATTACHED, FLOW_LOSS_NOT_ATTACHED },
		{ FMA_TS_UNSUPPORTED, FLOW_LOSS_SELECTOR },
		{ FMA_NO_ENTRY, FLOW_LOSS_REFUSED },
		{ 255, FLOW_LOSS_REFUSED },
	};
	struct bed *b = *state;

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		b->lost = 0;
		fake_reset(&b->f);
		set(b, 1, 10);
		set(b, 2, 20);
		flow_grant_push(b->g);
		answer(b, row[i].status);
		assert_int_equal(b->lost, 2);
		assert_int_equal(b->why, row[i].why);
		assert_int_equal(sent(b), 1);
		assert_true(flow_grant_settled(b->g));
	}
	assert_int_equal(b->kept, 0);
	assert_int_equal(b->fi.counters.refused, 5);
	/* a node that is not attached there loses what was kept, too */
	set(b, 1, 10);
	flow_grant_push(b->g);
	answer(b, FMA_OK);
	set(b, 2, 20);
	flow_grant_push(b->g);
	b->lost = 0;
	answer(b, FMA_NOT_ATTACHED);
	assert_int_equal(b->lost, 2);
	/* success for no time at all is none */
	set(b, 1, 10);
	flow_grant_push(b->g);
	struct mh_msg a = answer_to(newest(b), FMA_OK);

	a.lifetime = 0;
	give(b, &a);
	assert_int_equal(b->lost, 3);
}

/* RFC 6089 §4.2: the status of one flow "is not relevant to [...] other" ones */
static void one_flow_is_to_blame(void **state)
{
	struct bed *b = *state;
	struct mh_msg a;

	set(b, 1, 10);
	flow_grant_push(b->g);
	answer(b, FMA_OK);
	set(b, 1, 11);
	set(b, 2, 20);
	set(b, 3, 30);
	flow_grant_push(b->g);
	a = answer_to(newest(b), FMA_UNSPECIFIED);
	a.opts.n_flow = 3;
	memcpy(a.opts.flow, newest(b)->opts.flow, sizeof(a.opts.flow));
	a.opts.flow[0].status = FLOW_TS_UNSUPPORTED;
	a.opts.flow[1].status = FLOW_UNSPECIFIED;
	a.opts.flow[2].status = FLOW_UNSPECIFIED;
	give(b, &a);
	assert_int_equal(b->lost, 1);
	assert_int_equal(b->fid, 1);
	assert_int_equal(b->why, FLOW_LOSS_SELECTOR);
	/* what the gateway kept under that FID goes; then the others are told */
	assert_int_equal(newest(b)->lifetime, 0);
	assert_int_equal(newest(b)->opts.flow[0].fid, 1);
	answer(b, FMA_OK);
	assert_int_equal(newest(b)->opts.n_flow, 2);
	/* accepted, but for one */
	a = answer_to(newest(b), FMA_OK);
	a.opts.n_flow = 1;
	a.opts.flow[0] = newest(b)->opts.flow[1];
	a.opts.flow[0].status = FLOW_PROHIBITED;
	give(b, &a);
	assert_int_equal(b->lost, 2);
	assert_int_equal(b->fid, 3);
	assert_int_equal(b->kept, 2);
	assert_true(flow_grant_settled(b->g));
}

/* Draft: flow mobility §4.2: "Sequence number out of window": ours moves on, and far */
static void out_of_window(void **state)
{
	struct bed *b = *state;
	uint16_t seq;

	set(b, 1, 10);
	flow_grant_push(b->g);
	seq = newest(b)->seq;
	answer(b, FMA_SEQ_OUT_OF_WINDOW);
	assert_int_equal(sent(b), 2);
	assert_int_equal(newest(b)->seq, (uint16_t)(seq + INT16_MAX));
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 1);
	/* but not for ever */
	set(b, 2, 20);
	flow_grant_push(b->g);
	for (unsigned int i = 0; i < 4; i++)
		answer(b, FMA_SEQ_OUT_OF_WINDOW);
	assert_int_equal(sent(b), 2 + 4);
	assert_int_equal(b->lost, 1);
	assert_int_equal(b->why, FLOW_LOSS_REFUSED);
	assert_true(flow_grant_settled(b->g));
}

/* Draft: flow mobility §4.2: what answers no FMI of ours changes nothing */
static void strays(void **state)
{
	struct bed *b = *state;
	struct mh_msg a, good;

	set(b, 1, 10);
	flow_grant_push(b->g);
	good = answer_to(newest(b), FMA_OK);
	a = good;
	a.seq++;
	give(b, &a);
	a = good;
	a.opts.mn_id = fake_nai("mn2@example.org");
	give(b, &a);
	a = good;
	a.kind = MH_UPA;
	give(b, &a);
	flow_initiator_on_fma(&b->fi, &b->other, &b->self, &good);
	flow_initiator_on_fma(&b->fi, &b->mag, &b->other, &good);
	assert_int_equal(b->fi.counters.stray, 5);
	assert_int_equal(b->kept, 0);
	/* without an identifier the number must do */
	good.opts.present = 0;
	give(b, &good);
	assert_int_equal(b->kept, 1);
	give(b, &good);
	assert_int_equal(b->fi.counters.stray, 6);
	assert_int_equal(b->kept, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_initiate, setup, teardown),
		cmocka_unit_test_setup_teardown(retransmission, setup, teardown),
		cmocka_unit_test_setup_teardown(refreshed, setup, teardown),
		cmocka_unit_test_setup_teardown(forgotten_at_its_end, setup, teardown),
		cmocka_unit_test_setup_teardown(counted_from_its_sending, setup, teardown),
		cmocka_unit_test_setup_teardown(forever, setup, teardown),
		cmocka_unit_test_setup_teardown(removal, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_under_way, setup, teardown),
		cmocka_unit_test_setup_teardown(other_prefixes, setup, teardown),
		cmocka_unit_test_setup_teardown(refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(one_flow_is_to_blame, setup, teardown),
		cmocka_unit_test_setup_teardown(out_of_window, setup, teardown),
		cmocka_unit_test_setup_teardown(strays, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
