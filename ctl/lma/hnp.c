// SPDX-License-Identifier: GPL-2.0
/*
 * Home network prefixes of mobility sessions (RFC 5213 §5.2, §5.3.2): from
 * the profile, from a pool, or brought back by a re-registration.
 *
 * A prefix of the pool that a re-registration (Handoff Indicator 5) names and
 * that nobody uses is accepted: so a mobile node keeps its addresses though
 * this anchor has lost its cache.  The pool does not know of such a claim; it
 * learns of it when it comes to hand the prefix out.
 *
 * Any two prefixes here are the same or do not overlap: those of the pools have
 * one length, the policy has none that overlap, and the pools give none that
 * overlaps with the policy's.  So equality is all that is looked for.
 */
#include "lma/bce.h"

#include "core/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static uint32_t prefix_hash(const struct prefix *p)
{
	return dict_hash(&p->addr, sizeof(p->addr)) + p->len;
}

/**
 * hnp_find() - whose prefix this is
 * @l: the anchor
 * @p: the prefix
 *
 * Return: the prefix in the cache, NULL if no session has it.
 */
struct hnp *hnp_find(struct lma *l, const struct prefix *p)
{
	struct dict_entry *e = dict_first(&l->hnps_by_prefix, prefix_hash(p));

	for (; e; e = dict_next(e)) {
		struct hnp *h = dict_entry_of(e, struct hnp, by_prefix);

		if (prefix_equal(&h->prefix, p))
			return h;
	}
	return NULL;
}

static void add(struct lma *l, struct hnp_set *set, const struct prefix *p,
		enum hnp_origin origin)
{
	struct hnp *h = &set->hnp[set->n++];

	memset(h, 0, sizeof(*h));
	h->prefix.addr = p->addr;
	h->prefix.len = p->len;
	h->origin = origin;
	h->set = set;
	dict_add(&l->hnps_by_prefix, &h->by_prefix, prefix_hash(p));
}

static bool in_profile(const struct profile *prof, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; i < prof->n_hnp; i++)
		if (prefix_equal(&prof->hnp[i], p))
			return true;
	return false;
}

/* §5.3.2 rule 3: owned by this anchor, and this node's to use */
static uint8_t add_requested(struct lma *l, struct hnp_set *set,
			     const struct profile *prof,
			     const struct mh_opts *o, const struct prefix *p)
{
	enum hnp_origin origin = HNP_FROM_PROFILE;

	if (!in_profile(prof, p)) {
		if (o->hi != HI_REREGISTRATION || !pools_own(&l->pools, p) ||
		    pools_reserved(&l->pools, p))
			return PBA_NOT_AUTHORIZED_FOR_HNP;
		origin = HNP_CLAIMED;
	}
	if (hnp_find(l, p))
		return PBA_NOT_AUTHORIZED_FOR_HNP;
	add(l, set, p, origin);
	return PBA_ACCEPTED;
}

static uint8_t add_from_pool(struct lma *l, struct hnp_set *set)
{
	const struct lma_authority *a = l->asking;
	struct prefix p;

	while (pools_next_within(&l->pools, a ? a->prefix : NULL, a ? a->n_prefixes : 0, &p)) {
		struct hnp *h = hnp_find(l, &p);

		if (!h) {
			add(l, set, &p, HNP_FROM_POOL);
			return PBA_ACCEPTED;
		}
		/* the pool has now met the claim, and takes it back one day */
		if (h->origin == HNP_CLAIMED)
			h->origin = HNP_FROM_POOL;
	}
	return PBA_NO_RESOURCES;
}

/* All of the profile's, unless a session has one of them already */
static bool add_from_profile(struct lma *l, struct hnp_set *set,
			     const struct profile *prof)
{
	unsigned int i;

	for (i = 0; i < prof->n_hnp; i++)
		if (hnp_find(l, &prof->hnp[i]))
			return false;
	for (i = 0; i < prof->n_hnp; i++)
		add(l, set, &prof->hnp[i], HNP_FROM_PROFILE);
	return prof->n_hnp > 0;
}

/* The first of the profile's that no session has */
static bool add_next_of_profile(struct lma *l, struct hnp_set *set,
				const struct profile *prof)
{
	unsigned int i;

	for (i = 0; i < prof->n_hnp; i++) {
		if (hnp_find(l, &prof->hnp[i]))
			continue;
		add(l, set, &prof->hnp[i], HNP_FROM_PROFILE);
		return true;
	}
	return false;
}

/* Every attachment has some of its own, whatever the others have. */
static bool own_prefixes(const struct profile *prof)
{
	return prof->multihoming == MULTIHOMING_DIFFERENT ||
	       prof->multihoming == MULTIHOMING_COMBINED;
}

/*
 * A gateway that does not know of the node's other attachments names what the
 * profile has: what these have already, or share, is not asked for then.
 */
static bool is_others(struct lma *l, const struct hnp_set *set, const struct profile *prof,
		      const struct prefix *p)
{
	const struct hnp *h = hnp_find(l, p);
	unsigned int i;

	if (!own_prefixes(prof))
		return false;
	for (i = 0; i < prof->n_shared_hnp; i++)
		if (prefix_equal(&prof->shared_hnp[i], p))
			return true;
	return h && h->set != set && h->set->node == set->node;
}

static uint8_t fill_zero(struct lma *l, struct hnp_set *set,
			 const struct profile *prof, unsigned int zero)
{
	uint8_t status;

	while (zero--) {
		if (own_prefixes(prof) && add_next_of_profile(l, set, prof))
			continue;
		status = add_from_pool(l, set);
		if (status)
			return status;
	}
	return PBA_ACCEPTED;
}

