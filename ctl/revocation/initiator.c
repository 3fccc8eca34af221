// SPDX-License-Identifier: GPL-2.0
/* BRIs that wait for their BRA: numbers, repetition and outcome. */
#include "revocation/initiator.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BRI_TRIGGER_GLOBAL	128	/* RFC 5846 §5.1: those from here on are with G */

struct revocation {
	struct revocation_initiator *ri;
	struct in6_addr peer;
	uint16_t seq;
	uint8_t trigger, n_hnp, n_bid;
	unsigned int tries;
	uint32_t backoff_ms;
	struct timer timer;
	revocation_ended_t *ended;
	void *arg;
	struct prefix hnp[HNP_MAX];
	uint16_t bid[PEERS_MAX];
	struct llid llid;
	UT_hash_handle hh;
	uint8_t subtype, id_len;
	uint8_t id[];			/* no room for what no identifier has */
};

/**
 * revocation_initiator_init() - nothing is being revoked
 * @ri: the initiator
 * @env: its world
 * @conf: how often and when it repeats; must outlive it
 * @counters: where it counts; must outlive it
 * @address: from which it sends
 */
void revocation_initiator_init(struct revocation_initiator *ri, struct env *env,
			       const struct revocation_conf *conf,
			       struct revocation_counters *counters,
			       const struct in6_addr *address)
{
	memset(ri, 0, sizeof(*ri));
	ri->env = env;
	ri->conf = conf;
	ri->counters = counters;
	ri->address = *address;
	ri->seq = (uint16_t)env->ops->random(env->ctx);
}

/**
 * revocation_initiator_free() - wait for no answer any more
 * @ri: the initiator; nobody is told
 */
void revocation_initiator_free(struct revocation_initiator *ri)
{
	while (ri->outstanding)
		revocation_cancel(ri->outstanding);
}

static struct mn_id node_of(const struct revocation *r)
{
	struct mn_id id = { .subtype = r->subtype, .len = r->id_len };

	memcpy(id.id, r->id, r->id_len);
	return id;
}

/* RFC 5846 §6.1.1: the number, the trigger, and P: these are proxies' bindings */
static void fill(const struct revocation *r, struct mh_msg *m)
{
	struct mh_opts *o = &m->opts;

	memset(m, 0, sizeof(*m));
	m->kind = MH_BRI;
	m->seq = r->seq;
	m->trigger = r->trigger;
	m->flags = BR_F_P | (r->trigger >= BRI_TRIGGER_GLOBAL ? BR_F_G : 0);
	if (r->id_len) {
		o->present |= MH_HAS_MN_ID;
		o->mn_id = node_of(r);
	}
	o->n_hnp = r->n_hnp;
	for (unsigned int i = 0; i < r->n_hnp; i++)
		o->hnp[i].prefix = r->hnp[i];
	o->n_bid = r->n_bid;
	for (unsigned int i = 0; i < r->n_bid; i++)
		o->bid[i].bid = r->bid[i];
	o->llid = r->llid;
	o->present |= (r->n_hnp ? MH_HAS_HNP : 0) | (r->n_bid ? MH_HAS_BID : 0) |
		      (r->llid.len ? MH_HAS_LLID : 0);
}

static void notify(const struct revocation *r, const char *event, const char *detail)
{
	struct env *env = r->ri->env;
	struct mn_id id = node_of(r);
	struct notice n = {
		.event = event, .mn = id.len ? &id : NULL, .peer = &r->peer, .detail = detail,
	};

	env->ops->notify(env->ctx, &n);
}

/* Only the first time can fail: who fires has room in the queue. */
static int set_timer(struct revocation *r)
{
	struct env *env = r->ri->env;

	return timerq_set(env->timers, &r->timer,
			  env->ops->now(env->ctx) + r->backoff_ms * NSEC_PER_MSEC);
}

static void transmit(struct revocation *r)
{
	struct env *env = r->ri->env;
	char detail[64];
	struct mh_msg m;

	fill(r, &m);
	r->ri->counters->bri_tx++;
	if (r->tries++)
		r->ri->counters->bri_retransmitted++;
	env->ops->send_mh(env->ctx, &r->ri->address, &r->peer, &m);
	snprintf(detail, sizeof(detail), "trigger=%u (%s)", r->trigger,
		 bri_trigger_str(r->trigger));
	notify(r, "bri-sent", detail);
}

