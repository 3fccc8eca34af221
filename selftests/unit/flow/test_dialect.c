// SPDX-License-Identifier: GPL-2.0
/* An anchor that tells gateways of flows by UPN, or finds out how. */
#include "initiator_bed.h"

/* RFC 7864 §4.2: "one or more Home Network Prefix Options", L set; reason 8; §3.4: omission */
static void a_notification(void **state)
{
	struct bed *b = *state;
	struct prefix p[2] = { fake_prefix("2001:db8:1::/64"), fake_prefix("2001:db8:2::/64") };
	const struct mh_msg *m;

	speak(b, FLOW_DIALECT_RFC7864);
	flow_grant_prefixes(b->g, p, 2);
	set(b, 1, 10);
	set(b, 2, 20);
	flow_grant_push(b->g);
	m = newest(b);
	assert_int_equal(m->kind, MH_UPN);
	assert_int_equal(m->reason, UPN_FLOW_MOBILITY);
	assert_int_equal(m->flags, UPN_F_A);
	assert_int_equal(m->opts.n_hnp, 2);
	assert_true(m->opts.hnp[1].off_link);
	assert_int_equal(m->opts.n_flow, 2);
	answer(b, UPA_OK);
	assert_int_equal(b->kept, 2);
	/* every message has all, but for what goes */
	flow_grant_del(b->g, 1);
	set(b, 3, 10);
	flow_grant_prefixes(b->g, p + 1, 1);
	flow_grant_push(b->g);
	m = newest(b);
	assert_int_equal(m->opts.n_hnp, 1);
	assert_int_equal(m->opts.n_flow, 2);
	assert_int_equal(m->opts.flow[0].fid, 2);
	assert_int_equal(m->opts.flow[1].fid, 3);
	answer(b, UPA_OK);
	assert_int_equal(b->kept, 3);
	/* there is no lifetime, hence no refresh */
	fake_advance_ms(&b->f, 100000000);
	assert_int_equal(sent(b), 2);
	/* the end: nothing in it */
	flow_grant_del(b->g, 2);
	flow_grant_del(b->g, 3);
	flow_grant_prefixes(b->g, NULL, 0);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->opts.present, MH_HAS_MN_ID);
	answer(b, UPA_OK);
	assert_true(flow_grant_settled(b->g));
	assert_int_equal(b->fi.counters.upn_tx, 3);
}

/* RFC 7077 §5.2: the same number, D set, 1000 ms later, as often as is configured (§7) */
static void notification_is_retransmitted(void **state)
{
	struct bed *b = *state;
	struct mh_msg first;

	b->conf.upn_retries = 2;
	speak(b, FLOW_DIALECT_RFC7864);
	set(b, 1, 10);
	flow_grant_push(b->g);
	first = *newest(b);
	fake_advance_ms(&b->f, 999);
	assert_int_equal(sent(b), 1);
	for (unsigned int i = 0; i < 2; i++) {
		fake_advance_ms(&b->f, i ? 1000 : 1);
		assert_int_equal(sent(b), 2 + i);
		assert_int_equal(newest(b)->flags, UPN_F_A | UPN_F_D);
		first.flags = newest(b)->flags;
		assert_memory_equal(newest(b), &first, sizeof(first));
	}
	fake_advance_ms(&b->f, 1000);
	assert_int_equal(sent(b), 3);
	assert_int_equal(b->lost, 1);
	assert_int_equal(b->why, FLOW_LOSS_SILENCE);
}

