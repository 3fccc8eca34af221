// SPDX-License-Identifier: GPL-2.0
/* A gateway that begins with attachments that the kernel has kept. */
#include "mag_bed.h"

#include "io/io.h"
#include "mag/session.h"

static struct mag_kept kept(const struct llid *l, const char *mn, const char *prefix)
{
	struct mn_id id = fake_nai(mn);
	struct mag_kept k = {
		.ifindex = IF1, .lladdr = *l, .node = mn_id_number(&id), .up = true,
		.n_hnp = 1,
	};

	k.hnp[0] = fake_prefix(prefix);
	return k;
}

/* RFC 5213 §6.9.1.3: extended with the same prefix, HI 5; forwarded meanwhile */
static void silent_node_is_registered_again(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = kept(&x->l1, "mn1@example.org", "2001:db8:100:1::/64");
	const struct mh_msg *m;

	mag_take_over(x->m, &k, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 1);
	assert_true(fake_find(&x->f, FAKE_BINDING_SET, 0)->binding.uplink != 0);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	fake_advance_ms(&x->f, 1);
	m = &fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m->opts.hi, HI_REREGISTRATION);
	assert_true(prefix_equal(&m->opts.hnp[0].prefix, &k.hnp[0]));
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 1);
	/* the second time it is known */
	fake_reset(&x->f);
	mag_take_over(x->m, &k, 1);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
}

/* RFC 5213 §6.9.1.4: who has gone meanwhile is deregistered, and not forwarded to */
static void departed_node_is_deregistered(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = kept(&x->l1, "mn1@example.org", "2001:db8:100:1::/64");
	const struct mh_msg *m;

	k.up = false;
	mag_take_over(x->m, &k, 1);
	fake_advance_ms(&x->f, 1);
	m = &fake_find_mh(&x->f, MH_PBU, 0)->msg;
	assert_int_equal(m->lifetime, 0);
	assert_true(prefix_equal(&m->opts.hnp[0].prefix, &k.hnp[0]));
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 1);
	assert_string_equal(state_of(x), "none");
}

/* RFC 5213 §6.9.1.1: the identifier is the one that the node was served by */
static void name_of_the_operator_is_kept(void **state)
{
	struct fixture *x = *state;
	struct llid unknown = fake_llid("02:00:00:00:09:09");
	struct mag_kept k = kept(&unknown, "mn1@example.org", "2001:db8:100:1::/64");

	mag_take_over(x->m, &k, 1);
	fake_advance_ms(&x->f, 1);
	assert_true(mn_id_equal(&fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.mn_id, &x->id));
}

/* RFC 5213 §6.14: nobody's, not by this technology, not on an access link */
static void not_everything_is_taken(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k[] = {
		kept(&x->l1, "nobody@example.org", "2001:db8:100:1::/64"),
		kept(&x->l5, "mn3@example.org", "2001:db8:100:3::/64"),
		kept(&x->l3, "mn2@example.org", "2001:db8:100:2::/64"),
	};

	k[1].ifindex = IF2;
	k[2].ifindex = 99;
	mag_take_over(x->m, k, 3);
	fake_advance_ms(&x->f, 1000);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_MH), 0);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
}

/* RFC 5213 §6.10.5: what the anchor never confirms ends with the longest lifetime */
static void unconfirmed_ends(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = kept(&x->l1, "mn1@example.org", "2001:db8:100:1::/64");

	mag_take_over(x->m, &k, 1);
	fake_advance_ms(&x->f, 3590000);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 0);
	fake_advance_ms(&x->f, 50000);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
}

/* RFC 4861 §7.3: back on the link: who was there is asked, whether it was left or not */
static void link_that_is_back_is_probed(void **state)
{
	struct fixture *x = *state;

	x->conf.probe_ms = 10000;
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	mag_on_link(x->m, IF1, true);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_PROBE), 1);
	assert_string_equal(state_of(x), "active");
	mag_on_link(x->m, IF1, false);
	mag_on_link(x->m, IF1, true);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_PROBE), 2);
	assert_string_equal(state_of(x), "deregistering");
	/* its answer is a sign of life */
	attach(x);
	assert_string_equal(state_of(x), "registering");
}

/* Packets wait for a node that had left: which interface it was the kernel does not say */
static struct mag_kept waiting(const char *mn)
{
	struct mn_id id = fake_nai(mn);
	struct mag_kept k = { .node = mn_id_number(&id), .n_hnp = 1 };

