/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two neighbour discovery messages of an access link (RFC 4861 §4.1 and
 * §4.2): what comes in is checked, what goes out is written.  Pure functions.
 */
#ifndef CTL_ND_ND_H
#define CTL_ND_ND_H

#include "core/env.h"

/* Header, source link-layer address of up to 16 bytes, MTU, prefixes */
#define ND_RA_MAX	(16 + 24 + 8 + HNP_MAX * 32)

/* Why a router solicitation is discarded, always silently (RFC 4861 §6.1.1) */
enum nd_error {
	ND_OK = 0,
	ND_ERR_HOP_LIMIT,	/* not 255: it was forwarded */
	ND_ERR_SHORT,		/* fewer than 8 bytes */
	ND_ERR_TYPE,		/* not a router solicitation */
	ND_ERR_CODE,		/* not 0 */
	ND_ERR_OPTION,		/* an option of length 0, or beyond the end */
	ND_ERR_SOURCE,		/* a link-layer address from the unspecified one */
};

/* RFC 6543 §3: the gateway's addresses, the same on every access link */
extern const struct llid nd_fixed_lladdr;	/* 00-00-5E-00-52-13 */
extern const struct in6_addr nd_fixed_lla;	/* fe80::200:5eff:fe00:5213 */

/* buf: the ICMPv6 message, whose checksum frame_parse() has verified */
enum nd_error nd_rs_check(const uint8_t *buf, size_t len, const struct in6_addr *src,
			  int hop_limit);
/* Length, or -EINVAL, or -ENOSPC; frame_finish() fills in the checksum. */
int nd_ra_encode(const struct ra_out *ra, const struct llid *lladdr,
		 uint8_t *buf, size_t size);
const char *nd_strerror(enum nd_error e);

#endif
