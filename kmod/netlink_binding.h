/* SPDX-License-Identifier: GPL-2.0 */
/* How a request names a binding. */
#ifndef _PMIP_NETLINK_BINDING_H
#define _PMIP_NETLINK_BINDING_H

#include <net/genetlink.h>

struct netlink_ext_ack;
struct pmip_binding;
struct pmip_binding_key;
struct pmip_net;

int pmip_nl_binding_prefix(const struct nlattr *prefix,
			   const struct nlattr *plen,
			   struct pmip_binding_key *key,
			   struct netlink_ext_ack *extack);
struct pmip_binding *pmip_nl_binding_find(struct pmip_net *pn,
					  struct genl_info *info,
					  int prefix, int plen);

#endif /* _PMIP_NETLINK_BINDING_H */
