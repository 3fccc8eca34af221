// SPDX-License-Identifier: GPL-2.0
/* Report and Done of version 1. */
#include "mld_bytes.h"

/* RFC 2710 §3 */
static const uint8_t done[] = {
	132, 0, 0, 0, 0, 0, 0, 0,
	0xff, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0xff,
};

static enum mld_error verdict(const uint8_t *buf, size_t len, struct in6_addr *group)
{
	uint8_t *copy = exact(buf, len);
	enum mld_error err = mld_v1_read(group, copy, len);

	free(copy);
	return err;
}

/* RFC 2710 §3.7: "MUST ignore anything past the first 24 octets" */
static void read_back(void **state)
{
	struct in6_addr group;
	uint8_t bad[24];

	(void)state;
	for (size_t len = 0; len < 24; len++)
		assert_int_equal(verdict(done, len, &group), MLD_ERR_LENGTH);
	assert_int_equal(verdict(done, 24, &group), MLD_OK);
	assert_addr(&group, "ff1e::7");
	assert_int_equal(verdict(done, 25, &group), MLD_OK);
	memcpy(bad, done, sizeof(bad));
	bad[8] = 0;
	assert_int_equal(verdict(bad, sizeof(bad), &group), MLD_ERR_GROUP);
}

/* RFC 2710 §3: type and address, all else zero */
static void written(void **state)
{
	struct in6_addr group = fake_addr("ff1e::7"), nobody = fake_addr("::");
	uint8_t buf[24];

	(void)state;
	memset(buf, 0xee, sizeof(buf));
	assert_int_equal(mld_v1_write(MLD_TYPE_V1_DONE, &group, buf, sizeof(buf)), 24);
	assert_memory_equal(buf, done, 24);
	assert_int_equal(mld_v1_write(MLD_TYPE_V1_REPORT, &group, buf, sizeof(buf)), 24);
	assert_int_equal(buf[0], 131);
	assert_memory_equal(buf + 1, done + 1, 23);
	assert_int_equal(mld_v1_write(MLD_TYPE_V1_REPORT, &group, buf, 23), -ENOSPC);
	assert_int_equal(mld_v1_write(MLD_TYPE_V1_REPORT, &nobody, buf, 24), -EINVAL);
	assert_int_equal(mld_v1_write(MLD_TYPE_QUERY, &group, buf, 24), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_back),
		cmocka_unit_test(written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
