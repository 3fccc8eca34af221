// SPDX-License-Identifier: GPL-2.0
/*
 * What a node listens to goes by its anchor from one gateway to the next (RFC 7161): the one
 * that it leaves says so with its deregistration (§5.1), or is asked when it turns up
 * elsewhere (§5.2).  The other hears of it with the answer to its request, which waits no
 * longer than the PBA timer (§4.4), or asks for it afterwards (§5.3).
 */
#include "lma/flows.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#define KEEP_MS		10000	/* for a gateway whose answer, or Query, was lost */
#define UNASKED_MS	600000	/* who does not know a Query does not get one soon */

/* A request, until it is known what its node listens to */
struct held {
	struct in6_addr src, dst;
	struct mh_msg pbu;
};

struct handed {
	struct bce *bce;
	struct handed *prev, *next;	/* of all entries */
	struct in6_addr asked, from;	/* the gateway where it was, and our address */
	unsigned int tries;		/* Queries sent; 0: nobody is asked (any more) */
	uint8_t seq;
	struct timer timer;		/* for the next of them; else the end of groups */
	struct mh_groups groups;
	bool told;			/* to the gateway where the node is */
	struct held *held;
	struct timer pba;		/* PBA timer: held waits no longer */
	bool curious;			/* the gateway where it is has asked, with this number: */
	uint8_t curious_seq;
	struct in6_addr curious_from;
};

static const struct subscription_conf *conf_of(const struct lma *l)
{
	return &l->conf->mcast.subscription;
}

/* RFC 7161 §4.2.1.1: "accepts multicast-related signaling", and does not know already */
static bool accepts(const struct lma *l, const struct mh_msg *pbu)
{
	return conf_of(l)->enabled && pbu->lifetime && (pbu->flags & PBU_F_S) &&
	       !(pbu->opts.present & MH_HAS_SUBSCRIPTION);
}

static int after(struct lma *l, struct timer *t, uint64_t ms)
{
	return timerq_set(l->env->timers, t, l->env->ops->now(l->env->ctx) + ms * NSEC_PER_MSEC);
}

static void drop_held(struct handed *h)
{
	timerq_cancel(h->bce->lma->env->timers, &h->pba);
	free(h->held);
	h->held = NULL;
}

/**
 * handed_drop() - forget what an entry's node listened to, and whoever waits for it
 * @b: the entry
 */
void handed_drop(struct bce *b)
{
	struct handed *h = b->handed;

	if (!h)
		return;
	drop_held(h);
	timerq_cancel(b->lma->env->timers, &h->timer);
	DL_DELETE(b->lma->handed, h);
	b->handed = NULL;
	free(h);
}

static void on_timer(void *arg);
static void on_pba(void *arg);

static struct handed *get(struct bce *b)
{
	struct handed *h = b->handed;

	if (h)
		return h;
	h = calloc(1, sizeof(*h));
	if (!h) {
		log_ratelimited(LOG_ERR, "no memory: what a node listens to is not handed on");
		return NULL;
	}
	h->bce = b;
	timer_init(&h->timer, on_timer, h);
	timer_init(&h->pba, on_pba, h);
	b->handed = h;
	DL_APPEND(b->lma->handed, h);
	return h;
}

static void keep(struct handed *h, const struct mh_groups *groups)
{
	h->groups = *groups;
	h->groups.more = 0;
	h->groups.foreign = false;
	h->told = false;
}

/* §4.3.1: of which session is said by its prefixes */
static int send_query(struct handed *h)
{
	struct lma *l = h->bce->lma;
	struct prefix p[HNP_MAX];
	struct mh_msg m;

	if (after(l, &h->timer, conf_of(l)->query_ms))
		return -1;
	memset(&m, 0, sizeof(m));
	m.kind = MH_SUBSCRIPTION_QUERY;
	m.seq = h->seq;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP;
	m.opts.mn_id = node_id(h->bce->node);
	m.opts.n_hnp = bce_prefixes(h->bce, p);
	for (unsigned int i = 0; i < m.opts.n_hnp; i++)
		m.opts.hnp[i].prefix = p[i];
	l->counters.subscription.query_tx++;
	if (h->tries++)
		l->counters.subscription.query_retransmitted++;
	l->env->ops->send_mh(l->env->ctx, &h->from, &h->asked, &m);
	return 0;
}

/* §4.3.2; @h: NULL, or without groups: there is nothing to say */
static void respond(struct lma *l, const struct in6_addr *from, const struct in6_addr *to,
		    const struct mn_id *id, uint8_t seq, struct handed *h)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_SUBSCRIPTION_RESPONSE;
	m.seq = seq;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = *id;
	if (h && h->groups.n_group) {
		m.flags = SUB_F_I;
		m.opts.present |= MH_HAS_SUBSCRIPTION;
		m.opts.listens = h->groups;
		h->told = true;
	}
	l->counters.subscription.response_tx++;
	l->env->ops->send_mh(l->env->ctx, from, to, &m);
}

