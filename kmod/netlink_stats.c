// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about the namespace as a whole. */
#include <linux/rtnetlink.h>

#include "binding.h"
#include "cache.h"
#include "flow.h"
#include "link.h"
#include "netlink.h"
#include "netlink_hold.h"
#include "netns.h"
#include "tunnel.h"

/* The request has no attributes: all are refused. */
const struct nla_policy pmip_nl_stats_policy[PMIP_A_STATS_MAX + 1] = {};

const struct nla_policy pmip_nl_purge_policy[PMIP_A_PURGE_MAX + 1] = {
	[PMIP_A_PURGE_GENERATION] = { .type = NLA_U32 },
};

static int pmip_nl_stats_put(struct sk_buff *msg, struct pmip_net *pn,
			     const void *object)
{
	struct nlattr *nest;
	u64 hits, misses;
	int i;

	pmip_cache_sum(pn->cache, &hits, &misses);
	if (nla_put_u32(msg, PMIP_A_STATS_TUNNELS, pn->n_tunnels) ||
	    nla_put_u32(msg, PMIP_A_STATS_LINKS, pn->n_links) ||
	    nla_put_u32(msg, PMIP_A_STATS_PATHS, pn->n_paths) ||
	    nla_put_u32(msg, PMIP_A_STATS_BINDINGS, pn->n_bindings) ||
	    nla_put_u32(msg, PMIP_A_STATS_FLOWS, pn->n_flows) ||
	    nla_put_u64_64bit(msg, PMIP_A_STATS_FLOW_HITS, hits,
			      PMIP_A_STATS_PAD) ||
	    nla_put_u64_64bit(msg, PMIP_A_STATS_FLOW_MISSES, misses,
			      PMIP_A_STATS_PAD))
		return -EMSGSIZE;
	for (i = 0; i < PMIP_DROP_COUNT; i++) {
		nest = nla_nest_start(msg, PMIP_A_STATS_DROP);
		if (!nest ||
		    nla_put_string(msg, PMIP_A_DROP_NAME, pmip_drop_name(i)) ||
		    nla_put_u64_64bit(msg, PMIP_A_DROP_PACKETS,
				      pmip_drop_packets(pn, i),
				      PMIP_A_DROP_PAD))
			return -EMSGSIZE;
		nla_nest_end(msg, nest);
	}
	return pmip_nl_hold_put_stats(msg, pn, PMIP_A_STATS_HOLD);
}

/**
 * pmip_nl_stats_get() - PMIP_CMD_STATS_GET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_stats_get(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	int err;

	mutex_lock(&pn->lock);
	err = pmip_nl_reply(info, pn, PMIP_CMD_STATS_GET, pmip_nl_stats_put,
			    NULL);
	mutex_unlock(&pn->lock);
	return err;
}

/* Objects that are looked at before others may have the lock */
#define PMIP_NL_PURGE_STEP	1024

/* Serial arithmetic: a generation counter may wrap. */
static bool pmip_nl_older(u32 generation, u32 than)
{
	return (s32)(generation - than) < 0;
}

/* Some of the bindings, from a place on; false when there are no more. */
static bool pmip_nl_purge_bindings(struct pmip_net *pn, u32 generation,
				   struct pmip_cursor *at)
{
	struct pmip_walk walk = { .at = *at };
	struct pmip_binding *b = NULL;
	unsigned int n;

	mutex_lock(&pn->lock);
	for (n = 0; n < PMIP_NL_PURGE_STEP; n++) {
		b = pmip_table_next(&pn->bindings, &walk);
		if (!b)
			break;
		if (pmip_nl_older(b->generation, generation))
			pmip_binding_del(pn, b);
	}
	mutex_unlock(&pn->lock);
	*at = walk.at;
	return b;
}

/* As above, of the flows */
static bool pmip_nl_purge_flows(struct pmip_net *pn, u32 generation,
				struct pmip_cursor *at)
{
	struct pmip_walk walk = { .at = *at };
	struct pmip_flow *f = NULL;
	unsigned int n;

	mutex_lock(&pn->lock);
	for (n = 0; n < PMIP_NL_PURGE_STEP; n++) {
		f = pmip_table_next(&pn->flows, &walk);
		if (!f)
			break;
		if (pmip_nl_older(f->generation, generation))
			pmip_flow_del(pn, f);
	}
	mutex_unlock(&pn->lock);
	*at = walk.at;
	return f;
}

/* What a newer binding uses stays, whatever its own generation. */
static void pmip_nl_purge_users(struct pmip_net *pn, u32 generation)
{
	struct pmip_tunnel *t;
	struct pmip_link *link;
	unsigned long i;

	xa_for_each(&pn->links, i, link)
		if (pmip_nl_older(link->generation, generation))
			pmip_link_del(link, NULL);
	xa_for_each(&pn->tunnels, i, t)
		if (pmip_nl_older(t->generation, generation))
			pmip_tunnel_del(pn, t, NULL);
}

/**
 * pmip_nl_purge() - PMIP_CMD_PURGE
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_purge(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_cursor at = {}, at_flow = {};
	u32 generation;

	if (pmip_nl_missing(info, PMIP_A_PURGE_GENERATION,
			    "generation is missing"))
		return -EINVAL;
	generation = nla_get_u32(info->attrs[PMIP_A_PURGE_GENERATION]);
	while (pmip_nl_purge_flows(pn, generation, &at_flow))
		cond_resched();
	while (pmip_nl_purge_bindings(pn, generation, &at))
		cond_resched();
	rtnl_lock();
	mutex_lock(&pn->lock);
	pmip_nl_purge_users(pn, generation);
	mutex_unlock(&pn->lock);
	rtnl_unlock();
	return 0;
}
