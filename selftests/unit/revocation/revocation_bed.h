/* SPDX-License-Identifier: GPL-2.0 */
/* Messages about revocation. */
#ifndef SELFTESTS_UNIT_REVOCATION_BED_H
#define SELFTESTS_UNIT_REVOCATION_BED_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "fake_env.h"

static inline struct mh_msg bri(uint16_t seq, uint8_t trigger, uint16_t flags)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_BRI;
	m.seq = seq;
	m.trigger = trigger;
	m.flags = flags;
	return m;
}

static inline struct mh_msg bri_of(uint16_t seq, uint8_t trigger, const char *nai)
{
	struct mh_msg m = bri(seq, trigger, BR_F_P);

	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = fake_nai(nai);
	return m;
}

static inline void add_prefix(struct mh_msg *m, const char *prefix)
{
	m->opts.present |= MH_HAS_HNP;
	m->opts.hnp[m->opts.n_hnp++].prefix = fake_prefix(prefix);
}

static inline struct mh_msg bra(uint16_t seq, uint8_t status)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_BRA;
	m.seq = seq;
	m.status = status;
	m.flags = BR_F_P;
	return m;
}

#endif
