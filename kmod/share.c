// SPDX-License-Identifier: GPL-2.0
/*
 * How much is held for one mobile node, whatever its prefixes, and behind one
 * link.  A share is there while a queue has part in it.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "binding.h"
#include "node.h"
#include "share.h"

const struct rhashtable_params pmip_share_params = {
	.key_len = sizeof(struct pmip_share_key),
	.key_offset = offsetof(struct pmip_hold_share, key),
	.head_offset = offsetof(struct pmip_hold_share, node),
	.automatic_shrinking = true,
};

static struct pmip_hold_share *pmip_share_get(struct rhashtable *shares,
					      enum pmip_share_kind kind, u64 id)
{
	const struct pmip_share_key key = { .id = id, .kind = kind };
	struct pmip_hold_share *s;

	s = rhashtable_lookup_fast(shares, &key, pmip_share_params);
	if (s) {
		s->users++;
		return s;
	}
	s = kzalloc(sizeof(*s), GFP_ATOMIC);
	if (!s)
		return NULL;
	s->key = key;
	s->users = 1;
	if (rhashtable_insert_fast(shares, &s->node, pmip_share_params)) {
		kfree(s);
		return NULL;
	}
	return s;
}

static void pmip_share_put(struct rhashtable *shares, struct pmip_hold_share *s)
{
	if (--s->users)
		return;
	rhashtable_remove_fast(shares, &s->node, pmip_share_params);
	kfree_rcu(s, rcu);
}

/**
 * pmip_shares_get() - the shares that a queue has part in
 * @shares: the namespace's table
 * @share: filled: the node's; the link's or NULL
 * @b: whose queue it is
 *
 * Context: RCU read side, the lock of the namespace's queues held.
 * Return: 0 or -ENOMEM.
 */
int pmip_shares_get(struct rhashtable *shares,
		    struct pmip_hold_share *share[PMIP_HOLD_SHARES],
		    const struct pmip_binding *b)
{
	const u64 mn = pmip_node_name(b);
	const int ifindex = READ_ONCE(b->ifindex);

	share[PMIP_SHARE_LINK] = NULL;
	share[PMIP_SHARE_NODE] =
		mn ? pmip_share_get(shares, PMIP_SHARE_NODE, mn) :
		     pmip_share_get(shares, PMIP_SHARE_BINDING, (uintptr_t)b);
	if (!share[PMIP_SHARE_NODE])
		return -ENOMEM;
	if (!ifindex)
		return 0;
	share[PMIP_SHARE_LINK] = pmip_share_get(shares, PMIP_SHARE_LINK,
						ifindex);
	if (share[PMIP_SHARE_LINK])
		return 0;
	pmip_share_put(shares, share[PMIP_SHARE_NODE]);
	return -ENOMEM;
}

/**
 * pmip_shares_put() - a queue goes
 * @shares: the namespace's table
 * @share: its shares
 *
 * Context: the lock of the namespace's queues held.
 */
void pmip_shares_put(struct rhashtable *shares,
		     struct pmip_hold_share *share[PMIP_HOLD_SHARES])
{
	int i;

	for (i = 0; i < PMIP_HOLD_SHARES; i++)
		if (share[i])
			pmip_share_put(shares, share[i]);
}
