/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two anchors that are one to everybody else: who holds a lease is active, and the other
 * one has a copy of its records.
 */
#ifndef CTL_PAIR_PAIR_H
#define CTL_PAIR_PAIR_H

#include "core/env.h"

#define PAIR_LEASE	2	/* a lease lasts so many intervals */

struct pair_conf {
	bool enabled;
	char name[64];		/* of the pair, in the store */
	char device[16];	/* has the anchor's address while this one is active */
	uint32_t interval_ms;	/* 1000 */
};

enum pair_state {
	PAIR_WAITING,		/* nothing has been heard of the lease */
	PAIR_STANDBY,		/* it is the other one's */
	PAIR_TAKING,		/* it is ours; the last records are waited for */
	PAIR_ACTIVE,
	PAIR_STATES,
};

/* What the store says when it is asked for the lease */
struct pair_lease {
	bool mine;
	bool ours;		/* it is known that we were the last active one */
	bool whole;		/* what the active one had was there, all of it */
	uint64_t epoch;		/* another one, when the lease goes to somebody anew */
	uint64_t beat;		/* goes up with each renewal */
	bool other;		/* to the active one: another one stands by */
	bool ready;		/* and has all that it needs */
};

/* What it may do to the world; answers come as calls of pair_*(), later. */
struct pair_ops {
	/* Ask for the lease, which is ours in an epoch, or not (0), or only whose it is:
	 * pair_heard() follows, or pair_refused().  0, or -EAGAIN: it cannot be asked now
	 */
	int (*ask)(void *ctx, uint64_t epoch, bool take);
	/* Whether this host has all that it knew when it was the active one itself */
	bool (*has_own)(void *ctx);
	/* Have nothing of an anchor any more, which an earlier daemon may have left */
	void (*let_go)(void *ctx);
	/* Copy what the other one writes, from here on */
	void (*follow)(void *ctx);
	/* Copy what is not copied yet: pair_copied() follows.  Again: what was under way may
	 * have been lost
	 */
	void (*catch_up)(void *ctx);
	/* Be the anchor, with all that the other one had, or not */
	void (*serve)(void *ctx, bool whole);
	/* The lease is to be the other one's, if that is ready, after all that is written yet:
	 * pair_handed() follows.  0 or -EAGAIN
	 */
	int (*hand_over)(void *ctx);
	/* Be it no more; the machine is not called again */
	void (*yield)(void *ctx);
};

struct lma_pair {
	struct env *env;
	const struct pair_conf *conf;
	const struct pair_ops *ops;
	void *ctx;
	struct timer timer;
	enum pair_state state;
	uint64_t since;		/* ns: of the state */
	bool up;		/* the store answers */
	bool asking;
	uint64_t asked;		/* ns */
	uint64_t unreached;	/* ns: since when nobody reaches us; 0: they do */
	uint64_t until;		/* ns: the lease is ours for as long at least */
	uint64_t shy;		/* ns: a standby takes it not before */
	uint64_t renewals;
	struct pair_lease lease;	/* as it was last heard of */
	bool let_go;
	bool own;		/* it goes on with what it has itself */
	bool heard;		/* of it, since the store was last away */
	bool handing;		/* it is being handed over */
	bool refused;		/* it was asked for last, and the store said no */
	bool doubt;		/* what there was may not have been written there */
};

void pair_start(struct lma_pair *p, struct env *env, const struct pair_conf *conf,
		const struct pair_ops *ops, void *ctx);
void pair_stop(struct lma_pair *p);
void pair_up(struct lma_pair *p);
void pair_down(struct lma_pair *p);
void pair_heard(struct lma_pair *p, const struct pair_lease *l);
void pair_refused(struct lma_pair *p);
void pair_copied(struct lma_pair *p);
void pair_reached(struct lma_pair *p, bool reached);
int pair_yield(struct lma_pair *p);
void pair_handed(struct lma_pair *p, bool done);
bool pair_ready_to_take(const struct lma_pair *p);
void pair_superseded(struct lma_pair *p);
const char *pair_state_str(enum pair_state s);

#endif
