// SPDX-License-Identifier: GPL-2.0
/* Flows that are moved to a gateway: what it routes, advertises and answers. */
#include "mag_bed.h"

#include "flow/flow_bed.h"

#define OWN	"2001:db8:100:1::/64"	/* of the interface that is here */
#define OTHER	"2001:db8:100:9::/64"	/* of the node's other interface */

static bool keep_view(void *arg, const struct mag_session_view *v)
{
	*(struct mag_session_view *)arg = *v;
	return true;
}

static struct mag_session_view view(struct fixture *x)
{
	struct mag_session_view v = { 0 };

	mag_each(x->m, keep_view, &v);
	return v;
}

/* What the kernel has last been told of a prefix; NULL: there is no binding */
static const struct dp_binding *binding(struct fixture *x, const char *text)
{
	struct prefix p = fake_prefix(text);
	const struct dp_binding *b = NULL;
	size_t i;

	for (i = 0; i < x->f.len; i++) {
		const struct fake_action *a = &x->f.v[i];

		if (a->kind == FAKE_BINDING_SET && prefix_equal(&a->binding.prefix, &p))
			b = &a->binding;
		else if (a->kind == FAKE_BINDING_DEL && prefix_equal(&a->prefix, &p))
			b = NULL;
	}
	return b;
}

static void serve(struct fixture *x)
{
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
}

/* A flow to a destination in a prefix that is not this interface's */
static struct mh_msg fmi(uint16_t seq, uint16_t lifetime)
{
	struct mh_msg m = message(MH_FMI, seq, lifetime);
	struct flow_spec s = flow(1, 10);

	s.selector.fields |= SELECTOR_HAS(SELECTOR_DST);
	s.selector.dst[0] = fake_addr("2001:db8:100:9::7");
	assert_true(selector_normalise(&s.selector));
	add_flow(&m, &s);
	return m;
}

static struct mh_msg upn(uint16_t seq, const char *prefix)
{
	struct mh_msg m = message(MH_UPN, seq, 0);

	add_prefix(&m, prefix, true);
	return m;
}

/* The status of the answer to a message of somebody's; -1: there was none */
static int say_as(struct fixture *x, const char *from, const struct mh_msg *m)
{
	enum mh_kind kind = m->kind == MH_FMI ? MH_FMA : MH_UPA;
	size_t n = fake_count_mh(&x->f, kind);
	struct in6_addr src = fake_addr(from);

	mag_on_flow(x->m, &src, &x->self, m);
	return fake_count_mh(&x->f, kind) == n ? -1 : fake_find_mh(&x->f, kind, -1)->msg.status;
}

static int say(struct fixture *x, const struct mh_msg *m)
{
	return say_as(x, "2001:db8:0:1::1", m);
}

static void routed_to_l1(struct fixture *x)
{
	const struct dp_binding *b = binding(x, OTHER), *own = binding(x, OWN);

	assert_non_null(b);
	assert_int_equal(b->n_paths, 1);
	assert_int_equal(b->path[0].kind, PMIP_PATH_LINK);
	assert_int_equal(b->path[0].ifindex, IF1);
	assert_true(llid_equal(&b->path[0].lladdr, &x->l1));
	/* marked, so that the next daemon does not take it for the interface's own */
	assert_int_equal(b->path[0].bid, MAG_BID_OFF_LINK | 1);
	assert_int_equal(own->path[0].bid, 1);
	/* RFC 7864 §3.2.2, "MAG1 routing state": "::/0 LMA" */
	assert_int_equal(b->uplink, own->uplink);
	assert_true(b->uplink && b->node == own->node);
}

/* RFC 7864 §3.2.2: "the MAG MUST NOT advertise them on the MAG-MN link" */
static void never_advertised(struct fixture *x)
{
	const struct fake_action *a;
	int i;

	mag_on_rs(x->m, IF1, &x->l1, &in6addr_any);
	for (i = 0; (a = fake_find(&x->f, FAKE_SEND_RA, i)); i++) {
		assert_int_equal(a->ra.n_prefixes, 1);
		assert_true(prefix_equal(&a->ra.prefix[0], &(struct prefix){
			fake_addr("2001:db8:100:1::"), 64 }));
	}
	assert_true(i >= 2);
}

