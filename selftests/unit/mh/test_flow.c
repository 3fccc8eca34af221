// SPDX-License-Identifier: GPL-2.0
/* Flow Identification options and their sub-options, as their figures have them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "flow.h"

/* One flow against its golden option, both ways */
static void both_ways(const struct mh_flow *f, const uint8_t *golden, size_t n)
{
	struct mh_msg m = {
		.kind = MH_FMI, .type = 242,
		.opts = { .present = MH_HAS_FLOW, .n_flow = 1, .flow = { *f } },
	}, back;
	uint8_t want[MH_MAX], buf[MH_MAX];
	size_t len = fmi(want, golden, n);

	assert_int_equal(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL), len);
	assert_memory_equal(buf, want, len);
	assert_int_equal(gen_decode(&back, want, len, 0).error, MH_OK);
	assert_memory_equal(&back, &m, sizeof(m));
}

/* RFC 6089 §4.2: FID, FID-PRI, reserved, status */
static void bare_flow(void **state)
{
	static const uint8_t golden[] = { 45, 6, 0x12, 0x34, 0xab, 0xcd, 0, 133 };
	static const struct mh_flow f = {
		.fid = 0x1234, .pri = 0xabcd, .status = FLOW_TS_UNSUPPORTED,
	};

	(void)state;
	both_ways(&f, golden, sizeof(golden));
}

/* RFC 6089 §4.2.1.3: "Number of BIDs = Sub-Opt Len/2"; RFC 7109 §6.2.1: reserved, action */
static void bids_and_action(void **state)
{
	static const uint8_t golden[] = {
		45, 16, 0, 2, 0, 10, 0, 0,
		2, 4, 0, 1, 0xff, 0xfe,
		4, 2, 0, 11,
	};
	static const struct mh_flow f = {
		.fid = 2, .pri = 10, .present = MH_FLOW_HAS_BIDS | MH_FLOW_HAS_ACTION,
		.n_bid = 2, .bid = { 1, 0xfffe }, .action = FLOW_ADD,
	};

	(void)state;
	both_ways(&f, golden, sizeof(golden));
}

/* RFC 6088 §3.1, Figure 1, with all of A to N; "4n if A, B, C, D, E, or F is set" */
static void ipv4_selector(void **state)
{
	static const uint8_t golden[] = {
		45, 6 + 44, 0, 1, 0, 1, 0, 0,
		3, 42, 1, 0,			/* 24 = 4n: Traffic Selector, IPv4 */
		0xff, 0xfc, 0x00, 0x00,		/* A to N */
		192, 0, 2, 1, 192, 0, 2, 9,	/* A, B: source */
		198, 51, 100, 0, 198, 51, 100, 255,	/* C, D: destination */
		0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff,	/* E, F: SPI */
		0x10, 0x00, 0x20, 0x01,		/* G, H: source port */
		0x00, 0x50, 0x00, 0x50,		/* I, J: destination port */
		0x28, 0xb8, 6, 17,		/* K, L: DS, M, N: protocol */
	};
	struct mh_flow f = {
		.fid = 1, .pri = 1, .present = MH_FLOW_HAS_SELECTOR,
		.selector = {
			.format = SELECTOR_IPV4,
			.fields = 0xff & ~SELECTOR_HAS(SELECTOR_LABEL),
			.ranges = 0xff & ~SELECTOR_HAS(SELECTOR_LABEL),
			.spi = { 256, 0xffffffff }, .sport = { 4096, 8193 },
			.dport = { 80, 80 }, .tc = { 0x28, 0xb8 }, .proto = { 6, 17 },
		},
	};

	(void)state;
	f.selector.src[0] = fake_addr("::ffff:192.0.2.1");
	f.selector.src[1] = fake_addr("::ffff:192.0.2.9");
	f.selector.dst[0] = fake_addr("::ffff:198.51.100.0");
	f.selector.dst[1] = fake_addr("::ffff:198.51.100.255");
	both_ways(&f, golden, sizeof(golden));
}

