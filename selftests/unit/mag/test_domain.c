// SPDX-License-Identifier: GPL-2.0
/*
 * An anchor and its gateways over a bad network: whatever has happened, they
 * come to agree on where each interface is, and on its prefixes.
 */
#include "domain_bed.h"

#include "core/log.h"
#include "mld/mld.h"

#define EVENTS	3000
#define ROUNDS	60
/* Seven seconds and a half of SHIs, some of PBUs, and the wire's own time */
#define RETRANSMISSIONS_MS	12000
/* MAX_BINDACK_TIMEOUT, RFC 6275 §12: where the news are lost, too */
#define BINDACK_MAX_MS		32000

/* What a gateway, or the anchor, says of one interface */
struct word {
	const struct llid *llid;
	const struct mn_id *mn;
	unsigned int count, active;
	unsigned int n_hnp;
	struct prefix hnp[HNP_MAX];
	struct in6_addr at;
	unsigned int n_peers;
	struct mag_peer_view peer[PEERS_MAX];
};

static bool hear_lma(void *arg, const struct lma_bce_view *v)
{
	struct word *w = arg;

	if (!mn_id_equal(v->mn_id, w->mn) || !llid_equal(v->llid, w->llid))
		return true;
	w->count++;
	w->active += !strcmp(v->state, "active");
	w->at = v->proxy_coa;
	w->n_hnp = v->n_hnp;
	memcpy(w->hnp, v->hnp, v->n_hnp * sizeof(*v->hnp));
	return true;
}

static bool hear_mag(void *arg, const struct mag_session_view *v)
{
	struct word *w = arg;

	if (!mn_id_equal(v->mn_id, w->mn) || !llid_equal(v->lladdr, w->llid))
		return true;
	w->count++;
	w->active += !strcmp(v->state, "active") || !strcmp(v->state, "refreshing");
	w->n_hnp = v->n_hnp;
	memcpy(w->hnp, v->hnp, v->n_hnp * sizeof(*v->hnp));
	w->n_peers = v->n_peers;
	memcpy(w->peer, v->peer, sizeof(v->peer));
	return true;
}

static struct word ask(struct domain *d, unsigned int gw, unsigned int n,
		       unsigned int k)
{
	struct word w = { .mn = &d->pr[n].mn_id,
			  .llid = &d->pr[n].lladdr[k] };

	if (gw == ANCHOR)
		lma_each(d->gw[gw].lma, hear_lma, &w);
	else
		mag_each(d->gw[gw].mag, hear_mag, &w);
	return w;
}

static uint32_t tunnel_between(struct domain *d, unsigned int from, unsigned int to)
{
	struct peer *p = peer_find(&d->gw[from].peers, &d->gw[from].addr,
				   &d->gw[to].addr);

	return p && p->users ? p->tunnel : 0;
}

static bool has_tunnel_path(const struct model_binding *b, uint32_t tunnel)
{
	unsigned int i;

	for (i = 0; tunnel && b && i < b->b.n_paths; i++)
		if (b->b.path[i].kind == PMIP_PATH_TUNNEL &&
		    b->b.path[i].tunnel == tunnel)
			return true;
	return false;
}

static void check_forwarding(struct domain *d, unsigned int gw,
			     const struct word *w, unsigned int n, unsigned int k)
{
	struct model_binding *at_mag = model_binding(&d->gw[gw].k, &w->hnp[0]);
	struct model_binding *at_lma = model_binding(&d->gw[ANCHOR].k, &w->hnp[0]);
	unsigned int i, links = 0;

	assert_true(has_tunnel_path(at_lma, tunnel_between(d, ANCHOR, gw)));
	assert_non_null(at_mag);
	assert_int_equal(at_mag->b.uplink, tunnel_between(d, gw, ANCHOR));
	for (i = 0; i < at_mag->b.n_paths; i++)
		links += at_mag->b.path[i].kind == PMIP_PATH_LINK &&
			 llid_equal(&at_mag->b.path[i].lladdr,
				    &d->pr[n].lladdr[k]);
	assert_int_equal(links, 1);
}

