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
 * @aside: every other packet is for one of so many nodes beyond the first @nodes
 * @scan: and no two of those have the same address and source port
 * @burst: hand over so many at once, as drivers do
 *
 * What this costs is in the method "drop" of the same direction.
 */
#include <linux/etherdevice.h>
#include <linux/inet.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/nsproxy.h>
#include <linux/udp.h>
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
static uint aside;
module_param(aside, uint, 0444);
static uint nodes = 1024;
module_param(nodes, uint, 0444);
static bool scan;
module_param(scan, bool, 0644);

static uint burst;
module_param(burst, uint, 0444);

static struct ipv6hdr turn_outer __read_mostly;
static struct nf_hook_ops turn_ops __read_mostly;
static struct net *turn_net;
static struct net_device turn_driver;
static struct napi_struct turn_napi;
static struct sk_buff_head turn_waiting;
static bool turn_polls;
static u32 turn_packets, turn_scanned;

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

/* For the next 2^32 */
static void turn_aside(struct sk_buff *skb)
{
	struct ipv6hdr *h = (struct ipv6hdr *)skb->data;
	struct udphdr *udp = (struct udphdr *)(h + 1);
	const u32 n = turn_packets++;

	if (n & 1)
		return;
	h->daddr.s6_addr32[1] = htonl(nodes + n / 2 % aside);
	if (!READ_ONCE(scan))
		return;
	h->daddr.s6_addr32[3] = htonl(1 + (turn_scanned >> 16));
	udp->source = htons(turn_scanned++);
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
	if (turn_polls || skb->protocol != htons(ETH_P_IPV6) ||
	    skb_headroom(skb) < sizeof(struct ipv6hdr) + ETH_HLEN)
		return NF_ACCEPT;
	if (aside)
		turn_aside(skb);
	if (swap)
		turn_swap(skb);
	if (outer)
		turn_push(skb);
	if (!burst)
		return NF_ACCEPT;
	__skb_queue_tail(&turn_waiting, skb);
	if (skb_queue_len(&turn_waiting) >= burst)
		napi_schedule(&turn_napi);
	return NF_STOLEN;
}

static int turn_poll(struct napi_struct *napi, int budget)
{
	struct sk_buff *skb;
	int n = 0;

	turn_polls = true;
	while (n < budget && (skb = __skb_dequeue(&turn_waiting))) {
		netif_receive_skb(skb);
		n++;
	}
	turn_polls = false;
	if (n < budget)
		napi_complete_done(napi, n);
	return n;
}

static void turn_driver_start(void)
{
	__skb_queue_head_init(&turn_waiting);
	init_dummy_netdev(&turn_driver);
	netif_napi_add(&turn_driver, &turn_napi, turn_poll);
	napi_enable(&turn_napi);
}

static void turn_driver_stop(void)
{
	napi_disable(&turn_napi);
	netif_napi_del(&turn_napi);
	__skb_queue_purge(&turn_waiting);
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
	turn_driver_start();
	turn_net = get_net(current->nsproxy->net_ns);
	turn_ops.hook = turn;
	turn_ops.dev = dev_get_by_name(turn_net, dev);
	turn_ops.pf = NFPROTO_NETDEV;
	turn_ops.hooknum = NF_NETDEV_INGRESS;
	turn_ops.priority = -1000;
	err = turn_ops.dev ? nf_register_net_hook(turn_net, &turn_ops) : -ENODEV;
	if (err) {
		put_net(turn_net);
		turn_driver_stop();
	}
	dev_put(turn_ops.dev);
	return err;
}

static void __exit turn_exit(void)
{
	nf_unregister_net_hook(turn_net, &turn_ops);
	put_net(turn_net);
	synchronize_net();
	turn_driver_stop();
}

module_init(turn_init);
module_exit(turn_exit);
MODULE_DESCRIPTION("pktgen's packets, turned round, put into a tunnel or aside");
MODULE_LICENSE("GPL");
