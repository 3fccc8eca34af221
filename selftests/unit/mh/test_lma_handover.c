// SPDX-License-Identifier: GPL-2.0
/* The four messages of a handover between anchors, and the context in one of them. */
#include "bad.h"
#include "golden.h"
#include "fake_env.h"

#define AT	10	/* of the first option, but for LMA_HO_Init: */
#define INIT_AT	14

#define COA	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11
#define LLA	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1

/* draft: LMA handover §4: "MN's Identifier (MN ID), MN Link-layer Identifier (MN-LL-ID) and */
/* MN's Home Network Prefix (MN-HNP) are included" */
static void request(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x09, 0xf4, 0x00, 0, 0,
		0x12, 0x34, 0x03, 0x00,			/* sequence; operator */
		0x08, 0x04, 0x01, 'm', 'n', '1',	/* 10 */
		0x01, 0x02, 0, 0,			/* 16 */
		0x16, 0x12, 0x00, 0x40,			/* 20 = 8n+4 */
		0x20, 0x01, 0x0d, 0xb8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0x18, 0x02, 0x00, 0x04,			/* 40: ATT 802.11 */
		0x19, 0x08, 0, 0, 2, 0, 0, 0, 0, 1,	/* 44: LL-ID */
		0x01, 0x04, 0, 0, 0, 0,			/* 54 */
		0x29, 0x12, 0x01, 0x00,			/* 60 = 8n+4: the anchor wished for */
		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9,
	};
	struct mh_msg m = {
		.kind = MH_LMA_HO_REQ, .type = 244, .seq = 0x1234, .reason = LMA_HO_OPERATOR,
		.opts = {
			.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_LLID | MH_HAS_ATT |
				   MH_HAS_LMA,
			.n_hnp = 1, .n_lma = 1, .att = 4,
		},
	};

	(void)state;
	m.opts.mn_id = (struct mn_id){ .subtype = 1, .len = 3, .id = "mn1" };
	m.opts.hnp[0].prefix = fake_prefix("2001:db8:100:1::/64");
	m.opts.llid = fake_llid("02:00:00:00:00:01");
	m.opts.lma[0] = fake_addr("2001:db8::9");
	both_ways(&m, golden, sizeof(golden));
}

/* draft: LMA handover §4.2 (e): "The PLMA notifies bMAG of the completion of the context */
/* transfer [...] by sending a LMA_HO_Resp message" */
static void response(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x04, 0xf5, 0x00, 0, 0,
		0x12, 0x34, 0x85, 0x80,			/* sequence; status; U */
		0x08, 0x04, 0x01, 'm', 'n', '1',	/* 10 */
		0x01, 0x02, 0, 0,			/* 16 */
		0x29, 0x12, 0x01, 0x00,			/* 20 = 8n+4: the new anchor */
		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9,
	};
	struct mh_msg m = {
		.kind = MH_LMA_HO_RESP, .type = 245, .seq = 0x1234, .status = LMA_HO_REFUSED,
		.flags = LMA_HO_RESP_F_U,
		.opts = { .present = MH_HAS_MN_ID | MH_HAS_LMA, .n_lma = 1 },
	};

	(void)state;
	m.opts.mn_id = (struct mn_id){ .subtype = 1, .len = 3, .id = "mn1" };
	m.opts.lma[0] = fake_addr("2001:db8::9");
	both_ways(&m, golden, sizeof(golden));
}

/* draft: LMA handover §4.2 (c): "sends a LMA_HO_Init message with the context information of */
/* the MN to the NLMA"; RFC 5096 §4: "Data related to the experimental protocol extension" */
static void initiate(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x09, 0xf6, 0x00, 0, 0,
		0x00, 0x07, 0x01, 0x00, 0x00, 0x4b, 0x00, 0x00,	/* sequence; serve; 300 s */
		0x12, 0x36, 0x01, 0x80,			/* 14 = 8n+6: an entry; S */
		0x01, 0x02, 0x03, 0x84, 0x00, 0x02, 0x05, 0x03,
		0x04, 0x06, 0x81, 0, 0, 0,
		COA, LLA, 2, 0, 0, 0, 0, 1,
		0x12, 0x06, 0x02, 0x01,			/* 70 = 8n+6: a flow */
		0x80, 0x01, 0xff, 0xff,
		0x01, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_LMA_HO_INIT, .type = 246, .seq = 7, .code = LMA_INIT_SERVE,
		.lifetime = 75,
		.opts = {
			.present = MH_HAS_CONTEXT, .n_entry = 1, .n_flow_state = 1,
			.entry[0] = {
				.seq = 0x102, .lifetime = 900, .bid = 2, .pri = 5, .hi = 3,
				.att = 4, .flags = MH_ENTRY_F_S, .prefixes = 0x81,
			},
			.flow_state[0] = { 0x8001, FMI_LIFETIME_INFINITE, 1 },
		},
	};

	(void)state;
	m.opts.entry[0].proxy_coa = fake_addr("2001:db8::11");
	m.opts.entry[0].lla = fake_addr("fe80::1");
	m.opts.entry[0].llid = fake_llid("02:00:00:00:00:01");
	both_ways(&m, golden, sizeof(golden));
}

