/* SPDX-License-Identifier: GPL-2.0 */
/* From a packet towards a mobile node to the flow that it belongs to. */
#ifndef _PMIP_CLASSIFY_H
#define _PMIP_CLASSIFY_H

#include <linux/skbuff.h>

struct pmip_binding;
struct pmip_flow;
struct pmip_net;

int pmip_classify_init(struct pmip_net *pn);
void pmip_classify_exit(struct pmip_net *pn);
struct pmip_flow *pmip_classify(struct pmip_net *pn,
				const struct pmip_binding *b,
				const struct sk_buff *skb);
u64 pmip_classify_bids(struct pmip_net *pn, const struct pmip_binding *b,
		       const struct sk_buff *skb);

#endif /* _PMIP_CLASSIFY_H */
