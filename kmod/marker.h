/* SPDX-License-Identifier: GPL-2.0 */
/* The packet behind the last that an access gateway sends back. */
#ifndef _PMIP_MARKER_H
#define _PMIP_MARKER_H

#include <linux/skbuff.h>

struct pmip_binding;
struct pmip_net;
struct pmip_tunnel;

/* Each says all: two of them may be lost */
#define PMIP_MARKER_COPIES	3

void pmip_marker_send(struct pmip_net *pn, struct pmip_tunnel *t,
		      const struct pmip_binding *b, u32 said);
bool pmip_marker_read(const struct sk_buff *skb, const struct pmip_tunnel *t,
		      const struct pmip_binding *b, u32 *said);

#endif /* _PMIP_MARKER_H */
