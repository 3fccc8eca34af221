// SPDX-License-Identifier: GPL-2.0
/*
 * Fifty thousand random events at one gateway, most of them sensible, many
 * not: after each, the kernel holds what the sessions and associations say,
 * and whoever waits has a timer.
 */
#include "kernel_model.h"
#include "mag_bed.h"

#include "core/log.h"
#include "mag/session.h"

#include <stdio.h>

#define EVENTS		50000
#define NODES		30
#define PEERS		4
#define LINKS		3
#define PREFIXES	40	/* few enough to be given twice */
#define KEPT		64	/* messages to answer, sooner or later */

struct world {
	struct fixture x;	/* first: it is freed as a fixture is */
	struct model k;
	struct profile pr[NODES];
	struct fake_mh sent[KEPT];
	unsigned int n_sent, accepted, associated, denied, kept;
};

static uint32_t roll(struct world *w, uint32_t n)
{
	return fake_random(&w->x.f) % n;
}

static void watch(void *arg, const struct fake_action *a)
{
	struct world *w = arg;

	model_take(&w->k, a);
	if (a->kind == FAKE_SEND_MH && (a->mh.msg.kind == MH_PBU ||
					a->mh.msg.kind == MH_SHI))
		w->sent[w->n_sent++ % KEPT] = a->mh;
	if (a->kind != FAKE_NOTIFY)
		return;
	w->accepted += !strcmp(a->notice.event, "registered");
	w->associated += !strcmp(a->notice.event, "associated");
	w->denied += !strcmp(a->notice.event, "denied");
	w->kept += !strcmp(a->notice.event, "flow-kept");
}

static struct in6_addr peer_addr(unsigned int i)
{
	struct in6_addr a = fake_addr("2001:db8:0:2::2");

	a.s6_addr[15] += i;
	return a;
}

static struct prefix some_prefix(struct world *w)
{
	struct prefix p = fake_prefix("2001:db8:100::/64");

	p.addr.s6_addr[7] = roll(w, PREFIXES);
	return p;
}

/* What must hold of one session */
static void check_session(struct mag *m, const struct session *s)
{
	assert_true(!s->tunnel == !s->expires);
	if (s->tunnel)
		assert_int_equal(s->tunnel, s->peer->tunnel);
	if (s->queued)
		assert_true(timer_pending(&m->pace_timer));
	if (s->state == SESSION_ACTIVE || s->state == SESSION_REFRESHING)
		assert_int_not_equal(s->tunnel, 0);
	switch (s->state) {
	case SESSION_ACTIVE:
	case SESSION_REFRESHING:
	case SESSION_REGISTERING:
	case SESSION_DEREGISTERING:
	case SESSION_LINGERING:
		assert_true(timer_pending(&s->timer));
		break;
	case SESSION_LEAVING:
		assert_true(s->queued);
		assert_false(timer_pending(&s->timer));
		break;
	case SESSION_DENIED:
		assert_false(timer_pending(&s->timer));
		assert_int_equal(s->tunnel, 0);
		break;
	}
	/* advertised to those who are served, and to nobody else */
	if (s->state == SESSION_ACTIVE && s->n_hnp)
		assert_true(timer_pending(&s->ra_timer));
	if (s->state >= SESSION_DENIED)
		assert_false(timer_pending(&s->ra_timer) ||
			     timer_pending(&s->probe_timer));
}

static void check_assoc(const struct assoc *a)
{
	switch (a->state) {
	case ASSOC_SOLICITING:
		assert_int_equal(a->tunnel, 0);
		assert_true(a->tries && timer_pending(&a->timer));
		break;
	case ASSOC_REFRESHING:
		assert_true(a->tries && timer_pending(&a->timer) && a->tunnel);
		break;
	case ASSOC_ASSOCIATED:
		assert_true(!a->tries && timer_pending(&a->timer) && a->tunnel);
		break;
	case ASSOC_REFUSED:
		assert_true(!a->tries && !a->tunnel && a->ours);
		break;
	}
	if (a->tunnel)
		assert_int_equal(a->tunnel, a->peer->tunnel);
}

static bool has(const struct session *s, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; s->tunnel && i < s->n_hnp; i++)
		if (prefix_equal(&s->hnp[i], p))
			return true;
	return false;
}

/* Brought by an FMI or an UPN: to be routed by whichever link it is not the own of */
static bool moved_here(const struct node *n, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; n->guest && i < n->guest->n_prefix; i++)
		if (prefix_equal(&n->guest->prefix[i], p))
			return true;
	return false;
}

static void expect_links(struct node *n, const struct prefix *p, bool leaving, bool own,
			 struct dp_path *v, unsigned int *count)
{
	struct session *s;

