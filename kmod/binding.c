// SPDX-License-Identifier: GPL-2.0
/*
 * Home network prefixes, found by longest match over the prefix lengths in
 * use: one hash lookup where all are /64, as RFC 5213 domains have them.
 */
#include <linux/slab.h>
#include <net/ipv6.h>

#include "binding.h"
#include "generation.h"
#include "hash.h"
#include "hold.h"
#include "link.h"
#include "netns.h"
#include "node.h"
#include "tunnel.h"

static struct kmem_cache *pmip_binding_cache __read_mostly;
static struct pmip_hash_key pmip_binding_hash_key __read_mostly;

static __always_inline u64 pmip_binding_prefix_hash(const struct in6_addr *prefix,
						    u32 plen)
{
	const u32 w[] = {
		(__force u32)prefix->s6_addr32[0],
		(__force u32)prefix->s6_addr32[1],
		(__force u32)prefix->s6_addr32[2],
		(__force u32)prefix->s6_addr32[3],
		plen, 0,
	};

	return pmip_hash(&pmip_binding_hash_key, w, ARRAY_SIZE(w));
}

static __always_inline bool pmip_binding_equal(const void *object,
					       const void *key)
{
	const struct pmip_binding *b = object;
	const struct pmip_binding_key *k = key;

	return ipv6_addr_equal(&b->prefix, &k->prefix) && b->plen == k->plen;
}

static __always_inline struct pmip_binding *
pmip_binding_get(struct pmip_net *pn, const struct pmip_binding_key *key)
{
	return pmip_table_find(&pn->bindings,
			       pmip_binding_prefix_hash(&key->prefix, key->plen),
			       key, pmip_binding_equal);
}

/**
 * pmip_binding_hash() - hash of a binding, for the table
 * @object: the binding
 *
 * Context: any. Return: the hash.
 */
u64 pmip_binding_hash(const void *object)
{
	const struct pmip_binding *b = object;

	return pmip_binding_prefix_hash(&b->prefix, b->plen);
}

/**
 * pmip_binding_find() - the binding of exactly this prefix
 * @pn: the namespace
 * @key: prefix and length
 *
 * Context: RCU read side or @pn->lock held. Return: the binding or NULL.
 */
struct pmip_binding *pmip_binding_find(struct pmip_net *pn,
				       const struct pmip_binding_key *key)
{
	return pmip_binding_get(pn, key);
}

/**
 * pmip_binding_ahead() - pmip_binding_find() will be asked for this one soon
 * @pn: the namespace
 * @key: prefix and length
 *
 * Context: any.
 */
void pmip_binding_ahead(struct pmip_net *pn, const struct pmip_binding_key *key)
{
	pmip_table_ahead(&pn->bindings,
			 pmip_binding_prefix_hash(&key->prefix, key->plen));
}

static struct pmip_binding *pmip_binding_longest(struct pmip_net *pn,
						 const struct in6_addr *addr)
{
	unsigned long plens[BITS_TO_LONGS(PMIP_PLEN_MAX + 1)];
	unsigned long plen = PMIP_PLEN_MAX + 1;
	struct pmip_binding_key key;
	struct pmip_binding *b;
	int i;

	/* A length may come or go meanwhile. */
	for (i = 0; i < ARRAY_SIZE(plens); i++)
		plens[i] = READ_ONCE(pn->plens[i]);
	while (plen) {
		unsigned long next = find_last_bit(plens, plen);

		if (next >= plen)
			break;
		plen = next;
		ipv6_addr_prefix(&key.prefix, addr, plen);
		key.plen = plen;
		b = pmip_binding_get(pn, &key);
		if (b)
			return b;
	}
	return NULL;
}

/**
 * pmip_binding_lookup() - the binding whose prefix holds an address
 * @pn: the namespace
 * @addr: the address
 *
 * Context: RCU read side. Return: that of the longest prefix, or NULL.
 */
struct pmip_binding *pmip_binding_lookup(struct pmip_net *pn,
					 const struct in6_addr *addr)
{
	struct pmip_binding_key key = { .plen = 64 };

	if (unlikely(!READ_ONCE(pn->plen_64)))
		return pmip_binding_longest(pn, addr);
	key.prefix.s6_addr32[0] = addr->s6_addr32[0];
	key.prefix.s6_addr32[1] = addr->s6_addr32[1];
	return pmip_binding_get(pn, &key);
}

/**
 * pmip_binding_ahead_addr() - pmip_binding_lookup() will be asked for an address
 * @pn: the namespace, all of whose prefixes are /64s
 * @addr: the address
 *
 * Context: RCU read side. Return: the hash of its binding.
 */
u64 pmip_binding_ahead_addr(struct pmip_net *pn, const struct in6_addr *addr)
{
	struct pmip_binding_key key = { .plen = 64 };
	u64 hash;

	key.prefix.s6_addr32[0] = addr->s6_addr32[0];
	key.prefix.s6_addr32[1] = addr->s6_addr32[1];
	hash = pmip_binding_prefix_hash(&key.prefix, key.plen);
	pmip_table_ahead(&pn->bindings, hash);
	return hash;
}