	k.hnp[0] = fake_prefix("2001:db8:100:1::/64");
	return k;
}

static const struct mh_msg *newest_pbu(struct fixture *x)
{
	return &fake_find_mh(&x->f, MH_PBU, -1)->msg;
}

/*
 * Draft: fault tolerant multihoming §3.2 (3) to (6): the daemon ended between the
 * deregistration and its answer: the next one asks again, and sends back what waits.
 * RFC 5213 §6.9.1.1: no identifier of the interface, since none is known
 */
static void what_waits_goes_back(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = waiting("mn1@example.org");
	const struct fake_action *a;

	x->conf.hold = true;
	mag_take_over(x->m, &k, 1);
	a = fake_find(&x->f, FAKE_BINDING_SET, -1);
	assert_int_equal(a->binding.n_paths, 1);
	assert_int_equal(a->binding.path[0].kind, PMIP_PATH_HOLD);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(newest_pbu(x)->lifetime, 0);
	assert_int_equal(newest_pbu(x)->opts.hi, HI_UNKNOWN);
	assert_false(newest_pbu(x)->opts.present & MH_HAS_LLID);
	assert_true(prefix_equal(&newest_pbu(x)->opts.hnp[0].prefix, &k.hnp[0]));
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 0);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 1);
	a = fake_find(&x->f, FAKE_HOLD_RELEASE, 0);
	assert_int_equal(a->release.to, PMIP_HOLD_TO_RETURN);
	assert_true(prefix_equal(&a->release.prefix, &k.hnp[0]));
	fake_advance_ms(&x->f, 3001);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
}

/* RFC 5213 §5.4.1: an anchor's entry is of one technology, and others it does not answer about */
static void each_technology_is_tried(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k[] = { waiting("mn1@example.org"), waiting("mn3@example.org") };

	x->conf.hold = true;
	mag_take_over(x->m, k, 1);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(newest_pbu(x)->opts.att, 4);
	fake_advance_ms(&x->f, 2001);
	assert_int_equal(newest_pbu(x)->opts.att, 3);
	/* which is answered, with what it asked for */
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 1);
	/* RFC 5213 §6.14: of a node that may have one alone that one */
	k[1].hnp[0] = fake_prefix("2001:db8:100:3::/64");
	mag_take_over(x->m, k + 1, 1);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(newest_pbu(x)->opts.att, 4);
	fake_advance_ms(&x->f, 2001);
	assert_int_equal(newest_pbu(x)->opts.att, 4);
}

/* Draft: fault tolerant multihoming §3.2: who is back gets what waits, by whichever link */
static void who_is_back_gets_it(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = waiting("mn1@example.org");
	const struct fake_action *a;

	x->conf.hold = true;
	mag_take_over(x->m, &k, 1);
	fake_advance_ms(&x->f, 1);
	attach(x);
	assert_string_equal(state_of(x), "registering");
	assert_true(newest_pbu(x)->lifetime);
	assert_true(llid_equal(&newest_pbu(x)->opts.llid, &x->l1));
	a = fake_find(&x->f, FAKE_BINDING_SET, -1);
	assert_int_equal(a->binding.n_paths, 2);
	assert_int_equal(a->binding.path[0].kind, PMIP_PATH_LINK);
	assert_int_equal(a->binding.path[0].ifindex, IF1);
	a = fake_find(&x->f, FAKE_HOLD_RELEASE, -1);
	assert_int_equal(a->release.to, PMIP_HOLD_TO_FORWARD);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	/* the deregistration is forgotten: nothing of it is left to be sent */
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 60000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
}

/*
 * RFC 7864 §3.2.2: what was only routed is not the interface's, and goes along; alone, or
 * where nothing is held any more, it is nobody's, as what belongs to no node of ours
 */
static void not_everything_that_waits_is_taken(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k = waiting("mn1@example.org"), other = waiting("nobody@example.org");

	mag_take_over(x->m, &k, 1);
	x->conf.hold = true;
	mag_take_over(x->m, &other, 1);
	k.n_hnp = 0;
	k.n_off = 1;
	mag_take_over(x->m, &k, 1);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_MH), 0);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
	k.n_hnp = 1;
	k.hnp[1] = fake_prefix("2001:db8:100:9::/64");
	mag_take_over(x->m, &k, 1);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(newest_pbu(x)->opts.n_hnp, 1);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 2);
}

