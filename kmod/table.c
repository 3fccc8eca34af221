// SPDX-License-Identifier: GPL-2.0
/*
 * Open addressing: an object lies in the bucket of its hash or, where that is
 * full, in one of the next.  Each bucket that it passed counts it, so that a
 * reader goes on only where there is something to find.
 *
 * A table that has become too small, or too large, is copied.  Readers use the
 * old buckets meanwhile and for a grace period more.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "table.h"

#define PMIP_TABLE_BITS_MIN	4
#define PMIP_TABLE_BITS_MAX	24
/* Objects for each bucket at most: few spill to the next */
#define PMIP_TABLE_FULL		5
/* Buckets that an object of a table that shrinks may lie behind its own */
#define PMIP_TABLE_REACH	8

static unsigned int pmip_buckets_chunks(const struct pmip_buckets *bs)
{
	return (bs->mask >> PMIP_CHUNK_SHIFT) + 1;
}

static void pmip_buckets_free(struct pmip_buckets *bs)
{
	unsigned int i;

	for (i = 0; i < pmip_buckets_chunks(bs); i++)
		kvfree(bs->chunk[i]);
	kfree(bs);
}

static void pmip_buckets_free_rcu(struct rcu_head *head)
{
	pmip_buckets_free(container_of(head, struct pmip_buckets, rcu));
}

static struct pmip_buckets *pmip_buckets_alloc(unsigned int bits)
{
	const u32 in_chunk = min_t(u32, BIT(bits), BIT(PMIP_CHUNK_SHIFT));
	const u32 chunks = BIT(bits) / in_chunk;
	struct pmip_buckets *bs;
	u32 i;

	bs = kzalloc(struct_size(bs, chunk, chunks), GFP_KERNEL_ACCOUNT);
	if (!bs)
		return NULL;
	bs->shift = 64 - bits;
	bs->mask = BIT(bits) - 1;
	for (i = 0; i < chunks; i++) {
		bs->chunk[i] = kvcalloc(in_chunk, sizeof(struct pmip_bucket),
					GFP_KERNEL_ACCOUNT);
		if (!bs->chunk[i])
			goto err;
		cond_resched();
	}
	return bs;
err:
	pmip_buckets_free(bs);
	return NULL;
}

/* The counts that cannot say more say so until the table is copied. */
static void pmip_bucket_spill(struct pmip_bucket *bucket, int more)
{
	u64 spill = bucket->tags >> PMIP_BUCKET_SPILL;

	if (spill != PMIP_BUCKET_SPILL_MAX)
		WRITE_ONCE(bucket->tags, bucket->tags +
			   ((u64)more << PMIP_BUCKET_SPILL));
}

/* No more than @left buckets behind the object's own. */
static int pmip_buckets_add(struct pmip_buckets *bs, u64 hash, void *object,
			    u32 left)
{
	const u64 tag = pmip_bucket_tag(hash);
	u32 n = pmip_bucket_home(bs, hash);
	struct pmip_bucket *bucket;
	u64 empty;
	int slot;

	for (;;) {
		bucket = pmip_bucket_at(bs, n);
		empty = pmip_bucket_match(bucket->tags, 0);
		if (empty)
			break;
		if (!left--)
			return -ENOSPC;
		n = (n + 1) & bs->mask;
	}
	slot = __ffs64(empty) / 8;
	rcu_assign_pointer(bucket->slot[slot], object);
	/* Who sees the tag sees the object. */
	smp_store_release(&bucket->tags, bucket->tags | tag << 8 * slot);
	while (n != pmip_bucket_home(bs, hash)) {
		n = (n - 1) & bs->mask;
		pmip_bucket_spill(pmip_bucket_at(bs, n), 1);
	}
	return 0;
}

/* To be called for a few buckets ahead: all of an object that is looked at. */
static void pmip_table_prefetch(const struct pmip_bucket *bucket)
{
	const void *object;
	int i;

	for (i = 0; i < PMIP_BUCKET_SLOTS; i++) {
		object = rcu_access_pointer(bucket->slot[i]);
		prefetch(object);
		prefetch(object + L1_CACHE_BYTES);
	}
}

