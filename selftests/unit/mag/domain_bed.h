/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A whole domain in one process: an anchor, three access gateways and fifty
 * nodes of two interfaces.  The machines and the codec are the real ones; the
 * network between them loses, repeats and reorders as it is told to.
 */
#ifndef SELFTESTS_UNIT_DOMAIN_BED_H
#define SELFTESTS_UNIT_DOMAIN_BED_H

#include "kernel_model.h"
#include "mag_bed.h"

#include "lma/lma.h"

#include <stdio.h>
#include <utlist.h>

#define MAGS	3
#define ANCHOR	MAGS		/* its place among the gateways */
#define GATEWAYS (MAGS + 1)
#define NODES	50
#define IFS	2		/* one on each access link of a gateway */
#define NOWHERE	(-1)
#define HEARTBEAT_MS	10000

struct packet {
	uint64_t due;
	struct in6_addr src, dst;
	uint8_t data[1024];
	size_t len;
	struct packet *prev, *next;
};

struct gateway {
	struct fake_env f;
	struct model k;
	struct peers peers;
	struct mag_conf conf;
	struct mag *mag;
	struct lma *lma;
	struct in6_addr addr;
	struct domain *d;
	unsigned int lives;
	/* what outlives the machines, as the daemon's file of peers does */
	unsigned int n_memory;
	struct peer_memory memory[GATEWAYS];
};

struct domain {
	struct gateway gw[GATEWAYS];
	struct lma_conf lma_conf;
	struct prefix mags;
	struct revocation_authority bulk;
	struct policy policy;
	struct profile pr[NODES];
	struct packet *wire;
	unsigned int loss, repeat;	/* per cent */
	uint64_t sent, lost;
	bool handovers;			/* somebody says where nodes go, right or wrong */
	uint64_t announced, claimed;	/* so often that was possible */
	struct mag_signal_rule rule[MAGS][IFS];	/* who leaves by a link goes there, or not */
	int at[NODES][IFS];		/* the truth: which gateway, or NOWHERE */
	int ghost[NODES][IFS];		/* which one has yet to notice the departure */
	bool listens;			/* nodes do, and it goes by their anchor (RFC 7161) */
};

static inline uint32_t roll(struct domain *d, uint32_t n)
{
	return fake_random(&d->gw[ANCHOR].f) % n;
}

static inline void put_packet(struct domain *d, const struct fake_mh *mh)
{
	struct packet *p = calloc(1, sizeof(*p));
	struct mh_result res;
	int len;

	assert_non_null(p);
	p->src = mh->src;
	p->dst = mh->dst;
	p->due = d->gw[ANCHOR].f.now + (1 + roll(d, 80)) * NSEC_PER_MSEC;
	len = mh_encode(&mh->msg, p->data, sizeof(p->data), &mh->src, &mh->dst,
			&res);
	assert_true(len > 0);
	p->len = len;
	DL_APPEND(d->wire, p);
}

static inline void watch(void *arg, const struct fake_action *a)
{
	struct gateway *g = arg;
	struct domain *d = g->d;

	model_take(&g->k, a);
	if (a->kind != FAKE_SEND_MH)
		return;
	d->sent++;
	if (roll(d, 100) < d->loss) {
		d->lost++;
		return;
	}
	put_packet(d, &a->mh);
	if (roll(d, 100) < d->repeat)
		put_packet(d, &a->mh);
}

static inline void deliver(struct gateway *g, const struct packet *p)
{
	struct mh_result r;
	struct mh_msg m;

	r = mh_decode(&m, p->data, p->len, &p->src, &p->dst, 0);
	assert_int_equal(r.error, MH_OK);
	if (m.kind == MH_HEARTBEAT)
		peer_on_heartbeat(&g->peers, &p->dst, &p->src, &m);
	else if (m.kind == MH_PBU && g->lma)
		lma_on_pbu(g->lma, &p->src, &p->dst, &m);
	else if (m.kind == MH_PBA && g->mag)
		mag_on_pba(g->mag, &p->src, &p->dst, &m);
	else if (m.kind == MH_SHI && g->mag)
		mag_on_shi(g->mag, &p->src, &p->dst, &m);
	else if (m.kind == MH_SHACK && g->mag)
		mag_on_shack(g->mag, &p->src, &p->dst, &m);
	else if (m.kind == MH_HI && g->mag)
		mag_on_hi(g->mag, &p->src, &p->dst, &m);
	else if (m.kind == MH_HACK && g->mag)
		mag_on_hack(g->mag, &p->src, &p->dst, &m);
	else if (m.kind == MH_BRI && g->lma)
		lma_on_bri(g->lma, &p->src, &p->dst, &m);
	else if (m.kind == MH_BRI && g->mag)
		mag_on_bri(g->mag, &p->src, &p->dst, &m);
	else if (m.kind == MH_BRA && g->lma)
		lma_on_bra(g->lma, &p->src, &p->dst, &m);
	else if (m.kind == MH_BRA && g->mag)
		mag_on_bra(g->mag, &p->src, &p->dst, &m);
	else if (m.kind == MH_SUBSCRIPTION_QUERY && g->lma)
		lma_on_subscription_query(g->lma, &p->src, &p->dst, &m);
	else if (m.kind == MH_SUBSCRIPTION_QUERY && g->mag)
		mag_on_subscription_query(g->mag, &p->src, &p->dst, &m);
	else if (m.kind == MH_SUBSCRIPTION_RESPONSE && g->lma)
		lma_on_subscription_response(g->lma, &p->src, &p->dst, &m);
	else if (m.kind == MH_SUBSCRIPTION_RESPONSE && g->mag)
		mag_on_subscription_response(g->mag, &p->src, &p->dst, &m);
	else
		fail();
}

