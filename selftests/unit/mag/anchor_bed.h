/* SPDX-License-Identifier: GPL-2.0 */
/* An access gateway between anchors: what they say, and where its kernel sends packets. */
#ifndef SELFTESTS_UNIT_MAG_ANCHOR_BED_H
#define SELFTESTS_UNIT_MAG_ANCHOR_BED_H

#include "mag_bed.h"

#include "peer/peer.h"

#include <stdio.h>

#define PLMA	"2001:db8:0:1::1"
#define NLMA	"2001:db8:0:1::2"
#define THIRD	"2001:db8:0:1::3"
#define LINGER_MS	5000
#define INTERVAL_MS	10000

static struct prefix anchors;
static struct mag_anchor_rule rules[2];

static inline const char *anchor_name(const struct in6_addr *a)
{
	static const char *const text[] = { PLMA, NLMA, THIRD };
	static const char *const name[] = { "plma", "nlma", "third" };

	for (unsigned int i = 0; i < 3; i++) {
		struct in6_addr b = fake_addr(text[i]);

		if (IN6_ARE_ADDR_EQUAL(a, &b))
			return name[i];
	}
	return "other";
}

static inline const char *tunnel_name(const struct fixture *x, uint32_t id)
{
	struct peer *p, *tmp;

	HASH_ITER(hh, x->peers.table, p, tmp)
		if (id && p->users && p->tunnel == id)
			return anchor_name(&p->remote);
	return "none";
}

static inline const char *way_text(const struct fixture *x, const struct dp_binding *b)
{
	static char text[128];
	int len = snprintf(text, sizeof(text), "by %s:", tunnel_name(x, b->uplink));

	for (unsigned int i = 0; i < b->n_paths; i++)
		len += snprintf(text + len, sizeof(text) - len, " %s",
				b->path[i].kind == PMIP_PATH_LINK ? "link" :
				b->path[i].kind == PMIP_PATH_HOLD ? "hold" :
				tunnel_name(x, b->path[i].tunnel));
	return text;
}

/* "by UPLINK: PATH PATH", of the last binding that the kernel was told */
static inline const char *way(const struct fixture *x)
{
	const struct fake_action *a = fake_find(&x->f, FAKE_BINDING_SET, -1);

	return a ? way_text(x, &a->binding) : "nothing";
}

/* Gateways whose tunnel is held */
static inline unsigned int tunnels(const struct fixture *x)
{
	unsigned int count = 0;
	struct peer *p, *tmp;

	HASH_ITER(hh, x->peers.table, p, tmp)
		count += p->users ? 1 : 0;
	return count;
}

static inline int anchor_setup(void **state)
{
	struct fixture *x;

	setup(state);
	x = *state;
	anchors = fake_prefix("2001:db8:0:1::/64");
	memset(rules, 0, sizeof(rules));
	x->conf.anchors = (struct mag_anchor_conf) {
		.enabled = true, .redirect = true, .request_ms = 100,
		.interval_ms = INTERVAL_MS, .linger_ms = LINGER_MS,
		.n_anchors = 1, .anchor = &anchors, .rule = rules,
	};
	return 0;
}

/* An anchor answers the last PBU that it was sent */
static inline void pba_of(struct fixture *x, const char *from, uint8_t status,
			  const char *redirect)
{
	struct in6_addr lma = fake_addr(from);
	struct mh_msg m = pba_for(x, status);

	if (redirect) {
		m.opts.present |= MH_HAS_REDIRECT;
		m.opts.redirect = fake_addr(redirect);
	}
	m.opts.present &= ~(uint32_t)MH_HAS_REDIRECTABLE;
	mag_on_pba(x->m, &lma, &x->self, &m);
}

/* mn1 by its first link, at the previous anchor */
static inline void registered(struct fixture *x)
{
	attach(x);
	pba_of(x, PLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by plma: link");
}

/* Its binding is refreshed, some time in its lifetime */
static inline void to_refresh(struct fixture *x)
{
	size_t count = fake_count_mh(&x->f, MH_PBU);

	for (unsigned int i = 0; fake_count_mh(&x->f, MH_PBU) == count; i++) {
		assert_true(i < 36000);
		fake_advance_ms(&x->f, 100);
	}
}

static inline struct mh_msg resp_for(struct fixture *x, uint8_t status, const char *next)
{
	const struct fake_mh *req = fake_find_mh(&x->f, MH_LMA_HO_REQ, -1);
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_LMA_HO_RESP;
	m.seq = req ? req->msg.seq : 0;
	m.status = status;
	m.opts.present = MH_HAS_MN_ID;
	m.opts.mn_id = x->id;
	if (next) {
		m.opts.present |= MH_HAS_LMA;
		m.opts.n_lma = 1;
		m.opts.lma[0] = fake_addr(next);
	}
	return m;
}

static inline void resp(struct fixture *x, const char *from, uint8_t status, const char *next)
{
	struct in6_addr lma = fake_addr(from);
	struct mh_msg m = resp_for(x, status, next);

	mag_on_lma_ho_resp(x->m, &lma, &x->self, &m);
}

static inline void unsolicited(struct fixture *x, const char *from, const char *next)
{
	struct in6_addr lma = fake_addr(from);
	struct mh_msg m = resp_for(x, LMA_HO_OK, next);

	m.flags = LMA_HO_RESP_F_U;
	mag_on_lma_ho_resp(x->m, &lma, &x->self, &m);
}

static inline int hand_over(struct fixture *x, const char *to)
{
	struct in6_addr a = to ? fake_addr(to) : in6addr_any;

	return mag_lma_handover(x->m, &x->id, &a);
}

/* Who the last message of a kind went to */
static inline const char *sent_to(struct fixture *x, enum mh_kind kind)
{
	const struct fake_mh *mh = fake_find_mh(&x->f, kind, -1);

	return mh ? anchor_name(&mh->dst) : "nobody";
}

/* The previous anchor has agreed: a PBU is on its way to the next one */
static inline void agreed(struct fixture *x)
{
	registered(x);
	assert_int_equal(hand_over(x, NLMA), 0);
	resp(x, PLMA, LMA_HO_OK, NLMA);
	assert_string_equal(sent_to(x, MH_PBU), "nlma");
	assert_string_equal(way(x), "by plma: link nlma");
}

/* It has gone there */
static inline void handed_over(struct fixture *x)
{
	agreed(x);
	pba_of(x, NLMA, PBA_ACCEPTED, NULL);
	assert_string_equal(way(x), "by nlma: link plma");
}

static inline const struct mag_anchor_counters *counted(struct fixture *x)
{
	return &mag_counters(x->m)->lma_handover;
}

#define A(name)	cmocka_unit_test_setup_teardown(name, anchor_setup, teardown)

#endif
