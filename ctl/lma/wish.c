// SPDX-License-Identifier: GPL-2.0
/*
 * Flows in a registration: what a gateway asks for on behalf of a node that decides
 * itself (draft: flow mobility §3.2.2, RFC 6089 §5.3.2), and what is answered.
 */
#include "lma/flows.h"

#include <errno.h>
#include <string.h>
#include <utlist.h>

static uint8_t status_of(int err)
{
	switch (err) {
	case 0:
		return FLOW_OK;
	case -ENODEV:
		return FLOW_NO_BID;
	case -EPROTONOSUPPORT:
		return FLOW_TS_UNSUPPORTED;
	case -EINVAL:
	case -EEXIST:
		return FLOW_MALFORMED;
	case -ENOENT:
		return FLOW_NO_FID;
	default:
		return FLOW_UNSPECIFIED;
	}
}

static bool is_removal(const struct mh_flow *f)
{
	return (f->present & MH_FLOW_HAS_ACTION) &&
	       (f->action == FLOW_DELETE || f->action == FLOW_REVOKE);
}

static int forget(struct node *n, uint16_t fid)
{
	return n->flows ? fmc_remove(&n->flows->cache, fid) : -ENOENT;
}

/* RFC 6089 §5.3.2.2: of a flow that is known, what is not said stays */
static int want(struct lma *l, const struct bce *b, const struct mh_flow *f)
{
	const struct flow *known = b->node->flows ?
				   fmc_find(&b->node->flows->cache, f->fid) : NULL;
	struct flow_spec s = { .n_bid = 1, .bid = { b->bid } };

	if (!known && !(f->present & MH_FLOW_HAS_SELECTOR))
		return -ENOENT;
	if (known)
		s = known->spec;
	s.fid = f->fid;
	s.pri = f->pri;
	if (f->present & MH_FLOW_HAS_SELECTOR)
		s.selector = f->selector;
	if (f->present & MH_FLOW_HAS_BIDS) {
		s.n_bid = f->n_bid;
		memcpy(s.bid, f->bid, f->n_bid * sizeof(*s.bid));
	}
	return flows_put(l, b->node, &s, FLOW_FOREVER, LMA_FLOW_NODE);
}

/**
 * flows_wanted() - take what a registration says of flows
 * @l: the anchor
 * @b: the entry, accepted already
 * @prof: the node's profile; unless the node decides, 128 answers all
 * @o: the request's options
 * @status: of each flow, enum flow_status
 *
 * To be settled when the answer is on its way: the gateway knows the node then.
 */
void flows_wanted(struct lma *l, const struct bce *b, const struct profile *prof,
		  const struct mh_opts *o, uint8_t status[FLOWS_MAX])
{
	unsigned int i;

	for (i = 0; i < o->n_flow; i++) {
		const struct mh_flow *f = &o->flow[i];

		if (prof->decides != FLOW_DECIDES_NODE ||
		    prof->multihoming == MULTIHOMING_SINGLE)
			status[i] = FLOW_PROHIBITED;
		else
			status[i] = status_of(is_removal(f) ? forget(b->node, f->fid) :
							      want(l, b, f));
	}
}

static void put_status(struct mh_opts *out, const struct mh_flow *f, uint8_t status)
{
	out->flow[out->n_flow++] = (struct mh_flow) {
		.fid = f->fid, .pri = f->pri, .status = status,
	};
}

static void put_kept(struct mh_opts *out, const struct flow_spec *s)
{
	unsigned int i;

	for (i = 0; i < out->n_flow; i++)
		if (out->flow[i].fid == s->fid)
			return;
	if (out->n_flow == FLOWS_MAX)
		return;
	out->flow[out->n_flow++] = (struct mh_flow) {
		.fid = s->fid, .pri = s->pri, .selector = s->selector,
		.present = MH_FLOW_HAS_SELECTOR | MH_FLOW_HAS_BIDS, .n_bid = s->n_bid,
		.bid = { s->bid[0] },
	};
}

/* All that the gateway keeps, or nothing: RFC 7864 §3.4 removes what is left out */
static void put_grant(struct mh_opts *out, const struct lma_grant *g)
{
	unsigned int i;

	if (!g->n_told || !flow_grant_settled(g->grant))
		return;
	for (i = 0; i < g->n_told; i++)
		if (!g->told[i].known)
			return;
	for (i = 0; i < g->n_told; i++)
		put_kept(out, &g->told[i].spec);
	for (i = 0; i < g->n_open && out->n_hnp < HNP_MAX; i++)
		out->hnp[out->n_hnp++] = (struct mh_hnp) {
			.prefix = g->open[i], .off_link = true,
		};
}

/**
 * flows_answer() - what an acknowledgement says of flows
 * @b: the entry
 * @o: the request's options
 * @status: of each of its flows, NULL: it had none
 * @out: the acknowledgement's options
 *
 * RFC 7864 §3.3 and §3.4: the flows that the gateway keeps, and with the L bit the
 * prefixes that it routes for them.
 */
void flows_answer(const struct bce *b, const struct mh_opts *o, const uint8_t *status,
		  struct mh_opts *out)
{
	const struct lma_grant *g;
	unsigned int i;

	for (i = 0; status && i < o->n_flow; i++)
		put_status(out, &o->flow[i], status[i]);
	g = b->node->flows ? grant_of(b->node->flows, &b->proxy_coa) : NULL;
	if (g)
		put_grant(out, g);
	if (out->n_flow)
		out->present |= MH_HAS_FLOW;
}
