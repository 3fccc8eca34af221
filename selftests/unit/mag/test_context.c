// SPDX-License-Identifier: GPL-2.0
/* What one gateway tells the next of a node, beside its prefixes (RFC 5949 §6.2). */
#include "handover_bed.h"

#define LLA	"fe80::a1b2:c3d4:e5f6:789"
#define EUI	"fe80::ff:fe00:0"	/* of the node's link-layer address */

/* The node is heard at a gateway by its link-local address */
static void heard(struct domain *d, unsigned int gw)
{
	struct in6_addr lla = fake_addr(LLA);

	mag_on_rs(d->gw[gw].mag, 1, &d->pr[NODE].lladdr[0], &lla);
	pass_ms(d, 200);
}

/* By which address a gateway's kernel looks for the node, on its first link */
static struct in6_addr sought(struct domain *d, unsigned int gw)
{
	struct prefix p = hnp(d);
	struct model_binding *b = model_binding(&d->gw[gw].k, &p);

	assert_non_null(b);
	assert_int_equal(b->b.path[0].kind, PMIP_PATH_LINK);
	return b->b.path[0].addr;
}

static void is_sought_by(struct domain *d, unsigned int gw, const char *text)
{
	struct in6_addr a = fake_addr(text), got = sought(d, gw);

	assert_memory_equal(&got, &a, sizeof(a));
}

/* The last message that a gateway has sent of a kind, since it was asked to keep them */
static const struct mh_msg *last(struct domain *d, unsigned int gw, enum mh_kind kind)
{
	const struct fake_mh *m = fake_find_mh(&d->gw[gw].f, kind, -1);

	assert_non_null(m);
	return &m->msg;
}

static struct domain *open_keeping(void **state)
{
	struct domain *d = open_domain(state);

	d->gw[OLD].f.quiet = false;
	return d;
}

/* RFC 5949 §4.1 (c): "the MN Link-local Address Interface Identifier (MN LLA-IID) can */
/* also be included"; (h): the same interface is there */
static void predictive(void **state)
{
	struct in6_addr lla = fake_addr(LLA);
	struct domain *d = open_keeping(state);
	const struct mh_msg *hi;

	heard(d, OLD);
	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	hi = last(d, OLD, MH_HI);
	assert_true(hi->opts.present & MH_HAS_LLA_IID);
	assert_memory_equal(hi->opts.lla_iid, &lla.s6_addr[8], 8);
	leave(d, OLD);
	pass_ms(d, 300);
	assert_int_equal(arrive(d, NEW), 0);
	is_sought_by(d, NEW, LLA);
	pass_ms(d, 20000);
	is_sought_by(d, NEW, LLA);
}

/* Who was never heard has no address that could be told: it is looked for as ever */
static void never_heard(void **state)
{
	struct domain *d = open_keeping(state);

	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	assert_false(last(d, OLD, MH_HI)->opts.present & MH_HAS_LLA_IID);
	leave(d, OLD);
	pass_ms(d, 300);
	assert_int_equal(arrive(d, NEW), 0);
	is_sought_by(d, NEW, EUI);
}

/* RFC 5949 §4.1 (h): "these IDs SHOULD be compared to determine whether the same interface" */
static void another_interface(void **state)
{
	struct domain *d = open_keeping(state);

	heard(d, OLD);
	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	leave(d, OLD);
	pass_ms(d, 300);
	assert_int_equal(mag_on_attach(d->gw[NEW].mag, 1, &d->pr[NODE].lladdr[1], NULL, NULL,
				       ATTACH_CARRIER), 0);
	is_sought_by(d, NEW, "fe80::ff:fe00:1");
}

/* What it is heard by here is better than what another gateway has said */
static void heard_here(void **state)
{
	struct in6_addr other = fake_addr("fe80::5");
	struct domain *d = open_keeping(state);

	heard(d, OLD);
	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	leave(d, OLD);
	pass_ms(d, 300);
	mag_on_rs(d->gw[NEW].mag, 1, &d->pr[NODE].lladdr[0], &other);
	is_sought_by(d, NEW, "fe80::5");
}

