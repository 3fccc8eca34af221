// SPDX-License-Identifier: GPL-2.0
/*
 * The packet behind the last that an access gateway sends back: an IPv6 header
 * from the gateway to the prefix, with nothing in it (RFC 8200 §4.7).  The
 * draft has no such thing; an anchor that knows none drops it, because its
 * source is no mobile node's.
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
 *
 * If it is lost, the anchor waits no longer than it was told to.
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_marker_send(struct pmip_net *pn, struct pmip_tunnel *t,
		      const struct pmip_binding *b)
{
	const unsigned int room = LL_MAX_HEADER + sizeof(struct ipv6hdr);
	struct sk_buff *skb;
	struct ipv6hdr *h;

	skb = alloc_skb(room + sizeof(*h), GFP_ATOMIC);
	if (!skb)
		return;
	skb_reserve(skb, room);
	h = skb_put(skb, sizeof(*h));
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(*h));
	skb->protocol = htons(ETH_P_IPV6);
	ip6_flow_hdr(h, 0, 0);
	h->payload_len = 0;
	h->nexthdr = NEXTHDR_NONE;
	/* Nobody is to send it on. */
	h->hop_limit = 1;
	h->saddr = t->key.local;
	h->daddr = b->prefix;
	pmip_encapsulate(pn, t, skb, false, false);
}

/**
 * pmip_marker_is() - is a packet out of a tunnel the end marker of a binding
 * @skb: the packet, data at its IPv6 header
 * @t: the tunnel
 * @b: the binding
 *
 * Context: RCU read side. Return: true if it is.
 */
bool pmip_marker_is(const struct sk_buff *skb, const struct pmip_tunnel *t,
		    const struct pmip_binding *b)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);

	return h->nexthdr == NEXTHDR_NONE && !h->payload_len &&
	       ipv6_addr_equal(&h->saddr, &t->key.remote) &&
	       ipv6_addr_equal(&h->daddr, &b->prefix);
}
