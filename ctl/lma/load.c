// SPDX-License-Identifier: GPL-2.0
/*
 * How loaded the gateways' links are, as whoever measures it says: the network's
 * trigger for moving flows (draft: flow mobility §3.2.2: "based on congestion and
 * measurements performed at the network").
 */
#include "lma/flows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

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

/**
 * load_is_high() - whether an attachment is by a link with too much to do
 * @l: the anchor
 * @b: the attachment's entry
 *
 * Return: true if its gateway, or all links of its technology there, are.
 */
bool load_is_high(const struct lma *l, const struct bce *b)
{
	const struct load *all = find(l, &b->proxy_coa, 0);
	const struct load *link = find(l, &b->proxy_coa, b->att);

	return (all && all->high) || (link && link->high);
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
}

static void tell(struct lma *l, const struct load *ld)
{
	char detail[32];
	struct notice n = {
		.event = ld->high ? "load-high" : "load-low", .peer = &ld->key.mag,
		.detail = detail,
	};

	snprintf(detail, sizeof(detail), "att=%u level=%u", ld->key.att, ld->level);
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
			flows_changed(l, b->node, NULL);
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
	HASH_ADD(hh, l->loads, key, sizeof(ld->key), ld);
	return ld;
}

/**
 * lma_load_set() - how loaded a gateway's links are
 * @l: the anchor
 * @mag: the gateway
 * @att: access technology of the links that are meant, 0: all
 * @level: percent; 0 is as if nothing had been said
 *
 * From load_high percent on flows of the policy avoid the link where they have
 * another, until the level is load_low or less.
 *
 * Return: 0; -EINVAL for more than 100 percent; -ENOMEM, also for more links than
 * LMA_LOADS_MAX.
 */
int lma_load_set(struct lma *l, const struct in6_addr *mag, uint8_t att, uint8_t level)
{
	struct load *ld;
	bool was;

	if (level > 100)
		return -EINVAL;
	ld = level ? get(l, mag, att) : find(l, mag, att);
	if (!ld)
		return level ? -ENOMEM : 0;
	was = ld->high;
	ld->level = level;
	ld->high = level && (level >= l->conf->load_high || (was && level > l->conf->load_low));
	if (was != ld->high) {
		tell(l, ld);
		move_flows(l, &ld->key.mag, att);
	}
	if (!level) {
		HASH_DEL(l->loads, ld);
		free(ld);
	}
	return 0;
}

/**
 * lma_each_load() - show what has been said of loads
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
			.mag = ld->key.mag, .att = (uint8_t)ld->key.att, .level = ld->level,
			.high = ld->high,
		};

		if (!fn(arg, &v))
			return;
	}
}
