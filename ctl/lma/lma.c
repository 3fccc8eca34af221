// SPDX-License-Identifier: GPL-2.0
/* The local mobility anchor's entrances. */
#include "lma/anchoring.h"
#include "lma/authority.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

struct reserving {
	struct lma *lma;
	int err;
};

/* RFC 5213 §5.2: what a profile names is that node's, not for the pool to give */
static bool reserve_profile(void *arg, const struct profile *pr)
{
	struct reserving *r = arg;
	unsigned int i;

	for (i = 0; i < pr->n_hnp && !r->err; i++)
		r->err = lma_reserve(r->lma, &pr->hnp[i]);
	for (i = 0; i < pr->n_shared_hnp && !r->err; i++)
		r->err = lma_reserve(r->lma, &pr->shared_hnp[i]);
	return !r->err;
}

/* What profiles own may be else than before; and what is owned now is not. */
static void policy_is_other(void *arg, const struct mn_id *id)
{
	struct reserving r = { .lma = arg };

	if (id)
		return;
	pools_unreserve(&r.lma->pools);
	policy_each(r.lma->policy, reserve_profile, &r);
	if (r.err)
		log_err("out of memory: pools may give out what profiles own");
}

static bool serves(void *arg, const struct mn_id *id)
{
	return lma_node_find(arg, id);
}

static void profile_known(void *arg, const struct policy_message *m, int err);

/**
 * lma_new() - make an anchor
 * @env: what it may do to the world
 * @conf: its configuration
 * @peers: the table of gateways
 * @policy: the policy store
 *
 * All of them must outlive it.
 *
 * Return: the anchor; NULL if there is no memory, or a pool is longer than
 * the prefixes to take from it.
 */
struct lma *lma_new(struct env *env, const struct lma_conf *conf,
		    struct peers *peers, struct policy *policy)
{
	struct reserving r = { .lma = calloc(1, sizeof(*r.lma)) };
	struct lma *l = r.lma;

	if (!l)
		return NULL;
	l->env = env;
	l->conf = conf;
	l->peers = peers;
	l->policy = policy;
	l->watch = (struct policy_watch){
		.changed = policy_is_other, .serves = serves, .arg = l,
	};
	l->unknown = (struct policy_queue){
		.policy = policy, .env = env, .ready = profile_known, .arg = l,
	};
	flow_initiator_init(&l->flow_initiator, env, &conf->flow, &grant_ops, &conf->address);
	l->meters = calloc(conf->n_meters + 1, sizeof(*l->meters));
	if (!l->meters || pools_init(&l->pools, conf->pool, conf->n_pools,
				     conf->pool_prefix_len)) {
		free(l->meters);
		free(l);
		return NULL;
	}
	revoke_init(l);
	if (lma_multicast_init(l)) {
		pools_free(&l->pools);
		free(l->meters);
		free(l);
		return NULL;
	}
	policy_watch(policy, &l->watch);
	policy_each(policy, reserve_profile, &r);
	if (r.err) {
		lma_free(l);
		return NULL;
	}
	return l;
}

/**
 * lma_free() - release an anchor
 * @l: the anchor, or NULL
 *
 * Asks for nothing: the forwarding state outlives the process.
 */
void lma_free(struct lma *l)
{
	struct gateway *gw, *gtmp;
	struct node *n, *tmp;

	if (!l)
		return;
	policy_unwatch(l->policy, &l->watch);
	policy_queue_free(&l->unknown);
	DL_FOREACH_SAFE(l->nodes, n, tmp) {
		flows_forget(n);
		anchoring_forget(n);
		n->claimed = false;
		pending_drop(l, n);
		while (n->bces)
			bce_free(l, n->bces);
		node_put(l, n);
	}
	init_free(l);
	assign_free(l);
	authority_free(l);
	return_free(l);
	revoke_free(l);
	lma_multicast_free(l);
	HASH_ITER(hh, l->gateways, gw, gtmp) {
		HASH_DEL(l->gateways, gw);
		timerq_cancel(l->env->timers, &gw->stay);
		free(gw);
	}
	flow_initiator_free(&l->flow_initiator);
	load_free(l);
	dict_free(&l->nodes_by_id);
	dict_free(&l->hnps_by_prefix);
	pools_free(&l->pools);
	free(l);
}

/**
 * lma_reserve() - keep a prefix out of the pools
 * @l: the anchor
 * @p: a prefix that a profile owns
 *
 * Return: 0 or -ENOMEM.
 */
int lma_reserve(struct lma *l, const struct prefix *p)
{
	return pools_reserve(&l->pools, p);
}

/* A gateway that takes its waiting request back */
static void cancel_pending(struct lma *l, const struct in6_addr *src,
			   const struct mh_msg *pbu)
{
	struct node *n = lma_node_find(l, &pbu->opts.mn_id);

	if (n && n->pending && !pbu->lifetime &&
	    IN6_ARE_ADDR_EQUAL(&n->pending->src, src))
		pending_drop(l, n);
}