/**
 * pmip_binding_ahead_found() - and most likely find this one
 * @pn: the namespace
 * @hash: from pmip_binding_ahead_addr()
 *
 * Context: RCU read side. Return: a binding or NULL.
 */
struct pmip_binding *pmip_binding_ahead_found(struct pmip_net *pn, u64 hash)
{
	struct pmip_binding *b = pmip_table_guess(&pn->bindings, hash);

	prefetch(b);
	prefetch(&b->up_packets);
	return b;
}

/**
 * pmip_binding_ahead_path() - and will want what it points to
 * @b: the binding or NULL
 *
 * Context: RCU read side.
 */
void pmip_binding_ahead_path(const struct pmip_binding *b)
{
	const void *rules;

	if (!b)
		return;
	prefetch(rcu_access_pointer(b->path[0]));
	if (!(READ_ONCE(b->flags) & PMIP_BINDING_FLOWS))
		return;
	rules = rcu_access_pointer(b->rules);
	prefetch(rules);
	prefetch(rules + L1_CACHE_BYTES);
	prefetch(rules + 2 * L1_CACHE_BYTES);
}

static void pmip_binding_count(struct pmip_net *pn, u32 plen, bool more)
{
	if (more && !pn->plen_users[plen]++)
		set_bit(plen, pn->plens);
	else if (!more && !--pn->plen_users[plen])
		clear_bit(plen, pn->plens);
	WRITE_ONCE(pn->n_bindings, pn->n_bindings + (more ? 1 : -1));
	pn->binding_changes++;
	WRITE_ONCE(pn->plen_64, pn->plen_users[64] == pn->n_bindings);
}

/* Of a link that is lost packets are still held once it is no path any more. */
static void pmip_binding_set_link(struct pmip_binding *b,
				  const struct pmip_binding_conf *conf)
{
	unsigned int i;

	for (i = 0; i < conf->n_paths; i++)
		if (conf->path[i]->kind == PMIP_PATH_LINK) {
			WRITE_ONCE(b->ifindex, conf->path[i]->key.link->ifindex);
			return;
		}
}

/*
 * Readers see slot after slot change.  Each holds a path of this binding at any
 * time, but one that moves can be missed: @change has them look again.
 */
static void pmip_binding_set_paths(struct pmip_net *pn, struct pmip_binding *b,
				   struct pmip_binding_conf *conf)
{
	struct pmip_path *old[PMIP_BINDING_PATHS];
	unsigned int i;

	for (i = 0; i < conf->n_paths; i++)
		if (conf->has_addr[i])
			pmip_path_set_iid(conf->path[i], conf->iid[i]);
	pmip_binding_set_link(b, conf);
	/* No reader must wait for a writer that it keeps from going on. */
	local_bh_disable();
	preempt_disable();
	write_seqcount_begin(&b->change);
	for (i = 0; i < PMIP_BINDING_PATHS; i++) {
		old[i] = rcu_dereference_protected(b->path[i],
						   lockdep_is_held(&pn->lock));
		rcu_assign_pointer(b->path[i],
				   i < conf->n_paths ? conf->path[i] : NULL);
		WRITE_ONCE(b->bid[i], i < conf->n_paths ? conf->bid[i] : 0);
	}
	write_seqcount_end(&b->change);
	preempt_enable();
	local_bh_enable();
	conf->n_paths = 0;
	for (i = 0; i < PMIP_BINDING_PATHS; i++)
		if (old[i])
			pmip_path_put(pn, old[i]);
}

static void pmip_binding_set_uplink(struct pmip_net *pn, struct pmip_binding *b,
				    struct pmip_tunnel *t)
{
	struct pmip_tunnel *old;

	old = rcu_dereference_protected(b->uplink, lockdep_is_held(&pn->lock));
	if (t)
		t->uplinks++;
	rcu_assign_pointer(b->uplink, t);
	if (old)
		old->uplinks--;
}

/**
 * pmip_binding_conf_release() - give back what a request still holds
 * @pn: the namespace
 * @conf: the request
 *
 * Context: process, @pn->lock held.
 */
void pmip_binding_conf_release(struct pmip_net *pn,
			       struct pmip_binding_conf *conf)
{
	while (conf->n_paths) {
		conf->n_paths--;
		pmip_path_put(pn, conf->path[conf->n_paths]);
	}
}

/**
 * pmip_binding_change() - change what a request names, leave the rest
 * @pn: the namespace
 * @b: the binding
 * @conf: the request; its path references move to the binding
 *
 * Context: process, @pn->lock held.
 */
void pmip_binding_change(struct pmip_net *pn, struct pmip_binding *b,
			 struct pmip_binding_conf *conf)
{
	if (conf->has_uplink)
		pmip_binding_set_uplink(pn, b, conf->uplink);
	if (conf->has_paths) {
		pmip_binding_set_paths(pn, b, conf);
		pmip_node_new_paths(pn, b);
	}
	if (conf->has_mn)
		pmip_node_rename(pn, b, conf->mn);
	if (conf->has_generation)
		pmip_generation_set(pn, &b->generation, conf->generation);
	pmip_hold_review(pn, b);
}

