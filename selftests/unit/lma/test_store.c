// SPDX-License-Identifier: GPL-2.0
/* An anchor whose policy store takes its time, is out of reach, or changes. */
#include "lma_bed.h"
#include "policy/queue.h"
#include "slow_store.h"

#define LLADDR	"02:00:00:00:00:01"

static struct slow_store slow;

static int setup(void **state)
{
	static struct bed b;

	bed_open(&b);
	slow_open(&slow, &b.policy);
	*state = &b;
	return 0;
}

static int setup_quick(void **state)
{
	static struct bed b;

	bed_open(&b);
	*state = &b;
	return 0;
}

static int teardown(void **state)
{
	bed_close(*state);
	return 0;
}

static const struct mh_msg *last_answer(struct bed *b)
{
	const struct fake_mh *a = fake_find_mh(&b->f, MH_PBA, -1);

	assert_non_null(a);
	return &a->msg;
}

/*
 * RFC 5213 §5.3.1: who is not known yet is not refused for it; §5.5: a timestamp is held
 * against the time at which the request came, be the store's answer beyond the window.
 */
static void request_waits_for_the_store(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = bed_pbu(b, "shared", HI_NEW_INTERFACE);

	assert_null(bed_send(b, 1, &m));
	assert_int_equal(slow_waiting(&slow), 1);
	assert_int_equal(bed_count(b), 0);
	fake_advance_ms(&b->f, 2000);
	slow_answer(&slow, 0);
	assert_int_equal(last_answer(b)->status, PBA_ACCEPTED);
	assert_int_equal(last_answer(b)->seq, m.seq);
	assert_int_equal(bed_count(b), 1);
	/* the time of another request is its own again */
	m = bed_pbu(b, "shared", HI_REREGISTRATION);
	fake_advance_ms(&b->f, 2000);
	assert_int_equal(bed_status(b, 1, &m), PBA_TIMESTAMP_MISMATCH);
}

/* RFC 5213 §5.3.1: what the store does not have is refused when it has said so */
static void stranger_is_refused_later(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = bed_pbu(b, "nobody", HI_NEW_INTERFACE);

	assert_null(bed_send(b, 1, &m));
	slow_answer(&slow, 0);
	assert_int_equal(last_answer(b)->status, PBA_NOT_LMA_FOR_THIS_MN);
}

/* In the order in which they came, each with its answer */
static void several_wait(void **state)
{
	struct bed *b = *state;
	struct mh_msg one = bed_pbu(b, "shared", HI_NEW_INTERFACE);
	struct mh_msg two = bed_pbu(b, "single", HI_NEW_INTERFACE);

	assert_null(bed_send(b, 1, &one));
	assert_null(bed_send(b, 2, &two));
	slow_answer(&slow, 0);
	assert_int_equal(fake_count_mh(&b->f, MH_PBA), 2);
	assert_int_equal(fake_find_mh(&b->f, MH_PBA, 0)->msg.seq, one.seq);
	assert_int_equal(fake_find_mh(&b->f, MH_PBA, 1)->msg.seq, two.seq);
	assert_int_equal(bed_count(b), 2);
}

/* RFC 6275 §6.1.8: 130, "Insufficient resources", and the next try finds the store back */
static void store_out_of_reach(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = bed_pbu(b, "shared", HI_NEW_INTERFACE);

	slow.gone = true;
	assert_int_equal(bed_status(b, 1, &m), PBA_NO_RESOURCES);
	slow.gone = false;
	m = bed_pbu(b, "shared", HI_NEW_INTERFACE);
	assert_null(bed_send(b, 1, &m));
	slow_answer(&slow, -EAGAIN);
	assert_int_equal(last_answer(b)->status, PBA_NO_RESOURCES);
	m = bed_pbu(b, "shared", HI_NEW_INTERFACE);
	assert_null(bed_send(b, 1, &m));
	slow_answer(&slow, 0);
	assert_int_equal(last_answer(b)->status, PBA_ACCEPTED);
}

/* RFC 5213 §5.3.1: of whom is not authorized nothing is asked, whatever he names */
static void stranger_asks_nothing(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = bed_pbu(b, "shared", HI_NEW_INTERFACE);
	struct in6_addr src = fake_addr("2001:db8:0:99::1"), dst = bed_lma();

	lma_on_pbu(b->lma, &src, &dst, &m);
	assert_int_equal(last_answer(b)->status, PBA_MAG_NOT_AUTHORIZED);
	assert_int_equal(slow.asked, 0);
}

