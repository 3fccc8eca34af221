/* SPDX-License-Identifier: GPL-2.0 */
/* An anchor with a recorder around it, and requests to give it. */
#ifndef SELFTESTS_UNIT_LMA_BED_H
#define SELFTESTS_UNIT_LMA_BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_env.h"
#include "lma/lma.h"

#define BED_PROFILES	14

struct bed {
	struct fake_env f;
	struct peers peers;
	struct policy policy;
	struct lma_conf conf;
	struct prefix mags[2];
	struct profile profile[BED_PROFILES];
	struct flow_rule rule[2];
	struct lma_meter meter[1];
	struct lma *lma;
	uint16_t seq;
};

static inline struct in6_addr bed_mag(unsigned int n)
{
	struct in6_addr a = fake_addr("2001:db8:0:2::");

	a.s6_addr[15] = n;
	return a;
}

static inline struct in6_addr bed_lma(void)
{
	return fake_addr("2001:db8:0:1::1");
}

static inline void bed_on_restart(void *arg, struct peer *p)
{
	lma_on_peer_restart(((struct bed *)arg)->lma, p);
}

/*
 * Nodes: "single" from the pool, "shared" from the pool, "fixed" with
 * 2001:db8:f:1::/64, "fixed2" with two, "other" as "single", "barred" not
 * allowed, "guest" of another anchor, "wifi" on 802.11 alone, "different" and
 * "combined" from the pool, "mixed" combined with 2001:db8:f:8::/64 shared,
 * 2001:db8:f:9::/64 and 2001:db8:f:a::/64, and 802.3 before 802.11, "decider"
 * different and deciding itself, "ruled" different with bed->rule.
 */
static inline void bed_profiles(struct bed *b)
{
	static const char * const name[BED_PROFILES] = {
		"single", "shared", "fixed", "fixed2", "other", "barred",
		"guest", "wifi", "different", "combined", "mixed",
		"decider", "ruled", "alone",
	};
	unsigned int i;

	for (i = 0; i < BED_PROFILES; i++) {
		b->profile[i].mn_id = fake_nai(name[i]);
		b->profile[i].allowed = true;
	}
	b->profile[1].multihoming = MULTIHOMING_SHARED;
	b->profile[2].n_hnp = 1;
	b->profile[2].hnp[0] = fake_prefix("2001:db8:f:1::/64");
	b->profile[3].n_hnp = 2;
	b->profile[3].hnp[0] = fake_prefix("2001:db8:f:2::/64");
	b->profile[3].hnp[1] = fake_prefix("2001:db8:f:3::/64");
	b->profile[5].allowed = false;
	b->profile[6].lma = fake_addr("2001:db8:0:1::99");
	b->profile[7].att_mask = 1 << 4;
	b->profile[8].multihoming = MULTIHOMING_DIFFERENT;
	b->profile[9].multihoming = MULTIHOMING_COMBINED;
	b->profile[10].multihoming = MULTIHOMING_COMBINED;
	b->profile[10].n_shared_hnp = 1;
	b->profile[10].shared_hnp[0] = fake_prefix("2001:db8:f:8::/64");
	b->profile[10].n_hnp = 2;
	b->profile[10].hnp[0] = fake_prefix("2001:db8:f:9::/64");
	b->profile[10].hnp[1] = fake_prefix("2001:db8:f:a::/64");
	b->profile[10].n_prefer = 2;
	b->profile[10].prefer[0] = 3;
	b->profile[10].prefer[1] = 4;
	b->profile[13].multihoming = MULTIHOMING_SINGLE;
	b->profile[11].multihoming = MULTIHOMING_DIFFERENT;
	b->profile[11].decides = FLOW_DECIDES_NODE;
	b->profile[12].multihoming = MULTIHOMING_DIFFERENT;
	b->rule[0] = (struct flow_rule) {
		.selector = { .format = SELECTOR_IPV6, .fields = SELECTOR_HAS(SELECTOR_PROTO),
			      .proto = { 17, 17 } },
		.pri = 100, .n_att = 2, .att = { 3, 4 },
	};
	b->rule[1] = (struct flow_rule) {
		.selector = { .format = SELECTOR_IPV6, .fields = SELECTOR_HAS(SELECTOR_PROTO),
			      .proto = { 6, 6 } },
		.pri = 50, .drop = true,
	};
	b->profile[12].n_rules = 2;
	b->profile[12].rule = b->rule;
}

