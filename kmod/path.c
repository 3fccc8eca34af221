// SPDX-License-Identifier: GPL-2.0
/*
 * A path is shared by every binding that uses it, so that declaring one
 * neighbour or one peer dead is one store, however many bindings stand behind.
 */
#include <linux/slab.h>
#include <net/ipv6.h>

#include "event.h"
#include "link.h"
#include "netns.h"
#include "path.h"

const struct rhashtable_params pmip_path_params = {
	.key_len = sizeof(struct pmip_path_key),
	.key_offset = offsetof(struct pmip_path, key),
	.head_offset = offsetof(struct pmip_path, node),
	.automatic_shrinking = true,
};

static int pmip_path_key_fill(struct pmip_path_key *key,
			      const struct pmip_link *link,
			      const u8 *lladdr, u8 len)
{
	if (len > PMIP_LLADDR_MAX)
		return -EINVAL;
	memset(key, 0, sizeof(*key));
	key->link = link;
	memcpy(key->lladdr, lladdr, len);
	return 0;
}

/**
 * pmip_path_init() - make a path known to dumps
 * @pn: the namespace
 * @p: the path, zeroed
 * @kind: enum pmip_path_kind
 *
 * Context: process, @pn->lock held. Return: 0 or -ENOMEM.
 */
int pmip_path_init(struct pmip_net *pn, struct pmip_path *p, u8 kind)
{
	int err;

	p->kind = kind;
	err = xa_alloc(&pn->paths, &p->id, p, xa_limit_31b, GFP_KERNEL);
	if (err)
		return err;
	pn->n_paths++;
	pn->path_changes++;
	return 0;
}

/**
 * pmip_path_fini() - take a path out of dumps
 * @pn: the namespace
 * @p: the path; the caller frees it after a grace period
 *
 * Context: process, @pn->lock held.
 */
void pmip_path_fini(struct pmip_net *pn, struct pmip_path *p)
{
	xa_erase(&pn->paths, p->id);
	pn->n_paths--;
	pn->path_changes++;
}

/**
 * pmip_path_find_neigh() - the path to a neighbour
 * @pn: the namespace
 * @link: the link
 * @lladdr: the neighbour's link-layer address
 * @len: its length in bytes
 *
 * Context: RCU read side or @pn->lock held. Return: the path or NULL.
 */
struct pmip_path *pmip_path_find_neigh(struct pmip_net *pn,
				       const struct pmip_link *link,
				       const u8 *lladdr, u8 len)
{
	struct pmip_path_key key;

	if (pmip_path_key_fill(&key, link, lladdr, len))
		return NULL;
	return rhashtable_lookup_fast(&pn->path_hash, &key, pmip_path_params);
}

static struct pmip_path *pmip_path_new_neigh(struct pmip_net *pn,
					     struct pmip_link *link,
					     const u8 *lladdr, u8 len)
{
	struct pmip_path *p;
	int err;

	p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	if (!p)
		return ERR_PTR(-ENOMEM);
	pmip_path_key_fill(&p->key, link, lladdr, len);
	p->lladdr_len = len;
	p->link = link;
	seqcount_init(&p->change);
	err = pmip_path_init(pn, p, PMIP_PATH_LINK);
	if (err)
		goto err_free;
	err = rhashtable_lookup_insert_fast(&pn->path_hash, &p->node,
					    pmip_path_params);
	if (err)
		goto err_fini;
	link->users++;
	return p;

err_fini:
	pmip_path_fini(pn, p);
err_free:
	kfree(p);
	return ERR_PTR(err);
}

/**
 * pmip_path_get_neigh() - a reference on the path to a neighbour
 * @pn: the namespace
 * @link: an access link
 * @lladdr: the neighbour's link-layer address
 * @len: its length in bytes, 0 or the device's
 * @extack: where to say what is wrong
 *
 * Makes the path if no binding has used it yet.
 *
 * Context: process, @pn->lock held.
 * Return: the path, or ERR_PTR of -EINVAL, -ENODEV, -ENOMEM.
 */
struct pmip_path *pmip_path_get_neigh(struct pmip_net *pn,
				      struct pmip_link *link,
				      const u8 *lladdr, u8 len,
				      struct netlink_ext_ack *extack)
{
	struct pmip_path *p;

