// SPDX-License-Identifier: GPL-2.0
/* Subscription Query and Response, as RFC 7161 §4.3 draws them. */
#include "bad.h"
#include "golden.h"
#include "fake_env.h"

#define AT	8	/* of the first option */

#define GROUP	0xff, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7
#define SOURCE	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5
#define OTHER	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6

static void add(struct mh_msg *m, uint8_t record, uint8_t code, uint8_t n_source)
{
	const struct mh_group g = {
		.address = fake_addr("ff1e::7"), .record = record, .code = code,
		.n_source = n_source,
	};
	struct in6_addr source[MH_SOURCES_MAX];

	for (unsigned int i = 0; i < n_source; i++) {
		source[i] = fake_addr("2001:db8::5");
		source[i].s6_addr[15] = (uint8_t)(5 + i);
	}
	assert_true(mh_groups_add(&m->opts.listens, &g, source));
	m->opts.present |= MH_HAS_SUBSCRIPTION;
}

/* RFC 7161 §4.3.1.2: "Mobile Node Identifier option [RFC4283] (mandatory)", "Home Network */
/* Prefix option [RFC5213] (optional)"; reserved: "MUST be initialized to 0" */
static void query(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x04, 0x16, 0x00, 0, 0,
		0x2a, 0x00,
		0x08, 0x04, 0x01, 'm', 'n', '1',	/* 8 */
		0x01, 0x04, 0, 0, 0, 0,			/* 14 */
		0x16, 0x12, 0x00, 0x40,			/* 20 = 8n+4 */
		0x20, 0x01, 0x0d, 0xb8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
	};
	struct mh_msg m = {
		.kind = MH_SUBSCRIPTION_QUERY, .type = 22, .seq = 42,
		.opts = { .present = MH_HAS_MN_ID | MH_HAS_HNP, .n_hnp = 1 },
	};

	(void)state;
	m.opts.mn_id = (struct mn_id){ .subtype = 1, .len = 3, .id = "mn1" };
	m.opts.hnp[0].prefix = fake_prefix("2001:db8:100:1::/64");
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 7161 §4.3.2.2: "one instance for each active subscription"; §4.1.2: "The alignment */
/* requirement of this option is 8n+1", "For MLDv2, the MLD Type value is 143"; §4.1.3: "For */
/* MLDv1, the MLD Type value is 131" */
static void response(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x0e, 0x17, 0x00, 0, 0,
		0xff, 0x80,				/* I */
		0x08, 0x04, 0x01, 'm', 'n', '1',	/* 8 */
		0x01, 0x01, 0,				/* 14 */
		57, 53, 143, 1, 0, 0, 2, GROUP, SOURCE, OTHER,	/* 17 = 8n+1: IS_IN */
		0,					/* 72 */
		57, 21, 131, 0, 0, 0, 0, GROUP,		/* 73 = 8n+1 */
		0,					/* 96 */
		57, 21, 143, 2, 0, 0, 0, GROUP,		/* 97 = 8n+1: IS_EX */
	};
	struct mh_msg m = {
		.kind = MH_SUBSCRIPTION_RESPONSE, .type = 23, .seq = 255, .flags = SUB_F_I,
		.opts = { .present = MH_HAS_MN_ID },
	};

	(void)state;
	m.opts.mn_id = (struct mn_id){ .subtype = 1, .len = 3, .id = "mn1" };
	add(&m, MLD_IS_IN, MULTICAST_MLDV2, 2);
	add(&m, MLD_IS_EX, MULTICAST_MLDV1, 0);
	add(&m, MLD_IS_EX, MULTICAST_MLDV2, 0);
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 7161 §4.3.2.2: of the byte behind the sequence number I is a flag, the rest "is unused */
/* for now"; §4.3.1.2: of a Query all of it; RFC 6275 §6.1.1: "MUST be ignored by the receiver" */
static void reserved(void **state)
{
	(void)state;
	for (unsigned int v = 0; v < 512; v++) {
		const bool is_response = v > 255;
		uint8_t buf[8] = { 59, 0, is_response ? 23 : 22, [6] = (uint8_t)v, (uint8_t)~v };
		uint8_t out[MH_MAX];
		struct mh_msg m;

		gen_fix_checksum(buf, sizeof(buf));
		assert_int_equal(gen_decode(&m, buf, sizeof(buf), 0).error, MH_OK);
		assert_int_equal(m.seq, v & 0xff);
		assert_int_equal(m.flags, is_response ? ~v & 0x80 : 0);
		m.flags = 0xffff;
		assert_int_equal(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL), 8);
		assert_int_equal(out[6], v & 0xff);
		assert_int_equal(out[7], is_response ? 0x80 : 0);
	}
}

