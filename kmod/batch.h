/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that came in together. */
#ifndef _PMIP_BATCH_H
#define _PMIP_BATCH_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

int pmip_batch_init(void);
void pmip_batch_exit(void);
void pmip_batch_drain(void);
unsigned int pmip_batch_input(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state);

#endif /* _PMIP_BATCH_H */
