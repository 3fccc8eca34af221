// SPDX-License-Identifier: GPL-2.0
/*
 * A node goes from one anchor to another (LMA handover draft §4.2): what its gateway asks,
 * where packets go at each step, and what it is left with if a step fails.
 */
#include "anchor_bed.h"

/* Draft §4.2 (b): "The bMAG sends a LMA_HO_Req message to the PLMA to initiate the LMA
 * handover."
 */
static void asks_the_previous_anchor(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	registered(x);
	assert_int_equal(hand_over(x, NLMA), 0);
	assert_string_equal(sent_to(x, MH_LMA_HO_REQ), "plma");
	m = &fake_find_mh(&x->f, MH_LMA_HO_REQ, -1)->msg;
	assert_int_equal(m->reason, LMA_HO_OPERATOR);
	assert_int_equal(m->opts.present, MH_HAS_MN_ID | MH_HAS_LLID | MH_HAS_ATT | MH_HAS_HNP |
			 MH_HAS_LMA);
	assert_int_equal(m->opts.n_hnp, 1);
	assert_string_equal(anchor_name(&m->opts.lma[0]), "nlma");
	assert_true(llid_equal(&m->opts.llid, &x->l1));
	assert_string_equal(way(x), "by plma: link");
}

/* Draft §4.2: "(c) The PLMA selects the NLMA": where nobody has named one here */
static void leaves_the_choice(void **state)
{
	struct fixture *x = *state;

	registered(x);
	assert_int_equal(hand_over(x, NULL), 0);
	assert_false(fake_find_mh(&x->f, MH_LMA_HO_REQ, -1)->msg.opts.present & MH_HAS_LMA);
	resp(x, PLMA, LMA_HO_OK, THIRD);
	assert_string_equal(sent_to(x, MH_PBU), "third");
}

/* Draft §4.2 (f), (i): "The bMAG initiates the tunnel setup between the bMAG and the NLMA by
 * sending a Proxy Binding Update (PBU) message"
 */
static void pbu_with_what_it_has(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	agreed(x);
	m = &fake_find_mh(&x->f, MH_PBU, -1)->msg;
	assert_int_equal(m->opts.hi, HI_REREGISTRATION);
	assert_int_equal(m->opts.n_hnp, 1);
	assert_int_equal(m->seq, (uint16_t)(fake_find_mh(&x->f, MH_PBU, 0)->msg.seq + 1));
	assert_true(m->lifetime);
	/* the tunnel, and what takes packets by it, are there before it leaves */
	assert_true(fake_index(&x->f, FAKE_BINDING_SET, -1) < fake_index_mh(&x->f, MH_PBU, -1));
	assert_string_equal(way(x), "by plma: link nlma");
}

/* Draft, Appendix A: "After the LMA handover, for all traffic from the MN1 to [...] route via
 * the interface `tunnel1` toward the NLMA."
 */
static void uplink_flips_with_the_answer(void **state)
{
	struct fixture *x = *state;
	int before = (int)fake_count(&x->f, FAKE_BINDING_SET);

	agreed(x);
	before = (int)fake_count(&x->f, FAKE_BINDING_SET);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	/* the module changes the uplink first: packets of both are taken all the while */
	assert_string_equal(way_text(x, &fake_find(&x->f, FAKE_BINDING_SET, before)->binding),
			    "by plma: link nlma plma");
	assert_string_equal(way_text(x, &fake_find(&x->f, FAKE_BINDING_SET, before + 1)->binding),
			    "by nlma: link plma nlma");
	assert_string_equal(way(x), "by nlma: link plma");
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	assert_int_equal(counted(x)->changed, 1);
	assert_non_null(fake_find_notice(&x->f, "anchor-changed", 0));
	/* what the previous anchor has sent before it knew is delivered, and then no more */
	fake_advance_ms(&x->f, LINGER_MS - 1);
	assert_int_equal(tunnels(x), 2);
	fake_advance_ms(&x->f, 2);
	assert_string_equal(way(x), "by nlma: link");
	assert_int_equal(tunnels(x), 1);
	/* and the binding is the next anchor's to refresh */
	to_refresh(x);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
}

