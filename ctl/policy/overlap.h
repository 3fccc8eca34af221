/* SPDX-License-Identifier: GPL-2.0 */
/* Prefixes of many nodes, and whether any two of them overlap. */
#ifndef CTL_POLICY_OVERLAP_H
#define CTL_POLICY_OVERLAP_H

#include "core/id.h"

#include <stddef.h>

struct owned {
	struct prefix prefix;
	void *where;		/* the caller's */
};

struct owned_list {
	struct owned *v;
	size_t n, cap;
};

int owned_add(struct owned_list *l, const struct prefix *p, void *where);
bool owned_overlap(struct owned_list *l, const struct owned **a, const struct owned **b);
void owned_free(struct owned_list *l);

#endif
