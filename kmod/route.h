/* SPDX-License-Identifier: GPL-2.0 */
/* The anchor's routes to correspondents, without a search for each packet. */
#ifndef _PMIP_ROUTE_H
#define _PMIP_ROUTE_H

#include <linux/skbuff.h>
#include "dst.h"
#include "hash.h"

#define PMIP_ROUTES_BITS	8

/**
 * struct pmip_route - the last route of one hash
 * @daddr: its destination
 * @own: the route
 */
struct pmip_route {
	struct in6_addr daddr;
	struct pmip_dst own;
};

/* Routes of one CPU, by hash of the destination */
struct pmip_routes_cpu {
	struct pmip_route route[1 << PMIP_ROUTES_BITS];
};

/**
 * struct pmip_routes - routes to correspondents
 * @key: of the hash that says where a destination's route is
 * @cpu: each CPU's
 */
struct pmip_routes {
	struct pmip_hash_key key;
	struct pmip_routes_cpu __percpu *cpu;
};

struct pmip_net;

int pmip_routes_init(struct pmip_routes *routes);
void pmip_routes_destroy(struct pmip_routes *routes);
bool pmip_route(struct pmip_net *pn, struct sk_buff *skb);

#endif /* _PMIP_ROUTE_H */
