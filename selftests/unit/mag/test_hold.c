// SPDX-License-Identifier: GPL-2.0
/* Packets that wait at a gateway while their node cannot be reached. */
#include "mag_bed.h"

#define OWN	"2001:db8:100:1::/64"
#define PMAG	"2001:db8:0:2::2"	/* the node's other gateway */

static int with_hold(void **state)
{
	struct fixture *x;

	setup(state);
	x = *state;
	x->conf.hold = true;
	return 0;
}

static void serve(struct fixture *x)
{
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

static const struct dp_binding *last(struct fixture *x)
{
	const struct fake_action *a = fake_find(&x->f, FAKE_BINDING_SET, -1);

	assert_non_null(a);
	return &a->binding;
}

static void paths(struct fixture *x, unsigned int n, const uint8_t *kind)
{
	const struct dp_binding *b = last(x);
	unsigned int i;

	assert_int_equal(b->n_paths, n);
	for (i = 0; i < n; i++)
		assert_int_equal(b->path[i].kind, kind[i]);
	assert_int_not_equal(b->uplink, 0);
}

#define PATHS(x, ...) do {						\
	const uint8_t v[] = { __VA_ARGS__ };				\
									\
	paths(x, sizeof(v), v);						\
} while (0)

/* The nth release is of this prefix; -1: there is none */
static int released(struct fixture *x, int nth, const char *prefix)
{
	const struct fake_action *a = fake_find(&x->f, FAKE_HOLD_RELEASE, nth);
	struct prefix p = fake_prefix(prefix);

	if (!a)
		return -1;
	assert_true(prefix_equal(&a->release.prefix, &p));
	return a->release.to;
}

/* The link goes, and the deregistration leaves */
static void lose(struct fixture *x)
{
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 10);
	assert_string_equal(state_of(x), "deregistering");
}

/*
 * Draft: fault tolerant multihoming §3.2: "MAG1 begins to cache the data" as soon as
 * IF1 is unreachable, so the kernel knows beforehand; draft: seamless handover §4.3:
 * where another gateway can be redirected to, it is.
 */
static void the_last_path_waits(void **state)
{
	struct fixture *x = *state;

	serve(x);
	PATHS(x, PMIP_PATH_LINK, PMIP_PATH_HOLD);
	shi(x, 1, 900, PMAG);
	PATHS(x, PMIP_PATH_LINK, PMIP_PATH_TUNNEL, PMIP_PATH_HOLD);
	shi(x, 2, 900, "2001:db8:0:2::3");
	PATHS(x, PMIP_PATH_LINK, PMIP_PATH_TUNNEL, PMIP_PATH_TUNNEL, PMIP_PATH_HOLD);
	/* a way to the node is worth more than a place to wait */
	shi(x, 3, 900, "2001:db8:0:2::4");
	PATHS(x, PMIP_PATH_LINK, PMIP_PATH_TUNNEL, PMIP_PATH_TUNNEL, PMIP_PATH_TUNNEL);
}

/* §3.2 (2) to (6), in that order: hold, deregister, be acknowledged, send back */
static void back_to_the_anchor(void **state)
{
	struct fixture *x = *state;

	serve(x);
	fake_reset(&x->f);
	lose(x);
	PATHS(x, PMIP_PATH_HOLD);
	assert_true(fake_index(&x->f, FAKE_BINDING_SET, -1) < fake_index_mh(&x->f, MH_PBU, 0));
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, 0)->msg.lifetime, 0);
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 0);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(released(x, 0, OWN), PMIP_HOLD_TO_RETURN);
	assert_non_null(fake_find_notice(&x->f, "hold-returned", 0));
	/* what comes late, sent before the anchor knew, has the same way */
	fake_advance_ms(&x->f, 2999);
	assert_string_equal(state_of(x), "lingering");
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 0);
	fake_advance_ms(&x->f, 2);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 1);
}

/* Ours: an anchor that has no binding takes nothing back */
static void nowhere_to_send_it(void **state)
{
	struct fixture *x = *state;

	serve(x);
	lose(x);
	/* to be asked again: nothing is known yet */
	answer(x, PBA_NO_RESOURCES, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 0);
	answer(x, PBA_NOT_LMA_FOR_THIS_MN, NULL);
	assert_int_equal(released(x, 0, OWN), PMIP_HOLD_TO_DROP);
	fake_advance_ms(&x->f, 4000);
	assert_string_equal(state_of(x), "none");
}

