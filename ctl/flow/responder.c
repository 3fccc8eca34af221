// SPDX-License-Identifier: GPL-2.0
/* FMI and UPN at the gateway, and their answers. */
#include "flow/guest.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * A number behind that of the node's last message, so soon after it, is that of one
 * that was overtaken; later it is that of an anchor that has begun anew.
 */
#define LATE_NS		(10 * NSEC_PER_SEC)
/* Where the first number of an anchor is put: there are others behind it. */
#define FIRST_NUMBER	(1ULL << 32)

/**
 * flow_responder_init() - a gateway that has been told nothing
 * @r: the responder
 * @env: its world
 * @conf: how it works; must outlive it
 * @address: the gateway's, from which it answers
 */
void flow_responder_init(struct flow_responder *r, struct env *env,
			 const struct flow_responder_conf *conf,
			 const struct in6_addr *address)
{
	memset(r, 0, sizeof(*r));
	r->env = env;
	r->conf = conf;
	r->address = *address;
}

/**
 * flow_responder_free() - forget what numbers anchors have used
 * @r: the responder; its guests are their owners' to free
 */
void flow_responder_free(struct flow_responder *r)
{
	struct flow_anchor *a, *tmp;

	HASH_ITER(hh, r->anchors, a, tmp) {
		HASH_DEL(r->anchors, a);
		free(a);
	}
}

/* Anchors stay: they are those that the gateway deals with. */
static struct flow_anchor *anchor_get(struct flow_responder *r, const struct in6_addr *src)
{
	struct flow_anchor *a;

	HASH_FIND(hh, r->anchors, src, sizeof(*src), a);
	if (a)
		return a;
	a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	a->address = *src;
	HASH_ADD(hh, r->anchors, address, sizeof(a->address), a);
	return a;
}

/**
 * flow_responder_anew() - an anchor has begun anew, and so do its numbers
 * @r: the responder
 * @anchor: its address
 */
void flow_responder_anew(struct flow_responder *r, const struct in6_addr *anchor)
{
	struct flow_anchor *a;

	HASH_FIND(hh, r->anchors, anchor, sizeof(*anchor), a);
	if (a)
		a->begun = false;
}

/*
 * RFC 7077 §5.1: "increased monotonically for subsequent messages. Once the Sequence
 * Number hits the maximum value, it should be wrapped around to 0": which of the
 * numbers that look so on the wire is the one nearest to the anchor's newest.
 */
static uint64_t number_of(struct flow_anchor *a, uint16_t seq)
{
	int16_t ahead;
	uint64_t n;

	if (!a->begun)
		a->newest = FIRST_NUMBER + seq;
	a->begun = true;
	ahead = (int16_t)(seq - (uint16_t)a->newest);
	n = a->newest + (uint64_t)(int64_t)ahead;
	if (ahead > 0)
		a->newest = n;
	return n;
}

static bool heard(const struct flow_guest *g, const struct flow_anchor *a)
{
	return g->heard && g->anchor == a;
}

static void hear(struct flow_guest *g, const struct flow_anchor *a, uint64_t number)
{
	struct env *env = g->flows.env;

	g->heard_at = env->ops->now(env->ctx);
	g->heard = true;
	g->anchor = a;
	g->number = number;
}

/* Of the messages that are refused for it, what was wanted */
static const char *wanted(const struct mh_msg *m)
{
	return m->kind == MH_UPN ? upn_reason_str(m->reason) : "flow mobility";
}

static void say(struct flow_responder *r, const struct in6_addr *src,
		const struct mh_msg *m, const char *status, bool good)
{
	struct notice n = {
		.event = m->kind == MH_FMI ? "fmi-received" : "upn-received",
		.mn = m->opts.present & MH_HAS_MN_ID ? &m->opts.mn_id : NULL,
		.peer = src, .detail = good ? "accepted" : "refused",
	};
	char text[INET6_ADDRSTRLEN];

	r->env->ops->notify(r->env->ctx, &n);
	if (good)
		return;
	r->counters.refused++;
	log_ratelimited(LOG_INFO, "%s of %s (%s): refused, %s", mh_kind_str(m->kind),
			inet_ntop(AF_INET6, src, text, sizeof(text)), wanted(m), status);
}

