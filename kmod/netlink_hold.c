// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about packets that wait or come back. */
#include "binding.h"
#include "hold.h"
#include "netlink.h"
#include "netlink_binding.h"
#include "netlink_hold.h"
#include "netns.h"
#include "return.h"
#include "tunnel.h"

const struct nla_policy pmip_nl_hold_policy[PMIP_A_HOLD_MAX + 1] = {
	[PMIP_A_HOLD_NODE_PACKETS]	= { .type = NLA_U32 },
	[PMIP_A_HOLD_NODE_BYTES]	= { .type = NLA_U32 },
	[PMIP_A_HOLD_LINK_PACKETS]	= { .type = NLA_U32 },
	[PMIP_A_HOLD_LINK_BYTES]	= { .type = NLA_U32 },
	[PMIP_A_HOLD_TOTAL_PACKETS]	= { .type = NLA_U32 },
	[PMIP_A_HOLD_TOTAL_BYTES]	= { .type = NLA_U32 },
	[PMIP_A_HOLD_AGE_MS]	= NLA_POLICY_RANGE(NLA_U32, 1, PMIP_HOLD_TIME_MAX),
	[PMIP_A_HOLD_POLICY]	= NLA_POLICY_MAX(NLA_U8, PMIP_HOLD_HEAD_DROP),
	[PMIP_A_HOLD_PREFIX]	= NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PMIP_A_HOLD_PREFIX_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, PMIP_PLEN_MAX),
	[PMIP_A_HOLD_TO]	= NLA_POLICY_RANGE(NLA_U8, PMIP_HOLD_TO_RETURN,
						   PMIP_HOLD_TO_DROP),
};

const struct nla_policy pmip_nl_return_policy[PMIP_A_RETURN_MAX + 1] = {
	[PMIP_A_RETURN_TUNNEL]	= { .type = NLA_U32 },
	[PMIP_A_RETURN_TIME_MS]	= NLA_POLICY_MAX(NLA_U32, PMIP_HOLD_TIME_MAX),
	[PMIP_A_RETURN_WAIT_MS]	= NLA_POLICY_MAX(NLA_U32, PMIP_HOLD_TIME_MAX),
};

/* Verbs of one command each have attributes of the other's in their policy. */
static int pmip_nl_hold_only(struct genl_info *info, int from, int to)
{
	int i;

	for (i = 1; i <= PMIP_A_HOLD_MAX; i++) {
		if (!info->attrs[i] || (i >= from && i <= to))
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[i],
				    "not an attribute of this command");
		return -EINVAL;
	}
	return 0;
}

static void pmip_nl_hold_limit(u32 *limit, const struct nlattr *a)
{
	if (a)
		*limit = nla_get_u32(a);
}

/**
 * pmip_nl_hold_set() - PMIP_CMD_HOLD_SET: how much may be held
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_hold_set(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_holds *holds = &pmip_pernet(genl_info_net(info))->holds;
	struct pmip_hold_conf *conf = &holds->conf;
	struct nlattr **a = info->attrs;
	int err;

	err = pmip_nl_hold_only(info, PMIP_A_HOLD_NODE_PACKETS,
				PMIP_A_HOLD_POLICY);
	if (err)
		return err;
	spin_lock_bh(&holds->lock);
	pmip_nl_hold_limit(&conf->node.packets, a[PMIP_A_HOLD_NODE_PACKETS]);
	pmip_nl_hold_limit(&conf->node.bytes, a[PMIP_A_HOLD_NODE_BYTES]);
	pmip_nl_hold_limit(&conf->link.packets, a[PMIP_A_HOLD_LINK_PACKETS]);
	pmip_nl_hold_limit(&conf->link.bytes, a[PMIP_A_HOLD_LINK_BYTES]);
	pmip_nl_hold_limit(&conf->total.packets, a[PMIP_A_HOLD_TOTAL_PACKETS]);
	pmip_nl_hold_limit(&conf->total.bytes, a[PMIP_A_HOLD_TOTAL_BYTES]);
	pmip_nl_hold_limit(&conf->age_ms, a[PMIP_A_HOLD_AGE_MS]);
	if (a[PMIP_A_HOLD_POLICY])
		conf->policy = nla_get_u8(a[PMIP_A_HOLD_POLICY]);
	spin_unlock_bh(&holds->lock);
	/* What waits may be too old now. */
	pmip_hold_kick(holds);
	return 0;
}