/* RFC 5949 §4.1, reactive (d): the answer has it, and the node is here already */
static void reactive(void **state)
{
	struct domain *d = open_keeping(state);
	const struct fake_mh *hack;

	heard(d, OLD);
	assert_int_equal(arrive(d, NEW), 0);
	assert_int_equal(mag_handover_from(d->gw[NEW].mag, &d->pr[NODE].mn_id,
					   &d->gw[OLD].addr), 0);
	pass_ms(d, 300);
	/* the first one, to the HI with U; the one to that with F has nothing to add */
	hack = fake_find_mh(&d->gw[OLD].f, MH_HACK, 0);
	assert_non_null(hack);
	assert_true(hack->msg.opts.present & MH_HAS_LLA_IID);
	is_sought_by(d, NEW, LLA);
}

static void is_vendor(const struct mh_vendor *v, uint32_t id, uint8_t subtype, const char *data)
{
	assert_int_equal(v->id, id);
	assert_int_equal(v->subtype, subtype);
	assert_int_equal(v->len, strlen(data));
	assert_memory_equal(v->data, data, v->len);
}

static bool last_view(void *arg, const struct mag_session_view *v)
{
	*(struct mag_session_view *)arg = *v;
	return true;
}

/* Somebody's profile is another from now on */
static void list_vendors(struct domain *d, const struct mh_vendor *v, unsigned int n)
{
	d->pr[NODE].vendor = v;
	d->pr[NODE].n_vendor = n;
	policy_free(&d->policy);
	assert_int_equal(policy_table_open(&d->policy, d->pr, NODES), 0);
}

/* RFC 5949 §6.2.8: "used to transfer any other information"; it goes on with the node */
static void vendors(void **state)
{
	static const struct mh_vendor first[] = {
		{ .id = 32473, .subtype = 1, .len = 3, .data = "one" },
		{ .id = 32473, .subtype = 2, .len = 3, .data = "two" },
	}, second[] = { { .id = 32473, .subtype = 2, .len = 3, .data = "new" } };
	struct domain *d = open_keeping(state);
	struct mag_session_view v;
	const struct mh_msg *hi;

	list_vendors(d, first, 2);
	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	hi = last(d, OLD, MH_HI);
	assert_int_equal(hi->opts.n_vendor, 2);
	is_vendor(&hi->opts.vendor[0], 32473, 1, "one");
	leave(d, OLD);
	pass_ms(d, 300);
	assert_int_equal(arrive(d, NEW), 0);
	pass_ms(d, 20000);
	mag_each(d->gw[NEW].mag, last_view, &v);
	assert_int_equal(v.n_vendor, 2);
	is_vendor(&v.vendor[1], 32473, 2, "two");
	/* the next profile's word is worth more than what has come */
	list_vendors(d, second, 1);
	d->gw[NEW].f.quiet = false;
	assert_int_equal(mag_handover_start(d->gw[NEW].mag, &d->pr[NODE].mn_id,
					    &d->gw[THIRD].addr, false), 0);
	pass_ms(d, 200);
	hi = last(d, NEW, MH_HI);
	assert_int_equal(hi->opts.n_vendor, 2);
	is_vendor(&hi->opts.vendor[0], 32473, 2, "new");
	is_vendor(&hi->opts.vendor[1], 32473, 1, "one");
	/* and never comes: nothing is kept of it */
	pass_ms(d, 10000);
}

/* Another gateway asks the node's for some options: what it is answered */
static const struct mh_msg *asked_with(struct domain *d, uint16_t flags,
				       const struct mh_wanted *w, unsigned int n)
{
	static uint16_t seq;
	struct mh_msg hi = { .kind = MH_HI, .flags = HI_F_P | flags, .seq = ++seq };

	hi.opts.present = MH_HAS_MN_ID | MH_HAS_WANTED;
	hi.opts.mn_id = d->pr[NODE].mn_id;
	hi.opts.n_wanted = n;
	memcpy(hi.opts.wanted, w, n * sizeof(*w));
	mag_on_hi(d->gw[OLD].mag, &d->gw[NEW].addr, &d->gw[OLD].addr, &hi);
	return last(d, OLD, MH_HACK);
}

