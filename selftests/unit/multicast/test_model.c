// SPDX-License-Identifier: GPL-2.0
/*
 * Random records, at random times, at a listener and at a plain model of RFC 3810's tables:
 * sets are bit masks here, and each line of §7.4 is what the table says.
 */
#include "listener_bed.h"

#define SOURCES	6
#define GROUPS	3
#define STEPS	30000

struct model {
	bool exclude;
	uint32_t x, y;			/* INCLUDE(x), or EXCLUDE(x, y) */
	uint64_t filter_timer, timer[SOURCES];
	uint64_t v1_until;
	unsigned int count[SOURCES], group_count;
	uint64_t next_query;
};

struct world {
	struct bed *b;
	struct model m[GROUPS];
	unsigned int expected;		/* queries of the model, compared as they come */
	unsigned int refused;
};

static uint64_t mali(const struct world *w)
{
	return mcast_listening_ns(&w->b->conf);
}

static uint64_t llqt(const struct world *w)
{
	return mcast_last_listener_ns(&w->b->conf);
}

static void expect_one(struct world *w, unsigned int group, uint64_t t, bool suppress,
		       uint32_t mask)
{
	const struct asked *a = &w->b->asked[w->expected++ % ASKED_MAX];
	struct in6_addr addr = group_addr(group);

	assert_true(w->expected <= w->b->asked_n);
	assert_memory_equal(&a->group, &addr, sizeof(addr));
	assert_int_equal(a->at, t);
	assert_int_equal(a->suppress, suppress);
	assert_int_equal(a->mask, mask);
}

/* §7.6.3 */
static void send_queries(struct world *w, unsigned int group, uint64_t t)
{
	struct model *m = &w->m[group];
	uint32_t set[2] = { 0, 0 };
	bool more = false, about_group = m->group_count > 0;

	if (about_group)
		expect_one(w, group, t, m->filter_timer > t + llqt(w), 0);
	for (unsigned int i = 0; i < SOURCES; i++)
		if (m->count[i])
			set[m->timer[i] > t + llqt(w)] |= 1U << i;
	if (set[1] && !about_group)
		expect_one(w, group, t, true, set[1]);
	if (set[0])
		expect_one(w, group, t, false, set[0]);
	for (unsigned int i = 0; i < SOURCES; i++)
		if (m->count[i])
			more |= --m->count[i] > 0;
	if (about_group)
		more |= --m->group_count > 0;
	m->next_query = more ? t + w->b->conf.last_listener_ms * NSEC_PER_MSEC : 0;
}

static void forget_sources(struct model *m, uint32_t set)
{
	m->x &= ~set;
	m->y &= ~set;
	for (unsigned int i = 0; i < SOURCES; i++)
		if (set & 1U << i)
			m->count[i] = 0;
}

/* §7.2.2, §7.2.3, §7.5 */
static void pass_of_time(struct world *w, unsigned int group, uint64_t t)
{
	struct model *m = &w->m[group];
	uint32_t over = 0;

	for (unsigned int i = 0; i < SOURCES; i++)
		if (m->x & 1U << i && m->timer[i] <= t)
			over |= 1U << i;
	forget_sources(m, over);
	if (m->exclude)
		m->y |= over;
	if (m->exclude && m->filter_timer <= t) {
		m->exclude = false;
		m->y = 0;
		m->group_count = 0;
	}
	if (!m->exclude && !m->x)
		memset(m, 0, sizeof(*m));
	if (m->next_query && m->next_query <= t)
		send_queries(w, group, t);
}

static uint64_t next_of(const struct model *m)
{
	uint64_t next = m->next_query ? m->next_query : UINT64_MAX;

	if (m->exclude && m->filter_timer < next)
		next = m->filter_timer;
	for (unsigned int i = 0; i < SOURCES; i++)
		if (m->x & 1U << i && m->timer[i] < next)
			next = m->timer[i];
	return next;
}

static void set_timers(struct model *m, uint32_t set, uint64_t t)
{
	for (unsigned int i = 0; i < SOURCES; i++)
		if (set & 1U << i)
			m->timer[i] = t;
}

