// SPDX-License-Identifier: GPL-2.0
/*
 * Fifty thousand random events on 20 MAGs and 200 nodes: what the kernel was
 * told must equal the binding cache after each of them.
 */
#include "lma_bed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define MAGS	20
#define NODES	200
#define EVENTS	50000
#define CHECK_EVERY	50
#define ASKED	64	/* BRIs that can still be answered */

/* The kernel as a model: prefix → paths, tunnel → exists and users */
struct kernel_binding {
	struct prefix prefix;
	struct dp_binding b;
	unsigned int matched;
	UT_hash_handle hh;
};

struct kernel_tunnel {
	uint32_t id;
	struct in6_addr remote;
	UT_hash_handle hh;
};

struct kernel_flow {
	struct { uint64_t node; uint32_t fid; } key;
	struct dp_flow f;
	UT_hash_handle hh;
};

struct world {
	struct fake_env f;
	struct peers peers;
	struct policy policy;
	struct lma_conf conf;
	struct prefix mags;
	struct profile profile[NODES];
	struct lma *lma;
	struct kernel_binding *bindings;
	struct kernel_tunnel *tunnels;
	struct kernel_flow *flows;
	unsigned int n_flows, moved;
	/* gateways asked about flows that have not answered; the oldest is forgotten */
	struct fake_mh asked[64];
	unsigned int n_asked;
	unsigned int entries, accepted;
	uint16_t seq;
	struct revocation_authority authority;
	struct {
		struct in6_addr mag;
		uint16_t seq;
	} bri[ASKED];
	unsigned int n_bri;
	bool listens;			/* nodes do, and gateways speak of it (RFC 7161) */
	struct fake_mh query[ASKED];
	unsigned int n_query;
};

static struct kernel_binding *find_binding(struct world *w,
					   const struct prefix *p)
{
	struct kernel_binding *k;
	struct prefix key;

	memset(&key, 0, sizeof(key));
	key.addr = p->addr;
	key.len = p->len;
	HASH_FIND(hh, w->bindings, &key, sizeof(key), k);
	return k;
}

static struct kernel_tunnel *find_tunnel(struct world *w, uint32_t id)
{
	struct kernel_tunnel *t;

	HASH_FIND(hh, w->tunnels, &id, sizeof(id), t);
	return t;
}

static void set_binding(struct world *w, const struct dp_binding *b)
{
	struct kernel_binding *k = find_binding(w, &b->prefix);
	unsigned int i;

	for (i = 0; i < b->n_paths; i++)
		if (b->path[i].kind == PMIP_PATH_TUNNEL)
			assert_non_null(find_tunnel(w, b->path[i].tunnel));
	if (!k) {
		k = calloc(1, sizeof(*k));
		assert_non_null(k);
		k->prefix.addr = b->prefix.addr;
		k->prefix.len = b->prefix.len;
		HASH_ADD(hh, w->bindings, prefix, sizeof(k->prefix), k);
	} else {
		/* a prefix goes from node to node only by way of deletion */
		assert_true(k->b.node == b->node);
	}
	k->b = *b;
}

static void del_binding(struct world *w, const struct prefix *p)
{
	struct kernel_binding *k = find_binding(w, p);

	assert_non_null(k);
	HASH_DEL(w->bindings, k);
	free(k);
}

static void set_tunnel(struct world *w, const struct dp_tunnel *d)
{
	struct kernel_tunnel *t = find_tunnel(w, d->id);

	if (t)
		return;
	t = calloc(1, sizeof(*t));
	assert_non_null(t);
	t->id = d->id;
	t->remote = d->remote;
	HASH_ADD(hh, w->tunnels, id, sizeof(t->id), t);
}

static void del_tunnel(struct world *w, uint32_t id)
{
	struct kernel_tunnel *t = find_tunnel(w, id);
	struct kernel_binding *k, *tmp;
	unsigned int i;

	assert_non_null(t);
	/* nothing points to a tunnel that goes */
	HASH_ITER(hh, w->bindings, k, tmp)
		for (i = 0; i < k->b.n_paths; i++)
			assert_true(k->b.path[i].tunnel != id);
	HASH_DEL(w->tunnels, t);
	free(t);
}

