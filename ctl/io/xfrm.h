/* SPDX-License-Identifier: GPL-2.0 */
/* Inside ctl/io: the kernel's security policies, as far as they are the daemon's. */
#ifndef CTL_IO_XFRM_H
#define CTL_IO_XFRM_H

#include "core/id.h"

#include <linux/netlink.h>

/* What may leave for a prefix where no policy of anybody else's says more */
struct xfrm_rule {
	struct in6_addr own;
	struct prefix peer;
	bool block;
};

/* Of what comes in by a socket, whatever the policies for all sockets say */
enum xfrm_demand {
	XFRM_DEMAND_NOTHING,
	XFRM_DEMAND_ESP,
};

int xfrm_socket(bool news);
int xfrm_rule_set(int fd, const struct xfrm_rule *r);
int xfrm_rules_end(int fd, const struct in6_addr *own);
bool xfrm_there(void);
bool xfrm_rule_gone(const struct nlmsghdr *nlh);
int xfrm_demand(int fd, enum xfrm_demand d);

#endif
