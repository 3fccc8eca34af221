// SPDX-License-Identifier: GPL-2.0
/* A multicast listener's part of the protocol (RFC 3810 §6, §8.2.1). */
#include "multicast/reporter.h"

#include "core/log.h"

#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

/* A source in the Retransmission List */
struct again {
	struct in6_addr source;
	unsigned int left;		/* Source Retransmission Counter */
};

struct mcast_reported {
	struct mcast_reporter *r;
	struct in6_addr group;
	struct mcast_filter wanted;	/* INCLUDE({}) until that has been said often enough */
	unsigned int mode_left;		/* Filter Mode Retransmission Counter */
	unsigned int n_again;
	struct again *again;		/* ascending */
	struct mcast_filter asked;	/* sources to be answered for; none: the group */
	struct timer repeat;		/* Retransmission Timer */
	struct timer answer;		/* Multicast Address Timer */
	bool due;			/* in the list of those */
	struct mcast_reported *prev, *next, *next_due;
	struct dict_entry index;
};

static uint64_t now(const struct mcast_reporter *r)
{
	return r->env->ops->now(r->env->ctx);
}

/* In (0, ms] */
static uint64_t random_until(const struct mcast_reporter *r, uint32_t ms)
{
	uint64_t span = ms * NSEC_PER_MSEC >> 12, part = r->env->ops->random(r->env->ctx);

	/* the longest that a query can ask for has 31 bits now */
	return now(r) + (span * (part + 1) >> 20);
}

/* Without room for a timer what it would have done is not: as if a packet were lost. */
static bool set_timer(struct mcast_reporter *r, struct timer *t, uint64_t deadline)
{
	if (!timerq_set(r->env->timers, t, deadline))
		return true;
	log_ratelimited(LOG_WARNING, "no memory to repeat a multicast report");
	return false;
}

static unsigned int room(const struct mcast_reporter *r)
{
	return r->conf->mtu - MLD_HEADERS - MLD_REPORT_LEN;
}

static void send_report(struct mcast_reporter *r)
{
	if (r->n_recs)
		r->ops->report(r->arg, r->recs, r->n_recs);
	r->n_recs = 0;
	r->n_sources = 0;
}

/* How many sources of a record would fit into the report that is being made; -1: no record */
static int fit(const struct mcast_reporter *r)
{
	size_t used = (size_t)r->n_recs * MLD_RECORD_LEN + r->n_sources * sizeof(*r->sources);

	if (used + MLD_RECORD_LEN > room(r))
		return -1;
	return (int)((room(r) - used - MLD_RECORD_LEN) / sizeof(*r->sources));
}

static void append(struct mcast_reporter *r, enum mld_record_type type,
		   const struct in6_addr *group, const struct in6_addr *sources, unsigned int n)
{
	struct in6_addr *copy = r->sources + r->n_sources;

	if (n)
		memcpy(copy, sources, n * sizeof(*copy));
	r->recs[r->n_recs++] = (struct mld_record){
		(uint8_t)type, *group, { (const uint8_t *)copy, n },
	};
	r->n_sources += n;
}

/*
 * §5.2.15: a record that does not fit into any report is split into several, or, of mode
 * EXCLUDE, has only "as many source addresses as can fit": the same ones each time.
 */
static void add_record(struct mcast_reporter *r, enum mld_record_type type,
		       const struct in6_addr *group, const struct in6_addr *sources,
		       unsigned int n)
{
	bool whole = type == MLD_IS_EX || type == MLD_TO_EX;

	for (;;) {
		int max = fit(r);

		if (max >= 0 && n <= (unsigned int)max) {
			append(r, type, group, sources, n);
			return;
		}
		if (r->n_recs) {
			send_report(r);
			continue;
		}
		append(r, type, group, sources, (unsigned int)max);
		if (whole)
			return;
		sources += max;
		n -= (unsigned int)max;
	}
}