static struct kernel_flow *find_flow(struct world *w, uint64_t node, uint16_t fid)
{
	struct kernel_flow *k, key;

	memset(&key, 0, sizeof(key));
	key.key.node = node;
	key.key.fid = fid;
	HASH_FIND(hh, w->flows, &key.key, sizeof(key.key), k);
	return k;
}

static void set_flow(struct world *w, const struct dp_flow *f)
{
	struct kernel_flow *k = find_flow(w, f->node, f->fid), *o, *tmp;

	assert_true(f->n_bid > 0 && f->n_bid <= PMIP_FLOW_BIDS);
	/* a node has each priority once */
	HASH_ITER(hh, w->flows, o, tmp)
		assert_true(o == k || o->f.node != f->node || o->f.pri != f->pri);
	if (!k) {
		k = calloc(1, sizeof(*k));
		assert_non_null(k);
		k->key.node = f->node;
		k->key.fid = f->fid;
		HASH_ADD(hh, w->flows, key, sizeof(k->key), k);
	}
	k->f = *f;
}

static void del_flow(struct world *w, const struct fake_flow_del *d)
{
	struct kernel_flow *k = find_flow(w, d->node, d->fid);

	/* one that it has refused it need not have */
	if (!k)
		return;
	HASH_DEL(w->flows, k);
	free(k);
}

/* A few flows are too many for it. */
static int refuse(void *arg, const struct fake_action *a)
{
	return a->kind == FAKE_FLOW_SET && !(fake_random(arg) % 20) ? -ENOSPC : 0;
}

static void sent(struct world *w, const struct fake_mh *m)
{
	w->accepted += m->msg.kind == MH_PBA && !m->msg.status;
	if (m->msg.kind == MH_FMI || m->msg.kind == MH_UPN)
		w->asked[w->n_asked++ % 64] = *m;
}

static void kernel(void *arg, const struct fake_action *a)
{
	struct world *w = arg;

	switch (a->kind) {
	case FAKE_FLOW_SET:
		set_flow(w, &a->flow);
		break;
	case FAKE_FLOW_DEL:
		del_flow(w, &a->flow_del);
		break;
	case FAKE_BINDING_SET:
		set_binding(w, &a->binding);
		break;
	case FAKE_BINDING_DEL:
		del_binding(w, &a->prefix);
		break;
	case FAKE_TUNNEL_SET:
		set_tunnel(w, &a->tunnel);
		break;
	case FAKE_TUNNEL_DEL:
		del_tunnel(w, a->tunnel_id);
		break;
	case FAKE_SEND_MH:
		sent(w, &a->mh);
		if (a->mh.msg.kind == MH_BRI) {
			w->bri[w->n_bri % ASKED].mag = a->mh.dst;
			w->bri[w->n_bri++ % ASKED].seq = a->mh.msg.seq;
		}
		if (a->mh.msg.kind == MH_SUBSCRIPTION_QUERY)
			w->query[w->n_query++ % ASKED] = a->mh;
		break;
	default:
		break;
	}
}

static bool path_to(struct world *w, const struct dp_binding *b, uint16_t bid,
		    const struct in6_addr *mag)
{
	unsigned int i;

	for (i = 0; i < b->n_paths; i++) {
		struct kernel_tunnel *t = find_tunnel(w, b->path[i].tunnel);

		if (t && IN6_ARE_ADDR_EQUAL(&t->remote, mag))
			return true;
	}
	/* full, and this entry is younger than those that fill it */
	return b->n_paths == PMIP_BINDING_PATHS && bid != b->path[0].bid;
}

static bool check_entry(void *arg, const struct lma_bce_view *v)
{
	struct world *w = arg;
	unsigned int i;

	assert_true(v->remaining_ns > 0);
	if (!strcmp(v->state, "pending"))
		return true;
	w->entries++;
	assert_true(v->n_hnp > 0);
	for (i = 0; i < v->n_hnp; i++) {
		struct kernel_binding *k = find_binding(w, &v->hnp[i]);

		assert_non_null(k);
		if (!strcmp(v->state, "deregistered")) {
			k->matched |= 0x100;
			continue;
		}
		assert_true(path_to(w, &k->b, v->bid, &v->proxy_coa));
		k->matched++;
	}
	return true;
}

