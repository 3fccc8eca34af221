// SPDX-License-Identifier: GPL-2.0
/*
 * What is known here of a store that is elsewhere.  A profile that has come stays while a
 * session needs it, however long the store is gone: it is asked for again when it is used
 * and not fresh any more, and nobody waits for that.  Of whom the store knows nothing that
 * is known, too, for a moment.  Sockets are the caller's.
 */
#include "policy/cache.h"

#include "core/dict.h"
#include "core/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

struct iface {
	struct llid lladdr;
	struct entry *entry;
	struct dict_entry by_lladdr;
};

struct entry {
	struct dict_entry by_id;
	struct entry *prev, *next;	/* whose use is longest ago first */
	struct policy_table *table;
	const struct profile *profile;
	uint32_t version;
	uint64_t fresh_until, used;
	unsigned int n_ifaces;
	struct iface iface[PROFILE_LLADDRS];
};

/* Nobody's, by the store's last word */
struct nobody {
	struct dict_entry by_key;
	struct nobody *prev, *next;	/* oldest first */
	struct policy_question key;
	uint64_t until;
};

struct question {
	struct policy_question q;	/* first: the other side has but this */
	struct dict_entry by_key;
	struct question *prev, *next;
	struct policy_cache *cache;
	struct policy_wait *waiting;
	struct timer timer;
	bool outdated;			/* something has changed since it was asked */
};

struct update {
	struct policy_update u;		/* first, likewise */
	struct dict_entry by_id;
	struct update *prev, *next;
	struct update **list;		/* that it is in: the cache's updates, or those due */
	struct policy_cache *cache;
	struct policy_wait *waiting;
	struct timer timer;
	uint32_t again_ms;
	bool sent, changed;		/* changed: since it was sent */
};

struct policy_cache {
	struct policy *policy;
	struct env *env;
	struct policy_cache_conf conf;
	const struct policy_remote_ops *ops;
	void *ctx;
	struct dict by_id, by_lladdr, nobodies, questions, updates;
	struct entry *entries;
	struct question *question;
	struct update *update;		/* sent, or it is not time to send them again */
	struct update *due;		/* to be sent when there is room */
	unsigned int n_sent;
	struct timer due_timer;
	struct nobody *nobody;
	struct policy_cache_counters counters;
};

static uint64_t now(const struct policy_cache *c)
{
	return c->env->ops->now(c->env->ctx);
}

static uint32_t id_hash(const struct mn_id *id)
{
	return dict_hash(id->id, id->len <= MN_ID_MAX ? id->len : MN_ID_MAX);
}

static uint32_t lladdr_hash(const struct llid *l)
{
	return dict_hash(l->id, l->len <= LLID_MAX ? l->len : LLID_MAX);
}

static uint32_t key_hash(const struct policy_question *q)
{
	return q->lladdr.len ? lladdr_hash(&q->lladdr) : id_hash(&q->id);
}

static bool key_equal(const struct policy_question *a, const struct policy_question *b)
{
	if (a->lladdr.len || b->lladdr.len)
		return llid_equal(&a->lladdr, &b->lladdr);
	return mn_id_equal(&a->id, &b->id);
}

static struct entry *find_id(const struct policy_cache *c, const struct mn_id *id)
{
	struct dict_entry *d = dict_first(&c->by_id, id_hash(id));

	for (; d; d = dict_next(d)) {
		struct entry *e = dict_entry_of(d, struct entry, by_id);

		if (mn_id_equal(&e->profile->mn_id, id))
			return e;
	}
	return NULL;
}

static struct iface *find_lladdr(const struct policy_cache *c, const struct llid *l)
{
	struct dict_entry *d = dict_first(&c->by_lladdr, lladdr_hash(l));

	for (; d; d = dict_next(d)) {
		struct iface *i = dict_entry_of(d, struct iface, by_lladdr);

		if (llid_equal(&i->lladdr, l))
			return i;
	}
	return NULL;
}

static struct entry *find(const struct policy_cache *c, const struct policy_question *q)
{
	struct iface *i;

	if (!q->lladdr.len)
		return find_id(c, &q->id);
	i = find_lladdr(c, &q->lladdr);
	return i ? i->entry : NULL;
}

static struct nobody *find_nobody(const struct policy_cache *c, const struct policy_question *q)
{
	struct dict_entry *d = dict_first(&c->nobodies, key_hash(q));

	for (; d; d = dict_next(d)) {
		struct nobody *n = dict_entry_of(d, struct nobody, by_key);

		if (key_equal(&n->key, q))
			return n;
	}
	return NULL;
}