/* Draft: flow mobility §4.1; the binding is in force before the answer says so */
static void an_initiate_routes(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(5, FLOW_FOREVER);
	struct mag_session_view v;

	serve(x);
	assert_int_equal(say(x, &m), FMA_OK);
	routed_to_l1(x);
	assert_true(fake_index(&x->f, FAKE_BINDING_SET, -1) < fake_index_mh(&x->f, MH_FMA, -1));
	never_advertised(x);
	v = view(x);
	assert_int_equal(v.n_hnp, 1);
	assert_int_equal(v.n_off, 1);
	assert_int_equal(v.flows->spec.fid, 1);
	assert_int_equal(mag_flow_counters(x->m)->fmi_rx, 1);
	/* refreshed: nothing changes in the kernel */
	fake_reset(&x->f);
	assert_int_equal(say(x, &m), FMA_OK);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
	/* §4.1, lifetime 0: a "request to remove state about the flow", and its prefix */
	m = fmi(6, 0);
	assert_int_equal(say(x, &m), FMA_OK);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_null(view(x).flows);
	assert_int_equal(view(x).n_off, 0);
}

/* RFC 7864 §4.2: "Prefixes [...] not present in the message MUST be removed" */
static void a_notification_routes(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = upn(1, OTHER);

	serve(x);
	assert_int_equal(say(x, &m), UPA_OK);
	routed_to_l1(x);
	never_advertised(x);
	m = upn(2, "2001:db8:100:8::/64");
	assert_int_equal(say(x, &m), UPA_OK);
	assert_null(binding(x, OTHER));
	assert_non_null(binding(x, "2001:db8:100:8::/64"));
	assert_non_null(binding(x, OWN));
}

/* RFC 7864 §3.3: "the PBA [...] can convey the same signaling that the FMI does" */
static void an_acknowledgement_routes(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	attach(x);
	m = pba_for(x, PBA_ACCEPTED);
	add_prefix(&m, OTHER, true);
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	routed_to_l1(x);
	never_advertised(x);
	/* the next request asks for what is the interface's own */
	fake_advance_ms(&x->f, 3600000 * 3 / 4);
	assert_int_equal(fake_find_mh(&x->f, MH_PBU, -1)->msg.opts.n_hnp, 1);
	/* and is not granted the other any more: nothing is withdrawn for that */
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_DEL), 1);
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, -1)->ra.router_lifetime, 1800);
	assert_int_equal(fake_find(&x->f, FAKE_SEND_RA, -2)->ra.router_lifetime, 1800);
	/* nothing but prefixes to route is no registration */
	fake_advance_ms(&x->f, 3600000 * 3 / 4);
	m = pba_for(x, PBA_ACCEPTED);
	m.opts.hnp[0].off_link = true;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_string_equal(state_of(x), "refreshing");
}

/* Draft §4.2: "MN not attached"; ours: whose anchor another is takes no orders of it */
static void who_may_say(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(1, 600), n = upn(1, OTHER);

	/* nobody that this gateway has ever talked to */
	assert_int_equal(say(x, &m), -1);
	serve(x);
	shi(x, 1, 900, "2001:db8:0:2::2");
	fake_reset(&x->f);
	/* another gateway of the node, and a stranger */
	assert_int_equal(say_as(x, "2001:db8:0:2::2", &m), -1);
	assert_int_equal(say_as(x, "2001:db8:0:2::2", &n), -1);
	assert_int_equal(say_as(x, "2001:db8:0:9::1", &m), -1);
	mag_on_flow(x->m, &x->lma, &x->other, &m);
	assert_int_equal(mag_counters(x->m)->stray, 5);
	assert_int_equal(x->f.len, 0);
	m.opts.mn_id = fake_nai("mn2@example.org");
	n.opts.mn_id = m.opts.mn_id;
	assert_int_equal(say(x, &m), FMA_NOT_ATTACHED);
	assert_int_equal(say(x, &n), UPA_NOT_ATTACHED);
	m.opts.present &= ~MH_HAS_MN_ID;
	assert_int_equal(say(x, &m), FMA_UNSPECIFIED);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
}

