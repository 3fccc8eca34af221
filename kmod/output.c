// SPDX-License-Identifier: GPL-2.0
/* Encapsulation (RFC 2473), and delivery to a link-layer address. */
#include <linux/icmpv6.h>
#include <net/inet_ecn.h>
#include <net/ip6_route.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/neighbour.h>

#include "compat.h"
#include "hash.h"
#include "link.h"
#include "netns.h"
#include "output.h"
#include "tunnel.h"
#include "xmit.h"

/**
 * pmip_output_too_big() - tell the sender of a packet that it was too big
 * @skb: the packet, network header set
 * @mtu: what would not have been, in bytes
 *
 * RFC 2473 §7.1 (a): never less than every link takes.
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_output_too_big(struct sk_buff *skb, unsigned int mtu)
{
	mtu = max_t(unsigned int, mtu, IPV6_MIN_MTU);
	skb_dst_update_pmtu_no_confirm(skb, mtu);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	icmpv6_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
}

static noinline void pmip_too_big(struct pmip_net *pn, struct sk_buff *skb,
				  unsigned int mtu)
{
	pmip_output_too_big(skb, mtu);
	pmip_drop_skb(pn, skb, PMIP_DROP_TOO_BIG);
}

static enum pmip_drop pmip_output_tunnel_takes(struct pmip_net *pn,
					       struct pmip_tunnel *t,
					       const struct sk_buff *skb,
					       unsigned int *mtu)
{
	const struct dst_entry *dst = pmip_tunnel_dst(pn, t);
	unsigned int own;

	if (!dst)
		return PMIP_DROP_NO_ROUTE;
	own = dst_mtu(dst) - sizeof(struct ipv6hdr);
	/* RFC 2473 §7.1 (b): what is not larger than the minimum is fragmented. */
	if (pmip_fits(skb, own) || pmip_fits(skb, IPV6_MIN_MTU) ||
	    (READ_ONCE(t->flags) & PMIP_TUNNEL_F_FRAGMENT))
		return PMIP_DROP_COUNT;
	*mtu = min(*mtu, own);
	return PMIP_DROP_TOO_BIG;
}

/**
 * pmip_output_takes() - would a packet go by a path
 * @pn: the namespace
 * @p: the path, of kind tunnel, link or home, which takes all
 * @skb: the packet, data at its IPv6 header
 * @mtu: lowered to what goes by it, in bytes, if that is less than the packet
 *
 * Context: RCU read side, bottom halves off.
 * Return: PMIP_DROP_COUNT if it would, else why not.
 */
enum pmip_drop pmip_output_takes(struct pmip_net *pn, struct pmip_path *p,
				 const struct sk_buff *skb, unsigned int *mtu)
{
	const struct net_device *dev;

	if (p->kind == PMIP_PATH_TUNNEL)
		return pmip_output_tunnel_takes(pn, pmip_path_tunnel(p), skb,
						mtu);
	/* By which link is not known before it goes, which may be later. */
	if (p->kind == PMIP_PATH_HOME)
		return PMIP_DROP_COUNT;
	dev = READ_ONCE(p->key.link->dev);
	if (!dev)
		return PMIP_DROP_NO_PATH;
	if (pmip_fits(skb, READ_ONCE(dev->mtu)))
		return PMIP_DROP_COUNT;
	*mtu = min(*mtu, READ_ONCE(dev->mtu));
	return PMIP_DROP_TOO_BIG;
}

/*
 * RFC 6438 §3: the same for all packets of a flow, spread over flows.  A flow
 * label that the sender set names the flow; else the ports do.
 */
static __be32 pmip_flow_label(const struct pmip_net *pn,
			      const struct sk_buff *skb)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	u32 w[PMIP_HASH_WORDS] = {};
	__be32 *ports, buf;
	u32 label;

	w[8] = (__force u32)ip6_flowlabel(h);
	if (!w[8] && (h->nexthdr == IPPROTO_TCP || h->nexthdr == IPPROTO_UDP)) {
		ports = skb_header_pointer(skb, sizeof(*h), sizeof(buf), &buf);
		if (ports)
			w[8] = (__force u32)*ports;
	}
	memcpy(w, &h->addrs, sizeof(h->addrs));
	label = pmip_hash(&pn->label_key, w, ARRAY_SIZE(w)) >> 44;
	return htonl(label ?: 1);
}

/* As iptunnel_handle_offloads(), which most packets need not be asked for */
static int pmip_push_offloads(struct sk_buff *skb)
{
	if (unlikely(skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL))
		return iptunnel_handle_offloads(skb, SKB_GSO_IPXIP6);
	skb->ip_summed = CHECKSUM_NONE;
	skb->encapsulation = 0;
	return 0;
}

