// SPDX-License-Identifier: GPL-2.0
/*
 * libconfig's scanner ends the process when a file can be opened and not read, as a directory
 * can: what it is to read, and what that includes, is looked at before.
 */
#include "conf/readable.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX	10	/* of included files, as libconfig has it */

struct place {
	const char *path;
	unsigned int line;
	char *err;
	size_t size;
};

/* "@include "NAME"" at the beginning of a line: NAME, which ends the text there; or NULL */
static char *included(char *line)
{
	char *name = line + strspn(line, " \t"), *end;

	if (strncmp(name, "@include", 8) || !strchr(" \t", name[8]))
		return NULL;
	name += 8;
	name += strspn(name, " \t");
	if (*name++ != '"')
		return NULL;
	end = strchr(name, '"');
	if (!end)
		return NULL;
	*end = '\0';
	return name;
}

static int look(const struct place *from, const char *path, unsigned int depth);

static int look_at_line(const struct place *at, char *line, unsigned int depth)
{
	const char *name = included(line), *what = NULL;

	if (!name)
		return 0;
	/* What libconfig takes for a part of a name, and nobody needs there */
	if (strchr(name, '\\'))
		what = "has a backslash";
	else if (depth == DEPTH_MAX)
		what = "too many files within each other";
	if (!what)
		return look(at, name, depth + 1);
	snprintf(at->err, at->size, "%s:%u: @include: %s", at->path, at->line, what);
	return -1;
}

static int look_inside(const struct place *from, const char *path, unsigned int depth)
{
	struct place at = { .path = path, .err = from->err, .size = from->size };
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	int ret = 0;

	/* Why it cannot be opened, libconfig says */
	if (!f)
		return 0;
	while (!ret && getline(&line, &room, f) >= 0) {
		at.line++;
		ret = look_at_line(&at, line, depth);
	}
	free(line);
	fclose(f);
	return ret;
}

static int look(const struct place *from, const char *path, unsigned int depth)
{
	struct stat st;

	if (stat(path, &st))
		return 0;
	if (!S_ISREG(st.st_mode)) {
		snprintf(from->err, from->size, "%s:%u: @include: %s: not a file", from->path,
			 from->line, path);
		return -1;
	}
	return look_inside(from, path, depth);
}

/**
 * conf_readable() - whether libconfig can be given a file
 * @path: the file
 * @err: where to say what is wrong
 * @size: bytes in @err
 *
 * An included file that does not exist is none of this: libconfig refuses it.
 *
 * Return: 0; or -1 with "file:line: what".
 */
int conf_readable(const char *path, char *err, size_t size)
{
	const struct place top = { .path = path, .err = err, .size = size };
	struct stat st;
	bool there = !stat(path, &st);

	if (there && S_ISREG(st.st_mode))
		return look_inside(&top, path, 0);
	snprintf(err, size, "%s:0: cannot be read: %s", path,
		 there ? "not a file" : strerror(errno));
	return -1;
}
