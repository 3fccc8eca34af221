/* SPDX-License-Identifier: GPL-2.0 */
/* Changes that user space is told of, multicast group "events". */
#ifndef _PMIP_EVENT_H
#define _PMIP_EVENT_H

#include <linux/types.h>

struct pmip_link;
struct pmip_listener;
struct pmip_net;
struct pmip_path;
struct pmip_tunnel;

void pmip_event_stop(void);
void pmip_event_link(const struct pmip_link *link, bool up, u8 reason, u64 ns);
void pmip_event_path(const struct pmip_net *pn, const struct pmip_path *p,
		     bool up, u8 reason);
void pmip_event_tunnel(const struct pmip_net *pn, const struct pmip_tunnel *t,
		       bool up);
void pmip_event_seam(const struct pmip_net *pn, const struct pmip_listener *l);

#endif /* _PMIP_EVENT_H */