/*
 * A gateway that begins anew may register an interface with other prefixes
 * before it is known to have begun anew.  An interface has one session (RFC 5213
 * §5.4): what the same gateway said of it before is not so any more.
 */
static void supersede(struct lma *l, const struct request *r)
{
	struct node *n = lma_node_find(l, &r->pbu->opts.mn_id);
	struct bce *b, *tmp, *young;
	struct llid llid;

	if (!n || !n->bces || !request_llid(&r->pbu->opts, &llid))
		return;
	young = n->bces->prev;
	DL_FOREACH_SAFE(n->bces, b, tmp)
		if (b != young && b->gw && b->att == young->att &&
		    llid_equal(&b->llid, &llid) &&
		    IN6_ARE_ADDR_EQUAL(&b->proxy_coa, r->src))
			bce_invalidate(l, b);
}

static void create(struct lma *l, const struct request *r, struct bce *share)
{
	unsigned int before = l->n_bces;

	register_new(l, r, share);
	if (l->n_bces > before)
		supersede(l, r);
}

static void decide(struct lma *l, const struct request *r)
{
	struct lookup k = bce_lookup(l, r->src, r->pbu, r->prof);
	uint8_t status;

	if (revoke_defers(l, r, k.verdict == LOOKUP_UPDATE ? k.bce : NULL))
		return;
	status = validate_sequence(r->pbu, l->conf,
				   k.verdict == LOOKUP_UPDATE ? k.bce : NULL);
	if (status) {
		refuse(l, r->src, r->dst, r->pbu, status, k.bce);
		return;
	}
	cancel_pending(l, r->src, r->pbu);
	switch (k.verdict) {
	case LOOKUP_CREATE:
		create(l, r, NULL);
		break;
	case LOOKUP_SHARE:
		create(l, r, k.bce);
		break;
	case LOOKUP_UPDATE:
		register_update(l, r, k.bce);
		break;
	case LOOKUP_WAIT:
		pending_set(l, r, k.bce->node);
		break;
	case LOOKUP_REFUSE:
		refuse(l, r->src, r->dst, r->pbu, k.status, NULL);
		break;
	case LOOKUP_IGNORE:
		break;
	}
}

/* All is known that there is to be known about the node. */
static void take_pbu(struct lma *l, const struct in6_addr *src,
		     const struct in6_addr *dst, const struct mh_msg *pbu)
{
	struct request r = { .src = src, .dst = dst, .pbu = pbu };
	uint8_t status = validate_request(l, pbu, &r.prof);
	struct peer *p;

	if (assign_takes(l, src, pbu))
		return;
	/* who deregisters it here would leave it registered there */
	if (anchoring_where(l, &pbu->opts.mn_id))
		status = PBA_NOT_LMA_FOR_THIS_MN;
	if (!status)
		status = validate_options(pbu, r.prof);
	if (!status && pbu->lifetime &&
	    !authority_has_asked(authority_find(l->conf, src), &pbu->opts))
		status = PBA_NOT_AUTHORIZED_FOR_HNP;
	if (status) {
		refuse(l, src, dst, pbu, status, NULL);
		return;
	}
	p = peer_find(l->peers, dst, src);
	if (p)
		peer_heard(p);
	decide(l, &r);
}

/*
 * RFC 5213 §5.5 asks whether a timestamp is fresh "upon receiving" the request, not when
 * the policy store has told about the node.
 */
static void profile_known(void *arg, const struct policy_message *m, int err)
{
	struct lma *l = arg;

	if (err) {
		refuse(l, &m->src, &m->dst, &m->msg, PBA_NO_RESOURCES, NULL);
		return;
	}
	l->came = m->came;
	take_pbu(l, &m->src, &m->dst, &m->msg);
	l->came = 0;
}

/* @src: the gateway, whoever has sent the request */
static void take_sender(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
			const struct mh_msg *pbu)
{
	uint8_t status = validate_sender(l, src, pbu);
	int err;

	/* it repeats what is not answered, ever more slowly (RFC 6275 §11.8) */
	if (validate_mag(l->conf, src) && authority_hurried(l, src)) {
		l->counters.too_often++;
		return;
	}
	if (status) {
		refuse(l, src, dst, pbu, status, NULL);
		return;
	}
	err = validate_leaves(l, pbu) ? 0 : policy_queue_put(&l->unknown, src, dst, pbu);
	if (!err)
		take_pbu(l, src, dst, pbu);
	else if (err == -EINPROGRESS)
		l->counters.asked++;
	else
		refuse(l, src, dst, pbu, PBA_NO_RESOURCES, NULL);
}

