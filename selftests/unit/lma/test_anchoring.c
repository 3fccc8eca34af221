// SPDX-License-Identifier: GPL-2.0
/* A node goes from one anchor to another, and on, and back (draft: LMA handover §4.2). */
#include "anchors_bed.h"

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

static void served_by(struct anchors *d, int anchor, unsigned int anchors)
{
	unsigned int n;

	for (int i = 0; i < GATES; i++)
		if (d->g[i].lma != NONE)
			assert_int_equal(d->g[i].lma, anchor);
	assert_int_not_equal(reaches(d, &d->g[0].hnp, &n), NONE);
	assert_int_equal(n, anchors);
}

/*
 * RFC 5847 §3.2: the counter "MUST NOT be incremented if the recovery happens without losing
 * state": with what is between two anchors it would be lost, at either
 */
static void no_record_is_whole(void **state)
{
	struct anchors *d = *state;

	for (int i = 0; i < 2; i++)
		d->a[i].f.keeps = true;
	anchors_attach(d, 1);
	assert_false(fake_record(&d->a[0].f, KEEP_NODE, 0)->more);
	gate_ask(d, 0, 1);
	anchors_pass(d, 5);
	assert_true(fake_record(&d->a[0].f, KEEP_NODE, 0)->more);
	anchors_pass(d, 4000);
	assert_string_equal(anchors_state(d, 0), "away");
	assert_true(fake_record(&d->a[0].f, KEEP_NODE, 0)->more);
	assert_true(fake_record(&d->a[1].f, KEEP_NODE, 0)->more);
}

/* §4.2 (b) to (j): "arrives at the PLMA [...] and the PLMA forwards the downloaded data to */
/* the NLMA through the tunnel between them.  Then, the NLMA sends the data to the MN" */
static void one_handover(void **state)
{
	struct anchors *d = *state;
	struct prefix p;

	anchors_attach(d, 1);
	p = d->g[0].hnp;
	served_by(d, 0, 1);
	gate_ask(d, 0, 1);
	anchors_pass(d, 1000);
	assert_int_equal(d->g[0].resp.status, LMA_HO_OK);
	assert_int_equal(d->g[0].pba.status, PBA_ACCEPTED);
	assert_true(prefix_equal(&d->g[0].hnp, &p));
	served_by(d, 1, 2);
	/* what has been sent by the old way is taken for a while */
	assert_string_equal(anchors_state(d, 0), "active");
	anchors_pass(d, 3000);
	assert_string_equal(anchors_state(d, 0), "away");
	assert_string_equal(anchors_state(d, 1), "active");
	assert_int_equal(HASH_COUNT(d->a[0].k.tunnels), 1);
	assert_int_equal(HASH_COUNT(d->a[1].k.tunnels), 2);
	anchors_is_empty(d, 2);
	/* each once: nothing was lost that would have to be repeated */
	assert_int_equal(d->seen[MH_LMA_HO_REQ], 1);
	assert_int_equal(d->seen[MH_LMA_HO_RESP], 1);
	assert_int_equal(d->seen[MH_LMA_HO_INIT], 2);
	assert_int_equal(d->seen[MH_LMA_HACK], 2);
	/* and goes on, as long as the anchor hears of it */
	anchors_pass(d, 200000);
	served_by(d, 1, 2);
}

/* §4.2 (c): the PLMA selects the NLMA, and all gateways go there */
static void of_two_gateways(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 2);
	gate_ask(d, 1, NONE);
	anchors_pass(d, 4500);
	assert_int_equal(d->g[1].resp.status, LMA_HO_OK);
	assert_true(d->g[0].n_unsolicited > 0);
	assert_int_equal(d->g[1].n_unsolicited, 0);
	served_by(d, 1, 2);
	assert_int_equal(anchors_active(d, 1), 2);
	assert_string_equal(anchors_state(d, 0), "away");
}

static void wander(struct anchors *d, int gate, int to)
{
	gate_ask(d, gate, to);
	anchors_pass(d, 1000);
	assert_int_equal(d->g[gate].resp.status, LMA_HO_OK);
}

