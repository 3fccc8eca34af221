// SPDX-License-Identifier: GPL-2.0
/* The module's network device, the routes to it, and what forwarding needs. */
#include "core/log.h"
#include "io/io.h"
#include "io/route.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Behind every other default: only what nobody else routes comes here. */
#define METRIC_LAST	4294967294U
/* Of its own: packets that the stack brings back to the device */

/**
 * device_sysctl() - set net.ipv6.conf.NAME.KEY
 * @name: a device or "all"
 * @key: the setting
 * @value: what to
 *
 * Failure is logged; a read-only /proc is the operator's own choice.
 */
void device_sysctl(const char *name, const char *key, const char *value)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/%s", name, key);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		log_warn("%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static int add_route(struct io *io, uint32_t ifindex, const struct prefix *p, uint32_t metric,
		     uint32_t table)
{
	const struct route r = {
		.dst = *p, .table = table, .metric = metric, .ifindex = ifindex,
		.protocol = RTPROT_PMIP, .type = RTN_UNICAST,
	};
	char text[PREFIX_STRLEN];
	int ret = route_add(io, &r, NLM_F_REPLACE);

	if (ret)
		log_err("route %s dev %s: %s", prefix_str(p, text, sizeof(text)),
			io->conf->device, strerror(-ret));
	return ret;
}

static int add_rule(struct io *io, const char *iif)
{
	int ret = rtnl_add_rule(io, iif, CONF_STACK_TABLE);

	if (ret)
		log_err("rule iif %s: %s", iif, strerror(-ret));
	return ret;
}

/*
 * At an access gateway both directions come back to the device, whatever the
 * destination: it is the source that says which anchor is theirs.  Where IPsec
 * policies are for more than signalling, the module leaves all to the stack, which asks them.
 */
static int stack_setup(struct io *io, uint32_t ifindex)
{
	static const struct prefix any;
	const bool all = conf_ipsec(io->conf);
	bool down = false, up = false;
	unsigned int i;

	for (i = 0; i < io->n_links; i++) {
		const struct io_link *l = &io->link[i];

		if (!l->stack && !all)
			continue;
		if (l->access && add_rule(io, l->name))
			return -1;
		up |= !!l->access;
		down |= !l->access;
	}
	if (down && add_rule(io, io->conf->device))
		return -1;
	return up || down ? add_route(io, ifindex, &any, 0, CONF_STACK_TABLE) : 0;
}

/**
 * device_pools() - what has no other route to the pools' nodes comes to the device
 * @io: the daemon; does nothing in a dry run
 * @c: the pools; routes to others stay, for their prefixes may be in use
 *
 * Return: 0, or -1 after saying why not.
 */
int device_pools(struct io *io, const struct lma_conf *c)
{
	const uint32_t ifindex = io->conf->kernel ? if_nametoindex(io->conf->device) : 0;
	unsigned int i;

	if (!io->conf->kernel || !c->enabled)
		return 0;
	for (i = 0; i < c->n_pools; i++)
		if (add_route(io, ifindex, &c->pool[i], 0, RT_TABLE_MAIN))
			return -1;
	return 0;
}

/**
 * device_setup() - the slow entrance: device, routes and forwarding
 * @io: the daemon; does nothing in a dry run
 *
 * Return: 0, or -1 after saying why not.
 */
int device_setup(struct io *io)
{
	static const struct prefix any;
	const struct conf *c = io->conf;
	uint32_t ifindex;
	int ret;

	if (!c->kernel)
		return 0;
	ret = rtnl_device_create(io, c->device);
	ifindex = ret ? 0 : if_nametoindex(c->device);
	if (!ret)
		ret = ifindex ? rtnl_device_up(io, ifindex) : -ENODEV;
	if (ret) {
		log_err("device %s: %s", c->device, strerror(-ret));
		return -1;
	}
	device_sysctl("all", "forwarding", "1");
	if (device_pools(io, &c->lma))
		return -1;
	if (c->mag.enabled && add_route(io, ifindex, &any, METRIC_LAST, RT_TABLE_MAIN))
		return -1;
	return c->mag.enabled ? stack_setup(io, ifindex) : 0;
}
