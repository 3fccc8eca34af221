// SPDX-License-Identifier: GPL-2.0
/* From a received Mobility Header to the machine that it concerns. */
#include "core/log.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static bool is_ours(const struct conf *c, const struct in6_addr *a)
{
	return (c->lma.enabled && IN6_ARE_ADDR_EQUAL(a, &c->lma.address)) ||
	       (c->mag.enabled && IN6_ARE_ADDR_EQUAL(a, &c->mag.address));
}

static bool may_answer(struct io *io, const struct mh_packet *p)
{
	if (IN6_IS_ADDR_UNSPECIFIED(&p->src) || IN6_IS_ADDR_MULTICAST(&p->src) ||
	    IN6_IS_ADDR_LOOPBACK(&p->src))
		return false;
	if (limit_allows_error(io->limit, &p->src, io->env.ops->now(io)))
		return true;
	io->counters.answers_limited++;
	return false;
}

/* RFC 6275 §9.3.3: no Home Address option came with it, hence :: */
static void binding_error(struct io *io, const struct mh_packet *p)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE };

	io->counters.mh_unknown_type++;
	if (!may_answer(io, p))
		return;
	mh_socket_send(io, &p->dst, &p->src, &be);
	io->counters.be_tx++;
}

/* RFC 6275 §9.2, after the codec has found the message wanting */
static void refuse(struct io *io, const struct mh_packet *p, const struct mh_result *r)
{
	char a[INET6_ADDRSTRLEN];

	if (r->error == MH_ERR_CHECKSUM) {
		io->counters.mh_checksum++;
		return;
	}
	log_ratelimited(LOG_WARNING, "Mobility Header from %s: %s at byte %zu",
			inet_ntop(AF_INET6, &p->src, a, sizeof(a)), mh_strerror(r->error),
			r->offset);
	if (r->error == MH_ERR_TYPE) {
		binding_error(io, p);
		return;
	}
	io->counters.mh_malformed++;
	if ((r->error == MH_ERR_SHORT || r->error == MH_ERR_PROTO) && may_answer(io, p))
		icmp6_parameter_problem(io, p, r->offset);
}

static void to_mag(struct io *io, const struct mh_packet *p, const struct mh_msg *m)
{
	if (m->kind == MH_PBA)
		mag_on_pba(io->mag, &p->src, &p->dst, m);
	else if (m->kind == MH_SHI)
		mag_on_shi(io->mag, &p->src, &p->dst, m);
	else
		mag_on_shack(io->mag, &p->src, &p->dst, m);
}

static void no_role(struct io *io, const struct mh_packet *p, const struct mh_msg *m)
{
	char a[INET6_ADDRSTRLEN];

	io->counters.mh_no_role++;
	log_ratelimited(LOG_WARNING, "%s from %s: no role here takes it", mh_kind_str(m->kind),
			inet_ntop(AF_INET6, &p->src, a, sizeof(a)));
}

/* RFC 6463 §5.3.2: an anchor may have asked another as a 'proxy-MAG' */
static void acknowledged(struct io *io, const struct mh_packet *p, const struct mh_msg *pba,
			 bool lma, bool mag)
{
	if (lma && io->conf->lma.redirect)
		lma_on_pba(io->lma, &p->src, &p->dst, pba);
	else if (mag)
		to_mag(io, p, pba);
	else
		no_role(io, p, pba);
}

static unsigned int flow_message(enum mh_kind kind)
{
	return kind == MH_FMI ? MAG_FLOW_FMI : MAG_FLOW_UPN;
}

static void flow_answer(struct io *io, const struct mh_packet *p, const struct mh_msg *m)
{
	if (m->kind == MH_FMA)
		lma_on_fma(io->lma, &p->src, &p->dst, m);
	else
		lma_on_upa(io->lma, &p->src, &p->dst, m);
}

static void to_initiator(struct io *io, const struct mh_packet *p, const struct mh_msg *bra,
			 bool lma)
{
	if (lma)
		lma_on_bra(io->lma, &p->src, &p->dst, bra);
	else
		mag_on_bra(io->mag, &p->src, &p->dst, bra);
}

