// SPDX-License-Identifier: GPL-2.0
/* Reports of version 2: their bytes, and what is discarded. */
#include "mld_bytes.h"

/* RFC 3810 §5.2, both figures: records of two sources, of none with two words of auxiliary
 * data, of one source
 */
static const uint8_t three[] = {
	143, 0, 0, 0, 0, 0, 0, 3,
	MLD_ALLOW, 0, 0, 2,
	0xff, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	MLD_TO_EX, 2, 0, 0,
	0xff, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	1, 2, 3, 4, 5, 6, 7, 8,
	MLD_BLOCK, 0, 0, 1,
	0xff, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3,
};

#define SECOND	(8 + 20 + 32)
#define THIRD	(SECOND + 20 + 8)

static enum mld_error verdict(const uint8_t *buf, size_t len)
{
	uint8_t *copy = exact(buf, len);
	struct mld_report r;
	enum mld_error err = mld_report_open(&r, copy, len, 9);
	struct mld_record rec;

	/* whatever is let pass can be read to its end */
	while (!err && mld_report_next(&r, &rec))
		for (unsigned int i = 0; i < rec.sources.n; i++)
			mld_source(&rec.sources, i);
	free(copy);
	return err;
}

/* RFC 3810 §5.2: every field, where the figure has it; §5.2.10: "MUST ignore any such data" */
static void all_fields(void **state)
{
	struct mld_record rec;
	struct mld_report r;
	struct in6_addr a;

	(void)state;
	assert_int_equal(mld_report_open(&r, three, sizeof(three), 2), MLD_OK);
	assert_true(mld_report_next(&r, &rec));
	assert_int_equal(rec.type, MLD_ALLOW);
	assert_addr(&rec.group, "ff1e::1");
	assert_int_equal(rec.sources.n, 2);
	a = mld_source(&rec.sources, 1);
	assert_addr(&a, "2001:db8::2");
	assert_true(mld_report_next(&r, &rec));
	assert_int_equal(rec.type, MLD_TO_EX);
	assert_addr(&rec.group, "ff1e::2");
	assert_int_equal(rec.sources.n, 0);
	assert_true(mld_report_next(&r, &rec));
	assert_int_equal(rec.type, MLD_BLOCK);
	a = mld_source(&rec.sources, 0);
	assert_addr(&a, "2001:db8::3");
	assert_false(mld_report_next(&r, &rec));
	assert_int_equal(r.ignored + r.refused, 0);
}

/* RFC 3810 §5.2.12: the six types, others "MUST be silently ignored, with the rest of the
 * report being processed"
 */
static void types(void **state)
{
	uint8_t buf[sizeof(three)];
	struct mld_record rec;
	struct mld_report r;

	(void)state;
	memcpy(buf, three, sizeof(buf));
	for (unsigned int type = 0; type < 256; type++) {
		bool known = type >= 1 && type <= 6;

		buf[SECOND] = (uint8_t)type;
		assert_int_equal(mld_report_open(&r, buf, sizeof(buf), 2), MLD_OK);
		assert_true(mld_report_next(&r, &rec));
		assert_true(mld_report_next(&r, &rec));
		assert_int_equal(rec.type, known ? (int)type : MLD_BLOCK);
		assert_int_equal(mld_report_next(&r, &rec), known);
		assert_int_equal(r.ignored, !known);
	}
	/* so is one about an address that is no group's */
	buf[SECOND] = MLD_TO_EX;
	buf[SECOND + 4] = 0xfe;
	assert_int_equal(mld_report_open(&r, buf, sizeof(buf), 2), MLD_OK);
	assert_true(mld_report_next(&r, &rec));
	assert_true(mld_report_next(&r, &rec));
	assert_addr(&rec.group, "ff1e::3");
	assert_int_equal(r.ignored, 1);
}

/* A record with more sources than are wanted: the others count (RFC 3810 §10.2 has forged
 * ones in mind)
 */
static void limit(void **state)
{
	struct mld_record rec;
	struct mld_report r;

	(void)state;
	assert_int_equal(mld_report_open(&r, three, sizeof(three), 1), MLD_OK);
	assert_true(mld_report_next(&r, &rec));
	assert_addr(&rec.group, "ff1e::2");
	assert_int_equal(r.refused, 1);
	assert_true(mld_report_next(&r, &rec));
	assert_addr(&rec.group, "ff1e::3");
	assert_false(mld_report_next(&r, &rec));
	assert_int_equal(r.refused, 1);
}

