/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A route that one CPU keeps to itself.  Its user takes it without a reference:
 * dst_cache takes one for each packet, which costs an atomic operation, and
 * another to give it back.
 */
#ifndef _PMIP_DST_H
#define _PMIP_DST_H

#include <linux/netdevice.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>

/**
 * struct pmip_dst - a route and what tells whether it still holds
 * @dst: the route, referenced, or NULL
 * @cookie: for the routing table
 */
struct pmip_dst {
	struct dst_entry *dst;
	u32 cookie;
};

/**
 * pmip_dst_get() - the route, if it still holds
 * @own: this CPU's
 *
 * The table does not say that a device has lost its carrier, and may have
 * another route for as long (ignore_routes_with_linkdown).
 *
 * Context: RCU read side, bottom halves off.
 * Return: the route, without a reference, until the read side ends; or NULL.
 */
static inline struct dst_entry *pmip_dst_get(const struct pmip_dst *own)
{
	struct dst_entry *dst = own->dst;

	if (likely(dst && netif_carrier_ok(dst->dev) &&
		   (!dst->obsolete || dst->ops->check(dst, own->cookie))))
		return dst;
	return NULL;
}

/**
 * pmip_dst_set() - keep another route
 * @own: this CPU's, or anybody's that no packet uses any more
 * @dst: the route, whose reference moves here, or NULL
 *
 * Context: RCU read side, bottom halves off; or the end of @own.
 */
static inline void pmip_dst_set(struct pmip_dst *own, struct dst_entry *dst)
{
	struct dst_entry *old = own->dst;

	own->dst = dst;
	own->cookie = dst ? rt6_get_cookie((struct rt6_info *)dst) : 0;
	/* Who took it without a reference has it until the read side ends. */
	dst_release(old);
}

#endif /* _PMIP_DST_H */
