// SPDX-License-Identifier: GPL-2.0
/* One question to RADIUS: to which server, how often, and what its answer means. */
#include "io/radius.h"

#include "core/dict.h"
#include "core/log.h"
#include "io/io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static uint64_t now(const struct radius *r)
{
	return r->io->env.ops->now(r->io);
}

static const char *name(const struct policy_question *q, char *buf, size_t size)
{
	return q->lladdr.len ? llid_str(&q->lladdr, buf, size) : mn_id_str(&q->id, buf, size);
}

/**
 * radius_job_end() - a question is answered, or there is nobody left to answer it
 * @j: the question, gone afterwards
 * @err: as for policy_cache_answer()
 * @t: likewise
 * @version: likewise
 */
void radius_job_end(struct radius_job *j, int err, struct policy_table *t, uint32_t version)
{
	const struct policy_question *q = j->q;
	struct radius *r = j->radius;
	bool probe = j->probe;

	if (probe && j->server)
		j->server->probed = false;
	timerq_cancel(&r->io->timers, &j->timer);
	if (j->server)
		radius_server_take_back(j);
	else if (!probe)
		DL_DELETE(r->waiting, j);
	free(j);
	if (probe || r->stopping)
		table_free(t);
	else
		policy_cache_answer(r->cache, q, err, t, version);
}

static int start_timer(struct radius_job *j)
{
	struct radius *r = j->radius;

	return timerq_set(&r->io->timers, &j->timer,
			  now(r) + r->conf->try_ms * NSEC_PER_MSEC);
}

static void wait_turn(struct radius_job *j)
{
	timerq_cancel(&j->radius->io->timers, &j->timer);
	radius_server_take_back(j);
	DL_APPEND(j->radius->waiting, j);
}

/**
 * radius_job_ask() - ask the first server that is there, and has not been asked
 * @j: the question, which waits; it goes on waiting where all Identifiers are in use
 */
void radius_job_ask(struct radius_job *j)
{
	struct radius_server *s = radius_first(j->radius, j->tried);
	char buf[MN_ID_STRLEN];
	int err = s ? radius_server_send(s, j) : -EAGAIN;

	if (err == -EBUSY)
		return;
	if (!err) {
		DL_DELETE(j->radius->waiting, j);
		j->sendings = 1;
		j->sent = now(j->radius);
		err = start_timer(j);
	}
	if (err == -EMSGSIZE)
		log_ratelimited(LOG_ERR, "radius: %s: is too long a name",
				name(j->q, buf, sizeof(buf)));
	if (err)
		radius_job_end(j, err == -EMSGSIZE ? -EINVAL : -EAGAIN, NULL, 0);
}

/* It has been asked often enough. */
static void give_up(struct radius_job *j)
{
	struct radius_server *s = j->server;
	bool silent = s->heard < j->sent;

	if (j->probe) {
		radius_job_end(j, -EAGAIN, NULL, 0);
		return;
	}
	j->tried |= 1U << (s - j->radius->server);
	wait_turn(j);
	/* others it may have answered meanwhile */
	if (silent)
		radius_silent(s);
	radius_go_on(s->radius);
}

static void on_timeout(void *arg)
{
	struct radius_job *j = arg;
	struct radius_server *s = j->server;
	uint8_t id = j->id;

	/* where this daemon was busy for so long, what has come meanwhile is read first */
	radius_server_receive(s);
	if (s->job[id] != j)
		return;
	if (j->sendings < (j->probe ? 1 : j->radius->conf->tries) && !start_timer(j)) {
		j->sendings++;
		radius_server_send_again(j);
		return;
	}
	give_up(j);
}

static struct radius_job *job_new(struct radius *r, const struct policy_question *q, bool probe)
{
	struct radius_job *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->radius = r;
	j->q = q;
	j->probe = probe;
	timer_init(&j->timer, on_timeout, j);
	return j;
}

/* The text but for what differs with the interface that was asked for */
static uint32_t version_of(const char *text)
{
	const char *end = strstr(text, "\nlladdrs = ");

	return dict_hash(text, end ? (size_t)(end - text) : strlen(text));
}

static void accepted(struct radius_job *j, const uint8_t *attrs, size_t len)
{
	char from[MN_ID_STRLEN + 16], buf[MN_ID_STRLEN], text[RADIUS_PROFILE_MAX], err[512];
	const struct radius_conf *c = j->radius->conf;
	const struct radius_answer a = {
		.attrs = attrs, .len = len, .vendor = c->vendor, .profile = c->profile,
	};
	struct policy_text t = { .from = from, .text = text };
	struct policy_table *table;
	int ret;

	snprintf(from, sizeof(from), "radius: %s", name(j->q, buf, sizeof(buf)));
	ret = radius_read(&a, j->q, &t.id, text, err, sizeof(err));
	if (ret) {
		log_ratelimited(LOG_ERR, "%s: %s", from, err);
		radius_job_end(j, ret == -EPERM ? 0 : ret, NULL, 0);
		return;
	}
	table = conf_policy_read(j->radius->io->conf, &t, err, sizeof(err));
	if (!table)
		log_ratelimited(LOG_ERR, "%s", err);
	radius_job_end(j, table ? 0 : -EINVAL, table, version_of(text));
}

/**
 * radius_job_answered() - a server has answered, and it is its word
 * @j: the question, gone afterwards
 * @code: of the answer
 * @attrs: its attributes
 * @len: bytes
 *
 * RFC 2865 §4.4: who does not do challenges treats one as an Access-Reject.
 */
void radius_job_answered(struct radius_job *j, int code, const uint8_t *attrs, size_t len)
{
	if (!j->probe && code == RADIUS_ACCESS_ACCEPT)
		accepted(j, attrs, len);
	else
		radius_job_end(j, 0, NULL, 0);
}

/**
 * radius_job_probe() - ask a server what it has not answered, for its being there again
 * @s: the server
 */
void radius_job_probe(struct radius_server *s)
{
	struct radius_job *j;

	if (s->probed)
		return;
	j = job_new(s->radius, &s->radius->last, true);
	if (!j)
		return;
	if (radius_server_send(s, j)) {
		free(j);
		return;
	}
	s->probed = true;
	j->sendings = 1;
	if (start_timer(j))
		radius_job_end(j, -EAGAIN, NULL, 0);
}

static int look_up(void *ctx, const struct policy_question *q)
{
	struct radius *r = ctx;
	struct radius_job *j;

	if (r->gone)
		return -EAGAIN;
	j = job_new(r, q, false);
	if (!j)
		return -EAGAIN;
	/* not from here: what cannot be sent would be answered before it was asked */
	if (!timer_pending(&r->send) && timerq_set(&r->io->timers, &r->send, now(r))) {
		free(j);
		return -EAGAIN;
	}
	r->last = *q;
	DL_APPEND(r->waiting, j);
	return 0;
}

static void close_all(void *ctx)
{
	radius_close(ctx);
}

/* RADIUS has no word for it: an LMA tells who it is when it asks (radius_ask()). */
const struct policy_remote_ops radius_ops = {
	.look_up = look_up,
	.free = close_all,
};
