// SPDX-License-Identifier: GPL-2.0
/*
 * What waits goes on: to the node when a path comes up, back to the anchor
 * when the controller says so (draft: fault tolerant multihoming §3.2: "MAG1
 * forwards the cached data to LMA by Tunnel"), or nowhere when it is too old.
 *
 * One at a time sends a queue's packets, and none of them with the lock held:
 * those that come meanwhile go behind.
 */
#include <net/ipv6.h>

#include "binding.h"
#include "classify.h"
#include "forward.h"
#include "gate.h"
#include "hold.h"
#include "marker.h"
#include "netns.h"
#include "output.h"
#include "return.h"
#include "select.h"
#include "tunnel.h"

/* Packets that are sent in one go, before others have their turn */
#define PMIP_DRAIN_BUDGET	256

/* The way that a queue's packets may take now: one of the two, or none is left */
struct pmip_drain_way {
	struct pmip_tunnel *uplink;
	struct pmip_path *path;
};

/* What the next packet's flow prefers, now */
static u64 pmip_drain_bids(struct pmip_net *pn, const struct pmip_hold *h)
{
	const struct sk_buff *skb = skb_peek(&h->queue);

	return skb ? pmip_classify_bids(pn, h->binding, skb) : 0;
}

/* A copy for a group goes to the node, or is dropped where the others go elsewhere. */
static bool pmip_drain_group_way(const struct pmip_hold *h,
				 struct pmip_drain_way *way)
{
	const struct pmip_binding *b = h->binding;

	way->path = pmip_select_link(b, 0);
	return way->path || h->returns || pmip_select_other(b, 0, NULL) ||
	       !pmip_select_holds(b);
}

static bool pmip_drain_way(struct pmip_net *pn, const struct pmip_hold *h,
			   struct pmip_drain_way *way)
{
	const struct sk_buff *skb = skb_peek(&h->queue);
	const unsigned int flags = skb ? pmip_hold_cb(skb)->flags : 0;
	const struct pmip_binding *b = h->binding;

	if (h->gate)
		return false;
	if (flags & PMIP_FWD_GROUP)
		return pmip_drain_group_way(h, way);
	/* Another access gateway has sent it on. */
	if (flags & PMIP_FWD_LINKS_ONLY) {
		way->path = pmip_select_link(b, pmip_drain_bids(pn, h));
		return true;
	}
	if (h->returns) {
		way->uplink = rcu_dereference(b->uplink);
		return way->uplink && pmip_path_alive(&way->uplink->path);
	}
	way->path = pmip_select_other(b, pmip_drain_bids(pn, h), NULL);
	return way->path || !pmip_select_holds(b);
}

static void pmip_drain_send(struct pmip_net *pn, struct pmip_binding *b,
			    const struct pmip_drain_way *way,
			    struct sk_buff *skb)
{
	const unsigned int flags = pmip_hold_cb(skb)->flags;

	/* By which an ICMPv6 error finds the namespace, if one is due. */
	skb->dev = rcu_dereference(pn->dev);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	if (way->uplink)
		pmip_encapsulate(pn, way->uplink, skb, false,
				 flags & PMIP_FWD_STACK);
	else
		pmip_forward_by(pn, way->path, skb,
				rcu_access_pointer(b->path[0]) != way->path,
				flags);
}

/*
 * One packet, or a marker behind the last; false if there is nothing to do,
 * or not @here: to drop one any processor will do.
 */
