// SPDX-License-Identifier: GPL-2.0
/* The group "flow" of the anchor: how gateways are told of flows. */
#include "conf/roles.h"

#include <stdlib.h>
#include <string.h>

#define KEY(name, fn, field, lo, hi) \
	{ name, fn, offsetof(struct flow_initiator_conf, field), lo, hi }

static int set_dialect(struct conf_parser *x, config_setting_t *s,
		       const struct conf_key *k, void *to)
{
	static const char * const names[] = {
		[FLOW_DIALECT_AUTO] = "auto",
		[FLOW_DIALECT_DRAFT] = "draft",
		[FLOW_DIALECT_RFC7864] = "rfc7864",
		[FLOW_DIALECT_NONE] = "none",
	};
	const char *text = config_setting_get_string(s);
	size_t i;

	(void)k;
	for (i = 0; text && i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(text, names[i])) {
			*(uint8_t *)to = (uint8_t)i;
			return 0;
		}
	}
	return conf_error(x, s, "must be \"auto\", \"draft\", \"rfc7864\" or \"none\"");
}

static int set_peer(struct conf_parser *x, config_setting_t *s, struct flow_peer_conf *p)
{
	static const struct conf_key keys[] = {
		{ "peer", conf_set_prefix, offsetof(struct flow_peer_conf, peer), 1, 128 },
		{ "dialect", set_dialect, offsetof(struct flow_peer_conf, dialect), 0, 0 },
	};

	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), p))
		return -1;
	if (!config_setting_get_member(s, "peer") || !config_setting_get_member(s, "dialect"))
		return conf_error(x, s, "needs peer and dialect");
	return 0;
}

static int set_peers(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	struct flow_initiator_conf *c = to;
	struct flow_peer_conf *v;
	int i, len;

	(void)k;
	v = conf_new_list(x, s, LMA_MAGS_MAX, sizeof(*v), &len);
	if (!v)
		return len;
	for (i = 0; i < len; i++) {
		if (set_peer(x, config_setting_get_elem(s, (unsigned int)i), &v[i])) {
			free(v);
			return -1;
		}
	}
	c->peer = v;
	c->n_peers = (unsigned int)len;
	return 0;
}

/* RFC 7077 §7 has the bounds of UPN's; 65535 never ends (draft §4.1). */
static const struct conf_key flow_keys[] = {
	KEY("dialect", set_dialect, dialect, 0, 0),
	{ "peers", set_peers, 0, 0, 0 },
	KEY("lifetime", conf_set_u16, lifetime, 4, FLOW_FOREVER),
	KEY("fmi-ms", conf_set_u32, fmi_ms, 10, 32000),
	KEY("upn-ms", conf_set_u32, upn_ms, 500, 5000),
	KEY("upn-retries", conf_set_u32, upn_retries, 0, 5),
	KEY("retry-s", conf_set_u32, retry_s, 0, 604800),
};

/**
 * conf_flow_defaults() - the documents' values where they give one
 * @c: filled
 */
void conf_flow_defaults(struct flow_initiator_conf *c)
{
	c->dialect = FLOW_DIALECT_AUTO;
	c->lifetime = 600;
	c->fmi_ms = 500;
	c->upn_ms = 1000;
	c->upn_retries = 1;
	c->retry_s = 3600;
}

/**
 * conf_flow_free() - give back what conf_set_flow() took
 * @c: the group
 */
void conf_flow_free(struct flow_initiator_conf *c)
{
	free((void *)c->peer);
	c->peer = NULL;
	c->n_peers = 0;
}

/**
 * conf_set_flow() - the group "flow" in "lma"
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct flow_initiator_conf
 *
 * Return: 0, or -1 with the error set; what was allocated stays with @to.
 */
int conf_set_flow(struct conf_parser *x, config_setting_t *s,
		  const struct conf_key *k, void *to)
{
	(void)k;
	return conf_group(x, s, flow_keys, sizeof(flow_keys) / sizeof(*flow_keys), to);
}
