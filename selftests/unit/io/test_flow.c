// SPDX-License-Identifier: GPL-2.0
/* Flows as the daemon tells the kernel of them, and those of an earlier daemon. */
#include "msg_bed.h"

#include "fake_env.h"
#include "io/io.h"

static struct dp_flow flow(uint16_t fid, uint16_t pri)
{
	struct dp_flow f = {
		.node = 77, .fid = fid, .pri = pri, .action = PMIP_FLOW_FORWARD,
		.n_bid = 2, .bid = { 4, 5 }, .selector = { .format = SELECTOR_IPV6 },
	};

	return f;
}

/* linux/pmip.h: "FLOW_NEW/SET { PMIP_A_FLOW_NODE: u64 ... PMIP_A_FLOW_BID ... best first" */
static void attributes(void **state)
{
	struct nlmsghdr *nlh = message(PMIP_CMD_FLOW_NEW);
	struct dp_flow f = flow(3, 9), back;

	(void)state;
	pmip_msg_flow(nlh, &f, 12);
	assert_true(mnl_attr_get_u64(find(nlh, PMIP_A_FLOW_NODE, 0)) == 77);
	assert_int_equal(mnl_attr_get_u16(find(nlh, PMIP_A_FLOW_FID, 0)), 3);
	assert_int_equal(mnl_attr_get_u16(find(nlh, PMIP_A_FLOW_PRIORITY, 0)), 9);
	assert_int_equal(mnl_attr_get_u16(find(nlh, PMIP_A_FLOW_BID, 0)), 4);
	assert_int_equal(mnl_attr_get_u16(find(nlh, PMIP_A_FLOW_BID, 1)), 5);
	assert_null(find(nlh, PMIP_A_FLOW_BID, 2));
	assert_int_equal(mnl_attr_get_u8(find(nlh, PMIP_A_FLOW_ACTION, 0)), PMIP_FLOW_FORWARD);
	assert_int_equal(mnl_attr_get_u32(find(nlh, PMIP_A_FLOW_GENERATION, 0)), 12);
	/* "Absent or empty: all": what replaces a narrower one has to be there */
	assert_int_equal(mnl_attr_get_payload_len(find(nlh, PMIP_A_FLOW_SELECTOR, 0)), 0);
	assert_int_equal(pmip_msg_parse_flow(nlh, &back), 0);
	assert_true(back.node == 77 && back.fid == 3 && back.pri == 9);
	nlh = message(PMIP_CMD_FLOW_GET);
	pmip_msg_flow_key(nlh, 77, 3);
	assert_int_equal(pmip_msg_parse_flow(nlh, &back), -1);
}

