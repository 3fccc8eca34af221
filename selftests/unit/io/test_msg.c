// SPDX-License-Identifier: GPL-2.0
/* The netlink messages that the daemon builds and reads. */
#include "msg_bed.h"

#include <arpa/inet.h>

/* linux/pmip.h: "TUNNEL_NEW/SET { PMIP_A_TUNNEL_ID: u32, not 0 ..." */
static void test_tunnel(void **state)
{
	struct nlmsghdr *nlh = message(PMIP_CMD_TUNNEL_NEW);
	struct dp_tunnel t = { .id = 5, .role = PMIP_TUNNEL_MAG_TO_MAG, .state = PMIP_STATE_UP };
	struct dp_tunnel back;

	(void)state;
	inet_pton(AF_INET6, "2001:db8::1", &t.local);
	inet_pton(AF_INET6, "2001:db8::2", &t.remote);
	pmip_msg_tunnel(nlh, &t, 9);
	assert_int_equal(nlh->nlmsg_type, 29);
	assert_int_equal(nlh->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	assert_int_equal(nlh->nlmsg_seq, 7);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_TUNNEL_GENERATION, 0)), 9);
	assert_int_equal(mnl_attr_get_payload_len(find(nlh, PMIP_A_TUNNEL_ROLE, 0)), 1);
	assert_int_equal(pmip_msg_parse_tunnel(nlh, &back), 0);
	assert_int_equal(back.id, 5);
	assert_int_equal(back.role, PMIP_TUNNEL_MAG_TO_MAG);
	assert_memory_equal(&back.local, &t.local, sizeof(t.local));
	assert_memory_equal(&back.remote, &t.remote, sizeof(t.remote));
}

/* linux/pmip.h: "PMIP_A_BINDING_PATH: nest, once per path, best first" */
static void test_binding(void **state)
{
	struct nlmsghdr *nlh = message(PMIP_CMD_BINDING_NEW);
	struct dp_binding b = {
		.uplink = 3, .node = 0x1122334455667788, .n_paths = 2,
		.path = {
			{ .bid = 1, .kind = PMIP_PATH_LINK, .ifindex = 4,
			  .lladdr = { 6, { 2, 0, 0, 0, 0, 1 } } },
			{ .bid = 2, .kind = PMIP_PATH_TUNNEL, .tunnel = 8 },
		},
	};
	const struct nlattr *p;

	(void)state;
	inet_pton(AF_INET6, "fe80::1", &b.path[0].addr);
	assert_true(prefix_parse(&b.prefix, "2001:db8:100:1::/64"));
	pmip_msg_binding(nlh, &b, 2);
	assert_int_equal(mnl_attr_get_u8(find(nlh, PMIP_A_BINDING_PREFIX_LEN, 0)), 64);
	assert_memory_equal(mnl_attr_get_payload(find(nlh, PMIP_A_BINDING_PREFIX, 0)),
			    &b.prefix.addr, 16);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_BINDING_UPLINK, 0)), 3);
	assert_true(mnl_attr_get_u64(find(nlh, PMIP_A_BINDING_NODE, 0)) == b.node);
	p = find(nlh, PMIP_A_BINDING_PATH, 0);
	assert_int_equal(mnl_attr_get_u32(find_nested(p, PMIP_A_PATH_IFINDEX)), 4);
	assert_int_equal(mnl_attr_get_payload_len(find_nested(p, PMIP_A_PATH_LLADDR)), 6);
	assert_memory_equal(mnl_attr_get_payload(find_nested(p, PMIP_A_PATH_ADDR)),
			    &b.path[0].addr, 16);
	assert_null(find_nested(p, PMIP_A_PATH_TUNNEL));
	p = find(nlh, PMIP_A_BINDING_PATH, 1);
	assert_int_equal(mnl_attr_get_u32(find_nested(p, PMIP_A_PATH_TUNNEL)), 8);
	assert_int_equal(mnl_attr_get_u16(find_nested(p, PMIP_A_PATH_BID)), 2);
	assert_null(find_nested(p, PMIP_A_PATH_IFINDEX));
	assert_null(find_nested(p, PMIP_A_PATH_ADDR));
	assert_null(find(nlh, PMIP_A_BINDING_PATH, 2));
}

