// SPDX-License-Identifier: GPL-2.0
/*
 * Attachments of an earlier daemon's.  The kernel went on forwarding for them,
 * and a node that is not moving says nothing: so each is taken as seen again,
 * registered again with its prefixes (RFC 5213 §6.9.1.3, Handoff Indicator 5),
 * and probed like any other from then on.  Of a node that had left is known which of its
 * interfaces it was, not by which link: the deregistration of each is repeated, and the
 * answer decides about what waits for it (draft: fault tolerant multihoming §3.2).
 */
#include "mag/session.h"

#include "core/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SERVE_EACH	64	/* nodes, or as many profiles */

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

/* The node that an earlier daemon has written down */
static const struct profile *by_memory(struct mag *m, const struct mag_kept *k)
{
	const struct session_key key = session_key(k->ifindex, &k->lladdr);
	const struct memory *e = memory_find(m, &key);

	return e && mn_id_number(memory_owner(e)) == k->node ?
	       policy_by_mn_id(m->policy, memory_owner(e)) : NULL;
}

/* Who asks whether we are there is not to wait for all of a million. */
static void serve_between(struct mag *m, size_t i)
{
	if (i % SERVE_EACH == SERVE_EACH - 1 && m->env->ops->serve)
		m->env->ops->serve(m->env->ctx);
}

struct search {
	struct mag *m;
	struct named *table;
	size_t seen;
};

static bool name_one(void *arg, const struct profile *pr)
{
	uint64_t number = mn_id_number(&pr->mn_id);
	struct search *s = arg;
	struct named *e;

	HASH_FIND(hh, s->table, &number, sizeof(number), e);
	if (e)
		e->id = pr->mn_id;
	serve_between(s->m, s->seen++);
	return true;
}

/* Whom the operator, or attach-on-carrier, has named: one walk through all profiles */
static struct named *find_names(struct mag *m, const struct mag_kept *v, size_t n)
{
	struct search s = { .m = m };
	struct named *e;
	size_t i;

	for (i = 0; i < n; i++) {
		serve_between(m, i);
		if (by_memory(m, &v[i]) || by_interface(m, &v[i]))
			continue;
		HASH_FIND(hh, s.table, &v[i].node, sizeof(v[i].node), e);
		if (e)
			continue;
		e = calloc(1, sizeof(*e));
		if (!e)
			break;
		e->number = v[i].node;
		HASH_ADD(hh, s.table, number, sizeof(e->number), e);
	}
	if (s.table)
		policy_each(m->policy, name_one, &s);
	return s.table;
}

static const struct profile *owner(struct mag *m, const struct mag_kept *k, struct named *t)
{
	const struct profile *pr = by_memory(m, k);
	struct named *e;

	if (!pr)
		pr = by_interface(m, k);
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
	s->n_off = k->n_off;
	memcpy(s->hnp, k->hnp, (k->n_hnp + k->n_off) * sizeof(*k->hnp));
	s->lla = k->lla;
	s->lifetime = pr->lifetime ? pr->lifetime : m->conf->lifetime;
	s->expires = m->env->ops->now(m->env->ctx) + s->lifetime * NSEC_PER_SEC;
}

/* What the earlier daemon has written down counts; the rest is guessed by what there is. */
static void go_on(struct session *s, const struct mag_kept *k, const struct profile *pr,
		  struct memory *e)
{
	struct mag *m = s->mag;

	if (!e || memory_apply(s, e))
		resume(s, k, pr);
	else if (!IN6_IS_ADDR_UNSPECIFIED(&k->lla))
		s->lla = k->lla;
	if (e)
		memory_forget(m, e);
	s->state = SESSION_REFRESHING;
	s->hi = HI_REREGISTRATION;
	s->backoff_ms = m->conf->bindack_ms / 2;
	m->counters.attach++;
	mag_notify(m, "attach", &s->node->id, NULL, "kept by the kernel");
}

/* The nth technology that a node may have been served by, of as many as there are, again */
static const struct mag_link_conf *nth_link(const struct mag *m, const struct profile *pr,
					    unsigned int nth)
{
	const struct mag_link_conf *found[256];
	bool seen[256] = { false };
	unsigned int i, n = 0;

	for (i = 0; i < m->conf->n_links; i++) {
		const struct mag_link_conf *link = &m->conf->link[i];

		if (seen[link->att] || mag_admits(m, pr, link))
			continue;
		seen[link->att] = true;
		found[n++] = link;
	}
	return n ? found[nth % n] : NULL;
}

