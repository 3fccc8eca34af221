/* SPDX-License-Identifier: GPL-2.0 */
/* What the next daemon finds, if this one dies: in an LMDB file. */
#ifndef CTL_IO_STORE_H
#define CTL_IO_STORE_H

#include "core/env.h"

/* Whose it is: of another, or of one whose records look otherwise, it is no use. */
struct store_owner {
	struct in6_addr lma, mag;	/* ::, without that role */
	uint32_t lma_layout, mag_layout;
};

struct store;

struct store *store_open(const char *dir, const struct store_owner *owner, uint32_t *counter);
void store_count(struct store *s, uint32_t counter);
void store_put(struct store *s, const struct keep_key *key, const void *data, size_t len,
	       bool more);
bool store_commit(struct store *s);
int store_each(struct store *s, uint8_t kind,
	       bool (*fn)(void *arg, const struct keep_key *key, const void *data, size_t len),
	       void *arg);
unsigned int store_some(struct store *s, struct keep_key *at, unsigned int n, uint64_t *broken,
			void (*fn)(void *arg, const struct keep_key *key, const void *data,
				   size_t len, bool more), void *arg);
void store_close(struct store *s);
void store_remove(const char *dir);

#endif
