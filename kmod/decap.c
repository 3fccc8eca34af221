// SPDX-License-Identifier: GPL-2.0
/*
 * Decapsulation (RFC 2473 §3.3), and the checks of RFC 5213 on what was inside.
 *
 * Direction is read off the bindings, not off the tunnel's role: where the
 * tunnel is the uplink of the destination's binding, or one of its paths, the
 * packet goes down to the node; else it came up from the node of its source.
 */
#include <linux/netfilter.h>
#include <net/inet_ecn.h>
#include <net/ip6_route.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/xfrm.h>

#include "binding.h"
#include "decap.h"
#include "forward.h"
#include "group.h"
#include "link.h"
#include "netns.h"
#include "policy.h"
#include "replicate.h"
#include "return.h"
#include "route.h"
#include "select.h"
#include "tunnel.h"

/* RFC 6040 §4.2 */
static bool pmip_decap_ecn(struct sk_buff *skb, u8 outer)
{
	const u8 inner = ipv6_get_dsfield(ipv6_hdr(skb));
	bool ce = false;

	if (__INET_ECN_decapsulate(outer, inner, &ce) > 1)
		return false;
	if (!ce && (outer & INET_ECN_MASK) != INET_ECN_ECT_1)
		return true;
	if (skb_ensure_writable(skb, sizeof(struct ipv6hdr)))
		return false;
	if (ce)
		IP6_ECN_set_ce(skb, ipv6_hdr(skb));
	else
		IP6_ECN_set_ect1(skb, ipv6_hdr(skb));
	return true;
}

static enum pmip_drop pmip_decap_strip(struct sk_buff *skb)
{
	const u8 outer = ipv6_get_dsfield(ipv6_hdr(skb));
	const struct ipv6hdr *h;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*h)))
		return PMIP_DROP_MALFORMED;
	skb_reset_network_header(skb);
	h = ipv6_hdr(skb);
	if (h->version != 6)
		return PMIP_DROP_MALFORMED;
	if (!skb_is_gso(skb)) {
		len = ntohs(h->payload_len) + sizeof(*h);
		if (len > skb->len || pskb_trim_rcsum(skb, len))
			return PMIP_DROP_MALFORMED;
	}
	if (iptunnel_pull_offloads(skb))
		return PMIP_DROP_NO_MEMORY;
	skb->protocol = htons(ETH_P_IPV6);
	skb_set_transport_header(skb, sizeof(*h));
	if (!pmip_decap_ecn(skb, outer))
		return PMIP_DROP_ECN;
	pmip_forward_scrub(skb);
	return PMIP_DROP_COUNT;
}

/**
 * pmip_decap_is_near() - is a packet none that a router forwards
 * @h: its header
 *
 * RFC 4291 §2.5.6: nor one with a link-local source.  RFC 3810 §5.1.15: a query
 * about a group goes to that group.
 *
 * Context: any. Return: true if it is not, by its addresses.
 */
bool pmip_decap_is_near(const struct ipv6hdr *h)
{
	if (h->version != 6)
		return false;
	if (!ipv6_addr_is_multicast(&h->daddr))
		return ipv6_addr_type(&h->daddr) & IPV6_ADDR_LINKLOCAL;
	return !pmip_group_is_routed(&h->daddr) ||
	       (ipv6_addr_type(&h->saddr) & IPV6_ADDR_LINKLOCAL);
}

/**
 * pmip_decap_is_near_apart() - the same of an inner packet that is not all in one place
 * @skb: the outer packet
 * @at: bytes from its data to the inner packet
 *
 * Apart as room for a header costs whoever calls it.
 *
 * Context: any. Return: true if it is none that a router forwards.
 */
noinline bool pmip_decap_is_near_apart(const struct sk_buff *skb,
				       unsigned int at)
{
	const struct ipv6hdr *h;
	struct ipv6hdr buf;

	h = skb_header_pointer(skb, at, sizeof(buf), &buf);
	return h && pmip_decap_is_near(h);
}

