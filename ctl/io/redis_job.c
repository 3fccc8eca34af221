// SPDX-License-Identifier: GPL-2.0
/*
 * What Redis is asked (pmipd.conf(5), PROFILES IN REDIS): PREFIXnode:MN-ID is a hash with the
 * text of the profile, lmaa and plmaa, PREFIXlladdr:ADDRESS the MN-ID that an interface
 * belongs to.
 */
#include "io/redis.h"

#include "core/dict.h"
#include "core/log.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX	65536	/* no profile is longer */

/* A look-up under way: the answers come in the order of the questions. */
struct job {
	struct redis *redis;
	const struct policy_question *q;
	struct mn_id id;
	char *text, *lmaa, *plmaa;
	int err;
};

struct update_job {
	struct redis *redis;
	const struct policy_update *u;
};

/* It is taken where no other anchor than the two is known: atomically, beside all others. */
static const char serve_script[] =
	"local cur = redis.call('HGET', KEYS[1], 'lmaa')\n"
	"if cur and cur ~= ARGV[1] and cur ~= ARGV[2] then return 0 end\n"
	"if ARGV[1] == '' then redis.call('HDEL', KEYS[1], 'lmaa', 'plmaa') return 1 end\n"
	"redis.call('HSET', KEYS[1], 'lmaa', ARGV[1])\n"
	"if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'plmaa', ARGV[2]) end\n"
	"return 1\n";

static void job_free(struct job *j)
{
	free(j->text);
	free(j->lmaa);
	free(j->plmaa);
	free(j);
}

static void answer(struct job *j, int err, struct policy_table *t, uint32_t version)
{
	struct redis *r = j->redis;
	const struct policy_question *q = j->q;

	job_free(j);
	if (r->stopping)
		table_free(t);
	else
		policy_cache_answer(r->cache, q, err, t, version);
}

static int get_address(const struct job *j, const char *field, const char *text,
		       struct in6_addr *a)
{
	char id[MN_ID_STRLEN];

	if (!text || inet_pton(AF_INET6, text, a) == 1)
		return 0;
	log_ratelimited(LOG_ERR, "redis: %snode:%s: %s: \"%s\" is no IPv6 address",
			j->redis->conf->prefix, mn_id_str(&j->id, id, sizeof(id)), field, text);
	return -EINVAL;
}

static uint32_t version_of(const struct job *j)
{
	const char *const part[] = { j->text, j->lmaa, j->plmaa };
	uint32_t v[3] = { 0 };
	unsigned int i;

	for (i = 0; i < 3; i++)
		if (part[i])
			v[i] = dict_hash(part[i], strlen(part[i]));
	return dict_hash(v, sizeof(v));
}

static bool has_lladdr(void *arg, const struct profile *pr)
{
	const struct llid **l = arg;
	unsigned int i;

	for (i = 0; *l && i < pr->n_lladdrs; i++)
		if (llid_equal(*l, &pr->lladdr[i]))
			*l = NULL;
	return false;
}

/* An index that is older than the profile that it leads to says nothing. */
static bool is_its_own(struct policy_table *t, const struct llid *l)
{
	struct policy p = { 0 };

	if (!l->len)
		return true;
	table_open(&p, t);
	policy_each(&p, has_lladdr, &l);
	return !l;
}

