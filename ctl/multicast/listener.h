/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One listener on its own link, asked and believed (RFC 3810 §7, RFC 6224 §4.7): a mobile
 * node at its access gateway, or at an anchor an access gateway in its tunnel.
 */
#ifndef CTL_MULTICAST_LISTENER_H
#define CTL_MULTICAST_LISTENER_H

#include "core/bucket.h"
#include "multicast/group.h"
#include "multicast/querier.h"

/* None of these may call the listener back. */
struct mcast_listener_ops {
	/* as in struct mcast_group_ops */
	int (*changed)(void *arg, const struct in6_addr *group,
		       const struct mcast_filter *before, const struct mcast_filter *after);
	mcast_send_query_t *query;
};

/* What listeners have said; one for all of a role */
struct mcast_listener_counters {
	uint64_t reports;		/* of both versions, and Done */
	uint64_t queries;		/* from where none are expected; ignored */
	uint64_t malformed;
	uint64_t too_often;		/* messages beyond report_rate */
	uint64_t records;		/* that count */
	uint64_t ignored;		/* records that RFC 3810 or 4604 has ignored */
	uint64_t prohibited;		/* by the configuration */
	uint64_t too_many_groups, too_many_sources, no_memory;	/* records refused */
};

struct mcast_listener {
	struct env *env;
	const struct mcast_conf *conf;
	const struct mcast_listener_ops *ops;
	void *arg;
	struct mcast_querier querier;
	struct dict index;		/* of groups, by address */
	struct mcast_group *groups;
	unsigned int n;
	struct bucket bucket;		/* at report_rate */
	struct mcast_listener_counters *counters;
};

void mcast_listener_init(struct mcast_listener *l, struct env *env,
			 const struct mcast_conf *conf, struct mcast_listener_counters *counters,
			 const struct mcast_listener_ops *ops, void *arg);
/* It is not asked any more, and what it listened to is forgotten, without a word. */
void mcast_listener_free(struct mcast_listener *l);

/* What mld_packet_read() has found to come from it */
void mcast_listener_input(struct mcast_listener *l, const struct mld_packet *p);
/* One record, also of what another gateway knows of it: 0, -EINVAL if RFC 3810 has it
 * ignored, -ENOSPC, -ENOMEM
 */
int mcast_listener_record(struct mcast_listener *l, const struct mld_record *rec);

struct mcast_group *mcast_listener_find(const struct mcast_listener *l,
					const struct in6_addr *group);

#endif
