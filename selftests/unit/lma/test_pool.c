// SPDX-License-Identifier: GPL-2.0
/* Prefixes are given once, come back, and none of a profile is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "fake_env.h"
#include "lma/pool.h"

/* RFC 5213 §5.3.2 rule 1: "is not in use by any other node or mobility session" */
static void each_once(void **state)
{
	struct prefix range[2] = {
		fake_prefix("2001:db8:100::/60"), fake_prefix("2001:db8:200::/62"),
	};
	struct prefix given[20], p;
	struct pools ps;
	unsigned int i, j;

	(void)state;
	assert_int_equal(pools_init(&ps, range, 2, 64), 0);
	for (i = 0; i < 20; i++) {
		assert_true(pools_next(&ps, &given[i]));
		assert_true(pools_own(&ps, &given[i]));
		assert_true(prefix_contains(&range[i >= 16], &given[i]));
		for (j = 0; j < i; j++)
			assert_false(prefix_equal(&given[i], &given[j]));
	}
	assert_false(pools_next(&ps, &p));
	assert_int_equal(pools_put(&ps, &given[17]), 0);
	assert_int_equal(pools_put(&ps, &given[3]), 0);
	assert_true(pools_next(&ps, &p));
	assert_true(prefix_equal(&p, &given[3]));
	assert_true(pools_next(&ps, &p));
	assert_true(prefix_equal(&p, &given[17]));
	assert_false(pools_next(&ps, &p));
	pools_free(&ps);
}

/* RFC 5213 §5.2: a prefix of a profile is that node's alone */
static void reserved(void **state)
{
	struct prefix range = fake_prefix("2001:db8:100::/62");
	struct prefix own = fake_prefix("2001:db8:100:1::/64"), p;
	struct pools ps;
	int i;

	(void)state;
	assert_int_equal(pools_init(&ps, &range, 1, 64), 0);
	assert_int_equal(pools_reserve(&ps, &own), 0);
	assert_int_equal(pools_reserve(&ps, &own), 0);
	assert_true(pools_reserved(&ps, &own));
	for (i = 0; i < 3; i++) {
		assert_true(pools_next(&ps, &p));
		assert_false(prefix_equal(&p, &own));
	}
	assert_false(pools_next(&ps, &p));
	pools_free(&ps);
}

/* RFC 5213 §5.2: nor what lies in it, or around it; a wide one costs no time */
static void reserved_of_other_lengths(void **state)
{
	struct prefix range = fake_prefix("2001:db8:100::/60"), p;
	struct prefix wide = fake_prefix("2001:db8:100::/61");
	struct prefix narrow = fake_prefix("2001:db8:100:9:8000::/65");
	struct prefix large = fake_prefix("2001::/16");
	struct prefix half = fake_prefix("2001:8000::/17");
	struct prefix in[2] = {
		fake_prefix("2001:db8:100:3::/64"), fake_prefix("2001:db8:100:9::/64"),
	};
	struct pools ps;
	int i;

	(void)state;
	assert_int_equal(pools_init(&ps, &range, 1, 64), 0);
	assert_int_equal(pools_reserve(&ps, &narrow), 0);
	assert_int_equal(pools_reserve(&ps, &wide), 0);
	assert_true(pools_reserved(&ps, &in[0]));
	assert_true(pools_reserved(&ps, &in[1]));
	for (i = 0; i < 7; i++) {
		assert_true(pools_next(&ps, &p));
		assert_false(prefix_contains(&wide, &p));
		assert_false(prefix_contains(&p, &narrow));
	}
	assert_false(pools_next(&ps, &p));
	pools_free(&ps);
	assert_int_equal(pools_init(&ps, &large, 1, 64), 0);
	p = fake_prefix("2001::/17");
	assert_int_equal(pools_reserve(&ps, &p), 0);
	assert_true(pools_next(&ps, &p));
	assert_true(prefix_contains(&half, &p));
	pools_free(&ps);
	assert_int_equal(pools_init(&ps, &range, 1, 64), 0);
	assert_int_equal(pools_reserve(&ps, &large), 0);
	assert_false(pools_next(&ps, &p));
	pools_free(&ps);
}

