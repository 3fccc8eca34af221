// SPDX-License-Identifier: GPL-2.0
/*
 * The netdev ingress hook of each link.  It takes what it knows and what is
 * plain; anything unusual goes on to the stack, which ends in the same
 * functions by the tunnel protocol handler or the pmip device.
 *
 * What is taken here is orphaned, as the stack does with what comes in: a
 * sender on this host, in another namespace, has no say in how it goes on.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <net/ipv6.h>

#include "binding.h"
#include "decap.h"
#include "forward.h"
#include "group.h"
#include "input.h"
#include "link.h"
#include "netns.h"
#include "policy.h"
#include "replicate.h"
#include "tunnel.h"

/*
 * An IPv6 packet of this device?  A tag with a VLAN in it is another device's;
 * one with a priority alone comes off, as the stack has it.
 */
static bool pmip_input_ipv6(struct sk_buff *skb)
{
	const struct ipv6hdr *h;

	if (skb->protocol != htons(ETH_P_IPV6) ||
	    skb->pkt_type == PACKET_OTHERHOST ||
	    (skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb)) ||
	    !pskb_may_pull(skb, sizeof(*h)))
		return false;
	skb_reset_network_header(skb);
	h = ipv6_hdr(skb);
	if (h->version != 6 || ipv6_addr_is_multicast(&h->saddr))
		return false;
	__vlan_hwaccel_clear_tag(skb);
	return true;
}

/*
 * A priority tag around another tag: the core takes both off behind this hook,
 * and what is inside would never be asked for its source.
 */
static bool pmip_input_nested_tag(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) && !skb_vlan_tag_get_id(skb) &&
	       eth_type_vlan(skb->protocol);
}

/* A whole packet, rid of the link layer's padding? */
static bool pmip_input_whole(struct sk_buff *skb)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	unsigned int len;

	if (!skb_is_gso(skb)) {
		len = ntohs(h->payload_len) + sizeof(*h);
		/* No payload may mean a jumbogram: for the stack to judge. */
		if (len == sizeof(*h) || len > skb->len ||
		    pskb_trim_rcsum(skb, len))
			return false;
	}
	/* Segmentation and fragment lengths are reckoned from here. */
	skb_set_transport_header(skb, sizeof(*h));
	return true;
}

/* Between neighbours, or for many: never a packet of a home network prefix. */
static bool pmip_input_on_link(const struct ipv6hdr *h)
{
	return ipv6_addr_is_multicast(&h->daddr) ||
	       ipv6_addr_any(&h->saddr) ||
	       (ipv6_addr_type(&h->saddr) & IPV6_ADDR_LINKLOCAL) ||
	       (ipv6_addr_type(&h->daddr) & IPV6_ADDR_LINKLOCAL);
}

static const u8 *pmip_input_lladdr(const struct pmip_link *link,
				   const struct sk_buff *skb)
{
	const struct net_device *dev = READ_ONCE(link->dev);

	if (!skb_mac_header_was_set(skb) || !dev || dev->addr_len != ETH_ALEN)
		return NULL;
	return eth_hdr(skb)->h_source;
}

/* Does a source say nothing of where its packet comes from, beyond the link? */
static bool pmip_input_sourceless(const struct in6_addr *saddr)
{
	return ipv6_addr_any(saddr) ||
	       (ipv6_addr_type(saddr) & IPV6_ADDR_LINKLOCAL);
}

/*
 * The stack takes in what comes in a frame for many as if it were for this
 * host alone.  Neighbours have reason to ask so for one on the link, never for
 * one beyond it.
 */
static bool pmip_input_astray(const struct sk_buff *skb)
{
	return skb->pkt_type != PACKET_HOST &&
	       !(ipv6_addr_type(&ipv6_hdr(skb)->daddr) &
		 (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL));
}

/*
 * Is a packet that goes on to another host the stack's to send on?  Hop-by-hop
 * options are for every router on the way to look at.
 */
static __always_inline bool
pmip_input_stack(const struct pmip_link *link, const struct ipv6hdr *h)
{
	return (READ_ONCE(link->flags) & PMIP_LINK_F_STACK) ||
	       h->nexthdr == NEXTHDR_HOP || pmip_policy_forward(link->pn->net);
}

/*
 * RFC 5213 §6.10.3 and §9: a node's packet is tunnelled to its anchor, and
 * its source must be of a prefix bound to the neighbour that it came from.
 */
