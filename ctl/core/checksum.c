// SPDX-License-Identifier: GPL-2.0
/* The Internet checksum with the pseudo-header of IPv6 (RFC 8200 §8.1). */
#include "core/checksum.h"

#include "core/bytes.h"

static uint32_t add(uint32_t sum, const uint8_t *p, size_t len)
{
	for (; len > 1; p += 2, len -= 2)
		sum += get16(p);
	/* an odd last byte is followed by a zero one, RFC 1071 §4.1 */
	return len ? sum + (uint32_t)(p[0] << 8) : sum;
}

/**
 * checksum6() - the Internet checksum over pseudo-header and message
 * @next_header: what the message is
 * @buf: the message, at most 65535 bytes
 * @len: its length, which also goes into the pseudo-header
 * @src: IPv6 source address
 * @dst: IPv6 destination address
 *
 * Return: the value for the checksum field if that is zero in @buf; 0 if it
 * is filled in and right.
 */
uint16_t checksum6(uint8_t next_header, const uint8_t *buf, size_t len,
		   const struct in6_addr *src, const struct in6_addr *dst)
{
	uint32_t sum = next_header + (uint32_t)len;

	sum = add(sum, src->s6_addr, sizeof(src->s6_addr));
	sum = add(sum, dst->s6_addr, sizeof(dst->s6_addr));
	sum = add(sum, buf, len);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}
