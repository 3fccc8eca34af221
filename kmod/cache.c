// SPDX-License-Identifier: GPL-2.0
/*
 * What was found for packets that looked the same: an exact match, in memory of a
 * fixed size.  Each processor has its own, and softirqs have it to themselves.
 *
 * What is found is for the mark of a node, which is another one after a change:
 * nothing need be removed, and a node's change is nothing to others.
 */
#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>
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

	/* Searching it compares words, and a way is a cache line. */
	BUILD_BUG_ON(sizeof(struct pmip_packet) != 7 * sizeof(u64));
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

/* Nobody outside chooses the mark, and what does not count is zero. */
static u64 pmip_cache_hash(const struct pmip_cache *cache,
			   const struct pmip_packet *packet)
{
	u32 w[PMIP_HASH_WORDS];

	BUILD_BUG_ON(PMIP_HASH_WORDS != 10);
	w[0] = packet->upper;
	w[1] = packet->first ^ packet->nexthdr << 24;
	w[2] = packet->mark;
	w[3] = packet->mark >> 32;
	if (!(packet->mark & (PMIP_SEL_SRC | PMIP_SEL_DST)))
		return pmip_hash(&cache->key, w, 4);
	w[0] ^= w[2];
	memcpy(w + 2, &packet->src, sizeof(packet->src));
	memcpy(w + 6, &packet->dst, sizeof(packet->dst));
	return pmip_hash(&cache->key, w, PMIP_HASH_WORDS);
}

/**
 * pmip_cache_set() - where a packet is to be found, if it is
 * @cache: the cache
 * @packet: the packet
 *
 * Context: bottom halves off. Return: this processor's set of it.
 */
struct pmip_cache_set *pmip_cache_set(const struct pmip_cache *cache,
				      const struct pmip_packet *packet)
{
	struct pmip_cache_cpu *cpu = cache->cpu[smp_processor_id()];

	return &cpu->set[pmip_cache_hash(cache, packet) >>
			 (64 - PMIP_CACHE_BITS)];
}

static __always_inline bool pmip_cached_is(const struct pmip_packet *a,
					   const struct pmip_packet *b)
{
	const u64 *x = (const u64 *)a, *y = (const u64 *)b;

	return x[0] == y[0] &&
	       !((x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) |
		 (x[4] ^ y[4]) | (x[5] ^ y[5]) |
		 (a->nexthdr ^ b->nexthdr) | (a->has ^ b->has));
}

/* In seconds; it wraps after 18 hours, and what is older may pass for younger. */
static u16 pmip_cache_now(void)
{
	/* It may go on as it is read: either second will do. */
	return data_race(ktime_get_seconds());
}

/**
 * pmip_cache_find() - what was found for a packet like this
 * @cache: the cache
 * @set: of the packet
 * @packet: the packet
 *
 * Context: bottom halves off. Return: it, or NULL.
 */
struct pmip_cached *pmip_cache_find(const struct pmip_cache *cache,
				    struct pmip_cache_set *set,
				    const struct pmip_packet *packet)
{
	struct pmip_cache_cpu *cpu = cache->cpu[smp_processor_id()];
	const u16 now = pmip_cache_now();
	struct pmip_cached *c;

	for (c = set->way; c < set->way + PMIP_CACHE_WAYS; c++) {
		if (!pmip_cached_is(&c->packet, packet))
			continue;
		WRITE_ONCE(cpu->hits, cpu->hits + 1);
		if (c->packet.used != now)
			c->packet.used = now;
		return c;
	}
	WRITE_ONCE(cpu->misses, cpu->misses + 1);
	return NULL;
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
 * @set: of the packet
 * @packet: the packet
 * @flow: its flow, or NULL
 *
 * Takes the place of what was not used for longest: of the same node's, if it
 * has its share of the set.
 *
 * Context: bottom halves off.
 */
void pmip_cache_add(struct pmip_cache_set *set,
		    const struct pmip_packet *packet, struct pmip_flow *flow)
{
	struct pmip_cached *c, *oldest = NULL, *own = NULL;
	const u16 now = pmip_cache_now();
	unsigned int n = 0;

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