/* Anchor and gateways agree on the truth about one interface. */
static void check_interface(struct domain *d, unsigned int n, unsigned int k)
{
	struct word l = ask(d, ANCHOR, n, k), m;
	int i;

	for (i = 0; i < MAGS; i++) {
		m = ask(d, i, n, k);
		if (i != d->at[n][k]) {
			assert_int_equal(m.count, 0);
			continue;
		}
		assert_int_equal(m.count, 1);
		assert_int_equal(m.active, 1);
		assert_int_equal(l.active, 1);
		assert_memory_equal(&l.at, &d->gw[i].addr, sizeof(l.at));
		assert_in_range(m.n_hnp, 1, 2);
		assert_int_equal(l.n_hnp, m.n_hnp);
		assert_true(prefix_equal(&m.hnp[0], &l.hnp[0]));
		check_forwarding(d, i, &m, n, k);
	}
	if (d->at[n][k] == NOWHERE)
		assert_int_equal(l.count, 0);
}

static bool associated(struct domain *d, unsigned int gw, const struct word *w,
		       unsigned int other)
{
	unsigned int i;

	for (i = 0; i < w->n_peers; i++)
		if (IN6_ARE_ADDR_EQUAL(&w->peer[i].mag, &d->gw[other].addr) &&
		    !strcmp(w->peer[i].state, "associated"))
			return has_tunnel_path(model_binding(&d->gw[gw].k,
							     &w->hnp[0]),
					       tunnel_between(d, gw, other));
	return false;
}

/* Draft §4.1: the gateways of a node's two interfaces, both ways, or nobody */
static void check_node(struct domain *d, unsigned int n)
{
	int a = d->at[n][0], b = d->at[n][1];
	bool shared = d->pr[n].multihoming == MULTIHOMING_SHARED;
	struct word wa, wb;

	check_interface(d, n, 0);
	check_interface(d, n, 1);
	if (a == NOWHERE || b == NOWHERE) {
		int i = a == NOWHERE ? b : a;

		wa = ask(d, i == NOWHERE ? 0 : i, n, i == a ? 0 : 1);
		assert_int_equal(i == NOWHERE ? 0 : wa.n_peers, 0);
		return;
	}
	wa = ask(d, a, n, 0);
	wb = ask(d, b, n, 1);
	assert_int_equal(prefix_equal(&wa.hnp[0], &wb.hnp[0]), shared);
	if (shared && a != b) {
		assert_true(associated(d, a, &wa, b));
		assert_true(associated(d, b, &wb, a));
	} else {
		assert_int_equal(wa.n_peers, 0);
		assert_int_equal(wb.n_peers, 0);
	}
}

static void settle(struct domain *d)
{
	unsigned int n, k;

	for (n = 0; n < NODES; n++)
		for (k = 0; k < IFS; k++)
			leave_ghost(d, n, k);
	pass_ms(d, 60000);
	d->loss = 0;
	d->repeat = 0;
	pass_ms(d, 240000);
}

static void check_all(struct domain *d)
{
	unsigned int n;

	for (n = 0; n < NODES; n++)
		check_node(d, n);
}

static void everybody_leaves(struct domain *d)
{
	unsigned int i, k;

	for (i = 0; i < MAGS; i++)
		for (k = 0; k < IFS; k++)
			mag_on_link(d->gw[i].mag, 1 + k, false);
	pass_ms(d, 200000);
	for (i = 0; i < GATEWAYS; i++) {
		assert_null(d->gw[i].k.bindings);
		assert_null(d->gw[i].k.tunnels);
		assert_int_equal(d->gw[i].f.timers.len, 0);
	}
}

static void link_lost(struct domain *d, int gw, unsigned int k)
{
	unsigned int n;

	mag_on_link(d->gw[gw].mag, 1 + k, false);
	for (n = 0; n < NODES; n++) {
		if (d->at[n][k] == gw)
			d->at[n][k] = NOWHERE;
		if (d->ghost[n][k] == gw)
			d->ghost[n][k] = NOWHERE;
	}
}

