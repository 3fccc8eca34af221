/* SPDX-License-Identifier: GPL-2.0 */
/* A policy store that takes its time: it answers when the test says so. */
#ifndef SELFTESTS_UNIT_SLOW_STORE_H
#define SELFTESTS_UNIT_SLOW_STORE_H

#include "policy/policy.h"

#include <errno.h>
#include <string.h>
#include <utlist.h>

struct slow_store {
	struct policy all;		/* what it has */
	bool knows;			/* and whether it has said so */
	bool gone;			/* out of reach */
	unsigned int asked;
	struct policy_wait *list;
};

static inline const struct profile *slow_by_mn_id(void *store, const struct mn_id *id)
{
	struct slow_store *s = store;

	return s->knows ? policy_by_mn_id(&s->all, id) : NULL;
}

static inline const struct profile *slow_by_lladdr(void *store, const struct llid *l)
{
	struct slow_store *s = store;

	return s->knows ? policy_by_lladdr(&s->all, l) : NULL;
}

static inline int slow_ask(void *store, const struct mn_id *id, const struct llid *l,
			   struct policy_wait *w)
{
	struct slow_store *s = store;

	(void)id;
	(void)l;
	if (s->knows)
		return 0;
	s->asked++;
	if (s->gone)
		return -EAGAIN;
	if (w) {
		DL_APPEND(s->list, w);
		w->list = &s->list;
	}
	return -EINPROGRESS;
}

static inline void slow_free(void *store)
{
	struct slow_store *s = store;

	policy_free(&s->all);
}

/* What @p has is what the store has from now on, and @p is the store. */
static inline void slow_open(struct slow_store *s, struct policy *p)
{
	static const struct policy_ops ops = {
		.by_mn_id = slow_by_mn_id, .by_lladdr = slow_by_lladdr, .ask = slow_ask,
		.free = slow_free,
	};

	memset(s, 0, sizeof(*s));
	s->all.ops = p->ops;
	s->all.store = p->store;
	p->ops = &ops;
	p->store = s;
}

static inline void slow_answer(struct slow_store *s, int err)
{
	s->knows = !err;
	policy_answer(&s->list, err);
}

static inline unsigned int slow_waiting(struct slow_store *s)
{
	struct policy_wait *w;
	unsigned int n;

	DL_COUNT(s->list, w, n);
	return n;
}

#endif
