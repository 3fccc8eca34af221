// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about bindings. */
#include <net/ipv6.h>
#include <net/sock.h>

#include "binding.h"
#include "netlink.h"
#include "netlink_binding.h"
#include "netlink_hold.h"
#include "netlink_item.h"
#include "netlink_path.h"
#include "netns.h"
#include "node.h"
#include "tunnel.h"

const struct nla_policy pmip_nl_binding_policy[PMIP_A_BINDING_MAX + 1] = {
	[PMIP_A_BINDING_PREFIX]	= NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PMIP_A_BINDING_PREFIX_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, PMIP_PLEN_MAX),
	[PMIP_A_BINDING_UPLINK]	= { .type = NLA_U32 },
	[PMIP_A_BINDING_NODE]	= { .type = NLA_U64 },
	[PMIP_A_BINDING_PATH]	= NLA_POLICY_NESTED(pmip_nl_path_policy),
	[PMIP_A_BINDING_GENERATION] = { .type = NLA_U32 },
	[PMIP_A_BINDING_RETURN]	= NLA_POLICY_NESTED(pmip_nl_return_policy),
	/* Held to this policy when its turn has come: those before it are in force. */
	[PMIP_A_BINDING_ITEM]	= { .type = NLA_NESTED },
};

/* Does the prefix lie in, or reach over, what is no global unicast address? */
static bool pmip_nl_binding_special(const struct in6_addr *prefix, u32 plen)
{
	static const struct in6_addr link_local = { { { 0xfe, 0x80 } } };
	static const struct in6_addr multicast = { { { 0xff } } };
	const int bad = IPV6_ADDR_MULTICAST | IPV6_ADDR_LOOPBACK |
			IPV6_ADDR_LINKLOCAL;

	return ipv6_addr_any(prefix) || (ipv6_addr_type(prefix) & bad) ||
	       ipv6_prefix_equal(prefix, &link_local, plen) ||
	       ipv6_prefix_equal(prefix, &multicast, plen);
}

/**
 * pmip_nl_binding_prefix() - a prefix that can have a binding
 * @prefix: the attribute with its address
 * @plen: and that with its length, as the policy lets it be
 * @key: filled
 * @extack: where to say what is wrong
 *
 * Context: process. Return: 0 or -EINVAL.
 */
int pmip_nl_binding_prefix(const struct nlattr *prefix,
			   const struct nlattr *plen,
			   struct pmip_binding_key *key,
			   struct netlink_ext_ack *extack)
{
	struct in6_addr masked;

	key->prefix = nla_get_in6_addr(prefix);
	key->plen = nla_get_u8(plen);
	ipv6_addr_prefix(&masked, &key->prefix, key->plen);
	if (!ipv6_addr_equal(&masked, &key->prefix)) {
		NL_SET_ERR_MSG_ATTR(extack, prefix,
				    "prefix has bits beyond its length");
		return -EINVAL;
	}
	if (pmip_nl_binding_special(&masked, key->plen)) {
		NL_SET_ERR_MSG_ATTR(extack, prefix,
				    "prefix must be of global unicast addresses");
		return -EINVAL;
	}
	return 0;
}

static int pmip_nl_binding_key(struct genl_info *info, int prefix, int plen,
			       struct pmip_binding_key *key)
{
	if (pmip_nl_missing(info, prefix, "prefix is missing") ||
	    pmip_nl_missing(info, plen, "prefix length is missing"))
		return -EINVAL;
	return pmip_nl_binding_prefix(info->attrs[prefix], info->attrs[plen],
				      key, info->extack);
}

static int pmip_nl_binding_path(struct pmip_net *pn, struct genl_info *info,
				const struct nlattr *nest,
				struct pmip_binding_conf *conf)
{
	struct nlattr *a[PMIP_A_PATH_MAX + 1] = {};
	struct nlattr *attr;
	struct pmip_path *p;
	int rem;

