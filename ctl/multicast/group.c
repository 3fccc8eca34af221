// SPDX-License-Identifier: GPL-2.0
/* The multicast router's state of one group of one node (RFC 3810 §7.2 to §7.6, §8.3.2). */
#include "multicast/group.h"

#include "multicast/query.h"

#include <errno.h>
#include <stdlib.h>

#define RETRY_NS	NSEC_PER_SEC

/* What the tables of §7.4 do with a source timer */
enum todo {
	KEEP,			/* leave it alone */
	DROP,			/* Delete, or not taken in */
	MALI,
	ZERO,			/* to the Exclude List */
	FILTER,			/* as much as the Filter Timer has left */
	QUERY = 0x10,		/* beside one of them: Send Q(MA, it) */
};

/* A line of them.  A is the set of the record, the state INCLUDE(X) or EXCLUDE(X,Y). */
struct rule {
	uint8_t mode;		/* new router state */
	uint8_t x_and_a, x_not_a, y_and_a, y_not_a, only_a;	/* enum todo */
	bool renew;		/* Filter Timer = MALI */
	bool query;		/* Send Q(MA) */
};

static const struct rule rules[2][MLD_BLOCK + 1] = {
	[MCAST_IN] = {
		/*		mode		X*A	     X-A	  Y*A	Y-A   A-X-Y */
		[MLD_IS_IN] = { MCAST_IN, MALI,	     KEEP,	  DROP, DROP, MALI },
		[MLD_IS_EX] = { MCAST_EX, KEEP,	     DROP,	  DROP, DROP, ZERO, true },
		[MLD_ALLOW] = { MCAST_IN, MALI,	     KEEP,	  DROP, DROP, MALI },
		[MLD_BLOCK] = { MCAST_IN, KEEP | QUERY, KEEP,	  DROP, DROP, DROP },
		[MLD_TO_EX] = { MCAST_EX, KEEP | QUERY, DROP,	  DROP, DROP, ZERO, true },
		[MLD_TO_IN] = { MCAST_IN, MALI,	     KEEP | QUERY, DROP, DROP, MALI },
	},
	[MCAST_EX] = {
		[MLD_IS_IN] = { MCAST_EX, MALI,	     KEEP,	  MALI, KEEP, MALI },
		[MLD_IS_EX] = { MCAST_EX, KEEP,	     DROP,	  KEEP, DROP, MALI, true },
		[MLD_ALLOW] = { MCAST_EX, MALI,	     KEEP,	  MALI, KEEP, MALI },
		[MLD_BLOCK] = { MCAST_EX, KEEP | QUERY, KEEP,	  KEEP, KEEP,
				FILTER | QUERY },
		[MLD_TO_EX] = { MCAST_EX, KEEP | QUERY, DROP,	  KEEP, DROP,
				FILTER | QUERY, true },
		[MLD_TO_IN] = { MCAST_EX, MALI,	     KEEP | QUERY, MALI, KEEP, MALI,
				false, true },
	},
};

static uint64_t now(const struct mcast_group *g)
{
	return g->env->ops->now(g->env->ctx);
}

/**
 * mcast_group_is_v1() - Multicast Address Compatibility Mode
 * @g: the group
 *
 * Return: whether an older host has reported it in the last Older Version Host Present
 * Timeout (RFC 3810 §8.3.2).
 */
bool mcast_group_is_v1(const struct mcast_group *g)
{
	return g->v1_until > now(g);
}

/**
 * mcast_group_older_host() - a report of version 1 has come
 * @g: the group
 */
void mcast_group_older_host(struct mcast_group *g)
{
	g->v1_until = now(g) + mcast_listening_ns(g->conf);
}

/*
 * §7.5: with the Filter Timer "sources from the Requested List are moved in the Include
 * List, while sources from the Exclude List are deleted"; §7.2.3 has what becomes of each
 * when its own timer expires.
 */
static void expire(struct mcast_group *g, uint64_t t)
{
	unsigned int n = 0;

	if (g->mode == MCAST_EX && g->filter_expires <= t) {
		g->mode = MCAST_IN;
		g->queries = 0;
	}
	for (unsigned int i = 0; i < g->n; i++) {
		struct mcast_source s = g->sources[i];

		if (s.expires <= t) {
			s.expires = 0;
			s.queries = 0;
			if (g->mode == MCAST_IN)
				continue;
		}
		g->sources[n++] = s;
	}
	g->n = n;
}

