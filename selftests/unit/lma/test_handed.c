// SPDX-License-Identifier: GPL-2.0
/*
 * What a node listens to, on its way from one gateway to the next by the anchor: told with a
 * deregistration, or asked for (RFC 7161 §5).
 */
#include "lma_bed.h"

#include <stdlib.h>

/* The machine's own, so that it can be out of memory, and nobody else is */
static unsigned int blocks = 1000, timers = 1000;

static void *scarce(size_t n, size_t size)
{
	return blocks && blocks-- ? calloc(n, size) : NULL;
}

static int scarce_timer(struct timerq *q, struct timer *t, uint64_t at)
{
	return timers && timers-- ? timerq_set(q, t, at) : -1;
}

#define calloc		scarce
#define timerq_set	scarce_timer
#include "lma/handed.c"
#undef calloc
#undef timerq_set

#define WAIT_MS		500	/* PBA timer */
#define QUERY_MS	300
#define GROUP		"ff1e::1"
#define SSM		"ff3e::5"

static int open_asking(void **state)
{
	struct bed *b = malloc(sizeof(*b));

	assert_non_null(b);
	bed_open_listening(b);
	b->conf.mcast.subscription = (struct subscription_conf){
		.enabled = true, .query_ms = QUERY_MS, .query_retries = 2,
		.pba_timer_ms = WAIT_MS,
	};
	b->conf.revocation = (struct revocation_conf){ 1000, 2000, 1 };
	bed_start(b);
	blocks = 1000;
	timers = 1000;
	*state = b;
	return 0;
}

static int close_asking(void **state)
{
	struct bed *b = *state;

	blocks = 1000;
	timers = 1000;
	bed_close(b);
	free(b);
	return 0;
}

#define T(f)	cmocka_unit_test_setup_teardown(f, open_asking, close_asking)

static struct mh_msg pbu(struct bed *b, uint16_t flags)
{
	struct mh_msg m = bed_pbu(b, "single", HI_BETWEEN_MAGS);

	bed_llid(&m, IF1);
	m.flags |= flags;
	return m;
}

static const struct mh_msg *arrive(struct bed *b, unsigned int mag)
{
	struct mh_msg m = pbu(b, PBU_F_S);

	return bed_send(b, mag, &m);
}

/* At gateway 1, which speaks of multicast */
static struct prefix at_home(struct bed *b)
{
	const struct mh_msg *pba = arrive(b, 1);

	assert_non_null(pba);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_false(pba->flags & PBA_F_S);
	fake_reset(&b->f);
	return pba->opts.hnp[0].prefix;
}

static void add(struct mh_msg *m, const char *group, unsigned int sources)
{
	struct mh_group g = {
		.address = fake_addr(group), .record = sources ? MLD_IS_IN : MLD_IS_EX,
		.code = MULTICAST_MLDV2, .n_source = (uint16_t)sources,
	};
	struct in6_addr s[MH_SOURCES_MAX];

	for (unsigned int i = 0; i < sources; i++) {
		s[i] = fake_addr("2001:db8:5::");
		s[i].s6_addr[15] = (uint8_t)(i + 1);
	}
	m->opts.present |= MH_HAS_SUBSCRIPTION;
	assert_true(mh_groups_add(&m->opts.listens, &g, s));
}

static struct mh_msg farewell(struct bed *b, bool listens)
{
	struct mh_msg m = pbu(b, listens ? PBU_F_S : 0);

	m.lifetime = 0;
	if (listens)
		add(&m, GROUP, 0);
	return m;
}

static size_t queries(struct bed *b)
{
	return fake_count_mh(&b->f, MH_SUBSCRIPTION_QUERY);
}

static size_t pbas(struct bed *b)
{
	return fake_count_mh(&b->f, MH_PBA);
}

static const struct mh_msg *last_pba(struct bed *b)
{
	return &fake_find_mh(&b->f, MH_PBA, -1)->msg;
}

static struct mh_msg answer_to(struct bed *b, int nth)
{
	struct mh_msg m = fake_find_mh(&b->f, MH_SUBSCRIPTION_QUERY, nth)->msg;

	m.kind = MH_SUBSCRIPTION_RESPONSE;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.n_hnp = 0;
	return m;
}

