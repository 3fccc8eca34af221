// SPDX-License-Identifier: GPL-2.0
/*
 * Fast handovers between the gateways of a domain: where a node's packets go at each step,
 * by what the two gateways and the anchor have asked of their kernels.
 */
#include "handover_bed.h"

/* What is sent to the anchor is lost, until it is put back */
static struct lma *hide_anchor(struct domain *d)
{
	struct lma *l = d->gw[ANCHOR].lma;

	d->gw[ANCHOR].lma = NULL;
	return l;
}

/* Announced, and gone without having come yet */
static void announce_and_leave(struct domain *d)
{
	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	leave(d, OLD);
}

static void at_new_alone(struct domain *d)
{
	assert_string_equal(way(d, ANCHOR), "by none: new");
	assert_string_equal(way(d, NEW), "by anchor: link");
	assert_string_equal(way(d, OLD), "nothing");
}

/* RFC 5949 §4.1, predictive: (b) to (l), and HI of code 2 at the end */
static void predictive(void **state)
{
	struct domain *d = open_domain(state);

	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	/* the kernel holds what the link does not take any more, before anybody has noticed */
	assert_string_equal(way(d, OLD), "by anchor: link hold");
	assert_string_equal(way(d, NEW), "by old: hold");
	leave(d, OLD);
	assert_string_equal(way(d, OLD), "by anchor: new hold");
	pass_ms(d, 300);
	/* the anchor goes on sending here: nothing was deregistered */
	assert_string_equal(way(d, ANCHOR), "by none: old");
	assert_int_equal(arrive(d, NEW), 0);
	/* §4.1 (j): "the new MAG forwards them to the previous MAG" */
	/* and the anchor sends here before it answers */
	assert_string_equal(way(d, NEW), "by old: link anchor hold");
	pass_ms(d, 400);
	assert_string_equal(way(d, ANCHOR), "by none: new");
	assert_string_equal(way(d, NEW), "by anchor: link old hold");
	pass_ms(d, 20000);
	at_new_alone(d);
}

/* F in the first HI: from the agreement on all of it goes there */
static void predictive_at_once(void **state)
{
	struct domain *d = open_domain(state);

	assert_int_equal(start(d, true), 0);
	pass_ms(d, 200);
	assert_string_equal(way(d, OLD), "by anchor: new hold");
	assert_string_equal(way(d, NEW), "by old: hold");
	leave(d, OLD);
	assert_int_equal(arrive(d, NEW), 0);
	pass_ms(d, 20000);
	at_new_alone(d);
}

/*
 * RFC 5949 §4.1 (i): "The new MAG starts to forward packets destined for the mobile node via
 * the new access network": also of one that is there before the previous gateway forwards,
 * and so does what its anchor sends before its answer.
 */
static void there_before_it_is_missed(void **state)
{
	struct domain *d = open_domain(state);
	struct lma *anchor;

	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	assert_string_equal(way(d, NEW), "by old: hold");
	assert_int_equal(arrive(d, NEW), 0);
	assert_string_equal(way(d, NEW), "by anchor: link old hold");
	/* the previous gateway agrees before the anchor answers */
	anchor = hide_anchor(d);
	pass_ms(d, 200);
	assert_string_equal(way(d, OLD), "by anchor: new hold");
	assert_string_equal(way(d, NEW), "by old: link anchor hold");
	d->gw[ANCHOR].lma = anchor;
	pass_ms(d, 20000);
	leave(d, OLD);
	pass_ms(d, 20000);
	at_new_alone(d);
}

/* The anchor's BRI is faster than its answer: the node keeps its binding until that is here */
static void over_before_the_answer(void **state)
{
	struct domain *d = open_domain(state);
	struct mh_msg hi = { .kind = MH_HI, .flags = HI_F_P | HI_F_F, .code = HI_CODE_FORWARDED,
			     .opts.present = MH_HAS_MN_ID, .opts.mn_id = d->pr[NODE].mn_id };

	announce_and_leave(d);
	pass_ms(d, 200);
	d->loss = 100;
	assert_int_equal(arrive(d, NEW), 0);
	assert_string_equal(way(d, NEW), "by old: link anchor hold");
	mag_on_hi(d->gw[NEW].mag, &d->gw[OLD].addr, &d->gw[NEW].addr, &hi);
	assert_string_equal(way(d, NEW), "by anchor: link old hold");
	d->loss = 0;
	pass_ms(d, 20000);
	at_new_alone(d);
}

