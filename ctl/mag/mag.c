// SPDX-License-Identifier: GPL-2.0
/* The gateway's entrances: attachment, departure, peers (RFC 5213 §6). */
#include "mag/mag.h"
#include "mag/session.h"

#include "core/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool serves(void *arg, const struct mn_id *id)
{
	return mag_node_find(arg, id);
}

/**
 * mag_new() - a gateway without sessions
 * @env: what it may do to the world
 * @conf: stays the caller's, like @peers and @policy; all outlive the gateway
 * @peers: the gateways it talks to
 * @policy: who its mobile nodes are
 *
 * Return: the gateway, NULL if there is no memory.
 */
struct mag *mag_new(struct env *env, const struct mag_conf *conf,
		    struct peers *peers, struct policy *policy)
{
	struct mag *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->env = env;
	m->conf = conf;
	m->peers = peers;
	m->policy = policy;
	m->watch = (struct policy_watch){ .serves = serves, .arg = m };
	policy_watch(policy, &m->watch);
	m->seq = env->ops->random(env->ctx);
	m->shi_seq = env->ops->random(env->ctx);
	m->lma_ho_seq = env->ops->random(env->ctx);
	flow_responder_init(&m->responder, env, &conf->flow, &conf->address);
	mag_revoke_init(m);
	mag_handover_init(m);
	return m;
}

static void node_free(struct node *n)
{
	struct timerq *q = n->mag->env->timers;
	struct session *s, *stmp;
	struct assoc *a, *atmp;
	struct route *r, *rtmp;

	DL_FOREACH_SAFE(n->sessions, s, stmp) {
		timerq_cancel(q, &s->timer);
		advert_stop(s);
		wishes_end(s);
		inquiry_free(s);
		if (s->change)
			timerq_cancel(q, &s->change->timer);
		if (s->earlier)
			timerq_cancel(q, &s->earlier->timer);
		free(s->change);
		free(s->earlier);
		HASH_DEL(n->mag->sessions, s);
		free(s);
	}
	DL_FOREACH_SAFE(n->assocs, a, atmp) {
		timerq_cancel(q, &a->timer);
		free(a);
	}
	DL_FOREACH_SAFE(n->routes, r, rtmp) {
		timerq_cancel(q, &r->fade);
		HASH_DEL(n->mag->routes, r);
		free(r);
	}
	free(n->leaving);
	if (n->arriving)
		forwarded_free(n->arriving->forwarded);
	free(n->arriving);
	free(n->listens);
	free(n->vendor);
	boundary_free(n);
	n->sessions = NULL;
	n->routes = NULL;
	node_flows_end(n);
	HASH_DEL(n->mag->nodes, n);
	free(n);
}

/**
 * mag_free() - forget everything, tell nobody
 * @m: the gateway; forwarding goes on without it
 */
void mag_free(struct mag *m)
{
	struct node *n, *tmp;

	if (!m)
		return;
	policy_unwatch(m->policy, &m->watch);
	policy_queue_free(&m->unknown);
	await_free(m);
	while (memory_next(m))
		memory_forget(m, memory_next(m));
	timerq_cancel(m->env->timers, &m->pace_timer);
	handover_free(&m->handover);
	mag_multicast_free(m);
	HASH_ITER(hh, m->nodes, n, tmp)
		node_free(n);
	mag_revoke_free(m);
	flow_responder_free(&m->responder);
	free(m);
}

/**
 * mag_timer() - set a timer so many milliseconds from now
 * @m: the gateway
 * @t: the timer
 * @ms: how long
 */
void mag_timer(struct mag *m, struct timer *t, uint64_t ms)
{
	uint64_t now = m->env->ops->now(m->env->ctx);

	if (timerq_set(m->env->timers, t, now + ms * NSEC_PER_MSEC))
		log_ratelimited(LOG_ERR, "no memory for a timer");
}

/**
 * mag_notify() - one line for `pmipctl monitor`
 * @m: the gateway
 * @event: its name
 * @id: mobile node, may be NULL
 * @peer: gateway, may be NULL
 * @detail: may be NULL
 */
void mag_notify(struct mag *m, const char *event, const struct mn_id *id,
		const struct in6_addr *peer, const char *detail)
{
	struct notice n = {
		.event = event, .mn = id, .peer = peer, .detail = detail,
	};

	m->env->ops->notify(m->env->ctx, &n);
}

/**
 * mag_link() - look an access link up
 * @m: the gateway
 * @ifindex: the device
 *
 * Return: the link, NULL if it is none.
 */
