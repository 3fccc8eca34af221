/* SPDX-License-Identifier: GPL-2.0 */
/* Why a packet was dropped, by names an operator can read. */
#ifndef _PMIP_DROP_H
#define _PMIP_DROP_H

#include <linux/skbuff.h>

enum pmip_drop {
	PMIP_DROP_NO_BINDING,	/* to the device, for no home network prefix */
	PMIP_DROP_NO_PATH,	/* every path of the binding is down */
	PMIP_DROP_PATH_DROP,	/* the path says so */
	PMIP_DROP_FLOW,		/* its flow says so */
	PMIP_DROP_ACCESS_SPOOF,	/* source not bound to the neighbour */
	PMIP_DROP_TUNNEL_SPOOF,	/* inner source not bound to the tunnel */
	PMIP_DROP_UPLINK_DOWN,	/* the anchor was declared dead */
	PMIP_DROP_MALFORMED,	/* no whole IPv6 packet inside */
	PMIP_DROP_HOP_LIMIT,
	PMIP_DROP_TOO_BIG,
	PMIP_DROP_ECN,		/* a combination that RFC 6040 has dropped */
	PMIP_DROP_POLICY,	/* IPsec policy wants it protected */
	PMIP_DROP_NO_ROUTE,	/* to the far end, or none but through us */
	PMIP_DROP_LOOP,		/* an outer packet to a node of ours */
	PMIP_DROP_NO_MEMORY,
	PMIP_DROP_HOLD_NODE,	/* as many held for this node as may be */
	PMIP_DROP_HOLD_LINK,	/* or behind this link */
	PMIP_DROP_HOLD_TOTAL,	/* or at all */
	PMIP_DROP_HOLD_AGE,	/* held for too long */
	PMIP_DROP_HOLD_END,	/* held, and nobody to hold it for any more */
	PMIP_DROP_RETURN_PATH,	/* came back, and there is no other way */
	PMIP_DROP_NO_LISTENER,	/* out of a tunnel to a group, and nobody wants it */

	PMIP_DROP_COUNT
};

struct pmip_drops {
	unsigned long packets[PMIP_DROP_COUNT];
};

struct pmip_net;

const char *pmip_drop_name(enum pmip_drop reason);
u64 pmip_drop_packets(const struct pmip_net *pn, enum pmip_drop reason);
void pmip_drop_count(struct pmip_net *pn, const struct sk_buff *skb,
		     enum pmip_drop reason);
void pmip_drop_skb(struct pmip_net *pn, struct sk_buff *skb,
		   enum pmip_drop reason);

#endif /* _PMIP_DROP_H */
