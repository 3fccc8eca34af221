// SPDX-License-Identifier: GPL-2.0
/* Forwarding state: a table that does what it is told, and where packets go by it. */
#include "multicast_bed.h"

#include "multicast/route.h"

#define SOURCES	6

struct table {
	bool any;
	uint32_t pass, block;
	/* on the way from one filter to another: these pass throughout, and these never */
	uint32_t always, never;
	unsigned int changes;
};

/* What the head of route.h says */
static bool goes(const struct table *t, unsigned int source)
{
	return (t->pass | (t->any ? ~t->block : 0)) & 1U << source;
}

static void check(const struct table *t)
{
	for (unsigned int s = 0; s < SOURCES; s++) {
		if (t->always & 1U << s)
			assert_true(goes(t, s));
		if (t->never & 1U << s)
			assert_false(goes(t, s));
	}
}

static void put(struct table *t, const struct mcast_route *r, bool set)
{
	struct in6_addr group = group_addr(1);
	uint32_t *mask = r->pass ? &t->pass : &t->block;
	uint32_t bit;

	assert_memory_equal(&r->group, &group, sizeof(group));
	assert_int_equal(r->node, 7);
	t->changes++;
	if (IN6_IS_ADDR_UNSPECIFIED(&r->source)) {
		assert_int_equal(t->any, !set);
		assert_true(r->pass);
		t->any = set;
		return;
	}
	bit = bit_of(&r->source);
	/* nothing is set that is so already, and nothing removed that is not */
	assert_int_equal(!!(*mask & bit), !set);
	t->pass &= ~bit;
	t->block &= ~bit;
	if (set)
		*mask |= bit;
}

static void set(void *arg, const struct mcast_route *r)
{
	put(arg, r, true);
	check(arg);
}

static void del(void *arg, const struct mcast_route *r)
{
	put(arg, r, false);
	check(arg);
}

static const struct mcast_route_ops ops = { set, del };

static void change(struct table *t, enum mcast_mode m1, uint32_t s1, enum mcast_mode m2,
		   uint32_t s2)
{
	struct mcast_filter before = filter_of(m1, s1), after = filter_of(m2, s2);
	struct in6_addr group = group_addr(1);

	t->always = 0;
	t->never = 0;
	for (unsigned int s = 0; s < SOURCES; s++) {
		bool was = wants(m1, s1, s), is = wants(m2, s2, s);

		t->always |= (uint32_t)(was && is) << s;
		t->never |= (uint32_t)(!was && !is) << s;
	}
	mcast_route_change(&ops, t, 7, &group, &before, &after);
	mcast_filter_clear(&before);
	mcast_filter_clear(&after);
	t->always = 0;
	t->never = 0;
	for (unsigned int s = 0; s < SOURCES; s++)
		*(wants(m2, s2, s) ? &t->always : &t->never) |= 1U << s;
	check(t);
	/* what needs no route has none */
	assert_int_equal(t->any, m2 == MCAST_EX);
	assert_int_equal(t->pass, m2 == MCAST_IN ? s2 : 0);
	assert_int_equal(t->block, m2 == MCAST_EX ? s2 : 0);
}

/* RFC 3810 §7.3: from any filter to any other, and no gap or leak on the way */
static void every_change(void **state)
{
	(void)state;
	for (unsigned int from = 0; from < 2U << SOURCES; from++) {
		for (unsigned int to = 0; to < 2U << SOURCES; to++) {
			enum mcast_mode m1 = from & 1 ? MCAST_EX : MCAST_IN;
			enum mcast_mode m2 = to & 1 ? MCAST_EX : MCAST_IN;
			struct table t = { .any = m1 == MCAST_EX };

			*(m1 == MCAST_IN ? &t.pass : &t.block) = from >> 1;
			change(&t, m1, from >> 1, m2, to >> 1);
			assert_int_equal(t.changes > 0, from != to);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