static const struct mh_msg *asked(struct domain *d, const struct mh_wanted *w, unsigned int n)
{
	return asked_with(d, 0, w, n);
}

/* RFC 5949 §6.1.2: "If none of the requested context information is available, the PMAG */
/* returns the HAck message with Code value 131 without any context information." */
static void context_request(void **state)
{
	const struct mh_wanted w[] = {
		{ .type = MH_OPT_LLA_IID }, { .type = 26 }, { .type = MH_OPT_LMA },
		{ .type = MH_OPT_VENDOR, .vendor = 32473, .subtype = 1 }, { .type = MH_OPT_HNP },
		{ .type = MH_OPT_LLID }, { .type = MH_OPT_MN_ID },
	};
	struct domain *d = open_keeping(state);
	const struct mh_msg *hack = asked(d, w, 2);

	assert_int_equal(hack->code, HACK_NO_CONTEXT);
	assert_int_equal(hack->opts.present, MH_HAS_MN_ID);
	assert_int_equal(asked(d, &w[3], 1)->code, HACK_NO_CONTEXT);
	heard(d, OLD);
	hack = asked(d, w, 2);
	assert_int_equal(hack->code, HACK_ALL_CONTEXT);
	assert_true(hack->opts.present & MH_HAS_LLA_IID);
	assert_true(hack->opts.present & MH_HAS_HNP);
	assert_int_equal(asked(d, &w[2], 1)->code, HACK_ALL_CONTEXT);
	assert_int_equal(asked(d, &w[3], 2)->code, HACK_ALL_CONTEXT);
	assert_int_equal(asked(d, &w[5], 1)->code, HACK_ALL_CONTEXT);
	assert_int_equal(asked(d, &w[6], 1)->code, HACK_ALL_CONTEXT);
	assert_string_equal(way(d, OLD), "by anchor: link");
}

/* RFC 5949 §6.2.1: "Vendor-Specific option further needs the Vendor-ID and Sub-Type" */
static void vendor_request(void **state)
{
	static const struct mh_vendor one = { .id = 9, .subtype = 1, .len = 3, .data = "one" };
	struct mh_wanted w = { .type = MH_OPT_VENDOR, .vendor = 9, .subtype = 2 };
	struct domain *d = open_keeping(state);
	const struct mh_msg *hack;

	list_vendors(d, &one, 1);
	assert_int_equal(asked(d, &w, 1)->code, HACK_NO_CONTEXT);
	w.subtype = 1;
	hack = asked(d, &w, 1);
	assert_int_equal(hack->code, HACK_ALL_CONTEXT);
	is_vendor(&hack->opts.vendor[0], 9, 1, "one");
}

/* A gateway that is refused what it asks for is not forwarded anything either */
static void refused_request(void **state)
{
	const struct mh_wanted w = { .type = MH_OPT_LLA_IID };
	struct domain *d = open_keeping(state);

	assert_int_equal(asked_with(d, HI_F_F, &w, 1)->code, HACK_NO_CONTEXT);
	assert_string_equal(way(d, OLD), "by anchor: link");
	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	assert_int_equal(asked_with(d, HI_F_F, &w, 1)->code, HACK_NO_CONTEXT);
	assert_string_equal(way(d, OLD), "by anchor: link hold");
	heard(d, OLD);
	assert_int_equal(asked_with(d, HI_F_F, &w, 1)->code, HACK_ALL_CONTEXT);
	assert_string_equal(way(d, OLD), "by anchor: new hold");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, domain_setup, domain_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(predictive),
		TEST(never_heard),
		TEST(another_interface),
		TEST(heard_here),
		TEST(reactive),
		TEST(vendors),
		TEST(context_request),
		TEST(vendor_request),
		TEST(refused_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
