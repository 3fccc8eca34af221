// SPDX-License-Identifier: GPL-2.0
/*
 * Fast handovers (RFC 5949): what they make of the packets of the nodes that leave this
 * gateway for another, and of those that come from one.
 */
#include "mag/session.h"

#include "core/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct move *move_new(struct node *n, const struct in6_addr *peer)
{
	struct move *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->node = n;
	v->peer = peer_get(n->mag->peers, &n->mag->conf->address, peer);
	if (v->peer)
		return v;
	free(v);
	return NULL;
}

/* The one tunnel to the other gateway, which all nodes share */
static int get_tunnel(struct move *v)
{
	if (!v->tunnel)
		v->tunnel = peer_tunnel_get(v->peer, PMIP_TUNNEL_MAG_TO_MAG);
	return v->tunnel ? 0 : -ENOMEM;
}

/* What the anchor sends here may be faster than its answer. */
static int get_anchor(struct move *v)
{
	struct mag *m = v->node->mag;
	const struct profile *pr = policy_by_mn_id(m->policy, &v->node->id);

	if (v->anchor_tunnel)
		return 0;
	if (pr)
		v->anchor = peer_get(m->peers, &m->conf->address,
				     boundary_anchor(m, v->node, pr));
	if (v->anchor)
		v->anchor_tunnel = peer_tunnel_get(v->anchor, PMIP_TUNNEL_MAG_TO_LMA);
	return v->anchor_tunnel ? 0 : -ENOMEM;
}

/* Packets go where the node's sessions say, and the tunnels are not needed any more. */
static void move_free(struct move *v)
{
	forwarded_end(v);
	if (v->anchor_tunnel)
		forward_let_go(v->node, v->anchor);
	if (v->tunnel)
		forward_let_go(v->node, v->peer);
	else
		forward_update(v->node);
	free(v);
}

/* What is asked of the kernel is in force, or as it was before */
static int enter(struct move *v, enum move_state state)
{
	enum move_state before = v->state;
	int err;

	v->state = state;
	forward_update(v->node);
	err = forward_confirm(v->node);
	if (!err)
		return 0;
	v->state = before;
	forward_update(v->node);
	return err;
}

/* With whom nodes may be exchanged; 0 or -errno */
static int may_with(const struct mag *m, const struct in6_addr *other)
{
	if (!m->conf->fast)
		return -EOPNOTSUPP;
	if (!mag_is_peer(m, other) || IN6_ARE_ADDR_EQUAL(other, &m->conf->address))
		return -EACCES;
	return 0;
}

/* ---- a node that leaves ---- */

static int hold(void *arg)
{
	return enter(arg, MOVE_HELD);
}

static int forward(void *arg, const struct in6_addr *next)
{
	struct move *v = arg;
	int err = get_tunnel(v);

	(void)next;
	if (!err)
		err = enter(v, MOVE_FORWARDED);
	if (!err)
		hold_forward(v->node);
	return err;
}

static void met(void *arg, const struct mh_groups *groups)
{
	struct move *v = arg;

	mag_multicast_met(v->node, groups);
}

/* A deregistration that was put off follows: the anchor may know already, or not. */
static void leaving_ended(void *arg, enum handover_outcome why)
{
	struct move *v = arg;
	struct node *n = v->node;
	struct session *s;

	/* another gateway may have claimed it */
	if (n->leaving == v)
		n->leaving = NULL;
	move_free(v);
	if (n->leaving)
		return;
	if (why != HANDOVER_DONE)
		hold_forward(n);
	DL_FOREACH(n->sessions, s)
		if (s->state == SESSION_LEAVING)
			session_queue(s);
}

/**
 * handover_guessed() - whether a node may be about to leave, for all that its signal says
 * @n: the node
 *
 * Return: true until it has left, or the other gateway has asked for its packets.
 */
bool handover_guessed(const struct node *n)
{
	return n->leaving && n->leaving->guessed && n->leaving->state == MOVE_SOON;
}

