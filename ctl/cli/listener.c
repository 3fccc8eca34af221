// SPDX-License-Identifier: GPL-2.0
/* pmipctl listener: who gets the packets of a multicast group; pmipctl group: all of them */
#include "cli/parse.h"
#include "cli/path.h"
#include "cli/print.h"

#include <netlink/attr.h>
#include <string.h>

static const char usage[] =
	"Usage: pmipctl listener { add | replace } KEY [ block ] [ generation N ]\n"
	"       pmipctl listener delete KEY\n"
	"       pmipctl listener show [ KEY ]\n"
	"KEY := group G [ source S ] [ upstream TUNNEL ] WHO\n"
	"WHO := { tunnel N | dev DEV [ lladdr LLADDR ] | prefix PREFIX }\n"
	"       without an upstream: of packets that come in by a core link\n";

static const char group_usage[] =
	"Usage: pmipctl group [ show ]\n";

static const struct attr_show show[] = {
	{ PMIP_A_GROUP_ADDR, ATTR_ADDR, "group", NULL, 0 },
	{ PMIP_A_GROUP_SOURCE, ATTR_ADDR, "source", NULL, 0 },
	{ PMIP_A_GROUP_UPSTREAM, ATTR_U32, "upstream", NULL, 0 },
	{ PMIP_A_GROUP_BLOCK, ATTR_NAME, "block", names_yes_no, 0 },
	{ PMIP_A_GROUP_GENERATION, ATTR_U32, "generation", NULL, 0 },
	{ PMIP_A_GROUP_LISTENERS, ATTR_U32, "listeners", NULL, 0 },
	{ PMIP_A_GROUP_PACKETS, ATTR_U64, "packets", NULL, 0 },
	{ PMIP_A_GROUP_BYTES, ATTR_U64, "bytes", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

static json_t *row(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[ATTR_TYPE_MAX + 1], *nest;
	int len;
	const struct nlattr *head = msg_attrs(nlh, &len);
	json_t *r = attr_row(show, head, len), *path = NULL;

	if (r && !attr_index(tb, head, len) && tb[PMIP_A_GROUP_PATH]) {
		nest = tb[PMIP_A_GROUP_PATH];
		path = path_row(nla_data(nest), nla_len(nest));
	}
	if (!path) {
		json_decref(r);
		return NULL;
	}
	json_object_set_new(r, "path", path);
	return r;
}

static void text(FILE *out, const json_t *r)
{
	fputs("listener ", out);
	print_pairs(out, r, "group", "source", "upstream", "block", "generation");
	fputs("\n    ", out);
	path_text(out, json_object_get(r, "path"));
	fputs("\n    ", out);
	print_pairs(out, r, "packets", "bytes");
	fputc('\n', out);
}

static void group_text(FILE *out, const json_t *r)
{
	fputs("group ", out);
	print_pairs(out, r, "group", "source", "upstream", "listeners", "packets", "bytes");
	fputc('\n', out);
}

static const struct printer printer = { .row = row, .text = text };
static const struct printer group_printer = { .show = show, .text = group_text };

struct listener {
	struct in6_addr group, source;
	uint32_t upstream, generation;
	bool has_group, block, has_generation;
	struct path path;
};

static int parse_key(struct cli *c, struct args *a, struct listener *l)
{
	if (args_are(a, "group")) {
		l->has_group = true;
		return arg_addr(c, a, &l->group);
	}
	if (args_are(a, "source"))
		return arg_addr(c, a, &l->source);
	if (args_are(a, "upstream"))
		return arg_u32(c, a, &l->upstream);
	if (args_are(a, "tunnel")) {
		l->path.kind = PMIP_PATH_TUNNEL;
		return arg_u32(c, a, &l->path.tunnel);
	}
	if (args_are(a, "dev")) {
		l->path.kind = PMIP_PATH_LINK;
		return arg_dev(c, a, &l->path.ifindex);
	}
	if (args_are(a, "lladdr"))
		return arg_lladdr(c, a, &l->path.lladdr);
	if (args_are(a, "prefix")) {
		l->path.kind = PMIP_PATH_HOME;
		return arg_prefix(c, a, &l->path.prefix);
	}
	return args_unknown(c, a);
}

static int parse_one(struct cli *c, struct args *a, struct listener *l)
{
	if (args_are(a, "block")) {
		l->block = true;
		a->argc--;
		a->argv++;
		return 0;
	}
	if (args_are(a, "generation")) {
		l->has_generation = true;
		return arg_u32(c, a, &l->generation);
	}
	return parse_key(c, a, l);
}

static int complete(struct cli *c, const struct listener *l)
{
	const struct path *p = &l->path;

	if (!l->has_group)
		return cli_usage(c, "which group?");
	if (!p->kind || !!p->tunnel + !!p->ifindex + !!p->prefix.len > 1)
		return cli_usage(c, "a listener is at a tunnel, at a link or has a prefix");
	if (p->kind != PMIP_PATH_LINK && p->lladdr.len)
		return cli_usage(c, "a link-layer address is on a link (dev)");
	return 0;
}

static void put_key(struct genl_req *r, const struct listener *l)
{
	struct nlattr *nest;

	genl_u32(r, PMIP_A_GROUP_UPSTREAM, l->upstream);
	genl_bytes(r, PMIP_A_GROUP_ADDR, &l->group, sizeof(l->group));
	genl_bytes(r, PMIP_A_GROUP_SOURCE, &l->source, sizeof(l->source));
	nest = genl_nest(r, PMIP_A_GROUP_PATH);
	path_put(r, &l->path);
	genl_nest_end(r, nest);
}

static int change(struct cli *c, struct args *a, int flags)
{
	struct listener l = { 0 };
	struct genl_req r;
	int err = 0;

	while (a->argc && !err)
		err = parse_one(c, a, &l);
	if (err || complete(c, &l))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_LISTENER_NEW, flags))
		return CLI_FAILED;
	put_key(&r, &l);
	if (l.block)
		genl_u8(&r, PMIP_A_GROUP_BLOCK, 1);
	if (l.has_generation)
		genl_u32(&r, PMIP_A_GROUP_GENERATION, l.generation);
	return cli_request_bundled(c, &r);
}

