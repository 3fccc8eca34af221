// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about multicast groups and who listens to them. */
#include <net/ipv6.h>
#include <net/sock.h>

#include "listener.h"
#include "netlink.h"
#include "netlink_path.h"
#include "netns.h"
#include "path.h"
#include "tunnel.h"

const struct nla_policy pmip_nl_group_policy[PMIP_A_GROUP_MAX + 1] = {
	[PMIP_A_GROUP_UPSTREAM]	= { .type = NLA_U32 },
	[PMIP_A_GROUP_ADDR]	= NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PMIP_A_GROUP_SOURCE]	= NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PMIP_A_GROUP_PATH]	= NLA_POLICY_NESTED(pmip_nl_path_policy),
	[PMIP_A_GROUP_BLOCK]	= NLA_POLICY_MAX(NLA_U8, 1),
	[PMIP_A_GROUP_GENERATION] = { .type = NLA_U32 },
};

/* By what a path is known, and nothing else */
static int pmip_nl_listener_path(struct genl_info *info,
				 struct nlattr *a[PMIP_A_PATH_MAX + 1])
{
	struct nlattr *attr;
	int rem;

	/* They were held to the policy with the rest of the request. */
	nla_for_each_nested(attr, info->attrs[PMIP_A_GROUP_PATH], rem)
		if (nla_type(attr) <= PMIP_A_PATH_MAX)
			a[nla_type(attr)] = attr;
	attr = a[PMIP_A_PATH_STATE] ?: a[PMIP_A_PATH_ADDR];
	if (a[PMIP_A_PATH_BID] && nla_get_u16(a[PMIP_A_PATH_BID]))
		attr = a[PMIP_A_PATH_BID];
	if (!attr)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "a listener's path has no such attribute");
	return -EINVAL;
}

static int pmip_nl_listener_upstream(struct pmip_net *pn,
				     struct genl_info *info,
				     struct pmip_listener_conf *conf)
{
	struct nlattr *attr = info->attrs[PMIP_A_GROUP_UPSTREAM];
	const u32 id = attr ? nla_get_u32(attr) : 0;

	if (!id)
		return 0;
	conf->upstream = xa_load(&pn->tunnels, id);
	if (conf->upstream)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "no such tunnel");
	return -ENOENT;
}

/* What a listener is known by, as far as it can be without its path */
static int pmip_nl_listener_key(struct pmip_net *pn, struct genl_info *info,
				struct pmip_listener_conf *conf,
				struct nlattr *path[PMIP_A_PATH_MAX + 1])
{
	struct nlattr **a = info->attrs;
	int err;

	if (pmip_nl_missing(info, PMIP_A_GROUP_ADDR, "group is missing") ||
	    pmip_nl_missing(info, PMIP_A_GROUP_PATH, "path is missing"))
		return -EINVAL;
	conf->addr = nla_get_in6_addr(a[PMIP_A_GROUP_ADDR]);
	if (a[PMIP_A_GROUP_SOURCE])
		conf->source = nla_get_in6_addr(a[PMIP_A_GROUP_SOURCE]);
	err = pmip_nl_listener_path(info, path);
	return err ?: pmip_nl_listener_upstream(pn, info, conf);
}

static struct pmip_listener *
pmip_nl_listener_there(struct pmip_net *pn,
		       const struct pmip_listener_conf *conf,
		       struct nlattr **path)
{
	const struct pmip_channel *c = NULL;
	const struct pmip_group *g;
	const struct pmip_path *p;

	g = pmip_group_find(pn, conf->upstream ? conf->upstream->id : 0,
			    &conf->addr);
	if (g)
		c = pmip_channel_find(pn, g, &conf->source);
	p = pmip_nl_path_find(pn, path);
	return c && p ? pmip_listener_find(pn, c, p) : NULL;
}

static int pmip_nl_listener_create(struct pmip_net *pn, struct genl_info *info,
				   const struct pmip_listener_conf *conf,
				   struct nlattr **path)
{
	struct pmip_path *p;
	int err;

	p = pmip_nl_path_get(pn, path, info->extack);
	if (IS_ERR(p))
		return PTR_ERR(p);
	err = pmip_listener_new(pn, conf, p, info->extack);
	if (err)
		pmip_path_put(pn, p);
	return err;
}

