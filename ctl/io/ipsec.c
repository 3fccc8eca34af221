// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of gateways that have to protect them (RFC 5213 §4).  A raw socket does not say
 * whether a message came under a security association, but each has a policy of its own.
 * One takes nothing else, and its messages are taken for what they are.  Another one takes
 * all, and those are only counted: by as many as it is ahead, messages came in the clear.
 * Out of the gateway nothing goes in the clear because the kernel is told so, see xfrm.c.
 */
#include "io/ipsec.h"

#include "core/hash.h"
#include "core/log.h"
#include "io/xfrm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#define SENDERS_MAX	4096	/* that are counted apart */

/* One whose messages have to be protected; "::": all that are too many */
struct sender {
	struct in6_addr addr;
	uint64_t all, protected, refused;
	bool listed;
	struct sender *next, *prev;
	UT_hash_handle hh;
};

struct ipsec {
	struct io *io;
	int fd, news_fd, all_fd, protected_fd;
	struct ev_io news, all, protected;
	uint64_t since;			/* ns of the wall clock: both sockets are open */
	struct sender *senders;
	unsigned int n_senders;
	struct sender *ahead;		/* more have come than protected ones */
	bool broken;			/* what leaves may not be protected */
};

/* ---- what leaves ---- */

static int rule_for(const struct ipsec *s, const struct in6_addr *own, const struct prefix *peer,
		    bool block)
{
	const struct xfrm_rule r = { .own = *own, .peer = *peer, .block = block };
	char text[PREFIX_STRLEN];
	int ret = xfrm_rule_set(s->fd, &r);

	if (ret)
		log_err("IPsec: no policy for what goes to %s: %s",
			prefix_str(peer, text, sizeof(text)), strerror(-ret));
	return ret;
}

static const struct prefix everybody;

static int rules_of(const struct ipsec *s, const struct in6_addr *own)
{
	const struct conf *c = s->io->conf;
	unsigned int i;

	if (c->require_ipsec && rule_for(s, own, &everybody, true))
		return -1;
	for (i = 0; i < c->n_gateways; i++)
		if (rule_for(s, own, &c->gateway[i].peer, c->gateway[i].require_ipsec))
			return -1;
	return 0;
}

static int rules_set(const struct ipsec *s)
{
	const struct conf *c = s->io->conf;

	if (c->lma.enabled && rules_of(s, &c->lma.address))
		return -1;
	return c->mag.enabled ? rules_of(s, &c->mag.address) : 0;
}

static void rules_end(int fd, const struct conf *c)
{
	int ret = c->lma.enabled ? xfrm_rules_end(fd, &c->lma.address) : 0;

	if (!ret && c->mag.enabled)
		ret = xfrm_rules_end(fd, &c->mag.address);
	if (ret)
		log_warn("IPsec: policies are left: %s", strerror(-ret));
}

/* One that was killed has left them, and is demanded nothing of now. */
static void rules_left(const struct conf *c)
{
	int fd = xfrm_there() ? xfrm_socket(false) : -1;

	if (fd < 0)
		return;
	rules_end(fd, c);
	close(fd);
}

static int gone_cb(const struct nlmsghdr *nlh, void *arg)
{
	bool *gone = arg;

	*gone |= xfrm_rule_gone(nlh);
	return MNL_CB_OK;
}

/* Whoever removes all policies removes ours: until they are back nothing leaves. */
static void on_news(struct ev_loop *loop, struct ev_io *w, int revents)
{
	struct ipsec *s = w->data;
	char buf[MNL_SOCKET_BUFFER_SIZE];
	bool gone = false;
	ssize_t n;

	(void)loop;
	(void)revents;
	while ((n = recv(s->news_fd, buf, sizeof(buf), 0)) > 0)
		mnl_cb_run(buf, (size_t)n, 0, 0, gone_cb, &gone);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		gone = true;
	if (!gone)
		return;
	s->broken = rules_set(s);
	log_warn("IPsec: policies were removed; %s",
		 s->broken ? "nothing is sent where they are needed" : "ours are there again");
}

/**
 * ipsec_may_send() - whether a message may leave for a gateway
 * @io: the daemon
 * @peer: the gateway
 *
 * Return: false where it might leave in the clear, and must not.
 */
bool ipsec_may_send(const struct io *io, const struct in6_addr *peer)
{
	return !io->ipsec || !io->ipsec->broken || !conf_requires_ipsec(io->conf, peer);
}

/* ---- what comes ---- */

static struct sender *sender_find(const struct ipsec *s, const struct in6_addr *a)
{
	struct sender *x;

	HASH_FIND(hh, s->senders, a, sizeof(*a), x);
	return x;
}

static struct sender *sender_get(struct ipsec *s, const struct in6_addr *a)
{
	struct sender *x = sender_find(s, a);

	if (x)
		return x;
	x = s->n_senders < SENDERS_MAX ? calloc(1, sizeof(*x)) : NULL;
	if (!x)
		return sender_find(s, &in6addr_any);
	x->addr = *a;
	HASH_ADD(hh, s->senders, addr, sizeof(x->addr), x);
	s->n_senders++;
	return x;
}

/* Which of them it came to is known of those alone that could come to both. */
static struct sender *sender_of(struct ipsec *s, const struct mh_packet *p)
{
	return p->came < s->since ? NULL : sender_get(s, &p->src);
}

static void take_any(struct io *io, const struct mh_packet *p)
{
	struct sender *x;

	if (!conf_requires_ipsec(io->conf, &p->src))
		return;
	x = sender_of(io->ipsec, p);
	if (!x)
		return;
	x->all++;
	if (!x->listed)
		DL_APPEND(io->ipsec->ahead, x);
	x->listed = true;
}

