// SPDX-License-Identifier: GPL-2.0
/* The group "lma": the local mobility anchor's role. */
#include "conf/conf_revocation.h"
#include "conf/prefixes.h"
#include "conf/roles.h"

#define KEY(name, fn, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct lma_conf, field), lo, hi }
#define DAY_MS	86400000
/* 16 bits of 4 s units, RFC 5213 §8.2; 65535 would mean infinity */
#define LIFETIME_MAX	(65534 * MH_LIFETIME_UNIT)

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

static int set_learn(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	struct lma_conf *c = to;

	(void)k;
	return conf_prefixes(x, s, LMA_MAGS_MAX, &c->learn, &c->n_learn);
}

/* Draft: LMA handover §5: other anchors that are trusted; each once */
static int set_neighbours(struct conf_parser *x, config_setting_t *s,
			  const struct conf_key *k, void *to)
{
	struct lma_conf *c = to;
	int i, j, len;

	(void)k;
	len = conf_list(x, s, LMA_NEIGHBOURS_MAX);
	if (len < 0)
		return -1;
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (conf_set_address(x, e, NULL, &c->neighbour[i]))
			return -1;
		for (j = 0; j < i; j++)
			if (IN6_ARE_ADDR_EQUAL(&c->neighbour[j], &c->neighbour[i]))
				return conf_error(x, e, "is element %d, too", j);
	}
	c->n_neighbours = (unsigned int)len;
	return 0;
}

/* One's own is no neighbour; nor does a pool lead there. */
static int check_neighbours(struct conf_parser *x, config_setting_t *s, const struct lma_conf *c)
{
	char text[PREFIX_STRLEN];
	unsigned int i, j;

	for (i = 0; i < c->n_neighbours; i++) {
		const struct prefix p = { .addr = c->neighbour[i], .len = 128 };

		if (IN6_ARE_ADDR_EQUAL(&c->address, &p.addr))
			return conf_error(x, s, "element %u is this anchor's own address", i);
		for (j = 0; j < c->n_pools; j++)
			if (prefix_contains(&c->pool[j], &p))
				return conf_error(x, s, "element %u is in the pool %s", i,
						  prefix_str(&c->pool[j], text, sizeof(text)));
	}
	return 0;
}

/* Packets to a gateway are no mobile node's: its prefix must not lead to one. */
static int check_pool(struct conf_parser *x, config_setting_t *s, const struct lma_conf *c,
		      unsigned int n)
{
	const struct prefix own = { .addr = c->address, .len = 128 };
	char text[PREFIX_STRLEN];
	unsigned int i;

	if (c->pool[n].len > c->pool_prefix_len)
		return conf_error(x, s, "element %u has a length above pool-prefix-length %u", n,
				  c->pool_prefix_len);
	if (prefix_contains(&c->pool[n], &own))
		return conf_error(x, s, "element %u holds this anchor's own address", n);
	for (i = 0; i < c->n_mags; i++)
		if (c->mag[i].len == 128 && prefix_contains(&c->pool[n], &c->mag[i]))
			return conf_error(x, s, "element %u holds a gateway, %s", n,
					  prefix_str(&c->mag[i], text, sizeof(text)));
	return 0;
}