/* RFC 6088 §3.2, Figure 2, with all of A to P; "8n if A, B, C, or D is set" */
static void ipv6_selector(void **state)
{
	static const uint8_t golden[] = {
		45, 6 + 100, 0, 1, 0, 1, 0, 0,
		3, 98, 2, 0,			/* 24 = 8n: Traffic Selector, IPv6 */
		0xff, 0xff, 0x00, 0x00,		/* A to P */
		0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,	/* A */
		0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0,	/* B */
		0x20, 1, 0x0d, 0xb8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,	/* C */
		0x20, 1, 0x0d, 0xb8, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0,	/* D */
		1, 2, 3, 4, 1, 2, 3, 5,		/* E, F: SPI */
		0, 0, 0, 7, 0, 0x0f, 0xff, 0xff,	/* G, H: flow label */
		0, 1, 0, 2,			/* I, J: source port */
		0x13, 0x88, 0xff, 0xff,		/* K, L: destination port */
		0, 0xfc, 0, 255,		/* M, N: traffic class, O, P: next header */
	};
	struct mh_flow f = {
		.fid = 1, .pri = 1, .present = MH_FLOW_HAS_SELECTOR,
		.selector = {
			.format = SELECTOR_IPV6, .fields = 0xff, .ranges = 0xff,
			.spi = { 0x01020304, 0x01020305 }, .label = { 7, 0xfffff },
			.sport = { 1, 2 }, .dport = { 5000, 65535 },
			.tc = { 0, 0xfc }, .proto = { 0, 255 },
		},
	};

	(void)state;
	f.selector.src[0] = fake_addr("2001:db8::1");
	f.selector.src[1] = fake_addr("2001:db8::100");
	f.selector.dst[0] = fake_addr("2001:db8:100:1::");
	f.selector.dst[1] = fake_addr("2001:db8:100:2::");
	both_ways(&f, golden, sizeof(golden));
}

/* RFC 6088 §3: a value is present where its flag is, and its flag is its letter's */
static void one_field_at_a_time(void **state)
{
	static const uint8_t len4[] = { 4, 4, 4, 0, 2, 2, 1, 1 };
	static const uint8_t len6[] = { 16, 16, 4, 4, 2, 2, 1, 1 };

	(void)state;
	for (uint8_t format = 1; format <= 2; format++) {
		unsigned int letter = 0;

		for (unsigned int f = 0; f < SELECTOR_FIELDS; f++) {
			size_t len = format == 1 ? len4[f] : len6[f];
			uint8_t opt[64] = { 45, (uint8_t)(6 + 8 + len), 0, 1, 0, 1, 0, 0,
					    3, (uint8_t)(6 + len), format, 0 };
			uint8_t buf[MH_MAX], out[MH_MAX];
			struct mh_msg m;
			size_t n;

			if (!len)
				continue;
			opt[12 + letter / 8] = (uint8_t)(0x80 >> letter % 8);
			letter += 2;
			memset(opt + 16, 0x04, len);
			if (f == SELECTOR_LABEL)
				opt[16] = 0;
			n = fmi(buf, opt, 16 + len);
			assert_int_equal(gen_decode(&m, buf, n, 0).error, MH_OK);
			assert_int_equal(m.opts.flow[0].selector.fields, SELECTOR_HAS(f));
			assert_int_equal(m.opts.flow[0].selector.ranges, 0);
			assert_int_equal(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst,
						   NULL), n);
			assert_memory_equal(out, buf, n);
		}
		assert_int_equal(letter, format == 1 ? 14 : 16);
	}
}

/* RFC 6088 §3.1: bits "MUST be set to zero by the sender and ignored by the receiver" */
static void reserved_selector_bits(void **state)
{
	static const uint8_t opt[] = {
		45, 15, 0, 1, 0, 1, 0xff, 0,
		3, 7, 1, 0xff, 0x00, 0x0b, 0xff, 0xff, 17,
	};
	uint8_t buf[MH_MAX], clean[sizeof(opt)], out[MH_MAX];
	struct mh_msg m;
	size_t len = fmi(buf, opt, sizeof(opt));

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.flow[0].selector.fields, SELECTOR_HAS(SELECTOR_PROTO));
	assert_int_equal(m.opts.flow[0].selector.proto[1], 17);
	memcpy(clean, opt, sizeof(opt));
	clean[6] = 0;
	clean[11] = 0;
	clean[13] = 0x08;
	memset(clean + 14, 0, 2);
	fmi(buf, clean, sizeof(clean));
	assert_int_equal(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL), len);
	assert_memory_equal(out, buf, len);
}

