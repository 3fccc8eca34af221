// SPDX-License-Identifier: GPL-2.0
/* What holds for every message, shown on random ones from a fixed seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "gen.h"

#define SEED		0x5213627552136275ULL
#define MESSAGES	20000	/* per kind */

static size_t encode(const struct mh_msg *m, uint8_t *buf)
{
	struct mh_result r;
	int len = mh_encode(m, buf, MH_MAX, &gen_src, &gen_dst, &r);

	assert_int_equal(r.error, MH_OK);
	assert_true(len > 0);
	return (size_t)len;
}

/* RFC 6275 §6.1.1: "The length of the Mobility Header MUST be a multiple of 8 octets" */
static void encode_and_decode_are_inverse(void **state)
{
	uint64_t seed = SEED;

	(void)state;
	for (unsigned int n = 0; n < MESSAGES * MH_KINDS; n++) {
		uint8_t buf[MH_MAX], again[MH_MAX];
		struct mh_msg m, back;
		size_t len;

		gen_msg(&seed, (enum mh_kind)(n % MH_KINDS), &m);
		len = encode(&m, buf);
		assert_int_equal(len % 8, 0);
		assert_int_equal(gen_sum(buf, len), 0);
		assert_int_equal(gen_decode(&back, buf, len, 0).error, MH_OK);
		assert_memory_equal(&m, &back, sizeof(m));
		assert_int_equal(encode(&back, again), len);
		assert_memory_equal(buf, again, len);
	}
}

/* A message says nothing of the one that was decoded to the same place before it */
static void nothing_is_left_of_another(void **state)
{
	struct mh_msg m, back;
	uint64_t seed = SEED;

	(void)state;
	memset(&back, 0xff, sizeof(back));
	for (unsigned int n = 0; n < MESSAGES * MH_KINDS; n++) {
		uint8_t buf[MH_MAX], again[MH_MAX];
		size_t len;

		gen_msg(&seed, (enum mh_kind)gen_below(&seed, MH_KINDS), &m);
		len = encode(&m, buf);
		assert_int_equal(gen_decode_over(&back, buf, len, 0).error, MH_OK);
		assert_int_equal(encode(&back, again), len);
		assert_memory_equal(buf, again, len);
	}
}

/* RFC 6275 §9.2: "The Header Len field [...] MUST NOT be less than the length specified" */
static void every_truncation_is_refused(void **state)
{
	uint64_t seed = SEED;

	(void)state;
	for (unsigned int n = 0; n < 40 * MH_KINDS; n++) {
		uint8_t buf[MH_MAX];
		struct mh_msg m, back;
		size_t len;

		gen_msg(&seed, (enum mh_kind)(n % MH_KINDS), &m);
		len = encode(&m, buf);
		for (size_t cut = 0; cut < len; cut++) {
			uint8_t copy[MH_MAX];
			struct mh_result r;

			memcpy(copy, buf, len);
			assert_int_not_equal(gen_decode(&back, copy, cut, 0).error,
					     MH_OK);
			if (cut < 6)
				continue;
			gen_fix_checksum(copy, cut);
			r = gen_decode(&back, copy, cut, MH_LENIENT_LENGTH);
			assert_int_equal(r.error, MH_ERR_SHORT);
			assert_int_equal(r.offset, 1);
		}
	}
}

/* RFC 6275 §6.2.1: an option that a shorter header cuts off is never read past the end */
static void cut_options_are_never_read_past_the_end(void **state)
{
	uint64_t seed = SEED;
	unsigned int refused = 0;

	(void)state;
	for (unsigned int n = 0; n < 300 * MH_KINDS; n++) {
		uint8_t buf[MH_MAX];
		struct mh_msg m, back;
		size_t len;

		gen_msg(&seed, (enum mh_kind)(n % MH_KINDS), &m);
		len = encode(&m, buf);
		for (size_t cut = 24; cut < len; cut += 8) {
			struct mh_result r;

			buf[1] = (uint8_t)(cut / 8 - 1);
			gen_fix_checksum(buf, cut);
			r = gen_decode(&back, buf, cut, 0);
			if (!r.error)
				continue;
			assert_int_equal(r.error, MH_ERR_OPT_RUNS_OUT);
			assert_true(r.offset < cut);
			refused++;
		}
	}
	assert_true(refused > 1000);
}

struct tlv {
	const uint8_t *p;
	size_t len;
};

static unsigned int split(const uint8_t *buf, size_t pos, size_t len, struct tlv *t)
{
	unsigned int n = 0;

	while (pos < len) {
		/* RFC 7411 §5.3, §5.4: the length of these two is in words */
		size_t l = !buf[pos] ? 1 : buf[pos] == 60 || buf[pos] == 61 ?
			   4U + 4U * buf[pos + 1] : 2U + buf[pos + 1];

		if (buf[pos] > 1)
			t[n++] = (struct tlv){ buf + pos, l };
		pos += l;
	}
	return n;
}

