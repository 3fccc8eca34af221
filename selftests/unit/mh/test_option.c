// SPDX-License-Identifier: GPL-2.0
/* Golden bytes of single options, and the alignment each of them asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "gen.h"

/* The options of a heartbeat, which begin at byte 12, against golden bytes */
static void both_ways(const struct mh_opts *o, const uint8_t *golden, size_t n)
{
	struct mh_msg m = { .kind = MH_HEARTBEAT, .type = 13, .opts = *o }, back;
	uint8_t buf[MH_MAX];

	assert_int_equal(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL), 12 + n);
	assert_memory_equal(buf + 12, golden, n);
	assert_int_equal(gen_decode(&back, buf, 12 + n, 0).error, MH_OK);
	assert_memory_equal(&back.opts, o, sizeof(*o));
}

/* RFC 6275 §6.2.2: Pad1 is one byte, type 0; RFC 5648 §4.3: a BID is aligned at 2n */
static void pad1_before_a_bid(void **state)
{
	static const uint8_t golden[] = {
		0x08, 0x03, 0x05, 0xaa, 0xbb,		/* 12: MN-ID of 2 bytes */
		0x00,					/* 17: Pad1 */
		0x23, 0x04, 0x12, 0x34, 0x81, 0x01,	/* 18 = 2n: BID, status, priority */
	};
	static const struct mh_opts o = {
		.present = MH_HAS_MN_ID | MH_HAS_BID,
		.mn_id = { .subtype = 5, .len = 2, .id = { 0xaa, 0xbb } },
		.n_bid = 1, .bid = { { 0x1234, 129, 1 } },
	};

	(void)state;
	both_ways(&o, golden, sizeof(golden));
}

/* RFC 6275 §6.2.2: "If more than one octet of padding is required, the PadN option" */
static void padn_is_one_option(void **state)
{
	static const uint8_t golden[] = {
		0x17, 0x02, 0x00, 0x06,			/* 12: HI 6, shared prefixes */
		0x01, 0x00,				/* 16: PadN of 2 bytes */
		0x1c, 0x04, 0xde, 0xad, 0xbe, 0xef,	/* 18 = 4n+2: restart counter */
	};
	static const struct mh_opts o = {
		.present = MH_HAS_HI | MH_HAS_RESTART,
		.hi = HI_SHARED_PREFIXES, .restart = 0xdeadbeef,
	};

	(void)state;
	/* the option ends at a multiple of 8: no padding follows */
	both_ways(&o, golden, sizeof(golden));
}

/* RFC 5213 §8.3: HNP at 8n+4; RFC 7864 §4.1: L is the first bit of the reserved byte */
static void off_link_prefixes(void **state)
{
	static const uint8_t golden[] = {
		0x16, 0x12, 0x80, 0x30,			/* 12 = 8n+4: L, /48 */
		0x20, 0x01, 0x0d, 0xb8, 0x00, 0x05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x01, 0x02, 0x00, 0x00,			/* 32: PadN of 4 */
		0x16, 0x12, 0x00, 0x00,			/* 36 = 8n+4: any prefix */
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	};
	static const struct mh_opts o = {
		.present = MH_HAS_HNP,
		.n_hnp = 2,
		.hnp = { { { { { { 0x20, 0x01, 0x0d, 0xb8, 0, 5 } } }, 48 }, true } },
	};

	(void)state;
	both_ways(&o, golden, sizeof(golden));
}

/* RFC 5213 §8.7: "alignment requirement of 8n+6"; §8.8: "8n+2" */
static void lla_and_timestamp(void **state)
{
	static const uint8_t golden[] = {
		0x01, 0x00,				/* 12: PadN of 2 */
		0x1a, 0x10,				/* 14 = 8n+6 */
		0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		0x01, 0x00,				/* 32: PadN of 2 */
		0x1b, 0x08,				/* 34 = 8n+2 */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x40, 0x00,	/* 1.25 s */
		0x01, 0x02, 0x00, 0x00,			/* 44: PadN of 4 */
	};
	static const struct mh_opts o = {
		.present = MH_HAS_LLA | MH_HAS_TIMESTAMP,
		.lla = { { { 0xfe, 0x80, [15] = 1 } } },
		.timestamp = 0x14000,
	};

	(void)state;
	both_ways(&o, golden, sizeof(golden));
}

