/* SPDX-License-Identifier: GPL-2.0 */
/* The controller's control socket: one JSON object per line, both ways. */
#ifndef CTL_CLI_CONTROL_H
#define CTL_CLI_CONTROL_H

#include <jansson.h>
#include <stddef.h>

struct control {
	int fd;
	char *buf;		/* bytes read that are not yet a line */
	size_t len, cap, seen;
	char error[512];	/* why the last call failed */
};

int control_open(struct control *k, const char *path);
void control_close(struct control *k);
int control_send(struct control *k, const json_t *request);
int control_fill(struct control *k);
json_t *control_line(struct control *k);
json_t *control_result(struct control *k, json_t *answer);
json_t *control_ask(struct control *k, const json_t *request);

#endif
