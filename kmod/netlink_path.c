// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about paths. */
#include <net/ipv6.h>
#include <net/sock.h>

#include "home.h"
#include "link.h"
#include "netlink.h"
#include "netlink_binding.h"
#include "netlink_path.h"
#include "netns.h"
#include "path.h"
#include "tunnel.h"

const struct nla_policy pmip_nl_path_policy[PMIP_A_PATH_MAX + 1] = {
	[PMIP_A_PATH_BID]	= { .type = NLA_U16 },
	[PMIP_A_PATH_KIND]	= NLA_POLICY_RANGE(NLA_U8, PMIP_PATH_TUNNEL,
						   PMIP_PATH_HOME),
	[PMIP_A_PATH_TUNNEL]	= NLA_POLICY_MIN(NLA_U32, 1),
	[PMIP_A_PATH_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[PMIP_A_PATH_LLADDR]	= NLA_POLICY_RANGE(NLA_BINARY, 1,
						   PMIP_LLADDR_MAX),
	[PMIP_A_PATH_STATE]	= NLA_POLICY_MAX(NLA_U8, PMIP_STATE_UP),
	[PMIP_A_PATH_ADDR]	= NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PMIP_A_PATH_PREFIX]	= NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PMIP_A_PATH_PREFIX_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, PMIP_PLEN_MAX),
};

static struct pmip_path *pmip_nl_path_tunnel(struct pmip_net *pn,
					     struct nlattr **a,
					     struct netlink_ext_ack *extack)
{
	struct pmip_tunnel *t;

	if (!a[PMIP_A_PATH_TUNNEL] || a[PMIP_A_PATH_IFINDEX] ||
	    a[PMIP_A_PATH_LLADDR] || a[PMIP_A_PATH_ADDR] ||
	    a[PMIP_A_PATH_PREFIX] || a[PMIP_A_PATH_PREFIX_LEN]) {
		NL_SET_ERR_MSG(extack,
			       "a path of kind tunnel has a tunnel and nothing else");
		return ERR_PTR(-EINVAL);
	}
	t = xa_load(&pn->tunnels, nla_get_u32(a[PMIP_A_PATH_TUNNEL]));
	if (!t) {
		NL_SET_ERR_MSG_ATTR(extack, a[PMIP_A_PATH_TUNNEL],
				    "no such tunnel");
		return ERR_PTR(-ENOENT);
	}
	t->path.users++;
	return &t->path;
}

static struct pmip_path *pmip_nl_path_link(struct pmip_net *pn,
					   struct nlattr **a,
					   struct netlink_ext_ack *extack)
{
	struct nlattr *lladdr = a[PMIP_A_PATH_LLADDR];
	struct nlattr *addr = a[PMIP_A_PATH_ADDR];
	struct pmip_link *link;

	if (addr && !ipv6_addr_any(nla_data(addr)) &&
	    !pmip_path_addr_iid(nla_data(addr))) {
		NL_SET_ERR_MSG_ATTR(extack, addr,
				    "not the link-local address of a neighbour");
		return ERR_PTR(-EINVAL);
	}
	if (!a[PMIP_A_PATH_IFINDEX] || a[PMIP_A_PATH_TUNNEL] ||
	    a[PMIP_A_PATH_PREFIX] || a[PMIP_A_PATH_PREFIX_LEN]) {
		NL_SET_ERR_MSG(extack,
			       "a path of kind link has an ifindex and no tunnel or prefix");
		return ERR_PTR(-EINVAL);
	}
	link = xa_load(&pn->links, nla_get_u32(a[PMIP_A_PATH_IFINDEX]));
	if (!link) {
		NL_SET_ERR_MSG_ATTR(extack, a[PMIP_A_PATH_IFINDEX],
				    "no such link");
		return ERR_PTR(-ENOENT);
	}
	return pmip_path_get_neigh(pn, link, lladdr ? nla_data(lladdr) : NULL,
				   lladdr ? nla_len(lladdr) : 0, extack);
}

static struct pmip_path *pmip_nl_path_home(struct pmip_net *pn,
					   struct nlattr **a,
					   struct netlink_ext_ack *extack)
{
	struct pmip_binding_key key;
	int err;

