// SPDX-License-Identifier: GPL-2.0
/*
 * Another anchor says that it serves a node, or does so no more.  The prefixes stay those of
 * the anchor out of whose pools they are: it is "the topological anchor point of the MN"
 * (draft: LMA handover §4.2 (j)), and forwards to whoever serves the node.
 */
#include "lma/anchoring.h"

#include <utlist.h>

/* A third anchor has got the node from the second: no path names the latter any more */
static uint8_t point_to(struct anchoring *h, const struct in6_addr *to)
{
	struct peer *before = h->onward;

	h->onward = NULL;
	if (anchoring_onward(h, to)) {
		h->onward = before;
		return LMA_HACK_NO_RESOURCES;
	}
	forward_onward(h->lma, h->node);
	if (before)
		peer_tunnel_put(before);
	anchoring_notify(h, "lma-handover-onward", to, NULL);
	return LMA_HACK_OK;
}

/* What the second has said once more may come after what the third says. */
static uint8_t extend(struct anchoring *h, const struct in6_addr *src, const struct mh_msg *m)
{
	const uint64_t ms = (uint64_t)m->lifetime * MH_LIFETIME_UNIT * 1000;
	struct env *env = h->lma->env;
	uint8_t status = LMA_HACK_OK;

	if (!IN6_ARE_ADDR_EQUAL(&h->to, src))
		status = m->opts.timestamp > h->since ? point_to(h, src) : LMA_HACK_UNDER_WAY;
	if (status)
		return status;
	if (m->opts.timestamp > h->since)
		h->since = m->opts.timestamp;
	h->heard = env->ops->now(env->ctx);
	h->until = h->heard + ms * NSEC_PER_MSEC;
	if (h->state == HO_AWAY)
		anchoring_arm(h, &h->timer, ms);
	return LMA_HACK_OK;
}

/*
 * To whom we have handed it, or whom that has: perhaps the answer to us is late, or has been
 * lost.  Not one that says again what it has said of a stay before it came here.
 */
static uint8_t leave(struct anchoring *h, const struct in6_addr *src, const struct mh_msg *m)
{
	if (IN6_IS_ADDR_UNSPECIFIED(&h->to) || m->opts.timestamp < h->since)
		return LMA_HACK_PROHIBITED;
	if ((!h->onward || !IN6_ARE_ADDR_EQUAL(&h->to, src)) && anchoring_onward(h, src))
		return LMA_HACK_NO_RESOURCES;
	leaving_left(h, m);
	return LMA_HACK_OK;
}

static uint8_t release(struct lma *l, struct anchoring *h, const struct in6_addr *src)
{
	struct node *n = h->node;

	if ((h->state != HO_LEFT && h->state != HO_AWAY) || !IN6_ARE_ADDR_EQUAL(&h->to, src))
		return LMA_HACK_UNKNOWN_NODE;
	n->holds++;
	if (h->state == HO_LEFT)
		leaving_over(h);
	if (n->anchoring)
		away_forget(n->anchoring);
	n->holds--;
	node_put(l, n);
	return LMA_HACK_OK;
}

static bool has_all(struct lma *l, const struct node *n, const struct mh_opts *o)
{
	for (unsigned int i = 0; i < o->n_hnp; i++) {
		const struct hnp *h = hnp_find(l, &o->hnp[i].prefix);

		if (!h || h->set->node != n)
			return false;
	}
	return true;
}

/**
 * away_serve() - an anchor says that it serves a node from now on, or no more
 * @l: this anchor
 * @src: the other, a neighbour
 * @m: the message; lifetime 0: no more
 *
 * Return: enum lma_hack_status.
 */
uint8_t away_serve(struct lma *l, const struct in6_addr *src, const struct mh_msg *m)
{
	struct node *n = lma_node_find(l, &m->opts.mn_id);
	struct anchoring *h = n ? n->anchoring : NULL;

	if (!n)
		return LMA_HACK_UNKNOWN_NODE;
	if (!h)
		return m->lifetime ? LMA_HACK_PROHIBITED : LMA_HACK_UNKNOWN_NODE;
	if (!m->lifetime)
		return release(l, h, src);
	if (!has_all(l, n, &m->opts))
		return LMA_HACK_PREFIX_TAKEN;
	if (h->state == HO_LEFT || h->state == HO_AWAY)
		return extend(h, src, m);
	/* it comes back from there, and until it has it is served there; or goes to a third */
	if (h->state == HO_COMING || (h->state == HO_HANDED && anchoring_is_guest(h)))
		return IN6_ARE_ADDR_EQUAL(&h->to, src) ? extend(h, src, m) : LMA_HACK_UNDER_WAY;
	if (h->state == HO_HANDED) {
		n->holds++;
		if (!IN6_ARE_ADDR_EQUAL(&h->to, src) && m->opts.timestamp > h->since)
			arriving_void(h);
		n->holds--;
		h = n->anchoring;
		/* without memory all of it has gone */
		if (!h) {
			node_put(l, n);
			return LMA_HACK_UNKNOWN_NODE;
		}
		return extend(h, src, m);
	}
	return leave(h, src, m);
}

/* It is gone before all gateways have: they have their tunnels yet. */
static void come_back(struct anchoring *h)
{
	struct peer *before = h->onward;
	struct lma *l = h->lma;

	h->onward = NULL;
	h->state = HO_HERE;
	timerq_cancel(l->env->timers, &h->timer);
	timerq_cancel(l->env->timers, &h->tell);
	forward_onward(l, h->node);
	anchoring_unhold(h);
	if (before)
		peer_tunnel_put(before);
	if (anchoring_is_guest(h))
		arriving_refresh(h);
	else
		anchoring_end(h);
}

/**
 * away_forget() - no other anchor serves a node any more
 * @h: the node, whose prefixes return whence they came unless gateways have them here
 */
void away_forget(struct anchoring *h)
{
	h->lma->counters.handover.forgotten++;
	anchoring_notify(h, "lma-handover-forgotten", &h->to, NULL);
	if (h->state == HO_LEFT && h->node->bces)
		come_back(h);
	else
		anchoring_end(h);
}
