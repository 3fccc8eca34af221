/* SPDX-License-Identifier: GPL-2.0 */
/* Multicast groups, and who listens to them (RFC 6224). */
#ifndef _PMIP_GROUP_H
#define _PMIP_GROUP_H

#include <linux/atomic.h>
#include <linux/in6.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/seqlock.h>
#include <linux/types.h>

struct pmip_net;
struct pmip_tunnel;

struct pmip_group_key {
	struct in6_addr addr;
	u32 upstream;
	u32 zero;
};

/**
 * struct pmip_group - a group of one upstream
 * @key: the group's address, and the tunnel's identifier: 0 for core links
 * @upstream: the tunnel that its packets come out of, or NULL
 * @change: of its channels' listeners, so that a packet finds all as they are at
 *	    one time
 * @any: the channel of any source, or NULL
 * @n_channels: channels, that one included
 * @n_sources: channels of one source
 * @told: jiffies when a sender was told last that its packets are too big
 * @rcu: readers may hold it until a grace period after its removal
 */
struct pmip_group {
	struct pmip_group_key key;
	struct pmip_tunnel *upstream;
	seqlock_t change;
	struct pmip_channel __rcu *any;
	u32 n_channels;
	u32 n_sources;
	unsigned long told;
	struct rcu_head rcu;
};

/**
 * struct pmip_channel - what a group has of one source, or of any
 * @group: the group
 * @source: the source, unspecified: any
 * @listeners: by @node in struct pmip_listener
 * @n_listeners: how many these are
 * @packets: packets of which at least one of them had a copy sent
 * @bytes: their bytes
 * @rcu: readers may hold it until a grace period after its removal
 */
struct pmip_channel {
	struct pmip_group *group;
	struct in6_addr source;
	struct list_head listeners;
	u32 n_listeners;
	atomic64_t packets;
	atomic64_t bytes;
	struct rcu_head rcu;
};

u64 pmip_group_hash(const void *object);
u64 pmip_channel_hash(const void *object);
struct pmip_group *pmip_group_find(struct pmip_net *pn, u32 upstream,
				   const struct in6_addr *addr);
struct pmip_channel *pmip_channel_find(struct pmip_net *pn,
				       const struct pmip_group *g,
				       const struct in6_addr *source);
struct pmip_channel *pmip_channel_get(struct pmip_net *pn,
				      struct pmip_tunnel *upstream,
				      const struct in6_addr *addr,
				      const struct in6_addr *source);
void pmip_channel_put(struct pmip_net *pn, struct pmip_channel *c);
void pmip_group_init(void);

/**
 * pmip_group_is_routed() - do a group's packets leave their link
 * @addr: a multicast address
 *
 * RFC 4291 §2.7: packets of scopes 1 and 2 stay on interface and link, and 0 is
 * reserved.
 *
 * Context: any. Return: true if they may.
 */
static inline bool pmip_group_is_routed(const struct in6_addr *addr)
{
	return (addr->s6_addr[1] & 0xf) > 2;
}

#endif /* _PMIP_GROUP_H */