static const struct mag_link_conf *link_of(const struct mag *m, const struct mag_kept *k,
					   const struct profile *pr)
{
	const struct mag_link_conf *link = mag_link(m, k->ifindex);

	/* without a prefix of its own no session of the node's would be meant */
	if (!k->ifindex)
		return m->conf->hold && k->n_hnp ? nth_link(m, pr, 0) : NULL;
	return link && !mag_admits(m, pr, link) ? link : NULL;
}

/* An address that the profile does not have is nobody's, and like no other's. */
static void key_of_left(struct session_key *key, const struct mag_kept *k,
			const struct profile *pr)
{
	if (k->number && k->number <= pr->n_lladdrs) {
		const struct llid *l = &pr->lladdr[k->number - 1];

		key->lladdr.len = l->len;
		memcpy(key->lladdr.id, l->id, l->len);
		return;
	}
	memcpy(key->lladdr.id, &k->node, sizeof(k->node));
	key->lladdr.id[sizeof(k->node)] = k->number;
}

static struct session_key key_of(const struct mag_kept *k, const struct profile *pr)
{
	struct session_key key;

	memset(&key, 0, sizeof(key));
	key.ifindex = k->ifindex;
	key.lladdr.len = k->lladdr.len;
	memcpy(key.lladdr.id, k->lladdr.id, key.lladdr.len);
	if (!k->ifindex)
		key_of_left(&key, k, pr);
	return key;
}

static struct session *take_one(struct mag *m, const struct mag_kept *k,
				const struct profile *pr)
{
	const struct mag_link_conf *link = link_of(m, k, pr);
	struct session_key key;
	struct session *s;

	if (!link)
		return NULL;
	key = key_of(k, pr);
	HASH_FIND(hh, m->sessions, &key, sizeof(key), s);
	if (s)
		return NULL;
	s = session_new(m, &key, pr, link->att);
	if (!s)
		return NULL;
	go_on(s, k, pr, memory_find(m, &key));
	s->tunnel = peer_tunnel_get(s->peer, PMIP_TUNNEL_MAG_TO_LMA);
	if (!s->tunnel) {
		session_free(s);
		return NULL;
	}
	return s;
}

/**
 * takeover_technology() - by which access technology a node that had left was here
 * @s: the session
 *
 * The anchor looks for its binding by that (RFC 5213 §5.4.1) and does not answer where it
 * is another one's: so each that the links here have is tried in turn.
 */
void takeover_technology(struct session *s)
{
	const struct mag_link_conf *link;
	const struct profile *pr;

	if (s->key.ifindex)
		return;
	pr = policy_by_mn_id(s->mag->policy, &s->node->id);
	link = pr ? nth_link(s->mag, pr, s->tries) : NULL;
	if (link)
		s->att = link->att;
}

/* Its own if that is known, else one of which it is not known whose it is */
static struct session *left_by(struct node *n, const struct llid *lladdr)
{
	struct session *s, *unknown = NULL;

	DL_FOREACH(n->sessions, s) {
		if (s->key.ifindex)
			continue;
		if (llid_equal(&s->key.lladdr, lladdr))
			return s;
		if (!unknown && !s->key.lladdr.len)
			unknown = s;
	}
	return unknown;
}

/*
 * Of interfaces without an address that share prefixes the anchor could take the
 * deregistration for that of the one that is back.
 */
static void forget_others(struct session *s)
{
	struct session *other, *tmp;

	DL_FOREACH_SAFE(s->node->sessions, other, tmp)
		if (!other->key.ifindex && !other->key.lladdr.len &&
		    prefix_own(other, &s->hnp[0]))
			session_free(other);
}

/**
 * takeover_claim() - a node attaches that had left before the daemon began anew
 * @m: the gateway
 * @pr: whose
 * @key: its interface, without a session
 * @att: access technology type of the link
 *
 * What waits for the interface goes to it, and its deregistration is no more; what waits
 * for another of the node's is the anchor's to send.
 *
 * Return: the session that had no link, which has this one now; NULL: none.
 */
struct session *takeover_claim(struct mag *m, const struct profile *pr,
			       const struct session_key *key, uint8_t att)
{
	struct node *n = mag_node_find(m, &pr->mn_id);
	struct session *s = n ? left_by(n, &key->lladdr) : NULL;

	if (!s)
		return NULL;
	record_end(m, &s->key);
	HASH_DEL(m->sessions, s);
	s->key = *key;
	s->att = att;
	HASH_ADD(hh, m->sessions, key, sizeof(s->key), s);
	forget_others(s);
	return s;
}