static int pmip_push_header(const struct pmip_net *pn,
			    const struct pmip_tunnel *t, struct sk_buff *skb,
			    const struct dst_entry *dst)
{
	const __be32 label = pmip_flow_label(pn, skb);
	u8 inner = ipv6_get_dsfield(ipv6_hdr(skb)), outer;
	unsigned int len = skb->len;
	struct ipv6hdr *h;
	int err;

	/* RFC 6040 §4.1, normal mode: ECN is copied, CE too. */
	outer = READ_ONCE(t->flags) & PMIP_TUNNEL_F_NO_DSCP ?
		inner & INET_ECN_MASK : inner;
	err = skb_cow_head(skb, LL_RESERVED_SPACE(dst->dev) + dst->header_len +
				sizeof(*h));
	if (err)
		return err;
	err = pmip_push_offloads(skb);
	if (err)
		return err;
	skb_set_inner_ipproto(skb, IPPROTO_IPV6);
	h = skb_push(skb, sizeof(*h));
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(*h));
	ip6_flow_hdr(h, outer, label);
	/* As ip6_local_out() does: segmentation writes the true length. */
	h->payload_len = len > IPV6_MAXPLEN ? 0 : htons(len);
	h->nexthdr = IPPROTO_IPV6;
	h->hop_limit = READ_ONCE(t->hop_limit);
	h->saddr = t->key.local;
	h->daddr = t->key.remote;
	return 0;
}

static void pmip_transmit(struct pmip_net *pn, struct sk_buff *skb,
			  struct dst_entry *dst, bool stack)
{
	skb_dst_set_noref(skb, dst);
	/* When it came in is not when it may leave. */
	skb_clear_tstamp(skb);
	skb->protocol = htons(ETH_P_IPV6);
	if (stack || dst_xfrm(dst) || dst->lwtstate) {
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
		ip6_local_out(pn->net, NULL, skb);
		return;
	}
	skb->dev = dst->dev;
	pmip_xmit_dst(skb, dst);
}

/**
 * pmip_encapsulate() - send a packet through a tunnel
 * @pn: the namespace
 * @t: the tunnel
 * @skb: the inner packet, data at its IPv6 header; consumed
 * @redirected: it would have gone elsewhere, had that been up
 * @stack: let the outer packet pass the OUTPUT and POSTROUTING chains
 *
 * RFC 2473 §6 builds the outer header; RFC 6040 sets its ECN field and
 * RFC 6438 its flow label.  GSO and checksum offload are kept.
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_encapsulate(struct pmip_net *pn, struct pmip_tunnel *t,
		      struct sk_buff *skb, bool redirected, bool stack)
{
	unsigned int mtu, len = skb->len;
	struct dst_entry *dst;
	bool fragment = false;

	dst = pmip_tunnel_dst(pn, t);
	if (unlikely(!dst)) {
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_ROUTE);
		return;
	}
	mtu = dst_mtu(dst) - sizeof(struct ipv6hdr);
	if (unlikely(!pmip_fits(skb, mtu))) {
		/* RFC 2473 §7.1 (b): no sender goes below the minimum. */
		if (!(READ_ONCE(t->flags) & PMIP_TUNNEL_F_FRAGMENT) &&
		    !pmip_fits(skb, IPV6_MIN_MTU)) {
			pmip_too_big(pn, skb, mtu);
			return;
		}
		stack = true;
		fragment = true;
		/* A socket's idea of fragments is not of the outer packet. */
		skb_orphan(skb);
	}
	/* What conntrack and others know of it is not true of the outer one. */
	skb_scrub_packet(skb, false);
	skb->ignore_df = fragment;
	if (unlikely(pmip_push_header(pn, t, skb, dst))) {
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_MEMORY);
		return;
	}
	pmip_tunnel_count_tx(t, len, redirected);
	pmip_transmit(pn, skb, dst, stack);
}

/**
 * pmip_deliver() - send a packet out of a link to the node's own address there
 * @pn: the namespace
 * @p: a path of kind link
 * @skb: the packet, data at its IPv6 header; consumed
 *
 * Never by neighbour discovery for the destination: a node of the weak host
 * model does not answer on one interface for the address of another.
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_deliver(struct pmip_net *pn, const struct pmip_path *p,
		  struct sk_buff *skb)
{
	struct net_device *dev = READ_ONCE(p->key.link->dev);

	if (unlikely(!dev)) {
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_PATH);
		return;
	}
	if (unlikely(!pmip_fits(skb, READ_ONCE(dev->mtu)))) {
		pmip_too_big(pn, skb, READ_ONCE(dev->mtu));
		return;
	}
	if (unlikely(skb_cow_head(skb, LL_RESERVED_SPACE(dev))))
		goto err;
	skb_dst_drop(skb);
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IPV6);
	if (p->lladdr_len &&
	    dev_hard_header(skb, dev, ETH_P_IPV6, p->key.lladdr, NULL,
			    skb->len) < 0)
		goto err;
	pmip_xmit(skb, dev);
	return;
err:
	pmip_drop_skb(pn, skb, PMIP_DROP_NO_MEMORY);
}
