// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about links. */
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "generation.h"
#include "link.h"
#include "netlink.h"
#include "netns.h"

const struct nla_policy pmip_nl_link_policy[PMIP_A_LINK_MAX + 1] = {
	[PMIP_A_LINK_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[PMIP_A_LINK_TYPE]	= NLA_POLICY_RANGE(NLA_U8, PMIP_LINK_ACCESS,
						   PMIP_LINK_CORE),
	[PMIP_A_LINK_STATE]	= NLA_POLICY_MAX(NLA_U8, PMIP_STATE_UP),
	[PMIP_A_LINK_FLAGS]	= NLA_POLICY_MASK(NLA_U32, PMIP_LINK_F_STACK),
	[PMIP_A_LINK_GENERATION] = { .type = NLA_U32 },
};

static struct pmip_link *pmip_nl_link_find(struct pmip_net *pn,
					   struct genl_info *info)
{
	struct pmip_link *link;

	if (pmip_nl_missing(info, PMIP_A_LINK_IFINDEX, "ifindex is missing"))
		return ERR_PTR(-EINVAL);
	link = xa_load(&pn->links, nla_get_u32(info->attrs[PMIP_A_LINK_IFINDEX]));
	if (!link) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[PMIP_A_LINK_IFINDEX],
				    "no such link");
		return ERR_PTR(-ENOENT);
	}
	return link;
}

static int pmip_nl_link_same(const struct pmip_link *link,
			     struct genl_info *info)
{
	struct nlattr *type = info->attrs[PMIP_A_LINK_TYPE];

	if (type && nla_get_u8(type) != link->type) {
		NL_SET_ERR_MSG_ATTR(info->extack, type,
				    "type of a link cannot change");
		return -EINVAL;
	}
	return 0;
}

static void pmip_nl_link_change(struct pmip_link *link, struct genl_info *info)
{
	struct nlattr **a = info->attrs;

	if (a[PMIP_A_LINK_FLAGS])
		WRITE_ONCE(link->flags, nla_get_u32(a[PMIP_A_LINK_FLAGS]));
	if (a[PMIP_A_LINK_GENERATION])
		pmip_generation_set(link->pn, &link->generation,
				    nla_get_u32(a[PMIP_A_LINK_GENERATION]));
	if (a[PMIP_A_LINK_STATE])
		pmip_link_set_state(link, nla_get_u8(a[PMIP_A_LINK_STATE]));
}

static int pmip_nl_link_create(struct pmip_net *pn, struct pmip_link *gone,
			       struct genl_info *info)
{
	struct pmip_link_conf conf = { .up = true };
	struct nlattr **a = info->attrs;

	if (pmip_nl_missing(info, PMIP_A_LINK_TYPE, "type is missing"))
		return -EINVAL;
	conf.ifindex = nla_get_u32(a[PMIP_A_LINK_IFINDEX]);
	conf.type = nla_get_u8(a[PMIP_A_LINK_TYPE]);
	if (a[PMIP_A_LINK_FLAGS])
		conf.flags = nla_get_u32(a[PMIP_A_LINK_FLAGS]);
	if (a[PMIP_A_LINK_GENERATION])
		conf.generation = nla_get_u32(a[PMIP_A_LINK_GENERATION]);
	if (a[PMIP_A_LINK_STATE])
		conf.up = nla_get_u8(a[PMIP_A_LINK_STATE]);
	if (gone)
		return pmip_link_revive(gone, &conf, info->extack);
	return PTR_ERR_OR_ZERO(pmip_link_new(pn, &conf, info->extack));
}

/**
 * pmip_nl_link_new() - PMIP_CMD_LINK_NEW
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_link_new(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_link *link;
	bool there;
	int err;

	if (pmip_nl_missing(info, PMIP_A_LINK_IFINDEX, "ifindex is missing"))
		return -EINVAL;
	rtnl_lock();
	mutex_lock(&pn->lock);
	link = xa_load(&pn->links, nla_get_u32(info->attrs[PMIP_A_LINK_IFINDEX]));
	/* What is left of one whose device has gone is none to be asked for. */
	there = link && link->dev;
	err = pmip_nl_exists(info, there);
	if (err)
		goto out;
	if (!there) {
		err = pmip_nl_link_create(pn, link, info);
		goto out;
	}
	err = pmip_nl_link_same(link, info);
	if (!err)
		pmip_nl_link_change(link, info);
out:
	mutex_unlock(&pn->lock);
	rtnl_unlock();
	return err;
}

/**
 * pmip_nl_link_set() - PMIP_CMD_LINK_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_link_set(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_link *link;
	int err;

	mutex_lock(&pn->lock);
	link = pmip_nl_link_find(pn, info);
	err = PTR_ERR_OR_ZERO(link);
	if (!err)
		err = pmip_nl_link_same(link, info);
	if (!err)
		pmip_nl_link_change(link, info);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_link_del() - PMIP_CMD_LINK_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_link_del(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_link *link;
	int err;

	rtnl_lock();
	mutex_lock(&pn->lock);
	link = pmip_nl_link_find(pn, info);
	err = PTR_ERR_OR_ZERO(link);
	if (!err)
		err = pmip_link_del(link, info->extack);
	mutex_unlock(&pn->lock);
	rtnl_unlock();
	return err;
}

static int pmip_nl_link_put(struct sk_buff *msg, struct pmip_net *pn,
			    const void *object)
{
	const struct pmip_link *link = object;

	if (nla_put_u32(msg, PMIP_A_LINK_IFINDEX, link->ifindex) ||
	    nla_put_u8(msg, PMIP_A_LINK_TYPE, link->type) ||
	    nla_put_u8(msg, PMIP_A_LINK_STATE, link->up) ||
	    nla_put_u32(msg, PMIP_A_LINK_FLAGS, link->flags) ||
	    nla_put_u32(msg, PMIP_A_LINK_GENERATION, link->generation) ||
	    nla_put_u8(msg, PMIP_A_LINK_OPER, pmip_link_up(link)) ||
	    nla_put_u8(msg, PMIP_A_LINK_REASON, READ_ONCE(link->reason)) ||
	    nla_put_string(msg, PMIP_A_LINK_NAME, link->name) ||
	    nla_put_u32(msg, PMIP_A_LINK_USERS, link->users) ||
	    nla_put_u64_64bit(msg, PMIP_A_LINK_DOWN_NS,
			      READ_ONCE(link->down_ns), PMIP_A_LINK_PAD) ||
	    nla_put_u64_64bit(msg, PMIP_A_LINK_REDIRECT_NS,
			      atomic64_read(&link->redirect_ns),
			      PMIP_A_LINK_PAD))
		return -EMSGSIZE;
	return 0;
}

/**
 * pmip_nl_link_get() - PMIP_CMD_LINK_GET of one link
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_link_get(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_link *link;
	int err;

	mutex_lock(&pn->lock);
	link = pmip_nl_link_find(pn, info);
	err = PTR_ERR_OR_ZERO(link);
	if (!err)
		err = pmip_nl_reply(info, pn, PMIP_CMD_LINK_GET,
				    pmip_nl_link_put, link);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_link_dump() - PMIP_CMD_LINK_GET of all links
 * @skb: the piece to fill
 * @cb: the dump
 *
 * Context: process. Return: length or a negative errno.
 */
int pmip_nl_link_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pmip_net *pn = pmip_pernet(sock_net(skb->sk));

	return pmip_nl_dump(skb, cb, pn, &pn->links, &pn->link_changes,
			    PMIP_CMD_LINK_GET, pmip_nl_link_put);
}