static void to_responder(struct io *io, const struct mh_packet *p, const struct mh_msg *bri,
			 bool lma)
{
	if (lma)
		lma_on_bri(io->lma, &p->src, &p->dst, bri);
	else
		mag_on_bri(io->mag, &p->src, &p->dst, bri);
}

/* RFC 7161 §4.3, where the role that is meant speaks of it */
static void subscription(struct io *io, const struct mh_packet *p, const struct mh_msg *m,
			 bool lma, bool mag)
{
	bool query = m->kind == MH_SUBSCRIPTION_QUERY;

	if (lma && io->conf->lma.mcast.subscription.enabled)
		(query ? lma_on_subscription_query : lma_on_subscription_response)
			(io->lma, &p->src, &p->dst, m);
	else if (mag && io->conf->mag.mcast.subscription.enabled)
		(query ? mag_on_subscription_query : mag_on_subscription_response)
			(io->mag, &p->src, &p->dst, m);
	else
		binding_error(io, p);
}

/* Draft: LMA handover §4.2, where the role that is meant speaks of it */
static void to_lma_handover(struct io *io, const struct mh_packet *p, const struct mh_msg *m,
			    bool lma)
{
	if (!lma || !io->conf->lma.n_neighbours)
		binding_error(io, p);
	else if (m->kind == MH_LMA_HO_REQ)
		lma_on_lma_ho_req(io->lma, &p->src, &p->dst, m);
	else if (m->kind == MH_LMA_HO_INIT)
		lma_on_lma_ho_init(io->lma, &p->src, &p->dst, m);
	else
		lma_on_lma_hack(io->lma, &p->src, &p->dst, m);
}

/* It does not say which message it is about: whoever waits for an answer from there. */
static void binding_error_came(struct io *io, const struct mh_packet *p,
			       const struct mh_msg *be, bool lma, bool mag)
{
	peer_on_binding_error(&io->peers, &p->dst, &p->src, be);
	if (lma) {
		lma_on_binding_error(io->lma, &p->src, be);
		lma_on_bri_unknown(io->lma, &p->src, be);
		lma_on_subscription_unknown(io->lma, &p->src, be);
		lma_on_init_unknown(io->lma, &p->src, be);
	}
	if (!mag)
		return;
	mag_on_binding_error(io->mag, &p->src, &p->dst, be);
	mag_on_bri_unknown(io->mag, &p->src, be);
	mag_on_hi_unknown(io->mag, &p->src, be);
	mag_on_lma_ho_unknown(io->mag, &p->src, be);
	mag_on_subscription_unknown(io->mag, &p->src, be);
}

/* The address says which role is meant where one daemon has both. */
static void deliver(struct io *io, const struct mh_packet *p, const struct mh_msg *m)
{
	bool lma = io->lma && IN6_ARE_ADDR_EQUAL(&p->dst, &io->conf->lma.address);
	bool mag = io->mag && IN6_ARE_ADDR_EQUAL(&p->dst, &io->conf->mag.address);

	switch (m->kind) {
	case MH_PBU:
		if (lma)
			lma_on_pbu(io->lma, &p->src, &p->dst, m);
		else
			no_role(io, p, m);
		break;
	case MH_PBA:
		acknowledged(io, p, m, lma, mag);
		break;
	case MH_SHI:
	case MH_SHACK:
		if (mag)
			to_mag(io, p, m);
		else
			no_role(io, p, m);
		break;
	case MH_FMI:
	case MH_UPN:
		if (mag && (io->conf->mag.flow_messages & flow_message(m->kind)))
			mag_on_flow(io->mag, &p->src, &p->dst, m);
		else
			binding_error(io, p);
		break;
	case MH_HI:
	case MH_HACK:
		if (!mag || !io->conf->mag.fast)
			binding_error(io, p);
		else if (m->kind == MH_HI)
			mag_on_hi(io->mag, &p->src, &p->dst, m);
		else
			mag_on_hack(io->mag, &p->src, &p->dst, m);
		break;
	case MH_FMA:
	case MH_UPA:
		if (lma)
			flow_answer(io, p, m);
		else
			no_role(io, p, m);
		break;
	case MH_LMA_HO_RESP:
		if (mag && io->conf->mag.anchors.enabled)
			mag_on_lma_ho_resp(io->mag, &p->src, &p->dst, m);
		else
			binding_error(io, p);
		break;
	case MH_HEARTBEAT:
		peer_on_heartbeat(&io->peers, &p->dst, &p->src, m);
		break;
	case MH_BE:
		binding_error_came(io, p, m, lma, mag);
		break;
	case MH_BRI:
	case MH_BRA:
		if (!lma && !mag)
			no_role(io, p, m);
		else if (m->kind == MH_BRI)
			to_responder(io, p, m, lma);
		else
			to_initiator(io, p, m, lma);
		break;
	case MH_SUBSCRIPTION_QUERY:
	case MH_SUBSCRIPTION_RESPONSE:
		subscription(io, p, m, lma, mag);
		break;
	case MH_LMA_HO_REQ:
	case MH_LMA_HO_INIT:
	case MH_LMA_HACK:
		to_lma_handover(io, p, m, lma);
		break;
	default:
		/* nothing here takes it: to its sender it is an unknown type */
		binding_error(io, p);
		break;
	}
}

