/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flow mobility cache of one mobile node (draft: flow mobility §5.2, RFC
 * 7864 §5.2): its flows in the order of their priority, and which attachments
 * they go through.  The anchor keeps one, and a gateway for flows moved to it.
 */
#ifndef CTL_FLOW_CACHE_H
#define CTL_FLOW_CACHE_H

#include "core/env.h"
#include "core/selector.h"

/* In seconds, like all lifetimes here: no end, draft §4.1 */
#define FLOW_FOREVER	0xffff

enum flow_verdict {
	FLOW_FORWARD,
	FLOW_DROP,
};

struct flow_spec {
	uint16_t fid, pri;		/* neither is 0, both are the node's only ones */
	uint8_t verdict;
	uint8_t n_bid;
	uint16_t bid[PEERS_MAX];	/* the first that is up carries the flow */
	struct selector selector;
};

struct flow {
	struct flow_spec spec;
	bool active;			/* inactive: as if it were not there */
	uint64_t expires;		/* ns, 0: never */
	struct flow *prev, *next;	/* by priority, the first goes first */
};

enum flow_end {
	FLOW_REMOVED,
	FLOW_EXPIRED,
};

/* The cache's owner; none of these may call the cache back. */
struct fmc_ops {
	/* whether an attachment has this BID; NULL at a gateway, where BIDs, which
	 * are the anchor's, mean nothing
	 */
	bool (*registered)(void *arg, uint16_t bid);
	/* new, other than before, active or inactive from now on */
	void (*changed)(void *arg, const struct flow *f);
	/* and not there any more */
	void (*ended)(void *arg, const struct flow *f, enum flow_end why);
};

struct fmc {
	struct env *env;
	const struct fmc_ops *ops;
	void *arg;
	struct flow *flows;		/* see struct flow */
	unsigned int n;
	struct timer timer;		/* the next one to expire */
};

void fmc_init(struct fmc *c, struct env *env, const struct fmc_ops *ops, void *arg);
void fmc_clear(struct fmc *c);

/* What an update is to do with flows that it does not have */
enum fmc_rest {
	FMC_KEEP,
	FMC_REMOVE,
};

/* All or nothing: 0, or -errno and which one it was */
int fmc_update(struct fmc *c, const struct flow_spec *specs, unsigned int n,
	       uint16_t lifetime, enum fmc_rest rest, unsigned int *which);
int fmc_remove(struct fmc *c, uint16_t fid);
/* None stays longer than this, unless it is told again; 0 or -ENOMEM */
int fmc_limit(struct fmc *c, uint16_t lifetime);
struct flow *fmc_find(const struct fmc *c, uint16_t fid);
/* Attachments came or went: ask for each BID again. */
void fmc_bids_changed(struct fmc *c);

bool flow_spec_equal(const struct flow_spec *a, const struct flow_spec *b);
/* s, rounded up; FLOW_FOREVER */
uint32_t flow_remaining(const struct fmc *c, const struct flow *f);

#endif
