/* SPDX-License-Identifier: GPL-2.0 */
/*
 * uthash, with a last word: where there is no memory for an index, what has
 * been allocated could never be found again.  The process says so and ends;
 * forwarding goes on in the kernel, and the next start takes it over.
 *
 * Its own hash is the same for everybody: who chooses keys, as a node does its link-layer
 * address, could have them all meet in one bucket.
 */
#ifndef CTL_CORE_HASH_H
#define CTL_CORE_HASH_H

#include "core/dict.h"
#include "core/log.h"

#include <stdlib.h>

#define uthash_fatal(msg)					\
	do {							\
		log_err("no memory for an index: %s", msg);	\
		exit(EXIT_FAILURE);				\
	} while (0)

#define HASH_FUNCTION(key, len, hash)	((hash) = dict_hash(key, len))

#include <uthash.h>

#endif
