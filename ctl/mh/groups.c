// SPDX-License-Identifier: GPL-2.0
/*
 * What a node listens to (RFC 7161 §4.1, RFC 7411 §5.3), and what of it is refused
 * (RFC 7411 §5.4), as Multicast Address Records (RFC 3810 §5.2.4).
 */
#include "mh/wire.h"

#define RECORD		20	/* bytes of one without sources and auxiliary data */
#define SOURCE		16

/* Option 57, in its data */
#define SUB_RECORD_AT	1	/* behind the MLD Type */
#define SUB_MLDV2	143	/* MLD Type */
#define SUB_MLDV1	131
#define SUB_MLDV1_ADDR	4	/* behind what is reserved, in the context */

/* Options 60 and 61, in their data */
#define CODE_AT		0
#define STATUS_AT	1
#define COUNT_AT	4	/* Nr of Mcast Address Records */
#define RECORDS_AT	6

static size_t bytes_of(unsigned int n_group, unsigned int n_source)
{
	return (size_t)n_group * RECORD + (size_t)n_source * SOURCE;
}

/**
 * mh_groups_add - one more group
 * @all: the groups so far
 * @g: the group; n_source says how many sources it has
 * @source: these
 *
 * Return: false, and nothing is added, if it does not fit: one option 60 has to hold all.
 */
bool mh_groups_add(struct mh_groups *all, const struct mh_group *g,
		   const struct in6_addr *source)
{
	if (bytes_of(all->n_group + 1, all->n_source + g->n_source) > MH_GROUPS_BYTES)
		return false;
	all->group[all->n_group++] = *g;
	for (unsigned int i = 0; i < g->n_source; i++)
		all->source[all->n_source++] = source[i];
	return true;
}

/**
 * mh_groups_fit - whether groups are what mh_groups_add() makes of them
 * @all: the groups
 *
 * Return: false for more than there can be, or if not all sources are some group's.
 */
bool mh_groups_fit(const struct mh_groups *all)
{
	unsigned int n = 0;

	if (all->n_group > MH_GROUPS_MAX || all->n_source > MH_SOURCES_MAX ||
	    bytes_of(all->n_group, all->n_source) > MH_GROUPS_BYTES)
		return false;
	for (unsigned int i = 0; i < all->n_group; i++)
		n += all->group[i].n_source;
	return n == all->n_source;
}

static const struct in6_addr *sources_of(const struct mh_groups *all, unsigned int i)
{
	const struct in6_addr *s = all->source;

	while (i--)
		s += all->group[i].n_source;
	return s;
}

static bool known_record(uint8_t type)
{
	return type >= MLD_IS_IN && type <= MLD_BLOCK;
}

/* RFC 3810 §5.2.9: "a vector of n unicast addresses" */
static bool is_source(const struct in6_addr *a)
{
	return !IN6_IS_ADDR_MULTICAST(a) && !IN6_IS_ADDR_UNSPECIFIED(a);
}

/* Where a record is, and whose groups it is one of */
struct reading {
	struct mh_groups *all;
	const struct mh_option *opt;
	size_t pos;
	uint8_t code;
};

static struct mh_result keep(struct reading *r, const uint8_t *p, unsigned int n)
{
	struct mh_group g = { .record = p[0], .code = r->code, .n_source = (uint16_t)n };
	struct in6_addr source[MH_SOURCES_MAX];

	memcpy(&g.address, p + 4, sizeof(g.address));
	if (!IN6_IS_ADDR_MULTICAST(&g.address))
		return mh_bad_value(r->opt, r->pos + 4);
	for (unsigned int i = 0; i < n; i++) {
		memcpy(&source[i], p + RECORD + (size_t)i * SOURCE, SOURCE);
		if (!is_source(&source[i]))
			return mh_bad_value(r->opt, r->pos + RECORD + (size_t)i * SOURCE);
	}
	r->all->more += !mh_groups_add(r->all, &g, source);
	return mh_ok();
}

/*
 * The record at pos, which then is behind it.  RFC 3810 §5.2.12: one of an unknown type
 * is "silently ignored, with the rest of the report being processed"; §5.2.10: so is
 * auxiliary data.
 */
static struct mh_result read_record(struct reading *r, unsigned int *unknown)
{
	const uint8_t *p = r->opt->data + r->pos;
	size_t left = r->opt->len - r->pos, len;
	struct mh_result res = mh_ok();
	unsigned int n;

