// SPDX-License-Identifier: GPL-2.0
/* Flow Identification (RFC 6089 §4.2), an option of options, read and written. */
#include "mh/wire.h"

#define SUB_AT		6	/* in the option's data: behind FID, priority, status */
#define SUB_PAD1	0
#define SUB_PADN	1
#define TARGET_AT	2	/* in the sub-option's data: behind what is reserved */

struct sub_def {
	uint8_t type;
	uint8_t min, max;	/* length byte */
	uint8_t bit;
	uint8_t align, shift;	/* as of an option; 0: see the target */
	struct mh_result (*read)(struct mh_flow *f, const struct mh_option *sub);
	size_t (*write)(const struct mh_flow *f, uint8_t *data);
};

/* Binding Reference, §4.2.1.3: one BID or more */
static struct mh_result read_bids(struct mh_flow *f, const struct mh_option *sub)
{
	unsigned int n = sub->len / 2U;

	if (sub->len % 2)
		return mh_fail(MH_ERR_OPT_LENGTH, sub->at + 1);
	if (n > PEERS_MAX)
		return mh_fail(MH_ERR_TOO_MANY, sub->at);
	for (unsigned int i = 0; i < n; i++) {
		f->bid[i] = get16(sub->data + 2 * i);
		/* reserved, RFC 5648 §4.1 */
		if (!f->bid[i])
			return mh_bad_value(sub, 2 * i);
	}
	f->n_bid = (uint8_t)n;
	return mh_ok();
}

static size_t write_bids(const struct mh_flow *f, uint8_t *data)
{
	for (unsigned int i = 0; i < f->n_bid; i++)
		put16(data + 2 * i, f->bid[i]);
	return 2U * f->n_bid;
}

/* Traffic Selector, §4.2.1.4 */
static struct mh_result read_selector(struct mh_flow *f, const struct mh_option *sub)
{
	return mh_read_selector(&f->selector, sub);
}

static size_t write_selector(const struct mh_flow *f, uint8_t *data)
{
	return mh_write_selector(&f->selector, data);
}

/* Flow Binding Action, RFC 7109 §6.2.1: reserved, action; IANA assigns more */
static struct mh_result read_action(struct mh_flow *f, const struct mh_option *sub)
{
	f->action = sub->data[1];
	return mh_ok();
}

static size_t write_action(const struct mh_flow *f, uint8_t *data)
{
	data[1] = f->action;
	return 2;
}

/* Target Care-of Address, RFC 7109 §6.2.2: reserved 16, IPv4 or IPv6 address */
static struct mh_result read_target(struct mh_flow *f, const struct mh_option *sub)
{
	size_t len = (size_t)sub->len - TARGET_AT;

	if (len != 4 && len != 16)
		return mh_fail(MH_ERR_OPT_LENGTH, sub->at + 1);
	if (len == 4)
		memset(f->target.s6_addr + 10, 0xff, 2);
	memcpy(f->target.s6_addr + 16 - len, sub->data + TARGET_AT, len);
	if (IN6_IS_ADDR_MULTICAST(&f->target) || IN6_IS_ADDR_UNSPECIFIED(&f->target))
		return mh_bad_value(sub, TARGET_AT);
	/* one address has one spelling */
	if (len == 16 && IN6_IS_ADDR_V4MAPPED(&f->target))
		return mh_bad_value(sub, TARGET_AT);
	return mh_ok();
}

static size_t write_target(const struct mh_flow *f, uint8_t *data)
{
	size_t len = IN6_IS_ADDR_V4MAPPED(&f->target) ? 4 : 16;

	memcpy(data + TARGET_AT, f->target.s6_addr + 16 - len, len);
	return TARGET_AT + len;
}

