// SPDX-License-Identifier: GPL-2.0
/*
 * Several bindings in one netlink request: items, which are held to the policy one
 * after another as each is taken, and before them what all have in common.
 */
#include "binding.h"
#include "netlink.h"
#include "netlink_item.h"
#include "netns.h"

/* Attributes before the first item */
struct pmip_nl_common {
	const struct nlattr *head;
	int len;
};

/* The table's line for the next item may be under way while this one is taken. */
static void pmip_nl_item_ahead(struct pmip_net *pn, struct genl_info *info,
			       const struct nlattr *item, int len)
{
	const struct nlattr *plen = info->attrs[PMIP_A_BINDING_PREFIX_LEN];
	struct pmip_binding_key key;
	const struct nlattr *a;

	if (!nla_ok(item, len))
		return;
	a = nla_find_nested(item, PMIP_A_BINDING_PREFIX);
	if (!plen)
		plen = nla_find_nested(item, PMIP_A_BINDING_PREFIX_LEN);
	if (!a || nla_len(a) < sizeof(key.prefix) || !plen || !nla_len(plen))
		return;
	key.prefix = nla_get_in6_addr(a);
	key.plen = nla_get_u8(plen);
	pmip_binding_ahead(pn, &key);
}

static int pmip_nl_item(struct pmip_net *pn, struct genl_info *info,
			const struct pmip_nl_common *common,
			const struct nlattr *item, pmip_nl_item_fn fn)
{
	struct nlattr *a[PMIP_A_BINDING_MAX + 1];
	struct genl_info one = *info;
	bool own_paths;
	int err, i;

	err = nla_parse_nested(a, PMIP_A_BINDING_MAX, item,
			       pmip_nl_binding_policy, info->extack);
	if (err)
		return err;
	if (a[PMIP_A_BINDING_ITEM]) {
		NL_SET_ERR_MSG(info->extack, "an item has no items");
		return -EINVAL;
	}
	own_paths = a[PMIP_A_BINDING_PATH];
	for (i = 0; i <= PMIP_A_BINDING_MAX; i++)
		a[i] = a[i] ?: info->attrs[i];
	one.attrs = a;
	return own_paths ? fn(pn, &one, nla_data(item), nla_len(item)) :
			   fn(pn, &one, common->head, common->len);
}

static bool pmip_nl_within(const struct nlattr *attr, const struct nlattr *item)
{
	return attr >= item &&
	       (const void *)attr < (const void *)item + item->nla_len;
}

/* Of a well-formed request: what is common, and behind it nothing but items */
static int pmip_nl_common(struct genl_info *info, const struct nlattr *head,
			  int len, struct pmip_nl_common *common)
{
	const struct nlattr *a;
	bool items = false;
	int rem;

	nla_for_each_attr(a, head, len, rem) {
		if (nla_type(a) != PMIP_A_BINDING_ITEM) {
			if (!items)
				continue;
			NL_SET_ERR_MSG_ATTR(info->extack, a,
					    "nothing but items comes after an item");
			return -EINVAL;
		}
		if (!items)
			common->len = (const void *)a - (const void *)head;
		items = true;
	}
	common->head = head;
	return 0;
}

/**
 * pmip_nl_items() - for each binding that a request is about
 * @info: the request, parsed
 * @fn: what is asked for
 *
 * Stops at the first item for which @fn fails: the answer points to it, or nobody
 * knew what is in force.
 *
 * Context: process; takes turns with others that need the namespace's lock.
 * Return: 0 or a negative errno.
 */
int pmip_nl_items(struct genl_info *info, pmip_nl_item_fn fn)
{
	struct pmip_net *pn = pmip_pernet(genl_info_net(info));
	const struct nlattr *head = genlmsg_data(info->genlhdr), *item, *next;
	struct pmip_nl_common common;
	int len = genlmsg_len(info->genlhdr);
	int err, rem;

	if (!info->attrs[PMIP_A_BINDING_ITEM])
		return fn(pn, info, head, len);
	err = pmip_nl_common(info, head, len, &common);
	if (err)
		return err;
	item = (const void *)head + common.len;
	for (rem = len - common.len; nla_ok(item, rem); item = next) {
		next = nla_next(item, &rem);
		pmip_nl_item_ahead(pn, info, next, rem);
		err = pmip_nl_item(pn, info, &common, item, fn);
		if (err && !pmip_nl_within(info->extack->bad_attr, item))
			NL_SET_BAD_ATTR(info->extack, item);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}
