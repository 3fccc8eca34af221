/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Three anchors in one process, the network between them, and two gateways that do as they
 * are told: a node of two interfaces, which packets from a correspondent must always reach.
 */
#ifndef SELFTESTS_UNIT_ANCHORS_BED_H
#define SELFTESTS_UNIT_ANCHORS_BED_H

#include "kernel_model.h"

#include "lma/lma.h"

#include <utlist.h>

#define ANCHORS		3
#define GATES		2
#define NONE		(-1)
#define RETURNS		32
#define STAY_MS		5000	/* a gateway takes packets from the anchor before */
#define NODE		"mn@x"

struct wire {
	uint64_t due;
	struct in6_addr src, dst;
	uint8_t data[MH_MAX];
	size_t len;
	struct wire *prev, *next;
};

struct allowed {
	struct prefix prefix;
	uint32_t tunnel;
	uint64_t until;
};

struct anchor {
	struct fake_env f;
	struct model k;
	struct peers peers;
	struct policy policy;
	struct lma_conf conf;
	struct prefix mags;
	struct lma *lma;
	struct anchors *d;
	struct allowed allowed[RETURNS];
	bool forgives;			/* the kernel has refused bindings */
	bool deaf;			/* nothing comes there, or from there */
};

struct gate {
	int lma, before, next;		/* anchors, NONE */
	uint64_t before_until;
	bool lazy;			/* does not register at another anchor */
	struct prefix hnp;
	unsigned int n_hnp;
	struct mh_hnp all[HNP_MAX];
	uint16_t seq, req_seq;
	unsigned int pbu_tries, req_tries;
	int pbu_to, req_wish;
	bool asking, redirectable, leaving;
	uint64_t pbu_due, req_due;	/* 0: nothing waits for an answer */
	struct mh_msg pba, resp;	/* the last one */
	unsigned int n_resp, n_unsolicited;
};

struct anchors {
	struct anchor a[ANCHORS];
	struct gate g[GATES];
	struct profile profile[3];
	struct wire *wire;
	unsigned int loss;		/* per cent */
	int home;			/* whose the node's prefix is */
	bool stamps;			/* requests have timestamps, so much too old: */
	uint64_t late;
	bool own;			/* each interface has prefixes of its own */
	struct mh_msg init;		/* the last context that has left */
	bool watched;			/* packets must get through at any time */
	unsigned int seen[MH_KINDS];	/* messages that have left, by kind */
};

static inline struct in6_addr anchor_addr(int n)
{
	struct in6_addr a = fake_addr("2001:db8:0:1::");

	a.s6_addr[15] = (uint8_t)(n + 1);
	return a;
}

static inline struct in6_addr gate_addr(int n)
{
	struct in6_addr a = fake_addr("2001:db8:0:2::");

	a.s6_addr[15] = (uint8_t)(n + 1);
	return a;
}

static inline int anchor_of(const struct in6_addr *a)
{
	for (int i = 0; i < ANCHORS; i++) {
		struct in6_addr x = anchor_addr(i);

		if (IN6_ARE_ADDR_EQUAL(&x, a))
			return i;
	}
	return NONE;
}

static inline int gate_of(const struct in6_addr *a)
{
	for (int i = 0; i < GATES; i++) {
		struct in6_addr x = gate_addr(i);

		if (IN6_ARE_ADDR_EQUAL(&x, a))
			return i;
	}
	return NONE;
}

static inline uint64_t anchors_now(const struct anchors *d)
{
	return d->a[0].f.now;
}

static inline void wire_put(struct anchors *d, const struct in6_addr *src,
			    const struct in6_addr *dst, const struct mh_msg *m)
{
	struct wire *w = calloc(1, sizeof(*w));
	int len;

	assert_non_null(w);
	len = mh_encode(m, w->data, sizeof(w->data), src, dst, NULL);
	assert_true(len > 0);
	d->seen[m->kind]++;
	if (m->kind == MH_LMA_HO_INIT && m->code == LMA_INIT_CONTEXT)
		d->init = *m;
	w->len = (size_t)len;
	w->src = *src;
	w->dst = *dst;
	w->due = anchors_now(d) + (1 + fake_random(&d->a[0].f) % 20) * NSEC_PER_MSEC;
	if (fake_random(&d->a[0].f) % 100 < d->loss ||
	    (anchor_of(src) != NONE && d->a[anchor_of(src)].deaf)) {
		free(w);
		return;
	}
	DL_APPEND(d->wire, w);
}

