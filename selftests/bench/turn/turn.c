// SPDX-License-Identifier: GPL-2.0
/*
 * Turns the packets that pktgen hands to a device into those of another
 * direction, before any other ingress hook sees them: pktgen can draw random
 * destinations, but neither random sources nor a header around them.
 *
 * @dev: the device, in the namespace of who loads this
 * @swap: exchange source and destination, so that the mobile node sends
 * @lladdr: and does so from a link-layer address of its own, as nlload has it
 * @outer: "SOURCE,DESTINATION" of a header to put around the packet
 *
 * What this costs is in the method "drop" of the same direction.
 */
#include <linux/etherdevice.h>
#include <linux/inet.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/nsproxy.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>

static char *dev = "in0";
module_param(dev, charp, 0444);
static bool swap;
module_param(swap, bool, 0444);
static bool lladdr;
module_param(lladdr, bool, 0444);
static char *outer;
module_param(outer, charp, 0444);

static struct ipv6hdr turn_outer __read_mostly;
static struct nf_hook_ops turn_ops __read_mostly;
static struct net *turn_net;

static void turn_swap(struct sk_buff *skb)
{
	struct ipv6hdr *h = (struct ipv6hdr *)skb->data;
	u8 *source = eth_hdr(skb)->h_source;

	swap(h->saddr, h->daddr);
	if (!lladdr)
		return;
	source[0] = 0x02;
	source[1] = 0x01;
	memcpy(source + 2, &h->saddr.s6_addr32[1], 4);
}

static void turn_push(struct sk_buff *skb)
{
	const struct ethhdr was = *eth_hdr(skb);
	struct ipv6hdr *h = __skb_push(skb, sizeof(*h));

	*h = turn_outer;
	h->payload_len = htons(skb->len - sizeof(*h));
	skb_set_mac_header(skb, -ETH_HLEN);
	*eth_hdr(skb) = was;
	skb_reset_network_header(skb);
}

static unsigned int turn(void *priv, struct sk_buff *skb,
			 const struct nf_hook_state *state)
{
	if (skb->protocol != htons(ETH_P_IPV6) ||
	    skb_headroom(skb) < sizeof(struct ipv6hdr) + ETH_HLEN)
		return NF_ACCEPT;
	if (swap)
		turn_swap(skb);
	if (outer)
		turn_push(skb);
	return NF_ACCEPT;
}

static int __init turn_addresses(void)
{
	const char *end;

	ip6_flow_hdr(&turn_outer, 0, htonl(0x12345));
	turn_outer.nexthdr = IPPROTO_IPV6;
	turn_outer.hop_limit = 64;
	if (!in6_pton(outer, -1, turn_outer.saddr.s6_addr, ',', &end) ||
	    *end != ',' ||
	    !in6_pton(end + 1, -1, turn_outer.daddr.s6_addr, -1, NULL))
		return -EINVAL;
	return 0;
}

static int __init turn_init(void)
{
	int err;

	if (outer) {
		err = turn_addresses();
		if (err)
			return err;
	}
	turn_net = get_net(current->nsproxy->net_ns);
	turn_ops.hook = turn;
	turn_ops.dev = dev_get_by_name(turn_net, dev);
	turn_ops.pf = NFPROTO_NETDEV;
	turn_ops.hooknum = NF_NETDEV_INGRESS;
	turn_ops.priority = -1000;
	err = turn_ops.dev ? nf_register_net_hook(turn_net, &turn_ops) : -ENODEV;
	if (err)
		put_net(turn_net);
	dev_put(turn_ops.dev);
	return err;
}

static void __exit turn_exit(void)
{
	nf_unregister_net_hook(turn_net, &turn_ops);
	put_net(turn_net);
}

module_init(turn_init);
module_exit(turn_exit);
MODULE_DESCRIPTION("pktgen's packets, turned round or put into a tunnel");
MODULE_LICENSE("GPL");
