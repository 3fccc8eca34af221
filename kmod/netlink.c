// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family "pmip" (linux/pmip.h) and its handlers' tools. */
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "event.h"
#include "netlink.h"
#include "netns.h"

/**
 * pmip_nl_exists() - may a *-NEW request go on, by its NLM_F_* flags
 * @info: the request
 * @exists: whether the object is there
 *
 * Context: process. Return: 0, -EEXIST or -ENOENT, with a message.
 */
int pmip_nl_exists(const struct genl_info *info, bool exists)
{
	const u16 flags = info->nlhdr->nlmsg_flags;

	if (!exists && !(flags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG(info->extack, "no such object");
		return -ENOENT;
	}
	if (exists && ((flags & NLM_F_EXCL) ||
		       (flags & (NLM_F_CREATE | NLM_F_REPLACE)) == NLM_F_CREATE)) {
		NL_SET_ERR_MSG(info->extack, "object exists");
		return -EEXIST;
	}
	return 0;
}

/**
 * pmip_nl_missing() - is an attribute missing that a request must have
 * @info: the request
 * @attr: the attribute's number
 * @what: the message that names it
 *
 * Context: process. Return: true if it is, and the answer says so.
 */
bool pmip_nl_missing(struct genl_info *info, int attr, const char *what)
{
	if (info->attrs[attr])
		return false;
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, attr);
	info->extack->_msg = what;
	return true;
}

/* genlmsg_put() in one function, for dumps of millions */
static struct nlmsghdr *pmip_nl_head(struct sk_buff *msg, u32 portid, u32 seq,
				     int flags, u8 cmd)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	if (skb_tailroom(msg) < NLMSG_HDRLEN + GENL_HDRLEN)
		return NULL;
	nlh = __skb_put(msg, NLMSG_HDRLEN + GENL_HDRLEN);
	nlh->nlmsg_type = pmip_genl_family.id;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = seq;
	nlh->nlmsg_pid = portid;
	genl = nlmsg_data(nlh);
	*genl = (struct genlmsghdr){ .cmd = cmd, .version = PMIP_FAMILY_VERSION };
	return nlh;
}

static int pmip_nl_put(struct sk_buff *msg, struct pmip_net *pn, u32 portid,
		       u32 seq, int flags, u8 cmd, pmip_nl_put_fn put,
		       const void *object)
{
	struct nlmsghdr *nlh;
	int err;

	nlh = pmip_nl_head(msg, portid, seq, flags, cmd);
	if (!nlh)
		return -EMSGSIZE;
	err = put(msg, pn, object);
	if (err) {
		nlmsg_cancel(msg, nlh);
		return err;
	}
	nlmsg_end(msg, nlh);
	return 0;
}

/**
 * pmip_nl_reply() - answer a request with one object
 * @info: the request
 * @pn: the namespace
 * @cmd: command of the answer
 * @put: puts the object
 * @object: the object
 *
 * Context: process, @pn->lock held. Return: 0 or a negative errno.
 */
int pmip_nl_reply(struct genl_info *info, struct pmip_net *pn, u8 cmd,
		  pmip_nl_put_fn put, const void *object)
{
	struct sk_buff *msg;
	int err;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	err = pmip_nl_put(msg, pn, info->snd_portid, info->snd_seq, 0, cmd,
			  put, object);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

/**
 * pmip_nl_dump() - one more piece of a dump
 * @skb: the piece
 * @cb: the dump
 * @pn: the namespace
 * @objects: what to dump, in the order of the index
 * @changes: how often one of them has come or gone
 * @cmd: command of each message
 * @put: puts an object
 *
 * An object keeps its index for life: one that is there from the dump's
 * beginning to its end appears exactly once, whatever comes and goes.  If
 * anything did, NLM_F_DUMP_INTR says so.
 *
 * Context: process. Return: length, or a negative errno.
 */
int pmip_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		 struct pmip_net *pn, struct xarray *objects,
		 const u32 *changes, u8 cmd, pmip_nl_put_fn put)
{
	unsigned long index = cb->args[0];
	struct nlmsghdr *nlh;
	void *object;
	int err = 0;

	mutex_lock(&pn->lock);
	/* 0 would mean that nobody counts. */
	cb->seq = *changes | BIT(31);
	xa_for_each_start(objects, index, object, cb->args[0]) {
		nlh = (struct nlmsghdr *)skb_tail_pointer(skb);
		err = pmip_nl_put(skb, pn, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, NLM_F_MULTI, cmd, put,
				  object);
		if (err)
			break;
		nl_dump_check_consistent(cb, nlh);
		cb->args[0] = index + 1;
	}
	mutex_unlock(&pn->lock);
	return skb->len ?: err;
}

