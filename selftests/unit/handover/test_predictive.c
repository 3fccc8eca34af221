// SPDX-License-Identifier: GPL-2.0
/* A node that is seen off (RFC 5949 §4.1, Figure 2), and what can go wrong with it. */
#include "domain_bed.h"

#include <errno.h>

/* RFC 5949 §4.1, Figure 2, (c) to (l), with F from the beginning; the end of it: code 2 */
static void figure_2(void **state)
{
	struct domain *d = *state;

	assert_int_equal(leave(d, N, true), 0);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\n");
	assert_true(mn_id_equal(&d->g[N].told.mn_id, &d->node.mn_id));
	assert_true(prefix_equal(&d->g[N].told.hnp[0].prefix, &d->node.hnp[0].prefix));
	assert_memory_equal(&d->g[N].told.lma[0], &d->node.lma[0], 16);
	assert_int_equal(attach(d, N, -1), 0);
	expect(d, "N:deliver P\n");
	arrival_registered(&d->g[N].h, &d->node.mn_id);
	expect(d, "N:native\n");
	leaving_moved(&d->g[P].h, &d->node.mn_id);
	expect(d, "P:left done\nP>N HI F2\nN:arrived done\nN>P HAck F0\n");
	pass(d, 20000);
	expect(d, "");
}

/* RFC 5949 §6.1.1: "2: Indicate the completion of forwarding": also with the node's prefixes */
static void end_with_context(void **state)
{
	struct domain *d = *state;
	struct mh_msg hi = {
		.kind = MH_HI, .seq = 7777, .flags = HI_F_P | HI_F_F, .code = HI_CODE_FORWARDED,
		.opts = d->node,
	};

	leave(d, N, true);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\n");
	attach(d, N, -1);
	arrival_registered(&d->g[N].h, &d->node.mn_id);
	expect(d, "N:deliver P\nN:native\n");
	assert_true(hi.opts.present & MH_HAS_HNP);
	handover_on_hi(&d->g[N].h, &d->g[P].address, &hi);
	expect(d, "N:arrived done\nN>P HAck F0\n");
	assert_int_equal(arrival_count(&d->g[N].h), 0);
}

static struct mh_opts groups(const struct domain *d)
{
	struct mh_opts o = { .present = MH_HAS_MULTICAST, .mn_id = d->node.mn_id };
	const struct mh_group g = {
		.address = fake_addr("ff1e::1"), .record = 2, .code = MULTICAST_MLDV2,
	};

	assert_true(mh_groups_add(&o.listens, &g, NULL));
	return o;
}

/* Draft: predictive multicast handover §4 (11), of groups alone: the rest goes on */
static void groups_met(void **state)
{
	struct domain *d = *state;
	struct mh_opts o = groups(d);

	assert_int_equal(arrival_met(&d->g[N].h, &o), -ENOENT);
	leave(d, N, true);
	pass(d, 0);
	attach(d, N, -1);
	assert_int_equal(arrival_met(&d->g[N].h, &o), -ENOENT);
	arrival_registered(&d->g[N].h, &d->node.mn_id);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\nN:deliver P\nN:native\n");
	lose(d, "P>N HAck", 1);
	assert_int_equal(arrival_met(&d->g[N].h, &o), 0);
	assert_int_equal(arrival_met(&d->g[N].h, &o), -EBUSY);
	expect(d, "N>P HI F2\nP:met 1\nP>N HAck F0 lost\n");
	pass(d, 100);
	expect(d, "N>P HI F2\nP:met 1\nP>N HAck F0\n");
	assert_int_equal(arrival_met(&d->g[N].h, &o), 0);
	expect(d, "N>P HI F2\nP:met 1\nP>N HAck F0\n");
	leaving_moved(&d->g[P].h, &d->node.mn_id);
	pass(d, 20000);
	expect(d, "P:left done\nP>N HI F2\nN:arrived done\nN>P HAck F0\n");
}

/* Of whom nobody leaves for nothing ends; and who sees a node off ends all of it */
static void others_met(void **state)
{
	struct domain *d = *state;
	struct mh_msg hi = {
		.kind = MH_HI, .seq = 9, .flags = HI_F_P | HI_F_F | HI_F_M,
		.code = HI_CODE_FORWARDED, .opts = groups(d),
	};

	hi.opts.present |= MH_HAS_MN_ID;
	leave(d, N, true);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\n");
	handover_on_hi(&d->g[P].h, &d->g[X].address, &hi);
	expect(d, "P>X HAck F0\n");
	handover_on_hi(&d->g[N].h, &d->g[P].address, &hi);
	expect(d, "N:arrived back\nN>P HAck F0\n");
}

