// SPDX-License-Identifier: GPL-2.0
/*
 * The policy store "radius": which servers answer.  The first one of the list that does is
 * asked.  One that is silent is passed over, and tried every two seconds until it is not;
 * while all of them are nobody is asked, and what was known stays known (ctl/policy/cache.c).
 * All is in the event loop: packets are sent and read without waiting, and there are no threads.
 */
#include "io/radius.h"

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

static void tell(struct radius *r, const char *event, const struct radius_server *s)
{
	char detail[sizeof(s->conf->host) + 16];
	struct notice n = { .event = event, .detail = detail };

	snprintf(detail, sizeof(detail), "%s port %u", s->conf->host, s->conf->port);
	r->io->env.ops->notify(r->io, &n);
}

/**
 * radius_first() - whom to ask
 * @r: the store
 * @tried: bit n: not server n
 *
 * Return: the first server that is there, NULL: there is none.
 */
struct radius_server *radius_first(struct radius *r, unsigned int tried)
{
	unsigned int i;

	for (i = 0; i < r->conf->n_servers; i++)
		if (!r->server[i].dead && !(tried & 1U << i))
			return &r->server[i];
	return NULL;
}

/**
 * radius_go_on() - ask what waits, as far as there are Identifiers
 * @r: the store
 */
void radius_go_on(struct radius *r)
{
	struct radius_job *j;

	while (!r->stopping && (j = r->waiting)) {
		radius_job_ask(j);
		if (r->waiting == j)
			return;
	}
}

static void on_send(void *arg)
{
	radius_go_on(arg);
}

static void start_probing(struct radius *r)
{
	if (!timer_pending(&r->probe))
		timerq_set(&r->io->timers, &r->probe, now(r) + RADIUS_PROBE_MS * NSEC_PER_MSEC);
}

static void on_probe(void *arg)
{
	struct radius *r = arg;
	unsigned int i;
	bool any = false;

	for (i = 0; i < r->conf->n_servers; i++) {
		if (!r->server[i].dead)
			continue;
		radius_job_probe(&r->server[i]);
		any = true;
	}
	if (any)
		start_probing(r);
}

/**
 * radius_silent() - a server has not answered, nor anybody else since
 * @s: the server
 *
 * What it has been asked is asked of the next one, in radius_go_on().
 */
void radius_silent(struct radius_server *s)
{
	struct radius *r = s->radius;
	struct radius_job *j;
	unsigned int i;

	if (s->dead)
		return;
	s->dead = true;
	log_warn("policy store: no answer from %s port %u: it is not there, does not know this gateway, or has another secret",
		 s->conf->host, s->conf->port);
	for (i = 0; i < RADIUS_IDS; i++) {
		j = s->job[i];
		if (!j || j->probe)
			continue;
		timerq_cancel(&r->io->timers, &j->timer);
		radius_server_take_back(j);
		DL_APPEND(r->waiting, j);
	}
	start_probing(r);
	if (radius_first(r, 0))
		return;
	r->gone = true;
	tell(r, "policy-lost", s);
}

/**
 * radius_heard() - a server has answered
 * @s: the server
 */
void radius_heard(struct radius_server *s)
{
	struct radius *r = s->radius;
	bool news = r->gone || !r->heard;

	s->heard = now(r);
	r->heard = true;
	if (s->dead || news)
		log_info("policy store: %s port %u", s->conf->host, s->conf->port);
	s->dead = false;
	if (!news)
		return;
	tell(r, "policy-found", s);
	if (!r->gone)
		return;
	r->gone = false;
	r->since = s->heard;
	policy_cache_up(r->cache);
}

static void init_asker(struct radius *r)
{
	const struct conf *c = r->io->conf;

	r->asker.identifier = r->conf->identifier;
	r->asker.realm = r->conf->realm;
	if (c->mag.enabled)
		r->asker.mag = c->mag.address;
	if (c->lma.enabled)
		r->asker.lma = c->lma.address;
}

static void init_servers(struct radius *r)
{
	unsigned int i;

	for (i = 0; i < r->conf->n_servers; i++) {
		struct radius_server *s = &r->server[i];

		s->radius = r;
		s->conf = &r->conf->server[i];
		s->fd = -1;
		radius_server_open(s);
	}
}

/**
 * radius_open() - have the profiles of mobile nodes from RADIUS servers
 * @io: the daemon, whose policy is not open yet
 *
 * Return: 0: @io->radius goes with @io->policy; -ENOMEM or, without the library, -ENOENT:
 * both have been logged.
 */
int radius_open(struct io *io)
{
	struct radius *r;
	char err[256];

	if (radius_packet_init(err, sizeof(err))) {
		log_err("radius: %s", err);
		return -ENOENT;
	}
	r = calloc(1, sizeof(*r));
	if (r) {
		r->io = io;
		r->conf = &io->conf->radius;
		r->cache = policy_cache_open(&io->policy, &io->env, &r->conf->cache,
					     &radius_ops, r);
	}
	if (!r || !r->cache) {
		log_err("out of memory");
		free(r);
		return -ENOMEM;
	}
	r->since = now(r);
	timer_init(&r->send, on_send, r);
	timer_init(&r->probe, on_probe, r);
	init_asker(r);
	init_servers(r);
	io->radius = r;
	return 0;
}

/**
 * radius_has_been_there() - whether all had the time to ask
 * @r: the store
 * @ns: so long
 *
 * Return: whether it has answered, or nobody has asked, for so long by now.
 */
bool radius_has_been_there(const struct radius *r, uint64_t ns)
{
	return !r->gone && now(r) - r->since >= ns;
}

/**
 * radius_close() - close the sockets, and forget what was asked
 * @r: the store
 */
void radius_close(struct radius *r)
{
	unsigned int i, id;

	r->io->radius = NULL;
	r->stopping = true;
	while (r->waiting)
		radius_job_end(r->waiting, -EAGAIN, NULL, 0);
	for (i = 0; i < r->conf->n_servers; i++) {
		for (id = 0; id < RADIUS_IDS; id++)
			if (r->server[i].job[id])
				radius_job_end(r->server[i].job[id], -EAGAIN, NULL, 0);
		radius_server_close(&r->server[i]);
	}
	timerq_cancel(&r->io->timers, &r->send);
	timerq_cancel(&r->io->timers, &r->probe);
	free(r);
}
