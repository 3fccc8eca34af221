// SPDX-License-Identifier: GPL-2.0
/*
 * Who of two anchors is the active one.
 *
 * The lease decides, and a store that both can reach has it: for PAIR_LEASE intervals from
 * when it was last renewed.  A standby is active only with it; an active one stays so while
 * the store is away, since nobody else gets the lease there meanwhile, and stands down as
 * soon as it hears that another one has it, or has had it.
 *
 * From its own clock it takes only how much time has passed, and from when it asked: the
 * lease that it was given then lasts longer at the store.
 */
#include "pair/pair.h"

#include "core/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RENEW_EACH	2	/* times an interval */
#define TRY_EACH	4
/* The active one has found the store again by then, and renews its lease before all else */
#define SHY_NS		(3 * NSEC_PER_SEC)

enum pair_event {
	EV_UP,			/* the store answers */
	EV_DOWN,		/* it does not any more */
	EV_MINE,		/* the lease is ours */
	EV_OTHERS,
	EV_HANDED,		/* we have given the lease to the other one */
	EV_COPIED,		/* nothing is missing of what was written */
	EV_TICK,
	EVENTS,
};

static const char *const names[PAIR_STATES] = {
	[PAIR_WAITING] = "waiting",
	[PAIR_STANDBY] = "standby",
	[PAIR_TAKING] = "taking-over",
	[PAIR_ACTIVE] = "active",
};

/**
 * pair_state_str() - a state's name
 * @s: the state
 *
 * Return: as in `pmipctl pair show`.
 */
const char *pair_state_str(enum pair_state s)
{
	return names[s];
}

static uint64_t now(const struct lma_pair *p)
{
	return p->env->ops->now(p->env->ctx);
}

static uint64_t interval(const struct lma_pair *p)
{
	return p->conf->interval_ms * NSEC_PER_MSEC;
}

static void arm(struct lma_pair *p)
{
	uint64_t ns = interval(p) / (p->state == PAIR_ACTIVE ? RENEW_EACH : TRY_EACH);

	/* without memory for one timer nothing else goes on either */
	if (timerq_set(p->env->timers, &p->timer, now(p) + ns))
		log_ratelimited(LOG_ERR, "pair %s: out of memory", p->conf->name);
}

static void enter(struct lma_pair *p, enum pair_state to)
{
	struct notice n = { .event = "pair-state" };
	char detail[128];

	if (p->state == to)
		return;
	snprintf(detail, sizeof(detail), "from=%s to=%s epoch=%llu", names[p->state], names[to],
		 (unsigned long long)p->lease.epoch);
	n.detail = detail;
	log_info("pair %s: %s", p->conf->name, detail);
	p->state = to;
	p->since = now(p);
	p->env->ops->notify(p->env->ctx, &n);
}

static void ask(struct lma_pair *p)
{
	const bool held = p->state == PAIR_TAKING || p->state == PAIR_ACTIVE;
	const bool shy = p->state == PAIR_STANDBY && (p->refused || now(p) < p->shy);

	if (!p->up || p->asking)
		return;
	p->asked = now(p);
	p->asking = !p->ops->ask(p->ctx, held ? p->lease.epoch : 0, !shy);
}

static void serve(struct lma_pair *p, bool whole)
{
	enter(p, PAIR_ACTIVE);
	arm(p);
	p->ops->serve(p->ctx, whole);
}

/* Who was busy, or stood still, may have lost the lease again, and asks. */
static void serve_in_time(struct lma_pair *p, bool whole)
{
	if (now(p) >= p->until)
		ask(p);
	else
		serve(p, whole);
}

/* For the first time, or since what was asked for was lost or has come too late */
static void go_on(struct lma_pair *p)
{
	if (p->own)
		serve_in_time(p, true);
	else
		p->ops->catch_up(p->ctx);
}

/* What this one has itself is newer than any copy of it. */
static void take(struct lma_pair *p)
{
	enter(p, PAIR_TAKING);
	p->own = p->lease.ours && p->ops->has_own(p->ctx);
	go_on(p);
}