/* Draft §4.2: who has left, and only lingers, is not attached; with the node all goes */
static void a_node_that_leaves(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(1, 600);

	serve(x);
	assert_int_equal(say(x, &m), FMA_OK);
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 1);
	assert_null(binding(x, OTHER));
	m = fmi(2, 600);
	assert_int_equal(say(x, &m), FMA_NOT_ATTACHED);
	/* back at once: the anchor has not forgotten it, and neither has this gateway */
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	routed_to_l1(x);
	mag_on_detach(x->m, IF1, &x->l1);
	fake_advance_ms(&x->f, 10);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 10);
	assert_string_equal(state_of(x), "none");
	assert_int_equal(x->f.timers.len, 0);
	serve(x);
	assert_null(binding(x, OTHER));
	assert_null(view(x).flows);
}

/* Draft §4.1, Lifetime: when it is over, so is the flow, and what was routed for it */
static void a_flow_that_expires(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(1, 600);

	serve(x);
	x->conf.flow.max_lifetime = 10;
	assert_int_equal(say(x, &m), FMA_OK);
	assert_int_equal(fake_find_mh(&x->f, MH_FMA, 0)->msg.lifetime, 10);
	fake_advance_ms(&x->f, 9999);
	routed_to_l1(x);
	fake_advance_ms(&x->f, 2);
	assert_null(binding(x, OTHER));
	assert_non_null(binding(x, OWN));
	assert_non_null(fake_find_notice(&x->f, "flow-expired", 0));
}

/* Ours: an answer that says yes is about what is in force */
static void the_kernel_refuses(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(1, 600), n = upn(1, OTHER);

	serve(x);
	fake_refuse(&x->f, FAKE_BINDING_SET, ~0U, -ENOMEM);
	assert_int_equal(say(x, &m), FMA_UNSPECIFIED);
	assert_int_equal(say(x, &n), UPA_UNSPECIFIED);
	assert_null(view(x).flows);
	assert_int_equal(view(x).n_off, 0);
	assert_null(binding(x, OTHER));
	fake_refuse(&x->f, FAKE_BINDING_SET, 0, 0);
	m = fmi(2, 600);
	assert_int_equal(say(x, &m), FMA_OK);
	assert_non_null(binding(x, OTHER));
	/* of two flows one is refused: what is there for the other stays */
	m = fmi(3, 600);
	m.opts.flow[0].fid = 2;
	m.opts.flow[0].pri = 20;
	add_prefix(&m, "2001:db8:100:8::/64", true);
	fake_refuse(&x->f, FAKE_BINDING_SET, 2, -ENOMEM);
	assert_int_equal(say(x, &m), FMA_UNSPECIFIED);
	assert_null(binding(x, "2001:db8:100:8::/64"));
	assert_non_null(binding(x, OTHER));
	assert_int_equal(view(x).n_off, 1);
	assert_null(view(x).flows->next);
}

/* Ours: an FMI that overtakes the PBA is kept, and takes effect with it */
static void before_the_acknowledgement(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(1, 600);

	attach(x);
	assert_int_equal(say(x, &m), FMA_OK);
	assert_null(binding(x, OTHER));
	answer(x, PBA_ACCEPTED, NULL);
	routed_to_l1(x);
}

