/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw requests to the family "pmip", built byte by byte so that they can be
 * wrong, and the answers to them.
 */
#ifndef _GENL_H
#define _GENL_H

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/pmip.h>
#include <sys/socket.h>
#include "tool.h"

#define GENL_ROOM	65536

struct genl {
	struct mnl_socket *nl;
	uint16_t family;
	uint32_t seq;
};

struct answer {
	int error;		/* positive, 0: acknowledged */
	int attr;		/* the one that the answer names, 0: none */
	uint32_t offset;	/* where in the request it is, 0: nowhere */
	char message[128];
};

static inline struct nlmsghdr *genl_put(void *buf, uint16_t family, uint8_t cmd, uint16_t flags,
					uint32_t seq)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *g;

	h->nlmsg_type = family;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	h->nlmsg_seq = seq;
	g = mnl_nlmsg_put_extra_header(h, sizeof(*g));
	g->cmd = cmd;
	g->version = 1;
	return h;
}

static inline void genl_send(struct genl *g, const void *buf, size_t len)
{
	if (mnl_socket_sendto(g->nl, buf, len) < 0)
		err(2, "netlink: send");
}

static inline int genl_tlv(const struct nlattr *a, void *data)
{
	const struct nlattr **tb = data;

	if (mnl_attr_get_type(a) <= NLMSGERR_ATTR_MAX)
		tb[mnl_attr_get_type(a)] = a;
	return MNL_CB_OK;
}

/* Type of the attribute of @request that begins at @offset. */
static inline int genl_attr_at(const struct nlmsghdr *request, uint32_t offset)
{
	const struct nlattr *a = (const void *)((const char *)request + offset);

	if (offset + sizeof(*a) > request->nlmsg_len)
		return 0;
	return a->nla_type & NLA_TYPE_MASK;
}

static inline void genl_error(const struct nlmsghdr *h, const struct nlmsghdr *request,
			      struct answer *answer)
{
	const struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = { NULL };
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);
	unsigned int offset = sizeof(*e);

	memset(answer, 0, sizeof(*answer));
	answer->error = -e->error;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		offset += mnl_nlmsg_get_payload_len(&e->msg);
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_parse(h, offset, genl_tlv, tb);
	if (tb[NLMSGERR_ATTR_MSG])
		snprintf(answer->message, sizeof(answer->message), "%s",
			 mnl_attr_get_str(tb[NLMSGERR_ATTR_MSG]));
	if (tb[NLMSGERR_ATTR_OFFS]) {
		answer->offset = mnl_attr_get_u32(tb[NLMSGERR_ATTR_OFFS]);
		answer->attr = genl_attr_at(request, answer->offset);
	}
	if (tb[NLMSGERR_ATTR_MISS_TYPE])
		answer->attr = mnl_attr_get_u32(tb[NLMSGERR_ATTR_MISS_TYPE]);
}

/* Send one request that asks for an acknowledgment, and wait for it. */
static inline void genl_ask(struct genl *g, const struct nlmsghdr *request, struct answer *answer)
{
	char buf[GENL_ROOM];
	struct nlmsghdr *h;
	int len;

	genl_send(g, request, request->nlmsg_len);
	for (;;) {
		len = mnl_socket_recvfrom(g->nl, buf, sizeof(buf));
		if (len < 0)
			err(2, "netlink: receive");
		for (h = (void *)buf; mnl_nlmsg_ok(h, len); h = mnl_nlmsg_next(h, &len))
			if (h->nlmsg_type == NLMSG_ERROR && h->nlmsg_seq == request->nlmsg_seq) {
				genl_error(h, request, answer);
				return;
			}
	}
}

static inline int genl_family_id(const struct nlattr *a, void *data)
{
	if (mnl_attr_get_type(a) == CTRL_ATTR_FAMILY_ID)
		*(uint16_t *)data = mnl_attr_get_u16(a);
	return MNL_CB_OK;
}

static inline void genl_open(struct genl *g)
{
	char buf[GENL_ROOM];
	struct nlmsghdr *h;
	int on = 1;

	g->seq = 1;
	g->family = 0;
	g->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!g->nl || mnl_socket_bind(g->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		err(2, "netlink");
	h = genl_put(buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, g->seq);
	mnl_attr_put_strz(h, CTRL_ATTR_FAMILY_NAME, PMIP_FAMILY_NAME);
	genl_send(g, h, h->nlmsg_len);
	if (mnl_socket_recvfrom(g->nl, buf, sizeof(buf)) < 0)
		err(2, "netlink");
	h = (void *)buf;
	if (h->nlmsg_type == GENL_ID_CTRL)
		mnl_attr_parse(h, sizeof(struct genlmsghdr), genl_family_id, &g->family);
	if (!g->family)
		errx(2, "no family %s", PMIP_FAMILY_NAME);
	mnl_socket_setsockopt(g->nl, NETLINK_EXT_ACK, &on, sizeof(on));
}

#endif /* _GENL_H */
