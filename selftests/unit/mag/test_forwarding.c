// SPDX-License-Identifier: GPL-2.0
/* The kernel refuses what the gateway asks for: nobody is promised a way. */
#include "mag_bed.h"

#include <stdio.h>

#define PMAG	"2001:db8:0:2::2"	/* the node's other gateway */

static uint32_t first_peer_tunnel(struct fixture *x)
{
	struct peer *p = peer_find(&x->peers, &x->self, &x->other);

	return p && p->users ? p->tunnel : 0;
}

/* Registrations and deregistrations that have been sent */
static unsigned int pbus(struct fixture *x, bool dereg)
{
	unsigned int i, n = 0;

	for (i = 0; i < fake_count_mh(&x->f, MH_PBU); i++)
		n += !fake_find_mh(&x->f, MH_PBU, i)->msg.lifetime == dereg;
	return n;
}

static void told(struct fixture *x, uint64_t times)
{
	assert_int_equal(mag_counters(x->m)->forwarding_refused, times);
	assert_true(!times == !fake_find_notice(&x->f, "forwarding-refused", 0));
}

/* Registered at the anchor, refused by the kernel */
static void refused_at_first(struct fixture *x, enum fake_kind kind, int error)
{
	attach(x);
	fake_refuse(&x->f, kind, ~0U, error);
	answer(x, PBA_ACCEPTED, PMAG);
}

static void unserved(struct fixture *x, enum fake_kind kind, int error)
{
	const struct fake_mh *dereg;

	refused_at_first(x, kind, error);
	assert_string_equal(state_of(x), "blocked");
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 0);
	dereg = fake_find_mh(&x->f, MH_PBU, -1);
	assert_int_equal(dereg->msg.lifetime, 0);
	assert_memory_equal(&dereg->dst, &x->lma, sizeof(x->lma));
	assert_int_equal(fake_find(&x->f, FAKE_TUNNEL_DEL, -1)->tunnel_id,
			 fake_find(&x->f, FAKE_TUNNEL_SET, 0)->tunnel.id);
	told(x, 1);
	/* solicited, it stays silent, and the node's signs of life change nothing */
	mag_on_rs(x->m, IF1, &x->l1, &in6addr_any);
	attach(x);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	/* the obstacle goes: the next try serves the node */
	fake_refuse(&x->f, kind, 0, 0);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 999);
	assert_int_equal(pbus(x, false), 1);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(pbus(x, false), 2);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 1);
	assert_true(fake_find(&x->f, FAKE_SEND_RA, 0)->ra.valid > 0);
	told(x, 1);
}

/* RFC 5213 §6.9.1.2-12: tunnel before advertisement: without it there is none */
static void no_tunnel(void **state)
{
	unserved(*state, FAKE_TUNNEL_SET, -EEXIST);
}

/* RFC 5213 §6.10.5: the same of the route */
static void no_binding(void **state)
{
	unserved(*state, FAKE_BINDING_SET, -ENOMEM);
}

/* RFC 6275 §11.8: the rate of tries falls to one per MAX_BINDACK_TIMEOUT */
static void tries_are_bounded(void **state)
{
	struct fixture *x = *state;
	unsigned int i, early = 0;
	size_t answered = 1;

	refused_at_first(x, FAKE_BINDING_SET, -ENOMEM);
	for (i = 0; i < 6000; i++) {
		if (fake_count_mh(&x->f, MH_PBU) > answered) {
			answered = fake_count_mh(&x->f, MH_PBU);
			answer(x, PBA_ACCEPTED, NULL);
		}
		fake_advance_ms(&x->f, 100);
		if (i == 640)
			early = pbus(x, false);
	}
	/* 1, 2, 4, 8, 16, 32, 32… s: six in the first minute, then two a minute */
	assert_in_range(early, 6, 8);
	assert_in_range(pbus(x, false), 18, 24);
	assert_int_equal(pbus(x, false), pbus(x, true));
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
}

/* After a success the back-off begins anew */
static void back_off_is_forgotten(void **state)
{
	struct fixture *x = *state;

	refused_at_first(x, FAKE_BINDING_SET, -ENOMEM);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 1001);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "blocked");
	fake_refuse(&x->f, FAKE_BINDING_SET, 0, 0);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 2001);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	/* the same session: it left, and is back before the anchor has answered */
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(state_of(x), "deregistering");
	fake_refuse(&x->f, FAKE_BINDING_SET, ~0U, -ENOMEM);
	attach(x);
	/* whoever else commits now hears of the first refusal instead */
	x->f.env.ops->dp_commit(&x->f);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "blocked");
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(pbus(x, false), 0);
	fake_advance_ms(&x->f, 1000);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 1001);
	assert_int_equal(pbus(x, false), 1);
}

