// SPDX-License-Identifier: GPL-2.0
/* The group "revocation" of each role's group (RFC 5846 §11, §13) */
#include "conf/conf_revocation.h"

#include <stdlib.h>

#define KEY(name, fn, type, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct type, field), lo, hi }
#define MINUTE_MS	60000

/* §8.2 wants the name checked, and §13 has nobody revoke what is another's: both */
static int set_authority(struct conf_parser *x, config_setting_t *s,
			 struct revocation_authority *a)
{
	static const struct conf_key keys[] = {
		KEY("mag", prefix, revocation_authority, mag, 1, 128),
		KEY("identity", nai, revocation_authority, identity, 0, 0),
	};

	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), a))
		return -1;
	if (!a->mag.len)
		return conf_error(x, s, "mag is missing");
	if (!a->identity.len)
		return conf_error(x, s, "identity is missing");
	return 0;
}

static int set_bulk(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		    void *to)
{
	int i, len = conf_list(x, s, LMA_MAGS_MAX);
	struct lma_conf *c = to;

	(void)k;
	if (len < 0)
		return -1;
	c->bulk = calloc((size_t)len + 1, sizeof(*c->bulk));
	if (!c->bulk)
		return conf_error(x, s, "out of memory");
	c->n_bulk = (unsigned int)len;
	for (i = 0; i < len; i++)
		if (set_authority(x, config_setting_get_elem(s, (unsigned int)i), &c->bulk[i]))
			return -1;
	return 0;
}

/* §6.3: the time-out grows to its maximum */
static int check_times(struct conf_parser *x, config_setting_t *s,
		       const struct revocation_conf *c)
{
	if (c->max_delay_ms >= c->delay_ms)
		return 0;
	return conf_error(x, s, "max-delay-ms %u is below delay-ms %u", c->max_delay_ms,
			  c->delay_ms);
}

/**
 * conf_revocation_defaults() - RFC 5846 §11's values
 * @c: filled
 */
void conf_revocation_defaults(struct revocation_conf *c)
{
	c->delay_ms = 1000;
	c->max_delay_ms = 2000;
	c->retries = 1;
}

/**
 * conf_set_lma_revocation() - the group "revocation" of an anchor
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct lma_conf
 *
 * Return: 0, or -1 with the error set; what was allocated stays with @to.
 */
int conf_set_lma_revocation(struct conf_parser *x, config_setting_t *s,
			    const struct conf_key *k, void *to)
{
	static const struct conf_key keys[] = {
		KEY("handover", bool, lma_conf, revoke_handover, 0, 0),
		{ "bulk", set_bulk, 0, 0, 0 },
		KEY("delay-ms", u32, lma_conf, revocation.delay_ms, 500, MINUTE_MS),
		KEY("max-delay-ms", u32, lma_conf, revocation.max_delay_ms, 500, MINUTE_MS),
		KEY("retries", u32, lma_conf, revocation.retries, 0, 10),
	};
	struct lma_conf *c = to;

	(void)k;
	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), c))
		return -1;
	return check_times(x, s, &c->revocation);
}

/**
 * conf_set_mag_revocation() - the group "revocation" of an access gateway
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct mag_conf
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_mag_revocation(struct conf_parser *x, config_setting_t *s,
			    const struct conf_key *k, void *to)
{
	static const struct conf_key keys[] = {
		KEY("identity", nai, mag_conf, identity, 0, 0),
		KEY("delay-ms", u32, mag_conf, revocation.delay_ms, 500, MINUTE_MS),
		KEY("max-delay-ms", u32, mag_conf, revocation.max_delay_ms, 500, MINUTE_MS),
		KEY("retries", u32, mag_conf, revocation.retries, 0, 10),
	};
	struct mag_conf *c = to;

	(void)k;
	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), c))
		return -1;
	return check_times(x, s, &c->revocation);
}
