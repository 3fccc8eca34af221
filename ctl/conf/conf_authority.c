// SPDX-License-Identifier: GPL-2.0
/* The list "authority" of an anchor: for whom gateways may register, and how often. */
#include "conf/prefixes.h"
#include "conf/roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX	1024
#define KEY(name, fn, field, lo, hi) \
	{ name, fn, offsetof(struct lma_authority, field), lo, hi }

static int set_prefixes(struct conf_parser *x, config_setting_t *s,
			const struct conf_key *k, void *to)
{
	struct lma_authority *a = to;

	(void)k;
	if (conf_prefixes(x, s, LIST_MAX, &a->prefix, &a->n_prefixes))
		return -1;
	return a->n_prefixes ? 0 : conf_error(x, s, "is empty");
}

/* As others name them: what follows the "@" of an identifier */
static int set_realm(struct conf_parser *x, config_setting_t *s, struct mn_id *realm)
{
	const char *text = config_setting_get_string(s);
	char nai[MN_ID_MAX + 2];

	if (!text || !*text || strchr(text, '@'))
		return conf_error(x, s, "must be a realm, without \"@\"");
	snprintf(nai, sizeof(nai), "@%s", text);
	return mn_id_from_nai(realm, nai) ? 0 : conf_error(x, s, "is too long");
}

static int set_realms(struct conf_parser *x, config_setting_t *s,
		      const struct conf_key *k, void *to)
{
	struct lma_authority *a = to;
	int i, len;

	(void)k;
	a->realm = conf_new_list(x, s, LIST_MAX, sizeof(*a->realm), &len);
	if (len < 0)
		return -1;
	if (!len)
		return conf_error(x, s, "is empty");
	for (i = 0; i < len; i++)
		if (set_realm(x, config_setting_get_elem(s, (unsigned int)i), &a->realm[i]))
			return -1;
	a->n_realms = (unsigned int)len;
	return 0;
}

static const struct conf_key authority_keys[] = {
	KEY("mag", conf_set_prefix, mag, 1, 128),
	{ "prefixes", set_prefixes, 0, 0, 0 },
	{ "realms", set_realms, 0, 0, 0 },
	KEY("rate", conf_set_u32, rate, 1, 1000000),
};

static int set_one(struct conf_parser *x, config_setting_t *s, struct lma_conf *c, int i)
{
	struct lma_authority *a = &c->authority[i];
	int j;

	if (conf_group(x, s, authority_keys, sizeof(authority_keys) / sizeof(*authority_keys), a))
		return -1;
	if (!config_setting_get_member(s, "mag"))
		return conf_error(x, s, "mag is missing");
	for (j = 0; j < i; j++)
		if (prefix_equal(&c->authority[j].mag, &a->mag))
			return conf_error(x, s, "mag is that of element %d", j);
	return 0;
}

/**
 * conf_set_authority() - the list "authority"
 * @x: the parser
 * @s: the list
 * @k: the key, unused
 * @to: a struct lma_conf
 *
 * Return: 0, or -1 with the error set; what was allocated stays with @to.
 */
int conf_set_authority(struct conf_parser *x, config_setting_t *s,
		       const struct conf_key *k, void *to)
{
	struct lma_conf *c = to;
	int i, len;

	(void)k;
	c->authority = conf_new_list(x, s, LMA_MAGS_MAX, sizeof(*c->authority), &len);
	if (len < 0)
		return -1;
	c->n_authorities = (unsigned int)len;
	for (i = 0; i < len; i++)
		if (set_one(x, config_setting_get_elem(s, (unsigned int)i), c, i))
			return -1;
	return 0;
}

/**
 * conf_authority_free() - give back what conf_set_authority() took
 * @c: the anchor's configuration
 */
void conf_authority_free(struct lma_conf *c)
{
	unsigned int i;

	for (i = 0; i < c->n_authorities; i++) {
		free(c->authority[i].prefix);
		free(c->authority[i].realm);
	}
	free(c->authority);
}
