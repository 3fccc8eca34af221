// SPDX-License-Identifier: GPL-2.0
/* The list "lenient": what is accepted of whom beyond what the RFCs allow. */
#include "conf/lenient.h"

#include <stdlib.h>
#include <string.h>

static int set_accept(struct conf_parser *x, config_setting_t *s,
		      const struct conf_key *k, void *to)
{
	int i, len = conf_list(x, s, 32);
	unsigned int *accept = to, bit;

	(void)k;
	if (len < 0)
		return -1;
	if (!len)
		return conf_error(x, s, "is empty");
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);
		const char *name = config_setting_get_string(e);

		if (!name)
			return conf_error(x, e, "must be a string");
		for (bit = 0; mh_lenient_str(bit); bit++)
			if (!strcmp(name, mh_lenient_str(bit)))
				break;
		if (!mh_lenient_str(bit))
			return conf_error(x, e, "\"%s\" is not a leniency", name);
		*accept |= 1U << bit;
	}
	return 0;
}

/* Whoever may send is decided elsewhere: any prefix will do here. */
static const struct conf_key lenient_keys[] = {
	{ "peer", conf_set_prefix, offsetof(struct conf_lenient, peer), 0, 128 },
	{ "accept", set_accept, offsetof(struct conf_lenient, accept), 0, 0 },
};

/**
 * conf_set_lenient() - the list "lenient"
 * @x: the parser
 * @s: the list
 * @k: the key, unused
 * @to: a struct conf
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_lenient(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	struct conf *c = to;
	int i, len = conf_list(x, s, CONF_LENIENT_MAX);

	(void)k;
	if (len < 0)
		return -1;
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (conf_group(x, e, lenient_keys, sizeof(lenient_keys) / sizeof(*lenient_keys),
			       &c->lenient[i]))
			return -1;
		if (!config_setting_get_member(e, "peer"))
			return conf_error(x, e, "peer is missing");
		if (!c->lenient[i].accept)
			return conf_error(x, e, "accept is missing");
	}
	c->n_lenient = (unsigned int)len;
	return 0;
}

/**
 * conf_lenient() - what is accepted of a peer
 * @c: the configuration
 * @peer: its address
 *
 * Return: MH_LENIENT_* bits of all elements that the address fits; 0 for one
 * that is not listed.
 */
unsigned int conf_lenient(const struct conf *c, const struct in6_addr *peer)
{
	const struct prefix p = { .addr = *peer, .len = 128 };
	unsigned int i, bits = 0;

	for (i = 0; i < c->n_lenient; i++)
		if (prefix_contains(&c->lenient[i].peer, &p))
			bits |= c->lenient[i].accept;
	return bits;
}
