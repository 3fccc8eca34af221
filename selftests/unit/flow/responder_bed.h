/* SPDX-License-Identifier: GPL-2.0 */
/* A gateway with a recorder around it, and messages to give it. */
#ifndef SELFTESTS_UNIT_FLOW_RESPONDER_BED_H
#define SELFTESTS_UNIT_FLOW_RESPONDER_BED_H

#include <errno.h>

#include "flow_bed.h"
#include "flow/responder.h"

struct bed {
	struct fake_env f;
	struct flow_responder r;
	struct flow_responder_conf conf;
	struct flow_guest g;
	struct in6_addr self, lma;
	unsigned int changed, ended, prefixes;
	int refusal;			/* of the kernel */
};

static inline void changed(void *arg, const struct flow *f)
{
	(void)f;
	((struct bed *)arg)->changed++;
}

static inline void ended(void *arg, const struct flow *f, enum flow_end why)
{
	(void)f;
	(void)why;
	((struct bed *)arg)->ended++;
}

static inline void prefixes(void *arg)
{
	((struct bed *)arg)->prefixes++;
}

static inline int settle(void *arg)
{
	return ((struct bed *)arg)->refusal;
}

static const struct flow_guest_ops ops = { changed, ended, prefixes, settle };

static inline int setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	b->self = fake_addr("2001:db8:0:2::1");
	b->lma = fake_addr("2001:db8:0:1::1");
	b->conf.max_lifetime = 600;
	flow_responder_init(&b->r, &b->f.env, &b->conf, &b->self);
	flow_guest_init(&b->g, &b->f.env, &ops, b);
	*state = b;
	return 0;
}

static inline int teardown(void **state)
{
	struct bed *b = *state;

	flow_guest_clear(&b->g);
	flow_responder_free(&b->r);
	assert_int_equal(b->g.n_prefix, 0);
	assert_int_equal(b->f.timers.len, 0);
	fake_free(&b->f);
	free(b);
	return 0;
}

/* The answer to a message; NULL: none */
static const struct mh_msg *give(struct bed *b, const struct mh_msg *m, bool attached)
{
	enum mh_kind kind = m->kind == MH_FMI ? MH_FMA : MH_UPA;
	size_t n = fake_count_mh(&b->f, kind);
	const struct fake_mh *a;

	if (m->kind == MH_FMI)
		flow_responder_on_fmi(&b->r, attached ? &b->g : NULL, &b->lma, m);
	else
		flow_responder_on_upn(&b->r, attached ? &b->g : NULL, &b->lma, m);
	if (fake_count_mh(&b->f, kind) == n)
		return NULL;
	a = fake_find_mh(&b->f, kind, -1);
	assert_memory_equal(&a->src, &b->self, sizeof(a->src));
	assert_memory_equal(&a->dst, &b->lma, sizeof(a->dst));
	assert_int_equal(a->msg.seq, m->seq);
	return &a->msg;
}

static inline void expect(struct bed *b, const struct mh_msg *m, uint8_t status)
{
	const struct mh_msg *a = give(b, m, true);

	assert_non_null(a);
	assert_int_equal(a->status, status);
}

#endif