/* What is in force the kernel has; counts all that might be */
static bool check_flow(void *arg, const struct lma_flow_view *v)
{
	struct world *w = arg;

	w->n_flows++;
	w->moved += v->n_bid && !v->waiting;
	/* what is dropped is so without an attachment, too */
	assert_true(v->waiting || v->n_bid || !v->active || v->spec->verdict == FLOW_DROP);
	return true;
}

/* Every entry is in the kernel, and nothing else is. */
static void check(struct world *w)
{
	struct kernel_binding *k, *tmp;
	struct peer *p, *ptmp;
	unsigned int users = 0;

	HASH_ITER(hh, w->bindings, k, tmp)
		k->matched = 0;
	w->entries = 0;
	lma_each(w->lma, check_entry, w);
	HASH_ITER(hh, w->bindings, k, tmp) {
		bool drops = k->b.path[0].kind == PMIP_PATH_DROP;

		assert_true(k->matched);
		/* a gateway to which flows were moved may have it, and no attachment */
		assert_true(!drops || !(k->matched & 0xff));
	}
	w->n_flows = 0;
	lma_each_flow(w->lma, NULL, check_flow, w);
	assert_true(w->n_flows >= HASH_COUNT(w->flows));
	HASH_ITER(hh, w->peers.table, p, ptmp) {
		users += p->users != 0;
		assert_true(!p->users == !find_tunnel(w, p->tunnel));
	}
	assert_int_equal(users, HASH_COUNT(w->tunnels));
}

static void on_restart(void *arg, struct peer *p)
{
	lma_on_peer_restart(((struct world *)arg)->lma, p);
}

static void make_world(struct world *w)
{
	struct peer_conf pc = { .heartbeat_ms = 60000, .missing_allowed = 3 };
	unsigned int i;
	char nai[32];

	memset(w, 0, sizeof(*w));
	fake_init(&w->f);
	w->f.quiet = true;
	w->f.hook = kernel;
	w->f.hook_arg = w;
	w->f.refuse = refuse;
	w->f.refuse_arg = &w->f;
	peers_init(&w->peers, &w->f.env, &pc);
	w->peers.on_restart = on_restart;
	w->peers.arg = w;
	for (i = 0; i < NODES; i++) {
		snprintf(nai, sizeof(nai), "mn%u@example.org", i);
		w->profile[i].mn_id = fake_nai(nai);
		w->profile[i].allowed = true;
		w->profile[i].multihoming = (enum multihoming)(i % 4);
		if (i % 5)
			continue;
		/* some of them in the middle of the pool */
		w->profile[i].n_hnp = 1;
		w->profile[i].hnp[0] = fake_prefix("2001:db8:100::/64");
		w->profile[i].hnp[0].addr.s6_addr[7] = i;
	}
	assert_int_equal(policy_table_open(&w->policy, w->profile, NODES), 0);
	w->mags = fake_prefix("2001:db8:0:2::/64");
	w->conf = (struct lma_conf) {
		.enabled = true, .address = bed_lma(), .n_pools = 2,
		.pool_prefix_len = 64, .n_mags = 1, .mag = &w->mags,
		.seamless = true, .max_lifetime = 3600, .timestamps = true,
		.timestamp_window_ms = 300,
		.min_delay_before_bce_delete_ms = 10000,
		.max_delay_before_new_bce_assign_ms = 1500,
		.flow_linger_ms = 5000,
		.flow = {
			.dialect = FLOW_DIALECT_AUTO, .lifetime = 600, .fmi_ms = 500,
			.upn_ms = 1000, .upn_retries = 1,
		},
		.revoke_handover = true, .n_bulk = 1, .bulk = &w->authority,
		.revocation = { .delay_ms = 500, .max_delay_ms = 2000, .retries = 2 },
	};
	w->conf.mcast.enabled = w->listens;
	mcast_conf_default(&w->conf.mcast.down);
	mcast_conf_default(&w->conf.mcast.up);
	w->conf.mcast.subscription = (struct subscription_conf){ w->listens, 300, 2, 700 };
	w->authority.mag = w->mags;
	w->authority.identity = fake_nai("mag@example.org");
	/* small enough to be exhausted now and then */
	w->conf.pool[0] = fake_prefix("2001:db8:100::/57");
	w->conf.pool[1] = fake_prefix("2001:db8:200::/58");
	w->lma = lma_new(&w->f.env, &w->conf, &w->peers, &w->policy);
	assert_non_null(w->lma);
	for (i = 0; i < NODES; i++)
		if (w->profile[i].n_hnp)
			assert_int_equal(lma_reserve(w->lma,
						     &w->profile[i].hnp[0]), 0);
}

