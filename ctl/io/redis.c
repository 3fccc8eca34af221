// SPDX-License-Identifier: GPL-2.0
/*
 * The policy store "redis": which server is the primary, and whether it is there.  Sentinels
 * are asked for it if there are any, and tell when it is another; else the servers are tried
 * in turn for one that says that it is.  Whatever is lost, all is begun anew: what was known
 * stays known meanwhile (ctl/policy/cache.c).
 */
#include "io/redis.h"

#include "core/log.h"
#include "io/io.h"
#include "io/pair.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_S		0.1	/* doubles to RETRY_MAX_S */
#define RETRY_MAX_S	2.

static void tell(struct redis *r, const char *event, const char *detail)
{
	struct notice n = { .event = event, .detail = detail };

	r->io->env.ops->notify(r->io, &n);
}

/**
 * redis_lost() - the primary is not there, or is none any more
 * @r: the store
 * @why: for the log
 *
 * All that is asked is answered by -EAGAIN, and a primary is looked for soon.
 */
void redis_lost(struct redis *r, const char *why)
{
	const bool was_there = r->ready;

	if (r->was_ready) {
		log_warn("policy store: %s: %s", r->primary.host, why);
		tell(r, "policy-lost", why);
	} else {
		log_ratelimited(LOG_WARNING, "policy store: %s: %s", r->primary.host, why);
	}
	/* a server that comes and goes is not met more often for that */
	if (r->ready && redis_has_been_there(r, RETRY_MAX_S * NSEC_PER_SEC))
		r->retry_s = RETRY_S;
	r->was_ready = false;
	r->ready = false;
	r->next++;
	ev_timer_stop(r->io->loop, &r->watchdog);
	redis_link_close(&r->commands);
	redis_link_close(&r->events);
	redis_link_close(&r->sentinel);
	if (was_there)
		pair_lost(r->io);
	if (ev_is_active(&r->retry))
		return;
	ev_timer_stop(r->io->loop, &r->sentinel_retry);
	ev_timer_set(&r->retry, r->retry_s, 0.);
	ev_timer_start(r->io->loop, &r->retry);
	r->retry_s = r->retry_s * 2 < RETRY_MAX_S ? r->retry_s * 2 : RETRY_MAX_S;
}

/* Something that has begun takes at most so long, and an answer too. */
static void watch(struct redis *r)
{
	ev_timer_stop(r->io->loop, &r->watchdog);
	ev_timer_set(&r->watchdog, r->conf->cache.timeout_ms / 1000., 0.);
	ev_timer_start(r->io->loop, &r->watchdog);
}

static void on_pong(redisAsyncContext *ac, void *reply, void *arg)
{
	struct redis *r = arg;

	(void)ac;
	if (reply)
		r->pinged = false;
}

static void on_watchdog(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct redis *r = w->data;

	(void)loop;
	(void)revents;
	if (!r->ready || r->pinged) {
		redis_lost(r, "no answer");
		return;
	}
	r->pinged = redisAsyncCommand(r->commands.ac, on_pong, r, "PING") == REDIS_OK;
	watch(r);
}

static void ready(struct redis *r)
{
	char text[sizeof(r->primary.host) + 16];

	if (r->ready)
		return;
	r->ready = true;
	r->since = r->io->env.ops->now(r->io);
	r->was_ready = true;
	r->pinged = false;
	snprintf(text, sizeof(text), "%s port %u", r->primary.host, r->primary.port);
	log_info("policy store: %s", text);
	tell(r, "policy-found", text);
	watch(r);
	policy_cache_up(r->cache);
	pair_ready(r->io);
}

/* "__keyspace@0__:pmip:node:mn1@example.org": the node's name is what follows */
static void on_change(struct redis *r, const redisReply *channel)
{
	const char *at = strstr(channel->str, "__:");
	size_t len = strlen(r->conf->prefix);
	struct mn_id id;

	if (!at || strncmp(at + 3, r->conf->prefix, len) || strncmp(at + 3 + len, "node:", 5) ||
	    !mn_id_from_nai(&id, at + 3 + len + 5))
		return;
	policy_cache_changed(r->cache, id.id[0] == '*' ? NULL : &id);
}

static void on_event(redisAsyncContext *ac, void *reply, void *arg)
{
	const redisReply *a = reply;
	struct redis *r = arg;

	(void)ac;
	if (!a || r->stopping || !r->events.ac)
		return;
	if (a->type == REDIS_REPLY_ERROR) {
		redis_lost(r, a->str);
		return;
	}
	if (a->type != REDIS_REPLY_ARRAY || a->elements < 3 || !a->element[0]->str)
		return;
	if (!strcmp(a->element[0]->str, "psubscribe"))
		ready(r);
	else if (a->elements == 4 && a->element[2]->type == REDIS_REPLY_STRING)
		on_change(r, a->element[2]);
}

