// SPDX-License-Identifier: GPL-2.0
/* Flow Identification options that are refused, and at which byte. */
#include "bad.h"
#include "flow.h"

static const struct bad bad[] = {
	{ "too short", { 45, 5, 0, 1, 0, 1, 0 }, 7, MH_ERR_OPT_LENGTH, 1 },
	{ "empty", { 45, 0 }, 2, MH_ERR_OPT_LENGTH, 1 },
	{ "FID 0", { 45, 6, 0, 0, 0, 1, 0, 0 }, 8, MH_ERR_OPT_VALUE, 2 },
	{ "priority 0", { 45, 6, 0, 1, 0, 0, 0, 0 }, 8, MH_ERR_OPT_VALUE, 4 },
	{ "type without length", { 45, 7, 0, 1, 0, 1, 0, 0, 2 }, 9, MH_ERR_OPT_RUNS_OUT, 8 },
	{ "unknown one beyond the end", { 45, 10, 0, 1, 0, 1, 0, 0, 99, 3, 0, 0 }, 12,
	  MH_ERR_OPT_RUNS_OUT, 9 },
	{ "PadN beyond the end", { 45, 8, 0, 1, 0, 1, 0, 0, 1, 1 }, 10, MH_ERR_OPT_RUNS_OUT, 9 },
	{ "no BID", { 45, 8, 0, 1, 0, 1, 0, 0, 2, 0 }, 10, MH_ERR_OPT_LENGTH, 9 },
	{ "half a BID", { 45, 11, 0, 1, 0, 1, 0, 0, 2, 3, 0, 1, 0 }, 13, MH_ERR_OPT_LENGTH, 9 },
	{ "BID 0", { 45, 12, 0, 1, 0, 1, 0, 0, 2, 4, 0, 1, 0, 0 }, 14, MH_ERR_OPT_VALUE, 12 },
	{ "nine BIDs",
	  { 45, 26, 0, 1, 0, 1, 0, 0, 2, 18, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8,
	  0, 9 }, 28, MH_ERR_TOO_MANY, 8 },
	{ "two references", { 45, 14, 0, 1, 0, 1, 0, 0, 2, 2, 0, 1, 2, 2, 0, 2 }, 16,
	  MH_ERR_TOO_MANY, 12 },
	{ "two selectors",
	  { 45, 22, 0, 1, 0, 1, 0, 0, 3, 6, 1, 0, 0, 0, 0, 0, 3, 6, 1, 0, 0, 0, 0, 0 }, 24,
	  MH_ERR_TOO_MANY, 16 },
	{ "two actions", { 45, 14, 0, 1, 0, 1, 0, 0, 4, 2, 0, 11, 4, 2, 0, 11 }, 16,
	  MH_ERR_TOO_MANY, 12 },
	{ "short action", { 45, 9, 0, 1, 0, 1, 0, 0, 4, 1, 11 }, 11, MH_ERR_OPT_LENGTH, 9 },
	{ "long action", { 45, 11, 0, 1, 0, 1, 0, 0, 4, 3, 0, 11, 0 }, 13, MH_ERR_OPT_LENGTH, 9 },
	{ "target of 5 bytes", { 45, 15, 0, 1, 0, 1, 0, 0, 5, 7, 0, 0, 1, 2, 3, 4, 5 }, 17,
	  MH_ERR_OPT_LENGTH, 9 },
	{ "target of none", { 45, 10, 0, 1, 0, 1, 0, 0, 5, 2, 0, 0 }, 12, MH_ERR_OPT_LENGTH, 9 },
	{ "target multicast", { 45, 26, 0, 1, 0, 1, 0, 0, 5, 18, 0, 0, 0xff, 2, [27] = 1 }, 28,
	  MH_ERR_OPT_VALUE, 12 },
	{ "target unspecified", { 45, 26, 0, 1, 0, 1, 0, 0, 5, 18, 0, 0, [27] = 0 }, 28,
	  MH_ERR_OPT_VALUE, 12 },
	{ "target IPv4 in IPv6",
	  { 45, 26, 0, 1, 0, 1, 0, 0, 5, 18, 0, 0, [22] = 0xff, 0xff, 1, 2, 3, 4 }, 28,
	  MH_ERR_OPT_VALUE, 12 },
	{ "selector empty", { 45, 8, 0, 1, 0, 1, 0, 0, 3, 0 }, 10, MH_ERR_OPT_LENGTH, 9 },
	{ "selector without flags", { 45, 13, 0, 1, 0, 1, 0, 0, 3, 5, 2, 0, 0, 0, 0 }, 15,
	  MH_ERR_OPT_LENGTH, 9 },
	{ "format 0", { 45, 14, 0, 1, 0, 1, 0, 0, 3, 6, 0, 0, 0, 0, 0, 0 }, 16,
	  MH_ERR_OPT_VALUE, 10 },
	{ "a value too few", { 45, 14, 0, 1, 0, 1, 0, 0, 3, 6, 1, 0, 0, 8, 0, 0 }, 16,
	  MH_ERR_OPT_LENGTH, 9 },
	{ "a value too many", { 45, 16, 0, 1, 0, 1, 0, 0, 3, 8, 1, 0, 0, 8, 0, 0, 6, 6 }, 18,
	  MH_ERR_OPT_LENGTH, 9 },
	{ "N without M", { 45, 15, 0, 1, 0, 1, 0, 0, 3, 7, 1, 0, 0, 4, 0, 0, 6 }, 17,
	  MH_ERR_OPT_VALUE, 12 },
	{ "P without O", { 45, 15, 0, 1, 0, 1, 0, 0, 3, 7, 2, 0, 0, 1, 0, 0, 6 }, 17,
	  MH_ERR_OPT_VALUE, 12 },
	{ "B without A", { 45, 18, 0, 1, 0, 1, 0, 0, 3, 10, 1, 0, 0x40, 0, 0, 0, 1, 2, 3, 4 }, 20,
	  MH_ERR_OPT_VALUE, 12 },
	{ "protocols backwards",
	  { 45, 17, 0, 1, 0, 1, 0, 0, 3, 9, 1, 0, 0, 0x2c, 0, 0, 8, 17, 6 }, 19,
	  MH_ERR_OPT_VALUE, 17 },
	{ "addresses backwards",
	  { 45, 22, 0, 1, 0, 1, 0, 0, 3, 14, 1, 0, 0xc0, 0, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1 },
	  24, MH_ERR_OPT_VALUE, 16 },
};

