// SPDX-License-Identifier: GPL-2.0
/* From a binding to the way that a packet takes, for every entrance alike. */
#include <linux/icmpv6.h>
#include <net/ipv6.h>

#include "binding.h"
#include "classify.h"
#include "flow.h"
#include "forward.h"
#include "hold.h"
#include "home.h"
#include "link.h"
#include "netns.h"
#include "output.h"
#include "select.h"
#include "trace.h"
#include "tunnel.h"

/* RFC 2473 §3.1: into and out of a tunnel is one forwarding step each. */
static bool pmip_hop(struct pmip_net *pn, struct sk_buff *skb)
{
	if (unlikely(ipv6_hdr(skb)->hop_limit <= 1)) {
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
		icmpv6_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
		pmip_drop_skb(pn, skb, PMIP_DROP_HOP_LIMIT);
		return false;
	}
	if (unlikely(skb_ensure_writable(skb, sizeof(struct ipv6hdr)))) {
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_MEMORY);
		return false;
	}
	ipv6_hdr(skb)->hop_limit--;
	return true;
}

/* Not by the path itself */
static noinline void pmip_forward_nowhere(struct pmip_net *pn,
					  struct pmip_binding *b,
					  struct pmip_path *p,
					  struct sk_buff *skb,
					  unsigned int flags)
{
	if (p->kind == PMIP_PATH_HOLD)
		pmip_hold_packet(pn, b, skb, flags);
	else if (p->kind == PMIP_PATH_HOME)
		pmip_home_send(pn, p, skb, flags);
	else
		pmip_drop_skb(pn, skb, PMIP_DROP_PATH_DROP);
}

static __always_inline void
pmip_forward_last(struct pmip_net *pn, struct pmip_binding *b,
		  struct pmip_path *p, struct sk_buff *skb, bool redirected,
		  unsigned int flags)
{
	if (p->kind == PMIP_PATH_TUNNEL)
		pmip_encapsulate(pn, pmip_path_tunnel(p), skb, redirected,
				 flags & PMIP_FWD_STACK);
	else if (likely(p->kind == PMIP_PATH_LINK))
		pmip_deliver(pn, p, skb);
	else
		pmip_forward_nowhere(pn, b, p, skb, flags);
}

static __always_inline void
pmip_forward_path(struct pmip_net *pn, struct pmip_binding *b,
		  struct pmip_path *p, struct sk_buff *skb, bool redirected,
		  unsigned int flags)
{
	pmip_binding_count_down(b, skb);
	if (unlikely(redirected))
		trace_pmip_redirect(skb, &b->prefix,
				    p->kind == PMIP_PATH_TUNNEL ?
				    pmip_path_tunnel(p)->id : 0,
				    p->kind == PMIP_PATH_LINK ?
				    p->key.link->ifindex : 0);
	pmip_forward_last(pn, b, p, skb, redirected, flags);
}

/**
 * pmip_forward_by() - send a packet on by a path that was chosen for it
 * @pn: the namespace
 * @p: the path, of any kind but hold
 * @skb: the packet, data at its IPv6 header, counted already; consumed
 * @redirected: there is a better path
 * @flags: PMIP_FWD_*
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_forward_by(struct pmip_net *pn, struct pmip_path *p,
		     struct sk_buff *skb, bool redirected, unsigned int flags)
{
	if ((flags & PMIP_FWD_HOP) && !pmip_hop(pn, skb))
		return;
	pmip_forward_last(pn, NULL, p, skb, redirected, flags);
}

static __always_inline void
pmip_forward_selected(struct pmip_net *pn, struct pmip_binding *b,
		      struct pmip_path *p, struct pmip_detour *detour,
		      struct sk_buff *skb, unsigned int flags)
{
	if (likely(p))
		pmip_forward_path(pn, b, p, skb, detour->taken, flags);
	else
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_PATH);
	if (unlikely(detour->lost))
		pmip_link_tell_down(detour->lost);
}

/*
 * Draft: flow mobility §5.2.  A flow whose own path is up, and was its own before,
 * has no part in what others wait for, and goes on; so does what is of no flow.
 */