static struct question *find_question(const struct policy_cache *c,
				      const struct policy_question *q)
{
	struct dict_entry *d = dict_first(&c->questions, key_hash(q));

	for (; d; d = dict_next(d)) {
		struct question *w = dict_entry_of(d, struct question, by_key);

		if (key_equal(&w->q, q))
			return w;
	}
	return NULL;
}

static struct update *find_update(const struct policy_cache *c, const struct mn_id *id)
{
	struct dict_entry *d = dict_first(&c->updates, id_hash(id));

	for (; d; d = dict_next(d)) {
		struct update *u = dict_entry_of(d, struct update, by_id);

		if (mn_id_equal(&u->u.id, id))
			return u;
	}
	return NULL;
}

static void nobody_free(struct policy_cache *c, struct nobody *n)
{
	dict_del(&c->nobodies, &n->by_key);
	DL_DELETE(c->nobody, n);
	c->counters.nobody--;
	free(n);
}

/* Made-up names take no more room than this. */
static void nobody_add(struct policy_cache *c, const struct policy_question *q)
{
	struct nobody *n = find_nobody(c, q);

	if (n)
		nobody_free(c, n);
	while (c->nobody && (c->counters.nobody >= CACHE_NOBODY_MAX || c->nobody->until <= now(c)))
		nobody_free(c, c->nobody);
	n = calloc(1, sizeof(*n));
	if (!n)
		return;
	n->key = *q;
	n->until = now(c) + CACHE_NOBODY_MS * NSEC_PER_MSEC;
	dict_add(&c->nobodies, &n->by_key, key_hash(q));
	DL_APPEND(c->nobody, n);
	c->counters.nobody++;
}

static void drop_ifaces(struct policy_cache *c, struct entry *e)
{
	while (e->n_ifaces)
		dict_del(&c->by_lladdr, &e->iface[--e->n_ifaces].by_lladdr);
}

static void entry_free(struct policy_cache *c, struct entry *e)
{
	drop_ifaces(c, e);
	dict_del(&c->by_id, &e->by_id);
	DL_DELETE(c->entries, e);
	c->counters.profiles--;
	table_free(e->table);
	free(e);
}

/* An interface that the store has given to another node is that one's from now on. */
static void take_ifaces(struct policy_cache *c, struct entry *e)
{
	unsigned int i;

	for (i = 0; i < e->profile->n_lladdrs; i++) {
		struct iface *other = find_lladdr(c, &e->profile->lladdr[i]), *own;

		if (other)
			drop_ifaces(c, other->entry);
		own = &e->iface[e->n_ifaces++];
		own->lladdr = e->profile->lladdr[i];
		own->entry = e;
		dict_add(&c->by_lladdr, &own->by_lladdr, lladdr_hash(&own->lladdr));
	}
}

/* Two at most, whose turn it is: no call takes long, and none is forgotten to be forgotten. */
static void forget_unused(struct policy_cache *c)
{
	uint64_t keep = c->conf.keep_s * NSEC_PER_SEC;
	struct entry *e;
	unsigned int i;

	for (i = 0; i < 2 && c->entries; i++) {
		e = c->entries;
		if (now(c) - e->used < keep)
			return;
		if (!policy_serves(c->policy, &e->profile->mn_id)) {
			entry_free(c, e);
			continue;
		}
		e->used = now(c);
		DL_DELETE(c->entries, e);
		DL_APPEND(c->entries, e);
	}
}

static bool first_profile(void *arg, const struct profile *pr)
{
	*(const struct profile **)arg = pr;
	return false;
}

/* The profile of a table that has but one */
static const struct profile *only(struct policy_table *t)
{
	const struct profile *pr = NULL;
	struct policy p = { 0 };

	table_open(&p, t);
	policy_each(&p, first_profile, &pr);
	return pr;
}

/* 0, or -ENOMEM and what was known before stays */
static int entry_put(struct policy_cache *c, struct policy_table *t, uint32_t version)
{
	const struct profile *pr = only(t);
	struct entry *e = find_id(c, &pr->mn_id);
	bool told = !e || e->version != version;

	if (e) {
		drop_ifaces(c, e);
		table_free(e->table);
	} else {
		forget_unused(c);
		e = calloc(1, sizeof(*e));
		if (!e)
			return -ENOMEM;
		dict_add(&c->by_id, &e->by_id, id_hash(&pr->mn_id));
		DL_APPEND(c->entries, e);
		e->used = now(c);
		c->counters.profiles++;
	}
	e->table = t;
	e->profile = pr;
	e->version = version;
	e->fresh_until = now(c) + c->conf.refresh_s * NSEC_PER_SEC;
	take_ifaces(c, e);
	if (told)
		policy_changed(c->policy, &e->profile->mn_id);
	return 0;
}

