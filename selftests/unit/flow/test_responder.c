// SPDX-License-Identifier: GPL-2.0
/* A gateway that is told of flows by FMI. */
#include "responder_bed.h"

/* Draft: flow mobility §4.2: "When Status code is 0, MUST contain the MN-ID, followed by one or */
/* more Flow Identification Mobility options"; §4.1: lifetime in seconds */
static void flows_are_added(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 7, 60);
	struct flow_spec one = flow(1, 10), two = flow(2, 20);
	const struct mh_msg *a;

	add_flow(&m, &one);
	add_flow(&m, &two);
	add_prefix(&m, "2001:db8:100:1::/64", true);
	a = give(b, &m, true);
	assert_int_equal(a->status, FMA_OK);
	assert_int_equal(a->lifetime, 60);
	assert_true(mn_id_equal(&a->opts.mn_id, &m.opts.mn_id));
	assert_int_equal(a->opts.n_flow, 2);
	assert_int_equal(a->opts.flow[1].fid, 2);
	assert_int_equal(a->opts.flow[1].status, FLOW_OK);
	assert_int_equal(b->changed, 2);
	assert_true(flow_spec_equal(&fmc_find(&b->g.flows, 2)->spec, &two));
	assert_true(fmc_find(&b->g.flows, 2)->active);
	/* RFC 7864 §4.1: what L has "to be considered for flow mobility purposes" */
	assert_int_equal(b->g.n_prefix, 1);
	assert_int_equal(b->prefixes, 1);
	/* the state ends with the lifetime, and so do the prefixes */
	fake_advance_ms(&b->f, 59999);
	assert_int_equal(b->g.flows.n, 2);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(b->g.flows.n, 0);
	assert_int_equal(b->g.n_prefix, 0);
	assert_int_equal(b->prefixes, 2);
}

/* Draft: flow mobility §4.2: the lifetime for which the gateway keeps the state is its own */
static void lifetime_is_bounded(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 7, FMI_LIFETIME_INFINITE);
	struct flow_spec one = flow(1, 10);

	add_flow(&m, &one);
	assert_int_equal(give(b, &m, true)->lifetime, 600);
	assert_int_equal(flow_remaining(&b->g.flows, b->g.flows.flows), 600);
	b->conf.max_lifetime = FLOW_FOREVER;
	m.seq = 8;
	assert_int_equal(give(b, &m, true)->lifetime, FMI_LIFETIME_INFINITE);
	assert_int_equal(flow_remaining(&b->g.flows, b->g.flows.flows), FLOW_FOREVER);
}

/* Draft: flow mobility §4.1: "If set to 0, it indicates a request to remove state" */
static void lifetime_0_removes(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 7, 60), gone = message(MH_FMI, 8, 0);
	struct flow_spec one = flow(1, 10), two = flow(2, 20);
	const struct mh_msg *a;

	add_flow(&m, &one);
	add_flow(&m, &two);
	add_prefix(&m, "2001:db8:100:1::/64", true);
	expect(b, &m, FMA_OK);
	add_flow(&gone, &one);
	expect(b, &gone, FMA_OK);
	assert_int_equal(b->g.flows.n, 1);
	assert_int_equal(b->g.n_prefix, 1);
	/* the answer was lost: the same again */
	expect(b, &gone, FMA_OK);
	/* §4.2: "No existing Flow Mobility Cache entry" */
	gone.seq = 9;
	add_flow(&gone, &two);
	a = give(b, &gone, true);
	assert_int_equal(a->status, FMA_NO_ENTRY);
	assert_int_equal(a->lifetime, 0);
	assert_int_equal(a->opts.flow[0].status, FLOW_NO_FID);
	assert_int_equal(a->opts.flow[1].status, FLOW_OK);
	assert_int_equal(b->ended, 2);
	assert_int_equal(b->g.n_prefix, 0);
}

/* A flow whose packets are to one prefix */
static struct flow_spec flow_to(uint16_t fid, const char *prefix)
{
	struct flow_spec s = flow(fid, (uint16_t)(10 * fid));

	assert_true(selector_field_set(&s.selector, SELECTOR_DST, prefix));
	selector_normalise(&s.selector);
	return s;
}