/* RFC 5949 §4.1, reactive: the next gateway asks */
static void reactive(void **state)
{
	struct domain *d = open_domain(state);
	struct mag *m = d->gw[NEW].mag;

	assert_int_equal(arrive(d, NEW), 0);
	assert_int_equal(mag_handover_from(m, &d->pr[NODE].mn_id, &d->gw[OLD].addr), 0);
	pass_ms(d, 400);
	assert_string_equal(way(d, OLD), "by anchor: new hold");
	assert_string_equal(way(d, ANCHOR), "by none: new");
	assert_string_equal(way(d, NEW), "by anchor: link old hold");
	/* once more is no other */
	assert_int_equal(mag_handover_from(m, &d->pr[NODE].mn_id, &d->gw[OLD].addr), 0);
	leave(d, OLD);
	pass_ms(d, 20000);
	at_new_alone(d);
}

/*
 * RFC 5949 §5.2: "the NMAG SHOULD expect the mobile node to keep using the same HNP and to send
 * uplink packets before that step": what its profile names, before anybody has answered
 */
static void reactive_at_once(void **state)
{
	struct domain *d = *state;

	d->pr[NODE].n_hnp = 1;
	d->pr[NODE].hnp[0] = fake_prefix("2001:db8:f:1::/64");
	policy_free(&d->policy);
	assert_int_equal(policy_table_open(&d->policy, d->pr, NODES), 0);
	open_domain(state);
	assert_int_equal(arrive(d, NEW), 0);
	assert_string_equal(way(d, NEW), "nothing");
	assert_int_equal(mag_handover_from(d->gw[NEW].mag, &d->pr[NODE].mn_id,
					   &d->gw[OLD].addr), 0);
	assert_string_equal(way(d, NEW), "by anchor: link old hold");
	leave(d, OLD);
	pass_ms(d, 20000);
	at_new_alone(d);
}

/* And of any other it knows from the previous gateway, before the anchor answers */
static void reactive_before_the_answer(void **state)
{
	struct domain *d = open_domain(state);
	struct lma *anchor;

	anchor = hide_anchor(d);
	assert_int_equal(arrive(d, NEW), 0);
	assert_int_equal(mag_handover_from(d->gw[NEW].mag, &d->pr[NODE].mn_id,
					   &d->gw[OLD].addr), 0);
	assert_string_equal(way(d, NEW), "nothing");
	pass_ms(d, 400);
	assert_string_equal(way(d, NEW), "by old: link anchor hold");
	d->gw[ANCHOR].lma = anchor;
	pass_ms(d, 3000);
	assert_string_equal(way(d, NEW), "by anchor: link");
}

/* The node's gateway holds, and says nothing of a node that has left for half a second */
static struct domain *open_waiting(void **state)
{
	struct domain *d = *state;
	struct mag_conf *c = &d->gw[OLD].conf;

	c->hold = true;
	c->handover.wait_ms = 500;
	assert_int_equal(arrive(d, OLD), 0);
	pass_ms(d, 1000);
	assert_string_equal(way(d, OLD), "by anchor: link hold");
	return d;
}

/*
 * RFC 5949 §4.1, reactive, (a) to (h): the node "undergoes handover", and some time later is
 * at the next gateway: what has come meanwhile has waited, and is forwarded there
 */
static void reactive_after_a_gap(void **state)
{
	struct domain *d = open_waiting(state);
	struct lma *anchor;

	leave(d, OLD);
	pass_ms(d, 300);
	assert_string_equal(way(d, ANCHOR), "by none: old");
	assert_string_equal(way(d, OLD), "by anchor: hold");
	anchor = hide_anchor(d);
	assert_int_equal(arrive(d, NEW), 0);
	assert_int_equal(mag_handover_from(d->gw[NEW].mag, &d->pr[NODE].mn_id,
					   &d->gw[OLD].addr), 0);
	assert_int_equal(d->gw[OLD].k.releases, 0);
	pass_ms(d, 400);
	assert_string_equal(way(d, OLD), "by anchor: new hold");
	assert_int_equal(d->gw[OLD].k.releases, 1);
	assert_string_equal(way(d, NEW), "by old: link anchor hold");
	/* the time in which it had to be asked for is over, and means nothing any more */
	pass_ms(d, 1000);
	assert_string_equal(way(d, OLD), "by anchor: new hold");
	d->gw[ANCHOR].lma = anchor;
	pass_ms(d, 20000);
	at_new_alone(d);
}

