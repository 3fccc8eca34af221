// SPDX-License-Identifier: GPL-2.0
/*
 * A mobile node's binding cache entries as the next daemon finds them, should this one
 * die: what the kernel's tables do not say.  A record is a node's: of its entries some
 * share prefixes, and their order counts.
 *
 * Clocks are the machine's, which has not begun anew; and so are the bytes' order and
 * their places.
 */
#include "lma/flows.h"

#include "core/log.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <utlist.h>

#define LAYOUT		1	/* to be changed with what is in the structures here */
#define ENTRIES_MAX	32
#define SETS_MAX	(2 * ENTRIES_MAX)
#define NO_SET		0xff
#define SERVE_EACH	64	/* prefixes */

struct node_record {
	uint64_t timestamp;
	uint16_t last_bid;
	uint8_t query_seq, claimed;
	uint8_t n_bces, n_sets;
};

struct hnp_record {
	struct in6_addr addr;
	uint8_t len, origin;
};

struct set_record {
	uint8_t n, refused;
	struct hnp_record hnp[HNP_MAX];
};

struct bce_record {
	uint64_t updated, deadline;	/* ns */
	uint64_t counter_seen;		/* ns; what was known of its gateway then */
	uint32_t counter;
	uint16_t bid, seq, without;
	uint8_t counted;
	uint8_t set, common;
	uint8_t pri, att, hi, state, speaks;
	struct llid llid;
	struct in6_addr proxy_coa, lla;
};

/* What there is of it is put in a row: of entries and sets these, of a set its prefixes */
struct record {
	struct node_record node;
	struct bce_record bce[ENTRIES_MAX];
	struct set_record set[SETS_MAX];
};

static struct keep_key key_of(const struct node *n)
{
	struct keep_key key = { .kind = KEEP_NODE, .len = (uint16_t)(1 + n->id_len) };

	key.key[0] = n->subtype;
	memcpy(key.key + 1, n->id, n->id_len);
	return key;
}

/* The place of a set, in the order in which the entries name them first */
static uint8_t place(const struct hnp_set **sets, uint8_t *n, const struct hnp_set *set)
{
	uint8_t i;

	if (!set)
		return NO_SET;
	for (i = 0; i < *n; i++)
		if (sets[i] == set)
			return i;
	sets[(*n)++] = set;
	return i;
}

static void put_set(struct set_record *r, const struct hnp_set *set)
{
	unsigned int i;

	r->refused = set->refused;
	for (i = 0; i < set->n && i < HNP_MAX; i++) {
		r->hnp[i].addr = set->hnp[i].prefix.addr;
		r->hnp[i].len = set->hnp[i].prefix.len;
		r->hnp[i].origin = set->hnp[i].origin;
	}
	r->n = (uint8_t)i;
}

static void put_gateway(struct bce_record *r, const struct peer *p)
{
	r->counted = p->heard_restart;
	r->counter = p->restart_counter;
	r->counter_seen = p->counter_seen;
}

static void put_bce(struct bce_record *r, const struct bce *b)
{
	r->updated = b->updated;
	r->deadline = b->timer.deadline;
	r->bid = b->bid;
	r->seq = b->seq;
	r->without = b->without;
	r->pri = b->pri;
	r->att = b->att;
	r->hi = b->hi;
	r->state = b->state;
	r->speaks = b->speaks;
	r->llid = b->llid;
	r->proxy_coa = b->proxy_coa;
	r->lla = b->lla;
	if (b->gw)
		put_gateway(r, b->gw->peer);
}

static size_t set_size(const struct set_record *s)
{
	return offsetof(struct set_record, hnp) + s->n * sizeof(*s->hnp);
}

static size_t pack(const struct record *r, uint8_t *to)
{
	const size_t bces = r->node.n_bces * sizeof(*r->bce);
	uint8_t *p = to;
	unsigned int i;

	memcpy(p, &r->node, sizeof(r->node));
	p += sizeof(r->node);
	memcpy(p, r->bce, bces);
	p += bces;
	for (i = 0; i < r->node.n_sets; i++) {
		memcpy(p, &r->set[i], set_size(&r->set[i]));
		p += set_size(&r->set[i]);
	}
	return (size_t)(p - to);
}

/**
 * record_keep() - write down what is known of a node now
 * @l: the anchor
 * @n: the node; of one without an entry nothing is to be found
 *
 * Flows are not in it, nor what other anchors have to do with the node: the next daemon
 * is not to say that it knows all.
 */
