/* SPDX-License-Identifier: GPL-2.0 */
/* How much may be held for a node, behind a link, and at all. */
#ifndef _PMIP_LIMIT_H
#define _PMIP_LIMIT_H

#include "hold.h"

/* With the lock of the queues held */
enum pmip_drop pmip_limit_passed(const struct pmip_holds *holds,
				 const struct pmip_hold *h,
				 const struct pmip_hold_use *less,
				 const struct pmip_hold_use *more);
bool pmip_limit_is_near(const struct pmip_holds *holds,
			const struct pmip_hold *h,
			const struct pmip_hold_use *more);

#endif /* _PMIP_LIMIT_H */