	if (left < RECORD)
		return mh_fail(MH_ERR_OPT_RUNS_OUT, r->opt->at + 1);
	n = get16(p + 2);
	len = bytes_of(1, n) + (size_t)p[1] * MH_WORD;
	/* no option holds more sources than MH_SOURCES_MAX */
	if (len > left || n > MH_SOURCES_MAX)
		return mh_fail(MH_ERR_OPT_RUNS_OUT, r->opt->at + MH_OPT_HEADER + r->pos);
	if (known_record(p[0]))
		res = keep(r, p, n);
	else
		++*unknown;
	r->pos += len;
	return res;
}

/* The record of a group, and where it ends */
static size_t write_record(const struct mh_groups *all, unsigned int i, uint8_t *p)
{
	const struct mh_group *g = &all->group[i];

	p[0] = g->record;
	p[1] = 0;
	put16(p + 2, g->n_source);
	memcpy(p + 4, &g->address, sizeof(g->address));
	memcpy(p + RECORD, sources_of(all, i), (size_t)g->n_source * SOURCE);
	return bytes_of(1, g->n_source);
}

/**
 * mh_count_subscription - how many Active Multicast Subscription options there are to write
 * @o: the options
 *
 * Return: one for each group.
 */
unsigned int mh_count_subscription(const struct mh_opts *o)
{
	return o->listens.n_group;
}

/* RFC 7161 §4.1.3: reserved 32, group; which is to listen to all sources (RFC 3810 §8.3.2) */
static struct mh_result read_mldv1(struct mh_opts *o, const struct mh_option *opt)
{
	const size_t at = SUB_RECORD_AT + SUB_MLDV1_ADDR;
	struct mh_group g = { .record = MLD_IS_EX, .code = MULTICAST_MLDV1 };

	if (opt->len != at + sizeof(g.address))
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	memcpy(&g.address, opt->data + at, sizeof(g.address));
	if (!IN6_IS_ADDR_MULTICAST(&g.address))
		return mh_bad_value(opt, at);
	o->listens.more += !mh_groups_add(&o->listens, &g, NULL);
	return mh_ok();
}

/**
 * mh_read_subscription - read an Active Multicast Subscription option (RFC 7161 §4.1)
 * @o: the options so far
 * @opt: this one
 *
 * What does not fit is counted: a binding does not depend on it.
 *
 * Return: MH_OK, or what was wrong with the record.
 */
struct mh_result mh_read_subscription(struct mh_opts *o, const struct mh_option *opt)
{
	struct reading r = {
		.all = &o->listens, .opt = opt, .pos = SUB_RECORD_AT, .code = MULTICAST_MLDV2,
	};
	struct mh_result res;

	if (o->present & MH_HAS_MULTICAST)
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	if (opt->data[0] == SUB_MLDV1)
		return read_mldv1(o, opt);
	if (opt->data[0] != SUB_MLDV2) {
		o->listens.foreign = true;
		return mh_ok();
	}
	res = read_record(&r, &o->unknown);
	if (!res.error && r.pos != opt->len)
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	return res;
}

/**
 * mh_write_subscription - write an Active Multicast Subscription option
 * @o: the options
 * @i: which group
 * @data: 255 bytes, zero
 *
 * Return: the length of the data; 0 for more sources than fit into it, 14, and for
 * what MLDv1 cannot say.
 */
size_t mh_write_subscription(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	const struct mh_group *g = &o->listens.group[i];

	if (g->code == MULTICAST_MLDV1) {
		if (g->n_source || g->record != MLD_IS_EX)
			return 0;
		data[0] = SUB_MLDV1;
		memcpy(data + SUB_RECORD_AT + SUB_MLDV1_ADDR, &g->address, sizeof(g->address));
		return SUB_RECORD_AT + SUB_MLDV1_ADDR + sizeof(g->address);
	}
	if (SUB_RECORD_AT + bytes_of(1, g->n_source) > UINT8_MAX)
		return 0;
	data[0] = SUB_MLDV2;
	return SUB_RECORD_AT + write_record(&o->listens, i, data + SUB_RECORD_AT);
}

/* Groups that follow each other and have the same code go into one option. */
static unsigned int runs_of(const struct mh_groups *all)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < all->n_group; i++)
		n += !i || all->group[i].code != all->group[i - 1].code;
	return n;
}

