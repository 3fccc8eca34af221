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
	json_t *all, *family = NULL;
	int number;

	if (args_end(c, a))
		return CLI_USAGE;
	if (genl_is_open(&c->genl) || !genl_open(&c->genl)) {
		number = genl_version(&c->genl);
		family = number < 0 ? NULL : json_integer(number);
	}
	all = json_pack("{s:s, s:o?, s:o?}", "pmipctl", PMIP_VERSION, "family",
			family, "pmipd", controller_version(c));
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
