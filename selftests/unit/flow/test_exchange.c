// SPDX-License-Identifier: GPL-2.0
/*
 * An anchor and a gateway that tell each other of flows over a network that
 * loses, repeats, delays and reorders: in the end they agree.
 */
#include <errno.h>

#include "flow_bed.h"
#include "flow/initiator.h"
#include "flow/responder.h"

#define SEED		0x7864608960886089ULL
#define RUNS		300
#define STEPS		150
#define PACKETS		256
#define FIDS		12

struct packet {
	bool used, to_mag;
	uint64_t at;
	size_t len;
	uint8_t buf[MH_MAX];
};

struct bed {
	struct fake_env f;
	struct flow_initiator fi;
	struct flow_initiator_conf iconf;
	struct flow_grant *g;
	struct flow_responder r;
	struct flow_responder_conf rconf;
	struct flow_guest guest;
	struct in6_addr lma, mag;
	struct mn_id id;
	bool knows_fmi, attached, reliable;
	uint64_t seed;
	struct packet p[PACKETS];
	struct flow_spec want[FIDS + 1];	/* by FID; fid 0: not wanted */
	bool there[FIDS + 1];			/* the anchor believes */
	unsigned int n_prefix, delivered, lost;
	struct prefix prefix[2];
};

static uint32_t below(struct bed *b, uint32_t n)
{
	b->seed ^= b->seed >> 12;
	b->seed ^= b->seed << 25;
	b->seed ^= b->seed >> 27;
	return (uint32_t)((b->seed * 0x2545f4914f6cdd1dULL) >> 33) % n;
}

static void kept(void *arg, uint16_t fid)
{
	((struct bed *)arg)->there[fid] = true;
}

static void lost(void *arg, uint16_t fid, enum flow_loss why)
{
	struct bed *b = arg;

	(void)why;
	b->lost++;
	b->there[fid] = false;
	b->want[fid].fid = 0;
}

static void flow_changed(void *arg, const struct flow *f)
{
	(void)arg;
	(void)f;
}

static void flow_ended(void *arg, const struct flow *f, enum flow_end why)
{
	(void)arg;
	(void)f;
	(void)why;
}

static void prefixes(void *arg)
{
	(void)arg;
}

/* The gateway's kernel refuses now and then. */
static int settle(void *arg)
{
	struct bed *b = arg;

	return b->reliable || below(b, 8) ? 0 : -ENOMEM;
}

static const struct flow_initiator_ops iops = { kept, lost };
static const struct flow_guest_ops gops = { flow_changed, flow_ended, prefixes, settle };

static void post(struct bed *b, const struct mh_msg *m, bool to_mag)
{
	const struct in6_addr *src = to_mag ? &b->lma : &b->mag;
	const struct in6_addr *dst = to_mag ? &b->mag : &b->lma;
	int len;

	for (unsigned int copies = b->reliable || below(b, 10) ? 1 : 2; copies; copies--) {
		struct packet *p = b->p;

		if (!b->reliable && !below(b, 3))
			continue;
		while (p < b->p + PACKETS && p->used)
			p++;
		assert_true(p < b->p + PACKETS);
		len = mh_encode(m, p->buf, sizeof(p->buf), src, dst, NULL);
		assert_true(len > 0);
		p->used = true;
		p->len = (size_t)len;
		p->to_mag = to_mag;
		p->at = b->f.now + below(b, b->reliable ? 20 : 3000) * NSEC_PER_MSEC;
	}
}

static void on_action(void *arg, const struct fake_action *a)
{
	struct bed *b = arg;

	if (a->kind == FAKE_SEND_MH)
		post(b, &a->mh.msg, a->mh.msg.kind == MH_FMI || a->mh.msg.kind == MH_UPN);
}

static void at_mag(struct bed *b, const struct mh_msg *m)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE };
	struct flow_guest *g = b->attached ? &b->guest : NULL;

	if (m->kind == MH_UPN)
		flow_responder_on_upn(&b->r, g, &b->lma, m);
	else if (b->knows_fmi)
		flow_responder_on_fmi(&b->r, g, &b->lma, m);
	else
		post(b, &be, false);
}

static void arrive(struct bed *b, struct packet *p)
{
	struct mh_msg m;
	struct mh_result r;

	r = mh_decode(&m, p->buf, p->len, p->to_mag ? &b->lma : &b->mag,
		      p->to_mag ? &b->mag : &b->lma, 0);
	assert_int_equal(r.error, MH_OK);
	p->used = false;
	b->delivered++;
	if (p->to_mag)
		at_mag(b, &m);
	else if (m.kind == MH_FMA)
		flow_initiator_on_fma(&b->fi, &b->mag, &b->lma, &m);
	else if (m.kind == MH_UPA)
		flow_initiator_on_upa(&b->fi, &b->mag, &b->lma, &m);
	else
		flow_initiator_on_binding_error(&b->fi, &b->mag, &m);
}

/* To whatever happens next, at most to the end */
static uint64_t next_event(struct bed *b, uint64_t end)
{
	uint64_t at = end, timer;

	for (struct packet *p = b->p; p < b->p + PACKETS; p++)
		if (p->used && p->at < at)
			at = p->at;
	if (timerq_next(&b->f.timers, &timer) && timer < at)
		at = timer;
	return at > b->f.now ? at - b->f.now : 0;
}

