// SPDX-License-Identifier: GPL-2.0
/* The kernel refuses what the anchor asks for: nothing half-made stays. */
#include "lma_bed.h"

#include <errno.h>

struct seen {
	struct in6_addr coa;
	const char *state;
	uint16_t seq, bid;
	uint8_t hi;
	uint64_t remaining_ns;
	unsigned int n;
};

static bool look(void *arg, const struct lma_bce_view *v)
{
	struct seen *s = arg;

	s->coa = v->proxy_coa;
	s->state = v->state;
	s->seq = v->seq;
	s->bid = v->bid;
	s->hi = v->hi;
	s->remaining_ns = v->remaining_ns;
	s->n++;
	return true;
}

/* The last entry of the cache, and how many there are */
static struct seen cache(struct bed *b)
{
	struct seen s = { .n = 0 };

	lma_each(b->lma, look, &s);
	return s;
}

/* Whether the kernel still has what it was told then */
static bool stays(struct bed *b, size_t i)
{
	uint32_t id = b->f.v[i].tunnel.id;

	for (i++; i < b->f.len; i++) {
		const struct fake_action *a = &b->f.v[i];

		if (a->kind == FAKE_TUNNEL_DEL && a->tunnel_id == id)
			return false;
		if (a->kind == FAKE_TUNNEL_SET && !a->refused && a->tunnel.id == id)
			return false;
	}
	return true;
}

static unsigned int tunnels_held(struct bed *b)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < b->f.len; i++)
		n += b->f.v[i].kind == FAKE_TUNNEL_SET && !b->f.v[i].refused &&
		     stays(b, i);
	return n;
}

static const struct dp_binding *held(struct bed *b, const struct prefix *p)
{
	size_t i;

	for (i = b->f.len; i-- > 0;) {
		const struct fake_action *a = &b->f.v[i];

		if (a->refused)
			continue;
		if (a->kind == FAKE_BINDING_SET && prefix_equal(&a->binding.prefix, p))
			return &a->binding;
		if (a->kind == FAKE_BINDING_DEL && prefix_equal(&a->prefix, p))
			return NULL;
	}
	return NULL;
}

static uint8_t request(struct bed *b, unsigned int mag, const char *nai, uint8_t hi,
		       const char *llid, uint16_t lifetime)
{
	struct mh_msg m = bed_pbu(b, nai, hi);

	bed_llid(&m, llid);
	m.lifetime = lifetime;
	return bed_status(b, mag, &m);
}

static void told(struct bed *b, uint64_t times)
{
	assert_int_equal(lma_counters(b->lma)->forwarding_refused, times);
	if (times)
		assert_non_null(fake_find_notice(&b->f, "forwarding-refused", times - 1));
	assert_null(fake_find_notice(&b->f, "forwarding-refused", times));
}

static void new_is_undone(struct bed *b, enum fake_kind kind, int error)
{
	struct prefix p;

	fake_refuse(&b->f, kind, ~0U, error);
	assert_int_equal(request(b, 1, "single", HI_NEW_INTERFACE, IF1, 100),
			 PBA_NO_RESOURCES);
	assert_int_equal(bed_count(b), 0);
	assert_int_equal(tunnels_held(b), 0);
	assert_int_equal(b->f.timers.len, 0);
	told(b, 1);
	/* and when the obstacle is gone, the same request is a new one */
	fake_refuse(&b->f, kind, 0, 0);
	p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_int_equal(held(b, &p)->n_paths, 1);
	assert_int_equal(tunnels_held(b), 1);
	told(b, 1);
}

/* RFC 6275 §6.1.8: 130 "Insufficient resources", where the tunnel cannot be made */
static void new_without_tunnel(void **state)
{
	struct bed b;

	(void)state;
	bed_open(&b);
	new_is_undone(&b, FAKE_TUNNEL_SET, -EEXIST);
	bed_close(&b);
}

/* The same, where it is the route (RFC 5213 §5.3.2 rule 7) */
static void new_without_binding(void **state)
{
	struct bed b;

	(void)state;
	bed_open(&b);
	new_is_undone(&b, FAKE_BINDING_SET, -ENOMEM);
	bed_close(&b);
}

/* A prefix of the pool that was not put into force goes back: all of them serve */
static void pool_is_not_drained(void **state)
{
	struct bed b;
	unsigned int i;

	(void)state;
	bed_open(&b);
	lma_free(b.lma);
	b.conf.pool[0] = fake_prefix("2001:db8:100::/62");
	bed_start(&b);
	fake_refuse(&b.f, FAKE_BINDING_SET, ~0U, -ENOMEM);
	for (i = 0; i < 10; i++)
		assert_int_equal(request(&b, 1, "single", HI_NEW_INTERFACE, IF1, 100),
				 PBA_NO_RESOURCES);
	fake_refuse(&b.f, FAKE_BINDING_SET, 0, 0);
	assert_int_equal(request(&b, 1, "single", HI_NEW_INTERFACE, IF1, 100), 0);
	bed_close(&b);
}

