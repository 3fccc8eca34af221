// SPDX-License-Identifier: GPL-2.0
/*
 * What the active one of two anchors writes for the other: each record that it keeps, as soon
 * as it is kept, with what else there is in the same turn of the loop.  Nothing waits for it.
 *
 * Where the store was away, or is too slow, what could not be written is not remembered:
 * all that there is goes there anew, under another name, which replaces the one before once
 * it is whole.  Until then the other one knows that it is not.
 */
#include "core/log.h"
#include "io/io.h"
#include "io/pair.h"
#include "io/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH		256			/* records in a command */
#define WALK		128
#define RECORD_MAX	((size_t)PAIR_KEY_MAX + PAIR_HEAD + 16384)
#define UNANSWERED_MAX	((size_t)32 << 20)
#define HEAD_ARGS	6			/* EVAL, script, keys, key, epoch, base */

/* What a former active one says late is refused by its epoch, atomically. */
#define IF_EPOCH \
	"local epoch = redis.call('HGET', KEYS[1], 'epoch')\n" \
	"if not epoch then return redis.error_reply('what was there is gone') end\n" \
	"if epoch ~= ARGV[1] then return 0 end\n" \
	"local old = redis.call('HGET', KEYS[1], 'base')\n" \
	"local k = KEYS[1] .. ':' .. ARGV[2]\n"

/* Nor what was begun before the store lost all: a part of it is gone. */
#define IF_BEGUN IF_EPOCH \
	"if old ~= ARGV[2] and redis.call('HGET', KEYS[1], 'next') ~= ARGV[2] then\n" \
	"  return redis.error_reply('what was there is gone')\n" \
	"end\n"

static const char begin_script[] = IF_EPOCH
	"local was = redis.call('HGET', KEYS[1], 'next')\n"
	"if was and was ~= old then redis.call('UNLINK', KEYS[1] .. ':' .. was) end\n"
	"redis.call('HSET', KEYS[1], 'next', ARGV[2], 'whole', 0, 'counter', ARGV[3],\n"
	"           'owner', ARGV[4])\n"
	"return 1\n";

static const char write_script[] = IF_BEGUN
	"local seq = tonumber(redis.call('HGET', KEYS[1], 'seq') or 0)\n"
	"for i = 3, #ARGV, 2 do\n"
	"  if ARGV[i + 1] == '' then redis.call('HDEL', k, ARGV[i])\n"
	"  else redis.call('HSET', k, ARGV[i], ARGV[i + 1]) end\n"
	"  if old == ARGV[2] then\n"
	"    seq = seq + 1\n"
	"    redis.call('XADD', k .. ':log', 'MAXLEN', '~', 100000,\n"
	"               string.format('%d-0', seq), 'k', ARGV[i])\n"
	"  end\n"
	"end\n"
	"if old == ARGV[2] then redis.call('HSET', KEYS[1], 'seq', string.format('%d', seq)) end\n"
	"return 1\n";

static const char end_script[] = IF_BEGUN
	"redis.call('HSET', KEYS[1], 'base', ARGV[2], 'whole', ARGV[3])\n"
	"redis.call('HDEL', KEYS[1], 'next')\n"
	"if old and old ~= ARGV[2] then\n"
	"  redis.call('UNLINK', KEYS[1] .. ':' .. old, KEYS[1] .. ':' .. old .. ':log')\n"
	"end\n"
	"return 1\n";

/* Nothing that a store without memory would refuse */
static const char spoil_script[] = IF_EPOCH
	"redis.call('HDEL', KEYS[1], 'whole')\n"
	"return 1\n";

static const char *argv[HEAD_ARGS + 2 * BATCH];
static size_t argv_len[HEAD_ARGS + 2 * BATCH];

static void set_arg(unsigned int i, const void *data, size_t len)
{
	argv[i] = data;
	argv_len[i] = len;
}

