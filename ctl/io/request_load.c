// SPDX-License-Identifier: GPL-2.0
/* Requests about how loaded access links are, and how good. */
#include "io/control.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <string.h>

/* An access technology by name or number; without one, all */
static const char *get_access(const json_t *v, uint8_t *att)
{
	*att = 0;
	if (!v)
		return NULL;
	if (json_is_integer(v) && json_integer_value(v) > 0 && json_integer_value(v) < 256)
		*att = (uint8_t)json_integer_value(v);
	else if (json_is_string(v))
		*att = att_parse(json_string_value(v));
	return *att ? NULL : "access is no access technology";
}

static bool is_percent(const json_t *v)
{
	return json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= 100;
}

/**
 * request_load_set() - "load-set"
 * @io: the daemon
 * @req: the request
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_load_set(struct io *io, json_t *req)
{
	const char *text = json_string_value(json_object_get(req, "mag"));
	const json_t *level = json_object_get(req, "level");
	const json_t *quality = json_object_get(req, "quality");
	struct in6_addr mag;
	const char *why;
	uint8_t att;
	int err = 0;

	if (!io->lma)
		return control_error("this gateway is no LMA");
	if (!text || inet_pton(AF_INET6, text, &mag) != 1)
		return control_error("mag must be an IPv6 address");
	if (!is_percent(level) && (level || !quality))
		return control_error("level must be 0 to 100");
	if (quality && !is_percent(quality))
		return control_error("quality must be 0 to 100");
	why = get_access(json_object_get(req, "access"), &att);
	if (why)
		return control_error(why);
	if (level)
		err = lma_load_set(io->lma, &mag, att, (uint8_t)json_integer_value(level));
	if (!err && quality)
		err = lma_quality_set(io->lma, &mag, att, (uint8_t)json_integer_value(quality));
	return err ? control_error(strerror(-err)) :
		     json_pack("{s:b, s:{}}", "ok", 1, "result");
}

static bool row(void *arg, const struct lma_load_view *v)
{
	char text[INET6_ADDRSTRLEN];

	json_array_append_new(arg, json_pack("{s:s, s:i, s:i, s:b, s:i, s:b, s:b}", "mag",
					     inet_ntop(AF_INET6, &v->mag, text, sizeof(text)),
					     "att", v->att, "level", v->level, "high", v->high,
					     "quality", v->quality, "poor", v->poor, "metered",
					     v->metered));
	return true;
}

/**
 * request_load_show() - "load-show"
 * @io: the daemon
 * @req: the request
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_load_show(struct io *io, json_t *req)
{
	json_t *list;

	(void)req;
	if (!io->lma)
		return control_error("this gateway is no LMA");
	list = json_array();
	lma_each_load(io->lma, row, list);
	return json_pack("{s:b, s:o}", "ok", 1, "result", list);
}
