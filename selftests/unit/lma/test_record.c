// SPDX-License-Identifier: GPL-2.0
/*
 * An anchor that dies, and the next one, which finds what that has written down.
 *
 * Shows: RFC 5847 §3.2: "the recovery happens without losing state for the PMIPv6
 * sessions active at the time of failure"
 */
#include "lma_bed.h"

#include <errno.h>
#include <utlist.h>

#define ENTRIES	8

struct entries {
	unsigned int n;
	struct lma_bce_view v[ENTRIES];
	struct prefix hnp[ENTRIES][HNP_MAX];
	struct llid llid[ENTRIES];
};

static bool note(void *arg, const struct lma_bce_view *v)
{
	struct entries *e = arg;

	assert_in_range(e->n, 0, ENTRIES - 1);
	memcpy(e->hnp[e->n], v->hnp, v->n_hnp * sizeof(*v->hnp));
	e->llid[e->n] = *v->llid;
	e->v[e->n++] = *v;
	return true;
}

static struct entries entries_of(struct bed *b)
{
	struct entries e = { .n = 0 };

	lma_each(b->lma, note, &e);
	return e;
}

static void recall_all(struct bed *b)
{
	const struct fake_record *r, *tmp;

	DL_FOREACH_SAFE(b->f.kept, r, tmp)
		if (r->key.kind == KEEP_NODE)
			assert_int_equal(lma_recall(b->lma, &r->key, r->data, r->len), 0);
}

/* It is killed; the next one, of the same machine, is @next, with empty hands. */
static void die(struct bed *b, struct bed *next)
{
	bed_open(next);
	fake_bequeath(&b->f, &next->f);
	next->seq = b->seq;
	bed_close(b);
}

static void open_keeping(struct bed *b)
{
	bed_open(b);
	b->f.keeps = true;
}

static void assert_same(const struct entries *a, const struct entries *b)
{
	unsigned int i;

	assert_int_equal(a->n, b->n);
	for (i = 0; i < a->n; i++) {
		const struct lma_bce_view *x = &a->v[i], *y = &b->v[i];

		assert_true(llid_equal(&a->llid[i], &b->llid[i]));
		assert_memory_equal(&x->proxy_coa, &y->proxy_coa, sizeof(x->proxy_coa));
		assert_int_equal(x->bid, y->bid);
		assert_int_equal(x->bid_pri, y->bid_pri);
		assert_int_equal(x->att, y->att);
		assert_int_equal(x->hi, y->hi);
		assert_int_equal(x->seq, y->seq);
		assert_int_equal(x->n_shared, y->n_shared);
		assert_string_equal(x->state, y->state);
		assert_int_equal(x->remaining_ns, y->remaining_ns);
		assert_int_equal(x->n_hnp, y->n_hnp);
		assert_memory_equal(a->hnp[i], b->hnp[i], x->n_hnp * sizeof(struct prefix));
	}
}

/* RFC 5213 §5.1: all that an entry has, of one with two interfaces the order as well */
static void entries_go_on(void **state)
{
	struct entries before, after;
	struct bed a, b;
	struct prefix p;

	(void)state;
	open_keeping(&a);
	p = bed_register(&a, 1, "shared", HI_SHARED_PREFIXES, IF1);
	fake_advance_ms(&a.f, 5000);
	bed_register(&a, 2, "shared", HI_SHARED_PREFIXES, IF2);
	bed_register(&a, 2, "single", HI_UNKNOWN, NULL);
	bed_attach(&a, 1, "mixed", HI_UNKNOWN, IF1);
	bed_attach(&a, 2, "mixed", HI_NEW_INTERFACE, IF2);
	before = entries_of(&a);
	assert_int_equal(before.n, 5);
	die(&a, &b);
	recall_all(&b);
	after = entries_of(&b);
	assert_same(&before, &after);
	assert_int_equal(bed_path(&b, &p, 0), 1);
	assert_int_equal(bed_path(&b, &p, 1), 2);
	bed_close(&b);
}

/* RFC 6275 §9.5.1: the sequence number of an earlier life counts: none is taken twice */
static void sequence_numbers_go_on(void **state)
{
	struct mh_msg m, old;
	struct bed a, b;
	struct prefix p;

	(void)state;
	open_keeping(&a);
	a.conf.timestamps = false;
	m = bed_pbu(&a, "single", HI_UNKNOWN);
	m.opts.present &= ~MH_HAS_TIMESTAMP;
	old = m;
	p = bed_send(&a, 1, &m)->opts.hnp[0].prefix;
	die(&a, &b);
	b.conf.timestamps = false;
	recall_all(&b);
	old.opts.hi = HI_REREGISTRATION;
	old.opts.hnp[0].prefix = p;
	old.seq--;
	assert_int_equal(bed_status(&b, 1, &old), PBA_SEQ_OUT_OF_WINDOW);
	old.seq += 2;
	assert_int_equal(bed_status(&b, 1, &old), PBA_ACCEPTED);
	assert_int_equal(bed_count(&b), 1);
	bed_close(&b);
}

