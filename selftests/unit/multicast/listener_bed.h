/* SPDX-License-Identifier: GPL-2.0 */
/* A listener, and a list of what it has made its gateway do */
#ifndef SELFTESTS_UNIT_MULTICAST_LISTENER_BED_H
#define SELFTESTS_UNIT_MULTICAST_LISTENER_BED_H

#include "multicast/listener.h"
#include "multicast_bed.h"

#define ASKED_MAX	4096

struct asked {
	uint64_t at;			/* ns */
	struct in6_addr group;
	bool suppress;
	uint32_t delay_ms;
	uint32_t mask;			/* sources */
	unsigned int n;
};

struct bed {
	struct fake_env f;
	struct mcast_conf conf;
	struct mcast_listener l;
	struct mcast_listener_counters heard;
	unsigned int asked_n;		/* queries so far */
	struct asked asked[ASKED_MAX];
	bool masks;			/* sources are those of source_addr() */
	unsigned int changes;
	struct in6_addr group;		/* that of the last change, and what it is now: */
	struct mcast_filter now;
	int refuse;			/* what changed() answers */
};

static inline int bed_changed(void *arg, const struct in6_addr *group,
			      const struct mcast_filter *before,
			      const struct mcast_filter *after)
{
	struct bed *b = arg;

	if (b->refuse)
		return b->refuse;
	assert_false(mcast_filter_equal(before, after));
	/* of one group each change begins where the last one ended */
	if (IN6_ARE_ADDR_EQUAL(group, &b->group))
		assert_true(mcast_filter_equal(before, &b->now));
	b->changes++;
	b->group = *group;
	assert_int_equal(mcast_filter_copy(&b->now, after), 0);
	return 0;
}

static inline void bed_query(void *arg, const struct mld_query *q)
{
	struct bed *b = arg;
	struct asked *a = &b->asked[b->asked_n++ % ASKED_MAX];

	/* every one can be written */
	uint8_t buf[2048];

	assert_true(mld_query_write(q, buf, b->conf.mtu - MLD_HEADERS) > 0);
	assert_int_equal(q->robustness, b->conf.robustness);
	assert_int_equal(q->interval_s, b->conf.query_interval_ms / 1000);
	*a = (struct asked){ b->f.now, q->group, q->suppress, q->max_delay_ms, 0,
			     q->sources.n };
	if (b->masks)
		a->mask = mask_of(&q->sources);
}

static const struct mcast_listener_ops bed_ops = { bed_changed, bed_query };

static inline int bed_setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	mcast_conf_default(&b->conf);
	b->masks = true;
	mcast_listener_init(&b->l, &b->f.env, &b->conf, &b->heard, &bed_ops, b);
	*state = b;
	return 0;
}

static inline int bed_teardown(void **state)
{
	struct bed *b = *state;

	mcast_listener_free(&b->l);
	assert_int_equal(b->f.timers.len, 0);
	mcast_filter_clear(&b->now);
	fake_free(&b->f);
	free(b);
	return 0;
}

static inline int say(struct bed *b, enum mld_record_type type, unsigned int group,
		      uint32_t mask)
{
	struct in6_addr array[SOURCES_MAX];
	struct mld_record rec = { (uint8_t)type, group_addr(group), sources_of(mask, array) };

	return mcast_listener_record(&b->l, &rec);
}

static inline void say_v1(struct bed *b, enum mld_kind type, const struct in6_addr *group)
{
	uint8_t msg[MLD_V1_LEN];
	struct mld_packet p = { .type = (uint8_t)type, .msg = msg, .len = sizeof(msg) };

	assert_int_equal(mld_v1_write(type, group, msg, sizeof(msg)), sizeof(msg));
	mcast_listener_input(&b->l, &p);
}

/* INCLUDE(x) with y 0, or EXCLUDE(x, y) */
static inline void expect_state(struct bed *b, unsigned int group, enum mcast_mode mode,
				uint32_t x, uint32_t y)
{
	struct in6_addr addr = group_addr(group);
	struct mcast_group *g = mcast_listener_find(&b->l, &addr);
	uint32_t is_x = 0, is_y = 0;

	if (mode == MCAST_IN && !x) {
		assert_null(g);
		return;
	}
	assert_non_null(g);
	assert_int_equal(g->mode, mode);
	for (unsigned int i = 0; i < g->n; i++)
		*(g->sources[i].expires ? &is_x : &is_y) |= bit_of(&g->sources[i].addr);
	assert_int_equal(is_x, x);
	assert_int_equal(is_y, y);
	assert_int_equal(g->told.mode, mode);
	assert_int_equal(filter_mask(&g->told), mode == MCAST_IN ? x : y);
}

/* The nth query so far was this one, ms ago */
static inline void expect_query(const struct bed *b, unsigned int n, uint64_t ms,
				bool suppress, uint32_t mask)
{
	const struct asked *a = &b->asked[n];

	assert_in_range(n, 0, b->asked_n - 1);
	assert_int_equal((b->f.now - a->at) / NSEC_PER_MSEC, ms);
	assert_int_equal(a->suppress, suppress);
	assert_int_equal(a->mask, mask);
	assert_int_equal(a->delay_ms, b->conf.last_listener_ms);
}

#endif