static void give(struct bed *b, unsigned int mag, const struct mh_msg *m)
{
	struct in6_addr src = bed_mag(mag), self = bed_lma();

	lma_on_subscription_response(b->lma, &src, &self, m);
}

/* The gateway answers the newest Query: a group, or nothing */
static void says(struct bed *b, unsigned int mag, const char *group)
{
	struct mh_msg m = answer_to(b, -1);

	if (group) {
		m.flags = SUB_F_I;
		add(&m, group, 0);
	}
	give(b, mag, &m);
}

static void wonders(struct bed *b, unsigned int mag, uint8_t seq)
{
	struct in6_addr src = bed_mag(mag), self = bed_lma();
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_SUBSCRIPTION_QUERY;
	m.seq = seq;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = fake_nai("single");
	lma_on_subscription_query(b->lma, &src, &self, &m);
}

static const struct subscription_counters *count(struct bed *b)
{
	return &lma_counters(b->lma)->subscription;
}

static void has_group(const struct mh_msg *m, const char *group)
{
	struct in6_addr g = fake_addr(group);

	assert_true(m->opts.present & MH_HAS_SUBSCRIPTION);
	assert_int_equal(m->opts.listens.n_group, 1);
	assert_true(IN6_ARE_ADDR_EQUAL(&m->opts.listens.group[0].address, &g));
}

/* An answer that says so, to a gateway */
static void told(struct bed *b, unsigned int mag, const char *group)
{
	struct in6_addr to = bed_mag(mag);

	assert_non_null(fake_find_mh(&b->f, MH_PBA, -1));
	assert_true(IN6_ARE_ADDR_EQUAL(&fake_find_mh(&b->f, MH_PBA, -1)->dst, &to));
	assert_int_equal(last_pba(b)->status, PBA_ACCEPTED);
	assert_true(last_pba(b)->flags & PBA_F_S);
	has_group(last_pba(b), group);
}

static void not_told(const struct mh_msg *pba, bool later)
{
	assert_non_null(pba);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	assert_int_equal(!!(pba->flags & PBA_F_S), later);
	assert_false(pba->opts.present & MH_HAS_SUBSCRIPTION);
}

/* RFC 7161 §5.2.2: "Prior to acknowledging the received PBU message, the LMA queries the */
/* pMAG"; "acknowledges (with flag S set to 1) the PBU message, including the multicast */
/* subscription information"; the node stays where it was until then */
static void reactive(void **state)
{
	const struct fake_mh *q;
	struct bed *b = *state;
	struct in6_addr where = bed_mag(1);
	struct prefix p = at_home(b);

	assert_null(arrive(b, 2));
	assert_int_equal(bed_path(b, &p, 0), 0);	/* nothing new was said of it */
	assert_int_equal(queries(b), 1);
	q = fake_find_mh(&b->f, MH_SUBSCRIPTION_QUERY, 0);
	assert_true(IN6_ARE_ADDR_EQUAL(&q->dst, &where));
	assert_int_equal(q->msg.opts.present, MH_HAS_MN_ID | MH_HAS_HNP);
	assert_true(prefix_equal(&q->msg.opts.hnp[0].prefix, &p));
	assert_true(q->msg.seq < 256);
	says(b, 1, GROUP);
	told(b, 2, GROUP);
	assert_int_equal(bed_path(b, &p, 0), 2);
	/* and the group's packets go there before it is answered */
	assert_int_equal(fake_count(&b->f, FAKE_LISTENER_SET), 1);
	assert_true(fake_index(&b->f, FAKE_LISTENER_SET, 0) < fake_index_mh(&b->f, MH_PBA, 0));
	assert_int_equal(count(b)->query_tx, 1);
	assert_int_equal(count(b)->response_rx, 1);
	assert_int_equal(count(b)->waited, 1);
	assert_int_equal(count(b)->told, 1);
	fake_advance_ms(&b->f, 5000);
	assert_int_equal(queries(b), 1);
	assert_int_equal(pbas(b), 1);
}

