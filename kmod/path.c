// SPDX-License-Identifier: GPL-2.0
/*
 * A path is shared by every binding that uses it, so that declaring one
 * neighbour or one peer dead is one store, however many bindings stand behind.
 */
#include <linux/slab.h>
#include <net/ipv6.h>

#include "event.h"
#include "hash.h"
#include "hold.h"
#include "home.h"
#include "link.h"
#include "netns.h"
#include "path.h"

/*
 * Paths that readers may hold until a grace period after their removal.  What
 * each needs to wait for that on its own would be half as much as the path.
 */
struct pmip_path_batch {
	struct rcu_head rcu;
	unsigned int n;
	struct pmip_path *path[61];
};

static struct kmem_cache *pmip_path_cache __read_mostly;
static struct pmip_hash_key pmip_path_hash_key __read_mostly;

static u64 pmip_path_key_hash(const struct pmip_path_key *key)
{
	u32 w[PMIP_LLADDR_MAX / sizeof(u32) + 2] = { key->link->ifindex };

	memcpy(w + 2, key->lladdr, sizeof(key->lladdr));
	return pmip_hash(&pmip_path_hash_key, w, ARRAY_SIZE(w));
}

static __always_inline bool pmip_path_equal(const void *object, const void *key)
{
	const struct pmip_path *p = object;

	return !memcmp(&p->key, key, sizeof(p->key));
}

/**
 * pmip_path_hash() - hash of a neighbour's path, for the table
 * @object: the path
 *
 * Context: any. Return: the hash.
 */
u64 pmip_path_hash(const void *object)
{
	const struct pmip_path *p = object;

	return pmip_path_key_hash(&p->key);
}

