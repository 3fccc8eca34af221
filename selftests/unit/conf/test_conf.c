// SPDX-License-Identifier: GPL-2.0
/* pmipd's configuration file: every value checked, every error placed. */
#include "conf/changes.h"

#include "text.h"

#include <arpa/inet.h>
#include <sys/stat.h>
#include <syslog.h>

/* RFC 5213 §9.1: "MinDelayBeforeBCEDelete ... default value 10000 milliseconds" */
static void test_lma_defaults(void **state)
{
	(void)state;
	good(LMA);
	assert_true(conf.lma.enabled);
	assert_false(conf.mag.enabled);
	assert_int_equal(conf.lma.min_delay_before_bce_delete_ms, 10000);
	assert_int_equal(conf.lma.max_delay_before_new_bce_assign_ms, 1500);
	assert_int_equal(conf.lma.timestamp_window_ms, 300);
	assert_int_equal(conf.lma.return_ms, 5000);
	assert_int_equal(conf.lma.order_ms, 3000);
	assert_int_equal(conf.lma.pool_prefix_len, 64);
	assert_int_equal(conf.lma.load_high, 80);
	assert_int_equal(conf.lma.load_low, 60);
	assert_int_equal(conf.lma.flow.dialect, FLOW_DIALECT_AUTO);
	assert_int_equal(conf.lma.flow.lifetime, 600);
	assert_int_equal(conf.lma.flow.fmi_ms, 500);
	assert_int_equal(conf.lma.flow.upn_ms, 1000);
	assert_int_equal(conf.lma.flow.upn_retries, 1);
	assert_int_equal(conf.peer.heartbeat_ms, 60000);
	assert_int_equal(conf.peer.missing_allowed, 3);
	assert_int_equal(conf.types.shi, 240);
	assert_int_equal(conf.types.shack, 241);
	assert_int_equal(conf.types.fmi, 242);
	assert_int_equal(conf.types.fma, 243);
	assert_string_equal(conf.control, "/run/pmipd/control");
	assert_true(conf.kernel && conf.fixed_lladdr && conf.lma.seamless && conf.lma.timestamps);
	conf_free(&conf);
}

/* Draft: flow mobility §3.2.2: "measurements performed at the network" */
static void test_meters(void **state)
{
	(void)state;
	good("lma = { address = \"2001:db8::1\"; load-window-ms = 100; load-meters = ("
	     "{ mag = \"2001:db8:2::1\"; kbps = 54000; access = \"802.11\"; },"
	     "{ mag = \"2001:db8:2::1\"; kbps = 10; device = \"eth1\"; } ); };");
	assert_int_equal(conf.lma.n_meters, 2);
	assert_int_equal(conf.lma.meter[0].att, 4);
	assert_int_equal(conf.lma.meter[0].kbps, 54000);
	assert_string_equal(conf.lma.meter[1].dev, "eth1");
	assert_int_equal(conf.lma.load_window_ms, 100);
	assert_int_equal(conf.lma.load_hold_ms, 10000);
	assert_int_equal(conf.lma.flow_linger_ms, 5000);
	conf_free(&conf);
	bad("lma = { address = \"2001:db8::1\"; load-meters = (\n"
	    "{ mag = \"2001:db8::2\"; } ); };", 2,
	    "lma.load-meters[0]: needs mag and kbps");
	bad("lma = { address = \"2001:db8::1\"; load-meters = (\n{ kbps = 1; } ); };", 2,
	    "lma.load-meters[0]: needs mag and kbps");
	bad("lma = { address = \"2001:db8::1\"; load-meters = ("
	    "{ mag = \"2001:db8::2\"; kbps = 1; },\n{ mag = \"2001:db8::2\"; kbps = 2; } ); };",
	    2, "lma.load-meters[1]: measures what element 0 does");
	bad("lma = { address = \"2001:db8::1\"; quality-good = 30; };", 1,
	    "lma: quality-good 30 is not above quality-low 30");
}

#define FLOW(x)	"lma = { address = \"2001:db8::1\"; flow = {\n" x "}; };\n"

/* RFC 7077 §7: MAX_UPDATE_NOTIFICATION_RETRANSMIT_COUNT up to 5, its delay 500 to 5000 ms */
static void test_flow(void **state)
{
	(void)state;
	good(FLOW("dialect = \"rfc7864\"; upn-retries = 5; upn-ms = 5000; lifetime = 65535;"
		  "retry-s = 0;"
		  "peers = ( { peer = \"2001:db8:2::/64\"; dialect = \"none\"; },"
		  " { peer = \"2001:db8:3::1\"; dialect = \"draft\"; } );"));
	assert_int_equal(conf.lma.flow.dialect, FLOW_DIALECT_RFC7864);
	assert_int_equal(conf.lma.flow.retry_s, 0);
	assert_int_equal(conf.lma.flow.n_peers, 2);
	assert_int_equal(conf.lma.flow.peer[0].dialect, FLOW_DIALECT_NONE);
	assert_int_equal(conf.lma.flow.peer[1].dialect, FLOW_DIALECT_DRAFT);
	assert_int_equal(conf.lma.flow.peer[1].peer.len, 128);
	conf_free(&conf);
	bad("lma = { address = \"2001:db8::1\"; load-high = 50; };\n", 1,
	    "lma: load-low 60 is above load-high 50");
	bad(FLOW("dialect = \"both\";"), 2, "lma.flow.dialect: must be");
	bad(FLOW("upn-retries = 6;"), 2, "lma.flow.upn-retries:");
	bad(FLOW("upn-ms = 499;"), 2, "lma.flow.upn-ms:");
	bad(FLOW("lifetime = 0;"), 2, "lma.flow.lifetime:");
	bad(FLOW("peers = ( { peer = \"2001:db8::2\"; } );"), 2,
	    "lma.flow.peers[0]: needs peer and");
	bad(FLOW("peers = ( { peer = \"x\"; dialect = \"draft\"; } );"), 2,
	    "lma.flow.peers[0].peer:");
}

