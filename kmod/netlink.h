/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family, and what its handlers share. */
#ifndef _PMIP_NETLINK_H
#define _PMIP_NETLINK_H

#include <linux/pmip.h>
#include <net/genetlink.h>

struct pmip_net;
struct pmip_table;

extern struct genl_family pmip_genl_family;

extern const struct nla_policy pmip_nl_tunnel_policy[PMIP_A_TUNNEL_MAX + 1];
extern const struct nla_policy pmip_nl_link_policy[PMIP_A_LINK_MAX + 1];
extern const struct nla_policy pmip_nl_path_policy[PMIP_A_PATH_MAX + 1];
extern const struct nla_policy pmip_nl_binding_policy[PMIP_A_BINDING_MAX + 1];
extern const struct nla_policy pmip_nl_flow_policy[PMIP_A_FLOW_MAX + 1];
extern const struct nla_policy pmip_nl_return_policy[PMIP_A_RETURN_MAX + 1];
extern const struct nla_policy pmip_nl_hold_policy[PMIP_A_HOLD_MAX + 1];
extern const struct nla_policy pmip_nl_group_policy[PMIP_A_GROUP_MAX + 1];
extern const struct nla_policy pmip_nl_stats_policy[PMIP_A_STATS_MAX + 1];
extern const struct nla_policy pmip_nl_purge_policy[PMIP_A_PURGE_MAX + 1];

int pmip_nl_tunnel_new(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_tunnel_set(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_tunnel_del(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_tunnel_get(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_tunnel_dump(struct sk_buff *skb, struct netlink_callback *cb);
int pmip_nl_link_new(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_link_set(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_link_del(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_link_get(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_link_dump(struct sk_buff *skb, struct netlink_callback *cb);
int pmip_nl_path_set(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_path_dump(struct sk_buff *skb, struct netlink_callback *cb);
int pmip_nl_binding_new(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_binding_set(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_binding_del(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_binding_get(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_binding_dump(struct sk_buff *skb, struct netlink_callback *cb);
int pmip_nl_flow_new(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_flow_set(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_flow_del(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_flow_get(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_flow_dump(struct sk_buff *skb, struct netlink_callback *cb);
int pmip_nl_hold_set(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_hold_get(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_hold_release(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_listener_new(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_listener_del(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_listener_get(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_listener_dump(struct sk_buff *skb, struct netlink_callback *cb);
int pmip_nl_group_dump(struct sk_buff *skb, struct netlink_callback *cb);
int pmip_nl_stats_get(struct sk_buff *skb, struct genl_info *info);
int pmip_nl_purge(struct sk_buff *skb, struct genl_info *info);

int pmip_nl_exists(const struct genl_info *info, bool exists);
bool pmip_nl_missing(struct genl_info *info, int attr, const char *what);

/* Puts the attributes of one object into a message. */
typedef int (*pmip_nl_put_fn)(struct sk_buff *msg, struct pmip_net *pn,
			      const void *object);

int pmip_nl_reply(struct genl_info *info, struct pmip_net *pn, u8 cmd,
		  pmip_nl_put_fn put, const void *object);
int pmip_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		 struct pmip_net *pn, struct xarray *objects,
		 const u32 *changes, u8 cmd, pmip_nl_put_fn put);
int pmip_nl_dump_table(struct sk_buff *skb, struct netlink_callback *cb,
		       struct pmip_net *pn, const struct pmip_table *table,
		       const u32 *changes, u8 cmd, pmip_nl_put_fn put);

/**
 * pmip_nl_add() - nla_put() where the room is known to be there
 * @msg: the message
 * @attr: the attribute's number
 * @data: its value
 * @len: bytes, best a constant
 *
 * Context: any.
 */
static __always_inline void pmip_nl_add(struct sk_buff *msg, int attr,
					const void *data, int len)
{
	struct nlattr *a = __skb_put(msg, nla_total_size(len));

	a->nla_type = attr;
	a->nla_len = nla_attr_size(len);
	if (nla_padlen(len))
		memset((u8 *)a + a->nla_len, 0, nla_padlen(len));
	memcpy(nla_data(a), data, len);
}

static inline void pmip_nl_add_u8(struct sk_buff *msg, int attr, u8 value)
{
	pmip_nl_add(msg, attr, &value, sizeof(value));
}

static inline void pmip_nl_add_u32(struct sk_buff *msg, int attr, u32 value)
{
	pmip_nl_add(msg, attr, &value, sizeof(value));
}

int pmip_netlink_init(void);
void pmip_netlink_exit(void);

#endif /* _PMIP_NETLINK_H */