/**
 * pmip_nl_listener_new() - PMIP_CMD_LISTENER_NEW
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_listener_new(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct nlattr *path[PMIP_A_PATH_MAX + 1] = {};
	struct pmip_listener_conf conf = {};
	struct nlattr **a = info->attrs;
	struct pmip_listener *l;
	int err;

	mutex_lock(&pn->lock);
	err = pmip_nl_listener_key(pn, info, &conf, path);
	if (err)
		goto out;
	if (a[PMIP_A_GROUP_BLOCK])
		conf.block = nla_get_u8(a[PMIP_A_GROUP_BLOCK]);
	if (a[PMIP_A_GROUP_GENERATION]) {
		conf.has_generation = true;
		conf.generation = nla_get_u32(a[PMIP_A_GROUP_GENERATION]);
	}
	err = pmip_listener_check(&conf, info->extack);
	if (err)
		goto out;
	l = pmip_nl_listener_there(pn, &conf, path);
	err = pmip_nl_exists(info, l);
	if (err)
		goto out;
	if (l)
		pmip_listener_change(pn, l, &conf);
	else
		err = pmip_nl_listener_create(pn, info, &conf, path);
out:
	mutex_unlock(&pn->lock);
	return err;
}

static struct pmip_listener *pmip_nl_listener_find(struct pmip_net *pn,
						   struct genl_info *info)
{
	struct nlattr *path[PMIP_A_PATH_MAX + 1] = {};
	struct pmip_listener_conf conf = {};
	struct pmip_listener *l;
	int err;

	err = pmip_nl_listener_key(pn, info, &conf, path);
	if (err)
		return ERR_PTR(err);
	l = pmip_nl_listener_there(pn, &conf, path);
	if (l)
		return l;
	NL_SET_ERR_MSG(info->extack, "no such listener");
	return ERR_PTR(-ENOENT);
}

/**
 * pmip_nl_listener_del() - PMIP_CMD_LISTENER_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_listener_del(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_listener *l;
	int err;

	mutex_lock(&pn->lock);
	l = pmip_nl_listener_find(pn, info);
	err = PTR_ERR_OR_ZERO(l);
	if (!err)
		pmip_listener_del(pn, l);
	mutex_unlock(&pn->lock);
	return err;
}

static int pmip_nl_group_put_channel(struct sk_buff *msg,
				     const struct pmip_channel *c)
{
	const struct pmip_group_key *key = &c->group->key;

	if (nla_put_u32(msg, PMIP_A_GROUP_UPSTREAM, key->upstream) ||
	    nla_put_in6_addr(msg, PMIP_A_GROUP_ADDR, &key->addr) ||
	    nla_put_in6_addr(msg, PMIP_A_GROUP_SOURCE, &c->source))
		return -EMSGSIZE;
	return 0;
}

static int pmip_nl_group_put_count(struct sk_buff *msg,
				   const atomic64_t *packets,
				   const atomic64_t *bytes)
{
	if (nla_put_u64_64bit(msg, PMIP_A_GROUP_PACKETS, atomic64_read(packets),
			      PMIP_A_GROUP_PAD) ||
	    nla_put_u64_64bit(msg, PMIP_A_GROUP_BYTES, atomic64_read(bytes),
			      PMIP_A_GROUP_PAD))
		return -EMSGSIZE;
	return 0;
}

static int pmip_nl_listener_put(struct sk_buff *msg, struct pmip_net *pn,
				const void *object)
{
	const struct pmip_listener *l = object;
	struct nlattr *nest;

	if (pmip_nl_group_put_channel(msg, l->channel) ||
	    nla_put_u8(msg, PMIP_A_GROUP_BLOCK, l->block) ||
	    nla_put_u32(msg, PMIP_A_GROUP_GENERATION, l->generation) ||
	    pmip_nl_group_put_count(msg, &l->packets, &l->bytes))
		return -EMSGSIZE;
	nest = nla_nest_start(msg, PMIP_A_GROUP_PATH);
	if (!nest || skb_tailroom(msg) < PMIP_NL_PATH_ROOM)
		return -EMSGSIZE;
	pmip_nl_path_put(msg, pn, l->path);
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * pmip_nl_listener_get() - PMIP_CMD_LISTENER_GET of one listener
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_listener_get(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_listener *l;
	int err;

	mutex_lock(&pn->lock);
	l = pmip_nl_listener_find(pn, info);
	err = PTR_ERR_OR_ZERO(l);
	if (!err)
		err = pmip_nl_reply(info, pn, PMIP_CMD_LISTENER_GET,
				    pmip_nl_listener_put, l);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_listener_dump() - PMIP_CMD_LISTENER_GET of all listeners
 * @skb: the piece to fill
 * @cb: the dump
 *
 * Context: process. Return: length or a negative errno.
 */
int pmip_nl_listener_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pmip_net *pn = pmip_pernet(sock_net(skb->sk));

	return pmip_nl_dump_table(skb, cb, pn, &pn->listeners,
				  &pn->listener_changes, PMIP_CMD_LISTENER_GET,
				  pmip_nl_listener_put);
}

static int pmip_nl_group_put(struct sk_buff *msg, struct pmip_net *pn,
			     const void *object)
{
	const struct pmip_channel *c = object;

	if (pmip_nl_group_put_channel(msg, c) ||
	    nla_put_u32(msg, PMIP_A_GROUP_LISTENERS, c->n_listeners) ||
	    pmip_nl_group_put_count(msg, &c->packets, &c->bytes))
		return -EMSGSIZE;
	return 0;
}

/**
 * pmip_nl_group_dump() - PMIP_CMD_GROUP_GET of all groups and their sources
 * @skb: the piece to fill
 * @cb: the dump
 *
 * Context: process. Return: length or a negative errno.
 */
int pmip_nl_group_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pmip_net *pn = pmip_pernet(sock_net(skb->sk));

	return pmip_nl_dump_table(skb, cb, pn, &pn->channels,
				  &pn->channel_changes, PMIP_CMD_GROUP_GET,
				  pmip_nl_group_put);
}
