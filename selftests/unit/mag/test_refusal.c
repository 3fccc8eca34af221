// SPDX-License-Identifier: GPL-2.0
/* What the anchor refuses, and what is done then (RFC 5213 §6.9.1.2). */
#include "mag_bed.h"

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

/* RFC 5213 §6.9.1.2-6: "until an administrative action is taken", and then so */
static void operator_ends_the_halt(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 2700001);
	m = pba_for(x, PBA_ACCEPTED);
	m.opts.att = 9;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 60000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_OPERATOR);
	fake_advance_ms(&x->f, 3001);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 3);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 2700001);
	assert_true(fake_count_mh(&x->f, MH_PBU) > 1);
}

/* RFC 5213 §6.9.1.2-6: without an operator: the binding runs out, and service is denied then */
static void halted_binding_runs_out(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 2700001);
	m = pba_for(x, PBA_ACCEPTED);
	m.opts.hi = 1;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	fake_advance_ms(&x->f, 899998);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_string_equal(state_of(x), "denied");
	assert_int_equal(x->f.timers.len, 0);
}

/* RFC 5213 §6.9.1.2-6: a refusal that comes late sets nothing going again */
static void halted_session_hears_no_refusal(void **state)
{
	static const uint8_t status[] = {
		PBA_TIMESTAMP_LOWER_THAN_PREV, PBA_TIMESTAMP_MISMATCH,
		PBA_NO_RESOURCES, PBA_PREFIX_SET_MISMATCH,
	};
	struct fixture *x = *state;
	struct mh_msg m;
	unsigned int i;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_link(x->m, IF1, false);
	attach(x);
	m = pba_for(x, PBA_ACCEPTED);
	m.opts.hi = 1;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	m.opts.hi = HI_REREGISTRATION;
	for (i = 0; i < sizeof(status); i++) {
		m.status = status[i];
		mag_on_pba(x->m, &x->lma, &x->self, &m);
	}
	fake_advance_ms(&x->f, 3599999);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_string_equal(state_of(x), "denied");
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

/* RFC 6275 §6.1.8: 128 and 130 may pass: the same request, with back-off */
static void passing_refusals_are_retried(void **state)
{
	static const uint8_t status[] = { PBA_UNSPECIFIED, PBA_NO_RESOURCES };
	struct fixture *x = *state;
	unsigned int i;

	attach(x);
	for (i = 0; i < 2; i++) {
		answer(x, status[i], NULL);
		assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1 + i);
		fake_advance_ms(&x->f, 1000 << i);
		assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2 + i);
		assert_string_equal(state_of(x), "registering");
	}
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
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

/* 156, and the anchor's clock is so much before ours */
static void mismatch(struct fixture *x, int64_t ms)
{
	struct mh_msg m = pba_for(x, PBA_TIMESTAMP_MISMATCH);

	m.opts.timestamp = mh_timestamp(x->f.wall + ms * (int64_t)NSEC_PER_MSEC);
	mag_on_pba(x->m, &x->lma, &x->self, &m);
}

/* RFC 5213 §6.9.1.2-9: 156: not at once, and not by the anchor's clock */
static void timestamp_mismatch_waits(void **state)
{
	struct fixture *x = *state;

	attach(x);
	mismatch(x, 310);
	fake_advance_ms(&x->f, 31999);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
}

/* RFC 5213 §6.9.1.2-9: a clock that agrees needs no "time synchronization": it was late */
static void a_late_request_is_repeated(void **state)
{
	struct fixture *x = *state;
	uint64_t first;

	attach(x);
	first = fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.timestamp;
	fake_advance_ms(&x->f, 500);
	mismatch(x, -1);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	assert_true(fake_find_mh(&x->f, MH_PBU, 1)->msg.opts.timestamp > first);
	assert_null(fake_find_notice(&x->f, "clock-mismatch", 0));
	mismatch(x, 300);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	fake_advance_ms(&x->f, 2001);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 3);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

/* RFC 5213 §6.9.1.2-9: "based on the timestamp present": it is told, and no more done with it */
static void clock_mismatch_is_told(void **state)
{
	struct fixture *x = *state;
	uint64_t mine;
	struct mh_msg m;

	attach(x);
	m = pba_for(x, PBA_TIMESTAMP_MISMATCH);
	m.opts.timestamp = mh_timestamp(x->f.wall + 90 * NSEC_PER_SEC);
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_string_equal(fake_find_notice(&x->f, "clock-mismatch", 0)->detail, "ms=+90000");
	fake_advance_ms(&x->f, 32001);
	mine = mh_timestamp(x->f.wall);
	assert_true(fake_find_mh(&x->f, MH_PBU, 1)->msg.opts.timestamp <= mine);
	m.opts.timestamp = mh_timestamp(x->f.wall - 90 * NSEC_PER_SEC);
	m.seq = fake_find_mh(&x->f, MH_PBU, 1)->msg.seq;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_string_equal(fake_find_notice(&x->f, "clock-mismatch", 1)->detail, "ms=-90000");
}

