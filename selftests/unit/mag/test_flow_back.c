// SPDX-License-Identifier: GPL-2.0
/* Flows of a node that is back when its deregistration has been sent, but not answered. */
#include "mag_bed.h"

#include "flow/flow_bed.h"

#define OTHER	"2001:db8:100:9::/64"	/* of the node's other interface */

/* Whether the kernel has a path for the moved flow's prefix */
static bool routed(struct fixture *x)
{
	struct prefix p = fake_prefix(OTHER);
	bool has = false;
	size_t i;

	for (i = 0; i < x->f.len; i++) {
		const struct fake_action *a = &x->f.v[i];

		if (a->kind == FAKE_BINDING_SET && prefix_equal(&a->binding.prefix, &p))
			has = true;
		else if (a->kind == FAKE_BINDING_DEL && prefix_equal(&a->prefix, &p))
			has = false;
	}
	return has;
}

static struct mh_msg moved(enum mh_kind kind, uint16_t seq)
{
	struct mh_msg m = message(kind, seq, kind == MH_FMI ? FLOW_FOREVER : 0);
	struct flow_spec s = flow(1, 10);

	add_flow(&m, &s);
	add_prefix(&m, OTHER, true);
	return m;
}

/* An interface that a flow has been moved to blinks for longer than the gateway waits. */
static void blink(struct fixture *x, struct mh_msg *m)
{
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_flow(x->m, &x->lma, &x->self, m);
	assert_true(routed(x));
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 10);
	assert_string_equal(state_of(x), "deregistering");
	attach(x);
	assert_string_equal(state_of(x), "registering");
	assert_int_not_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.lifetime, 0);
}

/*
 * RFC 5213 §5.3.5, draft: flow mobility §3.2.2: the anchor that has accepted the
 * deregistration has dropped what this gateway was to keep, and takes nothing back: what
 * it does not tell again ends here, too.
 */
static void not_told_again(void **state)
{
	struct fixture *x = *state;

	for (int upn = 0; upn < 2; upn++) {
		struct mh_msg m = moved(upn ? MH_UPN : MH_FMI, 5);

		blink(x, &m);
		answer(x, PBA_ACCEPTED, NULL);
		fake_advance_ms(&x->f, 31000);
		assert_string_equal(state_of(x), "active");
		assert_false(routed(x));
		assert_non_null(fake_find_notice(&x->f, "flow-expired", 0));
		teardown(state);
		setup(state);
		x = *state;
	}
}

/* The same, told again: it stays */
static void told_again(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = moved(MH_UPN, 5);

	blink(x, &m);
	answer(x, PBA_ACCEPTED, NULL);
	m.seq++;
	mag_on_flow(x->m, &x->lma, &x->self, &m);
	fake_advance_ms(&x->f, 60000);
	assert_true(routed(x));
	assert_null(fake_find_notice(&x->f, "flow-expired", 0));
}

/*
 * RFC 7864 §3.3: the acknowledgement "can convey the same signaling": where it was the
 * deregistration that was lost the anchor has forgotten nothing, and tells nothing else.
 */
static void told_by_the_acknowledgement(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = moved(MH_UPN, 5), pba;

	blink(x, &m);
	pba = pba_for(x, PBA_ACCEPTED);
	add_prefix(&pba, OTHER, true);
	pba.opts.present |= MH_HAS_FLOW;
	pba.opts.n_flow = 1;
	pba.opts.flow[0] = m.opts.flow[0];
	mag_on_pba(x->m, &x->lma, &x->self, &pba);
	fake_advance_ms(&x->f, 60000);
	assert_true(routed(x));
	assert_null(fake_find_notice(&x->f, "flow-expired", 0));
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(not_told_again), T(told_again), T(told_by_the_acknowledgement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