/* RFC 5949 §4.2: "with the 'U' flag set [...] MUST be followed by another [...] 'F' flag set" */
static void forwarding_later(void **state)
{
	struct domain *d = *state;

	leave(d, N, false);
	expect(d, "P>N HI U3\nN:expect P\nN>P HAck U5\n");
	assert_int_equal(leaving_go(&d->g[P].h, &d->node.mn_id), 0);
	expect(d, "P:forward N\nP>N HI F0\nN:expect P again\nN>P HAck F5\n");
	attach(d, N, P);
	expect(d, "N:deliver P\n");
}

/* RFC 5949 §4.1 (g): the command may come before the agreement; it waits for it */
static void gone_before_it_is_agreed(void **state)
{
	struct domain *d = *state;

	lose(d, "P>N HI", 1);
	leave(d, N, false);
	assert_int_equal(leaving_go(&d->g[P].h, &d->node.mn_id), 0);
	expect(d, "P>N HI U3 lost\n");
	pass(d, 100);
	expect(d, "P>N HI U3\nN:expect P\nN>P HAck U5\nP:forward N\nP>N HI F0\n"
	       "N:expect P again\nN>P HAck F5\n");
}

/* RFC 5949 §4.1 (e): "the new MAG MAY optionally request [...] forward packets at a later */
/* and appropriate time": the node is there, and nothing has been forwarded yet */
static void next_gateway_asks(void **state)
{
	struct domain *d = *state;

	leave(d, N, false);
	expect(d, "P>N HI U3\nN:expect P\nN>P HAck U5\n");
	attach(d, N, P);
	expect(d, "N:deliver -\nN>P HI F0\nP:forward N\nP>N HAck F0\nN:told\nN:deliver P\n");
}

/* RFC 5568 §6.2.1.1: a HAck that is lost: the HI comes again, and is obeyed once */
static void answer_lost(void **state)
{
	struct domain *d = *state;

	lose(d, "N>P HAck", 2);
	leave(d, N, true);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5 lost\n");
	pass(d, 100);
	expect(d, "P>N HI F3\nN>P HAck F5 lost\n");
	pass(d, 200);
	expect(d, "P>N HI F3\nN>P HAck F5\nP:forward N\n");
	assert_int_equal(d->g[N].h.counters.hi_repeated, 2);
}

/* The node is faster than the answer: that it is there is agreement enough */
static void node_overtakes_answer(void **state)
{
	struct domain *d = *state;

	lose(d, "N>P HAck", 1);
	leave(d, N, false);
	expect(d, "P>N HI U3\nN:expect P\nN>P HAck U5 lost\n");
	attach(d, N, P);
	expect(d, "N:deliver -\nN>P HI F0\nP:forward N\nP>N HAck F6\nN:told\nN:deliver P\n");
	pass(d, 5000);
	expect(d, "");
}

/* RFC 5949 §4.2: "send the HAck message with the cause of the error and cancel all" */
static void refused(void **state)
{
	struct domain *d = *state;

	d->g[N].refuse = HACK_NO_RESOURCES;
	leave(d, N, true);
	expect(d, "P>N HI F3\nN>P HAck 130\nP:left refused\n");
	pass(d, 20000);
	expect(d, "");
	/* and it can be tried again */
	d->g[N].refuse = 0;
	assert_int_equal(leave(d, N, true), 0);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\n");
}

/* RFC 5568 §9: HI_RETRIES; whoever is silent may have agreed, and is told that it is off */
static void silence(void **state)
{
	struct domain *d = *state;

	lose(d, "N>P HAck", 4);
	leave(d, N, true);
	pass(d, 1499);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5 lost\nP>N HI F3\nN>P HAck F5 lost\n"
	       "P>N HI F3\nN>P HAck F5 lost\nP>N HI F3\nN>P HAck F5 lost\n");
	pass(d, 1);
	expect(d, "P:left silence\nP>N HI F2\nN:arrived back\nN>P HAck F0\n");
}

/* Announced, to be held for once it has left */
static void announce(struct domain *d)
{
	leave(d, N, false);
	expect(d, "P>N HI U3\nN:expect P\nN>P HAck U5\n");
}

/* It does not leave after all, and the next gateway does not hear that */
static void back_unheard(struct domain *d)
{
	announce(d);
	lose(d, "P>N HI", 1);
	leaving_back(&d->g[P].h, &d->node.mn_id);
	expect(d, "P:left back\nP>N HI F2 lost\n");
}