static void on_timeout(void *arg)
{
	struct question *w = arg;

	w->cache->counters.timeouts++;
	log_ratelimited(LOG_WARNING, "policy store: no answer within %u ms",
			w->cache->conf.timeout_ms);
	policy_answer(&w->waiting, -EAGAIN);
}

static void question_free(struct question *w)
{
	timerq_cancel(w->cache->env->timers, &w->timer);
	dict_del(&w->cache->questions, &w->by_key);
	DL_DELETE(w->cache->question, w);
	w->cache->counters.questions--;
	free(w);
}

static struct question *question_new(struct policy_cache *c, const struct policy_question *q)
{
	struct question *w;

	if (c->counters.questions >= CACHE_QUESTIONS_MAX)
		return NULL;
	w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	w->q = *q;
	w->cache = c;
	timer_init(&w->timer, on_timeout, w);
	if (c->ops->look_up(c->ctx, &w->q)) {
		free(w);
		c->counters.failed++;
		return NULL;
	}
	dict_add(&c->questions, &w->by_key, key_hash(q));
	DL_APPEND(c->question, w);
	c->counters.questions++;
	c->counters.asked++;
	return w;
}

/* It is used: ask for it again if that is due.  Where it cannot be, not at each use. */
static void use(struct policy_cache *c, struct entry *e)
{
	struct policy_question q = { .id = e->profile->mn_id };
	uint64_t t = now(c);

	e->used = t;
	DL_DELETE(c->entries, e);
	DL_APPEND(c->entries, e);
	if (t < e->fresh_until || find_question(c, &q))
		return;
	if (!question_new(c, &q))
		e->fresh_until = t + CACHE_AGAIN_MS * NSEC_PER_MSEC;
}

static const struct profile *known(struct policy_cache *c, const struct policy_question *q)
{
	struct entry *e = find(c, q);

	if (!e)
		return NULL;
	use(c, e);
	return e->profile;
}

static const struct profile *by_mn_id(void *store, const struct mn_id *id)
{
	const struct policy_question q = { .id = *id };

	return known(store, &q);
}

static const struct profile *by_lladdr(void *store, const struct llid *l)
{
	const struct policy_question q = { .lladdr = *l };

	return l->len ? known(store, &q) : NULL;
}

static int ask(void *store, const struct mn_id *id, const struct llid *l, struct policy_wait *w)
{
	struct policy_question q = { 0 };
	struct policy_cache *c = store;
	struct question *open;
	struct nobody *n;

	if (l && !l->len)
		return 0;
	if (l)
		q.lladdr = *l;
	else
		q.id = *id;
	if (known(c, &q))
		return 0;
	n = find_nobody(c, &q);
	if (n && n->until > now(c))
		return 0;
	open = find_question(c, &q);
	if (!open)
		open = question_new(c, &q);
	if (!open)
		return -EAGAIN;
	if (!w)
		return -EINPROGRESS;
	if (!timer_pending(&open->timer) &&
	    timerq_set(c->env->timers, &open->timer,
		       now(c) + c->conf.timeout_ms * NSEC_PER_MSEC))
		return -ENOMEM;
	DL_APPEND(open->waiting, w);
	w->list = &open->waiting;
	return -EINPROGRESS;
}

/* The store has none: what was known is known no more. */
static void learn_nobody(struct policy_cache *c, const struct policy_question *q)
{
	struct entry *e = find(c, q);
	struct mn_id id;

	nobody_add(c, q);
	if (!e)
		return;
	if (q->lladdr.len) {
		drop_ifaces(c, e);
		e->fresh_until = 0;
		return;
	}
	id = e->profile->mn_id;
	entry_free(c, e);
	policy_changed(c->policy, &id);
}

static void learn(struct policy_cache *c, const struct policy_question *q,
		  struct policy_table *t, uint32_t version)
{
	struct nobody *n = find_nobody(c, q);

	if (!t) {
		learn_nobody(c, q);
		return;
	}
	if (n)
		nobody_free(c, n);
	if (entry_put(c, t, version)) {
		log_ratelimited(LOG_ERR, "no memory for a profile");
		table_free(t);
	}
}

/* They outlive what they have waited for. */
static void move_waiting(struct policy_wait **to, struct policy_wait **from)
{
	*to = *from;
	*from = NULL;
	for (struct policy_wait *w = *to; w; w = w->next)
		w->list = to;
}

