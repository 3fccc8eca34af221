// SPDX-License-Identifier: GPL-2.0
/* Words of a command line into values */
#include "cli/parse.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

/**
 * args_are - whether the next word is this one
 * @a: the words
 * @word: a keyword, whole
 *
 * Return: true if it is; false also where there is none.
 */
bool args_are(const struct args *a, const char *word)
{
	return a->argc > 0 && !strcmp(a->argv[0], word);
}

/**
 * args_value - step over a keyword and its value
 * @c: where errors go
 * @a: the words, the keyword first
 * @key: gets the keyword's name in the error; may be NULL: the word itself
 *
 * Return: the value, NULL after having said that there is none.
 */
const char *args_value(struct cli *c, struct args *a, const char *key)
{
	const char *v;

	if (a->argc < 2) {
		cli_usage(c, "\"%s\" needs a value", key ? key : a->argv[0]);
		return NULL;
	}
	v = a->argv[1];
	a->argc -= 2;
	a->argv += 2;
	return v;
}

/**
 * args_unknown - complain about the next word
 * @c: where errors go
 * @a: the words, at least one
 *
 * Return: CLI_USAGE.
 */
int args_unknown(struct cli *c, const struct args *a)
{
	return cli_usage(c, "what is \"%s\"?", a->argv[0]);
}

/**
 * args_end - see that no word is left
 * @c: where errors go
 * @a: the words
 *
 * Return: 0 or CLI_USAGE.
 */
int args_end(struct cli *c, const struct args *a)
{
	return a->argc > 0 ? args_unknown(c, a) : 0;
}

/**
 * arg_u64 - read a keyword's number
 * @c: where errors go
 * @a: the words, the keyword first
 * @v: the number; decimal, or hexadecimal after 0x
 *
 * Return: 0 or CLI_USAGE.
 */
int arg_u64(struct cli *c, struct args *a, uint64_t *v)
{
	const char *key = a->argv[0], *text = args_value(c, a, NULL);
	char *end;

	if (!text)
		return CLI_USAGE;
	errno = 0;
	*v = strtoull(text, &end, strncasecmp(text, "0x", 2) ? 10 : 16);
	if (errno || *end || !(text[0] >= '0' && text[0] <= '9'))
		return cli_usage(c, "%s \"%s\" is not a number", key, text);
	return 0;
}

static int number(struct cli *c, struct args *a, uint64_t max, uint64_t *v)
{
	const char *key = a->argv[0];
	int err = arg_u64(c, a, v);

	if (!err && *v > max)
		return cli_usage(c, "%s is more than %llu", key,
				 (unsigned long long)max);
	return err;
}

/**
 * arg_u32 - read a keyword's number of up to 32 bits
 * @c: where errors go
 * @a: the words, the keyword first
 * @v: the number
 *
 * Return: 0 or CLI_USAGE.
 */
int arg_u32(struct cli *c, struct args *a, uint32_t *v)
{
	uint64_t n = 0;
	int err = number(c, a, UINT32_MAX, &n);

	*v = (uint32_t)n;
	return err;
}

/**
 * arg_u16 - read a keyword's number of up to 16 bits
 * @c: where errors go
 * @a: the words, the keyword first
 * @v: the number
 *
 * Return: 0 or CLI_USAGE.
 */
int arg_u16(struct cli *c, struct args *a, uint16_t *v)
{
	uint64_t n = 0;
	int err = number(c, a, UINT16_MAX, &n);

	*v = (uint16_t)n;
	return err;
}

/**
 * arg_i8 - read a keyword's decimal number of 8 bits, which may be below 0
 * @c: where errors go
 * @a: the words, the keyword first
 * @v: the number
 *
 * Return: 0 or CLI_USAGE.
 */
int arg_i8(struct cli *c, struct args *a, int8_t *v)
{
	const char *key = a->argv[0], *text = args_value(c, a, NULL);
	char *end;
	long n;

	if (!text)
		return CLI_USAGE;
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || *end || end == text || strchr(" \t\n+", text[0]))
		return cli_usage(c, "%s \"%s\" is not a number", key, text);
	if (n < INT8_MIN || n > INT8_MAX)
		return cli_usage(c, "%s is not within %d to %d", key, INT8_MIN, INT8_MAX);
	*v = (int8_t)n;
	return 0;
}