/* RFC 7864 §4.3: "131: Reason unspecified, 132: MN not attached" */
static void refused_notifications(void **state)
{
	struct bed *b = *state;

	speak(b, FLOW_DIALECT_RFC7864);
	set(b, 1, 10);
	flow_grant_push(b->g);
	answer(b, UPA_OK);
	set(b, 2, 20);
	flow_grant_push(b->g);
	answer(b, UPA_UNSPECIFIED);
	assert_int_equal(b->lost, 1);
	assert_int_equal(b->fid, 2);
	/* what it kept before is told again: it may not any more */
	assert_int_equal(newest(b)->opts.n_flow, 1);
	assert_int_equal(newest(b)->opts.flow[0].fid, 1);
	answer(b, UPA_OK);
	assert_int_equal(b->kept, 1);
	assert_true(flow_grant_settled(b->g));
	/* another description of one that is kept: the old one is not wanted any more */
	set(b, 1, 11);
	flow_grant_push(b->g);
	answer(b, UPA_UNSPECIFIED);
	assert_int_equal(b->lost, 2);
	assert_int_equal(newest(b)->opts.n_flow, 0);
	answer(b, UPA_UNSPECIFIED);
	assert_true(flow_grant_settled(b->g));
	set(b, 1, 10);
	set(b, 2, 20);
	flow_grant_push(b->g);
	answer(b, UPA_OK);
	/* nothing in it is new, and yet it is refused: then nothing is kept */
	flow_grant_del(b->g, 1);
	flow_grant_push(b->g);
	answer(b, UPA_UNSPECIFIED);
	assert_int_equal(b->lost, 3);
	assert_int_equal(b->fid, 2);
	assert_int_equal(newest(b)->opts.n_flow, 0);
	answer(b, UPA_OK);
	assert_true(flow_grant_settled(b->g));
	b->lost = 2;
	set(b, 1, 10);
	set(b, 2, 20);
	flow_grant_push(b->g);
	answer(b, UPA_OK);
	flow_grant_del(b->g, 1);
	flow_grant_push(b->g);
	answer(b, UPA_NOT_ATTACHED);
	assert_int_equal(b->lost, 3);
	assert_int_equal(b->why, FLOW_LOSS_NOT_ATTACHED);
	assert_true(flow_grant_settled(b->g));
	/* so there is nothing to take back */
	fake_reset(&b->f);
	set(b, 1, 10);
	assert_int_equal(flow_grant_del(b->g, 1), 0);
	flow_grant_push(b->g);
	assert_int_equal(sent(b), 0);
}

/* RFC 6275 §9.2: "Binding Error [...] Status field set to 2"; issue: which makes it fall back */
static void falls_back(void **state)
{
	struct bed *b = *state;
	struct mn_id id = fake_nai("mn2@example.org");
	struct flow_grant *second = flow_grant_new(&b->fi, &b->mag, &id, b);
	struct flow_spec one = flow(1, 10);

	set(b, 1, 10);
	flow_grant_push(b->g);
	flow_grant_set(second, &one);
	flow_grant_push(second);
	binding_error(b, BE_NO_BINDING);
	assert_int_equal(fake_count_mh(&b->f, MH_UPN), 0);
	binding_error(b, BE_UNKNOWN_TYPE);
	/* all that is to be told, at once */
	assert_int_equal(fake_count_mh(&b->f, MH_UPN), 2);
	assert_int_equal(b->fi.counters.fallback, 1);
	assert_int_equal(b->lost, 0);
	answer(b, UPA_OK);
	assert_int_equal(b->kept, 0);	/* it is the other node's */
	struct mh_msg a = message(MH_UPA, fake_find_mh(&b->f, MH_UPN, 0)->msg.seq, 0);

	give(b, &a);
	assert_int_equal(b->kept, 1);
	/* that of the second FMI is about nothing of now */
	binding_error(b, BE_UNKNOWN_TYPE);
	set(b, 2, 20);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->kind, MH_UPN);
	/* nor does it concern one that has answered */
	binding_error(b, BE_UNKNOWN_TYPE);
	answer(b, UPA_OK);
	assert_int_equal(b->kept, 2);
	fake_advance_ms(&b->f, 20000);
	set(b, 3, 30);
	flow_grant_push(b->g);
	binding_error(b, BE_UNKNOWN_TYPE);
	assert_int_equal(b->fi.counters.fallback, 1);
	/* unless it has begun anew since, perhaps as another version */
	b->lost = 0;
	flow_initiator_on_restart(&b->fi, &b->mag);
	assert_int_equal(newest(b)->kind, MH_FMI);
	binding_error(b, BE_UNKNOWN_TYPE);
	assert_int_equal(b->fi.counters.fallback, 2);
	assert_int_equal(newest(b)->kind, MH_UPN);
	assert_int_equal(b->lost, 0);
}

