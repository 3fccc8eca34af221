/* SPDX-License-Identifier: GPL-2.0 */
/* The fast entrance: packets of a link, before the IPv6 stack sees them. */
#ifndef _PMIP_INPUT_H
#define _PMIP_INPUT_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

unsigned int pmip_input(void *priv, struct sk_buff *skb,
			const struct nf_hook_state *state);

#endif /* _PMIP_INPUT_H */
