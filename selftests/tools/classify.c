// SPDX-License-Identifier: GPL-2.0
/*
 * classify - random packets against random flows, and a plain reference
 *
 *	classify SEED SETS NETNS:DEV LLADDR
 *
 * Runs in a namespace where 2001:db8:100:1::/64 is bound for node 1 to paths of
 * binding identifier 1, and no path has 9.  For each of SETS sets of flows of node 1
 * ten packets leave DEV in NETNS for LLADDR, three times: the first time the rules are
 * asked, in the end the flow cache answers.  A fourth time, those that are first
 * fragments are a later one of the same packet, which belongs to what the first did.  No
 * two of the ten have the same length: the sum of them, which each flow counts, tells
 * which ones it has got.  Prints each packet that went to another flow than that of the
 * reference, and how many there were of each; exits 1 if one did.
 */
#define _GNU_SOURCE
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include "classify.h"
#include "genl.h"

#define PACKETS		10	/* of each set */
#define ROUNDS		4	/* that they are sent in */
#define SHORTEST	160	/* bytes that any packet has */
#define ROOM		(1 << 16)

static struct genl genl;
static uint8_t frame[ETH_HLEN + SHORTEST + (1 << PACKETS)];
static struct flow flows[FLOWS];
static unsigned int n_flows;
static uint64_t counted[FLOWS], lengths[FLOWS];
static uint64_t old_counted[FLOWS], old_lengths[FLOWS];	/* before this round */
static unsigned int totals[4];	/* of a flow, of none, differing, later fragments */

/* ---- packets out ---- */

static int open_device(char *where, const char *lladdr)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IPV6) };
	char *dev = strchr(where, ':');
	int fd, here;

	if (!dev || !tool_lladdr(lladdr, frame))
		errx(2, "usage: classify SEED SETS NETNS:DEV LLADDR");
	*dev++ = '\0';
	here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	tool_enter(where);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	to.sll_ifindex = if_nametoindex(dev);
	if (fd < 0 || !to.sll_ifindex || bind(fd, (void *)&to, sizeof(to)))
		err(2, "%s", dev);
	if (here < 0 || setns(here, CLONE_NEWNET))
		err(2, "setns");
	close(here);
	frame[6] = 2;
	frame[12] = ETH_P_IPV6 >> 8;
	frame[13] = ETH_P_IPV6 & 0xff;
	return fd;
}

static void send_packet(int fd, struct packet *p, unsigned int i)
{
	size_t len;

	p->len = SHORTEST + (1U << i);
	len = ETH_HLEN + packet_build(p, frame + ETH_HLEN);
	if (send(fd, frame, len, 0) != (ssize_t)len)
		err(2, "send");
}

/* ---- flows in ---- */

static void put_addr(struct nlmsghdr *h, uint16_t type, uint64_t v)
{
	struct in6_addr a = { 0 };

	a.s6_addr32[0] = htonl(0x20010db8);
	a.s6_addr32[1] = htonl((uint32_t)(v >> 32));
	a.s6_addr32[3] = htonl((uint32_t)v);
	mnl_attr_put(h, type, sizeof(a), &a);
}

static void put_value(struct nlmsghdr *h, enum field_nr field, unsigned int end, uint64_t v)
{
	const uint16_t type = PMIP_A_SELECTOR_SRC + 2 * field + end;

	switch (field) {
	case SRC:
	case DST:
		put_addr(h, type, v);
		break;
	case SPI:
	case LABEL:
		mnl_attr_put_u32(h, type, v);
		break;
	case SPORT:
	case DPORT:
		mnl_attr_put_u16(h, type, v);
		break;
	default:
		mnl_attr_put_u8(h, type, v);
	}
}

static struct nlmsghdr *put_key(char **at, uint8_t cmd, uint16_t flags, uint16_t fid)
{
	struct nlmsghdr *h = genl_put(*at, genl.family, cmd, flags, ++genl.seq);

	mnl_attr_put_u64(h, PMIP_A_FLOW_NODE, 1);
	mnl_attr_put_u16(h, PMIP_A_FLOW_FID, fid);
	return h;
}

