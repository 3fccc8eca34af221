// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memrchr() */
/* The policy store: one interface, several back ends. */
#include "policy/policy.h"

#include <errno.h>
#include <string.h>
#include <utlist.h>

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
 * policy_ask() - have it known what there is of a mobile node
 * @p: the store
 * @id: the MN-Identifier
 * @w: who waits for it, fn and arg set; NULL: nobody
 *
 * Where there is an answer to wait for, @w->fn is called once, later, and never
 * from here: with 0 when policy_find() tells what there is, or -EAGAIN if the store does
 * not answer in its time.
 *
 * Return: 0 if policy_find() does so already; -EINPROGRESS: @w waits; -EAGAIN: the
 * store is out of reach, nobody waits; -ENOMEM.
 */
int policy_ask(struct policy *p, const struct mn_id *id, struct policy_wait *w)
{
	return p->ops->ask ? p->ops->ask(p->store, id, NULL, w) : 0;
}

/**
 * policy_ask_lladdr() - the same by one of its interfaces
 * @p: the store
 * @l: link-layer address
 * @w: as for policy_ask(), for policy_by_lladdr() to tell
 *
 * Return: as policy_ask().
 */
int policy_ask_lladdr(struct policy *p, const struct llid *l, struct policy_wait *w)
{
	return p->ops->ask ? p->ops->ask(p->store, NULL, l, w) : 0;
}

/**
 * policy_serve() - say in the store which anchor serves a node from now on
 * @p: the store
 * @id: the node
 * @lma: the anchor (draft: LMA handover §4.1, LMAA); ::: none does
 * @before: the anchor that served it (PLMAA); ::: none did
 * @w: who waits for the store to acknowledge it (§4.2 (h)); NULL: nobody
 *
 * The store takes it if it knows of no other anchor than these two: of two that take a node
 * at once one hears -EBUSY.  It is tried until the store answers.
 *
 * Return: 0: @w->fn is called once, later, with 0 or -EBUSY; -EOPNOTSUPP: the store cannot
 * be written; -ENOMEM.
 */
int policy_serve(struct policy *p, const struct mn_id *id, const struct in6_addr *lma,
		 const struct in6_addr *before, struct policy_wait *w)
{
	return p->ops->serve ? p->ops->serve(p->store, id, lma, before, w) : -EOPNOTSUPP;
}

/**
 * policy_cancel() - wait no more
 * @w: who may have waited
 */
void policy_cancel(struct policy_wait *w)
{
	if (!w->list)
		return;
	DL_DELETE(*w->list, w);
	w->list = NULL;
}

/**
 * policy_answer() - all who wait in a list go on
 * @list: those who wait; none does afterwards.  It may go with the last of them.
 * @err: what each is told
 *
 * Whoever goes on may cancel others, and ask again.
 */
void policy_answer(struct policy_wait **list, int err)
{
	struct policy_wait *now = *list, *w;

	/* who asks again waits in the store's list, not in this one */
	*list = NULL;
	DL_FOREACH(now, w)
		w->list = &now;
	while ((w = now)) {
		policy_cancel(w);
		w->fn(w->arg, err);
	}
}

/**
 * policy_watch() - hear of changes
 * @p: the store
 * @w: whose functions are called, outside of any call of its own to the store
 */
void policy_watch(struct policy *p, struct policy_watch *w)
{
	DL_APPEND(p->watches, w);
}

/**
 * policy_unwatch() - hear of no more changes
 * @p: the store
 * @w: who does now
 */
void policy_unwatch(struct policy *p, struct policy_watch *w)
{
	DL_DELETE(p->watches, w);
}

/**
 * policy_changed() - tell all who watch
 * @p: the store
 * @id: of whom something else is known now; NULL: of any number of nodes
 */
void policy_changed(struct policy *p, const struct mn_id *id)
{
	struct policy_watch *w;

	DL_FOREACH(p->watches, w)
		if (w->changed)
			w->changed(w->arg, id);
}

/**
 * policy_serves() - whether anybody still needs what is known of a node
 * @p: the store
 * @id: the node
 *
 * Return: true if so.
 */
bool policy_serves(struct policy *p, const struct mn_id *id)
{
	struct policy_watch *w;

	DL_FOREACH(p->watches, w)
		if (w->serves && w->serves(w->arg, id))
			return true;
	return false;
}

/**
 * policy_replace() - another store in the place of this one
 * @p: the store, or none; who watches goes on doing so, and is told
 * @by: the other; the one before on return, for the caller to free
 */
void policy_replace(struct policy *p, struct policy *by)
{
	const struct policy was = *p;

	p->ops = by->ops;
	p->store = by->store;
	by->ops = was.ops;
	by->store = was.store;
	policy_changed(p, NULL);
}

/**
 * policy_free() - close a store
 * @p: the store; nothing happens if it was never opened.  Who watches goes on doing so.
 */
void policy_free(struct policy *p)
{
	if (p->ops)
		p->ops->free(p->store);
	p->ops = NULL;
	p->store = NULL;
}
