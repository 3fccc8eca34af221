// SPDX-License-Identifier: GPL-2.0
/* Handover Initiate and Acknowledge, and what they tell of a node, as RFC 5949 draws them. */
#include "bad.h"
#include "golden.h"
#include "fake_env.h"

#define AT	10	/* of the first option */

/* RFC 5949 §6.1.1: sequence, S U P F, code; §4.1 (c): MN-ID, HNP(s), MN LL-ID, LMA */
static void initiate(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x0a, 0x0e, 0x00, 0, 0,
		0x12, 0x34, 0x30, 0x03,			/* P and F; all context */
		0x08, 0x04, 0x01, 'm', 'n', '1',	/* 10 */
		0x01, 0x02, 0, 0,			/* 16 */
		0x16, 0x12, 0x00, 0x40,			/* 20 = 8n+4 */
		0x20, 0x01, 0x0d, 0xb8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0x19, 0x08, 0, 0, 2, 0, 0, 0, 0, 1,	/* 40: LL-ID */
		0x01, 0x00,				/* 50 */
		0x29, 0x12, 0x01, 0x00,			/* 52 = 8n+4: LMAA, IPv6 */
		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9,
		0x01, 0x02, 0, 0,			/* 72 */
		0x2a, 0x0a, 0, 0, 2, 0, 0, 0xff, 0xfe, 0, 0, 1,	/* 76: LLA-IID */
	};
	struct mh_msg m = {
		.kind = MH_HI, .type = 14, .seq = 0x1234, .flags = HI_F_P | HI_F_F,
		.code = HI_CODE_ALL_CONTEXT,
		.opts = {
			.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_LLID | MH_HAS_LMA |
				   MH_HAS_LLA_IID,
			.n_hnp = 1, .n_lma = 1, .lla_iid = { 2, 0, 0, 0xff, 0xfe, 0, 0, 1 },
		},
	};

	(void)state;
	m.opts.mn_id = (struct mn_id){ .subtype = 1, .len = 3, .id = "mn1" };
	m.opts.hnp[0].prefix = fake_prefix("2001:db8:100:1::/64");
	m.opts.llid = fake_llid("02:00:00:00:00:01");
	m.opts.lma[0] = fake_addr("2001:db8::9");
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 5949 §6.1.2: sequence, U P F, code; §6.2.7: the IPv4 home address in option 36 */
static void acknowledge(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x03, 0x0f, 0x00, 0, 0,
		0x12, 0x34, 0x60, 0x06,			/* P and F; all context */
		0x01, 0x00,				/* 10 */
		0x24, 0x06, 0x80, 0x00, 192, 0, 2, 1,	/* 12 */
		0x29, 0x06, 0x02, 0x00, 198, 51, 100, 1,	/* 20 = 8n+4: LMAA, IPv4 */
		0x01, 0x02, 0, 0,
	};
	struct mh_msg m = {
		.kind = MH_HACK, .type = 15, .seq = 0x1234, .flags = HACK_F_P | HACK_F_F,
		.code = HACK_ALL_CONTEXT,
		.opts = { .present = MH_HAS_LMA | MH_HAS_IPV4_REQUEST, .ipv4_len = 32, .n_lma = 1 },
	};

	(void)state;
	memcpy(&m.opts.ipv4, (uint8_t[]){ 192, 0, 2, 1 }, 4);
	m.opts.lma[0] = fake_addr("::ffff:198.51.100.1");
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 5949 §6.2.1: the option "looks as follows", for 22, 25 and a vendor's of 5 bytes */
static void context_request(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x03, 0x0e, 0x00, 0, 0,
		0x00, 0x01, 0x20, 0x00,
		0x01, 0x00,				/* 10 */
		0x28, 0x0d, 0x00, 0x00,			/* 12 = 4n */
		22, 0, 25, 0,
		19, 5, 0x00, 0x00, 0x28, 0xaf, 0x07,	/* vendor 10415, sub-type 7 */
		0x01, 0x03, 0, 0, 0,
	};
	static const struct mh_msg m = {
		.kind = MH_HI, .type = 14, .seq = 1, .flags = HI_F_P,
		.opts = {
			.present = MH_HAS_WANTED, .n_wanted = 3,
			.wanted = { { .type = 22 }, { .type = 25 }, { 19, 7, 10415 } },
		},
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 5094 §3: "alignment requirement of 4n+2", "Multiple Vendor-Specific mobility options" */
static void vendor_contexts(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x03, 0x0f, 0x00, 0, 0,
		0x00, 0x01, 0x40, 0x05,
		0x13, 0x07, 0x00, 0x00, 0x28, 0xaf, 0x07, 0xaa, 0xbb,	/* 10 = 4n+2 */
		0x01, 0x01, 0x00,			/* 19 */
		0x13, 0x05, 0x00, 0x00, 0x00, 0x01, 0x02,	/* 22 = 4n+2 */
		0x01, 0x01, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_HACK, .type = 15, .seq = 1, .flags = HACK_F_P, .code = HACK_CONTEXT,
		.opts = {
			.present = MH_HAS_VENDOR, .n_vendor = 2,
			.vendor = { { 10415, 7, 2, { 0xaa, 0xbb } }, { 1, 2, 0, { 0 } } },
		},
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* An HI, or an HAck, with these bytes at its first option */
static size_t message(uint8_t *buf, uint8_t type, const uint8_t *opt, size_t n)
{
	size_t len = (AT + n + 7) / 8 * 8;

	memset(buf, 0, len);
	buf[0] = 59;
	buf[1] = (uint8_t)(len / 8 - 1);
	buf[2] = type;
	memcpy(buf + AT, opt, n);
	gen_fix_checksum(buf, len);
	return len;
}

/* RFC 5949 §6.1: flags that are defined; RFC 5568 §6.2.1: the rest "ignored by the receiver" */
static void flags(void **state)
{
	static const struct {
		uint8_t type, known;
	} row[] = { { 14, 0xf8 }, { 15, 0xe8 } };

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		for (unsigned int v = 0; v < 256; v++) {
			uint8_t buf[16] = { 59, 1, row[i].type, [8] = (uint8_t)v, (uint8_t)~v };
			uint8_t out[MH_MAX];
			struct mh_msg m;

			gen_fix_checksum(buf, sizeof(buf));
			assert_int_equal(gen_decode(&m, buf, sizeof(buf), 0).error, MH_OK);
			assert_int_equal(m.flags, v & row[i].known);
			assert_int_equal(m.code, 255 - v);
			m.flags |= 0xff00;
			assert_int_equal(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst,
						   NULL), 16);
			assert_int_equal(out[8], v & row[i].known);
		}
	}
}