/* §5.3 step 8: what the gateway has asked for in the meantime, unless the node is leaving it */
static void satisfy(struct handed *h)
{
	struct bce *b = h->bce;
	struct mn_id id = node_id(b->node);

	if (!h->curious || h->held || !b->gw)
		return;
	h->curious = false;
	if (h->groups.n_group)
		lma_multicast_hear(b->gw, &h->groups);
	respond(b->lma, &h->curious_from, &b->proxy_coa, &id, h->curious_seq, h);
}

/**
 * handed_run() - a request waits no longer, if there is one
 * @b: its entry
 */
void handed_run(struct bce *b)
{
	struct held *w = b->handed ? b->handed->held : NULL;
	const struct bce *before = b->lma->resumed;
	struct lma *l = b->lma;
	struct request r;

	if (!w)
		return;
	timerq_cancel(l->env->timers, &b->handed->pba);
	b->handed->held = NULL;
	r = (struct request){ &w->src, &w->dst, &w->pbu, NULL };
	l->resumed = b;
	/* what is being revoked its gateway asks for again */
	if (!revoke_defers(l, &r, b))
		request_resume(l, &w->src, &w->dst, &w->pbu);
	l->resumed = before;
	free(w);
}

/* Nobody is asked any more; @groups: what was said, NULL: nothing */
static void end(struct handed *h, const struct mh_groups *groups)
{
	struct bce *b = h->bce;

	h->tries = 0;
	if (groups && groups->n_group)
		keep(h, groups);
	after(b->lma, &h->timer, KEEP_MS);
	satisfy(h);
	handed_run(b);
	h = b->handed;
	if (h && !h->tries && !h->held && !h->groups.n_group)
		handed_drop(b);
}

static void on_timer(void *arg)
{
	struct handed *h = arg;
	struct lma *l = h->bce->lma;

	if (!h->tries) {
		handed_drop(h->bce);
		return;
	}
	if (h->tries <= conf_of(l)->query_retries && !send_query(h))
		return;
	l->counters.subscription.silent++;
	end(h, NULL);
}

static void on_pba(void *arg)
{
	struct handed *h = arg;

	handed_run(h->bce);
}

/* §5.2.1: not one who has said that it does not speak of multicast, or cannot hear us */
static bool may_ask(const struct lma *l, const struct bce *b)
{
	return b->gw && b->speaks && b->gw->peer->alive &&
	       b->gw->peer->unasked <= l->env->ops->now(l->env->ctx);
}

/**
 * handed_ask() - ask the gateway of a node that has turned up elsewhere what it listens to
 * @l: the anchor
 * @r: the other's request; nothing happens if it does not want to know, or says so itself
 * @b: the entry; whoever is asked already is waited for
 */
void handed_ask(struct lma *l, const struct request *r, struct bce *b)
{
	struct handed *h;

	if (!accepts(l, r->pbu) || (b->handed && b->handed->tries) || !may_ask(l, b))
		return;
	h = get(b);
	if (!h)
		return;
	/* it may have left groups since */
	if (h->told)
		h->groups.n_group = 0;
	h->asked = b->proxy_coa;
	h->from = b->gw->peer->local;
	h->seq = ++b->node->query_seq;
	if (send_query(h))
		handed_drop(b);
}

/* Without memory it is answered at once: the other gateway asks. */
static bool hold(struct handed *h, const struct request *r)
{
	struct lma *l = h->bce->lma;
	struct node *n = h->bce->node;
	const struct mh_opts *o = &r->pbu->opts;

	if (!h->held) {
		h->held = calloc(1, sizeof(*h->held));
		if (!h->held)
			return false;
		if (after(l, &h->pba, conf_of(l)->pba_timer_ms)) {
			drop_held(h);
			return false;
		}
		l->counters.subscription.waited++;
	}
	h->held->src = *r->src;
	h->held->dst = *r->dst;
	h->held->pbu = *r->pbu;
	/* what was said before it, and comes after it, is late */
	if ((o->present & MH_HAS_TIMESTAMP) && o->timestamp > n->timestamp)
		n->timestamp = o->timestamp;
	return true;
}

/**
 * handed_defers() - whether a request waits until it is known what its node listens to
 * @l: the anchor
 * @r: the request
 * @b: the entry, which another gateway serves yet: it is asked (RFC 7161 §5.2)
 *
 * A repeated request takes the place of the first, not its timer.
 *
 * Return: true if it is not to be answered now.
 */