/**
 * pmip_nl_dump_table() - one more piece of a dump of a table
 * @skb: the piece
 * @cb: the dump
 * @pn: the namespace
 * @table: what to dump
 * @changes: how often one of them has come or gone
 * @cmd: command of each message
 * @put: puts an object
 *
 * As pmip_nl_dump(): the table's order is the same whatever its size.
 *
 * Context: process. Return: length, or a negative errno.
 */
int pmip_nl_dump_table(struct sk_buff *skb, struct netlink_callback *cb,
		       struct pmip_net *pn, const struct pmip_table *table,
		       const u32 *changes, u8 cmd, pmip_nl_put_fn put)
{
	struct pmip_cursor *last = (struct pmip_cursor *)&cb->args[2];
	struct pmip_walk walk = { .at = *last };
	struct nlmsghdr *nlh;
	void *object;
	int err = 0;

	/* Behind what pmip_nl_dump() keeps: a dump may be made of both. */
	BUILD_BUG_ON(sizeof(*last) > sizeof(cb->ctx) - 2 * sizeof(long));
	mutex_lock(&pn->lock);
	/* 0 would mean that nobody counts. */
	cb->seq = *changes | BIT(31);
	while ((object = pmip_table_next(table, &walk))) {
		nlh = (struct nlmsghdr *)skb_tail_pointer(skb);
		err = pmip_nl_put(skb, pn, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, NLM_F_MULTI, cmd, put,
				  object);
		if (err)
			break;
		nl_dump_check_consistent(cb, nlh);
		*last = walk.at;
	}
	mutex_unlock(&pn->lock);
	return skb->len ?: err;
}

