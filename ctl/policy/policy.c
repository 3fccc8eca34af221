// SPDX-License-Identifier: GPL-2.0
/* The policy store: one interface, several back ends. */
#include "policy/policy.h"

#include <string.h>

/**
 * policy_by_mn_id() - a mobile node's profile, by its identifier
 * @p: the store
 * @id: the MN-Identifier (RFC 5213 §6.2)
 *
 * Return: the profile, valid until the store is reloaded; NULL: not known.
 */
const struct profile *policy_by_mn_id(struct policy *p, const struct mn_id *id)
{
	return p->ops->by_mn_id(p->store, id);
}

/**
 * policy_by_lladdr() - a mobile node's profile, by one of its interfaces
 * @p: the store
 * @l: link-layer address
 *
 * Return: the profile, valid until the store is reloaded; NULL: not known.
 */
const struct profile *policy_by_lladdr(struct policy *p, const struct llid *l)
{
	return p->ops->by_lladdr(p->store, l);
}

/**
 * policy_each() - every profile that the store knows now
 * @p: the store
 * @fn: called for each; returns false to stop
 * @arg: its first argument
 *
 * A store that cannot be listed lists none.
 */
void policy_each(struct policy *p,
		 bool (*fn)(void *arg, const struct profile *pr), void *arg)
{
	if (p->ops->each)
		p->ops->each(p->store, fn, arg);
}

/**
 * policy_free() - close a store
 * @p: the store; nothing happens if it was never opened
 */
void policy_free(struct policy *p)
{
	if (p->ops)
		p->ops->free(p->store);
	memset(p, 0, sizeof(*p));
}
