// SPDX-License-Identifier: GPL-2.0
/*
 * What nodes listen to, told to their anchors and heard from them (RFC 7161): with the
 * deregistration of a node that has left, or when the anchor asks since it is elsewhere; and
 * of one that has come, with the answer to its registration, or asked for after that.
 */
#include "mag/session.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* A Subscription Query of ours, until it is answered */
struct inquiry {
	struct session *session;
	struct inquiry *prev, *next;	/* of all nodes */
	struct timer timer;
	unsigned int tries;
	uint8_t seq;
};

static const struct subscription_conf *conf_of(const struct mag *m)
{
	return &m->conf->mcast.subscription;
}

static void put(struct mh_opts *o, const struct mh_groups *all)
{
	const struct in6_addr *source = all->source;
	bool fits = true;

	for (unsigned int i = 0; i < all->n_group; i++) {
		fits &= subscription_add(&o->listens, &all->group[i], source);
		source += all->group[i].n_source;
	}
	if (!fits)
		log_ratelimited(LOG_INFO, "a node listens to more than one message can tell");
	if (o->listens.n_group)
		o->present |= MH_HAS_SUBSCRIPTION;
}

/* As it is here, or was when it left, or a previous gateway has said */
static void tell(const struct session *s, struct mh_opts *o)
{
	const struct node *n = s->node;
	struct mh_groups now;

	memset(&now, 0, sizeof(now));
	if (s->mcast.proxy)
		subscription_list(s, &now);
	else if (s->left)
		now = *s->left;
	else if (n->listens && s == n->sessions && !s->next)
		now = *n->listens;
	put(o, &now);
}

/**
 * inquiry_flag() - whether a request has flag S (RFC 7161 §4.2.1)
 * @s: its session
 * @o: the options of the request; a deregistration is told what the node listened to
 *
 * Return: true if the gateway speaks of multicast; in a deregistration, if the node listened.
 */
bool inquiry_flag(const struct session *s, struct mh_opts *o)
{
	if (!conf_of(s->mag)->enabled || s->state == SESSION_BLOCKED)
		return false;
	if (s->state != SESSION_DEREGISTERING)
		return true;
	tell(s, o);
	if (!o->listens.n_group)
		return false;
	s->mag->counters.subscription.told++;
	return true;
}

/**
 * inquiry_left() - a node is not asked here any more what it listens to
 * @s: its session, of a proxy instance yet
 */
void inquiry_left(struct session *s)
{
	inquiry_end(s);
	free(s->left);
	s->left = NULL;
	if (!conf_of(s->mag)->enabled || !s->mcast.listener.groups)
		return;
	s->left = calloc(1, sizeof(*s->left));
	if (s->left)
		subscription_list(s, s->left);
}

/**
 * inquiry_end() - nothing is awaited of the anchor any more
 * @s: the session
 */
void inquiry_end(struct session *s)
{
	if (!s->inquiry)
		return;
	timerq_cancel(s->mag->env->timers, &s->inquiry->timer);
	DL_DELETE(s->mag->inquiries, s->inquiry);
	free(s->inquiry);
	s->inquiry = NULL;
}

/**
 * inquiry_free() - nothing is left of a session
 * @s: the session
 */
void inquiry_free(struct session *s)
{
	inquiry_end(s);
	free(s->left);
	s->left = NULL;
}

/* §4.3.1: of which session is said by its prefixes */
static void send_query(struct inquiry *q)
{
	struct session *s = q->session;
	struct mag *m = s->mag;
	struct mh_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.kind = MH_SUBSCRIPTION_QUERY;
	msg.seq = q->seq;
	msg.opts.present = MH_HAS_MN_ID | MH_HAS_HNP;
	msg.opts.mn_id = s->node->id;
	msg.opts.n_hnp = s->n_hnp;
	for (unsigned int i = 0; i < s->n_hnp; i++)
		msg.opts.hnp[i].prefix = s->hnp[i];
	m->counters.subscription.query_tx++;
	if (q->tries++)
		m->counters.subscription.query_retransmitted++;
	mag_timer(m, &q->timer, conf_of(m)->query_ms);
	m->env->ops->send_mh(m->env->ctx, &m->conf->address, &s->lma, &msg);
}

/* Whatever it is, the node says it itself when it is asked. */
static void again(void *arg)
{
	struct inquiry *q = arg;
	struct mag *m = q->session->mag;

	if (q->tries <= conf_of(m)->query_retries) {
		send_query(q);
		return;
	}
	m->counters.subscription.silent++;
	inquiry_end(q->session);
}

static void ask(struct session *s)
{
	inquiry_end(s);
	s->inquiry = calloc(1, sizeof(*s->inquiry));
	if (!s->inquiry) {
		log_ratelimited(LOG_ERR, "no memory: an anchor is not asked about a node");
		return;
	}
	s->inquiry->session = s;
	s->inquiry->seq = ++s->node->query_seq;
	timer_init(&s->inquiry->timer, again, s->inquiry);
	DL_APPEND(s->mag->inquiries, s->inquiry);
	send_query(s->inquiry);
}

