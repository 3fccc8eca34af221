// SPDX-License-Identifier: GPL-2.0
/*
 * Who of two anchors is the active one: every event in every state, and what becomes of two
 * that start, die and lose their store in turn.
 *
 * Shows: RFC 5847 §3.2: the counter "MUST NOT be incremented if the recovery happens
 * without losing state": one that takes over says whether any may have been lost
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fake_env.h"
#include "pair/pair.h"

#define INTERVAL_MS	1000

struct bed {
	struct fake_env f;
	struct lma_pair p;
	struct pair_conf conf;
	unsigned int asked, let_go, followed, caught, served, handed, yielded;
	uint64_t epoch;		/* that was asked with */
	bool refuses, own, whole;
	unsigned int reads_ms;	/* so long it takes to read what it has itself */
	bool take;		/* it was asked for, not only looked at */
};

static int ask(void *ctx, uint64_t epoch, bool take)
{
	struct bed *b = ctx;

	b->asked++;
	b->epoch = epoch;
	b->take = take;
	return b->refuses ? -1 : 0;
}

static bool has_own(void *ctx)
{
	struct bed *b = ctx;

	b->f.now += b->reads_ms * NSEC_PER_MSEC;
	return b->own;
}

static void let_go(void *ctx)
{
	((struct bed *)ctx)->let_go++;
}

static void follow(void *ctx)
{
	((struct bed *)ctx)->followed++;
}

static void catch_up(void *ctx)
{
	((struct bed *)ctx)->caught++;
}

static void serve(void *ctx, bool whole)
{
	struct bed *b = ctx;

	b->served++;
	b->whole = whole;
}

static int hand_over(void *ctx)
{
	struct bed *b = ctx;

	b->handed++;
	return b->refuses ? -EAGAIN : 0;
}

static void yield(void *ctx)
{
	((struct bed *)ctx)->yielded++;
}

static const struct pair_ops ops = {
	.ask = ask, .has_own = has_own, .let_go = let_go, .follow = follow, .catch_up = catch_up,
	.serve = serve, .hand_over = hand_over, .yield = yield,
};

static void begin(struct bed *b)
{
	memset(b, 0, sizeof(*b));
	fake_init(&b->f);
	b->conf = (struct pair_conf){ .enabled = true, .name = "a", .interval_ms = INTERVAL_MS };
	pair_start(&b->p, &b->f.env, &b->conf, &ops, b);
}

static void end(struct bed *b)
{
	pair_stop(&b->p);
	fake_free(&b->f);
}

static struct pair_lease mine(uint64_t epoch)
{
	return (struct pair_lease){ .mine = true, .whole = true, .epoch = epoch, .beat = 10 };
}

static struct pair_lease others(uint64_t epoch, uint64_t beat)
{
	return (struct pair_lease){ .whole = true, .epoch = epoch, .beat = beat };
}

/* So long a standby leaves the lease to the active one when the store has come back */
#define SHY_MS	(PAIR_LEASE * INTERVAL_MS + 3000)

/* What was asked is answered; if nothing was, it is asked by and by. */
static void answer(struct bed *b, struct pair_lease l)
{
	for (unsigned int ms = 0; !b->p.asking && ms < SHY_MS + INTERVAL_MS; ms += INTERVAL_MS)
		fake_advance_ms(&b->f, INTERVAL_MS);
	assert_true(b->p.asking);
	pair_heard(&b->p, &l);
}

static void standby(struct bed *b)
{
	begin(b);
	pair_up(&b->p);
	answer(b, others(1, 5));
	answer(b, others(1, 6));
	assert_int_equal(b->p.state, PAIR_STANDBY);
}

static void taking(struct bed *b)
{
	standby(b);
	answer(b, mine(2));
	assert_int_equal(b->p.state, PAIR_TAKING);
}

static void active(struct bed *b)
{
	taking(b);
	pair_copied(&b->p);
	assert_int_equal(b->p.state, PAIR_ACTIVE);
}

