// SPDX-License-Identifier: GPL-2.0
/*
 * The pools' routes for a routing daemon to redistribute (group "announce").  They lead to
 * the module's device, as do those that device.c makes, and are found before them: so they
 * hide nothing from the module, which answers "no route" for whom it does not know, and they
 * go with the device.  Where nobody forwards (kernel = false) they are unreachable.
 */
#include "io/announce.h"

#include "core/log.h"
#include "io/io.h"
#include "io/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PACE_NS		NSEC_PER_SEC		/* not more often, whoever takes them away */
#define WAIT_MAX_NS	(60 * NSEC_PER_SEC)	/* after a refusal: 1 s, doubling */
#define SURPLUS_MAX	64			/* taken away in one go */

struct announce {
	struct io *io;
	bool on;			/* if the configuration says so, too */
	uint8_t protocol;		/* of what may be in the kernel; 0: nothing is */
	uint8_t hears;			/* of which number's routes fd tells */
	int fd;				/* or -1 */
	struct ev_io news;
	struct timer timer;
	uint64_t last, wait;		/* ns: when it was looked at, until it is again */
	bool there[LMA_POOLS_MAX];
	bool whole;			/* all is as it should be */
	bool told;			/* and others know that nodes are here */
	char error[160];		/* or empty */
};

/* What is in the kernel and should be otherwise */
struct found {
	struct announce *a;
	bool stale[LMA_POOLS_MAX];	/* ours, but for what it says: replaced */
	unsigned int n;
	struct route surplus[SURPLUS_MAX];
	bool more;
	unsigned int added;
};

static const struct announce_conf *conf_of(const struct announce *a)
{
	return &a->io->conf->lma.announce;
}

static unsigned int wanted(const struct announce *a)
{
	return a->on && conf_of(a)->enabled ? a->io->conf->lma.n_pools : 0;
}

static void fill(const struct announce *a, unsigned int pool, struct route *r)
{
	const struct conf *c = a->io->conf;

	*r = (struct route){
		.dst = c->lma.pool[pool], .table = conf_of(a)->table,
		.metric = conf_of(a)->metric, .protocol = conf_of(a)->protocol,
		.type = c->kernel ? RTN_UNICAST : RTN_UNREACHABLE,
		.ifindex = c->kernel ? if_nametoindex(c->device) : 0,
	};
}

/* Of one destination there is one route of a metric, whatever it says. */
static bool same_place(const struct route *a, const struct route *b)
{
	return a->table == b->table && a->metric == b->metric;
}

static bool same(const struct route *a, const struct route *b)
{
	return a->type == b->type && a->protocol == b->protocol &&
	       (a->type != RTN_UNICAST || a->ifindex == b->ifindex);
}

static int found_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct found *f = arg;
	struct announce *a = f->a;
	struct route r, want;
	unsigned int i;

	if (!route_parse(nlh, &r) ||
	    (r.protocol != a->protocol && r.protocol != conf_of(a)->protocol))
		return MNL_CB_OK;
	for (i = 0; i < wanted(a); i++) {
		if (!prefix_equal(&r.dst, &a->io->conf->lma.pool[i]))
			continue;
		fill(a, i, &want);
		if (!same_place(&r, &want))
			break;
		a->there[i] = same(&r, &want);
		f->stale[i] = !a->there[i];
		return MNL_CB_OK;
	}
	if (f->n < SURPLUS_MAX)
		f->surplus[f->n++] = r;
	else
		f->more = true;
	return MNL_CB_OK;
}

/* By the number that the configuration has now, and by the one that it had */
static int look(struct announce *a, struct found *f)
{
	const uint8_t now = conf_of(a)->enabled ? conf_of(a)->protocol : 0;
	int ret = 0;

	memset(a->there, 0, sizeof(a->there));
	memset(f, 0, sizeof(*f));
	f->a = a;
	if (now)
		ret = route_dump(a->io, now, found_cb, f);
	if (!ret && a->protocol && a->protocol != now)
		ret = route_dump(a->io, a->protocol, found_cb, f);
	return ret;
}

static void tell(struct announce *a, const char *event, const char *detail)
{
	struct notice n = { .event = event, .detail = detail };

	a->io->env.ops->notify(a->io, &n);
}

/* Said once, as long as it is the same. */
static void complain(struct announce *a, const char *what, int err)
{
	char text[sizeof(a->error)];

	a->whole = false;
	snprintf(text, sizeof(text), "%s: %s", what,
		 err == EEXIST ? "somebody else has a route of that metric" : strerror(err));
	if (!strcmp(text, a->error))
		return;
	snprintf(a->error, sizeof(a->error), "%s", text);
	log_err("announce: %s; tried again", text);
	tell(a, "announce-refused", text);
}

