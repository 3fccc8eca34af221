// SPDX-License-Identifier: GPL-2.0
/* The binding cache entry existence test, rule by rule. */
#include "lma_bed.h"

/* Sends a request; whether it made a new session (else it updated one) */
static bool creates(struct bed *b, unsigned int mag, const struct mh_msg *m)
{
	unsigned int before = bed_count(b);

	assert_int_equal(bed_status(b, mag, m), PBA_ACCEPTED);
	return bed_count(b) > before;
}

static struct mh_msg request(struct bed *b, const char *nai, uint8_t hi,
			     const char *llid, const char *hnp)
{
	struct mh_msg m = bed_pbu(b, nai, hi);

	if (llid)
		bed_llid(&m, llid);
	if (hnp)
		bed_hnp(&m, hnp);
	return m;
}

#define FIXED	"2001:db8:f:1::/64"

/* RFC 5213 §5.4.1.1 rule 2: "If a Binding Cache entry does not exist" */
static void hnp_rule_2(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = request(&b, "fixed", HI_BETWEEN_MAGS, IF1, FIXED);
	assert_true(creates(&b, 1, &m));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.1 rule 3: "the mobile node identifier … does not match" */
static void hnp_rule_3(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, IF1);
	m = request(&b, "single", HI_BETWEEN_MAGS, IF1, FIXED);
	assert_int_equal(bed_status(&b, 1, &m), PBA_NOT_AUTHORIZED_FOR_HNP);
	bed_close(&b);
}

/* RFC 5213 §5.4.1.1 rule 5: "the link-layer identifier in the option matches" */
static void hnp_rule_5_llid(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, IF1);
	m = request(&b, "fixed", HI_NEW_INTERFACE, IF1, FIXED);
	assert_false(creates(&b, 2, &m));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.1 rule 5: "set to a value of 2" */
static void hnp_rule_5_between_interfaces(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, IF1);
	m = request(&b, "fixed", HI_BETWEEN_INTERFACES, IF2, FIXED);
	m.opts.att = 3;
	assert_false(creates(&b, 2, &m));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.1 rule 5: no LLID, "ALL_ZERO", ATT matches, "a value of 3" */
static void hnp_rule_5_nameless(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, NULL);
	m = request(&b, "fixed", HI_BETWEEN_MAGS, NULL, FIXED);
	assert_false(creates(&b, 2, &m));
	/* another technology: a new session, but the prefix is in use */
	m = request(&b, "fixed", HI_BETWEEN_MAGS, NULL, FIXED);
	m.opts.att = 3;
	assert_int_equal(bed_status(&b, 3, &m), PBA_NOT_AUTHORIZED_FOR_HNP);
	bed_close(&b);
}

/* RFC 5213 §5.4.1.1 rule 5: "If the Proxy-CoA … matches the source address" */
static void hnp_rule_5_proxy_coa(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, NULL);
	m = request(&b, "fixed", HI_REREGISTRATION, NULL, FIXED);
	assert_false(creates(&b, 1, &m));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.1 rule 6: "the message MUST be silently ignored" */
static void hnp_rule_6(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = request(&b, "fixed", HI_UNKNOWN, IF1, FIXED);
	m.lifetime = 0;
	assert_null(bed_send(&b, 1, &m));
	assert_int_equal(b.f.len, 0);
	bed_close(&b);
}

