// SPDX-License-Identifier: GPL-2.0
/* Words into netlink messages: each is built, sent and taken apart again. */
#include "fake_kernel.h"

#include <arpa/inet.h>
#include <net/if.h>

static struct fake f;

static int setup(void **state)
{
	(void)state;
	fake_start(&f);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_stop(&f);
	return 0;
}

static void run_ok(const char *line, uint8_t cmd, int flags)
{
	fake_error(&f, f.c.genl.seq + 1, 0, NULL);
	assert_int_equal(fake_run(&f, line), CLI_OK);
	assert_true(fake_sent(&f) > 0);
	assert_int_equal(f.buf->nlmsg_type, FAMILY);
	assert_int_equal(f.buf->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK | flags);
	assert_int_equal(fake_cmd(f.buf), cmd);
}

static void assert_addr(int type, const char *text)
{
	struct nlattr *a = fake_attr(f.buf, type);
	struct in6_addr addr;

	inet_pton(AF_INET6, text, &addr);
	assert_non_null(a);
	assert_int_equal(nla_len(a), 16);
	assert_memory_equal(nla_data(a), &addr, 16);
}

/* linux/pmip.h: "TUNNEL_NEW/SET { ... }" */
static void tunnel_add(void **state)
{
	(void)state;
	run_ok("tunnel add id 7 local 2001::1 remote 2001::2 role mag-lma state down hop-limit 5",
	       PMIP_CMD_TUNNEL_NEW, NLM_F_CREATE | NLM_F_EXCL);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_TUNNEL_ID)), 7);
	assert_addr(PMIP_A_TUNNEL_LOCAL, "2001::1");
	assert_addr(PMIP_A_TUNNEL_REMOTE, "2001::2");
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_TUNNEL_ROLE)), PMIP_TUNNEL_MAG_TO_LMA);
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_TUNNEL_STATE)), PMIP_STATE_DOWN);
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_TUNNEL_HOP_LIMIT)), 5);
	run_ok("tunnel set id 7 fragment on dscp zero generation 9", PMIP_CMD_TUNNEL_SET, 0);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_TUNNEL_FLAGS)),
			 PMIP_TUNNEL_F_FRAGMENT | PMIP_TUNNEL_F_NO_DSCP);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_TUNNEL_GENERATION)), 9);
}

/* linux/pmip.h: "*-SET changes the attributes that are present and leaves the others." */
static void tunnel_set_leaves_the_rest(void **state)
{
	(void)state;
	run_ok("tu set id 7 state up", PMIP_CMD_TUNNEL_SET, 0);
	assert_non_null(fake_attr(f.buf, PMIP_A_TUNNEL_STATE));
	assert_null(fake_attr(f.buf, PMIP_A_TUNNEL_FLAGS));
	assert_null(fake_attr(f.buf, PMIP_A_TUNNEL_HOP_LIMIT));
	assert_null(fake_attr(f.buf, PMIP_A_TUNNEL_GENERATION));
}

/* pmipctl(8): "set ... fragment" leaves dscp as it is, though both are bits of one attribute */
static void tunnel_set_one_flag(void **state)
{
	struct nl_msg *m = fake_msg(SEQ + 1, PMIP_CMD_TUNNEL_GET);

	(void)state;
	nla_put_u32(m, PMIP_A_TUNNEL_ID, 7);
	nla_put_u32(m, PMIP_A_TUNNEL_FLAGS, PMIP_TUNNEL_F_NO_DSCP);
	fake_send(&f, m);
	fake_error(&f, SEQ + 1, 0, NULL);
	fake_error(&f, SEQ + 2, 0, NULL);
	assert_int_equal(fake_run(&f, "tunnel set id 7 fragment on"), CLI_OK);
	assert_true(fake_sent(&f) > 0);
	assert_int_equal(fake_cmd(f.buf), PMIP_CMD_TUNNEL_GET);
	assert_true(fake_sent(&f) > 0);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_TUNNEL_FLAGS)),
			 PMIP_TUNNEL_F_FRAGMENT | PMIP_TUNNEL_F_NO_DSCP);
}

/* linux/pmip.h: "LINK_NEW/SET { ... }" */
static void link_add(void **state)
{
	(void)state;
	run_ok("link add dev lo type access stack on generation 2", PMIP_CMD_LINK_NEW,
	       NLM_F_CREATE | NLM_F_EXCL);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_LINK_IFINDEX)), if_nametoindex("lo"));
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_LINK_TYPE)), PMIP_LINK_ACCESS);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_LINK_FLAGS)), PMIP_LINK_F_STACK);
	run_ok("link set dev lo state down", PMIP_CMD_LINK_SET, 0);
	assert_null(fake_attr(f.buf, PMIP_A_LINK_TYPE));
	run_ok("link del dev if4711", PMIP_CMD_LINK_DEL, 0);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_LINK_IFINDEX)), 4711);
}

