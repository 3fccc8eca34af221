/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host side of a proxy instance (RFC 4605 §4.1, RFC 3810 §6): what its membership
 * database has become is reported upstream, and what the querier there asks is answered.
 */
#ifndef CTL_MULTICAST_REPORTER_H
#define CTL_MULTICAST_REPORTER_H

#include "core/dict.h"
#include "multicast/conf.h"
#include "multicast/filter.h"

/* None of these may call the reporter back. */
struct mcast_reporter_ops {
	/* A report that fits into the MTU */
	void (*report)(void *arg, const struct mld_record *recs, unsigned int n);
	/* Report or Done, for a querier of version 1 */
	void (*v1)(void *arg, enum mld_kind type, const struct in6_addr *group);
};

struct mcast_reported;

struct mcast_reporter {
	struct env *env;
	const struct mcast_conf *conf;
	const struct mcast_reporter_ops *ops;
	void *arg;
	unsigned int robustness;	/* the querier's, or conf's */
	uint32_t interval_ms;		/* likewise */
	uint64_t v1_until;		/* ns, Older Version Querier Present timer; 0: version 2 */
	struct dict index;
	struct mcast_reported *groups, *due;
	struct timer flush;		/* what is due is sent, together */
	struct timer general;		/* the Interface Timer */
	struct mld_record *recs;	/* of the report that is being made */
	struct in6_addr *sources;	/* and theirs */
	unsigned int n_recs, n_sources;
};

/* 0 or -ENOMEM */
int mcast_reporter_init(struct mcast_reporter *r, struct env *env,
			const struct mcast_conf *conf, const struct mcast_reporter_ops *ops,
			void *arg);
void mcast_reporter_free(struct mcast_reporter *r);

/* This is wanted from now on; 0, or -ENOMEM with nothing changed */
int mcast_reporter_set(struct mcast_reporter *r, const struct in6_addr *group,
		       const struct mcast_filter *wanted);
void mcast_reporter_on_query(struct mcast_reporter *r, const struct mld_query *q);
bool mcast_reporter_is_v1(const struct mcast_reporter *r);

#endif
