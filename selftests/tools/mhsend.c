// SPDX-License-Identifier: GPL-2.0
/*
 * mhsend - send Mobility Header messages, sound or broken, and print the answers
 *
 *	mhsend [-n NETNS] [-w MS] [-a ANSWERS] [-r TIMES] [-q SRC,DST] -s SRC DST MESSAGE
 *	mhsend -p FILE
 *	mhsend [-n NETNS] -f DEV COUNT [PAUSE-US [LLADDR]]
 *
 * The message leaves from SRC, whosoever address that is.  ANSWERS (default 1)
 * end the wait, or MS milliseconds (default 1000) without one.  Each answer is
 * a line of JSON: what the project's own codec reads in it, or the code, pointer
 * and source of an ICMPv6 Parameter Problem; "silence" is the line where there
 * was none.  With -q a Heartbeat request follows, from and to these addresses:
 * "silence" means that its answer was the first, and "no answer at all" that
 * even that did not come.
 *
 * MESSAGE is KIND WORD...; KIND is pbu, pba, be, heartbeat, shi, shack, fmi, fma,
 * bri, bra, upn, upa, hi, hack, or raw HEX (the bytes of it all).  Words of the message:
 *	seq=N flags=N lifetime=N status=N trigger=N reason=N code=N home=ADDR mn-id=NAI
 *	hnp=PREFIX... off-link=PREFIX... hi=N att=N llid=LLADDR lla=ADDR mag=ADDR...
 *	restart=N bid=N... alt-coa=ADDR ipv4=ADDR
 *	timestamp=SECONDS	from now, negative: before it; or 0xHEX, as sent
 *	flow=FID:PRI[:BID,...]	a Flow Identification option; of the last one:
 *	ts=FORMAT proto=N[-N] sport=N[-N] dport=N[-N] tc=N[-N] spi=N[-N] label=N[-N]
 *	action=N		its sub-options
 * and of what then happens to its bytes, in the order given:
 *	patch=OFFSET:HEX append=HEX cut=LEN pad=BYTES fit
 *	sum=no			the checksum stays what it was
 * "fit" sets the header length to the bytes that there are.  The checksum is
 * computed last, over the header length, or all bytes if those are fewer.
 *
 * -p prints the Mobility Header messages in a capture of Ethernet frames, one
 * a line, with the frame's number and time (ns since 1970).  -f sends router
 * solicitations from COUNT different link-layer and link-local addresses, or all
 * from LLADDR.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/icmp6.h>
#include <poll.h>
#include <sys/socket.h>
#include "mhsend.h"
#include "tool.h"

#define IPPROTO_MOBILITY	135
#define IP6_LEN			40
#define PROBE_SEQ		"524708"

static struct {
	struct in6_addr src, dst;
	unsigned int wait_ms, answers, times;
	int mh, icmp;		/* where answers come in */
	char *probe;		/* the addresses of a request that is answered */
} run = { .wait_ms = 1000, .answers = 1, .times = 1 };

static int open_raw(int protocol)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, protocol), off = -1, on = 1;

	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)))
		err(2, "raw socket");
	/* Wrong checksums of a daemon are to be seen, not dropped. */
	if (protocol == IPPROTO_MOBILITY &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_CHECKSUM, &off, sizeof(off)))
		err(2, "IPV6_CHECKSUM");
	return fd;
}

