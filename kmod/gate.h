/* SPDX-License-Identifier: GPL-2.0 */
/* Behind which newer packets wait for those that come back. */
#ifndef _PMIP_GATE_H
#define _PMIP_GATE_H

#include <linux/skbuff.h>

struct pmip_hold;
struct pmip_holds;

/* With the lock of the queues held; whoever opens a gate owes pmip_hold_drain() */
void pmip_gate_close(struct pmip_hold *h, int i, unsigned long until);
void pmip_gate_open(struct pmip_hold *h);
void pmip_gate_open_for(struct pmip_hold *h, int i);
void pmip_gate_marked(struct pmip_hold *h, int i, u32 said);
void pmip_gate_comes(struct pmip_hold *h, int i, u32 packets);
bool pmip_gate_passed(struct pmip_hold *h);
unsigned long pmip_gate_due(const struct pmip_hold *h);
void pmip_gate_tick(struct pmip_hold *h);
bool pmip_gate_overflow(struct pmip_holds *holds, struct pmip_hold *h,
			const struct sk_buff *skb);

#endif /* _PMIP_GATE_H */
