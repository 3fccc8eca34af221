// SPDX-License-Identifier: GPL-2.0
/* From sessions and associations to the kernel's bindings. */
#include "mag/session.h"

#include "core/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct route *route_find(struct mag *m, const struct prefix *p)
{
	struct prefix key;
	struct route *r;

	memset(&key, 0, sizeof(key));
	key.addr = p->addr;
	key.len = p->len;
	HASH_FIND(hh, m->routes, &key, sizeof(key), r);
	return r;
}

static void fade_over(void *arg)
{
	forward_update(((struct route *)arg)->node);
}

static struct route *route_get(struct node *n, const struct prefix *p)
{
	struct route *r = route_find(n->mag, p);

	if (r)
		return r->node == n ? r : NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->node = n;
	timer_init(&r->fade, fade_over, r);
	r->binding.prefix.addr = p->addr;
	r->binding.prefix.len = p->len;
	HASH_ADD(hh, n->mag->routes, binding.prefix, sizeof(struct prefix), r);
	DL_APPEND(n->routes, r);
	return r;
}

static void route_del(struct route *r)
{
	struct mag *m = r->node->mag;

	timerq_cancel(m->env->timers, &r->fade);
	if (r->binding.n_paths)
		m->env->ops->dp_binding_del(m->env->ctx, &r->binding.prefix);
	HASH_DEL(m->routes, r);
	DL_DELETE(r->node->routes, r);
	free(r);
}

static struct dp_path *add_path(struct dp_binding *b, uint8_t kind)
{
	struct dp_path *path;

	if (b->n_paths == PMIP_BINDING_PATHS)
		return NULL;
	path = &b->path[b->n_paths++];
	path->bid = b->n_paths;
	path->kind = kind;
	return path;
}

static void add_link(struct dp_binding *b, const struct session *s, bool own)
{
	struct dp_path *path = add_path(b, PMIP_PATH_LINK);

	if (!path)
		return;
	if (!own)
		path->bid |= MAG_BID_OFF_LINK;
	path->ifindex = s->key.ifindex;
	path->lladdr = s->key.lladdr;
	advert_probed(s, &path->addr);
}

/* A handover has the packets wait, or go elsewhere, where the link may be there still. */
static bool diverted(const struct node *n)
{
	return n->leaving && n->leaving->state != MOVE_SOON;
}

/* Whether any of the node's sessions has the prefix so */
static bool add_links(struct node *n, const struct prefix *p, bool own, struct dp_binding *b)
{
	struct session *s;
	bool any = false;

	DL_FOREACH(n->sessions, s) {
		if (!s->tunnel || !(own ? prefix_own(s, p) : prefix_routed(s, p)))
			continue;
		any = true;
		if (!b->uplink)
			b->uplink = s->tunnel;
		if (session_attached(s) && !diverted(n))
			add_link(b, s, own);
	}
	return any;
}

static void add_tunnel(struct dp_binding *b, uint32_t tunnel)
{
	struct dp_path *path = tunnel ? add_path(b, PMIP_PATH_TUNNEL) : NULL;

	if (path)
		path->tunnel = tunnel;
}

/* The node's links here, before its anchor has accepted any of them */
static bool add_early_links(struct node *n, struct dp_binding *b)
{
	const struct session *s;
	bool any = false;

	DL_FOREACH(n->sessions, s) {
		if (!session_attached(s))
			continue;
		add_link(b, s, true);
		any = true;
	}
	return any;
}

/*
 * RFC 5949 §4.1 (h) to (l): before its anchor knows, a node's packets go by the previous
 * gateway both ways; afterwards what that has sent on is still delivered.  As long as the
 * previous gateway has not agreed, what the node sends goes to the anchor, which may know
 * already.  By whichever of the two tunnels packets come, they are taken.
 */
static void add_arriving(struct node *n, const struct prefix *p, struct dp_binding *b)
{
	const struct move *v = n->arriving;

	if (!v || !v->tunnel || !move_has(v, p))
		return;
	if (b->uplink) {
		add_tunnel(b, v->tunnel);
		return;
	}
	b->uplink = v->agreed ? v->tunnel : v->anchor_tunnel;
	if (b->uplink && v->state != MOVE_AWAITED && add_early_links(n, b))
		add_tunnel(b, v->agreed ? v->anchor_tunnel : v->tunnel);
}

static bool has_tunnel(const struct dp_binding *b, uint32_t tunnel)
{
	for (unsigned int i = 0; i < b->n_paths; i++)
		if (b->path[i].kind == PMIP_PATH_TUNNEL && b->path[i].tunnel == tunnel)
			return true;
	return false;
}