/* RFC 6089 §4.2.1: fields at multiples of their size; RFC 7109 §6.2.2: IPv4 or IPv6 */
static void target_and_padding(void **state)
{
	static const uint8_t v4[] = {
		45, 6 + 4 + 8, 0, 1, 0, 1, 0, 0,
		4, 2, 0, FLOW_MOVE,
		5, 6, 0, 0, 192, 0, 2, 1,	/* 28 = 4n */
	};
	static const uint8_t v6[] = {
		45, 6 + 4 + 4 + 4 + 20, 0, 1, 0, 1, 0, 0,
		2, 2, 0, 9,
		4, 2, 0, FLOW_MOVE,
		1, 2, 0, 0,			/* PadN */
		5, 18, 0, 0,			/* 36 = 8n + 4 */
		0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	};
	struct mh_flow f = {
		.fid = 1, .pri = 1, .present = MH_FLOW_HAS_ACTION | MH_FLOW_HAS_TARGET,
		.action = FLOW_MOVE, .target = fake_addr("::ffff:192.0.2.1"),
	};

	(void)state;
	both_ways(&f, v4, sizeof(v4));
	f.present |= MH_FLOW_HAS_BIDS;
	f.n_bid = 1;
	f.bid[0] = 9;
	f.target = fake_addr("2001:db8::1");
	both_ways(&f, v6, sizeof(v6));
}

/* RFC 6089 §4.2: 133 is for a "Traffic selector format not supported": it must be read */
static void unknown_format(void **state)
{
	(void)state;
	for (unsigned int format = 3; format < 256; format++) {
		uint8_t opt[] = { 45, 12, 0, 1, 0, 1, 0, 0, 3, 4, (uint8_t)format, 0, 0x12, 0x34 };
		uint8_t buf[MH_MAX], out[MH_MAX];
		struct mh_msg m, back;
		size_t len = fmi(buf, opt, sizeof(opt));
		int n;

		assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
		assert_int_equal(m.opts.flow[0].present, MH_FLOW_HAS_SELECTOR);
		assert_int_equal(m.opts.flow[0].selector.format, format);
		n = mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL);
		assert_true(n > 0);
		assert_int_equal(gen_decode(&back, out, (size_t)n, 0).error, MH_OK);
		assert_memory_equal(&back, &m, sizeof(m));
	}
}

/* RFC 6089 §4.2.1: "the receiver MUST silently ignore and skip over the sub-option" */
static void unknown_sub_options(void **state)
{
	static const uint8_t opt[] = {
		45, 6 + 3 + 2 + 1 + 4 + 4 + 2, 0, 1, 0, 1, 0, 0,
		99, 1, 0x55, 0xff, 0, 0, 2, 2, 0, 7, 1, 2, 0xaa, 0xaa, 6, 0,
	};
	uint8_t buf[MH_MAX];
	struct mh_msg m;
	size_t len = fmi(buf, opt, sizeof(opt));

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.unknown, 3);
	assert_int_equal(m.opts.flow[0].present, MH_FLOW_HAS_BIDS);
	assert_int_equal(m.opts.flow[0].bid[0], 7);
}

/* Draft: flow mobility §4.1: "one or more Flow Identification Mobility options" */
static void as_many_as_fit(void **state)
{
	static const uint8_t flow[] = { 45, 6, 0, 1, 0, 1, 0, 0 };
	uint8_t opts[8 * (FLOWS_MAX + 2)], buf[MH_MAX];
	struct mh_msg m;
	size_t len;

	(void)state;
	for (size_t i = 0; i < N(opts) / 8; i++)
		memcpy(opts + 8 * i, flow, 8);
	len = fmi(buf, opts, 8 * FLOWS_MAX);
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_flow, FLOWS_MAX);
	assert_int_equal(m.opts.more_flow, 0);
	/* who requests too many is told; an answer is of no use */
	len = fmi(buf, opts, sizeof(opts));
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.n_flow, FLOWS_MAX);
	assert_int_equal(m.opts.more_flow, 2);
	buf[2] = 243;
	buf[8] = 0;
	gen_fix_checksum(buf, len);
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_ERR_TOO_MANY);
	assert_int_equal(gen_decode(&m, buf, len, 0).offset, AT + 8 * FLOWS_MAX);
}

