// SPDX-License-Identifier: GPL-2.0
/* A recorder behind struct env, with a clock and a die that tests control. */
#include "fake_env.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static bool is_state(enum fake_kind kind)
{
	return kind >= FAKE_TUNNEL_SET && kind <= FAKE_HOLD_RELEASE;
}

/* What the kernel says to it */
static int verdict(struct fake_env *f, const struct fake_action *a)
{
	if (!is_state(a->kind))
		return 0;
	if (f->mood.times && f->mood.kind == a->kind) {
		f->mood.times--;
		return f->mood.error;
	}
	return f->refuse ? f->refuse(f->refuse_arg, a) : 0;
}

static struct fake_action *record(struct fake_env *f, enum fake_kind kind,
				  struct fake_action *a)
{
	int err;

	a->kind = kind;
	a->at = f->now;
	err = verdict(f, a);
	if (err) {
		a->refused = true;
		f->refusals++;
		if (!f->refusal)
			f->refusal = err;
	}
	if (f->hook && !a->refused)
		f->hook(f->hook_arg, a);
	if (f->quiet)
		return a;
	if (f->len == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 64;
		f->v = realloc(f->v, f->cap * sizeof(*f->v));
		if (!f->v)
			abort();
	}
	f->v[f->len++] = *a;
	return a;
}

static void send_mh(void *ctx, const struct in6_addr *src,
		    const struct in6_addr *dst, const struct mh_msg *msg)
{
	struct fake_action a = {
		.mh = { .src = *src, .dst = *dst, .msg = *msg },
	};

	record(ctx, FAKE_SEND_MH, &a);
}

static void send_ra(void *ctx, const struct ra_out *ra)
{
	struct fake_action a = { .ra = *ra };

	record(ctx, FAKE_SEND_RA, &a);
}

static void send_mld(void *ctx, const struct mld_out *m)
{
	struct fake_action a = {
		.mld = { .ifindex = m->ifindex, .lladdr = m->lladdr, .local = m->local,
			 .remote = m->remote, .len = m->len },
	};

	if (m->len > sizeof(a.mld.packet))
		abort();
	memcpy(a.mld.packet, m->packet, m->len);
	record(ctx, FAKE_SEND_MLD, &a);
}

static void probe(void *ctx, uint32_t ifindex, const struct in6_addr *addr,
		  const struct llid *lladdr)
{
	struct fake_action a = { .probe = { .ifindex = ifindex } };

	if (addr)
		a.probe.addr = *addr;
	if (lladdr)
		a.probe.lladdr = *lladdr;
	record(ctx, FAKE_PROBE, &a);
}

static void dp_tunnel_set(void *ctx, const struct dp_tunnel *t)
{
	struct fake_action a = { .tunnel = *t };

	record(ctx, FAKE_TUNNEL_SET, &a);
}

static void dp_tunnel_del(void *ctx, uint32_t id)
{
	struct fake_action a = { .tunnel_id = id };

	record(ctx, FAKE_TUNNEL_DEL, &a);
}

static void dp_binding_set(void *ctx, const struct dp_binding *b)
{
	struct fake_action a = { .binding = *b };

	record(ctx, FAKE_BINDING_SET, &a);
}

static void dp_binding_del(void *ctx, const struct prefix *p)
{
	struct fake_action a = { .prefix = *p };

	record(ctx, FAKE_BINDING_DEL, &a);
}

static void dp_path_state(void *ctx, uint32_t ifindex,
			  const struct llid *lladdr, uint8_t state)
{
	struct fake_action a = {
		.path = { .ifindex = ifindex, .state = state },
	};

	if (lladdr)
		a.path.lladdr = *lladdr;
	record(ctx, FAKE_PATH_STATE, &a);
}

static void dp_flow_set(void *ctx, const struct dp_flow *flow)
{
	struct fake_action a = { .flow = *flow };

	record(ctx, FAKE_FLOW_SET, &a);
}

static void dp_flow_del(void *ctx, uint64_t node, uint16_t fid)
{
	struct fake_action a = { .flow_del = { .node = node, .fid = fid } };

	record(ctx, FAKE_FLOW_DEL, &a);
}

static void dp_listener_set(void *ctx, const struct dp_listener *l)
{
	struct fake_action a = { .listener = *l };

	record(ctx, FAKE_LISTENER_SET, &a);
}

