// SPDX-License-Identifier: GPL-2.0
/* An instance of the proxy between hosts and an anchor: RFC 4605, RFC 6224. */
#include "proxy_bed.h"

/* What a listener is told to want in a group, as mode and mask */
static void told(const struct mcast_listener *l, unsigned int group, enum mcast_mode *mode,
		 uint32_t *mask)
{
	struct in6_addr addr = group_addr(group);
	const struct mcast_group *g = mcast_listener_find(l, &addr);

	*mode = g ? g->told.mode : MCAST_IN;
	*mask = g ? filter_mask(&g->told) : 0;
}

static void expect_told(const struct mcast_listener *l, unsigned int group,
			enum mcast_mode mode, uint32_t mask)
{
	enum mcast_mode is;
	uint32_t set;

	told(l, group, &is, &set);
	assert_int_equal(is, mode);
	assert_int_equal(set, mask);
}

/* RFC 3810 §4.2, said of each source: it is wanted if it is by anybody */
static void merged(const struct bed *b, unsigned int group, enum mcast_mode *mode,
		   uint32_t *mask)
{
	uint32_t wanted = 0;

	*mode = MCAST_IN;
	for (unsigned int i = 0; i < HOSTS; i++) {
		enum mcast_mode m = MCAST_IN;
		uint32_t set = 0;

		if (b->hosts[i].there)
			told(&b->hosts[i].node.listener, group, &m, &set);
		if (m == MCAST_EX)
			*mode = MCAST_EX;
		for (unsigned int s = 0; s < SOURCES; s++)
			wanted |= (uint32_t)wants(m, set, s) << s;
	}
	*mask = *mode == MCAST_EX ? ~wanted & ((1U << SOURCES) - 1) : wanted;
}

/* What holds at any time, whatever was lost */
static void check_gateway(const struct bed *b)
{
	for (unsigned int g = 0; g < GROUPS; g++) {
		struct in6_addr group = group_addr(g);
		const struct mcast_entry *e = mcast_database_find(&b->p.db, &group);
		struct mcast_filter f = { .mode = MCAST_IN };
		enum mcast_mode mode;
		uint32_t mask;

		merged(b, g, &mode, &mask);
		if (e)
			assert_int_equal(mcast_entry_filter(e, &f), 0);
		assert_int_equal(f.mode, mode);
		assert_int_equal(filter_mask(&f), mask);
		mcast_filter_clear(&f);
		for (unsigned int i = 0; i < HOSTS; i++) {
			const struct host *h = &b->hosts[i];

			for (unsigned int s = 0; s < SOURCES; s++) {
				struct in6_addr source = source_addr(s);
				bool goes = (h->pass[g] | (h->any[g] ? ~h->block[g] : 0)) & 1U << s;

				assert_int_equal(goes, h->there &&
						 mcast_node_wants(&h->node, &group, &source));
			}
		}
	}
}

/* What holds when all has been said: the anchor wants what hosts want, and no more */
static void check_all(const struct bed *b)
{
	for (unsigned int g = 0; g < GROUPS; g++) {
		enum mcast_mode mode;
		uint32_t mask;

		for (unsigned int i = 0; i < HOSTS; i++)
			if (b->hosts[i].there)
				expect_told(&b->hosts[i].node.listener, g, b->hosts[i].mode[g],
					    b->hosts[i].mask[g]);
		merged(b, g, &mode, &mask);
		expect_told(&b->anchor, g, mode, mask);
	}
}

/* RFC 6224 §3, figure 2: two join, one moves away, and the last one leaves */
static void the_call_flow(void **state)
{
	struct bed *b = *state;

	attach(&b->hosts[0]);
	attach(&b->hosts[1]);
	live(b, 40000);
	b->reports_up = 0;
	host_wants(&b->hosts[0], 1, MCAST_EX, 0);
	live(b, 10);
	/* "Aggregated Join(G)" */
	assert_int_equal(b->reports_up, 1);
	expect_told(&b->anchor, 1, MCAST_EX, 0);
	live(b, 5000);
	assert_int_equal(b->reports_up, 2);
	/* "Additional Reports can be omitted when the previously established multicast
	 * forwarding states [...] already cover the subscriptions"
	 */
	host_wants(&b->hosts[1], 1, MCAST_EX, 0);
	live(b, 5000);
	assert_int_equal(b->reports_up, 2);
	assert_true(b->hosts[0].any[1]);
	assert_true(b->hosts[1].any[1]);
	detach(&b->hosts[1]);
	assert_false(b->hosts[1].any[1]);
	live(b, 5000);
	assert_int_equal(b->reports_up, 2);
	/* §4.3: "the only receiver of a group [...] will trigger a Report/Done" */
	detach(&b->hosts[0]);
	live(b, 10);
	assert_int_equal(b->reports_up, 3);
	live(b, 5000);
	assert_int_equal(b->anchor.n, 0);
	check_gateway(b);
}

/* RFC 6224 §4.2: "To learn about multicast groups subscribed by a newly attaching MN, the MAG
 * should send a General Query"; the node, "unaware of IP mobility", says nothing by itself
 */
