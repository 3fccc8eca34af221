// SPDX-License-Identifier: GPL-2.0
/*
 * An anchor.  The first byte is its configuration; each step after it is a message, time that
 * passes, or something that the operator wants.  What the kernel was told is what the binding
 * cache says, after each.
 */
#include "message.h"

#include "deliver.h"
#include "lma/lma_bed.h"

#define STEPS	400
#define MAGS	4
#define ANCHORS	3
#define ALONE	13	/* of lma_bed.h's profiles */

enum { HOLDS = 1, LISTENS = 2, HANDS_OVER = 4, TELLS = 8, NUMBERS = 16, REDIRECTS = 32, FULL = 64,
	REFUSES = 128 };

struct world {
	struct bed b;
	struct model k;
	struct cast c;
	struct revocation_authority authority;
	unsigned int entries, refusals;
	const struct lma_bce_view *other;	/* that an entry is held against */
};

static struct world w;

static void hook(void *arg, const struct fake_action *a)
{
	(void)arg;
	model_take(&w.k, a);
	if (a->kind == FAKE_SEND_MH)
		cast_sent(&w.c, &a->mh);
}

/* Now and then it has no room */
static int refuse(void *arg, const struct fake_action *a)
{
	(void)arg;
	if (a->kind != FAKE_FLOW_SET || ++w.refusals % 5)
		return 0;
	return -28;
}

static void open_cast(void)
{
	w.c.f = &w.b.f;
	w.c.k = &w.k;
	w.c.self = bed_lma();
	for (unsigned int i = 0; i < BED_PROFILES; i++)
		w.c.id[w.c.n_id++] = w.b.profile[i].mn_id;
	w.c.id[w.c.n_id++] = fake_nai("stranger");
	for (unsigned int i = 0; i < MAGS; i++)
		w.c.gateway[w.c.n_gateway++] = bed_mag(1 + i);
	for (unsigned int i = 0; i < ANCHORS; i++) {
		w.c.gateway[w.c.n_gateway] = bed_lma();
		w.c.gateway[w.c.n_gateway++].s6_addr[15] = (uint8_t)(2 + i);
	}
	for (unsigned int i = 0; i < CAST_LLIDS; i++) {
		w.c.llid[i] = fake_llid("02:00:00:00:00:01");
		w.c.llid[i].id[5] = (uint8_t)(1 + i);
	}
	w.c.prefix = fake_prefix("2001:db8:100:7::/64");
}

static void configure(uint8_t how)
{
	struct lma_conf *c = &w.b.conf;

	c->seamless = how & TELLS;
	c->timestamps = !(how & NUMBERS);
	c->return_ms = how & HOLDS ? 5000 : 0;
	c->order_ms = how & HOLDS ? 700 : 0;
	c->max_sessions = how & FULL ? 5 : 0;
	c->redirect = how & REDIRECTS;
	c->redirect_accept = how & REDIRECTS;
	c->flow.dialect = FLOW_DIALECT_AUTO;
	c->flow_linger_ms = 5000;
	c->revoke_handover = how & TELLS;
	c->revocation = (struct revocation_conf){ .delay_ms = 500, .max_delay_ms = 2000,
						  .retries = 2 };
	w.authority = (struct revocation_authority){ .mag = w.b.mags[0],
						     .identity = fake_nai("mag@example.org") };
	c->n_bulk = 1;
	c->bulk = &w.authority;
	c->mcast.enabled = how & LISTENS;
	mcast_conf_default(&c->mcast.down);
	mcast_conf_default(&c->mcast.up);
	c->mcast.subscription = (struct subscription_conf){ how & LISTENS, 300, 2, 700 };
	c->handover_ms = 10000;
	c->init_ms = 500;
	c->init_retries = 3;
	c->serve_lifetime = 300;
	for (unsigned int i = 0; how & HANDS_OVER && i < ANCHORS; i++)
		c->neighbour[c->n_neighbours++] = w.c.gateway[MAGS + i];
}

static void open_world(uint8_t how)
{
	memset(&w, 0, sizeof(w));
	bed_open(&w.b);
	lma_free(w.b.lma);
	open_cast();
	configure(how);
	bed_start(&w.b);
	w.b.f.quiet = true;
	w.b.f.hook = hook;
	if (how & REFUSES)
		w.b.f.refuse = refuse;
}

/* ---- what happens ---- */

