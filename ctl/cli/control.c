// SPDX-License-Identifier: GPL-2.0
/* The controller's control socket: one JSON object per line, both ways. */
#include "cli/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_SECONDS	10
#define READ_BYTES	65536
/* More than any answer has; a line without end must not fill the memory. */
#define LINE_BYTES	((size_t)1 << 30)

static int fail(struct control *k, const char *what, const char *why)
{
	snprintf(k->error, sizeof(k->error), "%s%s%s", what, why ? ": " : "",
		 why ? why : "");
	return -1;
}

/**
 * control_open - connect to the controller
 * @k: filled in; whatever was there is lost
 * @path: the socket
 *
 * Return: 0, or -1 with the reason in @k->error and nothing to close.
 */
int control_open(struct control *k, const char *path)
{
	struct timeval limit = { .tv_sec = ANSWER_SECONDS };
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	memset(k, 0, sizeof(*k));
	k->fd = -1;
	if (strlen(path) >= sizeof(to.sun_path))
		return fail(k, path, "longer than a socket's name can be");
	memcpy(to.sun_path, path, strlen(path));
	k->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (k->fd < 0)
		return fail(k, "socket", strerror(errno));
	setsockopt(k->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(k->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(k->fd, (struct sockaddr *)&to, sizeof(to))) {
		fail(k, path, strerror(errno));
		close(k->fd);
		k->fd = -1;
		return -1;
	}
	return 0;
}

/**
 * control_close - close the connection, if it is open
 * @k: the connection
 */
void control_close(struct control *k)
{
	if (k->fd >= 0)
		close(k->fd);
	free(k->buf);
	k->fd = -1;
	k->buf = NULL;
	k->len = 0;
	k->cap = 0;
	k->seen = 0;
}

/**
 * control_send - send one request
 * @k: an open connection
 * @request: the object, sent as one line
 *
 * Return: 0, or -1 with the reason in @k->error.
 */
int control_send(struct control *k, const json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	size_t len, off = 0;

	if (!text)
		return fail(k, "no memory", NULL);
	len = strlen(text);
	text[len++] = '\n';	/* in the place of the final NUL */
	while (off < len) {
		ssize_t n = send(k->fd, text + off, len - off, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			free(text);
			return fail(k, "sending", strerror(errno));
		}
		off += (size_t)n;
	}
	free(text);
	return 0;
}

/**
 * control_fill - read what there is, waiting if there is nothing
 * @k: an open connection
 *
 * Return: 0, or -1 with the reason in @k->error: an error or the end.
 */
int control_fill(struct control *k)
{
	ssize_t n;

	if (k->cap - k->len < READ_BYTES) {
		size_t cap = k->cap * 2 + READ_BYTES;
		char *buf = cap <= LINE_BYTES ? realloc(k->buf, cap) : NULL;

		if (!buf)
			return fail(k, "the answer is too long", NULL);
		k->buf = buf;
		k->cap = cap;
	}
	do
		n = recv(k->fd, k->buf + k->len, k->cap - k->len, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(k, "no answer", errno == EAGAIN ? "timed out" : strerror(errno));
	if (!n)
		return fail(k, "the connection was closed", NULL);
	k->len += (size_t)n;
	return 0;
}

/**
 * control_line - the next whole line among what was read
 * @k: the connection
 *
 * Return: the line as JSON; NULL if there is no whole line yet, with
 * @k->error empty, or if it is no JSON object, with the reason there.
 */
json_t *control_line(struct control *k)
{
	json_error_t why;
	json_t *line;
	char *end;
	size_t n;

	k->error[0] = '\0';
	if (k->seen == k->len)
		return NULL;
	/* bytes searched before need not be searched again */
	end = memchr(k->buf + k->seen, '\n', k->len - k->seen);
	if (!end) {
		k->seen = k->len;
		return NULL;
	}
	n = (size_t)(end - k->buf);
	line = json_loadb(k->buf, n, 0, &why);
	k->len -= n + 1;
	k->seen = 0;
	memmove(k->buf, end + 1, k->len);
	if (!json_is_object(line)) {
		fail(k, "malformed answer", line ? "not an object" : why.text);
		json_decref(line);
		return NULL;
	}
	return line;
}

/**
 * control_result - what an answer brings
 * @k: where an error goes
 * @answer: the answer, given up
 *
 * Return: the member "result", JSON's null where it is absent; NULL with the
 * controller's own words in @k->error if it refused.
 */
json_t *control_result(struct control *k, json_t *answer)
{
	const char *why = json_string_value(json_object_get(answer, "error"));
	json_t *result = NULL;

	if (json_is_true(json_object_get(answer, "ok"))) {
		result = json_object_get(answer, "result");
		result = result ? json_incref(result) : json_null();
	} else if (why) {
		fail(k, why, NULL);
	} else {
		fail(k, "malformed answer", "neither ok nor an error");
	}
	json_decref(answer);
	return result;
}

/**
 * control_ask - send a request and wait for its result
 * @k: an open connection
 * @request: the object
 *
 * Return: the result, NULL with the reason in @k->error.
 */
json_t *control_ask(struct control *k, const json_t *request)
{
	json_t *line;

	if (control_send(k, request))
		return NULL;
	while (!(line = control_line(k)))
		if (k->error[0] || control_fill(k))
			return NULL;
	return control_result(k, line);
}
