/* SPDX-License-Identifier: GPL-2.0 */
/* The packets that pkt sends, from their description in words. */
#ifndef _PKT_BUILD_H
#define _PKT_BUILD_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/if_ether.h>
#include "pkt_sum.h"
#include "tool.h"

#define ROOM	70000

struct buf {
	uint8_t bytes[ROOM];
	size_t len;
	uint8_t from[6];	/* the device's own link-layer address */
	unsigned int serial;	/* number of this packet */
	int flows;		/* count the UDP source port up by it */
};

static void put(struct buf *b, const void *p, size_t len)
{
	if (b->len + len > sizeof(b->bytes))
		errx(2, "packet too long");
	memcpy(b->bytes + b->len, p, len);
	b->len += len;
}

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static const char *word(char **words)
{
	const char *w = strsep(words, " \t\n");

	while (w && !*w)
		w = strsep(words, " \t\n");
	return w;
}

static const char *need(char **words, const char *what)
{
	const char *w = word(words);

	if (!w)
		errx(2, "%s is missing", what);
	return w;
}

static unsigned long need_nr(char **words, const char *what)
{
	return strtoul(need(words, what), NULL, 0);
}

static int build(struct buf *b, char *text, const uint8_t *ip);

/* What follows a header at @at, built in place; returns its protocol number. */
static int build_rest(struct buf *b, char *rest, const uint8_t *ip)
{
	return rest ? build(b, rest, ip) : IPPROTO_NONE;
}

static int build_ip6(struct buf *b, char *words, char *rest)
{
	uint8_t *ip = b->bytes + b->len;
	unsigned long tc = 0, fl = 0, plen = 0, hl = 64;
	uint8_t h[40] = { 0 };
	const char *w;

	if (inet_pton(AF_INET6, need(&words, "source"), h + 8) != 1 ||
	    inet_pton(AF_INET6, need(&words, "destination"), h + 24) != 1)
		errx(2, "not an address");
	while ((w = word(&words))) {
		unsigned long v = need_nr(&words, w);

		if (!strcmp(w, "hl"))
			hl = v;
		else if (!strcmp(w, "tc"))
			tc = v;
		else if (!strcmp(w, "fl"))
			fl = v;
		else if (!strcmp(w, "plen"))
			plen = v;
		else
			errx(2, "%s?", w);
	}
	put32(h, 6u << 28 | tc << 20 | fl);
	h[7] = hl;
	put(b, h, sizeof(h));
	ip[6] = build_rest(b, rest, ip);
	put16(ip + 4, plen ? plen : (size_t)(b->bytes + b->len - ip - 40));
	return IPPROTO_IPV6;
}

static int build_limit(struct buf *b, char *words, char *rest, const uint8_t *ip)
{
	/* Tunnel Encapsulation Limit, then PadN of one */
	uint8_t *h = b->bytes + b->len;
	uint8_t option[8] = { 0, 0, 4, 1, need_nr(&words, "limit"), 1, 1, 0 };

	put(b, option, sizeof(option));
	h[0] = build_rest(b, rest, ip);
	return IPPROTO_DSTOPTS;
}

static int build_frag(struct buf *b, char *words, char *rest, const uint8_t *ip)
{
	uint8_t *h = b->bytes + b->len, frag[8] = { 0 };
	size_t offset = need_nr(&words, "offset"), len = need_nr(&words, "length"), all;

	put32(frag + 4, need_nr(&words, "id"));
	put(b, frag, sizeof(frag));
	h[0] = build_rest(b, rest, ip);
	all = b->bytes + b->len - h - 8;
	if (offset > all)
		errx(2, "nothing at offset %zu of %zu", offset, all);
	if (len > all - offset)
		len = all - offset;
	put16(h + 2, offset | (offset + len < all));
	memmove(h + 8, h + 8 + offset, len);
	b->len = h + 8 + len - b->bytes;
	return IPPROTO_FRAGMENT;
}

static void build_payload(struct buf *b, size_t len, unsigned int number)
{
	uint8_t byte[4];
	size_t i;

	put32(byte, number);
	put(b, byte, len < 4 ? len : 4);
	for (i = 4; i < len; i++) {
		byte[0] = i;
		put(b, byte, 1);
	}
}