	if (conf->n_paths == PMIP_BINDING_PATHS) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest, "too many paths");
		return -E2BIG;
	}
	if (conf->n_paths &&
	    conf->path[conf->n_paths - 1]->kind == PMIP_PATH_HOLD) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest,
				    "no path follows one that holds");
		return -EINVAL;
	}
	/* They were held to the policy with the rest of the request. */
	nla_for_each_nested(attr, nest, rem)
		if (nla_type(attr) <= PMIP_A_PATH_MAX)
			a[nla_type(attr)] = attr;
	if (a[PMIP_A_PATH_KIND] &&
	    nla_get_u8(a[PMIP_A_PATH_KIND]) == PMIP_PATH_HOME) {
		NL_SET_ERR_MSG_ATTR(info->extack, a[PMIP_A_PATH_KIND],
				    "a path of kind home is a listener's");
		return -EINVAL;
	}
	p = pmip_nl_path_get(pn, a, info->extack);
	if (IS_ERR(p))
		return PTR_ERR(p);
	if (a[PMIP_A_PATH_BID])
		conf->bid[conf->n_paths] = nla_get_u16(a[PMIP_A_PATH_BID]);
	if (a[PMIP_A_PATH_ADDR] && p->kind == PMIP_PATH_LINK) {
		conf->has_addr[conf->n_paths] = true;
		conf->iid[conf->n_paths] =
			pmip_path_addr_iid(nla_data(a[PMIP_A_PATH_ADDR]));
	}
	conf->path[conf->n_paths++] = p;
	return 0;
}

static int pmip_nl_binding_paths(struct pmip_net *pn, struct genl_info *info,
				 const struct nlattr *paths, int len,
				 struct pmip_binding_conf *conf)
{
	const struct nlattr *nest;
	int err, rem;

	nla_for_each_attr(nest, paths, len, rem) {
		if (nla_type(nest) != PMIP_A_BINDING_PATH)
			continue;
		conf->has_paths = true;
		err = pmip_nl_binding_path(pn, info, nest, conf);
		if (err)
			return err;
	}
	return 0;
}

static int pmip_nl_binding_uplink(struct pmip_net *pn, struct genl_info *info,
				  struct pmip_binding_conf *conf)
{
	struct nlattr *uplink = info->attrs[PMIP_A_BINDING_UPLINK];
	u32 id;

	if (!uplink)
		return 0;
	conf->has_uplink = true;
	id = nla_get_u32(uplink);
	if (!id)
		return 0;
	conf->uplink = xa_load(&pn->tunnels, id);
	if (conf->uplink)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, uplink, "no such tunnel");
	return -ENOENT;
}

/* On failure whatever paths were found stay in @conf for the caller. */
static int pmip_nl_binding_parse(struct pmip_net *pn, struct genl_info *info,
				 const struct nlattr *paths, int len,
				 struct pmip_binding_conf *conf)
{
	struct nlattr **a = info->attrs;
	int err;

	if (a[PMIP_A_BINDING_NODE]) {
		conf->has_mn = true;
		conf->mn = nla_get_u64(a[PMIP_A_BINDING_NODE]);
	}
	if (a[PMIP_A_BINDING_GENERATION]) {
		conf->has_generation = true;
		conf->generation = nla_get_u32(a[PMIP_A_BINDING_GENERATION]);
	}
	err = pmip_nl_binding_uplink(pn, info, conf);
	return err ?: pmip_nl_binding_paths(pn, info, paths, len, conf);
}