/* mn2, at this gateway by another link, with a prefix of its own that mn1 is to have */
static void another_nodes_prefix(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = upn(1, "2001:db8:100:2::/64");

	serve(x);
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l3, NULL, NULL, ATTACH_CARRIER), 0);
	grant(x, -1, "2001:db8:100:2::/64");
	fake_reset(&x->f);
	/* it is attached, and advertised to: the anchor contradicts itself */
	assert_int_equal(say(x, &m), UPA_UNSPECIFIED);
	assert_int_equal(fake_count(&x->f, FAKE_BINDING_SET), 0);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_RA), 0);
	assert_int_equal(view(x).n_off, 0);
	/* it has left: the latest word counts */
	mag_on_detach(x->m, IF2, &x->l3);
	fake_advance_ms(&x->f, 1);
	m.seq++;
	assert_int_equal(say(x, &m), UPA_OK);
	assert_int_equal(binding(x, "2001:db8:100:2::/64")->path[0].ifindex, IF1);
	/* and again, when it is given to who attaches */
	grant(x, -1, "2001:db8:100:2::/64");
	fake_advance_ms(&x->f, 1);
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l3, NULL, NULL, ATTACH_CARRIER), 0);
	grant(x, -1, "2001:db8:100:2::/64");
	assert_int_equal(binding(x, "2001:db8:100:2::/64")->path[0].ifindex, IF2);
	assert_int_equal(binding(x, "2001:db8:100:2::/64")->n_paths, 1);
}

/* Two interfaces of a node here: what is the one's own may come by the other as well */
static void both_interfaces_here(void **state)
{
	struct fixture *x = *state;
	const struct dp_binding *b;
	struct mh_msg m = upn(1, OWN);

	serve(x);
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER), 0);
	grant(x, -1, OTHER);
	assert_int_equal(say(x, &m), UPA_OK);
	b = binding(x, OWN);
	assert_int_equal(b->n_paths, 2);
	assert_int_equal(b->path[0].ifindex, IF1);
	assert_int_equal(b->path[0].bid, 1);
	assert_int_equal(b->path[1].ifindex, IF2);
	assert_int_equal(b->path[1].bid, MAG_BID_OFF_LINK | 2);
	assert_int_equal(binding(x, OTHER)->n_paths, 1);
}

/* RFC 5847 §3.2: an anchor that has begun anew counts from wherever it likes */
static void an_anchor_begins_anew(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(1000, 600);

	serve(x);
	assert_int_equal(say(x, &m), FMA_OK);
	m = fmi(999, 600);
	assert_int_equal(say(x, &m), FMA_SEQ_OUT_OF_WINDOW);
	mag_on_peer_restart(x->m, peer_find(&x->peers, &x->self, &x->lma));
	assert_int_equal(say(x, &m), FMA_OK);
	routed_to_l1(x);
}

/*
 * RFC 5847 §3.2: what an anchor that has begun anew knows nothing of it cannot take back,
 * and an UPN's prefixes have no lifetime (RFC 7864 §4.2): who does not say it again in
 * time, once the nodes have registered, does not want it any more
 */
static void an_anchor_forgets(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = upn(1000, OTHER);
	struct flow_spec s = flow(2, 20);

	serve(x);
	add_flow(&m, &s);
	assert_int_equal(say(x, &m), UPA_OK);
	mag_on_peer_restart(x->m, peer_find(&x->peers, &x->self, &x->lma));
	fake_advance_ms(&x->f, 1);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 29000);
	routed_to_l1(x);
	/* told again, it stays */
	m.seq = 5;
	assert_int_equal(say(x, &m), UPA_OK);
	fake_advance_ms(&x->f, 60000);
	routed_to_l1(x);
	assert_int_equal(view(x).flows->spec.fid, 2);
	/* and otherwise not */
	mag_on_peer_restart(x->m, peer_find(&x->peers, &x->self, &x->lma));
	fake_advance_ms(&x->f, 29999);
	assert_non_null(binding(x, OTHER));
	fake_advance_ms(&x->f, 1);
	assert_null(binding(x, OTHER));
	assert_null(view(x).flows);
	assert_non_null(fake_find_notice(&x->f, "flow-expired", 0));
}

