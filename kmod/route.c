// SPDX-License-Identifier: GPL-2.0
/*
 * A mobile node's packet has come out of its tunnel and goes on to whom it is
 * for.  That is the stack's work, and it does it wherever anything but the
 * destination has a say in it: rules, filters, IPsec policies, several next
 * hops.  Where nothing has, the route is the one that the last packet to the
 * same destination took, for as long as the routing table says so.
 *
 * Filters of POSTROUTING are asked here: security modules have them in every
 * namespace, AppArmor among them, so that they are no sign of a rule.
 */
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/xfrm.h>

#include "compat.h"
#include "device.h"
#include "netns.h"
#include "output.h"
#include "policy.h"
#include "route.h"
#include "xmit.h"

static bool pmip_route_filtered(const struct net *net)
{
	struct nf_hook_entries __rcu * const *hooks = net->nf.hooks_ipv6;

	return rcu_access_pointer(hooks[NF_INET_PRE_ROUTING]) ||
	       rcu_access_pointer(hooks[NF_INET_FORWARD]);
}

/* Has anything but the destination a say in where a packet goes? */
static bool pmip_route_simple(const struct net *net)
{
	return net->ipv6.devconf_all->forwarding &&
	       !net->ipv6.devconf_all->proxy_ndp &&
	       !pmip_fib6_has_rules(net) && !pmip_fib6_has_sources(net) &&
	       !pmip_policy_forward(net) && !pmip_route_filtered(net);
}

/* Does the stack take packets of the pmip device? */
static bool pmip_route_device(struct net_device *dev)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);

	return netif_running(dev) && idev && !idev->cnf.disable_ipv6;
}

/* Unicast to one next hop, by a device of this namespace */
static bool pmip_route_forwards(const struct dst_entry *dst)
{
	const struct rt6_info *rt = (const struct rt6_info *)dst;
	const struct fib6_info *from = rcu_dereference(rt->from);

	return !dst->error && !dst->lwtstate && !dst_xfrm(dst) &&
	       !(rt->rt6i_flags & (RTF_LOCAL | RTF_ANYCAST | RTF_REJECT)) &&
	       from && !from->nh && !from->fib6_nsiblings &&
	       !(dst->dev->flags & IFF_LOOPBACK) && !pmip_device_is(dst->dev);
}

static struct dst_entry *pmip_route_find(struct net *net,
					 struct net_device *dev,
					 struct sk_buff *skb)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.flowi6_iif = dev->ifindex,
		.daddr = h->daddr,
		.saddr = h->saddr,
	};
	struct dst_entry *dst;

	dst = ip6_route_input_lookup(net, dev, &fl6, skb,
				     RT6_LOOKUP_F_HAS_SADDR);
	if (pmip_route_forwards(dst))
		return dst;
	dst_release(dst);
	return NULL;
}

static struct dst_entry *pmip_route_get(struct net *net,
					struct net_device *dev,
					struct sk_buff *skb)
{
	struct pmip_routes *routes = netdev_priv(dev);
	const struct ipv6hdr *h = ipv6_hdr(skb);
	struct pmip_route *route;
	struct dst_entry *dst;
	u64 hash;

	hash = pmip_hash_addr(&routes->key, &h->daddr);
	route = &this_cpu_ptr(routes->cpu)->route[hash >> (64 - PMIP_ROUTES_BITS)];
	if (likely(ipv6_addr_equal(&route->daddr, &h->daddr))) {
		dst = pmip_dst_get(&route->own);
		if (likely(dst))
			return dst;
	}
	dst = pmip_route_find(net, dev, skb);
	route->daddr = h->daddr;
	pmip_dst_set(&route->own, dst);
	return dst;
}

static int pmip_route_finish(struct net *net, struct sock *sk,
			     struct sk_buff *skb)
{
	pmip_xmit_dst(skb, skb_dst(skb));
	return 0;
}

/* Whatever ends in an ICMPv6 error is the stack's. */
static bool pmip_route_send(struct net *net, struct net_device *dev,
			    struct sk_buff *skb, struct dst_entry *dst)
{
	if (!pmip_fits(skb, dst_mtu(dst)) ||
	    skb_cow_head(skb, LL_RESERVED_SPACE(dst->dev)) ||
	    skb_ensure_writable(skb, sizeof(struct ipv6hdr)))
		return false;
	ipv6_hdr(skb)->hop_limit--;
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, dst);
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	skb->dev = dst->dev;
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->iif = dev->ifindex;
	NF_HOOK(NFPROTO_IPV6, NF_INET_POST_ROUTING, net, NULL, skb, dev,
		dst->dev, pmip_route_finish);
	return true;
}

/**
 * pmip_route() - send a decapsulated packet on by a cached route
 * @pn: the namespace
 * @skb: the packet, data at its IPv6 header
 *
 * Context: softirq, RCU read side.
 * Return: true if it was consumed, false if it is for the stack.
 */
bool pmip_route(struct pmip_net *pn, struct sk_buff *skb)
{
	struct net_device *dev = rcu_dereference(pn->dev);
	const struct ipv6hdr *h = ipv6_hdr(skb);
	unsigned int len = skb->len;
	struct dst_entry *dst;

	if (!dev || !pmip_route_simple(pn->net) || !pmip_route_device(dev) ||
	    h->hop_limit <= 1 || h->nexthdr == NEXTHDR_HOP ||
	    ipv6_addr_is_multicast(&h->daddr))
		return false;
	dst = pmip_route_get(pn->net, dev, skb);
	if (unlikely(!dst || !pmip_route_send(pn->net, dev, skb, dst)))
		return false;
	dev_sw_netstats_rx_add(dev, len);
	return true;
}

/**
 * pmip_routes_init() - make the caches
 * @routes: zeroed
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int pmip_routes_init(struct pmip_routes *routes)
{
	pmip_hash_key_init(&routes->key);
	routes->cpu = alloc_percpu_gfp(struct pmip_routes_cpu,
				       GFP_KERNEL_ACCOUNT);
	return routes->cpu ? 0 : -ENOMEM;
}

/**
 * pmip_routes_destroy() - free the caches, a grace period after their last use
 * @routes: the caches
 *
 * Context: process.
 */
void pmip_routes_destroy(struct pmip_routes *routes)
{
	int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < 1 << PMIP_ROUTES_BITS; i++)
			pmip_dst_set(&per_cpu_ptr(routes->cpu, cpu)->route[i].own,
				     NULL);
	free_percpu(routes->cpu);
}
