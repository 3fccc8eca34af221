// SPDX-License-Identifier: GPL-2.0
/* Names of mobile nodes, link-layer addresses and prefixes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/id.h"
#include <arpa/inet.h>
#include <string.h>

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* RFC 4283 §3.1: "The MN-NAI mobility option uses an identifier of the form user@realm" */
static void nai(void **state)
{
	char text[MN_ID_MAX + 2], buf[MN_ID_STRLEN];
	struct mn_id id, other;

	(void)state;
	assert_true(mn_id_from_nai(&id, "mn1@example.org"));
	assert_int_equal(id.subtype, 1);
	assert_int_equal(id.len, 15);
	assert_string_equal(mn_id_str(&id, buf, sizeof(buf)), "mn1@example.org");
	assert_true(mn_id_from_nai(&other, "mn1@example.org"));
	assert_memory_equal(&id, &other, sizeof(id));
	assert_true(mn_id_equal(&id, &other));
	other.subtype = 2;
	assert_false(mn_id_equal(&id, &other));
	assert_true(mn_id_from_nai(&other, "mn1@example.or"));
	assert_false(mn_id_equal(&id, &other));
	assert_true(mn_id_from_nai(&other, "MN1@example.org"));
	assert_false(mn_id_equal(&id, &other));
	memset(text, 'x', sizeof(text));
	text[MN_ID_MAX + 1] = '\0';
	assert_false(mn_id_from_nai(&id, text));
	text[MN_ID_MAX] = '\0';
	assert_true(mn_id_from_nai(&id, text));
	assert_int_equal(id.len, MN_ID_MAX);
	assert_false(mn_id_from_nai(&id, ""));
}

/* RFC 4283 §3: the identifier is "A variable length identifier of type": any bytes at all */
static void identifiers_cannot_forge_a_line(void **state)
{
	struct mn_id id = { 1, 5, { 'a', '\n', '\\', 0xff, ' ' } };
	struct mn_id mac = { 5, 6, { 2, 0, 0, 0, 0, 1 } };
	char buf[MN_ID_STRLEN];

	(void)state;
	assert_string_equal(mn_id_str(&id, buf, sizeof(buf)), "a\\x0a\\x5c\\xff\\x20");
	assert_string_equal(mn_id_str(&mac, buf, sizeof(buf)), "5:020000000001");
	/* cut at a whole character, never in the middle of an escape */
	assert_string_equal(mn_id_str(&id, buf, 8), "a\\x0a");
	assert_string_equal(mn_id_str(&id, buf, 1), "");
	assert_string_equal(mn_id_str(&mac, buf, 2), "");
	id.len = MN_ID_MAX;
	memset(id.id, 0xff, MN_ID_MAX);
	assert_int_equal(strlen(mn_id_str(&id, buf, sizeof(buf))), 4 * MN_ID_MAX);
}

/* RFC 5213 §8.6: a link-layer identifier of any length up to what this project holds */
static void link_layer_identifiers(void **state)
{
	static const char *const bad[] = {
		"", ":", "0", "02:", "02:0", "02:00:", "0200", "02.00", "02:0g", "002:00", " 02",
		"00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10",
	};
	char buf[LLID_STRLEN];
	struct llid l, k;

	(void)state;
	assert_true(llid_parse(&l, "02:00:5E:10:aB:01"));
	assert_int_equal(l.len, 6);
	assert_string_equal(llid_str(&l, buf, sizeof(buf)), "02:00:5e:10:ab:01");
	assert_true(llid_parse(&k, "02-00-5e-10-ab-01"));
	assert_true(llid_equal(&l, &k));
	assert_true(llid_parse(&k, "02:00:5e:10:ab"));
	assert_false(llid_equal(&l, &k));
	for (size_t i = 0; i < N(bad); i++) {
		assert_false(llid_parse(&l, bad[i]));
		assert_int_equal(l.len, 6);	/* untouched */
	}
	assert_true(llid_parse(&l, "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f"));
	assert_int_equal(strlen(llid_str(&l, buf, sizeof(buf))), 47);
	assert_string_equal(llid_str(&l, buf, 6), "00:01");
	assert_string_equal(llid_str(&l, buf, 2), "");
	l.len = 0;
	assert_string_equal(llid_str(&l, buf, sizeof(buf)), "");
}

