/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages that an input chooses, for the state machines: what has been written and read by the
 * codec, about nodes, prefixes and gateways that are there.  An input of zeroes is the usual one.
 */
#ifndef SELFTESTS_FUZZ_MESSAGE_H
#define SELFTESTS_FUZZ_MESSAGE_H

#include "fuzz.h"

#include "core/bytes.h"
#include "core/checksum.h"
#include "kernel_model.h"

#define CAST_IDS	16
#define CAST_GATEWAYS	8
#define CAST_LLIDS	4
#define CAST_SENT	16

/* Who and what there is */
struct cast {
	struct fake_env *f;
	struct model *k;
	struct in6_addr self;
	unsigned int n_id, n_gateway, n_sent;
	struct mn_id id[CAST_IDS];
	struct in6_addr gateway[CAST_GATEWAYS];
	struct llid llid[CAST_LLIDS];
	struct prefix prefix;			/* of a node that may be anybody's */
	struct fake_mh sent[CAST_SENT];		/* the newest messages of the machine */
};

static inline struct in6_addr take_gateway(struct input *in, const struct cast *c)
{
	return c->gateway[take(in, c->n_gateway)];
}

/* One that the kernel has, mostly; or :: */
static inline struct prefix take_prefix(struct input *in, const struct cast *c)
{
	unsigned int i = take_byte(in), n = HASH_COUNT(c->k->bindings);
	const struct prefix any = { 0 };
	struct model_binding *b, *tmp;

	if (!i)
		return any;
	if (!n || i > 200)
		return c->prefix;
	i %= n;
	HASH_ITER(hh, c->k->bindings, b, tmp)
		if (!i--)
			return b->prefix;
	return any;
}

static inline void take_flow_option(struct input *in, const struct cast *c, struct mh_flow *f)
{
	const uint8_t how = take_byte(in);

	f->fid = (uint16_t)(1 + how % 3);
	f->pri = (uint16_t)(1 + how / 3 % 3);
	f->status = (uint8_t)(how & 0x20 ? 128 + how % 6 : 0);
	f->present = (uint8_t)(MH_FLOW_HAS_SELECTOR ^ (how >> 4));
	f->n_bid = (uint8_t)(1 + (how & 1));
	f->bid[0] = (uint16_t)(1 + take(in, 4));
	f->bid[1] = (uint16_t)(5 + take(in, 4));
	f->action = (uint8_t)(FLOW_ADD + take(in, 7));
	f->selector.format = SELECTOR_IPV6;
	f->target = take_gateway(in, c);
}

static inline void take_group(struct input *in, struct mh_groups *all)
{
	struct mh_group g = { .address = fake_addr("ff1e::1"), .code = MULTICAST_MLDV2 };
	const struct in6_addr source = fake_addr("2001:db8:9::1");

	g.address.s6_addr[15] = (uint8_t)(1 + take(in, 3));
	g.record = (uint8_t)(MLD_IS_IN + (1 + take(in, 6)) % 6);
	g.n_source = (uint16_t)take(in, 2);
	mh_groups_add(all, &g, &source);
}

static inline void take_entry(struct input *in, const struct cast *c, struct mh_entry *e)
{
	memset(e, 0, sizeof(*e));
	e->proxy_coa = take_gateway(in, c);
	e->llid = c->llid[take(in, CAST_LLIDS)];
	e->seq = take_byte(in);
	e->lifetime = (uint16_t)(1 + take(in, 300));
	e->bid = (uint16_t)(1 + take(in, 4));
	e->att = 4;
	e->hi = HI_NEW_INTERFACE;
	e->prefixes = (uint8_t)(1 + take(in, 3));
}

/* What a request may say of one attachment of a node */
static inline void take_names(struct input *in, const struct cast *c, struct mh_opts *o)
{
	static const int offset_ms[] = { 0, 1, -1, 200, -200, 5000, -5000, 100000 };

	o->mn_id = c->id[take(in, c->n_id)];
	o->n_hnp = 1 + (take_byte(in) > 200);
	for (unsigned int i = 0; i < o->n_hnp; i++)
		o->hnp[i].prefix = take_prefix(in, c);
	o->hi = (uint8_t)((HI_NEW_INTERFACE + take(in, 8)) % 8);
	o->att = (uint8_t)(3 + (1 + take(in, 3)) % 3);
	o->llid = c->llid[take(in, CAST_LLIDS)];
	o->lla = fake_addr("fe80::1");
	o->timestamp = mh_timestamp(c->f->wall + (uint64_t)((int64_t)offset_ms[take(in, 8)] *
							    (int64_t)NSEC_PER_MSEC));
}

