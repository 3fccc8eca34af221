/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From which sources a group is listened to (RFC 3810 §4.2): a filter mode and a set of
 * sources.  So are the state of a node, and that of all of them together.
 */
#ifndef CTL_MULTICAST_FILTER_H
#define CTL_MULTICAST_FILTER_H

#include "mld/mld.h"

enum mcast_mode {
	MCAST_IN,
	MCAST_EX,
};

/* Zeroed, it is INCLUDE({}): nobody listens. */
struct mcast_filter {
	uint8_t mode;			/* enum mcast_mode */
	unsigned int n;
	struct in6_addr *sources;	/* ascending, each once */
};

int mcast_addr_cmp(const struct in6_addr *a, const struct in6_addr *b);
bool mcast_filter_equal(const struct mcast_filter *a, const struct mcast_filter *b);
/* 0 or -ENOMEM, with nothing changed */
int mcast_filter_copy(struct mcast_filter *to, const struct mcast_filter *from);
void mcast_filter_clear(struct mcast_filter *f);
/* Whether a source is in the set, and whether its packets are wanted */
bool mcast_filter_has(const struct mcast_filter *f, const struct in6_addr *source);
bool mcast_filter_passes(const struct mcast_filter *f, const struct in6_addr *source);

static inline bool mcast_filter_nobody(const struct mcast_filter *f)
{
	return f->mode == MCAST_IN && !f->n;
}

/* The set that a message has: number of them in *out, which is the caller's; or -ENOMEM */
int mcast_sources_read(struct in6_addr **out, const struct mld_sources *sources);

/* Groups that are forwarded at all, and those of one source each (RFC 4604, FF3x::/32) */
bool mcast_group_is_routed(const struct in6_addr *group);
bool mcast_group_is_ssm(const struct in6_addr *group);

#endif