static int build_udp(struct buf *b, char *words, const uint8_t *ip)
{
	uint8_t *h = b->bytes + b->len, udp[8] = { 0 };
	unsigned int sport = need_nr(&words, "port"), dport = need_nr(&words, "port");
	const char *w = word(&words);
	size_t len = 8 + (w ? strtoul(w, NULL, 0) : 16);
	uint16_t sum;

	put16(udp, b->flows ? sport + b->serial : sport);
	put16(udp + 2, dport);
	put16(udp + 4, len);
	put(b, udp, sizeof(udp));
	build_payload(b, len - 8, b->serial);
	sum = sum_upper(ip, IPPROTO_UDP, h, len);
	put16(h + 6, sum ? sum : 0xffff);
	return IPPROTO_UDP;
}

static int build_echo(struct buf *b, char *words, const uint8_t *ip)
{
	uint8_t *h = b->bytes + b->len, echo[8] = { 128 };
	const char *w;
	size_t len;

	put16(echo + 4, need_nr(&words, "id"));
	put16(echo + 6, need_nr(&words, "number"));
	w = word(&words);
	len = 8 + (w ? strtoul(w, NULL, 0) : 16);
	put(b, echo, sizeof(echo));
	build_payload(b, len - 8, b->serial);
	put16(h + 2, sum_upper(ip, IPPROTO_ICMPV6, h, len));
	return IPPROTO_ICMPV6;
}

static int build_error(struct buf *b, char *words, char *rest, const uint8_t *ip)
{
	uint8_t *h = b->bytes + b->len, error[8] = { 0 };

	error[0] = need_nr(&words, "type");
	error[1] = need_nr(&words, "code");
	put32(error + 4, need_nr(&words, "argument"));
	put(b, error, sizeof(error));
	build_rest(b, rest, NULL);
	if (b->len > (size_t)(h - b->bytes) + 1200)
		b->len = h - b->bytes + 1200;	/* RFC 4443 §2.4 (c) */
	put16(h + 2, sum_upper(ip, IPPROTO_ICMPV6, h, b->bytes + b->len - h));
	return IPPROTO_ICMPV6;
}

static int build_raw(struct buf *b, char *words)
{
	const char *hex = need(&words, "hex"), *nh = word(&words);
	unsigned int byte;
	uint8_t one;

	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2) {
		one = byte;
		put(b, &one, 1);
	}
	return nh ? strtol(nh, NULL, 0) : IPPROTO_NONE;
}

static int build_eth(struct buf *b, char *words, char *rest)
{
	uint8_t eth[14];
	const char *w;

	memcpy(eth + 6, b->from, 6);
	if (!tool_lladdr(need(&words, "destination"), eth))
		errx(2, "not a link-layer address");
	w = word(&words);
	if (w && !tool_lladdr(w, eth + 6))
		errx(2, "not a link-layer address: %s", w);
	put16(eth + 12, ETH_P_IPV6);
	put(b, eth, sizeof(eth));
	return build_rest(b, rest, NULL);
}

/* Append the layers of @text, inside the header at @ip, and say what came first. */
static int build(struct buf *b, char *text, const uint8_t *ip)
{
	char *rest = strchr(text, '/');
	const char *layer;

	if (rest)
		*rest++ = 0;
	layer = need(&text, "layer");
	if (!strcmp(layer, "eth"))
		return build_eth(b, text, rest);
	if (!strcmp(layer, "ip6"))
		return build_ip6(b, text, rest);
	if (!strcmp(layer, "limit"))
		return build_limit(b, text, rest, ip);
	if (!strcmp(layer, "frag"))
		return build_frag(b, text, rest, ip);
	if (!strcmp(layer, "udp"))
		return build_udp(b, text, ip);
	if (!strcmp(layer, "echo"))
		return build_echo(b, text, ip);
	if (!strcmp(layer, "error"))
		return build_error(b, text, rest, ip);
	if (!strcmp(layer, "raw"))
		return build_raw(b, text);
	errx(2, "no such layer: %s", layer);
}

#endif /* _PKT_BUILD_H */
