// SPDX-License-Identifier: GPL-2.0
/* The group "hold": how many packets wait in the module, and for how long. */
#include "conf/roles.h"

#include <string.h>

#define KEY(name, field) \
	{ name, conf_set_u32, offsetof(struct hold_conf, field), 0, UINT32_MAX }

static int set_drop(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to)
{
	const char *text = config_setting_get_string(s);

	(void)k;
	if (!text || (strcmp(text, "tail") && strcmp(text, "head")))
		return conf_error(x, s, "must be \"tail\" or \"head\"");
	*(uint8_t *)to = text[0] == 't' ? PMIP_HOLD_TAIL_DROP : PMIP_HOLD_HEAD_DROP;
	return 0;
}

static const struct conf_key hold_keys[] = {
	KEY("node-packets", node_packets),
	KEY("node-bytes", node_bytes),
	KEY("link-packets", link_packets),
	KEY("link-bytes", link_bytes),
	KEY("total-packets", total_packets),
	KEY("total-bytes", total_bytes),
	{ "age-ms", conf_set_u32, offsetof(struct hold_conf, age_ms), 1, PMIP_HOLD_TIME_MAX },
	{ "drop", set_drop, offsetof(struct hold_conf, policy), 0, 0 },
};

/**
 * conf_hold_defaults() - the module's own values
 * @h: filled
 */
void conf_hold_defaults(struct hold_conf *h)
{
	h->node_packets = 4096;
	h->node_bytes = 8 << 20;
	h->link_packets = 8192;
	h->link_bytes = 32 << 20;
	h->total_packets = 16384;
	h->total_bytes = 64 << 20;
	h->age_ms = 4000;
	h->policy = PMIP_HOLD_TAIL_DROP;
}

/**
 * conf_set_hold() - the group "hold"
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct hold_conf
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_hold(struct conf_parser *x, config_setting_t *s,
		  const struct conf_key *k, void *to)
{
	(void)k;
	return conf_group(x, s, hold_keys, sizeof(hold_keys) / sizeof(*hold_keys), to);
}
