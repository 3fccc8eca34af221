// SPDX-License-Identifier: GPL-2.0
/* Traffic selectors: one spelling for what means the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/selector.h"
#include "fake_env.h"
#include <string.h>

static struct selector of(uint8_t format, enum selector_field f, uint32_t first, uint32_t last)
{
	struct selector s = { .format = format };

	s.fields = (uint8_t)SELECTOR_HAS(f);
	s.ranges = (uint8_t)SELECTOR_HAS(f);
	selector_set_number(&s, f, 0, first);
	selector_set_number(&s, f, 1, last);
	return s;
}

/* RFC 6088 §3.1 (K): "the 2 least significant bits' values MUST be ignored in any comparison" */
static void traffic_class(void **state)
{
	struct selector a = of(SELECTOR_IPV4, SELECTOR_TC, 0x2f, 0x2e), b;

	(void)state;
	b = of(SELECTOR_IPV4, SELECTOR_TC, 0x2c, 0x2f);
	assert_true(selector_normalise(&a) && selector_normalise(&b));
	assert_true(selector_equal(&a, &b));
	assert_int_equal(a.tc[0], 0x2c);
	assert_int_equal(a.tc[1], 0x2c);
	a = of(SELECTOR_IPV6, SELECTOR_TC, 0x30, 0x2f);
	assert_false(selector_normalise(&a));
}

/* RFC 6088 §3.2 (G): "The receiver SHOULD ignore the first 8 bits of this field" */
static void flow_label(void **state)
{
	struct selector a = of(SELECTOR_IPV6, SELECTOR_LABEL, 0xff012345, 0x00fedcba);

	(void)state;
	assert_true(selector_normalise(&a));
	assert_int_equal(a.label[0], 0x012345);
	assert_int_equal(a.label[1], 0xfedcba);
	a.format = SELECTOR_IPV4;
	assert_false(selector_normalise(&a));
}

/* RFC 6088 §3.1 (B): "MUST NOT be included unless the Start Source Address field is included" */
static void last_without_first(void **state)
{
	(void)state;
	for (unsigned int f = 0; f < SELECTOR_FIELDS; f++) {
		struct selector s = { .format = SELECTOR_IPV6 };

		s.ranges = (uint8_t)SELECTOR_HAS(f);
		assert_false(selector_normalise(&s));
		s.fields = (uint8_t)SELECTOR_HAS(f);
		assert_true(selector_normalise(&s));
		s.fields = (uint8_t)~SELECTOR_HAS(f);
		assert_false(selector_normalise(&s));
	}
}

/* RFC 6088 §3.1 (B): "the receiver will match all of the addresses between": there must be any */
static void order_of_the_values(void **state)
{
	(void)state;
	for (unsigned int f = SELECTOR_SPI; f < SELECTOR_FIELDS; f++) {
		struct selector s = of(SELECTOR_IPV6, f, 8, 4);

		assert_false(selector_normalise(&s));
		/* what is not said is the same */
		s = of(SELECTOR_IPV6, f, 8, 4);
		s.ranges = 0;
		assert_true(selector_normalise(&s));
		assert_int_equal(selector_number(&s, f, 1), 8);
		s = of(SELECTOR_IPV6, f, 4, 8);
		assert_true(selector_normalise(&s));
		assert_int_equal(selector_number(&s, f, 0), 4);
		assert_int_equal(selector_number(&s, f, 1), 8);
	}
	for (unsigned int f = SELECTOR_SRC; f <= SELECTOR_DST; f++) {
		struct selector s = of(SELECTOR_IPV6, f, 0, 0);
		struct in6_addr *a = selector_addr(&s, f);

		a[0] = fake_addr("2001:db8::100");
		a[1] = fake_addr("2001:db8::ff");
		assert_false(selector_normalise(&s));
		a[1] = fake_addr("2001:db8:0:1::");
		assert_true(selector_normalise(&s));
		assert_int_equal(selector_number(&s, f, 0), 0);
	}
}

/* RFC 6088 §3.1: the addresses of format 1 are of 32 bits */
static void ipv4_addresses(void **state)
{
	struct selector s = of(SELECTOR_IPV4, SELECTOR_SRC, 0, 0);

	(void)state;
	s.src[0] = fake_addr("::ffff:192.0.2.1");
	s.src[1] = fake_addr("::ffff:192.0.2.200");
	assert_true(selector_normalise(&s));
	s.src[1] = fake_addr("2001:db8::1");
	assert_false(selector_normalise(&s));
	s.src[0] = fake_addr("::192.0.2.1");
	s.src[1] = fake_addr("::ffff:192.0.2.200");
	assert_false(selector_normalise(&s));
}

/* RFC 6088 §3.1: "Each flag indicates whether the corresponding field is present" */
static void values_that_are_not_there(void **state)
{
	struct selector a, b = { .format = SELECTOR_IPV6, .fields = SELECTOR_HAS(SELECTOR_PROTO),
				 .proto = { 6, 6 } };

	(void)state;
	memset(&a, 0xa5, sizeof(a));
	a.format = SELECTOR_IPV6;
	a.fields = SELECTOR_HAS(SELECTOR_PROTO);
	a.ranges = 0;
	a.proto[0] = 6;
	assert_true(selector_normalise(&a));
	assert_true(selector_equal(&a, &b));
	/* which compares bytes: there is none that belongs to no field */
	assert_int_equal(sizeof(a), 8 + 8 + 16 + 64);
	b.proto[1] = 7;
	b.ranges = b.fields;
	assert_false(selector_equal(&a, &b));
}

/* RFC 6088 §5: "1 IPv4 Binary Traffic Selector, 2 IPv6 Binary Traffic Selector" */
static void formats(void **state)
{
	(void)state;
	for (unsigned int f = 0; f < 256; f++) {
		struct selector s = { .format = (uint8_t)f };

		assert_int_equal(selector_known((uint8_t)f), f == 1 || f == 2);
		assert_int_equal(selector_normalise(&s), f == 1 || f == 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(traffic_class),
		cmocka_unit_test(flow_label),
		cmocka_unit_test(last_without_first),
		cmocka_unit_test(order_of_the_values),
		cmocka_unit_test(ipv4_addresses),
		cmocka_unit_test(values_that_are_not_there),
		cmocka_unit_test(formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