enum event { UP, DOWN, MINE, OTHERS, COPIED, TICK, SUPERSEDED, EVENTS };

static void happen(struct bed *b, enum event e)
{
	switch (e) {
	case UP:
		pair_up(&b->p);
		break;
	case DOWN:
		pair_down(&b->p);
		break;
	case MINE:
		answer(b, mine(2));
		break;
	case OTHERS:
		answer(b, others(3, 1));
		break;
	case COPIED:
		pair_copied(&b->p);
		break;
	case TICK:
		fake_advance_ms(&b->f, INTERVAL_MS / 4);
		break;
	case SUPERSEDED:
		pair_superseded(&b->p);
		break;
	case EVENTS:
		break;
	}
}

static void waiting(struct bed *b)
{
	begin(b);
	pair_up(&b->p);
}

static const struct {
	void (*begin)(struct bed *b);
	enum pair_state to[EVENTS];
} states[PAIR_STATES] = {
#define W PAIR_WAITING
#define S PAIR_STANDBY
#define T PAIR_TAKING
#define A PAIR_ACTIVE
	/*                       UP DOWN MINE OTHERS COPIED TICK SUPERSEDED */
	[W] = { waiting,	{ W, W,   T,   S,     W,     W,   S } },
	[S] = { standby,	{ S, S,   T,   S,     S,     S,   S } },
	[T] = { taking,		{ T, T,   T,   S,     A,     T,   S } },
	[A] = { active,		{ A, A,   A,   W,     A,     A,   W } },
};

static void test_table(void **state)
{
	struct bed b;
	int s, e;

	(void)state;
	for (s = 0; s < PAIR_STATES; s++)
		for (e = 0; e < EVENTS; e++) {
			states[s].begin(&b);
			happen(&b, e);
			if (b.p.state != states[s].to[e])
				fail_msg("event %d in %s leads to %s", e, pair_state_str(s),
					 pair_state_str(b.p.state));
			assert_int_equal(b.yielded, s == A && b.p.state == W);
			assert_int_equal(b.served, s == A || b.p.state == A);
			end(&b);
		}
}

/* The lease is asked for all the time, once at a time, and only where there is a store. */
static void test_asks(void **state)
{
	struct bed b;

	(void)state;
	begin(&b);
	fake_advance_ms(&b.f, 10 * INTERVAL_MS);
	assert_int_equal(b.asked, 0);
	b.refuses = true;
	pair_up(&b.p);
	fake_advance_ms(&b.f, INTERVAL_MS);
	assert_int_equal(b.asked, 5);
	b.refuses = false;
	fake_advance_ms(&b.f, 10 * INTERVAL_MS);
	assert_int_equal(b.asked, 6);
	/* what was asked before is not answered any more */
	pair_down(&b.p);
	pair_heard(&b.p, &(struct pair_lease){ .mine = true, .epoch = 1 });
	assert_int_equal(b.p.state, PAIR_WAITING);
	pair_up(&b.p);
	assert_int_equal(b.asked, 7);
	assert_int_equal(b.epoch, 0);
	end(&b);
}

/*
 * pair.rst: what an earlier daemon here has left is another one's when its lease has ended:
 * nobody has to be heard of for that.
 */
static void test_let_go(void **state)
{
	struct bed b;

	(void)state;
	begin(&b);
	fake_advance_ms(&b.f, PAIR_LEASE * INTERVAL_MS - 1);
	assert_int_equal(b.let_go, 0);
	fake_advance_ms(&b.f, INTERVAL_MS);
	assert_int_equal(b.let_go, 1);
	fake_advance_ms(&b.f, 100 * INTERVAL_MS);
	assert_int_equal(b.let_go, 1);
	/* it can be this one's turn all the same */
	pair_up(&b.p);
	answer(&b, mine(1));
	assert_int_equal(b.p.state, PAIR_TAKING);
	assert_int_equal(b.let_go, 1);
	end(&b);

	/* a store that does not answer is no better than none */
	begin(&b);
	pair_up(&b.p);
	fake_advance_ms(&b.f, 3 * INTERVAL_MS);
	assert_int_equal(b.let_go, 1);
	end(&b);

	/* who hears of the other one does so at once, and who gets the lease does not */
	standby(&b);
	assert_int_equal(b.let_go, 1);
	end(&b);
	begin(&b);
	pair_up(&b.p);
	answer(&b, mine(1));
	pair_copied(&b.p);
	fake_advance_ms(&b.f, 10 * INTERVAL_MS);
	assert_int_equal(b.let_go, 0);
	end(&b);
}

