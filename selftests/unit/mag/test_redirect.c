// SPDX-License-Identifier: GPL-2.0
/* An anchor assigns another one, as a gateway takes it (RFC 6463 §5.2). */
#include "anchor_bed.h"

static bool capable(struct fixture *x)
{
	return fake_find_mh(&x->f, MH_PBU, -1)->msg.opts.present & MH_HAS_REDIRECTABLE;
}

/* RFC 6463 §5.2: "the MAG includes the Redirect-Capability mobility option in a PBU that
 * establishes a new mobility session"
 */
static void says_that_it_can(void **state)
{
	struct fixture *x = *state;

	attach(x);
	assert_true(capable(x));
}

/* RFC 6463 §7: "The default value is FALSE" */
static void does_not_if_not_told(void **state)
{
	struct fixture *x = *state;

	x->conf.anchors.redirect = false;
	attach(x);
	assert_false(capable(x));
	/* §5.2: "the MAG MUST ignore the option and process the PBA as described in RFC 5213" */
	pba_of(x, PLMA, PBA_ACCEPTED, NLMA);
	assert_string_equal(way(x), "by plma: link");
	assert_int_equal(counted(x)->redirect_ignored, 1);
}

/* RFC 6463 §5.2: "The MAG MUST send all user traffic to the r2LMA address. The MAG MUST send
 * subsequent binding refresh PBUs (e.g., lifetime extension, handoff, etc.) to the r2LMA address."
 */
static void session_is_there(void **state)
{
	struct fixture *x = *state;

	attach(x);
	pba_of(x, PLMA, PBA_ACCEPTED, NLMA);
	assert_string_equal(way(x), "by nlma: link");
	assert_string_equal(state_of(x), "active");
	assert_int_equal(tunnels(x), 1);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	to_refresh(x);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	assert_int_equal(counted(x)->redirected, 1);
}

/* The anchor has handed the node over: it is registered where it is */
static void registers_there(void **state)
{
	struct fixture *x = *state;

	attach(x);
	pba_of(x, PLMA, PBA_NOT_LMA_FOR_THIS_MN, NLMA);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	assert_int_equal(tunnels(x), 0);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by nlma: link");
	assert_string_equal(state_of(x), "active");
}

/*
 * Two anchors that each send it to the other: where it was may send it to whose the prefixes
 * are, and that to where it is; a third word is not followed
 */
static void no_loop(void **state)
{
	struct fixture *x = *state;

	attach(x);
	pba_of(x, PLMA, PBA_NOT_LMA_FOR_THIS_MN, NLMA);
	pba_of(x, NLMA, PBA_NOT_LMA_FOR_THIS_MN, PLMA);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 3);
	pba_of(x, PLMA, PBA_NOT_LMA_FOR_THIS_MN, NLMA);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 3);
	assert_string_equal(state_of(x), "denied");
	assert_int_equal(counted(x)->redirect_ignored, 1);
}

/* RFC 6463 §8: "An incorrectly configured LMA may cause unwanted runtime LMA assignment attempts
 * to non-existing LMAs or to other LMAs that do not have and will not have an SA with the MAG."
 */
static void not_just_anywhere(void **state)
{
	static const char *const to[] = { "2001:db8:0:9::1", "2001:db8:0:2::1", PLMA };
	struct fixture *x = *state;

	for (unsigned int i = 0; i < 3; i++) {
		attach(x);
		pba_of(x, PLMA, PBA_ACCEPTED, to[i]);
		assert_string_equal(way(x), "by plma: link");
		mag_on_detach(x->m, IF1, &x->l1);
		fake_advance_ms(&x->f, 1);
		pba_of(x, PLMA, PBA_ACCEPTED, NULL);
		fake_advance_ms(&x->f, LINGER_MS + 1);
	}
	assert_int_equal(counted(x)->redirect_ignored, 3);
}

/* A binding that is refreshed: what serves it does so until the other one takes it */
static void refresh_is_a_handover(void **state)
{
	struct fixture *x = *state;

	registered(x);
	to_refresh(x);
	pba_of(x, PLMA, PBA_NOT_LMA_FOR_THIS_MN, NLMA);
	assert_string_equal(way(x), "by plma: link nlma");
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by nlma: link plma");
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		A(says_that_it_can), A(does_not_if_not_told), A(session_is_there),
		A(registers_there), A(no_loop), A(not_just_anywhere), A(refresh_is_a_handover),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