static int pmip_nl_hold_put_use(struct sk_buff *msg,
				const struct pmip_hold_use *use,
				const u64 counts[PMIP_HOLD_COUNTS])
{
	int i;

	if (nla_put_u32(msg, PMIP_A_HOLD_PACKETS, use->packets) ||
	    nla_put_u32(msg, PMIP_A_HOLD_BYTES, use->bytes))
		return -EMSGSIZE;
	for (i = 0; i < PMIP_HOLD_COUNTS; i++)
		if (nla_put_u64_64bit(msg, PMIP_A_HOLD_HELD + i, counts[i],
				      PMIP_A_HOLD_PAD))
			return -EMSGSIZE;
	return 0;
}

static int pmip_nl_hold_put_all(struct sk_buff *msg,
				const struct pmip_holds *holds)
{
	if (nla_put_u32(msg, PMIP_A_HOLD_QUEUES, holds->n))
		return -EMSGSIZE;
	return pmip_nl_hold_put_use(msg, &holds->use, holds->counts);
}

static int pmip_nl_hold_put_conf(struct sk_buff *msg,
				 const struct pmip_hold_conf *conf)
{
	if (nla_put_u32(msg, PMIP_A_HOLD_NODE_PACKETS, conf->node.packets) ||
	    nla_put_u32(msg, PMIP_A_HOLD_NODE_BYTES, conf->node.bytes) ||
	    nla_put_u32(msg, PMIP_A_HOLD_LINK_PACKETS, conf->link.packets) ||
	    nla_put_u32(msg, PMIP_A_HOLD_LINK_BYTES, conf->link.bytes) ||
	    nla_put_u32(msg, PMIP_A_HOLD_TOTAL_PACKETS, conf->total.packets) ||
	    nla_put_u32(msg, PMIP_A_HOLD_TOTAL_BYTES, conf->total.bytes) ||
	    nla_put_u32(msg, PMIP_A_HOLD_AGE_MS, conf->age_ms) ||
	    nla_put_u8(msg, PMIP_A_HOLD_POLICY, conf->policy))
		return -EMSGSIZE;
	return 0;
}

static int pmip_nl_hold_put(struct sk_buff *msg, struct pmip_net *pn,
			    const void *object)
{
	struct pmip_holds *holds = &pn->holds;
	int err;

	spin_lock_bh(&holds->lock);
	err = pmip_nl_hold_put_conf(msg, &holds->conf) ?:
	      pmip_nl_hold_put_all(msg, holds);
	spin_unlock_bh(&holds->lock);
	return err;
}

/**
 * pmip_nl_hold_get() - PMIP_CMD_HOLD_GET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_hold_get(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	int err;

	err = pmip_nl_hold_only(info, 0, 0);
	if (err)
		return err;
	mutex_lock(&pn->lock);
	err = pmip_nl_reply(info, pn, PMIP_CMD_HOLD_GET, pmip_nl_hold_put,
			    NULL);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_hold_release() - PMIP_CMD_HOLD_RELEASE
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_hold_release(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_binding *b;
	int err;

	err = pmip_nl_hold_only(info, PMIP_A_HOLD_PREFIX, PMIP_A_HOLD_TO);
	if (err)
		return err;
	if (pmip_nl_missing(info, PMIP_A_HOLD_TO, "to is missing"))
		return -EINVAL;
	mutex_lock(&pn->lock);
	b = pmip_nl_binding_find(pn, info, PMIP_A_HOLD_PREFIX,
				 PMIP_A_HOLD_PREFIX_LEN);
	err = PTR_ERR_OR_ZERO(b);
	if (!err)
		err = pmip_hold_release(pn, b,
					nla_get_u8(info->attrs[PMIP_A_HOLD_TO]),
					info->extack);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_hold_put_stats() - add what a namespace holds, and has held
 * @msg: the message
 * @pn: the namespace
 * @attr: the nest to put it in
 *
 * Context: process. Return: 0 or -EMSGSIZE.
 */
int pmip_nl_hold_put_stats(struct sk_buff *msg, struct pmip_net *pn, int attr)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
	int err;

	if (!nest)
		return -EMSGSIZE;
	spin_lock_bh(&pn->holds.lock);
	err = pmip_nl_hold_put_all(msg, &pn->holds);
	spin_unlock_bh(&pn->holds.lock);
	nla_nest_end(msg, nest);
	return err;
}

