// SPDX-License-Identifier: GPL-2.0
/* Lists of prefixes whose length the file decides. */
#include "conf/prefixes.h"

#include <stdlib.h>

static int read_list(struct conf_parser *x, config_setting_t *s, int max,
		     const struct conf_key *each, struct prefix **v, unsigned int *n)
{
	struct prefix *p;
	int i, len;

	p = conf_new_list(x, s, max, sizeof(*p), &len);
	if (len < 0)
		return -1;
	for (i = 0; i < len; i++) {
		if (each->set(x, config_setting_get_elem(s, (unsigned int)i), each, &p[i])) {
			free(p);
			return -1;
		}
	}
	*v = p;
	*n = (unsigned int)len;
	return 0;
}

/**
 * conf_prefixes() - read a list of prefixes into memory of its own
 * @x: the parser
 * @s: the setting
 * @max: how many there may be
 * @v: where the array goes; the caller frees it
 * @n: where their number goes
 *
 * Return: 0, or -1 with the error set and nothing allocated.
 */
int conf_prefixes(struct conf_parser *x, config_setting_t *s, int max,
		  struct prefix **v, unsigned int *n)
{
	static const struct conf_key any = { .set = conf_set_prefix, .min = 1, .max = 128 };

	return read_list(x, s, max, &any, v, n);
}

/**
 * conf_groups() - read a list of prefixes of multicast addresses into memory of its own
 * @x: the parser
 * @s: the setting
 * @max: how many there may be
 * @v: where the array goes; the caller frees it
 * @n: where their number goes
 *
 * Return: 0, or -1 with the error set and nothing allocated.
 */
int conf_groups(struct conf_parser *x, config_setting_t *s, int max,
		struct prefix **v, unsigned int *n)
{
	static const struct conf_key any = { .set = conf_set_groups, .min = 8, .max = 128 };

	return read_list(x, s, max, &any, v, n);
}