/* As long as nobody else can have it, the active one goes on; then it stands down at once. */
static void test_active(void **state)
{
	struct bed b;

	(void)state;
	active(&b);
	assert_true(b.whole);
	b.asked = 0;
	fake_advance_ms(&b.f, INTERVAL_MS / 2);
	assert_int_equal(b.asked, 1);
	assert_int_equal(b.epoch, 2);
	pair_down(&b.p);
	fake_advance_ms(&b.f, 100 * INTERVAL_MS);
	assert_int_equal(b.yielded, 0);
	assert_int_equal(b.asked, 1);
	pair_up(&b.p);
	answer(&b, mine(2));
	assert_int_equal(b.yielded, 0);
	answer(&b, others(3, 1));
	assert_int_equal(b.yielded, 1);
	fake_advance_ms(&b.f, 10 * INTERVAL_MS);
	assert_false(b.p.asking);
	end(&b);
}

/* Within three intervals, if the last copy takes no longer than half of one */
static void test_in_time(void **state)
{
	uint64_t died;
	struct bed b;

	(void)state;
	standby(&b);
	/* the other one has renewed, and dies; the store lets it go PAIR_LEASE intervals later */
	died = b.f.now;
	while (b.f.now < died + PAIR_LEASE * INTERVAL_MS * NSEC_PER_MSEC) {
		fake_advance_ms(&b.f, INTERVAL_MS / 4);
		if (b.p.asking && b.f.now < died + PAIR_LEASE * INTERVAL_MS * NSEC_PER_MSEC)
			answer(&b, others(1, 6));
	}
	answer(&b, mine(2));
	fake_advance_ms(&b.f, INTERVAL_MS / 2);
	pair_copied(&b.p);
	assert_int_equal(b.served, 1);
	assert_true(b.f.now < died + 3 * INTERVAL_MS * NSEC_PER_MSEC);
	end(&b);
}

/* The store was away, and the other one has renewed its lease since */
static void seen_to_live(struct bed *b)
{
	standby(b);
	pair_down(&b->p);
	pair_up(&b->p);
	answer(b, others(1, 9));
	answer(b, others(1, 10));
}

/* One that was away itself knows nothing of what could not be written meanwhile. */
static void test_doubt(void **state)
{
	struct bed b;

	(void)state;
	/* the other one was never seen to live */
	begin(&b);
	pair_up(&b.p);
	answer(&b, others(1, 5));
	answer(&b, others(1, 5));
	answer(&b, mine(2));
	pair_copied(&b.p);
	assert_int_equal(b.served, 1);
	assert_false(b.whole);
	end(&b);

	/* nor since the store is back */
	standby(&b);
	pair_down(&b.p);
	b.followed = 0;
	pair_up(&b.p);
	assert_int_equal(b.followed, 1);
	answer(&b, others(1, 9));
	answer(&b, mine(2));
	pair_copied(&b.p);
	assert_false(b.whole);
	end(&b);

	/* it was, and says that not all is there yet; then that it is */
	seen_to_live(&b);
	answer(&b, (struct pair_lease){ .mine = true, .epoch = 2 });
	pair_copied(&b.p);
	assert_false(b.whole);
	end(&b);
	seen_to_live(&b);
	answer(&b, mine(2));
	pair_copied(&b.p);
	assert_true(b.whole);
	end(&b);
}

