// SPDX-License-Identifier: GPL-2.0
/*
 * Prefixes out of ranges.  A range hands out what came back to it, else what
 * it has never handed out: both in constant time, and no table of a range's
 * size is ever made.
 */
#include "lma/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reserved {
	struct prefix prefix;
	UT_hash_handle hh;
};

/**
 * pools_init() - prepare to hand out prefixes
 * @ps: the pools
 * @range: the ranges, copied; the first is used up first
 * @n: how many
 * @len: length of the prefixes to hand out, at least that of every range
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int pools_init(struct pools *ps, const struct prefix *range, unsigned int n,
	       uint8_t len)
{
	unsigned int i;

	memset(ps, 0, sizeof(*ps));
	for (i = 0; i < n; i++)
		if (range[i].len > len || len > 128)
			return -EINVAL;
	ps->pool = calloc(n ? n : 1, sizeof(*ps->pool));
	if (!ps->pool)
		return -ENOMEM;
	ps->n = n;
	ps->len = len;
	for (i = 0; i < n; i++) {
		unsigned int bits = len - range[i].len;

		ps->pool[i].range = range[i];
		ps->pool[i].size = bits > 63 ? UINT64_MAX : 1ULL << bits;
	}
	return 0;
}

/**
 * pools_free() - release the pools
 * @ps: the pools
 */
void pools_free(struct pools *ps)
{
	struct reserved *r, *tmp;
	unsigned int i;

	for (i = 0; i < ps->n; i++)
		free(ps->pool[i].freed);
	free(ps->pool);
	HASH_ITER(hh, ps->reserved, r, tmp) {
		HASH_DEL(ps->reserved, r);
		free(r);
	}
	memset(ps, 0, sizeof(*ps));
}

static struct reserved *find_reserved(struct pools *ps, const struct prefix *p)
{
	struct prefix key;
	struct reserved *r;

	/* padding is hashed too */
	memset(&key, 0, sizeof(key));
	key.addr = p->addr;
	key.len = p->len;
	HASH_FIND(hh, ps->reserved, &key, sizeof(key), r);
	return r;
}

/**
 * pools_reserve() - a prefix belongs to a profile and is not to be handed out
 * @ps: the pools
 * @p: the prefix, in or out of the ranges
 *
 * Return: 0 or -ENOMEM.
 */
int pools_reserve(struct pools *ps, const struct prefix *p)
{
	struct reserved *r = find_reserved(ps, p);

	if (r)
		return 0;
	r = calloc(1, sizeof(*r));
	if (!r)
		return -ENOMEM;
	r->prefix.addr = p->addr;
	r->prefix.len = p->len;
	HASH_ADD(hh, ps->reserved, prefix, sizeof(r->prefix), r);
	return 0;
}

/**
 * pools_reserved() - whether a profile owns a prefix
 * @ps: the pools
 * @p: the prefix
 *
 * Return: true if pools_reserve() has named it.
 */
bool pools_reserved(struct pools *ps, const struct prefix *p)
{
	return find_reserved(ps, p);
}

/**
 * pools_own() - whether a prefix could have come from these pools
 * @ps: the pools
 * @p: the prefix
 *
 * Return: true if it has the right length and lies in one of the ranges.
 */
bool pools_own(const struct pools *ps, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; p->len == ps->len && i < ps->n; i++)
		if (prefix_contains(&ps->pool[i].range, p))
			return true;
	return false;
}

/* The prefix at an index of a range: the index is added from bit len up. */
static void at_index(const struct pools *ps, const struct pool *pool,
		     uint64_t index, struct prefix *out)
{
	unsigned __int128 v = 0;
	int i;

	memset(out, 0, sizeof(*out));
	if (ps->len)
		v = (unsigned __int128)index << (128 - ps->len);
	for (i = 15; i >= 0; i--, v >>= 8)
		out->addr.s6_addr[i] = pool->range.addr.s6_addr[i] | (uint8_t)v;
	out->len = ps->len;
}

static uint64_t index_of(const struct pools *ps, const struct pool *pool,
			 const struct prefix *p)
{
	unsigned __int128 v = 0;
	int i;

	for (i = 0; i < 16; i++)
		v = v << 8 | (p->addr.s6_addr[i] ^ pool->range.addr.s6_addr[i]);
	return ps->len ? (uint64_t)(v >> (128 - ps->len)) : 0;
}

/**
 * pools_next() - take a prefix that is not handed out
 * @ps: the pools
 * @out: the prefix
 *
 * Prefixes of profiles are left out.  Each is met once only, so that the cost
 * per prefix stays constant over the life of a pool.
 *
 * Return: false if all pools are exhausted.
 */
bool pools_next(struct pools *ps, struct prefix *out)
{
	unsigned int i;

	for (i = 0; i < ps->n; i++) {
		struct pool *pool = &ps->pool[i];

		while (pool->n_freed || pool->next < pool->size) {
			uint64_t index = pool->n_freed ?
				pool->freed[--pool->n_freed] : pool->next++;

			at_index(ps, pool, index, out);
			if (!find_reserved(ps, out))
				return true;
		}
	}
	return false;
}

static int push(struct pool *pool, uint64_t index)
{
	if (pool->n_freed == pool->cap) {
		size_t cap = pool->cap ? 2 * pool->cap : 16;
		uint64_t *v = reallocarray(pool->freed, cap, sizeof(*v));

		if (!v)
			return -ENOMEM;
		pool->freed = v;
		pool->cap = cap;
	}
	pool->freed[pool->n_freed++] = index;
	return 0;
}

/**
 * pools_put() - return a prefix that pools_next() gave
 * @ps: the pools
 * @p: the prefix
 *
 * Return: 0, -EINVAL if no range holds it, or -ENOMEM: it is lost then until
 * the next start.
 */
int pools_put(struct pools *ps, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; p->len == ps->len && i < ps->n; i++)
		if (prefix_contains(&ps->pool[i].range, p))
			return push(&ps->pool[i],
				    index_of(ps, &ps->pool[i], p));
	return -EINVAL;
}