	if (link->type != PMIP_LINK_ACCESS) {
		NL_SET_ERR_MSG(extack, "a path needs an access link");
		return ERR_PTR(-EINVAL);
	}
	if (!link->dev) {
		NL_SET_ERR_MSG(extack, "the link's device is gone");
		return ERR_PTR(-ENODEV);
	}
	if (len != link->lladdr_len) {
		NL_SET_ERR_MSG(extack,
			       "link-layer address has not the device's length");
		return ERR_PTR(-EINVAL);
	}
	p = pmip_path_find_neigh(pn, link, lladdr, len);
	if (!p)
		p = pmip_path_new_neigh(pn, link, lladdr, len);
	if (!IS_ERR(p))
		p->users++;
	return p;
}

/**
 * pmip_path_put() - give a reference back
 * @pn: the namespace
 * @p: the path; the last reference to a neighbour's path removes it
 *
 * Context: process, @pn->lock held.
 */
void pmip_path_put(struct pmip_net *pn, struct pmip_path *p)
{
	if (--p->users || p->kind != PMIP_PATH_LINK)
		return;
	rhashtable_remove_fast(&pn->path_hash, &p->node, pmip_path_params);
	pmip_path_fini(pn, p);
	pmip_link_put(p->link);
	kfree_rcu(p, rcu);
}

/**
 * pmip_path_set_addr() - say by which address a neighbour is probed
 * @p: a path of kind link
 * @addr: the address, or the unspecified one for none
 *
 * Context: process, the namespace's lock held.
 */
void pmip_path_set_addr(struct pmip_path *p, const struct in6_addr *addr)
{
	/* A reader in softirq must not wait for a writer that it interrupts. */
	local_bh_disable();
	write_seqcount_begin(&p->change);
	p->addr = *addr;
	write_seqcount_end(&p->change);
	local_bh_enable();
}

/**
 * pmip_path_has_addr() - is it this address by which a neighbour is probed
 * @p: a path of kind link
 * @addr: the address, not the unspecified one
 *
 * Context: RCU read side or the namespace's lock held. Return: true if it is.
 */
bool pmip_path_has_addr(const struct pmip_path *p, const struct in6_addr *addr)
{
	unsigned int seq;
	bool same;

	do {
		seq = read_seqcount_begin(&p->change);
		same = ipv6_addr_equal(&p->addr, addr);
	} while (read_seqcount_retry(&p->change, seq));
	return same;
}

/**
 * pmip_path_declare() - change a path's state without a word
 * @p: the path
 * @up: whether packets may take it
 * @reason: enum pmip_reason if not
 *
 * State and reason are one word, so that nobody reads one without the other.
 * The first reason stays: it is the one that the event has told.
 *
 * Context: any. Return: true if the state is another now.
 */
bool pmip_path_declare(struct pmip_path *p, bool up, u8 reason)
{
	if (up)
		return xchg(&p->down, PMIP_REASON_NONE) != PMIP_REASON_NONE;
	return cmpxchg(&p->down, PMIP_REASON_NONE, reason) == PMIP_REASON_NONE;
}

/**
 * pmip_path_set_state() - declare a neighbour reachable or not
 * @pn: the namespace
 * @p: a path of kind link
 * @up: whether packets may take it
 * @reason: enum pmip_reason
 *
 * One store moves every binding behind the path; one event says so.
 *
 * Context: any; RCU read side or @pn->lock held.
 */
void pmip_path_set_state(struct pmip_net *pn, struct pmip_path *p, bool up,
			 u8 reason)
{
	if (pmip_path_declare(p, up, reason))
		pmip_event_path(pn, p, up, reason);
}

/**
 * pmip_path_up() - may a packet take this path now
 * @p: the path
 *
 * Context: RCU read side. Return: true if it may.
 */
bool pmip_path_up(const struct pmip_path *p)
{
	if (!pmip_path_alive(p))
		return false;
	return p->kind != PMIP_PATH_LINK || pmip_link_up(p->link);
}

/**
 * pmip_path_reason() - why a packet may not take this path now
 * @p: the path
 *
 * What is known of the far end comes before what is known of the link.
 *
 * Context: RCU read side or the namespace's lock held.
 * Return: enum pmip_reason, PMIP_REASON_NONE if it may.
 */
u8 pmip_path_reason(const struct pmip_path *p)
{
	u32 down = READ_ONCE(p->down);

	if (down == PMIP_REASON_NONE && p->kind == PMIP_PATH_LINK &&
	    !pmip_link_up(p->link))
		down = pmip_link_loss(p->link);
	return down;
}