/* RFC 6089 §4.2, §4.2.1, RFC 6088 §3, RFC 7109 §6.2: "MUST NOT", and lengths that cannot be */
static void refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		uint8_t buf[MH_MAX];
		size_t len = fmi(buf, bad[i].opt, bad[i].n);

		bad_is_refused(&bad[i], buf, len, AT);
	}
}

/* The same bytes in another message of 12 bytes before its options */
static void retype(uint8_t *buf, size_t len, uint8_t type)
{
	buf[2] = type;
	buf[7] = type == 6 ? PBA_F_P : buf[7];
	buf[9] = type == 5 ? PBU_F_P >> 8 : buf[9];
	gen_fix_checksum(buf, len);
}

/*
 * RFC 6089 §4.2: a flow's status "is not relevant to the binding update message as a whole
 * or to other flow identification options": those, before and behind, are read; and of the
 * one there is what an answer needs, which can be sent
 */
static void alone_in_a_registration(void **state)
{
	static const uint8_t good[] = { 45, 6, 0, 7, 0, 8, 0, 0 };
	uint8_t opts[96], buf[MH_MAX], out[MH_MAX];
	struct mh_msg m, back;
	size_t len;

	(void)state;
	for (size_t i = 0; i < 2 * N(bad); i++) {
		const struct bad *x = &bad[i / 2];
		unsigned int named = x->n >= 6;

		memcpy(opts, x->opt, x->n);
		memcpy(opts + x->n, good, sizeof(good));
		len = fmi(buf, opts, x->n + sizeof(good));
		retype(buf, len, i % 2 ? 6 : 5);
		assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
		assert_int_equal(m.opts.n_flow, 1 + named);
		assert_int_equal(m.opts.unknown, !named);
		assert_int_equal(m.opts.flow[named].fid, 7);
		assert_false(m.opts.flow[named].malformed);
		if (!named)
			continue;
		assert_true(m.opts.flow[0].malformed);
		assert_int_equal(m.opts.flow[0].fid, x->opt[3]);
		assert_int_equal(m.opts.flow[0].pri, x->opt[5]);
		assert_int_equal(m.opts.flow[0].present, 0);
		m.kind = MH_PBA;
		m.opts.flow[0].status = FLOW_MALFORMED;
		len = (size_t)mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL);
		assert_true(len <= MH_MAX);
		assert_int_equal(gen_decode(&back, out, len, 0).error, MH_OK);
		assert_int_equal(back.opts.n_flow, 2);
		assert_int_equal(back.opts.flow[0].status, FLOW_MALFORMED);
	}
}

