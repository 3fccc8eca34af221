/* SPDX-License-Identifier: GPL-2.0 */
/* The anchor's routes to correspondents, without a search for each packet. */
#ifndef _PMIP_ROUTE_H
#define _PMIP_ROUTE_H

#include <linux/skbuff.h>
#include <net/dst_cache.h>

#include "hash.h"

#define PMIP_ROUTES	64

/**
 * struct pmip_routes - routes by destination, one for each CPU
 * @key: of the hash that says where a destination's route is
 * @cache: each with the destination where others keep the source
 */
struct pmip_routes {
	struct pmip_hash_key key;
	struct dst_cache cache[PMIP_ROUTES];
};

struct pmip_net;

int pmip_routes_init(struct pmip_routes *routes);
void pmip_routes_destroy(struct pmip_routes *routes);
bool pmip_route(struct pmip_net *pn, struct sk_buff *skb);

#endif /* _PMIP_ROUTE_H */
