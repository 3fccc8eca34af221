// SPDX-License-Identifier: GPL-2.0
/* Which packets a flow is made of: words, attributes of netlink, JSON. */
#include "cli/selector.h"

#include <netlink/attr.h>
#include <string.h>

#include "cli/print.h"

/* The attribute of each field's first value, behind which is that of its last */
static const struct field {
	int attr;
	int size;
} fields[SELECTOR_FIELDS] = {
	[SELECTOR_SRC] = { PMIP_A_SELECTOR_SRC, sizeof(struct in6_addr) },
	[SELECTOR_DST] = { PMIP_A_SELECTOR_DST, sizeof(struct in6_addr) },
	[SELECTOR_SPI] = { PMIP_A_SELECTOR_SPI, sizeof(uint32_t) },
	[SELECTOR_LABEL] = { PMIP_A_SELECTOR_FLOW_LABEL, sizeof(uint32_t) },
	[SELECTOR_SPORT] = { PMIP_A_SELECTOR_SPORT, sizeof(uint16_t) },
	[SELECTOR_DPORT] = { PMIP_A_SELECTOR_DPORT, sizeof(uint16_t) },
	[SELECTOR_TC] = { PMIP_A_SELECTOR_TCLASS, sizeof(uint8_t) },
	[SELECTOR_PROTO] = { PMIP_A_SELECTOR_NEXTHDR, sizeof(uint8_t) },
};

static enum selector_field field_of(const struct args *a)
{
	return a->argc ? selector_field_named(a->argv[0]) : SELECTOR_FIELDS;
}

/**
 * selector_is_next - is the next word a field's
 * @a: the words
 *
 * Return: true if it is, or "all", which stands for no field.
 */
bool selector_is_next(const struct args *a)
{
	return args_are(a, "all") || field_of(a) < SELECTOR_FIELDS;
}

/**
 * selector_parse - read one field, or "all"
 * @c: where errors go
 * @a: the words, a field's first
 * @s: gets it
 *
 * Return: 0 or CLI_USAGE.
 */
int selector_parse(struct cli *c, struct args *a, struct cli_selector *s)
{
	enum selector_field f = field_of(a);
	const char *text;

	s->any = true;
	if (f == SELECTOR_FIELDS) {
		a->argc--;
		a->argv++;
		return 0;
	}
	text = args_value(c, a, NULL);
	if (!text)
		return CLI_USAGE;
	if (selector_field_set(&s->fields, f, text))
		return 0;
	return cli_usage(c, selector_addr(&s->fields, f) ?
			 "%s \"%s\" is not an address, a prefix or a range A-B" :
			 "%s \"%s\" is not a number or a range A-B that it can have",
			 selector_field_name(f), text);
}

static void put_value(struct genl_req *r, const struct selector *s, enum selector_field f,
		      unsigned int i)
{
	const int attr = fields[f].attr + (int)i;
	struct selector copy = *s;
	struct in6_addr *addr = selector_addr(&copy, f);
	uint32_t v = selector_number(s, f, i);

	if (addr)
		genl_bytes(r, attr, &addr[i], sizeof(addr[i]));
	else if (fields[f].size == sizeof(uint8_t))
		genl_u8(r, attr, (uint8_t)v);
	else if (fields[f].size == sizeof(uint16_t))
		genl_u16(r, attr, (uint16_t)v);
	else
		genl_u32(r, attr, v);
}

/**
 * selector_put - add a selector to a request
 * @r: the request
 * @s: the selector
 */
void selector_put(struct genl_req *r, const struct cli_selector *s)
{
	struct nlattr *nest;

	if (!s->fields.fields) {
		/* libnl takes a nest back that nothing was put into */
		genl_bytes(r, PMIP_A_FLOW_SELECTOR | NLA_F_NESTED, "", 0);
		return;
	}
	nest = genl_nest(r, PMIP_A_FLOW_SELECTOR);
	for (unsigned int f = 0; f < SELECTOR_FIELDS; f++)
		for (unsigned int i = 0; s->fields.fields & SELECTOR_HAS(f) && i < 2; i++)
			put_value(r, &s->fields, (enum selector_field)f, i);
	genl_nest_end(r, nest);
}

static void get_value(struct selector *s, enum selector_field f, unsigned int i,
		      const struct nlattr *a)
{
	struct in6_addr *addr = selector_addr(s, f);
	uint32_t v32 = 0;
	uint16_t v16;

	if (addr) {
		memcpy(&addr[i], nla_data(a), sizeof(addr[i]));
		return;
	}
	if (fields[f].size == sizeof(uint8_t)) {
		v32 = *(const uint8_t *)nla_data(a);
	} else if (fields[f].size == sizeof(uint16_t)) {
		memcpy(&v16, nla_data(a), sizeof(v16));
		v32 = v16;
	} else {
		memcpy(&v32, nla_data(a), sizeof(v32));
	}
	selector_set_number(s, f, i, v32);
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
	struct selector s = { .format = SELECTOR_IPV6 };
	char text[SELECTOR_STRLEN];
	json_t *row;

	if (attr_index(tb, nla_data(nest), nla_len(nest)))
		return NULL;
	row = json_object();
	for (unsigned int i = 0; i < SELECTOR_FIELDS; i++) {
		const enum selector_field f = (enum selector_field)i;

		first = tb[fields[f].attr];
		last = tb[fields[f].attr + 1] ? tb[fields[f].attr + 1] : first;
		if (!first)
			continue;
		if (nla_len(first) != fields[f].size || nla_len(last) != fields[f].size) {
			json_decref(row);
			return NULL;
		}
		get_value(&s, f, 0, first);
		get_value(&s, f, 1, last);
		selector_field_str(&s, f, text, sizeof(text));
		json_object_set_new(row, selector_field_name(f), json_string(text));
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
