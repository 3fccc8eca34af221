// SPDX-License-Identifier: GPL-2.0
/*
 * Packets to a node that an access gateway could not deliver and sends back
 * (draft: fault tolerant multihoming §3.2: "then LMA checks the BCE table and
 * finds out that IF2 is available, so the cached data are sent to MAG2").
 *
 * RFC 5213 §5.6.2 has the anchor take a packet out of a tunnel only if its
 * source is bound to that tunnel.  This is the one exception: the destination
 * is bound here, and the controller has said of this binding that its packets
 * may come back by this tunnel, for a time that ends by itself.  Such a packet
 * goes to the node by another path, and never into the tunnel that it came by.
 * A node may lose a second interface while packets still come back from the
 * gateway of the first, so there are some such tunnels for a binding.
 *
 * Where the controller wants the order kept, newer packets wait meanwhile in
 * the binding's queue, behind a gate (kmod/gate.c).
 */
#include <net/ipv6.h>

#include "binding.h"
#include "classify.h"
#include "flow.h"
#include "forward.h"
#include "gate.h"
#include "hold.h"
#include "marker.h"
#include "netns.h"
#include "return.h"
#include "select.h"
#include "tunnel.h"

/**
 * pmip_return_close() - nothing may come back any more
 * @h: the queue of the binding
 *
 * Context: lock of the queues held; the caller owes pmip_hold_drain().
 */
void pmip_return_close(struct pmip_hold *h)
{
	h->takes = 0;
	pmip_gate_open(h);
}

static void pmip_return_close_one(struct pmip_hold *h, int i)
{
	h->takes &= ~BIT(i);
	pmip_gate_open_for(h, i);
}

/* Which of them is that by a tunnel, or a negative number */
static int pmip_return_index(const struct pmip_hold *h,
			     const struct pmip_tunnel *t)
{
	int i;

	for (i = 0; i < PMIP_HOLD_FROM; i++)
		if (h->takes & BIT(i) && h->from[i].tunnel == t)
			return i;
	return -ENOENT;
}

static void pmip_return_close_from(struct pmip_hold *h,
				   const struct pmip_tunnel *t)
{
	const int i = pmip_return_index(h, t);

	if (i >= 0)
		pmip_return_close_one(h, i);
}

static bool pmip_return_takes(const struct pmip_hold *h,
			      const struct pmip_tunnel *t)
{
	const int i = pmip_return_index(h, t);

	return i >= 0 && time_before(jiffies, h->from[i].until);
}

/**
 * pmip_return_until() - until when packets may come back by any tunnel
 * @h: the queue of a binding
 *
 * Context: lock of the queues held. Return: jiffies; of no use if by none.
 */
unsigned long pmip_return_until(const struct pmip_hold *h)
{
	unsigned long until = jiffies;
	int i;

	for (i = 0; i < PMIP_HOLD_FROM; i++)
		if (h->takes & BIT(i) && time_after(h->from[i].until, until))
			until = h->from[i].until;
	return until;
}

/**
 * pmip_return_tick() - time ends what it has to
 * @h: the queue of a binding
 *
 * Context: lock of the queues held; the caller owes pmip_hold_drain().
 */
void pmip_return_tick(struct pmip_hold *h)
{
	int i;

	pmip_gate_tick(h);
	for (i = 0; i < PMIP_HOLD_FROM; i++)
		if (h->takes & BIT(i) &&
		    time_after_eq(jiffies, h->from[i].until))
			pmip_return_close_one(h, i);
}

static int pmip_return_check(const struct pmip_binding *b,
			     const struct pmip_tunnel *from,
			     struct netlink_ext_ack *extack)
{
	if (rcu_access_pointer(b->uplink)) {
		NL_SET_ERR_MSG(extack, "packets come back to the anchor only");
		return -EINVAL;
	}
	if (from->role != PMIP_TUNNEL_LMA_TO_MAG) {
		NL_SET_ERR_MSG(extack,
			       "packets come back from an access gateway only");
		return -EINVAL;
	}
	return 0;
}

/* Where a tunnel has its place, or gets it; in need that which ends soonest goes */
static int pmip_return_place(const struct pmip_hold *h,
			     const struct pmip_tunnel *t)
{
	int i = pmip_return_index(h, t), first = 0;

	if (i >= 0)
		return i;
	for (i = 0; i < PMIP_HOLD_FROM; i++) {
		if (!(h->takes & BIT(i)))
			return i;
		if (time_before(h->from[i].until, h->from[first].until))
			first = i;
	}
	return first;
}

/*
 * Whom newer packets wait for has had none that is of no flow, if these went another
 * way until now.  Without flows nothing else can have gone by that gateway.
 */
