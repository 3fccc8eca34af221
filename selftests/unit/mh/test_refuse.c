// SPDX-License-Identifier: GPL-2.0
/* What the decoder refuses, in which order, and at which byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "gen.h"

static void expect(const uint8_t *buf, size_t len, unsigned int lenient,
		   enum mh_error error, size_t offset)
{
	struct mh_msg m;
	struct mh_result r = gen_decode(&m, buf, len, lenient);

	assert_int_equal(r.error, error);
	if (error)
		assert_int_equal(r.offset, offset);
}

/* A message of a type whose options follow its 12 fixed bytes */
static size_t with_options(uint8_t *buf, uint8_t type, const uint8_t *opts, size_t n)
{
	size_t len = (12 + n + 7) / 8 * 8;

	memset(buf, 0, len);
	buf[0] = 59;
	buf[1] = (uint8_t)(len / 8 - 1);
	buf[2] = type;
	memcpy(buf + 12, opts, n);
	gen_fix_checksum(buf, len);
	return len;
}

/* RFC 6275 §9.2: checksum first, then type, then payload proto, then header length */
static void order_of_the_checks(void **state)
{
	uint8_t buf[16] = { 58, 200, 99 };	/* everything is wrong */

	(void)state;
	expect(buf, sizeof(buf), 0, MH_ERR_CHECKSUM, 4);
	gen_fix_checksum(buf, sizeof(buf));
	expect(buf, sizeof(buf), 0, MH_ERR_TYPE, 2);
	buf[2] = 5;
	gen_fix_checksum(buf, sizeof(buf));
	expect(buf, sizeof(buf), 0, MH_ERR_PROTO, 0);
	buf[0] = 59;
	gen_fix_checksum(buf, sizeof(buf));
	expect(buf, sizeof(buf), 0, MH_ERR_SHORT, 1);
	buf[1] = 1;
	gen_fix_checksum(buf, sizeof(buf));
	expect(buf, sizeof(buf), 0, MH_OK, 0);
}

/* RFC 6275 §9.2: "The MH Type field MUST have a known value" */
static void unknown_types(void **state)
{
	(void)state;
	for (unsigned int type = 0; type < 256; type++) {
		/* for types that look at it: B.R. Type 1, I where it must be set */
		uint8_t buf[24] = { 59, 2, (uint8_t)type, [6] = 1, [8] = type == 242 ? 0x80 : 0 };
		bool known = (type >= 5 && type <= 7) || (type >= 13 && type <= 16) ||
			     type == 19 || type == 20 || type == 22 || type == 23 ||
			     (type >= 240 && type <= 247);
		struct mh_msg m;

		gen_fix_checksum(buf, sizeof(buf));
		expect(buf, sizeof(buf), 0, known ? MH_OK : MH_ERR_TYPE, 2);
		gen_decode(&m, buf, sizeof(buf), 0);
		assert_int_equal(m.type, type);
		assert_int_equal(m.kind == MH_KINDS, !known);
	}
}

/* RFC 6275 §9.2: "MUST NOT be less than the length specified for this particular type" */
static void shorter_than_its_type(void **state)
{
	static const uint8_t types[] = {
		5, 6, 7, 13, 14, 15, 16, 19, 20, 240, 241, 243, 244, 245, 246, 247,
	};

	(void)state;
	for (size_t i = 0; i < N(types); i++) {
		size_t fixed = types[i] == 7 ? 24 : 12;

		for (size_t len = 8; len <= 32; len += 8) {
			uint8_t buf[32] = { 59, (uint8_t)(len / 8 - 1), types[i] };

			buf[6] = types[i] == 16;
			gen_fix_checksum(buf, len);
			expect(buf, len, 0, len < fixed ? MH_ERR_SHORT : MH_OK, 1);
		}
	}
}

