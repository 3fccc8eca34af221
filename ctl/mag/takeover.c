// SPDX-License-Identifier: GPL-2.0
/*
 * Attachments of an earlier daemon's.  The kernel went on forwarding for them,
 * and a node that is not moving says nothing: so each is taken as seen again,
 * registered again with its prefixes (RFC 5213 §6.9.1.3, Handoff Indicator 5),
 * and probed like any other from then on.
 */
#include "mag/session.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

/* A node that is known by another name than that of its interface's owner */
struct named {
	uint64_t number;
	struct mn_id id;	/* empty: not found yet */
	UT_hash_handle hh;
};

static const struct profile *by_interface(struct mag *m, const struct mag_kept *k)
{
	const struct profile *pr = policy_by_lladdr(m->policy, &k->lladdr);

	return pr && mn_id_number(&pr->mn_id) == k->node ? pr : NULL;
}

static bool name_one(void *arg, const struct profile *pr)
{
	uint64_t number = mn_id_number(&pr->mn_id);
	struct named *t = *(struct named **)arg, *e;

	HASH_FIND(hh, t, &number, sizeof(number), e);
	if (e)
		e->id = pr->mn_id;
	return true;
}

/* Whom the operator, or attach-on-carrier, has named: one walk through all profiles */
static struct named *find_names(struct mag *m, const struct mag_kept *v, size_t n)
{
	struct named *t = NULL, *e;
	size_t i;

	for (i = 0; i < n; i++) {
		if (by_interface(m, &v[i]))
			continue;
		HASH_FIND(hh, t, &v[i].node, sizeof(v[i].node), e);
		if (e)
			continue;
		e = calloc(1, sizeof(*e));
		if (!e)
			break;
		e->number = v[i].node;
		HASH_ADD(hh, t, number, sizeof(e->number), e);
	}
	if (t)
		policy_each(m->policy, name_one, &t);
	return t;
}

static const struct profile *owner(struct mag *m, const struct mag_kept *k, struct named *t)
{
	const struct profile *pr = by_interface(m, k);
	struct named *e;

	if (pr)
		return pr;
	HASH_FIND(hh, t, &k->node, sizeof(k->node), e);
	return e && e->id.len ? policy_by_mn_id(m->policy, &e->id) : NULL;
}

/* What is left of the lifetime is not known, but that it is no more than was asked for. */
static void resume(struct session *s, const struct mag_kept *k, const struct profile *pr)
{
	struct mag *m = s->mag;

	s->n_hnp = k->n_hnp;
	memcpy(s->hnp, k->hnp, k->n_hnp * sizeof(*k->hnp));
	s->lla = k->lla;
	s->state = SESSION_REFRESHING;
	s->hi = HI_REREGISTRATION;
	s->lifetime = pr->lifetime ? pr->lifetime : m->conf->lifetime;
	s->expires = m->env->ops->now(m->env->ctx) + s->lifetime * NSEC_PER_SEC;
	s->backoff_ms = m->conf->bindack_ms / 2;
	m->counters.attach++;
	mag_notify(m, "attach", &s->node->id, NULL, "kept by the kernel");
}

static struct session *take_one(struct mag *m, const struct mag_kept *k,
				const struct profile *pr)
{
	const struct mag_link_conf *link = mag_link(m, k->ifindex);
	struct session_key key;
	struct session *s;

	if (!link || mag_admits(m, pr, link) || session_find(m, k->ifindex, &k->lladdr))
		return NULL;
	memset(&key, 0, sizeof(key));
	key.ifindex = k->ifindex;
	key.lladdr.len = k->lladdr.len;
	memcpy(key.lladdr.id, k->lladdr.id, key.lladdr.len);
	s = session_new(m, &key, pr, link->att);
	if (!s)
		return NULL;
	s->tunnel = peer_tunnel_get(s->peer, PMIP_TUNNEL_MAG_TO_LMA);
	if (!s->tunnel) {
		session_free(s);
		return NULL;
	}
	resume(s, k, pr);
	return s;
}

/**
 * mag_take_over() - go on with what the kernel has kept of an earlier daemon's
 * @m: the gateway, which has just started
 * @v: the attachments
 * @n: how many
 *
 * The bindings are this daemon's from here on, and the anchor hears of each at
 * the queue's pace.  One that is not up any more is deregistered; one that is
 * not admitted any more, or nobody's, is left to the purge.
 */
void mag_take_over(struct mag *m, const struct mag_kept *v, size_t n)
{
	struct named *names = find_names(m, v, n), *e, *etmp;
	struct node *node, *tmp;
	struct session *s;
	size_t i, count = 0;

	for (i = 0; i < n; i++) {
		s = take_one(m, &v[i], owner(m, &v[i], names));
		if (!s)
			continue;
		count++;
		if (v[i].up)
			session_queue(s);
		else
			mag_leave(s, true);
	}
	HASH_ITER(hh, m->nodes, node, tmp)
		forward_update(node);
	HASH_ITER(hh, names, e, etmp) {
		HASH_DEL(names, e);
		free(e);
	}
	log_info("%zu of %zu attachments that the kernel has kept go on", count, n);
}
