// SPDX-License-Identifier: GPL-2.0
/* A new session is assigned to another anchor (RFC 6463 §5.3.2). */
#include "anchors_bed.h"

static int begin(void **state)
{
	static struct anchors d;

	anchors_open(&d);
	d.a[0].conf.redirect = true;
	for (int i = 1; i < ANCHORS; i++)
		d.a[i].conf.redirect_accept = true;
	d.g[0].redirectable = true;
	*state = &d;
	return 0;
}

static int finish(void **state)
{
	anchors_close(*state);
	return 0;
}

/* The profile names another anchor */
static void belongs_to(struct anchors *d, int anchor)
{
	d->profile[0].lma = anchor_addr(anchor);
	for (int i = 0; i < ANCHORS; i++) {
		policy_free(&d->a[i].policy);
		assert_int_equal(policy_table_open(&d->a[i].policy, d->profile, 3), 0);
	}
}

/* Another node is here, so that the anchor has as many as it wants */
static void occupy(struct anchors *d)
{
	const struct in6_addr src = gate_addr(1), dst = anchor_addr(0);
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_PBU;
	m.seq = 1;
	m.flags = PBU_F_A | PBU_F_P;
	m.lifetime = 100;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT | MH_HAS_REDIRECTABLE;
	m.opts.mn_id = fake_nai("other@x");
	m.opts.n_hnp = 1;
	m.opts.hi = HI_NEW_INTERFACE;
	m.opts.att = 4;
	lma_on_pbu(d->a[0].lma, &src, &dst, &m);
	anchors_pass(d, 30);
	assert_int_equal(anchors_active(d, 0), 1);
	d->a[0].conf.redirect_above = 1;
}

static void assigned(struct anchors *d, int to)
{
	const struct in6_addr a = anchor_addr(to);
	unsigned int n;

	assert_int_equal(d->g[0].pba.status, PBA_ACCEPTED);
	assert_int_equal(d->g[0].pba.opts.present & (MH_HAS_REDIRECT | MH_HAS_ALT_COA),
			 MH_HAS_REDIRECT);
	assert_memory_equal(&d->g[0].pba.opts.redirect, &a, sizeof(a));
	assert_int_equal(anchors_active(d, to), 1);
	/* "Subsequent traffic between the MAG and the r2LMA will bypass the rfLMA" */
	d->home = to;
	assert_int_equal(reaches(d, &d->g[0].hnp, &n), 0);
	assert_int_equal(n, 1);
	/* "The MAG MUST send subsequent binding refresh PBUs [...] to the r2LMA address" */
	gate_register(d, 0, to);
	anchors_pass(d, 50);
	assert_int_equal(d->g[0].pba.status, PBA_ACCEPTED);
	assert_int_equal(d->g[0].pba.opts.present & MH_HAS_REDIRECT, 0);
	assert_int_equal(anchors_active(d, to), 1);
}

/* §5.3.2: "Creates a new PBU', which includes all [...] options from the original PBU and an */
/* Alternate Care-of Address (ACoA) option containing the Proxy Care-of Address"; §5.3 */
static void profile_names_another(void **state)
{
	struct anchors *d = *state;

	belongs_to(d, 2);
	gate_register(d, 0, 0);
	anchors_pass(d, 100);
	assigned(d, 2);
	anchors_is_empty(d, 0);
	anchors_is_empty(d, 1);
	assert_int_equal(lma_counters(d->a[0].lma)->handover.assigned, 1);
}

/* §5.3: "Otherwise, the rfLMA MUST act as a normal [RFC5213]- or [RFC5844]-defined LMA" */
static void gateway_does_not_know_it(void **state)
{
	struct anchors *d = *state;

	belongs_to(d, 2);
	d->g[0].redirectable = false;
	gate_register(d, 0, 0);
	anchors_pass(d, 100);
	assert_int_equal(d->g[0].pba.status, PBA_NOT_LMA_FOR_THIS_MN);
	/* nor is it done where nobody has said so */
	d->g[0].redirectable = true;
	d->a[0].conf.redirect = false;
	gate_register(d, 0, 0);
	anchors_pass(d, 100);
	assert_int_equal(d->g[0].pba.status, PBA_NOT_LMA_FOR_THIS_MN);
	assert_int_equal(d->g[0].pba.opts.present & MH_HAS_REDIRECT, 0);
}

