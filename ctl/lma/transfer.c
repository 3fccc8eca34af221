// SPDX-License-Identifier: GPL-2.0
/*
 * What anchors tell each other of a node (draft: LMA handover §4.2 (c)): out of the binding
 * cache into a message, and back.
 */
#include "lma/anchoring.h"

#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

static uint16_t remaining(const struct bce *b)
{
	const uint64_t now = b->lma->env->ops->now(b->lma->env->ctx);
	const uint64_t unit = MH_LIFETIME_UNIT * NSEC_PER_SEC;

	return b->timer.deadline > now ? (uint16_t)((b->timer.deadline - now) / unit) : 0;
}

static int put_entry(struct mh_opts *o, const struct bce *b)
{
	struct mh_entry *e = &o->entry[o->n_entry];
	struct prefix p[HNP_MAX];
	unsigned int n = bce_prefixes(b, p);

	if (o->n_entry == PEERS_MAX)
		return -E2BIG;
	memset(e, 0, sizeof(*e));
	e->proxy_coa = b->proxy_coa;
	e->lla = b->lla;
	e->llid = b->llid;
	e->seq = b->seq;
	e->lifetime = remaining(b);
	e->bid = b->bid;
	e->pri = b->pri;
	e->hi = b->hi;
	e->att = b->att;
	e->flags = b->speaks ? MH_ENTRY_F_S : 0;
	for (unsigned int i = 0; i < n; i++) {
		int at = mh_add_hnp(o, &p[i]);

		if (at < 0)
			return -E2BIG;
		e->prefixes |= (uint8_t)(1U << at);
	}
	o->n_entry++;
	return 0;
}

/* What is dropped has this beside its origin: no RFC's option says so */
#define ORIGIN_DROP	0x80

static void put_flow(struct mh_opts *o, const struct node_flows *nf, const struct lma_flow *f)
{
	const struct flow *e = fmc_find(&nf->cache, f->fid);
	struct mh_flow_state *s = &o->flow_state[o->n_flow];
	struct mh_flow *m = &o->flow[o->n_flow++];

	m->fid = e->spec.fid;
	m->pri = e->spec.pri;
	m->present = MH_FLOW_HAS_SELECTOR | (e->spec.n_bid ? MH_FLOW_HAS_BIDS : 0);
	m->selector = e->spec.selector;
	m->n_bid = e->spec.n_bid;
	memcpy(m->bid, e->spec.bid, sizeof(m->bid));
	s->fid = e->spec.fid;
	s->origin = (uint8_t)(f->origin | (e->spec.verdict == FLOW_DROP ? ORIGIN_DROP : 0));
	s->lifetime = (uint16_t)flow_remaining(&nf->cache, e);
}

static void put_flows(struct mh_opts *o, const struct node_flows *nf)
{
	const struct lma_flow *f;

	DL_FOREACH(nf->flows, f)
		if (o->n_flow < FLOWS_MAX)
			put_flow(o, nf, f);
	o->n_flow_state = o->n_flow;
	if (o->n_flow)
		o->present |= MH_HAS_FLOW;
}

static bool fits(const struct lma *l, const struct mh_opts *o)
{
	struct mh_msg m = { .kind = MH_LMA_HO_INIT, .opts = *o };
	uint8_t buf[MH_MAX];

	return mh_encode(&m, buf, sizeof(buf), &l->conf->address, &l->conf->address, NULL) > 0;
}

/**
 * transfer_write() - all that another anchor needs to know of a node
 * @l: this anchor
 * @n: the node
 * @o: the options of a message, zero at first
 *
 * Return: 0; -ENOENT if no gateway serves it; -E2BIG if it is more than a message holds.
 */
int transfer_write(struct lma *l, const struct node *n, struct mh_opts *o)
{
	const struct bce *b;
	int err;

	o->mn_id = node_id(n);
	o->present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_CONTEXT;
	if (n->timestamp) {
		o->present |= MH_HAS_TIMESTAMP;
		o->timestamp = n->timestamp;
	}
	if (n->anchoring && anchoring_is_guest(n->anchoring)) {
		o->present |= MH_HAS_LMA;
		o->n_lma = 1;
		o->lma[0] = n->anchoring->anchor;
	}
	DL_FOREACH(n->bces, b) {
		err = b->gw ? put_entry(o, b) : 0;
		if (err)
			return err;
	}
	if (!o->n_entry)
		return -ENOENT;
	if (n->flows)
		put_flows(o, n->flows);
	return fits(l, o) ? 0 : -E2BIG;
}

/* Which entries have a prefix */
static uint8_t members(const struct mh_opts *o, unsigned int prefix)
{
	uint8_t m = 0;

	for (unsigned int i = 0; i < o->n_entry; i++)
		if (o->entry[i].prefixes & 1U << prefix)
			m |= (uint8_t)(1U << i);
	return m;
}

static uint8_t check(const struct anchoring *h, const struct mh_opts *o)
{
	if (!o->n_entry || !o->n_hnp)
		return LMA_HACK_UNSPECIFIED;
	for (unsigned int i = 0; i < o->n_entry; i++)
		if (o->entry[i].prefixes >> o->n_hnp)
			return LMA_HACK_UNSPECIFIED;
	for (unsigned int i = 0; i < o->n_hnp; i++) {
		const struct prefix *p = &o->hnp[i].prefix;
		const struct hnp *x = hnp_find(h->lma, p);

		if (!hnp_given(&o->hnp[i]) || mh_find_hnp(o, p) != (int)i || !members(o, i))
			return LMA_HACK_UNSPECIFIED;
		if (x && x->set->node != h->node)
			return LMA_HACK_PREFIX_TAKEN;
	}
	return LMA_HACK_OK;
}

