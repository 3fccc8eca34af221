// SPDX-License-Identifier: GPL-2.0
/* What a node listens to, in options 57 and 60, and what of it is refused, in option 61. */
#include "bad.h"
#include "golden.h"
#include "fake_env.h"

#define GROUP	0xff, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7
#define SOURCE	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5
#define OTHER	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6

static void add(struct mh_groups *all, uint8_t record, uint8_t code, uint8_t n_source)
{
	struct mh_group g = {
		.address = fake_addr("ff1e::7"), .record = record, .code = code,
		.n_source = n_source,
	};
	struct in6_addr source[MH_SOURCES_MAX];

	for (unsigned int i = 0; i < n_source; i++) {
		source[i] = fake_addr("2001:db8::5");
		source[i].s6_addr[15] = (uint8_t)(5 + i);
	}
	assert_true(mh_groups_add(all, &g, source));
}

/* RFC 7411 §5.3: the length "in 32-bit words, not including the Type, Length, Option-Code, */
/* and Reserved fields"; one option for each payload type; draft, multicast handover §5: M */
static void listens(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x0f, 0x0e, 0x00, 0, 0,
		0x00, 0x01, 0x38, 0x00,			/* P, F, M */
		0x01, 0x04, 0, 0, 0, 0,			/* 10 */
		60, 19, 2, 0,				/* 16 = 8n: 19 words, MLDv2 */
		0, 0, 0, 2,				/* two records */
		1, 0, 0, 2, GROUP, SOURCE, OTHER,	/* IS_IN */
		2, 0, 0, 0, GROUP,			/* IS_EX */
		60, 6, 4, 0,				/* 96: MLDv1 */
		0, 0, 0, 1,
		2, 0, 0, 0, GROUP,
		0x01, 0x02, 0, 0,
	};
	static struct mh_msg m = {
		.kind = MH_HI, .type = 14, .seq = 1, .flags = HI_F_P | HI_F_F | HI_F_M,
		.opts = { .present = MH_HAS_MULTICAST },
	};

	(void)state;
	add(&m.opts.listens, MLD_IS_IN, MULTICAST_MLDV2, 2);
	add(&m.opts.listens, MLD_IS_EX, MULTICAST_MLDV2, 0);
	add(&m.opts.listens, MLD_IS_EX, MULTICAST_MLDV1, 0);
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 7411 §5.4: "only composed of those [...] records that are not supported or */
/* prohibited"; of status 1 there are none */
static void refuses(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x0a, 0x0f, 0x00, 0, 0,
		0x00, 0x01, 0x48, 0x05,			/* P, M */
		0x01, 0x04, 0, 0, 0, 0,
		61, 1, 0, 1, 0, 0, 0, 0,		/* 16: unsupported payload */
		61, 6, 0, 2, 0, 0, 0, 1,		/* 24: unsupported service */
		2, 0, 0, 0, GROUP,
		0x01, 0x02, 0, 0,			/* 52 */
		61, 6, 0, 3, 0, 0, 0, 1,		/* 56: prohibited */
		2, 0, 0, 0, GROUP,
		0x01, 0x02, 0, 0,
	};
	static struct mh_msg m = {
		.kind = MH_HACK, .type = 15, .seq = 1, .flags = HACK_F_P | HACK_F_M,
		.code = HACK_CONTEXT,
		.opts = { .present = MH_HAS_MULTICAST_ACK, .refused.foreign = true },
	};

	(void)state;
	add(&m.opts.refused, MLD_IS_EX, MULTICAST_GROUP_UNSUPPORTED, 0);
	add(&m.opts.refused, MLD_IS_EX, MULTICAST_GROUP_PROHIBITED, 0);
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 7411 §5.2: "MUST be acknowledged by a corresponding Multicast Acknowledgement Option" */
static void refuses_nothing(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x02, 0x0f, 0x00, 0, 0,
		0x00, 0x01, 0x48, 0x05,
		0x01, 0x04, 0, 0, 0, 0,
		61, 1, 0, 0, 0, 0, 0, 0,
	};
	static const struct mh_msg m = {
		.kind = MH_HACK, .type = 15, .seq = 1, .flags = HACK_F_P | HACK_F_M,
		.code = HACK_CONTEXT, .opts = { .present = MH_HAS_MULTICAST_ACK },
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 7161 §4.1.2: 8n+1, "one per multicast membership context"; §4.1.3: MLDv1 */
static void subscriptions(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x09, 0x05, 0x00, 0, 0,
		0x00, 0x01, 0x82, 0x20, 0x00, 0x0f,	/* A, P, S */
		0x01, 0x03, 0, 0, 0,			/* 12 */
		57, 37, 143,				/* 17 = 8n+1: MLDv2 */
		1, 0, 0, 1, GROUP, SOURCE,
		0x00,					/* 56: Pad1 */
		57, 21, 131, 0, 0, 0, 0, GROUP,		/* 57: MLDv1 */
	};
	static struct mh_msg m = {
		.kind = MH_PBU, .type = 5, .seq = 1, .flags = PBU_F_A | PBU_F_P | PBU_F_S,
		.lifetime = 15, .opts = { .present = MH_HAS_SUBSCRIPTION },
	};

	(void)state;
	add(&m.opts.listens, MLD_IS_IN, MULTICAST_MLDV2, 1);
	add(&m.opts.listens, MLD_IS_EX, MULTICAST_MLDV1, 0);
	both_ways(&m, golden, sizeof(golden));
}