/* §5.3.2: an anchor that has enough assigns what comes; what it has it keeps */
static void too_many_here(void **state)
{
	struct anchors *d = *state;

	occupy(d);
	gate_register(d, 0, 0);
	anchors_pass(d, 100);
	assigned(d, 1);
	assert_int_equal(anchors_active(d, 0), 1);
}

/* §5.3.2: "Status Value in the PBA' indicates that the mobility session creation failed": */
/* "SHOULD assign the MAG to a new r2LMA and rerun the procedure" */
static void first_refuses(void **state)
{
	struct anchors *d = *state;

	occupy(d);
	d->a[1].conf.redirect_accept = false;
	gate_register(d, 0, 0);
	anchors_pass(d, 150);
	assigned(d, 2);
	assert_int_equal(lma_counters(d->a[0].lma)->handover.assign_asked, 2);
}

/* §5.3.2: "there was no PBA' response from the r2LMA"; the gateway repeats itself meanwhile */
static void first_is_silent(void **state)
{
	struct anchors *d = *state;

	occupy(d);
	d->a[1].deaf = true;
	gate_register(d, 0, 0);
	anchors_pass(d, 3500);
	assigned(d, 2);
}

/* §5.3.2: "as received from the latest contacted PBA' Status Value or to 130 (Insufficient */
/* resources) in case of no responses" */
static void nobody_takes_it(void **state)
{
	struct anchors *d = *state;

	occupy(d);
	d->a[1].conf.redirect_accept = false;
	d->a[2].conf.redirect_accept = false;
	gate_register(d, 0, 0);
	anchors_pass(d, 150);
	assert_int_equal(d->g[0].pba.status, PBA_MAG_NOT_AUTHORIZED);
	assert_int_equal(d->g[0].pba.opts.present & MH_HAS_REDIRECT, 0);
	d->a[1].deaf = true;
	d->a[2].deaf = true;
	gate_register(d, 0, 0);
	anchors_pass(d, 6500);
	assert_int_equal(d->g[0].pba.status, PBA_NO_RESOURCES);
	for (int i = 1; i < ANCHORS; i++)
		anchors_is_empty(d, i);
}

/* §5.3: "do not have a prior agreement": a stranger's ACoA is not believed, nor an odd one */
static void strangers(void **state)
{
	const struct in6_addr src = fake_addr("2001:db8:9::9"), dst = anchor_addr(1);
	const struct in6_addr neighbour = anchor_addr(0);
	struct anchors *d = *state;
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_PBU;
	m.flags = PBU_F_A | PBU_F_P;
	m.lifetime = 100;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT | MH_HAS_ALT_COA;
	m.opts.mn_id = fake_nai(NODE);
	m.opts.n_hnp = 1;
	m.opts.hi = HI_NEW_INTERFACE;
	m.opts.att = 4;
	m.opts.alt_coa = gate_addr(0);
	lma_on_pbu(d->a[1].lma, &src, &dst, &m);
	assert_int_equal(lma_counters(d->a[1].lma)->status[PBA_MAG_NOT_AUTHORIZED], 1);
	m.opts.alt_coa = fake_addr("ff02::1");
	lma_on_pbu(d->a[1].lma, &neighbour, &dst, &m);
	assert_int_equal(lma_counters(d->a[1].lma)->status[PBA_MAG_NOT_AUTHORIZED], 2);
	/* one that may not register nodes may not by way of a neighbour, either */
	m.opts.alt_coa = src;
	lma_on_pbu(d->a[1].lma, &neighbour, &dst, &m);
	assert_int_equal(lma_counters(d->a[1].lma)->status[PBA_MAG_NOT_AUTHORIZED], 3);
	anchors_is_empty(d, 1);
	/* an answer to nothing */
	m.kind = MH_PBA;
	lma_on_pba(d->a[0].lma, &dst, &neighbour, &m);
	assert_int_equal(lma_counters(d->a[0].lma)->handover.stray, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(profile_names_another, begin, finish),
		cmocka_unit_test_setup_teardown(gateway_does_not_know_it, begin, finish),
		cmocka_unit_test_setup_teardown(too_many_here, begin, finish),
		cmocka_unit_test_setup_teardown(first_refuses, begin, finish),
		cmocka_unit_test_setup_teardown(first_is_silent, begin, finish),
		cmocka_unit_test_setup_teardown(nobody_takes_it, begin, finish),
		cmocka_unit_test_setup_teardown(strangers, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
