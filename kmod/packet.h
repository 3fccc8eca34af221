/* SPDX-License-Identifier: GPL-2.0 */
/* What selectors look at in a packet. */
#ifndef _PMIP_PACKET_H
#define _PMIP_PACKET_H

#include <linux/in6.h>
#include <linux/skbuff.h>

#include "selector.h"

/* Of @first in struct pmip_packet, which is without ECN and version */
#define PMIP_PACKET_TCLASS	0x0fc00000
#define PMIP_PACKET_LABEL	0x000fffff

/**
 * struct pmip_packet - a packet as its node's selectors see it
 * @mark: of the node when it was looked at; says which fields count
 * @src: source
 * @dst: destination
 * @first: traffic class and flow label, as the IPv6 header has them
 * @upper: source and destination port, or the SPI
 * @nexthdr: of what follows the extension headers
 * @has: PMIP_SEL_* of PMIP_SEL_UPPER that this packet has
 * @used: when the cache last gave an answer for it; not the packet's
 * @node: the node's number
 *
 * Fields that do not count are zero, and @src and @dst nothing if neither does:
 * packets that differ in nothing else are one to the cache.
 */
struct pmip_packet {
	u64 mark;
	struct in6_addr src;
	struct in6_addr dst;
	u32 first;
	u32 upper;
	u8 nexthdr;
	u8 has;
	u16 used;
	u32 node;
};

enum pmip_piece {
	PMIP_PIECE_WHOLE,
	PMIP_PIECE_FIRST,
	PMIP_PIECE_LATER,
};

/**
 * struct pmip_pieces - what a fragment header said
 * @piece: which of the fragments it is; whole also where fragments are nothing
 *	   to the node's selectors
 * @id: identification, common to the fragments of one packet
 */
struct pmip_pieces {
	enum pmip_piece piece;
	__be32 id;
};

void pmip_packet_read(struct pmip_packet *packet, struct pmip_pieces *pieces,
		      const struct sk_buff *skb);

#endif /* _PMIP_PACKET_H */
