/* SPDX-License-Identifier: GPL-2.0 */
/* Flows of mobile nodes: which packets take another way than the best. */
#ifndef _PMIP_FLOW_H
#define _PMIP_FLOW_H

#include <linux/atomic.h>
#include <linux/netlink.h>
#include <linux/pmip.h>
#include <linux/rcupdate.h>

#include "binding.h"
#include "selector.h"

struct pmip_net;
struct pmip_node;

struct pmip_flow_key {
	u64 mn;
	u16 fid;
};

/**
 * struct pmip_flow - a flow
 * @bids: binding identifiers, best first from the lowest bits up; 0 ends them
 * @packets: packets that belonged to it
 * @bytes: their bytes
 * @action: enum pmip_flow_action
 * @active: a binding of its node has one of @bids
 * @fid: its identifier
 * @priority: lower is first
 * @generation: of the controller that made it
 * @moved: the namespace's count of moves when it got @bids
 * @node: its node
 * @rcu: readers may hold it until a grace period after its removal
 *
 * Its selector is in the node's rules, where packets meet it.
 */
struct pmip_flow {
	u64 bids;
	atomic64_t packets;
	atomic64_t bytes;
	u8 action;
	bool active;
	u16 fid;
	u16 priority;
	u32 generation;
	u32 moved;
	struct pmip_node *node;
	struct rcu_head rcu;
};

/* A flow as a request describes it */
struct pmip_flow_conf {
	struct pmip_flow_key key;
	struct pmip_selector sel;
	u64 bids;
	u32 generation;
	u16 priority;
	u8 action;
	bool has_sel, has_bids, has_generation, has_priority, has_action;
};

u64 pmip_flow_hash(const void *object);
struct pmip_flow *pmip_flow_find(struct pmip_net *pn,
				 const struct pmip_flow_key *key);
int pmip_flow_new(struct pmip_net *pn, const struct pmip_flow_conf *conf,
		  struct netlink_ext_ack *extack);
int pmip_flow_change(struct pmip_net *pn, struct pmip_flow *f,
		     const struct pmip_flow_conf *conf,
		     struct netlink_ext_ack *extack);
void pmip_flow_del(struct pmip_net *pn, struct pmip_flow *f);
const struct pmip_selector *pmip_flow_selector(const struct pmip_flow *f);
int pmip_flow_cache_init(void);
void pmip_flow_cache_exit(void);

static inline void pmip_flow_count(struct pmip_flow *f,
				   const struct sk_buff *skb)
{
	atomic64_add(pmip_binding_packets(skb), &f->packets);
	atomic64_add(skb->len, &f->bytes);
}

#endif /* _PMIP_FLOW_H */
