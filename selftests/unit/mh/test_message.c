// SPDX-License-Identifier: GPL-2.0
/* Golden bytes of every message, laid out by hand from the RFCs' figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "gen.h"

static void both_ways(const struct mh_msg *m, const uint8_t *golden, size_t size)
{
	uint8_t buf[MH_MAX];
	struct mh_msg back;
	struct mh_result r;

	memset(buf, 0xee, sizeof(buf));
	assert_int_equal(mh_encode(m, buf, sizeof(buf), &gen_src, &gen_dst, &r), size);
	assert_int_equal(r.error, MH_OK);
	assert_memory_equal(buf, golden, size);
	assert_int_equal(gen_sum(golden, size), 0);
	assert_int_equal(gen_decode(&back, golden, size, 0).error, MH_OK);
	assert_memory_equal(m, &back, sizeof(back));
}

static void set_nai(struct mh_msg *m)
{
	assert_true(mn_id_from_nai(&m->opts.mn_id, "mn1@example.org"));
	m->opts.present |= MH_HAS_MN_ID;
}

static void set_hnp(struct mh_msg *m)
{
	assert_true(prefix_parse(&m->opts.hnp[0].prefix, "2001:db8:100:1::/64"));
	m->opts.n_hnp = 1;
	m->opts.present |= MH_HAS_HNP;
}

/* RFC 5213 §8.1: a PBU with all the options that §6.9.1.1 puts into a first one */
static void pbu(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x0a, 0x05, 0x00, 0x9e, 0x42,	/* 10 units follow the first */
		0x12, 0x34, 0x82, 0x00, 0x03, 0x84,	/* sequence, A and P, 900 * 4 s */
		0x08, 0x10, 0x01,			/* 12: MN-ID, NAI */
		'm', 'n', '1', '@', 'e', 'x', 'a', 'm', 'p', 'l', 'e', '.', 'o', 'r', 'g',
		0x01, 0x04, 0x00, 0x00, 0x00, 0x00,	/* 30: PadN */
		0x16, 0x12, 0x00, 0x40,			/* 36 = 8n+4: HNP, /64 */
		0x20, 0x01, 0x0d, 0xb8, 0x01, 0x00, 0x00, 0x01,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x17, 0x02, 0x00, 0x04,			/* 56: HI unknown */
		0x18, 0x02, 0x00, 0x04,			/* 60: ATT 802.11 */
		0x19, 0x08, 0x00, 0x00,			/* 64: LLID */
		0x02, 0x00, 0x00, 0x00, 0x00, 0x01,
		0x1b, 0x08,				/* 74 = 8n+2: Timestamp */
		0x00, 0x00, 0x65, 0x53, 0xf1, 0x00, 0x80, 0x00,
		0x01, 0x02, 0x00, 0x00,			/* 84: PadN */
	};
	struct mh_msg m = {
		.kind = MH_PBU, .type = 5, .seq = 0x1234,
		.flags = PBU_F_A | PBU_F_P, .lifetime = 900,
		.opts = {
			.present = MH_HAS_HI | MH_HAS_ATT | MH_HAS_LLID | MH_HAS_TIMESTAMP,
			.hi = HI_UNKNOWN, .att = 4,
			.llid = { 6, { 0x02, 0, 0, 0, 0, 0x01 } },
		},
	};

	(void)state;
	/* 1,700,000,000.5 s after 1970 is 0x6553f100 s and one half */
	m.opts.timestamp = mh_timestamp(1700000000ULL * NSEC_PER_SEC + NSEC_PER_SEC / 2);
	set_nai(&m);
	set_hnp(&m);
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 5213 §8.2; draft: seamless handover §4.1: "PBA(PMAG-Addr)" in RFC 6705's option */
static void pba(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x0a, 0x06, 0x00, 0xb6, 0xbc,
		0x00, 0x20, 0x12, 0x34, 0x03, 0x84,	/* accepted, P, sequence, lifetime */
		0x16, 0x12, 0x00, 0x40,			/* 12 = 8n+4: HNP, no padding */
		0x20, 0x01, 0x0d, 0xb8, 0x01, 0x00, 0x00, 0x01,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x01, 0x04, 0x00, 0x00, 0x00, 0x00,	/* 32: PadN */
		0x1a, 0x10,				/* 38 = 8n+6: LLA */
		0xfe, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x52, 0x13,
		0x01, 0x02, 0x00, 0x00,			/* 56: PadN */
		0x33, 0x12, 0x00, 0x80,			/* 60 = 8n+4: MAG address, 128 bits */
		0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x02,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
		0x23, 0x04, 0x00, 0x02, 0x00, 0x01,	/* 80: BID 2 */
		0x01, 0x00,				/* 86: PadN of 2 */
	};
	struct mh_msg m = {
		.kind = MH_PBA, .type = 6, .seq = 0x1234, .flags = PBA_F_P, .lifetime = 900,
		.opts = {
			.present = MH_HAS_LLA | MH_HAS_MAG_ADDR | MH_HAS_BID,
			.lla = { { { 0xfe, 0x80, 0, 0, 0, 0, 0, 0,
				     0x02, 0, 0x5e, 0xff, 0xfe, 0, 0x52, 0x13 } } },
			.n_mag = 1,
			.mag = { { { { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 2,
				       0, 0, 0, 0, 0, 0, 0, 1 } } } },
			.n_bid = 1,
			.bid = { { 2, 0, 1 } },
		},
	};

	(void)state;
	set_hnp(&m);
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 6275 §6.1.9: "no padding is necessary and the Header Len field will be set to 2" */
static void binding_error(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x02, 0x07, 0x00, 0x32, 0x27,
		0x02, 0x00,				/* unrecognized MH type */
		0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x09,
	};
	struct mh_msg m = {
		.kind = MH_BE, .type = 7, .status = BE_UNKNOWN_TYPE,
		.home = { { { 0x20, 0x01, 0x0d, 0xb8, [15] = 9 } } },
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 5847 §3.3: a request is flags 0 and the sequence number */
static void heartbeat_request(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x01, 0x0d, 0x00, 0x56, 0xea,
		0x00, 0x00, 0x01, 0x02, 0x03, 0x04,
		0x01, 0x02, 0x00, 0x00,
	};
	struct mh_msg m = { .kind = MH_HEARTBEAT, .type = 13, .hb_seq = 0x01020304 };

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 5847 §3.4: the Restart Counter "has an alignment requirement of 4n+2" */
static void heartbeat_response(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x02, 0x0d, 0x00, 0x39, 0xd3,
		0x00, 0x03, 0x01, 0x02, 0x03, 0x04,	/* U and R */
		0x01, 0x00,				/* 12: PadN of 2 */
		0x1c, 0x04, 0x00, 0x00, 0x00, 0x07,	/* 14 = 4n+2 */
		0x01, 0x02, 0x00, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_HEARTBEAT, .type = 13, .flags = HB_F_U | HB_F_R,
		.hb_seq = 0x01020304,
		.opts = { .present = MH_HAS_RESTART, .restart = 7 },
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* draft: seamless handover §5.1: sequence, A and 15 reserved bits, lifetime, MN-ID */
static void shi(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x03, 0xf0, 0x00, 0x49, 0x32,
		0x00, 0x07, 0x80, 0x00, 0x03, 0x84,
		0x08, 0x10, 0x01,
		'm', 'n', '1', '@', 'e', 'x', 'a', 'm', 'p', 'l', 'e', '.', 'o', 'r', 'g',
		0x01, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_SHI, .type = 240, .seq = 7, .flags = SHI_F_A, .lifetime = 900,
	};

	(void)state;
	set_nai(&m);
	both_ways(&m, golden, sizeof(golden));
}

/* draft: seamless handover §5.2: sequence, 8 reserved bits, status, lifetime */
static void shack(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x03, 0xf1, 0x00, 0xcb, 0x35,
		0x00, 0x07, 0x00, 0x81, 0x00, 0x00,	/* 129: MN not attached */
		0x08, 0x10, 0x01,
		'm', 'n', '1', '@', 'e', 'x', 'a', 'm', 'p', 'l', 'e', '.', 'o', 'r', 'g',
		0x01, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_SHACK, .type = 241, .seq = 7, .status = SHACK_NOT_ATTACHED,
	};

	(void)state;
	set_nai(&m);
	both_ways(&m, golden, sizeof(golden));
}

