// SPDX-License-Identifier: GPL-2.0
/* For whom a gateway may register, and how often; who it is, IPsec says */
#include "lma_bed.h"

static struct prefix prefixes[2];
static struct mn_id realm;
static struct lma_authority authority[2];

static int setup(void **state)
{
	static struct bed b;

	bed_open(&b);
	memset(authority, 0, sizeof(authority));
	authority[0].mag = fake_prefix("2001:db8:0:2::/64");
	authority[1].mag = fake_prefix("2001:db8:0:2::1/128");
	b.conf.authority = authority;
	b.conf.n_authorities = 2;
	*state = &b;
	return 0;
}

static int teardown(void **state)
{
	bed_close(*state);
	return 0;
}

static void may_prefixes(const char *one, const char *two)
{
	prefixes[0] = fake_prefix(one);
	prefixes[1] = fake_prefix(two);
	authority[1].prefix = prefixes;
	authority[1].n_prefixes = 2;
}

static uint8_t asks(struct bed *b, unsigned int mag, const char *nai, const char *hnp)
{
	struct mh_msg m = bed_pbu(b, nai, HI_NEW_INTERFACE);

	bed_llid(&m, IF1);
	if (hnp)
		bed_hnp(&m, hnp);
	return bed_status(b, mag, &m);
}

/* RFC 5213 §4: "MUST restrict the creation and manipulation of proxy bindings to specifically */
/* authorized mobile access gateways and prefixes." */
static void creation(void **state)
{
	struct bed *b = *state;

	may_prefixes("2001:db8:f:1::/64", "2001:db8:f:7::/64");
	assert_int_equal(asks(b, 1, "fixed2", NULL), PBA_NOT_AUTHORIZED_FOR_HNP);
	assert_int_equal(asks(b, 1, "fixed2", "2001:db8:f:2::/64"), PBA_NOT_AUTHORIZED_FOR_HNP);
	assert_int_equal(bed_count(b), 0);
	assert_int_equal(asks(b, 1, "fixed", NULL), PBA_ACCEPTED);
	/* the longest prefix decides: another gateway may all */
	assert_int_equal(asks(b, 2, "fixed2", NULL), PBA_ACCEPTED);
	/* no pool is within: nothing that it could be given */
	assert_int_equal(asks(b, 1, "single", NULL), PBA_NO_RESOURCES);
	assert_int_equal(asks(b, 2, "single", NULL), PBA_ACCEPTED);
	may_prefixes("2001:db8:f:1::/64", "2001:db8::/32");
	assert_int_equal(asks(b, 1, "other", NULL), PBA_ACCEPTED);
}

static void manipulation(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 2, "single", HI_NEW_INTERFACE, IF1);
	struct mh_msg m = bed_pbu(b, "single", HI_BETWEEN_MAGS);

	may_prefixes("2001:db8:f:1::/64", "2001:db8:f:7::/64");
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 1, &m), PBA_NOT_AUTHORIZED_FOR_HNP);
	m = bed_pbu(b, "single", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 3, &m), PBA_ACCEPTED);
	assert_true(prefix_equal(&fake_find_mh(&b->f, MH_PBA, -1)->msg.opts.hnp[0].prefix, &p));
	assert_int_equal(bed_count(b), 1);
}

/* The anchor anew, with nodes that have a realm */
static void with_realms(struct bed *b)
{
	lma_free(b->lma);
	policy_free(&b->policy);
	b->profile[0].mn_id = fake_nai("a@example.org");
	b->profile[4].mn_id = fake_nai("b@elsewhere.org");
	assert_int_equal(policy_table_open(&b->policy, b->profile, BED_PROFILES), 0);
	bed_start(b);
}

/* RFC 5213 §8.9: "MAG_NOT_AUTHORIZED_FOR_PROXY_REG" */
static void realms(void **state)
{
	struct bed *b = *state;

	with_realms(b);
	assert_true(mn_id_from_nai(&realm, "@example.org"));
	authority[1].realm = &realm;
	authority[1].n_realms = 1;
	assert_int_equal(asks(b, 1, "b@elsewhere.org", NULL), PBA_MAG_NOT_AUTHORIZED);
	assert_int_equal(asks(b, 1, "shared", NULL), PBA_MAG_NOT_AUTHORIZED);
	assert_int_equal(bed_count(b), 0);
	assert_int_equal(asks(b, 1, "a@example.org", NULL), PBA_ACCEPTED);
	assert_int_equal(asks(b, 2, "b@elsewhere.org", NULL), PBA_ACCEPTED);
}

/* Requests of a gateway that are answered, of so many */
static unsigned int answered(struct bed *b, unsigned int mag, unsigned int n)
{
	const uint64_t before = lma_counters(b->lma)->pba_tx;
	const struct in6_addr src = bed_mag(mag), dst = bed_lma();
	struct mh_msg m;

	while (n--) {
		m = bed_pbu(b, "barred", HI_NEW_INTERFACE);
		bed_llid(&m, IF1);
		lma_on_pbu(b->lma, &src, &dst, &m);
	}
	return (unsigned int)(lma_counters(b->lma)->pba_tx - before);
}

/* pmipd.conf(5), authority: "as many as in a second may come at once" */
static void rates(void **state)
{
	struct bed *b = *state;

	authority[0].rate = 4;
	authority[1].rate = 10;
	assert_int_equal(answered(b, 1, 25), 10);
	assert_int_equal(lma_counters(b->lma)->too_often, 15);
	/* each has its own */
	assert_int_equal(answered(b, 2, 25), 4);
	assert_int_equal(answered(b, 3, 25), 4);
	fake_advance_ms(&b->f, 500);
	assert_int_equal(answered(b, 1, 25), 5);
	assert_int_equal(answered(b, 2, 25), 2);
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(answered(b, 1, 25), 10);
}

/* RFC 5213 §5.3.1 rule 4: who is learnt may register as who is listed */
static void learnt(void **state)
{
	struct bed *b = *state;
	struct prefix learn = fake_prefix("2001:db8:0:2::/64");

	b->conf.n_mags = 0;
	assert_int_equal(asks(b, 2, "single", NULL), PBA_MAG_NOT_AUTHORIZED);
	b->conf.learn = &learn;
	b->conf.n_learn = 1;
	assert_int_equal(asks(b, 2, "single", NULL), PBA_ACCEPTED);
	b->conf.n_learn = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(creation, setup, teardown),
		cmocka_unit_test_setup_teardown(manipulation, setup, teardown),
		cmocka_unit_test_setup_teardown(realms, setup, teardown),
		cmocka_unit_test_setup_teardown(rates, setup, teardown),
		cmocka_unit_test_setup_teardown(learnt, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
