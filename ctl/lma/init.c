// SPDX-License-Identifier: GPL-2.0
/* LMA_HO_Init and LMA_HAck between anchors: numbers, repetition and outcome. */
#include "lma/anchoring.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * neighbour_has() - whether an anchor is one that nodes may go to, and come from
 * @l: this anchor
 * @a: the other's address
 *
 * Draft: LMA handover §5: those "have adequate prior agreement and trust relationship".
 *
 * Return: true if the configuration has it.
 */
bool neighbour_has(const struct lma *l, const struct in6_addr *a)
{
	for (unsigned int i = 0; i < l->conf->n_neighbours; i++)
		if (IN6_ARE_ADDR_EQUAL(&l->conf->neighbour[i], a))
			return true;
	return false;
}

/**
 * neighbour_alive() - whether there is reason to believe that an anchor answers
 * @l: this anchor
 * @a: the other's address
 *
 * Return: false if heartbeats say that it does not (RFC 5847 §3.1).
 */
bool neighbour_alive(const struct lma *l, const struct in6_addr *a)
{
	const struct peer *p = peer_find(l->peers, &l->conf->address, a);

	return !p || p->alive;
}

static void drop(struct init *x)
{
	struct lma *l = x->lma;

	timerq_cancel(l->env->timers, &x->timer);
	HASH_DEL(l->inits, x);
	free(x);
}

static void transmit(struct init *x)
{
	struct lma *l = x->lma;

	l->counters.handover.init_tx++;
	if (x->tries++)
		l->counters.handover.init_retransmitted++;
	l->env->ops->send_mh(l->env->ctx, &l->conf->address, &x->key.to, &x->msg);
}

static uint64_t backoff_ms(const struct init *x)
{
	return (uint64_t)x->lma->conf->init_ms << x->tries;
}

static int arm(struct init *x)
{
	struct env *env = x->lma->env;

	return timerq_set(env->timers, &x->timer,
			  env->ops->now(env->ctx) + backoff_ms(x) * NSEC_PER_MSEC);
}

/* What is no status: silence */
#define SILENCE	UINT8_MAX

static void end(struct init *x, uint8_t status)
{
	const struct in6_addr to = x->key.to;
	struct lma *l = x->lma;
	struct mh_msg m = x->msg;

	drop(x);
	init_answer(l, &to, &m, status);
}

static void on_timer(void *arg)
{
	struct init *x = arg;
	char a[INET6_ADDRSTRLEN];

	if (x->tries <= x->lma->conf->init_retries) {
		arm(x);
		transmit(x);
		return;
	}
	x->lma->counters.handover.init_silent++;
	log_ratelimited(LOG_WARNING, "anchor %s does not answer an LMA_HO_Init",
			inet_ntop(AF_INET6, &x->key.to, a, sizeof(a)));
	end(x, SILENCE);
}

/* The anchor whose the prefixes are may be told both at once that we serve, and the context */
static void set_key(struct init_key *key, const struct in6_addr *to, const struct mn_id *id,
		    uint8_t code)
{
	memset(key, 0, sizeof(*key));
	key->to = *to;
	key->code = code;
	key->id = mn_id_key(id);
}

static struct init *find(const struct lma *l, const struct in6_addr *to, const struct mn_id *id,
			 uint8_t code)
{
	struct init_key key;
	struct init *x;

	set_key(&key, to, id, code);
	HASH_FIND(hh, l->inits, &key, sizeof(key), x);
	return x;
}

/**
 * init_cancel() - wait no more for what an anchor says of a node
 * @l: this anchor
 * @to: the other
 * @id: the node; nothing happens if nobody waits
 * @code: in answer to what
 */
void init_cancel(struct lma *l, const struct in6_addr *to, const struct mn_id *id, uint8_t code)
{
	struct init *x = find(l, to, id, code);

	if (x)
		drop(x);
}

/**
 * init_send() - send an LMA_HO_Init, and again until it is answered
 * @l: this anchor
 * @to: the other
 * @m: the message, with the node's identifier; it gets a number of its own
 *
 * init_answer() is called once, later, unless another such message to that anchor about that
 * node takes its place.
 *
 * Return: 0 or -ENOMEM.
 */
int init_send(struct lma *l, const struct in6_addr *to, const struct mh_msg *m)
{
	struct init *x = calloc(1, sizeof(*x));

	if (!x)
		return -ENOMEM;
	init_cancel(l, to, &m->opts.mn_id, m->code);
	x->lma = l;
	set_key(&x->key, to, &m->opts.mn_id, m->code);
	x->msg = *m;
	x->msg.kind = MH_LMA_HO_INIT;
	x->msg.seq = ++l->init_seq;
	timer_init(&x->timer, on_timer, x);
	if (arm(x)) {
		free(x);
		return -ENOMEM;
	}
	HASH_ADD(hh, l->inits, key, sizeof(x->key), x);
	transmit(x);
	return 0;
}

