// SPDX-License-Identifier: GPL-2.0
/* pmipctl tunnel: pairs of gateway addresses */
#include "cli/parse.h"
#include "cli/print.h"

#include <netlink/attr.h>
#include <string.h>

static const char usage[] =
	"Usage: pmipctl tunnel add id N local ADDR remote ADDR role ROLE [ OPTIONS ]\n"
	"       pmipctl tunnel set id N [ OPTIONS ]\n"
	"       pmipctl tunnel delete id N\n"
	"       pmipctl tunnel show [ id N ]\n"
	"ROLE := { lma-mag | mag-lma | mag-mag }   from this gateway to the other\n"
	"OPTIONS := [ state { up | down } ] [ hop-limit N ] [ fragment { on | off } ]\n"
	"           [ dscp { copy | zero } ] [ generation N ]\n";

static const struct attr_show show[] = {
	{ PMIP_A_TUNNEL_ID, ATTR_U32, "id", NULL, 0 },
	{ PMIP_A_TUNNEL_LOCAL, ATTR_ADDR, "local", NULL, 0 },
	{ PMIP_A_TUNNEL_REMOTE, ATTR_ADDR, "remote", NULL, 0 },
	{ PMIP_A_TUNNEL_ROLE, ATTR_NAME, "role", names_role, 0 },
	{ PMIP_A_TUNNEL_STATE, ATTR_NAME, "state", names_state, 0 },
	{ PMIP_A_TUNNEL_HOP_LIMIT, ATTR_U8, "hop-limit", NULL, 0 },
	{ PMIP_A_TUNNEL_FLAGS, ATTR_FLAG, "fragment", names_on_off, PMIP_TUNNEL_F_FRAGMENT },
	{ PMIP_A_TUNNEL_FLAGS, ATTR_FLAG, "dscp", names_dscp, PMIP_TUNNEL_F_NO_DSCP },
	{ PMIP_A_TUNNEL_GENERATION, ATTR_U32, "generation", NULL, 0 },
	{ PMIP_A_TUNNEL_USERS, ATTR_U32, "users", NULL, 0 },
	{ PMIP_A_TUNNEL_MTU, ATTR_U32, "mtu", NULL, 0 },
	{ PMIP_A_TUNNEL_TX_PACKETS, ATTR_U64, "tx-packets", NULL, 0 },
	{ PMIP_A_TUNNEL_TX_BYTES, ATTR_U64, "tx-bytes", NULL, 0 },
	{ PMIP_A_TUNNEL_RX_PACKETS, ATTR_U64, "rx-packets", NULL, 0 },
	{ PMIP_A_TUNNEL_RX_BYTES, ATTR_U64, "rx-bytes", NULL, 0 },
	{ PMIP_A_TUNNEL_REDIRECTED, ATTR_U64, "redirected", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

static void text(FILE *out, const json_t *r)
{
	fputs("tunnel ", out);
	print_pairs(out, r, "id", "local", "remote", "role", "state");
	fputs("\n    ", out);
	print_pairs(out, r, "hop-limit", "fragment", "dscp", "generation", "users",
		    "mtu");
	fputs("\n    ", out);
	print_pairs(out, r, "tx-packets", "tx-bytes", "rx-packets", "rx-bytes",
		    "redirected");
	fputc('\n', out);
}

static const struct printer printer = { .show = show, .text = text };

/* What the words of add and set say */
struct tunnel {
	uint32_t id, generation, flags, flags_given;
	struct in6_addr local, remote;
	uint8_t role, state, hop_limit;
	bool has_id, has_local, has_remote, has_role, has_state, has_hop_limit,
	     has_generation;
};

static int flag(struct cli *c, struct args *a, struct tunnel *t,
		const struct name *names, uint32_t bit)
{
	uint8_t v = 0;
	int err = arg_name(c, a, names, &v);

	t->flags = v ? t->flags | bit : t->flags & ~bit;
	t->flags_given |= bit;
	return err;
}

/* What only add may say: it names the pair, which never changes. */
static int parse_fixed(struct cli *c, struct args *a, struct tunnel *t)
{
	if (args_are(a, "local")) {
		t->has_local = true;
		return arg_addr(c, a, &t->local);
	}
	if (args_are(a, "remote")) {
		t->has_remote = true;
		return arg_addr(c, a, &t->remote);
	}
	if (args_are(a, "role")) {
		t->has_role = true;
		return arg_name(c, a, names_role, &t->role);
	}
	return args_unknown(c, a);
}

static int parse_one(struct cli *c, struct args *a, struct tunnel *t, bool add)
{
	if (args_are(a, "id")) {
		t->has_id = true;
		return arg_u32(c, a, &t->id);
	}
	if (args_are(a, "state")) {
		t->has_state = true;
		return arg_name(c, a, names_state, &t->state);
	}
	if (args_are(a, "hop-limit")) {
		t->has_hop_limit = true;
		return arg_u8(c, a, &t->hop_limit);
	}
	if (args_are(a, "fragment"))
		return flag(c, a, t, names_on_off, PMIP_TUNNEL_F_FRAGMENT);
	if (args_are(a, "dscp"))
		return flag(c, a, t, names_dscp, PMIP_TUNNEL_F_NO_DSCP);
	if (args_are(a, "generation")) {
		t->has_generation = true;
		return arg_u32(c, a, &t->generation);
	}
	return add ? parse_fixed(c, a, t) : args_unknown(c, a);
}

static int parse(struct cli *c, struct args *a, struct tunnel *t, bool add)
{
	int err = 0;

	memset(t, 0, sizeof(*t));
	while (a->argc && !err)
		err = parse_one(c, a, t, add);
	if (err)
		return err;
	if (!t->has_id || !t->id)
		return cli_usage(c, "a tunnel needs an id, not 0");
	if (add && (!t->has_local || !t->has_remote || !t->has_role))
		return cli_usage(c, "a tunnel needs local, remote and role");
	return 0;
}

static void put(struct genl_req *r, const struct tunnel *t)
{
	genl_u32(r, PMIP_A_TUNNEL_ID, t->id);
	if (t->has_local)
		genl_bytes(r, PMIP_A_TUNNEL_LOCAL, &t->local, sizeof(t->local));
	if (t->has_remote)
		genl_bytes(r, PMIP_A_TUNNEL_REMOTE, &t->remote, sizeof(t->remote));
	if (t->has_role)
		genl_u8(r, PMIP_A_TUNNEL_ROLE, t->role);
	if (t->has_state)
		genl_u8(r, PMIP_A_TUNNEL_STATE, t->state);
	if (t->has_hop_limit)
		genl_u8(r, PMIP_A_TUNNEL_HOP_LIMIT, t->hop_limit);
	if (t->flags_given)
		genl_u32(r, PMIP_A_TUNNEL_FLAGS, t->flags);
	if (t->has_generation)
		genl_u32(r, PMIP_A_TUNNEL_GENERATION, t->generation);
}

static int get(struct cli *c, const uint32_t *id, struct genl_req *r)
{
	int status = cli_begin(c, r, PMIP_CMD_TUNNEL_GET, id ? 0 : NLM_F_DUMP);

	if (status == CLI_OK && id)
		genl_u32(r, PMIP_A_TUNNEL_ID, *id);
	return status;
}

/* The flags are set as a whole: those not named stay what they are. */
static int keep_flags(struct cli *c, struct tunnel *t)
{
	struct genl_answers a = { 0 };
	const struct nlattr *tb[ATTR_TYPE_MAX + 1] = { 0 };
	const struct nlmsghdr *nlh;
	struct genl_req r;
	int status, len;

	if (get(c, &t->id, &r))
		return CLI_FAILED;
	status = cli_get(c, &r, &a);
	nlh = genl_next(&a, NULL);
	if (status == CLI_OK && nlh) {
		const struct nlattr *head = msg_attrs(nlh, &len);
		uint32_t flags = 0;

		attr_index(tb, head, len);
		if (tb[PMIP_A_TUNNEL_FLAGS] &&
		    nla_len(tb[PMIP_A_TUNNEL_FLAGS]) == sizeof(flags))
			memcpy(&flags, nla_data(tb[PMIP_A_TUNNEL_FLAGS]), sizeof(flags));
		t->flags |= flags & ~t->flags_given;
	}
	genl_answers_free(&a);
	return status;
}

static int change(struct cli *c, struct args *a, uint8_t cmd, int flags)
{
	bool add = cmd == PMIP_CMD_TUNNEL_NEW;
	struct genl_req r;
	struct tunnel t;
	int status = parse(c, a, &t, add);

	if (status != CLI_OK)
		return status;
	if (!add && t.flags_given &&
	    t.flags_given != (PMIP_TUNNEL_F_FRAGMENT | PMIP_TUNNEL_F_NO_DSCP)) {
		status = keep_flags(c, &t);
		if (status != CLI_OK)
			return status;
	}
	if (cli_begin(c, &r, cmd, flags))
		return CLI_FAILED;
	put(&r, &t);
	return cli_request(c, &r);
}

static int tunnel_add(struct cli *c, struct args *a)
{
	return change(c, a, PMIP_CMD_TUNNEL_NEW, NLM_F_CREATE | NLM_F_EXCL);
}

static int tunnel_set(struct cli *c, struct args *a)
{
	return change(c, a, PMIP_CMD_TUNNEL_SET, 0);
}

static int tunnel_del(struct cli *c, struct args *a)
{
	struct genl_req r;
	uint32_t id = 0;
	int err;

	if (!args_are(a, "id"))
		return a->argc ? args_unknown(c, a) : cli_usage(c, "which id?");
	err = arg_u32(c, a, &id);
	if (err || args_end(c, a))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_TUNNEL_DEL, 0))
		return CLI_FAILED;
	genl_u32(&r, PMIP_A_TUNNEL_ID, id);
	return cli_request(c, &r);
}

static int tunnel_show(struct cli *c, struct args *a)
{
	bool one = args_are(a, "id");
	struct genl_req r;
	uint32_t id = 0;

	if ((one && arg_u32(c, a, &id)) || args_end(c, a))
		return CLI_USAGE;
	if (get(c, one ? &id : NULL, &r))
		return CLI_FAILED;
	return print_request(c, &r, &printer);
}

static const struct cli_verb verbs[] = {
	{ "show", tunnel_show },
	{ "add", tunnel_add },
	{ "set", tunnel_set },
	{ "delete", tunnel_del },
	{ NULL, NULL }
};

const struct cli_object cli_tunnel = { "tunnel", verbs, NULL, usage };