static void handover(void **state)
{
	struct bed *b = *state;
	struct host *h = &b->hosts[2];

	attach(h);
	host_wants(h, 0, MCAST_EX, 0x1);
	host_wants(h, 2, MCAST_IN, 0x6);
	live(b, 60000);
	check_all(b);
	detach(h);
	live(b, 10000);
	assert_int_equal(b->anchor.n, 0);
	b->queries_down = 0;
	attach(h);
	live(b, 0);
	assert_int_equal(b->queries_down, 1);
	live(b, b->down.response_ms + 10);
	check_gateway(b);
	check_all(b);
	expect_told(&b->anchor, 0, MCAST_EX, 0x1);
	expect_told(&b->anchor, 2, MCAST_IN, 0x6);
}

/* RFC 3810 §2.2: the state is "refreshed during the next reporting period" */
static void refreshed(void **state)
{
	struct bed *b = *state;

	for (unsigned int i = 0; i < HOSTS; i++) {
		attach(&b->hosts[i]);
		host_wants(&b->hosts[i], i % GROUPS, i % 2 ? MCAST_EX : MCAST_IN, 1U << i);
	}
	live(b, 10000);
	check_all(b);
	for (unsigned int i = 0; i < 100; i++) {
		live(b, 60000);
		check_gateway(b);
		check_all(b);
	}
}

static void step(struct bed *b)
{
	struct host *h = &b->hosts[fake_random(&b->f) % HOSTS];
	unsigned int g = fake_random(&b->f) % GROUPS;
	uint32_t mask = fake_random(&b->f) % (1U << SOURCES);

	switch (fake_random(&b->f) % 8) {
	case 0:
		if (h->there)
			detach(h);
		else
			attach(h);
		break;
	case 1:
		host_wants(h, g, MCAST_IN, 0);
		break;
	case 2:
		host_wants(h, g, MCAST_EX, 0);
		break;
	case 3:
	case 4:
		host_wants(h, g, MCAST_IN, mask);
		break;
	default:
		host_wants(h, g, MCAST_EX, mask & fake_random(&b->f));
	}
}

static void run(struct bed *b, unsigned int loss, uint64_t settle_ms)
{
	b->down.report_rate = 0;
	b->up.report_rate = 0;
	for (unsigned int round = 0; round < 150; round++) {
		b->loss = loss;
		for (unsigned int n = fake_random(&b->f) % 40; n; n--) {
			step(b);
			live(b, fake_random(&b->f) % 3 ? fake_random(&b->f) % 50 :
			     fake_random(&b->f) % 5000);
			check_gateway(b);
		}
		b->loss = 0;
		live(b, settle_ms);
		check_gateway(b);
		check_all(b);
	}
}

/* RFC 4605 §4.1: whatever hosts do, the anchor knows soon, and nothing has to be asked of
 * those who are there already; two leaves in turn, and the answers of a node that comes
 */
static void nothing_is_lost(void **state)
{
	run(*state, 0, 20000);
}

/* RFC 3810 §9.4: whatever is lost, it is right again after the Listening Interval */
static void much_is_lost(void **state)
{
	run(*state, 30, 600000);
}

/* RFC 6224 §4.7: with nobody else on a link, nobody is asked about who leaves */
static void explicit_tracking(void **state)
{
	struct bed *b = *state;

	b->down.last_listener_count = 0;
	b->up.last_listener_count = 0;
	run(b, 0, 20000);
	for (unsigned int i = 0; i < HOSTS; i++)
		if (!b->hosts[i].there)
			attach(&b->hosts[i]);
	live(b, 300000);
	host_wants(&b->hosts[0], 0, MCAST_EX, 0);
	live(b, 5000);
	expect_told(&b->anchor, 0, MCAST_EX, 0);
	for (unsigned int i = 0; i < HOSTS; i++)
		host_wants(&b->hosts[i], 0, MCAST_IN, 0);
	live(b, 1);
	check_all(b);
}

/* RFC 4605 §3: "MUST NOT perform the router portion [...] on its upstream interface" */
static void reports_from_upstream(void **state)
{
	struct in6_addr src = fake_addr("fe80::1"), dst = fake_addr("ff02::16");
	struct in6_addr group = group_addr(1);
	struct bed *b = *state;
	uint8_t buf[1280];
	struct mld_packet pkt;
	size_t len;

	attach(&b->hosts[0]);
	/* but for its type it could be a query */
	len = (size_t)mld_v1_write(MLD_TYPE_V1_REPORT, &group, buf + MLD_HEADERS, 1000);
	len = mld_packet_finish(buf, len, &src, &dst);
	assert_int_equal(mld_packet_read(&pkt, buf, len), MLD_OK);
	mcast_proxy_from_upstream(&b->p, &pkt);
	assert_false(mcast_reporter_is_v1(&b->p.reporter));
	live(b, 10000);
	assert_int_equal(b->p.db.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_call_flow, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(handover, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(refreshed, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(nothing_is_lost, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(much_is_lost, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(explicit_tracking, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(reports_from_upstream, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
