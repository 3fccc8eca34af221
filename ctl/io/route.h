/* SPDX-License-Identifier: GPL-2.0 */
/* Routes of the kernel's, by rtnetlink. */
#ifndef CTL_IO_ROUTE_H
#define CTL_IO_ROUTE_H

#include "core/id.h"

#include <libmnl/libmnl.h>

#define RTPROT_PMIP	213	/* marks what leads to the module's device */

struct route {
	struct prefix dst;	/* of length 0 for the default */
	uint32_t table;
	uint32_t metric;	/* 0: the kernel's default */
	uint32_t ifindex;	/* of RTN_UNICAST */
	uint8_t protocol, type;	/* RTPROT_, RTN_ */
};

struct io;

int route_add(struct io *io, const struct route *r, uint16_t flags);
int route_del(struct io *io, const struct route *r);
int route_dump(struct io *io, uint8_t protocol, mnl_cb_t cb, void *arg);
bool route_parse(const struct nlmsghdr *nlh, struct route *r);
int route_listen(uint8_t protocol);

#endif
