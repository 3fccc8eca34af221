// SPDX-License-Identifier: GPL-2.0
/* How much is heard of whom, of each kind of message, and of all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_env.h"
#include "peer/limit.h"

#define NOW	(86400 * NSEC_PER_SEC)

static struct limit_conf conf;
static struct limit *limit;

static int begin(void **state)
{
	unsigned int k;

	(void)state;
	for (k = 0; k < LIMIT_KINDS; k++) {
		conf.of[k].peer = 10;
		conf.of[k].total = 25;
	}
	limit = limit_new(&conf);
	return !limit;
}

static int end(void **state)
{
	(void)state;
	limit_free(limit);
	return 0;
}

/* Made-up addresses may share a bucket, but not all of them do */
static struct in6_addr from(unsigned int i)
{
	struct in6_addr a = fake_addr("2001:db8::");

	a.s6_addr[14] = (uint8_t)(i >> 8);
	a.s6_addr[15] = (uint8_t)i;
	return a;
}

static unsigned int offer(unsigned int who, unsigned int kind, unsigned int n)
{
	const struct in6_addr a = from(who);
	unsigned int heard = 0;

	while (n--)
		heard += limit_allows(limit, kind, &a, NOW);
	return heard;
}

/* SECURITY.md: "What one gateway sends too much takes nothing from another" */
static void one_peer(void **state)
{
	(void)state;
	assert_int_equal(offer(1, MH_PBU, 1000), 10);
	assert_int_equal(offer(1, MH_HI, 5), 5);
	assert_true(offer(2, MH_PBU, 10) + offer(3, MH_PBU, 10) >= 10);
}

static void total(void **state)
{
	unsigned int i, heard = 0;

	(void)state;
	for (i = 0; i < 1000; i++)
		heard += offer(i, MH_PBU, 1);
	assert_int_equal(heard, 25);
	assert_int_equal(offer(2000, MH_PBU, 1), 0);
	assert_int_equal(offer(2000, MH_HEARTBEAT, 1), 1);
}

static void no_limit(void **state)
{
	(void)state;
	conf.of[MH_PBU].peer = 0;
	conf.of[MH_PBU].total = 0;
	assert_int_equal(offer(1, MH_PBU, 1000), 1000);
}

/* RFC 6275 §6.1.1: "MH Type [...] 8-bit selector", the third byte */
static void kinds(void **state)
{
	const uint8_t pbu[] = { 59, 1, 5 }, other[] = { 59, 1, 99 };
	unsigned int k;

	(void)state;
	assert_int_equal(limit_kind(pbu, sizeof(pbu)), MH_PBU);
	assert_int_equal(limit_kind(other, sizeof(other)), MH_KINDS);
	assert_int_equal(limit_kind(pbu, 2), MH_KINDS);
	for (k = 0; k < LIMIT_KINDS; k++)
		assert_true(strlen(limit_kind_str(k)) > 1);
}

/* RFC 4443 §2.4 (f): "an IPv6 node MUST limit the rate of ICMPv6 error messages it originates" */
static void errors(void **state)
{
	const struct in6_addr a = from(1);
	unsigned int i, sent = 0;

	(void)state;
	for (i = 0; i < 1000; i++)
		sent += limit_allows_error(limit, &a, NOW);
	assert_int_equal(sent, 50);
	for (i = 0; i < 1000; i++)
		sent += limit_allows_error(limit, &a, NOW + NSEC_PER_SEC);
	assert_int_equal(sent, 75);
	for (i = 2; i < 1000; i++) {
		const struct in6_addr b = from(i);

		sent += limit_allows_error(limit, &b, NOW + NSEC_PER_SEC);
	}
	assert_int_equal(sent, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_peer, begin, end),
		cmocka_unit_test_setup_teardown(total, begin, end),
		cmocka_unit_test_setup_teardown(no_limit, begin, end),
		cmocka_unit_test_setup_teardown(kinds, begin, end),
		cmocka_unit_test_setup_teardown(errors, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