/* A chain of three and back leaves no tunnel, and no timer, behind that was not there before */
static void chain_and_back(void **state)
{
	static const char *const at[] = { PLMA, NLMA, THIRD, PLMA };
	struct fixture *x = *state;
	size_t timers;

	registered(x);
	timers = x->f.timers.len;
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(hand_over(x, at[i + 1]), 0);
		resp(x, at[i], LMA_HO_OK, at[i + 1]);
		pba_of(x, at[i + 1], PBA_ACCEPTED, NULL);
		fake_advance_ms(&x->f, LINGER_MS + 1);
	}
	assert_string_equal(way(x), "by plma: link");
	assert_int_equal(tunnels(x), 1);
	assert_int_equal(x->f.timers.len, timers);
	assert_int_equal(counted(x)->changed, 3);
}

/* The next one before packets of the last but one have run out: all three may send yet */
static void chain_without_a_pause(void **state)
{
	struct fixture *x = *state;

	handed_over(x);
	assert_int_equal(hand_over(x, THIRD), 0);
	resp(x, NLMA, LMA_HO_OK, THIRD);
	assert_string_equal(way(x), "by nlma: link plma third");
	pba_of(x, THIRD, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by third: link plma nlma");
	fake_advance_ms(&x->f, LINGER_MS + 1);
	assert_string_equal(way(x), "by third: link");
	assert_int_equal(tunnels(x), 1);
}

/* The request is repeated, 100 ms and then twice that; then the node stays where it is */
static void silent_previous_anchor(void **state)
{
	struct fixture *x = *state;
	uint16_t seq;

	registered(x);
	hand_over(x, NLMA);
	seq = fake_find_mh(&x->f, MH_LMA_HO_REQ, 0)->msg.seq;
	fake_advance_ms(&x->f, 99);
	assert_int_equal(fake_count_mh(&x->f, MH_LMA_HO_REQ), 1);
	fake_advance_ms(&x->f, 3002);
	assert_int_equal(fake_count_mh(&x->f, MH_LMA_HO_REQ), 6);
	assert_int_equal(fake_find_mh(&x->f, MH_LMA_HO_REQ, 5)->msg.seq, seq);
	assert_int_equal(hand_over(x, NLMA), -EALREADY);
	fake_advance_ms(&x->f, 3200);
	assert_int_equal(fake_count_mh(&x->f, MH_LMA_HO_REQ), 6);
	assert_int_equal(counted(x)->silence, 1);
	assert_string_equal(way(x), "by plma: link");
	/* whoever wants it again asks again */
	assert_int_equal(hand_over(x, NLMA), 0);
	assert_int_not_equal(fake_find_mh(&x->f, MH_LMA_HO_REQ, -1)->msg.seq, seq);
}

/* RFC 6275 §9.2: the previous anchor knows of no such message */
static void unknown_message(void **state)
{
	struct fixture *x = *state;
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE };

	registered(x);
	hand_over(x, NLMA);
	mag_on_lma_ho_unknown(x->m, &x->other, &be);
	assert_int_equal(counted(x)->unsupported, 0);
	mag_on_lma_ho_unknown(x->m, &x->lma, &be);
	assert_int_equal(counted(x)->unsupported, 1);
	fake_advance_ms(&x->f, 10000);
	assert_int_equal(fake_count_mh(&x->f, MH_LMA_HO_REQ), 1);
	assert_string_equal(state_of(x), "active");
}

/* Any refusal of the previous anchor leaves the node there, with all as it was */
static void refused_by_the_previous_anchor(void **state)
{
	static const uint8_t status[] = {
		LMA_HO_UNSPECIFIED, LMA_HO_PROHIBITED, LMA_HO_NO_RESOURCES, LMA_HO_NOT_ATTACHED,
		LMA_HO_NO_ANCHOR, LMA_HO_REFUSED, LMA_HO_UNDER_WAY, 255,
	};
	struct fixture *x = *state;

	registered(x);
	fake_reset(&x->f);
	for (unsigned int i = 0; i < sizeof(status); i++) {
		assert_int_equal(hand_over(x, NLMA), 0);
		resp(x, PLMA, status[i], NULL);
		assert_int_equal(counted(x)->refused, i + 1);
	}
	fake_advance_ms(&x->f, 10000);
	assert_int_equal(fake_count_mh(&x->f, MH_LMA_HO_REQ), sizeof(status));
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
	assert_int_equal(tunnels(x), 1);
}

