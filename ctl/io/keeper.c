// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* close_range() */
/*
 * A child of the daemon that outlives it.  When a daemon dies its kernel still has the
 * anchor's address, which will be the other one's once the lease has ended: then the child
 * takes it away, unless there is a next daemon by then, whose affair it is.
 *
 * It is forked while the daemon is small, and has nothing open but a pipe: what it reads there
 * is until when the lease lasts; that the pipe ends says that the daemon has.
 */
#include "core/log.h"
#include "io/announce.h"
#include "io/io.h"
#include "io/pair.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define PIPE_FD	3

static void sleep_until(uint64_t ns)
{
	const struct timespec ts = {
		.tv_sec = (time_t)(ns / NSEC_PER_SEC), .tv_nsec = (long)(ns % NSEC_PER_SEC),
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

/* The daemon of a pair has this for as long as it lives, and a keeper while it withdraws. */
static int lock_address(const char *dir, int how)
{
	char path[4128];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/pair-lock", dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	do {
		ret = flock(fd, how) ? -errno : fd;
	} while (ret == -EINTR);
	if (ret < 0)
		close(fd);
	return ret;
}

/* Who has used the directory last; 0: nobody has said */
static pid_t last_one(const char *dir)
{
	char path[4128];
	int pid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/lock", dir);
	f = fopen(path, "re");
	if (f && fscanf(f, "%d", &pid) != 1)
		pid = 0;
	if (f)
		fclose(f);
	return pid;
}

/**
 * keeper_alone() - whether there is no next daemon, whose affair the address would be
 * @dir: the state directory
 * @last: the daemon that has died
 *
 * Its own lock is not tried: a daemon that begins in this moment would be refused.
 *
 * Return: a descriptor: as long as it is open the next one of a pair waits; -errno: there is
 * one.
 */
int keeper_alone(const char *dir, pid_t last)
{
	int fd = lock_address(dir, LOCK_EX | LOCK_NB);
	pid_t now = last_one(dir);

	if (fd < 0 || !now || now == last)
		return fd;
	close(fd);
	return -EBUSY;
}

static void withdraw(struct io *io, pid_t last)
{
	const struct lma_conf *c = &io->conf->lma;
	int fd = keeper_alone(io->conf->state_dir, last), ret;

	if (fd < 0 || rtnl_open_requests(io))
		return;
	/* it was forked before anything was announced: what there is, an own look tells */
	announce_stop(io);
	if (announce_withdraw(io))
		log_err("pair %s: the routes to the pools stay", c->pair.name);
	ret = announce_address(io, c->pair.device, &c->address, false);
	log_info("pair %s: the lease has ended, and pmipd before: its address goes: %s",
		 c->pair.name, strerror(-ret));
}

static void keep(struct io *io, pid_t last)
{
	const uint64_t grace = io->conf->lma.pair.interval_ms * NSEC_PER_MSEC;
	uint64_t until = 0, v, now;
	ssize_t n;

	for (;;) {
		n = read(PIPE_FD, &v, sizeof(v));
		if (n == sizeof(v))
			until = v;
		else if (n >= 0 || errno != EINTR)
			break;
	}
	if (!until)
		return;
	/* where the store is away the lease has ended long ago, and nobody else has it */
	now = io->env.ops->now(io);
	sleep_until(until > now + grace ? until : now + grace);
	withdraw(io, last);
}

static void child(struct io *io, pid_t last, int fd)
{
	prctl(PR_SET_NAME, "pmipd-keeper");
	/* who ends all of a service at once does not mean this one */
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (dup2(fd, PIPE_FD) < 0 || close_range(PIPE_FD + 1, ~0U, 0))
		_exit(1);
	keep(io, last);
	_exit(0);
}

/**
 * keeper_start() - have somebody left when this daemon dies
 * @io: the daemon, with nothing done yet
 * @k: filled
 *
 * An earlier daemon's that is about to take the address away has done so on return.
 *
 * Return: 0 or -errno.
 */
int keeper_start(struct io *io, struct keeper *k)
{
	const pid_t last = getpid();
	int fd[2], ret = 0;
	pid_t pid;

	k->fd = -1;
	k->lock = lock_address(io->conf->state_dir, LOCK_EX);
	if (k->lock < 0)
		return k->lock;
	if (pipe2(fd, O_CLOEXEC))
		return -errno;
	/* nobody waits for a child that stands still */
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	pid = fork();
	if (!pid)
		child(io, last, fd[0]);
	if (pid < 0)
		ret = -errno;
	close(fd[0]);
	if (ret)
		close(fd[1]);
	else
		k->fd = fd[1];
	return ret;
}

/**
 * keeper_until() - so long the address is ours
 * @k: the child
 * @until: ns of the monotonic clock; 0: it is not
 */
void keeper_until(struct keeper *k, uint64_t until)
{
	if (k->fd >= 0 && write(k->fd, &until, sizeof(until)) != sizeof(until))
		log_ratelimited(LOG_ERR, "the keeper of the address has died: %s", strerror(errno));
}

/**
 * keeper_leave() - this daemon ends: from here on it is the child's affair
 * @k: the child
 */
void keeper_leave(struct keeper *k)
{
	if (k->lock >= 0)
		close(k->lock);
	if (k->fd >= 0)
		close(k->fd);
	k->lock = -1;
	k->fd = -1;
}
