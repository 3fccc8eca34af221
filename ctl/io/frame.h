/* SPDX-License-Identifier: GPL-2.0 */
/* ICMPv6 in IPv6 as packet sockets carry it: whole, checksum and all. */
#ifndef CTL_IO_FRAME_H
#define CTL_IO_FRAME_H

#include "core/id.h"

#include <stddef.h>

#define FRAME_IP6_LEN	40
#define FRAME_MAX	2048

/* What a mobile node was heard to send */
struct frame_nd {
	uint8_t type;		/* of the ICMPv6 message: 133, 136 or 143 */
	uint8_t hop_limit;
	struct in6_addr src, dst;
	const uint8_t *icmp;
	size_t len;
};

uint16_t frame_checksum(const uint8_t *icmp, size_t len, const struct in6_addr *src,
			const struct in6_addr *dst);
/* Writes the IPv6 header before, and the checksum into, the message. */
size_t frame_finish(uint8_t *pkt, size_t icmp_len, const struct in6_addr *src,
		    const struct in6_addr *dst);
/* false: not a sign of life that any RFC allows */
bool frame_parse(struct frame_nd *f, const uint8_t *pkt, size_t len);

#endif
