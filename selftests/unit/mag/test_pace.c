// SPDX-License-Identifier: GPL-2.0
/* Ten thousand nodes behind one link: what they cause comes at a bounded rate. */
#include "mag_bed.h"

#include <stdio.h>

#define NODES	10000

struct crowd {
	struct fixture x;	/* first: it is freed as a fixture is */
	struct profile *pr;
	unsigned int dereg, refresh, shi, slot_count, worst;
	uint64_t slot_at;
};

/* Messages within one turn of 10 ms */
static void count_turn(struct crowd *c, uint64_t at)
{
	if (at != c->slot_at) {
		c->slot_at = at;
		c->slot_count = 0;
	}
	if (++c->slot_count > c->worst)
		c->worst = c->slot_count;
}

static void watch(void *arg, const struct fake_action *a)
{
	struct crowd *c = arg;

	if (a->kind != FAKE_SEND_MH)
		return;
	if (a->mh.msg.kind == MH_PBU && !a->mh.msg.lifetime)
		c->dereg++;
	else if (a->mh.msg.kind == MH_PBU && a->mh.msg.opts.hi == HI_REREGISTRATION)
		c->refresh++;
	else if (a->mh.msg.kind == MH_SHI)
		c->shi++;
	else
		return;
	count_turn(c, a->at);
}

static void reply(struct crowd *c, unsigned int i)
{
	const struct fake_mh *pbu = fake_find_mh(&c->x.f, MH_PBU, -1);
	struct mh_msg m = pbu->msg;

	m.kind = MH_PBA;
	m.flags = PBA_F_P;
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = fake_prefix("2001:db8:100::/64");
	m.opts.hnp[0].prefix.addr.s6_addr[6] = i >> 8;
	m.opts.hnp[0].prefix.addr.s6_addr[7] = i;
	m.opts.present |= MH_HAS_MAG_ADDR;
	m.opts.n_mag = 1;
	m.opts.mag[0] = c->x.other;
	mag_on_pba(c->x.m, &c->x.lma, &c->x.self, &m);
	m = fake_find_mh(&c->x.f, MH_SHI, -1)->msg;
	m.kind = MH_SHACK;
	mag_on_shack(c->x.m, &c->x.other, &c->x.self, &m);
}

static void gather(struct crowd *c)
{
	struct fixture *x = &c->x;
	unsigned int i;
	char nai[32];

	c->pr = calloc(NODES, sizeof(*c->pr));
	assert_non_null(c->pr);
	for (i = 0; i < NODES; i++) {
		snprintf(nai, sizeof(nai), "mn%u@example.org", i);
		c->pr[i].mn_id = fake_nai(nai);
		c->pr[i].allowed = true;
		c->pr[i].multihoming = MULTIHOMING_SHARED;
		c->pr[i].n_lladdrs = 1;
		c->pr[i].lladdr[0] = x->l1;
		c->pr[i].lladdr[0].id[2] = 1 + (i >> 8);
		c->pr[i].lladdr[0].id[3] = i;
	}
	policy_free(&x->policy);
	assert_int_equal(policy_table_open(&x->policy, c->pr, NODES), 0);
	for (i = 0; i < NODES; i++) {
		fake_reset(&x->f);
		assert_int_equal(mag_on_attach(x->m, IF1, &c->pr[i].lladdr[0],
					       NULL, NULL, ATTACH_CARRIER), 0);
		reply(c, i);
	}
	fake_reset(&x->f);
	x->f.quiet = true;
	x->f.hook = watch;
	x->f.hook_arg = c;
	c->worst = 0;
}

static int crowd_setup(void **state)
{
	struct crowd *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	setup_in(&c->x);
	gather(c);
	*state = c;
	return 0;
}

static int crowd_teardown(void **state)
{
	struct crowd *c = *state;

	free(c->pr);
	return teardown(state);
}

/* RFC 5213 §6.9.4: rate limiting: 64 deregistrations per turn, all within 2 s */
static void link_loss_is_paced(void **state)
{
	struct crowd *c = *state;

	mag_on_link(c->x.m, IF1, false);
	assert_true(c->dereg <= 64);
	fake_advance_ms(&c->x.f, 900);
	assert_int_equal(c->worst, 64);
	assert_true(c->dereg >= 90 * 64);
	fake_advance_ms(&c->x.f, 30000);
	assert_int_equal(c->dereg, 4 * NODES);
	assert_string_equal(state_of(&c->x), "none");
	assert_int_equal(c->x.f.timers.len, 0);
}

/* RFC 5847 §3.4: an anchor that restarted is not flooded with registrations */
static void anchor_restart_is_paced(void **state)
{
	struct crowd *c = *state;
	struct fixture *x = &c->x;

	mag_on_peer_restart(x->m, peer_find(&x->peers, &x->self, &x->lma));
	fake_advance_ms(&x->f, 900);
	assert_int_equal(c->worst, 64);
	fake_advance_ms(&x->f, 700);
	assert_true(c->refresh >= NODES);
}

/* RFC 5847 §3: nor is a gateway that all nodes are associated with */
static void peer_return_is_paced(void **state)
{
	struct crowd *c = *state;
	struct fixture *x = &c->x;
	struct peer *p = peer_find(&x->peers, &x->self, &x->other);

	mag_on_peer_alive(x->m, p);
	fake_advance_ms(&x->f, 499);
	assert_int_equal(c->worst, 64);
	assert_int_equal(c->shi, 50 * 64);
	mag_on_peer_restart(x->m, p);
	fake_advance_ms(&x->f, 2000);
	assert_true(c->shi >= 50 * 64 + NODES);
}

#define C(name)	cmocka_unit_test_setup_teardown(name, crowd_setup, crowd_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		C(link_loss_is_paced),
		C(anchor_restart_is_paced),
		C(peer_return_is_paced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
