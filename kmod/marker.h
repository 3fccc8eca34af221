/* SPDX-License-Identifier: GPL-2.0 */
/* The packet behind the last that an access gateway sends back. */
#ifndef _PMIP_MARKER_H
#define _PMIP_MARKER_H

#include <linux/skbuff.h>

struct pmip_binding;
struct pmip_net;
struct pmip_tunnel;

void pmip_marker_send(struct pmip_net *pn, struct pmip_tunnel *t,
		      const struct pmip_binding *b);
bool pmip_marker_is(const struct sk_buff *skb, const struct pmip_tunnel *t,
		    const struct pmip_binding *b);

#endif /* _PMIP_MARKER_H */
