// SPDX-License-Identifier: GPL-2.0
/* pmipctl policy: where the controller has the profiles of mobile nodes from */
#include "cli/daemon.h"
#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl policy show\n";

static int policy_show(struct cli *c, struct args *a)
{
	return args_end(c, a) ? CLI_USAGE : daemon_list(c, "policy");
}

static const struct cli_verb verbs[] = {
	{ "show", policy_show },
	{ NULL, NULL }
};

const struct cli_object cli_policy = { "policy", verbs, NULL, usage };
