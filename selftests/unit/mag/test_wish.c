// SPDX-License-Identifier: GPL-2.0
/* Flows that a node wants by an interface that is here, in PBUs and PBAs. */
#include "mag_bed.h"

#include "flow/flow_bed.h"

#define TURN_MS	20	/* whoever has just had a turn with the anchor waits for the next */

static struct mn_id decider(void)
{
	return fake_nai("mn3@example.org");
}

/* The node that decides is attached and registered. */
static void serve(struct fixture *x)
{
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l5, NULL, NULL, ATTACH_CARRIER), 0);
	answer(x, PBA_ACCEPTED, NULL);
	fake_reset(&x->f);
}

static int want(struct fixture *x, uint16_t fid)
{
	struct flow_spec s = flow(fid, (uint16_t)(10 * fid));
	struct mn_id id = decider();
	int err;

	s.n_bid = 0;
	err = mag_flow_add(x->m, &id, &s);
	fake_advance_ms(&x->f, TURN_MS);
	return err;
}

/* The anchor accepts the last PBU, and says this of its only flow. */
static void judge(struct fixture *x, uint8_t status, uint16_t bid)
{
	struct mh_msg m = pba_for(x, PBA_ACCEPTED);

	m.opts.flow[0].status = status;
	if (bid) {
		m.opts.flow[0].present |= MH_FLOW_HAS_BIDS;
		m.opts.flow[0].n_bid = 1;
		m.opts.flow[0].bid[0] = bid;
	}
	mag_on_pba(x->m, &x->lma, &x->self, &m);
}

static const struct mh_msg *last_pbu(struct fixture *x)
{
	const struct fake_mh *m = fake_find_mh(&x->f, MH_PBU, -1);

	assert_non_null(m);
	return &m->msg;
}

struct views {
	unsigned int n;
	struct mag_flow_view v[8];
};

static bool keep(void *arg, const struct mag_flow_view *v)
{
	struct views *all = arg;

	all->v[all->n++] = *v;
	return all->n < 8;
}

static struct views shown(struct fixture *x)
{
	struct views all = { 0 };
	struct mn_id id = decider();

	mag_each_flow(x->m, &id, keep, &all);
	return all;
}

/* Draft: flow mobility §3.2.2: "The MAG MAY also include the Flow Identification Mobility */
/* option in the PBU [...] a request from MAG to LMA to consider the flow policy rules" */
static void registration_carries_it(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *pbu;
	struct flow_spec s = flow(1, 10);

	serve(x);
	assert_int_equal(want(x, 1), 0);
	pbu = last_pbu(x);
	assert_int_equal(pbu->opts.hi, HI_REREGISTRATION);
	assert_true(pbu->opts.present & MH_HAS_FLOW);
	assert_int_equal(pbu->opts.n_flow, 1);
	assert_int_equal(pbu->opts.flow[0].fid, 1);
	assert_int_equal(pbu->opts.flow[0].pri, 10);
	assert_true(selector_equal(&pbu->opts.flow[0].selector, &s.selector));
	assert_int_equal(pbu->opts.flow[0].action, FLOW_ADD);
	/* the identifier is the anchor's: the attachment that is registered is meant */
	assert_false(pbu->opts.flow[0].present & MH_FLOW_HAS_BIDS);
	assert_string_equal(shown(x).v[0].state, "asked");
	judge(x, FLOW_OK, 7);
	assert_non_null(fake_find_notice(&x->f, "flow-accepted", 0));
	assert_string_equal(shown(x).v[0].state, "accepted");
	assert_int_equal(shown(x).v[0].bid[0], 7);
	/* and each further one: the anchor may have begun anew */
	fake_advance_ms(&x->f, 3600 * 750);
	pbu = last_pbu(x);
	assert_int_equal(pbu->opts.flow[0].action, FLOW_REFRESH);
	assert_true(pbu->opts.flow[0].present & MH_FLOW_HAS_SELECTOR);
	judge(x, FLOW_OK, 7);
	assert_null(fake_find_notice(&x->f, "flow-accepted", 1));
}

