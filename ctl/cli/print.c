// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's attributes into JSON objects, and these into text: what is shown
 * is described once, in a table per object.
 */
#include "cli/print.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <string.h>
#include <time.h>

#include "core/id.h"

/**
 * msg_attrs - the attributes of a generic netlink message
 * @nlh: the message, at least both headers long
 * @len: gets their length
 *
 * Return: the first.
 */
const struct nlattr *msg_attrs(const struct nlmsghdr *nlh, int *len)
{
	*len = (int)(nlh->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
	return (const struct nlattr *)((const char *)nlmsg_data(nlh) + GENL_HDRLEN);
}

/**
 * attr_index - sort attributes by type
 * @tb: gets the last of each type, NULL where there is none
 * @head: the first
 * @len: bytes
 *
 * Types that this program does not know are left out: a newer kernel's.
 *
 * Return: 0, or -1 if the bytes are not a row of attributes.
 */
int attr_index(const struct nlattr *tb[ATTR_TYPE_MAX + 1],
	       const struct nlattr *head, int len)
{
	const struct nlattr *a;
	int rem;

	memset(tb, 0, sizeof(tb[0]) * (ATTR_TYPE_MAX + 1));
	nla_for_each_attr(a, head, len, rem)
		if (nla_type(a) <= ATTR_TYPE_MAX)
			tb[nla_type(a)] = a;
	return rem > 0 ? -1 : 0;
}

/**
 * prefix_value - a prefix that two attributes are of
 * @addr: its address, or NULL
 * @len: its length, or NULL
 *
 * Return: the text, NULL if one is not there or malformed.
 */
json_t *prefix_value(const struct nlattr *addr, const struct nlattr *len)
{
	char buf[PREFIX_STRLEN];
	struct prefix p;

	if (!addr || !len || nla_len(addr) != sizeof(p.addr) || nla_len(len) != 1)
		return NULL;
	memcpy(&p.addr, nla_data(addr), sizeof(p.addr));
	p.len = *(const uint8_t *)nla_data(len);
	return json_string(prefix_str(&p, buf, sizeof(buf)));
}

static json_t *addr_value(const struct nlattr *a)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, nla_data(a), text, sizeof(text));
	return json_string(text);
}

static json_t *lladdr_value(const struct nlattr *a)
{
	struct llid l = { .len = (uint8_t)nla_len(a) };
	char text[LLID_STRLEN];

	memcpy(l.id, nla_data(a), l.len);
	return json_string(llid_str(&l, text, sizeof(text)));
}

static json_t *string_value(const struct nlattr *a)
{
	const char *s = nla_data(a);

	return json_stringn(s, strnlen(s, (size_t)nla_len(a)));
}

static json_t *name_value_of(const struct name *names, unsigned int value)
{
	const char *word = name_of(names, value);

	return word ? json_string(word) : json_sprintf("%u", value);
}

/* Bytes that an attribute must have; 0: any number */
static int attr_size(enum attr_format f)
{
	switch (f) {
	case ATTR_U8:
	case ATTR_NAME:
		return 1;
	case ATTR_U16:
		return 2;
	case ATTR_U32:
	case ATTR_DEV:
	case ATTR_FLAG:
		return 4;
	case ATTR_U64:
	case ATTR_HEX64:
		return 8;
	case ATTR_ADDR:
		return 16;
	default:
		return 0;
	}
}

/* Attributes are aligned to 4 bytes, not 8. */
static uint64_t attr_number(const struct nlattr *a)
{
	uint64_t v64 = 0;
	uint32_t v32;
	uint16_t v16;

	switch (nla_len(a)) {
	case 1:
		return *(const uint8_t *)nla_data(a);
	case 2:
		memcpy(&v16, nla_data(a), sizeof(v16));
		return v16;
	case 4:
		memcpy(&v32, nla_data(a), sizeof(v32));
		return v32;
	case 8:
		memcpy(&v64, nla_data(a), sizeof(v64));
		return v64;
	}
	return 0;
}

static json_t *attr_value(const struct attr_show *s, const struct nlattr *a)
{
	uint64_t n = attr_number(a);

	switch (s->format) {
	case ATTR_HEX64:
		return json_sprintf("0x%llx", (unsigned long long)n);
	case ATTR_ADDR:
		return addr_value(a);
	case ATTR_LLADDR:
		return nla_len(a) <= LLID_MAX ? lladdr_value(a) : NULL;
	case ATTR_STRING:
		return string_value(a);
	case ATTR_NAME:
		return name_value_of(s->names, (unsigned int)n);
	case ATTR_FLAG:
		return name_value_of(s->names, !!(n & s->mask));
	default:
		/* JSON readers have 63 bits; no counter gets there */
		return json_integer((json_int_t)(n > INT64_MAX ? INT64_MAX : n));
	}
}

static json_t *dev_value(const struct nlattr *a)
{
	char dev[IF_NAMESIZE + 16];

	return json_string(print_dev((uint32_t)attr_number(a), dev, sizeof(dev)));
}

/**
 * attr_row - attributes as a JSON object
 * @table: which to show, in this order
 * @head: the first attribute
 * @len: bytes
 *
 * Return: the object, NULL if an attribute is malformed or memory is short.
 */
json_t *attr_row(const struct attr_show *table, const struct nlattr *head, int len)
{
	const struct nlattr *tb[ATTR_TYPE_MAX + 1];
	json_t *row;

	if (attr_index(tb, head, len))
		return NULL;
	row = json_object();
	for (const struct attr_show *s = table; s->key; s++) {
		const struct nlattr *a = tb[s->type];
		int size = attr_size(s->format);

		if (!a)
			continue;
		if (size && nla_len(a) != size)
			goto malformed;
		if (s->format == ATTR_DEV)
			json_object_set_new(row, "dev", dev_value(a));
		if (json_object_set_new(row, s->key, attr_value(s, a)))
			goto malformed;
	}
	return row;
malformed:
	json_decref(row);
	return NULL;
}

