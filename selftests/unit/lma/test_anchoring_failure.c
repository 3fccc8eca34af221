// SPDX-License-Identifier: GPL-2.0
/*
 * What fails between anchors, at each step: the node has one anchor afterwards, and packets
 * reach it all the while (draft: LMA handover §4.2).
 */
#include "anchors_bed.h"
#include <errno.h>

#define SEEDS	3

static int begin(void **state)
{
	static struct anchors d;

	anchors_open(&d);
	*state = &d;
	return 0;
}

static int finish(void **state)
{
	anchors_close(*state);
	return 0;
}

/* As if nobody had asked, but for the answer */
static void stayed(struct anchors *d, uint8_t status)
{
	assert_int_equal(d->g[0].resp.status, status);
	assert_int_equal(d->g[0].lma, 0);
	assert_string_equal(anchors_state(d, 0), "active");
	assert_int_equal(HASH_COUNT(d->a[0].k.tunnels), 1);
	anchors_is_empty(d, 1);
	anchors_is_empty(d, 2);
}

/* And the next time it works */
static void works(struct anchors *d)
{
	gate_ask(d, 0, 1);
	anchors_pass(d, 8000);
	assert_int_equal(d->g[0].resp.status, LMA_HO_OK);
	assert_int_equal(d->g[0].lma, 1);
	assert_string_equal(anchors_state(d, 0), "away");
}

/* §4.2 (d): no LMA_HAck comes */
static void new_anchor_is_silent(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->a[1].deaf = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 7400);
	assert_int_equal(d->g[0].n_resp, 0);
	anchors_pass(d, 200);
	stayed(d, LMA_HO_REFUSED);
	assert_int_equal(lma_counters(d->a[0].lma)->handover.init_tx, 4);
	d->a[1].deaf = false;
	works(d);
}

/* RFC 6275 §6.1.9: "Unrecognized MH Type value": that one will never answer, and is not asked */
/* again; others, and other errors, have nothing to do with it */
static void new_anchor_does_not_know(void **state)
{
	const struct in6_addr src = anchor_addr(1), other = anchor_addr(2);
	struct mh_msg be = { .kind = MH_BE, .status = BE_NO_BINDING };
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->a[1].deaf = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 100);
	lma_on_init_unknown(d->a[0].lma, &src, &be);
	be.status = BE_UNKNOWN_TYPE;
	lma_on_init_unknown(d->a[0].lma, &other, &be);
	anchors_pass(d, 100);
	assert_int_equal(d->g[0].n_resp, 0);
	lma_on_init_unknown(d->a[0].lma, &src, &be);
	anchors_pass(d, 100);
	stayed(d, LMA_HO_REFUSED);
	assert_int_equal(lma_counters(d->a[0].lma)->handover.init_tx, 1);
}

/* §4.2 (d): it does not create a cache entry: there are as many as it may have */
static void new_anchor_is_full(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 2);
	d->a[1].conf.max_sessions = 1;
	gate_ask(d, 0, 1);
	anchors_pass(d, 100);
	assert_int_equal(d->g[0].resp.status, LMA_HO_REFUSED);
	anchors_is_empty(d, 1);
	d->a[1].conf.max_sessions = 2;
	gate_ask(d, 0, 1);
	anchors_pass(d, 5000);
	assert_int_equal(anchors_active(d, 1), 2);
}

/* §4.2 (d): the kernel does not take the binding of what is handed over */
static void new_kernel_refuses(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->a[1].forgives = true;
	fake_refuse(&d->a[1].f, FAKE_BINDING_SET, 2, ENOMEM);
	gate_ask(d, 0, 1);
	anchors_pass(d, 100);
	assert_int_equal(d->g[0].resp.status, LMA_HO_REFUSED);
	assert_string_equal(anchors_state(d, 1), "none");
	assert_int_equal(HASH_COUNT(d->a[1].k.tunnels), 0);
}