static int pmip_nl_binding_apply(struct pmip_net *pn, struct genl_info *info,
				 const struct nlattr *paths, int len, bool set)
{
	struct pmip_binding_conf conf = {};
	struct pmip_binding *b;
	int err;

	err = pmip_nl_binding_key(info, PMIP_A_BINDING_PREFIX,
				  PMIP_A_BINDING_PREFIX_LEN, &conf.key);
	if (err)
		return err;
	mutex_lock(&pn->lock);
	b = pmip_binding_find(pn, &conf.key);
	if (!set) {
		err = pmip_nl_exists(info, b);
	} else if (!b) {
		NL_SET_ERR_MSG(info->extack, "no such binding");
		err = -ENOENT;
	}
	if (!err)
		err = pmip_nl_binding_parse(pn, info, paths, len, &conf);
	if (!err)
		err = pmip_nl_return_set(pn, info, b);
	if (err)
		goto out;
	/* NEW says all that the binding shall be, SET only a part. */
	if (!set) {
		conf.has_uplink = true;
		conf.has_paths = true;
	}
	if (b)
		pmip_binding_change(pn, b, &conf);
	else
		err = pmip_binding_new(pn, &conf, info->extack);
out:
	pmip_binding_conf_release(pn, &conf);
	mutex_unlock(&pn->lock);
	return err;
}

static int pmip_nl_binding_new_one(struct pmip_net *pn, struct genl_info *info,
				   const struct nlattr *paths, int len)
{
	return pmip_nl_binding_apply(pn, info, paths, len, false);
}

static int pmip_nl_binding_set_one(struct pmip_net *pn, struct genl_info *info,
				   const struct nlattr *paths, int len)
{
	return pmip_nl_binding_apply(pn, info, paths, len, true);
}

/**
 * pmip_nl_binding_new() - PMIP_CMD_BINDING_NEW
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_binding_new(struct sk_buff *skb, struct genl_info *info)
{
	return pmip_nl_items(info, pmip_nl_binding_new_one);
}

/**
 * pmip_nl_binding_set() - PMIP_CMD_BINDING_SET
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_binding_set(struct sk_buff *skb, struct genl_info *info)
{
	return pmip_nl_items(info, pmip_nl_binding_set_one);
}

/**
 * pmip_nl_binding_find() - the binding that a request names
 * @pn: the namespace
 * @info: the request
 * @prefix: number of the attribute with its prefix
 * @plen: and of that with the prefix's length
 *
 * Context: process, @pn->lock held.
 * Return: the binding, or ERR_PTR of -EINVAL or -ENOENT, with a message.
 */
struct pmip_binding *pmip_nl_binding_find(struct pmip_net *pn,
					  struct genl_info *info,
					  int prefix, int plen)
{
	struct pmip_binding_key key;
	struct pmip_binding *b;
	int err;

	err = pmip_nl_binding_key(info, prefix, plen, &key);
	if (err)
		return ERR_PTR(err);
	b = pmip_binding_find(pn, &key);
	if (b)
		return b;
	NL_SET_ERR_MSG(info->extack, "no such binding");
	return ERR_PTR(-ENOENT);
}

