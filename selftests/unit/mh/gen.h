/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random valid messages from a seed, and what a test must not borrow from the
 * codec: a checksum of its own, and a place to decode where reading one byte
 * too far is fatal.
 */
#ifndef SELFTESTS_UNIT_MH_GEN_H
#define SELFTESTS_UNIT_MH_GEN_H

#include "mh/mh.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define N(a)	(sizeof(a) / sizeof((a)[0]))

static const struct in6_addr gen_src = { { {
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
} } };

static const struct in6_addr gen_dst = { { {
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2
} } };

/* xorshift64*, so that a failing seed can be run again anywhere */
static inline uint64_t gen_next(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 0x2545f4914f6cdd1dULL;
}

/* 0 to n - 1 */
static inline uint32_t gen_below(uint64_t *seed, uint32_t n)
{
	return (uint32_t)(gen_next(seed) >> 33) % n;
}

static inline void gen_bytes(uint64_t *seed, uint8_t *p, size_t n)
{
	while (n--)
		*p++ = (uint8_t)(gen_next(seed) >> 40);
}

static inline void gen_hnp(uint64_t *seed, struct mh_hnp *h)
{
	h->off_link = gen_below(seed, 2);
	if (!gen_below(seed, 4))	/* all zero: any prefix */
		return;
	h->prefix.len = (uint8_t)(8 + gen_below(seed, 121));
	gen_bytes(seed, h->prefix.addr.s6_addr, 16);
	h->prefix.addr.s6_addr[0] |= 0x20;
	for (unsigned int bit = h->prefix.len; bit < 128; bit++)
		h->prefix.addr.s6_addr[bit / 8] &= (uint8_t)~(0x80 >> bit % 8);
}

static inline void gen_addresses(uint64_t *seed, struct mh_opts *o)
{
	o->n_hnp = o->present & MH_HAS_HNP ? 1 + gen_below(seed, HNP_MAX) : 0;
	for (unsigned int i = 0; i < o->n_hnp; i++)
		gen_hnp(seed, &o->hnp[i]);
	o->n_mag = o->present & MH_HAS_MAG_ADDR ? 1 + gen_below(seed, PEERS_MAX) : 0;
	for (unsigned int i = 0; i < o->n_mag; i++) {
		gen_bytes(seed, o->mag[i].s6_addr, 16);
		o->mag[i].s6_addr[0] = 0x20;
	}
	if (o->present & MH_HAS_LLA && gen_below(seed, 4)) {
		o->lla.s6_addr[0] = 0xfe;
		o->lla.s6_addr[1] = 0x80;
		gen_bytes(seed, o->lla.s6_addr + 8, 8);
	}
}

