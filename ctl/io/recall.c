// SPDX-License-Identifier: GPL-2.0
/*
 * What an earlier daemon of this boot has written down, given to the machines of this one.
 * Where it is all that there was, nothing has been lost: the restart counter stays, and
 * peers need not know (RFC 5847 §3.2).
 */
#include "core/log.h"
#include "io/io.h"
#include "io/pair.h"
#include "io/store.h"

#include <string.h>

struct recalled {
	struct io *io;
	const char *what;
	int (*fn)(struct io *io, const struct keep_key *key, const void *data, size_t len);
	unsigned long n, refused;
};

static struct store_owner owner(const struct conf *c)
{
	struct store_owner o;

	memset(&o, 0, sizeof(o));
	if (c->lma.enabled) {
		o.lma = c->lma.address;
		o.lma_layout = lma_layout();
	}
	if (c->mag.enabled) {
		o.mag = c->mag.address;
		o.mag_layout = mag_layout();
	}
	return o;
}

/**
 * recall_store() - the store of this daemon's records
 * @io: the daemon
 * @counter: as store_open() says
 *
 * Return: the store; NULL after saying why not.
 */
struct store *recall_store(struct io *io, uint32_t *counter)
{
	const struct store_owner o = owner(io->conf);

	return store_open(io->conf->sessions_dir, &o, counter);
}

/**
 * recall_open() - find the store, and the restart counter to tell peers
 * @io: the daemon, whose generation is known
 *
 * Without one it begins with nothing, and says so to its peers.
 */
void recall_open(struct io *io)
{
	uint32_t counter = 0;

	if (pair_recalls(io, &counter))
		log_info("what this one had as the active one goes on");
	else if (io->conf->keep_sessions)
		io->store = recall_store(io, &counter);
	else
		store_remove(io->conf->sessions_dir);
	/* they may have been there before the configuration changed */
	if (strcmp(io->conf->sessions_dir, io->conf->state_dir))
		store_remove(io->conf->state_dir);
	io->whole = counter;
	io->conf->peer.restart_counter = counter ? counter : io->generation;
	store_count(io->store, io->conf->peer.restart_counter);
}

/* Who asks meanwhile whether we are there is answered. */
static bool recall(void *arg, const struct keep_key *key, const void *data, size_t len)
{
	struct recalled *r = arg;
	int err = r->fn(r->io, key, data, len);

	if (err) {
		r->refused++;
		log_ratelimited(LOG_WARNING, "%s that an earlier pmipd has left: %s", r->what,
				strerror(-err));
		store_put(r->io->store, key, NULL, 0, false);
	}
	if (++r->n % IO_BURST == 0)
		io_serve(r->io);
	return true;
}

/* RFC 5847 §3.2: what is lost after all, peers are to know of */
static void lose(struct io *io)
{
	if (!io->whole)
		return;
	io->whole = false;
	io->peers.conf.restart_counter = io->generation;
	store_count(io->store, io->generation);
}

static void go_through(struct recalled *r, uint8_t kind)
{
	int ret = store_each(r->io->store, kind, recall, r);

	if (r->n)
		log_info("%lu of %lu %ss that an earlier pmipd has left go on", r->n - r->refused,
			 r->n, r->what);
	if (ret || r->refused)
		lose(r->io);
}

static int recall_node(struct io *io, const struct keep_key *key, const void *data, size_t len)
{
	return lma_recall(io->lma, key, data, len);
}

/**
 * recall_nodes() - give the anchor its binding cache back
 * @io: the daemon, which knows what the kernel has kept
 */
void recall_nodes(struct io *io)
{
	struct recalled r = { .io = io, .what = "node", .fn = recall_node };

	if (!io->lma)
		return;
	go_through(&r, KEEP_NODE);
	lma_recalled(io->lma);
}

static int recall_session(struct io *io, const struct keep_key *key, const void *data,
			  size_t len)
{
	return mag_recall(io->mag, key, data, len);
}

/**
 * recall_sessions() - tell the gateway what it knew of its sessions
 * @io: the daemon; mag_take_over() goes on with them
 */
void recall_sessions(struct io *io)
{
	struct recalled r = { .io = io, .what = "session", .fn = recall_session };

	go_through(&r, KEEP_SESSION);
}
