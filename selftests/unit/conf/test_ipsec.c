// SPDX-License-Identifier: GPL-2.0
/* pmipd's configuration file: what is demanded of other gateways */
#include "text.h"

#include <arpa/inet.h>

static bool required(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return conf_requires_ipsec(&conf, &a);
}

/* RFC 5213 §4: "the mobility entities can enable a specific mechanism for securing Proxy */
/* Mobile IPv6 signaling messages, based on either a static configuration or": by default none */
static void test_default(void **state)
{
	(void)state;
	good(LMA);
	assert_false(conf_ipsec(&conf));
	assert_false(required("2001:db8:2::1"));
	good(LMA "require-ipsec = true;\n");
	assert_true(conf_ipsec(&conf));
	assert_true(required("2001:db8:2::1"));
	good(LMA "gateways = ( );\n");
	assert_false(conf_ipsec(&conf));
}

/* pmipd.conf(5), gateways: "The longest prefix decides" */
static void test_longest(void **state)
{
	(void)state;
	good(LMA "gateways = (\n"
	     "{ peer = \"2001:db8:2::9\"; require-ipsec = false; },\n"
	     "{ peer = \"2001:db8:2::/64\"; require-ipsec = true; },\n"
	     "{ peer = \"2001:db8::/32\"; require-ipsec = false; } );\n");
	assert_true(conf_ipsec(&conf));
	assert_true(required("2001:db8:2::1"));
	assert_false(required("2001:db8:2::9"));
	assert_false(required("2001:db8:3::1"));
	assert_false(required("2001:db9::1"));
	good(LMA "require-ipsec = true; gateways = (\n"
	     "{ peer = \"2001:db8:2::/64\"; require-ipsec = false; } );\n");
	assert_false(required("2001:db8:2::1"));
	assert_true(required("2001:db8:3::1"));
}

/* pmipd.conf(5), gateways: what is wrong, and where */
static void test_wrong(void **state)
{
	(void)state;
	bad(LMA "require-ipsec = true;\n" MAG(""), 3,
	    "mag: require-ipsec needs the roles lma and mag apart");
	bad(LMA "require-ipsec = 1;\n", 2, "require-ipsec: must be true or false");
	bad(LMA "gateways = { };\n", 2, "gateways: must be a list");
	bad(LMA "gateways = (\n{ require-ipsec = true; } );\n", 3,
	    "gateways[0]: peer is missing");
	bad(LMA "gateways = (\n{ peer = \"2001:db8::2\"; } );\n", 3,
	    "gateways[0]: require-ipsec is missing");
	bad(LMA "gateways = (\n{ peer = \"::/0\"; require-ipsec = true; } );\n", 3,
	    "gateways[0].peer:");
	bad(LMA "gateways = (\n{ peer = \"2001:db8::2\"; ipsec = true; } );\n", 3,
	    "gateways[0].ipsec: unknown key");
	bad(LMA "gateways = ( { peer = \"2001:db8::2\"; require-ipsec = true; },\n"
	    "{ peer = \"2001:db8::2/128\"; require-ipsec = false; } );\n", 3,
	    "gateways[1]: peer is that of element 0");
}

/* RFC 5213 §4: "MUST be locally configurable to authorize such specific combinations." */
static void test_authority(void **state)
{
	(void)state;
	good(LMA_WITH("authority = ( { mag = \"2001:db8:2::/64\"; rate = 50;\n"
		      "prefixes = [ \"2001:db8:100::/40\", \"2001:db8:f::/64\" ];\n"
		      "realms = [ \"example.org\" ]; }, { mag = \"2001:db8:2::9\"; } );"));
	assert_int_equal(conf.lma.n_authorities, 2);
	assert_int_equal(conf.lma.authority[0].mag.len, 64);
	assert_int_equal(conf.lma.authority[0].rate, 50);
	assert_int_equal(conf.lma.authority[0].n_prefixes, 2);
	assert_int_equal(conf.lma.authority[0].prefix[0].len, 40);
	assert_int_equal(conf.lma.authority[0].n_realms, 1);
	assert_memory_equal(conf.lma.authority[0].realm[0].id, "@example.org", 12);
	assert_int_equal(conf.lma.authority[1].rate, 0);
	bad(LMA_WITH("authority = ( { rate = 1; } );"), 2, "lma.authority[0]: mag is missing");
	bad(LMA_WITH("authority = ( { mag = \"2001:db8::2\"; rate = 0; } );"), 2,
	    "lma.authority[0].rate: 0 is not within 1 to 1000000");
	bad(LMA_WITH("authority = ( { mag = \"2001:db8::2\"; prefixes = [ ]; } );"), 2,
	    "lma.authority[0].prefixes: is empty");
	bad(LMA_WITH("authority = ( { mag = \"2001:db8::2\"; prefixes = [ \"x\" ]; } );"), 2,
	    "lma.authority[0].prefixes[0]:");
	bad(LMA_WITH("authority = ( { mag = \"2001:db8::2\"; realms = [ ]; } );"), 2,
	    "lma.authority[0].realms: is empty");
	bad(LMA_WITH("authority = ( { mag = \"2001:db8::2\"; realms = [ \"a@b\" ]; } );"), 2,
	    "lma.authority[0].realms[0]: must be a realm");
	bad(LMA_WITH("authority = ( { mag = \"2001:db8::2\"; },\n{ mag = \"2001:db8::2\"; } );"),
	    3, "lma.authority[1]: mag is that of element 0");
}

/* pmipd.conf(5), learn: "only if IPsec says who they are" */
static void test_learn(void **state)
{
	(void)state;
	good(LMA_WITH("learn = [ \"2001:db8:2::/64\" ];"));
	assert_true(conf_ipsec(&conf));
	assert_true(required("2001:db8:2::1"));
	assert_false(required("2001:db8:3::1"));
	good(LMA_WITH("learn = [ \"2001:db8:2::/64\" ];")
	     "gateways = ( { peer = \"2001:db8::/32\"; require-ipsec = false; } );\n");
	assert_true(required("2001:db8:2::1"));
	bad(LMA_WITH("learn = [ \"2001:db8:2::/64\" ];")
	    "gateways = (\n{ peer = \"2001:db8:2::1\"; require-ipsec = false; } );\n", 4,
	    "gateways[0]: is of lma.learn's 2001:db8:2::/64, and must have require-ipsec");
	bad(LMA_WITH("learn = [ \"x\" ];"), 2, "lma.learn[0]:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_authority),
		cmocka_unit_test(test_learn),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
