// SPDX-License-Identifier: GPL-2.0
/* A libconfig group as a table of keys, and the types a key can have. */
#include "conf/key.h"

#include "core/id.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "mag.links[0].att": the way from the root of the file to a setting */
static void setting_path(const config_setting_t *s, char *buf, size_t size)
{
	const config_setting_t *parent = config_setting_parent(s);
	const char *name = config_setting_name(s);
	size_t len;

	if (!parent) {
		buf[0] = '\0';
		return;
	}
	setting_path(parent, buf, size);
	len = strlen(buf);
	if (name)
		snprintf(buf + len, size - len, "%s%s", len ? "." : "", name);
	else
		snprintf(buf + len, size - len, "[%d]", config_setting_index(s));
}

/**
 * conf_error() - say what is wrong with a setting, and where
 * @x: the parser, whose error buffer is filled
 * @s: the setting; the root of the file names no key
 * @fmt: what is wrong
 *
 * Return: -1, so that a setter can return it.
 */
int conf_error(struct conf_parser *x, config_setting_t *s, const char *fmt, ...)
{
	const char *file = config_setting_source_file(s);
	char key[256], what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	setting_path(s, key, sizeof(key));
	snprintf(x->err, x->size, "%s:%u: %s%s%s", file ? file : x->path,
		 config_setting_source_line(s), key, key[0] ? ": " : "", what);
	return -1;
}

/**
 * conf_group() - set a structure from a group
 * @x: the parser
 * @s: the setting, which must be a group
 * @keys: what the group may hold
 * @n: how many keys
 * @base: the structure
 *
 * Return: 0, or -1 with the error of the first setting that is unknown, of
 * the wrong type or out of range.
 */
int conf_group(struct conf_parser *x, config_setting_t *s,
	       const struct conf_key *keys, size_t n, void *base)
{
	int i, len;
	size_t k;

	if (config_setting_type(s) != CONFIG_TYPE_GROUP)
		return conf_error(x, s, "must be a group { ... }");
	len = config_setting_length(s);
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);
		const char *name = config_setting_name(e);

		for (k = 0; k < n; k++)
			if (!strcmp(keys[k].name, name))
				break;
		if (k == n)
			return conf_error(x, e, "unknown key");
		if (keys[k].set(x, e, &keys[k], (char *)base + keys[k].offset))
			return -1;
	}
	return 0;
}

/**
 * conf_list() - the length of a list
 * @x: the parser
 * @s: the setting
 * @max: how many elements there is room for
 *
 * Return: the length, or -1 with the error set.
 */
int conf_list(struct conf_parser *x, config_setting_t *s, int max)
{
	int type = config_setting_type(s);
	int len;

	if (type != CONFIG_TYPE_LIST && type != CONFIG_TYPE_ARRAY)
		return conf_error(x, s, "must be a list");
	len = config_setting_length(s);
	if (len > max)
		return conf_error(x, s, "%d elements, the most is %d", len, max);
	return len;
}

/**
 * conf_new_list() - room for what a list has
 * @x: the parser
 * @s: the setting
 * @max: how many elements there may be
 * @size: bytes of each
 * @len: set to how many there are, or to -1 with the error set
 *
 * Return: zeroed memory, the caller's; NULL where @len is not above 0.
 */
void *conf_new_list(struct conf_parser *x, config_setting_t *s, int max, size_t size, int *len)
{
	void *v = NULL;

	*len = conf_list(x, s, max);
	if (*len > 0)
		v = calloc((size_t)*len, size);
	if (*len > 0 && !v)
		*len = conf_error(x, s, "out of memory");
	return v;
}

