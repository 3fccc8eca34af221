// SPDX-License-Identifier: GPL-2.0
/* A node that is there before anybody has said so (RFC 5949 §4.1, Figure 3). */
#include "domain_bed.h"

#include <errno.h>

/* RFC 5949 §4.1, Figure 3, (c) to (h); (d): HNP(s) and the LMA address "MUST", "SHOULD" */
static void figure_3(void **state)
{
	struct domain *d = *state;

	assert_int_equal(attach(d, N, P), 0);
	expect(d, "N>P HI F0\nP:forward N\nP>N HAck F6\nN:told\nN:deliver P\n");
	assert_int_equal(d->g[N].told.n_hnp, 1);
	assert_true(prefix_equal(&d->g[N].told.hnp[0].prefix, &d->node.hnp[0].prefix));
	assert_memory_equal(&d->g[N].told.lma[0], &d->node.lma[0], 16);
	arrival_registered(&d->g[N].h, &d->node.mn_id);
	expect(d, "N:native\n");
	leaving_moved(&d->g[P].h, &d->node.mn_id);
	expect(d, "P:left done\nP>N HI F2\nN:arrived done\nN>P HAck F0\n");
	pass(d, 20000);
	expect(d, "");
}

/*
 * RFC 5949 §4.2: "it prepares to buffer the mobile node's packets and returns the HAck message",
 * which says whose they are; it "MUST be followed by another HI message with the 'F' flag set"
 */
static void not_ready(void **state)
{
	struct domain *d = *state;

	assert_int_equal(attach_unready(d, N, P), 0);
	expect(d, "N>P HI U0\nP:hold\nP>N HAck U6\nN:told\nN>P HI F0\nP:forward N\n"
	       "P>N HAck F0\nN:told\nN:deliver P\n");
	arrival_registered(&d->g[N].h, &d->node.mn_id);
	leaving_moved(&d->g[P].h, &d->node.mn_id);
	expect(d, "N:native\nP:left done\nP>N HI F2\nN:arrived done\nN>P HAck F0\n");
}

/* And if it cannot hold, or says nothing, nothing is forwarded */
static void not_ready_in_vain(void **state)
{
	struct domain *d = *state;

	d->g[P].error = -ENOMEM;
	attach_unready(d, N, P);
	expect(d, "N>P HI U0\nP:hold\nP:left failed\nP>N HAck 130\nN:arrived refused\n");
	d->g[P].error = 0;
	lose(d, "N>P HI", 99);
	attach_unready(d, N, P);
	pass(d, 1500);
	expect(d, "N>P HI U0 lost\nN>P HI U0 lost\nN>P HI U0 lost\nN>P HI U0 lost\n"
	       "N:arrived silence\n");
}

/* Issue §1: "LMA answers first": what has waited at the previous gateway comes all the same */
static void anchor_is_faster(void **state)
{
	struct domain *d = *state;

	lose(d, "N>P HI", 1);
	attach(d, N, P);
	arrival_registered(&d->g[N].h, &d->node.mn_id);
	expect(d, "N:native\nN>P HI F0 lost\n");
	pass(d, 100);
	expect(d, "N>P HI F0\nP:forward N\nP>N HAck F6\nN:told\nN:deliver -\n");
	pass(d, 9900);
	expect(d, "N:arrived done\n");
}

/*
 * It is over at the previous gateway before the anchor's answer is here: until that, what
 * the node sends goes there, and what the anchor sends already is delivered
 */
static void over_before_the_answer(void **state)
{
	struct domain *d = *state;

	attach(d, N, P);
	expect(d, "N>P HI F0\nP:forward N\nP>N HAck F6\nN:told\nN:deliver P\n");
	leaving_moved(&d->g[P].h, &d->node.mn_id);
	expect(d, "P:left done\nP>N HI F2\nN:deliver -\nN>P HAck F0\n");
	arrival_registered(&d->g[N].h, &d->node.mn_id);
	expect(d, "N:native\nN:arrived done\n");
	/* and so it is if the answer of the previous gateway was lost */
	lose(d, "P>N HAck", 1);
	attach(d, N, P);
	leaving_moved(&d->g[P].h, &d->node.mn_id);
	expect(d, "N>P HI F0\nP:forward N\nP>N HAck F6 lost\n");
	leaving_moved(&d->g[P].h, &d->node.mn_id);
	expect(d, "P:left done\nP>N HI F2\nN:deliver -\nN>P HAck F0\n");
	/* whose anchor never answers is not there any longer than any other */
	pass(d, 9999);
	expect(d, "");
	pass(d, 1);
	expect(d, "N:arrived expired\n");
}

/* RFC 5949 §4.1 (d): "the previous MAG MUST return the HAck message with the Code value 132" */
static void cannot_forward(void **state)
{
	struct domain *d = *state;

	d->g[P].error = -ENOMEM;
	attach(d, N, P);
	expect(d, "N>P HI F0\nP:forward N\nP:left failed\nP>N HAck 132\nN:told\n"
	       "N:arrived refused\n");
	assert_int_equal(d->g[N].told.n_hnp, 1);
}

