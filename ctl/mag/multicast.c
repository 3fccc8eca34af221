// SPDX-License-Identifier: GPL-2.0
/*
 * Nodes that listen to groups (RFC 6224 §4.2): for each anchor an MLD proxy instance, whose
 * upstream link is the tunnel to it, and downstream are the links of the nodes that it
 * serves.
 */
#include "mag/session.h"
#include "multicast/packet.h"
#include "nd/nd.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

#define REST_MS	500	/* beyond the last report of an instance that nobody needs */

/* To the gateway where some of an anchor's nodes go: what they listen to, once */
struct mag_outlet {
	struct mag_proxy *mp;
	struct peer *peer;
	uint32_t tunnel;
	unsigned int users;		/* nodes whose packets go by it */
	struct mcast_outlet out;
	struct mag_outlet *prev, *next;
};

struct mag_proxy {
	struct mag *mag;
	struct peer *anchor;
	uint32_t tunnel;
	struct mcast_proxy proxy;
	struct mag_outlet *outlets;
	struct timer idle;		/* without nodes; what it has to say goes out first */
	struct mag_proxy *prev, *next;
};

static struct session *session_of(uint64_t number)
{
	return (struct session *)(uintptr_t)number;
}

/* RFC 6224 §4.2: a query on the node's own link, which it alone hears (RFC 6085) */
static void query(void *arg, struct mcast_node *n, const struct mld_query *q)
{
	struct mag_proxy *mp = arg;
	struct session *s = session_of(n->number);
	struct mld_out to = { .ifindex = s->key.ifindex, .lladdr = s->key.lladdr };
	struct mcast_packet p;

	mp->mag->counters.mld_queries++;
	mcast_packet_query(&p, &nd_fixed_lla, q);
	mcast_packet_send(&p, mp->mag->env, &to);
}

static void send_up(struct mag_proxy *mp, const struct mcast_packet *p)
{
	struct mld_out to = { .local = mp->anchor->local, .remote = mp->anchor->remote };

	mp->mag->counters.mld_reports++;
	mcast_packet_send(p, mp->mag->env, &to);
}

static void report(void *arg, const struct mld_record *recs, unsigned int n)
{
	struct mag_proxy *mp = arg;
	struct in6_addr src = mcast_tunnel_addr(&mp->mag->conf->address);
	struct mcast_packet p;

	mcast_packet_report(&p, &src, recs, n);
	send_up(mp, &p);
}

static void v1(void *arg, enum mld_kind type, const struct in6_addr *group)
{
	struct mag_proxy *mp = arg;
	struct in6_addr src = mcast_tunnel_addr(&mp->mag->conf->address);
	struct mcast_packet p;

	mcast_packet_v1(&p, &src, type, group);
	send_up(mp, &p);
}

/* Where packets of a node have waited here, no later one must pass them. */
static struct dp_listener listener(const struct mag_proxy *mp, const struct mcast_route *r)
{
	const struct session *s = session_of(r->node);
	struct dp_listener l = {
		.upstream = mp->tunnel, .group = r->group, .source = r->source,
		.block = !r->pass,
		.path = { .kind = PMIP_PATH_LINK, .ifindex = s->mcast_link,
			  .lladdr = s->key.lladdr },
	};

	if (s->mcast_home.len) {
		l.path = (struct dp_path){ .kind = PMIP_PATH_HOME };
		l.home = s->mcast_home;
	}
	return l;
}

static void route_set(void *arg, const struct mcast_route *r)
{
	struct mag_proxy *mp = arg;
	struct env *env = mp->mag->env;
	struct dp_listener l = listener(mp, r);

	env->ops->dp_listener_set(env->ctx, &l);
}

static void route_del(void *arg, const struct mcast_route *r)
{
	struct mag_proxy *mp = arg;
	struct env *env = mp->mag->env;
	struct dp_listener l = listener(mp, r);

	env->ops->dp_listener_del(env->ctx, &l);
}

