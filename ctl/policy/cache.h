/* SPDX-License-Identifier: GPL-2.0 */
/* What is known here of a store that is elsewhere. */
#ifndef CTL_POLICY_CACHE_H
#define CTL_POLICY_CACHE_H

#include "policy/policy.h"
#include "policy/table.h"

#define CACHE_QUESTIONS_MAX	65536
#define CACHE_UPDATES_SENT	4096	/* and not answered yet */
#define CACHE_NOBODY_MAX	65536
#define CACHE_NOBODY_MS		5000
#define CACHE_AGAIN_MS		1000	/* doubles to CACHE_AGAIN_MAX_MS */
#define CACHE_AGAIN_MAX_MS	32000

struct policy_cache;

struct policy_cache_conf {
	uint32_t timeout_ms;	/* who waits for an answer is told after so long */
	uint32_t refresh_s;	/* what is used is asked for again after so long */
	uint32_t keep_s;	/* what nobody uses or needs is forgotten after so long */
};

/* By identifier, or with lladdr.len by an interface */
struct policy_question {
	struct mn_id id;
	struct llid lladdr;
};

/* A change of the serving anchor, conditional on who it was (see policy_serve()) */
struct policy_update {
	struct mn_id id;
	struct in6_addr lma, before;
};

/* What a store that is elsewhere is asked; each question is answered once, later */
struct policy_remote_ops {
	/* 0, and policy_cache_answer() is due; or -EAGAIN: it is out of reach */
	int (*look_up)(void *ctx, const struct policy_question *q);
	/* 0, and policy_cache_served() is due; or -EAGAIN.  NULL: it cannot be written */
	int (*serve)(void *ctx, const struct policy_update *u);
	/* nothing is answered any more */
	void (*free)(void *ctx);
};

struct policy_cache *policy_cache_open(struct policy *p, struct env *env,
				       const struct policy_cache_conf *conf,
				       const struct policy_remote_ops *ops, void *ctx);

/* Of one node, with what it points to; version: differs if any of it does */
void policy_cache_answer(struct policy_cache *c, const struct policy_question *q, int err,
			 struct policy_table *t, uint32_t version);
void policy_cache_served(struct policy_cache *c, const struct policy_update *u, int err);
/* The store says that something else is known of a node; or may have, of all: NULL */
void policy_cache_changed(struct policy_cache *c, const struct mn_id *id);
/* It is within reach again. */
void policy_cache_up(struct policy_cache *c);

struct policy_cache_counters {
	uint64_t profiles, nobody, questions, updates;	/* now */
	uint64_t asked, timeouts, failed, updated, update_conflicts;
};

const struct policy_cache_counters *policy_cache_counters(const struct policy_cache *c);

#endif
