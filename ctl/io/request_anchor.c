// SPDX-License-Identifier: GPL-2.0
/* The request to hand nodes over to another anchor, by the operator. */
#include "io/control.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static json_t *outcome(int ret)
{
	switch (ret) {
	case -EOPNOTSUPP:
		return control_error("the configuration has no lma-handover");
	case -EACCES:
		return control_error("that is none of the configured anchors");
	case -ENOENT:
		return control_error("the node is not registered here");
	case -EEXIST:
		return control_error("the node is there already");
	case -EALREADY:
		return control_error("the node is on its way already");
	}
	if (ret < 0)
		return control_error(strerror(-ret));
	return json_pack("{s:b, s:{s:i}}", "ok", 1, "result", "asked", ret);
}

/**
 * request_lma_handover() - "lma-handover"
 * @io: the daemon
 * @req: mn-id, or all: true; to, an anchor's address, if the node's own is not to choose
 *
 * Return: the answer, with the number of nodes, or NULL without memory.
 */
json_t *request_lma_handover(struct io *io, json_t *req)
{
	const char *text = json_string_value(json_object_get(req, "mn-id"));
	const json_t *all = json_object_get(req, "all"), *to = json_object_get(req, "to");
	struct in6_addr anchor = in6addr_any;
	struct mn_id id;
	int err;

	if (!io->mag)
		return control_error("this gateway is no MAG");
	if (!all == !json_object_get(req, "mn-id") || (all && !json_is_true(all)))
		return control_error("either mn-id or all must say which");
	if (!all && (!text || !mn_id_from_nai(&id, text)))
		return control_error("mn-id must be a network access identifier");
	if (to && (!json_is_string(to) ||
		   inet_pton(AF_INET6, json_string_value(to), &anchor) != 1))
		return control_error("to must be an IPv6 address");
	if (all)
		return outcome(mag_lma_handover_all(io->mag, &anchor));
	err = mag_lma_handover(io->mag, &id, &anchor);
	return outcome(err ? err : 1);
}
