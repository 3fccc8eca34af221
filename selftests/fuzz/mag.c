// SPDX-License-Identifier: GPL-2.0
/*
 * An access gateway.  The first byte is its configuration; each step after it is a message, time
 * that passes, or what happens on its links.  After each, whoever waits has a timer, and the
 * kernel holds what the sessions say.
 */
#include "message.h"

#include "deliver.h"
#include "mag/mag_bed.h"
#include "mag/session.h"

#define STEPS	400
#define PEERS	3
#define ANCHORS	3
#define LINKS	2
#define PROFILES 3

enum { HOLDS = 1, FAST = 2, LISTENS = 4, HANDS_OVER = 8, SEAMLESS = 16, NUMBERS = 32, PROBES = 64,
	MOVES = 128 };

struct world {
	struct fixture x;
	struct model k;
	struct cast c;
	struct prefix anchors;
};

static struct world w;

static void hook(void *arg, const struct fake_action *a)
{
	(void)arg;
	model_take(&w.k, a);
	if (a->kind == FAKE_SEND_MH)
		cast_sent(&w.c, &a->mh);
}

static void open_cast(void)
{
	const struct llid llid[CAST_LLIDS] = { w.x.l1, w.x.l2, w.x.l3, w.x.l5 };

	w.c.f = &w.x.f;
	w.c.k = &w.k;
	w.c.self = w.x.self;
	w.c.id[w.c.n_id++] = w.x.id;
	w.c.id[w.c.n_id++] = fake_nai("mn2@example.org");
	w.c.id[w.c.n_id++] = fake_nai("mn3@example.org");
	w.c.id[w.c.n_id++] = fake_nai("stranger@example.org");
	for (unsigned int i = 0; i < ANCHORS; i++) {
		w.c.gateway[w.c.n_gateway] = w.x.lma;
		w.c.gateway[w.c.n_gateway++].s6_addr[15] = (uint8_t)(1 + i);
	}
	for (unsigned int i = 0; i < PEERS; i++) {
		w.c.gateway[w.c.n_gateway] = w.x.other;
		w.c.gateway[w.c.n_gateway++].s6_addr[15] = (uint8_t)(2 + i);
	}
	memcpy(w.c.llid, llid, sizeof(llid));
	w.c.prefix = fake_prefix("2001:db8:100:1::/64");
}

static void configure(uint8_t how)
{
	struct mag_conf *c = &w.x.conf;

	c->hold = how & HOLDS;
	c->fast = how & FAST;
	c->handover = (struct handover_conf){ .hi_ms = 200, .hi_retries = 3, .expect_ms = 2000,
					      .forward_ms = 3000,
					      .wait_ms = how & HOLDS ? 1000 : 0 };
	c->seamless = how & SEAMLESS;
	c->timestamps = !(how & NUMBERS);
	c->probe_ms = how & PROBES ? 10000 : 0;
	c->ra_ms = 60000;
	c->flow_messages = how & MOVES ? MAG_FLOW_FMI | MAG_FLOW_UPN : 0;
	c->identity = fake_nai("mag@example.org");
	c->revocation = (struct revocation_conf){ .delay_ms = 1000, .max_delay_ms = 2000,
						  .retries = 1 };
	if (how & LISTENS)
		asks_nodes(&w.x);
	c->mcast.subscription = (struct subscription_conf){ how & LISTENS, 200, 2, 0 };
	w.anchors = fake_prefix("2001:db8:0:1::/64");
	c->anchors = (struct mag_anchor_conf){
		.enabled = how & HANDS_OVER, .redirect = how & HANDS_OVER, .request_ms = 100,
		.interval_ms = 1000, .linger_ms = 5000, .n_anchors = 1, .anchor = &w.anchors,
	};
}

static void open_world(uint8_t how)
{
	memset(&w, 0, sizeof(w));
	setup_in(&w.x);
	mag_free(w.x.m);
	open_cast();
	configure(how);
	w.x.peers.conf.heartbeat_ms = 10000;
	w.x.peers.conf.missing_allowed = 3;
	w.x.m = mag_new(&w.x.f.env, &w.x.conf, &w.x.peers, &w.x.policy);
	assert_non_null(w.x.m);
	w.x.f.quiet = true;
	w.x.f.hook = hook;
}

static void close_world(void)
{
	mag_free(w.x.m);
	peers_free(&w.x.peers);
	policy_free(&w.x.policy);
	fake_free(&w.x.f);
	model_free(&w.k);
}

/* ---- what happens ---- */

static void deliver(const struct in6_addr *src, const struct mh_msg *m)
{
	deliver_mag(w.x.m, &w.x.conf, &w.x.peers, src, &w.c.self, m);
}

