// SPDX-License-Identifier: GPL-2.0
/*
 * domain [EVENTS [SECONDS]]: twenty access gateways, three anchors and a thousand nodes that go
 * from one to the other, over a network that loses, repeats, delays and reorders messages, while
 * daemons die and come back.  The machines and the codec are the real ones; there is one clock,
 * which goes from event to event, and one queue of all timers, in which messages wait, too.
 *
 * All along, what each kernel was told is what its daemon's entries say, a prefix has one serving
 * attachment, and no entry is without a lifetime.  When nothing is lost any more, all
 * come to agree on where each node is, and nothing is left anywhere of those that have gone.
 *
 * PMIP_SEED=N repeats what happened with that seed, which is printed.  SECONDS bounds it: what
 * has not happened by then does not.
 */
#include "deliver.h"
#include "kernel_model.h"

#include "core/log.h"

#include <stdio.h>
#include <time.h>

#define LMAS	3
#define MAGS	20
#define ALL	(LMAS + MAGS)
#define NODES	1000
#define NOWHERE	(-1)
#define EVENTS	150000
#define CHAOS_MS 40000		/* of a round */
#define LIFETIME_S 240
#define WATCH_EVERY 2000
#define SETTLE_MS ((LIFETIME_S + 40) * 1000)	/* all have been refreshed, or are over */

struct packet {
	struct timer timer;
	struct in6_addr src, dst;
	size_t len;
	uint8_t data[];
};

/* A gateway finds out that a node has left, or a node that it has no router any more */
struct departure {
	struct timer timer;
	int node, mag;
};

struct site {
	struct fake_env f;
	struct model k;
	struct peers peers;
	struct policy policy;
	struct in6_addr addr;
	struct lma_conf lma_conf;
	struct mag_conf mag_conf;
	struct lma *lma;
	struct mag *mag;
	unsigned int lives;
	unsigned int n_memory;
	struct peer_memory memory[ALL];		/* outlives the machines, as the file of peers */
	struct timer birth;			/* pending: it is dead until then */
};

struct word {				/* of all gateways about one node */
	unsigned int sessions, serving;	/* at access gateways, at anchors */
	int mag, lma;			/* which, if any */
	unsigned int entries;
	struct prefix at_mag, at_lma;
	struct in6_addr proxy_coa, anchor;
};

static struct {
	struct site site[ALL];
	struct profile here[NODES], there[NODES];	/* as anchors know them, as gateways do */
	int at[NODES];
	struct timerq timers;
	struct timer world;
	struct prefix mags, anchors;
	unsigned int loss, repeat;	/* per cent */
	bool calm, hand_over;		/* nothing happens; anchors hand nodes over */
	uint64_t events, limit, seed;
	uint64_t sent, lost, moves, deaths, changes;
	time_t until;			/* 0: whenever all has happened */
	struct word word[NODES];
} d;

static uint32_t roll(uint32_t n)
{
	return fake_random(&d.site[0].f) % n;
}

static uint64_t now(void)
{
	return d.site[0].f.now;
}

static void after_ms(struct timer *t, uint64_t ms)
{
	assert_int_equal(timerq_set(&d.timers, t, now() + ms * NSEC_PER_MSEC), 0);
}

/* ---- the network ---- */

static struct site *by_addr(const struct in6_addr *a)
{
	for (struct site *s = d.site; s < d.site + ALL; s++)
		if (IN6_ARE_ADDR_EQUAL(&s->addr, a))
			return s;
	return NULL;
}

/* A kill leaves no time to write: what is remembered is as of the last change. */
static void remember(struct site *s)
{
	struct peer *p, *tmp;

	if (!s->peers.changed)
		return;
	s->peers.changed = false;
	s->n_memory = 0;
	HASH_ITER(hh, s->peers.table, p, tmp)
		if (s->n_memory < ALL && peer_remember(p, &s->memory[s->n_memory]))
			s->n_memory++;
}

static void arrive(void *arg)
{
	struct packet *p = arg;
	struct site *s = by_addr(&p->dst);
	static struct mh_msg m;
	bool taken = true;

	assert_int_equal(mh_decode(&m, p->data, p->len, &p->src, &p->dst, 0).error, MH_OK);
	if (s && s->lma)
		taken = deliver_lma(s->lma, &s->lma_conf, &s->peers, &p->src, &p->dst, &m);
	else if (s && s->mag)
		taken = deliver_mag(s->mag, &s->mag_conf, &s->peers, &p->src, &p->dst, &m);
	assert_true(taken);
	if (s)
		remember(s);
	free(p);
}