static void pmip_return_set_rest(struct pmip_net *pn, struct pmip_hold *h)
{
	const struct pmip_binding *b = h->binding;
	const struct pmip_path *p = NULL;

	if (READ_ONCE(b->flags) & PMIP_BINDING_FLOWS)
		p = pmip_select_own(b, 0);
	h->rest = p && p->kind == PMIP_PATH_TUNNEL ? p : NULL;
	h->moves = pn->moves;
}

static void pmip_return_open(struct pmip_net *pn, struct pmip_hold *h,
			     const struct pmip_return_conf *conf)
{
	/* What waits here must not become too old by that. */
	const u32 wait = min3(conf->wait_ms, conf->time_ms,
			      pn->holds.conf.age_ms);
	const unsigned long until = jiffies + msecs_to_jiffies(wait);
	const int i = pmip_return_place(h, conf->from);
	const bool waits = h->gate || !skb_queue_empty(&h->queue);

	pmip_return_close_one(h, i);
	h->from[i] = (struct pmip_hold_from) {
		.tunnel = conf->from,
		.until = jiffies + msecs_to_jiffies(conf->time_ms),
	};
	h->takes |= BIT(i);
	/* What has moved since others began to wait still has to */
	if (!waits)
		pmip_return_set_rest(pn, h);
	if (h->rest == &conf->from->path)
		h->rest = NULL;
	if (wait)
		pmip_gate_close(h, i, until);
}

/**
 * pmip_return_set() - say by which tunnel a binding's packets may come back
 * @pn: the namespace
 * @b: the binding
 * @conf: the tunnel, for how long, and how long newer packets wait
 * @extack: where to say what is wrong
 *
 * Those said before stay, up to PMIP_HOLD_FROM.  For no time that tunnel's end, and
 * without a tunnel all do.
 *
 * Context: process, @pn->lock held. Return: 0, -EINVAL or -ENOMEM.
 */
int pmip_return_set(struct pmip_net *pn, struct pmip_binding *b,
		    const struct pmip_return_conf *conf,
		    struct netlink_ext_ack *extack)
{
	const bool opens = conf->from && conf->time_ms;
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;
	int err = 0;

	if (conf->from)
		err = pmip_return_check(b, conf->from, extack);
	if (err)
		return err;
	rcu_read_lock();
	spin_lock_bh(&holds->lock);
	h = opens ? pmip_hold_get(holds, b) : pmip_hold_find(holds, b);
	if (h && opens)
		pmip_return_open(pn, h, conf);
	else if (h && conf->from)
		pmip_return_close_from(h, conf->from);
	else if (h)
		pmip_return_close(h);
	else if (opens)
		err = -ENOMEM;
	if (h)
		pmip_hold_settle(holds, h);
	spin_unlock(&holds->lock);
	if (h)
		pmip_hold_drain(pn, h);
	local_bh_enable();
	rcu_read_unlock();
	return err;
}

/**
 * pmip_return_forget() - a tunnel is going
 * @pn: the namespace
 * @t: the tunnel
 *
 * Context: process, @pn->lock held.
 */
void pmip_return_forget(struct pmip_net *pn, const struct pmip_tunnel *t)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;

	if (!READ_ONCE(holds->n))
		return;
	spin_lock_bh(&holds->lock);
	list_for_each_entry(h, &holds->timed, timed) {
		pmip_return_close_from(h, t);
		if (h->rest == &t->path)
			h->rest = NULL;
	}
	pmip_hold_arm(holds, jiffies);
	spin_unlock_bh(&holds->lock);
}

/* What waits, or waited, for a binding's packets, if they may come back by this tunnel */
static struct pmip_hold *pmip_return_find(struct pmip_holds *holds,
					  struct pmip_binding *b,
					  const struct pmip_tunnel *t)
{
	struct pmip_hold *h = pmip_hold_find(holds, b);

	return h && pmip_return_takes(h, t) ? h : NULL;
}

/* May an end marker come back by this tunnel?  What waits leaves by another processor. */
static struct pmip_hold *pmip_return_marked(struct pmip_net *pn,
					    struct pmip_binding *b,
					    const struct pmip_tunnel *t,
					    u32 said)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;

	spin_lock(&holds->lock);
	h = pmip_return_find(holds, b, t);
	if (h)
		pmip_gate_marked(h, pmip_return_index(h, t), said);
	spin_unlock(&holds->lock);
	return h;
}