/* However many come there is room for so many, and the others are told */
static void room_is_bounded(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = bed_pbu(b, "shared", HI_NEW_INTERFACE);
	unsigned int i;

	for (i = 0; i < POLICY_QUEUE_MAX; i++)
		assert_null(bed_send(b, 1, &m));
	assert_int_equal(bed_status(b, 1, &m), PBA_NO_RESOURCES);
	assert_int_equal(slow_waiting(&slow), POLICY_QUEUE_MAX);
	/* and goes with what still waits */
}

/* RFC 5213 §5.2: a prefix that a profile has come to own is not given to others */
static void prefix_of_a_new_profile(void **state)
{
	struct bed *b = *state;
	struct prefix first = bed_register(b, 1, "single", HI_NEW_INTERFACE, NULL);
	struct profile pr[2] = { b->profile[0], b->profile[4] };
	struct policy other = { 0 };
	struct prefix next;

	next = first;
	next.addr.s6_addr[7]++;
	pr[0].n_hnp = 1;
	pr[0].hnp[0] = next;
	assert_int_equal(policy_table_open(&other, pr, 2), 0);
	policy_replace(&b->policy, &other);
	policy_free(&other);
	/* the session stays as it is */
	assert_int_equal(bed_count(b), 1);
	next = bed_register(b, 1, "other", HI_NEW_INTERFACE, NULL);
	assert_false(prefix_equal(&next, &pr[0].hnp[0]));
	assert_false(prefix_equal(&next, &first));
}

/* Nor one that has been given out before, and is free again */
static void freed_prefix_of_a_new_profile(void **state)
{
	struct bed *b = *state;
	struct prefix first = bed_register(b, 1, "single", HI_NEW_INTERFACE, LLADDR), next;
	struct profile pr[2] = { b->profile[0], b->profile[4] };
	struct mh_msg m = bed_pbu(b, "single", HI_UNKNOWN);
	struct policy other = { 0 };

	bed_llid(&m, LLADDR);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	fake_advance_ms(&b->f, b->conf.min_delay_before_bce_delete_ms + 1);
	assert_int_equal(bed_count(b), 0);
	pr[0].n_hnp = 1;
	pr[0].hnp[0] = first;
	assert_int_equal(policy_table_open(&other, pr, 2), 0);
	policy_replace(&b->policy, &other);
	policy_free(&other);
	next = bed_register(b, 1, "other", HI_NEW_INTERFACE, NULL);
	assert_false(prefix_equal(&next, &first));
	next = bed_register(b, 1, "single", HI_NEW_INTERFACE, NULL);
	assert_true(prefix_equal(&next, &first));
}

/* RFC 5213 §5.3.5: a deregistration ends what is there, be the profile what it is by now */
static void node_leaves_without_a_profile(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;
	struct policy none = { 0 };

	bed_register(b, 1, "single", HI_NEW_INTERFACE, LLADDR);
	assert_int_equal(policy_table_open(&none, NULL, 0), 0);
	policy_replace(&b->policy, &none);
	policy_free(&none);
	m = bed_pbu(b, "single", HI_REREGISTRATION);
	bed_llid(&m, LLADDR);
	assert_int_equal(bed_status(b, 1, &m), PBA_NOT_LMA_FOR_THIS_MN);
	assert_int_equal(bed_count(b), 1);
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, LLADDR);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	fake_advance_ms(&b->f, b->conf.min_delay_before_bce_delete_ms + 1);
	assert_int_equal(bed_count(b), 0);
	m = bed_pbu(b, "single", HI_NEW_INTERFACE);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 1, &m), PBA_NOT_LMA_FOR_THIS_MN);
}

