/* SPDX-License-Identifier: GPL-2.0 */
/* What was found for packets that looked the same. */
#ifndef _PMIP_CACHE_H
#define _PMIP_CACHE_H

#include <linux/cache.h>
#include <linux/jiffies.h>
#include <linux/smp.h>
#include <linux/types.h>
#include <net/ipv6.h>

#include "compat.h"
#include "hash.h"
#include "packet.h"
#include "selector.h"

struct pmip_flow;

#define PMIP_CACHE_BITS		10
#define PMIP_CACHE_WAYS		4
/* Of them, what one node may have, whatever is sent to it */
#define PMIP_CACHE_SHARE	2
/* More than sets, so that new flows find their way in while there is a scan */
#define PMIP_CACHE_MISSED_BITS	14

/**
 * struct pmip_cached - packets that belong to one flow, or none
 * @packet: what they look like
 * @flow: the flow or NULL; there for as long as its node has @packet.mark
 */
struct pmip_cached {
	struct pmip_packet packet;
	struct pmip_flow *flow;
} ____cacheline_aligned;

struct pmip_cache_set {
	struct pmip_cached way[PMIP_CACHE_WAYS];
};

/**
 * struct pmip_cache_cpu - a processor's cache
 * @hits: packets that were found
 * @misses: packets that were not
 * @missed: of them the last of each part of the space of hashes, by other bits
 * @set: the cache
 */
struct pmip_cache_cpu {
	u64 hits;
	u64 misses;
	u16 missed[1 << PMIP_CACHE_MISSED_BITS];
	struct pmip_cache_set set[1 << PMIP_CACHE_BITS];
};

/**
 * struct pmip_cache - a namespace's flow cache
 * @key: of its hash
 * @cpu: of each processor
 */
struct pmip_cache {
	struct pmip_hash_key key;
	struct pmip_cache_cpu *cpu[];
};

/**
 * struct pmip_cache_place - where a packet that was not found belongs
 * @cpu: in this processor's cache
 * @hash: the packet's
 */
struct pmip_cache_place {
	struct pmip_cache_cpu *cpu;
	u64 hash;
};

struct pmip_cache *pmip_cache_new(void);
void pmip_cache_free(struct pmip_cache *cache);
void pmip_cache_add(const struct pmip_cache_place *place,
		    const struct pmip_packet *packet, struct pmip_flow *flow);
void pmip_cache_sum(const struct pmip_cache *cache, u64 *hits, u64 *misses);

/* Nobody outside chooses the mark, and what does not count is zero. */
static __always_inline u64 pmip_cache_hash(const struct pmip_cache *cache,
					   const struct pmip_packet *packet)
{
	/* Filled below */
	u32 w[PMIP_HASH_WORDS] __pmip_uninitialized;

	w[0] = packet->upper;
	w[1] = packet->first ^ packet->nexthdr << 24;
	w[2] = packet->mark;
	w[3] = packet->mark >> 32;
	if (!(packet->mark & PMIP_SEL_ADDRS))
		return pmip_hash(&cache->key, w, 4);
	w[0] ^= w[2];
	memcpy(w + 2, &packet->src, sizeof(packet->src));
	memcpy(w + 6, &packet->dst, sizeof(packet->dst));
	return pmip_hash(&cache->key, w, PMIP_HASH_WORDS);
}

static inline u32 pmip_cache_number(u64 hash)
{
	return hash >> (64 - PMIP_CACHE_BITS);
}

/* It wraps after some hours, and what is older may pass for younger. */
static inline u16 pmip_cache_now(void)
{
	return READ_ONCE(jiffies) >> 8;
}

static __always_inline bool pmip_cached_is(const struct pmip_packet *a,
					   const struct pmip_packet *b)
{
	if (a->mark != b->mark || a->first != b->first ||
	    a->upper != b->upper || a->nexthdr != b->nexthdr || a->has != b->has)
		return false;
	return !(a->mark & PMIP_SEL_ADDRS) ||
	       (ipv6_addr_equal(&a->src, &b->src) &&
		ipv6_addr_equal(&a->dst, &b->dst));
}

/**
 * pmip_cache_find() - what was found for a packet like this
 * @cache: the cache
 * @packet: the packet
 * @place: set to where it belongs
 *
 * Context: bottom halves off. Return: it, or NULL.
 */
static __always_inline struct pmip_cached *
pmip_cache_find(const struct pmip_cache *cache,
		const struct pmip_packet *packet, struct pmip_cache_place *place)
{
	struct pmip_cache_cpu *cpu = cache->cpu[smp_processor_id()];
	const u64 hash = pmip_cache_hash(cache, packet);
	struct pmip_cached *c = cpu->set[pmip_cache_number(hash)].way;
	unsigned int i;
	u16 now;

	for (i = 0; i < PMIP_CACHE_WAYS; i++, c++) {
		if (!pmip_cached_is(&c->packet, packet))
			continue;
		WRITE_ONCE(cpu->hits, cpu->hits + 1);
		now = pmip_cache_now();
		if (c->packet.used != now)
			c->packet.used = now;
		return c;
	}
	WRITE_ONCE(cpu->misses, cpu->misses + 1);
	place->cpu = cpu;
	place->hash = hash;
	return NULL;
}

#endif /* _PMIP_CACHE_H */
