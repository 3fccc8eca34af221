// SPDX-License-Identifier: GPL-2.0
/* An access gateway whose policy store takes its time, or is out of reach. */
#include "mag_bed.h"
#include "slow_store.h"

static struct slow_store slow;

static int setup_slow(void **state)
{
	setup(state);
	slow_open(&slow, &((struct fixture *)*state)->policy);
	return 0;
}

/* RFC 5213 §6.9.1.1: registered as soon as it is known who it is, and once */
static void attachment_waits(void **state)
{
	struct fixture *x = *state;

	assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_RS), -EINPROGRESS);
	mag_on_rs(x->m, IF1, &x->l1, &x->self);
	assert_int_equal(slow_waiting(&slow), 1);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	slow_answer(&slow, 0);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
	assert_true(mn_id_equal(&fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.mn_id, &x->id));
}

/* RFC 5213 §6.9.1.1: whom the store does not have gets nothing */
static void stranger_gets_nothing(void **state)
{
	struct fixture *x = *state;
	struct llid l = fake_llid("02:00:00:00:99:99");

	assert_int_equal(mag_on_attach(x->m, IF1, &l, NULL, NULL, ATTACH_RS), -EINPROGRESS);
	slow_answer(&slow, 0);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	assert_int_equal(x->f.timers.len, 0);
}

/* Ours: a store that is out of reach is asked again, less and less often, until it answers */
static void store_is_asked_again(void **state)
{
	struct fixture *x = *state;
	unsigned int before;

	slow.gone = true;
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_RS), -EINPROGRESS);
	assert_non_null(fake_find_notice(&x->f, "attach-delayed", 0));
	before = slow.asked;
	fake_advance_ms(&x->f, 1000);
	assert_int_equal(slow.asked, before + 1);
	fake_advance_ms(&x->f, 1999);
	assert_int_equal(slow.asked, before + 1);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(slow.asked, before + 2);
	before = slow.asked;
	fake_advance_ms(&x->f, 600000);
	assert_true(slow.asked - before < 24);
	slow.gone = false;
	fake_advance_ms(&x->f, 32000);
	assert_int_equal(slow_waiting(&slow), 1);
	slow_answer(&slow, -EAGAIN);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	fake_advance_ms(&x->f, 32000);
	slow_answer(&slow, 0);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
}

/* RFC 5213 §6.13: whoever has left meanwhile is not registered */
static void node_leaves_meanwhile(void **state)
{
	struct fixture *x = *state;

	mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_RS);
	mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_RS);
	mag_on_attach(x->m, IF2, &x->l3, NULL, NULL, ATTACH_RS);
	assert_int_equal(slow_waiting(&slow), 3);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	assert_int_equal(slow_waiting(&slow), 2);
	mag_on_neighbour(x->m, IF2, &x->l3, false);
	assert_int_equal(slow_waiting(&slow), 1);
	mag_on_link(x->m, IF2, false);
	assert_int_equal(slow_waiting(&slow), 0);
	slow_answer(&slow, 0);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
}

/* Ours: what the kernel forwards to is taken over when it is known whose it is, not before */
static void kept_attachment_waits(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = {
		.ifindex = IF1, .lladdr = x->l1, .node = mn_id_number(&x->id), .up = true,
		.n_hnp = 1, .hnp = { fake_prefix("2001:db8:100:1::/64") },
	};

	slow.gone = true;
	mag_take_over(x->m, &k, 1);
	assert_true(mag_takes_over(x->m));
	fake_advance_ms(&x->f, 5000);
	assert_true(mag_takes_over(x->m));
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	slow.gone = false;
	slow.knows = true;
	fake_advance_ms(&x->f, 5000);
	assert_false(mag_takes_over(x->m));
	assert_true(fake_count_mh(&x->f, MH_PBU) > 0);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.hi, HI_REREGISTRATION);
	assert_true(fake_count(&x->f, FAKE_BINDING_SET) > 0);
}

static void exchanges_nodes(struct fixture *x)
{
	x->conf.fast = true;
	x->conf.handover = (struct handover_conf){
		.hi_ms = 100, .hi_retries = 3, .expect_ms = 3000, .forward_ms = 10000,
	};
}

/*
 * RFC 5949 §4.1, reactive: where the node was is asked for it when it is known who it is,
 * and the PBU goes out after that, however the node was noticed first
 */