static bool pmip_drain_one(struct pmip_net *pn, struct pmip_hold *h, bool here)
	__must_hold(&pn->holds.lock)
{
	struct pmip_binding *b = h->binding;
	struct pmip_drain_way way = {};
	struct sk_buff *skb;
	u32 said;

	if (h->gone || !pmip_drain_way(pn, h, &way) ||
	    (!here && (way.uplink || way.path)))
		return false;
	skb = pmip_hold_take(&pn->holds, h);
	if (!skb && !h->markers)
		return false;
	if (skb && !way.uplink && !way.path) {
		pmip_hold_discard(pn, h, skb, PMIP_HOLD_DROPPED,
				  pmip_hold_cb(skb)->flags & PMIP_FWD_LINKS_ONLY ?
				  PMIP_DROP_NO_PATH : PMIP_DROP_HOLD_END);
		return true;
	}
	if (skb)
		pmip_hold_count(&pn->holds, h, way.uplink ? PMIP_HOLD_RETURNED :
							    PMIP_HOLD_FORWARDED,
				pmip_binding_packets(skb));
	else
		h->markers--;
	if (skb && way.uplink)
		h->back += pmip_binding_packets(skb);
	said = h->back;
	spin_unlock(&pn->holds.lock);
	if (skb)
		pmip_drain_send(pn, b, &way, skb);
	else
		pmip_marker_send(pn, way.uplink, b, said);
	spin_lock(&pn->holds.lock);
	pmip_sender_sent(h);
	return true;
}

/**
 * pmip_hold_may_go() - is there something to send, and a way for it
 * @pn: the namespace
 * @h: the queue
 *
 * Context: RCU read side, lock of the queues held. Return: true if there is.
 */
bool pmip_hold_may_go(struct pmip_net *pn, const struct pmip_hold *h)
{
	struct pmip_drain_way way = {};

	return (h->markers || !skb_queue_empty(&h->queue)) &&
	       pmip_drain_way(pn, h, &way);
}

static void pmip_drain_expire(struct pmip_net *pn, struct pmip_hold *h)
{
	const unsigned long age = msecs_to_jiffies(pn->holds.conf.age_ms);
	struct sk_buff *skb;

	while (!h->gate && (skb = skb_peek(&h->queue)) &&
	       time_after_eq(jiffies, pmip_hold_cb(skb)->since + age))
		pmip_hold_discard(pn, h, pmip_hold_take(&pn->holds, h),
				  PMIP_HOLD_EXPIRED, PMIP_DROP_HOLD_AGE);
}

/**
 * pmip_hold_drain() - send what may go, in order
 * @pn: the namespace
 * @h: the queue
 *
 * If it goes by another processor, that is asked to.
 *
 * Context: RCU read side since @h was found, bottom halves off.
 */
void pmip_hold_drain(struct pmip_net *pn, struct pmip_hold *h)
{
	struct pmip_holds *holds = &pn->holds;
	unsigned int n = 0;
	bool here, more;

	spin_lock(&holds->lock);
	if (h->gone || h->draining)
		goto out;
	here = pmip_sender_is_here(h);
	h->draining = true;
	while (n < PMIP_DRAIN_BUDGET && pmip_drain_one(pn, h, here))
		n++;
	h->draining = false;
	if (h->gone)
		goto out;
	more = pmip_hold_may_go(pn, h);
	if (!more)
		pmip_drain_expire(pn, h);
	if (more || (h->sent && !h->returns))
		pmip_sender_ask(holds, h, 0);
	pmip_hold_settle(holds, h);
out:
	spin_unlock(&holds->lock);
}

/**
 * pmip_hold_work() - let time end what it has to, and send what may go
 * @work: of all queues
 *
 * Context: process.
 */
void pmip_hold_work(struct work_struct *work)
{
	struct pmip_holds *holds = container_of(to_delayed_work(work),
						struct pmip_holds, work);
	struct pmip_net *pn = container_of(holds, struct pmip_net, holds);
	struct pmip_hold *h;

	spin_lock_bh(&holds->lock);
	holds->armed = false;
	holds->pass++;
	for (;;) {
		h = list_first_entry_or_null(&holds->timed, struct pmip_hold,
					     timed);
		if (!h || h->pass == holds->pass)
			break;
		h->pass = holds->pass;
		list_move_tail(&h->timed, &holds->timed);
		pmip_return_tick(h);
		rcu_read_lock();
		spin_unlock(&holds->lock);
		pmip_hold_drain(pn, h);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
		spin_lock_bh(&holds->lock);
	}
	spin_unlock_bh(&holds->lock);
}

