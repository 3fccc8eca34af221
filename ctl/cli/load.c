// SPDX-License-Identifier: GPL-2.0
/* pmipctl load: how loaded and how good access links are, which flows of the policy avoid */
#include "cli/daemon.h"
#include "cli/parse.h"

static const char usage[] =
	"Usage: pmipctl load set mag ADDR [ access TECHNOLOGY ] { level P | quality P }...\n"
	"       pmipctl load show\n"
	"        in percent; level 0 and quality 100: as if nothing had been said\n";

struct load {
	const char *mag, *access;
	uint8_t level, quality;
	bool has_level, has_quality;
};

static int parse_one(struct cli *c, struct args *a, struct load *l)
{
	if (args_are(a, "mag")) {
		l->mag = args_value(c, a, NULL);
		return l->mag ? 0 : CLI_USAGE;
	}
	if (args_are(a, "access")) {
		l->access = args_value(c, a, NULL);
		return l->access ? 0 : CLI_USAGE;
	}
	if (args_are(a, "level")) {
		l->has_level = true;
		return arg_u8(c, a, &l->level);
	}
	if (args_are(a, "quality")) {
		l->has_quality = true;
		return arg_u8(c, a, &l->quality);
	}
	return args_unknown(c, a);
}

static int load_set(struct cli *c, struct args *a)
{
	struct load l = { 0 };
	json_t *ask;
	int err = 0;

	while (a->argc && !err)
		err = parse_one(c, a, &l);
	if (err)
		return err;
	if (!l.mag || (!l.has_level && !l.has_quality))
		return cli_usage(c, "which mag, and what level or quality?");
	ask = json_pack("{s:s, s:s, s:s*}", "cmd", "load-set", "mag", l.mag, "access", l.access);
	if (l.has_level)
		json_object_set_new(ask, "level", json_integer(l.level));
	if (l.has_quality)
		json_object_set_new(ask, "quality", json_integer(l.quality));
	return daemon_tell(c, ask);
}

static int load_show(struct cli *c, struct args *a)
{
	return args_end(c, a) ? CLI_USAGE : daemon_list(c, "load");
}

static const struct cli_verb verbs[] = {
	{ "show", load_show },
	{ "set", load_set },
	{ NULL, NULL }
};

const struct cli_object cli_load = { "load", verbs, NULL, usage };
