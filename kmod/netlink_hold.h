/* SPDX-License-Identifier: GPL-2.0 */
/* What is held, and what may come back, as attributes of other objects. */
#ifndef _PMIP_NETLINK_HOLD_H
#define _PMIP_NETLINK_HOLD_H

#include <net/genetlink.h>

struct pmip_binding;
struct pmip_net;

int pmip_nl_hold_put_stats(struct sk_buff *msg, struct pmip_net *pn, int attr);
int pmip_nl_hold_put_binding(struct sk_buff *msg, struct pmip_net *pn,
			     const struct pmip_binding *b);
int pmip_nl_return_set(struct pmip_net *pn, struct genl_info *info,
		       struct pmip_binding *b);

#endif /* _PMIP_NETLINK_HOLD_H */