/**
 * print_dev - a device's name
 * @ifindex: its index
 * @buf: where to write it
 * @size: bytes in @buf
 *
 * Return: @buf, "if7" for a device that is gone.
 */
const char *print_dev(uint32_t ifindex, char *buf, size_t size)
{
	/* a dump names the same few devices thousands of times */
	static char name[IF_NAMESIZE];
	static struct timespec at;
	static uint32_t known;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (known != ifindex || at.tv_sec != now.tv_sec) {
		known = if_indextoname(ifindex, name) ? ifindex : 0;
		at = now;
	}
	if (known)
		snprintf(buf, size, "%s", name);
	else
		snprintf(buf, size, "if%u", ifindex);
	return buf;
}

static json_t *answer_row(const struct printer *p, const struct nlmsghdr *nlh)
{
	const struct nlattr *head;
	int len;

	if (p->row)
		return p->row(nlh);
	head = msg_attrs(nlh, &len);
	return attr_row(p->show, head, len);
}

static int print_answers(struct cli *c, const struct genl_answers *a,
			 const struct printer *p)
{
	const struct nlmsghdr *nlh = NULL;
	const char *sep = "[";

	while ((nlh = genl_next(a, nlh))) {
		json_t *row = answer_row(p, nlh);

		if (!row)
			return cli_fail(c, "malformed answer from the kernel");
		if (c->json) {
			fputs(sep, c->out);
			json_dumpf(row, c->out, JSON_COMPACT);
			sep = ",\n";
		} else {
			p->text(c->out, row);
		}
		json_decref(row);
	}
	if (c->json)
		fputs(*sep == '[' ? "[]\n" : "]\n", c->out);
	return CLI_OK;
}

/**
 * print_request - ask the kernel for something, and show what it answers
 * @c: the command line
 * @r: the request, given up
 * @p: how one answer is shown
 *
 * Return: exit status; CLI_FAILED too if an answer is malformed.
 */
int print_request(struct cli *c, struct genl_req *r, const struct printer *p)
{
	struct genl_answers answers = { 0 };
	int status = cli_get(c, r, &answers);

	if (status == CLI_OK)
		status = print_answers(c, &answers, p);
	genl_answers_free(&answers);
	return status;
}

/**
 * print_json - show a value on a line of its own
 * @c: the command line
 * @v: the value
 *
 * Return: CLI_OK.
 */
int print_json(struct cli *c, const json_t *v)
{
	json_dumpf(v, c->out, JSON_COMPACT | JSON_ENCODE_ANY);
	fputc('\n', c->out);
	return CLI_OK;
}

/**
 * print_word - write text without control characters
 * @out: where to
 * @word: the text
 */
void print_word(FILE *out, const char *word)
{
	for (; *word; word++)
		fputc((unsigned char)*word < 0x20 || *word == 0x7f ? '?' : *word, out);
}

/**
 * print_value - write a JSON value as text
 * @out: where to
 * @v: the value; NULL is nothing
 */
void print_value(FILE *out, const json_t *v)
{
	const char *sep = "";
	const char *key;
	const json_t *e;
	size_t i;

	if (json_is_string(v)) {
		print_word(out, json_string_value(v));
	} else if (json_is_array(v)) {
		for (i = 0; i < json_array_size(v); i++) {
			fputs(i ? "," : "", out);
			print_value(out, json_array_get(v, i));
		}
	} else if (json_is_object(v)) {
		json_object_foreach((json_t *)v, key, e) {
			fputs(sep, out);
			print_value(out, e);
			sep = " ";
		}
	} else if (v) {
		json_dumpf(v, out, JSON_ENCODE_ANY | JSON_COMPACT);
	}
}

/**
 * print_members - write members of an object as "key value key value"
 * @out: where to
 * @row: the object; members that it lacks are left out
 * @keys: which, then NULL
 */
void print_members(FILE *out, const json_t *row, const char *const *keys)
{
	const char *sep = "";

	for (; *keys; keys++) {
		const json_t *v = json_object_get(row, *keys);

		if (!v || json_is_null(v))
			continue;
		fprintf(out, "%s%s ", sep, *keys);
		print_value(out, v);
		sep = " ";
	}
}

/**
 * print_row - write a whole object as "key value key value"
 * @out: where to
 * @row: the object; empty members are left out
 */
void print_row(FILE *out, const json_t *row)
{
	const char *sep = "";
	const char *key;
	const json_t *v;

	json_object_foreach((json_t *)row, key, v) {
		if (json_is_null(v) || (json_is_array(v) && !json_array_size(v)))
			continue;
		fputs(sep, out);
		print_word(out, key);
		fputc(' ', out);
		print_value(out, v);
		sep = " ";
	}
}

/**
 * print_time - write "[2026-01-31T12:00:00.000001]", local time
 * @out: where to
 * @when: seconds since 1970 and nanoseconds, "1769860800.000001000"
 */
void print_time(FILE *out, const char *when)
{
	unsigned long long sec = 0, nsec = 0;
	char text[32];
	struct tm tm;
	time_t t;

	if (sscanf(when, "%llu.%9llu", &sec, &nsec) < 1)
		sec = 0;
	t = (time_t)sec;
	if (!localtime_r(&t, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
		snprintf(text, sizeof(text), "%llu", sec);
	fprintf(out, "[%s.%06llu] ", text, nsec / 1000);
}