static inline void anchor_allow(struct anchor *a, const struct fake_return *r)
{
	struct allowed *x, *place = NULL;

	for (x = a->allowed; x < a->allowed + RETURNS; x++) {
		if (x->tunnel == r->allowed.tunnel && prefix_equal(&x->prefix, &r->prefix))
			break;
		if (!place && x->until <= a->f.now)
			place = x;
	}
	if (x == a->allowed + RETURNS)
		x = place;
	assert_non_null(x);
	*x = (struct allowed){ .prefix = r->prefix, .tunnel = r->allowed.tunnel };
	x->until = a->f.now + r->allowed.time_ms * NSEC_PER_MSEC;
}

static inline void anchor_watch(void *arg, const struct fake_action *x)
{
	struct anchor *a = arg;

	/* a refused one was never there; its removal is asked for all the same */
	if (x->kind != FAKE_BINDING_DEL || !a->forgives || model_binding(&a->k, &x->prefix))
		model_take(&a->k, x);
	if (x->kind == FAKE_RETURN_SET)
		anchor_allow(a, &x->ret);
	if (x->kind == FAKE_SEND_MH)
		wire_put(a->d, &x->mh.src, &x->mh.dst, &x->mh.msg);
}

static inline void anchor_restarted(void *arg, struct peer *p)
{
	lma_on_peer_restart(((struct anchor *)arg)->lma, p);
}

static inline void anchor_dead(void *arg, struct peer *p)
{
	lma_on_peer_dead(((struct anchor *)arg)->lma, p);
}

/* Whether a gateway takes what that anchor sends it */
static inline bool gate_takes(const struct anchors *d, int gate, int anchor)
{
	const struct gate *g = &d->g[gate];

	return g->lma == anchor || g->next == anchor ||
	       (g->before == anchor && anchors_now(d) < g->before_until);
}

static inline bool anchor_takes_back(const struct anchor *a, const struct prefix *p, int from)
{
	const struct in6_addr remote = anchor_addr(from);
	const struct allowed *x;

	for (x = a->allowed; x < a->allowed + RETURNS; x++) {
		struct model_tunnel *t = model_tunnel((struct model *)&a->k, x->tunnel);

		if (x->until > a->f.now && t && IN6_ARE_ADDR_EQUAL(&t->t.remote, &remote) &&
		    prefix_equal(&x->prefix, p))
			return true;
	}
	return false;
}

/* One step of a packet to a node: where it goes from an anchor; -1: it is lost */
static inline bool step_from(struct anchors *d, const struct prefix *p, int *at, int *from,
			     int *gate)
{
	struct anchor *a = &d->a[*at];
	struct model_binding *b = model_binding(&a->k, p);
	unsigned int i;

	if (!b || (*from != NONE && !anchor_takes_back(a, p, *from)))
		return false;
	for (i = 0; i < b->b.n_paths; i++) {
		struct model_tunnel *t = model_tunnel(&a->k, b->b.path[i].tunnel);
		int to;

		if (b->b.path[i].kind != PMIP_PATH_TUNNEL || t->t.state != PMIP_STATE_UP)
			continue;
		to = anchor_of(&t->t.remote);
		if (to != NONE && to == *from)
			continue;
		*gate = gate_of(&t->t.remote);
		*from = *at;
		*at = to;
		return true;
	}
	return false;
}

/* The gateway that a correspondent's packet reaches, by at most so many anchors; NONE: lost */
static inline int reaches(struct anchors *d, const struct prefix *p, unsigned int *anchors)
{
	int at = d->home, from = NONE, gate = NONE;

	for (*anchors = 0; *anchors <= ANCHORS; ++*anchors) {
		if (!step_from(d, p, &at, &from, &gate))
			return NONE;
		if (gate != NONE) {
			++*anchors;
			return gate_takes(d, gate, from) ? gate : NONE;
		}
	}
	fail();
	return NONE;
}

