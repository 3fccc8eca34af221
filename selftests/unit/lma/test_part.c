// SPDX-License-Identifier: GPL-2.0
/* One prefix of several is revoked: the others go on (RFC 5846 §8; draft figure 6). */
#include "revoke_bed.h"

#include "flow_bed.h"

#define P	"2001:db8:f:2::/64"
#define Q	"2001:db8:f:3::/64"

static int revoke_hnp(struct bed *b, const char *nai, unsigned int mag, const struct prefix *p)
{
	struct mn_id id = fake_nai(nai);
	struct in6_addr coa = bed_mag(mag);
	struct lma_revocation v = {
		.mn_id = &id, .proxy_coa = mag ? &coa : NULL, .hnp = p,
		.trigger = BRI_ADMINISTRATIVE,
	};

	return lma_revoke(b->lma, &v);
}

static struct mh_msg pbu_for(struct bed *b, const char *nai, uint8_t hi, const char *llid)
{
	struct mh_msg m = bed_pbu(b, nai, hi);

	bed_llid(&m, llid);
	return m;
}

static bool sum_prefixes(void *arg, const struct lma_bce_view *v)
{
	*(unsigned int *)arg += v->n_hnp;
	return true;
}

static unsigned int prefixes(struct bed *b)
{
	unsigned int n = 0;

	lma_each(b->lma, sum_prefixes, &n);
	return n;
}

/*
 * RFC 5846 §6.2.2: "MUST delete [...] the mobile node(s) binding(s)" that was revoked; and
 * §8.2 item 2 "only [...] the specified": what is said of a session is said of the rest
 */