/* RFC 6089 §4.2: the status "must be ignored in the binding update": no FID 0 by that */
static void no_status_in_a_request(void **state)
{
	static const uint8_t opt[] = { 45, 6, 0, 0, 0, 1, 0, FLOW_MALFORMED };
	uint8_t buf[MH_MAX];
	struct mh_msg m;
	size_t len = fmi(buf, opt, sizeof(opt));

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_ERR_OPT_VALUE);
	retype(buf, len, 5);
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_true(m.opts.flow[0].malformed);
}

/* RFC 6089 §4.2.1: whichever byte a flow ends at, nothing behind it is read */
static void every_truncation(void **state)
{
	uint64_t seed = 6089;

	(void)state;
	for (unsigned int n = 0; n < 500; n++) {
		struct mh_msg m = {
			.kind = MH_FMI, .opts = { .present = MH_HAS_FLOW, .n_flow = 1 },
		};
		uint8_t whole[MH_MAX], buf[MH_MAX];
		size_t end;

		gen_flow(&seed, &m.opts.flow[0]);
		assert_true(mh_encode(&m, whole, sizeof(whole), &gen_src, &gen_dst, NULL) > 0);
		end = 2U + whole[AT + 1];
		for (size_t cut = 8; cut < end; cut++) {
			uint8_t opt[257];
			struct mh_result r;
			struct mh_msg back;
			size_t len;

			memcpy(opt, whole + AT, cut);
			opt[1] = (uint8_t)(cut - 2);
			len = fmi(buf, opt, cut);
			r = gen_decode(&back, buf, len, 0);
			assert_true(r.error == MH_OK || r.error == MH_ERR_OPT_RUNS_OUT);
			/* between two sub-options only is it a shorter flow */
			if (!r.error)
				assert_int_not_equal(back.opts.flow[0].present,
						     m.opts.flow[0].present);
		}
	}
}

/* RFC 6088 §3: nothing leaves that would be refused */
static void encoder_refuses(void **state)
{
	static const struct mh_flow row[] = {
		{ .fid = 0, .pri = 1 },
		{ .fid = 1, .pri = 0 },
		{ .fid = 1, .pri = 1, .present = MH_FLOW_HAS_BIDS },
		{ .fid = 1, .pri = 1, .present = MH_FLOW_HAS_BIDS, .n_bid = 1 },
		{ .fid = 1, .pri = 1, .present = MH_FLOW_HAS_BIDS, .n_bid = PEERS_MAX + 1 },
		{ .fid = 1, .pri = 1, .present = MH_FLOW_HAS_TARGET },
		{ .fid = 1, .pri = 1, .present = MH_FLOW_HAS_SELECTOR },
		{ .fid = 1, .pri = 1, .present = MH_FLOW_HAS_SELECTOR,
		  .selector = { .format = 1, .ranges = 1 } },
		{ .fid = 1, .pri = 1, .present = MH_FLOW_HAS_SELECTOR,
		  .selector = { .format = 1, .fields = SELECTOR_HAS(SELECTOR_LABEL) } },
		{ .fid = 1, .pri = 1, .present = MH_FLOW_HAS_SELECTOR,
		  .selector = { .format = 2, .fields = SELECTOR_HAS(SELECTOR_PROTO),
				.ranges = SELECTOR_HAS(SELECTOR_PROTO), .proto = { 7, 6 } } },
	};
	static const enum mh_error error[] = {
		MH_ERR_OPT_VALUE, MH_ERR_OPT_VALUE, MH_ERR_OPT_LENGTH, MH_ERR_OPT_VALUE,
		MH_ERR_OPT_LENGTH, MH_ERR_OPT_VALUE, MH_ERR_OPT_VALUE, MH_ERR_OPT_VALUE,
		MH_ERR_OPT_VALUE, MH_ERR_OPT_VALUE,
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		const struct mh_msg m = { .kind = MH_FMI, .opts = {
			.present = MH_HAS_FLOW, .n_flow = 1, .flow = { row[i] } } };

		bad_never_leaves(&m, error[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused),
		cmocka_unit_test(alone_in_a_registration),
		cmocka_unit_test(no_status_in_a_request),
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(encoder_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