#define TYPE_PBU	5	/* RFC 6275 §6.1.7 */
#define TYPE_HI		14	/* RFC 5568 §6.2.1 */

/* How many messages of a type are on their way from a gateway */
static unsigned int on_the_wire(struct domain *d, unsigned int from, uint8_t type)
{
	unsigned int n = 0;
	struct packet *p;

	DL_FOREACH(d->wire, p)
		n += p->data[2] == type && IN6_ARE_ADDR_EQUAL(&p->src, &d->gw[from].addr);
	return n;
}

static void drop_all(struct domain *d)
{
	struct packet *p, *tmp;

	DL_FOREACH_SAFE(d->wire, p, tmp) {
		DL_DELETE(d->wire, p);
		free(p);
	}
}

static int arrive_from(struct domain *d, unsigned int gw, unsigned int from)
{
	return mag_handover_attach(d->gw[gw].mag, 1, &d->pr[NODE].lladdr[0], NULL,
				   &d->gw[from].addr);
}

/*
 * RFC 5949 §4.1, reactive (b): "The AP-ID on the old link (Old AP ID) [...] is also transferred
 * to the new MAG at this step": the previous gateway is asked before the anchor
 */
static void reactive_with_the_attachment(void **state)
{
	struct domain *d = open_waiting(state);

	d->lma_conf.revoke_handover = true;
	leave(d, OLD);
	pass_ms(d, 300);
	d->gw[NEW].conf.handover.hi_ms = 1000;
	assert_int_equal(arrive_from(d, NEW, OLD), 0);
	/* the PBU follows the answer: until then nobody here knows the prefixes */
	assert_string_equal(way(d, NEW), "nothing");
	/* once more is no other */
	assert_int_equal(arrive_from(d, NEW, OLD), 0);
	assert_int_equal(on_the_wire(d, NEW, TYPE_HI), 1);
	while (!strcmp(way(d, NEW), "nothing")) {
		assert_int_equal(on_the_wire(d, NEW, TYPE_PBU), 0);
		pass_ms(d, 1);
	}
	assert_string_equal(way(d, OLD), "by anchor: hold");
	/* the binding, and then the PBU and HI with F */
	assert_string_equal(way(d, NEW), "by anchor: link old hold");
	assert_int_equal(on_the_wire(d, NEW, TYPE_HI), 1);
	assert_int_equal(on_the_wire(d, NEW, TYPE_PBU), 1);
	pass_ms(d, 20000);
	at_new_alone(d);
}

/* Of a previous gateway that says nothing the anchor hears all the same, and soon */
static void reactive_without_an_answer(void **state)
{
	struct domain *d = open_waiting(state);

	leave(d, OLD);
	pass_ms(d, 300);
	d->gw[NEW].conf.handover.hi_ms = 20;
	assert_int_equal(arrive_from(d, NEW, OLD), 0);
	drop_all(d);
	pass_ms(d, 19);
	assert_int_equal(on_the_wire(d, NEW, TYPE_PBU), 0);
	pass_ms(d, 1);
	assert_int_equal(on_the_wire(d, NEW, TYPE_PBU), 1);
	pass_ms(d, 20000);
	at_new_alone(d);
}

/* What cannot be asked for leaves nothing behind; who only tries has no session by it */
static void not_to_be_asked_for(void **state)
{
	struct in6_addr stranger = fake_addr("2001:db8:9::1");
	struct domain *d = open_waiting(state);
	struct llid nobody = fake_llid("02:00:00:00:ff:ff");
	struct mag *m = d->gw[NEW].mag;

	assert_int_equal(mag_handover_attach(m, 1, &d->pr[NODE].lladdr[0], NULL, &stranger),
			 -EADDRNOTAVAIL);
	assert_int_equal(mag_handover_attach(m, 1, &nobody, NULL, &d->gw[OLD].addr), -EPERM);
	assert_int_equal(mag_handover_attach(m, 9, &d->pr[NODE].lladdr[0], NULL,
					     &d->gw[OLD].addr), -ENODEV);
	d->gw[NEW].conf.fast = false;
	assert_int_equal(arrive_from(d, NEW, OLD), -EOPNOTSUPP);
	d->gw[NEW].conf.fast = true;
	assert_string_equal(way(d, NEW), "nothing");
	assert_int_equal(tunnel(d, NEW, OLD), 0);
	pass_ms(d, 1000);
	assert_int_equal(mag_handover_counters(m)->hack_rx, 0);
}