/* A lease that has ended meanwhile is asked for again before anybody serves. */
static void test_late(void **state)
{
	struct bed b;

	(void)state;
	taking(&b);
	pair_down(&b.p);
	fake_advance_ms(&b.f, 3 * INTERVAL_MS);
	pair_up(&b.p);
	pair_copied(&b.p);
	assert_int_equal(b.p.state, PAIR_TAKING);
	assert_int_equal(b.epoch, 2);
	b.caught = 0;
	answer(&b, mine(2));
	assert_int_equal(b.caught, 1);
	pair_copied(&b.p);
	assert_int_equal(b.p.state, PAIR_ACTIVE);
	/* the time that the answer took is not given */
	assert_true(b.p.until <= b.p.asked + PAIR_LEASE * INTERVAL_MS * NSEC_PER_MSEC);
	end(&b);
}

/* Who was the last one active goes on with what it has: nobody has more. */
static void test_own(void **state)
{
	struct pair_lease l = mine(4);
	struct bed b;

	(void)state;
	l.ours = true;
	begin(&b);
	b.own = true;
	pair_up(&b.p);
	answer(&b, l);
	assert_int_equal(b.served, 1);
	assert_true(b.whole);
	assert_int_equal(b.caught, 0);
	end(&b);
	/* unless it has lost it, or another one has been active since */
	begin(&b);
	pair_up(&b.p);
	answer(&b, l);
	assert_int_equal(b.caught, 1);
	end(&b);
	begin(&b);
	b.own = true;
	pair_up(&b.p);
	answer(&b, mine(4));
	assert_int_equal(b.caught, 1);
	end(&b);
}

/* What takes longer to read than the lease lasts is there when the lease has been renewed. */
static void test_own_late(void **state)
{
	struct pair_lease l = mine(4);
	struct bed b;

	(void)state;
	l.ours = true;
	begin(&b);
	b.own = true;
	b.reads_ms = 3 * INTERVAL_MS;
	pair_up(&b.p);
	answer(&b, l);
	assert_int_equal(b.served, 0);
	assert_true(b.p.asking);
	assert_int_equal(b.epoch, 4);
	b.reads_ms = 0;
	answer(&b, l);
	assert_int_equal(b.served, 1);
	assert_true(b.whole);
	assert_int_equal(b.caught, 0);
	end(&b);
	/* or is another one's by then */
	begin(&b);
	b.own = true;
	b.reads_ms = 3 * INTERVAL_MS;
	pair_up(&b.p);
	answer(&b, l);
	answer(&b, others(5, 1));
	assert_int_equal(b.p.state, PAIR_STANDBY);
	assert_int_equal(b.served, 0);
	end(&b);
}

/* pair.rst: a store that was away comes back to the active one first, whoever finds it first */
static void test_shy(void **state)
{
	struct bed b;

	(void)state;
	standby(&b);
	pair_down(&b.p);
	fake_advance_ms(&b.f, 10 * INTERVAL_MS);
	pair_up(&b.p);
	assert_true(b.p.asking);
	assert_false(b.take);
	fake_advance_ms(&b.f, SHY_MS - INTERVAL_MS);
	answer(&b, others(1, 6));
	fake_advance_ms(&b.f, INTERVAL_MS / 2);
	assert_false(b.take);
	fake_advance_ms(&b.f, INTERVAL_MS);
	answer(&b, others(1, 6));
	fake_advance_ms(&b.f, INTERVAL_MS / 4);
	assert_true(b.take);
	/* or when the active one was there */
	pair_down(&b.p);
	pair_up(&b.p);
	answer(&b, others(1, 6));
	fake_advance_ms(&b.f, INTERVAL_MS / 4);
	assert_false(b.take);
	answer(&b, others(1, 7));
	fake_advance_ms(&b.f, INTERVAL_MS / 4);
	assert_true(b.take);
	end(&b);
}