static struct mcast_reported *find(const struct mcast_reporter *r, const struct in6_addr *group)
{
	struct dict_entry *e = dict_first(&r->index, dict_hash(group, sizeof(*group)));

	for (; e; e = dict_next(e)) {
		struct mcast_reported *g = dict_entry_of(e, struct mcast_reported, index);

		if (IN6_ARE_ADDR_EQUAL(&g->group, group))
			return g;
	}
	return NULL;
}

static void drop(struct mcast_reported *g)
{
	struct mcast_reporter *r = g->r;

	timerq_cancel(r->env->timers, &g->repeat);
	timerq_cancel(r->env->timers, &g->answer);
	dict_del(&r->index, &g->index);
	DL_DELETE(r->groups, g);
	if (g->due)
		LL_DELETE2(r->due, g, next_due);
	mcast_filter_clear(&g->wanted);
	mcast_filter_clear(&g->asked);
	free(g->again);
	free(g);
}

static void make_due(struct mcast_reported *g)
{
	struct mcast_reporter *r = g->r;

	timerq_cancel(r->env->timers, &g->repeat);
	if (!g->due)
		LL_PREPEND2(r->due, g, next_due);
	g->due = true;
	/* behind all timers that are due by now: what they report leaves together */
	if (!timer_pending(&r->flush))
		set_timer(r, &r->flush, now(r) + 1);
}

static void fire_repeat(void *arg)
{
	make_due(arg);
}

/* §6.1, §6.3 item 4: ALLOW and BLOCK */
static void report_sources(struct mcast_reported *g, enum mld_record_type type)
{
	struct in6_addr *set = reallocarray(NULL, g->n_again, sizeof(*set));
	bool pass = type == MLD_ALLOW;
	unsigned int n = 0;

	if (!set)
		return;		/* as if it were lost */
	for (unsigned int i = 0; i < g->n_again; i++)
		if (mcast_filter_passes(&g->wanted, &g->again[i].source) == pass)
			set[n++] = g->again[i].source;
	if (n)
		add_record(g->r, type, &g->group, set, n);
	free(set);
}

/* §6.1: "Each time a State Change Report is sent the counter is decreased by one unit." */
static void count_down(struct mcast_reported *g)
{
	unsigned int n = 0;

	if (g->mode_left)
		g->mode_left--;
	for (unsigned int i = 0; i < g->n_again; i++)
		if (--g->again[i].left)
			g->again[n++] = g->again[i];
	g->n_again = n;
}

static void report_change(struct mcast_reported *g)
{
	const struct mcast_filter *w = &g->wanted;

	if (mcast_reporter_is_v1(g->r)) {
		if (g->mode_left)
			g->r->ops->v1(g->r->arg, mcast_filter_nobody(w) ? MLD_TYPE_V1_DONE :
				      MLD_TYPE_V1_REPORT, &g->group);
	} else if (g->mode_left) {
		add_record(g->r, w->mode == MCAST_EX ? MLD_TO_EX : MLD_TO_IN, &g->group,
			   w->sources, w->n);
	} else if (g->n_again) {
		report_sources(g, MLD_ALLOW);
		report_sources(g, MLD_BLOCK);
	}
	count_down(g);
}

static void fire_flush(void *arg)
{
	struct mcast_reporter *r = arg;
	/* one time for all: what was reported together is repeated together */
	uint64_t again = random_until(r, r->conf->unsolicited_ms);

	while (r->due) {
		struct mcast_reported *g = r->due;

		LL_DELETE2(r->due, g, next_due);
		g->due = false;
		report_change(g);
		if ((!g->mode_left && !g->n_again) || !set_timer(r, &g->repeat, again))
			if (mcast_filter_nobody(&g->wanted))
				drop(g);
	}
	send_report(r);
}

