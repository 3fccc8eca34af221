/* SPDX-License-Identifier: GPL-2.0 */
/* Paths as attributes, on their own and inside bindings. */
#ifndef _PMIP_NETLINK_PATH_H
#define _PMIP_NETLINK_PATH_H

#include <linux/in6.h>
#include <linux/pmip.h>
#include <net/netlink.h>

struct pmip_net;
struct pmip_path;

/* Bytes that the attributes of a path take at most */
#define PMIP_NL_PATH_ROOM						\
	(4 * nla_total_size(sizeof(u8)) + nla_total_size(sizeof(u32)) +	\
	 nla_total_size(PMIP_LLADDR_MAX) +				\
	 nla_total_size(sizeof(struct in6_addr)))

struct pmip_path *pmip_nl_path_get(struct pmip_net *pn, struct nlattr **a,
				   struct netlink_ext_ack *extack);
struct pmip_path *pmip_nl_path_find(struct pmip_net *pn, struct nlattr **a);
void pmip_nl_path_put(struct sk_buff *msg, struct pmip_net *pn,
		      struct pmip_path *p);

#endif /* _PMIP_NETLINK_PATH_H */
