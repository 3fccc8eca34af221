// SPDX-License-Identifier: GPL-2.0
/* The group "limits": how many messages of a kind are heard in a second. */
#include "conf/roles.h"

#define RATE_MAX	(1U << 20)

#define KEY(name, kind) \
	{ name, set_limit, offsetof(struct limit_conf, of[kind]), 0, 0 }

static int set_limit(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	static const struct conf_key keys[] = {
		{ "peer", conf_set_u32, offsetof(struct limit_conf, of[0].peer), 0, RATE_MAX },
		{ "total", conf_set_u32, offsetof(struct limit_conf, of[0].total), 0, RATE_MAX },
	};

	(void)k;
	return conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), to);
}

static const struct conf_key limits_keys[] = {
	KEY("pbu", MH_PBU),
	KEY("pba", MH_PBA),
	KEY("binding-error", MH_BE),
	KEY("heartbeat", MH_HEARTBEAT),
	KEY("shi", MH_SHI),
	KEY("shack", MH_SHACK),
	KEY("fmi", MH_FMI),
	KEY("fma", MH_FMA),
	KEY("revocation", MH_BRI),
	KEY("upn", MH_UPN),
	KEY("upa", MH_UPA),
	KEY("hi", MH_HI),
	KEY("hack", MH_HACK),
	KEY("subscription-query", MH_SUBSCRIPTION_QUERY),
	KEY("subscription-response", MH_SUBSCRIPTION_RESPONSE),
	KEY("lma-ho-req", MH_LMA_HO_REQ),
	KEY("lma-ho-resp", MH_LMA_HO_RESP),
	KEY("lma-ho-init", MH_LMA_HO_INIT),
	KEY("lma-hack", MH_LMA_HACK),
	KEY("unknown", MH_KINDS),
};

/**
 * conf_set_limits() - the group "limits"
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct limit_conf
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_limits(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to)
{
	(void)k;
	return conf_group(x, s, limits_keys, sizeof(limits_keys) / sizeof(*limits_keys), to);
}