/* A Current State Record; with IS_IN it is "never sent with an empty source list" */
static void report_state(struct mcast_reported *g)
{
	const struct mcast_filter *w = &g->wanted;

	if (mcast_filter_nobody(w))
		return;
	if (mcast_reporter_is_v1(g->r))
		g->r->ops->v1(g->r->arg, MLD_TYPE_V1_REPORT, &g->group);
	else
		add_record(g->r, w->mode == MCAST_EX ? MLD_IS_EX : MLD_IS_IN, &g->group,
			   w->sources, w->n);
}

/* §6.3 item 1 */
static void fire_general(void *arg)
{
	struct mcast_reporter *r = arg;
	struct mcast_reported *g;

	DL_FOREACH(r->groups, g)
		report_state(g);
	send_report(r);
}

/* §6.3 items 2 and 3: INCLUDE (A): IS_IN (A*B), EXCLUDE (A): IS_IN (B-A) */
static void fire_answer(void *arg)
{
	struct mcast_reported *g = arg;
	struct mcast_filter *asked = &g->asked;
	unsigned int n = 0;

	if (!asked->n) {
		report_state(g);
	} else {
		for (unsigned int i = 0; i < asked->n; i++)
			if (mcast_filter_passes(&g->wanted, &asked->sources[i]))
				asked->sources[n++] = asked->sources[i];
		if (n)
			add_record(g->r, MLD_IS_IN, &g->group, asked->sources, n);
	}
	mcast_filter_clear(asked);
	send_report(g->r);
}

static struct mcast_reported *add(struct mcast_reporter *r, const struct in6_addr *group)
{
	struct mcast_reported *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->r = r;
	g->group = *group;
	timer_init(&g->repeat, fire_repeat, g);
	timer_init(&g->answer, fire_answer, g);
	dict_add(&r->index, &g->index, dict_hash(group, sizeof(*group)));
	DL_APPEND(r->groups, g);
	return g;
}

/* The counter of a source that is in the list, or will be; to be set anew if it changes */
static void note(struct again *list, unsigned int *n, const struct in6_addr *source,
		 unsigned int left)
{
	if (left)
		list[(*n)++] = (struct again){ *source, left };
}

/* The next source of three ascending lists, NULL at their end */
static const struct in6_addr *least(const struct in6_addr *a, const struct in6_addr *b)
{
	if (!a || !b)
		return a ? a : b;
	return mcast_addr_cmp(a, b) <= 0 ? a : b;
}

static bool take(const struct in6_addr *at, const struct in6_addr *s, unsigned int *i)
{
	bool is = at && !mcast_addr_cmp(at, s);

	*i += is;
	return is;
}

/*
 * §6.1: the Retransmission List when the sources of a mode change: all that are in one of
 * both sets begin anew.
 */