/* A second attachment is refused: the first one's way is as before (draft §3) */
static void second_attachment(void **state)
{
	struct prefix p;
	struct seen s;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	fake_refuse(&b.f, FAKE_BINDING_SET, 2, -ENOMEM);
	assert_int_equal(request(&b, 2, "shared", HI_SHARED_PREFIXES, IF2, 100),
			 PBA_NO_RESOURCES);
	s = cache(&b);
	assert_int_equal(s.n, 1);
	assert_true(s.coa.s6_addr[15] == bed_mag(1).s6_addr[15]);
	assert_int_equal(held(&b, &p)->n_paths, 1);
	assert_int_equal(bed_path(&b, &p, 0), 1);
	assert_int_equal(tunnels_held(&b), 1);
	assert_int_equal(fake_find_mh(&b.f, MH_PBA, -1)->msg.opts.n_mag, 0);
	bed_close(&b);
}

/* RFC 6275 §9.5.1: a refused update does not change the entry: handoff */
static void handoff(void **state)
{
	struct seen before, after;
	struct prefix p;
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_advance_ms(&b.f, 5000);
	before = cache(&b);
	fake_refuse(&b.f, FAKE_TUNNEL_SET, 2, -EEXIST);
	m = bed_pbu(&b, "single", HI_BETWEEN_MAGS);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(&b, 2, &m), PBA_NO_RESOURCES);
	after = cache(&b);
	/* the bed's clock moves 1 ms per request */
	before.remaining_ns -= NSEC_PER_MSEC;
	assert_int_equal(after.remaining_ns, before.remaining_ns);
	assert_memory_equal(&after.coa, &before.coa, sizeof(after.coa));
	assert_int_equal(after.seq, before.seq);
	assert_int_equal(after.bid, before.bid);
	assert_int_equal(after.hi, before.hi);
	assert_string_equal(after.state, "active");
	assert_int_equal(bed_path(&b, &p, 0), 1);
	assert_int_equal(tunnels_held(&b), 1);
	told(&b, 1);
	/* nothing is left of it: the very same request goes the whole way */
	assert_int_equal(bed_status(&b, 2, &m), 0);
	assert_int_equal(bed_path(&b, &p, 0), 2);
	assert_int_equal(tunnels_held(&b), 1);
	bed_close(&b);
}

/* RFC 5213 §5.3.5: within the wait; refused, the wait goes on as it was */
static void revive(void **state)
{
	struct seen before, after;
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_int_equal(request(&b, 1, "single", HI_UNKNOWN, IF1, 0), 0);
	fake_advance_ms(&b.f, 5000);
	before = cache(&b);
	fake_refuse(&b.f, FAKE_BINDING_SET, 2, -ENOMEM);
	assert_int_equal(request(&b, 2, "single", HI_BETWEEN_MAGS, IF1, 100),
			 PBA_NO_RESOURCES);
	after = cache(&b);
	assert_int_equal(after.n, 1);
	assert_string_equal(after.state, "deregistered");
	assert_int_equal(after.bid, before.bid);
	assert_int_equal(after.seq, before.seq);
	assert_int_equal(after.remaining_ns, before.remaining_ns - NSEC_PER_MSEC);
	assert_int_equal(held(&b, &p)->path[0].kind, PMIP_PATH_DROP);
	assert_int_equal(tunnels_held(&b), 0);
	assert_int_equal(request(&b, 2, "single", HI_BETWEEN_MAGS, IF1, 100), 0);
	assert_int_equal(bed_path(&b, &p, 0), 2);
	bed_close(&b);
}

/* A revived attachment is the youngest; refused, it has its old place again */
static void revive_among_others(void **state)
{
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	bed_register(&b, 2, "shared", HI_SHARED_PREFIXES, IF2);
	assert_int_equal(request(&b, 1, "shared", HI_UNKNOWN, IF1, 0), 0);
	fake_refuse(&b.f, FAKE_BINDING_SET, 2, -ENOMEM);
	assert_int_equal(request(&b, 1, "shared", HI_SHARED_PREFIXES, IF1, 100),
			 PBA_NO_RESOURCES);
	assert_int_equal(bed_path(&b, &p, 0), 2);
	assert_int_equal(held(&b, &p)->n_paths, 1);
	assert_int_equal(cache(&b).bid, 2);
	assert_int_equal(tunnels_held(&b), 1);
	fake_advance_ms(&b.f, 10001);
	assert_int_equal(bed_count(&b), 1);
	assert_int_equal(bed_path(&b, &p, 0), 2);
	bed_close(&b);
}

