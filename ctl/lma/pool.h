/* SPDX-License-Identifier: GPL-2.0 */
/* Home network prefixes to give out. */
#ifndef CTL_LMA_POOL_H
#define CTL_LMA_POOL_H

#include "core/hash.h"
#include "core/id.h"

#define REFUSED_MAX	1024

struct pool {
	struct prefix range;
	uint64_t next, size;		/* never given out yet: from next on */
	uint64_t *freed;		/* given out once, and returned: a stack */
	size_t n_freed, cap;
	uint64_t refused[REFUSED_MAX];	/* by the kernel: a queue */
	unsigned int refused_at, n_refused;
};

struct pools {
	unsigned int n;
	uint8_t len;			/* of the prefixes */
	struct pool *pool;
	struct reserved *reserved;	/* prefixes that profiles own */
	unsigned int n_lens;		/* how many lengths these have, and which */
	uint8_t lens[129];
};

int pools_init(struct pools *ps, const struct prefix *range, unsigned int n,
	       uint8_t len);
int pools_change(struct pools *ps, const struct prefix *range, unsigned int n);
void pools_free(struct pools *ps);
int pools_reserve(struct pools *ps, const struct prefix *p);
void pools_unreserve(struct pools *ps);
bool pools_reserved(struct pools *ps, const struct prefix *p);
bool pools_own(const struct pools *ps, const struct prefix *p);
bool pools_next(struct pools *ps, struct prefix *out);
bool pools_next_within(struct pools *ps, const struct prefix *within, unsigned int n,
		       struct prefix *out);
int pools_put(struct pools *ps, const struct prefix *p);
int pools_put_refused(struct pools *ps, const struct prefix *p);

#endif
