// SPDX-License-Identifier: GPL-2.0
/* HIs that wait for their HAck: numbers, repetition and outcome. */
#include "handover/request.h"

#include "core/hash.h"
#include "core/log.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct handover_request {
	struct handover *h;
	struct in6_addr peer;
	uint16_t seq;
	unsigned int tries;
	uint32_t backoff_ms;
	struct timer timer;
	request_ended_t *ended;
	void *arg;
	struct mh_msg hi;
	UT_hash_handle hh;
};

static void transmit(struct handover_request *r)
{
	struct handover *h = r->h;
	struct env *env = h->env;

	h->counters.hi_tx++;
	if (r->tries++)
		h->counters.hi_retransmitted++;
	env->ops->send_mh(env->ctx, &h->address, &r->peer, &r->hi);
	handover_notify(h, "hi-sent", &r->hi.opts.mn_id, &r->peer, handover_wants(&r->hi));
}

static int set_timer(struct handover_request *r)
{
	struct env *env = r->h->env;

	return timerq_set(env->timers, &r->timer,
			  env->ops->now(env->ctx) + r->backoff_ms * NSEC_PER_MSEC);
}

static void end(struct handover_request *r, const struct mh_msg *hack,
		enum handover_outcome why)
{
	request_ended_t *ended = r->ended;
	void *arg = r->arg;

	request_cancel(r);
	ended(arg, hack, why);
}

/* RFC 5568 §6.2.1.1: "exponential backoff in which the timeout period [...] is doubled" */
static void fire(void *arg)
{
	struct handover_request *r = arg;
	char text[INET6_ADDRSTRLEN];

	if (r->tries > r->h->conf->hi_retries) {
		r->h->counters.silence++;
		log_ratelimited(LOG_WARNING, "gateway %s does not answer an HI",
				inet_ntop(AF_INET6, &r->peer, text, sizeof(text)));
		end(r, NULL, HANDOVER_SILENCE);
		return;
	}
	r->backoff_ms *= 2;
	/* who fires has room in the queue */
	set_timer(r);
	transmit(r);
}

static struct handover_request *find(const struct handover *h, uint16_t seq)
{
	struct handover_request *r;

	HASH_FIND(hh, h->requests, &seq, sizeof(seq), r);
	return r;
}

/**
 * request_about() - a Handover Initiate of a node (RFC 5949 §6.1.1)
 * @hi: the message
 * @id: the node's identifier, which "MUST" be there
 * @o: what else is told or asked for; NULL: nothing
 * @flags: its flags, but for M, which says that @o has listeners' groups
 */
void request_about(struct mh_msg *hi, const struct mn_id *id, const struct mh_opts *o,
		   uint16_t flags)
{
	memset(hi, 0, sizeof(*hi));
	if (o)
		hi->opts = *o;
	hi->opts.present |= MH_HAS_MN_ID;
	hi->opts.mn_id = *id;
	hi->flags = flags | (hi->opts.present & MH_HAS_MULTICAST ? HI_F_M : 0);
}

/**
 * request_start() - send a Handover Initiate, and wait for its answer
 * @h: the handovers
 * @peer: to whom
 * @hi: what is sent; number and P flag are given to it here
 * @ended: told how it ended
 * @arg: passed to @ended
 *
 * RFC 5568 §6.2.1.1: repeated up to conf.hi_retries times.
 *
 * Return: the request, valid until @ended is called; NULL without memory or a number.
 */
struct handover_request *request_start(struct handover *h, const struct in6_addr *peer,
				       const struct mh_msg *hi, request_ended_t *ended,
				       void *arg)
{
	struct handover_request *r;

	if (HASH_COUNT(h->requests) > UINT16_MAX)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->h = h;
	r->peer = *peer;
	r->ended = ended;
	r->arg = arg;
	r->backoff_ms = h->conf->hi_ms;
	timer_init(&r->timer, fire, r);
	if (set_timer(r)) {
		free(r);
		return NULL;
	}
	do
		r->seq = ++h->seq;
	while (find(h, r->seq));
	HASH_ADD(hh, h->requests, seq, sizeof(r->seq), r);
	r->hi = *hi;
	r->hi.kind = MH_HI;
	r->hi.seq = r->seq;
	r->hi.flags |= HI_F_P;
	transmit(r);
	return r;
}

