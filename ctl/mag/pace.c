// SPDX-License-Identifier: GPL-2.0
/* Sessions that wait for their turn with the anchor. */
#include "mag/session.h"

static void pace(struct mag *m)
{
	unsigned int i;

	for (i = 0; i < PACE_BATCH && m->queue; i++) {
		struct session *s = m->queue;

		DL_DELETE2(m->queue, s, q_prev, q_next);
		s->queued = false;
		session_event(s, EVENT_TURN);
	}
	if (i)
		mag_timer(m, &m->pace_timer, PACE_MS);
}

static void pace_fire(void *arg)
{
	pace(arg);
}

/**
 * session_queue() - let a session have its turn with the anchor
 * @s: the session
 *
 * Ten thousand nodes behind one link leave at once; their messages do not:
 * PACE_BATCH of them every PACE_MS.  A lone one has its turn now.
 */
void session_queue(struct session *s)
{
	struct mag *m = s->mag;

	if (s->queued)
		return;
	s->queued = true;
	DL_APPEND2(m->queue, s, q_prev, q_next);
	if (!m->pace_timer.fire)
		timer_init(&m->pace_timer, pace_fire, m);
	if (!timer_pending(&m->pace_timer))
		mag_timer(m, &m->pace_timer, 0);
}
