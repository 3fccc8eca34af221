// SPDX-License-Identifier: GPL-2.0
/* One RADIUS server: a socket, and up to 256 requests under way (RFC 2865 §3). */
#include "io/radius.h"

#include "core/log.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void on_readable(struct ev_loop *loop, struct ev_io *w, int revents)
{
	struct radius_server *s = w->data;

	(void)loop;
	(void)revents;
	radius_server_receive(s);
	radius_go_on(s->radius);
}

static int connect_to(const struct radius_server_conf *c)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(c->port) };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(c->port) };
	bool is_six = inet_pton(AF_INET6, c->host, &six.sin6_addr) == 1;
	const struct sockaddr *to = is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four;
	int fd, ret;

	inet_pton(AF_INET, c->host, &four.sin_addr);
	fd = socket(to->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, to, is_six ? sizeof(six) : sizeof(four)))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

/**
 * radius_server_open() - have a socket for a server, if that can be
 * @s: the server; without a route to it there is none yet
 */
void radius_server_open(struct radius_server *s)
{
	if (s->fd >= 0)
		return;
	s->fd = connect_to(s->conf);
	if (s->fd < 0) {
		log_ratelimited(LOG_WARNING, "policy store: %s: %s", s->conf->host,
				strerror(-s->fd));
		s->fd = -1;
		return;
	}
	ev_io_init(&s->watch, on_readable, s->fd, EV_READ);
	s->watch.data = s;
	ev_io_start(s->radius->io->loop, &s->watch);
}

/**
 * radius_server_close() - close the socket; what is under way is the caller's
 * @s: the server, open or not
 */
void radius_server_close(struct radius_server *s)
{
	if (s->fd < 0)
		return;
	ev_io_stop(s->radius->io->loop, &s->watch);
	close(s->fd);
	s->fd = -1;
}

/**
 * radius_server_send_again() - send what has been sent, once more
 * @j: the request, which a server has
 *
 * What cannot be sent is as what is lost on its way: there will be no answer.
 */
void radius_server_send_again(const struct radius_job *j)
{
	const uint8_t *bytes;
	size_t len;

	radius_server_open(j->server);
	bytes = radius_packet_bytes(j->packet, &len);
	/* once more: what an earlier one was answered by the network is told first */
	if (j->server->fd >= 0 && send(j->server->fd, bytes, len, 0) < 0)
		send(j->server->fd, bytes, len, 0);
}

/**
 * radius_server_send() - send a request for the first time
 * @s: the server
 * @j: the request, which no server has
 *
 * Return: 0; -EBUSY: all Identifiers are in use; -EMSGSIZE: the name is too long; -ENOMEM.
 */
int radius_server_send(struct radius_server *s, struct radius_job *j)
{
	uint8_t attrs[RADIUS_ATTRS_MAX];
	size_t len = radius_ask(&s->radius->asker, j->q, attrs);

	if (!len)
		return -EMSGSIZE;
	if (s->n_jobs == RADIUS_IDS)
		return -EBUSY;
	/* that which has been free for longest: of what comes late nobody is the addressee */
	while (s->job[s->next_id])
		s->next_id++;
	j->packet = radius_packet_new(attrs, len, s->next_id, s->conf->secret);
	if (!j->packet)
		return -ENOMEM;
	j->id = s->next_id++;
	j->server = s;
	s->job[j->id] = j;
	s->n_jobs++;
	radius_server_send_again(j);
	return 0;
}

/**
 * radius_server_take_back() - a server has a request no more
 * @j: the request; nothing happens if no server has it
 */
void radius_server_take_back(struct radius_job *j)
{
	if (!j->server)
		return;
	j->server->job[j->id] = NULL;
	j->server->n_jobs--;
	j->server = NULL;
	radius_packet_free(j->packet);
	j->packet = NULL;
}

static void receive_one(struct radius_server *s, uint8_t *buf, size_t len)
{
	struct radius_job *j = len > 1 ? s->job[buf[1]] : NULL;
	char why[128];
	int code;

	/* a second answer, or a late one */
	if (!j)
		return;
	code = radius_packet_check(j->packet, buf, &len, s->conf->secret,
				   s->radius->conf->authenticator, why, sizeof(why));
	if (code < 0) {
		log_ratelimited(LOG_ERR, "policy store: an answer of %s port %u has %s",
				s->conf->host, s->conf->port, why);
		return;
	}
	radius_heard(s);
	radius_job_answered(j, code, buf + 20, len - 20);
}

/**
 * radius_server_receive() - read what has come
 * @s: the server
 *
 * Return: nothing; requests that are answered are gone then.
 */
void radius_server_receive(struct radius_server *s)
{
	uint8_t buf[RADIUS_PACKET_MAX];
	unsigned int i;
	ssize_t n;

	for (i = 0; i < RADIUS_IDS && s->fd >= 0; i++) {
		n = recv(s->fd, buf, sizeof(buf), 0);
		/* that a port is unreachable anybody may say: it is as if nothing had come */
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n >= 0)
			receive_one(s, buf, (size_t)n);
	}
}