static int pmip_nl_binding_del_one(struct pmip_net *pn, struct genl_info *info,
				   const struct nlattr *paths, int len)
{
	struct pmip_binding *b;
	int err;

	mutex_lock(&pn->lock);
	b = pmip_nl_binding_find(pn, info, PMIP_A_BINDING_PREFIX,
				 PMIP_A_BINDING_PREFIX_LEN);
	err = PTR_ERR_OR_ZERO(b);
	if (!err)
		pmip_binding_del(pn, b);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_binding_del() - PMIP_CMD_BINDING_DEL
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_binding_del(struct sk_buff *skb, struct genl_info *info)
{
	return pmip_nl_items(info, pmip_nl_binding_del_one);
}

/* Bytes that the attributes of a binding take at most */
#define PMIP_NL_BINDING_ROOM						\
	(nla_total_size(sizeof(struct in6_addr)) +			\
	 nla_total_size(sizeof(u8)) + 2 * nla_total_size(sizeof(u32)) +	\
	 5 * nla_total_size(sizeof(u64)) +				\
	 PMIP_BINDING_PATHS * (nla_total_size(0) +			\
			       nla_total_size(sizeof(u16)) +		\
			       PMIP_NL_PATH_ROOM))

static void pmip_nl_binding_put_paths(struct sk_buff *msg, struct pmip_net *pn,
				      const struct pmip_binding *b)
{
	struct nlattr *nest;
	struct pmip_path *p;
	int i;

	for (i = 0; i < PMIP_BINDING_PATHS; i++) {
		p = rcu_dereference_protected(b->path[i],
					      lockdep_is_held(&pn->lock));
		if (!p)
			continue;
		nest = (struct nlattr *)skb_tail_pointer(msg);
		pmip_nl_add(msg, PMIP_A_BINDING_PATH | NLA_F_NESTED, NULL, 0);
		if (b->bid[i])
			pmip_nl_add(msg, PMIP_A_PATH_BID, &b->bid[i],
				    sizeof(b->bid[i]));
		pmip_nl_path_put(msg, pn, p);
		nla_nest_end(msg, nest);
	}
}

static void pmip_nl_binding_put_u64(struct sk_buff *msg, int attr, u64 value)
{
	if (value)
		pmip_nl_add(msg, attr, &value, sizeof(value));
}

/* What is 0 is left out: of a million bindings few have all that they can. */
static int pmip_nl_binding_put(struct sk_buff *msg, struct pmip_net *pn,
			       const void *object)
{
	const struct pmip_binding *b = object;
	const struct pmip_tunnel *uplink;

	if (skb_tailroom(msg) < PMIP_NL_BINDING_ROOM)
		return -EMSGSIZE;
	pmip_nl_add(msg, PMIP_A_BINDING_PREFIX, &b->prefix, sizeof(b->prefix));
	pmip_nl_add_u8(msg, PMIP_A_BINDING_PREFIX_LEN, b->plen);
	uplink = rcu_dereference_protected(b->uplink,
					   lockdep_is_held(&pn->lock));
	if (uplink)
		pmip_nl_add_u32(msg, PMIP_A_BINDING_UPLINK, uplink->id);
	pmip_nl_binding_put_u64(msg, PMIP_A_BINDING_NODE, pmip_node_name(b));
	if (b->generation)
		pmip_nl_add_u32(msg, PMIP_A_BINDING_GENERATION, b->generation);
	pmip_nl_binding_put_u64(msg, PMIP_A_BINDING_DOWN_PACKETS,
				atomic64_read(&b->down_packets));
	pmip_nl_binding_put_u64(msg, PMIP_A_BINDING_DOWN_BYTES,
				atomic64_read(&b->down_bytes));
	pmip_nl_binding_put_u64(msg, PMIP_A_BINDING_UP_PACKETS,
				atomic64_read(&b->up_packets));
	pmip_nl_binding_put_u64(msg, PMIP_A_BINDING_UP_BYTES,
				atomic64_read(&b->up_bytes));
	pmip_nl_binding_put_paths(msg, pn, b);
	return pmip_nl_hold_put_binding(msg, pn, b);
}

/**
 * pmip_nl_binding_get() - PMIP_CMD_BINDING_GET of one binding
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_binding_get(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct pmip_binding *b;
	int err;

	if (info->attrs[PMIP_A_BINDING_ITEM]) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[PMIP_A_BINDING_ITEM],
				    "one binding, or a dump of all");
		return -EINVAL;
	}
	mutex_lock(&pn->lock);
	b = pmip_nl_binding_find(pn, info, PMIP_A_BINDING_PREFIX,
				 PMIP_A_BINDING_PREFIX_LEN);
	err = PTR_ERR_OR_ZERO(b);
	if (!err)
		err = pmip_nl_reply(info, pn, PMIP_CMD_BINDING_GET,
				    pmip_nl_binding_put, b);
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_binding_dump() - PMIP_CMD_BINDING_GET of all bindings
 * @skb: the piece to fill
 * @cb: the dump
 *
 * Context: process. Return: length or a negative errno.
 */
int pmip_nl_binding_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pmip_net *pn = pmip_pernet(sock_net(skb->sk));

	return pmip_nl_dump_table(skb, cb, pn, &pn->bindings,
				  &pn->binding_changes, PMIP_CMD_BINDING_GET,
				  pmip_nl_binding_put);
}
