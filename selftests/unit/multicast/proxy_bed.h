/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hosts, an access gateway and an anchor: each message between them is a packet, in bytes,
 * that may be lost.  Hosts are reporters too, and the anchor has a listener of the gateway.
 */
#ifndef SELFTESTS_UNIT_MULTICAST_PROXY_BED_H
#define SELFTESTS_UNIT_MULTICAST_PROXY_BED_H

#include "multicast/proxy.h"
#include "multicast_bed.h"

#define HOSTS	6
#define GROUPS	3
#define SOURCES	6

struct bed;

struct host {
	struct bed *b;
	struct mcast_node node;		/* what the gateway has of it */
	struct mcast_reporter r;
	bool there;			/* attached */
	enum mcast_mode mode[GROUPS];	/* what its applications want */
	uint32_t mask[GROUPS];
	/* its routes, see multicast/route.h */
	bool any[GROUPS];
	uint32_t pass[GROUPS], block[GROUPS];
};

struct letter {
	struct letter *next;
	struct host *host;		/* from or to it; NULL: between gateway and anchor */
	bool up;			/* towards the anchor */
	size_t len;
	uint8_t buf[1500];
};

struct bed {
	struct fake_env f;
	struct mcast_conf down, up;
	struct mcast_proxy p;
	struct mcast_listener_counters heard, heard_above;
	struct mcast_listener anchor;	/* what it has of the gateway */
	struct host hosts[HOSTS];
	struct letter *first, **last;
	unsigned int loss;		/* percent */
	unsigned int reports_up, queries_down;
};

static inline void post(struct bed *b, struct host *h, bool up, uint8_t *buf, int msg_len)
{
	struct in6_addr src = fake_addr("fe80::1"), dst = fake_addr("ff02::16");
	struct letter *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	assert_true(msg_len > 0);
	l->host = h;
	l->up = up;
	l->len = mld_packet_finish(buf, (size_t)msg_len, &src, &dst);
	assert_in_range(l->len, MLD_HEADERS, 1280);
	memcpy(l->buf, buf, l->len);
	*b->last = l;
	b->last = &l->next;
}

static inline void post_report(struct bed *b, struct host *h, const struct mld_record *recs,
			       unsigned int n)
{
	uint8_t buf[1500];

	post(b, h, true, buf, mld_report_write(recs, n, buf + MLD_HEADERS, 1280 - MLD_HEADERS));
}

static inline void host_report(void *arg, const struct mld_record *recs, unsigned int n)
{
	struct host *h = arg;

	post_report(h->b, h, recs, n);
}

static inline void up_report(void *arg, const struct mld_record *recs, unsigned int n)
{
	struct bed *b = arg;

	b->reports_up++;
	post_report(b, NULL, recs, n);
}

static inline void no_v1(void *arg, enum mld_kind type, const struct in6_addr *group)
{
	(void)arg;
	(void)type;
	(void)group;
	fail();
}

static inline void post_query(struct bed *b, struct host *h, const struct mld_query *q)
{
	uint8_t buf[1500];

	post(b, h, false, buf, mld_query_write(q, buf + MLD_HEADERS, 1280 - MLD_HEADERS));
}

static inline void down_query(void *arg, struct mcast_node *n, const struct mld_query *q)
{
	struct bed *b = arg;

	b->queries_down++;
	post_query(b, &b->hosts[n->number], q);
}

static inline void anchor_query(void *arg, const struct mld_query *q)
{
	post_query(arg, NULL, q);
}

static inline int anchor_changed(void *arg, const struct in6_addr *group,
				 const struct mcast_filter *before,
				 const struct mcast_filter *after)
{
	(void)arg;
	(void)group;
	assert_false(mcast_filter_equal(before, after));
	return 0;
}

static inline unsigned int group_of(const struct in6_addr *addr)
{
	assert_in_range(addr->s6_addr[15], 0, GROUPS - 1);
	return addr->s6_addr[15];
}

static inline void put_route(struct bed *b, const struct mcast_route *r, bool set)
{
	unsigned int g = group_of(&r->group);
	struct host *h = &b->hosts[r->node];
	uint32_t bit;

	if (IN6_IS_ADDR_UNSPECIFIED(&r->source)) {
		assert_int_equal(h->any[g], !set);
		h->any[g] = set;
		return;
	}
	bit = bit_of(&r->source);
	h->pass[g] &= ~bit;
	h->block[g] &= ~bit;
	if (set)
		*(r->pass ? &h->pass[g] : &h->block[g]) |= bit;
}

