/* SPDX-License-Identifier: GPL-2.0 */
/* Mobile nodes that have flows: their rules, and their bindings. */
#ifndef _PMIP_NODE_H
#define _PMIP_NODE_H

#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "selector.h"

struct pmip_binding;
struct pmip_flow;
struct pmip_net;

/* A flow and its packets; NULL where a flow was */
struct pmip_rule {
	struct pmip_selector sel;
	struct pmip_flow *flow;
};

/**
 * struct pmip_rules - the flows of a node, first priority first
 * @n: rules
 * @fields: PMIP_SEL_*, all that one of them looks at
 * @rcu: readers may hold it until a grace period after others came
 * @rule: the rules
 */
struct pmip_rules {
	u32 n;
	u8 fields;
	struct rcu_head rcu;
	struct pmip_rule rule[];
};

/* Of a node's @mark, which has the fields in its last byte */
#define PMIP_MARK_SHIFT	8

/**
 * struct pmip_node - a mobile node that has flows, or had while it had bindings
 * @mark: another one after each change that may have packets belong to other
 *	  flows than before, unique in the namespace; with it the fields that
 *	  the rules look at
 * @rules: its flows, or NULL
 * @number: told apart from other nodes by it where @mn would be too long
 * @n_flows: flows
 * @mn: user space's name for it
 * @bindings: list of its bindings by @same
 * @rcu: readers may hold it until a grace period after its removal
 */
struct pmip_node {
	atomic64_t mark;
	struct pmip_rules __rcu *rules;
	u32 number;
	u32 n_flows;
	u64 mn;
	struct pmip_binding *bindings;
	struct rcu_head rcu;
};

u64 pmip_node_hash(const void *object);
int pmip_nodes_init(struct pmip_net *pn);
void pmip_nodes_free(struct pmip_net *pn);
struct pmip_node *pmip_node_find(struct pmip_net *pn, u64 mn);
struct pmip_node *pmip_node_get(struct pmip_net *pn, u64 mn);
void pmip_node_put(struct pmip_net *pn, struct pmip_node *node);
void pmip_node_join(struct pmip_net *pn, struct pmip_binding *b);
void pmip_node_leave(struct pmip_net *pn, struct pmip_binding *b);
void pmip_node_rename(struct pmip_net *pn, struct pmip_binding *b, u64 mn);
u64 pmip_node_name(const struct pmip_binding *b);
void pmip_node_new_paths(struct pmip_net *pn, const struct pmip_binding *b);
void pmip_node_new_bids(struct pmip_net *pn, struct pmip_node *node);
void pmip_node_new_rules(struct pmip_net *pn, struct pmip_node *node);

#endif /* _PMIP_NODE_H */
