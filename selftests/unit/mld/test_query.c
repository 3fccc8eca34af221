// SPDX-License-Identifier: GPL-2.0
/* Queries of both versions: their bytes, and what is discarded. */
#include "mld_bytes.h"

/* RFC 3810 §5.1, figure: a Multicast Address and Source Specific Query of two sources */
static const uint8_t specific[] = {
	130, 0, 0, 0, 0x03, 0xe8, 0, 0,
	0xff, 0x3e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34,
	0x08 | 2, 125, 0, 2,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
};

/* RFC 2710 §3 */
static const uint8_t old[] = {
	130, 0, 0, 0, 0x90, 0x00, 0, 0,
	0xff, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7,
};

/* The sources are in the message: it must stay */
static enum mld_error read_one(const uint8_t *buf, size_t len, unsigned int limit,
			       struct mld_query *q, uint8_t **copy)
{
	*copy = exact(buf, len);
	return mld_query_read(q, *copy, len, limit);
}

static enum mld_error verdict(const uint8_t *buf, size_t len, unsigned int limit)
{
	struct mld_query q;
	uint8_t *copy;
	enum mld_error err = read_one(buf, len, limit, &q, &copy);

	free(copy);
	return err;
}

/* RFC 3810 §5.1: every field, where the figure has it */
static void all_fields(void **state)
{
	struct mld_query q;
	struct in6_addr a;
	uint8_t *copy;

	(void)state;
	assert_int_equal(read_one(specific, sizeof(specific), 2, &q, &copy), MLD_OK);
	assert_int_equal(q.version, 2);
	assert_int_equal(q.max_delay_ms, 1000);
	assert_addr(&q.group, "ff3e::1234");
	assert_true(q.suppress);
	assert_int_equal(q.robustness, 2);
	assert_int_equal(q.interval_s, 125);
	assert_int_equal(q.sources.n, 2);
	a = mld_source(&q.sources, 0);
	assert_addr(&a, "2001:db8::1");
	a = mld_source(&q.sources, 1);
	assert_addr(&a, "2001:db8::2");
	free(copy);
}

/* RFC 3810 §8.1: "MLDv1 Query: length = 24 octets, MLDv2 Query: length >= 28 octets" */
static void the_length_tells_the_version(void **state)
{
	uint8_t general[29] = { 130, [25] = 0xff };
	struct mld_query q;
	uint8_t *copy;

	(void)state;
	for (size_t len = 0; len < 28; len++)
		assert_int_equal(verdict(general, len, 9),
				 len == 24 ? MLD_OK : MLD_ERR_LENGTH);
	assert_int_equal(read_one(general, 28, 9, &q, &copy), MLD_OK);
	assert_int_equal(q.version, 2);
	assert_int_equal(q.interval_s, 31744);
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&q.group));
	free(copy);
	/* §8.2.1: "the full range of this field is linear" */
	assert_int_equal(read_one(old, sizeof(old), 9, &q, &copy), MLD_OK);
	assert_int_equal(q.version, 1);
	assert_int_equal(q.max_delay_ms, 0x9000);
	assert_addr(&q.group, "ff1e::7");
	assert_int_equal(q.sources.n, 0);
	free(copy);
}

/* RFC 3810 §5.1.12: "MUST otherwise ignore those additional octets" */
static void additional_data(void **state)
{
	uint8_t longer[sizeof(specific) + 5];

	(void)state;
	memset(longer, 0xff, sizeof(longer));
	memcpy(longer, specific, sizeof(specific));
	assert_int_equal(verdict(longer, sizeof(longer), 2), MLD_OK);
	/* §5.1.1, §5.1.4: Code and Reserved are "ignored by receivers" */
	longer[1] = 3;
	longer[6] = 7;
	longer[24] |= 0xf0;
	assert_int_equal(verdict(longer, sizeof(longer), 2), MLD_OK);
}