static void pass(struct bed *b, uint64_t ms)
{
	uint64_t end = b->f.now + ms * NSEC_PER_MSEC;

	while (b->f.now < end) {
		fake_advance(&b->f, next_event(b, end));
		for (struct packet *p = b->p; p < b->p + PACKETS; p++)
			if (p->used && p->at <= b->f.now)
				arrive(b, p);
	}
}

/* The priority is unique to the FID, and changes */
static void set(struct bed *b, uint16_t fid)
{
	struct flow_spec s = flow(fid, (uint16_t)(fid + 100 * (1 + below(b, 3))));

	if (flow_grant_set(b->g, &s))
		return;
	if (!flow_spec_equal(&b->want[fid], &s))
		b->there[fid] = false;
	b->want[fid] = s;
}

/* Of a node that leaves nothing stays; when it returns, no message is so old. */
static void move(struct bed *b)
{
	b->attached = !b->attached;
	flow_guest_clear(&b->guest);
	for (struct packet *p = b->p; b->attached && p < b->p + PACKETS; p++)
		p->used = false;
	flow_initiator_on_restart(&b->fi, &b->mag);
}

static void step(struct bed *b)
{
	uint16_t fid = (uint16_t)(1 + below(b, FIDS));

	switch (below(b, 8)) {
	case 0:
	case 1:
	case 2:
		set(b, fid);
		break;
	case 3:
	case 4:
		flow_grant_del(b->g, fid);
		b->want[fid].fid = 0;
		b->there[fid] = false;
		break;
	case 5:
		b->n_prefix = 1 + below(b, 2);
		flow_grant_prefixes(b->g, b->prefix, b->n_prefix);
		break;
	case 6:
		if (b->attached && below(b, 20))
			break;
		move(b);
		break;
	}
	if (below(b, 3))
		flow_grant_push(b->g);
	pass(b, below(b, 2500));
}

static void open_bed(struct bed *b, uint64_t seed, uint8_t dialect, bool knows_fmi)
{
	memset(b, 0, sizeof(*b));
	fake_init(&b->f);
	b->f.quiet = true;
	b->f.hook = on_action;
	b->f.hook_arg = b;
	b->seed = seed;
	b->lma = fake_addr("2001:db8:0:1::1");
	b->mag = fake_addr("2001:db8:0:2::1");
	b->prefix[0] = fake_prefix("2001:db8:100:1::/64");
	b->prefix[1] = fake_prefix("2001:db8:100:2::/64");
	b->id = fake_nai("mn1@example.org");
	b->knows_fmi = knows_fmi;
	b->attached = true;
	b->iconf = (struct flow_initiator_conf) {
		.dialect = dialect, .lifetime = 300, .fmi_ms = 500, .upn_ms = 1000,
		.upn_retries = 5,
	};
	b->rconf.max_lifetime = 200;
	flow_initiator_init(&b->fi, &b->f.env, &b->iconf, &iops, &b->lma);
	flow_responder_init(&b->r, &b->f.env, &b->rconf, &b->mag);
	flow_guest_init(&b->guest, &b->f.env, &gops, b);
	b->g = flow_grant_new(&b->fi, &b->mag, &b->id, b);
	assert_non_null(b->g);
}

/* What the anchor believes is so, and nothing else is there */
static void agree(struct bed *b)
{
	const struct flow *f;
	unsigned int n = 0;

	assert_true(flow_grant_settled(b->g));
	for (unsigned int fid = 1; fid <= FIDS; fid++) {
		if (!b->want[fid].fid)
			continue;
		n++;
		assert_true(b->there[fid]);
		f = fmc_find(&b->guest.flows, (uint16_t)fid);
		assert_non_null(f);
		assert_true(flow_spec_equal(&f->spec, &b->want[fid]));
	}
	assert_int_equal(b->guest.flows.n, n);
	if (n)
		assert_int_equal(b->guest.n_prefix, b->n_prefix);
}

static void run(uint64_t seed, uint8_t dialect, bool knows_fmi)
{
	struct bed *b = malloc(sizeof(*b));
	unsigned int i;

	assert_non_null(b);
	open_bed(b, seed, dialect, knows_fmi);
	for (i = 0; i < STEPS; i++)
		step(b);
	if (!b->attached)
		move(b);
	b->reliable = true;
	flow_grant_push(b->g);
	/* what is late, and what the gateway keeps that nobody dared to ask about */
	pass(b, 210 * 1000);
	agree(b);
	/* and it stays so */
	pass(b, 1000 * 1000);
	agree(b);
	assert_true(b->delivered > STEPS / 4);
	flow_guest_clear(&b->guest);
	flow_responder_free(&b->r);
	flow_initiator_free(&b->fi);
	assert_int_equal(b->f.timers.len, 0);
	fake_free(&b->f);
	free(b);
}

/* Draft: flow mobility §4.1: lifetime, removal and refresh of each flow */
static void draft_agrees(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < RUNS; i++)
		run(SEED + i, FLOW_DIALECT_DRAFT, true);
}

/* RFC 7864 §3.4: "simply omits those that need to be removed" */
static void standard_agrees(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < RUNS; i++)
		run(SEED + i, FLOW_DIALECT_RFC7864, true);
}

/* RFC 6275 §9.2: Binding Error 2, lost or late, of a gateway that knows no FMI */
static void fallback_agrees(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < RUNS; i++)
		run(SEED + i, FLOW_DIALECT_AUTO, i % 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draft_agrees),
		cmocka_unit_test(standard_agrees),
		cmocka_unit_test(fallback_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
