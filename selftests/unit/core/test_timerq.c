// SPDX-License-Identifier: GPL-2.0
/* The timer queue, against a list that is searched from end to end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/timerq.h"
#include <stdlib.h>

#define TIMERS	500

struct probe {
	struct timer t;
	struct timerq *q;
	uint64_t want;		/* deadline, 0: not queued */
	unsigned int fired;
};

static uint64_t last;

static void fire(void *arg)
{
	struct probe *p = arg;

	assert_false(timer_pending(&p->t));
	assert_int_equal(p->t.deadline, p->want);
	assert_true(p->want >= last);
	last = p->want;
	p->want = 0;
	p->fired++;
}

static unsigned int due(const struct probe *p, uint64_t now)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < TIMERS; i++)
		n += p[i].want && p[i].want <= now;
	return n;
}

/* RFC 5213 §5.3.3: lifetimes expire when they are due, whatever was moved or cancelled since */
static void random_use_against_a_list(void **state)
{
	static struct probe p[TIMERS];
	struct timerq q;
	uint64_t now = 0, first;

	(void)state;
	srand(5213);
	timerq_init(&q);
	for (unsigned int i = 0; i < TIMERS; i++)
		timer_init(&p[i].t, fire, &p[i]);
	for (unsigned int step = 0; step < 50000; step++) {
		struct probe *x = &p[rand() % TIMERS];
		unsigned int expect;

		if (rand() % 4) {
			x->want = now + 1 + (uint64_t)(rand() % 1000);
			assert_int_equal(timerq_set(&q, &x->t, x->want), 0);
		} else {
			x->want = 0;
			timerq_cancel(&q, &x->t);
		}
		assert_int_equal(timer_pending(&x->t), x->want != 0);
		if (step % 16)
			continue;
		now += (uint64_t)(rand() % 100);
		expect = due(p, now);
		last = 0;
		assert_true(timerq_run(&q, now, SIZE_MAX) >= expect);
		assert_int_equal(due(p, now), 0);
		assert_int_equal(timerq_next(&q, &first), due(p, UINT64_MAX) != 0);
		if (due(p, UINT64_MAX))
			assert_true(first > now && !due(p, first - 1));
	}
	timerq_free(&q);
	for (unsigned int i = 0; i < TIMERS; i++)
		assert_false(timer_pending(&p[i].t));
}

/* RFC 5213 §5.3.3: a lifetime that is extended ends when the last extension does */
static void put_off_and_brought_forward(void **state)
{
	static struct probe p[2];
	struct timerq q;
	uint64_t first;

	(void)state;
	timerq_init(&q);
	last = 0;
	for (unsigned int i = 0; i < 2; i++)
		timer_init(&p[i].t, fire, &p[i]);
	timerq_set(&q, &p[0].t, 10);
	timerq_set(&q, &p[1].t, p[1].want = 30);
	for (uint64_t t = 20; t <= 50; t += 10)
		timerq_set(&q, &p[0].t, p[0].want = t);
	assert_int_equal(timerq_run(&q, 29, 10), 1);
	assert_int_equal(p[0].fired + p[1].fired, 0);
	assert_true(timerq_next(&q, &first));
	assert_int_equal(first, 30);
	timerq_set(&q, &p[0].t, p[0].want = 29);
	assert_true(timerq_next(&q, &first));
	assert_int_equal(first, 29);
	assert_int_equal(timerq_run(&q, 29, 10), 1);
	assert_int_equal(p[0].fired, 1);
	timerq_set(&q, &p[1].t, p[1].want = 40);
	timerq_cancel(&q, &p[1].t);
	assert_false(timerq_next(&q, &first));
	timerq_free(&q);
}

static void fire_again(void *arg)
{
	struct probe *p = arg;

	p->fired++;
	timerq_set(p->q, &p->t, 0);
}

/* A timer that sets itself into the past cannot keep the sockets waiting */
static void budget(void **state)
{
	struct timerq q;
	struct probe p = { .q = &q };
	uint64_t first;

	(void)state;
	timerq_init(&q);
	assert_false(timerq_next(&q, &first));
	assert_int_equal(timerq_run(&q, UINT64_MAX, 10), 0);
	timer_init(&p.t, fire_again, &p);
	assert_int_equal(timerq_set(&q, &p.t, 5), 0);
	assert_int_equal(timerq_run(&q, 4, 10), 0);
	assert_int_equal(timerq_run(&q, 5, 10), 10);
	assert_int_equal(p.fired, 10);
	timerq_cancel(&q, &p.t);
	timerq_cancel(&q, &p.t);
	assert_int_equal(timerq_run(&q, UINT64_MAX, 10), 0);
	timerq_free(&q);
}

static void fire_and_free(void *arg)
{
	free(arg);
}

static void fire_and_cancel(void *arg)
{
	struct probe *p = arg;

	timerq_cancel(p->q, &p[1].t);
	p->fired++;
}

/* A session's own timer may free the session, and another one's timer with it */
static void owners_may_go(void **state)
{
	struct timerq q;
	struct probe p[2] = { { .q = &q }, { .q = &q } };
	struct timer *t = malloc(sizeof(*t));

	(void)state;
	assert_non_null(t);
	timerq_init(&q);
	timer_init(t, fire_and_free, t);
	timer_init(&p[0].t, fire_and_cancel, p);
	timer_init(&p[1].t, fire_and_cancel, &p[1]);
	assert_int_equal(timerq_set(&q, &p[1].t, 7), 0);
	assert_int_equal(timerq_set(&q, t, 5), 0);
	assert_int_equal(timerq_set(&q, &p[0].t, 6), 0);
	assert_int_equal(timerq_run(&q, 7, 10), 2);
	assert_int_equal(p[0].fired, 1);
	assert_int_equal(p[1].fired, 0);
	timerq_free(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_use_against_a_list),
		cmocka_unit_test(put_off_and_brought_forward),
		cmocka_unit_test(budget),
		cmocka_unit_test(owners_may_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
