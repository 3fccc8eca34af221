// SPDX-License-Identifier: GPL-2.0
/* A gateway that is told of flows by UPN. */
#include "responder_bed.h"

/* RFC 7864 §4.2: "Prefixes [...] not present in the message MUST be removed"; §3.4 on flows */
static void a_notification_has_all(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_UPN, 1, 0);
	struct flow_spec s[3] = { flow(1, 10), flow(2, 20), flow(3, 10) };
	const struct mh_msg *a;

	add_prefix(&m, "2001:db8:100:1::/64", true);
	add_prefix(&m, "2001:db8:100:2::/64", true);
	add_flow(&m, &s[0]);
	add_flow(&m, &s[1]);
	a = give(b, &m, true);
	assert_int_equal(a->status, UPA_OK);
	/* §4.3: "MUST contain the MN-ID, followed by one or more Home Network Prefix Options" */
	assert_int_equal(a->opts.present, MH_HAS_MN_ID | MH_HAS_HNP);
	assert_int_equal(a->opts.n_hnp, 2);
	assert_true(a->opts.hnp[1].off_link);
	assert_int_equal(b->g.n_prefix, 2);
	assert_int_equal(b->g.flows.n, 2);
	/* no lifetime */
	fake_advance_ms(&b->f, 3600000);
	m = message(MH_UPN, 2, 0);
	add_prefix(&m, "2001:db8:100:2::/64", true);
	add_flow(&m, &s[2]);
	expect(b, &m, UPA_OK);
	assert_int_equal(b->g.n_prefix, 1);
	assert_int_equal(b->g.flows.n, 1);
	assert_int_equal(b->g.flows.flows->spec.fid, 3);
	/* prefixes without flows: nothing of them is mandatory */
	m.seq = 3;
	m.opts.n_flow = 0;
	expect(b, &m, UPA_OK);
	assert_int_equal(b->g.flows.n, 0);
	assert_int_equal(b->g.n_prefix, 1);
	/* they were there all the time */
	assert_int_equal(b->prefixes, 2);
	/* and nothing at all */
	m = message(MH_UPN, 4, 0);
	expect(b, &m, UPA_OK);
	assert_int_equal(b->g.n_prefix, 0);
}

/* RFC 7864 §4.3: "131: Reason unspecified, 132: MN not attached"; RFC 7077 §6.1: on the A flag */
static void notifications_that_are_refused(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_UPN, 1, 0);
	struct flow_spec one = flow(1, 10);
	const struct mh_msg *a;

	add_flow(&m, &one);
	assert_int_equal(give(b, &m, false)->status, UPA_NOT_ATTACHED);
	m.opts.more_hnp = 1;
	expect(b, &m, UPA_UNSPECIFIED);
	m.opts.more_hnp = 0;
	m.opts.more_flow = 1;
	expect(b, &m, UPA_UNSPECIFIED);
	m.opts.more_flow = 0;
	m.opts.flow[0].selector.format = 77;
	a = give(b, &m, true);
	assert_int_equal(a->status, UPA_UNSPECIFIED);
	assert_int_equal(a->opts.flow[0].status, FLOW_TS_UNSUPPORTED);
	/* another reason is another's business */
	m.opts.flow[0].selector = one.selector;
	m.reason = UPN_FORCE_REREGISTRATION;
	expect(b, &m, UPA_FAILED_TO_UPDATE);
	assert_int_equal(b->g.flows.n, 0);
	m.reason = UPN_FLOW_MOBILITY;
	/* nobody asked for an answer, but it is done */
	m.flags = 0;
	m.seq = 2;
	assert_null(give(b, &m, true));
	assert_int_equal(b->g.flows.n, 1);
	m.opts.present = MH_HAS_FLOW;
	m.flags = UPN_F_A;
	expect(b, &m, UPA_UNSPECIFIED);
}

