// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* accept4() */
/* The control socket: its clients, and what each still has to read. */
#include "io/control.h"

#include "core/log.h"
#include "io/io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utlist.h>

struct client {
	struct control *owner;
	int fd;
	struct ev_io reader, writer;
	bool monitor, closing;
	struct control_lines in;
	char *out;
	size_t out_len, out_sent;
	struct client *prev, *next;
};

struct control {
	struct io *io;
	int fd;
	struct ev_io watch;
	struct client *clients;
	unsigned int n_clients, n_monitors;
};

static void client_close(struct client *c)
{
	struct control *k = c->owner;

	ev_io_stop(k->io->loop, &c->reader);
	ev_io_stop(k->io->loop, &c->writer);
	close(c->fd);
	DL_DELETE(k->clients, c);
	k->n_clients--;
	if (c->monitor)
		k->n_monitors--;
	free(c->out);
	free(c);
}

static int append(struct client *c, const char *text)
{
	size_t len = strlen(text), left = c->out_len - c->out_sent;
	char *p = malloc(left + len + 1);

	if (!p)
		return -ENOMEM;
	if (left)
		memcpy(p, c->out + c->out_sent, left);
	memcpy(p + left, text, len);
	p[left + len] = '\n';
	free(c->out);
	c->out = p;
	c->out_len = left + len + 1;
	c->out_sent = 0;
	return 0;
}

/* -1: the client is of no use any more */
static int push_out(struct client *c)
{
	struct ev_loop *loop = c->owner->io->loop;
	ssize_t n;

	while (c->out_sent < c->out_len) {
		n = send(c->fd, c->out + c->out_sent, c->out_len - c->out_sent,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			/* It reads its answer before it is heard again. */
			ev_io_start(loop, &c->writer);
			if (!c->monitor || c->closing)
				ev_io_stop(loop, &c->reader);
			return 0;
		}
		if (n < 0)
			return -1;
		c->out_sent += (size_t)n;
	}
	free(c->out);
	c->out = NULL;
	c->out_len = 0;
	c->out_sent = 0;
	ev_io_stop(loop, &c->writer);
	ev_io_start(loop, &c->reader);
	return c->closing ? -1 : 0;
}

static int send_json(struct client *c, json_t *o)
{
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	int ret = text ? append(c, text) : -ENOMEM;

	free(text);
	json_decref(o);
	return ret;
}

/* One request at a time: the next waits until its answer is on its way. */
static int serve(struct client *c)
{
	char *line;

	while (c->out_len == c->out_sent && (line = control_lines_next(&c->in))) {
		bool monitor = false;

		if (send_json(c, control_answer(c->owner->io, line, &monitor)))
			return -1;
		if (monitor && !c->monitor) {
			c->monitor = true;
			c->owner->n_monitors++;
		}
		if (push_out(c))
			return -1;
	}
	return 0;
}

static void on_readable(struct ev_loop *loop, struct ev_io *w, int revents)
{
	struct client *c = w->data;
	size_t room;
	ssize_t n;
	char *at;

	(void)loop;
	(void)revents;
	room = control_lines_room(&c->in, &at);
	if (!room) {
		log_ratelimited(LOG_WARNING, "control: a request is longer than %d bytes",
				CONTROL_LINE_MAX);
		c->closing = true;
		if (send_json(c, control_error("request too long")) || push_out(c))
			client_close(c);
		return;
	}
	n = recv(c->fd, at, room, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		client_close(c);
		return;
	}
	control_lines_add(&c->in, (size_t)n);
	if (serve(c))
		client_close(c);
}

static void on_writable(struct ev_loop *loop, struct ev_io *w, int revents)
{
	struct client *c = w->data;

	(void)loop;
	(void)revents;
	if (push_out(c) || serve(c))
		client_close(c);
}

/* Whoever has nothing to get has waited long enough: the oldest one goes. */
static bool make_room(struct control *k)
{
	struct client *c;

	if (k->n_clients < CONTROL_CLIENTS_MAX)
		return true;
	DL_FOREACH(k->clients, c) {
		if (c->monitor || c->out_len != c->out_sent)
			continue;
		client_close(c);
		return true;
	}
	return false;
}