static const struct bad bad[] = {
	{ "vendor without sub-type", { 19, 4, 0, 0, 0, 1 }, 6, MH_ERR_OPT_LENGTH, 1 },
	{ "request without reserved field", { 40, 1, 0 }, 3, MH_ERR_OPT_LENGTH, 1 },
	{ "half a request", { 40, 3, 0, 0, 22 }, 5, MH_ERR_OPT_RUNS_OUT, 4 },
	{ "request beyond the end", { 40, 4, 0, 0, 22, 1 }, 6, MH_ERR_OPT_RUNS_OUT, 5 },
	{ "second request beyond the end", { 40, 6, 0, 0, 22, 0, 25, 1 }, 8,
	  MH_ERR_OPT_RUNS_OUT, 7 },
	{ "a vendor that is not said", { 40, 4, 0, 0, 19, 0 }, 6, MH_ERR_OPT_VALUE, 5 },
	{ "a vendor's without sub-type", { 40, 8, 0, 0, 19, 4, 0, 0, 0, 1 }, 10,
	  MH_ERR_OPT_VALUE, 5 },
	{ "two Context Requests", { 40, 2, 0, 0, 40, 2, 0, 0 }, 8, MH_ERR_TOO_MANY, 4 },
	{ "LMAA too short", { 41, 5, 2, 0, 192, 0, 2 }, 7, MH_ERR_OPT_LENGTH, 1 },
	{ "LMAA too long", { 41, 19, 1, 0, 0x20, 1 }, 21, MH_ERR_OPT_LENGTH, 1 },
	{ "LMAA of code 0", { 41, 18, 0, 0, 0x20, 1 }, 20, MH_ERR_OPT_VALUE, 2 },
	{ "LMAA of code 3", { 41, 18, 3, 0, 0x20, 1 }, 20, MH_ERR_OPT_VALUE, 2 },
	{ "IPv6 LMAA of 4 bytes", { 41, 6, 1, 0, 0x20, 1, 0, 1 }, 8, MH_ERR_OPT_LENGTH, 1 },
	{ "IPv4 LMAA of 16 bytes", { 41, 18, 2, 0, 192, 0, 2, 1 }, 20, MH_ERR_OPT_LENGTH, 1 },
	{ "LMAA unspecified", { 41, 18, 1, 0 }, 20, MH_ERR_OPT_VALUE, 4 },
	{ "LMAA multicast", { 41, 18, 1, 0, 0xff, 2 }, 20, MH_ERR_OPT_VALUE, 4 },
	{ "LMAA IPv4 in IPv6", { 41, 18, 1, 0, [14] = 0xff, 0xff, 192, 0, 2, 1 }, 20,
	  MH_ERR_OPT_VALUE, 4 },
	{ "IPv4 LMAA multicast", { 41, 6, 2, 0, 224, 0, 0, 1 }, 8, MH_ERR_OPT_VALUE, 4 },
	{ "IPv4 LMAA 0.0.0.0", { 41, 6, 2, 0, 0, 0, 0, 0 }, 8, MH_ERR_OPT_VALUE, 4 },
	{ "two IPv4 LMAAs", { 41, 6, 2, 0, 192, 0, 2, 1, 41, 6, 2, 0, 192, 0, 2, 2 }, 16,
	  MH_ERR_TOO_MANY, 8 },
	{ "two IPv6 LMAAs", { 41, 18, 1, 0, 0x20, 1, [20] = 41, 18, 1, 0, 0x20, 2 }, 40,
	  MH_ERR_TOO_MANY, 20 },
	{ "LLA-IID too short", { 42, 9 }, 11, MH_ERR_OPT_LENGTH, 1 },
	{ "LLA-IID too long", { 42, 11 }, 13, MH_ERR_OPT_LENGTH, 1 },
	{ "two LLA-IIDs", { 42, 10, [12] = 42, 10 }, 24, MH_ERR_TOO_MANY, 12 },
};

