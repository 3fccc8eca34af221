// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink socket.  libnl builds messages and finds the family; answers are
 * read here, because its receive loop hides NLM_F_DUMP_INTR and extended acks.
 */
#include "cli/genl.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/cache.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/family.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define DUMP_TRIES	4
#define SOCKET_BYTES	(4 << 20)

#ifndef NETLINK_EXT_ACK
#define NETLINK_EXT_ACK	11
#endif
#ifndef NETLINK_CAP_ACK
#define NETLINK_CAP_ACK	10
#endif
#ifndef SOL_NETLINK
#define SOL_NETLINK	270
#endif

static void tune(int fd)
{
	int one = 1, bytes = SOCKET_BYTES;

	/* none is needed: older kernels answer less, and small buffers do */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	/* libnl asks for less than a bundle of -batch needs */
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
}

/**
 * genl_open - connect to the kernel and find the family
 * @g: filled in; whatever was there is lost
 *
 * Return: 0, or -1 with the reason in @g->error.
 */
int genl_open(struct genl *g)
{
	int err;

	memset(g, 0, sizeof(*g));
	g->fd = -1;
	g->sk = nl_socket_alloc();
	if (!g->sk) {
		snprintf(g->error, sizeof(g->error), "no memory");
		return -1;
	}
	err = genl_connect(g->sk);
	if (err) {
		snprintf(g->error, sizeof(g->error), "generic netlink: %s",
			 nl_geterror(err));
		goto fail;
	}
	g->family = genl_ctrl_resolve(g->sk, PMIP_FAMILY_NAME);
	if (g->family < 0) {
		snprintf(g->error, sizeof(g->error),
			 "the kernel has no family \"" PMIP_FAMILY_NAME
			 "\": is the module loaded?");
		goto fail;
	}
	g->fd = nl_socket_get_fd(g->sk);
	tune(g->fd);
	/* libnl counts its own; it would miss one that is taken from it */
	g->seq = (uint32_t)time(NULL);
	return 0;
fail:
	nl_socket_free(g->sk);
	g->sk = NULL;
	return -1;
}

/**
 * genl_close - close the socket, if it is open
 * @g: the connection
 */
void genl_close(struct genl *g)
{
	if (g->sk)
		nl_socket_free(g->sk);
	g->sk = NULL;
	g->fd = -1;
}

/**
 * genl_is_open - whether requests can be sent
 * @g: the connection
 *
 * Return: true after genl_open(), until genl_close().
 */
bool genl_is_open(const struct genl *g)
{
	return g->family > 0 && g->fd >= 0;
}

/**
 * genl_subscribe - hear the multicast group "events"
 * @g: an open connection
 *
 * Return: 0, or -1 with the reason in @g->error.
 */
int genl_subscribe(struct genl *g)
{
	int group = genl_ctrl_resolve_grp(g->sk, PMIP_FAMILY_NAME,
					  PMIP_MCGRP_EVENTS);
	int err = group < 0 ? group : nl_socket_add_memberships(g->sk, group, 0);

	if (!err)
		return 0;
	snprintf(g->error, sizeof(g->error), "group " PMIP_MCGRP_EVENTS ": %s",
		 nl_geterror(err));
	return -1;
}

/**
 * genl_version - the version that the kernel's family says it is of
 * @g: an open connection
 *
 * Return: the version (CTRL_ATTR_VERSION), or -1 with the reason in @g->error.
 */
int genl_version(struct genl *g)
{
	struct genl_family *family;
	struct nl_cache *all;
	int version, err;

	err = genl_ctrl_alloc_cache(g->sk, &all);
	if (err) {
		snprintf(g->error, sizeof(g->error), "families: %s", nl_geterror(err));
		return -1;
	}
	family = genl_ctrl_search(all, g->family);
	version = family ? (int)genl_family_get_version(family) : -1;
	if (family)
		genl_family_put(family);
	else
		snprintf(g->error, sizeof(g->error), "the family is gone");
	nl_cache_free(all);
	return version;
}