static int pmip_table_copy(const struct pmip_table *table,
			   const struct pmip_buckets *from,
			   struct pmip_buckets *to, u32 reach)
{
	const struct pmip_bucket *bucket;
	void *object;
	u32 n, i;
	int err;

	for (n = 0; n <= from->mask; n++) {
		bucket = pmip_bucket_at(from, n);
		/* Their hashes will be asked for a few buckets later. */
		pmip_table_prefetch(pmip_bucket_at(from, (n + 4) & from->mask));
		for (i = 0; i < PMIP_BUCKET_SLOTS; i++) {
			object = rcu_dereference_raw(bucket->slot[i]);
			if (!object)
				continue;
			err = pmip_buckets_add(to, table->hash(object), object,
					       reach);
			if (err)
				return err;
		}
		if (!(n & 1023))
			cond_resched();
	}
	return 0;
}

static int pmip_table_resize(struct pmip_table *table, unsigned int bits,
			     u32 reach)
{
	struct pmip_buckets *old = rcu_dereference_raw(table->buckets);
	struct pmip_buckets *bs = pmip_buckets_alloc(bits);
	int err;

	if (!bs)
		return -ENOMEM;
	err = pmip_table_copy(table, old, bs, min(reach, bs->mask));
	if (err) {
		pmip_buckets_free(bs);
		return err;
	}
	rcu_assign_pointer(table->buckets, bs);
	table->few = bits > PMIP_TABLE_BITS_MIN ? (bs->mask + 1) / 2 : 0;
	call_rcu(&old->rcu, pmip_buckets_free_rcu);
	return 0;
}

/**
 * pmip_table_init() - make an empty table
 * @table: the table
 * @hash: tells an object's hash
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int pmip_table_init(struct pmip_table *table, u64 (*hash)(const void *object))
{
	struct pmip_buckets *bs = pmip_buckets_alloc(PMIP_TABLE_BITS_MIN);

	if (!bs)
		return -ENOMEM;
	table->hash = hash;
	table->n = 0;
	table->few = 0;
	RCU_INIT_POINTER(table->buckets, bs);
	return 0;
}

/**
 * pmip_table_destroy() - free an empty table that nobody reads any more
 * @table: the table
 *
 * Context: process.
 */
void pmip_table_destroy(struct pmip_table *table)
{
	pmip_buckets_free(rcu_dereference_raw(table->buckets));
}

/**
 * pmip_table_insert() - add an object that is not there
 * @table: the table
 * @object: the object
 *
 * Without memory for larger ones the buckets are filled to the last slot.
 *
 * Context: process, the writer's lock held. Return: 0 or -ENOMEM.
 */
int pmip_table_insert(struct pmip_table *table, void *object)
{
	struct pmip_buckets *bs = rcu_dereference_raw(table->buckets);
	unsigned int bits = 64 - bs->shift;

	if (unlikely(table->n >= PMIP_TABLE_FULL * (bs->mask + 1)) &&
	    bits < PMIP_TABLE_BITS_MAX)
		pmip_table_resize(table, bits + 1, U32_MAX);
	bs = rcu_dereference_raw(table->buckets);
	if (pmip_buckets_add(bs, table->hash(object), object, bs->mask))
		return -ENOMEM;
	table->n++;
	return 0;
}

/*
 * Objects may have gone in the order of their hashes, as a dump shows them: what
 * is left then lies close together in a corner of the table, and closer in a
 * smaller one.  Where they would not find room near their own buckets the table
 * stays as it is until half of them are gone.
 */
static void pmip_table_shrink(struct pmip_table *table)
{
	const unsigned int bits = max(PMIP_TABLE_BITS_MIN, fls(table->n));

	if (likely(table->n >= table->few))
		return;
	if (pmip_table_resize(table, bits, PMIP_TABLE_REACH))
		table->few = table->n / 2;
}

static int pmip_bucket_slot(const struct pmip_bucket *bucket,
			    const void *object)
{
	int i;

	for (i = 0; i < PMIP_BUCKET_SLOTS; i++)
		if (rcu_access_pointer(bucket->slot[i]) == object)
			return i;
	return -1;
}

/**
 * pmip_table_remove() - take an object out
 * @table: the table
 * @object: the object, which is in it; readers may find it for a grace period
 *
 * Context: process, the writer's lock held.
 */