/* §3: the PLMA is "the topological anchor point": a chain has no more than two anchors in it, */
/* and where the node has been nothing is left */
static void a_chain_and_back(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 2);
	wander(d, 0, 1);
	anchors_pass(d, 10000);
	served_by(d, 1, 2);
	wander(d, 1, 2);
	served_by(d, 2, 2);
	anchors_pass(d, 10000);
	served_by(d, 2, 2);
	anchors_is_empty(d, 1);
	wander(d, 0, 0);
	served_by(d, 0, 1);
	anchors_pass(d, 10000);
	anchors_is_empty(d, 1);
	anchors_is_empty(d, 2);
	assert_int_equal(HASH_COUNT(d->a[0].k.tunnels), GATES);
	assert_int_equal(anchors_active(d, 0), 2);
	anchors_pass(d, 100000);
	served_by(d, 0, 1);
}

/* §4.2 (j): nor does it matter that the one before has not ended yet */
static void without_a_pause(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	for (int n = 1; n < 12; n++) {
		wander(d, 0, n * (n % 5 ? 1 : 2) % ANCHORS == d->g[0].lma ?
		       (d->g[0].lma + 1) % ANCHORS : n * (n % 5 ? 1 : 2) % ANCHORS);
		served_by(d, d->g[0].lma, d->g[0].lma ? 2 : 1);
	}
	anchors_pass(d, 20000);
	for (int i = 1; i < ANCHORS; i++)
		if (i != d->g[0].lma)
			anchors_is_empty(d, i);
}

static void leave(struct anchors *d, int gate)
{
	d->watched = false;
	d->g[gate].leaving = true;
	gate_register(d, gate, d->g[gate].lma);
	anchors_pass(d, 10000);
	assert_int_equal(d->g[gate].lma, NONE);
}

/* RFC 5213 §5.3.5: the node leaves where it is; whose the prefixes are hears of it */
static void leaves_for_good(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	wander(d, 0, 1);
	anchors_pass(d, 5000);
	wander(d, 0, 2);
	anchors_pass(d, 5000);
	leave(d, 0);
	for (int i = 0; i < ANCHORS; i++)
		anchors_is_empty(d, i);
}

/* RFC 6463 §4.2: a gateway that comes to the wrong anchor hears of the right one */
static void redirected(void **state)
{
	struct anchors *d = *state;
	const struct in6_addr to = anchor_addr(1);

	anchors_attach(d, 1);
	wander(d, 0, 1);
	anchors_pass(d, 5000);
	for (int i = 0; i < 2; i++) {
		d->g[1].redirectable = i;
		d->g[1].hnp = d->g[0].hnp;
		gate_register(d, 1, 0);
		anchors_pass(d, 50);
		assert_int_equal(d->g[1].pba.status, PBA_NOT_LMA_FOR_THIS_MN);
		assert_int_equal(d->g[1].pba.opts.present & MH_HAS_REDIRECT,
				 i ? MH_HAS_REDIRECT : 0);
	}
	assert_memory_equal(&d->g[1].pba.opts.redirect, &to, sizeof(to));
	/* so does one that lets the node go */
	d->g[1].leaving = true;
	d->g[1].lma = 0;
	gate_register(d, 1, 0);
	anchors_pass(d, 50);
	assert_int_equal(d->g[1].pba.status, PBA_NOT_LMA_FOR_THIS_MN);
	assert_memory_equal(&d->g[1].pba.opts.redirect, &to, sizeof(to));
	assert_int_equal(lma_counters(d->a[0].lma)->handover.redirected, 2);
}

/* Heartbeats go by the tunnel between anchors: RFC 5847 §3.1: "declares the peer [...] */
/* unreachable"; the node has to begin anew then, at its own anchor */
static void new_anchor_dies(void **state)
{
	struct anchors *d = *state;

	anchors_attach(d, 1);
	wander(d, 0, 1);
	anchors_pass(d, 5000);
	d->watched = false;
	d->a[1].deaf = true;
	anchors_pass(d, 12000);
	anchors_is_empty(d, 0);
	assert_int_equal(lma_counters(d->a[0].lma)->handover.forgotten, 1);
	gate_register(d, 0, 0);
	anchors_pass(d, 50);
	assert_int_equal(d->g[0].pba.status, PBA_ACCEPTED);
}

