// SPDX-License-Identifier: GPL-2.0
/*
 * What starts and watches the daemon, as systemd does: it is told when this is a gateway, and
 * as long as the event loop turns (sd_notify(3), sd_watchdog_enabled(3)).
 *
 * The library is loaded where NOTIFY_SOCKET asks for it: it brings five others, and whoever
 * starts pmipd by hand needs none of them.
 */
#include "core/log.h"
#include "io/io.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#define LIBRARY	"libsystemd.so.0"

/* So many signs of life in the time that one may take */
#define SIGNS	4

struct supervisor {
	struct io *io;
	__typeof__(sd_notify) *notify;
	bool ready;
	char status[64];
	uint64_t every, last;	/* ns: from one sign of life to the next; 0: none is waited for */
	struct ev_timer watchdog;
};

static void say(const struct supervisor *s, const char *text)
{
	int ret = s->notify(0, text);

	if (ret < 0)
		log_ratelimited(LOG_WARNING, "NOTIFY_SOCKET: %s", strerror(-ret));
}

static void alive(struct supervisor *s)
{
	s->last = s->io->env.ops->now(s->io);
	say(s, "WATCHDOG=1\n");
}

static void on_watchdog(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	(void)loop;
	(void)revents;
	alive(w->data);
}

static int load(struct supervisor *s)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *notify, *enabled;
	__typeof__(sd_watchdog_enabled) *watchdog_enabled;
	uint64_t us = 0;

	notify = library ? dlsym(library, "sd_notify") : NULL;
	enabled = library ? dlsym(library, "sd_watchdog_enabled") : NULL;
	if (!notify || !enabled) {
		log_err("NOTIFY_SOCKET: %s", dlerror());
		return -ENOENT;
	}
	memcpy(&s->notify, &notify, sizeof(notify));
	memcpy(&watchdog_enabled, &enabled, sizeof(enabled));
	if (watchdog_enabled(0, &us) > 0)
		s->every = us * (NSEC_PER_MSEC / 1000) / SIGNS;
	return 0;
}

/**
 * supervisor_open() - find out who has started this daemon
 * @io: the daemon, with its loop; nothing else is there yet
 *
 * Return: 0, also where nobody wants to be told; -errno after saying what failed.
 */
int supervisor_open(struct io *io)
{
	struct supervisor *s;
	int ret;

	if (!getenv("NOTIFY_SOCKET"))
		return 0;
	s = calloc(1, sizeof(*s));
	if (!s) {
		log_err("out of memory");
		return -ENOMEM;
	}
	s->io = io;
	ret = load(s);
	if (ret) {
		free(s);
		return ret;
	}
	ev_timer_init(&s->watchdog, on_watchdog, 0., (double)s->every / NSEC_PER_SEC);
	s->watchdog.data = s;
	io->supervisor = s;
	return 0;
}

/* Of what a file says only what stays in one line */
static void say_status(const struct supervisor *s, const char *states, const char *status)
{
	char text[640], *c = text + strlen(states);

	snprintf(text, sizeof(text), "%sSTATUS=%s", states, status);
	for (; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	strncat(text, "\n", sizeof(text) - strlen(text) - 1);
	say(s, text);
}

/**
 * supervisor_ready() - who waits for this daemon can go on, and watch it
 * @io: the daemon
 * @status: what it does now, in words; said once more where that changes
 */
void supervisor_ready(struct io *io, const char *status)
{
	struct supervisor *s = io->supervisor;

	if (!s)
		return;
	snprintf(s->status, sizeof(s->status), "%s", status);
	say_status(s, "READY=1\n", status);
	s->ready = true;
	if (s->every && !ev_is_active(&s->watchdog)) {
		alive(s);
		ev_timer_again(io->loop, &s->watchdog);
	}
}

/**
 * supervisor_amid() - amid what takes long, the loop does not turn, but all goes on
 * @io: the daemon
 */
void supervisor_amid(struct io *io)
{
	struct supervisor *s = io->supervisor;
	uint64_t now = s ? io->env.ops->now(io) : 0;

	if (!s)
		return;
	if (!s->ready && now - s->last >= NSEC_PER_SEC) {
		s->last = now;
		say(s, "EXTEND_TIMEOUT_USEC=30000000\n");
	} else if (s->ready && s->every && now - s->last >= s->every) {
		alive(s);
	}
}

/**
 * supervisor_reloading() - the configuration is read; supervisor_reloaded() is due
 * @io: the daemon
 */
void supervisor_reloading(struct io *io)
{
	char text[64];

	if (!io->supervisor)
		return;
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%llu\n",
		 (unsigned long long)(io->env.ops->now(io) / (NSEC_PER_MSEC / 1000)));
	say(io->supervisor, text);
}

/**
 * supervisor_reloaded() - it has been read
 * @io: the daemon
 * @refused: why it does not count; NULL: it does
 */
void supervisor_reloaded(struct io *io, const char *refused)
{
	if (io->supervisor)
		say_status(io->supervisor, "READY=1\n", refused ? refused : io->supervisor->status);
}

/**
 * supervisor_stopping() - this daemon ends
 * @io: the daemon
 */
void supervisor_stopping(struct io *io)
{
	if (io->supervisor)
		say(io->supervisor, "STOPPING=1\n");
}

/**
 * supervisor_close() - nobody is told any more
 * @io: the daemon; the second time nothing happens
 */
void supervisor_close(struct io *io)
{
	if (!io->supervisor)
		return;
	ev_timer_stop(io->loop, &io->supervisor->watchdog);
	free(io->supervisor);
	io->supervisor = NULL;
}
