/* SPDX-License-Identifier: GPL-2.0 */
/* Which packets a flow is made of: words, attributes, JSON. */
#ifndef CTL_CLI_SELECTOR_H
#define CTL_CLI_SELECTOR_H

#include <jansson.h>

#include "cli/parse.h"
#include "core/selector.h"

struct cli_selector {
	bool any;			/* a field is set, or none shall be */
	struct selector fields;
};

bool selector_is_next(const struct args *a);
int selector_parse(struct cli *c, struct args *a, struct cli_selector *s);
void selector_put(struct genl_req *r, const struct cli_selector *s);
json_t *selector_row(const struct nlattr *nest);
void selector_text(FILE *out, const json_t *row);

#endif