/* RFC 5213 §5.5: nor a timestamp that is not newer than the newest */
static void timestamps_go_on(void **state)
{
	struct bed a, b;
	struct mh_msg m;

	(void)state;
	open_keeping(&a);
	m = bed_pbu(&a, "single", HI_UNKNOWN);
	assert_int_equal(bed_status(&a, 1, &m), PBA_ACCEPTED);
	die(&a, &b);
	recall_all(&b);
	m.seq++;
	assert_int_equal(bed_status(&b, 1, &m), PBA_TIMESTAMP_LOWER_THAN_PREV);
	bed_close(&b);
}

/* RFC 5213 §5.3.5: the wait of one that has been deregistered goes on, and ends */
static void what_has_ended_ends(void **state)
{
	struct prefix p;
	struct bed a, b;
	struct mh_msg m;

	(void)state;
	open_keeping(&a);
	p = bed_register(&a, 1, "single", HI_UNKNOWN, IF1);
	fake_advance_ms(&a.f, 1000);
	m = bed_pbu(&a, "single", HI_UNKNOWN);
	bed_llid(&m, IF1);
	m.lifetime = 0;
	assert_int_equal(bed_status(&a, 1, &m), PBA_ACCEPTED);
	die(&a, &b);
	recall_all(&b);
	assert_int_equal(bed_binding(&b, &p)->path[0].kind, PMIP_PATH_DROP);
	fake_advance_ms(&b.f, 9999);
	assert_int_equal(bed_count(&b), 1);
	fake_advance_ms(&b.f, 2);
	assert_int_equal(bed_count(&b), 0);
	assert_null(bed_binding(&b, &p));
	assert_int_equal(fake_kept(&b.f, KEEP_NODE), 0);
	bed_close(&b);
}

/* RFC 5213 §5.3.3: a lifetime that was over meanwhile is over */
static void lifetime_goes_on(void **state)
{
	struct bed a, b;

	(void)state;
	open_keeping(&a);
	bed_register(&a, 1, "single", HI_UNKNOWN, IF1);
	fake_advance_ms(&a.f, 399000);
	die(&a, &b);
	recall_all(&b);
	assert_int_equal(bed_count(&b), 1);
	fake_advance_ms(&b.f, 1001);
	assert_int_equal(bed_count(&b), 0);
	assert_int_equal(fake_kept(&b.f, KEEP_NODE), 0);
	bed_close(&b);
}

/* RFC 5213 §5.2: what a session has of a pool is nobody else's */
static void pool_learns_of_them(void **state)
{
	struct prefix first, second;
	struct bed a, b;
	struct mh_msg m;

	(void)state;
	open_keeping(&a);
	first = bed_register(&a, 1, "single", HI_UNKNOWN, IF1);
	die(&a, &b);
	recall_all(&b);
	lma_recalled(b.lma);
	second = bed_register(&b, 1, "other", HI_UNKNOWN, IF2);
	assert_false(prefix_equal(&first, &second));
	/* and it takes back what it has learnt of */
	m = bed_pbu(&b, "single", HI_UNKNOWN);
	bed_llid(&m, IF1);
	m.lifetime = 0;
	assert_int_equal(bed_status(&b, 1, &m), PBA_ACCEPTED);
	fake_advance_ms(&b.f, 10001);
	second = bed_register(&b, 1, "wifi", HI_UNKNOWN, IF2);
	assert_true(prefix_equal(&first, &second));
	bed_close(&b);
}

static void hear(struct bed *b, unsigned int mag, uint16_t flags, uint32_t counter)
{
	struct mh_msg m = { .kind = MH_HEARTBEAT, .flags = flags };
	struct in6_addr src = bed_mag(mag), dst = bed_lma();

	if (!(flags & HB_F_U))
		m.hb_seq = fake_find_mh(&b->f, MH_HEARTBEAT, -1)->msg.hb_seq;
	m.opts.present = MH_HAS_RESTART;
	m.opts.restart = counter;
	peer_on_heartbeat(&b->peers, &dst, &src, &m);
}

/* RFC 5847 §3.2: a restart of a gateway while nobody looked shows in its counter. */
static void restart_meanwhile_is_noticed(void **state)
{
	struct bed a, b;

	(void)state;
	open_keeping(&a);
	bed_register(&a, 1, "single", HI_UNKNOWN, IF1);
	fake_advance_ms(&a.f, 1);
	hear(&a, 1, HB_F_R, 7);
	/* known with what is written next */
	bed_register(&a, 1, "other", HI_UNKNOWN, IF2);
	fake_advance_ms(&a.f, 1000);
	hear(&a, 1, HB_F_R, 7);
	bed_register(&a, 1, "wifi", HI_UNKNOWN, IF1);
	die(&a, &b);
	recall_all(&b);
	fake_advance_ms(&b.f, 1000);
	hear(&b, 1, HB_F_R, 7);
	assert_string_equal(entries_of(&b).v[0].state, "active");
	fake_advance_ms(&b.f, 1000);
	hear(&b, 1, HB_F_R, 8);
	assert_string_equal(entries_of(&b).v[0].state, "deregistered");
	bed_close(&b);
}

