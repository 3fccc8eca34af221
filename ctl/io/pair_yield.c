// SPDX-License-Identifier: GPL-2.0
/*
 * The active one of a pair gives the lease to the other one, in good order: nothing new is
 * taken on while the store does it, so that all that was is in the copy.
 */
#include "core/log.h"
#include "io/control.h"
#include "io/io.h"
#include "io/pair.h"

#include <errno.h>
#include <string.h>

/* Only to who is there, and has all; what was written before has been taken before this is. */
static const char hand_script[] =
	"if redis.call('GET', KEYS[1]) ~= ARGV[1] or\n"
	"   redis.call('HGET', KEYS[2], 'epoch') ~= ARGV[2] then return 0 end\n"
	"local to = string.match(redis.call('GET', KEYS[3]) or '', '^(%x+) 1$')\n"
	"if not to or to == ARGV[1] then return 0 end\n"
	"redis.call('SET', KEYS[1], to, 'PX', ARGV[3])\n"
	"return 1\n";

/* Messages have waited meanwhile: they are answered here, or there. */
static void end(struct pair_io *px, bool done)
{
	struct io *io = px->io;

	if (!done) {
		io->starting = false;
		ev_timer_start(io->loop, &io->backlog_timer);
	}
	pair_handed(&px->machine, done);
	if (io->stopped)
		ev_break(io->loop, EVBREAK_ALL);
}

static void on_handed(redisAsyncContext *ac, void *reply, void *arg)
{
	const struct redis_link *link = ac->data;
	const redisReply *a = reply;
	struct pair_io *px = link && a ? link->owner->io->pair : NULL;
	bool done;

	(void)arg;
	if (!px || !px->machine.handing)
		return;
	link->owner->pinged = false;
	done = a->type == REDIS_REPLY_INTEGER && a->integer;
	if (!done)
		log_warn("pair %s: the lease is not handed over: %s", px->machine.conf->name,
			 a->type == REDIS_REPLY_ERROR ? a->str : "nobody is ready to take it");
	end(px, done);
}

/**
 * pair_hand_over() - give the lease to the other one
 * @ctx: this one of the pair, which is active
 *
 * Until pair_handed() messages wait, but for heartbeats.
 *
 * Return: 0 or -EAGAIN.
 */
int pair_hand_over(void *ctx)
{
	struct pair_io *px = ctx;
	redisAsyncContext *ac;

	/* what is answered has to be there before */
	mh_socket_flush(px->io);
	ac = pair_link(px);
	if (!ac || redisAsyncCommand(ac, on_handed, NULL, "EVAL %s 3 %s %s %s %s %llu %u",
				     hand_script, px->lease_key, px->meta_key, px->standby_key,
				     px->id, (unsigned long long)px->machine.lease.epoch,
				     PAIR_LEASE * px->machine.conf->interval_ms) != REDIS_OK)
		return -EAGAIN;
	redisAsyncHandleWrite(ac);
	px->io->starting = true;
	return 0;
}

/**
 * pair_yield_lost() - the store is away, and with it what was to be done there
 * @px: this one of the pair
 *
 * If it has been done the next answer of the store says so.
 */
void pair_yield_lost(struct pair_io *px)
{
	if (px->machine.handing)
		end(px, false);
}

static void on_leave(void *arg)
{
	ev_break(((struct pair_io *)arg)->io->loop, EVBREAK_ALL);
}

/**
 * pair_leave() - this daemon is to end: if the other one can go on, it is to at once
 * @io: the daemon, one of two or not
 *
 * Where nobody is ready the next daemon here has the lease, if it comes in time.
 *
 * Return: true: the loop is left when that is done, or an interval is over; false: nothing is
 * to be waited for.
 */
bool pair_leave(struct io *io)
{
	struct pair_io *px = io->pair;
	uint64_t until;

	if (!px || px->begin || pair_yield(&px->machine))
		return false;
	until = io->env.ops->now(io) + px->machine.conf->interval_ms * NSEC_PER_MSEC;
	timer_init(&px->leave, on_leave, px);
	return !timerq_set(&io->timers, &px->leave, until);
}

/**
 * request_pair_yield() - "pair-yield"
 * @io: the daemon
 * @req: the request
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_pair_yield(struct io *io, json_t *req)
{
	struct pair_io *px = io->pair;

	(void)req;
	if (!px)
		return control_error("this gateway is none of a pair");
	switch (pair_yield(&px->machine)) {
	case 0:
		log_info("pair %s: handed over to %s", px->machine.conf->name, px->standby);
		return json_pack("{s:b, s:{s:s}}", "ok", 1, "result", "to", px->standby);
	case -ENOTCONN:
		return control_error("the store is away");
	case -ENOENT:
		return control_error("no other one stands by");
	case -EBUSY:
		return control_error("the other one has not copied all, or cannot be the anchor");
	case -EPERM:
		return control_error("this is not the active one of its pair");
	default:
		return control_error("the store cannot be asked now");
	}
}
