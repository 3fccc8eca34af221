/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes of the family "pmip" from the state machines' structures. */
#ifndef CTL_IO_PMIP_MSG_H
#define CTL_IO_PMIP_MSG_H

#include "conf/conf.h"
#include "core/env.h"

#include <libmnl/libmnl.h>

void pmip_msg_tunnel(struct nlmsghdr *nlh, const struct dp_tunnel *t, uint32_t generation);
void pmip_msg_binding(struct nlmsghdr *nlh, const struct dp_binding *b, uint32_t generation);
void pmip_msg_path(struct nlmsghdr *nlh, uint16_t attr, const struct dp_path *p);
void pmip_msg_prefix(struct nlmsghdr *nlh, const struct prefix *p);
void pmip_msg_path_state(struct nlmsghdr *nlh, uint32_t ifindex,
			 const struct llid *lladdr, uint8_t state);
void pmip_msg_link(struct nlmsghdr *nlh, uint32_t ifindex, uint8_t type,
		   uint32_t flags, uint32_t generation);

void pmip_msg_return(struct nlmsghdr *nlh, const struct prefix *p,
		     const struct dp_return *r);
void pmip_msg_release(struct nlmsghdr *nlh, const struct prefix *p, uint8_t to);
void pmip_msg_hold(struct nlmsghdr *nlh, const struct hold_conf *h);

/* pmip_flow.c */
bool pmip_msg_flow_matches(const struct dp_flow *f);
void pmip_msg_flow_key(struct nlmsghdr *nlh, uint64_t node, uint16_t fid);
void pmip_msg_flow(struct nlmsghdr *nlh, const struct dp_flow *f, uint32_t generation);
int pmip_msg_parse_flow(const struct nlmsghdr *nlh, struct dp_flow *f);

/* An event or an object of a dump; zero where an attribute is absent */
struct pmip_event_msg {
	uint8_t type, state, reason;
	uint32_t ifindex, tunnel;
	struct llid lladdr;
	uint64_t time_ns;
	struct in6_addr group, source;	/* of a seam, as is the next */
	struct prefix prefix;
};

int pmip_msg_parse_event(const struct nlmsghdr *nlh, struct pmip_event_msg *e);
int pmip_msg_parse_tunnel(const struct nlmsghdr *nlh, struct dp_tunnel *t);
void pmip_msg_parse_bytes(const struct nlmsghdr *nlh, uint64_t *tx, uint64_t *rx);
int pmip_msg_parse_binding(const struct nlmsghdr *nlh, struct dp_binding *b);
int pmip_msg_parse_stats(const struct nlmsghdr *nlh, uint32_t *generation);
/* What PATH_GET and LINK_GET answer, as the event that it stands for */
int pmip_msg_parse_path(const struct nlmsghdr *nlh, struct pmip_event_msg *e);
int pmip_msg_parse_link(const struct nlmsghdr *nlh, struct pmip_event_msg *e);

#endif
