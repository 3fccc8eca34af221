// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about flows. */
#include <net/sock.h>

#include "flow.h"
#include "netlink.h"
#include "netlink_selector.h"
#include "netns.h"
#include "node.h"

const struct nla_policy pmip_nl_flow_policy[PMIP_A_FLOW_MAX + 1] = {
	[PMIP_A_FLOW_NODE]	= NLA_POLICY_MIN(NLA_U64, 1),
	[PMIP_A_FLOW_FID]	= NLA_POLICY_MIN(NLA_U16, 1),
	[PMIP_A_FLOW_PRIORITY]	= NLA_POLICY_MIN(NLA_U16, 1),
	[PMIP_A_FLOW_SELECTOR]	= NLA_POLICY_NESTED(pmip_nl_selector_policy),
	[PMIP_A_FLOW_BID]	= NLA_POLICY_MIN(NLA_U16, 1),
	[PMIP_A_FLOW_ACTION]	= NLA_POLICY_RANGE(NLA_U8, PMIP_FLOW_FORWARD,
						   PMIP_FLOW_DROP),
	[PMIP_A_FLOW_GENERATION] = { .type = NLA_U32 },
};

static int pmip_nl_flow_key(struct genl_info *info, struct pmip_flow_key *key)
{
	if (pmip_nl_missing(info, PMIP_A_FLOW_NODE, "node is missing") ||
	    pmip_nl_missing(info, PMIP_A_FLOW_FID, "flow identifier is missing"))
		return -EINVAL;
	key->mn = nla_get_u64(info->attrs[PMIP_A_FLOW_NODE]);
	key->fid = nla_get_u16(info->attrs[PMIP_A_FLOW_FID]);
	return 0;
}

static int pmip_nl_flow_bids(struct genl_info *info, struct pmip_flow_conf *conf)
{
	const struct nlattr *attr;
	unsigned int n = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr,
			    GENL_HDRLEN + pmip_genl_family.hdrsize, rem) {
		if (nla_type(attr) != PMIP_A_FLOW_BID)
			continue;
		if (n == PMIP_FLOW_BIDS) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "too many binding identifiers");
			return -E2BIG;
		}
		conf->has_bids = true;
		conf->bids |= (u64)nla_get_u16(attr) << n++ * PMIP_BID_BITS;
	}
	return 0;
}

static int pmip_nl_flow_parse(struct genl_info *info,
			      struct pmip_flow_conf *conf)
{
	struct nlattr **a = info->attrs;
	int err;

	if (a[PMIP_A_FLOW_PRIORITY]) {
		conf->has_priority = true;
		conf->priority = nla_get_u16(a[PMIP_A_FLOW_PRIORITY]);
	}
	if (a[PMIP_A_FLOW_ACTION]) {
		conf->has_action = true;
		conf->action = nla_get_u8(a[PMIP_A_FLOW_ACTION]);
	}
	if (a[PMIP_A_FLOW_GENERATION]) {
		conf->has_generation = true;
		conf->generation = nla_get_u32(a[PMIP_A_FLOW_GENERATION]);
	}
	if (a[PMIP_A_FLOW_SELECTOR]) {
		conf->has_sel = true;
		err = pmip_nl_selector_get(a[PMIP_A_FLOW_SELECTOR], &conf->sel,
					   info->extack);
		if (err)
			return err;
	}
	return pmip_nl_flow_bids(info, conf);
}

/* NEW says all that the flow shall be. */
static int pmip_nl_flow_whole(struct genl_info *info,
			      struct pmip_flow_conf *conf)
{
	if (pmip_nl_missing(info, PMIP_A_FLOW_PRIORITY, "priority is missing"))
		return -EINVAL;
	if (!conf->has_action)
		conf->action = PMIP_FLOW_FORWARD;
	conf->has_action = true;
	conf->has_sel = true;
	conf->has_bids = true;
	return 0;
}

/* Which attribute is it that a flow cannot have? */
static void pmip_nl_flow_blame(struct genl_info *info, int err)
{
	switch (err) {
	case -EEXIST:
		NL_SET_BAD_ATTR(info->extack, info->attrs[PMIP_A_FLOW_PRIORITY]);
		break;
	case -ENOSPC:
		NL_SET_BAD_ATTR(info->extack, info->attrs[PMIP_A_FLOW_NODE]);
		break;
	case -EINVAL:
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, PMIP_A_FLOW_BID);
		break;
	}
}

