// SPDX-License-Identifier: GPL-2.0
/* Proxy Binding Acknowledgements (RFC 5213 §5.3.6), and notices. */
#include "lma/flows.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <utlist.h>

/* "copied from the request", and zero where it was not there */
static void echo(struct mh_opts *out, const struct mh_opts *in)
{
	out->present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT;
	out->present |= in->present & (MH_HAS_LLID | MH_HAS_LLA |
				       MH_HAS_TIMESTAMP);
	out->mn_id.subtype = 1;
	if (in->present & MH_HAS_MN_ID)
		out->mn_id = in->mn_id;
	out->mn_id_pad = in->mn_id_pad;
	if (in->present & MH_HAS_HI)
		out->hi = in->hi;
	if (in->present & MH_HAS_ATT)
		out->att = in->att;
	if (in->present & MH_HAS_LLID)
		out->llid = in->llid;
	if (in->present & MH_HAS_LLA)
		out->lla = in->lla;
}

/* Refused: the request's own prefixes, or one ALL_ZERO */
static void echo_prefixes(struct mh_opts *out, const struct mh_opts *in)
{
	if (!(in->present & MH_HAS_HNP) || !in->n_hnp) {
		out->n_hnp = 1;
		return;
	}
	out->n_hnp = in->n_hnp;
	memcpy(out->hnp, in->hnp, sizeof(out->hnp));
}

static void put_prefixes(struct mh_opts *out, const struct bce *b)
{
	struct prefix p[HNP_MAX];
	unsigned int i, n = bce_prefixes(b, p);

	for (i = 0; i < n; i++)
		out->hnp[out->n_hnp++].prefix = p[i];
}

/* Draft: seamless handover §3: the node's other MAGs, in option 51 */
static void put_other_mags(struct mh_opts *out, const struct bce *b)
{
	const struct bce *o;
	unsigned int i;

	DL_FOREACH(b->node->bces, o) {
		/* what is redirected must be for that one, too: all of it */
		if (o->set != b->set || (o->without & ~b->without) || !o->gw || o->gw == b->gw)
			continue;
		for (i = 0; i < out->n_mag; i++)
			if (IN6_ARE_ADDR_EQUAL(&out->mag[i], &o->proxy_coa))
				break;
		if (i < out->n_mag || out->n_mag == PEERS_MAX)
			continue;
		out->mag[out->n_mag++] = o->proxy_coa;
		out->present |= MH_HAS_MAG_ADDR;
	}
}

/* §5.5 items 7 to 9: the same one, or what it should have been */
static uint64_t timestamp(struct lma *l, const struct mh_msg *pbu,
			  uint8_t status)
{
	if (status == PBA_TIMESTAMP_MISMATCH ||
	    status == PBA_TIMESTAMP_LOWER_THAN_PREV)
		return mh_timestamp(l->env->ops->wall(l->env->ctx));
	return pbu->opts.timestamp;
}

/*
 * RFC 6463 §4.2, for a node that has been handed over: who can follow hears where it is.
 * The RFC has the option in answers that accept; the status says that this one does not.
 */
static void put_redirect(struct lma *l, struct mh_opts *out, const struct mh_opts *in)
{
	const struct in6_addr *where = NULL;

	if ((in->present & MH_HAS_REDIRECTABLE) && (in->present & MH_HAS_MN_ID))
		where = anchoring_where(l, &in->mn_id);
	if (!where)
		return;
	out->present |= MH_HAS_REDIRECT;
	out->redirect = *where;
	l->counters.handover.redirected++;
}

/**
 * reply_send() - answer a Proxy Binding Update
 * @l: the anchor
 * @src: the request's source: where the answer goes
 * @dst: the request's destination: where the answer comes from
 * @pbu: the request
 * @r: what to answer
 */
void reply_send(struct lma *l, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_msg *pbu,
		const struct reply *r)
{
	struct mh_msg m;

	mh_clear(&m);
	m.kind = MH_PBA;
	m.status = r->status;
	m.flags = PBA_F_P;
	m.seq = r->seq;
	m.lifetime = r->lifetime;
	echo(&m.opts, &pbu->opts);
	if (m.opts.present & MH_HAS_TIMESTAMP)
		m.opts.timestamp = timestamp(l, pbu, r->status);
	if (r->bce) {
		put_prefixes(&m.opts, r->bce);
		if (r->lifetime)
			flows_answer(r->bce, &pbu->opts, r->flow_status, &m.opts);
		if (m.opts.present & MH_HAS_LLA)
			m.opts.lla = r->bce->lla;
		if (l->conf->seamless && r->bce->gw)
			put_other_mags(&m.opts, r->bce);
		if (r->lifetime && handed_tell(l, r->bce, pbu, &m.opts))
			m.flags |= PBA_F_S;
	} else {
		echo_prefixes(&m.opts, &pbu->opts);
	}
	if (r->status == PBA_NOT_LMA_FOR_THIS_MN)
		put_redirect(l, &m.opts, &pbu->opts);
	l->counters.pba_tx++;
	l->counters.status[r->status]++;
	/* RFC 6463 §5.3.2: "destined to the source address of the received PBU'" */
	l->env->ops->send_mh(l->env->ctx, dst, l->proxied == pbu ? &l->proxy : src, &m);
}

/**
 * refuse() - answer a request with why it is refused
 * @l: the anchor
 * @src: the request's source
 * @dst: its destination
 * @pbu: the request
 * @status: 128 or above
 * @b: for 135, the entry: the answer carries its last sequence number, as
 *	RFC 6275 §9.5.1 wants; else NULL
 */
void refuse(struct lma *l, const struct in6_addr *src,
	    const struct in6_addr *dst, const struct mh_msg *pbu,
	    uint8_t status, const struct bce *b)
{
	struct reply r = { .status = status, .seq = b ? b->seq : pbu->seq };
	char id[MN_ID_STRLEN], from[INET6_ADDRSTRLEN], detail[32];
	struct notice n = { .event = "binding-refused", .peer = src };

	l->counters.refused++;
	log_ratelimited(LOG_WARNING, "PBU from %s for %s refused: %u %s",
			inet_ntop(AF_INET6, src, from, sizeof(from)),
			mn_id_str(&pbu->opts.mn_id, id, sizeof(id)), status,
			pba_status_str(status));
	snprintf(detail, sizeof(detail), "status=%u", status);
	n.detail = detail;
	if (pbu->opts.present & MH_HAS_MN_ID)
		n.mn = &pbu->opts.mn_id;
	l->env->ops->notify(l->env->ctx, &n);
	reply_send(l, src, dst, pbu, &r);
}

/**
 * lma_notify() - tell whoever watches what happened to an entry
 * @l: the anchor
 * @event: its name
 * @b: the entry
 */
void lma_notify(struct lma *l, const char *event, const struct bce *b)
{
	const struct env_ops *ops = l->env->ops;
	char prefix[PREFIX_STRLEN], detail[160];
	struct mn_id id;
	struct notice n = {
		.event = event,
		.mn = &id,
		.peer = &b->proxy_coa,
		.detail = detail,
	};

	/* of a million bindings that come and go while nobody looks, no word */
	if (ops->watched && !ops->watched(l->env->ctx))
		return;
	id = node_id(b->node);
	snprintf(detail, sizeof(detail), "bid=%u att=%u hi=%u hnp=%s", b->bid,
		 b->att, b->hi,
		 prefix_str(&b->set->hnp[0].prefix, prefix, sizeof(prefix)));
	ops->notify(l->env->ctx, &n);
}
