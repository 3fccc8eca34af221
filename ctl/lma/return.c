// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that a gateway could not deliver come back to the anchor (draft:
 * fault tolerant multihoming §3.2: "MAG1 forwards the cached data to LMA by
 * Tunnel; then LMA checks the BCE table and finds out that IF2 is available").
 * The kernel takes them for a while from the gateway that has deregistered the
 * node, and the tunnel to that stays as long.
 */
#include "lma/flows.h"

#include <stdlib.h>
#include <string.h>
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

static int keep_tunnel(struct lma *l, struct peer *p, uint32_t ms)
{
	uint64_t until = l->env->ops->now(l->env->ctx) + ms * NSEC_PER_MSEC;
	struct returning *r;

	DL_FOREACH(l->returning, r) {
		if (r->peer != p)
			continue;
		/* what another node of that gateway has asked for holds, too */
		return r->timer.deadline >= until ? 0 :
		       timerq_set(l->env->timers, &r->timer, until);
	}
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

/* Which of a set's, or its places, a tunnel is, 0 for one that is free; HNP_RETURNS: none */
static unsigned int find(const struct hnp_set *set, uint32_t tunnel)
{
	unsigned int i;

	for (i = 0; i < HNP_RETURNS && set->returns[i] != tunnel; i++)
		;
	return i;
}

/* The oldest makes room, as in the kernel */
static void note(struct hnp_set *set, uint32_t tunnel)
{
	if (find(set, tunnel) < HNP_RETURNS)
		return;
	if (find(set, 0) == HNP_RETURNS) {
		memmove(set->returns, set->returns + 1,
			(HNP_RETURNS - 1) * sizeof(*set->returns));
		set->returns[HNP_RETURNS - 1] = 0;
		for (unsigned int i = 0; i < set->n; i++)
			set->hnp[i].waits >>= 1;
	}
	set->returns[find(set, 0)] = tunnel;
}

/* Whether newer packets to a prefix have been said to wait for those that come by a tunnel */
static bool waits_for(const struct hnp *h, uint32_t tunnel)
{
	const unsigned int nth = find(h->set, tunnel);

	return nth < HNP_RETURNS && (h->waits & 1U << nth);
}

static void allow(struct lma *l, struct hnp *h, const struct dp_return *r)
{
	unsigned int bit;

	note(h->set, r->tunnel);
	bit = 1U << find(h->set, r->tunnel);
	h->waits = (uint8_t)(r->wait_ms ? h->waits | bit : h->waits & ~bit);
	l->env->ops->dp_return_set(l->env->ctx, &h->prefix, r);
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

static bool keeps_order(const struct lma *l, const struct node *n)
{
	const struct mn_id id = node_id(n);
	const struct profile *prof = policy_find(l->policy, &id);

	return prof && prof->keep_order;
}

/* As much of a time as the kernel takes */
static uint32_t within(uint64_t ms)
{
	return ms < PMIP_HOLD_TIME_MAX ? (uint32_t)ms : PMIP_HOLD_TIME_MAX;
}

static bool serves_another(const struct gateway *gw, const struct bce *b)
{
	const struct bce *o;

	DL_FOREACH(b->node->bces, o)
		if (o != b && o->gw == gw)
			return true;
	return false;
}

/* Whether another interface of the node at a gateway keeps a prefix */
static bool keeps(const struct gateway *gw, const struct bce *b, const struct hnp *h)
{
	const struct bce *o;

	DL_FOREACH(b->node->bces, o)
		if (o != b && o->gw == gw && part_has(o, h) && !revoke_concerns(o, &h->prefix))
			return true;
	return false;
}

/*
 * Whether a gateway that loses an entry sends the mark of a prefix's end: it does for
 * what was the entry's own, and for what it is known to route for flows, unless another
 * interface of the node there is left by which it delivers.
 */
static bool sends_mark(const struct bce *b, const struct gateway *gw, const struct hnp *h)
{
	if (bce_has(b, h->set))
		return !keeps(gw, b, h);
	return !serves_another(gw, b) &&
	       grant_open_at(b->node, &gw->peer->remote, &h->prefix);
}

/*
 * Whether newer packets are to wait for that mark: not where none went by that gateway.
 * What went there before they took another way has been overtaken already.
 */
static bool is_waited_for(const struct bce *b, const struct gateway *gw, const struct hnp *h,
			  uint32_t tunnel)
{
	return sends_mark(b, gw, h) && (waits_for(h, tunnel) || forward_carries(h, tunnel));
}

static void open_set(const struct bce *b, const struct gateway *gw, struct hnp_set *set,
		     const struct prefix *only, const struct dp_return *r)
{
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		struct hnp *h = &set->hnp[i];
		struct dp_return one = *r;

		if (part_orphan(h) || (only && !prefix_equal(&h->prefix, only)))
			continue;
		if (one.wait_ms && !is_waited_for(b, gw, h, one.tunnel))
			one.wait_ms = 0;
		allow(b->lma, h, &one);
	}
}

/*
 * A request waits for just this (RFC 5213 §5.4.1.2, Handoff Indicator 4), so that another
 * gateway is about to serve the prefixes of the node's only entry.
 */
static bool is_awaited(const struct bce *b)
{
	return b->node->pending && b->node->n_bces == 1;
}

static void open_own(const struct bce *b, const struct gateway *gw, const struct prefix *only,
		     const struct dp_return *r)
{
	if (keep_tunnel(b->lma, gw->peer, r->time_ms))
		return;
	open_set(b, gw, b->set, only, r);
	if (b->common)
		open_set(b, gw, b->common, only, r);
}

static void open_from(struct lma *l, const struct bce *b, const struct gateway *gw,
		      uint32_t tunnel, const struct prefix *only, uint64_t later_ms,
		      bool marked)
{
	struct dp_return r = {
		.tunnel = tunnel, .time_ms = within(later_ms + l->conf->return_ms),
	};
	const struct bce *e;
	bool kept = false;
	unsigned int i;

	if (!l->conf->return_ms || !gw)
		return;
	if (marked && keeps_order(l, b->node))
		r.wait_ms = within(later_ms + l->conf->order_ms);
	if (is_awaited(b)) {
		open_own(b, gw, only, &r);
		return;
	}
	DL_FOREACH(b->node->bces, e) {
		struct hnp_set *sets[] = { e->set, e->common };

		for (i = 0; i < 2; i++) {
			if (!is_first(e, sets[i], gw))
				continue;
			if (!kept && keep_tunnel(l, gw->peer, r.time_ms))
				return;
			kept = true;
			open_set(b, gw, sets[i], only, &r);
		}
	}
}

/**
 * return_open() - a gateway is about to lose a node, and may send packets back
 * @l: the anchor
 * @b: the entry that the gateway deregisters, still active
 * @only: of the prefixes this one; NULL: its own, and those of other entries
 * @later_ms: until the gateway is known to have heard of it, at most
 *
 * Those to the entry's own prefixes, if another gateway has them too, or waits for them; and
 * those to prefixes of the node's other entries, since flows may have been
 * moved to this one.  Newer packets wait only for the former and for those that
 * flows have been moved with, only if any go by that gateway, and only where the profile
 * says so: one that holds sends the mark of the end for these, be there anything held
 * or not.
 */
void return_open(struct lma *l, const struct bce *b, const struct prefix *only,
		 uint64_t later_ms)
{
	open_from(l, b, b->gw, b->tunnel, only, later_ms, true);
}

/**
 * return_lost() - the same of a gateway that has begun anew
 * @l: the anchor
 * @b: an entry that it has forgotten, still active
 *
 * Its kernel may still hold what it could not deliver before, and then its controller
 * sends that back once its deregistration is answered, if it asks for that.  Whether
 * there is a mark to come nobody knows, so that no packet waits for one.
 */
void return_lost(struct lma *l, const struct bce *b)
{
	open_from(l, b, b->gw, b->tunnel, NULL, 0, false);
}

static void renew_set(struct lma *l, struct hnp_set *set, const struct dp_return *r)
{
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		struct hnp *h = &set->hnp[i];
		struct dp_return one = *r;

		if (!waits_for(h, one.tunnel))
			one.wait_ms = 0;
		if (!part_orphan(h))
			allow(l, h, &one);
	}
}

