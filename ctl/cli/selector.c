// SPDX-License-Identifier: GPL-2.0
/*
 * Which packets a flow is made of.  Each field is a value or a range "A-B", of
 * addresses also a prefix.
 */
#include "cli/selector.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netlink/attr.h>
#include <stdlib.h>
#include <string.h>

#include "cli/print.h"

/* What each field is called, and the attribute of its first value */
static const struct field {
	const char *word;
	int attr;
	int size;
	uint32_t max;
} fields[SELECTOR_FIELDS] = {
	{ "src", PMIP_A_SELECTOR_SRC, sizeof(struct in6_addr), 0 },
	{ "dst", PMIP_A_SELECTOR_DST, sizeof(struct in6_addr), 0 },
	{ "spi", PMIP_A_SELECTOR_SPI, sizeof(uint32_t), UINT32_MAX },
	{ "flowlabel", PMIP_A_SELECTOR_FLOW_LABEL, sizeof(uint32_t), 0xfffff },
	{ "sport", PMIP_A_SELECTOR_SPORT, sizeof(uint16_t), UINT16_MAX },
	{ "dport", PMIP_A_SELECTOR_DPORT, sizeof(uint16_t), UINT16_MAX },
	{ "tclass", PMIP_A_SELECTOR_TCLASS, sizeof(uint8_t), UINT8_MAX },
	{ "proto", PMIP_A_SELECTOR_NEXTHDR, sizeof(uint8_t), UINT8_MAX },
};

static bool is_addr(const struct field *f)
{
	return f->size == sizeof(struct in6_addr);
}

static int field_of(const struct args *a)
{
	for (int i = 0; i < SELECTOR_FIELDS; i++)
		if (args_are(a, fields[i].word))
			return i;
	return -1;
}

/**
 * selector_is_next - is the next word a field's
 * @a: the words
 *
 * Return: true if it is, or "all", which stands for no field.
 */
bool selector_is_next(const struct args *a)
{
	return args_are(a, "all") || field_of(a) >= 0;
}