/* What comes by it is taken; with no room left the last of other gateways gives way. */
static void add_taken(struct dp_binding *b, uint32_t tunnel)
{
	if (has_tunnel(b, tunnel))
		return;
	if (b->n_paths == PMIP_BINDING_PATHS)
		b->n_paths--;
	add_tunnel(b, tunnel);
}

/*
 * LMA handover draft §4.2 (f) to (j): from the PBU to the next anchor on packets may come from
 * it, and from the previous one for a while after its answer.
 */
static void add_anchors(struct node *n, const struct prefix *p, struct dp_binding *b)
{
	struct session *s;

	DL_FOREACH(n->sessions, s) {
		const struct change *c = s->change, *e = s->earlier;

		if (!s->tunnel || !(prefix_own(s, p) || prefix_routed(s, p)))
			continue;
		if (e && e->tunnel != b->uplink)
			add_taken(b, e->tunnel);
		if (c && (c->turning || c->tunnel != b->uplink))
			add_taken(b, c->tunnel);
		if ((c || e) && ((c && c->turning) || s->tunnel != b->uplink))
			add_taken(b, s->tunnel);
	}
}

static uint16_t hold_bit(const struct session *s)
{
	return s->number ? (uint16_t)(1U << (s->number - 1)) : 0;
}

/* Which prefixes a deregistration names, who begins anew here learns from that alone. */
static void add_hold(struct node *n, const struct prefix *p, bool own, struct dp_binding *b)
{
	struct dp_path *path = add_path(b, PMIP_PATH_HOLD);
	struct session *s;

	if (!path)
		return;
	path->bid = own ? MAG_BID_HOLD : MAG_BID_HOLD | MAG_BID_OFF_LINK;
	DL_FOREACH(n->sessions, s)
		if (s->tunnel && (own ? prefix_own(s, p) : prefix_routed(s, p)))
			path->bid |= hold_bit(s);
}

/*
 * Own links first, then those that are only routed to, then other gateways; and
 * where none of them is up packets wait.  Draft: seamless handover §4.3 is served
 * first, draft: fault tolerant multihoming §3.2 where it cannot be.
 */
static void build(struct node *n, const struct prefix *p, struct dp_binding *b)
{
	struct assoc *a;
	bool own;

	memset(b, 0, sizeof(*b));
	b->prefix.addr = p->addr;
	b->prefix.len = p->len;
	b->node = n->number;
	own = add_links(n, p, true, b);
	add_links(n, p, false, b);
	add_arriving(n, p, b);
	if (!b->uplink)
		return;
	if (diverted(n))
		add_tunnel(b, n->leaving->tunnel);
	else
		DL_FOREACH(n->assocs, a)
			add_tunnel(b, a->tunnel);
	add_anchors(n, p, b);
	/* who is about to leave loses nothing until that is noticed */
	if (n->mag->conf->hold || n->leaving || n->arriving)
		add_hold(n, p, own, b);
}

static bool same_path(const struct dp_path *a, const struct dp_path *b)
{
	return a->bid == b->bid && a->kind == b->kind && a->tunnel == b->tunnel &&
	       a->ifindex == b->ifindex && llid_equal(&a->lladdr, &b->lladdr) &&
	       IN6_ARE_ADDR_EQUAL(&a->addr, &b->addr);
}

static bool same_binding(const struct dp_binding *a, const struct dp_binding *b)
{
	unsigned int i;

	if (a->uplink != b->uplink || a->node != b->node || a->n_paths != b->n_paths)
		return false;
	for (i = 0; i < a->n_paths; i++)
		if (!same_path(&a->path[i], &b->path[i]))
			return false;
	return true;
}

/*
 * The kernel outlives the daemon: a path that it took down for an earlier one
 * is there still, and the node whose attachment has just been heard of is not.
 */
static void wake_links(struct env *env, const struct dp_binding *old,
		       const struct dp_binding *b)
{
	unsigned int i, j;

	for (i = 0; i < b->n_paths; i++) {
		const struct dp_path *p = &b->path[i];

		for (j = 0; j < old->n_paths; j++)
			if (old->path[j].kind == p->kind && old->path[j].ifindex == p->ifindex &&
			    llid_equal(&old->path[j].lladdr, &p->lladdr))
				break;
		if (p->kind == PMIP_PATH_LINK && j == old->n_paths)
			env->ops->dp_path_state(env->ctx, p->ifindex, &p->lladdr,
						PMIP_STATE_UP);
	}
}

