// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* struct in6_pktinfo, sendmmsg() */
/*
 * Mobility Header messages on their way out.  They wait for each other until
 * all that was read in one go is answered: then one system call takes the
 * forwarding state to the kernel, and one the answers to the socket.
 */
#include "core/log.h"
#include "io/io.h"
#include "io/ipsec.h"
#include "io/pair.h"
#include "io/store.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

struct out {
	uint8_t buf[MH_MAX];
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control;
	struct sockaddr_in6 to;
	enum mh_kind kind;
	struct iovec iov;
};

static struct out out[IO_BURST];
static struct mmsghdr out_msg[IO_BURST];
static unsigned int n_out;

static void address(struct out *o, struct msghdr *m, const struct in6_addr *src,
		    const struct in6_addr *dst, size_t len)
{
	struct in6_pktinfo info = { .ipi6_addr = *src };
	struct cmsghdr *c;

	memset(&o->control, 0, sizeof(o->control));
	o->to = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_addr = *dst };
	o->iov = (struct iovec){ .iov_base = o->buf, .iov_len = len };
	*m = (struct msghdr){
		.msg_name = &o->to, .msg_namelen = sizeof(o->to),
		.msg_iov = &o->iov, .msg_iovlen = 1,
		.msg_control = &o->control, .msg_controllen = sizeof(o->control),
	};
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = IPPROTO_IPV6;
	c->cmsg_type = IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
}

/* What the kernel says of a message that a policy forbids helps nobody. */
static const char *reason(const struct io *io, const struct out *o, int err)
{
	return err == EPERM && io->ipsec && conf_requires_ipsec(io->conf, &o->to.sin6_addr) ?
	       "it would leave without IPsec" : strerror(err);
}

static void failed(struct io *io, const struct out *o, const char *why)
{
	char a[INET6_ADDRSTRLEN];

	io->counters.mh_tx_failed++;
	log_ratelimited(LOG_WARNING, "%s to %s: %s", mh_kind_str(o->kind),
			inet_ntop(AF_INET6, &o->to.sin6_addr, a, sizeof(a)), why);
}

/**
 * mh_socket_send() - encode a message; it leaves with mh_socket_flush()
 * @io: the daemon
 * @src: this gateway's address
 * @dst: to whom
 * @msg: the message
 *
 * A failure is logged; retransmission is the state machines' own affair.
 */
void mh_socket_send(struct io *io, const struct in6_addr *src,
		    const struct in6_addr *dst, const struct mh_msg *msg)
{
	char a[INET6_ADDRSTRLEN];
	struct mh_result res;
	struct out *o;
	int len;

	/* not when it is full: what this one answers is not written down yet */
	if (n_out == IO_BURST)
		mh_socket_flush(io);
	o = &out[n_out];
	len = mh_encode(msg, o->buf, sizeof(o->buf), src, dst, &res);
	if (len < 0) {
		io->counters.mh_tx_failed++;
		log_ratelimited(LOG_ERR, "%s to %s cannot be encoded: %s", mh_kind_str(msg->kind),
				inet_ntop(AF_INET6, dst, a, sizeof(a)), mh_strerror(res.error));
		return;
	}
	o->kind = msg->kind;
	o->to.sin6_addr = *dst;
	if (!ipsec_may_send(io, dst)) {
		failed(io, o, "it might leave without IPsec");
		return;
	}
	address(o, &out_msg[n_out].msg_hdr, src, dst, (size_t)len);
	n_out++;
}

/**
 * mh_socket_flush() - what mh_socket_send() was given leaves
 * @io: the daemon
 *
 * Forwarding state that was asked for before is in force when it does, and what the next
 * daemon is to know of it can be found; to the other one of a pair it is on its way.
 */
void mh_socket_flush(struct io *io)
{
	unsigned int done = 0;
	int n;

	forwarding_flush(io);
	store_commit(io->store);
	pair_flush(io);
	while (done < n_out) {
		n = sendmmsg(io->mh_fd, out_msg + done, n_out - done, 0);
		if (n > 0) {
			done += (unsigned int)n;
			io->counters.mh_tx += (unsigned int)n;
		} else if (errno != EINTR) {
			failed(io, &out[done], reason(io, &out[done], errno));
			done++;
		}
	}
	n_out = 0;
}
