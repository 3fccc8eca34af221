// SPDX-License-Identifier: GPL-2.0
/* One way for several listeners: what goes by it is what any of them wants, once. */
#include "multicast_bed.h"

#include "multicast/outlet.h"

#define SOURCES		5
#define LISTENERS	4
#define STEPS		20000

struct table {
	bool any;
	uint32_t pass, block;
	unsigned int changes;
};

static void put(struct table *t, const struct mcast_route *r, bool set)
{
	uint32_t bit;

	assert_int_equal(r->node, 7);
	t->changes++;
	if (IN6_IS_ADDR_UNSPECIFIED(&r->source)) {
		assert_int_equal(t->any, !set);
		t->any = set;
		return;
	}
	bit = bit_of(&r->source);
	assert_int_equal(!!((r->pass ? t->pass : t->block) & bit), !set);
	t->pass &= ~bit;
	t->block &= ~bit;
	if (set)
		*(r->pass ? &t->pass : &t->block) |= bit;
}

static void set(void *arg, const struct mcast_route *r)
{
	put(arg, r, true);
}

static void del(void *arg, const struct mcast_route *r)
{
	put(arg, r, false);
}

static const struct mcast_route_ops ops = { set, del };

struct listener {
	enum mcast_mode mode;
	uint32_t sources;
};

static void change(struct mcast_outlet *o, struct listener *l, enum mcast_mode mode,
		   uint32_t sources)
{
	struct mcast_filter before = filter_of(l->mode, l->sources);
	struct mcast_filter after = filter_of(mode, sources);
	struct in6_addr group = group_addr(1);

	assert_int_equal(mcast_outlet_change(o, &group, &before, &after), 0);
	mcast_filter_clear(&before);
	mcast_filter_clear(&after);
	l->mode = mode;
	l->sources = sources;
}

/* The head of route.h says where a packet goes. */
static void check(const struct table *t, const struct listener *l)
{
	for (unsigned int s = 0; s < SOURCES; s++) {
		bool wanted = false;

		for (unsigned int i = 0; i < LISTENERS; i++)
			wanted |= wants(l[i].mode, l[i].sources, s);
		assert_int_equal(!!((t->pass | (t->any ? ~t->block : 0)) & 1U << s), wanted);
	}
}

/* RFC 3810 §4.2: whatever they change, and when the last has left nothing is there */
static void any_change(void **state)
{
	struct listener l[LISTENERS] = { 0 };
	struct mcast_outlet o;
	struct table t = { 0 };

	(void)state;
	srand(5);
	mcast_outlet_init(&o, &ops, &t, 7);
	for (unsigned int i = 0; i < STEPS; i++) {
		int r = rand();

		change(&o, &l[r % LISTENERS], r & 0x100 ? MCAST_EX : MCAST_IN,
		       (uint32_t)r >> 12 & ((1U << SOURCES) - 1) & (r & 0x200 ? ~0U : 0));
		check(&t, l);
	}
	for (unsigned int i = 0; i < LISTENERS; i++)
		change(&o, &l[i], MCAST_IN, 0);
	assert_int_equal(t.any + t.pass + t.block, 0);
	assert_null(o.db.entries);
	mcast_outlet_free(&o);
}

/* The kernel has lost everything: it hears all, as it was */
static void restored(void **state)
{
	struct listener l[LISTENERS] = { 0 };
	struct mcast_outlet o;
	struct table t = { 0 };

	(void)state;
	mcast_outlet_init(&o, &ops, &t, 7);
	change(&o, &l[0], MCAST_EX, 3);
	change(&o, &l[1], MCAST_EX, 6);
	change(&o, &l[2], MCAST_IN, 2);
	memset(&t, 0, sizeof(t));
	mcast_outlet_restore(&o);
	assert_true(t.any);
	check(&t, l);
	/* a second listener to the same is nothing new */
	t.changes = 0;
	change(&o, &l[3], MCAST_EX, 2);
	assert_int_equal(t.changes, 0);
	for (unsigned int i = 0; i < LISTENERS; i++)
		change(&o, &l[i], MCAST_IN, 0);
	mcast_outlet_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_change), cmocka_unit_test(restored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