/* RFC 5949 §6.1.2: "returns the HAck message with Code value 131 without any context" */
static void never_been_there(void **state)
{
	struct domain *d = *state;

	d->g[P].has = false;
	attach(d, N, P);
	expect(d, "N>P HI F0\nP>N HAck 131\nN:arrived refused\n");
	assert_null(d->g[P].h.leavings);
}

/* RFC 5949 §6.1.2: "129: Administratively prohibited" */
static void prohibited(void **state)
{
	struct domain *d = *state;

	d->g[P].refuse = HACK_PROHIBITED;
	attach(d, N, P);
	expect(d, "N>P HI F0\nP>N HAck 129\nN:arrived refused\n");
}

/* RFC 5568 §6.2.1.1: a HAck that is lost: its context is sent again, packets are not */
/* redirected again */
static void answer_lost(void **state)
{
	struct domain *d = *state;

	lose(d, "P>N HAck", 1);
	attach(d, N, P);
	expect(d, "N>P HI F0\nP:forward N\nP>N HAck F6 lost\n");
	pass(d, 100);
	expect(d, "N>P HI F0\nP>N HAck F6\nN:told\nN:deliver P\n");
	assert_int_equal(d->g[N].told.n_hnp, 1);
}

/* RFC 5568 §9: HI_RETRIES: 3; the node then is here without what was for it */
static void silence(void **state)
{
	struct domain *d = *state;

	lose(d, "N>P HI", 99);
	attach(d, N, P);
	pass(d, 1499);
	expect(d, "N>P HI F0 lost\nN>P HI F0 lost\nN>P HI F0 lost\nN>P HI F0 lost\n");
	pass(d, 1);
	expect(d, "N:arrived silence\n");
}

/* Issue §1: "node goes elsewhere", while it is asked about and afterwards */
static void gone_again(void **state)
{
	struct domain *d = *state;

	lose(d, "N>P HI", 1);
	attach(d, N, P);
	expect(d, "N>P HI F0 lost\n");
	arrival_gone(&d->g[N].h, &d->node.mn_id);
	expect(d, "N:arrived elsewhere\n");
	pass(d, 1000);
	expect(d, "");
	attach(d, N, P);
	expect(d, "N>P HI F0\nP:forward N\nP>N HAck F6\nN:told\nN:deliver P\n");
	arrival_gone(&d->g[N].h, &d->node.mn_id);
	expect(d, "N:arrived elsewhere\n");
	attach(d, X, P);
	expect(d, "X>P HI F0\nP:left elsewhere\nP:forward X\nP>N HI F2\nP>X HAck F6\n"
	       "X:told\nX:deliver P\nN>P HAck F0\n");
}

/* To and fro: the gateway where it was last is asked, and the first handover is over */
static void back_by_the_same_way(void **state)
{
	struct domain *d = *state;

	attach(d, N, P);
	expect(d, "N>P HI F0\nP:forward N\nP>N HAck F6\nN:told\nN:deliver P\n");
	d->g[N].has = true;
	leaving_back(&d->g[P].h, &d->node.mn_id);
	attach(d, P, N);
	expect(d, "P:left back\nP>N HI F2\nN:deliver -\nP>N HI F0\nN:arrived elsewhere\n"
	       "N:forward P\nN>P HAck F0\nN>P HAck F6\nP:told\nP:deliver N\n");
}

/* The same, if the word that the first is over is lost: that it asks says so */
static void back_before_it_is_told(void **state)
{
	struct domain *d = *state;

	attach(d, N, P);
	expect(d, "N>P HI F0\nP:forward N\nP>N HAck F6\nN:told\nN:deliver P\n");
	d->g[N].has = true;
	lose(d, "P>N HI", 1);
	leaving_back(&d->g[P].h, &d->node.mn_id);
	expect(d, "P:left back\nP>N HI F2 lost\n");
	attach(d, P, N);
	expect(d, "P>N HI F0\nN:arrived elsewhere\nN:forward P\nN>P HAck F6\nP:told\n"
	       "P:deliver N\n");
	pass(d, 100);
	/* it is over for long, and agreed to */
	expect(d, "P>N HI F2\nN>P HAck F0\n");
}

/* Both say it at once: the announcement and the question meet on the way */
static void announced_while_asking(void **state)
{
	struct domain *d = *state;

	attach(d, N, P);
	leaving_start(&d->g[P].h, &d->g[N].address, &d->node, true, &d->g[P]);
	expect(d, "N>P HI F0\nP:forward N\nP>N HI F3\nN:expect P again\nP>N HAck F6\nN:told\n"
	       "N:deliver P\nN>P HAck F5\n");
	assert_int_equal(d->g[P].h.counters.hack_stray, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(figure_3), T(not_ready), T(not_ready_in_vain), T(anchor_is_faster),
		T(over_before_the_answer), T(cannot_forward),
		T(never_been_there), T(prohibited), T(answer_lost), T(silence), T(gone_again),
		T(back_by_the_same_way), T(back_before_it_is_told), T(announced_while_asking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
