// SPDX-License-Identifier: GPL-2.0
/*
 * One of two anchors: the lease in the policy store, and the life of this one between being
 * the standby and being the anchor.  Until it is that, nothing of an anchor has been
 * started: to take over is to start with what an earlier daemon has left, which here is the
 * copy.  Who is the anchor no more ends as at a stop, and begins anew.
 */
#include "io/pair.h"

#include "core/log.h"
#include "io/control.h"
#include "io/io.h"
#include "io/store.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ID_NAME		"pair-id"
#define ANSWERS		10	/* members of the script's answer */

/*
 * The lease is a key that ends by itself.  Beside it stands which epoch it is, and whose: so
 * an active one that was away hears that another one has been active meanwhile, even if that
 * is so no more.  Who stands by says so in a key that ends by itself, too, and whether it has all.
 */
static const char lease_script[] =
	"local h = redis.call('GET', KEYS[1]) or ''\n"
	"local m = redis.call('HMGET', KEYS[2], 'epoch', 'holder', 'beat', 'whole', 'counter',\n"
	"                     'owner')\n"
	"local epoch, last, beat = tonumber(m[1] or 0), m[2] or '', tonumber(m[3] or 0)\n"
	"local had, mine, ours = tonumber(ARGV[3]), 0, 0\n"
	"local over = had > 0 and epoch > 0 and (last ~= ARGV[1] or epoch > had)\n"
	"if (h == '' or h == ARGV[1]) and not over and ARGV[4] == '1' then\n"
	"  mine = 1\n"
	"  if last == ARGV[1] then ours = 1 end\n"
	"  if had == 0 then epoch = epoch + 1 else epoch = had end\n"
	"  beat = beat + 1\n"
	"  h = ARGV[1]\n"
	"  redis.call('SET', KEYS[1], h, 'PX', ARGV[2])\n"
	"  redis.call('HSET', KEYS[2], 'epoch', string.format('%d', epoch), 'holder', h,\n"
	"             'beat', string.format('%d', beat))\n"
	"end\n"
	"if ARGV[5] ~= '' then redis.call('SET', KEYS[3], ARGV[5], 'PX', ARGV[2]) end\n"
	"if h == '' then h = last end\n"
	"return { mine, ours, epoch, beat, tonumber(m[4] or 0), m[5] or '0', m[6] or '', h,\n"
	"         redis.call('PTTL', KEYS[1]), redis.call('GET', KEYS[3]) or '' }\n";

/* It is asked for again; by another server only where that may know more. */
static void not_said(struct pair_io *px, struct redis *r, const redisReply *a)
{
	const char *why = a->type == REDIS_REPLY_ERROR ? a->str :
			  "an answer that nobody can read";
	struct notice n = { .event = "pair-refused", .detail = px->error };

	if (redis_is_wrong_server(a)) {
		redis_lost(r, why);
		return;
	}
	if (strncmp(px->error, why, sizeof(px->error) - 1)) {
		snprintf(px->error, sizeof(px->error), "%s", why);
		log_err("pair %s: lease: %s", px->machine.conf->name, why);
		px->io->env.ops->notify(px->io, &n);
	}
	pair_refused(&px->machine);
}

/* "ID 1": it has all that it needs; what this one has said itself lasts a while */
static void take_standby(struct pair_io *px, const redisReply *a, struct pair_lease *l)
{
	px->standby[0] = '\0';
	if (a->type != REDIS_REPLY_STRING || a->len != PAIR_ID_LEN + 1 ||
	    !strncmp(a->str, px->id, PAIR_ID_LEN - 1))
		return;
	snprintf(px->standby, sizeof(px->standby), "%.16s", a->str);
	l->other = true;
	l->ready = a->str[PAIR_ID_LEN] == '1';
}