/*
 * RFC 5213 §6.9.1.2: a binding that has run out is asked for afresh: the anchor has no
 * grant for that any more, and would not know what to take back
 */
static void a_binding_runs_out(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = upn(1, OTHER);

	serve(x);
	assert_int_equal(say(x, &m), UPA_OK);
	while (strcmp(state_of(x), "registering"))
		fake_advance_ms(&x->f, 1000);
	assert_null(binding(x, OTHER));
	answer(x, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(x), "active");
	fake_advance_ms(&x->f, 30000);
	assert_null(binding(x, OTHER));
	assert_int_equal(view(x).n_off, 0);
	/* the anchor says it again: it stays */
	m.seq = 7;
	assert_int_equal(say(x, &m), UPA_OK);
	fake_advance_ms(&x->f, 60000);
	routed_to_l1(x);
}

/* The same of an FMI's flows, of which one is told again, for longer than those 30 s */
static void an_anchor_forgets_one_of_two(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(1000, 600), two;
	struct flow_spec s = flow(2, 20);

	serve(x);
	two = m;
	add_flow(&two, &s);
	assert_int_equal(say(x, &two), FMA_OK);
	mag_on_peer_restart(x->m, peer_find(&x->peers, &x->self, &x->lma));
	m.seq = 5;
	assert_int_equal(say(x, &m), FMA_OK);
	fake_advance_ms(&x->f, 30000);
	assert_int_equal(view(x).flows->spec.fid, 1);
	assert_null(view(x).flows->next);
	routed_to_l1(x);
	/* which were fewer than were left of the lifetime */
	m.lifetime = 20;
	m.seq = 6;
	assert_int_equal(say(x, &m), FMA_OK);
	mag_on_peer_restart(x->m, peer_find(&x->peers, &x->self, &x->lma));
	fake_advance_ms(&x->f, 20000);
	assert_null(binding(x, OTHER));
}

/* Ours: a kernel that has lost everything is told of these as well */
static void a_kernel_that_forgets(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(1, 600);

	serve(x);
	assert_int_equal(say(x, &m), FMA_OK);
	fake_reset(&x->f);
	mag_renew(x->m);
	routed_to_l1(x);
}

/* Draft: flow mobility §4.1: "a request to remove state about the flow": all of it, also what */
/* an acknowledgement has repeated since, or has brought alone */
static void an_acknowledgement_is_taken_back(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m = fmi(1, 600), gone = fmi(2, 0), pba;

	serve(x);
	for (int by_fmi = 1; by_fmi >= 0; by_fmi--, gone.seq++) {
		fake_advance_ms(&x->f, 3600 * 750);
		assert_string_equal(state_of(x), "refreshing");
		if (by_fmi)
			assert_int_equal(say(x, &m), FMA_OK);
		pba = pba_for(x, PBA_ACCEPTED);
		add_prefix(&pba, OTHER, true);
		pba.opts.present |= MH_HAS_FLOW;
		pba.opts.n_flow = 1;
		pba.opts.flow[0] = m.opts.flow[0];
		mag_on_pba(x->m, &x->lma, &x->self, &pba);
		routed_to_l1(x);
		assert_int_equal(view(x).n_off, 1);
		assert_int_equal(say(x, &gone), FMA_OK);
		assert_null(binding(x, OTHER));
		assert_int_equal(view(x).n_off, 0);
		assert_non_null(binding(x, OWN));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_initiate_routes), T(a_notification_routes), T(an_acknowledgement_routes),
		T(who_may_say), T(a_node_that_leaves), T(a_flow_that_expires),
		T(the_kernel_refuses), T(before_the_acknowledgement), T(another_nodes_prefix),
		T(both_interfaces_here), T(an_anchor_begins_anew), T(a_kernel_that_forgets),
		T(an_anchor_forgets), T(a_binding_runs_out), T(an_anchor_forgets_one_of_two),
		T(an_acknowledgement_is_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
