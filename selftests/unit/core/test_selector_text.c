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
		cmocka_unit_test(what_is_no_value),
		cmocka_unit_test(fields_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
