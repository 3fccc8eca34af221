// SPDX-License-Identifier: GPL-2.0
/* Router advertisements (RFC 4861 §4.2) to one mobile node. */
#include "nd/nd.h"

#include "core/bytes.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <string.h>

#define CUR_HOP_LIMIT	64	/* RFC 4861 §6.2.1: the value in use today */
#define RA_LEN		16	/* bytes before the options */
#define OPT_MTU_LEN	8
#define OPT_PREFIX_LEN	32

/*
 * L and A are both set, as RFC 4861 §6.2.1 has it by default, and as RFC 5213
 * §6.9.1.2 wants: the home network prefix is hosted on-link.  That does no harm
 * on this point-to-point link, where no other node has an address in it.
 */
#define PREFIX_FLAGS	(ND_OPT_PI_FLAG_ONLINK | ND_OPT_PI_FLAG_AUTO)

const struct llid nd_fixed_lladdr = {
	.len = 6,
	.id = { 0x00, 0x00, 0x5e, 0x00, 0x52, 0x13 },
};

const struct in6_addr nd_fixed_lla = { { {
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x52, 0x13
} } };

static size_t lladdr_option_len(const struct llid *lladdr)
{
	return lladdr->len ? (2U + lladdr->len + 7U) / 8U * 8U : 0;
}

static void put_prefix(uint8_t *opt, const struct prefix *p,
		       const struct ra_out *ra)
{
	opt[0] = ND_OPT_PREFIX_INFORMATION;
	opt[1] = OPT_PREFIX_LEN / 8;
	opt[2] = p->len;
	opt[3] = PREFIX_FLAGS;
	put32(opt + 4, ra->valid);
	/* §4.6.2: the preferred lifetime must not exceed the valid one */
	put32(opt + 8, ra->preferred < ra->valid ? ra->preferred : ra->valid);
	memcpy(opt + 16, &p->addr, sizeof(p->addr));
	/* §4.6.2: bits after the prefix length are zero */
	for (unsigned int bit = p->len; bit < 128; bit++)
		opt[16 + bit / 8] &= (uint8_t)~(0x80 >> bit % 8);
}

static int check(const struct ra_out *ra, const struct llid *lladdr)
{
	if (ra->n_prefixes > HNP_MAX || lladdr->len > LLID_MAX)
		return -EINVAL;
	for (unsigned int i = 0; i < ra->n_prefixes; i++)
		if (ra->prefix[i].len > 128)
			return -EINVAL;
	return 0;
}

/**
 * nd_ra_encode - write a router advertisement
 * @ra: what to advertise
 * @lladdr: the gateway's link-layer address, &nd_fixed_lladdr (RFC 6543) or
 *	    the device's; length 0 leaves the option out
 * @buf: where to write the ICMPv6 message, from its type on
 * @size: bytes in @buf; ND_RA_MAX is always enough
 *
 * M and O are 0: addresses come by autoconfiguration from the home network
 * prefix.  Reachable time and retransmission timer are left unspecified.  The
 * checksum field is 0: frame_finish() fills it in, for a packet socket does not.
 *
 * Return: the length, -ENOSPC if @buf is too small, -EINVAL if a prefix length
 * is above 128 or there are more than HNP_MAX.
 */
int nd_ra_encode(const struct ra_out *ra, const struct llid *lladdr,
		 uint8_t *buf, size_t size)
{
	size_t ll_len = lladdr_option_len(lladdr), len;
	uint8_t *p = buf + RA_LEN;

	if (check(ra, lladdr))
		return -EINVAL;
	len = RA_LEN + ll_len + (ra->mtu ? OPT_MTU_LEN : 0) +
	      (size_t)ra->n_prefixes * OPT_PREFIX_LEN;
	if (len > size)
		return -ENOSPC;
	memset(buf, 0, len);
	buf[0] = ND_ROUTER_ADVERT;
	buf[4] = CUR_HOP_LIMIT;
	put16(buf + 6, ra->router_lifetime);
	if (ll_len) {
		p[0] = ND_OPT_SOURCE_LINKADDR;
		p[1] = (uint8_t)(ll_len / 8);
		memcpy(p + 2, lladdr->id, lladdr->len);
		p += ll_len;
	}
	if (ra->mtu) {
		p[0] = ND_OPT_MTU;
		p[1] = OPT_MTU_LEN / 8;
		put32(p + 4, ra->mtu);
		p += OPT_MTU_LEN;
	}
	for (unsigned int i = 0; i < ra->n_prefixes; i++) {
		put_prefix(p, &ra->prefix[i], ra);
		p += OPT_PREFIX_LEN;
	}
	return (int)len;
}