static int change_sources(struct mcast_reported *g, const struct mcast_filter *wanted)
{
	const struct mcast_filter *old = &g->wanted;
	unsigned int i = 0, k = 0, m = 0, n = 0;
	struct again *list = reallocarray(NULL, g->n_again + old->n + wanted->n + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	for (;;) {
		const struct in6_addr *a = i < old->n ? &old->sources[i] : NULL;
		const struct in6_addr *b = k < wanted->n ? &wanted->sources[k] : NULL;
		const struct in6_addr *c = m < g->n_again ? &g->again[m].source : NULL;
		const struct in6_addr *s = least(least(a, b), c);
		bool was, is;
		unsigned int left;

		if (!s)
			break;
		was = take(a, s, &i);
		is = take(b, s, &k);
		left = c && !mcast_addr_cmp(c, s) ? g->again[m++].left : 0;
		note(list, &n, s, was != is ? g->r->robustness : left);
	}
	free(g->again);
	g->again = list;
	g->n_again = n;
	return 0;
}

/* RFC 4605 §4.1: towards version 1 records "created or deleted" are reported, "all other
 * changes are ignored"
 */
static bool is_change(const struct mcast_reported *g, const struct mcast_filter *wanted)
{
	return !mcast_reporter_is_v1(g->r) ||
	       mcast_filter_nobody(&g->wanted) != mcast_filter_nobody(wanted);
}

static int change(struct mcast_reported *g, const struct mcast_filter *wanted)
{
	bool mode = g->wanted.mode != wanted->mode || mcast_reporter_is_v1(g->r);
	struct mcast_filter copy = { .mode = wanted->mode };
	int err = mcast_filter_copy(&copy, wanted);

	if (err)
		return err;
	if (is_change(g, wanted)) {
		if (mode) {
			g->mode_left = g->r->robustness;
			if (mcast_reporter_is_v1(g->r) && mcast_filter_nobody(wanted))
				g->mode_left = 1;
		} else {
			err = change_sources(g, wanted);
		}
		if (err) {
			mcast_filter_clear(&copy);
			return err;
		}
		make_due(g);
	}
	mcast_filter_clear(&g->wanted);
	g->wanted = copy;
	return 0;
}

/**
 * mcast_reporter_set() - a group's record in the membership database is another
 * @r: the reporter
 * @group: the group
 * @wanted: what it is now, INCLUDE({}) for none
 *
 * RFC 4605 §4.1: the change "is reported on the upstream interface as though this proxy
 * device were a host performing the action".  It is as soon as the timers run, with all
 * others until then, and again until it has been Robustness Variable times.
 *
 * Return: 0, or -ENOMEM with nothing changed.
 */
int mcast_reporter_set(struct mcast_reporter *r, const struct in6_addr *group,
		       const struct mcast_filter *wanted)
{
	struct mcast_reported *g = find(r, group);
	int err;

	if (!g && mcast_filter_nobody(wanted))
		return 0;
	if (!g)
		g = add(r, group);
	if (!g)
		return -ENOMEM;
	if (mcast_filter_equal(&g->wanted, wanted))
		return 0;
	err = change(g, wanted);
	if (mcast_filter_nobody(&g->wanted) && !g->due && !timer_pending(&g->repeat))
		drop(g);
	return err;
}

/**
 * mcast_reporter_is_v1() - Host Compatibility Mode
 * @r: the reporter
 *
 * Return: whether there has been a query of version 1 in the last Older Version Querier
 * Present Timeout (RFC 3810 §8.2.1).
 */
bool mcast_reporter_is_v1(const struct mcast_reporter *r)
{
	return r->v1_until > now(r);
}

/* §8.2.1: a change of mode "cancels all its pending responses and retransmission timers" */
static void cancel_all(struct mcast_reporter *r)
{
	struct mcast_reported *g, *tmp;

	timerq_cancel(r->env->timers, &r->general);
	DL_FOREACH_SAFE(r->groups, g, tmp) {
		timerq_cancel(r->env->timers, &g->repeat);
		timerq_cancel(r->env->timers, &g->answer);
		mcast_filter_clear(&g->asked);
		g->mode_left = 0;
		g->n_again = 0;
		if (mcast_filter_nobody(&g->wanted))
			drop(g);
	}
}

/* Version, robustness and interval of whoever asks (§5.1.8, §5.1.9, §8.2.1, §9.12) */
static void learn(struct mcast_reporter *r, const struct mld_query *q)
{
	bool was = mcast_reporter_is_v1(r);

	if (q->version == 1) {
		r->v1_until = now(r) + ((uint64_t)r->robustness * r->interval_ms +
					r->conf->response_ms) * NSEC_PER_MSEC;
	} else {
		r->robustness = q->robustness ? q->robustness : r->conf->robustness;
		r->interval_ms = q->interval_s ? q->interval_s * 1000 : r->conf->query_interval_ms;
	}
	if (!was && mcast_reporter_is_v1(r))
		cancel_all(r);
}

static void set_answer(struct mcast_reported *g, uint64_t deadline)
{
	if (!timer_pending(&g->answer) || deadline < g->answer.deadline)
		set_timer(g->r, &g->answer, deadline);
}

/* What is too much, or has no room, is answered by all there is to say of the group. */
static void ask_sources(struct mcast_reported *g, const struct mld_sources *sources)
{
	struct in6_addr *set, *both;
	int n = mcast_sources_read(&set, sources);
	unsigned int m = g->asked.n;

	both = n > 0 ? reallocarray(NULL, m + (unsigned int)n, sizeof(*both)) : NULL;
	if (!both || m + (unsigned int)n > g->r->conf->max_sources) {
		free(both);
		mcast_filter_clear(&g->asked);
	} else {
		struct mld_sources all = { (const uint8_t *)both, m + (unsigned int)n };

		if (m)
			memcpy(both, g->asked.sources, m * sizeof(*both));
		memcpy(both + m, set, (unsigned int)n * sizeof(*both));
		mcast_filter_clear(&g->asked);
		n = mcast_sources_read(&g->asked.sources, &all);
		g->asked.n = n > 0 ? (unsigned int)n : 0;
		free(both);
	}
	if (n >= 0)
		free(set);
}

/* §6.2 rules 3 to 5 */
static void on_specific(struct mcast_reported *g, const struct mld_query *q, uint64_t deadline)
{
	bool pending = timer_pending(&g->answer);

	if (mcast_filter_nobody(&g->wanted))
		return;
	if (!q->sources.n || (pending && !g->asked.n))
		mcast_filter_clear(&g->asked);
	else
		ask_sources(g, &q->sources);
	set_answer(g, deadline);
}

/**
 * mcast_reporter_on_query() - a query from upstream
 * @r: the reporter
 * @q: the query
 *
 * RFC 3810 §6.2; RFC 6224 §4.2: "the MAG proxy instance will answer the Queries on behalf of
 * all active downstream receivers".
 */
void mcast_reporter_on_query(struct mcast_reporter *r, const struct mld_query *q)
{
	uint64_t deadline = random_until(r, q->max_delay_ms);
	struct mcast_reported *g;

	learn(r, q);
	if (timer_pending(&r->general) && r->general.deadline <= deadline)
		return;
	if (IN6_IS_ADDR_UNSPECIFIED(&q->group)) {
		if (r->groups)
			set_timer(r, &r->general, deadline);
		return;
	}
	g = find(r, &q->group);
	if (g)
		on_specific(g, q, deadline);
}

/**
 * mcast_reporter_init() - a reporter with nothing to report
 * @r: the reporter; must not move from now on
 * @env: clock, timers and chance
 * @conf: times and MTU of the upstream link; must outlive it
 * @ops: how reports leave; must outlive it
 * @arg: for @ops
 *
 * Return: 0 or -ENOMEM.
 */
int mcast_reporter_init(struct mcast_reporter *r, struct env *env,
			const struct mcast_conf *conf, const struct mcast_reporter_ops *ops,
			void *arg)
{
	memset(r, 0, sizeof(*r));
	r->env = env;
	r->conf = conf;
	r->ops = ops;
	r->arg = arg;
	r->robustness = conf->robustness;
	r->interval_ms = conf->query_interval_ms;
	timer_init(&r->flush, fire_flush, r);
	timer_init(&r->general, fire_general, r);
	r->recs = reallocarray(NULL, room(r) / MLD_RECORD_LEN, sizeof(*r->recs));
	r->sources = reallocarray(NULL, room(r) / sizeof(*r->sources), sizeof(*r->sources));
	if (r->recs && r->sources)
		return 0;
	mcast_reporter_free(r);
	return -ENOMEM;
}

/**
 * mcast_reporter_free() - forget all; what has not been said is not
 * @r: the reporter
 */
void mcast_reporter_free(struct mcast_reporter *r)
{
	struct mcast_reported *g, *tmp;

	DL_FOREACH_SAFE(r->groups, g, tmp)
		drop(g);
	timerq_cancel(r->env->timers, &r->flush);
	timerq_cancel(r->env->timers, &r->general);
	dict_free(&r->index);
	free(r->recs);
	free(r->sources);
	r->recs = NULL;
	r->sources = NULL;
}
