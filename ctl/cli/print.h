/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's attributes into JSON objects, and these into text. */
#ifndef CTL_CLI_PRINT_H
#define CTL_CLI_PRINT_H

#include <jansson.h>

#include "cli/cli.h"
#include "cli/names.h"

enum attr_format {
	ATTR_U8,
	ATTR_U16,
	ATTR_U32,
	ATTR_U64,
	ATTR_HEX64,	/* "0x2a": a name, not a quantity */
	ATTR_ADDR,
	ATTR_LLADDR,
	ATTR_STRING,
	ATTR_DEV,	/* u32 ifindex, as "dev" and "ifindex" */
	ATTR_NAME,	/* u8, by the table of names */
	ATTR_FLAG,	/* one bit of a u32, by the table of names */
};

/* How one attribute is shown; a table ends with key NULL. */
struct attr_show {
	int type;
	enum attr_format format;
	const char *key;
	const struct name *names;
	uint32_t mask;		/* ATTR_FLAG */
};

#define ATTR_TYPE_MAX	31

int attr_index(const struct nlattr *tb[ATTR_TYPE_MAX + 1],
	       const struct nlattr *head, int len);
json_t *prefix_value(const struct nlattr *addr, const struct nlattr *len);
json_t *attr_row(const struct attr_show *table, const struct nlattr *head, int len);

struct printer {
	const struct attr_show *show;
	json_t *(*row)(const struct nlmsghdr *nlh);	/* instead; NULL: malformed */
	void (*text)(FILE *out, const json_t *row);
};

int print_request(struct cli *c, struct genl_req *r, const struct printer *p);
int print_json(struct cli *c, const json_t *v);
void print_word(FILE *out, const char *word);
void print_value(FILE *out, const json_t *v);
void print_members(FILE *out, const json_t *row, const char *const *keys);
#define print_pairs(out, row, ...) \
	print_members(out, row, (const char *const[]){ __VA_ARGS__, NULL })
void print_row(FILE *out, const json_t *row);
const char *print_dev(uint32_t ifindex, char *buf, size_t size);
void print_time(FILE *out, const char *when);

const struct nlattr *msg_attrs(const struct nlmsghdr *nlh, int *len);

#endif
