/* SPDX-License-Identifier: GPL-2.0 */
/* Selectors as attributes. */
#ifndef _PMIP_NETLINK_SELECTOR_H
#define _PMIP_NETLINK_SELECTOR_H

#include <linux/pmip.h>
#include <net/netlink.h>

struct pmip_selector;

extern const struct nla_policy pmip_nl_selector_policy[PMIP_A_SELECTOR_MAX + 1];

int pmip_nl_selector_get(const struct nlattr *nest, struct pmip_selector *sel,
			 struct netlink_ext_ack *extack);
int pmip_nl_selector_put(struct sk_buff *msg, const struct pmip_selector *sel);

#endif /* _PMIP_NETLINK_SELECTOR_H */