static void on_lease(redisAsyncContext *ac, void *reply, void *arg)
{
	const struct redis_link *link = ac->data;
	const redisReply *a = reply;
	struct pair_io *px = link && a ? link->owner->io->pair : NULL;
	struct pair_lease l = { .mine = false };
	uint32_t counter;

	(void)arg;
	if (!px)
		return;
	link->owner->pinged = false;
	if (a->type != REDIS_REPLY_ARRAY || a->elements != ANSWERS) {
		not_said(px, link->owner, a);
		return;
	}
	px->error[0] = '\0';
	l.mine = a->element[0]->integer;
	l.ours = a->element[1]->integer;
	l.epoch = (uint64_t)a->element[2]->integer;
	l.beat = (uint64_t)a->element[3]->integer;
	l.whole = a->element[4]->integer;
	snprintf(px->holder, sizeof(px->holder), "%s", a->element[7]->str);
	px->left_ms = a->element[8]->integer;
	take_standby(px, a->element[9], &l);
	counter = (uint32_t)strtoul(a->element[5]->str, NULL, 10);
	/* a store that has lost all has not made peers forget what they were told */
	if (counter)
		px->copy.counter = counter;
	pair_heard(&px->machine, &l);
	if (px->machine.state == PAIR_ACTIVE && l.mine) {
		keeper_until(&px->keeper, px->machine.until);
		pair_address_sure(px);
		if (!px->begin)
			pair_write_start(px);
	} else {
		pair_copy_poll(px);
	}
}

/* Whether this standby could be the anchor at once, with all that there was */
static bool is_ready(struct pair_io *px)
{
	return pair_ready_to_take(&px->machine) && pair_copy_whole(px) &&
	       pair_address_possible(px);
}

static int say_lease(struct pair_io *px, uint64_t epoch, bool take, redisCallbackFn *fn)
{
	redisAsyncContext *ac = pair_link(px);
	char standby[PAIR_ID_LEN + 2] = "";

	if (px->machine.state == PAIR_STANDBY)
		snprintf(standby, sizeof(standby), "%s %d", px->id, is_ready(px));
	if (!ac || redisAsyncCommand(ac, fn, NULL, "EVAL %s 3 %s %s %s %s %u %llu %d %s",
				     lease_script, px->lease_key, px->meta_key, px->standby_key,
				     px->id, PAIR_LEASE * px->machine.conf->interval_ms,
				     (unsigned long long)epoch, take, standby) != REDIS_OK)
		return -EAGAIN;
	return 0;
}

static int ask(void *ctx, uint64_t epoch, bool take)
{
	return say_lease(ctx, epoch, take, on_lease);
}

/**
 * pair_amid() - amid a start that takes long, the lease is not to end
 * @io: the daemon, which has just become the active one
 *
 * What the store answers is read when the start is over.
 */
void pair_amid(struct io *io)
{
	struct pair_io *px = io->pair;
	uint64_t now;

	if (!px)
		return;
	now = io->env.ops->now(io);
	if (now < px->renewed + px->machine.conf->interval_ms * NSEC_PER_MSEC / 2)
		return;
	px->renewed = now;
	if (!say_lease(px, px->machine.lease.epoch, true, NULL))
		redisAsyncHandleWrite(pair_link(px));
}

static bool see_none(void *arg, const struct keep_key *key, const void *data, size_t len)
{
	(void)key;
	(void)data;
	(void)len;
	*(bool *)arg = true;
	return false;
}

/* What a standby has copied is not its own.  All is read for this, and stays open. */
static bool has_own(void *ctx)
{
	struct pair_io *px = ctx;
	bool any = false;

	if (px->copy.on)
		return false;
	px->io->store = recall_store(px->io, &px->counter);
	store_each(px->io->store, KEEP_NODE, see_none, &any);
	px->own = px->counter || any;
	return px->own;
}

/**
 * pair_recalls() - whether the store is the one that is open already
 * @io: the daemon, one of two or not
 * @counter: set, if so, as store_open() says
 *
 * There may be a million records, and nobody has the address while they are read once more.
 *
 * Return: true if so.
 */
bool pair_recalls(struct io *io, uint32_t *counter)
{
	if (!io->pair || !io->pair->own)
		return false;
	*counter = io->pair->counter;
	return true;
}

static void let_go(void *ctx)
{
	pair_address_off(ctx);
}

static void follow(void *ctx)
{
	struct pair_io *px = ctx;

	px->own = false;
	px->copy.on = true;
	pair_copy_poll(px);
}

static void catch_up(void *ctx)
{
	pair_copy_catch_up(ctx);
}

static void serve(void *ctx, bool whole)
{
	struct pair_io *px = ctx;

	px->whole = whole && pair_copy_whole(px);
	px->begin = true;
	ev_break(px->io->loop, EVBREAK_ALL);
}

static void yield(void *ctx)
{
	struct pair_io *px = ctx;

	log_warn("pair %s: another one is active: standing down", px->machine.conf->name);
	px->io->starting = false;
	px->write.on = false;
	px->begin = false;
	pair_address_off(px);
	px->io->again = true;
	ev_break(px->io->loop, EVBREAK_ALL);
}