/* linux/pmip.h: PMIP_A_PATH_LLADDR is "absent where the device has no ... addresses" */
static void test_path_without_lladdr(void **state)
{
	struct nlmsghdr *nlh = message(PMIP_CMD_PATH_SET);
	struct llid none = { 0 };

	(void)state;
	pmip_msg_path_state(nlh, 4, &none, PMIP_STATE_DOWN);
	assert_null(find(nlh, PMIP_A_PATH_LLADDR, 0));
	assert_int_equal(mnl_attr_get_u8(find(nlh, PMIP_A_PATH_STATE, 0)), PMIP_STATE_DOWN);
}

/* linux/pmip.h: "EVENT (multicast group "events") { PMIP_A_EVENT_* }" */
static void test_event(void **state)
{
	static const uint8_t ll[6] = { 2, 0, 0, 0, 0, 9 };
	struct nlmsghdr *nlh = message(PMIP_CMD_EVENT);
	struct pmip_event_msg e;

	(void)state;
	mnl_attr_put_u8(nlh, PMIP_A_EVENT_TYPE, PMIP_EVENT_PATH);
	mnl_attr_put_u8(nlh, PMIP_A_EVENT_STATE, PMIP_STATE_DOWN);
	mnl_attr_put_u8(nlh, PMIP_A_EVENT_REASON, PMIP_REASON_NEIGHBOUR);
	mnl_attr_put_u32(nlh, PMIP_A_EVENT_IFINDEX, 4);
	mnl_attr_put(nlh, PMIP_A_EVENT_LLADDR, sizeof(ll), ll);
	mnl_attr_put_u64(nlh, PMIP_A_EVENT_TIME_NS, 123456789012345ULL);
	assert_int_equal(pmip_msg_parse_event(nlh, &e), 0);
	assert_int_equal(e.type, PMIP_EVENT_PATH);
	assert_int_equal(e.reason, PMIP_REASON_NEIGHBOUR);
	assert_int_equal(e.ifindex, 4);
	assert_int_equal(e.lladdr.len, 6);
	assert_memory_equal(e.lladdr.id, ll, 6);
	assert_true(e.time_ns == 123456789012345ULL);
	assert_int_equal(pmip_msg_parse_event(message(PMIP_CMD_LINK_GET), &e), -1);
	assert_int_equal(pmip_msg_parse_event(message(PMIP_CMD_EVENT), &e), -1);
}

/* linux/pmip.h: "what comes out of _TUNNEL for _GROUP, from _SOURCE or, without that, from any" */
static void test_seam(void **state)
{
	struct in6_addr g, p;
	struct nlmsghdr *nlh = message(PMIP_CMD_EVENT);
	struct pmip_event_msg e;

	(void)state;
	inet_pton(AF_INET6, "ff1e::1", &g);
	inet_pton(AF_INET6, "2001:db8:100:1::", &p);
	mnl_attr_put_u8(nlh, PMIP_A_EVENT_TYPE, PMIP_EVENT_SEAM);
	mnl_attr_put_u32(nlh, PMIP_A_EVENT_TUNNEL, 3);
	mnl_attr_put(nlh, PMIP_A_EVENT_GROUP, sizeof(g), &g);
	mnl_attr_put(nlh, PMIP_A_EVENT_PREFIX, sizeof(p), &p);
	mnl_attr_put_u8(nlh, PMIP_A_EVENT_PREFIX_LEN, 64);
	assert_int_equal(pmip_msg_parse_event(nlh, &e), 0);
	assert_int_equal(e.type, PMIP_EVENT_SEAM);
	assert_int_equal(e.tunnel, 3);
	assert_memory_equal(&e.group, &g, sizeof(g));
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&e.source));
	assert_memory_equal(&e.prefix.addr, &p, sizeof(p));
	assert_int_equal(e.prefix.len, 64);
}

