// SPDX-License-Identifier: GPL-2.0
/* Forwarding state out of the binding cache (RFC 5213 §5.6.2). */
#include "lma/bce.h"

#include <string.h>
#include <utlist.h>

static bool has_tunnel(const struct dp_binding *b, uint32_t tunnel)
{
	unsigned int i;

	for (i = 0; i < b->n_paths; i++)
		if (b->path[i].tunnel == tunnel)
			return true;
	return false;
}

/**
 * forward_set() - let packets go where the binding cache says
 * @l: the anchor
 * @set: the prefixes concerned
 *
 * The oldest attachment comes first.  Entries beyond PMIP_BINDING_PATHS wait
 * until an older one has gone.  Without any active entry packets are dropped:
 * "during this wait period, the local mobility anchor SHOULD drop the mobile
 * node's data traffic" (RFC 5213 §5.3.5).
 */
void forward_set(struct lma *l, const struct hnp_set *set)
{
	struct dp_binding d;
	struct bce *b;
	unsigned int i;

	memset(&d, 0, sizeof(d));
	d.node = set->node->number;
	DL_FOREACH(set->node->bces, b) {
		if (b->set != set || !b->gw || has_tunnel(&d, b->tunnel))
			continue;
		if (d.n_paths == PMIP_BINDING_PATHS)
			break;
		d.path[d.n_paths].bid = b->bid;
		d.path[d.n_paths].kind = PMIP_PATH_TUNNEL;
		d.path[d.n_paths++].tunnel = b->tunnel;
	}
	if (!d.n_paths)
		d.path[d.n_paths++].kind = PMIP_PATH_DROP;
	for (i = 0; i < set->n; i++) {
		d.prefix = set->hnp[i].prefix;
		l->env->ops->dp_binding_set(l->env->ctx, &d);
	}
}

/**
 * forward_del() - these prefixes are nobody's any more
 * @l: the anchor
 * @set: the prefixes
 */
void forward_del(struct lma *l, const struct hnp_set *set)
{
	unsigned int i;

	for (i = 0; i < set->n; i++)
		l->env->ops->dp_binding_del(l->env->ctx, &set->hnp[i].prefix);
}
