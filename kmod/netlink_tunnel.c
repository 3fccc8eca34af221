// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about tunnels. */
#include <net/sock.h>

#include "generation.h"
#include "netlink.h"
#include "netns.h"
#include "tunnel.h"

#define PMIP_TUNNEL_F_ALL	(PMIP_TUNNEL_F_FRAGMENT | PMIP_TUNNEL_F_NO_DSCP)

const struct nla_policy pmip_nl_tunnel_policy[PMIP_A_TUNNEL_MAX + 1] = {
	[PMIP_A_TUNNEL_ID]	= NLA_POLICY_MIN(NLA_U32, 1),
	[PMIP_A_TUNNEL_LOCAL]	= NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PMIP_A_TUNNEL_REMOTE]	= NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PMIP_A_TUNNEL_ROLE]	= NLA_POLICY_RANGE(NLA_U8, PMIP_TUNNEL_LMA_TO_MAG,
						   PMIP_TUNNEL_MAG_TO_MAG),
	[PMIP_A_TUNNEL_STATE]	= NLA_POLICY_MAX(NLA_U8, PMIP_STATE_UP),
	[PMIP_A_TUNNEL_HOP_LIMIT] = NLA_POLICY_MIN(NLA_U8, 1),
	[PMIP_A_TUNNEL_FLAGS]	= NLA_POLICY_MASK(NLA_U32, PMIP_TUNNEL_F_ALL),
	[PMIP_A_TUNNEL_GENERATION] = { .type = NLA_U32 },
};

static struct pmip_tunnel *pmip_nl_tunnel_find(struct pmip_net *pn,
					       struct genl_info *info)
{
	struct pmip_tunnel *t;

	if (pmip_nl_missing(info, PMIP_A_TUNNEL_ID, "tunnel id is missing"))
		return ERR_PTR(-EINVAL);
	t = xa_load(&pn->tunnels, nla_get_u32(info->attrs[PMIP_A_TUNNEL_ID]));
	if (!t) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[PMIP_A_TUNNEL_ID],
				    "no such tunnel");
		return ERR_PTR(-ENOENT);
	}
	return t;
}

static int pmip_nl_tunnel_same(const struct pmip_tunnel *t,
			       struct genl_info *info)
{
	struct nlattr **a = info->attrs;

	if ((a[PMIP_A_TUNNEL_LOCAL] &&
	     nla_memcmp(a[PMIP_A_TUNNEL_LOCAL], &t->key.local,
			sizeof(t->key.local))) ||
	    (a[PMIP_A_TUNNEL_REMOTE] &&
	     nla_memcmp(a[PMIP_A_TUNNEL_REMOTE], &t->key.remote,
			sizeof(t->key.remote))) ||
	    (a[PMIP_A_TUNNEL_ROLE] &&
	     nla_get_u8(a[PMIP_A_TUNNEL_ROLE]) != t->role)) {
		NL_SET_ERR_MSG(info->extack,
			       "addresses and role of a tunnel cannot change");
		return -EINVAL;
	}
	return 0;
}

static void pmip_nl_tunnel_change(struct pmip_net *pn, struct pmip_tunnel *t,
				  struct genl_info *info)
{
	struct nlattr **a = info->attrs;

	if (a[PMIP_A_TUNNEL_HOP_LIMIT])
		WRITE_ONCE(t->hop_limit,
			   nla_get_u8(a[PMIP_A_TUNNEL_HOP_LIMIT]));
	if (a[PMIP_A_TUNNEL_FLAGS])
		WRITE_ONCE(t->flags, nla_get_u32(a[PMIP_A_TUNNEL_FLAGS]));
	if (a[PMIP_A_TUNNEL_GENERATION])
		pmip_generation_set(pn, &t->generation,
				    nla_get_u32(a[PMIP_A_TUNNEL_GENERATION]));
	if (a[PMIP_A_TUNNEL_STATE])
		pmip_tunnel_set_state(pn, t,
				      nla_get_u8(a[PMIP_A_TUNNEL_STATE]));
}

static int pmip_nl_tunnel_create(struct pmip_net *pn, struct genl_info *info)
{
	struct pmip_tunnel_conf conf = { .hop_limit = 64, .up = true };
	struct nlattr **a = info->attrs;

	if (pmip_nl_missing(info, PMIP_A_TUNNEL_LOCAL, "local is missing") ||
	    pmip_nl_missing(info, PMIP_A_TUNNEL_REMOTE, "remote is missing") ||
	    pmip_nl_missing(info, PMIP_A_TUNNEL_ROLE, "role is missing"))
		return -EINVAL;
	conf.id = nla_get_u32(a[PMIP_A_TUNNEL_ID]);
	conf.key.local = nla_get_in6_addr(a[PMIP_A_TUNNEL_LOCAL]);
	conf.key.remote = nla_get_in6_addr(a[PMIP_A_TUNNEL_REMOTE]);
	conf.role = nla_get_u8(a[PMIP_A_TUNNEL_ROLE]);
	if (a[PMIP_A_TUNNEL_HOP_LIMIT])
		conf.hop_limit = nla_get_u8(a[PMIP_A_TUNNEL_HOP_LIMIT]);
	if (a[PMIP_A_TUNNEL_FLAGS])
		conf.flags = nla_get_u32(a[PMIP_A_TUNNEL_FLAGS]);
	if (a[PMIP_A_TUNNEL_GENERATION])
		conf.generation = nla_get_u32(a[PMIP_A_TUNNEL_GENERATION]);
	if (a[PMIP_A_TUNNEL_STATE])
		conf.up = nla_get_u8(a[PMIP_A_TUNNEL_STATE]);
	return PTR_ERR_OR_ZERO(pmip_tunnel_new(pn, &conf, info->extack));
}

