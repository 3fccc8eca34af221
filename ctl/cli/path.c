// SPDX-License-Identifier: GPL-2.0
/* pmipctl path: where packets go */
#include "cli/path.h"

#include "cli/parse.h"
#include "cli/print.h"

static const char usage[] =
	"Usage: pmipctl path show\n"
	"       pmipctl path set dev DEV lladdr LLADDR state { up | down }\n";

static const struct attr_show show[] = {
	{ PMIP_A_PATH_BID, ATTR_U16, "bid", NULL, 0 },
	{ PMIP_A_PATH_KIND, ATTR_NAME, "kind", names_path_kind, 0 },
	{ PMIP_A_PATH_TUNNEL, ATTR_U32, "tunnel", NULL, 0 },
	{ PMIP_A_PATH_IFINDEX, ATTR_DEV, "ifindex", NULL, 0 },
	{ PMIP_A_PATH_LLADDR, ATTR_LLADDR, "lladdr", NULL, 0 },
	{ PMIP_A_PATH_ADDR, ATTR_ADDR, "addr", NULL, 0 },
	{ PMIP_A_PATH_STATE, ATTR_NAME, "state", names_state, 0 },
	{ PMIP_A_PATH_OPER, ATTR_NAME, "oper", names_state, 0 },
	{ PMIP_A_PATH_REASON, ATTR_NAME, "reason", names_reason, 0 },
	{ PMIP_A_PATH_USERS, ATTR_U32, "users", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

/**
 * path_row - a path's attributes as a JSON object
 * @head: the first
 * @len: bytes
 *
 * Return: the object, NULL if they are malformed.
 */
json_t *path_row(const struct nlattr *head, int len)
{
	const struct nlattr *tb[ATTR_TYPE_MAX + 1];
	json_t *row = attr_row(show, head, len), *up;

	if (!row || attr_index(tb, head, len))
		return NULL;
	if (tb[PMIP_A_PATH_PREFIX] &&
	    json_object_set_new(row, "prefix", prefix_value(tb[PMIP_A_PATH_PREFIX],
							    tb[PMIP_A_PATH_PREFIX_LEN]))) {
		json_decref(row);
		return NULL;
	}
	/* Of a path that is up the kernel says none of these. */
	up = json_pack("{s:s s:s s:s}", "state", "up", "oper", "up", "reason", "none");
	json_object_update_missing(row, up);
	json_decref(up);
	return row;
}

/**
 * path_text - write a path, without a newline
 * @out: where to
 * @row: the path
 */
void path_text(FILE *out, const json_t *row)
{
	fputs("path ", out);
	print_pairs(out, row, "tunnel", "dev", "lladdr", "addr", "prefix");
	if (!json_object_get(row, "tunnel") && !json_object_get(row, "dev") &&
	    !json_object_get(row, "prefix"))
		print_value(out, json_object_get(row, "kind"));
	fputc(' ', out);
	print_pairs(out, row, "bid", "state", "oper", "reason", "users");
}

static void text(FILE *out, const json_t *r)
{
	path_text(out, r);
	fputc('\n', out);
}

static json_t *row(const struct nlmsghdr *nlh)
{
	int len;
	const struct nlattr *head = msg_attrs(nlh, &len);

	return path_row(head, len);
}

static const struct printer printer = { .row = row, .text = text };

static int step(struct args *a)
{
	a->argc--;
	a->argv++;
	return 0;
}

/* The one word that says which way; 0 or an exit status */
static int parse_kind(struct cli *c, struct args *a, struct path *p)
{
	if (args_are(a, "tunnel")) {
		p->kind = PMIP_PATH_TUNNEL;
		return arg_u32(c, a, &p->tunnel);
	}
	if (args_are(a, "dev")) {
		p->kind = PMIP_PATH_LINK;
		return arg_dev(c, a, &p->ifindex);
	}
	if (args_are(a, "drop")) {
		p->kind = PMIP_PATH_DROP;
		return step(a);
	}
	if (args_are(a, "hold")) {
		p->kind = PMIP_PATH_HOLD;
		return step(a);
	}
	return a->argc ? args_unknown(c, a) :
			 cli_usage(c, "\"path\" needs tunnel, dev, drop or hold");
}

static int parse_addr(struct cli *c, struct args *a, struct path *p)
{
	p->has_addr = true;
	return arg_addr(c, a, &p->addr);
}

/**
 * path_parse - read "path { tunnel N | dev DEV [lladdr L] [addr A] | drop | hold } [bid N]"
 * @c: where errors go
 * @a: the words, "path" first
 * @p: the path; its bid stays where none is given
 *
 * Return: 0 or an exit status.
 */
int path_parse(struct cli *c, struct args *a, struct path *p)
{
	int err;

	step(a);
	err = parse_kind(c, a, p);
	while (!err) {
		if (args_are(a, "lladdr") && p->kind == PMIP_PATH_LINK)
			err = arg_lladdr(c, a, &p->lladdr);
		else if (args_are(a, "addr") && p->kind == PMIP_PATH_LINK)
			err = parse_addr(c, a, p);
		else if (args_are(a, "bid"))
			err = arg_u16(c, a, &p->bid);
		else
			break;
	}
	return err;
}

/**
 * path_put - add a path's attributes to its nest
 * @r: the request
 * @p: the path
 */
void path_put(struct genl_req *r, const struct path *p)
{
	genl_u16(r, PMIP_A_PATH_BID, p->bid);
	genl_u8(r, PMIP_A_PATH_KIND, p->kind);
	if (p->kind == PMIP_PATH_TUNNEL)
		genl_u32(r, PMIP_A_PATH_TUNNEL, p->tunnel);
	if (p->kind == PMIP_PATH_LINK)
		genl_u32(r, PMIP_A_PATH_IFINDEX, p->ifindex);
	if (p->kind == PMIP_PATH_LINK && p->lladdr.len)
		genl_bytes(r, PMIP_A_PATH_LLADDR, p->lladdr.id, p->lladdr.len);
	if (p->kind == PMIP_PATH_HOME) {
		genl_bytes(r, PMIP_A_PATH_PREFIX, &p->prefix.addr, sizeof(p->prefix.addr));
		genl_u8(r, PMIP_A_PATH_PREFIX_LEN, p->prefix.len);
	}
	if (p->has_addr)
		genl_bytes(r, PMIP_A_PATH_ADDR, &p->addr, sizeof(p->addr));
}

static int path_set(struct cli *c, struct args *a)
{
	struct path p = { 0 };
	uint8_t state = UINT8_MAX;
	struct genl_req r;
	int err = 0;

	while (a->argc && !err) {
		if (args_are(a, "dev"))
			err = arg_dev(c, a, &p.ifindex);
		else if (args_are(a, "lladdr"))
			err = arg_lladdr(c, a, &p.lladdr);
		else if (args_are(a, "state"))
			err = arg_name(c, a, names_state, &state);
		else
			err = args_unknown(c, a);
	}
	if (err)
		return err;
	if (!p.ifindex || !p.lladdr.len || state == UINT8_MAX)
		return cli_usage(c, "a path needs dev, lladdr and state");
	if (cli_begin(c, &r, PMIP_CMD_PATH_SET, 0))
		return CLI_FAILED;
	genl_u32(&r, PMIP_A_PATH_IFINDEX, p.ifindex);
	genl_bytes(&r, PMIP_A_PATH_LLADDR, p.lladdr.id, p.lladdr.len);
	genl_u8(&r, PMIP_A_PATH_STATE, state);
	return cli_request(c, &r);
}

static int path_show(struct cli *c, struct args *a)
{
	struct genl_req r;

	if (args_end(c, a))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_PATH_GET, NLM_F_DUMP))
		return CLI_FAILED;
	return print_request(c, &r, &printer);
}

static const struct cli_verb verbs[] = {
	{ "show", path_show },
	{ "set", path_set },
	{ NULL, NULL }
};

const struct cli_object cli_path = { "path", verbs, NULL, usage };
