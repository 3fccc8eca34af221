// SPDX-License-Identifier: GPL-2.0
/* Other pools and other gateways under an anchor that has sessions. */
#include "revoke_bed.h"

static const char first[] = "2001:db8:100::/40", second[] = "2001:db8:200::/40";

static void pools(struct bed *b, unsigned int n, const char *one, const char *two)
{
	const struct prefix range[] = { fake_prefix(one), fake_prefix(two) };

	assert_int_equal(lma_pools_change(b->lma, range, n), 0);
}

static bool within(const struct prefix *p, const char *range)
{
	const struct prefix r = fake_prefix(range);

	return prefix_contains(&r, p);
}

/* A deregistration, and the time after which nothing is left */
static void leave(struct bed *b, const char *nai, const char *llid)
{
	struct mh_msg m = bed_pbu(b, nai, HI_UNKNOWN);

	bed_llid(&m, llid);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	fake_advance_ms(&b->f, b->conf.min_delay_before_bce_delete_ms);
}

/* RFC 5213 §5.3.3: "MUST update the Binding Cache entry", whatever the pools are by now */
static void session_goes_on(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1), q;
	struct mh_msg m;

	fake_reset(&b->f);
	pools(b, 1, second, second);
	assert_int_equal(b->f.len, 0);
	m = bed_pbu(b, "single", HI_REREGISTRATION);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	assert_true(prefix_equal(&fake_find_mh(&b->f, MH_PBA, -1)->msg.opts.hnp[0].prefix, &p));
	q = bed_register(b, 1, "other", HI_NEW_INTERFACE, IF2);
	assert_true(within(&q, second));
	/* what nobody gives out any more, nobody gets */
	leave(b, "single", IF1);
	q = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_true(within(&q, second));
	assert_false(prefix_equal(&p, &q));
}

static void others(struct bed *b, struct prefix *p, unsigned int n, bool come)
{
	static const char * const name[] = { "other", "shared", "different", "wifi" };
	char llid[] = "02:00:00:00:00:10";

	for (unsigned int i = 0; i < n; i++) {
		llid[16] = (char)('0' + i);
		if (come)
			p[i] = bed_register(b, 1, name[i], HI_NEW_INTERFACE, llid);
		else
			leave(b, name[i], llid);
		for (unsigned int j = 0; j < i; j++)
			assert_false(prefix_equal(&p[i], &p[j]));
	}
}

static void nothing_left(struct bed *b)
{
	struct mh_msg m = bed_pbu(b, "alone", HI_NEW_INTERFACE);

	bed_llid(&m, "02:00:00:00:00:77");
	assert_int_equal(bed_status(b, 1, &m), PBA_NO_RESOURCES);
}

/*
 * RFC 5213 §5.3.2 rule 1: "is not in use by any other node or mobility session": of the four
 * prefixes of a new range somebody has one, who goes when the others have been given out
 */
static void user_of_a_new_range_stays(void **state)
{
	struct bed *b = *state;
	struct prefix p[4];

	p[3] = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	pools(b, 1, "2001:db8:100::/62", second);
	others(b, p, 3, true);
	for (unsigned int i = 0; i < 3; i++)
		assert_false(prefix_equal(&p[i], &p[3]));
	nothing_left(b);
	leave(b, "single", IF1);
	others(b, p, 3, false);
	others(b, p, 4, true);
	nothing_left(b);
}

/* The same, and who goes before; between them the range was no more for a while */
static void user_of_a_new_range_leaves(void **state)
{
	struct bed *b = *state;
	struct prefix p[4];

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	pools(b, 1, second, second);
	pools(b, 1, "2001:db8:100::/62", second);
	leave(b, "single", IF1);
	others(b, p, 4, true);
	nothing_left(b);
}

/* What has come from a range that goes on comes back to it, beside a new one. */
static void range_that_goes_on(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1), q;

	pools(b, 2, second, first);
	q = bed_register(b, 1, "other", HI_NEW_INTERFACE, IF2);
	assert_true(within(&q, second));
	pools(b, 1, first, first);
	leave(b, "single", IF1);
	q = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_true(prefix_equal(&p, &q));
}

static void what_cannot_be_changes_nothing(void **state)
{
	const struct prefix narrow = fake_prefix("2001:db8:200::/72");
	struct bed *b = *state;
	struct prefix p;

	assert_int_equal(lma_pools_change(b->lma, &narrow, 1), -EINVAL);
	p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_true(within(&p, first));
}

/*
 * RFC 5213 §5.3.1 rule 6: "is not authorized to send Proxy Binding Update messages"; RFC 5846
 * §8.1: the bindings of one that is not any more are revoked, those of others are not
 */
static void gateway_may_not_any_more(void **state)
{
	struct prefix only = fake_prefix("2001:db8:0:2::2/128");
	struct bed *b = *state;
	struct mh_msg m;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	bed_register(b, 2, "other", HI_NEW_INTERFACE, IF2);
	b->conf.mag = &only;
	lma_mags_changed(b->lma);
	assert_int_equal(bris(b), 1);
	assert_int_equal(bri_to(b), 1);
	assert_true(newest_bri(b)->flags & BR_F_G);
	/* once is enough */
	lma_mags_changed(b->lma);
	assert_int_equal(bris(b), 1);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 1);
	m = bed_pbu(b, "single", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 1, &m), PBA_MAG_NOT_AUTHORIZED);
	m = bed_pbu(b, "other", HI_REREGISTRATION);
	bed_llid(&m, IF2);
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
	/* and may again */
	b->conf.mag = b->mags;
	lma_mags_changed(b->lma);
	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_int_equal(bris(b), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(session_goes_on),
		T(user_of_a_new_range_stays),
		T(user_of_a_new_range_leaves),
		T(range_that_goes_on),
		T(what_cannot_be_changes_nothing),
		T(gateway_may_not_any_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
