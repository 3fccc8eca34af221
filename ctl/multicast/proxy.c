// SPDX-License-Identifier: GPL-2.0
/* One instance of an MLD proxy (RFC 4605 §4, RFC 6224 §4.2). */
#include "multicast/proxy.h"

#include "core/log.h"

#include <errno.h>
#include <utlist.h>

#define RETRY_NS	NSEC_PER_SEC

static uint64_t now(const struct mcast_proxy *p)
{
	return p->env->ops->now(p->env->ctx);
}

static int report(struct mcast_proxy *p, const struct mcast_entry *e)
{
	struct mcast_filter all;
	int err = mcast_entry_filter(e, &all);

	if (err)
		return err;
	err = mcast_reporter_set(&p->reporter, &e->group, &all);
	mcast_filter_clear(&all);
	return err;
}

/* RFC 4605 §4.1: "when the composition of the membership database changes" */
static void fire_changed(void *arg)
{
	struct mcast_proxy *p = arg;
	struct mcast_entry *e;

	/* the place in the queue that it has just left cannot be lost so */
	timerq_set(p->env->timers, &p->changed, now(p) + RETRY_NS);
	while ((e = mcast_database_next(&p->db))) {
		if (report(p, e))
			return;
		mcast_database_seen(&p->db, e);
	}
	timerq_cancel(p->env->timers, &p->changed);
}

/* What it gets, by whichever way; to nobody it cannot fail */
static int lead(struct mcast_node *n, struct mcast_outlet *by, const struct in6_addr *group,
		const struct mcast_filter *before, const struct mcast_filter *after)
{
	struct mcast_proxy *p = n->proxy;

	if (mcast_filter_nobody(before) && mcast_filter_nobody(after))
		return 0;
	if (by)
		return mcast_outlet_change(by, group, before, after);
	mcast_route_change(&p->ops->route, p->arg, n->number, group, before, after);
	return 0;
}

/* By the way that its packets take, if those of the group take any */
static int lead_on(struct mcast_node *n, const struct in6_addr *group,
		   const struct mcast_filter *before, const struct mcast_filter *after)
{
	const struct mcast_group *g = mcast_listener_find(&n->listener, group);

	return g && g->ended ? 0 : lead(n, n->outlet, group, before, after);
}

static int node_changed(void *arg, const struct in6_addr *group,
			const struct mcast_filter *before, const struct mcast_filter *after)
{
	struct mcast_node *n = arg;
	struct mcast_proxy *p = n->proxy;
	int err = 0;

	/* room for the timer first: from here on nothing can fail but the database */
	if (!timer_pending(&p->changed) || p->changed.deadline > now(p))
		err = timerq_set(p->env->timers, &p->changed, now(p));
	if (!err)
		err = mcast_database_change(&p->db, group, before, after);
	if (err)
		return err;
	err = lead_on(n, group, before, after);
	/* there is room for what was there a moment ago */
	if (err)
		mcast_database_change(&p->db, group, after, before);
	return err;
}

static void node_query(void *arg, const struct mld_query *q)
{
	struct mcast_node *n = arg;

	n->proxy->ops->query(n->proxy->arg, n, q);
}

static const struct mcast_listener_ops node_ops = { node_changed, node_query };

/**
 * mcast_proxy_init() - an instance without links downstream
 * @p: the instance; must not move from now on
 * @env: clock, timers and chance
 * @down: times and limits towards nodes; must outlive it
 * @up: times and MTU of the upstream link; must outlive it
 * @heard: counts what its nodes say; must outlive it
 * @ops: what it does to the world; must outlive it
 * @arg: for @ops
 *
 * Return: 0 or -ENOMEM.
 */
int mcast_proxy_init(struct mcast_proxy *p, struct env *env, const struct mcast_conf *down,
		     const struct mcast_conf *up, struct mcast_listener_counters *heard,
		     const struct mcast_proxy_ops *ops, void *arg)
{
	memset(p, 0, sizeof(*p));
	p->env = env;
	p->down = down;
	p->heard = heard;
	p->ops = ops;
	p->arg = arg;
	timer_init(&p->changed, fire_changed, p);
	return mcast_reporter_init(&p->reporter, env, up, &ops->up, arg);
}

/**
 * mcast_proxy_free() - forget an instance, whose nodes have been removed
 * @p: the instance
 */
void mcast_proxy_free(struct mcast_proxy *p)
{
	timerq_cancel(p->env->timers, &p->changed);
	mcast_database_free(&p->db);
	mcast_reporter_free(&p->reporter);
}

/**
 * mcast_proxy_add() - a link is downstream from now on
 * @p: the instance
 * @n: the node on it, of no instance; must not move until it is removed
 * @number: of the node, in routes
 *
 * RFC 6224 §4.2: "an MLD query should be initiated by the proxy instance, as soon as a new
 * interface has been configured for downstream".
 *
 * Return: 0, or -ENOMEM: it is of no instance.
 */
int mcast_proxy_add(struct mcast_proxy *p, struct mcast_node *n, uint64_t number)
{
	int err;

	n->proxy = p;
	n->number = number;
	n->outlet = NULL;
	mcast_listener_init(&n->listener, p->env, p->down, p->heard, &node_ops, n);
	DL_APPEND(p->nodes, n);
	err = mcast_querier_start(&n->listener.querier);
	if (err)
		mcast_proxy_remove(n);
	return err;
}

