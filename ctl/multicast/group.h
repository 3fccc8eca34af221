/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a router knows of one node's listening to one group (RFC 3810 §7.2): filter mode,
 * Filter Timer, source timers, and which queries are still to be sent.
 */
#ifndef CTL_MULTICAST_GROUP_H
#define CTL_MULTICAST_GROUP_H

#include "core/dict.h"
#include "multicast/conf.h"
#include "multicast/filter.h"

struct mcast_source {
	struct in6_addr addr;
	uint64_t expires;	/* ns, source timer; 0: of the Exclude List */
	unsigned int queries;	/* Source Retransmission Counter */
};

struct mcast_group;

/* A row of `pmipctl multicast show`: who listens to which group, and who asks for it there */
struct mcast_view {
	const struct mn_id *mn_id;	/* NULL: a gateway listens */
	const struct in6_addr *gateway;	/* that, or the node's anchor */
	const struct in6_addr *group;
	const struct mcast_filter *filter;
};

/* None of these may call the group back. */
struct mcast_group_ops {
	/* What is wanted is another than before; not 0: told again a second later */
	int (*changed)(void *arg, const struct in6_addr *group,
		       const struct mcast_filter *before, const struct mcast_filter *after);
	void (*query)(void *arg, const struct mld_query *q);
	/* Nothing is wanted any more, and changed() has said so: to be freed */
	void (*ended)(void *arg, struct mcast_group *g);
};

struct mcast_group {
	struct in6_addr addr;
	struct env *env;
	const struct mcast_conf *conf;
	const struct mcast_group_ops *ops;
	void *arg;
	uint8_t mode;			/* enum mcast_mode, Router Filter Mode */
	uint64_t filter_expires;	/* ns, Filter Timer; only EXCLUDE */
	uint64_t v1_until;		/* ns, Older Version Host Present timer */
	unsigned int queries;		/* about the group, still to be sent */
	uint64_t next_query;		/* ns, when; 0: none is to be sent */
	unsigned int n, cap;
	struct mcast_source *sources;	/* ascending; those of INCLUDE all have a timer */
	struct mcast_filter told;	/* what changed() was told last */
	bool ended;			/* its packets do not go by the outlet, see proxy.c */
	struct mcast_filter fresh;	/* room for as many sources */
	struct timer timer;		/* always pending */
	struct dict_entry entry;	/* the owner's */
	struct mcast_group *prev, *next;
};

struct mcast_group *mcast_group_new(struct env *env, const struct mcast_conf *conf,
				    const struct mcast_group_ops *ops, void *arg,
				    const struct in6_addr *addr);
/* Without a word to anybody */
void mcast_group_free(struct mcast_group *g);
/* A record of these sources, ascending and each once: 0, -ENOSPC, -ENOMEM.  The group may
 * have ended, and be gone, when it returns.
 */
int mcast_group_record(struct mcast_group *g, enum mld_record_type type,
		       const struct in6_addr *sources, unsigned int n);
/* Before the record of a message of version 1 */
void mcast_group_older_host(struct mcast_group *g);
bool mcast_group_is_v1(const struct mcast_group *g);

#endif
