// SPDX-License-Identifier: GPL-2.0
/*
 * pkt - send crafted IPv6 packets and print what is seen of them elsewhere
 *
 *	pkt [-n COUNT] [-w MS] [-c TIMES] [-i USEC] [-f] [-q [-p PORT]]
 *	    [-l NETNS:DEV]... [-s NETNS:DEV LAYERS]...
 *
 * All listeners (-l) are open before the first packet leaves.  Each packet of
 * each -s is sent TIMES times, USEC apart; with -f every time is a flow of its
 * own (the UDP source port counts up).  The program ends MS milliseconds after
 * the last thing that happened, sooner if COUNT packets have been seen by then.
 * On SIGUSR1 it sends no more.
 *
 * LAYERS, outermost first, separated by " / ":
 *	eth DST [SRC]			default source: the device's own
 *	ip6 SRC DST [hl N] [tc N] [fl N] [plen N]
 *	limit N				Destination Options, RFC 2473 §4.1.1
 *	frag OFFSET BYTES ID		that part of everything that follows
 *	udp SPORT DPORT [BYTES]		the payload begins with a u32 number
 *	echo ID SEQ [BYTES]		ICMPv6 Echo Request
 *	error TYPE CODE ARGUMENT	ICMPv6 error, the rest is what it quotes
 *	raw HEX [NH]			as it is, NH is its protocol number
 *
 * One line per packet seen, of words "name=value": ip.* is the outer header,
 * in.* the one inside it, q.* one quoted in an ICMPv6 error.  Neighbour and
 * listener discovery is left out.  With -q a line per listener instead: how
 * many of the numbered packets came by, came twice, or out of order; and a last line
 * of those that nobody saw, with the time (CLOCK_MONOTONIC) the last of them left.  With -p
 * only those to that UDP port: somebody else's packets may have the same numbers.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <net/if.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include "pkt_build.h"
#include "pkt_print.h"

#define ENDS	24
#define NUMBERS	200000
#define GRACE_MS 80

struct end {
	char name[64];
	int fd;
	uint8_t lladdr[6];
	const char *layers;
	uint8_t *counts;
	unsigned int seen, twice, late, highest;
	uint64_t last_us, gap_us;
};

static struct end listeners[ENDS], senders[ENDS];
static unsigned int nr_listeners, nr_senders, nr_seen;
static int quiet, port;
static uint64_t sent_us[NUMBERS];

/* ---- the devices ---- */

/*
 * TCP, in a tunnel or not, is not counted, and a transfer beside the stream would fill the
 * socket's room on a busy host: what was not seen would be this tool's loss.
 */
static void without_tcp(const struct end *e)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, 0, 5),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 14 + 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_IPV6, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 14 + 40 + 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, ~0u),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(*code), .filter = code };

	if (setsockopt(e->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)))
		err(2, "%s", e->name);
}