/* Draft: flow mobility §4.1: "a request to remove state about the flow": with it goes the */
/* prefix that no other flow has packets to */
static void prefix_goes_with_its_flow(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 7, 60), gone = message(MH_FMI, 8, 0);
	struct flow_spec one = flow_to(1, "2001:db8:100:1::/64"), any = flow(4, 40);
	struct flow_spec two = flow_to(2, "2001:db8:100:2::/64");
	struct flow_spec same = flow_to(3, "2001:db8:100:2::10");

	add_flow(&m, &one);
	add_flow(&m, &two);
	add_flow(&m, &same);
	add_prefix(&m, "2001:db8:100:1::/64", true);
	add_prefix(&m, "2001:db8:100:2::/64", true);
	expect(b, &m, FMA_OK);
	assert_int_equal(b->g.n_prefix, 2);
	/* another flow needs it */
	add_flow(&gone, &two);
	expect(b, &gone, FMA_OK);
	assert_int_equal(b->g.n_prefix, 2);
	assert_int_equal(b->prefixes, 1);
	gone = message(MH_FMI, 9, 0);
	add_flow(&gone, &one);
	expect(b, &gone, FMA_OK);
	assert_int_equal(b->g.n_prefix, 1);
	assert_true(prefix_equal(&b->g.prefix[0], &m.opts.hnp[1].prefix));
	assert_int_equal(b->prefixes, 2);
	/* one that may have packets to any prefix keeps all */
	m = message(MH_FMI, 10, 30);
	add_flow(&m, &any);
	expect(b, &m, FMA_OK);
	gone = message(MH_FMI, 11, 0);
	add_flow(&gone, &same);
	expect(b, &gone, FMA_OK);
	assert_int_equal(b->g.n_prefix, 1);
}

/* Draft: flow mobility §3.2.2: "Otherwise the flow state [...] will be removed upon timer */
/* expiration": and its prefix, while another flow stays */
static void prefix_goes_with_the_lifetime(void **state)
{
	struct bed *b = *state;
	struct flow_spec one = flow_to(1, "2001:db8:100:1::/64");
	struct flow_spec two = flow_to(2, "2001:db8:100:2::/64");
	struct mh_msg m = message(MH_FMI, 7, 10);

	/* an FMI that says no prefixes: those of the destinations */
	add_flow(&m, &one);
	expect(b, &m, FMA_OK);
	m = message(MH_FMI, 8, 60);
	add_flow(&m, &two);
	expect(b, &m, FMA_OK);
	assert_int_equal(b->g.n_prefix, 2);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(b->g.flows.n, 1);
	assert_int_equal(b->g.n_prefix, 1);
	/* and that of a flow that has packets to another one now */
	two = flow_to(2, "2001:db8:100:3::/64");
	m = message(MH_FMI, 9, 60);
	add_flow(&m, &two);
	expect(b, &m, FMA_OK);
	assert_int_equal(b->g.n_prefix, 1);
	assert_int_equal(b->g.prefix[0].addr.s6_addr[7], 3);
}

/* Draft: flow mobility §4.2: "MN not attached", "Reason unspecified" */
static void not_for_us(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 7, 60);
	struct flow_spec one = flow(1, 10);
	const struct mh_msg *a;

	expect(b, &m, FMA_UNSPECIFIED);		/* no flow */
	add_flow(&m, &one);
	a = give(b, &m, false);
	assert_int_equal(a->status, FMA_NOT_ATTACHED);
	assert_int_equal(a->lifetime, 0);
	m.opts.more_flow = 1;
	expect(b, &m, FMA_UNSPECIFIED);
	m.opts.more_flow = 0;
	m.opts.present &= ~(uint32_t)MH_HAS_MN_ID;
	a = give(b, &m, true);
	assert_int_equal(a->status, FMA_UNSPECIFIED);
	assert_int_equal(a->opts.present, 0);
	assert_int_equal(b->r.counters.refused, 4);
	assert_int_equal(b->g.flows.n, 0);
	/* none of these was a request that counts */
	assert_false(b->g.heard);
}