const struct mag_link_conf *mag_link(const struct mag *m, uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; ifindex && i < m->conf->n_links; i++)
		if (m->conf->link[i].ifindex == ifindex)
			return &m->conf->link[i];
	return NULL;
}

/**
 * mag_anchor() - the anchor of a node
 * @m: the gateway
 * @pr: the node's profile
 *
 * Return: the profile's anchor, or the gateway's own; unspecified: there is none.
 */
const struct in6_addr *mag_anchor(const struct mag *m, const struct profile *pr)
{
	return IN6_IS_ADDR_UNSPECIFIED(&pr->lma) ? &m->conf->lma : &pr->lma;
}

/**
 * mag_admits() - whether a node may be served on an access link (RFC 5213 §6.14)
 * @m: the gateway
 * @pr: its profile, NULL: nobody's
 * @link: the link
 *
 * Return: 0, -EPERM not a node of ours, -EACCES not by this access technology,
 * -EDESTADDRREQ no anchor.
 */
int mag_admits(const struct mag *m, const struct profile *pr,
	       const struct mag_link_conf *link)
{
	if (!pr || !pr->allowed)
		return -EPERM;
	if (pr->att_mask && (link->att > 15 || !(pr->att_mask & (1U << link->att))))
		return -EACCES;
	if (IN6_IS_ADDR_UNSPECIFIED(mag_anchor(m, pr)))
		return -EDESTADDRREQ;
	return 0;
}

static int admit(struct mag *m, const struct session_key *key,
		 const struct mn_id *id, const struct mag_link_conf *link,
		 const struct profile **pr)
{
	char text[LLID_STRLEN];
	int err;

	*pr = id && id->len ? policy_by_mn_id(m->policy, id) :
			      policy_by_lladdr(m->policy, &key->lladdr);
	err = mag_admits(m, *pr, link);
	if (err == -EPERM)
		log_ratelimited(LOG_WARNING, "%s: %s: no mobility service",
				link->name,
				llid_str(&key->lladdr, text, sizeof(text)));
	return err;
}

static struct session *elsewhere(struct mag *m, const struct profile *pr,
				 const struct llid *lladdr)
{
	struct node *n = mag_node_find(m, &pr->mn_id);
	struct session *s;

	if (!n || !lladdr->len)
		return NULL;
	DL_FOREACH(n->sessions, s)
		if (llid_equal(&s->key.lladdr, lladdr))
			return s;
	return NULL;
}

static void seen(struct session *s, const struct in6_addr *lla,
		 enum attach_cause cause)
{
	if (lla && addr_is_link_local(lla) && !IN6_ARE_ADDR_EQUAL(lla, &s->lla)) {
		s->lla = *lla;
		forward_update(s->node);
	}
	session_event(s, cause == ATTACH_OPERATOR ? EVENT_OPERATOR :
						    EVENT_ATTACH);
}

/**
 * mag_newcomer() - an interface without a session, of which all is known that there is
 * @m: the gateway
 * @key: where and which
 * @id: whose, NULL: the policy store knows by the interface
 * @lla: its link-local address, may be NULL
 * @cause: how it was noticed
 *
 * Return: as mag_on_attach().
 */
int mag_newcomer(struct mag *m, const struct session_key *key, const struct mn_id *id,
		 const struct in6_addr *lla, enum attach_cause cause)
{
	const struct mag_link_conf *link = mag_link(m, key->ifindex);
	const struct profile *pr;
	struct session *s;
	int err;

	if (!link)
		return -ENODEV;
	err = admit(m, key, id, link, &pr);
	if (err)
		return err;
	s = elsewhere(m, pr, &key->lladdr);
	if (s && s->key.ifindex)
		session_move(s, key->ifindex);
	else
		s = takeover_claim(m, pr, key, link->att);
	if (s) {
		seen(s, lla, cause);
		return 0;
	}
	if (m->conf->max_sessions && m->n_sessions >= m->conf->max_sessions)
		return -ENOSPC;
	s = session_new(m, key, pr, link->att);
	if (!s)
		return -ENOMEM;
	if (lla && addr_is_link_local(lla))
		s->lla = *lla;
	m->counters.attach++;
	mag_notify(m, "attach", &s->node->id, NULL, link->name);
	handover_attached(s);
	registration_start(s, HI_UNKNOWN);
	return 0;
}

