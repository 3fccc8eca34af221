// SPDX-License-Identifier: GPL-2.0
/* Router solicitations (RFC 4861 §4.1), each from somebody else. */
#define _GNU_SOURCE
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/icmp6.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include "mhsend.h"
#include "tool.h"

#define IP6_LEN	40
#define RS_LEN	16

static uint16_t icmp_checksum(const uint8_t *ip, const uint8_t *icmp)
{
	uint32_t sum = IPPROTO_ICMPV6 + RS_LEN;
	size_t i;

	for (i = 8; i < IP6_LEN; i += 2)
		sum += get16(ip + i);
	for (i = 0; i < RS_LEN; i += 2)
		sum += get16(icmp + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t solicitation(uint8_t *f, const uint8_t lladdr[6])
{
	static const uint8_t all_routers_eth[6] = { 0x33, 0x33, 0, 0, 0, 2 };
	uint8_t *ip = f + ETH_HLEN, *rs = ip + IP6_LEN;

	memset(f, 0, ETH_HLEN + IP6_LEN + RS_LEN);
	memcpy(f, all_routers_eth, 6);
	memcpy(f + 6, lladdr, 6);
	put16(f + 12, ETH_P_IPV6);
	ip[0] = 6 << 4;
	put16(ip + 4, RS_LEN);
	ip[6] = IPPROTO_ICMPV6;
	ip[7] = 255;
	put16(ip + 8, 0xfe80);
	/* RFC 4291, appendix A: the address that the node's own kernel makes */
	memcpy(ip + 16, lladdr, 3);
	ip[16] ^= 2;
	put16(ip + 19, 0xfffe);
	memcpy(ip + 21, lladdr + 3, 3);
	put16(ip + 24, 0xff02);
	ip[39] = 2;
	rs[0] = ND_ROUTER_SOLICIT;
	rs[8] = ND_OPT_SOURCE_LINKADDR;
	rs[9] = 1;
	memcpy(rs + 10, lladdr, 6);
	put16(rs + 2, icmp_checksum(ip, rs));
	return ETH_HLEN + IP6_LEN + RS_LEN;
}

/**
 * flood() - send that many, each from another address
 * @dev: out of which device
 * @count: how many
 * @pause_us: microseconds between two
 * @one: if not NULL, all from this one
 *
 * Return: 0; does not return where it cannot send.
 */
int flood(const char *dev, unsigned int count, unsigned int pause_us, const char *one)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	uint8_t frame[ETH_HLEN + IP6_LEN + RS_LEN];
	uint8_t lladdr[6] = { 0x02, 0xf1 };
	unsigned int i;

	if (!to.sll_ifindex || fd < 0)
		err(2, "%s", dev);
	if (one && !tool_lladdr(one, lladdr))
		errx(2, "%s is not a link-layer address", one);
	for (i = 1; i <= count; i++) {
		if (!one)
			put32(lladdr + 2, i * 2654435761U);
		if (sendto(fd, frame, solicitation(frame, lladdr), 0, (struct sockaddr *)&to,
			   sizeof(to)) < 0)
			err(2, "%s", dev);
		if (pause_us)
			usleep(pause_us);
	}
	close(fd);
	return 0;
}
