// SPDX-License-Identifier: GPL-2.0
/*
 * carrier - take the carrier from a device, or give it back
 *
 *	carrier NETNS DEV on|off
 *
 * By the one store to sysfs, with the clock read right before and after.  Prints
 * "BEFORE AFTER", CLOCK_MONOTONIC in ns.
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <sys/mount.h>
#include "tool.h"

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* sysfs shows the devices of the namespace of who mounted it. */
static int carrier_open(const char *dev)
{
	char file[64 + IFNAMSIZ];
	int fd;

	if (unshare(CLONE_NEWNS) || mount("", "/", NULL, MS_REC | MS_SLAVE, NULL) ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL))
		err(2, "/sys");
	snprintf(file, sizeof(file), "/sys/class/net/%s/carrier", dev);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", file);
	return fd;
}

int main(int argc, char **argv)
{
	uint64_t before;
	int fd;

	if (argc != 4)
		errx(2, "usage: carrier NETNS DEV on|off");
	tool_enter(argv[1]);
	fd = carrier_open(argv[2]);
	before = now_ns();
	if (write(fd, strcmp(argv[3], "on") ? "0" : "1", 1) != 1)
		err(2, "%s", argv[2]);
	printf("%llu %llu\n", (unsigned long long)before, (unsigned long long)now_ns());
	return 0;
}
