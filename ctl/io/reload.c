// SPDX-License-Identifier: GPL-2.0
/*
 * The policy file is read again when it has changed, and on SIGHUP.  Reading a million
 * profiles takes seconds: another thread does it, and gives the old ones back, while
 * everybody is served.  What cannot be read changes nothing.
 */
#include "core/log.h"
#include "io/io.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Whoever writes it has time to end; and longer than its time stamp is coarse */
#define SETTLE_S	1.02

struct reload {
	struct io *io;
	struct ev_stat file;
	struct ev_timer settle;
	struct ev_signal hup;
	struct ev_async done;
	pthread_t thread;
	bool running, again;	/* again: once more when it is done */
	bool drops;		/* the thread frees, else it reads */
	int ret;
	struct policy policy;	/* the thread's, while it runs */
	char err[512];		/* why the last reading was refused, or empty */
};

static void *work(void *arg)
{
	struct reload *r = arg;

	if (r->drops)
		policy_free(&r->policy);
	else
		r->ret = conf_policy_open(r->io->conf, &r->policy, r->err, sizeof(r->err));
	ev_async_send(r->io->loop, &r->done);
	return NULL;
}

/* Signals are the loop's. */
static int start_thread(struct reload *r)
{
	sigset_t all, was;
	int ret;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	ret = pthread_create(&r->thread, NULL, work, r);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	r->running = !ret;
	return ret;
}

static void read_again(struct reload *r)
{
	int ret;

	r->again = r->running;
	if (r->running)
		return;
	r->drops = false;
	r->err[0] = '\0';
	ret = start_thread(r);
	if (ret)
		log_err("%s: not read again: %s", r->io->conf->policy, strerror(ret));
}

static void tell(struct reload *r, const char *event, const char *detail)
{
	struct notice n = { .event = event, .detail = detail };

	r->io->env.ops->notify(r->io, &n);
}

/* The file has been read: from here on it counts. */
static void take(struct reload *r)
{
	if (r->ret) {
		log_err("%s; what was read before stays", r->err);
		tell(r, "policy-refused", r->err);
		return;
	}
	r->err[0] = '\0';
	policy_replace(&r->io->policy, &r->policy);
	log_info("%s: read again", r->io->conf->policy);
	tell(r, "policy-reloaded", NULL);
	r->drops = true;
	if (start_thread(r))
		policy_free(&r->policy);
}

static void on_done(struct ev_loop *loop, struct ev_async *w, int revents)
{
	struct reload *r = w->data;

	(void)loop;
	(void)revents;
	pthread_join(r->thread, NULL);
	r->running = false;
	if (!r->drops)
		take(r);
	if (r->again)
		read_again(r);
}

static void on_settled(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct reload *r = w->data;

	(void)loop;
	(void)revents;
	ev_timer_stop(loop, w);
	/* between the old and the new one there may be none for a moment */
	if (r->file.attr.st_nlink)
		read_again(r);
}

static void on_file(struct ev_loop *loop, struct ev_stat *w, int revents)
{
	struct reload *r = w->data;

	(void)revents;
	ev_timer_again(loop, &r->settle);
}

/**
 * reload_now() - read the policy file again, whether it has changed or not
 * @io: the daemon; does nothing without a policy file
 */
void reload_now(struct io *io)
{
	if (io->conf->policy[0])
		read_again(io->reload);
}

static void on_hup(struct ev_loop *loop, struct ev_signal *w, int revents)
{
	struct reload *r = w->data;
	char err[512];

	(void)loop;
	(void)revents;
	/* who sends a signal is told by the log */
	if (!r->io->starting)
		reconfigure(r->io, err, sizeof(err));
	reload_now(r->io);
}

/**
 * reload_start() - have an eye on the policy file
 * @io: the daemon, before it reads the file
 *
 * SIGHUP has both files read again.
 *
 * Return: 0 or -ENOMEM.
 */
int reload_start(struct io *io)
{
	struct reload *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	r->io = io;
	ev_init(&r->settle, on_settled);
	r->settle.repeat = SETTLE_S;
	ev_stat_init(&r->file, on_file, io->conf->policy, 0.);
	ev_signal_init(&r->hup, on_hup, SIGHUP);
	ev_async_init(&r->done, on_done);
	r->settle.data = r;
	r->file.data = r;
	r->hup.data = r;
	r->done.data = r;
	io->reload = r;
	ev_signal_start(io->loop, &r->hup);
	if (!io->conf->policy[0])
		return 0;
	ev_stat_start(io->loop, &r->file);
	ev_async_start(io->loop, &r->done);
	return 0;
}

/**
 * reload_error() - why what the file says now does not count
 * @io: the daemon
 *
 * Return: "file:line: key: what"; NULL: it counts.
 */
const char *reload_error(const struct io *io)
{
	return io->reload->running || !io->reload->err[0] ? NULL : io->reload->err;
}

/**
 * reload_stop() - no more of it
 * @io: the daemon; waits for a thread that still reads
 */
void reload_stop(struct io *io)
{
	struct reload *r = io->reload;

	if (!r)
		return;
	ev_stat_stop(io->loop, &r->file);
	ev_timer_stop(io->loop, &r->settle);
	ev_signal_stop(io->loop, &r->hup);
	ev_async_stop(io->loop, &r->done);
	if (r->running)
		pthread_join(r->thread, NULL);
	policy_free(&r->policy);
	free(r);
	io->reload = NULL;
}