/* RFC 7161 §4.2.1.1: "S=0 in the PBA message if the MN does not maintain an active multicast */
/* subscription"; §4.3.2.2: with I=0 there is no information, whatever else is there */
static void listens_to_nothing(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	at_home(b);
	assert_null(arrive(b, 2));
	m = answer_to(b, 0);
	add(&m, GROUP, 0);
	give(b, 1, &m);
	not_told(last_pba(b), false);
	assert_null(b->lma->handed);
}

/* RFC 7161 §4.4: "the maximum waiting time before the PBA message is sent"; §5.3: "The */
/* pMAG answers the Subscription Query message originally sent", and "the LMA sends a */
/* Subscription Response message to the nMAG" */
static void timer_expires(void **state)
{
	const struct fake_mh *r;
	struct bed *b = *state;
	struct in6_addr there = bed_mag(2);

	at_home(b);
	assert_null(arrive(b, 2));
	fake_advance_ms(&b->f, WAIT_MS - 1);
	assert_int_equal(pbas(b), 0);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(pbas(b), 1);
	not_told(last_pba(b), true);
	wonders(b, 2, 77);
	assert_int_equal(fake_count_mh(&b->f, MH_SUBSCRIPTION_RESPONSE), 0);
	assert_int_equal(fake_count(&b->f, FAKE_LISTENER_SET), 0);
	says(b, 1, GROUP);
	r = fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, 0);
	assert_non_null(r);
	assert_true(IN6_ARE_ADDR_EQUAL(&r->dst, &there));
	assert_int_equal(r->msg.seq, 77);
	assert_int_equal(r->msg.flags, SUB_F_I);
	has_group(&r->msg, GROUP);
	assert_int_equal(fake_count(&b->f, FAKE_LISTENER_SET), 1);
	assert_int_equal(pbas(b), 1);
	/* the answer was lost: asked again it is the same, for a while */
	wonders(b, 2, 77);
	assert_int_equal(fake_count_mh(&b->f, MH_SUBSCRIPTION_RESPONSE), 2);
	has_group(&fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, 1)->msg, GROUP);
	fake_advance_ms(&b->f, KEEP_MS);
	wonders(b, 2, 78);
	assert_int_equal(fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, 2)->msg.flags, 0);
}

/* RFC 7161 §4.4: "RECOMMENDED to set the "PBA timer" to zero": nobody waits */
static void no_timer(void **state)
{
	struct bed *b = *state;
	struct prefix p = at_home(b);

	b->conf.mcast.subscription.pba_timer_ms = 0;
	not_told(arrive(b, 2), true);
	assert_int_equal(queries(b), 1);
	assert_int_equal(bed_path(b, &p, 0), 2);
	/* the answer is there before it is asked for */
	says(b, 1, GROUP);
	assert_int_equal(fake_count_mh(&b->f, MH_SUBSCRIPTION_RESPONSE), 0);
	wonders(b, 2, 1);
	has_group(&fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, 0)->msg, GROUP);
}

/* RFC 7161 §4.3.1.2: the number is the sender's; repeated it is the same, and at last nobody */
/* is asked any more: whoever waits is told that there is nothing */
static void silence(void **state)
{
	const struct fake_mh *q;
	struct bed *b = *state;

	at_home(b);
	b->conf.mcast.subscription.pba_timer_ms = 999;
	assert_null(arrive(b, 2));
	fake_advance_ms(&b->f, 3 * QUERY_MS - 1);
	assert_int_equal(queries(b), 3);
	q = fake_find_mh(&b->f, MH_SUBSCRIPTION_QUERY, 0);
	assert_int_equal(q[0].msg.seq, fake_find_mh(&b->f, MH_SUBSCRIPTION_QUERY, 2)->msg.seq);
	assert_int_equal(pbas(b), 0);
	fake_advance_ms(&b->f, 1);
	not_told(last_pba(b), false);
	assert_int_equal(count(b)->silent, 1);
	assert_int_equal(count(b)->query_retransmitted, 2);
	/* too late */
	says(b, 1, GROUP);
	assert_int_equal(count(b)->stray, 1);
	fake_reset(&b->f);
	b->conf.mcast.subscription.pba_timer_ms = 0;
	not_told(arrive(b, 1), true);
	wonders(b, 1, 5);
	fake_advance_ms(&b->f, 3 * QUERY_MS);
	assert_int_equal(fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, 0)->msg.flags, 0);
	assert_int_equal(fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, 0)->msg.seq, 5);
}