/* All has been said. */
static void finish(struct job *j, bool realm)
{
	char from[MN_ID_STRLEN + 80], id[MN_ID_STRLEN], err[512];
	struct policy_text t = { .from = from, .id = j->id, .text = j->text, .realm = realm };
	struct policy_table *table;

	if (j->err) {
		answer(j, j->err, NULL, 0);
		return;
	}
	if (!j->text) {
		answer(j, 0, NULL, 0);
		return;
	}
	snprintf(from, sizeof(from), "redis: %snode:%s", j->redis->conf->prefix,
		 mn_id_str(&j->id, id, sizeof(id)));
	if (get_address(j, "lmaa", j->lmaa, &t.lma) ||
	    get_address(j, "plmaa", j->plmaa, &t.before)) {
		answer(j, -EINVAL, NULL, 0);
		return;
	}
	table = conf_policy_read(j->redis->io->conf, &t, err, sizeof(err));
	if (!table) {
		log_ratelimited(LOG_ERR, "%s", err);
		answer(j, -EINVAL, NULL, 0);
		return;
	}
	if (!is_its_own(table, &j->q->lladdr)) {
		log_ratelimited(LOG_WARNING, "%s: lladdrs: lacks the address that led here", from);
		table_free(table);
		table = NULL;
	}
	answer(j, 0, table, version_of(j));
}

/* 0, and there is none if @to stays NULL; or -errno */
static int copy(const struct job *j, const char *what, const redisReply *a, char **to)
{
	char id[MN_ID_STRLEN];
	size_t len = (size_t)a->len;

	if (a->type == REDIS_REPLY_NIL)
		return 0;
	/* what follows a NUL would be there, and not be read */
	if (a->type != REDIS_REPLY_STRING || len > TEXT_MAX || memchr(a->str, '\0', len)) {
		log_ratelimited(LOG_ERR, "redis: %snode:%s: %s: no text of up to %u bytes",
				j->redis->conf->prefix, mn_id_str(&j->id, id, sizeof(id)), what,
				TEXT_MAX);
		return -EINVAL;
	}
	*to = strndup(a->str, len);
	return *to ? 0 : -EAGAIN;
}

/* What is no hash, or no text, will be none the next time either. */
static int refused(struct redis *r, const redisReply *a)
{
	if (!a)
		return -EAGAIN;
	r->pinged = false;
	if (a->type != REDIS_REPLY_ERROR)
		return 0;
	log_ratelimited(LOG_ERR, "policy store: %s", a->str);
	return strncmp(a->str, "WRONGTYPE", 9) ? -EAGAIN : -EINVAL;
}

static void on_realm(redisAsyncContext *ac, void *reply, void *arg)
{
	const redisReply *a = reply;
	struct job *j = arg;
	bool realm = false;
	int err;

	(void)ac;
	err = refused(j->redis, a);
	if (!err && !j->err && !j->text) {
		err = copy(j, "profile of the realm", a, &j->text);
		realm = true;
	}
	j->err = j->err ? j->err : err;
	finish(j, realm);
}

static void take_fields(struct job *j, const redisReply *a)
{
	j->err = refused(j->redis, a);
	if (!j->err && (a->type != REDIS_REPLY_ARRAY || a->elements != 3))
		j->err = -EINVAL;
	if (!j->err)
		j->err = copy(j, "profile", a->element[0], &j->text);
	if (!j->err)
		j->err = copy(j, "lmaa", a->element[1], &j->lmaa);
	if (!j->err)
		j->err = copy(j, "plmaa", a->element[2], &j->plmaa);
}

static void on_node(redisAsyncContext *ac, void *reply, void *arg)
{
	(void)ac;
	take_fields(arg, reply);
	finish(arg, false);
}

static void on_node_before_realm(redisAsyncContext *ac, void *reply, void *arg)
{
	(void)ac;
	take_fields(arg, reply);
}

/* With what its realm says, should it say nothing itself: one round trip for both */
static int ask_node(struct job *j)
{
	redisAsyncContext *ac = j->redis->commands.ac;
	const char *prefix = j->redis->conf->prefix, *at;
	char id[MN_ID_STRLEN];

	if (!ac)
		return -EAGAIN;
	mn_id_str(&j->id, id, sizeof(id));
	at = j->q->lladdr.len ? NULL : strrchr(id, '@');
	if (redisAsyncCommand(ac, at ? on_node_before_realm : on_node, j,
			      "HMGET %snode:%s profile lmaa plmaa", prefix, id) != REDIS_OK)
		return -EAGAIN;
	/* the first is on its way: it cannot be taken back, but nor does the second fail then */
	if (at)
		redisAsyncCommand(ac, on_realm, j, "HGET %snode:*%s profile", prefix, at);
	return 0;
}