static void events_connected(struct redis *r)
{
	if (redis_link_auth(&r->events, r->conf->user, r->conf->password) ||
	    redisAsyncCommand(r->events.ac, on_event, r, "PSUBSCRIBE __keyspace@%u__:%snode:*",
			      r->conf->database, r->conf->prefix) != REDIS_OK)
		redis_lost(r, "cannot subscribe");
}

/* A replica would tell what was, and could not be written. */
static void on_role(redisAsyncContext *ac, void *reply, void *arg)
{
	const redisReply *a = reply;
	struct redis *r = arg;

	(void)ac;
	if (!a || r->stopping || !r->commands.ac)
		return;
	if (a->type != REDIS_REPLY_ARRAY || !a->elements || !a->element[0]->str)
		redis_lost(r, a->type == REDIS_REPLY_ERROR ? a->str : "does not say its role");
	else if (strcmp(a->element[0]->str, "master"))
		redis_lost(r, "is not the primary");
	else
		redis_link_open(&r->events, &r->primary);
}

static void on_select(redisAsyncContext *ac, void *reply, void *arg)
{
	const redisReply *a = reply;
	struct redis *r = arg;

	(void)ac;
	if (a && a->type == REDIS_REPLY_ERROR && r->commands.ac)
		redis_lost(r, a->str);
}

static void commands_connected(struct redis *r)
{
	if (redis_link_auth(&r->commands, r->conf->user, r->conf->password) ||
	    redisAsyncCommand(r->commands.ac, on_select, r, "SELECT %u",
			      r->conf->database) != REDIS_OK ||
	    redisAsyncCommand(r->commands.ac, on_role, r, "ROLE") != REDIS_OK)
		redis_lost(r, "cannot be asked");
}

static void to_primary(struct redis *r)
{
	redis_link_open(&r->commands, &r->primary);
}

static bool same_server(const struct redis_server *a, const struct redis_server *b)
{
	return a->port == b->port && !strcmp(a->host, b->host);
}

/* Sentinels may be told to name hosts, whose addresses everybody would have to wait for. */
static bool is_address(const char *host)
{
	struct in6_addr a;

	return inet_pton(AF_INET6, host, &a) == 1 || inet_pton(AF_INET, host, &a) == 1;
}

/* Which is the primary; of one that is in use already this is no news. */
static void on_master(redisAsyncContext *ac, void *reply, void *arg)
{
	const redisReply *a = reply;
	struct redis_server to = { 0 };
	struct redis *r = arg;

	(void)ac;
	if (!a || r->stopping || !r->sentinel.ac)
		return;
	if (a->type != REDIS_REPLY_ARRAY || a->elements != 2 || !a->element[0]->str ||
	    !a->element[1]->str || strlen(a->element[0]->str) >= sizeof(to.host)) {
		r->sentinel.lost(r, a->type == REDIS_REPLY_ERROR ? a->str : "knows no such master");
		return;
	}
	memcpy(to.host, a->element[0]->str, strlen(a->element[0]->str) + 1);
	to.port = (uint16_t)atoi(a->element[1]->str);
	if (!is_address(to.host)) {
		r->sentinel.lost(r, "names its master by something else than an address");
		return;
	}
	if (r->commands.ac && same_server(&to, &r->primary))
		return;
	if (r->commands.ac) {
		redis_lost(r, "is not the primary any more");
		return;
	}
	r->primary = to;
	to_primary(r);
}

static void on_switch(redisAsyncContext *ac, void *reply, void *arg)
{
	const redisReply *a = reply;
	struct redis *r = arg;
	size_t len = strlen(r->conf->master);
	const char *said;

	(void)ac;
	if (!a || r->stopping || !r->sentinel.ac || a->type != REDIS_REPLY_ARRAY ||
	    a->elements != 3)
		return;
	/* "name old-address old-port new-address new-port" */
	said = a->element[2]->str;
	if (said && !strncmp(said, r->conf->master, len) && said[len] == ' ')
		redis_lost(r, "is not the primary any more");
}

static void sentinel_connected(struct redis *r)
{
	if (redis_link_auth(&r->sentinel, "", r->conf->sentinel_password) ||
	    redisAsyncCommand(r->sentinel.ac, on_master, r, "SENTINEL get-master-addr-by-name %s",
			      r->conf->master) != REDIS_OK ||
	    redisAsyncCommand(r->sentinel.ac, on_switch, r, "SUBSCRIBE +switch-master") != REDIS_OK)
		r->sentinel.lost(r, "cannot be asked");
}

