// SPDX-License-Identifier: GPL-2.0
/* pmipctl reload: have the controller read its configuration and its policy again */
#include "cli/daemon.h"
#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl reload\n";

static int reload(struct cli *c, struct args *a)
{
	if (args_end(c, a))
		return CLI_USAGE;
	return daemon_tell(c, json_pack("{s:s}", "cmd", "reload"));
}

const struct cli_object cli_reload = { "reload", NULL, reload, usage };