/* draft: LMA handover §4.2 (d): "by sending a LMA_HAck message to the PLMA" */
static void acknowledge(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x01, 0xf7, 0x00, 0, 0,
		0x00, 0x07, 0x01, 0x85,
		0x08, 0x04, 0x01, 'm', 'n', '1',	/* 10 */
	};
	struct mh_msg m = {
		.kind = MH_LMA_HACK, .type = 247, .seq = 7, .code = LMA_INIT_SERVE,
		.status = LMA_HACK_PREFIX_TAKEN, .opts = { .present = MH_HAS_MN_ID },
	};

	(void)state;
	m.opts.mn_id = (struct mn_id){ .subtype = 1, .len = 3, .id = "mn1" };
	both_ways(&m, golden, sizeof(golden));
}

static size_t message(uint8_t *buf, uint8_t type, const uint8_t *opt, size_t n)
{
	size_t at = type == 246 ? INIT_AT : AT, len = (at + n + 7) / 8 * 8;

	memset(buf, 0, len);
	buf[0] = 59;
	buf[1] = (uint8_t)(len / 8 - 1);
	buf[2] = type;
	memcpy(buf + at, opt, n);
	gen_fix_checksum(buf, len);
	return len;
}

#define ENTRY(len, llid_len)	18, len, 1, 0, 0, 1, 0, 9, 0, 1, 1, 1, 1, llid_len, 1, 0, 0, 0

static const struct bad bad[] = {
	{ "an empty option", { 18, 0 }, 2, MH_ERR_OPT_LENGTH, 1 },
	{ "an entry too short", { ENTRY(47, 0), COA, LLA }, 49, MH_ERR_OPT_LENGTH, 1 },
	{ "an entry too long", { ENTRY(49, 0), COA, LLA, 0 }, 51, MH_ERR_OPT_LENGTH, 1 },
	{ "less identifier than it says", { ENTRY(50, 3), COA, LLA, 1, 2 }, 52,
	  MH_ERR_OPT_LENGTH, 1 },
	{ "an identifier of 17 bytes", { ENTRY(65, 17), COA, LLA }, 67, MH_ERR_OPT_VALUE, 13 },
	{ "BID 0", { 18, 48, 1, 0, 0, 1, 0, 9, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, COA, LLA }, 50,
	  MH_ERR_OPT_VALUE, 8 },
	{ "no prefix", { 18, 48, 1, 0, 0, 1, 0, 9, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, COA, LLA }, 50,
	  MH_ERR_OPT_VALUE, 14 },
	{ "no Proxy-CoA", { ENTRY(48, 0), [34] = 0xfe, 0x80, [49] = 1 }, 50,
	  MH_ERR_OPT_VALUE, 18 },
	{ "Proxy-CoA multicast", { ENTRY(48, 0), 0xff, 2, [34] = 0xfe, 0x80, [49] = 1 }, 50,
	  MH_ERR_OPT_VALUE, 18 },
	{ "LLA not link-local", { ENTRY(48, 0), COA, COA }, 50, MH_ERR_OPT_VALUE, 34 },
	{ "a flow too short", { 18, 5, 2, 0, 0, 1, 0 }, 7, MH_ERR_OPT_LENGTH, 1 },
	{ "a flow too long", { 18, 7, 2, 0, 0, 1, 0, 0, 0 }, 9, MH_ERR_OPT_LENGTH, 1 },
	{ "FID 0", { 18, 6, 2, 0, 0, 0, 0, 9 }, 8, MH_ERR_OPT_VALUE, 4 },
};

/* RFC 6275 §6.2.1: lengths and values that cannot be, in what is this project's own */
static void refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		uint8_t buf[MH_MAX];
		size_t len = message(buf, 246, bad[i].opt, bad[i].n);

		bad_is_refused(&bad[i], buf, len, INIT_AT);
	}
}

