// SPDX-License-Identifier: GPL-2.0
/* pmipctl attach, detach: the operator's word on a mobile node */
#include "cli/daemon.h"
#include "cli/parse.h"

static const char usage_attach[] =
	"Usage: pmipctl attach dev DEV lladdr LLADDR [ mn-id USER@REALM ] [ from ADDR ]\n"
	"        from the gateway where it was, which is asked for its packets\n";
static const char usage_detach[] =
	"Usage: pmipctl detach dev DEV lladdr LLADDR\n";

struct attachment {
	const char *dev, *mn_id, *from;
	struct llid lladdr;
};

/* 0 or CLI_USAGE; text is kept as it is, if it is an address */
static int parse_from(struct cli *c, struct args *a, struct attachment *at)
{
	struct in6_addr previous;

	at->from = a->argc > 1 ? a->argv[1] : NULL;
	return arg_addr(c, a, &previous);
}

static int parse(struct cli *c, struct args *a, struct attachment *at, bool attach)
{
	while (a->argc) {
		if (args_are(a, "dev")) {
			at->dev = args_value(c, a, NULL);
			if (!at->dev)
				return CLI_USAGE;
		} else if (args_are(a, "lladdr")) {
			if (arg_lladdr(c, a, &at->lladdr))
				return CLI_USAGE;
		} else if (args_are(a, "mn-id") && attach) {
			at->mn_id = args_value(c, a, NULL);
			if (!at->mn_id)
				return CLI_USAGE;
		} else if (args_are(a, "from") && attach) {
			if (parse_from(c, a, at))
				return CLI_USAGE;
		} else {
			return args_unknown(c, a);
		}
	}
	if (!at->dev || !at->lladdr.len)
		return cli_usage(c, "which dev and lladdr?");
	return 0;
}

static int tell(struct cli *c, struct args *a, const char *cmd, bool attach)
{
	struct attachment at = { 0 };
	char lladdr[LLID_STRLEN];
	json_t *ask;

	if (parse(c, a, &at, attach))
		return CLI_USAGE;
	ask = json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "cmd", cmd, "dev", at.dev, "lladdr",
			llid_str(&at.lladdr, lladdr, sizeof(lladdr)), "mn-id", at.mn_id,
			"from", at.from);
	return daemon_tell(c, ask);
}

static int attach(struct cli *c, struct args *a)
{
	return tell(c, a, "attach", true);
}

static int detach(struct cli *c, struct args *a)
{
	return tell(c, a, "detach", false);
}

const struct cli_object cli_attach = { "attach", NULL, attach, usage_attach };
const struct cli_object cli_detach = { "detach", NULL, detach, usage_detach };