/* An HI, an HAck or a PBU with these options */
static size_t message(uint8_t *buf, uint8_t type, const uint8_t *opt, size_t n)
{
	size_t at = type == 5 ? 12 : 10, len = (at + n + 7) / 8 * 8;

	memset(buf, 0, len);
	buf[0] = 59;
	buf[1] = (uint8_t)(len / 8 - 1);
	buf[2] = type;
	memcpy(buf + at, opt, n);
	gen_fix_checksum(buf, len);
	return len;
}

static const struct bad bad[] = {
	{ "60 without header line", { 60, 0, 2, 0 }, 4, MH_ERR_OPT_LENGTH, 1 },
	{ "61 without header line", { 61, 0, 0, 0 }, 4, MH_ERR_OPT_LENGTH, 1 },
	{ "60 of words beyond the end", { 60, 20, 2, 0, 0, 0, 0, 0 }, 8, MH_ERR_OPT_RUNS_OUT, 1 },
	{ "60 without the record that it counts", { 60, 1, 2, 0, 0, 0, 0, 1 }, 8,
	  MH_ERR_OPT_RUNS_OUT, 1 },
	{ "60 with less than a record", { 60, 5, 2, 0, 0, 0, 0, 1, 2 }, 24,
	  MH_ERR_OPT_RUNS_OUT, 1 },
	{ "60 without the source that it counts", { 60, 6, 2, 0, 0, 0, 0, 1, 2, 0, 0, 1, GROUP },
	  28, MH_ERR_OPT_RUNS_OUT, 8 },
	{ "60 of 65535 sources", { 60, 6, 2, 0, 0, 0, 0, 1, 2, 0, 255, 255, GROUP },
	  28, MH_ERR_OPT_RUNS_OUT, 8 },
	{ "60 with auxiliary data beyond the end",
	  { 60, 6, 2, 0, 0, 0, 0, 1, 2, 1, 0, 0, GROUP }, 28, MH_ERR_OPT_RUNS_OUT, 8 },
	{ "60 of a group that is none", { 60, 6, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, SOURCE }, 28,
	  MH_ERR_OPT_VALUE, 12 },
	{ "60 of a source that is a group",
	  { 60, 10, 2, 0, 0, 0, 0, 1, 2, 0, 0, 1, GROUP, GROUP }, 44, MH_ERR_OPT_VALUE, 28 },
	{ "60 of a source that is nobody",
	  { 60, 10, 2, 0, 0, 0, 0, 1, 2, 0, 0, 1, GROUP, 0 }, 44, MH_ERR_OPT_VALUE, 28 },
	{ "61 of another code", { 61, 1, 1, 2, 0, 0, 0, 0 }, 8, MH_ERR_OPT_VALUE, 2 },
	{ "61, status 1, with a record", { 61, 6, 0, 1, 0, 0, 0, 1, 2, 0, 0, 0, GROUP }, 28,
	  MH_ERR_OPT_VALUE, 6 },
	{ "61, status 0, with a record", { 61, 6, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, GROUP }, 28,
	  MH_ERR_OPT_VALUE, 6 },
	{ "57 too short", { 57, 20, 143, 2, 0, 0, 0, GROUP }, 22, MH_ERR_OPT_LENGTH, 1 },
	{ "57 of two records' length", { 57, 22, 143, 2, 0, 0, 0, GROUP, 0 }, 24,
	  MH_ERR_OPT_LENGTH, 1 },
	{ "57 without the source that it counts", { 57, 21, 143, 2, 0, 0, 1, GROUP }, 23,
	  MH_ERR_OPT_RUNS_OUT, 3 },
	{ "57 of a group that is none", { 57, 21, 143, 2, 0, 0, 0, SOURCE }, 23,
	  MH_ERR_OPT_VALUE, 7 },
	{ "57 of MLDv1 too long", { 57, 22, 131, 0, 0, 0, 0, GROUP }, 24, MH_ERR_OPT_LENGTH, 1 },
	{ "57 of MLDv1 and no group", { 57, 21, 131, 0, 0, 0, 0, SOURCE }, 23,
	  MH_ERR_OPT_VALUE, 7 },
	{ "57 behind 60", { 60, 1, 2, 0, 0, 0, 0, 0, 57, 21, 131, 0, 0, 0, 0, GROUP }, 31,
	  MH_ERR_TOO_MANY, 8 },
	{ "60 behind 57", { 57, 21, 131, 0, 0, 0, 0, GROUP, 60, 1, 2, 0, 0, 0, 0, 0 }, 31,
	  MH_ERR_TOO_MANY, 23 },
};

