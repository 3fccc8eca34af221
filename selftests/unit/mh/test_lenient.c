// SPDX-License-Identifier: GPL-2.0
/* Each leniency reads what strictness refuses or misreads, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "gen.h"

#define ALL_BUT(x)	(~(unsigned int)(x))

/* A message of header length for @total bytes, and @n bytes of options after 12 fixed ones */
static size_t message(uint8_t *buf, uint8_t type, size_t total, const uint8_t *opts, size_t n)
{
	size_t len = 12 + n > total ? 12 + n : total;

	memset(buf, 0, len);
	buf[0] = 59;
	buf[1] = (uint8_t)(total / 8 - 1);
	buf[2] = type;
	if (n)
		memcpy(buf + 12, opts, n);
	gen_fix_checksum(buf, len);
	return len;
}

/* RFC 6275 §6.1.1: "The length of the Mobility Header in units of 8 octets" */
static void options_beyond_the_header_length(void **state)
{
	static const uint8_t opts[] = { 23, 2, 0, 4, 24, 2, 0, 7 };
	uint8_t buf[24];
	struct mh_msg m;
	size_t len = message(buf, 5, 16, opts, sizeof(opts));

	(void)state;
	assert_int_equal(len, 20);
	assert_int_equal(gen_decode(&m, buf, len, ALL_BUT(MH_LENIENT_LENGTH)).error,
			 MH_ERR_CHECKSUM);
	assert_int_equal(gen_decode(&m, buf, len, MH_LENIENT_LENGTH).error, MH_OK);
	assert_int_equal(m.opts.present, MH_HAS_HI | MH_HAS_ATT);
	assert_int_equal(m.opts.hi, 4);
	assert_int_equal(m.opts.att, 7);
}

/* RFC 6275 §6.1.1: an option may begin before that length and end behind it */
static void option_across_the_header_length(void **state)
{
	static const uint8_t opts[] = { 0, 0, 23, 2, 0, 4 };
	uint8_t buf[24];
	struct mh_result r;
	struct mh_msg m;
	size_t len = message(buf, 5, 16, opts, sizeof(opts));

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, MH_LENIENT_LENGTH).error, MH_OK);
	assert_int_equal(m.opts.hi, 4);
	/* cut off it is as wrong as ever */
	gen_fix_checksum(buf, len - 1);
	r = gen_decode(&m, buf, len - 1, MH_LENIENT_LENGTH);
	assert_int_equal(r.error, MH_ERR_OPT_RUNS_OUT);
	assert_int_equal(r.offset, 15);
}

/* RFC 5213 §8.2: "(P) flag ... set to 1" in a PBA, and in no other message */
static void acknowledgement_without_p(void **state)
{
	uint8_t buf[24];
	struct mh_msg m;
	size_t len = message(buf, 6, 16, NULL, 0);

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, ALL_BUT(MH_LENIENT_P_FLAG)).error, MH_OK);
	assert_int_equal(m.flags, 0);
	assert_int_equal(gen_decode(&m, buf, len, MH_LENIENT_P_FLAG).error, MH_OK);
	assert_int_equal(m.flags, PBA_F_P);
	len = message(buf, 5, 16, NULL, 0);
	assert_int_equal(gen_decode(&m, buf, len, MH_LENIENT_P_FLAG).error, MH_OK);
	assert_int_equal(m.flags, 0);
}