static struct dp_listener out_listener(const struct mag_outlet *o, const struct mcast_route *r)
{
	return (struct dp_listener){
		.upstream = o->mp->tunnel, .group = r->group, .source = r->source,
		.block = !r->pass, .path = { .kind = PMIP_PATH_TUNNEL, .tunnel = o->tunnel },
	};
}

static void out_set(void *arg, const struct mcast_route *r)
{
	const struct mag_outlet *o = arg;
	struct env *env = o->mp->mag->env;
	struct dp_listener l = out_listener(o, r);

	env->ops->dp_listener_set(env->ctx, &l);
}

static void out_del(void *arg, const struct mcast_route *r)
{
	const struct mag_outlet *o = arg;
	struct env *env = o->mp->mag->env;
	struct dp_listener l = out_listener(o, r);

	env->ops->dp_listener_del(env->ctx, &l);
}

static const struct mcast_route_ops out_ops = { out_set, out_del };

static const struct mcast_proxy_ops ops = {
	.query = query,
	.up = { .report = report, .v1 = v1 },
	.route = { .set = route_set, .del = route_del },
};

static void proxy_free(struct mag_proxy *mp)
{
	struct mag *m = mp->mag;

	timerq_cancel(m->env->timers, &mp->idle);
	mcast_proxy_free(&mp->proxy);
	DL_DELETE(m->proxies, mp);
	free(mp);
}

static void idle(void *arg)
{
	struct mag_proxy *mp = arg;
	struct peer *anchor = mp->anchor;

	proxy_free(mp);
	peer_tunnel_put(anchor);
}

static struct mag_outlet *outlet_new(struct mag_proxy *mp, struct peer *p)
{
	struct mag_outlet *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	o->mp = mp;
	o->peer = p;
	o->tunnel = peer_tunnel_get(p, PMIP_TUNNEL_MAG_TO_MAG);
	if (!o->tunnel) {
		free(o);
		return NULL;
	}
	mcast_outlet_init(&o->out, &out_ops, o, 0);
	DL_APPEND(mp->outlets, o);
	return o;
}

static struct mag_outlet *outlet_get(struct mag_proxy *mp, struct peer *p)
{
	struct mag_outlet *o;

	DL_FOREACH(mp->outlets, o)
		if (o->peer == p)
			break;
	if (!o)
		o = outlet_new(mp, p);
	if (o)
		o->users++;
	return o;
}

static void outlet_free(struct mag_outlet *o)
{
	mcast_outlet_free(&o->out);
	DL_DELETE(o->mp->outlets, o);
	free(o);
}

static void outlet_put(struct mag_outlet *o)
{
	struct peer *p;

	if (!o || --o->users)
		return;
	p = o->peer;
	outlet_free(o);
	peer_tunnel_put(p);
}

/* The gateway where a node goes that has asked for its packets, or NULL */
static struct peer *goes_to(const struct session *s)
{
	const struct move *v = s->node->leaving;

	return v && v->state == MOVE_FORWARDED && v->tunnel ? v->peer : NULL;
}

/*
 * Draft: predictive multicast handover §4 (5): "multicast packets destined for the MN are
 * forwarded from the p-MAG to the n-MAG over this tunnel".
 */
static void divert(struct session *s)
{
	struct mag_outlet *old = s->outlet, *to = NULL;
	struct peer *next = goes_to(s);

	if (old ? old->peer == next : !next)
		return;
	if (next)
		to = outlet_get(s->mcast.proxy->arg, next);
	if ((next && !to) || mcast_node_divert(&s->mcast, to ? &to->out : NULL)) {
		log_ratelimited(LOG_ERR, "no memory: groups of a node are not forwarded");
		outlet_put(to);
		return;
	}
	s->outlet = to;
	outlet_put(old);
}

static struct mag_proxy *proxy_find(struct mag *m, const struct peer *anchor)
{
	struct mag_proxy *mp;

	DL_FOREACH(m->proxies, mp)
		if (mp->anchor == anchor)
			return mp;
	return NULL;
}