static void dp_listener_del(void *ctx, const struct dp_listener *l)
{
	struct fake_action a = { .listener = *l };

	record(ctx, FAKE_LISTENER_DEL, &a);
}

static void dp_return_set(void *ctx, const struct prefix *p, const struct dp_return *r)
{
	struct fake_action a = { .ret = { .prefix = *p, .allowed = *r } };

	record(ctx, FAKE_RETURN_SET, &a);
}

static void serve(void *ctx)
{
	((struct fake_env *)ctx)->served++;
}

static void dp_hold_release(void *ctx, const struct prefix *p, uint8_t to)
{
	struct fake_action a = { .release = { .prefix = *p, .to = to } };

	record(ctx, FAKE_HOLD_RELEASE, &a);
}

static int dp_commit(void *ctx)
{
	struct fake_env *f = ctx;
	int err = f->refusal;

	f->commits++;
	f->refusal = 0;
	return err;
}

static void notify(void *ctx, const struct notice *n)
{
	struct fake_action a = { 0 };

	snprintf(a.notice.event, sizeof(a.notice.event), "%s", n->event);
	if (n->mn) {
		a.notice.has_mn = true;
		a.notice.mn = *n->mn;
	}
	if (n->peer) {
		a.notice.has_peer = true;
		a.notice.peer = *n->peer;
	}
	if (n->detail)
		snprintf(a.notice.detail, sizeof(a.notice.detail), "%s",
			 n->detail);
	record(ctx, FAKE_NOTIFY, &a);
}

static void forget(struct fake_env *f, const struct keep_key *key)
{
	struct fake_record *r, *tmp;

	DL_FOREACH_SAFE(f->kept, r, tmp) {
		if (r->key.kind != key->kind || r->key.len != key->len ||
		    memcmp(r->key.key, key->key, key->len))
			continue;
		DL_DELETE(f->kept, r);
		free(r);
		return;
	}
}

static void keep(void *ctx, const struct keep_key *key, const void *data, size_t len, bool more)
{
	struct fake_env *f = ctx;
	struct fake_record *r;

	if (!f->keeps)
		return;
	forget(f, key);
	if (!data)
		return;
	r = calloc(1, sizeof(*r) + len);
	if (!r)
		abort();
	r->key.kind = key->kind;
	r->key.len = key->len;
	memcpy(r->key.key, key->key, key->len);
	memcpy(r->data, data, len);
	r->len = len;
	r->more = more;
	DL_APPEND(f->kept, r);
}

static uint64_t now(void *ctx)
{
	struct fake_env *f = ctx;

	return f->now;
}

static uint64_t wall(void *ctx)
{
	struct fake_env *f = ctx;

	return f->wall;
}

static uint32_t random32(void *ctx)
{
	return fake_random(ctx);
}

static const struct env_ops fake_ops = {
	.send_mh = send_mh,
	.send_ra = send_ra,
	.send_mld = send_mld,
	.probe = probe,
	.dp_tunnel_set = dp_tunnel_set,
	.dp_tunnel_del = dp_tunnel_del,
	.dp_binding_set = dp_binding_set,
	.dp_binding_del = dp_binding_del,
	.dp_path_state = dp_path_state,
	.dp_flow_set = dp_flow_set,
	.dp_flow_del = dp_flow_del,
	.dp_listener_set = dp_listener_set,
	.dp_listener_del = dp_listener_del,
	.dp_return_set = dp_return_set,
	.dp_hold_release = dp_hold_release,
	.serve = serve,
	.dp_commit = dp_commit,
	.notify = notify,
	.keep = keep,
	.now = now,
	.wall = wall,
	.random = random32,
};

/**
 * fake_init() - a world in which nothing has happened yet
 * @f: to be initialised; must not move afterwards
 *
 * The monotonic clock starts at 1000 s, the wall clock in November 2023.
 */
void fake_init(struct fake_env *f)
{
	memset(f, 0, sizeof(*f));
	timerq_init(&f->timers);
	f->env.ops = &fake_ops;
	f->env.ctx = f;
	f->env.timers = &f->timers;
	f->now = 1000 * NSEC_PER_SEC;
	f->wall = 1700000000ULL * NSEC_PER_SEC;
	f->seed = 0x9e3779b97f4a7c15ULL;
}