/* RFC 7411 §5.3, §5.4, RFC 7161 §4.1, RFC 3810 §5.2: lengths and values that cannot be */
static void refused(void **state)
{
	static const uint8_t types[] = { 5, 14, 15 };

	(void)state;
	for (size_t i = 0; i < N(types) * N(bad); i++) {
		const struct bad *x = &bad[i / N(types)];
		size_t at = types[i % N(types)] == 5 ? 12 : 10;
		uint8_t buf[MH_MAX];
		size_t len = message(buf, types[i % N(types)], x->opt, x->n);

		bad_is_refused(x, buf, len, at);
	}
}

/* RFC 3810 §5.2.12: an unrecognized type is "silently ignored, with the rest of the report */
/* being processed"; §5.2.10: auxiliary data, §5.2.11: additional data are ignored */
static void what_is_ignored(void **state)
{
	static const uint8_t opt[] = {
		60, 1 + 5 + 6 + 5 + 5 + 1, 2, 0xff, 0xff, 0xff, 0, 4,
		0, 0, 0, 0, GROUP, 7, 1, 0, 0, GROUP, 1, 2, 3, 4,
		6, 0, 0, 0, GROUP, 2, 0, 0, 0, GROUP, 9, 9, 9, 9,
	};
	uint8_t buf[MH_MAX];
	struct mh_msg m;
	size_t len = message(buf, 14, opt, sizeof(opt));

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
	assert_int_equal(m.opts.unknown, 2);
	assert_int_equal(m.opts.listens.n_group, 2);
	assert_int_equal(m.opts.listens.group[0].record, MLD_BLOCK);
	assert_int_equal(m.opts.listens.group[1].record, MLD_IS_EX);
	assert_int_equal(m.opts.listens.more, 0);
}

/* RFC 7411 §5.4: status 1 is for a "Report Payload type unsupported": it is known to be there */
static void payloads_that_are_not_read(void **state)
{
	(void)state;
	for (unsigned int code = 0; code < 256; code++) {
		uint8_t opt[] = { 60, 3, (uint8_t)code, 0, 0, 0, 0, 0, 2, 0, 0, 0, 224, 1, 1, 1 };
		uint8_t buf[MH_MAX];
		struct mh_msg m;
		size_t len = message(buf, 14, opt, sizeof(opt));

		assert_int_equal(gen_decode(&m, buf, len, 0).error, MH_OK);
		assert_int_equal(m.opts.listens.foreign, code != 2 && code != 4);
		assert_int_equal(m.opts.listens.n_group, 0);
		assert_int_equal(m.opts.unknown, 0);
	}
}

/* RFC 7411 §5.5: one option for as many groups, or as many sources of one, as there can be */
static void the_longest_option(void **state)
{
	static struct mh_msg m = {
		.kind = MH_HI, .type = 14, .opts = { .present = MH_HAS_MULTICAST },
	}, back;
	const struct mh_group g = { .address = fake_addr("ff1e::8"), .n_source = 1 };
	const struct in6_addr s = fake_addr("2001:db8::1");
	struct mh_groups *all = &m.opts.listens;
	uint8_t buf[MH_MAX];
	int len;

	(void)state;
	add(all, MLD_IS_EX, MULTICAST_MLDV2, MH_SOURCES_MAX);
	assert_false(mh_groups_add(all, &g, &s));
	len = mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL);
	assert_int_equal(len, 16 + 4 + 4 + 20 + 16 * MH_SOURCES_MAX + 4);
	assert_int_equal(buf[17], 1 + 5 + 4 * MH_SOURCES_MAX);
	assert_int_equal(gen_decode(&back, buf, (size_t)len, 0).error, MH_OK);
	assert_memory_equal(&back, &m, sizeof(m));

	memset(all, 0, sizeof(*all));
	for (unsigned int i = 0; i < MH_GROUPS_MAX; i++)
		add(all, MLD_IS_EX, MULTICAST_MLDV2, i == 7);
	assert_false(mh_groups_add(all, &g, &s));
	assert_int_equal(all->n_group, MH_GROUPS_MAX);
	len = mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL);
	assert_int_equal(buf[17], (4 + 20 * MH_GROUPS_MAX + 16) / 4);
	assert_int_equal(gen_decode(&back, buf, (size_t)len, 0).error, MH_OK);
	assert_memory_equal(&back, &m, sizeof(m));
}

