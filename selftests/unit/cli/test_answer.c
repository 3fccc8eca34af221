// SPDX-License-Identifier: GPL-2.0
/* What the kernel answers, right and wrong, and what is shown of it */
#include "fake_kernel.h"

#include <errno.h>
#include <net/if.h>

/* An attribute of a newer kernel: to be passed over */
#define ATTR_UNKNOWN	99

static struct fake f;

static int setup(void **state)
{
	(void)state;
	fake_start(&f);
	f.c.json = true;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_stop(&f);
	return 0;
}

static json_t *shown(void)
{
	json_t *v = json_loads(f.out, 0, NULL);

	assert_non_null(v);
	return v;
}

static void assert_text(const json_t *row, const char *key, const char *text)
{
	assert_string_equal(json_string_value(json_object_get(row, key)), text);
}

static struct nl_msg *binding_msg(uint32_t seq, bool with_prefix)
{
	struct nl_msg *m = fake_msg(seq, PMIP_CMD_BINDING_GET);
	static const uint8_t prefix[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	struct nlattr *nest;

	if (with_prefix)
		nla_put(m, PMIP_A_BINDING_PREFIX, 16, prefix);
	nla_put_u8(m, PMIP_A_BINDING_PREFIX_LEN, 64);
	nla_put_u64(m, PMIP_A_BINDING_NODE, UINT64_MAX);
	nest = nla_nest_start(m, PMIP_A_BINDING_PATH | NLA_F_NESTED);
	nla_put_u16(m, PMIP_A_PATH_BID, 1);
	nla_put_u8(m, PMIP_A_PATH_KIND, PMIP_PATH_LINK);
	nla_put_u32(m, PMIP_A_PATH_IFINDEX, if_nametoindex("lo"));
	nla_put(m, PMIP_A_PATH_LLADDR, 6, "\2\0\0\0\0\1");
	nla_put_u8(m, PMIP_A_PATH_OPER, PMIP_STATE_DOWN);
	nla_put_u8(m, PMIP_A_PATH_REASON, PMIP_REASON_NEIGHBOUR);
	nla_nest_end(m, nest);
	nest = nla_nest_start(m, PMIP_A_BINDING_PATH | NLA_F_NESTED);
	nla_put_u8(m, PMIP_A_PATH_KIND, PMIP_PATH_TUNNEL);
	nla_put_u32(m, PMIP_A_PATH_TUNNEL, 1);
	nla_nest_end(m, nest);
	nla_put_u64(m, PMIP_A_BINDING_DOWN_PACKETS, 1234567890123ULL);
	nla_put_u32(m, ATTR_UNKNOWN, 1);
	return m;
}

/* pmipctl(8): the members of "pmipctl -j binding show" */
static void binding_row(void **state)
{
	json_t *rows, *row, *path;

	(void)state;
	fake_send(&f, binding_msg(SEQ + 1, true));
	fake_send(&f, binding_msg(SEQ + 1, true));
	fake_done(&f, SEQ + 1, 0);
	assert_int_equal(fake_run(&f, "binding show"), CLI_OK);
	assert_true(fake_sent(&f) > 0);
	assert_int_equal(f.buf->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	rows = shown();
	assert_int_equal(json_array_size(rows), 2);
	row = json_array_get(rows, 0);
	assert_text(row, "prefix", "2001:db8::/64");
	assert_text(row, "node", "0xffffffffffffffff");
	assert_int_equal(json_integer_value(json_object_get(row, "down-packets")), 1234567890123LL);
	/* uapi: what is 0 is left out, and read as 0 */
	assert_true(json_is_integer(json_object_get(row, "up-packets")));
	assert_int_equal(json_integer_value(json_object_get(row, "up-packets")), 0);
	path = json_array_get(json_object_get(row, "paths"), 0);
	assert_text(path, "kind", "link");
	assert_text(path, "dev", "lo");
	assert_text(path, "lladdr", "02:00:00:00:00:01");
	assert_text(path, "oper", "down");
	assert_text(path, "reason", "neighbour");
	/* uapi: who misses these reads up, up and PMIP_REASON_NONE */
	path = json_array_get(json_object_get(row, "paths"), 1);
	assert_text(path, "state", "up");
	assert_text(path, "oper", "up");
	assert_text(path, "reason", "none");
	json_decref(rows);
}

/* linux/pmip.h: "STATS_GET {} answers ... one PMIP_A_STATS_DROP nest per drop reason" */
static void stats_row(void **state)
{
	struct nl_msg *m = fake_msg(SEQ + 1, PMIP_CMD_STATS_GET);
	struct nlattr *nest;
	json_t *v, *kernel;

	(void)state;
	nla_put_u32(m, PMIP_A_STATS_TUNNELS, 3);
	nla_put_u32(m, PMIP_A_STATS_GENERATION, 12);
	nest = nla_nest_start(m, PMIP_A_STATS_DROP | NLA_F_NESTED);
	nla_put_string(m, PMIP_A_DROP_NAME, "hop-limit");
	nla_put_u64(m, PMIP_A_DROP_PACKETS, 17);
	nla_nest_end(m, nest);
	fake_send(&f, m);
	fake_error(&f, SEQ + 1, 0, NULL);
	assert_int_equal(fake_run(&f, "stats"), CLI_OK);
	v = shown();
	kernel = json_object_get(v, "kernel");
	assert_int_equal(json_integer_value(json_object_get(kernel, "tunnels")), 3);
	assert_int_equal(json_integer_value(json_object_get(kernel, "generation")), 12);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(kernel, "drops"),
							    "hop-limit")), 17);
	assert_true(json_is_null(json_object_get(v, "controller")));
	json_decref(v);
}

