/* SPDX-License-Identifier: GPL-2.0 */
/* Which packets a flow is made of: ranges of the fields of RFC 6088 §3. */
#ifndef _PMIP_SELECTOR_H
#define _PMIP_SELECTOR_H

#include <linux/bits.h>
#include <linux/types.h>

/* Fields that a selector looks at */
#define PMIP_SEL_SRC		BIT(0)
#define PMIP_SEL_DST		BIT(1)
#define PMIP_SEL_SPI		BIT(2)
#define PMIP_SEL_LABEL		BIT(3)
#define PMIP_SEL_SPORT		BIT(4)
#define PMIP_SEL_DPORT		BIT(5)
#define PMIP_SEL_TCLASS		BIT(6)
#define PMIP_SEL_NEXTHDR	BIT(7)

#define PMIP_SEL_ADDRS	(PMIP_SEL_SRC | PMIP_SEL_DST)
#define PMIP_SEL_PORTS	(PMIP_SEL_SPORT | PMIP_SEL_DPORT)
/* Those that not every packet has, nor every fragment of one */
#define PMIP_SEL_UPPER	(PMIP_SEL_SPI | PMIP_SEL_PORTS | PMIP_SEL_NEXTHDR)

/* An address as a number */
struct pmip_addr {
	u64 high, low;
};

/**
 * struct pmip_selector - ranges, each of a first and a last value
 * @src: of the correspondent
 * @dst: of the mobile node
 * @spi: of ESP
 * @label: flow label
 * @sport: source port
 * @dport: destination port
 * @tclass: traffic class, the lower two bits being 0
 * @nexthdr: of what follows the extension headers
 * @fields: PMIP_SEL_*, the ranges that count
 */
struct pmip_selector {
	struct pmip_addr src[2];
	struct pmip_addr dst[2];
	u32 spi[2];
	u32 label[2];
	u16 sport[2];
	u16 dport[2];
	u8 tclass[2];
	u8 nexthdr[2];
	u8 fields;
};

struct pmip_packet;

bool pmip_selector_match(const struct pmip_selector *sel,
			 const struct pmip_packet *packet);

#endif /* _PMIP_SELECTOR_H */