/* With its own header, so that any source and any length will do */
static void send_message(const struct in6_addr *src, const struct in6_addr *dst,
			 const uint8_t *msg, size_t len, unsigned int times)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = *dst };
	uint8_t pkt[IP6_LEN + MHSEND_MAX] = { 6 << 4 };
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	unsigned int i;

	if (fd < 0)
		err(2, "raw socket");
	put16(pkt + 4, (uint16_t)len);
	pkt[6] = IPPROTO_MOBILITY;
	pkt[7] = 64;
	memcpy(pkt + 8, src, 16);
	memcpy(pkt + 24, dst, 16);
	memcpy(pkt + IP6_LEN, msg, len);
	for (i = 0; i < times; i++)
		if (sendto(fd, pkt, IP6_LEN + len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			err(2, "send");
	close(fd);
}

/* What is answered tells that all before it has been read. */
static void send_probe(void)
{
	char kind[] = "heartbeat", seq[] = "seq=" PROBE_SEQ, *comma = strchr(run.probe, ',');
	struct in6_addr src, dst;
	uint8_t msg[MHSEND_MAX];
	char *words[2];
	size_t len;

	words[0] = kind;
	words[1] = seq;
	if (comma)
		*comma = '\0';
	if (!comma || inet_pton(AF_INET6, run.probe, &src) != 1 ||
	    inet_pton(AF_INET6, comma + 1, &dst) != 1)
		errx(2, "-q wants two addresses, SRC,DST");
	len = build(msg, 2, words, &src, &dst);
	send_message(&src, &dst, msg, len, 1);
}

static bool is_probed(const json_t *o)
{
	const char *kind = json_string_value(json_object_get(o, "kind"));

	return run.probe && kind && !strcmp(kind, "Heartbeat") &&
	       json_integer_value(json_object_get(o, "seq")) == atoi(PROBE_SEQ);
}

static struct in6_addr destination(struct msghdr *m)
{
	struct in6_pktinfo info = { 0 };
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
			memcpy(&info, CMSG_DATA(c), sizeof(info));
	return info.ipi6_addr;
}

/* An answer, or NULL where it is nothing of ours */
static json_t *answer(int fd)
{
	struct sockaddr_in6 from = { 0 };
	uint8_t buf[MHSEND_MAX];
	struct iovec iov = { buf, sizeof(buf) };
	union {
		struct cmsghdr align;
		char room[256];
	} control;
	struct msghdr m = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &m, 0);
	struct in6_addr dst = destination(&m);
	char text[INET6_ADDRSTRLEN];
	json_t *o;

	if (n < 8 || (fd == run.icmp && buf[0] != ICMP6_PARAM_PROB))
		return NULL;
	/* The sender's own messages come by where source and sender are one host. */
	if (fd == run.mh && !memcmp(&dst, &run.dst, 16) && memcmp(&run.src, &run.dst, 16))
		return NULL;
	o = json_object();
	if (fd == run.icmp)
		json_object_update_new(o, json_pack("{s:s, s:i, s:I, s:s}", "kind",
						    "parameter-problem", "code", buf[1], "pointer",
						    (json_int_t)get32(buf + 4), "from",
						    inet_ntop(AF_INET6, &from.sin6_addr, text,
							      sizeof(text))));
	else
		print_message(o, buf, (size_t)n, &from.sin6_addr, &dst);
	return o;
}

static void listen_for_answers(void)
{
	uint64_t end = tool_now_us() + run.wait_ms * 1000ULL, now;
	unsigned int got = 0;
	json_t *o;
	int i;

	while (got < run.answers && (now = tool_now_us()) < end) {
		/* A Parameter Problem leaves before the answers to what came later. */
		struct pollfd p[2] = { { run.icmp, POLLIN, 0 }, { run.mh, POLLIN, 0 } };

		if (poll(p, 2, (int)((end - now) / 1000) + 1) <= 0)
			continue;
		for (i = 0; i < 2 && got < run.answers; i++) {
			o = p[i].revents ? answer(p[i].fd) : NULL;
			if (!o)
				continue;
			if (is_probed(o)) {
				json_decref(o);
				if (!got)
					puts("silence");
				return;
			}
			print_end(o);
			got++;
		}
	}
	if (!got)
		puts(run.probe ? "no answer at all" : "silence");
}

static void give_up(void)
{
	fputs("usage: mhsend [-n NETNS] [-w MS] [-a ANSWERS] [-r TIMES] [-q SRC,DST] -s SRC DST\n"
	      "              KIND WORD...\n"
	      "       mhsend -p FILE\n"
	      "       mhsend [-n NETNS] -f DEV COUNT [PAUSE-US [LLADDR]]\n", stderr);
	exit(2);
}

static int exchange(int argc, char **argv)
{
	uint8_t msg[MHSEND_MAX];
	size_t len;

	if (argc < 2 || inet_pton(AF_INET6, argv[0], &run.dst) != 1)
		give_up();
	len = build(msg, argc - 1, argv + 1, &run.src, &run.dst);
	run.mh = open_raw(IPPROTO_MOBILITY);
	run.icmp = open_raw(IPPROTO_ICMPV6);
	send_message(&run.src, &run.dst, msg, len, run.times);
	if (run.probe)
		send_probe();
	listen_for_answers();
	return 0;
}

int main(int argc, char **argv)
{
	const char *dev = NULL, *pcap = NULL;
	int o;

	while ((o = getopt(argc, argv, "+n:s:w:a:r:q:p:f:")) != -1) {
		switch (o) {
		case 'n':
			tool_enter(optarg);
			break;
		case 's':
			if (inet_pton(AF_INET6, optarg, &run.src) != 1)
				errx(2, "%s is not an address", optarg);
			break;
		case 'w':
			run.wait_ms = (unsigned int)atoi(optarg);
			break;
		case 'a':
			run.answers = (unsigned int)atoi(optarg);
			break;
		case 'r':
			run.times = (unsigned int)atoi(optarg);
			break;
		case 'q':
			run.probe = optarg;
			break;
		case 'p':
			pcap = optarg;
			break;
		case 'f':
			dev = optarg;
			break;
		default:
			give_up();
		}
	}
	argc -= optind;
	argv += optind;
	if (pcap)
		return print_pcap(pcap);
	if (!dev)
		return exchange(argc, argv);
	if (!argc)
		give_up();
	return flood(dev, (unsigned int)atoi(argv[0]), argc > 1 ? (unsigned int)atoi(argv[1]) : 0,
		     argc > 2 ? argv[2] : NULL);
}
