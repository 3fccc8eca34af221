// SPDX-License-Identifier: GPL-2.0
/* Which prefixes each attachment of a node gets: three scenarios by policy. */
#include "lma_bed.h"

#define SHARED	"2001:db8:f:8::/64"
#define OWN1	"2001:db8:f:9::/64"
#define OWN2	"2001:db8:f:a::/64"

/* What its gateway sends to keep it: the prefixes that it was given */
static struct mh_msg again(struct bed *b, const struct mh_msg *pba)
{
	struct mh_msg m = bed_pbu(b, "any", HI_REREGISTRATION);

	m.opts.mn_id = pba->opts.mn_id;
	m.opts.present |= pba->opts.present & MH_HAS_LLID;
	m.opts.llid = pba->opts.llid;
	m.opts.n_hnp = pba->opts.n_hnp;
	memcpy(m.opts.hnp, pba->opts.hnp, sizeof(m.opts.hnp));
	return m;
}

static bool has(const struct mh_msg *m, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; i < m->opts.n_hnp; i++)
		if (prefix_equal(&m->opts.hnp[i].prefix, p))
			return true;
	return false;
}

/* Draft: flow mobility §3.1, 2: "obtains a new prefix or a new set of prefixes" */
static void different_sets(void **state)
{
	static const uint8_t hi[] = { HI_NEW_INTERFACE, HI_UNKNOWN };
	struct mh_msg one, two;
	struct bed b;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		bed_open(&b);
		one = bed_attach(&b, 1, "different", hi[i], IF1);
		two = bed_attach(&b, 2, "different", hi[i], IF2);
		assert_int_equal(bed_count(&b), 2);
		assert_false(has(&two, &one.opts.hnp[0].prefix));
		assert_int_equal(bed_binding(&b, &one.opts.hnp[0].prefix)->n_paths, 1);
		assert_int_equal(bed_path(&b, &one.opts.hnp[0].prefix, 0), 1);
		assert_int_equal(bed_path(&b, &two.opts.hnp[0].prefix, 0), 2);
		bed_close(&b);
	}
}