/* May a packet come back by this tunnel?  What waits leaves by the same processor. */
static struct pmip_hold *pmip_return_comes(struct pmip_net *pn,
					   struct pmip_binding *b,
					   const struct pmip_tunnel *t,
					   const struct sk_buff *skb)
{
	const unsigned int packets = pmip_binding_packets(skb);
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;

	spin_lock(&holds->lock);
	h = pmip_return_find(holds, b, t);
	if (h) {
		pmip_sender_claim(h);
		pmip_gate_comes(h, pmip_return_index(h, t), packets);
		pmip_hold_count(holds, h, PMIP_HOLD_ACCEPTED, packets);
	}
	spin_unlock(&holds->lock);
	return h;
}

/* It has been sent on.  Newer ones that waited for it go, if it was the last. */
static void pmip_return_passed(struct pmip_net *pn, struct pmip_hold *h)
{
	bool opened;

	spin_lock(&pn->holds.lock);
	opened = pmip_gate_passed(h);
	spin_unlock(&pn->holds.lock);
	if (opened)
		pmip_hold_drain(pn, h);
}

/* To the node, but not into the tunnel that it came by */
static void pmip_return_send(struct pmip_net *pn, struct pmip_binding *b,
			     struct pmip_tunnel *t, u64 bids,
			     struct sk_buff *skb)
{
	struct pmip_path *p = pmip_select_other(b, bids, &t->path);

	if (p)
		pmip_forward_by(pn, p, skb,
				rcu_access_pointer(b->path[0]) != p,
				PMIP_FWD_HOP);
	else
		pmip_drop_skb(pn, skb, PMIP_DROP_RETURN_PATH);
}

/* As for any other packet to the node, which this one may be */
static void pmip_return_count(struct pmip_net *pn, struct pmip_binding *b,
			      struct pmip_tunnel *t, struct sk_buff *skb)
{
	struct pmip_flow *f = NULL;

	if (READ_ONCE(b->flags) & PMIP_BINDING_FLOWS)
		f = pmip_classify(pn, b, skb);
	if (f)
		pmip_flow_count(f, skb);
	if (f && READ_ONCE(f->action) == PMIP_FLOW_DROP) {
		pmip_drop_skb(pn, skb, PMIP_DROP_FLOW);
		return;
	}
	pmip_binding_count_down(b, skb);
	pmip_return_send(pn, b, t, f ? READ_ONCE(f->bids) : 0, skb);
}

/**
 * pmip_return_turn() - a gateway has a packet of a node of its own for one that
 *	it has lost
 * @pn: the namespace
 * @b: the binding of its destination
 * @t: the tunnel that it came by
 * @skb: the packet, data at its IPv6 header, whose source is bound to @t
 *
 * It may have come back, which nothing tells, or not have been there yet: in
 * either case the gateway has no way for it.
 *
 * Context: softirq, RCU read side.
 * Return: true if packets to @b may come back by @t, and this one is consumed.
 */
bool pmip_return_turn(struct pmip_net *pn, struct pmip_binding *b,
		      struct pmip_tunnel *t, struct sk_buff *skb)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;
	bool lost;

	if (likely(!READ_ONCE(holds->n)))
		return false;
	spin_lock(&holds->lock);
	h = pmip_hold_find(holds, b);
	lost = h && pmip_return_takes(h, t);
	spin_unlock(&holds->lock);
	if (lost)
		pmip_return_count(pn, b, t, skb);
	return lost;
}

/**
 * pmip_return() - is a packet one that comes back
 * @pn: the namespace
 * @b: the binding of its destination
 * @t: the tunnel that it came by
 * @skb: the packet, data at its IPv6 header, whose source is not bound to @t
 *
 * It goes before those that wait, and by no filter of the FORWARD chain: it
 * has passed that on its first way.
 *
 * Context: softirq, RCU read side. Return: true if it was one, and is consumed.
 */
bool pmip_return(struct pmip_net *pn, struct pmip_binding *b,
		 struct pmip_tunnel *t, struct sk_buff *skb)
{
	const int bad = IPV6_ADDR_MULTICAST | IPV6_ADDR_LOOPBACK |
			IPV6_ADDR_LINKLOCAL;
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	struct pmip_hold *h;
	u32 said;

	if (!READ_ONCE(pn->holds.n) || ipv6_addr_any(&ip6->saddr) ||
	    (ipv6_addr_type(&ip6->saddr) & bad))
		return false;
	if (pmip_marker_read(skb, t, b, &said)) {
		h = pmip_return_marked(pn, b, t, said);
		if (!h)
			return false;
		consume_skb(skb);
		pmip_hold_drain(pn, h);
		return true;
	}
	h = pmip_return_comes(pn, b, t, skb);
	if (!h)
		return false;
	pmip_return_send(pn, b, t, pmip_classify_bids(pn, b, skb), skb);
	pmip_return_passed(pn, h);
	return true;
}