/* What an earlier daemon here had of the lease has ended by now, and may be another one's. */
static void wait(struct lma_pair *p)
{
	ask(p);
	if (p->let_go || now(p) - p->since < PAIR_LEASE * interval(p))
		return;
	p->let_go = true;
	p->ops->let_go(p->ctx);
}

static void follow(struct lma_pair *p)
{
	enter(p, PAIR_STANDBY);
	p->ops->let_go(p->ctx);
	p->ops->follow(p->ctx);
}

static void copied(struct lma_pair *p)
{
	serve_in_time(p, p->lease.whole && !p->doubt);
}

static void yield(struct lma_pair *p)
{
	enter(p, PAIR_WAITING);
	pair_stop(p);
	p->ops->yield(p->ctx);
}

/* Who cannot be reached for an interval is the active one to no good, if another one can be it. */
static void renew(struct lma_pair *p)
{
	if (p->unreached && now(p) - p->unreached >= interval(p) && !pair_yield(p))
		log_warn("pair %s: nobody reaches this one: handing over", p->conf->name);
	else
		ask(p);
}

static void alone(struct lma_pair *p)
{
	log_warn("pair %s: the store is away, nobody can take over", p->conf->name);
}

static void resume(struct lma_pair *p)
{
	ask(p);
	if (p->state == PAIR_STANDBY)
		p->ops->follow(p->ctx);
}

static void (*const table[PAIR_STATES][EVENTS])(struct lma_pair *p) = {
	[PAIR_WAITING] = {
		[EV_UP] = ask, [EV_MINE] = take, [EV_OTHERS] = follow, [EV_TICK] = wait,
	},
	[PAIR_STANDBY] = {
		[EV_UP] = resume, [EV_MINE] = take, [EV_TICK] = ask,
	},
	[PAIR_TAKING] = {
		[EV_UP] = ask, [EV_MINE] = go_on, [EV_OTHERS] = follow, [EV_COPIED] = copied,
		[EV_TICK] = ask,
	},
	[PAIR_ACTIVE] = {
		[EV_UP] = ask, [EV_DOWN] = alone, [EV_OTHERS] = yield, [EV_HANDED] = yield,
		[EV_TICK] = renew,
	},
};

static void happen(struct lma_pair *p, enum pair_event e)
{
	if (table[p->state][e])
		table[p->state][e](p);
}

static void on_timer(void *arg)
{
	struct lma_pair *p = arg;

	arm(p);
	happen(p, EV_TICK);
}

/**
 * pair_start() - begin to ask who is the active one
 * @p: the machine
 * @env: its environment
 * @conf: which pair; must outlive the machine
 * @ops: what it may do
 * @ctx: passed to @ops
 *
 * The store is away until pair_up() says otherwise.
 */
void pair_start(struct lma_pair *p, struct env *env, const struct pair_conf *conf,
		const struct pair_ops *ops, void *ctx)
{
	memset(p, 0, sizeof(*p));
	p->env = env;
	p->conf = conf;
	p->ops = ops;
	p->ctx = ctx;
	p->doubt = true;
	p->since = now(p);
	timer_init(&p->timer, on_timer, p);
	arm(p);
}

/**
 * pair_stop() - ask no more
 * @p: the machine
 *
 * The lease ends by itself.
 */
void pair_stop(struct lma_pair *p)
{
	timerq_cancel(p->env->timers, &p->timer);
	p->up = false;
}

/* A lease that has ended while nobody could ask is the active one's, which is there still. */
static void be_shy(struct lma_pair *p)
{
	if (p->state == PAIR_STANDBY)
		p->shy = now(p) + PAIR_LEASE * interval(p) + SHY_NS;
}

/**
 * pair_up() - the store answers
 * @p: the machine
 *
 * A standby that comes first leaves the lease to the active one.
 */
void pair_up(struct lma_pair *p)
{
	p->up = true;
	be_shy(p);
	p->refused = false;
	p->asking = false;
	p->heard = false;
	happen(p, EV_UP);
}