static struct mag_proxy *proxy_new(struct mag *m, struct peer *anchor)
{
	struct mag_proxy *mp = calloc(1, sizeof(*mp));

	if (!mp)
		return NULL;
	mp->mag = m;
	mp->anchor = anchor;
	timer_init(&mp->idle, idle, mp);
	if (mcast_proxy_init(&mp->proxy, m->env, &m->conf->mcast.down, &m->conf->mcast.up,
			     &m->counters.mld, &ops, mp)) {
		free(mp);
		return NULL;
	}
	mp->tunnel = peer_tunnel_get(anchor, PMIP_TUNNEL_MAG_TO_LMA);
	if (!mp->tunnel) {
		mcast_proxy_free(&mp->proxy);
		free(mp);
		return NULL;
	}
	DL_APPEND(m->proxies, mp);
	return mp;
}

/* As what is forwarded goes, so that both are in order; else by the link */
static void choose_home(struct session *s)
{
	const struct move *v = s->node->arriving;
	const struct prefix *home = v ? forwarded_home(v) : NULL;

	memset(&s->mcast_home, 0, sizeof(s->mcast_home));
	if (home && prefix_own(s, home))
		s->mcast_home = *home;
}

static void join(struct session *s)
{
	struct mag *m = s->mag;
	struct mag_proxy *mp = proxy_find(m, s->peer);

	if (!mp)
		mp = proxy_new(m, s->peer);
	if (mp) {
		timerq_cancel(m->env->timers, &mp->idle);
		s->mcast_link = s->key.ifindex;
		choose_home(s);
		if (!mcast_proxy_add(&mp->proxy, &s->mcast, (uint64_t)(uintptr_t)s)) {
			subscription_begin(s);
			forwarded_served(s);
			return;
		}
		if (!mp->proxy.nodes)
			mag_timer(m, &mp->idle, 0);
	}
	log_ratelimited(LOG_ERR, "no memory: a node cannot listen to groups");
}

/* What it alone has listened to is given up upstream, which takes as long as reports are
 * repeated.
 */
static void leave(struct session *s)
{
	const struct mcast_conf *up = &s->mag->conf->mcast.up;
	struct mag_proxy *mp = s->mcast.proxy->arg;

	subscription_keep(s);
	inquiry_left(s);
	mcast_proxy_remove(&s->mcast);
	outlet_put(s->outlet);
	s->outlet = NULL;
	if (!mp->proxy.nodes)
		mag_timer(s->mag, &mp->idle,
			  (uint64_t)up->robustness * up->unsolicited_ms + REST_MS);
}

/* Whether it is there, or may be back at once, and its anchor serves it */
static bool wanted(const struct session *s)
{
	return s->mag->conf->mcast.enabled && s->tunnel && s->key.ifindex &&
	       (session_attached(s) || s->state == SESSION_LEAVING);
}

/**
 * mag_multicast_update() - a session has changed: does its node listen here?
 * @s: the session
 *
 * RFC 6224 §4.2: the proxy begins to ask a node that has come, and "the corresponding proxy
 * instance" is that of its anchor.  On another link it listens to what it did before.
 */
void mag_multicast_update(struct session *s)
{
	if (!wanted(s)) {
		mag_multicast_end(s);
		return;
	}
	if (!s->mcast.proxy) {
		join(s);
	} else if (s->mcast_link != s->key.ifindex ||
		   (s->mcast_home.len && !prefix_own(s, &s->mcast_home))) {
		mcast_node_withdraw(&s->mcast);
		s->mcast_link = s->key.ifindex;
		s->mcast_home.len = 0;
		mcast_node_restore(&s->mcast);
	}
	if (s->mcast.proxy)
		divert(s);
}

/**
 * mag_multicast_end() - a node does not listen here any more
 * @s: its session
 */
void mag_multicast_end(struct session *s)
{
	if (s->mcast.proxy)
		leave(s);
}

/**
 * mag_multicast_met() - the gateway where a node goes has some of its groups itself
 * @n: the node
 * @groups: these
 *
 * Draft: predictive multicast handover §4 (11).  Others that go there may need them still.
 */
