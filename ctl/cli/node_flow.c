// SPDX-License-Identifier: GPL-2.0
/* pmipctl flow ... mn-id: flows that the controller of an anchor has of a node */
#include "cli/node_flow.h"

#include <jansson.h>
#include <string.h>

#include "cli/daemon.h"
#include "cli/parse.h"
#include "cli/print.h"
#include "cli/selector.h"

/* What may follow the node and the flow's identifier */
enum {
	WITH_BIDS = 1,
	WITH_FLOW = 2,
};

static int number(struct cli *c, struct args *a, json_t *ask, const char *key)
{
	uint16_t v;
	int err = arg_u16(c, a, &v);

	if (err)
		return err;
	json_object_set_new(ask, key, json_integer(v));
	return 0;
}

static int bid(struct cli *c, struct args *a, json_t *ask)
{
	json_t *list = json_object_get(ask, "bids");
	uint16_t v;
	int err = arg_u16(c, a, &v);

	if (err)
		return err;
	if (!list) {
		list = json_array();
		json_object_set_new(ask, "bids", list);
	}
	json_array_append_new(list, json_integer(v));
	return 0;
}

static json_t *selector_of(json_t *ask)
{
	json_t *o = json_object_get(ask, "selector");

	if (!o) {
		o = json_object();
		json_object_set_new(ask, "selector", o);
	}
	return o;
}

/* Before all fields: how addresses are written depends on it */
static int set_format(struct cli *c, struct args *a, json_t *ask)
{
	const char *name = args_value(c, a, NULL);

	if (!name)
		return CLI_USAGE;
	if (!selector_format_named(name))
		return cli_usage(c, "format \"%s\" is neither ipv4 nor ipv6", name);
	if (json_object_size(json_object_get(ask, "selector")))
		return cli_usage(c, "format comes before what it is of");
	json_object_set_new(selector_of(ask), "format", json_string(name));
	return 0;
}

/* The words are the controller's to read, too; here they are only looked at. */
static int selector(struct cli *c, struct args *a, json_t *ask)
{
	const char *name = a->argv[0], *text = a->argc > 1 ? a->argv[1] : "";
	const char *of = json_string_value(json_object_get(json_object_get(ask, "selector"),
							   "format"));
	struct cli_selector looked_at = {
		.fields = { .format = of ? selector_format_named(of) : SELECTOR_IPV6 },
	};
	bool all = args_are(a, "all");
	int err = selector_parse(c, a, &looked_at);

	if (err || all)
		return err;
	json_object_set_new(selector_of(ask), name, json_string(text));
	return 0;
}

static int action(struct cli *c, struct args *a, json_t *ask)
{
	uint8_t v;
	int err = arg_name(c, a, names_flow_action, &v);

	if (err)
		return err;
	json_object_set_new(ask, "action", json_string(v == PMIP_FLOW_DROP ? "drop" : "forward"));
	return 0;
}

static int parse_one(struct cli *c, struct args *a, json_t *ask, int with)
{
	if (args_are(a, "fid"))
		return number(c, a, ask, "fid");
	if ((with & WITH_BIDS) && args_are(a, "bid"))
		return bid(c, a, ask);
	if (!(with & WITH_FLOW))
		return args_unknown(c, a);
	if (args_are(a, "priority"))
		return number(c, a, ask, "priority");
	if (args_are(a, "lifetime"))
		return number(c, a, ask, "lifetime");
	if (args_are(a, "action"))
		return action(c, a, ask);
	if (args_are(a, "format"))
		return set_format(c, a, ask);
	if (selector_is_next(a))
		return selector(c, a, ask);
	return args_unknown(c, a);
}

/* The request so far; NULL: has said why */
static json_t *begin(struct cli *c, struct args *a, const char *cmd, int with)
{
	const char *id = args_value(c, a, NULL);
	json_t *ask;

	if (!id)
		return NULL;
	ask = json_pack("{s:s, s:s}", "cmd", cmd, "mn-id", id);
	while (ask && a->argc) {
		if (!parse_one(c, a, ask, with))
			continue;
		json_decref(ask);
		return NULL;
	}
	return ask;
}

static int change(struct cli *c, struct args *a, const char *cmd, int with)
{
	json_t *ask = begin(c, a, cmd, with);

	if (!ask)
		return CLI_USAGE;
	if (!json_object_get(ask, "fid")) {
		json_decref(ask);
		return cli_usage(c, "which flow (fid)?");
	}
	return daemon_tell(c, ask);
}

/**
 * node_flow_add - pmipctl flow add mn-id
 * @c: the command line
 * @a: the words from "mn-id" on
 *
 * Return: exit status.
 */
int node_flow_add(struct cli *c, struct args *a)
{
	return change(c, a, "flow-add", WITH_BIDS | WITH_FLOW);
}

/**
 * node_flow_move - pmipctl flow move mn-id
 * @c: the command line
 * @a: the words from "mn-id" on
 *
 * Return: exit status.
 */
int node_flow_move(struct cli *c, struct args *a)
{
	return change(c, a, "flow-move", WITH_BIDS);
}

/**
 * node_flow_del - pmipctl flow delete mn-id
 * @c: the command line
 * @a: the words from "mn-id" on
 *
 * Return: exit status.
 */
int node_flow_del(struct cli *c, struct args *a)
{
	return change(c, a, "flow-delete", 0);
}

static void list(FILE *out, const char *name, const json_t *values)
{
	for (size_t i = 0; i < json_array_size(values); i++) {
		fprintf(out, "%s ", name);
		print_value(out, json_array_get(values, i));
		fputc(' ', out);
	}
}

static void text(FILE *out, const json_t *r)
{
	fputs("flow ", out);
	print_pairs(out, r, "mn-id", "fid", "priority");
	fputs("\n    ", out);
	selector_text(out, json_object_get(r, "selector"));
	fputs("\n    ", out);
	list(out, "bid", json_object_get(r, "bids"));
	print_pairs(out, r, "action", "state", "active", "by", "lifetime");
	if (json_object_get(r, "why"))
		fprintf(out, " (%s)", json_string_value(json_object_get(r, "why")));
	fputs("\n    in-force ", out);
	list(out, "bid", json_object_get(r, "in-force"));
	list(out, "lingers-at", json_object_get(r, "lingers-at"));
	fputc('\n', out);
}

/**
 * node_flow_show - pmipctl flow show mn-id
 * @c: the command line
 * @a: the words from "mn-id" on; "all" stands for every node
 *
 * Return: exit status.
 */
int node_flow_show(struct cli *c, struct args *a)
{
	const char *id = args_value(c, a, NULL);
	json_t *result;
	bool all;

	if (!id || args_end(c, a))
		return CLI_USAGE;
	all = !strcmp(id, "all");
	result = daemon_ask(c, json_pack("{s:s, s:s*}", "cmd", "flow-show", "mn-id",
					 all ? NULL : id));
	if (!result)
		return CLI_FAILED;
	if (c->json)
		print_json(c, result);
	for (size_t i = 0; !c->json && i < json_array_size(result); i++)
		text(c->out, json_array_get(result, i));
	json_decref(result);
	return CLI_OK;
}
