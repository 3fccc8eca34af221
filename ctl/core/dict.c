// SPDX-License-Identifier: GPL-2.0
/*
 * Linear hashing (W. Litwin, "Linear hashing: a new tool for file and table
 * addressing", VLDB 1980).  Each insertion into a full table splits one bucket
 * into two, in turn, so that a million entries are never moved at once: while
 * they were, a daemon would answer nobody.
 */
#include "core/dict.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define FIRST	(1U << DICT_FIRST_BITS)

static unsigned int log2_of(uint32_t n)
{
	return 31 - (unsigned int)__builtin_clz(n);
}

/* Buckets 32 to 63 are the first array that is allocated, 64 to 127 the next */
static struct dict_entry **bucket(const struct dict *t, uint32_t i)
{
	unsigned int bits;

	if (i < FIRST)
		return (struct dict_entry **)&t->first[i];
	bits = log2_of(i);
	return &t->more[bits - DICT_FIRST_BITS][i - (1U << bits)];
}

/* Where an entry belongs while only some of the buckets are split */
static struct dict_entry **bucket_of(const struct dict *t, uint32_t hash)
{
	uint32_t n = t->buckets ? t->buckets : FIRST;
	uint32_t low = 1U << log2_of(n);
	uint32_t i = hash & (2 * low - 1);

	return bucket(t, i < n ? i : i & (low - 1));
}

static bool make_room(struct dict *t, uint32_t n)
{
	unsigned int bits = log2_of(n);
	struct dict_entry ***more = &t->more[bits - DICT_FIRST_BITS];

	if (n == 1U << bits && !*more)
		*more = calloc(n, sizeof(**more));
	return *more;
}

/* Without memory the table stays as it is, and its chains get longer. */
static void split_one(struct dict *t)
{
	uint32_t n = t->buckets, low = 1U << log2_of(n);
	struct dict_entry **from, **to, *e;

	if (n == 1U << 31 || !make_room(t, n))
		return;
	from = bucket(t, n - low);
	to = bucket(t, n);
	for (e = *from; e; e = *from) {
		if (e->hash & low) {
			*from = e->next;
			*to = e;
			to = &e->next;
		} else {
			from = &e->next;
		}
	}
	*to = NULL;
	t->buckets++;
}

/* @b: odd, or the lowest bits of all products are the same */
static uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 v = (unsigned __int128)a * b;

	return (uint64_t)v ^ (uint64_t)(v >> 64);
}

/**
 * dict_hash() - the hash of a key
 * @key: its bytes
 * @len: their number
 *
 * Multiplied and folded from a start that differs from run to run: nodes
 * choose their names, and shall not know which of them meet in one bucket.  The first
 * call is to be over before any thread makes another.
 *
 * Return: the hash.
 */
uint32_t dict_hash(const void *key, size_t len)
{
	static uint64_t seed[2];
	const uint8_t *p = key;
	uint64_t h, v;

	if (!seed[0]) {
		if (getrandom(seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
			seed[1] = 0;	/* early in the boot: as good as it gets */
		seed[0] |= 1;
	}
	h = seed[1] ^ len;
	for (; len >= sizeof(v); p += sizeof(v), len -= sizeof(v)) {
		memcpy(&v, p, sizeof(v));
		h = fold(h ^ v, seed[0] ^ 0x9e3779b97f4a7c14ULL);
	}
	v = 0;
	memcpy(&v, p, len);
	h = fold(h ^ v, seed[0] ^ 0xd6e8feb86659fd92ULL);
	/* names that follow each other are not yet far enough apart for each seed */
	return (uint32_t)fold(h, seed[0]);
}

/**
 * dict_add() - put an entry into a table; cannot fail
 * @t: the table
 * @e: the entry, in no table
 * @hash: of its key
 */
void dict_add(struct dict *t, struct dict_entry *e, uint32_t hash)
{
	struct dict_entry **b;

	if (!t->buckets)
		t->buckets = FIRST;
	e->hash = hash;
	b = bucket_of(t, hash);
	e->next = *b;
	*b = e;
	if (++t->len > t->buckets)
		split_one(t);
}

/**
 * dict_del() - take an entry out of a table
 * @t: the table
 * @e: the entry, which is in it
 */
void dict_del(struct dict *t, struct dict_entry *e)
{
	struct dict_entry **p = bucket_of(t, e->hash);

	while (*p != e)
		p = &(*p)->next;
	*p = e->next;
	t->len--;
}

/**
 * dict_free() - forget all entries, and free the table's own memory
 * @t: the table; empty afterwards
 */
void dict_free(struct dict *t)
{
	size_t i;

	for (i = 0; i < sizeof(t->more) / sizeof(*t->more); i++)
		free(t->more[i]);
	memset(t, 0, sizeof(*t));
}

/**
 * dict_next() - the next entry of the same hash
 * @e: the entry
 *
 * Return: the entry, NULL if there is none.
 */
struct dict_entry *dict_next(const struct dict_entry *e)
{
	struct dict_entry *n = e->next;

	while (n && n->hash != e->hash)
		n = n->next;
	return n;
}

/**
 * dict_first() - the first entry of a hash
 * @t: the table
 * @hash: the hash
 *
 * Its key is the caller's to compare, and that of dict_next() if it differs.
 *
 * Return: the entry, NULL if there is none.
 */
struct dict_entry *dict_first(const struct dict *t, uint32_t hash)
{
	struct dict_entry *e = *bucket_of(t, hash);

	while (e && e->hash != hash)
		e = e->next;
	return e;
}
