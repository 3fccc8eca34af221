// SPDX-License-Identifier: GPL-2.0
/* Vendors' options of a node in the policy file (RFC 5094 §3). */
#include "policy/file.h"

#include "mh/mh.h"

#include <string.h>

/* Of a digit that is one */
static unsigned int digit(char c)
{
	return (unsigned int)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static int read_data(struct reader *r, config_setting_t *s, struct mh_vendor *v)
{
	const char *t = file_text(r, s);
	size_t i, len;

	if (!t)
		return -1;
	len = strlen(t);
	if (len % 2 || strspn(t, "0123456789abcdefABCDEF") != len)
		return file_refuse(r, s, "\"%s\" is no row of bytes, two digits each", t);
	if (len / 2 > MH_VENDOR_DATA_MAX)
		return file_refuse(r, s, "%zu bytes, at most %d fit", len / 2,
				   MH_VENDOR_DATA_MAX);
	for (i = 0; i < len / 2; i++)
		v->data[i] = (uint8_t)(digit(t[2 * i]) << 4 | digit(t[2 * i + 1]));
	v->len = (uint8_t)(len / 2);
	return 0;
}

static int read_key(struct reader *r, config_setting_t *s, struct mh_vendor *v)
{
	const char *name = config_setting_name(s);
	uint32_t subtype = 0;

	if (!strcmp(name, "id"))
		return file_number(r, s, UINT32_MAX, &v->id);
	if (!strcmp(name, "data"))
		return read_data(r, s, v);
	if (strcmp(name, "subtype"))
		return file_refuse(r, s, "no such key");
	if (file_number(r, s, UINT8_MAX, &subtype))
		return -1;
	v->subtype = (uint8_t)subtype;
	return 0;
}

static int read_vendor(struct reader *r, config_setting_t *s, struct mh_vendor *v)
{
	int i, n;

	if (!config_setting_is_group(s))
		return file_refuse(r, s, "a group { ... } is wanted");
	n = config_setting_length(s);
	for (i = 0; i < n; i++)
		if (read_key(r, config_setting_get_elem(s, i), v))
			return -1;
	if (!config_setting_get_member(s, "id") || !config_setting_get_member(s, "subtype"))
		return file_refuse(r, s, "an option lacks \"id\" or \"subtype\"");
	return 0;
}

/**
 * file_vendors() - read a list of vendors' options
 * @r: the reader; its table keeps them
 * @s: the list
 * @vendor: set to the options, NULL for none
 * @n: how many
 *
 * Return: 0, or -1 with the error set.
 */
int file_vendors(struct reader *r, config_setting_t *s, const struct mh_vendor **vendor,
		 unsigned int *n)
{
	int i, j, len = file_list_len(r, s, MH_VENDORS_MAX);
	struct mh_vendor *v;

	if (len <= 0)
		return len;
	v = table_keep(r->table, (size_t)len * sizeof(*v));
	if (!v)
		return file_refuse(r, s, "out of memory");
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, i);

		if (read_vendor(r, e, &v[i]))
			return -1;
		for (j = 0; j < i; j++)
			if (v[i].id == v[j].id && v[i].subtype == v[j].subtype)
				return file_refuse(r, e, "id %u with subtype %u is there twice",
						   v[i].id, v[i].subtype);
	}
	*vendor = v;
	*n = (unsigned int)len;
	return 0;
}