/* linux/pmip.h: "PATH_GET answers each distinct path with _STATE, [...] _REASON" */
static void test_path(void **state)
{
	static const uint8_t ll[6] = { 2, 0, 0, 0, 0, 9 };
	struct nlmsghdr *nlh = message(PMIP_CMD_PATH_GET);
	struct pmip_event_msg e;

	(void)state;
	mnl_attr_put_u8(nlh, PMIP_A_PATH_KIND, PMIP_PATH_LINK);
	mnl_attr_put_u8(nlh, PMIP_A_PATH_STATE, PMIP_STATE_DOWN);
	mnl_attr_put_u8(nlh, PMIP_A_PATH_REASON, PMIP_REASON_NEIGHBOUR);
	mnl_attr_put_u32(nlh, PMIP_A_PATH_IFINDEX, 4);
	mnl_attr_put(nlh, PMIP_A_PATH_LLADDR, sizeof(ll), ll);
	assert_int_equal(pmip_msg_parse_path(nlh, &e), 0);
	assert_int_equal(e.type, PMIP_EVENT_PATH);
	assert_int_equal(e.state, PMIP_STATE_DOWN);
	assert_int_equal(e.reason, PMIP_REASON_NEIGHBOUR);
	assert_int_equal(e.ifindex, 4);
	assert_memory_equal(e.lladdr.id, ll, 6);
	/* what the operator has set down is no neighbour that has left */
	mnl_attr_put_u8(nlh, PMIP_A_PATH_REASON, PMIP_REASON_OPERATOR);
	assert_int_equal(pmip_msg_parse_path(nlh, &e), 0);
	assert_int_equal(e.reason, PMIP_REASON_OPERATOR);
	/* a tunnel's path has no neighbour */
	nlh = message(PMIP_CMD_PATH_GET);
	mnl_attr_put_u32(nlh, PMIP_A_PATH_TUNNEL, 3);
	assert_int_equal(pmip_msg_parse_path(nlh, &e), -1);
}

/* linux/pmip.h: "PMIP_A_BINDING_RETURN: nest [...] PMIP_A_RETURN_TUNNEL: u32 [...] 0 for none" */
static void test_return(void **state)
{
	struct nlmsghdr *nlh = message(PMIP_CMD_BINDING_SET);
	struct dp_return r = { .tunnel = 4, .time_ms = 5000, .wait_ms = 700 };
	const struct nlattr *n;
	struct prefix p;

	(void)state;
	assert_true(prefix_parse(&p, "2001:db8:100:1::/64"));
	pmip_msg_return(nlh, &p, &r);
	assert_int_equal(mnl_attr_get_u8(find(nlh, PMIP_A_BINDING_PREFIX_LEN, 0)), 64);
	n = find(nlh, PMIP_A_BINDING_RETURN, 0);
	assert_int_equal(mnl_attr_get_u32(find_nested(n, PMIP_A_RETURN_TUNNEL)), 4);
	assert_int_equal(mnl_attr_get_u32(find_nested(n, PMIP_A_RETURN_TIME_MS)), 5000);
	assert_int_equal(mnl_attr_get_u32(find_nested(n, PMIP_A_RETURN_WAIT_MS)), 700);
	/* 0 is no time */
	nlh = message(PMIP_CMD_BINDING_SET);
	r = (struct dp_return){ 0 };
	pmip_msg_return(nlh, &p, &r);
	n = find(nlh, PMIP_A_BINDING_RETURN, 0);
	assert_int_equal(mnl_attr_get_u32(find_nested(n, PMIP_A_RETURN_TUNNEL)), 0);
	assert_null(find_nested(n, PMIP_A_RETURN_TIME_MS));
}