/* RFC 5213 §6.9.1.2 item 6: the identifier is echoed as it was sent, padding and all */
static void padded_identifier(void **state)
{
	static const uint8_t opts[] = { 8, 7, 1, 'm', 'n', '1', 0, 0, 0 };
	uint8_t buf[24], out[MH_MAX];
	struct mh_msg m;
	size_t len = message(buf, 5, 24, opts, sizeof(opts));

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, ALL_BUT(MH_LENIENT_MN_ID)).error, MH_OK);
	assert_int_equal(m.opts.mn_id.len, 6);
	assert_int_equal(gen_decode(&m, buf, len, MH_LENIENT_MN_ID).error, MH_OK);
	assert_int_equal(m.opts.mn_id.len, 3);
	assert_memory_equal(m.opts.mn_id.id, "mn1", 4);
	assert_int_equal(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL), 24);
	assert_memory_equal(out + 12, opts, sizeof(opts));
	/* an identifier of nothing but NULs keeps one: it names nobody, but is one */
	memset(buf + 15, 0, 6);
	gen_fix_checksum(buf, len);
	assert_int_equal(gen_decode(&m, buf, len, MH_LENIENT_MN_ID).error, MH_OK);
	assert_int_equal(m.opts.mn_id.len, 1);
	/* more than an option holds is not sent */
	m.opts.mn_id.len = MN_ID_MAX;
	m.opts.mn_id_pad = 2;
	assert_int_equal(mh_encode(&m, out, sizeof(out), &gen_src, &gen_dst, NULL), -1);
}

/* RFC 5213 §5.5: "If the Timestamp option is not present": so it is read then */
static void timestamp_that_is_none(void **state)
{
	static const uint8_t opts[] = { 27, 8, 0, 0, 0x44, 0x33, 0x22, 0x11, 0, 0, 23, 2, 0, 3 };
	uint8_t buf[32];
	struct mh_msg m;
	size_t len = message(buf, 5, 32, opts, sizeof(opts));

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, ALL_BUT(MH_LENIENT_TIMESTAMP)).error, MH_OK);
	assert_int_equal(m.opts.present, MH_HAS_TIMESTAMP | MH_HAS_HI);
	assert_true(m.opts.timestamp == 0x44332211ULL << 16);
	assert_int_equal(gen_decode(&m, buf, len, MH_LENIENT_TIMESTAMP).error, MH_OK);
	assert_int_equal(m.opts.present, MH_HAS_HI);
	assert_int_equal(m.opts.unknown, 1);
}

/* RFC 5213 §8.3: "Prefix Length"; a /128 that stands for the /64 around it */
static void prefix_of_length_128(void **state)
{
	static const uint8_t opts[] = { 22, 18, 0, 128, 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 2,
					0, 0, 0, 0, 0, 0, 0, 9 };
	uint8_t buf[32];
	struct mh_msg m;
	size_t len = message(buf, 5, 32, opts, sizeof(opts));

	(void)state;
	assert_int_equal(gen_decode(&m, buf, len, ALL_BUT(MH_LENIENT_PREFIX)).error, MH_OK);
	assert_int_equal(m.opts.hnp[0].prefix.len, 128);
	assert_int_equal(gen_decode(&m, buf, len, MH_LENIENT_PREFIX).error, MH_OK);
	assert_int_equal(m.opts.hnp[0].prefix.len, 64);
	assert_int_equal(m.opts.hnp[0].prefix.addr.s6_addr[7], 2);
	assert_int_equal(m.opts.hnp[0].prefix.addr.s6_addr[15], 0);
	/* any other length is what it says */
	buf[15] = 96;
	gen_fix_checksum(buf, len);
	assert_int_equal(gen_decode(&m, buf, len, MH_LENIENT_PREFIX).error, MH_OK);
	assert_int_equal(m.opts.hnp[0].prefix.len, 96);
}

/* pmipd.conf(5): each leniency has a name, and no name is another's */
static void names(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; mh_lenient_str(i); i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(mh_lenient_str(i), mh_lenient_str(j));
	assert_int_equal(1U << i, MH_LENIENT_PREFIX << 1);
	assert_string_equal(mh_lenient_str(0), "length");
	assert_string_equal(mh_lenient_str(3), "timestamp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_beyond_the_header_length),
		cmocka_unit_test(option_across_the_header_length),
		cmocka_unit_test(acknowledgement_without_p),
		cmocka_unit_test(padded_identifier),
		cmocka_unit_test(timestamp_that_is_none),
		cmocka_unit_test(prefix_of_length_128),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
