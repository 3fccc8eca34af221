// SPDX-License-Identifier: GPL-2.0
/*
 * What one anchor tells another of a node, beyond what registrations say: binding cache
 * entries and the state of flows, each an Experimental option (RFC 5096 §4), since options
 * have no private numbers.
 */
#include "mh/wire.h"

/* The first byte of the data */
#define TRANSFER_ENTRY	1
#define TRANSFER_FLOW	2

/* Of an entry, in its data */
#define FLAGS_AT	1
#define SEQ_AT		2
#define LIFETIME_AT	4
#define BID_AT		6
#define PRI_AT		8
#define HI_AT		9
#define ATT_AT		10
#define LLID_LEN_AT	11
#define PREFIXES_AT	12	/* three reserved bytes follow */
#define COA_AT		16
#define LLA_AT		32
#define LLID_AT		48

/* Of a flow */
#define FLOW_ORIGIN_AT	1
#define FLOW_FID_AT	2
#define FLOW_LIFETIME_AT	4
#define FLOW_LEN	6

/**
 * mh_count_transfer - how many options of a node's context there are to write
 * @o: the options
 *
 * Return: the number.
 */
unsigned int mh_count_transfer(const struct mh_opts *o)
{
	return o->n_entry + o->n_flow_state;
}

static struct mh_result check_entry(const struct mh_entry *e, const struct mh_option *opt)
{
	if (!e->bid)
		return mh_bad_value(opt, BID_AT);
	if (!e->prefixes)
		return mh_bad_value(opt, PREFIXES_AT);
	if (!mh_is_unicast(&e->proxy_coa))
		return mh_bad_value(opt, COA_AT);
	if (!IN6_IS_ADDR_LINKLOCAL(&e->lla) && !IN6_IS_ADDR_UNSPECIFIED(&e->lla))
		return mh_bad_value(opt, LLA_AT);
	return mh_ok();
}

static struct mh_result read_entry(struct mh_opts *o, const struct mh_option *opt)
{
	const uint8_t *p = opt->data;
	struct mh_result r;
	struct mh_entry *e;

	if (opt->len < LLID_AT)
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	if (p[LLID_LEN_AT] > LLID_MAX)
		return mh_bad_value(opt, LLID_LEN_AT);
	if (opt->len != LLID_AT + p[LLID_LEN_AT])
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	if (o->n_entry == PEERS_MAX)
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	e = &o->entry[o->n_entry];
	memset(e, 0, sizeof(*e));
	e->flags = p[FLAGS_AT] & MH_ENTRY_F_S;
	e->seq = get16(p + SEQ_AT);
	e->lifetime = get16(p + LIFETIME_AT);
	e->bid = get16(p + BID_AT);
	e->pri = p[PRI_AT];
	e->hi = p[HI_AT];
	e->att = p[ATT_AT];
	e->prefixes = p[PREFIXES_AT];
	memcpy(&e->proxy_coa, p + COA_AT, sizeof(e->proxy_coa));
	memcpy(&e->lla, p + LLA_AT, sizeof(e->lla));
	e->llid.len = p[LLID_LEN_AT];
	memcpy(e->llid.id, p + LLID_AT, e->llid.len);
	r = check_entry(e, opt);
	if (!r.error)
		o->n_entry++;
	return r;
}

static struct mh_result read_flow_state(struct mh_opts *o, const struct mh_option *opt)
{
	struct mh_flow_state *f;

	if (opt->len != FLOW_LEN)
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	if (o->n_flow_state == FLOWS_MAX)
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	f = &o->flow_state[o->n_flow_state];
	memset(f, 0, sizeof(*f));
	f->origin = opt->data[FLOW_ORIGIN_AT];
	f->fid = get16(opt->data + FLOW_FID_AT);
	f->lifetime = get16(opt->data + FLOW_LIFETIME_AT);
	if (!f->fid)
		return mh_bad_value(opt, FLOW_FID_AT);
	o->n_flow_state++;
	return mh_ok();
}

/**
 * mh_read_transfer - read an Experimental option (RFC 5096 §4)
 * @o: the options so far
 * @opt: this one, of an LMA_HO_Init
 *
 * One that is neither an entry nor a flow is skipped, and counted.
 *
 * Return: MH_OK, or MH_ERR_OPT_LENGTH, MH_ERR_OPT_VALUE, MH_ERR_TOO_MANY.
 */
struct mh_result mh_read_transfer(struct mh_opts *o, const struct mh_option *opt)
{
	if (opt->data[0] == TRANSFER_ENTRY)
		return read_entry(o, opt);
	if (opt->data[0] == TRANSFER_FLOW)
		return read_flow_state(o, opt);
	o->unknown++;
	return mh_ok();
}

static size_t write_entry(const struct mh_entry *e, uint8_t *data)
{
	if (e->llid.len > LLID_MAX)
		return 0;
	data[0] = TRANSFER_ENTRY;
	data[FLAGS_AT] = e->flags & MH_ENTRY_F_S;
	put16(data + SEQ_AT, e->seq);
	put16(data + LIFETIME_AT, e->lifetime);
	put16(data + BID_AT, e->bid);
	data[PRI_AT] = e->pri;
	data[HI_AT] = e->hi;
	data[ATT_AT] = e->att;
	data[LLID_LEN_AT] = e->llid.len;
	data[PREFIXES_AT] = e->prefixes;
	memcpy(data + COA_AT, &e->proxy_coa, sizeof(e->proxy_coa));
	memcpy(data + LLA_AT, &e->lla, sizeof(e->lla));
	memcpy(data + LLID_AT, e->llid.id, e->llid.len);
	return (size_t)LLID_AT + e->llid.len;
}

static size_t write_flow_state(const struct mh_flow_state *f, uint8_t *data)
{
	data[0] = TRANSFER_FLOW;
	data[FLOW_ORIGIN_AT] = f->origin;
	put16(data + FLOW_FID_AT, f->fid);
	put16(data + FLOW_LIFETIME_AT, f->lifetime);
	return FLOW_LEN;
}

/**
 * mh_write_transfer - write an Experimental option: the entries, then the flows
 * @o: the options
 * @i: which of them
 * @data: 255 bytes, zero
 *
 * Return: the length of the data; 0 if there is more than an option holds.
 */
size_t mh_write_transfer(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	if (i < o->n_entry)
		return write_entry(&o->entry[i], data);
	return write_flow_state(&o->flow_state[i - o->n_entry], data);
}
