// SPDX-License-Identifier: GPL-2.0
/* Meters of the anchor, and the access technologies of links. */
#include "conf/roles.h"
#include "mh/mh.h"

#define KEY(name, fn, field, lo, hi) \
	{ name, fn, offsetof(struct lma_meter, field), lo, hi }

/**
 * conf_set_att() - an access technology, by name or number
 * @x: the parser
 * @s: the key's value
 * @k: the key, unused
 * @to: a uint8_t
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_att(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		 void *to)
{
	static const struct conf_key number = { .min = 1, .max = 255 };
	const char *text = config_setting_get_string(s);
	uint8_t att;

	(void)k;
	if (!text)
		return conf_set_u8(x, s, &number, to);
	att = att_parse(text);
	if (!att)
		return conf_error(x, s, "\"%s\" is not an access technology", text);
	*(uint8_t *)to = att;
	return 0;
}

static int set_meter(struct conf_parser *x, config_setting_t *s, struct lma_meter *m)
{
	static const struct conf_key keys[] = {
		KEY("mag", conf_set_address, mag, 0, 0),
		KEY("access", conf_set_att, att, 0, 0),
		KEY("kbps", conf_set_u32, kbps, 1, UINT32_MAX),
		KEY("device", conf_set_device, dev, 0, 0),
	};

	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), m))
		return -1;
	if (!config_setting_get_member(s, "mag") || !m->kbps)
		return conf_error(x, s, "needs mag and kbps");
	return 0;
}

/**
 * conf_set_meters() - the list "load-meters" in "lma"
 * @x: the parser
 * @s: the list
 * @k: the key, unused
 * @to: a struct lma_conf
 *
 * Return: 0, or -1 with the error set; what was allocated stays with @to.
 */
int conf_set_meters(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		    void *to)
{
	struct lma_conf *c = to;
	struct lma_meter *v;
	int i, j, len;

	(void)k;
	v = conf_new_list(x, s, LMA_METERS_MAX, sizeof(*v), &len);
	if (!v)
		return len;
	c->meter = v;
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (set_meter(x, e, &v[i]))
			return -1;
		for (j = 0; j < i; j++)
			if (v[i].att == v[j].att && IN6_ARE_ADDR_EQUAL(&v[i].mag, &v[j].mag))
				return conf_error(x, e, "measures what element %d does", j);
	}
	c->n_meters = (unsigned int)len;
	return 0;
}
