// SPDX-License-Identifier: GPL-2.0
/* The group "lma": the local mobility anchor's role. */
#include "conf/prefixes.h"
#include "conf/roles.h"

#define KEY(name, fn, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct lma_conf, field), lo, hi }
#define DAY_MS	86400000

static int set_pools(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	/* Nothing shorter than what one registry hands out, none that holds one node */
	static const struct conf_key pool = { .min = 8, .max = 128 };
	struct lma_conf *c = to;
	int i, j, len;

	(void)k;
	len = conf_list(x, s, LMA_POOLS_MAX);
	if (len < 0)
		return -1;
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (conf_set_prefix(x, e, &pool, &c->pool[i]))
			return -1;
		for (j = 0; j < i; j++)
			if (prefix_contains(&c->pool[j], &c->pool[i]) ||
			    prefix_contains(&c->pool[i], &c->pool[j]))
				return conf_error(x, e, "overlaps element %d", j);
	}
	c->n_pools = (unsigned int)len;
	return 0;
}

static int set_mags(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to)
{
	struct lma_conf *c = to;

	(void)k;
	return conf_prefixes(x, s, LMA_MAGS_MAX, &c->mag, &c->n_mags);
}

static const struct conf_key lma_keys[] = {
	KEY("address", address, address, 0, 0),
	{ "pools", set_pools, 0, 0, 0 },
	KEY("pool-prefix-length", u8, pool_prefix_len, 9, 128),
	{ "mags", set_mags, 0, 0, 0 },
	KEY("seamless", bool, seamless, 0, 0),
	KEY("max-lifetime", u32, max_lifetime, 4, 65535 * MH_LIFETIME_UNIT),
	KEY("timestamps", bool, timestamps, 0, 0),
	KEY("timestamp-window-ms", u32, timestamp_window_ms, 1, DAY_MS),
	KEY("min-delay-before-bce-delete-ms", u32, min_delay_before_bce_delete_ms, 0, DAY_MS),
	KEY("max-delay-before-new-bce-assign-ms", u32, max_delay_before_new_bce_assign_ms, 0,
	    DAY_MS),
	KEY("max-sessions", u32, max_sessions, 0, UINT32_MAX),
};

/**
 * conf_lma_defaults() - RFC 5213 §9.1's values where it gives one
 * @c: filled
 */
void conf_lma_defaults(struct lma_conf *c)
{
	c->pool_prefix_len = 64;
	c->seamless = true;
	c->max_lifetime = 3600;
	c->timestamps = true;
	c->timestamp_window_ms = 300;
	c->min_delay_before_bce_delete_ms = 10000;
	c->max_delay_before_new_bce_assign_ms = 1500;
}

/**
 * conf_set_lma() - the group "lma"; its presence enables the role
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct lma_conf
 *
 * Return: 0, or -1 with the error set; what was allocated stays with @to.
 */
int conf_set_lma(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to)
{
	struct lma_conf *c = to;
	unsigned int i;

	(void)k;
	if (conf_group(x, s, lma_keys, sizeof(lma_keys) / sizeof(*lma_keys), c))
		return -1;
	if (!config_setting_get_member(s, "address"))
		return conf_error(x, s, "address is missing");
	for (i = 0; i < c->n_pools; i++)
		if (c->pool[i].len > c->pool_prefix_len)
			return conf_error(x, config_setting_get_member(s, "pools"),
					  "element %u has a length above pool-prefix-length %u",
					  i, c->pool_prefix_len);
	c->enabled = true;
	return 0;
}
