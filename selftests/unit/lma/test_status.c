// SPDX-License-Identifier: GPL-2.0
/* Every status code of a Proxy Binding Acknowledgement, and what it echoes. */
#include "lma_bed.h"

static uint8_t with(struct mh_msg (*change)(struct mh_msg m), const char *nai)
{
	struct mh_msg m;
	struct bed b;
	uint8_t status;

	bed_open(&b);
	m = change(bed_pbu(&b, nai, HI_NEW_INTERFACE));
	status = bed_status(&b, 1, &m);
	if (status) {
		assert_int_equal(bed_count(&b), 0);
		assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_SET), 0);
		assert_int_equal(fake_count(&b.f, FAKE_BINDING_SET), 0);
		assert_int_equal(lma_counters(b.lma)->refused, 1);
	}
	assert_int_equal(lma_counters(b.lma)->status[status], 1);
	bed_close(&b);
	return status;
}

static struct mh_msg same(struct mh_msg m)
{
	return m;
}

static struct mh_msg no_id(struct mh_msg m)
{
	m.opts.present &= ~MH_HAS_MN_ID;
	memset(&m.opts.mn_id, 0, sizeof(m.opts.mn_id));
	return m;
}

static struct mh_msg no_hnp(struct mh_msg m)
{
	m.opts.present &= ~MH_HAS_HNP;
	m.opts.n_hnp = 0;
	return m;
}

static struct mh_msg no_hi(struct mh_msg m)
{
	m.opts.present &= ~MH_HAS_HI;
	return m;
}

static struct mh_msg no_att(struct mh_msg m)
{
	m.opts.present &= ~MH_HAS_ATT;
	return m;
}

static struct mh_msg foreign(struct mh_msg m)
{
	bed_hnp(&m, "2001:db8:bad::/64");
	return m;
}

static struct mh_msg ethernet(struct mh_msg m)
{
	m.opts.att = 3;
	return m;
}

/* RFC 5213 §5.3.2: "MUST send the PBA message with the Status field set to 0" */
static void accepted(void **state)
{
	(void)state;
	assert_int_equal(with(same, "single"), PBA_ACCEPTED);
}

/* RFC 5213 §5.3.1 rule 4: "set to MISSING_MN_IDENTIFIER_OPTION" */
static void missing_mn_id_160(void **state)
{
	(void)state;
	assert_int_equal(with(no_id, "single"), PBA_MISSING_MN_ID);
}

/* RFC 5213 §5.3.1 rule 7: "set to NOT_LMA_FOR_THIS_MOBILE_NODE" */
static void not_our_node_153(void **state)
{
	(void)state;
	assert_int_equal(with(same, "nobody"), PBA_NOT_LMA_FOR_THIS_MN);
	assert_int_equal(with(same, "guest"), PBA_NOT_LMA_FOR_THIS_MN);
}

/* RFC 5213 §5.3.1 rule 8: "not authorized for the network-based mobility" */
static void not_enabled_152(void **state)
{
	(void)state;
	assert_int_equal(with(same, "barred"), PBA_PROXY_REG_NOT_ENABLED);
}

/* RFC 5213 §5.3.1 rule 10: "no Home Network Prefix option(s) (with any value)" */
static void missing_hnp_158(void **state)
{
	(void)state;
	assert_int_equal(with(no_hnp, "single"), PBA_MISSING_HNP);
}

/* RFC 5213 §5.3.1 rule 11: "If the Handoff Indicator option is not present" */
static void missing_hi_161(void **state)
{
	(void)state;
	assert_int_equal(with(no_hi, "single"), PBA_MISSING_HI);
}

/* RFC 5213 §5.3.1 rule 12: "If the Access Technology Type option is not present" */
static void missing_att_162(void **state)
{
	(void)state;
	assert_int_equal(with(no_att, "single"), PBA_MISSING_ATT);
}

/* RFC 5213 §5.3.2 rule 3: "MUST ensure each one of those prefixes is owned by" */
static void foreign_prefix_155(void **state)
{
	(void)state;
	assert_int_equal(with(foreign, "single"), PBA_NOT_AUTHORIZED_FOR_HNP);
}

/* RFC 5213 §8.9: "129 Administratively prohibited" */
static void prohibited_129(void **state)
{
	(void)state;
	assert_int_equal(with(ethernet, "wifi"), PBA_PROHIBITED);
	assert_int_equal(with(same, "wifi"), PBA_ACCEPTED);
}

/* RFC 5213 §5.3.1 rule 6: "set to MAG_NOT_AUTHORIZED_FOR_PROXY_REG" */
static void mag_not_authorized_154(void **state)
{
	struct in6_addr src = fake_addr("2001:db8:0:66::1"), dst = bed_lma();
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	lma_on_pbu(b.lma, &src, &dst, &m);
	assert_int_equal(fake_find_mh(&b.f, MH_PBA, 0)->msg.status,
			 PBA_MAG_NOT_AUTHORIZED);
	assert_memory_equal(&fake_find_mh(&b.f, MH_PBA, 0)->dst, &src, 16);
	bed_close(&b);
}