static void assert_path(struct nlattr *nest, uint16_t bid, uint8_t kind)
{
	struct nlattr *tb[PMIP_A_PATH_MAX + 1];

	assert_int_equal(nla_type(nest), PMIP_A_BINDING_PATH);
	assert_true(nest->nla_type & NLA_F_NESTED);
	assert_int_equal(nla_parse_nested(tb, PMIP_A_PATH_MAX, nest, NULL), 0);
	assert_int_equal(nla_get_u16(tb[PMIP_A_PATH_BID]), bid);
	assert_int_equal(nla_get_u8(tb[PMIP_A_PATH_KIND]), kind);
	assert_int_equal(!!tb[PMIP_A_PATH_TUNNEL], kind == PMIP_PATH_TUNNEL);
	assert_int_equal(!!tb[PMIP_A_PATH_IFINDEX], kind == PMIP_PATH_LINK);
	assert_int_equal(!!tb[PMIP_A_PATH_LLADDR], kind == PMIP_PATH_LINK);
	if (kind == PMIP_PATH_LINK)
		assert_memory_equal(nla_data(tb[PMIP_A_PATH_LLADDR]), "\2\0\0\0\0\1", 6);
}

#define PATHS	"path dev lo lladdr 02:00:00:00:00:01 path tunnel 5 bid 9 path drop"

/* linux/pmip.h: "PMIP_A_BINDING_PATH: nest, once per path, best first" */
static void binding_replace(void **state)
{
	struct nlattr *a;
	unsigned int n = 0;
	int rem;

	(void)state;
	run_ok("binding replace prefix 2001:1::/64 uplink 3 node 0x2a " PATHS,
	       PMIP_CMD_BINDING_NEW, NLM_F_CREATE | NLM_F_REPLACE);
	assert_addr(PMIP_A_BINDING_PREFIX, "2001:1::");
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_BINDING_PREFIX_LEN)), 64);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_BINDING_UPLINK)), 3);
	assert_int_equal(nla_get_u64(fake_attr(f.buf, PMIP_A_BINDING_NODE)), 42);
	nlmsg_for_each_attr(a, f.buf, GENL_HDRLEN, rem) {
		static const uint16_t bid[] = { 1, 9, 3 };
		static const uint8_t kind[] = { PMIP_PATH_LINK, PMIP_PATH_TUNNEL, PMIP_PATH_DROP };

		if (nla_type(a) != PMIP_A_BINDING_PATH)
			continue;
		assert_path(a, bid[n], kind[n]);
		n++;
	}
	assert_int_equal(n, 3);
	run_ok("binding add prefix 2001:db8:1::/64 path drop", PMIP_CMD_BINDING_NEW,
	       NLM_F_CREATE | NLM_F_EXCL);
	run_ok("b se prefix 2001:db8:1::/64 uplink 0", PMIP_CMD_BINDING_SET, 0);
	assert_null(fake_attr(f.buf, PMIP_A_BINDING_PATH));
	run_ok("b d prefix 2001:db8:1::/64", PMIP_CMD_BINDING_DEL, 0);
}

