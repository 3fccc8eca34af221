/* SPDX-License-Identifier: GPL-2.0 */
/* Timers in a binary heap, driven by whoever owns the clock. */
#ifndef CTL_CORE_TIMERQ_H
#define CTL_CORE_TIMERQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer {
	uint64_t deadline;	/* ns of the queue's clock */
	size_t slot;		/* place in the heap, 0: not queued */
	void (*fire)(void *arg);
	void *arg;
};

/*
 * The deadline is here too: to compare two is not to fetch two timers.  It is that of the timer,
 * or an earlier one that has been put off since.
 */
struct timerq_slot {
	uint64_t deadline;
	struct timer *timer;
};

struct timerq {
	struct timerq_slot *heap;	/* from 1 */
	size_t len, cap;
};

void timerq_init(struct timerq *q);
void timerq_free(struct timerq *q);
void timer_init(struct timer *t, void (*fire)(void *arg), void *arg);
int timerq_set(struct timerq *q, struct timer *t, uint64_t deadline);
void timerq_cancel(struct timerq *q, struct timer *t);
bool timerq_next(const struct timerq *q, uint64_t *deadline);
size_t timerq_run(struct timerq *q, uint64_t now, size_t budget);

static inline bool timer_pending(const struct timer *t)
{
	return t->slot != 0;
}

#endif