/* RFC 5213 §5.3.2 rule 2: "unable to allocate any home network prefix" */
static void exhausted_130(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	lma_free(b.lma);
	b.conf.pool[0] = fake_prefix("2001:db8:100::/64");
	bed_start(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	m = bed_pbu(&b, "other", HI_NEW_INTERFACE);
	assert_int_equal(bed_status(&b, 1, &m), PBA_NO_RESOURCES);
	assert_int_equal(bed_count(&b), 1);
	fake_advance_ms(&b.f, 400 * 1000);
	assert_int_equal(bed_count(&b), 0);
	m = bed_pbu(&b, "other", HI_NEW_INTERFACE);
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	bed_close(&b);
}

/* RFC 5213 §8.9: "130 Insufficient resources", the configured limit */
static void too_many_sessions_130(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	b.conf.max_sessions = 1;
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	m = bed_pbu(&b, "other", HI_NEW_INTERFACE);
	assert_int_equal(bed_status(&b, 1, &m), PBA_NO_RESOURCES);
	bed_close(&b);
}

/* RFC 5213 §5.5 item 9: "set to TIMESTAMP_MISMATCH", with the anchor's time */
static void timestamp_mismatch_156(void **state)
{
	const struct mh_msg *pba;
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	m.opts.timestamp = mh_timestamp(b.f.wall + 301 * NSEC_PER_MSEC);
	pba = bed_send(&b, 1, &m);
	assert_int_equal(pba->status, PBA_TIMESTAMP_MISMATCH);
	assert_true(pba->opts.timestamp == mh_timestamp(b.f.wall));
	m.opts.timestamp = mh_timestamp(b.f.wall - 301 * NSEC_PER_MSEC);
	assert_int_equal(bed_status(&b, 1, &m), PBA_TIMESTAMP_MISMATCH);
	m.opts.timestamp = mh_timestamp(b.f.wall - 299 * NSEC_PER_MSEC);
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	bed_close(&b);
}

/* RFC 5213 §5.5 item 8: "lower than the previously accepted timestamp" */
static void timestamp_lower_157(void **state)
{
	const struct mh_msg *pba;
	struct mh_msg old, m;
	struct bed b;

	(void)state;
	bed_open(&b);
	old = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	bed_llid(&old, IF1);
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	pba = bed_send(&b, 1, &m);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_true(pba->opts.timestamp == m.opts.timestamp);
	pba = bed_send(&b, 2, &old);
	assert_int_equal(pba->status, PBA_TIMESTAMP_LOWER_THAN_PREV);
	assert_true(pba->opts.timestamp == mh_timestamp(b.f.wall));
	assert_int_equal(bed_status(&b, 1, &m), PBA_TIMESTAMP_LOWER_THAN_PREV);
	bed_close(&b);
}

/* RFC 5213 §5.5: "MUST fall back to the Sequence-Number-based scheme" */
static void sequence_135(void **state)
{
	const struct mh_msg *pba;
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	m.opts.present &= ~MH_HAS_TIMESTAMP;
	m.seq = 65535;
	pba = bed_send(&b, 1, &m);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_false(pba->opts.present & MH_HAS_TIMESTAMP);
	/* RFC 6275 §9.5.1: with the last sequence number accepted */
	m.seq = 65534;
	pba = bed_send(&b, 1, &m);
	assert_int_equal(pba->status, PBA_SEQ_OUT_OF_WINDOW);
	assert_int_equal(pba->seq, 65535);
	m.seq = 65535;
	assert_int_equal(bed_status(&b, 1, &m), PBA_SEQ_OUT_OF_WINDOW);
	/* modulo 2^16 */
	m.seq = 3;
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	bed_close(&b);
}

/* RFC 5213 §5.4.1.1 rule 4: "or if they do not match in count" */
static void prefix_set_159(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "fixed2", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	assert_int_equal(bed_send(&b, 1, &m)->opts.n_hnp, 2);
	m = bed_pbu(&b, "fixed2", HI_REREGISTRATION);
	bed_llid(&m, IF1);
	bed_hnp(&m, "2001:db8:f:2::/64");
	assert_int_equal(bed_status(&b, 1, &m), PBA_PREFIX_SET_MISMATCH);
	bed_hnp(&m, "2001:db8:f:4::/64");
	assert_int_equal(bed_status(&b, 1, &m), PBA_PREFIX_SET_MISMATCH);
	m.opts.hnp[1].prefix = fake_prefix("2001:db8:f:3::/64");
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	bed_close(&b);
}

/* RFC 5213 §5.3.6: "If the option was not present in the request, … zero" */
static void refusal_echo(void **state)
{
	const struct mh_msg *pba;
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = no_hnp(no_att(no_hi(bed_pbu(&b, "nobody", HI_UNKNOWN))));
	pba = bed_send(&b, 1, &m);
	assert_int_equal(pba->opts.present, MH_HAS_MN_ID | MH_HAS_HNP |
			 MH_HAS_HI | MH_HAS_ATT | MH_HAS_TIMESTAMP);
	assert_int_equal(pba->opts.hi, 0);
	assert_int_equal(pba->opts.att, 0);
	assert_int_equal(pba->opts.n_hnp, 1);
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&pba->opts.hnp[0].prefix.addr));
	assert_true(mn_id_equal(&pba->opts.mn_id, &m.opts.mn_id));
	assert_int_equal(pba->flags, PBA_F_P);
	assert_int_equal(pba->seq, m.seq);
	m = foreign(no_id(m));
	m.opts.present |= MH_HAS_HNP | MH_HAS_LLA;
	m.opts.lla = fake_addr("fe80::7");
	bed_llid(&m, IF1);
	pba = bed_send(&b, 1, &m);
	assert_int_equal(pba->opts.mn_id.len, 0);
	assert_true(prefix_equal(&pba->opts.hnp[0].prefix,
				 &m.opts.hnp[0].prefix));
	assert_true(llid_equal(&pba->opts.llid, &m.opts.llid));
	assert_memory_equal(&pba->opts.lla, &m.opts.lla, 16);
	bed_close(&b);
}