static inline void gate_send_pbu(struct anchors *d, int i)
{
	struct gate *g = &d->g[i];
	const struct in6_addr src = gate_addr(i), dst = anchor_addr(g->pbu_to);
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_PBU;
	m.seq = ++g->seq;
	m.flags = PBU_F_A | PBU_F_P;
	m.lifetime = g->leaving ? 0 : 100;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT | MH_HAS_LLID;
	if (g->redirectable)
		m.opts.present |= MH_HAS_REDIRECTABLE;
	if (d->stamps)
		m.opts.present |= MH_HAS_TIMESTAMP;
	m.opts.timestamp = d->stamps ? mh_timestamp(d->a[0].f.wall) - d->late : 0;
	m.opts.mn_id = fake_nai(NODE);
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = g->hnp;
	if (g->n_hnp > 1) {
		m.opts.n_hnp = g->n_hnp;
		memcpy(m.opts.hnp, g->all, sizeof(g->all));
	}
	m.opts.hi = g->hnp.len ? HI_REREGISTRATION :
		    i && !d->own ? HI_SHARED_PREFIXES : HI_NEW_INTERFACE;
	m.opts.att = i ? 3 : 4;
	m.opts.llid = fake_llid(i ? "02:00:00:00:00:02" : "02:00:00:00:00:01");
	g->pbu_tries++;
	g->pbu_due = anchors_now(d) + NSEC_PER_SEC;
	wire_put(d, &src, &dst, &m);
}

static inline void gate_register(struct anchors *d, int i, int anchor)
{
	d->g[i].pbu_to = anchor;
	d->g[i].pbu_tries = 0;
	gate_send_pbu(d, i);
}

static inline void gate_send_req(struct anchors *d, int i)
{
	struct gate *g = &d->g[i];
	const struct in6_addr src = gate_addr(i), dst = anchor_addr(g->lma);
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_LMA_HO_REQ;
	m.seq = g->req_seq;
	m.reason = LMA_HO_OPERATOR;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP;
	m.opts.mn_id = fake_nai(NODE);
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = g->hnp;
	if (g->req_wish != NONE) {
		m.opts.present |= MH_HAS_LMA;
		m.opts.n_lma = 1;
		m.opts.lma[0] = anchor_addr(g->req_wish);
	}
	g->req_tries++;
	g->req_due = anchors_now(d) + NSEC_PER_SEC;
	wire_put(d, &src, &dst, &m);
}

static inline void gate_ask(struct anchors *d, int i, int wish)
{
	d->g[i].req_wish = wish;
	d->g[i].req_seq++;
	d->g[i].req_tries = 0;
	gate_send_req(d, i);
}

static inline void gate_on_resp(struct anchors *d, int i, int from, const struct mh_msg *m)
{
	struct gate *g = &d->g[i];

	if (m->flags & LMA_HO_RESP_F_U) {
		g->n_unsolicited++;
	} else if (m->seq == g->req_seq) {
		g->req_due = 0;
		g->resp = *m;
		g->n_resp++;
	}
	if (m->status || from != g->lma || g->lazy || g->next != NONE)
		return;
	assert_int_equal(m->opts.n_lma, 1);
	g->next = anchor_of(&m->opts.lma[0]);
	gate_register(d, i, g->next);
}

static inline void gate_on_pba(struct anchors *d, int i, int from, const struct mh_msg *m)
{
	struct gate *g = &d->g[i];

	if (from != g->pbu_to)
		return;
	g->pba = *m;
	g->pbu_due = 0;
	if (g->leaving && !m->status) {
		g->lma = NONE;
		return;
	}
	if (m->status) {
		g->next = NONE;
		return;
	}
	/* RFC 6463 §5.2: "updates its BULE to contain the r2LMA address" */
	if (m->opts.present & MH_HAS_REDIRECT)
		from = anchor_of(&m->opts.redirect);
	if (g->lma != from) {
		g->before = g->lma;
		g->before_until = anchors_now(d) + STAY_MS * NSEC_PER_MSEC;
	}
	g->lma = from;
	g->next = NONE;
	g->hnp = m->opts.hnp[0].prefix;
	g->n_hnp = m->opts.n_hnp;
	memcpy(g->all, m->opts.hnp, sizeof(g->all));
}