/* RFC 3810 §5.2.3, §5.2.6, §5.2.7: all that the numbers promise is there */
static void every_length(void **state)
{
	uint8_t buf[sizeof(three) + 3];

	(void)state;
	for (size_t len = 0; len < sizeof(three); len++)
		assert_int_equal(verdict(three, len), MLD_ERR_LENGTH);
	/* §5.2.11: "MUST otherwise ignore those additional octets" */
	memset(buf, 0xff, sizeof(buf));
	memcpy(buf, three, sizeof(three));
	assert_int_equal(verdict(buf, sizeof(buf)), MLD_OK);
	/* §5.2.1: "ignored on reception" */
	buf[1] = 1;
	buf[4] = 1;
	assert_int_equal(verdict(buf, sizeof(buf)), MLD_OK);
	/* one record more, one source more, one word more than there are */
	buf[7] = 4;
	assert_int_equal(verdict(buf, sizeof(buf)), MLD_ERR_LENGTH);
	buf[7] = 3;
	buf[THIRD + 3] = 2;
	assert_int_equal(verdict(buf, sizeof(buf)), MLD_ERR_LENGTH);
	buf[THIRD + 3] = 1;
	buf[THIRD + 1] = 1;
	assert_int_equal(verdict(buf, sizeof(buf)), MLD_ERR_LENGTH);
	buf[THIRD + 1] = 0;
	buf[THIRD + 2] = 0xff;
	assert_int_equal(verdict(buf, sizeof(buf)), MLD_ERR_LENGTH);
	buf[THIRD + 2] = 0;
	/* none at all is a report */
	buf[7] = 0;
	assert_int_equal(verdict(buf, 8), MLD_OK);
}

/* RFC 3810 §5.2: what is written is the figure, and reads as it was; §5.2.10: "MUST set the
 * Aux Data Len field to zero"
 */
static void written(void **state)
{
	struct in6_addr array[3];
	struct mld_record rec[3] = {
		{ MLD_ALLOW, fake_addr("ff1e::1"), some_sources(array, 2) },
		{ MLD_TO_EX, fake_addr("ff1e::2"), { NULL, 0 } },
		{ MLD_BLOCK, fake_addr("ff1e::3"), { (uint8_t *)&array[2], 1 } },
	};
	uint8_t want[sizeof(three)], buf[sizeof(three)];

	(void)state;
	some_sources(array, 3);
	memcpy(want, three, THIRD - 8);
	memcpy(want + THIRD - 8, three + THIRD, sizeof(three) - THIRD);
	want[SECOND + 1] = 0;
	memset(buf, 0xee, sizeof(buf));
	assert_int_equal(mld_report_write(rec, 3, buf, sizeof(buf)), sizeof(three) - 8);
	assert_memory_equal(buf, want, sizeof(three) - 8);
	for (size_t size = 0; size < sizeof(three) - 8; size++)
		assert_int_equal(mld_report_write(rec, 3, buf, size), -ENOSPC);
	rec[1].type = 7;
	assert_int_equal(mld_report_write(rec, 3, buf, sizeof(buf)), -EINVAL);
	rec[1].type = MLD_IS_EX;
	rec[1].group = fake_addr("2001:db8::1");
	assert_int_equal(mld_report_write(rec, 3, buf, sizeof(buf)), -EINVAL);
}

/* RFC 3810 §5.2: whatever is put into a report comes out of it */
static void round_trip(void **state)
{
	struct in6_addr array[200];
	struct mld_record rec[12], back;
	uint8_t buf[12 * (20 + 200 * 16) + 8];
	struct mld_report r;
	int len;

	(void)state;
	srand(3810);
	for (unsigned int round = 0; round < 2000; round++) {
		unsigned int n = (unsigned int)rand() % 13;

		some_sources(array, 200);
		for (unsigned int i = 0; i < n; i++) {
			rec[i].type = (uint8_t)(1 + rand() % 6);
			rec[i].group = fake_addr("ff1e::");
			rec[i].group.s6_addr[15] = (uint8_t)rand();
			rec[i].sources.n = (unsigned int)rand() % 200;
			rec[i].sources.bytes = array[rand() % (200 - rec[i].sources.n)].s6_addr;
		}
		len = mld_report_write(rec, n, buf, sizeof(buf));
		assert_true(len >= 8);
		assert_int_equal(mld_report_open(&r, buf, (size_t)len, 200), MLD_OK);
		for (unsigned int i = 0; i < n; i++) {
			assert_true(mld_report_next(&r, &back));
			assert_int_equal(back.type, rec[i].type);
			assert_memory_equal(&back.group, &rec[i].group, sizeof(back.group));
			assert_int_equal(back.sources.n, rec[i].sources.n);
			assert_memory_equal(back.sources.bytes, rec[i].sources.bytes,
					    rec[i].sources.n * sizeof(*array));
		}
		assert_false(mld_report_next(&r, &back));
	}
}

/* RFC 3810 §7.4: whatever bytes arrive, nothing beyond them is read */
static void random_bytes(void **state)
{
	unsigned int valid = 0;
	uint8_t buf[160];

	(void)state;
	srand(143);
	for (unsigned int n = 0; n < 100000; n++) {
		size_t len = (size_t)rand() % sizeof(buf);

		for (size_t i = 0; i < len; i++)
			buf[i] = (uint8_t)(rand() % 3 ? 0 : rand() % 4);
		valid += !verdict(buf, len);
	}
	assert_in_range(valid, 1000, 99000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fields),
		cmocka_unit_test(types),
		cmocka_unit_test(limit),
		cmocka_unit_test(every_length),
		cmocka_unit_test(written),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