bool handed_defers(struct lma *l, const struct request *r, struct bce *b)
{
	const struct handed *h;

	if (l->resumed == b || !accepts(l, r->pbu))
		return false;
	handed_ask(l, r, b);
	h = b->handed;
	return h && h->tries && !IN6_ARE_ADDR_EQUAL(&h->asked, r->src) &&
	       conf_of(l)->pba_timer_ms && hold(b->handed, r);
}

/**
 * handed_other() - something else is said of a node whose request waits
 * @r: what, and by whom
 * @b: the entry
 *
 * The one that waits came before it, but for a deregistration by whoever is asked: that
 * brings the answer (§5.2.3).
 */
void handed_other(const struct request *r, struct bce *b)
{
	const struct handed *h = b->handed;

	if (h && h->held &&
	    IN6_ARE_ADDR_EQUAL(&h->held->src, r->src) == !r->pbu->lifetime)
		handed_run(b);
}

/**
 * handed_here() - a node is at another gateway, or back
 * @l: the anchor
 * @r: the request, not answered yet
 * @b: its entry
 *
 * Its groups' packets go there from now on: none is lost on the way of the answer.
 */
void handed_here(struct lma *l, const struct request *r, struct bce *b)
{
	struct handed *h = b->handed;

	if (!h)
		return;
	if (!accepts(l, r->pbu) || (h->tries && IN6_ARE_ADDR_EQUAL(&h->asked, r->src))) {
		handed_drop(b);
		return;
	}
	h->curious = false;
	if (h->groups.n_group)
		lma_multicast_hear(b->gw, &h->groups);
	if (!h->tries)
		after(l, &h->timer, KEEP_MS);
}

/**
 * handed_tell() - what the answer to a request says of multicast (RFC 7161 §4.2.1.1)
 * @l: the anchor
 * @b: the entry
 * @pbu: the request
 * @o: the options of the answer; what is known of the node is added to it
 *
 * Beside flows it may have no room: then the gateway has to ask for it.
 *
 * Return: whether flag S is to be set: there is something in it, or may be known later; or
 * the request has said itself what its node listens to.
 */
bool handed_tell(struct lma *l, const struct bce *b, const struct mh_msg *pbu,
		 struct mh_opts *o)
{
	struct handed *h = b->handed;

	if (lma_multicast_asked(l, pbu))
		return true;
	if (!h || !accepts(l, pbu))
		return false;
	if (!h->groups.n_group)
		return h->tries;
	if (o->n_flow)
		return true;
	o->listens = h->groups;
	o->present |= MH_HAS_SUBSCRIPTION;
	h->told = true;
	l->counters.subscription.told++;
	return true;
}

/**
 * handed_left() - a gateway deregisters a node
 * @l: the anchor
 * @r: the request
 * @b: the entry, which is another gateway's already, or nobody's
 *
 * RFC 7161 §5.1: "The local mobility anchor stores that information in the corresponding
 * binding cache", as long as there is an entry; §5.2.3: so it does if it waits for an answer.
 */
void handed_left(struct lma *l, const struct request *r, struct bce *b)
{
	const struct mh_msg *pbu = r->pbu;
	const struct mh_groups *groups = NULL;
	struct handed *h = b->handed;

	if (!conf_of(l)->enabled)
		return;
	if ((pbu->flags & PBU_F_S) && (pbu->opts.present & MH_HAS_SUBSCRIPTION))
		groups = &pbu->opts.listens;
	if (h && h->tries && IN6_ARE_ADDR_EQUAL(&h->asked, r->src)) {
		end(h, groups);
		return;
	}
	if (b->gw || !IN6_ARE_ADDR_EQUAL(&b->proxy_coa, r->src))
		return;
	handed_drop(b);
	if (groups && groups->n_group && get(b))
		keep(b->handed, groups);
}

/* An exchange with a gateway, as a message names it */
static struct handed *exchange(struct lma *l, const struct in6_addr *src, const struct mh_msg *m)
{
	struct node *n = NULL;
	struct bce *b;

	if (m->opts.present & MH_HAS_MN_ID)
		n = lma_node_find(l, &m->opts.mn_id);
	if (!n)
		return NULL;
	DL_FOREACH(n->bces, b) {
		struct handed *h = b->handed;

		if (h && h->tries && h->seq == m->seq && IN6_ARE_ADDR_EQUAL(&h->asked, src))
			return h;
	}
	return NULL;
}

static void stray(struct lma *l, const struct in6_addr *src, const struct mh_msg *m)
{
	char a[INET6_ADDRSTRLEN];

	l->counters.subscription.stray++;
	log_ratelimited(LOG_WARNING, "%s of %s is not for this anchor", mh_kind_str(m->kind),
			inet_ntop(AF_INET6, src, a, sizeof(a)));
}