/* Draft: flow mobility §4.2: "Sequence number out of window"; §4.1: "monotonically increasing" */
static void sequence_numbers(void **state)
{
	struct bed *b = *state;
	struct flow_spec one = flow(1, 10);
	static const struct {
		uint16_t seq;
		uint8_t status;
	} row[] = {
		{ 65530, FMA_OK }, { 65529, FMA_SEQ_OUT_OF_WINDOW }, { 65530, FMA_OK },
		{ 3, FMA_OK }, { 65530, FMA_SEQ_OUT_OF_WINDOW }, { 32771, FMA_SEQ_OUT_OF_WINDOW },
		{ 32770, FMA_OK }, { 3, FMA_SEQ_OUT_OF_WINDOW }, { 32771, FMA_OK },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct mh_msg m = message(MH_FMI, row[i].seq, 60);

		add_flow(&m, &one);
		expect(b, &m, row[i].status);
	}
	assert_int_equal(b->changed, 1);
}

/* Draft: flow mobility §4.2: "Traffic Selector format unsupported", "No existing [...] entry"; */
/* RFC 6089 §5.3.2.1: without a selector a flow cannot be new */
static void flows_that_are_refused(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 1, 60), whole;
	struct flow_spec one = flow(1, 10), two = flow(2, 20);
	const struct mh_msg *a;

	add_flow(&m, &one);
	add_flow(&m, &two);
	whole = m;
	m.opts.flow[1].selector = (struct selector){ .format = 9 };
	a = give(b, &m, true);
	assert_int_equal(a->status, FMA_TS_UNSUPPORTED);
	assert_int_equal(a->opts.flow[0].status, FLOW_UNSPECIFIED);
	assert_int_equal(a->opts.flow[1].status, FLOW_TS_UNSUPPORTED);
	m = whole;
	m.seq = 2;
	m.opts.flow[0].present &= (uint8_t)~MH_FLOW_HAS_SELECTOR;
	a = give(b, &m, true);
	assert_int_equal(a->status, FMA_NO_ENTRY);
	assert_int_equal(a->opts.flow[0].status, FLOW_NO_FID);
	/* §4.2: "two FIDs MUST NOT be associated with the same FID-PRI value" */
	m = whole;
	m.seq = 3;
	m.opts.flow[1].pri = 10;
	a = give(b, &m, true);
	assert_int_equal(a->status, FMA_UNSPECIFIED);
	assert_int_equal(a->opts.flow[0].status, FLOW_UNSPECIFIED);
	assert_int_equal(a->opts.flow[1].status, FLOW_PROHIBITED);
	/* §5.3.2: a FID twice: "all [...] options MUST be rejected" */
	m = whole;
	m.seq = 4;
	m.opts.flow[1].fid = 1;
	a = give(b, &m, true);
	assert_int_equal(a->status, FMA_UNSPECIFIED);
	assert_int_equal(a->opts.flow[0].status, FLOW_UNSPECIFIED);
	assert_int_equal(a->opts.flow[1].status, FLOW_UNSPECIFIED);
	/* all or nothing */
	assert_int_equal(b->g.flows.n, 0);
	assert_int_equal(b->g.n_prefix, 0);
	assert_int_equal(b->changed, 0);
	whole.seq = 5;
	expect(b, &whole, FMA_OK);
}

/* RFC 6089 §5.3.2.2: "the traffic selector already associated with entry MUST be maintained" */
static void what_an_option_lacks_stays(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 1, 60);
	struct flow_spec one = flow(1, 10);

	add_flow(&m, &one);
	expect(b, &m, FMA_OK);
	m.seq = 2;
	m.opts.flow[0].present = 0;
	m.opts.flow[0].pri = 99;
	m.opts.flow[0].n_bid = 0;
	memset(&m.opts.flow[0].selector, 0, sizeof(struct selector));
	expect(b, &m, FMA_OK);
	one.pri = 99;
	assert_true(flow_spec_equal(&b->g.flows.flows->spec, &one));
}

