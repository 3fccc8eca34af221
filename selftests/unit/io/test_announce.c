// SPDX-License-Identifier: GPL-2.0
/* The pools' routes in a kernel's tables: put there, left, found again and taken away. */
#define _GNU_SOURCE /* unshare() */
#include <errno.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "io/announce.h"
#include "io/io.h"
#include "io/route.h"

static struct io io;
static struct conf conf;
static const char *event;	/* the latest */

static uint64_t now(void *ctx)
{
	(void)ctx;
	return NSEC_PER_SEC;
}

static void notify(void *ctx, const struct notice *n)
{
	(void)ctx;
	event = n->event;
}

static const struct env_ops ops = { .now = now, .notify = notify };

/* A network of its own, with an anchor's two pools; there may be no right to one */
static int setup(void **state)
{
	(void)state;
	log_set_level(LOG_EMERG);
	if (unshare(geteuid() ? CLONE_NEWUSER | CLONE_NEWNET : CLONE_NEWNET))
		return 0;
	conf.lma.enabled = true;
	conf.lma.n_pools = 2;
	prefix_parse(&conf.lma.pool[0], "2001:db8:100::/40");
	prefix_parse(&conf.lma.pool[1], "2001:db8:200::/40");
	conf.lma.announce = (struct announce_conf){
		.enabled = true, .protocol = 214, .table = RT_TABLE_MAIN, .metric = 512,
	};
	io.conf = &conf;
	io.loop = ev_loop_new(EVFLAG_AUTO);
	timerq_init(&io.timers);
	io.env = (struct env){ .ops = &ops, .ctx = &io, .timers = &io.timers };
	io.rtnl_fd = rtnl_socket(0);
	return io.loop && io.rtnl_fd >= 0 ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	if (!io.conf)
		return 0;
	announce_close(&io);
	timerq_free(&io.timers);
	ev_loop_destroy(io.loop);
	return close(io.rtnl_fd);
}

static int count_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct route r;
	int *n = arg;

	assert_true(route_parse(nlh, &r));
	assert_int_equal(r.protocol, 214);
	assert_int_equal(r.type, RTN_UNREACHABLE);
	assert_int_equal(r.metric, 512);
	assert_int_equal(r.table, RT_TABLE_MAIN);
	(*n)++;
	return MNL_CB_OK;
}

/* How many of them the kernel has */
static int routes(void)
{
	int n = 0;

	assert_int_equal(route_dump(&io, 214, count_cb, &n), 0);
	return n;
}

/* RFC 5213 §5.6.2: "advertise a connected route in to the Routing Infrastructure" */
static void comes_and_goes(void **state)
{
	(void)state;
	if (!io.conf)
		skip();
	assert_int_equal(announce_start(&io), 0);
	assert_int_equal(routes(), 2);
	assert_true(announce_there(&io, 0) && announce_there(&io, 1));
	assert_null(announce_error(&io));
	assert_string_equal(event, "announced");
	conf.lma.n_pools = 1;
	announce_pools(&io);
	assert_int_equal(routes(), 1);
	conf.lma.n_pools = 2;
	announce_stop(&io);
	assert_int_equal(routes(), 0);
	assert_false(announce_there(&io, 0));
	assert_string_equal(event, "withdrawn");
	/* what is not announced does not come by a reload */
	announce_pools(&io);
	assert_int_equal(routes(), 0);
}

/* pmipd(8): "They stay when it ends, however it does" */
static void stays(void **state)
{
	(void)state;
	if (!io.conf)
		skip();
	assert_int_equal(announce_start(&io), 0);
	announce_close(&io);
	announce_close(&io);
	assert_int_equal(routes(), 2);
	/* one that is not to announce takes away what it finds */
	announce_stop(&io);
	assert_int_equal(routes(), 0);
	/* and so does whoever has no loop */
	assert_int_equal(announce_start(&io), 0);
	assert_int_equal(announce_withdraw(&io), 0);
	assert_int_equal(routes(), 0);
	announce_close(&io);
	assert_int_equal(announce_withdraw(&io), 0);
}

/* pmipd(8): "What the kernel refuses [...] is said by the log and the event announce-refused" */
static void not_taken(void **state)
{
	const struct route other = {
		.dst = conf.lma.pool[1], .table = RT_TABLE_MAIN, .metric = 512,
		.protocol = RTPROT_STATIC, .type = RTN_UNREACHABLE,
	};

	(void)state;
	if (!io.conf)
		skip();
	assert_int_equal(route_add(&io, &other, NLM_F_EXCL), 0);
	assert_int_equal(announce_start(&io), 0);
	assert_int_equal(routes(), 1);
	assert_true(announce_there(&io, 0));
	assert_false(announce_there(&io, 1));
	assert_string_equal(announce_error(&io), "route 2001:db8:200::/40 table 254 metric 512: "
			    "somebody else has a route of that metric");
	assert_string_equal(event, "announce-refused");
	assert_int_equal(route_del(&io, &other), 0);
	assert_int_equal(route_del(&io, &other), 0);
	announce_pools(&io);
	assert_int_equal(routes(), 2);
	assert_null(announce_error(&io));
	assert_string_equal(event, "announced");
	/* the module's device, which is not there: nobody forwards */
	announce_stop(&io);
	conf.kernel = true;
	snprintf(conf.device, sizeof(conf.device), "pmip0");
	assert_int_equal(announce_start(&io), 0);
	assert_int_equal(routes(), 0);
	assert_string_equal(announce_error(&io), "route 2001:db8:100::/40 table 254 metric 512: "
			    "No such device");
	conf.kernel = false;
	announce_stop(&io);
}

static bool has_address(const struct in6_addr *a)
{
	struct ifaddrs *all, *i;
	bool found = false;

	assert_int_equal(getifaddrs(&all), 0);
	for (i = all; i; i = i->ifa_next)
		if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET6)
			found |= IN6_ARE_ADDR_EQUAL(&((struct sockaddr_in6 *)
						      (void *)i->ifa_addr)->sin6_addr, a);
	freeifaddrs(all);
	return found;
}

/* The anchor's own address, as often as it is said */
static void address(void **state)
{
	const struct in6_addr a = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 1 } };

	(void)state;
	if (!io.conf)
		skip();
	assert_int_equal(announce_address(&io, "lo", &a, true), 0);
	assert_int_equal(announce_address(&io, "lo", &a, true), 0);
	assert_true(has_address(&a));
	assert_int_equal(announce_address(&io, "lo", &a, false), 0);
	assert_int_equal(announce_address(&io, "lo", &a, false), 0);
	assert_false(has_address(&a));
	assert_int_equal(announce_address(&io, "none0", &a, true), -ENODEV);
	assert_int_equal(announce_address(&io, "none0", &a, false), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_and_goes),
		cmocka_unit_test(stays),
		cmocka_unit_test(not_taken),
		cmocka_unit_test(address),
	};

	return cmocka_run_group_tests_name("announce", tests, setup, teardown);
}