static inline struct packet *next_packet(struct domain *d)
{
	struct packet *p, *first = NULL;

	DL_FOREACH(d->wire, p)
		if (!first || p->due < first->due)
			first = p;
	return first;
}

/* A kill leaves no time to write: the memory is that of the last change. */
static inline void remember(struct gateway *g)
{
	struct peer *p, *tmp;

	if (!g->peers.changed)
		return;
	g->peers.changed = false;
	g->n_memory = 0;
	HASH_ITER(hh, g->peers.table, p, tmp) {
		assert_in_range(g->n_memory, 0, GATEWAYS - 1);
		if (peer_remember(p, &g->memory[g->n_memory]))
			g->n_memory++;
	}
}

static inline void hand_over(struct domain *d, struct packet *p)
{
	unsigned int i;

	DL_DELETE(d->wire, p);
	for (i = 0; i < GATEWAYS; i++) {
		if (!IN6_ARE_ADDR_EQUAL(&d->gw[i].addr, &p->dst) ||
		    !(d->gw[i].lma || d->gw[i].mag))
			continue;
		deliver(&d->gw[i], p);
		remember(&d->gw[i]);
	}
	free(p);
}

/* Let time pass for all of them at once. */
static inline void pass_ms(struct domain *d, uint64_t ms)
{
	uint64_t end = d->gw[ANCHOR].f.now + ms * NSEC_PER_MSEC, next, t;
	struct packet *p;
	unsigned int i;

	while (d->gw[ANCHOR].f.now < end) {
		p = next_packet(d);
		next = p && p->due < end ? p->due : end;
		for (i = 0; i < GATEWAYS; i++)
			if (timerq_next(&d->gw[i].f.timers, &t) && t < next)
				next = t;
		for (i = 0; i < GATEWAYS; i++)
			if (next > d->gw[i].f.now)
				fake_advance(&d->gw[i].f, next - d->gw[i].f.now);
			else
				fake_advance(&d->gw[i].f, 0);
		if (p && p->due <= d->gw[ANCHOR].f.now)
			hand_over(d, p);
	}
}

static inline void gw_alive(void *arg, struct peer *p)
{
	struct gateway *g = arg;

	if (g->mag)
		mag_on_peer_alive(g->mag, p);
}

static inline void gw_restart(void *arg, struct peer *p)
{
	struct gateway *g = arg;

	if (g->lma)
		lma_on_peer_restart(g->lma, p);
	else
		mag_on_peer_restart(g->mag, p);
}

static inline void open_machines(struct gateway *g)
{
	struct peer_conf pc = {
		.heartbeat_ms = HEARTBEAT_MS, .missing_allowed = 3,
		.restart_counter = ++g->lives,
	};
	struct domain *d = g->d;
	unsigned int i;

	peers_init(&g->peers, &g->f.env, &pc);
	g->peers.on_alive = gw_alive;
	g->peers.on_restart = gw_restart;
	g->peers.arg = g;
	if (g == &d->gw[ANCHOR])
		g->lma = lma_new(&g->f.env, &d->lma_conf, &g->peers, &d->policy);
	else
		g->mag = mag_new(&g->f.env, &g->conf, &g->peers, &d->policy);
	assert_true(g->lma || g->mag);
	for (i = 0; i < g->n_memory; i++)
		assert_non_null(peer_recall(&g->peers, &g->memory[i]));
	peers_announce_restart(&g->peers);
}

static inline void close_machines(struct gateway *g)
{
	mag_free(g->mag);
	lma_free(g->lma);
	peers_free(&g->peers);
	model_free(&g->k);
	g->mag = NULL;
	g->lma = NULL;
}

