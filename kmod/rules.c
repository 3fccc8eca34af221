// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of a mobile node.  Packets meet them all at once, in one piece of memory:
 * of each rule a range of the field that most of them look at, and the flow.  So
 * 64 rules are 16 cache lines, one behind the other, and the selectors, two lines
 * each, are asked where that range has the packet and there is more to ask.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "flow.h"
#include "node.h"
#include "packet.h"
#include "rules.h"

/* Fields that can be the common one, the most telling first */
static const u8 pmip_rules_telling[] = {
	PMIP_SEL_DPORT, PMIP_SEL_SPORT, PMIP_SEL_SPI, PMIP_SEL_LABEL,
	PMIP_SEL_TCLASS, PMIP_SEL_NEXTHDR,
};

/* Of them, those that have more than 16 bits, of which the upper ones count */
#define PMIP_RULES_COARSE	(PMIP_SEL_SPI | PMIP_SEL_LABEL)

/**
 * pmip_rules_new() - make room for rules
 * @node: their node
 * @n: how many there will be
 *
 * Context: process. Return: no rules yet, or NULL without memory.
 */
struct pmip_rules *pmip_rules_new(struct pmip_node *node, u32 n)
{
	const size_t at = struct_size((struct pmip_rules *)NULL, rule, n);
	struct pmip_rules *rules;

	rules = kvmalloc(at + array_size(n, sizeof(*rules->sel)),
			 GFP_KERNEL_ACCOUNT);
	if (!rules)
		return NULL;
	atomic64_set(&rules->mark, 0);
	rules->number = node->number;
	rules->n = 0;
	rules->common = 0;
	rules->fields = 0;
	rules->sel = (void *)rules + at;
	rules->node = node;
	return rules;
}

static void pmip_rules_add(struct pmip_rules *rules,
			   const struct pmip_selector *sel, struct pmip_flow *f)
{
	rules->sel[rules->n] = *sel;
	rules->rule[rules->n].flow = f;
	rules->fields |= sel->fields;
	rules->n++;
}

static u8 pmip_rules_common(const struct pmip_rules *rules)
{
	u32 k, i, n, most = 0;
	u8 common = 0;

	for (k = 0; k < ARRAY_SIZE(pmip_rules_telling); k++) {
		for (i = 0, n = 0; i < rules->n; i++)
			n += !!(rules->sel[i].fields & pmip_rules_telling[k]);
		if (n > most) {
			most = n;
			common = pmip_rules_telling[k];
		}
	}
	return common;
}

static void pmip_rule_range(struct pmip_rule *rule,
			    const struct pmip_selector *sel, u8 common)
{
	u16 last = 0xffff;

	rule->first = 0;
	rule->rest = sel->fields & ~(common & ~PMIP_RULES_COARSE);
	switch (sel->fields & common) {
	case PMIP_SEL_DPORT:
		rule->first = sel->dport[0];
		last = sel->dport[1];
		break;
	case PMIP_SEL_SPORT:
		rule->first = sel->sport[0];
		last = sel->sport[1];
		break;
	case PMIP_SEL_SPI:
		rule->first = sel->spi[0] >> 16;
		last = sel->spi[1] >> 16;
		break;
	case PMIP_SEL_LABEL:
		rule->first = sel->label[0] >> 4;
		last = sel->label[1] >> 4;
		break;
	case PMIP_SEL_TCLASS:
		rule->first = sel->tclass[0];
		last = sel->tclass[1];
		break;
	case PMIP_SEL_NEXTHDR:
		rule->first = sel->nexthdr[0];
		last = sel->nexthdr[1];
		break;
	}
	rule->span = last - rule->first;
}

