/* SPDX-License-Identifier: GPL-2.0 */
/* Of the ways to a mobile node, the one that a packet takes now. */
#ifndef _PMIP_SELECT_H
#define _PMIP_SELECT_H

#include <linux/types.h>

struct pmip_binding;
struct pmip_link;
struct pmip_path;

/**
 * struct pmip_detour - what a packet met on the way to its path
 * @taken: a better path was down
 * @lost: link that this packet is the first to find down, or NULL: raise the
 *	  event once the packet is on its way
 */
struct pmip_detour {
	bool taken;
	struct pmip_link *lost;
};

struct pmip_path *pmip_select(const struct pmip_binding *b, bool links_only,
			      struct pmip_detour *detour);
struct pmip_path *pmip_select_flow(const struct pmip_binding *b, u64 bids,
				   bool links_only, struct pmip_detour *detour);
struct pmip_path *pmip_select_own(const struct pmip_binding *b, u16 bid);
struct pmip_path *pmip_select_other(const struct pmip_binding *b, u64 bids,
				    const struct pmip_path *except);
struct pmip_path *pmip_select_link(const struct pmip_binding *b, u64 bids);
bool pmip_select_holds(const struct pmip_binding *b);

#endif /* _PMIP_SELECT_H */