/* RFC 6275 §12: "INITIAL_BINDACK_TIMEOUT  1 second" */
static void test_mag_defaults(void **state)
{
	(void)state;
	good(MAG(""));
	assert_true(conf.mag.enabled);
	assert_int_equal(conf.mag.bindack_ms, 1000);
	assert_int_equal(conf.mag.shi_ms, 500);
	assert_int_equal(conf.mag.linger_ms, 3000);
	assert_int_equal(conf.mag.rs_per_second, 3);
	assert_int_equal(conf.mag.n_links, 1);
	assert_int_equal(conf.mag.link[0].att, 4);
	assert_false(conf.mag.link[0].attach_on_carrier);
	assert_false(conf.mag.hold);
	assert_int_equal(conf.mag.flow_messages, MAG_FLOW_FMI | MAG_FLOW_UPN);
	assert_int_equal(conf.mag.flow.max_lifetime, FLOW_FOREVER);
	conf_free(&conf);
	good(MAG("hold = true;"));
	assert_true(conf.mag.hold);
	conf_free(&conf);
	good(MAG("flow-messages = \"upn\"; flow-max-lifetime = 9;"));
	assert_int_equal(conf.mag.flow_messages, MAG_FLOW_UPN);
	assert_int_equal(conf.mag.flow.max_lifetime, 9);
	conf_free(&conf);
	good(MAG("flow-messages = \"none\";"));
	assert_int_equal(conf.mag.flow_messages, 0);
	assert_false(conf.mag.fast);
	conf_free(&conf);
	good(MAG("handover = { hi-retries = 0; expect-ms = 60000; };"));
	assert_true(conf.mag.fast);
	assert_int_equal(conf.mag.handover.hi_ms, 100);
	assert_int_equal(conf.mag.handover.hi_retries, 0);
	assert_int_equal(conf.mag.handover.expect_ms, 60000);
	assert_int_equal(conf.mag.handover.forward_ms, 5000);
	assert_int_equal(conf.mag.handover.wait_ms, 1000);
	good(MAG("hold = true; handover = { wait-ms = 60000; };"));
	assert_int_equal(conf.mag.handover.wait_ms, 60000);
	/* without holding there is nothing to wait for */
	good(MAG("handover = { wait-ms = 0; };"));
	assert_int_equal(conf.mag.handover.wait_ms, 0);
	conf_free(&conf);
}

/* pmipd.conf(5): every key reaches its field */
static void test_lma_values(void **state)
{
	(void)state;
	good("log-level = \"debug\"; kernel = false; device = \"p9\";\n"
	     "mh-types = { shi = 100; shack = 101; fmi = 240; fma = 241; lma-ho-req = 200;\n"
	     "lma-ho-resp = 201; lma-ho-init = 202; lma-hack = 203; };\n"
	     "heartbeat = { interval-ms = 100; missing-allowed = 2; };\n"
	     "ports = ( { name = \"e0\"; stack = true; }, { name = \"e9\"; } );\n"
	     "lma = { address = \"2001:db8::1\"; pools = [ \"2001:db8:100::/40\" ];\n"
	     "  pool-prefix-length = 60; mags = [ \"2001:db8:2::/64\", \"2001:db8:3::9\" ];\n"
	     "  seamless = false; max-lifetime = 60; timestamps = false;\n"
	     "  timestamp-window-ms = 7; min-delay-before-bce-delete-ms = 8;\n"
	     "  return-ms = 10; order-ms = 11;\n"
	     "  max-delay-before-new-bce-assign-ms = 9; max-sessions = 4000000000L; };\n");
	assert_int_equal(conf.log_level, LOG_DEBUG);
	assert_false(conf.kernel);
	assert_int_equal(conf.types.shi, 100);
	assert_int_equal(conf.types.shack, 101);
	assert_int_equal(conf.types.fmi, 240);
	assert_int_equal(conf.types.fma, 241);
	assert_int_equal(conf.peer.heartbeat_ms, 100);
	assert_int_equal(conf.n_ports, 2);
	assert_true(conf.port[0].stack);
	assert_false(conf.port[1].stack);
	assert_int_equal(conf.lma.n_pools, 1);
	assert_int_equal(conf.lma.pool[0].len, 40);
	assert_int_equal(conf.lma.pool_prefix_len, 60);
	assert_int_equal(conf.lma.n_mags, 2);
	assert_int_equal(conf.lma.mag[0].len, 64);
	assert_int_equal(conf.lma.mag[1].len, 128);
	assert_false(conf.lma.seamless || conf.lma.timestamps);
	assert_int_equal(conf.lma.max_lifetime, 60);
	assert_int_equal(conf.lma.max_delay_before_new_bce_assign_ms, 9);
	assert_int_equal(conf.lma.max_sessions, 4000000000U);
	assert_int_equal(conf.lma.return_ms, 10);
	assert_int_equal(conf.lma.order_ms, 11);
	conf_free(&conf);
}

/* pmipd.conf(5), GROUP HOLD: the module's own limits, and every key reaches its field */
static void test_hold(void **state)
{
	(void)state;
	good(LMA);
	assert_int_equal(conf.hold.node_packets, 4096);
	assert_int_equal(conf.hold.node_bytes, 8388608);
	assert_int_equal(conf.hold.link_packets, 8192);
	assert_int_equal(conf.hold.link_bytes, 33554432);
	assert_int_equal(conf.hold.total_packets, 16384);
	assert_int_equal(conf.hold.total_bytes, 67108864);
	assert_int_equal(conf.hold.age_ms, 4000);
	assert_int_equal(conf.hold.policy, PMIP_HOLD_TAIL_DROP);
	conf_free(&conf);
	good(LMA "hold = { node-packets = 1; node-bytes = 2; link-packets = 3; link-bytes = 4;\n"
	     "total-packets = 5; total-bytes = 4294967295L; age-ms = 30000; drop = \"head\"; };\n");
	assert_int_equal(conf.hold.node_packets, 1);
	assert_int_equal(conf.hold.node_bytes, 2);
	assert_int_equal(conf.hold.link_packets, 3);
	assert_int_equal(conf.hold.link_bytes, 4);
	assert_int_equal(conf.hold.total_packets, 5);
	assert_int_equal(conf.hold.total_bytes, UINT32_MAX);
	assert_int_equal(conf.hold.age_ms, 30000);
	assert_int_equal(conf.hold.policy, PMIP_HOLD_HEAD_DROP);
	conf_free(&conf);
	bad(LMA "hold = { age-ms = 0; };\n", 2, "hold.age-ms: 0 is not within 1 to 30000");
	bad(LMA "hold = { age-ms = 30001; };\n", 2, "hold.age-ms: 30001 is not");
	bad(LMA "hold = { node-packets = -1; };\n", 2, "hold.node-packets: -1 is not");
	bad(LMA "hold = { drop = \"all\"; };\n", 2, "hold.drop: must be \"tail\" or \"head\"");
	bad(LMA "hold = { packets = 1; };\n", 2, "hold.packets: unknown key");
	bad(LMA "hold = true;\n", 2, "hold: must be a group");
}

