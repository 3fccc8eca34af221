/* SPDX-License-Identifier: GPL-2.0 */
/* Packets to a node that an access gateway could not deliver and sends back. */
#ifndef _PMIP_RETURN_H
#define _PMIP_RETURN_H

#include <linux/netlink.h>
#include <linux/skbuff.h>

struct pmip_binding;
struct pmip_hold;
struct pmip_net;
struct pmip_tunnel;

/* What a request says of them; without a tunnel: none any more */
struct pmip_return_conf {
	const struct pmip_tunnel *from;
	u32 time_ms;
	u32 wait_ms;
};

int pmip_return_set(struct pmip_net *pn, struct pmip_binding *b,
		    const struct pmip_return_conf *conf,
		    struct netlink_ext_ack *extack);
bool pmip_return(struct pmip_net *pn, struct pmip_binding *b,
		 struct pmip_tunnel *t, struct sk_buff *skb);
bool pmip_return_turn(struct pmip_net *pn, struct pmip_binding *b,
		      struct pmip_tunnel *t, struct sk_buff *skb);
void pmip_return_forget(struct pmip_net *pn, const struct pmip_tunnel *t);

/* With the lock of the queues held */
void pmip_return_close(struct pmip_hold *h);
void pmip_return_tick(struct pmip_hold *h);
unsigned long pmip_return_until(const struct pmip_hold *h);

#endif /* _PMIP_RETURN_H */
