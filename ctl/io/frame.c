// SPDX-License-Identifier: GPL-2.0
/* ICMPv6 in IPv6 as packet sockets carry it: whole, checksum and all. */
#include "io/frame.h"

#include "core/checksum.h"

#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <string.h>

#define MLD2_REPORT	143	/* RFC 3810 §5.2 */
#define ND_HOP_LIMIT	255
#define NA_LEN		24

/**
 * frame_checksum() - RFC 4443 §2.3
 * @icmp: the ICMPv6 message with its checksum field
 * @len: bytes of it, at most 65535
 * @src: IPv6 source
 * @dst: IPv6 destination
 *
 * Return: what belongs into the field if that is 0; 0 if it is right.
 */
uint16_t frame_checksum(const uint8_t *icmp, size_t len, const struct in6_addr *src,
			const struct in6_addr *dst)
{
	return checksum6(IPPROTO_ICMPV6, icmp, len, src, dst);
}

/**
 * frame_finish() - make an IPv6 packet of an ICMPv6 message
 * @pkt: FRAME_IP6_LEN bytes of room, then the message with checksum 0
 * @icmp_len: bytes of the message
 * @src: IPv6 source
 * @dst: IPv6 destination
 *
 * Return: bytes of the packet.
 */
size_t frame_finish(uint8_t *pkt, size_t icmp_len, const struct in6_addr *src,
		    const struct in6_addr *dst)
{
	uint8_t *icmp = pkt + FRAME_IP6_LEN;
	uint16_t csum;

	memset(pkt, 0, FRAME_IP6_LEN);
	pkt[0] = 6 << 4;
	pkt[4] = (uint8_t)(icmp_len >> 8);
	pkt[5] = (uint8_t)icmp_len;
	pkt[6] = IPPROTO_ICMPV6;
	pkt[7] = ND_HOP_LIMIT;
	memcpy(pkt + 8, src, sizeof(*src));
	memcpy(pkt + 24, dst, sizeof(*dst));
	csum = frame_checksum(icmp, icmp_len, src, dst);
	icmp[2] = (uint8_t)(csum >> 8);
	icmp[3] = (uint8_t)csum;
	return FRAME_IP6_LEN + icmp_len;
}

/* RFC 4861 §7.1.2; S set would be an answer to somebody, no arrival */
static bool valid_na(const struct frame_nd *f)
{
	struct in6_addr target;

	if (f->hop_limit != ND_HOP_LIMIT || f->len < NA_LEN || f->icmp[1])
		return false;
	memcpy(&target, f->icmp + 8, sizeof(target));
	return !IN6_IS_ADDR_MULTICAST(&target) && !(f->icmp[4] & 0x40);
}

static bool valid(const struct frame_nd *f)
{
	if (IN6_IS_ADDR_MULTICAST(&f->src) || frame_checksum(f->icmp, f->len, &f->src, &f->dst))
		return false;
	switch (f->type) {
	case ND_ROUTER_SOLICIT:
		return true;	/* the rest is nd_rs_check()'s */
	case ND_NEIGHBOR_ADVERT:
		return valid_na(f);
	case MLD2_REPORT:
		/* RFC 3810 §5.2.13 and §6.2: from a link-local or no address */
		return f->hop_limit == 1 && f->len >= 8 &&
		       (IN6_IS_ADDR_LINKLOCAL(&f->src) || IN6_IS_ADDR_UNSPECIFIED(&f->src));
	default:
		return false;
	}
}

/**
 * frame_parse() - find the ICMPv6 message that shows a mobile node
 * @f: filled
 * @pkt: an IPv6 packet
 * @len: bytes of it, link-layer padding included
 *
 * Return: whether it is a router solicitation, an unsolicited neighbour
 * advertisement or an MLDv2 report, valid by RFC 4861 §7.1.2 or RFC 3810.
 */
bool frame_parse(struct frame_nd *f, const uint8_t *pkt, size_t len)
{
	size_t off = FRAME_IP6_LEN, total;
	uint8_t next;

	if (len < FRAME_IP6_LEN || pkt[0] >> 4 != 6)
		return false;
	total = FRAME_IP6_LEN + (size_t)(pkt[4] << 8 | pkt[5]);
	if (total > len)
		return false;
	next = pkt[6];
	if (next == IPPROTO_HOPOPTS) {
		if (total < off + 8)
			return false;
		next = pkt[off];
		off += ((size_t)pkt[off + 1] + 1) * 8;
	}
	if (next != IPPROTO_ICMPV6 || total < off + 4)
		return false;
	f->hop_limit = pkt[7];
	memcpy(&f->src, pkt + 8, sizeof(f->src));
	memcpy(&f->dst, pkt + 24, sizeof(f->dst));
	f->icmp = pkt + off;
	f->len = total - off;
	f->type = f->icmp[0];
	return valid(f);
}
