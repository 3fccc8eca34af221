// SPDX-License-Identifier: GPL-2.0
/* Why a packet was dropped, counted for each CPU and traced. */
#include <linux/percpu.h>

#include "drop.h"
#include "netns.h"
#include "trace.h"

static const char * const pmip_drop_names[PMIP_DROP_COUNT] = {
	[PMIP_DROP_NO_BINDING]		= "no-binding",
	[PMIP_DROP_NO_PATH]		= "no-path",
	[PMIP_DROP_PATH_DROP]		= "path-drop",
	[PMIP_DROP_FLOW]		= "flow-drop",
	[PMIP_DROP_ACCESS_SPOOF]	= "access-source-spoofed",
	[PMIP_DROP_TUNNEL_SPOOF]	= "tunnel-source-spoofed",
	[PMIP_DROP_UPLINK_DOWN]		= "uplink-down",
	[PMIP_DROP_MALFORMED]		= "malformed",
	[PMIP_DROP_HOP_LIMIT]		= "hop-limit",
	[PMIP_DROP_TOO_BIG]		= "too-big",
	[PMIP_DROP_ECN]			= "ecn",
	[PMIP_DROP_POLICY]		= "ipsec-policy",
	[PMIP_DROP_NO_ROUTE]		= "no-route",
	[PMIP_DROP_LOOP]		= "loop",
	[PMIP_DROP_NO_MEMORY]		= "no-memory",
	[PMIP_DROP_HOLD_NODE]		= "hold-node-full",
	[PMIP_DROP_HOLD_LINK]		= "hold-link-full",
	[PMIP_DROP_HOLD_TOTAL]		= "hold-total-full",
	[PMIP_DROP_HOLD_AGE]		= "hold-expired",
	[PMIP_DROP_HOLD_END]		= "hold-ended",
	[PMIP_DROP_RETURN_PATH]		= "returned-no-path",
	[PMIP_DROP_NO_LISTENER]		= "no-listener",
};

/**
 * pmip_drop_name() - name of a drop reason, as operators see it
 * @reason: the reason
 *
 * Context: any. Return: a constant string.
 */
const char *pmip_drop_name(enum pmip_drop reason)
{
	return pmip_drop_names[reason];
}

/**
 * pmip_drop_packets() - packets dropped for a reason, over all CPUs
 * @pn: the namespace
 * @reason: the reason
 *
 * Context: any. Return: packets.
 */
u64 pmip_drop_packets(const struct pmip_net *pn, enum pmip_drop reason)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(pn->drops, cpu)->packets[reason]);
	return sum;
}

/**
 * pmip_drop_count() - a copy of a packet is not made: count that and tell
 * @pn: the namespace
 * @skb: the packet
 * @reason: why
 *
 * Context: any.
 */
void pmip_drop_count(struct pmip_net *pn, const struct sk_buff *skb,
		     enum pmip_drop reason)
{
	this_cpu_inc(pn->drops->packets[reason]);
	trace_pmip_drop(skb, pmip_drop_names[reason]);
}

/**
 * pmip_drop_skb() - drop a packet, count it and tell who listens
 * @pn: the namespace
 * @skb: the packet, consumed
 * @reason: why
 *
 * Context: any.
 */
void pmip_drop_skb(struct pmip_net *pn, struct sk_buff *skb,
		   enum pmip_drop reason)
{
	pmip_drop_count(pn, skb, reason);
	kfree_skb(skb);
}
