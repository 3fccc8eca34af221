// SPDX-License-Identifier: GPL-2.0
/* Forwarding state out of the binding cache (RFC 5213 §5.6.2). */
#include "lma/bce.h"

#include "core/log.h"

#include <stdio.h>
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

static void tell(struct lma *l, const struct hnp_set *set, int err)
{
	char text[MN_ID_STRLEN], detail[96];
	struct mn_id id = node_id(set->node);
	struct notice n = {
		.event = "forwarding-refused", .mn = &id, .detail = detail,
	};

	l->counters.forwarding_refused++;
	log_ratelimited(LOG_ERR, "%s: the kernel refuses the forwarding state: %s",
			mn_id_str(&id, text, sizeof(text)), strerror(-err));
	snprintf(detail, sizeof(detail), "errno=%d (%s)", -err, strerror(-err));
	l->env->ops->notify(l->env->ctx, &n);
}

/**
 * forward_settle() - see whether the kernel has taken it all
 * @l: the anchor
 * @set: the prefixes that it was about
 *
 * What it refuses is asked for once more along with all that it depends on:
 * somebody may have removed a tunnel behind our back, or the module.  So only
 * the second answer counts; the first may be about what others asked for.
 *
 * Return: 0 once the state is in force, else -errno, counted and told.
 */
int forward_settle(struct lma *l, const struct hnp_set *set)
{
	int err = l->env->ops->dp_commit(l->env->ctx);
	const struct bce *b;

	if (!err)
		return 0;
	DL_FOREACH(set->node->bces, b)
		if (b->set == set && b->gw)
			peer_tunnel_renew(b->gw->peer);
	forward_set(l, set);
	err = l->env->ops->dp_commit(l->env->ctx);
	if (err)
		tell(l, set, err);
	return err;
}

/**
 * forward_leave() - prefixes go elsewhere, and a gateway has one entry fewer
 * @l: the anchor
 * @set: the prefixes; none of their entries is served by way of that entry
 * @gw: the gateway, which may be gone on return
 * @now: commit; else only where the tunnel goes too, and many are one batch
 *
 * Where the kernel cannot change a binding it can still remove it: better no
 * way at all than one to where the node is not, and the tunnel can go.
 */
void forward_leave(struct lma *l, const struct hnp_set *set, struct gateway *gw,
		   bool now)
{
	forward_set(l, set);
	if ((now || gw->peer->users == 1) && forward_settle(l, set))
		forward_del(l, set);
	bce_put_tunnel(l, gw);
}

/**
 * lma_renew() - the kernel has lost everything: tell it again
 * @l: the anchor; its tunnels have been told already
 */
void lma_renew(struct lma *l)
{
	struct node *n;
	struct bce *b;

	DL_FOREACH(l->nodes, n)
		DL_FOREACH(n->bces, b)
			forward_set(l, b->set);
}
