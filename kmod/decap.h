/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that come out of a tunnel. */
#ifndef _PMIP_DECAP_H
#define _PMIP_DECAP_H

#include <linux/ipv6.h>
#include <linux/skbuff.h>

struct pmip_net;
struct pmip_tunnel;

unsigned int pmip_decapsulate(struct pmip_net *pn, struct pmip_tunnel *t,
			      struct sk_buff *skb, bool stack);
bool pmip_decap_is_near(const struct ipv6hdr *h);
bool pmip_decap_is_near_apart(const struct sk_buff *skb, unsigned int at);
int pmip_decap_init(void);
void pmip_decap_exit(void);

/**
 * pmip_decap_is_neighbours() - is what is inside between the gateways alone
 * @skb: the outer packet
 * @at: bytes from its data to the inner packet
 *
 * RFC 6224 §5: MLD messages go through tunnels.
 *
 * Context: any. Return: true if it is.
 */
static inline bool pmip_decap_is_neighbours(const struct sk_buff *skb,
					    unsigned int at)
{
	const struct ipv6hdr *h = (const void *)(skb->data + at);

	if (unlikely(skb_headlen(skb) < at + sizeof(*h)))
		return pmip_decap_is_near_apart(skb, at);
	/* What is for a node, or from one to a correspondent, is below. */
	return unlikely(h->daddr.s6_addr[0] >= 0xfe) && pmip_decap_is_near(h);
}

#endif /* _PMIP_DECAP_H */