static int newcomer(struct mag *m, const struct session_key *key, const struct mn_id *id,
		    const struct in6_addr *lla, enum attach_cause cause)
{
	int err;

	if (!mag_link(m, key->ifindex))
		return -ENODEV;
	if (cause == ATTACH_RS && !solicit_newcomer(m, key))
		return -EBUSY;
	err = await_attach(m, key, id, lla, cause);
	return err ? err : mag_newcomer(m, key, id, lla, cause);
}

/**
 * mag_on_attach() - a mobile node's interface is on an access link
 * @m: the gateway
 * @ifindex: the link
 * @lladdr: the interface
 * @id: whose, NULL: the policy store knows by @lladdr
 * @lla: its link-local address, may be NULL
 * @cause: how it was noticed; only an operator ends a denial
 *
 * RFC 5213 §6.9.1.1.  For an interface that has a session this is a sign of
 * life, no more.
 *
 * Return: 0; -EINPROGRESS: the policy store is asked, again until it answers; -ENODEV not
 * an access link, -EPERM not a node of ours, -EACCES not by this access technology,
 * -EDESTADDRREQ no anchor, -EBUSY too often, or the interface is another node's, -ENOSPC too
 * many sessions, or attachments that wait for the store, -ENOMEM.
 */
int mag_on_attach(struct mag *m, uint32_t ifindex, const struct llid *lladdr,
		  const struct mn_id *id, const struct in6_addr *lla,
		  enum attach_cause cause)
{
	struct session *s = session_find(m, ifindex, lladdr);
	struct session_key key;

	if (s) {
		if (id && id->len && !mn_id_equal(id, &s->node->id))
			return -EBUSY;
		seen(s, lla, cause);
		return 0;
	}
	key = session_key(ifindex, lladdr);
	return newcomer(m, &key, id, lla, cause);
}

/**
 * mag_leave() - a session's interface is not there any more
 * @s: the session
 * @silent: nobody is there to hear an advertisement
 */
void mag_leave(struct session *s, bool silent)
{
	if (session_attached(s))
		s->mag->counters.detach++;
	s->silent = silent;
	session_event(s, EVENT_DETACH);
}

/**
 * mag_on_detach() - a mobile node's interface has left (RFC 5213 §6.13)
 * @m: the gateway
 * @ifindex: the link, which is still up
 * @lladdr: the interface
 *
 * Return: 0, -ENOENT if it has no session.
 */
int mag_on_detach(struct mag *m, uint32_t ifindex, const struct llid *lladdr)
{
	struct session *s = session_find(m, ifindex, lladdr);

	if (!s)
		return await_cancel(m, ifindex, lladdr) ? 0 : -ENOENT;
	mag_leave(s, false);
	return 0;
}

/**
 * mag_on_rs() - a router solicitation (RFC 5213 §6.9.2)
 * @m: the gateway
 * @ifindex: the link
 * @lladdr: who
 * @src: the node's link-local address, or unspecified
 *
 * Beyond rs_per_second from one address it is counted and ignored.
 */
void mag_on_rs(struct mag *m, uint32_t ifindex, const struct llid *lladdr,
	       const struct in6_addr *src)
{
	struct session *s = session_find(m, ifindex, lladdr);
	bool serving;

	m->counters.rs_rx++;
	if (!s) {
		mag_on_attach(m, ifindex, lladdr, NULL, src, ATTACH_RS);
		return;
	}
	if (!rate_ok(m, &s->rate))
		return;
	serving = s->state == SESSION_ACTIVE || s->state == SESSION_REFRESHING;
	seen(s, src, ATTACH_RS);
	if (serving)
		advert_send(s);
}

/**
 * mag_on_link() - an access link has gone or come
 * @m: the gateway
 * @ifindex: the link
 * @up: which
 *
 * The kernel has already moved the traffic; the deregistrations follow at
 * the queue's pace.  A link that comes back, or was gone for a moment only,
 * brings nobody by itself: whoever was there is probed, PACE_BATCH at a time,
 * and its answer is the sign of life that attaches it again.
 */
void mag_on_link(struct mag *m, uint32_t ifindex, bool up)
{
	struct session *s, *tmp;
	uint64_t count = 0;

	if (!up)
		await_link_lost(m, ifindex);
	HASH_ITER(hh, m->sessions, s, tmp) {
		if (s->key.ifindex != ifindex)
			continue;
		if (!up)
			mag_leave(s, true);
		else if (s->tunnel && (m->conf->probe_ms || !session_attached(s)))
			advert_probe(s, count++ / PACE_BATCH * PACE_MS);
	}
}

/**
 * mag_on_neighbour() - unreachability detection has spoken (RFC 4861 §7.3)
 * @m: the gateway
 * @ifindex: the link
 * @lladdr: the interface
 * @reachable: what it said
 */
