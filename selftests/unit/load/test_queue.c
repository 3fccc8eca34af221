// SPDX-License-Identifier: GPL-2.0
/* Requests of pmip-load that wait: RFC 6275 §11.8, "the timeout period is doubled". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "load/load.h"
#include <string.h>

#define NODES	8

static struct node node[NODES];
static struct load ld = { .node = node };

static int setup(void **state)
{
	(void)state;
	memset(node, 0, sizeof(node));
	memset(&ld.waiting, 0, sizeof(ld.waiting));
	return 0;
}

static void leaves(uint32_t index, uint64_t now, uint8_t tries)
{
	node[index].sent = now;
	node[index].tries = tries;
	queue_add(&ld, index);
}

static void assert_none(uint64_t now)
{
	uint32_t index;

	assert_false(queue_overdue(&ld, now, &index));
}

static void assert_next(uint64_t now, uint32_t wanted)
{
	uint32_t index = NODES;

	assert_true(queue_overdue(&ld, now, &index));
	assert_int_equal(index, wanted);
	queue_remove(&ld, index);
}

/* INITIAL_BINDACK_TIMEOUT is 1 second (RFC 6275 §12). */
static void test_waits_double(void **state)
{
	uint64_t wait = NSEC_PER_SEC;
	uint8_t tries;

	(void)state;
	for (tries = 1; tries <= LOAD_TRIES; tries++, wait *= 2) {
		leaves(3, 1000, tries);
		assert_none(1000 + wait - 1);
		assert_next(1000 + wait, 3);
		assert_int_equal(ld.waiting.len, 0);
		assert_none(UINT64_MAX);
	}
}

static void test_in_their_order(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < NODES; i++)
		leaves(i, i, 1);
	assert_int_equal(ld.waiting.len, NODES);
	for (i = 0; i < NODES; i++) {
		assert_none(NSEC_PER_SEC + i - 1);
		assert_next(NSEC_PER_SEC + i, i);
	}
	assert_int_equal(ld.waiting.len, 0);
}

/* One that is answered leaves from wherever it is: front, middle, end. */
static void test_answered(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < NODES; i++)
		leaves(i, i, 1);
	queue_remove(&ld, 0);
	queue_remove(&ld, 4);
	queue_remove(&ld, NODES - 1);
	assert_int_equal(ld.waiting.len, NODES - 3);
	leaves(4, NODES, 1);
	for (i = 1; i < NODES - 1; i++)
		if (i != 4)
			assert_next(2 * NSEC_PER_SEC, i);
	assert_next(2 * NSEC_PER_SEC, 4);
	assert_none(UINT64_MAX);
}

/* One that was sent again waits in another line, and keeps none from its turn. */
static void test_sent_again(void **state)
{
	(void)state;
	leaves(1, 0, 3);
	leaves(2, NSEC_PER_SEC, 1);
	assert_next(2 * NSEC_PER_SEC, 2);
	assert_none(4 * NSEC_PER_SEC - 1);
	assert_next(4 * NSEC_PER_SEC, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_waits_double, setup),
		cmocka_unit_test_setup(test_in_their_order, setup),
		cmocka_unit_test_setup(test_answered, setup),
		cmocka_unit_test_setup(test_sent_again, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
