// SPDX-License-Identifier: GPL-2.0
/* How often a link-layer address is listened to, in constant memory. */
#include "mag/session.h"

/**
 * rate_ok() - whether one more solicitation is within the limit
 * @m: the gateway
 * @r: the counter, all zero at first
 *
 * Return: false beyond rs_per_second within this second.
 */
bool rate_ok(struct mag *m, struct rate *r)
{
	uint64_t now = m->env->ops->now(m->env->ctx);

	if (!r->window || now - r->window >= NSEC_PER_SEC) {
		r->window = now;
		r->count = 0;
	}
	if (r->count >= m->conf->rs_per_second) {
		m->counters.rs_limited++;
		return false;
	}
	r->count++;
	return true;
}

/**
 * solicit_newcomer() - the same for an address without a session
 * @m: the gateway
 * @key: where and who
 *
 * Addresses whose hashes collide share one allowance, so that a flood of
 * made-up ones takes no memory.
 *
 * Return: false beyond the limit.
 */
bool solicit_newcomer(struct mag *m, const struct session_key *key)
{
	return rate_ok(m, &m->newcomer[dict_hash(key, sizeof(*key)) % SOLICIT_SLOTS]);
}