static void end(struct revocation *r, const struct revocation_result *result)
{
	revocation_ended_t *ended = r->ended;
	void *arg = r->arg;

	revocation_cancel(r);
	if (ended)
		ended(arg, result);
}

static void fail(struct revocation *r, enum revocation_outcome outcome, const char *why)
{
	struct revocation_result result = { .outcome = outcome };
	char text[INET6_ADDRSTRLEN];

	log_ratelimited(LOG_WARNING, "gateway %s: revocation: %s",
			inet_ntop(AF_INET6, &r->peer, text, sizeof(text)), why);
	notify(r, "revocation-failed", why);
	end(r, &result);
}

static uint32_t next_delay(const struct revocation_conf *conf, uint32_t ms)
{
	return ms < conf->max_delay_ms / 2 ? 2 * ms : conf->max_delay_ms;
}

/**
 * revocation_patience_ms() - how long a BRI goes unanswered before it is given up
 * @conf: how often and when it is repeated
 *
 * Return: milliseconds since it was first sent.
 */
uint64_t revocation_patience_ms(const struct revocation_conf *conf)
{
	uint32_t ms = conf->delay_ms;
	uint64_t sum = ms;

	for (unsigned int i = 0; i < conf->retries; i++) {
		ms = next_delay(conf, ms);
		sum += ms;
	}
	return sum;
}

/*
 * RFC 5846 §6.3: doubled "until [...] the timeout period reaches the value
 * MAX_BRACK_TIMEOUT", and "at this slower rate" from then on
 */
static void fire(void *arg)
{
	struct revocation *r = arg;
	const struct revocation_conf *conf = r->ri->conf;

	if (r->tries > conf->retries) {
		r->ri->counters->silence++;
		fail(r, REVOCATION_SILENCE, "no answer");
		return;
	}
	r->backoff_ms = next_delay(conf, r->backoff_ms);
	set_timer(r);
	transmit(r);
}

static struct revocation *find(const struct revocation_initiator *ri, uint16_t seq)
{
	struct revocation *r;

	HASH_FIND(hh, ri->outstanding, &seq, sizeof(seq), r);
	return r;
}

/* RFC 5846 §5.1: "no collision between the sequence numbers of all outstanding" */
static void take_number(struct revocation *r)
{
	struct revocation_initiator *ri = r->ri;

	do
		r->seq = ++ri->seq;
	while (find(ri, r->seq));
	HASH_ADD(hh, ri->outstanding, seq, sizeof(r->seq), r);
}

static void copy(struct revocation *r, const struct revocation_order *o)
{
	r->peer = o->peer;
	r->trigger = o->trigger;
	r->n_hnp = (uint8_t)(o->n_hnp < HNP_MAX ? o->n_hnp : HNP_MAX);
	r->n_bid = (uint8_t)(o->n_bid < PEERS_MAX ? o->n_bid : PEERS_MAX);
	memcpy(r->hnp, o->hnp, r->n_hnp * sizeof(*r->hnp));
	memcpy(r->bid, o->bid, r->n_bid * sizeof(*r->bid));
	r->llid = o->llid;
	if (!o->mn_id)
		return;
	r->subtype = o->mn_id->subtype;
	r->id_len = o->mn_id->len;
	memcpy(r->id, o->mn_id->id, r->id_len);
}

/**
 * revocation_prepare() - have all that it takes to tell a gateway of a revocation
 * @ri: the initiator
 * @o: which bindings, and why
 * @ended: told how it ended; NULL: nobody
 * @arg: passed to @ended
 *
 * Return: the revocation, to be sent at once or cancelled, and valid until @ended is
 * called; NULL without memory, or while as many are outstanding as there are numbers.
 */
struct revocation *revocation_prepare(struct revocation_initiator *ri,
				      const struct revocation_order *o,
				      revocation_ended_t *ended, void *arg)
{
	struct revocation *r;

	if (HASH_COUNT(ri->outstanding) > UINT16_MAX)
		return NULL;
	r = calloc(1, sizeof(*r) + (o->mn_id ? o->mn_id->len : 0));
	if (!r)
		return NULL;
	r->ri = ri;
	r->ended = ended;
	r->arg = arg;
	r->backoff_ms = ri->conf->delay_ms;
	copy(r, o);
	timer_init(&r->timer, fire, r);
	if (set_timer(r)) {
		free(r);
		return NULL;
	}
	take_number(r);
	return r;
}

