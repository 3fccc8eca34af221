// SPDX-License-Identifier: GPL-2.0
/* Access links and ports: they may come, go and come back at any time. */
#include "core/log.h"
#include "io/io.h"
#include "nd/nd.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>

/**
 * link_table_init() - one entry per device of the configuration file
 * @io: the daemon
 */
void link_table_init(struct io *io)
{
	struct mag_conf *mag = &io->conf->mag;
	unsigned int i;

	for (i = 0; mag->enabled && i < mag->n_links; i++) {
		struct io_link *l = &io->link[io->n_links++];

		*l = (struct io_link){ .io = io, .name = mag->link[i].name,
				       .access = &mag->link[i],
				       .stack = mag->link[i].stack, .fd = -1 };
	}
	for (i = 0; i < io->conf->n_ports; i++) {
		struct io_link *l = &io->link[io->n_links++];

		*l = (struct io_link){ .io = io, .name = io->conf->port[i].name,
				       .stack = io->conf->port[i].stack, .fd = -1 };
	}
}

/**
 * link_table_close() - stop listening on all links
 * @io: the daemon
 */
void link_table_close(struct io *io)
{
	unsigned int i;

	for (i = 0; i < io->n_links; i++)
		link_unlisten(&io->link[i]);
	io->n_links = 0;
}

/**
 * link_by_name() - a device of the configuration file
 * @io: the daemon
 * @name: the device's name
 *
 * Return: the entry, or NULL.
 */
struct io_link *link_by_name(struct io *io, const char *name)
{
	unsigned int i;

	for (i = 0; i < io->n_links; i++)
		if (!strcmp(io->link[i].name, name))
			return &io->link[i];
	return NULL;
}

/**
 * link_by_index() - a device of the configuration file that is present
 * @io: the daemon
 * @ifindex: its number, not 0
 *
 * Return: the entry, or NULL.
 */
struct io_link *link_by_index(struct io *io, uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < io->n_links; i++)
		if (io->link[i].ifindex == ifindex)
			return &io->link[i];
	return NULL;
}

/**
 * link_name() - what to call a device in a log line
 * @io: the daemon
 * @ifindex: its number
 *
 * Return: the name, or "?" where it is none of the configuration file.
 */
const char *link_name(const struct io *io, uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < io->n_links; i++)
		if (io->link[i].ifindex == ifindex)
			return io->link[i].name;
	return "?";
}

/* RFC 6543 §3: the same addresses on every access link of the domain */
static void set_addresses(struct io_link *l)
{
	struct io *io = l->io;
	int ret;

	device_sysctl(l->name, "accept_ra", "0");
	if (io->conf->fixed_lladdr && l->lladdr.len == nd_fixed_lladdr.len &&
	    !llid_equal(&l->lladdr, &nd_fixed_lladdr)) {
		ret = rtnl_set_lladdr(io, l, &nd_fixed_lladdr);
		if (ret)
			log_warn("%s: link-layer address of RFC 6543: %s", l->name, strerror(-ret));
		else
			l->lladdr = nd_fixed_lladdr;
	}
	ret = rtnl_add_address(io, l->ifindex, &nd_fixed_lla, 64);
	if (ret && ret != -EEXIST)
		log_warn("%s: link-local address of RFC 6543: %s", l->name, strerror(-ret));
}

static void appeared(struct io_link *l, uint32_t ifindex, const struct llid *lladdr)
{
	l->ifindex = ifindex;
	l->lladdr = *lladdr;
	l->running = false;
	log_info("%s: %s with index %u", l->name, l->access ? "access link" : "port", ifindex);
	if (l->access) {
		l->access->ifindex = ifindex;
		set_addresses(l);
		int ret = solicit_open(l);

		if (ret)
			log_err("%s: cannot hear solicitations: %s", l->name, strerror(-ret));
	}
	if (l->io->conf->kernel)
		device_sysctl(l->name, "forwarding", "1");
	forwarding_link_set(l->io, l);
}

static void attach_on_carrier(struct io_link *l)
{
	const struct mag_link_conf *a = l->access;
	int ret;

	if (!a || !l->io->mag || !a->attach_on_carrier)
		return;
	ret = mag_on_attach(l->io->mag, l->ifindex, &a->lladdr, a->mn_id.len ? &a->mn_id : NULL,
			    NULL, ATTACH_CARRIER);
	if (ret && ret != -EINPROGRESS)
		log_ratelimited(LOG_WARNING, "%s: attachment on carrier: %s", l->name,
				strerror(-ret));
}

/**
 * link_carrier() - the module says that a link is up
 * @io: the daemon
 * @ifindex: its number
 *
 * rtnetlink joins a loss and its end into one message, or none, where they
 * follow each other closely.
 */
void link_carrier(struct io *io, uint32_t ifindex)
{
	struct io_link *l = ifindex ? link_by_index(io, ifindex) : NULL;

	if (l)
		attach_on_carrier(l);
}

static void set_running(struct io_link *l, bool up)
{
	struct io *io = l->io;

	l->running = up;
	log_info("%s: %s", l->name, up ? "running" : "not running");
	/* The module's own event is faster, where there is a module. */
	if (l->access && io->mag && !io->conf->kernel)
		mag_on_link(io->mag, l->ifindex, up);
	if (up)
		attach_on_carrier(l);
}

/**
 * link_gone() - a device is no more
 * @io: the daemon
 * @ifindex: its number
 */
void link_gone(struct io *io, uint32_t ifindex)
{
	struct io_link *l = link_by_index(io, ifindex);

	if (!l)
		return;
	log_info("%s: gone", l->name);
	mld_upstream_gone(l);
	link_unlisten(l);
	if (l->access && io->mag && (l->running || io->conf->kernel))
		mag_on_link(io->mag, ifindex, false);
	l->running = false;
	l->ifindex = 0;
	if (l->access)
		l->access->ifindex = 0;
}

/**
 * link_seen() - what rtnetlink says about a device
 * @io: the daemon
 * @ifindex: its number
 * @name: its name now
 * @running: administratively up and with carrier
 * @lladdr: its link-layer address
 */
void link_seen(struct io *io, uint32_t ifindex, const char *name, bool running,
	       const struct llid *lladdr)
{
	struct io_link *l = link_by_index(io, ifindex);

	/* Renamed: the name is what the configuration file means. */
	if (l && strcmp(l->name, name))
		link_gone(io, ifindex);
	l = link_by_name(io, name);
	if (!l)
		return;
	/* Removed and back before the news of it were read */
	if (l->ifindex && l->ifindex != ifindex)
		link_gone(io, l->ifindex);
	if (!l->ifindex)
		appeared(l, ifindex, lladdr);
	else
		l->lladdr = *lladdr;
	if (running != l->running)
		set_running(l, running);
	if (running)
		mld_upstream_seen(l);
	else
		mld_upstream_gone(l);
}