static const struct conf_key lma_keys[] = {
	KEY("address", address, address, 0, 0),
	{ "pools", set_pools, 0, 0, 0 },
	KEY("pool-prefix-length", u8, pool_prefix_len, 9, 128),
	{ "mags", set_mags, 0, 0, 0 },
	{ "learn", set_learn, 0, 0, 0 },
	{ "authority", conf_set_authority, 0, 0, 0 },
	KEY("seamless", bool, seamless, 0, 0),
	KEY("max-lifetime", u32, max_lifetime, 4, LIFETIME_MAX),
	KEY("timestamps", bool, timestamps, 0, 0),
	KEY("timestamp-window-ms", u32, timestamp_window_ms, 1, DAY_MS),
	KEY("min-delay-before-bce-delete-ms", u32, min_delay_before_bce_delete_ms, 0, DAY_MS),
	KEY("max-delay-before-new-bce-assign-ms", u32, max_delay_before_new_bce_assign_ms, 0,
	    DAY_MS),
	KEY("max-sessions", u32, max_sessions, 0, UINT32_MAX),
	KEY("return-ms", u32, return_ms, 0, PMIP_HOLD_TIME_MAX),
	KEY("order-ms", u32, order_ms, 1, PMIP_HOLD_TIME_MAX),
	KEY("flow", flow, flow, 0, 0),
	KEY("flow-linger-ms", u32, flow_linger_ms, 0, DAY_MS),
	KEY("load-high", u8, load_high, 1, 100),
	KEY("load-low", u8, load_low, 0, 100),
	KEY("quality-low", u8, quality_low, 0, 99),
	KEY("quality-good", u8, quality_good, 1, 100),
	KEY("load-window-ms", u32, load_window_ms, 100, DAY_MS),
	KEY("load-hold-ms", u32, load_hold_ms, 0, DAY_MS),
	{ "load-meters", conf_set_meters, 0, 0, 0 },
	{ "revocation", conf_set_lma_revocation, 0, 0, 0 },
	{ "neighbours", set_neighbours, 0, 0, 0 },
	KEY("handover-ms", u32, handover_ms, 1000, 60000),
	KEY("init-ms", u32, init_ms, 50, 60000),
	KEY("init-retries", u32, init_retries, 0, 8),
	KEY("serve-lifetime", u32, serve_lifetime, 12, LIFETIME_MAX),
	KEY("redirect", bool, redirect, 0, 0),
	KEY("redirect-accept", bool, redirect_accept, 0, 0),
	KEY("redirect-above", u32, redirect_above, 0, UINT32_MAX),
	KEY("multicast", lma_multicast, mcast, 0, 0),
	KEY("pair", pair, pair, 0, 0),
	KEY("announce", announce, announce, 0, 0),
};

/**
 * conf_lma_defaults() - RFC 5213 §9.1's values where it gives one
 * @c: filled
 */
void conf_lma_defaults(struct lma_conf *c)
{
	c->pool_prefix_len = 64;
	conf_announce_defaults(&c->announce);
	c->seamless = true;
	c->max_lifetime = 3600;
	c->timestamps = true;
	c->timestamp_window_ms = 300;
	c->min_delay_before_bce_delete_ms = 10000;
	c->max_delay_before_new_bce_assign_ms = 1500;
	c->return_ms = 5000;
	/* a gateway repeats what is not answered after 1 s (RFC 6275 §12): one answer lost */
	c->order_ms = 3000;
	conf_flow_defaults(&c->flow);
	c->flow_linger_ms = 5000;
	c->load_high = 80;
	c->load_low = 60;
	c->quality_low = 30;
	c->quality_good = 50;
	c->load_window_ms = 2000;
	c->load_hold_ms = 10000;
	c->handover_ms = 10000;
	c->init_ms = 500;
	c->init_retries = 3;
	c->serve_lifetime = 300;
	conf_pair_defaults(&c->pair);
	conf_revocation_defaults(&c->revocation);
	conf_multicast_defaults(&c->mcast, true);
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
	if (c->load_low > c->load_high)
		return conf_error(x, s, "load-low %u is above load-high %u", c->load_low,
				  c->load_high);
	if (c->quality_good <= c->quality_low)
		return conf_error(x, s, "quality-good %u is not above quality-low %u",
				  c->quality_good, c->quality_low);
	if ((c->redirect || c->redirect_accept) && !c->n_neighbours)
		return conf_error(x, s, "redirect needs neighbours");
	if (check_neighbours(x, config_setting_get_member(s, "neighbours"), c))
		return -1;
	for (i = 0; i < c->n_pools; i++)
		if (check_pool(x, config_setting_get_member(s, "pools"), c, i))
			return -1;
	c->enabled = true;
	return 0;
}
