// SPDX-License-Identifier: GPL-2.0
/* Requests about the pools, and whether others are told where they are */
#include "io/announce.h"
#include "io/control.h"
#include "io/io.h"

static json_t *row(const struct io *io, unsigned int pool)
{
	const struct lma_conf *c = &io->conf->lma;
	const char *error = announce_error(io);
	char text[PREFIX_STRLEN];
	json_t *o;

	o = json_pack("{s:s, s:b}", "pool", prefix_str(&c->pool[pool], text, sizeof(text)),
		      "announced", announce_there(io, pool));
	if (!o || !c->announce.enabled)
		return o;
	json_object_set_new(o, "protocol", json_integer(c->announce.protocol));
	json_object_set_new(o, "table", json_integer(c->announce.table));
	json_object_set_new(o, "metric", json_integer(c->announce.metric));
	json_object_set_new(o, "error", error ? json_string(error) : json_null());
	return o;
}

/**
 * request_pool_show() - "pool-show": the anchor's pools
 * @io: the daemon
 * @req: without members
 *
 * Return: an answer with a list, empty at a gateway that is no anchor.
 */
json_t *request_pool_show(struct io *io, json_t *req)
{
	json_t *list = json_array();
	unsigned int i;

	(void)req;
	for (i = 0; io->lma && i < io->conf->lma.n_pools; i++)
		json_array_append_new(list, row(io, i));
	return json_pack("{s:b, s:o}", "ok", 1, "result", list);
}