/**
 * genl_send - send one or more messages in one datagram
 * @g: an open connection
 * @buf: the messages
 * @len: bytes
 *
 * Return: 0, or -1 with the reason in @g->error.
 */
int genl_send(struct genl *g, const void *buf, size_t len)
{
	ssize_t n;

	do
		n = send(g->fd, buf, len, 0);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)len)
		return 0;
	snprintf(g->error, sizeof(g->error), "sending to the kernel: %s",
		 n < 0 ? strerror(errno) : "cut short");
	return -1;
}

/**
 * genl_recv - wait for one datagram from the kernel
 * @g: an open connection
 * @buf: where to put it
 * @size: bytes in @buf
 *
 * Return: its length, or -1 with errno and the reason in @g->error.
 */
int genl_recv(struct genl *g, void *buf, size_t size)
{
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
	};
	ssize_t n;

	/* only the kernel has port 0: another process's message is nobody's */
	do
		n = recvmsg(g->fd, &msg, 0);
	while ((n < 0 && errno == EINTR) ||
	       (n >= 0 && msg.msg_namelen == sizeof(from) && from.nl_pid));
	if (n < 0) {
		snprintf(g->error, sizeof(g->error), "%s", errno == ENOBUFS ?
			 "answers were lost: more of them than the socket holds" :
			 strerror(errno));
		return -1;
	}
	if (!n || msg.msg_flags & MSG_TRUNC) {
		errno = EPROTO;
		snprintf(g->error, sizeof(g->error), "the answer was cut short");
		return -1;
	}
	return (int)n;
}

/* Extended ack: TLVs behind a copy of the request, which may be capped. */
static const struct nlattr *ext_ack(const struct nlmsghdr *nlh, size_t fixed,
				    int *len)
{
	size_t off = NLMSG_HDRLEN + NLMSG_ALIGN(fixed);

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || nlh->nlmsg_len < off)
		return NULL;
	*len = (int)(nlh->nlmsg_len - off);
	return (const struct nlattr *)((const char *)nlh + off);
}

static void describe(struct genl *g, int err, const struct nlattr *tlv, int len)
{
	const char *text = strerror(-err);
	int missing = 0, text_len = (int)strlen(text), rem;
	const struct nlattr *a;
	bool said = false;

	if (!tlv)
		len = 0;
	nla_for_each_attr(a, tlv, len, rem) {
		int n = nla_len(a);

		if (nla_type(a) == NLMSGERR_ATTR_MSG && n > 0) {
			text = nla_data(a);
			text_len = (int)strnlen(text, (size_t)n);
			said = true;
		} else if (nla_type(a) == NLMSGERR_ATTR_MISS_TYPE && n == 4) {
			memcpy(&missing, nla_data(a), 4);
		}
	}
	snprintf(g->error, sizeof(g->error), "%.*s", text_len, text);
	if (!said && missing)
		snprintf(g->error, sizeof(g->error),
			 "%.*s: attribute %d is missing", text_len, text, missing);
}

static int bad_answer(struct genl *g)
{
	snprintf(g->error, sizeof(g->error), "malformed answer from the kernel");
	return -EPROTO;
}

/**
 * genl_error - what an NLMSG_ERROR or NLMSG_DONE says
 * @g: where the text goes
 * @nlh: the message, whole
 *
 * The extended ack's message where there is one, the error's own text if not.
 *
 * Return: 0, or the negative error with @g->error set.
 */
int genl_error(struct genl *g, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = nlmsg_data(nlh);
	size_t fixed = sizeof(int);
	const struct nlattr *tlv;
	int len = 0, err = 0;

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		fixed = sizeof(*e);
		if (nlh->nlmsg_len < NLMSG_LENGTH(fixed))
			return bad_answer(g);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED) &&
		    e->msg.nlmsg_len > sizeof(e->msg))
			fixed += e->msg.nlmsg_len - sizeof(e->msg);
	}
	/* a DONE without a body is what older kernels send */
	if (nlh->nlmsg_len >= NLMSG_LENGTH(sizeof(int)))
		memcpy(&err, nlmsg_data(nlh), sizeof(err));
	if (!err)
		return 0;
	if (err > 0)
		return bad_answer(g);
	tlv = ext_ack(nlh, fixed, &len);
	describe(g, err, tlv, len);
	return err;
}

