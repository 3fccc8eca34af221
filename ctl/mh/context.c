// SPDX-License-Identifier: GPL-2.0
/* The options by which one gateway tells another of a node (RFC 5949 §6.2). */
#include "mh/wire.h"

#define VENDOR_AT	5	/* in the option's data: behind vendor and sub-type */
#define WANTED_AT	2	/* behind what is reserved */
#define WANTED_VENDOR	5	/* Req-length of a vendor's, which needs its number, too */

#define LMA_IPV6	1	/* Option-Code, §6.2.2 */
#define LMA_IPV4	2
#define LMA_AT		2

/**
 * mh_count_vendor - how many Vendor-Specific options there are to write
 * @o: the options
 *
 * Return: the number.
 */
unsigned int mh_count_vendor(const struct mh_opts *o)
{
	return o->n_vendor;
}

/**
 * mh_read_vendor - read a Vendor-Specific option (RFC 5094 §3)
 * @o: the options so far
 * @opt: this one
 *
 * What is in it is the vendor's affair.  Of a request's what does not fit is counted.
 *
 * Return: MH_OK, or MH_ERR_TOO_MANY.
 */
struct mh_result mh_read_vendor(struct mh_opts *o, const struct mh_option *opt)
{
	struct mh_vendor *v;

	if (o->n_vendor == MH_VENDORS_MAX && (opt->lenient & MH_COUNT_MORE)) {
		o->more_vendor++;
		return mh_ok();
	}
	if (o->n_vendor == MH_VENDORS_MAX)
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	v = &o->vendor[o->n_vendor++];
	v->id = get32(opt->data);
	v->subtype = opt->data[4];
	v->len = (uint8_t)(opt->len - VENDOR_AT);
	memcpy(v->data, opt->data + VENDOR_AT, v->len);
	return mh_ok();
}

/**
 * mh_write_vendor - write a Vendor-Specific option
 * @o: the options
 * @i: which of them
 * @data: 255 bytes
 *
 * Return: the length of the data; 0 if there is more than an option holds.
 */
size_t mh_write_vendor(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	const struct mh_vendor *v = &o->vendor[i];

	if (v->len > MH_VENDOR_DATA_MAX)
		return 0;
	put32(data, v->id);
	data[4] = v->subtype;
	memcpy(data + VENDOR_AT, v->data, v->len);
	return (size_t)VENDOR_AT + v->len;
}

/*
 * One requested option: Req-type, Req-length, and what else it takes to know which is
 * meant.  What cannot be known is counted: it is asked for, and cannot be had.
 */
static struct mh_result read_request(struct mh_opts *o, const struct mh_option *opt,
				     size_t pos, size_t len)
{
	const uint8_t *p = opt->data + pos;
	struct mh_wanted w = { .type = p[0] };

	if (w.type == MH_OPT_VENDOR && len < WANTED_VENDOR)
		return mh_bad_value(opt, pos + 1);
	if (o->n_wanted == MH_WANTED_MAX || len > (w.type == MH_OPT_VENDOR ? WANTED_VENDOR : 0)) {
		o->more_wanted++;
		return mh_ok();
	}
	if (w.type == MH_OPT_VENDOR) {
		w.vendor = get32(p + MH_OPT_HEADER);
		w.subtype = p[MH_OPT_HEADER + 4];
	}
	o->wanted[o->n_wanted++] = w;
	return mh_ok();
}

/**
 * mh_read_wanted - read a Context Request option (RFC 5949 §6.2.1)
 * @o: the options so far
 * @opt: this one
 *
 * Return: MH_OK, or what was wrong with the first request that was.
 */
struct mh_result mh_read_wanted(struct mh_opts *o, const struct mh_option *opt)
{
	size_t pos = WANTED_AT;

	while (pos < opt->len) {
		struct mh_result r;
		size_t len;

		if (opt->len - pos < MH_OPT_HEADER)
			return mh_fail(MH_ERR_OPT_RUNS_OUT, opt->at + MH_OPT_HEADER + pos);
		len = opt->data[pos + 1];
		if (len > opt->len - pos - MH_OPT_HEADER)
			return mh_fail(MH_ERR_OPT_RUNS_OUT, opt->at + MH_OPT_HEADER + pos + 1);
		r = read_request(o, opt, pos, len);
		if (r.error)
			return r;
		pos += MH_OPT_HEADER + len;
	}
	return mh_ok();
}

/**
 * mh_write_wanted - write a Context Request option
 * @o: the options
 * @i: not used, there is one
 * @data: 255 bytes
 *
 * Return: the length of the data.
 */