static const struct pair_ops ops = {
	.ask = ask,
	.has_own = has_own,
	.let_go = let_go,
	.follow = follow,
	.catch_up = catch_up,
	.serve = serve,
	.hand_over = pair_hand_over,
	.yield = yield,
};

/* It is this host's for good: a daemon that comes after one that died has its lease. */
static int read_id(struct io *io, char id[PAIR_ID_LEN])
{
	char path[4128];
	FILE *f;
	int ret = 0;

	snprintf(path, sizeof(path), "%s/" ID_NAME, io->conf->state_dir);
	f = fopen(path, "re");
	if (f) {
		ret = fscanf(f, "%16[0-9a-f]", id) == 1 && strlen(id) == PAIR_ID_LEN - 1 ? 0 : -1;
		fclose(f);
		if (!ret)
			return 0;
	}
	snprintf(id, PAIR_ID_LEN, "%08x%08x", io->env.ops->random(io), io->env.ops->random(io));
	f = fopen(path, "we");
	if (f) {
		ret = fprintf(f, "%s\n", id) < 0;
		ret = fclose(f) || ret ? -1 : 0;
	}
	if (!f || ret)
		log_err("%s: %s", path, strerror(errno));
	return f ? ret : -1;
}

/* Records are read by the bytes' order that they were written by. */
static void owner(struct pair_io *px)
{
	const uint32_t layout = lma_layout();
	char text[INET6_ADDRSTRLEN];
	uint8_t b[sizeof(layout)];

	memcpy(b, &layout, sizeof(b));
	inet_ntop(AF_INET6, &px->io->conf->lma.address, text, sizeof(text));
	snprintf(px->owner, sizeof(px->owner), "%s/%02x%02x%02x%02x", text, b[0], b[1], b[2], b[3]);
}

/**
 * pair_open() - begin as one of two
 * @io: the daemon, with its policy store
 *
 * Return: 0, or -1 after saying why not.
 */
int pair_open(struct io *io)
{
	const struct pair_conf *c = &io->conf->lma.pair;
	struct pair_io *px = calloc(1, sizeof(*px));
	int ret;

	if (!px) {
		log_err("out of memory");
		return -1;
	}
	io->pair = px;
	px->io = io;
	px->keeper.fd = -1;
	px->keeper.lock = -1;
	snprintf(px->meta_key, sizeof(px->meta_key), "%spair:%s", io->conf->redis.prefix, c->name);
	snprintf(px->lease_key, sizeof(px->lease_key), "%.180s:lease", px->meta_key);
	snprintf(px->standby_key, sizeof(px->standby_key), "%.180s:standby", px->meta_key);
	owner(px);
	if (read_id(io, px->id) || rtnl_open(io))
		return -1;
	ret = keeper_start(io, &px->keeper);
	if (ret) {
		log_err("no keeper of the address: %s", strerror(-ret));
		return -1;
	}
	pair_start(&px->machine, &io->env, c, &ops, px);
	/* an earlier daemon's, of which nobody knows when it was renewed */
	keeper_until(&px->keeper, px->machine.since +
		     PAIR_LEASE * c->interval_ms * NSEC_PER_MSEC);
	return 0;
}

/**
 * pair_link() - the connection to the store
 * @px: this one of the pair
 *
 * Return: NULL: there is none.
 */
redisAsyncContext *pair_link(const struct pair_io *px)
{
	const struct redis *r = px->io->redis;

	return r && r->ready ? r->commands.ac : NULL;
}

/**
 * pair_ready() - the store answers
 * @io: the daemon
 */
void pair_ready(struct io *io)
{
	if (io->pair)
		pair_up(&io->pair->machine);
}

/**
 * pair_lost() - it does not any more
 * @io: the daemon
 */
void pair_lost(struct io *io)
{
	if (!io->pair)
		return;
	pair_copy_lost(io->pair);
	pair_write_lost(io->pair);
	pair_yield_lost(io->pair);
	pair_down(&io->pair->machine);
}

/**
 * pair_waits() - whether this one is not the anchor
 * @io: the daemon
 *
 * Return: true if another one is, or will be.
 */
bool pair_waits(const struct io *io)
{
	return io->pair && (!io->pair->write.on || io->pair->machine.handing);
}