/* The first and the last address of a prefix */
static bool addrs_of_prefix(const char *text, struct in6_addr v[2])
{
	struct prefix p;

	if (!prefix_parse(&p, text))
		return false;
	v[0] = p.addr;
	v[1] = p.addr;
	for (unsigned int bit = p.len; bit < 128; bit++)
		v[1].s6_addr[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return true;
}

static bool parse_addrs(const char *text, struct in6_addr v[2])
{
	const char *dash = strchr(text, '-');
	char first[INET6_ADDRSTRLEN];
	size_t len;

	if (strchr(text, '/'))
		return addrs_of_prefix(text, v);
	len = dash ? (size_t)(dash - text) : strlen(text);
	if (len >= sizeof(first))
		return false;
	memcpy(first, text, len);
	first[len] = '\0';
	return inet_pton(AF_INET6, first, &v[0]) == 1 &&
	       inet_pton(AF_INET6, dash ? dash + 1 : text, &v[1]) == 1;
}

static bool parse_number(const char **text, uint32_t max, uint32_t *v)
{
	unsigned long long n;
	char *end;

	if (!(**text >= '0' && **text <= '9'))
		return false;
	errno = 0;
	n = strtoull(*text, &end, strncasecmp(*text, "0x", 2) ? 10 : 16);
	if (errno || n > max)
		return false;
	*v = (uint32_t)n;
	*text = end;
	return true;
}

static bool parse_numbers(const char *text, uint32_t max, uint32_t v[2])
{
	if (!parse_number(&text, max, &v[0]))
		return false;
	v[1] = v[0];
	if (*text != '-')
		return !*text;
	text++;
	return parse_number(&text, max, &v[1]) && !*text;
}

/**
 * selector_parse - read one field, or "all"
 * @c: where errors go
 * @a: the words, a field's first
 * @s: gets it
 *
 * Return: 0 or CLI_USAGE.
 */
int selector_parse(struct cli *c, struct args *a, struct selector *s)
{
	int i = field_of(a);
	const char *text;
	bool good;

	s->any = true;
	if (i < 0) {
		a->argc--;
		a->argv++;
		return 0;
	}
	text = args_value(c, a, NULL);
	if (!text)
		return CLI_USAGE;
	if (is_addr(&fields[i]))
		good = parse_addrs(text, s->addr[i]);
	else
		good = parse_numbers(text, fields[i].max, s->value[i]);
	if (!good && is_addr(&fields[i]))
		return cli_usage(c, "%s \"%s\" is not an address, a prefix or a range A-B",
				 fields[i].word, text);
	if (!good)
		return cli_usage(c, "%s \"%s\" is not a number or a range A-B of up to %u",
				 fields[i].word, text, fields[i].max);
	s->has[i] = true;
	return 0;
}

static void put_value(struct genl_req *r, int i, int attr, uint32_t v)
{
	switch (fields[i].size) {
	case sizeof(uint8_t):
		genl_u8(r, attr, (uint8_t)v);
		break;
	case sizeof(uint16_t):
		genl_u16(r, attr, (uint16_t)v);
		break;
	default:
		genl_u32(r, attr, v);
	}
}

/**
 * selector_put - add a selector to a request
 * @r: the request
 * @s: the selector
 */
void selector_put(struct genl_req *r, const struct selector *s)
{
	struct nlattr *nest;
	bool all = true;

	for (int i = 0; i < SELECTOR_FIELDS; i++)
		all &= !s->has[i];
	if (all) {
		/* libnl takes a nest back that nothing was put into */
		genl_bytes(r, PMIP_A_FLOW_SELECTOR | NLA_F_NESTED, "", 0);
		return;
	}
	nest = genl_nest(r, PMIP_A_FLOW_SELECTOR);
	for (int i = 0; i < SELECTOR_FIELDS; i++) {
		for (int end = 0; s->has[i] && end < 2; end++) {
			const int attr = fields[i].attr + end;

			if (is_addr(&fields[i]))
				genl_bytes(r, attr, &s->addr[i][end], sizeof(s->addr[i][end]));
			else
				put_value(r, i, attr, s->value[i][end]);
		}
	}
	genl_nest_end(r, nest);
}

/* How many leading bits make a range a prefix; -1: it is none */
static int prefix_bits(const struct in6_addr *first, const struct in6_addr *last)
{
	int bits = 0;

	while (bits < 128 && !((first->s6_addr[bits / 8] ^ last->s6_addr[bits / 8]) &
			       0x80 >> bits % 8))
		bits++;
	for (int i = bits; i < 128; i++)
		if (first->s6_addr[i / 8] & 0x80 >> i % 8 ||
		    !(last->s6_addr[i / 8] & 0x80 >> i % 8))
			return -1;
	return bits;
}

static json_t *addr_range(const struct nlattr *first, const struct nlattr *last)
{
	char text[2][INET6_ADDRSTRLEN];
	struct in6_addr v[2];
	int bits;

	memcpy(&v[0], nla_data(first), sizeof(v[0]));
	memcpy(&v[1], nla_data(last), sizeof(v[1]));
	inet_ntop(AF_INET6, &v[0], text[0], sizeof(text[0]));
	inet_ntop(AF_INET6, &v[1], text[1], sizeof(text[1]));
	bits = prefix_bits(&v[0], &v[1]);
	if (bits == 128)
		return json_string(text[0]);
	return bits < 0 ? json_sprintf("%s-%s", text[0], text[1]) :
			  json_sprintf("%s/%d", text[0], bits);
}

static uint32_t number_of(const struct nlattr *a)
{
	uint16_t v16;
	uint32_t v32;

	switch (nla_len(a)) {
	case sizeof(uint8_t):
		return *(const uint8_t *)nla_data(a);
	case sizeof(uint16_t):
		memcpy(&v16, nla_data(a), sizeof(v16));
		return v16;
	default:
		memcpy(&v32, nla_data(a), sizeof(v32));
		return v32;
	}
}

static json_t *number_range(const struct nlattr *first, const struct nlattr *last)
{
	const uint32_t a = number_of(first), b = number_of(last);

	return a == b ? json_sprintf("%u", a) : json_sprintf("%u-%u", a, b);
}

/**
 * selector_row - a selector's attributes as a JSON object
 * @nest: the attributes
 *
 * Return: the object, NULL if they are malformed.
 */
json_t *selector_row(const struct nlattr *nest)
{
	const struct nlattr *tb[ATTR_TYPE_MAX + 1], *first, *last;
	json_t *row;

	if (attr_index(tb, nla_data(nest), nla_len(nest)))
		return NULL;
	row = json_object();
	for (const struct field *f = fields; f < fields + SELECTOR_FIELDS; f++) {
		first = tb[f->attr];
		last = tb[f->attr + 1] ? tb[f->attr + 1] : first;
		if (!first)
			continue;
		if (nla_len(first) != f->size || nla_len(last) != f->size) {
			json_decref(row);
			return NULL;
		}
		json_object_set_new(row, f->word, is_addr(f) ? addr_range(first, last) :
							       number_range(first, last));
	}
	return row;
}

/**
 * selector_text - write a selector as its command has it
 * @out: where to
 * @row: the selector
 */
void selector_text(FILE *out, const json_t *row)
{
	if (json_object_size(row))
		print_row(out, row);
	else
		fputs("all", out);
}
