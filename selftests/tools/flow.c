// SPDX-License-Identifier: GPL-2.0
/*
 * flow - one end of a measured UDP flow that runs both ways
 *
 * Sends numbered packets at a fixed rate to the other end, which runs the same
 * program, and notes every packet that comes from there with the time at which
 * the kernel got it (SO_TIMESTAMPNS).  On SIGTERM it stops sending, listens on
 * until the other end's last packets are in, and writes what it knows, in
 * CLOCK_MONOTONIC nanoseconds, which is the clock of the module's events:
 *
 *	# realtime-minus-monotonic NS
 *	S SEQUENCE SENT			a packet that this end sent
 *	R SEQUENCE SENT RECEIVED	a packet that it got, in order of arrival
 *
 * With -m the address that it listens to is a group, which it joins on that device, from the
 * REMOTE alone with -a, and nothing is sent; or the REMOTE is a group, to which it sends there.
 *
 * With -g it listens from the start and sends from SIGUSR1 on; LOG exists as soon
 * as it listens.  The socket is not connected, so each packet goes by the routes of its moment.
 */
#define _GNU_SOURCE		/* recvmmsg() */

#include <endian.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flow.h"

#define RECV_BATCH	32
#define LATE_MAX	32	/* packets */
#define RECV_EVERY	8	/* packets sent */
#define BUFFER		(4 << 20)

struct record {
	int64_t seq, sent, received;
};

struct records {
	struct record *v;
	size_t n, size;
};

struct flow {
	int fd;
	struct sockaddr_in6 to;
	int64_t clock_offset;		/* CLOCK_REALTIME - CLOCK_MONOTONIC */
	size_t packet_size;
	bool listens;			/* to a group, and sends nothing */
	struct records sent, received;
};

static void records_add(struct records *r, int64_t seq, int64_t sent, int64_t received)
{
	if (r->n == r->size) {
		r->size = r->size ? r->size * 2 : 32768;
		r->v = reallocarray(r->v, r->size, sizeof(*r->v));
		if (!r->v)
			err(2, "records");
	}
	r->v[r->n++] = (struct record){ seq, sent, received };
}

static int open_socket(const struct sockaddr_in6 *local)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	int on = 1, size = BUFFER;

	if (fd < 0)
		err(2, "socket");
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)))
		err(2, "SO_TIMESTAMPNS");
	/*
	 * The default buffers hold some 250 packets: too few where the machine
	 * itself may stand still for longer.  Without privilege they must do.
	 */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	if (bind(fd, (const struct sockaddr *)local, sizeof(*local)))
		err(2, "bind");
	return fd;
}

/* By an ordinary socket: the kernel speaks MLD for it. */
static void join(const struct flow *f, const struct sockaddr_in6 *group, unsigned int dev,
		 bool from_one)
{
	struct group_source_req one = { .gsr_interface = dev };
	struct group_req any = { .gr_interface = dev };

	memcpy(&one.gsr_group, group, sizeof(*group));
	memcpy(&one.gsr_source, &f->to, sizeof(f->to));
	memcpy(&any.gr_group, group, sizeof(*group));
	if (from_one ? setsockopt(f->fd, IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, &one, sizeof(one)) :
		       setsockopt(f->fd, IPPROTO_IPV6, MCAST_JOIN_GROUP, &any, sizeof(any)))
		err(2, "joining the group");
}

/* Beyond the link, as far as any packet goes */
static void send_by(const struct flow *f, unsigned int dev)
{
	int hops = 64;

	if (setsockopt(f->fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) ||
	    setsockopt(f->fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &dev, sizeof(dev)))
		err(2, "sending to the group");
}

static void multicast(struct flow *f, const struct sockaddr_in6 *local, const char *name,
		      bool from_one)
{
	unsigned int dev = if_nametoindex(name);

	if (!dev)
		errx(2, "%s: no such device", name);
	f->listens = IN6_IS_ADDR_MULTICAST(&local->sin6_addr);
	if (f->listens)
		join(f, local, dev, from_one);
	else
		send_by(f, dev);
}

/* A packet that the stack refuses counts as sent: the application meant it. */
static void send_one(struct flow *f)
{
	union {
		struct flow_packet p;
		char bytes[2048];
	} buf = { .p.magic = htobe32(FLOW_MAGIC) };
	int64_t seq = (int64_t)f->sent.n, sent = now_ns(CLOCK_MONOTONIC);

	buf.p.seq = htobe64((uint64_t)seq);
	buf.p.sent = htobe64((uint64_t)sent);
	sendto(f->fd, &buf, f->packet_size, 0, (struct sockaddr *)&f->to, sizeof(f->to));
	records_add(&f->sent, seq, sent, 0);
}

static int64_t kernel_time(struct msghdr *msg)
{
	struct cmsghdr *c;
	struct timespec ts;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&ts, CMSG_DATA(c), sizeof(ts));
		return ts.tv_sec * NSEC + ts.tv_nsec;
	}
	errx(2, "a packet without a timestamp");
}

