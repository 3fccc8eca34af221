// SPDX-License-Identifier: GPL-2.0
/* The flow mobility cache of one mobile node (draft: flow mobility §5.2). */
#include "flow/cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static uint64_t now(const struct fmc *c)
{
	return c->env->ops->now(c->env->ctx);
}

/**
 * flow_spec_equal() - whether two descriptions are of the same flow
 * @a: one, its selector normalised
 * @b: the other, likewise
 *
 * Return: whether nothing differs.
 */
bool flow_spec_equal(const struct flow_spec *a, const struct flow_spec *b)
{
	return a->fid == b->fid && a->pri == b->pri && a->verdict == b->verdict &&
	       a->n_bid == b->n_bid &&
	       !memcmp(a->bid, b->bid, a->n_bid * sizeof(*a->bid)) &&
	       selector_equal(&a->selector, &b->selector);
}

/**
 * flow_remaining() - how long an entry is to stay
 * @c: the cache
 * @f: one of its entries
 *
 * Return: seconds, rounded up; FLOW_FOREVER.
 */
uint32_t flow_remaining(const struct fmc *c, const struct flow *f)
{
	uint64_t t = now(c);

	if (!f->expires)
		return FLOW_FOREVER;
	if (f->expires <= t)
		return 0;
	return (uint32_t)((f->expires - t + NSEC_PER_SEC - 1) / NSEC_PER_SEC);
}

/**
 * fmc_find() - the entry of a flow
 * @c: the cache
 * @fid: the flow
 *
 * Return: the entry, NULL if there is none.
 */
struct flow *fmc_find(const struct fmc *c, uint16_t fid)
{
	struct flow *f;

	DL_FOREACH(c->flows, f)
		if (f->spec.fid == fid)
			return f;
	return NULL;
}

/* RFC 7864 §5.2: "An entry becomes "Inactive" only if all of the BIDs are de-registered." */
static bool is_active(const struct fmc *c, const struct flow_spec *s)
{
	if (s->verdict == FLOW_DROP || !c->ops->registered)
		return true;
	for (unsigned int i = 0; i < s->n_bid; i++)
		if (c->ops->registered(c->arg, s->bid[i]))
			return true;
	return false;
}

static void end(struct fmc *c, struct flow *f, enum flow_end why)
{
	DL_DELETE(c->flows, f);
	c->n--;
	c->ops->ended(c->arg, f, why);
	free(f);
}

/* The timer to the next end, if there is one; it has room in the queue. */
static void rearm(struct fmc *c)
{
	uint64_t next = 0;
	struct flow *f;

	DL_FOREACH(c->flows, f)
		if (f->expires && (!next || f->expires < next))
			next = f->expires;
	if (next)
		timerq_set(c->env->timers, &c->timer, next);
	else
		timerq_cancel(c->env->timers, &c->timer);
}

static void fire(void *arg)
{
	struct fmc *c = arg;
	struct flow *f, *tmp;

	DL_FOREACH_SAFE(c->flows, f, tmp)
		if (f->expires && f->expires <= now(c))
			end(c, f, FLOW_EXPIRED);
	rearm(c);
}

/**
 * fmc_init() - an empty cache
 * @c: the cache
 * @env: its world: clock and timers
 * @ops: what its owner does about its entries; must outlive it
 * @arg: for @ops
 */
void fmc_init(struct fmc *c, struct env *env, const struct fmc_ops *ops, void *arg)
{
	memset(c, 0, sizeof(*c));
	c->env = env;
	c->ops = ops;
	c->arg = arg;
	timer_init(&c->timer, fire, c);
}

/**
 * fmc_clear() - remove all entries, as when their node leaves
 * @c: the cache, empty and still good afterwards
 */
void fmc_clear(struct fmc *c)
{
	while (c->flows)
		end(c, c->flows, FLOW_REMOVED);
	timerq_cancel(c->env->timers, &c->timer);
}

