/* SPDX-License-Identifier: GPL-2.0 */
/* Which packets a flow is made of: words, attributes, JSON. */
#ifndef CTL_CLI_SELECTOR_H
#define CTL_CLI_SELECTOR_H

#include <jansson.h>
#include <netinet/in.h>

#include "cli/parse.h"

/* Fields of RFC 6088 §3.2, in the order of PMIP_A_SELECTOR_* */
#define SELECTOR_FIELDS	8

struct selector {
	bool any;			/* a field is set, or none shall be */
	bool has[SELECTOR_FIELDS];
	struct in6_addr addr[2][2];	/* of the first two: first and last */
	uint32_t value[SELECTOR_FIELDS][2];	/* of the others */
};

bool selector_is_next(const struct args *a);
int selector_parse(struct cli *c, struct args *a, struct selector *s);
void selector_put(struct genl_req *r, const struct selector *s);
json_t *selector_row(const struct nlattr *nest);
void selector_text(FILE *out, const json_t *row);

#endif