static const struct bad bad[] = {
	{ "no MLD Type", { 57, 0 }, 2, MH_ERR_OPT_LENGTH, 1 },
	{ "no whole record", { 57, 20, 143, 2, 0, 0, 0, 0xff }, 22, MH_ERR_OPT_LENGTH, 1 },
	{ "option beyond the end", { 57, 40, 143, 2, 0, 0, 0, GROUP }, 23,
	  MH_ERR_OPT_RUNS_OUT, 1 },
	{ "a source that is not there", { 57, 21, 143, 1, 0, 0, 1, GROUP }, 23,
	  MH_ERR_OPT_RUNS_OUT, 3 },
	{ "65535 sources", { 57, 21, 143, 1, 0, 0xff, 0xff, GROUP }, 23, MH_ERR_OPT_RUNS_OUT, 3 },
	{ "auxiliary data that is not there", { 57, 21, 143, 1, 255, 0, 0, GROUP }, 23,
	  MH_ERR_OPT_RUNS_OUT, 3 },
	{ "more than the record", { 57, 22, 143, 2, 0, 0, 0, GROUP, 1 }, 24, MH_ERR_OPT_LENGTH, 1 },
	{ "a group that is none", { 57, 21, 143, 2, 0, 0, 0, SOURCE }, 23, MH_ERR_OPT_VALUE, 7 },
	{ "a source that is a group", { 57, 37, 143, 1, 0, 0, 1, GROUP, GROUP }, 39,
	  MH_ERR_OPT_VALUE, 23 },
	{ "MLDv1 too long", { 57, 22, 131, 0, 0, 0, 0, GROUP, 1 }, 24, MH_ERR_OPT_LENGTH, 1 },
	{ "MLDv1 of no group", { 57, 21, 131, 0, 0, 0, 0, SOURCE }, 23, MH_ERR_OPT_VALUE, 7 },
	{ "two nodes", { 8, 2, 1, 'a', 8, 2, 1, 'b' }, 8, MH_ERR_TOO_MANY, 4 },
	{ "both kinds of records", { 57, 21, 143, 2, 0, 0, 0, GROUP, 60, 1, 2, 0, 0, 0, 0, 0 }, 31,
	  MH_ERR_TOO_MANY, 23 },
};

/* A Response whose first option begins with these bytes */
static size_t message(uint8_t *buf, const uint8_t *opt, size_t n)
{
	size_t len = (AT + n + 7) / 8 * 8;

	memset(buf, 0, len);
	buf[0] = 59;
	buf[1] = (uint8_t)(len / 8 - 1);
	buf[2] = 23;
	memcpy(buf + AT, opt, n);
	gen_fix_checksum(buf, len);
	return len;
}

/* RFC 7161 §4.1.2, §4.1.3, §4.3.2.2: "only one instance of the Mobile Node Identifier */
/* option"; RFC 3810 §5.2: what a record says of itself */
static void malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		uint8_t buf[MH_MAX];
		size_t len = message(buf, bad[i].opt, bad[i].n);

		bad_is_refused(&bad[i], buf, len, AT);
	}
}

/* RFC 7161 §6.2: an option of the other family is "silently discarded": 56 is no error */
static void other_family(void **state)
{
	static const uint8_t opt[] = { 56, 9, 0x22, 2, 0, 0, 0, 224, 1, 1, 1 };
	uint8_t buf[MH_MAX];
	struct mh_msg m;

	(void)state;
	assert_int_equal(gen_decode(&m, buf, message(buf, opt, sizeof(opt)), 0).error, MH_OK);
	assert_int_equal(m.opts.listens.n_group, 0);
	assert_int_equal(m.opts.unknown, 1);
}

/* RFC 7161 §4.1.2: the length is 8 bits: 14 sources, and the 15th is refused; all the groups */
/* that are held fit, and what is beyond is counted, not cut */
static void limits(void **state)
{
	static struct mh_msg m, back;
	uint8_t buf[2 * MH_MAX];
	struct mh_result r;
	size_t len;

	(void)state;
	m.kind = MH_SUBSCRIPTION_RESPONSE;
	m.type = 23;
	m.flags = SUB_F_I;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = (struct mn_id){ .subtype = 1, .len = MN_ID_MAX };
	memset(m.opts.mn_id.id, 'x', MN_ID_MAX);
	for (unsigned int i = 0; i < 50; i++)
		add(&m, MLD_IS_EX, MULTICAST_MLDV2, 0);
	len = (size_t)mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, &r);
	assert_int_equal(r.error, MH_OK);
	assert_int_equal(gen_decode(&back, buf, len, 0).error, MH_OK);
	assert_memory_equal(&back, &m, sizeof(m));
	/* one more in the message */
	memcpy(buf + len, buf + len - 24, 24);
	buf[1] = (uint8_t)((len + 24) / 8 - 1);
	gen_fix_checksum(buf, len + 24);
	assert_int_equal(gen_decode(&back, buf, len + 24, 0).error, MH_OK);
	assert_int_equal(back.opts.listens.n_group, 50);
	assert_int_equal(back.opts.listens.more, 1);

	memset(&m.opts.listens, 0, sizeof(m.opts.listens));
	for (unsigned int i = 0; i < 4; i++)
		add(&m, MLD_IS_IN, MULTICAST_MLDV2, 14);
	len = (size_t)mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, &r);
	assert_int_equal(r.error, MH_OK);
	assert_int_equal(gen_decode(&back, buf, len, 0).error, MH_OK);
	assert_memory_equal(&back, &m, sizeof(m));
	memset(&m.opts.listens, 0, sizeof(m.opts.listens));
	add(&m, MLD_IS_IN, MULTICAST_MLDV2, 15);
	assert_int_equal(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, &r), -1);
	assert_int_equal(r.error, MH_ERR_OPT_LENGTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(query), cmocka_unit_test(response), cmocka_unit_test(reserved),
		cmocka_unit_test(malformed), cmocka_unit_test(other_family),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
