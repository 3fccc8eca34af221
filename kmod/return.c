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
 *
 * Where the controller wants the order kept, newer packets wait meanwhile in
 * the binding's queue, behind a gate that the gateway's end marker opens, or
 * time does.
 */
#include <net/ipv6.h>

#include "binding.h"
#include "classify.h"
#include "forward.h"
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
	h->from = NULL;
	h->gate = false;
}

/**
 * pmip_return_tick() - time ends what it has to
 * @h: the queue of a binding
 *
 * Context: lock of the queues held; the caller owes pmip_hold_drain().
 */
void pmip_return_tick(struct pmip_hold *h)
{
	if (h->gate && time_after_eq(jiffies, h->gate_until))
		h->gate = false;
	if (h->from && time_after_eq(jiffies, h->from_until))
		pmip_return_close(h);
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

static void pmip_return_open(struct pmip_net *pn, struct pmip_hold *h,
			     const struct pmip_return_conf *conf)
{
	/* What waits here must not become too old by that. */
	const u32 wait = min3(conf->wait_ms, conf->time_ms,
			      pn->holds.conf.age_ms);

	h->from = conf->from;
	h->from_until = jiffies + msecs_to_jiffies(conf->time_ms);
	h->moves = pn->moves;
	h->gate = wait;
	h->gate_until = jiffies + msecs_to_jiffies(wait);
}

/**
 * pmip_return_set() - say by which tunnel a binding's packets may come back
 * @pn: the namespace
 * @b: the binding
 * @conf: the tunnel, for how long, and how long newer packets wait
 * @extack: where to say what is wrong
 *
 * Context: process, @pn->lock held. Return: 0, -EINVAL or -ENOMEM.
 */
int pmip_return_set(struct pmip_net *pn, struct pmip_binding *b,
		    const struct pmip_return_conf *conf,
		    struct netlink_ext_ack *extack)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;
	int err = 0;

	if (conf->from)
		err = pmip_return_check(b, conf->from, extack);
	if (err)
		return err;
	rcu_read_lock();
	spin_lock_bh(&holds->lock);
	h = conf->from ? pmip_hold_get(holds, b) : pmip_hold_find(holds, b);
	if (h && conf->from)
		pmip_return_open(pn, h, conf);
	else if (h)
		pmip_return_close(h);
	else if (conf->from)
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
	list_for_each_entry(h, &holds->timed, timed)
		if (h->from == t)
			pmip_return_close(h);
	pmip_hold_arm(holds, jiffies);
	spin_unlock_bh(&holds->lock);
}

/* May a packet come back by this tunnel?  The end marker opens the gate. */
static struct pmip_hold *pmip_return_find(struct pmip_net *pn,
					  struct pmip_binding *b,
					  const struct pmip_tunnel *t,
					  const struct sk_buff *skb,
					  bool marker)
{
	struct pmip_holds *holds = &pn->holds;
	struct pmip_hold *h;

	spin_lock(&holds->lock);
	h = pmip_hold_find(holds, b);
	if (h && (h->from != t || time_after_eq(jiffies, h->from_until)))
		h = NULL;
	if (h && marker)
		h->gate = false;
	else if (h)
		pmip_hold_count(holds, h, PMIP_HOLD_ACCEPTED,
				pmip_binding_packets(skb));
	spin_unlock(&holds->lock);
	return h;
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
	bool marker = pmip_marker_is(skb, t, b);
	struct pmip_hold *h;
	struct pmip_path *p;

	if (!READ_ONCE(pn->holds.n) || ipv6_addr_any(&ip6->saddr) ||
	    (ipv6_addr_type(&ip6->saddr) & bad))
		return false;
	h = pmip_return_find(pn, b, t, skb, marker);
	if (!h)
		return false;
	if (marker) {
		consume_skb(skb);
		pmip_hold_drain(pn, h);
		return true;
	}
	p = pmip_select_other(b, pmip_classify_bids(pn, b, skb), &t->path);
	if (p)
		pmip_forward_by(pn, p, skb,
				rcu_access_pointer(b->path[0]) != p,
				PMIP_FWD_HOP);
	else
		pmip_drop_skb(pn, skb, PMIP_DROP_RETURN_PATH);
	return true;
}
