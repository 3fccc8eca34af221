// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memrchr() */
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

/* "*@realm" of "user@realm" (RFC 7542 §2.5: the realm is what follows the last @) */
static const struct mn_id *realm_of(const struct mn_id *id)
{
	static struct mn_id realm = { .subtype = 1, .id = "*" };
	const uint8_t *at = memrchr(id->id, '@', id->len);
	size_t len;

	if (!at || id->subtype != realm.subtype)
		return NULL;
	len = (size_t)(id->id + id->len - at);
	if (len >= MN_ID_MAX)
		return NULL;
	memset(realm.id + 1, 0, sizeof(realm.id) - 1);
	memcpy(realm.id + 1, at, len);
	realm.len = (uint8_t)(1 + len);
	return &realm;
}

/**
 * policy_find() - what a mobile node may do, its realm's word included
 * @p: the store
 * @id: the MN-Identifier
 *
 * Return: the node's own profile; else that of "*@" and its realm, which
 * speaks for all nodes that have none; NULL: not known.
 */
const struct profile *policy_find(struct policy *p, const struct mn_id *id)
{
	const struct profile *pr = policy_by_mn_id(p, id);
	const struct mn_id *realm = pr ? NULL : realm_of(id);

	return realm ? policy_by_mn_id(p, realm) : pr;
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
