// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
/*
 * mldflood DEVICE LLADDR REPORTS SEED - a node that says more of groups than anybody can want
 *
 * Reports of version 2, as fast as the device takes them, each valid: records of all types
 * about random groups with random sources.  The same SEED has the same ones.
 */
#include "mld/mld.h"
#include "tool.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#define RECORDS_MAX	3
#define SOURCES_MAX	16
#define GROUPS		100000
#define PACKET_MAX	1280

struct report {
	struct mld_record rec[RECORDS_MAX];
	struct in6_addr source[RECORDS_MAX][SOURCES_MAX];
};

static struct in6_addr numbered(const struct in6_addr *base, unsigned int n)
{
	struct in6_addr a = *base;
	uint32_t low = htonl(n);

	memcpy(a.s6_addr + 12, &low, sizeof(low));
	return a;
}

/* How many records */
static unsigned int invent(struct report *r)
{
	static const struct in6_addr group = { { { 0xff, 0x1e, [8] = 0xf1 } } };
	static const struct in6_addr source = { { { 0x20, 0x01, 0x0d, 0xb8, 0, 0xf1 } } };
	unsigned int n = 1 + (unsigned int)rand() % RECORDS_MAX, i, j;

	for (i = 0; i < n; i++) {
		struct mld_record *rec = &r->rec[i];

		rec->type = (uint8_t)(MLD_IS_IN + rand() % (MLD_BLOCK - MLD_IS_IN + 1));
		rec->group = numbered(&group, (unsigned int)rand() % GROUPS);
		rec->sources.bytes = (const uint8_t *)r->source[i];
		rec->sources.n = (unsigned int)rand() % (SOURCES_MAX + 1);
		for (j = 0; j < rec->sources.n; j++)
			r->source[i][j] = numbered(&source, 1 + (unsigned int)rand());
	}
	return n;
}

static size_t make_frame(uint8_t *frame, const uint8_t lladdr[6])
{
	static const uint8_t routers[6] = { 0x33, 0x33, 0, 0, 0, 0x16 };
	struct in6_addr src = { { { 0xfe, 0x80, [8] = 0xf1 } } };
	uint8_t *packet = frame + ETH_HLEN;
	struct report r;
	unsigned int n = invent(&r);
	int len = mld_report_write(r.rec, n, packet + MLD_HEADERS, PACKET_MAX - MLD_HEADERS);

	if (len < 0)
		errx(2, "a report does not fit");
	memcpy(frame, routers, sizeof(routers));
	memcpy(frame + ETH_ALEN, lladdr, ETH_ALEN);
	frame[12] = ETH_P_IPV6 >> 8;
	frame[13] = ETH_P_IPV6 & 0xff;
	return ETH_HLEN + mld_packet_finish(packet, (size_t)len, &src, &mld_all_routers);
}

int main(int argc, char **argv)
{
	uint8_t frame[ETH_HLEN + PACKET_MAX], lladdr[6];
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	long i, count;
	int fd;

	if (argc != 5 || !tool_lladdr(argv[2], lladdr))
		errx(2, "usage: mldflood DEVICE LLADDR REPORTS SEED");
	to.sll_ifindex = (int)if_nametoindex(argv[1]);
	if (!to.sll_ifindex)
		errx(2, "%s: no such device", argv[1]);
	count = atol(argv[3]);
	srand((unsigned int)atol(argv[4]));
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(2, "socket");
	for (i = 0; i < count; i++) {
		size_t len = make_frame(frame, lladdr);

		if (sendto(fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			err(2, "%s", argv[1]);
	}
	return 0;
}
