// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait for a node whose interface is not reachable (draft: fault
 * tolerant multihoming §3.2).  The kernel holds them once none of a binding's
 * other paths is up; here is only what becomes of them.
 */
#include "mag/session.h"

static bool holds(const struct dp_binding *b)
{
	return b && b->n_paths && b->path[b->n_paths - 1].kind == PMIP_PATH_HOLD;
}

static bool release_one(struct node *n, const struct prefix *p, uint8_t to)
{
	const struct dp_binding *b = forward_binding(n, p);
	struct env *env = n->mag->env;

	/* By a link of the node's that is there they leave by themselves. */
	if (!holds(b) || (to != PMIP_HOLD_TO_FORWARD && b->path[0].kind == PMIP_PATH_LINK))
		return false;
	env->ops->dp_hold_release(env->ctx, p, to);
	return true;
}

/**
 * hold_release() - say what becomes of what waits for a session's node
 * @s: the session
 * @to: enum pmip_hold_to
 *
 * RETURN goes to the kernel also where it redirects and holds nothing: the
 * anchor may wait for the mark of the end.
 */
void hold_release(struct session *s, uint8_t to)
{
	static const char *const event[] = {
		[PMIP_HOLD_TO_RETURN] = "hold-returned",
		[PMIP_HOLD_TO_FORWARD] = "hold-forwarded",
		[PMIP_HOLD_TO_DROP] = "hold-dropped",
	};
	struct node *n = s->node;
	bool some = false;
	unsigned int i;

	if (!s->mag->conf->hold)
		return;
	for (i = 0; i < s->n_hnp + s->n_off; i++)
		some |= release_one(n, &s->hnp[i], to);
	for (i = 0; n->guest && i < n->guest->n_prefix; i++)
		some |= release_one(n, &n->guest->prefix[i], to);
	if (some)
		mag_notify(s->mag, event[to], &n->id, &s->lma, NULL);
}

/**
 * hold_forward() - what waits for a node leaves by the best way that there is now
 * @n: the node
 */
void hold_forward(struct node *n)
{
	struct env *env = n->mag->env;
	struct route *r;

	DL_FOREACH(n->routes, r)
		if (holds(&r->binding))
			env->ops->dp_hold_release(env->ctx, &r->binding.prefix,
						  PMIP_HOLD_TO_FORWARD);
}