/* RFC 5213 §5.3.2: the registration is refused, and repeated with another number */
static void new_kernel_refuses_the_registration(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->g[0].lazy = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 100);
	assert_string_equal(anchors_state(d, 1), "handed");
	fake_refuse(&d->a[1].f, FAKE_BINDING_SET, 2, ENOMEM);
	d->g[0].next = 1;
	gate_register(d, 0, 1);
	anchors_pass(d, 60);
	assert_int_equal(d->g[0].pba.status, PBA_NO_RESOURCES);
	assert_string_equal(anchors_state(d, 1), "handed");
	assert_int_equal(d->g[0].lma, 0);
	d->g[0].next = 1;
	gate_register(d, 0, 1);
	anchors_pass(d, 60);
	assert_int_equal(d->g[0].lma, 1);
}

/* §4.2 (f): "The bMAG initiates the tunnel setup": if it does not both anchors forget */
static void gateway_does_not_go(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->g[0].lazy = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 9900);
	assert_string_equal(anchors_state(d, 1), "handed");
	/* the other one has no more of it than packets that it drops */
	assert_int_equal(HASH_COUNT(d->a[1].k.bindings), 1);
	anchors_pass(d, 400);
	stayed(d, LMA_HO_OK);
	assert_int_equal(lma_counters(d->a[0].lma)->handover.voided, 1);
	assert_int_equal(lma_counters(d->a[1].lma)->handover.voided, 1);
	d->g[0].lazy = false;
	works(d);
}

/* RFC 5213 §5.3.5: it leaves the node instead */
static void node_leaves_meanwhile(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->g[0].lazy = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 100);
	d->watched = false;
	d->g[0].leaving = true;
	gate_register(d, 0, 0);
	anchors_pass(d, 15000);
	for (int i = 0; i < ANCHORS; i++)
		anchors_is_empty(d, i);
}

/* §4.2 (c), and what is chosen: "there is none" is said at once */
static void nobody_to_go_to(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	/* wished for, and not trusted */
	d->a[0].conf.n_neighbours = 1;
	gate_ask(d, 0, 2);
	anchors_pass(d, 100);
	stayed(d, LMA_HO_NO_ANCHOR);
	d->a[0].conf.n_neighbours = 0;
	gate_ask(d, 0, NONE);
	anchors_pass(d, 100);
	stayed(d, LMA_HO_NO_ANCHOR);
	assert_int_equal(d->seen[MH_LMA_HO_INIT], 0);
}

/* §5: "adequate prior agreement and trust relationship": a stranger hands nothing over */
static void not_a_neighbour(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->a[1].conf.n_neighbours = 0;
	gate_ask(d, 0, 1);
	anchors_pass(d, 100);
	stayed(d, LMA_HO_REFUSED);
}

/* §4.2 (b): a gateway that does not serve the node has no say; two at once are one too many */
static void who_may_ask(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->g[1].lma = 0;
	gate_ask(d, 1, 1);
	anchors_pass(d, 100);
	assert_int_equal(d->g[1].resp.status, LMA_HO_NOT_ATTACHED);
	d->g[1].lma = NONE;
	gate_register(d, 1, 0);
	anchors_pass(d, 50);
	d->a[1].deaf = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 100);
	gate_ask(d, 1, 2);
	anchors_pass(d, 100);
	assert_int_equal(d->g[1].resp.status, LMA_HO_UNDER_WAY);
	assert_int_equal(d->g[0].n_resp, 0);
}

/* An LMA_HO_Init that somebody makes up, and what it is answered; the answer goes nowhere */
static uint8_t says(struct anchors *d, int to, int from, struct mh_msg *m)
{
	const struct in6_addr src = anchor_addr(from), dst = anchor_addr(to);
	const struct lma_counters *c = lma_counters(d->a[to].lma);
	const uint64_t refused = c->handover.refused, sent = c->handover.hack_tx;
	struct wire *w;
	struct mh_msg back;

	m->kind = MH_LMA_HO_INIT;
	m->seq += 100;
	lma_on_lma_ho_init(d->a[to].lma, &src, &dst, m);
	assert_int_equal(c->handover.hack_tx, sent + 1);
	w = d->wire->prev;
	assert_int_equal(mh_decode(&back, w->data, w->len, &w->src, &w->dst, 0).error, MH_OK);
	assert_int_equal(back.kind, MH_LMA_HACK);
	assert_int_equal(back.seq, m->seq);
	assert_int_equal(back.code, m->code);
	assert_int_equal(c->handover.refused, refused + !!back.status);
	DL_DELETE(d->wire, w);
	free(w);
	return back.status;
}