/* RFC 5213 §5.4.1.2 rule 2: "matching MN-Identifier, ATT, and MN-LL-Identifier" */
static void llid_rule_2(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	m = request(&b, "single", HI_NEW_INTERFACE, IF1, NULL);
	assert_false(creates(&b, 2, &m));
	m = request(&b, "single", HI_NEW_INTERFACE, IF1, NULL);
	m.opts.att = 3;
	assert_true(creates(&b, 2, &m));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.2 rule 3: HI 2, "one and only one Binding Cache entry" */
static void llid_rule_3(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	m = request(&b, "single", HI_BETWEEN_INTERFACES, IF2, NULL);
	assert_false(creates(&b, 2, &m));
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	m = request(&b, "single", HI_BETWEEN_INTERFACES,
		    "02:00:00:00:00:03", NULL);
	assert_true(creates(&b, 3, &m));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.2 rule 4: "no de-registration … within MaxDelay…" */
static void llid_rule_4_timeout(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	m = request(&b, "single", HI_UNKNOWN, IF2, NULL);
	assert_null(bed_send(&b, 2, &m));
	fake_advance_ms(&b.f, 1499);
	assert_int_equal(fake_count_mh(&b.f, MH_PBA), 1);
	fake_advance_ms(&b.f, 1);
	assert_int_equal(fake_count_mh(&b.f, MH_PBA), 2);
	assert_int_equal(fake_find_mh(&b.f, MH_PBA, 1)->msg.status, 0);
	assert_int_equal(bed_count(&b), 2);
	bed_close(&b);
}

static void wait_and_deregister(const char *llid1, const char *llid2)
{
	struct prefix p;
	struct mh_msg m;
	struct bed b;

	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, llid1);
	m = request(&b, "single", HI_UNKNOWN, llid2, NULL);
	assert_null(bed_send(&b, 2, &m));
	assert_int_equal(bed_count(&b), 2);	/* one of them "pending" */
	m = request(&b, "single", HI_UNKNOWN, llid1, NULL);
	m.lifetime = 0;
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = p;
	assert_non_null(bed_send(&b, 1, &m));
	assert_int_equal(fake_count_mh(&b.f, MH_PBA), 3);
	assert_true(prefix_equal(&fake_find_mh(&b.f, MH_PBA, 2)->msg.opts.hnp[0]
				 .prefix, &p));
	assert_int_equal(bed_count(&b), 1);
	assert_int_equal(bed_path(&b, &p, 0), 2);
	fake_advance_ms(&b.f, 20000);
	assert_int_equal(bed_count(&b), 1);
	bed_close(&b);
}

/* RFC 5213 §5.4.1.2 rule 4: "wait until the existing … entry is de-registered" */
static void llid_rule_4_deregistered(void **state)
{
	(void)state;
	wait_and_deregister(IF1, IF2);
}

/* RFC 5213 §5.4.1.2 rule 5: "For all other cases … a new mobility session" */
static void llid_rule_5(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	m = request(&b, "single", HI_NEW_INTERFACE, IF2, NULL);
	assert_true(creates(&b, 1, &m));
	m = request(&b, "single", HI_UNKNOWN, "02:00:00:00:00:03", NULL);
	m.lifetime = 0;
	assert_null(bed_send(&b, 1, &m));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.2 rule 5: so with HI 3 and 5 and one entry, of another interface */
static void llid_rule_5_others(void **state)
{
	static const uint8_t hi[] = { HI_BETWEEN_MAGS, HI_REREGISTRATION };
	struct mh_msg m;
	struct bed b;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		bed_open(&b);
		bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
		m = request(&b, "single", hi[i], IF2, NULL);
		assert_true(creates(&b, 2, &m));
		/* and rule 2 comes first */
		m = request(&b, "single", hi[i], IF1, NULL);
		assert_false(creates(&b, 2, &m));
		bed_close(&b);
	}
}

/* RFC 5213 §5.4.1.3 rule 2: one entry and HI 2 or 3 */
static void node_rule_2(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, NULL);
	m = request(&b, "single", HI_BETWEEN_MAGS, NULL, NULL);
	assert_false(creates(&b, 2, &m));
	m = request(&b, "single", HI_BETWEEN_INTERFACES, NULL, NULL);
	assert_false(creates(&b, 3, &m));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.3 rule 3: one entry and HI 4 */
static void node_rule_3(void **state)
{
	(void)state;
	wait_and_deregister(NULL, NULL);
}

/* RFC 5213 §5.4.1.3 rule 4: "For all other cases" */
static void node_rule_4(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, NULL);
	m = request(&b, "single", HI_NEW_INTERFACE, NULL, NULL);
	assert_true(creates(&b, 2, &m));
	/* two entries: rule 2 does not hold */
	m = request(&b, "single", HI_BETWEEN_MAGS, NULL, NULL);
	assert_true(creates(&b, 3, &m));
	bed_close(&b);
}

/* RFC 5213 §5.4.1.3 rule 4: so with HI 5 and one entry */
static void node_rule_4_reregistration(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, NULL);
	m = request(&b, "single", HI_REREGISTRATION, NULL, NULL);
	assert_true(creates(&b, 2, &m));
	bed_close(&b);
}

/* RFC 7864 §3 case 1: "then the request MUST be considered … updating that BCE" */
static void sharing_case_1(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, IF1);
	m = request(&b, "fixed", HI_SHARED_PREFIXES, IF1, FIXED);
	assert_false(creates(&b, 1, &m));
	bed_close(&b);
}

/* RFC 7864 §3 case 2: "sharing the same set of HNPs assigned to the existing BCE" */
static void sharing_case_2(void **state)
{
	struct prefix p = fake_prefix(FIXED);
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, IF1);
	m = request(&b, "fixed", HI_SHARED_PREFIXES, IF2, FIXED);
	assert_true(creates(&b, 2, &m));
	assert_int_equal(bed_path(&b, &p, 0), 1);
	assert_int_equal(bed_path(&b, &p, 1), 2);
	/* the same on the gateway and technology of the first */
	m = request(&b, "fixed", HI_SHARED_PREFIXES, "02:00:00:00:00:03",
		    FIXED);
	assert_true(creates(&b, 1, &m));
	assert_int_equal(bed_binding(&b, &p)->n_paths, 2);
	bed_close(&b);
}

/* RFC 7864 §3 case 3: "If there is not a MN Link-layer Identifier Option" */
static void sharing_case_3(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, NULL);
	m = request(&b, "fixed", HI_SHARED_PREFIXES, NULL, FIXED);
	assert_true(creates(&b, 2, &m));
	/* ours: a repeated request is not a third attachment */
	m = request(&b, "fixed", HI_SHARED_PREFIXES, NULL, FIXED);
	assert_false(creates(&b, 2, &m));
	bed_close(&b);
}

