// SPDX-License-Identifier: GPL-2.0
/* Framing of the control socket, and the packets heard on an access link. */
#include "io/control.h"
#include "io/frame.h"
#include "io/monitor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <string.h>

static struct control_lines lines;

static void feed(const char *text)
{
	char *at;

	assert_true(control_lines_room(&lines, &at) >= strlen(text));
	memcpy(at, text, strlen(text));
	control_lines_add(&lines, strlen(text));
}

/* pmipd(8): "one JSON object per line", however the bytes arrive */
static void test_split(void **state)
{
	(void)state;
	memset(&lines, 0, sizeof(lines));
	feed("{\"a");
	assert_null(control_lines_next(&lines));
	feed("\":1}\n{}\n{");
	assert_string_equal(control_lines_next(&lines), "{\"a\":1}");
	assert_string_equal(control_lines_next(&lines), "{}");
	assert_null(control_lines_next(&lines));
	feed("\"b\":2}\n");
	assert_string_equal(control_lines_next(&lines), "{\"b\":2}");
	assert_null(control_lines_next(&lines));
}

/* pmipd(8): a request is at most 16 kB */
static void test_too_long(void **state)
{
	size_t room, total = 0;
	char *at;

	(void)state;
	memset(&lines, 0, sizeof(lines));
	while ((room = control_lines_room(&lines, &at))) {
		room = room > 1000 ? 1000 : room;
		memset(at, 'x', room);
		control_lines_add(&lines, room);
		total += room;
		assert_null(control_lines_next(&lines));
	}
	assert_int_equal(total, CONTROL_LINE_MAX);
}

/* pmipctl(8): "time" is seconds.nanoseconds of CLOCK_REALTIME */
static void test_monitor(void **state)
{
	struct notice n = { .event = "shi-sent", .detail = "a=1" };
	json_t *o = monitor_line(&n, 1700000000000000042ULL);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(o, "time")),
			    "1700000000.000000042");
	assert_string_equal(json_string_value(json_object_get(o, "source")), "controller");
	assert_string_equal(json_string_value(json_object_get(o, "event")), "shi-sent");
	assert_string_equal(json_string_value(json_object_get(o, "detail")), "a=1");
	assert_null(json_object_get(o, "mn-id"));
	assert_null(json_object_get(o, "peer"));
	json_decref(o);
}

static uint8_t pkt[128];

static size_t build(uint8_t type, size_t icmp_len)
{
	struct in6_addr src, dst;

	memset(pkt, 0, sizeof(pkt));
	pkt[FRAME_IP6_LEN] = type;
	inet_pton(AF_INET6, "fe80::1", &src);
	inet_pton(AF_INET6, "ff02::2", &dst);
	return frame_finish(pkt, icmp_len, &src, &dst);
}

/* RFC 4861 §6.1.1: "ICMP Checksum is valid" */
static void test_solicitation(void **state)
{
	struct frame_nd f;
	size_t len = build(133, 8);

	(void)state;
	/* padding of the link layer follows */
	assert_true(frame_parse(&f, pkt, len + 6));
	assert_int_equal(f.type, 133);
	assert_int_equal(f.hop_limit, 255);
	assert_int_equal(f.len, 8);
	pkt[FRAME_IP6_LEN + 5] ^= 1;
	assert_false(frame_parse(&f, pkt, len));
}

/* RFC 4861 §7.1.2: "The IP Hop Limit field has a value of 255" */
static void test_advertisement(void **state)
{
	struct frame_nd f;
	size_t len = build(136, 24);

	(void)state;
	assert_true(frame_parse(&f, pkt, len));
	pkt[7] = 64;
	assert_false(frame_parse(&f, pkt, len));
	assert_false(frame_parse(&f, pkt, build(136, 16)));
}

/* RFC 4861 §4.1: nothing shorter than its own lengths say is read */
static void test_truncated(void **state)
{
	struct frame_nd f;
	size_t len = build(133, 8), i;

	(void)state;
	for (i = 0; i < len; i++)
		assert_false(frame_parse(&f, pkt, i));
	pkt[6] = 0;		/* a hop-by-hop header that is longer than the packet */
	pkt[FRAME_IP6_LEN] = 58;
	pkt[FRAME_IP6_LEN + 1] = 255;
	assert_false(frame_parse(&f, pkt, len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_monitor),
		cmocka_unit_test(test_solicitation),
		cmocka_unit_test(test_advertisement),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