static void complain_route(struct announce *a, const char *doing, const struct route *r, int err)
{
	char dst[PREFIX_STRLEN], text[128];

	snprintf(text, sizeof(text), "%s %s table %u metric %u", doing,
		 prefix_str(&r->dst, dst, sizeof(dst)), r->table, r->metric);
	complain(a, text, err);
}

/* What others have put in a place stays there. */
static int put_missing(struct announce *a, struct found *f)
{
	struct route r;
	unsigned int i;
	int ret, first = 0;

	for (i = 0; i < wanted(a); i++) {
		if (a->there[i])
			continue;
		fill(a, i, &r);
		ret = r.type == RTN_UNICAST && !r.ifindex ? -ENODEV :
		      route_add(a->io, &r, f->stale[i] ? NLM_F_REPLACE : NLM_F_EXCL);
		a->there[i] = !ret;
		f->added += !ret;
		if (ret && !first)
			complain_route(a, "route", &r, -ret);
		first = first ? first : ret;
	}
	return first;
}

static int sweep(struct announce *a, const struct found *f)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < f->n && !ret; i++) {
		ret = route_del(a->io, &f->surplus[i]);
		if (ret)
			complain_route(a, "taking away", &f->surplus[i], -ret);
	}
	return ret;
}

static void again(struct announce *a, uint64_t at)
{
	if (timerq_set(&a->io->timers, &a->timer, at))
		log_err("announce: no memory for its timer");
}

static void soon(struct announce *a)
{
	const uint64_t now = a->io->env.ops->now(a->io);

	again(a, now < a->last + PACE_NS ? a->last + PACE_NS : now);
}

/* What others do elsewhere is nothing to us, as often as they do it. */
static int news_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct announce *a = arg;
	struct route r;
	unsigned int i;

	if (!route_parse(nlh, &r) || r.table != conf_of(a)->table)
		return MNL_CB_OK;
	for (i = 0; i < wanted(a); i++)
		if (prefix_equal(&r.dst, &a->io->conf->lma.pool[i]))
			soon(a);
	return MNL_CB_OK;
}

static void read_news(struct ev_loop *loop, struct ev_io *w, int revents)
{
	static char buf[65536];
	struct announce *a = w->data;
	ssize_t n;
	int i;

	(void)loop;
	(void)revents;
	for (i = 0; i < IO_BURST; i++) {
		n = recv(a->fd, buf, sizeof(buf), 0);
		if (n <= 0 && errno != ENOBUFS)
			return;
		if (n > 0)
			mnl_cb_run(buf, (size_t)n, 0, 0, news_cb, a);
		else
			soon(a);
	}
}

static void unlisten(struct announce *a)
{
	if (a->fd < 0)
		return;
	ev_io_stop(a->io->loop, &a->news);
	close(a->fd);
	a->fd = -1;
}

/* Without it nobody tells of what others do, and that is all. */
static void listen_to(struct announce *a, uint8_t protocol)
{
	if (a->fd >= 0 && a->hears == protocol)
		return;
	unlisten(a);
	if (!protocol)
		return;
	a->hears = protocol;
	a->fd = route_listen(protocol);
	if (a->fd < 0) {
		log_warn("announce: nobody tells of routes: %s", strerror(-a->fd));
		a->fd = -1;
		return;
	}
	ev_io_init(&a->news, read_news, a->fd, EV_READ);
	a->news.data = a;
	ev_io_start(a->io->loop, &a->news);
}

static void settled(struct announce *a, const struct found *f)
{
	const struct announce_conf *c = conf_of(a);

	if (wanted(a) && (!a->whole || f->added || f->n)) {
		log_info("announce: %u pools, by routes of protocol %u in table %u", wanted(a),
			 c->protocol, c->table);
		tell(a, "announced", NULL);
	} else if (!wanted(a) && a->told) {
		log_info("announce: no more");
		tell(a, "withdrawn", NULL);
	}
	a->told = wanted(a);
	a->whole = true;
	a->error[0] = '\0';
	a->wait = 0;
	a->protocol = c->enabled ? c->protocol : 0;
}

/* First what is missing, then what is too much: a route that changes is never gone. */
static void settle(struct announce *a)
{
	struct found f;
	int ret;

	a->last = a->io->env.ops->now(a->io);
	ret = look(a, &f);
	if (ret) {
		complain(a, "routes are not listed", -ret);
	} else {
		ret = put_missing(a, &f);
		if (!ret)
			ret = sweep(a, &f);
	}
	if (ret) {
		a->wait = a->wait ? 2 * a->wait : PACE_NS;
		a->wait = a->wait < WAIT_MAX_NS ? a->wait : WAIT_MAX_NS;
		again(a, a->last + a->wait);
	} else if (f.more) {
		a->whole = false;
		soon(a);
	} else {
		settled(a, &f);
	}
}

