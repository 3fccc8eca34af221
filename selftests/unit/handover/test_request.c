// SPDX-License-Identifier: GPL-2.0
/* HIs and HAcks one by one: contents, repetition, and those that are nobody's. */
#include "domain_bed.h"

static const struct mh_msg *newest(struct domain *d, enum mh_kind kind)
{
	return &fake_find_mh(&d->f, kind, -1)->msg;
}

static struct mh_msg hack_to(const struct mh_msg *hi, uint8_t code)
{
	struct mh_msg m = {
		.kind = MH_HACK, .seq = hi->seq, .flags = HACK_F_P, .code = code,
		.opts = { .present = MH_HAS_MN_ID, .mn_id = hi->opts.mn_id },
	};

	return m;
}

static bool give(struct domain *d, const struct mh_msg *hack)
{
	return handover_on_hack(&d->g[P].h, &d->g[N].address, &d->g[P].address, hack);
}

/* RFC 5949 §6.1.1: P "MUST be set", S "MUST be set to zero", the MN-ID "MUST be contained" */
static void what_is_sent(void **state)
{
	struct domain *d = *state;
	const struct mh_msg *m;

	d->node.present |= MH_HAS_MULTICAST;
	leave(d, N, true);
	m = newest(d, MH_HI);
	assert_int_equal(m->flags, HI_F_P | HI_F_F | HI_F_M);
	assert_int_equal(m->code, HI_CODE_ALL_CONTEXT);
	assert_memory_equal(&m->opts, &d->node, sizeof(d->node));
	d->log[0] = '\0';
	run(d);
	/* §6.1.2: the answer has its number and identifier, and the flags that it agrees to */
	assert_int_equal(d->g[N].h.counters.hack_tx, 1);
	assert_int_equal(d->g[P].h.counters.hack_rx, 1);
	assert_int_equal(d->g[P].h.counters.hack_stray, 0);
}

/* RFC 5568 §6.2.1.1: 100 ms, "doubled during each instance", up to HI_RETRIES: the same HI */
static void repetition(void **state)
{
	static const unsigned int wait_ms[] = { 100, 200, 400 };
	struct domain *d = *state;
	struct mh_msg first;

	leave(d, N, true);
	first = *newest(d, MH_HI);
	for (size_t i = 0; i < sizeof(wait_ms) / sizeof(*wait_ms); i++) {
		fake_reset(&d->f);
		fake_advance_ms(&d->f, wait_ms[i] - 1);
		assert_int_equal(fake_count_mh(&d->f, MH_HI), 0);
		fake_advance_ms(&d->f, 1);
		assert_int_equal(fake_count_mh(&d->f, MH_HI), 1);
		assert_memory_equal(newest(d, MH_HI), &first, sizeof(first));
	}
	fake_reset(&d->f);
	fake_advance_ms(&d->f, 799);
	assert_string_equal(d->log, "");
	fake_advance_ms(&d->f, 1);
	assert_string_equal(d->log, "P:left silence\n");
	assert_int_equal(d->g[P].h.counters.silence, 1);
	assert_int_equal(d->g[P].h.counters.hi_retransmitted, 3);
}

/* RFC 5949 §6.1.2: number and identifier "copied", addresses the other way round, P set */
static void strays(void **state)
{
	struct domain *d = *state;
	struct mh_msg good, m;

	leave(d, N, true);
	good = hack_to(newest(d, MH_HI), HACK_CONTEXT);
	m = good;
	m.seq++;
	assert_false(give(d, &m));
	m = good;
	m.flags = 0;
	assert_false(give(d, &m));
	m = good;
	m.opts.mn_id.id[0] ^= 1;
	assert_false(give(d, &m));
	m = good;
	m.opts.present = 0;
	assert_false(give(d, &m));
	assert_false(handover_on_hack(&d->g[P].h, &d->g[X].address, &d->g[P].address, &good));
	assert_false(handover_on_hack(&d->g[P].h, &d->g[N].address, &d->g[X].address, &good));
	assert_string_equal(d->log, "");
	assert_int_equal(d->g[P].h.counters.hack_stray, 6);
	assert_true(give(d, &good));
	assert_string_equal(d->log, "P:forward N\n");
	assert_false(give(d, &good));
}

/* RFC 5949 §6.1.2: "128: Handover Not Accepted": so is whatever is above, also what is new */
static void codes(void **state)
{
	struct domain *d = *state;

	for (unsigned int code = 0; code < 256; code++) {
		struct mh_msg m;

		leave(d, N, false);
		m = hack_to(newest(d, MH_HI), (uint8_t)code);
		assert_true(give(d, &m));
		assert_string_equal(d->log, code < 128 ? "" : "P:left refused\n");
		d->log[0] = '\0';
		leaving_back(&d->g[P].h, &d->node.mn_id);
		d->log[0] = '\0';
		fake_reset(&d->f);
		if (code < 128) {
			/* the end of it is not asked about here */
			fake_advance_ms(&d->f, 1500);
			fake_reset(&d->f);
		}
	}
	assert_int_equal(d->g[P].h.counters.hack_refused, 128);
}