/**
 * policy_cache_answer() - a question is answered
 * @c: the cache
 * @q: the question, as it was asked; gone afterwards
 * @err: 0; -EAGAIN: the store has gone, or has said nothing; -EINVAL: it has what cannot
 *	be a profile
 * @t: a table of one profile, the cache's from now on; NULL: there is none
 * @version: of what is known then
 *
 * Without an answer what was known stays.
 */
void policy_cache_answer(struct policy_cache *c, const struct policy_question *q, int err,
			 struct policy_table *t, uint32_t version)
{
	struct question *w = find_question(c, q);
	struct policy_wait *waiting;
	struct nobody *n;
	struct entry *e;

	if (err == -EINVAL && !find(c, q))
		nobody_add(c, q);
	if (!err)
		learn(c, q, t, version);
	else
		c->counters.failed++;
	e = find(c, q);
	if (e && (err || w->outdated))
		e->fresh_until = err ? now(c) + CACHE_AGAIN_MS * NSEC_PER_MSEC : 0;
	n = find_nobody(c, q);
	if (n && w->outdated)
		nobody_free(c, n);
	move_waiting(&waiting, &w->waiting);
	question_free(w);
	policy_answer(&waiting, err == -EAGAIN ? err : 0);
}

/**
 * policy_cache_changed() - what the store has is not what it was
 * @c: the cache
 * @id: of this node; NULL: perhaps of any
 *
 * It is asked for where it is known, at once; of any, when it is used.
 */
void policy_cache_changed(struct policy_cache *c, const struct mn_id *id)
{
	struct policy_question q = { 0 };
	struct question *w;
	struct nobody *n;
	struct entry *e;

	if (!id) {
		DL_FOREACH(c->entries, e)
			e->fresh_until = 0;
		DL_FOREACH(c->question, w)
			w->outdated = true;
		while (c->nobody)
			nobody_free(c, c->nobody);
		return;
	}
	q.id = *id;
	w = find_question(c, &q);
	if (w)
		w->outdated = true;
	n = find_nobody(c, &q);
	if (n)
		nobody_free(c, n);
	e = find_id(c, id);
	if (!e)
		return;
	e->fresh_until = 0;
	if (!w)
		question_new(c, &q);
}

static void put_in(struct update *u, struct update **list)
{
	DL_DELETE(*u->list, u);
	DL_APPEND(*list, u);
	u->list = list;
}

/* A million nodes that wait for a store to come back do not get to it at once. */
static void send_due(struct policy_cache *c)
{
	struct update *u;

	while (c->due && c->n_sent < CACHE_UPDATES_SENT) {
		u = c->due;
		u->changed = false;
		u->sent = !c->ops->serve(c->ctx, &u->u);
		if (!u->sent) {
			timerq_set(c->env->timers, &c->due_timer,
				   now(c) + CACHE_AGAIN_MS * NSEC_PER_MSEC);
			return;
		}
		c->n_sent++;
		put_in(u, &c->update);
	}
}

static void on_due(void *arg)
{
	send_due(arg);
}

static void send_update(struct update *u)
{
	timerq_cancel(u->cache->env->timers, &u->timer);
	put_in(u, &u->cache->due);
	send_due(u->cache);
}

static void update_again(void *arg)
{
	send_update(arg);
}

static void send_later(struct update *u)
{
	struct policy_cache *c = u->cache;

	if (timerq_set(c->env->timers, &u->timer, now(c) + u->again_ms * NSEC_PER_MSEC))
		put_in(u, &c->due);
	u->again_ms = u->again_ms * 2 < CACHE_AGAIN_MAX_MS ? u->again_ms * 2 : CACHE_AGAIN_MAX_MS;
}

static void update_free(struct update *u)
{
	timerq_cancel(u->cache->env->timers, &u->timer);
	dict_del(&u->cache->updates, &u->by_id);
	DL_DELETE(*u->list, u);
	u->cache->counters.updates--;
	free(u);
}

static int serve(void *store, const struct mn_id *id, const struct in6_addr *lma,
		 const struct in6_addr *before, struct policy_wait *w)
{
	struct policy_cache *c = store;
	struct update *u = find_update(c, id);

	if (!c->ops->serve)
		return -EOPNOTSUPP;
	if (!u) {
		u = calloc(1, sizeof(*u));
		if (!u)
			return -ENOMEM;
		u->u.id = *id;
		u->cache = c;
		u->again_ms = CACHE_AGAIN_MS;
		timer_init(&u->timer, update_again, u);
		dict_add(&c->updates, &u->by_id, id_hash(id));
		DL_APPEND(c->update, u);
		u->list = &c->update;
		c->counters.updates++;
	}
	u->changed = u->sent;
	u->u.lma = *lma;
	u->u.before = *before;
	if (w) {
		DL_APPEND(u->waiting, w);
		w->list = &u->waiting;
	}
	if (!u->sent)
		send_update(u);
	return 0;
}