	DL_FOREACH(n->sessions, s) {
		if (!s->tunnel || has(s, p) != own || (!own && !moved_here(n, p)) ||
		    *count == PMIP_BINDING_PATHS || s->state == SESSION_DENIED ||
		    s->state > SESSION_LEAVING || (s->state == SESSION_LEAVING && !leaving))
			continue;
		v[*count].kind = PMIP_PATH_LINK;
		v[*count].ifindex = s->key.ifindex;
		v[(*count)++].lladdr = s->key.lladdr;
	}
}

/* The paths that a prefix ought to have: links, tunnels, and where to wait */
static unsigned int expect(struct node *n, const struct prefix *p, bool leaving,
			   struct dp_path *v)
{
	unsigned int count = 0;
	struct session *s;
	bool served = false;
	struct assoc *a;

	DL_FOREACH(n->sessions, s)
		served |= has(s, p) || (s->tunnel && moved_here(n, p));
	expect_links(n, p, leaving, true, v, &count);
	expect_links(n, p, leaving, false, v, &count);
	DL_FOREACH(n->assocs, a)
		if (a->tunnel && count < PMIP_BINDING_PATHS) {
			v[count].kind = PMIP_PATH_TUNNEL;
			v[count++].tunnel = a->tunnel;
		}
	if (n->mag->conf->hold && served && count < PMIP_BINDING_PATHS)
		v[count++].kind = PMIP_PATH_HOLD;
	return count;
}

static bool is_as_expected(struct node *n, const struct prefix *p, bool leaving,
			   const struct model_binding *b)
{
	struct dp_path v[PMIP_BINDING_PATHS] = { 0 };
	unsigned int i, count = expect(n, p, leaving, v);

	if (!b)
		return !count;
	if (b->b.node != n->number || b->b.n_paths != count || !b->b.uplink)
		return false;
	for (i = 0; i < count; i++)
		if (b->b.path[i].kind != v[i].kind ||
		    b->b.path[i].tunnel != v[i].tunnel ||
		    b->b.path[i].ifindex != v[i].ifindex ||
		    !llid_equal(&b->b.path[i].lladdr, &v[i].lladdr))
			return false;
	return true;
}

/* Until its turn a session that leaves may have its link in the binding. */
static void check_prefix(struct world *w, struct node *n, const struct prefix *p,
			 unsigned int *found)
{
	struct model_binding *b = model_binding(&w->k, p);

	assert_true(is_as_expected(n, p, false, b) ||
		    is_as_expected(n, p, true, b));
	*found += b ? 1 : 0;
}

static void check_users(struct world *w)
{
	struct peer *p, *ptmp;
	struct node *n, *tmp;
	struct session *s;
	struct assoc *a;
	unsigned int users, tunnels = 0;

	HASH_ITER(hh, w->x.peers.table, p, ptmp) {
		users = 0;
		HASH_ITER(hh, w->x.m->nodes, n, tmp) {
			DL_FOREACH(n->sessions, s)
				users += s->peer == p && s->tunnel;
			DL_FOREACH(n->assocs, a)
				users += a->peer == p && a->tunnel;
		}
		assert_int_equal(p->users, users);
		assert_true(!users == !model_tunnel(&w->k, p->tunnel));
		tunnels += users != 0;
	}
	assert_int_equal(HASH_COUNT(w->k.tunnels), tunnels);
}

/* A prefix is counted where it comes first. */
static bool first_with(const struct session *s, unsigned int i)
{
	const struct prefix *p = &s->hnp[i];
	const struct session *o;

	while (i--)
		if (prefix_equal(&s->hnp[i], p))
			return false;
	DL_FOREACH(s->node->sessions, o)
		if (has(o, p))
			return o == s;
	return false;
}

static bool served(const struct node *n)
{
	const struct session *s;

	DL_FOREACH(n->sessions, s)
		if (s->tunnel)
			return true;
	return false;
}

static bool owned(const struct node *n, const struct prefix *p)
{
	const struct session *s;

	DL_FOREACH(n->sessions, s)
		if (has(s, p))
			return true;
	return false;
}

static void check(struct world *w)
{
	unsigned int i, found = 0, sessions = 0;
	struct mag *m = w->x.m;
	struct node *n, *tmp;
	struct session *s;
	struct assoc *a;

	HASH_ITER(hh, m->nodes, n, tmp) {
		assert_non_null(n->sessions);
		DL_FOREACH(n->sessions, s) {
			sessions++;
			check_session(m, s);
			for (i = 0; s->tunnel && i < s->n_hnp; i++)
				if (first_with(s, i))
					check_prefix(w, n, &s->hnp[i], &found);
		}
		for (i = 0; n->guest && i < n->guest->n_prefix; i++)
			if (served(n) && !owned(n, &n->guest->prefix[i]))
				check_prefix(w, n, &n->guest->prefix[i], &found);
		DL_FOREACH(n->assocs, a)
			check_assoc(a);
	}
	assert_int_equal(HASH_COUNT(w->k.bindings), found);
	assert_int_equal(m->n_sessions, sessions);
	assert_int_equal(HASH_COUNT(m->sessions), sessions);
	check_users(w);
}

