// SPDX-License-Identifier: GPL-2.0
/* The group "pair" of the group "lma": two anchors that are one to everybody else. */
#include "conf/roles.h"

#include <ctype.h>

#define KEY(name, fn, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct pair_conf, field), lo, hi }

static const struct conf_key keys[] = {
	KEY("name", string, name, 0, sizeof(((struct pair_conf *)0)->name)),
	KEY("device", device, device, 0, 0),
	KEY("interval-ms", u32, interval_ms, 100, 60000),
};

/**
 * conf_pair_defaults() - as long as the group does not say otherwise
 * @c: filled
 */
void conf_pair_defaults(struct pair_conf *c)
{
	c->interval_ms = 1000;
}

/**
 * conf_set_pair() - the group "pair"; its presence makes the anchor one of two
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct pair_conf
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_pair(struct conf_parser *x, config_setting_t *s, const struct conf_key *k, void *to)
{
	struct pair_conf *c = to;
	const char *p;

	(void)k;
	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), c))
		return -1;
	if (!c->name[0])
		return conf_error(x, s, "name is missing");
	/* it is a part of keys, which others are to tell apart */
	for (p = c->name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '-' && *p != '.' && *p != '_')
			return conf_error(x, config_setting_get_member(s, "name"),
					  "only letters, digits, '-', '.' and '_' are allowed");
	if (!c->device[0])
		return conf_error(x, s, "device is missing");
	c->enabled = true;
	return 0;
}

/**
 * conf_check_pair() - what else a pair needs
 * @x: the parser
 * @root: of the file
 * @c: the whole configuration
 *
 * Return: 0, or -1 with the error set.
 */
int conf_check_pair(struct conf_parser *x, config_setting_t *root, const struct conf *c)
{
	config_setting_t *s = config_setting_lookup(root, "lma.pair");

	if (!c->lma.pair.enabled)
		return 0;
	if (!c->redis.enabled)
		return conf_error(x, s, "needs the group \"redis\"");
	if (!c->keep_sessions)
		return conf_error(x, s, "needs keep-sessions");
	if (c->mag.enabled)
		return conf_error(x, s, "cannot stand beside the group \"mag\"");
	return 0;
}
