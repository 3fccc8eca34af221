// SPDX-License-Identifier: GPL-2.0
/*
 * Bindings know their mobile node by name alone until the node has a flow.  Then
 * it becomes an object, its bindings point to its rules and say so in their first
 * cache line.  They are found in an index of bindings by name, made with the first flow
 * of a namespace: where there are no flows, none of this takes memory or time.
 */
#include <linux/hash.h>
#include <linux/slab.h>

#include "binding.h"
#include "flow.h"
#include "netns.h"
#include "node.h"
#include "rules.h"

#define PMIP_INDEX_BITS_MIN	4
#define PMIP_INDEX_FULL		4	/* bindings to a bucket before it grows */

/**
 * struct pmip_index - bindings by their node's name, but for nodes with flows
 * @bucket: lists by @same
 * @bits: of the number of buckets
 * @n: bindings
 */
struct pmip_index {
	struct pmip_binding **bucket;
	unsigned int bits;
	u32 n;
};

/**
 * pmip_node_hash() - hash of a node, for the table
 * @object: the node
 *
 * Names are user space's, which has no reason to choose them for their hashes.
 *
 * Context: any. Return: the hash.
 */
u64 pmip_node_hash(const void *object)
{
	const struct pmip_node *node = object;

	return node->mn * GOLDEN_RATIO_64;
}

static __always_inline bool pmip_node_equal(const void *object, const void *key)
{
	const struct pmip_node *node = object;

	return node->mn == *(const u64 *)key;
}

/**
 * pmip_node_find() - the node of a name
 * @pn: the namespace
 * @mn: the name
 *
 * Context: @pn->lock held. Return: the node, or NULL where it has no flows.
 */
struct pmip_node *pmip_node_find(struct pmip_net *pn, u64 mn)
{
	return pmip_table_find(&pn->nodes, mn * GOLDEN_RATIO_64, &mn,
			       pmip_node_equal);
}

static struct pmip_binding **pmip_index_bucket(const struct pmip_index *index,
					       u64 mn)
{
	return &index->bucket[hash_64(mn, index->bits)];
}

static void pmip_list_add(struct pmip_binding **list, struct pmip_binding *b)
{
	b->same = *list;
	*list = b;
}

/* A node's bindings are few, and so are a bucket's. */
static void pmip_list_del(struct pmip_binding **list, struct pmip_binding *b)
{
	while (*list != b)
		list = &(*list)->same;
	*list = b->same;
}

/* Without memory for more buckets the lists become longer. */
static void pmip_index_grow(struct pmip_index *index)
{
	struct pmip_binding **old = index->bucket, *b;
	const u32 n = 1U << index->bits;
	u32 i;

	index->bucket = kvcalloc(2 * n, sizeof(*old), GFP_KERNEL_ACCOUNT);
	if (!index->bucket) {
		index->bucket = old;
		return;
	}
	index->bits++;
	for (i = 0; i < n; i++)
		while ((b = old[i])) {
			old[i] = b->same;
			pmip_list_add(pmip_index_bucket(index, b->mn), b);
		}
	kvfree(old);
}

static void pmip_index_add(struct pmip_index *index, struct pmip_binding *b)
{
	if (index->n >= PMIP_INDEX_FULL << index->bits)
		pmip_index_grow(index);
	pmip_list_add(pmip_index_bucket(index, b->mn), b);
	index->n++;
}

static void pmip_index_free(struct pmip_index *index)
{
	if (!index)
		return;
	kvfree(index->bucket);
	kfree(index);
}

/**
 * pmip_nodes_init() - make the index of a namespace's bindings
 * @pn: the namespace
 *
 * Context: process, @pn->lock held. Return: 0 or -ENOMEM.
 */
int pmip_nodes_init(struct pmip_net *pn)
{
	struct pmip_walk walk = {};
	struct pmip_index *index;
	struct pmip_binding *b;

	if (pn->index)
		return 0;
	index = kzalloc(sizeof(*index), GFP_KERNEL_ACCOUNT);
	if (!index)
		return -ENOMEM;
	index->bits = PMIP_INDEX_BITS_MIN;
	index->bucket = kvcalloc(1U << index->bits, sizeof(*index->bucket),
				 GFP_KERNEL_ACCOUNT);
	if (!index->bucket) {
		kfree(index);
		return -ENOMEM;
	}
	while ((b = pmip_table_next(&pn->bindings, &walk)))
		if (b->mn)
			pmip_index_add(index, b);
	pn->index = index;
	return 0;
}

/**
 * pmip_nodes_free() - free the index, all bindings being gone
 * @pn: the namespace
 *
 * Context: process.
 */
void pmip_nodes_free(struct pmip_net *pn)
{
	pmip_index_free(pn->index);
	pn->index = NULL;
}

static bool pmip_node_has_bid(struct pmip_net *pn, const struct pmip_node *node,
			      u16 bid)
{
	const struct pmip_binding *b;
	int i;

	for (b = node->bindings; b; b = b->same)
		for (i = 0; i < PMIP_BINDING_PATHS; i++)
			if (b->bid[i] == bid && rcu_access_pointer(b->path[i]))
				return true;
	return false;
}