/* pmipd.conf(5): limits, each kind with its own, and those of the others as they were */
static void test_limits(void **state)
{
	(void)state;
	good(LMA);
	assert_int_equal(conf.limits.of[MH_PBU].peer, 10000);
	assert_int_equal(conf.limits.of[MH_KINDS].total, 200000);
	conf_free(&conf);
	good(LMA "limits = { pbu = { peer = 5; total = 0; }; unknown = { peer = 1; };\n"
	     "revocation = { total = 1048576; }; lma-hack = { peer = 0; }; };\n");
	assert_int_equal(conf.limits.of[MH_PBU].peer, 5);
	assert_int_equal(conf.limits.of[MH_PBU].total, 0);
	assert_int_equal(conf.limits.of[MH_KINDS].peer, 1);
	assert_int_equal(conf.limits.of[MH_BRI].total, 1048576);
	assert_int_equal(conf.limits.of[MH_LMA_HACK].peer, 0);
	assert_int_equal(conf.limits.of[MH_PBA].peer, 10000);
	conf_free(&conf);
	bad(LMA "limits = { pbu = 5; };\n", 2, "limits.pbu: must be a group");
	bad(LMA "limits = { bra = { peer = 5; }; };\n", 2, "limits.bra: unknown key");
	bad(LMA "limits = { shi = { peer = 1048577; }; };\n", 2,
	    "limits.shi.peer: 1048577 is not within 0 to 1048576");
}

/* RFC 5213 §8.5: "Access Technology Type ... 4: 802.11a/b/g", names and numbers */
static void test_mag_links(void **state)
{
	(void)state;
	good(LINKS("{ name = \"e1\"; att = \"802.3\"; }, { name = \"e2\"; att = 13; },\n"
		   "{ name = \"e3\"; att = \"virtual\"; attach-on-carrier = {\n"
		   "  mn-id = \"mn1@example.org\"; lladdr = \"02:00:00:00:00:01\"; }; }"));
	assert_int_equal(conf.mag.n_links, 3);
	assert_int_equal(conf.mag.link[0].att, 3);
	assert_int_equal(conf.mag.link[1].att, 13);
	assert_int_equal(conf.mag.link[2].att, 1);
	assert_string_equal(conf.mag.link[2].name, "e3");
	assert_true(conf.mag.link[2].attach_on_carrier);
	assert_int_equal(conf.mag.link[2].lladdr.len, 6);
	assert_int_equal(conf.mag.link[2].lladdr.id[5], 1);
	assert_int_equal(conf.mag.link[2].mn_id.len, 15);
	conf_free(&conf);
}

/* pmipd.conf(5): unknown keys are refused, at every level */
static void test_unknown_keys(void **state)
{
	(void)state;
	bad(LMA "colour = 1;\n", 2, "colour: unknown key");
	bad("lma = {\n address = \"2001:db8::1\";\n x = 1; };\n", 3, "lma.x: unknown key");
	bad(MAG("y = 1;"), 2, "mag.y: unknown key");
	bad(LINKS("{ name = \"e1\"; },\n{ name = \"e2\"; mtu = 1; }"), 3,
	    "mag.links[1].mtu: unknown key");
	bad(LMA "heartbeat = { x = 1; };\n", 2, "heartbeat.x: unknown key");
	bad(LMA "mh-types = { x = 1; };\n", 2, "mh-types.x: unknown key");
	bad(LMA "ports = ( { x = 1; } );\n", 2, "ports[0].x: unknown key");
	bad(LINKS("{ name = \"e1\"; attach-on-carrier = { x = 1; }; }"), 2,
	    "mag.links[0].attach-on-carrier.x: unknown key");
}

/* pmipd.conf(5): a value of another type is refused */
static void test_types(void **state)
{
	(void)state;
	bad(LMA "kernel = 1;\n", 2, "kernel: must be true or false");
	bad(LMA "control = 5;\n", 2, "control: must be a string");
	bad(LMA "ports = 5;\n", 2, "ports: must be a list");
	bad(LMA "heartbeat = 5;\n", 2, "heartbeat: must be a group");
	bad(MAG("lifetime = \"x\";"), 2, "mag.lifetime: must be a whole number");
	bad(MAG("lifetime = 1.5;"), 2, "mag.lifetime: must be a whole number");
	bad(MAG("peers = [ 1 ];"), 2, "mag.peers[0]: must be a string");
	bad(LMA "log-level = \"loud\";\n", 2, "log-level: must be");
	bad(LMA "log-level = 3;\n", 2, "log-level: must be");
	bad("lma = 1;\n", 1, "lma: must be a group");
}

/* pmipd.conf(5): the group multicast, of both roles */
static void test_multicast(void **state)
{
	(void)state;
	good("ports = ( { name = \"e9\"; } );\n" LMA_WITH("multicast = { upstream = \"e9\"; };"));
	assert_true(conf.lma.mcast.enabled);
	assert_string_equal(conf.lma.mcast.upstream, "e9");
	assert_int_equal(conf.lma.mcast.down.max_groups, 65536);
	assert_int_equal(conf.lma.mcast.down.query_interval_ms, 125000);
	conf_free(&conf);
	good(MAG("multicast = { query-interval-ms = 2000; response-ms = 500; robustness = 3; };"));
	assert_true(conf.mag.mcast.enabled);
	assert_int_equal(conf.mag.mcast.down.startup_interval_ms, 500);
	assert_int_equal(conf.mag.mcast.down.startup_count, 3);
	assert_int_equal(conf.mag.mcast.up.robustness, 3);
	assert_int_equal(conf.mag.mcast.down.last_listener_count, 0);
	assert_int_equal(conf.mag.mcast.down.max_groups, 128);
	conf_free(&conf);
	good(MAG("multicast = { groups = [ \"ff1e::/16\", \"ff3e::/32\" ]; };"));
	assert_int_equal(conf.mag.mcast.down.n_allowed, 2);
	conf_free(&conf);
	bad(MAG("multicast = { groups = [ \"ff1e::/16\", \"2001:db8::/32\" ]; };"), 2,
	    "mag.multicast.groups[1]: 2001:db8::/32 is no multicast address");
	bad(MAG("multicast = { groups = [ ]; };"), 2, "mag.multicast.groups: is empty");
	good(MAG(""));
	assert_false(conf.mag.mcast.enabled);
	conf_free(&conf);
	bad(LMA_WITH("multicast = { };"), 2, "lma.multicast: upstream is missing");
	bad(LMA_WITH("multicast = { upstream = \"e9\"; };"), 2,
	    "lma.multicast.upstream: \"e9\" is none of the ports");
	bad(MAG("multicast = { upstream = \"e9\"; };"), 2,
	    "mag.multicast.upstream: is an anchor's");
	bad(MAG("multicast = { query-interval-ms = 10000; };"), 2,
	    "mag.multicast: response-ms 10000 is not below query-interval-ms 10000");
	bad(MAG("multicast = { max-groups = 0; };"), 2, "mag.multicast.max-groups: 0 is not");
}