static int keep(struct genl *g, struct genl_answers *a, const struct nlmsghdr *nlh)
{
	size_t need = NLMSG_ALIGN(nlh->nlmsg_len);

	if (!a || nlh->nlmsg_len < NLMSG_LENGTH(GENL_HDRLEN))
		return bad_answer(g);
	if (a->len + need > a->cap) {
		size_t cap = (a->len + need) * 2;
		char *buf = realloc(a->buf, cap);

		if (!buf) {
			snprintf(g->error, sizeof(g->error), "no memory");
			return -ENOMEM;
		}
		a->buf = buf;
		a->cap = cap;
	}
	memset(a->buf + a->len, 0, need);
	memcpy(a->buf + a->len, nlh, nlh->nlmsg_len);
	a->len += need;
	return 0;
}

/* One datagram.  1: the last answer was in it, 0: more to come, or -errno. */
static int take(struct genl *g, struct genl_answers *a, const void *buf, int len,
		uint32_t seq)
{
	const struct nlmsghdr *nlh = buf;
	int err;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next((struct nlmsghdr *)nlh, &len)) {
		if (nlh->nlmsg_seq != seq)
			continue;	/* an answer to something given up */
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR && a)
			a->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
			err = genl_error(g, nlh);
			return err ? err : 1;
		}
		if (nlh->nlmsg_type != g->family)
			return bad_answer(g);
		err = keep(g, a, nlh);
		if (err)
			return err;
	}
	return len > 0 ? bad_answer(g) : 0;
}

static int talk_once(struct genl *g, struct nlmsghdr *nlh, struct genl_answers *a)
{
	static struct nlmsghdr buf[GENL_RECV_SIZE / sizeof(struct nlmsghdr)];
	int err;

	nlh->nlmsg_seq = ++g->seq;
	if (genl_send(g, nlh, nlh->nlmsg_len))
		return -EIO;
	do {
		int n = genl_recv(g, buf, sizeof(buf));

		if (n < 0)
			return -errno;
		err = take(g, a, buf, n, nlh->nlmsg_seq);
	} while (!err);
	return err < 0 ? err : 0;
}

/**
 * genl_talk - send a request and wait for its answers
 * @g: an open connection
 * @r: the request, which stays the caller's
 * @a: gets the answers; NULL where none but the acknowledgment is expected
 *
 * A dump that the kernel flags as inconsistent (NLM_F_DUMP_INTR) is asked for
 * again; @a->interrupted is left set where it never succeeded.
 *
 * Return: 0, or a negative error with @g->error set.
 */
int genl_talk(struct genl *g, struct genl_req *r, struct genl_answers *a)
{
	struct nlmsghdr *nlh;
	int err, tries = 0;

	if (r->err) {
		snprintf(g->error, sizeof(g->error), "%s", strerror(-r->err));
		return r->err;
	}
	nlh = nlmsg_hdr(r->msg);
	if ((nlh->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		nlh->nlmsg_flags |= NLM_F_ACK;
	do {
		if (a) {
			a->len = 0;
			a->interrupted = false;
		}
		err = talk_once(g, nlh, a);
	} while (!err && a && a->interrupted && ++tries < DUMP_TRIES);
	return err;
}

/**
 * genl_answers_free - forget answers
 * @a: the answers
 */
void genl_answers_free(struct genl_answers *a)
{
	free(a->buf);
	memset(a, 0, sizeof(*a));
}

/**
 * genl_next - the next answer
 * @a: the answers
 * @prev: the one before, NULL for the first
 *
 * Return: the answer, NULL after the last.
 */
const struct nlmsghdr *genl_next(const struct genl_answers *a,
				 const struct nlmsghdr *prev)
{
	const char *p = prev ? (const char *)prev + NLMSG_ALIGN(prev->nlmsg_len) :
			       a->buf;

	return p && p < a->buf + a->len ? (const struct nlmsghdr *)p : NULL;
}
