// SPDX-License-Identifier: GPL-2.0
/*
 * Three anchors, two access gateways and a few nodes that go from anchor to anchor, over a
 * network that loses, repeats and reorders messages.  The machines and the codec are the real
 * ones.  Of a node that stays at its gateway no packet is lost meanwhile, either way; and in
 * the end each is served by one anchor, and nothing is left anywhere of those that have gone.
 */
#include "kernel_model.h"
#include "mag_bed.h"

#include "lma/lma.h"

#include <stdio.h>
#include <utlist.h>

#define LMAS	3
#define MAGS	2
#define ALL	(LMAS + MAGS)
#define NODES	4
#define NOWHERE	(-1)
#define SEEDS	12
#define RETURNS	64

struct packet {
	uint64_t due;
	struct in6_addr src, dst;
	uint8_t data[MH_MAX];
	int len;
	struct packet *prev, *next;
};

/* By which tunnel packets may come back, as the kernel was told */
struct allowed {
	struct prefix prefix;
	uint32_t tunnel;
	uint64_t until;
};

struct gateway {
	struct fake_env f;
	struct model k;
	struct peers peers;
	struct policy policy;
	struct in6_addr addr;
	struct lma_conf lma_conf;
	struct mag_conf mag_conf;
	struct lma *lma;
	struct mag *mag;
	struct allowed allowed[RETURNS];
	struct domain *d;
};

struct domain {
	struct gateway gw[ALL];
	struct profile pr[NODES];
	struct prefix mags, anchors;
	struct packet *wire;
	unsigned int loss, repeat;	/* per cent */
	int at[NODES];			/* which gateway, or NOWHERE */
	struct prefix hnp[NODES];	/* len 0: has had none yet */
	bool watched;			/* packets of all that are there get through */
	uint64_t checks;
	unsigned int seed;
};

static uint32_t roll(struct domain *d, uint32_t n)
{
	return fake_random(&d->gw[0].f) % n;
}

static uint64_t now(const struct domain *d)
{
	return d->gw[0].f.now;
}

static void put_packet(struct domain *d, const struct fake_mh *mh)
{
	struct packet *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	p->src = mh->src;
	p->dst = mh->dst;
	p->due = now(d) + (1 + roll(d, 40)) * NSEC_PER_MSEC;
	p->len = mh_encode(&mh->msg, p->data, sizeof(p->data), &mh->src, &mh->dst, NULL);
	assert_true(p->len > 0);
	DL_APPEND(d->wire, p);
}

static void allow(struct gateway *g, const struct fake_return *r)
{
	struct allowed *x, *place = NULL;

	for (x = g->allowed; x < g->allowed + RETURNS; x++) {
		if (x->tunnel == r->allowed.tunnel && prefix_equal(&x->prefix, &r->prefix))
			break;
		if (!place && x->until <= g->f.now)
			place = x;
	}
	if (x == g->allowed + RETURNS)
		x = place;
	assert_non_null(x);
	x->prefix = r->prefix;
	x->tunnel = r->allowed.tunnel;
	x->until = g->f.now + r->allowed.time_ms * NSEC_PER_MSEC;
}

static void hook(void *arg, const struct fake_action *a)
{
	struct gateway *g = arg;
	struct domain *d = g->d;

	model_take(&g->k, a);
	if (a->kind == FAKE_RETURN_SET)
		allow(g, &a->ret);
	if (a->kind != FAKE_SEND_MH || roll(d, 100) < d->loss)
		return;
	put_packet(d, &a->mh);
	if (roll(d, 100) < d->repeat)
		put_packet(d, &a->mh);
}

static void to_lma(struct gateway *g, const struct packet *p, const struct mh_msg *m)
{
	if (m->kind == MH_PBU)
		lma_on_pbu(g->lma, &p->src, &p->dst, m);
	else if (m->kind == MH_LMA_HO_REQ)
		lma_on_lma_ho_req(g->lma, &p->src, &p->dst, m);
	else if (m->kind == MH_LMA_HO_INIT)
		lma_on_lma_ho_init(g->lma, &p->src, &p->dst, m);
	else if (m->kind == MH_LMA_HACK)
		lma_on_lma_hack(g->lma, &p->src, &p->dst, m);
	else if (m->kind == MH_BRA)
		lma_on_bra(g->lma, &p->src, &p->dst, m);
	else
		fail();
}

