/* SPDX-License-Identifier: GPL-2.0 */
/* One request to the controller, and what to say where it fails */
#ifndef CTL_CLI_DAEMON_H
#define CTL_CLI_DAEMON_H

#include <jansson.h>

#include "cli/cli.h"

json_t *daemon_ask(struct cli *c, json_t *request);
int daemon_do(struct cli *c, json_t *request);
int daemon_show_roles(struct cli *c, json_t *request);
int daemon_tell(struct cli *c, json_t *request);
int daemon_list(struct cli *c, const char *object);

#endif
