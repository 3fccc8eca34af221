/* SPDX-License-Identifier: GPL-2.0 */
/* Paths as attributes, on their own and inside bindings. */
#ifndef _PMIP_NETLINK_PATH_H
#define _PMIP_NETLINK_PATH_H

#include <net/netlink.h>

struct pmip_net;
struct pmip_path;

struct pmip_path *pmip_nl_path_get(struct pmip_net *pn, struct nlattr **a,
				   struct netlink_ext_ack *extack);
int pmip_nl_path_put(struct sk_buff *msg, struct pmip_net *pn,
		     struct pmip_path *p);

#endif /* _PMIP_NETLINK_PATH_H */
