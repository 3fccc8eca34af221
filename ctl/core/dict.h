/* SPDX-License-Identifier: GPL-2.0 */
/* Hash tables that grow by one bucket at a time: no insertion takes long. */
#ifndef CTL_CORE_DICT_H
#define CTL_CORE_DICT_H

#include <stddef.h>
#include <stdint.h>

#define DICT_FIRST_BITS	5	/* buckets that are there at once, as a power of two */

/* Inside whatever is to be found; container_of() leads back */
struct dict_entry {
	struct dict_entry *next;
	uint32_t hash;
};

/* Zeroed, it is empty. */
struct dict {
	struct dict_entry *first[1 << DICT_FIRST_BITS];
	struct dict_entry **more[32 - DICT_FIRST_BITS];
	uint32_t buckets, len;
};

uint32_t dict_hash(const void *key, size_t len);
void dict_add(struct dict *t, struct dict_entry *e, uint32_t hash);
void dict_del(struct dict *t, struct dict_entry *e);
void dict_free(struct dict *t);

/* Entries of one hash, which may be those of several keys; NULL: no more */
struct dict_entry *dict_first(const struct dict *t, uint32_t hash);
struct dict_entry *dict_next(const struct dict_entry *e);

#define dict_entry_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#endif