/* RFC 5846 §5: B.R. Type: "0 Reserved [...] All other values are unassigned"; draft: flow */
/* mobility §4: "Set to 1, indicates it is an FMI message", "Set to 0 [...] an FMA message" */
static void messages_that_contradict_themselves(void **state)
{
	(void)state;
	for (unsigned int v = 0; v < 256; v++) {
		uint8_t br[16] = { 59, 1, 16, [6] = (uint8_t)v };
		uint8_t fmi[16] = { 59, 1, 242, [8] = (uint8_t)v };
		uint8_t fma[16] = { 59, 1, 243, [8] = (uint8_t)v };

		gen_fix_checksum(br, 16);
		gen_fix_checksum(fmi, 16);
		gen_fix_checksum(fma, 16);
		expect(br, 16, 0, v == 1 || v == 2 ? MH_OK : MH_ERR_FIELD, 6);
		expect(fmi, 16, 0, v & 0x80 ? MH_OK : MH_ERR_FIELD, 8);
		expect(fma, 16, 0, v & 0x80 ? MH_ERR_FIELD : MH_OK, 8);
	}
}

/* RFC 6275 §9.2: what is too short to carry a checksum is silently discarded */
static void too_short_for_a_checksum(void **state)
{
	uint8_t buf[8] = { 59, 0, 5 };

	(void)state;
	for (size_t len = 0; len < 6; len++)
		expect(buf, len, MH_LENIENT_LENGTH, MH_ERR_CHECKSUM, 4);
	for (size_t len = 6; len < 8; len++) {
		gen_fix_checksum(buf, len);
		expect(buf, len, 0, MH_ERR_SHORT, 1);
	}
}

/* RFC 6275 §6.1.1: Header Len is "the length of the Mobility Header"; leniency on request */
static void bytes_beyond_the_header(void **state)
{
	uint8_t buf[40] = { 59, 1, 13 };

	(void)state;
	for (size_t len = 17; len <= sizeof(buf); len++) {
		/* the checksum over the header alone */
		gen_fix_checksum(buf, 16);
		memset(buf + 16, 0xa5, sizeof(buf) - 16);
		expect(buf, len, 0, MH_ERR_SHORT, 1);
		expect(buf, len, MH_LENIENT_LENGTH, MH_OK, 0);
		/* and over all that was sent */
		gen_fix_checksum(buf, len);
		expect(buf, len, 0, MH_ERR_CHECKSUM, 4);
		expect(buf, len, MH_LENIENT_LENGTH, MH_OK, 0);
	}
}

struct bad {
	const char *what;
	uint8_t opt[40];
	size_t n;		/* bytes of opt; the rest is Pad1 */
	enum mh_error error;
	size_t offset;		/* from the option's type byte on */
};