/**
 * pmip_hold_kick() - a path has come up: look at what waits, soon
 * @holds: all queues
 *
 * Context: any.
 */
void pmip_hold_kick(struct pmip_holds *holds)
{
	if (!READ_ONCE(holds->n))
		return;
	spin_lock_bh(&holds->lock);
	pmip_hold_arm(holds, jiffies);
	spin_unlock_bh(&holds->lock);
}

/**
 * pmip_hold_review() - a binding has other paths or another uplink
 * @pn: the namespace
 * @b: the binding
 *
 * Context: process, @pn->lock held.
 */
void pmip_hold_review(struct pmip_net *pn, struct pmip_binding *b)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;

	if (!READ_ONCE(holds->n))
		return;
	rcu_read_lock();
	spin_lock_bh(&holds->lock);
	h = pmip_hold_find(holds, b);
	if (h && rcu_access_pointer(b->uplink))
		pmip_return_close(h);
	spin_unlock(&holds->lock);
	if (h)
		pmip_hold_drain(pn, h);
	local_bh_enable();
	rcu_read_unlock();
}

/* Can packets of a binding go there at all? */
static int pmip_release_check(struct pmip_binding *b, u8 to,
			      struct netlink_ext_ack *extack)
{
	const struct pmip_tunnel *uplink = rcu_dereference(b->uplink);

	if (to == PMIP_HOLD_TO_RETURN && !uplink) {
		NL_SET_ERR_MSG(extack, "the binding has no uplink");
		return -EINVAL;
	}
	if (to == PMIP_HOLD_TO_RETURN && !pmip_path_alive(&uplink->path)) {
		NL_SET_ERR_MSG(extack, "the uplink is down");
		return -ENETDOWN;
	}
	if (to == PMIP_HOLD_TO_FORWARD && !pmip_select_other(b, 0, NULL)) {
		NL_SET_ERR_MSG(extack, "no path of the binding is up");
		return -ENETDOWN;
	}
	return 0;
}

static void pmip_release_to(struct pmip_net *pn, struct pmip_hold *h, u8 to)
{
	struct sk_buff *skb;

	pmip_gate_open(h);
	/* Those that go back already are counted on: the anchor knows of no new beginning. */
	if (!h->returns)
		h->back = 0;
	h->returns = to == PMIP_HOLD_TO_RETURN;
	h->markers = h->returns ? PMIP_MARKER_COPIES : 0;
	if (to != PMIP_HOLD_TO_DROP)
		return;
	while ((skb = pmip_hold_take(&pn->holds, h)))
		pmip_hold_discard(pn, h, skb, PMIP_HOLD_DROPPED,
				  PMIP_DROP_HOLD_END);
}

/**
 * pmip_hold_release() - say what becomes of what a binding holds
 * @pn: the namespace
 * @b: the binding
 * @to: enum pmip_hold_to
 * @extack: where to say what is wrong
 *
 * The end markers follow also where nothing was held: the anchor waits for them.
 * Packets that come after them, sent before the anchor knew, go back as well,
 * until a path to the node is up.
 *
 * Context: process, @pn->lock held.
 * Return: 0, -EINVAL, -ENETDOWN or -ENOMEM.
 */
int pmip_hold_release(struct pmip_net *pn, struct pmip_binding *b, u8 to,
		      struct netlink_ext_ack *extack)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;
	int err;

	rcu_read_lock();
	err = pmip_release_check(b, to, extack);
	if (err)
		goto out;
	spin_lock_bh(&holds->lock);
	h = to == PMIP_HOLD_TO_RETURN ? pmip_hold_get(holds, b) :
					pmip_hold_find(holds, b);
	if (h) {
		pmip_release_to(pn, h, to);
		pmip_hold_settle(holds, h);
	} else if (to == PMIP_HOLD_TO_RETURN) {
		err = -ENOMEM;
	}
	spin_unlock(&holds->lock);
	if (h)
		pmip_hold_drain(pn, h);
	local_bh_enable();
out:
	rcu_read_unlock();
	return err;
}