static void fire(void *arg)
{
	struct announce *a = arg;

	if (a->whole)
		log_ratelimited(LOG_WARNING, "announce: somebody has changed a pool's route");
	settle(a);
}

/* As it is to be from now on; with another number there is more to hear first. */
static void change(struct announce *a)
{
	const uint8_t protocol = conf_of(a)->enabled ? conf_of(a)->protocol : 0;

	if (!protocol && !a->protocol)
		return;
	/* what an earlier daemon has left is of the number that it is configured with */
	a->protocol = a->protocol ? a->protocol : protocol;
	listen_to(a, wanted(a) ? protocol : 0);
	a->wait = 0;
	timerq_cancel(&a->io->timers, &a->timer);
	settle(a);
}

static struct announce *announce_new(struct io *io)
{
	struct announce *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->io = io;
	a->fd = -1;
	timer_init(&a->timer, fire, a);
	io->announce = a;
	return a;
}

/**
 * announce_start() - the pools' nodes are to be looked for here
 * @io: the daemon, which has rtnl_open() behind it
 *
 * Routes that an earlier daemon has left are taken on as they are, and those of the
 * protocol that are not wanted go.  What the kernel refuses is said, and tried again;
 * what somebody takes away is put back.  Without a group "announce" nothing happens.
 *
 * Return: 0 or -ENOMEM.
 */
int announce_start(struct io *io)
{
	struct announce *a = io->announce ? io->announce : announce_new(io);

	if (!a)
		return -ENOMEM;
	a->on = true;
	change(a);
	return 0;
}

/**
 * announce_stop() - and no more: the routes go
 * @io: the daemon; it may not have announced anything, but an earlier one
 */
void announce_stop(struct io *io)
{
	struct announce *a = io->announce ? io->announce : announce_new(io);

	if (!a)
		return;
	a->on = false;
	change(a);
}

/**
 * announce_pools() - the configuration is another one than before
 * @io: the daemon; does nothing where announce_start() has not been called
 */
void announce_pools(struct io *io)
{
	if (io->announce)
		change(io->announce);
}

/**
 * announce_link() - a device has come, or has changed
 * @io: the daemon
 * @name: its name; routes that had gone with the module's device can be there again
 */
void announce_link(struct io *io, const char *name)
{
	if (io->announce && !io->announce->whole && !strcmp(name, io->conf->device))
		soon(io->announce);
}

/**
 * announce_withdraw() - take all routes away, here and now
 * @io: the daemon, or what a child process has of it
 *
 * Uses nothing but io->rtnl_fd and io->rtnl_seq.
 *
 * Return: 0 or -errno.
 */
int announce_withdraw(struct io *io)
{
	struct announce *a = io->announce;
	struct found f;
	unsigned int i;
	int ret;

	if (!a)
		return 0;
	a->on = false;
	do {
		ret = look(a, &f);
		for (i = 0; i < f.n && !ret; i++)
			ret = route_del(io, &f.surplus[i]);
	} while (!ret && f.more);
	return ret;
}

/**
 * announce_address() - have an address on a device, or have it not
 * @io: the daemon
 * @dev: the device
 * @a: the address, of the anchor
 * @on: whether it is to be there
 *
 * Nobody is asked whether it is in use (DAD), and none is told: that is the caller's.  Nor is
 * it the source of what does not ask for it, since it may go again.
 *
 * Return: 0, also where it is so already; or -errno.
 */
int announce_address(struct io *io, const char *dev, const struct in6_addr *a, bool on)
{
	const uint32_t ifindex = if_nametoindex(dev);

	if (!ifindex)
		return on ? -ENODEV : 0;
	return on ? rtnl_lend_address(io, ifindex, a) : rtnl_del_address(io, ifindex, a, 128);
}

/**
 * announce_there() - whether a pool's route is in the kernel
 * @io: the daemon
 * @pool: the pool's place in the configuration
 *
 * Return: true, as far as is known.
 */
bool announce_there(const struct io *io, unsigned int pool)
{
	return io->announce && io->announce->there[pool];
}

/**
 * announce_error() - why not all is as it should be
 * @io: the daemon
 *
 * Return: a text; NULL: it is.
 */
const char *announce_error(const struct io *io)
{
	return io->announce && io->announce->error[0] ? io->announce->error : NULL;
}

/**
 * announce_close() - the daemon ends; its routes stay, as all that forwards does
 * @io: the daemon; the second time nothing happens
 */
void announce_close(struct io *io)
{
	struct announce *a = io->announce;

	if (!a)
		return;
	timerq_cancel(&io->timers, &a->timer);
	unlisten(a);
	free(a);
	io->announce = NULL;
}