/* RFC 5949 §6.2.1 to §6.2.3, RFC 5094 §3: lengths and values that cannot be */
static void refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * N(bad); i++) {
		const struct bad *x = &bad[i / 2];
		uint8_t buf[MH_MAX];
		size_t len = message(buf, i % 2 ? 15 : 14, x->opt, x->n);

		bad_is_refused(x, buf, len, AT);
	}
}

/* RFC 5949 §6.1.2: for what cannot be had there is code 131: it must be known to be asked for */
static void requests_that_cannot_be_met(void **state)
{
	/* a length where none is known, and one longer than known; the last is as ever */
	static const uint8_t opt[] = {
		40, 2 + 3 + 8 + 2, 0xff, 0xff, 22, 1, 9, 19, 6, 0, 0, 0, 1, 2, 3, 25, 0,
	};
	uint8_t many[4 + 2 * (MH_WANTED_MAX + 2)] = { 40, sizeof(many) - 2 }, buf[MH_MAX];
	struct mh_msg m;
	size_t len = message(buf, 14, opt, sizeof(opt));

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_wanted, 1);
	assert_int_equal(m.opts.wanted[0].type, 25);
	assert_int_equal(m.opts.more_wanted, 2);
	for (size_t i = 4; i < sizeof(many); i += 2)
		many[i] = 22;
	len = message(buf, 14, many, sizeof(many));
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_wanted, MH_WANTED_MAX);
	assert_int_equal(m.opts.more_wanted, 2);
}

/* RFC 5094 §3: as many vendors' as there is room for; who asks with more is told */
static void too_many_vendors(void **state)
{
	static const uint8_t one[] = { 19, 5, 0, 0, 0, 1, 2 };
	uint8_t opt[sizeof(one) * (MH_VENDORS_MAX + 1)], buf[MH_MAX];
	struct mh_msg m;
	size_t len;

	(void)state;
	for (size_t i = 0; i <= MH_VENDORS_MAX; i++)
		memcpy(opt + i * sizeof(one), one, sizeof(one));
	len = message(buf, 15, opt, sizeof(one) * MH_VENDORS_MAX);
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_vendor, MH_VENDORS_MAX);
	len = message(buf, 15, opt, sizeof(opt));
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_ERR_TOO_MANY);
	assert_int_equal(gen_decode(&m, buf, len, 0).offset, AT + sizeof(one) * MH_VENDORS_MAX);
	len = message(buf, 14, opt, sizeof(opt));
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_vendor, MH_VENDORS_MAX);
	assert_int_equal(m.opts.more_vendor, 1);
}

/* RFC 5949 §6.2: nothing leaves that would be refused */
static void encoder_refuses(void **state)
{
	static const struct mh_opts row[] = {
		{ .present = MH_HAS_LMA, .n_lma = 1 },
		{ .present = MH_HAS_LMA, .n_lma = MH_LMAS_MAX + 1 },
		{ .present = MH_HAS_LMA, .n_lma = 2,
		  .lma = { { { { 0x20 } } }, { { { 0x20 } } } } },
		{ .present = MH_HAS_WANTED, .n_wanted = MH_WANTED_MAX + 1 },
		{ .present = MH_HAS_VENDOR, .n_vendor = MH_VENDORS_MAX + 1 },
		{ .present = MH_HAS_VENDOR, .n_vendor = 1, .vendor = { { .len = 251 } } },
	};
	static const enum mh_error error[] = {
		MH_ERR_OPT_VALUE, MH_ERR_TOO_MANY, MH_ERR_TOO_MANY, MH_ERR_TOO_MANY,
		MH_ERR_TOO_MANY, MH_ERR_OPT_LENGTH,
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		const struct mh_msg m = { .kind = MH_HI, .opts = row[i] };

		bad_never_leaves(&m, error[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(initiate),
		cmocka_unit_test(acknowledge),
		cmocka_unit_test(context_request),
		cmocka_unit_test(vendor_contexts),
		cmocka_unit_test(flags),
		cmocka_unit_test(refused),
		cmocka_unit_test(requests_that_cannot_be_met),
		cmocka_unit_test(too_many_vendors),
		cmocka_unit_test(encoder_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
