// SPDX-License-Identifier: GPL-2.0
/* Generic netlink to the family "pmip": requests in batches, answers by name. */
#include "io/genl.h"

#include "core/log.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/pmip.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct family {
	struct genl *g;
	const char *group;
};

/* Attributes of one nest, by type */
struct attrs {
	const struct nlattr *v[CTRL_ATTR_MAX + 1];
};

static int attrs_cb(const struct nlattr *a, void *arg)
{
	struct attrs *t = arg;

	if (mnl_attr_get_type(a) <= CTRL_ATTR_MAX)
		t->v[mnl_attr_get_type(a)] = a;
	return MNL_CB_OK;
}

static int family_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct family *f = arg;
	struct attrs t = { { NULL } }, m;
	const struct nlattr *a;

	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), attrs_cb, &t);
	if (!t.v[CTRL_ATTR_FAMILY_ID] || !t.v[CTRL_ATTR_MCAST_GROUPS])
		return MNL_CB_OK;
	f->g->family = mnl_attr_get_u16(t.v[CTRL_ATTR_FAMILY_ID]);
	mnl_attr_for_each_nested(a, t.v[CTRL_ATTR_MCAST_GROUPS]) {
		memset(&m, 0, sizeof(m));
		mnl_attr_parse_nested(a, attrs_cb, &m);
		if (m.v[CTRL_ATTR_MCAST_GRP_NAME] && m.v[CTRL_ATTR_MCAST_GRP_ID] &&
		    !strcmp(mnl_attr_get_str(m.v[CTRL_ATTR_MCAST_GRP_NAME]), f->group))
			f->g->group = mnl_attr_get_u32(m.v[CTRL_ATTR_MCAST_GRP_ID]);
	}
	return MNL_CB_OK;
}

/**
 * genl_resolve() - look a family's numbers up
 * @g: the socket; nothing waits in it
 * @family: the family's name
 * @group: its multicast group for events
 *
 * Return: 0; -ENOENT where the kernel has no such family; another -errno.
 */
