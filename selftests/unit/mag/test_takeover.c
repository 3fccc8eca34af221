// SPDX-License-Identifier: GPL-2.0
/* A gateway that begins with attachments that the kernel has kept. */
#include "mag_bed.h"

#include "mag/session.h"

static struct mag_kept kept(const struct llid *l, const char *mn, const char *prefix)
{
	struct mn_id id = fake_nai(mn);
	struct mag_kept k = {
		.ifindex = IF1, .lladdr = *l, .node = mn_id_number(&id), .up = true,
		.n_hnp = 1,
	};

	k.hnp[0] = fake_prefix(prefix);
	return k;
}

/* RFC 5213 §6.9.1.3: extended with the same prefix, HI 5; forwarded meanwhile */
static void silent_node_is_registered_again(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = kept(&x->l1, "mn1@example.org", "2001:db8:100:1::/64");
	const struct mh_msg *m;

	mag_take_over(x->m, &k, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 1);
	assert_true(fake_find(&x->f, FAKE_BINDING_SET, 0)->binding.uplink != 0);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	fake_advance_ms(&x->f, 1);
	m = &fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m->opts.hi, HI_REREGISTRATION);
	assert_true(prefix_equal(&m->opts.hnp[0].prefix, &k.hnp[0]));
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 1);
	/* the second time it is known */
	fake_reset(&x->f);
	mag_take_over(x->m, &k, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
}

/* RFC 5213 §6.9.1.4: who has gone meanwhile is deregistered, and not forwarded to */
static void departed_node_is_deregistered(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = kept(&x->l1, "mn1@example.org", "2001:db8:100:1::/64");
	const struct mh_msg *m;

	k.up = false;
	mag_take_over(x->m, &k, 1);
	fake_advance_ms(&x->f, 1);
	m = &fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m->lifetime, 0);
	assert_true(prefix_equal(&m->opts.hnp[0].prefix, &k.hnp[0]));
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(state_of(x), "none");
}

/* RFC 5213 §6.9.1.1: the identifier is the one that the node was served by */
static void name_of_the_operator_is_kept(void **state)
{
	struct fixture *x = *state;
	struct llid unknown = fake_llid("02:00:00:00:09:09");
	struct mag_kept k = kept(&unknown, "mn1@example.org", "2001:db8:100:1::/64");

	mag_take_over(x->m, &k, 1);
	fake_advance_ms(&x->f, 1);
	assert_true(mn_id_equal(&fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.mn_id, &x->id));
}

/* RFC 5213 §6.14: nobody's, not by this technology, not on an access link */
static void not_everything_is_taken(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k[] = {
		kept(&x->l1, "nobody@example.org", "2001:db8:100:1::/64"),
		kept(&x->l5, "mn3@example.org", "2001:db8:100:3::/64"),
		kept(&x->l3, "mn2@example.org", "2001:db8:100:2::/64"),
	};

	k[1].ifindex = IF2;
	k[2].ifindex = 99;
	mag_take_over(x->m, k, 3);
	fake_advance_ms(&x->f, 1000);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_MH), 0);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
}

/* RFC 5213 §6.10.5: what the anchor never confirms ends with the longest lifetime */
static void unconfirmed_ends(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = kept(&x->l1, "mn1@example.org", "2001:db8:100:1::/64");

	mag_take_over(x->m, &k, 1);
	fake_advance_ms(&x->f, 3590000);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 50000);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
}

/* RFC 4861 §7.3: back on the link: who was there is asked, whether it was left or not */
static void link_that_is_back_is_probed(void **state)
{
	struct fixture *x = *state;

	x->conf.probe_ms = 10000;
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_link(x->m, IF1, true);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_PROBE), 1);
	assert_string_equal(state_of(x), "active");
	mag_on_link(x->m, IF1, false);
	mag_on_link(x->m, IF1, true);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_PROBE), 2);
	assert_string_equal(state_of(x), "deregistering");
	/* its answer is a sign of life */
	attach(x);
	assert_string_equal(state_of(x), "registering");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(silent_node_is_registered_again),
		T(departed_node_is_deregistered),
		T(name_of_the_operator_is_kept),
		T(not_everything_is_taken),
		T(unconfirmed_ends),
		T(link_that_is_back_is_probed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
