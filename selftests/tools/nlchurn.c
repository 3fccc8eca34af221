// SPDX-License-Identifier: GPL-2.0
/*
 * nlchurn - dump bindings while others come and go
 *
 *	nlchurn STILL COMING SECONDS
 *
 * Makes STILL bindings that stay, then dumps all for so long while another process
 * makes and removes COMING others without end, all with paths into tunnel 1.  Each
 * binding that stays must be in each dump exactly once, and nothing that is no
 * binding of either.  Prints "dumps=N rounds=N bad=N flagged=N", the last of the
 * dumps that the kernel says met a change; exits 1 unless bad is 0.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "genl.h"

#define STILL_NET	0x20010db801500000ull	/* 2001:db8:150::, and from there */
#define COMING_NET	0x20010db801600000ull
#define MAX		65536

struct count {
	unsigned int still, bad, flagged;
	uint8_t seen[MAX];
};

static void put_prefix(struct nlmsghdr *h, uint64_t net)
{
	uint8_t prefix[16] = { 0 };
	int i;

	for (i = 0; i < 8; i++)
		prefix[i] = net >> (56 - 8 * i);
	mnl_attr_put(h, PMIP_A_BINDING_PREFIX, sizeof(prefix), prefix);
	mnl_attr_put_u8(h, PMIP_A_BINDING_PREFIX_LEN, 64);
}

static struct nlmsghdr *put_request(struct genl *g, void *at, uint8_t cmd, uint64_t net)
{
	struct nlmsghdr *h = genl_put(at, g->family, cmd, 0, ++g->seq);
	struct nlattr *nest;

	if (cmd == PMIP_CMD_BINDING_NEW)
		h->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	put_prefix(h, net);
	if (cmd == PMIP_CMD_BINDING_NEW) {
		nest = mnl_attr_nest_start(h, PMIP_A_BINDING_PATH);
		mnl_attr_put_u8(h, PMIP_A_PATH_KIND, PMIP_PATH_TUNNEL);
		mnl_attr_put_u32(h, PMIP_A_PATH_TUNNEL, 1);
		mnl_attr_nest_end(h, nest);
	}
	return h;
}

/* The last one of a batch is acknowledged; whatever is refused speaks up itself. */
static void wait_for(struct genl *g, uint32_t last)
{
	char buf[GENL_ROOM];
	struct nlmsghdr *h;
	int len;

	for (;;) {
		len = mnl_socket_recvfrom(g->nl, buf, sizeof(buf));
		if (len < 0)
			err(2, "netlink: receive");
		for (h = (void *)buf; mnl_nlmsg_ok(h, len); h = mnl_nlmsg_next(h, &len)) {
			const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);

			if (h->nlmsg_type != NLMSG_ERROR)
				continue;
			if (e->error)
				errx(2, "request %u of a batch: %s", h->nlmsg_seq,
				     strerror(-e->error));
			if (h->nlmsg_seq == last)
				return;
		}
	}
}

static void all(struct genl *g, uint8_t cmd, uint64_t net, unsigned int n)
{
	static char batch[32768];
	struct nlmsghdr *h;
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		h = put_request(g, batch + len, cmd, net + i);
		len += MNL_ALIGN(h->nlmsg_len);
		if (i + 1 < n && len + 256 < sizeof(batch))
			continue;
		h->nlmsg_flags |= NLM_F_ACK;
		genl_send(g, batch, len);
		wait_for(g, h->nlmsg_seq);
		len = 0;
	}
}

static void churn(unsigned int n, unsigned int *rounds)
{
	struct genl g;

	genl_open(&g);
	for (;;) {
		all(&g, PMIP_CMD_BINDING_NEW, COMING_NET, n);
		all(&g, PMIP_CMD_BINDING_DEL, COMING_NET, n);
		++*rounds;
	}
}

static int on_attr(const struct nlattr *a, void *data)
{
	const uint8_t *p = mnl_attr_get_payload(a);
	struct count *c = data;
	uint64_t net = 0;
	int i;

	if (mnl_attr_get_type(a) != PMIP_A_BINDING_PREFIX)
		return MNL_CB_OK;
	for (i = 0; i < 8; i++)
		net = net << 8 | p[i];
	if (net >= STILL_NET && net < STILL_NET + c->still) {
		if (c->seen[net - STILL_NET] < 255)
			c->seen[net - STILL_NET]++;
	} else if (net < COMING_NET || net >= COMING_NET + MAX) {
		c->bad++;
	}
	return MNL_CB_OK;
}

static int on_message(const struct nlmsghdr *h, void *data)
{
	return mnl_attr_parse(h, sizeof(struct genlmsghdr), on_attr, data);
}

/* libmnl gives up at the flag: take it off, and say whether it was there. */
static bool unflag(void *buf, int len)
{
	struct nlmsghdr *h = buf;
	bool was = false;

	for (; mnl_nlmsg_ok(h, len); h = mnl_nlmsg_next(h, &len)) {
		was |= h->nlmsg_flags & NLM_F_DUMP_INTR;
		h->nlmsg_flags &= ~NLM_F_DUMP_INTR;
	}
	return was;
}

static unsigned int dump(struct genl *g, struct count *c)
{
	char buf[GENL_ROOM];
	struct nlmsghdr *h = genl_put(buf, g->family, PMIP_CMD_BINDING_GET, NLM_F_DUMP, ++g->seq);
	bool flagged = false;
	unsigned int i;
	int len, more = MNL_CB_OK;

	memset(c->seen, 0, sizeof(c->seen));
	genl_send(g, h, h->nlmsg_len);
	while (more > MNL_CB_STOP) {
		len = mnl_socket_recvfrom(g->nl, buf, sizeof(buf));
		if (len < 0)
			err(2, "netlink: receive");
		flagged |= unflag(buf, len);
		more = mnl_cb_run(buf, len, g->seq, 0, on_message, c);
		if (more < 0)
			err(2, "dump");
	}
	c->flagged += flagged;
	for (i = 0; i < c->still; i++)
		if (c->seen[i] != 1)
			c->bad++;
	return c->bad;
}

int main(int argc, char **argv)
{
	static struct count c;
	unsigned int *rounds, dumps = 0, coming;
	uint64_t end;
	struct genl g;
	pid_t pid;

	if (argc != 4)
		errx(2, "usage: nlchurn STILL COMING SECONDS");
	c.still = atoi(argv[1]);
	coming = atoi(argv[2]);
	if (c.still > MAX || coming > MAX)
		errx(2, "more than %u", MAX);
	rounds = mmap(NULL, sizeof(*rounds), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	genl_open(&g);
	all(&g, PMIP_CMD_BINDING_NEW, STILL_NET, c.still);
	pid = fork();
	if (!pid)
		churn(coming, rounds);
	end = tool_now_us() + strtoul(argv[3], NULL, 0) * 1000000ull;
	/* however long the first round takes */
	while ((tool_now_us() < end || !*rounds) && !waitpid(pid, NULL, WNOHANG)) {
		dump(&g, &c);
		dumps++;
	}
	if (kill(pid, SIGKILL) || waitpid(pid, NULL, 0) != pid)
		errx(2, "the process that made others is gone");
	printf("dumps=%u rounds=%u bad=%u flagged=%u\n", dumps, *rounds, c.bad, c.flagged);
	return c.bad ? 1 : 0;
}
