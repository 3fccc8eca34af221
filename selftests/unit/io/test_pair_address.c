// SPDX-License-Identifier: GPL-2.0
/*
 * The anchor's address on a device of a kernel's: lent, lost and lent again.
 *
 * Shows: RFC 4861 §7.2.6: a node "may wish to inform its neighbors of the new link-layer
 * address quickly": who has another one in its cache reaches nobody
 */
#define _GNU_SOURCE /* unshare() */
#include <ifaddrs.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pair_bed.h"

static bool alone;

/* A network of its own; there may be no right to one */
static int setup(void **state)
{
	(void)state;
	alone = !unshare(geteuid() ? CLONE_NEWUSER | CLONE_NEWNET : CLONE_NEWNET);
	return 0;
}

static bool has_address(void)
{
	struct ifaddrs *list, *i;
	bool ret = false;

	assert_int_equal(getifaddrs(&list), 0);
	for (i = list; i; i = i->ifa_next)
		ret |= i->ifa_addr && i->ifa_addr->sa_family == AF_INET6 &&
		       IN6_ARE_ADDR_EQUAL(&((struct sockaddr_in6 *)i->ifa_addr)->sin6_addr,
					  &bed.conf.lma.address);
	freeifaddrs(list);
	return ret;
}

static void shell(const char *command)
{
	assert_int_equal(system(command), 0);
}

/* The kernel's news are read, once */
static void hear(void)
{
	ev_run(bed.io.loop, EVRUN_NOWAIT);
}

static void open_bed(bool up)
{
	bed_setup = "2001:db8::1";
	shell(up ? "ip link set lo up" : "ip link set lo down");
	bed_active();
}

static void it_is_lent_again(void **state)
{
	(void)state;
	if (!alone)
		skip();
	open_bed(true);
	assert_true(has_address());
	assert_int_equal(bed.px->address.claims, 1);
	bed_later(10 * BED_INTERVAL_MS);
	hear();
	/* somebody deletes it */
	shell("ip -6 addr del 2001:db8::1/128 dev lo");
	assert_false(has_address());
	hear();
	assert_true(has_address());
	assert_true(bed.px->address.has);
	/* the device goes down, and is up again before anybody has looked */
	shell("ip link set lo down && ip link set lo up");
	assert_false(has_address());
	hear();
	assert_true(has_address());
	/* what is another's affair is not said as one's own */
	pair_address_off(bed.px);
	hear();
	assert_false(has_address());
	bed_close();
}

static void without_a_device_others_are_to_have_it(void **state)
{
	(void)state;
	if (!alone)
		skip();
	open_bed(false);
	assert_false(has_address());
	assert_true(bed.px->machine.unreached);
	assert_false(pair_address_possible(bed.px));
	/* nobody tells: it is tried again */
	shell("ip link set lo up");
	assert_true(pair_address_possible(bed.px));
	bed_later(BED_INTERVAL_MS / 4);
	assert_true(has_address());
	assert_false(bed.px->machine.unreached);
	/* it goes while the daemon listens */
	shell("ip link set lo down");
	hear();
	assert_false(bed.px->address.has);
	assert_true(bed.px->machine.unreached);
	bed_close();
}

/* Where the lease may have ended nobody is told, until it is heard that it has not. */
static void it_is_said_as_soon_as_it_is_sure(void **state)
{
	(void)state;
	if (!alone)
		skip();
	bed_takes_ms = 10 * BED_INTERVAL_MS;
	open_bed(true);
	bed_takes_ms = 0;
	assert_true(has_address());
	assert_int_equal(bed.px->address.claims, 0);
	bed_renew();
	assert_int_equal(bed.px->address.claims, 1);
	bed_close();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_lent_again),
		cmocka_unit_test(without_a_device_others_are_to_have_it),
		cmocka_unit_test(it_is_said_as_soon_as_it_is_sure),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