/* RFC 4291 §2.3: ipv6-address/prefix-length, "the leftmost contiguous bits" */
static void prefixes(void **state)
{
	static const char *const bad[] = {
		"", "/64", "2001:db8::/", "2001:db8::/129", "2001:db8::/-1", "2001:db8::/6 4",
		"2001:db8::/0064", "2001:db8::1/64", "2001:db8:0:1::/63", "192.0.2.0/24",
		"2001:db8::g/64", "::1/127", "2001:db8::/64/64",
		"2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000/64",
	};
	char buf[PREFIX_STRLEN];
	struct prefix p, q;

	(void)state;
	assert_true(prefix_parse(&p, "2001:db8:100:1::/64"));
	assert_int_equal(p.len, 64);
	assert_string_equal(prefix_str(&p, buf, sizeof(buf)), "2001:db8:100:1::/64");
	assert_string_equal(prefix_str(&p, buf, 19), "");
	for (size_t i = 0; i < N(bad); i++)
		assert_false(prefix_parse(&p, bad[i]));
	assert_int_equal(p.len, 64);	/* untouched */
	assert_true(prefix_parse(&q, "2001:db8::1"));
	assert_int_equal(q.len, 128);
	assert_true(prefix_parse(&q, "::/0"));
	assert_true(prefix_contains(&q, &p));
	assert_true(prefix_parse(&q, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"));
	assert_string_equal(prefix_str(&q, buf, sizeof(buf)),
			    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127");
}

/* linux/pmip.h: FLOW_NODE is a "u64 [...] not 0"; and whose a binding is outlives a daemon */
static void numbers(void **state)
{
	struct mn_id a = { 0 }, b = { 0 };

	(void)state;
	assert_true(mn_id_from_nai(&a, "mn1@example.org"));
	assert_true(mn_id_from_nai(&b, "mn2@example.org"));
	assert_true(mn_id_number(&a) && mn_id_number(&a) != mn_id_number(&b));
	/* what a daemon of today has left is known to that of tomorrow */
	assert_true(mn_id_number(&a) == 0x2f76b7e585d58958ULL);
	b = a;
	b.id[MN_ID_MAX - 1] = 1;
	assert_true(mn_id_number(&b) == mn_id_number(&a));
	b.subtype++;
	assert_true(mn_id_number(&b) != mn_id_number(&a));
}

/* RFC 4291 §2.3: one prefix contains another by its leftmost bits alone */
static void containment(void **state)
{
	static const struct {
		const char *outer, *inner;
		bool contains;
	} row[] = {
		{ "2001:db8::/32", "2001:db8:100:1::/64", true },
		{ "2001:db8:100::/40", "2001:db8:1ff:ffff::/64", true },
		{ "2001:db8:100::/40", "2001:db8:200::/64", false },
		{ "2001:db8:100:1::/64", "2001:db8:100::/40", false },
		{ "2001:db8::/29", "2001:dbf::/32", true },
		{ "2001:db8::/29", "2001:dc0::/32", false },
		{ "2001:db8::1/128", "2001:db8::1/128", true },
		{ "2001:db8::1/128", "2001:db8::2/128", false },
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		struct prefix a, b;

		assert_true(prefix_parse(&a, row[i].outer));
		assert_true(prefix_parse(&b, row[i].inner));
		assert_int_equal(prefix_contains(&a, &b), row[i].contains);
		assert_int_equal(prefix_equal(&a, &b), !strcmp(row[i].outer, row[i].inner));
	}
}

/*
 * RFC 4291 §2.5.6: link-local addresses have 54 zero bits behind the first ten; §2.6.1: with
 * an identifier of zero it is the anycast address of routers
 */
static void link_local_addresses(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} v[] = {
		{ "fe80::1", true }, { "fe80::ff:fe00:101", true },
		{ "fe80::8000:0:0:0", true }, { "fe80::", false }, { "fe80:0:0:1::1", false },
		{ "fe80:8000::1", false }, { "fea0::1", false }, { "fec0::1", false },
		{ "ff02::1", false }, { "::", false }, { "::1", false }, { "2001:db8::1", false },
	};
	struct in6_addr a;

	(void)state;
	for (unsigned int i = 0; i < N(v); i++) {
		assert_int_equal(inet_pton(AF_INET6, v[i].text, &a), 1);
		assert_int_equal(addr_is_link_local(&a), v[i].is);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nai),
		cmocka_unit_test(identifiers_cannot_forge_a_line),
		cmocka_unit_test(link_layer_identifiers),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(containment),
		cmocka_unit_test(link_local_addresses),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
