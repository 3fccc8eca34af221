// SPDX-License-Identifier: GPL-2.0
/* Many nodes, many groups, and one that means no good. */
#include "multicast_bed.h"

#include "multicast/proxy.h"

#define NODES	1000
#define GROUPS	100

struct bed {
	struct fake_env f;
	struct mcast_conf down, up;
	struct mcast_proxy p;
	struct mcast_listener_counters heard;
	struct mcast_node nodes[NODES];
	unsigned int routes[NODES];	/* each has so many now */
	unsigned int all;		/* and all of them so many */
	unsigned int records_up, packets_up;
};

static void query(void *arg, struct mcast_node *n, const struct mld_query *q)
{
	(void)arg;
	(void)n;
	(void)q;
}

static void report(void *arg, const struct mld_record *recs, unsigned int n)
{
	struct bed *b = arg;

	(void)recs;
	b->packets_up++;
	b->records_up += n;
}

static void v1(void *arg, enum mld_kind type, const struct in6_addr *group)
{
	(void)arg;
	(void)type;
	(void)group;
	fail();
}

static void set(void *arg, const struct mcast_route *r)
{
	struct bed *b = arg;

	b->routes[r->node]++;
	b->all++;
}

static void del(void *arg, const struct mcast_route *r)
{
	struct bed *b = arg;

	b->routes[r->node]--;
	b->all--;
}

static const struct mcast_proxy_ops ops = { query, { report, v1 }, { set, del } };

static int setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	mcast_conf_default(&b->down);
	mcast_conf_default(&b->up);
	assert_int_equal(mcast_proxy_init(&b->p, &b->f.env, &b->down, &b->up, &b->heard,
					  &ops, b), 0);
	for (unsigned int i = 0; i < NODES; i++)
		assert_int_equal(mcast_proxy_add(&b->p, &b->nodes[i], i), 0);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bed *b = *state;

	for (unsigned int i = 0; i < NODES; i++)
		mcast_proxy_remove(&b->nodes[i]);
	assert_int_equal(b->all, 0);
	mcast_proxy_free(&b->p);
	assert_int_equal(b->f.timers.len, 0);
	fake_free(&b->f);
	free(b);
	return 0;
}

static void say(struct bed *b, unsigned int node, const struct mld_record *recs, unsigned int n)
{
	struct in6_addr src = fake_addr("fe80::1"), dst = fake_addr("ff02::16");
	struct mld_packet pkt;
	uint8_t buf[8000];
	int len = mld_report_write(recs, n, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);

	assert_true(len > 0);
	len = (int)mld_packet_finish(buf, (size_t)len, &src, &dst);
	assert_int_equal(mld_packet_read(&pkt, buf, (size_t)len), MLD_OK);
	mcast_proxy_from_node(&b->nodes[node], &pkt);
}

static void join(struct bed *b, unsigned int node)
{
	struct mld_record recs[GROUPS];

	for (unsigned int g = 0; g < GROUPS; g++)
		recs[g] = (struct mld_record){ MLD_TO_EX, group_addr(g), { NULL, 0 } };
	say(b, node, recs, GROUPS);
}

/* RFC 6224 §3: "traffic [...] shared": each group is asked for once, however many listen */
static void each_group_once(void **state)
{
	struct bed *b = *state;

	for (unsigned int i = 0; i < NODES; i++) {
		join(b, i);
		fake_advance_ms(&b->f, 1);
	}
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(b->all, NODES * GROUPS);
	for (unsigned int i = 0; i < NODES; i++)
		assert_int_equal(b->routes[i], GROUPS);
	assert_int_equal(b->p.db.n, GROUPS);
	assert_int_equal(b->records_up, 2 * GROUPS);
	assert_int_equal(b->packets_up, 4);
	/* all but one leave, and nobody upstream has to know */
	for (unsigned int i = 1; i < NODES; i++)
		mcast_proxy_remove(&b->nodes[i]);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(b->all, GROUPS);
	assert_int_equal(b->records_up, 2 * GROUPS);
	mcast_proxy_remove(&b->nodes[0]);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(b->records_up, 4 * GROUPS);
	assert_null(b->p.reporter.groups);
}

static struct in6_addr random_source(struct bed *b)
{
	struct in6_addr a = fake_addr("2001:db8:bad::");

	for (unsigned int i = 8; i < 16; i++)
		a.s6_addr[i] = (uint8_t)fake_random(&b->f);
	return a;
}

/* Records of any type about random groups of the others and of its own, random sources */
static void flood(struct bed *b, unsigned int node)
{
	struct in6_addr sources[60];
	struct mld_record recs[3];

	for (unsigned int i = 0; i < 60; i++)
		sources[i] = random_source(b);
	for (unsigned int i = 0; i < 3; i++)
		recs[i] = (struct mld_record){
			(uint8_t)(1 + fake_random(&b->f) % 6),
			group_addr(fake_random(&b->f) % (4 * GROUPS)),
			{ (const uint8_t *)&sources[20 * i], fake_random(&b->f) % 21 },
		};
	say(b, node, recs, 3);
}

/* RFC 6224 §6: "threats of resource exhaustion [...] from rapid state changes": who floods is
 * bounded, and the others have what they had
 */
static void a_flood(void **state)
{
	struct in6_addr honest = source_addr(1);
	struct bed *b = *state;
	uint64_t end, before;

	for (unsigned int i = 0; i < 50; i++)
		join(b, i);
	fake_advance_ms(&b->f, 10000);
	b->packets_up = 0;
	before = b->heard.reports;
	end = b->f.now + 20 * NSEC_PER_SEC;
	while (b->f.now < end) {
		flood(b, 99);
		fake_advance(&b->f, NSEC_PER_MSEC / 5);
		assert_in_range(b->nodes[99].listener.n, 0, b->down.max_groups);
		assert_in_range(b->routes[99], 0,
				b->down.max_groups * (b->down.max_sources + 1));
	}
	/* 5000 messages a second, of which 100 count */
	assert_in_range(b->heard.reports - before, 2000, 2250);
	assert_true(b->heard.too_often > 90000);
	assert_true(b->heard.too_many_groups > 0);
	assert_true(b->heard.too_many_sources > 0);
	/* what counts may change something, which is told twice */
	assert_in_range(b->packets_up, 1, 2 * 2250);
	/* nothing of the others has changed, there is only more upstream */
	for (unsigned int i = 0; i < 50; i++) {
		assert_int_equal(b->routes[i], GROUPS);
		assert_int_equal(b->nodes[i].listener.n, GROUPS);
		for (unsigned int g = 0; g < GROUPS; g++) {
			struct in6_addr group = group_addr(g);

			assert_true(mcast_node_wants(&b->nodes[i], &group, &honest));
		}
	}
	assert_in_range(b->p.db.n, GROUPS, GROUPS + b->down.max_groups);
	/* and it leaves no trace */
	mcast_proxy_remove(&b->nodes[99]);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(b->p.db.n, GROUPS);
	assert_int_equal(b->all, 50 * GROUPS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_group_once, setup, teardown),
		cmocka_unit_test_setup_teardown(a_flood, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
