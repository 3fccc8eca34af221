// SPDX-License-Identifier: GPL-2.0
/*
 * The flow mobility cache (draft: flow mobility §5.2).  What packets meet are the
 * rules of their node; a flow that moves changes in place, rules that change are
 * replaced as a whole.
 */
#include <linux/hash.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "classify.h"
#include "flow.h"
#include "generation.h"
#include "netns.h"
#include "node.h"
#include "rules.h"

static unsigned int flows_max __read_mostly = 1 << 22;
module_param(flows_max, uint, 0644);
MODULE_PARM_DESC(flows_max, "Flows that a network namespace can have");

static struct kmem_cache *pmip_flow_slab __read_mostly;

static __always_inline u64 pmip_flow_key_hash(u64 mn, u16 fid)
{
	return (mn * GOLDEN_RATIO_64 + fid) * GOLDEN_RATIO_64;
}

static __always_inline bool pmip_flow_equal(const void *object, const void *key)
{
	const struct pmip_flow_key *k = key;
	const struct pmip_flow *f = object;

	return f->fid == k->fid && f->node->mn == k->mn;
}

/**
 * pmip_flow_hash() - hash of a flow, for the table
 * @object: the flow
 *
 * Context: any. Return: the hash.
 */
u64 pmip_flow_hash(const void *object)
{
	const struct pmip_flow *f = object;

	return pmip_flow_key_hash(f->node->mn, f->fid);
}

/**
 * pmip_flow_find() - a flow by its node and identifier
 * @pn: the namespace
 * @key: both
 *
 * Context: @pn->lock held. Return: the flow or NULL.
 */
struct pmip_flow *pmip_flow_find(struct pmip_net *pn,
				 const struct pmip_flow_key *key)
{
	return pmip_table_find(&pn->flows,
			       pmip_flow_key_hash(key->mn, key->fid), key,
			       pmip_flow_equal);
}

/**
 * pmip_flow_selector() - which packets a flow is made of
 * @f: the flow
 *
 * Context: the namespace's lock held. Return: the selector.
 */
const struct pmip_selector *pmip_flow_selector(const struct pmip_flow *f)
{
	const struct pmip_rules *rules = f->node->rules;

	return &rules->sel[pmip_rules_place(rules, f)];
}

/* RFC 6089 §4.2: "FID-PRI MUST be unique to each of the flows" of a node */
static bool pmip_flow_priority_taken(const struct pmip_node *node,
				     const struct pmip_flow *but, u16 priority)
{
	const struct pmip_rules *rules = node->rules;
	const struct pmip_flow *f;
	u32 i;

	for (i = 0; i < rules->n; i++) {
		f = rules->rule[i].flow;
		if (f && f != but && f->priority == priority)
			return true;
	}
	return false;
}

static void pmip_flow_set_bids(struct pmip_net *pn, struct pmip_flow *f,
			       u64 bids)
{
	if (bids == f->bids)
		return;
	WRITE_ONCE(pn->moves, pn->moves + 1);
	WRITE_ONCE(f->moved, pn->moves);
	/* Who reads them (pmip_forward_flow()) knows that it has moved. */
	smp_store_release(&f->bids, bids);
}

static int pmip_flow_may_come(struct pmip_net *pn, const struct pmip_node *node,
			      struct netlink_ext_ack *extack)
{
	if (node && node->n_flows >= PMIP_NODE_FLOWS) {
		NL_SET_ERR_MSG(extack, "the node has all the flows that one may");
		return -ENOSPC;
	}
	if (pn->n_flows >= READ_ONCE(flows_max)) {
		NL_SET_ERR_MSG(extack, "there are flows_max flows already");
		return -ENOSPC;
	}
	return 0;
}

static int pmip_flow_may_be(const struct pmip_node *node,
			    const struct pmip_flow *f, u16 priority, u8 action,
			    u64 bids, struct netlink_ext_ack *extack)
{
	if (action == PMIP_FLOW_FORWARD && !bids) {
		NL_SET_ERR_MSG(extack,
			       "a flow to forward needs a binding identifier");
		return -EINVAL;
	}
	if (node && pmip_flow_priority_taken(node, f, priority)) {
		NL_SET_ERR_MSG(extack, "the node has a flow of this priority");
		return -EEXIST;
	}
	return 0;
}

static int pmip_flow_insert(struct pmip_net *pn, struct pmip_node *node,
			    struct pmip_flow *f,
			    const struct pmip_flow_conf *conf)
{
	struct pmip_rules *rules;

	f->node = node;
	rules = pmip_rules_with(node->rules, node->n_flows + 1, f, &conf->sel,
				f->priority);
	if (!rules)
		return -ENOMEM;
	if (pmip_table_insert(&pn->flows, f)) {
		kvfree(rules);
		return -ENOMEM;
	}
	pmip_node_set_rules(pn, node, rules);
	node->n_flows++;
	pn->n_flows++;
	pn->flow_changes++;
	return 0;
}