/**
 * mcast_proxy_remove() - a node leaves, or its anchor is another
 * @n: the node; nothing happens if it is of no instance
 *
 * RFC 6224 §6: nodes "will not actively terminate group membership prior to departure".  What
 * it alone has listened to is no longer asked for upstream.
 */
void mcast_proxy_remove(struct mcast_node *n)
{
	static const struct mcast_filter nobody;
	struct mcast_proxy *p = n->proxy;
	struct mcast_group *g;

	if (!p)
		return;
	DL_FOREACH(n->listener.groups, g)
		if (!mcast_filter_nobody(&g->told) &&
		    node_changed(n, &g->addr, &g->told, &nobody)) {
			/* no timer: then it is reported with the next change */
			mcast_database_change(&p->db, &g->addr, &g->told, &nobody);
			lead_on(n, &g->addr, &g->told, &nobody);
		}
	mcast_listener_free(&n->listener);
	DL_DELETE(p->nodes, n);
	n->proxy = NULL;
}

static void tell_routes(struct mcast_node *n, bool there)
{
	static const struct mcast_filter nobody;
	struct mcast_group *g;

	if (n->outlet)
		return;
	DL_FOREACH(n->listener.groups, g)
		lead(n, NULL, &g->addr, there ? &nobody : &g->told, there ? &g->told : &nobody);
}

/**
 * mcast_node_withdraw() - packets do not go to a node any more the way they did
 * @n: the node, of an instance; what it listens to stays known
 *
 * Of one whose packets go by an outlet there are no routes to tell.
 */
void mcast_node_withdraw(struct mcast_node *n)
{
	tell_routes(n, false);
}

/**
 * mcast_node_restore() - tell all routes of a node, from the beginning
 * @n: the node, of an instance
 */
void mcast_node_restore(struct mcast_node *n)
{
	tell_routes(n, true);
}

/* What it listens to, by a way that it has not had before */
static int divert_to(struct mcast_node *n, struct mcast_outlet *to)
{
	static const struct mcast_filter nobody;
	struct mcast_group *g, *done;
	int err = 0;

	DL_FOREACH(n->listener.groups, g) {
		err = lead(n, to, &g->addr, &nobody, &g->told);
		if (err)
			break;
	}
	if (!err)
		return 0;
	for (done = n->listener.groups; done != g; done = done->next)
		lead(n, to, &done->addr, &done->told, &nobody);
	return err;
}

/**
 * mcast_node_divert() - the packets of a node go another way
 * @n: the node, of an instance
 * @to: which one, with what goes to others by it; NULL: by routes of its own
 *
 * The new way is told before the old one ends.
 *
 * Return: 0, or -ENOMEM with nothing changed; by routes of its own it cannot fail.
 */
int mcast_node_divert(struct mcast_node *n, struct mcast_outlet *to)
{
	static const struct mcast_filter nobody;
	struct mcast_outlet *old = n->outlet;
	struct mcast_group *g;
	int err;

	if (to == old)
		return 0;
	err = divert_to(n, to);
	if (err)
		return err;
	DL_FOREACH(n->listener.groups, g) {
		if (!g->ended)
			lead(n, old, &g->addr, &g->told, &nobody);
		g->ended = false;
	}
	n->outlet = to;
	return 0;
}

/**
 * mcast_node_end() - packets of a group do not go to a node any more
 * @n: the node; nothing happens unless it goes by an outlet
 * @group: one that it listens to, or not
 *
 * It gets them where it is.  With the next way that its packets take they go again.
 */
void mcast_node_end(struct mcast_node *n, const struct in6_addr *group)
{
	static const struct mcast_filter nobody;
	struct mcast_group *g = mcast_listener_find(&n->listener, group);

	if (!n->outlet || !g || g->ended)
		return;
	lead(n, n->outlet, group, &g->told, &nobody);
	g->ended = true;
}

/**
 * mcast_proxy_from_node() - a message from downstream
 * @n: the node that has sent it
 * @pkt: the packet, valid
 */
void mcast_proxy_from_node(struct mcast_node *n, const struct mld_packet *pkt)
{
	if (n->proxy)
		mcast_listener_input(&n->listener, pkt);
}

/**
 * mcast_proxy_from_upstream() - a message from upstream
 * @p: the instance
 * @pkt: the packet, valid
 *
 * RFC 4605 §3: "MUST NOT perform the router portion [...] on its upstream interface": only
 * queries count.
 */
void mcast_proxy_from_upstream(struct mcast_proxy *p, const struct mld_packet *pkt)
{
	struct mld_query q;
	enum mld_error err;

	if (pkt->type != MLD_TYPE_QUERY)
		return;
	err = mld_query_read(&q, pkt->msg, pkt->len, p->reporter.conf->max_sources);
	if (err)
		log_ratelimited(LOG_INFO, "query from upstream: %s", mld_strerror(err));
	else
		mcast_reporter_on_query(&p->reporter, &q);
}

/**
 * mcast_node_wants() - whether packets go to a node
 * @n: the node
 * @group: to which group
 * @source: from where
 *
 * Return: what its routes say.
 */
bool mcast_node_wants(const struct mcast_node *n, const struct in6_addr *group,
		      const struct in6_addr *source)
{
	const struct mcast_group *g = mcast_listener_find(&n->listener, group);

	return g && mcast_filter_passes(&g->told, source);
}
