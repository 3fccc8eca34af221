// SPDX-License-Identifier: GPL-2.0
/* Names of mobile nodes, link-layer addresses and prefixes, and their text. */
#include "core/id.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBTYPE_NAI	1

/**
 * mn_id_equal - whether two identifiers name the same mobile node
 * @a: one
 * @b: the other
 *
 * Byte by byte: RFC 4283 §3.1 leaves comparison to the NAI's own rules, and
 * RFC 7542 §2.4 forbids nodes on the path to normalise one.
 *
 * Return: true if subtype, length and bytes are equal.
 */
bool mn_id_equal(const struct mn_id *a, const struct mn_id *b)
{
	return a->subtype == b->subtype && a->len == b->len &&
	       !memcmp(a->id, b->id, a->len);
}

/**
 * mn_id_key() - an identifier as a key of a table that compares bytes
 * @id: the identifier; of one that is too long what fits
 *
 * Return: the same, with zeroes behind it.
 */
struct mn_id mn_id_key(const struct mn_id *id)
{
	struct mn_id key;

	memset(&key, 0, sizeof(key));
	key.subtype = id->subtype;
	key.len = id->len <= MN_ID_MAX ? id->len : MN_ID_MAX;
	memcpy(key.id, id->id, key.len);
	return key;
}

/**
 * mn_id_from_nai - make an identifier of subtype 1 (RFC 4283 §3.1)
 * @id: the result, unused bytes zero
 * @nai: user@realm, as configured
 *
 * Return: false if @nai is empty or longer than an option can hold.
 */
bool mn_id_from_nai(struct mn_id *id, const char *nai)
{
	size_t len = strlen(nai);

	/* the option's length byte counts the subtype too */
	if (!len || len > MN_ID_MAX)
		return false;
	memset(id, 0, sizeof(*id));
	id->subtype = SUBTYPE_NAI;
	id->len = (uint8_t)len;
	memcpy(id->id, nai, len);
	return true;
}

static bool printable(uint8_t c)
{
	return c > 0x20 && c < 0x7f && c != '\\';
}

/**
 * mn_id_str - printable form of an identifier
 * @id: the identifier
 * @buf: where to write it
 * @size: bytes in @buf; MN_ID_STRLEN is always enough
 *
 * An NAI is printed as it is, any other byte as \xHH: what a peer sent can
 * forge neither a log line nor a field.  Other subtypes are all hexadecimal
 * after "SUBTYPE:".  Cut at a whole character where @buf is too small.
 *
 * Return: @buf.
 */
const char *mn_id_str(const struct mn_id *id, char *buf, size_t size)
{
	size_t pos = 0;

	if (!size)
		return buf;
	buf[0] = '\0';
	if (id->subtype != SUBTYPE_NAI) {
		int n = snprintf(buf, size, "%u:", id->subtype);

		if (n < 0 || (size_t)n >= size) {
			buf[0] = '\0';
			return buf;
		}
		pos = (size_t)n;
	}
	for (size_t i = 0; i < id->len; i++) {
		char part[5];
		size_t n;

		if (id->subtype != SUBTYPE_NAI)
			snprintf(part, sizeof(part), "%02x", id->id[i]);
		else if (printable(id->id[i]))
			snprintf(part, sizeof(part), "%c", id->id[i]);
		else
			snprintf(part, sizeof(part), "\\x%02x", id->id[i]);
		n = strlen(part);
		if (pos + n >= size)
			break;
		memcpy(buf + pos, part, n + 1);
		pos += n;
	}
	return buf;
}

/**
 * mn_id_number - the kernel's name for a mobile node
 * @id: its identifier
 *
 * FNV-1a, so that the next daemon knows by what the kernel has kept whose it is.
 *
 * Return: the same number at every start, and in every gateway; not 0.
 */
uint64_t mn_id_number(const struct mn_id *id)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	h = (h ^ id->subtype) * 0x100000001b3ULL;
	for (unsigned int i = 0; i < id->len && i < MN_ID_MAX; i++)
		h = (h ^ id->id[i]) * 0x100000001b3ULL;
	return h ? h : 1;
}

/**
 * llid_equal - whether two link-layer identifiers are the same
 * @a: one
 * @b: the other
 *
 * Return: true if length and bytes are equal.
 */
