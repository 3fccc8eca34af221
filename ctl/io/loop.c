// SPDX-License-Identifier: GPL-2.0
/* The daemon's life: start in order, one event loop, a stop that others see at once. */
#include "core/log.h"
#include "io/announce.h"
#include "io/io.h"
#include "io/ipsec.h"
#include "io/pair.h"
#include "io/radius.h"
#include "io/redis.h"
#include "io/store.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMERS_PER_TURN	1000

/**
 * io_serve() - amid what takes long, while all but heartbeats waits
 * @arg: the daemon, which is starting; else nothing happens
 */
void io_serve(void *arg)
{
	struct io *io = arg;

	if (!io->starting)
		return;
	mh_socket_serve(io);
	pair_amid(io);
	supervisor_amid(io);
}

static void on_timer(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct io *io = w->data;

	(void)loop;
	(void)revents;
	timerq_run(&io->timers, io->env.ops->now(io), TIMERS_PER_TURN);
}

/* At the end of each turn: let go of what waits to leave, look when to wake up. */
static void on_prepare(struct ev_loop *loop, struct ev_prepare *w, int revents)
{
	struct io *io = w->data;
	uint64_t deadline, now;

	(void)revents;
	mh_socket_flush(io);
	peer_file_store(io);
	ev_timer_stop(loop, &io->timer);
	if (!timerq_next(&io->timers, &deadline))
		return;
	now = io->env.ops->now(io);
	ev_now_update(loop);
	ev_timer_set(&io->timer, deadline > now ? (double)(deadline - now) / NSEC_PER_SEC : 0., 0.);
	ev_timer_start(loop, &io->timer);
}

/* Some a turn: who asks whether we are there is not to wait for all of them. */
static void on_backlog(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct io *io = w->data;

	(void)revents;
	dispatch_backlog(io);
	if (io->backlog.n)
		ev_timer_start(loop, w);
}

static void on_signal(struct ev_loop *loop, struct ev_signal *w, int revents)
{
	struct io *io = w->data;
	bool again = io->stopped;

	(void)revents;
	io->stopped = true;
	supervisor_stopping(io);
	log_info("signal %d: stopping; forwarding state stays in the kernel", w->signum);
	/* who says so twice does not mean to wait */
	if (!again && pair_leave(io))
		return;
	ev_break(loop, EVBREAK_ALL);
}

/*
 * RFC 5847 §3.1: its tunnel is down, so packets take the next path.  What was agreed
 * on with it stays until its lifetime is over: it may be back before.  But for anchors that
 * serve nodes of others: without them these are nowhere, and have another one to ask.
 */
static void on_dead(void *arg, struct peer *p)
{
	struct io *io = arg;
	char a[INET6_ADDRSTRLEN];

	log_warn("gateway %s does not answer", inet_ntop(AF_INET6, &p->remote, a, sizeof(a)));
	if (io->lma)
		lma_on_peer_dead(io->lma, p);
	if (io->mag)
		mag_on_peer_dead(io->mag, p);
}

static void on_restart(void *arg, struct peer *p)
{
	struct io *io = arg;

	if (io->lma)
		lma_on_peer_restart(io->lma, p);
	if (io->mag)
		mag_on_peer_restart(io->mag, p);
}

static void on_alive(void *arg, struct peer *p)
{
	struct io *io = arg;
	char a[INET6_ADDRSTRLEN];

	log_info("gateway %s answers", inet_ntop(AF_INET6, &p->remote, a, sizeof(a)));
	if (io->mag)
		mag_on_peer_alive(io->mag, p);
}

static void watch_loop(struct io *io)
{
	ev_init(&io->timer, on_timer);
	ev_timer_init(&io->backlog_timer, on_backlog, 0., 0.);
	ev_prepare_init(&io->prepare, on_prepare);
	ev_signal_init(&io->sigterm, on_signal, SIGTERM);
	ev_signal_init(&io->sigint, on_signal, SIGINT);
	io->timer.data = io;
	io->backlog_timer.data = io;
	io->prepare.data = io;
	io->sigterm.data = io;
	io->sigint.data = io;
	ev_prepare_start(io->loop, &io->prepare);
	ev_signal_start(io->loop, &io->sigterm);
	ev_signal_start(io->loop, &io->sigint);
}

static void know_prefixes(struct io *io, const struct in6_addr *local,
			  const struct prefix *p, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (p[i].len == 128 && !IN6_ARE_ADDR_EQUAL(local, &p[i].addr))
			peer_get(&io->peers, local, &p[i].addr);
}

/**
 * know_peers() - the gateways that the configuration names one by one (RFC 5847 §3.2)
 * @io: the daemon
 *
 * They are told of a restart, and watched from now on.
 */
