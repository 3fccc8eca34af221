// SPDX-License-Identifier: GPL-2.0
/* How much may be held for a node, behind a link, and at all. */
#include "limit.h"

/**
 * pmip_limit_passed() - which limit would be passed, with that less and that more
 * @holds: all queues
 * @h: the queue where it would be
 * @less: what would leave it
 * @more: what would come
 *
 * Context: @holds->lock held.
 * Return: the reason to drop it, or PMIP_DROP_COUNT: none, there is room.
 */
enum pmip_drop pmip_limit_passed(const struct pmip_holds *holds,
				 const struct pmip_hold *h,
				 const struct pmip_hold_use *less,
				 const struct pmip_hold_use *more)
{
	const struct pmip_hold_share *link = h->share[PMIP_SHARE_LINK];

	if (!pmip_use_fits(&h->share[PMIP_SHARE_NODE]->use, less, more,
			   &holds->conf.node))
		return PMIP_DROP_HOLD_NODE;
	if (link && !pmip_use_fits(&link->use, less, more, &holds->conf.link))
		return PMIP_DROP_HOLD_LINK;
	if (!pmip_use_fits(&holds->use, less, more, &holds->conf.total))
		return PMIP_DROP_HOLD_TOTAL;
	return PMIP_DROP_COUNT;
}

/* Would more than three quarters be taken? */
static bool pmip_limit_nears(const struct pmip_hold_use *use,
			     const struct pmip_hold_use *more,
			     const struct pmip_hold_use *limit)
{
	return ((u64)use->packets + more->packets) * 4 > limit->packets * 3ULL ||
	       ((u64)use->bytes + more->bytes) * 4 > limit->bytes * 3ULL;
}

/**
 * pmip_limit_is_near() - is there so little room that what can go should
 * @holds: all queues
 * @h: the queue
 * @more: what would come
 *
 * Context: @holds->lock held. Return: true if it is.
 */
bool pmip_limit_is_near(const struct pmip_holds *holds,
			const struct pmip_hold *h,
			const struct pmip_hold_use *more)
{
	const struct pmip_hold_share *link = h->share[PMIP_SHARE_LINK];

	return pmip_limit_nears(&h->share[PMIP_SHARE_NODE]->use, more,
				&holds->conf.node) ||
	       (link && pmip_limit_nears(&link->use, more,
					 &holds->conf.link)) ||
	       pmip_limit_nears(&holds->use, more, &holds->conf.total);
}
