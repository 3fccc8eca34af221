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

/* Of ranges of all widths */
#define PMIP_IN(range, value)	pmip_within(value, (range)[0], *((range) + 1))

/* Fields that must be there are, and within their ranges */
static bool pmip_selector_upper(const struct pmip_selector *sel,
				const struct pmip_packet *p)
{
	const u8 fields = sel->fields & PMIP_SEL_UPPER;

	if (fields & ~p->has)
		return false;
	return !((fields & PMIP_SEL_NEXTHDR &&
		  !PMIP_IN(sel->nexthdr, p->nexthdr)) ||
		 (fields & PMIP_SEL_SPORT &&
		  !PMIP_IN(sel->sport, p->upper >> 16)) ||
		 (fields & PMIP_SEL_DPORT &&
		  !PMIP_IN(sel->dport, p->upper & 0xffff)) ||
		 (fields & PMIP_SEL_SPI && !PMIP_IN(sel->spi, p->upper)));
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
	    !PMIP_IN(sel->tclass, packet->first >> 20))
		return false;
	if (fields & PMIP_SEL_LABEL &&
	    !PMIP_IN(sel->label, packet->first & PMIP_PACKET_LABEL))
		return false;
	if (fields & PMIP_SEL_SRC && !pmip_selector_addr(sel->src, &packet->src))
		return false;
	return !(fields & PMIP_SEL_DST) ||
	       pmip_selector_addr(sel->dst, &packet->dst);
}
