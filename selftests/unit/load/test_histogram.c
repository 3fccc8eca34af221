// SPDX-License-Identifier: GPL-2.0
/* Durations of pmip-load: what a share of all do not exceed, to 1.6 %. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "load/load.h"
#include <stdlib.h>

static struct histogram *fresh(void)
{
	struct histogram *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	return h;
}

/* Never too short, and not too long by more than that */
static void assert_about(uint64_t got, uint64_t wanted)
{
	assert_in_range(got, wanted, wanted + wanted / 64 + 1);
}

static void test_nothing_counted(void **state)
{
	struct histogram *h = fresh();

	(void)state;
	assert_int_equal(histogram_quantile(h, 0.5), 0);
	assert_int_equal(histogram_quantile(h, 1), 0);
	free(h);
}

static void test_one_of_each_size(void **state)
{
	uint64_t ns;

	(void)state;
	for (ns = 1; ns < 1ULL << 60; ns = ns * 3 + 1) {
		struct histogram *h = fresh();

		histogram_add(h, ns);
		/* So that it is not the longest, which is known exactly */
		histogram_add(h, 2 * ns);
		assert_about(histogram_quantile(h, 0.4), ns);
		assert_int_equal(histogram_quantile(h, 1), 2 * ns);
		assert_int_equal(h->n, 2);
		free(h);
	}
}

static void test_shares(void **state)
{
	struct histogram *h = fresh();
	uint64_t us;

	(void)state;
	for (us = 1000; us; us--)
		histogram_add(h, us * 1000);
	assert_about(histogram_quantile(h, 0), 1000);
	assert_about(histogram_quantile(h, 0.5), 501 * 1000);
	assert_about(histogram_quantile(h, 0.9), 901 * 1000);
	assert_about(histogram_quantile(h, 0.99), 991 * 1000);
	assert_about(histogram_quantile(h, 0.999), 1000 * 1000);
	assert_int_equal(histogram_quantile(h, 1), 1000 * 1000);
	assert_int_equal(h->max, 1000 * 1000);
	free(h);
}

/* Of a hundred, one that was slow is the slowest and none of 98 % */
static void test_one_that_is_slow(void **state)
{
	struct histogram *h = fresh();
	unsigned int i;

	(void)state;
	for (i = 0; i < 99; i++)
		histogram_add(h, NSEC_PER_MSEC);
	histogram_add(h, 7 * NSEC_PER_SEC);
	assert_about(histogram_quantile(h, 0.98), NSEC_PER_MSEC);
	assert_int_equal(histogram_quantile(h, 0.99), 7 * NSEC_PER_SEC);
	free(h);
}

static void test_longer_than_any(void **state)
{
	struct histogram *h = fresh();

	(void)state;
	histogram_add(h, UINT64_MAX);
	assert_int_equal(h->max, UINT64_MAX);
	assert_int_equal(h->n, 1);
	free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_counted),
		cmocka_unit_test(test_one_of_each_size),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_one_that_is_slow),
		cmocka_unit_test(test_longer_than_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