/**
 * lma_on_pbu() - a Proxy Binding Update has come (RFC 5213 §5.3.1)
 * @l: the anchor
 * @src: its source
 * @dst: its destination
 * @pbu: the message
 *
 * About a node that the policy store has to be asked about it waits.  While the store does
 * not answer, it is refused with 130 (RFC 6275 §6.1.8, "Insufficient resources"), upon which
 * a gateway tries again; who has a binding is known, and goes on being served, and who
 * leaves need not be known.
 */
void lma_on_pbu(struct lma *l, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_msg *pbu)
{
	const struct in6_addr *mag;
	char from[INET6_ADDRSTRLEN];

	l->counters.pbu_rx++;
	if (!validate_addresses(l, src, dst, pbu)) {
		log_ratelimited(LOG_WARNING, "PBU from %s is not for this anchor",
				inet_ntop(AF_INET6, src, from, sizeof(from)));
		return;
	}
	mag = assign_sender(l, src, pbu);
	if (!mag) {
		take_sender(l, src, dst, pbu);
		return;
	}
	l->proxied = pbu;
	l->proxy = *src;
	take_sender(l, mag, dst, pbu);
	l->proxied = NULL;
}

/**
 * lma_on_peer_restart() - a MAG has lost its state
 * @l: the anchor
 * @p: the MAG
 *
 * RFC 5847 §3: its entries become invalid, as if it had deregistered them.  It
 * announces the restart before it says anything else, so that what it updated
 * before that is of its earlier life.  Where the announcement was lost, only what
 * it updated before its old counter was last asked for is known to be.
 */
void lma_on_peer_restart(struct lma *l, struct peer *p)
{
	const struct in6_addr remote = p->remote;
	struct bce *b, *tmp;
	struct gateway *gw;

	/* it may be another one by now, that knows what it did not */
	p->unasked = 0;
	handed_drop_of(l, &remote);
	handed_lost(l, &remote);
	HASH_FIND_PTR(l->gateways, &p, gw);
	for (b = gw ? gw->bces : NULL; b; b = tmp) {
		bool fresh = b->updated > p->counter_seen;

		tmp = b->gw_next;
		if (fresh)
			continue;
		return_lost(l, b);
		bce_invalidate(l, b);
	}
	flow_initiator_on_restart(&l->flow_initiator, &remote);
	anchoring_restarted(l, p);
}

/* What is settled now may have waited for no flow's answer, but for this one. */
static void settle_node(struct lma *l, const struct mh_msg *m)
{
	struct node *n = NULL;

	if (m->opts.present & MH_HAS_MN_ID)
		n = lma_node_find(l, &m->opts.mn_id);
	if (n && n->flows)
		flows_settle(n->flows);
}

/**
 * lma_on_fma() - a Flow Mobility Acknowledgement (draft: flow mobility §4.2)
 * @l: the anchor
 * @src: its source
 * @dst: its destination
 * @fma: the message
 */
void lma_on_fma(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *fma)
{
	flow_initiator_on_fma(&l->flow_initiator, src, dst, fma);
	settle_node(l, fma);
}

/**
 * lma_on_upa() - an Update Notification Acknowledgement (RFC 7864 §4.3)
 * @l: the anchor
 * @src: its source
 * @dst: its destination
 * @upa: the message
 */
void lma_on_upa(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *upa)
{
	flow_initiator_on_upa(&l->flow_initiator, src, dst, upa);
	settle_node(l, upa);
}

/**
 * lma_on_binding_error() - a Binding Error (RFC 6275 §6.1.9)
 * @l: the anchor
 * @src: who sent it
 * @be: the message; may be about one by which a flow was moved
 */
void lma_on_binding_error(struct lma *l, const struct in6_addr *src, const struct mh_msg *be)
{
	flow_initiator_on_binding_error(&l->flow_initiator, src, be);
}

/**
 * lma_on_bra() - a Binding Revocation Acknowledgement has come (RFC 5846 §6.2.2)
 * @l: the anchor
 * @src: its source
 * @dst: its destination
 * @bra: the message
 */
void lma_on_bra(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *bra)
{
	struct peer *p = peer_find(l->peers, dst, src);

	if (revocation_on_bra(&l->revocations, src, dst, bra) && p)
		peer_heard(p);
}

/**
 * lma_on_bri_unknown() - a Binding Error has come, perhaps in answer to a BRI
 * @l: the anchor
 * @src: its source
 * @be: the message
 */
void lma_on_bri_unknown(struct lma *l, const struct in6_addr *src, const struct mh_msg *be)
{
	revocation_on_binding_error(&l->revocations, src, be);
}

/* Draft: fault tolerance §3.1: "from different MAGs with the same MN-ID" */
static bool has_other_gateway(const struct bce *b)
{
	const struct bce *o;

	DL_FOREACH(b->node->bces, o)
		if (!IN6_ARE_ADDR_EQUAL(&o->proxy_coa, &b->proxy_coa))
			return true;
	return false;
}