/**
 * pmip_nl_tunnel_new() - PMIP_CMD_TUNNEL_NEW
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_tunnel_new(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_tunnel *t;
	int err;

	if (pmip_nl_missing(info, PMIP_A_TUNNEL_ID, "tunnel id is missing"))
		return -EINVAL;
	mutex_lock(&pn->lock);
	t = xa_load(&pn->tunnels, nla_get_u32(info->attrs[PMIP_A_TUNNEL_ID]));
	err = pmip_nl_exists(info, t);
	if (err)
		goto out;
	if (!t) {
		err = pmip_nl_tunnel_create(pn, info);
		goto out;
	}
	err = pmip_nl_tunnel_same(t, info);
	if (!err)
		pmip_nl_tunnel_change(pn, t, info);
out:
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_tunnel_set() - PMIP_CMD_TUNNEL_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_tunnel_set(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_tunnel *t;
	int err;

	mutex_lock(&pn->lock);
	t = pmip_nl_tunnel_find(pn, info);
	err = PTR_ERR_OR_ZERO(t);
	if (!err)
		err = pmip_nl_tunnel_same(t, info);
	if (!err)
		pmip_nl_tunnel_change(pn, t, info);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_tunnel_del() - PMIP_CMD_TUNNEL_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_tunnel_del(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_tunnel *t;
	int err;

	mutex_lock(&pn->lock);
	t = pmip_nl_tunnel_find(pn, info);
	err = PTR_ERR_OR_ZERO(t);
	if (!err)
		err = pmip_tunnel_del(pn, t, info->extack);
	mutex_unlock(&pn->lock);
	return err;
}

static int pmip_nl_tunnel_put_stats(struct sk_buff *msg,
				    const struct pmip_tunnel *t)
{
	u64 sum[5];
	int i;

	pmip_tunnel_sum(t, sum);
	for (i = 0; i < ARRAY_SIZE(sum); i++)
		if (nla_put_u64_64bit(msg, PMIP_A_TUNNEL_TX_PACKETS + i, sum[i],
				      PMIP_A_TUNNEL_PAD))
			return -EMSGSIZE;
	return 0;
}

static int pmip_nl_tunnel_put(struct sk_buff *msg, struct pmip_net *pn,
			      const void *object)
{
	struct pmip_tunnel *t = (struct pmip_tunnel *)object;

	if (nla_put_u32(msg, PMIP_A_TUNNEL_ID, t->id) ||
	    nla_put_in6_addr(msg, PMIP_A_TUNNEL_LOCAL, &t->key.local) ||
	    nla_put_in6_addr(msg, PMIP_A_TUNNEL_REMOTE, &t->key.remote) ||
	    nla_put_u8(msg, PMIP_A_TUNNEL_ROLE, t->role) ||
	    nla_put_u8(msg, PMIP_A_TUNNEL_STATE, pmip_path_alive(&t->path)) ||
	    nla_put_u8(msg, PMIP_A_TUNNEL_HOP_LIMIT, t->hop_limit) ||
	    nla_put_u32(msg, PMIP_A_TUNNEL_FLAGS, t->flags) ||
	    nla_put_u32(msg, PMIP_A_TUNNEL_GENERATION, t->generation) ||
	    nla_put_u32(msg, PMIP_A_TUNNEL_USERS,
			t->uplinks + t->path.users) ||
	    nla_put_u32(msg, PMIP_A_TUNNEL_MTU, pmip_tunnel_mtu(pn, t)))
		return -EMSGSIZE;
	return pmip_nl_tunnel_put_stats(msg, t);
}

/**
 * pmip_nl_tunnel_get() - PMIP_CMD_TUNNEL_GET of one tunnel
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_tunnel_get(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_tunnel *t;
	int err;

	mutex_lock(&pn->lock);
	t = pmip_nl_tunnel_find(pn, info);
	err = PTR_ERR_OR_ZERO(t);
	if (!err)
		err = pmip_nl_reply(info, pn, PMIP_CMD_TUNNEL_GET,
				    pmip_nl_tunnel_put, t);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_tunnel_dump() - PMIP_CMD_TUNNEL_GET of all tunnels
 * @skb: the piece to fill
 * @cb: the dump
 *
 * Context: process. Return: length or a negative errno.
 */
int pmip_nl_tunnel_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pmip_net *pn = pmip_pernet(sock_net(skb->sk));

	return pmip_nl_dump(skb, cb, pn, &pn->tunnels, &pn->tunnel_changes,
			    PMIP_CMD_TUNNEL_GET, pmip_nl_tunnel_put);
}
