// SPDX-License-Identifier: GPL-2.0
/*
 * What nodes listen to, told to their anchor when they leave or when it asks, and heard from it
 * when they come (RFC 7161 §5).
 */
#include "mag_bed.h"

#include "mld/mld.h"

#include <stdio.h>

/* The machine's own, so that it can be out of memory, and nobody else is */
static unsigned int blocks = 1000;

static void *scarce(size_t n, size_t size)
{
	return blocks && blocks-- ? calloc(n, size) : NULL;
}

#define calloc scarce
#include "mag/inquiry.c"
#undef calloc

#define QUERY_MS	300
#define GROUP		"ff1e::1"
#define SSM		"ff3e::5"
#define HNP1		"2001:db8:100:1::/64"

static int open_asking(void **state)
{
	struct fixture *x;

	setup(state);
	x = *state;
	asks_nodes(x);
	x->conf.mcast.subscription = (struct subscription_conf){
		.enabled = true, .query_ms = QUERY_MS, .query_retries = 2,
	};
	blocks = 1000;
	return 0;
}

#define A(name)	cmocka_unit_test_setup_teardown(name, open_asking, teardown)

static void say(struct fixture *x, uint8_t type, const char *group, unsigned int sources)
{
	struct in6_addr src = fake_addr("fe80::1:1"), s[64];
	struct mld_record rec = {
		.type = type, .group = fake_addr(group),
		.sources = { (const uint8_t *)s, (uint16_t)sources },
	};
	uint8_t buf[1500];
	int len;

	for (unsigned int i = 0; i < sources; i++) {
		s[i] = fake_addr("2001:db8:5::");
		s[i].s6_addr[15] = (uint8_t)(i + 1);
	}
	len = mld_report_write(&rec, 1, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);
	assert_true(len > 0);
	mag_on_mld(x->m, IF1, &x->l1, buf,
		   mld_packet_finish(buf, (size_t)len, &src, &mld_all_routers));
}

static void add(struct mh_msg *m, const char *group, uint8_t record)
{
	struct mh_group g = {
		.address = fake_addr(group), .record = record, .code = MULTICAST_MLDV2,
	};

	m->opts.present |= MH_HAS_SUBSCRIPTION;
	assert_true(mh_groups_add(&m->opts.listens, &g, NULL));
}

static void accepted(struct fixture *x, uint8_t flags, const char *group)
{
	struct mh_msg m = pba_for(x, 0);

	m.flags |= flags;
	m.opts.present &= ~(uint32_t)MH_HAS_SUBSCRIPTION;
	memset(&m.opts.listens, 0, sizeof(m.opts.listens));
	if (group)
		add(&m, group, MLD_IS_EX);
	mag_on_pba(x->m, &x->lma, &x->self, &m);
}

static void served(struct fixture *x)
{
	attach(x);
	accepted(x, 0, NULL);
	assert_string_equal(state_of(x), "active");
	fake_reset(&x->f);
}

static const struct mh_msg *pbu(struct fixture *x)
{
	assert_non_null(fake_find_mh(&x->f, MH_PBU, -1));
	return &fake_find_mh(&x->f, MH_PBU, -1)->msg;
}

static void query_from(struct fixture *x, const struct in6_addr *from, const char *hnp,
		       uint8_t seq)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_SUBSCRIPTION_QUERY;
	m.seq = seq;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = x->id;
	if (hnp) {
		m.opts.present |= MH_HAS_HNP;
		m.opts.n_hnp = 1;
		m.opts.hnp[0].prefix = fake_prefix(hnp);
	}
	mag_on_subscription_query(x->m, from, &x->self, &m);
}

/* What the anchor is answered */
static const struct mh_msg *asked(struct fixture *x, uint8_t seq)
{
	const struct fake_mh *r;

	query_from(x, &x->lma, HNP1, seq);
	r = fake_find_mh(&x->f, MH_SUBSCRIPTION_RESPONSE, -1);
	assert_non_null(r);
	assert_true(IN6_ARE_ADDR_EQUAL(&r->dst, &x->lma));
	assert_true(IN6_ARE_ADDR_EQUAL(&r->src, &x->self));
	assert_int_equal(r->msg.seq, seq);
	assert_true(mn_id_equal(&r->msg.opts.mn_id, &x->id));
	return &r->msg;
}

