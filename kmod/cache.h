/* SPDX-License-Identifier: GPL-2.0 */
/* What was found for packets that looked the same. */
#ifndef _PMIP_CACHE_H
#define _PMIP_CACHE_H

#include <linux/cache.h>
#include <linux/types.h>

#include "hash.h"
#include "packet.h"

struct pmip_flow;

#define PMIP_CACHE_BITS		10
#define PMIP_CACHE_WAYS		4
/* Of them, what one node may have: a scan of its addresses takes no more. */
#define PMIP_CACHE_SHARE	2

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
 * @set: the cache
 */
struct pmip_cache_cpu {
	u64 hits;
	u64 misses;
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

struct pmip_cache *pmip_cache_new(void);
void pmip_cache_free(struct pmip_cache *cache);
struct pmip_cache_set *pmip_cache_set(const struct pmip_cache *cache,
				      const struct pmip_packet *packet);
struct pmip_cached *pmip_cache_find(const struct pmip_cache *cache,
				    struct pmip_cache_set *set,
				    const struct pmip_packet *packet);
void pmip_cache_add(struct pmip_cache_set *set,
		    const struct pmip_packet *packet, struct pmip_flow *flow);
void pmip_cache_sum(const struct pmip_cache *cache, u64 *hits, u64 *misses);

#endif /* _PMIP_CACHE_H */
