// SPDX-License-Identifier: GPL-2.0
/*
 * The data of the Traffic Selector sub-option (RFC 6088 §3): TS Format,
 * reserved, one flag for each first and each last value in the order of the
 * fields, and then those values that have their flag.
 */
#include "mh/wire.h"

#define FLAGS_AT	2
#define VALUES_AT	6

/* Bytes of one value on the wire */
static size_t value_len(uint8_t format, enum selector_field f)
{
	static const uint8_t len[SELECTOR_FIELDS] = {
		[SELECTOR_SRC] = 16, [SELECTOR_DST] = 16, [SELECTOR_SPI] = 4,
		[SELECTOR_LABEL] = 4, [SELECTOR_SPORT] = 2, [SELECTOR_DPORT] = 2,
		[SELECTOR_TC] = 1, [SELECTOR_PROTO] = 1,
	};

	if (format == SELECTOR_IPV4 && len[f] == 16)
		return 4;
	return len[f];
}

/* The flag of a field's first value */
static uint32_t first_flag(uint8_t format, enum selector_field f)
{
	unsigned int place = f;

	if (format == SELECTOR_IPV4 && f > SELECTOR_LABEL)
		place--;
	return 0x80000000U >> 2 * place;
}

static uint32_t last_flag(uint8_t format, enum selector_field f)
{
	return first_flag(format, f) >> 1;
}

static bool format_has(uint8_t format, enum selector_field f)
{
	return format != SELECTOR_IPV4 || f != SELECTOR_LABEL;
}

static void read_value(struct selector *s, enum selector_field f, unsigned int i,
		       const uint8_t *p)
{
	struct in6_addr *a = selector_addr(s, f);
	size_t len = value_len(s->format, f);

	if (a) {
		memset(&a[i], 0, sizeof(a[i]));
		if (len == 4)
			memset(a[i].s6_addr + 10, 0xff, 2);
		memcpy(a[i].s6_addr + 16 - len, p, len);
	} else {
		selector_set_number(s, f, i, len == 4 ? get32(p) : len == 2 ? get16(p) : p[0]);
	}
}

static void write_value(struct selector *s, enum selector_field f, unsigned int i,
			uint8_t *p)
{
	struct in6_addr *a = selector_addr(s, f);
	size_t len = value_len(s->format, f);
	uint32_t v = selector_number(s, f, i);

	if (a)
		memcpy(p, a[i].s6_addr + 16 - len, len);
	else if (len == 4)
		put32(p, v);
	else if (len == 2)
		put16(p, (uint16_t)v);
	else
		p[0] = (uint8_t)v;
}

/* What the flags say of the data's length; false: a last without a first */
static bool length_of(uint8_t format, uint32_t flags, size_t *len)
{
	*len = VALUES_AT;
	for (unsigned int f = 0; f < SELECTOR_FIELDS; f++) {
		uint32_t first, last;

		if (!format_has(format, (enum selector_field)f))
			continue;
		first = flags & first_flag(format, (enum selector_field)f);
		last = flags & last_flag(format, (enum selector_field)f);
		if (last && !first)
			return false;
		*len += (!!first + !!last) * value_len(format, (enum selector_field)f);
	}
	return true;
}

/* One field and its range, if the flags have them; behind them, @pos */
static bool read_field(struct selector *s, enum selector_field f, const uint8_t *data,
		       size_t *pos)
{
	uint32_t flags = get32(data + FLAGS_AT);

	if (!format_has(s->format, f) || !(flags & first_flag(s->format, f)))
		return true;
	s->fields |= SELECTOR_HAS(f);
	read_value(s, f, 0, data + *pos);
	*pos += value_len(s->format, f);
	if (flags & last_flag(s->format, f)) {
		s->ranges |= SELECTOR_HAS(f);
		read_value(s, f, 1, data + *pos);
		*pos += value_len(s->format, f);
	}
	/* what came before is right: if anything is wrong, it is this one */
	return selector_normalise(s);
}

/**
 * mh_read_selector - read the data of a Traffic Selector sub-option
 * @s: the result, zero at first
 * @sub: the sub-option; its length has been compared with its option's
 *
 * RFC 6088 §3.1, §3.2.  Of a format that is not defined there, the number is
 * read and nothing else: RFC 6089 §4.2 has a status to say so.
 *
 * Return: MH_OK; MH_ERR_OPT_LENGTH if values are missing or bytes are left;
 * MH_ERR_OPT_VALUE for the format 0, a last value without a first one, and one
 * that is less than the first.
 */
struct mh_result mh_read_selector(struct selector *s, const struct mh_option *sub)
{
	size_t len, pos = VALUES_AT;

	s->format = sub->data[0];
	if (!s->format)
		return mh_bad_value(sub, 0);
	if (!selector_known(s->format))
		return mh_ok();
	if (sub->len < VALUES_AT)
		return mh_fail(MH_ERR_OPT_LENGTH, sub->at + 1);
	if (!length_of(s->format, get32(sub->data + FLAGS_AT), &len))
		return mh_bad_value(sub, FLAGS_AT);
	if (len != sub->len)
		return mh_fail(MH_ERR_OPT_LENGTH, sub->at + 1);
	for (unsigned int f = 0; f < SELECTOR_FIELDS; f++) {
		size_t at = pos;

		if (!read_field(s, (enum selector_field)f, sub->data, &pos))
			return mh_bad_value(sub, at);
	}
	return mh_ok();
}

/**
 * mh_write_selector - write the data of a Traffic Selector sub-option
 * @s: the selector; one that is wrong gets the format 0, which no reader takes
 * @data: MH_SELECTOR_MAX bytes, zero
 *
 * Return: the length.
 */
size_t mh_write_selector(const struct selector *s, uint8_t *data)
{
	struct selector n = *s;
	uint32_t flags = 0;
	size_t pos = VALUES_AT;

	data[0] = s->format;
	if (!selector_known(s->format))
		return FLAGS_AT;
	if (!selector_normalise(&n)) {
		data[0] = 0;
		return FLAGS_AT;
	}
	for (unsigned int i = 0; i < SELECTOR_FIELDS; i++) {
		enum selector_field f = (enum selector_field)i;

		if (!(n.fields & SELECTOR_HAS(f)))
			continue;
		flags |= first_flag(n.format, f);
		write_value(&n, f, 0, data + pos);
		pos += value_len(n.format, f);
		if (!(n.ranges & SELECTOR_HAS(f)))
			continue;
		flags |= last_flag(n.format, f);
		write_value(&n, f, 1, data + pos);
		pos += value_len(n.format, f);
	}
	put32(data + FLAGS_AT, flags);
	return pos;
}