static void some_message(struct input *in)
{
	static const enum mh_kind often[] = {
		MH_PBA, MH_SHI, MH_HI, MH_FMI, MH_UPN, MH_BRI, MH_HEARTBEAT, MH_LMA_HO_RESP,
		MH_SUBSCRIPTION_QUERY, MH_SUBSCRIPTION_RESPONSE, MH_HACK, MH_SHACK, MH_BRA, MH_BE,
		MH_HI, MH_SHI,
	};
	const enum mh_kind kind = often[take(in, sizeof(often) / sizeof(*often))];
	struct in6_addr src = take_gateway(in, &w.c);
	static struct mh_msg m;

	if (take_message(in, &w.c, kind, &src, &m))
		deliver(&src, &m);
}

static void some_answer(struct input *in)
{
	static struct mh_msg m;
	struct in6_addr src;

	if (take_answer(in, &w.c, &src, &m))
		deliver(&src, &m);
}

static void some_link_event(struct input *in)
{
	const struct llid *l = &w.c.llid[take(in, CAST_LLIDS)];
	const struct in6_addr lla = fake_addr("fe80::1");
	const uint32_t ifindex = IF1 + take(in, LINKS);

	switch (take(in, 7)) {
	case 0:
		mag_on_attach(w.x.m, ifindex, l, NULL, NULL, ATTACH_CARRIER);
		break;
	case 1:
		mag_on_detach(w.x.m, ifindex, l);
		break;
	case 2:
		mag_on_rs(w.x.m, ifindex, l, take(in, 2) ? &in6addr_any : &lla);
		break;
	case 3:
		mag_on_neighbour(w.x.m, ifindex, l, take(in, 2));
		break;
	case 4:
		mag_on_link(w.x.m, ifindex, take(in, 2));
		break;
	case 5:
		mag_on_attach(w.x.m, ifindex, l, &w.c.id[take(in, w.c.n_id)], &lla,
			      ATTACH_OPERATOR);
		break;
	default:
		mag_on_attach(w.x.m, ifindex, l, NULL, &lla, ATTACH_RS);
	}
}

static void some_handover(struct input *in)
{
	const struct mn_id *id = &w.c.id[take(in, w.c.n_id)];
	const struct llid *l = &w.c.llid[take(in, CAST_LLIDS)];
	struct in6_addr gw = take_gateway(in, &w.c);
	const uint32_t ifindex = IF1 + take(in, LINKS);

	switch (take(in, 5)) {
	case 0:
		mag_handover_start(w.x.m, id, &gw, take(in, 2));
		break;
	case 1:
		mag_handover_from(w.x.m, id, &gw);
		break;
	case 2:
		mag_handover_attach(w.x.m, ifindex, l, NULL, &gw);
		break;
	case 3:
		mag_lma_handover(w.x.m, id, &gw);
		break;
	default:
		mag_lma_handover_all(w.x.m, take(in, 2) ? &gw : &in6addr_any);
	}
}

static void some_flow(struct input *in)
{
	const struct mn_id *id = &w.c.id[take(in, w.c.n_id)];
	const struct flow_spec f = {
		.fid = (uint16_t)(1 + take(in, 4)), .pri = (uint16_t)(1 + take(in, 4)),
		.selector = { .format = SELECTOR_IPV6 },
	};

	if (take(in, 3))
		mag_flow_add(w.x.m, id, &f);
	else
		mag_flow_del(w.x.m, id, f.fid);
}

static void some_mld(struct input *in)
{
	const struct in6_addr lla = fake_addr("fe80::1"), source = fake_addr("2001:db8:9::1");
	const struct llid *l = &w.c.llid[take(in, CAST_LLIDS)];
	struct in6_addr gw = take_gateway(in, &w.c), group = fake_addr("ff1e::1");
	struct mld_record rec = {
		.type = (uint8_t)(MLD_IS_IN + take(in, 6)),
		.sources = { (const uint8_t *)&source, take(in, 2) },
	};
	struct mld_query q = { .version = 2, .max_delay_ms = 1000, .robustness = 2,
			       .interval_s = 125 };
	const uint32_t ifindex = IF1 + take(in, LINKS);
	uint8_t buf[256], *msg = buf + MLD_HEADERS;
	int len;

	if (!w.x.conf.mcast.enabled)
		return;
	group.s6_addr[15] = (uint8_t)(1 + take(in, 3));
	rec.group = group;
	switch (take(in, 4)) {
	case 0:
	case 1:
		len = mld_report_write(&rec, 1, msg, sizeof(buf) - MLD_HEADERS);
		break;
	case 2:
		len = mld_v1_write(take(in, 2) ? MLD_TYPE_V1_DONE : MLD_TYPE_V1_REPORT, &group, msg,
				   sizeof(buf) - MLD_HEADERS);
		break;
	default:
		len = mld_query_write(&q, msg, sizeof(buf) - MLD_HEADERS);
	}
	len = (int)mld_packet_finish(buf, (size_t)len, &lla, &mld_all_routers);
	if (take(in, 4) == 3)
		mag_on_mld_upstream(w.x.m, &gw, buf, (size_t)len);
	else
		mag_on_mld(w.x.m, ifindex, l, buf, (size_t)len);
}

