// SPDX-License-Identifier: GPL-2.0
/* pmipctl binding: prefixes of mobile nodes and their paths */
#include "cli/hold.h"
#include "cli/parse.h"
#include "cli/path.h"
#include "cli/print.h"

#include <netlink/attr.h>
#include <string.h>

static const char usage[] =
	"Usage: pmipctl binding { add | replace } prefix PREFIX [ OPTIONS ] PATH...\n"
	"       pmipctl binding set prefix PREFIX [ OPTIONS ] [ PATH... ]\n"
	"       pmipctl binding delete prefix PREFIX\n"
	"       pmipctl binding show [ prefix PREFIX ]\n"
	"OPTIONS := [ uplink TUNNEL ] [ node N ] [ generation N ] [ RETURN ]\n"
	"RETURN := return { tunnel N time MS [ wait MS ] | none }\n"
	"PATH := path { tunnel N | dev DEV [ lladdr LLADDR ] [ addr ADDR ] | drop | hold }\n"
	"             [ bid N ]\n"
	"        best first\n";

static const struct attr_show show[] = {
	{ PMIP_A_BINDING_UPLINK, ATTR_U32, "uplink", NULL, 0 },
	{ PMIP_A_BINDING_NODE, ATTR_HEX64, "node", NULL, 0 },
	{ PMIP_A_BINDING_GENERATION, ATTR_U32, "generation", NULL, 0 },
	{ PMIP_A_BINDING_DOWN_PACKETS, ATTR_U64, "down-packets", NULL, 0 },
	{ PMIP_A_BINDING_DOWN_BYTES, ATTR_U64, "down-bytes", NULL, 0 },
	{ PMIP_A_BINDING_UP_PACKETS, ATTR_U64, "up-packets", NULL, 0 },
	{ PMIP_A_BINDING_UP_BYTES, ATTR_U64, "up-bytes", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

/* What is 0 the kernel leaves out. */
static void fill(json_t *row, json_t *zeros)
{
	json_object_update_missing(row, zeros);
	json_decref(zeros);
}

static json_t *binding_path(const struct nlattr *a)
{
	json_t *row = path_row(nla_data(a), nla_len(a));

	fill(row, json_pack("{s:i}", "bid", 0));
	return row;
}

static json_t *row(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[ATTR_TYPE_MAX + 1], *a;
	json_t *r = json_object(), *paths = json_array(), *back = json_array(), *rest;
	int len, rem;
	const struct nlattr *head = msg_attrs(nlh, &len);

	rest = attr_row(show, head, len);
	if (!rest || attr_index(tb, head, len))
		goto malformed;
	if (json_object_set_new(r, "prefix", prefix_value(tb[PMIP_A_BINDING_PREFIX],
							  tb[PMIP_A_BINDING_PREFIX_LEN])))
		goto malformed;
	nla_for_each_attr(a, head, len, rem)
		if ((nla_type(a) == PMIP_A_BINDING_PATH &&
		     json_array_append_new(paths, binding_path(a))) ||
		    (nla_type(a) == PMIP_A_BINDING_RETURN &&
		     json_array_append_new(back, hold_return_row(a))))
			goto malformed;
	json_object_update(r, rest);
	fill(r, json_pack("{s:i s:s s:i s:i s:i s:i s:i}", "uplink", 0, "node", "0x0",
			  "generation", 0, "down-packets", 0, "down-bytes", 0,
			  "up-packets", 0, "up-bytes", 0));
	json_object_set(r, "paths", paths);
	if (json_array_size(back))
		json_object_set(r, "return", back);
	if (hold_add(r, "hold", tb[PMIP_A_BINDING_HOLD], hold_show))
		goto malformed;
	goto out;
malformed:
	json_decref(r);
	r = NULL;
out:
	json_decref(rest);
	json_decref(paths);
	json_decref(back);
	return r;
}

static void text(FILE *out, const json_t *r)
{
	const json_t *paths = json_object_get(r, "paths"), *back = json_object_get(r, "return");

	fputs("binding ", out);
	print_pairs(out, r, "prefix", "uplink", "node", "generation");
	for (size_t i = 0; i < json_array_size(paths); i++) {
		fputs("\n    ", out);
		path_text(out, json_array_get(paths, i));
	}
	fputs("\n    ", out);
	print_pairs(out, r, "down-packets", "down-bytes", "up-packets", "up-bytes");
	hold_text(out, "\n    hold ", json_object_get(r, "hold"));
	for (size_t i = 0; i < json_array_size(back); i++)
		hold_text(out, "\n    return ", json_array_get(back, i));
	fputc('\n', out);
}

static const struct printer printer = { .row = row, .text = text };

struct binding {
	struct prefix prefix;
	uint32_t uplink, generation;
	uint64_t node;
	bool has_uplink, has_node, has_generation, has_return;
	struct hold_return back;
	unsigned int n_paths;
	struct path path[PMIP_BINDING_PATHS];
};

static int parse_path(struct cli *c, struct args *a, struct binding *b)
{
	struct path *p = &b->path[b->n_paths];

	if (b->n_paths == PMIP_BINDING_PATHS)
		return cli_usage(c, "a binding has at most %d paths", PMIP_BINDING_PATHS);
	b->n_paths++;
	p->bid = (uint16_t)b->n_paths;
	return path_parse(c, a, p);
}

static int parse_one(struct cli *c, struct args *a, struct binding *b)
{
	if (args_are(a, "prefix"))
		return arg_prefix(c, a, &b->prefix);
	if (args_are(a, "path"))
		return parse_path(c, a, b);
	if (args_are(a, "return")) {
		b->has_return = true;
		return hold_parse_return(c, a, &b->back);
	}
	if (args_are(a, "uplink")) {
		b->has_uplink = true;
		return arg_u32(c, a, &b->uplink);
	}
	if (args_are(a, "node")) {
		b->has_node = true;
		return arg_u64(c, a, &b->node);
	}
	if (args_are(a, "generation")) {
		b->has_generation = true;
		return arg_u32(c, a, &b->generation);
	}
	return args_unknown(c, a);
}

static void put_prefix(struct genl_req *r, const struct prefix *p)
{
	genl_bytes(r, PMIP_A_BINDING_PREFIX, &p->addr, sizeof(p->addr));
	genl_u8(r, PMIP_A_BINDING_PREFIX_LEN, p->len);
}

static void put(struct genl_req *r, const struct binding *b)
{
	put_prefix(r, &b->prefix);
	if (b->has_uplink)
		genl_u32(r, PMIP_A_BINDING_UPLINK, b->uplink);
	if (b->has_node)
		genl_u64(r, PMIP_A_BINDING_NODE, b->node);
	for (unsigned int i = 0; i < b->n_paths; i++) {
		struct nlattr *nest = genl_nest(r, PMIP_A_BINDING_PATH);

		path_put(r, &b->path[i]);
		genl_nest_end(r, nest);
	}
	if (b->has_return)
		hold_put_return(r, &b->back);
	if (b->has_generation)
		genl_u32(r, PMIP_A_BINDING_GENERATION, b->generation);
}

static int change(struct cli *c, struct args *a, uint8_t cmd, int flags)
{
	struct binding b = { 0 };
	struct genl_req r;
	int err = 0;

	while (a->argc && !err)
		err = parse_one(c, a, &b);
	if (err)
		return err;
	if (!b.prefix.len)
		return cli_usage(c, "a binding needs a prefix");
	if (cmd == PMIP_CMD_BINDING_NEW && !b.n_paths)
		return cli_usage(c, "a binding needs a path");
	if (cli_begin(c, &r, cmd, flags))
		return CLI_FAILED;
	put(&r, &b);
	return cli_request_bundled(c, &r);
}

static int binding_add(struct cli *c, struct args *a)
{
	return change(c, a, PMIP_CMD_BINDING_NEW, NLM_F_CREATE | NLM_F_EXCL);
}

static int binding_replace(struct cli *c, struct args *a)
{
	return change(c, a, PMIP_CMD_BINDING_NEW, NLM_F_CREATE | NLM_F_REPLACE);
}

static int binding_set(struct cli *c, struct args *a)
{
	return change(c, a, PMIP_CMD_BINDING_SET, 0);
}

static int parse_prefix_only(struct cli *c, struct args *a, struct prefix *p)
{
	if (args_are(a, "prefix") && arg_prefix(c, a, p))
		return CLI_USAGE;
	return args_end(c, a);
}

static int binding_del(struct cli *c, struct args *a)
{
	struct prefix p = { 0 };
	struct genl_req r;

	if (parse_prefix_only(c, a, &p))
		return CLI_USAGE;
	if (!p.len)
		return cli_usage(c, "which prefix?");
	if (cli_begin(c, &r, PMIP_CMD_BINDING_DEL, 0))
		return CLI_FAILED;
	put_prefix(&r, &p);
	return cli_request_bundled(c, &r);
}

static int binding_show(struct cli *c, struct args *a)
{
	struct prefix p = { 0 };
	struct genl_req r;

	if (parse_prefix_only(c, a, &p))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_BINDING_GET, p.len ? 0 : NLM_F_DUMP))
		return CLI_FAILED;
	if (p.len)
		put_prefix(&r, &p);
	return print_request(c, &r, &printer);
}

static const struct cli_verb verbs[] = {
	{ "show", binding_show },
	{ "add", binding_add },
	{ "replace", binding_replace },
	{ "set", binding_set },
	{ "delete", binding_del },
	{ NULL, NULL }
};

const struct cli_object cli_binding = { "binding", verbs, NULL, usage };
