/* SPDX-License-Identifier: GPL-2.0 */
/* A domain in which one node, of one interface that moves, goes from gateway to gateway. */
#ifndef SELFTESTS_UNIT_MAG_HANDOVER_BED_H
#define SELFTESTS_UNIT_MAG_HANDOVER_BED_H

#include "domain_bed.h"

#define OLD	0
#define NEW	1
#define THIRD	2
#define NODE	0		/* of one interface that moves */

static inline struct prefix hnp(struct domain *d)
{
	struct model_binding *b, *tmp;

	HASH_ITER(hh, d->gw[ANCHOR].k.bindings, b, tmp)
		if (b->b.node == mn_id_number(&d->pr[NODE].mn_id))
			return b->prefix;
	fail();
	return (struct prefix){ 0 };
}

static inline uint32_t tunnel(struct domain *d, unsigned int from, unsigned int to)
{
	struct peer *p = peer_find(&d->gw[from].peers, &d->gw[from].addr, &d->gw[to].addr);

	return p && p->users ? p->tunnel : 0;
}

static inline const char *tunnel_name(struct domain *d, unsigned int gw, uint32_t id)
{
	static const char *const name[] = { "old", "new", "third", "anchor" };

	for (unsigned int i = 0; i < GATEWAYS; i++)
		if (id && tunnel(d, gw, i) == id)
			return name[i];
	return "none";
}

/* "by UPLINK: PATH PATH": where what comes from the node goes, and what is for it */
static inline const char *way(struct domain *d, unsigned int gw)
{
	static char text[128];
	struct prefix p = hnp(d);
	struct model_binding *b = model_binding(&d->gw[gw].k, &p);
	int len;

	if (!b)
		return "nothing";
	len = snprintf(text, sizeof(text), "by %s:", tunnel_name(d, gw, b->b.uplink));
	for (unsigned int i = 0; i < b->b.n_paths; i++) {
		const struct dp_path *path = &b->b.path[i];

		len += snprintf(text + len, sizeof(text) - len, " %s",
				path->kind == PMIP_PATH_LINK ? "link" :
				path->kind == PMIP_PATH_HOLD ? "hold" :
				tunnel_name(d, gw, path->tunnel));
	}
	return text;
}

static inline int arrive(struct domain *d, unsigned int gw)
{
	return mag_on_attach(d->gw[gw].mag, 1, &d->pr[NODE].lladdr[0], NULL, NULL,
			     ATTACH_CARRIER);
}

static inline void leave(struct domain *d, unsigned int gw)
{
	mag_on_neighbour(d->gw[gw].mag, 1, &d->pr[NODE].lladdr[0], false);
}

/* It is about to leave the old gateway for the new */
static inline int start(struct domain *d, bool at_once)
{
	return mag_handover_start(d->gw[OLD].mag, &d->pr[NODE].mn_id, &d->gw[NEW].addr, at_once);
}

/* A node that is registered at the old gateway */
static inline struct domain *open_domain(void **state)
{
	struct domain *d = *state;

	assert_int_equal(arrive(d, OLD), 0);
	pass_ms(d, 1000);
	assert_string_equal(way(d, ANCHOR), "by none: old");
	assert_string_equal(way(d, OLD), "by anchor: link");
	return d;
}

#endif