/**
 * request_cancel() - wait for an answer no more
 * @r: the request, gone afterwards; NULL: nothing is done
 */
void request_cancel(struct handover_request *r)
{
	if (!r)
		return;
	timerq_cancel(r->h->env->timers, &r->timer);
	HASH_DEL(r->h->requests, r);
	free(r);
}

/**
 * request_cancel_all() - wait for no answer at all any more
 * @h: the handovers; nobody is told
 */
void request_cancel_all(struct handover *h)
{
	while (h->requests)
		request_cancel(h->requests);
}

/* RFC 5949 §6.1.2: MN-ID "MUST be copied from the corresponding HI message", P "MUST be set" */
static bool answers(const struct handover_request *r, const struct in6_addr *src,
		    const struct in6_addr *dst, const struct mh_msg *hack)
{
	return IN6_ARE_ADDR_EQUAL(src, &r->peer) && IN6_ARE_ADDR_EQUAL(dst, &r->h->address) &&
	       (hack->flags & HACK_F_P) && (hack->opts.present & MH_HAS_MN_ID) &&
	       mn_id_equal(&hack->opts.mn_id, &r->hi.opts.mn_id);
}

/**
 * handover_on_hack() - a Handover Acknowledge (RFC 5949 §6.1.2)
 * @h: the handovers
 * @src: the gateway
 * @dst: our address
 * @hack: the message; must answer an HI under way
 *
 * Return: whether it did.
 */
bool handover_on_hack(struct handover *h, const struct in6_addr *src,
		      const struct in6_addr *dst, const struct mh_msg *hack)
{
	struct handover_request *r = find(h, hack->seq);
	bool refused = hack->code >= HACK_UNSPECIFIED;
	char text[INET6_ADDRSTRLEN];

	h->counters.hack_rx++;
	if (!r || !answers(r, src, dst, hack)) {
		h->counters.hack_stray++;
		log_ratelimited(LOG_NOTICE, "HAck %u of %s answers nothing of ours", hack->seq,
				inet_ntop(AF_INET6, src, text, sizeof(text)));
		return false;
	}
	h->counters.hack_refused += refused;
	handover_notify(h, refused ? "handover-refused" : "hack-received", &hack->opts.mn_id,
			src, hack_code_str(hack->code));
	end(r, hack, refused ? HANDOVER_REFUSED : HANDOVER_DONE);
	return true;
}

static struct handover_request *first_to(const struct handover *h, const struct in6_addr *peer)
{
	struct handover_request *r = h->requests;

	while (r && !IN6_ARE_ADDR_EQUAL(&r->peer, peer))
		r = r->hh.next;
	return r;
}

/**
 * handover_on_binding_error() - a Binding Error (RFC 6275 §6.1.9)
 * @h: the handovers
 * @src: who sent it
 * @be: the message
 *
 * RFC 6275 §9.2: status 2 of a gateway that does not know the type; it does not say which
 * message it is about, so what waits for an answer from there ends.
 */
void handover_on_binding_error(struct handover *h, const struct in6_addr *src,
			       const struct mh_msg *be)
{
	struct handover_request *r;

	if (be->status != BE_UNKNOWN_TYPE || !IN6_IS_ADDR_UNSPECIFIED(&be->home))
		return;
	/* what is sent when one ends goes there again: once each, and it ends by silence */
	for (unsigned int n = HASH_COUNT(h->requests); n; n--) {
		r = first_to(h, src);
		if (!r)
			return;
		h->counters.unsupported++;
		end(r, NULL, HANDOVER_UNSUPPORTED);
	}
}
