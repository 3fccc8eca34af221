// SPDX-License-Identifier: GPL-2.0
/*
 * From a packet towards a mobile node to the flow that it belongs to: what was
 * found for the last packet like it, else the node's rules by priority.
 */
#include <net/ipv6.h>

#include "binding.h"
#include "classify.h"
#include "flow.h"
#include "netns.h"
#include "packet.h"

/**
 * pmip_classify_init() - a namespace has flows
 * @pn: the namespace
 *
 * Context: process, @pn->lock held. Return: 0 or -ENOMEM.
 */
int pmip_classify_init(struct pmip_net *pn)
{
	return 0;
}

/**
 * pmip_classify_exit() - a namespace goes, and nobody classifies any more
 * @pn: the namespace
 *
 * Context: process.
 */
void pmip_classify_exit(struct pmip_net *pn)
{
}

static struct pmip_flow *pmip_classify_walk(const struct pmip_rules *rules,
					    const struct pmip_packet *packet)
{
	struct pmip_flow *f;
	u32 i;

	for (i = 0; i < rules->n; i++) {
		f = READ_ONCE(rules->rule[i].flow);
		if (f && READ_ONCE(f->active) &&
		    pmip_selector_match(&rules->rule[i].sel, packet))
			return f;
	}
	return NULL;
}

static struct pmip_flow *pmip_classify_rules(const struct pmip_node *node,
					     struct pmip_packet *packet,
					     const struct sk_buff *skb)
{
	const struct pmip_rules *rules = rcu_dereference(node->rules);
	struct pmip_pieces pieces;

	if (unlikely(!rules))
		return NULL;
	/* Rules that have come since the mark was read: of a mark of nobody. */
	if (unlikely(rules->fields & ~packet->mark)) {
		packet->mark = rules->fields;
		pmip_packet_read(packet, &pieces, skb);
	}
	return pmip_classify_walk(rules, packet);
}

/*
 * RFC 6089 §4.3: flows are nothing to the signalling that a mobility agent
 * itself has for the node.
 */
static bool pmip_classify_exempt(const struct sk_buff *skb)
{
	return !skb->skb_iif && ipv6_hdr(skb)->nexthdr == NEXTHDR_MOBILITY;
}

/**
 * pmip_classify() - the flow that a packet belongs to
 * @pn: the namespace
 * @b: the binding of its destination, which says that its node has flows
 * @skb: the packet, data at its IPv6 header
 *
 * RFC 6089 §5.3.6: the active flow of the highest priority that selects it.
 *
 * Context: RCU read side, bottom halves off. Return: the flow, or NULL.
 */
struct pmip_flow *pmip_classify(struct pmip_net *pn,
				const struct pmip_binding *b,
				const struct sk_buff *skb)
{
	const struct pmip_node *node;
	struct pmip_pieces pieces;
	struct pmip_packet packet;

	if (unlikely(pmip_classify_exempt(skb)))
		return NULL;
	/* The flag was written behind the pointer. */
	smp_rmb();
	node = rcu_dereference(b->node);
	packet.mark = atomic64_read_acquire(&node->mark);
	packet.node = node->number;
	pmip_packet_read(&packet, &pieces, skb);
	return pmip_classify_rules(node, &packet, skb);
}
