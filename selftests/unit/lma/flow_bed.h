/* SPDX-License-Identifier: GPL-2.0 */
/* Flows of a node with two attachments, and gateways that answer about them. */
#ifndef SELFTESTS_UNIT_LMA_FLOW_BED_H
#define SELFTESTS_UNIT_LMA_FLOW_BED_H

#include "lma_bed.h"

#include <errno.h>

/* A node attached by IF1 to MAG 1 and by IF2 to MAG 2: BIDs 1 and 2 */
struct pair {
	struct bed b;
	struct mn_id id;
	struct prefix p1, p2;
};

/* A registration with any number of prefixes */
static inline struct prefix pair_attach(struct pair *p, const char *nai, unsigned int mag,
					const char *llid, uint8_t att)
{
	struct mh_msg m = bed_pbu(&p->b, nai, HI_NEW_INTERFACE);
	const struct mh_msg *pba;

	bed_llid(&m, llid);
	m.opts.att = att;
	pba = bed_send(&p->b, mag, &m);
	assert_non_null(pba);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	return pba->opts.hnp[0].prefix;
}

static inline void pair_open(struct pair *p, const char *nai)
{
	bed_open(&p->b);
	p->id = fake_nai(nai);
	p->p1 = pair_attach(p, nai, 1, IF1, 4);
	p->p2 = pair_attach(p, nai, 2, IF2, 3);
}

static inline void pair_close(struct pair *p)
{
	bed_close(&p->b);
}

static inline struct mh_msg pair_leave_msg(struct pair *p, const char *llid, uint8_t att)
{
	struct mh_msg m = bed_pbu(&p->b, "any", HI_NEW_INTERFACE);

	m.opts.mn_id = p->id;
	m.opts.att = att;
	m.lifetime = 0;
	bed_llid(&m, llid);
	return m;
}

/* UDP to a port, through one attachment */
static inline struct flow_spec udp_flow(uint16_t fid, uint16_t port, uint16_t bid)
{
	struct flow_spec s = {
		.fid = fid, .pri = fid, .n_bid = 1, .bid = { bid },
		.selector = {
			.format = SELECTOR_IPV6,
			.fields = SELECTOR_HAS(SELECTOR_PROTO) | SELECTOR_HAS(SELECTOR_DPORT),
			.proto = { 17, 17 }, .dport = { port, port },
		},
	};

	return s;
}

/* Of these packets those to one prefix */
static inline void flow_to(struct flow_spec *s, const struct prefix *p)
{
	s->selector.fields |= SELECTOR_HAS(SELECTOR_DST);
	s->selector.ranges |= SELECTOR_HAS(SELECTOR_DST);
	s->selector.dst[0] = p->addr;
	s->selector.dst[1] = p->addr;
	memset(s->selector.dst[1].s6_addr + 8, 0xff, 8);
}

/* The last message of a kind to a gateway */
static inline const struct fake_mh *pair_last(struct pair *p, enum mh_kind kind,
					      unsigned int mag)
{
	struct in6_addr gw = bed_mag(mag);
	const struct fake_mh *q;
	int n = -1;

	while ((q = fake_find_mh(&p->b.f, kind, n--)))
		if (IN6_ARE_ADDR_EQUAL(&q->dst, &gw))
			return q;
	fail_msg("no message to MAG %u", mag);
	return NULL;
}

/* is answered. */
static inline void pair_answer(struct pair *p, enum mh_kind kind, unsigned int mag,
			       uint8_t status)
{
	const struct fake_mh *q = pair_last(p, kind, mag);
	struct in6_addr gw = bed_mag(mag);
	struct mh_msg m;

	m = q->msg;
	m.status = status;
	m.kind = kind == MH_FMI ? MH_FMA : MH_UPA;
	if (kind == MH_FMI)
		lma_on_fma(p->b.lma, &gw, &q->src, &m);
	else
		lma_on_upa(p->b.lma, &gw, &q->src, &m);
}

/* What the kernel has of a flow now; NULL: nothing */
static inline const struct dp_flow *pair_kernel(struct pair *p, uint16_t fid)
{
	size_t i;

	for (i = p->b.f.len; i-- > 0;) {
		const struct fake_action *a = &p->b.f.v[i];

		if (a->refused)
			continue;
		if (a->kind == FAKE_FLOW_SET && a->flow.fid == fid)
			return &a->flow;
		if (a->kind == FAKE_FLOW_DEL && a->flow_del.fid == fid)
			return NULL;
	}
	return NULL;
}

static inline bool pair_keep_view(void *arg, const struct lma_flow_view *v)
{
	*(struct lma_flow_view *)arg = *v;
	return false;
}

/* The first flow that is shown */
static inline bool pair_view(struct pair *p, struct lma_flow_view *v)
{
	memset(v, 0, sizeof(*v));
	lma_each_flow(p->b.lma, &p->id, pair_keep_view, v);
	return v->spec;
}

#endif