/* RFC 5213 §5.3.5: nor is anybody asked for it, who might not answer */
static void node_leaves_while_the_store_is_gone(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	slow.knows = true;
	bed_register(b, 1, "single", HI_NEW_INTERFACE, LLADDR);
	slow.knows = false;
	slow.gone = true;
	m = bed_pbu(b, "single", HI_REREGISTRATION);
	bed_llid(&m, LLADDR);
	assert_int_equal(bed_status(b, 1, &m), PBA_NO_RESOURCES);
	assert_int_equal(slow.asked, 1);
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, LLADDR);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	assert_int_equal(slow.asked, 1);
	fake_advance_ms(&b->f, b->conf.min_delay_before_bce_delete_ms + 1);
	assert_int_equal(bed_count(b), 0);
}

/* RFC 7864 §3.2.2: the flows that a profile has no more go with the next refresh */
static void rules_of_another_profile(void **state)
{
	struct bed *b = *state;
	struct profile pr = b->profile[12];
	struct policy other = { 0 };
	struct mh_msg m;

	bed_register(b, 1, "ruled", HI_NEW_INTERFACE, NULL);
	assert_int_equal(fake_count(&b->f, FAKE_FLOW_DEL), 0);
	assert_true(fake_count(&b->f, FAKE_FLOW_SET) > 0);
	pr.n_rules = 0;
	assert_int_equal(policy_table_open(&other, &pr, 1), 0);
	policy_replace(&b->policy, &other);
	policy_free(&other);
	m = bed_pbu(b, "ruled", HI_REREGISTRATION);
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	assert_true(fake_count(&b->f, FAKE_FLOW_DEL) > 0);
}

static struct in6_addr told_lma, told_before;
static unsigned int told;

static int serve(void *store, const struct mn_id *id, const struct in6_addr *lma,
		 const struct in6_addr *before, struct policy_wait *w)
{
	struct mn_id single = fake_nai("single");

	(void)store;
	assert_null(w);
	assert_true(mn_id_equal(id, &single));
	told_lma = *lma;
	told_before = *before;
	told++;
	return 0;
}

/*
 * Draft: LMA handover §4.1: "the LMAA field includes the address (NLMAA) of the LMA
 * currently serving the MN", with its first session, and no more after its last
 */
static void store_is_told_who_serves(void **state)
{
	struct bed *b = *state;
	struct policy_ops ops = *b->policy.ops;
	const struct policy_ops *was = b->policy.ops;
	struct in6_addr own = bed_lma(), none = in6addr_any;
	struct mh_msg m;

	ops.serve = serve;
	b->policy.ops = &ops;
	told = 0;
	bed_register(b, 1, "single", HI_NEW_INTERFACE, LLADDR);
	assert_int_equal(told, 1);
	assert_memory_equal(&told_lma, &own, sizeof(own));
	assert_memory_equal(&told_before, &none, sizeof(none));
	bed_register(b, 2, "single", HI_NEW_INTERFACE, "02:00:00:00:00:02");
	assert_int_equal(told, 1);
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, LLADDR);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	fake_advance_ms(&b->f, b->conf.min_delay_before_bce_delete_ms + 1);
	assert_int_equal(told, 1);
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, "02:00:00:00:00:02");
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
	fake_advance_ms(&b->f, b->conf.min_delay_before_bce_delete_ms + 1);
	assert_int_equal(told, 2);
	assert_memory_equal(&told_lma, &none, sizeof(none));
	assert_memory_equal(&told_before, &own, sizeof(own));
	/* a daemon that stops leaves the sessions, and the store, as they are */
	bed_register(b, 1, "single", HI_NEW_INTERFACE, LLADDR);
	lma_free(b->lma);
	assert_int_equal(told, 3);
	b->policy.ops = was;
	bed_start(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(request_waits_for_the_store, setup, teardown),
		cmocka_unit_test_setup_teardown(stranger_is_refused_later, setup, teardown),
		cmocka_unit_test_setup_teardown(several_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(store_out_of_reach, setup, teardown),
		cmocka_unit_test_setup_teardown(stranger_asks_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(room_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(prefix_of_a_new_profile, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(freed_prefix_of_a_new_profile, setup_quick,
						teardown),
		cmocka_unit_test_setup_teardown(node_leaves_without_a_profile, setup_quick,
						teardown),
		cmocka_unit_test_setup_teardown(node_leaves_while_the_store_is_gone, setup,
						teardown),
		cmocka_unit_test_setup_teardown(rules_of_another_profile, setup_quick, teardown),
		cmocka_unit_test_setup_teardown(store_is_told_who_serves, setup_quick, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