/* RFC 5846 §5.1: trigger 7, "Possible Out-of-Sync BCE State": whose the prefixes are has begun */
/* anew, and knows of none: the gateways have to begin anew, too */
static void old_anchor_forgets(void **state)
{
	struct anchors *d = *state;
	struct anchor *a = &d->a[0];

	anchors_attach(d, 1);
	wander(d, 0, 1);
	anchors_pass(d, 5000);
	d->watched = false;
	lma_free(a->lma);
	peers_free(&a->peers);
	model_free(&a->k);
	memset(&a->k, 0, sizeof(a->k));
	a->lma = NULL;
	peers_init(&a->peers, &a->f.env, &(struct peer_conf){ .restart_counter = 2 });
	a->lma = lma_new(&a->f.env, &a->conf, &a->peers, &a->policy);
	assert_non_null(a->lma);
	anchors_pass(d, 60000);
	assert_int_equal(d->g[0].lma, NONE);
}

static bool keep_row(void *arg, const struct lma_bce_view *v)
{
	struct lma_bce_view *rows = arg;
	unsigned int i = v->llid->id[5] - 1U;

	rows[i] = *v;
	rows[i].hnp = NULL;
	assert_in_range(v->n_hnp, 1, HNP_MAX);
	return true;
}

/* Another policy */
static void start_again(struct anchors *d)
{
	for (int i = 0; i < ANCHORS; i++) {
		lma_free(d->a[i].lma);
		policy_free(&d->a[i].policy);
		assert_int_equal(policy_table_open(&d->a[i].policy, d->profile, 3), 0);
		d->a[i].lma = lma_new(&d->a[i].f.env, &d->a[i].conf, &d->a[i].peers,
				      &d->a[i].policy);
		assert_non_null(d->a[i].lma);
	}
}

/* §4.2 (c): "the context information of the MN": what is known of each interface, and which */
/* prefixes are its own and which are all interfaces' */
static void whole_context(void **state)
{
	struct anchors *d = *state;
	struct lma_bce_view was[GATES], is[GATES];
	struct mh_msg first;

	d->profile[0].multihoming = MULTIHOMING_COMBINED;
	d->own = true;
	start_again(d);
	anchors_attach(d, 2);
	lma_each(d->a[0].lma, keep_row, was);
	assert_int_equal(was[0].n_hnp, 2);
	assert_int_equal(was[0].n_shared, 1);
	wander(d, 0, 1);
	first = d->init;
	anchors_pass(d, 5000);
	served_by(d, 1, 2);
	lma_each(d->a[1].lma, keep_row, is);
	for (int i = 0; i < GATES; i++) {
		assert_int_equal(is[i].bid, was[i].bid);
		assert_int_equal(is[i].bid_pri, was[i].bid_pri);
		assert_int_equal(is[i].att, was[i].att);
		assert_int_equal(is[i].n_hnp, was[i].n_hnp);
		assert_int_equal(is[i].n_shared, was[i].n_shared);
		assert_memory_equal(&is[i].proxy_coa, &was[i].proxy_coa, 16);
		assert_int_equal(first.opts.entry[i].seq, was[i].seq);
		/* the number goes on */
		assert_int_equal(is[i].seq, was[i].seq + 1);
	}
	assert_int_equal(first.opts.n_hnp, 3);
	assert_int_equal(first.opts.n_lma, 0);
	/* and further on, whose they are: "PLMA [...] is the topological anchor point" */
	wander(d, 1, 2);
	assert_int_equal(d->init.opts.n_hnp, 3);
	assert_int_equal(d->init.opts.n_lma, 1);
	assert_int_equal(anchor_of(&d->init.opts.lma[0]), 0);
	served_by(d, 2, 2);
}

/* RFC 5213 §5.5: "greater than" the one accepted before, by whichever anchor that was */
static void timestamps_go_on(void **state)
{
	struct anchors *d = *state;
	uint64_t at;

	for (int i = 0; i < ANCHORS; i++) {
		d->a[i].conf.timestamps = true;
		d->a[i].conf.timestamp_window_ms = 5000;
	}
	d->stamps = true;
	at = mh_timestamp(d->a[0].f.wall);
	anchors_attach(d, 1);
	anchors_pass(d, 1000);
	d->g[0].lazy = true;
	wander(d, 0, 1);
	assert_true(d->init.opts.timestamp == at);
	/* as old as the first one, and older than any */
	d->late = mh_timestamp(d->a[0].f.wall) - at;
	d->g[0].next = 1;
	gate_register(d, 0, 1);
	anchors_pass(d, 50);
	assert_int_equal(d->g[0].pba.status, PBA_TIMESTAMP_LOWER_THAN_PREV);
	d->late = 0;
	d->g[0].next = 1;
	gate_register(d, 0, 1);
	anchors_pass(d, 50);
	served_by(d, 1, 2);
}

