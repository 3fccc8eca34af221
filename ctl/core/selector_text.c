// SPDX-License-Identifier: GPL-2.0
/*
 * Traffic selectors as text: each field has a value or a range "A-B", one of
 * addresses also a prefix.
 */
#include "core/selector.h"

#include "core/id.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char * const formats[] = {
	[SELECTOR_IPV4] = "ipv4",
	[SELECTOR_IPV6] = "ipv6",
};

static const struct {
	const char *name;
	uint32_t max;		/* 0: addresses */
} fields[SELECTOR_FIELDS] = {
	[SELECTOR_SRC] = { "src", 0 },
	[SELECTOR_DST] = { "dst", 0 },
	[SELECTOR_SPI] = { "spi", UINT32_MAX },
	[SELECTOR_LABEL] = { "flowlabel", 0xfffff },
	[SELECTOR_SPORT] = { "sport", UINT16_MAX },
	[SELECTOR_DPORT] = { "dport", UINT16_MAX },
	[SELECTOR_TC] = { "tclass", UINT8_MAX },
	[SELECTOR_PROTO] = { "proto", UINT8_MAX },
};

/**
 * selector_format_name - what a format is called
 * @format: one that is known
 *
 * Return: "ipv4" or "ipv6".
 */
const char *selector_format_name(uint8_t format)
{
	return formats[format];
}

/**
 * selector_format_named - which format has this name
 * @name: the name
 *
 * Return: the format, 0 if there is none.
 */
uint8_t selector_format_named(const char *name)
{
	for (unsigned int i = SELECTOR_IPV4; i <= SELECTOR_IPV6; i++)
		if (!strcmp(formats[i], name))
			return (uint8_t)i;
	return 0;
}

/**
 * selector_field_name - what a field is called
 * @f: the field
 *
 * Return: its name, the same in every file and command.
 */
const char *selector_field_name(enum selector_field f)
{
	return fields[f].name;
}

/**
 * selector_field_named - which field has this name
 * @name: the name
 *
 * Return: the field; SELECTOR_FIELDS if there is none.
 */
enum selector_field selector_field_named(const char *name)
{
	unsigned int f = 0;

	while (f < SELECTOR_FIELDS && strcmp(fields[f].name, name))
		f++;
	return (enum selector_field)f;
}

#define MAPPED_BITS	96	/* of ::ffff:a.b.c.d that no IPv4 address has */

static bool parse_address(const char *text, bool v4, struct in6_addr *a)
{
	*a = (struct in6_addr){ .s6_addr = { [10] = 0xff, [11] = 0xff } };
	return v4 ? inet_pton(AF_INET, text, &a->s6_addr[MAPPED_BITS / 8]) == 1 :
		    inet_pton(AF_INET6, text, a) == 1;
}

/* An IPv4 prefix has no bits beyond its length either. */
static bool parse_prefix(const char *text, bool v4, struct prefix *p)
{
	const char *slash = strchr(text, '/');
	char mapped[INET6_ADDRSTRLEN + 8];
	unsigned int len;
	char end;

	if (!v4)
		return prefix_parse(p, text);
	if (strspn(slash + 1, "0123456789") > 2 ||
	    sscanf(slash + 1, "%u%c", &len, &end) != 1 || len > 32)
		return false;
	snprintf(mapped, sizeof(mapped), "::ffff:%.*s/%u",
		 (int)(slash - text < INET_ADDRSTRLEN ? slash - text : INET_ADDRSTRLEN), text,
		 len + MAPPED_BITS);
	return prefix_parse(p, mapped) && IN6_IS_ADDR_V4MAPPED(&p->addr);
}

static bool parse_addresses(const char *text, bool v4, struct in6_addr v[2])
{
	const char *dash = strchr(text, '-');
	size_t len = dash ? (size_t)(dash - text) : strlen(text);
	char first[INET6_ADDRSTRLEN];
	struct prefix p;

	if (strchr(text, '/')) {
		if (!parse_prefix(text, v4, &p))
			return false;
		v[0] = p.addr;
		v[1] = prefix_last(&p);
		return true;
	}
	if (len >= sizeof(first))
		return false;
	memcpy(first, text, len);
	first[len] = '\0';
	return parse_address(first, v4, &v[0]) &&
	       parse_address(dash ? dash + 1 : text, v4, &v[1]);
}