/**
 * mag_handover_start() - a node is about to leave for another gateway
 * @m: the gateway
 * @id: the node
 * @next: where to
 * @at_once: its packets are forwarded from the agreement on, else once it has left
 *
 * RFC 5949 §4.1 (c): the other gateway is told of the node's prefixes and anchor.  Who says
 * where it goes is believed more than its signal was.
 *
 * Return: 0; -EOPNOTSUPP if fast handovers are not configured; -EACCES if @next is no
 * gateway of the domain; -ENOENT if the node is not registered here; -EBUSY if it has
 * several interfaces here; -EEXIST if it is about to leave already; -ENOMEM.
 */
int mag_handover_start(struct mag *m, const struct mn_id *id, const struct in6_addr *next,
		       bool at_once)
{
	struct node *n = mag_node_find(m, id);
	struct session *s = n ? n->sessions : NULL;
	struct mh_opts o;
	int err = may_with(m, next);

	if (err)
		return err;
	if (!s || !s->tunnel || !session_attached(s))
		return -ENOENT;
	if (s->next)
		return -EBUSY;
	if (handover_guessed(n))
		handover_returns(n);
	if (n->leaving)
		return -EEXIST;
	n->leaving = move_new(n, next);
	if (!n->leaving)
		return -ENOMEM;
	context_tell(s, &o);
	err = leaving_start(&m->handover, next, &o, at_once, n->leaving);
	if (err) {
		free(n->leaving);
		n->leaving = NULL;
	}
	forward_update(n);
	return err;
}

/**
 * handover_leaves() - the interface of a node is not there any more
 * @s: the session, in state leaving
 *
 * Return: true if the node goes elsewhere by a handover; its deregistration waits for the
 * end of that, for the anchor is to send packets here until the other gateway registers.
 */
bool handover_leaves(struct session *s)
{
	struct node *n = s->node;

	if (!n->leaving)
		return false;
	leaving_go(&s->mag->handover, &n->id);
	return n->leaving;
}

static bool redirected(const struct node *n)
{
	const struct assoc *a;

	DL_FOREACH(n->assocs, a)
		if (a->tunnel)
			return true;
	return false;
}

/**
 * handover_may_follow() - whether another gateway may ask for a node that has just left
 * @s: its session
 *
 * RFC 5949 §4.1, reactive: "the NMAG send the HI message to the PMAG after the mobile node has
 * moved to the new link".  Until then the anchor has to send here what is to be forwarded
 * there, so that the deregistration waits (conf.handover.wait_ms), and packets with it; RFC
 * 5213 §6.9.1.4 sets it no time.  Not where a stable gateway or another of the node's
 * interfaces takes them at once, nor where the anchor would send them to one elsewhere.
 *
 * Return: true if it may.
 */
bool handover_may_follow(const struct session *s)
{
	const struct mag_conf *conf = s->mag->conf;
	const struct node *n = s->node;
	const struct profile *pr = policy_by_mn_id(s->mag->policy, &n->id);

	if (!conf->fast || !conf->hold || !conf->handover.wait_ms)
		return false;
	/* one that an earlier daemon has left behind may be gone for long */
	if (!s->tunnel || !s->key.ifindex || n->sessions->next || redirected(n))
		return false;
	return pr && pr->multihoming != MULTIHOMING_SHARED &&
	       pr->multihoming != MULTIHOMING_COMBINED;
}

/**
 * handover_returns() - a node is here that was about to leave, or had left
 * @n: the node
 */
void handover_returns(struct node *n)
{
	if (n->leaving)
		leaving_back(&n->mag->handover, &n->id);
}

/**
 * handover_revoked() - the anchor has let go of a node's binding here
 * @n: the node
 */
void handover_revoked(struct node *n)
{
	if (n->leaving)
		leaving_moved(&n->mag->handover, &n->id);
}

/* Another gateway says that a node is there, which was here: reactive (d) */
static uint8_t claimed(void *arg, const struct in6_addr *next, const struct mh_msg *hi,
		       struct mh_opts *o, void **node)
{
	struct node *n = mag_node_find(arg, &hi->opts.mn_id);
	struct session *s = n ? n->sessions : NULL;
	struct move *v;