/* RFC 7161 §4.4: "it is RECOMMENDED to set the "PBA timer" to zero"; it "SHOULD be upper */
/* bounded by" INITIAL_BINDACK_TIMEOUT, 1 s; it is "in the LMA" */
static void test_subscription(void **state)
{
	(void)state;
	good(MAG("multicast = { };"));
	assert_false(conf.mag.mcast.subscription.enabled);
	conf_free(&conf);
	good(MAG("multicast = { subscription = { }; };"));
	assert_true(conf.mag.mcast.subscription.enabled);
	assert_int_equal(conf.mag.mcast.subscription.query_ms, 300);
	assert_int_equal(conf.mag.mcast.subscription.query_retries, 2);
	conf_free(&conf);
	good("ports = ( { name = \"e9\"; } );\n" LMA_WITH("multicast = { upstream = \"e9\";"
	     " subscription = { query-ms = 50; query-retries = 0; }; };"));
	assert_true(conf.lma.mcast.subscription.enabled);
	assert_int_equal(conf.lma.mcast.subscription.query_ms, 50);
	assert_int_equal(conf.lma.mcast.subscription.query_retries, 0);
	assert_int_equal(conf.lma.mcast.subscription.pba_timer_ms, 0);
	conf_free(&conf);
	bad(LMA_WITH("multicast = { subscription = { pba-timer-ms = 1000; }; };"), 2,
	    "lma.multicast.subscription.pba-timer-ms: 1000 is not");
	bad(LMA_WITH("multicast = { subscription = { query-ms = 9; }; };"), 2,
	    "lma.multicast.subscription.query-ms: 9 is not");
	bad(MAG("multicast = { subscription = { query-retries = 11; }; };"), 2,
	    "mag.multicast.subscription.query-retries: 11 is not");
	bad(MAG("multicast = { subscription = { pba-timer-ms = 0; }; };"), 2,
	    "mag.multicast.subscription.pba-timer-ms: is an anchor's");
	bad(MAG("multicast = { subscription = true; };"), 2,
	    "mag.multicast.subscription: must be a group");
	bad(MAG("multicast = { subscription = { timer = 1; }; };"), 2,
	    "mag.multicast.subscription.timer: unknown key");
}

#define WHEN(x) "mag = { address = \"2001:db8::2\"; peers = [ \"2001:db8:2::/64\" ];\n" \
	"handover = { when = (\n" x "\n); };\n" \
	"links = ( { name = \"e1\"; }, { name = \"e2\"; } ); };\n"

/* RFC 5949 §4.1 (c): "derives the new mobile access gateway (NMAG) from the New AP ID" */
static void test_signal(void **state)
{
	(void)state;
	good(WHEN("{ dev = \"e2\"; signal-below-dbm = -75; to = \"2001:db8:2::1\"; },"
		  "{ dev = \"e2\"; signal-below-dbm = 0; to = \"2001:db8:2::2\";"
		  " hysteresis-db = 0; ap = \"02:00:00:00:00:01\"; }"));
	assert_int_equal(conf.mag.signal.interval_ms, 10000);
	assert_int_equal(conf.mag.signal.n_rules, 2);
	assert_int_equal(conf.mag.signal.rule[0].link, 1);
	assert_int_equal(conf.mag.signal.rule[0].below_dbm, -75);
	assert_int_equal(conf.mag.signal.rule[0].hysteresis_db, 5);
	assert_int_equal(conf.mag.signal.rule[0].ap.len, 0);
	assert_int_equal(conf.mag.signal.rule[1].hysteresis_db, 0);
	assert_int_equal(conf.mag.signal.rule[1].ap.len, 6);
	conf_free(&conf);
	bad(WHEN("{ dev = \"e1\"; to = \"2001:db8:2::1\"; }"), 3,
	    "mag.handover.when[0]: needs dev, signal-below-dbm and to");
	bad(WHEN("{ dev = \"e1\"; signal-below-dbm = -75; }"), 3,
	    "mag.handover.when[0]: needs dev, signal-below-dbm and to");
	bad(WHEN("{ signal-below-dbm = -75; to = \"2001:db8:2::1\"; }"), 3,
	    "mag.handover.when[0]: needs dev, signal-below-dbm and to");
	bad(WHEN("{ dev = \"e3\"; signal-below-dbm = -75; to = \"2001:db8:2::1\"; }"), 3,
	    "mag.handover.when[0].dev: \"e3\" is none of the links");
	bad(WHEN("{ dev = \"e1\"; signal-below-dbm = -75;\n to = \"2001:db8:3::1\"; }"), 4,
	    "mag.handover.when[0].to: is none of the peers");
	bad(WHEN("{ dev = \"e1\"; signal-below-dbm = -75;\n to = \"2001:db8::2\"; }"), 4,
	    "mag.handover.when[0].to: is this gateway's own address");
	bad(WHEN("{ dev = \"e1\"; signal-below-dbm = -75; to = \"2001:db8:2::1\"; },\n"
		 "{ dev = \"e1\"; signal-below-dbm = -70; to = \"2001:db8:2::2\"; }"), 4,
	    "mag.handover.when[1]: is for what element 0 is for");
	bad(WHEN("{ signal-below-dbm = 1; }"), 3,
	    "mag.handover.when[0].signal-below-dbm: 1 is not within -120 to 0");
	bad(WHEN("{ hysteresis-db = 61; }"), 3,
	    "mag.handover.when[0].hysteresis-db: 61 is not within 0 to 60");
	bad(WHEN("{ above = 1; }"), 3, "mag.handover.when[0].above: unknown key");
	bad(WHEN("1"), 3, "mag.handover.when[0]: must be a group");
	bad(MAG("handover = { when = 1; };"), 2, "mag.handover.when: must be a list");
	bad(MAG("handover = { signal-interval-ms = 99; };"), 2,
	    "mag.handover.signal-interval-ms: 99 is not within 100 to 3600000");
}