/**
 * pmip_binding_new() - make a binding
 * @pn: the namespace
 * @conf: what it shall be; its path references move to the binding
 * @extack: where to say what is wrong
 *
 * Context: process, @pn->lock held. Return: 0, -ELOOP or -ENOMEM.
 */
int pmip_binding_new(struct pmip_net *pn, struct pmip_binding_conf *conf,
		     struct netlink_ext_ack *extack)
{
	struct pmip_binding *b;
	int err;

	if (pmip_tunnel_inside(pn, &conf->key.prefix, conf->key.plen)) {
		NL_SET_ERR_MSG(extack, "prefix holds a gateway's address");
		return -ELOOP;
	}
	b = kmem_cache_zalloc(pmip_binding_cache, GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	b->prefix = conf->key.prefix;
	b->plen = conf->key.plen;
	seqcount_init(&b->change);
	pmip_binding_change(pn, b, conf);
	err = pmip_table_insert(&pn->bindings, b);
	if (err) {
		pmip_node_leave(pn, b);
		pmip_binding_set_uplink(pn, b, NULL);
		pmip_binding_set_paths(pn, b, conf);
		kmem_cache_free(pmip_binding_cache, b);
		return err;
	}
	pmip_binding_count(pn, b->plen, true);
	return 0;
}

static void pmip_binding_free_rcu(struct rcu_head *head)
{
	kmem_cache_free(pmip_binding_cache,
			container_of(head, struct pmip_binding, rcu));
}

/**
 * pmip_binding_del() - remove a binding
 * @pn: the namespace
 * @b: the binding; readers may use it for a grace period more
 *
 * Context: process, @pn->lock held.
 */
void pmip_binding_del(struct pmip_net *pn, struct pmip_binding *b)
{
	struct pmip_binding_conf none = {};

	pmip_table_remove(&pn->bindings, b);
	pmip_hold_end(pn, b);
	pmip_binding_count(pn, b->plen, false);
	pmip_binding_set_uplink(pn, b, NULL);
	pmip_binding_set_paths(pn, b, &none);
	pmip_node_leave(pn, b);
	call_rcu(&b->rcu, pmip_binding_free_rcu);
}

/**
 * pmip_binding_has_tunnel() - is a tunnel among the ways to the node
 * @b: the binding
 * @t: the tunnel
 *
 * RFC 5213 §5.6.2: the anchor takes a node's packets only from the tunnel of
 * the gateway that it is attached to.
 *
 * Context: RCU read side. Return: true if it is.
 */
bool pmip_binding_has_tunnel(const struct pmip_binding *b,
			     const struct pmip_tunnel *t)
{
	unsigned int seq;
	int i;

	do {
		seq = read_seqcount_begin(&b->change);
		for (i = 0; i < PMIP_BINDING_PATHS; i++)
			if (rcu_access_pointer(b->path[i]) == &t->path)
				return true;
	} while (read_seqcount_retry(&b->change, seq));
	return false;
}

static bool pmip_binding_neigh(const struct pmip_binding *b,
			       const struct pmip_link *link, const u8 *lladdr)
{
	const struct pmip_path *p;
	int i;

	for (i = 0; i < PMIP_BINDING_PATHS; i++) {
		p = rcu_dereference(b->path[i]);
		if (!p || p->kind != PMIP_PATH_LINK || p->key.link != link)
			continue;
		if (!p->lladdr_len ||
		    (lladdr && !memcmp(p->key.lladdr, lladdr, p->lladdr_len)))
			return true;
	}
	return false;
}

/**
 * pmip_binding_has_neigh() - is a neighbour among the ways to the node
 * @b: the binding
 * @link: the link that a packet came by
 * @lladdr: its link-layer source, or NULL where the link has none
 *
 * Context: RCU read side. Return: true if it is.
 */
bool pmip_binding_has_neigh(const struct pmip_binding *b,
			    const struct pmip_link *link, const u8 *lladdr)
{
	unsigned int seq;

	do {
		seq = read_seqcount_begin(&b->change);
		if (pmip_binding_neigh(b, link, lladdr))
			return true;
	} while (read_seqcount_retry(&b->change, seq));
	return false;
}

/**
 * pmip_binding_cache_init() - make the slab cache of bindings
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int __init pmip_binding_cache_init(void)
{
	/* But for what lock debugging adds, two cache lines a binding */
	BUILD_BUG_ON(!IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) &&
		     sizeof(struct pmip_binding) > 128);
	pmip_hash_key_init(&pmip_binding_hash_key);
	pmip_binding_cache = KMEM_CACHE(pmip_binding,
					SLAB_ACCOUNT | SLAB_HWCACHE_ALIGN);
	return pmip_binding_cache ? 0 : -ENOMEM;
}

/**
 * pmip_binding_cache_exit() - destroy it, after all grace periods
 *
 * Context: process.
 */
void pmip_binding_cache_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(pmip_binding_cache);
}
