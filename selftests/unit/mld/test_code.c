// SPDX-License-Identifier: GPL-2.0
/* Times of a query as floating-point numbers. */
#include "mld_bytes.h"

/* RFC 3810 §5.1.3: "Maximum Response Delay = (mant | 0x1000) << (exp + 3)" */
static void delays(void **state)
{
	(void)state;
	assert_int_equal(mld_delay_of_code(0), 0);
	assert_int_equal(mld_delay_of_code(1000), 1000);
	assert_int_equal(mld_delay_of_code(32767), 32767);
	assert_int_equal(mld_delay_of_code(0x8000), 0x1000 << 3);
	assert_int_equal(mld_delay_of_code(0x8001), 0x1001 << 3);
	assert_int_equal(mld_delay_of_code(0x9abc), 0x1abc << 4);
	assert_int_equal(mld_delay_of_code(0xffff), 0x1fff << 10);
}

/* RFC 3810 §5.1.9: "QQI = (mant | 0x10) << (exp + 3)" */
static void intervals(void **state)
{
	(void)state;
	assert_int_equal(mld_interval_of_code(0), 0);
	assert_int_equal(mld_interval_of_code(125), 125);
	assert_int_equal(mld_interval_of_code(127), 127);
	assert_int_equal(mld_interval_of_code(0x80), 0x10 << 3);
	assert_int_equal(mld_interval_of_code(0xa5), 0x15 << 5);
	assert_int_equal(mld_interval_of_code(0xff), 0x1f << 10);
}

/* RFC 3810 §9.8: "the exact value if possible, or the next lower value" */
static void next_lower(void **state)
{
	(void)state;
	for (unsigned int code = 0; code < 0x10000; code++)
		assert_int_equal(mld_code_of_delay(mld_delay_of_code((uint16_t)code)), code);
	for (unsigned int code = 0; code < 0x100; code++)
		assert_int_equal(mld_code_of_interval(mld_interval_of_code((uint8_t)code)), code);
	for (unsigned int code = 0x8000; code < 0xffff; code++) {
		uint32_t next = mld_delay_of_code((uint16_t)(code + 1));

		assert_int_equal(mld_code_of_delay(next - 1), code);
	}
	for (unsigned int code = 0x80; code < 0xff; code++) {
		uint32_t next = mld_interval_of_code((uint8_t)(code + 1));

		assert_int_equal(mld_code_of_interval(next - 1), code);
	}
	/* and the longest there is for what is longer */
	assert_int_equal(mld_code_of_delay(UINT32_MAX), 0xffff);
	assert_int_equal(mld_code_of_interval(UINT32_MAX), 0xff);
	assert_int_equal(mld_code_of_delay(0x800000), 0xffff);
	assert_int_equal(mld_code_of_interval(0x8000), 0xff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delays),
		cmocka_unit_test(intervals),
		cmocka_unit_test(next_lower),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