/* draft: flow mobility §4.1: sequence, I set and 15 reserved bits, lifetime in seconds, MN-ID */
static void flow_initiate(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x03, 0xf2, 0x00, 0x4a, 0xb5,
		0x00, 0x08, 0x80, 0x00, 0xff, 0xff,	/* forever */
		0x08, 0x10, 0x01,
		'm', 'n', '1', '@', 'e', 'x', 'a', 'm', 'p', 'l', 'e', '.', 'o', 'r', 'g',
		0x01, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_FMI, .type = 242, .seq = 8, .lifetime = FMI_LIFETIME_INFINITE,
	};

	(void)state;
	set_nai(&m);
	both_ways(&m, golden, sizeof(golden));
}

/* draft: flow mobility §4.2: sequence, I clear and 7 reserved bits, status, lifetime */
static void flow_ack(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x03, 0xf3, 0x00, 0xc9, 0x31,
		0x00, 0x08, 0x00, 0x84, 0x00, 0x00,	/* 132: no entry */
		0x08, 0x10, 0x01,
		'm', 'n', '1', '@', 'e', 'x', 'a', 'm', 'p', 'l', 'e', '.', 'o', 'r', 'g',
		0x01, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_FMA, .type = 243, .seq = 8, .status = FMA_NO_ENTRY,
	};

	(void)state;
	set_nai(&m);
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 5846 §5.1: B.R. Type 1, trigger, sequence, P, V, G; "4 octets of padding are necessary" */
static void bri(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x01, 0x10, 0x00, 0xa4, 0x3a,
		0x01, 0x81, 0x12, 0x34, 0xa0, 0x00,	/* 129, P and G */
		0x01, 0x02, 0x00, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_BRI, .type = 16, .seq = 0x1234, .trigger = BRI_NODE_POLICY,
		.flags = BR_F_P | BR_F_G,
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 5846 §5.2: B.R. Type 2, status, sequence, P, V, G */
static void bra(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x01, 0x10, 0x00, 0x83, 0x37,
		0x02, 0x84, 0x12, 0x34, 0xc0, 0x00,	/* 132: attached; P and V */
		0x01, 0x02, 0x00, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_BRA, .type = 16, .seq = 0x1234, .status = BRA_ATTACHED,
		.flags = BR_F_P | BR_F_V,
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 7077 §4.1: sequence, reason, A, D; RFC 7864 §4.2: FLOW-MOBILITY is 8 */
static void upn(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x01, 0x13, 0x00, 0xd5, 0xf7,
		0xbe, 0xef, 0x00, 0x08, 0xc0, 0x00,
		0x01, 0x02, 0x00, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_UPN, .type = 19, .seq = 0xbeef, .reason = UPN_FLOW_MOBILITY,
		.flags = UPN_F_A | UPN_F_D,
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 7077 §4.2: sequence, status, 24 reserved bits; RFC 7864 §4.3: MN not attached is 132 */
static void upa(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x01, 0x14, 0x00, 0x11, 0x00,
		0xbe, 0xef, 0x84, 0x00, 0x00, 0x00,
		0x01, 0x02, 0x00, 0x00,
	};
	struct mh_msg m = {
		.kind = MH_UPA, .type = 20, .seq = 0xbeef, .status = UPA_NOT_ATTACHED,
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 6275 §6.1.7: "Reserved [...] MUST be ignored by the receiver", and sent as zero */
static void reserved_bits(void **state)
{
	static const struct {
		uint8_t type;
		uint8_t at, byte;	/* where reserved bits are all set */
		uint16_t flags;
	} row[] = {
		{ 5, 9, 0x1f, 0 }, { 6, 7, 0x03, 0 }, { 7, 7, 0xff, 0 },
		{ 13, 7, 0xfc, 0 }, { 13, 6, 0xff, 0 }, { 240, 9, 0xff, 0 },
		{ 240, 8, 0xff, SHI_F_A }, { 241, 8, 0xff, 0 }, { 5, 3, 0xff, 0 },
		{ 243, 8, 0x7f, 0 }, { 19, 11, 0xff, 0 }, { 20, 9, 0xff, 0 },
		{ 20, 10, 0xff, 0 }, { 20, 11, 0xff, 0 },
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		uint8_t buf[24] = { 59, 2, row[i].type, [12] = 1, 10, [24 - 1] = 0 };
		uint8_t out[MH_MAX];
		struct mh_msg m;

		if (row[i].type == 7)
			memset(buf + 12, 0, 2);
		buf[row[i].at] = row[i].byte;
		gen_fix_checksum(buf, sizeof(buf));
		assert_int_equal(gen_decode(&m, buf, sizeof(buf), 0).error, MH_OK);
		assert_int_equal(m.flags, row[i].flags);
		m.flags |= row[i].flags ? 0x7fff : 0;
		assert_true(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL) > 0);
		assert_int_equal(out[row[i].at], row[i].flags >> 8);
	}
}

/* Draft: flow mobility §4.1, RFC 5846 §5.1, RFC 7077 §4.1: "Reserved" beside what is not */
static void reserved_bits_beside_set_ones(void **state)
{
	static const struct {
		uint8_t at_6[6], back[6];
	} row[] = {
		{ { 0, 0, 0xff, 0xff }, { 0, 0, 0x80, 0 } },
		{ { 1, 0, 0, 0, 0xff, 0xff }, { 1, 0, 0, 0, 0xe0, 0 } },
		{ { 2, 0, 0, 0, 0xff, 0xff }, { 2, 0, 0, 0, 0xe0, 0 } },
		{ { 0, 0, 0, 0, 0xff, 0xff }, { 0, 0, 0, 0, 0xc0, 0 } },
	};
	static const uint8_t types[] = { 242, 16, 16, 19 };

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		uint8_t buf[16] = { 59, 1, types[i], [12] = 1, 2 }, out[MH_MAX];
		struct mh_msg m;

		memcpy(buf + 6, row[i].at_6, 6);
		gen_fix_checksum(buf, sizeof(buf));
		assert_int_equal(gen_decode(&m, buf, sizeof(buf), 0).error, MH_OK);
		assert_int_equal(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL), 16);
		assert_memory_equal(out + 6, row[i].back, 6);
	}
}

/* RFC 6275 §6.1.1: an encoder that has no room writes nothing beyond it */
static void no_room(void **state)
{
	uint64_t seed = 77;

	(void)state;
	for (unsigned int n = 0; n < 50 * MH_KINDS; n++) {
		uint8_t buf[MH_MAX], *exact;
		struct mh_result r;
		struct mh_msg m;
		int len;

		gen_msg(&seed, (enum mh_kind)(n % MH_KINDS), &m);
		len = mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, &r);
		assert_true(len > 0);
		for (size_t size = 0; size < (size_t)len; size++) {
			exact = malloc(size + 1);
			assert_non_null(exact);
			exact[size] = 0x5a;
			assert_int_equal(mh_encode(&m, exact, size, &gen_src, &gen_dst,
						   &r), -1);
			assert_int_equal(r.error, MH_ERR_NO_ROOM);
			assert_int_equal(exact[size], 0x5a);
			free(exact);
		}
		assert_int_equal(mh_encode(&m, buf, (size_t)len, &gen_src, &gen_dst, &r),
				 len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pbu),
		cmocka_unit_test(pba),
		cmocka_unit_test(binding_error),
		cmocka_unit_test(heartbeat_request),
		cmocka_unit_test(heartbeat_response),
		cmocka_unit_test(shi),
		cmocka_unit_test(shack),
		cmocka_unit_test(flow_initiate),
		cmocka_unit_test(flow_ack),
		cmocka_unit_test(bri),
		cmocka_unit_test(bra),
		cmocka_unit_test(upn),
		cmocka_unit_test(upa),
		cmocka_unit_test(reserved_bits),
		cmocka_unit_test(reserved_bits_beside_set_ones),
		cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
