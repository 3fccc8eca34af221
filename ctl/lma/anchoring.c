// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of a node that another anchor has to do with: its states, its timers, and
 * what they hold.  Who is told what is in leaving.c, away.c and arriving.c.
 */
#include "lma/anchoring.h"

#include "core/log.h"

#include <stdlib.h>
#include <utlist.h>

/* From the first gateway that registers to the last */
#define COMING_MS	2000

static void on_timer(void *arg)
{
	static void (*const over[HO_STATES])(struct anchoring *h) = {
		[HO_ANSWERED]	= leaving_void,
		[HO_LEFT]	= leaving_over,
		[HO_AWAY]	= away_forget,
		[HO_COMING]	= arriving_settle,
	};
	struct anchoring *h = arg;

	if (over[h->state])
		over[h->state](h);
}

static void on_refresh(void *arg)
{
	arriving_refresh(arg);
}

static void on_returns(void *arg)
{
	arriving_return(arg);
}

static void on_late(void *arg)
{
	arriving_late(arg);
}

static void on_tell(void *arg)
{
	leaving_tell(arg);
}

/* Draft: LMA handover §4.2 (h): the store knows now, or another anchor was first. */
static void store_knows(void *arg, int err)
{
	struct anchoring *h = arg;

	anchoring_notify(h, "lma-handover-stored", &h->before, err ? "result=busy" : "result=ok");
}

/**
 * anchoring_get() - what is known of a node that another anchor has to do with
 * @l: the anchor
 * @n: the node; if nothing is known it is one that is served here
 *
 * Return: that, NULL if there is no memory.
 */
struct anchoring *anchoring_get(struct lma *l, struct node *n)
{
	struct anchoring *h = n->anchoring;

	if (h)
		return h;
	h = calloc(1, sizeof(*h));
	if (!h)
		return NULL;
	h->lma = l;
	h->node = n;
	timer_init(&h->timer, on_timer, h);
	timer_init(&h->refresh, on_refresh, h);
	timer_init(&h->returns, on_returns, h);
	timer_init(&h->late, on_late, h);
	timer_init(&h->tell, on_tell, h);
	h->stored = (struct policy_wait){ .fn = store_knows, .arg = h };
	n->anchoring = h;
	DL_APPEND(l->anchorings, h);
	record_keep(l, n);
	return h;
}

/**
 * anchoring_arm() - let something happen later
 * @h: the node
 * @t: one of its timers
 * @ms: after so long
 *
 * Without memory it happens never: what is there then stays until its node goes.
 */
void anchoring_arm(struct anchoring *h, struct timer *t, uint64_t ms)
{
	struct env *env = h->lma->env;

	if (timerq_set(env->timers, t, env->ops->now(env->ctx) + ms * NSEC_PER_MSEC))
		log_ratelimited(LOG_ERR, "no memory for the timer of a node's handover");
}

/**
 * anchoring_clock() - the time by which anchors agree on who has got a node after whom
 * @h: the node
 *
 * RFC 5213 §5.5 has each registration bear a later timestamp than the one before, whichever
 * gateway sends it, and the context takes the newest along.  So it is later at an anchor than
 * at the one before, and no two clocks are compared; but those of gateways that send none.
 *
 * Return: the newest timestamp of a registration, or ours.
 */
uint64_t anchoring_clock(const struct anchoring *h)
{
	struct env *env = h->lma->env;

	return h->node->timestamp ? h->node->timestamp : mh_timestamp(env->ops->wall(env->ctx));
}

/**
 * anchoring_holds() - whether prefixes outlive the entries that have them
 * @set: the prefixes
 *
 * Return: true for those of a node that is between anchors, or away.
 */
bool anchoring_holds(const struct hnp_set *set)
{
	const struct anchoring *h = set->node->anchoring;

	for (unsigned int i = 0; h && i < h->n_set; i++)
		if (h->set[i] == set)
			return true;
	return false;
}

static void hold_one(struct anchoring *h, struct hnp_set *set)
{
	if (!set || anchoring_holds(set) || h->n_set == HNP_MAX)
		return;
	set->users++;
	h->set[h->n_set++] = set;
}

/**
 * anchoring_hold() - a node's prefixes outlive its entries
 * @h: the node
 */
