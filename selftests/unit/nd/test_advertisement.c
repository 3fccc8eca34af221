// SPDX-License-Identifier: GPL-2.0
/* Router advertisements, golden bytes from RFC 4861's figures. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "nd/nd.h"
#include <stdlib.h>
#include <string.h>

static struct ra_out example(void)
{
	struct ra_out ra = {
		.router_lifetime = 1800, .valid = 3600, .preferred = 1800, .mtu = 1460,
		.n_prefixes = 1,
	};

	assert_true(prefix_parse(&ra.prefix[0], "2001:db8:100:1::/64"));
	return ra;
}

/* RFC 4861 §4.2, §4.6.1, §4.6.2, §4.6.4; RFC 6543 §3: "00-00-5E-00-52-13" */
static void golden(void **state)
{
	static const uint8_t want[] = {
		134, 0, 0x00, 0x00,			/* the kernel's checksum */
		64, 0x00, 0x07, 0x08,			/* hop limit, no M nor O, 1800 s */
		0, 0, 0, 0, 0, 0, 0, 0,
		1, 1, 0x00, 0x00, 0x5e, 0x00, 0x52, 0x13,
		5, 1, 0, 0, 0x00, 0x00, 0x05, 0xb4,	/* 1460 */
		3, 4, 64, 0xc0,				/* L and A */
		0x00, 0x00, 0x0e, 0x10, 0x00, 0x00, 0x07, 0x08, 0, 0, 0, 0,
		0x20, 0x01, 0x0d, 0xb8, 0x01, 0x00, 0x00, 0x01, 0, 0, 0, 0, 0, 0, 0, 0,
	};
	struct ra_out ra = example();
	uint8_t buf[ND_RA_MAX];

	(void)state;
	assert_int_equal(nd_ra_encode(&ra, &nd_fixed_lladdr, buf, sizeof(buf)), sizeof(want));
	assert_memory_equal(buf, want, sizeof(want));
}

/* RFC 6543 §3: "0200:5EFF:FE00:5213" made of "00-00-5E-00-52-13" as RFC 4291 §2.5.1 does */
static void fixed_addresses(void **state)
{
	struct prefix p;

	(void)state;
	assert_true(prefix_parse(&p, "fe80::200:5eff:fe00:5213"));
	assert_memory_equal(&nd_fixed_lla, &p.addr, 16);
	assert_memory_equal(nd_fixed_lla.s6_addr + 9, nd_fixed_lladdr.id + 1, 2);
	assert_memory_equal(nd_fixed_lla.s6_addr + 13, nd_fixed_lladdr.id + 3, 3);
}

/* RFC 4861 §6.2.1: what is not said is left out; a lifetime of 0 is no default router */
static void least(void **state)
{
	static const uint8_t want[16] = { 134, [4] = 64 };
	struct ra_out ra = { .router_lifetime = 0 };
	struct llid none = { 0 };
	uint8_t buf[16];

	(void)state;
	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(nd_ra_encode(&ra, &none, buf, sizeof(buf)), 16);
	assert_memory_equal(buf, want, 16);
}

/* RFC 4861 §4.6.2: preferred "MUST NOT exceed the Valid Lifetime"; bits after the length zero */
static void prefix_rules(void **state)
{
	struct ra_out ra = example();
	struct llid eui64 = { .len = 8, .id = { 1, 2, 3, 4, 5, 6, 7, 8 } };
	uint8_t buf[ND_RA_MAX];

	(void)state;
	ra.preferred = 7200;
	ra.mtu = 0;
	ra.prefix[0].len = 60;
	memset(ra.prefix[0].addr.s6_addr + 7, 0xff, 9);
	assert_int_equal(nd_ra_encode(&ra, &eui64, buf, sizeof(buf)), 16 + 16 + 32);
	assert_int_equal(buf[17], 2);
	assert_memory_equal(buf + 18, eui64.id, 8);
	assert_memory_equal(buf + 26, "\0\0\0\0\0\0", 6);
	assert_memory_equal(buf + 32 + 4, buf + 32 + 8, 4);
	assert_int_equal(buf[32 + 16 + 7], 0xf0);
	assert_int_equal(buf[32 + 16 + 8], 0);
}

/* RFC 4861 §4.6.2: "The value ranges from 0 to 128"; nothing is written beyond the buffer */
static void refused(void **state)
{
	struct ra_out ra = example();
	struct llid wide = { .len = LLID_MAX };
	uint8_t buf[ND_RA_MAX], *exact;

	(void)state;
	for (size_t size = 0; size < 64; size++) {
		exact = malloc(size + 1);
		assert_non_null(exact);
		exact[size] = 0x5a;
		assert_int_equal(nd_ra_encode(&ra, &nd_fixed_lladdr, exact, size), -ENOSPC);
		assert_int_equal(exact[size], 0x5a);
		free(exact);
	}
	ra.n_prefixes = HNP_MAX;
	assert_int_equal(nd_ra_encode(&ra, &wide, buf, sizeof(buf)), ND_RA_MAX);
	ra.prefix[HNP_MAX - 1].len = 129;
	assert_int_equal(nd_ra_encode(&ra, &wide, buf, sizeof(buf)), -EINVAL);
	ra = example();
	ra.n_prefixes = HNP_MAX + 1;
	assert_int_equal(nd_ra_encode(&ra, &wide, buf, sizeof(buf)), -EINVAL);
	ra = example();
	wide.len = LLID_MAX + 1;
	assert_int_equal(nd_ra_encode(&ra, &wide, buf, sizeof(buf)), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(fixed_addresses),
		cmocka_unit_test(least),
		cmocka_unit_test(prefix_rules),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