static void on_connect(struct ev_loop *loop, struct ev_io *w, int revents)
{
	struct control *k = w->data;
	struct client *c;
	int fd;

	(void)revents;
	fd = accept4(k->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	c = make_room(k) ? calloc(1, sizeof(*c)) : NULL;
	if (!c) {
		log_ratelimited(LOG_WARNING, "control: more than %d clients", CONTROL_CLIENTS_MAX);
		close(fd);
		return;
	}
	c->owner = k;
	c->fd = fd;
	ev_io_init(&c->reader, on_readable, fd, EV_READ);
	ev_io_init(&c->writer, on_writable, fd, EV_WRITE);
	c->reader.data = c;
	c->writer.data = c;
	DL_APPEND(k->clients, c);
	k->n_clients++;
	ev_io_start(loop, &c->reader);
}

/**
 * control_monitors() - whether anybody watches
 * @c: the control socket
 *
 * Return: true if a notice would have a reader.
 */
bool control_monitors(const struct control *c)
{
	return c->n_monitors != 0;
}

/**
 * control_broadcast() - one line to everybody who watches
 * @c: the control socket
 * @line: the line without its end
 *
 * Runs inside the state machines' calls: a client is only marked here, and
 * closed from the loop.
 */
void control_broadcast(struct control *c, const char *line)
{
	struct client *m;

	DL_FOREACH(c->clients, m) {
		if (!m->monitor || m->closing)
			continue;
		if (m->out_len - m->out_sent + strlen(line) > CONTROL_MONITOR_MAX ||
		    append(m, line)) {
			c->io->counters.monitors_dropped++;
			log_warn("control: a monitor reads too slowly and is cut off");
			m->closing = true;
			/* The writer finds it broken and closes it. */
			shutdown(m->fd, SHUT_RDWR);
		}
		ev_io_start(c->io->loop, &m->writer);
	}
}

/* A socket that nobody listens on is left from a daemon that was killed. */
static int remove_stale(const struct sockaddr_un *addr)
{
	struct stat st;
	int fd, ret;

	if (lstat(addr->sun_path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ENOTSOCK;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	ret = connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) ? 0 : -EADDRINUSE;
	close(fd);
	if (!ret && unlink(addr->sun_path))
		ret = -errno;
	return ret;
}

/* Where there is none yet, as in /run after a boot; bind() says it if there is still none */
static void make_folder(const char *path)
{
	char dir[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char *end;

	snprintf(dir, sizeof(dir), "%s", path);
	end = strrchr(dir, '/');
	if (!end || end == dir)
		return;
	*end = '\0';
	mkdir(dir, 0755);
}

static int listen_on(struct control *k, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	mode_t mask;
	int ret;

	make_folder(path);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	ret = remove_stale(&addr);
	if (ret)
		return ret;
	k->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (k->fd < 0)
		return -errno;
	/* Owner and group from the first moment on */
	mask = umask(0117);
	ret = bind(k->fd, (struct sockaddr *)&addr, sizeof(addr)) ? -errno : 0;
	umask(mask);
	if (!ret && listen(k->fd, 16))
		ret = -errno;
	if (ret)
		close(k->fd);
	return ret;
}

/**
 * control_start() - listen on the control socket, mode 0660
 * @io: the daemon
 *
 * Return: 0, or -1 after saying why not.
 */
int control_start(struct io *io)
{
	struct control *k = calloc(1, sizeof(*k));
	int ret = k ? listen_on(k, io->conf->control) : -ENOMEM;

	if (ret) {
		log_err("control socket %s: %s", io->conf->control, strerror(-ret));
		free(k);
		return -1;
	}
	k->io = io;
	ev_io_init(&k->watch, on_connect, k->fd, EV_READ);
	k->watch.data = k;
	ev_io_start(io->loop, &k->watch);
	io->control = k;
	return 0;
}

/**
 * control_stop() - send everybody away and remove the socket
 * @io: the daemon
 */
void control_stop(struct io *io)
{
	struct control *k = io->control;
	struct client *c, *tmp;

	if (!k)
		return;
	DL_FOREACH_SAFE(k->clients, c, tmp)
		client_close(c);
	ev_io_stop(io->loop, &k->watch);
	close(k->fd);
	unlink(io->conf->control);
	free(k);
	io->control = NULL;
}