/* RFC 7161 §5.1.2: "the LMA stores in the binding cache the information regarding the ongoing */
/* multicast subscription(s)", "kept until a new registration of the MN is completed by another */
/* MAG, or until the binding cache expiration"; §4.2.1.2: the answer's S is 0 */
static void proactive(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	at_home(b);
	m = farewell(b, true);
	not_told(bed_send(b, 1, &m), false);
	fake_advance_ms(&b->f, 9000);
	assert_non_null(arrive(b, 2));
	told(b, 2, GROUP);
	assert_int_equal(queries(b), 0);
	/* it was lost on the way: repeated, it is answered the same */
	assert_non_null(arrive(b, 2));
	told(b, 2, GROUP);
	fake_advance_ms(&b->f, KEEP_MS);
	not_told(arrive(b, 2), false);
	/* nobody comes */
	m = farewell(b, true);
	not_told(bed_send(b, 2, &m), false);
	fake_advance_ms(&b->f, 10000);
	assert_int_equal(bed_count(b), 0);
	not_told(arrive(b, 1), false);
}

/* RFC 7161 §4.2.1.2: "S=0 indicates that the MN has no active multicast session"; and of what */
/* is said twice the last counts */
static void farewells(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	at_home(b);
	m = farewell(b, false);
	not_told(bed_send(b, 1, &m), false);
	m = farewell(b, true);
	not_told(bed_send(b, 1, &m), false);
	m = pbu(b, 0);
	not_told(bed_send(b, 2, &m), false);	/* does not want to know */
	assert_null(b->lma->handed);
	m = farewell(b, true);
	not_told(bed_send(b, 2, &m), false);
	m = farewell(b, false);
	not_told(bed_send(b, 2, &m), false);
	not_told(arrive(b, 1), false);
	assert_int_equal(queries(b), 0);
}

/* RFC 7161 §5.2.3: "the LMA receives a de-registration PBU from pMAG just after sending the */
/* Subscription Query message, but before receiving the Subscription Response message" */
static void deregistered_instead(void **state)
{
	struct bed *b = *state;
	struct prefix p = at_home(b);
	struct mh_msg m;

	assert_null(arrive(b, 2));
	m = farewell(b, true);
	assert_non_null(bed_send(b, 1, &m));
	/* the new gateway first: what the other sends back has its way then */
	assert_int_equal(pbas(b), 2);
	assert_int_equal(fake_find_mh(&b->f, MH_PBA, 1)->dst.s6_addr[15], 1);
	has_group(&fake_find_mh(&b->f, MH_PBA, 0)->msg, GROUP);
	assert_int_equal(bed_path(b, &p, 0), 2);
	fake_advance_ms(&b->f, 5000);
	assert_int_equal(queries(b), 1);
	assert_int_equal(pbas(b), 2);
	/* and what it has sent before is late */
	says(b, 1, "ff1e::2");
	assert_int_equal(count(b)->stray, 1);
}

/* The same, and it listened to nothing: nothing to wait for */
static void deregistered_silently(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	at_home(b);
	assert_null(arrive(b, 2));
	m = farewell(b, false);
	assert_non_null(bed_send(b, 1, &m));
	not_told(&fake_find_mh(&b->f, MH_PBA, 0)->msg, false);
	assert_null(b->lma->handed);
}

/* RFC 7161 §5.2.3: also once the node's entry is another gateway's */
static void deregistered_late(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	b->conf.mcast.subscription.pba_timer_ms = 0;
	at_home(b);
	not_told(arrive(b, 2), true);
	wonders(b, 2, 9);
	m = farewell(b, true);
	assert_null(bed_send(b, 1, &m));
	has_group(&fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, 0)->msg, GROUP);
	fake_advance_ms(&b->f, 2000);
	assert_int_equal(queries(b), 1);
}

