// SPDX-License-Identifier: GPL-2.0
/*
 * From a packet towards a mobile node to the flow that it belongs to: what was
 * found for the last packet like it, else the node's rules by priority.
 */
#include <net/inet_frag.h>
#include <net/ipv6.h>

#include "binding.h"
#include "cache.h"
#include "classify.h"
#include "compat.h"
#include "flow.h"
#include "fragment.h"
#include "netns.h"
#include "packet.h"
#include "rules.h"

/**
 * pmip_classify_init() - a namespace has flows
 * @pn: the namespace
 *
 * Context: process, @pn->lock held. Return: 0 or -ENOMEM.
 */
int pmip_classify_init(struct pmip_net *pn)
{
	if (!pn->cache)
		pn->cache = pmip_cache_new();
	if (!pn->fragments)
		pn->fragments = pmip_fragments_new();
	return pn->cache && pn->fragments ? 0 : -ENOMEM;
}

/**
 * pmip_classify_exit() - a namespace goes, and nobody classifies any more
 * @pn: the namespace
 *
 * Context: process.
 */
void pmip_classify_exit(struct pmip_net *pn)
{
	pmip_cache_free(pn->cache);
	pmip_fragments_free(pn->fragments);
}

static __always_inline struct pmip_flow *
pmip_classify_packet(struct pmip_net *pn, const struct pmip_rules *rules,
		     const struct pmip_packet *packet)
{
	struct pmip_cache_place place __pmip_uninitialized;
	struct pmip_cached *c;
	struct pmip_flow *f;

	c = pmip_cache_find(pn->cache, packet, &place);
	if (likely(c))
		return c->flow;
	f = pmip_rules_find(rules, packet);
	pmip_cache_add(&place, packet, f);
	return f;
}

/* The node of the first fragment may have got other rules since. */
static bool pmip_classify_fid(const struct pmip_rules *rules, u16 fid,
			      struct pmip_flow **flow)
{
	u32 i;

	*flow = NULL;
	for (i = 0; fid && i < rules->n; i++) {
		*flow = READ_ONCE(rules->rule[i].flow);
		if (*flow && (*flow)->fid == fid)
			return READ_ONCE((*flow)->active);
	}
	return !fid;
}

static void pmip_classify_fragment(const struct pmip_rules *rules,
				   const struct pmip_pieces *pieces,
				   const struct sk_buff *skb,
				   struct pmip_fragment *fragment)
{
	fragment->src = ipv6_hdr(skb)->saddr;
	fragment->dst = ipv6_hdr(skb)->daddr;
	fragment->id = pieces->id;
	fragment->node = rules->number;
}

static bool pmip_classify_later(struct pmip_net *pn,
				const struct pmip_rules *rules,
				const struct pmip_packet *packet,
				const struct pmip_pieces *pieces,
				const struct sk_buff *skb,
				struct pmip_flow **flow)
{
	struct pmip_fragment fragment;

	pmip_classify_fragment(rules, pieces, skb, &fragment);
	if (!pmip_fragment_find(pn->fragments, &fragment))
		return false;
	*flow = fragment.flow;
	return fragment.mark == packet->mark ||
	       pmip_classify_fid(rules, fragment.fid, flow);
}

/* For as long as RFC 8200 §4.5 has the receiver wait for the others */
static void pmip_classify_first(struct pmip_net *pn,
				const struct pmip_rules *rules,
				const struct pmip_packet *packet,
				const struct pmip_pieces *pieces,
				const struct sk_buff *skb,
				struct pmip_flow *flow)
{
	struct pmip_fragment fragment = {
		.mark = packet->mark,
		.flow = flow,
		.fid = flow ? flow->fid : 0,
		.until = jiffies + READ_ONCE(pn->net->ipv6.fqdir->timeout),
	};

	pmip_classify_fragment(rules, pieces, skb, &fragment);
	pmip_fragment_add(pn->fragments, &fragment);
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
	/* Filled below: that they are zero first would cost as much as that. */
	struct pmip_pieces pieces __pmip_uninitialized;
	struct pmip_packet packet __pmip_uninitialized;
	const struct pmip_rules *rules;
	struct pmip_flow *f;

	if (unlikely(pmip_classify_exempt(skb)))
		return NULL;
	/* The flag was written behind the pointer. */
	smp_rmb();
	rules = rcu_dereference(b->rules);
	packet.mark = atomic64_read_acquire(&rules->mark);
	packet.node = rules->number;
	pmip_packet_read(&packet, &pieces, skb);
	if (unlikely(pieces.piece == PMIP_PIECE_LATER) &&
	    pmip_classify_later(pn, rules, &packet, &pieces, skb, &f))
		return f;
	f = pmip_classify_packet(pn, rules, &packet);
	if (unlikely(pieces.piece == PMIP_PIECE_FIRST))
		pmip_classify_first(pn, rules, &packet, &pieces, skb, f);
	return f;
}

/**
 * pmip_classify_bids() - what the flow of a packet that was counted prefers
 * @pn: the namespace
 * @b: the binding of its destination
 * @skb: the packet, data at its IPv6 header, which has waited or come back
 *
 * Context: RCU read side, bottom halves off. Return: binding identifiers, best in
 * the lowest bits; 0 if it is of no flow, or of one that forwards nothing.
 */
u64 pmip_classify_bids(struct pmip_net *pn, const struct pmip_binding *b,
		       const struct sk_buff *skb)
{
	const struct pmip_flow *f;

	if (!(READ_ONCE(b->flags) & PMIP_BINDING_FLOWS))
		return 0;
	f = pmip_classify(pn, b, skb);
	return f ? READ_ONCE(f->bids) : 0;
}