static void to_mag(struct gateway *g, const struct packet *p, const struct mh_msg *m)
{
	if (m->kind == MH_PBA)
		mag_on_pba(g->mag, &p->src, &p->dst, m);
	else if (m->kind == MH_LMA_HO_RESP)
		mag_on_lma_ho_resp(g->mag, &p->src, &p->dst, m);
	else if (m->kind == MH_BRI)
		mag_on_bri(g->mag, &p->src, &p->dst, m);
	else
		fail();
}

static void hand_over(struct domain *d, struct packet *p)
{
	struct mh_msg m;

	DL_DELETE(d->wire, p);
	assert_int_equal(mh_decode(&m, p->data, (size_t)p->len, &p->src, &p->dst, 0).error, MH_OK);
	for (struct gateway *g = d->gw; g < d->gw + ALL; g++) {
		if (!IN6_ARE_ADDR_EQUAL(&g->addr, &p->dst))
			continue;
		if (m.kind == MH_HEARTBEAT)
			peer_on_heartbeat(&g->peers, &p->dst, &p->src, &m);
		else if (g->lma)
			to_lma(g, p, &m);
		else
			to_mag(g, p, &m);
	}
	free(p);
}

static struct gateway *by_addr(struct domain *d, const struct in6_addr *a)
{
	for (struct gateway *g = d->gw; g < d->gw + ALL; g++)
		if (IN6_ARE_ADDR_EQUAL(&g->addr, a))
			return g;
	return NULL;
}

/* ---- what a packet would meet ---- */

static struct gateway *far_end(struct domain *d, struct gateway *g, uint32_t id)
{
	struct model_tunnel *t = model_tunnel(&g->k, id);

	return t ? by_addr(d, &t->t.remote) : NULL;
}

static bool path_to(struct domain *d, struct gateway *g, const struct dp_binding *b,
		    const struct gateway *to)
{
	for (unsigned int i = 0; i < b->n_paths; i++)
		if (b->path[i].kind == PMIP_PATH_TUNNEL && far_end(d, g, b->path[i].tunnel) == to)
			return true;
	return false;
}

static bool takes_back(struct domain *d, struct gateway *g, const struct prefix *p,
		       const struct gateway *from)
{
	for (const struct allowed *x = g->allowed; x < g->allowed + RETURNS; x++)
		if (x->until > g->f.now && prefix_equal(&x->prefix, p) &&
		    far_end(d, g, x->tunnel) == from)
			return true;
	return false;
}

/* Where an anchor sends what came from another, or NULL */
static struct gateway *onward(struct domain *d, struct gateway *g, const struct prefix *p,
			      struct gateway *from)
{
	struct model_binding *b = model_binding(&g->k, p);

	if (!b || b->b.uplink || (from && !takes_back(d, g, p, from)))
		return NULL;
	for (unsigned int i = 0; i < b->b.n_paths; i++) {
		struct model_tunnel *t = model_tunnel(&g->k, b->b.path[i].tunnel);

		if (b->b.path[i].kind == PMIP_PATH_TUNNEL && t->t.state == PMIP_STATE_UP &&
		    far_end(d, g, t->id) != from)
			return far_end(d, g, t->id);
	}
	return NULL;
}

static struct gateway *home_of(struct domain *d, const struct prefix *p)
{
	for (unsigned int i = 0; i < LMAS; i++)
		if (prefix_contains(&d->gw[i].lma_conf.pool[0], p))
			return &d->gw[i];
	return NULL;
}

/* What a correspondent sends comes to the node's link */
static bool down_gets_through(struct domain *d, unsigned int i)
{
	const struct prefix *p = &d->hnp[i];
	struct gateway *g = home_of(d, p), *from = NULL, *next;
	const struct model_binding *b;

	for (unsigned int hops = 0; g && g->lma; hops++) {
		assert_true(hops <= LMAS);
		next = onward(d, g, p, from);
		from = g;
		g = next;
	}
	if (g != &d->gw[d->at[i]])
		return false;
	b = model_binding(&g->k, p);
	return b && b->b.path[0].kind == PMIP_PATH_LINK &&
	       (far_end(d, g, b->b.uplink) == from || path_to(d, g, &b->b, from));
}

