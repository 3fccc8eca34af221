// SPDX-License-Identifier: GPL-2.0
/* pmipctl handover: the word of whoever knows where a node goes, or was */
#include "cli/daemon.h"
#include "cli/parse.h"

#include <arpa/inet.h>

static const char usage[] =
	"Usage: pmipctl handover mn-id USER@REALM { to ADDR [ now ] | from ADDR }\n"
	"        at the gateway where the node is: to the one where it will be, or\n"
	"        from the one where it was; now: forward its packets at once\n";

/* One word, and its value, into the request; 0 or CLI_USAGE */
static int word(struct cli *c, struct args *a, json_t *ask)
{
	const char *key = a->argv[0], *text = NULL;
	char addr[INET6_ADDRSTRLEN];
	struct in6_addr other;

	if (args_are(a, "now")) {
		json_object_set_new(ask, "now", json_true());
		a->argc--;
		a->argv++;
		return 0;
	}
	if (args_are(a, "mn-id"))
		text = args_value(c, a, NULL);
	else if (!args_are(a, "to") && !args_are(a, "from"))
		return args_unknown(c, a);
	else if (!arg_addr(c, a, &other))
		text = inet_ntop(AF_INET6, &other, addr, sizeof(addr));
	if (!text)
		return CLI_USAGE;
	json_object_set_new(ask, key, json_string(text));
	return 0;
}

static int handover(struct cli *c, struct args *a)
{
	json_t *ask = json_pack("{s:s}", "cmd", "handover");
	int status = 0;

	if (!ask)
		return cli_fail(c, "no memory");
	while (a->argc && !status)
		status = word(c, a, ask);
	if (!status && (!json_object_get(ask, "mn-id") ||
			!json_object_get(ask, "to") == !json_object_get(ask, "from")))
		status = cli_usage(c, "which mn-id, and to or from where?");
	if (status) {
		json_decref(ask);
		return status;
	}
	return daemon_tell(c, ask);
}

const struct cli_object cli_handover = { "handover", NULL, handover, usage };
