/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forwarding state: to whom packets of a group go.  A packet goes to whoever has a route for
 * its source that passes it, and to whoever has one for any source and none for its source
 * that blocks it.
 */
#ifndef CTL_MULTICAST_ROUTE_H
#define CTL_MULTICAST_ROUTE_H

#include "multicast/filter.h"

struct mcast_route {
	struct in6_addr group;
	struct in6_addr source;		/* unspecified: any, the (*,G) of a table */
	uint64_t node;			/* its owner's number of it */
	bool pass;			/* else block, only beside one for any source */
};

struct mcast_route_ops {
	void (*set)(void *arg, const struct mcast_route *r);	/* or change */
	void (*del)(void *arg, const struct mcast_route *r);	/* pass as it was set */
};

/* What leads from one filter to another: what is set comes before what is removed, so that
 * there is no gap, and a packet never goes twice.
 */
void mcast_route_change(const struct mcast_route_ops *ops, void *arg, uint64_t node,
			const struct in6_addr *group, const struct mcast_filter *before,
			const struct mcast_filter *after);

#endif
