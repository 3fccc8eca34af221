// SPDX-License-Identifier: GPL-2.0
/*
 * Associations after a gateway or the anchor has come back (RFC 5847 §3.2).
 *
 * Of two gateways the one that registers last with an anchor that has begun
 * anew is told of the other, and solicits it.  Of two gateways one of which has
 * begun anew, that one is told of the other when it registers.  Either way the
 * SHI finds the node attached at its far end, so both have it in the end.
 */
#include "mag/session.h"

/* PACE_BATCH of them every PACE_MS, as the sessions have their turns */
static void solicit_soon(struct assoc *a, unsigned int *count)
{
	mag_timer(a->node->mag, &a->timer, (*count)++ / PACE_BATCH * PACE_MS);
}

/**
 * assoc_peer_restart() - another gateway has come back empty
 * @m: the gateway
 * @p: the other: it knows of no association; ours are solicited anew
 *
 * What was agreed on since its old counter was last seen may be of after the
 * restart: such a one stays, and the other is asked.
 */
void assoc_peer_restart(struct mag *m, struct peer *p)
{
	unsigned int count = 0;
	struct node *n, *tmp;
	struct assoc *a;

	HASH_ITER(hh, m->nodes, n, tmp) {
		a = assoc_find(n, &p->remote);
		if (!a)
			continue;
		if (a->tunnel && a->since > p->counter_seen) {
			assoc_solicit(a, ASSOC_REFRESHING);
			continue;
		}
		if (!a->ours) {
			assoc_free(a, false);
			continue;
		}
		a->state = ASSOC_REFUSED;
		a->tries = 0;
		assoc_drop_tunnel(a);
		solicit_soon(a, &count);
	}
}

/**
 * assoc_peer_alive() - another gateway is heard again
 * @m: the gateway
 * @p: the other: it may have let our associations run out
 */
void assoc_peer_alive(struct mag *m, struct peer *p)
{
	unsigned int count = 0;
	struct node *n, *tmp;
	struct assoc *a;

	HASH_ITER(hh, m->nodes, n, tmp) {
		a = assoc_find(n, &p->remote);
		if (a && a->ours && !a->tries)
			solicit_soon(a, &count);
	}
}

/**
 * assoc_anchor_restart() - a node's anchor has lost its state
 * @m: the gateway
 * @p: the anchor
 *
 * Whichever gateway of a node registers first is told of no other, and lets
 * its association fade; it must hear of the one that is told of it.  So that
 * one solicits again, though to its own knowledge nothing has ended.
 */
void assoc_anchor_restart(struct mag *m, const struct peer *p)
{
	struct node *n, *tmp;
	struct session *s;
	struct assoc *a;

	HASH_ITER(hh, m->nodes, n, tmp) {
		DL_FOREACH(n->sessions, s)
			if (s->peer == p)
				break;
		if (!s)
			continue;
		DL_FOREACH(n->assocs, a)
			a->doubted = true;
	}
}