/**
 * fake_free() - release what the recorder holds
 * @f: the recorder
 */
void fake_free(struct fake_env *f)
{
	while (f->kept)
		forget(f, &f->kept->key);
	timerq_free(&f->timers);
	free(f->v);
	f->v = NULL;
	f->len = 0;
	f->cap = 0;
}

/**
 * fake_reset() - forget the actions so far; clock and timers stay
 * @f: the recorder
 */
void fake_reset(struct fake_env *f)
{
	f->len = 0;
}

/**
 * fake_kept() - how much the next daemon would find
 * @f: the recorder
 * @kind: of what, enum keep_kind
 *
 * Return: the number of records.
 */
size_t fake_kept(const struct fake_env *f, uint8_t kind)
{
	const struct fake_record *r;
	size_t n = 0;

	DL_FOREACH(f->kept, r)
		n += r->key.kind == kind;
	return n;
}

/**
 * fake_record() - what the next daemon would find
 * @f: the recorder
 * @kind: enum keep_kind
 * @nth: which of them, the one that was put last is the last
 *
 * Return: the record, NULL: there are not so many.
 */
const struct fake_record *fake_record(const struct fake_env *f, uint8_t kind, unsigned int nth)
{
	const struct fake_record *r;

	DL_FOREACH(f->kept, r)
		if (r->key.kind == kind && !nth--)
			return r;
	return NULL;
}

/**
 * fake_bequeath() - the next daemon finds what one has left that died
 * @from: the world of the one, which has no record any more
 * @to: of the other
 */
void fake_bequeath(struct fake_env *from, struct fake_env *to)
{
	to->keeps = true;
	DL_CONCAT(to->kept, from->kept);
	from->kept = NULL;
	to->now = from->now;
	to->wall = from->wall;
}

/**
 * fake_refuse() - the kernel will refuse something
 * @f: the recorder
 * @kind: what
 * @times: how often; ~0U: from now on, 0: no more
 * @error: with which -errno
 */
void fake_refuse(struct fake_env *f, enum fake_kind kind, unsigned int times,
		 int error)
{
	f->mood.kind = kind;
	f->mood.times = times;
	f->mood.error = error;
}

/**
 * fake_advance() - let time pass
 * @f: the recorder
 * @ns: how long
 *
 * Each timer fires with the clock at its own deadline, so that timers which
 * are set from within others come in the right order.
 */
void fake_advance(struct fake_env *f, uint64_t ns)
{
	uint64_t end = f->now + ns, next;

	while (timerq_next(&f->timers, &next) && next <= end) {
		if (next > f->now) {
			f->wall += next - f->now;
			f->now = next;
		}
		timerq_run(&f->timers, f->now, 1);
	}
	f->wall += end - f->now;
	f->now = end;
}

/**
 * fake_advance_ms() - let milliseconds pass
 * @f: the recorder
 * @ms: how many
 */
void fake_advance_ms(struct fake_env *f, uint64_t ms)
{
	fake_advance(f, ms * NSEC_PER_MSEC);
}

static bool is_mh(const struct fake_action *a, int mh)
{
	return mh < 0 || a->mh.msg.kind == (enum mh_kind)mh;
}

static int index_of(const struct fake_env *f, enum fake_kind kind, int mh,
		    int nth)
{
	size_t i;

	if (nth < 0) {
		for (i = f->len; i-- > 0;)
			if (f->v[i].kind == kind && is_mh(&f->v[i], mh) &&
			    ++nth == 0)
				return i;
		return -1;
	}
	for (i = 0; i < f->len; i++)
		if (f->v[i].kind == kind && is_mh(&f->v[i], mh) && nth-- == 0)
			return i;
	return -1;
}

/**
 * fake_count() - how often something was asked for
 * @f: the recorder
 * @kind: what
 *
 * Return: number of actions of that kind since the last reset.
 */
size_t fake_count(const struct fake_env *f, enum fake_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < f->len; i++)
		n += f->v[i].kind == kind;
	return n;
}

/**
 * fake_index() - when, in the order of all actions, something was asked for
 * @f: the recorder
 * @kind: what
 * @nth: which, from 0; negative counts from the end
 *
 * Return: place in the list, -1 if there is no such action.
 */
int fake_index(const struct fake_env *f, enum fake_kind kind, int nth)
{
	return index_of(f, kind, -1, nth);
}

