/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which packets are a flow: the fields of RFC 6088's binary traffic selectors.
 * They describe packets to the mobile node: the source is the correspondent.
 */
#ifndef CTL_CORE_SELECTOR_H
#define CTL_CORE_SELECTOR_H

#include "core/id.h"

#include <stddef.h>

enum selector_format {		/* TS Format, RFC 6088 §5 */
	SELECTOR_IPV4 = 1,
	SELECTOR_IPV6 = 2,
};

/* In the order of RFC 6088 §3.2; §3.1 has the same without the flow label. */
enum selector_field {
	SELECTOR_SRC,
	SELECTOR_DST,
	SELECTOR_SPI,
	SELECTOR_LABEL,
	SELECTOR_SPORT,
	SELECTOR_DPORT,
	SELECTOR_TC,		/* DS with IPv4 */
	SELECTOR_PROTO,		/* next header with IPv6 */
	SELECTOR_FIELDS,
};

#define SELECTOR_HAS(field)	(1U << (field))

/* The values that match: [0] is the first, [1] the last, both inclusive. */
struct selector {
	uint8_t format;		/* enum selector_format, or another's number */
	uint8_t fields;		/* SELECTOR_HAS(): these must match */
	uint8_t ranges;		/* of these, which say their last value */
	uint8_t tc[2];		/* the 6 upper bits */
	uint8_t proto[2];
	uint8_t unused;		/* 0: selectors can be compared as bytes */
	uint16_t sport[2], dport[2];
	uint32_t spi[2], label[2];
	struct in6_addr src[2], dst[2];	/* IPv4 as ::ffff:a.b.c.d */
};

bool selector_known(uint8_t format);
/* One spelling for what means the same; false: it means nothing. */
bool selector_normalise(struct selector *s);
bool selector_equal(const struct selector *a, const struct selector *b);
/* Whether packets to a home network prefix can match */
bool selector_reaches(const struct selector *s, const struct prefix *p);

/* The addresses of a field; NULL: its values are numbers */
struct in6_addr *selector_addr(struct selector *s, enum selector_field f);
uint32_t selector_number(const struct selector *s, enum selector_field f, unsigned int i);
void selector_set_number(struct selector *s, enum selector_field f, unsigned int i,
			 uint32_t v);

/* As text: selector_text.c */
#define SELECTOR_STRLEN	(2 * INET6_ADDRSTRLEN)

const char *selector_format_name(uint8_t format);
uint8_t selector_format_named(const char *name);
const char *selector_field_name(enum selector_field f);
enum selector_field selector_field_named(const char *name);
bool selector_field_set(struct selector *s, enum selector_field f, const char *text);
char *selector_field_str(const struct selector *s, enum selector_field f, char *buf,
			 size_t size);

#endif
