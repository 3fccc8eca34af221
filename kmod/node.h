/* SPDX-License-Identifier: GPL-2.0 */
/* Mobile nodes that have flows: their rules, and their bindings. */
#ifndef _PMIP_NODE_H
#define _PMIP_NODE_H

#include <linux/rcupdate.h>
#include <linux/types.h>

struct pmip_binding;
struct pmip_net;
struct pmip_rules;

/**
 * struct pmip_node - a mobile node that has flows, or had while it had bindings
 * @rules: its flows, to which its bindings point
 * @number: told apart from other nodes by it where @mn would be too long
 * @n_flows: flows
 * @parted: the namespace's count of moves when packets last ceased to be of a flow
 * @mn: user space's name for it
 * @bindings: list of its bindings by @same
 * @rcu: queues may ask it for its name until a grace period after its removal
 *
 * Packets meet its rules alone.
 */
struct pmip_node {
	struct pmip_rules *rules;
	u32 number;
	u32 n_flows;
	u32 parted;
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
void pmip_node_leave(struct pmip_net *pn, struct pmip_binding *b);
void pmip_node_rename(struct pmip_net *pn, struct pmip_binding *b, u64 mn);
u64 pmip_node_name(const struct pmip_binding *b);
void pmip_node_part(struct pmip_net *pn, struct pmip_node *node);
u32 pmip_node_parted(const struct pmip_binding *b);
void pmip_node_new_paths(struct pmip_net *pn, const struct pmip_binding *b);
void pmip_node_new_bids(struct pmip_net *pn, struct pmip_node *node);
void pmip_node_new_rules(struct pmip_net *pn, struct pmip_node *node);
void pmip_node_set_rules(struct pmip_net *pn, struct pmip_node *node,
			 struct pmip_rules *rules);

#endif /* _PMIP_NODE_H */