/* RFC 7161 §5.2.3: "in case the Subscription Response message from the pMAG does not contain */
/* multicast subscription information" what was stored before is told; once told it is old */
static void stored_before(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	at_home(b);
	m = farewell(b, true);
	not_told(bed_send(b, 1, &m), false);
	m = pbu(b, PBU_F_S);
	add(&m, SSM, 1);	/* back, and says itself to what */
	assert_non_null(bed_send(b, 1, &m));
	assert_null(b->lma->handed);
	b->conf.mcast.subscription.pba_timer_ms = 0;
	not_told(arrive(b, 2), true);
	says(b, 1, GROUP);
	/* on to a third one, before the second has asked: it knows nothing */
	b->conf.mcast.subscription.pba_timer_ms = WAIT_MS;
	assert_null(arrive(b, 3));
	says(b, 2, NULL);
	told(b, 3, GROUP);
	/* the third has been told: if it says nothing there is nothing */
	assert_null(arrive(b, 4));
	says(b, 3, NULL);
	not_told(last_pba(b), false);
}

/* RFC 6275 §11.8: a gateway repeats what is not answered: its newest request is */
static void repeated(void **state)
{
	struct bed *b = *state;

	at_home(b);
	assert_null(arrive(b, 2));
	fake_advance_ms(&b->f, 200);
	assert_null(arrive(b, 2));
	assert_int_equal(queries(b), 1);
	fake_advance_ms(&b->f, WAIT_MS - 202);
	assert_int_equal(pbas(b), 0);
	fake_advance_ms(&b->f, 2);
	assert_int_equal(pbas(b), 1);
	assert_int_equal(last_pba(b)->seq, b->seq);
	assert_int_equal(count(b)->waited, 1);
	fake_advance_ms(&b->f, 5000);
	assert_int_equal(pbas(b), 1);
}

/* To a third gateway meanwhile: each is answered in its turn, and one Query is enough */
static void third_gateway(void **state)
{
	struct bed *b = *state;
	struct prefix p = at_home(b);

	assert_null(arrive(b, 2));
	assert_non_null(arrive(b, 3));	/* of the second one's */
	assert_int_equal(pbas(b), 1);
	not_told(last_pba(b), true);
	assert_int_equal(fake_find_mh(&b->f, MH_PBA, 0)->dst.s6_addr[15], 2);
	assert_int_equal(queries(b), 1);
	/* the second one asks, and is not where the node is by then */
	wonders(b, 2, 3);
	says(b, 1, GROUP);
	told(b, 3, GROUP);
	assert_int_equal(bed_path(b, &p, 0), 3);
	assert_int_equal(fake_count_mh(&b->f, MH_SUBSCRIPTION_RESPONSE), 0);
}

/* Back to where it was: that gateway knows itself, and nothing is awaited of it */
static void back(void **state)
{
	struct bed *b = *state;
	struct prefix p = at_home(b);

	assert_null(arrive(b, 2));
	not_told(arrive(b, 1), false);
	assert_int_equal(pbas(b), 2);
	assert_int_equal(bed_path(b, &p, 0), 1);
	says(b, 1, GROUP);
	assert_int_equal(count(b)->stray, 1);
	assert_null(b->lma->handed);
}

/* The gateway that waits takes its request back: it has been there */
static void gone_again(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	at_home(b);
	assert_null(arrive(b, 2));
	m = farewell(b, false);
	assert_non_null(bed_send(b, 2, &m));
	assert_int_equal(pbas(b), 2);
	assert_int_equal(last_pba(b)->lifetime, 0);
}

/* RFC 5847 §3: a gateway that has lost its state cannot say anything; nor is it answered what */
/* it asked for in its earlier life */
static void restarted(void **state)
{
	struct in6_addr self = bed_lma(), far = bed_mag(1);
	struct bed *b = *state;

	at_home(b);
	assert_null(arrive(b, 2));
	lma_on_peer_restart(b->lma, peer_find(&b->peers, &self, &far));
	not_told(last_pba(b), false);
	assert_int_equal(last_pba(b)->status, PBA_ACCEPTED);
	assert_null(b->lma->handed);
	fake_reset(&b->f);
	/* the other way round */
	assert_null(arrive(b, 3));
	assert_int_equal(queries(b), 1);
	far = bed_mag(3);
	lma_on_peer_restart(b->lma, peer_get(&b->peers, &self, &far));
	says(b, 2, GROUP);
	fake_advance_ms(&b->f, 5000);
	assert_int_equal(pbas(b), 0);
}

