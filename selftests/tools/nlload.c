// SPDX-License-Identifier: GPL-2.0
/*
 * nlload - load many routes, rules or bindings by netlink, or dump them all
 *
 *	nlload route COUNT dev DEV [via GATEWAY] [seg6 SEGMENT]
 *	nlload rule COUNT table TABLE
 *	nlload binding COUNT [uplink TUNNEL] {path tunnel TUNNEL | path dev DEV}...
 *	nlload flow COUNT each FLOWS [by tuple]
 *	nlload dump route|binding
 *
 * Number I is for 2001:db8:X:Y::/64, where I is X << 16 | Y.  A binding's path out
 * of a device is to a link-layer address of its own, 02:01:XX:XX:YY:YY; a path's
 * binding identifier is its place, and node I + 1 has the binding.  Of the flows of
 * each node, the last is of packets to port 9, and all prefer identifier 1; "by tuple"
 * they look at addresses, protocol and source port too, any of which will do.  256 go
 * in one send, each in a message of its own, but bindings all in one; none asks for
 * an acknowledgment; a refusal ends it, 16 sends later at most.  A dump is received
 * in as few system calls as may be, whatever it is of.  Prints "COUNT SECONDS".
 */
#define _GNU_SOURCE
#include <linux/fib_rules.h>
#include <linux/lwtunnel.h>
#include <linux/rtnetlink.h>
#include <linux/seg6.h>
#include <linux/seg6_iptunnel.h>
#include <net/if.h>
#include "genl.h"

#define KINDS		4
#define BATCH		256
#define MESSAGE_ROOM	512
#define SENDS		16	/* between looks for a refusal */
#define PIECES		16	/* of a dump, received together */
#define PIECE_ROOM	32768	/* what the kernel fills at most */

struct path {
	uint32_t tunnel;
	uint32_t ifindex;
};

struct load {
	struct mnl_socket *nl;
	struct nlmsghdr *(*put)(const struct load *l, void *at, uint32_t i);
	uint16_t family;		/* of generic netlink, 0: routes or rules */
	uint16_t batch;			/* in a send */
	uint32_t ifindex;
	uint32_t table;
	uint32_t uplink;
	uint32_t each;			/* flows of one node */
	bool tuple;			/* they look at all of it */
	const char *gateway;
	const char *segment;
	struct path paths[PMIP_BINDING_PATHS];
	unsigned int n_paths;
};

static void prefix_of(uint32_t i, struct in6_addr *prefix)
{
	memset(prefix, 0, sizeof(*prefix));
	prefix->s6_addr32[0] = htonl(0x20010db8);
	prefix->s6_addr32[1] = htonl(i);
}

static void put_address(struct nlmsghdr *h, uint16_t type, const char *text)
{
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		errx(2, "%s: not an IPv6 address", text);
	mnl_attr_put(h, type, sizeof(a), &a);
}

/* One segment, so that "encap.red" sends no routing header at all (RFC 8986 §5.2). */
static void put_seg6(struct nlmsghdr *h, const char *segment)
{
	struct {
		struct seg6_iptunnel_encap encap;
		struct ipv6_sr_hdr srh;
		struct in6_addr segments[1];
	} a = {
		.encap.mode = SEG6_IPTUN_MODE_ENCAP_RED,
		.srh = { .hdrlen = 2, .type = 4 },
	};
	struct nlattr *nest;

	if (inet_pton(AF_INET6, segment, a.segments) != 1)
		errx(2, "%s: not an IPv6 address", segment);
	mnl_attr_put_u16(h, RTA_ENCAP_TYPE, LWTUNNEL_ENCAP_SEG6);
	nest = mnl_attr_nest_start(h, RTA_ENCAP);
	mnl_attr_put(h, SEG6_IPTUNNEL_SRH, sizeof(a), &a);
	mnl_attr_nest_end(h, nest);
}

static struct nlmsghdr *put_route(const struct load *l, void *at, uint32_t i)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(at);
	struct in6_addr prefix;
	struct rtmsg *r;

	h->nlmsg_type = RTM_NEWROUTE;
	r = mnl_nlmsg_put_extra_header(h, sizeof(*r));
	r->rtm_family = AF_INET6;
	r->rtm_dst_len = 64;
	r->rtm_table = RT_TABLE_MAIN;
	r->rtm_protocol = RTPROT_STATIC;
	r->rtm_type = RTN_UNICAST;
	prefix_of(i, &prefix);
	mnl_attr_put(h, RTA_DST, sizeof(prefix), &prefix);
	if (l->gateway)
		put_address(h, RTA_GATEWAY, l->gateway);
	if (l->segment)
		put_seg6(h, l->segment);
	mnl_attr_put_u32(h, RTA_OIF, l->ifindex);
	return h;
}

