/* SPDX-License-Identifier: GPL-2.0 */
/* What waits and what may come back, as bindings and statistics show it */
#ifndef CTL_CLI_HOLD_H
#define CTL_CLI_HOLD_H

#include <jansson.h>

#include "cli/cli.h"
#include "cli/print.h"

/* By which tunnel packets may come back to the anchor; 0: by none any more */
struct hold_return {
	uint32_t tunnel;
	bool timed;
	uint32_t time_ms;	/* 0: by this one none any more */
	uint32_t wait_ms;
};

extern const struct attr_show hold_show[];

int hold_add(json_t *row, const char *key, const struct nlattr *nest,
	     const struct attr_show *table);
json_t *hold_return_row(const struct nlattr *nest);
void hold_text(FILE *out, const char *before, const json_t *row);
int hold_parse_return(struct cli *c, struct args *a, struct hold_return *back);
void hold_put_return(struct genl_req *r, const struct hold_return *back);

#endif
