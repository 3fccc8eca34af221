// SPDX-License-Identifier: GPL-2.0
/*
 * The packet behind the last that an access gateway sends back: an IPv6 header
 * from the gateway to the prefix, with no next header (RFC 8200 §4.7), and behind
 * it how many packets went before.  The draft has no such thing; an anchor that
 * knows none drops it, because its source is no mobile node's.
 */
#include <net/ipv6.h>

#include "binding.h"
#include "marker.h"
#include "output.h"
#include "tunnel.h"

/**
 * pmip_marker_send() - say that no more come back
 * @pn: the namespace
 * @t: the uplink, by which those before it have gone
 * @b: the binding
 * @said: how many have gone before it, since they go back
 *
 * Whoever calls sends PMIP_MARKER_COPIES.  If all are lost, the anchor waits no
 * longer than it was told to.
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_marker_send(struct pmip_net *pn, struct pmip_tunnel *t,
		      const struct pmip_binding *b, u32 said)
{
	const unsigned int room = LL_MAX_HEADER + sizeof(struct ipv6hdr);
	const __be32 count = htonl(said);
	struct sk_buff *skb;
	struct ipv6hdr *h;

	skb = alloc_skb(room + sizeof(*h) + sizeof(count), GFP_ATOMIC);
	if (!skb)
		return;
	skb_reserve(skb, room);
	h = skb_put(skb, sizeof(*h));
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(*h));
	skb->protocol = htons(ETH_P_IPV6);
	ip6_flow_hdr(h, 0, 0);
	h->payload_len = htons(sizeof(count));
	h->nexthdr = NEXTHDR_NONE;
	/* Nobody is to send it on. */
	h->hop_limit = 1;
	h->saddr = t->key.local;
	h->daddr = b->prefix;
	skb_put_data(skb, &count, sizeof(count));
	pmip_encapsulate(pn, t, skb, false, false);
}

/**
 * pmip_marker_read() - is a packet out of a tunnel the end marker of a binding
 * @skb: the packet, data at its IPv6 header
 * @t: the tunnel
 * @b: the binding
 * @said: where to put how many have gone before it, 0 if it does not say
 *
 * What is behind the number is left to others.
 *
 * Context: RCU read side. Return: true if it is.
 */
bool pmip_marker_read(const struct sk_buff *skb, const struct pmip_tunnel *t,
		      const struct pmip_binding *b, u32 *said)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	const __be32 *count;
	__be32 buf;

	if (h->nexthdr != NEXTHDR_NONE ||
	    !ipv6_addr_equal(&h->saddr, &t->key.remote) ||
	    !ipv6_addr_equal(&h->daddr, &b->prefix))
		return false;
	count = skb_header_pointer(skb, sizeof(*h), sizeof(buf), &buf);
	*said = count ? ntohl(*count) : 0;
	return count || !h->payload_len;
}