static struct mh_msg context(const char *nai, const char *hnp)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.code = LMA_INIT_CONTEXT;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_CONTEXT;
	m.opts.mn_id = fake_nai(nai);
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = fake_prefix(hnp);
	m.opts.n_entry = 1;
	m.opts.entry[0].proxy_coa = gate_addr(0);
	m.opts.entry[0].bid = 1;
	m.opts.entry[0].att = 4;
	m.opts.entry[0].prefixes = 1;
	return m;
}

/* §4.2 (c), (d): contexts of which no entries can be made */
static void contexts_that_cannot_be(void **state)
{
	struct anchors *d = *state;
	struct mh_msg good = context("other@x", "2001:db8:7::/64"), m;

	anchors_attach(d, 1);
	/* the prefix of a node that is here */
	m = good;
	m.opts.hnp[0].prefix = d->g[0].hnp;
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_PREFIX_TAKEN);
	/* a node that is here */
	m = good;
	m.opts.mn_id = fake_nai(NODE);
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNDER_WAY);
	m = good;
	m.opts.n_entry = 0;
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNSPECIFIED);
	m = good;
	m.opts.n_hnp = 0;
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNSPECIFIED);
	/* an entry with a prefix that is not there, a prefix of no entry, one twice */
	m = good;
	m.opts.entry[0].prefixes = 2;
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNSPECIFIED);
	m = good;
	m.opts.hnp[m.opts.n_hnp++].prefix = fake_prefix("2001:db8:7:1::/64");
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNSPECIFIED);
	m.opts.hnp[1].prefix = m.opts.hnp[0].prefix;
	m.opts.entry[0].prefixes = 3;
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNSPECIFIED);
	m = good;
	memset(&m.opts.hnp[0].prefix, 0, sizeof(m.opts.hnp[0].prefix));
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNSPECIFIED);
	/* our own prefixes, of which we know nothing, and those of a stranger */
	m = good;
	m.opts.n_lma = 1;
	m.opts.lma[0] = anchor_addr(0);
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNKNOWN_NODE);
	m.opts.lma[0] = fake_addr("2001:db8:9::9");
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_PROHIBITED);
	/* nothing is left of any of them; and what is good is taken, and taken once */
	assert_int_equal(HASH_COUNT(d->a[0].k.bindings), 1);
	assert_int_equal(says(d, 0, 1, &good), LMA_HACK_OK);
	good.seq -= 100;
	assert_int_equal(says(d, 0, 1, &good), LMA_HACK_OK);
	assert_int_equal(HASH_COUNT(d->a[0].k.bindings), 2);
	/* said anew it takes the place of the first; of another anchor it does not */
	assert_int_equal(says(d, 0, 1, &good), LMA_HACK_OK);
	assert_int_equal(says(d, 0, 2, &good), LMA_HACK_UNDER_WAY);
	anchors_pass(d, 10100);
	assert_int_equal(HASH_COUNT(d->a[0].k.bindings), 1);
}

static struct mh_msg serve(const struct anchors *d, uint16_t lifetime, uint64_t since)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.code = LMA_INIT_SERVE;
	m.lifetime = lifetime;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_TIMESTAMP;
	m.opts.mn_id = fake_nai(NODE);
	m.opts.timestamp = since;
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = d->g[0].hnp;
	return m;
}