	if (!s || !s->tunnel || s->next)
		return HACK_PROHIBITED;
	if (!context_answer(s, &hi->opts, o))
		return HACK_NO_CONTEXT;
	if (!(hi->flags & (HI_F_F | HI_F_U)) ||
	    (n->leaving && IN6_ARE_ADDR_EQUAL(&n->leaving->peer->remote, next)))
		return HACK_ALL_CONTEXT;
	v = move_new(n, next);
	if (!v)
		return HACK_NO_RESOURCES;
	n->leaving = v;
	*node = v;
	return HACK_ALL_CONTEXT;
}

/* ---- a node that comes ---- */

/**
 * move_has() - whether packets to a prefix are a coming node's
 * @v: its handover
 * @p: the prefix
 *
 * Return: true if the previous gateway has said so.
 */
bool move_has(const struct move *v, const struct prefix *p)
{
	for (unsigned int i = 0; i < v->n_hnp; i++)
		if (prefix_equal(&v->hnp[i], p))
			return true;
	return false;
}

/**
 * move_lose() - a prefix is another node's, as its anchor says
 * @v: the handover of a node that comes
 * @p: the prefix
 */
void move_lose(struct move *v, const struct prefix *p)
{
	for (unsigned int i = 0; i < v->n_hnp; i++)
		if (prefix_equal(&v->hnp[i], p))
			v->hnp[i--] = v->hnp[--v->n_hnp];
}

static void take_context(struct move *v, const struct mh_opts *o)
{
	unsigned int i;

	context_take(v, o);
	if (!o->n_hnp)
		return;
	v->n_hnp = 0;
	for (i = 0; i < o->n_hnp && i < HNP_MAX; i++)
		if (o->hnp[i].prefix.len && forward_has(v->node, &o->hnp[i].prefix))
			v->hnp[v->n_hnp++] = o->hnp[i].prefix;
}

/*
 * RFC 5949 §5.2: "the NMAG SHOULD expect the mobile node to keep using the same HNP": before
 * the previous gateway has said which, those that its profile names.
 */
static void expect_same(struct move *v, const struct session *s)
{
	for (unsigned int i = 0; i < s->n_hnp; i++)
		if (forward_has(v->node, &s->hnp[i]))
			v->hnp[v->n_hnp++] = s->hnp[i];
	forward_update(v->node);
}

/* Its prefixes, if it has none of its own, are those that it had at the previous gateway. */
static void take_prefixes(struct session *s, const struct move *v)
{
	if (s->n_hnp)
		return;
	s->n_hnp = v->n_hnp;
	memcpy(s->hnp, v->hnp, sizeof(s->hnp));
}

/* RFC 5949 §4.1, reactive (g): the PBU that has waited for the answer, whatever that was */
static void register_now(struct node *n)
{
	struct session *s, *tmp;

	DL_FOREACH_SAFE(n->sessions, s, tmp)
		if (s->state == SESSION_REGISTERING && !s->tries)
			registration_start(s, HI_UNKNOWN);
}

static void settle_context(struct move *v)
{
	struct session *s;

	if (!v->asking)
		return;
	v->asking = false;
	DL_FOREACH(v->node->sessions, s)
		if (s->state == SESSION_REGISTERING)
			take_prefixes(s, v);
	/* before anything is asked to come */
	forward_confirm(v->node);
	register_now(v->node);
}

/* RFC 5949 §4.1 (d), or more of it later */
static void told(void *arg, const struct mh_opts *o)
{
	struct move *v = arg;
	struct session *s;

	take_context(v, o);
	if (subscription_take(v->node, o))
		log_ratelimited(LOG_ERR, "no memory: a node is asked what it listens to");
	context_use(v);
	forward_update(v->node);
	forwarded_begin(v);
	DL_FOREACH(v->node->sessions, s)
		if (s->mcast.proxy)
			subscription_begin(s);
	settle_context(v);
}

static void deliver(void *arg, const struct in6_addr *previous)
{
	struct move *v = arg;

	v->agreed = previous;
	if (v->state != MOVE_NATIVE)
		v->state = MOVE_HERE;
	forward_update(v->node);
	hold_forward(v->node);
}