static int pmip_path_key_fill(struct pmip_path_key *key, struct pmip_link *link,
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
 * pmip_path_init() - a path has come
 * @pn: the namespace
 * @p: the path, zeroed
 * @kind: enum pmip_path_kind
 *
 * Context: process, @pn->lock held.
 */
void pmip_path_init(struct pmip_net *pn, struct pmip_path *p, u8 kind)
{
	p->kind = kind;
	pn->n_paths++;
	pn->path_changes++;
}

/**
 * pmip_path_fini() - a path goes
 * @pn: the namespace
 * @p: the path; the caller frees it after a grace period
 *
 * Context: process, @pn->lock held.
 */
void pmip_path_fini(struct pmip_net *pn, struct pmip_path *p)
{
	pmip_path_set_iid(p, 0);
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
				       struct pmip_link *link,
				       const u8 *lladdr, u8 len)
{
	struct pmip_path_key key;

	if (pmip_path_key_fill(&key, link, lladdr, len))
		return NULL;
	return pmip_table_find(&pn->paths, pmip_path_key_hash(&key), &key,
			       pmip_path_equal);
}

static struct pmip_path *pmip_path_new_neigh(struct pmip_net *pn,
					     struct pmip_link *link,
					     const u8 *lladdr, u8 len)
{
	struct pmip_path *p;

	p = kmem_cache_zalloc(pmip_path_cache, GFP_KERNEL);
	if (!p)
		return ERR_PTR(-ENOMEM);
	pmip_path_key_fill(&p->key, link, lladdr, len);
	p->lladdr_len = len;
	if (pmip_table_insert(&pn->paths, p)) {
		kmem_cache_free(pmip_path_cache, p);
		return ERR_PTR(-ENOMEM);
	}
	pmip_path_init(pn, p, PMIP_PATH_LINK);
	link->users++;
	return p;
}

static void pmip_path_free_rcu(struct rcu_head *head)
{
	struct pmip_path_batch *batch;

	batch = container_of(head, struct pmip_path_batch, rcu);
	kmem_cache_free_bulk(pmip_path_cache, batch->n, (void **)batch->path);
	kfree(batch);
}

/**
 * pmip_path_free_gone() - free the paths that went, after a grace period
 * @pn: the namespace
 *
 * A few may wait until others go too, or until the namespace ends.
 *
 * Context: process, @pn->lock held.
 */
void pmip_path_free_gone(struct pmip_net *pn)
{
	if (pn->gone_paths)
		call_rcu(&pn->gone_paths->rcu, pmip_path_free_rcu);
	pn->gone_paths = NULL;
}

static void pmip_path_gone(struct pmip_net *pn, struct pmip_path *p)
{
	struct pmip_path_batch *batch = pn->gone_paths;

	if (!batch)
		batch = kzalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch) {
		synchronize_rcu();
		kmem_cache_free(pmip_path_cache, p);
		return;
	}
	pn->gone_paths = batch;
	batch->path[batch->n++] = p;
	if (batch->n == ARRAY_SIZE(batch->path))
		pmip_path_free_gone(pn);
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
 * @p: the path; the last reference to a neighbour's path, or one of kind home,
 *     removes it
 *
 * Context: process, @pn->lock held.
 */
void pmip_path_put(struct pmip_net *pn, struct pmip_path *p)
{
	if (--p->users)
		return;
	if (p->kind == PMIP_PATH_HOME)
		pmip_home_gone(pn, p);
	if (p->kind != PMIP_PATH_LINK)
		return;
	pmip_table_remove(&pn->paths, p);
	pmip_path_fini(pn, p);
	pmip_link_put(p->key.link);
	pmip_path_gone(pn, p);
}

/* RFC 4291 §2.5.6: of a link-local address all but the last eight bytes is the same */
static const struct in6_addr pmip_path_link_local = { { { 0xfe, 0x80 } } };
#define PMIP_PATH_IID_AT	8

/**
 * pmip_path_addr_iid() - the interface identifier of a link-local address
 * @addr: an address
 *
 * Context: any.
 * Return: the identifier, or 0 if @addr is no node's link-local address.
 */
__be64 pmip_path_addr_iid(const struct in6_addr *addr)
{
	__be64 iid;

	if (!ipv6_prefix_equal(addr, &pmip_path_link_local, 64))
		return 0;
	memcpy(&iid, addr->s6_addr + PMIP_PATH_IID_AT, sizeof(iid));
	return iid;
}

/**
 * pmip_path_has_addr() - is it this address by which a neighbour is probed
 * @p: a path of kind link
 * @addr: the address
 *
 * Context: any. Return: true if it is.
 */
bool pmip_path_has_addr(const struct pmip_path *p, const struct in6_addr *addr)
{
	__be64 iid = pmip_path_iid(p);

	return iid && iid == pmip_path_addr_iid(addr);
}

/**
 * pmip_path_addr() - the address by which a neighbour is probed
 * @p: a path of kind link that has one
 * @addr: where to put it
 *
 * Context: any.
 */
void pmip_path_addr(const struct pmip_path *p, struct in6_addr *addr)
{
	__be64 iid = pmip_path_iid(p);

	*addr = pmip_path_link_local;
	memcpy(addr->s6_addr + PMIP_PATH_IID_AT, &iid, sizeof(iid));
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
 * What the operator has taken down no sign of life takes up again.
 *
 * Context: any; RCU read side or @pn->lock held.
 */
void pmip_path_set_state(struct pmip_net *pn, struct pmip_path *p, bool up,
			 u8 reason)
{
	if (up && reason == PMIP_REASON_NEIGHBOUR &&
	    READ_ONCE(p->down) == PMIP_REASON_OPERATOR)
		return;
	if (!pmip_path_declare(p, up, reason))
		return;
	pmip_event_path(pn, p, up, reason);
	if (up)
		pmip_hold_kick(&pn->holds);
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
	return p->kind != PMIP_PATH_LINK || pmip_link_sends(p->key.link);
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
	    !pmip_link_up(p->key.link))
		down = pmip_link_loss(p->key.link);
	return down;
}

/**
 * pmip_path_cache_init() - make the slab cache of neighbours' paths
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int __init pmip_path_cache_init(void)
{
	pmip_hash_key_init(&pmip_path_hash_key);
	pmip_path_cache = KMEM_CACHE(pmip_path, SLAB_ACCOUNT);
	return pmip_path_cache ? 0 : -ENOMEM;
}

/**
 * pmip_path_cache_exit() - destroy it, after all grace periods
 *
 * Context: process.
 */
void pmip_path_cache_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(pmip_path_cache);
}