static void put_packet(const struct fake_mh *mh)
{
	uint8_t buf[MH_MAX];
	int len = mh_encode(&mh->msg, buf, sizeof(buf), &mh->src, &mh->dst, NULL);
	struct packet *p;

	assert_true(len > 0);
	p = calloc(1, sizeof(*p) + (size_t)len);
	assert_non_null(p);
	p->src = mh->src;
	p->dst = mh->dst;
	p->len = (size_t)len;
	memcpy(p->data, buf, p->len);
	timer_init(&p->timer, arrive, p);
	after_ms(&p->timer, 1 + roll(80));
}

static void later(void (*fire)(void *arg), int node, int mag, uint64_t ms)
{
	struct departure *v = calloc(1, sizeof(*v));

	assert_non_null(v);
	v->node = node;
	v->mag = mag;
	timer_init(&v->timer, fire, v);
	after_ms(&v->timer, ms);
}

/* RFC 4861 §6.3.7: who has no router solicits one */
static void solicit(void *arg)
{
	const struct in6_addr lla = fake_addr("fe80::1");
	struct departure *v = arg;
	struct mag *m = d.site[v->mag].mag;

	if (m && d.at[v->node] == v->mag)
		mag_on_rs(m, 1, &d.there[v->node].lladdr[0], &lla);
	free(v);
}

static void hook(void *arg, const struct fake_action *a)
{
	struct site *s = arg;

	model_take(&s->k, a);
	if (a->kind == FAKE_SEND_RA && !a->ra.router_lifetime)
		later(solicit, a->ra.lladdr.id[4] << 8 | a->ra.lladdr.id[5], (int)(s - d.site),
		      1000);
	if (a->kind != FAKE_SEND_MH)
		return;
	d.sent++;
	if (roll(100) < d.loss) {
		d.lost++;
		return;
	}
	put_packet(&a->mh);
	if (roll(100) < d.repeat)
		put_packet(&a->mh);
}

/* ---- gateways ---- */

static void on_dead(void *arg, struct peer *p)
{
	struct site *s = arg;

	if (s->lma)
		lma_on_peer_dead(s->lma, p);
	else if (s->mag)
		mag_on_peer_dead(s->mag, p);
}

static void on_restart(void *arg, struct peer *p)
{
	struct site *s = arg;

	if (s->lma)
		lma_on_peer_restart(s->lma, p);
	else if (s->mag)
		mag_on_peer_restart(s->mag, p);
}

static void on_alive(void *arg, struct peer *p)
{
	struct site *s = arg;

	if (s->mag)
		mag_on_peer_alive(s->mag, p);
}

static void start(struct site *s)
{
	const struct peer_conf pc = { .heartbeat_ms = 5000, .missing_allowed = 5,
				      .restart_counter = ++s->lives };

	peers_init(&s->peers, &s->f.env, &pc);
	s->peers.on_dead = on_dead;
	s->peers.on_restart = on_restart;
	s->peers.on_alive = on_alive;
	s->peers.arg = s;
	if (s < d.site + LMAS)
		s->lma = lma_new(&s->f.env, &s->lma_conf, &s->peers, &s->policy);
	else
		s->mag = mag_new(&s->f.env, &s->mag_conf, &s->peers, &s->policy);
	assert_true(s->lma || s->mag);
	for (unsigned int i = 0; i < s->n_memory; i++)
		assert_non_null(peer_recall(&s->peers, &s->memory[i]));
	peers_announce_restart(&s->peers);
}

static void stop(struct site *s)
{
	lma_free(s->lma);
	mag_free(s->mag);
	peers_free(&s->peers);
	model_free(&s->k);
	s->lma = NULL;
	s->mag = NULL;
}

static bool lives(const struct site *s)
{
	return s->lma || s->mag;
}

static void attach(int n)
{
	struct mag *m = d.at[n] == NOWHERE ? NULL : d.site[d.at[n]].mag;

	if (m)
		assert_int_equal(mag_on_attach(m, 1, &d.there[n].lladdr[0], NULL, NULL,
					       ATTACH_CARRIER), 0);
}

/* Its nodes are still there, and show themselves. */
static void come_back(void *arg)
{
	struct site *s = arg;

	start(s);
	for (int n = 0; n < NODES; n++)
		if (d.at[n] == s - d.site)
			attach(n);
}

static void die(struct site *s)
{
	if (!lives(s))
		return;
	d.deaths++;
	remember(s);
	stop(s);
	after_ms(&s->birth, roll(2) ? roll(500) : roll(20000));
}

