// SPDX-License-Identifier: GPL-2.0
/*
 * Handing a finished frame to its device.
 *
 * Gateways stand on VLANs, bridges and veths, none of which has a queue.
 * There, a frame that needs no segmentation, checksum or tag leaves
 * dev_queue_xmit() as it came in, after a search for what is not there that
 * costs as much as finding its binding.  Such a frame goes to the driver; every
 * other, and all of a device with a queue, takes dev_queue_xmit().
 */
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/dst.h>
#include <net/ip6_route.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include <net/sch_generic.h>
#include <net/xfrm.h>

#include "compat.h"
#include "xmit.h"

/* Does anyone want to see, change or delay what leaves by this device? */
static bool pmip_xmit_observed(struct net_device *dev)
{
#ifdef CONFIG_NETFILTER_EGRESS
	if (rcu_access_pointer(dev->nf_hooks_egress))
		return true;
#endif
	return pmip_dev_has_tc_egress(dev) || dev_nit_active(dev);
}

/* Would validate_xmit_skb() leave the frame as it is? */
static bool pmip_xmit_plain(const struct sk_buff *skb)
{
	return !skb_is_gso(skb) && !skb_is_nonlinear(skb) &&
	       skb->ip_summed != CHECKSUM_PARTIAL &&
	       !skb_vlan_tag_present(skb) && !skb_sec_path(skb) && !skb->sk;
}

static bool pmip_xmit_queueless(const struct net_device *dev,
				const struct netdev_queue *txq)
{
	return !rcu_dereference_bh(txq->qdisc)->enqueue && pmip_dev_lltx(dev) &&
	       dev->real_num_tx_queues == 1 && netif_running(dev) &&
	       !netif_xmit_stopped(txq);
}

/**
 * pmip_xmit() - send a frame
 * @skb: the frame, data at its link-layer header; consumed
 * @dev: the device
 *
 * A device that sends by way of another does so by dev_queue_xmit(), where a
 * loop of them is found.
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);

	if (unlikely(!pmip_xmit_plain(skb) || !pmip_xmit_queueless(dev, txq) ||
		     pmip_xmit_observed(dev))) {
		dev_queue_xmit(skb);
		return;
	}
	skb_reset_mac_header(skb);
	skb_set_queue_mapping(skb, 0);
	if (dev->priv_flags & IFF_XMIT_DST_RELEASE)
		skb_dst_drop(skb);
	else
		skb_dst_force(skb);
	if (unlikely(!dev_xmit_complete(netdev_start_xmit(skb, dev, txq,
							  false)))) {
		dev_core_stats_tx_dropped_inc(dev);
		kfree_skb(skb);
	}
}

/*
 * As neigh_output() does.  While the neighbour is known to be there its header
 * is cached, and with it the frame is done.
 */
static void pmip_xmit_neigh(struct sk_buff *skb, struct neighbour *n)
{
	const struct hh_cache *hh = &n->hh;
	unsigned int seq, len;

	if (unlikely(!(READ_ONCE(n->nud_state) & NUD_CONNECTED) ||
		     !READ_ONCE(hh->hh_len) ||
		     READ_ONCE(hh->hh_len) > HH_DATA_MOD ||
		     skb_headroom(skb) < HH_DATA_MOD)) {
		n->output(n, skb);
		return;
	}
	do {
		seq = read_seqbegin(&hh->hh_lock);
		len = READ_ONCE(hh->hh_len);
		memcpy(skb->data - HH_DATA_MOD, hh->hh_data, HH_DATA_MOD);
	} while (read_seqretry(&hh->hh_lock, seq));
	__skb_push(skb, len);
	pmip_xmit(skb, skb->dev);
}

/**
 * pmip_xmit_dst() - send a packet to the next hop of a route
 * @skb: the packet, its device that of the route; consumed
 * @dst: the route
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_xmit_dst(struct sk_buff *skb, const struct dst_entry *dst)
{
	const struct rt6_info *rt = (const struct rt6_info *)dst;
	const struct in6_addr *nexthop;
	struct neighbour *n;

	nexthop = rt6_nexthop(rt, &ipv6_hdr(skb)->daddr);
	n = __ipv6_neigh_lookup_noref(dst->dev, nexthop);
	if (likely(n))
		pmip_xmit_neigh(skb, n);
	else
		neigh_xmit(NEIGH_ND_TABLE, dst->dev, nexthop, skb);
}