/**
 * pmip_flow_new() - make a flow
 * @pn: the namespace
 * @conf: what it shall be
 * @extack: where to say what is wrong
 *
 * Context: process, @pn->lock held.
 * Return: 0, -EEXIST, -EINVAL, -ENOSPC or -ENOMEM.
 */
int pmip_flow_new(struct pmip_net *pn, const struct pmip_flow_conf *conf,
		  struct netlink_ext_ack *extack)
{
	struct pmip_node *node = pmip_node_find(pn, conf->key.mn);
	struct pmip_flow *f;
	int err;

	err = pmip_flow_may_come(pn, node, extack);
	if (!err)
		err = pmip_flow_may_be(node, NULL, conf->priority,
				       conf->action, conf->bids, extack);
	if (!err)
		err = pmip_nodes_init(pn);
	if (!err)
		err = pmip_classify_init(pn);
	if (err)
		return err;
	f = kmem_cache_zalloc(pmip_flow_slab, GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	pmip_flow_set_bids(pn, f, conf->bids);
	f->action = conf->action;
	f->fid = conf->key.fid;
	f->priority = conf->priority;
	pmip_generation_set(pn, &f->generation, conf->generation);
	node = pmip_node_get(pn, conf->key.mn);
	err = node ? pmip_flow_insert(pn, node, f, conf) : -ENOMEM;
	if (err)
		kmem_cache_free(pmip_flow_slab, f);
	if (node)
		pmip_node_put(pn, node);
	return err;
}

/**
 * pmip_flow_change() - change what a request names, leave the rest
 * @pn: the namespace
 * @f: the flow
 * @conf: the request
 * @extack: where to say what is wrong
 *
 * To move a flow is one store, and no packet of another meets anything new.
 *
 * Context: process, @pn->lock held. Return: 0, -EEXIST, -EINVAL or -ENOMEM.
 */
int pmip_flow_change(struct pmip_net *pn, struct pmip_flow *f,
		     const struct pmip_flow_conf *conf,
		     struct netlink_ext_ack *extack)
{
	const u64 bids = conf->has_bids ? conf->bids : f->bids;
	const u8 action = conf->has_action ? conf->action : f->action;
	const u16 priority = conf->has_priority ? conf->priority : f->priority;
	const struct pmip_selector *sel = pmip_flow_selector(f);
	struct pmip_rules *rules = NULL;
	int err;

	err = pmip_flow_may_be(f->node, f, priority, action, bids, extack);
	if (err)
		return err;
	/* Who says all of a flow again may have changed nothing of this. */
	if (conf->has_sel && memcmp(sel, &conf->sel, sizeof(*sel)))
		sel = &conf->sel;
	if (sel == &conf->sel || priority != f->priority) {
		rules = pmip_rules_with(f->node->rules, f->node->n_flows, f,
					sel, priority);
		if (!rules)
			return -ENOMEM;
	}
	pmip_flow_set_bids(pn, f, bids);
	WRITE_ONCE(f->action, action);
	f->priority = priority;
	if (conf->has_generation)
		pmip_generation_set(pn, &f->generation, conf->generation);
	if (rules) {
		pmip_node_part(pn, f->node);
		pmip_node_set_rules(pn, f->node, rules);
	} else if (conf->has_bids) {
		pmip_node_new_bids(pn, f->node);
	}
	return 0;
}

static void pmip_flow_free_rcu(struct rcu_head *head)
{
	kmem_cache_free(pmip_flow_slab,
			container_of(head, struct pmip_flow, rcu));
}

/**
 * pmip_flow_del() - remove a flow
 * @pn: the namespace
 * @f: the flow; readers may use it for a grace period more
 *
 * Leaves an empty rule, until the next flow comes: what cannot fail needs no
 * memory.
 *
 * Context: process, @pn->lock held.
 */
void pmip_flow_del(struct pmip_net *pn, struct pmip_flow *f)
{
	struct pmip_node *node = f->node;
	struct pmip_rules *rules = node->rules, *empty;

	pmip_table_remove(&pn->flows, f);
	pn->n_flows--;
	pn->flow_changes++;
	pmip_node_part(pn, node);
	WRITE_ONCE(rules->rule[pmip_rules_place(rules, f)].flow, NULL);
	empty = --node->n_flows ? NULL : pmip_rules_new(node, 0);
	if (empty)
		pmip_node_set_rules(pn, node, empty);
	else
		pmip_node_new_rules(pn, node);
	pmip_node_put(pn, node);
	call_rcu(&f->rcu, pmip_flow_free_rcu);
}

/**
 * pmip_flow_cache_init() - make the slab cache of flows
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int __init pmip_flow_cache_init(void)
{
	pmip_flow_slab = KMEM_CACHE(pmip_flow, SLAB_ACCOUNT);
	return pmip_flow_slab ? 0 : -ENOMEM;
}

/**
 * pmip_flow_cache_exit() - destroy it, after all grace periods
 *
 * Context: process.
 */
void pmip_flow_cache_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(pmip_flow_slab);
}
