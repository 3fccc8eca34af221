/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that come out of a tunnel. */
#ifndef _PMIP_DECAP_H
#define _PMIP_DECAP_H

#include <linux/skbuff.h>

struct pmip_net;
struct pmip_tunnel;

unsigned int pmip_decapsulate(struct pmip_net *pn, struct pmip_tunnel *t,
			      struct sk_buff *skb, bool stack);
int pmip_decap_init(void);
void pmip_decap_exit(void);

#endif /* _PMIP_DECAP_H */