/* RFC 6275 §9.2: a gateway that does not know the type says so; it is asked no more */
static void unknown_there(void **state)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_NO_BINDING };
	struct domain *d = *state;

	leave(d, N, true);
	handover_on_binding_error(&d->g[P].h, &d->g[N].address, &be);
	be.status = BE_UNKNOWN_TYPE;
	handover_on_binding_error(&d->g[P].h, &d->g[X].address, &be);
	assert_string_equal(d->log, "");
	handover_on_binding_error(&d->g[P].h, &d->g[N].address, &be);
	assert_string_equal(d->log, "P:left unsupported\n");
	assert_int_equal(d->g[P].h.counters.unsupported, 1);
	fake_reset(&d->f);
	fake_advance_ms(&d->f, 20000);
	assert_int_equal(fake_count_mh(&d->f, MH_HI), 0);
}

/* RFC 5949 §6.1.1: without P it is RFC 5568's; without MN-ID it is about nobody */
static void what_is_not_taken(void **state)
{
	struct mh_msg hi = { .kind = MH_HI, .seq = 7, .flags = HI_F_F };
	struct domain *d = *state;
	struct in6_addr multicast = fake_addr("ff02::1");

	handover_on_hi(&d->g[P].h, &d->g[N].address, &hi);
	hi.flags |= HI_F_P;
	handover_on_hi(&d->g[P].h, &multicast, &hi);
	handover_on_hi(&d->g[P].h, &in6addr_any, &hi);
	assert_int_equal(fake_count_mh(&d->f, MH_HACK), 0);
	assert_int_equal(d->g[P].h.counters.hi_discarded, 3);
	handover_on_hi(&d->g[P].h, &d->g[N].address, &hi);
	assert_int_equal(newest(d, MH_HACK)->code, HACK_UNSPECIFIED);
	assert_int_equal(newest(d, MH_HACK)->seq, 7);
	assert_int_equal(newest(d, MH_HACK)->flags, HACK_F_P);
}

/* RFC 5949 §6.1.2: an HI that asks for context only changes nothing */
static void context_alone(void **state)
{
	struct domain *d = *state;
	struct mh_msg hi = {
		.kind = MH_HI, .seq = 9, .flags = HI_F_P,
		.opts = { .present = MH_HAS_MN_ID, .mn_id = d->node.mn_id },
	};

	handover_on_hi(&d->g[P].h, &d->g[N].address, &hi);
	assert_int_equal(newest(d, MH_HACK)->code, HACK_ALL_CONTEXT);
	assert_int_equal(newest(d, MH_HACK)->opts.n_hnp, 1);
	assert_string_equal(d->log, "");
	assert_null(d->g[P].h.leavings);
}

/* RFC 5949 §4.2: U holds packets; F, which "MUST" follow, has them go, those first */
static void hold_then_forward(void **state)
{
	struct domain *d = *state;
	struct mh_msg hi = {
		.kind = MH_HI, .seq = 9, .flags = HI_F_P | HI_F_U,
		.opts = { .present = MH_HAS_MN_ID, .mn_id = d->node.mn_id },
	};

	handover_on_hi(&d->g[P].h, &d->g[N].address, &hi);
	assert_int_equal(newest(d, MH_HACK)->flags, HACK_F_P | HACK_F_U);
	hi.seq++;
	hi.flags = HI_F_P | HI_F_F;
	handover_on_hi(&d->g[P].h, &d->g[N].address, &hi);
	assert_int_equal(newest(d, MH_HACK)->code, HACK_OK);
	assert_string_equal(d->log, "P:hold\nP:forward N\n");
	/* and room for it may lack: RFC 5949 §4.2, "insufficient buffer space" */
	d->log[0] = '\0';
	leaving_moved(&d->g[P].h, &d->node.mn_id);
	d->g[P].error = -1;
	hi.seq++;
	hi.flags = HI_F_P | HI_F_U;
	handover_on_hi(&d->g[P].h, &d->g[X].address, &hi);
	assert_int_equal(newest(d, MH_HACK)->code, HACK_NO_RESOURCES);
	assert_string_equal(d->log, "P:left done\nP:hold\nP:left failed\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_sent), T(repetition), T(strays), T(codes), T(unknown_there),
		T(what_is_not_taken), T(context_alone), T(hold_then_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