/* RFC 6089 §4.2: the status of each flow; what was refused is not asked for again */
static void anchor_refuses(void **state)
{
	struct fixture *x = *state;
	struct views v;

	serve(x);
	assert_int_equal(want(x, 1), 0);
	judge(x, FLOW_PROHIBITED, 0);
	v = shown(x);
	assert_string_equal(v.v[0].state, "refused");
	assert_string_equal(v.v[0].why, flow_status_str(FLOW_PROHIBITED));
	assert_non_null(fake_find_notice(&x->f, "flow-refused", 0));
	assert_int_equal(want(x, 2), 0);
	assert_int_equal(last_pbu(x)->opts.n_flow, 1);
	assert_int_equal(last_pbu(x)->opts.flow[0].fid, 2);
	judge(x, FLOW_OK, 1);
	/* unless the node wants it once more */
	assert_int_equal(want(x, 1), 0);
	assert_int_equal(last_pbu(x)->opts.n_flow, 2);
	assert_int_equal(shown(x).n, 2);
}

/* RFC 5213 knows no flows: an anchor may skip the option */
static void anchor_knows_no_flows(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m;

	serve(x);
	assert_int_equal(want(x, 1), 0);
	m = pba_for(x, PBA_ACCEPTED);
	m.opts.n_flow = 0;
	m.opts.present &= ~(uint32_t)MH_HAS_FLOW;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_string_equal(shown(x).v[0].state, "refused");
}

/* RFC 7109 §6.2.1: "Delete a flow binding"; it is gone when the anchor has answered */
static void node_wants_it_no_more(void **state)
{
	struct fixture *x = *state;
	struct mn_id id = decider();

	serve(x);
	assert_int_equal(want(x, 1), 0);
	judge(x, FLOW_OK, 7);
	assert_int_equal(mag_flow_del(x->m, &id, 1), 0);
	assert_int_equal(mag_flow_del(x->m, &id, 1), -ENOENT);
	fake_advance_ms(&x->f, TURN_MS);
	assert_int_equal(last_pbu(x)->opts.flow[0].action, FLOW_DELETE);
	assert_string_equal(shown(x).v[0].state, "undone");
	/* a lost PBU: the next one has it, too */
	fake_advance_ms(&x->f, 1500);
	assert_int_equal(last_pbu(x)->opts.flow[0].action, FLOW_DELETE);
	judge(x, FLOW_NO_FID, 0);
	assert_int_equal(shown(x).n, 0);
	assert_int_equal(mag_flow_del(x->m, &id, 1), -ENOENT);
}

/* RFC 6089 §5.3.3: "FID not found" to a refresh: the anchor has it no more, and so nobody has; */
/* to what has not been accepted yet it is a refusal like others */
static void anchor_has_it_no_more(void **state)
{
	struct fixture *x = *state;

	serve(x);
	assert_int_equal(want(x, 1), 0);
	judge(x, FLOW_NO_FID, 0);
	assert_string_equal(shown(x).v[0].state, "refused");
	assert_int_equal(want(x, 1), 0);
	judge(x, FLOW_OK, 7);
	fake_advance_ms(&x->f, 3600 * 750);
	assert_int_equal(last_pbu(x)->opts.flow[0].action, FLOW_REFRESH);
	judge(x, FLOW_NO_FID, 0);
	assert_int_equal(shown(x).n, 0);
	assert_non_null(fake_find_notice(&x->f, "flow-removed", 0));
	assert_int_equal(want(x, 1), 0);
	assert_int_equal(last_pbu(x)->opts.flow[0].action, FLOW_ADD);
}

