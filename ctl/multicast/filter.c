// SPDX-License-Identifier: GPL-2.0
/* Filter modes and sets of sources (RFC 3810 §4.2). */
#include "multicast/filter.h"

#include <errno.h>
#include <stdlib.h>

#define SCOPE_LINK	2	/* RFC 4291 §2.7 */

/**
 * mcast_addr_cmp() - the order of sources in a set
 * @a: one
 * @b: another
 *
 * Return: below, at, or above 0 as memcmp().
 */
int mcast_addr_cmp(const struct in6_addr *a, const struct in6_addr *b)
{
	return memcmp(a, b, sizeof(*a));
}

static int compare(const void *a, const void *b)
{
	return mcast_addr_cmp(a, b);
}

/**
 * mcast_filter_equal() - whether two let the same pass
 * @a: one
 * @b: another
 *
 * Return: whether mode and sources are the same.
 */
bool mcast_filter_equal(const struct mcast_filter *a, const struct mcast_filter *b)
{
	return a->mode == b->mode && a->n == b->n &&
	       (!a->n || !memcmp(a->sources, b->sources, a->n * sizeof(*a->sources)));
}

/**
 * mcast_filter_copy() - make one like another
 * @to: what it was is freed
 * @from: the other, not @to
 *
 * Return: 0, or -ENOMEM with @to as it was.
 */
int mcast_filter_copy(struct mcast_filter *to, const struct mcast_filter *from)
{
	struct in6_addr *copy = NULL;

	if (from->n) {
		copy = reallocarray(NULL, from->n, sizeof(*copy));
		if (!copy)
			return -ENOMEM;
		memcpy(copy, from->sources, from->n * sizeof(*copy));
	}
	free(to->sources);
	to->mode = from->mode;
	to->n = from->n;
	to->sources = copy;
	return 0;
}

/**
 * mcast_filter_clear() - free what a filter has; nobody listens then
 * @f: the filter
 */
void mcast_filter_clear(struct mcast_filter *f)
{
	free(f->sources);
	memset(f, 0, sizeof(*f));
}

/**
 * mcast_filter_has() - whether a source is in a filter's set
 * @f: the filter
 * @source: the source
 *
 * Return: whether it is, whatever the mode.
 */
bool mcast_filter_has(const struct mcast_filter *f, const struct in6_addr *source)
{
	return f->n && bsearch(source, f->sources, f->n, sizeof(*source), compare);
}

/**
 * mcast_filter_passes() - whether packets of a source are wanted
 * @f: the filter
 * @source: the source
 *
 * RFC 3810 §3: with INCLUDE "only from the source addresses listed", with EXCLUDE "from
 * all source addresses except those listed".
 *
 * Return: whether they are.
 */
bool mcast_filter_passes(const struct mcast_filter *f, const struct in6_addr *source)
{
	return mcast_filter_has(f, source) == (f->mode == MCAST_IN);
}

/* RFC 3810 §5.2.9: "a vector of n unicast addresses"; no packet is from any other */
static bool is_source(const struct in6_addr *a)
{
	return !IN6_IS_ADDR_MULTICAST(a) && !IN6_IS_ADDR_UNSPECIFIED(a);
}

/**
 * mcast_sources_read() - the set of sources that a message has
 * @out: set to it, ascending, each once; to be freed by the caller
 * @sources: as they came
 *
 * What can be the source of no packet is left out.
 *
 * Return: how many there are, or -ENOMEM.
 */
int mcast_sources_read(struct in6_addr **out, const struct mld_sources *sources)
{
	unsigned int n = 0, len = 0;
	struct in6_addr *set;

	*out = NULL;
	if (!sources->n)
		return 0;
	set = reallocarray(NULL, sources->n, sizeof(*set));
	if (!set)
		return -ENOMEM;
	for (unsigned int i = 0; i < sources->n; i++) {
		set[n] = mld_source(sources, i);
		n += is_source(&set[n]);
	}
	qsort(set, n, sizeof(*set), compare);
	for (unsigned int i = 0; i < n; i++)
		if (!len || mcast_addr_cmp(&set[i], &set[len - 1]))
			set[len++] = set[i];
	*out = set;
	return (int)len;
}

/**
 * mcast_group_is_routed() - whether a group's packets leave a link
 * @group: the multicast address
 *
 * RFC 4291 §2.7: packets of scopes 1 and 2 stay on interface and link, 0 is reserved.
 * RFC 3810 §6 has no messages about scopes 0 and 1 at all.
 *
 * Return: whether they may.
 */
bool mcast_group_is_routed(const struct in6_addr *group)
{
	return IN6_IS_ADDR_MULTICAST(group) && (group->s6_addr[1] & 0xf) > SCOPE_LINK;
}

/**
 * mcast_group_is_ssm() - whether a group is one of Source-Specific Multicast
 * @group: the multicast address
 *
 * RFC 4607 §1: FF3x::/32.
 *
 * Return: whether it is.
 */
bool mcast_group_is_ssm(const struct in6_addr *group)
{
	return group->s6_addr[0] == 0xff && group->s6_addr[1] >> 4 == 3 &&
	       !group->s6_addr[2] && !group->s6_addr[3];
}