static bool understand(struct io *io, const struct mh_packet *p, struct mh_msg *m)
{
	struct mh_result r;

	if (!is_ours(io->conf, &p->dst)) {
		io->counters.mh_not_ours++;
		return false;
	}
	r = mh_decode(m, p->data, p->len, &p->src, &p->dst,
		      conf_lenient(io->conf, &p->src));
	if (r.error)
		refuse(io, p, &r);
	return !r.error;
}

/* Heartbeats need no machine; the others do not overtake those that wait already. */
static bool has_to_wait(const struct io *io, const struct mh_msg *m)
{
	return m->kind != MH_HEARTBEAT && (io->starting || io->backlog.n);
}

/*
 * RFC 5213 §5.5 asks whether a timestamp is fresh "upon receiving" the request: it is
 * held against the time at which the request came, however long it had to wait then.
 */
static void deliver_as_it_came(struct io *io, const struct mh_packet *p, const struct mh_msg *m)
{
	io->came = m->kind == MH_PBU ? p->came : 0;
	deliver(io, p, m);
	io->came = 0;
}

static void wait_for_start(struct io *io, const struct mh_packet *p)
{
	if (backlog_put(&io->backlog, p))
		io->counters.mh_wait_dropped++;
	else
		io->counters.mh_waited++;
}

/* Before anything of it is read but its type */
static bool within_limits(struct io *io, const struct mh_packet *p)
{
	const unsigned int kind = limit_kind(p->data, p->len);
	char a[INET6_ADDRSTRLEN];

	if (limit_allows(io->limit, kind, &p->src, io->env.ops->now(io)))
		return true;
	io->counters.mh_limited++;
	log_ratelimited(LOG_WARNING, "%s from %s: more in a second than limits has",
			limit_kind_str(kind), inet_ntop(AF_INET6, &p->src, a, sizeof(a)));
	return false;
}

/**
 * dispatch_mh() - judge one received message and hand it on
 * @io: the daemon
 * @p: the message with its addresses
 *
 * RFC 6275 §9.2 decides who gets an answer to what cannot be read; a
 * message that was not sent to this gateway's own address gets none.  Whether
 * it shows that the peer lives is for the machine that takes it to say.
 * Before the machines are up, all but heartbeats wait.  What is beyond the limits is
 * dropped.
 */
void dispatch_mh(struct io *io, const struct mh_packet *p)
{
	struct mh_msg m;

	if (!within_limits(io, p) || !understand(io, p, &m))
		return;
	if (has_to_wait(io, &m))
		wait_for_start(io, p);
	else
		deliver_as_it_came(io, p, &m);
}

/**
 * dispatch_backlog() - hand on some of the messages that waited for the start
 * @io: the daemon, whose machines are up
 */
void dispatch_backlog(struct io *io)
{
	struct waiting *w;
	struct mh_msg m;
	unsigned int i;

	for (i = 0; i < IO_BURST && (w = backlog_take(&io->backlog)); i++) {
		if (understand(io, &w->packet, &m))
			deliver_as_it_came(io, &w->packet, &m);
		free(w);
	}
}