/* An interface stays its node's, for all that the policy says by now: no other has come by it */
static void interface_of_another(void **state)
{
	const struct llid ll = fake_llid("02:00:00:00:ff:01");
	struct domain *d = open_waiting(state);
	struct mag *m = d->gw[NEW].mag;
	const unsigned int other = 2;

	assert_int_equal(mag_on_attach(m, 1, &d->pr[other].lladdr[0], NULL, NULL, ATTACH_RS), 0);
	pass_ms(d, 1000);
	assert_int_equal(mag_handover_attach(m, 1, &d->pr[other].lladdr[0], &d->pr[NODE].mn_id,
					     &d->gw[OLD].addr), -EBUSY);
	policy_free(&d->policy);
	d->pr[NODE].lladdr[0] = d->pr[other].lladdr[0];
	d->pr[other].lladdr[0] = ll;
	assert_int_equal(policy_table_open(&d->policy, d->pr, NODES), 0);
	assert_int_equal(arrive_from(d, NEW, OLD), 0);
	assert_int_equal(tunnel(d, NEW, OLD), 0);
	assert_int_equal(on_the_wire(d, NEW, TYPE_HI), 0);
}

/*
 * RFC 5213 §6.9.1.4: "it SHOULD send a Proxy Binding Update message to the local mobility
 * anchor with the lifetime value set to zero": of whom nobody asks for, after that time; and
 * what has waited goes back, as from any gateway that holds
 */
static void nobody_asks(void **state)
{
	struct domain *d = open_waiting(state);
	uint64_t sent;

	leave(d, OLD);
	sent = d->sent;
	pass_ms(d, 499);
	assert_int_equal(d->sent, sent);
	assert_string_equal(way(d, ANCHOR), "by none: old");
	pass_ms(d, 1);
	assert_int_equal(d->sent, sent + 1);
	pass_ms(d, 200);
	assert_int_equal(d->gw[OLD].k.releases, 1);
	pass_ms(d, 20000);
	assert_null(d->gw[OLD].k.bindings);
	assert_null(d->gw[ANCHOR].k.bindings);
}

/* Who is back before needs neither */
static void back_before_it_is_asked_for(void **state)
{
	struct domain *d = open_waiting(state);

	leave(d, OLD);
	pass_ms(d, 400);
	assert_int_equal(arrive(d, OLD), 0);
	assert_string_equal(way(d, OLD), "by anchor: link hold");
	pass_ms(d, 1000);
	assert_string_equal(way(d, OLD), "by anchor: link hold");
	assert_string_equal(way(d, ANCHOR), "by none: old");
}

static bool deregisters_at_once(struct domain *d)
{
	uint64_t sent = d->sent;

	leave(d, OLD);
	pass_ms(d, 20);
	return d->sent > sent;
}

/* It has another interface here, which takes its packets */
static void another_interface(void **state)
{
	struct domain *d = open_waiting(state);

	assert_int_equal(mag_on_attach(d->gw[OLD].mag, 2, &d->pr[NODE].lladdr[1], NULL, NULL,
				       ATTACH_CARRIER), 0);
	pass_ms(d, 5000);
	assert_true(deregisters_at_once(d));
}

/* It may have one elsewhere, to which its anchor would send them */
static void may_be_elsewhere(void **state)
{
	struct domain *d = *state;

	d->pr[NODE].multihoming = MULTIHOMING_SHARED;
	policy_free(&d->policy);
	assert_int_equal(policy_table_open(&d->policy, d->pr, NODES), 0);
	assert_true(deregisters_at_once(open_waiting(state)));
}

/* Who is sent away is deregistered at once, also while the binding is being refreshed */
static void sent_away(void **state)
{
	struct domain *d = open_waiting(state);
	uint64_t sent;

	/* lifetime 60 s, refreshed before three quarters of it are over */
	d->loss = 100;
	pass_ms(d, 45000);
	d->loss = 0;
	sent = d->sent;
	assert_int_equal(mag_revoke_anchor(d->gw[OLD].mag, &d->gw[ANCHOR].addr), 1);
	pass_ms(d, 1);
	/* one says that all are revoked, another deregisters the node */
	assert_int_equal(d->sent, sent + 2);
}