/* RFC 6275 §11.8: an anchor that does not hear the deregistration is told again, not for ever */
static void deregistration_is_repeated(void **state)
{
	struct fixture *x = *state;

	refused_at_first(x, FAKE_BINDING_SET, -ENOMEM);
	fake_advance_ms(&x->f, 1000 + 2000 + 4000);
	assert_int_equal(pbus(x, true), 4);
	assert_int_equal(pbus(x, false), 1);
	fake_advance_ms(&x->f, 8000 + 1001);
	assert_int_equal(pbus(x, true), 4);
	assert_int_equal(pbus(x, false), 2);
}

/* RFC 5213 §6.13: a node that leaves meanwhile is not registered again */
static void blocked_node_leaves(void **state)
{
	struct fixture *x = *state;

	refused_at_first(x, FAKE_BINDING_SET, -ENOMEM);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	assert_string_equal(state_of(x), "deregistering");
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 100000);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(pbus(x, false), 1);
	assert_int_equal(x->f.timers.len, 0);
	/* and where the anchor knows already */
	fake_reset(&x->f);
	refused_at_first(x, FAKE_BINDING_SET, -ENOMEM);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(x->f.timers.len, 0);
}

/* RFC 5213 §6.9.1.1: an operator does not wait for the next try */
static void operator_tries_at_once(void **state)
{
	struct fixture *x = *state;

	refused_at_first(x, FAKE_BINDING_SET, -ENOMEM);
	fake_refuse(&x->f, FAKE_BINDING_SET, 0, 0);
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, NULL, NULL,
				       ATTACH_OPERATOR), 0);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

/* RFC 7864 §3: a second interface is refused: the first goes on being served */
static void second_link(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l2, NULL, NULL,
				       ATTACH_CARRIER), 0);
	fake_refuse(&x->f, FAKE_BINDING_SET, 2, -EINVAL);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	assert_int_equal(pbus(x, true), 1);
	b = &fake_find(&x->f, FAKE_BINDING_SET, -1)->binding;
	assert_false(fake_find(&x->f, FAKE_BINDING_SET, -1)->refused);
	assert_int_equal(b->n_paths, 1);
	assert_int_equal(b->path[0].ifindex, IF1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	told(x, 1);
	/* the first is still heard of */
	mag_on_rs(x->m, IF1, &x->l1, &in6addr_any);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 1);
}

/* RFC 6275 §11.8: a refresh that is refused counts as unanswered; service goes on meanwhile */
static void refresh(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 2700001);
	fake_reset(&x->f);
	fake_refuse(&x->f, FAKE_BINDING_SET, 2, -ENOMEM);
	/* the request was before the reset */
	fake_advance_ms(&x->f, 32000);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "refreshing");
	told(x, 1);
	assert_int_equal(pbus(x, true), 0);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 64000);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	told(x, 1);
}

/* The same, for good: when the lifetime is over the node is told, and served no more */
static void refresh_never_again(void **state)
{
	struct fixture *x = *state;
	size_t n;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_refuse(&x->f, FAKE_BINDING_SET, ~0U, -ENOMEM);
	while (x->f.now < 4700 * NSEC_PER_SEC) {
		n = fake_count_mh(&x->f, MH_PBU);
		fake_advance_ms(&x->f, 1000);
		if (fake_count_mh(&x->f, MH_PBU) > n)
			answer(x, PBA_ACCEPTED, NULL);
	}
	assert_string_equal(state_of(x), "blocked");
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, -1)->ra.router_lifetime, 0);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL) > 0, true);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL) > 0, true);
}

/* RFC 5213 §6.10.5: what somebody has removed is made again, tunnels first */
static void lost_state_is_made_again(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, PMAG);
	shack(x, SHACK_OK);
	fake_advance_ms(&x->f, 2700001);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 32000);
	fake_refuse(&x->f, FAKE_BINDING_SET, 1, -ENOENT);
	answer(x, PBA_ACCEPTED, PMAG);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_SET), 2);
	assert_true(fake_index(&x->f, FAKE_TUNNEL_SET, 1) <
		    fake_index(&x->f, FAKE_BINDING_SET, 1));
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, 1)->binding.n_paths, 2);
	told(x, 0);
}