/* RFC 5949: it goes there, or somewhere else; it was there, or somewhere else */
static void hand_node_over(struct domain *d, unsigned int n, unsigned int k)
{
	const struct in6_addr *other = &d->gw[roll(d, MAGS)].addr;
	const struct mn_id *id = &d->pr[n].mn_id;
	struct mag *m;

	if (d->at[n][k] == NOWHERE)
		return;
	m = d->gw[d->at[n][k]].mag;
	if (roll(d, 3))
		d->announced += !mag_handover_start(m, id, other, roll(d, 2));
	else
		d->claimed += !mag_handover_from(m, id, other);
}

/* How well a node is heard by some gateway that believes it to be there */
static void hear_node(struct domain *d, unsigned int n, unsigned int k)
{
	struct mag_signal v = { .ifindex = 1 + k, .lladdr = &d->pr[n].lladdr[k],
				.dbm = (int8_t)-roll(d, 100) };

	mag_signal_set(d->gw[roll(d, MAGS)].mag, &v);
}

/* A report, or two, of a node's */
static void hear_report(struct domain *d, unsigned int n, unsigned int k)
{
	struct in6_addr src = fake_addr("fe80::1");
	struct mld_record rec = {
		.type = roll(d, 4) ? MLD_TO_EX : MLD_TO_IN, .group = fake_addr("ff1e::1"),
	};
	uint8_t buf[256];
	int len;

	if (d->at[n][k] == NOWHERE)
		return;
	rec.group.s6_addr[15] = (uint8_t)roll(d, 4);
	len = mld_report_write(&rec, 1, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);
	assert_true(len > 0);
	mag_on_mld(d->gw[d->at[n][k]].mag, 1 + k, &d->pr[n].lladdr[k], buf,
		   mld_packet_finish(buf, (size_t)len, &src, &mld_all_routers));
}

static void something_happens(struct domain *d)
{
	unsigned int n = roll(d, NODES), k = roll(d, IFS);

	for (unsigned int i = 0; d->listens && i < 8; i++)
		hear_report(d, roll(d, NODES), roll(d, IFS));
	if (d->handovers) {
		for (unsigned int i = 0; i < 4; i++)
			hear_node(d, n, k);
		hand_node_over(d, n, k);
		pass_ms(d, roll(d, 500));
	}
	switch (roll(d, 200)) {
	case 0:
		link_lost(d, roll(d, MAGS), k);
		break;
	default:
		appear(d, n, k, (int)roll(d, MAGS + 1) - 1);
		if (roll(d, 2))
			leave_ghost(d, n, k);
	}
	leave_ghost(d, roll(d, NODES), roll(d, IFS));
	pass_ms(d, roll(d, 10) ? roll(d, 50) : roll(d, 5000));
}

static void bad_network(struct domain *d)
{
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		d->loss = 10;
		d->repeat = 10;
		for (i = 0; i < EVENTS / 3; i++)
			something_happens(d);
		settle(d);
		check_all(d);
	}
	assert_true(d->lost > 500);
	everybody_leaves(d);
}

/* RFC 5213 §5.4.1, §6.9.4; draft §4: loss, repetition, reordering: agreement */
static void bad_network_ends_in_agreement(void **state)
{
	bad_network(*state);
}

/*
 * Draft: fault tolerant multihoming §3.2 on top of that: what the module is asked to
 * hold, release and take back is what it can
 */
static void holding_ends_in_agreement(void **state)
{
	struct domain *d = *state;
	unsigned int i, releases = 0;

	d->lma_conf.return_ms = 5000;
	for (i = 0; i < MAGS; i++)
		d->gw[i].conf.hold = true;
	bad_network(d);
	for (i = 0; i < MAGS; i++)
		releases += d->gw[i].k.releases;
	assert_true(releases > 100 && d->gw[ANCHOR].k.returns > 100);
}

