// SPDX-License-Identifier: GPL-2.0
/*
 * Multicast groups.  A packet finds its group by where it came from and its
 * destination, and in it the channel of any source and that of its own, if there
 * are such.  Channels come with their first listener and go with the last.
 */
#include <linux/slab.h>
#include <net/ipv6.h>

#include "group.h"
#include "hash.h"
#include "netns.h"
#include "tunnel.h"

struct pmip_channel_key {
	const struct pmip_group *group;
	struct in6_addr source;
};

static struct pmip_hash_key pmip_group_hash_key __read_mostly;

static u64 pmip_group_key_hash(const struct pmip_group_key *key)
{
	BUILD_BUG_ON(sizeof(*key) != 6 * sizeof(u32));
	return pmip_hash(&pmip_group_hash_key, (const u32 *)key, 6);
}

static u64 pmip_channel_key_hash(const struct pmip_channel_key *key)
{
	BUILD_BUG_ON(sizeof(*key) != 6 * sizeof(u32));
	return pmip_hash(&pmip_group_hash_key, (const u32 *)key, 6);
}

static __always_inline bool pmip_group_equal(const void *object,
					     const void *key)
{
	const struct pmip_group *g = object;

	return !memcmp(&g->key, key, sizeof(g->key));
}

static __always_inline bool pmip_channel_equal(const void *object,
					       const void *key)
{
	const struct pmip_channel_key *k = key;
	const struct pmip_channel *c = object;

	return c->group == k->group && ipv6_addr_equal(&c->source, &k->source);
}

/**
 * pmip_group_hash() - hash of a group, for the table
 * @object: the group
 *
 * Context: any. Return: the hash.
 */
u64 pmip_group_hash(const void *object)
{
	const struct pmip_group *g = object;

	return pmip_group_key_hash(&g->key);
}

/**
 * pmip_channel_hash() - hash of a channel, for the table
 * @object: the channel
 *
 * Context: any. Return: the hash.
 */
u64 pmip_channel_hash(const void *object)
{
	const struct pmip_channel *c = object;
	struct pmip_channel_key key = { c->group, c->source };

	return pmip_channel_key_hash(&key);
}

/**
 * pmip_group_find() - the group of packets that come from there
 * @pn: the namespace
 * @upstream: identifier of the tunnel that they come out of, 0 for core links
 * @addr: their destination
 *
 * Context: RCU read side or @pn->lock held. Return: the group or NULL.
 */
struct pmip_group *pmip_group_find(struct pmip_net *pn, u32 upstream,
				   const struct in6_addr *addr)
{
	struct pmip_group_key key = { .addr = *addr, .upstream = upstream };

	if (!READ_ONCE(pn->n_listeners))
		return NULL;
	return pmip_table_find(&pn->groups, pmip_group_key_hash(&key), &key,
			       pmip_group_equal);
}

/**
 * pmip_channel_find() - what a group has of one source
 * @pn: the namespace
 * @g: the group
 * @source: the source
 *
 * Context: RCU read side or @pn->lock held. Return: the channel or NULL.
 */
struct pmip_channel *pmip_channel_find(struct pmip_net *pn,
				       const struct pmip_group *g,
				       const struct in6_addr *source)
{
	struct pmip_channel_key key = { g, *source };

	return pmip_table_find(&pn->channels, pmip_channel_key_hash(&key), &key,
			       pmip_channel_equal);
}

static struct pmip_group *pmip_group_new(struct pmip_net *pn,
					 struct pmip_tunnel *upstream,
					 const struct in6_addr *addr)
{
	struct pmip_group *g = kzalloc(sizeof(*g), GFP_KERNEL_ACCOUNT);

	if (!g)
		return NULL;
	g->key.addr = *addr;
	g->key.upstream = upstream ? upstream->id : 0;
	seqlock_init(&g->change);
	g->told = jiffies - HZ;
	if (pmip_table_insert(&pn->groups, g)) {
		kfree(g);
		return NULL;
	}
	g->upstream = upstream;
	if (upstream)
		upstream->uplinks++;
	return g;
}

/* Nobody listens to any of its channels any more. */
static void pmip_group_gone(struct pmip_net *pn, struct pmip_group *g)
{
	if (g->n_channels)
		return;
	pmip_table_remove(&pn->groups, g);
	if (g->upstream)
		g->upstream->uplinks--;
	kfree_rcu(g, rcu);
}

static struct pmip_channel *pmip_channel_new(struct pmip_net *pn,
					     struct pmip_group *g,
					     const struct in6_addr *source)
{
	struct pmip_channel *c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);

	if (!c)
		return NULL;
	c->group = g;
	c->source = *source;
	INIT_LIST_HEAD(&c->listeners);
	if (pmip_table_insert(&pn->channels, c)) {
		kfree(c);
		return NULL;
	}
	if (ipv6_addr_any(source))
		rcu_assign_pointer(g->any, c);
	else
		WRITE_ONCE(g->n_sources, g->n_sources + 1);
	g->n_channels++;
	pn->n_channels++;
	pn->channel_changes++;
	return c;
}

/**
 * pmip_channel_get() - the channel for a listener that comes
 * @pn: the namespace
 * @upstream: the tunnel that packets come out of, or NULL
 * @addr: the group
 * @source: the source, unspecified: any
 *
 * Context: process, @pn->lock held.
 * Return: the channel, which pmip_channel_put() has to be called for if no
 * listener comes; or NULL: no memory.
 */
struct pmip_channel *pmip_channel_get(struct pmip_net *pn,
				      struct pmip_tunnel *upstream,
				      const struct in6_addr *addr,
				      const struct in6_addr *source)
{
	struct pmip_group_key key = {
		.addr = *addr,
		.upstream = upstream ? upstream->id : 0,
	};
	struct pmip_channel *c;
	struct pmip_group *g;

	g = pmip_table_find(&pn->groups, pmip_group_key_hash(&key), &key,
			    pmip_group_equal);
	if (!g)
		g = pmip_group_new(pn, upstream, addr);
	if (!g)
		return NULL;
	c = pmip_channel_find(pn, g, source);
	if (!c)
		c = pmip_channel_new(pn, g, source);
	if (!c)
		pmip_group_gone(pn, g);
	return c;
}

/**
 * pmip_channel_put() - a listener has gone, or has not come
 * @pn: the namespace
 * @c: the channel, which goes if it has no other
 *
 * Context: process, @pn->lock held.
 */
void pmip_channel_put(struct pmip_net *pn, struct pmip_channel *c)
{
	struct pmip_group *g = c->group;

	if (c->n_listeners)
		return;
	if (ipv6_addr_any(&c->source))
		RCU_INIT_POINTER(g->any, NULL);
	else
		WRITE_ONCE(g->n_sources, g->n_sources - 1);
	pmip_table_remove(&pn->channels, c);
	pn->n_channels--;
	pn->channel_changes++;
	g->n_channels--;
	pmip_group_gone(pn, g);
	kfree_rcu(c, rcu);
}

/**
 * pmip_group_init() - choose the key of the hashes
 *
 * Context: process.
 */
void __init pmip_group_init(void)
{
	pmip_hash_key_init(&pmip_group_hash_key);
}
