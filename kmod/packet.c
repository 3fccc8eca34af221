// SPDX-License-Identifier: GPL-2.0
/*
 * What selectors look at in a packet.  A packet that is not what its headers
 * say has the fields up to where it ends, and no selector of the others has it.
 */
#include <linux/ipv6.h>
#include <net/ipv6.h>

#include "packet.h"

/* Extension headers that are walked before the rest is left unread */
#define PMIP_PACKET_HEADERS	8

/* The ports' place is the same in all. */
static bool pmip_packet_has_ports(u8 nexthdr)
{
	switch (nexthdr) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return true;
	default:
		return false;
	}
}

/* RFC 6275 §6.1.1: a Mobility Header is the last, though built as if not. */
static bool pmip_packet_is_extension(u8 nexthdr)
{
	switch (nexthdr) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_FRAGMENT:
	case NEXTHDR_AUTH:
	case NEXTHDR_DEST:
		return true;
	default:
		return false;
	}
}

/* Where the packet's first piece does not have it */
static noinline bool pmip_packet_word_far(const struct sk_buff *skb,
					  unsigned int at, __be32 *word)
{
	return !skb_copy_bits(skb, at, word, sizeof(*word));
}

static __always_inline bool pmip_packet_word(const struct sk_buff *skb,
					     unsigned int at, u32 *upper)
{
	__be32 word;

	if (likely(at + sizeof(word) <= skb_headlen(skb)))
		word = *(const __be32 *)(skb->data + at);
	else if (!pmip_packet_word_far(skb, at, &word))
		return false;
	*upper = ntohl(word);
	return true;
}

static __always_inline void pmip_packet_upper(struct pmip_packet *p,
					      const struct sk_buff *skb,
					      u8 nexthdr, unsigned int at)
{
	const u8 fields = p->mark & PMIP_SEL_UPPER;
	u32 upper;

	if (fields & PMIP_SEL_NEXTHDR) {
		p->nexthdr = nexthdr;
		p->has |= PMIP_SEL_NEXTHDR;
	}
	if (fields & PMIP_SEL_PORTS && pmip_packet_has_ports(nexthdr))
		p->has |= fields & PMIP_SEL_PORTS;
	else if (fields & PMIP_SEL_SPI && nexthdr == NEXTHDR_ESP)
		p->has |= PMIP_SEL_SPI;
	else
		return;
	if (unlikely(!pmip_packet_word(skb, at, &upper))) {
		p->has &= ~(PMIP_SEL_PORTS | PMIP_SEL_SPI);
		return;
	}
	if ((p->has & PMIP_SEL_PORTS) == PMIP_SEL_SPORT)
		upper &= 0xffff0000;
	else if ((p->has & PMIP_SEL_PORTS) == PMIP_SEL_DPORT)
		upper &= 0xffff;
	p->upper = upper;
}

/* RFC 8200 §4.5: only the first fragment has the headers of the upper layer. */
static bool pmip_packet_fragment(struct pmip_packet *p,
				 struct pmip_pieces *pieces,
				 const struct frag_hdr *f)
{
	pieces->id = f->identification;
	if (f->frag_off & htons(IP6_OFFSET)) {
		pieces->piece = PMIP_PIECE_LATER;
		if (p->mark & PMIP_SEL_NEXTHDR &&
		    !pmip_packet_is_extension(f->nexthdr)) {
			p->nexthdr = f->nexthdr;
			p->has |= PMIP_SEL_NEXTHDR;
		}
		return false;
	}
	if (f->frag_off & htons(IP6_MF))
		pieces->piece = PMIP_PIECE_FIRST;
	return true;
}

static noinline void pmip_packet_walk(struct pmip_packet *p,
				      struct pmip_pieces *pieces,
				      const struct sk_buff *skb, u8 nexthdr,
				      unsigned int at)
{
	int n;

	for (n = 0; pmip_packet_is_extension(nexthdr); n++) {
		const struct ipv6_opt_hdr *h;
		struct frag_hdr buf;

		/* All are at least as long as the fragment header. */
		h = skb_header_pointer(skb, at, sizeof(buf), &buf);
		if (!h || n == PMIP_PACKET_HEADERS)
			return;
		if (nexthdr == NEXTHDR_FRAGMENT) {
			if (pieces->piece != PMIP_PIECE_WHOLE ||
			    !pmip_packet_fragment(p, pieces,
						  (const struct frag_hdr *)h))
				return;
			at += sizeof(struct frag_hdr);
		} else if (nexthdr == NEXTHDR_AUTH) {
			at += ipv6_authlen(h);
		} else {
			at += ipv6_optlen(h);
		}
		nexthdr = h->nexthdr;
	}
	/* A header that is longer than the packet is none. */
	if (likely(at <= skb->len))
		pmip_packet_upper(p, skb, nexthdr, at);
}

static void pmip_packet_addrs(struct pmip_packet *packet,
			      const struct ipv6hdr *h, u8 fields)
{
	ipv6_addr_set(&packet->src, 0, 0, 0, 0);
	ipv6_addr_set(&packet->dst, 0, 0, 0, 0);
	if (fields & PMIP_SEL_SRC)
		packet->src = h->saddr;
	if (fields & PMIP_SEL_DST)
		packet->dst = h->daddr;
}

/**
 * pmip_packet_read() - read the fields of a packet that count
 * @packet: its @mark says which; filled
 * @pieces: filled
 * @skb: the packet, network header set; need not be linear
 *
 * Next header, ports and SPI are those behind the extension headers (up to
 * eight of them), since that is what tells one flow from another; encrypted
 * packets have an SPI and no ports.
 *
 * Context: any.
 */
void pmip_packet_read(struct pmip_packet *packet, struct pmip_pieces *pieces,
		      const struct sk_buff *skb)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	const u8 fields = packet->mark;
	unsigned int at = skb_network_offset(skb) + sizeof(*h);
	u32 first = 0;

	packet->upper = 0;
	packet->nexthdr = 0;
	packet->has = 0;
	packet->used = 0;
	if (fields & PMIP_SEL_ADDRS)
		pmip_packet_addrs(packet, h, fields);
	if (fields & PMIP_SEL_TCLASS)
		first |= PMIP_PACKET_TCLASS;
	if (fields & PMIP_SEL_LABEL)
		first |= PMIP_PACKET_LABEL;
	packet->first = ntohl(*(const __be32 *)h) & first;
	pieces->piece = PMIP_PIECE_WHOLE;
	if (!(fields & PMIP_SEL_UPPER))
		return;
	if (likely(!pmip_packet_is_extension(h->nexthdr)))
		pmip_packet_upper(packet, skb, h->nexthdr, at);
	else
		pmip_packet_walk(packet, pieces, skb, h->nexthdr, at);
}