static void has(const struct mh_msg *m, unsigned int i, const char *group, uint8_t record,
		unsigned int sources)
{
	const struct mh_group *g = &m->opts.listens.group[i];
	struct in6_addr a = fake_addr(group);

	assert_true(m->opts.present & MH_HAS_SUBSCRIPTION);
	assert_true(i < m->opts.listens.n_group);
	assert_true(IN6_ARE_ADDR_EQUAL(&g->address, &a));
	assert_int_equal(g->record, record);
	assert_int_equal(g->n_source, sources);
}

static void nothing(const struct mh_msg *m)
{
	assert_int_equal(m->flags & SUB_F_I, 0);
	assert_false(m->opts.present & MH_HAS_SUBSCRIPTION);
	assert_int_equal(m->opts.listens.n_group, 0);
}

static const struct subscription_counters *count(struct fixture *x)
{
	return &mag_counters(x->m)->subscription;
}

static size_t queries(struct fixture *x)
{
	return fake_count_mh(&x->f, MH_SUBSCRIPTION_QUERY);
}

static void respond(struct fixture *x, int nth, uint16_t flags, const char *group)
{
	struct mh_msg m = fake_find_mh(&x->f, MH_SUBSCRIPTION_QUERY, nth)->msg;

	m.kind = MH_SUBSCRIPTION_RESPONSE;
	m.flags = flags;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.n_hnp = 0;
	if (group)
		add(&m, group, MLD_IS_EX);
	mag_on_subscription_response(x->m, &x->lma, &x->self, &m);
}

/* The module is told of the node's group, and the anchor of it at once, by a report */
static void listens(struct fixture *x, const char *group)
{
	struct in6_addr a = fake_addr(group);
	const struct fake_action *r;
	size_t before;

	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 1);
	assert_true(IN6_ARE_ADDR_EQUAL(&fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener.group,
				       &a));
	before = fake_count(&x->f, FAKE_SEND_MLD);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_MLD), before + 1);
	r = fake_find(&x->f, FAKE_SEND_MLD, -1);
	assert_true(IN6_ARE_ADDR_EQUAL(&r->mld.remote, &x->lma));
}

/* RFC 7161 §4.2.1.1: "S=1 indicates that the MAG sending the PBU message accepts */
/* multicast-related signaling": also when it refreshes */
static void flag(void **state)
{
	struct fixture *x = *state;

	attach(x);
	assert_int_equal(pbu(x)->flags & PBU_F_S, PBU_F_S);
	assert_false(pbu(x)->opts.present & MH_HAS_SUBSCRIPTION);
	accepted(x, 0, NULL);
	assert_int_equal(queries(x), 0);
	say(x, MLD_TO_EX, GROUP, 0);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 3600 * 750);
	assert_int_equal(pbu(x)->flags & PBU_F_S, PBU_F_S);
	assert_false(pbu(x)->opts.present & MH_HAS_SUBSCRIPTION);
	/* what the answer to a refresh says is old: the node is here */
	accepted(x, PBA_F_S, SSM);
	accepted(x, PBA_F_S, NULL);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
	assert_int_equal(queries(x), 0);
}

/* RFC 7161 §5.2.2, steps 3 and 5: asked, it says what the node listens to, with its sources */
static void answered(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;

	served(x);
	nothing(asked(x, 1));
	say(x, MLD_TO_EX, GROUP, 0);
	say(x, MLD_TO_IN, SSM, 2);
	m = asked(x, 200);
	assert_int_equal(m->flags, SUB_F_I);
	assert_int_equal(m->opts.listens.n_group, 2);
	has(m, 0, GROUP, MLD_IS_EX, 0);
	has(m, 1, SSM, MLD_IS_IN, 2);
	assert_int_equal(count(x)->query_rx, 2);
	assert_int_equal(count(x)->response_tx, 2);
	/* asked again, it says it again */
	assert_int_equal(asked(x, 200)->opts.listens.n_group, 2);
}