/* What the node sends is taken by the anchor that it comes to (RFC 5213 §5.6.2) */
static bool up_gets_through(struct domain *d, unsigned int i)
{
	struct gateway *g = &d->gw[d->at[i]], *lma;
	const struct model_binding *b = model_binding(&g->k, &d->hnp[i]), *there;

	lma = b ? far_end(d, g, b->b.uplink) : NULL;
	there = lma ? model_binding(&lma->k, &d->hnp[i]) : NULL;
	return there && path_to(d, lma, &there->b, g);
}

static void check(struct domain *d)
{
	for (unsigned int i = 0; d->watched && i < NODES; i++) {
		if (d->at[i] == NOWHERE || !d->hnp[i].len)
			continue;
		d->checks++;
		assert_true(down_gets_through(d, i));
		assert_true(up_gets_through(d, i));
	}
}

/* ---- time ---- */

static struct packet *next_packet(struct domain *d)
{
	struct packet *p, *first = NULL;

	DL_FOREACH(d->wire, p)
		if (!first || p->due < first->due)
			first = p;
	return first;
}

static void pass_ms(struct domain *d, uint64_t ms)
{
	const uint64_t end = now(d) + ms * NSEC_PER_MSEC;

	while (now(d) < end) {
		struct packet *p = next_packet(d);
		uint64_t next = p && p->due < end ? p->due : end, t;

		for (unsigned int i = 0; i < ALL; i++)
			if (timerq_next(&d->gw[i].f.timers, &t) && t < next)
				next = t;
		for (unsigned int i = 0; i < ALL; i++) {
			struct gateway *g = &d->gw[i];

			fake_advance(&g->f, next > g->f.now ? next - g->f.now : 0);
		}
		if (p && p->due <= now(d))
			hand_over(d, p);
		check(d);
	}
}

/* ---- the domain ---- */

static void dead(void *arg, struct peer *p)
{
	struct gateway *g = arg;

	if (g->lma)
		lma_on_peer_dead(g->lma, p);
	else
		mag_on_peer_dead(g->mag, p);
}

static void restarted(void *arg, struct peer *p)
{
	struct gateway *g = arg;

	if (g->lma)
		lma_on_peer_restart(g->lma, p);
	else
		mag_on_peer_restart(g->mag, p);
}

static void open_lma(struct domain *d, unsigned int i)
{
	struct gateway *g = &d->gw[i];

	g->lma_conf = (struct lma_conf) {
		.enabled = true, .address = g->addr, .n_pools = 1, .pool_prefix_len = 64,
		.n_mags = 1, .mag = &d->mags, .max_lifetime = 3600,
		.min_delay_before_bce_delete_ms = 10000, .max_delay_before_new_bce_assign_ms = 1500,
		.timestamp_window_ms = 5000, .handover_ms = 10000, .init_ms = 500,
		.init_retries = 3, .serve_lifetime = 60,
	};
	g->lma_conf.pool[0] = fake_prefix("2001:db8:1000::/40");
	g->lma_conf.pool[0].addr.s6_addr[4] = (uint8_t)(0x10 * (i + 1));
	for (unsigned int n = 0; n < LMAS; n++)
		if (n != i)
			g->lma_conf.neighbour[g->lma_conf.n_neighbours++] = d->gw[n].addr;
	g->lma = lma_new(&g->f.env, &g->lma_conf, &g->peers, &g->policy);
	assert_non_null(g->lma);
}

static void open_mag(struct domain *d, struct gateway *g)
{
	g->mag_conf = (struct mag_conf) {
		.enabled = true, .address = g->addr, .lma = d->gw[0].addr, .lifetime = 240,
		.timestamps = true, .bindack_ms = 1000, .linger_ms = 5000, .ra_ms = 60000,
		.router_lifetime = 1800, .rs_per_second = 3, .n_links = 1,
		.link = { { .att = 4, .ifindex = 1 } }, .n_peers = 1, .peer = &d->mags,
		.anchors = { .enabled = true, .redirect = true, .request_ms = 100,
			     .interval_ms = 1000, .linger_ms = 10000,
			     .n_anchors = 1, .anchor = &d->anchors },
	};
	g->mag = mag_new(&g->f.env, &g->mag_conf, &g->peers, &g->policy);
	assert_non_null(g->mag);
}