/**
 * inquiry_registered() - the anchor has accepted a node that was not served before
 * @s: its session
 * @pba: what the anchor said
 *
 * RFC 7161 §5.1.2 step 8: with its groups; §4.3.1.1: "when the PBU message has set the flag S
 * to 1, and the PBA message has set the flag S to 1 but the multicast context is missing", they
 * are asked for, unless the request has said them.
 */
void inquiry_registered(struct session *s, const struct mh_msg *pba)
{
	if (!conf_of(s->mag)->enabled || !(pba->flags & PBA_F_S) || s->tells)
		return;
	if (pba->opts.present & MH_HAS_SUBSCRIPTION)
		subscription_hear(s, &pba->opts.listens);
	else
		ask(s);
}

static bool is_about(const struct session *s, const struct mh_opts *o)
{
	for (unsigned int i = 0; i < o->n_hnp; i++)
		if (prefix_own(s, &o->hnp[i].prefix))
			return true;
	return !o->n_hnp;
}

static void stray(struct mag *m, const struct in6_addr *src, const struct mh_msg *msg)
{
	char a[INET6_ADDRSTRLEN];

	m->counters.subscription.stray++;
	log_ratelimited(LOG_WARNING, "%s of %s is not for this gateway", mh_kind_str(msg->kind),
			inet_ntop(AF_INET6, src, a, sizeof(a)));
}

static struct session *sessions_of(struct mag *m, const struct mh_msg *msg)
{
	struct node *n = NULL;

	if (msg->opts.present & MH_HAS_MN_ID)
		n = mag_node_find(m, &msg->opts.mn_id);
	return n ? n->sessions : NULL;
}

/**
 * mag_on_subscription_query() - an anchor asks what a node listens to (RFC 7161 §5.2)
 * @m: the gateway
 * @src: its source
 * @dst: its destination
 * @query: the message (§4.3.1)
 *
 * It has turned up elsewhere: here it may be as ever, or leaving, or gone.  Each anchor hears
 * of its own sessions alone.
 */
void mag_on_subscription_query(struct mag *m, const struct in6_addr *src,
			       const struct in6_addr *dst, const struct mh_msg *query)
{
	struct peer *anchor = peer_find(m->peers, dst, src);
	struct mh_msg msg;
	struct session *s;

	if (!anchor || !(query->opts.present & MH_HAS_MN_ID)) {
		stray(m, src, query);
		return;
	}
	m->counters.subscription.query_rx++;
	peer_heard(anchor);
	memset(&msg, 0, sizeof(msg));
	msg.kind = MH_SUBSCRIPTION_RESPONSE;
	msg.seq = query->seq;
	msg.opts.present = MH_HAS_MN_ID;
	msg.opts.mn_id = query->opts.mn_id;
	DL_FOREACH(sessions_of(m, query), s) {
		if (s->peer != anchor || !is_about(s, &query->opts))
			continue;
		tell(s, &msg.opts);
		break;
	}
	if (msg.opts.listens.n_group)
		msg.flags = SUB_F_I;
	m->counters.subscription.response_tx++;
	m->env->ops->send_mh(m->env->ctx, dst, src, &msg);
}

/**
 * mag_on_subscription_response() - an anchor answers (RFC 7161 §5.3, step 8)
 * @m: the gateway
 * @src: its source
 * @dst: its destination
 * @response: the message (§4.3.2)
 *
 * What answers no Query of ours is counted, and otherwise ignored.
 */
void mag_on_subscription_response(struct mag *m, const struct in6_addr *src,
				  const struct in6_addr *dst, const struct mh_msg *response)
{
	struct session *s;

	DL_FOREACH(sessions_of(m, response), s)
		if (s->inquiry && s->inquiry->seq == response->seq &&
		    IN6_ARE_ADDR_EQUAL(&s->lma, src))
			break;
	if (!s || !IN6_ARE_ADDR_EQUAL(dst, &m->conf->address)) {
		stray(m, src, response);
		return;
	}
	m->counters.subscription.response_rx++;
	peer_heard(s->peer);
	inquiry_end(s);
	if (response->flags & SUB_F_I)
		subscription_hear(s, &response->opts.listens);
}

/**
 * mag_on_subscription_unknown() - a Binding Error has come, perhaps in answer to a Query
 * @m: the gateway
 * @src: its source
 * @be: the message
 *
 * Status 2 does not say which message is unknown: whoever waits for that anchor does so no more.
 */
void mag_on_subscription_unknown(struct mag *m, const struct in6_addr *src,
				 const struct mh_msg *be)
{
	struct inquiry *q, *tmp;

	if (be->status != BE_UNKNOWN_TYPE || !IN6_IS_ADDR_UNSPECIFIED(&be->home))
		return;
	DL_FOREACH_SAFE(m->inquiries, q, tmp) {
		if (!IN6_ARE_ADDR_EQUAL(&q->session->lma, src))
			continue;
		m->counters.subscription.unsupported++;
		inquiry_end(q->session);
	}
}
