// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait, in a queue for each binding that has some (draft: fault
 * tolerant multihoming §3.2: "MAG1 begins to cache the data for MN").  A queue
 * comes with its first packet and goes with its last: a binding that holds
 * nothing has none.
 *
 * While there is one, packets to the node go behind those that wait, wherever
 * they could go: only one at a time sends what is in a queue (kmod/drain.c).
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "binding.h"
#include "flow.h"
#include "forward.h"
#include "gate.h"
#include "hold.h"
#include "limit.h"
#include "netns.h"
#include "node.h"
#include "return.h"
#include "select.h"

static const struct rhashtable_params pmip_hold_params = {
	.key_len = sizeof(struct pmip_binding *),
	.key_offset = offsetof(struct pmip_hold, binding),
	.head_offset = offsetof(struct pmip_hold, node),
	.automatic_shrinking = true,
};

static const struct pmip_hold_conf pmip_hold_defaults = {
	/* 1000 packets a second for as long as the age */
	.node = { .packets = 4096, .bytes = 8 << 20 },
	.link = { .packets = 8192, .bytes = 32 << 20 },
	.total = { .packets = 16384, .bytes = 64 << 20 },
	/* A deregistration and two of its retransmissions (RFC 6275 §12) */
	.age_ms = 4000,
	.policy = PMIP_HOLD_TAIL_DROP,
};

/**
 * pmip_hold_find() - the queue of a binding
 * @holds: all queues
 * @b: the binding
 *
 * Context: @holds->lock held. Return: the queue or NULL.
 */
struct pmip_hold *pmip_hold_find(struct pmip_holds *holds,
				 const struct pmip_binding *b)
{
	return rhashtable_lookup_fast(&holds->table, &b, pmip_hold_params);
}

/* Is the binding going, or the namespace? */
static bool pmip_hold_never(const struct pmip_holds *holds,
			    const struct pmip_binding *b)
{
	return holds->closed || b->waits == PMIP_WAITS_GONE;
}

/**
 * pmip_hold_get() - the queue of a binding, made if there is none
 * @holds: all queues
 * @b: the binding
 *
 * Context: RCU read side, @holds->lock held.
 * Return: the queue, or NULL: no memory, or the binding is going.
 */
struct pmip_hold *pmip_hold_get(struct pmip_holds *holds,
				struct pmip_binding *b)
{
	struct pmip_hold *h = pmip_hold_find(holds, b);

	if (h || pmip_hold_never(holds, b))
		return h;
	h = kzalloc(sizeof(*h), GFP_ATOMIC);
	if (!h)
		return NULL;
	h->binding = b;
	h->moves = READ_ONCE(container_of(holds, struct pmip_net, holds)->moves);
	h->cpu = smp_processor_id();
	INIT_LIST_HEAD(&h->timed);
	INIT_LIST_HEAD(&h->asked);
	__skb_queue_head_init(&h->queue);
	if (pmip_shares_get(&holds->shares, h->share, b))
		goto err_free;
	if (rhashtable_insert_fast(&holds->table, &h->node, pmip_hold_params))
		goto err_shares;
	WRITE_ONCE(holds->n, holds->n + 1);
	return h;

err_shares:
	pmip_shares_put(&holds->shares, h->share);
err_free:
	kfree(h);
	return NULL;
}

static void pmip_hold_remove(struct pmip_holds *holds, struct pmip_hold *h)
{
	rhashtable_remove_fast(&holds->table, &h->node, pmip_hold_params);
	list_del(&h->timed);
	list_del_init(&h->asked);
	pmip_shares_put(&holds->shares, h->share);
	WRITE_ONCE(holds->n, holds->n - 1);
	h->gone = true;
	kfree_rcu(h, rcu);
}

/**
 * pmip_hold_count() - count what has become of packets
 * @holds: all queues
 * @h: the queue
 * @count: what has
 * @packets: of how many
 *
 * Context: @holds->lock held.
 */
void pmip_hold_count(struct pmip_holds *holds, struct pmip_hold *h,
		     enum pmip_hold_count count, u32 packets)
{
	h->counts[count] += packets;
	holds->counts[count] += packets;
}

/**
 * pmip_hold_take() - take the oldest packet out of a queue
 * @holds: all queues
 * @h: the queue
 *
 * Context: @holds->lock held. Return: the packet or NULL.
 */
struct sk_buff *pmip_hold_take(struct pmip_holds *holds, struct pmip_hold *h)
{
	struct sk_buff *skb = __skb_dequeue(&h->queue);
	const struct pmip_hold_use *use;
	int i;

