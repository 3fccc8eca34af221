/* SPDX-License-Identifier: GPL-2.0 */
/* A keyed hash of addresses that costs a few multiplications. */
#ifndef _PMIP_HASH_H
#define _PMIP_HASH_H

#include <linux/in6.h>
#include <linux/random.h>
#include <linux/types.h>

/* Words that a key is enough for: two addresses and one more pair */
#define PMIP_HASH_WORDS	10

/**
 * struct pmip_hash_key - what makes a hash nobody else's
 * @word: one for each word of what is hashed
 * @mix: odd
 */
struct pmip_hash_key {
	u32 word[PMIP_HASH_WORDS];
	u64 mix;
};

static inline void pmip_hash_key_init(struct pmip_hash_key *key)
{
	get_random_bytes(key, sizeof(*key));
	key->mix |= 1;
}

/**
 * pmip_hash() - hash of an even number of words
 * @key: the key
 * @w: the words
 * @n: their number, a constant up to PMIP_HASH_WORDS
 *
 * NH, of which UMAC is made (RFC 4418 §5.2): without the key nobody finds two
 * inputs of one sum but by chance, one in 2^32.  Then multiplication by an odd
 * number, whose upper bits are universal.  The multiplications do not wait for
 * each other, as siphash's rounds do.
 *
 * Context: any. Return: the hash; take bits from its top.
 */
static __always_inline u64 pmip_hash(const struct pmip_hash_key *key,
				     const u32 *w, unsigned int n)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < n; i += 2)
		sum += (u64)(u32)(w[i] + key->word[i]) *
		       (u32)(w[i + 1] + key->word[i + 1]);
	return (sum ^ (sum >> 32)) * key->mix;
}

static __always_inline u64 pmip_hash_addr(const struct pmip_hash_key *key,
					  const struct in6_addr *addr)
{
	return pmip_hash(key, (__force const u32 *)addr->s6_addr32, 4);
}

#endif /* _PMIP_HASH_H */