static int pmip_nl_flow_apply(struct genl_info *info, bool set)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_flow_conf conf = {};
	struct pmip_flow *f;
	int err;

	err = pmip_nl_flow_key(info, &conf.key) ?:
	      pmip_nl_flow_parse(info, &conf);
	if (!err && !set)
		err = pmip_nl_flow_whole(info, &conf);
	if (err)
		return err;
	mutex_lock(&pn->lock);
	f = pmip_flow_find(pn, &conf.key);
	if (!set) {
		err = pmip_nl_exists(info, f);
	} else if (!f) {
		NL_SET_ERR_MSG(info->extack, "no such flow");
		err = -ENOENT;
	}
	if (err)
		goto out;
	if (f)
		err = pmip_flow_change(pn, f, &conf, info->extack);
	else
		err = pmip_flow_new(pn, &conf, info->extack);
	pmip_nl_flow_blame(info, err);
out:
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_flow_new() - PMIP_CMD_FLOW_NEW
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_flow_new(struct sk_buff *skb, struct genl_info *info)
{
	return pmip_nl_flow_apply(info, false);
}

/**
 * pmip_nl_flow_set() - PMIP_CMD_FLOW_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_flow_set(struct sk_buff *skb, struct genl_info *info)
{
	return pmip_nl_flow_apply(info, true);
}

static struct pmip_flow *pmip_nl_flow_find(struct pmip_net *pn,
					   struct genl_info *info)
{
	struct pmip_flow_key key;
	struct pmip_flow *f;
	int err;

	err = pmip_nl_flow_key(info, &key);
	if (err)
		return ERR_PTR(err);
	f = pmip_flow_find(pn, &key);
	if (f)
		return f;
	NL_SET_ERR_MSG(info->extack, "no such flow");
	return ERR_PTR(-ENOENT);
}

/**
 * pmip_nl_flow_del() - PMIP_CMD_FLOW_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_flow_del(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_flow *f;
	int err;

	mutex_lock(&pn->lock);
	f = pmip_nl_flow_find(pn, info);
	err = PTR_ERR_OR_ZERO(f);
	if (!err)
		pmip_flow_del(pn, f);
	mutex_unlock(&pn->lock);
	return err;
}

static int pmip_nl_flow_put_selector(struct sk_buff *msg,
				     const struct pmip_flow *f)
{
	struct nlattr *nest = nla_nest_start(msg, PMIP_A_FLOW_SELECTOR);

	if (!nest || pmip_nl_selector_put(msg, pmip_flow_selector(f)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int pmip_nl_flow_put(struct sk_buff *msg, struct pmip_net *pn,
			    const void *object)
{
	const struct pmip_flow *f = object;
	u64 bids;

	if (nla_put_u64_64bit(msg, PMIP_A_FLOW_NODE, f->node->mn,
			      PMIP_A_FLOW_PAD) ||
	    nla_put_u16(msg, PMIP_A_FLOW_FID, f->fid) ||
	    nla_put_u16(msg, PMIP_A_FLOW_PRIORITY, f->priority) ||
	    nla_put_u8(msg, PMIP_A_FLOW_ACTION, f->action) ||
	    nla_put_u32(msg, PMIP_A_FLOW_GENERATION, f->generation) ||
	    nla_put_u8(msg, PMIP_A_FLOW_ACTIVE, f->active) ||
	    nla_put_u64_64bit(msg, PMIP_A_FLOW_PACKETS,
			      atomic64_read(&f->packets), PMIP_A_FLOW_PAD) ||
	    nla_put_u64_64bit(msg, PMIP_A_FLOW_BYTES,
			      atomic64_read(&f->bytes), PMIP_A_FLOW_PAD))
		return -EMSGSIZE;
	for (bids = f->bids; bids; bids >>= PMIP_BID_BITS)
		if (nla_put_u16(msg, PMIP_A_FLOW_BID, bids))
			return -EMSGSIZE;
	return pmip_nl_flow_put_selector(msg, f);
}

/**
 * pmip_nl_flow_get() - PMIP_CMD_FLOW_GET of one flow
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_flow_get(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_flow *f;
	int err;

	mutex_lock(&pn->lock);
	f = pmip_nl_flow_find(pn, info);
	err = PTR_ERR_OR_ZERO(f);
	if (!err)
		err = pmip_nl_reply(info, pn, PMIP_CMD_FLOW_GET,
				    pmip_nl_flow_put, f);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_flow_dump() - PMIP_CMD_FLOW_GET of all flows
 * @skb: the piece to fill
 * @cb: the dump
 *
 * Context: process. Return: length or a negative errno.
 */
int pmip_nl_flow_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pmip_net *pn = pmip_pernet(sock_net(skb->sk));

	return pmip_nl_dump_table(skb, cb, pn, &pn->flows, &pn->flow_changes,
				  PMIP_CMD_FLOW_GET, pmip_nl_flow_put);
}