void record_keep(struct lma *l, const struct node *n)
{
	const struct hnp_set *sets[SETS_MAX] = { NULL };
	const struct keep_key key = key_of(n);
	bool more = n->anchoring || (n->flows && (n->flows->flows || n->flows->grants));
	uint8_t data[sizeof(struct record)];
	const struct bce *b;
	struct record r;
	unsigned int i;
	size_t len;

	if (!l->env->ops->keep)
		return;
	/* Of one that another anchor serves there is a record that nobody takes */
	if (!n->bces && !n->anchoring) {
		l->env->ops->keep(l->env->ctx, &key, NULL, 0, false);
		return;
	}
	memset(&r.node, 0, sizeof(r.node));
	r.node.timestamp = n->timestamp;
	r.node.last_bid = n->last_bid;
	r.node.query_seq = n->query_seq;
	r.node.claimed = n->claimed;
	DL_FOREACH(n->bces, b) {
		struct bce_record *to = &r.bce[r.node.n_bces];

		if (r.node.n_bces == ENTRIES_MAX) {
			more = true;
			break;
		}
		memset(to, 0, sizeof(*to));
		put_bce(to, b);
		to->set = place(sets, &r.node.n_sets, b->set);
		to->common = place(sets, &r.node.n_sets, b->common);
		r.node.n_bces++;
	}
	for (i = 0; i < r.node.n_sets && sets[i]; i++)
		put_set(&r.set[i], sets[i]);
	len = pack(&r, data);
	l->env->ops->keep(l->env->ctx, &key, data, len, more);
}

/* A set as it was put; NULL: nobody has put that */
static const uint8_t *unpack_set(struct set_record *s, const uint8_t *p, const uint8_t *end)
{
	const size_t head = offsetof(struct set_record, hnp);
	unsigned int i;

	if ((size_t)(end - p) < head)
		return NULL;
	memcpy(s, p, head);
	if (!s->n || s->n > HNP_MAX || (size_t)(end - p) < set_size(s))
		return NULL;
	memcpy(s, p, set_size(s));
	for (i = 0; i < s->n; i++)
		if (s->hnp[i].len > 128 || s->hnp[i].origin > HNP_CLAIMED)
			return NULL;
	return p + set_size(s);
}

static bool sound_bce(const struct bce_record *b, const struct node_record *n)
{
	return b->set < n->n_sets && (b->common == NO_SET || b->common < n->n_sets) &&
	       b->state < BCE_STATES && b->llid.len <= LLID_MAX && b->bid;
}

/* As it was put, each in its place again; false: nobody has put that */
static bool unpack(struct record *r, const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len;
	unsigned int i;
	size_t bces;

	if (len < sizeof(r->node))
		return false;
	memcpy(&r->node, p, sizeof(r->node));
	p += sizeof(r->node);
	bces = r->node.n_bces * sizeof(*r->bce);
	if (!r->node.n_bces || r->node.n_bces > ENTRIES_MAX || r->node.n_sets > SETS_MAX ||
	    (size_t)(end - p) < bces)
		return false;
	memcpy(r->bce, p, bces);
	p += bces;
	for (i = 0; i < r->node.n_sets && p; i++)
		p = unpack_set(&r->set[i], p, end);
	if (p != end)
		return false;
	for (i = 0; i < r->node.n_bces; i++)
		if (!sound_bce(&r->bce[i], &r->node))
			return false;
	return true;
}

/* What comes from a pool it does not know of: it learns of it as of any claim. */
static struct hnp_set *recall_set(struct lma *l, struct node *n, const struct set_record *r)
{
	enum hnp_origin origin[HNP_MAX];
	struct prefix p[HNP_MAX];
	struct hnp_set *set;
	unsigned int i;

	for (i = 0; i < r->n; i++) {
		p[i] = (struct prefix){ .addr = r->hnp[i].addr, .len = r->hnp[i].len };
		origin[i] = r->hnp[i].origin == HNP_FROM_PROFILE ? HNP_FROM_PROFILE : HNP_CLAIMED;
	}
	set = hnp_set_recall(l, n, p, origin, r->n);
	if (set)
		set->refused = r->refused;
	return set;
}

/* The counter that it was known by when the entry was written; the newest counts. */
static void recall_gateway(struct peer *p, const struct bce_record *r)
{
	if (!r->counted || r->counter_seen < p->counter_seen)
		return;
	p->heard_restart = true;
	p->restart_counter = r->counter;
	p->counter_seen = r->counter_seen;
}

static int recall_bce(struct lma *l, struct bce *b, const struct bce_record *r)
{
	int err;

	b->bid = r->bid;
	b->seq = r->seq;
	b->without = r->without;
	b->updated = r->updated;
	b->pri = r->pri;
	b->att = r->att;
	b->hi = r->hi;
	b->speaks = r->speaks;
	b->llid = r->llid;
	b->lla = r->lla;
	b->proxy_coa = r->proxy_coa;
	err = timerq_set(l->env->timers, &b->timer, r->deadline);
	if (err || r->state != BCE_ACTIVE)
		return err;
	err = bce_serve(b, &l->conf->address, &r->proxy_coa);
	if (err)
		return err;
	b->state = BCE_ACTIVE;
	recall_gateway(b->gw->peer, r);
	return 0;
}