static void native(void *arg)
{
	struct move *v = arg;

	v->state = MOVE_NATIVE;
	forward_update(v->node);
}

/* What has waited for a node that does not come is not for anybody. */
static void arrival_ended(void *arg, enum handover_outcome why)
{
	struct move *v = arg;
	struct node *n = v->node;
	bool asking = v->asking;

	(void)why;
	n->arriving = NULL;
	move_free(v);
	if (asking)
		register_now(n);
	mag_node_put(n);
}

/*
 * Whether a node may be expected: RFC 5213 §6.14 as for one that is here, by any of the
 * links; its anchor is ours, the profile's or one of the configured; and it is not here already.
 */
static uint8_t admit(struct mag *m, const struct mh_opts *o)
{
	const struct profile *pr = policy_by_mn_id(m->policy, &o->mn_id);
	bool admitted = false;
	unsigned int i;

	for (i = 0; i < m->conf->n_links; i++)
		admitted |= !mag_admits(m, pr, &m->conf->link[i]);
	if (!admitted || node_attached(mag_node_find(m, &o->mn_id)))
		return HACK_PROHIBITED;
	for (i = 0; i < o->n_lma; i++)
		if (!IN6_ARE_ADDR_EQUAL(&o->lma[i], mag_anchor(m, pr)) &&
		    !boundary_may(m, &o->lma[i]))
			return HACK_PROHIBITED;
	if (m->conf->max_sessions &&
	    m->n_sessions + arrival_count(&m->handover) >= m->conf->max_sessions)
		return HACK_NO_RESOURCES;
	return HACK_OK;
}

static struct move *arrival_new(struct mag *m, const struct in6_addr *previous,
				const struct mn_id *id)
{
	struct node *n = mag_node_get(m, id);
	struct move *v;

	if (!n)
		return NULL;
	v = move_new(n, previous);
	n->arriving = v;
	if (!v)
		mag_node_put(n);
	return v;
}

/* RFC 5949 §4.1 (d): its packets wait here from the answer on. */
static uint8_t expected(void *arg, const struct in6_addr *previous, const struct mh_msg *hi,
			bool again, struct mh_opts *o, void **node)
{
	uint8_t code = again ? HACK_OK : admit(arg, &hi->opts);
	struct move *v;

	if (code != HACK_OK)
		return code;
	v = again ? *node : arrival_new(arg, previous, &hi->opts.mn_id);
	if (!v)
		return HACK_NO_RESOURCES;
	take_context(v, &hi->opts);
	subscription_answer(arg, &hi->opts, o);
	v->agreed |= !again;
	if (!subscription_take(v->node, &hi->opts) && !get_tunnel(v) && !get_anchor(v) &&
	    !enter(v, again ? v->state : MOVE_AWAITED)) {
		forwarded_begin(v);
		*node = v;
		return HACK_CONTEXT;
	}
	if (!again)
		arrival_ended(v, HANDOVER_FAILED);
	return HACK_NO_RESOURCES;
}

/* A node is here, or is about to be, and another gateway is to be asked for it. */
static struct move *arrival_begin(struct mag *m, const struct in6_addr *previous,
				  const struct mn_id *id)
{
	struct move *v = arrival_new(m, previous, id);

	if (!v)
		return NULL;
	v->state = MOVE_HERE;
	if (!get_tunnel(v) && !get_anchor(v))
		return v;
	arrival_ended(v, HANDOVER_FAILED);
	return NULL;
}

/* The node is here by @s: the previous gateway is asked, or has announced it; 0 or -ENOMEM */
static int arrive(struct session *s)
{
	struct move *v = s->node->arriving;
	bool announced = v->state == MOVE_AWAITED;
	struct mh_opts o;
	int err;

	signal_arrived(s);
	context_use(v);
	if (!v->n_hnp)
		expect_same(v, s);
	context_name(s, &o);
	err = arrival_attached(&s->mag->handover, &v->peer->remote, &o, v->n_hnp, v);
	if (err)
		arrival_ended(v, HANDOVER_FAILED);
	else
		v->asking = !announced && !v->n_hnp;
	return err;
}

