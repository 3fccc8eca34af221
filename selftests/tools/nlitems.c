// SPDX-License-Identifier: GPL-2.0
/*
 * nlitems - several bindings in one request, and which of them was refused
 *
 *	nlitems {new | set | del} COUNT [bad I] [paths N] [cut BYTES] [key NUMBER]
 *
 * Item I of COUNT is of 2001:db8:X:Y::/64, where NUMBER + I is X << 16 | Y, with a
 * path into tunnel 1.  The bad one has a path into tunnel 77, that is to be deleted
 * a prefix that nobody has; "paths" gives it so many.  "cut" leaves out the
 * message's last bytes.  Prints "error=ERRNO item=I": the item that the answer
 * points to or into, -1 for none.
 */
#define _GNU_SOURCE
#include "genl.h"

#define ROOM	(64 << 20)

struct load {
	uint8_t cmd;
	uint32_t count, bad, paths, cut, key;
};

static void put_path(struct nlmsghdr *h, uint32_t tunnel)
{
	struct nlattr *nest = mnl_attr_nest_start(h, PMIP_A_BINDING_PATH);

	mnl_attr_put_u8(h, PMIP_A_PATH_KIND, PMIP_PATH_TUNNEL);
	mnl_attr_put_u32(h, PMIP_A_PATH_TUNNEL, tunnel);
	mnl_attr_nest_end(h, nest);
}

static void put_item(struct nlmsghdr *h, const struct load *l, uint32_t i)
{
	struct nlattr *item = mnl_attr_nest_start(h, PMIP_A_BINDING_ITEM);
	const bool bad = i == l->bad;
	struct in6_addr prefix = { 0 };
	uint32_t n;

	prefix.s6_addr32[0] = htonl(bad && l->cmd == PMIP_CMD_BINDING_DEL ? 0x20010db9 :
				    0x20010db8);
	prefix.s6_addr32[1] = htonl(l->key + i);
	mnl_attr_put(h, PMIP_A_BINDING_PREFIX, sizeof(prefix), &prefix);
	mnl_attr_put_u8(h, PMIP_A_BINDING_PREFIX_LEN, 64);
	if (l->cmd != PMIP_CMD_BINDING_DEL)
		for (n = 0; n < (bad ? l->paths : 1); n++)
			put_path(h, bad ? 77 : 1);
	mnl_attr_nest_end(h, item);
}

/* Which item of the request has this offset */
static int item_at(const struct nlmsghdr *request, uint32_t offset)
{
	const char *at = (const char *)request + offset;
	const struct nlattr *a;
	int i = 0;

	mnl_attr_for_each(a, request, sizeof(struct genlmsghdr)) {
		if (at >= (const char *)a && at < (const char *)a + a->nla_len)
			return i;
		i++;
	}
	return -1;
}

static uint8_t command(const char *name)
{
	if (!strcmp(name, "new"))
		return PMIP_CMD_BINDING_NEW;
	if (!strcmp(name, "set"))
		return PMIP_CMD_BINDING_SET;
	if (!strcmp(name, "del"))
		return PMIP_CMD_BINDING_DEL;
	errx(2, "what is '%s'?", name);
}

static void parse(struct load *l, char **v)
{
	for (; v[0] && v[1]; v += 2) {
		const uint32_t value = strtoul(v[1], NULL, 0);

		if (!strcmp(v[0], "bad"))
			l->bad = value;
		else if (!strcmp(v[0], "paths"))
			l->paths = value;
		else if (!strcmp(v[0], "cut"))
			l->cut = value;
		else if (!strcmp(v[0], "key"))
			l->key = value;
		else
			break;
	}
	if (v[0])
		errx(2, "what is '%s'?", v[0]);
}

int main(int argc, char **argv)
{
	struct load l = { .bad = UINT32_MAX, .paths = 1 };
	char *buf = calloc(1, ROOM);
	struct answer answer;
	struct nlmsghdr *h;
	int room = ROOM, on = 1;
	struct genl g;
	uint32_t i;

	if (argc < 3 || !buf)
		errx(2, "usage: nlitems new|set|del COUNT ...");
	l.cmd = command(argv[1]);
	l.count = strtoul(argv[2], NULL, 0);
	parse(&l, argv + 3);
	genl_open(&g);
	if (setsockopt(mnl_socket_get_fd(g.nl), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		err(2, "SO_SNDBUFFORCE");
	/* Or a refusal would bring the whole request back */
	mnl_socket_setsockopt(g.nl, NETLINK_CAP_ACK, &on, sizeof(on));
	h = genl_put(buf, g.family, l.cmd, NLM_F_ACK, ++g.seq);
	if (l.cmd == PMIP_CMD_BINDING_NEW)
		h->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	for (i = 0; i < l.count && h->nlmsg_len < ROOM - UINT16_MAX; i++)
		put_item(h, &l, i);
	h->nlmsg_len -= l.cut;
	genl_ask(&g, h, &answer);
	printf("error=%d item=%d\n", answer.error,
	       answer.offset ? item_at(h, answer.offset) : -1);
	free(buf);
	return 0;
}
