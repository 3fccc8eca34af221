// SPDX-License-Identifier: GPL-2.0
/*
 * The standby's copy of what the active one writes: all of it once, then what has changed
 * since.  A change names a node, and what there is of that now comes with it: so whatever is
 * read twice, or late, is never older than what is here.
 */
#include "core/log.h"
#include "io/io.h"
#include "io/pair.h"
#include "io/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANGES		1000
#define FIXED		5	/* what stands before the changes */

/* Changes are numbered in a row: where the next is missing, too many have been meanwhile. */
static const char changes_script[] =
	"local m = redis.call('HMGET', KEYS[1], 'base', 'counter', 'owner', 'seq')\n"
	"local base, seq = m[1] or '', tonumber(m[4] or 0)\n"
	"local a = { base, m[2] or '0', m[3] or '', seq, 1 }\n"
	"local since = tonumber(ARGV[2])\n"
	"if base == '' or base ~= ARGV[1] or since == seq then return a end\n"
	"local k = KEYS[1] .. ':' .. base\n"
	"local r = redis.call('XREAD', 'COUNT', ARGV[3], 'STREAMS', k .. ':log', ARGV[2] .. '-0')\n"
	"if not r or r[1][2][1][1] ~= string.format('%d-0', since + 1) then\n"
	"  a[5] = 0\n"
	"  return a\n"
	"end\n"
	"for _, e in ipairs(r[1][2]) do\n"
	"  a[#a + 1] = e[1]\n"
	"  a[#a + 1] = e[2][2]\n"
	"  a[#a + 1] = redis.call('HGET', k, e[2][2]) or ''\n"
	"end\n"
	"return a\n";

static struct pair_io *asker(redisAsyncContext *ac, const redisReply *a)
{
	const struct redis_link *l = ac->data;
	struct pair_io *px = l && a ? l->owner->io->pair : NULL;

	if (!px || !px->copy.on)
		return NULL;
	l->owner->pinged = false;
	px->copy.busy = false;
	if (a->type == REDIS_REPLY_ARRAY)
		return px;
	log_ratelimited(LOG_ERR, "pair %s: copy: %s", px->machine.conf->name,
			a->str ? a->str : "an answer that nobody can read");
	return NULL;
}

static bool is_text(const redisReply *a)
{
	return a->type == REDIS_REPLY_STRING;
}

static void take_record(struct pair_io *px, const redisReply *key, const redisReply *value)
{
	px->copy.records++;
	if (is_text(key) && is_text(value) &&
	    !pair_record_take(px->io, key->str, key->len, value->str, value->len))
		return;
	if (!px->copy.unread++)
		log_err("pair %s: copy: a record that nobody can read: it is not whole",
			px->machine.conf->name);
}

/* From nothing: what there was here is another one's, or too old. */
static bool begin(struct pair_io *px, const char *base, uint64_t seq)
{
	struct pair_copy *c = &px->copy;
	struct io *io = px->io;
	uint32_t counter;

	store_close(io->store);
	store_remove(io->conf->sessions_dir);
	c->whole = false;
	c->scanning = false;
	c->base[0] = '\0';
	io->store = recall_store(io, &counter);
	if (!io->store)
		return false;
	/* until it is whole nobody is to take it for that */
	store_count(io->store, 0);
	snprintf(c->base, sizeof(c->base), "%s", base);
	snprintf(c->cursor, sizeof(c->cursor), "0");
	c->seq = seq;
	c->records = 0;
	c->unread = 0;
	c->scanning = true;
	return true;
}

static void up_to_date(struct pair_io *px)
{
	struct pair_copy *c = &px->copy;

	/* what this host could not write is not here: from nothing, next time */
	if (c->base[0] && !store_commit(px->io->store)) {
		c->base[0] = '\0';
		c->whole = false;
	}
	if (!c->whole && c->base[0])
		log_info("pair %s: all %llu records are copied, but for %llu that nobody can read",
			 px->machine.conf->name, (unsigned long long)c->records,
			 (unsigned long long)c->unread);
	c->whole = c->base[0];
	if (!c->wanted)
		return;
	c->wanted = false;
	pair_copied(&px->machine);
}

