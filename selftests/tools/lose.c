// SPDX-License-Identifier: GPL-2.0
/*
 * lose - take the carrier from a device and send a packet right after it
 *
 *	lose TIMES USEC {NETNS:DEV NETNS:DEV LAYERS}...
 *
 * For each group of arguments in turn, TIMES times over: the first device loses
 * its carrier, the packet (as for pkt) is sent on the second with nothing in
 * between, and USEC later the carrier is back, for as long.  Both happen in this one
 * thread, so what the kernel's tracing tells between them is the kernel's own time
 * and not that of a scheduler.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include "pkt_build.h"

#define GROUPS	8

struct group {
	struct mnl_socket *rtnl;
	unsigned int ifindex;
	int fd;
	struct buf packet;
};

/* Enter the namespace of NETNS:DEV; returns the device's index there. */
static unsigned int enter(const char *name)
{
	char netns[64], *dev;
	unsigned int ifindex;

	snprintf(netns, sizeof(netns), "%s", name);
	dev = strchr(netns, ':');
	if (!dev)
		errx(2, "%s is not NETNS:DEV", name);
	*dev++ = 0;
	tool_enter(netns);
	ifindex = if_nametoindex(dev);
	if (!ifindex)
		err(2, "%s", name);
	return ifindex;
}

static void group_open(struct group *g, const char *lost, const char *out, const char *layers)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET };
	char text[1024];

	g->ifindex = enter(lost);
	g->rtnl = mnl_socket_open(NETLINK_ROUTE);
	if (!g->rtnl || mnl_socket_bind(g->rtnl, 0, MNL_SOCKET_AUTOPID) < 0)
		err(2, "rtnetlink of %s", lost);
	sll.sll_ifindex = enter(out);
	g->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (g->fd < 0 || bind(g->fd, (struct sockaddr *)&sll, sizeof(sll)))
		err(2, "%s", out);
	snprintf(text, sizeof(text), "%s", layers);
	build(&g->packet, text, NULL);
}

/* The kernel has done it on return; its answer is left to be read. */
static void carrier_set(const struct group *g, uint8_t on)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = RTM_SETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = g->ifindex;
	mnl_attr_put_u8(nlh, IFLA_CARRIER, on);
	/* That it is back is told at once, which can take the kernel a second else */
	if (on)
		mnl_attr_put_strz(nlh, IFLA_IFALIAS, "lose");
	if (mnl_socket_sendto(g->rtnl, nlh, nlh->nlmsg_len) < 0)
		err(2, "carrier");
}

static void carrier_check(const struct group *g)
{
	char buf[4096];
	ssize_t n = mnl_socket_recvfrom(g->rtnl, buf, sizeof(buf));

	if (n < 0 || mnl_cb_run(buf, n, 0, 0, NULL, NULL) < 0)
		err(2, "carrier");
}

static void lose(const struct group *g, useconds_t pause_us)
{
	carrier_set(g, 0);
	if (write(g->fd, g->packet.bytes, g->packet.len) < 0)
		err(2, "send");
	carrier_check(g);
	usleep(pause_us);
	carrier_set(g, 1);
	carrier_check(g);
	usleep(pause_us);
}

int main(int argc, char **argv)
{
	static struct group groups[GROUPS];
	int i, n, times;

	if (argc < 6 || argc % 3 || argc / 3 - 1 > GROUPS)
		errx(2, "usage: lose TIMES USEC {NETNS:DEV NETNS:DEV LAYERS}...");
	n = argc / 3 - 1;
	for (i = 0; i < n; i++)
		group_open(&groups[i], argv[3 + 3 * i], argv[4 + 3 * i], argv[5 + 3 * i]);
	for (times = atoi(argv[1]); times > 0; times--)
		for (i = 0; i < n; i++)
			lose(&groups[i], atoi(argv[2]));
	return 0;
}
