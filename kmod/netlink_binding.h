/* SPDX-License-Identifier: GPL-2.0 */
/* How a request names a binding. */
#ifndef _PMIP_NETLINK_BINDING_H
#define _PMIP_NETLINK_BINDING_H

#include <net/genetlink.h>

struct pmip_binding;
struct pmip_net;

struct pmip_binding *pmip_nl_binding_find(struct pmip_net *pn,
					  struct genl_info *info,
					  int prefix, int plen);

#endif /* _PMIP_NETLINK_BINDING_H */
