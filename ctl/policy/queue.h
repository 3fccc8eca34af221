/* SPDX-License-Identifier: GPL-2.0 */
/* Messages that wait until it is known whom they are about. */
#ifndef CTL_POLICY_QUEUE_H
#define CTL_POLICY_QUEUE_H

#include "mh/mh.h"
#include "policy/policy.h"

#define POLICY_QUEUE_MAX	4096

struct policy_message {
	struct policy_wait wait;
	struct policy_queue *queue;
	struct policy_message *prev, *next;
	struct in6_addr src, dst;
	uint64_t came;		/* ns of the wall clock */
	struct mh_msg msg;
};

struct policy_queue {
	struct policy *policy;
	struct env *env;
	/* the time of a message has come: err as of struct policy_wait */
	void (*ready)(void *arg, const struct policy_message *m, int err);
	void *arg;
	struct policy_message *list;	/* oldest first */
	unsigned int n;
};

int policy_queue_put(struct policy_queue *q, const struct in6_addr *src,
		     const struct in6_addr *dst, const struct mh_msg *msg);
void policy_queue_free(struct policy_queue *q);

#endif
