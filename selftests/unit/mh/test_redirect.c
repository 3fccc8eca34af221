// SPDX-License-Identifier: GPL-2.0
/* The options of runtime assignment of an anchor, as RFC 6463 §4 draws them. */
#include "bad.h"
#include "golden.h"
#include "fake_env.h"

#define AT	12	/* of the first option of a PBU and a PBA */

/* RFC 6463 §4.1: "alignment requirement of 4n", "MUST be set to 2" */
static void capability(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x01, 0x05, 0x00, 0, 0,
		0x00, 0x01, 0x82, 0x00, 0x00, 0x4b,
		0x2e, 0x02, 0x00, 0x00,			/* 12 = 4n */
	};
	static const struct mh_msg m = {
		.kind = MH_PBU, .type = 5, .seq = 1, .flags = PBU_F_A | PBU_F_P, .lifetime = 75,
		.opts = { .present = MH_HAS_REDIRECTABLE },
	};

	(void)state;
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 6463 §4.2: "If the 'K' flag is set and 'N' is unset, then the length MUST be 18"; */
/* §4.3: "The length is set to 18" */
static void answer(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x06, 0x06, 0x00, 0, 0,
		0x00, 0x20, 0x00, 0x01, 0x00, 0x4b,
		0x2f, 0x12, 0x80, 0x00,			/* 12 = 4n: K */
		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9,
		0x30, 0x12, 0x00, 0x05,			/* 32 = 4n */
		0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4,
		0x01, 0x02, 0, 0,
	};
	struct mh_msg m = {
		.kind = MH_PBA, .type = 6, .seq = 1, .flags = PBA_F_P, .lifetime = 75,
		.opts = {
			.present = MH_HAS_REDIRECT | MH_HAS_LOAD, .load = { 5, 1, 2, 3, 4 },
		},
	};

	(void)state;
	m.opts.redirect = fake_addr("2001:db8::9");
	both_ways(&m, golden, sizeof(golden));
}

/* RFC 6463 §4.2: "If the 'K' flag is unset and 'N' is set, then the length MUST be 6" */
static void over_ipv4(void **state)
{
	static const uint8_t golden[] = {
		0x3b, 0x02, 0x06, 0x00, 0, 0,
		0x00, 0x20, 0x00, 0x01, 0x00, 0x4b,
		0x2f, 0x06, 0x40, 0x00, 198, 51, 100, 1,	/* 12 = 4n: N */
		0x01, 0x02, 0, 0,
	};
	struct mh_msg m = {
		.kind = MH_PBA, .type = 6, .seq = 1, .flags = PBA_F_P, .lifetime = 75,
		.opts = { .present = MH_HAS_REDIRECT },
	};

	(void)state;
	m.opts.redirect = fake_addr("::ffff:198.51.100.1");
	both_ways(&m, golden, sizeof(golden));
}

static const struct bad bad[] = {
	{ "capability of 1 byte", { 46, 1, 0 }, 3, MH_ERR_OPT_LENGTH, 1 },
	{ "capability of 3 bytes", { 46, 3, 0 }, 5, MH_ERR_OPT_LENGTH, 1 },
	{ "two capabilities", { 46, 2, 0, 0, 46, 2, 0, 0 }, 8, MH_ERR_TOO_MANY, 4 },
	{ "neither K nor N", { 47, 18, 0x3f, 0, 0x20, 1 }, 20, MH_ERR_OPT_VALUE, 2 },
	{ "both K and N", { 47, 18, 0xc0, 0, 0x20, 1 }, 20, MH_ERR_OPT_VALUE, 2 },
	{ "redirect too short", { 47, 5, 0x40, 0, 192, 0, 2 }, 7, MH_ERR_OPT_LENGTH, 1 },
	{ "K of 4 bytes", { 47, 6, 0x80, 0, 192, 0, 2, 1 }, 8, MH_ERR_OPT_LENGTH, 1 },
	{ "N of 16 bytes", { 47, 18, 0x40, 0, 0x20, 1 }, 20, MH_ERR_OPT_LENGTH, 1 },
	{ "to many", { 47, 18, 0x80, 0, 0xff, 2 }, 20, MH_ERR_OPT_VALUE, 4 },
	{ "to none", { 47, 18, 0x80, 0 }, 20, MH_ERR_OPT_VALUE, 4 },
	{ "to IPv4 in IPv6", { 47, 18, 0x80, 0, [14] = 0xff, 0xff, 192, 0, 2, 1 }, 20,
	  MH_ERR_OPT_VALUE, 4 },
	{ "to many of IPv4", { 47, 6, 0x40, 0, 239, 0, 0, 1 }, 8, MH_ERR_OPT_VALUE, 4 },
	{ "load too short", { 48, 17 }, 19, MH_ERR_OPT_LENGTH, 1 },
	{ "load too long", { 48, 19 }, 21, MH_ERR_OPT_LENGTH, 1 },
};

/* RFC 6463 §4.2: "Both the 'K' and 'N' flags cannot be set or unset simultaneously", "unicast" */
static void refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		size_t len = (AT + bad[i].n + 7) / 8 * 8;
		uint8_t buf[MH_MAX] = { 59, (uint8_t)(len / 8 - 1), 6 };

		memcpy(buf + AT, bad[i].opt, bad[i].n);
		gen_fix_checksum(buf, len);
		bad_is_refused(&bad[i], buf, len, AT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capability),
		cmocka_unit_test(answer),
		cmocka_unit_test(over_ipv4),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
