// SPDX-License-Identifier: GPL-2.0
/* pmipd's configuration file: routes by which others find the pools. */
#include "text.h"

#include "conf/changes.h"

/* RFC 5213 §5.6.2: "advertise a connected route in to the Routing Infrastructure for [...] */
/* an aggregated prefix with a larger scope" */
static void test_announce(void **state)
{
	(void)state;
	good(LMA);
	assert_false(conf.lma.announce.enabled);
	good(LMA_WITH("announce = { };"));
	assert_true(conf.lma.announce.enabled);
	assert_int_equal(conf.lma.announce.protocol, 214);
	assert_int_equal(conf.lma.announce.table, 254);
	assert_int_equal(conf.lma.announce.metric, 512);
	good(LMA_WITH("announce = { protocol = 5; table = 4294967295L; metric = 1023; };"));
	assert_int_equal(conf.lma.announce.protocol, 5);
	assert_int_equal(conf.lma.announce.table, 4294967295U);
	assert_int_equal(conf.lma.announce.metric, 1023);
	good(LMA_WITH("announce = { table = 100; metric = 1024; };"));
}

/* pmipd.conf(5): "numbers of others are refused" */
static void test_refused(void **state)
{
	static const struct { const char *words, *what; } no[] = {
		{ "protocol = 4;", "protocol: 4 is not within 5 to 255" },
		{ "protocol = 256;", "protocol: 256 is not within 5 to 255" },
		{ "protocol = \"pmip\";", "protocol: " },
		{ "protocol = 11;", "protocol: 11 is GateD's, the kernel's or Zebra's" },
		{ "protocol = 12;", "protocol: 12 is BIRD's" },
		{ "protocol = 16;", "protocol: 16 is another routing daemon's" },
		{ "protocol = 42;", "protocol: 42 is Babel's" },
		{ "protocol = 186;", "protocol: 186 is FRR's" },
		{ "protocol = 198;", "protocol: 198 is FRR's" },
		{ "protocol = 213;", "protocol: 213 is of the routes that pmipd makes anyway" },
		{ "table = 0;", "table: 0 is not within 1 to 4294967295" },
		{ "table = 255;", "table: 255 has the host's own addresses" },
		{ "table = 5213;", "table: 5213 is pmipd's own" },
		{ "metric = 0;", "metric: 0 is not within 1 to 4294967295" },
		{ "metric = 1024;", "metric: 1024 is not below 1024, the metric of the route" },
		{ "type = 1;", "type: unknown key" },
	};
	char text[256], want[256];

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
		snprintf(text, sizeof(text), LMA_WITH("announce = {\n%s };"), no[i].words);
		snprintf(want, sizeof(want), "lma.announce.%s", no[i].what);
		bad(text, 3, want);
	}
	bad(LMA_WITH("announce = true;"), 2, "lma.announce: must be a group");
	bad(MAG("announce = { };"), 2, "mag.announce: unknown key");
}

/* pmipd(8): "What may differ then is" announce, among others */
static void test_changes(void **state)
{
	static struct conf runs;

	(void)state;
	good(LMA);
	runs = conf;
	memset(&conf, 0, sizeof(conf));
	good(LMA_WITH("announce = { metric = 9; };"));
	assert_int_equal(conf_changes(&runs, &conf, err, sizeof(err)), 0);
	conf_take(&runs, &conf);
	assert_true(runs.lma.announce.enabled);
	assert_int_equal(runs.lma.announce.metric, 9);
	good(LMA);
	assert_int_equal(conf_changes(&runs, &conf, err, sizeof(err)), 0);
	conf_take(&runs, &conf);
	assert_false(runs.lma.announce.enabled);
	conf_free(&runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_announce),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_changes),
	};

	return cmocka_run_group_tests_name("conf", tests, setup, teardown);
}