static void configure_lma(struct site *s, unsigned int i)
{
	s->lma_conf = (struct lma_conf) {
		.enabled = true, .address = s->addr, .n_pools = 1, .pool_prefix_len = 64,
		.n_mags = 1, .mag = &d.mags, .max_lifetime = 3600, .timestamps = true,
		.min_delay_before_bce_delete_ms = 10000, .max_delay_before_new_bce_assign_ms = 1500,
		.timestamp_window_ms = 300, .handover_ms = 10000, .init_ms = 500,
		.init_retries = 3, .serve_lifetime = 60, .revoke_handover = i == 1,
		.revocation = { .delay_ms = 1000, .max_delay_ms = 2000, .retries = 1 },
	};
	s->lma_conf.pool[0] = fake_prefix("2001:db8:1000::/40");
	s->lma_conf.pool[0].addr.s6_addr[4] = (uint8_t)(0x10 * (i + 1));
	for (unsigned int n = 0; d.hand_over && n < LMAS; n++)
		if (n != i)
			s->lma_conf.neighbour[s->lma_conf.n_neighbours++] = d.site[n].addr;
}

static void configure_mag(struct site *s)
{
	s->mag_conf = (struct mag_conf) {
		.enabled = true, .address = s->addr, .lma = d.site[0].addr, .lifetime = LIFETIME_S,
		.timestamps = true, .bindack_ms = 1000, .linger_ms = 5000, .ra_ms = 60000,
		.router_lifetime = 1800, .rs_per_second = 3, .n_links = 1,
		.link = { { .att = 4, .ifindex = 1 } }, .n_peers = 1, .peer = &d.mags,
		.anchors = { .enabled = d.hand_over, .redirect = d.hand_over, .request_ms = 100,
			     .interval_ms = 1000, .linger_ms = 10000,
			     .n_anchors = 1, .anchor = &d.anchors },
		.revocation = { .delay_ms = 1000, .max_delay_ms = 2000, .retries = 1 },
	};
}

static void open_site(unsigned int i)
{
	struct site *s = &d.site[i];
	bool lma = i < LMAS;

	s->f.env.timers = &d.timers;
	s->f.seed += i + 1000ULL * d.seed;
	s->f.quiet = true;
	s->f.hook = hook;
	s->f.hook_arg = s;
	timer_init(&s->birth, come_back, s);
	assert_int_equal(policy_table_open(&s->policy, lma ? d.here : d.there, NODES), 0);
	if (lma)
		configure_lma(s, i);
	else
		configure_mag(s);
	start(s);
}

static void open_profiles(void)
{
	char nai[32];

	for (int n = 0; n < NODES; n++) {
		struct profile *pr = &d.here[n];

		snprintf(nai, sizeof(nai), "%d@example.org", n);
		pr->mn_id = fake_nai(nai);
		pr->allowed = true;
		pr->n_lladdrs = 1;
		pr->lladdr[0] = fake_llid("02:00:00:00:00:00");
		pr->lladdr[0].id[4] = (uint8_t)(n >> 8);
		pr->lladdr[0].id[5] = (uint8_t)n;
		d.there[n] = *pr;
		d.there[n].lma = d.site[n % LMAS].addr;
		d.at[n] = NOWHERE;
	}
}

/* ---- what happens ---- */

static void leave(void *arg)
{
	struct departure *v = arg;
	struct mag *m = d.site[v->mag].mag;

	/* it may be back */
	if (m && d.at[v->node] != v->mag)
		mag_on_detach(m, 1, &d.there[v->node].lladdr[0]);
	free(v);
}

/* It is somewhere else, or nowhere; where it was they find out sooner or later. */
static void move(int n, int to)
{
	if (d.at[n] == to)
		return;
	d.moves++;
	if (d.at[n] != NOWHERE)
		later(leave, n, d.at[n], roll(3) ? roll(200) : roll(5000));
	d.at[n] = to;
	attach(n);
}

static void something(void *arg)
{
	int n = (int)roll(NODES);
	struct site *s = d.at[n] == NOWHERE ? NULL : &d.site[d.at[n]];

	(void)arg;
	if (d.calm)
		return;
	if (d.hand_over && !roll(4)) {
		if (s && s->mag)
			mag_lma_handover(s->mag, &d.there[n].mn_id, &d.site[roll(LMAS)].addr);
	} else if (!roll(1000)) {
		/* an anchor that forgets whom it has handed over is another matter: record.c */
		die(&d.site[d.hand_over ? LMAS + roll(MAGS) : roll(ALL)]);
	} else {
		move(n, roll(6) ? LMAS + (int)roll(MAGS) : NOWHERE);
	}
	after_ms(&d.world, roll(40));
}