static uint8_t fill(struct lma *l, struct hnp_set *set,
		    const struct profile *prof, const struct mh_opts *o)
{
	unsigned int i, zero = 0;
	uint8_t status;

	for (i = 0; i < o->n_hnp; i++) {
		if (!hnp_given(&o->hnp[i])) {
			zero++;
			continue;
		}
		if (o->hnp[i].off_link || is_others(l, set, prof, &o->hnp[i].prefix))
			continue;
		status = add_requested(l, set, prof, o, &o->hnp[i].prefix);
		if (status)
			return status;
	}
	if (!own_prefixes(prof) && zero == o->n_hnp && add_from_profile(l, set, prof))
		return PBA_ACCEPTED;
	if (!set->n && !zero)
		zero = 1;
	return fill_zero(l, set, prof, zero);
}

static struct hnp_set *set_alloc(struct node *n, unsigned int room)
{
	struct hnp_set *set = calloc(1, sizeof(*set) + room * sizeof(set->hnp[0]));

	if (set)
		set->node = n;
	return set;
}

/**
 * hnp_set_unused() - what nobody uses returns whence it came
 * @l: the anchor
 * @set: the prefixes; nothing happens if somebody uses them
 */
void hnp_set_unused(struct lma *l, struct hnp_set *set)
{
	set->users++;
	hnp_set_put(l, set);
}

/**
 * hnp_set_new() - find prefixes for a new mobility session (§5.3.2)
 * @l: the anchor
 * @n: whose session
 * @prof: the node's profile
 * @o: the request: one prefix for each option, ALL_ZERO or not
 * @status: why there are none
 *
 * Return: the prefixes with no user yet, NULL with @status 130 or 155.
 */
struct hnp_set *hnp_set_new(struct lma *l, struct node *n,
			    const struct profile *prof,
			    const struct mh_opts *o, uint8_t *status)
{
	unsigned int room = o->n_hnp > prof->n_hnp ? o->n_hnp : prof->n_hnp;
	struct hnp_set *set = set_alloc(n, room);

	if (!set) {
		*status = PBA_NO_RESOURCES;
		return NULL;
	}
	*status = fill(l, set, prof, o);
	if (*status) {
		hnp_set_unused(l, set);
		return NULL;
	}
	return set;
}

/* One of them can be another session's own, of before the policy was this one. */
static uint8_t fill_common(struct lma *l, struct hnp_set *set, const struct profile *prof)
{
	unsigned int i;

	if (!prof->n_shared_hnp)
		return add_from_pool(l, set);
	for (i = 0; i < prof->n_shared_hnp; i++) {
		if (hnp_find(l, &prof->shared_hnp[i]))
			return PBA_NOT_AUTHORIZED_FOR_HNP;
		add(l, set, &prof->shared_hnp[i], HNP_FROM_PROFILE);
	}
	return PBA_ACCEPTED;
}

/**
 * hnp_set_common() - the prefixes that all of a node's attachments have
 * @l: the anchor
 * @n: the node
 * @prof: its profile
 * @status: why there are none
 *
 * Draft: flow mobility §3.1, the third scenario: "a combination of prefix(es) in
 * use and new prefix(es)".
 *
 * Return: those in use, or new ones with no user yet; NULL with @status 130 or 155.
 */
struct hnp_set *hnp_set_common(struct lma *l, struct node *n,
			       const struct profile *prof, uint8_t *status)
{
	struct hnp_set *set;
	struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->common)
			return b->common;
	set = set_alloc(n, prof->n_shared_hnp ? prof->n_shared_hnp : 1);
	*status = set ? fill_common(l, set, prof) : PBA_NO_RESOURCES;
	if (set && *status) {
		hnp_set_unused(l, set);
		return NULL;
	}
	return set;
}

/**
 * hnp_set_recall() - the prefixes that a mobility session had before, or at another anchor
 * @l: the anchor
 * @n: whose session
 * @p: the prefixes
 * @origin: whence each comes
 * @count: how many
 *
 * Return: the prefixes with no user yet; NULL without memory, or if one is another's.
 */
struct hnp_set *hnp_set_recall(struct lma *l, struct node *n, const struct prefix *p,
			       const enum hnp_origin *origin, unsigned int count)
{
	struct hnp_set *set;
	unsigned int i;

	for (i = 0; i < count; i++)
		if (hnp_find(l, &p[i]))
			return NULL;
	set = set_alloc(n, count);
	for (i = 0; set && i < count; i++)
		add(l, set, &p[i], origin[i]);
	return set;
}

/* One of a range that is no more returns to nowhere. */
static void give_back(struct lma *l, const struct hnp_set *set, const struct hnp *h)
{
	int err;

	if (h->origin != HNP_FROM_POOL)
		return;
	err = set->refused ? pools_put_refused(&l->pools, &h->prefix) :
			     pools_put(&l->pools, &h->prefix);
	if (err == -ENOMEM)
		log_ratelimited(LOG_ERR, "no memory to return a prefix");
}

/**
 * hnp_set_put() - one user fewer of a session's prefixes
 * @l: the anchor
 * @set: the prefixes; with their last user they return whence they came
 */
void hnp_set_put(struct lma *l, struct hnp_set *set)
{
	unsigned int i;

	if (--set->users)
		return;
	for (i = 0; i < set->n; i++) {
		struct hnp *h = &set->hnp[i];

		dict_del(&l->hnps_by_prefix, &h->by_prefix);
		give_back(l, set, h);
	}
	free(set);
}