/* Draft: flow mobility §3.2.2: the option "can convey prefix or full flow information" */
static void prefixes_of_destinations(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 1, 60);
	struct flow_spec s[4] = { flow(1, 10), flow(2, 20), flow(3, 30), flow(4, 40) };
	struct prefix p = fake_prefix("2001:db8:100:1::/64");
	struct prefix q = fake_prefix("2001:db8:100:2::/64");

	for (unsigned int i = 0; i < 4; i++) {
		s[i].selector.fields |= SELECTOR_HAS(SELECTOR_DST);
		s[i].selector.ranges |= SELECTOR_HAS(SELECTOR_DST);
	}
	s[0].selector.dst[0] = fake_addr("2001:db8:100:1::");
	s[0].selector.dst[1] = fake_addr("2001:db8:100:1:ffff:ffff:ffff:ffff");
	s[1].selector.dst[0] = fake_addr("2001:db8:100:2::5");
	s[1].selector.dst[1] = fake_addr("2001:db8:100:2::5");
	/* no prefix of a node's: too wide, and IPv4 */
	s[2].selector.dst[0] = fake_addr("2001:db8:100:3::");
	s[2].selector.dst[1] = fake_addr("2001:db8:100:4::");
	s[3].selector.format = SELECTOR_IPV4;
	s[3].selector.dst[0] = fake_addr("::ffff:192.0.2.1");
	s[3].selector.dst[1] = fake_addr("::ffff:192.0.2.1");
	for (unsigned int i = 0; i < 4; i++)
		add_flow(&m, &s[i]);
	expect(b, &m, FMA_OK);
	assert_int_equal(b->g.n_prefix, 2);
	assert_true(prefix_equal(&b->g.prefix[0], &p));
	assert_true(prefix_equal(&b->g.prefix[1], &q));
	/* told again, and of one of them only, there are no others */
	m.seq = 2;
	m.opts.n_flow = 1;
	expect(b, &m, FMA_OK);
	assert_int_equal(b->prefixes, 1);
	/* where there are options, these are all; without L a prefix is another thing */
	m.seq = 3;
	add_prefix(&m, "2001:db8:100:7::/64", false);
	add_prefix(&m, "2001:db8:100:2::/64", true);
	expect(b, &m, FMA_OK);
	assert_int_equal(b->g.n_prefix, 1);
	assert_true(prefix_equal(&b->g.prefix[0], &q));
}

/* Draft: flow mobility §4.2: "Reason unspecified", of flows that the kernel refuses */
static void what_the_kernel_refuses(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 1, 60), n = message(MH_UPN, 2, 0);
	struct flow_spec one = flow(1, 10);

	add_flow(&m, &one);
	add_prefix(&m, "2001:db8:100:1::/64", true);
	b->refusal = -ENOMEM;
	expect(b, &m, FMA_UNSPECIFIED);
	assert_int_equal(b->g.flows.n, 0);
	assert_int_equal(b->g.n_prefix, 0);
	add_flow(&n, &one);
	add_prefix(&n, "2001:db8:100:1::/64", true);
	expect(b, &n, UPA_UNSPECIFIED);
	assert_int_equal(b->g.flows.n, 0);
	assert_int_equal(b->g.n_prefix, 0);
	b->refusal = 0;
	m.seq = 3;
	expect(b, &m, FMA_OK);
	assert_int_equal(b->g.n_prefix, 1);
	/* a repetition asks it for nothing */
	b->refusal = -ENOMEM;
	expect(b, &m, FMA_OK);
	assert_int_equal(b->g.flows.n, 1);
}

/* Draft: flow mobility §4.1: more flows than a node can have here */
static void bounded(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = message(MH_FMI, 1, 60), one = message(MH_FMI, 2, 60);
	struct flow_spec more = flow(99, 99);

	for (unsigned int i = 1; i <= FLOWS_MAX; i++) {
		struct flow_spec s = flow((uint16_t)i, (uint16_t)i);

		add_flow(&m, &s);
	}
	expect(b, &m, FMA_OK);
	add_flow(&one, &more);
	expect(b, &one, FMA_UNSPECIFIED);
	assert_int_equal(b->g.flows.n, FLOWS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(flows_are_added, setup, teardown),
		cmocka_unit_test_setup_teardown(lifetime_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(lifetime_0_removes, setup, teardown),
		cmocka_unit_test_setup_teardown(prefix_goes_with_its_flow, setup, teardown),
		cmocka_unit_test_setup_teardown(prefix_goes_with_the_lifetime, setup, teardown),
		cmocka_unit_test_setup_teardown(not_for_us, setup, teardown),
		cmocka_unit_test_setup_teardown(sequence_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(flows_that_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(what_an_option_lacks_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(prefixes_of_destinations, setup, teardown),
		cmocka_unit_test_setup_teardown(what_the_kernel_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