/* RFC 7077 §5.2: "MUST NOT send any further Update Notification messages to that" gateway */
static void knows_neither(void **state)
{
	struct bed *b = *state;
	struct mn_id id = fake_nai("mn2@example.org");
	struct flow_grant *second = flow_grant_new(&b->fi, &b->mag, &id, b);
	struct flow_grant *third = flow_grant_new(&b->fi, &b->mag, &id, b);
	struct flow_spec one = flow(1, 10);

	set(b, 1, 10);
	set(b, 2, 20);
	flow_grant_push(b->g);
	flow_grant_set(second, &one);
	flow_grant_push(second);
	binding_error(b, BE_UNKNOWN_TYPE);
	/* soon after, it may be the same one again, or about the other FMI */
	fake_advance_ms(&b->f, 1999);
	binding_error(b, BE_UNKNOWN_TYPE);
	assert_int_equal(b->fi.counters.fallback, 1);
	fake_advance_ms(&b->f, 9000);
	assert_int_equal(b->lost, 3);
	assert_int_equal(b->why, FLOW_LOSS_SILENCE);
	b->lost = 0;
	fake_reset(&b->f);
	set(b, 1, 10);
	set(b, 2, 20);
	flow_grant_push(b->g);
	flow_grant_set(second, &one);
	flow_grant_push(second);
	flow_grant_set(third, &one);
	b->free_on_loss = true;
	binding_error(b, BE_UNKNOWN_TYPE);
	assert_int_equal(b->fi.counters.fallback, 2);
	assert_int_equal(b->lost, 3);
	/* one that nobody has pushed until now */
	flow_grant_push(third);
	assert_int_equal(b->lost, 4);
	assert_int_equal(b->why, FLOW_LOSS_UNSUPPORTED);
	assert_int_equal(flow_grant_set(second, &one), -EOPNOTSUPP);
	flow_grant_push(second);
	flow_initiator_on_restart(&b->fi, &b->mag);
	fake_advance_ms(&b->f, 100000);
	assert_int_equal(sent(b), 2);
	/* another gateway is another matter */
	b->g = flow_grant_new(&b->fi, &b->other, &id, b);
	set(b, 1, 10);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->kind, MH_FMI);
}

/* Issue: "which one per peer by configuration" */
static void configured_dialects(void **state)
{
	struct flow_peer_conf peer[] = {
		{ fake_prefix("2001:db8:0:2::2/128"), FLOW_DIALECT_RFC7864 },
		{ fake_prefix("2001:db8:0:2::/64"), FLOW_DIALECT_DRAFT },
	};
	struct bed *b = *state;
	struct flow_grant *other;
	struct flow_spec one = flow(1, 10);

	b->conf.peer = peer;
	b->conf.n_peers = 2;
	speak(b, FLOW_DIALECT_NONE);
	other = flow_grant_new(&b->fi, &b->other, &b->id, b);
	set(b, 1, 10);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->kind, MH_FMI);
	assert_int_equal(flow_grant_set(other, &one), 0);
	flow_grant_push(other);
	assert_int_equal(newest(b)->kind, MH_UPN);
	/* who is configured does not fall back */
	binding_error(b, BE_UNKNOWN_TYPE);
	assert_int_equal(b->lost, 1);
	assert_int_equal(b->why, FLOW_LOSS_UNSUPPORTED);
	assert_int_equal(sent(b), 2);
}

/* RFC 5847 §3.2: a gateway that has restarted has lost its state */
static void gateway_restarts(void **state)
{
	struct bed *b = *state;

	set(b, 1, 10);
	set(b, 2, 20);
	flow_grant_push(b->g);
	answer(b, FMA_OK);
	flow_grant_del(b->g, 2);
	flow_grant_push(b->g);
	flow_initiator_on_restart(&b->fi, &b->mag);
	assert_int_equal(newest(b)->lifetime, 1000);
	assert_int_equal(newest(b)->opts.n_flow, 1);
	assert_int_equal(newest(b)->opts.flow[0].action, FLOW_ADD);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 2);
	assert_true(flow_grant_settled(b->g));
	flow_initiator_on_restart(&b->fi, &b->other);
	assert_int_equal(sent(b), 3);
}

