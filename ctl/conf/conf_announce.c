// SPDX-License-Identifier: GPL-2.0
/* The group "announce" of an anchor: routes by which routing daemons find its pools. */
#include "conf/roles.h"
#include "lma/lma.h"

#include <linux/rtnetlink.h>

#define KEY(name, fn, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct announce_conf, field), lo, hi }
#define METRIC_OWN	1024	/* what the kernel gives to the route that pmipd makes anyway */

/* Numbers whose owners take away what they do not know, or that pmipd has itself */
static const struct { uint8_t first, last; const char *whose; } taken[] = {
	{ 8, 11, "GateD's, the kernel's or Zebra's" },
	{ 12, 12, "BIRD's" },
	{ 13, 18, "another routing daemon's" },
	{ 42, 42, "Babel's" },
	{ 84, 84, "OVN's" },
	{ 99, 99, "Open/R's" },
	{ 186, 198, "FRR's" },
	{ 213, 213, "of the routes that pmipd makes anyway" },
};

static int set_protocol(struct conf_parser *x, config_setting_t *s,
			const struct conf_key *k, void *to)
{
	const uint8_t *v = to;
	size_t i;

	if (conf_set_u8(x, s, k, to))
		return -1;
	for (i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (*v >= taken[i].first && *v <= taken[i].last)
			return conf_error(x, s, "%u is %s", *v, taken[i].whose);
	return 0;
}

/* The number of rules and table of what passes the FORWARD chain */
static int set_table(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	const uint32_t *v = to;

	if (conf_set_u32(x, s, k, to))
		return -1;
	if (*v == RT_TABLE_LOCAL)
		return conf_error(x, s, "%u has the host's own addresses", *v);
	return *v == CONF_STACK_TABLE ? conf_error(x, s, "%u is pmipd's own", *v) : 0;
}

static const struct conf_key announce_keys[] = {
	{ "protocol", set_protocol, offsetof(struct announce_conf, protocol), 5, 255 },
	{ "table", set_table, offsetof(struct announce_conf, table), 1, UINT32_MAX },
	KEY("metric", u32, metric, 1, UINT32_MAX),
};

/**
 * conf_announce_defaults() - no group
 * @c: filled
 */
void conf_announce_defaults(struct announce_conf *c)
{
	*c = (struct announce_conf){ .protocol = 214, .table = RT_TABLE_MAIN, .metric = 512 };
}

/**
 * conf_set_announce() - the group "announce"; its presence has the pools announced
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct announce_conf
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_announce(struct conf_parser *x, config_setting_t *s,
		      const struct conf_key *k, void *to)
{
	struct announce_conf *c = to;

	(void)k;
	if (conf_group(x, s, announce_keys, sizeof(announce_keys) / sizeof(*announce_keys), c))
		return -1;
	/* a routing daemon sees the best route alone, and so does the kernel */
	if (c->table == RT_TABLE_MAIN && c->metric >= METRIC_OWN)
		return conf_error(x, config_setting_get_member(s, "metric"),
				  "%u is not below %u, the metric of the route that pmipd makes anyway",
				  c->metric, METRIC_OWN);
	c->enabled = true;
	return 0;
}
