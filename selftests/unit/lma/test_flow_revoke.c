// SPDX-License-Identifier: GPL-2.0
/* Flows of a node one of whose attachments is being revoked (RFC 5846 §8.1). */
#include "revoke_bed.h"

#include "flow_bed.h"

#define IF3	"02:00:00:00:00:03"

/* A node with an attachment at MAG 1, at MAG 2, and once more at MAG 1: BIDs 1 to 3 */
static void open_shared(struct pair *p)
{
	bed_open(&p->b);
	p->b.conf.revocation = (struct revocation_conf){
		.delay_ms = 1000, .max_delay_ms = 2000, .retries = 1,
	};
	bed_keep_order(&p->b);
	p->id = fake_nai("shared");
	p->p1 = bed_register(&p->b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	bed_register(&p->b, 2, "shared", HI_SHARED_PREFIXES, IF2);
}

static void open_three(struct pair *p)
{
	open_shared(p);
	bed_register(&p->b, 1, "shared", HI_SHARED_PREFIXES, IF3);
}

static void add_flow(struct pair *p, unsigned int n_bid, uint16_t first, uint16_t second)
{
	struct flow_spec s = udp_flow(1, 5000, first);

	s.n_bid = (uint8_t)n_bid;
	s.bid[1] = second;
	assert_int_equal(lma_flow_add(p->b.lma, &p->id, &s, FLOW_FOREVER), 0);
	assert_non_null(pair_kernel(p, 1));
}

static void revoke_bid(struct pair *p, uint16_t bid, uint8_t trigger, const struct prefix *hnp)
{
	struct lma_revocation v = {
		.mn_id = &p->id, .bid = bid, .trigger = trigger, .hnp = hnp,
	};

	assert_int_equal(lma_revoke(p->b.lma, &v), 1);
}

static unsigned int mag_of(struct pair *p, uint32_t tunnel)
{
	struct peer *peer, *tmp;

	HASH_ITER(hh, p->b.peers.table, peer, tmp)
		if (peer->users && peer->tunnel == tunnel)
			return peer->remote.s6_addr[15];
	return 0;
}

/* Which MAG packets of the flow to a prefix go to once the kernel has been told so much */
static unsigned int way(struct pair *p, const struct prefix *hnp, size_t told)
{
	const struct dp_binding *d = NULL;
	const struct dp_flow *f = NULL;
	unsigned int i, j;
	size_t n;

	for (n = 0; n < told; n++) {
		const struct fake_action *a = &p->b.f.v[n];

		if (a->kind == FAKE_BINDING_SET && prefix_equal(&a->binding.prefix, hnp))
			d = &a->binding;
		else if (a->kind == FAKE_FLOW_SET)
			f = &a->flow;
		else if (a->kind == FAKE_FLOW_DEL)
			f = NULL;
	}
	assert_non_null(d);
	for (j = 0; f && j < f->n_bid; j++) {
		assert_int_not_equal(f->bid[j], 0);
		for (i = 0; i < d->n_paths; i++)
			if (d->path[i].bid == f->bid[j])
				return mag_of(p, d->path[i].tunnel);
	}
	return mag_of(p, d->path[0].tunnel);
}

static unsigned int way_now(struct pair *p, const struct prefix *hnp)
{
	return way(p, hnp, p->b.f.len);
}

/* Whatever the kernel has been told since: its packets went by one MAG throughout. */
static void always(struct pair *p, size_t since, unsigned int mag)
{
	for (; since <= p->b.f.len; since++)
		assert_int_equal(way(p, &p->p1, since), mag);
}

/*
 * RFC 5846 §8.1, draft: fault tolerant multihoming §3.2: once the gateway may send back what
 * it holds, and before the BRI leaves, a flow that names it goes elsewhere, by the very
 * change that moves the rest; whatever else it names is next
 */
static void leaves_before_the_bri(void **state)
{
	static const unsigned int n_bid[] = { 1, 2 };
	unsigned int i, n, left;
	struct pair p;

	(void)state;
	for (i = 0; i < 2; i++) {
		open_shared(&p);
		add_flow(&p, n_bid[i], 1, 2);
		n = p.b.f.len;
		assert_int_equal(way_now(&p, &p.p1), 1);
		revoke_bid(&p, 1, BRI_ADMINISTRATIVE, NULL);
		for (left = n; left < p.b.f.len && way(&p, &p.p1, left) == 1; left++)
			;
		assert_int_equal(p.b.f.v[left - 1].kind, FAKE_BINDING_SET);
		assert_true(fake_index(&p.b.f, FAKE_RETURN_SET, 0) < (int)left);
		assert_true((int)left <= fake_index_mh(&p.b.f, MH_BRI, 0));
		always(&p, left, 2);
		assert_int_equal(bed_binding(&p.b, &p.p1)->path[1].bid, 0);
		answer(&p.b, -1, BRA_OK);
		always(&p, left, 2);
		pair_close(&p);
	}
}

/* RFC 5846 §5.2: 132: the node is there after all: so are its paths' names, and its flow */
static void is_back_after_132(void **state)
{
	struct pair p;

	(void)state;
	open_shared(&p);
	add_flow(&p, 1, 1, 0);
	revoke_bid(&p, 1, BRI_HANDOVER_UNKNOWN_ATT, NULL);
	assert_int_equal(way_now(&p, &p.p1), 2);
	answer(&p.b, -1, BRA_ATTACHED);
	assert_int_equal(way_now(&p, &p.p1), 1);
	assert_int_equal(bed_path(&p.b, &p.p1, 0), 1);
	assert_int_equal(bed_binding(&p.b, &p.p1)->path[0].bid, 1);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
	pair_close(&p);
}

/*
 * Draft: flow mobility §5.1: two attachments by one gateway, one of which is being revoked:
 * flows by the other stay there, whatever their path is called, and no packet goes
 * elsewhere in between; at the end of it the same
 */
static void the_other_there_stays(void **state)
{
	static const uint8_t end[] = { BRA_OK, BRA_ATTACHED };
	const struct dp_binding *d;
	struct pair p;
	unsigned int i;
	size_t since;

	(void)state;
	for (i = 0; i < 2; i++) {
		open_three(&p);
		add_flow(&p, 2, 3, 2);
		since = p.b.f.len;
		assert_int_equal(pair_kernel(&p, 1)->bid[0], 1);
		revoke_bid(&p, 1, BRI_HANDOVER_UNKNOWN_ATT, NULL);
		always(&p, since, 1);
		d = bed_binding(&p.b, &p.p1);
		assert_int_equal(d->n_paths, 2);
		assert_int_equal(d->path[0].bid, 2);
		assert_int_equal(d->path[1].bid, 3);
		assert_int_equal(pair_kernel(&p, 1)->n_bid, 2);
		assert_int_equal(pair_kernel(&p, 1)->bid[0], 3);
		answer(&p.b, -1, end[i]);
		always(&p, since, 1);
		assert_int_equal(pair_kernel(&p, 1)->n_bid, 2);
		assert_int_equal(pair_kernel(&p, 1)->bid[0], end[i] == BRA_OK ? 3 : 1);
		pair_close(&p);
	}
}

/* The same where that attachment leaves by itself (RFC 5213 §5.3.5), and a path is renamed */
static void the_other_there_leaves(void **state)
{
	struct pair p;
	struct mh_msg m;
	size_t since;

	(void)state;
	open_three(&p);
	add_flow(&p, 2, 3, 2);
	since = p.b.f.len;
	m = pair_leave_msg(&p, IF1, 4);
	assert_int_equal(bed_status(&p.b, 1, &m), PBA_ACCEPTED);
	always(&p, since, 1);
	assert_int_equal(pair_kernel(&p, 1)->n_bid, 2);
	assert_int_equal(pair_kernel(&p, 1)->bid[0], 3);
	pair_close(&p);
}

/*
 * RFC 5846 §8.2 item 2: "only [...] the specified": of a prefix that the gateway is losing
 * the flow's packets leave it, those of the others stay
 */
static void one_prefix_leaves(void **state)
{
	struct prefix p = fake_prefix("2001:db8:f:2::/64"), q = fake_prefix("2001:db8:f:3::/64");
	struct pair s;

	(void)state;
	bed_open(&s.b);
	s.b.conf.revocation.delay_ms = 1000;
	s.b.conf.revocation.max_delay_ms = 2000;
	lma_free(s.b.lma);
	policy_free(&s.b.policy);
	s.b.profile[3].multihoming = MULTIHOMING_SHARED;
	assert_int_equal(policy_table_open(&s.b.policy, s.b.profile, BED_PROFILES), 0);
	bed_start(&s.b);
	s.id = fake_nai("fixed2");
	bed_attach(&s.b, 1, "fixed2", HI_SHARED_PREFIXES, IF1);
	bed_attach(&s.b, 2, "fixed2", HI_SHARED_PREFIXES, IF2);
	add_flow(&s, 1, 1, 0);
	revoke_bid(&s, 1, BRI_ADMINISTRATIVE, &p);
	assert_int_equal(way_now(&s, &p), 2);
	assert_int_equal(way_now(&s, &q), 1);
	answer(&s.b, -1, BRA_OK);
	assert_int_equal(way_now(&s, &p), 2);
	assert_int_equal(way_now(&s, &q), 1);
	pair_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_before_the_bri), cmocka_unit_test(is_back_after_132),
		cmocka_unit_test(the_other_there_stays), cmocka_unit_test(the_other_there_leaves),
		cmocka_unit_test(one_prefix_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