/* §4.2 (j): only to whom a node has been handed packets go, and to the latest of these */
static void who_may_serve(void **state)
{
	struct anchors *d = *state;
	struct mh_msg m;

	anchors_attach(d, 1);
	m = serve(d, 15, UINT64_MAX);
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_PROHIBITED);
	m.lifetime = 0;
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNKNOWN_NODE);
	m.code = 2;
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNSPECIFIED);
	works(d);
	/* of before the node came to where it is */
	m = serve(d, 15, mh_timestamp(d->a[0].f.wall - 10 * NSEC_PER_SEC));
	assert_int_equal(says(d, 0, 2, &m), LMA_HACK_UNDER_WAY);
	m.lifetime = 0;
	assert_int_equal(says(d, 0, 2, &m), LMA_HACK_UNKNOWN_NODE);
	m = serve(d, 15, UINT64_MAX);
	m.opts.hnp[0].prefix = fake_prefix("2001:db8:7::/64");
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_PREFIX_TAKEN);
	m = serve(d, 15, UINT64_MAX);
	m.opts.mn_id = fake_nai("other@x");
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_UNKNOWN_NODE);
}

/* §4.2 (j): what the NLMA says once comes late, after the PLMA had given up */
static void serve_is_late(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->g[0].lazy = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 9500);
	/* from here on nothing of the NLMA gets through but the gateway's answer */
	d->g[0].next = 1;
	gate_register(d, 0, 1);
	anchors_pass(d, 25);
	d->a[0].deaf = true;
	anchors_pass(d, 25);
	assert_int_equal(d->g[0].lma, 1);
	anchors_pass(d, 3000);
	d->a[0].deaf = false;
	anchors_pass(d, 9000);
	assert_string_equal(anchors_state(d, 0), "away");
	assert_string_equal(anchors_state(d, 1), "active");
}

/* The gateway does what it was too lazy for */
static void goes_on(struct anchors *d, int anchor)
{
	d->g[0].lazy = false;
	d->g[0].next = anchor;
	gate_register(d, 0, anchor);
}

/* §4.2 (j): the NLMA is an NLMA no more when its PLMA hears of it, and of the next at that */
static void third_serves_first(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	d->watched = false;
	d->g[0].lazy = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 500);
	d->a[0].deaf = true;
	goes_on(d, 1);
	anchors_pass(d, 100);
	assert_int_equal(d->g[0].lma, 1);
	gate_ask(d, 0, 2);
	anchors_pass(d, 200);
	assert_int_equal(d->g[0].lma, 2);
	d->a[0].deaf = false;
	anchors_pass(d, 9000);
	assert_string_equal(anchors_state(d, 0), "away");
	assert_string_equal(anchors_state(d, 2), "active");
	d->watched = true;
	anchors_pass(d, 50000);
	anchors_is_empty(d, 1);
}

/* What is said again of a stay before the node came here is not of the one that is prepared */
static void serve_of_before(void **state)
{
	struct anchors *d = *state;
	struct mh_msg m;

	anchors_attach(d, 1);
	d->g[0].lazy = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 500);
	m = serve(d, 15, mh_timestamp(d->a[0].f.wall - 10 * NSEC_PER_SEC));
	assert_int_equal(says(d, 0, 1, &m), LMA_HACK_PROHIBITED);
	assert_int_equal(says(d, 0, 2, &m), LMA_HACK_PROHIBITED);
	assert_string_equal(anchors_state(d, 0), "active");
	d->watched = false;
	m = serve(d, 15, UINT64_MAX);
	assert_int_equal(says(d, 0, 2, &m), LMA_HACK_OK);
	anchors_pass(d, 4000);
	assert_string_equal(anchors_state(d, 0), "away");
}

/* It was to come back, which has come to nothing, and goes to another anchor instead */
static void serves_another_instead(void **state)
{
	struct anchors *d = *state;
	struct mh_msg m;

	anchors_attach(d, 1);
	gate_ask(d, 0, 1);
	anchors_pass(d, 8000);
	d->g[0].lazy = true;
	gate_ask(d, 0, 0);
	anchors_pass(d, 500);
	m = serve(d, 15, mh_timestamp(d->a[0].f.wall - 20 * NSEC_PER_SEC));
	assert_int_equal(says(d, 0, 2, &m), LMA_HACK_UNDER_WAY);
	d->watched = false;
	m = serve(d, 15, UINT64_MAX);
	assert_int_equal(says(d, 0, 2, &m), LMA_HACK_OK);
	assert_string_equal(anchors_state(d, 0), "away");
}