static inline void open_gateway(struct domain *d, unsigned int i)
{
	struct gateway *g = &d->gw[i];

	fake_init(&g->f);
	g->f.seed += i;
	g->f.quiet = true;
	g->f.hook = watch;
	g->f.hook_arg = g;
	g->d = d;
	g->addr = i == ANCHOR ? fake_addr("2001:db8:0:1::1") :
				fake_addr("2001:db8:0:2::1");
	if (i != ANCHOR)
		g->addr.s6_addr[15] = 1 + i;
	g->conf = (struct mag_conf) {
		.enabled = true, .address = g->addr, .seamless = true,
		.lma = fake_addr("2001:db8:0:1::1"),
		.lifetime = 60, .shi_lifetime = 60, .timestamps = true,
		.bindack_ms = 1000, .shi_ms = 500, .linger_ms = 3000,
		.probe_ms = 10000, .ra_ms = 60000, .router_lifetime = 1800,
		.rs_per_second = 3, .n_links = IFS,
		.link = { { .att = 4, .ifindex = 1 }, { .att = 3, .ifindex = 2 } },
		.n_peers = 1, .peer = &d->mags,
		.fast = true,
		.handover = { .hi_ms = 200, .hi_retries = 3, .expect_ms = 2000,
			      .forward_ms = 3000 },
		.identity = fake_nai("mag@example.org"),
		.revocation = { .delay_ms = 1000, .max_delay_ms = 2000, .retries = 1 },
	};
	open_machines(g);
}

static inline void open_policy(struct domain *d)
{
	unsigned int i, k;
	char nai[32];

	for (i = 0; i < NODES; i++) {
		snprintf(nai, sizeof(nai), "mn%u@example.org", i);
		d->pr[i].mn_id = fake_nai(nai);
		d->pr[i].allowed = true;
		d->pr[i].multihoming = i % 2 ? MULTIHOMING_SHARED :
					       MULTIHOMING_SINGLE;
		d->pr[i].n_lladdrs = IFS;
		if (i % 5 == 1) {
			d->pr[i].n_hnp = 2;
			for (k = 0; k < 2; k++) {
				d->pr[i].hnp[k] = fake_prefix("2001:db8:f::/64");
				d->pr[i].hnp[k].addr.s6_addr[6] = k;
				d->pr[i].hnp[k].addr.s6_addr[7] = i;
			}
		}
		for (k = 0; k < IFS; k++) {
			d->pr[i].lladdr[k] = fake_llid("02:00:00:00:00:00");
			d->pr[i].lladdr[k].id[4] = i;
			d->pr[i].lladdr[k].id[5] = k;
			d->at[i][k] = NOWHERE;
			d->ghost[i][k] = NOWHERE;
		}
	}
	assert_int_equal(policy_table_open(&d->policy, d->pr, NODES), 0);
}

static inline int domain_setup(void **state)
{
	struct domain *d = calloc(1, sizeof(*d));
	unsigned int i;

	assert_non_null(d);
	mh_set_types(&mh_default_types);
	d->mags = fake_prefix("2001:db8:0:2::/64");
	d->lma_conf = (struct lma_conf) {
		.enabled = true, .address = fake_addr("2001:db8:0:1::1"),
		.n_pools = 1, .pool_prefix_len = 64, .n_mags = 1,
		.mag = &d->mags, .seamless = true, .max_lifetime = 3600,
		.timestamps = true, .timestamp_window_ms = 300,
		.min_delay_before_bce_delete_ms = 10000,
		.max_delay_before_new_bce_assign_ms = 1500,
		.n_bulk = 1, .bulk = &d->bulk,
		.revocation = { .delay_ms = 1000, .max_delay_ms = 2000, .retries = 1 },
	};
	d->bulk.mag = d->mags;
	d->bulk.identity = fake_nai("mag@example.org");
	d->lma_conf.pool[0] = fake_prefix("2001:db8:100::/40");
	open_policy(d);
	for (i = 0; i < GATEWAYS; i++)
		open_gateway(d, i);
	*state = d;
	return 0;
}

static inline int domain_teardown(void **state)
{
	struct domain *d = *state;
	struct packet *p, *tmp;
	unsigned int i;

	DL_FOREACH_SAFE(d->wire, p, tmp)
		free(p);
	for (i = 0; i < GATEWAYS; i++) {
		close_machines(&d->gw[i]);
		fake_free(&d->gw[i].f);
	}
	policy_free(&d->policy);
	free(d);
	return 0;
}

static inline void leave_ghost(struct domain *d, unsigned int n, unsigned int k)
{
	if (d->ghost[n][k] == NOWHERE)
		return;
	mag_on_neighbour(d->gw[d->ghost[n][k]].mag, 1 + k, &d->pr[n].lladdr[k],
			 false);
	d->ghost[n][k] = NOWHERE;
}

/* The interface is at gateway @to now; the old one has not noticed yet. */
static inline void appear(struct domain *d, unsigned int n, unsigned int k, int to)
{
	if (d->at[n][k] == to)
		return;
	leave_ghost(d, n, k);
	d->ghost[n][k] = d->at[n][k];
	d->at[n][k] = to;
	if (to != NOWHERE)
		assert_int_equal(mag_on_attach(d->gw[to].mag, 1 + k,
					       &d->pr[n].lladdr[k], NULL, NULL,
					       ATTACH_CARRIER), 0);
}

#endif
