// SPDX-License-Identifier: GPL-2.0
/* Traffic selectors (RFC 6088): one spelling for each. */
#include "core/selector.h"

#include <string.h>

#define TC_MASK		0xfc		/* RFC 6088 §3.1 (K): the ECN bits do not count */
#define LABEL_MASK	0xffffff	/* §3.2 (G): the first 8 bits are ignored */

/**
 * selector_known - whether the values of a selector of this format are known
 * @format: TS Format
 *
 * Return: false for a format that RFC 6088 does not define.
 */
bool selector_known(uint8_t format)
{
	return format == SELECTOR_IPV4 || format == SELECTOR_IPV6;
}

/**
 * selector_addr - the two addresses of a field
 * @s: the selector
 * @f: the field
 *
 * Return: the first of the two; NULL if the field's values are numbers.
 */
struct in6_addr *selector_addr(struct selector *s, enum selector_field f)
{
	if (f == SELECTOR_SRC)
		return s->src;
	return f == SELECTOR_DST ? s->dst : NULL;
}

/**
 * selector_number - a value of a field
 * @s: the selector
 * @f: the field
 * @i: 0: the first value, 1: the last
 *
 * Return: the value in host byte order; 0 for a field of addresses.
 */
uint32_t selector_number(const struct selector *s, enum selector_field f, unsigned int i)
{
	switch (f) {
	case SELECTOR_SPI:
		return s->spi[i];
	case SELECTOR_LABEL:
		return s->label[i];
	case SELECTOR_SPORT:
		return s->sport[i];
	case SELECTOR_DPORT:
		return s->dport[i];
	case SELECTOR_TC:
		return s->tc[i];
	case SELECTOR_PROTO:
		return s->proto[i];
	default:
		return 0;
	}
}

/**
 * selector_set_number - set a value of a field
 * @s: the selector
 * @f: the field, not one of addresses
 * @i: 0: the first value, 1: the last
 * @v: the value in host byte order; what the field has no room for is cut off
 */
void selector_set_number(struct selector *s, enum selector_field f, unsigned int i,
			 uint32_t v)
{
	switch (f) {
	case SELECTOR_SPI:
		s->spi[i] = v;
		break;
	case SELECTOR_LABEL:
		s->label[i] = v;
		break;
	case SELECTOR_SPORT:
		s->sport[i] = (uint16_t)v;
		break;
	case SELECTOR_DPORT:
		s->dport[i] = (uint16_t)v;
		break;
	case SELECTOR_TC:
		s->tc[i] = (uint8_t)v;
		break;
	case SELECTOR_PROTO:
		s->proto[i] = (uint8_t)v;
		break;
	default:
		break;
	}
}

/* Addresses in network byte order compare as bytes do. */
static bool addresses_in_order(const struct in6_addr *a, uint8_t format)
{
	if (format == SELECTOR_IPV4 && !(IN6_IS_ADDR_V4MAPPED(&a[0]) &&
					 IN6_IS_ADDR_V4MAPPED(&a[1])))
		return false;
	return memcmp(&a[0], &a[1], sizeof(*a)) <= 0;
}

static bool normalise_field(struct selector *s, enum selector_field f)
{
	struct in6_addr *a = selector_addr(s, f);
	bool has = s->fields & SELECTOR_HAS(f), range = s->ranges & SELECTOR_HAS(f);
	uint32_t mask = !has ? 0 : f == SELECTOR_TC ? TC_MASK :
			f == SELECTOR_LABEL ? LABEL_MASK : UINT32_MAX;

	if (a) {
		if (!has)
			memset(a, 0, 2 * sizeof(*a));
		else if (!range)
			a[1] = a[0];
		return !has || addresses_in_order(a, s->format);
	}
	selector_set_number(s, f, 0, selector_number(s, f, 0) & mask);
	selector_set_number(s, f, 1, selector_number(s, f, range) & mask);
	return selector_number(s, f, 0) <= selector_number(s, f, 1);
}

/**
 * selector_normalise - give a selector the one spelling of what it means
 * @s: the selector; whoever sets it need not set what it does not have, nor
 *     the last value of what is no range
 *
 * The bits that RFC 6088 §3 has receivers ignore are cleared, as is every
 * value of a field that need not match.
 *
 * Return: false, with @s half done, if it is of an unknown format, has a field
 * that its format lacks, a last value without a first one ("MUST NOT be
 * included unless"), or one that is less than the first: nothing can match.
 */
bool selector_normalise(struct selector *s)
{
	if (!selector_known(s->format) || (s->ranges & ~s->fields))
		return false;
	if (s->format == SELECTOR_IPV4 && (s->fields & SELECTOR_HAS(SELECTOR_LABEL)))
		return false;
	s->unused = 0;
	for (unsigned int f = 0; f < SELECTOR_FIELDS; f++)
		if (!normalise_field(s, (enum selector_field)f))
			return false;
	return true;
}

/**
 * selector_equal - whether two selectors are the same
 * @a: one, normalised
 * @b: the other, normalised
 *
 * Return: whether they are; a range of one value is another than that value.
 */
bool selector_equal(const struct selector *a, const struct selector *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/**
 * selector_reaches - whether packets to a prefix can match
 * @s: the selector, normalised
 * @p: a home network prefix
 *
 * Return: false if the destinations that @s has are all outside of @p, as those of
 * IPv4 are.
 */
bool selector_reaches(const struct selector *s, const struct prefix *p)
{
	const struct in6_addr last = prefix_last(p);

	if (s->format != SELECTOR_IPV6)
		return false;
	if (!(s->fields & SELECTOR_HAS(SELECTOR_DST)))
		return true;
	return memcmp(&s->dst[0], &last, sizeof(last)) <= 0 &&
	       memcmp(&s->dst[1], &p->addr, sizeof(p->addr)) >= 0;
}
