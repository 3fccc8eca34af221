// SPDX-License-Identifier: GPL-2.0
/* The memberships of all listeners, merged (RFC 4605 §4.1, RFC 3810 §4.2). */
#include "multicast/database.h"

#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

/**
 * mcast_database_find() - what is known of a group
 * @db: the database
 * @group: the group
 *
 * Return: its entry; NULL: nobody listens to it.
 */
const struct mcast_entry *mcast_database_find(const struct mcast_database *db,
					      const struct in6_addr *group)
{
	struct dict_entry *i = dict_first(&db->index, dict_hash(group, sizeof(*group)));

	for (; i; i = dict_next(i)) {
		const struct mcast_entry *e = dict_entry_of(i, struct mcast_entry, index);

		if (IN6_ARE_ADDR_EQUAL(&e->group, group))
			return e;
	}
	return NULL;
}

static struct mcast_entry *get(struct mcast_database *db, const struct in6_addr *group)
{
	struct mcast_entry *e = (struct mcast_entry *)mcast_database_find(db, group);

	if (e)
		return e;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	e->group = *group;
	dict_add(&db->index, &e->index, dict_hash(group, sizeof(*group)));
	DL_APPEND(db->entries, e);
	db->n++;
	return e;
}

static void drop(struct mcast_database *db, struct mcast_entry *e)
{
	dict_del(&db->index, &e->index);
	if (e->dirty)
		DL_DELETE(db->dirty, e);
	else
		DL_DELETE(db->entries, e);
	db->n--;
	free(e->tallies);
	free(e);
}

