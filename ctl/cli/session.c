// SPDX-License-Identifier: GPL-2.0
/* pmipctl session: the controller's binding cache and binding update list */
#include "cli/daemon.h"
#include "cli/parse.h"

#include <arpa/inet.h>

static const char usage[] =
	"Usage: pmipctl session [ show ]\n"
	"       pmipctl session revoke mn-id USER@REALM [ proxy-coa ADDR ] [ bid N ]\n"
	"                              [ hnp PREFIX ] [ reason REASON ]\n"
	"REASON := { administrative | user | network | out-of-sync | unspecified |\n"
	"            handover-same | handover-different | handover-unknown }\n";

static int session_show(struct cli *c, struct args *a)
{
	if (args_end(c, a))
		return CLI_USAGE;
	return daemon_show_roles(c, json_pack("{s:s}", "cmd", "session-show"));
}

/* One word and its value, into the request; 0 or CLI_USAGE */
static int revoke_word(struct cli *c, struct args *a, json_t *ask)
{
	char addr[INET6_ADDRSTRLEN], hnp[PREFIX_STRLEN];
	const char *key = NULL, *text = NULL;
	struct in6_addr coa;
	struct prefix p;
	uint16_t bid;

	if (args_are(a, "mn-id") || args_are(a, "reason")) {
		key = a->argv[0];
		text = args_value(c, a, NULL);
	} else if (args_are(a, "proxy-coa")) {
		key = "proxy-coa";
		if (!arg_addr(c, a, &coa))
			text = inet_ntop(AF_INET6, &coa, addr, sizeof(addr));
	} else if (args_are(a, "hnp")) {
		key = "hnp";
		if (!arg_prefix(c, a, &p))
			text = prefix_str(&p, hnp, sizeof(hnp));
	} else if (args_are(a, "bid")) {
		if (arg_u16(c, a, &bid))
			return CLI_USAGE;
		json_object_set_new(ask, "bid", json_integer(bid));
		return 0;
	} else {
		return args_unknown(c, a);
	}
	if (!text)
		return CLI_USAGE;
	json_object_set_new(ask, key, json_string(text));
	return 0;
}

static int session_revoke(struct cli *c, struct args *a)
{
	json_t *ask = json_pack("{s:s}", "cmd", "session-revoke");
	int status = 0;

	if (!ask)
		return cli_fail(c, "no memory");
	while (a->argc && !status)
		status = revoke_word(c, a, ask);
	if (!status && !json_object_get(ask, "mn-id"))
		status = cli_usage(c, "which mn-id?");
	if (!status)
		return daemon_do(c, ask);
	json_decref(ask);
	return status;
}

static const struct cli_verb verbs[] = {
	{ "show", session_show },
	{ "revoke", session_revoke },
	{ NULL, NULL }
};

const struct cli_object cli_session = { "session", verbs, NULL, usage };