/**
 * handover_attached() - a node has come that another gateway may have announced
 * @s: its session, which is about to register
 *
 * One that was about to leave has a way here again, by whatever interface.
 */
void handover_attached(struct session *s)
{
	struct node *n = s->node;

	handover_returns(n);
	if (!n->arriving)
		return;
	take_prefixes(s, n->arriving);
	forwarded_native(n->arriving);
	/* without what is forwarded it is here like any other */
	arrive(s);
}

/**
 * handover_asks() - whether a node's PBU is to follow an answer that is under way
 * @n: the node
 *
 * RFC 5949 §4.1, Figure 3: (g) the PBU comes after (c) and (d), HI and HAck.  Where that is
 * needed to know the prefixes the anchor's revocation must not be at the previous gateway
 * before the request to forward.
 *
 * Return: true until the previous gateway has said what it knows, or nothing.
 */
bool handover_asks(const struct node *n)
{
	return n->arriving && n->arriving->asking;
}

/**
 * mag_handover_from() - a node that is here was at another gateway before
 * @m: the gateway
 * @id: the node
 * @previous: where
 *
 * RFC 5949 §4.1, reactive (c): that gateway is asked to forward what comes for it.
 *
 * Return: 0; -EOPNOTSUPP if fast handovers are not configured; -EACCES if @previous is no
 * gateway of the domain; -ENOENT if the node is not here; -ENOMEM.
 */
int mag_handover_from(struct mag *m, const struct mn_id *id, const struct in6_addr *previous)
{
	struct node *n = mag_node_find(m, id);
	struct session *s = n ? n->sessions : NULL;
	int err = may_with(m, previous);

	if (err)
		return err;
	if (!s || !node_attached(n))
		return -ENOENT;
	if (n->arriving)
		return 0;
	if (!arrival_begin(m, previous, id))
		return -ENOMEM;
	err = arrive(s);
	if (!err && s->tunnel)
		arrival_registered(&m->handover, id);
	return err;
}

/**
 * handover_newcomer() - a node has come from another gateway, and it is known who it is
 * @m: the gateway
 * @key: where and which interface
 * @id: whose, NULL: the policy store knows by the interface
 * @lla: its link-local address, may be NULL
 * @previous: the gateway where it was
 *
 * Return: as mag_handover_attach().
 */
int handover_newcomer(struct mag *m, const struct session_key *key, const struct mn_id *id,
		      const struct in6_addr *lla, const struct in6_addr *previous)
{
	const struct profile *pr = id ? policy_by_mn_id(m->policy, id) :
					policy_by_lladdr(m->policy, &key->lladdr);
	struct node *n;
	int err;

	if (!pr)
		return -EPERM;
	/* one that is known here is asked for once it is attached */
	if (mag_node_find(m, &pr->mn_id)) {
		err = mag_on_attach(m, key->ifindex, &key->lladdr, id, lla, ATTACH_OPERATOR);
		return err ? err : mag_handover_from(m, &pr->mn_id, previous);
	}
	if (!arrival_begin(m, previous, &pr->mn_id))
		return -ENOMEM;
	err = mag_on_attach(m, key->ifindex, &key->lladdr, id, lla, ATTACH_OPERATOR);
	n = mag_node_find(m, &pr->mn_id);
	/* refused; or the interface was another node's before the policy said otherwise */
	if (n && n->arriving && !n->sessions)
		arrival_ended(n->arriving, HANDOVER_FAILED);
	return err;
}

/**
 * mag_handover_attach() - a node has come, and whoever says so knows where from
 * @m: the gateway
 * @ifindex: the link
 * @lladdr: the interface
 * @id: whose, NULL: the policy store knows by @lladdr
 * @previous: the gateway where it was
 *
 * RFC 5949 §4.1, reactive (b): "The AP-ID on the old link (Old AP ID) [...] is also transferred
 * to the new MAG".  So that gateway is asked before the anchor, which learns that this is a
 * handover (Handoff Indicator 3), and packets find the node from the first one on.
 *
 * Return: 0; -EOPNOTSUPP if fast handovers are not configured; -EADDRNOTAVAIL if @previous is
 * no gateway of the domain; or what mag_on_attach() says.
 */
