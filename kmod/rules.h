/* SPDX-License-Identifier: GPL-2.0 */
/* Rules of a mobile node: which of its flows a packet belongs to. */
#ifndef _PMIP_RULES_H
#define _PMIP_RULES_H

#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "selector.h"

struct pmip_flow;
struct pmip_node;
struct pmip_packet;

/**
 * struct pmip_rule - what is looked at first of a flow's selector
 * @first: least value that it has in the rules' common field
 * @span: greatest one less @first; 0xffff if it does not look at the field
 * @rest: PMIP_SEL_*, what else is to be asked of the selector itself
 * @flow: the flow; NULL where one was
 */
struct pmip_rule {
	u16 first;
	u16 span;
	u8 rest;
	struct pmip_flow *flow;
};

/* Of @mark in struct pmip_rules, which has the fields in its last byte */
#define PMIP_MARK_SHIFT	8

/**
 * struct pmip_rules - the flows of a node, first priority first
 * @mark: another one after each change that may have packets belong to other
 *	  flows than before, unique in the namespace; with it the fields that
 *	  the rules look at
 * @number: of the node
 * @n: rules
 * @common: PMIP_SEL_*, the field that most of them look at; 0: addresses alone
 * @fields: PMIP_SEL_*, all that one of them looks at
 * @sel: their selectors, which most packets need not be compared with
 * @node: the node
 * @rcu: readers may hold it until a grace period after others came
 * @rule: the rules
 */
struct pmip_rules {
	atomic64_t mark;
	u32 number;
	u16 n;
	u8 common;
	u8 fields;
	struct pmip_selector *sel;
	struct pmip_node *node;
	struct rcu_head rcu;
	struct pmip_rule rule[];
};

struct pmip_rules *pmip_rules_new(struct pmip_node *node, u32 n);
struct pmip_rules *pmip_rules_with(const struct pmip_rules *old, u32 n,
				   struct pmip_flow *f,
				   const struct pmip_selector *sel,
				   u16 priority);
u32 pmip_rules_place(const struct pmip_rules *rules, const struct pmip_flow *f);
struct pmip_flow *pmip_rules_find(const struct pmip_rules *rules,
				  const struct pmip_packet *packet);

#endif /* _PMIP_RULES_H */
