// SPDX-License-Identifier: GPL-2.0
/*
 * Entries that have some of their session's prefixes only: the others have been revoked
 * (RFC 5846 §8.2: "only remove the specified mobile node proxy binding"; draft: flow
 * mobility §3.2.2, figure 6: BRI[pref2]).  Who shares the session has them still, and
 * who begins another one gets all.
 */
#include "lma/flows.h"

#include <stdio.h>
#include <utlist.h>

/* The bit of a prefix in bce.without */
static uint16_t bit_of(const struct bce *b, const struct hnp *h)
{
	return (uint16_t)(1U << (h - h->set->hnp + (h->set == b->set ? 0 : HNP_MAX)));
}

/**
 * part_has() - whether an entry has a prefix, now
 * @b: the entry
 * @h: the prefix of some session of the same node
 *
 * Return: false also if it has been revoked.
 */
bool part_has(const struct bce *b, const struct hnp *h)
{
	return bce_has(b, h->set) && !(b->without & bit_of(b, h));
}

/**
 * part_find() - a prefix of an entry
 * @b: the entry
 * @p: the prefix
 *
 * Return: it, NULL if the entry has no such one, or no more.
 */
struct hnp *part_find(const struct bce *b, const struct prefix *p)
{
	struct hnp *h = hnp_find(b->lma, p);

	return h && part_has(b, h) ? h : NULL;
}

/**
 * part_had() - whether a prefix is one of an entry's session
 * @b: the entry
 * @p: the prefix
 *
 * Return: true also if it has been revoked.
 */
bool part_had(const struct bce *b, const struct prefix *p)
{
	const struct hnp *h = hnp_find(b->lma, p);

	return h && bce_has(b, h->set);
}

/**
 * part_orphan() - whether none of a session's entries has a prefix any more
 * @h: the prefix
 *
 * Return: true if so; the session keeps it from others until its end.  False for those
 * that are kept for another anchor's sake.
 */
bool part_orphan(const struct hnp *h)
{
	const struct bce *b;

	if (anchoring_holds(h->set))
		return false;
	DL_FOREACH(h->set->node->bces, b)
		if (part_has(b, h))
			return false;
	return true;
}

static void leave(struct lma *l, struct bce *b, const struct hnp_set *set)
{
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		const struct hnp *h = &set->hnp[i];

		if (!part_has(b, h))
			continue;
		b->without |= bit_of(b, h);
		if (part_orphan(h))
			l->env->ops->dp_binding_del(l->env->ctx, &h->prefix);
	}
}

/**
 * part_leave() - an entry goes whose prefixes others share
 * @l: the anchor
 * @b: the entry: what it was the last to have is nobody's then
 */
void part_leave(struct lma *l, struct bce *b)
{
	if (b->set->users > 1)
		leave(l, b, b->set);
	if (b->common && b->common->users > 1)
		leave(l, b, b->common);
}

static void tell(struct lma *l, const struct bce *b, const struct prefix *p)
{
	char text[PREFIX_STRLEN], detail[PREFIX_STRLEN + 32];
	struct mn_id id = node_id(b->node);
	struct notice n = {
		.event = "prefix-revoked", .mn = &id, .peer = &b->proxy_coa, .detail = detail,
	};

	snprintf(detail, sizeof(detail), "bid=%u hnp=%s", b->bid,
		 prefix_str(p, text, sizeof(text)));
	l->env->ops->notify(l->env->ctx, &n);
}

/**
 * part_lose() - an entry loses one of several prefixes
 * @l: the anchor
 * @b: the entry
 * @p: the prefix; of one that it has not, nothing happens
 *
 * In force on return, for this entry alone.
 *
 * Return: false if it is the entry's last: then nothing has happened, the entry is to end.
 */
bool part_lose(struct lma *l, struct bce *b, const struct prefix *p)
{
	const struct hnp *h = part_find(b, p);
	const struct prefix lost = *p;
	struct prefix all[HNP_MAX];

	if (!h)
		return true;
	if (bce_prefixes(b, all) == 1)
		return false;
	b->without |= bit_of(b, h);
	forward_set(l, b);
	/* better no way at all than one to where the prefix is not */
	if (part_orphan(h) || forward_settle(l, b))
		l->env->ops->dp_binding_del(l->env->ctx, &lost);
	l->counters.revoked_prefixes++;
	tell(l, b, &lost);
	flows_changed(l, b->node);
	record_keep(l, b->node);
	return true;
}