/**
 * pair_begin() - what is found from here on is what the other one had
 * @io: the daemon, whose turn it is
 *
 * Numbers of starts go on behind that of the other one, which peers may have been told.
 *
 * Return: 0, or -1 after saying why not.
 */
int pair_begin(struct io *io)
{
	struct pair_io *px = io->pair;
	struct pair_copy *c = &px->copy;
	uint32_t counter;

	px->begin = false;
	c->on = false;
	if (!px->own) {
		if (!c->whole) {
			store_close(io->store);
			io->store = NULL;
			store_remove(io->conf->sessions_dir);
		}
		if (!io->store)
			io->store = recall_store(io, &counter);
		store_count(io->store, px->whole ? c->counter : 0);
		store_close(io->store);
		io->store = NULL;
	}
	px->write.buf = malloc(PAIR_BUF_SIZE);
	if (!px->write.buf) {
		log_err("out of memory");
		return -1;
	}
	if (!c->counter)
		return 0;
	return restart_counter_pass(io->conf->state_dir, &io->generation, c->counter);
}

/**
 * pair_serving() - all that there was is known: the address is ours
 * @io: the daemon
 *
 * Who has another link-layer address in its neighbour cache hears of this one.
 */
void pair_serving(struct io *io)
{
	struct pair_io *px = io->pair;

	/* no packet for a node is to be answered by the kernel, which would not know it yet */
	forwarding_flush(io);
	px->write.on = true;
	px->write.stale = true;
	keeper_until(&px->keeper, px->machine.until);
	pair_address_on(px);
}

/**
 * pair_close() - the daemon ends; who comes next, here or there, has the rest
 * @io: the daemon
 */
void pair_close(struct io *io)
{
	if (!io->pair)
		return;
	pair_flush(io);
	if (io->pair->machine.env)
		pair_stop(&io->pair->machine);
	io->pair->write.on = false;
	io->pair->copy.on = false;
	keeper_leave(&io->pair->keeper);
}

/**
 * pair_free() - give the memory back
 * @io: the daemon, without its policy store
 */
void pair_free(struct io *io)
{
	if (!io->pair)
		return;
	free(io->pair->write.buf);
	free(io->pair);
	io->pair = NULL;
}

static void put_numbers(json_t *o, struct pair_io *px)
{
	const struct pair_write *w = &px->write;
	const struct pair_copy *c = &px->copy;
	const struct lma_pair *m = &px->machine;
	uint64_t behind = w->on ? w->unanswered : c->last - c->seq;

	json_object_set_new(o, "epoch", json_integer((json_int_t)m->lease.epoch));
	json_object_set_new(o, "left-ms", json_integer(px->left_ms));
	json_object_set_new(o, "renewals", json_integer((json_int_t)m->renewals));
	json_object_set_new(o, "sure", json_boolean(!m->doubt));
	json_object_set_new(o, "whole", json_boolean(w->on ? w->whole : pair_copy_whole(px)));
	json_object_set_new(o, "ready", json_boolean(w->on ? m->lease.ready : is_ready(px)));
	json_object_set_new(o, "behind", json_integer((json_int_t)behind));
	json_object_set_new(o, "copied", json_integer((json_int_t)c->records));
	json_object_set_new(o, "written", json_integer((json_int_t)w->records));
	json_object_set_new(o, "unread", json_integer((json_int_t)(w->on ? w->broken : c->unread)));
}

/**
 * request_pair_show() - "pair-show"
 * @io: the daemon
 * @req: the request
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_pair_show(struct io *io, json_t *req)
{
	struct pair_io *px = io->pair;
	const struct lma_pair *m;
	enum pair_state state;
	uint64_t now;
	json_t *o;

	(void)req;
	if (!px)
		return control_error("this gateway is none of a pair");
	m = &px->machine;
	now = io->env.ops->now(io);
	state = m->state == PAIR_ACTIVE && !px->write.on ? PAIR_TAKING : m->state;
	o = json_pack("{s:s, s:s, s:I, s:b, s:s, s:s, s:s}", "name", m->conf->name,
		      "state", pair_state_str(state),
		      "since", (json_int_t)((now - m->since) / NSEC_PER_SEC), "store", m->up,
		      "id", px->id, "holder", px->holder, "standby", px->standby);
	put_numbers(o, px);
	return json_pack("{s:b, s:[o]}", "ok", 1, "result", o);
}