/* RFC 5846 §8.1: the entry is revoked: a request that meets that is repeated by its gateway */
static void revoked(void **state)
{
	struct mn_id id = fake_nai("single");
	struct lma_revocation v = { .mn_id = &id, .trigger = BRI_ADMINISTRATIVE };
	struct bed *b = *state;
	struct mh_msg bra;
	struct in6_addr from = bed_mag(1), self = bed_lma();

	at_home(b);
	assert_null(arrive(b, 2));
	assert_int_equal(lma_revoke(b->lma, &v), 1);
	says(b, 1, GROUP);
	assert_int_equal(pbas(b), 0);
	assert_int_equal(lma_counters(b->lma)->deferred, 1);
	bra = fake_find_mh(&b->f, MH_BRI, 0)->msg;
	bra.kind = MH_BRA;
	bra.status = BRA_OK;
	lma_on_bra(b->lma, &from, &self, &bra);
	assert_int_equal(bed_count(b), 0);
	assert_null(b->lma->handed);
	not_told(arrive(b, 2), false);
}

/* The entry ends, and with it whoever waits for it */
static void ended(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = pbu(b, PBU_F_S);

	m.lifetime = 1;
	assert_non_null(bed_send(b, 1, &m));
	fake_advance_ms(&b->f, 3900);
	assert_null(arrive(b, 2));
	fake_advance_ms(&b->f, 100);
	assert_int_equal(bed_count(b), 0);
	assert_null(b->lma->handed);
	says(b, 1, GROUP);
	assert_int_equal(count(b)->stray, 1);
	assert_int_equal(pbas(b), 1);
}

/* RFC 5846 §8: all that a gateway has asked for is revoked, what waits with it */
static void all_revoked(void **state)
{
	struct in6_addr mag = bed_mag(2);
	struct bed *b = *state;

	at_home(b);
	assert_null(arrive(b, 2));
	handed_drop_of(b->lma, &mag);
	says(b, 1, GROUP);
	assert_int_equal(pbas(b), 0);
	/* what has been said meanwhile is known */
	blocks = 1000;
	assert_null(arrive(b, 2));
	says(b, 1, NULL);
	told(b, 2, GROUP);
}

/* RFC 6275 §6.1.9: "Unrecognized MH Type value": it is not asked again soon */
static void unknown_there(void **state)
{
	struct in6_addr from = bed_mag(1), other = bed_mag(2), self = bed_lma();
	struct mh_msg be;
	struct bed *b = *state;

	memset(&be, 0, sizeof(be));
	be.kind = MH_BE;
	be.status = BE_UNKNOWN_TYPE;
	at_home(b);
	lma_on_subscription_unknown(b->lma, &from, &be);	/* about something else */
	assert_null(arrive(b, 2));
	lma_on_subscription_unknown(b->lma, &other, &be);
	be.home = fake_addr("2001:db8::1");
	lma_on_subscription_unknown(b->lma, &from, &be);
	memset(&be.home, 0, sizeof(be.home));
	be.status = BE_NO_BINDING;
	lma_on_subscription_unknown(b->lma, &from, &be);
	assert_int_equal(pbas(b), 0);
	be.status = BE_UNKNOWN_TYPE;
	lma_on_subscription_unknown(b->lma, &from, &be);
	not_told(last_pba(b), false);
	assert_int_equal(count(b)->unsupported, 1);
	assert_null(arrive(b, 1));
	says(b, 2, NULL);
	assert_int_equal(queries(b), 2);
	not_told(arrive(b, 2), false);
	assert_int_equal(queries(b), 2);
	/* it has begun anew, and may be another version */
	lma_on_peer_restart(b->lma, peer_find(&b->peers, &self, &from));
	assert_null(arrive(b, 1));
	says(b, 2, NULL);
	assert_null(arrive(b, 2));
	assert_int_equal(queries(b), 4);
	lma_on_subscription_unknown(b->lma, &from, &be);
	fake_advance_ms(&b->f, UNASKED_MS);
	assert_int_equal(bed_count(b), 0);
	not_told(arrive(b, 1), false);
	assert_null(arrive(b, 2));
	assert_int_equal(queries(b), 5);
}