/* RFC 3810 §5.1.10: the sources are there that it says, and no more than are wanted */
static void discarded(void **state)
{
	uint8_t bad[sizeof(specific)];

	(void)state;
	for (size_t len = 28; len < sizeof(specific); len++)
		assert_int_equal(verdict(specific, len, 9), MLD_ERR_LENGTH);
	assert_int_equal(verdict(specific, sizeof(specific), 1), MLD_ERR_LIMIT);
	memcpy(bad, specific, sizeof(bad));
	bad[26] = 0xff;
	assert_int_equal(verdict(bad, sizeof(bad), UINT32_MAX), MLD_ERR_LENGTH);
	/* §5.1.5: zero, or "set to the multicast address being queried" */
	memcpy(bad, specific, sizeof(bad));
	bad[8] = 0x20;
	assert_int_equal(verdict(bad, sizeof(bad), 9), MLD_ERR_GROUP);
	assert_int_equal(verdict(bad, 24, 9), MLD_ERR_GROUP);
	/* §5.1.13: in a General Query "both the Multicast Address field and" N "are zero" */
	memset(bad + 8, 0, 16);
	assert_int_equal(verdict(bad, sizeof(bad), 9), MLD_ERR_GROUP);
	bad[27] = 0;
	assert_int_equal(verdict(bad, sizeof(bad), 9), MLD_OK);
}

/* RFC 3810 §5.1: what is written is the figure, and reads as it was */
static void written(void **state)
{
	struct in6_addr array[300];
	struct mld_query q = {
		.version = 2, .max_delay_ms = 1000, .group = fake_addr("ff3e::1234"),
		.suppress = true, .robustness = 2, .interval_s = 125,
		.sources = some_sources(array, 2),
	};
	struct mld_query back;
	uint8_t buf[28 + 300 * 16];

	(void)state;
	memset(buf, 0xee, sizeof(buf));
	assert_int_equal(mld_query_write(&q, buf, sizeof(buf)), sizeof(specific));
	assert_memory_equal(buf, specific, sizeof(specific));
	assert_int_equal(mld_query_write(&q, buf, sizeof(specific) - 1), -ENOSPC);
	/* as many as there are */
	q.sources = some_sources(array, 300);
	q.suppress = false;
	assert_int_equal(mld_query_write(&q, buf, sizeof(buf)), sizeof(buf));
	assert_int_equal(mld_query_read(&back, buf, sizeof(buf), 300), MLD_OK);
	assert_int_equal(back.sources.n, 300);
	assert_memory_equal(back.sources.bytes, array, sizeof(array));
	assert_false(back.suppress);
	/* version 1: nothing behind the address */
	q = (struct mld_query){ .version = 1, .max_delay_ms = 0x9000,
				.group = fake_addr("ff1e::7"), .robustness = 7 };
	assert_int_equal(mld_query_write(&q, buf, sizeof(buf)), sizeof(old));
	assert_memory_equal(buf, old, sizeof(old));
	q.max_delay_ms = 0x10000;
	mld_query_write(&q, buf, sizeof(buf));
	assert_int_equal(mld_query_read(&back, buf, 24, 0), MLD_OK);
	assert_int_equal(back.max_delay_ms, 0xffff);
}

/* RFC 3810 §5.1.8: "If the Querier's [Robustness Variable] exceeds 7 [...] set to zero" */
static void robustness_that_does_not_fit(void **state)
{
	struct mld_query q = { .version = 2, .robustness = 7 }, back;
	uint8_t buf[28];

	(void)state;
	mld_query_write(&q, buf, sizeof(buf));
	assert_int_equal(mld_query_read(&back, buf, sizeof(buf), 0), MLD_OK);
	assert_int_equal(back.robustness, 7);
	q.robustness = 9;
	mld_query_write(&q, buf, sizeof(buf));
	assert_int_equal(mld_query_read(&back, buf, sizeof(buf), 0), MLD_OK);
	assert_int_equal(back.robustness, 0);
}

/* RFC 3810 §5.1.13: there are three variants, and no other is written */
static void impossible(void **state)
{
	struct in6_addr array[1];
	struct mld_query q = { .version = 2, .group = fake_addr("2001:db8::1") };
	uint8_t buf[64];

	(void)state;
	assert_int_equal(mld_query_write(&q, buf, sizeof(buf)), -EINVAL);
	memset(&q.group, 0, sizeof(q.group));
	q.sources = some_sources(array, 1);
	assert_int_equal(mld_query_write(&q, buf, sizeof(buf)), -EINVAL);
	q.group = fake_addr("ff1e::1");
	assert_int_equal(mld_query_write(&q, buf, sizeof(buf)), 44);
	q.version = 1;
	assert_int_equal(mld_query_write(&q, buf, sizeof(buf)), -EINVAL);
	q.version = 0;
	assert_int_equal(mld_query_write(&q, buf, sizeof(buf)), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fields),
		cmocka_unit_test(the_length_tells_the_version),
		cmocka_unit_test(additional_data),
		cmocka_unit_test(discarded),
		cmocka_unit_test(written),
		cmocka_unit_test(robustness_that_does_not_fit),
		cmocka_unit_test(impossible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