/* Where a source is, or would be */
static unsigned int place_of(const struct mcast_entry *e, const struct in6_addr *source,
			     unsigned int from)
{
	unsigned int to = e->n;

	while (from < to) {
		unsigned int mid = from + (to - from) / 2;

		if (mcast_addr_cmp(&e->tallies[mid].source, source) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static bool is_at(const struct mcast_entry *e, unsigned int place, const struct in6_addr *source)
{
	return place < e->n && !mcast_addr_cmp(&e->tallies[place].source, source);
}

static unsigned int count_new(const struct mcast_entry *e, const struct mcast_filter *f)
{
	unsigned int place = 0, n = 0;

	for (unsigned int i = 0; i < f->n; i++) {
		place = place_of(e, &f->sources[i], place);
		n += !is_at(e, place, &f->sources[i]);
	}
	return n;
}

static int reserve(struct mcast_entry *e, unsigned int n)
{
	struct mcast_tally *t;

	if (n <= e->cap)
		return 0;
	/* twice as many: one by one must not be copied each time */
	t = reallocarray(e->tallies, 2 * (size_t)n, sizeof(*t));
	if (!t)
		return -ENOMEM;
	e->tallies = t;
	e->cap = 2 * n;
	return 0;
}

/* A tally for each source that has none; there is room for so many.  From the end on, so
 * that each tally moves once.
 */
static void insert(struct mcast_entry *e, const struct mcast_filter *f, unsigned int fresh)
{
	unsigned int from = e->n, to = e->n + fresh, i = f->n;

	e->n = to;
	while (fresh) {
		const struct in6_addr *s = &f->sources[i - 1];
		int order = from ? mcast_addr_cmp(&e->tallies[from - 1].source, s) : -1;

		if (order > 0) {
			e->tallies[--to] = e->tallies[--from];
			continue;
		}
		i--;
		if (order == 0)
			continue;
		e->tallies[--to] = (struct mcast_tally){ .source = *s };
		fresh--;
	}
}

/* One more or one less; every source has its tally. */
static void tally(struct mcast_entry *e, const struct mcast_filter *f, unsigned int change)
{
	unsigned int place = 0;

	if (mcast_filter_nobody(f))
		return;
	e->listeners += change;
	if (f->mode == MCAST_EX)
		e->exclude += change;
	for (unsigned int i = 0; i < f->n; i++) {
		place = place_of(e, &f->sources[i], place);
		if (f->mode == MCAST_EX)
			e->tallies[place].exclude += change;
		else
			e->tallies[place].include += change;
	}
}

static void compact(struct mcast_entry *e)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < e->n; i++)
		if (e->tallies[i].include || e->tallies[i].exclude)
			e->tallies[n++] = e->tallies[i];
	e->n = n;
}

/**
 * mcast_database_change() - what one listener wants has changed
 * @db: the database
 * @group: in which group
 * @before: what it wanted, INCLUDE({}) if it did not listen
 * @after: what it wants now, INCLUDE({}) if it does not listen any more
 *
 * The time that it takes depends on the sources of this group, not on the listeners.
 *
 * Return: 0, or -ENOMEM with nothing changed; with INCLUDE({}) it cannot fail.
 */
int mcast_database_change(struct mcast_database *db, const struct in6_addr *group,
			  const struct mcast_filter *before, const struct mcast_filter *after)
{
	struct mcast_entry *e = get(db, group);
	unsigned int fresh;

	if (!e)
		return -ENOMEM;
	fresh = count_new(e, after);
	if (reserve(e, e->n + fresh)) {
		if (!e->listeners && !e->dirty)
			drop(db, e);
		return -ENOMEM;
	}
	insert(e, after, fresh);
	tally(e, after, 1);
	tally(e, before, -1U);
	compact(e);
	if (!e->dirty) {
		DL_DELETE(db->entries, e);
		DL_APPEND(db->dirty, e);
		e->dirty = true;
	}
	return 0;
}

/**
 * mcast_database_free() - forget all
 * @db: the database, empty afterwards
 */
void mcast_database_free(struct mcast_database *db)
{
	while (db->dirty)
		drop(db, db->dirty);
	while (db->entries)
		drop(db, db->entries);
	dict_free(&db->index);
}

/**
 * mcast_database_next() - a group that has changed
 * @db: the database
 *
 * Return: the one that has changed first and not been seen since; NULL: none.
 */
struct mcast_entry *mcast_database_next(struct mcast_database *db)
{
	return db->dirty;
}

/**
 * mcast_database_seen() - what a group has become is known
 * @db: the database
 * @e: from mcast_database_next(); gone if nobody listens
 */
void mcast_database_seen(struct mcast_database *db, struct mcast_entry *e)
{
	if (!e->listeners) {
		drop(db, e);
		return;
	}
	DL_DELETE(db->dirty, e);
	DL_APPEND(db->entries, e);
	e->dirty = false;
}

/* RFC 3810 §4.2: the union of all in INCLUDE mode; or, if there are any in EXCLUDE mode, "the
 * intersection of the source lists" of those "minus those source addresses that appear in
 * any" of the others
 */
static bool in_set(const struct mcast_entry *e, const struct mcast_tally *t)
{
	return e->exclude ? t->exclude == e->exclude && !t->include : t->include;
}

/**
 * mcast_entry_write() - what all listeners of a group want
 * @e: the group
 * @out: set; its sources have room for as many as @e->n
 *
 * RFC 4605 §4.1: the subscriptions, merged by "the merging rules for multiple memberships on
 * a single interface".
 */
void mcast_entry_write(const struct mcast_entry *e, struct mcast_filter *out)
{
	out->mode = e->exclude ? MCAST_EX : MCAST_IN;
	out->n = 0;
	for (unsigned int i = 0; i < e->n; i++)
		if (in_set(e, &e->tallies[i]))
			out->sources[out->n++] = e->tallies[i].source;
}

/**
 * mcast_entry_filter() - as mcast_entry_write(), with room for it
 * @e: the group
 * @out: set; the caller's to clear
 *
 * Return: 0 or -ENOMEM.
 */
int mcast_entry_filter(const struct mcast_entry *e, struct mcast_filter *out)
{
	memset(out, 0, sizeof(*out));
	if (e->n) {
		out->sources = reallocarray(NULL, e->n, sizeof(*out->sources));
		if (!out->sources)
			return -ENOMEM;
	}
	mcast_entry_write(e, out);
	return 0;
}