/* What is wrong with it by itself */
static int check_spec(const struct fmc *c, const struct flow_spec *s)
{
	if (!s->fid || !s->pri || s->verdict > FLOW_DROP || s->n_bid > PEERS_MAX)
		return -EINVAL;
	if (s->verdict == FLOW_FORWARD && !s->n_bid && c->ops->registered)
		return -EINVAL;
	for (unsigned int i = 0; i < s->n_bid; i++)
		if (!s->bid[i])
			return -EINVAL;
	return 0;
}

static bool among(const struct flow_spec *specs, unsigned int n, uint16_t fid)
{
	for (unsigned int i = 0; i < n; i++)
		if (specs[i].fid == fid)
			return true;
	return false;
}

/* RFC 6089 §4.2: "two FIDs MUST NOT be associated with the same FID-PRI value" */
static int check_others(const struct fmc *c, const struct flow_spec *specs,
			unsigned int n, unsigned int i, enum fmc_rest rest)
{
	const struct flow *f;

	for (unsigned int j = 0; j < i; j++)
		if (specs[j].fid == specs[i].fid || specs[j].pri == specs[i].pri)
			return -EEXIST;
	DL_FOREACH(c->flows, f)
		if (rest == FMC_KEEP && f->spec.pri == specs[i].pri &&
		    !among(specs, n, f->spec.fid))
			return -EEXIST;
	return 0;
}

static unsigned int size_after(const struct fmc *c, const struct flow_spec *specs,
			       unsigned int n, enum fmc_rest rest)
{
	const struct flow *f;
	unsigned int size = n;

	DL_FOREACH(c->flows, f)
		if (rest == FMC_KEEP && !among(specs, n, f->spec.fid))
			size++;
	return size;
}

static int check(const struct fmc *c, struct flow_spec *specs, unsigned int n,
		 enum fmc_rest rest, unsigned int *which)
{
	int err;

	for (*which = 0; *which < n; ++*which) {
		struct flow_spec *s = &specs[*which];

		err = check_spec(c, s);
		if (!err && !selector_normalise(&s->selector))
			err = -EINVAL;
		if (!err)
			err = check_others(c, specs, n, *which, rest);
		if (err)
			return err;
	}
	*which = n ? n - 1 : 0;
	return size_after(c, specs, n, rest) > FLOWS_MAX ? -ENOSPC : 0;
}

static void free_all(struct flow **list)
{
	struct flow *f, *tmp;

	DL_FOREACH_SAFE(*list, f, tmp) {
		DL_DELETE(*list, f);
		free(f);
	}
}

/* An entry for each flow that has none; 0 or -ENOMEM */
static int allocate(const struct fmc *c, const struct flow_spec *specs,
		    unsigned int n, struct flow **fresh)
{
	*fresh = NULL;
	for (unsigned int i = 0; i < n; i++) {
		struct flow *f;

		if (fmc_find(c, specs[i].fid))
			continue;
		f = calloc(1, sizeof(*f));
		if (!f) {
			free_all(fresh);
			return -ENOMEM;
		}
		DL_APPEND(*fresh, f);
	}
	return 0;
}

static int by_priority(const struct flow *a, const struct flow *b)
{
	return (int)a->spec.pri - (int)b->spec.pri;
}

/* Into an entry that is not in the list, or to be moved in it; cannot fail */
static void put(struct fmc *c, struct flow *f, bool fresh, const struct flow_spec *s,
		uint64_t expires)
{
	bool active = is_active(c, s);
	bool same = !fresh && f->active == active && flow_spec_equal(&f->spec, s);

	if (fresh)
		c->n++;
	else
		DL_DELETE(c->flows, f);
	f->spec = *s;
	f->active = active;
	f->expires = expires;
	DL_INSERT_INORDER(c->flows, f, by_priority);
	if (!same)
		c->ops->changed(c->arg, f);
}

/* Room for the timer, before anything changes */
static int reserve_timer(struct fmc *c, uint64_t expires)
{
	if (!expires || (timer_pending(&c->timer) && c->timer.deadline <= expires))
		return 0;
	return timerq_set(c->env->timers, &c->timer, expires);
}