/* Both dialects: with success, MN-ID and what the message was about; else why */
static void start_answer(struct mh_msg *a, enum mh_kind kind, const struct mh_msg *m,
			 uint8_t status)
{
	memset(a, 0, sizeof(*a));
	a->kind = kind;
	a->seq = m->seq;
	a->status = status;
	a->opts.present = m->opts.present & MH_HAS_MN_ID;
	a->opts.mn_id = m->opts.mn_id;
}

static void refuse_rest(struct guest_request *rq)
{
	for (unsigned int i = 0; i < rq->n; i++)
		if (!rq->status[i])
			rq->status[i] = FLOW_UNSPECIFIED;
}

static uint8_t fma_status(const struct guest_request *rq)
{
	for (unsigned int i = 0; i < rq->n; i++) {
		if (rq->status[i] == FLOW_TS_UNSUPPORTED)
			return FMA_TS_UNSUPPORTED;
		if (rq->status[i] == FLOW_NO_FID)
			return FMA_NO_ENTRY;
	}
	return FMA_UNSPECIFIED;
}

static uint8_t take_flows(struct flow_guest *g, const struct mh_msg *fmi,
			  struct guest_request *rq, uint16_t lifetime)
{
	uint8_t status = FMA_OK;

	if (guest_read(g, fmi, rq))
		status = fma_status(rq);
	else if (guest_apply(g, rq, lifetime, fmi))
		status = FMA_UNSPECIFIED;
	if (status)
		refuse_rest(rq);
	return status;
}

/*
 * Draft §4.1: "If set to 0, it indicates a request to remove state about the
 * flow".  Told again, because the answer was lost, it is gone all the same.
 */
static uint8_t remove_flows(struct flow_guest *g, const struct mh_msg *fmi,
			    struct guest_request *rq, bool again)
{
	uint8_t status = FMA_OK;

	rq->n = fmi->opts.n_flow;
	for (unsigned int i = 0; i < rq->n; i++) {
		if (!fmc_remove(&g->flows, fmi->opts.flow[i].fid) || again)
			continue;
		rq->status[i] = FLOW_NO_FID;
		status = FMA_NO_ENTRY;
	}
	return status;
}

static uint8_t obey_fmi(struct flow_guest *g, struct flow_anchor *a, const struct mh_msg *fmi,
			struct guest_request *rq, uint16_t lifetime)
{
	const uint64_t number = number_of(a, fmi->seq);
	bool again;

	/* §4.1: "MUST contain the MN-ID, followed by one or more" */
	if (!(fmi->opts.present & MH_HAS_MN_ID) || !fmi->opts.n_flow || fmi->opts.more_flow)
		return FMA_UNSPECIFIED;
	if (!g)
		return FMA_NOT_ATTACHED;
	if (heard(g, a) && number < g->number)
		return FMA_SEQ_OUT_OF_WINDOW;
	again = heard(g, a) && number == g->number;
	hear(g, a, number);
	if (!lifetime)
		return remove_flows(g, fmi, rq, again);
	return take_flows(g, fmi, rq, lifetime);
}

/**
 * flow_responder_on_fmi() - a Flow Mobility Initiate (draft §4.1)
 * @r: the responder
 * @g: what is kept of the node, NULL if it is not attached
 * @src: its anchor
 * @fmi: the message
 *
 * The answer leaves when all that it says is in force.
 */
