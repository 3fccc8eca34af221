/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that wait: for a way to the node, or for those before them. */
#ifndef _PMIP_HOLD_H
#define _PMIP_HOLD_H

#include <linux/pmip.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "drop.h"
#include "sender.h"
#include "share.h"

struct netlink_ext_ack;
struct pmip_binding;
struct pmip_flow;
struct pmip_net;
struct pmip_path;
struct pmip_tunnel;

/* What pmip_binding.waits says */
#define PMIP_WAITS	1	/* packets go to the binding's queue */
#define PMIP_WAITS_GONE	2	/* the binding is removed: nobody makes one */

/* In the order of PMIP_A_HOLD_HELD and what follows it */
enum pmip_hold_count {
	PMIP_HOLD_HELD,
	PMIP_HOLD_RETURNED,
	PMIP_HOLD_FORWARDED,
	PMIP_HOLD_EXPIRED,
	PMIP_HOLD_DROPPED,
	PMIP_HOLD_ACCEPTED,
	PMIP_HOLD_OPENED,

	PMIP_HOLD_COUNTS
};

/* How much may be held, in whose name and for how long */
struct pmip_hold_conf {
	struct pmip_hold_use node;
	struct pmip_hold_use link;
	struct pmip_hold_use total;
	u32 age_ms;
	u8 policy;
};

/* Gateways that a node may lose at about the same time */
#define PMIP_HOLD_FROM	4

/**
 * struct pmip_hold_from - a tunnel by which packets may come back
 * @tunnel: the tunnel
 * @until: when they may, in jiffies
 * @last: jiffies when a packet or an end marker did last
 * @came: packets that did
 * @said: and so many were sent, by what end markers say
 * @marked: one has come
 */
struct pmip_hold_from {
	const struct pmip_tunnel *tunnel;
	unsigned long until;
	unsigned long last;
	u32 came;
	u32 said;
	bool marked;
};

/**
 * struct pmip_hold - the queue of one binding
 * @node: in the namespace's table
 * @binding: whose queue it is
 * @timed: in the namespace's list, if time ends something here
 * @pass: of the work that has looked at it last
 * @asked: in the list of a processor that is asked to send it
 * @queue: the packets, oldest first
 * @share: of the mobile node; and of the lost link, or NULL
 * @use: what @queue has
 * @counts: enum pmip_hold_count
 * @from: the tunnels by which packets may come back (at the anchor)
 * @takes: a bit for each of those in use
 * @gate: a bit for each whose packets newer ones wait for
 * @gate_until: jiffies until they do
 * @passing: processors that are sending on what has come back
 * @moves: the namespace's count of moves when it came, or the gate was closed:
 *	flows that moved since have packets in it, or among those that come back
 * @rest: the path that packets of no flow went by then, if none of those do
 * @returns: packets go back through the uplink (at an access gateway)
 * @back: and so many have gone
 * @markers: and so many end markers are due behind the last
 * @draining: somebody sends them, one after the other
 * @cpu: processor by which they leave
 * @sent: some may be in that processor's queues still: others must not pass
 * @tries: times that they were
 * @gone: out of the table; memory stays for a grace period
 * @rcu: for that
 */
struct pmip_hold {
	struct rhash_head node;
	struct pmip_binding *binding;
	struct list_head timed;
	u32 pass;
	struct list_head asked;
	struct sk_buff_head queue;
	struct pmip_hold_share *share[PMIP_HOLD_SHARES];
	struct pmip_hold_use use;
	u64 counts[PMIP_HOLD_COUNTS];
	struct pmip_hold_from from[PMIP_HOLD_FROM];
	unsigned long gate_until;
	u32 passing;
	u32 moves;
	const struct pmip_path *rest;
	u8 takes;
	u8 gate;
	bool returns;
	u32 back;
	u8 markers;
	bool draining;
	bool sent;
	u8 tries;
	int cpu;
	bool gone;
	struct rcu_head rcu;
};

/**
 * struct pmip_holds - all queues of a namespace
 * @lock: of all below, but never held while a packet is sent
 * @closed: the namespace is going: nothing is held any more
 * @table: queues by binding
 * @shares: what each node and each link has in them
 * @timed: queues in which time ends something
 * @pass: of the work through @timed, which moves whom it has seen to the end
 * @n: queues
 * @conf: limits
 * @use: what all queues have
 * @counts: enum pmip_hold_count, of all there have been
 * @work: lets time end what it has to, and sends what may go
 * @due: jiffies when @work runs next, if @armed
 * @armed: it will
 * @senders: of each processor
 *
 * One lock for all: whatever waits has left the way that must be fast.
 */
struct pmip_holds {
	spinlock_t lock;	/* of all below */
	bool closed;
	struct rhashtable table;
	struct rhashtable shares;
	struct list_head timed;
	u32 pass;
	u32 n;
	struct pmip_hold_conf conf;
	struct pmip_hold_use use;
	u64 counts[PMIP_HOLD_COUNTS];
	struct delayed_work work;
	unsigned long due;
	bool armed;
	struct pmip_sender __percpu *senders;
};

/* What is known of a packet in a queue */
struct pmip_hold_cb {
	unsigned long since;
	struct pmip_hold_use use;
	unsigned int flags;
};

static inline struct pmip_hold_cb *pmip_hold_cb(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct pmip_hold_cb) > sizeof(skb->cb));
	return (struct pmip_hold_cb *)skb->cb;
}

int pmip_hold_init(struct pmip_holds *holds);
void pmip_hold_close(struct pmip_holds *holds);
void pmip_hold_destroy(struct pmip_holds *holds);
int pmip_hold_strip(struct sk_buff *skb);
void pmip_hold_packet(struct pmip_net *pn, struct pmip_binding *b,
		      struct sk_buff *skb, unsigned int flags);
bool pmip_hold_behind(struct pmip_net *pn, struct pmip_binding *b,
		      const struct pmip_flow *f, const struct pmip_path *own,
		      struct sk_buff *skb, unsigned int flags);
void pmip_hold_end(struct pmip_net *pn, struct pmip_binding *b);

/* With the lock held */
struct pmip_hold *pmip_hold_find(struct pmip_holds *holds,
				 const struct pmip_binding *b);
struct pmip_hold *pmip_hold_get(struct pmip_holds *holds,
				struct pmip_binding *b);
struct sk_buff *pmip_hold_take(struct pmip_holds *holds, struct pmip_hold *h);
void pmip_hold_count(struct pmip_holds *holds, struct pmip_hold *h,
		     enum pmip_hold_count count, u32 packets);
void pmip_hold_discard(struct pmip_net *pn, struct pmip_hold *h,
		       struct sk_buff *skb, enum pmip_hold_count count,
		       enum pmip_drop reason);
void pmip_hold_settle(struct pmip_holds *holds, struct pmip_hold *h);
void pmip_hold_arm(struct pmip_holds *holds, unsigned long at);
bool pmip_hold_may_go(struct pmip_net *pn, const struct pmip_hold *h);

/* drain.c */
void pmip_hold_work(struct work_struct *work);
void pmip_hold_drain(struct pmip_net *pn, struct pmip_hold *h);
void pmip_hold_kick(struct pmip_holds *holds);
void pmip_hold_review(struct pmip_net *pn, struct pmip_binding *b);
int pmip_hold_release(struct pmip_net *pn, struct pmip_binding *b, u8 to,
		      struct netlink_ext_ack *extack);

#endif /* _PMIP_HOLD_H */