/**
 * init_free() - wait for no answer any more
 * @l: the anchor, which is going
 */
void init_free(struct lma *l)
{
	struct init *x, *tmp;

	HASH_ITER(hh, l->inits, x, tmp)
		drop(x);
}

/**
 * lma_on_lma_hack() - another anchor answers (draft: LMA handover §4.2 (d))
 * @l: this anchor
 * @src: its source
 * @dst: its destination
 * @hack: the message
 *
 * What answers nothing that was asked is counted, and otherwise ignored.
 */
void lma_on_lma_hack(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		     const struct mh_msg *hack)
{
	struct peer *p = peer_find(l->peers, dst, src);
	struct init *x = NULL;

	if (hack->opts.present & MH_HAS_MN_ID)
		x = find(l, src, &hack->opts.mn_id, hack->code);
	if (!x || x->msg.seq != hack->seq) {
		l->counters.handover.stray++;
		return;
	}
	l->counters.handover.hack_rx++;
	if (p)
		peer_heard(p);
	end(x, hack->status);
}

static struct init *not_understood(const struct lma *l)
{
	struct init *x;

	for (x = l->inits; x; x = x->hh.next)
		if (x->tries == UINT8_MAX)
			return x;
	return NULL;
}

/**
 * lma_on_init_unknown() - a Binding Error has come, perhaps in answer to an LMA_HO_Init
 * @l: this anchor
 * @src: its source
 * @be: the message
 *
 * RFC 6275 §6.1.9: status 2, "Unrecognized MH Type value": it will say nothing else.
 */
void lma_on_init_unknown(struct lma *l, const struct in6_addr *src, const struct mh_msg *be)
{
	struct init *x;

	if (be->status != BE_UNKNOWN_TYPE || !IN6_IS_ADDR_UNSPECIFIED(&be->home) ||
	    !neighbour_has(l, src))
		return;
	for (x = l->inits; x; x = x->hh.next)
		if (IN6_ARE_ADDR_EQUAL(&x->key.to, src))
			x->tries = UINT8_MAX;
	/* whoever is told that one has ended may end others, or begin some */
	while ((x = not_understood(l)))
		end(x, SILENCE);
}

static void answer(struct lma *l, const struct in6_addr *to, const struct mh_msg *init,
		   uint8_t status)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_LMA_HACK;
	m.seq = init->seq;
	m.code = init->code;
	m.status = status;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = init->opts.mn_id;
	l->counters.handover.hack_tx++;
	l->env->ops->send_mh(l->env->ctx, &l->conf->address, to, &m);
}

static uint8_t judge(struct lma *l, const struct in6_addr *src, const struct mh_msg *init)
{
	char a[INET6_ADDRSTRLEN];

	if (!neighbour_has(l, src)) {
		log_ratelimited(LOG_WARNING, "LMA_HO_Init from %s, which is no neighbour",
				inet_ntop(AF_INET6, src, a, sizeof(a)));
		return LMA_HACK_PROHIBITED;
	}
	if (init->code == LMA_INIT_CONTEXT)
		return arriving_context(l, src, init);
	if (init->code == LMA_INIT_SERVE)
		return away_serve(l, src, init);
	return LMA_HACK_UNSPECIFIED;
}

/**
 * lma_on_lma_ho_init() - another anchor hands a node over, or says that it serves one
 * @l: this anchor
 * @src: its source
 * @dst: its destination
 * @init: the message (draft: LMA handover §4.2 (c))
 *
 * Only neighbours are believed.  One that names no node cannot be answered.
 */
void lma_on_lma_ho_init(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
			const struct mh_msg *init)
{
	struct peer *p = peer_find(l->peers, dst, src);
	uint8_t status;

	if (!(init->opts.present & MH_HAS_MN_ID)) {
		l->counters.handover.stray++;
		return;
	}
	l->counters.handover.init_rx++;
	if (p)
		peer_heard(p);
	status = judge(l, src, init);
	if (status)
		l->counters.handover.refused++;
	answer(l, src, init, status);
}

/**
 * init_answer() - what an anchor said, or that it has said nothing
 * @l: this anchor
 * @to: the other
 * @init: what it was sent
 * @status: enum lma_hack_status; 255: silence
 */
void init_answer(struct lma *l, const struct in6_addr *to, const struct mh_msg *init,
		 uint8_t status)
{
	struct node *n = lma_node_find(l, &init->opts.mn_id);
	struct anchoring *h = n ? n->anchoring : NULL;

	if (!h)
		return;
	if (init->code == LMA_INIT_SERVE)
		arriving_result(h, to, status);
	else if (h->state == HO_ASKED && IN6_ARE_ADDR_EQUAL(&h->to, to))
		leaving_result(h, status);
}