/* Draft: flow mobility §5.2: inactive only if all its identifiers are gone. */
static bool pmip_node_activates(struct pmip_net *pn,
				const struct pmip_node *node, u64 bids)
{
	if (!bids)
		return true;
	for (; bids; bids >>= PMIP_BID_BITS)
		if (pmip_node_has_bid(pn, node, bids))
			return true;
	return false;
}

/**
 * pmip_node_part() - packets of a flow may be of no flow from now on
 * @pn: the namespace
 * @node: the node
 *
 * Before anybody can find them so: they had another way until now.
 *
 * Context: process, @pn->lock held.
 */
void pmip_node_part(struct pmip_net *pn, struct pmip_node *node)
{
	WRITE_ONCE(pn->moves, pn->moves + 1);
	WRITE_ONCE(node->parted, pn->moves);
	/* Pairs with pmip_node_parted(). */
	smp_wmb();
}

static bool pmip_node_activate(struct pmip_net *pn, struct pmip_node *node,
			       const struct pmip_rules *rules)
{
	bool active, changed = false;
	struct pmip_flow *f;
	u32 i;

	for (i = 0; i < rules->n; i++) {
		f = rules->rule[i].flow;
		if (!f)
			continue;
		active = pmip_node_activates(pn, node, f->bids);
		if (active == f->active)
			continue;
		changed = true;
		if (!active)
			pmip_node_part(pn, node);
		WRITE_ONCE(f->active, active);
	}
	return changed;
}

static void pmip_node_refresh(struct pmip_net *pn, struct pmip_node *node,
			      bool changed)
{
	struct pmip_rules *rules = node->rules;

	changed |= pmip_node_activate(pn, node, rules);
	if (changed)
		atomic64_set_release(&rules->mark,
				     ++pn->marks << PMIP_MARK_SHIFT | rules->fields);
}

/**
 * pmip_node_new_rules() - one of the rules of a node is no more
 * @pn: the namespace
 * @node: the node
 *
 * Tells which of its flows are active now, and has packets be looked at anew.
 * Who reads the new mark reads the rules as they are now, too.
 *
 * Context: process, @pn->lock held.
 */
void pmip_node_new_rules(struct pmip_net *pn, struct pmip_node *node)
{
	pmip_node_refresh(pn, node, true);
}

/**
 * pmip_node_new_bids() - binding identifiers of a node have changed
 * @pn: the namespace
 * @node: the node: its flows' identifiers, or those of its bindings
 *
 * Packets are looked at anew only where a flow becomes active or inactive.
 *
 * Context: process, @pn->lock held.
 */
void pmip_node_new_bids(struct pmip_net *pn, struct pmip_node *node)
{
	pmip_node_refresh(pn, node, false);
}

/**
 * pmip_node_set_rules() - a node has other rules
 * @pn: the namespace
 * @node: the node
 * @rules: the rules; those before are freed after a grace period
 *
 * Some of the node's bindings may have the new ones before others do.
 *
 * Context: process, @pn->lock held.
 */
void pmip_node_set_rules(struct pmip_net *pn, struct pmip_node *node,
			 struct pmip_rules *rules)
{
	struct pmip_rules *old = node->rules;
	struct pmip_binding *b;

	node->rules = rules;
	pmip_node_refresh(pn, node, true);
	for (b = node->bindings; b; b = b->same)
		rcu_assign_pointer(b->rules, rules);
	kvfree_rcu(old, rcu);
}

static void pmip_node_flag(struct pmip_node *node, struct pmip_binding *b)
{
	/* A reader of the flag reads the pointer behind it. */
	smp_store_release(&b->flags, PMIP_BINDING_NODE |
			  (node->n_flows ? PMIP_BINDING_FLOWS : 0));
}

/* Name and pointer are one place: no queue asks for the name meanwhile. */
static void pmip_node_take(struct pmip_net *pn, struct pmip_node *node,
			   struct pmip_binding *b)
{
	pmip_list_add(&node->bindings, b);
	spin_lock_bh(&pn->holds.lock);
	rcu_assign_pointer(b->rules, node->rules);
	pmip_node_flag(node, b);
	spin_unlock_bh(&pn->holds.lock);
}

/* As above, where there is no node any more */
static void pmip_node_set_name(struct pmip_net *pn, struct pmip_binding *b,
			       u64 mn)
{
	spin_lock_bh(&pn->holds.lock);
	b->mn = mn;
	WRITE_ONCE(b->flags, 0);
	spin_unlock_bh(&pn->holds.lock);
}

/* All bindings of its name leave the index for the node. */
static void pmip_node_adopt(struct pmip_net *pn, struct pmip_node *node)
{
	struct pmip_binding **list = pmip_index_bucket(pn->index, node->mn), *b;

	while ((b = *list)) {
		if (b->mn != node->mn) {
			list = &b->same;
			continue;
		}
		*list = b->same;
		pn->index->n--;
		pmip_node_take(pn, node, b);
	}
}

