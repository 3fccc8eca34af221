/* SPDX-License-Identifier: GPL-2.0 */
/* Copies of multicast packets for whoever listens. */
#ifndef _PMIP_REPLICATE_H
#define _PMIP_REPLICATE_H

#include <linux/skbuff.h>

struct pmip_net;
struct pmip_tunnel;

void pmip_replicate_native(struct pmip_net *pn, struct sk_buff *skb,
			   bool stack);
void pmip_replicate_tunnelled(struct pmip_net *pn, const struct pmip_tunnel *t,
			      struct sk_buff *skb, bool stack);

#endif /* _PMIP_REPLICATE_H */
