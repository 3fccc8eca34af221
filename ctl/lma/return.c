// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that a gateway could not deliver come back to the anchor (draft:
 * fault tolerant multihoming §3.2: "MAG1 forwards the cached data to LMA by
 * Tunnel; then LMA checks the BCE table and finds out that IF2 is available").
 * The kernel takes them for a while from the gateway that has deregistered the
 * node, and the tunnel to that stays as long.
 */
#include "lma/bce.h"

#include <stdlib.h>
#include <utlist.h>

/* A gateway from which packets may come back */
struct returning {
	struct lma *lma;
	struct peer *peer;
	struct timer timer;
	struct returning *prev, *next;
};

static void over(void *arg)
{
	struct returning *r = arg;
	struct peer *p = r->peer;

	DL_DELETE(r->lma->returning, r);
	free(r);
	peer_tunnel_put(p);
}

/**
 * return_free() - forget whom the anchor expects packets from
 * @l: the anchor, which is going
 */
void return_free(struct lma *l)
{
	struct returning *r, *tmp;

	DL_FOREACH_SAFE(l->returning, r, tmp) {
		timerq_cancel(l->env->timers, &r->timer);
		free(r);
	}
	l->returning = NULL;
}

static int keep_tunnel(struct lma *l, struct peer *p)
{
	uint64_t until = l->env->ops->now(l->env->ctx) + l->conf->return_ms * NSEC_PER_MSEC;
	struct returning *r;

	DL_FOREACH(l->returning, r)
		if (r->peer == p)
			return timerq_set(l->env->timers, &r->timer, until);
	r = calloc(1, sizeof(*r));
	if (!r)
		return -1;
	r->lma = l;
	r->peer = p;
	timer_init(&r->timer, over, r);
	if (timerq_set(l->env->timers, &r->timer, until)) {
		free(r);
		return -1;
	}
	DL_APPEND(l->returning, r);
	/* one user more of a tunnel that is there */
	peer_tunnel_get(p, PMIP_TUNNEL_LMA_TO_MAG);
	return 0;
}

static void allow(struct lma *l, struct hnp_set *set, const struct dp_return *r)
{
	unsigned int i;

	set->returns = r->tunnel;
	for (i = 0; i < set->n; i++)
		l->env->ops->dp_return_set(l->env->ctx, &set->hnp[i].prefix, r);
}

/* The first of the entries by which others than a gateway serve a set */
static bool is_first(const struct bce *e, const struct hnp_set *set, const struct gateway *gw)
{
	const struct bce *o;

	if (!set || !e->gw || e->gw == gw)
		return false;
	for (o = e->node->bces; o != e; o = o->next)
		if (bce_has(o, set) && o->gw && o->gw != gw)
			return false;
	return true;
}

/**
 * return_open() - a gateway is about to lose a node, and may send packets back
 * @l: the anchor
 * @b: the entry that the gateway deregisters, still active
 * @prof: the node's profile
 *
 * Those to the entry's own prefixes, if another gateway has them too; and
 * those to prefixes of the node's other entries, since flows may have been
 * moved to this one.  Newer packets wait only for the former, and only where
 * the profile says so: a gateway that holds sends the mark of the end for what
 * was the entry's own, be there anything held or not.
 */
void return_open(struct lma *l, const struct bce *b, const struct profile *prof)
{
	const struct gateway *gw = b->gw;
	struct dp_return r = { .tunnel = b->tunnel, .time_ms = l->conf->return_ms };
	const struct bce *e;
	bool kept = false;
	unsigned int i;

	if (!l->conf->return_ms || !gw)
		return;
	DL_FOREACH(b->node->bces, e) {
		struct hnp_set *sets[] = { e->set, e->common };

		for (i = 0; i < 2; i++) {
			if (!is_first(e, sets[i], gw))
				continue;
			if (!kept && keep_tunnel(l, gw->peer))
				return;
			kept = true;
			r.wait_ms = bce_has(b, sets[i]) && prof->keep_order ? l->conf->order_ms : 0;
			allow(l, sets[i], &r);
		}
	}
}

/**
 * return_close() - a gateway has a node again that it had lost
 * @l: the anchor
 * @b: the entry that it serves now; the paths are not changed yet
 *
 * What it held it delivers itself, and sends no mark of an end: newer packets
 * would wait for that in vain.  What comes from other gateways still may.
 */
void return_close(struct lma *l, const struct bce *b)
{
	static const struct dp_return none;
	const struct bce *e;
	unsigned int i;

	DL_FOREACH(b->node->bces, e) {
		struct hnp_set *sets[] = { e->set, e->common };

		for (i = 0; i < 2; i++)
			if (sets[i] && sets[i]->returns && sets[i]->returns == b->tunnel)
				allow(l, sets[i], &none);
	}
}