/* RFC 5213 §5.3.3: refused, the lifetime that was granted before goes on */
static void extension(void **state)
{
	struct seen before, after;
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_advance_ms(&b.f, 100000);
	before = cache(&b);
	fake_refuse(&b.f, FAKE_BINDING_SET, 2, -ENOMEM);
	assert_int_equal(request(&b, 1, "single", HI_REREGISTRATION, IF1, 100),
			 PBA_NO_RESOURCES);
	after = cache(&b);
	assert_int_equal(after.remaining_ns, before.remaining_ns - NSEC_PER_MSEC);
	assert_int_equal(after.seq, before.seq);
	assert_string_equal(after.state, "active");
	assert_int_equal(bed_path(&b, &p, 0), 1);
	assert_int_equal(request(&b, 1, "single", HI_REREGISTRATION, IF1, 100), 0);
	assert_int_equal(cache(&b).remaining_ns, 400 * NSEC_PER_SEC);
	bed_close(&b);
}

/* RFC 5213 §5.6.2: what somebody has removed is made again, tunnels first */
static void lost_state_is_made_again(void **state)
{
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	bed_register(&b, 2, "shared", HI_SHARED_PREFIXES, IF2);
	fake_reset(&b.f);
	/* the kernel knows the tunnels no more */
	fake_refuse(&b.f, FAKE_BINDING_SET, 1, -ENOENT);
	assert_int_equal(request(&b, 1, "shared", HI_REREGISTRATION, IF1, 100), 0);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_SET), 2);
	assert_true(fake_index(&b.f, FAKE_TUNNEL_SET, 1) <
		    fake_index(&b.f, FAKE_BINDING_SET, 1));
	assert_int_equal(fake_find(&b.f, FAKE_BINDING_SET, 1)->binding.n_paths, 2);
	told(&b, 0);
	bed_close(&b);
}

/*
 * RFC 5213 §5.3.5: a node that leaves has left: accepted, and without a way
 * rather than by a tunnel to where it is not, which can go therefore
 */
static void deregistration(void **state)
{
	struct prefix p;
	struct bed b;

	(void)state;
	bed_open(&b);
	p = bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_refuse(&b.f, FAKE_BINDING_SET, 2, -ENOMEM);
	assert_int_equal(request(&b, 1, "single", HI_UNKNOWN, IF1, 0), 0);
	assert_string_equal(cache(&b).state, "deregistered");
	assert_null(held(&b, &p));
	assert_true(fake_index(&b.f, FAKE_BINDING_DEL, 0) <
		    fake_index(&b.f, FAKE_TUNNEL_DEL, 0));
	assert_int_equal(tunnels_held(&b), 0);
	told(&b, 1);
	bed_close(&b);
}

/* A refusal that nobody was waiting for does not fall on the next request */
static void refusal_of_others(void **state)
{
	struct peer *peer, *tmp;
	struct bed b;

	(void)state;
	bed_open(&b);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, IF1);
	fake_refuse(&b.f, FAKE_TUNNEL_SET, 1, -ENOMEM);
	HASH_ITER(hh, b.peers.table, peer, tmp)
		peer_tunnel_renew(peer);
	assert_int_equal(b.f.refusals, 1);
	assert_int_equal(request(&b, 2, "fixed2", HI_NEW_INTERFACE, IF2, 100), 0);
	told(&b, 0);
	bed_close(&b);
}

static int refuse_first(void *arg, const struct fake_action *a)
{
	const struct prefix p = fake_prefix("2001:db8:100::/64");

	(void)arg;
	return a->kind == FAKE_BINDING_SET && prefix_equal(&a->binding.prefix, &p) ? -ELOOP : 0;
}

/* Ours: one prefix that the kernel does not want costs one refusal, not the pool */
static void refused_prefix_does_not_block_the_pool(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	bed_open(&b);
	b.f.refuse = refuse_first;
	m = bed_pbu(&b, "single", HI_NEW_INTERFACE);
	assert_int_equal(bed_status(&b, 1, &m), PBA_NO_RESOURCES);
	bed_register(&b, 1, "other", HI_NEW_INTERFACE, NULL);
	bed_register(&b, 1, "single", HI_NEW_INTERFACE, NULL);
	bed_close(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_prefix_does_not_block_the_pool),
		cmocka_unit_test(new_without_tunnel),
		cmocka_unit_test(new_without_binding),
		cmocka_unit_test(pool_is_not_drained),
		cmocka_unit_test(second_attachment),
		cmocka_unit_test(handoff),
		cmocka_unit_test(revive),
		cmocka_unit_test(revive_among_others),
		cmocka_unit_test(extension),
		cmocka_unit_test(lost_state_is_made_again),
		cmocka_unit_test(deregistration),
		cmocka_unit_test(refusal_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