static void one_of_two(void **state)
{
	struct prefix p = fake_prefix(P), q = fake_prefix(Q);
	struct bed *b = *state;
	const struct mh_msg *pba;
	struct mh_msg m = pbu_for(b, "fixed2", HI_NEW_INTERFACE, IF1);

	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	fake_reset(&b->f);
	assert_int_equal(revoke_hnp(b, "fixed2", 0, &p), 1);
	assert_int_equal(newest_bri(b)->opts.present, MH_HAS_MN_ID | MH_HAS_HNP);
	assert_int_equal(newest_bri(b)->opts.n_hnp, 1);
	assert_true(prefix_equal(&newest_bri(b)->opts.hnp[0].prefix, &p));
	assert_string_equal(state_of(b), "revoking");
	assert_int_equal(prefixes(b), 2);
	answer(b, -1, BRA_OK);
	assert_string_equal(state_of(b), "active");
	assert_int_equal(prefixes(b), 1);
	assert_int_equal(fake_find(&b->f, FAKE_BINDING_DEL, 0)->prefix.addr.s6_addr[7], 2);
	assert_int_equal(fake_count(&b->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(bed_path(b, &q, 0), 1);
	assert_non_null(fake_find_notice(&b->f, "prefix-revoked", 0));
	assert_int_equal(counters(b)->revoked_prefixes, 1);
	/* a refresh that left before the BRI came has both, later ones have not */
	for (unsigned int i = 0; i < 2; i++) {
		m = pbu_for(b, "fixed2", HI_REREGISTRATION, IF1);
		bed_hnp(&m, Q);
		if (!i)
			bed_hnp(&m, P);
		pba = bed_send(b, 1, &m);
		assert_int_equal(pba->status, PBA_ACCEPTED);
		assert_int_equal(pba->opts.n_hnp, 1);
		assert_true(prefix_equal(&pba->opts.hnp[0].prefix, &q));
	}
	assert_int_equal(revoke_hnp(b, "fixed2", 0, &p), -ENOENT);
	/* the last one is all that it has */
	assert_int_equal(revoke_hnp(b, "fixed2", 0, &q), 1);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_count(b), 0);
	assert_int_equal(fake_count(&b->f, FAKE_BINDING_DEL), 2);
	m = pbu_for(b, "fixed2", HI_NEW_INTERFACE, IF1);
	pba = bed_send(b, 1, &m);
	assert_int_equal(pba->opts.n_hnp, 2);
}

/* Two attachments that share two prefixes of the pool */
static void share_two(struct bed *b, struct prefix *p, struct prefix *q)
{
	const struct mh_msg *pba;
	struct mh_msg m;

	b->conf.return_ms = 5000;
	m = pbu_for(b, "shared", HI_SHARED_PREFIXES, IF1);
	m.opts.n_hnp = 2;
	pba = bed_send(b, 1, &m);
	assert_int_equal(pba->opts.n_hnp, 2);
	*p = pba->opts.hnp[0].prefix;
	*q = pba->opts.hnp[1].prefix;
	m = pbu_for(b, "shared", HI_SHARED_PREFIXES, IF2);
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
	fake_reset(&b->f);
}

/* Draft: flow mobility §3.2.2, figure 6: BRI[pref2] to MAG1: MAG2 has it, and both pref1 */
static void of_one_attachment(void **state)
{
	struct bed *b = *state;
	struct prefix p, q;
	struct mh_msg m;

	share_two(b, &p, &q);
	assert_int_equal(revoke_hnp(b, "shared", 1, &q), 1);
	/* what MAG1 holds of it may come back, and newer packets go to MAG2 */
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_true(prefix_equal(&fake_find(&b->f, FAKE_RETURN_SET, 0)->ret.prefix, &q));
	assert_int_equal(bed_path(b, &q, 0), 2);
	assert_int_equal(bed_path(b, &q, 1), 1);
	assert_int_equal(bed_path(b, &p, 0), 1);
	answer(b, -1, BRA_OK);
	assert_int_equal(bed_binding(b, &q)->n_paths, 1);
	assert_int_equal(bed_path(b, &q, 0), 2);
	assert_int_equal(bed_path(b, &p, 0), 1);
	assert_int_equal(bed_path(b, &p, 1), 2);
	assert_int_equal(prefixes(b), 3);
	/* a handover takes what the entry has along */
	m = pbu_for(b, "shared", HI_BETWEEN_MAGS, IF1);
	assert_int_equal(bed_send(b, 3, &m)->opts.n_hnp, 1);
	assert_int_equal(bed_path(b, &p, 0), 3);
	assert_int_equal(bed_path(b, &q, 0), 2);
	/* with its last attachment it is the kernel's no more, though the session goes on */
	m = pbu_for(b, "shared", HI_UNKNOWN, IF2);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(bed_count(b), 1);
	assert_null(bed_binding(b, &q));
	assert_int_equal(bed_path(b, &p, 0), 3);
	/* who begins anew has all again */
	m = pbu_for(b, "shared", HI_SHARED_PREFIXES, IF2);
	assert_int_equal(bed_send(b, 2, &m)->opts.n_hnp, 2);
	assert_int_equal(bed_path(b, &q, 0), 2);
}

/* RFC 5846 §5.2: 132 to a handover trigger: it has it still */
static void attached_after_all(void **state)
{
	struct mn_id id = fake_nai("shared");
	struct bed *b = *state;
	struct prefix p, q;
	struct lma_revocation v = {
		.mn_id = &id, .bid = 1, .hnp = &q, .trigger = BRI_HANDOVER_SAME_ATT,
	};

	share_two(b, &p, &q);
	assert_int_equal(lma_revoke(b->lma, &v), 1);
	answer(b, -1, BRA_ATTACHED);
	assert_int_equal(prefixes(b), 4);
	assert_int_equal(bed_path(b, &q, 0), 1);
}

static struct mh_msg bri_for(struct bed *b, const char *nai, const struct prefix *p)
{
	struct mh_msg m = bri(b, BRI_NETWORK, nai);

	m.opts.present |= MH_HAS_HNP;
	m.opts.hnp[m.opts.n_hnp++].prefix = *p;
	return m;
}

/* RFC 5846 §8.2 items 2 and 3, by the gateway */
static void by_the_gateway(void **state)
{
	struct prefix p = fake_prefix(P), q = fake_prefix(Q);
	struct bed *b = *state;
	struct mh_msg m = pbu_for(b, "fixed2", HI_NEW_INTERFACE, IF1);
	const struct mh_msg *a;

	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	m = bri_for(b, "fixed2", &p);
	/* named twice it is one still */
	m.opts.hnp[m.opts.n_hnp++].prefix = p;
	fake_reset(&b->f);
	assert_int_equal(bri_from(b, 1, &m)->status, BRA_OK);
	assert_string_equal(state_of(b), "active");
	assert_int_equal(prefixes(b), 1);
	assert_null(bed_binding(b, &p));
	assert_int_equal(bed_path(b, &q, 0), 1);
	/* "already been released": partial success, and the rest is removed */
	m = bri_for(b, "fixed2", &p);
	m.opts.hnp[m.opts.n_hnp++].prefix = q;
	a = bri_from(b, 1, &m);
	assert_int_equal(a->status, BRA_PARTIAL);
	assert_int_equal(a->opts.n_hnp, 1);
	assert_true(prefix_equal(&a->opts.hnp[0].prefix, &p));
	assert_string_equal(state_of(b), "deregistered");
}

/*
 * Draft: flow mobility §3.1, the combination: what all attachments share is revoked for
 * one of two by the same gateway, which has to be told which
 */
static void shared_one_of_a_combination(void **state)
{
	struct prefix common = fake_prefix("2001:db8:f:8::/64");
	struct mn_id id = fake_nai("mixed");
	struct llid l = fake_llid(IF2);
	struct bed *b = *state;
	struct lma_revocation v = {
		.mn_id = &id, .bid = 2, .hnp = &common, .trigger = BRI_ADMINISTRATIVE,
	};
	struct mh_msg m = pbu_for(b, "mixed", HI_NEW_INTERFACE, IF1);

	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	m = pbu_for(b, "mixed", HI_NEW_INTERFACE, IF2);
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	assert_int_equal(prefixes(b), 4);
	assert_int_equal(lma_revoke(b->lma, &v), 1);
	assert_int_equal(newest_bri(b)->opts.n_hnp, 1);
	assert_true(llid_equal(&newest_bri(b)->opts.llid, &l));
	answer(b, -1, BRA_OK);
	assert_int_equal(prefixes(b), 3);
	assert_int_equal(bed_path(b, &common, 0), 1);
	/* of all that an entry has, each is named */
	v = (struct lma_revocation){ .mn_id = &id, .bid = 1, .trigger = BRI_USER };
	assert_int_equal(lma_revoke(b->lma, &v), 1);
	assert_int_equal(newest_bri(b)->opts.n_hnp, 2);
	answer(b, -1, BRA_OK);
	assert_int_equal(prefixes(b), 1);
	assert_null(bed_binding(b, &common));
}

/* A flow of the second attachment's prefix that was moved to the first */
static void move_flow(struct pair *x)
{
	struct flow_spec s = udp_flow(1, 5000, 1);

	pair_open(x, "different");
	x->b.conf.revocation = (struct revocation_conf){ 1000, 2000, 1 };
	flow_to(&s, &x->p2);
	assert_int_equal(lma_flow_add(x->b.lma, &x->id, &s, FLOW_FOREVER), 0);
	pair_answer(x, MH_FMI, 1, FMA_OK);
	assert_non_null(pair_kernel(x, 1));
	assert_int_equal(bed_path(&x->b, &x->p2, 0), 2);
	assert_int_equal(bed_path(&x->b, &x->p2, 1), 1);
	fake_reset(&x->b.f);
}

/*
 * RFC 7864 §3.2.2, RFC 5846 §8.1: a prefix that a gateway only routes: that alone is
 * revoked, and the flow is not there any more
 */
static void only_routed(void **state)
{
	struct pair *x = calloc(1, sizeof(*x));

	(void)state;
	move_flow(x);
	x->b.conf.return_ms = 5000;
	assert_int_equal(revoke_hnp(&x->b, "different", 1, &x->p2), 1);
	assert_int_equal(bri_to(&x->b), 1);
	assert_int_equal(newest_bri(&x->b)->opts.n_hnp, 1);
	assert_true(prefix_equal(&newest_bri(&x->b)->opts.hnp[0].prefix, &x->p2));
	assert_int_equal(bed_binding(&x->b, &x->p2)->n_paths, 1);
	assert_int_equal(bed_path(&x->b, &x->p2, 0), 2);
	assert_int_equal(bed_binding(&x->b, &x->p1)->n_paths, 1);
	assert_int_equal(bed_path(&x->b, &x->p1, 0), 1);
	assert_non_null(fake_find_notice(&x->b.f, "flow-lost", 0));
	assert_null(pair_kernel(x, 1));
	assert_int_equal(pair_last(x, MH_FMI, 1)->msg.lifetime, 0);
	/* what it held may come back */
	assert_int_equal(fake_count(&x->b.f, FAKE_RETURN_SET), 1);
	assert_true(prefix_equal(&fake_find(&x->b.f, FAKE_RETURN_SET, 0)->ret.prefix, &x->p2));
	answer(&x->b, -1, BRA_OK);
	assert_int_equal(bed_count(&x->b), 2);
	assert_int_equal(prefixes(&x->b), 2);
	assert_int_equal(revoke_hnp(&x->b, "different", 1, &x->p2), -ENOENT);
	pair_close(x);
	free(x);
}

/* RFC 5846 §8.2: the same by the gateway: success, not 128 */
static void only_routed_by_the_gateway(void **state)
{
	struct pair *x = calloc(1, sizeof(*x));
	struct mh_msg m;

	(void)state;
	move_flow(x);
	m = bri_for(&x->b, "different", &x->p2);
	assert_int_equal(bri_from(&x->b, 1, &m)->status, BRA_OK);
	assert_int_equal(bed_binding(&x->b, &x->p2)->n_paths, 1);
	assert_null(pair_kernel(x, 1));
	assert_int_equal(prefixes(&x->b), 2);
	/* it has none any more */
	m = bri_for(&x->b, "different", &x->p2);
	assert_int_equal(bri_from(&x->b, 1, &m)->status, BRA_NO_BINDING);
	/* whose own it is ends with it */
	m = bri_for(&x->b, "different", &x->p2);
	assert_int_equal(bri_from(&x->b, 2, &m)->status, BRA_OK);
	assert_int_equal(counters(&x->b)->revoked, 1);
	pair_close(x);
	free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_of_two), T(of_one_attachment), T(attached_after_all), T(by_the_gateway),
		T(shared_one_of_a_combination), cmocka_unit_test(only_routed),
		cmocka_unit_test(only_routed_by_the_gateway),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
