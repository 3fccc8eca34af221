/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hash table for a million objects: one cache line of it is touched to find
 * any of them, and none of an object that is not the one.
 */
#ifndef _PMIP_TABLE_H
#define _PMIP_TABLE_H

#include <linux/bitops.h>
#include <linux/cache.h>
#include <linux/prefetch.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#define PMIP_BUCKET_SLOTS	7
#define PMIP_BUCKET_ONES	0x0001010101010101ULL
/* Where @tags counts the objects that found this bucket full */
#define PMIP_BUCKET_SPILL	(8 * PMIP_BUCKET_SLOTS)
#define PMIP_BUCKET_SPILL_MAX	0xff

/**
 * struct pmip_bucket - objects of one piece of the space of hashes
 * @tags: a byte of each slot's hash, 0 where the slot is empty; the uppermost
 *	  counts the objects that went on to buckets behind this one
 * @slot: the objects
 */
struct pmip_bucket {
	u64 tags;
	void __rcu *slot[PMIP_BUCKET_SLOTS];
} ____cacheline_aligned;

/* In pieces that the page allocator has: not in vmalloc's small pages */
#define PMIP_CHUNK_SHIFT	15

/**
 * struct pmip_buckets - buckets of one size of the table
 * @shift: of a hash that makes it a bucket's number
 * @mask: number of buckets less one
 * @rcu: readers may hold it until a grace period after a larger one came
 * @chunk: the buckets
 */
struct pmip_buckets {
	u32 shift;
	u32 mask;
	struct rcu_head rcu;
	struct pmip_bucket *chunk[];
};

/**
 * struct pmip_table - objects by hash
 * @buckets: of its present size
 * @n: objects
 * @few: with less of them a smaller size is tried
 * @hash: tells an object's hash
 */
struct pmip_table {
	struct pmip_buckets __rcu *buckets;
	u32 n;
	u32 few;
	u64 (*hash)(const void *object);
};

/**
 * struct pmip_cursor - place in the order of a table
 * @hash: of the last object
 * @object: the last object, for no two have both in common
 *
 * The order is the same whatever size the table has.
 */
struct pmip_cursor {
	u64 hash;
	unsigned long object;
};

/* Objects that a walk holds: more than most buckets have of their own */
#define PMIP_WALK_OBJECTS	8

/**
 * struct pmip_walk - a walk through a table in its order
 * @at: behind the last object that was handed out
 * @shift: the table's when @next was filled
 * @bucket: the one that comes after @next
 * @i: of @next, which comes now
 * @n: objects in @next
 * @next: objects that come behind @at
 */
struct pmip_walk {
	struct pmip_cursor at;
	u32 shift;
	u32 bucket;
	u32 i;
	u32 n;
	struct pmip_cursor next[PMIP_WALK_OBJECTS];
};

int pmip_table_init(struct pmip_table *table, u64 (*hash)(const void *object));
void pmip_table_destroy(struct pmip_table *table);
int pmip_table_insert(struct pmip_table *table, void *object);
void pmip_table_remove(struct pmip_table *table, void *object);
void *pmip_table_next(const struct pmip_table *table, struct pmip_walk *walk);

static inline u32 pmip_bucket_home(const struct pmip_buckets *bs, u64 hash)
{
	return hash >> bs->shift;
}

static inline struct pmip_bucket *pmip_bucket_at(const struct pmip_buckets *bs,
						 u32 n)
{
	return &bs->chunk[n >> PMIP_CHUNK_SHIFT]
			 [n & (BIT(PMIP_CHUNK_SHIFT) - 1)];
}

/* From bits that the bucket's number leaves over; never that of an empty slot */
static inline u8 pmip_bucket_tag(u64 hash)
{
	return (hash >> 24) & 0xff ?: 1;
}

/* A bit for each slot whose tag is this, or seldom its neighbour's */
static inline u64 pmip_bucket_match(u64 tags, u8 tag)
{
	u64 x = (tags & (BIT_ULL(PMIP_BUCKET_SPILL) - 1)) ^
		tag * PMIP_BUCKET_ONES;

	return (x - PMIP_BUCKET_ONES) & ~x & (PMIP_BUCKET_ONES << 7);
}

/**
 * pmip_table_find() - an object by what it is known by
 * @table: the table
 * @hash: of the key
 * @key: the key
 * @equal: is an object the one of a key; to be inlined
 *
 * Objects never move among buckets of one size: who reads while others write
 * finds what was there before and after.
 *
 * Context: RCU read side or the writer's lock held. Return: it, or NULL.
 */
static __always_inline void *
pmip_table_find(const struct pmip_table *table, u64 hash, const void *key,
		bool (*equal)(const void *object, const void *key))
{
	const struct pmip_buckets *bs = rcu_dereference_raw(table->buckets);
	const u8 tag = pmip_bucket_tag(hash);
	u32 n = pmip_bucket_home(bs, hash), left = bs->mask;
	const struct pmip_bucket *bucket;
	u64 tags, match;
	void *object;

	do {
		bucket = pmip_bucket_at(bs, n);
		tags = READ_ONCE(bucket->tags);
		match = pmip_bucket_match(tags, tag);
		for (; match; match &= match - 1) {
			object = rcu_dereference_raw(bucket->slot[__ffs64(match) / 8]);
			if (likely(object && equal(object, key)))
				return object;
		}
		n = (n + 1) & bs->mask;
	} while (unlikely(tags >> PMIP_BUCKET_SPILL) && left--);
	return NULL;
}

/**
 * pmip_table_ahead() - an object of this hash will be asked for soon
 * @table: the table
 * @hash: the hash
 *
 * Context: any.
 */
static inline void pmip_table_ahead(const struct pmip_table *table, u64 hash)
{
	const struct pmip_buckets *bs;

	rcu_read_lock();
	bs = rcu_dereference(table->buckets);
	prefetch(pmip_bucket_at(bs, pmip_bucket_home(bs, hash)));
	rcu_read_unlock();
}

/**
 * pmip_table_guess() - most likely the object of this hash
 * @table: the table
 * @hash: the hash
 *
 * Context: RCU read side. Return: an object, that one if it is there and in the
 * bucket of its hash, without a look at it; or NULL.
 */
static __always_inline void *pmip_table_guess(const struct pmip_table *table,
					      u64 hash)
{
	const struct pmip_buckets *bs = rcu_dereference(table->buckets);
	const struct pmip_bucket *bucket;
	u64 match;

	bucket = pmip_bucket_at(bs, pmip_bucket_home(bs, hash));
	match = pmip_bucket_match(READ_ONCE(bucket->tags),
				  pmip_bucket_tag(hash));
	return match ? rcu_dereference(bucket->slot[__ffs64(match) / 8]) : NULL;
}

#endif /* _PMIP_TABLE_H */