static inline void route_set(void *arg, const struct mcast_route *r)
{
	put_route(arg, r, true);
}

static inline void route_del(void *arg, const struct mcast_route *r)
{
	put_route(arg, r, false);
}

static const struct mcast_proxy_ops bed_ops = {
	down_query, { up_report, no_v1 }, { route_set, route_del },
};

static const struct mcast_listener_ops anchor_ops = { anchor_changed, anchor_query };
static const struct mcast_reporter_ops host_ops = { host_report, no_v1 };

static inline int bed_setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	mcast_conf_default(&b->down);
	mcast_conf_default(&b->up);
	b->last = &b->first;
	assert_int_equal(mcast_proxy_init(&b->p, &b->f.env, &b->down, &b->up, &b->heard,
					  &bed_ops, b), 0);
	mcast_listener_init(&b->anchor, &b->f.env, &b->up, &b->heard_above, &anchor_ops, b);
	mcast_querier_start(&b->anchor.querier);
	for (unsigned int i = 0; i < HOSTS; i++) {
		struct host *h = &b->hosts[i];

		h->b = b;
		assert_int_equal(mcast_reporter_init(&h->r, &b->f.env, &b->down, &host_ops, h),
				 0);
	}
	*state = b;
	return 0;
}

static inline int bed_teardown(void **state)
{
	struct bed *b = *state;

	for (unsigned int i = 0; i < HOSTS; i++) {
		mcast_proxy_remove(&b->hosts[i].node);
		mcast_reporter_free(&b->hosts[i].r);
	}
	mcast_proxy_free(&b->p);
	mcast_listener_free(&b->anchor);
	while (b->first) {
		struct letter *l = b->first;

		b->first = l->next;
		free(l);
	}
	assert_int_equal(b->f.timers.len, 0);
	fake_free(&b->f);
	free(b);
	return 0;
}

static inline void deliver(struct bed *b, const struct letter *l)
{
	struct mld_packet pkt;
	struct mld_query q;

	assert_int_equal(mld_packet_read(&pkt, l->buf, l->len), MLD_OK);
	if (!l->host && l->up) {
		mcast_listener_input(&b->anchor, &pkt);
	} else if (!l->host) {
		mcast_proxy_from_upstream(&b->p, &pkt);
	} else if (l->up) {
		mcast_proxy_from_node(&l->host->node, &pkt);
	} else if (l->host->there) {
		assert_int_equal(mld_query_read(&q, pkt.msg, pkt.len, 64), MLD_OK);
		mcast_reporter_on_query(&l->host->r, &q);
	}
}

static inline void deliver_all(struct bed *b)
{
	while (b->first) {
		struct letter *l = b->first;

		b->first = l->next;
		if (!b->first)
			b->last = &b->first;
		if (fake_random(&b->f) % 100 >= b->loss)
			deliver(b, l);
		free(l);
	}
}

/* Let time pass, and packets arrive */
static inline void live(struct bed *b, uint64_t ms)
{
	uint64_t end = b->f.now + ms * NSEC_PER_MSEC, next;

	deliver_all(b);
	while (timerq_next(&b->f.timers, &next) && next <= end) {
		fake_advance(&b->f, next > b->f.now ? next - b->f.now : 0);
		deliver_all(b);
	}
	fake_advance(&b->f, end - b->f.now);
}

static inline void host_wants(struct host *h, unsigned int group, enum mcast_mode mode,
			      uint32_t mask)
{
	struct mcast_filter f = filter_of(mode, mask);
	struct in6_addr addr = group_addr(group);

	h->mode[group] = mode;
	h->mask[group] = mask;
	assert_int_equal(mcast_reporter_set(&h->r, &addr, &f), 0);
	mcast_filter_clear(&f);
}

static inline void attach(struct host *h)
{
	h->there = true;
	assert_int_equal(mcast_proxy_add(&h->b->p, &h->node,
					 (uint64_t)(h - h->b->hosts)), 0);
}

static inline void detach(struct host *h)
{
	h->there = false;
	mcast_proxy_remove(&h->node);
}

#endif
