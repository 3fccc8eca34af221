// SPDX-License-Identifier: GPL-2.0
/* MLD on links: towards nodes, and on the anchor's upstream towards a multicast router */
#include "core/log.h"
#include "io/frame.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

/* Queries behind a hop-by-hop header of 8 bytes; nothing that this host itself sends */
static struct sock_filter program[] = {
	/* 0 */ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
	/* 1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 7, 0),
	/* 2 */ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),
	/* 3 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_HOPOPTS, 0, 5),
	/* 4 */ BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 40),
	/* 5 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6 << 8, 0, 3),
	/* 6 */ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 48),
	/* 7 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MLD_TYPE_QUERY, 0, 1),
	/* 8 */ BPF_STMT(BPF_RET | BPF_K, FRAME_MAX),
	/* 9 */ BPF_STMT(BPF_RET | BPF_K, 0),
};

static void readable(struct ev_loop *loop, struct ev_io *w, int revents)
{
	static uint8_t buf[FRAME_MAX];
	struct io_link *l = w->data;
	unsigned int burst;
	ssize_t n;

	(void)loop;
	(void)revents;
	for (burst = 0; burst < IO_BURST && l->fd >= 0; burst++) {
		n = recv(l->fd, buf, sizeof(buf), MSG_DONTWAIT);
		/* ENETDOWN comes once whenever the device goes down */
		if (n < 0 && errno != ENETDOWN)
			return;
		if (n < 0 || !l->io->lma)
			continue;
		l->io->counters.mld_rx++;
		lma_on_mld_upstream(l->io->lma, buf, (size_t)n);
	}
}

static int listen_on(struct io_link *l)
{
	struct sock_fprog filter = { sizeof(program) / sizeof(*program), program };

	return link_listen(l, &filter, readable);
}

/* RFC 3810 §5.2.13: a report comes from a link-local address, or is not heard */
static bool own_lla(const char *name, struct in6_addr *lla)
{
	struct ifaddrs *list, *i;
	bool found = false;

	if (getifaddrs(&list))
		return false;
	for (i = list; i && !found; i = i->ifa_next) {
		const struct sockaddr_in6 *a = (const void *)i->ifa_addr;

		if (!a || a->sin6_family != AF_INET6 || strcmp(i->ifa_name, name) ||
		    !IN6_IS_ADDR_LINKLOCAL(&a->sin6_addr))
			continue;
		*lla = a->sin6_addr;
		found = true;
	}
	freeifaddrs(list);
	return found;
}

static bool is_upstream(const struct io_link *l)
{
	const struct lma_conf *c = &l->io->conf->lma;

	return c->mcast.enabled && !l->access && !strcmp(c->mcast.upstream, l->name);
}

/**
 * mld_upstream_seen() - a port is there, or is running
 * @l: the port; nothing happens unless it is the multicast upstream
 */
void mld_upstream_seen(struct io_link *l)
{
	struct in6_addr lla;
	int ret;

	if (!is_upstream(l) || !l->io->lma)
		return;
	ret = l->fd < 0 ? listen_on(l) : 0;
	if (ret)
		log_err("%s: no multicast can be asked for: %s", l->name, strerror(-ret));
	else if (!own_lla(l->name, &lla))
		log_warn("%s: no multicast can be asked for yet: there is no link-local address",
			 l->name);
	else
		lma_on_upstream(l->io->lma, l->ifindex, &lla);
}

/**
 * mld_upstream_gone() - a port is there no more, or not running
 * @l: the port; nothing happens unless it was the multicast upstream
 */
void mld_upstream_gone(struct io_link *l)
{
	if (!is_upstream(l))
		return;
	if (l->io->lma)
		lma_on_upstream(l->io->lma, 0, NULL);
}

static int send_out(struct io *io, const struct mld_out *m)
{
	const struct io_link *l;

	if (!m->ifindex)
		return mld_tunnel_send(io, m);
	l = link_by_index(io, m->ifindex);
	return l ? link_send(l, &m->lladdr, m->packet, m->len) : -ENODEV;
}

/**
 * mld_send() - send a packet with an MLD message, out of a link or into a tunnel
 * @io: the daemon
 * @m: the packet, and where it goes
 *
 * Whoever is not heard repeats what it says (RFC 3810 §9.1).
 */
void mld_send(struct io *io, const struct mld_out *m)
{
	char a[INET6_ADDRSTRLEN];
	int ret = send_out(io, m);

	if (!ret) {
		io->counters.mld_tx++;
		return;
	}
	io->counters.mld_tx_failed++;
	log_ratelimited(LOG_WARNING, "MLD to %s: %s",
			m->ifindex ? link_name(io, m->ifindex) :
				     inet_ntop(AF_INET6, &m->remote, a, sizeof(a)),
			strerror(-ret));
}
