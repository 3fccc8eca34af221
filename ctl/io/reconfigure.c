// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration file is read again: who may register and solicit, and the pools, are
 * other than before.  Who is not concerned notices nothing; what is wrong changes nothing.
 */
#include "conf/changes.h"
#include "core/log.h"
#include "io/announce.h"
#include "io/io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All that can fail, before anything is other than it was but for routes, which do no harm */
static int prepare(struct io *io, const struct conf *is, char *err, size_t size)
{
	int ret;

	if (device_pools(io, &is->lma)) {
		snprintf(err, size, "%s:0: lma.pools: the kernel takes no route", is->path);
		return -1;
	}
	ret = io->lma ? lma_pools_change(io->lma, is->lma.pool, is->lma.n_pools) : 0;
	if (ret)
		snprintf(err, size, "%s:0: lma.pools: %s", is->path, strerror(-ret));
	return ret;
}

static void take(struct io *io, struct conf *is)
{
	conf_take(io->conf, is);
	log_set_level(io->conf->log_level);
	know_peers(io);
	announce_pools(io);
	if (io->lma)
		lma_mags_changed(io->lma);
	if (io->mag)
		mag_peers_changed(io->mag);
}

static int read_again(struct io *io, struct conf *is, char *err, size_t size)
{
	int ret;

	if (conf_load(is, io->conf->path, err, size))
		return -1;
	ret = conf_changes(io->conf, is, err, size) || prepare(io, is, err, size) ? -1 : 0;
	if (!ret)
		take(io, is);
	conf_free(is);
	return ret;
}

/**
 * reconfigure() - run by what the configuration file says now
 * @io: the daemon
 * @err: where to say what is wrong
 * @size: bytes in @err
 *
 * Return: 0; or -1 with "file:line: key: what", and all is as it was.
 */
int reconfigure(struct io *io, char *err, size_t size)
{
	struct conf *is = malloc(sizeof(*is));
	struct notice n = { .event = "conf-reloaded" };
	int ret = -1;

	supervisor_reloading(io);
	if (is)
		ret = read_again(io, is, err, size);
	else
		snprintf(err, size, "%s:0: no memory", io->conf->path);
	free(is);
	if (ret) {
		log_err("%s; what was read before stays", err);
		n.event = "conf-refused";
		n.detail = err;
	} else {
		log_info("%s: read again", io->conf->path);
	}
	io->env.ops->notify(io, &n);
	supervisor_reloaded(io, ret ? err : NULL);
	return ret;
}
