// SPDX-License-Identifier: GPL-2.0
/* The hash table, against an array that knows what is in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/dict.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES	5000

struct probe {
	uint32_t key;
	bool in;
	struct dict_entry by_key;
};

static struct probe probe[ENTRIES];

/* So few hashes that many keys share one */
static uint32_t few(uint32_t key)
{
	return key % 512 * 0x01010101U;
}

static uint32_t many(uint32_t key)
{
	return dict_hash(&key, sizeof(key));
}

static struct probe *find(struct dict *t, uint32_t key, uint32_t (*hash)(uint32_t))
{
	struct dict_entry *e = dict_first(t, hash(key));

	for (; e; e = dict_next(e))
		if (dict_entry_of(e, struct probe, by_key)->key == key)
			return dict_entry_of(e, struct probe, by_key);
	return NULL;
}

static void random_use(uint32_t (*hash)(uint32_t))
{
	struct dict t = { 0 };
	uint32_t len = 0;

	memset(probe, 0, sizeof(probe));
	assert_null(find(&t, 0, hash));
	for (unsigned int step = 0; step < 100000; step++) {
		uint32_t key = (uint32_t)rand() % ENTRIES;
		struct probe *p = &probe[key];

		assert_ptr_equal(find(&t, key, hash), p->in ? p : NULL);
		p->key = key;
		if (p->in) {
			dict_del(&t, &p->by_key);
			len--;
		} else {
			dict_add(&t, &p->by_key, hash(key));
			len++;
		}
		p->in = !p->in;
		assert_int_equal(t.len, len);
	}
	for (uint32_t key = 0; key < ENTRIES; key++)
		assert_ptr_equal(find(&t, key, hash), probe[key].in ? &probe[key] : NULL);
	dict_free(&t);
	assert_null(find(&t, 0, hash));
}

/* RFC 5213 §5.4.1: the existence test finds an entry whatever came and went beside it */
static void random_use_against_an_array(void **state)
{
	(void)state;
	srand(5213);
	random_use(many);
	random_use(few);
}

/* No bucket of a full table is long, and no insertion has moved more than one of them */
static void growth_is_even(void **state)
{
	struct dict t = { 0 };

	(void)state;
	memset(probe, 0, sizeof(probe));
	for (uint32_t key = 0; key < ENTRIES; key++) {
		uint32_t before = t.buckets, longest = 0;

		probe[key].key = key;
		dict_add(&t, &probe[key].by_key, many(key));
		assert_true(!before || t.buckets - before <= 1);
		for (struct dict_entry *e = dict_first(&t, probe[key].by_key.hash); e; e = e->next)
			longest++;
		assert_true(longest < 16);
	}
	assert_int_equal(t.buckets, ENTRIES);
	dict_free(&t);
}

/* Every byte of a name counts, and none behind it */
static void all_bytes_are_hashed(void **state)
{
	uint8_t key[40] = { 0 };

	(void)state;
	for (size_t len = 1; len < sizeof(key); len++) {
		uint32_t h = dict_hash(key, len);

		assert_int_not_equal(h, dict_hash(key, len - 1));
		for (size_t i = 0; i < sizeof(key); i++) {
			key[i] ^= 0x40;
			if (i < len)
				assert_int_not_equal(h, dict_hash(key, len));
			else
				assert_int_equal(h, dict_hash(key, len));
			key[i] ^= 0x40;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_use_against_an_array),
		cmocka_unit_test(growth_is_even),
		cmocka_unit_test(all_bytes_are_hashed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