void anchoring_hold(struct anchoring *h)
{
	struct bce *b;

	DL_FOREACH(h->node->bces, b) {
		hold_one(h, b->set);
		hold_one(h, b->common);
	}
}

/**
 * anchoring_unhold() - they do so no more
 * @h: the node; prefixes that no entry has are the kernel's no more, either
 */
void anchoring_unhold(struct anchoring *h)
{
	struct lma *l = h->lma;

	while (h->n_set) {
		struct hnp_set *set = h->set[--h->n_set];

		for (unsigned int i = 0; set->users == 1 && i < set->n; i++)
			l->env->ops->dp_binding_del(l->env->ctx, &set->hnp[i].prefix);
		hnp_set_put(l, set);
	}
}

/**
 * anchoring_onward() - a tunnel to the anchor that a node goes to
 * @h: the node
 * @to: that anchor; one before has its tunnel taken, which no path may have any more
 *
 * Draft: LMA handover §4.2 (d): "a bi-directional tunnel is set up between the PLMA and the
 * NLMA".
 *
 * Return: 0 or -1 without memory; then all is as it was.
 */
int anchoring_onward(struct anchoring *h, const struct in6_addr *to)
{
	struct lma *l = h->lma;
	struct peer *p = peer_get(l->peers, &l->conf->address, to);

	if (!p || !peer_tunnel_get(p, PMIP_TUNNEL_LMA_TO_MAG))
		return -1;
	anchoring_no_onward(h);
	h->onward = p;
	h->to = *to;
	return 0;
}

/**
 * anchoring_no_onward() - no path of a node needs the tunnel to another anchor any more
 * @h: the node
 */
void anchoring_no_onward(struct anchoring *h)
{
	if (h->onward)
		peer_tunnel_put(h->onward);
	h->onward = NULL;
}

static void put_from(struct anchoring *h)
{
	for (unsigned int i = 0; i < 2; i++) {
		if (h->from[i])
			peer_tunnel_put(h->from[i]);
		h->from[i] = NULL;
	}
}

/* The node has none from here on: what holds it is the caller's to let go. */
static void detach(struct anchoring *h)
{
	struct timerq *q = h->lma->env->timers;

	timerq_cancel(q, &h->timer);
	timerq_cancel(q, &h->refresh);
	timerq_cancel(q, &h->returns);
	timerq_cancel(q, &h->late);
	timerq_cancel(q, &h->tell);
	policy_cancel(&h->stored);
	DL_DELETE(h->lma->anchorings, h);
	free(h->flows);
	h->flows = NULL;
}

/**
 * anchoring_end() - no other anchor has to do with a node any more
 * @h: the node, which goes too if it has no entries
 */
void anchoring_end(struct anchoring *h)
{
	struct node *n = h->node;
	struct lma *l = h->lma;

	detach(h);
	anchoring_unhold(h);
	n->anchoring = NULL;
	anchoring_no_onward(h);
	put_from(h);
	free(h);
	record_keep(l, n);
	node_put(l, n);
}

/**
 * anchoring_forget() - the same when the anchor goes itself
 * @n: the node: what the kernel has of it outlives the process
 */
void anchoring_forget(struct node *n)
{
	struct anchoring *h = n->anchoring;

	if (!h)
		return;
	detach(h);
	n->anchoring = NULL;
	while (h->n_set)
		hnp_set_put(h->lma, h->set[--h->n_set]);
	free(h);
}

/**
 * anchoring_leads() - packets to a node go to another anchor before all else
 * @n: the node
 * @tunnel: by this tunnel
 *
 * Return: false if they go to gateways, or nowhere.
 */
bool anchoring_leads(const struct node *n, uint32_t *tunnel)
{
	const struct anchoring *h = n->anchoring;

	if (!h || !h->onward || (h->state != HO_LEFT && h->state != HO_AWAY))
		return false;
	*tunnel = h->onward->tunnel;
	return true;
}

/**
 * anchoring_fills() - packets to a node for which no gateway is there go to another anchor
 * @n: the node, which comes back from there
 * @tunnel: by this tunnel
 *
 * Return: false if they do not.
 */
bool anchoring_fills(const struct node *n, uint32_t *tunnel)
{
	const struct anchoring *h = n->anchoring;

	if (!h || !h->onward || (h->state != HO_HANDED && h->state != HO_COMING))
		return false;
	*tunnel = h->onward->tunnel;
	return true;
}