/* A line of §7.4: what becomes of the model, and about which sources to ask */
static uint32_t line(const struct world *w, struct model *m, enum mld_record_type type,
		     uint32_t a, uint64_t t, bool *query)
{
	const uint32_t x = m->x, y = m->y;
	const uint64_t filter_timer = m->filter_timer;

	if (type == MLD_IS_EX || type == MLD_TO_EX)
		m->filter_timer = t + mali(w);
	switch ((int)type | (m->exclude ? 0x10 : 0)) {
	case MLD_IS_IN:			/* INCLUDE (A+B), (B)=MALI */
	case MLD_ALLOW:
	case MLD_TO_IN:			/* and Send Q(MA,A-B) */
		m->x = x | a;
		set_timers(m, a, t + mali(w));
		return type == MLD_TO_IN ? x & ~a : 0;
	case MLD_BLOCK:			/* INCLUDE (A), Send Q(MA,A*B) */
		return x & a;
	case MLD_IS_EX:			/* EXCLUDE (A*B, B-A), Delete (A-B) */
	case MLD_TO_EX:			/* and Send Q(MA,A*B) */
		m->exclude = true;
		m->x = x & a;
		m->y = a & ~x;
		return type == MLD_TO_EX ? x & a : 0;
	case 0x10 | MLD_IS_IN:		/* EXCLUDE (X+A, Y-A), (A)=MALI */
	case 0x10 | MLD_ALLOW:
	case 0x10 | MLD_TO_IN:		/* and Send Q(MA,X-A), Send Q(MA) */
		m->x = x | a;
		m->y = y & ~a;
		set_timers(m, a, t + mali(w));
		*query = type == MLD_TO_IN;
		return type == MLD_TO_IN ? x & ~a : 0;
	case 0x10 | MLD_IS_EX:		/* EXCLUDE (A-Y, Y*A), (A-X-Y)=MALI */
		m->x = a & ~y;
		m->y = y & a;
		set_timers(m, a & ~x & ~y, t + mali(w));
		return 0;
	case 0x10 | MLD_BLOCK:		/* EXCLUDE (X+(A-Y),Y), (A-X-Y) = Filter Timer */
		m->x = x | (a & ~y);
		set_timers(m, a & ~x & ~y, filter_timer);
		return a & ~y;
	case 0x10 | MLD_TO_EX:		/* EXCLUDE (A-Y,Y*A), (A-X-Y) = Filter Timer */
		m->x = a & ~y;
		m->y = y & a;
		set_timers(m, a & ~x & ~y, filter_timer);
		return a & ~y;
	}
	fail();
	return 0;
}

static void model_record(struct world *w, unsigned int group, enum mld_record_type type,
			 uint32_t a, uint64_t t)
{
	struct model *m = &w->m[group], before = *m;
	bool query = false, send_now = false;
	uint32_t ask;

	/* §8.3.2 */
	if (m->v1_until > t && type == MLD_BLOCK)
		return;
	if (m->v1_until > t && type == MLD_TO_EX)
		a = 0;
	ask = line(w, m, type, a, t, &query);
	if ((unsigned int)__builtin_popcount(m->x | m->y) > w->b->conf.max_sources) {
		*m = before;
		w->refused++;
		return;
	}
	forget_sources(m, ~(m->x | m->y));
	for (unsigned int i = 0; i < SOURCES; i++) {
		if (m->y & 1U << i)
			m->count[i] = 0;
		if (!(ask & 1U << i) || m->timer[i] <= t + llqt(w))
			continue;
		m->timer[i] = t + llqt(w);
		m->count[i] = w->b->conf.last_listener_count;
		send_now = true;
	}
	if (query && m->filter_timer > t + llqt(w)) {
		m->filter_timer = t + llqt(w);
		m->group_count = w->b->conf.last_listener_count;
		send_now = true;
	}
	if (send_now && w->b->conf.last_listener_count)
		m->next_query = t;
	pass_of_time(w, group, t);
}

/* Both live through it, timers of the model one by one */
static void advance(struct world *w, uint64_t ns)
{
	uint64_t end = w->b->f.now + ns;

	for (;;) {
		uint64_t next = UINT64_MAX;
		unsigned int which = 0;

		for (unsigned int i = 0; i < GROUPS; i++) {
			if (next_of(&w->m[i]) >= next)
				continue;
			next = next_of(&w->m[i]);
			which = i;
		}
		if (next > end)
			break;
		/* the timers of the others are a nanosecond or more away */
		fake_advance(&w->b->f, next > w->b->f.now ? next - w->b->f.now : 0);
		pass_of_time(w, which, next);
	}
	fake_advance(&w->b->f, end - w->b->f.now);
}