/* RFC 7411 §5.5: what exceeds it: those that fit are read, the others counted, none is cut */
static void more_than_fit(void **state)
{
	static struct mh_msg m = {
		.kind = MH_HI, .type = 14, .opts = { .present = MH_HAS_MULTICAST },
	}, back;
	uint8_t buf[2 * MH_MAX];
	size_t first;
	int len;

	(void)state;
	add(&m.opts.listens, MLD_IS_EX, MULTICAST_MLDV2, 40);
	add(&m.opts.listens, MLD_IS_EX, MULTICAST_MLDV2, 8);
	len = mh_encode(&m, buf, MH_MAX, &gen_src, &gen_dst, NULL);
	assert_true(len > 0);
	/* the same option once more */
	first = (size_t)len - 16;
	memcpy(buf + len, buf + 16, first);
	len += (int)first;
	for (uint8_t type = 14; type <= 15; type++) {
		buf[1] = (uint8_t)(len / 8 - 1);
		buf[2] = type;
		gen_fix_checksum(buf, (size_t)len);
		assert_int_equal(gen_decode(&back, buf, (size_t)len, 0).error, MH_OK);
		/* of the second two the one of 8 sources fits */
		assert_int_equal(back.opts.listens.n_group, 3);
		assert_int_equal(back.opts.listens.more, 1);
		assert_int_equal(back.opts.listens.n_source, 40 + 8 + 8);
	}
}

/* RFC 7411 §5.3, RFC 7161 §4.1: nothing leaves that would not be read as it is meant */
static void encoder_refuses(void **state)
{
	static const struct {
		uint32_t present;
		uint8_t record, code, n_source;
		enum mh_error error;
	} row[] = {
		{ MH_HAS_MULTICAST, 0, MULTICAST_MLDV2, 0, MH_ERR_OPT_VALUE },
		{ MH_HAS_MULTICAST, 7, MULTICAST_MLDV2, 0, MH_ERR_OPT_VALUE },
		{ MH_HAS_MULTICAST, MLD_IS_EX, MULTICAST_IGMPV3, 0, MH_ERR_OPT_VALUE },
		{ MH_HAS_MULTICAST_ACK, MLD_IS_EX, MULTICAST_OK, 0, MH_ERR_OPT_VALUE },
		{ MH_HAS_MULTICAST_ACK, MLD_IS_EX, MULTICAST_PAYLOAD_UNSUPPORTED, 0,
		  MH_ERR_OPT_VALUE },
		{ MH_HAS_SUBSCRIPTION, MLD_IS_EX, MULTICAST_MLDV1, 1, MH_ERR_OPT_LENGTH },
		{ MH_HAS_SUBSCRIPTION, MLD_IS_IN, MULTICAST_MLDV1, 0, MH_ERR_OPT_LENGTH },
		{ MH_HAS_SUBSCRIPTION, MLD_IS_EX, MULTICAST_MLDV2, 15, MH_ERR_OPT_LENGTH },
		{ MH_HAS_SUBSCRIPTION, MLD_IS_EX, MULTICAST_MLDV2, 14, MH_OK },
		{ MH_HAS_SUBSCRIPTION | MH_HAS_MULTICAST, MLD_IS_EX, MULTICAST_MLDV2, 0,
		  MH_ERR_TOO_MANY },
	};
	static struct mh_msg m;
	uint8_t buf[MH_MAX];
	struct mh_result r;

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		memset(&m, 0, sizeof(m));
		m.kind = MH_PBU;
		m.opts.present = row[i].present;
		add(row[i].present == MH_HAS_MULTICAST_ACK ? &m.opts.refused : &m.opts.listens,
		    row[i].record, row[i].code, row[i].n_source);
		mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, &r);
		assert_int_equal(r.error, row[i].error);
	}
	/* counts that nobody has made by adding */
	m.opts.listens.n_source++;
	mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, &r);
	assert_int_equal(r.error, MH_ERR_TOO_MANY);
	m.opts.listens.n_group = MH_GROUPS_MAX + 1;
	mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, &r);
	assert_int_equal(r.error, MH_ERR_TOO_MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listens),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_nothing),
		cmocka_unit_test(subscriptions),
		cmocka_unit_test(refused),
		cmocka_unit_test(what_is_ignored),
		cmocka_unit_test(payloads_that_are_not_read),
		cmocka_unit_test(the_longest_option),
		cmocka_unit_test(more_than_fit),
		cmocka_unit_test(encoder_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