void flow_responder_on_fmi(struct flow_responder *r, struct flow_guest *g,
			   const struct in6_addr *src, const struct mh_msg *fmi)
{
	uint16_t lifetime = fmi->lifetime < r->conf->max_lifetime ? fmi->lifetime :
								    r->conf->max_lifetime;
	struct flow_anchor *a = anchor_get(r, src);
	struct guest_request rq = { .n = 0 };
	struct mh_msg fma;
	uint8_t status;

	r->counters.fmi_rx++;
	status = a ? obey_fmi(g, a, fmi, &rq, lifetime) : FMA_UNSPECIFIED;
	say(r, src, fmi, fma_status_str(status), !status);
	start_answer(&fma, MH_FMA, fmi, status);
	fma.lifetime = status ? 0 : lifetime;
	if (rq.n)
		guest_copy(&rq, fmi, &fma.opts);
	r->counters.fma_tx++;
	r->env->ops->send_mh(r->env->ctx, &r->address, src, &fma);
}

/* One that the answer to its retransmission, and a newer message, have overtaken */
static bool late(struct flow_responder *r, const struct flow_guest *g,
		 const struct flow_anchor *a, uint64_t number)
{
	return heard(g, a) && number < g->number &&
	       r->env->ops->now(r->env->ctx) - g->heard_at < LATE_NS;
}

static uint8_t obey_upn(struct flow_responder *r, struct flow_guest *g,
			struct flow_anchor *a, const struct mh_msg *upn,
			struct guest_request *rq)
{
	const uint64_t number = number_of(a, upn->seq);

	if (!(upn->opts.present & MH_HAS_MN_ID) || upn->opts.more_hnp || upn->opts.more_flow)
		return UPA_UNSPECIFIED;
	if (!g)
		return UPA_NOT_ATTACHED;
	if (late(r, g, a, number)) {
		r->counters.late++;
		return UPA_UNSPECIFIED;
	}
	hear(g, a, number);
	if (!guest_read(g, upn, rq) && !guest_apply(g, rq, FLOW_FOREVER, upn))
		return UPA_OK;
	refuse_rest(rq);
	return UPA_UNSPECIFIED;
}

/* RFC 7864 §4.3: "MUST contain the MN-ID, followed by one or more Home Network Prefix" */
static void copy_prefixes(const struct mh_msg *upn, struct mh_opts *o)
{
	o->present |= upn->opts.present & MH_HAS_HNP;
	o->n_hnp = upn->opts.n_hnp;
	memcpy(o->hnp, upn->opts.hnp, sizeof(o->hnp));
}

/**
 * flow_responder_on_upn() - an Update Notification (RFC 7864 §4.2)
 * @r: the responder
 * @g: what is kept of the node, NULL if it is not attached
 * @src: its anchor
 * @upn: the message, of whichever reason
 *
 * RFC 7864 §4 wants the reason FLOW-MOBILITY, and "does not require implementation
 * of any other aspects": those are answered with 128.  There is no answer where
 * none is asked for.  RFC 7077 §6.1 has each retransmission answered: so is, with 131,
 * one that arrives after what followed it, and changes nothing.
 */
void flow_responder_on_upn(struct flow_responder *r, struct flow_guest *g,
			   const struct in6_addr *src, const struct mh_msg *upn)
{
	struct flow_anchor *a = anchor_get(r, src);
	struct guest_request rq = { .n = 0 };
	uint8_t status = UPA_FAILED_TO_UPDATE;
	struct mh_msg upa;

	r->counters.upn_rx++;
	if (upn->reason == UPN_FLOW_MOBILITY)
		status = a ? obey_upn(r, g, a, upn, &rq) : UPA_UNSPECIFIED;
	say(r, src, upn, upa_status_str(status), !status);
	if (!(upn->flags & UPN_F_A))
		return;
	start_answer(&upa, MH_UPA, upn, status);
	if (!status)
		copy_prefixes(upn, &upa.opts);
	else if (rq.n)
		guest_copy(&rq, upn, &upa.opts);
	r->counters.upa_tx++;
	r->env->ops->send_mh(r->env->ctx, &r->address, src, &upa);
}