/* Draft: flow mobility §5.2: bounds, and what cannot be sent */
static void bounds(void **state)
{
	struct bed *b = *state;
	struct flow_spec s;

	for (unsigned int i = 1; i <= FLOWS_MAX; i++)
		set(b, (uint16_t)i, (uint16_t)i);
	s = flow(99, 99);
	assert_int_equal(flow_grant_set(b->g, &s), -ENOSPC);
	flow_grant_push(b->g);
	answer(b, FMA_OK);
	/* what is being removed leaves room: all of them, twice */
	for (unsigned int i = 1; i <= FLOWS_MAX; i++) {
		assert_int_equal(flow_grant_del(b->g, (uint16_t)i), 0);
		set(b, (uint16_t)(100 + i), (uint16_t)(100 + i));
	}
	s = flow(1, 1);
	assert_int_equal(flow_grant_set(b->g, &s), -ENOSPC);
	flow_grant_push(b->g);
	answer(b, FMA_OK);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 2 * FLOWS_MAX);
	s = flow(0, 1);
	assert_int_equal(flow_grant_set(b->g, &s), -EINVAL);
	s = flow(1, 0);
	assert_int_equal(flow_grant_set(b->g, &s), -EINVAL);
	s = flow(1, 1);
	s.selector.format = 3;
	assert_int_equal(flow_grant_set(b->g, &s), -EINVAL);
	s = flow(1, 1);
	s.n_bid = PEERS_MAX + 1;
	assert_int_equal(flow_grant_set(b->g, &s), -EINVAL);
}

static void note_number(void *arg, const struct fake_action *a)
{
	struct bed *b = arg;

	if (a->kind == FAKE_SEND_MH)
		b->seqs[b->fi.counters.fmi_tx - 1] = a->mh.msg.seq;
}

/* RFC 7077 §4.1: "no collision between the Sequence Numbers of all outstanding" messages */
static void numbers_do_not_collide(void **state)
{
	struct bed *b = *state;
	struct flow_spec one = flow(1, 10);
	struct flow_grant **g;

	b->f.quiet = true;
	b->f.hook = note_number;
	b->f.hook_arg = b;
	b->conf.fmi_ms = 100000000;
	g = calloc(NUMBERS + 1, sizeof(*g));
	assert_non_null(g);
	for (unsigned int i = 0; i <= NUMBERS; i++) {
		g[i] = flow_grant_new(&b->fi, &b->mag, &b->id, b);
		flow_grant_set(g[i], &one);
		flow_grant_push(g[i]);
	}
	/* one has found no number, and waits; it has said nothing */
	assert_int_equal(b->fi.counters.fmi_tx, NUMBERS);
	assert_true(flow_grant_settled(b->g));
	assert_false(flow_grant_settled(g[NUMBERS]));
	/* until one number, and only that one, is free */
	fake_advance_ms(&b->f, 32000);
	assert_int_equal(b->fi.counters.fmi_tx, NUMBERS);
	flow_grant_free(g[1234]);
	fake_advance_ms(&b->f, 31000);
	assert_int_equal(b->fi.counters.fmi_tx, NUMBERS);
	fake_advance_ms(&b->f, 1000);
	assert_int_equal(b->fi.counters.fmi_tx, NUMBERS + 1);
	assert_int_equal(b->seqs[NUMBERS], b->seqs[1234]);
	for (unsigned int i = 0; i <= NUMBERS; i++)
		if (i != 1234)
			flow_grant_free(g[i]);
	assert_null(b->fi.gateways->flights);
	free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_notification, setup, teardown),
		cmocka_unit_test_setup_teardown(notification_is_retransmitted, setup, teardown),
		cmocka_unit_test_setup_teardown(refused_notifications, setup, teardown),
		cmocka_unit_test_setup_teardown(falls_back, setup, teardown),
		cmocka_unit_test_setup_teardown(knows_neither, setup, teardown),
		cmocka_unit_test_setup_teardown(configured_dialects, setup, teardown),
		cmocka_unit_test_setup_teardown(gateway_restarts, setup, teardown),
		cmocka_unit_test_setup_teardown(bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(numbers_do_not_collide, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
