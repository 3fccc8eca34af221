/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tells a routing daemon (FRR, BIRD) that the nodes of the pools are here: a route of
 * the kernel's for each pool, with a protocol number of its own.
 */
#ifndef CTL_IO_ANNOUNCE_H
#define CTL_IO_ANNOUNCE_H

#include <netinet/in.h>
#include <stdbool.h>

struct io;

/* The routes are there, and stay so until the one or the other is called */
int announce_start(struct io *io);
void announce_stop(struct io *io);
/* The configuration has other pools, or another group "announce" */
void announce_pools(struct io *io);
/* The daemon ends: what there is stays */
void announce_close(struct io *io);
/* A device has come, gone or changed */
void announce_link(struct io *io, const char *name);
/* In a process without the loop, with io->rtnl_fd its own: all routes go */
int announce_withdraw(struct io *io);
/* The anchor's own address, on a device or not */
int announce_address(struct io *io, const char *dev, const struct in6_addr *a, bool on);

bool announce_there(const struct io *io, unsigned int pool);
const char *announce_error(const struct io *io);

#endif