/*
 * RFC 7864 §3 case 3: "creating a new mobility session sharing the same set of HNPs", beside
 * one whose identifier is known, at one gateway: each keeps its own
 */
static void sharing_case_3_beside_a_name(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, IF1);
	m = request(&b, "fixed", HI_SHARED_PREFIXES, NULL, FIXED);
	assert_true(creates(&b, 1, &m));
	/* repeated, kept, and ended: that of the one without */
	m = request(&b, "fixed", HI_SHARED_PREFIXES, NULL, FIXED);
	assert_false(creates(&b, 1, &m));
	m = request(&b, "fixed", HI_REREGISTRATION, NULL, FIXED);
	assert_false(creates(&b, 1, &m));
	m = request(&b, "fixed", HI_SHARED_PREFIXES, IF1, FIXED);
	assert_false(creates(&b, 1, &m));
	m = request(&b, "fixed", HI_UNKNOWN, NULL, FIXED);
	m.lifetime = 0;
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	fake_advance_ms(&b.f, 10000);
	assert_int_equal(bed_count(&b), 1);
	m = request(&b, "fixed", HI_SHARED_PREFIXES, IF1, FIXED);
	assert_false(creates(&b, 1, &m));
	bed_close(&b);
}

/* The same for a gateway that learns the name later: the entry has it from then on */
static void sharing_gets_its_name(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "fixed", HI_NEW_INTERFACE, IF1);
	m = request(&b, "fixed", HI_SHARED_PREFIXES, NULL, FIXED);
	assert_true(creates(&b, 1, &m));
	m = request(&b, "fixed", HI_REREGISTRATION, IF2, FIXED);
	assert_false(creates(&b, 1, &m));
	m = request(&b, "fixed", HI_SHARED_PREFIXES, IF2, FIXED);
	assert_false(creates(&b, 1, &m));
	m = request(&b, "fixed", HI_SHARED_PREFIXES, IF1, FIXED);
	assert_false(creates(&b, 1, &m));
	assert_int_equal(bed_count(&b), 2);
	bed_close(&b);
}

/* RFC 7864 §7: HI 6 with an ALL_ZERO prefix takes the node's set */
static void sharing_all_zero(void **state)
{
	struct prefix p, q;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	q = bed_register(&b, 2, "single", HI_SHARED_PREFIXES, IF2);
	assert_true(prefix_equal(&p, &q));
	bed_close(&b);
}

/* RFC 7864 §3: "by different means, such as policy configuration" */
static void sharing_by_policy(void **state)
{
	static const uint8_t hi[] = { HI_NEW_INTERFACE, HI_UNKNOWN };
	struct prefix p, q;
	struct bed b;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		bed_open(&b);
		p = bed_register(&b, 1, "shared", HI_NEW_INTERFACE, IF1);
		q = bed_register(&b, 2, "shared", hi[i], IF2);
		assert_true(prefix_equal(&p, &q));
		assert_int_equal(bed_count(&b), 2);
		bed_close(&b);
	}
}

/* Ours, RFC 7864 §3: all attachments of a node that shares have one set */
static void sharing_is_one_set(void **state)
{
	struct prefix p;
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "shared", HI_NEW_INTERFACE, IF1);
	m = bed_pbu(&b, "shared", HI_REREGISTRATION);
	bed_llid(&m, IF2);
	bed_hnp(&m, "2001:db8:100:77::/64");
	assert_false(prefix_equal(&p, &m.opts.hnp[0].prefix));
	assert_int_equal(bed_status(&b, 2, &m), PBA_PREFIX_SET_MISMATCH);
	assert_int_equal(bed_count(&b), 1);
	bed_close(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hnp_rule_2),
		cmocka_unit_test(hnp_rule_3),
		cmocka_unit_test(hnp_rule_5_llid),
		cmocka_unit_test(hnp_rule_5_between_interfaces),
		cmocka_unit_test(hnp_rule_5_nameless),
		cmocka_unit_test(hnp_rule_5_proxy_coa),
		cmocka_unit_test(hnp_rule_6),
		cmocka_unit_test(llid_rule_2),
		cmocka_unit_test(llid_rule_3),
		cmocka_unit_test(llid_rule_4_timeout),
		cmocka_unit_test(llid_rule_4_deregistered),
		cmocka_unit_test(llid_rule_5),
		cmocka_unit_test(llid_rule_5_others),
		cmocka_unit_test(node_rule_2),
		cmocka_unit_test(node_rule_3),
		cmocka_unit_test(node_rule_4),
		cmocka_unit_test(node_rule_4_reregistration),
		cmocka_unit_test(sharing_case_1),
		cmocka_unit_test(sharing_case_2),
		cmocka_unit_test(sharing_case_3),
		cmocka_unit_test(sharing_case_3_beside_a_name),
		cmocka_unit_test(sharing_gets_its_name),
		cmocka_unit_test(sharing_all_zero),
		cmocka_unit_test(sharing_by_policy),
		cmocka_unit_test(sharing_is_one_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