/**
 * pair_down() - the store is away, and with it what was asked
 * @p: the machine
 *
 * Others may have been unable to write there, too.
 */
void pair_down(struct lma_pair *p)
{
	p->up = false;
	p->asking = false;
	p->handing = false;
	p->doubt = true;
	happen(p, EV_DOWN);
}

/* The active one has reached the store since we have: it writes all there, or says that not. */
static void believe(struct lma_pair *p, const struct pair_lease *l)
{
	if (p->heard && l->epoch == p->lease.epoch && l->beat > p->lease.beat) {
		p->doubt = false;
		p->shy = 0;
	}
	p->heard = true;
}

/**
 * pair_heard() - whose the lease is
 * @p: the machine
 * @l: what the store says
 */
void pair_heard(struct lma_pair *p, const struct pair_lease *l)
{
	if (!p->asking)
		return;
	p->asking = false;
	if (p->refused)
		be_shy(p);
	p->refused = false;
	if (l->mine) {
		p->until = p->asked + PAIR_LEASE * interval(p);
		p->renewals++;
	} else {
		believe(p, l);
	}
	/* what it was taken with is what counts */
	if (l->mine && p->state == PAIR_TAKING) {
		p->lease.epoch = l->epoch;
		p->lease.beat = l->beat;
	} else {
		p->lease = *l;
	}
	happen(p, l->mine ? EV_MINE : EV_OTHERS);
}

/**
 * pair_refused() - the store is there, and has not said whose the lease is
 * @p: the machine
 *
 * It is asked again.  The other one may be refused as well, and renews its lease as soon as it
 * is not: a standby only looks until then.
 */
void pair_refused(struct lma_pair *p)
{
	p->asking = false;
	p->refused = true;
	p->heard = false;
	p->doubt = true;
}

/**
 * pair_copied() - all that was written is here
 * @p: the machine, which has asked for it by catch_up()
 */
void pair_copied(struct lma_pair *p)
{
	happen(p, EV_COPIED);
}

/**
 * pair_reached() - whether the active one has the address that it is reached by
 * @p: the machine
 * @reached: false: it has not, and says so again
 *
 * After an interval without it the lease is handed over as soon as another one is ready.
 */
void pair_reached(struct lma_pair *p, bool reached)
{
	if (reached)
		p->unreached = 0;
	else if (!p->unreached)
		p->unreached = now(p);
}

/**
 * pair_yield() - have the other one be the active one, in good order
 * @p: the machine
 *
 * pair_handed() says whether it has become so; until then nothing new is to be taken on.
 *
 * Return: 0; -EPERM: this is not the active one; -ENOTCONN: the store is away; -EALREADY: it
 * is being done; -ENOENT: nobody stands by; -EBUSY: who does so lacks something; -EAGAIN.
 */
int pair_yield(struct lma_pair *p)
{
	int ret;

	if (p->state != PAIR_ACTIVE)
		return -EPERM;
	if (!p->up)
		return -ENOTCONN;
	if (p->handing)
		return -EALREADY;
	if (!p->lease.other)
		return -ENOENT;
	if (!p->lease.ready)
		return -EBUSY;
	ret = p->ops->hand_over(p->ctx);
	p->handing = !ret;
	return ret;
}

/**
 * pair_handed() - whether the store has given the lease to the other one
 * @p: the machine, after pair_yield()
 * @done: false: it is as before
 */
void pair_handed(struct lma_pair *p, bool done)
{
	p->handing = false;
	if (done)
		happen(p, EV_HANDED);
}

/**
 * pair_ready_to_take() - whether a standby would go on as if nothing had been
 * @p: the machine; all is copied
 *
 * Return: true if so, as far as it can know.
 */
bool pair_ready_to_take(const struct lma_pair *p)
{
	return p->state == PAIR_STANDBY && !p->doubt && !p->refused && p->lease.whole;
}

/**
 * pair_superseded() - the store refuses what we write: it is another one's
 * @p: the machine
 */
void pair_superseded(struct lma_pair *p)
{
	p->lease.mine = false;
	happen(p, EV_OTHERS);
}