/* RFC 7864 §3.2: "MUST NOT be taken by both"; RFC 6089 §4.2: one FID, one priority each */
static void what_cannot_be_asked_for(void **state)
{
	struct fixture *x = *state;
	struct mn_id id = fake_nai("mn2@example.org"), none = fake_nai("who@example.org");
	struct flow_spec s = flow(2, 10);

	serve(x);
	attach(x);
	answer(x, PBA_ACCEPTED, NULL);
	assert_int_equal(mag_flow_add(x->m, &none, &s), -ESRCH);
	assert_int_equal(mag_flow_add(x->m, &id, &s), -ESRCH);
	assert_int_equal(mag_flow_add(x->m, &x->id, &s), -EPERM);
	assert_int_equal(mag_flow_del(x->m, &x->id, 2), -EPERM);
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l3, NULL, NULL, ATTACH_CARRIER), 0);
	assert_int_equal(mag_flow_add(x->m, &id, &s), -EOPNOTSUPP);
	assert_int_equal(want(x, 1), 0);
	assert_int_equal(want(x, 1), -EEXIST);
	id = decider();
	assert_int_equal(mag_flow_add(x->m, &id, &s), -EEXIST);
	s.pri = 11;
	s.verdict = FLOW_DROP;
	assert_int_equal(mag_flow_add(x->m, &id, &s), -EINVAL);
	for (uint16_t fid = 2; fid <= FLOWS_MAX; fid++)
		assert_int_equal(want(x, fid), 0);
	assert_int_equal(want(x, FLOWS_MAX + 1), -ENOSPC);
	assert_int_equal(last_pbu(x)->opts.n_flow, FLOWS_MAX);
}

/* RFC 5213 §6.9.1.4: a deregistration wants nothing, and nothing is left of the interface */
static void interface_goes(void **state)
{
	struct fixture *x = *state;

	serve(x);
	assert_int_equal(want(x, 1), 0);
	judge(x, FLOW_OK, 7);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l5), 0);
	fake_advance_ms(&x->f, TURN_MS);
	assert_int_equal(last_pbu(x)->lifetime, 0);
	assert_int_equal(last_pbu(x)->opts.n_flow, 0);
	answer(x, PBA_ACCEPTED, NULL);
	fake_advance_ms(&x->f, 5000);
	assert_int_equal(shown(x).n, 0);
}

/* Draft: flow mobility §3.2.2: "full flow information MUST be included in the PBA": what the */
/* anchor has moved here is known by that, as long as the registration */
static void acknowledgement_is_kept(void **state)
{
	struct fixture *x = *state;
	struct flow_spec s = flow(5, 50);
	struct mh_msg m, fmi = message(MH_FMI, 1, 60);
	struct views v;

	assert_int_equal(mag_on_attach(x->m, IF1, &x->l5, NULL, NULL, ATTACH_CARRIER), 0);
	m = pba_for(x, PBA_ACCEPTED);
	m.lifetime = 10;
	add_flow(&m, &s);
	m.opts.flow[0].present |= MH_FLOW_HAS_ACTION;
	m.opts.flow[0].action = FLOW_REFRESH;
	add_prefix(&m, "2001:db8:100:9::/64", true);
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	v = shown(x);
	assert_int_equal(v.n, 1);
	assert_string_equal(v.v[0].state, "kept");
	assert_false(v.v[0].by_node);
	assert_true(flow_spec_equal(v.v[0].spec, &s));
	assert_int_equal(v.v[0].lifetime, 40);
	assert_non_null(fake_find_notice(&x->f, "flow-kept", 0));
	/* what an FMI says of it lasts as the FMI says */
	fmi.opts.mn_id = decider();
	add_flow(&fmi, &s);
	mag_on_flow(x->m, &x->lma, &x->self, &fmi);
	assert_int_equal(shown(x).v[0].lifetime, 60);
	fake_advance_ms(&x->f, 30000);
	m.seq = last_pbu(x)->seq;
	m.opts.timestamp = last_pbu(x)->opts.timestamp;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(shown(x).v[0].lifetime, 30);
	/* one that has been refused is not there */
	m.opts.flow[0].status = FLOW_UNSPECIFIED;
	m.opts.flow[0].fid = 6;
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_int_equal(shown(x).n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(registration_carries_it),
		T(anchor_refuses),
		T(anchor_knows_no_flows),
		T(node_wants_it_no_more),
		T(anchor_has_it_no_more),
		T(what_cannot_be_asked_for),
		T(interface_goes),
		T(acknowledgement_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
