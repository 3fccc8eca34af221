/* SPDX-License-Identifier: GPL-2.0 */
/* A record of a store becomes one that nobody can read */
#ifndef SELFTESTS_UNIT_IO_STORE_BREAK_H
#define SELFTESTS_UNIT_IO_STORE_BREAK_H

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The store may be open; @data has been committed, and is in the first 256 kB of the file */
static inline void store_break(const char *where, const char *data)
{
	static char buf[1 << 18];
	char pattern[64];
	glob_t g;
	size_t at = 0;
	int fd;

	snprintf(pattern, sizeof(pattern), "%s/sessions-*", where);
	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	fd = open(g.gl_pathv[0], O_RDWR);
	assert_int_equal(pread(fd, buf, sizeof(buf), 0), sizeof(buf));
	while (at + strlen(data) < sizeof(buf) && memcmp(buf + at, data, strlen(data) + 1))
		at++;
	assert_true(at + strlen(data) < sizeof(buf));
	assert_int_equal(pwrite(fd, "\xff", 1, (off_t)at), 1);
	close(fd);
	globfree(&g);
}

#endif