/* Who may not register any more has nothing to go on with. */
static bool wanted(const struct lma *l, const struct bce_record *r)
{
	return validate_mag(l->conf, &r->proxy_coa);
}

static int recall_bces(struct lma *l, struct node *n, const struct record *r)
{
	struct hnp_set *sets[SETS_MAX] = { NULL };
	unsigned int i;
	int err = 0;

	for (i = 0; i < r->node.n_sets && !err; i++) {
		sets[i] = recall_set(l, n, &r->set[i]);
		/* held until the entries have it */
		if (sets[i])
			sets[i]->users++;
		else
			err = -EEXIST;
	}
	for (i = 0; i < r->node.n_bces && !err; i++) {
		const struct bce_record *br = &r->bce[i];
		struct bce *b;

		if (!wanted(l, br))
			continue;
		b = bce_new(l, n, sets[br->set], br->common == NO_SET ? NULL : sets[br->common]);
		err = b ? recall_bce(l, b, br) : -ENOMEM;
	}
	n->last_bid = r->node.last_bid;
	for (i = 0; i < r->node.n_sets; i++)
		if (sets[i])
			hnp_set_put(l, sets[i]);
	return err;
}

/* Half of it is of no use: as if nobody had written it down. */
static void give_up(struct lma *l, struct node *n)
{
	while (n->bces) {
		struct gateway *gw = n->bces->gw;

		if (gw) {
			bce_unserve(n->bces);
			bce_put_tunnel(l, gw);
		}
		bce_free(l, n->bces);
	}
}

/**
 * lma_recall() - go on with what an earlier daemon knew of a node
 * @l: the anchor, which has just started
 * @key: as it was kept
 * @data: likewise
 * @len: of @data
 *
 * The kernel is told of all of it, which is this daemon's then.
 *
 * Return: 0; -EINVAL no record, -EEXIST what it says contradicts others, -ENOMEM.
 */
int lma_recall(struct lma *l, const struct keep_key *key, const void *data, size_t len)
{
	struct mn_id id = { .len = 0 };
	struct record r;
	struct node *n;
	struct bce *b;
	int err;

	if (key->len < 2 || key->len > 1 + MN_ID_MAX || !unpack(&r, data, len))
		return -EINVAL;
	id.subtype = key->key[0];
	id.len = (uint8_t)(key->len - 1);
	memcpy(id.id, key->key + 1, id.len);
	if (lma_node_find(l, &id))
		return -EEXIST;
	n = node_get(l, &id);
	if (!n)
		return -ENOMEM;
	n->timestamp = r.node.timestamp;
	n->query_seq = r.node.query_seq;
	n->claimed = r.node.claimed;
	err = recall_bces(l, n, &r);
	if (err)
		give_up(l, n);
	DL_FOREACH(n->bces, b)
		forward_set(l, b);
	if (!n->bces)
		record_keep(l, n);
	node_put(l, n);
	return err;
}

static uint64_t shifted(uint64_t ns, int64_t by)
{
	if (by < 0 && ns <= (uint64_t)-by)
		return 1;
	return ns + (uint64_t)by;
}

/**
 * lma_record_shift() - a record by the clock of another machine
 * @data: as it was kept there; as it would have been kept here on return
 * @len: of @data
 * @by: ns that the monotonic clock here is ahead
 *
 * What was before this machine has begun was at its beginning.
 *
 * Return: false if that is no record.
 */
bool lma_record_shift(void *data, size_t len, int64_t by)
{
	struct record r;
	unsigned int i;

	if (!unpack(&r, data, len))
		return false;
	for (i = 0; i < r.node.n_bces; i++) {
		r.bce[i].updated = shifted(r.bce[i].updated, by);
		r.bce[i].deadline = shifted(r.bce[i].deadline, by);
		if (r.bce[i].counted)
			r.bce[i].counter_seen = shifted(r.bce[i].counter_seen, by);
	}
	pack(&r, data);
	return true;
}

/**
 * lma_recalled() - all nodes have been recalled: let the pools learn what is in use
 * @l: the anchor
 *
 * Up to the first prefix that is free: a pool is given out in a row, and who asks for one
 * next is not to wait until a million have been looked at.
 */
void lma_recalled(struct lma *l)
{
	const struct env_ops *ops = l->env->ops;
	struct prefix p;
	struct hnp *h;
	size_t n = 0;

	while (pools_next(&l->pools, &p)) {
		h = hnp_find(l, &p);
		if (!h) {
			pools_put(&l->pools, &p);
			return;
		}
		/* it takes it back one day */
		if (h->origin == HNP_CLAIMED)
			h->origin = HNP_FROM_POOL;
		if (++n % SERVE_EACH == 0 && ops->serve)
			ops->serve(l->env->ctx);
	}
}

/**
 * lma_layout() - what records look like
 *
 * Return: a number that differs where they do.
 */
uint32_t lma_layout(void)
{
	return LAYOUT << 24 | (uint32_t)sizeof(struct record);
}
