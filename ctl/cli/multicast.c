// SPDX-License-Identifier: GPL-2.0
/* pmipctl multicast: which groups the controller's nodes and gateways listen to */
#include "cli/daemon.h"
#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl multicast [ show ]\n";

static int show(struct cli *c, struct args *a)
{
	if (args_end(c, a))
		return CLI_USAGE;
	return daemon_show_roles(c, json_pack("{s:s}", "cmd", "multicast-show"));
}

static const struct cli_verb verbs[] = {
	{ "show", show },
	{ NULL, NULL },
};

const struct cli_object cli_multicast = { "multicast", verbs, NULL, usage };
