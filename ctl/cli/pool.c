// SPDX-License-Identifier: GPL-2.0
/* pmipctl pool: an anchor's pools of prefixes */
#include "cli/daemon.h"
#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl pool show\n";

static int pool_show(struct cli *c, struct args *a)
{
	return args_end(c, a) ? CLI_USAGE : daemon_list(c, "pool");
}

static const struct cli_verb verbs[] = {
	{ "show", pool_show },
	{ NULL, NULL }
};

const struct cli_object cli_pool = { "pool", verbs, NULL, usage };
