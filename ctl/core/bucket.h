/* SPDX-License-Identifier: GPL-2.0 */
/* How often something may be: a token bucket, without a timer of its own. */
#ifndef CTL_CORE_BUCKET_H
#define CTL_CORE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed, it is full. */
struct bucket {
	uint64_t from;		/* ns: since when what is in it has been saved */
};

bool bucket_take(struct bucket *b, uint64_t now, uint32_t rate, uint32_t burst);

#endif