static bool enough(void)
{
	return d.events >= d.limit || (d.until && time(NULL) >= d.until);
}

/* ---- what holds ---- */

static int node_of(const struct mn_id *id)
{
	char text[MN_ID_STRLEN];
	int n = atoi(mn_id_str(id, text, sizeof(text)));

	assert_in_range(n, 0, NODES - 1);
	return n;
}

static bool leads_to(struct site *s, const struct dp_binding *b, const struct in6_addr *mag)
{
	for (unsigned int i = 0; i < b->n_paths; i++) {
		const struct model_tunnel *t = model_tunnel(&s->k, b->path[i].tunnel);

		if (t && IN6_ARE_ADDR_EQUAL(&t->t.remote, mag))
			return true;
	}
	return false;
}

static bool hear_lma(void *arg, const struct lma_bce_view *v)
{
	struct word *w = &d.word[node_of(v->mn_id)];
	struct site *s = arg;

	assert_true(v->remaining_ns > 0);
	assert_true(v->remaining_ns <= s->lma_conf.max_lifetime * NSEC_PER_SEC);
	w->entries++;
	if (strcmp(v->state, "active"))
		return true;
	assert_in_range(v->n_hnp, 1, HNP_MAX);
	for (unsigned int i = 0; i < v->n_hnp; i++) {
		const struct model_binding *b = model_binding(&s->k, &v->hnp[i]);

		assert_non_null(b);
		assert_true(leads_to(s, &b->b, &v->proxy_coa));
	}
	/* of a prefix there is one serving attachment (RFC 5213 §5.3.4) */
	assert_true(!w->serving || w->lma != s - d.site || !prefix_equal(&w->at_lma, &v->hnp[0]));
	w->serving++;
	w->lma = (int)(s - d.site);
	w->proxy_coa = v->proxy_coa;
	w->at_lma = v->hnp[0];
	return true;
}

static bool hear_mag(void *arg, const struct mag_session_view *v)
{
	struct word *w = &d.word[node_of(v->mn_id)];
	bool active = !strcmp(v->state, "active");
	struct site *s = arg;

	for (unsigned int i = 0; active && i < v->n_hnp; i++) {
		const struct model_binding *b = model_binding(&s->k, &v->hnp[i]);

		assert_true(b && b->b.path[0].kind == PMIP_PATH_LINK);
	}
	assert_true(!active || (v->remaining_ns && v->remaining_ns <= LIFETIME_S * NSEC_PER_SEC));
	w->sessions++;
	w->mag = (int)(s - d.site);
	w->anchor = v->lma;
	if (v->n_hnp)
		w->at_mag = v->hnp[0];
	return true;
}

static void check_tunnels(struct site *s)
{
	unsigned int users = 0;
	struct peer *p, *tmp;

	HASH_ITER(hh, s->peers.table, p, tmp)
		users += p->users != 0;
	assert_int_equal(users, HASH_COUNT(s->k.tunnels));
}

/* What each says, held against its own kernel */
static void hear_all(void)
{
	memset(d.word, 0, sizeof(d.word));
	for (struct site *s = d.site; s < d.site + ALL; s++) {
		if (s->lma)
			lma_each(s->lma, hear_lma, s);
		if (s->mag)
			mag_each(s->mag, hear_mag, s);
		check_tunnels(s);
	}
	/* nobody's timers pile up: messages, sessions and entries have a few each */
	assert_true(d.timers.len < 40 * NODES);
}

/* All say the same of a node, and that it is where it is */
static void check_node(int n)
{
	const struct word *w = &d.word[n];
	const struct model_binding *b;

	if (d.at[n] == NOWHERE) {
		assert_int_equal(w->sessions, 0);
		assert_int_equal(w->entries, 0);
		return;
	}
	assert_int_equal(w->sessions, 1);
	assert_int_equal(w->serving, 1);
	assert_int_equal(w->mag, d.at[n]);
	assert_memory_equal(&w->proxy_coa, &d.site[d.at[n]].addr, sizeof(w->proxy_coa));
	assert_memory_equal(&w->anchor, &d.site[w->lma].addr, sizeof(w->anchor));
	assert_true(prefix_equal(&w->at_mag, &w->at_lma));
	b = model_binding(&d.site[w->mag].k, &w->at_mag);
	assert_true(b && b->b.path[0].kind == PMIP_PATH_LINK);
	assert_true(model_tunnel(&d.site[w->mag].k, b->b.uplink));
}

