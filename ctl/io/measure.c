// SPDX-License-Identifier: GPL-2.0
/*
 * What the anchor's meters count: bytes of devices as rtnetlink has them, and of tunnels
 * as the module has.  What that means is the anchor's to say (ctl/lma/meter.c).
 */
#include "core/log.h"
#include "io/io.h"
#include "io/pmip_msg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	const struct lma_conf *conf;
	uint64_t (*bytes)[2];		/* of each meter: out, in; a tunnel that is not there: 0 */
};

static int tunnel_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct reading *r = arg;
	struct dp_tunnel t;
	unsigned int i;

	if (pmip_msg_parse_tunnel(nlh, &t) || t.role != PMIP_TUNNEL_LMA_TO_MAG)
		return MNL_CB_OK;
	for (i = 0; i < r->conf->n_meters; i++)
		if (!r->conf->meter[i].dev[0] &&
		    IN6_ARE_ADDR_EQUAL(&t.remote, &r->conf->meter[i].mag))
			pmip_msg_parse_bytes(nlh, &r->bytes[i][0], &r->bytes[i][1]);
	return MNL_CB_OK;
}

static bool reads_tunnels(const struct lma_conf *c)
{
	unsigned int i;

	for (i = 0; i < c->n_meters; i++)
		if (!c->meter[i].dev[0])
			return true;
	return false;
}

/* One that cannot be read says nothing: what it has last said holds. */
static int read_one(struct io *io, struct reading *r, unsigned int i, int tunnels)
{
	const char *dev = r->conf->meter[i].dev;
	int ret = tunnels;

	if (dev[0]) {
		ret = rtnl_link_bytes(io, dev, &r->bytes[i][0], &r->bytes[i][1]);
		if (ret)
			log_ratelimited(LOG_WARNING, "%s: load: %s", dev, strerror(-ret));
	}
	return ret;
}

static void read_all(struct io *io, struct reading *r)
{
	int tunnels = 0;
	unsigned int i;

	if (reads_tunnels(r->conf))
		tunnels = io->genl.nl ? genl_dump(&io->genl, PMIP_CMD_TUNNEL_GET, tunnel_cb, r) :
					-ENOTCONN;
	for (i = 0; i < r->conf->n_meters; i++)
		if (!read_one(io, r, i, tunnels))
			lma_meter_read(io->lma, i, r->bytes[i][0], r->bytes[i][1]);
}

static void fire(void *arg)
{
	struct io *io = arg;
	struct reading r = { .conf = &io->conf->lma };

	r.bytes = calloc(r.conf->n_meters, sizeof(*r.bytes));
	if (r.bytes)
		read_all(io, &r);
	free(r.bytes);
	if (timerq_set(&io->timers, &io->measure, io->env.ops->now(io) +
		       r.conf->load_window_ms * NSEC_PER_MSEC))
		log_err("no memory for the timer of the meters");
}

/**
 * measure_start() - read the meters from now on
 * @io: the daemon; without meters nothing happens
 */
void measure_start(struct io *io)
{
	timer_init(&io->measure, fire, io);
	if (io->lma && io->conf->lma.n_meters)
		fire(io);
}