static struct nlmsghdr *put_rule(const struct load *l, void *at, uint32_t i)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(at);
	struct in6_addr prefix;
	struct fib_rule_hdr *r;

	h->nlmsg_type = RTM_NEWRULE;
	r = mnl_nlmsg_put_extra_header(h, sizeof(*r));
	r->family = AF_INET6;
	r->dst_len = 64;
	r->table = RT_TABLE_UNSPEC;
	r->action = FR_ACT_TO_TBL;
	prefix_of(i, &prefix);
	mnl_attr_put(h, FRA_DST, sizeof(prefix), &prefix);
	mnl_attr_put_u32(h, FRA_TABLE, l->table);
	/* The kernel looks for the place from the front of its list */
	mnl_attr_put_u32(h, FRA_PRIORITY, 30000000 - i);
	return h;
}

static void put_path(struct nlmsghdr *h, const struct path *p, uint32_t i, uint16_t bid)
{
	const uint8_t lladdr[6] = { 2, 1, i >> 24, i >> 16, i >> 8, i };
	/* As the controller does: RFC 4291 appendix A has it made of the link-layer address */
	const uint8_t addr[16] = { 0xfe, 0x80, [9] = 1, i >> 24, 0xff, 0xfe, i >> 16, i >> 8, i };
	struct nlattr *nest = mnl_attr_nest_start(h, PMIP_A_BINDING_PATH);

	mnl_attr_put_u16(h, PMIP_A_PATH_BID, bid);
	if (p->tunnel) {
		mnl_attr_put_u8(h, PMIP_A_PATH_KIND, PMIP_PATH_TUNNEL);
		mnl_attr_put_u32(h, PMIP_A_PATH_TUNNEL, p->tunnel);
	} else {
		mnl_attr_put_u8(h, PMIP_A_PATH_KIND, PMIP_PATH_LINK);
		mnl_attr_put_u32(h, PMIP_A_PATH_IFINDEX, p->ifindex);
		mnl_attr_put(h, PMIP_A_PATH_LLADDR, sizeof(lladdr), lladdr);
		mnl_attr_put(h, PMIP_A_PATH_ADDR, sizeof(addr), addr);
	}
	mnl_attr_nest_end(h, nest);
}

/* What all have in common: with a path to a neighbour each has its own */
static bool common_paths(const struct load *l)
{
	unsigned int n;

	for (n = 0; n < l->n_paths; n++)
		if (!l->paths[n].tunnel)
			return false;
	return true;
}

static void put_paths(const struct load *l, struct nlmsghdr *h, uint32_t i)
{
	unsigned int n;

	for (n = 0; n < l->n_paths; n++)
		put_path(h, &l->paths[n], i, n + 1);
}

static void put_common(const struct load *l, struct nlmsghdr *h)
{
	mnl_attr_put_u8(h, PMIP_A_BINDING_PREFIX_LEN, 64);
	if (l->uplink)
		mnl_attr_put_u32(h, PMIP_A_BINDING_UPLINK, l->uplink);
	if (common_paths(l))
		put_paths(l, h, 0);
}

static void put_binding(const struct load *l, struct nlmsghdr *h, uint32_t i)
{
	struct nlattr *item = mnl_attr_nest_start(h, PMIP_A_BINDING_ITEM);
	struct in6_addr prefix;

	prefix_of(i, &prefix);
	mnl_attr_put(h, PMIP_A_BINDING_PREFIX, sizeof(prefix), &prefix);
	mnl_attr_put_u64(h, PMIP_A_BINDING_NODE, i + 1);
	if (!common_paths(l))
		put_paths(l, h, i);
	mnl_attr_nest_end(h, item);
}

/* All of them: what differs in one of the fields is another packet to the cache. */
static void put_tuple(struct nlmsghdr *h)
{
	struct in6_addr first = { 0 }, last;

	memset(&last, 0xff, sizeof(last));
	mnl_attr_put(h, PMIP_A_SELECTOR_SRC, sizeof(first), &first);
	mnl_attr_put(h, PMIP_A_SELECTOR_SRC_END, sizeof(last), &last);
	mnl_attr_put(h, PMIP_A_SELECTOR_DST, sizeof(first), &first);
	mnl_attr_put(h, PMIP_A_SELECTOR_DST_END, sizeof(last), &last);
	mnl_attr_put_u16(h, PMIP_A_SELECTOR_SPORT, 0);
	mnl_attr_put_u16(h, PMIP_A_SELECTOR_SPORT_END, 65535);
	mnl_attr_put_u8(h, PMIP_A_SELECTOR_NEXTHDR, IPPROTO_UDP);
}