/* §7.6.3.2: sources with retransmission state, of which the timers are long, or are not */
static void query_sources(struct mcast_group *g, uint64_t t, bool suppress)
{
	struct mld_query q = { .group = g->addr, .suppress = suppress };
	uint64_t soon = t + mcast_last_listener_ns(g->conf);
	struct in6_addr *sources;

	sources = reallocarray(NULL, g->n, sizeof(*sources));
	if (!sources)
		return;		/* as if it were lost on its way */
	for (unsigned int i = 0; i < g->n; i++) {
		bool longer = g->sources[i].expires > soon;

		if (g->sources[i].queries && longer == suppress)
			sources[q.sources.n++] = g->sources[i].addr;
	}
	q.sources.bytes = (const uint8_t *)sources;
	if (q.sources.n)
		mcast_query_specific(g->conf, &q, g->ops->query, g->arg);
	free(sources);
}

static void send_queries(struct mcast_group *g, uint64_t t)
{
	bool group_too = g->queries, more = false;

	if (group_too) {
		struct mld_query q = {
			.group = g->addr,
			.suppress = g->filter_expires > t + mcast_last_listener_ns(g->conf),
		};

		mcast_query_specific(g->conf, &q, g->ops->query, g->arg);
		more = --g->queries;
	}
	/* §7.6.3.2, note: beside one about the group, one with S set "may be suppressed" */
	if (g->n && !group_too)
		query_sources(g, t, true);
	if (g->n)
		query_sources(g, t, false);
	for (unsigned int i = 0; i < g->n; i++)
		if (g->sources[i].queries)
			more |= --g->sources[i].queries > 0;
	g->next_query = more ? t + g->conf->last_listener_ms * NSEC_PER_MSEC : 0;
}

/* §7.3: what is to be forwarded; there is room for it, see reserve() */
static void make_filter(const struct mcast_group *g, struct mcast_filter *f)
{
	f->mode = g->mode;
	f->n = 0;
	for (unsigned int i = 0; i < g->n; i++)
		if (g->mode == MCAST_IN || !g->sources[i].expires)
			f->sources[f->n++] = g->sources[i].addr;
}

/* Whether they know it by now */
static bool tell(struct mcast_group *g)
{
	struct mcast_filter known;

	make_filter(g, &g->fresh);
	if (mcast_filter_equal(&g->told, &g->fresh))
		return true;
	if (g->ops->changed(g->arg, &g->addr, &g->told, &g->fresh))
		return false;
	known = g->fresh;
	g->fresh = g->told;
	g->told = known;
	return true;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return b && b < a ? b : a;
}

static void rearm(struct mcast_group *g, uint64_t deadline)
{
	deadline = sooner(deadline, g->next_query);
	if (g->mode == MCAST_EX)
		deadline = sooner(deadline, g->filter_expires);
	for (unsigned int i = 0; i < g->n; i++)
		deadline = sooner(deadline, g->sources[i].expires);
	timerq_set(g->env->timers, &g->timer, deadline);
}

/* All that is due; the group may be gone then. */
static void service(struct mcast_group *g)
{
	uint64_t t = now(g);

	expire(g, t);
	if (g->next_query && g->next_query <= t)
		send_queries(g, t);
	if (!tell(g))
		rearm(g, t + RETRY_NS);
	else if (mcast_filter_nobody(&g->told))
		g->ops->ended(g->arg, g);
	else
		rearm(g, UINT64_MAX);
}

static void fire(void *arg)
{
	struct mcast_group *g = arg;

	/* the place in the queue that it has just left cannot be lost so */
	timerq_set(g->env->timers, &g->timer, UINT64_MAX);
	service(g);
}

/**
 * mcast_group_new() - a group that is not listened to yet
 * @env: clock and timers
 * @conf: how to ask and how long to believe; must outlive it
 * @ops: its owner; must outlive it
 * @arg: for @ops
 * @addr: its address
 *
 * Return: the group, INCLUDE({}); NULL without memory.
 */
struct mcast_group *mcast_group_new(struct env *env, const struct mcast_conf *conf,
				    const struct mcast_group_ops *ops, void *arg,
				    const struct in6_addr *addr)
{
	struct mcast_group *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->env = env;
	g->conf = conf;
	g->ops = ops;
	g->arg = arg;
	g->addr = *addr;
	timer_init(&g->timer, fire, g);
	if (timerq_set(env->timers, &g->timer, UINT64_MAX)) {
		free(g);
		return NULL;
	}
	return g;
}

/**
 * mcast_group_free() - forget a group, without a word to anybody
 * @g: the group
 */
void mcast_group_free(struct mcast_group *g)
{
	timerq_cancel(g->env->timers, &g->timer);
	mcast_filter_clear(&g->told);
	mcast_filter_clear(&g->fresh);
	free(g->sources);
	free(g);
}

static enum todo todo_of(const struct rule *rule, const struct mcast_source *old, bool in_a)
{
	if (!old)
		return rule->only_a;
	if (old->expires)
		return in_a ? rule->x_and_a : rule->x_not_a;
	return in_a ? rule->y_and_a : rule->y_not_a;
}

