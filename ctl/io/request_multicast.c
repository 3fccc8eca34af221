// SPDX-License-Identifier: GPL-2.0
/* Requests about groups, and who listens to them */
#include "io/control.h"
#include "io/io.h"

#include <arpa/inet.h>

static json_t *text_of(const struct in6_addr *a)
{
	char text[INET6_ADDRSTRLEN];

	return json_string(inet_ntop(AF_INET6, a, text, sizeof(text)));
}

static json_t *row(const struct mcast_view *v, const char *gateway)
{
	json_t *sources = json_array(), *o = json_object();
	char mn[MN_ID_STRLEN];
	unsigned int i;

	if (v->mn_id)
		json_object_set_new(o, "mn-id", json_string(mn_id_str(v->mn_id, mn, sizeof(mn))));
	json_object_set_new(o, gateway, text_of(v->gateway));
	json_object_set_new(o, "group", text_of(v->group));
	json_object_set_new(o, "mode", json_string(v->filter->mode == MCAST_EX ? "exclude" :
										 "include"));
	for (i = 0; i < v->filter->n; i++)
		json_array_append_new(sources, text_of(&v->filter->sources[i]));
	json_object_set_new(o, "sources", sources);
	return o;
}

static bool lma_row(void *arg, const struct mcast_view *v)
{
	json_array_append_new(arg, row(v, "mag"));
	return true;
}

static bool mag_row(void *arg, const struct mcast_view *v)
{
	json_array_append_new(arg, row(v, "lma"));
	return true;
}

/**
 * request_multicast_show() - "multicast-show": who listens to what
 * @io: the daemon
 * @req: without members
 *
 * Return: an answer with the lists "lma", of gateways, and "mag", of mobile nodes.
 */
json_t *request_multicast_show(struct io *io, json_t *req)
{
	json_t *lma = json_array(), *mag = json_array();

	(void)req;
	if (io->lma)
		lma_each_listening(io->lma, lma_row, lma);
	if (io->mag)
		mag_each_listening(io->mag, mag_row, mag);
	return json_pack("{s:b, s:{s:o, s:o}}", "ok", 1, "result", "lma", lma, "mag", mag);
}