/* The command for the records in the buffer, or one with other arguments behind the base */
static bool command(struct pair_io *px, const char *script, redisCallbackFn *fn, void *arg,
		    unsigned int n)
{
	redisAsyncContext *ac = pair_link(px);
	static char epoch[24];

	snprintf(epoch, sizeof(epoch), "%llu", (unsigned long long)px->machine.lease.epoch);
	set_arg(0, "EVAL", 4);
	set_arg(1, script, strlen(script));
	set_arg(2, "1", 1);
	set_arg(3, px->meta_key, strlen(px->meta_key));
	set_arg(4, epoch, strlen(epoch));
	set_arg(5, px->write.base, strlen(px->write.base));
	return ac && redisAsyncCommandArgv(ac, fn, arg, (int)(HEAD_ARGS + n), argv, argv_len) ==
		     REDIS_OK;
}

/*
 * Not all is there any more: with the next renewal of the lease all goes there anew.  Who
 * takes over before that is to know.
 */
static void spoil(struct pair_io *px)
{
	const bool known = px->write.stale;

	px->write.stale = true;
	px->write.walking = false;
	px->write.whole = false;
	px->write.n = 0;
	px->write.used = 0;
	if (!known)
		command(px, spoil_script, NULL, NULL, 0);
}

static void refused(struct pair_io *px, struct redis *r, const redisReply *a)
{
	log_ratelimited(LOG_ERR, "pair %s: %s", px->machine.conf->name,
			a->str ? a->str : "an answer that nobody can read");
	spoil(px);
	if (redis_is_wrong_server(a))
		redis_lost(r, a->str);
}

/* NULL: not for us any more; else whether it was taken */
static struct pair_io *answered(redisAsyncContext *ac, const redisReply *a, bool *taken)
{
	const struct redis_link *l = ac->data;
	struct pair_io *px = l && a ? l->owner->io->pair : NULL;

	*taken = false;
	if (!px || !px->write.on)
		return NULL;
	l->owner->pinged = false;
	if (a->type == REDIS_REPLY_INTEGER && !a->integer) {
		pair_superseded(&px->machine);
		return NULL;
	}
	*taken = a->type == REDIS_REPLY_INTEGER;
	if (!*taken)
		refused(px, l->owner, a);
	return px;
}

static void on_written(redisAsyncContext *ac, void *reply, void *arg)
{
	size_t len = (size_t)(uintptr_t)arg;
	struct pair_io *px;
	bool taken;

	px = answered(ac, reply, &taken);
	if (px)
		px->write.unanswered -= px->write.unanswered > len ? len : px->write.unanswered;
}

/* What the buffer has is on its way. */
static void send_records(struct pair_io *px)
{
	struct pair_write *w = &px->write;
	size_t len = w->used;
	unsigned int n = w->n;

	w->n = 0;
	w->used = 0;
	if (!n || w->stale)
		return;
	w->unanswered += len;
	if (w->unanswered > UNANSWERED_MAX) {
		log_warn("pair %s: the store is too slow: all is written anew",
			 px->machine.conf->name);
		spoil(px);
	} else if (!command(px, write_script, on_written, (void *)(uintptr_t)len, 2 * n)) {
		spoil(px);
	} else {
		w->records += n;
	}
}

static void add(struct pair_io *px, const struct keep_key *key, const void *data, size_t len,
		bool more)
{
	struct pair_write *w = &px->write;
	uint8_t *to;
	size_t n;

	if (w->n == BATCH || w->used + RECORD_MAX > PAIR_BUF_SIZE)
		send_records(px);
	if (w->stale)
		return;
	to = w->buf + w->used;
	to[0] = key->kind;
	memcpy(to + 1, key->key, key->len);
	set_arg(HEAD_ARGS + 2 * w->n, to, 1U + key->len);
	n = data ? pair_record_put(to + 1 + key->len, px->io, data, len, more) : 0;
	set_arg(HEAD_ARGS + 2 * w->n + 1, to + 1 + key->len, n);
	w->used += 1U + key->len + n;
	w->n++;
}

static void add_one(void *arg, const struct keep_key *key, const void *data, size_t len, bool more)
{
	add(arg, key, data, len, more);
}

