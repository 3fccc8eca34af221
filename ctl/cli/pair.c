// SPDX-License-Identifier: GPL-2.0
/* pmipctl pair: of two anchors, which one this is */
#include "cli/daemon.h"
#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl pair show\n"
	"       pmipctl pair yield\n";

static int pair_show(struct cli *c, struct args *a)
{
	return args_end(c, a) ? CLI_USAGE : daemon_list(c, "pair");
}

static int pair_yield_lease(struct cli *c, struct args *a)
{
	if (args_end(c, a))
		return CLI_USAGE;
	return daemon_tell(c, json_pack("{s:s}", "cmd", "pair-yield"));
}

static const struct cli_verb verbs[] = {
	{ "show", pair_show },
	{ "yield", pair_yield_lease },
	{ NULL, NULL }
};

const struct cli_object cli_pair = { "pair", verbs, NULL, usage };