/* RFC 5213 §5.3.6: "Link-local Address option with ALL_ZERO value" */
static void link_local_address(void **state)
{
	struct in6_addr fixed = fake_addr("fe80::200:5eff:fe00:5213");
	struct in6_addr own = fake_addr("fe80::7");
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	m.opts.present |= MH_HAS_LLA;
	assert_memory_equal(&bed_send(&b, 1, &m)->opts.lla, &fixed, 16);
	m = bed_pbu(&b, "single", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	m.opts.present |= MH_HAS_LLA;
	m.opts.lla = own;
	assert_memory_equal(&bed_send(&b, 2, &m)->opts.lla, &own, 16);
	m = bed_pbu(&b, "single", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	m.opts.present |= MH_HAS_LLA;
	assert_memory_equal(&bed_send(&b, 3, &m)->opts.lla, &own, 16);
	m = bed_pbu(&b, "single", HI_REREGISTRATION);
	bed_llid(&m, IF1);
	assert_false(bed_send(&b, 3, &m)->opts.present & MH_HAS_LLA);
	bed_close(&b);
}

/* RFC 6275 §9.2, RFC 4443 §2.4(e): no reply to what is nobody's address */
static void replies_to_nobody(void **state)
{
	static const char * const from[] = { "::", "ff02::1", "::1", "fe80::1" };
	struct in6_addr dst = bed_lma(), src;
	struct mh_msg m;
	struct bed b;
	unsigned int i;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	for (i = 0; i < 4; i++) {
		src = fake_addr(from[i]);
		lma_on_pbu(b.lma, &src, &dst, &m);
	}
	src = bed_mag(1);
	dst = fake_addr("2001:db8:0:1::2");
	lma_on_pbu(b.lma, &src, &dst, &m);
	dst = bed_lma();
	m.flags &= ~PBU_F_P;
	lma_on_pbu(b.lma, &src, &dst, &m);
	assert_int_equal(b.f.len, 0);
	bed_close(&b);
}

/* RFC 5213 §8.9: 130 for more prefixes than a session holds here: an answer, not silence */
static void too_many_prefixes(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	m.opts.n_hnp = HNP_MAX;
	m.opts.more_hnp = 1;
	assert_int_equal(bed_status(&b, 1, &m), PBA_NO_RESOURCES);
	assert_int_equal(bed_count(&b), 0);
	bed_close(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_many_prefixes),
		cmocka_unit_test(accepted),
		cmocka_unit_test(missing_mn_id_160),
		cmocka_unit_test(not_our_node_153),
		cmocka_unit_test(not_enabled_152),
		cmocka_unit_test(missing_hnp_158),
		cmocka_unit_test(missing_hi_161),
		cmocka_unit_test(missing_att_162),
		cmocka_unit_test(foreign_prefix_155),
		cmocka_unit_test(prohibited_129),
		cmocka_unit_test(mag_not_authorized_154),
		cmocka_unit_test(exhausted_130),
		cmocka_unit_test(too_many_sessions_130),
		cmocka_unit_test(timestamp_mismatch_156),
		cmocka_unit_test(timestamp_lower_157),
		cmocka_unit_test(sequence_135),
		cmocka_unit_test(prefix_set_159),
		cmocka_unit_test(refusal_echo),
		cmocka_unit_test(link_local_address),
		cmocka_unit_test(replies_to_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