/* RFC 7161 §4.1.2: an option has room for 14 sources; RFC 3810 §5.2.15: "split into multiple */
/* Multicast Address Records", but of mode EXCLUDE "a single Multicast Address Record is sent" */
static void many_sources(void **state)
{
	struct fixture *x = *state;
	const struct mh_msg *m;
	uint8_t buf[MH_MAX];

	served(x);
	say(x, MLD_TO_IN, SSM, 30);
	say(x, MLD_TO_EX, GROUP, 15);
	m = asked(x, 1);
	assert_int_equal(m->opts.listens.n_group, 4);
	has(m, 0, SSM, MLD_IS_IN, 14);
	has(m, 1, SSM, MLD_IS_IN, 14);
	has(m, 2, SSM, MLD_IS_IN, 2);
	has(m, 3, GROUP, MLD_IS_EX, 14);
	/* each source once */
	assert_int_equal(m->opts.listens.source[29].s6_addr[15], 30);
	assert_true(mh_encode(m, buf, sizeof(buf), &x->self, &x->lma, NULL) > 0);
	/* more than one message can tell: those that fit */
	for (unsigned int i = 2; i < 62; i++) {
		char group[24];

		snprintf(group, sizeof(group), "ff1e::%x", i);
		say(x, MLD_TO_EX, group, 0);
	}
	m = asked(x, 2);
	assert_in_range(m->opts.listens.n_group, 4, MH_GROUPS_MAX);
	assert_true(mh_encode(m, buf, sizeof(buf), &x->self, &x->lma, NULL) > 0);
}

/* RFC 7161 §4.3.1.2: about which node, and of which session; other anchors hear nothing */
static void who_asks(void **state)
{
	struct in6_addr stranger = fake_addr("2001:db8:0:1::9");
	struct fixture *x = *state;
	struct mh_msg m;

	served(x);
	say(x, MLD_TO_EX, GROUP, 0);
	query_from(x, &stranger, NULL, 1);
	memset(&m, 0, sizeof(m));
	m.kind = MH_SUBSCRIPTION_QUERY;
	mag_on_subscription_query(x->m, &x->lma, &x->self, &m);
	assert_int_equal(count(x)->stray, 2);
	assert_int_equal(fake_count_mh(&x->f, MH_SUBSCRIPTION_RESPONSE), 0);
	/* a gateway that is known, but not as the node's anchor */
	assert_non_null(peer_get(&x->peers, &x->self, &stranger));
	query_from(x, &stranger, NULL, 2);
	nothing(&fake_find_mh(&x->f, MH_SUBSCRIPTION_RESPONSE, -1)->msg);
	query_from(x, &x->lma, "2001:db8:77::/64", 3);
	nothing(&fake_find_mh(&x->f, MH_SUBSCRIPTION_RESPONSE, -1)->msg);
	query_from(x, &x->lma, NULL, 4);
	has(&fake_find_mh(&x->f, MH_SUBSCRIPTION_RESPONSE, -1)->msg, 0, GROUP, MLD_IS_EX, 0);
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = fake_nai("nobody@example.org");
	mag_on_subscription_query(x->m, &x->lma, &x->self, &m);
	nothing(&fake_find_mh(&x->f, MH_SUBSCRIPTION_RESPONSE, -1)->msg);
}

/* RFC 7161 §5.1.1: "the pMAG includes the Active Multicast Subscription mobility option */
/* carrying the multicast context of the MN at that moment as part of the PBU message (with flag */
/* S set to 1)"; asked after that it knows it yet; and "Only for those MNs that maintain" one */
static void farewell(void **state)
{
	struct fixture *x = *state;

	served(x);
	say(x, MLD_TO_EX, GROUP, 0);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	has(asked(x, 1), 0, GROUP, MLD_IS_EX, 0);
	fake_advance_ms(&x->f, 100);
	assert_int_equal(pbu(x)->lifetime, 0);
	assert_int_equal(pbu(x)->flags & PBU_F_S, PBU_F_S);
	has(pbu(x), 0, GROUP, MLD_IS_EX, 0);
	has(asked(x, 2), 0, GROUP, MLD_IS_EX, 0);
	assert_int_equal(count(x)->told, 1);
	/* repeated it says the same */
	fake_advance_ms(&x->f, 1500);
	assert_int_equal(fake_count_mh(&x->f, MH_PBU), 2);
	has(pbu(x), 0, GROUP, MLD_IS_EX, 0);
	answer(x, 0, NULL);
	fake_advance_ms(&x->f, 5000);
	assert_string_equal(state_of(x), "none");
	nothing(asked(x, 3));
	/* one that listened to nothing */
	served(x);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	fake_advance_ms(&x->f, 100);
	assert_int_equal(pbu(x)->lifetime, 0);
	assert_int_equal(pbu(x)->flags & PBU_F_S, 0);
	assert_false(pbu(x)->opts.present & MH_HAS_SUBSCRIPTION);
}

