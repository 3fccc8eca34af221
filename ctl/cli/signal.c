// SPDX-License-Identifier: GPL-2.0
/* pmipctl signal: how well an access gateway's nodes are heard, by whoever measures it */
#include "cli/daemon.h"
#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl signal set dev DEV { mn-id USER@REALM | lladdr LLADDR } dbm N\n"
	"                          [ ap LLADDR ]\n"
	"       pmipctl signal show\n"
	"        ap: the access point to which the node may go\n";

struct signal {
	const char *dev, *mn_id;
	struct llid lladdr, ap;
	int8_t dbm;
	bool has_dbm;
};

static int parse_one(struct cli *c, struct args *a, struct signal *s)
{
	if (args_are(a, "dev")) {
		s->dev = args_value(c, a, NULL);
		return s->dev ? 0 : CLI_USAGE;
	}
	if (args_are(a, "mn-id")) {
		s->mn_id = args_value(c, a, NULL);
		return s->mn_id ? 0 : CLI_USAGE;
	}
	if (args_are(a, "lladdr"))
		return arg_lladdr(c, a, &s->lladdr);
	if (args_are(a, "ap"))
		return arg_lladdr(c, a, &s->ap);
	if (args_are(a, "dbm")) {
		s->has_dbm = true;
		return arg_i8(c, a, &s->dbm);
	}
	return args_unknown(c, a);
}

static void put_lladdr(json_t *ask, const char *key, const struct llid *l)
{
	char text[LLID_STRLEN];

	if (l->len)
		json_object_set_new(ask, key, json_string(llid_str(l, text, sizeof(text))));
}

static int signal_set(struct cli *c, struct args *a)
{
	struct signal s = { 0 };
	json_t *ask;
	int err = 0;

	while (a->argc && !err)
		err = parse_one(c, a, &s);
	if (err)
		return err;
	if (!s.dev || (!s.mn_id && !s.lladdr.len) || !s.has_dbm)
		return cli_usage(c, "which dev, which mn-id or lladdr, and how many dbm?");
	ask = json_pack("{s:s, s:s, s:s*, s:i}", "cmd", "signal-set", "dev", s.dev,
			"mn-id", s.mn_id, "dbm", s.dbm);
	if (!ask)
		return cli_fail(c, "no memory");
	put_lladdr(ask, "lladdr", &s.lladdr);
	put_lladdr(ask, "ap", &s.ap);
	return daemon_tell(c, ask);
}

static int signal_show(struct cli *c, struct args *a)
{
	return args_end(c, a) ? CLI_USAGE : daemon_list(c, "signal");
}

static const struct cli_verb verbs[] = {
	{ "show", signal_show },
	{ "set", signal_set },
	{ NULL, NULL }
};

const struct cli_object cli_signal = { "signal", verbs, NULL, usage };