/* RFC 7161 §5.2.1: "in case the pMAG does not support multicast signaling (e.g., the S flag */
/* value received from pMAG at the time of registering the mobile node was 0), the LMA MAY */
/* decide not to query"; and who knows, or has not asked, is told nothing */
static void who_is_asked(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	at_home(b);
	m = pbu(b, 0);
	not_told(bed_send(b, 2, &m), false);
	assert_int_equal(queries(b), 0);
	not_told(arrive(b, 1), false);
	assert_int_equal(queries(b), 0);
	/* a predictive handover has told the next gateway */
	m = pbu(b, PBU_F_S);
	add(&m, GROUP, 0);
	not_told(bed_send(b, 2, &m), true);
	assert_int_equal(queries(b), 0);
	/* without the feature S means nothing */
	b->conf.mcast.subscription.enabled = false;
	not_told(arrive(b, 1), false);
	m = farewell(b, true);
	not_told(bed_send(b, 1, &m), false);
	not_told(arrive(b, 2), false);
	assert_int_equal(queries(b), 0);
}

/* RFC 7161 §4.3.2.2: the number "MUST be a copy"; what does not answer is not heard */
static void strays(void **state)
{
	struct in6_addr src = bed_mag(1), other = fake_addr("2001:db8:0:1::2");
	struct bed *b = *state;
	struct mh_msg m, good;

	at_home(b);
	assert_null(arrive(b, 2));
	good = answer_to(b, 0);
	m = good;
	m.seq ^= 1;
	give(b, 1, &m);
	give(b, 2, &good);
	m = good;
	m.opts.mn_id = fake_nai("other");
	give(b, 1, &m);
	m = good;
	m.opts.present = 0;
	give(b, 1, &m);
	lma_on_subscription_response(b->lma, &src, &other, &good);
	assert_int_equal(count(b)->stray, 5);
	assert_int_equal(pbas(b), 0);
	give(b, 1, &good);
	give(b, 1, &good);
	assert_int_equal(count(b)->stray, 6);
	assert_int_equal(pbas(b), 1);
}

/* RFC 7161 §5.3: who asks is told of nodes that it serves; RFC 5213 §5.3.1: and only who may */
static void who_may_ask(void **state)
{
	struct in6_addr stranger = fake_addr("2001:db8:0:9::1"), self = bed_lma();
	struct prefix other = fake_prefix("2001:db8:99::/64");
	struct bed *b = *state;
	struct mh_msg m;
	struct prefix p;

	b->conf.mcast.subscription.pba_timer_ms = 0;
	wonders(b, 2, 1);
	p = at_home(b);
	not_told(arrive(b, 2), true);
	says(b, 1, GROUP);
	wonders(b, 1, 2);
	assert_int_equal(fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, -1)->msg.flags, 0);
	memset(&m, 0, sizeof(m));
	m.kind = MH_SUBSCRIPTION_QUERY;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP;
	m.opts.mn_id = fake_nai("single");
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = p;
	lma_on_subscription_query(b->lma, &stranger, &self, &m);
	assert_int_equal(count(b)->stray, 1);
	stranger = bed_mag(2);
	lma_on_subscription_query(b->lma, &stranger, &self, &m);
	assert_int_equal(fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, -1)->msg.flags, SUB_F_I);
	m.opts.hnp[0].prefix = other;
	lma_on_subscription_query(b->lma, &stranger, &self, &m);
	assert_int_equal(fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, -1)->msg.flags, 0);
	m.opts.present = 0;
	lma_on_subscription_query(b->lma, &stranger, &self, &m);
	assert_int_equal(count(b)->stray, 2);
	assert_int_equal(fake_count_mh(&b->f, MH_SUBSCRIPTION_RESPONSE), 3);
}

