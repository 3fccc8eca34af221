/* SPDX-License-Identifier: GPL-2.0 */
/* Several bindings in one netlink request. */
#ifndef _PMIP_NETLINK_ITEM_H
#define _PMIP_NETLINK_ITEM_H

#include <net/genetlink.h>

struct pmip_net;

/**
 * typedef pmip_nl_item_fn - do what a request asks for with one binding
 * @pn: the namespace
 * @info: the request, with this binding's attributes
 * @paths: attributes among which its paths are
 * @len: bytes of @paths
 *
 * Context: process. Return: 0 or a negative errno.
 */
typedef int (*pmip_nl_item_fn)(struct pmip_net *pn, struct genl_info *info,
			       const struct nlattr *paths, int len);

int pmip_nl_items(struct genl_info *info, pmip_nl_item_fn fn);

#endif /* _PMIP_NETLINK_ITEM_H */
