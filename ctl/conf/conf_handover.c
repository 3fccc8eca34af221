// SPDX-License-Identifier: GPL-2.0
/* The group "handover" of the group "mag": fast handovers (RFC 5949). */
#include "conf/roles.h"

#include <string.h>

#define KEY(name, field, lo, hi) \
	{ name, conf_set_u32, offsetof(struct mag_conf, field), lo, hi }
#define RULE_KEY(name, fn, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct mag_signal_rule, field), lo, hi }
#define MINUTE_MS	60000
#define RULES_MAX	1024
#define HYSTERESIS_DB	5

static int set_rule(struct conf_parser *x, config_setting_t *s, struct mag_signal_rule *r)
{
	static const struct conf_key keys[] = {
		RULE_KEY("dev", device, dev, 0, 0),
		RULE_KEY("ap", llid, ap, 0, 0),
		RULE_KEY("signal-below-dbm", i8, below_dbm, -120, 0),
		RULE_KEY("hysteresis-db", u8, hysteresis_db, 0, 60),
		RULE_KEY("to", address, to, 0, 0),
	};

	r->hysteresis_db = HYSTERESIS_DB;
	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), r))
		return -1;
	if (!r->dev[0] || !config_setting_get_member(s, "signal-below-dbm") ||
	    !config_setting_get_member(s, "to"))
		return conf_error(x, s, "needs dev, signal-below-dbm and to");
	return 0;
}

static int set_rules(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		     void *to)
{
	struct mag_signal_conf *c = to;
	struct mag_signal_rule *v;
	int i, j, len;

	(void)k;
	v = conf_new_list(x, s, RULES_MAX, sizeof(*v), &len);
	if (!v)
		return len;
	c->rule = v;
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (set_rule(x, e, &v[i]))
			return -1;
		for (j = 0; j < i; j++)
			if (!strcmp(v[i].dev, v[j].dev) && llid_equal(&v[i].ap, &v[j].ap))
				return conf_error(x, e, "is for what element %d is for", j);
	}
	c->n_rules = (unsigned int)len;
	return 0;
}

static const struct conf_key keys[] = {
	KEY("hi-ms", handover.hi_ms, 10, MINUTE_MS),
	KEY("hi-retries", handover.hi_retries, 0, 10),
	KEY("expect-ms", handover.expect_ms, 1, MINUTE_MS),
	KEY("forward-ms", handover.forward_ms, 1, MINUTE_MS),
	KEY("wait-ms", handover.wait_ms, 0, MINUTE_MS),
	KEY("signal-interval-ms", signal.interval_ms, 100, 60 * MINUTE_MS),
	{ "when", set_rules, offsetof(struct mag_conf, signal), 0, 0 },
};

/**
 * conf_handover_defaults() - RFC 5568 §9's values where it has any
 * @c: filled
 */
void conf_handover_defaults(struct mag_conf *c)
{
	c->handover.hi_ms = 100;
	c->handover.hi_retries = 3;
	c->handover.expect_ms = 2000;
	c->handover.forward_ms = 5000;
	c->handover.wait_ms = 1000;
	c->signal.interval_ms = 10000;
}

/**
 * conf_set_handover() - the group "handover"; its presence allows them
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct mag_conf
 *
 * Return: 0, or -1 with the error set; what was allocated stays with @to.
 */
int conf_set_handover(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		      void *to)
{
	struct mag_conf *c = to;

	(void)k;
	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), c))
		return -1;
	c->fast = true;
	return 0;
}

static int check_rule(struct conf_parser *x, config_setting_t *s, const struct mag_conf *c,
		      struct mag_signal_rule *r)
{
	config_setting_t *to = config_setting_get_member(s, "to");

	while (r->link < c->n_links && strcmp(c->link[r->link].name, r->dev))
		r->link++;
	if (r->link == c->n_links)
		return conf_error(x, config_setting_get_member(s, "dev"),
				  "\"%s\" is none of the links", r->dev);
	if (IN6_ARE_ADDR_EQUAL(&r->to, &c->address))
		return conf_error(x, to, "is this gateway's own address");
	if (!prefix_any_has(c->peer, c->n_peers, &r->to))
		return conf_error(x, to, "is none of the peers");
	return 0;
}

/**
 * conf_check_handover() - what it needs, and what its rules name, is there
 * @x: the parser
 * @mag: the group "mag"
 * @c: all of what it says; rules get the places of their links
 *
 * Return: 0, or -1 with the error set.
 */
int conf_check_handover(struct conf_parser *x, config_setting_t *mag, struct mag_conf *c)
{
	config_setting_t *wait = config_setting_lookup(mag, "handover.wait-ms");
	config_setting_t *list = config_setting_lookup(mag, "handover.when");

	if (wait && c->handover.wait_ms && !c->hold)
		return conf_error(x, wait, "needs hold = true");
	for (unsigned int i = 0; i < c->signal.n_rules; i++)
		if (check_rule(x, config_setting_get_elem(list, i), c, &c->signal.rule[i]))
			return -1;
	return 0;
}