/* Without a path there is no binding, but the prefix is still the node's. */
static void want(struct node *n, const struct prefix *p)
{
	struct env *env = n->mag->env;
	struct dp_binding b;
	struct route *r;

	build(n, p, &b);
	r = route_get(n, p);
	if (!r) {
		log_ratelimited(LOG_ERR, "a binding could not be kept");
		return;
	}
	r->wanted = true;
	timerq_cancel(env->timers, &r->fade);
	if (!r->unsure && same_binding(&r->binding, &b))
		return;
	r->unsure = false;
	if (b.n_paths)
		env->ops->dp_binding_set(env->ctx, &b);
	else if (r->binding.n_paths)
		env->ops->dp_binding_del(env->ctx, &b.prefix);
	wake_links(env, &r->binding, &b);
	r->binding = b;
}

/* While it fades it needs the tunnel by which packets go back. */
static bool fading(const struct route *r)
{
	const struct session *s;

	if (!timer_pending(&r->fade))
		return false;
	DL_FOREACH(r->node->sessions, s)
		if (s->tunnel && s->tunnel == r->binding.uplink)
			return true;
	return false;
}

static void want_all(struct node *n)
{
	struct session *s;
	bool served = false;
	unsigned int i;

	DL_FOREACH(n->sessions, s) {
		served |= s->tunnel;
		for (i = 0; s->tunnel && i < s->n_hnp + s->n_off; i++)
			want(n, &s->hnp[i]);
	}
	for (i = 0; served && n->guest && i < n->guest->n_prefix; i++)
		want(n, &n->guest->prefix[i]);
	for (i = 0; n->arriving && n->arriving->tunnel && i < n->arriving->n_hnp; i++)
		want(n, &n->arriving->hnp[i]);
}

/**
 * forward_update() - bring the kernel's bindings in line with a node's state
 * @n: the node
 *
 * Only differences are told.  RFC 5213 §6.10.5: what has no accepted binding
 * is not forwarded; draft §4.3: what the link cannot take goes through the
 * tunnels to the node's other gateways.
 */
void forward_update(struct node *n)
{
	struct route *r, *tmp;
	struct session *s;

	DL_FOREACH(n->routes, r)
		r->wanted = false;
	want_all(n);
	DL_FOREACH_SAFE(n->routes, r, tmp)
		if (!r->wanted && !fading(r))
			route_del(r);
	DL_FOREACH(n->sessions, s)
		mag_multicast_update(s);
}

/**
 * forward_renew() - tell the kernel all of a node's bindings again
 * @n: the node
 */
void forward_renew(struct node *n)
{
	struct route *r;

	DL_FOREACH(n->routes, r)
		r->unsure = true;
	forward_update(n);
}

/**
 * mag_renew() - the kernel has lost everything: tell it again
 * @m: the gateway; its tunnels have been told already
 */
void mag_renew(struct mag *m)
{
	struct node *n, *tmp;

	HASH_ITER(hh, m->nodes, n, tmp)
		forward_renew(n);
	mag_multicast_renew(m);
}

static void renew_tunnels(struct node *n)
{
	struct session *s;
	struct assoc *a;

	DL_FOREACH(n->sessions, s)
		if (s->tunnel)
			peer_tunnel_renew(s->peer);
	DL_FOREACH(n->sessions, s) {
		if (s->change)
			peer_tunnel_renew(s->change->peer);
		if (s->earlier)
			peer_tunnel_renew(s->earlier->peer);
	}
	DL_FOREACH(n->assocs, a)
		if (a->tunnel)
			peer_tunnel_renew(a->peer);
	if (n->leaving && n->leaving->tunnel)
		peer_tunnel_renew(n->leaving->peer);
	if (n->arriving && n->arriving->tunnel)
		peer_tunnel_renew(n->arriving->peer);
	if (n->arriving && n->arriving->anchor_tunnel)
		peer_tunnel_renew(n->arriving->anchor);
}

static void tell(struct node *n, int err)
{
	char id[MN_ID_STRLEN], detail[96];

	n->mag->counters.forwarding_refused++;
	log_ratelimited(LOG_ERR, "%s: the kernel refuses the forwarding state: %s",
			mn_id_str(&n->id, id, sizeof(id)), strerror(-err));
	snprintf(detail, sizeof(detail), "errno=%d (%s)", -err, strerror(-err));
	mag_notify(n->mag, "forwarding-refused", &n->id, NULL, detail);
}

/**
 * forward_confirm() - see whether the kernel has taken a node's state
 * @n: the node
 *
 * What it refuses is asked for once more along with all that it depends on:
 * somebody may have removed a tunnel behind our back, or the module.  So only
 * the second answer counts; the first may be about what others asked for.
 *
 * Return: 0 once the state is in force, else -errno, counted and told; then
 * the next forward_update() tells everything again.
 */