/**
 * pmip_node_get() - the node of a name, which is to have a flow
 * @pn: the namespace, its index made
 * @mn: the name
 *
 * Context: process, @pn->lock held. Return: the node, or NULL without memory;
 * pmip_node_put() if nothing comes of the flow.
 */
struct pmip_node *pmip_node_get(struct pmip_net *pn, u64 mn)
{
	struct pmip_node *node = pmip_node_find(pn, mn);

	if (node)
		return node;
	node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);
	if (!node)
		return NULL;
	node->mn = mn;
	node->number = ++pn->numbers ?: ++pn->numbers;
	node->rules = pmip_rules_new(node, 0);
	if (!node->rules || pmip_table_insert(&pn->nodes, node)) {
		kvfree(node->rules);
		kfree(node);
		return NULL;
	}
	pmip_node_adopt(pn, node);
	return node;
}

/**
 * pmip_node_put() - the number of a node's flows or bindings has changed
 * @pn: the namespace
 * @node: the node; removed if it has neither
 *
 * Context: process, @pn->lock held.
 */
void pmip_node_put(struct pmip_net *pn, struct pmip_node *node)
{
	struct pmip_binding *b;

	for (b = node->bindings; b; b = b->same)
		pmip_node_flag(node, b);
	if (node->n_flows || node->bindings)
		return;
	pmip_table_remove(&pn->nodes, node);
	kvfree_rcu(node->rules, rcu);
	kfree_rcu(node, rcu);
}

/* A binding has come, its name set. */
static void pmip_node_join(struct pmip_net *pn, struct pmip_binding *b)
{
	struct pmip_node *node;

	if (!pn->index || !b->mn)
		return;
	node = pmip_node_find(pn, b->mn);
	if (node) {
		pmip_node_take(pn, node, b);
		pmip_node_new_bids(pn, node);
	} else {
		pmip_index_add(pn->index, b);
	}
}

/* A binding has been the node's. */
static void pmip_node_drop(struct pmip_net *pn, struct pmip_node *node,
			   struct pmip_binding *b)
{
	pmip_list_del(&node->bindings, b);
	pmip_node_new_bids(pn, node);
	pmip_node_put(pn, node);
}

/* Queues ask too, while rules are replaced: either ones are of the same node. */
static struct pmip_node *pmip_node_of(const struct pmip_binding *b)
{
	return READ_ONCE(b->flags) & PMIP_BINDING_NODE ?
	       rcu_dereference_check(b->rules, true)->node : NULL;
}

/**
 * pmip_node_leave() - a binding goes
 * @pn: the namespace
 * @b: the binding; readers may use its node for a grace period more
 *
 * Context: process, @pn->lock held.
 */
void pmip_node_leave(struct pmip_net *pn, struct pmip_binding *b)
{
	struct pmip_node *node = pmip_node_of(b);

	if (node) {
		pmip_node_drop(pn, node, b);
	} else if (pn->index && b->mn) {
		pmip_list_del(pmip_index_bucket(pn->index, b->mn), b);
		pn->index->n--;
	}
}

/**
 * pmip_node_rename() - a binding is another node's now
 * @pn: the namespace
 * @b: the binding
 * @mn: the node's name
 *
 * The name comes where the pointer was: readers must have gone.  Nobody does
 * this often.
 *
 * Context: process, @pn->lock held; may wait for a grace period.
 */
void pmip_node_rename(struct pmip_net *pn, struct pmip_binding *b, u64 mn)
{
	struct pmip_node *node = pmip_node_of(b);

	if (mn == pmip_node_name(b))
		return;
	if (node) {
		WRITE_ONCE(b->flags, PMIP_BINDING_NODE);
		synchronize_rcu();
	} else {
		pmip_node_leave(pn, b);
	}
	pmip_node_set_name(pn, b, mn);
	/* Not sooner: queues asked it for the name. */
	if (node)
		pmip_node_drop(pn, node, b);
	pmip_node_join(pn, b);
}

/**
 * pmip_node_parted() - when packets of a binding last ceased to be of a flow
 * @b: the binding
 *
 * Context: RCU read side, since before the packet was found to be of none.
 * Return: the namespace's count of moves; 0 where the node has had no flows.
 */
u32 pmip_node_parted(const struct pmip_binding *b)
{
	const struct pmip_node *node = pmip_node_of(b);

	/* Pairs with pmip_node_part(). */
	smp_rmb();
	return node ? READ_ONCE(node->parted) : 0;
}

/**
 * pmip_node_name() - the name of a binding's node
 * @b: the binding
 *
 * Context: the lock of the namespace held, or that of its queues.
 * Return: the name, 0 for none.
 */
u64 pmip_node_name(const struct pmip_binding *b)
{
	const struct pmip_node *node = pmip_node_of(b);

	return node ? node->mn : b->mn;
}

/**
 * pmip_node_new_paths() - a binding's paths have changed
 * @pn: the namespace
 * @b: the binding
 *
 * Context: process, @pn->lock held.
 */
void pmip_node_new_paths(struct pmip_net *pn, const struct pmip_binding *b)
{
	struct pmip_node *node = pmip_node_of(b);

	if (node)
		pmip_node_new_bids(pn, node);
}
