// SPDX-License-Identifier: GPL-2.0
/* Router solicitations: what is valid, and what is discarded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "nd/nd.h"
#include <stdlib.h>
#include <string.h>

static const struct in6_addr node = { { { 0xfe, 0x80, [15] = 9 } } };
static const struct in6_addr nobody;

static const uint8_t rs[] = {
	133, 0, 0xab, 0xcd, 0, 0, 0, 0,
	1, 1, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01,
};

/* In memory of exactly its size: valgrind and ASan see the byte after the last */
static enum nd_error check(const uint8_t *buf, size_t len, const struct in6_addr *src,
			   int hop_limit)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum nd_error e;

	assert_non_null(exact);
	memcpy(exact, buf, len);
	e = nd_rs_check(len ? exact : exact + 1, len, src, hop_limit);
	free(exact);
	return e;
}

/* RFC 4861 §6.1.1: "The contents of the Reserved field, and of any unrecognized options,
 * MUST be ignored."
 */
static void valid(void **state)
{
	uint8_t two[40] = { 133, 0, 0, 0, 1, 2, 3, 4, 99, 1, [16] = 1, 2, 1, 2, 3, 4, 5, 6,
			    7, 8, [32] = 1, 1, 9 };

	(void)state;
	assert_int_equal(check(rs, sizeof(rs), &node, 255), ND_OK);
	assert_int_equal(check(rs, 8, &nobody, 255), ND_OK);
	assert_int_equal(check(two, sizeof(two), &node, 255), ND_OK);
	/* unknown options may come from nobody, the address behind them may not */
	assert_int_equal(check(two, 16, &nobody, 255), ND_OK);
	assert_int_equal(check(two, sizeof(two), &nobody, 255), ND_ERR_SOURCE);
}

/* RFC 4861 §6.1.1: "A router MUST silently discard any received Router Solicitation" unless */
static void discarded(void **state)
{
	uint8_t bad[sizeof(rs)];

	(void)state;
	/* "The IP Hop Limit field has a value of 255" */
	assert_int_equal(check(rs, sizeof(rs), &node, 254), ND_ERR_HOP_LIMIT);
	assert_int_equal(check(rs, sizeof(rs), &node, -1), ND_ERR_HOP_LIMIT);
	/* "ICMP length (derived from the IP length) is 8 or more octets" */
	for (size_t len = 0; len < 8; len++)
		assert_int_equal(check(rs, len, &node, 255), ND_ERR_SHORT);
	/* "ICMP Code is 0" */
	memcpy(bad, rs, sizeof(rs));
	bad[1] = 1;
	assert_int_equal(check(bad, sizeof(bad), &node, 255), ND_ERR_CODE);
	bad[0] = 134;
	assert_int_equal(check(bad, sizeof(bad), &node, 255), ND_ERR_TYPE);
	/* "All included options have a length that is greater than zero" */
	memcpy(bad, rs, sizeof(rs));
	bad[9] = 0;
	assert_int_equal(check(bad, sizeof(bad), &node, 255), ND_ERR_OPTION);
	/* "If the IP source address is the unspecified address, there is no" such option */
	assert_int_equal(check(rs, sizeof(rs), &nobody, 255), ND_ERR_SOURCE);
	/* every option that the end cuts off */
	for (size_t len = 9; len < sizeof(rs); len++)
		assert_int_equal(check(rs, len, &node, 255), ND_ERR_OPTION);
	bad[9] = 2;
	assert_int_equal(check(bad, sizeof(bad), &node, 255), ND_ERR_OPTION);
	bad[9] = 255;
	bad[8] = 77;
	assert_int_equal(check(bad, sizeof(bad), &node, 255), ND_ERR_OPTION);
	for (int e = ND_OK; e <= ND_ERR_SOURCE; e++)
		assert_string_not_equal(nd_strerror((enum nd_error)e), "unknown error");
}

/* RFC 4861 §6.1.1: whatever bytes arrive, nothing beyond them is read */
static void random_bytes(void **state)
{
	unsigned int valid_ones = 0;

	(void)state;
	srand(4861);
	for (unsigned int n = 0; n < 100000; n++) {
		uint8_t buf[48];
			size_t len = (size_t)rand() % sizeof(buf);

		memset(buf, 0, sizeof(buf));
		buf[0] = 133;
		for (size_t i = 8; i < len; i++)
			buf[i] = (uint8_t)(rand() % 4);
		valid_ones += !check(buf, len, &node, 255);
	}
	assert_in_range(valid_ones, 1000, 90000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid),
		cmocka_unit_test(discarded),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