void mag_multicast_met(struct node *n, const struct mh_groups *groups)
{
	struct session *s;

	DL_FOREACH(n->sessions, s)
		for (unsigned int i = 0; s->mcast.proxy && i < groups->n_group; i++)
			mcast_node_end(&s->mcast, &groups->group[i].address);
}

/**
 * mag_multicast_renew() - the kernel has lost everything: tell it again
 * @m: the gateway, whose tunnels have been told already
 */
void mag_multicast_renew(struct mag *m)
{
	struct mag_proxy *mp;
	struct mag_outlet *o;
	struct mcast_node *n;
	struct node *node, *tmp;

	DL_FOREACH(m->proxies, mp) {
		DL_FOREACH(mp->proxy.nodes, n)
			mcast_node_restore(n);
		DL_FOREACH(mp->outlets, o)
			mcast_outlet_restore(&o->out);
	}
	HASH_ITER(hh, m->nodes, node, tmp)
		if (node->arriving)
			forwarded_renew(node->arriving);
}

/**
 * mag_multicast_free() - forget all instances, without a word to anybody
 * @m: the gateway, all of whose sessions are gone or will be
 */
void mag_multicast_free(struct mag *m)
{
	struct mag_proxy *mp, *tmp;
	struct mag_outlet *o, *otmp;
	struct mcast_node *n, *ntmp;

	DL_FOREACH_SAFE(m->proxies, mp, tmp) {
		DL_FOREACH_SAFE(mp->outlets, o, otmp)
			outlet_free(o);
		DL_FOREACH_SAFE(mp->proxy.nodes, n, ntmp)
			mcast_listener_free(&n->listener);
		proxy_free(mp);
	}
}

/**
 * mag_on_mld() - a packet with an MLD message from an access link
 * @m: the gateway
 * @ifindex: the link
 * @lladdr: who has sent it
 * @packet: the IPv6 packet, whole
 * @len: bytes of it
 *
 * Who has no session is not heard (RFC 5213 §6.9.1.1).
 */
void mag_on_mld(struct mag *m, uint32_t ifindex, const struct llid *lladdr,
		const uint8_t *packet, size_t len)
{
	struct session *s = session_find(m, ifindex, lladdr);
	struct mld_packet p;

	if (s && s->mcast.proxy && mcast_packet_read(&p, packet, len, &m->counters.mld_invalid))
		mcast_proxy_from_node(&s->mcast, &p);
}

/**
 * mag_on_mld_upstream() - a packet with an MLD message out of a tunnel
 * @m: the gateway
 * @lma: the tunnel's other end
 * @packet: the inner packet, whole
 * @len: bytes of it
 */
void mag_on_mld_upstream(struct mag *m, const struct in6_addr *lma, const uint8_t *packet,
			 size_t len)
{
	struct peer *anchor = peer_find(m->peers, &m->conf->address, lma);
	struct mag_proxy *mp = anchor ? proxy_find(m, anchor) : NULL;
	struct mld_packet p;

	if (mp && mcast_packet_read(&p, packet, len, &m->counters.mld_invalid))
		mcast_proxy_from_upstream(&mp->proxy, &p);
}

/**
 * mag_each_listening() - show what nodes listen to
 * @m: the gateway
 * @fn: called with each group of each; false ends it
 * @arg: passed to @fn
 */
void mag_each_listening(struct mag *m, bool (*fn)(void *arg, const struct mcast_view *v),
			void *arg)
{
	struct mag_proxy *mp;
	struct mcast_group *g;
	struct mcast_node *n;

	DL_FOREACH(m->proxies, mp) {
		DL_FOREACH(mp->proxy.nodes, n) {
			DL_FOREACH(n->listener.groups, g) {
				struct mcast_view v = {
					.mn_id = &session_of(n->number)->node->id,
					.gateway = &mp->anchor->remote,
					.group = &g->addr, .filter = &g->told,
				};

				if (!fn(arg, &v))
					return;
			}
		}
	}
}