/* pmipd.conf(5): a number outside its range is refused */
static void test_ranges(void **state)
{
	(void)state;
	bad(MAG("lifetime = 3;"), 2, "mag.lifetime: 3 is not within 4 to 262140");
	bad(MAG("lifetime = 262141;"), 2, "mag.lifetime: 262141 is not");
	bad(MAG("router-lifetime = 9001;"), 2, "mag.router-lifetime: 9001 is not");
	bad(MAG("rs-per-second = 0;"), 2, "mag.rs-per-second: 0 is not");
	bad(MAG("bindack-ms = -1;"), 2, "mag.bindack-ms: -1 is not");
	bad(MAG("flow-max-lifetime = 0;"), 2, "mag.flow-max-lifetime: 0 is not");
	bad(MAG("flow-messages = \"all\";"), 2, "mag.flow-messages: must be \"both\"");
	bad(MAG("handover = { hi-ms = 9; };"), 2, "mag.handover.hi-ms: 9 is not");
	bad(MAG("handover = { forward-ms = 0; };"), 2, "mag.handover.forward-ms: 0 is not");
	bad(MAG("handover = { wait-ms = 60001; };"), 2, "mag.handover.wait-ms: 60001 is not");
	bad(MAG("handover = { wait-ms = 1; };"), 2, "mag.handover.wait-ms: needs hold = true");
	bad(MAG("max-sessions = 4294967296L;"), 2, "mag.max-sessions: 4294967296 is not");
	bad(LMA "heartbeat = { interval-ms = 3600001; };\n", 2, "heartbeat.interval-ms: 3600001");
	bad(LMA "heartbeat = { interval-ms = 49; };\n", 2, "heartbeat.interval-ms: 49 is");
	bad(LMA "heartbeat = { missing-allowed = 0; };\n", 2, "heartbeat.missing-allowed: 0 is");
	bad(LMA_WITH("return-ms = 30001;"), 2, "lma.return-ms: 30001 is not within 0 to 30000");
	bad(LMA_WITH("order-ms = 0;"), 2, "lma.order-ms: 0 is not within 1 to 30000");
	bad(LMA "mh-types = { shi = 13; };\n", 2, "mh-types.shi: 13 is not");
	bad(LMA "mh-types = { shi = 241; };\n", 2, "mh-types: shi and shack are both 241");
	bad(LMA "mh-types = { fma = 240; };\n", 2, "mh-types: shi and fma are both 240");
	bad(LMA "mh-types = { lma-hack = 23; };\n", 2, "mh-types.lma-hack: 23 is not");
	bad(LMA "mh-types = { lma-ho-resp = 246; };\n", 2,
	    "mh-types: lma-ho-resp and lma-ho-init are both 246");
	bad(LINKS("{ name = \"e1\"; att = 0; }"), 2, "mag.links[0].att: 0 is not");
	bad(LINKS("{ name = \"e1\"; att = \"wifi\"; }"), 2, "mag.links[0].att: \"wifi\" is not");
}

/* RFC 5213 §5.1, §6.1: LMAA and Proxy-CoA are global addresses */
static void test_addresses(void **state)
{
	static const char *const wrong[] = { "::", "::1", "ff02::1", "fe80::1", "::ffff:1.2.3.4" };
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		snprintf(text, sizeof(text), "lma = { address = \"%s\"; };", wrong[i]);
		bad(text, 1, "lma.address: ");
	}
	bad("lma = { address = \"x\"; };", 1, "lma.address: \"x\" is not an IPv6 address");
	bad("lma = {\n};\n", 1, "lma: address is missing");
	bad("mag = { links = ( { name = \"e1\"; } ); };", 1, "mag: address is missing");
	bad(MAG("lma = \"2001:db8::2\";"), 2, "mag.lma: is this gateway's own address");
	bad(LMA MAG("lma = \"2001:db8::1\";"), 3, "mag.lma: is this gateway itself");
	good(LMA MAG("lma = \"2001:db8::3\";"));
	conf_free(&conf);
}

/* RFC 5213 §5.4: the prefixes to give out do not overlap and hold one each */
static void test_pools(void **state)
{
	(void)state;
	bad("lma = { address = \"2001:db8::1\";\npools = [ \"2001:db8:1::/48\",\n"
	    "\"2001:db8:1:1::/64\" ]; };", 3, "lma.pools[1]: overlaps element 0");
	bad("lma = { address = \"2001:db8::1\";\npools = [ \"2001:db8:1::1/48\" ]; };", 2,
	    "lma.pools[0]: \"2001:db8:1::1/48\" is not an IPv6 prefix");
	bad("lma = { address = \"2001:db8::1\";\npools = [ \"2001:db8:1:2:3::/80\" ]; };", 2,
	    "lma.pools: element 0 has a length above pool-prefix-length 64");
	bad("lma = { address = \"2001:db8::1\";\npools = [ \"2001:db8::/32\" ]; };", 2,
	    "lma.pools: element 0 holds this anchor's own address");
	bad("lma = { address = \"2001:db8::1\"; mags = [ \"2001:db8:1::2\" ];\n"
	    "pools = [ \"2001:db8:2::/48\", \"2001:db8:1::/48\" ]; };", 2,
	    "lma.pools: element 1 holds a gateway, 2001:db8:1::2/128");
	bad("lma = { address = \"2001:db8::1\";\nmax-lifetime = 262137; };", 2,
	    "lma.max-lifetime: ");
	bad("lma = { address = \"2001:db8::1\";\npools = [ \"ff00::/8\" ]; };", 2,
	    "lma.pools[0]: ff00::/8 is not a global unicast prefix");
	bad("lma = { address = \"2001:db8::1\";\nmags = [ \"2001:db8::/64\", \"z\" ]; };", 2,
	    "lma.mags[1]: \"z\" is not an IPv6 prefix");
}

/* pmipd.conf(5): devices have names, and one purpose each */
static void test_devices(void **state)
{
	(void)state;
	bad(LMA "device = \"a/b\";\n", 2, "device: \"a/b\" cannot be");
	bad(LMA "device = \"\";\n", 2, "device: \"\" cannot be");
	bad(LMA "device = \"abcdefghijklmnop\";\n", 2, "device: \"abcdefghijklmnop\" cannot be");
	bad(LMA "ports = ( { stack = true; } );\n", 2, "ports[0]: name is missing");
	bad(LMA "ports = ( { name = \"e\"; }, { name = \"e\"; } );\n", 2,
	    "ports[1]: \"e\" is there twice");
	bad(LINKS("{ name = \"e\"; },\n{ name = \"e\"; }"), 3,
	    "mag.links[1]: \"e\" is there twice");
	bad(LINKS("{ att = 4; }"), 2, "mag.links[0]: name is missing");
	bad("mag = { address = \"2001:db8::2\"; };\n", 1, "mag: links is missing");
	bad("ports = ( { name = \"e1\"; } );\n" MAG(""), 1, "ports: \"e1\" is an access link");
	bad(LINKS("{ name = \"e\"; stack = 1; }"), 2,
	    "mag.links[0].stack: must be true or false");
	good(LINKS("{ name = \"e\"; stack = true; }, { name = \"f\"; }"));
	assert_true(conf.mag.link[0].stack);
	assert_false(conf.mag.link[1].stack);
	conf_free(&conf);
	bad(LMA LINKS("{ name = \"e\"; stack = true; }"), 2, "mag: stack needs the roles");
	bad("ports = ( { name = \"p\"; stack = true; } );\n" LMA MAG(""), 3,
	    "mag: stack needs the roles");
	bad(LINKS("{ name = \"e1\"; attach-on-carrier = { }; }"), 2,
	    "mag.links[0].attach-on-carrier: needs mn-id");
	bad(LINKS("{ name = \"e1\"; attach-on-carrier = { lladdr = \"02:zz\"; }; }"), 2,
	    "mag.links[0].attach-on-carrier.lladdr: \"02:zz\" is not");
	bad(LINKS("{ name = \"e1\"; attach-on-carrier = { mn-id = \"\"; }; }"), 2,
	    "mag.links[0].attach-on-carrier.mn-id: ");
}

