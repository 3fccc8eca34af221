// SPDX-License-Identifier: GPL-2.0
/*
 * How loaded, and how good, the gateways' links are, as whoever measures it says: the
 * network's trigger for moving flows (draft: flow mobility §3.2.2: "based on congestion
 * and measurements performed at the network").
 */
#include "lma/flows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#define HOLDS_MAX	16	/* so many times the first one at most */

static struct load *find(const struct lma *l, const struct in6_addr *mag, uint8_t att)
{
	struct load_key key;
	struct load *ld;

	memset(&key, 0, sizeof(key));
	key.mag = *mag;
	key.att = att;
	HASH_FIND(hh, l->loads, &key, sizeof(key), ld);
	return ld;
}

static bool avoided(const struct load *ld)
{
	return ld && (ld->high || ld->poor);
}

/**
 * load_is_high() - whether an attachment is by a link that flows had better avoid
 * @l: the anchor
 * @b: the attachment's entry
 *
 * Return: true if its gateway, or all links of its technology there, have too much to
 * do, or are too bad.
 */
bool load_is_high(const struct lma *l, const struct bce *b)
{
	return avoided(find(l, &b->proxy_coa, 0)) || avoided(find(l, &b->proxy_coa, b->att));
}

/**
 * load_free() - forget all loads
 * @l: the anchor
 */
void load_free(struct lma *l)
{
	struct load *ld, *tmp;

	HASH_ITER(hh, l->loads, ld, tmp) {
		HASH_DEL(l->loads, ld);
		free(ld);
	}
	free(l->meters);
}

static uint8_t level(const struct load *ld)
{
	return ld->said > ld->measured ? ld->said : ld->measured;
}

static void tell(struct lma *l, const struct load *ld, const char *event)
{
	char detail[48];
	struct notice n = { .event = event, .peer = &ld->key.mag, .detail = detail };

	snprintf(detail, sizeof(detail), "att=%u level=%u quality=%u", ld->key.att, level(ld),
		 ld->quality);
	l->env->ops->notify(l->env->ctx, &n);
}

/* Flows of the policy go elsewhere, or come back. */
static void move_flows(struct lma *l, const struct in6_addr *mag, uint8_t att)
{
	struct peer *p = peer_find(l->peers, &l->conf->address, mag);
	struct gateway *gw = NULL;
	struct bce *b;

	if (p)
		HASH_FIND_PTR(l->gateways, &p, gw);
	if (!gw)
		return;
	DL_FOREACH2(gw->bces, b, gw_next)
		if (!att || b->att == att)
			flows_changed(l, b->node);
}

static struct load *get(struct lma *l, const struct in6_addr *mag, uint8_t att)
{
	struct load *ld = find(l, mag, att);

	if (ld || HASH_COUNT(l->loads) == LMA_LOADS_MAX)
		return ld;
	ld = calloc(1, sizeof(*ld));
	if (!ld)
		return NULL;
	ld->key.mag = *mag;
	ld->key.att = att;
	ld->quality = QUALITY_MAX;
	HASH_ADD(hh, l->loads, key, sizeof(ld->key), ld);
	return ld;
}

/*
 * The flows that leave take their load along, and what is measured falls at once: it
 * counts as high for a while, and for twice as long each time that it has only just
 * been low.
 */
static void hold(const struct lma *l, struct load *ld, uint64_t now)
{
	const uint32_t first = l->conf->load_hold_ms;
	const uint64_t recent = (uint64_t)ld->hold_ms * NSEC_PER_MSEC;

	if (!ld->hold_ms || now - ld->calm > recent)
		ld->hold_ms = first;
	else if (ld->hold_ms < HOLDS_MAX * first)
		ld->hold_ms *= 2;
	ld->held_until = now + ld->hold_ms * NSEC_PER_MSEC;
}

static void weigh_level(struct lma *l, struct load *ld)
{
	const struct lma_conf *c = l->conf;
	const uint64_t now = l->env->ops->now(l->env->ctx);
	const bool was = ld->high, full = ld->measured >= c->load_high;

	ld->high = level(ld) && (level(ld) >= c->load_high ||
				 (was && level(ld) > c->load_low));
	ld->high |= was && now < ld->held_until;
	/* also of a link of which that had been said before: somebody may stop saying so */
	if (full && !ld->full && now >= ld->held_until)
		hold(l, ld, now);
	ld->full = full;
	if (was == ld->high)
		return;
	if (was)
		ld->calm = now;
	tell(l, ld, ld->high ? "load-high" : "load-low");
}