/* RFC 7161 §5.1.2 step 8: "sets up the multicast status of the point-to-point link", "and joins */
/* the content", before the node has said a word */
static void told(void **state)
{
	struct fixture *x = *state;

	attach(x);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 1000);
	accepted(x, PBA_F_S, GROUP);
	listens(x, GROUP);
	assert_int_equal(queries(x), 0);
	/* it is the node's own: what it says counts */
	fake_reset(&x->f);
	say(x, MLD_TO_IN, GROUP, 0);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_DEL), 1);
}

/* The gateway's own limits and prefixes hold for what it is told, too */
static void told_too_much(void **state)
{
	struct prefix allowed = fake_prefix("ff1e::/16");
	struct fixture *x = *state;
	struct mh_msg m;

	x->conf.mcast.down.n_allowed = 1;
	x->conf.mcast.down.allowed = &allowed;
	x->conf.mcast.down.max_groups = 2;
	attach(x);
	m = pba_for(x, 0);
	m.flags |= PBA_F_S;
	add(&m, "ff0e::1", MLD_IS_EX);
	add(&m, "ff02::5", MLD_IS_EX);
	add(&m, SSM, MLD_IS_EX);
	add(&m, "ff1e::9", MLD_BLOCK);
	add(&m, GROUP, MLD_IS_EX);
	add(&m, "ff1e::2", MLD_IS_EX);
	add(&m, "ff1e::3", MLD_IS_EX);
	mag_on_pba(x->m, &x->lma, &x->self, &m);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 2);
	assert_int_equal(mag_counters(x->m)->mld.too_many_groups, 1);
}

/* RFC 7161 §4.3.1.1: "when the PBU message has set the flag S to 1, and the PBA message has set */
/* the flag S to 1 but the multicast context is missing" the anchor is asked */
static void asks(void **state)
{
	struct fixture *x = *state;
	const struct fake_mh *q;

	attach(x);
	accepted(x, PBA_F_S, NULL);
	assert_int_equal(queries(x), 1);
	q = fake_find_mh(&x->f, MH_SUBSCRIPTION_QUERY, 0);
	assert_true(IN6_ARE_ADDR_EQUAL(&q->dst, &x->lma));
	assert_true(IN6_ARE_ADDR_EQUAL(&q->src, &x->self));
	assert_int_equal(q->msg.opts.present, MH_HAS_MN_ID | MH_HAS_HNP);
	assert_true(mn_id_equal(&q->msg.opts.mn_id, &x->id));
	fake_reset(&x->f);
	fake_advance_ms(&x->f, QUERY_MS);
	assert_int_equal(queries(x), 1);
	respond(x, -1, SUB_F_I, GROUP);
	listens(x, GROUP);
	assert_int_equal(count(x)->response_rx, 1);
	assert_int_equal(count(x)->query_retransmitted, 1);
	/* once is enough */
	respond(x, -1, SUB_F_I, "ff1e::2");
	assert_int_equal(count(x)->stray, 1);
	fake_advance_ms(&x->f, 5 * QUERY_MS);
	assert_int_equal(queries(x), 1);
}

/* RFC 7161 §4.3.2.2: "I=0: there is no multicast subscription information available" */
static void nothing_is_known(void **state)
{
	struct fixture *x = *state;

	attach(x);
	accepted(x, PBA_F_S, NULL);
	respond(x, 0, 0, GROUP);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
	fake_advance_ms(&x->f, 5000);
	assert_int_equal(queries(x), 1);
}

/* Without an answer the node itself says it, as ever */
static void silence(void **state)
{
	struct fixture *x = *state;
	uint16_t seq;

	attach(x);
	accepted(x, PBA_F_S, NULL);
	seq = fake_find_mh(&x->f, MH_SUBSCRIPTION_QUERY, 0)->msg.seq;
	fake_advance_ms(&x->f, 3 * QUERY_MS);
	assert_int_equal(queries(x), 3);
	assert_int_equal(fake_find_mh(&x->f, MH_SUBSCRIPTION_QUERY, 2)->msg.seq, seq);
	assert_int_equal(count(x)->silent, 1);
	respond(x, 0, SUB_F_I, GROUP);
	assert_int_equal(count(x)->stray, 1);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
}