static inline void gate_take(struct anchors *d, int i, const struct wire *w, const struct mh_msg *m)
{
	const int from = anchor_of(&w->src);

	if (m->kind == MH_LMA_HO_RESP)
		gate_on_resp(d, i, from, m);
	else if (m->kind == MH_PBA)
		gate_on_pba(d, i, from, m);
	else if (m->kind == MH_BRI && d->g[i].lma == from)
		d->g[i].lma = NONE;
}

static inline void anchor_take(struct anchor *a, const struct wire *w, const struct mh_msg *m)
{
	if (m->kind == MH_HEARTBEAT)
		peer_on_heartbeat(&a->peers, &w->dst, &w->src, m);
	else if (m->kind == MH_PBU)
		lma_on_pbu(a->lma, &w->src, &w->dst, m);
	else if (m->kind == MH_LMA_HO_REQ)
		lma_on_lma_ho_req(a->lma, &w->src, &w->dst, m);
	else if (m->kind == MH_LMA_HO_INIT)
		lma_on_lma_ho_init(a->lma, &w->src, &w->dst, m);
	else if (m->kind == MH_PBA)
		lma_on_pba(a->lma, &w->src, &w->dst, m);
	else if (m->kind == MH_LMA_HACK)
		lma_on_lma_hack(a->lma, &w->src, &w->dst, m);
	else
		fail();
}

static inline void wire_deliver(struct anchors *d, struct wire *w)
{
	int to = anchor_of(&w->dst);
	struct mh_msg m;

	DL_DELETE(d->wire, w);
	assert_int_equal(mh_decode(&m, w->data, w->len, &w->src, &w->dst, 0).error, MH_OK);
	if (to != NONE && d->a[to].lma && !d->a[to].deaf)
		anchor_take(&d->a[to], w, &m);
	else if (gate_of(&w->dst) != NONE)
		gate_take(d, gate_of(&w->dst), w, &m);
	free(w);
}

static inline void gates_tick(struct anchors *d)
{
	for (int i = 0; i < GATES; i++) {
		struct gate *g = &d->g[i];

		if (g->pbu_due && g->pbu_due <= anchors_now(d)) {
			g->pbu_due = 0;
			if (g->pbu_tries < 5)
				gate_send_pbu(d, i);
			else
				g->next = NONE;
		}
		if (g->req_due && g->req_due <= anchors_now(d)) {
			g->req_due = 0;
			if (g->req_tries < 8)
				gate_send_req(d, i);
		}
	}
}

/* Time passes, 1 ms at a time */
static inline void anchors_pass(struct anchors *d, unsigned int ms)
{
	while (ms--) {
		struct wire *w, *tmp;
		unsigned int hops;

		for (int i = 0; i < ANCHORS; i++)
			fake_advance_ms(&d->a[i].f, 1);
		DL_FOREACH_SAFE(d->wire, w, tmp) {
			if (w->due > anchors_now(d))
				continue;
			wire_deliver(d, w);
			if (d->watched && d->g[0].hnp.len)
				assert_int_not_equal(reaches(d, &d->g[0].hnp, &hops), NONE);
		}
		gates_tick(d);
		if (d->watched && d->g[0].hnp.len)
			assert_int_not_equal(reaches(d, &d->g[0].hnp, &hops), NONE);
	}
}