/* ---- time ---- */

static void pass_ms(uint64_t ms)
{
	const uint64_t end = now() + ms * NSEC_PER_MSEC;
	uint64_t next, watched = d.events;

	while (timerq_next(&d.timers, &next) && next <= end) {
		/* what is over at this very moment may not know it yet */
		if (next > now() && d.events - watched >= WATCH_EVERY) {
			watched = d.events;
			hear_all();
		}
		for (struct site *s = d.site; s < d.site + ALL; s++) {
			if (next <= s->f.now)
				continue;
			s->f.wall += next - s->f.now;
			s->f.now = next;
		}
		timerq_run(&d.timers, now(), 1);
		d.events++;
	}
}

static void chaos(void)
{
	d.calm = false;
	d.loss = roll(25);
	d.repeat = roll(15);
	after_ms(&d.world, 1);
	pass_ms(CHAOS_MS);
	d.calm = true;
	pass_ms(20000);		/* the dead are back, and all departures noticed */
	d.loss = 0;
	d.repeat = 0;
	pass_ms(SETTLE_MS);
	hear_all();
	for (int n = 0; n < NODES; n++)
		check_node(n);
}

static void all_leave(void)
{
	for (int n = 0; n < NODES; n++)
		move(n, NOWHERE);
	pass_ms(SETTLE_MS);
	for (struct site *s = d.site; s < d.site + ALL; s++) {
		assert_int_equal(HASH_COUNT(s->k.bindings), 0);
		assert_int_equal(HASH_COUNT(s->k.tunnels), 0);
	}
}

/* ---- the domain ---- */

static void open_domain(bool hand_over, uint64_t limit)
{
	const uint64_t seed = d.seed;
	const time_t until = d.until;

	memset(&d, 0, sizeof(d));
	d.seed = seed;
	d.until = until;
	d.limit = limit;
	d.hand_over = hand_over;
	d.mags = fake_prefix("2001:db8:0:2::/64");
	d.anchors = fake_prefix("2001:db8:0:1::/64");
	timerq_init(&d.timers);
	timer_init(&d.world, something, NULL);
	for (unsigned int i = 0; i < ALL; i++) {
		d.site[i].addr = fake_addr(i < LMAS ? "2001:db8:0:1::" : "2001:db8:0:2::");
		d.site[i].addr.s6_addr[15] = (uint8_t)(i + 1);
		fake_init(&d.site[i].f);
	}
	open_profiles();
	for (unsigned int i = 0; i < ALL; i++)
		open_site(i);
}

static void close_domain(void)
{
	for (struct site *s = d.site; s < d.site + ALL; s++) {
		stop(s);
		policy_free(&s->policy);
		fake_free(&s->f);
	}
	timerq_free(&d.timers);
}

static void run(bool hand_over, uint64_t limit)
{
	open_domain(hand_over, limit);
	do
		chaos();
	while (!enough());
	all_leave();
	for (struct site *s = d.site + LMAS; s < d.site + ALL; s++)
		d.changes += mag_counters(s->mag)->lma_handover.changed;
	printf("%s: %llu events, %llu messages, %llu lost; %llu moves, %llu deaths, %llu changes\n",
	       hand_over ? "anchors hand over" : "daemons die", (unsigned long long)d.events,
	       (unsigned long long)d.sent, (unsigned long long)d.lost, (unsigned long long)d.moves,
	       (unsigned long long)d.deaths, (unsigned long long)d.changes);
	close_domain();
}

int main(int argc, char **argv)
{
	const uint64_t events = argc > 1 ? strtoull(argv[1], NULL, 10) : EVENTS;
	const unsigned int seconds = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 10) : 0;
	const char *seed = getenv("PMIP_SEED");

	log_set_level(LOG_EMERG);
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	setvbuf(stdout, NULL, _IOLBF, 0);
	d.seed = seed ? strtoull(seed, NULL, 10) : argc > 1 ? (uint64_t)time(NULL) : 1;
	printf("again with PMIP_SEED=%llu\n", (unsigned long long)d.seed);
	d.until = seconds ? time(NULL) + seconds / 2 : 0;
	run(false, events / 2);
	d.until = seconds ? time(NULL) + seconds / 2 : 0;
	run(true, events / 2);
	return 0;
}