/* An answer of another, to another question, late, or without an anchor that may be */
static void answers_that_are_none(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	registered(x);
	fake_reset(&x->f);
	resp(x, PLMA, LMA_HO_OK, NLMA);			/* nobody has asked */
	hand_over(x, NLMA);
	resp(x, THIRD, LMA_HO_OK, NLMA);
	m = resp_for(x, LMA_HO_OK, NLMA);
	m.seq++;
	mag_on_lma_ho_resp(x->m, &x->lma, &x->self, &m);
	m = resp_for(x, LMA_HO_OK, NLMA);
	m.opts.mn_id = fake_nai("mn2@example.org");
	mag_on_lma_ho_resp(x->m, &x->lma, &x->self, &m);
	m.opts.present &= ~(uint32_t)MH_HAS_MN_ID;
	mag_on_lma_ho_resp(x->m, &x->lma, &x->self, &m);
	assert_int_equal(counted(x)->discarded, 5);
	assert_int_equal(counted(x)->refused, 0);
	resp(x, PLMA, LMA_HO_OK, "2001:db8:0:9::1");	/* nodes may not be there */
	assert_int_equal(counted(x)->discarded, 6);
	assert_int_equal(counted(x)->refused, 1);
	hand_over(x, NLMA);
	resp(x, PLMA, LMA_HO_OK, PLMA);			/* where it is */
	hand_over(x, NLMA);
	resp(x, PLMA, LMA_HO_OK, NULL);
	assert_int_equal(counted(x)->refused, 3);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	assert_int_equal(tunnels(x), 1);
}

/* A Resp is repeated: what has begun goes on, what is over does not begin again */
static void answer_twice(void **state)
{
	struct fixture *x = *state;

	agreed(x);
	resp(x, PLMA, LMA_HO_OK, NLMA);
	unsolicited(x, PLMA, NLMA);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	resp(x, PLMA, LMA_HO_OK, NLMA);
	unsolicited(x, PLMA, NLMA);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	assert_string_equal(way(x), "by nlma: link plma");
}

/* To the node's other gateways nobody has to ask: the anchor says so (flag U) */
static void unsolicited_is_followed(void **state)
{
	struct fixture *x = *state;

	registered(x);
	unsolicited(x, THIRD, NLMA);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
	unsolicited(x, PLMA, NLMA);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by nlma: link plma");
	assert_int_equal(counted(x)->unsolicited, 2);
}

/* And if it comes while this gateway has asked: one handover, not two */
static void unsolicited_meets_a_request(void **state)
{
	struct fixture *x = *state;

	registered(x);
	hand_over(x, NULL);
	unsolicited(x, PLMA, THIRD);
	resp(x, PLMA, LMA_HO_UNDER_WAY, NULL);
	pba_of(x, THIRD, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 10000);
	assert_string_equal(way(x), "by third: link");
	assert_int_equal(fake_count_mh(&x->f, MH_LMA_HO_REQ), 1);
}

/* The next anchor refuses: the one that serves is asked how things stand, and goes on */
static void refused_by_the_next_anchor(void **state)
{
	static const uint8_t status[] = {
		PBA_UNSPECIFIED, PBA_PROHIBITED, PBA_NO_RESOURCES, PBA_NOT_LMA_FOR_THIS_MN,
		PBA_NOT_AUTHORIZED_FOR_HNP, PBA_PREFIX_SET_MISMATCH,
	};
	struct fixture *x = *state;

	registered(x);
	for (unsigned int i = 0; i < sizeof(status); i++) {
		assert_int_equal(hand_over(x, NLMA), 0);
		resp(x, PLMA, LMA_HO_OK, NLMA);
		pba_of(x, NLMA, status[i], NULL);
		assert_string_equal(way(x), "by plma: link");
		assert_int_equal(tunnels(x), 1);
		assert_string_equal(sent_to(x, MH_PBU), "plma");
		pba_of(x, PLMA, PBA_ACCEPTED, NULL);
		assert_string_equal(state_of(x), "active");
	}
	assert_int_equal(counted(x)->kept, sizeof(status));
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	assert_null(fake_find_notice(&x->f, "denied", 0));
}

/* RFC 6275 §11.8, and no longer than that anchor keeps what it was told of the node */
static void silent_next_anchor(void **state)
{
	struct fixture *x = *state;

	agreed(x);
	fake_advance_ms(&x->f, 3101);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 7);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	fake_advance_ms(&x->f, 3200);
	assert_string_equal(sent_to(x, MH_PBU), "plma");
	/* its answers may have been lost, and packets may come */
	assert_string_equal(way(x), "by plma: link nlma");
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by plma: link");
	assert_int_equal(tunnels(x), 1);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(counted(x)->kept, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
}