/* Ours: what the kernel has refused is tried again when there is nothing else */
static void refused_comes_last(void **state)
{
	struct prefix range = fake_prefix("2001:db8:100::/62"), first, p, v[2];
	struct prefix wide = fake_prefix("2001:db8::/32");
	struct pools ps;
	unsigned int i;

	(void)state;
	assert_int_equal(pools_init(&ps, &range, 1, 64), 0);
	assert_true(pools_next(&ps, &first));
	assert_int_equal(pools_put_refused(&ps, &first), 0);
	for (i = 0; i < 3; i++) {
		assert_true(pools_next(&ps, &p));
		assert_false(prefix_equal(&p, &first));
	}
	assert_int_equal(pools_put_refused(&ps, &p), 0);
	for (i = 0; i < 2; i++)
		assert_true(pools_next(&ps, &v[i]));
	assert_true(prefix_equal(&v[0], &first));
	assert_true(prefix_equal(&v[1], &p));
	assert_false(pools_next(&ps, &p));
	assert_int_equal(pools_put_refused(&ps, &wide), -EINVAL);
	pools_free(&ps);
	/* bounded: the oldest is as good as any again */
	assert_int_equal(pools_init(&ps, &wide, 1, 64), 0);
	for (i = 0; i <= REFUSED_MAX; i++) {
		assert_true(pools_next(&ps, &p));
		assert_int_equal(pools_put_refused(&ps, &p), 0);
	}
	assert_true(pools_next(&ps, &p));
	assert_int_equal(ps.pool[0].next, REFUSED_MAX + 1);
	pools_free(&ps);
}

/* Ours: other lengths than 64, a whole range, a range longer than its prefixes */
static void lengths(void **state)
{
	struct prefix range = fake_prefix("2001:db8:100::/56"), p;
	struct prefix whole = fake_prefix("2001:db8::/64");
	struct prefix last = fake_prefix("2001:db8:100:f0::/60");
	struct pools ps;
	int i;

	(void)state;
	assert_int_equal(pools_init(&ps, &range, 1, 48), -EINVAL);
	assert_int_equal(pools_init(&ps, &range, 1, 60), 0);
	for (i = 0; i < 16; i++)
		assert_true(pools_next(&ps, &p));
	assert_true(prefix_equal(&p, &last));
	assert_false(pools_next(&ps, &p));
	assert_int_equal(pools_put(&ps, &whole), -EINVAL);
	pools_free(&ps);
	assert_int_equal(pools_init(&ps, &whole, 1, 64), 0);
	assert_true(pools_next(&ps, &p));
	assert_true(prefix_equal(&p, &whole));
	assert_false(pools_next(&ps, &p));
	pools_free(&ps);
}

/* Ours: a pool of 2^24 prefixes costs what is given out of it, no more */
static void many(void **state)
{
	struct prefix range = fake_prefix("2001:db8:100::/40"), p, want;
	struct pools ps;
	uint32_t i;

	(void)state;
	assert_int_equal(pools_init(&ps, &range, 1, 64), 0);
	for (i = 0; i < 1000000; i++)
		assert_true(pools_next(&ps, &p));
	want = fake_prefix("2001:db8:10f:423f::/64");
	assert_true(prefix_equal(&p, &want));
	for (i = 0; i < 1000; i++) {
		assert_int_equal(pools_put(&ps, &p), 0);
		assert_true(pools_next(&ps, &p));
	}
	assert_true(prefix_equal(&p, &want));
	pools_free(&ps);
}

/* Ours: a range that goes on has what it has given out, and another nothing. */
static void changed(void **state)
{
	const struct prefix range[] = {
		fake_prefix("2001:db8:100::/63"), fake_prefix("2001:db8:200::/63"),
		fake_prefix("2001:db8:300::/63"), fake_prefix("2001:db8:400::/72"),
	};
	struct prefix given[2], p;
	struct pools ps;

	(void)state;
	assert_int_equal(pools_init(&ps, range, 2, 64), 0);
	assert_true(pools_next(&ps, &given[0]));
	assert_true(pools_next(&ps, &given[1]));
	assert_int_equal(pools_put(&ps, &given[0]), 0);
	assert_int_equal(pools_change(&ps, &range[3], 1), -EINVAL);
	/* the second goes, the first one has one left */
	assert_int_equal(pools_change(&ps, range, 1), 0);
	assert_true(pools_next(&ps, &p));
	assert_true(prefix_equal(&p, &given[0]));
	assert_false(pools_next(&ps, &p));
	/* another in its place: it has given nothing */
	assert_int_equal(pools_change(&ps, &range[2], 1), 0);
	assert_false(pools_own(&ps, &given[1]));
	assert_int_equal(pools_put(&ps, &given[1]), -EINVAL);
	assert_true(pools_next(&ps, &p));
	assert_true(pools_own(&ps, &p));
	/* and none at all */
	assert_int_equal(pools_change(&ps, range, 0), 0);
	assert_false(pools_next(&ps, &p));
	pools_free(&ps);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_once),
		cmocka_unit_test(reserved),
		cmocka_unit_test(reserved_of_other_lengths),
		cmocka_unit_test(refused_comes_last),
		cmocka_unit_test(lengths),
		cmocka_unit_test(many),
		cmocka_unit_test(changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