/**
 * conf_set_bool() - true or false
 * @x: the parser
 * @s: the setting
 * @k: the key, unused
 * @to: a bool
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_bool(struct conf_parser *x, config_setting_t *s,
		  const struct conf_key *k, void *to)
{
	(void)k;
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return conf_error(x, s, "must be true or false");
	*(bool *)to = config_setting_get_bool(s) != 0;
	return 0;
}

static int get_int(struct conf_parser *x, config_setting_t *s,
		   const struct conf_key *k, int64_t *v)
{
	int type = config_setting_type(s);

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
		return conf_error(x, s, "must be a whole number");
	*v = config_setting_get_int64(s);
	if (*v < k->min || *v > k->max)
		return conf_error(x, s, "%lld is not within %lld to %lld", (long long)*v,
				  (long long)k->min, (long long)k->max);
	return 0;
}

/**
 * conf_set_i8() - a whole number within the key's range, which may be below 0
 * @x: the parser
 * @s: the setting
 * @k: the key with the range
 * @to: an int8_t
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_i8(struct conf_parser *x, config_setting_t *s,
		const struct conf_key *k, void *to)
{
	int64_t v = 0;

	if (get_int(x, s, k, &v))
		return -1;
	*(int8_t *)to = (int8_t)v;
	return 0;
}

/**
 * conf_set_u8() - a whole number within the key's range
 * @x: the parser
 * @s: the setting
 * @k: the key with the range
 * @to: a uint8_t
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_u8(struct conf_parser *x, config_setting_t *s,
		const struct conf_key *k, void *to)
{
	int64_t v = 0;

	if (get_int(x, s, k, &v))
		return -1;
	*(uint8_t *)to = (uint8_t)v;
	return 0;
}

/**
 * conf_set_u16() - a whole number within the key's range
 * @x: the parser
 * @s: the setting
 * @k: the key with the range
 * @to: a uint16_t
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_u16(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to)
{
	int64_t v = 0;

	if (get_int(x, s, k, &v))
		return -1;
	*(uint16_t *)to = (uint16_t)v;
	return 0;
}

/**
 * conf_set_u32() - a whole number within the key's range
 * @x: the parser
 * @s: the setting
 * @k: the key with the range
 * @to: a uint32_t
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_u32(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to)
{
	int64_t v = 0;

	if (get_int(x, s, k, &v))
		return -1;
	*(uint32_t *)to = (uint32_t)v;
	return 0;
}

static const char *get_string(struct conf_parser *x, config_setting_t *s)
{
	const char *text = config_setting_get_string(s);

	if (!text)
		conf_error(x, s, "must be a string");
	return text;
}

/**
 * conf_set_string() - text into a buffer of k->max bytes
 * @x: the parser
 * @s: the setting
 * @k: the key with the buffer's size
 * @to: the buffer
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_string(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to)
{
	const char *text = get_string(x, s);

	if (!text)
		return -1;
	if (strlen(text) >= (size_t)k->max)
		return conf_error(x, s, "longer than %lld bytes", (long long)k->max - 1);
	memcpy(to, text, strlen(text) + 1);
	return 0;
}

/**
 * conf_set_device() - the name of a network device
 * @x: the parser
 * @s: the setting
 * @k: the key, unused
 * @to: a char[IFNAMSIZ]
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_device(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to)
{
	const char *text = get_string(x, s);

	(void)k;
	if (!text)
		return -1;
	if (!text[0] || strlen(text) >= IFNAMSIZ || strpbrk(text, "/: \t\n") ||
	    !strcmp(text, ".") || !strcmp(text, ".."))
		return conf_error(x, s, "\"%s\" cannot be a device's name", text);
	memcpy(to, text, strlen(text) + 1);
	return 0;
}

/**
 * conf_set_address() - an IPv6 address that a gateway can have
 * @x: the parser
 * @s: the setting
 * @k: the key, unused
 * @to: a struct in6_addr
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_address(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	const char *text = get_string(x, s);
	struct in6_addr a;

	(void)k;
	if (!text)
		return -1;
	if (inet_pton(AF_INET6, text, &a) != 1)
		return conf_error(x, s, "\"%s\" is not an IPv6 address", text);
	if (IN6_IS_ADDR_UNSPECIFIED(&a) || IN6_IS_ADDR_LOOPBACK(&a) ||
	    IN6_IS_ADDR_MULTICAST(&a) || IN6_IS_ADDR_LINKLOCAL(&a) ||
	    IN6_IS_ADDR_V4MAPPED(&a))
		return conf_error(x, s, "%s is not a global unicast address", text);
	memcpy(to, &a, sizeof(a));
	return 0;
}

static int read_prefix(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		       struct prefix *p)
{
	const char *text = get_string(x, s);

	*p = (struct prefix){ .len = 128 };
	if (!text)
		return -1;
	if (strchr(text, '/') ? !prefix_parse(p, text) :
	    inet_pton(AF_INET6, text, &p->addr) != 1)
		return conf_error(x, s, "\"%s\" is not an IPv6 prefix", text);
	if (p->len < k->min || p->len > k->max)
		return conf_error(x, s, "prefix length %u is not within %lld to %lld", p->len,
				  (long long)k->min, (long long)k->max);
	return 0;
}

/**
 * conf_set_prefix() - an IPv6 prefix; an address alone is a prefix of 128
 * @x: the parser
 * @s: the setting
 * @k: the key with the range of lengths
 * @to: a struct prefix
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_prefix(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to)
{
	struct prefix p;

	if (read_prefix(x, s, k, &p))
		return -1;
	if (IN6_IS_ADDR_MULTICAST(&p.addr) || IN6_IS_ADDR_LINKLOCAL(&p.addr))
		return conf_error(x, s, "%s is not a global unicast prefix",
				  config_setting_get_string(s));
	memcpy(to, &p, sizeof(p));
	return 0;
}

/**
 * conf_set_groups() - a prefix of multicast addresses, or one of them
 * @x: the parser
 * @s: the setting
 * @k: the key with the range of lengths
 * @to: a struct prefix
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_groups(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to)
{
	struct prefix p;

	if (read_prefix(x, s, k, &p))
		return -1;
	if (!IN6_IS_ADDR_MULTICAST(&p.addr))
		return conf_error(x, s, "%s is no multicast address",
				  config_setting_get_string(s));
	memcpy(to, &p, sizeof(p));
	return 0;
}

/**
 * conf_set_llid() - a link-layer address
 * @x: the parser
 * @s: the setting
 * @k: the key, unused
 * @to: a struct llid
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_llid(struct conf_parser *x, config_setting_t *s,
		  const struct conf_key *k, void *to)
{
	const char *text = get_string(x, s);
	struct llid l;

	(void)k;
	if (!text)
		return -1;
	if (!llid_parse(&l, text))
		return conf_error(x, s, "\"%s\" is not a link-layer address", text);
	memcpy(to, &l, sizeof(l));
	return 0;
}

/**
 * conf_set_nai() - a mobile node's identifier, RFC 4283 §3.1
 * @x: the parser
 * @s: the setting
 * @k: the key, unused
 * @to: a struct mn_id
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_nai(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to)
{
	const char *text = get_string(x, s);

	(void)k;
	if (!text)
		return -1;
	if (!mn_id_from_nai(to, text))
		return conf_error(x, s, "\"%s\" is not a network access identifier", text);
	return 0;
}
