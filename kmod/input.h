/* SPDX-License-Identifier: GPL-2.0 */
/* The fast entrance: packets of a link, before the IPv6 stack sees them. */
#ifndef _PMIP_INPUT_H
#define _PMIP_INPUT_H

struct pmip_link;
struct sk_buff;

unsigned int pmip_input(struct pmip_link *link, struct sk_buff *skb);

#endif /* _PMIP_INPUT_H */