static void answer_pbu(struct world *w, const struct fake_mh *pbu)
{
	static const uint8_t status[] = {
		0, 0, 0, 0, 0, 0, 128, 129, 130, 135, 152, 155, 156, 157, 159,
	};
	struct mh_msg m = pbu->msg;
	unsigned int i;

	m.kind = MH_PBA;
	m.flags = PBA_F_P;
	m.status = roll(w, 3) ? 0 : status[roll(w, sizeof(status))];
	if (!roll(w, 50))
		m.opts.att ^= 1;
	if (!roll(w, 50))
		m.lifetime = roll(w, 3);
	if (m.status == PBA_SEQ_OUT_OF_WINDOW)
		m.seq += roll(w, 10);
	for (i = 0; i < m.opts.n_hnp; i++)
		if (!m.opts.hnp[i].prefix.len || !roll(w, 20))
			m.opts.hnp[i].prefix = some_prefix(w);
	m.opts.n_mag = roll(w, 3);
	m.opts.present |= MH_HAS_MAG_ADDR;
	for (i = 0; i < m.opts.n_mag; i++)
		m.opts.mag[i] = peer_addr(roll(w, PEERS));
	mag_on_pba(w->x.m, &pbu->dst, &pbu->src, &m);
}

/* Mostly to the newest messages; sometimes twice, sometimes never */
static void some_answer(struct world *w)
{
	unsigned int back = 1 + roll(w, roll(w, 4) ? 4 : KEPT);
	const struct fake_mh *mh;
	struct mh_msg m;

	if (back > w->n_sent)
		return;
	mh = &w->sent[(w->n_sent - back) % KEPT];
	if (mh->msg.kind == MH_PBU) {
		answer_pbu(w, mh);
		return;
	}
	m = mh->msg;
	m.kind = MH_SHACK;
	m.status = roll(w, 4) ? 0 : 128 + roll(w, 2);
	if (!roll(w, 10))
		m.opts.present = 0;
	mag_on_shack(w->x.m, &mh->dst, &w->x.self, &m);
}

static void some_shi(struct world *w)
{
	static const uint16_t lifetime[] = { 0, 1, 10, 900, 0xffff };
	struct in6_addr src = peer_addr(roll(w, PEERS));
	struct mh_msg m = { .kind = MH_SHI, .seq = roll(w, 65536) };

	m.flags = roll(w, 8) ? SHI_F_A : 0;
	m.lifetime = lifetime[roll(w, 5)];
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = w->pr[roll(w, NODES)].mn_id;
	mag_on_shi(w->x.m, &src, &w->x.self, &m);
}

/* Of the node's anchor, and sometimes of somebody else */
static void some_flow(struct world *w)
{
	struct in6_addr src = roll(w, 10) ? w->x.lma : peer_addr(roll(w, PEERS));
	struct mh_msg m = { .kind = roll(w, 2) ? MH_FMI : MH_UPN, .seq = roll(w, 65536) };
	unsigned int i, n = roll(w, 3);

	m.flags = m.kind == MH_UPN ? UPN_F_A : 0;
	m.reason = UPN_FLOW_MOBILITY;
	m.lifetime = roll(w, 4) ? roll(w, 100) : 0xffff;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_FLOW;
	m.opts.mn_id = w->pr[roll(w, NODES)].mn_id;
	m.opts.n_hnp = n;
	for (i = 0; i < n; i++)
		m.opts.hnp[i] = (struct mh_hnp){ some_prefix(w), roll(w, 8) };
	m.opts.n_flow = m.kind == MH_FMI || roll(w, 2);
	m.opts.flow[0].fid = 1 + roll(w, 3);
	m.opts.flow[0].pri = m.opts.flow[0].fid;
	m.opts.flow[0].present = roll(w, 4) ? MH_FLOW_HAS_SELECTOR : 0;
	m.opts.flow[0].selector.format = SELECTOR_IPV6;
	mag_on_flow(w->x.m, &src, &w->x.self, &m);
}

static void some_peer_news(struct world *w)
{
	struct in6_addr from = roll(w, 4) ? peer_addr(roll(w, PEERS)) : w->x.lma;
	struct mh_msg m = { .kind = MH_HEARTBEAT, .flags = HB_F_R | HB_F_U };
	struct mh_msg be = { .kind = MH_BE, .status = 1 + roll(w, 2) };

	m.opts.present = MH_HAS_RESTART;
	m.opts.restart = !roll(w, 4);
	if (roll(w, 3))
		peer_on_heartbeat(&w->x.peers, &w->x.self, &from, &m);
	else
		mag_on_binding_error(w->x.m, &from, &w->x.self, &be);
}