static unsigned int pmip_input_access(struct pmip_net *pn,
				      struct pmip_link *link,
				      struct sk_buff *skb)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	struct pmip_binding *b;
	struct pmip_tunnel *t;

	if (pmip_input_astray(skb))
		goto drop;
	if (pmip_input_sourceless(&h->saddr))
		return NF_ACCEPT;
	/* Also of what the stack goes on with: it asks for no source again. */
	b = pmip_binding_lookup(pn, &h->saddr);
	if (!b || !pmip_binding_has_neigh(b, link, pmip_input_lladdr(link, skb)))
		goto drop;
	if (pmip_input_on_link(h))
		return NF_ACCEPT;
	t = rcu_dereference(b->uplink);
	/* The anchor itself has no tunnel to go up: the stack routes it. */
	if (!t || pmip_input_stack(link, h) || !pmip_input_whole(skb))
		return NF_ACCEPT;
	skb_orphan(skb);
	pmip_forward_up(pn, b, t, skb, PMIP_FWD_HOP);
	return NF_STOLEN;

drop:
	pmip_drop_skb(pn, skb, PMIP_DROP_ACCESS_SPOOF);
	return NF_STOLEN;
}

/* To many: copies for those who listen, and the stack has its turn. */
static noinline unsigned int pmip_input_many(struct pmip_net *pn,
					     struct pmip_link *link,
					     struct sk_buff *skb)
{
	if (ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr) &&
	    pmip_group_is_routed(&ipv6_hdr(skb)->daddr) &&
	    pmip_input_whole(skb))
		pmip_replicate_native(pn, skb, READ_ONCE(link->flags) &
					       PMIP_LINK_F_STACK);
	return NF_ACCEPT;
}

static unsigned int pmip_input_core(struct pmip_net *pn, struct pmip_link *link,
				    struct sk_buff *skb)
{
	const struct ipv6hdr *h;
	struct pmip_binding *b;
	struct pmip_tunnel *t;

	if (unlikely(skb->pkt_type != PACKET_HOST))
		return skb->pkt_type == PACKET_MULTICAST ?
		       pmip_input_many(pn, link, skb) : NF_ACCEPT;
	if (!pmip_input_whole(skb))
		return NF_ACCEPT;
	h = ipv6_hdr(skb);
	if (h->nexthdr == IPPROTO_IPV6) {
		t = pmip_tunnel_find(pn, &h->daddr, &h->saddr);
		if (t) {
			/* Where policies stand, the tunnel protocol handler
			 * asks them; neighbours' packets are the controller's.
			 */
			if (pmip_policy_in(pn->net) ||
			    pmip_policy_forward(pn->net) ||
			    pmip_decap_is_neighbours(skb, sizeof(*h)))
				return NF_ACCEPT;
			skb_orphan(skb);
			skb_pull(skb, sizeof(*h));
			skb_postpull_rcsum(skb, h, sizeof(*h));
			return pmip_decapsulate(pn, t, skb,
						READ_ONCE(link->flags) &
						PMIP_LINK_F_STACK);
		}
	}
	if (pmip_input_stack(link, h) || pmip_input_on_link(h))
		return pmip_input_many(pn, link, skb);
	b = pmip_binding_lookup(pn, &h->daddr);
	/* Only the anchor takes native packets to a node (RFC 5213 §5.6.2). */
	if (!b || rcu_access_pointer(b->uplink))
		return NF_ACCEPT;
	skb_orphan(skb);
	pmip_forward_down(pn, b, skb, PMIP_FWD_HOP);
	return NF_STOLEN;
}

/**
 * pmip_input() - take a packet that came in by a link
 * @link: the link
 * @skb: the packet
 *
 * Context: softirq, RCU read side. Return: a netfilter verdict.
 */
unsigned int pmip_input(struct pmip_link *link, struct sk_buff *skb)
{
	struct pmip_net *pn = link->pn;

	if (unlikely(READ_ONCE(pn->dead)))
		return NF_ACCEPT;
	if (unlikely(link->type == PMIP_LINK_ACCESS &&
		     pmip_input_nested_tag(skb))) {
		pmip_drop_skb(pn, skb, PMIP_DROP_ACCESS_SPOOF);
		return NF_STOLEN;
	}
	if (!pmip_input_ipv6(skb))
		return NF_ACCEPT;
	if (link->type == PMIP_LINK_ACCESS)
		return pmip_input_access(pn, link, skb);
	return pmip_input_core(pn, link, skb);
}