/**
 * lma_on_subscription_response() - a gateway says what a node listened to there
 * @l: the anchor
 * @src: its source
 * @dst: its destination
 * @response: the message (RFC 7161 §4.3.2)
 *
 * Who answers nothing that is asked is counted, and otherwise ignored.
 */
void lma_on_subscription_response(struct lma *l, const struct in6_addr *src,
				  const struct in6_addr *dst, const struct mh_msg *response)
{
	struct handed *h = exchange(l, src, response);
	struct peer *p = peer_find(l->peers, dst, src);

	if (!h || !IN6_ARE_ADDR_EQUAL(dst, &h->from)) {
		stray(l, src, response);
		return;
	}
	l->counters.subscription.response_rx++;
	if (p)
		peer_heard(p);
	end(h, response->flags & SUB_F_I ? &response->opts.listens : NULL);
}

/* The entry by which a gateway serves a node; with a prefix, if it names some */
static struct bce *served(struct lma *l, const struct in6_addr *src, const struct mh_msg *m)
{
	struct node *n = lma_node_find(l, &m->opts.mn_id);
	struct bce *b;

	DL_FOREACH(n ? n->bces : NULL, b) {
		if (!b->gw || !IN6_ARE_ADDR_EQUAL(&b->proxy_coa, src))
			continue;
		if (!m->opts.n_hnp || part_find(b, &m->opts.hnp[0].prefix))
			return b;
	}
	return NULL;
}

/**
 * lma_on_subscription_query() - a gateway asks what a node listens to (RFC 7161 §5.3)
 * @l: the anchor
 * @src: its source
 * @dst: its destination
 * @query: the message (§4.3.1)
 *
 * Answered at once, or as soon as it is known.  A node that is not there has nothing to be
 * told of.
 */
void lma_on_subscription_query(struct lma *l, const struct in6_addr *src,
			       const struct in6_addr *dst, const struct mh_msg *query)
{
	struct handed *h;
	struct bce *b;

	if (!validate_mag(l->conf, src) || !(query->opts.present & MH_HAS_MN_ID)) {
		stray(l, src, query);
		return;
	}
	l->counters.subscription.query_rx++;
	b = served(l, src, query);
	h = b ? b->handed : NULL;
	if (!h || !h->tries) {
		respond(l, dst, src, &query->opts.mn_id, (uint8_t)query->seq, h);
		return;
	}
	h->curious = true;
	h->curious_seq = (uint8_t)query->seq;
	h->curious_from = *dst;
}

/* Whoever is told that one has ended may end others. */
static struct handed *first_to(const struct lma *l, const struct in6_addr *mag)
{
	struct handed *h;

	DL_FOREACH(l->handed, h)
		if (h->tries && IN6_ARE_ADDR_EQUAL(&h->asked, mag))
			return h;
	return NULL;
}

/**
 * handed_lost() - a gateway will not answer any more
 * @l: the anchor
 * @mag: the gateway, which has begun anew
 */
void handed_lost(struct lma *l, const struct in6_addr *mag)
{
	struct handed *h;

	for (h = first_to(l, mag); h; h = first_to(l, mag))
		end(h, NULL);
}

/**
 * handed_drop_of() - forget what a gateway has waiting
 * @l: the anchor
 * @mag: the gateway, which has begun anew, or all that it has asked for is revoked
 */
void handed_drop_of(struct lma *l, const struct in6_addr *mag)
{
	struct handed *h;

	DL_FOREACH(l->handed, h) {
		if (h->held && IN6_ARE_ADDR_EQUAL(&h->held->src, mag))
			drop_held(h);
		if (IN6_ARE_ADDR_EQUAL(&h->bce->proxy_coa, mag))
			h->curious = false;
	}
}

/**
 * lma_on_subscription_unknown() - a Binding Error has come, perhaps in answer to a Query
 * @l: the anchor
 * @src: its source
 * @be: the message
 *
 * RFC 6275 §6.1.9: status 2, "Unrecognized MH Type value"; it does not say which message it
 * is about.  Whoever has been asked is not asked again soon.
 */
void lma_on_subscription_unknown(struct lma *l, const struct in6_addr *src,
				 const struct mh_msg *be)
{
	struct handed *h = first_to(l, src);
	struct peer *p;

	if (!h || be->status != BE_UNKNOWN_TYPE || !IN6_IS_ADDR_UNSPECIFIED(&be->home))
		return;
	l->counters.subscription.unsupported++;
	p = peer_find(l->peers, &h->from, src);
	if (p)
		p->unasked = l->env->ops->now(l->env->ctx) + UNASKED_MS * NSEC_PER_MSEC;
	handed_lost(l, src);
}
