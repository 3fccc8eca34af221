// SPDX-License-Identifier: GPL-2.0
/* When the configuration has nodes go to another anchor. */
#include "anchor_bed.h"

static void rule(struct fixture *x, unsigned int i, const char *to)
{
	rules[i].to = to ? fake_addr(to) : in6addr_any;
	x->conf.anchors.n_rules = i + 1;
}

static unsigned int asked(struct fixture *x)
{
	return (unsigned int)fake_count_mh(&x->f, MH_LMA_HO_REQ);
}

static uint16_t reason(struct fixture *x)
{
	return fake_find_mh(&x->f, MH_LMA_HO_REQ, -1)->msg.reason;
}

/* Draft §3: "The bMAG decides when it triggers the LMA handover": by the access link */
static void by_link(void **state)
{
	struct fixture *x = *state;

	rules[0] = (struct mag_anchor_rule){ .dev = "if2", .link = 1 };
	rule(x, 0, NLMA);
	attach(x);
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	assert_int_equal(asked(x), 0);
	/* the same interface comes up by the other link */
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l1, NULL, NULL, ATTACH_CARRIER), 0);
	assert_int_equal(asked(x), 1);
	assert_int_equal(reason(x), LMA_HO_ACCESS);
}

/* By the node's prefix, and there it stays */
static void by_prefix(void **state)
{
	struct fixture *x = *state;

	rules[0].prefix = fake_prefix("2001:db8:200::/40");
	rule(x, 0, THIRD);
	rules[1].prefix = fake_prefix("2001:db8:100::/48");
	rule(x, 1, NLMA);
	attach(x);
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	assert_int_equal(asked(x), 1);
	assert_int_equal(reason(x), LMA_HO_POLICY);
	resp(x, PLMA, LMA_HO_OK, NLMA);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	to_refresh(x);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_int_equal(asked(x), 1);
}

/* RFC 6463 §4.3: "The session and capacity information can easily be used to calculate
 * different load factors of the LMA."
 */
static void by_load(void **state)
{
	static const struct mh_load load[] = {
		{ .sessions = 79, .max_sessions = 100 },
		{ .sessions = 1, .max_sessions = 100, .used = 800, .max = 1000 },
	};
	struct fixture *x = *state;
	struct mh_msg m;

	rules[0].load = 80;
	rule(x, 0, NULL);
	attach(x);
	for (unsigned int i = 0; i < 2; i++) {
		m = pba_for(x, PBA_ACCEPTED);
		m.opts.present |= MH_HAS_LOAD;
		m.opts.load = load[i];
		mag_on_pba(x->m, &x->lma, &x->self, &m);
		assert_int_equal(asked(x), i);
		if (!i)
			to_refresh(x);
	}
	assert_int_equal(reason(x), LMA_HO_LOAD);
	assert_false(fake_find_mh(&x->f, MH_LMA_HO_REQ, -1)->msg.opts.present & MH_HAS_LMA);
}

/* What is refused is wanted still, but not at once */
static void again_after_the_interval(void **state)
{
	struct fixture *x = *state;

	rules[0].prefix = fake_prefix("2001:db8:100::/48");
	rule(x, 0, NLMA);
	attach(x);
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	resp(x, PLMA, LMA_HO_NO_ANCHOR, NULL);
	fake_advance_ms(&x->f, INTERVAL_MS - 1);
	assert_int_equal(asked(x), 1);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(asked(x), 2);
}

/* The anchor moves it elsewhere: it is not sent back before the interval is over */
static void no_to_and_fro(void **state)
{
	struct fixture *x = *state;

	rules[0].prefix = fake_prefix("2001:db8:100::/48");
	rule(x, 0, PLMA);
	registered(x);
	unsolicited(x, PLMA, NLMA);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_int_equal(asked(x), 0);
	fake_advance_ms(&x->f, INTERVAL_MS - 1);
	assert_int_equal(asked(x), 0);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(asked(x), 1);
	assert_string_equal(sent_to(x, MH_LMA_HO_REQ), "nlma");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		A(by_link), A(by_prefix), A(by_load), A(again_after_the_interval),
		A(no_to_and_fro),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
