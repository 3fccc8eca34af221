// SPDX-License-Identifier: GPL-2.0
/* RFC 5213 §5.2: a home network prefix is one mobile node's, in part and whole. */
#include "policy/overlap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * owned_add() - one more prefix
 * @l: the list, zeroed at first
 * @p: the prefix
 * @where: what to know it by
 *
 * Return: 0 or -ENOMEM.
 */
int owned_add(struct owned_list *l, const struct prefix *p, void *where)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 64;
		struct owned *v = reallocarray(l->v, cap, sizeof(*v));

		if (!v)
			return -ENOMEM;
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = (struct owned){ .prefix = *p, .where = where };
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct prefix *p = &((const struct owned *)a)->prefix;
	const struct prefix *q = &((const struct owned *)b)->prefix;
	int ret = memcmp(&p->addr, &q->addr, sizeof(p->addr));

	return ret ? ret : (int)p->len - (int)q->len;
}

/**
 * owned_overlap() - look for two that overlap
 * @l: the list, sorted afterwards
 * @a: the wider of the two
 * @b: the other
 *
 * By address, and the wider first, what lies in a prefix follows it: if any two
 * overlap, two neighbours do.
 *
 * Return: true if there are two.
 */
bool owned_overlap(struct owned_list *l, const struct owned **a, const struct owned **b)
{
	size_t i;

	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), compare);
	for (i = 1; i < l->n; i++) {
		if (!prefix_contains(&l->v[i - 1].prefix, &l->v[i].prefix))
			continue;
		*a = &l->v[i - 1];
		*b = &l->v[i];
		return true;
	}
	return false;
}

/**
 * owned_free() - release a list
 * @l: the list, empty afterwards
 */
void owned_free(struct owned_list *l)
{
	free(l->v);
	memset(l, 0, sizeof(*l));
}