static bool count_flow(void *arg, const struct lma_flow_view *v)
{
	assert_int_equal(v->spec->fid, 7);
	assert_int_equal(v->spec->bid[0], 2);
	assert_in_range(v->lifetime, 560, 600);
	assert_int_equal(v->origin, LMA_FLOW_OPERATOR);
	assert_true(v->active);
	++*(unsigned int *)arg;
	return true;
}

/* §4.2 (c): and so do flows that the operator has asked for, but for what has passed */
static void flows_go_along(void **state)
{
	const struct flow_spec s = {
		.fid = 7, .pri = 9, .verdict = FLOW_FORWARD, .n_bid = 1, .bid = { 2 },
		.selector = { .format = SELECTOR_IPV6, .fields = SELECTOR_HAS(SELECTOR_PROTO),
			      .proto = { 17, 17 } },
	};
	const struct mn_id id = fake_nai(NODE);
	struct anchors *d = *state;
	unsigned int n = 0;

	anchors_attach(d, 2);
	assert_int_equal(lma_flow_add(d->a[0].lma, &id, &s, 600), 0);
	anchors_pass(d, 20000);
	wander(d, 0, 1);
	lma_each_flow(d->a[0].lma, &id, count_flow, &n);
	assert_int_equal(n, 0);
	lma_each_flow(d->a[1].lma, &id, count_flow, &n);
	assert_int_equal(n, 1);
	assert_int_equal(d->init.opts.flow_state[0].origin, LMA_FLOW_OPERATOR);
	wander(d, 0, 0);
	lma_each_flow(d->a[0].lma, &id, count_flow, &n);
	assert_int_equal(n, 2);
}

static struct in6_addr told[8][2];
static unsigned int n_told;

static int serve(void *store, const struct mn_id *id, const struct in6_addr *lma,
		 const struct in6_addr *before, struct policy_wait *w)
{
	(void)store;
	(void)id;
	(void)w;
	assert_in_range(n_told, 0, 7);
	told[n_told][0] = *lma;
	told[n_told++][1] = *before;
	return 0;
}

static void was_told(int lma, int before)
{
	const struct in6_addr a = lma == NONE ? in6addr_any : anchor_addr(lma);
	const struct in6_addr b = before == NONE ? in6addr_any : anchor_addr(before);

	assert_int_equal(n_told, 1);
	assert_memory_equal(&told[0][0], &a, sizeof(a));
	assert_memory_equal(&told[0][1], &b, sizeof(b));
	n_told = 0;
}

/* §4.2 (g): "the NLMA is the new LMA currently serving the MN"; §4.1: "the PLMAA field [...] */
/* the address of the PLMA"; whoever has handed it over does not take that back */
static void store_is_told(void **state)
{
	static struct policy_ops ops;
	struct anchors *d = *state;

	ops = *d->a[0].policy.ops;
	ops.serve = serve;
	for (int i = 0; i < ANCHORS; i++)
		d->a[i].policy.ops = &ops;
	n_told = 0;
	anchors_attach(d, 1);
	was_told(0, NONE);
	wander(d, 0, 1);
	anchors_pass(d, 5000);
	was_told(1, 0);
	wander(d, 0, 2);
	anchors_pass(d, 5000);
	was_told(2, 1);
	wander(d, 0, 0);
	anchors_pass(d, 5000);
	was_told(0, 2);
	leave(d, 0);
	was_told(NONE, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_handover, begin, finish),
		cmocka_unit_test_setup_teardown(of_two_gateways, begin, finish),
		cmocka_unit_test_setup_teardown(a_chain_and_back, begin, finish),
		cmocka_unit_test_setup_teardown(without_a_pause, begin, finish),
		cmocka_unit_test_setup_teardown(leaves_for_good, begin, finish),
		cmocka_unit_test_setup_teardown(whole_context, begin, finish),
		cmocka_unit_test_setup_teardown(timestamps_go_on, begin, finish),
		cmocka_unit_test_setup_teardown(flows_go_along, begin, finish),
		cmocka_unit_test_setup_teardown(store_is_told, begin, finish),
		cmocka_unit_test_setup_teardown(no_record_is_whole, begin, finish),
		cmocka_unit_test_setup_teardown(redirected, begin, finish),
		cmocka_unit_test_setup_teardown(new_anchor_dies, begin, finish),
		cmocka_unit_test_setup_teardown(old_anchor_forgets, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