/* RFC 6088 §3.2: each field has its first value and its last */
static void flow_add(void **state)
{
	struct nlattr *tb[PMIP_A_SELECTOR_MAX + 1];

	(void)state;
	run_ok("flow add node 0x2a fid 7 priority 9 src 2001:db8::/32 dport 80-90 "
	       "proto 6 bid 2 bid 1",
	       PMIP_CMD_FLOW_NEW, NLM_F_CREATE | NLM_F_EXCL);
	assert_int_equal(nla_get_u64(fake_attr(f.buf, PMIP_A_FLOW_NODE)), 42);
	assert_int_equal(nla_get_u16(fake_attr(f.buf, PMIP_A_FLOW_FID)), 7);
	assert_int_equal(nla_get_u16(fake_attr(f.buf, PMIP_A_FLOW_PRIORITY)), 9);
	assert_null(fake_attr(f.buf, PMIP_A_FLOW_ACTION));
	assert_int_equal(nla_parse_nested(tb, PMIP_A_SELECTOR_MAX,
					  fake_attr(f.buf, PMIP_A_FLOW_SELECTOR), NULL), 0);
	assert_memory_equal(nla_data(tb[PMIP_A_SELECTOR_SRC]),
			    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_memory_equal(nla_data(tb[PMIP_A_SELECTOR_SRC_END]),
			    "\x20\x01\x0d\xb8\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16);
	assert_int_equal(nla_get_u16(tb[PMIP_A_SELECTOR_DPORT]), 80);
	assert_int_equal(nla_get_u16(tb[PMIP_A_SELECTOR_DPORT_END]), 90);
	assert_int_equal(nla_get_u8(tb[PMIP_A_SELECTOR_NEXTHDR]), 6);
	assert_null(tb[PMIP_A_SELECTOR_SPORT]);
	run_ok("flow set node 42 fid 7 bid 1", PMIP_CMD_FLOW_SET, 0);
	assert_null(fake_attr(f.buf, PMIP_A_FLOW_SELECTOR));
	run_ok("flow set node 42 fid 7 all action drop", PMIP_CMD_FLOW_SET, 0);
	assert_int_equal(nla_len(fake_attr(f.buf, PMIP_A_FLOW_SELECTOR)), 0);
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_FLOW_ACTION)), PMIP_FLOW_DROP);
	run_ok("flow del node 42 fid 7", PMIP_CMD_FLOW_DEL, 0);
}

/* linux/pmip.h: "PATH_SET { ... }", "PURGE { PMIP_A_PURGE_GENERATION: u32, LIMIT: u32 }" */
static void path_and_purge(void **state)
{
	(void)state;
	run_ok("path set dev lo lladdr 02-00-00-00-00-01 state down", PMIP_CMD_PATH_SET, 0);
	assert_int_equal(nla_len(fake_attr(f.buf, PMIP_A_PATH_LLADDR)), 6);
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_PATH_STATE)), PMIP_STATE_DOWN);
	run_ok("purge generation 4", PMIP_CMD_PURGE, 0);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_PURGE_GENERATION)), 4);
	assert_null(fake_attr(f.buf, PMIP_A_PURGE_LIMIT));
	run_ok("purge generation 4 limit 7", PMIP_CMD_PURGE, 0);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_PURGE_GENERATION)), 4);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_PURGE_LIMIT)), 7);
}

/* linux/pmip.h: "HOLD_SET { ... }", "HOLD_RELEASE { ... }", "PMIP_A_BINDING_RETURN: nest" */
static void hold_and_return(void **state)
{
	struct nlattr *tb[PMIP_A_RETURN_MAX + 1];

	(void)state;
	run_ok("hold set node-packets 7 age 1500 drop head", PMIP_CMD_HOLD_SET, 0);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_HOLD_NODE_PACKETS)), 7);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_HOLD_AGE_MS)), 1500);
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_HOLD_POLICY)), PMIP_HOLD_HEAD_DROP);
	assert_null(fake_attr(f.buf, PMIP_A_HOLD_TOTAL_BYTES));
	run_ok("hold set total-bytes 0", PMIP_CMD_HOLD_SET, 0);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_HOLD_TOTAL_BYTES)), 0);
	assert_null(fake_attr(f.buf, PMIP_A_HOLD_POLICY));
	run_ok("hold release prefix 2001:1::/64 to return", PMIP_CMD_HOLD_RELEASE, 0);
	assert_addr(PMIP_A_HOLD_PREFIX, "2001:1::");
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_HOLD_PREFIX_LEN)), 64);
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_HOLD_TO)), PMIP_HOLD_TO_RETURN);
	run_ok("binding set prefix 2001:1::/64 return tunnel 3 time 2000 wait 500",
	       PMIP_CMD_BINDING_SET, 0);
	nla_parse_nested(tb, PMIP_A_RETURN_MAX, fake_attr(f.buf, PMIP_A_BINDING_RETURN), NULL);
	assert_int_equal(nla_get_u32(tb[PMIP_A_RETURN_TUNNEL]), 3);
	assert_int_equal(nla_get_u32(tb[PMIP_A_RETURN_TIME_MS]), 2000);
	assert_int_equal(nla_get_u32(tb[PMIP_A_RETURN_WAIT_MS]), 500);
	run_ok("binding set prefix 2001:1::/64 return none path hold", PMIP_CMD_BINDING_SET, 0);
	nla_parse_nested(tb, PMIP_A_RETURN_MAX, fake_attr(f.buf, PMIP_A_BINDING_RETURN), NULL);
	assert_int_equal(nla_get_u32(tb[PMIP_A_RETURN_TUNNEL]), 0);
	assert_null(tb[PMIP_A_RETURN_TIME_MS]);
	assert_path(fake_attr(f.buf, PMIP_A_BINDING_PATH), 1, PMIP_PATH_HOLD);
}

