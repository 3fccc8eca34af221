/* SPDX-License-Identifier: GPL-2.0 */
/* The packets that pkt sees, in words. */
#ifndef _PKT_PRINT_H
#define _PKT_PRINT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include "pkt_sum.h"
#include "tool.h"

static void print_addr(const char *head, const char *name, const uint8_t *addr)
{
	char text[INET6_ADDRSTRLEN];

	printf(" %s.%s=%s", head, name, inet_ntop(AF_INET6, addr, text, sizeof(text)));
}

static const char *sum_word(const uint8_t *ip, int nh, const uint8_t *p, size_t len, int partial)
{
	if (partial)
		return "partial";
	return sum_upper(ip, nh, p, len) ? "bad" : "ok";
}

static void print_ip6(const char *head, const uint8_t *p, const uint8_t *end, int partial);

static void print_icmp6(const uint8_t *ip, const uint8_t *p, const uint8_t *end, int partial)
{
	printf(" icmp.type=%u icmp.code=%u icmp.arg=%u icmp.sum=%s", p[0], p[1],
	       p[4] << 24 | p[5] << 16 | p[6] << 8 | p[7],
	       sum_word(ip, IPPROTO_ICMPV6, p, end - p, partial));
	if (p[0] < 128)
		print_ip6("q", p + 8, end, 0);
}

static void print_upper(const uint8_t *ip, int nh, const uint8_t *p, const uint8_t *end,
			int partial)
{
	if (nh == IPPROTO_UDP && end - p >= 8) {
		printf(" udp.sport=%u udp.dport=%u udp.len=%u udp.sum=%s", p[0] << 8 | p[1],
		       p[2] << 8 | p[3], p[4] << 8 | p[5],
		       sum_word(ip, nh, p, end - p, partial));
		if (end - p >= 12)
			printf(" udp.number=%u", p[8] << 24 | p[9] << 16 | p[10] << 8 | p[11]);
	} else if (nh == IPPROTO_TCP && end - p >= 20) {
		printf(" tcp.sport=%u tcp.dport=%u tcp.len=%td tcp.sum=%s", p[0] << 8 | p[1],
		       p[2] << 8 | p[3], end - p - (p[12] >> 4) * 4,
		       sum_word(ip, nh, p, end - p, partial));
	} else if (nh == IPPROTO_ICMPV6 && end - p >= 8) {
		print_icmp6(ip, p, end, partial);
	} else if (nh == IPPROTO_NONE && end - p >= 4) {
		printf(" none.number=%u", p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]);
	}
}

/* A header and what follows it, each of its fields under the name @head. */
static void print_ip6(const char *head, const uint8_t *p, const uint8_t *end, int partial)
{
	const uint8_t *ip = p;
	int nh, next, plen;

	if (end - p < 40 || p[0] >> 4 != 6)
		return;
	print_addr(head, "src", p + 8);
	print_addr(head, "dst", p + 24);
	nh = p[6];
	plen = p[4] << 8 | p[5];
	printf(" %s.hl=%u %s.tc=%u %s.fl=%u %s.plen=%u %s.nh=%u", head, p[7], head,
	       (p[0] << 4 | p[1] >> 4) & 0xff, head, (p[1] & 15) << 16 | p[2] << 8 | p[3], head,
	       plen, head, nh);
	if (plen && plen < end - p - 40)
		end = p + 40 + plen;
	for (p += 40; end - p >= 8; p += nh == IPPROTO_FRAGMENT ? 8 : 8 + p[1] * 8, nh = next) {
		next = p[0];
		if (nh == IPPROTO_DSTOPTS && p[2] == 4) {
			printf(" %s.limit=%u", head, p[4]);
		} else if (nh == IPPROTO_FRAGMENT) {
			printf(" %s.offset=%u %s.more=%u", head, (p[2] << 8 | p[3]) & ~7u, head,
			       p[3] & 1);
			if ((p[2] << 8 | p[3]) & ~6u)
				return;		/* a part has no upper layer to read */
		} else if (nh != IPPROTO_DSTOPTS) {
			break;
		}
	}
	if (nh == IPPROTO_IPV6)
		print_ip6(*head == 'q' ? "qin" : "in", p, end, partial);
	else
		print_upper(ip, nh, p, end, partial);
}

#endif /* _PKT_PRINT_H */