static void receive_all(struct flow *f)
{
	struct mmsghdr msgs[RECV_BATCH];
	struct iovec iov[RECV_BATCH];
	struct flow_packet packets[RECV_BATCH];
	char control[RECV_BATCH][CMSG_SPACE(sizeof(struct timespec))];
	int i, n;

	do {
		memset(msgs, 0, sizeof(msgs));
		for (i = 0; i < RECV_BATCH; i++) {
			iov[i] = (struct iovec){ &packets[i], sizeof(packets[i]) };
			msgs[i].msg_hdr.msg_iov = &iov[i];
			msgs[i].msg_hdr.msg_iovlen = 1;
			msgs[i].msg_hdr.msg_control = control[i];
			msgs[i].msg_hdr.msg_controllen = sizeof(control[i]);
		}
		n = recvmmsg(f->fd, msgs, RECV_BATCH, 0, NULL);
		for (i = 0; i < n; i++) {
			if (msgs[i].msg_len < sizeof(packets[i]) ||
			    packets[i].magic != htobe32(FLOW_MAGIC))
				continue;
			records_add(&f->received, (int64_t)be64toh(packets[i].seq),
				    (int64_t)be64toh(packets[i].sent),
				    kernel_time(&msgs[i].msg_hdr) - f->clock_offset);
		}
	} while (n == RECV_BATCH);
}

/*
 * Every packet has its time, and one that is late does not move the next.  But
 * what a stall of the machine held up for long is not sent in one burst, which
 * would overflow queues.  What comes in has the kernel's timestamp and may wait.
 */
static void run(struct flow *f, int64_t interval, int64_t count, int64_t drain)
{
	int64_t next = now_ns(CLOCK_MONOTONIC), now, end;

	while (!count || (int64_t)f->sent.n < count) {
		sleep_until(next);
		if (!f->listens)
			send_one(f);
		next += interval;
		if (f->sent.n % RECV_EVERY)
			continue;
		receive_all(f);
		now = now_ns(CLOCK_MONOTONIC);
		if (now > next + LATE_MAX * interval)
			next = now;
		if (stop_asked())
			break;
	}
	for (end = next + drain; next < end; next += RECV_EVERY * interval) {
		sleep_until(next);
		receive_all(f);
	}
}

/* False if it is not to begin at all */
static bool wait_for_go(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigwait(&set, &sig);
	return sig == SIGUSR1;
}

static void write_log(const struct flow *f, FILE *out)
{
	size_t i;

	fprintf(out, "# realtime-minus-monotonic %lld\n", (long long)f->clock_offset);
	for (i = 0; i < f->sent.n; i++)
		fprintf(out, "S %lld %lld\n", (long long)f->sent.v[i].seq,
			(long long)f->sent.v[i].sent);
	for (i = 0; i < f->received.n; i++)
		fprintf(out, "R %lld %lld %lld\n", (long long)f->received.v[i].seq,
			(long long)f->received.v[i].sent,
			(long long)f->received.v[i].received);
}

static int usage(void)
{
	fputs("flow -l LOCAL -r REMOTE -o LOG [-p PORT] [-i MICROSECONDS]\n"
	      "     [-n PACKETS] [-s BYTES] [-w MILLISECONDS] [-g]\n"
	      "     [-m DEVICE [-a]]\n"
	      "  -i  between packets, 1000     -n  stop after so many, else on SIGTERM\n"
	      "  -s  of UDP payload, 64        -w  listen on after the last, 1500\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const char *local = NULL, *remote = NULL, *log = NULL, *port = "5213", *dev = NULL;
	int64_t interval = 1000, count = 0, drain = 1500;
	struct flow f = { .packet_size = 64 };
	struct sockaddr_in6 from;
	bool go = true, from_one = false;
	FILE *out;
	int opt;

	while ((opt = getopt(argc, argv, "l:r:o:p:i:n:s:w:gm:a")) != -1) {
		switch (opt) {
		case 'l':
			local = optarg;
			break;
		case 'r':
			remote = optarg;
			break;
		case 'o':
			log = optarg;
			break;
		case 'p':
			port = optarg;
			break;
		case 'i':
			interval = atoll(optarg);
			break;
		case 'n':
			count = atoll(optarg);
			break;
		case 's':
			f.packet_size = (size_t)atoi(optarg);
			break;
		case 'w':
			drain = atoll(optarg);
			break;
		case 'g':
			go = false;
			break;
		case 'm':
			dev = optarg;
			break;
		case 'a':
			from_one = true;
			break;
		default:
			return usage();
		}
	}
	if (!local || !remote || !log || interval < 1 || optind != argc ||
	    f.packet_size < sizeof(struct flow_packet) || f.packet_size > 2048)
		return usage();

	from = socket_address(local, port);
	f.to = socket_address(remote, port);
	f.fd = open_socket(&from);
	if (dev)
		multicast(&f, &from, dev, from_one);
	f.clock_offset = now_ns(CLOCK_REALTIME) - now_ns(CLOCK_MONOTONIC);
	signals_hold();
	out = fopen(log, "w");
	if (!out)
		err(2, "%s", log);
	if (!go && !wait_for_go())
		return 0;
	run(&f, interval * 1000, count, drain * 1000000);
	write_log(&f, out);
	if (fclose(out))
		err(2, "%s", log);
	return 0;
}
