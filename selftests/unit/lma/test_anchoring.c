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
	assert_int_equal(lma_counters(d->a[0].lma)->handover.redirected, 1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_handover, begin, finish),
		cmocka_unit_test_setup_teardown(of_two_gateways, begin, finish),
		cmocka_unit_test_setup_teardown(a_chain_and_back, begin, finish),
		cmocka_unit_test_setup_teardown(without_a_pause, begin, finish),
		cmocka_unit_test_setup_teardown(leaves_for_good, begin, finish),
		cmocka_unit_test_setup_teardown(redirected, begin, finish),
		cmocka_unit_test_setup_teardown(new_anchor_dies, begin, finish),
		cmocka_unit_test_setup_teardown(old_anchor_forgets, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
