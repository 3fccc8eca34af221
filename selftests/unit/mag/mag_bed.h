/* SPDX-License-Identifier: GPL-2.0 */
/* An access gateway with a recorder around it, and messages to give it. */
#ifndef SELFTESTS_UNIT_MAG_BED_H
#define SELFTESTS_UNIT_MAG_BED_H

#include "fake_env.h"

#include "mag/mag.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define IF1	3
#define IF2	4

struct fixture {
	struct fake_env f;
	struct mag_conf conf;
	struct peers peers;
	struct policy policy;
	struct prefix allowed;
	struct mag *m;
	struct in6_addr self, lma, other;
	struct llid l1, l2, l3, l4, l5;
	struct mn_id id;
};

static inline void on_alive(void *arg, struct peer *p)
{
	mag_on_peer_alive(((struct fixture *)arg)->m, p);
}

static inline void on_restart(void *arg, struct peer *p)
{
	mag_on_peer_restart(((struct fixture *)arg)->m, p);
}

/*
 * mn1 shares its prefixes between l1 and l2, mn2 has one prefix for each
 * interface and one of its own, mn3 is for 802.11 alone and decides about its flows.
 */
static inline void profiles(struct fixture *x, struct profile *pr)
{
	memset(pr, 0, 3 * sizeof(*pr));
	pr[0].mn_id = x->id;
	pr[0].multihoming = MULTIHOMING_SHARED;
	pr[0].n_lladdrs = 2;
	pr[0].lladdr[0] = x->l1;
	pr[0].lladdr[1] = x->l2;
	pr[1].mn_id = fake_nai("mn2@example.org");
	pr[1].n_hnp = 1;
	pr[1].hnp[0] = fake_prefix("2001:db8:100:2::/64");
	pr[1].n_lladdrs = 2;
	pr[1].lladdr[0] = x->l3;
	pr[1].lladdr[1] = x->l4;
	pr[2].mn_id = fake_nai("mn3@example.org");
	pr[2].att_mask = 1 << 4;
	pr[2].multihoming = MULTIHOMING_DIFFERENT;
	pr[2].decides = FLOW_DECIDES_NODE;
	pr[2].n_lladdrs = 1;
	pr[2].lladdr[0] = x->l5;
	pr[0].allowed = true;
	pr[1].allowed = true;
	pr[2].allowed = true;
}

static inline void setup_in(struct fixture *x)
{
	struct peer_conf pc = { 0 };
	struct profile pr[3];

	fake_init(&x->f);
	x->self = fake_addr("2001:db8:0:2::1");
	x->lma = fake_addr("2001:db8:0:1::1");
	x->other = fake_addr("2001:db8:0:2::2");
	x->l1 = fake_llid("02:00:00:00:01:01");
	x->l2 = fake_llid("02:00:00:00:01:02");
	x->l3 = fake_llid("02:00:00:00:02:01");
	x->l4 = fake_llid("02:00:00:00:02:02");
	x->l5 = fake_llid("02:00:00:00:03:01");
	x->id = fake_nai("mn1@example.org");
	x->allowed = fake_prefix("2001:db8:0:2::/64");
	x->conf = (struct mag_conf) {
		.enabled = true, .address = x->self, .lma = x->lma,
		.seamless = true, .lifetime = 3600, .shi_lifetime = 3600,
		.timestamps = true, .bindack_ms = 1000, .shi_ms = 500,
		.linger_ms = 3000, .router_lifetime = 1800, .rs_per_second = 3,
		.flow = { .max_lifetime = FLOW_FOREVER },
		.n_links = 2, .n_peers = 1, .peer = &x->allowed,
		.link = { { .att = 4, .ifindex = IF1 }, { .att = 3, .ifindex = IF2 } },
	};
	profiles(x, pr);
	assert_int_equal(policy_table_open(&x->policy, pr, 3), 0);
	peers_init(&x->peers, &x->f.env, &pc);
	x->peers.on_alive = on_alive;
	x->peers.on_restart = on_restart;
	x->peers.arg = x;
	x->m = mag_new(&x->f.env, &x->conf, &x->peers, &x->policy);
}

static inline int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	setup_in(x);
	*state = x;
	return 0;
}

/* It asks its nodes what they listen to, and believes at once who leaves */
static inline void asks_nodes(struct fixture *x)
{
	x->conf.mcast.enabled = true;
	mcast_conf_default(&x->conf.mcast.down);
	mcast_conf_default(&x->conf.mcast.up);
	x->conf.mcast.down.last_listener_count = 0;
}

static inline int teardown(void **state)
{
	struct fixture *x = *state;

	mag_free(x->m);
	peers_free(&x->peers);
	policy_free(&x->policy);
	fake_free(&x->f);
	free(x);
	return 0;
}

static inline struct mh_msg pba_for(struct fixture *x, uint8_t status)
{
	const struct fake_mh *pbu = fake_find_mh(&x->f, MH_PBU, -1);
	struct mh_msg m;

	assert_non_null(pbu);
	m = pbu->msg;
	m.kind = MH_PBA;
	m.flags = PBA_F_P;
	m.status = status;
	m.opts.hnp[0].prefix = fake_prefix("2001:db8:100:1::/64");
	return m;
}

static inline void answer(struct fixture *x, uint8_t status, const char *mag)
{
	struct mh_msg m = pba_for(x, status);

	if (mag) {
		m.opts.present |= MH_HAS_MAG_ADDR;
		m.opts.n_mag = 1;
		m.opts.mag[0] = fake_addr(mag);
	}
	mag_on_pba(x->m, &x->lma, &x->self, &m);
}

static inline void attach(struct fixture *x)
{
	assert_int_equal(mag_on_attach(x->m, IF1, &x->l1, NULL, NULL,
				       ATTACH_CARRIER), 0);
}

static inline bool keep_state(void *arg, const struct mag_session_view *v)
{
	*(const char **)arg = v->state;
	return true;
}

static inline const char *state_of(struct fixture *x)
{
	const char *s = "none";

	mag_each(x->m, keep_state, &s);
	return s;
}

static inline void shi(struct fixture *x, uint16_t seq, uint16_t lifetime,
		       const char *from)
{
	struct in6_addr src = fake_addr(from);
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_SHI;
	m.seq = seq;
	m.flags = SHI_F_A;
	m.lifetime = lifetime;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = x->id;
	mag_on_shi(x->m, &src, &x->self, &m);
}

static inline void shack(struct fixture *x, uint8_t status)
{
	const struct fake_mh *s = fake_find_mh(&x->f, MH_SHI, -1);
	struct mh_msg m = s->msg;
	struct in6_addr src = s->dst;

	m.kind = MH_SHACK;
	m.status = status;
	mag_on_shack(x->m, &src, &x->self, &m);
}

/* Accept the nth PBU with a prefix */
static inline void grant(struct fixture *x, int nth, const char *prefix)
{
	struct mh_msg m = fake_find_mh(&x->f, MH_PBU, nth)->msg;

	m.kind = MH_PBA;
	m.flags = PBA_F_P;
	m.opts.n_hnp = 1;
	m.opts.hnp[0].prefix = fake_prefix(prefix);
	mag_on_pba(x->m, &x->lma, &x->self, &m);
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