/* What a packet, which has the common field, has in it */
static u16 pmip_rules_value(u8 common, const struct pmip_packet *packet)
{
	switch (common) {
	case PMIP_SEL_DPORT:
		return packet->upper;
	case PMIP_SEL_SPORT:
	case PMIP_SEL_SPI:
		return packet->upper >> 16;
	case PMIP_SEL_LABEL:
		return (packet->first & PMIP_PACKET_LABEL) >> 4;
	case PMIP_SEL_TCLASS:
		return packet->first >> 20;
	case PMIP_SEL_NEXTHDR:
		return packet->nexthdr;
	default:
		return 0;
	}
}

/**
 * pmip_rules_with() - rules as they are, and a flow among them
 * @old: the rules
 * @n: flows that there will be
 * @f: the flow
 * @sel: its selector
 * @priority: its priority, which no other has
 *
 * Context: process, the namespace's lock held. Return: the rules, their mark not
 * set, or NULL without memory.
 */
struct pmip_rules *pmip_rules_with(const struct pmip_rules *old, u32 n,
				   struct pmip_flow *f,
				   const struct pmip_selector *sel,
				   u16 priority)
{
	struct pmip_rules *rules = pmip_rules_new(old->node, n);
	bool in = false;
	u32 i;

	if (!rules)
		return NULL;
	for (i = 0; i < old->n; i++) {
		struct pmip_flow *other = old->rule[i].flow;

		if (!other || other == f)
			continue;
		if (!in && other->priority > priority) {
			pmip_rules_add(rules, sel, f);
			in = true;
		}
		pmip_rules_add(rules, &old->sel[i], other);
	}
	if (!in)
		pmip_rules_add(rules, sel, f);
	rules->common = pmip_rules_common(rules);
	for (i = 0; i < rules->n; i++)
		pmip_rule_range(&rules->rule[i], &rules->sel[i], rules->common);
	return rules;
}

/**
 * pmip_rules_place() - which of the rules is that of a flow
 * @rules: the rules
 * @f: the flow, which has one
 *
 * Context: the namespace's lock held. Return: its index.
 */
u32 pmip_rules_place(const struct pmip_rules *rules, const struct pmip_flow *f)
{
	u32 i = 0;

	while (rules->rule[i].flow != f)
		i++;
	return i;
}

/* RFC 6089 §5.3.6: what is not active selects nothing. */
static struct pmip_flow *pmip_rule_flow(const struct pmip_rule *rule)
{
	struct pmip_flow *f = READ_ONCE(rule->flow);

	return f && READ_ONCE(f->active) ? f : NULL;
}

/* For a packet without the common field */
static struct pmip_flow *
pmip_rules_find_without(const struct pmip_rules *rules,
			const struct pmip_packet *packet)
{
	struct pmip_flow *f;
	u32 i;

	for (i = 0; i < rules->n; i++) {
		if (!pmip_selector_match(&rules->sel[i], packet))
			continue;
		f = pmip_rule_flow(&rules->rule[i]);
		if (f)
			return f;
	}
	return NULL;
}

/**
 * pmip_rules_find() - the active flow of the first priority that has a packet
 * @rules: the rules
 * @packet: the packet, read with the rules' fields
 *
 * Context: RCU read side. Return: the flow, or NULL.
 */
struct pmip_flow *pmip_rules_find(const struct pmip_rules *rules,
				  const struct pmip_packet *packet)
{
	const struct pmip_rule *rule = rules->rule, *end = rule + rules->n;
	const u16 value = pmip_rules_value(rules->common, packet);
	struct pmip_flow *f;

	if (unlikely(rules->common & PMIP_SEL_UPPER & ~packet->has))
		return pmip_rules_find_without(rules, packet);
	for (; rule < end; rule++) {
		if ((u16)(value - rule->first) > rule->span)
			continue;
		if (rule->rest &&
		    !pmip_selector_match(&rules->sel[rule - rules->rule], packet))
			continue;
		/* A flow is memory of its own: it is looked at last. */
		f = pmip_rule_flow(rule);
		if (f)
			return f;
	}
	return NULL;
}