/* What the daemon knows of it from now on is told to the kernel by the caller. */
static struct session *take(struct mag *m, const struct mag_kept *k, const struct profile *pr)
{
	struct session *s = take_one(m, k, pr);

	if (!s)
		return NULL;
	/* whatever comes of it, the next daemon is to know of it as well */
	record_session(s);
	if (k->up)
		session_queue(s);
	else
		mag_leave(s, true);
	return s;
}

/**
 * takeover_late() - the policy store has said what it knows of an attachment's owner
 * @m: the gateway
 * @k: the attachment, which the kernel has kept
 */
void takeover_late(struct mag *m, const struct mag_kept *k)
{
	const struct profile *pr = by_memory(m, k);
	struct session *s;

	if (!pr)
		pr = by_interface(m, k);
	s = pr ? take(m, k, pr) : NULL;

	if (s)
		forward_update(s->node);
}

/* It had been asked for, and nobody knows whether the anchor has it: ask again. */
static void ask_again(struct mag *m, struct memory *e, const struct profile *pr,
		      const struct mag_kept *k)
{
	const struct session_key key = session_key(k->ifindex, &k->lladdr);
	const struct mag_link_conf *link = link_of(m, k, pr);
	struct session *s = link ? session_new(m, &key, pr, link->att) : NULL;

	if (!s || memory_apply(s, e)) {
		if (s)
			session_free(s);
		return;
	}
	s->expires = 0;
	s->hi = HI_UNKNOWN;
	s->backoff_ms = m->conf->bindack_ms / 2;
	m->counters.attach++;
	session_queue(s);
}

/* One that the kernel has nothing of, or not any more */
static bool take_remembered(struct mag *m, struct memory *e, const struct mag_kept *k,
			    const struct profile *pr)
{
	/* with what is held the kernel has it, too: see key_of_left() */
	if (!pr || !k->ifindex || (!k->up && m->conf->hold) ||
	    session_find(m, k->ifindex, &k->lladdr))
		return false;
	if (memory_registered(e) || !k->up)
		return take(m, k, pr);
	ask_again(m, e, pr, k);
	return session_find(m, k->ifindex, &k->lladdr);
}

/* The policy store has to be asked whose it is; what is remembered stays until then. */
static bool waits_for_owner(struct mag *m, const struct mag_kept *k)
{
	int err = k->ifindex ? await_kept(m, k) : 0;

	return err == -EINPROGRESS || err == -EEXIST;
}

static void take_rest(struct mag *m, struct memory *e, size_t *count)
{
	const struct session_key key = *memory_key(e);
	const struct profile *pr = policy_by_mn_id(m->policy, memory_owner(e));
	struct mag_kept k;

	memory_kept(e, &k);
	if (!pr && waits_for_owner(m, &k))
		return;
	if (take_remembered(m, e, &k, pr))
		++*count;
	else
		record_end(m, &key);
	/* unless it has been gone on with, and is not there any more */
	e = memory_find(m, &key);
	if (e)
		memory_forget(m, e);
	serve_between(m, *count);
}

/**
 * mag_take_over() - go on with what the kernel has kept of an earlier daemon's
 * @m: the gateway, which has just started
 * @v: the attachments
 * @n: how many
 *
 * The bindings are this daemon's from here on, and the anchor hears of each at
 * the queue's pace.  One that is not up any more is deregistered; one that is
 * not admitted any more, or nobody's, is left to the purge.  Where the policy store has to
 * be asked whose one is, it waits.  What the earlier daemon has written down of sessions
 * that the kernel does not have goes on likewise.
 */
void mag_take_over(struct mag *m, const struct mag_kept *v, size_t n)
{
	struct named *names = find_names(m, v, n), *e, *etmp;
	struct node *node, *tmp;
	const struct profile *pr;
	size_t i, count = 0;

	for (i = 0; i < n; i++) {
		serve_between(m, i);
		pr = owner(m, &v[i], names);
		if (pr)
			count += take(m, &v[i], pr) ? 1 : 0;
		else if (v[i].ifindex)
			await_kept(m, &v[i]);
	}
	memory_each(m, take_rest, &count);
	i = 0;
	HASH_ITER(hh, m->nodes, node, tmp) {
		forward_update(node);
		serve_between(m, i++);
	}
	HASH_ITER(hh, names, e, etmp) {
		HASH_DEL(names, e);
		free(e);
	}
	if (n || count)
		log_info("%zu attachments go on, of which the kernel has kept %zu", count, n);
}
