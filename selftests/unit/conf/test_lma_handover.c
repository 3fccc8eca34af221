// SPDX-License-Identifier: GPL-2.0
/* pmipd's configuration file: other anchors, and when nodes go there. */
#include "text.h"

#define ANCHORS(x) "mag = { address = \"2001:db8::2\"; lma = \"2001:db8::1\";\n" \
	"lma-handover = { anchors = [ \"2001:db8:1::/64\" ]; when = (\n" x "\n); };\n" \
	"links = ( { name = \"e1\"; }, { name = \"e2\"; } ); };\n"

/* Draft: LMA handover §3: "The bMAG decides when it triggers the LMA handover" */
static void test_anchors(void **state)
{
	(void)state;
	good(ANCHORS("{ dev = \"e2\"; to = \"2001:db8:1::1\"; },"
		     "{ prefix = \"2001:db8:100::/40\"; to = \"2001:db8::1\"; },"
		     "{ load = 80; }"));
	assert_true(conf.mag.anchors.enabled);
	assert_true(conf.mag.anchors.redirect);
	assert_int_equal(conf.mag.anchors.request_ms, 100);
	assert_int_equal(conf.mag.anchors.interval_ms, 10000);
	assert_int_equal(conf.mag.anchors.linger_ms, 10000);
	assert_int_equal(conf.mag.anchors.n_anchors, 1);
	assert_int_equal(conf.mag.anchors.n_rules, 3);
	assert_int_equal(conf.mag.anchors.rule[0].link, 1);
	assert_int_equal(conf.mag.anchors.rule[1].prefix.len, 40);
	assert_int_equal(conf.mag.anchors.rule[2].load, 80);
	conf_free(&conf);
	good(MAG(""));
	assert_false(conf.mag.anchors.enabled);
	conf_free(&conf);
	bad(MAG("lma-handover = { };"), 2, "mag.lma-handover: anchors is missing");
	bad(MAG("lma-handover = { anchors = [ ]; };"), 2, "mag.lma-handover: anchors is missing");
	bad(MAG("lma-handover = { request-ms = 9; };"), 2, "mag.lma-handover.request-ms: 9 is not");
	bad(MAG("lma-handover = { interval-ms = 99; };"), 2,
	    "mag.lma-handover.interval-ms: 99 is not");
	bad(ANCHORS("{ to = \"2001:db8:1::1\"; }"), 3,
	    "mag.lma-handover.when[0]: needs dev, prefix or load");
	bad(ANCHORS("{ dev = \"e1\"; }"), 3, "mag.lma-handover.when[0]: needs to, or load");
	bad(ANCHORS("{ dev = \"e3\"; to = \"2001:db8:1::1\"; }"), 3,
	    "mag.lma-handover.when[0].dev: \"e3\" is none of the links");
	bad(ANCHORS("{ dev = \"e1\";\n to = \"2001:db8:2::1\"; }"), 4,
	    "mag.lma-handover.when[0].to: is none of the anchors");
	bad(ANCHORS("{ dev = \"e1\";\n to = \"2001:db8::2\"; }"), 4,
	    "mag.lma-handover.when[0].to: is this gateway's own address");
	bad(ANCHORS("{ load = 101; }"), 3, "mag.lma-handover.when[0].load: 101 is not");
	bad(ANCHORS("{ signal = 1; }"), 3, "mag.lma-handover.when[0].signal: unknown key");
	bad(ANCHORS("1"), 3, "mag.lma-handover.when[0]: must be a group");
}

#define ANCHOR(what) \
	"lma = { address = \"2001:db8:0:1::1\"; pools = [ \"2001:db8:100::/40\" ];\n" what " };\n"

/* pmipd.conf(5): neighbours, and how long one waits for them; draft: LMA handover §5 */
static void test_neighbours(void **state)
{
	(void)state;
	good(ANCHOR("neighbours = [ \"2001:db8:0:1::2\", \"2001:db8:0:1::3\" ];\n"
		    "handover-ms = 2000; init-ms = 100; init-retries = 5; serve-lifetime = 60;"));
	assert_int_equal(conf.lma.n_neighbours, 2);
	assert_int_equal(conf.lma.neighbour[1].s6_addr[15], 3);
	assert_int_equal(conf.lma.handover_ms, 2000);
	assert_int_equal(conf.lma.init_ms, 100);
	assert_int_equal(conf.lma.init_retries, 5);
	assert_int_equal(conf.lma.serve_lifetime, 60);
	good(ANCHOR(""));
	assert_int_equal(conf.lma.n_neighbours, 0);
	assert_int_equal(conf.lma.handover_ms, 10000);
	assert_int_equal(conf.lma.init_ms, 500);
	assert_int_equal(conf.lma.init_retries, 3);
	assert_int_equal(conf.lma.serve_lifetime, 300);
	bad(ANCHOR("neighbours = [ \"2001:db8:0:1::2\",\n\"ff02::1\" ];"), 3,
	    "lma.neighbours[1]: ff02::1 is not a global unicast address");
	bad(ANCHOR("neighbours = [ \"2001:db8:0:1::2\", \"2001:db8:0:1::2\" ];"), 2,
	    "lma.neighbours[1]: is element 0, too");
	bad(ANCHOR("neighbours = [ \"2001:db8:0:1::1\" ];"), 2,
	    "lma.neighbours: element 0 is this anchor's own address");
	bad(ANCHOR("neighbours = [ \"2001:db8:100::9\" ];"), 2,
	    "lma.neighbours: element 0 is in the pool 2001:db8:100::/40");
	bad(ANCHOR("handover-ms = 999;"), 2, "lma.handover-ms: 999 is not");
	bad(ANCHOR("init-retries = 9;"), 2, "lma.init-retries: 9 is not");
	bad(ANCHOR("serve-lifetime = 11;"), 2, "lma.serve-lifetime: 11 is not");
	assert_false(conf.lma.redirect || conf.lma.redirect_accept);
	good(ANCHOR("neighbours = [ \"2001:db8:0:1::2\" ]; redirect = true;\n"
		    "redirect-accept = true; redirect-above = 1000;"));
	assert_true(conf.lma.redirect && conf.lma.redirect_accept);
	assert_int_equal(conf.lma.redirect_above, 1000);
	bad(ANCHOR("redirect = true;"), 1, "lma: redirect needs neighbours");
	bad(ANCHOR("redirect-accept = true;"), 1, "lma: redirect needs neighbours");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_anchors),
		cmocka_unit_test(test_neighbours),
	};

	return cmocka_run_group_tests_name("conf", tests, setup, teardown);
}
