// SPDX-License-Identifier: GPL-2.0
/*
 * Prefixes out of ranges.  A range hands out what came back to it, else what
 * it has never handed out: both in constant time, and no table of a range's
 * size is ever made.  What the kernel has refused comes last.
 *
 * A profile's prefix may be shorter or longer than those handed out.  Each is
 * kept as what of its length, or of theirs, holds it; so a look-up for each of
 * the few lengths in use finds any overlap.
 */
#include "lma/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reserved {
	struct prefix prefix;
	UT_hash_handle hh;
};

static int fill(struct pools *ps, const struct prefix *range, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (range[i].len > ps->len || ps->len > 128)
			return -EINVAL;
	ps->pool = calloc(n ? n : 1, sizeof(*ps->pool));
	if (!ps->pool)
		return -ENOMEM;
	ps->n = n;
	for (i = 0; i < n; i++) {
		unsigned int bits = ps->len - range[i].len;

		ps->pool[i].range = range[i];
		ps->pool[i].size = bits > 63 ? UINT64_MAX : 1ULL << bits;
	}
	return 0;
}

static struct pool *find_range(const struct pools *ps, const struct prefix *range)
{
	unsigned int i;

	for (i = 0; i < ps->n; i++)
		if (prefix_equal(&ps->pool[i].range, range))
			return &ps->pool[i];
	return NULL;
}

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
	memset(ps, 0, sizeof(*ps));
	ps->len = len;
	return fill(ps, range, n);
}

/**
 * pools_change() - prefixes are to come out of other ranges from now on
 * @ps: the pools
 * @range: the ranges, as of pools_init(); one that was there goes on
 * @n: how many
 *
 * What is in use in a new range pools_next() may give: its caller knows, and asks again.
 *
 * Return: 0; or -EINVAL or -ENOMEM, and nothing has changed.
 */
int pools_change(struct pools *ps, const struct prefix *range, unsigned int n)
{
	struct pools was = *ps;
	unsigned int i;
	int err = fill(ps, range, n);

	if (err) {
		*ps = was;
		return err;
	}
	for (i = 0; i < n; i++) {
		struct pool *same = find_range(&was, &range[i]);

		if (!same)
			continue;
		ps->pool[i] = *same;
		same->freed = NULL;
	}
	for (i = 0; i < was.n; i++)
		free(was.pool[i].freed);
	free(was.pool);
	return 0;
}

/**
 * pools_unreserve() - profiles own nothing any more
 * @ps: the pools; what was passed over for a profile's sake stays so
 */
void pools_unreserve(struct pools *ps)
{
	struct reserved *r, *tmp;

	HASH_ITER(hh, ps->reserved, r, tmp) {
		HASH_DEL(ps->reserved, r);
		free(r);
	}
	ps->n_lens = 0;
}

/**
 * pools_free() - release the pools
 * @ps: the pools
 */
void pools_free(struct pools *ps)
{
	unsigned int i;

	for (i = 0; i < ps->n; i++)
		free(ps->pool[i].freed);
	free(ps->pool);
	pools_unreserve(ps);
	memset(ps, 0, sizeof(*ps));
}

/* The one of a length that holds a prefix; padding is zero, for it is hashed */
static struct prefix shortened(const struct prefix *p, uint8_t len)
{
	struct prefix r;
	unsigned int i;

	memset(&r, 0, sizeof(r));
	r.len = p->len < len ? p->len : len;
	for (i = 0; i < sizeof(r.addr); i++) {
		unsigned int bits = r.len > 8 * i ? r.len - 8 * i : 0;

		r.addr.s6_addr[i] = p->addr.s6_addr[i] &
				    (uint8_t)(bits < 8 ? 0xff00 >> bits : 0xff);
	}
	return r;
}

/* What a profile owns of a prefix, or around it: the widest; NULL: nothing */
static struct reserved *find_reserved(struct pools *ps, const struct prefix *p)
{
	struct reserved *r;
	unsigned int i;

	for (i = 0; i < ps->n_lens && ps->lens[i] <= p->len; i++) {
		struct prefix key = shortened(p, ps->lens[i]);

		HASH_FIND(hh, ps->reserved, &key, sizeof(key), r);
		if (r)
			return r;
	}
	return NULL;
}

/* Shortest first */
static void add_len(struct pools *ps, uint8_t len)
{
	unsigned int i = 0;

	while (i < ps->n_lens && ps->lens[i] < len)
		i++;
	if (i < ps->n_lens && ps->lens[i] == len)
		return;
	memmove(&ps->lens[i + 1], &ps->lens[i], ps->n_lens - i);
	ps->lens[i] = len;
	ps->n_lens++;
}

/**
 * pools_reserve() - a prefix belongs to a profile and is not to be handed out
 * @ps: the pools
 * @p: the prefix, of any length, in or out of the ranges
 *
 * Return: 0 or -ENOMEM.
 */
