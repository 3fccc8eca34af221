// SPDX-License-Identifier: GPL-2.0
/* pmipctl version: of this program, of the kernel's family, of the controller */
#include "cli/control.h"
#include "cli/parse.h"
#include "cli/print.h"

#ifndef PMIP_VERSION
#define PMIP_VERSION "0.1.0"
#endif

static const char usage[] =
	"Usage: pmipctl version\n";

static json_t *controller_version(struct cli *c)
{
	json_t *ask, *result;
	struct control k;

	if (control_open(&k, c->socket))
		return NULL;
	ask = json_pack("{s:s}", "cmd", "version");
	result = control_ask(&k, ask);
	json_decref(ask);
	control_close(&k);
	return result;
}

static int version(struct cli *c, struct args *a)
{
	bool loaded;
	json_t *all;

	if (args_end(c, a))
		return CLI_USAGE;
	loaded = genl_is_open(&c->genl) || !genl_open(&c->genl);
	all = json_pack("{s:s, s:o?, s:o?}", "pmipctl", PMIP_VERSION, "family",
			loaded ? json_integer(PMIP_FAMILY_VERSION) : NULL,
			"pmipd", controller_version(c));
	if (!all)
		return cli_fail(c, "no memory");
	if (c->json) {
		print_json(c, all);
	} else {
		print_row(c->out, all);
		fputc('\n', c->out);
	}
	json_decref(all);
	return CLI_OK;
}

const struct cli_object cli_version = { "version", NULL, version, usage };
