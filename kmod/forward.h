/* SPDX-License-Identifier: GPL-2.0 */
/* From a binding to the way that a packet takes. */
#ifndef _PMIP_FORWARD_H
#define _PMIP_FORWARD_H

#include <linux/bits.h>
#include <linux/skbuff.h>

struct pmip_binding;
struct pmip_net;
struct pmip_path;
struct pmip_tunnel;

/* The packet is forwarded here: its hop limit counts. */
#define PMIP_FWD_HOP		BIT(0)
/* It came from another access gateway: to a link or nowhere. */
#define PMIP_FWD_LINKS_ONLY	BIT(1)
/* It came through the stack: its outer packet goes that way too. */
#define PMIP_FWD_STACK		BIT(2)
/* A node's copy of a packet to a group: to a link or nowhere, and it may wait. */
#define PMIP_FWD_GROUP		BIT(3)

void pmip_forward_by(struct pmip_net *pn, struct pmip_path *p,
		     struct sk_buff *skb, bool redirected, unsigned int flags);
void pmip_forward_down(struct pmip_net *pn, struct pmip_binding *b,
		       struct sk_buff *skb, unsigned int flags);
void pmip_forward_up(struct pmip_net *pn, struct pmip_binding *b,
		     struct pmip_tunnel *t, struct sk_buff *skb,
		     unsigned int flags);

/**
 * pmip_forward_scrub() - a packet leaves all behind that is not its own
 * @skb: the packet
 *
 * But not that it was received: what has no such mark is this host's own.
 *
 * Context: any.
 */
static inline void pmip_forward_scrub(struct sk_buff *skb)
{
	const int iif = skb->skb_iif;

	skb_scrub_packet(skb, false);
	skb->skb_iif = iif;
}

#endif /* _PMIP_FORWARD_H */
