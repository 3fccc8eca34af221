// SPDX-License-Identifier: GPL-2.0
/* The packet socket of a link, by which the daemon hears what is sent there. */
#include "io/io.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <sys/socket.h>
#include <unistd.h>

static int set_up(int fd, const struct io_link *l, const struct sock_fprog *filter)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)l->ifindex,
	};
	/* What is sent to groups that no gateway joins must be let in. */
	struct packet_mreq all = {
		.mr_ifindex = (int)l->ifindex, .mr_type = PACKET_MR_ALLMULTI,
	};

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, sizeof(*filter)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return -errno;
	return 0;
}

/**
 * link_listen() - begin to hear what is sent on a link
 * @l: the link, which is present and not listened on
 * @filter: which packets, from the IPv6 header on
 * @readable: called when there are some; its watcher's data is @l
 *
 * Return: 0 or -errno.
 */
int link_listen(struct io_link *l, const struct sock_fprog *filter, link_readable_t *readable)
{
	int err;

	/* Protocol 0 hears nothing until the filter and the link are set. */
	l->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0)
		return -errno;
	err = set_up(l->fd, l, filter);
	if (err) {
		close(l->fd);
		l->fd = -1;
		return err;
	}
	ev_io_init(&l->watch, readable, l->fd, EV_READ);
	l->watch.data = l;
	ev_io_start(l->io->loop, &l->watch);
	return 0;
}

/**
 * link_unlisten() - stop hearing
 * @l: the link; nothing happens if it is not listened on
 */
void link_unlisten(struct io_link *l)
{
	if (l->fd < 0)
		return;
	ev_io_stop(l->io->loop, &l->watch);
	close(l->fd);
	l->fd = -1;
}