static bool pmip_forward_flow(struct pmip_net *pn, struct pmip_binding *b,
			      struct sk_buff *skb, unsigned int flags,
			      u64 *bids)
{
	struct pmip_flow *f = pmip_classify(pn, b, skb);
	const struct pmip_path *own;

	if (f) {
		pmip_flow_count(f, skb);
		if (READ_ONCE(f->action) == PMIP_FLOW_DROP) {
			pmip_drop_skb(pn, skb, PMIP_DROP_FLOW);
			return false;
		}
		/* Pairs with pmip_flow_set_bids(). */
		*bids = smp_load_acquire(&f->bids);
	}
	if (likely(!READ_ONCE(b->waits)))
		return true;
	own = pmip_select_own(b, *bids);
	return !pmip_hold_behind(pn, b, f, own, skb, flags);
}

/*
 * Packets of the node wait, or it has flows.  Apart, so that packets of other
 * nodes need no registers for it.  Whether they wait is read here without the
 * lock, and asked again with it.  True if the packet goes on, by @bids if it can.
 */
static noinline bool pmip_forward_apart(struct pmip_net *pn,
					struct pmip_binding *b,
					struct sk_buff *skb, unsigned int flags,
					u64 *bids)
{
	*bids = 0;
	if (READ_ONCE(b->flags) & PMIP_BINDING_FLOWS)
		return pmip_forward_flow(pn, b, skb, flags, bids);
	return !READ_ONCE(b->waits) ||
	       !pmip_hold_behind(pn, b, NULL, NULL, skb, flags);
}

/**
 * pmip_forward_down() - send a packet to the mobile node
 * @pn: the namespace
 * @b: the binding of its destination
 * @skb: the packet, data at its IPv6 header; consumed
 * @flags: PMIP_FWD_*
 *
 * The first path that is up, of those that the packet's flow has or else of all:
 * at an access gateway whose link is lost that is the tunnel to the stable MAG
 * (draft: seamless handover §4.3).
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_forward_down(struct pmip_net *pn, struct pmip_binding *b,
		       struct sk_buff *skb, unsigned int flags)
{
	struct pmip_detour detour;
	struct pmip_path *p;
	u64 bids;

	if ((flags & PMIP_FWD_HOP) && !pmip_hop(pn, skb))
		return;
	if (unlikely(READ_ONCE(b->apart) & PMIP_BINDING_APART)) {
		if (!pmip_forward_apart(pn, b, skb, flags, &bids))
			return;
		p = pmip_select_flow(b, bids, flags & PMIP_FWD_LINKS_ONLY,
				     &detour);
	} else {
		p = pmip_select(b, flags & PMIP_FWD_LINKS_ONLY, &detour);
	}
	pmip_forward_selected(pn, b, p, &detour, skb, flags);
}

/**
 * pmip_forward_up() - send a mobile node's packet to its anchor
 * @pn: the namespace
 * @b: the binding of its source
 * @t: the binding's uplink
 * @skb: the packet, data at its IPv6 header; consumed
 * @flags: PMIP_FWD_*
 *
 * RFC 5213 §6.10.5: all the node's packets go through the tunnel.
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_forward_up(struct pmip_net *pn, struct pmip_binding *b,
		     struct pmip_tunnel *t, struct sk_buff *skb,
		     unsigned int flags)
{
	if (unlikely(!pmip_path_alive(&t->path))) {
		pmip_drop_skb(pn, skb, PMIP_DROP_UPLINK_DOWN);
		return;
	}
	if ((flags & PMIP_FWD_HOP) && !pmip_hop(pn, skb))
		return;
	pmip_binding_count_up(b, skb);
	pmip_encapsulate(pn, t, skb, false, flags & PMIP_FWD_STACK);
}