static void take_protected(struct io *io, const struct mh_packet *p)
{
	struct sender *x;

	if (!conf_requires_ipsec(io->conf, &p->src))
		return;
	x = sender_of(io->ipsec, p);
	if (x)
		x->protected++;
	io->counters.mh_rx++;
	dispatch_mh(io, p);
}

static void refuse(struct io *io, struct sender *x, uint64_t n)
{
	char a[INET6_ADDRSTRLEN];

	x->refused += n;
	io->counters.mh_unprotected += n;
	log_ratelimited(LOG_WARNING, "%s: %llu messages dropped that no IPsec has protected",
			inet_ntop(AF_INET6, &x->addr, a, sizeof(a)), (unsigned long long)n);
}

static void judge(struct io *io)
{
	struct sender *x, *tmp;

	DL_FOREACH_SAFE(io->ipsec->ahead, x, tmp) {
		DL_DELETE(io->ipsec->ahead, x);
		x->listed = false;
		if (x->all > x->protected + x->refused)
			refuse(io, x, x->all - x->protected - x->refused);
	}
}

/**
 * ipsec_serve() - take what has come from gateways that have to protect it
 * @io: the daemon
 *
 * The kernel gives a message first to the socket that was opened last, that of protected
 * ones: what the other has had before this one was found empty was not protected.
 */
void ipsec_serve(struct io *io)
{
	if (!io->ipsec)
		return;
	mh_socket_read(io, io->ipsec->all_fd, take_any);
	if (mh_socket_read(io, io->ipsec->protected_fd, take_protected) < IO_BURST)
		judge(io);
}

static void readable(struct ev_loop *loop, struct ev_io *w, int revents)
{
	(void)loop;
	(void)revents;
	ipsec_serve(w->data);
}

/**
 * ipsec_refused() - messages of a gateway that had to be protected, and were not
 * @io: the daemon
 * @peer: the gateway
 *
 * Return: how many have been dropped.
 */
uint64_t ipsec_refused(const struct io *io, const struct in6_addr *peer)
{
	const struct sender *x = io->ipsec ? sender_find(io->ipsec, peer) : NULL;

	return x ? x->refused : 0;
}

/* ---- the beginning and the end ---- */

static int open_demand(enum xfrm_demand d)
{
	int ret, fd = mh_socket_raw();

	ret = fd < 0 ? 0 : xfrm_demand(fd, d);
	if (!ret)
		return fd;
	log_err("IPsec: no policy for a socket: %s", strerror(-ret));
	close(fd);
	return -1;
}

static int open_all(struct ipsec *s)
{
	s->fd = xfrm_socket(false);
	if (s->fd >= 0) {
		rules_end(s->fd, s->io->conf);
		s->news_fd = xfrm_socket(true);
	}
	if (s->news_fd < 0) {
		log_err("IPsec: %s", strerror(errno));
		return -1;
	}
	if (!sender_get(s, &in6addr_any)) {
		log_err("out of memory");
		return -1;
	}
	if (rules_set(s))
		return -1;
	s->all_fd = open_demand(XFRM_DEMAND_NOTHING);
	s->protected_fd = s->all_fd < 0 ? -1 : open_demand(XFRM_DEMAND_ESP);
	s->since = s->io->env.ops->wall(s->io);
	return s->protected_fd < 0 ? -1 : 0;
}

static void watch(struct ipsec *s, struct ev_io *w, int fd, link_readable_t *fn, void *data)
{
	ev_io_init(w, fn, fd, EV_READ);
	w->data = data;
	ev_io_start(s->io->loop, w);
}

/**
 * ipsec_open() - begin to take messages of gateways that have to protect them
 * @io: the daemon
 *
 * Return: 0, also where no gateway has to; -1 after saying why they cannot be told from
 * others, and nobody is to be talked to.
 */
int ipsec_open(struct io *io)
{
	struct ipsec *s;

	if (!conf_ipsec(io->conf)) {
		rules_left(io->conf);
		return 0;
	}
	s = calloc(1, sizeof(*s));
	if (!s) {
		log_err("out of memory");
		return -1;
	}
	s->io = io;
	s->news_fd = -1;
	s->all_fd = -1;
	s->protected_fd = -1;
	io->ipsec = s;
	if (open_all(s)) {
		ipsec_close(io);
		return -1;
	}
	watch(s, &s->news, s->news_fd, on_news, s);
	watch(s, &s->all, s->all_fd, readable, io);
	watch(s, &s->protected, s->protected_fd, readable, io);
	return 0;
}

static void end_socket(struct ipsec *s, struct ev_io *w, int fd)
{
	if (ev_is_active(w))
		ev_io_stop(s->io->loop, w);
	if (fd >= 0)
		close(fd);
}

/**
 * ipsec_close() - have no policies any more
 * @io: the daemon, maybe half started
 */
void ipsec_close(struct io *io)
{
	struct ipsec *s = io->ipsec;
	struct sender *x, *tmp;

	if (!s)
		return;
	end_socket(s, &s->news, s->news_fd);
	end_socket(s, &s->all, s->all_fd);
	end_socket(s, &s->protected, s->protected_fd);
	if (s->fd >= 0) {
		rules_end(s->fd, io->conf);
		close(s->fd);
	}
	HASH_ITER(hh, s->senders, x, tmp) {
		HASH_DEL(s->senders, x);
		free(x);
	}
	free(s);
	io->ipsec = NULL;
}