static void wrong(const char *line)
{
	if (fake_run(&f, line) != CLI_USAGE)
		fail_msg("accepted: %s", line);
	assert_int_equal(fake_sent(&f), -1);
	assert_int_equal(strncmp(f.err, "Error: ", 7), 0);
}

/* pmipctl(8): "2 Usage error": nothing reaches the kernel */
static void usage_errors(void **state)
{
	(void)state;
	wrong("frobnicate");
	wrong("p show");			/* path, peer or purge */
	wrong("tunnel s");			/* show or set */
	wrong("tunnel add id 1");
	wrong("tunnel add id 0 local ::1 remote ::2 role mag-lma");
	wrong("tunnel add id 1 local ::1 remote 10.0.0.1 role mag-lma");
	wrong("tunnel add id 1 local ::1 remote ::2 role mag-cn");
	wrong("tunnel set id 1 role mag-lma");
	wrong("tunnel set id 1 hop-limit 256");
	wrong("tunnel set id 1 hop-limit -1");
	wrong("tunnel set id 4294967296");
	wrong("tunnel set id 1 dscp");
	wrong("tunnel del");
	wrong("tunnel del id 1 2");
	wrong("link add dev lo");
	wrong("link set dev lo type core");
	wrong("binding add prefix 2001:db8::/64");
	wrong("binding add prefix 2001:db8::1/64 path drop");
	wrong("binding add prefix ::/0 path drop");
	wrong("binding add prefix 2001:db8::/129 path drop");
	wrong("binding add prefix 2001:db8::/64 path lladdr 02:00:00:00:00:01");
	wrong("binding add prefix 2001:db8::/64 path dev lo lladdr 1:2:3:4:5:6:7:8:9");
	wrong("binding add prefix 2001:db8::/64 path drop path drop path drop path drop path drop");
	wrong("binding set prefix 2001:db8::/64 path tunnel 1 bid 65536");
	wrong("flow add node 1 fid 1");
	wrong("flow add fid 1 priority 1 bid 1");
	wrong("flow add node 1 fid 1 priority 1 sport 65536");
	wrong("flow add node 1 fid 1 priority 1 sport 1-");
	wrong("flow add node 1 fid 1 priority 1 src 2001:db8::1/64");
	wrong("flow add node 1 fid 1 priority 1 src 10.0.0.1");
	wrong("flow add node 1 fid 1 priority 1 flowlabel 0x100000");
	wrong("flow set node 1 fid 1 bid 1 bid 2 bid 3 bid 4 bid 5");
	wrong("flow del node 1");
	wrong("binding set prefix 2001:db8::/64 return tunnel 1");
	wrong("binding set prefix 2001:db8::/64 return time 5");
	wrong("hold set");
	wrong("hold set node-packets");
	wrong("hold set node-packets many");
	wrong("hold set drop middle");
	wrong("hold set queues 3");
	wrong("hold release prefix 2001:db8::/64");
	wrong("hold release to drop");
	wrong("hold release prefix 2001:db8::/64 to keep");
	wrong("path set dev lo state up");
	wrong("purge");
	wrong("monitor everything");
	wrong("attach dev eth1");
	wrong("attach dev eth1 lladdr 02:00:00:00:00:01 from");
	wrong("attach dev eth1 lladdr 02:00:00:00:00:01 from here");
	wrong("detach dev eth1 lladdr 02:00:00:00:00:01 from 2001:db8::1");
	wrong("session revoke");
	wrong("session revoke mn-id");
	wrong("session revoke bid 1");
	wrong("session revoke mn-id mn1@example.org bid 65536");
	wrong("session revoke mn-id mn1@example.org hnp 2001:db8::/129");
	wrong("session revoke mn-id mn1@example.org proxy-coa here");
	wrong("session revoke mn-id mn1@example.org now");
	wrong("peer revoke");
	wrong("peer revoke here");
	wrong("peer revoke 2001:db8::1 realm");
	wrong("peer revoke 2001:db8::1 now");
}