	if (!skb)
		return NULL;
	use = &pmip_hold_cb(skb)->use;
	pmip_use_sub(&h->use, use);
	pmip_use_sub(&holds->use, use);
	for (i = 0; i < PMIP_HOLD_SHARES; i++)
		if (h->share[i])
			pmip_use_sub(&h->share[i]->use, use);
	return skb;
}

/**
 * pmip_hold_discard() - drop a packet that is in no queue, or in none any more
 * @pn: the namespace
 * @h: the queue
 * @skb: the packet, consumed
 * @count: what that is to the queue
 * @reason: why
 *
 * Context: the lock of the queues held.
 */
void pmip_hold_discard(struct pmip_net *pn, struct pmip_hold *h,
		       struct sk_buff *skb, enum pmip_hold_count count,
		       enum pmip_drop reason)
{
	pmip_hold_count(&pn->holds, h, count, pmip_binding_packets(skb));
	pmip_drop_skb(pn, skb, reason);
}

/* Older packets of the binding go only if that makes room. */
static enum pmip_drop pmip_hold_room(struct pmip_net *pn, struct pmip_hold *h,
				     const struct pmip_hold_use *more)
{
	struct pmip_holds *holds = &pn->holds;
	const struct pmip_hold_use none = {};
	enum pmip_drop full = pmip_limit_passed(holds, h, &none, more);

	if (holds->conf.policy != PMIP_HOLD_HEAD_DROP ||
	    pmip_limit_passed(holds, h, &h->use, more) != PMIP_DROP_COUNT)
		return full;
	while (full != PMIP_DROP_COUNT) {
		pmip_hold_discard(pn, h, pmip_hold_take(holds, h),
				  PMIP_HOLD_DROPPED, full);
		full = pmip_limit_passed(holds, h, &none, more);
	}
	return full;
}

/**
 * pmip_hold_strip() - rid a packet of all that is not its own
 * @skb: the packet, which may outlive a device or a socket
 *
 * Context: any. Return: 0 or -ENOMEM.
 */
int pmip_hold_strip(struct sk_buff *skb)
{
	if (skb_orphan_frags_rx(skb, GFP_ATOMIC))
		return -ENOMEM;
	skb_orphan(skb);
	pmip_forward_scrub(skb);
	skb->dev = NULL;
	return 0;
}

static void pmip_hold_add(struct pmip_net *pn, struct pmip_hold *h,
			  struct sk_buff *skb, unsigned int flags)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold_use use = { .packets = pmip_binding_packets(skb) };
	enum pmip_drop full;
	int i;

	if (pmip_hold_strip(skb)) {
		pmip_hold_discard(pn, h, skb, PMIP_HOLD_DROPPED,
				  PMIP_DROP_NO_MEMORY);
		return;
	}
	use.bytes = skb->truesize;
	full = pmip_hold_room(pn, h, &use);
	if (full != PMIP_DROP_COUNT) {
		pmip_hold_discard(pn, h, skb, PMIP_HOLD_DROPPED, full);
		return;
	}
	if (skb_queue_empty(&h->queue) && !h->gate)
		pmip_sender_claim(h);
	pmip_hold_cb(skb)->since = jiffies;
	pmip_hold_cb(skb)->use = use;
	pmip_hold_cb(skb)->flags = flags & (PMIP_FWD_STACK |
					    PMIP_FWD_LINKS_ONLY |
					    PMIP_FWD_GROUP);
	__skb_queue_tail(&h->queue, skb);
	pmip_use_add(&h->use, &use);
	pmip_use_add(&holds->use, &use);
	for (i = 0; i < PMIP_HOLD_SHARES; i++)
		if (h->share[i])
			pmip_use_add(&h->share[i]->use, &use);
	pmip_hold_count(holds, h, PMIP_HOLD_HELD, use.packets);
}

/**
 * pmip_hold_arm() - have the work run at a time, or sooner
 * @holds: all queues
 * @at: jiffies
 *
 * Context: @holds->lock held.
 */
void pmip_hold_arm(struct pmip_holds *holds, unsigned long at)
{
	if (holds->closed || (holds->armed && !time_before(at, holds->due)))
		return;
	holds->armed = true;
	holds->due = at;
	mod_delayed_work(system_wq, &holds->work,
			 time_after(at, jiffies) ? at - jiffies : 0);
}

