/* SPDX-License-Identifier: GPL-2.0 */
/* The checksum of what IPv6 carries */
#ifndef CTL_CORE_CHECKSUM_H
#define CTL_CORE_CHECKSUM_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

uint16_t checksum6(uint8_t next_header, const uint8_t *buf, size_t len,
		   const struct in6_addr *src, const struct in6_addr *dst);

#endif
