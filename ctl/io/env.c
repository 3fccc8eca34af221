// SPDX-License-Identifier: GPL-2.0
/* The state machines' environment, made of sockets and the kernel. */
#include "core/log.h"
#include "io/io.h"
#include "io/monitor.h"
#include "io/pair.h"
#include "io/store.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static void send_mh(void *ctx, const struct in6_addr *src, const struct in6_addr *dst,
		    const struct mh_msg *msg)
{
	mh_socket_send(ctx, src, dst, msg);
}

static void send_ra(void *ctx, const struct ra_out *ra)
{
	/* What the node sends next must find its binding. */
	forwarding_flush(ctx);
	icmp6_send_ra(ctx, ra);
}

static void probe_neighbour(void *ctx, uint32_t ifindex, const struct in6_addr *addr,
			    const struct llid *lladdr)
{
	int ret = rtnl_probe(ctx, ifindex, addr, lladdr);

	if (ret)
		log_ratelimited(LOG_WARNING, "%s: neighbour probe: %s", link_name(ctx, ifindex),
				strerror(-ret));
}

static void dp_tunnel_set(void *ctx, const struct dp_tunnel *t)
{
	forwarding_tunnel_set(ctx, t);
}

static void dp_tunnel_del(void *ctx, uint32_t id)
{
	forwarding_tunnel_del(ctx, id);
}

static void dp_binding_set(void *ctx, const struct dp_binding *b)
{
	forwarding_binding_set(ctx, b);
}

static void dp_binding_del(void *ctx, const struct prefix *p)
{
	forwarding_binding_del(ctx, p);
}

static void dp_path_state(void *ctx, uint32_t ifindex, const struct llid *lladdr, uint8_t state)
{
	forwarding_path_state(ctx, ifindex, lladdr, state);
}

static void dp_flow_set(void *ctx, const struct dp_flow *f)
{
	forwarding_flow_set(ctx, f);
}

static void dp_flow_del(void *ctx, uint64_t node, uint16_t fid)
{
	forwarding_flow_del(ctx, node, fid);
}

static void send_mld(void *ctx, const struct mld_out *m)
{
	/* What is asked for must find its way once it comes. */
	forwarding_flush(ctx);
	mld_send(ctx, m);
}

static void dp_listener_set(void *ctx, const struct dp_listener *l)
{
	forwarding_listener_set(ctx, l);
}

static void dp_listener_del(void *ctx, const struct dp_listener *l)
{
	forwarding_listener_del(ctx, l);
}

static void dp_return_set(void *ctx, const struct prefix *p, const struct dp_return *r)
{
	forwarding_return_set(ctx, p, r);
}

static void dp_hold_release(void *ctx, const struct prefix *p, uint8_t to)
{
	forwarding_hold_release(ctx, p, to);
}

static int dp_commit(void *ctx)
{
	return forwarding_commit(ctx);
}

static void notify(void *ctx, const struct notice *n)
{
	monitor_notify(ctx, n);
}

static bool watched(void *ctx)
{
	return monitor_watched(ctx);
}

static void keep(void *ctx, const struct keep_key *key, const void *data, size_t len, bool more)
{
	struct io *io = ctx;

	store_put(io->store, key, data, len, more);
	pair_keep(io, key, data, len, more);
}

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

static uint64_t now(void *ctx)
{
	(void)ctx;
	return read_clock(CLOCK_MONOTONIC);
}

static uint64_t wall(void *ctx)
{
	const struct io *io = ctx;

	return io->came ? io->came : read_clock(CLOCK_REALTIME);
}

static uint32_t random_u32(void *ctx)
{
	uint32_t v = 0;

	(void)ctx;
	while (getrandom(&v, sizeof(v), 0) < 0 && errno == EINTR)
		;
	return v;
}

const struct env_ops io_env_ops = {
	.send_mh = send_mh,
	.send_ra = send_ra,
	.send_mld = send_mld,
	.probe = probe_neighbour,
	.dp_tunnel_set = dp_tunnel_set,
	.dp_tunnel_del = dp_tunnel_del,
	.dp_binding_set = dp_binding_set,
	.dp_binding_del = dp_binding_del,
	.dp_path_state = dp_path_state,
	.dp_flow_set = dp_flow_set,
	.dp_flow_del = dp_flow_del,
	.dp_listener_set = dp_listener_set,
	.dp_listener_del = dp_listener_del,
	.dp_return_set = dp_return_set,
	.dp_hold_release = dp_hold_release,
	.dp_commit = dp_commit,
	.notify = notify,
	.watched = watched,
	.serve = io_serve,
	.keep = keep,
	.now = now,
	.wall = wall,
	.random = random_u32,
};
