/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The membership database of one proxy instance (RFC 4605 §4.1): for each group what all
 * its listeners want, together.
 */
#ifndef CTL_MULTICAST_DATABASE_H
#define CTL_MULTICAST_DATABASE_H

#include "core/dict.h"
#include "multicast/filter.h"

/* How many want a source, and how many do not */
struct mcast_tally {
	struct in6_addr source;
	unsigned int include, exclude;
};

struct mcast_entry {
	struct in6_addr group;
	unsigned int listeners;		/* of any mode */
	unsigned int exclude;		/* and of mode EXCLUDE */
	unsigned int n, cap;
	struct mcast_tally *tallies;	/* ascending; neither number is 0 of all of them */
	bool dirty;			/* among those that mcast_database_next() gives */
	struct mcast_entry *prev, *next;
	struct dict_entry index;
};

struct mcast_database {
	struct dict index;
	struct mcast_entry *entries, *dirty;	/* an entry is in one of both lists */
	unsigned int n;
};

/* One listener wants another than before: 0, or -ENOMEM with nothing changed.  To nobody,
 * INCLUDE({}), it cannot fail.
 */
int mcast_database_change(struct mcast_database *db, const struct in6_addr *group,
			  const struct mcast_filter *before, const struct mcast_filter *after);
void mcast_database_free(struct mcast_database *db);
const struct mcast_entry *mcast_database_find(const struct mcast_database *db,
					      const struct in6_addr *group);

/* One that has changed since it was given last; NULL: none */
struct mcast_entry *mcast_database_next(struct mcast_database *db);
/* It has been seen; without listeners it is gone. */
void mcast_database_seen(struct mcast_database *db, struct mcast_entry *e);
/* What all want; there is room for n sources in out */
void mcast_entry_write(const struct mcast_entry *e, struct mcast_filter *out);
/* The same: *out is the caller's to clear.  0 or -ENOMEM */
int mcast_entry_filter(const struct mcast_entry *e, struct mcast_filter *out);

#endif