/* RFC 5213 §8.6: "Based on the size of the identifier, the option MUST be aligned" */
static void llid_alignment(void **state)
{
	(void)state;
	for (uint8_t len = 1; len <= LLID_MAX; len++) {
		struct mh_msg m = {
			.kind = MH_PBU,
			.opts = {
				.present = MH_HAS_MN_ID | MH_HAS_LLID,
				.mn_id = { .subtype = 1, .len = 3, .id = { 'a', 'b', 'c' } },
				.llid = { .len = len },
			},
		};
		/* the MN-ID ends at byte 18 */
		size_t at = len % 8 == 0 ? 20 : len % 4 == 0 ? 20 : 18;
		uint8_t buf[MH_MAX];

		memset(m.opts.llid.id, 0x77, len);
		assert_true(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL) > 0);
		assert_int_equal(buf[at], 25);
		assert_int_equal(buf[at + 1], 2 + len);
		assert_int_equal(buf[at + 4], 0x77);
		if (len % 8 == 0)
			assert_int_equal((at + 4) % 8, 0);
	}
}

/* RFC 4861 §4.6.2 on prefixes: bits after the length are "ignored by the receiver" */
static void host_bits_are_cleared(void **state)
{
	uint8_t buf[32] = {
		59, 3, 5, [12] = 22, 18, 0, 60,
		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0xff, 1, 2, 3, 4, 5, 6, 7, 8,
	};
	struct prefix want;
	struct mh_msg m;
	uint8_t out[MH_MAX];

	(void)state;
	gen_fix_checksum(buf, sizeof(buf));
	assert_int_equal(gen_decode(&m, buf, sizeof(buf), 0).error, MH_OK);
	assert_true(prefix_parse(&want, "2001:db8:0:f0::/60"));
	assert_true(prefix_equal(&m.opts.hnp[0].prefix, &want));
	/* and the sender does not send them */
	memset(m.opts.hnp[0].prefix.addr.s6_addr + 8, 0xff, 8);
	assert_int_equal(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL), 32);
	assert_memory_equal(out + 16, &want.addr, 16);
}

/* RFC 5648 §4.3: "It MUST be set to either 4, 8, or 20 depending on the Care-of Address" */
static void bid_with_care_of_address(void **state)
{
	static const uint8_t lens[] = { 4, 8, 20 };

	(void)state;
	for (size_t i = 0; i < sizeof(lens); i++) {
		uint8_t buf[40] = { 59, 4, 5, [12] = 35, lens[i], 0, 3, 0, 0x80 };
		struct mh_msg m;

		buf[12 + 2 + lens[i]] = 1;
		buf[12 + 2 + lens[i] + 1] = (uint8_t)(40 - 12 - 2 - lens[i] - 2);
		gen_fix_checksum(buf, sizeof(buf));
		assert_int_equal(gen_decode(&m, buf, sizeof(buf), 0).error, MH_OK);
		assert_int_equal(m.opts.present, MH_HAS_BID);
		assert_int_equal(m.opts.n_bid, 1);
		assert_int_equal(m.opts.bid[0].bid, 3);
		/* H is no part of the priority; 0 is a sender's that knows none */
		assert_int_equal(m.opts.bid[0].pri, 0);
		assert_int_equal(m.opts.unknown, 0);
	}
}

/* RFC 6089 §4.1: BID-PRI is "a 7-bit unsigned integer [...] Value '0' [...] MUST NOT be used"; */
/* RFC 5846 §5.1: "The initiator may include more than one of the BID mobility options" */
static void several_bids(void **state)
{
	static const uint8_t golden[] = {
		0x23, 0x04, 0x00, 0x01, 0x00, 0x14,	/* 12: BID 1, priority 20 */
		0x23, 0x04, 0xff, 0xff, 0x00, 0x7f,	/* 18 */
		0x23, 0x04, 0x00, 0x03, 0x00, 0x01,	/* 24: none said, so the first */
		0x01, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_BRI, .type = 16,
		.opts = { .present = MH_HAS_BID, .n_bid = 3, .bid = {
			{ 1, 0, 20 }, { 0xffff, 0, 127 }, { 3, 0, 0 },
		} },
	}, back;
	uint8_t buf[MH_MAX];

	(void)state;
	assert_int_equal(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL), 32);
	assert_memory_equal(buf + 12, golden, sizeof(golden));
	assert_int_equal(gen_decode(&back, buf, 32, 0).error, MH_OK);
	m.opts.bid[2].pri = 1;
	assert_memory_equal(&back, &m, sizeof(m));
}