/* All answers of the next anchor were lost: the previous one says where the node is */
static void previous_anchor_knows_better(void **state)
{
	struct fixture *x = *state;

	agreed(x);
	fake_advance_ms(&x->f, 7501);
	assert_string_equal(sent_to(x, MH_PBU), "plma");
	pba_of(x, PLMA, PBA_NOT_LMA_FOR_THIS_MN, NLMA);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by nlma: link plma");
	fake_advance_ms(&x->f, LINGER_MS + 1);
	assert_int_equal(tunnels(x), 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
}

/* RFC 5213 §6.9.1.2: timestamps and sequence numbers are not what a handover fails by */
static void late_request_is_repeated(void **state)
{
	struct fixture *x = *state;

	agreed(x);
	pba_of(x, NLMA, PBA_TIMESTAMP_LOWER_THAN_PREV, NULL);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 3);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by nlma: link plma");
}

/* The kernel does not take it: the previous anchor serves, and the next one is asked again */
static void kernel_refuses_the_flip(void **state)
{
	struct fixture *x = *state;

	agreed(x);
	fake_refuse(&x->f, FAKE_BINDING_SET, 9, -ENOMEM);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_int_equal(counted(x)->changed, 0);
	fake_refuse(&x->f, FAKE_BINDING_SET, 0, 0);
	fake_advance_ms(&x->f, 1001);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_int_equal(counted(x)->changed, 1);
	assert_string_equal(way(x), "by nlma: link plma");
	fake_advance_ms(&x->f, LINGER_MS + 1);
	assert_int_equal(tunnels(x), 1);
}

/* It leaves before the next anchor has answered: the one that serves hears of it */
static void leaves_midway(void **state)
{
	struct fixture *x = *state;

	agreed(x);
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(sent_to(x, MH_PBU), "plma");
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.lifetime, 0);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);		/* of before: answers nothing now */
	assert_int_equal(mag_counters(x->m)->stray, 1);
	fake_find_mh(&x->f, MH_PBU, -1);
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 20);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(tunnels(x), 0);
	assert_int_equal(x->f.timers.len, 0);
}

static void deregisters_at_the_next(struct fixture *x)
{
	agreed(x);
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 1);
	pba_of(x, PLMA, PBA_NOT_LMA_FOR_THIS_MN, NLMA);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
}

/* And if that has handed it over already, the next one hears of it */
static void leaves_too_late(void **state)
{
	struct fixture *x = *state;

	deregisters_at_the_next(x);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.lifetime, 0);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 20);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(tunnels(x), 0);
	assert_int_equal(x->f.timers.len, 0);
}

/* It is back before that has answered: it is told where it is once more, and that counts */
static void leaves_too_late_and_is_back(void **state)
{
	struct fixture *x = *state;

	deregisters_at_the_next(x);
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_CARRIER), 0);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(sent_to(x, MH_PBU), "plma");
	pba_of(x, PLMA, PBA_NOT_LMA_FOR_THIS_MN, NLMA);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

static void leaves_before_the_answer(void **state)
{
	struct fixture *x = *state;

	registered(x);
	hand_over(x, NLMA);
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 1);
	resp(x, PLMA, LMA_HO_OK, NLMA);
	assert_string_equal(sent_to(x, MH_PBU), "plma");
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 10000);
	assert_int_equal(fake_count_mh(&x->f, MH_LMA_HO_REQ), 1);
	assert_int_equal(tunnels(x), 0);
	assert_int_equal(x->f.timers.len, 0);
}

/* It leaves where it is new: that anchor hears of it, and the old tunnel goes with it */
static void leaves_afterwards(void **state)
{
	struct fixture *x = *state;

	handed_over(x);
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 20);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(tunnels(x), 0);
	assert_int_equal(x->f.timers.len, 0);
}

/* RFC 6463 §6: "a single LMA should have a control over all possible multi-homed mobility
 * sessions the MN has"
 */
static void second_interface_follows(void **state)
{
	struct fixture *x = *state;

	handed_over(x);
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER), 0);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
}

/* All sessions that the anchor serves go with the node */
static void both_interfaces_go(void **state)
{
	struct fixture *x = *state;

	registered(x);
	mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER);
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	hand_over(x, NLMA);
	resp(x, PLMA, LMA_HO_OK, NLMA);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	assert_memory_equal(way(x), "by plma:", 8);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_memory_equal(way(x), "by plma:", 8);
	assert_int_equal(counted(x)->changed, 1);
}