static void some_message(struct input *in)
{
	static const enum mh_kind often[] = {
		MH_PBU, MH_PBU, MH_PBU, MH_HEARTBEAT, MH_BRI, MH_BRA, MH_LMA_HO_REQ,
		MH_LMA_HO_INIT, MH_LMA_HACK, MH_SUBSCRIPTION_QUERY, MH_SUBSCRIPTION_RESPONSE,
		MH_FMA, MH_UPA, MH_BE, MH_PBA, MH_SHI,
	};
	const enum mh_kind kind = often[take(in, sizeof(often) / sizeof(*often))];
	struct in6_addr src = take_gateway(in, &w.c);
	static struct mh_msg m;

	if (take_message(in, &w.c, kind, &src, &m))
		deliver_lma(w.b.lma, &w.b.conf, &w.b.peers, &src, &w.c.self, &m);
}

static void some_answer(struct input *in)
{
	static struct mh_msg m;
	struct in6_addr src;

	if (take_answer(in, &w.c, &src, &m))
		deliver_lma(w.b.lma, &w.b.conf, &w.b.peers, &src, &w.c.self, &m);
}

static void some_flow(struct input *in)
{
	const struct mn_id *id = &w.c.id[take(in, w.c.n_id)];
	struct flow_spec f = {
		.fid = (uint16_t)(1 + take(in, 10)), .pri = (uint16_t)(1 + take(in, 10)),
		.verdict = (uint8_t)(take(in, 8) == 7), .n_bid = (uint8_t)(1 + take(in, 2)),
		.bid = { (uint16_t)(1 + take(in, 4)), (uint16_t)(5 + take(in, 4)) },
		.selector = { .format = SELECTOR_IPV6 },
	};

	switch (take(in, 4)) {
	case 0:
		lma_flow_add(w.b.lma, id, &f, FLOW_FOREVER);
		break;
	case 1:
		lma_flow_move(w.b.lma, id, f.fid, f.bid, f.n_bid);
		break;
	case 2:
		lma_flow_del(w.b.lma, id, f.fid);
		break;
	default:
		lma_flow_add(w.b.lma, id, &f, (uint16_t)(1 + take(in, 60)));
	}
}

static void some_revocation(struct input *in)
{
	struct mn_id realm = fake_nai("@example.org");
	struct in6_addr mag = take_gateway(in, &w.c);
	struct prefix p = take_prefix(in, &w.c);
	struct lma_revocation v = {
		.mn_id = &w.c.id[take(in, w.c.n_id)], .bid = (uint16_t)take(in, 4),
		.trigger = (uint8_t)take(in, 8), .hnp = p.len ? &p : NULL,
	};

	switch (take(in, 4)) {
	case 0:
		v.proxy_coa = &mag;
		break;
	case 1:
		lma_revoke_gateway(w.b.lma, &mag, take(in, 2) ? &realm : NULL);
		return;
	}
	lma_revoke(w.b.lma, &v);
}

static void some_load(struct input *in)
{
	struct in6_addr mag = take_gateway(in, &w.c);
	const uint8_t att = (uint8_t)(3 + take(in, 2));
	const uint8_t percent = (uint8_t)take(in, 101);
	const uint64_t bytes = (uint64_t)take_byte(in) * 1000;

	switch (take(in, 3)) {
	case 0:
		lma_load_set(w.b.lma, &mag, att, percent);
		break;
	case 1:
		lma_quality_set(w.b.lma, &mag, att, percent);
		break;
	default:
		lma_meter_read(w.b.lma, 0, bytes, bytes);
	}
}

/* A node's report, or the network's query, as the tunnel or a port brings it */
static void some_mld(struct input *in)
{
	const struct in6_addr lla = fake_addr("fe80::1"), source = fake_addr("2001:db8:9::1");
	struct in6_addr mag = take_gateway(in, &w.c);
	struct mld_record rec = {
		.type = (uint8_t)(MLD_IS_IN + take(in, 6)), .group = fake_addr("ff1e::1"),
		.sources = { (const uint8_t *)&source, take(in, 2) },
	};
	struct mld_query q = { .version = 2, .max_delay_ms = 1000, .robustness = 2,
			       .interval_s = 125 };
	uint8_t buf[256];
	int len;

	rec.group.s6_addr[15] = (uint8_t)(1 + take(in, 3));
	if (!w.b.conf.mcast.enabled)
		return;
	if (take(in, 2))
		len = mld_query_write(&q, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);
	else
		len = mld_report_write(&rec, 1, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);
	len = (int)mld_packet_finish(buf, (size_t)len, &lla, &mld_all_routers);
	if (take(in, 2))
		lma_on_mld_upstream(w.b.lma, buf, (size_t)len);
	else
		lma_on_mld(w.b.lma, &mag, buf, (size_t)len);
}