/* RFC 5213 §5.5-6: "greater than all previously accepted": not than those refused with 156 */
static void clock_set_back_is_told_as_it_is(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	attach(x);
	mismatch(x, 310);
	x->f.wall -= 1000 * NSEC_PER_SEC;
	fake_advance_ms(&x->f, 32001);
	m = &fake_find_mh(&x->f, MH_PBU, 1)->msg;
	assert_true(m->opts.timestamp <= mh_timestamp(x->f.wall));
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
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

/* RFC 5213 §6.9.1.1-3, §6.9.1.2-11: asked for, refused, and never advertised */
static void refused_prefix_is_not_advertised(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	mag_on_attach(x->m, IF1, &x->l3, NULL, NULL, ATTACH_CARRIER);
	m = fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m.opts.hi, HI_UNKNOWN);
	assert_int_equal(m.opts.hnp[0].prefix.addr.s6_addr[7], 2);
	m.kind = MH_PBA;
	m.flags = PBA_F_P;
	m.status = PBA_PROXY_REG_NOT_ENABLED;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
}

/* RFC 5213 §5.4.1.1-4: 159: service ends, then one request for any prefix */
static void prefix_set_mismatch_asks_anew(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 2700001);
	answer(x, PBA_PREFIX_SET_MISMATCH, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, -1)->ra.valid, 0);
	m = &fake_find_mh(&x->f, MH_PBU, -1)->msg;
	assert_int_equal(m->opts.n_hnp, 1);
	assert_int_equal(m->opts.hnp[0].prefix.len, 0);
	grant(x, -1, "2001:db8:100:9::/64");
	assert_string_equal(state_of(x), "active");
	answer(x, PBA_PREFIX_SET_MISMATCH, NULL);
	assert_int_equal(mag_counters(x->m)->stray, 1);
}

/* RFC 5213 §5.5: 135 brings the anchor's sequence number: go on from there */
static void sequence_is_taken_up(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;
	uint16_t seq;

	x->conf.timestamps = false;
	attach(x);
	m = pba_for(x, PBA_SEQ_OUT_OF_WINDOW);
	assert_false(m.opts.present & MH_HAS_TIMESTAMP);
	m.seq += 100;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	seq = m.seq + 1;
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.seq, seq);
	/* the network repeats the answer: it is out of date now */
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

/*
 * RFC 6275 §9.5.1: with 135 comes the anchor's number: which request it answers is told
 * by what it echoes (RFC 5213 §6.9.1.2-6), and one of before is no refusal of this one
 */
static void sequence_of_an_earlier_request(void **state)
{
	struct fixture *x = *state;
	struct mh_msg late;

	x->conf.timestamps = false;
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 1);
	late = pba_for(x, PBA_SEQ_OUT_OF_WINDOW);
	attach(x);
	assert_int_not_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.opts.hi, late.opts.hi);
	late.seq = fake_find_mh(&x->f, MH_PBU, -1)->msg.seq + 100;
	mag_on_pba(x->m, &x->lma, &x->self, &late);
	assert_string_equal(state_of(x), "registering");
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

/* RFC 5213 §5.5: an anchor that goes by sequence numbers alone says so by 135 */
static void sequence_is_taken_up_beside_timestamps(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	m = pba_for(x, PBA_SEQ_OUT_OF_WINDOW);
	m.seq += 100;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 1)->msg.seq,
			 (uint16_t)(m.seq + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(mismatched_echo_stops_retransmission),
		T(operator_ends_the_halt),
		T(halted_binding_runs_out),
		T(halted_session_hears_no_refusal),
		T(final_refusals_deny_service),
		T(passing_refusals_are_retried),
		T(lower_timestamp_is_reasserted),
		T(timestamp_mismatch_waits), T(a_late_request_is_repeated),
		T(clock_mismatch_is_told),
		T(clock_set_back_is_told_as_it_is),
		T(foreign_prefix_is_not_asked_again),
		T(refused_prefix_is_not_advertised),
		T(prefix_set_mismatch_asks_anew),
		T(sequence_is_taken_up),
		T(sequence_is_taken_up_beside_timestamps),
		T(sequence_of_an_earlier_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