/* §4.2 (j): whoever has a node back while its packets go through there yet lets them go on */
static void comes_back_before_all_know(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	gate_ask(d, 0, 1);
	anchors_pass(d, 8000);
	d->a[0].deaf = true;
	gate_ask(d, 0, 2);
	anchors_pass(d, 200);
	assert_int_equal(d->g[0].lma, 2);
	d->g[0].lazy = true;
	gate_ask(d, 0, 1);
	anchors_pass(d, 500);
	goes_on(d, 1);
	anchors_pass(d, 500);
	assert_int_equal(d->g[0].lma, 1);
	d->a[0].deaf = false;
	anchors_pass(d, 50000);
	assert_string_equal(anchors_state(d, 1), "active");
	anchors_is_empty(d, 2);
}

/* Where gateways have registered the node: never at two anchors for long */
static int only_anchor(struct anchors *d)
{
	int found = NONE;

	for (int i = 0; i < ANCHORS; i++) {
		if (!anchors_active(d, i))
			continue;
		assert_int_equal(found, NONE);
		found = i;
	}
	return found;
}

/* A gateway that has heard nothing of all that asks the policy, and registers where it says */
static void follow(struct anchors *d, int anchor)
{
	for (int i = 0; i < GATES; i++) {
		struct gate *g = &d->g[i];

		if (g->lma == anchor)
			continue;
		g->lma = anchor;
		g->next = NONE;
		gate_register(d, i, anchor);
		anchors_pass(d, 6000);
	}
}

/* §4.2: the whole of it with every fourth message lost, again and again */
static void lose_messages(struct anchors *d, uint64_t seed)
{
	unsigned int moved = 0, hops;

	d->a[0].f.seed = seed;
	/* they would be called dead all the time */
	for (int i = 0; i < ANCHORS; i++)
		d->a[i].peers.conf.heartbeat_ms = 0;
	anchors_attach(d, 2);
	d->watched = false;
	d->loss = 25;
	for (unsigned int n = 0; n < 30; n++) {
		const int was = d->g[n % 2].lma;

		gate_ask(d, n % 2, (was + 1 + (int)(n % 3 == 1)) % ANCHORS);
		anchors_pass(d, 40000);
		assert_int_not_equal(only_anchor(d), NONE);
		follow(d, only_anchor(d));
		moved += only_anchor(d) != was;
		assert_int_not_equal(reaches(d, &d->g[0].hnp, &hops), NONE);
		assert_in_range(hops, 1, 2);
	}
	assert_true(moved > 20);
}

static void messages_are_lost(void **state)
{
	struct anchors *d = *state;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		lose_messages(d, seed);
		anchors_close(d);
		anchors_open(d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(new_anchor_is_silent, begin, finish),
		cmocka_unit_test_setup_teardown(new_anchor_does_not_know, begin, finish),
		cmocka_unit_test_setup_teardown(new_anchor_is_full, begin, finish),
		cmocka_unit_test_setup_teardown(new_kernel_refuses, begin, finish),
		cmocka_unit_test_setup_teardown(new_kernel_refuses_the_registration, begin,
						finish),
		cmocka_unit_test_setup_teardown(gateway_does_not_go, begin, finish),
		cmocka_unit_test_setup_teardown(node_leaves_meanwhile, begin, finish),
		cmocka_unit_test_setup_teardown(nobody_to_go_to, begin, finish),
		cmocka_unit_test_setup_teardown(not_a_neighbour, begin, finish),
		cmocka_unit_test_setup_teardown(who_may_ask, begin, finish),
		cmocka_unit_test_setup_teardown(contexts_that_cannot_be, begin, finish),
		cmocka_unit_test_setup_teardown(who_may_serve, begin, finish),
		cmocka_unit_test_setup_teardown(serve_is_late, begin, finish),
		cmocka_unit_test_setup_teardown(third_serves_first, begin, finish),
		cmocka_unit_test_setup_teardown(serve_of_before, begin, finish),
		cmocka_unit_test_setup_teardown(serves_another_instead, begin, finish),
		cmocka_unit_test_setup_teardown(comes_back_before_all_know, begin, finish),
		cmocka_unit_test_setup_teardown(messages_are_lost, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