static void open_gateway(struct domain *d, unsigned int i)
{
	const struct peer_conf pc = { .heartbeat_ms = 2000, .missing_allowed = 10,
				      .restart_counter = 1 };
	struct gateway *g = &d->gw[i];

	fake_init(&g->f);
	g->f.seed += i + 1000ULL * d->seed;
	g->f.quiet = true;
	g->f.hook = hook;
	g->f.hook_arg = g;
	g->d = d;
	peers_init(&g->peers, &g->f.env, &pc);
	g->peers.on_dead = dead;
	g->peers.on_restart = restarted;
	g->peers.arg = g;
	assert_int_equal(policy_table_open(&g->policy, d->pr, NODES), 0);
	if (i < LMAS)
		open_lma(d, i);
	else
		open_mag(d, g);
}

static struct domain *domain_open(unsigned int seed)
{
	struct domain *d = calloc(1, sizeof(*d));
	char nai[32];

	assert_non_null(d);
	d->seed = seed;
	d->mags = fake_prefix("2001:db8:0:2::/64");
	d->anchors = fake_prefix("2001:db8:0:1::/64");
	for (unsigned int i = 0; i < NODES; i++) {
		snprintf(nai, sizeof(nai), "mn%u@example.org", i);
		d->pr[i].mn_id = fake_nai(nai);
		d->pr[i].allowed = true;
		d->pr[i].n_lladdrs = 1;
		d->pr[i].lladdr[0] = fake_llid("02:00:00:00:00:00");
		d->pr[i].lladdr[0].id[5] = (uint8_t)i;
		d->at[i] = NOWHERE;
	}
	for (unsigned int i = 0; i < ALL; i++) {
		d->gw[i].addr = fake_addr(i < LMAS ? "2001:db8:0:1::" : "2001:db8:0:2::");
		d->gw[i].addr.s6_addr[15] = (uint8_t)(i + 1);
	}
	for (unsigned int i = 0; i < ALL; i++)
		open_gateway(d, i);
	return d;
}

static void domain_close(struct domain *d)
{
	struct packet *p, *tmp;

	for (struct gateway *g = d->gw; g < d->gw + ALL; g++) {
		lma_free(g->lma);
		mag_free(g->mag);
		peers_free(&g->peers);
		policy_free(&g->policy);
		model_free(&g->k);
		fake_free(&g->f);
	}
	DL_FOREACH_SAFE(d->wire, p, tmp) {
		DL_DELETE(d->wire, p);
		free(p);
	}
	free(d);
}

/* ---- nodes ---- */

struct wanted {
	const struct mn_id *id;
	struct mag_session_view v;
	struct prefix hnp;
	bool found;
};

static bool find_one(void *arg, const struct mag_session_view *v)
{
	struct wanted *w = arg;

	if (!mn_id_equal(v->mn_id, w->id))
		return true;
	w->v = *v;
	w->found = true;
	if (v->n_hnp)
		w->hnp = v->hnp[0];
	return false;
}

static struct wanted session_of(struct domain *d, unsigned int i)
{
	struct wanted w = { .id = &d->pr[i].mn_id };

	mag_each(d->gw[d->at[i]].mag, find_one, &w);
	return w;
}

static void arrive(struct domain *d, unsigned int i, int gw)
{
	d->at[i] = gw;
	assert_int_equal(mag_on_attach(d->gw[gw].mag, 1, &d->pr[i].lladdr[0], NULL, NULL,
				       ATTACH_CARRIER), 0);
}

static void leave(struct domain *d, unsigned int i)
{
	mag_on_detach(d->gw[d->at[i]].mag, 1, &d->pr[i].lladdr[0]);
	d->at[i] = NOWHERE;
}

/* Those that are somewhere have their prefixes */
static void learn(struct domain *d)
{
	for (unsigned int i = 0; i < NODES; i++) {
		struct wanted w;

		if (d->at[i] == NOWHERE)
			continue;
		w = session_of(d, i);
		assert_true(w.found);
		/* the answer to a refresh may be on its way */
		assert_true(!strcmp(w.v.state, "active") || !strcmp(w.v.state, "refreshing"));
		d->hnp[i] = w.hnp;
	}
}