/* The stack goes on with the packet as the pmip device's. */
static unsigned int pmip_decap_to_stack(struct pmip_net *pn,
					struct sk_buff *skb)
{
	struct net_device *dev = rcu_dereference(pn->dev);

	if (dev) {
		skb->dev = dev;
		dev_sw_netstats_rx_add(dev, skb->len);
	}
	skb_reset_mac_header(skb);
	return NF_ACCEPT;
}

/* From another access gateway: is there a link that it may be sent out of? */
static bool pmip_decap_has_link(const struct pmip_binding *b)
{
	struct pmip_detour detour;
	const struct pmip_path *p;

	p = pmip_select(b, true, &detour);
	if (unlikely(detour.lost))
		pmip_link_tell_down(detour.lost);
	return p && p->kind != PMIP_PATH_HOLD;
}

static unsigned int pmip_decap_down(struct pmip_net *pn, struct pmip_binding *b,
				    struct pmip_tunnel *t, struct sk_buff *skb,
				    bool stack)
{
	unsigned int flags = PMIP_FWD_HOP;

	if (rcu_access_pointer(b->uplink) != t)
		flags |= PMIP_FWD_LINKS_ONLY;
	if (!stack) {
		pmip_forward_down(pn, b, skb, flags);
		return NF_STOLEN;
	}
	/* The stack forgets by which tunnel it came: judge that now. */
	if ((flags & PMIP_FWD_LINKS_ONLY) && !pmip_decap_has_link(b)) {
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_PATH);
		return NF_STOLEN;
	}
	return pmip_decap_to_stack(pn, skb);
}

/*
 * RFC 5213 §5.6.2: the inner source must be of a prefix bound to the tunnel.
 * An access gateway passes on what another one redirected to it (RFC 5949
 * sends a node's packets that way); the anchor routes.  Of other sources there
 * is one kind that it takes, those that come back (kmod/return.c).
 */
static unsigned int pmip_decap_up(struct pmip_net *pn, struct pmip_tunnel *t,
				  struct pmip_binding *to, struct sk_buff *skb,
				  bool stack)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	struct pmip_binding *b;
	struct pmip_tunnel *uplink;

	b = pmip_binding_lookup(pn, &h->saddr);
	if (!b || !pmip_binding_has_tunnel(b, t)) {
		if (!to || !pmip_return(pn, to, t, skb))
			pmip_drop_skb(pn, skb, PMIP_DROP_TUNNEL_SPOOF);
		return NF_STOLEN;
	}
	if (ipv6_addr_loopback(&h->daddr) || ipv6_addr_any(&h->daddr) ||
	    (ipv6_addr_type(&h->daddr) & IPV6_ADDR_LINKLOCAL)) {
		pmip_drop_skb(pn, skb, PMIP_DROP_MALFORMED);
		return NF_STOLEN;
	}
	uplink = rcu_dereference(b->uplink);
	if (uplink) {
		pmip_forward_up(pn, b, uplink, skb, PMIP_FWD_HOP);
		return NF_STOLEN;
	}
	pmip_binding_count_up(b, skb);
	if (to && !stack && !rcu_access_pointer(to->uplink)) {
		if (!pmip_return_turn(pn, to, t, skb))
			pmip_forward_down(pn, to, skb, PMIP_FWD_HOP);
		return NF_STOLEN;
	}
	if (!stack && pmip_route(pn, skb))
		return NF_STOLEN;
	return pmip_decap_to_stack(pn, skb);
}

/**
 * pmip_decapsulate() - a packet came out of a tunnel
 * @pn: the namespace
 * @t: the tunnel
 * @skb: network header at the outer IPv6 header, data at the inner one, which is
 *	 not as pmip_decap_is_neighbours() says
 * @stack: forwarded packets shall take the stack's way
 *
 * Context: softirq, RCU read side.
 * Return: NF_STOLEN if it was consumed, NF_ACCEPT if the stack is to go on
 * with the inner packet.
 */
