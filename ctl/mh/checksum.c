// SPDX-License-Identifier: GPL-2.0
/* The checksum of a Mobility Header (RFC 6275 §6.1.1). */
#include "mh/wire.h"

#define NEXT_HEADER_MH	135

static uint32_t add(uint32_t sum, const uint8_t *p, size_t len)
{
	for (; len > 1; p += 2, len -= 2)
		sum += get16(p);
	/* an odd last byte is followed by a zero one, RFC 1071 §4.1 */
	return len ? sum + (uint32_t)(p[0] << 8) : sum;
}

/**
 * mh_checksum - the Internet checksum over pseudo-header and message
 * @buf: the Mobility Header, at most 65535 bytes
 * @len: its length, which also goes into the pseudo-header
 * @src: IPv6 source address
 * @dst: IPv6 destination address
 *
 * RFC 6275 §6.1.1: the pseudo-header of RFC 8200 §8.1 with next header 135.
 *
 * Return: the value for the checksum field if that is zero in @buf; 0 if it
 * is filled in and right.
 */
uint16_t mh_checksum(const uint8_t *buf, size_t len, const struct in6_addr *src,
		     const struct in6_addr *dst)
{
	uint32_t sum = NEXT_HEADER_MH + (uint32_t)len;

	sum = add(sum, src->s6_addr, sizeof(src->s6_addr));
	sum = add(sum, dst->s6_addr, sizeof(dst->s6_addr));
	sum = add(sum, buf, len);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}
