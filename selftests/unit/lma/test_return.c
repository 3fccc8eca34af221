// SPDX-License-Identifier: GPL-2.0
/* Packets that a gateway sends back after it has deregistered a node. */
#include "lma_bed.h"

#include <errno.h>

static struct bed bed;

static int setup(void **state)
{
	bed_open(&bed);
	bed.conf.return_ms = 5000;
	bed.conf.order_ms = 700;
	*state = &bed;
	return 0;
}

static int teardown(void **state)
{
	bed_close(*state);
	return 0;
}

static void leave(struct bed *b, unsigned int mag, const char *nai, const char *llid)
{
	struct mh_msg m = bed_pbu(b, nai, HI_UNKNOWN);

	bed_llid(&m, llid);
	m.lifetime = 0;
	assert_int_equal(bed_status(b, mag, &m), PBA_ACCEPTED);
}

static uint32_t tunnel_to(struct bed *b, unsigned int mag)
{
	struct in6_addr lma = bed_lma(), remote = bed_mag(mag);
	struct peer *p = peer_find(&b->peers, &lma, &remote);

	return p && p->users ? p->tunnel : 0;
}

static const struct fake_return *allowed(struct bed *b, int nth)
{
	const struct fake_action *a = fake_find(&b->f, FAKE_RETURN_SET, nth);

	return a ? &a->ret : NULL;
}