/* The payload with the run of groups, from 0; and their code */
static size_t write_run(const struct mh_groups *all, unsigned int run, uint8_t *data,
			uint8_t *code)
{
	unsigned int i = 0, n = 0;
	size_t pos = RECORDS_AT;

	for (; i + 1 < all->n_group && run; i++)
		run -= all->group[i].code != all->group[i + 1].code;
	*code = all->group[i].code;
	for (; i < all->n_group && all->group[i].code == *code; i++, n++)
		pos += write_record(all, i, data + pos);
	put16(data + COUNT_AT, (uint16_t)n);
	return pos;
}

/* Of a report, RFC 7411 §5.3: "after stripping its ICMP header"; what follows its last
 * record is ignored (RFC 3810 §5.2.11)
 */
static struct mh_result read_payload(struct mh_opts *o, struct mh_groups *all,
				     const struct mh_option *opt, uint8_t code)
{
	struct reading r = { .all = all, .opt = opt, .pos = RECORDS_AT, .code = code };

	for (unsigned int n = get16(opt->data + COUNT_AT); n; n--) {
		struct mh_result res = read_record(&r, &o->unknown);

		if (res.error)
			return res;
	}
	return mh_ok();
}

/**
 * mh_count_multicast - how many Multicast Mobility options there are to write
 * @o: the options
 *
 * Return: the number.
 */
unsigned int mh_count_multicast(const struct mh_opts *o)
{
	return runs_of(&o->listens);
}

/**
 * mh_read_multicast - read a Multicast Mobility option (RFC 7411 §5.3)
 * @o: the options so far
 * @opt: this one
 *
 * What does not fit is counted.  Reports of IGMP are not read: there is a status by which
 * to say so.
 *
 * Return: MH_OK, or what was wrong with the first record that was.
 */
struct mh_result mh_read_multicast(struct mh_opts *o, const struct mh_option *opt)
{
	uint8_t code = opt->data[CODE_AT];

	if (o->present & MH_HAS_SUBSCRIPTION)
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	if (code == MULTICAST_MLDV2 || code == MULTICAST_MLDV1)
		return read_payload(o, &o->listens, opt, code);
	o->listens.foreign = true;
	return mh_ok();
}

/**
 * mh_write_multicast - write a Multicast Mobility option
 * @o: the options
 * @i: which of them
 * @data: MH_WORDS_MAX bytes, zero
 *
 * Return: the length of the data.
 */
size_t mh_write_multicast(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	return write_run(&o->listens, i, data, &data[CODE_AT]);
}

/**
 * mh_count_multicast_ack - how many Multicast Acknowledgement options there are to write
 * @o: the options
 *
 * Return: the number; one also if nothing is refused.
 */
unsigned int mh_count_multicast_ack(const struct mh_opts *o)
{
	unsigned int n = runs_of(&o->refused) + o->refused.foreign;

	return n ? n : 1;
}

/**
 * mh_read_multicast_ack - read a Multicast Acknowledgement option (RFC 7411 §5.4)
 * @o: the options so far
 * @opt: this one
 *
 * Return: MH_OK, or what was wrong; status 1 "MUST NOT contain any" records, and 0, which
 * the RFC does not have, cannot.
 */
struct mh_result mh_read_multicast_ack(struct mh_opts *o, const struct mh_option *opt)
{
	uint8_t status = opt->data[STATUS_AT];

	if (opt->data[CODE_AT])
		return mh_bad_value(opt, CODE_AT);
	if (status < MULTICAST_GROUP_UNSUPPORTED && get16(opt->data + COUNT_AT))
		return mh_bad_value(opt, COUNT_AT);
	o->refused.foreign |= status == MULTICAST_PAYLOAD_UNSUPPORTED;
	return read_payload(o, &o->refused, opt, status);
}

/**
 * mh_write_multicast_ack - write a Multicast Acknowledgement option
 * @o: the options
 * @i: which of them
 * @data: MH_WORDS_MAX bytes, zero
 *
 * Return: the length of the data.
 */
size_t mh_write_multicast_ack(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	const struct mh_groups *all = &o->refused;

	if (all->n_group && i >= all->foreign)
		return write_run(all, i - all->foreign, data, &data[STATUS_AT]);
	data[STATUS_AT] = all->foreign ? MULTICAST_PAYLOAD_UNSUPPORTED : MULTICAST_OK;
	return RECORDS_AT;
}
