/* SPDX-License-Identifier: GPL-2.0 */
/* An anchor, and gateways' revocations and answers to give it. */
#ifndef SELFTESTS_UNIT_LMA_REVOKE_BED_H
#define SELFTESTS_UNIT_LMA_REVOKE_BED_H

#include "lma_bed.h"

#include <errno.h>
#include <stdlib.h>

static inline int setup(void **state)
{
	struct bed *b = malloc(sizeof(*b));

	assert_non_null(b);
	bed_open(b);
	b->conf.revocation = (struct revocation_conf){
		.delay_ms = 1000, .max_delay_ms = 2000, .retries = 1,
	};
	*state = b;
	return 0;
}

static inline int teardown(void **state)
{
	struct bed *b = *state;

	bed_close(b);
	free(b);
	return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static inline int revoke(struct bed *b, const char *nai, uint8_t trigger)
{
	struct mn_id id = fake_nai(nai);
	struct lma_revocation v = { .mn_id = &id, .trigger = trigger };

	return lma_revoke(b->lma, &v);
}

static inline size_t bris(struct bed *b)
{
	return fake_count_mh(&b->f, MH_BRI);
}

static inline const struct mh_msg *newest_bri(struct bed *b)
{
	return &fake_find_mh(&b->f, MH_BRI, -1)->msg;
}

/* Which gateway the newest BRI went to */
static inline unsigned int bri_to(struct bed *b)
{
	return fake_find_mh(&b->f, MH_BRI, -1)->dst.s6_addr[15];
}

/* The answer to the nth BRI, negative: from the end */
static inline void answer(struct bed *b, int nth, uint8_t status)
{
	const struct fake_mh *q = fake_find_mh(&b->f, MH_BRI, nth);
	struct in6_addr mag = q->dst, lma = q->src;
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_BRA;
	m.seq = q->msg.seq;
	m.status = status;
	m.flags = q->msg.flags;
	lma_on_bra(b->lma, &mag, &lma, &m);
}

static inline bool keep_state(void *arg, const struct lma_bce_view *v)
{
	*(const char **)arg = v->state;
	return false;
}

/* Of the oldest entry */
static inline const char *state_of(struct bed *b)
{
	const char *s = "none";

	lma_each(b->lma, keep_state, &s);
	return s;
}

static inline const struct lma_counters *counters(struct bed *b)
{
	return lma_counters(b->lma);
}

static inline struct mh_msg bri(struct bed *b, uint8_t trigger, const char *nai)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_BRI;
	m.seq = ++b->seq;
	m.trigger = trigger;
	m.flags = BR_F_P | (trigger >= BRI_PEER_POLICY ? BR_F_G : 0);
	if (nai) {
		m.opts.present = MH_HAS_MN_ID;
		m.opts.mn_id = fake_nai(nai);
	}
	return m;
}

/* The answer to a BRI of a gateway */
static inline const struct mh_msg *bri_from(struct bed *b, unsigned int mag,
					    const struct mh_msg *m)
{
	struct in6_addr src = bed_mag(mag), dst = bed_lma();
	size_t before = fake_count_mh(&b->f, MH_BRA);

	lma_on_bri(b->lma, &src, &dst, m);
	assert_int_equal(fake_count_mh(&b->f, MH_BRA), before + 1);
	return &fake_find_mh(&b->f, MH_BRA, -1)->msg;
}

#endif
