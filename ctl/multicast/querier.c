// SPDX-License-Identifier: GPL-2.0
/*
 * General Queries on one link.  It has one node and one router, the gateway (RFC 5213 §3):
 * nobody is elected.
 */
#include "multicast/querier.h"

static uint64_t after(const struct mcast_querier *q)
{
	uint32_t ms = q->startup ? q->conf->startup_interval_ms : q->conf->query_interval_ms;

	return q->env->ops->now(q->env->ctx) + ms * NSEC_PER_MSEC;
}

static int ask(struct mcast_querier *q)
{
	if (q->startup)
		q->startup--;
	mcast_query_general(q->conf, q->send, q->arg);
	return timerq_set(q->env->timers, &q->timer, after(q));
}

static void fire(void *arg)
{
	struct mcast_querier *q = arg;

	/* the place in the queue that it has just left cannot be lost so */
	timerq_set(q->env->timers, &q->timer, UINT64_MAX);
	ask(q);
}

/**
 * mcast_querier_init() - a querier that says nothing yet
 * @q: the querier
 * @env: clock and timers
 * @conf: the intervals; must outlive it
 * @send: how a query leaves; may not call it back
 * @arg: for @send
 */
void mcast_querier_init(struct mcast_querier *q, struct env *env,
			const struct mcast_conf *conf, mcast_send_query_t *send, void *arg)
{
	memset(q, 0, sizeof(*q));
	q->env = env;
	q->conf = conf;
	q->send = send;
	q->arg = arg;
	timer_init(&q->timer, fire, q);
}

/**
 * mcast_querier_start() - begin to ask
 * @q: the querier
 *
 * RFC 3810 §7.6.2: "several General Queries separated by a small time interval", the first
 * at once (RFC 6224 Appendix A), then one every Query Interval.
 *
 * Return: 0, or -ENOMEM: one query has left, no other will.
 */
int mcast_querier_start(struct mcast_querier *q)
{
	q->startup = q->conf->startup_count;
	return ask(q);
}

/**
 * mcast_querier_stop() - ask no more
 * @q: the querier
 */
void mcast_querier_stop(struct mcast_querier *q)
{
	timerq_cancel(q->env->timers, &q->timer);
}