static void origin_is_kept(void **state)
{
	struct fixture *x = *state;

	exchanges_nodes(x);
	slow.gone = true;
	mag_on_rs(x->m, IF1, &x->l1, &x->self);
	assert_int_equal(mag_handover_attach(x->m, IF1, &x->l1, NULL, &x->other), -EINPROGRESS);
	fake_advance_ms(&x->f, 1000);
	slow.gone = false;
	fake_advance_ms(&x->f, 2000);
	assert_int_equal(slow_waiting(&slow), 1);
	assert_int_equal(fake_count_mh(&x->f, MH_HI), 0);
	slow_answer(&slow, 0);
	assert_int_equal(fake_count_mh(&x->f, MH_HI), 1);
	assert_true(IN6_ARE_ADDR_EQUAL(&fake_find_mh(&x->f, MH_HI, 0)->dst, &x->other));
	assert_true(mn_id_equal(&fake_find_mh(&x->f, MH_HI, 0)->msg.opts.mn_id, &x->id));
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	/* the other gateway says nothing, and the anchor is told all the same */
	fake_advance_ms(&x->f, 99);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
	fake_advance_ms(&x->f, 2000);
	assert_true(fake_count_mh(&x->f, MH_PBU) > 0);
	assert_true(mn_id_equal(&fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.mn_id, &x->id));
}

/* Ours: what cannot be asked for is said at once, and the store is not asked for it */
static void origin_is_checked_first(void **state)
{
	struct in6_addr stranger = fake_addr("2001:db8:9::1");
	struct fixture *x = *state;

	assert_int_equal(mag_handover_attach(x->m, IF1, &x->l1, NULL, &x->other), -EOPNOTSUPP);
	exchanges_nodes(x);
	assert_int_equal(mag_handover_attach(x->m, IF1, &x->l1, NULL, &stranger),
			 -EADDRNOTAVAIL);
	assert_int_equal(mag_handover_attach(x->m, 99, &x->l1, NULL, &x->other), -ENODEV);
	assert_int_equal(slow.asked, 0);
	assert_int_equal(slow_waiting(&slow), 0);
}

/* RFC 5213 §6.13: nobody asks for a node that has left before it was known who it is */
static void origin_of_one_that_left(void **state)
{
	struct fixture *x = *state;

	exchanges_nodes(x);
	assert_int_equal(mag_handover_attach(x->m, IF1, &x->l1, NULL, &x->other), -EINPROGRESS);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	slow_answer(&slow, 0);
	fake_advance_ms(&x->f, 5000);
	assert_int_equal(fake_count_mh(&x->f, MH_HI), 0);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
}

/*
 * RFC 5213 §6.9.1.1: what the kernel has kept was another node's, and who has come by that
 * interface since is registered all the same
 */
static void kept_for_another(void **state)
{
	struct fixture *x = *state;
	struct mn_id other = fake_nai("mn2@example.org");
	struct mag_kept k = {
		.ifindex = IF1, .lladdr = x->l1, .node = mn_id_number(&other), .up = true,
		.n_hnp = 1, .hnp = { fake_prefix("2001:db8:100:1::/64") },
	};

	mag_take_over(x->m, &k, 1);
	assert_true(mag_takes_over(x->m));
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, &x->id, NULL, ATTACH_OPERATOR),
			 -EINPROGRESS);
	slow_answer(&slow, 0);
	assert_false(mag_takes_over(x->m));
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
	assert_true(mn_id_equal(&fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.mn_id, &x->id));
	assert_int_not_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.hi, HI_REREGISTRATION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(attachment_waits, setup_slow, teardown),
		cmocka_unit_test_setup_teardown(stranger_gets_nothing, setup_slow, teardown),
		cmocka_unit_test_setup_teardown(store_is_asked_again, setup_slow, teardown),
		cmocka_unit_test_setup_teardown(node_leaves_meanwhile, setup_slow, teardown),
		cmocka_unit_test_setup_teardown(kept_attachment_waits, setup_slow, teardown),
		cmocka_unit_test_setup_teardown(kept_for_another, setup_slow, teardown),
		cmocka_unit_test_setup_teardown(origin_is_kept, setup_slow, teardown),
		cmocka_unit_test_setup_teardown(origin_is_checked_first, setup_slow, teardown),
		cmocka_unit_test_setup_teardown(origin_of_one_that_left, setup_slow, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
