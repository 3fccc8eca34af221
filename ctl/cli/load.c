// SPDX-License-Identifier: GPL-2.0
/* pmipctl load: how loaded access links are, which flows of the policy avoid */
#include "cli/daemon.h"
#include "cli/parse.h"
#include "cli/print.h"

static const char usage[] =
	"Usage: pmipctl load set mag ADDR [ access TECHNOLOGY ] level PERCENT\n"
	"       pmipctl load show\n"
	"        level 0: as if nothing had been said\n";

struct load {
	const char *mag, *access;
	uint8_t level;
	bool has_level;
};

static int parse_one(struct cli *c, struct args *a, struct load *l)
{
	if (args_are(a, "mag")) {
		l->mag = args_value(c, a, NULL);
		return l->mag ? 0 : CLI_USAGE;
	}
	if (args_are(a, "access")) {
		l->access = args_value(c, a, NULL);
		return l->access ? 0 : CLI_USAGE;
	}
	if (args_are(a, "level")) {
		l->has_level = true;
		return arg_u8(c, a, &l->level);
	}
	return args_unknown(c, a);
}

static int load_set(struct cli *c, struct args *a)
{
	struct load l = { 0 };
	json_t *result;
	int err = 0;

	while (a->argc && !err)
		err = parse_one(c, a, &l);
	if (err)
		return err;
	if (!l.mag || !l.has_level)
		return cli_usage(c, "which mag, and what level?");
	result = daemon_ask(c, json_pack("{s:s, s:s, s:s*, s:i}", "cmd", "load-set", "mag", l.mag,
					 "access", l.access, "level", l.level));
	if (!result)
		return CLI_FAILED;
	if (c->json)
		print_json(c, result);
	json_decref(result);
	return CLI_OK;
}

static int load_show(struct cli *c, struct args *a)
{
	json_t *result;

	if (args_end(c, a))
		return CLI_USAGE;
	result = daemon_ask(c, json_pack("{s:s}", "cmd", "load-show"));
	if (!result)
		return CLI_FAILED;
	if (c->json)
		print_json(c, result);
	for (size_t i = 0; !c->json && i < json_array_size(result); i++) {
		fputs("load ", c->out);
		print_row(c->out, json_array_get(result, i));
		fputc('\n', c->out);
	}
	json_decref(result);
	return CLI_OK;
}

static const struct cli_verb verbs[] = {
	{ "show", load_show },
	{ "set", load_set },
	{ NULL, NULL }
};

const struct cli_object cli_load = { "load", verbs, NULL, usage };
