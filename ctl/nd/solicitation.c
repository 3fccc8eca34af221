// SPDX-License-Identifier: GPL-2.0
/* Router solicitations (RFC 4861 §4.1), as a gateway validates them. */
#include "nd/nd.h"

#include <netinet/icmp6.h>

#define RS_LEN		8	/* bytes before the options */
#define OPT_UNIT	8	/* the length of an option is in units of so many */

static enum nd_error check_options(const uint8_t *buf, size_t len, bool *lladdr)
{
	size_t pos = RS_LEN;

	while (pos < len) {
		const uint8_t *opt = buf + pos;

		if (len - pos < 2 || !opt[1] ||
		    (size_t)opt[1] * OPT_UNIT > len - pos)
			return ND_ERR_OPTION;
		*lladdr |= opt[0] == ND_OPT_SOURCE_LINKADDR;
		pos += (size_t)opt[1] * OPT_UNIT;
	}
	return ND_OK;
}

/**
 * nd_rs_check - validate a router solicitation
 * @buf: the ICMPv6 message, from its type on
 * @len: bytes in @buf
 * @src: IPv6 source address
 * @hop_limit: of the IPv6 header, from its bytes in the frame
 *
 * The checks of RFC 4861 §6.1.1 but the ICMPv6 checksum, which frame_parse()
 * has verified.  Whose it is, the frame's own source address says: the source
 * link-layer address option is looked for, not read.
 *
 * Return: ND_OK, or why the solicitation must be discarded silently.
 */
enum nd_error nd_rs_check(const uint8_t *buf, size_t len, const struct in6_addr *src,
			  int hop_limit)
{
	bool lladdr = false;
	enum nd_error err;

	if (hop_limit != 255)
		return ND_ERR_HOP_LIMIT;
	if (len < RS_LEN)
		return ND_ERR_SHORT;
	if (buf[0] != ND_ROUTER_SOLICIT)
		return ND_ERR_TYPE;
	if (buf[1])
		return ND_ERR_CODE;
	err = check_options(buf, len, &lladdr);
	if (err)
		return err;
	if (lladdr && IN6_IS_ADDR_UNSPECIFIED(src))
		return ND_ERR_SOURCE;
	return ND_OK;
}

/**
 * nd_strerror - why a solicitation was discarded, for a log line
 * @e: the error
 *
 * Return: a constant string.
 */
const char *nd_strerror(enum nd_error e)
{
	switch (e) {
	case ND_OK:
		return "valid";
	case ND_ERR_HOP_LIMIT:
		return "hop limit is not 255";
	case ND_ERR_SHORT:
		return "shorter than 8 bytes";
	case ND_ERR_TYPE:
		return "not a router solicitation";
	case ND_ERR_CODE:
		return "code is not 0";
	case ND_ERR_OPTION:
		return "option of length 0 or beyond the end";
	case ND_ERR_SOURCE:
		return "link-layer address from the unspecified address";
	}
	return "unknown error";
}
