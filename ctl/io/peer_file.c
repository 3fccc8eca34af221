// SPDX-License-Identifier: GPL-2.0
/*
 * The peers of heartbeats, which must survive the daemon: RFC 5847 §3.2 has it
 * tell them of its restart, and a restart of theirs meanwhile must not go
 * unnoticed.  A line each: own address, peer's, "heartbeats" or "none", and the
 * peer's restart counter or "-".
 */
#include "core/log.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME	"peers"
#define LINE	160		/* two addresses, a word and a number */
#define REST_MS	1000		/* between two writings */

/**
 * peer_file_parse() - read one line
 * @line: the line
 * @m: filled
 *
 * Return: 0, or -EINVAL.
 */
int peer_file_parse(const char *line, struct peer_memory *m)
{
	char local[64], remote[64], word[16], counter[16], *end;
	unsigned long v;

	memset(m, 0, sizeof(*m));
	if (sscanf(line, "%63s %63s %15s %15s", local, remote, word, counter) != 4 ||
	    inet_pton(AF_INET6, local, &m->local) != 1 ||
	    inet_pton(AF_INET6, remote, &m->remote) != 1)
		return -EINVAL;
	m->mute = !strcmp(word, "none");
	if (!m->mute && strcmp(word, "heartbeats"))
		return -EINVAL;
	if (!strcmp(counter, "-"))
		return 0;
	errno = 0;
	v = strtoul(counter, &end, 10);
	if (errno || *end || v > UINT32_MAX)
		return -EINVAL;
	m->counted = true;
	m->counter = (uint32_t)v;
	return 0;
}

/**
 * peer_file_print() - the same the other way
 * @f: where to
 * @m: what
 *
 * Return: false if it could not be written.
 */
bool peer_file_print(FILE *f, const struct peer_memory *m)
{
	char local[INET6_ADDRSTRLEN], remote[INET6_ADDRSTRLEN], counter[16] = "-";

	inet_ntop(AF_INET6, &m->local, local, sizeof(local));
	inet_ntop(AF_INET6, &m->remote, remote, sizeof(remote));
	if (m->counted)
		snprintf(counter, sizeof(counter), "%u", m->counter);
	return fprintf(f, "%s %s %s %s\n", local, remote, m->mute ? "none" : "heartbeats",
		       counter) > 0;
}

static bool ours(const struct conf *c, const struct in6_addr *a)
{
	return (c->lma.enabled && IN6_ARE_ADDR_EQUAL(a, &c->lma.address)) ||
	       (c->mag.enabled && IN6_ARE_ADDR_EQUAL(a, &c->mag.address));
}

static FILE *open_file(int dir, const char *name, int flags, const char *mode)
{
	int fd = openat(dir, name, flags | O_CLOEXEC, 0644);
	FILE *f;

	if (fd < 0)
		return NULL;
	f = fdopen(fd, mode);
	if (!f)
		close(fd);
	return f;
}

/**
 * peer_file_load() - recall the peers of earlier daemons
 * @io: the daemon; what cannot be read is left out, heartbeats will show it anew
 */
void peer_file_load(struct io *io)
{
	int dir = open(io->conf->state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct peer_memory m;
	char line[LINE];
	FILE *f;

	f = dir < 0 ? NULL : open_file(dir, NAME, O_RDONLY, "r");
	if (!f && errno != ENOENT)
		log_warn("%s/" NAME ": %s", io->conf->state_dir, strerror(errno));
	while (f && fgets(line, sizeof(line), f)) {
		if (peer_file_parse(line, &m))
			log_ratelimited(LOG_WARNING, "%s/" NAME ": not a peer: %s",
					io->conf->state_dir, line);
		else if (ours(io->conf, &m.local) && !peer_recall(&io->peers, &m))
			log_err("out of memory");
	}
	if (f)
		fclose(f);
	if (dir >= 0)
		close(dir);
}

static bool write_all(const struct io *io, FILE *f)
{
	struct peer *p, *tmp;
	struct peer_memory m;

	HASH_ITER(hh, io->peers.table, p, tmp)
		if (peer_remember(p, &m) && !peer_file_print(f, &m))
			return false;
	return !fflush(f);
}

/**
 * peer_file_flush() - write them down if anything has changed, whole or not at all
 * @io: the daemon
 *
 * They survive the daemon from now on, and the machine when the kernel has written them
 * out: to wait for a disk that is busy would have everybody else wait for seconds.  Whoever
 * was lost with the machine hears of its restart by the next heartbeat.
 */
void peer_file_flush(struct io *io)
{
	const char *path = io->conf->state_dir;
	int dir, ret = 0;
	FILE *f;

	if (!io->peers.changed)
		return;
	io->peers.changed = false;
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	f = dir < 0 ? NULL : open_file(dir, NAME ".new", O_WRONLY | O_CREAT | O_TRUNC, "w");
	if (!f || !write_all(io, f) || renameat(dir, NAME ".new", dir, NAME))
		ret = errno;
	if (f)
		fclose(f);
	if (dir >= 0)
		close(dir);
	if (ret)
		log_ratelimited(LOG_ERR, "%s/" NAME ": %s", path, strerror(ret));
}

static void rested(void *arg)
{
	peer_file_store(arg);
}

/**
 * peer_file_store() - peer_file_flush(), at once or as soon as the last one is old enough
 * @io: the daemon
 */
void peer_file_store(struct io *io)
{
	if (!io->peers.changed || timer_pending(&io->peer_file))
		return;
	peer_file_flush(io);
	timer_init(&io->peer_file, rested, io);
	if (timerq_set(&io->timers, &io->peer_file,
		       io->env.ops->now(io->env.ctx) + REST_MS * NSEC_PER_MSEC))
		log_err("no memory for a timer");
}