/* Lengths and values of each option that its RFC does not allow */
static const struct bad bad[] = {
	{ "MN-ID without subtype", { 8, 0 }, 2, MH_ERR_OPT_LENGTH, 1 },
	{ "HNP too short", { 22, 17, 0, 64, 0x20, 1 }, 19, MH_ERR_OPT_LENGTH, 1 },
	{ "HNP too long", { 22, 19, 0, 64, 0x20, 1 }, 21, MH_ERR_OPT_LENGTH, 1 },
	{ "HNP /129", { 22, 18, 0, 129, 0x20, 1 }, 20, MH_ERR_OPT_VALUE, 3 },
	{ "HNP of nothing but host bits", { 22, 18, 0, 2, 0x20, 1 }, 20, MH_ERR_OPT_VALUE, 3 },
	{ "HNP /0 with bits", { 22, 18, 0, 0, 0x20, 1 }, 20, MH_ERR_OPT_VALUE, 3 },
	{ "HI too short", { 23, 1, 0 }, 3, MH_ERR_OPT_LENGTH, 1 },
	{ "HI too long", { 23, 3, 0, 1, 0 }, 5, MH_ERR_OPT_LENGTH, 1 },
	{ "ATT empty", { 24, 0 }, 2, MH_ERR_OPT_LENGTH, 1 },
	{ "LLID without identifier", { 25, 2, 0, 0 }, 4, MH_ERR_OPT_LENGTH, 1 },
	{ "LLID of 17 bytes", { 25, 19 }, 21, MH_ERR_OPT_LENGTH, 1 },
	{ "LLA too short", { 26, 15 }, 17, MH_ERR_OPT_LENGTH, 1 },
	{ "LLA not link-local", { 26, 16, 0x20, 1 }, 18, MH_ERR_OPT_VALUE, 2 },
	{ "timestamp too short", { 27, 7 }, 9, MH_ERR_OPT_LENGTH, 1 },
	{ "restart counter too long", { 28, 8 }, 10, MH_ERR_OPT_LENGTH, 1 },
	{ "MAG address length 64", { 51, 18, 0, 64, 0x20, 1 }, 20, MH_ERR_OPT_VALUE, 3 },
	{ "MAG address multicast", { 51, 18, 0, 128, 0xff, 2 }, 20, MH_ERR_OPT_VALUE, 4 },
	{ "MAG address unspecified", { 51, 18, 0, 128 }, 20, MH_ERR_OPT_VALUE, 4 },
	{ "MAG address too short", { 51, 4, 0, 128 }, 6, MH_ERR_OPT_LENGTH, 1 },
	{ "BID of 6 bytes", { 35, 6, 0, 1 }, 8, MH_ERR_OPT_LENGTH, 1 },
	{ "BID 0", { 35, 4, 0, 0 }, 6, MH_ERR_OPT_VALUE, 2 },
	{ "two MN-IDs", { 8, 2, 1, 'a', 8, 2, 1, 'b' }, 8, MH_ERR_TOO_MANY, 4 },
	{ "two HIs", { 23, 2, 0, 1, 23, 2, 0, 1 }, 8, MH_ERR_TOO_MANY, 4 },
};

/* RFC 5213 §8.3 to §8.8, RFC 5847 §3.4, RFC 6705 §11.1: "This field MUST be set to" */
static void bad_options(void **state)
{
	static const uint8_t types[] = { 5, 6, 13, 240, 241 };

	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		for (size_t t = 0; t < N(types); t++) {
			uint8_t buf[64];
			size_t len = with_options(buf, types[t], bad[i].opt, bad[i].n);
			struct mh_msg m;
			struct mh_result r = gen_decode(&m, buf, len, 0);

			if (r.error != bad[i].error || r.offset != 12 + bad[i].offset)
				print_error("%s: error %d at %zu\n", bad[i].what,
					    (int)r.error, r.offset);
			assert_int_equal(r.error, bad[i].error);
			assert_int_equal(r.offset, 12 + bad[i].offset);
		}
	}
}

/* RFC 6275 §6.2.1: Option Length counts bytes that must be there, of unknown options too */
static void option_beyond_the_end(void **state)
{
	static const uint8_t types[] = { 1, 8, 22, 35, 51, 99, 255 };

	(void)state;
	for (size_t i = 0; i < N(types); i++) {
		for (unsigned int l = 3; l < 256; l++) {
			uint8_t opt[4] = { 0, types[i], (uint8_t)l, 0 };
			uint8_t buf[16];

			with_options(buf, 5, opt, sizeof(opt));
			expect(buf, sizeof(buf), 0, MH_ERR_OPT_RUNS_OUT, 14);
		}
		uint8_t last[4] = { 0, 0, 0, types[i] };
		uint8_t buf[16];

		with_options(buf, 5, last, sizeof(last));
		expect(buf, sizeof(buf), 0, MH_ERR_OPT_RUNS_OUT, 15);
	}
}

/* RFC 5213 §8.1: "There can be one or more instances of the Home Network Prefix options" */
static void too_many_prefixes(void **state)
{
	static const uint8_t hnp[20] = { 22, 18, 0, 64, 0x20, 1 };
	uint8_t opts[20 * (HNP_MAX + 1)], buf[256];
	struct mh_msg m;
	size_t len;

	(void)state;
	for (size_t i = 0; i <= HNP_MAX; i++)
		memcpy(opts + i * 20, hnp, 20);
	len = with_options(buf, 5, opts, HNP_MAX * 20);
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_hnp, HNP_MAX);
	assert_int_equal(m.opts.more_hnp, 0);
	/* a request is read, so that it can be refused; an answer is of no use */
	len = with_options(buf, 5, opts, sizeof(opts));
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_hnp, HNP_MAX);
	assert_int_equal(m.opts.more_hnp, 1);
	len = with_options(buf, 6, opts, sizeof(opts));
	expect(buf, len, 0, MH_ERR_TOO_MANY, 12 + HNP_MAX * 20);
}

