// SPDX-License-Identifier: GPL-2.0
/* What the kernel module holds, and what may come back to the anchor. */
#include "io/io.h"
#include "io/pmip_msg.h"

#include <stdio.h>

/**
 * forwarding_hold_limits() - tell the module how much it may hold
 * @io: the daemon
 */
void forwarding_hold_limits(struct io *io)
{
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	nlh = genl_begin(&io->genl, PMIP_CMD_HOLD_SET, 0, "hold");
	pmip_msg_hold(nlh, &io->conf->hold);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_hold_release() - say what becomes of the packets that wait
 * @io: the daemon
 * @p: for which prefix
 * @to: enum pmip_hold_to
 *
 * The module may know better: if the uplink is down they wait on.
 */
void forwarding_hold_release(struct io *io, const struct prefix *p, uint8_t to)
{
	char text[PREFIX_STRLEN];
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	nlh = genl_begin(&io->genl, PMIP_CMD_HOLD_RELEASE, 0, "hold %s: release",
			 prefix_str(p, text, sizeof(text)));
	pmip_msg_release(nlh, p, to);
	genl_end(&io->genl, nlh);
}

/**
 * forwarding_return_set() - by which tunnel packets may come back
 * @io: the daemon
 * @p: packets to whom
 * @r: the tunnel, and for how long
 */
void forwarding_return_set(struct io *io, const struct prefix *p, const struct dp_return *r)
{
	struct dp_return k = *r;
	char text[PREFIX_STRLEN];
	struct nlmsghdr *nlh;

	if (!io->genl.nl)
		return;
	if (k.tunnel)
		k.tunnel = tunnel_map_id(io, k.tunnel);
	nlh = genl_begin(&io->genl, PMIP_CMD_BINDING_SET, 0, "binding %s: return",
			 prefix_str(p, text, sizeof(text)));
	pmip_msg_return(nlh, p, &k);
	genl_end(&io->genl, nlh);
}