static const struct genl_ops pmip_nl_ops[] = {
#define PMIP_OP(_cmd, _doit, _attrs, _policy, _flags)			\
	{								\
		.cmd = PMIP_CMD_##_cmd,					\
		.doit = _doit,						\
		.maxattr = PMIP_A_##_attrs##_MAX,			\
		.policy = _policy,					\
		.flags = _flags,					\
	}
#define PMIP_GET(_cmd, _doit, _dumpit, _attrs, _policy)			\
	{								\
		.cmd = PMIP_CMD_##_cmd,					\
		.doit = _doit,						\
		.dumpit = _dumpit,					\
		.maxattr = PMIP_A_##_attrs##_MAX,			\
		.policy = _policy,					\
	}
	PMIP_OP(TUNNEL_NEW, pmip_nl_tunnel_new, TUNNEL,
		pmip_nl_tunnel_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(TUNNEL_SET, pmip_nl_tunnel_set, TUNNEL,
		pmip_nl_tunnel_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(TUNNEL_DEL, pmip_nl_tunnel_del, TUNNEL,
		pmip_nl_tunnel_policy, GENL_UNS_ADMIN_PERM),
	PMIP_GET(TUNNEL_GET, pmip_nl_tunnel_get, pmip_nl_tunnel_dump, TUNNEL,
		 pmip_nl_tunnel_policy),
	PMIP_OP(LINK_NEW, pmip_nl_link_new, LINK,
		pmip_nl_link_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(LINK_SET, pmip_nl_link_set, LINK,
		pmip_nl_link_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(LINK_DEL, pmip_nl_link_del, LINK,
		pmip_nl_link_policy, GENL_UNS_ADMIN_PERM),
	PMIP_GET(LINK_GET, pmip_nl_link_get, pmip_nl_link_dump, LINK,
		 pmip_nl_link_policy),
	PMIP_OP(BINDING_NEW, pmip_nl_binding_new, BINDING,
		pmip_nl_binding_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(BINDING_SET, pmip_nl_binding_set, BINDING,
		pmip_nl_binding_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(BINDING_DEL, pmip_nl_binding_del, BINDING,
		pmip_nl_binding_policy, GENL_UNS_ADMIN_PERM),
	PMIP_GET(BINDING_GET, pmip_nl_binding_get, pmip_nl_binding_dump,
		 BINDING, pmip_nl_binding_policy),
	PMIP_OP(PATH_SET, pmip_nl_path_set, PATH,
		pmip_nl_path_policy, GENL_UNS_ADMIN_PERM),
	PMIP_GET(PATH_GET, NULL, pmip_nl_path_dump, PATH, pmip_nl_path_policy),
	PMIP_OP(FLOW_NEW, pmip_nl_flow_new, FLOW,
		pmip_nl_flow_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(FLOW_SET, pmip_nl_flow_set, FLOW,
		pmip_nl_flow_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(FLOW_DEL, pmip_nl_flow_del, FLOW,
		pmip_nl_flow_policy, GENL_UNS_ADMIN_PERM),
	PMIP_GET(FLOW_GET, pmip_nl_flow_get, pmip_nl_flow_dump, FLOW,
		 pmip_nl_flow_policy),
	PMIP_GET(STATS_GET, pmip_nl_stats_get, NULL, STATS,
		 pmip_nl_stats_policy),
	PMIP_OP(PURGE, pmip_nl_purge, PURGE,
		pmip_nl_purge_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(HOLD_SET, pmip_nl_hold_set, HOLD,
		pmip_nl_hold_policy, GENL_UNS_ADMIN_PERM),
	PMIP_GET(HOLD_GET, pmip_nl_hold_get, NULL, HOLD, pmip_nl_hold_policy),
	PMIP_OP(HOLD_RELEASE, pmip_nl_hold_release, HOLD,
		pmip_nl_hold_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(LISTENER_NEW, pmip_nl_listener_new, GROUP,
		pmip_nl_group_policy, GENL_UNS_ADMIN_PERM),
	PMIP_OP(LISTENER_DEL, pmip_nl_listener_del, GROUP,
		pmip_nl_group_policy, GENL_UNS_ADMIN_PERM),
	PMIP_GET(LISTENER_GET, pmip_nl_listener_get, pmip_nl_listener_dump,
		 GROUP, pmip_nl_group_policy),
	PMIP_GET(GROUP_GET, NULL, pmip_nl_group_dump, GROUP,
		 pmip_nl_group_policy),
#undef PMIP_GET
#undef PMIP_OP
};

static const struct genl_multicast_group pmip_nl_groups[] = {
	{ .name = PMIP_MCGRP_EVENTS },
};

struct genl_family pmip_genl_family __ro_after_init = {
	.name		= PMIP_FAMILY_NAME,
	.version	= PMIP_FAMILY_VERSION,
	.netnsok	= true,
	/* Each namespace has its own lock; a slow dump stops nobody else. */
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	/* Strictness about headers would refuse NLM_F_CREATE and its like. */
	.resv_start_op	= PMIP_CMD_MAX + 1,
	.ops		= pmip_nl_ops,
	.n_ops		= ARRAY_SIZE(pmip_nl_ops),
	.mcgrps		= pmip_nl_groups,
	.n_mcgrps	= ARRAY_SIZE(pmip_nl_groups),
};

/**
 * pmip_netlink_init() - offer the family
 *
 * Context: process. Return: 0 or a negative errno.
 */
int __init pmip_netlink_init(void)
{
	return genl_register_family(&pmip_genl_family);
}

/**
 * pmip_netlink_exit() - withdraw the family
 *
 * Context: process.
 */
void pmip_netlink_exit(void)
{
	pmip_event_stop();
	genl_unregister_family(&pmip_genl_family);
}