static int listener_add(struct cli *c, struct args *a)
{
	return change(c, a, NLM_F_CREATE | NLM_F_EXCL);
}

static int listener_replace(struct cli *c, struct args *a)
{
	return change(c, a, NLM_F_CREATE | NLM_F_REPLACE);
}

static int parse_key_only(struct cli *c, struct args *a, struct listener *l)
{
	int err = 0;

	while (a->argc && !err)
		err = parse_key(c, a, l);
	return err || complete(c, l) ? CLI_USAGE : 0;
}

static int listener_del(struct cli *c, struct args *a)
{
	struct listener l = { 0 };
	struct genl_req r;

	if (parse_key_only(c, a, &l))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_LISTENER_DEL, 0))
		return CLI_FAILED;
	put_key(&r, &l);
	return cli_request_bundled(c, &r);
}

static int listener_show(struct cli *c, struct args *a)
{
	const bool one = a->argc;
	struct listener l = { 0 };
	struct genl_req r;

	if (one && parse_key_only(c, a, &l))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_LISTENER_GET, one ? 0 : NLM_F_DUMP))
		return CLI_FAILED;
	if (one)
		put_key(&r, &l);
	return print_request(c, &r, &printer);
}

static int group_show(struct cli *c, struct args *a)
{
	struct genl_req r;

	if (args_end(c, a))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_GROUP_GET, NLM_F_DUMP))
		return CLI_FAILED;
	return print_request(c, &r, &group_printer);
}

static const struct cli_verb verbs[] = {
	{ "show", listener_show },
	{ "add", listener_add },
	{ "replace", listener_replace },
	{ "delete", listener_del },
	{ NULL, NULL }
};

static const struct cli_verb group_verbs[] = {
	{ "show", group_show },
	{ NULL, NULL }
};

const struct cli_object cli_listener = { "listener", verbs, NULL, usage };
const struct cli_object cli_group = { "group", group_verbs, NULL, group_usage };
