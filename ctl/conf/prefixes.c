// SPDX-License-Identifier: GPL-2.0
/* Lists of prefixes whose length the file decides. */
#include "conf/prefixes.h"

#include <stdlib.h>

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
	static const struct conf_key any = { .min = 1, .max = 128 };
	struct prefix *p = NULL;
	int i, len;

	len = conf_list(x, s, max);
	if (len < 0)
		return -1;
	if (len) {
		p = calloc((size_t)len, sizeof(*p));
		if (!p)
			return conf_error(x, s, "out of memory");
	}
	for (i = 0; i < len; i++) {
		if (conf_set_prefix(x, config_setting_get_elem(s, (unsigned int)i), &any, &p[i])) {
			free(p);
			return -1;
		}
	}
	*v = p;
	*n = (unsigned int)len;
	return 0;
}