/**
 * anchoring_where() - which anchor serves a node that this one does not serve any more
 * @l: this anchor
 * @id: the node
 *
 * Return: its address, NULL: it is served here, or not known.
 */
const struct in6_addr *anchoring_where(struct lma *l, const struct mn_id *id)
{
	const struct node *n = l->anchorings ? lma_node_find(l, id) : NULL;
	const struct anchoring *h = n ? n->anchoring : NULL;

	return h && (h->state == HO_LEFT || h->state == HO_AWAY) ? &h->to : NULL;
}

static bool any_handed(const struct node *n)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->state == BCE_HANDED)
			return true;
	return false;
}

/**
 * anchoring_attached() - a node is here by a new link
 * @b: the entry, in force
 *
 * If it is about to go to another anchor, that may say late that it served it before.
 */
void anchoring_attached(const struct bce *b)
{
	struct anchoring *h = b->node->anchoring;

	if (h && (h->state == HO_ASKED || h->state == HO_ANSWERED))
		h->since = anchoring_clock(h);
}

/**
 * anchoring_registered() - a gateway has registered an entry that another anchor has handed
 * @b: the entry, in force, and not yet answered
 */
void anchoring_registered(struct bce *b)
{
	struct anchoring *h = b->node->anchoring;

	if (!h)
		return;
	if (h->state == HO_HANDED) {
		h->state = HO_COMING;
		anchoring_arm(h, &h->timer, COMING_MS);
		arriving_return(h);
		arriving_claim(h);
	}
	if (h->state == HO_COMING && !any_handed(b->node))
		anchoring_arm(h, &h->timer, 0);
}

/**
 * anchoring_entry_gone() - a node has one entry fewer
 * @n: the node, which stays, perhaps without what is known of its handover
 */
void anchoring_entry_gone(struct node *n)
{
	struct anchoring *h = n->anchoring;

	if (!h || h->state == HO_LEFT || h->state == HO_AWAY)
		return;
	if (n->bces) {
		if (h->state == HO_HANDED && !any_handed(n))
			arriving_settle(h);
		return;
	}
	if (h->state == HO_HANDED) {
		arriving_void(h);
		return;
	}
	arriving_release(h);
	anchoring_end(h);
}

/**
 * anchoring_notify() - tell whoever watches what becomes of a node between anchors
 * @h: the node
 * @event: its name
 * @peer: the other anchor
 * @detail: "key=value", may be NULL
 */
void anchoring_notify(const struct anchoring *h, const char *event, const struct in6_addr *peer,
		      const char *detail)
{
	const struct mn_id id = node_id(h->node);
	struct env *env = h->lma->env;
	struct notice n = { .event = event, .mn = &id, .peer = peer, .detail = detail };

	env->ops->notify(env->ctx, &n);
}

static bool concerns(const struct anchoring *h, const struct in6_addr *anchor)
{
	return (h->state == HO_LEFT || h->state == HO_AWAY) &&
	       IN6_ARE_ADDR_EQUAL(&h->to, anchor);
}

/**
 * lma_on_peer_dead() - an anchor does not answer any more (RFC 5847 §3.1)
 * @l: this anchor
 * @p: the other
 *
 * The nodes that it serves have to register here again.
 */
void lma_on_peer_dead(struct lma *l, struct peer *p)
{
	const struct in6_addr remote = p->remote;
	struct anchoring *h, *tmp;

	DL_FOREACH_SAFE(l->anchorings, h, tmp)
		if (concerns(h, &remote))
			away_forget(h);
}

/**
 * anchoring_restarted() - an anchor has begun anew, and knows of no node
 * @l: this anchor
 * @p: the other
 *
 * But for those that it has spoken of since, see lma_on_peer_restart().  Whose prefixes are
 * its own it hears of at once.
 */
void anchoring_restarted(struct lma *l, const struct peer *p)
{
	const struct in6_addr remote = p->remote;
	const uint64_t seen = p->counter_seen;
	struct anchoring *h, *tmp;

	DL_FOREACH_SAFE(l->anchorings, h, tmp) {
		if (concerns(h, &remote) && h->heard <= seen)
			away_forget(h);
		else if (IN6_ARE_ADDR_EQUAL(&h->anchor, &remote))
			arriving_refresh(h);
	}
}