/* Two attachments that share a prefix; only what follows is remembered */
static struct prefix two(struct bed *b)
{
	struct prefix p = bed_register(b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	struct prefix q = bed_register(b, 2, "shared", HI_SHARED_PREFIXES, IF2);

	assert_true(prefix_equal(&p, &q));
	fake_reset(&b->f);
	return p;
}

/*
 * Draft: fault tolerant multihoming §3.2 (4) to (7): the entry is updated, the PBA
 * sent, and what MAG1 forwards then is sent to MAG2: it is expected before MAG1 hears
 * that it may, and, for the order, before the first newer packet takes the new way.
 */
static void they_may_come_back(void **state)
{
	struct bed *b = *state;
	struct prefix p = two(b);
	uint32_t tunnel = tunnel_to(b, 1);

	leave(b, 1, "shared", IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_true(prefix_equal(&allowed(b, 0)->prefix, &p));
	assert_int_equal(allowed(b, 0)->allowed.tunnel, tunnel);
	assert_int_equal(allowed(b, 0)->allowed.time_ms, 5000);
	assert_int_equal(allowed(b, 0)->allowed.wait_ms, 0);
	assert_int_equal(bed_path(b, &p, 0), 2);
	assert_int_equal(bed_binding(b, &p)->n_paths, 1);
	assert_true(fake_index(&b->f, FAKE_RETURN_SET, 0) <
		    fake_index(&b->f, FAKE_BINDING_SET, 0));
	assert_true(fake_index(&b->f, FAKE_BINDING_SET, 0) <
		    fake_index_mh(&b->f, MH_PBA, 0));
	/* by a tunnel that is there as long */
	fake_advance_ms(&b->f, 4999);
	assert_int_equal(tunnel_to(b, 1), tunnel);
	assert_int_equal(fake_count(&b->f, FAKE_TUNNEL_DEL), 0);
	fake_advance_ms(&b->f, 2);
	assert_int_equal(tunnel_to(b, 1), 0);
	assert_int_equal(fake_find(&b->f, FAKE_TUNNEL_DEL, 0)->tunnel_id, tunnel);
}

/* Ours, of draft: fault tolerant multihoming §3.2 (7) and (8): the order of each flow */
static void newer_ones_wait(void **state)
{
	struct bed *b = *state;

	bed_keep_order(b);
	two(b);
	leave(b, 1, "shared", IF1);
	assert_int_equal(allowed(b, 0)->allowed.wait_ms, 700);
}

/* Ours: who has nowhere to send them takes none */
static void no_other_way(void **state)
{
	struct bed *b = *state;

	bed_register(b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	/* another interface at the same gateway is no other way */
	bed_register(b, 1, "shared", HI_SHARED_PREFIXES, IF2);
	leave(b, 1, "shared", IF1);
	leave(b, 1, "shared", IF2);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 0);
	assert_int_equal(fake_count(&b->f, FAKE_TUNNEL_DEL), 1);
	assert_int_equal(b->f.timers.len, 2);
}

/* pmipd.conf(5): return-ms = 0: nothing comes back */
static void switched_off(void **state)
{
	struct bed *b = *state;

	b->conf.return_ms = 0;
	two(b);
	leave(b, 1, "shared", IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 0);
	assert_int_equal(tunnel_to(b, 1), 0);
}

/* Ours: a gateway that loses many nodes has one tunnel, until the last one's time is over */
static void many_nodes(void **state)
{
	struct bed *b = *state;

	two(b);
	bed_register(b, 1, "other", HI_SHARED_PREFIXES, IF1);
	bed_register(b, 3, "other", HI_SHARED_PREFIXES, IF2);
	fake_reset(&b->f);
	leave(b, 1, "shared", IF1);
	fake_advance_ms(&b->f, 3000);
	leave(b, 1, "other", IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 2);
	fake_advance_ms(&b->f, 4900);
	assert_int_not_equal(tunnel_to(b, 1), 0);
	fake_advance_ms(&b->f, 200);
	assert_int_equal(tunnel_to(b, 1), 0);
	assert_int_equal(fake_count(&b->f, FAKE_TUNNEL_DEL), 1);
}

/*
 * Draft: flow mobility §3.1: interfaces with prefixes of their own: flows to the one's
 * may have been moved to the other, which is lost.  No mark of an end is due there.
 */
static void prefixes_of_others(void **state)
{
	struct bed *b = *state;
	struct prefix p, q;

	bed_keep_order(b);
	p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	q = bed_register(b, 2, "single", HI_NEW_INTERFACE, IF2);
	assert_false(prefix_equal(&p, &q));
	leave(b, 1, "single", IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_true(prefix_equal(&allowed(b, 0)->prefix, &q));
	assert_int_equal(allowed(b, 0)->allowed.wait_ms, 0);
}

/*
 * RFC 5213 §5.3.5: an entry whose node is back within the delay "MUST NOT be deleted".
 * The gateway delivers what it held, and sends no mark: no newer packet waits for one.
 */
static void node_is_back(void **state)
{
	struct bed *b = *state;
	struct prefix p;

	bed_keep_order(b);
	p = two(b);
	leave(b, 1, "shared", IF1);
	assert_int_equal(allowed(b, 0)->allowed.wait_ms, 700);
	fake_reset(&b->f);
	bed_register(b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_true(prefix_equal(&allowed(b, 0)->prefix, &p));
	assert_int_equal(allowed(b, 0)->allowed.tunnel, tunnel_to(b, 1));
	assert_int_equal(allowed(b, 0)->allowed.time_ms, 0);
	/* what has waited takes the way that is still there, and is ahead of the newer */
	assert_true(fake_index(&b->f, FAKE_RETURN_SET, 0) <
		    fake_index(&b->f, FAKE_BINDING_SET, 0));
	/* once is enough */
	bed_register(b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
}

/* The same where it is the other attachment that moves to the gateway */
static void node_is_back_by_handover(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	bed_keep_order(b);
	two(b);
	leave(b, 1, "shared", IF1);
	fake_reset(&b->f);
	m = bed_pbu(b, "shared", HI_BETWEEN_MAGS);
	bed_llid(&m, IF2);
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_int_equal(allowed(b, 0)->allowed.tunnel, tunnel_to(b, 1));
	assert_int_equal(allowed(b, 0)->allowed.time_ms, 0);
}

/* One interface after the other breaks: what one gateway ends, another has not */
static void one_of_two_is_back(void **state)
{
	struct bed *b = *state;
	unsigned int i;

	bed_keep_order(b);
	two(b);
	bed_register(b, 3, "shared", HI_SHARED_PREFIXES, "02:00:00:00:00:23");
	leave(b, 1, "shared", IF1);
	leave(b, 2, "shared", IF2);
	fake_reset(&b->f);
	bed_register(b, 1, "shared", HI_SHARED_PREFIXES, IF1);
	bed_register(b, 2, "shared", HI_SHARED_PREFIXES, IF2);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 2);
	for (i = 0; i < 2; i++) {
		assert_int_equal(allowed(b, i)->allowed.tunnel, tunnel_to(b, i + 1));
		assert_int_equal(allowed(b, i)->allowed.time_ms, 0);
	}
}

/* Elsewhere: the gateway that has lost it sends back what it held, and the mark */
static void node_is_back_elsewhere(void **state)
{
	struct bed *b = *state;

	bed_keep_order(b);
	two(b);
	leave(b, 1, "shared", IF1);
	fake_reset(&b->f);
	bed_register(b, 3, "shared", HI_SHARED_PREFIXES, IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 0);
}

/*
 * Draft: fault tolerant multihoming §3.2 (5), (6): "upon receiving" the PBA the gateway
 * sends back: one that repeats its deregistration has not had it, so what it holds is
 * still to come, and newer packets still wait.  Before the second answer leaves that holds
 * for as long as after the first.
 */
static void repeated(void **state)
{
	struct bed *b = *state;
	struct prefix p;
	uint32_t tunnel;

	bed_keep_order(b);
	p = two(b);
	tunnel = tunnel_to(b, 1);
	leave(b, 1, "shared", IF1);
	fake_advance_ms(&b->f, 1000);
	leave(b, 1, "shared", IF1);
	assert_int_equal(fake_count_mh(&b->f, MH_PBA), 2);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 2);
	assert_true(prefix_equal(&allowed(b, 1)->prefix, &p));
	assert_int_equal(allowed(b, 1)->allowed.tunnel, tunnel);
	assert_int_equal(allowed(b, 1)->allowed.time_ms, 5000);
	assert_int_equal(allowed(b, 1)->allowed.wait_ms, 700);
	assert_true(fake_index(&b->f, FAKE_RETURN_SET, 1) <
		    fake_index_mh(&b->f, MH_PBA, 1));
	/* the tunnel is there as long */
	fake_advance_ms(&b->f, 4999);
	assert_int_equal(tunnel_to(b, 1), tunnel);
	fake_advance_ms(&b->f, 2);
	assert_int_equal(tunnel_to(b, 1), 0);
	/* what is over does not begin again */
	leave(b, 1, "shared", IF1);
	assert_int_equal(fake_count_mh(&b->f, MH_PBA), 3);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 2);
}

/* Ours: what nothing waited for, nothing waits for then */
static void repeated_without_order(void **state)
{
	struct bed *b = *state;

	two(b);
	leave(b, 1, "shared", IF1);
	leave(b, 1, "shared", IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 2);
	assert_int_equal(allowed(b, 1)->allowed.wait_ms, 0);
}

/* RFC 7864 §3.1: of a combination, what is shared, and what is the other's own */
static void combined_prefixes(void **state)
{
	struct prefix common = fake_prefix("2001:db8:f:8::/64");
	struct prefix other = fake_prefix("2001:db8:f:a::/64");
	struct bed *b = *state;
	struct mh_msg m;

	bed_keep_order(b);
	m = bed_pbu(b, "mixed", HI_NEW_INTERFACE);
	bed_llid(&m, IF1);
	assert_int_equal(bed_status(b, 1, &m), PBA_ACCEPTED);
	m = bed_pbu(b, "mixed", HI_NEW_INTERFACE);
	bed_llid(&m, IF2);
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
	leave(b, 1, "mixed", IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 2);
	assert_true(prefix_equal(&allowed(b, 0)->prefix, &other));
	assert_int_equal(allowed(b, 0)->allowed.wait_ms, 0);
	assert_true(prefix_equal(&allowed(b, 1)->prefix, &common));
	assert_int_equal(allowed(b, 1)->allowed.wait_ms, 700);
}

/* Ours: a kernel that refuses this has lost no binding for it */
static void refused_by_the_kernel(void **state)
{
	struct bed *b = *state;
	struct prefix p = two(b);

	fake_refuse(&b->f, FAKE_RETURN_SET, ~0U, -ENOMEM);
	leave(b, 1, "shared", IF1);
	assert_int_equal(bed_path(b, &p, 0), 2);
}

/*
 * RFC 5847 §3, draft: fault tolerant multihoming §3.2 (6): a gateway that begins anew may
 * find what it held, and its deregistration, then, is a repeated one: it may come back, but
 * whether it does, and a mark with it, nobody knows
 */
static void gateway_begins_anew(void **state)
{
	struct in6_addr lma = bed_lma(), mag = bed_mag(1);
	struct bed *b = *state;
	struct peer *p;
	uint32_t tunnel;

	bed_keep_order(b);
	two(b);
	tunnel = tunnel_to(b, 1);
	p = peer_find(&b->peers, &lma, &mag);
	p->counter_seen = b->f.now + 1;
	lma_on_peer_restart(b->lma, p);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_int_equal(allowed(b, 0)->allowed.tunnel, tunnel);
	assert_int_equal(allowed(b, 0)->allowed.wait_ms, 0);
	fake_advance_ms(&b->f, 4000);
	leave(b, 1, "shared", IF1);
	assert_int_equal(allowed(b, 1)->allowed.time_ms, 5000);
	assert_int_equal(allowed(b, 1)->allowed.wait_ms, 0);
	fake_advance_ms(&b->f, 4000);
	assert_int_equal(tunnel_to(b, 1), tunnel);
	fake_advance_ms(&b->f, 1001);
	assert_int_equal(tunnel_to(b, 1), 0);
}

/* A node with one entry comes by another gateway, from which nobody knows (RFC 5213 §5.4.1.2) */
static struct prefix waits_for_one(struct bed *b)
{
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	struct mh_msg m = bed_pbu(b, "single", HI_UNKNOWN);

	bed_llid(&m, IF2);
	assert_null(bed_send(b, 2, &m));
	fake_reset(&b->f);
	return p;
}

/*
 * Draft: fault tolerant multihoming §3.2 (4) to (7): the interface that is available is one
 * whose registration has waited for the deregistration: it has the prefix before the
 * gateway before hears that it may send back
 */
static void another_gateway_waits(void **state)
{
	const struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;
	struct prefix p = waits_for_one(b);
	uint32_t tunnel = tunnel_to(b, 1);

	leave(b, 1, "single", IF1);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_true(prefix_equal(&allowed(b, 0)->prefix, &p));
	assert_int_equal(allowed(b, 0)->allowed.tunnel, tunnel);
	assert_int_equal(bed_path(b, &p, 0), 2);
	assert_true(fake_index(&b->f, FAKE_RETURN_SET, 0) <
		    fake_index(&b->f, FAKE_BINDING_SET, 0));
	assert_int_equal(fake_count_mh(&b->f, MH_PBA), 2);
	assert_true(IN6_ARE_ADDR_EQUAL(&fake_find_mh(&b->f, MH_PBA, 1)->dst, &mag));
	assert_int_equal(fake_find_mh(&b->f, MH_PBA, 1)->msg.lifetime, 0);
	assert_true(fake_index(&b->f, FAKE_BINDING_SET, -1) <
		    fake_index_mh(&b->f, MH_PBA, 1));
	fake_advance_ms(&b->f, 4999);
	assert_int_equal(tunnel_to(b, 1), tunnel);
	fake_advance_ms(&b->f, 2);
	assert_int_equal(tunnel_to(b, 1), 0);
}

/* RFC 5846 §8.1: "as if it received a de-registration message": what comes after the answer */
static void another_gateway_waits_for_the_answer(void **state)
{
	struct in6_addr mag = bed_mag(1), lma = bed_lma();
	struct bed *b = *state;
	const struct fake_mh *q;
	struct mh_msg m;
	struct prefix p;

	b->conf.revoke_handover = true;
	p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, IF2);
	assert_null(bed_send(b, 2, &m));
	q = fake_find_mh(&b->f, MH_BRI, 0);
	m = (struct mh_msg){ .kind = MH_BRA, .seq = q->msg.seq, .flags = q->msg.flags };
	lma_on_bra(b->lma, &mag, &lma, &m);
	assert_int_equal(fake_count(&b->f, FAKE_RETURN_SET), 1);
	assert_int_equal(bed_path(b, &p, 0), 2);
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(they_may_come_back), T(newer_ones_wait), T(no_other_way), T(switched_off),
		T(many_nodes), T(prefixes_of_others), T(repeated),
		T(repeated_without_order), T(refused_by_the_kernel),
		T(combined_prefixes), T(node_is_back), T(node_is_back_by_handover),
		T(node_is_back_elsewhere), T(one_of_two_is_back), T(gateway_begins_anew),
		T(another_gateway_waits), T(another_gateway_waits_for_the_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
