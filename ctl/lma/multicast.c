// SPDX-License-Identifier: GPL-2.0
/*
 * The multicast router side of the tunnels (RFC 6224 §4.1): each gateway is asked what its
 * nodes listen to, together, and gets that once.  What all of them want is asked for on the
 * multicast upstream, a link to a multicast router: towards it the anchor is an MLD proxy.
 */
#include "lma/bce.h"
#include "multicast/packet.h"

#include "core/log.h"

#include <utlist.h>

#define AT_ONCE_MS	1000	/* all is reported on an upstream link that has come */
#define STAY_MS		1000	/* a gateway has its groups after its last node has gone */

static struct gateway *gateway_of(uint64_t number)
{
	return (struct gateway *)(uintptr_t)number;
}

static void query(void *arg, struct mcast_node *n, const struct mld_query *q)
{
	struct lma *l = arg;
	const struct peer *mag = gateway_of(n->number)->peer;
	struct in6_addr src = mcast_tunnel_addr(&mag->local);
	struct mld_out to = { .local = mag->local, .remote = mag->remote };
	struct mcast_packet p;

	l->counters.mld_queries++;
	mcast_packet_query(&p, &src, q);
	mcast_packet_send(&p, l->env, &to);
}

static void send_up(struct lma *l, const struct mcast_packet *p)
{
	struct mld_out to = { .ifindex = l->upstream };

	if (!l->upstream)
		return;
	l->counters.mld_reports++;
	mcast_packet_send(p, l->env, &to);
}

static void report(void *arg, const struct mld_record *recs, unsigned int n)
{
	struct lma *l = arg;
	struct mcast_packet p;

	mcast_packet_report(&p, &l->upstream_lla, recs, n);
	send_up(l, &p);
}

static void v1(void *arg, enum mld_kind type, const struct in6_addr *group)
{
	struct lma *l = arg;
	struct mcast_packet p;

	mcast_packet_v1(&p, &l->upstream_lla, type, group);
	send_up(l, &p);
}

static struct dp_listener listener(const struct mcast_route *r)
{
	return (struct dp_listener){
		.group = r->group, .source = r->source, .block = !r->pass,
		.path = { .kind = PMIP_PATH_TUNNEL,
			  .tunnel = gateway_of(r->node)->peer->tunnel },
	};
}

static void route_set(void *arg, const struct mcast_route *r)
{
	struct lma *l = arg;
	struct dp_listener to = listener(r);

	l->env->ops->dp_listener_set(l->env->ctx, &to);
}

static void route_del(void *arg, const struct mcast_route *r)
{
	struct lma *l = arg;
	struct dp_listener to = listener(r);

	l->env->ops->dp_listener_del(l->env->ctx, &to);
}

static const struct mcast_proxy_ops ops = {
	.query = query,
	.up = { .report = report, .v1 = v1 },
	.route = { .set = route_set, .del = route_del },
};

/**
 * lma_multicast_init() - nobody listens yet
 * @l: the anchor
 *
 * Return: 0, also where nobody ever will; or -ENOMEM.
 */
int lma_multicast_init(struct lma *l)
{
	if (!l->conf->mcast.enabled)
		return 0;
	return mcast_proxy_init(&l->mcast, l->env, &l->conf->mcast.down, &l->conf->mcast.up,
				&l->counters.mld, &ops, l);
}

/**
 * lma_multicast_free() - forget all, without a word to anybody
 * @l: the anchor, with its gateways
 */
void lma_multicast_free(struct lma *l)
{
	struct mcast_node *n, *tmp;

	if (!l->conf->mcast.enabled)
		return;
	DL_FOREACH_SAFE(l->mcast.nodes, n, tmp) {
		mcast_listener_free(&n->listener);
		n->proxy = NULL;
	}
	l->mcast.nodes = NULL;
	mcast_proxy_free(&l->mcast);
}

/**
 * lma_multicast_begin() - a gateway serves its first node: it is asked from now on
 * @l: the anchor
 * @gw: the gateway, whose tunnel is there
 *
 * Without memory it gets no multicast until it serves its first node again.
 */
void lma_multicast_begin(struct lma *l, struct gateway *gw)
{
	if (!l->conf->mcast.enabled)
		return;
	if (mcast_proxy_add(&l->mcast, &gw->mcast, (uint64_t)(uintptr_t)gw))
		log_ratelimited(LOG_ERR, "no memory: a gateway cannot listen to groups");
}

/**
 * lma_multicast_asked() - does a request say what its node listens to
 * @l: the anchor
 * @pbu: the request
 *
 * RFC 7161 §4.2.1: with S "the MAG sending the PBU message accepts multicast-related signaling
 * for the MN being attached".
 *
 * Return: true if it does, and that is heard here.
 */
bool lma_multicast_asked(const struct lma *l, const struct mh_msg *pbu)
{
	return l->conf->mcast.enabled && pbu->lifetime && (pbu->flags & PBU_F_S) &&
	       (pbu->opts.present & MH_HAS_SUBSCRIPTION);
}

/**
 * lma_multicast_told() - a gateway says what a node listens to that has come to it
 * @l: the anchor
 * @gw: the gateway, which serves the node
 * @pbu: its request, which is accepted; nothing happens if it does not say
 *
 * So that nothing is lost on the way of the answer and of its report (draft: predictive
 * multicast handover §4 (8), (10)).
 */