/* It does not go, or is back: packets go as before, and nothing waits there */
static void comes_back(void **state)
{
	struct domain *d = open_domain(state);

	announce_and_leave(d);
	pass_ms(d, 200);
	assert_int_equal(arrive(d, OLD), 0);
	assert_string_equal(way(d, OLD), "by anchor: link");
	pass_ms(d, 300);
	assert_string_equal(way(d, NEW), "nothing");
	assert_string_equal(way(d, ANCHOR), "by none: old");
	/* and it can go again */
	assert_int_equal(start(d, false), 0);
	pass_ms(d, 200);
	assert_string_equal(way(d, NEW), "by old: hold");
}

/* It is expected for a while; its deregistration follows then */
static void never_comes(void **state)
{
	struct domain *d = open_domain(state);

	announce_and_leave(d);
	pass_ms(d, 30000);
	for (unsigned int i = 0; i < MAGS; i++)
		assert_null(d->gw[i].k.bindings);
	assert_null(d->gw[ANCHOR].k.bindings);
}

/* It goes to a third gateway, which nobody has told of it */
static void goes_elsewhere(void **state)
{
	struct domain *d = open_domain(state);

	announce_and_leave(d);
	assert_int_equal(arrive(d, THIRD), 0);
	pass_ms(d, 20000);
	assert_string_equal(way(d, ANCHOR), "by none: third");
	assert_string_equal(way(d, THIRD), "by anchor: link");
	assert_string_equal(way(d, OLD), "nothing");
	assert_string_equal(way(d, NEW), "nothing");
}

/* Who does not answer, or refuses: the node leaves as without a handover */
static void refused(void **state)
{
	struct domain *d = open_domain(state);

	d->gw[NEW].conf.max_sessions = 1;
	assert_int_equal(mag_on_attach(d->gw[NEW].mag, 1, &d->pr[2].lladdr[0], NULL, NULL,
				       ATTACH_CARRIER), 0);
	pass_ms(d, 1000);
	assert_int_equal(start(d, true), 0);
	pass_ms(d, 300);
	assert_string_equal(way(d, OLD), "by anchor: link");
	assert_int_equal(mag_handover_counters(d->gw[OLD].mag)->hack_refused, 1);
	d->gw[OLD].conf.handover.forward_ms = 10000;
	d->loss = 100;
	assert_int_equal(start(d, true), 0);
	pass_ms(d, 300);
	leave(d, OLD);
	pass_ms(d, 5000);
	assert_int_equal(mag_handover_counters(d->gw[OLD].mag)->silence, 1);
	d->loss = 0;
	pass_ms(d, 60000);
	assert_null(d->gw[OLD].k.bindings);
}

static void not_possible(void **state)
{
	struct domain *d = open_domain(state);
	const struct mn_id *id = &d->pr[NODE].mn_id;
	struct mag *m = d->gw[OLD].mag;
	struct in6_addr stranger = fake_addr("2001:db8:9::1");

	assert_int_equal(mag_handover_start(m, id, &stranger, true), -EACCES);
	assert_int_equal(mag_handover_start(m, id, &d->gw[OLD].addr, true), -EACCES);
	assert_int_equal(mag_handover_start(m, &d->pr[4].mn_id, &d->gw[NEW].addr, true), -ENOENT);
	assert_int_equal(mag_handover_from(m, &d->pr[4].mn_id, &d->gw[NEW].addr), -ENOENT);
	assert_int_equal(mag_handover_from(m, id, &stranger), -EACCES);
	assert_int_equal(start(d, false), 0);
	assert_int_equal(start(d, false), -EEXIST);
	d->gw[OLD].conf.fast = false;
	assert_int_equal(start(d, false), -EOPNOTSUPP);
	assert_int_equal(mag_handover_from(m, id, &d->gw[NEW].addr), -EOPNOTSUPP);
	d->gw[OLD].conf.fast = true;
	pass_ms(d, 200);
	/* by another interface too: which of them moves, nobody says */
	assert_int_equal(mag_on_attach(m, 2, &d->pr[NODE].lladdr[1], NULL, NULL,
				       ATTACH_CARRIER), 0);
	pass_ms(d, 20000);
	assert_int_equal(start(d, false), -EBUSY);
}

/* Nodes may listen to groups at all gateways from now on */
static struct domain *open_listening(void **state)
{
	struct domain *d = *state;