/* While the primary is there another sentinel does as well. */
static void sentinel_lost(struct redis *r, const char *why)
{
	redis_link_close(&r->sentinel);
	if (!r->ready) {
		redis_lost(r, why);
		return;
	}
	log_ratelimited(LOG_WARNING, "policy store: sentinel: %s", why);
	r->next++;
	ev_timer_set(&r->sentinel_retry, RETRY_MAX_S, 0.);
	ev_timer_start(r->io->loop, &r->sentinel_retry);
}

static void to_sentinel(struct redis *r)
{
	redis_link_open(&r->sentinel, &r->conf->sentinel[r->next % r->conf->n_sentinels]);
}

static void on_sentinel_retry(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct redis *r = w->data;

	(void)loop;
	(void)revents;
	if (!r->sentinel.ac)
		to_sentinel(r);
}

static void on_retry(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct redis *r = w->data;

	(void)loop;
	(void)revents;
	watch(r);
	if (r->conf->n_sentinels) {
		r->primary = r->conf->sentinel[r->next % r->conf->n_sentinels];
		to_sentinel(r);
		return;
	}
	r->primary = r->conf->server[r->next % r->conf->n_servers];
	to_primary(r);
}

static struct redis_link link_of(struct redis *r, const char *name,
				 void (*connected)(struct redis *r),
				 void (*lost)(struct redis *r, const char *why))
{
	return (struct redis_link){
		.owner = r, .name = name, .connected = connected, .lost = lost,
	};
}

/**
 * redis_open() - have the profiles of mobile nodes in Redis
 * @io: the daemon, whose policy is not open yet
 *
 * The servers need not be there yet: they are looked for until they are.
 *
 * Return: 0: @io->redis goes with @io->policy; -ENOMEM.
 */
int redis_open(struct io *io)
{
	struct redis *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	/* the library writes to sockets that may be closed by then */
	signal(SIGPIPE, SIG_IGN);
	r->io = io;
	r->conf = &io->conf->redis;
	r->retry_s = RETRY_S;
	r->commands = link_of(r, "policy store", commands_connected, redis_lost);
	r->events = link_of(r, "policy store", events_connected, redis_lost);
	r->sentinel = link_of(r, "sentinel", sentinel_connected, sentinel_lost);
	ev_timer_init(&r->retry, on_retry, 0., 0.);
	ev_init(&r->watchdog, on_watchdog);
	/* where this daemon was busy for so long, what has come meanwhile is read first */
	ev_set_priority(&r->watchdog, EV_MINPRI);
	ev_init(&r->sentinel_retry, on_sentinel_retry);
	r->retry.data = r;
	r->watchdog.data = r;
	r->sentinel_retry.data = r;
	r->cache = policy_cache_open(&io->policy, &io->env, &r->conf->cache, &redis_ops, r);
	if (!r->cache) {
		free(r);
		return -ENOMEM;
	}
	io->redis = r;
	ev_timer_start(io->loop, &r->retry);
	return 0;
}

/**
 * redis_is_wrong_server() - whether an answer is no, because of who answers
 * @a: the answer; NULL: there is none
 *
 * A replica, or a server that reads its files: another one may be the primary by now.  Whatever
 * else is refused the primary refuses.
 *
 * Return: true if so.
 */
bool redis_is_wrong_server(const redisReply *a)
{
	static const char *const says[] = { "READONLY ", "LOADING ", "MASTERDOWN " };
	size_t i;

	if (!a || a->type != REDIS_REPLY_ERROR)
		return false;
	for (i = 0; i < sizeof(says) / sizeof(*says); i++)
		if (!strncmp(a->str, says[i], strlen(says[i])))
			return true;
	return false;
}

/**
 * redis_has_been_there() - whether all had the time to ask
 * @r: the store
 * @ns: so long
 *
 * Return: whether it has answered for so long by now.
 */
bool redis_has_been_there(const struct redis *r, uint64_t ns)
{
	return r->ready && r->io->env.ops->now(r->io) - r->since >= ns;
}

/**
 * redis_close() - disconnect, and forget what was asked
 * @r: the store
 */
void redis_close(struct redis *r)
{
	r->io->redis = NULL;
	r->stopping = true;
	r->ready = false;
	redis_link_close(&r->commands);
	redis_link_close(&r->events);
	redis_link_close(&r->sentinel);
	ev_timer_stop(r->io->loop, &r->retry);
	ev_timer_stop(r->io->loop, &r->watchdog);
	ev_timer_stop(r->io->loop, &r->sentinel_retry);
	free(r);
}