static struct nlmsghdr *put_flow(const struct load *l, void *at, uint32_t i)
{
	struct nlmsghdr *h = genl_put(at, l->family, PMIP_CMD_FLOW_NEW, 0, 0);
	const uint16_t fid = i % l->each + 1;
	struct nlattr *nest;

	mnl_attr_put_u64(h, PMIP_A_FLOW_NODE, i / l->each + 1);
	mnl_attr_put_u16(h, PMIP_A_FLOW_FID, fid);
	mnl_attr_put_u16(h, PMIP_A_FLOW_PRIORITY, fid);
	nest = mnl_attr_nest_start(h, PMIP_A_FLOW_SELECTOR);
	mnl_attr_put_u16(h, PMIP_A_SELECTOR_DPORT, fid == l->each ? 9 : 10000 + fid);
	if (l->tuple)
		put_tuple(h);
	mnl_attr_nest_end(h, nest);
	mnl_attr_put_u16(h, PMIP_A_FLOW_BID, 1);
	return h;
}

/* Refusals of what was sent are there already: netlink works in the send. */
static void no_refusal(const struct load *l)
{
	const struct nlmsgerr *e;
	char buf[GENL_ROOM];
	ssize_t len;

	len = recv(mnl_socket_get_fd(l->nl), buf, sizeof(buf), MSG_DONTWAIT);
	if (len < 0 && errno == EAGAIN)
		return;
	if (len < 0)
		err(2, "netlink: receive");
	e = mnl_nlmsg_get_payload((struct nlmsghdr *)buf);
	errx(1, "netlink: %s", strerror(-e->error));
}

/* From @i to @end - 1; returns the bytes of that. */
static size_t put_all(const struct load *l, char *buf, uint32_t i, uint32_t end)
{
	struct nlmsghdr *h;
	char *at = buf;

	if (!l->put) {
		h = genl_put(buf, l->family, PMIP_CMD_BINDING_NEW, NLM_F_CREATE | NLM_F_EXCL, i);
		put_common(l, h);
		for (; i < end; i++)
			put_binding(l, h, i);
		return h->nlmsg_len;
	}
	for (; i < end; i++) {
		h = l->put(l, at, i);
		h->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE;
		/* Without EXCL a rule is not looked for in all of the list */
		if (l->put != put_rule)
			h->nlmsg_flags |= NLM_F_EXCL;
		h->nlmsg_seq = i;
		at += MNL_ALIGN(h->nlmsg_len);
	}
	return at - buf;
}

static void load(const struct load *l, uint32_t count)
{
	static char buf[BATCH * MESSAGE_ROOM];
	uint32_t i, end, sends = 0;

	for (i = 0; i < count; i = end) {
		end = i + l->batch < count ? i + l->batch : count;
		if (mnl_socket_sendto(l->nl, buf, put_all(l, buf, i, end)) < 0)
			err(2, "netlink: send");
		if (!(++sends % SENDS))
			no_refusal(l);
		/* Memory for each CPU is not made here but by a worker */
		if (l->segment)
			usleep(1);
	}
	no_refusal(l);
}

static void ask_dump(const struct load *l, bool routes)
{
	char buf[MESSAGE_ROOM];
	struct nlmsghdr *h;
	struct rtmsg *r;

	if (routes) {
		h = mnl_nlmsg_put_header(buf);
		h->nlmsg_type = RTM_GETROUTE;
		r = mnl_nlmsg_put_extra_header(h, sizeof(*r));
		r->rtm_family = AF_INET6;
	} else {
		h = genl_put(buf, l->family, PMIP_CMD_BINDING_GET, 0, 0);
	}
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	if (mnl_socket_sendto(l->nl, h, h->nlmsg_len) < 0)
		err(2, "netlink: send");
}

/* Messages of a piece; @more says whether others follow. */
static uint32_t piece(const void *buf, int len, bool *more)
{
	const struct nlmsghdr *h;
	uint32_t count = 0;

	for (h = buf; mnl_nlmsg_ok(h, len); h = mnl_nlmsg_next(h, &len)) {
		if (h->nlmsg_type == NLMSG_DONE) {
			*more = false;
			break;
		}
		if (h->nlmsg_type == NLMSG_ERROR)
			errx(1, "netlink: not all of it");
		count++;
	}
	return count;
}

