// SPDX-License-Identifier: GPL-2.0
/* pmipctl lma-handover: nodes go to another anchor */
#include "cli/daemon.h"
#include "cli/parse.h"

#include <arpa/inet.h>

static const char usage[] =
	"Usage: pmipctl lma-handover { mn-id USER@REALM | all } [ to ADDR ]\n"
	"        at the access gateway where the node is; without to, the anchor chooses\n";

/* One word, and its value, into the request; 0 or CLI_USAGE */
static int word(struct cli *c, struct args *a, json_t *ask)
{
	const char *key = a->argv[0], *text = NULL;
	char addr[INET6_ADDRSTRLEN];
	struct in6_addr anchor;

	if (args_are(a, "all")) {
		json_object_set_new(ask, "all", json_true());
		a->argc--;
		a->argv++;
		return 0;
	}
	if (args_are(a, "mn-id"))
		text = args_value(c, a, NULL);
	else if (!args_are(a, "to"))
		return args_unknown(c, a);
	else if (!arg_addr(c, a, &anchor))
		text = inet_ntop(AF_INET6, &anchor, addr, sizeof(addr));
	if (!text)
		return CLI_USAGE;
	json_object_set_new(ask, key, json_string(text));
	return 0;
}

static int lma_handover(struct cli *c, struct args *a)
{
	json_t *ask = json_pack("{s:s}", "cmd", "lma-handover");
	int status = 0;

	if (!ask)
		return cli_fail(c, "no memory");
	while (a->argc && !status)
		status = word(c, a, ask);
	if (!status && !json_object_get(ask, "mn-id") == !json_object_get(ask, "all"))
		status = cli_usage(c, "which mn-id, or all?");
	if (status) {
		json_decref(ask);
		return status;
	}
	return daemon_tell(c, ask);
}

const struct cli_object cli_lma_handover = { "lma-handover", NULL, lma_handover, usage };
