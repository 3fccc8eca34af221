/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the policy store "redis" share. */
#ifndef CTL_IO_REDIS_H
#define CTL_IO_REDIS_H

#include "conf/conf.h"
#include "policy/cache.h"

#include <ev.h>
#include <hiredis/async.h>

struct io;
struct redis;

/* One connection */
struct redis_link {
	struct redis *owner;
	redisAsyncContext *ac;		/* NULL: there is none */
	const char *name;		/* for the log */
	void (*connected)(struct redis *r);
	void (*lost)(struct redis *r, const char *why);
};

struct redis {
	struct io *io;
	const struct redis_conf *conf;
	struct policy_cache *cache;
	struct redis_link commands, events, sentinel;
	struct redis_server primary;	/* which is tried, or in use */
	struct ev_timer retry, watchdog, sentinel_retry;
	unsigned int next;		/* server or sentinel to try */
	double retry_s;
	bool ready;			/* commands are taken, and changes told */
	uint64_t since;			/* ns */
	bool was_ready;			/* since anybody was told that it is not */
	bool stopping;
	bool pinged;			/* and nothing heard since */
};

/* redis_link.c; fn NULL: the answer does not matter.  0 or -EAGAIN */
void redis_link_open(struct redis_link *l, const struct redis_server *to);
void redis_link_close(struct redis_link *l);
int redis_link_auth(struct redis_link *l, const char *user, const char *password);

/* redis_job.c */
extern const struct policy_remote_ops redis_ops;

/* redis.c */
int redis_open(struct io *io);
void redis_close(struct redis *r);
void redis_lost(struct redis *r, const char *why);
bool redis_is_wrong_server(const redisReply *a);
bool redis_has_been_there(const struct redis *r, uint64_t ns);

#endif