/* And what else there is */
static inline void take_options(struct input *in, const struct cast *c, struct mh_opts *o)
{
	o->restart = take(in, 3);
	o->n_mag = 1;
	o->mag[0] = take_gateway(in, c);
	o->n_bid = 1;
	o->bid[0] = (struct mh_bid){ .bid = (uint16_t)(1 + take(in, 4)), .pri = 1 };
	o->n_flow = 1;
	take_flow_option(in, c, &o->flow[0]);
	o->alt_coa = take_gateway(in, c);
	o->n_vendor = 1;
	o->vendor[0] = (struct mh_vendor){ .id = 32473, .subtype = 1, .len = 2 };
	o->n_wanted = 1;
	o->wanted[0].type = take_byte(in);
	o->n_lma = 1;
	o->lma[0] = take_gateway(in, c);
	o->redirect = take_gateway(in, c);
	o->load.sessions = take_byte(in);
	o->load.max_sessions = 100;
	take_group(in, &o->listens);
	take_group(in, &o->refused);
	o->n_entry = 1;
	take_entry(in, c, &o->entry[0]);
}

static inline uint32_t usual_options(enum mh_kind kind)
{
	switch (kind) {
	case MH_PBU:
	case MH_PBA:
		return MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT | MH_HAS_TIMESTAMP |
		       MH_HAS_LLID;
	case MH_HEARTBEAT:
		return MH_HAS_RESTART;
	case MH_BE:
		return 0;
	case MH_FMI:
	case MH_UPN:
		return MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_FLOW;
	case MH_HI:
		return MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_LMA | MH_HAS_LLID;
	case MH_LMA_HO_RESP:
		return MH_HAS_MN_ID | MH_HAS_LMA;
	case MH_LMA_HO_INIT:
		return MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_CONTEXT | MH_HAS_TIMESTAMP;
	case MH_SUBSCRIPTION_RESPONSE:
		return MH_HAS_MN_ID | MH_HAS_SUBSCRIPTION;
	default:
		return MH_HAS_MN_ID;
	}
}

static inline uint16_t usual_flags(enum mh_kind kind)
{
	static const uint16_t flags[MH_KINDS] = {
		[MH_PBU] = PBU_F_A | PBU_F_P, [MH_PBA] = PBA_F_P, [MH_HEARTBEAT] = HB_F_R,
		[MH_SHI] = SHI_F_A, [MH_BRI] = BR_F_P, [MH_BRA] = BR_F_P, [MH_UPN] = UPN_F_A,
		[MH_HI] = HI_F_P | HI_F_F, [MH_HACK] = HACK_F_P,
		[MH_SUBSCRIPTION_RESPONSE] = SUB_F_I,
	};

	return flags[kind];
}

static inline uint8_t take_status(struct input *in)
{
	const uint8_t b = take_byte(in);

	return b & 1 ? (uint8_t)(128 + (b >> 1) % 64) : b >> 6;
}

/* Bits that are other than usual: none, one or two */
static inline uint32_t take_bits(struct input *in, unsigned int n)
{
	uint32_t bits = 0;

	for (unsigned int i = 0; i < 2; i++) {
		const uint8_t b = take_byte(in);

		bits ^= b & 1 ? 1U << b / 2 % n : 0;
	}
	return bits;
}

/* Some bytes are others, and yet the checksum is right */
static inline void spoil(struct input *in, uint8_t *buf, size_t len, const struct in6_addr *src,
			 const struct in6_addr *dst)
{
	const uint8_t how = take_byte(in);

	if (!(how & 1))
		return;
	for (unsigned int i = 0; i <= how / 2U % 4; i++)
		buf[take(in, (uint32_t)len)] = take_byte(in);
	put16(buf + 4, 0);
	put16(buf + 4, checksum6(IPPROTO_MH, buf, len, src, dst));
}

/* As it comes; false: such a message is not sent, or not taken */
static inline bool by_wire(struct input *in, struct mh_msg *m, const struct in6_addr *src,
			   const struct in6_addr *dst)
{
	uint8_t buf[MH_MAX];
	int len = mh_encode(m, buf, sizeof(buf), src, dst, NULL);

	if (len < 0)
		return false;
	spoil(in, buf, (size_t)len, src, dst);
	memset(m, 0, sizeof(*m));
	return mh_decode(m, buf, (size_t)len, src, dst, 0).error == MH_OK;
}