/* Ours: and one that says nothing is given up; the kernel drops what it holds by then */
static void silence(void **state)
{
	struct fixture *x = *state;

	serve(x);
	lose(x);
	fake_advance_ms(&x->f, 20000);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 0);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
}

/* Ours: a node that is there again gets what was held for it, by the link */
static void the_node_is_back(void **state)
{
	struct fixture *x = *state;

	serve(x);
	lose(x);
	attach(x);
	PATHS(x, PMIP_PATH_LINK, PMIP_PATH_HOLD);
	assert_int_equal(released(x, 0, OWN), PMIP_HOLD_TO_FORWARD);
	assert_true(fake_index(&x->f, FAKE_PATH_STATE, -1) <
		    fake_index(&x->f, FAKE_HOLD_RELEASE, 0));
	answer(x, PBA_ACCEPTED, NULL);
	/* also after the rest has begun to go back */
	fake_reset(&x->f);
	lose(x);
	answer(x, PBA_ACCEPTED, NULL);
	attach(x);
	assert_int_equal(released(x, 0, OWN), PMIP_HOLD_TO_RETURN);
	assert_int_equal(released(x, 1, OWN), PMIP_HOLD_TO_FORWARD);
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 2);
}

/* Ours: what another interface here can take is not sent back */
static void the_other_interface_is_here(void **state)
{
	struct fixture *x = *state;

	serve(x);
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER), 0);
	grant(x, -1, OWN);
	PATHS(x, PMIP_PATH_LINK, PMIP_PATH_LINK, PMIP_PATH_HOLD);
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 10);
	PATHS(x, PMIP_PATH_LINK, PMIP_PATH_HOLD);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 0);
}

/* Ours: the anchor may wait for the mark of the end, whether or not any was held */
static void the_mark_of_the_end(void **state)
{
	struct fixture *x = *state;

	serve(x);
	shi(x, 1, 900, PMAG);
	lose(x);
	PATHS(x, PMIP_PATH_TUNNEL, PMIP_PATH_HOLD);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(released(x, 0, OWN), PMIP_HOLD_TO_RETURN);
}

/* Draft: flow mobility §3.2.2: packets of a flow that was moved here wait likewise */
static void what_is_only_routed(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = { .kind = MH_UPN, .reason = UPN_FLOW_MOBILITY, .flags = UPN_F_A };

	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP;
	m.opts.mn_id = x->id;
	m.opts.n_hnp = 1;
	m.opts.hnp[0] = (struct mh_hnp){ fake_prefix("2001:db8:100:9::/64"), true };
	serve(x);
	mag_on_flow(x->m, &x->lma, &x->self, &m);
	PATHS(x, PMIP_PATH_LINK, PMIP_PATH_HOLD);
	lose(x);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(released(x, 0, OWN), PMIP_HOLD_TO_RETURN);
	assert_int_equal(released(x, 1, "2001:db8:100:9::/64"), PMIP_HOLD_TO_RETURN);
}

/* pmipd.conf(5): without hold nothing waits, and nobody lingers for it */
static void without(void **state)
{
	struct fixture *x = *state;

	x->conf.hold = false;
	serve(x);
	PATHS(x, PMIP_PATH_LINK);
	lose(x);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 0);
}

/* RFC 7864 §7: a gateway that holds wants the prefixes shared, be it seamless or not */
static void shared_prefixes(void **state)
{
	struct fixture *x = *state;

	x->conf.seamless = false;
	attach(x);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.opts.hi, HI_SHARED_PREFIXES);
	answer(x, PBA_ACCEPTED, PMAG);
	assert_int_equal(fake_count_mh(&x->f, MH_SHI), 0);
	PATHS(x, PMIP_PATH_LINK, PMIP_PATH_HOLD);
}

#define H(name)	cmocka_unit_test_setup_teardown(name, with_hold, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		H(the_last_path_waits), H(back_to_the_anchor), H(nowhere_to_send_it), H(silence),
		H(the_node_is_back), H(the_other_interface_is_here), H(the_mark_of_the_end),
		H(what_is_only_routed), H(without), H(shared_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
