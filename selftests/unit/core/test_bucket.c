// SPDX-License-Identifier: GPL-2.0
/* A token bucket, on a clock that says what it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/bucket.h"

#define MS	1000000ULL
#define BEGIN	(86400000 * MS)

static unsigned int take_all(struct bucket *b, uint64_t now, uint32_t rate, uint32_t burst)
{
	unsigned int n = 0;

	while (n < 2 * burst && bucket_take(b, now, rate, burst))
		n++;
	return n;
}

/* RFC 4443 §2.4 (f): "allowing up to B error messages to be transmitted in a burst, as long as
 * the long-term average is not exceeded"
 */
static void bursts_and_rate(void **state)
{
	struct bucket b = { 0 };

	(void)state;
	assert_int_equal(take_all(&b, BEGIN, 100, 10), 10);
	assert_int_equal(take_all(&b, BEGIN + 9 * MS, 100, 10), 0);
	assert_int_equal(take_all(&b, BEGIN + 10 * MS, 100, 10), 1);
	assert_int_equal(take_all(&b, BEGIN + 60 * MS, 100, 10), 5);
	/* what is not used is kept, but no more than there is room for */
	assert_int_equal(take_all(&b, BEGIN + 86400 * MS, 100, 10), 10);
}

/* What is refused costs nothing: who asks all the time is served at the rate all the same. */
static void impatience(void **state)
{
	struct bucket b = { 0 };
	unsigned int t, n = 0;

	(void)state;
	for (t = 0; t < 10000; t++)
		n += bucket_take(&b, BEGIN + t * MS, 50, 50);
	assert_in_range(n, 50 + 499, 50 + 500);
}

static void none_and_any(void **state)
{
	struct bucket b = { 0 };

	(void)state;
	assert_false(bucket_take(&b, BEGIN, 1, 0));
	assert_int_equal(take_all(&b, BEGIN, 0, 50), 100);
	assert_int_equal(take_all(&b, 4000000000ULL * 1000 * MS, 1U << 20, 1U << 20), 1U << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bursts_and_rate),
		cmocka_unit_test(impatience),
		cmocka_unit_test(none_and_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
