// SPDX-License-Identifier: GPL-2.0
/* One connection to a Redis server or a Sentinel, in the daemon's event loop. */
#include "io/redis.h"

#include "core/log.h"
#include "io/io.h"

#include <errno.h>
#include <hiredis/adapters/libev.h>
#include <string.h>

static void end(struct redis_link *l, const char *why)
{
	l->ac = NULL;
	if (!l->owner->stopping)
		l->lost(l->owner, why);
}

/* The library frees the connection after either of these two. */
static void on_connect(const redisAsyncContext *ac, int status)
{
	struct redis_link *l = ac->data;

	if (!l || l->ac != ac)
		return;
	if (status == REDIS_OK)
		l->connected(l->owner);
	else
		end(l, ac->errstr);
}

static void on_disconnect(const redisAsyncContext *ac, int status)
{
	struct redis_link *l = ac->data;

	if (l && l->ac == ac)
		end(l, status == REDIS_OK ? "closed" : ac->errstr);
}

/**
 * redis_link_open() - connect
 * @l: the connection, not open
 * @to: an address, so that nobody waits for a name to be looked up; or a path
 *
 * @l->connected or @l->lost is called later, the latter maybe from here.
 */
void redis_link_open(struct redis_link *l, const struct redis_server *to)
{
	redisAsyncContext *ac = to->host[0] == '/' ? redisAsyncConnectUnix(to->host) :
				redisAsyncConnect(to->host, to->port);

	if (!ac || ac->err || redisLibevAttach(l->owner->io->loop, ac)) {
		l->lost(l->owner, ac ? ac->errstr : strerror(ENOMEM));
		if (ac)
			redisAsyncFree(ac);
		return;
	}
	l->ac = ac;
	ac->data = l;
	redisAsyncSetConnectCallback(ac, on_connect);
	redisAsyncSetDisconnectCallback(ac, on_disconnect);
	/* a server that is gone without a word is noticed where nobody asks it */
	if (to->host[0] != '/')
		redisEnableKeepAlive(&ac->c);
}

/**
 * redis_link_close() - disconnect; what was asked and not answered is answered by NULL
 * @l: the connection, open or not; nobody is told of its loss
 */
void redis_link_close(struct redis_link *l)
{
	redisAsyncContext *ac = l->ac;

	l->ac = NULL;
	if (!ac)
		return;
	ac->data = NULL;
	redisAsyncFree(ac);
}

static void on_auth(redisAsyncContext *ac, void *reply, void *arg)
{
	struct redis_link *l = arg;
	const redisReply *a = reply;

	(void)ac;
	if (a && a->type == REDIS_REPLY_ERROR)
		log_ratelimited(LOG_ERR, "%s: %s", l->name, a->str);
}

/**
 * redis_link_auth() - say who we are, before anything else
 * @l: the connection
 * @user: name, may be empty
 * @password: if this is empty nothing is said
 *
 * Return: 0 or -EAGAIN.
 */
int redis_link_auth(struct redis_link *l, const char *user, const char *password)
{
	int ret = REDIS_OK;

	if (password[0] && user[0])
		ret = redisAsyncCommand(l->ac, on_auth, l, "AUTH %s %s", user, password);
	else if (password[0])
		ret = redisAsyncCommand(l->ac, on_auth, l, "AUTH %s", password);
	return ret == REDIS_OK ? 0 : -EAGAIN;
}
