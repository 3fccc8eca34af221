// SPDX-License-Identifier: GPL-2.0
/* Requests that wait for an answer, in the order in which their waits end. */
#include "load.h"

#define FIRST_WAIT	(1000 * NSEC_PER_MSEC)	/* RFC 6275 §12: INITIAL_BINDACK_TIMEOUT */

/**
 * queue_add() - a request has left
 * @ld: all
 * @index: its node, whose time of sending and number of tries are set
 */
void queue_add(struct load *ld, uint32_t index)
{
	struct queue *q = &ld->waiting;
	struct node *n = &ld->node[index];
	uint32_t *tail = &q->tail[n->tries];

	n->prev = *tail;
	n->next = 0;
	if (*tail)
		ld->node[*tail - 1].next = index + 1;
	else
		q->head[n->tries] = index + 1;
	*tail = index + 1;
	q->len++;
}

/**
 * queue_remove() - a request waits no longer
 * @ld: all
 * @index: its node, with the number of tries of queue_add()
 */
void queue_remove(struct load *ld, uint32_t index)
{
	struct queue *q = &ld->waiting;
	struct node *n = &ld->node[index];

	if (n->prev)
		ld->node[n->prev - 1].next = n->next;
	else
		q->head[n->tries] = n->next;
	if (n->next)
		ld->node[n->next - 1].prev = n->prev;
	else
		q->tail[n->tries] = n->prev;
	q->len--;
}

/**
 * queue_overdue() - one that has waited long enough
 * @ld: all
 * @now: ns
 * @index: set to the node
 *
 * RFC 6275 §11.8: the wait doubles with each retransmission.
 *
 * Return: false if there is none.
 */
bool queue_overdue(const struct load *ld, uint64_t now, uint32_t *index)
{
	unsigned int tries;

	for (tries = 1; tries <= LOAD_TRIES; tries++) {
		uint32_t head = ld->waiting.head[tries];

		if (!head || now < ld->node[head - 1].sent + (FIRST_WAIT << (tries - 1)))
			continue;
		*index = head - 1;
		return true;
	}
	return false;
}
