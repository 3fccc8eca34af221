/* SPDX-License-Identifier: GPL-2.0 */
/* Which controller made an object: each start of one has the next number. */
#ifndef _PMIP_GENERATION_H
#define _PMIP_GENERATION_H

#include "netns.h"

/**
 * pmip_generation_older() - is a generation an earlier one
 * @generation: the one
 * @than: the other
 *
 * Serial arithmetic: the number may wrap.
 *
 * Context: any. Return: true if it is.
 */
static inline bool pmip_generation_older(u32 generation, u32 than)
{
	return (s32)(generation - than) < 0;
}

/**
 * pmip_generation_set() - an object is a controller's from now on
 * @pn: the namespace, which remembers the latest
 * @of: the object's generation
 * @generation: the controller's, 0 of one that has not said it
 *
 * A controller that has lost its own count finds the latest in one answer, however
 * many objects there are.
 *
 * Context: process, @pn->lock held.
 */
static inline void pmip_generation_set(struct pmip_net *pn, u32 *of,
				       u32 generation)
{
	*of = generation;
	if (generation && (!pn->generation ||
			   pmip_generation_older(pn->generation, generation)))
		pn->generation = generation;
}

#endif /* _PMIP_GENERATION_H */