static void listen_to(struct mh_msg *m)
{
	const struct mh_group g = {
		.address = fake_addr("ff1e::1"), .record = MLD_IS_EX, .code = MULTICAST_MLDV2,
	};

	m->opts.present |= MH_HAS_SUBSCRIPTION;
	assert_true(mh_groups_add(&m->opts.listens, &g, NULL));
}

/* What a gateway answers, or asks, about a node that may be anywhere by then */
static void random_subscription(struct world *w)
{
	uint32_t r = fake_random(&w->f);
	struct fake_mh q = w->query[r % ASKED];
	struct in6_addr mag = bed_mag(1 + (r >> 8) % MAGS), lma = bed_lma();

	if (!w->n_query)
		return;
	if (!((r >> 16) % 3)) {
		q.msg.seq = (uint8_t)(r >> 24);
		q.msg.opts.n_hnp = 0;
		q.msg.opts.mn_id = w->profile[(r >> 4) % NODES].mn_id;
		lma_on_subscription_query(w->lma, &mag, &lma, &q.msg);
		return;
	}
	if (!((r >> 16) % 64)) {
		memset(&q.msg, 0, sizeof(q.msg));
		q.msg.kind = MH_BE;
		q.msg.status = BE_UNKNOWN_TYPE;
		lma_on_subscription_unknown(w->lma, &q.dst, &q.msg);
		return;
	}
	q.msg.kind = MH_SUBSCRIPTION_RESPONSE;
	if ((r >> 24) % 3) {
		q.msg.flags = SUB_F_I;
		listen_to(&q.msg);
	}
	lma_on_subscription_response(w->lma, &q.dst, &q.src, &q.msg);
}

static void random_pbu(struct world *w)
{
	uint32_t r = fake_random(&w->f), s = fake_random(&w->f);
	const struct profile *p = &w->profile[r % NODES];
	struct in6_addr mag = bed_mag(1 + (r >> 8) % MAGS), lma = bed_lma();
	struct mh_msg m;

	fake_advance(&w->f, 100000);
	memset(&m, 0, sizeof(m));
	m.kind = MH_PBU;
	m.flags = PBU_F_A | PBU_F_P;
	m.seq = ++w->seq;
	m.lifetime = s % 4 ? 1 + (s >> 4) % 200 : 0;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT |
			 MH_HAS_TIMESTAMP;
	m.opts.mn_id = p->mn_id;
	m.opts.hi = (r >> 16) % 8;
	m.opts.att = 3 + (r >> 20) % 2;
	m.opts.timestamp = mh_timestamp(w->f.wall);
	m.opts.n_hnp = 1 + !((s >> 12) % 8);
	if ((s >> 16) % 4) {
		m.opts.present |= MH_HAS_LLID;
		m.opts.llid = fake_llid(IF1);
		m.opts.llid.id[5] = (s >> 20) % 3;
	}
	if (!((s >> 24) % 4)) {
		m.opts.hnp[0].prefix = fake_prefix("2001:db8:100::/64");
		m.opts.hnp[0].prefix.addr.s6_addr[7] = (s >> 26) * 3;
	}
	if (w->listens && (r >> 24) % 8)
		m.flags |= PBU_F_S;
	if (w->listens && !((r >> 27) % (m.lifetime ? 8 : 2)))
		listen_to(&m);
	lma_on_pbu(w->lma, &mag, &lma, &m);
}