static bool parse_number(const char **text, uint32_t max, uint32_t *v)
{
	unsigned long long n;
	char *end;

	if (**text < '0' || **text > '9')
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
 * selector_field_set - let a field match what a text says
 * @s: the selector; its format says of which kind addresses are
 * @f: the field
 * @text: "A", "A-B", of addresses also a prefix
 *
 * Return: false, with @s unchanged, for a text that is none of these, or whose
 * range matches nothing.
 */
bool selector_field_set(struct selector *s, enum selector_field f, const char *text)
{
	struct in6_addr *to = selector_addr(s, f), a[2];
	uint32_t v[2];
	bool range;

	/* RFC 6088 §3.1 has no flow label */
	if (s->format == SELECTOR_IPV4 && f == SELECTOR_LABEL)
		return false;
	if (to) {
		if (!parse_addresses(text, s->format == SELECTOR_IPV4, a) ||
		    memcmp(&a[0], &a[1], sizeof(*a)) > 0)
			return false;
		memcpy(to, a, sizeof(a));
		range = !IN6_ARE_ADDR_EQUAL(&a[0], &a[1]);
	} else {
		if (!parse_numbers(text, fields[f].max, v) || v[0] > v[1])
			return false;
		selector_set_number(s, f, 0, v[0]);
		selector_set_number(s, f, 1, v[1]);
		range = v[0] != v[1];
	}
	s->fields |= SELECTOR_HAS(f);
	if (range)
		s->ranges |= SELECTOR_HAS(f);
	else
		s->ranges &= (uint8_t)~SELECTOR_HAS(f);
	return true;
}

/* How many leading bits make a range a prefix; -1: it is none */
static int prefix_bits(const struct in6_addr *v)
{
	struct prefix p = { .addr = v[0] };
	struct in6_addr last;

	for (int bits = 128; bits >= 0; bits--) {
		p.len = (uint8_t)bits;
		if (bits < 128 && (p.addr.s6_addr[bits / 8] & 0x80 >> bits % 8))
			return -1;
		last = prefix_last(&p);
		if (IN6_ARE_ADDR_EQUAL(&last, &v[1]))
			return bits;
	}
	return -1;
}

static void print_address(const struct in6_addr *a, bool v4, char *buf, socklen_t size)
{
	if (v4)
		inet_ntop(AF_INET, &a->s6_addr[MAPPED_BITS / 8], buf, size);
	else
		inet_ntop(AF_INET6, a, buf, size);
}

static void print_addresses(const struct in6_addr *v, bool v4, char *buf, size_t size)
{
	char text[2][INET6_ADDRSTRLEN];
	int bits = prefix_bits(v);

	print_address(&v[0], v4, text[0], sizeof(text[0]));
	print_address(&v[1], v4, text[1], sizeof(text[1]));
	if (bits == 128)
		snprintf(buf, size, "%s", text[0]);
	else if (bits >= 0)
		snprintf(buf, size, "%s/%d", text[0], v4 ? bits - MAPPED_BITS : bits);
	else
		snprintf(buf, size, "%s-%s", text[0], text[1]);
}

/**
 * selector_field_str - what a field matches, as text
 * @s: the selector, normalised
 * @f: a field that it has
 * @buf: where to
 * @size: of @buf, SELECTOR_STRLEN at least
 *
 * Return: @buf; selector_field_set() reads it again.
 */
char *selector_field_str(const struct selector *s, enum selector_field f, char *buf,
			 size_t size)
{
	struct selector copy = *s;
	struct in6_addr *a = selector_addr(&copy, f);
	uint32_t first = selector_number(s, f, 0), last = selector_number(s, f, 1);

	if (a)
		print_addresses(a, s->format == SELECTOR_IPV4, buf, size);
	else if (first == last)
		snprintf(buf, size, "%u", first);
	else
		snprintf(buf, size, "%u-%u", first, last);
	return buf;
}