	for (unsigned int i = 0; i < MAGS; i++) {
		struct mcast_role *c = &d->gw[i].conf.mcast;

		c->enabled = true;
		mcast_conf_default(&c->down);
		mcast_conf_default(&c->up);
	}
	return open_domain(state);
}

static void listen_to(struct domain *d, unsigned int gw, const char *group, const char *source)
{
	struct in6_addr src = fake_addr("fe80::1"), s = source ? fake_addr(source) : in6addr_any;
	struct mld_record rec = {
		.type = source ? MLD_TO_IN : MLD_TO_EX, .group = fake_addr(group),
		.sources = { (const uint8_t *)&s, source ? 1 : 0 },
	};
	uint8_t buf[1500];
	int len = mld_report_write(&rec, 1, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);

	assert_true(len > 0);
	mag_on_mld(d->gw[gw].mag, 1, &d->pr[NODE].lladdr[0], buf,
		   mld_packet_finish(buf, (size_t)len, &src, &mld_all_routers));
}

struct listened {
	struct in6_addr any, one;
	unsigned int n, fits;
};

static bool fits(void *arg, const struct mcast_view *v)
{
	struct listened *l = arg;

	l->n++;
	if (IN6_ARE_ADDR_EQUAL(v->group, &l->any))
		l->fits += v->filter->mode == MCAST_EX && !v->filter->n;
	else
		l->fits += IN6_ARE_ADDR_EQUAL(v->group, &l->one) &&
			   v->filter->mode == MCAST_IN && v->filter->n == 1;
	return true;
}

/* What listen_to_both() has asked for, is that what is listened to there, and no more? */
static bool listens_to_both(struct domain *d, unsigned int gw)
{
	struct listened l = { .any = fake_addr("ff1e::1"), .one = fake_addr("ff3e::2") };

	mag_each_listening(d->gw[gw].mag, fits, &l);
	return l.n == 2 && l.fits == 2;
}

static void listen_to_both(struct domain *d, unsigned int gw)
{
	listen_to(d, gw, "ff1e::1", NULL);
	listen_to(d, gw, "ff3e::2", "2001:db8:5::1");
	assert_true(listens_to_both(d, gw));
}

/* Announced with its groups, it has gone to the next gateway, which has heard nothing of it */
static struct domain *go_with_groups(void **state)
{
	struct domain *d = open_listening(state);

	listen_to_both(d, OLD);
	announce_and_leave(d);
	assert_int_equal(arrive(d, NEW), 0);
	pass_ms(d, 400);
	return d;
}

/* Draft: predictive multicast handover §4 (2): "MN ID and MN Multicast State" */
static void groups_announced(void **state)
{
	assert_true(listens_to_both(go_with_groups(state), NEW));
}

/* RFC 7411 §3: and without an announcement the answer has it */
static void groups_asked_for(void **state)
{
	struct domain *d = open_listening(state);

	listen_to_both(d, OLD);
	leave(d, OLD);
	assert_int_equal(arrive(d, NEW), 0);
	assert_int_equal(mag_handover_from(d->gw[NEW].mag, &d->pr[NODE].mn_id,
					   &d->gw[OLD].addr), 0);
	pass_ms(d, 1000);
	assert_true(listens_to_both(d, NEW));
}

/* Who does not confirm it when it is asked listens no more */
static void groups_not_confirmed(void **state)
{
	struct domain *d = go_with_groups(state);

	assert_true(listens_to_both(d, NEW));
	pass_ms(d, 300000);
	assert_false(listens_to_both(d, NEW));
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, domain_setup, domain_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(predictive),
		TEST(predictive_at_once),
		TEST(there_before_it_is_missed),
		TEST(over_before_the_answer),
		TEST(reactive),
		TEST(reactive_at_once),
		TEST(reactive_before_the_answer),
		TEST(reactive_after_a_gap),
		TEST(reactive_with_the_attachment),
		TEST(reactive_without_an_answer),
		TEST(not_to_be_asked_for),
		TEST(interface_of_another),
		TEST(nobody_asks),
		TEST(back_before_it_is_asked_for),
		TEST(another_interface),
		TEST(may_be_elsewhere),
		TEST(sent_away),
		TEST(comes_back),
		TEST(never_comes),
		TEST(goes_elsewhere),
		TEST(refused),
		TEST(not_possible),
		TEST(groups_announced),
		TEST(groups_asked_for),
		TEST(groups_not_confirmed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