/* How many of an entry's prefixes, the last ones, are in its session's common set */
static unsigned int shared_of(const struct bce *b, const struct prefix *p, unsigned int n)
{
	unsigned int own = 0;

	if (!b->common)
		return b->set->users == 1 ? 0 : n;
	while (own < n && hnp_find(b->lma, &p[own])->set == b->set)
		own++;
	return n - own;
}

static bool show(const struct bce *b, bool (*fn)(void *arg,
						 const struct lma_bce_view *v),
		 void *arg)
{
	static const char *const state[BCE_STATES] = {
		[BCE_ACTIVE] = "active", [BCE_DEREGISTERED] = "deregistered",
		[BCE_HANDED] = "handed",
	};
	uint64_t now = b->lma->env->ops->now(b->lma->env->ctx);
	struct mn_id id = node_id(b->node);
	struct prefix hnp[HNP_MAX];
	struct lma_bce_view v = {
		.mn_id = &id,
		.llid = &b->llid,
		.proxy_coa = b->proxy_coa,
		.bid = b->bid,
		.bid_pri = b->pri,
		.multihomed = has_other_gateway(b),
		.available = b->gw && b->gw->peer->alive,
		.att = b->att,
		.hi = b->hi,
		.state = b->revoke ? "revoking" : state[b->state],
		.seq = b->seq,
		.hnp = hnp,
	};

	if (b->timer.deadline > now)
		v.remaining_ns = b->timer.deadline - now;
	v.n_hnp = bce_prefixes(b, hnp);
	v.n_shared = shared_of(b, hnp, v.n_hnp);
	return fn(arg, &v);
}

static bool show_pending(const struct pending *p,
			 bool (*fn)(void *arg, const struct lma_bce_view *v),
			 void *arg)
{
	uint64_t now = p->lma->env->ops->now(p->lma->env->ctx);
	struct mn_id id = node_id(p->node);
	struct llid llid;
	struct lma_bce_view v = {
		.mn_id = &id,
		.llid = &llid,
		.proxy_coa = p->src,
		.att = p->pbu.opts.att,
		.hi = p->pbu.opts.hi,
		.state = "pending",
		.seq = p->pbu.seq,
	};

	request_llid(&p->pbu.opts, &llid);
	if (p->timer.deadline > now)
		v.remaining_ns = p->timer.deadline - now;
	return fn(arg, &v);
}

/* A node that another anchor serves: that stands in the place of its gateways */
static bool show_away(const struct anchoring *h,
		      bool (*fn)(void *arg, const struct lma_bce_view *v), void *arg)
{
	uint64_t now = h->lma->env->ops->now(h->lma->env->ctx);
	struct mn_id id = node_id(h->node);
	static const struct llid none;
	struct prefix hnp[HNP_MAX];
	struct lma_bce_view v = {
		.mn_id = &id, .llid = &none, .proxy_coa = h->to, .state = "away", .hnp = hnp,
		.available = h->onward && h->onward->alive,
	};

	if (h->until > now)
		v.remaining_ns = h->until - now;
	for (unsigned int i = 0; i < h->n_set; i++)
		for (unsigned int j = 0; j < h->set[i]->n && v.n_hnp < HNP_MAX; j++)
			hnp[v.n_hnp++] = h->set[i]->hnp[j].prefix;
	return fn(arg, &v);
}

/**
 * lma_each() - look at every binding cache entry
 * @l: the anchor
 * @fn: called for each, requests that wait and nodes that are away included; false ends
 *	the walk.
 *	It must not call the anchor, and the view is valid in it only.
 * @arg: passed to @fn
 */
void lma_each(struct lma *l, bool (*fn)(void *arg, const struct lma_bce_view *v),
	      void *arg)
{
	struct node *n;
	struct bce *b;

	DL_FOREACH(l->nodes, n) {
		DL_FOREACH(n->bces, b)
			if (!show(b, fn, arg))
				return;
		if (n->pending && !show_pending(n->pending, fn, arg))
			return;
		if (n->anchoring && n->anchoring->state == HO_AWAY &&
		    !show_away(n->anchoring, fn, arg))
			return;
	}
}

/**
 * lma_counters() - what has come and gone since the start
 * @l: the anchor
 *
 * Return: the counters, valid as long as the anchor.
 */
const struct lma_counters *lma_counters(const struct lma *l)
{
	return &l->counters;
}

/**
 * lma_flow_counters() - what has been said to gateways about flows
 * @l: the anchor
 *
 * Return: the counters, valid as long as the anchor.
 */
const struct flow_initiator_counters *lma_flow_counters(const struct lma *l)
{
	return &l->flow_initiator.counters;
}
