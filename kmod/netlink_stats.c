// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about the namespace as a whole. */
#include <linux/rtnetlink.h>

#include "binding.h"
#include "cache.h"
#include "flow.h"
#include "generation.h"
#include "link.h"
#include "listener.h"
#include "netlink.h"
#include "netlink_hold.h"
#include "netns.h"
#include "tunnel.h"

/* The request has no attributes: all are refused. */
const struct nla_policy pmip_nl_stats_policy[PMIP_A_STATS_MAX + 1] = {};

const struct nla_policy pmip_nl_purge_policy[PMIP_A_PURGE_MAX + 1] = {
	[PMIP_A_PURGE_GENERATION] = { .type = NLA_U32 },
	[PMIP_A_PURGE_LIMIT] = NLA_POLICY_MIN(NLA_U32, 1),
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
	    nla_put_u32(msg, PMIP_A_STATS_GENERATION, pn->generation) ||
	    nla_put_u32(msg, PMIP_A_STATS_GROUPS, pn->n_channels) ||
	    nla_put_u32(msg, PMIP_A_STATS_LISTENERS, pn->n_listeners) ||
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

static void pmip_nl_purge_binding(struct pmip_net *pn, void *object,
				  u32 generation)
{
	struct pmip_binding *b = object;

	if (pmip_generation_older(b->generation, generation))
		pmip_binding_del(pn, b);
}

static void pmip_nl_purge_flow(struct pmip_net *pn, void *object,
			       u32 generation)
{
	struct pmip_flow *f = object;

	if (pmip_generation_older(f->generation, generation))
		pmip_flow_del(pn, f);
}

static void pmip_nl_purge_listener(struct pmip_net *pn, void *object,
				   u32 generation)
{
	struct pmip_listener *l = object;

	if (pmip_generation_older(l->generation, generation))
		pmip_listener_del(pn, l);
}

/* The tables, in order, and what deletes an object of each if it is older */
static const struct {
	size_t table;
	void (*purge)(struct pmip_net *pn, void *object, u32 generation);
} pmip_nl_purges[PMIP_PURGE_TABLES] = {
	[PMIP_PURGE_FLOWS] = {
		offsetof(struct pmip_net, flows), pmip_nl_purge_flow },
	[PMIP_PURGE_BINDINGS] = {
		offsetof(struct pmip_net, bindings), pmip_nl_purge_binding },
	[PMIP_PURGE_LISTENERS] = {
		offsetof(struct pmip_net, listeners), pmip_nl_purge_listener },
};

/* Up to @n objects of a table; false when there are no more. */
static bool pmip_nl_purge_some(struct pmip_net *pn, struct pmip_purge *p, u32 n)
{
	const size_t table = pmip_nl_purges[p->table].table;
	struct pmip_walk walk = { .at = p->at };
	void *object = NULL;

	mutex_lock(&pn->lock);
	while (n--) {
		object = pmip_table_next((void *)pn + table, &walk);
		if (!object)
			break;
		pmip_nl_purges[p->table].purge(pn, object, p->generation);
	}
	mutex_unlock(&pn->lock);
	p->at = walk.at;
	return object;
}

/* Up to @limit objects of all tables; false when there are no more. */
static bool pmip_nl_purge_tables(struct pmip_net *pn, struct pmip_purge *p,
				 u32 limit)
{
	u32 n;

	for (; limit; limit -= n) {
		n = min_t(u32, limit, PMIP_NL_PURGE_STEP);
		if (!pmip_nl_purge_some(pn, p, n)) {
			if (++p->table == PMIP_PURGE_TABLES)
				return false;
			p->at = (struct pmip_cursor){};
		}
		cond_resched();
	}
	return true;
}

/* Goes on where the last request of the same generation ended. */
static bool pmip_nl_purge_limited(struct pmip_net *pn, u32 generation, u32 limit)
{
	struct pmip_purge p;
	bool more;

	mutex_lock(&pn->lock);
	p = pn->purge;
	mutex_unlock(&pn->lock);
	if (p.generation != generation)
		p = (struct pmip_purge){ .generation = generation };
	more = pmip_nl_purge_tables(pn, &p, limit);
	if (!more)
		p = (struct pmip_purge){};
	mutex_lock(&pn->lock);
	pn->purge = p;
	mutex_unlock(&pn->lock);
	return more;
}

/* What a newer binding uses stays, whatever its own generation. */
static void pmip_nl_purge_users(struct pmip_net *pn, u32 generation)
{
	struct pmip_tunnel *t;
	struct pmip_link *link;
	unsigned long i;

	xa_for_each(&pn->links, i, link)
		if (pmip_generation_older(link->generation, generation))
			pmip_link_del(link, NULL);
	xa_for_each(&pn->tunnels, i, t)
		if (pmip_generation_older(t->generation, generation))
			pmip_tunnel_del(pn, t, NULL);
}

/**
 * pmip_nl_purge() - PMIP_CMD_PURGE
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0, -EAGAIN if there are more objects than was asked
 * for to look at, or another negative errno.
 */
int pmip_nl_purge(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	const struct nlattr *limit = info->attrs[PMIP_A_PURGE_LIMIT];
	struct pmip_purge all = {};

	if (pmip_nl_missing(info, PMIP_A_PURGE_GENERATION,
			    "generation is missing"))
		return -EINVAL;
	all.generation = nla_get_u32(info->attrs[PMIP_A_PURGE_GENERATION]);
	if (limit && pmip_nl_purge_limited(pn, all.generation, nla_get_u32(limit)))
		return -EAGAIN;
	if (!limit)
		pmip_nl_purge_tables(pn, &all, U32_MAX);
	rtnl_lock();
	mutex_lock(&pn->lock);
	pmip_nl_purge_users(pn, all.generation);
	mutex_unlock(&pn->lock);
	rtnl_unlock();
	return 0;
}
