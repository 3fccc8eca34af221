/* SPDX-License-Identifier: GPL-2.0 */
/* The checksum of the upper layers, RFC 8200 §8.1. */
#ifndef _PKT_SUM_H
#define _PKT_SUM_H

#include <stddef.h>
#include <stdint.h>

static uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint32_t sum_bytes(const uint8_t *p, size_t len, uint32_t sum)
{
	for (; len > 1; p += 2, len -= 2)
		sum = sum_fold(sum + (p[0] << 8 | p[1]));
	return len ? sum_fold(sum + (p[0] << 8)) : sum;
}

/* RFC 8200 §8.1, over @len bytes at @p that follow the header at @ip. */
static uint16_t sum_upper(const uint8_t *ip, int nh, const uint8_t *p, size_t len)
{
	uint32_t sum = sum_bytes(ip + 8, 32, nh + (len & 0xffff) + (len >> 16));

	return ~sum_fold(sum_bytes(p, len, sum));
}

#endif /* _PKT_SUM_H */
