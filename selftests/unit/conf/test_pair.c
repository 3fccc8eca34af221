// SPDX-License-Identifier: GPL-2.0
/* pmipd's configuration file: an anchor that is one of two. */
#include "text.h"

#define REDIS	"redis = { servers = [ \"[::1]:6379\" ]; };\n"
#define PAIR(x)	LMA_WITH("pair = { " x " };\n")

/* pmipd.conf(5): pair */
static void test_pair(void **state)
{
	(void)state;
	good(REDIS PAIR("name = \"east-1\"; device = \"e0\";"));
	assert_true(conf.lma.pair.enabled);
	assert_string_equal(conf.lma.pair.name, "east-1");
	assert_string_equal(conf.lma.pair.device, "e0");
	assert_int_equal(conf.lma.pair.interval_ms, 1000);
	good(REDIS PAIR("name = \"a\"; device = \"e0\"; interval-ms = 100;"));
	assert_int_equal(conf.lma.pair.interval_ms, 100);
	good(REDIS LMA);
	assert_false(conf.lma.pair.enabled);
	bad(REDIS PAIR(""), 3, "lma.pair: name is missing");
	bad(REDIS PAIR("name = \"a\";"), 3, "lma.pair: device is missing");
	bad(REDIS PAIR("name = \"a b\";\ndevice = \"e0\";"), 3, "lma.pair.name: only letters");
	bad(REDIS PAIR("name = \"a\";\ndevice = \"longer-than-any-name\";"), 4,
	    "lma.pair.device: ");
	bad(REDIS PAIR("name = \"a\"; device = \"e0\";\ninterval-ms = 99;"), 4,
	    "lma.pair.interval-ms: 99 is not");
	bad(REDIS PAIR("name = \"a\"; port = 1;"), 3, "lma.pair.port: unknown key");
	bad(PAIR("name = \"a\"; device = \"e0\";"), 2, "lma.pair: needs the group \"redis\"");
	bad(REDIS "keep-sessions = false;\n" PAIR("name = \"a\"; device = \"e0\";"), 4,
	    "lma.pair: needs keep-sessions");
	bad(REDIS MAG("") PAIR("name = \"a\"; device = \"e0\";"), 5,
	    "lma.pair: cannot stand beside the group \"mag\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pair),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