/* pair.rst: what a store refuses it is asked again, and a standby only looks until it is not */
static void test_refused(void **state)
{
	struct bed b;

	(void)state;
	standby(&b);
	fake_advance_ms(&b.f, INTERVAL_MS / 4);
	assert_true(b.take);
	for (unsigned int i = 0; i < 100; i++) {
		pair_refused(&b.p);
		b.take = true;
		fake_advance_ms(&b.f, INTERVAL_MS / 4);
		assert_true(b.p.asking);
		assert_false(b.take);
	}
	/* it answers: the active one, which asks less often, is to be the first */
	answer(&b, others(1, 6));
	fake_advance_ms(&b.f, INTERVAL_MS);
	assert_false(b.take);
	/* records may have been refused as well */
	answer(&b, (struct pair_lease){ .epoch = 1, .beat = 6 });
	assert_true(b.p.doubt);
	fake_advance_ms(&b.f, SHY_MS);
	answer(&b, others(1, 6));
	fake_advance_ms(&b.f, INTERVAL_MS / 4);
	assert_true(b.take);
	end(&b);

	/* the active one goes on, and has what it had */
	active(&b);
	fake_advance_ms(&b.f, INTERVAL_MS / 2);
	for (unsigned int i = 0; i < 100; i++) {
		pair_refused(&b.p);
		fake_advance_ms(&b.f, INTERVAL_MS / 2);
		assert_true(b.p.asking);
		assert_true(b.take);
		assert_int_equal(b.epoch, 2);
	}
	answer(&b, mine(2));
	assert_int_equal(b.p.state, PAIR_ACTIVE);
	end(&b);
}

static struct pair_lease with_other(bool ready)
{
	struct pair_lease l = mine(2);

	l.other = true;
	l.ready = ready;
	return l;
}

/* pmipctl(8): "It is refused by one that is not the active one, while the store is away" */
static void test_yield(void **state)
{
	struct bed b;

	(void)state;
	standby(&b);
	assert_int_equal(pair_yield(&b.p), -EPERM);
	end(&b);

	active(&b);
	answer(&b, mine(2));
	assert_int_equal(pair_yield(&b.p), -ENOENT);
	answer(&b, with_other(false));
	assert_int_equal(pair_yield(&b.p), -EBUSY);
	answer(&b, with_other(true));
	b.refuses = true;
	assert_int_equal(pair_yield(&b.p), -EAGAIN);
	b.refuses = false;
	assert_false(b.p.handing);
	assert_int_equal(pair_yield(&b.p), 0);
	assert_int_equal(pair_yield(&b.p), -EALREADY);
	assert_int_equal(b.handed, 2);
	/* the other one has gone meanwhile: it is as before */
	pair_handed(&b.p, false);
	assert_int_equal(b.p.state, PAIR_ACTIVE);
	assert_int_equal(pair_yield(&b.p), 0);
	pair_down(&b.p);
	assert_false(b.p.handing);
	assert_int_equal(pair_yield(&b.p), -ENOTCONN);
	assert_int_equal(b.yielded, 0);
	pair_up(&b.p);
	answer(&b, with_other(true));
	assert_int_equal(pair_yield(&b.p), 0);
	pair_handed(&b.p, true);
	assert_int_equal(b.yielded, 1);
	assert_int_equal(b.p.state, PAIR_WAITING);
	end(&b);
}

/* pair.rst: "cannot have it for an interval hands over, if the other one says that it has all" */
static void test_unreached(void **state)
{
	struct bed b;

	(void)state;
	active(&b);
	answer(&b, with_other(true));
	pair_reached(&b.p, false);
	fake_advance_ms(&b.f, INTERVAL_MS / 2);
	answer(&b, with_other(true));
	/* it is back in time */
	pair_reached(&b.p, true);
	fake_advance_ms(&b.f, INTERVAL_MS);
	answer(&b, with_other(false));
	assert_int_equal(b.handed, 0);
	/* nobody could be reached any better: the lease is renewed as before */
	pair_reached(&b.p, false);
	fake_advance_ms(&b.f, INTERVAL_MS / 2);
	answer(&b, with_other(false));
	pair_reached(&b.p, false);
	fake_advance_ms(&b.f, INTERVAL_MS);
	assert_true(b.p.asking);
	assert_int_equal(b.handed, 0);
	answer(&b, with_other(true));
	fake_advance_ms(&b.f, INTERVAL_MS / 2);
	assert_int_equal(b.handed, 1);
	pair_handed(&b.p, true);
	assert_int_equal(b.yielded, 1);
	end(&b);
}