/* pmipctl(8): "Every object answers help" */
static void help_everywhere(void **state)
{
	static const char *const objects[] = {
		"tunnel", "link", "binding", "flow", "path", "hold", "purge", "stats", "session",
		"peer", "attach", "detach", "monitor", "version", NULL
	};
	char line[64];

	(void)state;
	assert_int_equal(fake_run(&f, "help"), CLI_OK);
	for (size_t i = 0; objects[i]; i++) {
		snprintf(line, sizeof(line), "%s help", objects[i]);
		assert_int_equal(fake_run(&f, line), CLI_OK);
	}
	assert_int_equal(fake_run(&f, "binding add help"), CLI_OK);
	assert_non_null(strstr(f.out, "Usage: pmipctl binding"));
	assert_int_equal(f.err_len, 0);
}

#define CASE(fn)	cmocka_unit_test_setup_teardown(fn, setup, teardown)

static struct nlattr *nested(const struct nlattr *nest, int type)
{
	return nla_find(nla_data(nest), nla_len(nest), type);
}

/* linux/pmip.h: "LISTENER_NEW { ... }" */
static void listener_add(void **state)
{
	static const uint8_t lladdr[6] = { 2, 0, 0, 0, 1, 1 };
	struct nlattr *path;

	(void)state;
	run_ok("listener add group ff0e::1 source 2001::1 upstream 3 dev lo lladdr "
	       "02:00:00:00:01:01 block generation 9", PMIP_CMD_LISTENER_NEW,
	       NLM_F_CREATE | NLM_F_EXCL);
	assert_addr(PMIP_A_GROUP_ADDR, "ff0e::1");
	assert_addr(PMIP_A_GROUP_SOURCE, "2001::1");
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_GROUP_UPSTREAM)), 3);
	assert_int_equal(nla_get_u8(fake_attr(f.buf, PMIP_A_GROUP_BLOCK)), 1);
	assert_int_equal(nla_get_u32(fake_attr(f.buf, PMIP_A_GROUP_GENERATION)), 9);
	path = fake_attr(f.buf, PMIP_A_GROUP_PATH);
	assert_non_null(path);
	assert_int_equal(nla_get_u8(nested(path, PMIP_A_PATH_KIND)), PMIP_PATH_LINK);
	assert_int_equal(nla_get_u32(nested(path, PMIP_A_PATH_IFINDEX)), if_nametoindex("lo"));
	assert_memory_equal(nla_data(nested(path, PMIP_A_PATH_LLADDR)), lladdr, sizeof(lladdr));
	run_ok("listener replace group ff0e::1 tunnel 7", PMIP_CMD_LISTENER_NEW,
	       NLM_F_CREATE | NLM_F_REPLACE);
	assert_addr(PMIP_A_GROUP_SOURCE, "::");
	assert_null(fake_attr(f.buf, PMIP_A_GROUP_BLOCK));
	run_ok("listener del group ff0e::1 tunnel 7", PMIP_CMD_LISTENER_DEL, 0);
	assert_int_equal(nla_get_u32(nested(fake_attr(f.buf, PMIP_A_GROUP_PATH),
					    PMIP_A_PATH_TUNNEL)), 7);
	run_ok("listener add group ff0e::1 upstream 2 prefix 2001:db8:1::/48",
	       PMIP_CMD_LISTENER_NEW, NLM_F_CREATE | NLM_F_EXCL);
	path = fake_attr(f.buf, PMIP_A_GROUP_PATH);
	assert_int_equal(nla_get_u8(nested(path, PMIP_A_PATH_KIND)), PMIP_PATH_HOME);
	assert_int_equal(nla_get_u8(nested(path, PMIP_A_PATH_PREFIX_LEN)), 48);
	assert_non_null(nested(path, PMIP_A_PATH_PREFIX));
}

static void listener_wrong(void **state)
{
	static const char *const wrong[] = {
		"listener add tunnel 1", "listener add group ff0e::1",
		"listener add group x tunnel 1",
		"listener add group ff0e::1 tunnel 1 dev lo", "listener del group ff0e::1",
		"listener add group ff0e::1 tunnel 1 lladdr 02:00:00:00:01:01",
		"listener add group ff0e::1 tunnel 1 prefix 2001:db8:1::/48",
		"listener add group ff0e::1 dev lo prefix 2001:db8:1::/48",
		"listener del group ff0e::1 tunnel 1 block", "listener show group ff0e::1",
		"group show all",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(fake_run(&f, wrong[i]), CLI_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(tunnel_add), CASE(tunnel_set_leaves_the_rest), CASE(tunnel_set_one_flag),
		CASE(link_add), CASE(binding_replace), CASE(flow_add),
		CASE(path_and_purge), CASE(hold_and_return),
		CASE(listener_add), CASE(listener_wrong),
		CASE(usage_errors), CASE(help_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
