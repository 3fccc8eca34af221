// SPDX-License-Identifier: GPL-2.0
/* pmipctl peer: the gateways that the controller talks to */
#include "cli/daemon.h"
#include "cli/parse.h"
#include "cli/print.h"

static const char usage[] =
	"Usage: pmipctl peer [ show ]\n";

static int peer_show(struct cli *c, struct args *a)
{
	json_t *result;

	if (args_end(c, a))
		return CLI_USAGE;
	result = daemon_ask(c, json_pack("{s:s}", "cmd", "peer-show"));
	if (!result)
		return CLI_FAILED;
	if (c->json)
		print_json(c, result);
	for (size_t i = 0; !c->json && i < json_array_size(result); i++) {
		fputs("peer ", c->out);
		print_row(c->out, json_array_get(result, i));
		fputc('\n', c->out);
	}
	json_decref(result);
	return CLI_OK;
}

static const struct cli_verb verbs[] = {
	{ "show", peer_show },
	{ NULL, NULL }
};

const struct cli_object cli_peer = { "peer", verbs, NULL, usage };
