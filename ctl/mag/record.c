// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions as the next daemon finds them, should this one die: what the kernel's bindings
 * do not say.  A record stands from the first request to the anchor until it has accepted
 * the deregistration.  What the kernel has of the session as well is the kernel's to say.
 */
#include "mag/session.h"

#include "core/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LAYOUT		1	/* to be changed with what is in the structure here */

struct session_record {
	struct mn_id id;
	struct in6_addr lma, lla;
	uint64_t timestamp;	/* of the node */
	uint64_t expires;	/* ns, 0: not registered */
	uint32_t lifetime;
	uint16_t seq;
	uint8_t att, hi, state, number, ask_any;
	uint8_t n_hnp, n_off;
	struct prefix hnp[HNP_MAX];
};

struct memory {
	struct session_key key;
	struct session_record r;
	UT_hash_handle hh;
};

static struct keep_key key_of(const struct session_key *k)
{
	struct keep_key key = { .kind = KEEP_SESSION, .len = sizeof(*k) };

	memcpy(key.key, k, sizeof(*k));
	return key;
}

/* What another gateway has said, or the anchor of flows, is not written down. */
static bool has_more(const struct node *n)
{
	return n->guest || n->wishes || n->leaving || n->arriving || n->n_vendor ||
	       (n->boundary && (n->boundary->state != BOUNDARY_REST ||
				!IN6_IS_ADDR_UNSPECIFIED(&n->boundary->home)));
}

/**
 * record_session() - write down what is known of a session now
 * @s: the session
 */
void record_session(const struct session *s)
{
	const struct keep_key key = key_of(&s->key);
	struct env *env = s->mag->env;
	struct session_record r;

	if (!env->ops->keep)
		return;
	memset(&r, 0, sizeof(r));
	r.id = s->node->id;
	r.lma = s->lma;
	r.lla = s->lla;
	r.timestamp = s->node->timestamp;
	r.expires = s->expires;
	r.lifetime = s->lifetime;
	r.seq = s->seq;
	r.att = s->att;
	r.hi = s->hi;
	r.state = s->state;
	r.number = s->number;
	r.ask_any = s->ask_any;
	r.n_hnp = (uint8_t)s->n_hnp;
	r.n_off = (uint8_t)s->n_off;
	memcpy(r.hnp, s->hnp, sizeof(r.hnp));
	env->ops->keep(env->ctx, &key, &r, sizeof(r), has_more(s->node));
}

/**
 * record_end() - a session is over: nothing of it is to be found
 * @m: the gateway
 * @k: what it has been known by so far
 */
void record_end(struct mag *m, const struct session_key *k)
{
	const struct keep_key key = key_of(k);

	if (m->env->ops->keep)
		m->env->ops->keep(m->env->ctx, &key, NULL, 0, false);
}

/**
 * record_node() - something is known of a node that concerns all its sessions
 * @n: the node
 */
void record_node(const struct node *n)
{
	const struct session *s;

	DL_FOREACH(n->sessions, s)
		if (s->tunnel)
			record_session(s);
}

static bool sound(const struct session_record *r)
{
	unsigned int i;

	if (!r->id.len || r->id.len > MN_ID_MAX || r->state >= SESSION_STATES ||
	    r->n_hnp > HNP_MAX || r->n_off > HNP_MAX - r->n_hnp)
		return false;
	for (i = 0; i < HNP_MAX; i++)
		if (r->hnp[i].len > 128)
			return false;
	return true;
}

/* Numbers go on behind the newest; timestamps say which that is. */
static void go_on(struct mag *m, const struct session_record *r)
{
	if (r->timestamp < m->recalled)
		return;
	m->recalled = r->timestamp;
	m->seq = r->seq;
}

/**
 * mag_recall() - what an earlier daemon knew of a session
 * @m: the gateway, which has just started
 * @key: as it was kept
 * @data: likewise
 * @len: of @data
 *
 * mag_take_over() goes on with it.
 *
 * Return: 0; -EINVAL no record, -ENOMEM.
 */
int mag_recall(struct mag *m, const struct keep_key *key, const void *data, size_t len)
{
	struct memory *e;

	if (key->len != sizeof(e->key) || len != sizeof(e->r))
		return -EINVAL;
	e = calloc(1, sizeof(*e));
	if (!e)
		return -ENOMEM;
	memcpy(&e->key, key->key, sizeof(e->key));
	memcpy(&e->r, data, sizeof(e->r));
	if (e->key.lladdr.len > LLID_MAX || !sound(&e->r)) {
		free(e);
		return -EINVAL;
	}
	go_on(m, &e->r);
	HASH_ADD(hh, m->memories, key, sizeof(e->key), e);
	return 0;
}