/* RFC 7077 §6.1: "MUST always respond to the retransmitted request"; but what is older is past */
static void retransmitted_notifications(void **state)
{
	struct bed *b = *state;
	struct mh_msg old = message(MH_UPN, 65535, 0), new = message(MH_UPN, 0, 0);
	struct flow_spec one = flow(1, 10), two = flow(2, 20);

	add_flow(&old, &one);
	add_flow(&new, &two);
	expect(b, &old, UPA_OK);
	old.flags |= UPN_F_D;
	expect(b, &old, UPA_OK);
	assert_int_equal(b->changed, 1);
	/* the first transmission was lost: D alone says nothing */
	new.flags |= UPN_F_D;
	expect(b, &new, UPA_OK);
	expect(b, &old, UPA_UNSPECIFIED);
	assert_int_equal(b->r.counters.late, 1);
	assert_int_equal(b->g.flows.flows->spec.fid, 2);
	/* nor does it matter which of the two transmissions comes late, or who asks */
	old.flags = UPN_F_A;
	expect(b, &old, UPA_UNSPECIFIED);
	old.flags = 0;
	assert_null(give(b, &old, true));
	assert_int_equal(b->g.flows.flows->spec.fid, 2);
	/* an anchor that has begun anew has a number of its own */
	old.flags = UPN_F_A;
	fake_advance_ms(&b->f, 10000);
	expect(b, &old, UPA_OK);
	assert_int_equal(b->g.flows.flows->spec.fid, 1);
}

/* A message with one flow in it, whose priority is ten times its identifier */
static void say_flow(struct bed *b, struct flow_guest *g, uint16_t seq, uint16_t fid,
		     uint8_t status)
{
	struct mh_msg m = message(MH_UPN, seq, 0);
	struct flow_spec s = flow(fid, (uint16_t)(10 * fid));

	add_flow(&m, &s);
	flow_responder_on_upn(&b->r, g, &b->lma, &m);
	assert_int_equal(fake_find_mh(&b->f, MH_UPA, -1)->msg.status, status);
}

/*
 * RFC 7077 §5.1: numbers are of the messages to a gateway, whichever node these are about,
 * "increased monotonically" and wrapped around: how many others are between does not
 * make what is late new, nor what is new late
 */
static void others_between(void **state)
{
	static const uint16_t gap[] = { 65, 1000, 32767 };
	struct flow_guest other;
	struct bed *b = *state;
	uint16_t seq = 60000;

	flow_guest_init(&other, &b->f.env, &ops, b);
	for (size_t i = 0; i < sizeof(gap) / sizeof(*gap); i++) {
		uint16_t first = seq;

		/* the next one for this node comes when others have had so many */
		say_flow(b, &b->g, seq, 1, UPA_OK);
		seq = (uint16_t)(seq + gap[i]);
		say_flow(b, &b->g, seq, 2, UPA_OK);
		say_flow(b, &b->g, first, 1, UPA_UNSPECIFIED);
		assert_int_equal(b->g.flows.flows->spec.fid, 2);
		assert_int_equal(b->r.counters.late, i + 1);
		seq++;
	}
	/* more than half of all numbers, and then some, for the other node alone */
	for (unsigned int i = 0; i < 5; i++) {
		seq = (uint16_t)(seq + 20000);
		say_flow(b, &other, seq, 3, UPA_OK);
	}
	say_flow(b, &b->g, ++seq, 4, UPA_OK);
	assert_int_equal(b->g.flows.flows->spec.fid, 4);
	assert_int_equal(b->r.counters.late, 3);
	flow_guest_clear(&other);
}

/* RFC 7077 §5.1: "initialized to a random number": by an anchor that begins anew, too */
static void numbers_begin_anew(void **state)
{
	struct in6_addr another = fake_addr("2001:db8:0:1::2");
	struct bed *b = *state;
	struct mh_msg m = message(MH_UPN, 90, 0);

	say_flow(b, &b->g, 100, 1, UPA_OK);
	say_flow(b, &b->g, 99, 2, UPA_UNSPECIFIED);
	flow_responder_anew(&b->r, &b->lma);
	b->g.heard = false;
	say_flow(b, &b->g, 50, 2, UPA_OK);
	say_flow(b, &b->g, 49, 3, UPA_UNSPECIFIED);
	/* another anchor's numbers are its own */
	flow_responder_on_upn(&b->r, &b->g, &another, &m);
	assert_int_equal(fake_find_mh(&b->f, MH_UPA, -1)->msg.status, UPA_OK);
	m.seq = 10;
	flow_responder_on_upn(&b->r, &b->g, &another, &m);
	assert_int_equal(fake_find_mh(&b->f, MH_UPA, -1)->msg.status, UPA_UNSPECIFIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_notification_has_all, setup, teardown),
		cmocka_unit_test_setup_teardown(notifications_that_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(retransmitted_notifications, setup, teardown),
		cmocka_unit_test_setup_teardown(others_between, setup, teardown),
		cmocka_unit_test_setup_teardown(numbers_begin_anew, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