/* Two interfaces behind one gateway are two attachments all the same */
static void different_behind_one_gateway(void **state)
{
	struct mh_msg one, two;
	struct bed b;

	(void)state;
	bed_open(&b);
	one = bed_attach(&b, 1, "different", HI_UNKNOWN, IF1);
	two = bed_attach(&b, 1, "different", HI_UNKNOWN, IF2);
	assert_int_equal(bed_count(&b), 2);
	assert_false(has(&two, &one.opts.hnp[0].prefix));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.2 rule 2: an interface is known by its name wherever it goes */
static void different_handoff(void **state)
{
	struct mh_msg one, two;
	struct bed b;

	(void)state;
	bed_open(&b);
	one = bed_attach(&b, 1, "different", HI_UNKNOWN, IF1);
	bed_attach(&b, 2, "different", HI_UNKNOWN, IF2);
	two = bed_attach(&b, 3, "different", HI_UNKNOWN, IF1);
	assert_int_equal(bed_count(&b), 2);
	assert_true(has(&two, &one.opts.hnp[0].prefix));
	assert_int_equal(bed_path(&b, &one.opts.hnp[0].prefix, 0), 3);
	bed_close(&b);
}

/* RFC 7864 §3.1: "the new prefix is exclusive to the new attachment", one is shared */
static void combination(void **state)
{
	struct prefix shared = fake_prefix(SHARED), own1 = fake_prefix(OWN1),
		      own2 = fake_prefix(OWN2);
	struct mh_msg one, two;
	struct bed b;

	(void)state;
	bed_open(&b);
	one = bed_attach(&b, 1, "mixed", HI_NEW_INTERFACE, IF1);
	two = bed_attach(&b, 2, "mixed", HI_UNKNOWN, IF2);
	assert_int_equal(one.opts.n_hnp, 2);
	assert_int_equal(two.opts.n_hnp, 2);
	assert_true(has(&one, &shared) && has(&one, &own1));
	assert_true(has(&two, &shared) && has(&two, &own2));
	assert_int_equal(bed_binding(&b, &own1)->n_paths, 1);
	assert_int_equal(bed_binding(&b, &own2)->n_paths, 1);
	assert_int_equal(bed_binding(&b, &shared)->n_paths, 2);
	assert_int_equal(bed_path(&b, &shared, 0), 1);
	assert_int_equal(bed_path(&b, &shared, 1), 2);
	bed_close(&b);
}

/* The same out of the pool */
static void combination_of_the_pool(void **state)
{
	struct mh_msg one, two;
	struct bed b;

	(void)state;
	bed_open(&b);
	one = bed_attach(&b, 1, "combined", HI_NEW_INTERFACE, IF1);
	two = bed_attach(&b, 2, "combined", HI_NEW_INTERFACE, IF2);
	assert_int_equal(one.opts.n_hnp, 2);
	assert_int_equal(two.opts.n_hnp, 2);
	assert_false(has(&two, &one.opts.hnp[0].prefix));
	assert_true(has(&two, &one.opts.hnp[1].prefix));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.1 rule 4: "all the prefixes" of the entry, and no others */
static void combination_is_kept(void **state)
{
	struct mh_msg one, two, m;
	struct bed b;

	(void)state;
	bed_open(&b);
	one = bed_attach(&b, 1, "combined", HI_NEW_INTERFACE, IF1);
	two = bed_attach(&b, 2, "combined", HI_NEW_INTERFACE, IF2);
	m = again(&b, &one);
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	m = again(&b, &two);
	assert_int_equal(bed_status(&b, 2, &m), PBA_ACCEPTED);
	assert_int_equal(bed_count(&b), 2);
	/* one of the two alone */
	m = again(&b, &two);
	m.opts.n_hnp = 1;
	assert_int_equal(bed_status(&b, 2, &m), PBA_PREFIX_SET_MISMATCH);
	/* RFC 7864 §4.1: one that is off-link is not of the attachment */
	m = again(&b, &two);
	m.opts.hnp[2].prefix = one.opts.hnp[0].prefix;
	m.opts.hnp[2].off_link = true;
	m.opts.n_hnp = 3;
	assert_int_equal(bed_status(&b, 2, &m), PBA_ACCEPTED);
	assert_int_equal(bed_count(&b), 2);
	bed_close(&b);
}

/* A gateway that names all that the profile has gets what is free of it */
static void combination_asked_by_name(void **state)
{
	struct prefix own1 = fake_prefix(OWN1), own2 = fake_prefix(OWN2);
	const struct mh_msg *pba;
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_attach(&b, 1, "mixed", HI_NEW_INTERFACE, IF1);
	m = bed_pbu(&b, "mixed", HI_UNKNOWN);
	bed_llid(&m, IF2);
	bed_hnp(&m, OWN1);
	bed_hnp(&m, OWN2);
	pba = bed_send(&b, 2, &m);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_false(has(pba, &own1));
	assert_true(has(pba, &own2));
	/* and a third attachment has its own from the pool */
	m = bed_pbu(&b, "mixed", HI_UNKNOWN);
	bed_llid(&m, "02:00:00:00:00:03");
	bed_hnp(&m, OWN1);
	pba = bed_send(&b, 3, &m);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_int_equal(pba->opts.n_hnp, 2);
	assert_false(has(pba, &own1) || has(pba, &own2));
	bed_close(&b);
}

/* RFC 5213 §5.3.5: what an attachment has alone is dropped, what others share goes on */
static void combination_comes_apart(void **state)
{
	struct prefix shared = fake_prefix(SHARED), own1 = fake_prefix(OWN1);
	struct mh_msg one, m;
	struct bed b;

	(void)state;
	bed_open(&b);
	one = bed_attach(&b, 1, "mixed", HI_NEW_INTERFACE, IF1);
	bed_attach(&b, 2, "mixed", HI_NEW_INTERFACE, IF2);
	m = again(&b, &one);
	m.lifetime = 0;
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	assert_int_equal(bed_binding(&b, &own1)->path[0].kind, PMIP_PATH_DROP);
	assert_int_equal(bed_binding(&b, &shared)->n_paths, 1);
	assert_int_equal(bed_path(&b, &shared, 0), 2);
	/* MinDelayBeforeBCEDelete */
	fake_advance_ms(&b.f, 10000);
	assert_null(bed_binding(&b, &own1));
	assert_non_null(bed_binding(&b, &shared));
	bed_close(&b);
}

/* RFC 6275 §9.5.1: what is refused has changed nothing, and the prefixes are free again */
static void combination_refused(void **state)
{
	struct prefix shared = fake_prefix(SHARED), own2 = fake_prefix(OWN2);
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_attach(&b, 1, "mixed", HI_NEW_INTERFACE, IF1);
	m = bed_pbu(&b, "mixed", HI_NEW_INTERFACE);
	bed_llid(&m, IF2);
	fake_refuse(&b.f, FAKE_BINDING_SET, 4, -12);
	assert_int_equal(bed_status(&b, 2, &m), PBA_NO_RESOURCES);
	assert_int_equal(bed_count(&b), 1);
	assert_null(bed_binding(&b, &own2));
	assert_int_equal(bed_binding(&b, &shared)->n_paths, 1);
	m = bed_attach(&b, 2, "mixed", HI_NEW_INTERFACE, IF2);
	assert_true(has(&m, &own2));
	bed_close(&b);
}

/* Ours: a session holds eight prefixes, those that are shared included */
static void combination_too_large(void **state)
{
	struct prefix own1 = fake_prefix(OWN1);
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "mixed", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	m.opts.n_hnp = HNP_MAX;
	assert_int_equal(bed_status(&b, 1, &m), PBA_NO_RESOURCES);
	assert_int_equal(bed_count(&b), 0);
	m = bed_pbu(&b, "mixed", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	m.opts.n_hnp = HNP_MAX - 1;
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	assert_non_null(bed_binding(&b, &own1));
	bed_close(&b);
}

/* RFC 7864 §3.2.1: "the same set of prefixes MUST be assigned", where some are shared anyway */
static void indicator_shares_all(void **state)
{
	struct prefix shared = fake_prefix(SHARED), own1 = fake_prefix(OWN1);
	struct mh_msg two;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_attach(&b, 1, "mixed", HI_NEW_INTERFACE, IF1);
	two = bed_attach(&b, 2, "mixed", HI_SHARED_PREFIXES, IF2);
	assert_int_equal(two.opts.n_hnp, 2);
	assert_true(has(&two, &shared) && has(&two, &own1));
	assert_int_equal(bed_binding(&b, &own1)->n_paths, 2);
	bed_close(&b);
}

/* Draft: flow mobility §3.1: "The local policy determines": a node whose policy gives each */
/* interface its own prefixes gets them, whatever its gateway thinks */
static void policy_before_indicator(void **state)
{
	static const char * const name[] = { "alone", "different" };
	struct mh_msg one, two, m;
	struct bed b;

	(void)state;
	for (int i = 0; i < 2; i++) {
		bed_open(&b);
		one = bed_attach(&b, 1, name[i], HI_SHARED_PREFIXES, IF1);
		two = bed_attach(&b, 2, name[i], HI_SHARED_PREFIXES, IF2);
		assert_int_equal(bed_count(&b), 2);
		assert_false(has(&two, &one.opts.hnp[0].prefix));
		assert_int_equal(bed_binding(&b, &one.opts.hnp[0].prefix)->n_paths, 1);
		/* the answer says what was asked */
		assert_int_equal(two.opts.hi, HI_SHARED_PREFIXES);
		/* what another interface has, by name: refused, or others given instead */
		m = again(&b, &one);
		bed_llid(&m, "02:00:00:00:00:03");
		m.opts.hi = HI_SHARED_PREFIXES;
		assert_int_equal(bed_status(&b, 3, &m), !i ?
				 PBA_NOT_AUTHORIZED_FOR_HNP : PBA_ACCEPTED);
		assert_int_equal(bed_binding(&b, &one.opts.hnp[0].prefix)->n_paths, 1);
		/* its own again: updated */
		m = again(&b, &one);
		m.opts.hi = HI_SHARED_PREFIXES;
		assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
		assert_int_equal(bed_count(&b), !i ? 2 : 3);
		bed_close(&b);
	}
}

static struct lma_bce_view views[4];
static unsigned int n_views;

static bool keep(void *arg, const struct lma_bce_view *v)
{
	(void)arg;
	views[n_views++] = *v;
	return n_views < 4;
}

/* RFC 7864 §5.1, figure 6: BID-PRI, by the technology; less goes first */
static void best_technology_first(void **state)
{
	struct prefix shared = fake_prefix(SHARED);
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_attach(&b, 1, "mixed", HI_NEW_INTERFACE, IF1);
	m = bed_pbu(&b, "mixed", HI_NEW_INTERFACE);
	bed_llid(&m, IF2);
	m.opts.att = 3;
	assert_int_equal(bed_status(&b, 2, &m), PBA_ACCEPTED);
	assert_int_equal(bed_path(&b, &shared, 0), 2);
	assert_int_equal(bed_path(&b, &shared, 1), 1);
	n_views = 0;
	lma_each(b.lma, keep, NULL);
	assert_int_equal(n_views, 2);
	assert_true(views[1].bid_pri && views[1].bid_pri < views[0].bid_pri);
	assert_true(views[0].bid_pri < 127);
	bed_close(&b);
}

/* Draft: fault tolerance §3.1: "the multihoming flag and the Status flag" */
static void flags_of_an_entry(void **state)
{
	struct mh_msg one, m;
	struct bed b;

	(void)state;
	bed_open(&b);
	one = bed_attach(&b, 1, "shared", HI_NEW_INTERFACE, IF1);
	n_views = 0;
	lma_each(b.lma, keep, NULL);
	assert_false(views[0].multihomed);
	assert_true(views[0].available);
	assert_int_equal(views[0].n_shared, 0);
	bed_attach(&b, 2, "shared", HI_NEW_INTERFACE, IF2);
	m = again(&b, &one);
	m.lifetime = 0;
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	n_views = 0;
	lma_each(b.lma, keep, NULL);
	assert_int_equal(n_views, 2);
	assert_true(views[0].multihomed && views[1].multihomed);
	assert_int_equal(views[0].n_shared, 1);
	assert_false(views[0].available);
	assert_true(views[1].available);
	bed_close(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(different_sets),
		cmocka_unit_test(different_behind_one_gateway),
		cmocka_unit_test(different_handoff),
		cmocka_unit_test(combination),
		cmocka_unit_test(combination_of_the_pool),
		cmocka_unit_test(combination_is_kept),
		cmocka_unit_test(combination_asked_by_name),
		cmocka_unit_test(combination_comes_apart),
		cmocka_unit_test(combination_refused),
		cmocka_unit_test(combination_too_large),
		cmocka_unit_test(indicator_shares_all),
		cmocka_unit_test(policy_before_indicator),
		cmocka_unit_test(best_technology_first),
		cmocka_unit_test(flags_of_an_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
