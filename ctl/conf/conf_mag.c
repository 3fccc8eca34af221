// SPDX-License-Identifier: GPL-2.0
/* The group "mag": the mobile access gateway's role. */
#include "conf/conf_revocation.h"
#include "conf/prefixes.h"
#include "conf/roles.h"
#include "mh/mh.h"

#include <string.h>

#define KEY(name, fn, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct mag_conf, field), lo, hi }
#define LINK_KEY(name, fn, field) \
	{ name, fn, offsetof(struct mag_link_conf, field), 0, 0 }
#define DAY_MS		86400000
#define LIFETIME_MAX	(65535 * MH_LIFETIME_UNIT)

static int set_carrier(struct conf_parser *x, config_setting_t *s,
		       const struct conf_key *k, void *to)
{
	static const struct conf_key keys[] = {
		LINK_KEY("mn-id", conf_set_nai, mn_id),
		LINK_KEY("lladdr", conf_set_llid, lladdr),
	};
	struct mag_link_conf *l = to;

	(void)k;
	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), l))
		return -1;
	if (!l->mn_id.len && !l->lladdr.len)
		return conf_error(x, s, "needs mn-id or lladdr, or who it is remains unknown");
	l->attach_on_carrier = true;
	return 0;
}

static const struct conf_key link_keys[] = {
	LINK_KEY("name", conf_set_device, name),
	LINK_KEY("att", conf_set_att, att),
	LINK_KEY("stack", conf_set_bool, stack),
	{ "attach-on-carrier", set_carrier, 0, 0, 0 },
};

static int set_links(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	struct mag_conf *c = to;
	int i, j, len;

	(void)k;
	len = conf_list(x, s, MAG_LINKS_MAX);
	if (len < 0)
		return -1;
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);
		struct mag_link_conf *l = &c->link[i];

		l->att = 4;
		if (conf_group(x, e, link_keys, sizeof(link_keys) / sizeof(*link_keys), l))
			return -1;
		if (!l->name[0])
			return conf_error(x, e, "name is missing");
		for (j = 0; j < i; j++)
			if (!strcmp(c->link[j].name, l->name))
				return conf_error(x, e, "\"%s\" is there twice", l->name);
	}
	c->n_links = (unsigned int)len;
	return 0;
}

static int set_peers(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	struct mag_conf *c = to;

	(void)k;
	return conf_prefixes(x, s, LMA_MAGS_MAX, &c->peer, &c->n_peers);
}

static int set_flow_messages(struct conf_parser *x, config_setting_t *s,
			     const struct conf_key *k, void *to)
{
	static const struct { const char *name; uint8_t bits; } words[] = {
		{ "both", MAG_FLOW_FMI | MAG_FLOW_UPN }, { "fmi", MAG_FLOW_FMI },
		{ "upn", MAG_FLOW_UPN }, { "none", 0 },
	};
	const char *text = config_setting_get_string(s);
	size_t i;

	(void)k;
	for (i = 0; text && i < sizeof(words) / sizeof(*words); i++) {
		if (!strcmp(text, words[i].name)) {
			*(uint8_t *)to = words[i].bits;
			return 0;
		}
	}
	return conf_error(x, s, "must be \"both\", \"fmi\", \"upn\" or \"none\"");
}

/* RFC 4861 §6.2.1: a router's lifetime is at most 9000 s */
static const struct conf_key mag_keys[] = {
	KEY("address", address, address, 0, 0),
	KEY("lma", address, lma, 0, 0),
	KEY("seamless", bool, seamless, 0, 0),
	KEY("hold", bool, hold, 0, 0),
	KEY("lifetime", u32, lifetime, 4, LIFETIME_MAX),
	KEY("shi-lifetime", u32, shi_lifetime, 4, LIFETIME_MAX),
	KEY("timestamps", bool, timestamps, 0, 0),
	KEY("bindack-ms", u32, bindack_ms, 10, 32000),
	KEY("shi-ms", u32, shi_ms, 10, 32000),
	KEY("linger-ms", u32, linger_ms, 0, DAY_MS),
	KEY("probe-ms", u32, probe_ms, 0, DAY_MS),
	KEY("ra-ms", u32, ra_ms, 0, DAY_MS),
	KEY("router-lifetime", u16, router_lifetime, 0, 9000),
	KEY("rs-per-second", u32, rs_per_second, 1, 1000),
	KEY("max-sessions", u32, max_sessions, 0, UINT32_MAX),
	{ "flow-messages", set_flow_messages, offsetof(struct mag_conf, flow_messages), 0, 0 },
	KEY("flow-max-lifetime", u16, flow.max_lifetime, 1, FLOW_FOREVER),
	{ "peers", set_peers, 0, 0, 0 },
	{ "revocation", conf_set_mag_revocation, 0, 0, 0 },
	{ "handover", conf_set_handover, 0, 0, 0 },
	KEY("lma-handover", anchors, anchors, 0, 0),
	KEY("multicast", mag_multicast, mcast, 0, 0),
	{ "links", set_links, 0, 0, 0 },
};

/**
 * conf_mag_defaults() - the RFCs' values where they give one
 * @c: filled
 */
void conf_mag_defaults(struct mag_conf *c)
{
	c->seamless = true;
	c->lifetime = 3600;
	c->shi_lifetime = 3600;
	c->timestamps = true;
	c->bindack_ms = 1000;
	c->shi_ms = 500;
	c->linger_ms = 3000;
	c->probe_ms = 10000;
	c->ra_ms = 60000;
	c->router_lifetime = 1800;
	c->rs_per_second = 3;
	c->flow_messages = MAG_FLOW_FMI | MAG_FLOW_UPN;
	c->flow.max_lifetime = FLOW_FOREVER;
	conf_revocation_defaults(&c->revocation);
	conf_handover_defaults(c);
	conf_anchors_defaults(&c->anchors);
	conf_multicast_defaults(&c->mcast, false);
}

/**
 * conf_set_mag() - the group "mag"; its presence enables the role
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct mag_conf
 *
 * Return: 0, or -1 with the error set; what was allocated stays with @to.
 */
int conf_set_mag(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to)
{
	struct mag_conf *c = to;

	(void)k;
	if (conf_group(x, s, mag_keys, sizeof(mag_keys) / sizeof(*mag_keys), c))
		return -1;
	if (!config_setting_get_member(s, "address"))
		return conf_error(x, s, "address is missing");
	if (!c->n_links)
		return conf_error(x, s, "links is missing: a MAG has at least one access link");
	if (!memcmp(&c->address, &c->lma, sizeof(c->lma)))
		return conf_error(x, config_setting_get_member(s, "lma"),
				  "is this gateway's own address");
	if (conf_check_handover(x, s, c) || conf_check_anchors(x, s, c))
		return -1;
	c->enabled = true;
	return 0;
}