/* Issue §1: "node comes back", at each step */
static void comes_back(void **state)
{
	struct domain *d = *state;

	leave(d, N, true);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\n");
	leaving_back(&d->g[P].h, &d->node.mn_id);
	expect(d, "P:left back\nP>N HI F2\nN:arrived back\nN>P HAck F0\n");
	announce(d);
	leaving_back(&d->g[P].h, &d->node.mn_id);
	expect(d, "P:left back\nP>N HI F2\nN:arrived back\nN>P HAck F0\n");
	lose(d, "N>P HAck", 1);
	leave(d, N, true);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5 lost\n");
	leaving_back(&d->g[P].h, &d->node.mn_id);
	expect(d, "P:left back\nP>N HI F2\nN:arrived back\nN>P HAck F0\n");
}

/* Announced once more: the end of the last time, lost and repeated, does not end this one */
static void announced_anew(void **state)
{
	struct domain *d = *state;

	back_unheard(d);
	leave(d, N, false);
	expect(d, "P>N HI U3\nN:expect P again\nN>P HAck U5\n");
	pass(d, 1500);
	expect(d, "");
	attach(d, N, -1);
	expect(d, "N:deliver -\nN>P HI F0\nP:forward N\nP>N HAck F0\nN:told\nN:deliver P\n");
}

/* What asks for packets while the word that they are no more there is under way */
static void crossing_the_end(void **state)
{
	struct domain *d = *state;

	back_unheard(d);
	attach(d, N, P);
	expect(d, "N:deliver -\nN>P HI F0\nP>N HAck 132\nN:told\nN:arrived refused\n");
	pass(d, 100);
	expect(d, "P>N HI F2\nN>P HAck F0\n");
}

/* Issue §1: "node goes elsewhere": to a gateway that nobody had thought of */
static void goes_elsewhere(void **state)
{
	struct domain *d = *state;

	leave(d, N, true);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\n");
	attach(d, X, P);
	expect(d, "X>P HI F0\nP:left elsewhere\nP:forward X\nP>N HI F2\nN:arrived back\n"
	       "P>X HAck F6\nX:told\nX:deliver P\nN>P HAck F0\n");
}

/* Issue §1: "timer runs out": who does not come is not waited for, here and there */
static void never_comes(void **state)
{
	struct domain *d = *state;

	leave(d, N, true);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\n");
	pass(d, 2999);
	expect(d, "");
	pass(d, 1);
	expect(d, "N:arrived expired\n");
	pass(d, 6999);
	expect(d, "");
	pass(d, 1);
	expect(d, "P:left expired\nP>N HI F2\nN>P HAck F0\n");
}

/* Forwarding that fails here is off at both ends */
static void cannot_forward(void **state)
{
	struct domain *d = *state;

	d->g[P].error = -ENOMEM;
	leave(d, N, true);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\nP:left failed\nP>N HI F2\n"
	       "N:arrived back\nN>P HAck F0\n");
}

/* RFC 5949 §4.1: the end that is not answered is over all the same */
static void end_in_silence(void **state)
{
	struct domain *d = *state;

	leave(d, N, true);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\n");
	lose(d, "P>N HI", 99);
	leaving_moved(&d->g[P].h, &d->node.mn_id);
	pass(d, 1500);
	expect(d, "P:left done\nP>N HI F2 lost\nP>N HI F2 lost\nP>N HI F2 lost\n"
	       "P>N HI F2 lost\n");
	assert_null(d->g[P].h.endings);
	pass(d, 1500);
	expect(d, "N:arrived expired\n");
}

/* Ours: one handover of a node at a time; what is not under way cannot go on */
static void once_at_a_time(void **state)
{
	struct domain *d = *state;

	assert_int_equal(leaving_go(&d->g[P].h, &d->node.mn_id), -ENOENT);
	assert_int_equal(attach(d, N, -1), -ENOENT);
	assert_int_equal(leave(d, N, true), 0);
	assert_int_equal(leave(d, X, true), -EEXIST);
	expect(d, "P>N HI F3\nN:expect P\nN>P HAck F5\nP:forward N\n");
	assert_int_equal(leave(d, N, true), -EEXIST);
	leaving_go(&d->g[P].h, &d->node.mn_id);
	expect(d, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(figure_2), T(end_with_context), T(groups_met), T(others_met),
		T(forwarding_later), T(gone_before_it_is_agreed), T(next_gateway_asks),
		T(answer_lost), T(node_overtakes_answer), T(refused), T(silence), T(comes_back),
		T(announced_anew), T(crossing_the_end), T(goes_elsewhere), T(never_comes),
		T(cannot_forward), T(end_in_silence), T(once_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