/* RFC 5213 §5.3.1 rule 4: who may not register any more has nothing to go on with. */
static void stranger_is_left_out(void **state)
{
	struct bed a, b;

	(void)state;
	open_keeping(&a);
	bed_register(&a, 1, "single", HI_UNKNOWN, IF1);
	die(&a, &b);
	b.mags[0] = fake_prefix("2001:db8:0:99::/64");
	recall_all(&b);
	assert_int_equal(bed_count(&b), 0);
	assert_int_equal(fake_kept(&b.f, KEEP_NODE), 0);
	bed_close(&b);
}

/* What nobody has put, or what contradicts, is taken in no part. */
static void nonsense_is_refused(void **state)
{
	const struct fake_record *r;
	uint8_t data[4096];
	struct bed a, b;
	size_t i, len;

	(void)state;
	open_keeping(&a);
	bed_register(&a, 1, "shared", HI_SHARED_PREFIXES, IF1);
	bed_register(&a, 2, "shared", HI_SHARED_PREFIXES, IF2);
	die(&a, &b);
	r = fake_record(&b.f, KEEP_NODE, 0);
	len = r->len;
	assert_in_range(len, 1, sizeof(data));
	for (i = 0; i < len; i++)
		assert_int_equal(lma_recall(b.lma, &r->key, r->data, i), -EINVAL);
	/* whatever it says, it is taken or refused */
	for (i = 0; i < len; i++) {
		memcpy(data, r->data, len);
		data[i] ^= 0xff;
		if (!lma_recall(b.lma, &r->key, data, len)) {
			lma_free(b.lma);
			peers_free(&b.peers);
			peers_init(&b.peers, &b.f.env, &b.peers.conf);
			bed_start(&b);
		}
	}
	assert_int_equal(bed_count(&b), 0);
	assert_int_equal(lma_recall(b.lma, &r->key, r->data, len), 0);
	assert_int_equal(lma_recall(b.lma, &r->key, r->data, len), -EEXIST);
	assert_int_equal(bed_count(&b), 2);
	bed_close(&b);
}

/* It is another machine that goes on, whose clock began at another time. */
static void clock_is_another_one(void **state)
{
	static const int64_t ahead[] = { 86400 * (int64_t)NSEC_PER_SEC,
					 -4 * (int64_t)NSEC_PER_SEC };
	struct entries was, is;
	struct fake_record *r;
	struct bed a, b;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		open_keeping(&a);
		fake_advance_ms(&a.f, 5000);
		bed_register(&a, 1, "shared", HI_SHARED_PREFIXES, IF1);
		was = entries_of(&a);
		die(&a, &b);
		b.f.now += (uint64_t)ahead[i];
		r = b.f.kept;
		assert_true(lma_record_shift(r->data, r->len, ahead[i]));
		assert_int_equal(lma_recall(b.lma, &r->key, r->data, r->len), 0);
		is = entries_of(&b);
		assert_int_equal(is.n, 1);
		assert_int_equal(is.v[0].remaining_ns, was.v[0].remaining_ns);
		assert_false(lma_record_shift(r->data, r->len - 1, 1));
		/* what was before this machine was is not in its future */
		assert_true(lma_record_shift(r->data, r->len, INT64_MIN + 1));
		bed_close(&b);
	}
}

/* RFC 5847 §3.2: what the record does not say has been lost with the daemon. */
static void flows_are_not_in_it(void **state)
{
	struct flow_spec s = {
		.fid = 1, .pri = 10, .n_bid = 1,
		.selector = { .format = SELECTOR_IPV6, .fields = SELECTOR_HAS(SELECTOR_PROTO),
			      .proto = { 17, 17 } },
	};
	struct mn_id id = fake_nai("different");
	struct bed a;

	(void)state;
	open_keeping(&a);
	bed_register(&a, 1, "different", HI_UNKNOWN, IF1);
	assert_false(fake_record(&a.f, KEEP_NODE, 0)->more);
	s.bid[0] = entries_of(&a).v[0].bid;
	assert_int_equal(lma_flow_add(a.lma, &id, &s, 600), 0);
	assert_true(fake_record(&a.f, KEEP_NODE, 0)->more);
	assert_int_equal(lma_flow_del(a.lma, &id, 1), 0);
	assert_false(fake_record(&a.f, KEEP_NODE, 0)->more);
	bed_close(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_go_on),
		cmocka_unit_test(sequence_numbers_go_on),
		cmocka_unit_test(timestamps_go_on),
		cmocka_unit_test(what_has_ended_ends),
		cmocka_unit_test(lifetime_goes_on),
		cmocka_unit_test(pool_learns_of_them),
		cmocka_unit_test(restart_meanwhile_is_noticed),
		cmocka_unit_test(stranger_is_left_out),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(clock_is_another_one),
		cmocka_unit_test(flows_are_not_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
