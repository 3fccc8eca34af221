/* SPDX-License-Identifier: GPL-2.0 */
/* A gateway, and revocations of its anchor's to give it. */
#ifndef SELFTESTS_UNIT_MAG_REVOKE_BED_H
#define SELFTESTS_UNIT_MAG_REVOKE_BED_H

#include "mag_bed.h"

#define HNP1	"2001:db8:100:1::/64"

static inline struct mh_msg bri(struct fixture *x, uint8_t trigger, const char *nai)
{
	static uint16_t seq;
	struct mh_msg m;

	(void)x;
	memset(&m, 0, sizeof(m));
	m.kind = MH_BRI;
	m.seq = ++seq;
	m.trigger = trigger;
	m.flags = BR_F_P | (trigger >= BRI_PEER_POLICY ? BR_F_G : 0);
	if (nai) {
		m.opts.present = MH_HAS_MN_ID;
		m.opts.mn_id = fake_nai(nai);
	}
	return m;
}

static inline void with_prefix(struct mh_msg *m, const char *prefix)
{
	m->opts.present |= MH_HAS_HNP;
	m->opts.hnp[m->opts.n_hnp++].prefix = fake_prefix(prefix);
}

/* The answer to it */
static inline const struct mh_msg *revoke(struct fixture *x, const struct mh_msg *m)
{
	size_t before = fake_count_mh(&x->f, MH_BRA);

	mag_on_bri(x->m, &x->lma, &x->self, m);
	assert_int_equal(fake_count_mh(&x->f, MH_BRA), before + 1);
	return &fake_find_mh(&x->f, MH_BRA, -1)->msg;
}

static inline uint8_t status_of(struct fixture *x, struct mh_msg m)
{
	return revoke(x, &m)->status;
}

/* Attached and registered */
static inline void serve(struct fixture *x)
{
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	fake_reset(&x->f);
}

static inline void bra(struct fixture *x, int nth, uint8_t status)
{
	const struct mh_msg *q = &fake_find_mh(&x->f, MH_BRI, nth)->msg;
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_BRA;
	m.seq = q->seq;
	m.flags = q->flags;
	m.status = status;
	mag_on_bra(x->m, &x->lma, &x->self, &m);
}

#endif