/* The anchor that has taken it over is gone: the one whose the prefixes are is asked */
static void next_anchor_dies(void **state)
{
	struct fixture *x = *state;
	struct in6_addr nlma = fake_addr(NLMA);

	handed_over(x);
	fake_advance_ms(&x->f, LINGER_MS + 1);
	fake_reset(&x->f);
	mag_on_peer_dead(x->m, peer_find(&x->peers, &x->self, &nlma));
	fake_advance_ms(&x->f, 15000);
	assert_string_equal(sent_to(x, MH_PBU), "plma");
	assert_string_equal(way(x), "by nlma: link plma");
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by plma: link nlma");
	fake_advance_ms(&x->f, LINGER_MS + 1);
	assert_int_equal(tunnels(x), 1);
}

/* It has forgotten the node, and knows its prefixes to be another's: likewise, but once */
static void next_anchor_forgets(void **state)
{
	struct fixture *x = *state;

	handed_over(x);
	to_refresh(x);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	pba_of(x, NLMA, PBA_NOT_AUTHORIZED_FOR_HNP, NULL);
	assert_string_equal(sent_to(x, MH_PBU), "plma");
	pba_of(x, PLMA, PBA_PROHIBITED, NULL);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	pba_of(x, NLMA, PBA_PROHIBITED, NULL);
	assert_string_equal(state_of(x), "denied");
	assert_int_equal(tunnels(x), 0);
}

/* What cannot be asked for, and why */
static void what_the_operator_hears(void **state)
{
	struct fixture *x = *state;
	struct in6_addr any = in6addr_any;

	assert_int_equal(hand_over(x, NLMA), -ENOENT);
	attach(x);
	assert_int_equal(hand_over(x, NLMA), -ENOENT);
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	assert_int_equal(hand_over(x, PLMA), -EEXIST);
	assert_int_equal(hand_over(x, "2001:db8:0:9::1"), -EACCES);
	assert_int_equal(hand_over(x, "2001:db8:0:2::1"), -EACCES);
	x->conf.anchors.enabled = false;
	assert_int_equal(hand_over(x, NLMA), -EOPNOTSUPP);
	assert_int_equal(mag_lma_handover_all(x->m, &any), -EOPNOTSUPP);
	assert_int_equal(fake_count_mh(&x->f, MH_LMA_HO_REQ), 0);
}

/* All that are not there already, each once */
static void all_of_them(void **state)
{
	struct fixture *x = *state;
	struct in6_addr nlma = fake_addr(NLMA);

	handed_over(x);
	mag_on_attach(x->m, IF1, &x->l3, NULL, NULL, ATTACH_CARRIER);
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	assert_int_equal(mag_lma_handover_all(x->m, &nlma), 1);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(fake_count_mh(&x->f, MH_LMA_HO_REQ), 1);
	assert_int_equal(mag_lma_handover_all(x->m, &nlma), 0);
}

/* An answer that does not echo the request is no refusal of the node's service */
static void mismatched_answer(void **state)
{
	struct fixture *x = *state;
	struct in6_addr nlma = fake_addr(NLMA);
	struct mh_msg m;

	agreed(x);
	m = pba_for(x, PBA_ACCEPTED);
	m.opts.att = 9;
	mag_on_pba(x->m, &nlma, &x->self, &m);
	assert_string_equal(sent_to(x, MH_PBU), "plma");
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		A(asks_the_previous_anchor),
		A(leaves_the_choice),
		A(pbu_with_what_it_has),
		A(uplink_flips_with_the_answer),
		A(chain_and_back),
		A(chain_without_a_pause),
		A(silent_previous_anchor),
		A(unknown_message),
		A(refused_by_the_previous_anchor),
		A(answers_that_are_none),
		A(answer_twice),
		A(unsolicited_is_followed),
		A(unsolicited_meets_a_request),
		A(refused_by_the_next_anchor),
		A(silent_next_anchor),
		A(previous_anchor_knows_better),
		A(late_request_is_repeated),
		A(kernel_refuses_the_flip),
		A(leaves_midway),
		A(leaves_too_late),
		A(leaves_too_late_and_is_back),
		A(leaves_before_the_answer),
		A(leaves_afterwards),
		A(second_interface_follows),
		A(both_interfaces_go),
		A(next_anchor_dies),
		A(next_anchor_forgets),
		A(what_the_operator_hears),
		A(all_of_them),
		A(mismatched_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