static void add_rules(struct domain *d, unsigned int gw)
{
	for (unsigned int k = 0; k < IFS; k++)
		d->rule[gw][k] = (struct mag_signal_rule){
			.link = k, .below_dbm = -50, .hysteresis_db = 10,
			.to = d->gw[(gw + 1 + k) % MAGS].addr,
		};
	d->gw[gw].conf.signal = (struct mag_signal_conf){
		.interval_ms = 500, .n_rules = IFS, .rule = d->rule[gw],
	};
}

/* RFC 5949 on top of that, with and without holding, and waiting for who asks */
static void handovers_end_in_agreement(void **state)
{
	struct domain *d = *state;
	unsigned int i;

	d->handovers = true;
	for (i = 0; i < MAGS; i++) {
		d->gw[i].conf.hold = i;
		d->gw[i].conf.handover.wait_ms = i / 2 * 1000;
		add_rules(d, i);
	}
	bad_network(d);
	assert_true(d->announced > 300 && d->claimed > 100);
	for (i = 0; i < MAGS; i++) {
		const struct mag_counters *c = mag_counters(d->gw[i].mag);

		assert_true(c->signal_announced > 10 && c->signal_withdrawn > 3);
	}
}

static void may_listen(struct mcast_role *c, uint32_t pba_timer_ms)
{
	c->enabled = true;
	mcast_conf_default(&c->down);
	mcast_conf_default(&c->up);
	c->down.last_listener_count = 0;
	c->subscription = (struct subscription_conf){ true, 200, 2, pba_timer_ms };
}

/* RFC 7161 §5.2 on top of that: what waits for an answer is answered, and all that is said */
/* can be written, and read */
static void listeners_end_in_agreement(void **state)
{
	struct subscription_counters sum = { 0 };
	const struct subscription_counters *c;
	struct domain *d = *state;
	unsigned int i;

	d->listens = true;
	for (i = 0; i < GATEWAYS; i++)
		close_machines(&d->gw[i]);
	may_listen(&d->lma_conf.mcast, 150);
	for (i = 0; i < GATEWAYS; i++) {
		may_listen(&d->gw[i].conf.mcast, 0);
		open_machines(&d->gw[i]);
	}
	bad_network(d);
	c = &lma_counters(d->gw[ANCHOR].lma)->subscription;
	assert_true(c->waited > 100 && c->told > 100 && c->response_rx > 100);
	assert_true(c->query_rx > 10 && !c->unsupported);
	for (i = 0; i < MAGS; i++) {
		c = &mag_counters(d->gw[i].mag)->subscription;
		sum.told += c->told;
		sum.response_rx += c->response_rx;
		sum.response_tx += c->response_tx;
	}
	assert_true(sum.told > 100 && sum.response_rx > 10 && sum.response_tx > 100);
}

/* RFC 5847 §3: a gateway that starts anew, with nobody attached, is believed */
static void restart_ends_in_agreement(void **state)
{
	struct domain *d = *state;
	unsigned int n, k;
	int i;

	d->loss = 5;
	for (n = 0; n < NODES; n++)
		for (k = 0; k < IFS; k++)
			appear(d, n, k, (n + k) % MAGS);
	settle(d);
	check_all(d);
	for (i = 0; i < MAGS; i++) {
		close_machines(&d->gw[i]);
		open_machines(&d->gw[i]);
		for (n = 0; n < NODES; n++)
			for (k = 0; k < IFS; k++)
				if (d->at[n][k] == i) {
					d->at[n][k] = NOWHERE;
					if (n % 3)
						appear(d, n, k, i);
				}
		pass_ms(d, 30000);
	}
	settle(d);
	check_all(d);
	everybody_leaves(d);
}

static void kill_gateway(struct domain *d, int i)
{
	remember(&d->gw[i]);
	close_machines(&d->gw[i]);
}

/* Its nodes are still there, and show themselves as soon as it listens. */
static void start_gateway(struct domain *d, int i)
{
	unsigned int n, k;

	open_machines(&d->gw[i]);
	for (n = 0; n < NODES; n++)
		for (k = 0; k < IFS; k++)
			if (d->at[n][k] == i) {
				d->at[n][k] = NOWHERE;
				appear(d, n, k, i);
			}
}

