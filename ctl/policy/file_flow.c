// SPDX-License-Identifier: GPL-2.0
/* Lists of flows in the policy file: which packets prefer which access technology. */
#include "policy/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set_access(struct reader *r, config_setting_t *s, struct flow_rule *f)
{
	int i, n = file_list_len(r, s, PMIP_FLOW_BIDS);

	for (i = 0; i < n; i++)
		if (file_access(r, config_setting_get_elem(s, i), &f->att[i]))
			return -1;
	f->n_att = n < 0 ? 0 : (uint8_t)n;
	return n < 0 ? -1 : 0;
}

static int set_action(struct reader *r, config_setting_t *s, struct flow_rule *f)
{
	const char *t = file_text(r, s);

	if (!t)
		return -1;
	f->drop = !strcmp(t, "drop");
	if (!f->drop && strcmp(t, "forward"))
		return file_refuse(r, s, "\"%s\" is neither \"forward\" nor \"drop\"", t);
	return 0;
}

/* RFC 6089 §4.2: 0 "is reserved and MUST NOT be used" */
static int set_priority(struct reader *r, config_setting_t *s, struct flow_rule *f)
{
	int v = config_setting_get_int(s);

	if (config_setting_type(s) != CONFIG_TYPE_INT || v < 1 || v > UINT16_MAX)
		return file_refuse(r, s, "a number of 1 to %u is wanted", UINT16_MAX);
	f->pri = (uint16_t)v;
	return 0;
}

/* One value may be a number, all else is text. */
static int set_field(struct reader *r, config_setting_t *s, struct flow_rule *f,
		     enum selector_field field)
{
	char number[12];
	const char *t = number;

	if (config_setting_type(s) == CONFIG_TYPE_INT)
		snprintf(number, sizeof(number), "%d", config_setting_get_int(s));
	else
		t = file_text(r, s);
	if (!t)
		return -1;
	return selector_field_set(&f->selector, field, t) ? 0 :
	       file_refuse(r, s, "\"%s\" is no value or range of it", t);
}

/* RFC 6088 §3.1 and §3.2: which addresses there are; looked at before all fields */
static int set_format(struct reader *r, config_setting_t *s, struct flow_rule *f)
{
	const char *t = file_text(r, s);

	if (!t)
		return -1;
	f->selector.format = selector_format_named(t);
	return f->selector.format ? 0 :
	       file_refuse(r, s, "\"%s\" is neither \"ipv4\" nor \"ipv6\"", t);
}

static int read_key(struct reader *r, config_setting_t *s, struct flow_rule *f)
{
	static const struct {
		const char *name;
		int (*set)(struct reader *r, config_setting_t *s, struct flow_rule *f);
	} keys[] = {
		{ "access", set_access },
		{ "action", set_action },
		{ "format", set_format },
		{ "priority", set_priority },
	};
	const char *name = config_setting_name(s);
	enum selector_field field = selector_field_named(name);
	size_t i;

	if (field != SELECTOR_FIELDS)
		return set_field(r, s, f, field);
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(keys[i].name, name))
			return keys[i].set(r, s, f);
	return file_refuse(r, s, "no such key");
}

static int read_rule(struct reader *r, config_setting_t *s, struct flow_rule *f)
{
	config_setting_t *format;
	int i, n;

	if (!config_setting_is_group(s))
		return file_refuse(r, s, "a group { ... } is wanted");
	f->selector.format = SELECTOR_IPV6;
	format = config_setting_get_member(s, "format");
	if (format && set_format(r, format, f))
		return -1;
	n = config_setting_length(s);
	for (i = 0; i < n; i++)
		if (read_key(r, config_setting_get_elem(s, i), f))
			return -1;
	if (!f->drop && !f->n_att)
		return file_refuse(r, s, "a flow lacks \"access\"");
	if (f->drop && f->n_att)
		return file_refuse(r, config_setting_get_member(s, "access"),
				   "what is dropped goes nowhere");
	return 0;
}

/* RFC 6089 §4.2: "two FIDs MUST NOT be associated with the same FID-PRI value" */
static bool has_priority(const struct flow_rule *f, int n, uint16_t pri)
{
	while (n--)
		if (f[n].pri == pri)
			return true;
	return false;
}

/**
 * file_flows() - read a list of flows
 * @r: the reader; its table keeps them
 * @s: the list
 * @rule: set to the flows, NULL for none
 * @n: how many
 *
 * Return: 0, or -1 with the error set.
 */
int file_flows(struct reader *r, config_setting_t *s, const struct flow_rule **rule,
	       unsigned int *n)
{
	int i, len = file_list_len(r, s, FLOWS_MAX);
	struct flow_rule *f;

	if (len <= 0)
		return len;
	f = table_keep(r->table, (size_t)len * sizeof(*f));
	if (!f)
		return file_refuse(r, s, "out of memory");
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, i);

		f[i].pri = (uint16_t)(POLICY_FLOW_PRIORITY + i);
		if (read_rule(r, e, &f[i]))
			return -1;
		if (has_priority(f, i, f[i].pri))
			return file_refuse(r, e, "priority %u is there twice", f[i].pri);
	}
	*rule = f;
	*n = (unsigned int)len;
	return 0;
}