static u32 pmip_nl_hold_left(unsigned long until)
{
	return time_after(until, jiffies) ? jiffies_to_msecs(until - jiffies) : 0;
}

static int pmip_nl_return_put(struct sk_buff *msg, const struct pmip_hold *h,
			      int i)
{
	struct nlattr *nest = nla_nest_start(msg, PMIP_A_BINDING_RETURN);

	if (!nest ||
	    nla_put_u32(msg, PMIP_A_RETURN_TUNNEL, h->from[i].tunnel->id) ||
	    nla_put_u32(msg, PMIP_A_RETURN_TIME_MS,
			pmip_nl_hold_left(h->from[i].until)) ||
	    nla_put_u32(msg, PMIP_A_RETURN_WAIT_MS,
			h->gate & BIT(i) ? pmip_nl_hold_left(h->gate_until) : 0))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int pmip_nl_hold_put_queue(struct sk_buff *msg,
				  const struct pmip_hold *h)
{
	struct nlattr *nest = nla_nest_start(msg, PMIP_A_BINDING_HOLD);
	int i, err = 0;

	if (!nest || pmip_nl_hold_put_use(msg, &h->use, h->counts))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	for (i = 0; i < PMIP_HOLD_FROM && !err; i++)
		if (h->takes & BIT(i))
			err = pmip_nl_return_put(msg, h, i);
	return err;
}

/**
 * pmip_nl_hold_put_binding() - add what waits for a binding, and may come back
 * @msg: the message
 * @pn: the namespace
 * @b: the binding
 *
 * Context: process, @pn->lock held. Return: 0 or -EMSGSIZE.
 */
int pmip_nl_hold_put_binding(struct sk_buff *msg, struct pmip_net *pn,
			     const struct pmip_binding *b)
{
	const struct pmip_hold *h;
	int err = 0;

	if (!READ_ONCE(pn->holds.n))
		return 0;
	spin_lock_bh(&pn->holds.lock);
	h = pmip_hold_find(&pn->holds, b);
	if (h)
		err = pmip_nl_hold_put_queue(msg, h);
	spin_unlock_bh(&pn->holds.lock);
	return err;
}

static int pmip_nl_return_parse(struct pmip_net *pn, struct genl_info *info,
				struct pmip_return_conf *conf)
{
	struct nlattr *a[PMIP_A_RETURN_MAX + 1];
	int err;

	err = nla_parse_nested(a, PMIP_A_RETURN_MAX,
			       info->attrs[PMIP_A_BINDING_RETURN],
			       pmip_nl_return_policy, info->extack);
	if (err)
		return err;
	if (!a[PMIP_A_RETURN_TUNNEL]) {
		NL_SET_ERR_MSG(info->extack, "tunnel of the return is missing");
		return -EINVAL;
	}
	if (!nla_get_u32(a[PMIP_A_RETURN_TUNNEL]))
		return 0;
	conf->from = xa_load(&pn->tunnels, nla_get_u32(a[PMIP_A_RETURN_TUNNEL]));
	if (!conf->from) {
		NL_SET_ERR_MSG_ATTR(info->extack, a[PMIP_A_RETURN_TUNNEL],
				    "no such tunnel");
		return -ENOENT;
	}
	if (!a[PMIP_A_RETURN_TIME_MS]) {
		NL_SET_ERR_MSG(info->extack, "time of the return is missing");
		return -EINVAL;
	}
	conf->time_ms = nla_get_u32(a[PMIP_A_RETURN_TIME_MS]);
	if (a[PMIP_A_RETURN_WAIT_MS])
		conf->wait_ms = nla_get_u32(a[PMIP_A_RETURN_WAIT_MS]);
	return 0;
}

/**
 * pmip_nl_return_set() - what a request says of packets that come back, if it does
 * @pn: the namespace
 * @info: the request
 * @b: the binding as it is, or NULL where there is none yet
 *
 * Context: process, @pn->lock held. Return: 0 or a negative errno.
 */
int pmip_nl_return_set(struct pmip_net *pn, struct genl_info *info,
		       struct pmip_binding *b)
{
	struct pmip_return_conf conf = {};
	int err;

	if (!info->attrs[PMIP_A_BINDING_RETURN])
		return 0;
	if (!b) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[PMIP_A_BINDING_RETURN],
				    "nothing has been sent that could come back");
		return -EINVAL;
	}
	err = pmip_nl_return_parse(pn, info, &conf);
	return err ?: pmip_return_set(pn, b, &conf, info->extack);
}