/* pmipd.conf(5): leniency is for the peers that are named, and for no others */
static void test_lenient(void **state)
{
	struct in6_addr a;

	(void)state;
	good(LMA);
	inet_pton(AF_INET6, "2001:db8::9", &a);
	assert_int_equal(conf_lenient(&conf, &a), 0);
	conf_free(&conf);
	good(LMA "lenient = ( { peer = \"2001:db8::9\"; accept = [ \"length\", \"p-flag\" ]; },\n"
	     "{ peer = \"2001:db8::/112\"; accept = [ \"timestamp\" ]; } );\n");
	assert_int_equal(conf.n_lenient, 2);
	assert_int_equal(conf_lenient(&conf, &a),
			 MH_LENIENT_LENGTH | MH_LENIENT_P_FLAG | MH_LENIENT_TIMESTAMP);
	inet_pton(AF_INET6, "2001:db8::a", &a);
	assert_int_equal(conf_lenient(&conf, &a), MH_LENIENT_TIMESTAMP);
	inet_pton(AF_INET6, "2001:db8::1:9", &a);
	assert_int_equal(conf_lenient(&conf, &a), 0);
	conf_free(&conf);
	bad(LMA "lenient = ( { peer = \"::/0\"; accept = [ \"all\" ]; } );\n", 2,
	    "lenient[0].accept[0]: \"all\" is not a leniency");
	bad(LMA "lenient = ( { peer = \"::/0\"; accept = ( 1 ); } );\n", 2,
	    "lenient[0].accept[0]: must be a string");
	bad(LMA "lenient = ( { peer = \"::/0\"; accept = [ ]; } );\n", 2,
	    "lenient[0].accept: is empty");
	bad(LMA "lenient = ( { peer = \"::/0\"; } );\n", 2, "lenient[0]: accept is missing");
	bad(LMA "lenient = ( { accept = [ \"length\" ]; } );\n", 2,
	    "lenient[0]: peer is missing");
	bad(LMA "lenient = ( { peer = \"x\"; } );\n", 2, "lenient[0].peer: \"x\" is not");
	bad(LMA "lenient = true;\n", 2, "lenient: must be a list");
}

/* pmipd.conf(5): where sessions are kept; what ends with the boot has its place in memory */
static void test_sessions_dir(void **state)
{
	(void)state;
	good(LMA);
	assert_string_equal(conf.state_dir, "/var/lib/pmipd");
	assert_string_equal(conf.sessions_dir, "/run/pmipd");
	good("state-dir = \"/var/lib/pmipd/a\";\n" LMA);
	assert_string_equal(conf.sessions_dir, "/var/lib/pmipd/a");
	good("state-dir = \"/var/lib/pmipd/a\"; sessions-dir = \"/run/a\";\n" LMA);
	assert_string_equal(conf.sessions_dir, "/run/a");
	bad("sessions-dir = 1;\n" LMA, 1, "sessions-dir: ");
}

/* pmipd.conf(5): the file as a whole */
static void test_whole(void **state)
{
	char text[256];

	(void)state;
	assert_int_equal(load("kernel = false;\n"), -1);
	assert_non_null(strstr(err, "neither lma nor mag"));
	bad("lma = { address = ;\n", 1, "syntax error");
	bad(LMA "control = \"\";\n", 2, "control: is empty");
	snprintf(text, sizeof(text), LMA "control = \"/%0120d\";\n", 0);
	bad(text, 2, "control: longer than 107 bytes");
	assert_int_equal(conf_load(&conf, "/nonexistent/x", err, sizeof(err)), -1);
	assert_non_null(strstr(err, "/nonexistent/x:0: cannot be read"));
	assert_int_equal(conf_load(&conf, "/tmp", err, sizeof(err)), -1);
	assert_non_null(strstr(err, "not a file"));
}

/* pmipd.conf(5): "What is included is a file, within no more than ten others" */
static void test_include(void **state)
{
	char text[256], own[] = "/tmp/pmip-part-XXXXXX";
	int fd = mkstemp(own);
	struct policy policy = { 0 };

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "kernel = false;\n", 16), 16);
	close(fd);
	snprintf(text, sizeof(text), LMA "@include \"%s\"\n", own);
	good(text);
	assert_false(conf.kernel);
	unlink(own);
	bad(LMA "  @include\t\"/tmp\"\n", 2, "@include: /tmp: not a file");
	bad(LMA "@include \"/nonexistent/x\"\n", 2, "");
	bad(LMA "@include \"/tm\\p\"\n", 2, "@include: has a backslash");
	snprintf(text, sizeof(text), LMA "@include \"%s\"\n@include \"%s\"\n", path, path);
	bad(text, 2, "@include: too many files within each other");
	good(LMA "policy = \"/tmp\";\n");
	assert_int_equal(conf_policy_open(&conf, &policy, err, sizeof(err)), -1);
	assert_string_equal(err, "/tmp:0: cannot be read: not a file");
}

/* RFC 5846 §11: its values, and "not to be configured to less than 0.5 seconds"; §13: the
 * right to revoke in bulk "MUST be locally configurable"
 */
