// SPDX-License-Identifier: GPL-2.0
/* Signs of life on an access link: who solicits a router, and who speaks. */
#include "core/log.h"
#include "io/frame.h"
#include "io/io.h"
#include "mld/mld.h"
#include "nd/nd.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <sys/socket.h>

/*
 * From the IPv6 header on: ICMPv6 type 133 or 136, or what listeners say behind a
 * hop-by-hop header of 8 bytes; nothing that this host itself sends.
 */
static struct sock_filter program[] = {
	/*  0 */ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
	/*  1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 13, 0),
	/*  2 */ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),
	/*  3 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_HOPOPTS, 4, 0),
	/*  4 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, 0, 10),
	/*  5 */ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 40),
	/*  6 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ND_ROUTER_SOLICIT, 7, 0),
	/*  7 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ND_NEIGHBOR_ADVERT, 6, 7),
	/*  8 */ BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 40),
	/*  9 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6 << 8, 0, 5),
	/* 10 */ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 48),
	/* 11 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MLD_TYPE_REPORT, 2, 0),
	/* 12 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MLD_TYPE_V1_REPORT, 1, 0),
	/* 13 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MLD_TYPE_V1_DONE, 0, 1),
	/* 14 */ BPF_STMT(BPF_RET | BPF_K, FRAME_MAX),
	/* 15 */ BPF_STMT(BPF_RET | BPF_K, 0),
};

static void on_solicitation(struct io_link *l, const struct frame_nd *f, const struct llid *from)
{
	char text[LLID_STRLEN];
	enum nd_error e;

	e = nd_rs_check(f->icmp, f->len, &f->src, f->hop_limit);
	if (e) {
		l->io->counters.nd_invalid++;
		log_ratelimited(LOG_WARNING, "%s: router solicitation of %s: %s", l->name,
				llid_str(from, text, sizeof(text)), nd_strerror(e));
		return;
	}
	mag_on_rs(l->io->mag, l->ifindex, from, &f->src);
}

/* What it listens to, once it is here; Report and Done of version 1 say nothing else. */
static bool heard_mld(struct io_link *l, const uint8_t *pkt, size_t len,
		      const struct llid *from)
{
	bool v1 = len > MLD_HEADERS && pkt[6] == IPPROTO_HOPOPTS &&
		  pkt[MLD_HEADERS] != MLD_TYPE_REPORT;

	mag_on_mld(l->io->mag, l->ifindex, from, pkt, len);
	return v1;
}

static void heard(struct io_link *l, const uint8_t *pkt, size_t len, const struct llid *from)
{
	const struct in6_addr *lla = NULL;
	struct frame_nd f;
	int ret;

	if (heard_mld(l, pkt, len, from))
		return;
	if (!frame_parse(&f, pkt, len)) {
		l->io->counters.nd_invalid++;
		return;
	}
	l->io->counters.nd_rx++;
	if (f.type == ND_ROUTER_SOLICIT) {
		on_solicitation(l, &f, from);
		return;
	}
	/* The withdrawn advertisement itself makes a node report its groups. */
	if (llid_equal(from, &l->detached) && l->io->env.ops->now(l->io) < l->detached_until)
		return;
	if (addr_is_link_local(&f.src))
		lla = &f.src;
	ret = mag_on_attach(l->io->mag, l->ifindex, from, NULL, lla, ATTACH_RS);
	if (ret)
		log_debug("%s: sign of life not taken for an attachment: %s", l->name,
			  strerror(-ret));
}

static void readable(struct ev_loop *loop, struct ev_io *w, int revents)
{
	static uint8_t buf[FRAME_MAX];
	struct io_link *l = w->data;
	struct sockaddr_ll from;
	unsigned int burst;
	socklen_t size;
	ssize_t n;

	(void)loop;
	(void)revents;
	for (burst = 0; burst < IO_BURST && l->fd >= 0; burst++) {
		struct llid who = { 0 };

		size = sizeof(from);
		n = recvfrom(l->fd, buf, sizeof(buf), MSG_DONTWAIT, (struct sockaddr *)&from,
			     &size);
		/* ENETDOWN comes once whenever the device goes down */
		if (n < 0 && errno == ENETDOWN)
			continue;
		if (n < 0)
			return;
		if (from.sll_halen > sizeof(from.sll_addr) || !l->io->mag)
			continue;
		who.len = from.sll_halen;
		memcpy(who.id, from.sll_addr, who.len);
		heard(l, buf, (size_t)n, &who);
	}
}

/**
 * solicit_open() - begin to listen on an access link
 * @l: the link, which is present
 *
 * Return: 0 or -errno.
 */
int solicit_open(struct io_link *l)
{
	struct sock_fprog filter = { sizeof(program) / sizeof(*program), program };

	return link_listen(l, &filter, readable);
}