/* netlink(7): NLM_F_DUMP_INTR: "the dump was inconsistent", so it is asked for again */
static void interrupted_dump(void **state)
{
	json_t *rows;

	(void)state;
	fake_send(&f, binding_msg(SEQ + 1, true));
	fake_send(&f, binding_msg(SEQ + 1, true));
	fake_done(&f, SEQ + 1, NLM_F_DUMP_INTR);
	fake_send(&f, binding_msg(SEQ + 2, true));
	fake_done(&f, SEQ + 2, 0);
	assert_int_equal(fake_run(&f, "binding show"), CLI_OK);
	rows = shown();
	assert_int_equal(json_array_size(rows), 1);
	assert_int_equal(f.err_len, 0);
	json_decref(rows);
}

/* pmipctl(8): "1 The kernel or the controller refused; the reason is printed" */
static void extended_ack(void **state)
{
	(void)state;
	fake_error(&f, SEQ + 1, -EINVAL, "pmip: role is missing");
	assert_int_equal(fake_run(&f, "purge generation 1"), CLI_FAILED);
	assert_string_equal(f.err, "Error: pmip: role is missing\n");
	fake_error(&f, SEQ + 2, -EPERM, NULL);
	assert_int_equal(fake_run(&f, "purge generation 1"), CLI_FAILED);
	assert_non_null(strstr(f.err, "Error: pmip: Operation not permitted\n"));
	/* an answer to an earlier request is nobody's */
	fake_error(&f, SEQ - 5, -EINVAL, NULL);
	fake_error(&f, SEQ + 3, 0, NULL);
	assert_int_equal(fake_run(&f, "purge generation 1"), CLI_OK);
}

static void refuse(const char *line)
{
	assert_int_equal(fake_run(&f, line), CLI_FAILED);
	assert_non_null(strstr(f.err, "malformed"));
	assert_true(fake_sent(&f) > 0);
}

/* pmipctl(8): a malformed answer is an error, never a crash */
static void malformed_answers(void **state)
{
	struct nlmsghdr short_error = { NLMSG_LENGTH(4), NLMSG_ERROR, 0, SEQ + 1, 0 };
	char bytes[64] = { 0 };
	struct nlmsghdr h = { NLMSG_HDRLEN, FAMILY, 0, SEQ + 2, 0 };
	struct nl_msg *m;

	(void)state;
	/* an error without its body */
	memcpy(bytes, &short_error, sizeof(short_error));
	fake_answer(&f, bytes, NLMSG_LENGTH(4));
	refuse("tunnel show");
	/* no generic netlink header */
	fake_answer(&f, &h, sizeof(h));
	refuse("tunnel show");
	/* a length beyond the datagram */
	h.nlmsg_seq = SEQ + 3;
	h.nlmsg_len = 4096;
	fake_answer(&f, &h, sizeof(h));
	refuse("tunnel show");
	/* another family's message */
	h.nlmsg_seq = SEQ + 4;
	h.nlmsg_len = sizeof(h);
	h.nlmsg_type = FAMILY + 1;
	fake_answer(&f, &h, sizeof(h));
	refuse("tunnel show");
	/* a number of the wrong size */
	m = fake_msg(SEQ + 5, PMIP_CMD_TUNNEL_GET);
	nla_put_u8(m, PMIP_A_TUNNEL_ID, 1);
	fake_send(&f, m);
	fake_done(&f, SEQ + 5, 0);
	refuse("tunnel show");
	/* a link-layer address that is too long */
	m = fake_msg(SEQ + 6, PMIP_CMD_PATH_GET);
	nla_put(m, PMIP_A_PATH_LLADDR, 32, bytes);
	fake_send(&f, m);
	fake_done(&f, SEQ + 6, 0);
	refuse("path show");
	/* a binding without its prefix */
	fake_send(&f, binding_msg(SEQ + 7, false));
	fake_done(&f, SEQ + 7, 0);
	refuse("binding show");
	/* an attribute longer than the message */
	m = fake_msg(SEQ + 8, PMIP_CMD_TUNNEL_GET);
	nla_put_u32(m, PMIP_A_TUNNEL_ID, 1);
	fake_attr(nlmsg_hdr(m), PMIP_A_TUNNEL_ID)->nla_len = 4000;
	fake_send(&f, m);
	fake_done(&f, SEQ + 8, 0);
	refuse("tunnel show");
}

#define CASE(fn)	cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(binding_row), CASE(stats_row), CASE(interrupted_dump),
		CASE(extended_ack), CASE(malformed_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
