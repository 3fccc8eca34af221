/* SPDX-License-Identifier: GPL-2.0 */
/* The last step of a packet: into a tunnel, or out of a link. */
#ifndef _PMIP_OUTPUT_H
#define _PMIP_OUTPUT_H

#include <linux/skbuff.h>

#include "compat.h"
#include "drop.h"

struct pmip_net;
struct pmip_path;
struct pmip_tunnel;

void pmip_encapsulate(struct pmip_net *pn, struct pmip_tunnel *t,
		      struct sk_buff *skb, bool redirected, bool stack);
enum pmip_drop pmip_output_takes(struct pmip_net *pn, struct pmip_path *p,
				 const struct sk_buff *skb, unsigned int *mtu);
void pmip_output_too_big(struct sk_buff *skb, unsigned int mtu);
void pmip_deliver(struct pmip_net *pn, const struct pmip_path *p,
		  struct sk_buff *skb);

static inline bool pmip_fits(const struct sk_buff *skb, unsigned int mtu)
{
	return skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu) :
				 skb->len <= mtu;
}

#endif /* _PMIP_OUTPUT_H */