/* Draft §5.2: SHAck 128 where the tunnel cannot be; the path is not counted on */
static void association_is_refused_to_the_other(void **state)
{
	struct fixture *x = *state;
	const struct fake_mh *a;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_refuse(&x->f, FAKE_TUNNEL_SET, 2, -EEXIST);
	shi(x, 7, 900, PMAG);
	a = fake_find_mh(&x->f, MH_SHACK, -1);
	assert_int_equal(a->msg.status, SHACK_UNSPECIFIED);
	assert_int_equal(a->msg.seq, 7);
	assert_int_equal(a->msg.lifetime, 0);
	assert_int_equal(first_peer_tunnel(x), 0);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	assert_null(fake_find_notice(&x->f, "associated", 0));
	assert_string_equal(state_of(x), "active");
	told(x, 1);
	/* asked again, it is there */
	shi(x, 8, 900, PMAG);
	a = fake_find_mh(&x->f, MH_SHACK, -1);
	assert_int_equal(a->msg.status, SHACK_OK);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
}

/* Draft §5.1: the other has agreed to what is not there: it hears so, and is asked later */
static void association_is_taken_back(void **state)
{
	struct fixture *x = *state;
	const struct fake_mh *s;

	attach(x);
	answer(x, PBA_ACCEPTED, PMAG);
	fake_refuse(&x->f, FAKE_BINDING_SET, 2, -ENOMEM);
	shack(x, SHACK_OK);
	s = fake_find_mh(&x->f, MH_SHI, -1);
	assert_int_equal(s->msg.lifetime, 0);
	assert_memory_equal(&s->dst, &x->other, sizeof(x->other));
	assert_int_equal(first_peer_tunnel(x), 0);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 1);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->refused, false);
	assert_null(fake_find_notice(&x->f, "associated", 0));
	told(x, 1);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 31999);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 0);
	fake_advance_ms(&x->f, 2);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 1);
	shack(x, SHACK_OK);
	assert_non_null(fake_find_notice(&x->f, "associated", 0));
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
}

/* The last user of a tunnel goes though the binding cannot change: the tunnel must go too */
static void tunnel_is_let_go(void **state)
{
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, PMAG);
	shack(x, SHACK_OK);
	fake_reset(&x->f);
	fake_refuse(&x->f, FAKE_BINDING_SET, 2, -ENOMEM);
	shi(x, 9, 0, PMAG);
	assert_true(fake_index(&x->f, FAKE_BINDING_DEL, 0) >= 0);
	assert_true(fake_index(&x->f, FAKE_BINDING_DEL, 0) <
		    fake_index(&x->f, FAKE_TUNNEL_DEL, 0));
	/* and at the next occasion the binding is there again */
	fake_reset(&x->f);
	shi(x, 10, 900, PMAG);
	assert_int_equal(fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.n_paths, 2);
}

static void probed_by(struct fixture *x, const char *addr)
{
	struct in6_addr want = fake_addr(addr);

	assert_memory_equal(&fake_find(&x->f, FAKE_BINDING_SET, -1)->binding.path[0].addr, &want,
			    sizeof(want));
}

/*
 * RFC 4861 §7.3.3: "the path to the neighbor [...] no longer working": of the address
 * by which the node is probed, which the kernel must know to count no other
 */
static void probed_address_is_told(void **state)
{
	struct in6_addr lla = fake_addr("fe80::77");
	struct fixture *x = *state;

	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	probed_by(x, "fe80::ff:fe00:101");
	fake_reset(&x->f);
	mag_on_rs(x->m, IF1, &x->l1, &lla);
	probed_by(x, "fe80::77");
	fake_reset(&x->f);
	mag_on_rs(x->m, IF1, &x->l1, &lla);
	mag_on_rs(x->m, IF1, &x->l1, &in6addr_any);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(no_tunnel),
		T(no_binding),
		T(tries_are_bounded),
		T(back_off_is_forgotten),
		T(deregistration_is_repeated),
		T(blocked_node_leaves),
		T(operator_tries_at_once),
		T(second_link),
		T(refresh),
		T(refresh_never_again),
		T(lost_state_is_made_again),
		T(association_is_refused_to_the_other),
		T(association_is_taken_back),
		T(tunnel_is_let_go),
		T(probed_address_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