static inline void anchor_open(struct anchors *d, int i)
{
	const struct peer_conf pc = { .heartbeat_ms = 2000, .missing_allowed = 3,
				      .restart_counter = 1 };
	struct anchor *a = &d->a[i];

	fake_init(&a->f);
	a->f.hook = anchor_watch;
	a->f.hook_arg = a;
	a->f.quiet = true;
	a->d = d;
	peers_init(&a->peers, &a->f.env, &pc);
	a->peers.on_restart = anchor_restarted;
	a->peers.on_dead = anchor_dead;
	a->peers.arg = a;
	assert_int_equal(policy_table_open(&a->policy, d->profile, 3), 0);
	a->mags = fake_prefix("2001:db8:0:2::/64");
	a->conf = (struct lma_conf){
		.enabled = true, .address = anchor_addr(i), .n_pools = 1,
		.pool_prefix_len = 64, .n_mags = 1, .mag = &a->mags, .max_lifetime = 3600,
		.min_delay_before_bce_delete_ms = 3000, .handover_ms = 10000, .init_ms = 500,
		.init_retries = 3, .serve_lifetime = 60,
		.max_delay_before_new_bce_assign_ms = 1500,
	};
	a->conf.pool[0] = fake_prefix("2001:db8:1000::/40");
	a->conf.pool[0].addr.s6_addr[4] = (uint8_t)(0x10 * (i + 1));
	for (int n = 0; n < ANCHORS; n++)
		if (n != i)
			a->conf.neighbour[a->conf.n_neighbours++] = anchor_addr(n);
	a->lma = lma_new(&a->f.env, &a->conf, &a->peers, &a->policy);
	assert_non_null(a->lma);
}

static inline void anchors_open(struct anchors *d)
{
	static const char *const name[] = { NODE, "other@x", "third@x" };

	memset(d, 0, sizeof(*d));
	for (int i = 0; i < 3; i++) {
		d->profile[i].mn_id = fake_nai(name[i]);
		d->profile[i].allowed = true;
		d->profile[i].multihoming = MULTIHOMING_SHARED;
	}
	for (int i = 0; i < GATES; i++) {
		d->g[i].lma = NONE;
		d->g[i].before = NONE;
		d->g[i].next = NONE;
	}
	for (int i = 0; i < ANCHORS; i++)
		anchor_open(d, i);
}

static inline void anchors_close(struct anchors *d)
{
	struct wire *w, *tmp;

	for (int i = 0; i < ANCHORS; i++) {
		lma_free(d->a[i].lma);
		peers_free(&d->a[i].peers);
		policy_free(&d->a[i].policy);
		model_free(&d->a[i].k);
		fake_free(&d->a[i].f);
	}
	DL_FOREACH_SAFE(d->wire, w, tmp) {
		DL_DELETE(d->wire, w);
		free(w);
	}
}

/* The node is at so many gateways of the first anchor; from now on nothing may be lost */
static inline void anchors_attach(struct anchors *d, int gates)
{
	for (int i = 0; i < gates; i++) {
		gate_register(d, i, 0);
		anchors_pass(d, 50);
		assert_int_equal(d->g[i].lma, 0);
	}
	d->watched = true;
}

static inline bool anchors_state_one(void *arg, const struct lma_bce_view *v)
{
	*(const char **)arg = v->state;
	return false;
}

/* The state of the first entry that an anchor has; "none" */
static inline const char *anchors_state(struct anchors *d, int i)
{
	const char *state = "none";

	lma_each(d->a[i].lma, anchors_state_one, &state);
	return state;
}

static inline bool anchors_count_active(void *arg, const struct lma_bce_view *v)
{
	*(unsigned int *)arg += !strcmp(v->state, "active");
	return true;
}

/* How many entries gateways have registered at an anchor */
static inline unsigned int anchors_active(struct anchors *d, int i)
{
	unsigned int n = 0;

	lma_each(d->a[i].lma, anchors_count_active, &n);
	return n;
}

/* Nothing is left of any node */
static inline void anchors_is_empty(struct anchors *d, int i)
{
	assert_string_equal(anchors_state(d, i), "none");
	assert_int_equal(HASH_COUNT(d->a[i].k.bindings), 0);
	assert_int_equal(HASH_COUNT(d->a[i].k.tunnels), 0);
}

#endif