/* RFC 6705 §11.1: as many MAGs as this project holds, and one more */
static void too_many_mags(void **state)
{
	static const uint8_t mag[20] = { 51, 18, 0, 128, 0x20, 1 };
	uint8_t opts[20 * (PEERS_MAX + 1)], buf[256];
	struct mh_msg m;
	size_t len;

	(void)state;
	for (size_t i = 0; i <= PEERS_MAX; i++)
		memcpy(opts + i * 20, mag, 20);
	len = with_options(buf, 6, opts, PEERS_MAX * 20);
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_mag, PEERS_MAX);
	len = with_options(buf, 6, opts, sizeof(opts));
	expect(buf, len, 0, MH_ERR_TOO_MANY, 12 + PEERS_MAX * 20);
}

/* RFC 5213 §8.1: the encoder, too, sends nothing that it would refuse */
static void encoder_refuses_likewise(void **state)
{
	static const struct mh_opts row[] = {
		{ .present = MH_HAS_MN_ID, .mn_id = { .subtype = 1, .len = 255 } },
		{ .present = MH_HAS_HNP, .n_hnp = HNP_MAX + 1 },
		{ .present = MH_HAS_HNP, .n_hnp = 1, .hnp = { { .prefix = { .len = 129 } } } },
		{ .present = MH_HAS_LLID },
		{ .present = MH_HAS_LLID, .llid = { .len = LLID_MAX + 1 } },
		{ .present = MH_HAS_LLA, .lla = { { { 0x20 } } } },
		{ .present = MH_HAS_MAG_ADDR, .n_mag = PEERS_MAX + 1 },
		{ .present = MH_HAS_MAG_ADDR, .n_mag = 1 },
		{ .present = MH_HAS_BID, .n_bid = 1 },
		{ .present = MH_HAS_BID, .n_bid = PEERS_MAX + 1 },
		{ .present = MH_HAS_FLOW, .n_flow = FLOWS_MAX + 1 },
	};
	static const enum mh_error error[] = {
		MH_ERR_OPT_LENGTH, MH_ERR_TOO_MANY, MH_ERR_OPT_VALUE,
		MH_ERR_OPT_LENGTH, MH_ERR_OPT_LENGTH, MH_ERR_OPT_VALUE, MH_ERR_TOO_MANY,
		MH_ERR_OPT_VALUE, MH_ERR_OPT_VALUE, MH_ERR_TOO_MANY, MH_ERR_TOO_MANY,
	};
	uint8_t buf[MH_MAX];
	struct mh_msg m = { .kind = MH_KINDS };
	struct mh_result r;

	(void)state;
	assert_int_equal(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, &r), -1);
	assert_int_equal(r.error, MH_ERR_TYPE);
	m.kind = MH_PBU;
	for (size_t i = 0; i < N(row); i++) {
		m.opts = row[i];
		assert_int_equal(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, &r),
				 -1);
		assert_int_equal(r.error, error[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_of_the_checks),
		cmocka_unit_test(unknown_types),
		cmocka_unit_test(shorter_than_its_type),
		cmocka_unit_test(messages_that_contradict_themselves),
		cmocka_unit_test(too_short_for_a_checksum),
		cmocka_unit_test(bytes_beyond_the_header),
		cmocka_unit_test(bad_options),
		cmocka_unit_test(option_beyond_the_end),
		cmocka_unit_test(too_many_prefixes),
		cmocka_unit_test(too_many_mags),
		cmocka_unit_test(encoder_refuses_likewise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