void pmip_table_remove(struct pmip_table *table, void *object)
{
	struct pmip_buckets *bs = rcu_dereference_raw(table->buckets);
	u32 n = pmip_bucket_home(bs, table->hash(object));
	struct pmip_bucket *bucket = pmip_bucket_at(bs, n);
	int slot;

	while ((slot = pmip_bucket_slot(bucket, object)) < 0) {
		pmip_bucket_spill(bucket, -1);
		n = (n + 1) & bs->mask;
		bucket = pmip_bucket_at(bs, n);
	}
	WRITE_ONCE(bucket->tags, bucket->tags & ~(0xffULL << 8 * slot));
	RCU_INIT_POINTER(bucket->slot[slot], NULL);
	table->n--;
	pmip_table_shrink(table);
}

static bool pmip_cursor_before(const struct pmip_cursor *a,
			       const struct pmip_cursor *b)
{
	return a->hash < b->hash ||
	       (a->hash == b->hash && a->object < b->object);
}

/* In order; without room the last of all is left for another time. */
static void pmip_walk_add(struct pmip_walk *walk, const struct pmip_cursor *c)
{
	struct pmip_cursor *next = walk->next;
	u32 i = walk->n;

	if (i < PMIP_WALK_OBJECTS)
		walk->n++;
	else if (pmip_cursor_before(c, &next[i - 1]))
		i--;
	else
		return;
	for (; i && pmip_cursor_before(c, &next[i - 1]); i--)
		next[i] = next[i - 1];
	next[i] = *c;
}

/* The objects of one bucket's piece that come behind the walk's place */
static void pmip_walk_bucket(const struct pmip_table *table,
			     const struct pmip_buckets *bs, u32 home,
			     struct pmip_walk *walk)
{
	const struct pmip_bucket *bucket;
	u32 n = home, left = bs->mask;
	struct pmip_cursor c;
	void *object;
	int i;

	do {
		bucket = pmip_bucket_at(bs, n);
		for (i = 0; i < PMIP_BUCKET_SLOTS; i++) {
			object = rcu_dereference_raw(bucket->slot[i]);
			if (!object)
				continue;
			c.hash = table->hash(object);
			c.object = (unsigned long)object;
			if (pmip_bucket_home(bs, c.hash) == home &&
			    pmip_cursor_before(&walk->at, &c))
				pmip_walk_add(walk, &c);
		}
		n = (n + 1) & bs->mask;
	} while (bucket->tags >> PMIP_BUCKET_SPILL && left--);
}

/* More objects, if there are any. */
static void pmip_walk_fill(const struct pmip_table *table,
			   struct pmip_walk *walk)
{
	const struct pmip_buckets *bs = rcu_dereference_raw(table->buckets);

	/* The first time, in a table of another size, or a bucket with more */
	if (bs->shift != walk->shift || walk->n == PMIP_WALK_OBJECTS) {
		walk->shift = bs->shift;
		walk->bucket = pmip_bucket_home(bs, walk->at.hash);
	}
	walk->i = 0;
	walk->n = 0;
	while (!walk->n && walk->bucket <= bs->mask) {
		pmip_table_prefetch(pmip_bucket_at(bs, (walk->bucket + 4) &
						       bs->mask));
		pmip_walk_bucket(table, bs, walk->bucket++, walk);
	}
}

/**
 * pmip_table_next() - the object behind a walk's place in the table's order
 * @table: the table
 * @walk: the walk, at first zero or with a place; moved behind the object
 *
 * Objects come in the order of their hashes, and these are what buckets are
 * numbered by: what is there all the while comes once, however the table grows
 * or shrinks between walks from place to place.  In a walk, objects may leave
 * that it has handed out, but none may come.
 *
 * Context: process, the writer's lock held all through the walk.
 * Return: it, or NULL at the end.
 */
void *pmip_table_next(const struct pmip_table *table, struct pmip_walk *walk)
{
	if (walk->i == walk->n)
		pmip_walk_fill(table, walk);
	if (walk->i == walk->n)
		return NULL;
	walk->at = walk->next[walk->i++];
	return (void *)walk->at.object;
}