/* Prefixes that the same entries have are one session's */
static int make_sets(struct anchoring *h, const struct mh_opts *o)
{
	for (unsigned int i = 0; i < o->n_hnp; i++) {
		enum hnp_origin origin[HNP_MAX];
		struct prefix p[HNP_MAX];
		struct hnp_set *set;
		unsigned int n = 0;

		if (hnp_find(h->lma, &o->hnp[i].prefix))
			continue;
		for (unsigned int j = i; j < o->n_hnp; j++)
			if (members(o, j) == members(o, i)) {
				origin[n] = HNP_HANDED;
				p[n++] = o->hnp[j].prefix;
			}
		if (h->n_set == HNP_MAX)
			return -1;
		set = hnp_set_recall(h->lma, h->node, p, origin, n);
		if (!set)
			return -1;
		set->users++;
		h->set[h->n_set++] = set;
	}
	return 0;
}

static unsigned int users_in(struct lma *l, const struct mh_opts *o, const struct hnp_set *set)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < o->n_entry; i++)
		for (unsigned int j = 0; j < o->n_hnp; j++)
			if ((o->entry[i].prefixes & 1U << j) &&
			    hnp_find(l, &o->hnp[j].prefix)->set == set) {
				n++;
				break;
			}
	return n;
}

/* Its own, and what it has in common with the others */
static int sets_of(struct lma *l, const struct mh_opts *o, const struct mh_entry *e,
		   struct hnp_set *found[2])
{
	found[0] = NULL;
	found[1] = NULL;
	for (unsigned int i = 0; i < o->n_hnp; i++) {
		struct hnp_set *set;

		if (!(e->prefixes & 1U << i))
			continue;
		set = hnp_find(l, &o->hnp[i].prefix)->set;
		if (set == found[0] || set == found[1])
			continue;
		if (found[1])
			return -1;
		found[found[0] ? 1 : 0] = set;
	}
	if (found[1] && users_in(l, o, found[0]) > users_in(l, o, found[1])) {
		struct hnp_set *own = found[1];

		found[1] = found[0];
		found[0] = own;
	}
	return 0;
}

static int make_entry(struct anchoring *h, const struct mh_opts *o, const struct mh_entry *e,
		      uint64_t ms)
{
	struct lma *l = h->lma;
	struct hnp_set *sets[2];
	struct bce *b;
	uint64_t now = l->env->ops->now(l->env->ctx);

	if (sets_of(l, o, e, sets))
		return -1;
	b = bce_new(l, h->node, sets[0], sets[1]);
	if (!b)
		return -1;
	b->state = BCE_HANDED;
	b->proxy_coa = e->proxy_coa;
	b->lla = e->lla;
	b->llid = e->llid;
	b->seq = e->seq;
	b->bid = e->bid;
	b->pri = e->pri;
	b->hi = e->hi;
	b->att = e->att;
	b->speaks = e->flags & MH_ENTRY_F_S;
	b->updated = now;
	if (b->bid > h->node->last_bid)
		h->node->last_bid = b->bid;
	return timerq_set(l->env->timers, &b->timer, now + ms * NSEC_PER_MSEC);
}

static const struct mh_flow *flow_of(const struct mh_opts *o, uint16_t fid)
{
	for (unsigned int i = 0; i < o->n_flow; i++)
		if (o->flow[i].fid == fid && (o->flow[i].present & MH_FLOW_HAS_SELECTOR))
			return &o->flow[i];
	return NULL;
}

static void add_flow(struct handed_flows *f, const struct mh_flow *m,
		     const struct mh_flow_state *s)
{
	struct flow_spec *to = &f->spec[f->n];

	*to = (struct flow_spec){
		.fid = m->fid, .pri = m->pri, .n_bid = m->n_bid, .selector = m->selector,
		.verdict = s->origin & ORIGIN_DROP ? FLOW_DROP : FLOW_FORWARD,
	};
	memcpy(to->bid, m->bid, sizeof(to->bid));
	f->lifetime[f->n++] = s->lifetime;
}

/* Those of the policy and of the node come with its registrations */
static int read_flows(struct anchoring *h, const struct mh_opts *o)
{
	free(h->flows);
	h->flows = NULL;
	for (unsigned int i = 0; i < o->n_flow_state; i++) {
		const struct mh_flow_state *s = &o->flow_state[i];
		const struct mh_flow *m = flow_of(o, s->fid);

		if (!m || (s->origin & ~ORIGIN_DROP) != LMA_FLOW_OPERATOR)
			continue;
		if (!h->flows)
			h->flows = calloc(1, sizeof(*h->flows));
		if (!h->flows)
			return -1;
		add_flow(h->flows, m, s);
	}
	return 0;
}

static void undo(struct anchoring *h, unsigned int n_set)
{
	while (h->node->bces)
		bce_free(h->lma, h->node->bces);
	while (h->n_set > n_set)
		hnp_set_put(h->lma, h->set[--h->n_set]);
}

/**
 * transfer_read() - make a node's entries of what another anchor says of it
 * @h: the node, which has none
 * @o: the options of its message
 * @ms: for how long they wait for their gateways
 *
 * Return: enum lma_hack_status; but for 0 nothing has changed.
 */
uint8_t transfer_read(struct anchoring *h, const struct mh_opts *o, uint64_t ms)
{
	const unsigned int n_set = h->n_set;
	uint8_t status = check(h, o);
	int err;

	if (status)
		return status;
	err = make_sets(h, o);
	for (unsigned int i = 0; i < o->n_entry && !err; i++)
		err = make_entry(h, o, &o->entry[i], ms);
	if (!err)
		err = read_flows(h, o);
	if (!err)
		return LMA_HACK_OK;
	undo(h, n_set);
	return LMA_HACK_NO_RESOURCES;
}
