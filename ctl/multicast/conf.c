// SPDX-License-Identifier: GPL-2.0
/* The defaults of RFC 3810 §9, and of the limits. */
#include "multicast/conf.h"

/**
 * mcast_conf_default() - what holds where nothing else is said
 * @c: filled
 *
 * 64 sources are what Linux lets a socket have (net.ipv6.mld_max_msf).
 */
void mcast_conf_default(struct mcast_conf *c)
{
	*c = (struct mcast_conf){
		.robustness = 2,
		.query_interval_ms = 125000,
		.response_ms = 10000,
		.startup_interval_ms = 125000 / 4,
		.startup_count = 2,
		.last_listener_ms = 1000,
		.last_listener_count = 2,
		.unsolicited_ms = 1000,
		.max_groups = 128,
		.max_sources = 64,
		.report_rate = 100,
		.report_burst = 200,
		.mtu = 1280,
	};
}

/**
 * mcast_conf_allows() - whether a group may be listened to
 * @c: the configuration
 * @group: the group
 *
 * Return: whether it is within one of the prefixes, if there are any.
 */
bool mcast_conf_allows(const struct mcast_conf *c, const struct in6_addr *group)
{
	return !c->n_allowed || prefix_any_has(c->allowed, c->n_allowed, group);
}
