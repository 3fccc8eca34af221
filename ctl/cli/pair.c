// SPDX-License-Identifier: GPL-2.0
/* pmipctl pair: of two anchors, which one this is */
#include "cli/daemon.h"
#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl pair show\n";

static int pair_show(struct cli *c, struct args *a)
{
	return args_end(c, a) ? CLI_USAGE : daemon_list(c, "pair");
}

static const struct cli_verb verbs[] = {
	{ "show", pair_show },
	{ NULL, NULL }
};

const struct cli_object cli_pair = { "pair", verbs, NULL, usage };
