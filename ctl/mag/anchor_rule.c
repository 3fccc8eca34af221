// SPDX-License-Identifier: GPL-2.0
/*
 * When nodes go to another anchor: what the configuration says of access links, of prefixes
 * and of how loaded anchors are.
 */
#include "mag/session.h"

static bool loaded(const struct session *s, uint8_t percent)
{
	return s->peer->says_load && s->peer->load >= percent;
}

static bool has_within(const struct session *s, const struct prefix *p)
{
	for (unsigned int i = 0; i < s->n_hnp; i++)
		if (prefix_contains(p, &s->hnp[i]))
			return true;
	return false;
}

static bool fits(const struct session *s, const struct mag_anchor_rule *r)
{
	const struct mag_conf *c = s->mag->conf;

	if (r->dev[0] && mag_link(s->mag, s->key.ifindex) != &c->link[r->link])
		return false;
	if (r->prefix.len && !has_within(s, &r->prefix))
		return false;
	return !r->load || loaded(s, r->load);
}

static enum lma_ho_reason reason_of(const struct mag_anchor_rule *r)
{
	if (r->load)
		return LMA_HO_LOAD;
	return r->dev[0] ? LMA_HO_ACCESS : LMA_HO_POLICY;
}

/**
 * anchor_judge() - is a session where the configuration wants it
 * @s: a session that has just been accepted by its anchor, or may be handed over again
 *
 * The first rule that fits says where.  A node that is about to leave for another gateway, or
 * has come to its anchor less than interval_ms ago, is left alone.
 */
void anchor_judge(struct session *s)
{
	const struct mag_anchor_conf *c = &s->mag->conf->anchors;
	const struct boundary *b = s->node->boundary;
	struct env *env = s->mag->env;

	if (!c->enabled || s->node->leaving || (b && env->ops->now(env->ctx) < b->again))
		return;
	for (unsigned int i = 0; i < c->n_rules; i++) {
		if (!fits(s, &c->rule[i]))
			continue;
		if (!IN6_ARE_ADDR_EQUAL(&c->rule[i].to, &s->lma))
			boundary_ask(s, reason_of(&c->rule[i]), &c->rule[i].to, 0);
		return;
	}
}
