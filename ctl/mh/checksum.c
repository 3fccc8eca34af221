// SPDX-License-Identifier: GPL-2.0
/* The checksum of a Mobility Header (RFC 6275 §6.1.1). */
#include "mh/wire.h"

#include "core/checksum.h"

#define NEXT_HEADER_MH	135

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
	return checksum6(NEXT_HEADER_MH, buf, len, src, dst);
}