static inline void take_fixed(struct input *in, struct mh_msg *m)
{
	static const uint16_t lifetime[] = { 900, 0, 1, 15, 0xffff, 3, 100, 4000 };

	m->seq = take_byte(in);
	m->hb_seq = m->seq;
	m->flags = (uint16_t)(usual_flags(m->kind) ^ take_bits(in, 16));
	m->lifetime = lifetime[take(in, 8)];
	m->status = m->kind == MH_BE ? (uint8_t)(BE_UNKNOWN_TYPE - take(in, 2)) : take_status(in);
	m->trigger = (uint8_t)((BRI_ADMINISTRATIVE + take(in, 8)) | (m->status & 128));
	m->reason = m->kind == MH_UPN ? UPN_FLOW_MOBILITY : (uint16_t)take(in, 4);
	m->code = (uint8_t)take(in, 8);
}

/* A message of a kind; false: none that can be sent */
static inline bool take_message(struct input *in, const struct cast *c, enum mh_kind kind,
				const struct in6_addr *src, struct mh_msg *m)
{
	memset(m, 0, sizeof(*m));
	m->kind = kind;
	take_fixed(in, m);
	m->opts.present = usual_options(kind) ^ take_bits(in, 24);
	take_names(in, c, &m->opts);
	if (m->opts.present & ~(uint32_t)(MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT |
					  MH_HAS_TIMESTAMP | MH_HAS_LLID))
		take_options(in, c, &m->opts);
	return by_wire(in, m, src, &c->self);
}

static inline enum mh_kind answer_to(enum mh_kind kind)
{
	static const enum mh_kind answer[MH_KINDS] = {
		[MH_PBU] = MH_PBA, [MH_SHI] = MH_SHACK, [MH_FMI] = MH_FMA, [MH_UPN] = MH_UPA,
		[MH_BRI] = MH_BRA, [MH_HI] = MH_HACK, [MH_HEARTBEAT] = MH_HEARTBEAT,
		[MH_SUBSCRIPTION_QUERY] = MH_SUBSCRIPTION_RESPONSE,
		[MH_LMA_HO_REQ] = MH_LMA_HO_RESP, [MH_LMA_HO_INIT] = MH_LMA_HACK,
	};

	return answer[kind];
}

/* To one of the newest messages, and from whom; false: there is none to be answered */
static inline bool take_answer(struct input *in, const struct cast *c, struct in6_addr *src,
			       struct mh_msg *m)
{
	const struct fake_mh *asked;
	unsigned int back = 1 + take(in, CAST_SENT);

	if (back > c->n_sent)
		return false;
	asked = &c->sent[(c->n_sent - back) % CAST_SENT];
	*src = asked->dst;
	*m = asked->msg;
	m->kind = answer_to(m->kind);
	if (m->kind == MH_PBU)
		return false;
	m->status = take_status(in);
	m->flags = (uint16_t)(usual_flags(m->kind) ^ take_bits(in, 16));
	m->lifetime = (uint16_t)(take_byte(in) & 1 ? take(in, 300) : m->lifetime);
	m->code = (uint8_t)take(in, 8);
	m->opts.present ^= take_bits(in, 24);
	for (unsigned int i = 0; i < m->opts.n_hnp; i++)
		if (!m->opts.hnp[i].prefix.len || take_byte(in) > 230)
			m->opts.hnp[i].prefix = take_byte(in) & 1 ? take_prefix(in, c) : c->prefix;
	if (m->opts.present & (MH_HAS_MAG_ADDR | MH_HAS_REDIRECT | MH_HAS_LMA |
			       MH_HAS_SUBSCRIPTION | MH_HAS_MULTICAST | MH_HAS_FLOW))
		take_options(in, c, &m->opts);
	return by_wire(in, m, src, &c->self);
}

/* Of what the machine has sent */
static inline void cast_sent(struct cast *c, const struct fake_mh *mh)
{
	if (answer_to(mh->msg.kind) != MH_PBU)
		c->sent[c->n_sent++ % CAST_SENT] = *mh;
}

/* Milliseconds, of any size up to some lifetimes */
static inline uint64_t take_ms(struct input *in)
{
	static const uint32_t scale[] = { 10, 1000, 100, 10000, 100000, 1, 1000000, 100 };

	return (uint64_t)(1 + take(in, 32)) * scale[take(in, 8)];
}

#endif
