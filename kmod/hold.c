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
#include "hold.h"
#include "netns.h"
#include "select.h"

static const struct rhashtable_params pmip_hold_params = {
	.key_len = sizeof(struct pmip_binding *),
	.key_offset = offsetof(struct pmip_hold, binding),
	.head_offset = offsetof(struct pmip_hold, node),
	.automatic_shrinking = true,
};

static const struct pmip_hold_conf pmip_hold_defaults = {
	.node = { .packets = 512, .bytes = 2 << 20 },
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
	INIT_LIST_HEAD(&h->timed);
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

/* Which limit would be passed, with that less and that more? */
static enum pmip_drop pmip_hold_full(const struct pmip_holds *holds,
				     const struct pmip_hold *h,
				     const struct pmip_hold_use *less,
				     const struct pmip_hold_use *more)
{
	const struct pmip_hold_share *link = h->share[PMIP_SHARE_LINK];

	if (!pmip_use_fits(&h->share[PMIP_SHARE_NODE]->use, less, more,
			   &holds->conf.node))
		return PMIP_DROP_HOLD_NODE;
	if (link && !pmip_use_fits(&link->use, less, more, &holds->conf.link))
		return PMIP_DROP_HOLD_LINK;
	if (!pmip_use_fits(&holds->use, less, more, &holds->conf.total))
		return PMIP_DROP_HOLD_TOTAL;
	return PMIP_DROP_COUNT;
}

/* Older packets of the binding go only if that makes room. */
static enum pmip_drop pmip_hold_room(struct pmip_net *pn, struct pmip_hold *h,
				     const struct pmip_hold_use *more)
{
	struct pmip_holds *holds = &pn->holds;
	const struct pmip_hold_use none = {};
	enum pmip_drop full = pmip_hold_full(holds, h, &none, more);

	if (holds->conf.policy != PMIP_HOLD_HEAD_DROP ||
	    pmip_hold_full(holds, h, &h->use, more) != PMIP_DROP_COUNT)
		return full;
	while (full != PMIP_DROP_COUNT) {
		pmip_hold_discard(pn, h, pmip_hold_take(holds, h),
				  PMIP_HOLD_DROPPED, full);
		full = pmip_hold_full(holds, h, &none, more);
	}
	return full;
}

/* Rid of all that is not the packet's own: it may outlive a device or a socket. */
static int pmip_hold_strip(struct sk_buff *skb)
{
	if (skb_orphan_frags_rx(skb, GFP_ATOMIC))
		return -ENOMEM;
	skb_orphan(skb);
	skb_scrub_packet(skb, false);
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
	pmip_hold_cb(skb)->since = jiffies;
	pmip_hold_cb(skb)->use = use;
	pmip_hold_cb(skb)->flags = flags & PMIP_FWD_STACK;
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
		*at = h->gate_until;
		return true;
	}
	if (skb) {
		/* Seldom: whoever waits long does not mind a little more. */
		*at = pmip_hold_cb(skb)->since + age;
		if (time_before(*at, jiffies + age / 32 + 1))
			*at = jiffies + age / 32 + 1;
		if (h->from && time_before(h->from_until, *at))
			*at = h->from_until;
		return true;
	}
	*at = h->from_until;
	return h->from;
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
	const bool waits = h->gate || h->returns || h->draining ||
			   !skb_queue_empty(&h->queue);
	unsigned long at;

	WRITE_ONCE(h->binding->waits, waits ? PMIP_WAITS : 0);
	if (!waits && !h->from) {
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

/* Has a flow whose own path is up nothing to do with what waits? */
static bool pmip_hold_apart(const struct pmip_hold *h,
			    const struct pmip_flow *own)
{
	return own && (s32)(READ_ONCE(own->moved) - h->moves) <= 0;
}

/**
 * pmip_hold_behind() - a packet goes behind those that wait
 * @pn: the namespace
 * @b: the binding of its destination, which has such
 * @own: its flow, if the path that this prefers is up, or NULL
 * @skb: the packet, its hop counted
 * @flags: PMIP_FWD_*
 *
 * What another access gateway has sent on does not wait: it came another way
 * than the rest, and must not go on to a third gateway.
 *
 * Context: RCU read side, bottom halves off.
 * Return: true if it was consumed, false if nothing waits any more.
 */
bool pmip_hold_behind(struct pmip_net *pn, struct pmip_binding *b,
		      const struct pmip_flow *own, struct sk_buff *skb,
		      unsigned int flags)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;

	if (flags & PMIP_FWD_LINKS_ONLY)
		return false;
	spin_lock(&holds->lock);
	h = b->waits == PMIP_WAITS ? pmip_hold_find(holds, b) : NULL;
	if (h && pmip_hold_is_over(h)) {
		h->returns = false;
		pmip_hold_settle(holds, h);
		h = NULL;
	}
	if (!h || pmip_hold_apart(h, own)) {
		spin_unlock(&holds->lock);
		return false;
	}
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
	err = rhashtable_init(&holds->table, &pmip_hold_params);
	if (err)
		return err;
	err = rhashtable_init(&holds->shares, &pmip_share_params);
	if (err)
		rhashtable_destroy(&holds->table);
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
}