static void put_flow(char **at, const struct flow *f)
{
	struct nlmsghdr *h = put_key(at, PMIP_CMD_FLOW_NEW, NLM_F_CREATE | NLM_F_EXCL, f->fid);
	struct nlattr *nest;

	mnl_attr_put_u16(h, PMIP_A_FLOW_PRIORITY, f->priority);
	mnl_attr_put_u16(h, PMIP_A_FLOW_BID, f->active ? 1 : 9);
	nest = mnl_attr_nest_start(h, PMIP_A_FLOW_SELECTOR);
	for (enum field_nr field = SRC; field <= NEXTHDR; field++) {
		const struct range *r = &f->field[field];

		if (!r->there)
			continue;
		put_value(h, field, 0, r->first);
		if (r->last != r->first)
			put_value(h, field, 1, r->last);
	}
	mnl_attr_nest_end(h, nest);
	*at += MNL_ALIGN(h->nlmsg_len);
}

/* Replace the last set by this one, in one request */
static void load_flows(unsigned int before)
{
	static char buf[ROOM];
	struct nlmsghdr *h = NULL;
	struct answer answer;
	char *at = buf;
	unsigned int i;

	for (i = 0; i < before; i++) {
		h = put_key(&at, PMIP_CMD_FLOW_DEL, 0, i + 1);
		at += MNL_ALIGN(h->nlmsg_len);
	}
	for (i = 0; i < n_flows; i++)
		put_flow(&at, &flows[i]);
	genl_send(&genl, buf, at - buf);
	/* What is refused is answered before this is. */
	h = genl_put(buf, genl.family, PMIP_CMD_STATS_GET, NLM_F_ACK, ++genl.seq);
	genl_ask(&genl, h, &answer);
	if (answer.error)
		errx(2, "netlink: %s", strerror(answer.error));
}

/* ---- counters back ---- */

static int read_attr(const struct nlattr *a, void *data)
{
	const struct nlattr **tb = data;

	if (mnl_attr_get_type(a) <= PMIP_A_FLOW_MAX)
		tb[mnl_attr_get_type(a)] = a;
	return MNL_CB_OK;
}

static int read_flow(const struct nlmsghdr *h, void *data)
{
	const struct nlattr *tb[PMIP_A_FLOW_MAX + 1] = { NULL };
	unsigned int *n = data, i;

	mnl_attr_parse(h, sizeof(struct genlmsghdr), read_attr, tb);
	i = mnl_attr_get_u16(tb[PMIP_A_FLOW_FID]) - 1;
	if (i >= FLOWS)
		errx(1, "a flow that was never made");
	counted[i] = mnl_attr_get_u64(tb[PMIP_A_FLOW_PACKETS]);
	lengths[i] = mnl_attr_get_u64(tb[PMIP_A_FLOW_BYTES]);
	++*n;
	return MNL_CB_OK;
}

static void read_flows(void)
{
	static char buf[ROOM];
	struct nlmsghdr *h = genl_put(buf, genl.family, PMIP_CMD_FLOW_GET, NLM_F_DUMP, ++genl.seq);
	unsigned int n = 0;
	int len, more = 1;

	memcpy(old_counted, counted, sizeof(counted));
	memcpy(old_lengths, lengths, sizeof(lengths));
	genl_send(&genl, h, h->nlmsg_len);
	while (more > 0) {
		len = mnl_socket_recvfrom(genl.nl, buf, sizeof(buf));
		if (len < 0)
			err(2, "netlink: receive");
		more = mnl_cb_run(buf, len, genl.seq, 0, read_flow, &n);
	}
	if (more < 0 || n != n_flows)
		errx(2, "netlink: %u flows, not %u", n, n_flows);
}

static int read_down(const struct nlattr *a, void *data)
{
	if (mnl_attr_get_type(a) == PMIP_A_BINDING_DOWN_PACKETS)
		*(uint64_t *)data = mnl_attr_get_u64(a);
	return MNL_CB_OK;
}

