// SPDX-License-Identifier: GPL-2.0
/* pmipctl hold: packets that wait for a way to their node */
#include "cli/hold.h"

#include <netlink/attr.h>

#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl hold [ show ]\n"
	"       pmipctl hold set [ node-packets N ] [ node-bytes N ] [ link-packets N ]\n"
	"                        [ link-bytes N ] [ total-packets N ] [ total-bytes N ]\n"
	"                        [ age MS ] [ drop { tail | head } ]\n"
	"       pmipctl hold release prefix PREFIX to { return | forward | drop }\n";

const struct attr_show hold_show[] = {
	{ PMIP_A_HOLD_QUEUES, ATTR_U32, "queues", NULL, 0 },
	{ PMIP_A_HOLD_PACKETS, ATTR_U32, "packets", NULL, 0 },
	{ PMIP_A_HOLD_BYTES, ATTR_U32, "bytes", NULL, 0 },
	{ PMIP_A_HOLD_HELD, ATTR_U64, "held", NULL, 0 },
	{ PMIP_A_HOLD_RETURNED, ATTR_U64, "returned", NULL, 0 },
	{ PMIP_A_HOLD_FORWARDED, ATTR_U64, "forwarded", NULL, 0 },
	{ PMIP_A_HOLD_EXPIRED, ATTR_U64, "expired", NULL, 0 },
	{ PMIP_A_HOLD_DROPPED, ATTR_U64, "dropped", NULL, 0 },
	{ PMIP_A_HOLD_ACCEPTED, ATTR_U64, "accepted", NULL, 0 },
	{ PMIP_A_HOLD_OPENED, ATTR_U64, "opened", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

static const struct attr_show show_return[] = {
	{ PMIP_A_RETURN_TUNNEL, ATTR_U32, "tunnel", NULL, 0 },
	{ PMIP_A_RETURN_TIME_MS, ATTR_U32, "time", NULL, 0 },
	{ PMIP_A_RETURN_WAIT_MS, ATTR_U32, "wait", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

static const struct attr_show show_limits[] = {
	{ PMIP_A_HOLD_NODE_PACKETS, ATTR_U32, "node-packets", NULL, 0 },
	{ PMIP_A_HOLD_NODE_BYTES, ATTR_U32, "node-bytes", NULL, 0 },
	{ PMIP_A_HOLD_LINK_PACKETS, ATTR_U32, "link-packets", NULL, 0 },
	{ PMIP_A_HOLD_LINK_BYTES, ATTR_U32, "link-bytes", NULL, 0 },
	{ PMIP_A_HOLD_TOTAL_PACKETS, ATTR_U32, "total-packets", NULL, 0 },
	{ PMIP_A_HOLD_TOTAL_BYTES, ATTR_U32, "total-bytes", NULL, 0 },
	{ PMIP_A_HOLD_AGE_MS, ATTR_U32, "age", NULL, 0 },
	{ PMIP_A_HOLD_POLICY, ATTR_NAME, "drop", names_hold_policy, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

/**
 * hold_add - add a nest of attributes to a row, if there is one
 * @row: the row
 * @key: its name there
 * @nest: the nest, or NULL
 * @table: how its attributes are shown
 *
 * Return: 0, -1 if it is malformed.
 */
int hold_add(json_t *row, const char *key, const struct nlattr *nest,
	     const struct attr_show *table)
{
	if (!nest)
		return 0;
	return json_object_set_new(row, key, attr_row(table, nla_data(nest), nla_len(nest)));
}

/**
 * hold_return_row - by which tunnel packets may come back
 * @nest: the nest of it
 *
 * Return: an object, NULL if it is malformed.
 */
json_t *hold_return_row(const struct nlattr *nest)
{
	return attr_row(show_return, nla_data(nest), nla_len(nest));
}

/**
 * hold_text - write such a nest, if there is one
 * @out: where to
 * @before: words in front of it
 * @row: the nest, or NULL
 */
void hold_text(FILE *out, const char *before, const json_t *row)
{
	if (!row)
		return;
	fputs(before, out);
	print_row(out, row);
}

/**
 * hold_parse_return - read "return { tunnel N time MS [ wait MS ] | none }"
 * @c: where errors go
 * @a: the words, "return" first
 * @back: what they say
 *
 * Return: 0 or an exit status.
 */
int hold_parse_return(struct cli *c, struct args *a, struct hold_return *back)
{
	int err = 0;

	a->argc--;
	a->argv++;
	if (args_are(a, "none")) {
		a->argc--;
		a->argv++;
		return 0;
	}
	while (!err) {
		if (args_are(a, "tunnel")) {
			err = arg_u32(c, a, &back->tunnel);
		} else if (args_are(a, "time")) {
			err = arg_u32(c, a, &back->time_ms);
			back->timed = true;
		} else if (args_are(a, "wait")) {
			err = arg_u32(c, a, &back->wait_ms);
		} else {
			break;
		}
	}
	if (!err && (!back->tunnel || !back->timed))
		return cli_usage(c, "\"return\" needs tunnel and time, or none");
	return err;
}

/**
 * hold_put_return - add it to a request about a binding
 * @r: the request
 * @back: what it says
 */
void hold_put_return(struct genl_req *r, const struct hold_return *back)
{
	struct nlattr *nest = genl_nest(r, PMIP_A_BINDING_RETURN);

	genl_u32(r, PMIP_A_RETURN_TUNNEL, back->tunnel);
	if (back->timed)
		genl_u32(r, PMIP_A_RETURN_TIME_MS, back->time_ms);
	if (back->wait_ms)
		genl_u32(r, PMIP_A_RETURN_WAIT_MS, back->wait_ms);
	genl_nest_end(r, nest);
}

static void text(FILE *out, const json_t *r)
{
	fputs("hold ", out);
	print_pairs(out, r, "node-packets", "node-bytes", "link-packets", "link-bytes",
		    "total-packets", "total-bytes", "age", "drop");
	fputs("\n    ", out);
	print_pairs(out, r, "queues", "packets", "bytes", "held", "returned", "forwarded",
		    "expired", "dropped", "accepted");
	fputc('\n', out);
}

static json_t *row(const struct nlmsghdr *nlh)
{
	int len;
	const struct nlattr *head = msg_attrs(nlh, &len);
	json_t *r = attr_row(show_limits, head, len), *queues = attr_row(hold_show, head, len);

	if (r && queues)
		json_object_update(r, queues);
	json_decref(queues);
	return r;
}

static const struct printer printer = { .row = row, .text = text };

static int hold_show_all(struct cli *c, struct args *a)
{
	struct genl_req r;

	if (args_end(c, a))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_HOLD_GET, 0))
		return CLI_FAILED;
	return print_request(c, &r, &printer);
}

/* Limits by the names that they are shown by, and the policy behind them */
struct limits {
	uint32_t value[PMIP_A_HOLD_AGE_MS + 1];
	bool has[PMIP_A_HOLD_AGE_MS + 1];
	uint8_t policy;
	bool has_policy;
};

static int parse_limit(struct cli *c, struct args *a, struct limits *l)
{
	if (args_are(a, "drop")) {
		l->has_policy = true;
		return arg_name(c, a, names_hold_policy, &l->policy);
	}
	for (int i = 0; show_limits[i].type <= PMIP_A_HOLD_AGE_MS; i++) {
		if (!args_are(a, show_limits[i].key))
			continue;
		l->has[show_limits[i].type] = true;
		return arg_u32(c, a, &l->value[show_limits[i].type]);
	}
	return args_unknown(c, a);
}

static int hold_set(struct cli *c, struct args *a)
{
	struct limits l = { 0 };
	struct genl_req r;
	int err = 0;

	if (!a->argc)
		return cli_usage(c, "which limit?");
	while (a->argc && !err)
		err = parse_limit(c, a, &l);
	if (err)
		return err;
	if (cli_begin(c, &r, PMIP_CMD_HOLD_SET, 0))
		return CLI_FAILED;
	for (int i = 0; i <= PMIP_A_HOLD_AGE_MS; i++)
		if (l.has[i])
			genl_u32(&r, i, l.value[i]);
	if (l.has_policy)
		genl_u8(&r, PMIP_A_HOLD_POLICY, l.policy);
	return cli_request(c, &r);
}

static int hold_release(struct cli *c, struct args *a)
{
	struct prefix p = { 0 };
	struct genl_req r;
	uint8_t to = 0;
	int err = 0;

	while (a->argc && !err) {
		if (args_are(a, "prefix"))
			err = arg_prefix(c, a, &p);
		else if (args_are(a, "to"))
			err = arg_name(c, a, names_hold_to, &to);
		else
			err = args_unknown(c, a);
	}
	if (err)
		return err;
	if (!p.len || !to)
		return cli_usage(c, "\"release\" needs prefix and to");
	if (cli_begin(c, &r, PMIP_CMD_HOLD_RELEASE, 0))
		return CLI_FAILED;
	genl_bytes(&r, PMIP_A_HOLD_PREFIX, &p.addr, sizeof(p.addr));
	genl_u8(&r, PMIP_A_HOLD_PREFIX_LEN, p.len);
	genl_u8(&r, PMIP_A_HOLD_TO, to);
	return cli_request(c, &r);
}

static const struct cli_verb verbs[] = {
	{ "show", hold_show_all },
	{ "set", hold_set },
	{ "release", hold_release },
	{ NULL, NULL }
};

const struct cli_object cli_hold = { "hold", verbs, NULL, usage };