/* When time ends something here next, or false if it never does */
static bool pmip_hold_due(const struct pmip_holds *holds,
			  const struct pmip_hold *h, unsigned long *at)
{
	const unsigned long age = msecs_to_jiffies(holds->conf.age_ms);
	const struct sk_buff *skb = skb_peek(&h->queue);

	if (h->gate) {
		*at = pmip_gate_due(h);
		return true;
	}
	if (skb) {
		/* Seldom: whoever waits long does not mind a little more. */
		*at = pmip_hold_cb(skb)->since + age;
		if (time_before(*at, jiffies + age / 32 + 1))
			*at = jiffies + age / 32 + 1;
		if (h->takes && time_before(pmip_return_until(h), *at))
			*at = pmip_return_until(h);
		return true;
	}
	*at = pmip_return_until(h);
	return h->takes;
}

/**
 * pmip_hold_settle() - something has changed in a queue
 * @holds: all queues
 * @h: the queue, which goes if nothing is left to do for it
 *
 * Context: @holds->lock held.
 */
void pmip_hold_settle(struct pmip_holds *holds, struct pmip_hold *h)
{
	const bool waits = h->gate || h->returns || h->draining || h->sent ||
			   !skb_queue_empty(&h->queue);
	unsigned long at;

	WRITE_ONCE(h->binding->waits, waits ? PMIP_WAITS : 0);
	if (!waits && !h->takes) {
		pmip_hold_remove(holds, h);
		return;
	}
	if (!pmip_hold_due(holds, h, &at)) {
		list_del_init(&h->timed);
		return;
	}
	if (list_empty(&h->timed)) {
		h->pass = holds->pass;
		list_add_tail(&h->timed, &holds->timed);
	}
	pmip_hold_arm(holds, at);
}

/**
 * pmip_hold_packet() - a packet has no way to the node but to wait
 * @pn: the namespace
 * @b: the binding of its destination
 * @skb: the packet, its hop counted; consumed
 * @flags: PMIP_FWD_*
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_hold_packet(struct pmip_net *pn, struct pmip_binding *b,
		      struct sk_buff *skb, unsigned int flags)
{
	struct pmip_holds *holds = &pn->holds;
	enum pmip_drop reason;
	struct pmip_hold *h;

	/* Another gateway has sent it on: it must not go to a third. */
	if (flags & PMIP_FWD_LINKS_ONLY) {
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_PATH);
		return;
	}
	spin_lock(&holds->lock);
	h = pmip_hold_get(holds, b);
	if (!h) {
		reason = pmip_hold_never(holds, b) ? PMIP_DROP_HOLD_END :
						     PMIP_DROP_NO_MEMORY;
		spin_unlock(&holds->lock);
		pmip_drop_skb(pn, skb, reason);
		return;
	}
	pmip_hold_add(pn, h, skb, flags);
	pmip_hold_settle(holds, h);
	spin_unlock(&holds->lock);
	/* The link may have come back meanwhile, or the uplink be what to take. */
	pmip_hold_drain(pn, h);
}

/* The last packet has gone back, and the node is there again. */
static bool pmip_hold_is_over(const struct pmip_hold *h)
{
	return h->returns && !h->draining && skb_queue_empty(&h->queue) &&
	       pmip_select_other(h->binding, 0, NULL);
}

/*
 * Has a packet that could go by its own path nothing to do with what waits?  What is
 * of no flow may be of one that was.
 */
static bool pmip_hold_apart(const struct pmip_hold *h,
			    const struct pmip_flow *f,
			    const struct pmip_path *own)
{
	u32 moved;

	if (!own || (!f && own != h->rest))
		return false;
	moved = f ? READ_ONCE(f->moved) : pmip_node_parted(h->binding);
	return (s32)(moved - h->moves) <= 0;
}

/* Does what waits go, or has it gone, where a packet goes that may take no tunnel? */
static bool pmip_hold_delivers(const struct pmip_hold *h)
{
	return !h->gate && !h->returns && pmip_select_link(h->binding, 0);
}

/* Those before a packet, if it has to go behind any */
static struct pmip_hold *pmip_hold_ahead(struct pmip_holds *holds,
					 struct pmip_binding *b,
					 const struct pmip_flow *f,
					 const struct pmip_path *own,
					 unsigned int flags)
{
	struct pmip_hold *h;

	h = b->waits == PMIP_WAITS ? pmip_hold_find(holds, b) : NULL;
	if (h && pmip_hold_is_over(h)) {
		h->returns = false;
		h->markers = 0;
		h->sent = false;
		pmip_hold_settle(holds, h);
		return NULL;
	}
	if (!h || pmip_hold_apart(h, f, own))
		return NULL;
	return !(flags & PMIP_FWD_LINKS_ONLY) || pmip_hold_delivers(h) ? h : NULL;
}