/* linux/pmip.h: "HOLD_RELEASE { ... PMIP_A_HOLD_TO", "HOLD_SET { ... PMIP_A_HOLD_POLICY" */
static void test_hold(void **state)
{
	const struct hold_conf h = { 1, 2, 3, 4, 5, 6, 7, PMIP_HOLD_HEAD_DROP };
	struct nlmsghdr *nlh = message(PMIP_CMD_HOLD_RELEASE);
	struct prefix p;

	(void)state;
	assert_true(prefix_parse(&p, "2001:db8:100:1::/64"));
	pmip_msg_release(nlh, &p, PMIP_HOLD_TO_FORWARD);
	assert_memory_equal(mnl_attr_get_payload(find(nlh, PMIP_A_HOLD_PREFIX, 0)), &p.addr, 16);
	assert_int_equal(mnl_attr_get_u8(find(nlh, PMIP_A_HOLD_PREFIX_LEN, 0)), 64);
	assert_int_equal(mnl_attr_get_u8(find(nlh, PMIP_A_HOLD_TO, 0)), PMIP_HOLD_TO_FORWARD);
	nlh = message(PMIP_CMD_HOLD_SET);
	pmip_msg_hold(nlh, &h);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_HOLD_NODE_PACKETS, 0)), 1);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_HOLD_NODE_BYTES, 0)), 2);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_HOLD_LINK_PACKETS, 0)), 3);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_HOLD_LINK_BYTES, 0)), 4);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_HOLD_TOTAL_PACKETS, 0)), 5);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_HOLD_TOTAL_BYTES, 0)), 6);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_HOLD_AGE_MS, 0)), 7);
	assert_int_equal(mnl_attr_get_u8(find(nlh, PMIP_A_HOLD_POLICY, 0)), PMIP_HOLD_HEAD_DROP);
}

/* linux/netlink.h: NLMSGERR_ATTR_MSG is the "error message string" of an extended ack */
static void test_ext_ack(void **state)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));

	(void)state;
	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_flags = NLM_F_CAPPED;
	e->error = -17;
	assert_null(genl_ext_ack(nlh));
	nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
	assert_null(genl_ext_ack(nlh));
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "pair is taken");
	assert_string_equal(genl_ext_ack(nlh), "pair is taken");
	/* not capped, the request is longer than what came */
	nlh->nlmsg_flags &= (uint16_t)~NLM_F_CAPPED;
	e->msg.nlmsg_len = 4000;
	assert_null(genl_ext_ack(nlh));
}

/* linux/pmip.h: "STATS_GET {} answers ... the latest generation ... (0: none was)" */
static void test_stats(void **state)
{
	struct nlmsghdr *nlh = message(PMIP_CMD_STATS_GET);
	uint32_t generation = 1;

	(void)state;
	mnl_attr_put_u32(nlh, PMIP_A_STATS_BINDINGS, 9);
	/* an older module */
	assert_int_equal(pmip_msg_parse_stats(nlh, &generation), -1);
	mnl_attr_put_u32(nlh, PMIP_A_STATS_GENERATION, 0);
	assert_int_equal(pmip_msg_parse_stats(nlh, &generation), 0);
	assert_int_equal(generation, 0);
	nlh = message(PMIP_CMD_STATS_GET);
	mnl_attr_put_u32(nlh, PMIP_A_STATS_GENERATION, 0xe0000000);
	assert_int_equal(pmip_msg_parse_stats(nlh, &generation), 0);
	assert_int_equal(generation, 0xe0000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tunnel),
		cmocka_unit_test(test_binding),
		cmocka_unit_test(test_path_without_lladdr),
		cmocka_unit_test(test_event), cmocka_unit_test(test_seam),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_return),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_ext_ack),
		cmocka_unit_test(test_stats),
	};

	return cmocka_run_group_tests_name("msg", tests, NULL, NULL);
}