void know_peers(struct io *io)
{
	const struct conf *c = io->conf;

	if (c->mag.enabled) {
		if (!IN6_IS_ADDR_UNSPECIFIED(&c->mag.lma))
			peer_get(&io->peers, &c->mag.address, &c->mag.lma);
		know_prefixes(io, &c->mag.address, c->mag.peer, c->mag.n_peers);
	}
	if (c->lma.enabled)
		know_prefixes(io, &c->lma.address, c->lma.mag, c->lma.n_mags);
}

static void announce(struct io *io)
{
	/* RFC 5847 §3.2: who "restarts and loses PMIPv6 session state" */
	if (io->conf->peer.heartbeat_ms && !io->whole)
		peers_announce_restart(&io->peers);
}

static int open_policy(struct io *io)
{
	char err[512];

	/* what is written from here on is read again */
	if (reload_start(io) || (io->conf->redis.enabled && redis_open(io))) {
		log_err("out of memory");
		return -1;
	}
	if (io->conf->radius.enabled && radius_open(io))
		return -1;
	if (io->redis || io->radius)
		return 0;
	if (!conf_policy_open(io->conf, &io->policy, err, sizeof(err)))
		return 0;
	log_err("%s", err);
	return -1;
}

/*
 * Who asks is answered from here on, with the counter of this start, however long it
 * takes: what the kernel has kept is read, then the machines come.
 */
static int start_answers(struct io *io)
{
	struct conf *c = io->conf;

	if (c->kernel && forwarding_open(io))
		return -1;
	io->limit = limit_new(&c->limits);
	if (!io->limit) {
		log_err("out of memory");
		return -1;
	}
	recall_open(io);
	peers_init(&io->peers, &io->env, &c->peer);
	io->peers.on_dead = on_dead;
	io->peers.on_restart = on_restart;
	io->peers.on_alive = on_alive;
	io->peers.arg = io;
	know_peers(io);
	if (c->peer.heartbeat_ms)
		peer_file_load(io);
	io->starting = true;
	return ipsec_open(io) || mh_socket_open(io) || icmp6_open(io) ? -1 : 0;
}

static int start_machines(struct io *io)
{
	struct conf *c = io->conf;

	/* Numbers of new tunnels begin after those that the kernel has kept. */
	if (c->kernel && forwarding_load(io))
		return -1;
	if (c->lma.enabled)
		io->lma = lma_new(&io->env, &c->lma, &io->peers, &io->policy);
	if (c->mag.enabled)
		io->mag = mag_new(&io->env, &c->mag, &io->peers, &io->policy);
	if ((c->lma.enabled && !io->lma) || (c->mag.enabled && !io->mag)) {
		log_err("out of memory");
		return -1;
	}
	recall_nodes(io);
	return 0;
}

static int start_sockets(struct io *io)
{
	int ret;

	/* one of two anchors has it already */
	if ((!io->control && control_start(io)) || rtnl_open(io))
		return -1;
	if (io->conf->kernel && (event_open(io) || device_setup(io)))
		return -1;
	if (mld_tunnel_open(io))
		return -1;
	ret = rtnl_dump_links(io);
	if (ret) {
		log_err("rtnetlink: %s", strerror(-ret));
		return -1;
	}
	return 0;
}

/* Whoever is led here by the routes finds all that an earlier daemon has left. */
static int start_announcing(struct io *io)
{
	if (!io->lma || !announce_start(io))
		return 0;
	log_err("out of memory");
	return -1;
}

static void end_start(struct io *io)
{
	io->starting = false;
	ev_timer_start(io->loop, &io->backlog_timer);
	if (io->counters.mh_waited)
		log_info("%llu messages came while the kernel's state was read; %llu more were dropped",
			 (unsigned long long)io->counters.mh_waited,
			 (unsigned long long)io->counters.mh_wait_dropped);
}

static void say_begun(const struct io *io)
{
	log_info("pmipd " PMIP_VERSION
		 ": roles%s%s, start %u%s, SHI is type %u, SHAck %u, FMI %u, FMA %u",
		 io->lma ? " lma" : "", io->mag ? " mag" : "", io->generation,
		 io->whole ? " (with all that was before)" : "",
		 mh_type(MH_SHI), mh_type(MH_SHACK), mh_type(MH_FMI), mh_type(MH_FMA));
	log_info("LMA_HO_Req is type %u, LMA_HO_Resp %u, LMA_HO_Init %u, LMA_HAck %u",
		 mh_type(MH_LMA_HO_REQ), mh_type(MH_LMA_HO_RESP), mh_type(MH_LMA_HO_INIT),
		 mh_type(MH_LMA_HACK));
}