void lma_multicast_told(struct lma *l, struct gateway *gw, const struct mh_msg *pbu)
{
	if (lma_multicast_asked(l, pbu))
		lma_multicast_hear(gw, &pbu->opts.listens);
}

/**
 * lma_multicast_hear() - a gateway is going to report groups
 * @gw: the gateway
 * @all: the groups
 *
 * As if it had.  Its other nodes miss nothing by that: of a group from all sources but some
 * it gets all, and its own report says later which nobody wants.
 */
void lma_multicast_hear(struct gateway *gw, const struct mh_groups *all)
{
	const struct in6_addr *source = all->source;

	if (!gw->mcast.proxy)
		return;
	for (unsigned int i = 0; i < all->n_group; i++) {
		const struct mh_group *g = &all->group[i];
		bool any = g->record == MLD_IS_EX || g->record == MLD_TO_EX;
		const struct mld_record rec = {
			.type = any ? MLD_IS_EX : MLD_IS_IN, .group = g->address,
			.sources = { (const uint8_t *)source, any ? 0 : g->n_source },
		};

		if (g->record != MLD_BLOCK)
			mcast_listener_record(&gw->mcast.listener, &rec);
		source += g->n_source;
	}
}

/**
 * lma_multicast_stay() - a node has gone from one gateway to another
 * @l: the anchor
 * @left: the one, whose tunnel the caller lets go of afterwards
 * @pbu: the other's request
 *
 * Draft: predictive multicast handover §4 (10), (11): the other has the groups' packets before
 * this one forwards them no more.  So if nobody is left it gets them for a little longer, or
 * until it says itself that it needs them no more.
 */
void lma_multicast_stay(struct lma *l, struct gateway *left, const struct mh_msg *pbu)
{
	struct env *env = l->env;
	uint64_t until = env->ops->now(env->ctx) + STAY_MS * NSEC_PER_MSEC;

	if (left->bces || timer_pending(&left->stay) || !lma_multicast_asked(l, pbu) ||
	    !left->mcast.listener.groups)
		return;
	/* without memory for the timer it ends at once; the tunnel is there */
	if (!timerq_set(env->timers, &left->stay, until))
		peer_tunnel_get(left->peer, PMIP_TUNNEL_LMA_TO_MAG);
}

/**
 * lma_multicast_end() - a gateway serves nobody any more
 * @gw: the gateway, whose tunnel is there still
 */
void lma_multicast_end(struct gateway *gw)
{
	mcast_proxy_remove(&gw->mcast);
}

/**
 * lma_multicast_renew() - the kernel has lost everything: tell it again
 * @l: the anchor, whose tunnels have been told already
 */
void lma_multicast_renew(struct lma *l)
{
	struct mcast_node *n;

	DL_FOREACH(l->mcast.nodes, n)
		mcast_node_restore(n);
}

/**
 * lma_on_mld() - a packet with an MLD message out of a tunnel
 * @l: the anchor
 * @mag: the tunnel's other end; who serves nobody is not heard
 * @packet: the inner packet, whole
 * @len: bytes of it
 */
void lma_on_mld(struct lma *l, const struct in6_addr *mag, const uint8_t *packet, size_t len)
{
	struct gateway *gw = bce_gateway(l, mag);
	struct mld_packet p;

	if (gw && gw->mcast.proxy && mcast_packet_read(&p, packet, len, &l->counters.mld_invalid))
		mcast_proxy_from_node(&gw->mcast, &p);
}

/**
 * lma_on_mld_upstream() - a packet with an MLD message from the upstream link
 * @l: the anchor
 * @packet: the IPv6 packet, whole
 * @len: bytes of it
 */
void lma_on_mld_upstream(struct lma *l, const uint8_t *packet, size_t len)
{
	struct mld_packet p;

	if (l->conf->mcast.enabled && mcast_packet_read(&p, packet, len, &l->counters.mld_invalid))
		mcast_proxy_from_upstream(&l->mcast, &p);
}

/**
 * lma_on_upstream() - the multicast upstream has come or gone
 * @l: the anchor
 * @ifindex: the link, 0: it has gone
 * @lla: our link-local address there
 *
 * A router that has just become our neighbour hears all at once, as if it had asked.
 * What is known already is nothing new.
 */
void lma_on_upstream(struct lma *l, uint32_t ifindex, const struct in6_addr *lla)
{
	const struct mld_query all = { .version = 2, .max_delay_ms = AT_ONCE_MS };

	bool known = ifindex && l->upstream == ifindex &&
		     IN6_ARE_ADDR_EQUAL(lla, &l->upstream_lla);

	l->upstream = ifindex;
	if (!ifindex || known || !l->conf->mcast.enabled)
		return;
	l->upstream_lla = *lla;
	mcast_reporter_on_query(&l->mcast.reporter, &all);
}

/**
 * lma_each_listening() - show what gateways listen to
 * @l: the anchor
 * @fn: called with each group of each; false ends it
 * @arg: passed to @fn
 */
void lma_each_listening(struct lma *l, bool (*fn)(void *arg, const struct mcast_view *v),
			void *arg)
{
	struct mcast_group *g;
	struct mcast_node *n;

	DL_FOREACH(l->mcast.nodes, n) {
		DL_FOREACH(n->listener.groups, g) {
			struct mcast_view v = {
				.gateway = &gateway_of(n->number)->peer->remote,
				.group = &g->addr, .filter = &g->told,
			};

			if (!fn(arg, &v))
				return;
		}
	}
}