/* RFC 6275 §6.2.5: 8n+6; RFC 5844 §3.3.1: 4n, six bits of prefix length, ten reserved */
static void care_of_and_ipv4_home(void **state)
{
	static const uint8_t golden[] = {
		0x01, 0x00,				/* 12 */
		0x03, 0x10, 0x20, 0x01, 0x0d, 0xb8,	/* 14 */
		0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9,
		0x24, 0x06, 0x80, 0x00, 192, 0, 2, 1,	/* 32 */
	};
	struct mh_msg m = {
		.kind = MH_BRI, .type = 16,
		.opts = { .present = MH_HAS_ALT_COA | MH_HAS_IPV4_REQUEST, .ipv4_len = 32 },
	}, back;
	uint8_t buf[MH_MAX];

	(void)state;
	m.opts.alt_coa = (struct in6_addr){ { { 0x20, 1, 0x0d, 0xb8, [7] = 2, [15] = 9 } } };
	memcpy(&m.opts.ipv4, (uint8_t[]){ 192, 0, 2, 1 }, 4);
	assert_int_equal(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL), 40);
	assert_memory_equal(buf + 12, golden, sizeof(golden));
	buf[34] |= 3;	/* reserved */
	buf[35] = 0xff;
	gen_fix_checksum(buf, 40);
	assert_int_equal(gen_decode(&back, buf, 40, 0).error, MH_OK);
	assert_memory_equal(&back, &m, sizeof(m));
	buf[34] = 33 << 2;
	gen_fix_checksum(buf, 40);
	assert_int_equal(gen_decode(&back, buf, 40, 0).error, MH_ERR_OPT_VALUE);
}

/* RFC 6275 §6.2.3: "PadN Option data MUST be ignored by the receiver" */
static void padding_is_ignored(void **state)
{
	uint8_t buf[24] = { 59, 2, 5, [12] = 1, 4, 8, 2, 1, 'x', 0, 23, 2, 0x55, 5, 0 };
	struct mh_msg m;

	(void)state;
	gen_fix_checksum(buf, sizeof(buf));
	assert_int_equal(gen_decode(&m, buf, sizeof(buf), 0).error, MH_OK);
	assert_int_equal(m.opts.present, MH_HAS_HI);
	assert_int_equal(m.opts.hi, HI_REREGISTRATION);
}

/* RFC 4283 §3: the length byte counts subtype and identifier: 254 bytes at most */
static void longest_mn_id(void **state)
{
	struct mh_msg m = {
		.kind = MH_SHI, .type = 240,
		.opts = { .present = MH_HAS_MN_ID, .mn_id = { .subtype = 1, .len = MN_ID_MAX } },
	};
	struct mh_msg back;
	uint8_t buf[MH_MAX];
	int len;

	(void)state;
	memset(m.opts.mn_id.id, 'z', MN_ID_MAX);
	len = mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL);
	assert_int_equal(len, 272);
	assert_int_equal(buf[13], 255);
	assert_int_equal(gen_decode(&back, buf, 272, 0).error, MH_OK);
	assert_memory_equal(&back, &m, sizeof(m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pad1_before_a_bid),
		cmocka_unit_test(padn_is_one_option),
		cmocka_unit_test(off_link_prefixes),
		cmocka_unit_test(lla_and_timestamp),
		cmocka_unit_test(llid_alignment),
		cmocka_unit_test(host_bits_are_cleared),
		cmocka_unit_test(bid_with_care_of_address),
		cmocka_unit_test(several_bids),
		cmocka_unit_test(care_of_and_ipv4_home),
		cmocka_unit_test(padding_is_ignored),
		cmocka_unit_test(longest_mn_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
