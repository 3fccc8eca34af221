/* SPDX-License-Identifier: GPL-2.0 */
/* Home network prefixes and the paths to the node that has them. */
#ifndef _PMIP_BINDING_H
#define _PMIP_BINDING_H

#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/pmip.h>
#include <linux/seqlock.h>
#include <linux/skbuff.h>

#include "path.h"

struct pmip_link;
struct pmip_net;
struct pmip_rules;
struct pmip_tunnel;

/* A flow's binding identifiers are one word, so that one store moves it. */
#define PMIP_BID_BITS		16

struct pmip_binding_key {
	struct in6_addr prefix;
	u32 plen;
};

/* It points to its node's rules, the node being an object (see node.c); there are some */
#define PMIP_BINDING_NODE	BIT(0)
#define PMIP_BINDING_FLOWS	BIT(1)

/* Of @apart in struct pmip_binding: it has flows, or @waits is not 0 */
#define PMIP_BINDING_APART						\
	((__force u16)cpu_to_le16(PMIP_BINDING_FLOWS | 0xff00))

/**
 * struct pmip_binding - one home network prefix
 * @prefix: the prefix
 * @plen: its length
 * @flags: PMIP_BINDING_*
 * @waits: packets to the node have to wait, kmod/hold.c says where
 * @apart: one of both: not every packet goes by the best path
 * @change: of @path: who found nothing in it looks whether it changed
 * @uplink: tunnel to the anchor, or NULL where this gateway is the anchor
 * @down_packets: packets towards the node
 * @down_bytes: their bytes
 * @path: ways to the node, best first; a reader may see old and new slots
 *	  side by side, each of which is a path of this binding
 * @up_packets: packets from the node
 * @up_bytes: their bytes
 * @mn: user space's name for the mobile node
 * @rules: instead, where @flags says so, its node's
 * @bid: binding identifier of each path
 * @same: the next binding of the same node, or of the same bucket of names
 * @generation: of the controller that made it
 * @ifindex: of the link that the node is at, or was at last; 0: at none
 * @rcu: readers may hold it until a grace period after its removal
 *
 * What a packet to the node needs is in the first cache line, what one from
 * it or one of a node with flows needs besides is in the second.
 *
 * Counters are atomic, not of each CPU: that would take more memory than all
 * the rest, and a node's packets seldom meet on two CPUs.
 */
struct pmip_binding {
	struct in6_addr prefix;
	u8 plen;
	union {
		struct {
			u8 flags;
			u8 waits;
		};
		u16 apart;
	};
	seqcount_t change;
	struct pmip_tunnel __rcu *uplink;
	atomic64_t down_packets;
	atomic64_t down_bytes;
	struct pmip_path __rcu *path[PMIP_BINDING_PATHS];
	atomic64_t up_packets;
	atomic64_t up_bytes;
	union {
		u64 mn;
		struct pmip_rules __rcu *rules;
	};
	u16 bid[PMIP_BINDING_PATHS];
	union {
		struct {
			struct pmip_binding *same;
			u32 generation;
			int ifindex;
		};
		struct rcu_head rcu;
	};
};

/*
 * A binding as a request describes it; owns a reference on each path.  Where
 * the request has an address for a path, that is set along with the binding.
 */
struct pmip_binding_conf {
	struct pmip_binding_key key;
	u64 mn;
	u32 generation;
	struct pmip_tunnel *uplink;
	unsigned int n_paths;
	struct pmip_path *path[PMIP_BINDING_PATHS];
	__be64 iid[PMIP_BINDING_PATHS];
	bool has_addr[PMIP_BINDING_PATHS];
	u16 bid[PMIP_BINDING_PATHS];
	bool has_mn, has_generation, has_uplink, has_paths;
};

u64 pmip_binding_hash(const void *object);
struct pmip_binding *pmip_binding_find(struct pmip_net *pn,
				       const struct pmip_binding_key *key);
void pmip_binding_ahead(struct pmip_net *pn, const struct pmip_binding_key *key);
struct pmip_binding *pmip_binding_lookup(struct pmip_net *pn,
					 const struct in6_addr *addr);
u64 pmip_binding_ahead_addr(struct pmip_net *pn, const struct in6_addr *addr);
struct pmip_binding *pmip_binding_ahead_found(struct pmip_net *pn, u64 hash);
void pmip_binding_ahead_path(const struct pmip_binding *b);
int pmip_binding_new(struct pmip_net *pn, struct pmip_binding_conf *conf,
		     struct netlink_ext_ack *extack);
void pmip_binding_change(struct pmip_net *pn, struct pmip_binding *b,
			 struct pmip_binding_conf *conf);
void pmip_binding_del(struct pmip_net *pn, struct pmip_binding *b);
void pmip_binding_conf_release(struct pmip_net *pn,
			       struct pmip_binding_conf *conf);
bool pmip_binding_has_tunnel(const struct pmip_binding *b,
			     const struct pmip_tunnel *t);
bool pmip_binding_has_neigh(const struct pmip_binding *b,
			    const struct pmip_link *link, const u8 *lladdr);
int pmip_binding_cache_init(void);
void pmip_binding_cache_exit(void);

static inline unsigned int pmip_binding_packets(const struct sk_buff *skb)
{
	return skb_is_gso(skb) ? max_t(u16, skb_shinfo(skb)->gso_segs, 1) : 1;
}

static inline void pmip_binding_count_down(struct pmip_binding *b,
					   const struct sk_buff *skb)
{
	atomic64_add(pmip_binding_packets(skb), &b->down_packets);
	atomic64_add(skb->len, &b->down_bytes);
}

static inline void pmip_binding_count_up(struct pmip_binding *b,
					 const struct sk_buff *skb)
{
	atomic64_add(pmip_binding_packets(skb), &b->up_packets);
	atomic64_add(skb->len, &b->up_bytes);
}

#endif /* _PMIP_BINDING_H */
