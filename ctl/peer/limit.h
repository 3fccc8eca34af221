/* SPDX-License-Identifier: GPL-2.0 */
/* How many messages of each kind are heard, of one gateway and of all. */
#ifndef CTL_PEER_LIMIT_H
#define CTL_PEER_LIMIT_H

#include "core/bucket.h"
#include "mh/mh.h"

#define LIMIT_KINDS	(MH_KINDS + 1)	/* the last one: of a type that is none here */
#define LIMIT_SLOTS	1024		/* buckets of gateways, for each kind */

/* A second; 0: any number.  So many may come at once, too. */
struct limit_conf {
	struct {
		uint32_t peer, total;
	} of[LIMIT_KINDS];
};

struct limit {
	const struct limit_conf *conf;
	struct bucket total[LIMIT_KINDS];
	struct bucket peer[LIMIT_SLOTS][LIMIT_KINDS];
	struct bucket errors, error[LIMIT_SLOTS];
};

void limit_defaults(struct limit_conf *c);
unsigned int limit_kind(const uint8_t *msg, size_t len);
const char *limit_kind_str(unsigned int kind);
struct limit *limit_new(const struct limit_conf *c);
bool limit_allows(struct limit *l, unsigned int kind, const struct in6_addr *from, uint64_t now);
bool limit_allows_error(struct limit *l, const struct in6_addr *to, uint64_t now);
void limit_free(struct limit *l);

#endif