size_t mh_write_wanted(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	size_t pos = WANTED_AT;

	(void)i;
	put16(data, 0);
	for (unsigned int n = 0; n < o->n_wanted; n++) {
		const struct mh_wanted *w = &o->wanted[n];

		data[pos] = w->type;
		data[pos + 1] = w->type == MH_OPT_VENDOR ? WANTED_VENDOR : 0;
		if (w->type == MH_OPT_VENDOR) {
			put32(data + pos + MH_OPT_HEADER, w->vendor);
			data[pos + MH_OPT_HEADER + 4] = w->subtype;
		}
		pos += (size_t)MH_OPT_HEADER + data[pos + 1];
	}
	return pos;
}

/**
 * mh_count_lma - how many addresses of the anchor there are to write
 * @o: the options
 *
 * Return: the number.
 */
unsigned int mh_count_lma(const struct mh_opts *o)
{
	return o->n_lma;
}

/**
 * mh_is_unicast - whether signalling can be sent there
 * @a: an address, IPv4 as ::ffff:a.b.c.d
 *
 * Return: false for one of many, and for none.
 */
bool mh_is_unicast(const struct in6_addr *a)
{
	const uint8_t *v4 = a->s6_addr + 12;

	if (IN6_IS_ADDR_V4MAPPED(a))
		return *v4 && *v4 < 224;
	return !IN6_IS_ADDR_MULTICAST(a) && !IN6_IS_ADDR_UNSPECIFIED(a);
}

/**
 * mh_read_lma - read a Local Mobility Anchor Address option (RFC 5949 §6.2.2)
 * @o: the options so far
 * @opt: this one
 *
 * Return: MH_OK, or MH_ERR_OPT_VALUE, MH_ERR_OPT_LENGTH, MH_ERR_TOO_MANY; the last for a
 * second one of a family.
 */
struct mh_result mh_read_lma(struct mh_opts *o, const struct mh_option *opt)
{
	struct in6_addr a = { 0 };
	size_t len = opt->data[0] == LMA_IPV4 ? 4 : 16;

	if (opt->data[0] != LMA_IPV6 && opt->data[0] != LMA_IPV4)
		return mh_bad_value(opt, 0);
	if (opt->len != LMA_AT + len)
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	if (len == 4)
		memset(a.s6_addr + 10, 0xff, 2);
	memcpy(a.s6_addr + 16 - len, opt->data + LMA_AT, len);
	/* one address has one spelling */
	if (!mh_is_unicast(&a) || (len == 16 && IN6_IS_ADDR_V4MAPPED(&a)))
		return mh_bad_value(opt, LMA_AT);
	for (unsigned int i = 0; i < o->n_lma; i++)
		if (IN6_IS_ADDR_V4MAPPED(&o->lma[i]) == IN6_IS_ADDR_V4MAPPED(&a))
			return mh_fail(MH_ERR_TOO_MANY, opt->at);
	o->lma[o->n_lma++] = a;
	return mh_ok();
}

/**
 * mh_write_lma - write a Local Mobility Anchor Address option
 * @o: the options
 * @i: which of them
 * @data: 255 bytes
 *
 * Return: the length of the data.
 */
size_t mh_write_lma(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	const struct in6_addr *a = &o->lma[i];
	size_t len = IN6_IS_ADDR_V4MAPPED(a) ? 4 : 16;

	data[0] = len == 4 ? LMA_IPV4 : LMA_IPV6;
	data[1] = 0;
	memcpy(data + LMA_AT, a->s6_addr + 16 - len, len);
	return LMA_AT + len;
}

/**
 * mh_read_lla_iid - read a Link-local Address Interface Identifier option (RFC 5949 §6.2.3)
 * @o: the options so far
 * @opt: this one
 *
 * Return: MH_OK.
 */
struct mh_result mh_read_lla_iid(struct mh_opts *o, const struct mh_option *opt)
{
	memcpy(o->lla_iid, opt->data + 2, sizeof(o->lla_iid));
	return mh_ok();
}

/**
 * mh_write_lla_iid - write a Link-local Address Interface Identifier option
 * @o: the options
 * @i: not used, there is one
 * @data: 255 bytes
 *
 * Return: the length of the data.
 */
size_t mh_write_lla_iid(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	(void)i;
	put16(data, 0);
	memcpy(data + 2, o->lla_iid, sizeof(o->lla_iid));
	return 2 + sizeof(o->lla_iid);
}
