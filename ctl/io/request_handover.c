// SPDX-License-Identifier: GPL-2.0
/* The request to hand a node over (RFC 5949), by whoever knows where it goes. */
#include "io/control.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static json_t *outcome(int err)
{
	switch (err) {
	case 0:
		return json_pack("{s:b, s:{}}", "ok", 1, "result");
	case -EOPNOTSUPP:
		return control_error("the configuration has no handover");
	case -EACCES:
		return control_error("that is none of the configured peers");
	case -ENOENT:
		return control_error("the node is not registered here");
	case -EBUSY:
		return control_error("the node has several interfaces here");
	case -EEXIST:
		return control_error("the node is about to leave already");
	}
	return control_error(strerror(-err));
}

/**
 * request_handover() - "handover"
 * @io: the daemon
 * @req: mn-id; to or from, a gateway's address; now, if packets are to be forwarded at once
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_handover(struct io *io, json_t *req)
{
	const char *text = json_string_value(json_object_get(req, "mn-id"));
	const char *to = json_string_value(json_object_get(req, "to"));
	const char *from = json_string_value(json_object_get(req, "from"));
	const json_t *now = json_object_get(req, "now");
	struct in6_addr other;
	struct mn_id id;

	if (!io->mag)
		return control_error("this gateway is no MAG");
	if (!text || !mn_id_from_nai(&id, text))
		return control_error("mn-id must be a network access identifier");
	if (!to == !from || inet_pton(AF_INET6, to ? to : from, &other) != 1)
		return control_error("to or from must be an IPv6 address");
	if (now && (!json_is_boolean(now) || from))
		return control_error("now must be true or false, and goes with to");
	return outcome(to ? mag_handover_start(io->mag, &id, &other, json_is_true(now)) :
			    mag_handover_from(io->mag, &id, &other));
}
