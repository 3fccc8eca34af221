// SPDX-License-Identifier: GPL-2.0
/* pmipctl purge: what an earlier controller left behind */
#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl purge generation N [limit N]\n"
	"Deletes every flow, binding, listener, link and tunnel of a generation older than N.\n"
	"With a limit no more flows, bindings and listeners are looked at: where there are\n"
	"others it fails (EAGAIN), and once more goes on behind them.\n";

static int purge(struct cli *c, struct args *a)
{
	uint32_t generation = 0, limit = 0;
	struct genl_req r;

	if (!args_are(a, "generation"))
		return a->argc ? args_unknown(c, a) : cli_usage(c, "which generation?");
	if (arg_u32(c, a, &generation) ||
	    (args_are(a, "limit") && arg_u32(c, a, &limit)) || args_end(c, a))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_PURGE, 0))
		return CLI_FAILED;
	genl_u32(&r, PMIP_A_PURGE_GENERATION, generation);
	if (limit)
		genl_u32(&r, PMIP_A_PURGE_LIMIT, limit);
	return cli_request(c, &r);
}

const struct cli_object cli_purge = { "purge", NULL, purge, usage };
