// SPDX-License-Identifier: GPL-2.0
/*
 * What an earlier daemon has left in the kernel and nobody has renewed goes, once all have
 * had the time to: some at a time.  There may be a million, and who asks meanwhile whether
 * we are there is not to wait for all of them.
 */
#include "core/log.h"
#include "io/io.h"
#include "io/radius.h"
#include "io/redis.h"

/* Time for the nodes and gateways to say again what an earlier daemon knew, once
 * a gateway has heard of the restart: by the next heartbeat at the latest
 */
#define PURGE_DELAY_MS	5000
#define AGAIN_MS	37000	/* RFC 6275 §12: MAX_BINDACK_TIMEOUT, and 5 s */
#define PURGE_STEP	1024	/* objects that are looked at in a turn */
/* RFC 6275 §6.1.7: the longest that a binding can last, in s */
#define LIFETIME_MAX	(65534 * MH_LIFETIME_UNIT)

/* Old paths of new bindings go first: they would keep the tunnels. */
static void purge_some(void *arg)
{
	struct io *io = arg;

	timer_init(&io->purge, purge_some, io);
	while (inherit_end(io, PURGE_STEP) || forwarding_purge(io, PURGE_STEP))
		if (!timerq_set(&io->timers, &io->purge, io->env.ops->now(io)))
			return;
	forwarding_purged(io);
}

/* While the policy store is gone, and until gateways have tried again since it is there */
static bool strangers(struct io *io)
{
	return (io->mag && mag_takes_over(io->mag)) ||
	       (io->redis && !redis_has_been_there(io->redis, AGAIN_MS * NSEC_PER_MSEC)) ||
	       (io->radius && !radius_has_been_there(io->radius, AGAIN_MS * NSEC_PER_MSEC));
}

/*
 * A gateway without heartbeats does not know that we have begun anew: what an
 * earlier daemon granted it stays for as long as that can have been.
 */
static void on_purge(void *arg)
{
	struct io *io = arg;
	uint64_t s = io->conf->lma.max_lifetime ? io->conf->lma.max_lifetime : LIFETIME_MAX;

	/* who is not known yet, and is refused for that, is still forwarded to */
	if (strangers(io) &&
	    !timerq_set(&io->timers, &io->purge, io->env.ops->now(io) +
			PURGE_DELAY_MS * NSEC_PER_MSEC))
		return;
	if (!io->lma || !tunnel_map_unheard(io)) {
		purge_some(io);
		return;
	}
	log_info("some gateways have no heartbeats: their bindings stay for up to %llu s",
		 (unsigned long long)s);
	timer_init(&io->purge, purge_some, io);
	if (timerq_set(&io->timers, &io->purge, io->env.ops->now(io) + s * NSEC_PER_SEC))
		purge_some(io);
}

/**
 * purge_plan() - let what nobody renews go, later
 * @io: the daemon
 * @took: ns, of the start so far: a sender that has had no answer waits as long again
 */
void purge_plan(struct io *io, uint64_t took)
{
	timer_init(&io->purge, on_purge, io);
	if (!io->conf->kernel)
		return;
	timerq_set(&io->timers, &io->purge, io->env.ops->now(io) + took +
		   (PURGE_DELAY_MS + io->conf->peer.heartbeat_ms) * NSEC_PER_MSEC);
}