static void ask(struct domain *d, unsigned int i)
{
	if (d->at[i] != NOWHERE)
		mag_lma_handover(d->gw[d->at[i]].mag, &d->pr[i].mn_id,
				 &d->gw[roll(d, LMAS)].addr);
}

static void all_gone(struct domain *d)
{
	for (unsigned int i = 0; i < NODES; i++)
		if (d->at[i] != NOWHERE)
			leave(d, i);
	d->loss = 0;
	pass_ms(d, 120000);
	for (struct gateway *g = d->gw; g < d->gw + ALL; g++) {
		assert_int_equal(HASH_COUNT(g->k.bindings), 0);
		assert_int_equal(HASH_COUNT(g->k.tunnels), 0);
	}
}

static uint64_t changed(struct domain *d)
{
	return mag_counters(d->gw[LMAS].mag)->lma_handover.changed +
	       mag_counters(d->gw[LMAS + 1].mag)->lma_handover.changed;
}

/* Draft §2: "provide the ongoing session continuity to a MN during the handover from one LMA to
 * another LMA"
 */
static void stay_and_go_round(struct domain *d, unsigned int loss, unsigned int rounds)
{
	for (unsigned int i = 0; i < NODES; i++)
		arrive(d, i, LMAS + (int)(i % MAGS));
	pass_ms(d, 1000);
	learn(d);
	d->watched = true;
	d->loss = loss;
	d->repeat = loss;
	for (unsigned int n = 0; n < rounds; n++) {
		ask(d, roll(d, NODES));
		pass_ms(d, roll(d, 8000));
	}
	d->loss = 0;
	d->repeat = 0;
	pass_ms(d, 60000);
	learn(d);
	assert_true(d->checks > rounds);
	d->watched = false;
}

static void nothing_is_lost(struct domain *d)
{
	stay_and_go_round(d, 0, 100);
	assert_in_range(changed(d), 40, 100);
	all_gone(d);
}

/* Nor where a fifth of what the gateways tell each other is lost, and as much comes twice */
static void nothing_is_lost_on_bad_networks(struct domain *d)
{
	stay_and_go_round(d, 20, 300);
	assert_true(changed(d) > 50);
	all_gone(d);
}

/* Nodes come, go to the other gateway and leave in the midst of it */
static void move(struct domain *d, unsigned int i)
{
	int to = LMAS + (int)roll(d, MAGS);

	bool stays_away = d->at[i] != NOWHERE && (roll(d, 3) == 0 || to == d->at[i]);

	if (d->at[i] != NOWHERE)
		leave(d, i);
	if (!stays_away)
		arrive(d, i, to);
}

static void agree_in_the_end(struct domain *d)
{
	for (unsigned int round = 0; round < 40; round++) {
		d->loss = roll(d, 30);
		d->repeat = roll(d, 20);
		for (unsigned int n = 0; n < 30; n++) {
			unsigned int i = roll(d, NODES);

			if (roll(d, 2))
				ask(d, i);
			else
				move(d, i);
			pass_ms(d, roll(d, 3000));
		}
		d->loss = 0;
		d->repeat = 0;
		/* all have refreshed what they have */
		pass_ms(d, 250000);
		learn(d);
		d->watched = true;
		pass_ms(d, 1000);
		d->watched = false;
	}
	assert_true(changed(d) > 50);
	all_gone(d);
}

/* One domain after the other, each with luck of its own; PMIP_SEED: one alone */
static void domains(void **state)
{
	void (*const run)(struct domain *d) = *state;
	const char *text = getenv("PMIP_SEED");
	const unsigned int first = text ? (unsigned int)strtoul(text, NULL, 10) : 0;

	for (unsigned int seed = first; seed < first + (text ? 1 : SEEDS); seed++) {
		struct domain *d = domain_open(seed);

		print_message("seed %u\n", seed);
		run(d);
		domain_close(d);
	}
}

#define DOMAINS(run) { #run, domains, NULL, NULL, run }

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOMAINS(nothing_is_lost_on_bad_networks),
		DOMAINS(agree_in_the_end),
		DOMAINS(nothing_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