/* RFC 7161 §4.1.1: "one for each active subscription": all that a message can say fits into */
/* the longest answer; RFC 3810 §5.2: with their sources */
static void many(void **state)
{
	struct in6_addr self = bed_lma();
	uint8_t buf[MH_MAX];
	struct bed *b = *state;
	struct mh_msg m, pba;

	at_home(b);
	assert_null(arrive(b, 2));
	m = answer_to(b, 0);
	m.flags = SUB_F_I;
	for (unsigned int i = 0; i < 4; i++)
		add(&m, SSM, 14);
	give(b, 1, &m);
	assert_int_equal(last_pba(b)->opts.listens.n_source, 56);
	assert_null(arrive(b, 3));
	m = answer_to(b, -1);
	m.flags = SUB_F_I;
	for (unsigned int i = 0; i < MH_GROUPS_MAX; i++)
		add(&m, GROUP, 0);
	give(b, 2, &m);
	pba = *last_pba(b);
	assert_int_equal(pba.opts.listens.n_group, MH_GROUPS_MAX);
	/* with the longest of everything else that can be beside it */
	pba.opts.mn_id.len = MN_ID_MAX;
	memset(pba.opts.mn_id.id, 'x', MN_ID_MAX);
	pba.opts.present |= MH_HAS_LLID | MH_HAS_LLA | MH_HAS_MAG_ADDR;
	pba.opts.llid.len = LLID_MAX;
	pba.opts.n_hnp = HNP_MAX;
	pba.opts.n_mag = PEERS_MAX;
	for (unsigned int i = 0; i < PEERS_MAX; i++)
		pba.opts.mag[i] = self;
	assert_true(mh_encode(&pba, buf, sizeof(buf), &self, &self, NULL) > 0);
}

/* Beside flows there may be no room: the gateway asks for it (§4.3.1.1) */
static void beside_flows(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;
	struct mh_opts o;

	at_home(b);
	assert_null(arrive(b, 2));
	says(b, 1, GROUP);
	m = pbu(b, PBU_F_S);
	memset(&o, 0, sizeof(o));
	o.n_flow = 1;
	assert_true(handed_tell(b->lma, b->lma->handed->bce, &m, &o));
	assert_int_equal(o.present, 0);
}

/* RFC 5213 §5.4.1.2: a request of Handoff Indicator 4 waits for a deregistration; what the */
/* node listens to is asked for meanwhile */
static void unknown_handoff(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	at_home(b);
	m = bed_pbu(b, "single", HI_UNKNOWN);
	m.flags |= PBU_F_S;
	assert_null(bed_send(b, 2, &m));
	assert_int_equal(queries(b), 1);
	says(b, 1, GROUP);
	m = farewell(b, false);
	m.flags |= PBU_F_S;
	add(&m, GROUP, 0);
	assert_non_null(bed_send(b, 1, &m));
	has_group(&fake_find_mh(&b->f, MH_PBA, 0)->msg, GROUP);
	assert_int_equal(fake_find_mh(&b->f, MH_PBA, 0)->dst.s6_addr[15], 2);
}

/* Without memory nobody waits: it is as if nothing was known, or asked for later */
static void no_memory(void **state)
{
	struct bed *b = *state;
	struct mh_msg m;

	at_home(b);
	blocks = 0;
	not_told(arrive(b, 2), false);
	assert_int_equal(queries(b), 0);
	m = farewell(b, true);
	not_told(bed_send(b, 2, &m), false);
	not_told(arrive(b, 1), false);
	/* for the exchange, but not for a request */
	blocks = 1;
	not_told(arrive(b, 2), true);
	assert_int_equal(queries(b), 1);
	says(b, 1, NULL);
	/* nor for timers */
	blocks = 1000;
	timers = 0;
	not_told(arrive(b, 1), false);
	assert_null(b->lma->handed);
	timers = 1;
	not_told(arrive(b, 2), true);
	says(b, 1, GROUP);
	wonders(b, 2, 1);
	has_group(&fake_find_mh(&b->f, MH_SUBSCRIPTION_RESPONSE, -1)->msg, GROUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(reactive), T(listens_to_nothing), T(timer_expires), T(no_timer), T(silence),
		T(proactive), T(farewells), T(deregistered_instead), T(deregistered_silently),
		T(deregistered_late), T(stored_before), T(repeated), T(third_gateway), T(back),
		T(gone_again), T(restarted), T(revoked), T(ended), T(all_revoked),
		T(unknown_there), T(who_is_asked), T(strays), T(who_may_ask), T(many),
		T(beside_flows), T(unknown_handoff), T(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