	if (!a[PMIP_A_PATH_PREFIX] || !a[PMIP_A_PATH_PREFIX_LEN] ||
	    a[PMIP_A_PATH_TUNNEL] || a[PMIP_A_PATH_IFINDEX] ||
	    a[PMIP_A_PATH_LLADDR] || a[PMIP_A_PATH_ADDR]) {
		NL_SET_ERR_MSG(extack,
			       "a path of kind home has a prefix and nothing else");
		return ERR_PTR(-EINVAL);
	}
	err = pmip_nl_binding_prefix(a[PMIP_A_PATH_PREFIX],
				     a[PMIP_A_PATH_PREFIX_LEN], &key, extack);
	return err ? ERR_PTR(err) : pmip_home_get(pn, &key, extack);
}

/**
 * pmip_nl_path_get() - a reference on the path that attributes describe
 * @pn: the namespace
 * @a: PMIP_A_PATH_* attributes
 * @extack: where to say what is wrong
 *
 * Context: process, @pn->lock held.
 * Return: the path, or ERR_PTR of -EINVAL, -ENOENT, -ENODEV, -ENOMEM.
 */
struct pmip_path *pmip_nl_path_get(struct pmip_net *pn, struct nlattr **a,
				   struct netlink_ext_ack *extack)
{
	if (!a[PMIP_A_PATH_KIND]) {
		NL_SET_ERR_MSG(extack, "path kind is missing");
		return ERR_PTR(-EINVAL);
	}
	switch (nla_get_u8(a[PMIP_A_PATH_KIND])) {
	case PMIP_PATH_TUNNEL:
		return pmip_nl_path_tunnel(pn, a, extack);
	case PMIP_PATH_LINK:
		return pmip_nl_path_link(pn, a, extack);
	case PMIP_PATH_HOLD:
		pn->hold_path->users++;
		return pn->hold_path;
	case PMIP_PATH_HOME:
		return pmip_nl_path_home(pn, a, extack);
	default:
		pn->drop_path->users++;
		return pn->drop_path;
	}
}

/**
 * pmip_nl_path_find() - the path that attributes describe, if it is there
 * @pn: the namespace
 * @a: PMIP_A_PATH_* attributes
 *
 * Also one on a link whose device is gone.
 *
 * Context: process, @pn->lock held. Return: the path, of kind tunnel, link or home
 * and without a reference, or NULL.
 */
struct pmip_path *pmip_nl_path_find(struct pmip_net *pn, struct nlattr **a)
{
	const u8 kind = a[PMIP_A_PATH_KIND] ? nla_get_u8(a[PMIP_A_PATH_KIND]) : 0;
	struct nlattr *lladdr = a[PMIP_A_PATH_LLADDR];
	struct pmip_binding_key key;
	struct pmip_tunnel *t;
	struct pmip_link *link;

	if (kind == PMIP_PATH_HOME && a[PMIP_A_PATH_PREFIX] &&
	    a[PMIP_A_PATH_PREFIX_LEN]) {
		key.prefix = nla_get_in6_addr(a[PMIP_A_PATH_PREFIX]);
		key.plen = nla_get_u8(a[PMIP_A_PATH_PREFIX_LEN]);
		return pmip_home_find(pn, &key);
	}
	if (kind == PMIP_PATH_TUNNEL && a[PMIP_A_PATH_TUNNEL]) {
		t = xa_load(&pn->tunnels, nla_get_u32(a[PMIP_A_PATH_TUNNEL]));
		return t ? &t->path : NULL;
	}
	if (kind != PMIP_PATH_LINK || !a[PMIP_A_PATH_IFINDEX])
		return NULL;
	link = xa_load(&pn->links, nla_get_u32(a[PMIP_A_PATH_IFINDEX]));
	if (!link || (lladdr ? nla_len(lladdr) : 0) != link->lladdr_len)
		return NULL;
	return pmip_path_find_neigh(pn, link, lladdr ? nla_data(lladdr) : NULL,
				    link->lladdr_len);
}

static void pmip_nl_path_put_link(struct sk_buff *msg, const struct pmip_path *p)
{
	struct in6_addr addr;

	pmip_nl_add_u32(msg, PMIP_A_PATH_IFINDEX, p->key.link->ifindex);
	if (p->lladdr_len)
		pmip_nl_add(msg, PMIP_A_PATH_LLADDR, p->key.lladdr,
			    p->lladdr_len);
	if (!pmip_path_iid(p))
		return;
	pmip_path_addr(p, &addr);
	pmip_nl_add(msg, PMIP_A_PATH_ADDR, &addr, sizeof(addr));
}

