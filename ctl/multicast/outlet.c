// SPDX-License-Identifier: GPL-2.0
/* What several listeners want of one way (RFC 4605 §4.1, RFC 3810 §4.2). */
#include "multicast/outlet.h"

#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

/**
 * mcast_outlet_init() - a way that nobody uses yet
 * @o: the outlet
 * @ops: what is told of its routes; must outlive it
 * @arg: for @ops
 * @number: of it, in routes
 */
void mcast_outlet_init(struct mcast_outlet *o, const struct mcast_route_ops *ops, void *arg,
		       uint64_t number)
{
	memset(o, 0, sizeof(*o));
	o->ops = ops;
	o->arg = arg;
	o->number = number;
}

/**
 * mcast_outlet_free() - forget a way that nobody uses any more
 * @o: the outlet; its routes are removed already
 */
void mcast_outlet_free(struct mcast_outlet *o)
{
	mcast_database_free(&o->db);
	free(o->was);
	free(o->now);
}

/* It is never given back: what leaves needs no more than what came. */
static int reserve(struct mcast_outlet *o, unsigned int n)
{
	struct in6_addr *room;

	if (n <= o->room)
		return 0;
	room = reallocarray(o->was, n, sizeof(*room));
	if (!room)
		return -ENOMEM;
	o->was = room;
	room = reallocarray(o->now, n, sizeof(*room));
	if (!room)
		return -ENOMEM;
	o->now = room;
	o->room = n;
	return 0;
}

/**
 * mcast_outlet_change() - what one listener wants has changed
 * @o: the outlet
 * @group: in which group
 * @before: what it wanted, INCLUDE({}) if it did not listen
 * @after: what it wants now, INCLUDE({}) if it does not listen any more
 *
 * Return: 0, or -ENOMEM with nothing changed; with INCLUDE({}) it cannot fail.
 */
int mcast_outlet_change(struct mcast_outlet *o, const struct in6_addr *group,
			const struct mcast_filter *before, const struct mcast_filter *after)
{
	struct mcast_entry *e = (struct mcast_entry *)mcast_database_find(&o->db, group);
	struct mcast_filter was = { .mode = MCAST_IN }, now;
	int err = reserve(o, (e ? e->n : 0) + after->n);

	if (err)
		return err;
	was.sources = o->was;
	now.sources = o->now;
	if (e)
		mcast_entry_write(e, &was);
	err = mcast_database_change(&o->db, group, before, after);
	if (err)
		return err;
	e = mcast_database_next(&o->db);
	mcast_entry_write(e, &now);
	mcast_database_seen(&o->db, e);
	mcast_route_change(o->ops, o->arg, o->number, group, &was, &now);
	return 0;
}

/**
 * mcast_outlet_restore() - tell all routes, from the beginning
 * @o: the outlet
 */
void mcast_outlet_restore(struct mcast_outlet *o)
{
	static const struct mcast_filter nobody;
	struct mcast_entry *e;

	DL_FOREACH(o->db.entries, e) {
		struct mcast_filter all = { .sources = o->now };

		mcast_entry_write(e, &all);
		mcast_route_change(o->ops, o->arg, o->number, &e->group, &nobody, &all);
	}
}
