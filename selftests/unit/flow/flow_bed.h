/* SPDX-License-Identifier: GPL-2.0 */
/* Flows, and messages about them. */
#ifndef SELFTESTS_UNIT_FLOW_BED_H
#define SELFTESTS_UNIT_FLOW_BED_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "fake_env.h"
#include "flow/cache.h"

/* A flow to one port of a node, through one attachment */
static inline struct flow_spec flow(uint16_t fid, uint16_t pri)
{
	struct flow_spec s = {
		.fid = fid, .pri = pri, .n_bid = 1, .bid = { 2 },
		.selector = {
			.format = SELECTOR_IPV6, .fields = SELECTOR_HAS(SELECTOR_DPORT),
			.dport = { (uint16_t)(1000 + fid) },
		},
	};

	selector_normalise(&s.selector);
	return s;
}

static inline struct mh_msg message(enum mh_kind kind, uint16_t seq, uint16_t lifetime)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = kind;
	m.seq = seq;
	m.lifetime = lifetime;
	if (kind == MH_UPN) {
		m.reason = UPN_FLOW_MOBILITY;
		m.flags = UPN_F_A;
	}
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = fake_nai("mn1@example.org");
	return m;
}

static inline struct mh_flow *add_flow(struct mh_msg *m, const struct flow_spec *s)
{
	struct mh_flow *f = &m->opts.flow[m->opts.n_flow++];

	m->opts.present |= MH_HAS_FLOW;
	f->fid = s->fid;
	f->pri = s->pri;
	f->present = MH_FLOW_HAS_SELECTOR | MH_FLOW_HAS_BIDS;
	f->selector = s->selector;
	f->n_bid = s->n_bid;
	memcpy(f->bid, s->bid, sizeof(s->bid));
	return f;
}

static inline void add_prefix(struct mh_msg *m, const char *prefix, bool off_link)
{
	struct mh_hnp *h = &m->opts.hnp[m->opts.n_hnp++];

	m->opts.present |= MH_HAS_HNP;
	h->prefix = fake_prefix(prefix);
	h->off_link = off_link;
}

#endif