/**
 * revocation_send() - tell the gateway
 * @r: what has been prepared
 *
 * RFC 5846 §6.3: repeated until it is answered, but no more than conf.retries times.
 */
void revocation_send(struct revocation *r)
{
	transmit(r);
}

/**
 * revocation_start() - prepare and send
 * @ri: the initiator
 * @o: which bindings, and why
 * @ended: told how it ended; NULL: nobody
 * @arg: passed to @ended
 *
 * Return: as revocation_prepare().
 */
struct revocation *revocation_start(struct revocation_initiator *ri,
				    const struct revocation_order *o,
				    revocation_ended_t *ended, void *arg)
{
	struct revocation *r = revocation_prepare(ri, o, ended, arg);

	if (r)
		revocation_send(r);
	return r;
}

/**
 * revocation_cancel() - wait for a revocation's answer no more
 * @r: the revocation, gone afterwards; nobody is told
 */
void revocation_cancel(struct revocation *r)
{
	timerq_cancel(r->ri->env->timers, &r->timer);
	HASH_DEL(r->ri->outstanding, r);
	free(r);
}

static void say_answer(const struct revocation *r, const struct mh_msg *bra)
{
	char text[INET6_ADDRSTRLEN], detail[64];

	snprintf(detail, sizeof(detail), "status=%u (%s)", bra->status,
		 bra_status_str(bra->status));
	notify(r, bra->status < BRA_NO_BINDING ? "bra-received" : "revocation-refused", detail);
	if (bra->status < BRA_NO_BINDING)
		return;
	r->ri->counters->bra_refused++;
	log_ratelimited(LOG_WARNING, "gateway %s refuses a revocation: %u %s",
			inet_ntop(AF_INET6, &r->peer, text, sizeof(text)), bra->status,
			bra_status_str(bra->status));
}

/**
 * revocation_on_bra() - a Binding Revocation Acknowledgement (RFC 5846 §6.2.2)
 * @ri: the initiator
 * @src: the gateway
 * @dst: our address
 * @bra: the message; must answer a BRI under way: of any other, "the initiator MUST
 *	 silently discard the message but MAY log the event"
 *
 * Return: whether it did.
 */
bool revocation_on_bra(struct revocation_initiator *ri, const struct in6_addr *src,
		       const struct in6_addr *dst, const struct mh_msg *bra)
{
	struct revocation_result result = {
		.outcome = REVOCATION_ANSWERED, .status = bra->status,
	};
	struct revocation *r = find(ri, bra->seq);
	char text[INET6_ADDRSTRLEN];

	ri->counters->bra_rx++;
	if (!r || !IN6_ARE_ADDR_EQUAL(src, &r->peer) || !IN6_ARE_ADDR_EQUAL(dst, &ri->address)) {
		ri->counters->bra_stray++;
		log_ratelimited(LOG_NOTICE, "BRA %u of %s answers nothing of ours", bra->seq,
				inet_ntop(AF_INET6, src, text, sizeof(text)));
		return false;
	}
	say_answer(r, bra);
	end(r, &result);
	return true;
}

static struct revocation *first_to(struct revocation_initiator *ri, const struct in6_addr *peer)
{
	struct revocation *r = ri->outstanding;

	while (r && !IN6_ARE_ADDR_EQUAL(&r->peer, peer))
		r = r->hh.next;
	return r;
}

/**
 * revocation_on_binding_error() - a Binding Error (RFC 6275 §6.1.9)
 * @ri: the initiator
 * @src: who sent it
 * @be: the message
 *
 * RFC 5846 §6.2: status 2 of a gateway that "does not recognize the MH type 16"; it
 * does not say which message it is about, so what is outstanding to it ends.  One with
 * a home address is about none of ours, which have no such option (RFC 6275 §9.3.3).
 */
void revocation_on_binding_error(struct revocation_initiator *ri, const struct in6_addr *src,
				 const struct mh_msg *be)
{
	struct revocation *r;

	if (be->status != BE_UNKNOWN_TYPE || !IN6_IS_ADDR_UNSPECIFIED(&be->home))
		return;
	/* whoever is told of one may cancel any */
	for (r = first_to(ri, src); r; r = first_to(ri, src)) {
		ri->counters->unsupported++;
		fail(r, REVOCATION_UNSUPPORTED, "the message is unknown there");
	}
}