static void random_flow(struct world *w)
{
	uint32_t r = fake_random(&w->f), s = fake_random(&w->f);
	const struct mn_id *id = &w->profile[r % NODES].mn_id;
	struct flow_spec f = {
		.fid = 1 + (r >> 8) % 10, .pri = 1 + (r >> 12) % 10,
		.verdict = !((r >> 16) % 10),
		.n_bid = 1 + (s & 1), .bid = { 1 + (s >> 1) % 8, 1 + (s >> 4) % 8 },
		.selector = { .format = SELECTOR_IPV6 },
	};

	if (s & 0x100) {
		f.selector.fields = SELECTOR_HAS(SELECTOR_DST);
		f.selector.ranges = SELECTOR_HAS(SELECTOR_DST);
		f.selector.dst[0] = fake_addr("2001:db8:100::");
		f.selector.dst[1] = fake_addr("2001:db8:100:ffff:ffff::");
	}
	switch ((s >> 12) % 4) {
	case 0:
		lma_flow_del(w->lma, id, f.fid);
		break;
	case 1:
		lma_flow_move(w->lma, id, f.fid, f.bid, f.n_bid);
		break;
	default:
		lma_flow_add(w->lma, id, &f, (s >> 16) % 3 ? FLOW_FOREVER : (s >> 20) % 60);
	}
}

static void random_answer(struct world *w)
{
	struct fake_mh q = w->asked[fake_random(&w->f) % 64];
	uint32_t r = fake_random(&w->f);

	if (!w->n_asked)
		return;
	q.msg.status = r % 4 ? 0 : 128 + (r >> 4) % 5;
	if (!((r >> 8) % 50)) {
		q.msg.kind = MH_BE;
		q.msg.status = BE_UNKNOWN_TYPE;
		lma_on_binding_error(w->lma, &q.dst, &q.msg);
	} else if (q.msg.kind == MH_FMI) {
		q.msg.kind = MH_FMA;
		lma_on_fma(w->lma, &q.dst, &q.src, &q.msg);
	} else {
		q.msg.kind = MH_UPA;
		lma_on_upa(w->lma, &q.dst, &q.src, &q.msg);
	}
}

static void random_restart(struct world *w)
{
	struct in6_addr mag = bed_mag(1 + fake_random(&w->f) % MAGS);
	struct in6_addr lma = bed_lma();
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_HEARTBEAT;
	m.flags = HB_F_R | HB_F_U;
	m.opts.present = MH_HAS_RESTART;
	m.opts.restart = fake_random(&w->f) % 3;
	peer_on_heartbeat(&w->peers, &lma, &mag, &m);
}

/* One that the kernel has, and whose it is; NULL: none */
static const struct mn_id *some_prefix(struct world *w, uint32_t r, struct prefix *p)
{
	struct kernel_binding *k, *tmp;
	unsigned int i, n = HASH_COUNT(w->bindings);

	i = n ? r % n : 0;
	HASH_ITER(hh, w->bindings, k, tmp) {
		if (i--)
			continue;
		*p = k->b.prefix;
		for (i = 0; i < NODES; i++)
			if (mn_id_number(&w->profile[i].mn_id) == k->b.node)
				return &w->profile[i].mn_id;
	}
	return NULL;
}

static void random_revocation(struct world *w)
{
	uint32_t r = fake_random(&w->f), s = fake_random(&w->f);
	struct mn_id realm = fake_nai("@example.org");
	struct lma_revocation v = {
		.mn_id = &w->profile[r % NODES].mn_id, .bid = (r >> 8) % 4,
		.trigger = (r >> 10) % 8,
	};
	struct in6_addr mag = bed_mag(1 + (r >> 16) % MAGS);
	const struct mn_id *id;
	struct prefix p;

	id = s & 0x100 ? some_prefix(w, r, &p) : NULL;
	if (id) {
		v.mn_id = id;
		v.hnp = &p;
	}
	if (s % 32)
		lma_revoke(w->lma, &v);
	else
		lma_revoke_gateway(w->lma, &mag, s & 32 ? &realm : NULL);
}

