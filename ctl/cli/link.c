// SPDX-License-Identifier: GPL-2.0
/* pmipctl link: devices that the module watches */
#include "cli/parse.h"
#include "cli/print.h"

#include <string.h>

static const char usage[] =
	"Usage: pmipctl link add dev DEV type { access | core } [ OPTIONS ]\n"
	"       pmipctl link set dev DEV [ OPTIONS ]\n"
	"       pmipctl link delete dev DEV\n"
	"       pmipctl link show [ dev DEV ]\n"
	"OPTIONS := [ state { up | down } ] [ stack { on | off } ] [ generation N ]\n";

static const struct attr_show show[] = {
	{ PMIP_A_LINK_IFINDEX, ATTR_DEV, "ifindex", NULL, 0 },
	{ PMIP_A_LINK_NAME, ATTR_STRING, "dev", NULL, 0 },
	{ PMIP_A_LINK_TYPE, ATTR_NAME, "type", names_link_type, 0 },
	{ PMIP_A_LINK_STATE, ATTR_NAME, "state", names_state, 0 },
	{ PMIP_A_LINK_OPER, ATTR_NAME, "oper", names_state, 0 },
	{ PMIP_A_LINK_REASON, ATTR_NAME, "reason", names_reason, 0 },
	{ PMIP_A_LINK_FLAGS, ATTR_FLAG, "stack", names_on_off, PMIP_LINK_F_STACK },
	{ PMIP_A_LINK_GENERATION, ATTR_U32, "generation", NULL, 0 },
	{ PMIP_A_LINK_USERS, ATTR_U32, "users", NULL, 0 },
	{ PMIP_A_LINK_DOWN_NS, ATTR_U64, "down-ns", NULL, 0 },
	{ PMIP_A_LINK_REDIRECT_NS, ATTR_U64, "redirect-ns", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

static void text(FILE *out, const json_t *r)
{
	fputs("link ", out);
	print_pairs(out, r, "dev", "type", "state", "oper", "reason", "stack",
		    "generation", "users");
	if (json_integer_value(json_object_get(r, "down-ns"))) {
		fputs("\n    ", out);
		print_pairs(out, r, "down-ns", "redirect-ns");
	}
	fputc('\n', out);
}

static const struct printer printer = { .show = show, .text = text };

struct link {
	uint32_t ifindex, generation;
	uint8_t type, state, stack;
	bool has_type, has_state, has_stack, has_generation;
};

static int parse_one(struct cli *c, struct args *a, struct link *l, bool add)
{
	if (args_are(a, "dev"))
		return arg_dev(c, a, &l->ifindex);
	if (args_are(a, "type") && add) {
		l->has_type = true;
		return arg_name(c, a, names_link_type, &l->type);
	}
	if (args_are(a, "state")) {
		l->has_state = true;
		return arg_name(c, a, names_state, &l->state);
	}
	if (args_are(a, "stack")) {
		l->has_stack = true;
		return arg_name(c, a, names_on_off, &l->stack);
	}
	if (args_are(a, "generation")) {
		l->has_generation = true;
		return arg_u32(c, a, &l->generation);
	}
	return args_unknown(c, a);
}

static int change(struct cli *c, struct args *a, uint8_t cmd, int flags)
{
	bool add = cmd == PMIP_CMD_LINK_NEW;
	struct link l = { 0 };
	struct genl_req r;
	int err = 0;

	while (a->argc && !err)
		err = parse_one(c, a, &l, add);
	if (err)
		return err;
	if (!l.ifindex || (add && !l.has_type))
		return cli_usage(c, "a link needs %s", l.ifindex ? "a type" : "dev");
	if (cli_begin(c, &r, cmd, flags))
		return CLI_FAILED;
	genl_u32(&r, PMIP_A_LINK_IFINDEX, l.ifindex);
	if (l.has_type)
		genl_u8(&r, PMIP_A_LINK_TYPE, l.type);
	if (l.has_state)
		genl_u8(&r, PMIP_A_LINK_STATE, l.state);
	if (l.has_stack)
		genl_u32(&r, PMIP_A_LINK_FLAGS, l.stack ? PMIP_LINK_F_STACK : 0);
	if (l.has_generation)
		genl_u32(&r, PMIP_A_LINK_GENERATION, l.generation);
	return cli_request(c, &r);
}

static int link_add(struct cli *c, struct args *a)
{
	return change(c, a, PMIP_CMD_LINK_NEW, NLM_F_CREATE | NLM_F_EXCL);
}

static int link_set(struct cli *c, struct args *a)
{
	return change(c, a, PMIP_CMD_LINK_SET, 0);
}

static int link_del(struct cli *c, struct args *a)
{
	uint32_t ifindex = 0;
	struct genl_req r;
	int err;

	if (!args_are(a, "dev"))
		return a->argc ? args_unknown(c, a) : cli_usage(c, "which dev?");
	err = arg_dev(c, a, &ifindex);
	if (!err)
		err = args_end(c, a);
	if (err)
		return err;
	if (cli_begin(c, &r, PMIP_CMD_LINK_DEL, 0))
		return CLI_FAILED;
	genl_u32(&r, PMIP_A_LINK_IFINDEX, ifindex);
	return cli_request(c, &r);
}

static int link_show(struct cli *c, struct args *a)
{
	uint32_t ifindex = 0;
	struct genl_req r;
	int status = args_are(a, "dev") ? arg_dev(c, a, &ifindex) : 0;

	if (!status)
		status = args_end(c, a);
	if (status)
		return status;
	if (cli_begin(c, &r, PMIP_CMD_LINK_GET, ifindex ? 0 : NLM_F_DUMP))
		return CLI_FAILED;
	if (ifindex)
		genl_u32(&r, PMIP_A_LINK_IFINDEX, ifindex);
	return print_request(c, &r, &printer);
}

static const struct cli_verb verbs[] = {
	{ "show", link_show },
	{ "add", link_add },
	{ "set", link_set },
	{ "delete", link_del },
	{ NULL, NULL }
};

const struct cli_object cli_link = { "link", verbs, NULL, usage };
