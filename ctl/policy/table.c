// SPDX-License-Identifier: GPL-2.0
/* Profiles in memory: what every back end that reads all of them ends in. */
#include "policy/table.h"

#include "core/dict.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct iface {
	struct llid lladdr;
	struct entry *entry;
	struct dict_entry by_lladdr;
};

struct entry {
	struct entry *next;
	struct dict_entry by_id;
	struct profile profile;
	struct iface iface[];
};

struct kept {
	struct kept *next;
	max_align_t data[];
};

struct policy_table {
	struct dict by_id, by_lladdr;
	struct kept *kept;
	struct entry *first, **end;
};

/* Bounded, whatever a length byte says */
static uint32_t id_hash(const struct mn_id *id)
{
	return dict_hash(id->id, id->len <= MN_ID_MAX ? id->len : MN_ID_MAX);
}

static uint32_t lladdr_hash(const struct llid *l)
{
	return dict_hash(l->id, l->len <= LLID_MAX ? l->len : LLID_MAX);
}

static const struct profile *by_mn_id(void *store, const struct mn_id *id)
{
	struct policy_table *t = store;
	struct dict_entry *e = dict_first(&t->by_id, id_hash(id));

	for (; e; e = dict_next(e)) {
		const struct entry *n = dict_entry_of(e, struct entry, by_id);

		if (mn_id_equal(&n->profile.mn_id, id))
			return &n->profile;
	}
	return NULL;
}

static const struct profile *by_lladdr(void *store, const struct llid *l)
{
	struct policy_table *t = store;
	struct dict_entry *e = dict_first(&t->by_lladdr, lladdr_hash(l));

	for (; e; e = dict_next(e)) {
		const struct iface *i = dict_entry_of(e, struct iface, by_lladdr);

		if (llid_equal(&i->lladdr, l))
			return &i->entry->profile;
	}
	return NULL;
}

static void entry_del(struct policy_table *t, struct entry *e, unsigned int n)
{
	while (n--)
		dict_del(&t->by_lladdr, &e->iface[n].by_lladdr);
	free(e);
}

/**
 * table_new() - an empty table
 *
 * Return: the table, NULL if there is no memory.
 */
struct policy_table *table_new(void)
{
	struct policy_table *t = calloc(1, sizeof(*t));

	if (t)
		t->end = &t->first;
	return t;
}

/**
 * table_keep() - memory that profiles of a table point to
 * @t: the table
 * @size: bytes
 *
 * Return: the memory, zero, which goes with the table; NULL: there is none.
 */
void *table_keep(struct policy_table *t, size_t size)
{
	struct kept *k = calloc(1, sizeof(*k) + size);

	if (!k)
		return NULL;
	k->next = t->kept;
	t->kept = k;
	return k->data;
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
	if (pr->n_lladdrs > PROFILE_LLADDRS || pr->n_hnp > HNP_MAX ||
	    pr->n_shared_hnp > HNP_MAX || pr->n_prefer > PROFILE_ATTS)
		return -EINVAL;
	e = calloc(1, sizeof(*e) + pr->n_lladdrs * sizeof(e->iface[0]));
	if (!e)
		return -ENOMEM;
	e->profile = *pr;
	for (n = 0; n < pr->n_lladdrs; n++) {
		struct iface *i = &e->iface[n];

		if (by_lladdr(t, &pr->lladdr[n])) {
			entry_del(t, e, n);
			return -EADDRINUSE;
		}
		i->lladdr = pr->lladdr[n];
		i->entry = e;
		dict_add(&t->by_lladdr, &i->by_lladdr, lladdr_hash(&i->lladdr));
	}
	dict_add(&t->by_id, &e->by_id, id_hash(&pr->mn_id));
	*t->end = e;
	t->end = &e->next;
	return 0;
}

/**
 * table_free() - release a table
 * @store: the table, NULL allowed
 */
void table_free(void *store)
{
	struct policy_table *t = store;
	struct entry *e;
	struct kept *k;

	if (!t)
		return;
	dict_free(&t->by_lladdr);
	dict_free(&t->by_id);
	while ((e = t->first)) {
		t->first = e->next;
		free(e);
	}
	while ((k = t->kept)) {
		t->kept = k->next;
		free(k);
	}
	free(t);
}

static void each(void *store, bool (*fn)(void *arg, const struct profile *pr),
		 void *arg)
{
	struct policy_table *t = store;
	const struct entry *e;

	for (e = t->first; e; e = e->next)
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