/* RFC 5213 §5.1: as many entries of a node as there can be, and one more */
static void too_many(void **state)
{
	static const uint8_t one[] = { ENTRY(48, 0), COA, LLA };
	static const uint8_t flow[] = { 18, 6, 2, 0, 0, 1, 0, 9 };
	uint8_t opt[sizeof(one) * (PEERS_MAX + 1)], buf[MH_MAX];
	struct mh_result r;
	struct mh_msg m;
	size_t len;

	(void)state;
	for (size_t i = 0; i <= PEERS_MAX; i++)
		memcpy(opt + i * sizeof(one), one, sizeof(one));
	len = message(buf, 246, opt, sizeof(opt) - sizeof(one));
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_entry, PEERS_MAX);
	len = message(buf, 246, opt, sizeof(opt));
	r = gen_decode(&m, buf, len, 0);
	assert_int_equal(r.error, MH_ERR_TOO_MANY);
	assert_int_equal(r.offset, INIT_AT + PEERS_MAX * sizeof(one));
	for (size_t i = 0; i <= FLOWS_MAX; i++)
		memcpy(opt + i * sizeof(flow), flow, sizeof(flow));
	len = message(buf, 246, opt, (FLOWS_MAX + 1) * sizeof(flow));
	r = gen_decode(&m, buf, len, 0);
	assert_int_equal(r.error, MH_ERR_TOO_MANY);
	assert_int_equal(r.offset, INIT_AT + FLOWS_MAX * sizeof(flow));
}

/* RFC 5096 §4: "can be included in any Mobility Header message": elsewhere, and with another */
/* first byte, it is somebody else's, which RFC 6275 §6.2.1 has skipped */
static void experiments_of_others(void **state)
{
	static const uint8_t opt[] = { 18, 5, 2, 0, 0, 1, 0 }, other[] = { 18, 2, 3, 0 };
	static const uint8_t types[] = { 14, 244, 245, 247 };
	uint8_t buf[MH_MAX];
	struct mh_msg m;
	size_t len;

	(void)state;
	for (size_t i = 0; i < N(types); i++) {
		len = message(buf, types[i], opt, sizeof(opt));
		assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
		assert_int_equal(m.opts.present, 0);
		assert_int_equal(m.opts.unknown, 1);
	}
	len = message(buf, 246, other, sizeof(other));
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.unknown, 1);
	assert_int_equal(m.opts.n_entry, 0);
}

/* RFC 6275 §6.1.1: reserved bits are "ignored by the receiver", and sent as zero */
static void reserved(void **state)
{
	static const struct {
		uint8_t type, at, known;
	} row[] = {
		{ 244, 9, 0 }, { 245, 9, 0x80 }, { 246, 9, 0 }, { 246, 12, 0 }, { 246, 13, 0 },
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		uint8_t buf[16] = { 59, 1, row[i].type }, out[MH_MAX];
		struct mh_msg m;

		buf[row[i].at] = 0xff;
		gen_fix_checksum(buf, sizeof(buf));
		assert_int_equal(gen_decode(&m, buf, sizeof(buf), 0).error, MH_OK);
		m.flags |= 0xff7f;
		assert_int_equal(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL), 16);
		assert_int_equal(out[row[i].at], row[i].known);
	}
}

/* RFC 5096 §4: nothing leaves that would be refused */
static void encoder_refuses(void **state)
{
	static const struct mh_opts row[] = {
		{ .present = MH_HAS_CONTEXT, .n_entry = PEERS_MAX + 1 },
		{ .present = MH_HAS_CONTEXT, .n_flow_state = FLOWS_MAX + 1 },
		{ .present = MH_HAS_CONTEXT, .n_flow_state = 1 },
		{ .present = MH_HAS_CONTEXT, .n_entry = 1, .entry = { { .bid = 1 } } },
		{ .present = MH_HAS_CONTEXT, .n_entry = 1,
		  .entry = { { .bid = 1, .llid.len = LLID_MAX + 1 } } },
	};
	static const enum mh_error error[] = {
		MH_ERR_TOO_MANY, MH_ERR_TOO_MANY, MH_ERR_OPT_VALUE, MH_ERR_OPT_VALUE,
		MH_ERR_OPT_LENGTH,
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		const struct mh_msg m = { .kind = MH_LMA_HO_INIT, .opts = row[i] };

		bad_never_leaves(&m, error[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request),
		cmocka_unit_test(response),
		cmocka_unit_test(initiate),
		cmocka_unit_test(acknowledge),
		cmocka_unit_test(refused),
		cmocka_unit_test(too_many),
		cmocka_unit_test(experiments_of_others),
		cmocka_unit_test(reserved),
		cmocka_unit_test(encoder_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