static void some_link_event(struct world *w)
{
	const struct profile *pr = &w->pr[roll(w, NODES)];
	const struct llid *l = &pr->lladdr[roll(w, 2)];
	struct in6_addr lla = fake_addr("fe80::1");
	uint32_t ifindex = 1 + roll(w, LINKS);

	switch (roll(w, 12)) {
	case 0:
	case 1:
		mag_on_detach(w->x.m, ifindex, l);
		break;
	case 2:
		mag_on_neighbour(w->x.m, ifindex, l, roll(w, 2));
		break;
	case 3:
		if (!roll(w, 10))
			mag_on_link(w->x.m, ifindex, roll(w, 2));
		break;
	case 4:
		mag_on_attach(w->x.m, ifindex, l, &pr->mn_id, &lla,
			      ATTACH_OPERATOR);
		break;
	case 5:
	case 6:
		mag_on_attach(w->x.m, ifindex, l, NULL, NULL, ATTACH_CARRIER);
		break;
	default:
		mag_on_rs(w->x.m, ifindex, l, roll(w, 2) ? &lla : &in6addr_any);
	}
}

static void some_time(struct world *w)
{
	static const uint32_t scale_ms[] = { 1, 10, 100, 1000, 10000, 1000000 };
	uint32_t most = scale_ms[roll(w, 4) ? roll(w, 4) : roll(w, 6)];

	fake_advance(&w->x.f, (uint64_t)roll(w, most * 1000) * 1000);
}

static void make_world(struct world *w)
{
	unsigned int i;
	char nai[32];

	setup_in(&w->x);
	for (i = 0; i < NODES; i++) {
		struct profile *pr = &w->pr[i];

		snprintf(nai, sizeof(nai), "mn%u@example.org", i);
		pr->mn_id = fake_nai(nai);
		pr->allowed = true;
		pr->multihoming = i % 3 ? MULTIHOMING_SHARED : MULTIHOMING_SINGLE;
		pr->n_hnp = i % 5 ? 0 : 1 + i % 2;
		pr->hnp[0] = some_prefix(w);
		pr->hnp[1] = some_prefix(w);
		pr->n_lladdrs = 2;
		pr->lladdr[0] = w->x.l1;
		pr->lladdr[0].id[4] = i;
		pr->lladdr[1] = w->x.l2;
		pr->lladdr[1].id[4] = i;
	}
	policy_free(&w->x.policy);
	assert_int_equal(policy_table_open(&w->x.policy, w->pr, NODES), 0);
	w->x.conf.ra_ms = 60000;
	w->x.conf.probe_ms = 10000;
	w->x.conf.n_links = LINKS;
	for (i = 0; i < LINKS; i++)
		w->x.conf.link[i] = (struct mag_link_conf) {
			.att = 3 + i % 2, .ifindex = 1 + i,
		};
	w->x.peers.conf.heartbeat_ms = 10000;
	w->x.peers.conf.missing_allowed = 3;
	w->x.f.quiet = true;
	w->x.f.hook = watch;
	w->x.f.hook_arg = w;
}

static void run(uint64_t seed, bool timestamps, bool hold)
{
	struct world *w = calloc(1, sizeof(*w));
	void *state = w;
	unsigned int i;

	assert_non_null(w);
	make_world(w);
	w->x.f.seed = seed;
	w->x.conf.timestamps = timestamps;
	w->x.conf.hold = hold;
	for (i = 0; i < EVENTS / 2; i++) {
		uint32_t r = roll(w, 100);

		if (r < 25)
			some_link_event(w);
		else if (r < 60)
			some_answer(w);
		else if (r < 68)
			some_shi(w);
		else if (r < 71)
			some_peer_news(w);
		else if (r < 76)
			some_flow(w);
		else
			some_time(w);
		check(w);
	}
	assert_true(w->accepted > EVENTS / 100 && w->associated > EVENTS / 100 &&
		    w->denied > EVENTS / 1000 && w->kept > EVENTS / 1000);
	/* and when everybody has left, nothing remains */
	for (i = 0; i < LINKS; i++)
		mag_on_link(w->x.m, 1 + i, false);
	fake_advance_ms(&w->x.f, 300000);
	check(w);
	assert_int_equal(w->x.m->n_sessions, 0);
	assert_null(w->k.bindings);
	assert_null(w->k.tunnels);
	assert_int_equal(w->x.f.timers.len, 0);
	teardown(&state);
}

/* RFC 5213 §6.1, §6.10.5: the routing state is that of the binding update list */
static void random_events(void **state)
{
	(void)state;
	log_set_level(LOG_EMERG);
	run(1, true, false);
	run(1001, false, true);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