/**
 * fake_find() - what was asked for
 * @f: the recorder
 * @kind: what
 * @nth: which, from 0; negative counts from the end
 *
 * Return: the action, valid until the next one; NULL if there is no such.
 */
const struct fake_action *fake_find(const struct fake_env *f,
				    enum fake_kind kind, int nth)
{
	int i = fake_index(f, kind, nth);

	return i < 0 ? NULL : &f->v[i];
}

/**
 * fake_pop() - take out the oldest action
 * @f: the recorder
 * @out: receives it
 *
 * Return: false if there is none.
 */
bool fake_pop(struct fake_env *f, struct fake_action *out)
{
	if (!f->len)
		return false;
	*out = f->v[0];
	memmove(f->v, f->v + 1, --f->len * sizeof(*f->v));
	return true;
}

/**
 * fake_count_mh() - how many messages of a kind were sent
 * @f: the recorder
 * @kind: of message
 *
 * Return: the number since the last reset.
 */
size_t fake_count_mh(const struct fake_env *f, enum mh_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < f->len; i++)
		n += f->v[i].kind == FAKE_SEND_MH && is_mh(&f->v[i], kind);
	return n;
}

/**
 * fake_index_mh() - when, in the order of all actions, a message left
 * @f: the recorder
 * @kind: of message
 * @nth: which, from 0; negative counts from the end
 *
 * Return: place in the list, -1 if there is no such message.
 */
int fake_index_mh(const struct fake_env *f, enum mh_kind kind, int nth)
{
	return index_of(f, FAKE_SEND_MH, kind, nth);
}

/**
 * fake_find_mh() - a message that was sent
 * @f: the recorder
 * @kind: of message
 * @nth: which, from 0; negative counts from the end
 *
 * Return: message and addresses, valid until the next action; NULL: no such.
 */
const struct fake_mh *fake_find_mh(const struct fake_env *f, enum mh_kind kind,
				   int nth)
{
	int i = fake_index_mh(f, kind, nth);

	return i < 0 ? NULL : &f->v[i].mh;
}

/**
 * fake_find_notice() - a line that `pmipctl monitor` would have shown
 * @f: the recorder
 * @event: its name
 * @nth: which, from 0
 *
 * Return: the notice, valid until the next action; NULL: no such.
 */
const struct fake_notice *fake_find_notice(const struct fake_env *f,
					   const char *event, int nth)
{
	size_t i;

	for (i = 0; i < f->len; i++)
		if (f->v[i].kind == FAKE_NOTIFY &&
		    !strcmp(f->v[i].notice.event, event) && nth-- == 0)
			return &f->v[i].notice;
	return NULL;
}

/**
 * fake_random() - the next number of a fixed sequence (splitmix64)
 * @f: the recorder; @f->seed chooses the sequence
 *
 * Return: 32 bits, the same ones in every run.
 */
uint32_t fake_random(struct fake_env *f)
{
	uint64_t z = f->seed += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (z ^ (z >> 31)) >> 32;
}

/**
 * fake_addr() - an address as tests write it
 * @text: presentation form
 *
 * Return: the address; aborts if @text is none.
 */
struct in6_addr fake_addr(const char *text)
{
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		abort();
	return a;
}

/**
 * fake_prefix() - a prefix as tests write it
 * @text: "address/length"
 *
 * Return: the prefix; aborts if @text is none.
 */
struct prefix fake_prefix(const char *text)
{
	struct prefix p;

	memset(&p, 0, sizeof(p));
	if (!prefix_parse(&p, text))
		abort();
	return p;
}

/**
 * fake_llid() - a link-layer address as tests write it
 * @text: bytes in hex with colons
 *
 * Return: the address; aborts if @text is none.
 */
struct llid fake_llid(const char *text)
{
	struct llid l;

	memset(&l, 0, sizeof(l));
	if (!llid_parse(&l, text))
		abort();
	return l;
}

/**
 * fake_nai() - a mobile node's identifier as tests write it
 * @nai: "user@realm"
 *
 * Return: the identifier; aborts if @nai is none.
 */
struct mn_id fake_nai(const char *nai)
{
	struct mn_id id;

	memset(&id, 0, sizeof(id));
	if (!mn_id_from_nai(&id, nai))
		abort();
	return id;
}