static void commit(struct fmc *c, const struct flow_spec *specs, unsigned int n,
		   uint64_t expires, enum fmc_rest rest, struct flow **fresh)
{
	struct flow *f, *tmp;

	DL_FOREACH_SAFE(c->flows, f, tmp)
		if (rest == FMC_REMOVE && !among(specs, n, f->spec.fid))
			end(c, f, FLOW_REMOVED);
	for (unsigned int i = 0; i < n; i++) {
		f = fmc_find(c, specs[i].fid);
		if (f) {
			put(c, f, false, &specs[i], expires);
			continue;
		}
		f = *fresh;
		DL_DELETE(*fresh, f);
		put(c, f, true, &specs[i], expires);
	}
	rearm(c);
}

/**
 * fmc_update() - add flows, change and refresh them
 * @c: the cache
 * @specs: the flows, each with another FID; those that are known get this
 *	   description instead of theirs
 * @n: how many
 * @lifetime: seconds from now, FLOW_FOREVER; not 0, see fmc_remove()
 * @rest: whether flows that are not among @specs stay
 * @which: after an error, the index of the flow that was wrong; may be NULL
 *
 * RFC 6089 §5.3.2, and with FMC_REMOVE RFC 7864 §3.4: "simply omits those that
 * need to be removed".  The owner hears of each that has changed, and of none
 * that has been refreshed alone.  After an error nothing has changed.
 *
 * Return: 0; -EINVAL for what cannot be; -EEXIST for a FID that is twice in
 * @specs, or a priority that two flows would have; -ENOSPC for more than
 * FLOWS_MAX flows; -ENOMEM.
 */
int fmc_update(struct fmc *c, const struct flow_spec *specs, unsigned int n,
	       uint16_t lifetime, enum fmc_rest rest, unsigned int *which)
{
	struct flow_spec copy[FLOWS_MAX];
	struct flow *fresh;
	uint64_t expires = 0;
	unsigned int place = 0;
	int err;

	if (!which)
		which = &place;
	*which = 0;
	if (!lifetime)
		return -EINVAL;
	if (n > FLOWS_MAX)
		return -ENOSPC;
	for (unsigned int i = 0; i < n; i++)
		copy[i] = specs[i];
	if (lifetime != FLOW_FOREVER)
		expires = now(c) + lifetime * NSEC_PER_SEC;
	err = check(c, copy, n, rest, which);
	if (err)
		return err;
	err = allocate(c, copy, n, &fresh);
	if (err)
		return err;
	err = reserve_timer(c, n ? expires : 0);
	if (err) {
		free_all(&fresh);
		return err;
	}
	commit(c, copy, n, expires, rest, &fresh);
	return 0;
}

/**
 * fmc_remove() - remove a flow
 * @c: the cache
 * @fid: the flow
 *
 * Return: 0, or -ENOENT.
 */
int fmc_remove(struct fmc *c, uint16_t fid)
{
	struct flow *f = fmc_find(c, fid);

	if (!f)
		return -ENOENT;
	end(c, f, FLOW_REMOVED);
	rearm(c);
	return 0;
}

/**
 * fmc_limit() - have all flows end soon
 * @c: the cache
 * @lifetime: seconds from now
 *
 * What an update names before that stays as the update says.
 *
 * Return: 0, or -ENOMEM with nothing changed.
 */
int fmc_limit(struct fmc *c, uint16_t lifetime)
{
	const uint64_t end_at = now(c) + lifetime * NSEC_PER_SEC;
	struct flow *f;
	int err;

	if (!c->flows)
		return 0;
	err = reserve_timer(c, end_at);
	if (err)
		return err;
	DL_FOREACH(c->flows, f)
		if (!f->expires || f->expires > end_at)
			f->expires = end_at;
	return 0;
}

/**
 * fmc_bids_changed() - attachments of the node have come or gone
 * @c: the cache
 *
 * RFC 6089 §5.3.1: an entry is active while any of its BIDs is registered.
 */
void fmc_bids_changed(struct fmc *c)
{
	struct flow *f;

	DL_FOREACH(c->flows, f) {
		bool active = is_active(c, &f->spec);

		if (active == f->active)
			continue;
		f->active = active;
		c->ops->changed(c->arg, f);
	}
}
