/* SPDX-License-Identifier: GPL-2.0 */
/* How much is held for one mobile node, or behind one link. */
#ifndef _PMIP_SHARE_H
#define _PMIP_SHARE_H

#include <linux/rhashtable-types.h>
#include <linux/types.h>

struct pmip_binding;

/* Packets and bytes of memory: held, or that may be */
struct pmip_hold_use {
	u32 packets;
	u32 bytes;
};

/* What a share is of; the first two are the same place of a queue's */
enum pmip_share_kind {
	PMIP_SHARE_NODE,
	PMIP_SHARE_LINK,
	PMIP_SHARE_BINDING,	/* of a node that user space has not named */
};

#define PMIP_HOLD_SHARES	2

struct pmip_share_key {
	u64 id;
	u64 kind;
};

/**
 * struct pmip_hold_share - what the queues of one node or link have together
 * @node: in the namespace's table
 * @key: which node or link
 * @use: what they have
 * @users: queues
 * @rcu: the table may be looked at for a grace period after it has left
 */
struct pmip_hold_share {
	struct rhash_head node;
	struct pmip_share_key key;
	struct pmip_hold_use use;
	u32 users;
	struct rcu_head rcu;
};

extern const struct rhashtable_params pmip_share_params;

int pmip_shares_get(struct rhashtable *shares,
		    struct pmip_hold_share *share[PMIP_HOLD_SHARES],
		    const struct pmip_binding *b);
void pmip_shares_put(struct rhashtable *shares,
		     struct pmip_hold_share *share[PMIP_HOLD_SHARES]);

static inline void pmip_use_add(struct pmip_hold_use *use,
				const struct pmip_hold_use *more)
{
	use->packets += more->packets;
	use->bytes += more->bytes;
}

static inline void pmip_use_sub(struct pmip_hold_use *use,
				const struct pmip_hold_use *less)
{
	use->packets -= less->packets;
	use->bytes -= less->bytes;
}

/* Would it be within limits, with that less and that more? */
static inline bool pmip_use_fits(const struct pmip_hold_use *use,
				 const struct pmip_hold_use *less,
				 const struct pmip_hold_use *more,
				 const struct pmip_hold_use *limit)
{
	return (u64)use->packets - less->packets + more->packets <=
	       limit->packets &&
	       (u64)use->bytes - less->bytes + more->bytes <= limit->bytes;
}

#endif /* _PMIP_SHARE_H */
