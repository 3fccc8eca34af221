// SPDX-License-Identifier: GPL-2.0
/*
 * The flow of a packet whose later fragments do not say what it is: RFC 6089
 * §5.3.6 has all of them go the way of the first.  As many first fragments as the
 * table has room for are remembered, a node's share of each set being half of it.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/ipv6.h>

#include "fragment.h"
#include "hash.h"

#define PMIP_FRAGMENT_BITS	8
#define PMIP_FRAGMENT_WAYS	4
#define PMIP_FRAGMENT_SHARE	2

struct pmip_fragment_set {
	spinlock_t lock;	/* of @way: fragments are few */
	struct pmip_fragment way[PMIP_FRAGMENT_WAYS];
};

struct pmip_fragments {
	struct pmip_hash_key key;
	struct pmip_fragment_set set[1 << PMIP_FRAGMENT_BITS];
};

/**
 * pmip_fragments_new() - make a table
 *
 * Context: process. Return: the table or NULL.
 */
struct pmip_fragments *pmip_fragments_new(void)
{
	struct pmip_fragments *table;
	unsigned int i;

	table = kvzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	pmip_hash_key_init(&table->key);
	for (i = 0; i < ARRAY_SIZE(table->set); i++)
		spin_lock_init(&table->set[i].lock);
	return table;
}

/**
 * pmip_fragments_free() - free a table that nobody asks any more
 * @table: the table or NULL
 *
 * Context: process.
 */
void pmip_fragments_free(struct pmip_fragments *table)
{
	kvfree(table);
}

static struct pmip_fragment_set *
pmip_fragment_set(struct pmip_fragments *table, const struct pmip_fragment *f)
{
	u32 w[PMIP_HASH_WORDS] = {};

	memcpy(w, &f->src, sizeof(f->src));
	memcpy(w + 4, &f->dst, sizeof(f->dst));
	w[8] = (__force u32)f->id;
	return &table->set[pmip_hash(&table->key, w, PMIP_HASH_WORDS) >>
			   (64 - PMIP_FRAGMENT_BITS)];
}

static bool pmip_fragment_same(const struct pmip_fragment *a,
			       const struct pmip_fragment *b)
{
	return a->id == b->id && a->node == b->node &&
	       ipv6_addr_equal(&a->src, &b->src) &&
	       ipv6_addr_equal(&a->dst, &b->dst);
}

/**
 * pmip_fragment_find() - what the first fragment of a packet was
 * @table: the table
 * @f: source, destination, identification and node; the rest is filled
 *
 * Context: bottom halves off. Return: true if it is remembered.
 */
bool pmip_fragment_find(struct pmip_fragments *table, struct pmip_fragment *f)
{
	struct pmip_fragment_set *set = pmip_fragment_set(table, f);
	bool found = false;
	unsigned int i;

	spin_lock(&set->lock);
	for (i = 0; !found && i < PMIP_FRAGMENT_WAYS; i++) {
		found = pmip_fragment_same(&set->way[i], f) &&
			time_before(jiffies, set->way[i].until);
		if (found)
			*f = set->way[i];
	}
	spin_unlock(&set->lock);
	return found;
}

/* Who goes: the same packet's, else of the node's or of all the first to expire */
static struct pmip_fragment *
pmip_fragment_victim(struct pmip_fragment_set *set,
		     const struct pmip_fragment *f)
{
	struct pmip_fragment *way, *oldest = NULL, *own = NULL;
	unsigned int n = 0;

	for (way = set->way; way < set->way + PMIP_FRAGMENT_WAYS; way++) {
		if (pmip_fragment_same(way, f))
			return way;
		if (!way->node)
			way->until = jiffies;
		if (!oldest || time_before(way->until, oldest->until))
			oldest = way;
		if (way->node != f->node)
			continue;
		if (!own || time_before(way->until, own->until))
			own = way;
		n++;
	}
	return n < PMIP_FRAGMENT_SHARE ? oldest : own;
}

/**
 * pmip_fragment_add() - remember what a first fragment is
 * @table: the table
 * @f: the fragment
 *
 * Context: bottom halves off.
 */
void pmip_fragment_add(struct pmip_fragments *table,
		       const struct pmip_fragment *f)
{
	struct pmip_fragment_set *set = pmip_fragment_set(table, f);

	spin_lock(&set->lock);
	*pmip_fragment_victim(set, f) = *f;
	spin_unlock(&set->lock);
}