/* RFC 6089 §5.3.5: each of a PBU's can be answered: those beyond that by FID and FID-PRI alone */
static void more_than_fit(void **state)
{
	struct mh_msg m = { .kind = MH_PBU, .seq = 1, .flags = PBU_F_A | PBU_F_P };
	uint8_t buf[MH_MAX], again[MH_MAX];
	struct mh_msg back;
	size_t len;

	(void)state;
	m.opts.present = MH_HAS_FLOW;
	m.opts.n_flow = FLOWS_MAX;
	for (uint16_t i = 0; i < FLOWS_MAX; i++)
		m.opts.flow[i] = (struct mh_flow) { .fid = 1 + i, .pri = 1 };
	m.opts.n_spare = MH_SPARE_FLOWS;
	for (uint16_t i = 0; i < MH_SPARE_FLOWS; i++)
		m.opts.spare[i] = (struct mh_flow_name) { .fid = 100 + i, .pri = 2 };
	m.opts.spare[3].status = FLOW_UNSPECIFIED;
	len = (size_t)mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL);
	assert_int_equal(gen_decode(&back, buf, len, 0).error, MH_OK);
	m.type = back.type;
	assert_memory_equal(&back, &m, sizeof(m));
	/* the last once more: that is counted alone */
	memcpy(buf + len, buf + len - 8, 8);
	buf[1]++;
	gen_fix_checksum(buf, len + 8);
	assert_int_equal(gen_decode(&back, buf, len + 8, 0).error, MH_OK);
	assert_int_equal(back.opts.n_spare, MH_SPARE_FLOWS);
	assert_int_equal(back.opts.more_flow, 1);
	/* there are none before all places are taken */
	m.opts.n_flow--;
	assert_int_equal(mh_encode(&m, again, sizeof(again), &gen_src, &gen_dst, NULL), -1);
	m.opts.n_flow++;
	m.opts.n_spare++;
	assert_int_equal(mh_encode(&m, again, sizeof(again), &gen_src, &gen_dst, NULL), -1);
}

/* RFC 7864 §3.4: "for all the flows that the MAG needs to be aware of": the longest fit, too */
static void the_longest_message(void **state)
{
	uint64_t seed = 7864;
	struct mh_msg m = { .kind = MH_UPN, .type = 19 }, back;
	uint8_t buf[MH_MAX];
	struct mh_opts *o = &m.opts;
	int len;

	(void)state;
	while (o->n_hnp != HNP_MAX || o->n_mag != PEERS_MAX) {
		o->present = MH_HAS_HNP | MH_HAS_MAG_ADDR;
		memset(o->hnp, 0, sizeof(o->hnp));
		memset(o->mag, 0, sizeof(o->mag));
		gen_addresses(&seed, o);
	}
	o->present = (MH_HAS_FLOW << 1) - 1;
	o->mn_id.len = MN_ID_MAX;
	memset(o->mn_id.id, 'z', MN_ID_MAX);
	o->llid.len = LLID_MAX;
	o->n_bid = PEERS_MAX;
	o->n_flow = FLOWS_MAX;
	for (unsigned int i = 0; i < FLOWS_MAX; i++) {
		struct mh_flow *f = &o->flow[i];

		o->bid[i] = (struct mh_bid){ (uint16_t)(i + 1), 0, 1 };
		*f = (struct mh_flow) {
			.fid = 1, .pri = 1, .present = 15, .n_bid = PEERS_MAX,
			.selector = { .format = SELECTOR_IPV6, .fields = 0xff, .ranges = 0xff },
			.target = fake_addr("2001:db8::1"),
		};
		for (unsigned int b = 0; b < PEERS_MAX; b++)
			f->bid[b] = 1;
	}
	len = mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL);
	assert_true(len > 0);
	assert_int_equal(gen_decode(&back, buf, (size_t)len, 0).error, MH_OK);
	assert_memory_equal(&back, &m, sizeof(m));
	/* as an anchor answers: RFC 6089 §5.3.5: with each flow that it was asked for */
	m.kind = MH_PBA;
	m.flags = PBA_F_P;
	o->present &= ~(uint32_t)(MH_HAS_RESTART | MH_HAS_BID | MH_HAS_ALT_COA |
				  MH_HAS_IPV4_REQUEST);
	for (unsigned int i = 0; i < FLOWS_MAX; i++) {
		o->flow[i].present &= (uint8_t)~MH_FLOW_HAS_TARGET;
		o->flow[i].n_bid = PMIP_FLOW_BIDS;
	}
	o->n_spare = MH_SPARE_FLOWS;
	for (unsigned int i = 0; i < MH_SPARE_FLOWS; i++)
		o->spare[i] = (struct mh_flow_name) { 9, 9, FLOW_UNSPECIFIED };
	assert_true(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bare_flow),
		cmocka_unit_test(bids_and_action),
		cmocka_unit_test(ipv4_selector),
		cmocka_unit_test(ipv6_selector),
		cmocka_unit_test(one_field_at_a_time),
		cmocka_unit_test(reserved_selector_bits),
		cmocka_unit_test(target_and_padding),
		cmocka_unit_test(unknown_format),
		cmocka_unit_test(unknown_sub_options),
		cmocka_unit_test(as_many_as_fit),
		cmocka_unit_test(more_than_fit),
		cmocka_unit_test(the_longest_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