int mag_handover_attach(struct mag *m, uint32_t ifindex, const struct llid *lladdr,
			const struct mn_id *id, const struct in6_addr *previous)
{
	const struct session_key key = session_key(ifindex, lladdr);
	int err = may_with(m, previous);

	if (err)
		return err == -EACCES ? -EADDRNOTAVAIL : err;
	if (!mag_link(m, ifindex))
		return -ENODEV;
	if (!session_find(m, ifindex, lladdr))
		err = await_attach(m, &key, id, NULL, ATTACH_OPERATOR);
	if (err == -EINPROGRESS)
		await_from(m, &key, previous);
	return err ? err : handover_newcomer(m, &key, id, NULL, previous);
}

/**
 * handover_registered() - the anchor has accepted a node's registration
 * @n: the node
 */
void handover_registered(struct node *n)
{
	if (n->arriving)
		arrival_registered(&n->mag->handover, &n->id);
}

/**
 * handover_gone() - the last of a node's interfaces has left
 * @n: the node
 */
void handover_gone(struct node *n)
{
	if (n->arriving && n->arriving->state != MOVE_AWAITED && !node_attached(n))
		arrival_gone(&n->mag->handover, &n->id);
}

/* ---- both ---- */

static const struct handover_ops ops = {
	.claimed = claimed,
	.expected = expected,
	.leaving = { .hold = hold, .forward = forward, .met = met, .ended = leaving_ended },
	.arrival = { .told = told, .deliver = deliver, .native = native, .ended = arrival_ended },
};

/* Where the store has not answered, nobody is expected: the HI is refused. */
static void profile_known(void *arg, const struct policy_message *msg, int err)
{
	struct mag *m = arg;

	(void)err;
	handover_on_hi(&m->handover, &msg->src, &msg->msg);
}

/**
 * mag_handover_init() - no node leaves or comes
 * @m: the gateway
 */
void mag_handover_init(struct mag *m)
{
	m->unknown = (struct policy_queue){
		.policy = m->policy, .env = m->env, .ready = profile_known, .arg = m,
	};
	handover_init(&m->handover, m->env, &m->conf->handover, &ops, m, &m->conf->address);
}

/**
 * mag_handover_counters() - of fast handovers
 * @m: the gateway
 *
 * Return: the counters, valid as long as the gateway.
 */
const struct handover_counters *mag_handover_counters(const struct mag *m)
{
	return &m->handover.counters;
}

/**
 * mag_on_hi() - a Handover Initiate (RFC 5949 §6.1.1)
 * @m: the gateway
 * @src: who sent it; of anybody but the domain's gateways it is discarded
 * @dst: our address
 * @hi: the message
 */
void mag_on_hi(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
	       const struct mh_msg *hi)
{
	bool waits = false;

	if (!IN6_ARE_ADDR_EQUAL(dst, &m->conf->address) || !mag_is_peer(m, src)) {
		m->handover.counters.hi_discarded++;
		return;
	}
	/* nobody is expected before it is known who it is */
	if (hi->opts.present & MH_HAS_MN_ID)
		waits = policy_queue_put(&m->unknown, src, dst, hi) == -EINPROGRESS;
	if (!waits)
		handover_on_hi(&m->handover, src, hi);
}

/**
 * mag_on_hack() - a Handover Acknowledge (RFC 5949 §6.1.2)
 * @m: the gateway
 * @src: who sent it
 * @dst: our address
 * @hack: the message
 */
void mag_on_hack(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
		 const struct mh_msg *hack)
{
	handover_on_hack(&m->handover, src, dst, hack);
}

/**
 * mag_on_hi_unknown() - a gateway that knows no such messages has said so
 * @m: the gateway
 * @src: who
 * @be: its Binding Error
 */
void mag_on_hi_unknown(struct mag *m, const struct in6_addr *src, const struct mh_msg *be)
{
	handover_on_binding_error(&m->handover, src, be);
}