/* Repeated options keep their order among themselves: it says which is first. */
static void shuffle(uint64_t *seed, struct tlv *t, unsigned int n)
{
	for (unsigned int i = n; i > 1; i--) {
		unsigned int j = gen_below(seed, i);
		struct tlv swap = t[i - 1];

		t[i - 1] = t[j];
		t[j] = swap;
	}
	for (unsigned int i = 0; i < n; i++) {
		for (unsigned int j = i + 1; j < n; j++) {
			struct tlv swap = t[i];

			if (t[i].p[0] != t[j].p[0] || t[i].p < t[j].p)
				continue;
			t[i] = t[j];
			t[j] = swap;
		}
	}
}

/* Padding or an option nobody knows; returns the number of the latter */
static unsigned int litter(uint64_t *seed, uint8_t *buf, size_t *pos)
{
	uint8_t l = (uint8_t)gen_below(seed, 12);

	switch (gen_below(seed, 4)) {
	case 0:
		buf[(*pos)++] = 0;
		return 0;
	case 1:
	case 2:
		buf[*pos] = gen_below(seed, 2) ? 1 : (uint8_t)(100 + gen_below(seed, 100));
		buf[*pos + 1] = l;
		gen_bytes(seed, buf + *pos + 2, l);
		*pos += 2U + l;
		return buf[*pos - 2U - l] != 1;
	}
	return 0;
}

/* RFC 5213 §8.1: "These options can be present in the message in any order"; */
/* RFC 6275 §6.2.1: "the receiver MUST quietly ignore and skip over the option" */
static void any_order_and_unknown_options(void **state)
{
	uint64_t seed = SEED;

	(void)state;
	for (unsigned int n = 0; n < 5000 * MH_KINDS; n++) {
		uint8_t buf[MH_MAX], mixed[MH_MAX];
		struct tlv t[64];
		struct mh_msg m, back;
		size_t len, pos = gen_fixed((enum mh_kind)(n % MH_KINDS));
		unsigned int n_tlv;

		gen_msg(&seed, (enum mh_kind)(n % MH_KINDS), &m);
		len = encode(&m, buf);
		n_tlv = split(buf, pos, len, t);
		shuffle(&seed, t, n_tlv);
		memcpy(mixed, buf, pos);
		for (unsigned int i = 0; i < n_tlv; i++) {
			m.opts.unknown += litter(&seed, mixed, &pos);
			memcpy(mixed + pos, t[i].p, t[i].len);
			pos += t[i].len;
		}
		while (pos % 8)
			mixed[pos++] = 0;
		mixed[1] = (uint8_t)(pos / 8 - 1);
		gen_fix_checksum(mixed, pos);
		assert_int_equal(gen_decode(&back, mixed, pos, 0).error, MH_OK);
		assert_memory_equal(&m, &back, sizeof(m));
	}
}

/* RFC 6275 §9.2: "The checksum must be verified"; every flipped bit is noticed */
static void every_flipped_bit_fails_the_checksum(void **state)
{
	uint64_t seed = SEED;

	(void)state;
	for (unsigned int n = 0; n < 20 * MH_KINDS; n++) {
		uint8_t buf[MH_MAX];
		struct mh_msg m, back;
		size_t len;

		gen_msg(&seed, (enum mh_kind)(n % MH_KINDS), &m);
		len = encode(&m, buf);
		for (size_t bit = 0; bit < len * 8; bit++) {
			buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
			/* a header length decides what is summed: it may fit by chance */
			if (bit / 8 != 1)
				assert_int_equal(gen_decode(&back, buf, len, 0).error,
						 MH_ERR_CHECKSUM);
			buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
}

/* RFC 6275 §9.2: whatever arrives is decoded or refused, and what is accepted can be sent */
static void mutations_do_not_crash(void **state)
{
	uint64_t seed = SEED;
	unsigned int accepted = 0, refused = 0;

	(void)state;
	for (unsigned int n = 0; n < MESSAGES * MH_KINDS; n++) {
		uint8_t buf[MH_MAX], again[MH_MAX];
		struct mh_msg m, back;
		struct mh_result r;
		size_t len;

		gen_msg(&seed, (enum mh_kind)(n % MH_KINDS), &m);
		len = encode(&m, buf);
		for (unsigned int flips = 1 + gen_below(&seed, 8); flips; flips--)
			buf[gen_below(&seed, (uint32_t)len)] ^=
				(uint8_t)(1 << gen_below(&seed, 8));
		gen_fix_checksum(buf, len);
		r = gen_decode(&back, buf, len, MH_LENIENT_LENGTH);
		if (r.error) {
			assert_true(r.offset < len);
			refused++;
			continue;
		}
		accepted++;
		encode(&back, again);
	}
	/* or the test would have shown nothing */
	assert_true(accepted > MESSAGES && refused > MESSAGES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encode_and_decode_are_inverse),
		cmocka_unit_test(nothing_is_left_of_another),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(cut_options_are_never_read_past_the_end),
		cmocka_unit_test(any_order_and_unknown_options),
		cmocka_unit_test(every_flipped_bit_fails_the_checksum),
		cmocka_unit_test(mutations_do_not_crash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