static void test_revocation(void **state)
{
	(void)state;
	good(LMA);
	assert_int_equal(conf.lma.revocation.delay_ms, 1000);
	assert_int_equal(conf.lma.revocation.max_delay_ms, 2000);
	assert_int_equal(conf.lma.revocation.retries, 1);
	assert_false(conf.lma.revoke_handover);
	assert_int_equal(conf.lma.n_bulk, 0);
	conf_free(&conf);
	good("lma = { address = \"2001:db8::1\"; revocation = { handover = true; retries = 0;\n"
	     "delay-ms = 500; max-delay-ms = 500; bulk = (\n"
	     "{ mag = \"2001:db8::2\"; identity = \"mag1@example.org\"; },\n"
	     "{ mag = \"2001:db8:1::/64\"; identity = \"mag2@example.org\"; } ); }; };\n");
	assert_true(conf.lma.revoke_handover);
	assert_int_equal(conf.lma.revocation.retries, 0);
	assert_int_equal(conf.lma.n_bulk, 2);
	assert_int_equal(conf.lma.bulk[0].mag.len, 128);
	assert_int_equal(conf.lma.bulk[1].mag.len, 64);
	assert_int_equal(conf.lma.bulk[1].identity.len, strlen("mag2@example.org"));
	conf_free(&conf);
	good(MAG("revocation = { identity = \"mag1@example.org\"; retries = 3; };\n"));
	assert_int_equal(conf.mag.identity.len, strlen("mag1@example.org"));
	assert_int_equal(conf.mag.revocation.retries, 3);
	assert_int_equal(conf.mag.revocation.delay_ms, 1000);
	conf_free(&conf);
#define REVOCATION(x) "lma = { address = \"2001:db8::1\"; revocation = {\n" x "}; };\n"
	bad(REVOCATION("delay-ms = 499;\n"), 2, "lma.revocation.delay-ms:");
	bad(REVOCATION("retries = 11;\n"), 2, "lma.revocation.retries:");
	bad(REVOCATION("delay-ms = 3000;\n"), 1, "lma.revocation: max-delay-ms 2000 is below");
	bad(REVOCATION("identity = \"mag\";\n"), 2, "lma.revocation.identity");
	bad(REVOCATION("bulk = ( { identity = \"m\"; } );\n"), 2,
	    "lma.revocation.bulk[0]: mag is missing");
	bad(REVOCATION("bulk = ( { mag = \"2001:db8::2\"; } );\n"), 2,
	    "lma.revocation.bulk[0]: identity is missing");
	bad(MAG("revocation = { handover = true; };\n"), 2, "mag.revocation.handover");
}

/* pmipd.conf(5): where the profiles of mobile nodes are */
static void test_redis(void **state)
{
	(void)state;
	good(LMA "redis = { servers = [ \"[2001:db8::9]:7000\", \"192.0.2.1\", \"/run/r\" ];\n"
	     "prefix = \"x:\"; database = 3; user = \"u\"; password = \"p\"; timeout-ms = 50;\n"
	     "refresh = 1; keep = 60; };\n");
	assert_true(conf.redis.enabled);
	assert_int_equal(conf.redis.n_servers, 3);
	assert_string_equal(conf.redis.server[0].host, "2001:db8::9");
	assert_int_equal(conf.redis.server[0].port, 7000);
	assert_string_equal(conf.redis.server[1].host, "192.0.2.1");
	assert_int_equal(conf.redis.server[1].port, 6379);
	assert_string_equal(conf.redis.server[2].host, "/run/r");
	assert_string_equal(conf.redis.prefix, "x:");
	assert_int_equal(conf.redis.database, 3);
	assert_string_equal(conf.redis.user, "u");
	assert_string_equal(conf.redis.password, "p");
	assert_int_equal(conf.redis.cache.timeout_ms, 50);
	assert_int_equal(conf.redis.cache.refresh_s, 1);
	assert_int_equal(conf.redis.cache.keep_s, 60);
	conf_free(&conf);
	good(LMA "redis = { sentinels = [ \"[::1]\" ]; master = \"m\"; };\n");
	assert_int_equal(conf.redis.sentinel[0].port, 26379);
	assert_string_equal(conf.redis.prefix, "pmip:");
	conf_free(&conf);
	bad(LMA "redis = { };\n", 2, "redis: either servers or sentinels");
	bad(LMA "redis = { servers = [ \"::1\" ]; };\n", 2, "redis.servers[0]: \"::1\" is neither");
	bad(LMA "redis = { servers = [ \"[::1\" ]; };\n", 2, "redis.servers[0]: \"[::1\" is nei");
	bad(LMA "redis = { servers = [ \"[::1]x\" ]; };\n", 2, "redis.servers[0]: \"[::1]x\" is");
	bad(LMA "redis = { servers = [ \"[::1]:0\" ]; };\n", 2, "redis.servers[0]: \"[::1]:0\" is");
	bad(LMA "redis = { servers = [ \"1.2.3.4:65536\" ]; };\n", 2, "redis.servers[0]: \"1.2.3");
	bad(LMA "redis = { servers = [ \"host.org\" ]; };\n", 2, "redis.servers[0]: \"host");
	bad(LMA "redis = { sentinels = [ \"[::1]\" ]; };\n", 2, "redis: sentinels and the name");
	bad(LMA "redis = { servers = [ \"[::1]\" ]; master = \"m\"; };\n", 2, "redis: sentinels");
	bad(LMA "redis = { servers = [ \"[::1]\" ]; user = \"u\"; };\n", 2, "redis: a user with");
	bad(LMA "redis = { servers = [ \"[::1]\" ]; timeout-ms = 49; };\n", 2,
	    "redis.timeout-ms: 49 is");
	bad(LMA "policy = \"/p\"; redis = { servers = [ \"[::1]\" ]; };\n", 2,
	    "redis: profiles are either");
}

static struct conf runs;

/* What the file said first, and says now; NULL, or what cannot change */
static const char *change(const char *was, const char *is)
{
	const char *ret;

	good(was);
	runs = conf;
	memset(&conf, 0, sizeof(conf));
	good(is);
	ret = conf_changes(&runs, &conf, err, sizeof(err)) ? err : NULL;
	if (!ret)
		conf_take(&runs, &conf);
	conf_free(&conf);
	return ret;
}

/* pmipd(8): "What may differ then" */
static void test_changes(void **state)
{
	(void)state;
	assert_null(change(LMA_WITH("mags = [ \"2001:db8:2::1\" ]; pools = [ ];\n"),
			   "log-level = \"debug\";\n"
			   "lenient = ( { peer = \"2001:db8:2::1\"; accept = [ \"length\" ]; } );\n"
			   LMA_WITH("pools = [ \"2001:db8:100::/40\" ];\n"
				    "mags = [ \"2001:db8:2::2\", \"2001:db8:2::3\" ];\n")));
	assert_int_equal(runs.log_level, LOG_DEBUG);
	assert_int_equal(runs.n_lenient, 1);
	assert_int_equal(runs.lma.n_pools, 1);
	assert_int_equal(runs.lma.n_mags, 2);
	conf_free(&runs);
	assert_null(change(MAG(""), MAG("peers = [ \"2001:db8:2::/64\" ];\n")));
	assert_int_equal(runs.mag.n_peers, 1);
	conf_free(&runs);
	/* in whatever order and form */
	assert_null(change("kernel = false;\n" LMA, LMA "kernel = FALSE;\n"));
	conf_free(&runs);
}