/* Packets that the binding has got so far */
static uint64_t arrived(void)
{
	static char buf[ROOM];
	struct nlmsghdr *h = genl_put(buf, genl.family, PMIP_CMD_BINDING_GET, 0, ++genl.seq);
	uint64_t packets = UINT64_MAX;

	put_addr(h, PMIP_A_BINDING_PREFIX, 0x0100000100000000ULL);
	mnl_attr_put_u8(h, PMIP_A_BINDING_PREFIX_LEN, 64);
	genl_send(&genl, h, h->nlmsg_len);
	if (mnl_socket_recvfrom(genl.nl, buf, sizeof(buf)) < 0)
		err(2, "netlink: receive");
	h = (void *)buf;
	if (h->nlmsg_type == genl.family) {
		packets = 0;	/* a counter of 0 is left out */
		mnl_attr_parse(h, sizeof(struct genlmsghdr), read_down, &packets);
	}
	if (packets == UINT64_MAX)
		errx(2, "no binding of 2001:db8:100:1::/64");
	return packets;
}

static void wait_for(uint64_t packets)
{
	const uint64_t end = tool_now_us() + 5000000 * tool_slow();

	while (arrived() != packets) {
		if (tool_now_us() > end)
			errx(1, "%llu packets arrived, not %llu", (unsigned long long)arrived(),
			     (unsigned long long)packets);
		usleep(500);
	}
}

/* ---- the comparison ---- */

static bool has_packet(unsigned int flow, unsigned int i)
{
	const uint64_t packets = counted[flow] - old_counted[flow];

	return (lengths[flow] - old_lengths[flow] - packets * SHORTEST) >> i & 1;
}

static void compare(unsigned int set, unsigned int round, const struct packet *p, unsigned int i,
		    const struct flow *want)
{
	const struct flow *got = NULL;

	for (unsigned int f = 0; f < n_flows; f++)
		if (has_packet(f, i))
			got = &flows[f];
	totals[!want]++;
	if (got == want)
		return;
	totals[2]++;
	printf("set %u, round %u: flow %u, not %u, of priority %u and %u, of a packet with\n  ",
	       set, round, got ? got->fid : 0, want ? want->fid : 0, got ? got->priority : 0,
	       want ? want->priority : 0);
	packet_print(p);
}

/* Later fragments of those packets of which the first has been sent */
static void follow(struct packet *packets)
{
	for (unsigned int i = 0; i < PACKETS; i++) {
		if (packets[i].fragment != FIRST)
			continue;
		packets[i].fragment = LATER;
		totals[3]++;
	}
}

static void run_set(int fd, unsigned int set, uint64_t *all)
{
	const struct flow *want[PACKETS];
	struct packet packets[PACKETS];
	unsigned int round, i;

	for (i = 0; i < PACKETS; i++) {
		random_packet(&packets[i], set * PACKETS + i + 1);
		want[i] = reference(flows, n_flows, &packets[i]);
	}
	memset(counted, 0, sizeof(counted));
	memset(lengths, 0, sizeof(lengths));
	for (round = 0; round < ROUNDS; round++) {
		if (round == ROUNDS - 1)
			follow(packets);
		for (i = 0; i < PACKETS; i++)
			send_packet(fd, &packets[i], i);
		*all += PACKETS;
		wait_for(*all);
		read_flows();
		for (i = 0; i < PACKETS; i++)
			compare(set, round, &packets[i], i, want[i]);
	}
}

int main(int argc, char **argv)
{
	unsigned int set, sets, before;
	uint64_t all;
	int fd;

	if (argc != 5)
		errx(2, "usage: classify SEED SETS NETNS:DEV LLADDR");
	random_seed(strtoull(argv[1], NULL, 0));
	sets = strtoul(argv[2], NULL, 0);
	fd = open_device(argv[3], argv[4]);
	genl_open(&genl);
	all = arrived();
	for (set = 0; set < sets; set++) {
		before = n_flows;
		n_flows = random_flows(flows);
		load_flows(before);
		run_set(fd, set, &all);
	}
	printf("seed %s: %u sets of flows, %u packets of a flow, %u of none, ", argv[1], sets,
	       totals[0], totals[1]);
	printf("%u behind a first fragment, %u differ\n", totals[3], totals[2]);
	return totals[2] ? 1 : 0;
}