static inline void bed_start(struct bed *b)
{
	b->lma = lma_new(&b->f.env, &b->conf, &b->peers, &b->policy);
	assert_non_null(b->lma);
}

static inline void bed_open(struct bed *b)
{
	struct peer_conf pc = { .heartbeat_ms = 1000, .missing_allowed = 3 };

	memset(b, 0, sizeof(*b));
	fake_init(&b->f);
	peers_init(&b->peers, &b->f.env, &pc);
	b->peers.on_restart = bed_on_restart;
	b->peers.arg = b;
	bed_profiles(b);
	assert_int_equal(policy_table_open(&b->policy, b->profile,
					   BED_PROFILES), 0);
	b->mags[0] = fake_prefix("2001:db8:0:2::/64");
	b->conf = (struct lma_conf) {
		.enabled = true, .address = bed_lma(), .n_pools = 1,
		.pool_prefix_len = 64, .n_mags = 1, .mag = b->mags,
		.seamless = true, .max_lifetime = 3600, .timestamps = true,
		.timestamp_window_ms = 300,
		.min_delay_before_bce_delete_ms = 10000,
		.max_delay_before_new_bce_assign_ms = 1500,
		.load_high = 80, .load_low = 60, .quality_low = 30, .quality_good = 50,
		.load_window_ms = 1000, .load_hold_ms = 10000,
		.n_meters = 1, .meter = b->meter,
		.flow = {
			.dialect = FLOW_DIALECT_DRAFT, .lifetime = 600, .fmi_ms = 500,
			.upn_ms = 1000, .upn_retries = 1,
		},
	};
	/* 1000 bytes a second */
	b->meter[0] = (struct lma_meter){ .mag = bed_mag(2), .att = 3, .kbps = 8 };
	b->conf.pool[0] = fake_prefix("2001:db8:100::/40");
	bed_start(b);
}

/* Gateways may listen to groups; bed_start() is due */
static inline void bed_open_listening(struct bed *b)
{
	bed_open(b);
	lma_free(b->lma);
	b->conf.mcast.enabled = true;
	mcast_conf_default(&b->conf.mcast.down);
	mcast_conf_default(&b->conf.mcast.up);
	b->conf.mcast.down.last_listener_count = 0;
}

static inline void bed_close(struct bed *b)
{
	lma_free(b->lma);
	peers_free(&b->peers);
	policy_free(&b->policy);
	fake_free(&b->f);
}

/* A good request: one ALL_ZERO prefix, 802.11, a timestamp, no LLID */
static inline struct mh_msg bed_pbu(struct bed *b, const char *nai, uint8_t hi)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_PBU;
	m.seq = ++b->seq;
	m.flags = PBU_F_A | PBU_F_P;
	m.lifetime = 100;
	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT |
			 MH_HAS_TIMESTAMP;
	m.opts.mn_id = fake_nai(nai);
	m.opts.n_hnp = 1;
	m.opts.hi = hi;
	m.opts.att = 4;
	fake_advance_ms(&b->f, 1);
	m.opts.timestamp = mh_timestamp(b->f.wall);
	return m;
}

static inline void bed_llid(struct mh_msg *m, const char *text)
{
	m->opts.present |= MH_HAS_LLID;
	m->opts.llid = fake_llid(text);
}

static inline void bed_hnp(struct mh_msg *m, const char *text)
{
	if (IN6_IS_ADDR_UNSPECIFIED(&m->opts.hnp[0].prefix.addr))
		m->opts.n_hnp = 0;
	m->opts.hnp[m->opts.n_hnp++].prefix = fake_prefix(text);
}