static void pmip_nl_path_put_home(struct sk_buff *msg, struct pmip_path *p)
{
	const struct pmip_binding_key *key = &pmip_path_home(p)->key;

	pmip_nl_add(msg, PMIP_A_PATH_PREFIX, &key->prefix, sizeof(key->prefix));
	pmip_nl_add_u8(msg, PMIP_A_PATH_PREFIX_LEN, key->plen);
}

/**
 * pmip_nl_path_put() - describe a path by attributes
 * @msg: the message, with room for PMIP_NL_PATH_ROOM bytes
 * @pn: the namespace
 * @p: the path
 *
 * Context: process, @pn->lock held.
 */
void pmip_nl_path_put(struct sk_buff *msg, struct pmip_net *pn,
		      struct pmip_path *p)
{
	const u8 reason = pmip_path_reason(p);

	pmip_nl_add_u8(msg, PMIP_A_PATH_KIND, p->kind);
	if (unlikely(reason)) {
		pmip_nl_add_u8(msg, PMIP_A_PATH_STATE, pmip_path_alive(p));
		pmip_nl_add_u8(msg, PMIP_A_PATH_OPER, PMIP_STATE_DOWN);
		pmip_nl_add_u8(msg, PMIP_A_PATH_REASON, reason);
	}
	if (p->kind == PMIP_PATH_TUNNEL)
		pmip_nl_add_u32(msg, PMIP_A_PATH_TUNNEL,
				pmip_path_tunnel(p)->id);
	else if (p->kind == PMIP_PATH_LINK)
		pmip_nl_path_put_link(msg, p);
	else if (p->kind == PMIP_PATH_HOME)
		pmip_nl_path_put_home(msg, p);
}

static int pmip_nl_path_put_object(struct sk_buff *msg, struct pmip_net *pn,
				   const void *object)
{
	struct pmip_path *p = (struct pmip_path *)object;

	if (skb_tailroom(msg) < PMIP_NL_PATH_ROOM + nla_total_size(sizeof(u32)))
		return -EMSGSIZE;
	pmip_nl_add_u32(msg, PMIP_A_PATH_USERS, p->users);
	pmip_nl_path_put(msg, pn, p);
	return 0;
}

static int pmip_nl_path_put_tunnel(struct sk_buff *msg, struct pmip_net *pn,
				   const void *object)
{
	const struct pmip_tunnel *t = object;

	return pmip_nl_path_put_object(msg, pn, &t->path);
}

/**
 * pmip_nl_path_set() - PMIP_CMD_PATH_SET: a neighbour is reachable, or not
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_nl_path_set(struct sk_buff *skb, struct genl_info *info)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	struct nlattr *lladdr = info->attrs[PMIP_A_PATH_LLADDR];
	struct pmip_path *p = NULL;
	struct pmip_link *link;
	int err = 0;

	if (pmip_nl_missing(info, PMIP_A_PATH_IFINDEX, "ifindex is missing") ||
	    pmip_nl_missing(info, PMIP_A_PATH_STATE, "state is missing"))
		return -EINVAL;
	mutex_lock(&pn->lock);
	link = xa_load(&pn->links, nla_get_u32(info->attrs[PMIP_A_PATH_IFINDEX]));
	if (link)
		p = pmip_path_find_neigh(pn, link,
					 lladdr ? nla_data(lladdr) : NULL,
					 lladdr ? nla_len(lladdr) : 0);
	if (p) {
		pmip_path_set_state(pn, p,
				    nla_get_u8(info->attrs[PMIP_A_PATH_STATE]),
				    PMIP_REASON_OPERATOR);
	} else {
		NL_SET_ERR_MSG(info->extack, "no binding has this path");
		err = -ENOENT;
	}
	mutex_unlock(&pn->lock);
	return err;
}

/**
 * pmip_nl_path_dump() - PMIP_CMD_PATH_GET of all paths
 * @skb: the piece to fill
 * @cb: the dump
 *
 * Context: process. Return: length or a negative errno.
 */
int pmip_nl_path_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pmip_net *pn = pmip_pernet(sock_net(skb->sk));

	int len;

	len = pmip_nl_dump(skb, cb, pn, &pn->tunnels, &pn->path_changes,
			   PMIP_CMD_PATH_GET, pmip_nl_path_put_tunnel);
	if (len < 0)
		return len;
	return pmip_nl_dump_table(skb, cb, pn, &pn->paths, &pn->path_changes,
				  PMIP_CMD_PATH_GET, pmip_nl_path_put_object);
}
