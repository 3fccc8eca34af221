// SPDX-License-Identifier: GPL-2.0
/* Lines out of a stream of bytes, in a buffer that does not grow. */
#include "io/control.h"

#include <string.h>

/**
 * control_lines_room() - where the next bytes go
 * @l: the buffer
 * @at: set to the place
 *
 * Return: bytes there, 0 when a line is too long to be one.
 */
size_t control_lines_room(struct control_lines *l, char **at)
{
	if (l->used) {
		memmove(l->buf, l->buf + l->used, l->len - l->used);
		l->len -= l->used;
		l->used = 0;
	}
	*at = l->buf + l->len;
	return sizeof(l->buf) - l->len;
}

/**
 * control_lines_add() - bytes have been put there
 * @l: the buffer
 * @n: how many
 */
void control_lines_add(struct control_lines *l, size_t n)
{
	l->len += n;
}

/**
 * control_lines_next() - take a line out
 * @l: the buffer
 *
 * Return: the line, NUL for its newline, valid until control_lines_room();
 * NULL when there is no whole one.
 */
char *control_lines_next(struct control_lines *l)
{
	char *line = l->buf + l->used;
	char *end = memchr(line, '\n', l->len - l->used);

	if (!end)
		return NULL;
	*end = '\0';
	l->used = (size_t)(end - l->buf) + 1;
	return line;
}