int genl_resolve(struct genl *g, const char *family, const char *group)
{
	struct family f = { g, group };
	char buf[8192];
	struct nlmsghdr *nlh;
	ssize_t n;
	int ret;

	nlh = genl_message(buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK, ++g->seq);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, family);
	if (mnl_socket_sendto(g->nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	do {
		n = mnl_socket_recvfrom(g->nl, buf, sizeof(buf));
		if (n < 0)
			return -errno;
		ret = mnl_cb_run(buf, (size_t)n, g->seq, 0, family_cb, &f);
	} while (ret > MNL_CB_STOP);
	if (ret < 0)
		return -errno;
	return g->family && g->group ? 0 : -ENOENT;
}

/**
 * genl_start() - open a socket and look a family up
 * @g: filled
 * @family: the family's name
 * @group: its multicast group for events
 *
 * Return: 0; -ENOENT where the kernel has no such family; another -errno.
 */
int genl_start(struct genl *g, const char *family, const char *group)
{
	int on = 1, size = 4 << 20, ret;

	memset(g, 0, sizeof(*g));
	g->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!g->nl)
		return -errno;
	if (mnl_socket_bind(g->nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		ret = -errno;
		goto err;
	}
	/* Old kernels lack these: errors are then numbers without a text. */
	mnl_socket_setsockopt(g->nl, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(g->nl, NETLINK_CAP_ACK, &on, sizeof(on));
	/* A batch of acknowledgements must fit into the receive queue. */
	setsockopt(mnl_socket_get_fd(g->nl), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	ret = genl_resolve(g, family, group);
	if (!ret)
		return 0;
err:
	mnl_socket_close(g->nl);
	g->nl = NULL;
	return ret;
}

/**
 * genl_stop() - send what waits and close
 * @g: a socket that genl_start() opened or refused to
 */
void genl_stop(struct genl *g)
{
	if (!g->nl)
		return;
	genl_flush(g);
	mnl_socket_close(g->nl);
	g->nl = NULL;
}

/**
 * genl_message() - start a request
 * @buf: room for it
 * @family: number of the family
 * @cmd: the command
 * @flags: NLM_F_* beside NLM_F_REQUEST
 * @seq: its sequence number
 *
 * Return: the message, to which attributes can be added.
 */
struct nlmsghdr *genl_message(void *buf, uint16_t family, uint8_t cmd,
			      uint16_t flags, uint32_t seq)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = seq;
	g->cmd = cmd;
	g->version = PMIP_FAMILY_VERSION;
	return nlh;
}

/**
 * genl_begin() - a new request at the end of the batch
 * @g: the socket
 * @cmd: enum pmip_cmd
 * @flags: NLM_F_* beside NLM_F_REQUEST; the batch's last also gets NLM_F_ACK
 * @label: how to name the object should the kernel refuse
 *
 * Return: the message; genl_end() must follow.
 */
struct nlmsghdr *genl_begin(struct genl *g, uint8_t cmd, uint16_t flags,
			    const char *label, ...)
{
	struct genl_pending *p;
	va_list ap;

	if (g->n_pending == GENL_BATCH_MSGS || g->len + GENL_MSG_MAX > sizeof(g->buf))
		genl_flush(g);
	p = &g->pending[g->n_pending++];
	p->seq = ++g->seq;
	p->tunnel = 0;
	p->cmd = cmd;
	va_start(ap, label);
	vsnprintf(p->label, sizeof(p->label), label, ap);
	va_end(ap);
	g->last = g->len;
	return genl_message(g->buf + g->len, g->family, cmd, flags, p->seq);
}

/**
 * genl_names_tunnel() - a refusal is of interest to whoever knows the tunnel
 * @g: the socket
 * @id: the tunnel that the request of the last genl_begin() is to set
 */
void genl_names_tunnel(struct genl *g, uint32_t id)
{
	g->pending[g->n_pending - 1].tunnel = id;
	g->n_tunnels++;
}

/**
 * genl_end() - the request is complete
 * @g: the socket
 * @nlh: what genl_begin() gave
 */
void genl_end(struct genl *g, struct nlmsghdr *nlh)
{
	g->len += MNL_ALIGN(nlh->nlmsg_len);
}

static int ext_ack_cb(const struct nlattr *a, void *arg)
{
	const char **text = arg;

	if (mnl_attr_get_type(a) == NLMSGERR_ATTR_MSG &&
	    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
		*text = mnl_attr_get_str(a);
	return MNL_CB_OK;
}

/**
 * genl_ext_ack() - the kernel's own words about an error
 * @nlh: an NLMSG_ERROR message
 *
 * Return: its text, or NULL if there is none.
 */
const char *genl_ext_ack(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	unsigned int off = sizeof(*e);
	const char *text = NULL;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		off += e->msg.nlmsg_len - sizeof(e->msg);
	if (mnl_nlmsg_get_payload_len(nlh) < off)
		return NULL;
	mnl_attr_parse(nlh, off, ext_ack_cb, &text);
	return text;
}

static void refused(struct genl *g, int error)
{
	g->errors++;
	if (!g->refusal)
		g->refusal = error;
}

/* An error that is as good as done: what was to go, or to change, is not there. */
static bool is_done(uint8_t cmd, int error)
{
	switch (cmd) {
	case PMIP_CMD_TUNNEL_DEL:
	case PMIP_CMD_BINDING_DEL:
	case PMIP_CMD_BINDING_SET:
	case PMIP_CMD_FLOW_DEL:
	case PMIP_CMD_PATH_SET:
		return error == -ENOENT;
	case PMIP_CMD_HOLD_RELEASE:
		/* no way for them now: they wait on, and expire */
		return error == -ENOENT || error == -ENETDOWN;
	}
	return false;
}

/* What is no failure: it is done, or asks to go on */
static bool is_in_order(struct genl *g, uint8_t cmd, int error)
{
	if (cmd == PMIP_CMD_PURGE && error == -EAGAIN) {
		g->again = true;
		return true;
	}
	return is_done(cmd, error);
}

static void one_ack(struct genl *g, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	const char *text = genl_ext_ack(nlh);
	unsigned int i;

	if (!e->error)
		return;
	for (i = 0; i < g->n_pending; i++)
		if (g->pending[i].seq == nlh->nlmsg_seq)
			break;
	if (i < g->n_pending && is_in_order(g, g->pending[i].cmd, e->error))
		return;
	refused(g, e->error);
	if (i < g->n_pending && g->pending[i].tunnel && g->on_tunnel_refused)
		g->on_tunnel_refused(g->arg, g->pending[i].tunnel, e->error);
	log_ratelimited(LOG_ERR, "kernel: %s: %s%s%s",
			i < g->n_pending ? g->pending[i].label : "request",
			strerror(-e->error), text ? ": " : "", text ? text : "");
}

/*
 * The kernel answered during sendmsg(): whatever there is, is there now.  Of those
 * before the last there are only refusals; behind its answer there is none.
 */
static void read_acks(struct genl *g)
{
	const uint32_t last = g->pending[g->n_pending - 1].seq;
	static char buf[65536];
	const struct nlmsghdr *nlh;
	bool more = true;
	ssize_t n;
	int len;

	while (more) {
		n = recv(mnl_socket_get_fd(g->nl), buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == ENOBUFS) {
			/* one of them may have been a refusal */
			refused(g, -ENOBUFS);
			log_ratelimited(LOG_ERR, "kernel: acknowledgements were lost");
			continue;
		}
		if (n <= 0)
			return;
		nlh = (const struct nlmsghdr *)buf;
		for (len = (int)n; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				one_ack(g, nlh);
				more = more && nlh->nlmsg_seq != last;
			}
	}
}

/**
 * genl_flush() - send the batch in one go; it is in force on return
 * @g: the socket
 *
 * What the kernel refuses is logged with the object's name.
 */
void genl_flush(struct genl *g)
{
	ssize_t n;

	if (!g->len)
		return;
	((struct nlmsghdr *)(g->buf + g->last))->nlmsg_flags |= NLM_F_ACK;
	do {
		n = mnl_socket_sendto(g->nl, g->buf, g->len);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		refused(g, -errno);
		g->errors += g->n_pending - 1;
		log_ratelimited(LOG_ERR, "kernel: batch from \"%s\" on: %s",
				g->pending[0].label, strerror(errno));
	}
	read_acks(g);
	g->len = 0;
	g->n_pending = 0;
	g->n_tunnels = 0;
}

/**
 * genl_commit() - send the batch, and say what became of it
 * @g: the socket
 *
 * Batches that left since the last commit, because the buffer was full or a
 * message was sent, are part of the answer.
 *
 * Return: 0, or -errno of the first refusal since the last commit.
 */
int genl_commit(struct genl *g)
{
	int ret;

	genl_flush(g);
	ret = g->refusal;
	g->refusal = 0;
	return ret;
}

/*
 * libmnl gives up where others came or went meanwhile.  Those that stayed are in
 * the dump once all the same; of the others the events or the answers tell.
 */
static void accept_changes(char *buf, int len)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
		nlh->nlmsg_flags &= (uint16_t)~NLM_F_DUMP_INTR;
}

static int open_bound(struct mnl_socket **nl)
{
	int ret = 0;

	*nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!*nl)
		return -errno;
	if (mnl_socket_bind(*nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		ret = -errno;
		mnl_socket_close(*nl);
	}
	return ret;
}

/* Until the kernel says that this was all */
static int read_all(struct genl *g, struct mnl_socket *nl, uint32_t seq, mnl_cb_t cb, void *arg)
{
	size_t size = 65536;
	char *buf = malloc(size);
	ssize_t n;
	int ret = buf ? 1 : -ENOMEM;

	while (ret > 0) {
		n = mnl_socket_recvfrom(nl, buf, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			accept_changes(buf, (int)n);
		ret = n < 0 ? -errno : mnl_cb_run(buf, (size_t)n, seq, 0, cb, arg);
		if (n >= 0 && ret < 0)
			ret = -errno;
		if (ret > 0 && g->between)
			g->between(g->arg);
	}
	free(buf);
	return ret;
}

/* By a socket of its own: what is asked for between two parts has its answers apart. */
static int ask(struct genl *g, uint8_t cmd, uint16_t flags, mnl_cb_t cb, void *arg)
{
	char buf[GENL_MSG_MAX];
	struct mnl_socket *nl;
	struct nlmsghdr *nlh;
	uint32_t seq;
	int ret;

	genl_flush(g);
	ret = open_bound(&nl);
	if (ret)
		return ret;
	seq = ++g->seq;
	nlh = genl_message(buf, g->family, cmd, flags, seq);
	ret = mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0 ? -errno :
	      read_all(g, nl, seq, cb, arg);
	mnl_socket_close(nl);
	return ret;
}

/**
 * genl_dump() - ask for all objects of a kind and wait for them
 * @g: the socket
 * @cmd: a *-GET command
 * @cb: called once per object
 * @arg: passed on
 *
 * Return: 0 or -errno.
 */
int genl_dump(struct genl *g, uint8_t cmd, mnl_cb_t cb, void *arg)
{
	return ask(g, cmd, NLM_F_DUMP, cb, arg);
}

/**
 * genl_get() - ask for the one object that there is of a kind
 * @g: the socket
 * @cmd: a *-GET command without a key
 * @cb: called with it
 * @arg: passed on
 *
 * Return: 0 or -errno.
 */
int genl_get(struct genl *g, uint8_t cmd, mnl_cb_t cb, void *arg)
{
	return ask(g, cmd, NLM_F_ACK, cb, arg);
}