/**
 * pmip_hold_behind() - a packet goes behind those that wait
 * @pn: the namespace
 * @b: the binding of its destination, which has such
 * @f: its flow, or NULL
 * @own: the path by which the rest of the flow goes, or what is of none, or NULL
 * @skb: the packet, its hop counted
 * @flags: PMIP_FWD_*
 *
 * What another access gateway has sent on must not go on to a third, so it does
 * not wait for a way.  But once there is a link it goes behind what leaves by that:
 * part of the same stream may have waited, until the node's anchor has answered
 * and the tunnel is not the binding's uplink any more.
 *
 * Context: RCU read side, bottom halves off.
 * Return: true if it was consumed, false if nothing waits any more.
 */
bool pmip_hold_behind(struct pmip_net *pn, struct pmip_binding *b,
		      const struct pmip_flow *f, const struct pmip_path *own,
		      struct sk_buff *skb, unsigned int flags)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;

	spin_lock(&holds->lock);
	h = pmip_hold_ahead(holds, b, f, own, flags);
	if (h && pmip_gate_overflow(holds, h, skb)) {
		spin_unlock(&holds->lock);
		pmip_hold_drain(pn, h);
		spin_lock(&holds->lock);
		h = pmip_hold_ahead(holds, b, f, own, flags);
	}
	if (!h) {
		spin_unlock(&holds->lock);
		return false;
	}
	/* Others of no flow must not pass this one, whatever path is up again. */
	if (!f)
		h->rest = NULL;
	pmip_binding_count_down(b, skb);
	pmip_hold_add(pn, h, skb, flags);
	pmip_hold_settle(holds, h);
	spin_unlock(&holds->lock);
	pmip_hold_drain(pn, h);
	return true;
}

/**
 * pmip_hold_end() - a binding is going, and its queue with it
 * @pn: the namespace
 * @b: the binding, in no table any more
 *
 * Context: process, @pn->lock held.
 */
void pmip_hold_end(struct pmip_net *pn, struct pmip_binding *b)
{
	struct pmip_holds *holds = &pn->holds;
	struct sk_buff *skb;
	struct pmip_hold *h;

	spin_lock_bh(&holds->lock);
	WRITE_ONCE(b->waits, PMIP_WAITS_GONE);
	h = pmip_hold_find(holds, b);
	if (h) {
		while ((skb = pmip_hold_take(holds, h)))
			pmip_hold_discard(pn, h, skb, PMIP_HOLD_DROPPED,
					  PMIP_DROP_HOLD_END);
		pmip_hold_remove(holds, h);
	}
	spin_unlock_bh(&holds->lock);
}

/**
 * pmip_hold_init() - nothing is held yet
 * @holds: all queues, zeroed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_hold_init(struct pmip_holds *holds)
{
	int err;

	spin_lock_init(&holds->lock);
	INIT_LIST_HEAD(&holds->timed);
	INIT_DELAYED_WORK(&holds->work, pmip_hold_work);
	holds->conf = pmip_hold_defaults;
	err = pmip_senders_init(holds);
	if (err)
		return err;
	err = rhashtable_init(&holds->table, &pmip_hold_params);
	if (err)
		goto err_senders;
	err = rhashtable_init(&holds->shares, &pmip_share_params);
	if (err)
		goto err_table;
	return 0;

err_table:
	rhashtable_destroy(&holds->table);
err_senders:
	pmip_senders_free(holds);
	return err;
}

/**
 * pmip_hold_close() - hold nothing more, and send nothing
 * @holds: all queues
 *
 * Context: process.
 */
void pmip_hold_close(struct pmip_holds *holds)
{
	spin_lock_bh(&holds->lock);
	holds->closed = true;
	spin_unlock_bh(&holds->lock);
	cancel_delayed_work_sync(&holds->work);
	pmip_senders_stop(holds);
}

/**
 * pmip_hold_destroy() - free the tables, once all bindings are gone
 * @holds: all queues
 *
 * Context: process.
 */
void pmip_hold_destroy(struct pmip_holds *holds)
{
	rhashtable_destroy(&holds->shares);
	rhashtable_destroy(&holds->table);
	pmip_senders_free(holds);
}
