// SPDX-License-Identifier: GPL-2.0
/*
 * Messages that wait until it is known whom they are about: a store that is asked over
 * a network takes its time, and who is not known yet is not refused for that.  There is
 * room for so many; their senders repeat what finds none.
 */
#include "policy/queue.h"

#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

static void take_out(struct policy_message *m)
{
	struct policy_queue *q = m->queue;

	DL_DELETE(q->list, m);
	q->n--;
}

static void answered(void *arg, int err)
{
	struct policy_message *m = arg;

	take_out(m);
	m->queue->ready(m->queue->arg, m, err);
	free(m);
}

/**
 * policy_queue_put() - let a message wait if it has to
 * @q: the queue, all but list and n set
 * @src: the message's source
 * @dst: its destination
 * @msg: the message, which names a mobile node; copied
 *
 * Return: 0: there is nothing to wait for; -EINPROGRESS: it waits, and @q->ready is
 * called once; -EAGAIN: the store is out of reach; -ENOBUFS: too many wait; -ENOMEM.
 */
int policy_queue_put(struct policy_queue *q, const struct in6_addr *src,
		     const struct in6_addr *dst, const struct mh_msg *msg)
{
	struct policy_message *m;
	int err;

	/* the store may know without being asked: nobody has to wait then */
	err = policy_ask(q->policy, &msg->opts.mn_id, NULL);
	if (err != -EINPROGRESS)
		return err;
	if (q->n == POLICY_QUEUE_MAX)
		return -ENOBUFS;
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->wait.fn = answered;
	m->wait.arg = m;
	m->queue = q;
	m->src = *src;
	m->dst = *dst;
	m->came = q->env->ops->wall(q->env->ctx);
	m->msg = *msg;
	err = policy_ask(q->policy, &msg->opts.mn_id, &m->wait);
	if (err != -EINPROGRESS) {
		free(m);
		return err;
	}
	DL_APPEND(q->list, m);
	q->n++;
	return err;
}

/**
 * policy_queue_free() - forget all that waits
 * @q: the queue
 */
void policy_queue_free(struct policy_queue *q)
{
	struct policy_message *m, *tmp;

	DL_FOREACH_SAFE(q->list, m, tmp) {
		policy_cancel(&m->wait);
		take_out(m);
		free(m);
	}
}