/* Give it a request from a MAG; the answer to this very request, or NULL */
static inline const struct mh_msg *bed_send(struct bed *b, unsigned int mag,
					    const struct mh_msg *m)
{
	struct in6_addr src = bed_mag(mag), dst = bed_lma();
	size_t before = fake_count_mh(&b->f, MH_PBA);
	const struct fake_mh *a;

	lma_on_pbu(b->lma, &src, &dst, m);
	if (fake_count_mh(&b->f, MH_PBA) == before)
		return NULL;
	a = fake_find_mh(&b->f, MH_PBA, -1);
	assert_memory_equal(&a->src, &dst, sizeof(dst));
	return &a->msg;
}

static inline uint8_t bed_status(struct bed *b, unsigned int mag,
				 const struct mh_msg *m)
{
	const struct mh_msg *pba = bed_send(b, mag, m);

	assert_non_null(pba);
	return pba->status;
}

/* A good registration; what it was answered, with any number of prefixes */
static inline struct mh_msg bed_attach(struct bed *b, unsigned int mag, const char *nai,
				       uint8_t hi, const char *llid)
{
	struct mh_msg m = bed_pbu(b, nai, hi);
	const struct mh_msg *pba;

	if (llid)
		bed_llid(&m, llid);
	pba = bed_send(b, mag, &m);
	assert_non_null(pba);
	assert_int_equal(pba->status, PBA_ACCEPTED);
	return *pba;
}

/* A good registration; the prefix that it got */
static inline struct prefix bed_register(struct bed *b, unsigned int mag,
					 const char *nai, uint8_t hi,
					 const char *llid)
{
	struct mh_msg pba = bed_attach(b, mag, nai, hi, llid);

	assert_int_equal(pba.opts.n_hnp, 1);
	return pba.opts.hnp[0].prefix;
}

static inline bool bed_count_one(void *arg, const struct lma_bce_view *v)
{
	(void)v;
	++*(unsigned int *)arg;
	return true;
}

static inline unsigned int bed_count(struct bed *b)
{
	unsigned int n = 0;

	lma_each(b->lma, bed_count_one, &n);
	return n;
}

/* The newest forwarding state of a prefix; NULL: none, or deleted */
static inline const struct dp_binding *bed_binding(struct bed *b,
						   const struct prefix *p)
{
	size_t i;

	for (i = b->f.len; i-- > 0;) {
		const struct fake_action *a = &b->f.v[i];

		if (a->kind == FAKE_BINDING_SET &&
		    prefix_equal(&a->binding.prefix, p))
			return &a->binding;
		if (a->kind == FAKE_BINDING_DEL && prefix_equal(&a->prefix, p))
			return NULL;
	}
	return NULL;
}

/* Which MAG the nth path of a binding leads to; 0: none */
static inline unsigned int bed_path(struct bed *b, const struct prefix *p,
				    unsigned int nth)
{
	const struct dp_binding *d = bed_binding(b, p);
	struct peer *peer, *tmp;

	if (!d || nth >= d->n_paths || d->path[nth].kind != PMIP_PATH_TUNNEL)
		return 0;
	HASH_ITER(hh, b->peers.table, peer, tmp)
		if (peer->users && peer->tunnel == d->path[nth].tunnel)
			return peer->remote.s6_addr[15];
	return 0;
}

/* Packets come back for 5 s, and every profile has newer ones wait for 700 ms; a new start */
static inline void bed_keep_order(struct bed *b)
{
	lma_free(b->lma);
	policy_free(&b->policy);
	b->conf.return_ms = 5000;
	b->conf.order_ms = 700;
	for (unsigned int i = 0; i < BED_PROFILES; i++)
		b->profile[i].keep_order = true;
	assert_int_equal(policy_table_open(&b->policy, b->profile, BED_PROFILES), 0);
	bed_start(b);
}

#define IF1	"02:00:00:00:00:01"
#define IF2	"02:00:00:00:00:02"

#endif
