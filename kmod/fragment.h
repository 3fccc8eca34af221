/* SPDX-License-Identifier: GPL-2.0 */
/* The flow of a packet whose later fragments do not say what it is. */
#ifndef _PMIP_FRAGMENT_H
#define _PMIP_FRAGMENT_H

#include <linux/in6.h>
#include <linux/types.h>

struct pmip_flow;
struct pmip_fragments;
struct pmip_net;

/**
 * struct pmip_fragment - what a first fragment was found to be
 * @src: source
 * @dst: destination
 * @id: identification
 * @node: its node's number, 0 where there is none
 * @mark: of its node then
 * @flow: its flow or NULL; there for as long as its node has @mark
 * @fid: the flow's identifier, or 0
 * @until: jiffies, when it is forgotten
 */
struct pmip_fragment {
	struct in6_addr src;
	struct in6_addr dst;
	__be32 id;
	u32 node;
	u64 mark;
	struct pmip_flow *flow;
	u16 fid;
	unsigned long until;
};

struct pmip_fragments *pmip_fragments_new(void);
void pmip_fragments_free(struct pmip_fragments *table);
bool pmip_fragment_find(struct pmip_fragments *table, struct pmip_fragment *f);
void pmip_fragment_add(struct pmip_fragments *table,
		       const struct pmip_fragment *f);

#endif /* _PMIP_FRAGMENT_H */