static void compare(struct world *w)
{
	assert_int_equal(w->expected, w->b->asked_n);
	for (unsigned int i = 0; i < GROUPS; i++) {
		struct in6_addr addr = group_addr(i);
		struct mcast_group *g = mcast_listener_find(&w->b->l, &addr);
		const struct model *m = &w->m[i];

		expect_state(w->b, i, m->exclude ? MCAST_EX : MCAST_IN, m->x, m->y);
		if (!g)
			continue;
		if (m->exclude)
			assert_int_equal(g->filter_expires, m->filter_timer);
		for (unsigned int k = 0; k < g->n; k++) {
			unsigned int s = (unsigned int)__builtin_ctz(bit_of(&g->sources[k].addr));

			if (g->sources[k].expires)
				assert_int_equal(g->sources[k].expires, m->timer[s]);
		}
		/* §7.3 */
		for (unsigned int s = 0; s < SOURCES; s++) {
			struct in6_addr source = source_addr(s);
			bool passes = m->exclude ? !(m->y & 1U << s) : m->x & 1U << s;

			assert_int_equal(mcast_filter_passes(&g->told, &source), passes);
		}
	}
}

static void step(struct world *w)
{
	unsigned int group = fake_random(&w->b->f) % GROUPS, what = fake_random(&w->b->f) % 64;
	uint32_t mask = fake_random(&w->b->f) & fake_random(&w->b->f) & ((1U << SOURCES) - 1);
	enum mld_record_type type = (enum mld_record_type)(1 + fake_random(&w->b->f) % 6);
	struct in6_addr addr = group_addr(group);
	struct model *m = &w->m[group];

	/* odd times, so that no two timers are due at once but those set by one record */
	advance(w, 1 + fake_random(&w->b->f) %
		   (what < 2 ? 50 * NSEC_PER_SEC : what < 30 ? 3 * NSEC_PER_SEC : NSEC_PER_MSEC));
	if (what == 63) {
		m->v1_until = w->b->f.now + mali(w);
		say_v1(w->b, MLD_TYPE_V1_REPORT, &addr);
		model_record(w, group, MLD_IS_EX, 0, w->b->f.now);
	} else if (what == 62) {
		say_v1(w->b, MLD_TYPE_V1_DONE, &addr);
		if (m->v1_until > w->b->f.now)
			model_record(w, group, MLD_TO_IN, 0, w->b->f.now);
	} else {
		unsigned int refused = w->refused;
		int err = say(w->b, type, group, mask);

		model_record(w, group, type, mask, w->b->f.now);
		assert_int_equal(err, refused < w->refused ? -ENOSPC : 0);
	}
	compare(w);
}

static void run(struct bed *b, unsigned int count, unsigned int max_sources, uint64_t seed)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->b = b;
	b->f.seed = seed;
	b->conf.query_interval_ms = 10000;
	b->conf.response_ms = 1000;
	b->conf.last_listener_count = count;
	b->conf.max_sources = max_sources;
	b->conf.report_rate = 0;
	for (unsigned int i = 0; i < STEPS; i++)
		step(w);
	if (max_sources < SOURCES)
		assert_in_range(w->refused, STEPS / 50, STEPS / 2);
	else
		assert_int_equal(w->refused, 0);
	if (count)
		assert_in_range(w->expected, STEPS / 10, 2 * STEPS);
	else
		assert_int_equal(w->expected, 0);
	/* left alone, all of it ends */
	advance(w, 3 * mali(w));
	compare(w);
	assert_int_equal(b->l.n, 0);
	free(w);
}

/* RFC 3810 §7.4: with the defaults of §9.9 */
static void defaults(void **state)
{
	run(*state, 2, SOURCES, 3810);
}

/* RFC 3810 §9.9: with other numbers of queries, one that ends in the middle too */
static void three_queries(void **state)
{
	run(*state, 3, SOURCES, 1);
}

static void one_query(void **state)
{
	run(*state, 1, SOURCES, 2);
}

/* RFC 6224 §4.7: who leaves is believed */
static void no_query(void **state)
{
	run(*state, 0, SOURCES, 3);
}

/* What would be more sources than allowed changes nothing */
static void limited(void **state)
{
	run(*state, 2, 4, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(defaults, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(three_queries, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(one_query, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(no_query, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(limited, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