static void random_bri(struct world *w)
{
	uint32_t r = fake_random(&w->f), s = fake_random(&w->f);
	struct in6_addr mag = bed_mag(1 + (r >> 8) % MAGS), lma = bed_lma();
	const struct mn_id *id;
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_BRI;
	m.seq = ++w->seq;
	m.flags = BR_F_P;
	m.trigger = s % 8;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = w->profile[r % NODES].mn_id;
	id = s & 0x80 ? some_prefix(w, r, &m.opts.hnp[0].prefix) : NULL;
	if (id) {
		m.opts.mn_id = *id;
		m.opts.present |= MH_HAS_HNP;
		m.opts.n_hnp = 1;
	}
	if (!((s >> 8) % 64)) {
		m.flags |= BR_F_G;
		m.trigger = BRI_PEER_POLICY;
		m.opts.mn_id = w->authority.identity;
	}
	lma_on_bri(w->lma, &mag, &lma, &m);
}

/* To one of the newest BRIs, which may have been answered before, or given up */
static void random_bra(struct world *w)
{
	uint32_t r = fake_random(&w->f), i = r % ASKED;
	struct in6_addr lma = bed_lma();
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_BRA;
	m.seq = w->bri[i].seq;
	m.status = (r >> 8) % 4 ? (r >> 10) % 2 : BRA_NO_BINDING + (r >> 10) % 8;
	lma_on_bra(w->lma, &w->bri[i].mag, &lma, &m);
}

static void free_world(struct world *w)
{
	lma_free(w->lma);
	peers_free(&w->peers);
	policy_free(&w->policy);
	fake_free(&w->f);
}

static void events(bool listens)
{
	struct world *w = calloc(1, sizeof(*w));
	unsigned int i;

	assert_non_null(w);
	w->listens = listens;
	make_world(w);
	for (i = 0; i < EVENTS; i++) {
		uint32_t r = fake_random(&w->f) % 1000;

		if (w->listens && !(i % 4))
			random_subscription(w);
		if (r < 550)
			random_pbu(w);
		else if (r < 650)
			random_flow(w);
		else if (r < 750)
			random_answer(w);
		else if (r < 790)
			random_revocation(w);
		else if (r < 830)
			random_bri(w);
		else if (r < 900)
			random_bra(w);
		else if (r < 990)
			fake_advance_ms(&w->f, fake_random(&w->f) % 5000);
		else
			random_restart(w);
		if (!(i % CHECK_EVERY))
			check(w);
	}
	assert_true(w->accepted > EVENTS / 10);
	assert_true(lma_counters(w->lma)->status[PBA_NO_RESOURCES] > 0);
	assert_true(lma_counters(w->lma)->revoked > EVENTS / 100);
	assert_true(lma_counters(w->lma)->revoked_prefixes > EVENTS / 1000);
	assert_true(lma_counters(w->lma)->deferred > 0);
	/* and when every lifetime is over, nothing is left of it */
	fake_advance_ms(&w->f, 4000 * 1000);
	check(w);
	assert_int_equal(w->entries, 0);
	assert_true(w->moved > 100);
	assert_int_equal(HASH_COUNT(w->flows), 0);
	assert_int_equal(HASH_COUNT(w->bindings), 0);
	assert_int_equal(HASH_COUNT(w->tunnels), 0);
	assert_int_equal(w->f.timers.len, 0);
	assert_true(lma_counters(w->lma)->revocation.bri_tx >
		    lma_counters(w->lma)->revocation.bra_stray);
	if (w->listens) {
		const struct subscription_counters *c = &lma_counters(w->lma)->subscription;

		assert_true(c->waited > 100 && c->told > 100 && c->response_rx > 100);
		assert_true(c->silent > 100 && c->unsupported && c->response_tx > 100);
	}
	free_world(w);
	free(w);
}

/* RFC 5213 §5: the routing state is that of the cache, whatever the order */
static void random_events(void **state)
{
	(void)state;
	events(false);
}

/* RFC 7161 §5.2: also with requests that wait until it is known what their nodes listen to */
static void random_listeners(void **state)
{
	(void)state;
	events(true);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_events),
		cmocka_unit_test(random_listeners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
