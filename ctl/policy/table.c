// SPDX-License-Identifier: GPL-2.0
/* Profiles in memory: what every back end that reads all of them ends in. */
#include "policy/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct iface {
	struct llid lladdr;
	struct entry *entry;
	UT_hash_handle hh;
};

struct entry {
	struct profile profile;
	struct iface iface[PROFILE_LLADDRS];
	UT_hash_handle hh;
};

struct policy_table {
	struct entry *by_id;
	struct iface *by_lladdr;
};

/* Only the bytes that count go into the hash, whatever follows them. */
static void id_key(const struct mn_id *id, struct mn_id *key)
{
	memset(key, 0, sizeof(*key));
	key->subtype = id->subtype;
	key->len = id->len <= MN_ID_MAX ? id->len : MN_ID_MAX;
	memcpy(key->id, id->id, key->len);
}

static void lladdr_key(const struct llid *l, struct llid *key)
{
	memset(key, 0, sizeof(*key));
	key->len = l->len <= LLID_MAX ? l->len : LLID_MAX;
	memcpy(key->id, l->id, key->len);
}

static const struct profile *by_mn_id(void *store, const struct mn_id *id)
{
	struct policy_table *t = store;
	struct mn_id key;
	struct entry *e;

	id_key(id, &key);
	HASH_FIND(hh, t->by_id, &key, sizeof(key), e);
	return e ? &e->profile : NULL;
}

static const struct profile *by_lladdr(void *store, const struct llid *l)
{
	struct policy_table *t = store;
	struct llid key;
	struct iface *i;

	lladdr_key(l, &key);
	HASH_FIND(hh, t->by_lladdr, &key, sizeof(key), i);
	return i ? &i->entry->profile : NULL;
}

static void entry_del(struct policy_table *t, struct entry *e, unsigned int n)
{
	while (n--)
		HASH_DEL(t->by_lladdr, &e->iface[n]);
	free(e);
}

/**
 * table_new() - an empty table
 *
 * Return: the table, NULL if there is no memory.
 */
struct policy_table *table_new(void)
{
	return calloc(1, sizeof(struct policy_table));
}

/**
 * table_add() - one more profile
 * @t: the table; unchanged on error
 * @pr: copied
 *
 * Return: 0; -EEXIST if the identifier is there already, -EADDRINUSE if one
 * of the link-layer addresses is, -EINVAL for too many, -ENOMEM.
 */
int table_add(struct policy_table *t, const struct profile *pr)
{
	struct entry *e;
	unsigned int n;

	if (by_mn_id(t, &pr->mn_id))
		return -EEXIST;
	if (pr->n_lladdrs > PROFILE_LLADDRS || pr->n_hnp > HNP_MAX)
		return -EINVAL;
	e = calloc(1, sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->profile = *pr;
	id_key(&pr->mn_id, &e->profile.mn_id);
	for (n = 0; n < pr->n_lladdrs; n++) {
		struct iface *i = &e->iface[n];

		if (by_lladdr(t, &pr->lladdr[n])) {
			entry_del(t, e, n);
			return -EADDRINUSE;
		}
		lladdr_key(&pr->lladdr[n], &i->lladdr);
		i->entry = e;
		HASH_ADD(hh, t->by_lladdr, lladdr, sizeof(i->lladdr), i);
	}
	HASH_ADD(hh, t->by_id, profile.mn_id, sizeof(struct mn_id), e);
	return 0;
}

/**
 * table_free() - release a table
 * @store: the table, NULL allowed
 */
void table_free(void *store)
{
	struct policy_table *t = store;
	struct entry *e, *tmp;

	if (!t)
		return;
	HASH_CLEAR(hh, t->by_lladdr);
	HASH_ITER(hh, t->by_id, e, tmp) {
		HASH_DEL(t->by_id, e);
		free(e);
	}
	free(t);
}

static void each(void *store, bool (*fn)(void *arg, const struct profile *pr),
		 void *arg)
{
	struct policy_table *t = store;
	struct entry *e, *tmp;

	HASH_ITER(hh, t->by_id, e, tmp)
		if (!fn(arg, &e->profile))
			return;
}

static const struct policy_ops table_ops = {
	.by_mn_id = by_mn_id,
	.by_lladdr = by_lladdr,
	.each = each,
	.free = table_free,
};

/**
 * table_open() - make a filled table the policy store
 * @p: the store
 * @t: belongs to @p from now on
 */
void table_open(struct policy *p, struct policy_table *t)
{
	p->ops = &table_ops;
	p->store = t;
}

/**
 * policy_table_open() - a policy store of given profiles
 * @p: the store
 * @v: profiles, copied
 * @n: how many
 *
 * Return: 0, or what table_add() returned, with @p untouched.
 */
int policy_table_open(struct policy *p, const struct profile *v, size_t n)
{
	struct policy_table *t = table_new();
	size_t i;
	int err;

	if (!t)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		err = table_add(t, &v[i]);
		if (err) {
			table_free(t);
			return err;
		}
	}
	table_open(p, t);
	return 0;
}