/**
 * policy_cache_served() - an update has been made, or not
 * @c: the cache
 * @sent: the update, as it was when it was sent; gone afterwards
 * @err: 0; -EBUSY: another anchor serves the node by now; -EAGAIN: it is tried again
 */
void policy_cache_served(struct policy_cache *c, const struct policy_update *sent, int err)
{
	struct update *u = find_update(c, &sent->id);
	struct policy_wait *waiting;

	u->sent = false;
	c->n_sent--;
	if (err == -EAGAIN) {
		send_later(u);
		send_due(c);
		return;
	}
	if (!err)
		c->counters.updated++;
	else
		c->counters.update_conflicts++;
	if (!err && u->changed) {
		send_update(u);
		return;
	}
	policy_cache_changed(c, &sent->id);
	move_waiting(&waiting, &u->waiting);
	update_free(u);
	send_due(c);
	policy_answer(&waiting, err);
}

/**
 * policy_cache_up() - the store is within reach again
 * @c: the cache
 *
 * What has changed meanwhile nobody has told: all is asked for again when it is used.
 */
void policy_cache_up(struct policy_cache *c)
{
	struct update *u, *tmp;

	policy_cache_changed(c, NULL);
	DL_FOREACH_SAFE(c->update, u, tmp) {
		u->again_ms = CACHE_AGAIN_MS;
		if (u->sent)
			continue;
		timerq_cancel(c->env->timers, &u->timer);
		put_in(u, &c->due);
	}
	send_due(c);
}

static void each(void *store, bool (*fn)(void *arg, const struct profile *pr), void *arg)
{
	struct policy_cache *c = store;
	struct entry *e;

	DL_FOREACH(c->entries, e)
		if (!fn(arg, e->profile))
			return;
}

static void stop_waiting(struct policy_wait *list)
{
	struct policy_wait *w, *tmp;

	DL_FOREACH_SAFE(list, w, tmp)
		policy_cancel(w);
}

static void cache_free(void *store)
{
	struct policy_cache *c = store;
	struct question *q, *qtmp;
	struct update *u, *utmp;

	c->ops->free(c->ctx);
	DL_FOREACH_SAFE(c->question, q, qtmp) {
		stop_waiting(q->waiting);
		question_free(q);
	}
	DL_CONCAT(c->update, c->due);
	c->due = NULL;
	DL_FOREACH_SAFE(c->update, u, utmp) {
		stop_waiting(u->waiting);
		u->list = &c->update;
		update_free(u);
	}
	timerq_cancel(c->env->timers, &c->due_timer);
	while (c->nobody)
		nobody_free(c, c->nobody);
	while (c->entries)
		entry_free(c, c->entries);
	dict_free(&c->by_id);
	dict_free(&c->by_lladdr);
	dict_free(&c->nobodies);
	dict_free(&c->questions);
	dict_free(&c->updates);
	free(c);
}

static const struct policy_ops cache_ops = {
	.by_mn_id = by_mn_id,
	.by_lladdr = by_lladdr,
	.ask = ask,
	.serve = serve,
	.each = each,
	.free = cache_free,
};

/**
 * policy_cache_open() - a store that is elsewhere is the policy store
 * @p: the store, not open yet
 * @env: clock and timers
 * @conf: copied
 * @ops: how it is asked
 * @ctx: their first argument, given back by @ops->free
 *
 * Return: the cache, which belongs to @p; NULL: there is no memory, and @ctx stays the
 * caller's.
 */
struct policy_cache *policy_cache_open(struct policy *p, struct env *env,
				       const struct policy_cache_conf *conf,
				       const struct policy_remote_ops *ops, void *ctx)
{
	struct policy_cache *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->policy = p;
	c->env = env;
	c->conf = *conf;
	c->ops = ops;
	c->ctx = ctx;
	timer_init(&c->due_timer, on_due, c);
	p->ops = &cache_ops;
	p->store = c;
	return c;
}

/**
 * policy_cache_counters() - what is known, and what has been asked
 * @c: the cache
 *
 * Return: the counters, valid as long as the cache.
 */
const struct policy_cache_counters *policy_cache_counters(const struct policy_cache *c)
{
	return &c->counters;
}