/* RFC 7161 §4.3.2.2: the number "MUST be a copy"; of others nothing is heard */
static void strays(void **state)
{
	struct fixture *x = *state;
	struct mh_msg m, good;

	attach(x);
	accepted(x, PBA_F_S, NULL);
	good = fake_find_mh(&x->f, MH_SUBSCRIPTION_QUERY, 0)->msg;
	good.kind = MH_SUBSCRIPTION_RESPONSE;
	good.flags = SUB_F_I;
	add(&good, GROUP, MLD_IS_EX);
	m = good;
	m.seq ^= 1;
	mag_on_subscription_response(x->m, &x->lma, &x->self, &m);
	mag_on_subscription_response(x->m, &x->other, &x->self, &good);
	mag_on_subscription_response(x->m, &x->lma, &x->other, &good);
	m = good;
	m.opts.mn_id = fake_nai("mn2@example.org");
	mag_on_subscription_response(x->m, &x->lma, &x->self, &m);
	m = good;
	m.opts.present &= ~(uint32_t)MH_HAS_MN_ID;
	mag_on_subscription_response(x->m, &x->lma, &x->self, &m);
	assert_int_equal(count(x)->stray, 5);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
	mag_on_subscription_response(x->m, &x->lma, &x->self, &good);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 1);
}

/* RFC 6275 §6.1.9: "Unrecognized MH Type value": it will not answer the next one either */
static void unknown_there(void **state)
{
	struct fixture *x = *state;
	struct mh_msg be;

	memset(&be, 0, sizeof(be));
	be.kind = MH_BE;
	be.status = BE_NO_BINDING;
	attach(x);
	accepted(x, PBA_F_S, NULL);
	mag_on_subscription_unknown(x->m, &x->lma, &be);
	be.status = BE_UNKNOWN_TYPE;
	mag_on_subscription_unknown(x->m, &x->other, &be);
	be.home = x->self;
	mag_on_subscription_unknown(x->m, &x->lma, &be);
	assert_int_equal(count(x)->unsupported, 0);
	memset(&be.home, 0, sizeof(be.home));
	mag_on_subscription_unknown(x->m, &x->lma, &be);
	mag_on_subscription_unknown(x->m, &x->lma, &be);
	assert_int_equal(count(x)->unsupported, 1);
	fake_advance_ms(&x->f, 5 * QUERY_MS);
	assert_int_equal(queries(x), 1);
}

/* The node leaves, or all ends, while an answer is awaited */
static void gone(void **state)
{
	struct fixture *x = *state;

	attach(x);
	accepted(x, PBA_F_S, NULL);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	fake_advance_ms(&x->f, 100);
	respond(x, 0, SUB_F_I, GROUP);
	assert_int_equal(count(x)->stray, 1);
	fake_advance_ms(&x->f, 500);
	assert_int_equal(queries(x), 1);
	answer(x, 0, NULL);
	fake_advance_ms(&x->f, 5000);
	/* and the end of all, with an answer awaited and with a node that has left */
	attach(x);
	accepted(x, PBA_F_S, NULL);
	say(x, MLD_TO_EX, GROUP, 0);
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l2, NULL, NULL, ATTACH_CARRIER), 0);
	accepted(x, PBA_F_S, NULL);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	fake_advance_ms(&x->f, 100);
	has(pbu(x), 0, GROUP, MLD_IS_EX, 0);
}

/* Off unless configured: no S, and what comes with S means nothing */
static void off(void **state)
{
	struct fixture *x = *state;

	x->conf.mcast.subscription.enabled = false;
	attach(x);
	assert_int_equal(pbu(x)->flags & PBU_F_S, 0);
	accepted(x, PBA_F_S, GROUP);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
	assert_int_equal(queries(x), 0);
	say(x, MLD_TO_EX, GROUP, 0);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	fake_advance_ms(&x->f, 100);
	assert_int_equal(pbu(x)->lifetime, 0);
	assert_int_equal(pbu(x)->flags & PBU_F_S, 0);
}

/* Without memory the node is asked, as ever */
static void no_memory(void **state)
{
	struct fixture *x = *state;

	blocks = 0;
	attach(x);
	accepted(x, PBA_F_S, NULL);
	assert_string_equal(state_of(x), "active");
	assert_int_equal(queries(x), 0);
	/* what it listened to is not kept for its session, but for the node */
	say(x, MLD_TO_EX, GROUP, 0);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	fake_advance_ms(&x->f, 100);
	has(pbu(x), 0, GROUP, MLD_IS_EX, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		A(flag), A(answered), A(many_sources), A(who_asks), A(farewell), A(told),
		A(told_too_much), A(asks), A(nothing_is_known), A(silence), A(strays),
		A(unknown_there), A(gone), A(off), A(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
