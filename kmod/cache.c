// SPDX-License-Identifier: GPL-2.0
/*
 * What was found for packets that looked the same: an exact match, in memory of a
 * fixed size.  Each processor has its own, and softirqs have it to themselves.
 *
 * What is found is for the mark of a node, which is another one after a change:
 * nothing need be removed, and a node's change is nothing to others.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "cache.h"

/**
 * pmip_cache_new() - make a cache
 *
 * Context: process. Return: the cache or NULL.
 */
struct pmip_cache *pmip_cache_new(void)
{
	struct pmip_cache *cache;
	int cpu;

	/* A way is a cache line, and all of a packet is hashed. */
	BUILD_BUG_ON(sizeof(struct pmip_cached) != 64);
	BUILD_BUG_ON(PMIP_HASH_WORDS != 10);
	cache = kzalloc(struct_size(cache, cpu, nr_cpu_ids), GFP_KERNEL_ACCOUNT);
	if (!cache)
		return NULL;
	pmip_hash_key_init(&cache->key);
	for_each_possible_cpu(cpu) {
		cache->cpu[cpu] = kvzalloc_node(sizeof(*cache->cpu[cpu]),
						GFP_KERNEL_ACCOUNT,
						cpu_to_node(cpu));
		if (!cache->cpu[cpu]) {
			pmip_cache_free(cache);
			return NULL;
		}
	}
	return cache;
}

/**
 * pmip_cache_free() - free a cache that nobody asks any more
 * @cache: the cache or NULL
 *
 * Context: process.
 */
void pmip_cache_free(struct pmip_cache *cache)
{
	int cpu;

	if (!cache)
		return;
	for_each_possible_cpu(cpu)
		kvfree(cache->cpu[cpu]);
	kfree(cache);
}

/* Was the last packet of its part that was not found one like this? */
static bool pmip_cache_again(const struct pmip_cache_place *place)
{
	u16 *missed = &place->cpu->missed[place->hash >>
					  (64 - PMIP_CACHE_MISSED_BITS)];
	const u16 tag = place->hash >> (64 - PMIP_CACHE_MISSED_BITS - 16);

	if (*missed == tag)
		return true;
	*missed = tag;
	return false;
}

/* The older one of two; what was never used is as old as can be. */
static struct pmip_cached *pmip_cached_older(struct pmip_cached *a,
					     struct pmip_cached *b, u16 now)
{
	if (!a || !a->packet.mark)
		return a ?: b;
	if (!b->packet.mark)
		return b;
	return (u16)(now - b->packet.used) > (u16)(now - a->packet.used) ? b : a;
}

/**
 * pmip_cache_add() - remember what was found for a packet
 * @place: where it belongs
 * @packet: the packet
 * @flow: its flow, or NULL
 *
 * If it comes a second time: a scan, none of whose packets does, has no part in
 * the cache.  Takes the place of what was not used for longest: of the same
 * node's, if it has its share of the set.
 *
 * Context: bottom halves off.
 */
void pmip_cache_add(const struct pmip_cache_place *place,
		    const struct pmip_packet *packet, struct pmip_flow *flow)
{
	struct pmip_cache_set *set =
		&place->cpu->set[pmip_cache_number(place->hash)];
	struct pmip_cached *c, *oldest = NULL, *own = NULL;
	const u16 now = pmip_cache_now();
	unsigned int n = 0;

	if (!pmip_cache_again(place))
		return;
	for (c = set->way; c < set->way + PMIP_CACHE_WAYS; c++) {
		oldest = pmip_cached_older(oldest, c, now);
		if (c->packet.node != packet->node)
			continue;
		own = pmip_cached_older(own, c, now);
		n++;
	}
	c = n < PMIP_CACHE_SHARE ? oldest : own;
	c->packet = *packet;
	c->packet.used = now;
	c->flow = flow;
}

/**
 * pmip_cache_sum() - packets that were found and not found, on all processors
 * @cache: the cache or NULL
 * @hits: set to those found
 * @misses: set to those not found
 *
 * Context: any.
 */
void pmip_cache_sum(const struct pmip_cache *cache, u64 *hits, u64 *misses)
{
	int cpu;

	*hits = 0;
	*misses = 0;
	if (!cache)
		return;
	for_each_possible_cpu(cpu) {
		*hits += READ_ONCE(cache->cpu[cpu]->hits);
		*misses += READ_ONCE(cache->cpu[cpu]->misses);
	}
}