/*
 * What the daemon of @x has told the kernel last of each of @n prefixes, as the next one
 * finds it there: what waits
 */
static size_t left_behind(struct fixture *x, const char *const *prefix, size_t n,
			  struct mag_kept **list)
{
	const struct fake_action *a;
	struct kept *table = NULL;
	struct prefix p;
	size_t i, count;
	int j;

	for (i = 0; i < n; i++) {
		p = fake_prefix(prefix[i]);
		for (j = -1; (a = fake_find(&x->f, FAKE_BINDING_SET, j)); j--)
			if (prefix_equal(&a->binding.prefix, &p))
				break;
		assert_non_null(a);
		assert_int_equal(kept_add(&table, &a->binding), 0);
	}
	count = kept_list(table, list, NULL);
	kept_free(&table);
	return count;
}

static const char *const two[] = { "2001:db8:100:2::/64", "2001:db8:100:3::/64" };

/* mn2 by l3 and by l4, a prefix for each; both leave, and so does the daemon */
static size_t both_left(struct fixture *x, struct mag_kept **list)
{
	const struct llid *l[] = { &x->l3, &x->l4 };
	size_t i, n;

	x->conf.hold = true;
	for (i = 0; i < 2; i++) {
		mag_on_attach(x->m, IF1, l[i], NULL, NULL, ATTACH_CARRIER);
		grant(x, -1, two[i]);
	}
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 1);
	n = left_behind(x, two, 2, list);
	mag_free(x->m);
	fake_reset(&x->f);
	x->m = mag_new(&x->f.env, &x->conf, &x->peers, &x->policy);
	return n;
}

/* The anchor's answer to the nth PBU: to a deregistration with what it named */
static void confirm(struct fixture *x, int nth)
{
	struct mh_msg m = fake_find_mh(&x->f, MH_PBU, nth)->msg;

	m.kind = MH_PBA;
	m.flags = PBA_F_P;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
}

/*
 * RFC 5213 §5.4.1.1 rule 4: a request names the prefixes of one session, "all of them"; so
 * that of a node with several interfaces, each with prefixes of its own (draft: flow
 * mobility §3.1), that of each is repeated by itself, and brings its own packets back.
 */
static void each_interface_is_asked_for(void **state)
{
	struct fixture *x = *state;
	const struct fake_action *a;
	const struct mh_msg *m;
	struct mag_kept *list;
	struct prefix p;
	bool seen[2] = { false };
	int i;

	assert_int_equal(both_left(x, &list), 2);
	mag_take_over(x->m, list, 2);
	free(list);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	for (i = 0; i < 2; i++) {
		m = &fake_find_mh(&x->f, MH_PBU, i)->msg;
		assert_int_equal(m->lifetime, 0);
		assert_int_equal(m->opts.n_hnp, 1);
		p = fake_prefix(two[1]);
		seen[prefix_equal(&m->opts.hnp[0].prefix, &p)] = true;
		/* the place in the profile tells which address it was */
		assert_true(llid_equal(&m->opts.llid, prefix_equal(&m->opts.hnp[0].prefix, &p) ?
				       &x->l4 : &x->l3));
		p = m->opts.hnp[0].prefix;
		confirm(x, i);
		assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), i + 1);
		a = fake_find(&x->f, FAKE_HOLD_RELEASE, i);
		assert_int_equal(a->release.to, PMIP_HOLD_TO_RETURN);
		assert_true(prefix_equal(&a->release.prefix, &p));
	}
	assert_true(seen[0] && seen[1]);
}

/* Draft: fault tolerant multihoming §3.2: what waits for the one is not the other's */
static void each_interface_gets_its_own(void **state)
{
	struct fixture *x = *state;
	const struct fake_action *a;
	struct mag_kept *list;
	struct prefix p = fake_prefix(two[1]);

	both_left(x, &list);
	mag_take_over(x->m, list, 2);
	free(list);
	fake_advance_ms(&x->f, 1);
	fake_reset(&x->f);
	mag_on_attach(x->m, IF2, &x->l4, NULL, NULL, ATTACH_CARRIER);
	assert_int_equal(newest_pbu(x)->opts.att, 3);
	assert_true(prefix_equal(&newest_pbu(x)->opts.hnp[0].prefix, &p));
	assert_int_equal(fake_count(&x->f, FAKE_HOLD_RELEASE), 1);
	a = fake_find(&x->f, FAKE_HOLD_RELEASE, 0);
	assert_int_equal(a->release.to, PMIP_HOLD_TO_FORWARD);
	assert_true(prefix_equal(&a->release.prefix, &p));
	confirm(x, -1);
	/* and the other is still asked for */
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 2001);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 1);
	assert_int_equal(newest_pbu(x)->lifetime, 0);
	assert_true(llid_equal(&newest_pbu(x)->opts.llid, &x->l3));
}