/* Open the device that @name ("NETNS:DEV") means, seeing @protocol. */
static void end_open(struct end *e, const char *name, int protocol)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET, .sll_protocol = htons(protocol) };
	char netns[64], *dev;
	struct ifreq ifr = { 0 };
	int on = 1, room = 8 << 20;

	snprintf(e->name, sizeof(e->name), "%s", name);
	snprintf(netns, sizeof(netns), "%s", name);
	dev = strchr(netns, ':');
	if (!dev)
		errx(2, "%s is not NETNS:DEV", name);
	*dev++ = 0;
	tool_enter(netns);
	e->fd = socket(AF_PACKET, SOCK_RAW, 0);
	sll.sll_ifindex = if_nametoindex(dev);
	if (e->fd < 0 || !sll.sll_ifindex)
		err(2, "%s", name);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (ioctl(e->fd, SIOCGIFHWADDR, &ifr))
		err(2, "%s", name);
	memcpy(e->lladdr, ifr.ifr_hwaddr.sa_data, 6);
	setsockopt(e->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	/* with its header a packet shows if it is to be segmented, or summed */
	if (protocol && setsockopt(e->fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
		err(2, "%s", name);
	if (bind(e->fd, (struct sockaddr *)&sll, sizeof(sll)))
		err(2, "%s", name);
}

static int is_discovery(const uint8_t *ip, const uint8_t *end)
{
	const uint8_t *p = ip + 40;
	int nh = ip[6];

	if (nh == IPPROTO_HOPOPTS && end - p >= 8) {
		nh = p[0];
		p += 8 + p[1] * 8;
	}
	return nh == IPPROTO_ICMPV6 && end - p >= 1 &&
	       ((p[0] >= 130 && p[0] <= 137) || p[0] == 143);
}

/* The number that the innermost UDP packet carries, or -1: or it is none of ours. */
static long packet_number(const uint8_t *p, const uint8_t *end)
{
	int nh = IPPROTO_IPV6;

	while (end - p >= 12) {
		if (nh == IPPROTO_UDP && port && port != (p[2] << 8 | p[3]))
			return -1;
		if (nh == IPPROTO_UDP)
			return (long)p[8] << 24 | p[9] << 16 | p[10] << 8 | p[11];
		if (nh == IPPROTO_IPV6 && end - p > 40) {
			nh = p[6];
			p += 40;
		} else if (nh == IPPROTO_DSTOPTS) {
			nh = p[0];
			p += 8 + p[1] * 8;
		} else {
			break;
		}
	}
	return -1;
}

static void count(struct end *e, const uint8_t *p, const uint8_t *end)
{
	long number = packet_number(p, end);
	uint64_t now = tool_now_us();

	if (number < 0 || number >= NUMBERS)
		return;
	if (e->seen && now - e->last_us > e->gap_us)
		e->gap_us = now - e->last_us;
	e->last_us = now;
	e->seen++;
	nr_seen++;
	if (e->counts[number]++)
		e->twice++;
	else if (number < e->highest)
		e->late++;
	else
		e->highest = number;
}

static void receive(struct end *e)
{
	static uint8_t room[ROOM];
	const struct virtio_net_hdr *vnet = (const void *)room;
	const uint8_t *eth = room + sizeof(*vnet), *end;
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	ssize_t len = recvfrom(e->fd, room, sizeof(room), MSG_DONTWAIT, (void *)&from, &size);

	end = room + len;
	if (len < 0 || end - eth < 54 || eth[12] != 0x86 || eth[13] != 0xdd ||
	    is_discovery(eth + 14, end))
		return;
	if (quiet) {
		count(e, eth + 14, end);
		return;
	}
	nr_seen++;
	printf("%s %s eth.dst=%02x:%02x:%02x:%02x:%02x:%02x eth.src=%02x:%02x:%02x:%02x:%02x:%02x",
	       e->name, from.sll_pkttype == PACKET_OUTGOING ? "out" : "in", eth[0], eth[1],
	       eth[2], eth[3], eth[4], eth[5], eth[6], eth[7], eth[8], eth[9], eth[10], eth[11]);
	printf(" len=%td gso=%u", end - eth, vnet->gso_type ? vnet->gso_size : 0);
	print_ip6("ip", eth + 14, end, vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM);
	putchar('\n');
}

static void transmit(struct end *e, unsigned int serial, int flows)
{
	static struct buf b;
	char layers[1024];

	b.len = 0;
	b.serial = serial;
	b.flows = flows;
	memcpy(b.from, e->lladdr, sizeof(b.from));
	snprintf(layers, sizeof(layers), "%s", e->layers);
	build(&b, layers, NULL);
	/* A device may go down or away under traffic: that is for the test to judge */
	if (write(e->fd, b.bytes, b.len) < 0 && errno != ENETDOWN && errno != ENOBUFS &&
	    errno != ENXIO && errno != ENODEV)
		err(2, "send on %s", e->name);
}

/* ---- the whole ---- */

struct plan {
	unsigned int want, wait_ms, times, pause_us, done;
	int flows;
	uint64_t quiet_us;
};

/* SIGUSR1 is never delivered, only looked for. */
static void enough_hold(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static int enough(void)
{
	sigset_t set;

	return !sigpending(&set) && sigismember(&set, SIGUSR1) == 1;
}

/* Send what is due; returns how long the poll may take, in milliseconds. */
static int plan_step(struct plan *p, uint64_t start_us)
{
	uint64_t now = tool_now_us(), due;
	unsigned int i;

	if (p->done < p->times && enough())
		p->times = p->done;
	while (nr_senders && p->done < p->times) {
		due = start_us + (uint64_t)p->done * p->pause_us;
		if (due > now)
			return (due - now + 999) / 1000;
		if (p->done < NUMBERS)
			sent_us[p->done] = tool_now_us();
		for (i = 0; i < nr_senders; i++)
			transmit(&senders[i], p->done, p->flows);
		p->done++;
		p->quiet_us = tool_now_us();
		if (p->pause_us)
			return 0;
	}
	due = p->quiet_us + p->wait_ms * 1000ull;
	return due > now ? (int)((due - now) / 1000 + 1) : -1;
}

static void run(struct plan *p)
{
	struct pollfd fds[ENDS];
	uint64_t start_us = tool_now_us();
	unsigned int i;
	int ms;

	p->quiet_us = start_us;
	for (i = 0; i < nr_listeners; i++)
		fds[i] = (struct pollfd){ .fd = listeners[i].fd, .events = POLLIN };
	for (;;) {
		/* what comes on top of those that were waited for is told, too */
		if (p->want && nr_seen >= p->want)
			p->wait_ms = GRACE_MS * tool_slow();
		ms = plan_step(p, start_us);
		if (ms < 0)
			return;
		if (poll(fds, nr_listeners, ms) <= 0)
			continue;
		for (i = 0; i < nr_listeners; i++)
			if (fds[i].revents)
				receive(&listeners[i]);
		p->quiet_us = tool_now_us();
	}
}

/* What no listener has seen, and when the last such packet was sent */
static void report_missing(const struct plan *p)
{
	unsigned int n, i, missing = 0, last = 0;

	for (n = 0; n < p->done && n < NUMBERS; n++) {
		for (i = 0; i < nr_listeners; i++)
			if (listeners[i].counts[n])
				break;
		if (i == nr_listeners) {
			missing++;
			last = n;
		}
	}
	printf("all sent=%u missing=%u last_missing_us=%llu\n", p->done, missing,
	       missing ? (unsigned long long)sent_us[last] : 0);
}

/* What the socket had no room for has come, and is missing all the same */
static void tell_dropped(const struct end *e)
{
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);

	if (!getsockopt(e->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) && stats.tp_drops)
		warnx("%s: no room for %u of %u packets: they are not counted", e->name,
		      stats.tp_drops, stats.tp_packets);
}

static void report(const struct plan *p)
{
	unsigned int i;

	for (i = 0; i < nr_listeners; i++) {
		const struct end *e = &listeners[i];

		printf("%s sent=%u seen=%u missing=%u twice=%u late=%u gap_ms=%u\n", e->name,
		       p->done, e->seen, p->done - (e->seen - e->twice), e->twice, e->late,
		       (unsigned int)(e->gap_us / 1000));
		tell_dropped(e);
	}
	report_missing(p);
}

int main(int argc, char **argv)
{
	struct plan p = { .wait_ms = 300 * tool_slow(), .times = 1 };
	unsigned int i;
	struct end *e;
	int c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt(argc, argv, "n:w:c:i:fqp:l:s:")) != -1) {
		switch (c) {
		case 'n':
			p.want = atoi(optarg);
			break;
		case 'w':
			p.wait_ms = (unsigned int)atoi(optarg) * tool_slow();
			break;
		case 'c':
			p.times = atoi(optarg);
			break;
		case 'i':
			p.pause_us = atoi(optarg);
			break;
		case 'f':
			p.flows = 1;
			break;
		case 'q':
			quiet = 1;
			break;
		case 'p':
			port = atoi(optarg);
			break;
		case 'l':
			if (nr_listeners == ENDS)
				errx(2, "too many listeners");
			e = &listeners[nr_listeners++];
			end_open(e, optarg, ETH_P_ALL);
			e->counts = calloc(1, NUMBERS);
			break;
		case 's':
			if (nr_senders == ENDS || optind == argc)
				errx(2, "-s NETNS:DEV LAYERS");
			e = &senders[nr_senders++];
			end_open(e, optarg, 0);
			e->layers = argv[optind++];
			break;
		default:
			return 2;
		}
	}
	for (i = 0; quiet && i < nr_listeners; i++)
		without_tcp(&listeners[i]);
	enough_hold();
	run(&p);
	if (quiet)
		report(&p);
	return 0;
}
