// SPDX-License-Identifier: GPL-2.0
/*
 * Flows in a registration: what a gateway asks for on behalf of a node that decides
 * itself (draft: flow mobility §3.2.2, RFC 6089 §5.3.2), and what is answered.
 */
#include "lma/flows.h"

#include "flow/option.h"

#include <errno.h>
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

static bool is_refresh(const struct mh_flow *f)
{
	return (f->present & MH_FLOW_HAS_ACTION) && f->action == FLOW_REFRESH;
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

static const struct flow *entry(const struct bce *b, uint16_t fid)
{
	return b->node->flows ? fmc_find(&b->node->flows->cache, fid) : NULL;
}

/*
 * Without attachments of its own a flow goes through the one that is registered: if it
 * is new, or is to come here, or all that it had have gone.
 */
static bool comes_here(const struct flow *known, const struct mh_flow *f)
{
	const bool says = f->present & MH_FLOW_HAS_ACTION;

	if (!known || !known->active || !known->spec.n_bid)
		return true;
	return says && (f->action == FLOW_ADD || f->action == FLOW_MOVE);
}

static void add_asker(struct lma_flow *f, uint16_t bid)
{
	unsigned int i;

	for (i = 0; i < f->n_asker; i++)
		if (f->asker[i] == bid)
			return;
	if (f->n_asker < PEERS_MAX)
		f->asker[f->n_asker++] = bid;
}

/* RFC 6089 §5.3.2.2: of a flow that is known, what is not said stays */
static int want(struct lma *l, const struct bce *b, const struct mh_flow *f)
{
	const struct flow *known = entry(b, f->fid);
	struct flow_spec s = { 0 };
	int err;

	/* RFC 6089 §5.3.2.1: it "MUST reject this request", by the status "malformed" */
	if (!known && !(f->present & MH_FLOW_HAS_SELECTOR))
		return -EINVAL;
	if (known)
		s = known->spec;
	if (comes_here(known, f)) {
		s.n_bid = 1;
		s.bid[0] = b->bid;
	}
	flow_option_apply(f, &s);
	err = flows_put(l, b->node, &s, FLOW_FOREVER, LMA_FLOW_NODE);
	if (!err)
		add_asker(flows_find(b->node->flows, s.fid), b->bid);
	return err;
}

static bool any_twice(const struct mh_opts *o)
{
	for (unsigned int i = 0; i < o->n_flow + o->n_spare; i++)
		if (flow_option_twice(o, i))
			return true;
	return false;
}

static bool may_ask(const struct profile *prof)
{
	return prof->decides == FLOW_DECIDES_NODE && profile_moves_flows(prof);
}

static uint8_t take(struct lma *l, const struct bce *b, const struct profile *prof,
		    const struct mh_flow *f, bool anew)
{
	if (f->malformed)
		return FLOW_MALFORMED;
	if (!may_ask(prof))
		return FLOW_PROHIBITED;
	/* RFC 6089 §5.3.3: what is refreshed and not there is "FID not found" */
	if (is_refresh(f) && !anew && !entry(b, f->fid))
		return FLOW_NO_FID;
	return status_of(is_removal(f) ? forget(b->node, f->fid) : want(l, b, f));
}

/* One beyond those that a node can have: RFC 6089 §4.2 has no reason for that */
static uint8_t spare(const struct profile *prof, const struct mh_flow_name *f)
{
	if (!f->fid || !f->pri)
		return FLOW_MALFORMED;
	return may_ask(prof) ? FLOW_UNSPECIFIED : FLOW_PROHIBITED;
}

/**
 * flows_wanted() - take what a registration says of flows
 * @l: the anchor
 * @b: the entry, accepted already
 * @prof: the node's profile; unless the node decides, 128 answers all
 * @o: the request's options
 * @anew: the entry begins, so that what it refreshes may have been forgotten here;
 *	else what is not there has ended, perhaps by another gateway
 * @status: of each flow, enum flow_status, those that do not fit behind the others
 *
 * To be settled when the answer is on its way: the gateway knows the node then.
 */
void flows_wanted(struct lma *l, const struct bce *b, const struct profile *prof,
		  const struct mh_opts *o, bool anew, uint8_t status[FLOWS_ASKED])
{
	const bool none = any_twice(o);

	for (unsigned int i = 0; i < o->n_flow; i++)
		status[i] = none ? FLOW_UNSPECIFIED : take(l, b, prof, &o->flow[i], anew);
	for (unsigned int i = 0; i < o->n_spare; i++)
		status[o->n_flow + i] = none ? FLOW_UNSPECIFIED : spare(prof, &o->spare[i]);
}

/*
 * Draft §3.2.2: "that can convey full flow information MUST be included in the PBA": what
 * became of a request's flow: all of it, if it is there, else why it is not.
 */
static void put_answer(struct mh_opts *out, const struct bce *b, const struct mh_flow *f,
		       uint8_t status)
{
	const uint8_t said = f->present & MH_FLOW_HAS_ACTION ? f->action : FLOW_ADD;
	const struct flow *e = status || is_removal(f) ? NULL : entry(b, f->fid);
	struct mh_flow a = { .fid = f->fid, .pri = f->pri, .status = status };

	if (e) {
		a = flow_option_of(&e->spec, said);
	} else if (f->present & MH_FLOW_HAS_ACTION) {
		a.present = MH_FLOW_HAS_ACTION;
		a.action = said;
	}
	out->flow[out->n_flow++] = a;
}

/* RFC 6089 §5.3.5: "copy each flow identification mobility option received" */
static void put_spare(struct mh_opts *out, const struct mh_opts *o, const uint8_t *status)
{
	unsigned int i;

	for (i = 0; i < o->n_spare; i++) {
		out->spare[i] = o->spare[i];
		out->spare[i].status = status[o->n_flow + i];
	}
	out->n_spare = o->n_spare;
}

static void put_flow(struct mh_opts *out, const struct flow_spec *s, uint8_t action)
{
	unsigned int i;

	for (i = 0; i < out->n_flow; i++)
		if (out->flow[i].fid == s->fid)
			return;
	if (out->n_flow < FLOWS_MAX)
		out->flow[out->n_flow++] = flow_option_of(s, action);
}

static void put_routed(struct mh_opts *out, const struct prefix *p, unsigned int n)
{
	unsigned int i, had;

	for (i = 0; i < n; i++) {
		had = out->n_hnp;
		if (mh_add_hnp(out, &p[i]) == (int)had)
			out->hnp[had].off_link = true;
	}
}

/* Whether what the gateway keeps is what it is to keep, but for flows that are to come */
static bool is_settled(const struct bce *b, const struct lma_grant *g)
{
	unsigned int i;

	if (!flow_grant_settled(g->grant))
		return false;
	/* one that the request at hand has removed is about to be taken back */
	for (i = 0; i < g->n_told; i++)
		if (!g->told[i].known || !entry(b, g->told[i].spec.fid))
			return false;
	return true;
}

static void put_grant(struct mh_opts *out, const struct lma_grant *g)
{
	unsigned int i;

	for (i = 0; i < g->n_told; i++)
		put_flow(out, &g->told[i].spec, FLOW_REFRESH);
	put_routed(out, g->open, g->n_open);
}

/*
 * RFC 7864 §3.3: the flows that an attachment brings here: they need not wait for the
 * message that the gateway gets of them next, and that it has to answer.
 */
static void put_coming(struct mh_opts *out, const struct bce *b)
{
	const struct node_flows *nf = b->node->flows;
	const struct lma_flow *f;
	struct prefix p[HNP_MAX];
	struct flow_spec s;
	unsigned int n;

	DL_FOREACH(nf->flows, f) {
		s = *flow_wish(nf, f);
		if (s.verdict == FLOW_DROP || !flow_has_bid(&s, b->bid) ||
		    grant_told(nf, b, f->fid) || !flow_told(b, &s, p, &n))
			continue;
		s.n_bid = 1;
		s.bid[0] = b->bid;
		put_flow(out, &s, FLOW_ADD);
		put_routed(out, p, n);
	}
}

/* All that the gateway is to keep, or nothing: RFC 7864 §3.4 removes what is left out */
static void put_kept(struct mh_opts *out, const struct bce *b)
{
	const struct node_flows *nf = b->node->flows;
	const struct lma_grant *g = grant_of(nf, &b->proxy_coa);

	if (g && !is_settled(b, g))
		return;
	if (g)
		put_grant(out, g);
	/* RFC 5213 §8.3: to one that does not know L such a prefix is as the others */
	if (flow_initiator_knows(&nf->lma->flow_initiator, &b->proxy_coa))
		put_coming(out, b);
}

/**
 * flows_answer() - what an acknowledgement says of flows
 * @b: the entry
 * @o: the request's options
 * @status: of each of its flows, NULL: it had none
 * @out: the acknowledgement's options
 *
 * RFC 6089 §5.3.2: what became of those of the request; RFC 7864 §3.3 and §3.4: the
 * flows that the gateway keeps or is to keep, and with the L bit the prefixes that it
 * routes for them.  Each has its selector, its attachments and an action.
 */
void flows_answer(const struct bce *b, const struct mh_opts *o, const uint8_t *status,
		  struct mh_opts *out)
{
	unsigned int i;

	for (i = 0; status && i < o->n_flow; i++)
		put_answer(out, b, &o->flow[i], status[i]);
	if (status)
		put_spare(out, o, status);
	if (b->node->flows)
		put_kept(out, b);
	if (out->n_flow)
		out->present |= MH_HAS_FLOW;
}