static void settle_restarts(struct domain *d, uint64_t ms)
{
	int i;

	for (i = 0; i < GATEWAYS; i++)
		if (!d->gw[i].mag && !d->gw[i].lma)
			start_gateway(d, i);
	d->loss = 0;
	pass_ms(d, ms);
}

static void random_kills(struct domain *d)
{
	unsigned int kills = 2 + roll(d, 6);
	int i;

	while (kills--) {
		i = (int)roll(d, GATEWAYS);
		if (d->gw[i].mag || d->gw[i].lma)
			kill_gateway(d, i);
		pass_ms(d, roll(d, 3) ? roll(d, 200) : roll(d, 2 * HEARTBEAT_MS));
		/* now, or when some other has been killed too */
		if (roll(d, 2) && !(d->gw[i].mag || d->gw[i].lma))
			start_gateway(d, i);
		pass_ms(d, roll(d, 200));
	}
}

/*
 * RFC 5847 §3.2: anchor and gateways die and return in any order; nobody moves,
 * nothing is due for refresh: agreement within an interval and what is
 * transmitted again
 */
static void kills_end_in_agreement(void **state)
{
	struct domain *d = *state;
	unsigned int n, k, round;
	int i;

	for (i = 0; i < MAGS; i++) {
		d->gw[i].conf.lifetime = 200000;
		d->gw[i].conf.shi_lifetime = 200000;
	}
	d->lma_conf.max_lifetime = 200000;
	for (n = 0; n < NODES; n++)
		for (k = 0; k < IFS; k++)
			appear(d, n, k, (n + k) % MAGS);
	settle(d);
	check_all(d);
	for (round = 0; round < ROUNDS; round++) {
		d->loss = round % 2 ? 10 : 0;
		random_kills(d);
		settle_restarts(d, HEARTBEAT_MS + RETRANSMISSIONS_MS +
				   (d->loss ? BINDACK_MAX_MS : 0));
		check_all(d);
	}
	everybody_leaves(d);
}

/* RFC 5213 §5.3.4, §5.4.1: from gateway to gateway: same entry, same prefix */
static void moved_interface_keeps_its_prefix(void **state)
{
	struct domain *d = *state;
	struct prefix before[NODES];
	unsigned int n, notice;

	for (n = 0; n < NODES; n++)
		appear(d, n, 0, 0);
	pass_ms(d, 5000);
	for (n = 0; n < NODES; n += 3)
		appear(d, n, 1, 2);
	pass_ms(d, 5000);
	check_all(d);
	for (notice = 0; notice < 3; notice++) {
		for (n = 0; n < NODES; n++) {
			before[n] = ask(d, ANCHOR, n, 0).hnp[0];
			if (notice == 0) {	/* break before make */
				mag_on_neighbour(d->gw[0].mag, 1,
						 &d->pr[n].lladdr[0], false);
				pass_ms(d, 300);
				d->at[n][0] = NOWHERE;
			}
			appear(d, n, 0, notice % 2 ? 0 : 1);
			if (notice == 1)
				leave_ghost(d, n, 0);
		}
		pass_ms(d, 2500);
		for (n = 0; n < NODES; n++)
			leave_ghost(d, n, 0);
		pass_ms(d, 30000);
		check_all(d);
		for (n = 0; n < NODES; n++) {
			struct word l = ask(d, ANCHOR, n, 0);

			assert_int_equal(l.count, 1);
			assert_true(prefix_equal(&l.hnp[0], &before[n]));
		}
	}
	everybody_leaves(d);
}

#define D(name)	cmocka_unit_test_setup_teardown(name, domain_setup, domain_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		D(moved_interface_keeps_its_prefix),
		D(bad_network_ends_in_agreement),
		D(holding_ends_in_agreement),
		D(handovers_end_in_agreement),
		D(listeners_end_in_agreement),
		D(restart_ends_in_agreement),
		D(kills_end_in_agreement),
	};

	log_set_level(LOG_EMERG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