static int wait_for_turn(struct io *io)
{
	if (pair_open(io) || control_start(io))
		return -1;
	supervisor_ready(io, "one of two anchors, not active");
	return 0;
}

static void say_ready(struct io *io)
{
	supervisor_ready(io, !io->lma ? "access gateway" :
			 !io->mag ? "anchor" : "anchor and access gateway");
}

/* From here on this is a gateway. */
static int begin(struct io *io)
{
	uint64_t at = io->env.ops->now(io);

	if ((io->pair && pair_begin(io)) || start_answers(io) || start_machines(io))
		return -1;
	if (io->pair)
		pair_serving(io);
	if (start_sockets(io) || start_announcing(io))
		return -1;
	purge_plan(io, io->env.ops->now(io) - at);
	announce(io);
	end_start(io);
	measure_start(io);
	say_begun(io);
	say_ready(io);
	return 0;
}

/**
 * io_new() - start everything
 * @conf: the configuration, which must outlive the daemon
 *
 * One of two anchors only finds out which one it is to be: io_run() starts the rest.
 *
 * Return: the daemon, or NULL after saying why not.
 */
struct io *io_new(struct conf *conf)
{
	struct io *io = calloc(1, sizeof(*io));

	if (!io) {
		log_err("out of memory");
		return NULL;
	}
	io->conf = conf;
	io->state_lock = -1;
	io->mh_fd = -1;
	io->icmp_fd = -1;
	io->mld_fd = -1;
	io->event_fd = -1;
	io->rtnl_fd = -1;
	io->rtnl_event_fd = -1;
	io->loop = ev_default_loop(EVFLAG_AUTO);
	timerq_init(&io->timers);
	io->env = (struct env){ .ops = &io_env_ops, .ctx = io, .timers = &io->timers };
	mh_set_types(&conf->types);
	link_table_init(io);
	watch_loop(io);
	if (supervisor_open(io) ||
	    restart_counter(conf->state_dir, &io->generation, &io->state_lock) ||
	    open_policy(io) || (conf->lma.pair.enabled ? wait_for_turn(io) : begin(io))) {
		io_free(io);
		return NULL;
	}
	return io;
}

/**
 * io_run() - until a signal says stop
 * @io: the daemon
 *
 * Return: 0; -1 after saying what could not be started.
 */
int io_run(struct io *io)
{
	ev_run(io->loop, 0);
	/* it is this one's turn, unless it has been told to stop in the same turn of the loop */
	while (io->pair && io->pair->begin && !io->stopped) {
		if (begin(io))
			return -1;
		ev_run(io->loop, 0);
	}
	/* what had come before the signal is still answered */
	ev_run(io->loop, EVRUN_NOWAIT);
	io->again = io->again && !io->stopped;
	return 0;
}

/**
 * io_stop() - nobody hears of us any more; the kernel keeps forwarding
 * @io: the daemon, maybe half started; the second time nothing happens
 *
 * Its memory is all that is left then: the next daemon can start.
 */
void io_stop(struct io *io)
{
	control_stop(io);
	reload_stop(io);
	mh_socket_flush(io);
	pair_close(io);
	mh_socket_close(io);
	ipsec_close(io);
	mld_tunnel_close(io);
	if (io->peers.env)
		peer_file_flush(io);
	event_close(io);
	genl_stop(&io->genl);
	link_table_close(io);
	announce_close(io);
	rtnl_close(io);
	icmp6_close(io);
	ev_prepare_stop(io->loop, &io->prepare);
	ev_timer_stop(io->loop, &io->timer);
	ev_timer_stop(io->loop, &io->backlog_timer);
	ev_signal_stop(io->loop, &io->sigterm);
	ev_signal_stop(io->loop, &io->sigint);
	supervisor_close(io);
	store_close(io->store);
	io->store = NULL;
	if (io->state_lock >= 0)
		close(io->state_lock);
	io->state_lock = -1;
}

/**
 * io_free() - stop, and give the memory back
 * @io: the daemon, maybe half started
 */
void io_free(struct io *io)
{
	io_stop(io);
	/* a million timers go at once, not each when its owner does */
	timerq_free(&io->timers);
	if (io->mag)
		mag_free(io->mag);
	if (io->lma)
		lma_free(io->lma);
	if (io->peers.env)
		peers_free(&io->peers);
	if (io->policy.ops)
		policy_free(&io->policy);
	pair_free(io);
	forwarding_close(io);
	backlog_free(&io->backlog);
	limit_free(io->limit);
	ev_loop_destroy(io->loop);
	free(io);
}