/* In the order in which they are written */
static const struct sub_def subs[] = {
	{ 3, 2, 255, MH_FLOW_HAS_SELECTOR, 8, 0, read_selector, write_selector },
	{ 2, 2, 255, MH_FLOW_HAS_BIDS, 2, 0, read_bids, write_bids },
	{ 4, 2, 2, MH_FLOW_HAS_ACTION, 1, 0, read_action, write_action },
	{ 5, 6, 18, MH_FLOW_HAS_TARGET, 0, 0, read_target, write_target },
};

#define N_SUBS	(sizeof(subs) / sizeof(*subs))

static const struct sub_def *find_def(uint8_t type)
{
	for (size_t i = 0; i < N_SUBS; i++)
		if (subs[i].type == type)
			return &subs[i];
	return NULL;
}

static struct mh_result read_sub(struct mh_flow *f, const struct sub_def *def,
				 const struct mh_option *sub)
{
	if (sub->len < def->min || sub->len > def->max)
		return mh_fail(MH_ERR_OPT_LENGTH, sub->at + 1);
	/* §4.2.1.3, §4.2.1.4: "MUST NOT include more than one" */
	if (f->present & def->bit)
		return mh_fail(MH_ERR_TOO_MANY, sub->at);
	f->present |= def->bit;
	return def->read(f, sub);
}

/* The sub-option at @pos of the option's data, which then is behind it */
static struct mh_result read_next(struct mh_flow *f, const struct mh_option *opt,
				  size_t *pos, unsigned int *unknown)
{
	const uint8_t *p = opt->data + *pos;
	struct mh_option sub = { .at = opt->at + MH_OPT_HEADER + *pos };
	const struct sub_def *def;

	if (p[0] == SUB_PAD1) {
		++*pos;
		return mh_ok();
	}
	if (opt->len - *pos < MH_OPT_HEADER)
		return mh_fail(MH_ERR_OPT_RUNS_OUT, sub.at);
	sub.len = p[1];
	sub.data = p + MH_OPT_HEADER;
	if (sub.len > opt->len - *pos - MH_OPT_HEADER)
		return mh_fail(MH_ERR_OPT_RUNS_OUT, sub.at + 1);
	*pos += MH_OPT_HEADER + sub.len;
	if (p[0] == SUB_PADN)
		return mh_ok();
	def = find_def(p[0]);
	if (def)
		return read_sub(f, def, &sub);
	++*unknown;
	return mh_ok();
}

/**
 * mh_count_flow - how many flows there are to write
 * @o: the options
 *
 * Return: the number.
 */
unsigned int mh_count_flow(const struct mh_opts *o)
{
	return o->n_flow + o->n_spare;
}

/* §4.2: of both, 0 "is reserved"; but an answer may say so of a request that had it */
static bool names_flow(const struct mh_flow *f, const struct mh_option *opt)
{
	bool answer = !(opt->lenient & MH_COUNT_MORE);

	return (f->fid && f->pri) || (answer && f->status == FLOW_MALFORMED);
}

static struct mh_result read_flow(struct mh_flow *f, const struct mh_option *opt,
				  unsigned int *unknown)
{
	size_t pos = SUB_AT;

	if (opt->len < SUB_AT)
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	f->fid = get16(opt->data);
	f->pri = get16(opt->data + 2);
	f->status = opt->data[5];
	if (!names_flow(f, opt))
		return mh_bad_value(opt, f->fid ? 2 : 0);
	while (pos < opt->len) {
		struct mh_result r = read_next(f, opt, &pos, unknown);

		if (r.error)
			return r;
	}
	return mh_ok();
}

/* What an answer needs; of one without so much nothing can be said */
static struct mh_result malformed(struct mh_opts *o, const struct mh_option *opt)
{
	if (opt->len < 4) {
		o->unknown++;
		return mh_ok();
	}
	o->flow[o->n_flow++] = (struct mh_flow) {
		.fid = get16(opt->data), .pri = get16(opt->data + 2),
		.status = FLOW_MALFORMED, .malformed = true,
	};
	return mh_ok();
}

/* One beyond those that fit: what an answer needs, if it can have one */
static struct mh_result read_spare(struct mh_opts *o, const struct mh_option *opt)
{
	const bool named = opt->lenient & MH_FLOW_ALONE;

