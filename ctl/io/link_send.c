// SPDX-License-Identifier: GPL-2.0
/* Packets that the daemon itself sends out of a link, in frames of its own making. */
#include "io/frame.h"
#include "io/io.h"
#include "nd/nd.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Both link-layer addresses are ours to say on Ethernet, one elsewhere. */
static int send_frame(const struct io_link *l, const struct llid *from,
		      const struct llid *to, const uint8_t *pkt, size_t len)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)l->ifindex, .sll_halen = to->len,
	};
	uint8_t frame[ETH_HLEN + FRAME_MAX];
	bool ether = l->lladdr.len == ETH_ALEN;
	ssize_t n;
	int fd;

	memcpy(addr.sll_addr, to->id, to->len < 8 ? to->len : 8);
	fd = socket(AF_PACKET, (ether ? SOCK_RAW : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (ether) {
		memcpy(frame, to->id, ETH_ALEN);
		memcpy(frame + ETH_ALEN, from->id, ETH_ALEN);
		memcpy(frame + 2 * ETH_ALEN, &addr.sll_protocol, 2);
		memcpy(frame + ETH_HLEN, pkt, len);
		pkt = frame;
		len += ETH_HLEN;
	}
	n = sendto(fd, pkt, len, 0, (struct sockaddr *)&addr, sizeof(addr));
	n = n < 0 ? -errno : 0;
	close(fd);
	return (int)n;
}

/* RFC 2464 §7; to all nodes where the packet is for one whose address nobody knows */
static struct llid group_lladdr(const uint8_t *pkt)
{
	static const uint8_t all_nodes[] = { 0, 0, 0, 1 };
	struct llid to = { .len = ETH_ALEN, .id = { 0x33, 0x33 } };
	const uint8_t *dst = pkt + 24;

	memcpy(to.id + 2, dst[0] == 0xff ? dst + 12 : all_nodes, sizeof(all_nodes));
	return to;
}

/**
 * link_lladdr() - the link-layer address by which others know us on a link
 * @l: the link
 *
 * Mobile nodes hear the gateway from the same address everywhere (RFC 6543 §3).
 *
 * Return: that one, or the device's own.
 */
const struct llid *link_lladdr(const struct io_link *l)
{
	return l->access && l->io->conf->fixed_lladdr && l->lladdr.len == ETH_ALEN ?
	       &nd_fixed_lladdr : &l->lladdr;
}

/**
 * link_send() - send an IPv6 packet out of a link
 * @l: the link, which is present
 * @to: to whom, on the link layer; len 0, or not of the link's kind: to whom the packet's
 *	destination is
 * @pkt: the packet
 * @len: bytes of it, FRAME_MAX at most
 *
 * Return: 0 or -errno.
 */
int link_send(const struct io_link *l, const struct llid *to, const uint8_t *pkt, size_t len)
{
	struct llid group = group_lladdr(pkt);

	if (len > FRAME_MAX)
		return -EMSGSIZE;
	if (!to->len || (l->lladdr.len == ETH_ALEN && to->len != ETH_ALEN))
		to = &group;
	return send_frame(l, link_lladdr(l), to, pkt, len);
}
