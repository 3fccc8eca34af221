/* SPDX-License-Identifier: GPL-2.0 */
/* Paths, as bindings hold them and as "pmipctl path" shows them */
#ifndef CTL_CLI_PATH_H
#define CTL_CLI_PATH_H

#include <jansson.h>

#include "cli/cli.h"
#include "core/id.h"

struct path {
	uint16_t bid;
	uint8_t kind;		/* enum pmip_path_kind */
	uint32_t tunnel;	/* kind tunnel */
	uint32_t ifindex;	/* kind link */
	struct llid lladdr;
	struct in6_addr addr;	/* kind link: whose reachability counts */
	bool has_addr;
	struct prefix prefix;	/* kind home */
};

int path_parse(struct cli *c, struct args *a, struct path *p);
void path_put(struct genl_req *r, const struct path *p);
json_t *path_row(const struct nlattr *head, int len);
void path_text(FILE *out, const json_t *row);

#endif