/* A selector of either format, with any fields and ranges */
static inline void gen_selector(uint64_t *seed, struct selector *s)
{
	memset(s, 0, sizeof(*s));
	s->format = (uint8_t)(1 + gen_below(seed, 2));
	s->fields = (uint8_t)gen_next(seed);
	if (s->format == SELECTOR_IPV4)
		s->fields &= (uint8_t)~SELECTOR_HAS(SELECTOR_LABEL);
	s->ranges = (uint8_t)(gen_next(seed) & s->fields);
	for (unsigned int f = 0; f < SELECTOR_FIELDS; f++) {
		struct in6_addr *a = selector_addr(s, f);
		uint32_t v = (uint32_t)gen_next(seed) >> gen_below(seed, 32);

		if (!a) {
			selector_set_number(s, f, 0, f == SELECTOR_LABEL ? v & 0xfffff : v);
			v = selector_number(s, f, 0);
			selector_set_number(s, f, 1, v);
			/* wide enough, or it is no more than what it was */
			selector_set_number(s, f, 1, v | (v >> 1) | 5);
			continue;
		}
		gen_bytes(seed, a[0].s6_addr, 16);
		if (s->format == SELECTOR_IPV4)
			memcpy(a[0].s6_addr, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
		a[1] = a[0];
		a[1].s6_addr[15 - gen_below(seed, 4)] = 0xff;
		a[1].s6_addr[15] |= 1;
	}
	if (!selector_normalise(s))
		abort();
}

static inline void gen_flow(uint64_t *seed, struct mh_flow *f)
{
	f->fid = (uint16_t)(1 + gen_below(seed, 0xffff));
	f->pri = (uint16_t)(1 + gen_below(seed, 0xffff));
	f->status = (uint8_t)gen_below(seed, 256);
	f->present = (uint8_t)gen_below(seed, 16);
	if (f->present & MH_FLOW_HAS_BIDS) {
		f->n_bid = (uint8_t)(1 + gen_below(seed, PEERS_MAX));
		for (unsigned int i = 0; i < f->n_bid; i++)
			f->bid[i] = (uint16_t)(1 + gen_below(seed, 0xffff));
	}
	if (f->present & MH_FLOW_HAS_SELECTOR) {
		gen_selector(seed, &f->selector);
		if (!gen_below(seed, 8))
			f->selector = (struct selector) {
				.format = (uint8_t)(3 + gen_below(seed, 253)),
			};
	}
	if (f->present & MH_FLOW_HAS_ACTION)
		f->action = (uint8_t)gen_below(seed, 256);
	if (f->present & MH_FLOW_HAS_TARGET) {
		gen_bytes(seed, f->target.s6_addr, 16);
		f->target.s6_addr[0] = 0x20;
		if (gen_below(seed, 2))
			memcpy(f->target.s6_addr, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
	}
}

static inline void gen_lists(uint64_t *seed, struct mh_opts *o)
{
	o->n_bid = o->present & MH_HAS_BID ? 1 + gen_below(seed, PEERS_MAX) : 0;
	for (unsigned int i = 0; i < o->n_bid; i++) {
		o->bid[i].bid = (uint16_t)(1 + gen_below(seed, 0xffff));
		o->bid[i].status = (uint8_t)gen_below(seed, 256);
		o->bid[i].pri = (uint8_t)(1 + gen_below(seed, 127));
	}
	o->n_flow = o->present & MH_HAS_FLOW ? 1 + gen_below(seed, FLOWS_MAX) : 0;
	for (unsigned int i = 0; i < o->n_flow; i++)
		gen_flow(seed, &o->flow[i]);
}

/* A few groups, so that other options have room beside them */
static inline void gen_groups(uint64_t *seed, struct mh_groups *all, bool refused)
{
	for (unsigned int n = 1 + gen_below(seed, 5); n; n--) {
		struct mh_group g = { .record = (uint8_t)(1 + gen_below(seed, 6)) };
		struct in6_addr source[3] = { 0 };

		gen_bytes(seed, g.address.s6_addr, 16);
		g.address.s6_addr[0] = 0xff;
		g.n_source = (uint8_t)gen_below(seed, 4);
		for (unsigned int i = 0; i < g.n_source; i++) {
			gen_bytes(seed, source[i].s6_addr, 16);
			source[i].s6_addr[0] = 0x20;
		}
		g.code = (uint8_t)(2 + gen_below(seed, 2) * (refused ? 1 : 2));
		if (g.code == MULTICAST_MLDV1) {
			g.n_source = 0;
			g.record = MLD_IS_EX;
		}
		if (!mh_groups_add(all, &g, source))
			abort();
	}
}

/* Options of a handover: RFC 5949 §6.2 */
static inline void gen_context(uint64_t *seed, struct mh_opts *o)
{
	o->n_vendor = o->present & MH_HAS_VENDOR ? (uint8_t)(1 + gen_below(seed, 4)) : 0;
	for (unsigned int i = 0; i < o->n_vendor; i++) {
		o->vendor[i].id = (uint32_t)gen_next(seed);
		o->vendor[i].subtype = (uint8_t)gen_next(seed);
		o->vendor[i].len = (uint8_t)gen_below(seed, 30);
		gen_bytes(seed, o->vendor[i].data, o->vendor[i].len);
	}
	o->n_wanted = o->present & MH_HAS_WANTED ? 1 + gen_below(seed, MH_WANTED_MAX) : 0;
	for (unsigned int i = 0; i < o->n_wanted; i++) {
		struct mh_wanted *w = &o->wanted[i];

		w->type = (uint8_t)(gen_below(seed, 3) ? gen_next(seed) : MH_OPT_VENDOR);
		if (w->type != MH_OPT_VENDOR)
			continue;
		w->vendor = (uint32_t)gen_next(seed);
		w->subtype = (uint8_t)gen_next(seed);
	}
	o->n_lma = o->present & MH_HAS_LMA ? 1 + gen_below(seed, MH_LMAS_MAX) : 0;
	for (unsigned int i = 0; i < o->n_lma; i++) {
		gen_bytes(seed, o->lma[i].s6_addr, 16);
		o->lma[i].s6_addr[0] = 0x20;
		if (!i)
			continue;
		memcpy(o->lma[1].s6_addr, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0", 13);
	}
	if (o->present & MH_HAS_LLA_IID)
		gen_bytes(seed, o->lla_iid, sizeof(o->lla_iid));
	if (o->present & (MH_HAS_SUBSCRIPTION | MH_HAS_MULTICAST))
		gen_groups(seed, &o->listens, false);
	if (o->present & MH_HAS_MULTICAST_ACK && gen_below(seed, 4))
		gen_groups(seed, &o->refused, true);
	o->refused.foreign = o->present & MH_HAS_MULTICAST_ACK && gen_below(seed, 2);
}

/* From one anchor to another: RFC 6463 §4, and the context of an LMA_HO_Init */
static inline void gen_anchor(uint64_t *seed, struct mh_opts *o)
{
	if (o->present & MH_HAS_REDIRECT) {
		gen_bytes(seed, o->redirect.s6_addr, 16);
		o->redirect.s6_addr[0] = 0x20;
		if (gen_below(seed, 2))
			memcpy(o->redirect.s6_addr, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0", 13);
	}
	if (o->present & MH_HAS_LOAD)
		o->load = (struct mh_load){
			(uint16_t)gen_next(seed), (uint32_t)gen_next(seed),
			(uint32_t)gen_next(seed), (uint32_t)gen_next(seed),
			(uint32_t)gen_next(seed),
		};
}

static inline void gen_entry(uint64_t *seed, struct mh_entry *e)
{
	gen_bytes(seed, e->proxy_coa.s6_addr, 16);
	e->proxy_coa.s6_addr[0] = 0x20;
	if (gen_below(seed, 2)) {
		e->lla.s6_addr[0] = 0xfe;
		e->lla.s6_addr[1] = 0x80;
		gen_bytes(seed, e->lla.s6_addr + 8, 8);
	}
	e->llid.len = (uint8_t)gen_below(seed, LLID_MAX + 1);
	gen_bytes(seed, e->llid.id, e->llid.len);
	e->seq = (uint16_t)gen_next(seed);
	e->lifetime = (uint16_t)gen_next(seed);
	e->bid = (uint16_t)(1 + gen_below(seed, 0xffff));
	gen_bytes(seed, &e->pri, 1);
	gen_bytes(seed, &e->hi, 1);
	gen_bytes(seed, &e->att, 1);
	e->flags = gen_below(seed, 2) ? MH_ENTRY_F_S : 0;
	e->prefixes = (uint8_t)(1 + gen_below(seed, 255));
}

static inline void gen_transfer(uint64_t *seed, struct mh_opts *o)
{
	if (!(o->present & MH_HAS_CONTEXT))
		return;
	/* beside flows there is no room for all there can be */
	o->n_entry = 1 + gen_below(seed, o->present & MH_HAS_FLOW ? 3 : PEERS_MAX);
	for (unsigned int i = 0; i < o->n_entry; i++)
		gen_entry(seed, &o->entry[i]);
	o->n_flow_state = gen_below(seed, FLOWS_MAX + 1);
	for (unsigned int i = 0; i < o->n_flow_state; i++) {
		o->flow_state[i].fid = (uint16_t)(1 + gen_below(seed, 0xffff));
		o->flow_state[i].lifetime = (uint16_t)gen_next(seed);
		o->flow_state[i].origin = (uint8_t)gen_next(seed);
	}
}

/* Bytes before the options */
static inline size_t gen_fixed(enum mh_kind kind)
{
	if (kind == MH_SUBSCRIPTION_QUERY || kind == MH_SUBSCRIPTION_RESPONSE)
		return 8;
	if (kind == MH_HI || kind == MH_HACK || kind == MH_LMA_HO_REQ || kind == MH_LMA_HO_RESP ||
	    kind == MH_LMA_HACK)
		return 10;
	return kind == MH_BE ? 24 : kind == MH_LMA_HO_INIT ? 14 : 12;
}

/* Not all at once: a message has no room for them, and no use */
static inline uint32_t gen_present(uint64_t *seed, enum mh_kind kind)
{
	const uint32_t redirect = MH_HAS_REDIRECTABLE | MH_HAS_REDIRECT | MH_HAS_LOAD;
	uint32_t all = gen_below(seed, MH_HAS_CONTEXT << 1);

	if (kind == MH_LMA_HO_INIT) {
		all &= MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_TIMESTAMP | MH_HAS_FLOW | MH_HAS_LMA |
		       MH_HAS_SUBSCRIPTION | MH_HAS_CONTEXT;
		return all & MH_HAS_FLOW ? all & ~(uint32_t)MH_HAS_SUBSCRIPTION : all;
	}
	all &= ~(uint32_t)MH_HAS_CONTEXT;
	if (kind == MH_HI || kind == MH_HACK)
		return all & ~(uint32_t)(MH_HAS_FLOW | MH_HAS_MAG_ADDR | MH_HAS_SUBSCRIPTION);
	if (kind == MH_LMA_HO_REQ || kind == MH_LMA_HO_RESP || kind == MH_LMA_HACK)
		return all & ~(uint32_t)(MH_HAS_FLOW | MH_HAS_SUBSCRIPTION);
	all &= ((MH_HAS_IPV4_REQUEST << 1) - 1) | redirect;
	if (gen_below(seed, 2))
		all &= ~redirect;
	if ((kind == MH_PBU || kind == MH_PBA || kind == MH_SUBSCRIPTION_RESPONSE) &&
	    !gen_below(seed, 4))
		all = (all & ~(uint32_t)MH_HAS_FLOW) | MH_HAS_SUBSCRIPTION;
	return all;
}

static inline void gen_opts(uint64_t *seed, enum mh_kind kind, struct mh_opts *o)
{
	o->present = gen_present(seed, kind);
	gen_addresses(seed, o);
	gen_context(seed, o);
	gen_anchor(seed, o);
	gen_transfer(seed, o);
	if (o->present & MH_HAS_MN_ID) {
		o->mn_id.subtype = (uint8_t)gen_below(seed, 256);
		o->mn_id.len = (uint8_t)(1 + gen_below(seed, MN_ID_MAX));
		gen_bytes(seed, o->mn_id.id, o->mn_id.len);
	}
	if (o->present & MH_HAS_LLID) {
		o->llid.len = (uint8_t)(1 + gen_below(seed, LLID_MAX));
		gen_bytes(seed, o->llid.id, o->llid.len);
	}
	if (o->present & MH_HAS_HI)
		o->hi = (uint8_t)gen_below(seed, 256);
	if (o->present & MH_HAS_ATT)
		o->att = (uint8_t)gen_below(seed, 256);
	if (o->present & MH_HAS_TIMESTAMP)
		o->timestamp = gen_next(seed);
	if (o->present & MH_HAS_RESTART)
		o->restart = (uint32_t)gen_next(seed);
	if (o->present & MH_HAS_ALT_COA)
		gen_bytes(seed, o->alt_coa.s6_addr, 16);
	if (o->present & MH_HAS_IPV4_REQUEST) {
		o->ipv4_len = (uint8_t)gen_below(seed, 33);
		gen_bytes(seed, (uint8_t *)&o->ipv4, sizeof(o->ipv4));
	}
	gen_lists(seed, o);
}

/* A valid message of a kind, every byte of the structure determined */
static inline void gen_msg(uint64_t *seed, enum mh_kind kind, struct mh_msg *m)
{
	static const uint16_t flags[MH_KINDS] = {
		[MH_PBU] = 0xffe0, [MH_PBA] = 0xfc, [MH_HEARTBEAT] = 3, [MH_SHI] = 0x8000,
		[MH_BRI] = 0xe000, [MH_BRA] = 0xe000, [MH_UPN] = 0xc000,
		[MH_HI] = 0xf8, [MH_HACK] = 0xe8, [MH_SUBSCRIPTION_RESPONSE] = 0x80,
		[MH_LMA_HO_RESP] = 0x80,
	};

	memset(m, 0, sizeof(*m));
	m->kind = kind;
	m->type = mh_type(kind);
	m->flags = (uint16_t)gen_next(seed) & flags[kind];
	if (kind == MH_HEARTBEAT) {
		m->hb_seq = (uint32_t)gen_next(seed);
	} else if (kind == MH_BE) {
		gen_bytes(seed, m->home.s6_addr, 16);
	} else {
		m->seq = (uint16_t)gen_next(seed);
		if (kind == MH_SUBSCRIPTION_QUERY || kind == MH_SUBSCRIPTION_RESPONSE)
			m->seq &= 0xff;
		if (kind < MH_BRI || kind == MH_LMA_HO_INIT)
			m->lifetime = (uint16_t)gen_next(seed);
	}
	if (kind == MH_PBA || kind == MH_BE || kind == MH_SHACK || kind == MH_FMA ||
	    kind == MH_BRA || kind == MH_UPA || kind == MH_LMA_HO_RESP || kind == MH_LMA_HACK)
		m->status = (uint8_t)gen_next(seed);
	if (kind == MH_BRI)
		m->trigger = (uint8_t)gen_next(seed);
	if (kind == MH_UPN)
		m->reason = (uint16_t)gen_next(seed);
	if (kind == MH_LMA_HO_REQ)
		m->reason = (uint8_t)gen_next(seed);
	if (kind == MH_HI || kind == MH_HACK || kind == MH_LMA_HO_INIT || kind == MH_LMA_HACK)
		m->code = (uint8_t)gen_next(seed);
	gen_opts(seed, kind, &m->opts);
}

/* RFC 6275 §6.1.1, written down once more: bytes of pseudo-header and all */
static inline uint16_t gen_sum(const uint8_t *buf, size_t len)
{
	uint8_t all[40 + 65536] = { 0 };
	uint64_t sum = 0;

	memcpy(all, &gen_src, 16);
	memcpy(all + 16, &gen_dst, 16);
	all[34] = (uint8_t)(len >> 8);
	all[35] = (uint8_t)len;
	all[39] = 135;
	memcpy(all + 40, buf, len);
	for (size_t i = 0; i < 40 + len; i++)
		sum += (uint64_t)all[i] << (i % 2 ? 0 : 8);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)(0xffff - sum);
}

static inline void gen_fix_checksum(uint8_t *buf, size_t len)
{
	uint16_t sum;

	buf[4] = 0;
	buf[5] = 0;
	sum = gen_sum(buf, len);
	buf[4] = (uint8_t)(sum >> 8);
	buf[5] = (uint8_t)sum;
}

#define GEN_PAGE	4096

/* Decode where the byte after the last one cannot be read */
static inline struct mh_result gen_decode_over(struct mh_msg *m, const uint8_t *buf,
					       size_t len, unsigned int lenient)
{
	struct mh_result r;
#ifdef __SANITIZE_ADDRESS__
	uint8_t *p = len <= UINT16_MAX ? malloc(len ? len : 1) : NULL;

	if (!p)
		abort();
	memcpy(p, buf, len);
	r = mh_decode(m, len ? p : p + 1, len, &gen_src, &gen_dst, lenient);
	free(p);
#else
	static uint8_t *guard;

	if (!guard) {
		uint8_t *map = mmap(NULL, 2 * GEN_PAGE, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (map == MAP_FAILED ||
		    mprotect(map + GEN_PAGE, GEN_PAGE, PROT_NONE))
			abort();
		guard = map + GEN_PAGE;
	}
	memcpy(guard - len, buf, len);
	r = mh_decode(m, guard - len, len, &gen_src, &gen_dst, lenient);
#endif
	return r;
}

/* What no number in a message counts is zero then: messages compare byte by byte */
static inline struct mh_result gen_decode(struct mh_msg *m, const uint8_t *buf,
					  size_t len, unsigned int lenient)
{
	memset(m, 0, sizeof(*m));
	return gen_decode_over(m, buf, len, lenient);
}

#endif