/**
 * mag_layout() - what records look like
 *
 * Return: a number that differs where they do.
 */
uint32_t mag_layout(void)
{
	return LAYOUT << 24 | (uint32_t)sizeof(struct session_record);
}

/**
 * memory_find() - what is remembered of an interface
 * @m: the gateway
 * @key: which
 *
 * Return: it, NULL: nothing.
 */
struct memory *memory_find(struct mag *m, const struct session_key *key)
{
	struct memory *e;

	HASH_FIND(hh, m->memories, key, sizeof(*key), e);
	return e;
}

/**
 * memory_key() - whose it is
 * @e: what is remembered
 *
 * Return: the interface.
 */
const struct session_key *memory_key(const struct memory *e)
{
	return &e->key;
}

/**
 * memory_owner() - whose interface it was
 * @e: what is remembered
 *
 * Return: the node's identifier.
 */
const struct mn_id *memory_owner(const struct memory *e)
{
	return &e->r.id;
}

/**
 * memory_apply() - a session goes on where it was
 * @s: the session, which has no tunnel yet
 * @e: what is remembered of it, and not needed any more
 *
 * Return: 0; -ENOENT another node's, -ENOMEM.
 */
int memory_apply(struct session *s, const struct memory *e)
{
	struct peer *p;

	if (!mn_id_equal(&s->node->id, &e->r.id))
		return -ENOENT;
	p = peer_get(s->mag->peers, &s->mag->conf->address, &e->r.lma);
	if (!p)
		return -ENOMEM;
	s->peer = p;
	s->lma = e->r.lma;
	s->lla = e->r.lla;
	s->seq = e->r.seq;
	s->att = e->r.att;
	s->lifetime = e->r.lifetime;
	s->expires = e->r.expires;
	s->ask_any = e->r.ask_any;
	if (e->r.timestamp > s->node->timestamp)
		s->node->timestamp = e->r.timestamp;
	s->n_hnp = e->r.n_hnp;
	s->n_off = e->r.n_off;
	memcpy(s->hnp, e->r.hnp, sizeof(s->hnp));
	return 0;
}

/**
 * memory_leaves() - whether the node had left, and its anchor did not know
 * @e: what is remembered
 *
 * Return: true if it is to be deregistered.
 */
bool memory_leaves(const struct memory *e)
{
	return e->r.state == SESSION_LEAVING || e->r.state == SESSION_DEREGISTERING ||
	       e->r.state == SESSION_BLOCKED;
}

/**
 * memory_registered() - whether the anchor had accepted it
 * @e: what is remembered
 *
 * Return: false if nothing is known but that it was asked to.
 */
bool memory_registered(const struct memory *e)
{
	return e->r.expires;
}

/**
 * memory_kept() - as if the kernel had kept it
 * @e: what is remembered
 * @k: filled
 */
void memory_kept(const struct memory *e, struct mag_kept *k)
{
	*k = (struct mag_kept){
		.ifindex = e->key.ifindex, .lladdr = e->key.lladdr, .lla = e->r.lla,
		.node = mn_id_number(&e->r.id), .number = e->r.number,
		.up = !memory_leaves(e), .n_hnp = e->r.n_hnp, .n_off = e->r.n_off,
	};
	memcpy(k->hnp, e->r.hnp, sizeof(k->hnp));
}

/**
 * memory_forget() - it has had its turn
 * @m: the gateway
 * @e: what was remembered
 */
void memory_forget(struct mag *m, struct memory *e)
{
	HASH_DEL(m->memories, e);
	free(e);
}

/**
 * memory_each() - go through all that is remembered
 * @m: the gateway
 * @fn: called with each, which it may forget
 * @count: passed to @fn
 */
void memory_each(struct mag *m, void (*fn)(struct mag *m, struct memory *e, size_t *count),
		 size_t *count)
{
	struct memory *e, *tmp;

	HASH_ITER(hh, m->memories, e, tmp)
		fn(m, e, count);
}

/**
 * memory_next() - any that has not had its turn
 * @m: the gateway
 *
 * Return: it, NULL: none is left.
 */
struct memory *memory_next(struct mag *m)
{
	return m->memories;
}