static void weigh_quality(struct lma *l, struct load *ld)
{
	const struct lma_conf *c = l->conf;
	const bool was = ld->poor;

	ld->poor = ld->quality <= c->quality_low || (was && ld->quality < c->quality_good);
	if (was != ld->poor)
		tell(l, ld, ld->poor ? "quality-low" : "quality-good");
}

/* What somebody has said of a link means; one of which nothing is said is forgotten. */
static void weigh(struct lma *l, struct load *ld)
{
	const struct load_key key = ld->key;
	const bool was = avoided(ld);

	weigh_level(l, ld);
	weigh_quality(l, ld);
	if (was != avoided(ld))
		move_flows(l, &key.mag, (uint8_t)key.att);
	if (ld->said || ld->metered || ld->quality < QUALITY_MAX)
		return;
	HASH_DEL(l->loads, ld);
	free(ld);
}

/**
 * lma_load_set() - how loaded a gateway's links are
 * @l: the anchor
 * @mag: the gateway
 * @att: access technology of the links that are meant, 0: all
 * @said: percent; 0 is as if nothing had been said
 *
 * From load_high percent on flows of the policy avoid the link where they have
 * another, until the level is load_low or less.  What is measured may be more.
 *
 * Return: 0; -EINVAL for more than 100 percent; -ENOMEM, also for more links than
 * LMA_LOADS_MAX.
 */
int lma_load_set(struct lma *l, const struct in6_addr *mag, uint8_t att, uint8_t said)
{
	struct load *ld;

	if (said > 100)
		return -EINVAL;
	ld = said ? get(l, mag, att) : find(l, mag, att);
	if (!ld)
		return said ? -ENOMEM : 0;
	ld->said = said;
	weigh(l, ld);
	return 0;
}

/**
 * lma_quality_set() - how good a gateway's links are
 * @l: the anchor
 * @mag: the gateway
 * @att: access technology of the links that are meant, 0: all
 * @quality: percent; QUALITY_MAX is as if nothing had been said
 *
 * From quality_low percent down flows of the policy avoid the link where they have
 * another, until it is quality_good or more.
 *
 * Return: as lma_load_set().
 */
int lma_quality_set(struct lma *l, const struct in6_addr *mag, uint8_t att, uint8_t quality)
{
	struct load *ld;

	if (quality > QUALITY_MAX)
		return -EINVAL;
	ld = quality < QUALITY_MAX ? get(l, mag, att) : find(l, mag, att);
	if (!ld)
		return quality < QUALITY_MAX ? -ENOMEM : 0;
	ld->quality = quality;
	weigh(l, ld);
	return 0;
}

/**
 * load_measured() - a meter has found how loaded a gateway's links are
 * @l: the anchor
 * @mag: the gateway
 * @att: access technology of the links that are meant, 0: all
 * @measured: percent
 *
 * As lma_load_set(), but once it is high it stays so for load_hold_ms.
 */
void load_measured(struct lma *l, const struct in6_addr *mag, uint8_t att, uint8_t measured)
{
	struct load *ld = get(l, mag, att);

	if (!ld)
		return;
	ld->metered = true;
	ld->measured = measured;
	weigh(l, ld);
}

/**
 * lma_each_load() - show what has been said and found of loads
 * @l: the anchor
 * @fn: called for each; false stops
 * @arg: its first argument
 */
void lma_each_load(struct lma *l, bool (*fn)(void *arg, const struct lma_load_view *v),
		   void *arg)
{
	struct load *ld, *tmp;

	HASH_ITER(hh, l->loads, ld, tmp) {
		struct lma_load_view v = {
			.mag = ld->key.mag, .att = (uint8_t)ld->key.att, .level = level(ld),
			.quality = ld->quality, .metered = ld->metered, .high = ld->high,
			.poor = ld->poor,
		};

		if (!fn(arg, &v))
			return;
	}
}