/* pmipd(8): "If anything else differs" */
static void test_no_changes(void **state)
{
	static const struct { const char *was, *is; int line; const char *what; } no[] = {
		{ LMA, "control = \"/x\";\n" LMA, 1, "control: cannot change" },
		{ LMA, "lma = { address = \"2001:db8::3\"; };\n", 1, "lma.address: cannot change" },
		{ LMA, LMA_WITH("\nmax-lifetime = 4;"), 3, "lma.max-lifetime: cannot change" },
		{ LMA_WITH("max-lifetime = 4;"), LMA, 1, "lma: max-lifetime cannot go" },
		{ LMA, LMA MAG("lma = \"2001:db8::7\";"), 2, "mag: cannot change" },
		{ "heartbeat = { interval-ms = 1000; };\n" LMA, LMA, 0, "heartbeat cannot go" },
		{ "ports = ( { name = \"e0\"; } );\n" LMA,
		  "ports = ( { name = \"e0\"; }, { name = \"e1\"; } );\n" LMA, 1,
		  "ports: cannot change" },
		{ "ports = ( { name = \"e0\"; } );\n" LMA,
		  "ports = ( { name = \"e0\"; stack = true; } );\n" LMA, 1,
		  "ports: cannot change" },
	};
	char want[256];

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
		const char *why = change(no[i].was, no[i].is);

		snprintf(want, sizeof(want), "%s:%d: %s", path, no[i].line, no[i].what);
		assert_non_null(why);
		if (strncmp(why, want, strlen(want)))
			fail_msg("\"%s\" instead of \"%s\"", why, want);
		conf_free(&runs);
	}
}

static char secrets[] = "/tmp/pmip-secrets-XXXXXX";

/* The group "radius" with a file of secrets, which the text calls %s */
static const char *with_secrets(const char *words, const char *text, mode_t mode)
{
	static char all[2048];
	FILE *f = fopen(secrets, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(secrets, mode), 0);
	snprintf(all, sizeof(all), LMA "radius = { %s\nsecrets = \"%s\"; };\n", words, secrets);
	return all;
}

static void bad_secrets(const char *text, mode_t mode, const char *why)
{
	static const char servers[] = "servers = [ \"[2001:db8::9]\", \"192.0.2.1:1645\" ];";
	char what[256];

	snprintf(what, sizeof(what), "radius.secrets: %s%s", secrets, why);
	bad(with_secrets(servers, text, mode), 3, what);
	assert_null(strstr(err, "s3cret"));
}

/* pmipd.conf(5): PROFILES BY RADIUS */
static void test_radius(void **state)
{
	static const char two[] = "# ours\n[2001:DB8:0::9]:1812 s3cret of ours\t\n\n"
				  "192.0.2.1:1645\tother\n[::9] another's\n";
	char both[2100];

	(void)state;
	close(mkstemp(secrets));
	good(with_secrets("servers = [ \"[2001:db8::9]\", \"192.0.2.1:1645\" ]; tries = 2;"
			  " timeout-ms = 100; realm = \"r.org\"; nas-identifier = \"g1\";"
			  " vendor = 32473; message-authenticator = false; refresh = 1;"
			  " profile = \"multihoming = \\\"shared\\\";\";", two, 0640));
	assert_true(conf.radius.enabled);
	assert_int_equal(conf.radius.n_servers, 2);
	assert_string_equal(conf.radius.server[0].host, "2001:db8::9");
	assert_int_equal(conf.radius.server[0].port, 1812);
	assert_string_equal(conf.radius.server[0].secret, "s3cret of ours");
	assert_int_equal(conf.radius.server[1].port, 1645);
	assert_string_equal(conf.radius.server[1].secret, "other");
	assert_int_equal(conf.radius.cache.timeout_ms, 500);
	assert_int_equal(conf.radius.vendor, 32473);
	assert_false(conf.radius.authenticator);
	conf_free(&conf);
	good(with_secrets("servers = [ \"[2001:db8::9]\" ];", two, 0600));
	assert_true(conf.radius.authenticator && conf.radius.identifier[0]);
	assert_int_equal(conf.radius.vendor, 0);
	conf_free(&conf);

	bad(with_secrets("", two, 0600), 2, "radius: servers are wanted");
	bad(LMA "radius = { servers = [ \"[::1]\" ]; };\n", 2, "radius: secrets, the file, is");
	bad(with_secrets("servers = [ \"/run/r\" ];", two, 0600), 2,
	    "radius.servers[0]: \"/run/r\" is not as \"[::1]:1812\"");
	bad(with_secrets("servers = [ \"[::1]\", \"[0::1]:1812\" ];", two, 0600), 2,
	    "radius.servers[1]: \"[0::1]:1812\" is there twice");
	bad(with_secrets("servers = [ \"[::1]\" ]; profile = \"lifetime = 1;\";", two, 0600), 2,
	    "radius.profile: text:1: lifetime: 1 is out of 4");
	bad(with_secrets("servers = [ \"[::1]\" ]; tries = 0;", two, 0600), 2,
	    "radius.tries: 0 is");
	bad_secrets(two, 0604, " may be read by others");
	bad_secrets(two, 0620, " may be read by others, or written by its group");
	bad_secrets("[2001:db8::9] s3cret\n", 0600, " has none for 192.0.2.1 port 1645");
	bad_secrets("\n[2001:db8::9]\n", 0600, ":2: an address and a secret are wanted");
	bad_secrets("s3cret s3cret\n", 0600, ":1: does not begin with an address");
	bad_secrets("[2001:db8::9] s3cret\n[2001:db8::9] s3cret\n", 0600, ":2: that server has");
	snprintf(both, sizeof(both), "%spolicy = \"/p\";\n",
		 with_secrets("servers = [ \"[2001:db8::9]\" ];", two, 0600));
	bad(both, 2, "radius: profiles are either there or in the file");
	unlink(secrets);
	bad(both, 3, "radius.secrets: /tmp/pmip-secrets");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lma_defaults),
		cmocka_unit_test(test_meters),
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_mag_defaults),
		cmocka_unit_test(test_lma_values),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_limits),
	cmocka_unit_test(test_mag_links),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_multicast),
		cmocka_unit_test(test_subscription),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_lenient),
		cmocka_unit_test(test_revocation),
		cmocka_unit_test(test_sessions_dir),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_include),
		cmocka_unit_test(test_redis),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_no_changes),
		cmocka_unit_test(test_radius),
	};

	return cmocka_run_group_tests_name("conf", tests, setup, teardown);
}
