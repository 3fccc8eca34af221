/* SPDX-License-Identifier: GPL-2.0 */
/* Handing a finished frame to its device. */
#ifndef _PMIP_XMIT_H
#define _PMIP_XMIT_H

#include <linux/skbuff.h>

struct dst_entry;

void pmip_xmit_dst(struct sk_buff *skb, const struct dst_entry *dst);
void pmip_xmit(struct sk_buff *skb, struct net_device *dev);

#endif /* _PMIP_XMIT_H */
