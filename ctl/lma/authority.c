// SPDX-License-Identifier: GPL-2.0
/*
 * For whom a gateway may register, and how often.  RFC 5213 §4: "The local mobility anchor
 * MUST be locally configurable to authorize such specific combinations" of gateways and
 * prefixes.
 */
#include "lma/authority.h"

#include "core/bucket.h"
#include "revocation/responder.h"

#include <stdlib.h>

/* One that has a rate */
struct pace {
	struct in6_addr mag;
	struct bucket requests;
	UT_hash_handle hh;
};

/**
 * authority_find() - what the configuration says of a gateway
 * @c: the configuration
 * @mag: the gateway
 *
 * Return: what it says of the longest prefix that the gateway is of; NULL: nothing, it may
 * register all.
 */
const struct lma_authority *authority_find(const struct lma_conf *c, const struct in6_addr *mag)
{
	const struct lma_authority *a = NULL;
	unsigned int i;

	for (i = 0; i < c->n_authorities; i++)
		if (prefix_any_has(&c->authority[i].mag, 1, mag) &&
		    (!a || c->authority[i].mag.len > a->mag.len))
			a = &c->authority[i];
	return a;
}

/**
 * authority_has_node() - whether a gateway may register a node, by its realm
 * @a: of the gateway, or NULL
 * @id: the node
 *
 * Return: whether it may.
 */
bool authority_has_node(const struct lma_authority *a, const struct mn_id *id)
{
	unsigned int i;

	for (i = 0; a && i < a->n_realms; i++)
		if (revocation_realm_of(id, &a->realm[i]))
			return true;
	return !a || !a->n_realms;
}

static bool has_prefix(const struct lma_authority *a, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; i < a->n_prefixes; i++)
		if (prefix_contains(&a->prefix[i], p))
			return true;
	return false;
}

/**
 * authority_has_prefixes() - whether a gateway may register all of some prefixes
 * @a: of the gateway, or NULL
 * @p: the prefixes
 * @n: how many
 *
 * Return: whether it may.
 */
bool authority_has_prefixes(const struct lma_authority *a, const struct prefix *p,
			    unsigned int n)
{
	unsigned int i;

	for (i = 0; a && a->n_prefixes && i < n; i++)
		if (!has_prefix(a, &p[i]))
			return false;
	return true;
}

/**
 * authority_has_asked() - whether a gateway may register all that it names
 * @a: of the gateway, or NULL
 * @o: the options of its request
 *
 * Return: whether it may.
 */
bool authority_has_asked(const struct lma_authority *a, const struct mh_opts *o)
{
	unsigned int i;

	for (i = 0; i < o->n_hnp; i++)
		if (hnp_given(&o->hnp[i]) && !authority_has_prefixes(a, &o->hnp[i].prefix, 1))
			return false;
	return true;
}

static struct pace *pace_get(struct lma *l, const struct in6_addr *mag)
{
	struct pace *p;

	HASH_FIND(hh, l->paces, mag, sizeof(*mag), p);
	if (p) {
		HASH_DEL(l->paces, p);
	} else if (HASH_COUNT(l->paces) < LMA_MAGS_MAX) {
		p = calloc(1, sizeof(*p));
	} else {
		/* of whom nothing has been heard for longest */
		p = l->paces;
		HASH_DEL(l->paces, p);
		p->requests = (struct bucket){ 0 };
	}
	if (!p)
		return NULL;
	p->mag = *mag;
	HASH_ADD(hh, l->paces, mag, sizeof(p->mag), p);
	return p;
}

/**
 * authority_hurried() - whether a gateway sends requests more often than it may
 * @l: the anchor
 * @mag: the gateway, which has sent one more
 *
 * As many as its rate allows in a second may come at once.
 *
 * Return: true if this one is too many, and is none of those that count.
 */
bool authority_hurried(struct lma *l, const struct in6_addr *mag)
{
	const struct lma_authority *a = authority_find(l->conf, mag);
	struct pace *p;

	if (!a || !a->rate)
		return false;
	p = pace_get(l, mag);
	return p && !bucket_take(&p->requests, l->env->ops->now(l->env->ctx), a->rate, a->rate);
}

/**
 * authority_free() - forget how often gateways have sent requests
 * @l: the anchor
 */
void authority_free(struct lma *l)
{
	struct pace *p, *tmp;

	HASH_ITER(hh, l->paces, p, tmp) {
		HASH_DEL(l->paces, p);
		free(p);
	}
}
