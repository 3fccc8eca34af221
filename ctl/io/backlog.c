// SPDX-License-Identifier: GPL-2.0
/*
 * Messages that come before there is a state machine to take them: a start reads what
 * the kernel has kept, maybe a million bindings.  They wait in the order in which they
 * came.  When no more can, those that come are dropped: their senders repeat them, and
 * those that wait are answered the sooner.
 */
#include "io/io.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

/**
 * backlog_put() - one more has to wait
 * @b: those that wait
 * @p: the message, which is copied
 *
 * Return: 0, -ENOBUFS for more than BACKLOG_MAX, -ENOMEM.
 */
int backlog_put(struct backlog *b, const struct mh_packet *p)
{
	struct waiting *w;

	if (b->n == BACKLOG_MAX)
		return -ENOBUFS;
	w = malloc(sizeof(*w) + p->len);
	if (!w)
		return -ENOMEM;
	memcpy(w->data, p->data, p->len);
	w->packet = *p;
	w->packet.data = w->data;
	DL_APPEND(b->list, w);
	b->n++;
	return 0;
}

/**
 * backlog_take() - the first of those that wait
 * @b: those that wait
 *
 * Return: it, to be freed by the caller; NULL where none is left.
 */
struct waiting *backlog_take(struct backlog *b)
{
	struct waiting *w = b->list;

	if (!w)
		return NULL;
	DL_DELETE(b->list, w);
	b->n--;
	return w;
}

/**
 * backlog_free() - forget those that wait
 * @b: those that wait
 */
void backlog_free(struct backlog *b)
{
	struct waiting *w;

	while ((w = backlog_take(b)))
		free(w);
}