static void some_news(struct input *in)
{
	struct in6_addr gw = take_gateway(in, &w.c);
	struct peer *p = peer_find(&w.x.peers, &w.c.self, &gw);

	switch (take(in, 4)) {
	case 0:
		mag_renew(w.x.m);
		break;
	case 1:
		mag_peers_changed(w.x.m);
		break;
	case 2:
		mag_revoke_anchor(w.x.m, &gw);
		break;
	default:
		if (p)
			mag_on_peer_dead(w.x.m, p);
	}
}

static void step(struct input *in)
{
	static void (*const what[])(struct input *in) = {
		some_link_event, some_answer, some_message, some_link_event, some_answer,
		some_handover, some_flow, some_mld, some_news,
	};
	const uint32_t i = take(in, sizeof(what) / sizeof(*what) + 2);

	if (i < sizeof(what) / sizeof(*what))
		what[i](in);
	else
		fake_advance_ms(&w.x.f, take_ms(in));
}

/* ---- what holds ---- */

/* RFC 5213 §6.1, §6.9.1: nobody waits for nothing, and no entry lasts for ever */
static void check_session(const struct session *s)
{
	if (s->tunnel)
		assert_non_null(model_tunnel(&w.k, s->tunnel));
	switch (s->state) {
	case SESSION_ACTIVE:
	case SESSION_REFRESHING:
		assert_true(s->tunnel && s->expires);
		assert_true(timer_pending(&s->timer));
		break;
	case SESSION_REGISTERING:
	case SESSION_DEREGISTERING:
	case SESSION_LINGERING:
		assert_true(timer_pending(&s->timer) || s->queued || handover_asks(s->node));
		break;
	case SESSION_LEAVING:
		assert_true(s->queued || w.x.m->revocations.outstanding || s->node->leaving ||
			    timer_pending(&s->timer));
		break;
	case SESSION_DENIED:
		assert_int_equal(s->tunnel, 0);
		break;
	}
	if (s->queued)
		assert_true(timer_pending(&w.x.m->pace_timer));
}

/* What is served is forwarded: by its own link, first of all */
static void check_forwarding(const struct session *s)
{
	for (unsigned int i = 0; i < s->n_hnp; i++) {
		const struct model_binding *b = model_binding(&w.k, &s->hnp[i]);
		bool there = false;

		assert_non_null(b);
		assert_true(b->b.node == s->node->number);
		for (unsigned int n = 0; n < b->b.n_paths; n++)
			there |= b->b.path[n].kind == PMIP_PATH_LINK &&
				 b->b.path[n].ifindex == s->key.ifindex &&
				 llid_equal(&b->b.path[n].lladdr, &s->key.lladdr);
		assert_true(there || b->b.n_paths == PMIP_BINDING_PATHS);
	}
}

static void check_tunnels(void)
{
	unsigned int users = 0;
	struct peer *p, *tmp;

	HASH_ITER(hh, w.x.peers.table, p, tmp) {
		assert_true(!p->users == !model_tunnel(&w.k, p->tunnel));
		users += p->users != 0;
	}
	assert_int_equal(users, HASH_COUNT(w.k.tunnels));
}

static void check(void)
{
	struct model_binding *b, *btmp;
	struct session *s;
	struct node *n, *tmp;
	unsigned int sessions = 0;

	HASH_ITER(hh, w.x.m->nodes, n, tmp) {
		assert_true(n->sessions || n->arriving);
		DL_FOREACH(n->sessions, s) {
			sessions++;
			check_session(s);
			/* else they go to the next gateway, or come from the previous one */
			if (s->state == SESSION_ACTIVE && !n->leaving && !n->arriving)
				check_forwarding(s);
		}
	}
	assert_int_equal(w.x.m->n_sessions, sessions);
	assert_int_equal(HASH_COUNT(w.x.m->sessions), sessions);
	/* nothing is forwarded that is nobody's */
	HASH_ITER(hh, w.k.bindings, b, btmp)
		assert_non_null(forward_whose(w.x.m, &b->prefix));
	check_tunnels();
}

/* Everybody has left, and nobody is waited for any more */
static void nothing_is_left(void)
{
	for (unsigned int i = 0; i < LINKS; i++)
		mag_on_link(w.x.m, IF1 + i, false);
	fake_advance_ms(&w.x.f, 4000 * 1000);
	check();
	assert_int_equal(w.x.m->n_sessions, 0);
	assert_null(w.k.bindings);
	assert_null(w.k.tunnels);
}

/**
 * LLVMFuzzerTestOneInput() - what happens to an access gateway
 * @data: its configuration, and the steps
 * @size: bytes
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	open_world(take_byte(&in));
	for (unsigned int i = 0; i < STEPS && in.len; i++) {
		step(&in);
		check();
	}
	nothing_is_left();
	close_world();
	return 0;
}
