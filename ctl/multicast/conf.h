/* SPDX-License-Identifier: GPL-2.0 */
/* How a gateway asks, how long it believes the answers, and how many it keeps */
#ifndef CTL_MULTICAST_CONF_H
#define CTL_MULTICAST_CONF_H

#include "core/env.h"
#include "multicast/subscription.h"

#define MCAST_ALLOWED_MAX	256

/* RFC 3810 §9, and limits; of one side, towards nodes or towards gateways */
struct mcast_conf {
	unsigned int robustness;	/* Robustness Variable, 2; never 0 */
	uint32_t query_interval_ms;	/* Query Interval, 125000 */
	uint32_t response_ms;		/* Query Response Interval, 10000 */
	uint32_t startup_interval_ms;	/* Startup Query Interval, a fourth of the other */
	unsigned int startup_count;	/* Startup Query Count, as robustness */
	uint32_t last_listener_ms;	/* Last Listener Query Interval, 1000 */
	/* Last Listener Query Count, as robustness; 0: who leaves is the link's only
	 * listener (RFC 6224 §4.7, explicit tracking), and is believed without a query
	 */
	unsigned int last_listener_count;
	uint32_t unsolicited_ms;	/* Unsolicited Report Interval, 1000 */
	unsigned int max_groups;	/* of one node */
	unsigned int max_sources;	/* of one node in one group */
	unsigned int report_rate;	/* messages of one node per second, 0: any number */
	unsigned int report_burst;	/* and so many at once */
	unsigned int mtu;		/* of what is sent, 1280 at least */
	unsigned int n_allowed;		/* groups are of one of these prefixes; 0: any */
	struct prefix *allowed;		/* allocated, see conf_free() */
};

/* Both sides of a gateway, in one of its roles */
struct mcast_role {
	bool enabled;
	char upstream[16];		/* an anchor's: the port where its multicast router is */
	struct mcast_conf down, up;
	struct subscription_conf subscription;
};

/* Multicast Address Listening Interval (§9.4), and the timeout of older hosts (§9.13) */
static inline uint64_t mcast_listening_ns(const struct mcast_conf *c)
{
	return ((uint64_t)c->robustness * c->query_interval_ms + c->response_ms) *
	       NSEC_PER_MSEC;
}

/* Last Listener Query Time (§9.10) */
static inline uint64_t mcast_last_listener_ns(const struct mcast_conf *c)
{
	return (uint64_t)c->last_listener_count * c->last_listener_ms * NSEC_PER_MSEC;
}

/* Whether a group may be listened to */
bool mcast_conf_allows(const struct mcast_conf *c, const struct in6_addr *group);
void mcast_conf_default(struct mcast_conf *c);

#endif