static struct returning *returning_from(const struct lma *l, const struct in6_addr *mag)
{
	struct returning *r;

	DL_FOREACH(l->returning, r)
		if (IN6_ARE_ADDR_EQUAL(&r->peer->remote, mag))
			return r;
	return NULL;
}

/**
 * return_again() - a gateway has not heard that its deregistration is accepted
 * @l: the anchor
 * @b: the entry, which nobody serves any more
 *
 * It sends nothing back before it has: what is open stays so for as long from now on as
 * it did from the first time, and what waits for the mark of the end goes on waiting.
 * What is over meanwhile does not begin again: its tunnel has gone.
 */
void return_again(struct lma *l, const struct bce *b)
{
	const struct returning *from = returning_from(l, &b->proxy_coa);
	struct dp_return r = { .time_ms = l->conf->return_ms, .wait_ms = l->conf->order_ms };
	const struct bce *e;
	unsigned int i;

	if (!from || keep_tunnel(l, from->peer, r.time_ms))
		return;
	r.tunnel = from->peer->tunnel;
	DL_FOREACH(b->node->bces, e) {
		struct hnp_set *sets[] = { e->set, e->common };

		for (i = 0; i < 2; i++) {
			if (!is_first(e, sets[i], NULL) ||
			    find(sets[i], r.tunnel) == HNP_RETURNS)
				continue;
			renew_set(l, sets[i], &r);
		}
	}
}

/**
 * return_left() - the same of a gateway that the node has left for another
 * @l: the anchor
 * @b: the entry, which the other serves; the paths are not changed yet
 * @was: the entry as it was
 *
 * Only where a BRI follows, see revoke_left(): RFC 5213 §5.3.5 has the deregistration of
 * the gateway before ignored, so that it would keep what it holds.
 */
void return_left(struct lma *l, const struct bce *b, const struct bce *was)
{
	if (l->conf->revoke_handover)
		open_from(l, b, was->gw, was->tunnel, NULL,
			  revocation_patience_ms(&l->conf->revocation), true);
}

static void close_set(struct lma *l, struct hnp_set *set, unsigned int nth)
{
	const struct dp_return none = { .tunnel = set->returns[nth] };
	unsigned int i;

	set->returns[nth] = 0;
	for (i = 0; i < set->n; i++) {
		set->hnp[i].waits &= (uint8_t)~(1U << nth);
		if (!part_orphan(&set->hnp[i]))
			l->env->ops->dp_return_set(l->env->ctx, &set->hnp[i].prefix, &none);
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
	unsigned int i, nth;
	const struct bce *e;

	DL_FOREACH(b->node->bces, e) {
		struct hnp_set *sets[] = { e->set, e->common };

		for (i = 0; i < 2; i++) {
			nth = sets[i] && b->tunnel ? find(sets[i], b->tunnel) : HNP_RETURNS;
			if (nth < HNP_RETURNS)
				close_set(l, sets[i], nth);
		}
	}
}