/* The identifier that an address leads to; 0 or -EINVAL */
static int name_of(struct job *j, const redisReply *a)
{
	char text[LLID_STRLEN];

	if (strlen(a->str) == (size_t)a->len && mn_id_from_nai(&j->id, a->str))
		return 0;
	log_ratelimited(LOG_ERR, "redis: %slladdr:%s: no identifier of a node",
			j->redis->conf->prefix, llid_str(&j->q->lladdr, text, sizeof(text)));
	return -EINVAL;
}

static void on_lladdr(redisAsyncContext *ac, void *reply, void *arg)
{
	const redisReply *a = reply;
	struct job *j = arg;
	int err = refused(j->redis, a);

	(void)ac;
	if (!err && a->type == REDIS_REPLY_STRING)
		err = name_of(j, a);
	else if (!err && a->type != REDIS_REPLY_NIL)
		err = -EINVAL;
	if (err || a->type == REDIS_REPLY_NIL)
		answer(j, err, NULL, 0);
	else if (ask_node(j))
		answer(j, -EAGAIN, NULL, 0);
}

static int look_up(void *ctx, const struct policy_question *q)
{
	struct redis *r = ctx;
	char text[LLID_STRLEN];
	struct job *j;

	if (!r->ready)
		return -EAGAIN;
	j = calloc(1, sizeof(*j));
	if (!j)
		return -EAGAIN;
	j->redis = r;
	j->q = q;
	j->id = q->id;
	if (!q->lladdr.len && !ask_node(j))
		return 0;
	if (q->lladdr.len &&
	    redisAsyncCommand(r->commands.ac, on_lladdr, j, "GET %slladdr:%s", r->conf->prefix,
			      llid_str(&q->lladdr, text, sizeof(text))) == REDIS_OK)
		return 0;
	free(j);
	return -EAGAIN;
}

static void on_served(redisAsyncContext *ac, void *reply, void *arg)
{
	struct update_job *j = arg;
	const struct policy_update *u = j->u;
	struct redis *r = j->redis;
	const redisReply *a = reply;
	bool failed;

	(void)ac;
	free(j);
	if (r->stopping)
		return;
	failed = refused(r, a) || a->type != REDIS_REPLY_INTEGER;
	if (failed)
		policy_cache_served(r->cache, u, -EAGAIN);
	else
		policy_cache_served(r->cache, u, a->integer ? 0 : -EBUSY);
	if (redis_is_wrong_server(a) && r->ready)
		redis_lost(r, a->str);
}

static const char *address(const struct in6_addr *a, char text[INET6_ADDRSTRLEN])
{
	return IN6_IS_ADDR_UNSPECIFIED(a) ? "" : inet_ntop(AF_INET6, a, text, INET6_ADDRSTRLEN);
}

static int serve(void *ctx, const struct policy_update *u)
{
	char id[MN_ID_STRLEN], lma[INET6_ADDRSTRLEN], before[INET6_ADDRSTRLEN];
	struct redis *r = ctx;
	struct update_job *j;

	if (!r->ready)
		return -EAGAIN;
	j = malloc(sizeof(*j));
	if (!j)
		return -EAGAIN;
	j->redis = r;
	j->u = u;
	if (redisAsyncCommand(r->commands.ac, on_served, j, "EVAL %s 1 %snode:%s %s %s",
			      serve_script, r->conf->prefix, mn_id_str(&u->id, id, sizeof(id)),
			      address(&u->lma, lma), address(&u->before, before)) == REDIS_OK)
		return 0;
	free(j);
	return -EAGAIN;
}

static void close_all(void *ctx)
{
	redis_close(ctx);
}

const struct policy_remote_ops redis_ops = {
	.look_up = look_up,
	.serve = serve,
	.free = close_all,
};