/* RFC 6088 §3.2, as linux/pmip.h has it: "its first value and, where it is a range, its last" */
static void every_field(void **state)
{
	struct nlmsghdr *nlh = message(PMIP_CMD_FLOW_NEW);
	struct dp_flow f = flow(1, 1);
	struct selector *s = &f.selector;
	const struct nlattr *n;

	(void)state;
	s->fields = 0xff;
	s->ranges = SELECTOR_HAS(SELECTOR_SRC) | SELECTOR_HAS(SELECTOR_SPI) |
		    SELECTOR_HAS(SELECTOR_LABEL) | SELECTOR_HAS(SELECTOR_DPORT) |
		    SELECTOR_HAS(SELECTOR_TC);
	s->src[0] = fake_addr("2001:db8::1");
	s->src[1] = fake_addr("2001:db8::9");
	s->dst[0] = fake_addr("2001:db8:100:1::");
	s->spi[0] = 100;
	s->spi[1] = 0xffffffff;
	s->label[0] = 5;
	s->label[1] = 0xffffff;
	s->sport[0] = 80;
	s->dport[0] = 1000;
	s->dport[1] = 2000;
	s->tc[0] = 0x10;
	s->tc[1] = 0x20;
	s->proto[0] = 17;
	assert_true(selector_normalise(s));
	pmip_msg_flow(nlh, &f, 1);
	n = find(nlh, PMIP_A_FLOW_SELECTOR, 0);
	assert_memory_equal(mnl_attr_get_payload(find_nested(n, PMIP_A_SELECTOR_SRC)),
			    &s->src[0], 16);
	assert_memory_equal(mnl_attr_get_payload(find_nested(n, PMIP_A_SELECTOR_SRC_END)),
			    &s->src[1], 16);
	assert_memory_equal(mnl_attr_get_payload(find_nested(n, PMIP_A_SELECTOR_DST)),
			    &s->dst[0], 16);
	assert_null(find_nested(n, PMIP_A_SELECTOR_DST_END));
	assert_int_equal(mnl_attr_get_u32(find_nested(n, PMIP_A_SELECTOR_SPI)), 100);
	assert_int_equal(mnl_attr_get_u32(find_nested(n, PMIP_A_SELECTOR_SPI_END)), 0xffffffff);
	assert_int_equal(mnl_attr_get_u32(find_nested(n, PMIP_A_SELECTOR_FLOW_LABEL)), 5);
	/* no more bits than the header has, or the kernel refuses all of it */
	assert_int_equal(mnl_attr_get_u32(find_nested(n, PMIP_A_SELECTOR_FLOW_LABEL_END)),
			 0xfffff);
	assert_int_equal(mnl_attr_get_payload_len(find_nested(n, PMIP_A_SELECTOR_SPORT)), 2);
	assert_int_equal(mnl_attr_get_u16(find_nested(n, PMIP_A_SELECTOR_SPORT)), 80);
	assert_null(find_nested(n, PMIP_A_SELECTOR_SPORT_END));
	assert_int_equal(mnl_attr_get_u16(find_nested(n, PMIP_A_SELECTOR_DPORT_END)), 2000);
	assert_int_equal(mnl_attr_get_payload_len(find_nested(n, PMIP_A_SELECTOR_TCLASS)), 1);
	assert_int_equal(mnl_attr_get_u8(find_nested(n, PMIP_A_SELECTOR_TCLASS_END)), 0x20);
	assert_int_equal(mnl_attr_get_u8(find_nested(n, PMIP_A_SELECTOR_NEXTHDR)), 17);
	assert_null(find_nested(n, PMIP_A_SELECTOR_NEXTHDR_END));
}

/* RFC 6088 §3.1 is about IPv4, and IPv6 has labels of 20 bits: no packet is either's */
static void what_no_packet_matches(void **state)
{
	struct dp_flow f = flow(1, 1);

	(void)state;
	assert_true(pmip_msg_flow_matches(&f));
	f.selector.format = SELECTOR_IPV4;
	assert_false(pmip_msg_flow_matches(&f));
	f.selector.format = SELECTOR_IPV6;
	f.selector.label[0] = 0x100000;
	assert_true(pmip_msg_flow_matches(&f));
	f.selector.fields = SELECTOR_HAS(SELECTOR_LABEL);
	assert_false(pmip_msg_flow_matches(&f));
}

/* linux/pmip.h: a priority is "the node's only one of this value": who had it goes */
static void old_priorities(void **state)
{
	struct dp_flow old[] = { flow(1, 10), flow(2, 20), flow(3, 30) }, f;
	struct io io;
	unsigned int i;

	(void)state;
	memset(&io, 0, sizeof(io));
	for (i = 0; i < 3; i++)
		assert_int_equal(flow_keep(&io, &old[i]), 0);
	f = flow(9, 20);
	f.node = 78;
	assert_int_equal(flow_in_the_way(&io, &f), 0);
	f.node = 77;
	assert_int_equal(flow_in_the_way(&io, &f), 2);
	assert_int_equal(flow_in_the_way(&io, &f), 0);
	/* set anew with another priority: its old one is free, and it is nobody's old one */
	f = flow(1, 40);
	assert_int_equal(flow_in_the_way(&io, &f), 0);
	f = flow(9, 10);
	assert_int_equal(flow_in_the_way(&io, &f), 0);
	/* with the priority of another */
	assert_int_equal(flow_keep(&io, &old[0]), 0);
	f = flow(1, 30);
	assert_int_equal(flow_in_the_way(&io, &f), 3);
	f = flow(9, 30);
	assert_int_equal(flow_in_the_way(&io, &f), 0);
	assert_int_equal(flow_keep(&io, &old[0]), 0);
	flow_forget(&io);
	assert_null(io.old_flows);
	f = flow(9, 10);
	assert_int_equal(flow_in_the_way(&io, &f), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes),
		cmocka_unit_test(every_field),
		cmocka_unit_test(what_no_packet_matches),
		cmocka_unit_test(old_priorities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
