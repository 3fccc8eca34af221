// SPDX-License-Identifier: GPL-2.0
/* Traffic selectors as text, there and back. */
#include "core/selector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

/* RFC 6088 §3.2: every field has a first and a last value */
static void what_is_read_is_written(void **state)
{
	static const struct {
		enum selector_field f;
		const char *text, *back;
		bool range;
	} good[] = {
		{ SELECTOR_SRC, "2001:db8::1", "2001:db8::1", false },
		{ SELECTOR_SRC, "2001:db8::1-2001:db8::1", "2001:db8::1", false },
		{ SELECTOR_DST, "2001:db8:1::/64", "2001:db8:1::/64", true },
		{ SELECTOR_DST, "2001:db8:1::/128", "2001:db8:1::", false },
		{ SELECTOR_DST, "::/0", "::/0", true },
		{ SELECTOR_DST, "2001:db8::1-2001:db8::5", "2001:db8::1-2001:db8::5", true },
		{ SELECTOR_DST, "2001:db8::-2001:db8::ff", "2001:db8::/120", true },
		{ SELECTOR_SPI, "4294967295", "4294967295", false },
		{ SELECTOR_LABEL, "0-0xfffff", "0-1048575", true },
		{ SELECTOR_SPORT, "1024-65535", "1024-65535", true },
		{ SELECTOR_DPORT, "0", "0", false },
		{ SELECTOR_TC, "0xb8", "184", false },
		{ SELECTOR_PROTO, "17-17", "17", false },
	};
	char buf[SELECTOR_STRLEN];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct selector s = { .format = SELECTOR_IPV6 };

		assert_true(selector_field_set(&s, good[i].f, good[i].text));
		assert_true(selector_normalise(&s));
		assert_int_equal(s.fields, SELECTOR_HAS(good[i].f));
		assert_int_equal(s.ranges, good[i].range ? SELECTOR_HAS(good[i].f) : 0);
		assert_string_equal(selector_field_str(&s, good[i].f, buf, sizeof(buf)),
				    good[i].back);
	}
}

/* RFC 6088 §3.1: the same fields with IPv4 addresses, ranges included, but no flow label */
static void ipv4_is_read_and_written(void **state)
{
	static const struct {
		enum selector_field f;
		const char *text, *back;	/* NULL: refused */
	} row[] = {
		{ SELECTOR_SRC, "192.0.2.1", "192.0.2.1" },
		{ SELECTOR_SRC, "192.0.2.0/24", "192.0.2.0/24" },
		{ SELECTOR_DST, "0.0.0.0/0", "0.0.0.0/0" },
		{ SELECTOR_DST, "198.51.100.9/32", "198.51.100.9" },
		{ SELECTOR_DST, "192.0.2.1-192.0.2.9", "192.0.2.1-192.0.2.9" },
		{ SELECTOR_SPI, "1-2", "1-2" }, { SELECTOR_SPORT, "5-6", "5-6" },
		{ SELECTOR_DPORT, "80", "80" }, { SELECTOR_TC, "184", "184" },
		{ SELECTOR_PROTO, "6-17", "6-17" },
		{ SELECTOR_LABEL, "1", NULL }, { SELECTOR_SRC, "2001:db8::1", NULL },
		{ SELECTOR_SRC, "192.0.2.1/24", NULL }, { SELECTOR_SRC, "192.0.2.0/33", NULL },
		{ SELECTOR_SRC, "192.0.2.0/", NULL }, { SELECTOR_SRC, "192.0.2.0/+8", NULL },
		{ SELECTOR_SRC, "192.0.2.0/24x", NULL }, { SELECTOR_SRC, "192.0.2/24", NULL },
		{ SELECTOR_SRC, "192.0.2.9-192.0.2.1", NULL }, { SELECTOR_SRC, "192.0.2.", NULL },
		{ SELECTOR_SRC, "1:2/24", NULL }, { SELECTOR_SRC, "/24", NULL },
		{ SELECTOR_SRC, "192.000000000000000000.2.1/24", NULL },
	};
	char buf[SELECTOR_STRLEN];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct selector s = { .format = SELECTOR_IPV4 };
		bool ok = selector_field_set(&s, row[i].f, row[i].text);

		if (ok != !!row[i].back)
			fail_msg("\"%s\": %d", row[i].text, ok);
		if (!ok)
			continue;
		assert_true(selector_normalise(&s));
		assert_string_equal(selector_field_str(&s, row[i].f, buf, sizeof(buf)),
				    row[i].back);
	}
	assert_int_equal(selector_format_named("ipv4"), SELECTOR_IPV4);
	assert_int_equal(selector_format_named(selector_format_name(SELECTOR_IPV6)),
			 SELECTOR_IPV6);
	assert_int_equal(selector_format_named("ip"), 0);
}

/* What matches nothing, or is no value of the field, changes nothing */
static void what_is_no_value(void **state)
{
	static const struct { enum selector_field f; const char *text; } bad[] = {
		{ SELECTOR_SRC, "" }, { SELECTOR_SRC, "1" }, { SELECTOR_SRC, "10.0.0.1" },
		{ SELECTOR_SRC, "2001:db8::1-" }, { SELECTOR_SRC, "-2001:db8::1" },
		{ SELECTOR_SRC, "2001:db8::5-2001:db8::1" }, { SELECTOR_SRC, "2001:db8::1/64" },
		{ SELECTOR_SRC, "2001:db8::/129" },
		{ SELECTOR_SRC, "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000-::1" },
		{ SELECTOR_SPORT, "" }, { SELECTOR_SPORT, "65536" }, { SELECTOR_SPORT, "2-1" },
		{ SELECTOR_SPORT, "-1" }, { SELECTOR_SPORT, "1-" }, { SELECTOR_SPORT, "1-2-3" },
		{ SELECTOR_SPORT, " 1" }, { SELECTOR_SPORT, "1x" }, { SELECTOR_PROTO, "256" },
		{ SELECTOR_PROTO, "tcp" }, { SELECTOR_LABEL, "0x100000" },
		{ SELECTOR_SPI, "99999999999999999999" },
	};
	const struct selector none = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct selector s = { 0 };

		if (selector_field_set(&s, bad[i].f, bad[i].text))
			fail_msg("\"%s\" was taken", bad[i].text);
		assert_memory_equal(&s, &none, sizeof(s));
	}
}

/* A name is one field's, and there and back the same */
static void fields_have_names(void **state)
{
	unsigned int f;

	(void)state;
	for (f = 0; f < SELECTOR_FIELDS; f++)
		assert_int_equal(selector_field_named(selector_field_name(f)), f);
	assert_int_equal(selector_field_named("port"), SELECTOR_FIELDS);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_written),
		cmocka_unit_test(ipv4_is_read_and_written),
		cmocka_unit_test(what_is_no_value),
		cmocka_unit_test(fields_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
