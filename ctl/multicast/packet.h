/* SPDX-License-Identifier: GPL-2.0 */
/* What queriers and reporters say, as the packets that a link or a tunnel takes */
#ifndef CTL_MULTICAST_PACKET_H
#define CTL_MULTICAST_PACKET_H

#include "core/env.h"
#include "mld/mld.h"

#define MCAST_PACKET_MAX	1500	/* a link's MTU; no struct mcast_conf has more */

/* One packet, written when it is made and good until the next one is */
struct mcast_packet {
	uint8_t bytes[MCAST_PACKET_MAX];
	size_t len;			/* 0: it could not be written */
};

void mcast_packet_query(struct mcast_packet *p, const struct in6_addr *src,
			const struct mld_query *q);
void mcast_packet_report(struct mcast_packet *p, const struct in6_addr *src,
			 const struct mld_record *recs, unsigned int n);
void mcast_packet_v1(struct mcast_packet *p, const struct in6_addr *src, enum mld_kind type,
		     const struct in6_addr *group);

/* Where it goes is said in @to; nothing happens if it could not be written. */
void mcast_packet_send(const struct mcast_packet *p, struct env *env, struct mld_out *to);
/* Whether there is a valid message in it; if there is a wrong one, *invalid is one more */
bool mcast_packet_read(struct mld_packet *p, const uint8_t *packet, size_t len,
		       uint64_t *invalid);

/* A gateway's link-local address in its tunnels */
struct in6_addr mcast_tunnel_addr(const struct in6_addr *gateway);

#endif
