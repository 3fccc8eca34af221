// SPDX-License-Identifier: GPL-2.0
/* Does a selector have a packet? */
#include "packet.h"
#include "selector.h"

static bool pmip_selector_addr(const struct pmip_addr range[2],
			       const struct in6_addr *addr)
{
	const __be64 *half = (const __be64 *)addr;
	const u64 high = be64_to_cpu(half[0]), low = be64_to_cpu(half[1]);

	if (high < range[0].high || high > range[1].high)
		return false;
	return (high > range[0].high || low >= range[0].low) &&
	       (high < range[1].high || low <= range[1].low);
}

static bool pmip_within(u32 value, u32 first, u32 last)
{
	return value >= first && value <= last;
}

/* Fields that must be there are, and within their ranges */
static bool pmip_selector_upper(const struct pmip_selector *sel,
				const struct pmip_packet *p)
{
	const u8 fields = sel->fields & PMIP_SEL_UPPER;

	if (fields & ~p->has)
		return false;
	return !((fields & PMIP_SEL_NEXTHDR &&
		  !pmip_within(p->nexthdr, sel->nexthdr[0], sel->nexthdr[1])) ||
		 (fields & PMIP_SEL_SPORT &&
		  !pmip_within(p->upper >> 16, sel->sport[0], sel->sport[1])) ||
		 (fields & PMIP_SEL_DPORT &&
		  !pmip_within(p->upper & 0xffff, sel->dport[0], sel->dport[1])) ||
		 (fields & PMIP_SEL_SPI && !pmip_within(p->upper, sel->spi[0], sel->spi[1])));
}

/**
 * pmip_selector_match() - does a selector have a packet
 * @sel: the selector
 * @packet: the packet
 *
 * RFC 6088 §3.2: each field that the selector has must lie in its range.
 *
 * Context: any. Return: true if it has.
 */
bool pmip_selector_match(const struct pmip_selector *sel,
			 const struct pmip_packet *packet)
{
	const u8 fields = sel->fields;

	if (fields & PMIP_SEL_UPPER && !pmip_selector_upper(sel, packet))
		return false;
	if (fields & PMIP_SEL_TCLASS &&
	    !pmip_within(packet->first >> 20, sel->tclass[0], sel->tclass[1]))
		return false;
	if (fields & PMIP_SEL_LABEL &&
	    !pmip_within(packet->first & PMIP_PACKET_LABEL, sel->label[0], sel->label[1]))
		return false;
	if (fields & PMIP_SEL_SRC && !pmip_selector_addr(sel->src, &packet->src))
		return false;
	return !(fields & PMIP_SEL_DST) ||
	       pmip_selector_addr(sel->dst, &packet->dst);
}
