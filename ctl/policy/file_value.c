// SPDX-License-Identifier: GPL-2.0
/* Values in the policy file, and what to say of those that are none. */
#include "policy/file.h"

#include "mh/mh.h"

#include <stdarg.h>
#include <stdio.h>

/**
 * file_refuse() - say what is wrong with the file
 * @r: the reader
 * @s: the setting, NULL: one that is missing
 * @fmt: printf format, without a newline
 *
 * Return: -1.
 */
int file_refuse(struct reader *r, config_setting_t *s, const char *fmt, ...)
{
	const char *name = s ? config_setting_name(s) : NULL;
	va_list ap;
	int len;

	/* An element of a list has no name of its own. */
	if (s && !name && config_setting_parent(s))
		name = config_setting_name(config_setting_parent(s));
	len = snprintf(r->err, r->size, "%s:%d: %s: ", r->path,
		       s ? (int)config_setting_source_line(s) : 1,
		       name ? name : "nodes");
	if (len < 0 || (size_t)len >= r->size)
		return -1;
	va_start(ap, fmt);
	vsnprintf(r->err + len, r->size - len, fmt, ap);
	va_end(ap);
	return -1;
}

/**
 * file_text() - a setting's text
 * @r: the reader
 * @s: the setting
 *
 * Return: the text; NULL with the error set.
 */
const char *file_text(struct reader *r, config_setting_t *s)
{
	const char *t = config_setting_get_string(s);

	if (!t)
		file_refuse(r, s, "a string is wanted");
	return t;
}

/**
 * file_number() - a whole number
 * @r: the reader
 * @s: the setting
 * @max: the most; the least is 0
 * @v: set to it
 *
 * Return: 0; -1 with the error set.
 */
int file_number(struct reader *r, config_setting_t *s, uint32_t max, uint32_t *v)
{
	int type = config_setting_type(s);
	long long n = config_setting_get_int64(s);

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
		return file_refuse(r, s, "a number is wanted");
	if (n < 0 || n > max)
		return file_refuse(r, s, "%lld is out of 0 to %u", n, max);
	*v = (uint32_t)n;
	return 0;
}

/**
 * file_list_len() - the length of a list or an array
 * @r: the reader
 * @s: the setting
 * @max: how many entries it may have
 *
 * Return: the length; -1 with the error set.
 */
int file_list_len(struct reader *r, config_setting_t *s, int max)
{
	int n;

	if (!config_setting_is_array(s) && !config_setting_is_list(s))
		return file_refuse(r, s, "a list is wanted");
	n = config_setting_length(s);
	if (n > max)
		return file_refuse(r, s, "%d entries, at most %d fit", n, max);
	return n;
}

/**
 * file_access() - an access technology, by name or number
 * @r: the reader
 * @s: the setting
 * @att: set
 *
 * Return: 0, or -1 with the error set.
 */
int file_access(struct reader *r, config_setting_t *s, uint8_t *att)
{
	const char *t;
	int v;

	if (config_setting_type(s) == CONFIG_TYPE_INT) {
		v = config_setting_get_int(s);
		if (v < 1 || v > PROFILE_ATTS)
			return file_refuse(r, s, "%d is out of 1 to %d", v, PROFILE_ATTS);
		*att = (uint8_t)v;
		return 0;
	}
	t = file_text(r, s);
	if (!t)
		return -1;
	*att = att_parse(t);
	return *att ? 0 : file_refuse(r, s, "\"%s\" is no access technology", t);
}