static uint32_t dump(const struct load *l, bool routes)
{
	static char buf[PIECES][PIECE_ROOM];
	struct mmsghdr pieces[PIECES] = { 0 };
	struct iovec room[PIECES];
	uint32_t count = 0;
	bool more = true;
	int n, i;

	for (i = 0; i < PIECES; i++) {
		room[i] = (struct iovec){ buf[i], PIECE_ROOM };
		pieces[i].msg_hdr.msg_iov = &room[i];
		pieces[i].msg_hdr.msg_iovlen = 1;
	}
	ask_dump(l, routes);
	while (more) {
		n = recvmmsg(mnl_socket_get_fd(l->nl), pieces, PIECES, MSG_WAITFORONE, NULL);
		if (n < 0)
			err(2, "netlink: receive");
		for (i = 0; i < n; i++) {
			if (pieces[i].msg_hdr.msg_flags & MSG_TRUNC)
				errx(1, "netlink: not all of it");
			count += piece(buf[i], pieces[i].msg_len, &more);
		}
	}
	return count;
}

static uint32_t device(const char *name)
{
	uint32_t ifindex = if_nametoindex(name);

	if (!ifindex)
		err(2, "%s", name);
	return ifindex;
}

static void parse_path(struct load *l, const char *kind, const char *which)
{
	struct path *p = &l->paths[l->n_paths++];

	if (l->n_paths > PMIP_BINDING_PATHS)
		errx(2, "too many paths");
	if (!strcmp(kind, "tunnel"))
		p->tunnel = strtoul(which, NULL, 0);
	else
		p->ifindex = device(which);
}

static void parse_word(struct load *l, const char *word, const char *value)
{
	if (!strcmp(word, "dev"))
		l->ifindex = device(value);
	else if (!strcmp(word, "via"))
		l->gateway = value;
	else if (!strcmp(word, "seg6"))
		l->segment = value;
	else if (!strcmp(word, "table"))
		l->table = strtoul(value, NULL, 0);
	else if (!strcmp(word, "uplink"))
		l->uplink = strtoul(value, NULL, 0);
	else if (!strcmp(word, "each"))
		l->each = strtoul(value, NULL, 0);
	else if (!strcmp(word, "by") && !strcmp(value, "tuple"))
		l->tuple = true;
	else
		errx(2, "what is '%s %s'?", word, value);
}

static void parse(struct load *l, char **v)
{
	while (v[0] && v[1]) {
		if (!strcmp(v[0], "path") && v[2]) {
			parse_path(l, v[1], v[2]);
			v += 3;
		} else {
			parse_word(l, v[0], v[1]);
			v += 2;
		}
	}
	if (v[0])
		errx(2, "what is '%s'?", v[0]);
	/* Each message with a segment is as long as four others. */
	if (l->segment)
		l->batch = BATCH / 4;
}

static void open_socket(struct load *l, bool binding)
{
	struct genl g;
	int room = 4 << 20;

	if (binding) {
		genl_open(&g);
		l->nl = g.nl;
		l->family = g.family;
	} else {
		l->nl = mnl_socket_open(NETLINK_ROUTE);
		if (!l->nl || mnl_socket_bind(l->nl, 0, MNL_SOCKET_AUTOPID) < 0)
			err(2, "netlink");
	}
	setsockopt(mnl_socket_get_fd(l->nl), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		struct nlmsghdr *(*put)(const struct load *l, void *at, uint32_t i);
	} kinds[KINDS] = {
		{ "route", put_route }, { "rule", put_rule }, { "binding", NULL },
		{ "flow", put_flow },
	};
	struct load l = { .batch = BATCH, .each = 1 };
	uint32_t count;
	uint64_t start;
	size_t k;

	if (argc < 3)
		errx(2, "usage: nlload route|rule|binding|flow COUNT ... or nlload dump ...");
	open_socket(&l, !strcmp(argv[1], "flow") || !strcmp(argv[1], "binding") ||
		    !strcmp(argv[2], "binding"));
	for (k = 0; k < KINDS && strcmp(argv[1], kinds[k].name); k++)
		;
	if (k < KINDS) {
		l.put = kinds[k].put;
		parse(&l, argv + 3);
	}
	if (!l.each)
		errx(2, "no flows of each node?");
	start = tool_now_us();
	if (k < KINDS) {
		count = strtoul(argv[2], NULL, 0);
		load(&l, count);
	} else {
		count = dump(&l, !strcmp(argv[2], "route"));
	}
	printf("%u %.6f\n", count, (tool_now_us() - start) / 1e6);
	return 0;
}
