// SPDX-License-Identifier: GPL-2.0
/* The list "gateways": what is demanded of other gateways. */
#include "conf/gateways.h"

#include <stdlib.h>

static const struct conf_key gateway_keys[] = {
	{ "peer", conf_set_prefix, offsetof(struct conf_gateway, peer), 1, 128 },
	{ "require-ipsec", conf_set_bool, offsetof(struct conf_gateway, require_ipsec), 0, 0 },
};

static int set_gateway(struct conf_parser *x, config_setting_t *s, struct conf *c, int i)
{
	struct conf_gateway *g = &c->gateway[i];
	int j;

	if (conf_group(x, s, gateway_keys, sizeof(gateway_keys) / sizeof(*gateway_keys), g))
		return -1;
	if (!config_setting_get_member(s, "peer"))
		return conf_error(x, s, "peer is missing");
	if (!config_setting_get_member(s, "require-ipsec"))
		return conf_error(x, s, "require-ipsec is missing");
	for (j = 0; j < i; j++)
		if (prefix_equal(&c->gateway[j].peer, &g->peer))
			return conf_error(x, s, "peer is that of element %d", j);
	return 0;
}

/**
 * conf_set_gateways() - the list "gateways"
 * @x: the parser
 * @s: the list
 * @k: the key, unused
 * @to: a struct conf
 *
 * Return: 0, or -1 with the error set; what was allocated stays with @to.
 */
int conf_set_gateways(struct conf_parser *x, config_setting_t *s,
		      const struct conf_key *k, void *to)
{
	struct conf *c = to;
	int i, len;

	(void)k;
	c->gateway = conf_new_list(x, s, CONF_GATEWAYS_MAX, sizeof(*c->gateway), &len);
	for (i = 0; i < len; i++)
		if (set_gateway(x, config_setting_get_elem(s, (unsigned int)i), c, i))
			return -1;
	if (len < 0)
		return -1;
	c->n_gateways = (unsigned int)len;
	return 0;
}

static int no_exception(struct conf_parser *x, config_setting_t *root, const struct conf *c,
			const struct prefix *learn)
{
	config_setting_t *s = config_setting_get_member(root, "gateways");
	char text[PREFIX_STRLEN];
	unsigned int i;

	for (i = 0; i < c->n_gateways; i++)
		if (!c->gateway[i].require_ipsec && prefix_contains(learn, &c->gateway[i].peer))
			return conf_error(x, config_setting_get_elem(s, i),
					  "is of lma.learn's %s, and must have require-ipsec",
					  prefix_str(learn, text, sizeof(text)));
	return 0;
}

/**
 * conf_check_learn() - who is learnt needs IPsec, which says who it is
 * @x: the parser
 * @root: the root of the file
 * @c: the configuration; the anchor's list "learn" becomes part of its gateways
 *
 * Return: 0, or -1 with the error set.
 */
int conf_check_learn(struct conf_parser *x, config_setting_t *root, struct conf *c)
{
	const unsigned int all = c->n_gateways + c->lma.n_learn;
	struct conf_gateway *v;
	unsigned int i;

	if (!c->lma.n_learn)
		return 0;
	v = reallocarray(c->gateway, all, sizeof(*v));
	if (!v)
		return conf_error(x, root, "out of memory");
	c->gateway = v;
	for (i = 0; i < c->lma.n_learn; i++) {
		if (no_exception(x, root, c, &c->lma.learn[i]))
			return -1;
		v[c->n_gateways++] = (struct conf_gateway){
			.peer = c->lma.learn[i], .require_ipsec = true,
		};
	}
	return 0;
}

/**
 * conf_requires_ipsec() - whether messages of a gateway have to come protected
 * @c: the configuration
 * @peer: the gateway's address
 *
 * RFC 5213 §4: "MUST be protected using end-to-end security association(s)"; the longest
 * prefix that the address is of decides, and without one the default.
 *
 * Return: whether they have to.
 */
bool conf_requires_ipsec(const struct conf *c, const struct in6_addr *peer)
{
	const struct prefix p = { .addr = *peer, .len = 128 };
	bool required = c->require_ipsec;
	unsigned int i, longest = 0;

	for (i = 0; i < c->n_gateways; i++) {
		const struct conf_gateway *g = &c->gateway[i];

		if (g->peer.len < longest || !prefix_contains(&g->peer, &p))
			continue;
		longest = g->peer.len;
		required = g->require_ipsec;
	}
	return required;
}

/**
 * conf_ipsec() - whether anybody's messages have to come protected
 * @c: the configuration
 *
 * Return: whether somebody's have to.
 */
bool conf_ipsec(const struct conf *c)
{
	unsigned int i;

	for (i = 0; i < c->n_gateways; i++)
		if (c->gateway[i].require_ipsec)
			return true;
	return c->require_ipsec;
}