/* Of another pmipd, or of another anchor of that name: as good as nothing */
static bool strange(struct pair_io *px, const redisReply *owner)
{
	struct pair_copy *c = &px->copy;
	bool was = c->foreign;

	c->foreign = is_text(owner) && owner->len && strcmp(owner->str, px->owner);
	if (c->foreign && !was)
		log_err("pair %s: the records in the store are of another version of pmipd, or of another anchor: %s, not %s",
			px->machine.conf->name, owner->str, px->owner);
	return c->foreign;
}

static void take_changes(struct pair_io *px, const redisReply *a)
{
	struct pair_copy *c = &px->copy;
	size_t i;

	for (i = FIXED; i + 2 < a->elements; i += 3) {
		take_record(px, a->element[i + 1], a->element[i + 2]);
		if (is_text(a->element[i]))
			c->seq = strtoull(a->element[i]->str, NULL, 10);
	}
	if (c->seq != c->last)
		pair_copy_poll(px);
	else
		up_to_date(px);
}

static void on_changes(redisAsyncContext *ac, void *reply, void *arg)
{
	const redisReply *a = reply;
	struct pair_io *px = asker(ac, a);
	struct pair_copy *c;

	(void)arg;
	if (!px || a->elements < FIXED || !is_text(a->element[0]) || !is_text(a->element[1]))
		return;
	c = &px->copy;
	c->last = (uint64_t)a->element[3]->integer;
	if (!a->element[0]->len || strange(px, a->element[2])) {
		up_to_date(px);
	} else if (strcmp(a->element[0]->str, c->base) || !a->element[4]->integer) {
		if (begin(px, a->element[0]->str, c->last))
			pair_copy_poll(px);
	} else {
		take_changes(px, a);
	}
}

static void on_scanned(redisAsyncContext *ac, void *reply, void *arg)
{
	const redisReply *a = reply, *list;
	struct pair_io *px = asker(ac, a);
	struct pair_copy *c;
	size_t i;

	(void)arg;
	if (!px || a->elements != 2 || !is_text(a->element[0]) ||
	    a->element[1]->type != REDIS_REPLY_ARRAY)
		return;
	c = &px->copy;
	list = a->element[1];
	for (i = 0; i + 1 < list->elements; i += 2)
		take_record(px, list->element[i], list->element[i + 1]);
	snprintf(c->cursor, sizeof(c->cursor), "%s", a->element[0]->str);
	c->scanning = strcmp(c->cursor, "0");
	pair_copy_poll(px);
}

/**
 * pair_copy_poll() - ask for what is not here yet
 * @px: this one of the pair
 *
 * Nothing happens while an answer is on its way.
 */
void pair_copy_poll(struct pair_io *px)
{
	redisAsyncContext *ac = pair_link(px);
	struct pair_copy *c = &px->copy;
	int ret;

	if (!ac || !c->on || c->busy)
		return;
	if (c->scanning)
		ret = redisAsyncCommand(ac, on_scanned, NULL, "HSCAN %s:%s %s COUNT %d",
					px->meta_key, c->base, c->cursor, CHANGES);
	else
		ret = redisAsyncCommand(ac, on_changes, NULL, "EVAL %s 1 %s %s %llu %d",
					changes_script, px->meta_key, c->base,
					(unsigned long long)c->seq, CHANGES);
	c->busy = ret == REDIS_OK;
}

/**
 * pair_copy_whole() - whether nothing is lost with the one that it is of
 * @px: this one of the pair
 *
 * Return: true if all was here once, and nothing of it was skipped.
 */
bool pair_copy_whole(const struct pair_io *px)
{
	return px->copy.whole && !px->copy.foreign && !px->copy.unread;
}

/**
 * pair_copy_catch_up() - nobody else writes any more: have the last of it
 * @px: this one of the pair
 *
 * pair_copied() says when it is here.
 */
void pair_copy_catch_up(struct pair_io *px)
{
	px->copy.on = true;
	px->copy.wanted = true;
	pair_copy_poll(px);
}

/**
 * pair_copy_lost() - the store is away, and with it what was asked
 * @px: this one of the pair
 */
void pair_copy_lost(struct pair_io *px)
{
	px->copy.busy = false;
	px->copy.wanted = false;
}