/* Draft: flow mobility §3.1, the combination: what is shared is in each one's request */
static void shared_prefixes_are_in_each(void **state)
{
	static const char *const three[] = {
		"2001:db8:100:2::/64", "2001:db8:100:3::/64", "2001:db8:100:9::/64",
	};
	struct fixture *x = *state;
	const struct llid *l[] = { &x->l3, &x->l4 };
	struct mag_kept *list;
	struct prefix shared = fake_prefix(three[2]);
	struct mh_msg m;
	int i;

	x->conf.hold = true;
	for (i = 0; i < 2; i++) {
		mag_on_attach(x->m, IF1, l[i], NULL, NULL, ATTACH_CARRIER);
		m = fake_find_mh(&x->f, MH_PBU, -1)->msg;
		m.kind = MH_PBA;
		m.flags = PBA_F_P;
		m.opts.n_hnp = 2;
		m.opts.hnp[0].prefix = fake_prefix(three[i]);
		m.opts.hnp[1].prefix = shared;
		mag_on_pba(x->m, &x->lma, &x->self, &m);
	}
	mag_on_link(x->m, IF1, false);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(left_behind(x, three, 3, &list), 2);
	for (i = 0; i < 2; i++) {
		assert_int_equal(list[i].n_hnp, 2);
		assert_int_equal(list[i].n_off, 0);
		assert_true(prefix_equal(&list[i].hnp[0], &shared) ||
			    prefix_equal(&list[i].hnp[1], &shared));
	}
	assert_int_not_equal(list[0].number, list[1].number);
	free(list);
}

/*
 * An interface that the profile does not have has no address to be known by: who is back
 * may be any of them, and the anchor could take what is asked for the others for it.
 */
static void unlisted_ones_do_not_outlive_it(void **state)
{
	struct fixture *x = *state;
	struct mag_kept k[] = { waiting("mn1@example.org"), waiting("mn1@example.org") };
	struct llid unlisted = fake_llid("02:00:00:00:09:09");

	x->conf.hold = true;
	k[0].number = 3;
	k[1].number = 4;
	mag_take_over(x->m, k, 2);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	assert_false(newest_pbu(x)->opts.present & MH_HAS_LLID);
	mag_on_attach(x->m, IF1, &unlisted, &x->id, NULL, ATTACH_OPERATOR);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 60000);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 0);
}

/* RFC 5847 §3.1: who asks is answered: not once all are taken, but amid them */
static void others_have_their_turn(void **state)
{
	enum { MANY = 1000 };
	struct fixture *x = *state;
	struct mag_kept *v = calloc(MANY, sizeof(*v));
	unsigned int taken;
	int i;

	assert_non_null(v);
	for (i = 0; i < MANY; i++) {
		v[i] = kept(&x->l1, "nobody@example.org", "2001:db8:100:1::/64");
		v[i].lladdr.id[0] = (uint8_t)(i >> 8);
		v[i].lladdr.id[1] = (uint8_t)i;
	}
	mag_take_over(x->m, v, MANY);
	taken = x->f.served;
	assert_in_range(taken, MANY / 100, MANY);
	/* and where they are those of a node of ours */
	for (i = 0; i < MANY; i++) {
		v[i].node = mn_id_number(&x->id);
		v[i].hnp[0].addr.s6_addr[7] = 1;
	}
	mag_take_over(x->m, v, MANY);
	assert_in_range(x->f.served - taken, MANY / 100, MANY);
	free(v);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(silent_node_is_registered_again),
		T(departed_node_is_deregistered),
		T(name_of_the_operator_is_kept),
		T(not_everything_is_taken),
		T(unconfirmed_ends),
		T(link_that_is_back_is_probed),
		T(what_waits_goes_back),
		T(each_technology_is_tried),
		T(who_is_back_gets_it),
		T(not_everything_that_waits_is_taken),
		T(each_interface_is_asked_for),
		T(each_interface_gets_its_own),
		T(shared_prefixes_are_in_each),
		T(unlisted_ones_do_not_outlive_it),
		T(others_have_their_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