int pools_reserve(struct pools *ps, const struct prefix *p)
{
	struct prefix held = shortened(p, ps->len);
	struct reserved *r = find_reserved(ps, &held);

	if (r)
		return 0;
	r = calloc(1, sizeof(*r));
	if (!r)
		return -ENOMEM;
	r->prefix = held;
	add_len(ps, held.len);
	HASH_ADD(hh, ps->reserved, prefix, sizeof(r->prefix), r);
	return 0;
}

/**
 * pools_reserved() - whether a profile owns a prefix, in part or whole
 * @ps: the pools
 * @p: the prefix, one that pools_own() knows
 *
 * Return: true if it overlaps with one that pools_reserve() has named.
 */
bool pools_reserved(struct pools *ps, const struct prefix *p)
{
	return find_reserved(ps, p);
}

static struct pool *pool_of(const struct pools *ps, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; p->len == ps->len && i < ps->n; i++)
		if (prefix_contains(&ps->pool[i].range, p))
			return &ps->pool[i];
	return NULL;
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
	return pool_of(ps, p);
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

/* Beyond a profile's prefix, which may be wide: at once, not one by one */
static void skip(const struct pools *ps, struct pool *pool, uint64_t index, uint8_t len)
{
	unsigned int bits = ps->len - len;
	uint64_t n = bits < 63 ? 1ULL << bits : 0;

	index |= n - 1;
	pool->next = index < pool->size ? index + 1 : pool->size;
}

static bool next_fresh(struct pools *ps, struct pool *pool, struct prefix *out)
{
	while (pool->next < pool->size) {
		const struct reserved *r;

		at_index(ps, pool, pool->next, out);
		r = find_reserved(ps, out);
		if (!r) {
			pool->next++;
			return true;
		}
		skip(ps, pool, pool->next, r->prefix.len);
	}
	return false;
}

/* What a profile has come to own since it was given out is not given out again. */
static bool next_freed(struct pools *ps, struct pool *pool, struct prefix *out)
{
	while (pool->n_freed) {
		at_index(ps, pool, pool->freed[--pool->n_freed], out);
		if (!find_reserved(ps, out))
			return true;
	}
	return false;
}

static uint64_t first_refused(struct pool *pool)
{
	uint64_t index = pool->refused[pool->refused_at];

	pool->refused_at = (pool->refused_at + 1) % REFUSED_MAX;
	pool->n_refused--;
	return index;
}

/* Whether all of a range is in one of some prefixes */
static bool range_within(const struct pool *pool, const struct prefix *within, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (prefix_contains(&within[i], &pool->range))
			return true;
	return !n;
}

/**
 * pools_next_within() - take a prefix of some ranges that is not handed out
 * @ps: the pools
 * @within: of ranges in these alone
 * @n: how many; 0: of any range
 * @out: the prefix
 *
 * Prefixes of profiles are left out.  Each is met once only, so that the cost
 * per prefix stays constant over the life of a pool.
 *
 * Return: false if all these pools are exhausted.
 */
bool pools_next_within(struct pools *ps, const struct prefix *within, unsigned int n,
		       struct prefix *out)
{
	unsigned int i;

	for (i = 0; i < ps->n; i++) {
		struct pool *pool = &ps->pool[i];

		if (range_within(pool, within, n) &&
		    (next_freed(ps, pool, out) || next_fresh(ps, pool, out)))
			return true;
	}
	for (i = 0; i < ps->n; i++) {
		while (range_within(&ps->pool[i], within, n) && ps->pool[i].n_refused) {
			at_index(ps, &ps->pool[i], first_refused(&ps->pool[i]), out);
			if (!find_reserved(ps, out))
				return true;
		}
	}
	return false;
}

/**
 * pools_next() - take a prefix that is not handed out
 * @ps: the pools
 * @out: the prefix
 *
 * Return: false if all pools are exhausted.
 */
bool pools_next(struct pools *ps, struct prefix *out)
{
	return pools_next_within(ps, NULL, 0, out);
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
 * Return: 0, -EINVAL if no range holds it (any more), or -ENOMEM: it is lost then until
 * the next start.
 */
int pools_put(struct pools *ps, const struct prefix *p)
{
	struct pool *pool = pool_of(ps, p);

	return pool ? push(pool, index_of(ps, pool, p)) : -EINVAL;
}

/**
 * pools_put_refused() - return a prefix that the kernel has refused
 * @ps: the pools
 * @p: the prefix; handed out again when there is no other, or when REFUSED_MAX
 *	others have been refused since: it may not have been the prefix's fault
 *
 * Return: as pools_put().
 */
int pools_put_refused(struct pools *ps, const struct prefix *p)
{
	struct pool *pool = pool_of(ps, p);
	int ret = 0;

	if (!pool)
		return -EINVAL;
	if (pool->n_refused == REFUSED_MAX)
		ret = push(pool, first_refused(pool));
	pool->refused[(pool->refused_at + pool->n_refused++) % REFUSED_MAX] =
		index_of(ps, pool, p);
	return ret;
}