bool llid_equal(const struct llid *a, const struct llid *b)
{
	return a->len == b->len && !memcmp(a->id, b->id, a->len);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/**
 * llid_parse - read a link-layer identifier
 * @l: the result, unused bytes zero; untouched on failure
 * @text: two hexadecimal digits per byte, with ':' or '-' between them
 *
 * Return: false if @text is anything else, or longer than LLID_MAX bytes.
 */
bool llid_parse(struct llid *l, const char *text)
{
	struct llid r = { 0 };

	for (;;) {
		int hi = hex_digit(text[0]);
		int lo = hi < 0 ? -1 : hex_digit(text[1]);

		if (lo < 0 || r.len >= LLID_MAX)
			return false;
		r.id[r.len++] = (uint8_t)(hi << 4 | lo);
		text += 2;
		if (!*text)
			break;
		if (*text != ':' && *text != '-')
			return false;
		text++;
	}
	*l = r;
	return true;
}

/**
 * llid_str - printable form of a link-layer identifier
 * @l: the identifier
 * @buf: where to write it
 * @size: bytes in @buf; LLID_STRLEN is always enough
 *
 * Return: @buf, "" for the empty identifier.
 */
const char *llid_str(const struct llid *l, char *buf, size_t size)
{
	size_t pos = 0;

	if (!size)
		return buf;
	buf[0] = '\0';
	for (size_t i = 0; i < l->len && pos + (i ? 3 : 2) < size; i++)
		pos += (size_t)snprintf(buf + pos, size - pos, "%s%02x",
					i ? ":" : "", l->id[i]);
	return buf;
}

/* Whether the first len bits of two addresses are equal */
static bool bits_equal(const struct in6_addr *a, const struct in6_addr *b,
		       unsigned int len)
{
	unsigned int bytes = len / 8, bits = len % 8;

	if (memcmp(a->s6_addr, b->s6_addr, bytes) != 0)
		return false;
	return !bits || !((a->s6_addr[bytes] ^ b->s6_addr[bytes]) >> (8 - bits));
}

/**
 * prefix_equal - whether two prefixes are the same
 * @a: one
 * @b: the other
 *
 * Return: true if lengths and addresses are equal.
 */
bool prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && !memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

/**
 * prefix_contains - whether one prefix covers another
 * @outer: the wider one
 * @inner: the narrower one, or the same
 *
 * Return: true if every address of @inner is in @outer.
 */
bool prefix_contains(const struct prefix *outer, const struct prefix *inner)
{
	return outer->len <= inner->len &&
	       bits_equal(&outer->addr, &inner->addr, outer->len);
}

/**
 * addr_is_link_local - whether an address is the link-local one of a node
 * @a: the address
 *
 * RFC 4291 §2.5.6: ten bits, 54 that are zero, and an interface identifier, which §2.6.1 does
 * not let be zero.  The kernel is told no other as that by which a neighbour is probed.
 *
 * Return: true if so.
 */
bool addr_is_link_local(const struct in6_addr *a)
{
	static const struct prefix links = { { { { 0xfe, 0x80 } } }, 64 };

	return prefix_any_has(&links, 1, a) && !IN6_ARE_ADDR_EQUAL(a, &links.addr);
}

/**
 * prefix_any_has - whether one of some prefixes covers an address
 * @v: the prefixes
 * @n: how many
 * @a: the address
 *
 * Return: true if so; false of none.
 */
bool prefix_any_has(const struct prefix *v, unsigned int n, const struct in6_addr *a)
{
	const struct prefix one = { .addr = *a, .len = 128 };
	unsigned int i;

	for (i = 0; i < n; i++)
		if (prefix_contains(&v[i], &one))
			return true;
	return false;
}

/**
 * prefix_last - the last address of a prefix
 * @p: the prefix
 *
 * Return: the address of which every bit beyond the length is set.
 */
struct in6_addr prefix_last(const struct prefix *p)
{
	struct in6_addr a = p->addr;

	for (unsigned int i = p->len; i < 128; i++)
		a.s6_addr[i / 8] |= (uint8_t)(0x80 >> i % 8);
	return a;
}

static bool has_host_bits(const struct prefix *p)
{
	struct in6_addr a = p->addr;

	for (unsigned int i = 0; i < p->len; i++)
		a.s6_addr[i / 8] &= (uint8_t)~(0x80 >> i % 8);
	return !IN6_IS_ADDR_UNSPECIFIED(&a);
}

/**
 * prefix_parse - read a prefix
 * @p: the result; untouched on failure
 * @text: ADDRESS/LENGTH; an address alone is a /128
 *
 * Return: false if @text is anything else, or has bits beyond the length.
 */
bool prefix_parse(struct prefix *p, const char *text)
{
	char addr[INET6_ADDRSTRLEN];
	struct prefix r = { .len = 128 };
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);

	if (n >= sizeof(addr))
		return false;
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (inet_pton(AF_INET6, addr, &r.addr) != 1)
		return false;
	if (slash) {
		size_t digits = strspn(slash + 1, "0123456789");
		unsigned long len = strtoul(slash + 1, NULL, 10);

		if (!digits || digits > 3 || slash[1 + digits] || len > 128)
			return false;
		r.len = (uint8_t)len;
	}
	if (has_host_bits(&r))
		return false;
	*p = r;
	return true;
}

/**
 * prefix_str - printable form of a prefix
 * @p: the prefix
 * @buf: where to write it
 * @size: bytes in @buf; PREFIX_STRLEN is always enough
 *
 * Return: @buf, "" if it is too small.
 */
const char *prefix_str(const struct prefix *p, char *buf, size_t size)
{
	char addr[INET6_ADDRSTRLEN];
	int n;

	if (!size)
		return buf;
	inet_ntop(AF_INET6, &p->addr, addr, sizeof(addr));
	n = snprintf(buf, size, "%s/%u", addr, p->len);
	if (n < 0 || (size_t)n >= size)
		buf[0] = '\0';
	return buf;
}
