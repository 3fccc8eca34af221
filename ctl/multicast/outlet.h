/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One way that packets take to several listeners at once: what they want together goes by it,
 * each packet once, however many of them want it.
 */
#ifndef CTL_MULTICAST_OUTLET_H
#define CTL_MULTICAST_OUTLET_H

#include "multicast/database.h"
#include "multicast/route.h"

struct mcast_outlet {
	const struct mcast_route_ops *ops;
	void *arg;
	uint64_t number;		/* in routes */
	struct mcast_database db;
	unsigned int room;		/* of sources, in each of these */
	struct in6_addr *was, *now;
};

void mcast_outlet_init(struct mcast_outlet *o, const struct mcast_route_ops *ops, void *arg,
		       uint64_t number);
/* Its listeners have left it. */
void mcast_outlet_free(struct mcast_outlet *o);
/* One listener wants another than before: 0, or -ENOMEM with nothing changed.  To nobody,
 * INCLUDE({}), it cannot fail.
 */
int mcast_outlet_change(struct mcast_outlet *o, const struct in6_addr *group,
			const struct mcast_filter *before, const struct mcast_filter *after);
/* All its routes are told again. */
void mcast_outlet_restore(struct mcast_outlet *o);

#endif