unsigned int pmip_decapsulate(struct pmip_net *pn, struct pmip_tunnel *t,
			      struct sk_buff *skb, bool stack)
{
	enum pmip_drop reason;
	struct pmip_binding *b;
	struct pmip_tunnel *uplink;

	reason = pmip_decap_strip(skb);
	if (unlikely(reason != PMIP_DROP_COUNT)) {
		pmip_drop_skb(pn, skb, reason);
		return NF_STOLEN;
	}
	pmip_tunnel_count_rx(t, skb->len);
	b = pmip_binding_lookup(pn, &ipv6_hdr(skb)->daddr);
	if (b) {
		uplink = rcu_dereference(b->uplink);
		if (uplink == t || (uplink && pmip_binding_has_tunnel(b, t)))
			return pmip_decap_down(pn, b, t, skb, stack);
	}
	/* Of mobile sources the anchor's routing is to decide. */
	if (unlikely(ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr)) &&
	    t->role != PMIP_TUNNEL_LMA_TO_MAG) {
		pmip_replicate_tunnelled(pn, t, skb, stack);
		return NF_STOLEN;
	}
	return pmip_decap_up(pn, t, b, skb, stack);
}

/* The slow entrance: reassembled, decrypted, or with options in front */
static int pmip_decap_rcv(struct sk_buff *skb)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	struct pmip_net *pn = pmip_pernet(dev_net(skb->dev));
	struct pmip_link *link;
	struct pmip_tunnel *t;
	bool stack;

	if (READ_ONCE(pn->dead))
		return -ENOENT;
	t = pmip_tunnel_find(pn, &h->daddr, &h->saddr);
	if (!t)
		return -ENOENT;
	if (!xfrm6_policy_check(NULL, XFRM_POLICY_IN, skb)) {
		pmip_drop_skb(pn, skb, PMIP_DROP_POLICY);
		return 0;
	}
	/* The controller's socket has had it: to the rest of the host it is nothing. */
	if (pmip_decap_is_neighbours(skb, 0)) {
		pmip_tunnel_count_rx(t, skb->len);
		consume_skb(skb);
		return 0;
	}
	link = xa_load(&pn->links, skb->dev->ifindex);
	stack = pmip_policy_forward(pn->net) ||
		(link && (READ_ONCE(link->flags) & PMIP_LINK_F_STACK));
	if (pmip_decapsulate(pn, t, skb, stack) == NF_ACCEPT)
		netif_rx(skb);
	return 0;
}

/* RFC 2473 §8: what the path says of the outer packet is the route's to know */
static int pmip_decap_err(struct sk_buff *skb, struct inet6_skb_parm *opt,
			  u8 type, u8 code, int offset, __be32 info)
{
	const struct ipv6hdr *h = (const struct ipv6hdr *)skb->data;
	struct net *net = dev_net(skb->dev);

	if (!pmip_tunnel_find(pmip_pernet(net), &h->saddr, &h->daddr))
		return -ENOENT;
	if (type == ICMPV6_PKT_TOOBIG)
		ip6_update_pmtu(skb, net, info, 0, 0,
				sock_net_uid(net, NULL));
	return 0;
}

static struct xfrm6_tunnel pmip_decap_handler __read_mostly = {
	.handler	= pmip_decap_rcv,
	.err_handler	= pmip_decap_err,
	/* Before ip6_tunnel, which has 1 and would answer for any pair. */
	.priority	= 0,
};

/**
 * pmip_decap_init() - take tunnelled packets that came through the stack
 *
 * Context: process. Return: 0 or a negative errno.
 */
int __init pmip_decap_init(void)
{
	return xfrm6_tunnel_register(&pmip_decap_handler, AF_INET6);
}

/**
 * pmip_decap_exit() - take no more
 *
 * Context: process.
 */
void pmip_decap_exit(void)
{
	xfrm6_tunnel_deregister(&pmip_decap_handler, AF_INET6);
}
