// SPDX-License-Identifier: GPL-2.0
/* The group "lma-handover" of the group "mag": other anchors, and when nodes go there. */
#include "conf/prefixes.h"
#include "conf/roles.h"

#include <string.h>

#define KEY(name, fn, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct mag_anchor_conf, field), lo, hi }
#define RULE_KEY(name, fn, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct mag_anchor_rule, field), lo, hi }
#define MINUTE_MS	60000
#define ANCHORS_MAX	1024
#define RULES_MAX	1024

static int set_anchors(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		       void *to)
{
	struct mag_anchor_conf *c = to;

	(void)k;
	return conf_prefixes(x, s, ANCHORS_MAX, &c->anchor, &c->n_anchors);
}

static int set_rule(struct conf_parser *x, config_setting_t *s, struct mag_anchor_rule *r)
{
	static const struct conf_key keys[] = {
		RULE_KEY("dev", device, dev, 0, 0),
		RULE_KEY("prefix", prefix, prefix, 1, 128),
		RULE_KEY("load", u8, load, 1, 100),
		RULE_KEY("to", address, to, 0, 0),
	};

	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), r))
		return -1;
	if (!r->dev[0] && !r->prefix.len && !r->load)
		return conf_error(x, s, "needs dev, prefix or load");
	if (!r->load && !config_setting_get_member(s, "to"))
		return conf_error(x, s, "needs to, or load");
	return 0;
}

static int set_rules(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		     void *to)
{
	struct mag_anchor_conf *c = to;
	struct mag_anchor_rule *v;
	int i, len;

	(void)k;
	v = conf_new_list(x, s, RULES_MAX, sizeof(*v), &len);
	if (!v)
		return len;
	c->rule = v;
	for (i = 0; i < len; i++)
		if (set_rule(x, config_setting_get_elem(s, (unsigned int)i), &v[i]))
			return -1;
	c->n_rules = (unsigned int)len;
	return 0;
}

/**
 * conf_anchors_defaults() - as long as the group does not say otherwise
 * @c: filled
 *
 * RFC 6463 §7 has EnableLMARedirectFunction off: so it is, without the group.
 */
void conf_anchors_defaults(struct mag_anchor_conf *c)
{
	c->redirect = true;
	c->request_ms = 100;
	c->interval_ms = 10000;
	c->linger_ms = 10000;
}

/**
 * conf_set_anchors() - the group "lma-handover"; its presence allows them
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct mag_anchor_conf
 *
 * Return: 0, or -1 with the error set; what was allocated stays with @to.
 */
int conf_set_anchors(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		     void *to)
{
	static const struct conf_key keys[] = {
		{ "anchors", set_anchors, 0, 0, 0 },
		KEY("redirect", bool, redirect, 0, 0),
		KEY("request-ms", u32, request_ms, 10, MINUTE_MS),
		KEY("interval-ms", u32, interval_ms, 100, 60 * MINUTE_MS),
		KEY("linger-ms", u32, linger_ms, 0, 10 * MINUTE_MS),
		{ "when", set_rules, 0, 0, 0 },
	};
	struct mag_anchor_conf *c = to;

	(void)k;
	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), c))
		return -1;
	if (!c->n_anchors)
		return conf_error(x, s, "anchors is missing: nodes need to know where they may go");
	c->enabled = true;
	return 0;
}

static int check_rule(struct conf_parser *x, config_setting_t *s, const struct mag_conf *c,
		      struct mag_anchor_rule *r)
{
	config_setting_t *to = config_setting_get_member(s, "to");

	while (r->dev[0] && r->link < c->n_links && strcmp(c->link[r->link].name, r->dev))
		r->link++;
	if (r->link == c->n_links)
		return conf_error(x, config_setting_get_member(s, "dev"),
				  "\"%s\" is none of the links", r->dev);
	if (to && IN6_ARE_ADDR_EQUAL(&r->to, &c->address))
		return conf_error(x, to, "is this gateway's own address");
	if (to && !IN6_ARE_ADDR_EQUAL(&r->to, &c->lma) &&
	    !prefix_any_has(c->anchors.anchor, c->anchors.n_anchors, &r->to))
		return conf_error(x, to, "is none of the anchors");
	return 0;
}

/**
 * conf_check_anchors() - what its rules name is there
 * @x: the parser
 * @mag: the group "mag"
 * @c: all of what it says; rules get the places of their links
 *
 * Return: 0, or -1 with the error set.
 */
int conf_check_anchors(struct conf_parser *x, config_setting_t *mag, struct mag_conf *c)
{
	config_setting_t *list = config_setting_lookup(mag, "lma-handover.when");

	for (unsigned int i = 0; i < c->anchors.n_rules; i++)
		if (check_rule(x, config_setting_get_elem(list, i), c, &c->anchors.rule[i]))
			return -1;
	return 0;
}