/**
 * arg_u8 - read a keyword's number of up to 8 bits
 * @c: where errors go
 * @a: the words, the keyword first
 * @v: the number
 *
 * Return: 0 or CLI_USAGE.
 */
int arg_u8(struct cli *c, struct args *a, uint8_t *v)
{
	uint64_t n = 0;
	int err = number(c, a, UINT8_MAX, &n);

	*v = (uint8_t)n;
	return err;
}

/**
 * arg_name - read a keyword's choice
 * @c: where errors go
 * @a: the words, the keyword first
 * @table: what there is to choose from
 * @v: the number of the choice
 *
 * Return: 0 or CLI_USAGE.
 */
int arg_name(struct cli *c, struct args *a, const struct name *table, uint8_t *v)
{
	const char *key = a->argv[0], *text = args_value(c, a, NULL);
	int n;

	if (!text)
		return CLI_USAGE;
	n = name_value(table, text);
	if (n < 0) {
		char all[128];

		name_list(table, all, sizeof(all));
		return cli_usage(c, "%s \"%s\" is not %s", key, text, all);
	}
	*v = (uint8_t)n;
	return 0;
}

/**
 * arg_addr - read a keyword's IPv6 address
 * @c: where errors go
 * @a: the words, the keyword first
 * @v: the address
 *
 * Return: 0 or CLI_USAGE.
 */
int arg_addr(struct cli *c, struct args *a, struct in6_addr *v)
{
	const char *key = a->argv[0], *text = args_value(c, a, NULL);

	if (!text)
		return CLI_USAGE;
	if (inet_pton(AF_INET6, text, v) != 1)
		return cli_usage(c, "%s \"%s\" is not an IPv6 address", key, text);
	return 0;
}

/**
 * arg_prefix - read a keyword's IPv6 prefix
 * @c: where errors go
 * @a: the words, the keyword first
 * @v: the prefix, of 1 to 128 bits
 *
 * Return: 0 or CLI_USAGE.
 */
int arg_prefix(struct cli *c, struct args *a, struct prefix *v)
{
	const char *key = a->argv[0], *text = args_value(c, a, NULL);

	if (!text)
		return CLI_USAGE;
	if (!prefix_parse(v, text) || !v->len)
		return cli_usage(c, "%s \"%s\" is not an IPv6 prefix without host bits",
				 key, text);
	return 0;
}

/**
 * arg_dev - read a keyword's network device
 * @c: where errors go
 * @a: the words, the keyword first
 * @ifindex: its index
 *
 * A device that is gone can still be named by its index, as "if7".
 *
 * Return: 0, CLI_USAGE, or CLI_FAILED where there is no such device.
 */
int arg_dev(struct cli *c, struct args *a, uint32_t *ifindex)
{
	const char *text = args_value(c, a, NULL);
	char extra;

	if (!text)
		return CLI_USAGE;
	*ifindex = if_nametoindex(text);
	if (!*ifindex && sscanf(text, "if%u%c", ifindex, &extra) != 1)
		*ifindex = 0;
	if (!*ifindex)
		return cli_fail(c, "there is no device \"%s\"", text);
	return 0;
}

/**
 * arg_lladdr - read a keyword's link-layer address
 * @c: where errors go
 * @a: the words, the keyword first
 * @v: the address, of up to PMIP_LLADDR_MAX bytes
 *
 * Return: 0 or CLI_USAGE.
 */
int arg_lladdr(struct cli *c, struct args *a, struct llid *v)
{
	const char *key = a->argv[0], *text = args_value(c, a, NULL);

	if (!text)
		return CLI_USAGE;
	if (!llid_parse(v, text) || v->len > PMIP_LLADDR_MAX)
		return cli_usage(c, "%s \"%s\" is not a link-layer address", key, text);
	return 0;
}