/* Who stands by says that it is ready only if nothing may be missing. */
static void test_ready(void **state)
{
	struct bed b;

	(void)state;
	standby(&b);
	assert_true(pair_ready_to_take(&b.p));
	pair_refused(&b.p);
	assert_false(pair_ready_to_take(&b.p));
	answer(&b, others(1, 7));
	assert_false(pair_ready_to_take(&b.p));
	answer(&b, others(1, 8));
	assert_true(pair_ready_to_take(&b.p));
	answer(&b, (struct pair_lease){ .epoch = 1, .beat = 9 });
	assert_false(pair_ready_to_take(&b.p));
	end(&b);
	active(&b);
	assert_false(pair_ready_to_take(&b.p));
	end(&b);
}

/* A store with one lease, for two that start at once, and die and lose it in turn */
struct store {
	struct bed *holder;
	uint64_t until, epoch, beat;
};

static void serve_one(struct store *s, struct bed *b, uint64_t now)
{
	struct pair_lease l = { .whole = true };

	if (!b->p.asking)
		return;
	if (s->holder && s->holder != b && now < s->until) {
		l.epoch = s->epoch;
		l.beat = s->beat;
		pair_heard(&b->p, &l);
		return;
	}
	if ((b->epoch && b->epoch != s->epoch) || !b->take) {
		l.epoch = s->epoch;
		pair_heard(&b->p, &l);
		return;
	}
	if (!b->epoch)
		s->epoch++;
	s->holder = b;
	s->until = now + PAIR_LEASE * INTERVAL_MS * NSEC_PER_MSEC;
	l.mine = true;
	l.epoch = s->epoch;
	l.beat = ++s->beat;
	pair_heard(&b->p, &l);
	if (b->p.state == PAIR_TAKING)
		pair_copied(&b->p);
}

static void test_two(void **state)
{
	struct bed b[2];
	struct store s = { NULL };
	bool cut[2] = { false }, was;
	unsigned int turn, i, active_ms[2] = { 0 };

	(void)state;
	begin(&b[0]);
	begin(&b[1]);
	pair_up(&b[0].p);
	pair_up(&b[1].p);
	for (turn = 0; turn < 20000; turn++) {
		for (i = 0; i < 2; i++) {
			if (turn % 500 == 0) {
				was = cut[i];
				cut[i] = fake_random(&b[0].f) % 3 == 0;
				if (cut[i] && !was)
					pair_down(&b[i].p);
				if (!cut[i] && was)
					pair_up(&b[i].p);
			}
			fake_advance_ms(&b[i].f, 10);
			if (!cut[i])
				serve_one(&s, &b[i], b[0].f.now);
			/* it stands down: another life begins */
			if (b[i].yielded) {
				end(&b[i]);
				begin(&b[i]);
				b[i].f.now = b[!i].f.now;
				if (!cut[i])
					pair_up(&b[i].p);
			}
			active_ms[i] += b[i].p.state == PAIR_ACTIVE ? 10 : 0;
		}
		/* both at once only where the one that lost it cannot know */
		if (b[0].p.state == PAIR_ACTIVE && b[1].p.state == PAIR_ACTIVE)
			assert_true(cut[0] || cut[1] || b[0].p.asking || b[1].p.asking ||
				    turn % 500 < INTERVAL_MS / 10);
	}
	assert_true(active_ms[0] && active_ms[1]);
	end(&b[0]);
	end(&b[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_asks),
		cmocka_unit_test(test_let_go),
		cmocka_unit_test(test_active),
		cmocka_unit_test(test_in_time),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_shy),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_own_late),
		cmocka_unit_test(test_yield),
		cmocka_unit_test(test_unreached),
		cmocka_unit_test(test_ready),
		cmocka_unit_test(test_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