/* Whether there is something to ask about it that has not been asked yet */
static bool set_timer(const struct mcast_group *g, struct mcast_source *s, enum todo todo,
		      uint64_t t)
{
	uint64_t soon = t + mcast_last_listener_ns(g->conf);

	switch (todo & ~QUERY) {
	case MALI:
		s->expires = t + mcast_listening_ns(g->conf);
		break;
	case ZERO:
		s->expires = 0;
		s->queries = 0;
		break;
	case FILTER:
		s->expires = g->filter_expires;
		break;
	default:
		break;
	}
	/* §7.6.3.2: "with source timer larger than LLQT" */
	if (!(todo & QUERY) || s->expires <= soon)
		return false;
	s->expires = soon;
	s->queries = g->conf->last_listener_count;
	return true;
}

/* Into @out, which has room for those of both; how many, and whether to ask */
static unsigned int merge(const struct mcast_group *g, const struct rule *rule,
			  const struct in6_addr *a, unsigned int n_a,
			  struct mcast_source *out, bool *query)
{
	unsigned int i = 0, k = 0, n = 0;
	const uint64_t t = now(g);

	while (i < g->n || k < n_a) {
		int order = i == g->n ? 1 : k == n_a ? -1 :
			    mcast_addr_cmp(&g->sources[i].addr, &a[k]);
		const struct mcast_source *old = order <= 0 ? &g->sources[i++] : NULL;
		struct mcast_source s = { .expires = 0 };
		enum todo todo = todo_of(rule, old, order >= 0);

		if (old)
			s = *old;
		else
			s.addr = a[k];
		k += order >= 0;
		if (todo == DROP)
			continue;
		*query |= set_timer(g, &s, todo, t);
		out[n++] = s;
	}
	return n;
}

/* As much for each of three: what then changes needs no memory, and so cannot fail */
static int reserve(struct mcast_group *g, unsigned int n)
{
	struct mcast_source *sources;
	struct in6_addr *addrs;

	if (n <= g->cap)
		return 0;
	sources = reallocarray(g->sources, n, sizeof(*sources));
	if (!sources)
		return -ENOMEM;
	g->sources = sources;
	addrs = reallocarray(g->told.sources, n, sizeof(*addrs));
	if (!addrs)
		return -ENOMEM;
	g->told.sources = addrs;
	addrs = reallocarray(g->fresh.sources, n, sizeof(*addrs));
	if (!addrs)
		return -ENOMEM;
	g->fresh.sources = addrs;
	g->cap = n;
	return 0;
}

/* §7.6.3.1: "the Filter Timer must be lowered to LLQT"; once it is, it has been asked. */
static bool query_group(struct mcast_group *g, uint64_t t)
{
	uint64_t soon = t + mcast_last_listener_ns(g->conf);

	if (g->filter_expires <= soon)
		return false;
	g->filter_expires = soon;
	g->queries = g->conf->last_listener_count;
	return true;
}

static int apply(struct mcast_group *g, const struct rule *rule, const struct in6_addr *a,
		 unsigned int n_a)
{
	struct mcast_source *merged = reallocarray(NULL, g->n + n_a + 1, sizeof(*merged));
	bool query = false;
	unsigned int n;
	int err;

	if (!merged)
		return -ENOMEM;
	n = merge(g, rule, a, n_a, merged, &query);
	err = n > g->conf->max_sources ? -ENOSPC : reserve(g, n);
	if (!err) {
		uint64_t t = now(g);

		if (n)
			memcpy(g->sources, merged, n * sizeof(*merged));
		g->n = n;
		g->mode = rule->mode;
		if (rule->renew)
			g->filter_expires = t + mcast_listening_ns(g->conf);
		if (rule->query)
			query |= query_group(g, t);
		if (query && g->conf->last_listener_count)
			g->next_query = t;
	}
	free(merged);
	return err;
}

/**
 * mcast_group_record() - a Multicast Address Record about a group
 * @g: the group, which may have ended and be gone afterwards
 * @type: of the record
 * @sources: its sources, ascending and each once
 * @n: how many
 *
 * RFC 3810 §7.4.1 and §7.4.2, and for older hosts §8.3.2: BLOCK is ignored, and so are the
 * sources of TO_EX.  Queries that it makes necessary have left when this returns.
 *
 * Return: 0; -ENOSPC if there were more sources than allowed then, -ENOMEM: what the record
 * says does not count.
 */
int mcast_group_record(struct mcast_group *g, enum mld_record_type type,
		       const struct in6_addr *sources, unsigned int n)
{
	bool v1 = mcast_group_is_v1(g);
	int err = 0;

	/* a timer that is due, and has not fired yet, comes first */
	expire(g, now(g));
	if (v1 && type == MLD_TO_EX)
		n = 0;
	if (!v1 || type != MLD_BLOCK)
		err = apply(g, &rules[g->mode][type], sources, n);
	service(g);
	return err;
}
