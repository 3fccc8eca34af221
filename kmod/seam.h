/* SPDX-License-Identifier: GPL-2.0 */
/* Where what another gateway forwards of a group ends and what the anchor sends begins. */
#ifndef _PMIP_SEAM_H
#define _PMIP_SEAM_H

#include <linux/skbuff.h>

struct pmip_listener;
struct pmip_net;
struct pmip_seam;

struct pmip_seam *pmip_seam_new(struct pmip_net *pn, struct pmip_listener *l);
void pmip_seam_start(struct pmip_seam *s);
void pmip_seam_stop(struct pmip_seam *s);
u64 pmip_seam_digest(const struct sk_buff *skb);
bool pmip_seam_native(struct pmip_listener *l, struct sk_buff *skb,
		      unsigned int flags);
bool pmip_seam_over(struct pmip_listener *l, u64 digest);
void pmip_seam_init(void);

#endif /* _PMIP_SEAM_H */
