// SPDX-License-Identifier: GPL-2.0
/* The restart counter of RFC 5847 §3.4, which must survive the daemon. */
#include "core/log.h"
#include "io/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAME		"restart-counter"
#define REPLACE_MS	30000	/* a million bindings end in less */

static int read_counter(int dir, uint32_t *counter)
{
	char text[32] = "", *end;
	unsigned long v;
	ssize_t n;
	int fd;

	fd = openat(dir, NAME, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0)
		return -errno;
	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno || end == text || *end != '\n' || v > UINT32_MAX)
		return -EINVAL;
	*counter = (uint32_t)v;
	return 0;
}

/* Whole or not at all, and on the disk before anybody is told the number */
static int write_counter(int dir, uint32_t counter)
{
	char text[32];
	int fd, len, ret = 0;

	len = snprintf(text, sizeof(text), "%u\n", counter);
	fd = openat(dir, NAME ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (write(fd, text, (size_t)len) != len || fsync(fd))
		ret = errno ? -errno : -EIO;
	close(fd);
	if (!ret && (renameat(dir, NAME ".new", dir, NAME) || fsync(dir)))
		ret = -errno;
	return ret;
}

static int lock_dir(int dir)
{
	int fd = openat(dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	int ret;

	if (fd < 0)
		return -errno;
	/* who it is, for the one that replaces it */
	if (!flock(fd, LOCK_EX | LOCK_NB) && !ftruncate(fd, 0) && dprintf(fd, "%d\n", getpid()) > 0)
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

/* The process that has the lock; 0: it has not said */
static pid_t holder(int fd)
{
	char text[16] = "", *end;
	long pid;

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		return 0;
	pid = strtol(text, &end, 10);
	return *end == '\n' && pid > 1 && pid <= INT_MAX ? (pid_t)pid : 0;
}

static int wait_for(int fd)
{
	const struct timespec ms = { .tv_nsec = NSEC_PER_MSEC };
	unsigned int i;

	for (i = 0; i < REPLACE_MS; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return 0;
		nanosleep(&ms, NULL);
	}
	return -ETIMEDOUT;
}

/**
 * restart_replace() - have the daemon end that uses a state directory
 * @dir: the directory
 *
 * It is told as by a supervisor, leaves all that it knows, and has let go of everything on
 * return.
 *
 * Return: 0, also if there is none; or -errno after saying what failed.
 */
int restart_replace(const char *dir)
{
	int d = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd, ret = 0;
	pid_t pid;

	fd = d < 0 ? -1 : openat(d, "lock", O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		ret = errno == ENOENT ? 0 : -errno;
	} else if (flock(fd, LOCK_EX | LOCK_NB)) {
		pid = holder(fd);
		log_info("%s: process %d is to end", dir, pid);
		ret = !pid || kill(pid, SIGTERM) ? -ESRCH : wait_for(fd);
	}
	if (ret)
		log_err("%s: the daemon that uses it: %s", dir, strerror(-ret));
	if (fd >= 0)
		close(fd);
	if (d >= 0)
		close(d);
	return ret;
}

/**
 * restart_counter_pass() - the counter is behind what the kernel holds
 * @dir: the state directory, which is locked
 * @counter: the number of this start; beyond @beyond on return
 * @beyond: the latest number of an earlier start that is known otherwise
 *
 * The file has been lost, or put back: numbers that were used are not used
 * again (RFC 5847 §3.4: "incremented every time"), and what an earlier start
 * has left is older than this one's.
 *
 * Return: 0, or -errno after saying what failed.
 */
int restart_counter_pass(const char *dir, uint32_t *counter, uint32_t beyond)
{
	int fd, ret;

	/* serial, as the kernel compares them: it may wrap */
	if ((int32_t)(beyond - *counter) < 0)
		return 0;
	log_warn("%s/" NAME ": start %u, but start %u has been before", dir, *counter,
		 beyond);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ret = fd < 0 ? -errno : write_counter(fd, beyond + 1);
	if (fd >= 0)
		close(fd);
	if (ret)
		log_err("%s/" NAME ": %s", dir, strerror(-ret));
	else
		*counter = beyond + 1;
	return ret;
}

/**
 * restart_counter() - count this start
 * @dir: the state directory, created if it is missing
 * @counter: the number of this start, from 1
 * @lock: descriptor to keep open: no second daemon counts here meanwhile
 *
 * Return: 0, or -errno after saying what failed.
 */
int restart_counter(const char *dir, uint32_t *counter, int *lock)
{
	uint32_t v = 0;
	int fd, ret;

	if (mkdir(dir, 0755) && errno != EEXIST) {
		ret = -errno;
		log_err("%s: %s", dir, strerror(-ret));
		return ret;
	}
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		log_err("%s: %s", dir, strerror(-ret));
		return ret;
	}
	ret = lock_dir(fd);
	if (ret < 0) {
		log_err("%s: %s", dir, ret == -EWOULDBLOCK ? "another daemon uses it" :
			strerror(-ret));
		goto out;
	}
	*lock = ret;
	ret = read_counter(fd, &v);
	if (!ret)
		ret = write_counter(fd, v + 1);
	if (ret) {
		log_err("%s/" NAME ": %s", dir, ret == -EINVAL ? "not a number" : strerror(-ret));
		close(*lock);
		*lock = -1;
		goto out;
	}
	*counter = v + 1;
out:
	close(fd);
	return ret;
}
