// SPDX-License-Identifier: GPL-2.0
/*
 * Copies of a group's packets for one mobile node, which take the way of the packets
 * to its home network prefix (RFC 7411 §4.2.3): they wait where those wait, and are
 * in order with them.  But they go to a link or nowhere: whoever is behind another
 * gateway is a listener of that one.
 */
#include <linux/slab.h>
#include <net/ipv6.h>

#include "forward.h"
#include "hold.h"
#include "home.h"
#include "link.h"
#include "netns.h"
#include "output.h"
#include "select.h"

const struct rhashtable_params pmip_home_params = {
	.key_len = sizeof(struct pmip_binding_key),
	.key_offset = offsetof(struct pmip_home, key),
	.head_offset = offsetof(struct pmip_home, node),
	.automatic_shrinking = true,
};

/**
 * pmip_home_find() - the path to where a prefix's packets go
 * @pn: the namespace
 * @key: the prefix
 *
 * Context: RCU read side or @pn->lock held. Return: the path, without a reference,
 * or NULL.
 */
struct pmip_path *pmip_home_find(struct pmip_net *pn,
				 const struct pmip_binding_key *key)
{
	struct pmip_home *h;

	h = rhashtable_lookup_fast(&pn->homes, key, pmip_home_params);
	return h ? &h->path : NULL;
}

/**
 * pmip_home_get() - a reference on the path to where a prefix's packets go
 * @pn: the namespace
 * @key: the prefix, which need not have a binding: then copies are dropped
 * @extack: where to say what is wrong
 *
 * Context: process, @pn->lock held. Return: the path, or ERR_PTR of -ENOMEM.
 */
struct pmip_path *pmip_home_get(struct pmip_net *pn,
				const struct pmip_binding_key *key,
				struct netlink_ext_ack *extack)
{
	struct pmip_path *p = pmip_home_find(pn, key);
	struct pmip_home *h;

	if (p) {
		p->users++;
		return p;
	}
	h = kzalloc(sizeof(*h), GFP_KERNEL_ACCOUNT);
	if (!h)
		return ERR_PTR(-ENOMEM);
	h->key = *key;
	h->path.kind = PMIP_PATH_HOME;
	h->path.users = 1;
	if (rhashtable_insert_fast(&pn->homes, &h->node, pmip_home_params)) {
		NL_SET_ERR_MSG(extack, "no memory for the path");
		kfree(h);
		return ERR_PTR(-ENOMEM);
	}
	return &h->path;
}

/**
 * pmip_home_gone() - nobody uses such a path any more
 * @pn: the namespace
 * @p: the path; readers may use it for a grace period more
 *
 * Context: process, @pn->lock held.
 */
void pmip_home_gone(struct pmip_net *pn, struct pmip_path *p)
{
	struct pmip_home *h = pmip_path_home(p);

	rhashtable_remove_fast(&pn->homes, &h->node, pmip_home_params);
	kfree_rcu(h, rcu);
}

static void pmip_home_by(struct pmip_net *pn, struct pmip_binding *b,
			 struct pmip_path *to, struct sk_buff *skb,
			 unsigned int flags)
{
	pmip_binding_count_down(b, skb);
	if (to->kind == PMIP_PATH_LINK)
		pmip_deliver(pn, to, skb);
	else if (to->kind == PMIP_PATH_HOLD)
		pmip_hold_packet(pn, b, skb, flags);
	else
		pmip_drop_skb(pn, skb, PMIP_DROP_PATH_DROP);
}

/**
 * pmip_home_send() - a copy goes where the packets to a prefix go
 * @pn: the namespace
 * @p: the path
 * @skb: the copy, data at its IPv6 header, its hop counted; consumed
 * @flags: PMIP_FWD_*
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_home_send(struct pmip_net *pn, struct pmip_path *p,
		    struct sk_buff *skb, unsigned int flags)
{
	struct pmip_detour detour;
	struct pmip_binding *b;
	struct pmip_path *to;

	flags |= PMIP_FWD_GROUP;
	b = pmip_binding_find(pn, &pmip_path_home(p)->key);
	if (!b) {
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_PATH);
		return;
	}
	if (READ_ONCE(b->waits) &&
	    pmip_hold_behind(pn, b, NULL, NULL, skb, flags))
		return;
	to = pmip_select(b, true, &detour);
	if (to)
		pmip_home_by(pn, b, to, skb, flags);
	else
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_PATH);
	if (detour.lost)
		pmip_link_tell_down(detour.lost);
}

/**
 * pmip_home_queue() - a copy that has waited goes where the packets to a prefix go
 * @pn: the namespace
 * @p: the path
 * @skb: the copy, data at its IPv6 header, its hop counted; consumed
 * @flags: PMIP_FWD_*
 *
 * By the binding's queue, so that others which come by another processor are behind.
 *
 * Context: RCU read side, bottom halves off.
 */
void pmip_home_queue(struct pmip_net *pn, struct pmip_path *p,
		     struct sk_buff *skb, unsigned int flags)
{
	struct pmip_binding *b = pmip_binding_find(pn, &pmip_path_home(p)->key);

	if (!b) {
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_PATH);
		return;
	}
	pmip_binding_count_down(b, skb);
	pmip_hold_packet(pn, b, skb, flags | PMIP_FWD_GROUP);
}
