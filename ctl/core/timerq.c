// SPDX-License-Identifier: GPL-2.0
/*
 * A binary heap of timers.  Each timer knows its slot, so that cancelling and
 * moving one costs O(log n) however many sessions have a lifetime running.
 *
 * What mostly happens to a lifetime is that it is extended.  Then the timer stays where it is,
 * and only when its place has come is it found to be due later, and put there.
 */
#include "core/timerq.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP	64

static void place(struct timerq *q, size_t slot, struct timerq_slot s)
{
	q->heap[slot] = s;
	s.timer->slot = slot;
}

static void sift_up(struct timerq *q, size_t slot)
{
	struct timerq_slot s = q->heap[slot];

	while (slot > 1 && q->heap[slot / 2].deadline > s.deadline) {
		place(q, slot, q->heap[slot / 2]);
		slot /= 2;
	}
	place(q, slot, s);
}

static void sift_down(struct timerq *q, size_t slot)
{
	struct timerq_slot s = q->heap[slot];

	while (slot * 2 <= q->len) {
		size_t child = slot * 2;

		if (child < q->len && q->heap[child + 1].deadline < q->heap[child].deadline)
			child++;
		if (q->heap[child].deadline >= s.deadline)
			break;
		place(q, slot, q->heap[child]);
		slot = child;
	}
	place(q, slot, s);
}

static int grow(struct timerq *q)
{
	size_t cap = q->cap ? q->cap * 2 : FIRST_CAP;
	struct timerq_slot *heap;

	heap = reallocarray(q->heap, cap, sizeof(*heap));
	if (!heap)
		return -ENOMEM;
	q->heap = heap;
	q->cap = cap;
	return 0;
}

/**
 * timerq_init - make an empty queue
 * @q: the queue
 */
void timerq_init(struct timerq *q)
{
	memset(q, 0, sizeof(*q));
}

/**
 * timerq_free - forget every timer and free the queue's memory
 * @q: the queue; it can be used again, empty
 *
 * The timers belong to their owners and are merely no longer pending.
 */
void timerq_free(struct timerq *q)
{
	for (size_t i = 1; i <= q->len; i++)
		q->heap[i].timer->slot = 0;
	free(q->heap);
	timerq_init(q);
}

/**
 * timer_init - prepare a timer that is not queued
 * @t: the timer
 * @fire: called by timerq_run() when the deadline has passed
 * @arg: passed to @fire
 */
void timer_init(struct timer *t, void (*fire)(void *arg), void *arg)
{
	memset(t, 0, sizeof(*t));
	t->fire = fire;
	t->arg = arg;
}

/**
 * timerq_set - queue a timer, or move one that is queued
 * @q: the queue
 * @t: a timer that timer_init() has prepared
 * @deadline: ns of the queue's clock
 *
 * Return: 0, or -ENOMEM with the timer not queued; moving a queued timer
 * cannot fail.
 */
int timerq_set(struct timerq *q, struct timer *t, uint64_t deadline)
{
	if (t->slot) {
		t->deadline = deadline;
		if (deadline < q->heap[t->slot].deadline) {
			q->heap[t->slot].deadline = deadline;
			sift_up(q, t->slot);
		}
		return 0;
	}
	if (q->len + 1 >= q->cap) {
		int err = grow(q);

		if (err)
			return err;
	}
	t->deadline = deadline;
	q->len++;
	q->heap[q->len] = (struct timerq_slot){ deadline, t };
	sift_up(q, q->len);
	return 0;
}

/**
 * timerq_cancel - take a timer out of the queue
 * @q: the queue
 * @t: the timer; nothing happens if it is not queued
 */
void timerq_cancel(struct timerq *q, struct timer *t)
{
	struct timerq_slot last;

	if (!t->slot)
		return;
	last = q->heap[q->len--];
	if (last.timer != t) {
		place(q, t->slot, last);
		sift_up(q, last.timer->slot);
		sift_down(q, last.timer->slot);
	}
	t->slot = 0;
}

/**
 * timerq_next - when timerq_run() is to be called next
 * @q: the queue
 * @deadline: set to what no timer is due before, ns: the earliest deadline, or that of one
 *	which has been put off since
 *
 * Return: false if the queue is empty; @deadline is untouched then.
 */
bool timerq_next(const struct timerq *q, uint64_t *deadline)
{
	if (!q->len)
		return false;
	*deadline = q->heap[1].deadline;
	return true;
}

/* Return: whether it has been put off; then it has its place by that. */
static bool settle_first(struct timerq *q)
{
	struct timerq_slot *first = &q->heap[1];

	if (first->timer->deadline == first->deadline)
		return false;
	first->deadline = first->timer->deadline;
	sift_down(q, 1);
	return true;
}

/**
 * timerq_run - fire the timers that are due, earliest first
 * @q: the queue
 * @now: ns of the queue's clock
 * @budget: look at no more than so many, so that a timer that sets itself into the
 *	    past, or ten thousand lifetimes at once, cannot starve the sockets
 *
 * A timer is out of the queue before it fires: it may set or cancel any
 * timer, itself included, and free what contains it.
 *
 * Return: the number of timers fired or put off; @budget means that more may be due.
 */
size_t timerq_run(struct timerq *q, uint64_t now, size_t budget)
{
	size_t n;

	for (n = 0; n < budget; n++) {
		struct timer *t;

		if (!q->len || q->heap[1].deadline > now)
			break;
		if (settle_first(q))
			continue;
		t = q->heap[1].timer;
		timerq_cancel(q, t);
		t->fire(t->arg);
	}
	return n;
}
