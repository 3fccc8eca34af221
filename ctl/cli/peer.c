// SPDX-License-Identifier: GPL-2.0
/* pmipctl peer: the gateways that the controller talks to */
#include "cli/daemon.h"
#include "cli/parse.h"

#include <arpa/inet.h>

static const char usage[] =
	"Usage: pmipctl peer [ show ]\n"
	"       pmipctl peer revoke ADDR [ realm REALM ]\n";

static int peer_show(struct cli *c, struct args *a)
{
	return args_end(c, a) ? CLI_USAGE : daemon_list(c, "peer");
}

static int peer_revoke(struct cli *c, struct args *a)
{
	const char *address, *realm = NULL;
	struct in6_addr addr;

	if (!a->argc)
		return cli_usage(c, "which peer's address?");
	address = a->argv[0];
	if (inet_pton(AF_INET6, address, &addr) != 1)
		return cli_usage(c, "\"%s\" is not an IPv6 address", address);
	a->argc--;
	a->argv++;
	if (args_are(a, "realm")) {
		realm = args_value(c, a, NULL);
		if (!realm)
			return CLI_USAGE;
	}
	if (args_end(c, a))
		return CLI_USAGE;
	return daemon_do(c, json_pack("{s:s, s:s, s:s*}", "cmd", "peer-revoke", "address",
				      address, "realm", realm));
}

static const struct cli_verb verbs[] = {
	{ "show", peer_show },
	{ "revoke", peer_revoke },
	{ NULL, NULL }
};

const struct cli_object cli_peer = { "peer", verbs, NULL, usage };
