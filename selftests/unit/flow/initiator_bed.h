/* SPDX-License-Identifier: GPL-2.0 */
/* An anchor with a recorder around it, and a gateway's answers to give it. */
#ifndef SELFTESTS_UNIT_FLOW_INITIATOR_BED_H
#define SELFTESTS_UNIT_FLOW_INITIATOR_BED_H

#include <errno.h>

#include "flow_bed.h"
#include "flow/initiator.h"

#define NUMBERS	65536		/* that a sequence number can have */

struct bed {
	struct fake_env f;
	struct flow_initiator fi;
	struct flow_initiator_conf conf;
	struct flow_grant *g;
	struct in6_addr self, mag, other;
	struct mn_id id;
	unsigned int kept, lost;
	uint16_t fid;			/* the last one heard of */
	enum flow_loss why;
	bool free_on_loss;
	uint16_t seqs[NUMBERS + 1];	/* in the order in which they left */
};

static inline void kept(void *arg, uint16_t fid)
{
	struct bed *b = arg;

	b->kept++;
	b->fid = fid;
}

static inline void lost(void *arg, uint16_t fid, enum flow_loss why)
{
	struct bed *b = arg;

	b->lost++;
	b->fid = fid;
	b->why = why;
	if (!b->free_on_loss || !b->g)
		return;
	flow_grant_free(b->g);
	b->g = NULL;
}

static const struct flow_initiator_ops ops = { kept, lost };

static inline int setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	b->self = fake_addr("2001:db8:0:1::1");
	b->mag = fake_addr("2001:db8:0:2::1");
	b->other = fake_addr("2001:db8:0:2::2");
	b->id = fake_nai("mn1@example.org");
	b->conf = (struct flow_initiator_conf) {
		.lifetime = 1000, .fmi_ms = 500, .upn_ms = 1000, .upn_retries = 1,
	};
	flow_initiator_init(&b->fi, &b->f.env, &b->conf, &ops, &b->self);
	b->g = flow_grant_new(&b->fi, &b->mag, &b->id, b);
	assert_non_null(b->g);
	*state = b;
	return 0;
}

static inline int teardown(void **state)
{
	struct bed *b = *state;

	flow_initiator_free(&b->fi);
	assert_int_equal(b->f.timers.len, 0);
	fake_free(&b->f);
	free(b);
	return 0;
}

/* From here on, this gateway is configured so */
static inline void speak(struct bed *b, uint8_t dialect)
{
	flow_initiator_free(&b->fi);
	b->conf.dialect = dialect;
	b->g = flow_grant_new(&b->fi, &b->mag, &b->id, b);
}

static inline void set(struct bed *b, uint16_t fid, uint16_t pri)
{
	struct flow_spec s = flow(fid, pri);

	assert_int_equal(flow_grant_set(b->g, &s), 0);
}

static inline size_t sent(struct bed *b)
{
	return fake_count_mh(&b->f, MH_FMI) + fake_count_mh(&b->f, MH_UPN);
}

static inline const struct mh_msg *newest(struct bed *b)
{
	const struct fake_mh *fmi = fake_find_mh(&b->f, MH_FMI, -1);
	const struct fake_mh *upn = fake_find_mh(&b->f, MH_UPN, -1);

	if (fake_index_mh(&b->f, MH_UPN, -1) > fake_index_mh(&b->f, MH_FMI, -1))
		return &upn->msg;
	return &fmi->msg;
}

/* Seconds until something more leaves */
static inline unsigned int until_next(struct bed *b)
{
	size_t n = sent(b);
	unsigned int s;

	for (s = 0; s < 1000000 && sent(b) == n; s++)
		fake_advance_ms(&b->f, 1000);
	return s;
}

static inline struct mh_msg answer_to(const struct mh_msg *m, uint8_t status)
{
	bool upn = m->kind == MH_UPN;
	struct mh_msg a = message(upn ? MH_UPA : MH_FMA, m->seq,
				  status || upn ? 0 : m->lifetime);

	a.status = status;
	return a;
}

static inline void give(struct bed *b, const struct mh_msg *a)
{
	if (a->kind == MH_UPA)
		flow_initiator_on_upa(&b->fi, &b->mag, &b->self, a);
	else
		flow_initiator_on_fma(&b->fi, &b->mag, &b->self, a);
}

static inline void answer(struct bed *b, uint8_t status)
{
	struct mh_msg a = answer_to(newest(b), status);

	give(b, &a);
}

static inline void binding_error(struct bed *b, uint8_t status)
{
	struct mh_msg be = { .kind = MH_BE, .status = status };

	flow_initiator_on_binding_error(&b->fi, &b->mag, &be);
}

#endif