static void on_whole(redisAsyncContext *ac, void *reply, void *arg)
{
	struct pair_io *px;
	bool taken;

	(void)arg;
	px = answered(ac, reply, &taken);
	if (!px || !taken || px->write.stale || px->write.walking)
		return;
	px->write.whole = !px->write.broken;
	if (px->write.whole)
		log_info("pair %s: all records are in the store", px->machine.conf->name);
	else
		log_err("pair %s: %llu records are broken, all others are in the store",
			px->machine.conf->name, (unsigned long long)px->write.broken);
}

static void walk(struct pair_io *px);

/* It may begin, or go on. */
static void on_walked(redisAsyncContext *ac, void *reply, void *arg)
{
	struct pair_io *px;
	bool taken;

	(void)arg;
	px = answered(ac, reply, &taken);
	if (px && taken && px->write.walking)
		walk(px);
}

/* Some, and once those are there the next: what is new goes there in between. */
static void walk(struct pair_io *px)
{
	struct pair_write *w = &px->write;
	unsigned int seen, n;

	send_records(px);
	do {
		seen = store_some(px->io->store, &w->at, WALK, &w->broken, add_one, px);
	} while (seen == WALK && !w->n);
	n = w->n;
	w->records += n;
	w->n = 0;
	w->used = 0;
	if (w->stale)
		return;
	if (n && !command(px, write_script, on_walked, NULL, 2 * n)) {
		spoil(px);
		return;
	}
	if (seen == WALK)
		return;
	w->walking = false;
	set_arg(HEAD_ARGS, w->broken ? "0" : "1", 1);
	if (!command(px, end_script, on_whole, NULL, 1))
		spoil(px);
}

/**
 * pair_write_start() - if not all is in the store, begin to write it there
 * @px: this one of the pair, which is active and has renewed its lease just now
 */
void pair_write_start(struct pair_io *px)
{
	struct pair_write *w = &px->write;
	static char counter[16];

	if (!w->on)
		return;
	/* it was, and the store knows nothing of it */
	if (w->whole && !px->machine.lease.whole)
		spoil(px);
	if (!w->stale)
		return;
	w->stale = false;
	w->walking = true;
	w->unanswered = 0;
	w->broken = 0;
	w->at = (struct keep_key){ .kind = KEEP_NODE };
	/* epochs begin anew where the store has lost all: no name has been there before */
	snprintf(w->base, sizeof(w->base), "%llu.%s.%08x",
		 (unsigned long long)px->machine.lease.epoch, px->id,
		 px->io->env.ops->random(px->io));
	snprintf(counter, sizeof(counter), "%u", px->io->peers.conf.restart_counter);
	set_arg(HEAD_ARGS, counter, strlen(counter));
	set_arg(HEAD_ARGS + 1, px->owner, strlen(px->owner));
	if (!command(px, begin_script, on_walked, NULL, 2))
		spoil(px);
}

/**
 * pair_write_lost() - the store is away, and what was on its way there may be, too
 * @px: this one of the pair
 */
void pair_write_lost(struct pair_io *px)
{
	if (px->write.on)
		spoil(px);
}

/**
 * pair_keep() - a record has been kept: the other one is to have it, too
 * @io: the daemon
 * @key: the record's
 * @data: what it says; NULL: it goes
 * @len: of @data
 * @more: it does not say all
 *
 * On its way with pair_flush().
 */
void pair_keep(struct io *io, const struct keep_key *key, const void *data, size_t len,
	       bool more)
{
	struct pair_io *px = io->pair;

	if (px && px->write.on && !px->write.stale && key->kind == KEEP_NODE)
		add(px, key, data, len, more);
}

/**
 * pair_flush() - what was kept leaves, ahead of the messages that say so
 * @io: the daemon
 *
 * A process that is killed next takes none of it with it.
 */
void pair_flush(struct io *io)
{
	struct pair_io *px = io->pair;

	if (!px || !px->write.n)
		return;
	send_records(px);
	if (pair_link(px))
		redisAsyncHandleWrite(pair_link(px));
}