int forward_confirm(struct node *n)
{
	struct env *env = n->mag->env;
	struct route *r;
	int err;

	err = env->ops->dp_commit(env->ctx);
	if (!err)
		return 0;
	renew_tunnels(n);
	forward_renew(n);
	err = env->ops->dp_commit(env->ctx);
	if (!err)
		return 0;
	DL_FOREACH(n->routes, r)
		r->unsure = true;
	tell(n, err);
	return err;
}

/* Better no way at all than one that holds a tunnel which has to go */
static void clear(struct node *n)
{
	struct env *env = n->mag->env;
	struct route *r;

	DL_FOREACH(n->routes, r)
		env->ops->dp_binding_del(env->ctx, &r->binding.prefix);
}

/**
 * forward_let_go() - a node needs the tunnel to a peer no more
 * @n: the node, whose sessions and associations say so already
 * @p: the peer
 */
void forward_let_go(struct node *n, struct peer *p)
{
	forward_update(n);
	/* who is not the last keeps the batch together */
	if (p->users == 1 && forward_confirm(n))
		clear(n);
	peer_tunnel_put(p);
}

static bool owns(const struct node *n, const struct prefix *p)
{
	const struct session *s;

	DL_FOREACH(n->sessions, s)
		if (session_attached(s) && prefix_own(s, p))
			return true;
	return false;
}

/**
 * forward_claim() - a prefix is no other node's any more
 * @n: whose it is
 * @p: the prefix, which the anchor has just given to it
 * @own: to advertise; else to route only, and then not if it is what another
 *	node has been given to advertise and is attached with
 *
 * The anchor's latest word counts: a node that has left and still lingers
 * here loses a prefix that somebody else has been given.
 *
 * Return: false if it stays the other's.
 */
bool forward_claim(struct node *n, const struct prefix *p, bool own)
{
	struct route *r = route_find(n->mag, p);
	struct node *old = r ? r->node : n;
	struct session *s;

	if (old == n)
		return true;
	if (!own && owns(old, p))
		return false;
	timerq_cancel(n->mag->env->timers, &r->fade);
	DL_FOREACH(old->sessions, s)
		prefix_lose(s, p);
	if (old->guest)
		flow_guest_lose(old->guest, p);
	if (old->arriving)
		move_lose(old->arriving, p);
	forward_update(old);
	return true;
}

/**
 * forward_binding() - what the kernel has of a node's prefix
 * @n: the node
 * @p: the prefix
 *
 * Return: the binding, NULL: none of this node.
 */
const struct dp_binding *forward_binding(struct node *n, const struct prefix *p)
{
	const struct route *r = route_find(n->mag, p);

	return r && r->node == n && r->binding.n_paths ? &r->binding : NULL;
}

/**
 * forward_fade() - a session is about to lose a prefix, and its packets go back
 * @s: the session
 * @p: the prefix, which none of the node's sessions is to have then
 *
 * Draft: fault tolerant multihoming §3.2 (6): those that are held, and those that come
 * until the anchor has sent the last of them here.  Without holding nothing happens.
 */
void forward_fade(struct session *s, const struct prefix *p)
{
	struct route *r = route_find(s->mag, p);
	struct env *env = s->mag->env;
	struct dp_binding b;

	if (!s->mag->conf->hold || !s->tunnel || !r || r->node != s->node ||
	    !r->binding.n_paths)
		return;
	memset(&b, 0, sizeof(b));
	b.prefix = r->binding.prefix;
	b.node = s->node->number;
	b.uplink = s->tunnel;
	/* there is nothing to ask the anchor for any more */
	add_path(&b, PMIP_PATH_HOLD)->bid = MAG_BID_HOLD | MAG_BID_OFF_LINK | hold_bit(s);
	r->binding = b;
	mag_timer(s->mag, &r->fade, s->mag->conf->linger_ms);
	env->ops->dp_binding_set(env->ctx, &b);
	env->ops->dp_hold_release(env->ctx, p, PMIP_HOLD_TO_RETURN);
}

/**
 * forward_whose() - to which node packets to a prefix go
 * @m: the gateway
 * @p: the prefix
 *
 * Return: the node; NULL if nobody's.
 */
struct node *forward_whose(struct mag *m, const struct prefix *p)
{
	const struct route *r = route_find(m, p);

	return r ? r->node : NULL;
}

/**
 * forward_has() - whether packets to a prefix go to a node, or will
 * @n: the node
 * @p: one of the prefixes that it is to have
 *
 * Return: false if another node has it, or there was no memory.
 */
bool forward_has(struct node *n, const struct prefix *p)
{
	const struct route *r = route_find(n->mag, p);
	const struct session *s;

	if (r)
		return r->node == n;
	DL_FOREACH(n->sessions, s)
		if (s->tunnel)
			return false;
	return true;
}