void mag_on_neighbour(struct mag *m, uint32_t ifindex,
		      const struct llid *lladdr, bool reachable)
{
	struct session *s = session_find(m, ifindex, lladdr);

	if (!s && !reachable)
		await_cancel(m, ifindex, lladdr);
	if (!s)
		return;
	if (!reachable)
		mag_leave(s, true);
	else if (!s->expelled)
		session_event(s, EVENT_ATTACH);
}

static void register_all(struct mag *m, const struct peer *p)
{
	struct session *s, *tmp;

	HASH_ITER(hh, m->sessions, s, tmp) {
		/* its first request is to come, and not before that */
		if (s->peer != p || !session_attached(s) || handover_asks(s->node))
			continue;
		/* what is under way goes out now, and soon again if it is lost */
		s->backoff_ms = m->conf->bindack_ms / 2;
		session_queue(s);
	}
}

/**
 * mag_on_peer_restart() - a gateway may have lost its state (RFC 5847 §3.4)
 * @m: the gateway
 * @p: the other: an anchor hears of every session again, at the queue's pace
 */
void mag_on_peer_restart(struct mag *m, struct peer *p)
{
	register_all(m, p);
	mag_flows_anew(m, p);
	assoc_anchor_restart(m, p);
	assoc_peer_restart(m, p);
}

/**
 * mag_on_peer_alive() - a gateway that was dead is back
 * @m: the gateway
 * @p: the other; it may have forgotten us while it did not hear us
 */
void mag_on_peer_alive(struct mag *m, struct peer *p)
{
	register_all(m, p);
	assoc_peer_alive(m, p);
}

static void view_flows(const struct session *s, struct mag_session_view *v)
{
	const struct flow_guest *g = s->node->guest;
	unsigned int i;

	if (!s->tunnel)
		return;
	for (i = 0; i < s->n_off; i++)
		v->off[v->n_off++] = s->hnp[s->n_hnp + i];
	for (i = 0; g && i < g->n_prefix; i++)
		if (prefix_routed(s, &g->prefix[i]))
			v->off[v->n_off++] = g->prefix[i];
	v->flows = g ? g->flows.flows : NULL;
}

static void view_change(const struct session *s, struct mag_session_view *v)
{
	static const char *const name[CHANGE_STATES] = { NULL, "tried", "doubted", "lingering" };

	if (!s->change)
		return;
	v->change = name[s->change->state];
	v->other_lma = s->change->peer->remote;
}

static void view(const struct session *s, struct mag_session_view *v)
{
	static const char *const name[] = {
		"soliciting", "associated", "associated", "refused",
	};
	struct env *env = s->mag->env;
	uint64_t now = env->ops->now(env->ctx);
	const struct assoc *a;

	memset(v, 0, sizeof(*v));
	v->mn_id = &s->node->id;
	v->lladdr = &s->key.lladdr;
	v->ifindex = s->key.ifindex;
	v->lla = s->lla;
	v->lma = s->lma;
	view_change(s, v);
	v->state = session_state_str(s);
	v->att = s->att;
	v->remaining_ns = s->expires > now ? s->expires - now : 0;
	v->heard = s->signal.heard;
	v->dbm = s->signal.dbm;
	v->heard_ns = now - s->signal.at;
	v->n_hnp = s->tunnel ? s->n_hnp : 0;
	v->hnp = s->hnp;
	view_flows(s, v);
	v->n_vendor = s->node->n_vendor;
	v->vendor = s->node->vendor;
	DL_FOREACH(s->node->assocs, a) {
		if (v->n_peers == PEERS_MAX)
			break;
		v->peer[v->n_peers].mag = a->peer->remote;
		v->peer[v->n_peers++].state = name[a->state];
	}
}

/**
 * mag_each() - show every session
 * @m: the gateway
 * @fn: called with each; false ends it
 * @arg: passed to @fn
 */
void mag_each(struct mag *m, bool (*fn)(void *arg, const struct mag_session_view *v),
	      void *arg)
{
	struct mag_session_view v;
	struct session *s, *tmp;

	HASH_ITER(hh, m->sessions, s, tmp) {
		view(s, &v);
		if (!fn(arg, &v))
			return;
	}
}

/**
 * mag_counters() - what has been counted since the start
 * @m: the gateway
 *
 * Return: the counters, valid as long as the gateway.
 */
const struct mag_counters *mag_counters(const struct mag *m)
{
	return &m->counters;
}
