// SPDX-License-Identifier: GPL-2.0
/* What an anchor makes of Binding Errors, and of their absence. */
#include "initiator_bed.h"

/* A gateway that has shown that it knows neither */
static void refuse_both(struct bed *b)
{
	b->lost = 0;
	set(b, 1, 10);
	flow_grant_push(b->g);
	binding_error(b, BE_UNKNOWN_TYPE);
	answer(b, UPA_UNSPECIFIED);
	assert_int_equal(b->lost, 1);
	b->fi.gateways->knows = false;
	fake_advance_ms(&b->f, 20000);
	set(b, 1, 10);
	flow_grant_push(b->g);
	binding_error(b, BE_UNKNOWN_TYPE);
	assert_int_equal(b->lost, 2);
	assert_int_equal(b->why, FLOW_LOSS_UNSUPPORTED);
}

/*
 * RFC 7077 §5.2: no more "unless an administrative action is taken": a time that is
 * configured, or that it is started anew (RFC 5847 §3.2)
 */
static void asked_again(void **state)
{
	struct flow_spec one = flow(1, 10);
	struct bed *b = *state;

	b->conf.retry_s = 3600;
	refuse_both(b);
	fake_advance_ms(&b->f, 3599 * 1000);
	assert_int_equal(flow_grant_set(b->g, &one), -EOPNOTSUPP);
	fake_advance_ms(&b->f, 1000);
	set(b, 1, 10);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->kind, MH_FMI);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 1);
	/* and from now on it knows */
	set(b, 2, 20);
	flow_grant_push(b->g);
	binding_error(b, BE_UNKNOWN_TYPE);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 2);
	speak(b, FLOW_DIALECT_AUTO);
	b->conf.retry_s = 0;
	refuse_both(b);
	fake_advance_ms(&b->f, 1000000000);
	assert_int_equal(flow_grant_set(b->g, &one), -EOPNOTSUPP);
	flow_initiator_on_restart(&b->fi, &b->mag);
	set(b, 1, 10);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->kind, MH_FMI);
}

/* Not so one that is configured to be told nothing */
static void never_asked(void **state)
{
	struct flow_spec one = flow(1, 10);
	struct bed *b = *state;

	b->conf.retry_s = 1;
	speak(b, FLOW_DIALECT_NONE);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(flow_grant_set(b->g, &one), -EOPNOTSUPP);
	flow_initiator_on_restart(&b->fi, &b->mag);
	assert_int_equal(flow_grant_set(b->g, &one), -EOPNOTSUPP);
}

/*
 * RFC 6275 §6.1.9, §9.3.3: the home address "contained in the Home Address destination
 * option", of which our messages have none; and without a message there is no error
 */
static void errors_about_nothing(void **state)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE };
	struct bed *b = *state;

	flow_initiator_on_binding_error(&b->fi, &b->mag, &be);
	assert_int_equal(b->fi.counters.be_stray, 1);
	set(b, 1, 10);
	flow_grant_push(b->g);
	be.home = fake_addr("2001:db8:100:1::9");
	flow_initiator_on_binding_error(&b->fi, &b->mag, &be);
	assert_int_equal(b->fi.counters.be_stray, 2);
	be.home = in6addr_any;
	flow_initiator_on_binding_error(&b->fi, &b->other, &be);
	assert_int_equal(b->fi.counters.fallback, 0);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 1);
}

/* RFC 7077 §5.2: an error "indicates that the mobile access gateway does not support" the
 * message; that it answers it shows that it does
 */
static void answered_all_the_same(void **state)
{
	struct bed *b = *state;
	struct mh_msg fma;

	set(b, 1, 10);
	flow_grant_push(b->g);
	fma = answer_to(newest(b), FMA_OK);
	binding_error(b, BE_UNKNOWN_TYPE);
	assert_int_equal(newest(b)->kind, MH_UPN);
	give(b, &fma);
	assert_int_equal(b->fi.counters.recovered, 1);
	assert_int_equal(newest(b)->kind, MH_FMI);
	answer(b, FMA_OK);
	assert_int_equal(b->kept, 1);
	assert_int_equal(b->lost, 0);
	binding_error(b, BE_UNKNOWN_TYPE);
	assert_int_equal(b->fi.counters.fallback, 1);
	/* one that is configured, and has lost its flows by the error */
	speak(b, FLOW_DIALECT_RFC7864);
	set(b, 1, 10);
	flow_grant_push(b->g);
	fma = answer_to(newest(b), UPA_OK);
	binding_error(b, BE_UNKNOWN_TYPE);
	assert_int_equal(b->lost, 1);
	/* what nobody has sent is no answer */
	fma.seq += 2000;
	give(b, &fma);
	assert_int_equal(b->fi.counters.recovered, 1);
	fma.seq -= 2000;
	give(b, &fma);
	assert_int_equal(b->fi.counters.recovered, 2);
	set(b, 1, 10);
	flow_grant_push(b->g);
	assert_int_equal(newest(b)->kind, MH_UPN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(asked_again, setup, teardown),
		cmocka_unit_test_setup_teardown(never_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(errors_about_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(answered_all_the_same, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