	if (!named && !(opt->lenient & MH_COUNT_MORE))
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	if (!named || o->n_spare == MH_SPARE_FLOWS) {
		o->more_flow++;
		return mh_ok();
	}
	if (opt->len < 4) {
		o->unknown++;
		return mh_ok();
	}
	o->spare[o->n_spare++] = (struct mh_flow_name) {
		.fid = get16(opt->data), .pri = get16(opt->data + 2),
		.status = opt->len < SUB_AT ? 0 : opt->data[5],
	};
	return mh_ok();
}

/**
 * mh_read_flow - read a Flow Identification option
 * @o: the options so far
 * @opt: this one
 *
 * RFC 6089 §4.2: sub-options in any order, at any alignment; unknown ones are
 * skipped and counted.  Whether a flow has the sub-options that it needs is
 * for its receiver to say, who has a status for it.
 *
 * Return: MH_OK, or what was wrong with the first sub-option that was; in a PBU or a
 * PBA, whose other options hold all the same, such a flow is malformed instead.
 */
struct mh_result mh_read_flow(struct mh_opts *o, const struct mh_option *opt)
{
	struct mh_flow f = { 0 };
	unsigned int unknown = 0;
	struct mh_result r;

	if (o->n_flow == FLOWS_MAX)
		return read_spare(o, opt);
	r = read_flow(&f, opt, &unknown);
	if (r.error && (opt->lenient & MH_FLOW_ALONE))
		return malformed(o, opt);
	if (r.error)
		return r;
	o->unknown += unknown;
	o->flow[o->n_flow++] = f;
	return mh_ok();
}

/*
 * RFC 6089 §4.2.1: fields are at multiples of their size "from the start of
 * the header"; the option begins at one of 8, and so its data at 8n+2.
 */
static size_t pad_before(const struct sub_def *def, size_t len, size_t pos)
{
	size_t align = def->align, shift = def->shift;

	if (!align) {
		align = len == TARGET_AT + 4 ? 4 : 8;
		shift = align == 8 ? 4 : 0;
	}
	return (align + shift - (pos + MH_OPT_HEADER) % align) % align;
}

static size_t write_sub(const struct mh_flow *f, const struct sub_def *def,
			uint8_t *data, size_t pos)
{
	uint8_t sub[MH_SELECTOR_MAX] = { 0 };
	size_t len = def->write(f, sub), pad = pad_before(def, len, pos);

	if (pad > 1) {
		data[pos] = SUB_PADN;
		data[pos + 1] = (uint8_t)(pad - MH_OPT_HEADER);
	}
	pos += pad;
	data[pos] = def->type;
	data[pos + 1] = (uint8_t)len;
	memcpy(data + pos + MH_OPT_HEADER, sub, len);
	return pos + MH_OPT_HEADER + len;
}

static size_t write_head(uint8_t *data, uint16_t fid, uint16_t pri, uint8_t status)
{
	put16(data, fid);
	put16(data + 2, pri);
	data[5] = status;
	return SUB_AT;
}

/**
 * mh_write_flow - write a Flow Identification option
 * @o: the options
 * @i: which flow, those beyond FLOWS_MAX included
 * @data: 255 bytes, zero
 *
 * Return: the length of the data; 0 for more BIDs than a flow can have.
 */
size_t mh_write_flow(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	const struct mh_flow_name *spare;
	const struct mh_flow *f;
	size_t pos;

	if (i >= o->n_flow) {
		spare = &o->spare[i - o->n_flow];
		return write_head(data, spare->fid, spare->pri, spare->status);
	}
	f = &o->flow[i];
	if (f->n_bid > PEERS_MAX)
		return 0;
	pos = write_head(data, f->fid, f->pri, f->status);
	for (size_t s = 0; s < N_SUBS; s++)
		if (f->present & subs[s].bit)
			pos = write_sub(f, &subs[s], data, pos);
	return pos;
}