static void some_news(struct input *in)
{
	struct in6_addr lla = fake_addr("fe80::2"), gw = take_gateway(in, &w.c);
	struct peer *p = peer_find(&w.b.peers, &w.c.self, &gw);

	switch (take(in, 4)) {
	case 0:
		lma_renew(w.b.lma);
		break;
	case 1:
		lma_mags_changed(w.b.lma);
		break;
	case 2:
		if (p)
			lma_on_peer_dead(w.b.lma, p);
		break;
	default:
		if (w.b.conf.mcast.enabled)
			lma_on_upstream(w.b.lma, take(in, 3), &lla);
	}
}

static void step(struct input *in)
{
	static void (*const what[])(struct input *in) = {
		some_message, some_message, some_message, some_answer, some_flow, some_revocation,
		some_load, some_mld, some_news,
	};
	const uint32_t i = take(in, sizeof(what) / sizeof(*what) + 2);

	if (i < sizeof(what) / sizeof(*what))
		what[i](in);
	else
		fake_advance_ms(&w.b.f, take_ms(in));
}

/* ---- what holds ---- */

/* RFC 5213 §5.3.4: a node of one attachment is served by its newest gateway alone */
static bool serves_too(void *arg, const struct lma_bce_view *v)
{
	const struct lma_bce_view *a = w.other;
	unsigned int *seen = arg;

	if (!mn_id_equal(a->mn_id, v->mn_id) || strcmp(v->state, "active"))
		return true;
	for (unsigned int i = 0; i < v->n_hnp; i++)
		*seen += prefix_equal(&v->hnp[i], &a->hnp[0]);
	return true;
}

static bool leads_to(const struct dp_binding *b, const struct in6_addr *mag)
{
	for (unsigned int i = 0; i < b->n_paths; i++) {
		const struct model_tunnel *t = model_tunnel(&w.k, b->path[i].tunnel);

		if (t && IN6_ARE_ADDR_EQUAL(&t->t.remote, mag))
			return true;
	}
	return b->n_paths == PMIP_BINDING_PATHS;
}

static bool check_entry(void *arg, const struct lma_bce_view *v)
{
	unsigned int seen = 0;

	(void)arg;
	w.entries++;
	assert_true(v->remaining_ns > 0);
	if (strcmp(v->state, "active"))
		return true;
	assert_in_range(v->n_hnp, 1, HNP_MAX);
	for (unsigned int i = 0; i < v->n_hnp; i++) {
		const struct model_binding *b = model_binding(&w.k, &v->hnp[i]);

		assert_non_null(b);
		assert_true(leads_to(&b->b, &v->proxy_coa));
	}
	if (!mn_id_equal(v->mn_id, &w.b.profile[ALONE].mn_id))
		return true;
	w.other = v;
	lma_each(w.b.lma, serves_too, &seen);
	assert_int_equal(seen, 1);
	return true;
}

static bool has_prefix(void *arg, const struct lma_bce_view *v)
{
	const struct prefix *p = arg;

	for (unsigned int i = 0; i < v->n_hnp; i++)
		if (prefix_equal(&v->hnp[i], p))
			w.entries++;
	return true;
}

static void check(void)
{
	struct model_binding *b, *btmp;
	struct peer *p, *tmp;
	unsigned int users = 0;

	lma_each(w.b.lma, check_entry, NULL);
	/* nothing is forwarded that is nobody's */
	HASH_ITER(hh, w.k.bindings, b, btmp) {
		w.entries = 0;
		lma_each(w.b.lma, has_prefix, &b->prefix);
		assert_true(w.entries > 0);
	}
	HASH_ITER(hh, w.b.peers.table, p, tmp) {
		assert_true(!p->users == !model_tunnel(&w.k, p->tunnel));
		users += p->users != 0;
	}
	assert_int_equal(users, HASH_COUNT(w.k.tunnels));
}

/* Every lifetime is over, and every try */
static void nothing_is_left(void)
{
	fake_advance_ms(&w.b.f, 3700 * 1000);
	fake_advance_ms(&w.b.f, 3700 * 1000);
	w.entries = 0;
	lma_each(w.b.lma, check_entry, NULL);
	assert_int_equal(w.entries, 0);
	assert_int_equal(HASH_COUNT(w.k.bindings), 0);
	assert_int_equal(HASH_COUNT(w.k.tunnels), 0);
}

/**
 * LLVMFuzzerTestOneInput() - what happens to an anchor
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
	bed_close(&w.b);
	model_free(&w.k);
	return 0;
}
