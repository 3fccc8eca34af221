// SPDX-License-Identifier: GPL-2.0
/* pmipctl session: the controller's binding cache and binding update list */
#include "cli/daemon.h"
#include "cli/parse.h"
#include "cli/print.h"

static const char usage[] =
	"Usage: pmipctl session [ show ]\n";

static void text(FILE *out, const char *role, const json_t *rows)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		fprintf(out, "%s ", role);
		print_row(out, json_array_get(rows, i));
		fputc('\n', out);
	}
}

static int session_show(struct cli *c, struct args *a)
{
	json_t *result;

	if (args_end(c, a))
		return CLI_USAGE;
	result = daemon_ask(c, json_pack("{s:s}", "cmd", "session-show"));
	if (!result)
		return CLI_FAILED;
	if (c->json) {
		print_json(c, result);
	} else {
		text(c->out, "lma", json_object_get(result, "lma"));
		text(c->out, "mag", json_object_get(result, "mag"));
	}
	json_decref(result);
	return CLI_OK;
}

static const struct cli_verb verbs[] = {
	{ "show", session_show },
	{ NULL, NULL }
};

const struct cli_object cli_session = { "session", verbs, NULL, usage };
