/* SPDX-License-Identifier: GPL-2.0 */
/* The control socket: JSON objects, one a line, both ways. */
#ifndef CTL_IO_CONTROL_H
#define CTL_IO_CONTROL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define CONTROL_LINE_MAX	16384		/* no request is longer */
#define CONTROL_CLIENTS_MAX	64
#define CONTROL_MONITOR_MAX	(256 * 1024)	/* unread bytes before a watcher is cut off */

struct io;
struct io_link;
struct control;

/* Bytes that came in, cut into lines */
struct control_lines {
	char buf[CONTROL_LINE_MAX];
	size_t len, used;	/* bytes held; those of lines already taken */
};

/* Where to read to, and how much; 0: a line is longer than allowed. */
size_t control_lines_room(struct control_lines *l, char **at);
void control_lines_add(struct control_lines *l, size_t n);
/* The next whole line with its end cut off, or NULL; valid until more is read. */
char *control_lines_next(struct control_lines *l);

bool control_monitors(const struct control *c);
void control_broadcast(struct control *c, const char *line);

/* request.c: the answer to one line; *monitor says that a stream follows. */
json_t *control_answer(struct io *io, const char *line, bool *monitor);
json_t *control_error(const char *text);
const char *control_link(struct io *io, json_t *req, struct io_link **link);

/* request_flow.c: whole answers */
json_t *request_flow_add(struct io *io, json_t *req);
json_t *request_flow_move(struct io *io, json_t *req);
json_t *request_flow_delete(struct io *io, json_t *req);
json_t *request_flow_show(struct io *io, json_t *req);

/* request_load.c: whole answers */
json_t *request_load_set(struct io *io, json_t *req);
json_t *request_load_show(struct io *io, json_t *req);
/* request_handover.c: a whole answer */
json_t *request_handover(struct io *io, json_t *req);
/* request_anchor.c: a whole answer */
json_t *request_lma_handover(struct io *io, json_t *req);
/* request_multicast.c: a whole answer */
json_t *request_multicast_show(struct io *io, json_t *req);
/* request_pool.c: a whole answer */
json_t *request_pool_show(struct io *io, json_t *req);
/* request_signal.c: whole answers */
json_t *request_signal_set(struct io *io, json_t *req);
json_t *request_signal_show(struct io *io, json_t *req);
/* revoke.c */
json_t *revoke_session(struct io *io, json_t *req);
json_t *revoke_peer(struct io *io, json_t *req);

/* show.c */
json_t *show_sessions(struct io *io);
json_t *show_peers(struct io *io);
json_t *show_stats(struct io *io);
json_t *show_policy(struct io *io);

#endif
